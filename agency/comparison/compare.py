"""Projects side by side: cells, and distances between sets of holders and profiles of a phase (I17, I19)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from agency.errors import UsageError
from agency.resolve import TOLERANCE, Profile, Resolved
from agency.words import marked, text

if TYPE_CHECKING:
    from agency.resolve import CellTable, Floats


Distance = Callable[[Any, Any], Fraction | int]


def masi(one: AbstractSet[Any], other: AbstractSet[Any]) -> Fraction:
    """Return the MASI distance 1 - J * M of two sets.

    J is the Jaccard similarity; M is 1 for equal sets, 2/3 where one contains the other, 1/3 where they overlap,
    0 where they are disjoint, in exact thirds (Passonneau 2006). Two empty sets are equal: 0.

    Returns
    -------
    fractions.Fraction
        In [0, 1]; a metric.

    Examples
    --------
    >>> masi({1, 2}, {1, 2, 3, 4})
    Fraction(2, 3)
    """
    common = len(one & other)
    union = len(one) + len(other) - common
    # M x 3: 3 where the sets are equal, 2 where the common part is the whole of one of them, else 1.
    if common == union:
        return _fraction(0, 1)
    thirds = 2 if common in (len(one), len(other)) else 1
    return _fraction(3 * union - thirds * common, 3 * union)


def jaccard(one: AbstractSet[Any], other: AbstractSet[Any]) -> Fraction:
    """Return the Jaccard distance 1 - |A n B| / |A u B| of two sets (Jaccard 1901); two empty sets: 0.

    Returns
    -------
    fractions.Fraction
        In [0, 1]; a metric.

    Examples
    --------
    >>> jaccard({"local"}, {"local", "chinese"})
    Fraction(1, 2)
    """
    common = len(one & other)
    union = len(one) + len(other) - common
    return _fraction(union - common, union or 1)


def nominal(one: Hashable, other: Hashable) -> Fraction:
    """Return 0 for equal values and 1 for any others.

    Examples
    --------
    >>> nominal("a", "b")
    Fraction(1, 1)
    """
    return _fraction(int(one != other), 1)


@cache
def _fraction(part: int, whole: int) -> Fraction:
    """Return a fraction: sets are small, so that the same few are asked for ten thousands of times."""
    return Fraction(part, whole)


DISTANCES: dict[str, Distance] = {"masi": masi, "jaccard": jaccard, "nominal": nominal}


Pattern = frozenset[Hashable]


SET_DISTANCES: dict[str, tuple[str, Distance]] = {
    "origins_jaccard": ("origins", jaccard),
    "origins_masi": ("origins", masi),
    "origins_nominal": ("origins", nominal),
    "actors_jaccard": ("actors", jaccard),
    "actors_masi": ("actors", masi),
}
"""Distances between holder sets: what is in the sets, and the distance of two of them."""


@dataclass(frozen=True)
class Gap:
    """The set of a phase that nobody holds: vacant and negotiating are one category."""


GAP: Pattern = frozenset([Gap()])


@dataclass(frozen=True)
class Patterns:
    """Holder sets of one project by phase; None where the phase is not known."""

    origins: tuple[Pattern | None, ...]
    """Origin keys; not known either where a holder is of unknown origin."""
    actors: tuple[Pattern | None, ...]
    """Identities over the whole table: `Local firms` of two projects are two actors."""


@dataclass(frozen=True)
class PairDistance:
    """A distance of two projects: the weighted mean over the phases known in both."""

    value: float | None
    """In [0, 1]; None where no phase can be compared."""
    compared_phases: int
    bounds: tuple[float, float] | None
    """Over all phases that apply to both, the unknown ones taken as equal and as entirely different."""


def patterns(data: Profile) -> list[Patterns]:
    """Return the holder sets of every project.

    Examples
    --------
    >>> import agency
    >>> found = patterns(agency.load().select(project="JSeI").resolved.arrays)
    >>> sorted(found[0].origins[3])
    ['chinese', 'local']
    """
    shape = data.weight.shape
    actors: dict[tuple[int, int], set[Hashable]] = {}
    for project, phase, actor in zip(*data.links, strict=True):
        actors.setdefault((int(project), int(phase)), set()).add(int(data.actors.identity[actor]))
    nobody = (data.holders == 0) & (data.gap > 0)
    found = []
    for project in range(shape[0]):
        by_origin: list[Pattern | None] = []
        by_actor: list[Pattern | None] = []
        for phase in range(shape[1]):
            held = actors.get((project, phase))
            names = frozenset(np.asarray(data.origins)[data.present[project, phase]].tolist())
            empty = GAP if nobody[project, phase] else None
            by_actor.append(frozenset(held) if held else empty)
            hidden = data.of_unknown_origin[project, phase]
            by_origin.append(None if hidden else (names or empty))
        found.append(Patterns(tuple(by_origin), tuple(by_actor)))
    return found


def set_distance(
    one: Sequence[Pattern | None],
    other: Sequence[Pattern | None],
    weights: Sequence[float],
    distance: Distance,
    *,
    least: int = 1,
) -> PairDistance:
    """Return the weighted mean distance of two rows of sets (Jaccard 1901; MASI: Passonneau 2006).

    Parameters
    ----------
    one, other
        A set per phase, None where it is not known.
    weights
        Of the phases; 0 where a phase does not apply to both.
    distance
        Between two sets, in [0, 1].
    least
        With fewer phases known in both there is no value.

    Examples
    --------
    >>> from agency.comparison.compare import jaccard
    >>> a, b = frozenset("a"), frozenset("ab")
    >>> set_distance([a, a, None], [a, b, a], [1, 1, 1], jaccard)
    PairDistance(value=0.25, compared_phases=2, bounds=(0.16666666666666666, 0.5))
    """
    terms = [
        (weight, None if a is None or b is None else float(distance(a, b)))
        for a, b, weight in zip(one, other, weights, strict=True)
        if weight > 0
    ]
    return _mean(
        [(weight, value, *((0.0, 1.0) if value is None else (value, value))) for weight, value in terms], least
    )


def profile_distance(data: Profile, one: int, other: int) -> PairDistance:
    """Return the weighted mean total variation of two projects' phases (known origins and gap).

    Value: between what is known of both, each scaled to 1. Bounds of a phase with certain masses p, q: 1 - sum
    min(p, q) at most, and at least sum max(0, p - q) less what is unknown or undated of q, which is the same the other
    way round.

    Examples
    --------
    >>> import agency
    >>> data = agency.load().select(project=["ECU 911", "JSeI"], mode="time").resolved.arrays
    >>> float(round(profile_distance(data, 0, 1).value, 12))
    0.05
    """
    known = np.concatenate([data.mass, data.gap[:, :, None]], axis=2)
    undated = np.concatenate([data.undated, data.undated_gap[:, :, None]], axis=2)
    terms = []
    for phase, weight in enumerate(shared_weights(data, one, other)):
        if weight > 0:
            p, q = known[one, phase], known[other, phase]
            sure = p - undated[one, phase], q - undated[other, phase]
            terms.append((weight, _variation(p, q), *_variation_bounds(*sure)))
    return _mean(terms, common_phases(data))


def common_phases(data: Profile) -> int:
    """Return how many phases two projects must both be known in: the codebook's line, or all there are."""
    line = data.codebook.thresholds.get("common_phases")
    return min(len(data.phases), int(line.value) if line else 3)


def shared_weights(data: Profile, one: int, other: int) -> Floats:
    """Return the weight of each phase, 0 where it does not apply to both projects."""
    both = data.applicable[one] & data.applicable[other]
    return np.where(both, data.weight[one], 0.0)


def _mean(terms: Sequence[tuple[float, float | None, float, float]], least: int) -> PairDistance:
    """Return the distance of terms (weight, value or None, lower, upper); none with fewer than `least` values."""
    total = sum(term[0] for term in terms)
    if total <= 0:
        return PairDistance(None, 0, None)
    compared = [(weight, value) for weight, value, _, _ in terms if value is not None]
    known = sum(weight for weight, _ in compared)
    low = sum(weight * lower for weight, _, lower, _ in terms) / total
    high = sum(weight * upper for weight, _, _, upper in terms) / total
    value = sum(weight * value for weight, value in compared) / known if len(compared) >= max(least, 1) else None
    return PairDistance(None if value is None else float(value), len(compared), (float(low), float(high)))


def _variation(p: Floats, q: Floats) -> float | None:
    if min(p.sum(), q.sum()) <= TOLERANCE:
        return None
    return float(np.abs(p / p.sum() - q / q.sum()).sum() / 2)


def _variation_bounds(p: Floats, q: Floats) -> tuple[float, float]:
    # What p has more than q, less what q may still be; the other way round is the same number.
    low = max(0.0, np.maximum(p - q, 0.0).sum() - (1.0 - q.sum()))
    return float(low), float(1.0 - np.minimum(p, q).sum())


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
