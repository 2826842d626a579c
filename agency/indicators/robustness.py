"""Which choice moves which number: every indicator under other rules, evidence and weights of phases (I21, I22)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from agency.indicators.composition import REST
from agency.indicators.registry import INDICATORS, measured
from agency.indicators.tidy import are_words, numbers_of
from agency.resolve import GAP, SPEAKS, TOLERANCE, Apart, Resolved

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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


_WITHOUT = "without source "
_WORDS = (".actor", ".state", ".phases", ".years")
"""Ends of keys that hold words or lists."""
_LEFT_OUT = ("leave_one_out", "timeline", "evidence", "actor_share", "critical_phases")
"""Keys that are a range already, belong to one year or one actor, or say nothing of who holds what."""


_BOUNDARIES: tuple[Literal["held", "split", "gap"], ...] = ("held", "split", "gap")


def robustness(resolved: Resolved, *, others: Variants | None = None) -> pd.DataFrame:
    """Return every number with its range over other choices, and the choice that moves it most.

    Choices, one at a time (`variants`): a source left out, the other rank, alleged rows in or out, counting by origin,
    the other boundary rules, actors whole, without undated years, a phase left out (Saisana et al. 2005; OECD/JRC
    2008). Random weights are apart: `agency.indicators.robustness.random_weights`.

    A choice *moves* a number only where the bounds of the two part: what merely becomes less known does not count.
    Worked: without one source the local share falls from 0.58 to 0.17, but its bounds widen to 0.17-1: nothing is
    moved, less is known.

    Parameters
    ----------
    resolved
        The choices in force.
    others
        `variants` of them, where they are there already.

    Returns
    -------
    pandas.DataFrame
        project, key, value, low, high, moved_by ("" where no choice moves it), statements (the lines that go with a
        source that moves it). Low and high are over the value and all choices under which it is defined.

    Examples
    --------
    >>> import agency
    >>> study = agency.load().select(project=["ECU 911", "JSeI"], source="vilaseoane2024")
    >>> frame = robustness(study.resolved).query("project == 'ECU 911' and key == 'hhi_foreign_actors'")
    >>> frame["value"].item()
    1.0
    """
    keys = [entry.key for entry in INDICATORS if entry.unit != "list" and entry.key not in _LEFT_OUT]
    base = _numbers(measured(resolved, keys=keys))
    others = variants(resolved) if others is None else others
    found = [base.assign(choice="")]
    found += [_numbers(frame).assign(choice=name) for name, frame in others.measured(keys).items()]
    names = ["project", "key"]
    frame = pd.concat(found, ignore_index=True).merge(base, on=names, suffixes=("", "_base"))
    # What only another choice names, such as a phase that the base leaves out, has no value to move.
    apart = np.fmax((frame["low"] - frame["high_base"]).to_numpy(), (frame["low_base"] - frame["high"]).to_numpy())
    frame = frame.assign(move=np.where(np.nan_to_num(apart) > TOLERANCE, apart, 0.0))
    grouped = frame.groupby(names, sort=False)
    most = frame.loc[grouped["move"].idxmax()].set_index(names)
    result = grouped.agg(value=("value_base", "first"), low=("value", "min"), high=("value", "max"))
    moved_by = np.where(most["move"] > 0, most["choice"], "")
    result = result.assign(moved_by=pd.Series(moved_by, index=most.index)).reset_index()
    result["statements"] = _statements(resolved, others, result)
    return result


def robustness_document(
    resolved: Resolved, *, others: Variants | None = None, seed: int = SEED, draws: int = DRAWS
) -> dict[str, Any]:
    """Return what ``agency robustness -f json`` prints, without the method block.

    Parameters
    ----------
    resolved
        The choices in force.
    others
        `variants` of them, where they are there already.
    seed, draws
        Of the random weights.

    Returns
    -------
    dict
        ``projects``: by project and dotted key ``value``, ``low``, ``high``, ``moved_by`` (None where nothing moves
        it), ``statements``; ``choices``; ``dirichlet``: by project and key the exact and drawn moments;
        ``rank_swaps``; ``seed`` and ``draws``.
    """
    others = variants(resolved) if others is None else others
    projects: dict[str, dict[str, Any]] = {name: {} for name in resolved.listed}
    for row in robustness(resolved, others=others).astype(object).itertuples(index=False):
        values = {name: _or_none(getattr(row, name)) for name in ("value", "low", "high")}
        entry = {**values, "moved_by": row.moved_by or None, "statements": row.statements}
        projects[str(row.project)][str(row.key)] = entry
    weights: dict[str, dict[str, Any]] = {name: {} for name in resolved.listed}
    for drawn in random_weights(resolved, seed=seed, draws=draws).to_dict("records"):
        moments = {str(name): _or_none(value) for name, value in drawn.items() if name not in ("project", "key")}
        weights[str(drawn["project"])][str(drawn["key"])] = moments
    return {
        "projects": projects,
        "choices": list(others.names),
        "dirichlet": weights,
        "rank_swaps": rank_swaps(resolved, seed=seed, draws=draws),
        "seed": seed,
        "draws": draws,
    }


def robustness_frame(document: Mapping[str, Any]) -> pd.DataFrame:
    """Return the ranges of a `robustness_document`, a row per project and key.

    Returns
    -------
    pandas.DataFrame
        project, key, value, low, high, moved_by ("" where nothing moves it), statements (lines of the table, joined by
        spaces).
    """
    rows = [
        (project, key, entry["value"], entry["low"], entry["high"], entry["moved_by"] or "", _joined(entry))
        for project, entries in document["projects"].items()
        for key, entry in entries.items()
    ]
    columns = ["project", "key", "value", "low", "high", "moved_by", "statements"]
    return pd.DataFrame(rows, columns=columns).astype({"value": float, "low": float, "high": float})


def _joined(entry: Mapping[str, Any]) -> str:
    return " ".join(str(line) for line in entry["statements"])


@dataclass(frozen=True, eq=False)
class Variants:
    """A study under the other choices one could make, one at a time: the same projects, one thing changed."""

    names: tuple[str, ...]
    """What is changed, in order."""
    alone: Mapping[str, Resolved]
    """Those resolved by themselves; one that no statement is touched by is the study itself."""
    apart: Apart
    """Those that differ in rows, resolved in one go."""
    _measured: dict[tuple[str, ...], dict[str, pd.DataFrame]] = field(default_factory=dict)

    def measured(self, keys: Iterable[str]) -> dict[str, pd.DataFrame]:
        """Return indicators under each choice, by name; measured once for the same keys."""
        wanted = tuple(keys)
        if wanted not in self._measured:
            studies = dict.fromkeys(self.alone.values())
            frames = {study: measured(study, keys=wanted) for study in studies}
            found = {name: frames[study] for name, study in self.alone.items()}
            if self.apart.names:
                told = self.apart.told(measured(self.apart.resolved, keys=wanted))
                parts = {str(name): part for name, part in told.groupby("part", sort=False)}
                found |= {name: part.drop(columns="part").reset_index(drop=True) for name, part in parts.items()}
            self._measured[wanted] = {name: found[name] for name in self.names}
        return self._measured[wanted]


def variants(resolved: Resolved) -> Variants:
    """Return the other choices one could make.

    A choice that no statement is touched by is the study itself, and is not resolved again.

    Examples
    --------
    >>> import agency
    >>> variants(agency.load().select(project="JSeI").resolved).names[:2]
    ('without initiation', 'without requirements')
    """
    view, rows = resolved.view, resolved.rows
    fixed = resolved.under(projects=resolved.listed, countries=(), types=())
    phases = [phase.key for phase in resolved.phases]
    alone: dict[str, Resolved] = {}
    changes: dict[str, dict[str, Any]] = {}
    names: list[str] = []

    def choose(name: str, *, touched: bool = True, by_row: bool = False, **change: Any) -> None:
        names.append(name)
        if touched and by_row:
            changes[name] = change
        else:
            alone[name] = fixed.under(**change) if touched else fixed

    if len(phases) > 1:
        for key in phases:
            choose(f"without {key}", phases=tuple(other for other in phases if other != key))
    speaking = rows[rows["use"].isin(SPEAKS) & rows["project"].isin(resolved.listed)]
    sources = sorted(rows["source"].unique())
    for source in sorted(speaking["source"].unique()) if len(sources) > 1 else ():
        choose(f"{_WITHOUT}{source}", by_row=True, sources=tuple(other for other in sources if other != source))
    alleged = "alleged rows left out" if view.include_alleged else "alleged rows counted"
    touched = bool((rows["confidence"] == "alleged").any())
    choose(alleged, touched=touched, by_row=True, include_alleged=not view.include_alleged)
    other = "all" if view.rank == "best" else "best"
    choose(f"rank {other}", touched=bool((rows["rank"] == "preferred").any()), by_row=True, rank=other)
    other = "origin" if view.counting == "actor" else "actor"
    # Where no origin holds a case with two actors, both rules divide it alike.
    holding = rows.loc[rows["status"] == "held", ["project", "phase", "origin", "holder"]].drop_duplicates()
    joint = holding.duplicated(["project", "phase", "origin"]).any()
    choose(f"counted by {other}", touched=bool(joint), counting=other)
    other = "whole" if view.actors == "named" else "named"
    # Under "whole" the rows name what their actors are part of: whether any is a part of it, they no longer say.
    parts = rows["holder"].isin(resolved.table.wholes) | (view.actors == "whole")
    choose(f"actors {other}", touched=bool(parts.any()), by_row=True, actors=other)
    # Only where a source says that nobody held a phase can a year be held and a gap.
    nobody = bool(rows["status"].isin(GAP).any())
    for boundary in _BOUNDARIES:
        if boundary != view.boundary:
            choose(f"boundary {boundary}", touched=nobody, boundary=boundary)
    if view.undated and view.mode != "static":
        choose("without undated years", undated=False)
    return Variants(tuple(names), alone, Apart.under(fixed, changes))


def _numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """Return project, key, value, low, high of every number; one without bounds is its own bounds."""
    value = numbers_of(frame["value"])
    words = are_words(frame["value"]) | frame["key"].str.endswith(_WORDS)
    low, high = (frame[side].fillna(value) for side in ("low", "high"))
    return frame[["project", "key"]].assign(value=value, low=low, high=high)[~words].reset_index(drop=True)


def _statements(resolved: Resolved, others: Variants, result: pd.DataFrame) -> list[list[int]]:
    """Return for each number the lines of the statements that a source takes with it, where leaving it out moves it."""
    rows = resolved.rows[resolved.rows["use"].isin(["decides", "dates"])]
    lines = rows.groupby(["project", "source"])["line"].agg(list).to_dict()
    sources = {name: name.removeprefix(_WITHOUT) for name in others.names if name.startswith(_WITHOUT)}
    return [
        lines.get((project, sources.get(moved_by, "")), [])
        for project, moved_by in zip(result["project"], result["moved_by"], strict=True)
    ]


def _or_none(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)
