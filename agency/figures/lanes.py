"""What a timeline draws: for each phase of a project its bars, with the years that statements give and no others.

What a bar rests on decides how it looks:

=========  =========================================================================================================
stated     the row gives a year; an open side reaches as far as the case, with an arrow
borrowed   the row gives none, another passage about the same holder does (`agency.resolve.years`)
undated    no source gives a year: hollow, over the window
loose      "for 3 years": a bracket of three years over the span in which they may lie
=========  =========================================================================================================
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from agency.figures.grid import Holding, part_holdings
from agency.figures.surface.canvas import Look
from agency.figures.surface.marks import EDGED, LINED, Area
from agency.figures.surface.style import DOTTED, PAPER
from agency.resolve import given_years
from agency.words import text

if TYPE_CHECKING:
    import pandas as pd

    from agency.resolve import Cell, CellTable, Holder, Matrix, Part, ProjectHead
    from agency.vocabulary import Phase

Basis = Literal["stated", "borrowed", "undated", "loose"]
Show = Literal["none", "key", "all"]
"""Which events are drawn: none; of each project those of the best rank it has; all but the deprecated ones."""
SHOWS: tuple[Show, ...] = ("none", "key", "all")


@dataclass(frozen=True)
class Span:
    """Whole years of one holder, or of a gap, from first to last."""

    first: int
    last: int
    text: str
    """Holder, or what is the case instead, with the years that are given."""
    area: Area
    """What is drawn: strong, light where the years are borrowed, white with an edge where none is known."""
    holding: Holding
    """Who holds, or what is the case instead, with its rows."""
    basis: Basis = "stated"
    open_start: bool = False
    """No source gives the year in which it began."""
    open_end: bool = False
    point: bool = False
    """Something that happened in one year."""
    length: int = 0
    """Years of a length without dates, which lie somewhere from first to last."""


@dataclass(frozen=True)
class Lane:
    """One phase of a project."""

    phase: Phase
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class CountedYears:
    """What the matrix makes of each year of a continuing phase."""

    held: Mapping[tuple[str, str, str], Mapping[int, bool]] = field(default_factory=dict)
    """By project, phase and holder ("" for the gap): year, and whether it rests on rows without any year alone."""
    free: Mapping[tuple[str, str], frozenset[int]] = field(default_factory=dict)
    """By project and phase: the years that a length without dates may take."""


def counted_years(matrix: Matrix) -> CountedYears:
    """Return the years in which the matrix counts each holder, and the gap, of each continuing phase."""
    held = matrix.year_shares.assign(bare=matrix.year_shares["undated"] >= matrix.year_shares["share"])
    gap = matrix.years[matrix.years["gap"] > 0].assign(holder="")
    gap = gap.assign(bare=gap["undated_gap"] >= gap["gap"])
    counted: dict[tuple[str, str, str], dict[int, bool]] = {}
    for frame in (held, gap):
        columns = (frame[name].tolist() for name in ("project", "phase", "holder", "year", "bare"))
        for project, phase, holder, year, bare in zip(*columns, strict=True):
            years = counted.setdefault((project, phase, holder), {})
            years[int(year)] = years.get(int(year), True) and bool(bare)
    free: dict[tuple[str, str], set[int]] = {}
    open_years = matrix.years[matrix.years["applicable"] & matrix.years["basis"].isin(["", "undated", "placed"])]
    for project, phase, year in open_years[["project", "phase", "year"]].itertuples(index=False):
        free.setdefault((project, phase), set()).add(int(year))
    return CountedYears(counted, {key: frozenset(years) for key, years in free.items()})


def project_lanes(cells: CellTable, project: ProjectHead, years: CountedYears) -> list[Lane]:
    """Return the phases of a project that have something to draw, in process order, each with its bars."""
    lanes = []
    for phase in cells.phases:
        cell = cells.cell(project.key, phase.key)
        spans: dict[Span, None] = {}
        for part in cell.parts:
            strong = part_holdings(part, cells.codebook, strong=True)
            for holding, light in zip(strong, part_holdings(part, cells.codebook), strict=True):
                place = _Place(cell, part, holding, light.area, project.window)
                found = place.of_event() if phase.kind == "event" else place.lasting(years)
                spans |= dict.fromkeys(found)
        if spans:
            lanes.append(Lane(phase, tuple(spans)))
    return lanes


def project_events(events: pd.DataFrame | None, project: str, show: Show = "key") -> list[tuple[int, str]]:
    """Return the dated events of a project in order of time, without those that are set aside (deprecated).

    Examples
    --------
    >>> import agency
    >>> project_events(agency.load().data.events, "Quito 2002")
    [(2002, 'System initiated')]
    """
    if events is None or events.empty or show == "none":
        return []
    rows = events[(events["project"] == project) & events["year"].notna()]
    if "rank" in rows:
        rows = rows[rows["rank"] != "deprecated"]
        best = rows["rank"] == "preferred"
        rows = rows[best] if show == "key" and best.any() else rows
    return sorted(zip((int(year) for year in rows["year"]), rows["label"], strict=True))


def without_lane(cells: CellTable, lanes: Mapping[str, list[Lane]]) -> Counter[str]:
    """Return how many cells of the listed projects have no lane, by the reason in words."""
    drawn = {(project, lane.phase.key) for project, found in lanes.items() for lane in found}
    every = ((project.key, phase.key) for project in cells.projects for phase in cells.phases)
    return Counter(_why_without(cells.cell(*key)) for key in every if key not in drawn)


def _why_without(cell: Cell) -> str:
    if any(part.status != "not_applicable" for part in cell.parts):
        return text("without a year in a case without a window")
    if cell.parts or cell.blank == "not_applicable":
        return text("not applicable")
    if cell.blank == "unknown":
        return text("unknown in the years shown")
    return text("only proposed, alleged or in support") if cell.listed else text("not coded")


@dataclass(frozen=True)
class _Place:
    """One holder, or one status, of one period of a cell, about to find its years."""

    cell: Cell
    part: Part
    holding: Holding
    light: Area
    """The light area of its origin."""
    window: tuple[int, int] | None

    @property
    def held(self) -> bool:
        return self.part.status == "held"

    @property
    def name(self) -> str:
        return (self.holding.rows[0].actor or "") if self.held else self.part.text

    def span(self, years: tuple[int, int], words: str, basis: Basis = "stated", **more: Any) -> Span:
        """Return a bar in the look of what it rests on."""
        strong = self.holding.area
        line = strong.look.fill if strong.look.fill != PAPER else strong.look.edge
        looks = {
            "stated": self.holding.shown,
            "borrowed": replace(strong, look=Look(self.light.look.fill, line, weight=EDGED)),
            "undated": replace(strong, look=Look(PAPER, line, weight=LINED), lined=True),
            "loose": replace(strong, look=Look(PAPER, line, line=DOTTED, weight=0.8)),
        }
        return Span(*years, words, looks[basis], self.holding, basis, **more)

    def of_event(self) -> list[Span]:
        """Return the bars of an event phase: from start to end, in one year, or over the window without a year."""
        rows = [row for row in self.part.rows if not self.held or self._same(row)]
        dated = [row for row in rows if row.start is not None or row.end is not None]
        basis: Basis = "stated"
        if not dated:
            dated, basis = self._lenders(), "borrowed"
        spans = []
        for row in dated:
            first, last = _known(row.start, row.end), _known(row.end, row.start)
            words = self._named(row, given_years(row.start, row.end, event=True))
            point = row.start is not None and first == last
            spans.append(self.span((first, last), words, basis, open_start=row.start is None, point=point))
        return spans or self._hollow()

    def lasting(self, years: CountedYears) -> list[Span]:
        """Return the bars of a continuing phase: what is stated always, other years where the matrix counts them."""
        where = (self.cell.project, self.cell.phase)
        rows = self.holding.rows
        dated = self.part.start is not None or self.part.end is not None
        lengths = [row.duration_years for row in rows if row.duration_years]
        if self.held and not dated and lengths:
            free = sorted(years.free.get(where, ()))
            return [self._loose(run, max(lengths)) for run in _longest(free)]
        holder = (rows[0].actor or "") if self.held else ""
        counted = years.held.get((*where, holder), {})
        return self._dated(counted) if dated else self._undated(counted)

    def _dated(self, counted: Mapping[int, bool]) -> list[Span]:
        part = self.part
        stated = range(_known(part.start, part.end), _known(part.end, part.start) + 1)
        edges = self.window or (stated[0], stated[-1])
        first, last = part.start or min(edges[0], stated[0]), part.end or max(edges[1], stated[-1])
        shown = [year for year in range(first, last + 1) if year in stated or year in counted]
        words = self._named(self.holding.rows[0], given_years(part.start, part.end, event=False))
        return [
            self.span(
                (run[0], run[-1]),
                words,
                # The whole run to an open side is one statement: an arrow, however the window was found.
                open_start=part.start is None and run[-1] >= stated[0] and run[0] <= stated[0],
                open_end=part.end is None and run[0] <= stated[-1] <= run[-1],
            )
            for run in _runs(shown)
        ]

    def _undated(self, counted: Mapping[int, bool]) -> list[Span]:
        given = {year for row in self._lenders() for year in (row.start, row.end)} if self.held else set()
        words = self._named(self.holding.rows[0], "")
        taken = [
            self.span(
                (run[0], run[-1]),
                words,
                "borrowed",
                open_start=run[0] not in given,
                open_end=run[-1] not in given,
            )
            for run in _runs(year for year, bare in counted.items() if not bare)
        ]
        bare = [
            self.span((run[0], run[-1]), text("{name}, year not given", name=words), "undated")
            for run in _runs(year for year, bare in counted.items() if bare)
        ]
        return [*taken, *bare]

    def _hollow(self) -> list[Span]:
        if self.window is None or self.part.status == "not_applicable":
            return []
        words = text("{name}, year not given", name=self._named(self.holding.rows[0], ""))
        return [self.span(self.window, words, "undated")]

    def _loose(self, run: list[int], length: int) -> Span:
        words = self.holding.rows[0].text
        return self.span((run[0], run[-1]), words, "loose", length=min(length, len(run)))

    def _named(self, row: Holder, years: str) -> str:
        """Return a holder with its scope and the years that are given: "CEIEC (technical), until 2018"."""
        who = text("{name} ({scope})", name=self.name, scope=row.scope) if self.held and row.scope else self.name
        return text("{who}, {years}", who=who, years=years) if years else who

    def _same(self, row: Holder) -> bool:
        mine = self.holding.rows[0]
        return (row.actor, row.origin) == (mine.actor, mine.origin)

    def _lenders(self) -> list[Holder]:
        """Return the other passages whose years an undated holder takes."""
        mine = self.holding.rows[0]
        return [
            row
            for row in self.cell.evidence
            if row.use in ("dates", "decides")
            and self._same(row)
            and row.status == "held"
            and row.scope in ("", mine.scope)
            and not (row.start is None and row.end is None)
        ]


def _known(one: int | None, other: int | None) -> int:
    return one if one is not None else other or 0


def _runs(years: Iterable[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return runs


def _longest(years: list[int]) -> list[list[int]]:
    """Return the longest run of years, the first of equal ones; none where there is no year."""
    return sorted(_runs(years), key=len, reverse=True)[:1]
