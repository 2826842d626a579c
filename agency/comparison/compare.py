"""Projects side by side: cells and distances (I17)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from agency.comparison.distances import (
    GAP,
    SET_DISTANCES,
    PairDistance,
    Pattern,
    common_phases,
    patterns,
    profile_distance,
    set_distance,
    shared_weights,
)
from agency.errors import UsageError
from agency.resolve import TOLERANCE, Profile, Resolved
from agency.words import marked, text

if TYPE_CHECKING:
    from agency.resolve import CellTable


ONLY_IN_TIME = marked("only in mode time")


def compare(resolved: Resolved) -> dict[str, Any]:
    """Return projects side by side.

    Parameters
    ----------
    resolved
        Of at least two listed projects.

    Returns
    -------
    dict
        For two projects ``cells`` (a list: phase, a, b, origins_a, origins_b, same_origins, same_actors; origins and
        answers are None where the holders are not known), ``distance`` (by name: value, compared_phases, bounds),
        and ``why``. For more ``matrix`` (by name, project, project) and ``order``,
        the projects by single linkage of Jaccard's distance of origins, or of total variation in mode time.

    Raises
    ------
    UsageError
        If there are fewer than two projects.

    Examples
    --------
    >>> import agency
    >>> study = agency.load().select(project=["ECU 911", "JSeI"])
    >>> found = compare(study.resolved)
    >>> found["distance"]["origins_jaccard"]["value"], found["distance"]["origins_jaccard"]["compared_phases"]
    (0.0, 6)
    """
    data = resolved.arrays
    if len(data.projects) < 2:
        message = text("A comparison needs two projects that are in view; name at least two.")
        raise UsageError(message)
    if len(data.projects) == 2:
        return _pair(data, resolved.cells, timed=resolved.view.mode == "time")
    return _many(data, timed=resolved.view.mode == "time")


def distance_frame(found: Mapping[str, Any]) -> pd.DataFrame:
    """Return the distances of two projects or more, a row per pair and distance.

    Parameters
    ----------
    found
        From `compare`.

    Returns
    -------
    pandas.DataFrame
        a, b, distance, value, low, high, compared_phases, why; value is missing where ``why`` says why.

    Examples
    --------
    >>> import agency
    >>> found = compare(agency.load().select(project=["ECU 911", "JSeI"]).resolved)
    >>> next(distance_frame(found).itertuples(index=False, name=None))
    ('ECU 911', 'JSeI', 'origins_jaccard', 0.0, 0.0, 0.0, 6, '')
    """
    projects = found["projects"]
    if "distance" in found:
        pairs = [(*projects, name, entry) for name, entry in found["distance"].items()]
    else:
        pairs = [
            (one, other, name, table[one][other])
            for at, one in enumerate(projects)
            for other in projects[at + 1 :]
            for name, table in found["matrix"].items()
        ]
    rows = []
    for one, other, name, entry in pairs:
        low, high = entry["bounds"] or (None, None)
        # The matrix has total variation in mode time only.
        why = (
            ""
            if entry["value"] is not None
            else found.get("why", {}).get(f"distance.{name}", _reason(name, timed=True))
        )
        rows.append((one, other, name, entry["value"], low, high, entry["compared_phases"], why))
    columns = ["a", "b", "distance", "value", "low", "high", "compared_phases", "why"]
    return pd.DataFrame(rows, columns=columns).astype({"value": float, "low": float, "high": float})


def distances(data: Profile, one: int, other: int, *, timed: bool) -> dict[str, PairDistance]:
    """Return all distances of two projects by name; total variation is undefined unless `timed`."""
    found = patterns(data)
    return _distances(data, (one, found[one]), (other, found[other]), timed=timed)


def single_linkage(names: Sequence[str], distance: Mapping[tuple[int, int], float | None]) -> list[str]:
    """Return names in the order in which single linkage joins them; undefined distances are joined last.

    Parameters
    ----------
    names
        In the order that decides ties.
    distance
        By pair of positions (i < j).

    Examples
    --------
    >>> single_linkage(["a", "b", "c"], {(0, 1): 0.9, (0, 2): 0.1, (1, 2): 0.8})
    ['a', 'c', 'b']
    """
    clusters = {at: [at] for at in range(len(names))}
    home = list(range(len(names)))
    for _, one, other in sorted((2.0 if value is None else value, *pair) for pair, value in distance.items()):
        first, second = sorted((home[one], home[other]))
        if first != second:
            for member in clusters[second]:
                home[member] = first
            clusters[first] += clusters.pop(second)
    return [names[at] for cluster in clusters.values() for at in cluster]


def _pair(data: Profile, cells: CellTable, *, timed: bool) -> dict[str, Any]:
    one, other = patterns(data)
    rows = []
    for at, key in enumerate(data.phases):
        texts = [cells.cell(project, key).text for project in data.projects]
        rows.append(
            {
                "phase": key,
                "a": texts[0],
                "b": texts[1],
                "origins_a": _listed(one.origins[at], data),
                "origins_b": _listed(other.origins[at], data),
                "same_origins": _same(one.origins[at], other.origins[at]),
                "same_actors": _same(one.actors[at], other.actors[at]),
            }
        )
    found = _distances(data, (0, one), (1, other), timed=timed)
    why = {f"distance.{name}": _reason(name, timed=timed) for name, entry in found.items() if entry.value is None}
    return {
        "projects": list(data.projects),
        "cells": rows,
        "distance": {name: _entry(entry) for name, entry in found.items()},
        "why": why,
    }


def _many(data: Profile, *, timed: bool) -> dict[str, Any]:
    found = list(enumerate(patterns(data)))
    pairs = {
        (one[0], other[0]): _distances(data, one, other, timed=timed)
        for at, one in enumerate(found)
        for other in found[at + 1 :]
    }
    names = [*SET_DISTANCES, *(["origins_tv"] if timed else [])]
    table: dict[str, dict[str, dict[str, Any]]] = {}
    for name in names:
        rows: dict[str, dict[str, Any]] = {project: {} for project in data.projects}
        for one, project in enumerate(data.projects):
            for other, partner in enumerate(data.projects):
                if one != other:
                    rows[project][partner] = _entry(pairs[min(one, other), max(one, other)][name])
        table[name] = rows
    by = order_measure(timed=timed)
    order = single_linkage(data.projects, {pair: entry[by].value for pair, entry in pairs.items()})
    return {"projects": list(data.projects), "matrix": table, "order": order}


def order_measure(*, timed: bool) -> str:
    """Return the name of the distance that orders more than two projects."""
    return "origins_tv" if timed else "origins_jaccard"


def _distances(
    data: Profile, first: tuple[int, Any], second: tuple[int, Any], *, timed: bool
) -> dict[str, PairDistance]:
    (one, mine), (other, yours) = first, second
    weights = shared_weights(data, one, other).tolist()
    found = {
        name: set_distance(getattr(mine, what), getattr(yours, what), weights, distance, least=common_phases(data))
        for name, (what, distance) in SET_DISTANCES.items()
    }
    found["origins_tv"] = profile_distance(data, one, other) if timed else PairDistance(None, 0, None)
    return found


def _reason(name: str, *, timed: bool) -> str:
    return (
        ONLY_IN_TIME
        if name == "origins_tv" and not timed
        else marked("fewer phases are known in both than a comparison needs")
    )


def _entry(found: PairDistance) -> dict[str, Any]:
    bounds = None if found.bounds is None else [_clean(side) for side in found.bounds]
    value = None if found.value is None else _clean(found.value)
    return {"value": value, "compared_phases": found.compared_phases, "bounds": bounds}


def _clean(value: float) -> float:
    """Return 0 for what is 0 but for rounding."""
    return 0.0 if abs(value) < TOLERANCE else value


def _listed(found: Pattern | None, data: Profile) -> list[str] | None:
    """Return the origins of a set in the order of the codebook, ``gap`` where nobody holds, None where unknown."""
    if found is None:
        return None
    return ["gap"] if found == GAP else [origin for origin in data.origins if origin in found]


def _same(one: Pattern | None, other: Pattern | None) -> bool | None:
    return None if one is None or other is None else one == other
