"""Groups of projects and the mean composition of each phase within them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from agency.figures.surface.bars import gap_parts
from agency.indicators import By, members, phase_means
from agency.resolve import GAP, Resolved
from agency.vocabulary import country_names
from agency.words import text

if TYPE_CHECKING:
    import pandas as pd

    from agency.resolve import Floats, Ints

SMALLEST = 3
"""Groups of fewer projects stand in one row: their means are those of single cases."""
_NONE = "not given"


@dataclass(frozen=True, eq=False)
class Groups:
    """Mean composition by group and phase.

    Attributes
    ----------
    names
        Groups, the one with most projects first; decades in order of time; pooled ones and "not given" last.
    sizes
        Projects in each group.
    phases
        Keys of the phases.
    parts
        Keys of the parts: origins, the two kinds of gap, unknown.
    mean
        (groups, phases, parts): mean over the projects in which the phase is known; sums to 1, NaN where none.
    n
        (groups, phases): number of those projects, out of ``sizes``.
    """

    names: tuple[str, ...]
    sizes: tuple[int, ...]
    phases: tuple[str, ...]
    parts: tuple[str, ...]
    mean: Floats
    n: Ints


def phase_groups(resolved: Resolved, *, by: By = "country") -> Groups:
    """Return the mean composition of each phase in each group, over the projects in which the phase is known.

    Every selected project counts, listed or not; one in several countries counts in each of them. Small groups stand in
    one row.

    Parameters
    ----------
    resolved
        States and shares of the view.
    by
        ``country``, ``type``, ``decade`` (of the window's first year) or ``all``.

    Examples
    --------
    >>> import agency
    >>> study = agency.load().select(project=["ECU 911", "JSeI"])
    >>> groups = phase_groups(study.resolved, by="all")
    >>> groups.names, groups.sizes, groups.n.tolist()
    (('All projects',), (2,), [[2, 2, 2, 2, 2, 2]])
    """
    data = resolved.counted.arrays
    member = _pooled(_labelled(members(resolved.table.projects.loc[list(data.projects)], by), by))
    sizes = member.groupby(["group", "last"]).size().rename("n").reset_index()
    # Decades in order of time, anything else by size.
    ordered = ["last", "group"] if by == "decade" else ["last", "n", "group"]
    sizes = sizes.sort_values(ordered, ascending=[name != "n" for name in ordered])
    position = {name: number for number, name in enumerate(sizes["group"])}
    place, row = member["group"].map(position).to_numpy(np.int64), member["row"].to_numpy(np.int64)
    mean, n = phase_means(data, row, place, len(position))
    # A gap makes a phase known, so that its kinds are added up over the same projects as their sum.
    total = np.zeros((*n.shape, len(GAP)))
    np.add.at(total, place, gap_parts(resolved.counted, data)[row])
    gaps = np.divide(total, n[:, :, None], out=np.full(total.shape, np.nan), where=n[:, :, None] > 0)
    mean = np.concatenate([mean[:, :, :-2], gaps, mean[:, :, -1:]], axis=2)
    parts = (*data.origins, *GAP, "unknown")
    return Groups(tuple(sizes["group"]), tuple(int(size) for size in sizes["n"]), data.phases, parts, mean, n)


def _labelled(member: pd.DataFrame, by: By) -> pd.DataFrame:
    """Return countries by name, and whether a group stands at the end."""
    if by == "country":
        member = member.assign(group=member["group"].replace(country_names()))
    return member.assign(last=member["group"] == _NONE)


def _pooled(member: pd.DataFrame) -> pd.DataFrame:
    """Return the groups with the small ones in one, unless no other would be left."""
    sizes = member[~member["last"]].groupby("group").size()
    small = sizes.index[sizes < SMALLEST]
    if len(small) < 2 or len(small) == len(sizes):
        return member
    pooled = member["group"].isin(small)
    others = text("Others: {n} groups", n=len(small))
    return member.assign(group=member["group"].mask(pooled, others), last=member["last"] | pooled).drop_duplicates()
