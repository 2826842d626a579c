"""What changed: a timeline for each project, drawn as plain SVG from the plan that the figure for print is drawn from.

`agency.figures.project_lanes` says which bars a phase has and from which year to which; here years become pixels and
names are shortened to their bars. Nothing here decides who held what when.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Final

from agency.figures import counted_years, project_events, project_lanes
from agency.resolve import GAP
from agency.words import counted, listed, text
from agency.words import number as grouped

if TYPE_CHECKING:
    from agency.figures import Lane, Span
    from agency.report.material import Material
    from agency.resolve import ProjectHead

WIDTH: Final = 588
_LABEL: Final = 176
_EDGE: Final = 14
"""Room at the right end, for arrows."""
_ROW: Final = 18
_BAR: Final = 15
_TOP: Final = 22
_LETTER: Final = 6.7
"""Width of a letter of the small type, px; what does not fit is cut and stands in the title."""
_TICK: Final = 40
_OPEN: Final = 4
"""Timelines that stand open; the others are folded."""


@dataclass(frozen=True)
class Stroke:
    """A bar, a diamond or a bracket."""

    kind: str
    """bar, hollow, light, point or loose."""
    style: str
    x: float
    y: float
    width: float
    text: str
    """What fits of its name."""
    at: float
    """Where the text begins, or ends where it stands before the bar."""
    outside: bool
    """Whether the text stands beside it."""
    before_it: bool
    """Whether the text stands left of it."""
    title: str
    line: int
    before: bool
    after: bool
    """Whether an arrow says that the beginning, or the end, is given nowhere."""
    length: float
    """Width of the true length within a span that is only bounded."""
    bar: float
    """Where that length is drawn, in the middle of the span."""


@dataclass(frozen=True)
class Row:
    """A phase: its name and where it stands."""

    label: str
    y: float
    height: float
    strokes: tuple[Stroke, ...]


@dataclass(frozen=True)
class Pin:
    """The events of a year on the axis."""

    numbers: str
    """``5`` or ``5–7``: of the events of one year."""
    half: float
    """Half its width."""
    x: float
    title: str


@dataclass(frozen=True)
class Timeline:
    """One project."""

    number: int
    project: str
    described: str
    height: float
    ticks: tuple[tuple[int, float], ...]
    window: tuple[float, float] | None
    """Left edge and width of the years of the case."""
    rows: tuple[Row, ...]
    pins: tuple[Pin, ...]
    events_title: str
    events: tuple[str, ...]
    changes: int


@dataclass(frozen=True)
class ChangesView:
    """The timelines: those with a change first, most of the others folded."""

    intro: tuple[str, ...]
    shown: tuple[Timeline, ...]
    folded: tuple[Timeline, ...]
    folded_title: str


def changes_view(material: Material, *, most: int) -> ChangesView | None:
    """Return the timelines of the listed projects; None when nothing has a year or the projects are too many."""
    cells = material.all_periods
    if len(cells.projects) > most:
        return None
    years = counted_years(material.static.matrix)
    found = []
    for number, head in enumerate(cells.projects):
        lanes = project_lanes(cells, head, years)
        events = project_events(material.table.events, head.key)
        if lanes or events:
            found.append(_timeline(number, head, lanes, events, material))
    if not found:
        return None
    changing = [one for one in found if one.changes]
    ordered = sorted(found, key=lambda one: -one.changes)
    size = max(_OPEN, min(len(changing), _OPEN + 2))
    rest = len(found) - size
    first = counted(
        "In the one project here that has a year in any statement, what the sources say of who held a phase is not the "
        "same in all years: {names}.",
        "In {changing} of the {n} projects here that have a year in any statement, what the sources say of who held a "
        "phase is not the same in all years: {names}.",
        len(found),
        changing=grouped(len(changing)),
        names=listed([one.project for one in changing], most=8),
    )
    if not changing:
        first = counted(
            "In the one project here that has a year in any statement, what the sources say of who held a phase does "
            "not change with the years.",
            "In none of the {n} projects here that have a year in any statement does what the sources say of who "
            "held a phase change with the years.",
            len(found),
        )
    return ChangesView(
        (
            first,
            text(
                "Bars are to scale. An arrow is an end that no source gives, a hollow bar a holder without any year, "
                "a bracket a length whose place is not given. Grey is the time of the case."
            ),
        ),
        tuple(ordered[:size]),
        tuple(ordered[size:]),
        counted("{n} more timeline", "{n} more timelines", max(rest, 0)),
    )


def _timeline(
    number: int, head: ProjectHead, lanes: Sequence[Lane], events: Sequence[tuple[int, str]], material: Material
) -> Timeline:
    known = [year for lane in lanes for span in lane.spans for year in (span.first, span.last)]
    known += [year for year, _ in events]
    known += list(head.window or ())
    first, last = int(min(known)), int(max(known))
    step = (WIDTH - _LABEL - _EDGE) / (last - first + 1)

    def x(year: float) -> float:
        return round(_LABEL + (year - first) * step, 1)

    rows, y = [], float(_TOP + (14 if events else 0))
    for lane in lanes:
        strokes, high = _strokes(lane.spans, x, y, material)
        rows.append(Row(lane.phase.label, y, high, strokes))
        y += high + 2
    every = max(1, -(-_TICK // max(int(step), 1)))
    ticks = tuple((year, x(year)) for year in range(first, last + 1) if (year - first) % every == 0)
    numbered = [
        (at, year, text("{year}: {label}", year=year, label=label)) for at, (year, label) in enumerate(events, 1)
    ]
    pins = tuple(_pin(list(same), x(year + 0.5)) for year, same in groupby(numbered, key=lambda one: one[1]))
    window = None if head.window is None else (x(head.window[0]), round(x(head.window[1] + 1) - x(head.window[0]), 1))
    said = [
        text("{phase}: {spans}.", phase=lane.phase.label, spans="; ".join(_told(span) for span in lane.spans))
        for lane in lanes
    ]
    described = text("Timeline of {project}, {first}–{last}.", project=head.label, first=first, last=last)
    return Timeline(
        number,
        head.label,
        " ".join([described, *said]),
        y + 4,
        ticks,
        window,
        tuple(rows),
        pins,
        counted("{n} dated event", "{n} dated events", len(events)),
        tuple(said for _, _, said in numbered),
        sum(_passes(lane.spans) for lane in lanes),
    )


def _pin(same: Sequence[tuple[int, int, str]], x: float) -> Pin:
    first, last = same[0][0], same[-1][0]
    numbers = str(first) if first == last else f"{first}–{last}"
    return Pin(numbers, 3 + 3 * len(numbers), x, " · ".join(said for _, _, said in same))


def _passes(spans: Sequence[Span]) -> bool:
    """Whether one holder, or nobody, follows another in a phase."""
    ordered = sorted((span for span in spans if span.basis != "undated"), key=lambda span: span.first)
    return any(
        later.first > earlier.first and later.holding.rows[0].actor != earlier.holding.rows[0].actor
        for earlier, later in pairwise(ordered)
    )


def _strokes(
    spans: Iterable[Span], x: Callable[[float], float], y: float, material: Material
) -> tuple[tuple[Stroke, ...], float]:
    """Return the bars of a phase, those that overlap below one another, and their height."""
    ends: list[float] = []
    found = []
    for span in sorted(spans, key=lambda one: (one.first, one.last)):
        left, right = x(span.first), x(span.last + 1)
        row = span.holding.rows[0]
        style = span.holding.area.key if span.holding.area.key in GAP else material.styles[row.origin or "unknown"]
        length = round((right - left) * span.length / (span.last - span.first + 1), 1) if span.length else 0.0
        bar = round((left + right - length) / 2, 1)
        kind = {"undated": "hollow", "borrowed": "light", "loose": "loose"}.get(span.basis, "bar")
        kind = "point" if span.point else kind
        shown, at, outside, before_it = _name(span.text, kind, (left, right), (bar, length))
        taken = left + 20 + len(shown) * _LETTER if outside and not before_it else right
        start = at - len(shown) * _LETTER if before_it else left
        place = next((number for number, end in enumerate(ends) if end <= start), len(ends))
        ends[place : place + 1] = [taken]
        found.append(
            Stroke(
                kind=kind,
                style=style,
                x=left,
                y=round(y + place * _ROW, 1),
                width=round(right - left, 1),
                text=shown,
                at=round(at, 1),
                outside=outside,
                before_it=before_it,
                title=_told(span),
                line=row.line,
                before=span.open_start,
                after=span.open_end,
                length=length,
                bar=bar,
            )
        )
    return tuple(found), float(len(ends) * _ROW)


def _name(
    said: str, kind: str, sides: tuple[float, float], inner: tuple[float, float]
) -> tuple[str, float, bool, bool]:
    """Return what is shown of a name, where it begins or ends, whether outside the bar, and whether left of it."""
    left, right = sides
    if kind == "point":
        middle = (left + right) / 2
        if middle > _LABEL + 0.62 * (WIDTH - _LABEL):
            return _cut(said, middle - _LABEL - 9), middle - 9, True, True
        return _cut(said, WIDTH - middle - 12), middle + 9, True, False
    if kind == "loose":
        left, right = inner[0] - 4, inner[0] + inner[1]
    shown = _cut(said, right - left - 14)
    if len(shown) >= min(len(said), 4):
        return shown, left + 10, False, False
    if WIDTH - right > 90:
        return _cut(said, WIDTH - right - 12), right + 9, True, False
    return _cut(said, left - _LABEL - 12), left - 9, True, True


def _cut(said: str, room: float) -> str:
    """Return what fits of a text; "" where not even three letters do."""
    letters = int(room / _LETTER)
    if len(said) <= letters:
        return said
    return f"{said[: letters - 1].rstrip()}…" if letters > 3 else ""


def _told(span: Span) -> str:
    years = str(span.first) if span.first == span.last else f"{span.first}–{span.last}"
    if span.basis == "undated" or span.text.endswith(years):
        return span.text
    if span.basis == "loose":
        return text("{who}, some time in {years}", who=span.text, years=years)
    return text("{who}, {years}", who=span.text, years=years)
