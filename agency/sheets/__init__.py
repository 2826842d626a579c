"""What is printed: one module per result, each making `Sheet` objects."""

from __future__ import annotations

from agency.sheets.agreement import adjudication_sheet, agreement_in_brief, agreement_sheets, alpha_reading
from agency.sheets.cells import cell_sheet
from agency.sheets.claims import claim_sheets, without_in_words
from agency.sheets.comparison import matrix_sheet, pair_sheets, qca_csv, regularity_sheet
from agency.sheets.findinglist import FindingList, check
from agency.sheets.indicators import (
    composition_sheet,
    foreign_share,
    headline_sheet,
    tidy_sheet,
    value_in_words,
)
from agency.sheets.notes import Citing, statement_line
from agency.sheets.numbers import missing, mode_in_words, rules, two, written
from agency.sheets.printouts import (
    Printout,
    actors_by_phase,
    adjudication,
    by_group,
    claim_verdicts,
    coder_agreement,
    comparison,
    frame_sheet,
    in_brief,
    indicator_explained,
    indicator_tables,
    regularity,
    robust,
    source_comparison,
    states_table,
    unrounded,
    withdrawal,
)
from agency.sheets.robustness import choice_in_words, robustness_sheets
from agency.sheets.sources import conflict_words, source_sheets

__all__ = [
    "Citing",
    "FindingList",
    "Printout",
    "actors_by_phase",
    "adjudication",
    "adjudication_sheet",
    "agreement_in_brief",
    "agreement_sheets",
    "alpha_reading",
    "by_group",
    "cell_sheet",
    "check",
    "choice_in_words",
    "claim_sheets",
    "claim_verdicts",
    "coder_agreement",
    "comparison",
    "composition_sheet",
    "conflict_words",
    "foreign_share",
    "frame_sheet",
    "headline_sheet",
    "in_brief",
    "indicator_explained",
    "indicator_tables",
    "matrix_sheet",
    "missing",
    "mode_in_words",
    "pair_sheets",
    "qca_csv",
    "regularity",
    "regularity_sheet",
    "robust",
    "robustness_sheets",
    "rules",
    "source_comparison",
    "source_sheets",
    "statement_line",
    "states_table",
    "tidy_sheet",
    "two",
    "unrounded",
    "value_in_words",
    "withdrawal",
    "without_in_words",
    "written",
]
