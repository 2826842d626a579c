"""Who holds alone, who hands over, whether builders or askers stay (I03, I09 to I11, I15, I16); the screen (I13)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from agency.indicators.composition import insufficient, mean_over_known, phase_shares, why_insufficient
from agency.indicators.concentration import NO_FOREIGN, actor_keys, concentration, foreign_mass
from agency.indicators.tidy import NO_HOLDER, NO_WINDOW, counts, joined, lists, ratio_of, tidy, tidy_long
from agency.indicators.timeline import yearly
from agency.resolve import TOLERANCE, Resolved, positions, summed
from agency.words import marked

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from agency.resolve import Flags, Floats, Ints, Profile


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


@dataclass(frozen=True, eq=False)
class _Overlap:
    """The overlap of each project and the actors that reach it."""

    value: Floats
    """(P,): NaN where a whole side does not apply."""
    tied: Ints
    """Actors at the maximum, by project and name."""


def lock_in(resolved: Resolved) -> pd.DataFrame:
    """Return how far one foreign actor both built and maintains (I10).

    max over foreign actors of min(mean share over the build phases, share in maintenance); the minimum is the fuzzy
    AND (Ragin 2008), the idea of lock-in follows COM(2013) 455. An overlap, no proof of lock-in. Gaps and unknown
    years count as not held; ``low`` leaves out what rests on rows without any year, ``high`` gives the actor that and
    what is unknown.

    Returns
    -------
    pandas.DataFrame
        Keys ``lock_in.value`` in [0, 1] with low and high, ``lock_in.actor`` (list; empty at value 0) and
        ``lock_in.state``: active (holds in the last year of the window), lapsed YEAR (a gap follows), replaced
        (another holder follows), unknown, or none.

    Examples
    --------
    >>> import agency
    >>> frame = lock_in(agency.load().select(project="ECU 911", mode="time").resolved)
    >>> frame["value"].tolist()
    [0.7, ['CEIEC'], 'lapsed 2019']
    """
    data = resolved.arrays
    build, maintain = data.in_blocks("build"), data.in_blocks("maintain")
    parts = data.parts
    foreign = (parts.origin >= 0) & data.foreign[parts.origin]
    share = _actor_by_phase(data, foreign, parts.share)
    sure = _actor_by_phase(data, foreign, parts.share - parts.undated)
    found = _overlap(data, share, build, maintain)
    low = _overlap(data, sure, build, maintain)
    doubtful = data.doubtful
    possible = _overlap(data, sure + doubtful[data.actors.project], build, maintain, foreign_only=_any(share))
    # A foreign actor that nobody coded may hold all that is unknown or undated on both sides.
    nobody = np.fmin(_side(data, doubtful, build), _side(data, doubtful, maintain))
    high = np.where(np.isnan(found.value), np.nan, np.fmax(possible.value, nobody))
    why = _why_side(data, {"build": build, "maintain": maintain})
    states, why_state = _states(resolved, data, found)
    return joined(
        [
            tidy(data, ["lock_in.value"], found.value, why=why, bounds=(low.value, high)),
            tidy(data, ["lock_in.actor"], _names(data, found), why=why),
            tidy(data, ["lock_in.state"], states, why=np.where(np.isnan(found.value), why, why_state)),
        ]
    )


def owner_continuity(resolved: Resolved) -> pd.DataFrame:
    """Return how far the local actor that asked for the system also runs it (I11).

    max over local actors of min(mean share over the upstream phases, share in operation).

    Returns
    -------
    pandas.DataFrame
        Keys ``owner_continuity.value`` in [0, 1] and ``owner_continuity.actor`` (list; empty at value 0).

    Examples
    --------
    >>> import agency
    >>> owner_continuity(agency.load().select(project="JSeI").resolved)["value"].tolist()
    [1.0, ["Jujuy's Ministry of Security"]]
    """
    data = resolved.arrays
    upstream, operate = data.in_blocks("upstream"), data.in_blocks("operate")
    found = _overlap(data, _actor_by_phase(data, data.parts.origin == data.local, data.parts.share), upstream, operate)
    why = _why_side(data, {"upstream": upstream, "operate": operate})
    return joined(
        [
            tidy(data, ["owner_continuity.value"], found.value, why=why),
            tidy(data, ["owner_continuity.actor"], _names(data, found), why=why),
        ]
    )


def _actor_by_phase(data: Profile, kept: Flags, values: Floats) -> Floats:
    """Return (A, K): what every actor has of these values in every phase, from these parts."""
    parts, width = data.parts, data.weight.shape[1]
    place = parts.actor[kept] * width + parts.phase[kept]
    shape = (len(data.actors.names), width)
    return summed(place, values[kept], shape[0] * shape[1]).reshape(shape)


def _any(share: Floats) -> Flags:
    return np.asarray(np.any(share > TOLERANCE, axis=1))


def _side(data: Profile, values: Floats, inside: Flags) -> Floats:
    """Return (P,): mean of (P, K) values over the applicable phases of a block, NaN where none applies."""
    used = data.applicable & inside
    return ratio_of((values * used).sum(axis=1), used.sum(axis=1))


def _overlap(data: Profile, share: Floats, one: Flags, other: Flags, *, foreign_only: Flags | None = None) -> _Overlap:
    project = data.actors.project
    means = []
    for inside in (one, other):
        used = (data.applicable & inside)[project]
        means.append(ratio_of((share * used).sum(axis=1), used.sum(axis=1)))
    both = np.minimum(*means)
    if foreign_only is not None:
        both = np.where(foreign_only, both, 0.0)
    value = np.zeros(len(data.projects))
    np.maximum.at(value, project, np.nan_to_num(both))
    applies = (data.applicable & one).any(axis=1) & (data.applicable & other).any(axis=1)
    tied = np.flatnonzero((both > TOLERANCE) & (both >= value[project] - TOLERANCE))
    names = np.asarray(data.actors.names, dtype=object)[tied]
    order = sorted(range(len(tied)), key=lambda at: (project[tied[at]], names[at]))
    return _Overlap(np.where(applies, value, np.nan), tied[np.array(order, dtype=np.int64)])


def _names(data: Profile, found: _Overlap) -> NDArray[np.object_]:
    names = np.asarray(data.actors.names, dtype=object)[found.tied]
    result = lists(data.actors.project[found.tied], names, len(data.projects))
    result[np.isnan(found.value)] = None
    return result


_NONE_APPLIES = {
    "upstream": marked("no phase of block upstream applies"),
    "build": marked("no phase of block build applies"),
    "operate": marked("no phase of block operate applies"),
    "maintain": marked("no phase of block maintain applies"),
}
_NONE_IN_VIEW = {
    "upstream": marked("no phase of block upstream is in view"),
    "build": marked("no phase of block build is in view"),
    "operate": marked("no phase of block operate is in view"),
    "maintain": marked("no phase of block maintain is in view"),
}


def _why_side(data: Profile, sides: dict[str, Flags]) -> NDArray[np.object_]:
    why = np.full(len(data.projects), "", dtype=object)
    for block, inside in sides.items():
        empty = ~(data.applicable & inside).any(axis=1) & (why == "")
        why[empty] = (_NONE_APPLIES if inside.any() else _NONE_IN_VIEW)[block]
    return why


def _states(resolved: Resolved, data: Profile, found: _Overlap) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Return (P,): what became of the tied actors, and why that is not known; the first state that applies to any."""
    phases = [key for key, block in zip(data.phases, data.blocks, strict=True) if block == "maintain"]
    end = resolved.matrix.windows["end"].astype(float).to_numpy()
    held = _years_of(data, resolved.matrix.year_shares, phases)
    gap = _years_of(data, resolved.matrix.years[resolved.matrix.years["gap"] > 0], phases)
    who = pd.MultiIndex.from_arrays([data.actors.project[found.tied], data.actors.identity[found.tied]])
    is_tied = pd.MultiIndex.from_frame(held[["at", "actor_id"]]).isin(who)
    # The last year of each tied actor, of anybody, and the first gap after the first of the tied to go.
    last = held[is_tied].groupby(["at", "actor_id"])["year"].max().reset_index()
    of_all = held.groupby("at")["year"].max()
    gone = last.groupby("at")["year"].min()
    lapsed = gap.loc[gap["year"].to_numpy() > gap["at"].map(gone).to_numpy(float)].groupby("at")["year"].min()

    at, year = last["at"].to_numpy(np.int64), last["year"].to_numpy()
    states = np.full(len(data.projects), "unknown", dtype=object)
    states[at[of_all.loc[at].to_numpy() > year]] = "replaced"
    states[lapsed.index.to_numpy(np.int64)] = [f"lapsed {first}" for first in lapsed]
    states[at[year == end[at]]] = "active"
    states[found.value == 0] = "none"
    states[np.isnan(found.value)] = None
    states[np.isnan(end)] = None
    return states, np.full(len(data.projects), NO_WINDOW, dtype=object)


def _years_of(data: Profile, frame: pd.DataFrame, phases: list[str]) -> pd.DataFrame:
    """Return the lines of some phases with the number of their project."""
    mine = frame[frame["phase"].isin(phases)]
    return mine.assign(at=positions(data.projects, mine["project"]))


SCOPES = {"all": (), "technical": ("build", "maintain")}
"""Blocks of the phases each test looks at; none named: all."""


@dataclass(frozen=True, eq=False)
class Screen:
    """The parts of the test, one entry per unit; NaN where undefined."""

    hhi_foreign: Floats
    foreign_share: Floats
    no_local_coholder: Floats
    touched: Floats
    """Number of phases with a foreign holder."""
    sufficient: Flags
    dependent: Flags
    """All three parts above their line; False where a part is undefined."""


def dependence_test(resolved: Resolved) -> pd.DataFrame:
    """Return the three-part screen (I13), after the European Commission's rule for products, SWD(2021) 352, adapted.

    Dependent when the HHI among foreign actors, the mean foreign phase share and the share of foreign-touched phases
    without a local co-holder are all above their line in the codebook (0.4, 0.5, 0.5). The third line is our own. A
    screen, no verdict.

    Returns
    -------
    pandas.DataFrame
        Keys ``dependence_test.SCOPE.hhi_foreign``, ``.foreign_share``, ``.no_local_coholder`` in [0, 1],
        ``.dependent`` (bool) and ``.years`` (window years whose snapshot fires), SCOPE all or technical.

    Examples
    --------
    >>> import agency
    >>> frame = dependence_test(agency.load().select(project="JSeI").resolved)
    >>> frame.loc[frame["key"].str.endswith("dependent"), "value"].tolist()
    [False, True]
    """
    data, snapshots = resolved.arrays, yearly(resolved)
    window = resolved.matrix.windows["start"].notna().to_numpy(bool)
    frames = []
    for scope, blocks in SCOPES.items():
        found = screen(data, blocks)
        why = why_insufficient(data, _inside(data, blocks) if blocks else None)
        no_foreign = np.where(found.sufficient, NO_FOREIGN, why)
        fired = screen(snapshots.profile, blocks).dependent
        years = lists(snapshots.project[fired], snapshots.year[fired], len(data.projects))
        years[~window] = None
        flags = found.dependent.astype(object)
        flags[~found.sufficient] = None
        touched = found.no_local_coholder * found.touched, found.touched
        for name, value, reason, ratio in (
            ("hhi_foreign", found.hhi_foreign, no_foreign, None),
            ("foreign_share", found.foreign_share, why, None),
            ("no_local_coholder", found.no_local_coholder, no_foreign, touched),
            ("dependent", flags, why, None),
            ("years", years, NO_WINDOW, None),
        ):
            frames.append(tidy(data, [f"dependence_test.{scope}.{name}"], value, why=reason, ratio=ratio))
    return joined(frames)


def screen(data: Profile, blocks: tuple[str, ...]) -> Screen:
    """Return the parts of the test over some blocks, or over all phases when none is named."""
    inside = _inside(data, blocks)
    sufficient = ~insufficient(data, inside if blocks else None)
    hhi = concentration(data.actors.project, foreign_mass(data, inside), len(data.projects)).hhi
    of_phase = phase_shares(data)[:, :, data.foreign].sum(axis=2)
    share, _ = mean_over_known(data, of_phase, inside)
    touched = (data.present & data.foreign).any(axis=2) & inside
    alone = touched & ~data.present[:, :, data.local]
    without = ratio_of(alone.sum(axis=1), touched.sum(axis=1))
    parts = ((hhi, "hhi_foreign"), (share, "foreign_share"), (without, "no_local_coholder"))
    above: NDArray[np.bool_] = np.logical_and.reduce([value > data.line(key) + TOLERANCE for value, key in parts])
    return Screen(
        hhi_foreign=np.where(sufficient, hhi, np.nan),
        foreign_share=np.where(sufficient, share, np.nan),
        no_local_coholder=np.where(sufficient, without, np.nan),
        touched=touched.sum(axis=1).astype(float),
        sufficient=sufficient,
        dependent=sufficient & above,
    )


def _inside(data: Profile, blocks: tuple[str, ...]) -> Flags:
    return data.in_blocks(*blocks) if blocks else np.ones(len(data.phases), dtype=bool)
