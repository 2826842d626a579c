"""Shares within a cell (rule 3): who holds how much of what is held, by actor or by origin.

The year-state algebra of continuing phases (rules 4, 6 and 8), on whole arrays.

Every project and continuing phase has a stretch of years, its window, in one long grid. A row covers a slice of
that grid; the first of held-stated, gap-dated, held-assumed, gap-undated, not-applicable, unknown that applies to
a year is its state.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def share_out(holdings: pd.DataFrame, counting: str) -> pd.DataFrame:
    """Return one line per cell, actor and origin with its ``share``; shares sum to 1 in every cell.

    An actor's weight is the largest of its rows. Counting by actor gives each actor weight / sum of weights
    (fractional counting, Waltman & van Eck 2015); counting by origin gives each origin its largest weight / sum and
    divides it equally among the origin's actors. An actor that the rows give two origins is split between them, so
    that no order of rows decides.

    Parameters
    ----------
    holdings
        cell, actor_id, origin, weight (> 0); repeated lines allowed.
    counting
        ``actor`` or ``origin``.

    Returns
    -------
    pandas.DataFrame
        cell, actor_id, origin, weight, share, in order of first appearance.

    Examples
    --------
    >>> import pandas as pd
    >>> holdings = pd.DataFrame({"cell": [0, 0, 0], "actor_id": [1, 2, 3], "weight": [1.0, 1.0, 1.0],
    ...                          "origin": ["chinese", "chinese", "local"]})
    >>> share_out(holdings, "origin")["share"].tolist()
    [0.25, 0.25, 0.5]
    """
    keys = ["cell", "actor_id", "origin"]
    frame = holdings[[*keys, "weight"]].groupby(keys, sort=False, as_index=False).max()
    unit = ["cell", counting if counting == "origin" else "actor_id"]
    within = frame.groupby(unit, sort=False)["weight"]
    part = within.transform("max") / within.transform("size")
    return frame.assign(share=part / part.groupby(frame["cell"]).transform("sum"))


GAP = ("negotiating", "vacant")


@dataclass(frozen=True, eq=False)
class YearStates:
    """States by year of every cell that has a window.

    Attributes
    ----------
    years
        cell, year, held, gap, unknown, applicable, assumed.
    shares
        cell, year, actor_id, origin, weight, share: holders of each held year; shares sum to ``held``.
    durations
        cell, actor_id, origin, weight, years (and how they were scaled): durations that do not fill the free years.
    rows
        The rows, with ``cell``, ``dated``, ``bare``, ``covers``.
    coverage
        cell, year, row (position in `rows`): which years each row covers.
    squeezed
        Cells whose durations are longer than their free years and were scaled down.
    """

    years: pd.DataFrame
    shares: pd.DataFrame
    durations: pd.DataFrame
    rows: pd.DataFrame
    coverage: pd.DataFrame
    squeezed: tuple[int, ...]


def year_states(rows: pd.DataFrame, windows: pd.DataFrame, *, boundary: str, counting: str) -> YearStates:
    """Return the states of each year of each cell.

    Parameters
    ----------
    rows
        Deciding rows of continuing phases with a ``cell`` number, ``actor_id``, ``origin``, ``status``, ``weight``,
        ``start``, ``end``, ``duration_years`` (dates as Int64).
    windows
        Indexed by cell number, in order: first, last (integers; ``last < first`` where there is no window).
    boundary
        ``held``, ``split`` or ``gap``: years stated as held and covered by a dated gap.
    counting
        ``actor`` or ``origin``.
    """
    rows = _prepared(rows, windows)
    grid = _grid(windows)
    spread = _spread(rows, windows, grid)
    years = _states(grid, rows, spread, boundary)
    shares = _year_shares(grid, rows, spread, years, counting)
    wanted, squeezed = _durations(rows, years, size=len(windows))
    years, shares, durations = _place_durations(years, shares, wanted)
    coverage = pd.DataFrame(
        {
            "cell": grid["cell"].to_numpy()[spread["slot"]],
            "year": grid["year"].to_numpy()[spread["slot"]],
            "row": spread["row"].to_numpy(),
        }
    )
    return YearStates(years, shares, durations, rows, coverage, squeezed)


def dated_span(rows: pd.DataFrame, first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """Return first and last year each row covers within its window; ``first > last`` where it covers none.

    An absent side reaches to the edge of the window. Worked, window 2012-2021: start 2018 covers 2018-2021, end 2010
    covers nothing.
    """
    low = np.maximum(_filled(rows["start"], first), first)
    high = np.minimum(_filled(rows["end"], last), last)
    return low, high


def _prepared(rows: pd.DataFrame, windows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with ``dated``, ``bare`` (a duration without a date), ``covers`` (some year), ``lo``, ``hi``."""
    rows = rows.reset_index(drop=True)
    cell = rows["cell"].to_numpy()
    low, high = dated_span(rows, windows["first"].to_numpy()[cell], windows["last"].to_numpy()[cell])
    dated = (rows["start"].notna() | rows["end"].notna()).to_numpy(bool)
    bare = (rows["status"] == "held").to_numpy(bool) & ~dated & rows["duration_years"].notna().to_numpy(bool)
    return rows.assign(dated=dated, bare=bare, covers=(low <= high) & ~bare, lo=low, hi=high)


def _grid(windows: pd.DataFrame) -> pd.DataFrame:
    """Return one line per cell and window year: cell, year; cells in order, years ascending."""
    length = np.maximum(windows["last"].to_numpy() - windows["first"].to_numpy() + 1, 0)
    cell = np.repeat(np.arange(len(windows)), length)
    starts = np.cumsum(length) - length
    year = np.arange(length.sum()) - np.repeat(starts, length) + np.repeat(windows["first"].to_numpy(), length)
    return pd.DataFrame({"cell": cell, "year": year})


def _spread(rows: pd.DataFrame, windows: pd.DataFrame, grid: pd.DataFrame) -> pd.DataFrame:
    """Return one line per row and covered year: row, slot (position in the grid), stated."""
    length = np.maximum(windows["last"].to_numpy() - windows["first"].to_numpy() + 1, 0)
    base = np.cumsum(length) - length
    covers = rows["covers"].to_numpy(bool)
    span = np.where(covers, rows["hi"] - rows["lo"] + 1, 0)
    row = np.repeat(np.arange(len(rows)), span)
    offset = np.arange(span.sum()) - np.repeat(np.cumsum(span) - span, span)
    year = rows["lo"].to_numpy()[row] + offset
    cell = rows["cell"].to_numpy()[row]
    slot = base[cell] + year - windows["first"].to_numpy()[cell] if len(grid) else row
    start, end = _filled(rows["start"], -1)[row], _filled(rows["end"], -1)[row]
    between = (start <= year) & (year <= end) & (start >= 0)
    stated = between | (year == start) | (year == end)
    return pd.DataFrame({"row": row, "slot": slot, "stated": stated})


def _states(grid: pd.DataFrame, rows: pd.DataFrame, spread: pd.DataFrame, boundary: str) -> pd.DataFrame:
    status = rows["status"].to_numpy()[spread["row"]]
    dated = rows["dated"].to_numpy(bool)[spread["row"]]
    stated = spread["stated"].to_numpy(bool)
    held, gap = status == "held", np.isin(status, GAP)

    def years_with(which: Flags) -> Flags:
        flags = np.zeros(len(grid), dtype=bool)
        flags[spread["slot"].to_numpy()[which]] = True
        return flags

    held_stated = years_with(held & stated)
    gap_dated = years_with(gap & dated)
    held_assumed = years_with(held & ~stated)
    gap_undated = years_with(gap & ~dated)
    not_applicable = years_with(status == "not_applicable")
    gap_stated = years_with(gap & stated)

    both = held_stated & gap_dated
    held_at_boundary = {"held": 1.0, "split": 0.5, "gap": 0.0}[boundary]
    held_mass = np.where(both, held_at_boundary, held_stated | (~gap_dated & held_assumed))
    gap_mass = np.where(both, 1 - held_at_boundary, ~held_stated & (gap_dated | (~held_assumed & gap_undated)))
    settled = (held_mass + gap_mass) > 0
    applicable = settled | ~not_applicable
    assumed = settled & ~held_stated & ~(gap_dated & gap_stated)
    return grid.assign(
        held=held_mass,
        gap=gap_mass,
        unknown=(applicable & ~settled).astype(float),
        applicable=applicable,
        assumed=assumed,
    )


def _year_shares(
    grid: pd.DataFrame, rows: pd.DataFrame, spread: pd.DataFrame, years: pd.DataFrame, counting: str
) -> pd.DataFrame:
    held = (rows["status"] == "held").to_numpy(bool)[spread["row"]]
    mass = years["held"].to_numpy()[spread["slot"]]
    chosen = spread[held & (mass > 0)]
    who = rows.iloc[chosen["row"]]
    frame = pd.DataFrame(
        {
            "cell": chosen["slot"].to_numpy(),
            "actor_id": who["actor_id"].to_numpy(),
            "origin": who["origin"].to_numpy(),
            "weight": who["weight"].to_numpy(),
        }
    )
    shares = share_out(frame, counting)
    slot = shares["cell"].to_numpy()
    shares["share"] *= years["held"].to_numpy()[slot]
    return shares.assign(cell=grid["cell"].to_numpy()[slot], year=grid["year"].to_numpy()[slot])


def _durations(rows: pd.DataFrame, years: pd.DataFrame, *, size: int) -> tuple[pd.DataFrame, tuple[int, ...]]:
    """Return unplaced durations, scaled to the free years of their cell, and the cells where that was needed.

    Columns: cell, actor_id, origin, weight, unscaled, years, ``part`` (of all durations of the cell), ``fills``.
    """
    has_window = np.bincount(years["cell"], minlength=size) > 0
    bare = rows[rows["bare"] & has_window[rows["cell"].to_numpy()]]
    keys = ["cell", "actor_id", "origin"]
    wanted = bare[[*keys, "weight", "duration_years"]].groupby(keys, sort=False, as_index=False).max()
    # An actor given two origins splits its duration between them, as `share_out` splits a share.
    origins = wanted.groupby(["cell", "actor_id"])["origin"].transform("size")
    wanted = wanted.assign(unscaled=wanted["duration_years"].astype(float) / origins).drop(columns="duration_years")
    cell = wanted["cell"].to_numpy(np.int64)
    free = np.bincount(years["cell"], weights=years["unknown"], minlength=size)
    total = np.bincount(cell, weights=wanted["unscaled"], minlength=size)
    part = wanted["unscaled"] / total[cell]
    wanted = wanted.assign(
        years=part * np.minimum(free, total)[cell], part=part, fills=((total >= free) & (free > 0))[cell]
    )
    return wanted, tuple(int(number) for number in np.flatnonzero(total > free))


def _place_durations(
    years: pd.DataFrame, shares: pd.DataFrame, wanted: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Put durations that fill all free years of their cell into these years; return the others apart (rule 8)."""
    filling = wanted[wanted["fills"]]
    filled = (years["unknown"] > 0) & years["cell"].isin(filling["cell"])
    placed = years.loc[filled, ["cell", "year"]].merge(filling, on="cell").rename(columns={"part": "share"})
    years = years.assign(
        held=years["held"].mask(filled, 1.0),
        unknown=years["unknown"].mask(filled, 0.0),
        assumed=years["assumed"] | filled,
    )
    shares = pd.concat([shares, placed[list(shares.columns)]], ignore_index=True)
    return years, shares, wanted[~wanted["fills"] & (wanted["years"] > 0)].reset_index(drop=True)


def _filled(dates: pd.Series[int], default: Ints | int) -> Ints:
    given = dates.notna().to_numpy(bool)
    return np.where(given, dates.fillna(0).to_numpy(np.int64), default)
