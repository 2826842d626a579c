"""`Grid`: the cells of one sheet as they stand, whatever kind of workbook they come from.

Only cells that say something are kept, by row and column, so that it does not matter how far out one stands: a single
space in the last cell a sheet can have is nothing, and a value there is one cell.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

from agency.table.read.archive import OversizeError
from agency.words import text

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""What a sheet can have at most."""
LOOK_AHEAD = 30
"""Rows that are not empty in which a header is looked for."""
MOST_CELLS = 4_000_000
_MOST_CHARACTERS = 200_000_000
"""Beyond these a workbook is no place for a table, and memory runs out: as CSV the same table can be read."""


class Range(NamedTuple):
    """A block of cells, from 1, both ends included."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def name(self) -> str:
        """The block as a spreadsheet names it."""
        return f"{cell_name(self.top, self.left)}:{cell_name(self.bottom, self.right)}"


class Odd(NamedTuple):
    """A cell that holds no text and no plain number, and what a person sees in it."""

    kind: Literal["date", "error", "formula"]
    shown: str


@dataclass
class Grid:
    """The cells of a sheet that say something; rows and columns count from 1, as a spreadsheet shows them."""

    sheet: str
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    odd: dict[tuple[int, int], Odd] = field(default_factory=dict)
    merged: list[Range] = field(default_factory=list)
    cells: int = 0
    characters: int = 0

    def put(self, row: int, column: int, value: str) -> None:
        """Keep a cell, unless it is blank.

        Raises
        ------
        OversizeError
            If the sheet holds more than a table can.
        ValueError
            If no sheet has such a cell.
        """
        if not value or value.isspace():
            return
        if not (0 < row <= LAST_ROW and 0 < column <= LAST_COLUMN):
            raise ValueError(text("a cell in row {row}, column {column}", row=row, column=column))
        self.cells += 1
        self.characters += len(value)
        if self.cells > MOST_CELLS or self.characters > _MOST_CHARACTERS:
            raise OversizeError(text("sheet '{sheet}' holds more cells or text than a table can", sheet=self.sheet))
        cells = self.rows.get(row)
        if cells is None:
            cells = self.rows[row] = {}
        cells[column] = value

    def put_odd(self, row: int, column: int, odd: Odd) -> None:
        """Keep a cell that holds a date, an error or a formula without a value."""
        self.odd[row, column] = odd
        self.put(row, column, odd.shown)


class Book(Protocol):
    """A workbook, of whatever kind: its sheets by name, and the cells of each."""

    names: tuple[str, ...]

    def head(self, sheet: str) -> Grid:
        """Return the first rows of a sheet that are not empty."""
        ...

    def grid(self, sheet: str) -> Grid:
        """Return the cells of a sheet."""
        ...


def cell_name(row: int, column: int) -> str:
    """Return a cell as a spreadsheet names it.

    Examples
    --------
    >>> cell_name(1_048_576, 16_384), cell_name(2, 27)
    ('XFD1048576', 'AA2')
    """
    return f"{column_letters(column)}{row}"


def column_letters(column: int) -> str:
    """Return the letters of a column, counted from 1."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_position(name: str) -> tuple[int, int]:
    """Return row and column of a cell name.

    Raises
    ------
    ValueError
        If it is none.

    Examples
    --------
    >>> cell_position("XFD1048576"), cell_position("$B$2")
    ((1048576, 16384), (2, 2))
    """
    plain = name.replace("$", "")
    letters = plain.rstrip("0123456789")
    column = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            raise ValueError(text("a cell named {name}", name=repr(name)))
        column = column * 26 + ord(letter) - 64
    row = int(plain[len(letters) :] or 0)
    if not (0 < row <= LAST_ROW and 0 < column <= LAST_COLUMN):
        raise ValueError(text("a cell named {name}", name=repr(name)))
    return row, column


def number_text(value: str) -> str:
    """Return a number as a cell of text: whole numbers without a point.

    Examples
    --------
    >>> number_text("2018"), number_text("2018.0"), number_text("4.5"), number_text("1E3")
    ('2018', '2018', '4.5', '1000')
    """
    if value.isdecimal() and value.isascii() and len(value) < 16:
        return str(int(value))
    number = float(value)
    return str(int(number)) if number.is_integer() and abs(number) < 1e16 else repr(number)


def date_text(serial: str, *, from_1904: bool = False) -> str:
    """Return the date, time or both that a spreadsheet shows for a number formatted so.

    Examples
    --------
    >>> date_text("42430"), date_text("42430.5"), date_text("0.25")
    ('2016-03-01', '2016-03-01 12:00:00', '06:00:00')
    """
    number = float(serial)
    first = dt.datetime(1904, 1, 1) if from_1904 else dt.datetime(1899, 12, 30)
    moment = first + dt.timedelta(seconds=round(number * 86_400))
    if 0 <= number < 1:
        return moment.time().isoformat()
    return moment.date().isoformat() if moment.time() == dt.time() else moment.isoformat(" ")
