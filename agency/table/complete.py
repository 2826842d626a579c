"""Who is who: aliases to canonical names, and one identity per actor over the whole table.

Dates of rows and windows of projects (rules 4 and 8 of the data model).
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd


def alias_map(actors: pd.DataFrame) -> dict[str, str]:
    """Return every alias with the canonical name it ends at; chains are followed, loops are left alone."""
    direct = {
        alias: actor
        for alias, actor in zip(actors["alias"], actors["actor"], strict=True)
        if alias and actor and alias != actor
    }
    return {alias: _follow(direct, alias) for alias in direct}


def looping_aliases(actors: pd.DataFrame) -> set[str]:
    """Return the aliases that lead back to themselves."""
    direct = {a: n for a, n in zip(actors["alias"], actors["actor"], strict=True) if a and n and a != n}
    return {alias for alias in direct if _follow(direct, alias) in direct}


def _follow(direct: Mapping[str, str], alias: str) -> str:
    seen = {alias}
    name = direct[alias]
    while name in direct and name not in seen:
        seen.add(name)
        name = direct[name]
    return name


def add_identities(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with ``holder`` and ``actor_id``.

    A named actor is one actor in the whole table; an unnamed one is an actor of its project only. Where both stand
    in one project under one name, the unnamed one prints as ``NAME (unnamed)``.
    """
    present = rows["actor"] != ""
    beside = clashes(rows)
    holder = rows["actor"].mask(beside, rows["actor"] + " (unnamed)")
    scope = rows["project"].where(rows["unnamed"], "")
    keys = pd.MultiIndex.from_arrays([rows["actor"], rows["unnamed"], scope])
    identity = pd.Series(-1, index=rows.index, dtype="int64")
    identity[present] = pd.factorize(keys[present.to_numpy()])[0]
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


def project_frame(rows: pd.DataFrame, registry: pd.DataFrame) -> pd.DataFrame:
    """Return one row per project of the table, in order of first appearance, with its window.

    Parameters
    ----------
    rows
        Typed rows with completed dates.
    registry
        Typed `projects.csv`: project, label, country, window_start, window_end, window_source, note.

    Returns
    -------
    DataFrame
        Indexed by project: label, country, window_start, window_end (Int64, both missing without a window),
        window_source (a source key, "derived" where a side had to be derived, "" without a window), note.
    """
    order = pd.Index(rows["project"].drop_duplicates(), name="project")
    known = registry.drop_duplicates("project").set_index("project").reindex(order)
    text = known[["label", "country", "window_source", "note"]].fillna("").astype("str")
    start, end, derived = _sides(rows, known)
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
            "note": text["note"],
        },
        index=order,
    )


def _sides(rows: pd.DataFrame, known: pd.DataFrame) -> tuple[pd.Series[int], pd.Series[int], pd.Series[bool]]:
    """Return start, end and whether a side was derived from the years of the project's rows."""
    counted = rows.loc[rows["status"] != "proposed", ["project", "start", "end"]]
    years = pd.concat([counted["start"], counted["end"]])
    by_project = years.groupby(pd.concat([counted["project"], counted["project"]]))
    least = by_project.min().reindex(known.index).astype("Int64")
    greatest = by_project.max().reindex(known.index).astype("Int64")
    given_start, given_end = known["window_start"].astype("Int64"), known["window_end"].astype("Int64")
    start, end = given_start.fillna(least), given_end.fillna(greatest)
    derived = (given_start.isna() & start.notna()) | (given_end.isna() & end.notna())
    return start, end, derived
