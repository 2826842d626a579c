"""DataFrames and dictionaries to records, so that they are validated like files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from agency.table.records import Records
from agency.table.spec import Column

if TYPE_CHECKING:
    import pandas as pd


def frame_records(frame: pd.DataFrame, name: str = "DataFrame") -> Records:
    """Return the records of a DataFrame; its line is the row's position + 2, as in a file with one header line."""
    header = tuple(str(column).strip() for column in frame.columns)
    cells = [_column_text(frame.iloc[:, position]) for position in range(frame.shape[1])]
    lines = range(2, len(frame) + 2)
    return Records(name, header, 1, cells, lines, lines)


def mapping_records(rows: Sequence[Mapping[str, Any]], columns: tuple[Column, ...], name: str) -> Records:
    """Return the records of dictionaries; a required column that none has is empty."""
    required = [column.name for column in columns if column.required]
    header = tuple(dict.fromkeys([*required, *(key for row in rows for key in row)]))
    cells = [[cell_text(row.get(key)) for row in rows] for key in header]
    lines = range(2, len(rows) + 2)
    return Records(name, header, 1, cells, lines, lines)


def cell_text(value: Any) -> str:
    """Return a Python value as the cell of a file: nothing for missing, whole numbers without a point."""
    import pandas as pd

    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return ""
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _column_text(column: pd.Series[Any]) -> list[str]:
    """Return a column as text, one conversion per distinct value where there are few kinds of values."""
    import pandas as pd

    if isinstance(column.dtype, pd.StringDtype):
        return list(column.fillna("").astype("str"))
    return [cell_text(value) for value in column.tolist()]
