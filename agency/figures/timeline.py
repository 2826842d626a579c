"""The measured parts of a timeline: its scale, the lanes of each project, and where event labels stand.

The timeline: who held continuing phases from year to year, to scale; dated events of the other phases.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from agency.figures.cellplan import Holding, part_holdings
from agency.figures.surface.canvas import Box, Canvas
from agency.figures.surface.fitting import Fitted, fit, text_width
from agency.figures.surface.marks import NOT_CODED, OPEN_END, OPEN_START, UNPLACED, Area, diamond, origin_area

if TYPE_CHECKING:
    from agency.resolve import Cell, CellTable, Holder, Matrix, Part, ProjectHead
    from agency.vocabulary import Codebook, Phase


from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from agency.errors import UsageError
from agency.figures.grid import LEGEND_TAIL
from agency.figures.matrix import page_notice
from agency.figures.surface.alt import shorten
from agency.figures.surface.canvas import Drawing, Look, available_width, open_canvas
from agency.figures.surface.fitting import longest_word
from agency.figures.surface.marks import ALLEGED, EVENT, WINDOW, Glyph, plan_legend
from agency.figures.surface.palette import check_palette
from agency.figures.surface.style import INK, PALE, PAPER, QUIET, FigureStyle, figure_context
from agency.words import counted, listed

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from agency.resolve import CellTable, Matrix, ProjectHead

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
    """Return the dated events of a project in order of time, without those that are set aside (deprecated)."""
    if events is None or events.empty:
        return []
    rows = events[(events["project"] == project) & events["year"].notna()]
    if "rank" in rows:
        rows = rows[rows["rank"] != "deprecated"]
    return sorted(zip((int(year) for year in rows["year"]), rows["label"], strict=True))


_BETWEEN, _AXIS, _BEFORE_LEGEND = 2.6, 4.0, 2.5


def draw_timeline(
    cells: CellTable,
    matrix: Matrix,
    events: pd.DataFrame | None = None,
    *,
    style: FigureStyle | None = None,
    ax: Axes | None = None,
    figure: Figure | None = None,
    name: str = "timeline",
) -> Drawing:
    """Draw who held what in which years: lanes by project and phase, joint holders on lanes of their own.

    Years that the table states are always drawn; years up to an open end only where the matrix counts them. An
    arrow is an end without a year. Event phases are drawn where they have a year. The window is shaded.

    Parameters
    ----------
    cells
        Cells of the view with all periods (mode static or time).
    matrix
        States by year of the same view.
    events
        Columns project, year, label (`Table.events`): thin labelled lines.
    style
        Width, fonts, text sizes; default 90 mm.
    ax, figure
        Where to draw; default a new figure.
    name
        Prefix of the ids of the drawn parts.

    Raises
    ------
    UsageError
        No project, no year at all, a font that is not installed, or axes too low for the lanes.

    Examples
    --------
    >>> import agency
    >>> study = agency.load().select(project=["ECU 911", "JSeI"])
    >>> draw_timeline(study.cells, study.matrix).alt_short
    'Timeline of who held 2 phases in 2 projects (ECU 911 and JSeI), 2012–2022; 1 gap.'
    """
    style = style or FigureStyle()
    counted = counted_years(matrix)
    lanes = {project.key: project_lanes(cells, project, counted) for project in cells.projects}
    dated = {project.key: project_events(events, project.key) for project in cells.projects}
    first, last = _range(cells, lanes, dated)
    with figure_context(style):
        width = available_width(style, ax, figure)
        stub = max((longest_word(lane.phase.short, style) for found in lanes.values() for lane in found), default=0.0)
        left = MARGIN + stub * style.size / style.least + 1.0 + SIDE
        scale = Scale(first, last, left, width - left - MARGIN - SIDE)
        groups = [
            measure_group(project, lanes[project.key], dated[project.key], scale, style) for project in cells.projects
        ]
        body = sum(group.height for group in groups) + _BETWEEN * (len(groups) - 1)
        order = (*(origin.key for origin in cells.codebook.origins), *LEGEND_TAIL)
        legend = plan_legend(_glyphs(groups), order, width - 2 * MARGIN, style)
        end = MARGIN + body + 1.0
        rest = _without_lane(cells, lanes)
        rule = fit(rest, width - 2 * MARGIN, style, size=style.least)
        height = end + _AXIS + rule.height + _BEFORE_LEGEND + legend.height + MARGIN
        canvas = open_canvas(name, style, height, ax, figure)
        if rest:
            canvas.text(Box(MARGIN, end + _AXIS, rule.width, rule.height), rule, align="left", ink=QUIET)
        below = groups[0].head_height
        _draw_axis(canvas, scale, Box(MARGIN, MARGIN + below, width - 2 * MARGIN, body + 1.0 - below))
        y = MARGIN
        for number, group in enumerate(groups):
            _draw_group(canvas, scale, group, y, number)
            y += group.height + _BETWEEN
        legend.draw(canvas, MARGIN, end + _AXIS + rule.height + _BEFORE_LEGEND)
    return canvas.drawing(
        title=f"Who held which phase, {first}–{last}: {', '.join(project.key for project in cells.projects)}",
        alt_short=_short(cells, lanes, first, last),
        alt_long=_long(lanes),
        notices=(*check_palette(cells.codebook), *page_notice(height)),
    )


def _range(cells: CellTable, lanes: dict[str, list[Lane]], dated: dict[str, list[tuple[int, str]]]) -> tuple[int, int]:
    years = [year for project in cells.projects if project.window for year in project.window]
    years += [year for events in dated.values() for year, _ in events]
    for found in lanes.values():
        for lane in found:
            years += [year for span in lane.spans for year in (span.first, span.last)] + lane.events
    if not years:
        message = (
            "No statement that counts has a year, so there is no timeline to draw (proposed, alleged and supporting "
            "ones do not count)."
        )
        raise UsageError(message)
    return min(years), max(years)


def _without_lane(cells: CellTable, lanes: dict[str, list[Lane]]) -> str:
    """Return how many cells of the matrix are not in the timeline and why, "" when all are."""
    why = without_lane(cells, lanes)
    reasons = ", ".join(f"{number} {reason}" for reason, number in sorted(why.items()))
    total = why.total()
    return (
        counted(
            "{n} cell of the matrix has no lane here: {reasons}.",
            "{n} cells of the matrix have no lane here: {reasons}.",
            total,
            reasons=reasons,
        )
        if why
        else ""
    )


def _draw_axis(canvas: Canvas, scale: Scale, box: Box) -> None:
    style = canvas.style
    wanted = text_width("2000", style.least, style.families) + 2.0
    every = next(step for step in (1, 2, 5, 10, 20, 50, 100) if step * scale.step >= wanted or step == 100)
    for year in range(scale.first, scale.last + 1):
        if year % every:
            continue
        x = scale.x(year)
        canvas.line([(x, box.y), (x, box.bottom)], Look(edge=PALE, line=(0, (0.6, 1.6))), order=0.6)
        place = Box(x + (scale.step - wanted) / 2, box.bottom + 0.3, wanted, 3.0)
        canvas.text(place, fit(str(year), wanted, style, size=style.least))


def _draw_group(canvas: Canvas, scale: Scale, group: Group, top: float, number: int) -> None:
    style, bottom = canvas.style, top + group.height
    below = top + group.head_height
    place = Box(MARGIN, top, scale.left + scale.width, group.head_height)
    canvas.text(place, group.head, align="left", bold=True)
    canvas.line([(MARGIN, below - 0.3), (scale.left + scale.width + SIDE, below - 0.3)], Look(edge=INK))
    if group.project.window:
        start, stop = scale.x(group.project.window[0]), scale.x(group.project.window[1] + 1)
        WINDOW.draw(
            canvas, Box(start, top + group.top, stop - start, group.height - group.top), gid=f"g{number}-window"
        )
    for event in group.events:
        level = below + event.row * EVENT_ROW
        place = Box(event.left, level, event.label.width, EVENT_ROW * len(event.label.lines))
        canvas.text(place, event.label, ground=PAPER)
    y = top + group.top
    before = None
    names: list[Box] = []
    for position, (lane, name) in enumerate(zip(group.lanes, group.names, strict=True)):
        if before is not None and before != lane.phase:
            y += PHASE_GAP
        bar = Box(scale.left, y + name.height, scale.width, BAR)
        if before != lane.phase:
            label = fit(lane.phase.short, scale.left - SIDE, style)
            canvas.text(Box(MARGIN, bar.y, scale.left - SIDE, BAR), label, align="left")
        names += draw_lane(canvas, scale, lane, bar, (name, group.project.window, f"g{number}-l{position}"))
        before = lane.phase
        y = bar.bottom + LANE_GAP
    for position, event in enumerate(group.events):
        level = below + event.row * EVENT_ROW
        _draw_event_line(canvas, scale.x(event.year + 0.5), (level, bottom), names, f"g{number}-x{position}")


def _draw_event_line(canvas: Canvas, x: float, ends: tuple[float, float], names: list[Box], gid: str) -> None:
    """Draw the line of an event from top to bottom, interrupted where it would cross a name or a year."""
    y, pieces = ends[0], []
    for box in names:
        if box.x - 0.5 < x < box.right + 0.5:
            pieces.append((y, box.y))
            y = box.bottom
    for number, (start, stop) in enumerate([*pieces, (y, ends[1])]):
        canvas.line([(x, start), (x, stop)], Look(edge=INK), gid=f"{gid}-{number}", order=0.8)


def _glyphs(groups: list[Group]) -> Iterator[Glyph]:
    for group in groups:
        if group.project.window:
            yield WINDOW
        for lane in group.lanes:
            yield lane.holding.area
            if lane.holding.alleged:
                yield ALLEGED
            if lane.events:
                yield EVENT
            if lane.unplaced:
                yield UNPLACED
            if any(span.open_start or span.open_end for span in lane.spans):
                yield OPEN_END


def _short(cells: CellTable, lanes: dict[str, list[Lane]], first: int, last: int) -> str:
    phases = {lane.phase.key for found in lanes.values() for lane in found}
    gaps = sum(lane.holding.area.key in ("vacant", "negotiating") for found in lanes.values() for lane in found)
    projects = counted("{n} project", "{n} projects", len(lanes))
    start = f"Timeline of who held {counted('{n} phase', '{n} phases', len(phases))} in {projects}"
    end = f", {first}–{last}; {counted('{n} gap', '{n} gaps', gaps)}."
    return shorten(start, f" ({listed([project.key for project in cells.projects])}){end}", end, ".")


def _long(lanes: dict[str, list[Lane]]) -> str:
    lines = []
    for project, found in lanes.items():
        phases = []
        for phase, some in groupby(found, key=lambda lane: lane.phase.short):
            phases.append(f"{phase}: {', '.join(_in_words(lane) for lane in some)}")
        lines.append(f"{project}. {'; '.join(phases) or 'no dated phase'}.")
    return "\n".join(lines)


def _in_words(lane: Lane) -> str:
    said = [
        f"{'before ' if span.open_start else ''}{span.first} to {span.last}{' and after' if span.open_end else ''}"
        for span in lane.spans
    ]
    said += [str(year) for year in lane.events]
    said += ["years not known"] if lane.unplaced else []
    return f"{lane.text} ({', '.join(said)})"


Years = Mapping[tuple[str, str, str], frozenset[int]]
"""Years in which (project, phase, holder) holds; the holder "" stands for the gap."""


@dataclass(frozen=True)
class Span:
    """Whole years from first to last; an open side has no year in the table."""

    first: int
    last: int
    open_start: bool
    open_end: bool


@dataclass
class Lane:
    """One holder, or the gap, of one phase."""

    phase: Phase
    text: str
    holding: Holding
    spans: list[Span] = field(default_factory=list)
    events: list[int] = field(default_factory=list)
    """Years of event phases."""
    unplaced: int = 0
    """Years of a duration without dates."""
    pale: Area = NOT_CODED
    """Area of a period whose place is not known."""


def project_lanes(cells: CellTable, project: ProjectHead, years: Years) -> list[Lane]:
    """Return the lanes of a project in process order, joint holders on lanes of their own.

    Event phases without a year have no place in time and no lane.
    """
    lanes: list[Lane] = []
    for phase in cells.phases:
        cell = cells.cell(project.key, phase.key)
        found: dict[tuple[str, str | None, str | None], Lane] = {}
        for part in cell.parts:
            for holding in part_holdings(part, cells.codebook, strong=True):
                rows = holding.rows
                held = part.status == "held"
                key = (part.status, rows[0].actor if held else None, rows[0].origin if held else None)
                lane = found.setdefault(key, Lane(phase, rows[0].text if held else part.text, holding))
                if phase.kind == "event":
                    lane.events = sorted({*lane.events, *_event_years(part, rows[0])})
                else:
                    _place(lane, part, rows, _Where(cell, project.window, years, cells.codebook))
        lanes += [lane for lane in found.values() if lane.spans or lane.events or lane.unplaced]
    return lanes


def without_lane(cells: CellTable, lanes: Mapping[str, list[Lane]]) -> Counter[str]:
    """Return how many cells have no lane, by the reason in words."""
    drawn = {(project, lane.phase.key) for project, found in lanes.items() for lane in found}
    every = ((project.key, phase.key) for project in cells.projects for phase in cells.phases)
    return Counter(_why_without(cells.cell(*key)) for key in every if key not in drawn)


def _why_without(cell: Cell) -> str:
    if any(part.status != "not_applicable" for part in cell.parts):
        return "without a year to draw"
    if cell.parts:
        return "not applicable"
    if cell.blank == "unknown":
        return "unknown in the years shown"
    return "only proposed, alleged or in support" if cell.listed else "not coded"


def counted_years(matrix: Matrix) -> Years:
    """Return the years in which the matrix counts each holder, and the gap, of each continuing phase."""
    counted: dict[tuple[str, str, str], set[int]] = {}
    held = matrix.year_shares[["project", "phase", "holder", "year"]]
    gap = matrix.years.loc[matrix.years["gap"] > 0, ["project", "phase", "year"]].assign(holder="")
    for frame in (held, gap):
        columns = (frame[name].tolist() for name in ("project", "phase", "holder", "year"))
        for project, phase, holder, year in zip(*columns, strict=True):
            counted.setdefault((project, phase, holder), set()).add(int(year))
    return {key: frozenset(years) for key, years in counted.items()}


def _event_years(part: Part, holder: Holder) -> set[int]:
    """Return the years of a holder's statements in an event phase; the part names each holder only once."""
    held = part.status == "held"
    same = (row for row in part.rows if not held or (row.actor, row.origin) == (holder.actor, holder.origin))
    return {row.start for row in same if row.start is not None}


@dataclass(frozen=True)
class _Where:
    cell: Cell
    window: tuple[int, int] | None
    years: Years
    codebook: Codebook


def _place(lane: Lane, part: Part, rows: tuple[Holder, ...], where: _Where) -> None:
    """Add a period to its lane: stated years always, assumed years where the matrix counts them."""
    dated = part.start is not None or part.end is not None
    lengths = [row.duration_years for row in rows if row.duration_years]
    if not dated and lengths and part.status == "held":
        lane.unplaced = max(lengths)
        pale = origin_area(where.codebook, rows[0].origin)
        lane.pale = replace(pale, look=replace(pale.look, hatch=""))
        return
    edges = where.window or (part.start or part.end, part.end or part.start)
    first, last = part.start or edges[0], part.end or edges[1]
    if first is None or last is None:
        return
    stated = _stated(part)
    holder = (rows[0].actor or "") if part.status == "held" else ""
    counted = where.years.get((where.cell.project, where.cell.phase, holder), frozenset())
    shown = [year for year in range(min(first, *stated, last), last + 1) if year in stated or year in counted]
    given = frozenset() if dated else _borrowed(where.cell, rows)
    for run in _runs(shown):
        opens = part.start is None and run[0] == first and run[0] not in given
        ends = part.end is None and run[-1] == last and run[-1] not in given
        lane.spans.append(Span(run[0], run[-1], opens, ends))


def _borrowed(cell: Cell, rows: tuple[Holder, ...]) -> frozenset[int]:
    """Return the years at which other passages say that an undated holder began or ended: no open ends there.

    Worked: the view's best row says "CEIEC", another passage "CEIEC, 2012 to 2014": the years are drawn from 2012 to
    2014 without arrows, because a source gives both.
    """
    lend = [
        row
        for row in cell.evidence
        if row.use in ("dates", "decides") and row.status == "held" and row.actor == rows[0].actor
    ]
    return frozenset(year for row in lend for year in (row.start, row.end) if year is not None)


def _stated(part: Part) -> range:
    if part.start is None and part.end is None:
        return range(0)
    first = part.start if part.start is not None else part.end
    last = part.end if part.end is not None else part.start
    return range(first or 0, (last or 0) + 1)


def _runs(years: list[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for year in years:
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return runs


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
