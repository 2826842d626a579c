"""What fills a cell: origins, blanks, what is only listed. The same object draws the cell and its legend entry."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from agency.figures.canvas import Box, Canvas, Look
from agency.figures.colour import text_colour
from agency.figures.fitting import fit
from agency.figures.style import DASHED, DOTTED, FAINT, INK, PALE, PAPER, QUIET

if TYPE_CHECKING:
    from agency.table.codebook import Codebook, Origin


@dataclass(frozen=True)
class Area:
    """A filled rectangle: an origin, a blank, an edge that says something."""

    key: str
    label: str
    look: Look
    word: str = ""
    """Short sign inside the legend swatch and inside cells without room for words."""
    layer: float = 1.0
    """Order of drawing; the higher covers the lower."""

    @property
    def ink(self) -> str:
        """Colour of text on the fill."""
        return INK if self.look.fill == "none" else text_colour(self.look.fill)

    @property
    def ground(self) -> str:
        """Fill put behind text where there is a hatch, else nothing."""
        return self.look.fill if self.look.hatch else ""

    def draw(self, canvas: Canvas, box: Box, *, gid: str = "", url: str = "") -> None:
        """Draw the area without its word."""
        canvas.shape(box, self.look, gid=gid, url=url, order=self.layer)

    def sample(self, canvas: Canvas, box: Box) -> None:
        """Draw the area as in a legend, hatch doubled and with its word."""
        replace(self, look=replace(self.look, hatch=self.look.hatch * 2)).draw(canvas, box)
        self.write_word(canvas, box)

    def write_word(self, canvas: Canvas, box: Box) -> None:
        """Write the short sign, where there is one."""
        if self.word:
            canvas.text(box, fit(self.word, box.width, canvas.style, size=canvas.style.least), ink=QUIET)


NOT_CODED = Area("not_coded", "Not coded", Look(PAPER, PALE, line=DOTTED, weight=0.6))
VACANT = Area("vacant", "Nobody", Look(PAPER, INK, weight=0.7))
NEGOTIATING = Area("negotiating", "Under negotiation", Look(PAPER, QUIET, hatch="|||", weight=0.7))
NOT_APPLICABLE = Area("not_applicable", "Not applicable", Look(PAPER), word="n/a")
UNKNOWN_YEAR = Area("unknown_year", "Unknown at that time", Look(PAPER, QUIET, line=DOTTED, weight=0.7), word="–")
UNKNOWN_ORIGIN = Area("unknown", "Origin unknown", Look(PAPER, QUIET, line=DOTTED, weight=0.7), word="?")
LISTED = Area("listed", "Listed, not counted", Look(PAPER, QUIET, line=DASHED, weight=0.7), word="( )")
WINDOW = Area("window", "Window of the case", Look("#f1f1f1"), layer=0.2)
OUTSIDE = Area("outside", "Year outside the window", Look(FAINT))
BLANKS = {area.key: area for area in (NOT_CODED, VACANT, NEGOTIATING, NOT_APPLICABLE)}
"""The four blanks, by status."""


def origin_area(codebook: Codebook, key: str | None, *, strong: bool = False) -> Area:
    """Return the area of an origin: light for cells with names, strong for bars and small cells."""
    origin = next((origin for origin in codebook.origins if origin.key == key), None)
    if origin is None:
        return UNKNOWN_ORIGIN
    if strong:
        return Area(origin.key, origin.label, Look(origin.strong, _hatch_ink(origin), hatch=origin.hatch * 3))
    return Area(origin.key, origin.label, Look(origin.colour, origin.edge, hatch=origin.hatch * 2))


def dashed_edge(area: Area) -> Area:
    """Return an area with the dashed edge of an alleged holder that counts."""
    return replace(area, look=replace(area.look, edge=INK, line=DASHED, weight=1.0))


def _hatch_ink(origin: Origin) -> str:
    """Return the colour of lines on a strong fill: black or white where there is a hatch, else the dark partner."""
    return text_colour(origin.strong) if origin.hatch else origin.edge


ALLEGED = dashed_edge(Area("alleged", "Alleged, counted", Look(FAINT)))
