"""The measured parts of a timeline: its scale, the lanes of each project, and where event labels stand."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from agency.figures.fitting import Fitted, fit
from agency.figures.lanes import Lane
from agency.figures.style import FigureStyle

if TYPE_CHECKING:
    import pandas as pd

    from agency.matrix.cellmodel import ProjectHead

MARGIN, BAR, SIDE, HEAD, EVENT_ROW = 0.5, 3.2, 3.0, 4.2, 3.0
"""Edge of the figure, height of a bar, room beside the bars, height of a heading and of an event label, mm."""
LANE_GAP, PHASE_GAP = 0.9, 1.2
"""Room below a lane and between phases, mm."""


@dataclass(frozen=True)
class Event:
    """An event of `events.csv` with the place of its label."""

    year: int
    label: Fitted
    row: int
    """Row of labels, from the top."""
    left: float
    """Left edge of the label, mm."""


@dataclass(frozen=True)
class Group:
    """The lanes of one project, measured."""

    project: ProjectHead
    head: Fitted
    lanes: tuple[Lane, ...]
    names: tuple[Fitted, ...]
    events: tuple[Event, ...]

    @property
    def head_height(self) -> float:
        """Height of the heading: its lines and the rule below them."""
        return max(HEAD, self.head.height + 0.7)

    @property
    def top(self) -> float:
        """Height of heading and event labels."""
        rows = max((event.row + len(event.label.lines) for event in self.events), default=0)
        return self.head_height + rows * EVENT_ROW

    @property
    def height(self) -> float:
        """Height of the whole group in mm."""
        if not self.lanes:
            return self.top
        changes = sum(one.phase != other.phase for one, other in pairwise(self.lanes))
        lanes = sum(name.height + BAR + LANE_GAP for name in self.names)
        return self.top + lanes + changes * PHASE_GAP


@dataclass(frozen=True)
class Scale:
    """Years to millimetres: a year is a whole step."""

    first: int
    last: int
    left: float
    width: float

    @property
    def step(self) -> float:
        """Width of a year in mm."""
        return self.width / (self.last - self.first + 1)

    def x(self, year: float) -> float:
        """Return where a year begins, in mm; a half is its middle."""
        return self.left + (year - self.first) * self.step


def measure_group(
    project: ProjectHead, lanes: list[Lane], events: list[tuple[int, str]], scale: Scale, style: FigureStyle
) -> Group:
    """Measure heading and names of the lanes and place the labels of the events."""
    names = tuple(fit(lane.text, scale.width, style) for lane in lanes)
    placed: list[Event] = []
    for year, text in events:
        label = fit(f"{year} {text}", scale.width / 2, style, size=style.least)
        placed.append(_place_event(year, label, scale, placed))
    head = fit(project.key, scale.left + scale.width, style, bold=True)
    return Group(project, head, tuple(lanes), names, tuple(placed))


def _place_event(year: int, label: Fitted, scale: Scale, placed: list[Event]) -> Event:
    """Return the event in the first free row, its label right of its line, else left of it."""
    x, lines = scale.x(year + 0.5), len(label.lines)
    sides = [x + 0.7, x - 0.7 - label.width]
    free = [left for left in sides if left >= MARGIN and left + label.width <= scale.left + scale.width + SIDE]
    for row in range(len(placed) * 3 + 1):
        for left in free or sides[:1]:
            if not any(_overlap(other, row, lines, left, label.width) for other in placed):
                return Event(year, label, row, left)
    return Event(year, label, len(placed) * 3, sides[0])


def _overlap(other: Event, row: int, lines: int, left: float, width: float) -> bool:
    apart = row + lines <= other.row or other.row + len(other.label.lines) <= row
    return not apart and left < other.left + other.label.width + 1.5 and other.left < left + width + 1.5


def project_events(events: pd.DataFrame | None, project: str) -> list[tuple[int, str]]:
    """Return the dated events of a project in order of time."""
    if events is None or events.empty:
        return []
    rows = events[(events["project"] == project) & events["year"].notna()]
    return sorted(zip((int(year) for year in rows["year"]), rows["label"], strict=True))
