"""`Picture`: a drawing with its provenance, which shows and saves itself; one function for each figure makes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from agency.errors import UsageError, shown_value
from agency.figures.aggregate import draw_aggregate
from agency.figures.composition import draw_composition
from agency.figures.lanes import Show
from agency.figures.matrix import MATRIX_LIMIT, draw_matrix, draw_panels
from agency.figures.overview import Arrangement, overview_pages
from agency.figures.summary import draw_summary
from agency.figures.surface.saving import Provenance, figure_bytes, provenance, save_figure
from agency.figures.surface.style import MM, FigureStyle, width_mm
from agency.figures.timeline import PAGE_PROJECTS, draw_timeline, timeline_pages
from agency.resolve import Resolved
from agency.words import in_own_language, language, text

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from agency.figures.surface.canvas import Drawing

_SCREEN, _SHOWN = 160, 120
"""Pixels per inch, and how many of them a browser shows as one inch: small type is readable and sharp."""


@in_own_language
@dataclass(frozen=True, eq=False, repr=False)
class Picture:
    """A figure ready for print.

    Attributes
    ----------
    made_from
        Data hash and rule, written into every file.

    Examples
    --------
    >>> import agency
    >>> picture = agency.load().select(project="ECU 911").heatmap()
    >>> picture.drawing.title
    'Who held which phase: ECU 911. Whoever held a phase at any time.'
    >>> round(picture.figure.get_figwidth() * 25.4)
    90
    """

    made_from: Provenance
    draw: Callable[[], Drawing]
    """Draws the whole figure, however tall."""
    draw_pages: Callable[[], tuple[Drawing, ...]] | None = None
    """Draws it on pages, where it can be cut."""
    language: str = field(default_factory=language, kw_only=True)
    """What it speaks: that of the study it was made from."""

    @cached_property
    def drawing(self) -> Drawing:
        """The whole figure with its alternative text (`agency.figures.surface.canvas.Drawing`)."""
        return self.draw()

    @cached_property
    def pages(self) -> tuple[Drawing, ...]:
        """The figure on pages, for a PDF; one where it cannot be cut."""
        return (self.drawing,) if self.draw_pages is None else self.draw_pages()

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

    def save(self, *paths: str | os.PathLike[str], kind: str | None = None) -> tuple[str, ...]:
        """Write the figure at its exact width; the extension decides between PDF (in pages), SVG and PNG.

        Parameters
        ----------
        *paths
            Where to; all are written, or none. Files the study was read from are never written over.
        kind
            ``pdf``, ``svg`` or ``png`` for a place without an extension, such as a pipe.

        Returns
        -------
        tuple of str
            What to know of what was written: colours that look alike, a figure taller than a page.

        Raises
        ------
        UsageError
            Unknown extension, or a file that cannot be written.
        """
        return save_figure(
            lambda form: self.pages if form == "pdf" else (self.drawing,), paths, made_from=self.made_from, kind=kind
        )


Width = str | float
"""single (90 mm), onehalf (140), double (190) or a number of mm."""


class Setting(TypedDict, total=False):
    """How a figure is set; what every figure takes."""

    width: Width
    fonts: Sequence[str]
    title: str
    note: str


def figure_style(width: Width = "single", fonts: Sequence[str] = (), *, title: str = "", note: str = "") -> FigureStyle:
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
    for name, value in (("title", title), ("note", note)):
        if not isinstance(value, str):
            raise UsageError(text("{name} is text, not {found}.", name=name, found=shown_value(value)))
    families = [fonts] if isinstance(fonts, str) else fonts
    if isinstance(families, Mapping | bytes) or not isinstance(families, Iterable):
        raise UsageError(text("fonts is a list of installed families, not {found}.", found=shown_value(fonts)))
    families = tuple(families)
    if not all(isinstance(family, str) for family in families):
        raise UsageError(text("fonts is a list of installed families, not {found}.", found=shown_value(fonts)))
    return FigureStyle(width_mm=width_mm(width), fonts=families, title=title, note=note)


def matrix_picture(
    resolved: Resolved,
    *,
    style: FigureStyle,
    years: Sequence[int] = (),
    arrangement: Arrangement | None = None,
    ax: Axes | None = None,
) -> Picture:
    """Return the matrix in the style of Table 1; with `years`, as of each of them, side by side."""
    cells = resolved.cells
    if not years:
        return _picture(
            resolved,
            lambda: draw_matrix(cells, arrangement=arrangement, style=style, ax=ax),
            (lambda: overview_pages(cells, arrangement=arrangement, style=style))
            if len(cells.projects) > MATRIX_LIMIT and ax is None
            else None,
        )
    # Projects are named, so that no year leaves one out as thin.
    named = resolved.under(projects=resolved.listed, mode="snapshot", year="end")
    by_year = {year: named.under(year=year).cells for year in sorted(set(years))}
    return _picture(resolved, lambda: draw_panels(cells, by_year, style=style, ax=ax))


def timeline_picture(resolved: Resolved, *, style: FigureStyle, show: Show = "key", ax: Axes | None = None) -> Picture:
    """Return who held which phase from year to year, with dated events."""
    given = (resolved.cells, resolved.matrix, resolved.table.events)
    return _picture(
        resolved,
        lambda: draw_timeline(*given, show=show, style=style, ax=ax),
        (lambda: timeline_pages(*given, show=show, style=style))
        if len(resolved.listed) > PAGE_PROJECTS and ax is None
        else None,
    )


def composition_picture(
    resolved: Resolved, *, style: FigureStyle, sort: Literal["order", "local"], ax: Axes | None = None
) -> Picture:
    """Return the composition of the life cycle, a bar per project."""
    return _picture(resolved, lambda: draw_composition(resolved, sort=sort, style=style, ax=ax))


def aggregate_picture(
    resolved: Resolved,
    *,
    style: FigureStyle,
    by: Literal["country", "type", "decade", "all"],
    ax: Axes | None = None,
) -> Picture:
    """Return the mean composition of each phase over groups of projects."""
    return _picture(resolved, lambda: draw_aggregate(resolved, by=by, style=style, ax=ax))


def summary_picture(resolved: Resolved, *, style: FigureStyle, ax: Axes | None = None) -> Picture:
    """Return the first answer: a bar per phase, each project of which a source says who a segment."""
    return _picture(resolved, lambda: draw_summary(resolved, style=style, ax=ax))


def _picture(
    resolved: Resolved, draw: Callable[[], Drawing], draw_pages: Callable[[], tuple[Drawing, ...]] | None = None
) -> Picture:
    """Return a picture; one that is not cut is drawn at once, so that what cannot be drawn is said here."""
    picture = Picture(provenance(resolved.table, resolved.view), draw, draw_pages)
    if draw_pages is None:
        _ = picture.drawing
    return picture
