"""What each row is used for: one list, one function; and one row as a reader checks it, with its passage.

The use of a row is the first of these that applies, by the years of the whole window, whatever the mode or year:

=============  =====================================================================================================
deprecated     set aside by the editors (``rank``); never counts
proposed       says what was meant, not what was
denied         says who did not hold; decides nothing, counts for claims and in what sources dispute
alleged        not counted unless the view counts alleged rows
support        its role weighs nothing
uncounted      of a phase that is not core and was not asked for
dates          outranked, but its years are taken by an undated row of its actor (``spans``)
outranked      beside a preferred row of its cell that decides, a normal one does not
outside        all its years lie outside the window of its project
idle           adds nothing beside another row of its actor in the cell
decides        everything else: the states of the cell are made of these
=============  =====================================================================================================
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from agency.resolve.select import shown_or_core
from agency.resolve.years import spans_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agency.resolve.select import View
    from agency.resolve.years import Flags, Ints
    from agency.table import Table
    from agency.vocabulary import Codebook


@dataclass(frozen=True)
class Statement:
    """What one source says in one place."""

    line: int
    """In the file."""
    project: str
    phase: str
    holder: str
    """Printed name of the actor; "" where the row names none."""
    origin: str
    kind_given: str
    """Kind of the actor where the row gives one."""
    status: str
    role: str
    only: bool
    scope: str
    start: int | None
    end: int | None
    source: str
    locator: str
    quote: str
    confidence: str
    rank: str
    note: str


_NAMES = tuple(field.name for field in fields(Statement))


def statements_at(table: Table, rows: Iterable[int]) -> tuple[Statement, ...]:
    """Return the statements at some positions of a table, in their order.

    Examples
    --------
    >>> import agency
    >>> [one.project for one in statements_at(agency.load().data, [0])]
    ['ECU 911']
    """
    chosen = table.rows.loc[list(rows), list(_NAMES)]
    records = chosen.to_dict("records")
    return tuple(Statement(**{str(name): _plain(value) for name, value in record.items()}) for record in records)


def _plain(value: Any) -> Any:
    if value is pd.NA:
        return None
    return value.item() if hasattr(value, "item") else value


SPEAKS = ("dates", "outranked", "outside", "idle", "decides")

"""Uses of rows that say something of their cell: one with such rows is never "not coded"."""


def role_weights(codebook: Codebook, view: View) -> dict[str, float]:
    """Return the weight of each role: the codebook's, overridden by the view's."""
    return {**codebook.roles, **dict(view.roles)}


@dataclass(frozen=True, eq=False)
class Used:
    """The rows of a selection with what each is used for."""

    rows: pd.DataFrame
    """The rows, and ``weight`` (float, of the role), ``use`` (one of the list above) and ``listed`` (bool: named in
    brackets in its cell because it is proposed, alleged or support; it follows the rank of the cell)."""
    spans: pd.DataFrame
    """row_id, start, end: the years each deciding row has or takes from another passage."""
    durations: pd.DataFrame
    """row_id, years: lengths without dates, one for each actor of a cell."""
    years_from: Mapping[int, tuple[int, ...]]
    """By id of a deciding row without years of its own: the lines whose years it takes."""


def used(rows: pd.DataFrame, windows: pd.DataFrame, codebook: Codebook, view: View) -> Used:
    """Return what each row is used for, and the years it speaks of.

    Parameters
    ----------
    rows
        Rows of a table; their index is their id.
    windows
        Indexed by project: start, end (missing where there is no window).
    codebook, view
        The weights of roles, the phases that are core, and the rules in force.

    Examples
    --------
    >>> import agency
    >>> rows = agency.load().select(project="ECU 911", phase="operation").resolved.rows
    >>> rows.loc[rows["rank"] == "preferred", "use"].tolist(), "dates" in set(rows["use"])
    (['decides'], True)
    """
    weight = rows["role"].map(role_weights(codebook, view)).astype(float)
    lead, held = ((rows[column] == value).to_numpy(bool) for column, value in (("role", "lead"), ("status", "held")))
    deprecated, proposed, denied = (
        (rows[column] == value).to_numpy(bool)
        for column, value in (("rank", "deprecated"), ("status", "proposed"), ("status", "denied"))
    )
    # Each mask needs only what stands before it in the list: `np.select` takes the first.
    alleged = (rows["confidence"] == "alleged").to_numpy(bool) & (not view.include_alleged)
    for_nothing = (weight == 0).to_numpy(bool) | (~lead & ~held)
    usable = ~(deprecated | proposed | denied | alleged | for_nothing)
    wins = _wins(rows, usable & lead, view)
    standing = usable & (wins | ~lead)
    found = spans_of(rows, standing, *_window_of(rows, windows, codebook))
    uncounted = ~rows["phase"].isin([phase.key for phase in shown_or_core(codebook, view)]).to_numpy(bool)
    masks = {
        "deprecated": deprecated,
        "proposed": proposed,
        "denied": denied,
        "alleged": alleged,
        "support": for_nothing,
        "uncounted": uncounted,
        "dates": found.lends,
        "outranked": ~standing,
        "outside": found.outside,
        "idle": found.idle,
    }
    use = np.select(list(masks.values()), list(masks), "decides")
    named = (rows["actor_id"] >= 0).to_numpy(bool) & ~deprecated & wins
    hearsay = alleged & rows["status"].isin(["held", "negotiating"]).to_numpy(bool)
    listed = named & (proposed | hearsay | (held & (weight == 0).to_numpy(bool)))
    ids = rows.index.to_numpy()
    decides = np.flatnonzero(use == "decides")

    def of_deciding(frame: pd.DataFrame) -> pd.DataFrame:
        frame = frame[frame["row"].isin(decides)]
        return frame.assign(row_id=ids[frame["row"].to_numpy(np.int64)]).drop(columns="row").reset_index(drop=True)

    rows = rows.assign(weight=weight, use=pd.array(use, dtype="str"), listed=listed)
    lines = rows["line"].to_numpy(np.int64)
    takes = {row: found.takes_from[row] for row in decides.tolist() if row in found.takes_from}
    years_from = {int(ids[row]): tuple(int(lines[by]) for by in lenders) for row, lenders in takes.items()}
    return Used(rows, of_deciding(found.spans), of_deciding(found.durations), years_from)


def _wins(rows: pd.DataFrame, deciding: Flags, view: View) -> Flags:
    """Return which rows have the rank in force in their cell, given which lead rows could decide it.

    Worked: a preferred and a normal row of one cell; with ``rank="best"`` the normal one is outranked. Where the
    preferred row is proposed or alleged it decides nothing, and the normal row stands.
    """
    preferred = (rows["rank"] == "preferred").to_numpy(bool)
    if view.rank == "all":
        return (rows["rank"] != "deprecated").to_numpy(bool)
    best = pd.Series(preferred & deciding, index=rows.index).groupby([rows["project"], rows["phase"]])
    wins: Flags = preferred | ~best.transform("any").to_numpy(bool)
    return wins


def _window_of(rows: pd.DataFrame, windows: pd.DataFrame, codebook: Codebook) -> tuple[Ints, Ints, Flags]:
    """Return first and last year of each row's window (last before first where there is none), and whether it lasts."""
    first, last = (windows[side].reindex(rows["project"]) for side in ("start", "end"))
    continuing = [phase.key for phase in codebook.phases if phase.kind == "continuing"]
    return (
        first.fillna(0).to_numpy(np.int64),
        last.fillna(-1).to_numpy(np.int64),
        rows["phase"].isin(continuing).to_numpy(bool),
    )
