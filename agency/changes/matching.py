"""Which statement of one version is which of another: by what they say, never by the line they stand on.

Rows that are equal are the same. Of the rest, two are one statement that was changed when they differ in one column
only, or, failing that, when they name the same actor in the same phase and passage. Columns that say which statement
it is (project, phase, actor, source) may differ only where both quote the same passage: two rows "Chinese firms,
design" of two projects are two statements.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from agency.vocabulary import COLUMNS

if TYPE_CHECKING:
    from agency.table import Table

_NAMING = ("project", "phase", "actor", "source")
_PASSAGES = (
    ("project", "phase", "actor", "unnamed", "source", "quote", "locator"),
    ("project", "phase", "actor", "unnamed", "source", "quote"),
    ("project", "phase", "actor", "unnamed", "source", "locator"),
    ("project", "source", "quote"),
    ("project", "phase", "actor", "unnamed", "source"),
)
"""From the surest sign that two rows are one statement to the weakest."""


def statement_texts(table: Table, columns: Sequence[str]) -> pd.DataFrame:
    """Return the statements as text, with the kinds that the rows themselves give."""
    rows = table.statements.assign(actor_kind=table.rows["kind_given"])[list(columns)].astype(object)
    return rows.where(rows.notna(), "").astype("str")


def common_columns(old: Table, new: Table) -> list[str]:
    """Return the columns in which statements are compared: those of the data format, and own ones that both have."""
    own = [] if old.own is None or new.own is None else [str(name) for name in old.own if name in new.own]
    return [*(column.name for column in COLUMNS), *(name for name in own if name not in old.rows.columns)]


def matched(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Return which row of one frame is which of another.

    Parameters
    ----------
    old, new
        Statements as text (`statement_texts`), with the same columns.

    Returns
    -------
    DataFrame
        ``old`` and ``new``: a line per pair, in the order of the old rows. Rows that stand in no pair are gone, or new.

    Examples
    --------
    >>> import agency
    >>> table = agency.load().data
    >>> rows = statement_texts(table, common_columns(table, table))
    >>> pairs = matched(rows, rows.iloc[::-1])
    >>> len(pairs) == len(rows), (pairs["old"] == pairs["new"]).all().item()
    (True, True)
    """
    pairs = []
    for columns, is_quoted in _stages(list(old.columns)):
        left, right = (frame[frame["quote"] != ""] if is_quoted else frame for frame in (old, new))
        found = _paired(left, right, columns)
        pairs.append(found)
        old, new = old.drop(index=found["old"].tolist()), new.drop(index=found["new"].tolist())
    return pd.concat(pairs).sort_values("old", kind="stable", ignore_index=True)


def _stages(columns: list[str]) -> Iterator[tuple[list[str], bool]]:
    """Yield what must be equal, and whether only rows with a quote are looked at."""
    yield columns, False
    for varying in reversed(columns):
        yield [name for name in columns if name != varying], varying in _NAMING
    for names in _PASSAGES:
        yield list(names), "quote" in names


def _paired(old: pd.DataFrame, new: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return pairs of rows that are equal in some columns; of several equal ones, the first with the first."""
    sides = [
        frame[columns].assign(time=frame.groupby(columns, sort=False).cumcount(), **{name: frame.index})
        for name, frame in (("old", old), ("new", new))
    ]
    return sides[0].merge(sides[1], on=[*columns, "time"])[["old", "new"]]
