"""How well a project is documented (I24), and each of its phases: what is known, where the sources disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from agency.indicators.tidy import NOTHING_APPLIES, joined, ratio_of, tidy
from agency.resolve import Resolved, positions
from agency.table import Table
from agency.words import marked

if TYPE_CHECKING:
    from agency.resolve import Flags, Floats, Ints

SOURCE_TYPES = ("official", "academic", "ngo", "media", "interview")


def evidence(resolved: Resolved) -> pd.DataFrame:
    """Return grade and completeness of the evidence behind the cells (I24).

    Grade of a cell by AidData's rule for source quality (TUFF 3.0, appendix E), over the distinct sources of the
    rows in force: 5 two or more official sources, 4 one, 3 at least one academic, 2 other than media (interview,
    NGO), 1 media only. Quoted: share of the applicable cells with a quote. Complete: share of them with a known
    holder and, in continuing phases, a date or a duration.

    Parameters
    ----------
    resolved
        The table under a view.

    Returns
    -------
    pandas.DataFrame
        Keys ``evidence.grade_min`` and ``evidence.grade_median`` in 1..5 (undefined without a graded cell),
        ``evidence.quoted`` and ``evidence.complete`` in [0, 1].

    Examples
    --------
    >>> import agency
    >>> study = agency.load().select(project="ECU 911")
    >>> frame = evidence(study.resolved)
    >>> dict(zip(frame["key"], frame["value"]))["evidence.quoted"]
    1.0
    """
    data = resolved.arrays
    rows = resolved.rows
    rows = rows[rows["counts"] & rows["project"].isin(data.projects) & rows["phase"].isin(data.phases)]
    shape = data.weight.shape
    project = positions(data.projects, rows["project"])
    phase = positions(data.phases, rows["phase"])
    cell = project * shape[1] + phase
    grade = _grades(cell, rows["source"], resolved.table, data.weight.size).reshape(shape)
    grade = np.where(data.applicable, grade, np.nan)
    graded = ~np.isnan(grade).all(axis=1)
    values = np.full((shape[0], 2), np.nan)
    if graded.any():
        values[graded, 0] = np.nanmin(grade[graded], axis=1)
        values[graded, 1] = np.nanmedian(grade[graded], axis=1)

    def flagged(flags: pd.Series[bool]) -> Flags:
        found: Flags = np.bincount(cell[flags.to_numpy(bool)], minlength=data.weight.size) > 0
        return found.reshape(shape)

    held = rows["status"] == "held"
    dated = rows[["start", "end", "duration_years"]].notna().any(axis=1)
    continuing = rows["phase"].isin([entry.key for entry in resolved.codebook.phases if entry.kind == "continuing"])
    complete = flagged(held & (dated | ~continuing)) & data.applicable
    quoted = flagged(rows["quote"] != "") & data.applicable
    cells = data.applicable.sum(axis=1)
    shares = np.stack([quoted.sum(axis=1), complete.sum(axis=1)], axis=1)
    number = np.broadcast_to(cells[:, None], shares.shape)
    return joined(
        [
            tidy(
                data,
                ["evidence.grade_min", "evidence.grade_median"],
                values,
                why=marked("no cell has a source of known type"),
            ),
            tidy(
                data,
                ["evidence.quoted", "evidence.complete"],
                ratio_of(shares, number),
                why=NOTHING_APPLIES,
                ratio=(shares, number),
            ),
        ]
    )


def _grades(cell: Ints, source: pd.Series[str], table: Table, size: int) -> Floats:
    """Grade of every cell, NaN where no source of known type stands behind it."""
    kinds = {key: entry.source_type for key, entry in table.sources.items()}
    frame = pd.DataFrame({"cell": cell, "source": source.to_numpy()}).drop_duplicates()
    kind = frame["source"].map(kinds)
    number = {
        name: np.bincount(frame.loc[(kind == name).to_numpy(bool), "cell"], minlength=size) for name in SOURCE_TYPES
    }
    return np.select(
        [
            number["official"] >= 2,
            number["official"] == 1,
            number["academic"] >= 1,
            number["ngo"] + number["interview"] >= 1,
            number["media"] >= 1,
        ],
        [5.0, 4.0, 3.0, 2.0, 1.0],
        np.nan,
    )


STATES = ("coded", "contested", "vacant", "unknown", "not_applicable")
"""coded: somebody holds it; contested: two sources contradict each other, whatever the state is; vacant: a gap."""


def cell_states(resolved: Resolved) -> pd.DataFrame:
    """Return the state of knowledge of each project and core phase in the static view.

    Parameters
    ----------
    resolved
        What is selected; thin projects are never left out here, finding them is the point.

    Returns
    -------
    pandas.DataFrame
        project, phase, state (one of `STATES`), a row per project and core phase in file and process order.

    Examples
    --------
    >>> import agency
    >>> frame = cell_states(agency.load().select(project="JSeI", source="vilaseoane2024").resolved)
    >>> frame["state"].unique().tolist()
    ['coded']
    """
    everything = resolved.under(mode="static", year=None, min_phases=0)
    phases = everything.matrix.phases
    state = pd.Series("unknown", index=phases.index, dtype="str")
    state = state.mask(phases["gap"] > 0, "vacant").mask(phases["held"] > 0, "coded")
    state = state.mask(~phases["applicable"], "not_applicable")
    cells = zip(phases["project"], phases["phase"], strict=True)
    disputed = np.array([everything.agreement.get(cell) == "contested" for cell in cells], dtype=bool)
    return phases[["project", "phase"]].assign(state=state.mask(disputed, "contested"))


def states_document(frame: pd.DataFrame) -> dict[str, Any]:
    """Return the states for JSON: ``projects`` (project to phase to state), ``counts`` (phase to state to number).

    Examples
    --------
    >>> import agency
    >>> states_document(cell_states(agency.load()["JSeI"].resolved))["counts"]["design"]
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
