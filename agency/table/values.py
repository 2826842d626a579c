"""Cells to values: what has one reading is read, whatever its language and case, and said.

Only cells that are no values already are looked at, each distinct one once: a table in canonical form costs nothing.
What has two readings, or none, stays as it is and is an error of the schema.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from agency import words
from agency.findings import Finding, Place, finding
from agency.vocabulary import COUNTRIES, allowed_values, countries_named, meanings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from agency.vocabulary import Codebook, Column

_YEAR = r"((?:19|20)\d\d)"
_MONTH = (
    r"(?:jan|ene|feb|fev|mar|apr|abr|may|mai|jun|jul|aug|ago|sep|set|oct|out|nov|dec|dic|dez)[a-zç]*\.?"
    r"(?:\s+(?:de|of))?"
)
_DATES = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_YEAR}[-/.](?:0?[1-9]|1[0-2])(?:[-/.][0-3]?\d)?(?:[T ][\d:.]+Z?)?",
        rf"[0-3]?\d[-/.][0-3]?\d[-/.]{_YEAR}",
        rf"(?:[0-3]?\d\.?\s+(?:de\s+)?)?{_MONTH}\s+{_YEAR}",
        rf"(?:year|año|ano)\s+{_YEAR}",
    )
]
SINCE = re.compile(rf"(?:since|from|as of|desde|a partir de|desde el año|desde o ano)\s+{_YEAR}", re.IGNORECASE)
UNTIL = re.compile(rf"(?:until|till|up to|through|to|hasta|hasta el año|até|ate|até o ano)\s+{_YEAR}", re.IGNORECASE)
_SIDES = {"start": SINCE, "window_start": SINCE, "launched": SINCE, "end": UNTIL, "window_end": UNTIL}
_LIST = re.compile(r"\s*[;,/+&|]\s*|\s+(?:and|y|e)\s+", re.IGNORECASE)


def read_values(
    text: pd.DataFrame, columns: Sequence[Column], codebook: Codebook, file: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return a frame of clean cells with the values they stand for, and what was read so.

    Parameters
    ----------
    text
        Cells as `clean_cells` leaves them, with ``line`` and ``row``.
    columns
        Those to look at.
    codebook
        Phases, origins and roles with their labels.
    file
        Name for messages.
    """
    findings: list[Finding] = []
    changed: dict[str, pd.Series[str]] = {}
    for column in columns:
        meant = read_cells(text[column.name], column, codebook)
        if meant:
            changed[column.name] = text[column.name].replace(meant)
            findings += _said(text, column.name, meant, file)
    return (text.assign(**changed) if changed else text), findings


def read_cells(cells: pd.Series[str], column: Column, codebook: Codebook) -> dict[str, str]:
    """Return, for the cells of a column that are no values but have one reading, the value each stands for.

    Examples
    --------
    >>> from agency.vocabulary import COLUMNS, default_codebook
    >>> read_cells(pd.Series(["Diseño", "design", "???"]), COLUMNS[2], default_codebook())
    {'Diseño': 'design'}
    """
    read = _reader(column, codebook)
    if read is None:
        return {}
    found = {cell: read(cell) for cell in cells.drop_duplicates().tolist() if cell}
    return {cell: values[0] for cell, values in found.items() if len(values) == 1 and values[0] != cell}


def readings(cell: str, column: Column, codebook: Codebook) -> tuple[str, ...]:
    """Return every value a cell of a column could stand for."""
    read = _reader(column, codebook)
    return read(cell) if read else ()


def country_readings(cell: str) -> tuple[str, ...]:
    """Return the codes, or lists of codes, a cell can stand for.

    Examples
    --------
    >>> country_readings("Argentina y Brasil"), country_readings("Trinidad and Tobago"), country_readings("Congo")
    (('ARG;BRA',), ('TTO',), ('COG', 'COD'))
    """
    if set(cell.split(";")) <= COUNTRIES:
        return (cell,)
    whole = countries_named(cell)
    if whole:
        return whole
    parts = [countries_named(part) for part in _LIST.split(cell) if part]
    if len(parts) < 2 or any(len(part) != 1 for part in parts):
        return ()
    return (";".join(dict.fromkeys(part[0] for part in parts)),)


def year_reading(cell: str, column: str) -> tuple[str, ...]:
    """Return the year of a date, or of words that say what the column says already; nothing for what is no year.

    Examples
    --------
    >>> year_reading("2016-03-01", "start"), year_reading("desde 2016", "start"), year_reading("until 2016", "start")
    (('2016',), ('2016',), ())
    """
    side = [_SIDES[column]] if column in _SIDES else []
    for pattern in (*_DATES, *side):
        match = pattern.fullmatch(cell)
        if match:
            return (match[1],)
    return ()


def _reader(column: Column, codebook: Codebook) -> Callable[[str], tuple[str, ...]] | None:
    if column.kind == "country":
        return country_readings
    if column.kind == "year":
        return lambda cell: year_reading(cell, column.name)
    return meanings(column, codebook).of if allowed_values(column, codebook) else None


def _said(text: pd.DataFrame, name: str, meant: dict[str, str], file: str) -> list[Finding]:
    """Return a finding for each distinct cell that was read, at its first row, with the number of its rows."""
    number = text[name].value_counts()
    first = text.drop_duplicates(name).set_index(name).loc[list(meant), ["line", "row"]]
    places = zip(first["line"].tolist(), first["row"].tolist(), meant.items(), strict=True)
    return [
        finding(
            "value-read",
            Place(file, line, row, name),
            cell,
            expected=words.counted("{value}, in {n} row", "{value}, in {n} rows", int(number[cell]), value=value),
            times=int(number[cell]),
        )
        for line, row, (cell, value) in places
    ]
