"""Figures of the report: drawn once, embedded as pictures, written as files.

The timeline of the report, and what stands for it when there are too many projects to draw each.
"""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from agency.figures import (
    FORMATS,
    MATRIX_LIMIT,
    FigureStyle,
    composition_parts,
    counted_years,
    draw_aggregate,
    draw_composition,
    draw_matrix,
    draw_timeline,
    figure_bytes,
    project_events,
    project_lanes,
    provenance,
    width_mm,
)
from agency.report.part import FigureBlock, ReportPart, Section
from agency.resolve import Resolved
from agency.words import text

if TYPE_CHECKING:
    from agency.figures import Drawing
    from agency.report.part import Material
    from agency.resolve import CellTable, ProjectHead

_SINGLE: Final = 3
"""Up to this many projects fit one journal column of 90 mm; more take the page's 190 mm."""
_PIXELS: Final = 96


def matrix_drawing(cells: CellTable) -> Drawing | None:
    """Return the heatmap of the cells, or None when there are too many projects (or none) to draw."""
    if not 0 < len(cells.projects) <= MATRIX_LIMIT:
        return None
    return draw_matrix(
        cells, style=FigureStyle(width_mm=width_mm("single" if len(cells.projects) <= _SINGLE else "double"))
    )


def composition_drawing(resolved: Resolved) -> Drawing | None:
    """Return the composition bars, or None when there are too many projects (or none with a phase) to draw."""
    if not 0 < len(composition_parts(resolved)) <= MATRIX_LIMIT:
        return None
    return draw_composition(resolved, style=FigureStyle(width_mm=width_mm("double")))


def figure_block(drawing: Drawing, material: Material, *, described_by: str = "") -> FigureBlock:
    """Return a drawing as a picture in the page: SVG within the file, with its words.

    Parameters
    ----------
    drawing
        What was drawn.
    material
        What it was made from, for the figure's own metadata.
    described_by
        Id of the table that says the same; without it the long description stands below the figure.
    """
    content = figure_bytes(drawing, "svg", provenance(material.table, material.view))
    width, height = (round(inches * _PIXELS) for inches in drawing.figure.get_size_inches())
    return FigureBlock(
        data=f"data:image/svg+xml;base64,{base64.b64encode(content).decode('ascii')}",
        alt=drawing.alt_short,
        caption=f"{drawing.title}. For print: {drawing.name}.svg, .pdf and .png in the folder figures.",
        long="" if described_by else drawing.alt_long,
        described_by=described_by,
        width=width,
        height=height,
    )


def figure_files(drawings: tuple[Drawing, ...], material: Material) -> dict[str, bytes]:
    """Return the drawings as SVG, PDF and PNG by their path in the folder."""
    made_from = provenance(material.table, material.view)
    return {
        f"figures/{drawing.name}.{kind}": figure_bytes(drawing, kind, made_from)
        for drawing in drawings
        for kind in FORMATS
    }


_PER_FIGURE: Final = 6
"""Projects on one figure: about a page high."""
_MOST: Final = 60
"""More projects than this are not drawn one by one."""


def timeline_part(material: Material) -> ReportPart | None:
    """Return the timeline, six projects to a figure; None when no statement that is shown has a year."""
    cells = material.all_periods
    dated = [head for head in cells.projects if _is_dated(cells, head, material)]
    if not dated or len(cells.projects) > _MOST:
        return None
    pages = [dated[at : at + _PER_FIGURE] for at in range(0, len(dated), _PER_FIGURE)]
    names = ["timeline"] if len(pages) == 1 else [f"timeline-{number}" for number in range(1, len(pages) + 1)]
    drawings = tuple(
        _draw(replace(cells, projects=tuple(page)), material, name) for page, name in zip(pages, names, strict=True)
    )
    undated = len(cells.projects) - len(dated)
    intro = "Who held what in which years, to scale; an arrow is an end that no source gives."
    if undated:
        sentence = " Not drawn: {n} of {all} projects, without a year in the table."
        intro += text(sentence, n=undated, all=len(cells.projects))
    section = Section("timeline", "Timeline", (intro,), tuple(figure_block(one, material) for one in drawings))
    return ReportPart(section, drawings=drawings)


def groups_part(material: Material) -> ReportPart | None:
    """Return the mean composition of each phase by country, when there are too many projects to show each."""
    if len(material.cells.projects) <= _MOST:
        return None
    drawing = draw_aggregate(material.resolved, style=FigureStyle(width_mm=width_mm("double")))
    intro = "The mean composition of each phase by country; n is the number of projects behind a bar."
    return ReportPart(Section("groups", "Countries", (intro,), (figure_block(drawing, material),)), drawings=(drawing,))


def _is_dated(cells: CellTable, head: ProjectHead, material: Material) -> bool:
    """Whether a project has anything to draw: a window, a dated event or a lane with years."""
    if head.window or project_events(material.table.events, head.key):
        return True
    lanes = project_lanes(cells, head, counted_years(material.resolved.matrix))
    return bool(lanes)


def _draw(cells: CellTable, material: Material, name: str) -> Drawing:
    style = FigureStyle(width_mm=width_mm("double"))
    return draw_timeline(cells, material.resolved.matrix, material.table.events, style=style, name=name)
