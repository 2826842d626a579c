"""`Picture`: a drawing with its provenance, which shows itself in Jupyter and saves itself.

From a table and a view to a picture: the figures of commands and notebooks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from agency.figures.aggregate import draw_aggregate
from agency.figures.composition import draw_composition
from agency.figures.matrix import draw_matrix, draw_panels
from agency.figures.surface.saving import Provenance, figure_bytes, provenance, save_figure
from agency.figures.surface.style import MM, FigureStyle, width_mm
from agency.figures.timeline import draw_timeline
from agency.resolve import cell_table, phase_matrix

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from agency.figures.surface.canvas import Drawing
    from agency.resolve import View
    from agency.table import Table

_SCREEN, _SHOWN = 160, 120
"""Pixels per inch, and how many of them a browser shows as one inch: small type is readable and sharp."""


@dataclass(frozen=True, eq=False, repr=False)
class Picture:
    """A figure ready for print.

    Attributes
    ----------
    drawing
        The matplotlib figure with its alternative text (`agency.figures.surface.canvas.Drawing`).
    made_from
        Data hash and rule, written into every file.

    Examples
    --------
    >>> import agency
    >>> picture = agency.load().select(project="JSeI").heatmap()
    >>> picture.drawing.title
    'Who held which phase: JSeI'
    >>> round(picture.figure.get_figwidth() * 25.4)
    90
    """

    drawing: Drawing
    made_from: Provenance

    @property
    def figure(self) -> Figure:
        """The matplotlib figure."""
        return self.drawing.figure

    def __repr__(self) -> str:
        return "\n".join([self.drawing.title, self.drawing.alt_long, *self.drawing.notices])

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what Jupyter shows: the picture with its alternative text, and the words where there is no picture."""
        screen = replace(self.drawing, style=replace(self.drawing.style, dpi=_SCREEN))
        image = figure_bytes(screen, "png", self.made_from)
        width = round(self.drawing.style.width_mm / MM * _SHOWN)
        shown = {"width": width, "alt": self.drawing.alt_short}
        return {"image/png": image, "text/plain": repr(self)}, {"image/png": shown}

    def save(self, *paths: str | os.PathLike[str], kind: str | None = None) -> None:
        """Write the figure at its exact width; the extension decides between PDF, SVG and PNG.

        Parameters
        ----------
        *paths
            Where to; all are written, or none. Files the study was read from are never written over.
        kind
            ``pdf``, ``svg`` or ``png`` for a place without an extension, such as a pipe.

        Raises
        ------
        UsageError
            Unknown extension, or a file that cannot be written.
        """
        save_figure(self.drawing, paths, made_from=self.made_from, kind=kind)


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
    cells = cell_table(table, view)
    if not years:
        return _picture(draw_matrix(cells, style=style), table, view)
    # Projects are named, so that no year leaves one out as thin.
    named = replace(view, projects=tuple(head.key for head in cells.projects), mode="snapshot")
    by_year = {year: cell_table(table, replace(named, year=year)) for year in sorted(set(years))}
    return _picture(draw_panels(cells, by_year, style=style), table, view)


def timeline_picture(table: Table, view: View, *, style: FigureStyle) -> Picture:
    """Return who held the continuing phases from year to year, with dated events."""
    cells, matrix = cell_table(table, view), phase_matrix(table, view)
    return _picture(draw_timeline(cells, matrix, table.events, style=style), table, view)


def composition_picture(table: Table, view: View, *, style: FigureStyle, sort: Literal["order", "local"]) -> Picture:
    """Return the composition of the life cycle, a bar per project."""
    return _picture(draw_composition(phase_matrix(table, view), sort=sort, style=style), table, view)


def aggregate_picture(
    table: Table, view: View, *, style: FigureStyle, by: Literal["country", "decade", "all"]
) -> Picture:
    """Return the mean composition of each phase over groups of projects."""
    return _picture(draw_aggregate(phase_matrix(table, view), table, by=by, style=style), table, view)


def _picture(drawing: Drawing, table: Table, view: View) -> Picture:
    return Picture(drawing, provenance(table, view))
