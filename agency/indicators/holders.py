"""What the holder sets say: counts, sole foreign holders, withdrawal, hand-over (I03, I09, I15, I16)."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from agency.indicators.concentration import actor_keys
from agency.indicators.tidy import NO_HOLDER, counts, joined, lists, ratio_of, tidy, tidy_long
from agency.resolve import Resolved
from agency.words import marked

if TYPE_CHECKING:
    from agency.resolve import Flags, Ints, Profile

MOST_PHASES = 20
TOO_MANY_PHASES = marked("more than 20 held phases: not computed")
"""The bus factor looks at every half of the held phases; beyond this number that takes too long."""


def holder_counts(resolved: Resolved) -> pd.DataFrame:
    """Return in how many phases each origin is present, and in how many it stands alone (I03).

    Full counting (Nature Index; Waltman & van Eck 2015): a phase counts once for every origin in it, so that counts
    may add up to more than the number of phases. Sole: every holder has that origin.

    Returns
    -------
    pandas.DataFrame
        Keys ``full_count.ORIGIN`` and ``sole_count.ORIGIN``, whole numbers.

    Examples
    --------
    >>> import agency
    >>> frame = holder_counts(agency.load().select(project="JSeI").resolved)
    >>> frame.loc[frame["key"].isin(["full_count.chinese", "sole_count.chinese"]), "value"].tolist()
    [3, 2]
    """
    data = resolved.arrays
    known = counts((data.holders > 0).sum(axis=1))[:, None]
    frames = []
    for name, flags in (("full", data.present), ("sole", sole(data))):
        number = counts(flags.sum(axis=1))
        keys = [f"{name}_count.{origin}" for origin in data.origins]
        frames.append(tidy(data, keys, number, ratio=(number, np.broadcast_to(known, number.shape))))
    return joined(frames)


def sole_foreign(resolved: Resolved) -> pd.DataFrame:
    """Return the phases with a single holder, a foreign one (I09; Arjona et al. 2023).

    Returns
    -------
    pandas.DataFrame
        Keys ``sole_foreign_phases``, a list in process order, and ``sole_foreign_rate`` in [0, 1], their number
        among the phases with a holder.

    Examples
    --------
    >>> import agency
    >>> sole_foreign(agency.load().select(project="JSeI").resolved)["value"].tolist()
    [['design', 'maintenance'], 0.3333333333333333]
    """
    data = resolved.arrays
    # An actor given two origins is one holder, foreign only if both are.
    alone = (data.holders == 1) & _only_foreign(data)
    project, phase = np.nonzero(alone)
    names = lists(project, np.asarray(data.phases, dtype=object)[phase], len(data.projects))
    number, known = alone.sum(axis=1), (data.holders > 0).sum(axis=1)
    rate = ratio_of(number, known)
    return joined(
        [
            tidy(data, ["sole_foreign_phases"], names),
            tidy(data, ["sole_foreign_rate"], rate, why=NO_HOLDER, ratio=(number, known)),
        ]
    )


def withdrawal(resolved: Resolved) -> pd.DataFrame:
    """Return the bus factor and the phases that hang on each actor alone (I15; Avelino et al. 2016).

    The bus factor is the least number of actors whose withdrawal leaves more than half of the held phases without
    a holder: over all sets of floor(n/2) + 1 of the n held phases, the least number of distinct holders in them.

    Returns
    -------
    pandas.DataFrame
        Keys ``bus_factor`` in 1..n and ``critical_phases.ACTOR``, the number of phases with no other holder.

    Examples
    --------
    >>> import agency
    >>> frame = withdrawal(agency.load().select(project="JSeI").resolved)
    >>> dict(zip(frame["key"], frame["value"]))["bus_factor"]
    2
    """
    data = resolved.arrays
    project, phase, actor = data.links
    held = (data.holders > 0).sum(axis=1)
    why = np.where(held > MOST_PHASES, TOO_MANY_PHASES, NO_HOLDER)
    least = _least_holders(data)
    factor = tidy(data, ["bus_factor"], counts(least, undefined=least == 0), why=why)
    alone = data.holders[project, phase] == 1
    number = np.bincount(actor[alone], minlength=len(data.actors.names))
    order = np.unique(actor)
    order = order[np.argsort(data.actors.project[order], kind="stable")]
    keys = actor_keys("critical_phases", data, order)
    critical = tidy_long(data, data.actors.project[order], keys, counts(number[order]))
    return joined([factor, critical])


def handover(resolved: Resolved) -> pd.DataFrame:
    """Return how custody passes from phase to phase (I16; two-mode network, Borgatti & Everett 1997).

    Breaks are consecutive core phases that both have a holder and share none. Components, edges, density and the
    largest degree are those of the graph of actors and phases.

    Returns
    -------
    pandas.DataFrame
        Keys ``handover.breaks``, ``.components``, ``.edges``, ``.density`` = edges / (actors x phases with a
        holder), ``.max_degree``.

    Examples
    --------
    >>> import agency
    >>> handover(agency.load().select(project="JSeI").resolved)["value"].tolist()
    [3, 2, 7, 0.3888888888888889, 3]
    """
    data = resolved.arrays
    size = len(data.projects)
    project, _, actor = data.links
    shared = _shared(data)
    held = data.holders > 0
    edges = data.holders.sum(axis=1)
    _, first = np.unique(actor, return_index=True)
    actors = np.bincount(project[first], minlength=size)
    degree = np.zeros(size, dtype=np.int64)
    np.maximum.at(degree, data.actors.project, np.bincount(actor, minlength=len(data.actors.names)))
    degree = np.maximum(degree, data.holders.max(axis=1, initial=0))
    possible = actors * held.sum(axis=1)
    nobody = edges == 0
    return joined(
        [
            tidy(data, ["handover.breaks"], counts(_breaks(data, shared))),
            tidy(data, ["handover.components"], counts(_components(held, shared))),
            tidy(data, ["handover.edges"], counts(edges)),
            tidy(data, ["handover.density"], ratio_of(edges, possible), why=NO_HOLDER, ratio=(edges, possible)),
            tidy(data, ["handover.max_degree"], counts(degree, undefined=nobody), why=NO_HOLDER),
        ]
    )


def sole(data: Profile) -> Flags:
    """Return (P, K, O): whether every holder of a phase has this origin."""
    kinds = data.present.sum(axis=2) + data.of_unknown_origin
    alone: Flags = data.present & (kinds == 1)[:, :, None]
    return alone


def _only_foreign(data: Profile) -> Flags:
    """Return (P, K): whether somebody holds the phase and every origin named for it is foreign."""
    some: Flags = np.any(data.present & data.foreign, axis=2)
    others: Flags = np.any(data.present & ~data.foreign, axis=2) | data.of_unknown_origin
    return some & ~others


def _least_holders(data: Profile) -> Ints:
    """Return (P,): least number of holders of a majority of the held phases, 0 where there is none to look at."""
    project, phase, actor = data.links
    # An actor is the set of its phases, one bit each; so is a candidate majority.
    pattern = np.zeros(len(data.actors.names), dtype=np.int64)
    np.bitwise_or.at(pattern, actor, np.left_shift(1, phase))
    held = np.zeros(len(data.projects), dtype=np.int64)
    np.bitwise_or.at(held, project, np.left_shift(1, phase))
    number = (data.holders > 0).sum(axis=1)
    least = np.zeros(len(data.projects), dtype=np.int64)
    for size in np.unique(number[(number > 0) & (number <= MOST_PHASES)]):
        rows = np.flatnonzero(number == size)
        local = np.full(len(data.projects), -1)
        local[rows] = np.arange(len(rows))
        mine = local[data.actors.project] >= 0
        least[rows] = _least_of(pattern[mine], local[data.actors.project[mine]], held[rows], int(size) // 2 + 1)
    return least


def _least_of(pattern: Ints, project: Ints, held: Ints, majority: int) -> Ints:
    """Return by project the least number of actors that touch some `majority` of its held phases."""
    bits = [np.int64(1) << at for at in range(int(held.max()).bit_length())]
    present = [bit for bit in bits if (held & bit).any()]
    best = np.full(len(held), np.iinfo(np.int64).max)
    for chosen in combinations(present, majority):
        mask = np.bitwise_or.reduce(np.array(chosen))
        touched = np.bincount(project[(pattern & mask) != 0], minlength=len(held))
        best = np.where((held & mask) == mask, np.minimum(best, touched), best)
    return best


def _shared(data: Profile) -> Flags:
    """Return (P, K, K): whether two phases share an actor."""
    project, phase, actor = data.links
    frame = pd.DataFrame({"project": project, "phase": phase, "actor": actor})
    pairs = frame.merge(frame[["actor", "phase"]], on="actor")
    flags = np.zeros((*data.weight.shape, data.weight.shape[1]), dtype=bool)
    flags[pairs["project"], pairs["phase_x"], pairs["phase_y"]] = True
    return flags


def _breaks(data: Profile, shared: Flags) -> Ints:
    """Return (P,): consecutive core phases of the codebook with holders on both sides and none in common."""
    order = [phase.key for phase in data.codebook.core_phases]
    at = np.array([order.index(key) for key in data.phases], dtype=np.int64)
    held = data.holders > 0
    total = np.zeros(len(data.projects), dtype=np.int64)
    for before in np.flatnonzero(np.diff(at) == 1):
        both = held[:, before] & held[:, before + 1]
        total += both & ~shared[:, before, before + 1]
    return total


def _components(held: Flags, shared: Flags) -> Ints:
    """Return (P,): connected components of the phases with a holder, linked by shared actors."""
    reach = shared.copy()
    for _ in range(max(held.shape[1], 1).bit_length()):
        reach = np.matmul(reach, reach)
    first = reach.argmax(axis=2) if reach.shape[2] else np.zeros(held.shape, dtype=np.int64)
    number: Ints = (held & (first == np.arange(held.shape[1]))).sum(axis=1)
    return number
