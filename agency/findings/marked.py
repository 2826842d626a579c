"""A workbook in which every wrong cell is coloured and says why: the cells are the user's, the file is a new one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agency.findings.finding import Finding, in_order, printable
from agency.spreadsheet import add_page, book_bytes, new_book, put_text
from agency.words import text

MOST_MARKED = 10_000
"""Findings that are marked and listed; more make a workbook that no spreadsheet opens in reasonable time."""
_COLOURS = {"error": "FFC7CE", "warning": "FFEB9C"}
_WIDTH, _WIDEST = 12, 48
_COMMENT = (320, 140)
"""Width and height of a comment, in pixels."""


@dataclass(frozen=True)
class MarkedPage:
    """The cells of one file, or of one sheet, at the places where the user has them."""

    name: str
    """Of the sheet in the new workbook."""
    files: tuple[str, ...]
    """What findings call it."""
    rows: Mapping[int, Sequence[str]]
    """Cells by row, counted from 1."""
    header: int
    """Row of the header."""
    columns: Mapping[str, int]
    """Position of every column, counted from 1, by each name a finding may call it."""


def marked_workbook(pages: Sequence[MarkedPage], findings: Sequence[Finding]) -> bytes:
    """Return a workbook with a sheet per page, its wrong cells coloured and commented, and a sheet of findings.

    Parameters
    ----------
    pages
        The cells; what could not be read has no page, and its findings are only listed.
    findings
        In any order; beyond the first `MOST_MARKED`, errors first, they are left out.

    Raises
    ------
    UsageError
        If openpyxl is not installed.

    Examples
    --------
    >>> from agency.findings.finding import Place, finding
    >>> page = MarkedPage("t", ("t.csv",), {1: ["project"], 2: [""]}, 1, {"project": 1})
    >>> marked_workbook([page], [finding("cell-required", Place("t.csv", 2, 2, "project"))])[:2]
    b'PK'
    """
    book = new_book()
    shown = in_order(findings)[:MOST_MARKED]
    for page in pages:
        sheet = add_page(book, page.name)
        for row, cells in page.rows.items():
            for column, value in enumerate(cells, 1):
                if value:
                    _write(sheet, row, column, value, head=row == page.header)
        sheet.freeze_panes = sheet.cell(page.header + 1, 1)
        _mark(sheet, page, [entry for entry in shown if entry.file in page.files])
    _list(add_page(book, text("findings")), shown)
    return book_bytes(book)


def _mark(sheet: Any, page: MarkedPage, findings: Sequence[Finding]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    places: dict[tuple[int, int], list[Finding]] = {}
    for entry in findings:
        if entry.severity in _COLOURS:
            places.setdefault((entry.row or page.header, page.columns.get(entry.column, 1)), []).append(entry)
    for (row, column), entries in places.items():
        cell = sheet.cell(row, column)
        cell.fill = PatternFill("solid", fgColor=_COLOURS[entries[0].severity])
        said = "\n\n".join(f"{entry.severity}: {_sentence(entry)}" for entry in entries)
        cell.comment = Comment(printable_lines(said)[:2_000], "agency", width=_COMMENT[0], height=_COMMENT[1])


def _list(sheet: Any, findings: Sequence[Finding]) -> None:
    from openpyxl.styles import Alignment, Font

    head = (text("severity"), text("file"), text("row"), text("column"), text("what is wrong, and what to do"), "code")
    widths = (12, 28, 8, 18, 90, 24)
    for column, (title, width) in enumerate(zip(head, widths, strict=True), 1):
        put_text(sheet, 1, column, title).font = Font(bold=True)
        sheet.column_dimensions[sheet.cell(1, column).column_letter].width = width
    for row, entry in enumerate(findings, 2):
        place = str(entry.row) if entry.row else ""
        cells = (entry.severity, entry.file, place, entry.column, _sentence(entry), entry.code)
        for column, value in enumerate(cells, 1):
            put_text(sheet, row, column, printable(value)).alignment = Alignment(vertical="top", wrap_text=True)
    sheet.freeze_panes = "A2"


def _sentence(entry: Finding) -> str:
    return f"{entry.message}. {entry.fix}"


def printable_lines(value: str) -> str:
    """Return a text whose line breaks are kept and other control characters are codes."""
    return "\n".join(printable(line) for line in value.split("\n"))


def _write(sheet: Any, row: int, column: int, value: str, *, head: bool) -> None:
    """Write a cell of the user, its column as wide as what stands in it."""
    from openpyxl.styles import Alignment, Font

    cell = put_text(sheet, row, column, value)
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if head:
        cell.font = Font(bold=True)
    dimension = sheet.column_dimensions[cell.column_letter]
    dimension.width = min(max(dimension.width if dimension.customWidth else _WIDTH, len(value) + 2), _WIDEST)
