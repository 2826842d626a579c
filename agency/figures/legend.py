"""The legend: only what occurs, drawn by the glyphs that drew the cells, in lines that fill the width."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from agency.figures.canvas import Box, Canvas
from agency.figures.fitting import Fitted, fit
from agency.figures.marks import Glyph
from agency.figures.style import FigureStyle

_SWATCH, _TALL, _AFTER, _BETWEEN, _BELOW = 6.0, 3.2, 1.2, 3.5, 1.4


@dataclass(frozen=True)
class Legend:
    """Entries with their place, mm from the legend's upper left corner."""

    entries: tuple[tuple[float, float, Glyph, Fitted], ...]
    height: float

    def draw(self, canvas: Canvas, x: float, y: float) -> None:
        """Draw swatches and labels."""
        for left, top, glyph, label in self.entries:
            height = max(label.height, _TALL)
            glyph.sample(canvas, Box(x + left, y + top + (height - _TALL) / 2, _SWATCH, _TALL))
            canvas.text(Box(x + left + _SWATCH + _AFTER, y + top, label.width + 0.1, height), label, align="left")


def plan_legend(glyphs: Iterable[Glyph], order: tuple[str, ...], width: float, style: FigureStyle) -> Legend:
    """Place one entry per kind that occurs, in a fixed order, in as many lines as the width asks for.

    Parameters
    ----------
    glyphs
        What was drawn, repetitions allowed.
    order
        Keys of glyphs in the order of the legend.
    width
        In mm.
    style
        Type of the labels.
    """
    occurring = {glyph.key: glyph for glyph in glyphs}
    ordered = [occurring[key] for key in dict.fromkeys([*order, *occurring]) if key in occurring]
    entries = []
    x = y = tallest = 0.0
    for glyph in ordered:
        label = fit(glyph.label, width - _SWATCH - _AFTER, style)
        needed = _SWATCH + _AFTER + label.width
        if x > 0 and x + needed > width:
            x, y, tallest = 0.0, y + tallest + _BELOW, 0.0
        tallest = max(tallest, label.height, _TALL)
        entries.append((x, y, glyph, label))
        x += needed + _BETWEEN
    return Legend(tuple(entries), y + tallest)
