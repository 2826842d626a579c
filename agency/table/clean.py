"""Cells as text: NFC, trimmed, one space, and the number formats that spreadsheets leave behind.

What to do about a cell that is not what its column holds: the nearest value, the character, the format.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from agency.errors import did_you_mean
from agency.vocabulary import Column, fold

_UNUSUAL = re.compile(r"^\s|\s$|\s\s|[^\x20-\x7e]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2028\u2029\u2060-\u2064\ufeff\ufff9-\ufffc]")
_WHOLE = re.compile(r"([0-9]+)[.,]0{1,2}")
_FLAGS = {
    "true": "true",
    "false": "false",
    "verdadero": "true",
    "verdadeiro": "true",
    "falso": "false",
}
_RUNNING = ("quote", "note")
"""Columns of running text, whose line breaks are kept."""


def clean_cells(cells: Sequence[str], column: Column) -> list[str]:
    r"""Return the cells of a column as they are compared and printed.

    Examples
    --------
    >>> from agency.vocabulary.columns import COLUMNS
    >>> clean_cells([" CEIEC\u00a0 ", "Cami\u0301n"], COLUMNS[3])
    ['CEIEC', 'Camín']
    >>> clean_cells(["2018,0", "c. 2018"], COLUMNS[9])
    ['2018', 'c. 2018']
    """
    change = _CHANGES.get(column.kind)
    return _mapped(cells, lambda cell: _clean(cell, keep_lines=column.name in _RUNNING, change=change))


def has_control(cell: str) -> bool:
    """Say whether a cell holds control or text-direction characters, which could hide or reorder text."""
    return bool(_CONTROL.search(cell))


def has_invisible(cell: str) -> bool:
    """Say whether a cell holds characters that nobody sees: zero-width spaces, soft hyphens."""
    return bool(_INVISIBLE.search(cell))


def _mapped(cells: Sequence[str], function: Callable[[str], str]) -> list[str]:
    """Apply a function once per distinct cell."""
    changed = {cell: function(cell) for cell in dict.fromkeys(cells)}
    return [changed[cell] for cell in cells]


def _clean(cell: str, *, keep_lines: bool, change: Callable[[str], str] | None) -> str:
    if _UNUSUAL.search(cell):
        cell = unicodedata.normalize("NFC", cell)
        lines = cell.splitlines() if keep_lines else [cell]
        cell = "\n".join(" ".join(line.split()) for line in lines).strip()
    return change(cell) if change and cell else cell


def _whole(cell: str) -> str:
    match = _WHOLE.fullmatch(cell)
    return match.group(1) if match else cell


def _flag(cell: str) -> str:
    return _FLAGS.get(cell.casefold(), cell)


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
_LOOK_ALIKE = str.maketrans("авсеіјорѕтухАВСЕНІЈКМОРТХ", "abceijopstyxABCEHIJKMOPTX")
"""Cyrillic letters that print like Latin ones (в and т roughly)."""


def advise_value(value: str, allowed: Sequence[str], labels: Sequence[str] = ()) -> str:
    """Return a fix for a value outside its vocabulary, or "" when there is none better than the usual.

    Parameters
    ----------
    value
        The cell.
    allowed
        The vocabulary.
    labels
        Printed names of the vocabulary, in its order, as people may write them.

    Examples
    --------
    >>> advise_value("maintainance", ["design", "maintenance"])
    "Did you mean 'maintenance'?"
    """
    if fold(value) in _NOTHING:
        return "Leave the cell empty where nothing is known."
    plain = unicodedata.normalize("NFKC", value).translate(_LOOK_ALIKE)
    named = dict(zip((fold(label) for label in labels), allowed, strict=False))
    exact = {fold(key): key for key in allowed}
    meant = exact.get(fold(plain)) or named.get(fold(plain))
    return f"Did you mean '{meant}'?" if meant else did_you_mean(plain, list(allowed)).strip()


def advise_year(value: str) -> str:
    """Return a fix for a cell that should be a year.

    Examples
    --------
    >>> advise_year("2.010")
    "Did you mean '2010'? It looks like a number format."
    """
    if fold(value) in _NOTHING:
        return "Leave the cell empty where nothing is known."
    if fold(value) in _ONGOING:
        return "Leave end empty for what goes on."
    if re.fullmatch(r"[12][.,  ]\d{3}", value):
        return f"Did you mean '{value[0]}{value[2:]}'? It looks like a number format."
    years = list(dict.fromkeys(re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", value)))
    if len(years) == 1:
        return f"Did you mean '{years[0]}'? The rest belongs into note."
    if len(years) == 2:
        return f"Write {years[0]} into start and {years[1]} into end."
    return ""


def advise_amount(value: str) -> str:
    """Return a fix for a cell that should be an amount.

    Examples
    --------
    >>> advise_amount("1.234")
    'Write 1234, or 1.234e0 for the smaller one.'
    """
    two = two_numbers(value)
    if two:
        return f"Write {two[0]}, or {two[1]} for the smaller one."
    if re.search(r"\d", value) and re.search(r"[^\W\d]", value):
        return "Write digits only, say 240000000 or 240e6; the currency goes into currency."
    return ""


def advise_flag(value: str) -> str:
    """Return a fix for a cell that should be true or false."""
    yes = {"yes", "y", "si", "s", "sim", "1", "x", "wahr", "vrai"}
    no = {"no", "n", "nao", "0", "falsch", "faux"}
    if fold(value) in yes | no:
        return f"Did you mean '{'true' if fold(value) in yes else 'false'}'?"
    return ""
