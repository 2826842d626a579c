"""What every year of a continuing phase is: held, gap, not applicable or unknown, and on what it rests.

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
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    from agency.resolve.view import View

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
    rows
        cell, slot (position in ``years``), row_id, status, basis: what speaks of each year.
    """

    years: pd.DataFrame
    shares: pd.DataFrame
    placed: pd.DataFrame
    lengths: pd.DataFrame
    rows: pd.DataFrame


def year_states(
    rows: pd.DataFrame, spans: pd.DataFrame, durations: pd.DataFrame, cells: pd.DataFrame, view: View
) -> YearStates:
    """Return the states of each year of each cell.

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
    return YearStates(years.drop(columns="slot"), shares, placed, lengths, speaking)


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
    keys = ["cell", "actor_id", "origin"]
    grouped = holdings[[*keys, "weight", "undated"]].groupby(keys, sort=False, as_index=False)
    frame = grouped.agg({"weight": "max", "undated": "min"})
    unit = ["cell", counting if counting == "origin" else "actor_id"]
    within = frame.groupby(unit, sort=False)["weight"]
    part = within.transform("max") / within.transform("size")
    share = part / part.groupby(frame["cell"]).transform("sum")
    return frame.assign(share=share, undated=share.where(frame["undated"].astype(bool), 0.0))


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
    lengths = lengths.reset_index(drop=True)
    # The holders of a free year, once for each length of the cell.
    free_years = years.loc[years["free"] & (years["held"] > 0), ["cell", "year"]].drop_duplicates("cell")
    beside = shares.merge(free_years, on=["cell", "year"])[["cell", "actor_id", "origin", "weight"]]
    lengths["length"] = np.arange(len(lengths))
    own = lengths[["length", "cell", "actor_id", "origin", "weight"]].assign(undated=False)
    others = lengths[["length", "cell"]].merge(beside, on="cell").assign(undated=True)
    together = pd.concat([own, others[own.columns]], ignore_index=True).rename(columns={"cell": "of", "length": "cell"})
    split = share_out(together, view.counting)
    at = split["cell"].to_numpy(np.int64)
    part = lengths["part"].to_numpy(float)[at]
    placed = split.assign(
        cell=lengths["cell"].to_numpy(np.int64)[at], share=split["share"] * part, undated=split["undated"] * part
    )
    keys = ["cell", "actor_id", "origin"]
    placed = placed.groupby(keys, sort=False, as_index=False).agg({"weight": "max", "share": "sum", "undated": "sum"})
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
