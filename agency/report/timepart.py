"""The timeline of the report, and what stands for it when there are too many projects to draw each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from agency.report.blocks import Section
from agency.report.figurepart import figure_block
from agency.report.part import Part
from agency.report.words import count

if TYPE_CHECKING:
    from agency.figures.canvas import Drawing
    from agency.matrix.cellmodel import CellTable, ProjectHead
    from agency.report.material import Material

_PER_FIGURE: Final = 6
"""Projects on one figure: about a page high."""
_MOST: Final = 60
"""More projects than this are not drawn one by one."""


def timeline_part(material: Material) -> Part | None:
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
        intro += (
            f" {count(undated, 'project')} without a year in the table {'is' if undated == 1 else 'are'} not drawn."
        )
    section = Section("timeline", "Timeline", (intro,), tuple(figure_block(one, material) for one in drawings))
    return Part(section, drawings=drawings)


def groups_part(material: Material) -> Part | None:
    """Return the mean composition of each phase by country, when there are too many projects to show each."""
    from agency.figures.aggregate import draw_aggregate
    from agency.figures.style import FigureStyle, width_mm

    if len(material.cells.projects) <= _MOST:
        return None
    drawing = draw_aggregate(material.matrix, material.table, style=FigureStyle(width_mm=width_mm("double")))
    intro = "The mean composition of each phase by country; n is the number of projects behind a bar."
    return Part(Section("groups", "Countries", (intro,), (figure_block(drawing, material),)), drawings=(drawing,))


def _is_dated(cells: CellTable, head: ProjectHead, material: Material) -> bool:
    """Whether a project has anything to draw: a window, a dated event or a lane with years."""
    from agency.figures.lanes import counted_years, project_lanes
    from agency.figures.timeplan import project_events

    if head.window or project_events(material.table.events, head.key):
        return True
    lanes = project_lanes(cells, head, counted_years(material.matrix))
    return any(lane.spans or lane.events for lane in lanes)


def _draw(cells: CellTable, material: Material, name: str) -> Drawing:
    from agency.figures.style import FigureStyle, width_mm
    from agency.figures.timeline import draw_timeline

    style = FigureStyle(width_mm=width_mm("double"))
    return draw_timeline(cells, material.matrix, material.table.events, style=style, name=name)
