"""Random weights: does the composition hang on how the phases are weighted (I21).

Which choice moves which number: every indicator again under other rules and evidence (I21, I22).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from agency.indicators.composition import REST
from agency.indicators.groups import by_each_source
from agency.indicators.registry import INDICATORS, indicators
from agency.indicators.tidy import as_number
from agency.resolve import TOLERANCE, Resolved, role_weights

if TYPE_CHECKING:
    from agency.resolve import Floats, Profile

DRAWS = 10_000
SEED = 1
MOST_PROJECTS = 200
"""Rank swaps look at every pair of projects; beyond this number they are left out."""


def random_weights(resolved: Resolved, *, seed: int = SEED, draws: int = DRAWS) -> pd.DataFrame:
    """Return the composition under weights drawn from Dirichlet(1, ..., 1) (Saisana et al. 2005).

    The exact mean, mean(x), and variance, popvar(x) / (K + 1), over the K applicable phases with values x, stand beside
    those of the draws, so that a reader can check them.

    Parameters
    ----------
    resolved
        The table under a view.
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
    >>> frame = random_weights(agency.load().select(project="JSeI").resolved, draws=1000)
    >>> frame.loc[0, ["key", "mean", "variance"]].tolist() == ["composition.local", 7 / 12, 29 / 1008]
    True
    """
    data = resolved.arrays
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


def rank_swaps(resolved: Resolved, *, seed: int = SEED, draws: int = DRAWS) -> list[dict[str, Any]]:
    """Return for each pair of projects the share of draws in which they swap ranks in the local composition.

    Returns
    -------
    list of dict
        ``a``, ``b``, ``share`` in [0, 1]; share is None where the two are equal in the base, with no rank to swap, or
        where one of them is undefined. Empty with more than 200 projects.

    Examples
    --------
    >>> import agency
    >>> rank_swaps(agency.load().select(project=["ECU 911", "JSeI"]).resolved, draws=100)
    [{'a': 'ECU 911', 'b': 'JSeI', 'share': None}]
    """
    data = resolved.arrays
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


_LEFT_OUT = ("actor_share", "critical_phases", "leave_one_out", "timeline")
"""Named by the data, or a range already."""

_BOUNDARIES: tuple[Literal["held", "split", "gap"], ...] = ("held", "split", "gap")
_SUPPORT = (0.0, 0.5, 1.0)


def robustness(resolved: Resolved) -> pd.DataFrame:
    """Return every number with its range over other choices, and the choice that moves it most.

    Choices, one at a time: each phase left out, each source alone, alleged rows in or out, the other rank, support
    roles counted not at all, half and full, and the other boundary rules (Saisana et al. 2005; OECD/JRC 2008). Random
    weights are apart: `agency.indicators.robustness.random_weights`.

    Parameters
    ----------
    table
        The data.
    view
        The choices in force.

    Returns
    -------
    pandas.DataFrame
        project, key, value, low, high, moved_by ("" where no choice moves it). Low and high are over the value and all
        choices under which it is defined; yes and no count as 1 and 0.

    Examples
    --------
    >>> import agency
    >>> study = agency.load().select(project=["ECU 911", "JSeI"], source="vilaseoane2024")
    >>> frame = robustness(study.resolved).query("project == 'ECU 911' and key == 'hhi_foreign_actors'")
    >>> frame["value"].item()
    1.0
    """
    keys = [entry.key for entry in INDICATORS if entry.unit != "list" and entry.key not in _LEFT_OUT]
    found = [_numbers(resolved, keys).assign(choice="")]
    for name, other in choices(resolved).items():
        found.append(_numbers(other, keys).assign(choice=name))
    frame = pd.concat(found, ignore_index=True)
    first = found[0].set_index(["project", "key"])["value"]
    frame = frame.join(first.rename("base"), on=["project", "key"])
    # What only another choice names, such as a phase that the base leaves out, has no value to move.
    frame = frame[pd.MultiIndex.from_frame(frame[["project", "key"]]).isin(first.index)]
    frame = frame.assign(move=(frame["value"] - frame["base"]).abs().fillna(0.0))
    grouped = frame.groupby(["project", "key"], sort=False)
    most = frame.loc[grouped["move"].idxmax()].set_index(["project", "key"])
    result = grouped.agg(value=("base", "first"), low=("value", "min"), high=("value", "max"))
    moved_by = np.where(most["move"] > 1e-12, most["choice"], "")
    return result.assign(moved_by=pd.Series(moved_by, index=most.index)).reset_index()


def robustness_document(resolved: Resolved, *, seed: int = SEED, draws: int = DRAWS) -> dict[str, Any]:
    """Return what ``agency robustness -f json`` prints, without the method block.

    Returns
    -------
    dict
        ``projects``: by project and dotted key ``value``, ``low``, ``high``, ``moved_by`` (None where nothing moves
        it); ``choices``; ``dirichlet``: by project and key the exact and drawn moments; ``rank_swaps``; ``seed`` and
        ``draws``.
    """
    projects: dict[str, dict[str, Any]] = {name: {} for name in resolved.listed}
    for row in robustness(resolved).astype(object).itertuples(index=False):
        values = {name: _or_none(getattr(row, name)) for name in ("value", "low", "high")}
        projects[str(row.project)][str(row.key)] = {**values, "moved_by": row.moved_by or None}
    weights: dict[str, dict[str, Any]] = {name: {} for name in resolved.listed}
    for entry in random_weights(resolved, seed=seed, draws=draws).to_dict("records"):
        moments = {str(name): _or_none(value) for name, value in entry.items() if name not in ("project", "key")}
        weights[str(entry["project"])][str(entry["key"])] = moments
    return {
        "projects": projects,
        "choices": list(choices(resolved)),
        "dirichlet": weights,
        "rank_swaps": rank_swaps(resolved, seed=seed, draws=draws),
        "seed": seed,
        "draws": draws,
    }


def choices(resolved: Resolved) -> dict[str, Resolved]:
    """Return the other choices one could make, by name: the same projects under another view, one thing changed.

    Examples
    --------
    >>> import agency
    >>> study = agency.load().select(project="JSeI")
    >>> list(choices(study.resolved))[:2]
    ['without initiation', 'without requirements']
    """
    view = resolved.view
    fixed = resolved.under(projects=resolved.listed, countries=())
    phases = [phase.key for phase in resolved.phases]
    found = {}
    if len(phases) > 1:
        for key in phases:
            found[f"without {key}"] = fixed.under(phases=tuple(other for other in phases if other != key))
    found |= {f"only {source}": alone for source, alone in by_each_source(fixed).items()}
    alleged = "alleged rows left out" if view.include_alleged else "alleged rows counted"
    found[alleged] = fixed.under(include_alleged=not view.include_alleged)
    if view.rank == "best":
        found["rank all"] = fixed.under(rank="all")
    else:
        found["rank best"] = fixed.under(rank="best")
    support = role_weights(resolved.codebook, view).get("support")
    for weight in _SUPPORT:
        if support is not None and weight != support:
            roles = (*(pair for pair in view.roles if pair[0] != "support"), ("support", weight))
            found[f"support counted {weight:g}"] = fixed.under(roles=roles)
    for boundary in _BOUNDARIES:
        if boundary != view.boundary:
            found[f"boundary {boundary}"] = fixed.under(boundary=boundary)
    return found


def _numbers(resolved: Resolved, keys: list[str]) -> pd.DataFrame:
    frame = indicators(resolved, keys=keys)
    is_number = frame["value"].map(as_number)
    words = frame["value"].map(lambda value: isinstance(value, (str, list)))
    words |= frame["key"].str.endswith((".actor", ".state", ".phases", ".years"))
    return frame.assign(value=pd.to_numeric(is_number))[["project", "key", "value"]][~words]


def _or_none(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)
