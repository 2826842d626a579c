"""What changing a few rows can make of a cell: the statements of a cell, their possible changes, and the outcomes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from agency.matrix.select import role_weights

if TYPE_CHECKING:
    from agency.matrix.view import View
    from agency.table.model import Table

Cell = tuple[str, str]


@dataclass(frozen=True)
class Change:
    """One row and what is done to it."""

    row: int
    """Position in `Table.rows`."""
    what: str
    """``removed``, ``origin: local``, ``status: vacant``."""


class Statement(NamedTuple):
    """All of a row that can decide a state: rows that differ elsewhere say the same."""

    actor_id: int
    origin: str
    status: str
    start: int | None
    end: int | None
    duration_years: int | None
    role: str
    rank: str


Signature = frozenset[Statement]
"""The distinct statements of a cell; its state depends on nothing else (and on its window)."""
Option = tuple[str, Statement | None]
"""What is done to a row, and what it says then; None: nothing."""
Groups = Sequence[tuple[Statement, Sequence[int]]]
"""The distinct statements of a cell, each with the rows that make it."""


def statements(table: Table, view: View) -> dict[Cell, Groups]:
    """Return what the rows of every cell say, without rows that could never count whatever their origin and status."""
    rows = table.rows
    weight = rows["role"].map(role_weights(table.codebook, view))
    usable = (weight > 0) & (rows["rank"] != "deprecated")
    if not view.include_alleged:
        usable &= rows["confidence"] != "alleged"
    if view.sources:
        usable &= rows["source"].isin(view.sources)
    rows = rows[usable]
    columns = [rows[name].astype(object).where(rows[name].notna(), None) for name in Statement._fields]
    found: dict[Cell, dict[Statement, list[int]]] = {}
    for row, project, phase, *values in zip(rows.index, rows["project"], rows["phase"], *columns, strict=True):
        found.setdefault((project, phase), {}).setdefault(Statement(*values), []).append(int(row))
    return {cell: tuple(said.items()) for cell, said in found.items()}


def options(statement: Statement, origins: Iterable[str], *, gaps_differ: bool) -> list[Option]:
    """Return the ways to change one row within the codebook that could matter.

    Calling a row proposed is the same as removing it, and only statuses that leave the row valid are possible: a
    vacant row names nobody, a row without an actor cannot hold, a bare duration belongs to a holder.

    Parameters
    ----------
    statement
        What the row says.
    origins
        Origins worth trying: one of each class that a condition tells apart.
    gaps_differ
        Whether vacant and negotiating are to be told apart.
    """
    found: list[Option] = [] if statement.status == "proposed" else [("removed", None)]
    if statement.actor_id >= 0:
        new = [origin for origin in origins if origin != statement.origin]
        found += [(f"origin: {origin}", statement._replace(origin=origin)) for origin in new]
    if statement.actor_id >= 0 and statement.status in ("negotiating", "proposed"):
        found.append(("status: held", statement._replace(status="held")))
    bare = statement.duration_years is not None and statement.start is None and statement.end is None
    if bare:
        return found
    was_gap = statement.status in ("vacant", "negotiating")
    silent = statement._replace(actor_id=-1, origin="")
    if statement.status != "vacant" and (gaps_differ or not was_gap):
        found.append(("status: vacant", silent._replace(status="vacant")))
    if statement.status != "negotiating" and gaps_differ:
        found.append(("status: negotiating", statement._replace(status="negotiating")))
    if statement.status != "not_applicable":
        found.append(("status: not_applicable", silent._replace(status="not_applicable")))
    return found


def reachable(
    groups: Groups, choices: Callable[[Statement], Sequence[Option]], limit: int
) -> dict[Signature, tuple[Change, ...]]:
    """Return every set of statements that changing up to `limit` rows can lead to, with the fewest such changes.

    Rows that say the same are interchangeable, so only their number is searched. Each row changes at most once.
    """
    possible = [choices(statement) for statement, _ in groups]
    said = [statement for statement, _ in groups]
    level: dict[tuple[tuple[int, ...], Signature], tuple[Change, ...]] = {((0,) * len(groups), frozenset()): ()}
    found: dict[Signature, tuple[Change, ...]] = {frozenset(said): ()}
    for _ in range(limit):
        following: dict[tuple[tuple[int, ...], Signature], tuple[Change, ...]] = {}
        for (taken, added), changes in level.items():
            for place, (_, rows) in enumerate(groups):
                if taken[place] == len(rows):
                    continue
                now = (*taken[:place], taken[place] + 1, *taken[place + 1 :])
                for what, new in possible[place]:
                    state = (now, added if new is None else added | {new})
                    following.setdefault(state, (*changes, Change(rows[taken[place]], what)))
        for (taken, added), changes in following.items():
            left = (
                statement for statement, gone, (_, rows) in zip(said, taken, groups, strict=True) if gone < len(rows)
            )
            found.setdefault(added.union(left), changes)
        level = following
    return found


def variant_table(table: Table, variants: Sequence[tuple[str, Mapping[str, Signature]]]) -> Table:
    """Return a table with a project for each variant of a project, named by its number.

    Parameters
    ----------
    table
        Where names and windows come from.
    variants
        Project, and what its phases say.
    """
    names = table.rows.drop_duplicates("actor_id").set_index("actor_id")["holder"]
    records = [
        (str(number), phase, *statement)
        for number, (_, phases) in enumerate(variants)
        for phase, signature in phases.items()
        for statement in sorted(signature, key=_order)
    ]
    rows = pd.DataFrame(records, columns=["project", "phase", *Statement._fields])
    whole = dict.fromkeys(("start", "end", "duration_years"), "Int64")
    text = dict.fromkeys(("project", "phase", "origin", "status", "role", "rank"), "str")
    rows = rows.astype({**whole, **text, "actor_id": "int64"})
    holder = rows["actor_id"].map(names).fillna("").astype("str")
    rows = rows.assign(actor=holder, holder=holder, source="", confidence="reported", country="")
    projects = table.projects.loc[[project for project, _ in variants]]
    projects = projects.set_axis([str(number) for number in range(len(variants))], axis=0)
    return replace(table, rows=rows, projects=projects)


@cache
def _order(statement: Statement) -> tuple[str, ...]:
    """Sort by anything, always the same way: years may be missing."""
    return tuple(str(part) for part in statement)
