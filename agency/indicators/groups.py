"""Indicators over groups of projects: mean, range and number, never a ratio of sums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from agency.indicators.registry import measured
from agency.indicators.tidy import as_number
from agency.resolve import SPEAKS, Resolved

if TYPE_CHECKING:
    pass


def by_country(resolved: Resolved) -> pd.DataFrame:
    """Return mean, range and number of projects of every indicator by country.

    A project in several countries counts in each of them. The mean is that of the projects, each weighing the same.

    Returns
    -------
    pandas.DataFrame
        group, key, mean, low, high, n; n counts the projects where the indicator is defined.

    Examples
    --------
    >>> import agency
    >>> study = agency.load().select(project=["ECU 911", "JSeI"])
    >>> frame = by_country(study.resolved)
    >>> frame[frame["key"] == "composition.local"][["group", "n"]].to_numpy().tolist()
    [['ARG', 1], ['ECU', 1]]
    """
    table = resolved.table
    rows = table.rows[table.rows["project"].isin(resolved.listed)]
    pairs = rows[["project", "country"]].drop_duplicates()
    pairs = pairs.assign(group=pairs["country"].str.split(";")).explode("group")[["project", "group"]].drop_duplicates()
    frame = measured(resolved)
    return _aggregate(frame.merge(pairs, on="project").replace({"group": {"": "(no country)"}}))


def by_source(resolved: Resolved) -> pd.DataFrame:
    """Return mean, range and number of projects of every indicator, as each source alone tells it.

    Every source that speaks of a selected project is a group: the indicators of these projects from its rows only.

    Returns
    -------
    pandas.DataFrame
        As `by_country`.

    Examples
    --------
    >>> import agency
    >>> study = agency.load().select(project=["ECU 911", "JSeI"], source="vilaseoane2024")
    >>> frame = by_source(study.resolved)
    >>> frame.loc[frame["key"] == "composition.local", ["group", "n"]].to_numpy().tolist()
    [['vilaseoane2024', 2]]
    """
    frames = [measured(alone).assign(group=source) for source, alone in by_each_source(resolved).items()]
    return _aggregate(pd.concat(frames, ignore_index=True))


def by_each_source(resolved: Resolved) -> dict[str, Resolved]:
    """Return for each source of a view its rows alone, with the listed projects it speaks of."""
    # Whatever the rank: a source that is outranked speaks all the same.
    rows = resolved.rows
    rows = rows[rows["use"].isin(SPEAKS)]
    told = rows[["source", "project"]].drop_duplicates()
    found = {}
    for source in sorted(told["source"].unique()):
        speaks_of = set(told.loc[told["source"] == source, "project"])
        names = tuple(name for name in resolved.listed if name in speaks_of)
        if names:
            found[str(source)] = resolved.under(projects=names, sources=(str(source),), countries=())
    return found


def _aggregate(frame: pd.DataFrame) -> pd.DataFrame:
    # Keys that name an actor or a year belong to one project; words and lists have no mean.
    first = frame["key"].str.split(".", n=1).str[0]
    numbers = pd.to_numeric(frame["value"].map(as_number), errors="coerce")
    kept = ~first.isin(["actor_share", "critical_phases", "timeline"]) & numbers.notna()
    found = frame.assign(value=numbers)[kept].groupby(["group", "key"], sort=False)["value"]
    order = {key: at for at, key in enumerate(frame["key"].unique())}
    summary = found.agg(mean="mean", low="min", high="max", n="size").reset_index()
    place = summary["key"].map(order)
    return summary.assign(place=place).sort_values(["group", "place"], ignore_index=True).drop(columns="place")


def groups_document(frame: pd.DataFrame) -> dict[str, dict[str, dict[str, Any]]]:
    """Return groups as dictionaries: group, dotted key, then mean, low, high and n."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for entry in frame.to_dict("records"):
        numbers = {name: entry[name] for name in ("mean", "low", "high", "n")}
        found.setdefault(entry["group"], {})[entry["key"]] = numbers
    return found
