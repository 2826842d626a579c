"""Groups of projects and the mean composition of each phase within them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from agency.figures.surface.bars import gap_parts
from agency.resolve import GAP, Resolved
from agency.vocabulary import country_names
from agency.words import text

if TYPE_CHECKING:
    from agency.resolve import Floats, Ints

By = Literal["country", "decade", "all"]
BY: tuple[By, ...] = ("country", "decade", "all")
"""What projects can be grouped by: country, decade in which the window starts, or all together."""
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
        (groups, phases, parts): mean over the projects to which the phase applies; sums to 1, NaN where none.
    n
        (groups, phases): number of those projects.
    known
        (groups, phases): in how many of them a holder of known origin is named, or nobody.
    """

    names: tuple[str, ...]
    sizes: tuple[int, ...]
    phases: tuple[str, ...]
    parts: tuple[str, ...]
    mean: Floats
    n: Ints
    known: Ints


def phase_groups(resolved: Resolved, *, by: By = "country") -> Groups:
    """Return the mean composition of each phase in each group of projects, every project counting the same.

    Every selected project counts, listed or not; one in several countries counts in each of them.

    Parameters
    ----------
    resolved
        States and shares of the view.
    by
        ``country``, ``decade`` (of the window's first year) or ``all``.

    Examples
    --------
    >>> import agency
    >>> study = agency.load().select(project=["ECU 911", "JSeI"])
    >>> groups = phase_groups(study.resolved, by="all")
    >>> groups.names, groups.sizes, groups.known.tolist()
    (('All projects',), (2,), [[2, 2, 2, 2, 2, 2]])
    """
    data = resolved.every
    values = np.concatenate([data.mass, gap_parts(resolved, data), data.unknown_origin[:, :, None]], axis=2)
    known = data.applicable & ((data.known > 0) | (data.gap > 0))
    member = _pooled(_membership(resolved.table.projects.loc[list(data.projects)], by))
    sizes = member.groupby(["group", "last"]).size().rename("n").reset_index()
    # Decades in order of time, anything else by size.
    ordered = ["last", "group"] if by == "decade" else ["last", "n", "group"]
    sizes = sizes.sort_values(ordered, ascending=[name != "n" for name in ordered])
    position = {name: number for number, name in enumerate(sizes["group"])}
    place, row = member["group"].map(position).to_numpy(), member["row"].to_numpy()
    shape = (len(position), *values.shape[1:])
    total, n, named = np.zeros(shape), np.zeros(shape[:2], dtype=np.int64), np.zeros(shape[:2], dtype=np.int64)
    np.add.at(total, place, np.where(data.applicable[row][:, :, None], values[row], 0.0))
    np.add.at(n, place, data.applicable[row].astype(np.int64))
    np.add.at(named, place, known[row].astype(np.int64))
    mean = np.divide(total, n[:, :, None], out=np.full(shape, np.nan), where=n[:, :, None] > 0)
    parts = (*data.origins, *GAP, "unknown")
    return Groups(tuple(sizes["group"]), tuple(int(size) for size in sizes["n"]), data.phases, parts, mean, n, named)


def _membership(projects: pd.DataFrame, by: By) -> pd.DataFrame:
    """Return one line per project and group: row (position of the project), group, last (it stands at the end)."""
    group: pd.Series[Any]
    if by == "all":
        group = pd.Series("All projects", index=projects.index)
    elif by == "country":
        group = projects["country"].where(projects["country"] != "", _NONE).str.split(";")
    else:
        start = projects["window_start"]
        group = ((start // 10 * 10).astype(str) + "s").where(start.notna(), _NONE)
    frame = pd.DataFrame({"row": np.arange(len(projects)), "group": group.to_numpy()}).explode("group")
    frame = frame.assign(group=frame["group"].astype(str).str.strip()).drop_duplicates()
    if by == "country":
        names = {code: country_names(code)[0] for code in frame["group"].unique() if code != _NONE}
        frame = frame.assign(group=frame["group"].replace(names))
    return frame.assign(last=frame["group"] == _NONE)


def _pooled(member: pd.DataFrame) -> pd.DataFrame:
    """Return the groups with the small ones in one, unless no other would be left."""
    sizes = member[~member["last"]].groupby("group").size()
    small = sizes.index[sizes < SMALLEST]
    if len(small) < 2 or len(small) == len(sizes):
        return member
    pooled = member["group"].isin(small)
    others = text("Others: {n} groups", n=len(small))
    return member.assign(group=member["group"].mask(pooled, others), last=member["last"] | pooled).drop_duplicates()
