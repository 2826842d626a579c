"""From a table and a view to a picture: the figures of commands and notebooks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from agency.figures.picture import Picture
from agency.figures.saving import provenance
from agency.figures.style import FigureStyle, width_mm
from agency.matrix.build import phase_matrix
from agency.matrix.cells import cell_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agency.figures.canvas import Drawing
    from agency.matrix.view import View
    from agency.table.model import Table

Width = str | float
"""single (90 mm), onehalf (140), double (190) or a number of mm."""


def figure_style(width: Width, fonts: Sequence[str] = ()) -> FigureStyle:
    """Return the style of a figure of this width; `fonts` are installed families tried before DejaVu Sans.

    Raises
    ------
    UsageError
        For a width that is none, or a font that is not installed.

    Examples
    --------
    >>> figure_style("double").width_mm
    190.0
    """
    return FigureStyle(width_mm=width_mm(width), fonts=tuple(fonts))


def matrix_picture(table: Table, view: View, *, style: FigureStyle, years: Sequence[int]) -> Picture:
    """Return the matrix in the style of Table 1; with `years`, as of each of them, side by side."""
    from agency.figures.matrix import draw_matrix
    from agency.figures.panels import draw_panels

    cells = cell_table(table, view)
    if not years:
        return _picture(draw_matrix(cells, style=style), table, view)
    # Projects are named, so that no year leaves one out as thin.
    named = replace(view, projects=tuple(head.key for head in cells.projects), mode="snapshot")
    by_year = {year: cell_table(table, replace(named, year=year)) for year in sorted(set(years))}
    return _picture(draw_panels(cells, by_year, style=style), table, view)


def timeline_picture(table: Table, view: View, *, style: FigureStyle) -> Picture:
    """Return who held the continuing phases from year to year, with dated events."""
    from agency.figures.timeline import draw_timeline

    cells, matrix = cell_table(table, view), phase_matrix(table, view)
    return _picture(draw_timeline(cells, matrix, table.events, style=style), table, view)


def composition_picture(table: Table, view: View, *, style: FigureStyle, sort: Literal["order", "local"]) -> Picture:
    """Return the composition of the life cycle, a bar per project."""
    from agency.figures.composition import draw_composition

    return _picture(draw_composition(phase_matrix(table, view), sort=sort, style=style), table, view)


def aggregate_picture(
    table: Table, view: View, *, style: FigureStyle, by: Literal["country", "decade", "all"]
) -> Picture:
    """Return the mean composition of each phase over groups of projects."""
    from agency.figures.aggregate import draw_aggregate

    return _picture(draw_aggregate(phase_matrix(table, view), table, by=by, style=style), table, view)


def _picture(drawing: Drawing, table: Table, view: View) -> Picture:
    return Picture(drawing, provenance(table, view))
