"""The timeline: who held continuing phases from year to year, to scale; dated events of the other phases."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from agency.errors import UsageError
from agency.figures.alt import count, shorten
from agency.figures.areas import ALLEGED, WINDOW
from agency.figures.canvas import Box, Canvas, Drawing, Look, available_width, open_canvas
from agency.figures.fitting import fit, longest_word, text_width
from agency.figures.grid import LEGEND_TAIL
from agency.figures.lanedraw import draw_lane
from agency.figures.lanes import Lane, counted_years, project_lanes, without_lane
from agency.figures.legend import plan_legend
from agency.figures.marks import EVENT, OPEN_END, UNPLACED, Glyph
from agency.figures.matrix import page_notice
from agency.figures.palette import check_palette
from agency.figures.style import INK, PALE, PAPER, QUIET, FigureStyle, figure_context
from agency.figures.timeplan import (
    BAR,
    EVENT_ROW,
    LANE_GAP,
    MARGIN,
    PHASE_GAP,
    SIDE,
    Group,
    Scale,
    measure_group,
    project_events,
)
from agency.matrix.cellmodel import join_names

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from agency.matrix.cellmodel import CellTable
    from agency.matrix.matrix import Matrix

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
        f"{count(total, 'cell')} of the matrix {'has' if total == 1 else 'have'} no lane here: {reasons}."
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
    start = f"Timeline of who held {count(len(phases), 'phase')} in {count(len(lanes), 'project')}"
    end = f", {first}–{last}; {count(gaps, 'gap')}."
    return shorten(start, f" ({join_names([project.key for project in cells.projects])}){end}", end, ".")


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
