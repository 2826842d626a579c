"""Every year of every window as a snapshot of its own, without building a matrix for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from agency.matrix.shares import share_out
from agency.matrix.states import GAP
from agency.measures.profile import Parts, Profile, known_origins, number_actors, positions

if TYPE_CHECKING:
    from agency.matrix.matrix import Matrix
    from agency.measures.profile import Actors, Flags, Ints

_LONGEST = 10_000
"""Years have four digits."""


@dataclass(frozen=True, eq=False)
class Yearly:
    """Snapshots of all years: the `Profile` has a project-year in place of a project."""

    profile: Profile
    project: Ints
    """Position of the project of each unit."""
    year: Ints


def yearly(matrix: Matrix) -> Yearly:
    """Return the snapshots of all window years; projects without a window have none.

    Examples
    --------
    >>> import agency
    >>> yearly(agency.load().select(project="JSeI").matrix).year.tolist()
    [2016, 2017, 2018, 2019, 2020, 2021, 2022]
    """
    project, year = _units(matrix)
    keys = matrix.phases.drop_duplicates("phase")
    phases = tuple(keys["phase"])
    shape = (len(project), len(keys))
    applicable, gap, unknown = np.zeros(shape, dtype=bool), np.zeros(shape), np.zeros(shape)

    years = matrix.years
    at = _unit_of(project, year, positions(matrix.projects, years["project"]), years["year"])
    place = at, positions(phases, years["phase"])
    applicable[place] = years["applicable"].to_numpy(bool)
    gap[place], unknown[place] = years["gap"].to_numpy(float), years["unknown"].to_numpy(float)

    begun = _begun(matrix, project, year)
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
    actors, parts = _holders(matrix, (project, year), begun.assign(column=column), phases)
    snapshots = Profile(
        projects=tuple(matrix.projects[at] for at in project),
        phases=phases,
        blocks=tuple(keys["block"]),
        origins=known_origins(matrix.codebook),
        codebook=matrix.codebook,
        weight=np.where(applicable, weights, 0.0),
        applicable=applicable,
        gap=gap,
        unknown=unknown,
        actors=actors,
        parts=parts,
        sets=parts,
    )
    return Yearly(snapshots, project, year)


def _units(matrix: Matrix) -> tuple[Ints, Ints]:
    """Return project and year of every year of every window, in order."""
    windows = matrix.windows.reset_index(drop=True)
    dated = windows["start"].notna()
    first, last = (windows.loc[dated, side].to_numpy(np.int64) for side in ("start", "end"))
    length = last - first + 1
    project = np.repeat(np.flatnonzero(dated.to_numpy(bool)), length)
    begin = np.repeat(np.cumsum(length) - length, length)
    return project, np.arange(len(project)) - begin + np.repeat(first, length)


def _unit_of(project: Ints, year: Ints, of: Ints, in_year: pd.Series[int]) -> Ints:
    found: Ints = np.searchsorted(project * _LONGEST + year, of * _LONGEST + in_year.to_numpy(np.int64))
    return found


def _begun(matrix: Matrix, project: Ints, year: Ints) -> pd.DataFrame:
    """Return the deciding rows of event phases with each ``unit`` where they count: from their start on (rule 5)."""
    rows = matrix.events
    of = positions(matrix.projects, rows["project"])
    number = np.bincount(project, minlength=len(matrix.projects))
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
    matrix: Matrix, units: tuple[Ints, Ints], begun: pd.DataFrame, phases: tuple[str, ...]
) -> tuple[Actors, Parts]:
    """Return who holds what in every unit: event phases shared out here, the others as in their year."""
    holding = begun[begun["status"] == "held"]
    cell = holding["unit"].to_numpy() * max(len(phases), 1) + holding["column"].to_numpy()
    origins = known_origins(matrix.codebook)
    origin = positions(origins, holding["origin"])
    events = share_out(holding.assign(cell=cell, origin=origin), matrix.view.counting)
    where = events["cell"].to_numpy(np.int64)
    held = matrix.year_shares
    at = _unit_of(*units, positions(matrix.projects, held["project"]), held["year"])
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
