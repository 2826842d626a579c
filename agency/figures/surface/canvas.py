"""A drawing surface in millimetres, and the record of what was drawn on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING, Any

from agency.errors import UsageError, shown_value
from agency.figures.surface.fitting import (
    LEADING,
    Fitted,
    check_families,
    missing_characters,
    missing_message,
    text_width,
    with_fallback,
)
from agency.figures.surface.style import INK, MM, POINT, THIN, FigureStyle
from agency.words import marked, text

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text


@dataclass(frozen=True)
class Box:
    """A rectangle in millimetres, y downwards."""

    x: float
    y: float
    width: float
    height: float

    def inset(self, dx: float, dy: float) -> Box:
        """Return the box made smaller on each side."""
        return Box(self.x + dx, self.y + dy, self.width - 2 * dx, self.height - 2 * dy)

    @property
    def right(self) -> float:
        """The x of the right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of the lower edge."""
        return self.y + self.height


@dataclass(frozen=True)
class Look:
    """How a shape is filled and edged."""

    fill: str = "none"
    edge: str = "none"
    hatch: str = ""
    line: Any = "-"
    weight: float = THIN


@dataclass(frozen=True)
class Drawing:
    """What was drawn: the figure, its words for those who cannot see it, and its parts by id."""

    figure: Figure
    axes: Axes
    name: str
    """Kind of figure; prefix of its ids."""
    title: str
    alt_short: str
    """Alternative text under 150 characters: kind, content, main point."""
    alt_long: str
    """The figure in words, a line per statement."""
    style: FigureStyle
    artists: Mapping[str, Artist]
    """Drawn parts by unique id (gid)."""
    labels: tuple[tuple[Text, Box], ...]
    """Every text with the box it stays in, mm."""
    notices: tuple[str, ...] = ()
    """Warnings: colours that look alike, characters no font has, a figure taller than a page."""


@dataclass
class Canvas:
    """An axes whose data units are millimetres, origin at the upper left corner."""

    axes: Axes
    name: str
    style: FigureStyle
    artists: dict[str, Artist] = field(default_factory=dict)
    labels: list[tuple[Text, Box]] = field(default_factory=list)

    def shape(self, box: Box, look: Look, *, gid: str = "", url: str = "", order: float = 1.0) -> None:
        """Draw a rectangle; its line lies inside the box so that neighbours do not touch."""
        from matplotlib.patches import Rectangle

        half = look.weight * POINT / 2 if look.edge != "none" else 0.0
        inner = box.inset(half, half)
        patch = Rectangle((inner.x, inner.y), inner.width, inner.height)
        self._dress(patch, look, order)
        if url:
            patch.set_url(url)
        self._add(patch, gid)

    def polygon(self, points: list[tuple[float, float]], look: Look, *, gid: str = "", order: float = 3.0) -> None:
        """Draw a closed polygon."""
        from matplotlib.patches import Polygon

        patch = Polygon(points, closed=True)
        self._dress(patch, look, order)
        self._add(patch, gid)

    def line(self, points: list[tuple[float, float]], look: Look, *, gid: str = "", order: float = 2.0) -> None:
        """Draw an open line in the edge colour of a look."""
        from matplotlib.lines import Line2D

        xs, ys = zip(*points, strict=True)
        line = Line2D(xs, ys, color=look.edge, linewidth=look.weight, linestyle=look.line, zorder=order)
        line.set_solid_capstyle("butt")
        self._add(line, gid)

    def text(
        self, box: Box, fitted: Fitted, *, align: str = "center", ink: str = INK, ground: str = "", bold: bool = False
    ) -> None:
        """Write a fitted text into a box, centred from top to bottom; `ground` puts the fill behind the letters.

        Lines are placed one by one, so that no backend decides their distance.
        """
        pitch = fitted.size * LEADING * POINT
        x = {"left": box.x, "center": box.x + box.width / 2, "right": box.right}[align]
        top = box.y + (box.height - fitted.height) / 2
        for number, line in enumerate(fitted.lines):
            if not line:
                continue
            # The middle of a capital letter lies 0.36 em above the baseline.
            label = self.axes.text(
                x,
                top + (number + 0.5) * pitch + 0.36 * fitted.size * POINT,
                line,
                ha=align,
                va="baseline",
                color=ink,
                fontsize=fitted.size,
                fontfamily=list(with_fallback(line, self.style.families)),
                fontweight="bold" if bold else "normal",
                parse_math=False,
                zorder=5,
            )
            if ground:
                wide = text_width(line, fitted.size, self.style.families) + 0.9
                self.shape(Box(x - wide / 2, top + number * pitch, wide, pitch), Look(ground), order=4.0)
            self.labels.append((label, box))

    def upright(self, box: Box, fitted: Fitted, *, ink: str = INK) -> None:
        """Write one line from bottom to top into a narrow box, starting at its foot."""
        label = self.axes.text(
            box.x + box.width / 2,
            box.bottom,
            fitted.text,
            ha="center",
            va="bottom",
            rotation=90,
            color=ink,
            fontsize=fitted.size,
            fontfamily=list(with_fallback(fitted.text, self.style.families)),
            parse_math=False,
            zorder=5,
        )
        self.labels.append((label, box))

    def drawing(self, *, title: str, alt_short: str, alt_long: str, notices: tuple[str, ...] = ()) -> Drawing:
        """Return the record of what was drawn."""
        words = [label.get_text() for label, _ in self.labels]
        missing = missing_characters(words, with_fallback("".join(words), self.style.families))
        if missing:
            notices = (*notices, missing_message(missing))
        figure = self.axes.get_figure(root=True)
        if figure is None:
            message = text("The axes belong to no figure; give axes of a figure.")
            raise UsageError(message)
        return Drawing(
            figure=figure,
            axes=self.axes,
            name=self.name,
            title=title,
            alt_short=alt_short,
            alt_long=alt_long,
            style=self.style,
            artists=self.artists,
            labels=tuple(self.labels),
            notices=notices,
        )

    def _dress(self, patch: Any, look: Look, order: float) -> None:
        patch.set(
            facecolor=look.fill,
            edgecolor=look.edge,
            linewidth=look.weight if look.edge != "none" else 0,
            linestyle=look.line,
            zorder=order,
        )
        if look.hatch:
            patch.set_hatch(look.hatch)
            patch.set_hatch_linewidth(THIN)

    def _add(self, artist: Any, gid: str) -> None:
        if gid:
            artist.set_gid(f"{self.name}-{gid}")
            self.artists[artist.get_gid()] = artist
        artist.set_clip_on(False)
        self.axes.add_artist(artist)


def available_width(style: FigureStyle, ax: Axes | None, figure: Figure | None) -> float:
    """Return the width in mm a drawing has: of the given axes or figure, else the style's.

    Raises
    ------
    UsageError
        If both axes and figure are given, or a font is not installed.
    """
    check_families(style.families)
    if ax is not None and figure is not None:
        message = text("Give ax= or figure=, not both.")
        raise UsageError(message)
    if ax is not None:
        from matplotlib.axes import Axes as AnyAxes

        if not isinstance(ax, AnyAxes):
            raise UsageError(text("ax is axes of matplotlib, not {found}.", found=shown_value(ax)))
        if ax.name == "3d":
            message = text("A figure is drawn in two dimensions; the axes given are 3-D ones. Give plain axes.")
            raise UsageError(message)
        root = ax.get_figure(root=True)
        return float(ax.get_position().width * root.get_figwidth() * MM) if root is not None else style.width_mm
    return float(figure.get_figwidth() * MM) if figure is not None else style.width_mm


def open_canvas(name: str, style: FigureStyle, height: float, ax: Axes | None, figure: Figure | None) -> Canvas:
    """Return a canvas of this height in mm on the given axes or figure, or on a new figure.

    Raises
    ------
    UsageError
        If the given axes or figure are too low: a figure is never squeezed until texts overlap.
    """
    from matplotlib.figure import Figure as NewFigure

    width = available_width(style, ax, figure)
    if ax is None:
        if figure is None:
            figure = NewFigure(figsize=(width / MM, height / MM), facecolor="white")
        ax = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    root = ax.get_figure(root=True)
    given = ax.get_position().height * root.get_figheight() * MM if root is not None else height
    if root is not None and given < height - 0.05:
        inches = (root.get_figwidth(), root.get_figheight() * height / given)
        size = ", ".join(f"{ceil(length * 10) / 10:g}" for length in inches)
        sentence = marked(
            "The {name} figure needs {height} mm of height at this width; the axes have {given} mm. "
            "Make the figure around them higher: figsize=({size}), or wider."
        )
        raise UsageError(text(sentence, name=name, height=f"{height:.0f}", given=f"{given:.0f}", size=size))
    ax.set(xlim=(0, width), ylim=(max(given, height), 0))
    ax.set_axis_off()
    return Canvas(ax, name, style)
