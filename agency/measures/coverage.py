"""Coverage: what is known of each project and phase, and where the sources disagree."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from agency.matrix.build import phase_matrix
from agency.matrix.contested import contested
from agency.matrix.view import View
from agency.table.model import Table

STATES = ("coded", "contested", "vacant", "unknown", "not_applicable")
"""coded: somebody holds it; contested: the sources disagree on the origins (rule 13); vacant: a gap."""


def coverage(table: Table, view: View | None = None) -> pd.DataFrame:
    """Return the state of knowledge of each project and core phase in the static view.

    Parameters
    ----------
    table
        A sound table.
    view
        What is selected; thin projects are never left out here, finding them is the point.

    Returns
    -------
    pandas.DataFrame
        project, phase, state (one of `STATES`), a row per project and core phase in file and process order.

    Examples
    --------
    >>> import agency
    >>> from agency.matrix.view import View
    >>> frame = coverage(agency.load().data, View(projects=("JSeI",), sources=("vilaseoane2024",)))
    >>> frame["state"].unique().tolist()
    ['coded']
    """
    view = replace(view or View(), mode="static", year=None, min_phases=0)
    phases = phase_matrix(table, view).phases
    state = pd.Series("unknown", index=phases.index, dtype="str")
    state = state.mask(phases["gap"] > 0, "vacant").mask(phases["held"] > 0, "coded")
    state = state.mask(~phases["applicable"], "not_applicable")
    verdicts = contested(table, view).set_index(["project", "phase"])["agreement"]
    keys = pd.MultiIndex.from_frame(phases[["project", "phase"]])
    disputed = (verdicts.reindex(keys) == "contested").to_numpy(bool)
    return phases[["project", "phase"]].assign(state=state.mask(disputed, "contested"))


def coverage_document(frame: pd.DataFrame) -> dict[str, Any]:
    """Return the coverage for JSON: ``projects`` (project to phase to state) and ``counts`` (phase to state to number).

    Examples
    --------
    >>> import agency
    >>> coverage_document(coverage(agency.load()["JSeI"].data, View(projects=("JSeI",))))["counts"]["design"]
    {'coded': 1, 'contested': 0, 'vacant': 0, 'unknown': 0, 'not_applicable': 0}
    """
    projects = {
        str(name): dict(zip(rows["phase"], rows["state"], strict=True))
        for name, rows in frame.groupby("project", sort=False)
    }
    counts = {
        str(phase): {state: int((rows["state"] == state).sum()) for state in STATES}
        for phase, rows in frame.groupby("phase", sort=False)
    }
    return {"projects": projects, "counts": counts}
