"""Cells as text: NFC, trimmed, one space, and the number formats that spreadsheets leave behind.

What to do about a cell that is not what its column holds: the nearest value, the character, the format.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from agency import words
from agency.findings import show
from agency.vocabulary import LOOK_ALIKE, Column, fold

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
_SIDES = {
    "start": ("since", "from", "desde", "a_partir"),
    "end": ("until", "till", "up_to", "through", "hasta", "ate_"),
}
"""How words begin that give the first, or the last, year."""


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
    if other and fold(value).startswith(_SIDES[other]):
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
