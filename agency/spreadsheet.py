"""Workbooks as they are written: text only, nothing a spreadsheet could run, the same bytes for the same cells.

openpyxl writes them (the extra `excel`); this is the only place that asks for it and that knows its habits.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from typing import Any

from agency.about import install_hint
from agency.errors import UsageError
from agency.words import text

LONGEST = 32_767
"""Characters a cell can hold."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest date a zip archive can hold: a workbook of ours says nothing of when it was made."""
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE_LIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""What spreadsheets would read as the code of a character, ``_x0041_``, though it is meant as it stands."""
_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")


def new_book() -> Any:
    """Return an empty workbook of openpyxl, without a sheet.

    Raises
    ------
    UsageError
        If openpyxl is not installed.
    """
    try:
        from openpyxl import Workbook
    except ImportError as error:
        message = text("An Excel file needs openpyxl: {install}. Or choose a .csv file.", install=install_hint("excel"))
        raise UsageError(message) from error
    book = Workbook()
    book.remove(book.active)
    return book


def add_page(book: Any, name: str) -> Any:
    """Return a new sheet, its name made one that spreadsheets accept."""
    return book.create_sheet(_SHEET_NAME.sub("_", name)[:31] or text("Sheet"))


def put_text(page: Any, row: int, column: int, value: str) -> Any:
    """Write a cell as text, whatever it looks like, and return it; what XML cannot hold is written as its code."""
    legible = _NOT_XML.sub(lambda match: f"\\u{ord(match.group()):04x}", value)
    cell = page.cell(row, column, _ESCAPE_LIKE.sub("_x005F_", legible)[:LONGEST])
    cell.data_type = "s"
    return cell


def book_bytes(book: Any) -> bytes:
    """Return the file of a workbook, without the time it was made.

    Raises
    ------
    UsageError
        If the folder for temporary files, which openpyxl lays sheets in, takes no more.

    Examples
    --------
    >>> book = new_book()
    >>> cell = put_text(add_page(book, "a"), 1, 1, "=1+1")
    >>> book_bytes(book)[:2]
    b'PK'
    """
    stream = _saved(book)
    timeless = io.BytesIO()
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(timeless, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, _STAMP.sub(rb"\g<1>1980-01-01T00:00:00Z\g<2>", old.read(name)))
    return timeless.getvalue()


def _saved(book: Any) -> io.BytesIO:
    """Save a workbook; a disk that is full under the temporary files of openpyxl becomes one message.

    With lxml installed that is no `OSError`, and the half-written sheet complains again, past every handler, when it is
    thrown away: both are kept from the user.
    """
    stream, heard, why = io.BytesIO(), sys.unraisablehook, ""
    sys.unraisablehook = lambda _unraisable: None
    try:
        book.save(stream)
    except Exception as error:
        if not (isinstance(error, OSError) or type(error).__module__.startswith("lxml")):
            raise
        why = str(error)
    finally:
        sys.unraisablehook = heard
    if why:
        raise UsageError(
            text(
                "the folder for temporary files cannot be written ({why}), and a workbook is laid out there. Make room "
                "in it, or set TMPDIR to another folder.",
                why=why,
            )
        )
    return stream
