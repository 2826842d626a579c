"""From cells to the lanes of a timeline: who is drawn from which year to which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from agency.figures.areas import NOT_CODED, Area, origin_area
from agency.figures.cellplan import Holding, part_holdings

if TYPE_CHECKING:
    from agency.matrix.cellmodel import Cell, CellTable, Holder, Part, ProjectHead
    from agency.matrix.matrix import Matrix
    from agency.table.codebook import Codebook, Phase

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
    for run in _runs(shown):
        opens = part.start is None and run[0] == first
        lane.spans.append(Span(run[0], run[-1], opens, part.end is None and run[-1] == last))


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
