"""Who is who: aliases to canonical names, and one identity per actor over the whole table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def alias_map(actors: pd.DataFrame) -> dict[str, str]:
    """Return every alias with the canonical name it ends at; chains are followed, loops are left alone."""
    direct = {
        alias: actor
        for alias, actor in zip(actors["alias"], actors["actor"], strict=True)
        if alias and actor and alias != actor
    }
    return {alias: _follow(direct, alias) for alias in direct}


def looping_aliases(actors: pd.DataFrame) -> set[str]:
    """Return the aliases that lead back to themselves."""
    direct = {a: n for a, n in zip(actors["alias"], actors["actor"], strict=True) if a and n and a != n}
    return {alias for alias in direct if _follow(direct, alias) in direct}


def _follow(direct: Mapping[str, str], alias: str) -> str:
    seen = {alias}
    name = direct[alias]
    while name in direct and name not in seen:
        seen.add(name)
        name = direct[name]
    return name


def add_identities(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with ``holder`` and ``actor_id``.

    A named actor is one actor in the whole table; an unnamed one is an actor of its project only. Where both stand
    in one project under one name, the unnamed one prints as ``NAME (unnamed)``.
    """
    import pandas as pd

    present = rows["actor"] != ""
    beside = clashes(rows)
    holder = rows["actor"].mask(beside, rows["actor"] + " (unnamed)")
    scope = rows["project"].where(rows["unnamed"], "")
    keys = pd.MultiIndex.from_arrays([rows["actor"], rows["unnamed"], scope])
    identity = pd.Series(-1, index=rows.index, dtype="int64")
    identity[present] = pd.factorize(keys[present.to_numpy()])[0]
    return rows.assign(holder=holder, actor_id=identity)


def clashes(rows: pd.DataFrame) -> pd.Series[bool]:
    """Return which unnamed rows have a named actor of the same name in their project."""
    import pandas as pd

    named = rows.loc[~rows["unnamed"] & (rows["actor"] != ""), ["project", "actor"]]
    pairs = pd.MultiIndex.from_frame(rows[["project", "actor"]])
    return rows["unnamed"] & pd.Series(pairs.isin(pd.MultiIndex.from_frame(named)), index=rows.index)
