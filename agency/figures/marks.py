"""Signs on top of areas: periods, joint holders, open ends, what is contested or changed; and their legend entries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from agency.figures.areas import Area
from agency.figures.canvas import Box, Canvas, Look
from agency.figures.style import FAINT, INK, PAPER, QUIET, THICK

JOIN = 0.3
"""White line between joint holders, mm."""


@dataclass(frozen=True)
class Mark:
    """A sign on top of an area, drawn by a function of canvas and box."""

    key: str
    label: str
    paint: Callable[[Canvas, Box], None]

    def draw(self, canvas: Canvas, box: Box) -> None:
        """Draw the sign for an area with this box."""
        self.paint(canvas, box)

    def sample(self, canvas: Canvas, box: Box) -> None:
        """Draw the sign as in a legend, on a pale area."""
        canvas.shape(box, Look(FAINT))
        self.paint(canvas, box)


Glyph = Area | Mark
"""Whatever has a legend entry."""


def _thick_edge(canvas: Canvas, box: Box) -> None:
    canvas.shape(box.inset(-0.3, -0.3), Look(edge=INK, weight=THICK), order=3.0)


def _corner(canvas: Canvas, box: Box) -> None:
    side = min(2.0, box.height * 0.6)
    canvas.polygon([(box.right - side, box.y), (box.right, box.y), (box.right, box.y + side)], Look(INK))


def _arrow_left(canvas: Canvas, box: Box) -> None:
    middle, tip = box.y + box.height / 2, box.x
    canvas.polygon([(tip, middle), (tip + 1.3, middle - 0.8), (tip + 1.3, middle + 0.8)], Look(INK))


def _arrow_right(canvas: Canvas, box: Box) -> None:
    middle, tip = box.y + box.height / 2, box.right
    canvas.polygon([(tip, middle), (tip - 1.3, middle - 0.8), (tip - 1.3, middle + 0.8)], Look(INK))


def _dimension(canvas: Canvas, box: Box) -> None:
    left, right, level = box.x + 1.0, box.right - 1.0, box.bottom - min(1.2, box.height / 2)
    canvas.line([(left, level), (right, level)], Look(edge=INK, line=(0, (1.6, 1.2)), weight=0.8), order=4.5)
    for x in (left, right):
        canvas.line([(x, level - 0.7), (x, level + 0.7)], Look(edge=INK, weight=0.8), order=4.5)


def diamond(canvas: Canvas, box: Box, look: Look, gid: str = "") -> None:
    """Draw the sign of an event in the middle of a box, in the look of who is behind it."""
    x, y, r = box.x + box.width / 2, box.y + box.height / 2, 1.5
    canvas.polygon([(x - r, y), (x, y - r), (x + r, y), (x, y + r)], look, gid=gid)


def _diamond(canvas: Canvas, box: Box) -> None:
    diamond(canvas, box, Look(PAPER, INK))


def _side_by_side(canvas: Canvas, box: Box) -> None:
    half = (box.width - 0.4) / 2
    for number in (0, 1):
        canvas.shape(Box(box.x + number * (half + 0.4), box.y, half, box.height), Look(FAINT, QUIET))


def _lines_below(canvas: Canvas, box: Box) -> None:
    half = (box.height - 1.0) / 2
    for number in (0, 1):
        _side_by_side(canvas, Box(box.x, box.y + number * (half + 1.0), box.width, half))


def _stacked(canvas: Canvas, box: Box) -> None:
    half = (box.height - JOIN) / 2
    for number in (0, 1):
        canvas.shape(Box(box.x, box.y + number * (half + JOIN), box.width, half), Look(FAINT, QUIET))


CONTESTED = Mark("contested", "Contested between sources", _thick_edge)
CHANGED = Mark("changed", "Changed since the year before it", _corner)
OPEN_START = Mark("open", "Open end: year not given", _arrow_left)
OPEN_END = Mark("open", "Open end: year not given", _arrow_right)
UNPLACED = Mark("unplaced", "Length known, years not", _dimension)
EVENT = Mark("event", "Event in that year", _diamond)
PERIODS = Mark("periods", "Periods: earlier left, equal widths", _side_by_side)
PERIODS_BELOW = Mark("periods_below", "Later periods go on below", _lines_below)
JOINT = Mark("joint", "Joint holders", _stacked)
