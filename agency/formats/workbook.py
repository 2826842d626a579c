"""Sheets as an Excel workbook: numbers as numbers, all else as text that is never computed, always the same bytes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from agency.characters import clean
from agency.errors import UsageError
from agency.formats.text import reference, typeset
from agency.spreadsheet import LONGEST, add_page, book_bytes, new_book, put_text
from agency.words import digits, text

if TYPE_CHECKING:
    from agency.formats.sheet import Entry, Sheet

_NARROWEST, _WIDEST = 12, 60
_SEAM = 0.001
"""Between two colours of one cell, as a share of its width."""
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
"""What a sheet of a workbook can hold."""
_NUMBER = re.compile(r"(?P<whole>-?\d{1,3}(?:,\d{3})+|-?\d+)(?:\.(?P<places>\d+))?(?P<percent> %)?", re.ASCII)


def render(sheets: Sequence[Sheet], *, bare: bool = False) -> bytes:
    """Return an .xlsx file with a worksheet for each sheet: its header in row 1, and caption and notes below it.

    A cell of a numeric column that is a number is one, unrounded where that is known and shown with the decimals it is
    printed with. Every other cell is text: what begins with ``=`` stays what the source says and is never computed. A
    line of a cell is a line.

    Parameters
    ----------
    sheets
        The tables, in order.
    bare
        Only the tables, without captions, notes and marks.

    Raises
    ------
    UsageError
        If openpyxl, which writes the file, is not installed, or a table is larger than a workbook can hold.

    Examples
    --------
    >>> from agency.formats.sheet import Sheet, plain
    >>> render([Sheet("", "a", ("x",), ((plain("=1+1"),),))])[:2]
    b'PK'
    """
    book = new_book()
    for sheet in sheets:
        _fill(add_page(book, sheet.label), sheet.bare() if bare else sheet)
        if not bare:
            _write_below(book.worksheets[-1], sheet)
    return book_bytes(book)


def number(printed: str) -> tuple[float | int, str] | None:
    """Return a printed number with its format in a workbook; None for what is not one number alone.

    Examples
    --------
    >>> number("1,234"), number("58.3 %"), number("0.50"), number("58.3 % [50 %, 60 %]")
    ((1234, '#,##0'), (0.583, '0.0 %'), (0.5, '0.00'), None)
    """
    # `digits` is its own inverse: it turns 1.234,5 back into 1,234.5.
    found = _NUMBER.fullmatch(digits(printed).replace("\N{MINUS SIGN}", "-").replace("\u00a0", " "))
    if found is None:
        return None
    whole, places, percent = found["whole"], found["places"] or "", found["percent"] or ""
    value = Decimal(f"{whole.replace(',', '')}.{places or 0}") / (100 if percent else 1)
    form = f"{'#,##0' if ',' in whole else '0'}{'.' if places else ''}{'0' * len(places)}{percent}"
    return (float(value) if places or percent else int(value)), form


def _fill(page: Any, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    if len(sheet.rows) >= _MOST_ROWS or len(sheet.columns) > _MOST_COLUMNS:
        message = text(
            "{label}: {rows} rows and {columns} columns are more than a workbook can hold. Choose -f csv.",
            label=sheet.label,
            rows=digits(f"{len(sheet.rows):,}"),
            columns=digits(f"{len(sheet.columns):,}"),
        )
        raise UsageError(message)
    # Shared among the cells: a new style for each would be looked up a hundred thousand times.
    bold, left, right = Font(bold=True), *(Alignment(side, "top", wrap_text=True) for side in (None, "right"))
    longest = [len(name) for name in sheet.columns]
    for column, name in enumerate(sheet.columns, 1):
        cell = put_text(page, 1, column, _whole(clean(name), sheet))
        cell.font, cell.alignment = bold, right if column - 1 in sheet.numeric else left
    for row, entries in enumerate(sheet.rows, 2):
        for column, entry in enumerate(entries, 1):
            lines = _lines(entry)
            longest[column - 1] = max(longest[column - 1], *map(len, lines))
            value = _value(entry, lines) if column - 1 in sheet.numeric or entry.exact else None
            if value is None:
                cell = put_text(page, row, column, _whole("\n".join(lines), sheet))
            else:
                cell = page.cell(row, column, value[0])
                cell.number_format = value[1]
            cell.alignment = right if column - 1 in sheet.numeric else left
            ground = _ground(entry)
            if ground:
                cell.fill = ground
    for column, length in enumerate(longest, 1):
        page.column_dimensions[get_column_letter(column)].width = min(max(length + 1, _NARROWEST), _WIDEST)
    page.freeze_panes = "B2"


@lru_cache(maxsize=256)
def _fill_of(shades: tuple[str, ...]) -> Any:
    """Return one colour, or several side by side, each as wide as the others."""
    from openpyxl.styles import GradientFill, PatternFill
    from openpyxl.styles.fills import Stop

    colours = [f"FF{shade[1:]}" for shade in shades]
    if len(colours) == 1:
        return PatternFill("solid", fgColor=colours[0])
    # A place has one colour: each ends just before the next begins.
    ends = [
        (at / len(colours), (at + 1) / len(colours) - _SEAM * (at + 1 < len(colours))) for at in range(len(colours))
    ]
    stops = [Stop(colour, place) for colour, pair in zip(colours, ends, strict=True) for place in pair]
    return GradientFill(type="linear", stop=stops)


def _ground(entry: Entry) -> Any:
    """Return the fill of a cell: its own, or those of its pieces, since a piece of a cell cannot have one."""
    shades = (entry.shade,) if entry.shade else tuple(run.shade for line in entry.lines for run in line if run.shade)
    return _fill_of(tuple(dict.fromkeys(shades))) if shades else None


def _value(entry: Entry, lines: list[str]) -> tuple[float | int, str] | None:
    """Return the number a cell is, unrounded where that is known, with the format it is printed in."""
    value = number(lines[0]) if len(lines) == 1 else None
    if value is None or not entry.exact:
        return value
    try:
        return float(entry.exact), value[1]
    except ValueError:
        return value


def _write_below(page: Any, sheet: Sheet) -> None:
    """Write caption, notes and bibliography below the table, an empty row between."""
    notes = [f"[{note.mark}] {note.text}" if note.mark else note.text for note in sheet.notes]
    shades = {note.text: note.shade for note in sheet.notes if note.shade}
    cited = [text("References"), *(reference(line) for line in sheet.references)] if sheet.references else []
    said = [line for line in (sheet.caption, *notes, *cited) if line]
    for row, line in enumerate(said, len(sheet.rows) + 3):
        cell = put_text(page, row, 1, _whole(clean(line), sheet))
        if line in shades:
            cell.fill = _fill_of((shades[line],))


def _lines(entry: Entry) -> list[str]:
    """Return the lines of a cell, marks in brackets behind what they explain."""
    return [typeset(line, clean, lambda marks: f" [{clean(marks)}]") for line in entry.lines] or [""]


def _whole(content: str, sheet: Sheet) -> str:
    """Return a text that a cell can hold whole.

    Raises
    ------
    UsageError
        If it would be cut.
    """
    if len(content) <= LONGEST:
        return content
    message = text(
        "{label}: a cell has {n} characters, more than a cell of a workbook can hold ({most}). Choose -f csv.",
        label=sheet.label,
        n=digits(f"{len(content):,}"),
        most=digits(f"{LONGEST:,}"),
    )
    raise UsageError(message)
