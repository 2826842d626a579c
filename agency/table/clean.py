"""Cells as text (NFC, trimmed, without what spreadsheets leave) and as values: one reading is read, and said.

Only cells that are no values already are looked at, each distinct one once: a table in canonical form costs nothing.
What has two readings, or none, stays as it is and is an error of the schema; the advice on it is given here too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from agency import words
from agency.characters import LOOK_ALIKE, fold
from agency.findings import Finding, Place, finding, show
from agency.vocabulary import COUNTRIES, Column, allowed_values, countries_named, meanings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from agency.vocabulary import Codebook, Column


_WHOLE = re.compile(r"([0-9]+)[.,]0{1,2}")
RUNNING = ("quote", "note", "actor", "")
"""Columns whose line breaks are kept: running text, actors, of whom a break may make two, and the user's own."""


def clean_cells(cells: Iterable[str], column: Column) -> list[str]:
    r"""Return the cells of a column as they are compared and printed.

    Examples
    --------
    >>> from agency.vocabulary.columns import COLUMNS
    >>> clean_cells([" CEIEC\u00a0 ", "Cami\u0301n"], COLUMNS[3])
    ['CEIEC', 'Camín']
    >>> clean_cells(["2018,0", "c. 2018"], COLUMNS[9])
    ['2018', 'c. 2018']
    """
    change, keep_lines = _CHANGES.get(column.kind), column.name in RUNNING
    return [_clean(cell, keep_lines=keep_lines, change=change) for cell in cells]


def _clean(cell: str, *, keep_lines: bool, change: Callable[[str], str] | None) -> str:
    plain = cell.isascii() and cell.isprintable() and "  " not in cell and cell == cell.strip(" ")
    if not plain:
        cell = unicodedata.normalize("NFC", cell)
        lines = cell.splitlines() if keep_lines else [cell]
        cell = "\n".join(" ".join(line.split()) for line in lines).strip()
    return change(cell) if change and cell else cell


def _whole(cell: str) -> str:
    match = _WHOLE.fullmatch(cell)
    return match.group(1) if match else cell


def _flag(cell: str) -> str:
    return cell.lower() if cell in ("TRUE", "FALSE", "True", "False") else cell


def _country(cell: str) -> str:
    return ";".join(part.strip() for part in cell.split(";"))


def _amount(cell: str) -> str:
    """Return a number as it is calculated with, where it can be read in one way only.

    ``1,234,567`` and ``1.234.567,5`` have one reading; ``1.234`` has two and stays as it is.
    """
    plain = re.sub(r"(?<=\d) (?=\d{3}(?!\d))", "", cell)
    for group, point in (",.", ".,"):
        groups = rf"[1-9]\d{{0,2}}(?:\{group}\d{{3}})"
        if re.fullmatch(rf"{groups}{{2,}}(?:\{point}\d+)?|{groups}\{point}\d+", plain):
            return plain.replace(group, "").replace(point, ".")
    decimal = re.fullmatch(r"(\d+),(\d+)", plain)
    return f"{decimal[1]}.{decimal[2]}" if decimal and not two_numbers(plain) else plain


def two_numbers(cell: str) -> tuple[str, str] | None:
    """Return the two numbers a cell could be, thousands first; None where it can be at most one.

    Examples
    --------
    >>> two_numbers("1.234"), two_numbers("1.2345"), two_numbers("0,240")
    (('1234', '1.234e0'), None, None)
    """
    parts = re.fullmatch(r"([1-9]\d{0,2})[.,](\d{3})", cell)
    return (parts[1] + parts[2], f"{parts[1]}.{parts[2]}e0") if parts else None


_CHANGES: dict[str, Callable[[str], str]] = {
    "year": _whole,
    "count": _whole,
    "flag": _flag,
    "country": _country,
    "amount": _amount,
    "currency": str.upper,
}


_NOTHING = {"nd", "sd", "na", "n_d", "s_d", "n_a", "none", "null", "nan", "ninguno", "ninguna", "nenhum", "nenhuma", ""}
_ONGOING = {"actualidad", "actualmente", "atualidade", "atual", "presente", "present", "ongoing", "hoy", "hoje", "now"}


def advise_value(value: str, allowed: Sequence[str]) -> str:
    """Return a fix for a value outside its vocabulary, or "" when there is none better than the usual.

    No value is offered for resembling letters only; one whose letters look the same is.

    Examples
    --------
    >>> advise_value("сhinese", ["local", "chinese"])
    "Did you mean 'chinese'?"
    """
    if fold(value) in _NOTHING:
        return words.text("Leave the cell empty where nothing is known.")
    plain = fold(value.translate(LOOK_ALIKE))
    meant = next((key for key in allowed if fold(key) == plain), "")
    return words.text("Did you mean '{meant}'?", meant=meant) if meant else ""


def advise_year(value: str, column: str) -> str:
    """Return a fix for a cell that should be a year.

    Examples
    --------
    >>> advise_year("2.010", "start"), advise_year("until 2018", "start")
    ("Did you mean '2010'? It looks like a number format.", 'Write 2018 into end and leave start empty.')
    """
    if fold(value) in _NOTHING:
        return words.text("Leave the cell empty where nothing is known.")
    if fold(value) in _ONGOING:
        return words.text("Leave end empty for what goes on.")
    if re.fullmatch(r"[12][.,  ]\d{3}", value):
        return words.text("Did you mean '{value}'? It looks like a number format.", value=value[0] + value[2:])
    span = re.fullmatch(r"(?:for |por )?(\d{1,2}) (?:years?|años?|anos?)", value, re.IGNORECASE)
    if span and column in ("start", "end"):
        return words.text("Write {n} into duration_years and leave {column} empty.", n=span[1], column=column)
    years = list(dict.fromkeys(re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", value)))
    if len(years) == 2:
        return words.text("Write {first} into start and {last} into end.", first=years[0], last=years[1])
    if len(years) == 1:
        return _advise_one_year(value, column, years[0])
    return ""


def _advise_one_year(value: str, column: str, year: str) -> str:
    other = {"start": "end", "end": "start"}.get(column, "")
    if other and re.match(rf"\s*(?:{_BEFORE[other]})\b", value, re.IGNORECASE):
        return words.text("Write {year} into {other} and leave {column} empty.", year=year, other=other, column=column)
    return words.text("Write {year} here, and {value} into note.", year=year, value=show(value))


def advise_amount(value: str) -> str:
    """Return a fix for a cell that should be an amount.

    Examples
    --------
    >>> advise_amount("1.234")
    'Write 1234, or 1.234e0 for the smaller one.'
    """
    two = two_numbers(value)
    if two:
        return words.text("Write {number}, or {other} for the smaller one.", number=two[0], other=two[1])
    if re.search(r"\d", value) and re.search(r"[^\W\d]", value):
        return words.text("Write digits only, say 240000000 or 240e6; the currency goes into currency.")
    return ""


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
SINCE_WORDS, UNTIL_WORDS = (
    r"since|from|as of|desde|a partir d[eo]",
    r"until|till|up to|by|hasta|a más tardar en|até|ate",
)
"""What stands before a first and before a last year, in cells and beside names."""
_BEFORE = {"start": SINCE_WORDS, "end": rf"{UNTIL_WORDS}|through|to"}
SINCE = re.compile(rf"(?:{_BEFORE['start']}|desde el año|desde o ano)\s+{_YEAR}", re.IGNORECASE)
UNTIL = re.compile(rf"(?:{_BEFORE['end']}|hasta el año|até o ano)\s+{_YEAR}", re.IGNORECASE)
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
