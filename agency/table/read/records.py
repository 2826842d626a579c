"""`Records`: the cells of a file as text, with the line and row of each, the same from CSV, workbook and DataFrame."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from agency.findings import Finding, Place, UnreadableError, finding
from agency.vocabulary import Column, resolve
from agency.words import text

MOST_COLUMNS = 16_384
"""What a sheet can have; no table of anybody has more."""
FAR = 50
"""Columns beside the header in which a cell is a column that lacks its name; further out it is a stray cell."""
MOST_FINDINGS = 10_000
"""A file with as many lines that do not fit is no table: reading on would only fill the memory."""
_PANDAS_INDEX = re.compile(r"Unnamed: \d+")


@dataclass(frozen=True)
class Records:
    """Header and records of one file, each record with the places where a person finds it."""

    file: str
    header: tuple[str, ...]
    """Column names as written, spaces trimmed."""
    header_line: int
    columns: Sequence[Sequence[str]]
    """The cells, a sequence per column of the header."""
    lines: Sequence[int]
    """Physical line each record starts on."""
    rows: Sequence[int]
    """Row as a spreadsheet shows it (header = 1 when it is the first)."""
    findings: tuple[Finding, ...] = ()
    assumed: str = ""
    """The separator, or what else was assumed, in words; empty when nothing was."""
    sheet: str = ""
    """The sheet, where a workbook has several."""
    remarks: tuple[str, ...] = ()
    """What else was done in reading, in a few words each."""
    refused: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """Lines that are no records, by row: kept to be shown where a person looks for them."""
    header_row: int = 1


def without_index(records: Records) -> Records:
    """Return the records without the row index that pandas, R or a spreadsheet has put beside the table.

    It is a column called ``Unnamed: 0`` of whole numbers, or one without a name that counts 0, 1, 2 … or 1, 2, 3 … in
    every row. Such a column says nothing; that it is left out is said.

    Examples
    --------
    >>> table = Records("t.csv", ("", "project"), 1, [["0", "1"], ["A", "B"]], [2, 3], [2, 3])
    >>> without_index(table).header
    ('project',)
    """
    index = [place for place, name in enumerate(records.header) if _is_index(name, records.columns[place])]
    if not index:
        return records
    place = Place(records.file, records.header_line)
    kept = [position for position in range(len(records.header)) if position not in index]
    return replace(
        records,
        header=tuple(records.header[position] for position in kept),
        columns=[records.columns[position] for position in kept],
        findings=(*records.findings, *(finding("row-index", place, str(position + 1)) for position in index)),
        remarks=(*records.remarks, text("a row index left out")),
    )


def _is_index(name: str, cells: Sequence[str]) -> bool:
    if name and not _PANDAS_INDEX.fullmatch(name):
        return False
    if not len(cells) or not all(cell.isascii() and cell.strip().isdecimal() and len(cell) < 10 for cell in cells):
        return False
    numbers = [int(cell) for cell in cells]
    if name:
        return True
    return (
        numbers[0] in (0, 1)
        and all(number == numbers[0] + at for at, number in enumerate(numbers))
        and (len(numbers) > 1 or numbers[0] == 0)
    )


def is_note(cells: Sequence[str], columns: tuple[Column, ...]) -> str:
    """Return the only cell of a row that is none of the table (a title, a note, a source line), else "".

    A row with one cell cannot be a row where several columns are required.
    """
    if sum(column.required for column in columns) < 2:
        return ""
    filled = [cell for cell in cells if cell.strip()]
    return filled[0].strip() if len(filled) == 1 else ""


def refuse_one_cell(header: Sequence[str], place: Place, columns: tuple[Column, ...]) -> None:
    """Refuse a header that stands in one cell with its separators, as when whole rows were quoted.

    Raises
    ------
    UnreadableError
        If its only cell, cut at a separator, names every required column.
    """
    filled = [name for name in header if name.strip()]
    required = {column.name for column in columns if column.required}
    for mark in ",;\t|" if len(filled) == 1 and len(required) > 1 else "":
        if required <= {resolve(part.strip(' "'), columns) for part in filled[0].split(mark)}:
            raise UnreadableError(finding("columns-in-one", place, filled[0]))
