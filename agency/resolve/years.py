"""What every year of a continuing phase is, and on what it rests; and which years each row speaks of.

Every project and continuing phase has a stretch of years, its window, in one long grid. A year is settled by the
first line that applies:

=====  ===============  ==============================================================================================
a      held             a held row states it: it lies between its two years, or is its one given year
b      gap              a negotiating or vacant row states it, or is open there (one side given, the year beyond it)
c      not applicable   a not_applicable row states it or is open there
d      held             a held row is open there
e      not applicable   the year lies before the system was launched: there only what a row states counts
f      held             a held row without any year: *undated*
g      gap              a negotiating or vacant row without any year: *undated*
h      not applicable   a not_applicable row without any year
i      unknown
=====  ===============  ==============================================================================================

Worked, window 2012-2021: held until 2018 and negotiating from 2018 on: 2012-2017 are held (d), 2018 both state (a, and
``boundary`` says how), 2019-2021 gap (b). Held without a year and vacant from 2018 on: 2012-2017 held, undated (f),
2018-2021 gap (b).

Lengths without dates ("for 3 years") take free years, those of f to i: unknown ones first, then undated ones. All free
years of a cell are of one kind, since rows without any year cover each of them alike.

A passage that names a holder without years (Table 1: "ZTE (technical)") and another that gives the years of the same
actor in the same cell speak of one thing: the first decides who holds, the second lends its years.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from agency.words import text

if TYPE_CHECKING:
    from agency.resolve.select import View


GAP = ("negotiating", "vacant")
STATED, OPEN, UNDATED = 0, 1, 2
"""On what a row speaks of a year, the surest first."""

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class YearStates:
    """States by year of every cell that has a window.

    Attributes
    ----------
    years
        cell, year, held, gap, unknown (sum to 1 where it applies), applicable, basis (stated, open, undated, placed,
        or ""), undated_gap (the gap that rests on undated rows), free (a length without dates may take it).
    shares
        cell, year, actor_id, origin, weight, share, undated: holders of each held year; shares sum to ``held``, and
        ``undated`` is the part of the share that rests on undated rows alone.
    placed
        cell, actor_id, origin, share, undated: what a free year comes to where a length takes it.
    lengths
        cell, actor_id, origin, years, placed, free: lengths without dates, the years of the cell that all of them take
        together, and the years that were free.
    """

    years: pd.DataFrame
    shares: pd.DataFrame
    placed: pd.DataFrame
    lengths: pd.DataFrame


def year_states(
    rows: pd.DataFrame, spans: pd.DataFrame, durations: pd.DataFrame, cells: pd.DataFrame, view: View
) -> tuple[YearStates, pd.DataFrame]:
    """Return the states of each year of each cell; and what speaks of each year: cell, slot, row_id, status, basis.

    The slot is the position in ``years``.

    Parameters
    ----------
    rows
        Deciding rows of continuing phases, index = row id: ``cell`` (number), actor_id, origin, status, scope, weight.
    spans, durations
        From `agency.resolve.rows.used`, of the same rows.
    cells
        Indexed by cell number, in order: first, last (``last < first`` without a window), launched (0 if not given).
    view
        ``boundary`` (years stated as held and covered by a dated gap), ``counting``, ``undated``.
    """
    grid = _grid(cells)
    speaking = _speaking(rows, spans, durations, cells, view)
    years = _states(grid, speaking, view)
    shares = _year_shares(years, speaking, view.counting)
    lengths, placed = _lengths(rows, durations, years, shares, view)
    years, shares = _fill(years, shares, placed, lengths)
    return YearStates(years.drop(columns="slot"), shares, placed, lengths), speaking


def share_out(holdings: pd.DataFrame, counting: str) -> pd.DataFrame:
    """Return one line per cell, actor and origin with its ``share``; shares sum to 1 in every cell.

    An actor's weight is the largest of its rows. Counting by actor gives each actor weight / sum of weights
    (fractional counting, Waltman & van Eck 2015); counting by origin gives each origin its largest weight / sum and
    divides it equally among the origin's actors. An actor that the rows give two origins is split between them, so
    that no order of rows decides.

    Parameters
    ----------
    holdings
        cell, actor_id, origin, weight (> 0), undated (bool); repeated lines allowed.
    counting
        ``actor`` or ``origin``.

    Returns
    -------
    pandas.DataFrame
        cell, actor_id, origin, weight, undated (the part of the share of an actor all whose lines are undated), share;
        in order of first appearance.

    Examples
    --------
    >>> holdings = pd.DataFrame({"cell": [0, 0, 0], "actor_id": [1, 2, 3], "weight": [1.0, 1.0, 1.0],
    ...                          "origin": ["chinese", "chinese", "local"], "undated": [False, True, False]})
    >>> share_out(holdings, "origin")[["share", "undated"]].to_numpy().tolist()
    [[0.25, 0.0], [0.25, 0.25], [0.5, 0.0]]
    """
    keys = ("cell", "actor_id", "origin")
    cell, actor, origin = (pd.factorize(holdings[name])[0].astype(np.int64) for name in keys)
    line, first = _numbered(cell, actor, origin)
    weight = _largest(line, holdings["weight"].to_numpy(float))
    certain = np.bincount(line[~holdings["undated"].to_numpy(bool)], minlength=len(first)) > 0
    cell = cell[first]
    unit, _ = _numbered(cell, (origin if counting == "origin" else actor)[first])
    part = _largest(unit, weight)[unit] / np.bincount(unit)[unit]
    share = part / pd.Series(part).groupby(cell).transform("sum").to_numpy()
    frame = holdings[list(keys)].take(first).reset_index(drop=True)
    return frame.assign(weight=weight, undated=np.where(certain, 0.0, share), share=share)


def added_up(holdings: pd.DataFrame, parts: Sequence[str]) -> pd.DataFrame:
    """Return one line per cell, actor and origin, in order of first appearance: the sums of some columns.

    Of ``weight``, where there is one, the largest.
    """
    cell, actor, origin = (pd.factorize(holdings[name])[0].astype(np.int64) for name in ("cell", "actor_id", "origin"))
    line, first = _numbered(cell, actor, origin)
    found = holdings[["cell", "actor_id", "origin"]].take(first).reset_index(drop=True)
    if "weight" in holdings:
        found["weight"] = _largest(line, holdings["weight"].to_numpy(float))
    # By pandas, which makes up for what is lost in rounding: ten times 0.1 is 1.
    found[list(parts)] = holdings[list(parts)].groupby(line, sort=False).sum().to_numpy()
    return found


def _numbered(*codes: Ints) -> tuple[Ints, Ints]:
    """Return the number of each combination, in order of first appearance, and where each appears first.

    Codes are counted from what is there, so that no two combinations can share a number.
    """
    key = codes[0]
    for code in codes[1:]:
        key = pd.factorize(key * (int(code.max(initial=0)) + 1) + code)[0].astype(np.int64)
    return key, np.flatnonzero(np.diff(np.maximum.accumulate(key), prepend=-1) > 0)


def _largest(group: Ints, values: Floats) -> Floats:
    """Return the largest value of each group."""
    found = np.full(int(group.max(initial=-1)) + 1, -np.inf)
    np.maximum.at(found, group, values)
    return found


def _grid(cells: pd.DataFrame) -> pd.DataFrame:
    """Return one line per cell and window year, in order: slot, cell, year, running (from the launch on)."""
    first = cells["first"].to_numpy(np.int64)
    length = np.maximum(cells["last"].to_numpy(np.int64) - first + 1, 0)
    cell = np.repeat(np.arange(len(cells)), length)
    starts = np.cumsum(length) - length
    year = np.arange(length.sum()) - starts[cell] + first[cell]
    running = year >= cells["launched"].to_numpy(np.int64)[cell]
    return pd.DataFrame({"slot": np.arange(len(cell)), "cell": cell, "year": year, "running": running})


def _speaking(
    rows: pd.DataFrame, spans: pd.DataFrame, durations: pd.DataFrame, cells: pd.DataFrame, view: View
) -> pd.DataFrame:
    """Return one line per row and year it speaks of: cell, slot, year, row_id, status, actor_id, ..., basis.

    Before the launch a row speaks only of years it states: an open side, and a row without any year, begin with it.
    """
    names = ["cell", "status", "actor_id", "origin", "scope", "weight"]
    dated = spans.join(rows[names], on="row_id", how="inner")
    # A row of which a length is taken speaks through that length.
    has_years = rows.index.isin(spans["row_id"]) | rows.index.isin(durations["row_id"])
    undated = rows.loc[~has_years, names].rename_axis("row_id").reset_index()
    if not view.undated:
        undated = undated.iloc[:0]
    nothing = pd.array([None] * len(undated), dtype="Int64")
    undated = undated.assign(start=nothing, end=nothing)
    frame = (
        pd.concat([dated, undated[dated.columns]], ignore_index=True) if len(undated) else dated.reset_index(drop=True)
    )
    cell = frame["cell"].to_numpy(np.int64)
    first, last, launched = (cells[name].to_numpy(np.int64)[cell] for name in ("first", "last", "launched"))
    start = frame["start"].fillna(-1).to_numpy(np.int64)
    end = frame["end"].fillna(-1).to_numpy(np.int64)
    low = np.maximum(np.where(start < 0, first, start), first)
    high = np.minimum(np.where(end < 0, last, end), last)
    length = np.maximum(high - low + 1, 0)
    at = np.repeat(np.arange(len(frame)), length)
    year = np.arange(len(at)) - (np.cumsum(length) - length)[at] + low[at]
    start, end = start[at], end[at]
    stated = ((start <= year) & (year <= end) & (start >= 0)) | (year == start) | (year == end)
    basis = np.where(stated, STATED, np.where((start < 0) & (end < 0), UNDATED, OPEN))
    kept = stated | (year >= launched[at])
    sizes = np.maximum(cells["last"].to_numpy(np.int64) - cells["first"].to_numpy(np.int64) + 1, 0)
    base = (np.cumsum(sizes) - sizes)[cell[at]]
    found = frame.drop(columns=["start", "end"]).take(at[kept]).reset_index(drop=True)
    return found.assign(slot=(base + year - first[at])[kept], year=year[kept], basis=basis[kept])


def _states(grid: pd.DataFrame, speaking: pd.DataFrame, view: View) -> pd.DataFrame:
    """Return the grid with held, gap, unknown, applicable, basis, undated_gap and free, line by line of the table."""
    size = len(grid)
    status, basis = speaking["status"].to_numpy(), speaking["basis"].to_numpy(np.int64)
    slot = speaking["slot"].to_numpy(np.int64)
    held, gap, none = status == "held", np.isin(status, GAP), status == "not_applicable"

    def years_with(which: Flags) -> Flags:
        flags = np.zeros(size, dtype=bool)
        flags[slot[which]] = True
        return flags

    # What is vacant in part is no gap of the phase in a year that has a holder.
    somebody = years_with(held)
    gap &= ~((speaking["scope"] != "").to_numpy(bool) & somebody[slot])
    a, d, f = (years_with(held & (basis == kind)) for kind in (STATED, OPEN, UNDATED))
    b_stated, b = years_with(gap & (basis == STATED)), years_with(gap & (basis != UNDATED))
    c, g, h = (
        years_with(none & (basis != UNDATED)),
        years_with(gap & (basis == UNDATED)),
        years_with(none & (basis == 2)),
    )
    e = ~grid["running"].to_numpy(bool)
    lines = [a, b, c, d, e, f, g, h]
    line = np.select(lines, "abcdefgh", "i")
    held_mass = np.isin(line, ("a", "d", "f")).astype(float)
    gap_mass = np.isin(line, ("b", "g")).astype(float)
    both = a & b
    held_mass[both] = {"held": 1.0, "split": 0.5, "gap": 0.0}[view.boundary]
    gap_mass[both] = 1.0 - held_mass[both]
    applicable = ~np.isin(line, ("c", "e", "h"))
    rests_on = np.select(
        [line == "a", (line == "b") & b_stated, np.isin(line, ("b", "d")), np.isin(line, ("f", "g"))],
        ["stated", "stated", "open", "undated"],
        "",
    )
    return grid.assign(
        held=held_mass,
        gap=gap_mass,
        unknown=(line == "i").astype(float),
        applicable=applicable,
        basis=rests_on,
        undated_gap=np.where(line == "g", 1.0, 0.0),
        free=np.isin(line, ("f", "g", "h", "i")),
    )


def _year_shares(years: pd.DataFrame, speaking: pd.DataFrame, counting: str) -> pd.DataFrame:
    """Return who holds each held year: everyone with a held row that speaks of it, on whatever basis."""
    mass = years["held"].to_numpy()[speaking["slot"].to_numpy(np.int64)]
    chosen = speaking[(speaking["status"] == "held").to_numpy(bool) & (mass > 0)]
    holdings = chosen[["slot", "actor_id", "origin", "weight"]].rename(columns={"slot": "cell"})
    shares = share_out(holdings.assign(undated=(chosen["basis"] == UNDATED)), counting)
    slot = shares["cell"].to_numpy(np.int64)
    held = years["held"].to_numpy()[slot]
    return shares.assign(
        cell=years["cell"].to_numpy()[slot],
        year=years["year"].to_numpy()[slot],
        share=shares["share"] * held,
        undated=shares["undated"] * held,
    )


def _lengths(
    rows: pd.DataFrame, durations: pd.DataFrame, years: pd.DataFrame, shares: pd.DataFrame, view: View
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the lengths of each cell, and what a free year comes to where they take it.

    Who holds the free years undated stays a holder beside the length. Worked: A without a year and B for 3 years, of 10
    free years: 3 years A and B hold together, half of it certain; 7 years A alone, undated.
    """
    size = int(years["cell"].max()) + 1 if len(years) else 0
    lengths = durations.join(rows[["cell", "actor_id", "origin", "weight"]], on="row_id", how="inner")
    lengths = lengths[lengths["cell"].isin(years["cell"])]
    cell = lengths["cell"].to_numpy(np.int64)
    free = np.bincount(years["cell"], weights=years["free"], minlength=size)
    asked = np.bincount(cell, weights=lengths["years"], minlength=size)
    lengths = lengths.assign(part=lengths["years"] / asked[cell], placed=np.minimum(asked, free)[cell], free=free[cell])
    # The holders of a free year, the first, once for each length of the cell.
    held_free = years[years["free"] & (years["held"] > 0)].drop_duplicates("cell")
    first_free = np.full(size, -1)
    first_free[held_free["cell"].to_numpy(np.int64)] = held_free["year"]
    beside = shares[shares["year"].to_numpy(np.int64) == first_free[shares["cell"].to_numpy(np.int64)]]
    length, holder = _equal(cell, beside["cell"].to_numpy(np.int64))
    names = ["actor_id", "origin", "weight"]
    own = lengths[names].assign(cell=np.arange(len(lengths)), undated=False)
    others = beside[names].take(holder).assign(cell=length, undated=True)
    together = pd.concat([own, others], ignore_index=True) if len(others) else own
    split = share_out(together, view.counting)
    at = split["cell"].to_numpy(np.int64)
    part = lengths["part"].to_numpy(float)[at]
    placed = split.assign(
        cell=lengths["cell"].to_numpy(np.int64)[at], share=split["share"] * part, undated=split["undated"] * part
    )
    placed = added_up(placed, ("share", "undated"))
    lengths = lengths[lengths["years"] > 0]
    return lengths[["cell", "row_id", "actor_id", "origin", "years", "placed", "free"]], placed


def _fill(
    years: pd.DataFrame, shares: pd.DataFrame, placed: pd.DataFrame, lengths: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Put lengths that take every free year of their cell into these years; others have no place in time."""
    filling = lengths.loc[(lengths["placed"] >= lengths["free"]) & (lengths["free"] > 0), "cell"].unique()
    if not len(filling):
        return years, shares
    filled = years["free"] & years["cell"].isin(filling)
    years = years.assign(
        held=years["held"].mask(filled, 1.0),
        gap=years["gap"].mask(filled, 0.0),
        unknown=years["unknown"].mask(filled, 0.0),
        applicable=years["applicable"] | filled,
        undated_gap=years["undated_gap"].mask(filled, 0.0),
        basis=years["basis"].mask(filled, "placed"),
    )
    where = pd.MultiIndex.from_frame(years.loc[filled, ["cell", "year"]])
    staying = shares[~pd.MultiIndex.from_frame(shares[["cell", "year"]]).isin(where)]
    taken = years.loc[filled, ["cell", "year"]].merge(placed, on="cell")
    return years, pd.concat([staying, taken[list(shares.columns)]], ignore_index=True)


@dataclass(frozen=True, eq=False)
class Spans:
    """What became of the years of the rows of a selection; flags are per row."""

    spans: pd.DataFrame
    """row (its position), start, end (Int64): the years each row in force has or takes; none for an undated row."""
    durations: pd.DataFrame
    """row, years: lengths without dates that count, one for each actor of a cell, with the row that carries it; 0 years
    for further rows that speak through the same length."""
    lends: Flags
    """Outranked, but its years, or its length, are taken."""
    outside: Flags
    """All its years lie outside the window."""
    idle: Flags
    """Adds nothing beside another row of its actor in its cell."""
    takes_from: Mapping[int, tuple[int, ...]]
    """By row without years of its own: the rows whose years, or whose length, it takes."""


def spans_of(rows: pd.DataFrame, standing: Flags, first: Ints, last: Ints, continuing: Flags) -> Spans:
    """Return the years of the rows in force.

    Parameters
    ----------
    rows
        project, phase, actor_id, origin, scope, status, role, rank, confidence, start, end, duration_years.
    standing
        Which of them are in force, their rank considered.
    first, last
        Window of the project of each row; ``last < first`` where there is none.
    continuing
        Which rows are of continuing phases: only these have a window.

    Examples
    --------
    Window 2012-2021, one actor: an undated preferred row beside an outranked one of 2012-2014 holds three years.

    >>> rows = pd.DataFrame({"project": ["P", "P"], "phase": "maintenance", "actor_id": 0, "origin": "local",
    ...     "scope": "", "status": "held", "role": "lead", "rank": ["preferred", "normal"], "confidence": "reported",
    ...     "start": pd.array([None, 2012], "Int64"), "end": pd.array([None, 2014], "Int64"),
    ...     "duration_years": pd.array([None, None], "Int64")})
    >>> window = np.array([2012] * 2), np.array([2021] * 2)
    >>> found = spans_of(rows, np.array([True, False]), *window, np.array([True] * 2))
    >>> found.spans.to_numpy().tolist(), found.lends.tolist(), found.takes_from
    ([[0, 2012, 2014]], [False, True], {0: (1,)})
    """
    table = _Rows.of(rows, standing)
    windowed = last >= first
    # An open side reaches as far as any window.
    starts, ends = (rows[name].fillna(edge).to_numpy(np.int64) for name, edge in (("start", 0), ("end", 9999)))
    touches = ~continuing | (windowed & (starts <= last) & (ends >= first))
    outside = standing & table.dated & continuing & windowed & ~touches
    taken, lends, covered, years_of = _taken(table, touches)
    own = np.flatnonzero(standing & table.dated & ~outside)
    spans = pd.concat(
        [pd.DataFrame({"row": own, "start": rows["start"].array[own], "end": rows["end"].array[own]}), taken],
        ignore_index=True,
    )
    has_years = np.zeros(len(rows), dtype=bool)
    has_years[spans["row"].to_numpy(np.int64)] = True
    durations, length_lends, idle, length_of = _durations(table, has_years)
    return Spans(spans, durations, lends | length_lends, outside, covered | idle, {**length_of, **years_of})


@dataclass(frozen=True, eq=False)
class _Rows:
    """The rows as arrays."""

    frame: pd.DataFrame
    standing: Flags
    key: Ints
    """Project, phase, actor and origin as one number."""
    scope: Ints
    """0 where it is empty."""
    held: Flags
    dated: Flags
    length: NDArray[np.float64]
    """Years of a row without dates; NaN where it has none."""

    @classmethod
    def of(cls, frame: pd.DataFrame, standing: Flags) -> _Rows:
        parts = [frame[name] for name in ("project", "phase", "origin")]
        codes = [pd.factorize(part)[0].astype(np.int64) for part in parts]
        key, _ = _numbered(frame["actor_id"].to_numpy(np.int64) + 1, *codes)
        dated = (frame["start"].notna() | frame["end"].notna()).to_numpy(bool)
        held = (frame["status"] == "held").to_numpy(bool) & (frame["actor_id"] >= 0).to_numpy(bool)
        length = frame["duration_years"].astype("Float64").to_numpy(float, na_value=np.nan)
        scope = np.where(frame["scope"] == "", 0, 1 + pd.factorize(frame["scope"])[0])
        return cls(
            frame,
            standing,
            key,
            scope.astype(np.int64),
            held,
            dated,
            np.where(held & ~dated, length, np.nan),
        )

    @property
    def lending(self) -> Flags:
        """Lead rows of a holder that nothing sets aside: whatever their rank, others may take their years."""
        frame = self.frame
        fair = (frame["role"] == "lead") & (frame["rank"] != "deprecated") & (frame["confidence"] != "alleged")
        return self.held & fair.to_numpy(bool)

    @property
    def undated(self) -> Flags:
        """Rows in force that name a holder and nothing else."""
        return self.standing & self.held & ~self.dated & np.isnan(self.length)


def _taken(table: _Rows, may_lend: Flags) -> tuple[pd.DataFrame, Flags, Flags, dict[int, tuple[int, ...]]]:
    """Return the spans that undated rows take, the outranked rows that lend, the needless rows, and the lenders.

    A row lends to an undated row of its actor in its cell if its scope is empty or the same. Where every lender is in
    force itself, the undated row adds nothing.
    """
    borrowers = np.flatnonzero(table.undated)
    lenders = np.flatnonzero(table.lending & table.dated & may_lend)
    flags = np.zeros((2, len(table.frame)), dtype=bool)
    # Pairs are made of what is distinct, not of rows: twenty thousand rows of one cell make a handful.
    need, one_need = _numbered(table.key[borrowers], table.scope[borrowers])
    wanting = borrowers[one_need]
    at, by = _equal(table.key[wanting], table.key[lenders])
    fits = (table.scope[lenders[by]] == 0) | (table.scope[lenders[by]] == table.scope[wanting[at]])
    at, by = at[fits], lenders[by[fits]]
    spare = ~table.standing[by]
    flags[0, by[spare]] = True
    served, waits = np.zeros((2, len(wanting)), dtype=bool)
    served[at] = True
    waits[at[spare]] = True
    flags[1, borrowers] = (served & ~waits)[need]
    start, end = (table.frame[name].fillna(-1).to_numpy(np.int64) + 1 for name in ("start", "end"))
    _, one = _numbered(at, start[by], end[by])
    row, span = _equal(need, at[one])
    taken = table.frame[["start", "end"]].take(by[one[span]]).assign(row=borrowers[row]).reset_index(drop=True)
    # One tuple for all the rows that wait for the same years.
    edges = np.flatnonzero(np.diff(at, prepend=-1))
    tuples = [tuple(group.tolist()) for group in np.split(by, edges[1:])] if len(at) else []
    lent = dict(zip(at[edges].tolist(), tuples, strict=True))
    takes = {row: lent[wanted] for row, wanted in zip(borrowers.tolist(), need.tolist(), strict=True) if wanted in lent}
    return taken[["row", "start", "end"]], flags[0], flags[1], takes


def _equal(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Return the places of every pair of equal numbers, in the order of the left and then of the right ones.

    Worked: [5, 7] and [7, 5, 7] are equal at (0, 1), (1, 0) and (1, 2).
    """
    order = np.argsort(right, kind="stable")
    first, after = (np.searchsorted(right[order], left, side=side) for side in ("left", "right"))
    number = after - first
    at = np.repeat(np.arange(len(left)), number)
    return at, order[np.arange(len(at)) - (np.cumsum(number) - number)[at] + first[at]]


def _durations(table: _Rows, has_years: Flags) -> tuple[pd.DataFrame, Flags, Flags, dict[int, tuple[int, ...]]]:
    """Return the lengths that count, the outranked ones that are taken, the rows that add nothing, and the lenders.

    Of one actor in one cell the longest counts, and none beside a row with years; an undated row adds nothing beside
    such a length, and takes an outranked one. Worked: preferred "ZTE" beside normal "ZTE for 3 years" holds three
    years, no one knows which; preferred "ZTE for 3 years" beside normal "ZTE 2019-2021" stays a length.
    """
    size = int(table.key.max(initial=-1)) + 1

    def any_of(flags: Flags) -> Flags:
        return np.bincount(table.key[flags], minlength=size) > 0

    bare = table.standing & ~np.isnan(table.length)
    waiting = table.undated & ~has_years
    spare = table.lending & ~table.standing & ~np.isnan(table.length) & any_of(waiting)[table.key]
    dated, has_bare, has_spare = (any_of(flags) for flags in (table.held & has_years, bare, spare))
    idle = waiting & (has_bare | (has_spare & dated))[table.key]
    idle |= bare & dated[table.key]
    counting = (bare | (spare & ~has_bare[table.key])) & ~dated[table.key]
    at = np.flatnonzero(counting)
    longest = at[np.lexsort((at, -table.length[at], table.key[at]))]
    longest = longest[np.flatnonzero(np.diff(table.key[longest], prepend=-1))]
    chosen = np.zeros(len(table.frame), dtype=bool)
    chosen[longest] = True
    idle |= bare & ~chosen & ~dated[table.key]
    # A length that is lent is carried by the first row that waits for it; the others speak through it too.
    own, lent = longest[~spare[longest]], longest[spare[longest]]
    carriers = np.flatnonzero(waiting)
    carried, by = _equal(table.key[carriers], table.key[lent])
    carriers = carriers[carried]
    first = np.diff(np.maximum.accumulate(pd.factorize(by)[0]), prepend=-1) > 0
    years = np.concatenate([table.length[own], np.where(first, table.length[lent[by]], 0.0)])
    durations = pd.DataFrame({"row": np.concatenate([own, carriers]), "years": years})
    takes: dict[int, tuple[int, ...]] = {
        row: (lender,) for row, lender in zip(carriers.tolist(), lent[by].tolist(), strict=True)
    }
    return durations.sort_values("row", ignore_index=True), chosen & spare, idle, takes


def given_years(start: int | None, end: int | None, *, event: bool) -> str:
    """Return the years that a row gives, in words; "" where it gives none.

    An event has happened by its end, and a start alone is its year.

    Examples
    --------
    >>> given_years(2012, 2016, event=True), given_years(2012, None, event=True), given_years(None, 2016, event=True)
    ('2012–2016', '2012', 'by 2016')
    >>> given_years(2012, None, event=False), given_years(None, 2016, event=False)
    ('from 2012', 'until 2016')
    """
    if start is None and end is None:
        return ""
    if start is None:
        return text("by {end}", end=end) if event else text("until {end}", end=end)
    if end is None:
        return str(start) if event else text("from {start}", start=start)
    return str(start) if start == end else f"{start}–{end}"
