"""Sheets as an Excel workbook: text only, nothing Excel could run, the same bytes for the same sheets."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from agency.characters import clean
from agency.errors import UsageError

if TYPE_CHECKING:
    from agency.formats.sheet import Sheet

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest date a zip archive can hold: a workbook of ours says nothing of when it was made."""
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")
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
    try:
        from openpyxl import Workbook
    except ImportError as error:
        message = "An Excel file needs openpyxl: pip install 'phase-agency[excel]', or choose a .csv file."
        raise UsageError(message) from error
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        _fill(book.create_sheet(sheet.label[:31]), sheet)
    stream = io.BytesIO()
    book.save(stream)
    return _timeless(stream.getvalue())


def _fill(page: Any, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    texts = [list(sheet.columns), *([entry.text for entry in row] for row in sheet.rows)]
    for number, row in enumerate(texts, start=1):
        for column, text in enumerate(row, start=1):
            cell = page.cell(number, column, clean(text))
            cell.data_type = "s"
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if number == 1:
                cell.font = Font(bold=True)
    for column in range(1, len(sheet.columns) + 1):
        longest = max(len(row[column - 1]) for row in texts)
        page.column_dimensions[get_column_letter(column)].width = min(max(longest, _WIDTH), _WIDEST)
    page.freeze_panes = "A2"


def _timeless(data: bytes) -> bytes:
    """Return the archive without the time it was made."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, _STAMP.sub(rb"\g<1>1980-01-01T00:00:00Z\g<2>", old.read(name)))
    return stream.getvalue()
