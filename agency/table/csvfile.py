"""Text to records: the separator that the header tells, and the physical line of each record."""

from __future__ import annotations

import csv
import io

from agency.table.headers import resolve
from agency.table.records import Records
from agency.table.spec import Column

DELIMITERS = (",", ";", "\t", "|")


def read_csv_text(text: str, file: str, columns: tuple[Column, ...], *, delimiter: str | None = None) -> Records:
    """Return the records of a CSV text, every cell as text."""
    best = delimiter or max(DELIMITERS, key=lambda d: _recognised(text, d, columns))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=best, strict=True)
    cells, lines, rows = [], [], []
    start, count = 1, 0
    header: tuple[str, ...] = ()
    for record in reader:
        count += 1
        if not header:
            header = tuple(record)
        elif any(record):
            cells.append(record)
            lines.append(start)
            rows.append(count)
        start = reader.line_num + 1
    return Records(file, header, 1, cells, lines, rows)


def _recognised(text: str, delimiter: str, columns: tuple[Column, ...]) -> int:
    header = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    return sum(bool(resolve(name, columns)) for name in header)
