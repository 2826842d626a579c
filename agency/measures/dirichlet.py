"""Random weights: does the composition hang on how the phases are weighted (I21)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from agency.measures.composition import REST
from agency.measures.profile import TOLERANCE, profile

if TYPE_CHECKING:
    from agency.matrix.matrix import Matrix
    from agency.measures.profile import Floats, Profile

DRAWS = 10_000
SEED = 1
MOST_PROJECTS = 200
"""Rank swaps look at every pair of projects; beyond this number they are left out."""


def random_weights(matrix: Matrix, *, seed: int = SEED, draws: int = DRAWS) -> pd.DataFrame:
    """Return the composition under weights drawn from Dirichlet(1, ..., 1) (Saisana et al. 2005).

    The exact mean, mean(x), and variance, popvar(x) / (K + 1), over the K applicable phases with values x, stand beside
    those of the draws, so that a reader can check them.

    Parameters
    ----------
    matrix
        Who held what.
    seed, draws
        Of the random numbers (numpy's default generator).

    Returns
    -------
    pandas.DataFrame
        project, key (``composition.ORIGIN``, gap and unknown), mean, variance, drawn_mean, drawn_variance, p05, p95 (5
        and 95 per cent of the draws); NaN where no phase applies.

    Examples
    --------
    >>> import agency
    >>> frame = random_weights(agency.load().select(project="JSeI").matrix, draws=1000)
    >>> frame.loc[0, ["key", "mean", "variance"]].tolist() == ["composition.local", 7 / 12, 29 / 1008]
    True
    """
    data = profile(matrix)
    values, used = _values(data), data.weight > 0
    weights = _draw(data, seed, draws)
    keys = [f"composition.{name}" for name in (*data.origins, *REST)]
    rows = []
    for at, project in enumerate(data.projects):
        mine = values[at][used[at]]
        drawn = _drawn(weights, values[at], used[at])
        for key, x, c in zip(keys, mine.T, drawn.T, strict=True):
            rows.append((project, key, *_summary(x, c)))
    columns = ["project", "key", "mean", "variance", "drawn_mean", "drawn_variance", "p05", "p95"]
    return pd.DataFrame(rows, columns=columns)


def rank_swaps(matrix: Matrix, *, seed: int = SEED, draws: int = DRAWS) -> list[dict[str, Any]]:
    """Return for each pair of projects the share of draws in which they swap ranks in the local composition.

    Returns
    -------
    list of dict
        ``a``, ``b``, ``share`` in [0, 1]; share is None where the two are equal in the base, with no rank to swap, or
        where one of them is undefined. Empty with more than 200 projects.

    Examples
    --------
    >>> import agency
    >>> rank_swaps(agency.load().select(project=["ECU 911", "JSeI"]).matrix, draws=100)
    [{'a': 'ECU 911', 'b': 'JSeI', 'share': None}]
    """
    data = profile(matrix)
    if len(data.projects) > MOST_PROJECTS:
        return []
    values, used = _values(data), data.weight > 0
    weights = _draw(data, seed, draws)
    local = np.array([_drawn(weights, values[at], used[at])[:, data.local] for at in range(len(data.projects))])
    base = np.array([_drawn(data.weight[at][None], values[at], used[at])[0, data.local] for at in range(len(local))])
    swaps: list[dict[str, Any]] = []
    for one, first in enumerate(data.projects):
        for other in range(one + 1, len(data.projects)):
            difference = base[one] - base[other]
            share = None
            if abs(difference) > TOLERANCE:
                share = float((np.sign(local[one] - local[other]) == -np.sign(difference)).mean())
            swaps.append({"a": first, "b": data.projects[other], "share": share})
    return swaps


def _values(data: Profile) -> Floats:
    """Return (P, K, O + 2): composition of every phase."""
    return np.concatenate([data.mass, data.gap[:, :, None], data.unknown_origin[:, :, None]], axis=2)


def _draw(data: Profile, seed: int, draws: int) -> Floats:
    """Return (draws, K) weights; without the phases that do not apply and scaled, they are Dirichlet(1) again."""
    if not data.phases:
        return np.zeros((draws, 0))
    return np.random.default_rng(seed).dirichlet(np.ones(len(data.phases)), size=draws)


def _drawn(weights: Floats, values: Floats, used: np.ndarray[Any, np.dtype[np.bool_]]) -> Floats:
    """Return (draws, O + 2): composition under each weighting; NaN where no phase applies."""
    if not used.any():
        return np.full((len(weights), values.shape[1]), np.nan)
    kept = weights[:, used]
    drawn: Floats = (kept / kept.sum(axis=1, keepdims=True)) @ values[used]
    return drawn


def _summary(x: Floats, drawn: Floats) -> tuple[float, ...]:
    if not len(x):
        return (float("nan"),) * 6
    low, high = np.quantile(drawn, [0.05, 0.95])
    exact = float(x.mean()), float(x.var() / (len(x) + 1))
    return (*exact, float(drawn.mean()), float(drawn.var()), float(low), float(high))
