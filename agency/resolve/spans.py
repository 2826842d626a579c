"""Which years each row speaks of: its own, those of another passage about the same actor, or a length without dates.

A passage that names a holder without years (Table 1: "ZTE (technical)") and another that gives the years of the same
actor in the same cell speak of one thing: the first decides who holds, the second lends its years.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from agency.resolve.years import Flags, Ints


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
        # Codes are counted from what is there, so that no two cells can share a number.
        key = frame["actor_id"].to_numpy(np.int64) + 1
        for code in codes:
            key = pd.factorize(key * (int(code.max(initial=0)) + 1) + code)[0].astype(np.int64)
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
    lenders = np.flatnonzero(table.lending & table.dated & may_lend)
    borrowers = np.flatnonzero(table.undated)
    size = len(table.frame)
    years = table.frame.take(lenders)[["start", "end"]].reset_index(drop=True)
    offer = years.assign(key=table.key[lenders], given=table.scope[lenders], standing=table.standing[lenders])
    need = pd.DataFrame({"key": table.key[borrowers], "scope": table.scope[borrowers]})
    # Pairs are made of what is distinct, not of rows: twenty thousand rows of one cell make a handful.
    pairs = need.drop_duplicates().merge(offer.drop_duplicates(), on="key")
    pairs = pairs[(pairs["given"] == 0) | (pairs["given"] == pairs["scope"])]
    spans = pairs[["key", "scope", "start", "end"]].drop_duplicates()
    taken = need.assign(row=borrowers).merge(spans, on=["key", "scope"])[["row", "start", "end"]]
    foreign = pairs.groupby(["key", "scope"])["standing"].all().rename("needless").reset_index()
    needless = need.merge(foreign, on=["key", "scope"], how="left")["needless"].eq(other=True).to_numpy(bool)
    lent = pairs.loc[~pairs["standing"], ["key", "given"]].drop_duplicates()
    asked = offer.merge(lent.assign(asked=True), on=["key", "given"], how="left")["asked"].notna().to_numpy(bool)
    flags = np.zeros((2, size), dtype=bool)
    flags[0, lenders] = asked & ~table.standing[lenders]
    flags[1, borrowers] = needless
    named = need.drop_duplicates().merge(offer[["key", "given"]].assign(lender=lenders), on="key")
    named = named[(named["given"] == 0) | (named["given"] == named["scope"])]
    # One tuple for all the rows that wait for the same years.
    by_need = {wanted: tuple(rows.tolist()) for wanted, rows in named.groupby(["key", "scope"])["lender"]}
    waiting = zip(borrowers.tolist(), zip(need["key"], need["scope"], strict=True), strict=True)
    takes = {row: by_need[wanted] for row, wanted in waiting if wanted in by_need}
    return taken.sort_values("row", kind="stable", ignore_index=True), flags[0], flags[1], takes


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
    longest = pd.DataFrame({"row": at, "key": table.key[at], "years": table.length[at]})
    longest = longest.sort_values(["key", "years", "row"], ascending=[True, False, True], kind="stable")
    longest = longest.drop_duplicates("key")
    chosen = np.zeros(len(table.frame), dtype=bool)
    chosen[longest["row"].to_numpy(np.int64)] = True
    idle |= bare & ~chosen & ~dated[table.key]
    # A length that is lent is carried by the first row that waits for it; the others speak through it too.
    lent = longest[spare[longest["row"].to_numpy(np.int64)]]
    carriers = pd.DataFrame({"key": table.key[waiting], "row": np.flatnonzero(waiting)})
    carriers = carriers.merge(lent.rename(columns={"row": "lender"}), on="key")
    takes: dict[int, tuple[int, ...]] = {
        int(row): (int(by),) for row, by in zip(carriers["row"], carriers["lender"], strict=True)
    }
    carriers["years"] = carriers["years"].mask(carriers["key"].duplicated(), 0.0)
    own = longest[~longest["row"].isin(lent["row"])]
    durations = pd.concat([own[["row", "years"]], carriers[["row", "years"]]], ignore_index=True)
    return durations.sort_values("row", ignore_index=True), chosen & spare, idle, takes
