"""A sheet of a workbook to records: which sheet, where its header stands, what merged and odd cells mean."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from agency.errors import UsageError, did_you_mean
from agency.findings import Finding, Place, UnreadableError, finding, show
from agency.table.read.archive import Archive, damage_said, file_type, other_file
from agency.table.read.frames import FAR, MOST_FINDINGS, Records, is_note, refuse_one_cell
from agency.table.read.grid import LOOK_AHEAD, Book, Grid, Range, cell_name
from agency.table.read.ods import OdsBook, is_encrypted
from agency.table.read.xlsx import XlsxBook
from agency.vocabulary import TABLE_FILE, Column, columns_in, resolve
from agency.words import listed, number, text

TABLE_SHEET = TABLE_FILE.removesuffix(".csv")
"""Name of the sheet that `agency` itself writes the table into."""
_MOST_PLACES = 20_000_000
"""Cells from the header to the last row, empty ones included: a row of text is made for each row."""
FILLED_DOWN = ("project", "country", "source")
"""Columns of which a merged cell has one reading: it holds for all its rows."""
COMPANION_SHEETS = {
    "projects": "projects.csv",
    "actors": "actors.csv",
    "events": "events.csv",
    "codings": "double_coding.csv",
}
"""Name of a sheet to the companion it is."""


class Page(NamedTuple):
    """A sheet and the row its header stands on; 0 when it has none."""

    sheet: str
    header: int


def open_book(data: bytes, file: str) -> Book:
    """Return the workbook in a file.

    Raises
    ------
    UnreadableError
        If it is none, damaged, protected by a password, or far larger than any table.
    """
    kind = file_type(data)
    if kind.kind not in ("xlsx", "ods"):
        raise UnreadableError(other_file(kind, file, workbook=True))
    with damage_said(file):
        archive = Archive(data)
        if kind.kind == "xlsx":
            return XlsxBook(archive)
        if is_encrypted(archive):
            raise UnreadableError(finding("file-locked", Place(file)))
        return OdsBook(archive)


def read_workbook(book: Book, file: str, columns: tuple[Column, ...], *, sheet: str | None = None) -> Records:
    """Return the records of the sheet named, else of the only one with the table's header.

    Raises
    ------
    UnreadableError
        If no or several sheets hold the table, or its sheet is damaged or empty.
    UsageError
        If there is no sheet of that name.
    """
    with damage_said(file):
        page = _named_page(book, file, columns, sheet) if sheet is not None else _only_page(book, file, columns)
        grid = book.grid(page.sheet)
    remarks = () if page.header == min(grid.rows) else (text("header on row {row}", row=page.header),)
    records = _records(grid, page.header, file, columns, remarks)
    return records if len(book.names) == 1 else replace(records, sheet=page.sheet)


def is_assumed(records: Records) -> bool:
    """Say whether the sheet was one of several that could have been meant: one called like the table is meant."""
    return bool(records.sheet) and records.sheet != TABLE_SHEET


def companion_sheets(book: Book, taken: str) -> dict[str, str]:
    """Return the companions a workbook holds, with the sheet of each; `taken` is the sheet of the table."""
    found = {}
    for name in book.names:
        companion = COMPANION_SHEETS.get(name.strip().casefold())
        if companion and name != taken and companion not in found:
            found[companion] = name
    return found


def read_companion_sheet(book: Book, file: str, sheet: str, columns: tuple[Column, ...]) -> Records | None:
    """Return the records of a companion's sheet; None when it holds no row, which is as good as no sheet.

    Raises
    ------
    UnreadableError
        If the sheet is damaged.
    """
    with damage_said(file):
        grid = book.grid(sheet)
    if len(grid.rows) < 2:
        return None
    header = _header_row(grid, columns) or min(grid.rows)
    return _records(grid, header, file, columns, ())


def _named_page(book: Book, file: str, columns: tuple[Column, ...], sheet: str) -> Page:
    if sheet not in book.names:
        near = did_you_mean(sheet, list(book.names))
        names = ", ".join(book.names)
        message = text(
            "{file} has no sheet '{sheet}'.{near} It has {names}.", file=file, sheet=sheet, near=near, names=names
        )
        raise UsageError(message)
    head = book.head(sheet)
    if not head.rows:
        raise UnreadableError(finding("file-empty", Place(file), text("sheet '{sheet}'", sheet=sheet)))
    return Page(sheet, _header_row(head, columns) or _first_row(head, file, columns))


def _only_page(book: Book, file: str, columns: tuple[Column, ...]) -> Page:
    """Return the only sheet with a header that names every required column; companions only where no other fits."""
    if len(book.names) == 1:
        return _named_page(book, file, columns, book.names[0])
    heads = {name: book.head(name) for name in book.names}
    fitting = _fitting(heads, columns, near=False) or _fitting(heads, columns, near=True)
    tables = [page for page in fitting if page.sheet.strip().casefold() not in COMPANION_SHEETS] or fitting
    if len(tables) == 1:
        return tables[0]
    if not any(head.rows for head in heads.values()):
        raise UnreadableError(finding("file-empty", Place(file), text("every sheet")))
    others = [name for name, head in heads.items() if head.rows and name.strip().casefold() not in COMPANION_SHEETS]
    if not tables and len(others) == 1:
        return _named_page(book, file, columns, others[0])
    quoted = ", ".join(f"'{name}'" for name in ([page.sheet for page in tables] or book.names))
    found = (
        text("{n} sheets with the table's header: {quoted}", n=len(tables), quoted=quoted)
        if tables
        else text("the header in none of {quoted}", quoted=quoted)
    )
    raise UnreadableError(finding("sheet-two", Place(file), found))


def _fitting(heads: dict[str, Grid], columns: tuple[Column, ...], *, near: bool) -> list[Page]:
    rows = {name: _row_naming_all(head, columns, near=near) for name, head in heads.items()}
    return [Page(name, row) for name, row in rows.items() if row]


def _header_row(grid: Grid, columns: tuple[Column, ...]) -> int:
    """Return the first row near the top that names every required column, or 0; exact names come first."""
    return _row_naming_all(grid, columns, near=False) or _row_naming_all(grid, columns, near=True)


def _row_naming_all(grid: Grid, columns: tuple[Column, ...], *, near: bool) -> int:
    """Return the first row near the top that names every required column, or 0.

    With `near` a cell also names the only column it contains: "project name" is the project, as it is when the
    header is read.
    """
    required = {column.name for column in columns if column.required}
    for row in sorted(grid.rows)[:LOOK_AHEAD]:
        cells = grid.rows[row].values()
        named = {resolve(cell, columns) for cell in cells}
        if near:
            named |= {fits[0] for cell in cells if len(fits := columns_in(cell, columns)) == 1}
        if required <= named:
            return row
    return 0


def _first_row(grid: Grid, file: str, columns: tuple[Column, ...]) -> int:
    """Return the first row when it names any column: what it lacks is said later.

    Raises
    ------
    UnreadableError
        If it names none.
    """
    first = min(grid.rows)
    cells = [grid.rows[first][column] for column in sorted(grid.rows[first])]
    if not any(resolve(cell, columns) for cell in cells):
        refuse_one_cell(cells, Place(file, first), columns)
        expected = text(" or ").join(f"'{column.name}'" for column in columns if column.required)
        raise UnreadableError(finding("header-missing", Place(file, first), " ".join(cells), expected=expected))
    return first


def _records(grid: Grid, top: int, file: str, columns: tuple[Column, ...], remarks: tuple[str, ...]) -> Records:
    header = _header(grid, top, file)
    if len(grid.rows) * len(header) > _MOST_PLACES:
        found = text("{rows} rows of {columns} columns", rows=number(len(grid.rows)), columns=number(len(header)))
        raise UnreadableError(finding("workbook-huge", Place(file), found))
    names = [resolve(name, columns) or name for name in header]
    sheet = _Sheet(grid, top, file, columns, names)
    sheet.fill_merged()
    records = []
    refused = {row: _cells(grid, row, max(grid.rows[row])) for row in grid.rows if row < top}
    for row in sorted(grid.rows):
        if row > top:
            cells = _cells(grid, row, len(header))
            note = is_note(cells, columns)
            if note:
                sheet.say("row-note", row, "", note)
                refused[row] = cells
            else:
                records.append((row, cells))
    sheet.odd_cells(row for row, _ in records)
    rows = [row for row, _ in records]
    by_column = [list(column) for column in zip(*(cells for _, cells in records), strict=True)]
    return Records(
        file,
        tuple(header),
        top,
        by_column or [[] for _ in header],
        rows,
        rows,
        tuple(sheet.findings),
        remarks=(*remarks, *sheet.remarks),
        refused=refused,
        header_row=top,
    )


def _cells(grid: Grid, row: int, width: int) -> list[str]:
    return [grid.rows[row].get(column, "") for column in range(1, width + 1)]


def _header(grid: Grid, top: int, file: str) -> list[str]:
    """Return the names in the header, with an empty one for every column beside it that has cells.

    Raises
    ------
    UnreadableError
        If a cell stands so far out that it belongs to no table.
    """
    names = grid.rows[top]
    header = [names.get(column, "").strip() for column in range(1, max(names) + 1)]
    last, row = max((max(cells), row) for row, cells in grid.rows.items() if row >= top)
    if last > len(header) + FAR:
        cell = text("{cell} ({value})", cell=cell_name(row, last), value=show(grid.rows[row][last]))
        raise UnreadableError(finding("cell-far", Place(file, row), cell))
    return header + [""] * (last - len(header))


@dataclass
class _Sheet:
    """The part of a sheet from its header down, and what is to be said of its cells."""

    grid: Grid
    top: int
    file: str
    columns: tuple[Column, ...]
    names: list[str]
    """What each column is, beginning with the first."""
    findings: list[Finding] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    filled: dict[str, list[Range]] = field(default_factory=dict)

    def say(self, code: str, row: int, column: str, found: str) -> None:
        """Note a finding.

        Raises
        ------
        UnreadableError
            If there are so many that the sheet is no table.
        """
        place = Place(self.file, row, row, column)
        self.findings.append(finding(code, place, found))
        if len(self.findings) >= MOST_FINDINGS:
            raise UnreadableError(*self.findings, finding("reading-stopped", place, number(len(self.findings))))

    def fill_merged(self) -> None:
        """Fill the merged cells that have one reading, and name the others."""
        rows = sorted(self.grid.rows)
        done: set[tuple[int, int]] = set()
        for block in sorted(self.grid.merged):
            cells = self.grid.rows.get(block.top, {})
            value = cells.get(block.left, "")
            if not value or block.bottom < self.top or (block.top == block.bottom and block.left == block.right):
                continue
            name = self.names[block.left - 1] if block.left <= len(self.names) else ""
            if block.left == block.right and name in FILLED_DOWN and block.top > self.top:
                self.fill(block, value, rows, done)
                self.filled.setdefault(name, []).append(block)
            elif len(cells) > 1 or block.top != block.bottom or block.top == self.top:
                self.say(
                    "cells-merged", block.top, name, text("{cells} ({value})", cells=block.name, value=show(value))
                )
        for name, blocks in self.filled.items():
            ranges = listed([block.name for block in blocks])
            self.say("merged-filled", blocks[0].top, name, ranges)
        if self.filled:
            self.remarks.append(text("merged cells of {columns} filled down", columns=listed(list(self.filled))))

    def fill(self, block: Range, value: str, rows: list[int], done: set[tuple[int, int]]) -> None:
        """Write the value of a merged cell into each of its rows that has other cells.

        Raises
        ------
        UnreadableError
            If two merged cells overlap, which no spreadsheet program writes.
        """
        for row in rows[bisect_left(rows, block.top) : bisect_right(rows, block.bottom)]:
            if (row, block.left) in done:
                found = text("merged cells overlap in {cell}", cell=cell_name(row, block.left))
                raise UnreadableError(finding("workbook-damaged", Place(self.file, row), found))
            done.add((row, block.left))
            self.grid.rows[row][block.left] = value

    def odd_cells(self, rows: Iterable[int]) -> None:
        """Name dates where no year is due, errors, and formulas without a value.

        A column of the user's own is text to us, and no number hangs on it: it may hold dates, and what it shows.
        """
        wanted = set(rows)
        known = {column.name for column in self.columns}
        years = {column.name for column in self.columns if column.kind == "year"}
        for (row, column), odd in sorted(self.grid.odd.items()):
            name = self.names[column - 1]
            if row not in wanted or name not in known:
                continue
            if odd.kind == "formula":
                self.say("formula-empty", row, name, text("=… (cell {cell})", cell=cell_name(row, column)))
            elif odd.kind == "error":
                shown = text("{error} (cell {cell})", error=odd.shown, cell=cell_name(row, column))
                self.say("cell-type", row, name, shown)
            elif name not in years or _may_be_year(odd.shown):
                self.say("cell-type", row, name, odd.shown)


def _may_be_year(date: str) -> bool:
    """Say whether a date may be a year typed into a cell formatted as a date: 2018 is the 10th of July 1905 there."""
    if not date.startswith("1905-"):
        return False
    return 1900 <= (dt.date.fromisoformat(date[:10]) - dt.date(1899, 12, 30)).days < 2100
