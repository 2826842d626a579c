"""Section 2: what every year of a continuing phase is, what an event phase is, and on what basis."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from oracle.model import DECIDING, NOBODY, Holder, Row, Span, Study, View, cell_rows, holder

ONE = Fraction(1)


# --- the window -----------------------------------------------------------------------------------------------------


def window(study: Study, project: str) -> tuple[int, int] | None:
    """First and last year of a project's continuing phases, from the whole file ("A selection never moves a window").

    A side given in projects.csv stands; each missing side is derived. Example: maintenance "until 2018" and design
    2011, no `launched`: the phase is open to the left, so the start is the least year of any row, 2011.
    """
    given = study.project(project)
    start, end = given.get("window_start"), given.get("window_end")
    # "Proposed, denied and deprecated rows do not count."
    rows = [
        row
        for row in study.table
        if row.project == project and row.status not in {"proposed", "denied"} and row.rank != "deprecated"
    ]
    start = _first_year(study, rows, given.get("launched")) if start is None else start
    if start is None:
        return None
    if end is None:
        end = _last_year(study, rows, start)
    return None if end is None or end < start else (start, end)


def _first_year(study: Study, rows: list[Row], launched: int | None) -> int | None:
    """ "Start: `launched`, else the least `start` of a continuing row if no continuing row is open to the left,
    else the least year of any row." Open to the left = an end without a start.
    """
    if launched is not None:
        return launched
    spans = [row.span for row in rows if study.continuing(row.phase)]
    starts = [start for start, _ in spans if start is not None]
    open_left = any(start is None and end is not None for start, end in spans)
    if starts and not open_left:
        return min(starts)
    return min(_given_years(rows), default=None)


def _last_year(study: Study, rows: list[Row], start: int) -> int | None:
    """ "End: `until` if a continuing row is open to the right or has no year, else the greatest year of any row,
    never before the start (then `until`, else no window)."
    """
    spans = [row.span for row in rows if study.continuing(row.phase)]
    last = max(_given_years(rows), default=None)
    if study.until is not None and any(end is None for _, end in spans):
        last = study.until
    if last is None or last < start:
        last = study.until
    return last


def _given_years(rows: list[Row]) -> list[int]:
    return [year for row in rows for year in row.span if year is not None]


# --- which rows of a cell decide ------------------------------------------------------------------------------------


@dataclass
class Cell:
    """The rows in force of one project and phase, and what became of their years."""

    rows: list[Row]
    launched: int | None
    spans: dict[int, list[Span]] = field(default_factory=dict)  # line -> its years, own or taken from other rows
    lent: set[int] = field(default_factory=set)  # outranked lines whose years (or duration) are taken
    idle: set[int] = field(default_factory=set)  # lines that add nothing beside another row of their actor
    outside: set[int] = field(default_factory=set)  # lines without a year of the window
    durations: dict[Holder, int] = field(default_factory=dict)  # unplaced durations that count


def candidates(study: Study, view: View, project: str, phase: str) -> list[Row]:
    """Rows that may decide, before rank: "the remaining lead rows with status held, negotiating, vacant or
    not_applicable"; "Alleged rows never count unless --include-alleged"; "Deprecated rows never count".
    """
    return [
        row
        for row in cell_rows(study, view, project, phase)
        if row.rank != "deprecated"
        and row.role == "lead"
        and row.status in DECIDING
        and (view.include_alleged or row.confidence != "alleged")
    ]


def in_force(rows: list[Row], view: View) -> list[Row]:
    """ "The preferred ones if any, else the normal ones"; `all`: "preferred and normal together"."""
    preferred = [row for row in rows if row.rank == "preferred"]
    return preferred if preferred and view.rank == "best" else rows


def resolve(study: Study, view: View, project: str, phase: str) -> Cell:
    """Which rows are in force, with the years they have or take."""
    every = candidates(study, view, project, phase)
    cell = Cell(in_force(every, view), study.project(project).get("launched"))
    period = window(study, project) if study.continuing(phase) else None
    # An alleged row that is counted decides like any other, but it lends no years ("non-alleged").
    lenders = [row for row in every if row.status == "held" and row.confidence != "alleged"]
    for row in cell.rows:
        cell.spans[row.line] = [row.span] if row.dated else []
        if period and row.dated and not _touches(row.span, period):
            cell.outside.add(row.line)
    for row in cell.rows:
        if row.status == "held" and row.undated:
            _take_years(study, view, cell, (row, lenders))
    _place_durations(study, view, cell, lenders)
    return cell


def _take_years(study: Study, view: View, cell: Cell, asked: tuple[Row, list[Row]]) -> None:
    """ "An undated held row takes the years of the dated, selected, non-deprecated, non-alleged lead held rows of
    the same actor in the same cell, whatever their rank, if their scope is empty or its own (continuing phases:
    and a year lies in the window). If such rows differ, their years are united."

    Window 2012-2021, P undated A preferred: beside normal A 2012-14 and A 2017-18 it holds 5 years and 5 are
    unknown; beside A 2001-02 it takes nothing and all 10 are undated.
    """
    row, lenders = asked
    continuing = study.continuing(row.phase)
    period = window(study, row.project)
    lending = [
        other
        for other in lenders
        if other.dated
        and holder(study, view, other) == holder(study, view, row)
        and other.scope in {"", row.scope}
        and (not continuing or (period is not None and _touches(other.span, period)))
    ]
    cell.spans[row.line] = [other.span for other in lending]
    forced = {other.line for other in cell.rows}
    cell.lent |= {other.line for other in lending} - forced
    if lending and all(other.line in forced for other in lending):
        cell.idle.add(row.line)  # the rows it would take its years from are in force themselves


def _place_durations(study: Study, view: View, cell: Cell, lenders: list[Row]) -> None:
    """ "The longest counts" of one actor; "a bare duration of an actor that also has a dated held row in that
    phase adds nothing" (unless that "lies wholly outside the window"); "an undated row adds nothing beside a bare
    duration of its actor, of whatever rank" (an outranked duration is then taken by it).
    """
    held = [row for row in cell.rows if row.status == "held"]
    forced = {row.line for row in cell.rows}
    dated = {holder(study, view, row) for row in held if cell.spans[row.line] and row.line not in cell.outside}
    for who in dict.fromkeys(holder(study, view, row) for row in held):
        own = [row for row in held if holder(study, view, row) == who]
        waiting = [row for row in own if row.undated and not cell.spans[row.line]]
        bare = [row for row in own if row.bare_duration]
        lent = [
            row
            for row in lenders
            if row.bare_duration and row.line not in forced and holder(study, view, row) == who and waiting
        ]
        if bare or (lent and who in dated):
            cell.idle |= {row.line for row in waiting}
        if who in dated:
            cell.idle |= {row.line for row in bare}
        elif bare or lent:
            longest = max(bare or lent, key=lambda row: (row.duration_years or 0, -row.line))
            cell.durations[who] = longest.duration_years or 0
            cell.idle |= {row.line for row in bare} - {longest.line}
            cell.lent |= {longest.line} - forced


def _touches(span: Span, period: tuple[int, int]) -> bool:
    return any(basis(span, year) for year in range(period[0], period[1] + 1))


def basis(span: Span, year: int) -> str | None:
    """ "States" a year: it lies "between its two years, or is its one given year"; "open": "one side given, the
    year lies on the open side".
    """
    start, end = span
    if start is not None and end is not None:
        return "stated" if start <= year <= end else None
    given = start if start is not None else end
    if given is None:
        return None
    if year == given:
        return "stated"
    on_the_open_side = year > given if start is not None else year < given
    return "open" if on_the_open_side else None


# --- a year ---------------------------------------------------------------------------------------------------------


@dataclass
class State:
    """Masses of a cell that sum to `applicable`: held by holder, gap, unknown; how much of them rests on undated
    rows.
    """

    held: dict[Holder, Fraction] = field(default_factory=dict)
    undated: dict[Holder, Fraction] = field(default_factory=dict)
    gap: Fraction = Fraction(0)
    gap_undated: Fraction = Fraction(0)
    unknown: Fraction = Fraction(0)
    applicable: Fraction = ONE
    basis: str = ""  # stated | open | undated | placed duration | "" (unknown, not applicable)

    def times(self, weight: Fraction) -> State:
        return State(
            {who: mass * weight for who, mass in self.held.items()},
            {who: mass * weight for who, mass in self.undated.items()},
            self.gap * weight,
            self.gap_undated * weight,
            self.unknown * weight,
            self.applicable * weight,
            self.basis,
        )


def total(states: list[State]) -> State:
    """Masses of several states added up."""
    result = State(applicable=Fraction(0))
    for state in states:
        for who, mass in state.held.items():
            result.held[who] = result.held.get(who, Fraction(0)) + mass
        for who, mass in state.undated.items():
            result.undated[who] = result.undated.get(who, Fraction(0)) + mass
        result.gap += state.gap
        result.gap_undated += state.gap_undated
        result.unknown += state.unknown
        result.applicable += state.applicable
    return result


def shares(holders: dict[Holder, bool], view: View) -> tuple[dict[Holder, Fraction], dict[Holder, Fraction]]:
    """Held and undated shares of the holders of one cell; `holders` maps each to whether it has only undated rows
    there.

    Actor level: 1/(number of holders). Origin level: 1/(number of origins), and within an origin equally.
    """
    held = {}
    for who in holders:
        if view.counting == "origin":
            origins = {other.origin for other in holders}
            of_the_same = [other for other in holders if other.origin == who.origin]
            held[who] = Fraction(1, len(origins) * len(of_the_same))
        else:
            held[who] = Fraction(1, len(holders))
    return held, {who: mass for who, mass in held.items() if holders[who]}


def held_by(holders: dict[Holder, bool], view: View, grounds: str) -> State:
    held, undated = shares(holders, view)
    return State(held=held, undated=undated, basis=grounds)


def year_states(study: Study, view: View, project: str, phase: str) -> dict[int, State]:
    """State of every year of the window of a continuing phase (empty without a window)."""
    period = window(study, project)
    if period is None:
        return {}
    cell = resolve(study, view, project, phase)
    settled = {year: _settled(study, view, cell, year) for year in range(period[0], period[1] + 1)}
    return _with_durations(view, cell, settled)


def time_states(study: Study, view: View, project: str, phase: str) -> list[State]:
    """The same years for sums: "Unplaced durations take unknown years first, then undated ones".

    The free years are all of one kind (undated held, undated gap, undated not applicable or unknown), so which of
    them a duration takes changes no sum: of 4 free years and "3 years", each free year is 3/4 placed and 1/4 what
    it was.
    """
    period = window(study, project)
    if period is None:
        return []
    cell = resolve(study, view, project, phase)
    settled = {year: _settled(study, view, cell, year) for year in range(period[0], period[1] + 1)}
    free = [year for year, (_, is_free) in settled.items() if is_free]
    asked = sum(cell.durations.values())
    placed = Fraction(min(asked, len(free)), len(free)) if free else Fraction(0)
    states = []
    for state, is_free in settled.values():
        if not is_free or not asked:
            states.append(state)
        else:
            states += [_placed(view, cell, state).times(placed), state.times(1 - placed)]
    return states


def _with_durations(view: View, cell: Cell, settled: dict[int, tuple[State, bool]]) -> dict[int, State]:
    """ "In snapshots and year-by-year views the free years are unknown unless the durations fill them all. When
    durations fill all free years, a snapshot gives each its share of the durations."
    """
    free = [year for year, (_, is_free) in settled.items() if is_free]
    fills = bool(cell.durations) and sum(cell.durations.values()) >= len(free)
    return {
        year: _placed(view, cell, state) if fills and is_free else state for year, (state, is_free) in settled.items()
    }


def _placed(view: View, cell: Cell, before: State) -> State:
    """A free year taken by the durations, each its share of it; who holds it undated stays a holder beside."""
    asked = sum(cell.durations.values())
    parts = []
    for who, years in cell.durations.items():
        holders = {**dict.fromkeys(before.undated, True), who: False}
        parts.append(held_by(holders, view, "placed duration").times(Fraction(years, asked)))
    state = total(parts)
    state.basis = "placed duration"
    return state


def _settled(study: Study, view: View, cell: Cell, year: int) -> tuple[State, bool]:
    """The first of a-i that applies, and whether the year is free (f, g, h, i) for an unplaced duration."""
    running = cell.launched is None or year >= cell.launched
    holders = _holders(study, view, cell, (year, running))
    stated = [who for who, grounds in holders.items() if grounds == "stated"]
    opened = [who for who, grounds in holders.items() if grounds == "open"]
    only_undated = {who: grounds == "undated" for who, grounds in holders.items()}
    gap = _grounds(cell, NOBODY, (year, running), bool(holders))
    away = _grounds(cell, ("not_applicable",), (year, running), False)
    if stated:  # a, or a beside b
        state = held_by(only_undated, view, "stated")
        return (_at_the_boundary(state, view) if gap in {"stated", "open"} else state), False
    if gap in {"stated", "open"}:  # b
        return State(gap=ONE, basis=gap), False
    if away in {"stated", "open"}:  # c
        return State(applicable=Fraction(0)), False
    if opened:  # d
        return held_by(only_undated, view, "open"), False
    return _free(view, only_undated, (gap, away), running)


def _free(view: View, undated: dict[Holder, bool], grounds: tuple[str | None, str | None], running: bool):
    """e-i. "Before `launched` ... open sides and undated rows begin with it"."""
    gap, away = grounds
    if not running:  # e
        return State(applicable=Fraction(0)), False
    if undated:  # f
        return held_by(undated, view, "undated"), True
    if gap == "undated":  # g
        return State(gap=ONE, gap_undated=ONE, basis="undated"), True
    if away == "undated":  # h
        return State(applicable=Fraction(0)), True
    return State(unknown=ONE), True  # i


def _holders(study: Study, view: View, cell: Cell, at: tuple[int, bool]) -> dict[Holder, str]:
    """ "Holders of a held year are all actors with a held row that states it, is open or is undated there"."""
    best: dict[Holder, str] = {}
    for row in cell.rows:
        if row.status != "held" or row.bare_duration or row.line in cell.idle:
            continue
        who = holder(study, view, row)
        if row.undated and not cell.spans[row.line] and who in cell.durations:
            continue  # it takes the duration of another row
        grounds = _row_grounds(cell, row, at)
        order = ("stated", "open", "undated")
        if grounds and (who not in best or order.index(grounds) < order.index(best[who])):
            best[who] = grounds
    return best


def _row_grounds(cell: Cell, row: Row, at: tuple[int, bool]) -> str | None:
    year, running = at
    spans = cell.spans[row.line]
    found = {basis(span, year) for span in spans} - {None}
    if "stated" in found:
        return "stated"
    if not running:
        return None  # "only years that a row states count"
    if "open" in found:
        return "open"
    return None if spans else "undated"


def _grounds(cell: Cell, statuses: tuple[str, ...], at: tuple[int, bool], held: bool) -> str | None:
    """Best grounds of the rows of these statuses. "A ... vacant or negotiating row with a scope ... is no gap of
    the phase while another row is held": it does not speak in a year that has a holder.
    """
    rows = [row for row in cell.rows if row.status in statuses and not (row.scope and held and statuses == NOBODY)]
    found = {_row_grounds(cell, row, at) for row in rows}
    return next((grounds for grounds in ("stated", "open", "undated") if grounds in found), None)


def _at_the_boundary(state: State, view: View) -> State:
    """ "`--boundary held|split|gap` touches years that have a and b" (the doubled 2018 of Table 1)."""
    kept = {"held": ONE, "split": Fraction(1, 2), "gap": Fraction(0)}[view.boundary]
    half = state.times(kept)
    half.gap, half.applicable = 1 - kept, ONE
    half.held = {who: mass for who, mass in half.held.items() if mass}
    half.undated = {who: mass for who, mass in half.undated.items() if mass}
    return half


# --- static and event phases ----------------------------------------------------------------------------------------


def static_state(study: Study, view: View, project: str, phase: str) -> State:
    """ "Held by every actor that holds it in at least one year of the window (or has a duration), equal shares;
    gap only if nobody does ...; else not_applicable [only if every year is]; else unknown". "*Static*: [undated
    is] 0." "Where every year is not applicable, static is not applicable too."
    """
    cell = resolve(study, view, project, phase)
    years = list(year_states(study, view, project, phase).values())
    if not study.continuing(phase) or not years:
        return _event_state(study, view, cell, None)
    if all(not state.applicable for state in years) and not _placed_somewhere(study, view, project, phase):
        return State(applicable=Fraction(0))
    holders = {who: False for state in years for who in state.held} | dict.fromkeys(cell.durations, False)
    if holders:
        return held_by(holders, view, "stated")
    if any(state.gap for state in years):
        return State(gap=ONE, basis="stated")
    return State(unknown=ONE)


def _placed_somewhere(study: Study, view: View, project: str, phase: str) -> bool:
    """A duration that takes a year from an undated not_applicable row makes the phase apply."""
    return any(state.applicable for state in time_states(study, view, project, phase))


def _event_state(study: Study, view: View, cell: Cell, at: tuple[int, int] | None) -> State:
    """ "Held if any held row, else gap if any negotiating or vacant row, else not_applicable, else unknown."

    `at` = (year of a snapshot, year from which undated rows are certain); None: static or time, where years do not
    matter.
    """
    counting: dict[str, dict[int, bool]] = {status: {} for status in DECIDING}  # status -> line -> undated
    for row in cell.rows:
        if row.line in cell.idle:
            continue
        when = _counts_from(cell.spans[row.line])
        if at is None or (when is not None and when <= at[0]):
            counting[row.status][row.line] = False
        elif when is None:
            counting[row.status][row.line] = at[0] < at[1]
    by_line = {row.line: row for row in cell.rows}
    holders: dict[Holder, bool] = {}
    for line, undated in counting["held"].items():
        who = holder(study, view, by_line[line])
        holders[who] = holders.get(who, True) and undated
    if holders:
        return held_by(holders, view, "undated" if all(holders.values()) else "stated")
    nobody = {**counting["vacant"], **counting["negotiating"]}
    if nobody:
        undated = all(nobody.values())
        return State(gap=ONE, gap_undated=ONE if undated else Fraction(0), basis="undated" if undated else "stated")
    if counting["not_applicable"]:
        return State(applicable=Fraction(0))
    return State(unknown=ONE)


def _counts_from(spans: list[Span]) -> int | None:
    """ "In snapshot Y a row counts from its start (the holder stays on record); with an end only, from its end";
    taken years: "from the least start".
    """
    years = [start if start is not None else end for start, end in spans]
    return min((year for year in years if year is not None), default=None)


def snapshot_state(study: Study, view: View, project: str, phase: str, year: int) -> State | None:
    """One year; None: "A project whose window lacks Y is left out"."""
    period = window(study, project)
    if period is None or not period[0] <= year <= period[1]:
        return None
    if study.continuing(phase):
        return year_states(study, view, project, phase)[year]
    # "An undated event row is certain from `launched` on (without it, from the window's last year ...), before that
    # undated mass."
    launched = study.project(project).get("launched")
    certain_from = launched if launched is not None else period[1]
    return _event_state(study, view, resolve(study, view, project, phase), (year, certain_from))


def time_state(study: Study, view: View, project: str, phase: str) -> State:
    """Mean over the applicable years ("Its years leave the phase's own denominator"); without a window as static."""
    if not study.continuing(phase) or window(study, project) is None:
        return static_state(study, view, project, phase)
    years = total(time_states(study, view, project, phase))
    if not years.applicable:
        return years
    return years.times(1 / years.applicable)
