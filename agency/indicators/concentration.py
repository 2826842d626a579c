"""How concentrated and how diverse the holders are, by actor and by origin (I04 to I07)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from agency.indicators.composition import insufficient, masses, phase_shares, why_insufficient
from agency.indicators.tidy import NO_HOLDER, Block, counts, joined, ratio_of, tidy, tidy_long
from agency.resolve import TOLERANCE, Resolved, summed
from agency.words import marked

if TYPE_CHECKING:
    from agency.resolve import Flags, Floats, Ints, Profile

NO_FOREIGN = marked("no foreign holder")
_ONE_HOLDS_ALL = {
    "actors": marked("one of the actors holds everything"),
    "origins": marked("one of the origins holds everything"),
}


@dataclass(frozen=True, eq=False)
class Concentration:
    """Concentration of the shares of each unit; arrays of one number per unit, NaN where nothing is shared."""

    count: Ints
    """N0: how many hold anything."""
    total: Floats
    """What is shared out."""
    squares: Floats
    """Sum of the squares of what each holds."""
    hhi: Floats
    """Herfindahl-Hirschman index, in [1/n, 1]."""
    shannon: Floats
    """Entropy in nats."""

    @property
    def effective(self) -> Floats:
        """N2 = 1 / HHI (Laakso & Taagepera 1979)."""
        return ratio_of(np.ones_like(self.hhi), self.hhi)

    @property
    def hill1(self) -> Floats:
        """N1 = exp(entropy) (Hill 1973); N2 <= N1 <= N0."""
        return np.exp(self.shannon)

    @property
    def evenness(self) -> Floats:
        """Entropy / ln n (Pielou 1966); undefined for one holder."""
        return ratio_of(self.shannon, np.log(np.maximum(self.count, 1)))


def concentration(unit: Ints, mass: Floats, size: int) -> Concentration:
    """Return the concentration of masses (>= 0, one entry per holder) within each of `size` units.

    HHI = sum p^2 (Hirschman 1945; Herfindahl 1950), entropy = -sum p ln p (Shannon 1948), p = mass / total.

    Examples
    --------
    >>> import numpy as np
    >>> found = concentration(np.zeros(4, dtype=int), np.array([30.0, 30.0, 20.0, 20.0]), 1)
    >>> round(float(found.hhi[0]), 12), int(found.count[0])
    (0.26, 4)
    """
    unit, mass = unit[mass > TOLERANCE], mass[mass > TOLERANCE]
    total = summed(unit, mass, size)
    squares = summed(unit, mass**2, size)
    share = mass / total[unit]
    entropy = summed(unit, -share * np.log(share), size)
    return Concentration(
        count=np.bincount(unit, minlength=size).astype(np.int64),
        total=total,
        squares=squares,
        hhi=ratio_of(summed(unit, share**2, size), total > 0),
        shannon=np.where(total > 0, entropy, np.nan),
    )


def actor_shares(resolved: Resolved) -> pd.DataFrame:
    """Return the share of each actor in what is held (fractional counting, Waltman & van Eck 2015).

    Returns
    -------
    pandas.DataFrame
        Keys ``actor_share.ACTOR`` in [0, 1] for actors that hold something, in order of appearance.

    Examples
    --------
    >>> import agency
    >>> frame = actor_shares(agency.load().select(project="JSeI").resolved)
    >>> dict(zip(frame["key"], frame["value"].round(4)))["actor_share.ZTE"]
    0.4167
    """
    data = resolved.arrays
    mass = actor_mass(data)
    held = np.flatnonzero(mass > TOLERANCE)
    held = held[np.argsort(data.actors.project[held], kind="stable")]
    project = data.actors.project[held]
    total = summed(project, mass[held], len(data.projects))[project]
    value = np.where(insufficient(data)[project], np.nan, ratio_of(mass[held], total))
    keys, codes = actor_keys("actor_share", data, held)
    return joined(
        [
            tidy_long(
                data,
                project,
                (keys, codes),
                value,
                why=why_insufficient(data)[project],
                ratio=(mass[held], total),
            )
        ]
    )


def actor_concentration(resolved: Resolved) -> pd.DataFrame:
    """Return number, concentration, effective number and evenness of the actors (I04 to I06).

    Returns
    -------
    pandas.DataFrame
        Keys ``n_actors`` (with a share above 0), ``hhi_actors`` in [1/n, 1], ``effective_actors`` in [1, n],
        ``evenness_actors`` in [0, 1] (undefined for one actor).

    Examples
    --------
    >>> import agency
    >>> frame = actor_concentration(agency.load().select(project="JSeI").resolved)
    >>> [round(value, 4) for value in frame["value"]]
    [3, 0.4306, 2.3226, 0.836]
    """
    data = resolved.arrays
    found = concentration(data.actors.project, actor_mass(data), len(data.projects))
    number = tidy(data, ["n_actors"], counts(found.count))
    return joined([number, *_spread(data, found, "actors")])


def origin_concentration(resolved: Resolved) -> pd.DataFrame:
    """Return concentration, effective number and evenness of the known origins (I04 to I06).

    Returns
    -------
    pandas.DataFrame
        Keys ``hhi_origins``, ``effective_origins``, ``evenness_origins``.

    Examples
    --------
    >>> import agency
    >>> frame = origin_concentration(agency.load().select(project="JSeI").resolved)
    >>> [round(value, 4) for value in frame["value"]]
    [0.5139, 1.9459, 0.9799]
    """
    data = resolved.arrays
    mass = masses(data)[:, :-2]
    unit = np.repeat(np.arange(mass.shape[0]), mass.shape[1])
    return joined(_spread(data, concentration(unit, mass.ravel(), len(data.projects)), "origins"))


def foreign_concentration(resolved: Resolved) -> pd.DataFrame:
    """Return the concentration among foreign actors alone (I04); 1 where there is one vendor.

    Returns
    -------
    pandas.DataFrame
        Key ``hhi_foreign_actors``; undefined without a foreign holder.

    Examples
    --------
    >>> import agency
    >>> foreign_concentration(agency.load().select(project="JSeI").resolved)["value"].tolist()
    [1.0]
    """
    data = resolved.arrays
    found = concentration(data.actors.project, foreign_mass(data), len(data.projects))
    low = insufficient(data)
    why = np.where(low, why_insufficient(data), NO_FOREIGN)
    ratio = (found.squares, found.total**2)
    return joined([tidy(data, ["hhi_foreign_actors"], np.where(low, np.nan, found.hhi), why=why, ratio=ratio)])


def origin_diversity(resolved: Resolved) -> pd.DataFrame:
    """Return diversity of origins within phases, between phases and overall (I07; order 2, Jost 2007).

    alpha = 1 / mean of the phases' HHI, gamma = 1 / HHI of the mean phase, beta = gamma / alpha; phases weigh the
    same, those without a known holder are skipped. Beta near gamma: distribution by hand-over from phase to phase;
    alpha near gamma: by holding phases together.

    Returns
    -------
    pandas.DataFrame
        Keys ``origin_diversity.alpha``, ``.beta``, ``.gamma``, each at least 1.

    Examples
    --------
    >>> import agency
    >>> frame = origin_diversity(agency.load().select(project="JSeI").resolved)
    >>> frame["value"].round(4).tolist()
    [1.0909, 1.7838, 1.9459]
    """
    data = resolved.arrays
    within = phase_shares(data)
    used = ~np.isnan(within[:, :, 0]) & (data.weight > 0)
    number = used.sum(axis=1)
    within = np.where(used[:, :, None], within, 0.0)
    mean = ratio_of((within**2).sum(axis=(1, 2)), number)
    pooled = (ratio_of(within.sum(axis=1), number[:, None]) ** 2).sum(axis=1)
    alpha, gamma = ratio_of(np.ones_like(mean), mean), ratio_of(np.ones_like(mean), pooled)
    value = np.stack([alpha, ratio_of(gamma, alpha), gamma], axis=1)
    keys = [f"origin_diversity.{name}" for name in ("alpha", "beta", "gamma")]
    value = np.where(insufficient(data)[:, None], np.nan, value)
    return joined([tidy(data, keys, value, why=why_insufficient(data))])


def actor_keys(family: str, data: Profile, actors: Ints) -> tuple[list[str], Ints]:
    """Return the distinct keys ``family.ACTOR`` and which of them each of these actors has."""
    codes, names = pd.factorize(np.asarray(data.actors.names, dtype=object)[actors])
    return [f"{family}.{name}" for name in names], codes.astype(np.int64)


def actor_mass(data: Profile) -> Floats:
    """Return (A,): weighted mass of every actor."""
    weighted = data.parts.share * data.weight[data.parts.project, data.parts.phase]
    return summed(data.parts.actor, weighted, len(data.actors.names))


def foreign_mass(data: Profile, inside: Flags | None = None) -> Floats:
    """Return (A,): weighted mass that every actor holds as a foreign one, in all phases or in a block."""
    parts = data.parts
    kept = (parts.origin >= 0) & data.foreign[parts.origin]
    if inside is not None:
        kept &= inside[parts.phase]
    weighted = parts.share[kept] * data.weight[parts.project[kept], parts.phase[kept]]
    return summed(parts.actor[kept], weighted, len(data.actors.names))


def _spread(data: Profile, found: Concentration, of: str) -> list[Block]:
    low = insufficient(data)
    reason = np.where(low, why_insufficient(data), NO_HOLDER)
    lone = np.where(low, reason, np.where(found.count == 1, _ONE_HOLDS_ALL[of], NO_HOLDER))
    one = np.ones_like(found.total)
    log = np.log(np.maximum(found.count, 1))
    return [
        tidy(data, [f"{key}_{of}"], np.where(low, np.nan, value), why=why, ratio=ratio)
        for key, value, why, ratio in (
            ("hhi", found.hhi, reason, (found.squares, found.total**2)),
            ("effective", found.effective, reason, (one, found.hhi)),
            ("evenness", found.evenness, lone, (found.shannon, log)),
        )
    ]
