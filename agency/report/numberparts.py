"""Projects against one another: comparison, regularities, robustness. Computed by the measures, laid out here.

Composition and indicators: the numbers of the view, computed by the measures and only laid out here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from agency.comparison import regularities, regularity_frame, sentences
from agency.figures import uncounted_phases
from agency.formats import Sheet, plain
from agency.indicators import (
    INDICATORS,
    both_actors,
    compositions,
    indicators_frame,
    measured,
    method_block,
    robustness_document,
    robustness_frame,
)
from agency.report.figureparts import composition_drawing
from agency.report.part import (
    BarNumber,
    BarPiece,
    BarRow,
    BarsBlock,
    LegendItem,
    ReportPart,
    Section,
    SentencesBlock,
    SheetBlock,
    TableFile,
)
from agency.sheets import (
    comparison,
    composition_sheet,
    frame_sheet,
    headline_sheet,
    missing,
    percent,
    regularity_sheet,
    robustness_sheets,
    rules,
)

if TYPE_CHECKING:
    import pandas as pd

    from agency.report.part import Material
    from agency.vocabulary import Codebook

_MATRIX: Final = 30
"""More projects than this make no readable matrix of distances."""
MANY: Final = 60
"""More projects than this are summed up instead of listed."""


def comparison_part(material: Material) -> ReportPart | None:
    """Return two projects side by side, or the distances of up to thirty; None for one project or for more."""
    number = len(material.resolved.listed)
    if not 2 <= number <= _MATRIX:
        return None
    printed = comparison(material.resolved)
    sheets = printed.sheets
    *cells, measured_sheet = sheets
    files = (
        *(TableFile(sheet.label, sheet) for sheet in cells),
        TableFile(measured_sheet.label, measured_sheet, printed.printed("csv")[0]),
    )
    intro = "0 is the same pattern of holders, 1 no overlap; only phases known in both projects are compared."
    return ReportPart(
        Section("comparison", "Comparison", (intro,), tuple(SheetBlock(sheet) for sheet in sheets)), files
    )


def regularities_part(material: Material) -> ReportPart | None:
    """Return what holds in every project and which project breaks it; None for one project."""
    if len(material.resolved.listed) < 2:
        return None
    method = method_block(material.resolved)
    labels = {origin.key: origin.label for origin in material.table.codebook.origins} | {"local": "local"}
    found = regularities(material.resolved)
    said = sentences(found, labels=labels)
    sheet = regularity_sheet(found, said, labels=labels, method=method)
    raw = frame_sheet(regularity_frame(found))
    # The sentences stand above the table here, not among its notes.
    shown = replace(sheet, notes=tuple(note for note in sheet.notes if note.text not in said))
    many = len(material.resolved.listed) > MANY
    blocks = (SentencesBlock("", tuple(said)), *(() if many else (SheetBlock(shown),)))
    section = Section("regularities", "Regularities", (), blocks)
    return ReportPart(section, (TableFile("regularities", sheet, raw),))


def robustness_part(material: Material) -> ReportPart | None:
    """Return which choice moves which headline number; the file holds every number. None for very many projects."""
    if len(material.resolved.listed) > MANY:
        return None
    found = robustness_document(material.resolved)
    method = method_block(material.resolved)
    units = {entry.key: entry.unit for entry in INDICATORS}
    headline = {entry.key for entry in INDICATORS if entry.headline}
    raw = frame_sheet(robustness_frame(found))
    sheets = robustness_sheets(_only(found, headline), units=units, method=method)
    intro = (
        "Each number again under one other choice at a time. A wide range says that the number hangs on the choice "
        "named last. All indicators are in tables/robustness.csv."
    )
    files = (TableFile("robustness", sheets[0], raw), *(TableFile(sheet.label, sheet) for sheet in sheets[1:]))
    section = Section("robustness", "Robustness", (intro,), tuple(SheetBlock(sheet, folded=True) for sheet in sheets))
    return ReportPart(section, files)


def _only(found: dict[str, Any], keys: set[str]) -> dict[str, Any]:
    projects = {
        name: {key: entry for key, entry in entries.items() if key.split(".", 1)[0] in keys}
        for name, entries in found["projects"].items()
    }
    return {**found, "projects": projects}


_REST: Final = {"gap": "Gap", "unknown": "Unknown"}
_ALIKE: Final = 1e-12

Row = tuple[str, str, Mapping[str, float]]
"""Project, mode and its numbers by name: origins, gap, unknown, coverage."""


def composition_part(material: Material) -> ReportPart:
    """Return the life-cycle composition as bars with their numbers; time below static wherever the two differ."""
    modes = {"static": material.static, "time": material.time}
    if material.view.mode == "snapshot":
        modes = {"snapshot": material.resolved}
    frames = compositions(modes)
    codebook, method = material.table.codebook, method_block(material.resolved)
    labels = {origin.key: origin.label for origin in codebook.origins if origin.key != "unknown"} | _REST
    rows = _rows(frames)
    used = [name for name in labels if name in ("local", *_REST) or any(row[2].get(name) for row in rows)]
    styles = _styles(codebook)
    block = BarsBlock(
        label="composition-bars",
        caption=f"Composition of the life cycle. {rules(method)}",
        legend=tuple(LegendItem(styles[name][0], labels[name], hatch=styles[name][1]) for name in used),
        columns=(*(labels[name] for name in used), "Coverage"),
        rows=tuple(_bar_row(row, used, styles) for row in rows),
    )
    sheet = composition_sheet(frames, codebook=codebook, method=method, bars=False)
    intro = (
        "Each project’s life cycle is one whole: what each origin holds, what nobody holds (gap) and what no source "
        "says (unknown). Where the years change the picture, a second bar shows the time reading."
    )
    section = Section("composition", "Composition of the life cycle", (intro,), (block,))
    drawing = composition_drawing(material.resolved)
    return ReportPart(section, (_file(sheet, rows, labels),), () if drawing is None else (drawing,))


def indicators_part(material: Material) -> ReportPart:
    """Return the headline indicators with bounds; the file holds every indicator, unrounded."""
    method = method_block(material.resolved)
    frame = both_actors(material.resolved, measured(material.resolved))
    sheet = headline_sheet(frame, codebook=material.table.codebook, method=method)
    raw = frame_sheet(indicators_frame(frame))
    section = Section("indicators", "Indicators of dependence", (), (SheetBlock(sheet),))
    return ReportPart(section, (TableFile("indicators", sheet, raw),))


def uncounted_part(material: Material) -> ReportPart:
    """Return, in place of all numbers, the reason why there are none."""
    why = uncounted_phases(material.resolved)
    out = (
        " The numbers of the report need phases that count, so they are left out: composition, indicators, comparison, "
        "regularities, robustness."
    )
    return ReportPart(Section("numbers", "Numbers", (f"{why}{out}",), ()))


def _rows(frames: Mapping[str, pd.DataFrame]) -> list[Row]:
    """Return the rows that are shown, projects together."""
    found = {mode: _by_project(frame) for mode, frame in frames.items()}
    projects = next(iter(found.values()))
    return [
        (project, mode, values[project]) for project in projects for mode, values in found.items() if project in values
    ]


def _by_project(frame: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return the numbers by project and name; undefined ones are left out."""
    values: dict[str, dict[str, float]] = {}
    for project, key, value in frame[["project", "key", "value"]].itertuples(index=False):
        numbers = values.setdefault(str(project), {})
        if not missing(value):
            numbers[str(key).removeprefix("composition.")] = float(value)
    return values


def _styles(codebook: Codebook) -> dict[str, tuple[str, bool]]:
    """Return the class of each part of a bar and whether it has a hatch."""
    origins = {origin.key: (f"o{at}", bool(origin.hatch)) for at, origin in enumerate(codebook.origins)}
    return origins | {"gap": ("gap", True), "unknown": ("unknown", False)}


def _bar_row(row: Row, used: Sequence[str], styles: Mapping[str, tuple[str, bool]]) -> BarRow:
    project, mode, values = row
    pieces, start = [], 0.0
    for name in used:
        share = values.get(name, 0.0)
        if share > _ALIKE:
            style, hatch = styles[name]
            pieces.append(BarPiece(style, round(100 * start, 3), round(100 * share, 3), hatch=hatch))
        start += share
    numbers = tuple(
        BarNumber(repr(values[name]), percent(values[name])) if name in values else BarNumber("", "undefined")
        for name in (*used, "coverage")
    )
    return BarRow(project, mode, tuple(pieces), numbers)


def _file(sheet: Sheet, rows: Sequence[Row], labels: Mapping[str, str]) -> TableFile:
    names = (*labels, "coverage")
    lines = tuple(
        tuple(
            plain(text) for text in (project, mode, *(repr(values[name]) if name in values else "" for name in names))
        )
        for project, mode, values in rows
    )
    columns = ("project", "mode", *names)
    raw = Sheet(sheet.caption, sheet.label, columns, lines, numeric=tuple(range(2, len(columns))))
    return TableFile("composition", sheet, raw)
