"""Sheets as an Excel workbook: text only, nothing Excel could run, the same bytes for the same sheets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from agency.characters import clean
from agency.spreadsheet import add_page, book_bytes, new_book, put_text

if TYPE_CHECKING:
    from agency.formats.sheet import Sheet

_WIDTH, _WIDEST = 12, 60


def render_workbook(sheets: Sequence[Sheet]) -> bytes:
    """Return an .xlsx file with one worksheet for each sheet, header frozen, cells wrapped.

    Every cell is text: what begins with ``=`` stays what the source says and is never computed.

    Raises
    ------
    UsageError
        If openpyxl, which writes the file, is not installed.

    Examples
    --------
    >>> from agency.formats.sheet import Sheet, plain
    >>> render_workbook([Sheet("", "a", ("x",), ((plain("=1+1"),),))])[:2]
    b'PK'
    """
    book = new_book()
    for sheet in sheets:
        _fill(add_page(book, sheet.label), sheet)
    return book_bytes(book)


def _fill(page: Any, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    texts = [list(sheet.columns), *([entry.text for entry in row] for row in sheet.rows)]
    for number, row in enumerate(texts, start=1):
        for column, text in enumerate(row, start=1):
            cell = put_text(page, number, column, clean(text))
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if number == 1:
                cell.font = Font(bold=True)
    for column in range(1, len(sheet.columns) + 1):
        longest = max(len(row[column - 1]) for row in texts)
        page.column_dimensions[get_column_letter(column)].width = min(max(longest, _WIDTH), _WIDEST)
    page.freeze_panes = "A2"
