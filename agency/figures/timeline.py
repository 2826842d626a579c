"""The timeline: who held what from year to year, to scale, a row per phase, with dated events as numbered pins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from agency.errors import UsageError
from agency.figures.lanes import Lane, Show, Span, counted_years, project_events, project_lanes, without_lane
from agency.figures.surface.canvas import Box, Canvas, Drawing, Look, available_width, open_canvas
from agency.figures.surface.fitting import Fitted, fit, longest_word, text_width
from agency.figures.surface.frame import MARGIN, Frame, extent, page_notice, plan_frame, rules, shorten
from agency.figures.surface.marks import (
    ALLEGED,
    BORROWED,
    EVENT,
    LOOSE,
    OPEN_END,
    OPEN_START,
    PIN,
    UNDATED,
    WINDOW,
    Glyph,
    bracket,
    diamond,
)
from agency.figures.surface.palette import palette_notices
from agency.figures.surface.style import DOTTED, INK, PAPER, FigureStyle, figure_context
from agency.words import counted, listed, text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from agency.resolve import CellTable, Matrix, ProjectHead

BAR, SIDE = 3.7, 2.4
"""Height of a bar, room beside the years for arrows, mm."""
_TRACK_GAP, _ROW_GAP, _HEAD_GAP, _BETWEEN, _AXIS = 0.5, 1.3, 1.1, 3.2, 3.4
_PAD, _ARROW, _BRACKET, _PIN, _PIN_GAP = 0.7, 1.7, 1.5, 2.9, 0.3
_STUB_MOST, _STUB_LEAST, _KEY_WIDTH, _KEY_GAP = 0.3, 9.0, 41.0, 2.0
_RULE = "#d2d2d2"
"""Lines that lead from a pin or a year to the bars: they must not be mistaken for what is drawn."""
_MOST_LINES = 2
PAGE_PROJECTS, _PAGE = 6, 232.0


def draw_timeline(
    cells: CellTable,
    matrix: Matrix,
    events: pd.DataFrame | None = None,
    *,
    show: Show = "key",
    style: FigureStyle | None = None,
    ax: Axes | None = None,
    name: str = "timeline",
) -> Drawing:
    """Draw who held what in which years: a row per phase, and only years that statements give.

    Parameters
    ----------
    cells
        Cells of the view with all periods (mode static or time).
    matrix
        States by year of the same view.
    events
        Columns project, year, label and rank (`Table.events`): numbered pins with a key below each project.
    show
        Which events: ``none``; ``key``, of each project those of the best rank it has; ``all`` but deprecated ones.
    style
        Width, fonts, text sizes; default 90 mm.
    ax
        Where to draw; default a new figure.
    name
        Prefix of the ids of the drawn parts.

    Raises
    ------
    UsageError
        No project, no year at all, a font that is not installed, or axes too low for the rows.

    Examples
    --------
    >>> import agency
    >>> study = agency.load().select(project=["ECU 911", "JSeI"])
    >>> draw_timeline(study.cells, study.matrix).alt_short
    'Timeline of who held 6 phases in 2 projects (ECU 911 and Jujuy Seguro e Interconectado (JSeI)), 2012–2022; 1 gap.'
    """
    style = style or FigureStyle()
    with figure_context(style):
        plan = _plan(cells, matrix, events, (show, available_width(style, ax, None)), style)
        return plan.draw(ax, name)


def timeline_pages(
    cells: CellTable, matrix: Matrix, events: pd.DataFrame | None = None, *, show: Show = "key", style: FigureStyle
) -> tuple[Drawing, ...]:
    """Return the timeline on pages of at most six projects and the height of a page, all with the same years."""
    with figure_context(style):
        plan = _plan(cells, matrix, events, (show, available_width(style, None, None)), style)
        pages: list[list[Group]] = [[]]
        for group in plan.groups:
            height = plan.frame.height(plan.body([*pages[-1], group]))
            if pages[-1] and (len(pages[-1]) == PAGE_PROJECTS or height > _PAGE):
                pages.append([])
            pages[-1].append(group)
        if len(pages) == 1:
            return (plan.draw(None, "timeline"),)
        return tuple(
            plan.of([group.project for group in page], text("Page {n} of {all}.", n=number, all=len(pages))).draw(
                None, f"timeline-{number}"
            )
            for number, page in enumerate(pages, start=1)
        )


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

    @property
    def right(self) -> float:
        """Where the last year ends, mm."""
        return self.left + self.width

    def x(self, year: float) -> float:
        """Return where a year begins, in mm; a half is its middle."""
        return self.left + (year - self.first) * self.step


@dataclass(frozen=True)
class _Bar:
    """A bar with the place of its words, mm; y is counted from the top of its track."""

    span: Span
    box: Box
    label: Fitted
    place: Box
    inside: bool

    @property
    def left(self) -> float:
        return min(self.box.x - (_ARROW if self.span.open_start else 0.0), self.place.x)

    @property
    def right(self) -> float:
        return max(self.box.right + (_ARROW if self.span.open_end else 0.0), self.place.right)

    @property
    def height(self) -> float:
        return max(self.box.bottom, self.place.bottom)


@dataclass(frozen=True)
class _Row:
    """One phase: its name and tracks of bars that do not meet."""

    lane: Lane
    label: Fitted
    tracks: tuple[tuple[_Bar, ...], ...]

    @property
    def bars(self) -> float:
        heights = [max(bar.height for bar in track) for track in self.tracks]
        return sum(heights) + _TRACK_GAP * (len(heights) - 1)

    @property
    def height(self) -> float:
        return max(self.label.height, self.bars)


@dataclass(frozen=True)
class _Pin:
    """The events of one year: their numbers in a pill, in one of the rows of pills."""

    x: float
    label: Fitted
    width: float
    row: int


@dataclass(frozen=True)
class Group:
    """One project, measured."""

    project: ProjectHead
    head: Fitted
    rows: tuple[_Row, ...]
    pins: tuple[_Pin, ...]
    key: tuple[tuple[Fitted, ...], ...]
    """Columns of what the numbers of the pins stand for."""

    @property
    def pin_height(self) -> float:
        """Height of the rows of pins."""
        return max((pin.row + 1 for pin in self.pins), default=0) * (_PIN + _PIN_GAP)

    @property
    def key_height(self) -> float:
        """Height of the key below the rows."""
        return max((sum(entry.height for entry in column) for column in self.key), default=0.0)

    @property
    def rows_height(self) -> float:
        """Height of the rows of phases."""
        return sum(row.height for row in self.rows) + _ROW_GAP * max(len(self.rows) - 1, 0)

    @property
    def height(self) -> float:
        """Height of the whole group."""
        key = self.key_height + _ROW_GAP if self.key else 0.0
        return self.head.height + _HEAD_GAP + self.pin_height + self.rows_height + key


@dataclass(frozen=True)
class _Plan:
    """A measured timeline."""

    cells: CellTable
    lanes: dict[str, list[Lane]]
    events: dict[str, list[tuple[int, str]]]
    note: tuple[str, ...]
    width: float
    style: FigureStyle
    scale: Scale
    groups: tuple[Group, ...]

    def of(self, projects: Sequence[ProjectHead], page: str) -> _Plan:
        """Return the plan of some projects, whose years alone make the scale."""
        scale, groups = _layout(projects, self.lanes, self.events, self.width, self.style)
        return replace(self, scale=scale, groups=groups, note=(*self.note, page))

    @property
    def frame(self) -> Frame:
        """What stands around the groups."""
        return plan_frame(_glyphs(self.groups), self.cells.codebook, self.note, self.width, self.style)

    def body(self, groups: Sequence[Group]) -> float:
        """Return the height of the years above and below and of the groups between them."""
        return 2 * _AXIS + sum(group.height for group in groups) + _BETWEEN * (len(groups) - 1)

    def draw(self, ax: Axes | None, name: str) -> Drawing:
        """Draw everything."""
        frame, body, scale = self.frame, self.body(self.groups), self.scale
        canvas = open_canvas(name, self.style, frame.height(body), ax, None)
        _draw_years(canvas, scale, frame.top)
        y = frame.top + _AXIS
        for number, group in enumerate(self.groups):
            _draw_group(canvas, scale, group, y, f"g{number}")
            y += group.height + _BETWEEN
        _draw_years(canvas, scale, frame.top + body - _AXIS + 0.3)
        frame.draw(canvas, body)
        lanes = {group.project.key: self.lanes[group.project.key] for group in self.groups}
        labels = [group.project.label for group in self.groups]
        return canvas.drawing(
            title=text(
                "Who held which phase, {first}–{last}: {projects}",
                first=scale.first,
                last=scale.last,
                projects=listed(labels),
            ),
            alt_short=_short(labels, lanes, scale.first, scale.last),
            alt_long=_long(lanes),
            notices=(*palette_notices(self.cells.codebook), *page_notice(frame.height(body))),
        )


def _plan(
    cells: CellTable, matrix: Matrix, events: pd.DataFrame | None, room: tuple[Show, float], style: FigureStyle
) -> _Plan:
    show, width = room
    years = counted_years(matrix)
    lanes = {project.key: project_lanes(cells, project, years) for project in cells.projects}
    dated = {project.key: project_events(events, project.key, show) for project in cells.projects}
    drawn = [project for project in cells.projects if lanes[project.key] or dated[project.key]]
    if not any(lanes.values()):
        message = text(
            "No statement that counts has a year, so there is no timeline to draw (proposed, alleged and supporting "
            "ones do not count)."
        )
        raise UsageError(message)
    undrawn = len(cells.projects) - len(drawn)
    note = (
        rules(cells.view),
        extent(len(drawn), len(cells.selected), cells.view.min_phases, undrawn=undrawn),
        _without_lane(cells, lanes),
    )
    return _Plan(cells, lanes, dated, note, width, style, *_layout(drawn, lanes, dated, width, style))


def _layout(
    projects: Sequence[ProjectHead],
    lanes: dict[str, list[Lane]],
    events: dict[str, list[tuple[int, str]]],
    width: float,
    style: FigureStyle,
) -> tuple[Scale, tuple[Group, ...]]:
    """Return the years that these projects need, and the projects measured on them."""
    found = [lane for project in projects for lane in lanes[project.key]]
    years = [year for lane in found for span in lane.spans for year in (span.first, span.last)]
    years += [year for project in projects for year, _ in events[project.key]]
    words = max((longest_word(lane.phase.short, style) for lane in found), default=0.0) * style.size / style.least
    left = MARGIN + min(max(words, _STUB_LEAST), _STUB_MOST * width) + 1.0 + SIDE
    scale = Scale(min(years), max(years), left, width - left - MARGIN - SIDE)
    return scale, tuple(
        _measure(project, lanes[project.key], events[project.key], scale, style) for project in projects
    )


def _measure(
    project: ProjectHead, lanes: list[Lane], events: list[tuple[int, str]], scale: Scale, style: FigureStyle
) -> Group:
    rows = tuple(
        _Row(lane, fit(lane.phase.short, scale.left - SIDE - MARGIN - 1.0, style), _tracks(lane, scale, style))
        for lane in lanes
    )
    width = scale.right + SIDE - MARGIN
    columns = _key_columns(width)
    each = (width + _KEY_GAP) / columns - _KEY_GAP
    entries = [
        fit(text("{n} {year} {label}", n=n, year=year, label=label), each, style, size=style.least)
        for n, (year, label) in enumerate(events, start=1)
    ]
    tall = -(-len(entries) // columns)
    key = tuple(tuple(entries[at : at + tall]) for at in range(0, len(entries), tall)) if entries else ()
    head = fit(project.label, width, style, bold=True)
    return Group(project, head, rows, _pins(events, scale, style), key)


def _key_columns(width: float) -> int:
    return max(1, int((width + _KEY_GAP) // (_KEY_WIDTH + _KEY_GAP)))


def _tracks(lane: Lane, scale: Scale, style: FigureStyle) -> tuple[tuple[_Bar, ...], ...]:
    """Put every bar on the first track where it meets no other: periods share one, joint holders do not."""
    tracks: list[list[_Bar]] = []
    for span in lane.spans:
        bar = _bar(span, scale, style)
        for track in tracks:
            if all(bar.right + _PAD <= other.left or other.right + _PAD <= bar.left for other in track):
                track.append(bar)
                break
        else:
            tracks.append([bar])
    return tuple(tuple(track) for track in tracks)


def _bar(span: Span, scale: Scale, style: FigureStyle) -> _Bar:
    """Return a bar with its words inside, else beside it, else in several lines inside, else above it."""
    x = scale.x(span.first)
    box = Box(x, 0.0, scale.x(span.last + 1) - x, BAR + (_BRACKET if span.basis == "loose" else 0.0))
    if span.point:
        box = Box(x + scale.step / 2 - BAR / 2, 0.0, BAR, BAR)
    room = box.width - 2 * _PAD
    for size in (style.size, style.least):
        wide = text_width(span.text, size, style.families)
        label = Fitted((span.text,), size, wide)
        if wide <= room and not span.point:
            return _Bar(span, box, label, Box(box.x + _PAD, 0.0, room, BAR), inside=True)
        beside = box.right + (_ARROW if span.open_end else 0.0) + _PAD
        if beside + wide <= scale.right + SIDE:
            return _Bar(span, box, label, Box(beside, 0.0, wide, BAR), inside=False)
        beside = box.x - (_ARROW if span.open_start else 0.0) - _PAD - wide
        if beside >= scale.left - SIDE / 2:
            return _Bar(span, box, label, Box(beside, 0.0, wide, BAR), inside=False)
    label = fit(span.text, max(room, 1.0), style, size=style.least)
    if label.whole and len(label.lines) <= _MOST_LINES and not span.point:
        tall = label.height + 0.6
        box = replace(box, height=box.height - BAR + tall)
        return _Bar(span, box, label, Box(box.x + _PAD, 0.0, room, tall), inside=True)
    label = fit(span.text, scale.width, style)
    place = Box(min(box.x, scale.right - label.width), 0.0, label.width, label.height)
    return _Bar(span, replace(box, y=label.height), label, place, inside=False)


def _pins(events: list[tuple[int, str]], scale: Scale, style: FigureStyle) -> tuple[_Pin, ...]:
    pins: list[_Pin] = []
    numbers = groupby(enumerate(events, start=1), key=lambda pair: pair[1][0])
    for year, same in numbers:
        found = [n for n, _ in same]
        words = str(found[0]) if len(found) == 1 else text("{first}–{last}", first=found[0], last=found[-1])
        label = Fitted((words,), style.least, text_width(words, style.least, style.families))
        width = max(label.width + 1.2, _PIN)
        x = min(max(scale.x(year + 0.5), scale.left - SIDE + width / 2), scale.right + SIDE - width / 2)
        row = 0
        while any(pin.row == row and abs(pin.x - x) < (pin.width + width) / 2 + 0.4 for pin in pins):
            row += 1
        pins.append(_Pin(x, label, width, row))
    return tuple(pins)


def _ticks(canvas: Canvas, scale: Scale) -> list[int]:
    """Return the years that are written: as many as stand apart, one at least."""
    wanted = text_width("2000", canvas.style.least, canvas.style.families) + 2.0
    every = next(step for step in (1, 2, 5, 10, 20, 50, 100) if step * scale.step >= wanted or step == 100)
    years = [year for year in range(scale.first, scale.last + 1) if year % every == 0]
    return years or [scale.first]


def _draw_years(canvas: Canvas, scale: Scale, level: float) -> None:
    wide = text_width("2000", canvas.style.least, canvas.style.families) + 0.4
    for year in _ticks(canvas, scale):
        middle = min(max(scale.x(year + 0.5), scale.left - SIDE + wide / 2), scale.right + SIDE - wide / 2)
        place = Box(middle - wide / 2, level, wide, _AXIS - 0.4)
        canvas.text(place, fit(str(year), wide, canvas.style, size=canvas.style.least))


def _draw_group(canvas: Canvas, scale: Scale, group: Group, top: float, gid: str) -> None:
    right = scale.right + SIDE
    canvas.text(Box(MARGIN, top, right - MARGIN, group.head.height), group.head, align="left", bold=True)
    y = top + group.head.height
    canvas.line([(MARGIN, y + 0.3), (right, y + 0.3)], Look(edge=INK))
    y += _HEAD_GAP
    rows_top, rows_bottom = y + group.pin_height, y + group.pin_height + group.rows_height
    for year in _ticks(canvas, scale):
        line = Look(edge=_RULE, line=DOTTED)
        canvas.line([(scale.x(year), rows_top - 0.4), (scale.x(year), rows_bottom + 0.4)], line, order=0.6)
    for number, pin in enumerate(group.pins):
        pill = Box(pin.x - pin.width / 2, y + pin.row * (_PIN + _PIN_GAP), pin.width, _PIN)
        canvas.line([(pin.x, pill.bottom), (pin.x, rows_bottom)], Look(edge=_RULE), order=0.5)
        canvas.shape(pill, Look(PAPER, INK), gid=f"{gid}-pin{number}", order=4.0)
        canvas.text(pill, pin.label)
    if group.project.window:
        first, last = max(group.project.window[0], scale.first), min(group.project.window[1], scale.last)
        if first <= last and group.rows:
            box = Box(scale.x(first), rows_top, scale.x(last + 1) - scale.x(first), rows_bottom - rows_top)
            WINDOW.draw(canvas, box, gid=f"{gid}-window")
    y = rows_top
    for position, row in enumerate(group.rows):
        canvas.text(Box(MARGIN, y, scale.left - SIDE - MARGIN, row.height), row.label, align="left")
        _draw_row(canvas, row, Box(scale.left, y, scale.width, row.height), f"{gid}-l{position}")
        y += row.height + _ROW_GAP
    each = (right - MARGIN + _KEY_GAP) / _key_columns(right - MARGIN)
    for number, column in enumerate(group.key):
        level = y
        for entry in column:
            canvas.text(Box(MARGIN + number * each, level, each - _KEY_GAP, entry.height), entry, align="left")
            level += entry.height


def _draw_row(canvas: Canvas, row: _Row, box: Box, gid: str) -> None:
    y, number = box.y + (box.height - row.bars) / 2, 0
    for track in row.tracks:
        tall = max(bar.height for bar in track)
        for bar in track:
            _draw_bar(canvas, bar, y + tall - bar.height, f"{gid}-s{number}")
            number += 1
        y += tall + _TRACK_GAP


def _draw_bar(canvas: Canvas, bar: _Bar, top: float, gid: str) -> None:
    span, area = bar.span, bar.span.area
    box = replace(bar.box, y=bar.box.y + top)
    if span.point:
        diamond(canvas, box, area.look, gid)
    else:
        area.draw(canvas, box, gid=gid)
    if span.basis == "loose":
        step = bar.box.width / (span.last - span.first + 1)
        wide = span.length * step
        foot = Box(box.x + (box.width - wide) / 2, box.bottom - _BRACKET, wide, _BRACKET - 0.3)
        bracket(canvas, foot, area.look.edge, f"{gid}-length")
    if span.open_start:
        OPEN_START.draw(canvas, Box(box.x - 1.5, box.y, 1.3, box.height))
    if span.open_end:
        OPEN_END.draw(canvas, Box(box.right + 0.2, box.y, 1.3, box.height))
    ink, ground = (area.ink, area.ground) if bar.inside and span.basis != "undated" else (INK, "")
    place = replace(bar.place, y=bar.place.y + top)
    canvas.text(place, bar.label, align="left", ink=ink, ground=ground)


def _glyphs(groups: Sequence[Group]) -> Iterator[Glyph]:
    for group in groups:
        if group.project.window:
            yield WINDOW
        if group.pins:
            yield PIN
        for row in group.rows:
            for span in row.lane.spans:
                yield from _span_glyphs(span)


def _span_glyphs(span: Span) -> Iterator[Glyph]:
    yield span.holding.area
    if span.holding.alleged:
        yield ALLEGED
    if span.point:
        yield EVENT
    if span.basis == "borrowed":
        yield BORROWED
    if span.basis == "undated":
        yield UNDATED
    if span.basis == "loose":
        yield LOOSE
    if span.open_start or span.open_end:
        yield OPEN_END


def _without_lane(cells: CellTable, lanes: dict[str, list[Lane]]) -> str:
    """Return how many cells of the matrix are not in the timeline and why, "" when all are."""
    why = without_lane(cells, lanes)
    if not why:
        return ""
    reasons = listed([f"{number} {reason}" for reason, number in sorted(why.items())])
    return counted(
        "{n} cell of the matrix has no row here: {reasons}.",
        "{n} cells of the matrix have no row here: {reasons}.",
        why.total(),
        reasons=reasons,
    )


def _short(labels: list[str], lanes: dict[str, list[Lane]], first: int, last: int) -> str:
    phases = {lane.phase.key for found in lanes.values() for lane in found}
    spans = [span for found in lanes.values() for lane in found for span in lane.spans]
    gaps = sum(span.holding.area.key in ("vacant", "negotiating") for span in spans)
    projects = counted("{n} project", "{n} projects", len(lanes))
    start = text(
        "Timeline of who held {phases} in {projects}",
        phases=counted("{n} phase", "{n} phases", len(phases)),
        projects=projects,
    )
    end = text(", {first}–{last}; {gaps}.", first=first, last=last, gaps=counted("{n} gap", "{n} gaps", gaps))
    return shorten(start, f" ({listed(labels)}){end}", end, ".")


def _long(lanes: dict[str, list[Lane]]) -> str:
    lines = []
    for project, found in lanes.items():
        phases = [f"{lane.phase.short}: {', '.join(_in_words(span) for span in lane.spans)}" for lane in found]
        lines.append(f"{project}. {'; '.join(phases) or text('no phase with a year')}.")
    return "\n".join(lines)


def _in_words(span: Span) -> str:
    if span.basis == "loose":
        return text("{name}, somewhere in {first} to {last}", name=span.text, first=span.first, last=span.last)
    if span.basis == "undated":
        return span.text
    years = text("{first} to {last}", first=span.first, last=span.last) if span.first < span.last else str(span.first)
    if span.open_start:
        years = text("before {years}", years=years)
    if span.open_end:
        years = text("{years} and after", years=years)
    return text("{name} ({years})", name=span.text, years=years)
