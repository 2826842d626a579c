"""`Picture`: a drawing with its provenance, which shows itself in Jupyter and saves itself.

From a table and a view to a picture: the figures of commands and notebooks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from agency.figures.aggregate import draw_aggregate
from agency.figures.composition import draw_composition
from agency.figures.matrix import draw_matrix, draw_panels
from agency.figures.summary import draw_summary
from agency.figures.surface.saving import Provenance, figure_bytes, provenance, save_figure
from agency.figures.surface.style import MM, FigureStyle, width_mm
from agency.figures.timeline import draw_timeline
from agency.resolve import Resolved

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from agency.figures.surface.canvas import Drawing

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


def figure_style(width: Width, fonts: Sequence[str] = (), *, title: str = "", note: str = "") -> FigureStyle:
    """Return the style of a figure of this width; `fonts` are installed families tried before DejaVu Sans.

    `title` is printed above, `note` below, after what the figure says of itself.

    Raises
    ------
    UsageError
        For a width that is none, or a font that is not installed.

    Examples
    --------
    >>> figure_style("double").width_mm
    190.0
    """
    return FigureStyle(width_mm=width_mm(width), fonts=tuple(fonts), title=title, note=note)


def matrix_picture(resolved: Resolved, *, style: FigureStyle, years: Sequence[int]) -> Picture:
    """Return the matrix in the style of Table 1; with `years`, as of each of them, side by side."""
    if not years:
        return _picture(draw_matrix(resolved.cells, style=style), resolved)
    # Projects are named, so that no year leaves one out as thin.
    named = resolved.under(projects=resolved.listed, mode="snapshot", year="end")
    by_year = {year: named.under(year=year).cells for year in sorted(set(years))}
    return _picture(draw_panels(resolved.cells, by_year, style=style), resolved)


def timeline_picture(resolved: Resolved, *, style: FigureStyle) -> Picture:
    """Return who held the continuing phases from year to year, with dated events."""
    drawing = draw_timeline(resolved.cells, resolved.matrix, resolved.table.events, style=style)
    return _picture(drawing, resolved)


def composition_picture(resolved: Resolved, *, style: FigureStyle, sort: Literal["order", "local"]) -> Picture:
    """Return the composition of the life cycle, a bar per project."""
    return _picture(draw_composition(resolved, sort=sort, style=style), resolved)


def aggregate_picture(resolved: Resolved, *, style: FigureStyle, by: Literal["country", "decade", "all"]) -> Picture:
    """Return the mean composition of each phase over groups of projects."""
    return _picture(draw_aggregate(resolved, by=by, style=style), resolved)


def summary_picture(resolved: Resolved, *, style: FigureStyle) -> Picture:
    """Return the first answer: a bar per phase, each project of which a source says who a segment."""
    return _picture(draw_summary(resolved, style=style), resolved)


def _picture(drawing: Drawing, resolved: Resolved) -> Picture:
    return Picture(drawing, provenance(resolved.table, resolved.view))
