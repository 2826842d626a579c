"""`Statement`: one row of the table as a reader checks it, with its passage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from agency.table import Table


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
