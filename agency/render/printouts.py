"""From a table and a view to what a command or a notebook prints: sheets, JSON document and frame.

``raw`` is for CSV: one table, numbers unrounded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from agency.matrix.build import phase_matrix
from agency.matrix.cells import cell_table
from agency.measures.method import method_block
from agency.render.printout import Printout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agency.matrix.view import View
    from agency.table.model import Table


def actors_by_phase(table: Table, view: View, *, notes: bool, transpose: bool | None) -> Printout:
    """Return who held which phase, in the form of Table 1."""
    from agency.render.cellsheet import cell_document, cell_sheet

    cells = cell_table(table, view)
    sheet = cell_sheet(cells, sources=table.sources, notes=notes, transpose=transpose, year=view.year)
    return Printout((sheet,), cell_document(cells))


def comparison(table: Table, view: View, *, raw: bool = False) -> Printout:
    """Return projects side by side; ``frame`` has their cells if they are two."""
    from agency.measures.compare import compare, order_measure
    from agency.render.comparesheet import matrix_sheet, pair_sheets

    matrix = phase_matrix(table, view)
    method = method_block(matrix, table)
    found = compare(matrix, cell_table(table, view))
    document = {"method": method, **found}
    if len(matrix.projects) > 2:
        by = order_measure(timed=view.mode == "time")
        return Printout((matrix_sheet(found, by=by, method=method, raw=raw),), document)
    labels = {phase.key: phase.label for phase in table.codebook.phases}
    sheets = pair_sheets(found, labels=labels, method=method, raw=raw)
    return Printout(tuple(sheets[:1] if raw else sheets), document, pd.DataFrame(found["cells"]))


def regularity(
    table: Table, view: View, *, conditions: Sequence[str] = (), outcome: str | None = None, raw: bool = False
) -> Printout:
    """Return what holds in every project, and the truth table of an outcome; ``frame`` has a row per phase."""
    from agency.measures.regularities import regularities, sentences
    from agency.render.regularitysheet import regularity_sheet, truth_sheets

    matrix = phase_matrix(table, view)
    method = method_block(matrix, table)
    found = regularities(matrix)
    labels = {origin.key: origin.label for origin in table.codebook.origins} | {"local": "local"}
    said = sentences(found, labels=labels)
    sheets = [regularity_sheet(found, said, labels=labels, method=method, raw=raw)]
    document: dict[str, Any] = {"method": method, "phases": found, "sentences": said}
    if outcome is not None:
        from agency.measures.truthtable import crisp_cases, truth_table

        cases = crisp_cases(matrix, [*conditions, outcome])
        document["truth_table"] = truth_table(cases, conditions, outcome)
        tables = truth_sheets(document["truth_table"], method=method, raw=raw)
        # A CSV is one table: the one that was asked for.
        sheets = tables[:1] if raw else [*sheets, *tables]
    frame = pd.DataFrame([{"phase": phase, **entry} for phase, entry in found.items()])
    return Printout(tuple(sheets), document, frame.drop(columns="consistency"))


def robust(table: Table, view: View, *, seed: int, raw: bool = False) -> Printout:
    """Return which choice moves which number; ``frame`` has project, key, value, low, high and moved_by."""
    from agency.measures.registry import INDICATORS
    from agency.measures.robustness import robustness_document
    from agency.render.robustnesssheet import robustness_sheets

    found = robustness_document(table, view, seed=seed)
    method = method_block(phase_matrix(table, view), table)
    units = {entry.key: entry.unit for entry in INDICATORS}
    sheets = robustness_sheets(found, units=units, method=method, raw=raw)
    rows = [
        {"project": name, "key": key, **entry}
        for name, keys in found["projects"].items()
        for key, entry in keys.items()
    ]
    return Printout(tuple(sheets), {"method": method, **found}, pd.DataFrame(rows))


def withdrawal(table: Table, view: View, name: str, *, year: int, raw: bool = False) -> Printout:
    """Return what a withdrawal would leave behind, in mode time."""
    from agency.measures.whatif import whatif
    from agency.render.whatifsheet import whatif_sheets

    found = whatif(table, view, name, year=year)
    method = method_block(phase_matrix(table, view), table)
    return Printout(tuple(whatif_sheets(found, method=method, raw=raw)), {"method": method, **found})


def source_comparison(table: Table, view: View, *, raw: bool = False) -> Printout:
    """Return the sources side by side; ``frame`` has the text of every cell by each of them."""
    from agency.measures.sources import compare_sources, sources_document
    from agency.render.sourcesheet import source_list, source_sheets

    found = compare_sources(table, view)
    sheets = [source_list(found)] if raw else source_sheets(table, found, single=bool(view.projects))
    return Printout(tuple(sheets), sources_document(table, view, found), found.cells)


def coder_agreement(table: Table, *, raw: bool = False) -> Printout:
    """Return how far the coders of a table agree, and where they do not."""
    from agency.measures.agreement import agreement, agreement_document
    from agency.render.agreementsheet import adjudication_sheet, agreement_sheets

    found = agreement(table)
    sheets = [adjudication_sheet(found)] if raw else agreement_sheets(found)
    return Printout(tuple(sheets), agreement_document(found))


def claim_verdicts(table: Table, view: View, *, brief: bool = False, raw: bool = False) -> Printout:
    """Return what the coded evidence says of published sentences; ``frame`` has a row per sentence."""
    from agency.measures.claimfile import claims_of
    from agency.measures.claims import judge_claims
    from agency.measures.claimtable import claims_document, claims_frame
    from agency.render.claimsheet import claim_list, claim_sheets

    found = judge_claims(table, claims_of(table), view)
    frame: Any = claims_frame(table, found)
    sheets = [claim_list(table, found)] if raw else claim_sheets(table, found, brief=brief)
    return Printout(tuple(sheets), claims_document(table, found), frame)
