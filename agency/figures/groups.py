"""Groups of projects and the mean composition of each phase within them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from agency.resolve import Resolved

if TYPE_CHECKING:
    pass

By = Literal["country", "decade", "all"]
BY: tuple[By, ...] = ("country", "decade", "all")
"""What projects can be grouped by: country, decade in which the window starts, or all together."""
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
        (groups, phases, parts): mean over the projects to which the phase applies; sums to 1, NaN where none.
    n
        (groups, phases): number of those projects.
    """

    names: tuple[str, ...]
    sizes: tuple[int, ...]
    phases: tuple[str, ...]
    parts: tuple[str, ...]
    mean: np.ndarray
    n: np.ndarray


def phase_groups(resolved: Resolved, *, by: By = "country", most: int = 40) -> Groups:
    """Return the mean composition of each phase in each group of projects, every project counting the same.

    A project in several countries counts in each of them. Beyond `most` groups the smallest are pooled.

    Parameters
    ----------
    resolved
        States and shares of the view.
    by
        ``country``, ``decade`` (of the window's first year) or ``all``.
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
    data = resolved.arrays
    values = np.concatenate([data.mass, data.gap[:, :, None], data.unknown_origin[:, :, None]], axis=2)
    member = _pooled(_membership(resolved.table.projects.loc[list(data.projects)], by), most)
    names = member.groupby("group").size().rename("n").reset_index()
    names["last"] = names["group"].str.startswith("Other ") & names["group"].str.endswith(" groups")
    names["last"] |= names["group"] == _NONE
    # Decades in order of time, anything else by size.
    ordered = ["last", "group"] if by == "decade" else ["last", "n", "group"]
    names = names.sort_values(ordered, ascending=[name != "n" for name in ordered])
    position = {name: number for number, name in enumerate(names["group"])}
    place = member["group"].map(position).to_numpy()
    row = member["row"].to_numpy()
    shape = (len(position), *values.shape[1:])
    total, n = np.zeros(shape), np.zeros(shape[:2], dtype=np.int64)
    applicable = data.applicable[row]
    np.add.at(total, place, np.where(applicable[:, :, None], values[row], 0.0))
    np.add.at(n, place, applicable.astype(np.int64))
    mean = np.divide(total, n[:, :, None], out=np.full(shape, np.nan), where=n[:, :, None] > 0)
    return Groups(
        tuple(names["group"]),
        tuple(int(n) for n in names["n"]),
        data.phases,
        (*data.origins, "gap", "unknown"),
        mean,
        n,
    )


def _membership(projects: pd.DataFrame, by: By) -> pd.DataFrame:
    """Return one line per project and group: row (position of the project), group."""
    group: pd.Series[Any]
    if by == "all":
        group = pd.Series("All projects", index=projects.index)
    elif by == "country":
        group = projects["country"].where(projects["country"] != "", _NONE).str.split(";")
    else:
        start = projects["window_start"]
        group = ((start // 10 * 10).astype(str) + "s").where(start.notna(), _NONE)
    frame = pd.DataFrame({"row": np.arange(len(projects)), "group": group.to_numpy()}).explode("group")
    return frame.assign(group=frame["group"].astype(str).str.strip()).drop_duplicates()


def _pooled(member: pd.DataFrame, most: int) -> pd.DataFrame:
    sizes = member.groupby("group").size().reset_index(name="n").sort_values(["n", "group"], ascending=[False, True])
    if len(sizes) <= most:
        return member
    small = sizes["group"].iloc[most - 1 :]
    group = member["group"].where(~member["group"].isin(small), f"Other {len(small)} groups")
    return member.assign(group=group).drop_duplicates()
