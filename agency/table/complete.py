"""Who is who: aliases to canonical names, and one identity per actor over the whole table.

Dates of rows and windows of projects (rules 4 and 8 of the data model).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from agency.table.read.frames import by_value

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from agency.vocabulary import Codebook


def alias_map(actors: pd.DataFrame) -> dict[str, str]:
    """Return every alias with the canonical name it ends at; loops are left alone."""
    return _ends(_pairs(actors, "alias", "actor"))


def renamed(names: pd.Series[str], canonical: Mapping[str, str]) -> pd.Series[str]:
    """Return names with those that have a canonical form replaced by it; one look for each distinct name."""
    return by_value(names, lambda distinct: [canonical.get(name, name) for name in distinct])


def looping_aliases(actors: pd.DataFrame) -> set[str]:
    """Return the aliases that lead back to themselves."""
    return _looping(_pairs(actors, "alias", "actor"))


def part_map(actors: pd.DataFrame) -> dict[str, str]:
    """Return every actor with what it is part of, both by their canonical names; the first value of an actor counts."""
    canonical = alias_map(actors)
    given = actors.loc[actors["part_of"] != "", ["actor", "part_of"]]
    given = given.apply(renamed, canonical=canonical).drop_duplicates("actor")
    return dict(zip(given["actor"], given["part_of"], strict=True))


def looping_parts(actors: pd.DataFrame) -> set[str]:
    """Return the actors that are, through others or at once, part of themselves."""
    return _looping(part_map(actors))


def whole_map(actors: pd.DataFrame) -> dict[str, str]:
    """Return every actor that is part of another with the one at the top.

    Examples
    --------
    >>> registry = pd.DataFrame({"actor": ["ECU 911", "SIS"], "alias": "", "part_of": ["SIS", "Government"]})
    >>> whole_map(registry)
    {'ECU 911': 'Government', 'SIS': 'Government'}
    """
    return _ends(part_map(actors))


def _pairs(actors: pd.DataFrame, name: str, other: str) -> dict[str, str]:
    return {a: b for a, b in zip(actors[name], actors[other], strict=True) if a and b and a != b}


def _ends(direct: Mapping[str, str]) -> dict[str, str]:
    """Return for each name where its chain ends; one that runs into a loop ends at a name of the loop.

    Every name is passed once: a -> b -> c gives a and b the end c together, and d -> a then takes it from a.
    """
    ends: dict[str, str] = {}
    for start in direct:
        path: dict[str, None] = {}
        name = start
        while name in direct and name not in ends and name not in path:
            path[name] = None
            name = direct[name]
        ends.update(dict.fromkeys(path, ends.get(name, name)))
    return ends


def _looping(direct: Mapping[str, str]) -> set[str]:
    return {name for name, end in _ends(direct).items() if end in direct}


def add_identities(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with ``holder`` and ``actor_id``.

    A named actor is one actor in the whole table; an unnamed one is an actor of its project only. Where both stand
    in one project under one name, the unnamed one prints as ``NAME (unnamed)``.
    """
    present = rows["actor"] != ""
    beside = clashes(rows)
    holder = rows["actor"].mask(beside, rows["actor"] + " (unnamed)")
    scope = rows["project"].where(rows["unnamed"], "")
    keys = rows.assign(scope=scope).loc[present, ["actor", "unnamed", "scope"]]
    identity = pd.Series(-1, index=rows.index, dtype="int64")
    identity[present] = keys.groupby([*keys], sort=False).ngroup()
    return rows.assign(holder=holder, actor_id=identity)


def clashes(rows: pd.DataFrame) -> pd.Series[bool]:
    """Return which unnamed rows have a named actor of the same name in their project."""
    named = rows.loc[~rows["unnamed"] & (rows["actor"] != ""), ["project", "actor"]]
    pairs = pd.MultiIndex.from_frame(rows[["project", "actor"]])
    return rows["unnamed"] & pd.Series(pairs.isin(pd.MultiIndex.from_frame(named)), index=rows.index)


def complete_dates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with a missing year computed where one year and a duration are given.

    Start 2016 and 3 years is 2016 to 2018, both inclusive.
    """
    span = rows["duration_years"] - 1
    return rows.assign(
        start=rows["start"].fillna(rows["end"] - span),
        end=rows["end"].fillna(rows["start"] + span),
    )


def project_frame(rows: pd.DataFrame, registry: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Return one row per project of the table, in order of first appearance, with its window.

    Parameters
    ----------
    rows
        Typed rows with completed dates.
    registry
        Typed `projects.csv`.
    codebook
        Says which phases continue and until when the study looks.

    Returns
    -------
    DataFrame
        Indexed by project: label, country, window_start, window_end (Int64, both missing without a window),
        window_source (a source key, "derived" where a side had to be derived, "" without a window), launched (Int64),
        type, note.
    """
    order = pd.Index(rows["project"].drop_duplicates(), name="project")
    known = registry.drop_duplicates("project").set_index("project").reindex(order)
    text = known[["label", "country", "window_source", "type", "note"]].fillna("").astype("str")
    start, end, derived = _sides(rows, known, codebook)
    exists = (start.notna() & end.notna() & (start <= end)).fillna(value=False).astype(bool)
    stated = rows.loc[rows["country"] != ""].drop_duplicates("project").set_index("project")["country"].reindex(order)
    source = text["window_source"].mask(derived, "derived").where(exists, "")
    return pd.DataFrame(
        {
            "label": text["label"].mask(text["label"] == "", order.to_series()),
            "country": text["country"].mask(text["country"] == "", stated.fillna("").astype("str")),
            "window_start": start.where(exists),
            "window_end": end.where(exists),
            "window_source": source,
            "launched": known["launched"].astype("Int64"),
            "type": text["type"],
            "note": text["note"],
        },
        index=order,
    )


def _sides(
    rows: pd.DataFrame, known: pd.DataFrame, codebook: Codebook
) -> tuple[pd.Series[int], pd.Series[int], pd.Series[bool]]:
    """Return start, end and whether a side was derived: what `projects.csv` does not give comes from the rows.

    Proposed, denied and deprecated rows do not count. Start: `launched`; else the least start of a continuing row,
    unless one is open to the left (an end without a start); else the least year of any row. End: `until` where a
    continuing row is open to the right or has no year; else the greatest year of any row; where that lies before the
    start, `until` too. Worked, nothing given in projects.csv:

    ==============================================  =======  ==========
    rows                                            `until`  window
    ==============================================  =======  ==========
    maintenance 2014-2016, design 2010              -        2014-2016
    maintenance until 2016, design 2010             -        2010-2016
    maintenance from 2014, design 2010-2015         2020     2014-2020
    maintenance from 2014, design 2010-2015         -        2014-2015
    design 2010, launched 2015                      2020     2015-2020
    design 2010, launched 2015                      -        none
    ==============================================  =======  ==========
    """
    counted = rows.loc[~rows["status"].isin(["proposed", "denied"]) & (rows["rank"] != "deprecated")]
    project = known.index.get_indexer(pd.Index(counted["project"]))
    begun, ended = (counted[side].to_numpy(dtype=float, na_value=np.nan) for side in ("start", "end"))
    timed = counted["phase"].isin([phase.key for phase in codebook.phases if phase.kind == "continuing"]).to_numpy(bool)

    def of_projects(
        extreme: np.ufunc, years: NDArray[np.float64], kept: NDArray[np.bool_] | slice = slice(None)
    ) -> pd.Series[int]:
        found = np.full(len(known), np.nan)
        extreme.at(found, project[kept], years[kept])
        return pd.Series(found, index=known.index).astype("Int64")

    def any_of(kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return np.isin(np.arange(len(known)), project[timed & kept])

    least, greatest = of_projects(np.fmin, np.fmin(begun, ended)), of_projects(np.fmax, np.fmax(begun, ended))
    first = of_projects(np.fmin, begun, timed)
    open_left, open_right = any_of(np.isnan(begun) & ~np.isnan(ended)), any_of(np.isnan(ended))
    given_start, given_end = known["window_start"].astype("Int64"), known["window_end"].astype("Int64")
    start = given_start.fillna(known["launched"].astype("Int64")).fillna(first.mask(open_left)).fillna(least)
    until = pd.Series(codebook.study.until, index=known.index, dtype="Int64")
    last = greatest.mask(open_right, until.fillna(greatest))
    short = (last.isna() | (last < start)).fillna(value=True).astype(bool)
    end = given_end.fillna(last.mask(short, until).where(start.notna()))
    derived = (given_start.isna() & start.notna()) | (given_end.isna() & end.notna())
    return start, end, derived
