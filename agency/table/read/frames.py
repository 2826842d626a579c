"""`Records`: the cells of a file as text with their lines; to and from frames.

DataFrames and dictionaries become records, so that they are validated like files; sound records become typed frames.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from agency import words
from agency.characters import fold
from agency.findings import Finding, Place, UnreadableError, at_rows, finding, has_control, has_invisible, show
from agency.table.clean import RUNNING, clean_cells
from agency.vocabulary import Column, columns_in, resolve
from agency.words import listed, text

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


_SURROGATE = re.compile("[\ud800-\udfff]")
_SIDES = ("start", "end")
_YEAR_WORDS = frozenset({"year", "date", "ano", "fecha"})
"""What a column is headed that gives years, and not which."""
FRAME = "DataFrame"
"""What a DataFrame is called in messages."""
FIRST_LINE = 2
"""The line of its first row, as in a file with one header line."""
_SHOWN = 40
"""Characters of a name, or of a value that is no text, which a message repeats."""


def text_frame(records: Records, columns: tuple[Column, ...]) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the cells as clean text and what is wrong with header and characters.

    The frame has the columns of the specification in its order (absent ones empty), ``line`` and ``row``.

    Raises
    ------
    UnreadableError
        If a required column is missing, or a column stands twice.
    """
    positions, findings = read_header(records, columns)
    absent = pd.Series([""] * len(records.lines), dtype="str")
    series: dict[str, pd.Series[str] | pd.Series[int]] = {}
    places = pd.DataFrame({"line": np.asarray(records.lines, np.int64), "row": np.asarray(records.rows, np.int64)})
    for column in columns:
        if column.name in positions:
            cells = pd.Series(records.columns[positions[column.name]], dtype="str")
            codes, distinct = pd.factorize(cells)
            before = distinct.tolist()
            series[column.name] = _spread(cells, codes, before, clean_cells(before, column))
            odd = [cell for cell in before if not cell.isprintable()]
            findings += _odd_characters(records.file, places, column.name, cells, odd) if odd else []
        else:
            series[column.name] = absent
    return pd.DataFrame(series).join(places), findings


def by_value(cells: pd.Series[str], function: Callable[[list[str]], list[str]]) -> pd.Series[str]:
    """Return what a function makes of cells, asking it once for all that are equal.

    Examples
    --------
    >>> by_value(pd.Series(["a", "b", "a"], dtype="str"), lambda cells: [cell.upper() for cell in cells]).tolist()
    ['A', 'B', 'A']
    """
    codes, distinct = pd.factorize(cells)
    before = distinct.tolist()
    return _spread(cells, codes, before, function(before))


def _spread(cells: pd.Series[str], codes: NDArray[np.intp], before: list[str], after: list[str]) -> pd.Series[str]:
    """Return cells with what stands for each of the distinct ones."""
    return cells if after == before else pd.Series(pd.array(after, dtype="str").take(codes), index=cells.index)


def typed_frame(text: pd.DataFrame, columns: tuple[Column, ...]) -> pd.DataFrame:
    """Return sound text as typed columns: defaults filled, years and counts Int64, flags bool."""
    typed: dict[str, pd.Series[Any]] = {}
    for column in columns:
        cells = text[column.name]
        if column.default:
            cells = cells.mask(cells == "", column.default)
        if column.kind in ("year", "count", "amount"):
            codes, distinct = pd.factorize(cells)
            numbers = pd.to_numeric(distinct.to_series().mask(distinct == ""))
            numbers = numbers.astype("float64" if column.kind == "amount" else "Int64")
            typed[column.name] = pd.Series(numbers.array.take(codes), index=cells.index)
        else:
            typed[column.name] = cells == "true" if column.kind == "flag" else cells
    return text.assign(**typed)


def read_header(records: Records, columns: tuple[Column, ...]) -> tuple[dict[str, int], list[Finding]]:
    """Return the position of each known column, and warnings about the others.

    Raises
    ------
    UnreadableError
        If the header has errors; every one is named.
    """
    place = Place(records.file, records.header_line)
    positions: dict[str, int] = {}
    findings: list[Finding] = []
    strange: dict[str, int] = {}
    for position, name in enumerate(records.header):
        known = resolve(name, columns)
        if known in positions:
            found = text("'{one}' and '{name}'", one=records.header[positions[known]], name=name)
            findings.append(finding("column-repeated", place, found, expected=f"'{known}'"))
        elif known:
            positions[known] = position
        elif name:
            if name in strange:
                findings.append(
                    finding(
                        "column-repeated",
                        place,
                        text("'{name}' twice", name=name),
                        expected=words.text("columns of your own"),
                    )
                )
            strange[name] = position
        else:
            findings += _unnamed(records, position, place)
    absent = [column.name for column in columns if column.name not in positions]
    near, about_near = _near_columns(list(strange), absent, columns, place)
    positions |= {column: strange.pop(name) for name, column in near.items()}
    findings += about_near
    absent = [name for name in absent if name not in positions]
    doubtful = {entry.found for entry in about_near if entry.severity == "error"}
    findings += _strange_columns([name for name in strange if name not in doubtful], absent, place)
    if any(column.required and column.name in absent for column in columns):
        missing = [column.name for column in columns if column.required and column.name in absent]
        findings += _missing_columns(missing, records.header, list(strange), place)
    if any(entry.severity == "error" for entry in findings):
        raise UnreadableError(*records.findings, *findings)
    return positions, findings


def own_frame(records: Records, columns: tuple[Column, ...]) -> pd.DataFrame:
    """Return the columns of a file that the specification does not know, cleaned, under their names in the file.

    Raises
    ------
    UnreadableError
        As `read_header`.
    """
    known = set(read_header(records, columns)[0].values())
    text = Column("", "", "")
    own = {
        name: by_value(pd.Series(records.columns[at], dtype="str"), lambda cells: clean_cells(cells, text))
        for at, name in enumerate(records.header)
        if name and at not in known
    }
    return pd.DataFrame(own, index=pd.RangeIndex(len(records.lines)))


def _near_columns(
    strange: list[str], absent: list[str], columns: tuple[Column, ...], place: Place
) -> tuple[dict[str, str], list[Finding]]:
    """Return the unknown names that are known columns in other words, and what is to be said of them.

    A name that contains the name of one absent column ("Start year") is that column. One that contains two, or two
    that contain the same, have two readings; so has a "Year" where neither start nor end is there. One that contains
    only names of columns that are there is something else.
    """
    fits = {name: columns_in(name, columns) for name in strange}
    wanted = Counter(fit for found in fits.values() for fit in found if fit in absent)
    near: dict[str, str] = {}
    findings: list[Finding] = []
    if {*_SIDES} <= {*absent} - {*wanted}:
        fits |= {name: _SIDES for name in strange if not fits[name] and _YEAR_WORDS & {*fold(name).split("_")}}
    named: dict[str, list[str]] = {}
    for name, found in fits.items():
        for fit in found:
            named.setdefault(fit, []).append(name)
    for name, found in fits.items():
        open_fits = [fit for fit in found if fit in absent]
        if not open_fits:
            continue
        if len(found) == 1 and wanted[found[0]] == 1:
            near[name] = found[0]
            findings.append(finding("column-near", place, name, expected=found[0]))
            continue
        rivals = [other for other in named[found[0]][:2] if other != name]
        if len(found) > 1:
            expected = text(" or ").join(found)
        else:
            expected = text("{name}, like '{other}'", name=open_fits[0], other=rivals[0])
        fix = words.text(
            "Name it {names}, if it is that; else give it a name without that word.", names=text(" or ").join(open_fits)
        )
        findings.append(finding("column-two", place, name, expected=expected, fix=fix))
    return near, findings


def _unnamed(records: Records, position: int, place: Place) -> list[Finding]:
    """Return a finding for a column without a name when it has cells, naming the first."""
    cells = zip(records.columns[position], records.lines, strict=True)
    first = next(((cell.strip(), line) for cell, line in cells if cell.strip()), None)
    if first is None:
        return []
    return [
        finding(
            "column-unnamed",
            place,
            text("{position} ({value} on line {line})", position=position + 1, value=show(first[0]), line=first[1]),
        )
    ]


def _missing_columns(missing: list[str], header: Sequence[str], strange: list[str], place: Place) -> list[Finding]:
    found = listed([name[:_SHOWN] for name in header if name], most=8)
    names = {fold(name): name for name in strange}
    findings = []
    for name in missing:
        near = get_close_matches(name, names, n=1)
        meant = names[near[0]] if near else ""
        fix = _mixed(meant) or (
            text("Is it '{meant}'? Name it '{name}', then.", meant=meant, name=name) if near else ""
        )
        findings.append(finding("column-missing", place, found, expected=f"'{name}'", fix=fix))
    return findings


def _strange_columns(strange: list[str], absent: list[str], place: Place) -> list[Finding]:
    """Return a finding per unknown column: an error when it looks like a known one that is absent."""
    findings = []
    for name in strange:
        near = get_close_matches(fold(name), absent, n=1, cutoff=0.8)
        if near:
            fix = text(
                "Did you mean '{near}'? If the column is something else, give it a name less like that.", near=near[0]
            )
            findings.append(finding("column-misspelt", place, name, expected=f"'{near[0]}'", fix=fix))
        else:
            findings.append(finding("column-unknown", place, name, fix=_mixed(name)))
    return findings


def _mixed(name: str) -> str:
    """Return what to do about a header name that holds a separator, else ""."""
    marks = [mark for mark in ",;\t|" if mark in name]
    return (
        text("The header mixes separators: {name!r} holds {marks!r}. Use one throughout.", name=name, marks=marks[0])
        if marks
        else ""
    )


def _odd_characters(
    file: str, places: pd.DataFrame, name: str, cells: pd.Series[str], unprintable: list[str]
) -> list[Finding]:
    findings: list[Finding] = []
    tests = [("character-control", has_control), ("character-invisible", has_invisible)]
    tests += [] if name in RUNNING else [("line-joined", _has_lines)]
    for code, test in tests:
        odd = [cell for cell in unprintable if test(cell)]
        if odd:
            mask = cells.isin(odd)
            findings += at_rows(code, file, places.loc[mask], column=name, found=cells[mask])
    return findings


def _has_lines(cell: str) -> bool:
    return len(cell.strip().splitlines()) > 1


def lookup(keys: pd.Series[str], known: pd.Series[str]) -> pd.Series[str]:
    """Return for each key what is known of it (a Series with unique keys as index), "" where nothing is."""
    if known.empty:
        return pd.Series("", index=keys.index, dtype="str")
    return pd.Series(known.reindex(keys, fill_value="").to_numpy(), index=keys.index, dtype="str")


def frame_records(frame: pd.DataFrame, name: str = FRAME) -> Records:
    """Return the records of a DataFrame; its line is the row's position + 2, as in a file with one header line.

    What no file could hold is named: a list or bytes in a cell, and half of a character (a lone surrogate).
    """
    header = tuple(_SURROGATE.sub("\ufffd", str(column)).strip() for column in frame.columns)
    findings: list[Finding] = []
    cells = [_column_text(frame.iloc[:, at], Place(name, column=title), findings) for at, title in enumerate(header)]
    lines = range(FIRST_LINE, len(frame) + FIRST_LINE)
    return without_index(Records(name, header, 1, cells, lines, lines, tuple(findings)))


def mapping_records(rows: Sequence[Mapping[str, Any]], columns: tuple[Column, ...], name: str) -> Records:
    """Return the records of dictionaries; a required column that none has is empty."""
    required = [column.name for column in columns if column.required]
    header = tuple(dict.fromkeys([*required, *(key for row in rows for key in row)]))
    findings: list[Finding] = []
    cells = [_texts([row.get(key) for row in rows], Place(name, column=key), findings) for key in header]
    lines = range(2, len(rows) + 2)
    return Records(name, header, 1, cells, lines, lines, tuple(findings))


def cell_text(value: Any) -> str:
    """Return a Python value as the cell of a file: nothing for missing, whole numbers without a point."""
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return ""
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return str(value)


def _column_text(column: pd.Series[Any], place: Place, findings: list[Finding]) -> list[str]:
    """Return a column as text, adding to `findings` what is none."""
    if isinstance(column.dtype, pd.StringDtype):
        return _texts(column.fillna("").tolist(), place, findings)
    return _texts(column.tolist(), place, findings)


def _texts(values: Sequence[Any], place: Place, findings: list[Finding]) -> list[str]:
    cells = [value if isinstance(value, str) else _plain(value) for value in values]
    if any(cell is None for cell in cells) or _SURROGATE.search("".join(cell for cell in cells if cell)):
        for at, cell in enumerate(cells):
            if cell is None or _SURROGATE.search(cell):
                here = Place(place.file, at + 2, at + 2, place.column)
                findings.append(_no_text(values[at], here))
                cells[at] = "" if cell is None else _SURROGATE.sub("\ufffd", cell)
    return [cell or "" for cell in cells]


def _plain(value: Any) -> str | None:
    """Return a value as a cell, None when no cell of a file could hold it."""
    return None if not pd.api.types.is_scalar(value) or isinstance(value, bytes) else cell_text(value)


def _no_text(value: Any, place: Place) -> Finding:
    if isinstance(value, str):
        return finding("character-control", place, value)
    found = text("a value of type {kind}", kind=type(value).__name__)
    if isinstance(value, list | tuple | dict | set | bytes):
        found = text("{value}, of type {kind}", value=repr(value)[:_SHOWN], kind=type(value).__name__)
    return finding("cell-type", place, found, fix=text("Write its content as text, several values as several rows."))
