"""Every year of every window as a snapshot of its own, without building a matrix for each.

What the years say: orphaned time, timeline of origins, change points (I12, I25).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from agency.indicators.composition import REST
from agency.indicators.tidy import NO_WINDOW, Block, joined, lists, ratio_of, tidy, tidy_long
from agency.resolve import (
    GAP,
    TOLERANCE,
    Parts,
    Profile,
    Resolved,
    known_origins,
    number_actors,
    positions,
    share_out,
    summed,
)

if TYPE_CHECKING:
    from agency.resolve import Actors, Flags, Floats, Ints

_LONGEST = 10_000
"""Years have four digits."""


@dataclass(frozen=True, eq=False)
class Yearly:
    """Snapshots of all years: the `Profile` has a project-year in place of a project."""

    profile: Profile
    project: Ints
    """Position of the project of each unit."""
    year: Ints


def yearly(resolved: Resolved) -> Yearly:
    """Return the snapshots of all window years; projects without a window have none.

    Examples
    --------
    >>> import agency
    >>> yearly(agency.load().select(project="JSeI").resolved).year.tolist()
    [2016, 2017, 2018, 2019, 2020, 2021, 2022]
    """
    project, year = _units(resolved)
    keys = resolved.matrix.phases.drop_duplicates("phase")
    phases = tuple(keys["phase"])
    shape = (len(project), len(keys))
    applicable, gap, unknown = np.zeros(shape, dtype=bool), np.zeros(shape), np.zeros(shape)

    years = resolved.matrix.years
    at = _unit_of(project, year, positions(resolved.matrix.projects, years["project"]), years["year"])
    place = at, positions(phases, years["phase"])
    applicable[place] = years["applicable"].to_numpy(bool)
    gap[place], unknown[place] = years["gap"].to_numpy(float), years["unknown"].to_numpy(float)

    begun = _begun(resolved, project, year)
    column = positions(phases, begun["phase"])
    of_event = (keys["kind"] == "event").to_numpy(bool)
    held, nobody, absent = (
        _flagged(begun, column, statuses, shape) for statuses in (("held",), GAP, ("not_applicable",))
    )
    nobody &= ~held
    applicable |= of_event & (held | nobody | ~absent)
    gap += nobody
    unknown += of_event & applicable & ~held & ~nobody
    weights = keys["weight"].to_numpy(float)
    actors, parts = _holders(resolved, (project, year), begun.assign(column=column), phases)
    snapshots = Profile(
        projects=tuple(resolved.matrix.projects[at] for at in project),
        phases=phases,
        blocks=tuple(keys["block"]),
        origins=known_origins(resolved.codebook),
        codebook=resolved.codebook,
        weight=np.where(applicable, weights, 0.0),
        applicable=applicable,
        gap=gap,
        unknown=unknown,
        actors=actors,
        parts=parts,
        sets=parts,
    )
    return Yearly(snapshots, project, year)


def _units(resolved: Resolved) -> tuple[Ints, Ints]:
    """Return project and year of every year of every window, in order."""
    windows = resolved.matrix.windows.reset_index(drop=True)
    dated = windows["start"].notna()
    first, last = (windows.loc[dated, side].to_numpy(np.int64) for side in ("start", "end"))
    length = last - first + 1
    project = np.repeat(np.flatnonzero(dated.to_numpy(bool)), length)
    begin = np.repeat(np.cumsum(length) - length, length)
    return project, np.arange(len(project)) - begin + np.repeat(first, length)


def _unit_of(project: Ints, year: Ints, of: Ints, in_year: pd.Series[int]) -> Ints:
    found: Ints = np.searchsorted(project * _LONGEST + year, of * _LONGEST + in_year.to_numpy(np.int64))
    return found


def _begun(resolved: Resolved, project: Ints, year: Ints) -> pd.DataFrame:
    """Return the deciding rows of event phases with each ``unit`` where they count: from their start on (rule 5)."""
    rows = resolved.matrix.events
    of = positions(resolved.matrix.projects, rows["project"])
    number = np.bincount(project, minlength=len(resolved.matrix.projects))
    first = np.cumsum(number) - number
    row = np.repeat(np.arange(len(rows)), number[of])
    within = np.arange(len(row)) - np.repeat(np.cumsum(number[of]) - number[of], number[of])
    unit = first[of][row] + within
    counts = rows["start"].fillna(-1).to_numpy(np.int64)[row] <= year[unit]
    found: pd.DataFrame = rows.iloc[row[counts]].assign(unit=unit[counts])
    return found


def _flagged(begun: pd.DataFrame, column: Ints, statuses: tuple[str, ...], shape: tuple[int, int]) -> Flags:
    flags: Flags = np.zeros(shape, dtype=bool)
    kept = begun["status"].isin(statuses).to_numpy(bool)
    flags[begun["unit"].to_numpy()[kept], column[kept]] = True
    return flags


def _holders(
    resolved: Resolved, units: tuple[Ints, Ints], begun: pd.DataFrame, phases: tuple[str, ...]
) -> tuple[Actors, Parts]:
    """Return who holds what in every unit: event phases shared out here, the others as in their year."""
    holding = begun[begun["status"] == "held"]
    cell = holding["unit"].to_numpy() * max(len(phases), 1) + holding["column"].to_numpy()
    origins = known_origins(resolved.codebook)
    origin = positions(origins, holding["origin"])
    events = share_out(holding.assign(cell=cell, origin=origin), resolved.view.counting)
    where = events["cell"].to_numpy(np.int64)
    held = resolved.matrix.year_shares
    at = _unit_of(*units, positions(resolved.matrix.projects, held["project"]), held["year"])
    unit = np.concatenate([where // max(len(phases), 1), at])
    identity = np.concatenate([events["actor_id"].to_numpy(np.int64), held["actor_id"].to_numpy(np.int64)])
    actors, actor = number_actors(unit, identity, np.full(len(unit), "", dtype=object))
    parts = Parts(
        project=unit,
        phase=np.concatenate([where % max(len(phases), 1), positions(phases, held["phase"])]),
        actor=actor,
        origin=np.concatenate([events["origin"].to_numpy(np.int64), positions(origins, held["origin"])]),
        share=np.concatenate([events["share"].to_numpy(float), held["share"].to_numpy(float)]),
    )
    return actors, parts


NOTHING_CONTINUES = "no continuing phase applies in this year"


@dataclass(frozen=True, eq=False)
class Timeline:
    """Composition of the continuing phases, year by year; one entry per project and year, in order."""

    project: Ints
    year: Ints
    parts: Floats
    """(entries, O + 2): known origins, gap, unknown; NaN where no continuing phase applies."""


def orphaned(resolved: Resolved) -> pd.DataFrame:
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
    >>> orphaned(agency.load().select(project="ECU 911").resolved)["value"].tolist()
    [0.0, 0.3, 0.15]
    """
    data = resolved.arrays
    kinds = resolved.matrix.phases.drop_duplicates("phase")
    phases = kinds.loc[kinds["kind"] == "continuing", "phase"].tolist()
    shape = (len(data.projects), len(phases))
    years = resolved.matrix.years[resolved.matrix.years["applicable"]]

    def by_phase(frame: pd.DataFrame, weights: pd.Series[float]) -> Floats:
        place = positions(data.projects, frame["project"]) * shape[1] + positions(phases, frame["phase"])
        return summed(place, weights, shape[0] * shape[1]).reshape(shape)

    gap, unknown, held = (by_phase(years, years[column]) for column in ("gap", "unknown", "held"))
    placed = by_phase(resolved.matrix.durations, resolved.matrix.durations["years"])
    held, unknown = held + placed, unknown - placed
    window = resolved.matrix.windows["start"].notna().to_numpy(bool)
    frames = []
    for names, axis in (([f"orphaned.{phase}" for phase in phases], None), (["orphaned.continuing"], 1)):
        no, none, some = (part if axis is None else part.sum(axis=1)[:, None] for part in (gap, unknown, held))
        total = no + none + some
        why = np.where(window[:, None], np.where(total > 0, "all years are unknown", "no year applies"), NO_WINDOW)
        bounds = ratio_of(no, total), ratio_of(no + none, total)
        frames.append(tidy(data, names, ratio_of(no, some + no), why=why, bounds=bounds, ratio=(no, some + no)))
    return joined(frames)


def timeline(resolved: Resolved) -> pd.DataFrame:
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
    >>> frame = timeline(agency.load().select(project="ECU 911").resolved)
    >>> frame.loc[frame["key"].isin(["timeline.2018.gap", "timeline.2019.gap", "change_points"]), "value"].tolist()
    [0.0, 0.5, [2019]]
    """
    data = resolved.arrays
    found = timeline_parts(resolved)
    width = found.parts.shape[1]
    names = [f".{name}" for name in (*data.origins, *REST)]
    years, codes = np.unique(found.year, return_inverse=True)
    keys = [f"timeline.{year}{name}" for year in years for name in names]
    place = (codes[:, None] * width + np.arange(width)).ravel()
    project = np.repeat(found.project, width)
    by_year = tidy_long(data, project, (keys, place), found.parts.ravel(), why=NOTHING_CONTINUES)
    return joined([by_year, _change_points(resolved, found)])


def timeline_parts(resolved: Resolved) -> Timeline:
    """Return the arrays behind the timeline."""
    data = resolved.arrays
    weights = resolved.matrix.phases.drop_duplicates("phase").set_index("phase")["weight"]
    years = resolved.matrix.years
    code = positions(data.projects, years["project"]) * 10_000 + years["year"].to_numpy(np.int64)
    units, unit = np.unique(code, return_inverse=True)
    weight = years["phase"].map(weights).to_numpy(float) * years["applicable"].to_numpy(bool)
    width = len(data.origins) + len(REST)
    parts = np.zeros((len(units), width))
    total = summed(unit, weight, len(units))
    for column, name in ((-2, "gap"), (-1, "unknown")):
        parts[:, column] = summed(unit, weight * years[name].to_numpy(float), len(units))
    held = resolved.matrix.year_shares
    code = positions(data.projects, held["project"]) * 10_000 + held["year"].to_numpy(np.int64)
    origin = positions(data.origins, held["origin"])
    origin = np.where(origin < 0, width - 1, origin)
    mass = held["phase"].map(weights).to_numpy(float) * held["share"].to_numpy(float)
    place = np.searchsorted(units, code) * width + origin
    parts += summed(place, mass, parts.size).reshape(parts.shape)
    return Timeline(units // 10_000, units % 10_000, ratio_of(parts, total[:, None]))


def _change_points(resolved: Resolved, found: Timeline) -> Block:
    data = resolved.arrays
    parts = np.nan_to_num(found.parts, nan=-1.0)
    follows = np.flatnonzero(np.diff(found.project) == 0) + 1
    changed = follows[(np.abs(parts[follows] - parts[follows - 1]) > TOLERANCE).any(axis=1)]
    years = lists(found.project[changed], found.year[changed], len(data.projects))
    years[~resolved.matrix.windows["start"].notna().to_numpy(bool)] = None
    return tidy(data, ["change_points"], years, why=NO_WINDOW)
