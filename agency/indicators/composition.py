"""Who holds how much of the life cycle: composition, shares, coverage, blocks (I01, I02, I08, I14, leave-one-out)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from agency.indicators.tidy import (
    INSUFFICIENT,
    INSUFFICIENT_IN_BLOCK,
    NO_ORIGIN,
    NOTHING_APPLIES,
    NOTHING_APPLIES_IN_BLOCK,
    joined,
    lists,
    ratio_of,
    tidy,
)
from agency.resolve import TOLERANCE, Resolved
from agency.words import marked

if TYPE_CHECKING:
    from agency.resolve import Flags, Floats, Profile

REST = ("gap", "unknown")
"""Parts of the composition that no origin holds."""


def composition(resolved: Resolved) -> pd.DataFrame:
    """Return the life-cycle composition (I01): the headline.

    C(o) = sum over phases of weight x share of origin o / sum of weights; the gap (nobody) and the unknown are
    parts of their own, so that the parts always sum to 1. A closed composition (Aitchison 1986). The bounds give the
    unknown, and all that rests on rows without any year, to one side or the other: low = what is certain, high = low +
    unknown + all undated (Manski 1989), so that the lows, the unknown and the undated sum to 1.

    Returns
    -------
    pandas.DataFrame
        Keys ``composition.ORIGIN``, ``composition.gap``, ``composition.unknown``, each in [0, 1].

    Examples
    --------
    >>> import agency
    >>> frame = composition(agency.load().select(project="ECU 911").resolved)
    >>> frame.loc[frame["key"] == "composition.local", "value"].round(4).tolist()
    [0.5833]
    """
    return composition_of(resolved.arrays)


def composition_of(data: Profile) -> pd.DataFrame:
    """Return the composition of arrays, however they came about."""
    parts, total = masses(data), data.total[:, None]
    low, spread = certain(data)
    # The unknown has no bounds: it is what the bounds of the others are made of.
    least = np.concatenate([low, np.full((len(low), 1), np.nan)], axis=1)
    keys = [f"composition.{name}" for name in (*data.origins, *REST)]
    bounds = ratio_of(least, total), ratio_of(least + spread, total)
    pair = _pair(parts, total)
    return joined([tidy(data, keys, ratio_of(parts, total), why=NOTHING_APPLIES, bounds=bounds, ratio=pair)])


def shares(resolved: Resolved) -> pd.DataFrame:
    """Return the share of agency among what is held, with worst-case bounds (I02), and the coverage.

    A(o) = m(o) / M, where m(o) is the mass held by origin o and M that of all known origins (fractional counting,
    Waltman & van Eck 2015). With certain masses c(o), C their sum and D all that is unknown or undated, it lies in
    [c(o) / (C + D), (c(o) + D) / (C + D)] (Manski 1989). Coverage is M / sum of weights; below 1/2 the share is
    undefined, the bounds are not. Undated is the mass, held or gap, that rests on rows without any year / sum of
    weights. Read a share only beside the composition: it rises when a foreign holder leaves and nobody follows.

    Returns
    -------
    pandas.DataFrame
        Keys ``share.ORIGIN`` (with low and high), ``coverage`` and ``undated``, each in [0, 1].

    Examples
    --------
    >>> import agency
    >>> frame = shares(agency.load().select(project="ECU 911", year=2021).resolved)
    >>> frame.loc[frame["key"] == "share.local", "value"].round(4).tolist()
    [0.7]
    """
    data = resolved.arrays
    parts = masses(data)
    held = parts[:, :-2]
    known = held.sum(axis=1, keepdims=True)
    low, spread = certain(data)
    sure = low[:, :-1]
    possible = sure.sum(axis=1, keepdims=True) + spread
    value = np.where(insufficient(data)[:, None], np.nan, ratio_of(held, known))
    bounds = ratio_of(sure, possible), ratio_of(sure + spread, possible)
    keys = [f"share.{name}" for name in data.origins]
    frame = tidy(data, keys, value, why=why_insufficient(data), bounds=bounds, ratio=_pair(held, known))
    covered = tidy(data, ["coverage"], coverage(data), why=NOTHING_APPLIES, ratio=(known[:, 0], data.total))
    mass = (data.weight * (data.undated.sum(axis=2) + data.undated_gap)).sum(axis=1)
    doubtful = tidy(data, ["undated"], ratio_of(mass, data.total), why=NOTHING_APPLIES, ratio=(mass, data.total))
    return joined([frame, covered, doubtful])


def leave_one_out(resolved: Resolved) -> pd.DataFrame:
    """Return least and greatest composition when any one phase is left out (I21; OECD/JRC 2008).

    Returns
    -------
    pandas.DataFrame
        Keys ``leave_one_out.ORIGIN``: value is the composition with all phases, low and high its range.

    Examples
    --------
    >>> import agency
    >>> frame = leave_one_out(agency.load().select(project="ECU 911").resolved)
    >>> frame.loc[frame["key"] == "leave_one_out.local", ["low", "high"]].to_numpy().round(3).tolist()
    [[0.5, 0.7]]
    """
    data = resolved.arrays
    weighted = data.weight[:, :, None] * data.mass
    rest = data.total[:, None] - data.weight
    without = ratio_of(weighted.sum(axis=1)[:, None, :] - weighted, rest[:, :, None])
    usable = (data.weight > 0) & ((data.weight > 0).sum(axis=1) > 1)[:, None]
    usable_at = usable[:, :, None]
    low = np.where(usable_at, without, np.inf).min(axis=1, initial=np.inf)
    high = np.where(usable_at, without, -np.inf).max(axis=1, initial=-np.inf)
    defined = usable.any(axis=1)[:, None]
    value = np.where(defined, ratio_of(weighted.sum(axis=1), data.total[:, None]), np.nan)
    bounds = np.where(defined, low, np.nan), np.where(defined, high, np.nan)
    keys = [f"leave_one_out.{name}" for name in data.origins]
    return joined([tidy(data, keys, value, why=marked("there are not two phases to leave one out"), bounds=bounds)])


def block_shares(resolved: Resolved) -> pd.DataFrame:
    """Return the local share upstream, in the technical phases and in operation, and the gap (I08).

    Weighted mean of the local phase shares (local mass / mass of known origin in the phase) over the phases of the
    block that have a known holder. Upstream is initiation and requirements, technical is design, implementation
    and maintenance; the gap is upstream minus technical. After Vila Seoane & Álvarez Velasco (2024).

    Returns
    -------
    pandas.DataFrame
        Keys ``upstream_local``, ``technical_local``, ``operation_local`` in [0, 1] and ``upstream_technical_gap``
        in [-1, 1]; undefined where less than half of the block is covered.

    Examples
    --------
    >>> import agency
    >>> frame = block_shares(agency.load().select(project="JSeI").resolved)
    >>> frame["value"].round(4).tolist()
    [1.0, 0.1667, 1.0, 0.8333]
    """
    data = resolved.arrays
    local = phase_shares(data)[:, :, data.local]
    blocks = {"upstream": ("upstream",), "technical": ("build", "maintain"), "operation": ("operate",)}
    frames, values, reasons = [], {}, {}
    for name, members in blocks.items():
        inside = data.in_blocks(*members)
        mean, ratio = mean_over_known(data, local, inside)
        reasons[name] = why_insufficient(data, inside)
        values[name] = np.where(insufficient(data, inside), np.nan, mean)
        frames.append(tidy(data, [f"{name}_local"], values[name], why=reasons[name], ratio=ratio))
    why = np.where(np.isnan(values["upstream"]), reasons["upstream"], reasons["technical"])
    difference = values["upstream"] - values["technical"]
    frames.append(tidy(data, ["upstream_technical_gap"], difference, why=why))
    return joined(frames)


def weakest_link(resolved: Resolved) -> pd.DataFrame:
    """Return the least local phase share and the phases where it stands (I14; EU Cloud Sovereignty Framework 2025).

    Returns
    -------
    pandas.DataFrame
        Keys ``weakest_link.value`` in [0, 1] and ``weakest_link.phases``, a list in process order.

    Examples
    --------
    >>> import agency
    >>> weakest_link(agency.load().select(project="JSeI").resolved)["value"].tolist()
    [0.0, ['design', 'maintenance']]
    """
    data = resolved.arrays
    local = phase_shares(data)[:, :, data.local]
    usable = ~np.isnan(local)
    least = np.where(usable, local, np.inf).min(axis=1, initial=np.inf)
    defined = np.isfinite(least)
    value = np.where(defined, least, np.nan)
    project, phase = np.nonzero(usable & (local <= (least + TOLERANCE)[:, None]))
    names = lists(project, np.asarray(data.phases, dtype=object)[phase], len(data.projects))
    names[~defined] = None
    return joined(
        [
            tidy(data, ["weakest_link.value"], value, why=NO_ORIGIN),
            tidy(data, ["weakest_link.phases"], names, why=NO_ORIGIN),
        ]
    )


def masses(data: Profile) -> Floats:
    """Return (P, O + 2): weighted mass of each known origin, of the gap and of the unknown."""
    parts = np.concatenate([data.mass, data.gap[:, :, None], data.unknown_origin[:, :, None]], axis=2)
    found: Floats = np.einsum("pk,pko->po", data.weight, parts)
    return found


def certain(data: Profile) -> tuple[Floats, Floats]:
    """Return (P, O + 1) and (P, 1): certain mass of each known origin and of the gap; all that is unknown or undated.

    Worked: half of the weight held on dated rows, a quarter held on rows without any year, a quarter unknown: the
    certain mass is 1/2 and the spread 1/2, whoever holds the quarter.
    """
    sure = np.concatenate([data.mass - data.undated, (data.gap - data.undated_gap)[:, :, None]], axis=2)
    found: Floats = np.einsum("pk,pko->po", data.weight, sure)
    spread: Floats = (data.weight * data.doubtful).sum(axis=1, keepdims=True)
    return found, spread


def phase_shares(data: Profile) -> Floats:
    """Return (P, K, O): share of each origin in what is held by known origins in a phase; NaN where that is nothing."""
    return ratio_of(data.mass, data.known[:, :, None])


def mean_over_known(data: Profile, values: Floats, inside: Flags) -> tuple[Floats, tuple[Floats, Floats]]:
    """Return (P,): mean of (P, K) values over the phases of a block where they are defined; and its two parts."""
    used = np.where(~np.isnan(values) & inside, data.weight, 0.0)
    total = used.sum(axis=1)
    mass = (used * np.nan_to_num(values)).sum(axis=1)
    return ratio_of(mass, total), (mass, total)


def coverage(data: Profile, inside: Flags | None = None) -> Floats:
    """Return (P,): weight held by holders of known origin / weight, in all phases or in a block; NaN without weight."""
    weight = data.weight if inside is None else data.weight * inside
    return ratio_of((weight * data.known).sum(axis=1), weight.sum(axis=1))


def insufficient(data: Profile, inside: Flags | None = None) -> Flags:
    """Return (P,): whether coverage is below the codebook's line (1/2) or nothing applies."""
    covered = coverage(data, inside)
    return ~(covered >= data.line("coverage") - TOLERANCE)


def why_insufficient(data: Profile, inside: Flags | None = None) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Return (P,): why a share is undefined, whether or not it is."""
    if inside is not None and not inside.any():
        return np.full(len(data.projects), marked("no phase of this block is in view"), dtype=object)
    nothing = np.isnan(coverage(data, inside))
    if inside is None:
        return np.where(nothing, NOTHING_APPLIES, INSUFFICIENT)
    return np.where(nothing, NOTHING_APPLIES_IN_BLOCK, INSUFFICIENT_IN_BLOCK)


def _pair(numerator: Floats, denominator: Floats) -> tuple[Floats, Floats]:
    return numerator, np.broadcast_to(denominator, numerator.shape)
