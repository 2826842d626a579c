"""Projects against one another: comparison, regularities, robustness. Computed by the measures, laid out here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from agency.report.blocks import Section, SentencesBlock, SheetBlock
from agency.report.part import Part, TableFile

if TYPE_CHECKING:
    from agency.report.material import Material

_MATRIX: Final = 30
"""More projects than this make no readable matrix of distances."""
MANY: Final = 60
"""More projects than this are summed up instead of listed."""


def comparison_part(material: Material) -> Part | None:
    """Return two projects side by side, or the distances of up to thirty; None for one project or for more."""
    from agency.measures.compare import compare, order_measure
    from agency.measures.method import method_block
    from agency.render.comparesheet import matrix_sheet, pair_sheets

    number = len(material.matrix.projects)
    if not 2 <= number <= _MATRIX:
        return None
    method = method_block(material.matrix, material.table)
    found = compare(material.matrix, material.cells)
    if number == 2:
        labels = {phase.key: phase.label for phase in material.table.codebook.phases}
        sheets = pair_sheets(found, labels=labels, method=method, raw=False)
        raws = pair_sheets(found, labels=labels, method=method, raw=True)
    else:
        by = order_measure(timed=material.view.mode == "time")
        sheets, raws = ([matrix_sheet(found, by=by, method=method, raw=raw)] for raw in (False, True))
    files = tuple(TableFile(sheet.label, sheet, raw) for sheet, raw in zip(sheets, raws, strict=True))
    intro = "0 is the same pattern of holders, 1 no overlap; only phases known in both projects are compared."
    return Part(Section("comparison", "Comparison", (intro,), tuple(SheetBlock(sheet) for sheet in sheets)), files)


def regularities_part(material: Material) -> Part | None:
    """Return what holds in every project and which project breaks it; None for one project."""
    from agency.measures.method import method_block
    from agency.measures.regularities import regularities, sentences
    from agency.render.regularitysheet import regularity_sheet

    if len(material.matrix.projects) < 2:
        return None
    method = method_block(material.matrix, material.table)
    labels = {origin.key: origin.label for origin in material.table.codebook.origins} | {"local": "local"}
    found = regularities(material.matrix)
    said = sentences(found, labels=labels)
    sheet, raw = (regularity_sheet(found, said, labels=labels, method=method, raw=flag) for flag in (False, True))
    # The sentences stand above the table here, not among its notes.
    shown = replace(sheet, notes=tuple(note for note in sheet.notes if note.text not in said))
    many = len(material.matrix.projects) > MANY
    blocks = (SentencesBlock("", tuple(said)), *(() if many else (SheetBlock(shown),)))
    section = Section("regularities", "Regularities", (), blocks)
    return Part(section, (TableFile("regularities", sheet, raw),))


def robustness_part(material: Material) -> Part | None:
    """Return which choice moves which headline number; the file holds every number. None for very many projects."""
    from agency.measures.method import method_block
    from agency.measures.registry import INDICATORS
    from agency.measures.robustness import robustness_document
    from agency.render.robustnesssheet import robustness_sheets

    if len(material.matrix.projects) > MANY:
        return None
    found = robustness_document(material.table, material.view)
    method = method_block(material.matrix, material.table)
    units = {entry.key: entry.unit for entry in INDICATORS}
    headline = {entry.key for entry in INDICATORS if entry.headline}
    raw = robustness_sheets(found, units=units, method=method, raw=True)[0]
    sheets = robustness_sheets(_only(found, headline), units=units, method=method, raw=False)
    intro = (
        "Each number again under one other choice at a time. A wide range says that the number hangs on the choice "
        "named last. All indicators are in tables/robustness.csv."
    )
    files = (TableFile("robustness", sheets[0], raw), *(TableFile(sheet.label, sheet) for sheet in sheets[1:]))
    section = Section("robustness", "Robustness", (intro,), tuple(SheetBlock(sheet, folded=True) for sheet in sheets))
    return Part(section, files)


def _only(found: dict[str, Any], keys: set[str]) -> dict[str, Any]:
    projects = {
        name: {key: entry for key, entry in entries.items() if key.split(".", 1)[0] in keys}
        for name, entries in found["projects"].items()
    }
    return {**found, "projects": projects}
