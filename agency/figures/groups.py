"""Groups of projects and the mean composition of each phase within them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from agency.indicators import By, members, phase_means
from agency.resolve import Resolved

BY: tuple[By, ...] = ("country", "type", "decade", "all")
"""What projects can be grouped by."""
_NONE = "not given"


@dataclass(frozen=True, eq=False)
class Groups:
    """Mean composition by group and phase.

    Attributes
    ----------
    names
        Groups, the one with most projects first; decades in order of time.
    sizes
        Projects in each group.
    phases
        Keys of the phases.
    parts
        Keys of the parts: origins, gap, unknown.
    mean
        (groups, phases, parts): mean over the projects in which the phase is known; sums to 1, NaN where none.
    n
        (groups, phases): number of those projects, out of ``sizes``.
    """

    names: tuple[str, ...]
    sizes: tuple[int, ...]
    phases: tuple[str, ...]
    parts: tuple[str, ...]
    mean: np.ndarray
    n: np.ndarray


def phase_groups(resolved: Resolved, *, by: By = "country", most: int = 40) -> Groups:
    """Return the mean composition of each phase in each group, over the projects in which the phase is known.

    Every selected project counts, listed or not. A project in several countries counts in each of them. Beyond `most`
    groups the smallest are pooled.

    Parameters
    ----------
    resolved
        States and shares of the view.
    by
        ``country``, ``type``, ``decade`` (of the window's first year) or ``all``.
    most
        Greatest number of groups.

    Examples
    --------
    >>> import agency
    >>> study = agency.load().select(project=["ECU 911", "JSeI"])
    >>> groups = phase_groups(study.resolved, by="all")
    >>> groups.names, groups.sizes, groups.n.tolist()
    (('All projects',), (2,), [[2, 2, 2, 2, 2, 2]])
    """
    data = resolved.counted.arrays
    member = _pooled(members(resolved.table.projects.loc[list(data.projects)], by), most)
    names = member.groupby("group").size().rename("n").reset_index()
    names["last"] = names["group"].str.startswith("Other ") & names["group"].str.endswith(" groups")
    names["last"] |= names["group"] == _NONE
    # Decades in order of time, anything else by size.
    ordered = ["last", "group"] if by == "decade" else ["last", "n", "group"]
    names = names.sort_values(ordered, ascending=[name != "n" for name in ordered])
    position = {name: number for number, name in enumerate(names["group"])}
    place = member["group"].map(position).to_numpy(np.int64)
    mean, n = phase_means(data, member["row"].to_numpy(np.int64), place, len(position))
    return Groups(
        tuple(names["group"]),
        tuple(int(n) for n in names["n"]),
        data.phases,
        (*data.origins, "gap", "unknown"),
        mean,
        n,
    )


def _pooled(member: pd.DataFrame, most: int) -> pd.DataFrame:
    sizes = member.groupby("group").size().reset_index(name="n").sort_values(["n", "group"], ascending=[False, True])
    if len(sizes) <= most:
        return member
    small = sizes["group"].iloc[most - 1 :]
    group = member["group"].where(~member["group"].isin(small), f"Other {len(small)} groups")
    return member.assign(group=group).drop_duplicates()
