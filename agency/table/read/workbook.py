"""A sheet of an .xlsx workbook to records, through calamine (the extra `excel`)."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

from agency.about import install_hint
from agency.errors import UsageError, did_you_mean
from agency.findings import Finding, Place, UnreadableError, finding
from agency.table.read.records import Records
from agency.vocabulary import Column, resolve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from python_calamine import CalamineWorkbook

_CELL = re.compile(rb'<c r="([A-Z]+)([0-9]+)"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_LOOK_AHEAD = 30
"""Rows searched for a header below a title."""
_FORMULA = re.compile(rb"<f[ >/]")
_RESULT = re.compile(rb"<v>[^<]|<is>")


def read_workbook(data: bytes, file: str, columns: tuple[Column, ...], *, sheet: str | None = None) -> Records:
    """Return the records of the sheet named, else of the only one with the table's header.

    Raises
    ------
    UnreadableError
        If the file is no workbook, or no or several sheets hold the table.
    UsageError
        If the extra is not installed, or there is no sheet of that name.
    """
    workbook = _open(data, file)
    name = _sheet(workbook, file, columns, sheet)
    rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    top, header = _header(rows)
    if not header:
        raise UnreadableError(finding("file-empty", Place(file), f"sheet '{name}'"))
    _check_header(rows, top, header, columns, file)
    header += [""] * _width([row[len(header) :] for row in rows[top + 1 :]])
    hidden = _lost_cells(data, name)
    records, findings = [], []
    for number, row in enumerate(rows[top + 1 :], top + 2):
        cells = [_text(value) for value in row[: len(header)]]
        lost = {column: cell for column, cell in hidden.get(number, {}).items() if column < len(header)}
        if not any(cells) and not lost:
            continue
        for column, value in enumerate(row[: len(header)]):
            name_of = resolve(header[column], columns) or header[column]
            findings += _odd_cell(value, lost.get(column), Place(file, number, number, name_of))
        records.append((number, cells))
    lines = [number for number, _ in records]
    cells_by_column = [list(column) for column in zip(*(cells for _, cells in records), strict=True)]
    return Records(
        file,
        tuple(header),
        top + 1,
        cells_by_column or [[] for _ in header],
        lines,
        lines,
        tuple(findings),
        "" if len(workbook.sheet_names) == 1 else f"sheet '{name}'",
    )


def _check_header(
    rows: Sequence[Sequence[Any]], top: int, header: list[str], columns: tuple[Column, ...], file: str
) -> None:
    """Refuse a sheet whose first row names no column, or stands above the row that does."""
    required = {column.name for column in columns if column.required}
    named = {resolve(cell, columns) for cell in header} - {""}
    if required <= named:
        return
    for number, row in enumerate(rows[:_LOOK_AHEAD], 1):
        if required <= {resolve(_text(cell), columns) for cell in row}:
            raise UnreadableError(finding("header-late", Place(file, top + 1), " ".join(header), expected=str(number)))
    if not named:
        expected = " or ".join(f"'{name}'" for name in sorted(required))
        raise UnreadableError(finding("header-missing", Place(file, top + 1), " ".join(header), expected=expected))


def _open(data: bytes, file: str) -> CalamineWorkbook:
    try:
        import python_calamine
    except ImportError as error:
        message = f"{file}: reading workbooks needs an extra: {install_hint('excel')}. Or save the sheet as CSV UTF-8."
        raise UsageError(message) from error
    try:
        return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except (python_calamine.CalamineError, OSError) as error:
        raise UnreadableError(
            finding("file-workbook", Place(file), f"no workbook ({error})", expected="an .xlsx workbook")
        ) from error


def _sheet(workbook: CalamineWorkbook, file: str, columns: tuple[Column, ...], sheet: str | None) -> str:
    names = list(workbook.sheet_names)
    if sheet is not None:
        if sheet not in names:
            message = f"{file} has no sheet {sheet!r}.{did_you_mean(sheet, names)} It has {', '.join(names)}."
            raise UsageError(message)
        return sheet
    if len(names) == 1:
        return names[0]
    required = {column.name for column in columns if column.required}
    holding = [
        name
        for name in names
        if required
        <= {resolve(c, columns) for c in _header(workbook.get_sheet_by_name(name).to_python(skip_empty_area=False))[1]}
    ]
    if len(holding) == 1:
        return holding[0]
    if not any(_header(workbook.get_sheet_by_name(name).to_python())[1] for name in names):
        raise UnreadableError(finding("file-empty", Place(file), "every sheet"))
    quoted = ", ".join(f"'{name}'" for name in holding or names)
    found = f"{len(holding)} sheets with the table's header: {quoted}" if holding else f"the header in none of {quoted}"
    raise UnreadableError(finding("sheet-two", Place(file), found))


def _header(rows: Sequence[Sequence[Any]]) -> tuple[int, list[str]]:
    """Return position and names of the first row that is not empty."""
    for position, row in enumerate(rows):
        names = [_text(value).strip() for value in row]
        while names and not names[-1]:
            names.pop()
        if names:
            return position, names
    return 0, []


def _width(rows: Sequence[Sequence[Any]]) -> int:
    """Return the number of the last column with a cell that is not empty, 0 without one."""
    return max((number for row in rows for number, value in enumerate(row, 1) if _text(value).strip()), default=0)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


def _odd_cell(value: Any, lost: str | None, place: Place) -> list[Finding]:
    """Return a finding for a cell that is a date, an error, or a formula without a result."""
    if lost is not None:
        return [finding("formula-empty" if lost.startswith("=") else "cell-type", place, lost)]
    if isinstance(value, (dt.date, dt.time, dt.timedelta)):
        return [finding("cell-type", place, str(value))]
    return []


def _lost_cells(data: bytes, sheet: str) -> dict[int, dict[int, str]]:
    """Return, by row and column, the cells calamine reads as empty: formulas without a result, and errors."""
    lost: dict[int, dict[int, str]] = {}
    for letters, row, attributes, content in _CELL.findall(_sheet_xml(data, sheet)):
        name = (letters + row).decode()
        if b't="e"' in attributes:
            lost.setdefault(int(row), {})[_position(letters)] = f"an error value (cell {name})"
        elif _FORMULA.search(content) and not _RESULT.search(content):
            lost.setdefault(int(row), {})[_position(letters)] = f"=… (cell {name})"
    return lost


def _position(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _sheet_xml(data: bytes, sheet: str) -> bytes:
    """Return the XML of a sheet, found by its name through the workbook's relations."""
    import xml.etree.ElementTree as ET

    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    relation = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            sheets = ET.fromstring(archive.read("xl/workbook.xml")).iter(f"{main}sheet")
            wanted = next(entry.get(relation) for entry in sheets if entry.get("name") == sheet)
            relations = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
            target = next(entry.get("Target", "") for entry in relations if entry.get("Id") == wanted)
            return archive.read(target.lstrip("/") if target.startswith("/") else f"xl/{target}")
    except (KeyError, StopIteration, ET.ParseError, zipfile.BadZipFile):
        return b""
