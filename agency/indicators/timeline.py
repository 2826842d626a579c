"""What the years say: orphaned time, timeline of origins, change points (I12, I25); every year of a window at once."""

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
    Matrix,
    Parts,
    Profile,
    Resolved,
    known_origins,
    number_actors,
    positions,
    share_out,
    summed,
)
from agency.words import marked

if TYPE_CHECKING:
    from agency.resolve import Actors, Flags, Floats, Ints


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
    matrix = resolved.matrix
    units = _Units.of(matrix)
    keys = matrix.phases.drop_duplicates("phase")
    phases = tuple(keys["phase"])
    shape = (len(units.project), len(keys))
    applicable, gap, unknown, undated_gap = (np.zeros(shape) for _ in range(4))

    years = matrix.years
    place = units.at(years), positions(phases, years["phase"])
    for filled, name in ((applicable, "applicable"), (gap, "gap"), (unknown, "unknown"), (undated_gap, "undated_gap")):
        filled[place] = years[name].to_numpy(float)

    begun = _begun(matrix, units, phases)
    of_event = (keys["kind"] == "event").to_numpy(bool)
    held = _flagged(begun, ("held",), shape)
    nobody = _flagged(begun, GAP, shape) & ~held
    dated = _flagged(begun[~begun["undated"]], GAP, shape)
    absent = _flagged(begun, ("not_applicable",), shape) & ~held & ~nobody
    applies = (applicable > 0) | (of_event & ~absent)
    gap += nobody
    undated_gap += nobody & ~dated
    unknown += of_event & applies & ~held & ~nobody
    actors, parts = _holders(matrix, units, begun, phases)
    snapshots = Profile(
        projects=tuple(matrix.projects[at] for at in units.project),
        phases=phases,
        blocks=tuple(keys["block"]),
        origins=known_origins(matrix.codebook),
        codebook=matrix.codebook,
        weight=np.where(applies, keys["weight"].to_numpy(float), 0.0),
        applicable=applies,
        gap=gap,
        unknown=unknown,
        undated_gap=undated_gap,
        actors=actors,
        parts=parts,
        sets=parts,
    )
    return Yearly(snapshots, units.project, units.year)


@dataclass(frozen=True, eq=False)
class _Units:
    """Every year of every window, in order: one unit each."""

    matrix: Matrix
    project: Ints
    year: Ints
    first: Ints
    """By project: number of its first unit."""
    start: Ints
    """By project: first year of its window, 0 without one."""
    number: Ints
    """By project: number of its units."""

    @classmethod
    def of(cls, matrix: Matrix) -> _Units:
        windows = matrix.windows
        start = windows["start"].fillna(0).to_numpy(np.int64)
        number = np.where(windows["start"].notna(), windows["end"].fillna(0).to_numpy(np.int64) - start + 1, 0)
        project = np.repeat(np.arange(len(windows)), number)
        first = np.cumsum(number) - number
        return cls(matrix, project, np.arange(len(project)) - first[project] + start[project], first, start, number)

    def at(self, frame: pd.DataFrame) -> Ints:
        """Return the unit of the project and year of each line."""
        project = positions(self.matrix.projects, frame["project"])
        found: Ints = self.first[project] + frame["year"].to_numpy(np.int64) - self.start[project]
        return found


def _begun(matrix: Matrix, units: _Units, phases: tuple[str, ...]) -> pd.DataFrame:
    """Return the deciding rows of event phases in each unit where they count, as numbers: a row has many years.

    unit, column (position of the phase), status (category), actor_id, origin (position), weight, undated.
    """
    rows = matrix.events
    of = positions(matrix.projects, rows["project"])
    number = units.number[of]
    row = np.repeat(np.arange(len(rows)), number)
    unit = np.arange(len(row)) - np.repeat(np.cumsum(number) - number, number) + units.first[of][row]
    year = units.year[unit]
    since = rows["since"].fillna(-1).to_numpy(np.int64)[row]
    certain = matrix.windows["certain"].fillna(0).to_numpy(np.int64)[of][row]
    undated = (since < 0) & (year < certain)
    kept = (since <= year) & (matrix.view.undated | ~undated)
    numbered = pd.DataFrame(
        {
            "column": positions(phases, rows["phase"]),
            "status": rows["status"].astype("category"),
            "actor_id": rows["actor_id"],
            "origin": positions(known_origins(matrix.codebook), rows["origin"]),
            "weight": rows["weight"],
        }
    )
    return numbered.take(row[kept]).assign(unit=unit[kept], undated=undated[kept])


def _flagged(begun: pd.DataFrame, statuses: tuple[str, ...], shape: tuple[int, int]) -> Flags:
    flags: Flags = np.zeros(shape, dtype=bool)
    kept = begun[begun["status"].isin(statuses)]
    flags[kept["unit"].to_numpy(np.int64), kept["column"].to_numpy(np.int64)] = True
    return flags


def _holders(matrix: Matrix, units: _Units, begun: pd.DataFrame, phases: tuple[str, ...]) -> tuple[Actors, Parts]:
    """Return who holds what in every unit: event phases shared out here, the others as in their year."""
    holding = begun[begun["status"] == "held"]
    width = max(len(phases), 1)
    cell = holding["unit"].to_numpy(np.int64) * width + holding["column"].to_numpy(np.int64)
    origins = known_origins(matrix.codebook)
    events = share_out(holding.assign(cell=cell), matrix.view.counting)
    where = events["cell"].to_numpy(np.int64)
    held = matrix.year_shares
    unit = np.concatenate([where // width, units.at(held)])
    identity = np.concatenate([events["actor_id"].to_numpy(np.int64), held["actor_id"].to_numpy(np.int64)])
    actors, actor = number_actors(unit, identity, np.full(len(unit), "", dtype=object))

    def both(name: str) -> Floats:
        return np.concatenate([events[name].to_numpy(float), held[name].to_numpy(float)])

    parts = Parts(
        project=unit,
        phase=np.concatenate([where % width, positions(phases, held["phase"])]),
        actor=actor,
        origin=np.concatenate([events["origin"].to_numpy(np.int64), positions(origins, held["origin"])]),
        share=both("share"),
        undated=both("undated"),
    )
    return actors, parts


NOTHING_CONTINUES = marked("no continuing phase applies in this year")


@dataclass(frozen=True, eq=False)
class Timeline:
    """Composition of the continuing phases, year by year; one entry per project and year, in order."""

    project: Ints
    year: Ints
    parts: Floats
    """(entries, O + 3): known origins, gap, unknown, and of these what is undated; NaN where nothing applies."""


def orphaned(resolved: Resolved) -> pd.DataFrame:
    """Return the time in which nobody was responsible, by continuing phase and over all of them (I12).

    Gap years / (held + gap years), in every mode from the years of the window. Low: the gap that rests on dated rows /
    applicable years. High: gap and unknown years / applicable years; a year held on rows without any year may be empty
    too where some row that decides says that nobody held the phase at some time, and is held where none does. Lengths
    without dates count as held years.

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
    data, matrix = resolved.arrays, resolved.matrix
    kinds = matrix.phases.drop_duplicates("phase")
    phases = kinds.loc[kinds["kind"] == "continuing", "phase"].tolist()
    shape = (len(data.projects), len(phases))
    sums = matrix.sums
    place = positions(data.projects, sums["project"]) * shape[1] + positions(phases, sums["phase"])

    def by_phase(values: pd.Series[float]) -> Floats:
        return summed(place, values, shape[0] * shape[1]).reshape(shape)

    names = ("held", "gap", "unknown", "undated_gap")
    held, gap, unknown, undated_gap = (by_phase(sums[name]) for name in names)
    doubt = by_phase(sums["undated"].where(sums["nobody"], 0.0))
    total = by_phase(sums["applicable"])
    window = matrix.windows["start"].notna().to_numpy(bool)
    frames = []
    for keys, axis in (([f"orphaned.{phase}" for phase in phases], None), (["orphaned.continuing"], 1)):
        some, no, none, loose, maybe, years = (
            part if axis is None else part.sum(axis=1)[:, None]
            for part in (held, gap, unknown, undated_gap, doubt, total)
        )
        why = np.where(
            window[:, None], np.where(years > 0, marked("all years are unknown"), marked("no year applies")), NO_WINDOW
        )
        bounds = ratio_of(no - loose, years), ratio_of(no + none + maybe, years)
        frames.append(tidy(data, keys, ratio_of(no, some + no), why=why, bounds=bounds, ratio=(no, some + no)))
    return joined(frames)


def timeline(resolved: Resolved) -> pd.DataFrame:
    """Return the composition of the continuing phases year by year, and when it changed (I25), in every mode.

    Returns
    -------
    pandas.DataFrame
        Keys ``timeline.YEAR.ORIGIN``, ``.gap`` and ``.unknown``, each in [0, 1]; they sum to 1 in every year;
        ``.undated`` is the part of them that rests on rows without any year. A project without a window has the key
        ``timeline``, undefined. Key ``change_points``: the list of years whose composition differs from the year
        before; undefined without a window.

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
    names = [f".{name}" for name in (*data.origins, *REST, "undated")]
    years, codes = np.unique(found.year, return_inverse=True)
    keys = [f"timeline.{year}{name}" for year in years for name in names]
    place = (codes[:, None] * width + np.arange(width)).ravel()
    project = np.repeat(found.project, width)
    by_year = tidy_long(data, project, (keys, place), found.parts.ravel(), why=NOTHING_CONTINUES)
    bare = np.flatnonzero(~resolved.matrix.windows["start"].notna().to_numpy(bool))
    nothing = np.full(len(bare), None, dtype=object)
    no_window = tidy_long(data, bare, (["timeline"], np.zeros(len(bare), dtype=np.int64)), nothing, why=NO_WINDOW)
    return joined([by_year, no_window, _change_points(resolved, found)])


def timeline_parts(resolved: Resolved) -> Timeline:
    """Return the arrays behind the timeline."""
    data, matrix = resolved.arrays, resolved.matrix
    units = _Units.of(matrix)
    size = len(units.project)
    weights = matrix.phases.drop_duplicates("phase").set_index("phase")["weight"]
    years = matrix.years
    at = units.at(years)
    weight = years["phase"].map(weights).to_numpy(float) * years["applicable"].to_numpy(float)
    width = len(data.origins) + len(REST) + 1
    parts = np.zeros((size, width))
    for place, name in ((-3, "gap"), (-2, "unknown"), (-1, "undated_gap")):
        parts[:, place] = summed(at, weight * years[name].to_numpy(float), size)
    held = matrix.year_shares
    origin = positions(data.origins, held["origin"])
    # A holder of unknown origin is unknown mass, dated or not.
    column = np.where(origin < 0, width - 2, origin)
    of_phase = held["phase"].map(weights).to_numpy(float)
    of_unit = units.at(held)
    parts += summed(of_unit * width + column, of_phase * held["share"].to_numpy(float), parts.size).reshape(parts.shape)
    known = origin >= 0
    parts[:, -1] += summed(of_unit[known], (of_phase * held["undated"].to_numpy(float))[known], size)
    total = summed(at, weight, size)
    # Only years of projects with a continuing phase in view.
    spoken = np.unique(at)
    return Timeline(units.project[spoken], units.year[spoken], ratio_of(parts, total[:, None])[spoken])


def _change_points(resolved: Resolved, found: Timeline) -> Block:
    data = resolved.arrays
    parts = np.nan_to_num(found.parts[:, :-1], nan=-1.0)
    follows = np.flatnonzero(np.diff(found.project) == 0) + 1
    changed = follows[(np.abs(parts[follows] - parts[follows - 1]) > TOLERANCE).any(axis=1)]
    years = lists(found.project[changed], found.year[changed], len(data.projects))
    years[~resolved.matrix.windows["start"].notna().to_numpy(bool)] = None
    return tidy(data, ["change_points"], years, why=NO_WINDOW)
