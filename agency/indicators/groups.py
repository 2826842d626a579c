"""Numbers over groups of projects: mean, range and of how many, never a ratio of sums.

Every selected project counts, listed or not: a group is told with the number of its projects, and a phase or an
indicator with how many of them it is known in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from agency.indicators.registry import measured
from agency.indicators.tidy import numbers_of
from agency.resolve import SPEAKS, TOLERANCE, Resolved
from agency.words import marked

if TYPE_CHECKING:
    from collections.abc import Callable

    from agency.resolve import Floats, Ints, Profile

By = Literal["country", "type", "decade", "all"]
"""What projects are grouped by: country, kind of system, decade in which the window starts, or all together."""
NOT_GIVEN = marked("not given")
"""The group of the projects of which this is not known."""
GROUPINGS = ("country", "type", "source")
"""What ``agency indicators --by`` takes; by source every source is a group, with what it tells alone."""

_OF_ONE_PROJECT = ("actor_share", "critical_phases", "timeline", "leave_one_out")
"""Keys that name an actor or a year of one project, or are a range already: a mean of them says nothing."""


def members(projects: pd.DataFrame, by: By) -> pd.DataFrame:
    """Return one line per project and group: ``row`` (position of the project) and ``group``.

    A project in several countries is in the group of each of them.

    Parameters
    ----------
    projects
        country, type and window_start, as `agency.table.Table` has them.
    by
        What the groups are.

    Examples
    --------
    >>> import agency
    >>> members(agency.load().data.projects.loc[["ECU 911", "JSeI"]], "country").to_numpy().tolist()
    [[0, 'ECU'], [1, 'ARG']]
    """
    group: pd.Series[Any]
    if by == "all":
        group = pd.Series("All projects", index=projects.index)
    elif by == "decade":
        start = projects["window_start"]
        group = ((start // 10 * 10).astype(str) + "s").where(start.notna(), NOT_GIVEN)
    else:
        group = projects[by].where(projects[by] != "", NOT_GIVEN).astype(object)
        group = group.str.split(";") if by == "country" else group
    frame = pd.DataFrame({"row": np.arange(len(projects)), "group": group.to_numpy()}).explode("group")
    return frame.assign(group=frame["group"].astype(str).str.strip()).drop_duplicates()


def phase_means(data: Profile, row: Ints, place: Ints, size: int) -> tuple[Floats, Ints]:
    """Return the mean composition of each phase in each group, over the projects in which the phase is known.

    A phase is known in a project with a holder of known origin, or where nobody held it. Each such project weighs the
    same. Worked: of three projects one is Chinese, one half local and half unknown, of one nothing is known: known in
    2, half Chinese, a quarter local, a quarter unknown.

    Parameters
    ----------
    data
        All projects.
    row, place
        Positions of a project and of its group, a pair for each membership.
    size
        Number of groups, G.

    Returns
    -------
    tuple
        (G, K, O + 2): mean of each origin, gap and unknown, NaN where the phase is known in no project; and (G, K): in
        how many it is known.
    """
    values = np.concatenate([data.mass, data.gap[:, :, None], data.unknown_origin[:, :, None]], axis=2)
    known = data.applicable & (data.known + data.gap > TOLERANCE)
    total, n = np.zeros((size, *values.shape[1:])), np.zeros((size, values.shape[1]), dtype=np.int64)
    np.add.at(total, place, np.where(known[:, :, None], values, 0.0)[row])
    np.add.at(n, place, known.astype(np.int64)[row])
    return np.divide(total, n[:, :, None], out=np.full(total.shape, np.nan), where=n[:, :, None] > 0), n


def grouped(resolved: Resolved, by: str) -> pd.DataFrame:
    """Return mean, range and number of projects of every indicator by group.

    The mean is that of the projects, each weighing the same.

    Parameters
    ----------
    resolved
        The table under a view; every selected project counts, listed or not.
    by
        One of `GROUPINGS`, or a column with one value in each project (`Table.of_projects`).

    Returns
    -------
    pandas.DataFrame
        group, key, mean, low, high, n, of; n counts the projects where the indicator is defined, ``of`` those of the
        group.

    Examples
    --------
    >>> import agency
    >>> frame = grouped(agency.load().select(project=["ECU 911", "JSeI"]).resolved, "country")
    >>> frame[frame["key"] == "composition.local"][["group", "n", "of"]].to_numpy().tolist()
    [['ARG', 1, 1], ['ECU', 1, 1]]
    """
    return _each(resolved, by, _numbers)


def grouped_phases(resolved: Resolved, by: str) -> pd.DataFrame:
    """Return the mean composition of each phase by group: what the aggregate figure draws.

    Parameters
    ----------
    resolved, by
        As in `grouped`.

    Returns
    -------
    pandas.DataFrame
        group, phase, known, of (projects of the group in which the phase is known, and in all), then the mean of each
        origin, of gap and unknown over the known ones.

    Examples
    --------
    >>> import agency
    >>> frame = grouped_phases(agency.load().resolved, "type").set_index(["group", "phase"])
    >>> frame.loc[("platform", "operation"), ["known", "of"]].tolist()
    [10, 14]
    """
    return _each(resolved, by, _phases)


def _each(resolved: Resolved, by: str, told: Callable[[Resolved, pd.DataFrame], pd.DataFrame]) -> pd.DataFrame:
    """Return what is told of each group, groups in alphabetical order."""
    whole = resolved.counted
    if by != "source":
        projects = whole.table.projects.loc[list(whole.projects)]
        if by not in GROUPINGS:
            projects = projects.assign(**{by: whole.table.of_projects(by, whole.projects)})
        return told(whole, members(projects, by))  # type: ignore[arg-type]
    frames = [
        told(alone, pd.DataFrame({"row": np.arange(len(alone.projects)), "group": source}))
        for source, alone in by_each_source(whole).items()
    ]
    return pd.concat(frames, ignore_index=True)


def by_each_source(resolved: Resolved) -> dict[str, Resolved]:
    """Return for each source of a view its rows alone, with the selected projects it speaks of."""
    # Whatever the rank: a source that is outranked speaks all the same.
    rows = resolved.rows
    rows = rows[rows["use"].isin(SPEAKS)]
    told = rows[["source", "project"]].drop_duplicates()
    found = {}
    for source in sorted(told["source"].unique()):
        speaks_of = set(told.loc[told["source"] == source, "project"])
        names = tuple(name for name in resolved.projects if name in speaks_of)
        found[str(source)] = resolved.under(projects=names, sources=(str(source),), countries=(), types=())
    return found


def _numbers(resolved: Resolved, inside: pd.DataFrame) -> pd.DataFrame:
    frame = measured(resolved)
    numbers = numbers_of(frame["value"])
    of_one = [key for key in frame["key"].unique() if key.split(".", 1)[0] in _OF_ONE_PROJECT]
    kept = ~frame["key"].isin(of_one) & numbers.notna()
    names = inside.assign(project=np.asarray(resolved.projects, dtype=object)[inside["row"].to_numpy(np.int64)])
    joined = frame.assign(value=numbers)[kept].merge(names, on="project")
    order = {key: at for at, key in enumerate(frame["key"].unique())}
    found = joined.groupby(["group", "key"], sort=False)["value"]
    summary = pd.DataFrame(found.agg(mean="mean", low="min", high="max", n="size")).reset_index()
    summary = summary.assign(of=summary["group"].map(inside.groupby("group").size()), place=summary["key"].map(order))
    return summary.sort_values(["group", "place"], ignore_index=True).drop(columns="place")


def _phases(resolved: Resolved, inside: pd.DataFrame) -> pd.DataFrame:
    data = resolved.every
    place, groups = pd.factorize(inside["group"], sort=True)
    mean, known = phase_means(data, inside["row"].to_numpy(np.int64), place.astype(np.int64), len(groups))
    of = np.bincount(place, minlength=len(groups))
    size = len(data.phases)
    frame = pd.DataFrame(
        {
            "group": np.repeat(np.asarray(groups, dtype=object), size),
            "phase": np.tile(np.asarray(data.phases, dtype=object), len(groups)),
            "known": known.ravel(),
            "of": np.repeat(of, size),
        }
    )
    parts = (*data.origins, "gap", "unknown")
    return frame.assign(**{part: mean[:, :, at].ravel() for at, part in enumerate(parts)})


def groups_document(frame: pd.DataFrame, phases: pd.DataFrame) -> dict[str, Any]:
    """Return groups as dictionaries.

    Returns
    -------
    dict
        ``groups``: by group and dotted key mean, low, high, n and of; ``phases``: by group and phase known, of and the
        mean of each part (None where the phase is known in no project).
    """
    found: dict[str, dict[str, dict[str, Any]]] = {str(group): {} for group in phases["group"]}
    for entry in frame.to_dict("records"):
        numbers = {name: entry[name] for name in ("mean", "low", "high", "n", "of")}
        found[entry["group"]][entry["key"]] = numbers
    told: dict[str, dict[str, dict[str, Any]]] = {}
    for entry in phases.to_dict("records"):
        counts = {"known": entry.pop("known"), "of": entry.pop("of")}
        group, phase = entry.pop("group"), entry.pop("phase")
        means = {str(part): None if pd.isna(value) else float(value) for part, value in entry.items()}
        told.setdefault(group, {})[phase] = {**counts, "mean": means}
    return {"groups": found, "phases": told}
