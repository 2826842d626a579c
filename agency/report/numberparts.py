"""Composition and indicators: the numbers of the view, computed by the measures and only laid out here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from agency.report.blocks import BarNumber, BarPiece, BarRow, BarsBlock, LegendItem, Section, SheetBlock
from agency.report.figurepart import composition_drawing
from agency.report.part import Part, TableFile

if TYPE_CHECKING:
    import pandas as pd

    from agency.matrix.view import Mode
    from agency.render.sheet import Sheet
    from agency.report.material import Material
    from agency.table.codebook import Codebook

_REST: Final = {"gap": "Gap", "unknown": "Unknown"}
_ALIKE: Final = 1e-12

Row = tuple[str, str, Mapping[str, float]]
"""Project, mode and its numbers by name: origins, gap, unknown, coverage."""


def composition_part(material: Material) -> Part:
    """Return the life-cycle composition as bars with their numbers; time below static wherever the two differ."""
    from agency.measures.indicators import indicators
    from agency.measures.method import method_block
    from agency.render.indicatorsheet import composition_sheet
    from agency.render.numbers import rules

    modes: tuple[Mode, ...] = ("snapshot",) if material.view.mode == "snapshot" else ("static", "time")
    keys = ["composition", "coverage"]
    frames: dict[str, pd.DataFrame] = {
        mode: indicators(material.matrix_in(mode), material.table, keys=keys) for mode in modes
    }
    codebook, method = material.table.codebook, method_block(material.matrix, material.table)
    labels = {origin.key: origin.label for origin in codebook.origins if origin.key != "unknown"} | _REST
    rows = _rows(frames, [*labels])
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
    drawing = composition_drawing(material.matrix)
    return Part(section, (_file(sheet, rows, labels),), () if drawing is None else (drawing,))


def indicators_part(material: Material) -> Part:
    """Return the headline indicators with bounds; the file holds every indicator, unrounded."""
    from agency.measures.indicators import indicators
    from agency.measures.method import method_block
    from agency.measures.registry import INDICATORS
    from agency.render.indicatorsheet import headline_sheet, tidy_sheet

    method = method_block(material.matrix, material.table)
    frame = indicators(material.matrix, material.table)
    units = {entry.key: entry.unit for entry in INDICATORS}
    sheet = headline_sheet(frame, codebook=material.table.codebook, method=method)
    raw = tidy_sheet(frame, method=method, units=units, raw=True)
    section = Section("indicators", "Indicators of dependence", (), (SheetBlock(sheet),))
    return Part(section, (TableFile("indicators", sheet, raw),))


def uncounted_part(material: Material) -> Part:
    """Return, in place of all numbers, the reason why there are none."""
    from agency.figures.bars import uncounted_phases

    why = (
        f"{uncounted_phases(material.matrix)} The numbers of the report need phases that count, so they are left out: "
    )
    out = "composition, indicators, comparison, regularities, robustness."
    return Part(Section("numbers", "Numbers", (f"{why}{out}",), ()))


def _rows(frames: Mapping[str, pd.DataFrame], names: Sequence[str]) -> list[Row]:
    """Return the rows that are shown: a second mode only where it says something else."""
    found = {mode: _by_project(frame) for mode, frame in frames.items()}
    projects = next(iter(found.values()))
    rows: list[Row] = []
    for project, first in projects.items():
        for at, (mode, values) in enumerate(found.items()):
            mine = values[project]
            if at and all(abs(mine.get(name, 0.0) - first.get(name, 0.0)) < _ALIKE for name in names):
                continue
            rows.append((project, mode, mine))
    return rows


def _by_project(frame: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return the numbers by project and name; undefined ones are left out."""
    from agency.render.numbers import missing

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
    from agency.render.numbers import percent

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
    from agency.render.sheet import Sheet, plain

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
