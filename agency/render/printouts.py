"""From a table and a view to what a notebook prints: the same sheets and documents as the commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from agency.matrix.build import phase_matrix
from agency.matrix.cells import cell_table
from agency.measures.method import method_block
from agency.render.printout import Printout

if TYPE_CHECKING:
    from agency.matrix.view import View
    from agency.table.model import Table


def actors_by_phase(table: Table, view: View, *, notes: bool, transpose: bool | None) -> Printout:
    """Return who held which phase, in the form of Table 1."""
    from agency.render.cellsheet import cell_document, cell_sheet

    cells = cell_table(table, view)
    sheet = cell_sheet(cells, sources=table.sources, notes=notes, transpose=transpose, year=view.year)
    return Printout((sheet,), cell_document(cells))


def comparison(table: Table, view: View) -> Printout:
    """Return projects side by side; ``frame`` has their cells if they are two."""
    from agency.measures.compare import compare, order_measure
    from agency.render.comparesheet import matrix_sheet, pair_sheets

    matrix = phase_matrix(table, view)
    method = method_block(matrix, table)
    found = compare(matrix, cell_table(table, view))
    document = {"method": method, **found}
    if len(matrix.projects) > 2:
        by = order_measure(timed=view.mode == "time")
        return Printout((matrix_sheet(found, by=by, method=method, raw=False),), document)
    labels = {phase.key: phase.label for phase in table.codebook.phases}
    sheets = pair_sheets(found, labels=labels, method=method, raw=False)
    return Printout(tuple(sheets), document, pd.DataFrame(found["cells"]))


def regularity(table: Table, view: View) -> Printout:
    """Return what holds in every project; ``frame`` has a row per phase."""
    from agency.measures.regularities import regularities, sentences
    from agency.render.regularitysheet import regularity_sheet

    matrix = phase_matrix(table, view)
    method = method_block(matrix, table)
    found = regularities(matrix)
    labels = {origin.key: origin.label for origin in table.codebook.origins} | {"local": "local"}
    said = sentences(found, labels=labels)
    sheet = regularity_sheet(found, said, labels=labels, method=method, raw=False)
    frame = pd.DataFrame([{"phase": phase, **entry} for phase, entry in found.items()])
    return Printout((sheet,), {"method": method, "phases": found, "sentences": said}, frame.drop(columns="consistency"))


def robust(table: Table, view: View, *, seed: int) -> Printout:
    """Return which choice moves which number; ``frame`` has project, key, value, low, high and moved_by."""
    from agency.measures.registry import INDICATORS
    from agency.measures.robustness import robustness_document
    from agency.render.robustnesssheet import robustness_sheets

    found = robustness_document(table, view, seed=seed)
    method = method_block(phase_matrix(table, view), table)
    units = {entry.key: entry.unit for entry in INDICATORS}
    sheets = robustness_sheets(found, units=units, method=method, raw=False)
    rows = [
        {"project": name, "key": key, **entry}
        for name, keys in found["projects"].items()
        for key, entry in keys.items()
    ]
    return Printout(tuple(sheets), {"method": method, **found}, pd.DataFrame(rows))


def withdrawal(table: Table, view: View, name: str, *, year: int) -> Printout:
    """Return what a withdrawal would leave behind, in mode time."""
    from agency.measures.whatif import whatif
    from agency.render.whatifsheet import whatif_sheets

    found = whatif(table, view, name, year=year)
    method = method_block(phase_matrix(table, view), table)
    return Printout(tuple(whatif_sheets(found, method=method, raw=False)), {"method": method, **found})


def source_comparison(table: Table, view: View) -> Printout:
    """Return the sources side by side; ``frame`` has the text of every cell by each of them."""
    from agency.measures.sources import compare_sources, sources_document
    from agency.render.sourcesheet import source_sheets

    found = compare_sources(table, view)
    sheets = source_sheets(table, found, single=bool(view.projects))
    return Printout(tuple(sheets), sources_document(table, view, found), found.cells)


def coder_agreement(table: Table) -> Printout:
    """Return how far the coders of a table agree, and where they do not."""
    from agency.measures.agreement import agreement, agreement_document
    from agency.render.agreementsheet import agreement_sheets

    found = agreement(table)
    return Printout(tuple(agreement_sheets(found)), agreement_document(found))


def claim_verdicts(table: Table, view: View) -> Printout:
    """Return what the coded evidence says of published sentences; ``frame`` has a row per sentence."""
    from agency.measures.claimfile import claims_of
    from agency.measures.claims import judge_claims
    from agency.measures.claimtable import claims_document, claims_frame
    from agency.render.claimsheet import claim_sheets

    found = judge_claims(table, claims_of(table), view)
    frame: Any = claims_frame(table, found)
    return Printout(tuple(claim_sheets(table, found)), claims_document(table, found), frame)
