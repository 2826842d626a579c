"""What the years say: orphaned time, timeline of origins, change points (I12, I25)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from agency.measures.composition import REST
from agency.measures.profile import TOLERANCE, positions, profile, summed
from agency.measures.tidy import NO_WINDOW, Block, joined, lists, ratio_of, tidy, tidy_long

if TYPE_CHECKING:
    from agency.matrix.matrix import Matrix
    from agency.measures.profile import Floats, Ints

NOTHING_CONTINUES = "no continuing phase applies in this year"


@dataclass(frozen=True, eq=False)
class Timeline:
    """Composition of the continuing phases, year by year; one entry per project and year, in order."""

    project: Ints
    year: Ints
    parts: Floats
    """(entries, O + 2): known origins, gap, unknown; NaN where no continuing phase applies."""


def orphaned(matrix: Matrix) -> pd.DataFrame:
    """Return the time in which nobody was responsible, by continuing phase and over all of them (I12).

    Gap years / (held + gap years), in every mode from the years of the window; bounds are [gap, gap + unknown] /
    applicable years. Durations without a place count as held years.

    Returns
    -------
    pandas.DataFrame
        Keys ``orphaned.PHASE`` and ``orphaned.continuing``, in [0, 1] with low and high.

    Examples
    --------
    >>> import agency
    >>> orphaned(agency.load().select(project="ECU 911").matrix)["value"].tolist()
    [0.0, 0.3, 0.15]
    """
    data = profile(matrix)
    kinds = matrix.phases.drop_duplicates("phase")
    phases = kinds.loc[kinds["kind"] == "continuing", "phase"].tolist()
    shape = (len(data.projects), len(phases))
    years = matrix.years[matrix.years["applicable"]]

    def by_phase(frame: pd.DataFrame, weights: pd.Series[float]) -> Floats:
        place = positions(data.projects, frame["project"]) * shape[1] + positions(phases, frame["phase"])
        return summed(place, weights, shape[0] * shape[1]).reshape(shape)

    gap, unknown, held = (by_phase(years, years[column]) for column in ("gap", "unknown", "held"))
    placed = by_phase(matrix.durations, matrix.durations["years"])
    held, unknown = held + placed, unknown - placed
    window = matrix.windows["start"].notna().to_numpy(bool)
    frames = []
    for names, axis in (([f"orphaned.{phase}" for phase in phases], None), (["orphaned.continuing"], 1)):
        no, none, some = (part if axis is None else part.sum(axis=1)[:, None] for part in (gap, unknown, held))
        total = no + none + some
        why = np.where(window[:, None], np.where(total > 0, "all years are unknown", "no year applies"), NO_WINDOW)
        bounds = ratio_of(no, total), ratio_of(no + none, total)
        frames.append(tidy(data, names, ratio_of(no, some + no), why=why, bounds=bounds, ratio=(no, some + no)))
    return joined(frames)


def timeline(matrix: Matrix) -> pd.DataFrame:
    """Return the composition of the continuing phases year by year, and when it changed (I25), in every mode.

    Returns
    -------
    pandas.DataFrame
        Keys ``timeline.YEAR.ORIGIN``, ``.gap`` and ``.unknown``, each in [0, 1]; they sum to 1 in every year.
        Projects without a window have no such key. Key ``change_points``: the list of years whose composition differs
        from the year before; undefined without a window.

    Examples
    --------
    >>> import agency
    >>> frame = timeline(agency.load().select(project="ECU 911").matrix)
    >>> frame.loc[frame["key"].isin(["timeline.2018.gap", "timeline.2019.gap", "change_points"]), "value"].tolist()
    [0.0, 0.5, [2019]]
    """
    data = profile(matrix)
    found = timeline_parts(matrix)
    width = found.parts.shape[1]
    names = [f".{name}" for name in (*data.origins, *REST)]
    years, codes = np.unique(found.year, return_inverse=True)
    keys = [f"timeline.{year}{name}" for year in years for name in names]
    place = (codes[:, None] * width + np.arange(width)).ravel()
    project = np.repeat(found.project, width)
    by_year = tidy_long(data, project, (keys, place), found.parts.ravel(), why=NOTHING_CONTINUES)
    return joined([by_year, _change_points(matrix, found)])


def timeline_parts(matrix: Matrix) -> Timeline:
    """Return the arrays behind the timeline."""
    data = profile(matrix)
    weights = matrix.phases.drop_duplicates("phase").set_index("phase")["weight"]
    years = matrix.years
    code = positions(data.projects, years["project"]) * 10_000 + years["year"].to_numpy(np.int64)
    units, unit = np.unique(code, return_inverse=True)
    weight = years["phase"].map(weights).to_numpy(float) * years["applicable"].to_numpy(bool)
    width = len(data.origins) + len(REST)
    parts = np.zeros((len(units), width))
    total = summed(unit, weight, len(units))
    for column, name in ((-2, "gap"), (-1, "unknown")):
        parts[:, column] = summed(unit, weight * years[name].to_numpy(float), len(units))
    held = matrix.year_shares
    code = positions(data.projects, held["project"]) * 10_000 + held["year"].to_numpy(np.int64)
    origin = positions(data.origins, held["origin"])
    origin = np.where(origin < 0, width - 1, origin)
    mass = held["phase"].map(weights).to_numpy(float) * held["share"].to_numpy(float)
    place = np.searchsorted(units, code) * width + origin
    parts += summed(place, mass, parts.size).reshape(parts.shape)
    return Timeline(units // 10_000, units % 10_000, ratio_of(parts, total[:, None]))


def _change_points(matrix: Matrix, found: Timeline) -> Block:
    data = profile(matrix)
    parts = np.nan_to_num(found.parts, nan=-1.0)
    follows = np.flatnonzero(np.diff(found.project) == 0) + 1
    changed = follows[(np.abs(parts[follows] - parts[follows - 1]) > TOLERANCE).any(axis=1)]
    years = lists(found.project[changed], found.year[changed], len(data.projects))
    years[~matrix.windows["start"].notna().to_numpy(bool)] = None
    return tidy(data, ["change_points"], years, why=NO_WINDOW)
