"""Which choice moves which number: every indicator again under other rules and evidence (I21, I22)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from agency.matrix.build import phase_matrix
from agency.matrix.select import role_weights, selection
from agency.measures.dirichlet import DRAWS, SEED, random_weights, rank_swaps
from agency.measures.groups import views_by_source
from agency.measures.indicators import indicators
from agency.measures.registry import INDICATORS
from agency.measures.tidy import as_number

if TYPE_CHECKING:
    from agency.matrix.matrix import Matrix
    from agency.matrix.view import View
    from agency.table.model import Table

_LEFT_OUT = ("actor_share", "critical_phases", "leave_one_out", "timeline")
"""Named by the data, or a range already."""

_BOUNDARIES: tuple[Literal["held", "split", "gap"], ...] = ("held", "split", "gap")
_SUPPORT = (0.0, 0.5, 1.0)


def robustness(table: Table, view: View) -> pd.DataFrame:
    """Return every number with its range over other choices, and the choice that moves it most.

    Choices, one at a time: each phase left out, each source alone, alleged rows in or out, the other rank, support
    roles counted not at all, half and full, and the other boundary rules (Saisana et al. 2005; OECD/JRC 2008). Random
    weights are apart: `agency.measures.dirichlet.random_weights`.

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
    >>> frame = robustness(study.data, study.view).query("project == 'ECU 911' and key == 'hhi_foreign_actors'")
    >>> frame["value"].item()
    1.0
    """
    base = phase_matrix(table, view)
    keys = [entry.key for entry in INDICATORS if entry.unit != "list" and entry.key not in _LEFT_OUT]
    found = [_numbers(base, table, keys).assign(choice="")]
    for name, other in choices(table, view).items():
        found.append(_numbers(phase_matrix(table, other), table, keys).assign(choice=name))
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


def robustness_document(table: Table, view: View, *, seed: int = SEED, draws: int = DRAWS) -> dict[str, Any]:
    """Return what ``agency robustness -f json`` prints, without the method block.

    Returns
    -------
    dict
        ``projects``: by project and dotted key ``value``, ``low``, ``high``, ``moved_by`` (None where nothing moves
        it); ``choices``; ``dirichlet``: by project and key the exact and drawn moments; ``rank_swaps``; ``seed`` and
        ``draws``.
    """
    base = phase_matrix(table, view)
    projects: dict[str, dict[str, Any]] = {name: {} for name in base.projects}
    for row in robustness(table, view).astype(object).itertuples(index=False):
        values = {name: _or_none(getattr(row, name)) for name in ("value", "low", "high")}
        projects[str(row.project)][str(row.key)] = {**values, "moved_by": row.moved_by or None}
    weights: dict[str, dict[str, Any]] = {name: {} for name in base.projects}
    for entry in random_weights(base, seed=seed, draws=draws).to_dict("records"):
        moments = {str(name): _or_none(value) for name, value in entry.items() if name not in ("project", "key")}
        weights[str(entry["project"])][str(entry["key"])] = moments
    return {
        "projects": projects,
        "choices": list(choices(table, view)),
        "dirichlet": weights,
        "rank_swaps": rank_swaps(base, seed=seed, draws=draws),
        "seed": seed,
        "draws": draws,
    }


def choices(table: Table, view: View) -> dict[str, View]:
    """Return the other choices one could make, by name: each a view of the same projects, one thing changed.

    Examples
    --------
    >>> import agency
    >>> study = agency.load().select(project="JSeI")
    >>> list(choices(study.data, study.view))[:2]
    ['without initiation', 'without requirements']
    """
    chosen = selection(table, view)
    fixed = replace(view, projects=chosen.projects, countries=())
    phases = [phase.key for phase in chosen.phases]
    found = {}
    if len(phases) > 1:
        for key in phases:
            found[f"without {key}"] = replace(fixed, phases=tuple(other for other in phases if other != key))
    found |= {f"only {source}": alone for source, alone in views_by_source(table, fixed).items()}
    alleged = "alleged rows left out" if view.include_alleged else "alleged rows counted"
    found[alleged] = replace(fixed, include_alleged=not view.include_alleged)
    if view.rank == "best":
        found["rank all"] = replace(fixed, rank="all")
    else:
        found["rank best"] = replace(fixed, rank="best")
    support = role_weights(table.codebook, view).get("support")
    for weight in _SUPPORT:
        if support is not None and weight != support:
            roles = (*(pair for pair in view.roles if pair[0] != "support"), ("support", weight))
            found[f"support counted {weight:g}"] = replace(fixed, roles=roles)
    for boundary in _BOUNDARIES:
        if boundary != view.boundary:
            found[f"boundary {boundary}"] = replace(fixed, boundary=boundary)
    return found


def _numbers(matrix: Matrix, table: Table, keys: list[str]) -> pd.DataFrame:
    frame = indicators(matrix, table, keys=keys)
    is_number = frame["value"].map(as_number)
    words = frame["value"].map(lambda value: isinstance(value, (str, list)))
    words |= frame["key"].str.endswith((".actor", ".state", ".phases", ".years"))
    return frame.assign(value=pd.to_numeric(is_number))[["project", "key", "value"]][~words]


def _or_none(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)
