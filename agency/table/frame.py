"""Records to frames: first text in the columns of the specification, then, once sound, typed columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agency.table.headers import resolve
from agency.table.spec import Column

if TYPE_CHECKING:
    import pandas as pd

    from agency.table.records import Records


def text_frame(records: Records, columns: tuple[Column, ...]) -> pd.DataFrame:
    """Return the cells as text in the order of the specification, with ``line`` and ``row``; absent columns are empty."""
    import pandas as pd

    by_name = {resolve(name, columns): position for position, name in enumerate(records.header)}
    cells = list(zip(*records.cells, strict=True)) if records.cells else [()] * len(records.header)
    size = len(records.cells)
    frame = {c.name: list(cells[by_name[c.name]]) if c.name in by_name else [""] * size for c in columns}
    places = {"line": pd.Series(records.lines, dtype="int64"), "row": pd.Series(records.rows, dtype="int64")}
    return pd.DataFrame({**{name: pd.Series(values, dtype="str") for name, values in frame.items()}, **places})


def typed_frame(text: pd.DataFrame, columns: tuple[Column, ...]) -> pd.DataFrame:
    """Return sound text as typed columns: defaults filled, years and counts Int64, flags bool."""
    import pandas as pd

    typed = {}
    for column in columns:
        cells = text[column.name]
        if column.default:
            cells = cells.mask(cells == "", column.default)
        if column.kind in ("year", "count"):
            typed[column.name] = pd.to_numeric(cells.mask(cells == "")).astype("Int64")
        elif column.kind == "flag":
            typed[column.name] = cells == "true"
        else:
            typed[column.name] = cells
    return text.assign(**typed)
