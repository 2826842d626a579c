"""One lane of a timeline drawn: bars with their years and arrows, diamonds of events, the name above."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from agency.figures.canvas import Box, Canvas
from agency.figures.fitting import Fitted, fit, text_width
from agency.figures.marks import OPEN_END, OPEN_START, UNPLACED, diamond
from agency.figures.timeplan import SIDE, Scale

if TYPE_CHECKING:
    from agency.figures.areas import Area
    from agency.figures.lanes import Lane, Span

_DIAMOND: Final = 1.5
"""Half the width of an event's sign, mm."""
_BESIDE: Final = 2.0
"""From the middle of the sign to its year, mm."""


def draw_lane(
    canvas: Canvas, scale: Scale, lane: Lane, bar: Box, naming: tuple[Fitted, tuple[int, int] | None, str]
) -> list[Box]:
    """Draw one lane and return the places of its name and of the years of its events, from the top."""
    name, window, gid = naming
    starts = []
    for number, span in enumerate(lane.spans):
        box = Box(scale.x(span.first), bar.y, (span.last - span.first + 1) * scale.step, bar.height)
        lane.holding.shown.draw(canvas, box, gid=f"{gid}-s{number}")
        _label_ends(canvas, box, span, lane.holding.area)
        starts.append(box.x)
    for number, year in enumerate(lane.events):
        box = Box(scale.x(year), bar.y, scale.step, bar.height)
        diamond(canvas, box, lane.holding.shown.look, f"{gid}-e{number}")
        starts.append(box.x + box.width / 2 - _DIAMOND)
    labels = _label_events(canvas, scale, lane.events, bar)
    if lane.unplaced:
        first, last = window or (scale.first, scale.last)
        years = min(lane.unplaced, last - first + 1)
        x = scale.x(first + (last - first + 1 - years) / 2)
        box = Box(x, bar.y, years * scale.step, bar.height)
        lane.pale.draw(canvas, box, gid=f"{gid}-u")
        UNPLACED.draw(canvas, box)
        starts.append(x)
    left = min([*starts, scale.left + scale.width - name.width])
    place = Box(left, bar.y - name.height, name.width, name.height)
    canvas.text(place, name, align="left")
    return [place, *labels]


def _label_events(canvas: Canvas, scale: Scale, years: list[int], bar: Box) -> list[Box]:
    """Write the years of events beside their signs: right, else left, else nowhere (the axis tells them)."""
    middles = [scale.x(year + 0.5) for year in years]
    taken = [(middle - _DIAMOND, middle + _DIAMOND) for middle in middles]
    places = []
    for year, middle in zip(years, middles, strict=True):
        label = fit(str(year), 8.0, canvas.style, size=canvas.style.least)
        for left in (middle + _BESIDE, middle - _BESIDE - label.width):
            right = left + label.width
            inside = scale.left - SIDE <= left and right <= scale.left + scale.width + SIDE
            if inside and all(right <= start or stop <= left for start, stop in taken):
                places.append(Box(left, bar.y, label.width, bar.height))
                canvas.text(places[-1], label, align="left")
                taken.append((left, right))
                break
    return places


def _label_ends(canvas: Canvas, box: Box, span: Span, area: Area) -> None:
    """Write the given years inside the ends of a bar where they fit, beside it where they do not; arrows where open."""
    style = canvas.style
    if span.open_start:
        OPEN_START.draw(canvas, Box(box.x - 1.5, box.y, 1.3, box.height))
    if span.open_end:
        OPEN_END.draw(canvas, Box(box.right + 0.2, box.y, 1.3, box.height))
    start = "" if span.open_start else str(span.first)
    end = "" if span.open_end else str(span.last)
    texts = [text for text in dict.fromkeys((start, end)) if text]
    needed = sum(text_width(text, style.least, style.families) + 1.4 for text in texts)
    if not texts or needed > box.width:
        return
    inner = box.inset(0.7, 0)
    for text, align in ((start, "left"), (end if end != start else "", "right")):
        if text:
            fitted = fit(text, box.width, style, size=style.least)
            wide = fitted.width
            place = Box(inner.x if align == "left" else inner.right - wide, box.y, wide, box.height)
            canvas.text(place, fitted, ink=area.ink, ground=area.ground)
