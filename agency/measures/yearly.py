"""Every year of every window as a snapshot of its own, without building a matrix for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from agency.matrix.shares import share_out
from agency.matrix.states import GAP
from agency.measures.profile import profile_of

if TYPE_CHECKING:
    from agency.matrix.matrix import Matrix
    from agency.measures.profile import Ints, Profile

_PLACE = ["unit", "phase"]


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
    windows = matrix.windows.reset_index(drop=True)
    dated = windows["start"].notna()
    first, last = (windows.loc[dated, side].to_numpy(np.int64) for side in ("start", "end"))
    length = last - first + 1
    project = np.repeat(np.flatnonzero(dated.to_numpy(bool)), length)
    begin = np.concatenate([[0], np.cumsum(length)[:-1]]) if len(length) else np.zeros(0, dtype=np.int64)
    year = np.arange(len(project)) - np.repeat(begin, length) + np.repeat(first, length)
    units = pd.DataFrame({"project": np.asarray(matrix.projects, dtype=object)[project], "year": year})
    units = units.astype({"project": "str"}).assign(unit=np.arange(len(units)))

    phases, event_shares = _events(matrix, units)
    continuing = matrix.years.merge(units, on=["project", "year"])
    kinds = matrix.phases.drop_duplicates("phase").set_index("phase")[["block", "weight"]]
    columns = [*_PLACE, "applicable", "gap", "unknown"]
    both = pd.concat([phases[columns], continuing[columns]], ignore_index=True).join(kinds, on="phase")
    # Phases stand in process order, whatever their kind.
    both = both.sort_values("phase", key=lambda keys: keys.map(kinds.index.get_loc), kind="stable")
    held = matrix.year_shares.merge(units, on=["project", "year"])
    columns = [*_PLACE, "actor_id", "holder", "origin", "share"]
    shares = pd.concat([event_shares[columns], held[columns]], ignore_index=True).rename(columns={"unit": "project"})
    snapshots = profile_of(
        both.rename(columns={"unit": "project"}), shares, shares, projects=range(len(units)), codebook=matrix.codebook
    )
    return Yearly(snapshots, project, year)


def _events(matrix: Matrix, units: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return states and shares of the event phases by unit: rows count from the year they start (rule 5)."""
    kinds = matrix.phases.drop_duplicates("phase")
    phases = kinds.loc[kinds["kind"] == "event", "phase"]
    rows = matrix.events.assign(start=matrix.events["start"].fillna(-1).astype(np.int64))
    begun = rows.merge(units, on="project")
    begun = begun[begun["start"] <= begun["year"]]
    place = begun["unit"].to_numpy() * max(len(phases), 1) + pd.Index(phases).get_indexer(begun["phase"])
    size = len(units) * len(phases)

    def any_with(statuses: tuple[str, ...]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return np.bincount(place[begun["status"].isin(statuses).to_numpy(bool)], minlength=size) > 0

    held, gap, absent = (any_with(statuses) for statuses in (("held",), GAP, ("not_applicable",)))
    gap &= ~held
    applicable = held | gap | ~absent
    states = pd.DataFrame(
        {
            "unit": np.repeat(units["unit"].to_numpy(), len(phases)),
            "phase": np.tile(phases.to_numpy(), len(units)),
            "applicable": applicable,
            "gap": gap.astype(float),
            "unknown": (applicable & ~held & ~gap).astype(float),
        }
    )
    holding = begun.assign(cell=place)[begun["status"] == "held"]
    shares = share_out(holding, matrix.view.counting)
    where = shares["cell"].to_numpy(np.int64)
    names = rows.drop_duplicates(["project", "actor_id"])[["project", "actor_id", "holder"]]
    shares = shares.assign(
        unit=where // max(len(phases), 1), phase=phases.to_numpy()[where % max(len(phases), 1)]
    ).astype({"phase": "str"})
    shares["project"] = units["project"].to_numpy()[shares["unit"].to_numpy()]
    return states, shares.merge(names, on=["project", "actor_id"], how="left")
