"""What is printed: one module per result, each making `Sheet` objects."""

from __future__ import annotations

from agency.sheets.agreement import adjudication_sheet, agreed_in_words, agreement_sheets, alpha_reading
from agency.sheets.cells import cell_sheet
from agency.sheets.claims import claim_list, claim_sheets
from agency.sheets.comparison import matrix_sheet, pair_sheets, qca_csv, regularity_sheet
from agency.sheets.findinglist import FindingList, check
from agency.sheets.indicators import (
    composition_sheet,
    coverage_sheet,
    explain_sheets,
    foreign_share,
    group_sheet,
    headline_sheet,
    tidy_sheet,
)
from agency.sheets.notes import Citing
from agency.sheets.numbers import missing, percent, rules, two, written
from agency.sheets.printouts import (
    Printout,
    actors_by_phase,
    claim_verdicts,
    coder_agreement,
    comparison,
    in_brief,
    regularity,
    robust,
    source_comparison,
    withdrawal,
)
from agency.sheets.robustness import robustness_sheets
from agency.sheets.sources import conflict_words, source_list, source_sheets

__all__ = [
    "Citing",
    "FindingList",
    "Printout",
    "actors_by_phase",
    "adjudication_sheet",
    "agreed_in_words",
    "agreement_sheets",
    "alpha_reading",
    "cell_sheet",
    "check",
    "claim_list",
    "claim_sheets",
    "claim_verdicts",
    "coder_agreement",
    "comparison",
    "composition_sheet",
    "conflict_words",
    "coverage_sheet",
    "explain_sheets",
    "foreign_share",
    "group_sheet",
    "headline_sheet",
    "in_brief",
    "matrix_sheet",
    "missing",
    "pair_sheets",
    "percent",
    "qca_csv",
    "regularity",
    "regularity_sheet",
    "robust",
    "robustness_sheets",
    "rules",
    "source_comparison",
    "source_list",
    "source_sheets",
    "tidy_sheet",
    "two",
    "withdrawal",
    "written",
]
