"""Cells of other people's files as cells of ours: years, amounts, currencies, countries; each distinct one once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import pandas as pd

from agency.vocabulary import COUNTRIES, CURRENCIES, countries_named

_YEAR = re.compile(r"((?:19|20)\d\d)(?:\.0+)?")
_DATE = re.compile(r"((?:19|20)\d\d)-\d{1,2}(?:-\d{1,2})?(?:[T ].*)?|\d{1,2}/\d{1,2}/((?:19|20)\d\d)(?: .*)?")
_AMOUNT = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_CHINA = ("CHN", "HKG", "MAC")
_SPACES = re.compile(r"^\s|\s$|[^\S\n]{2}|[^\x20-\x7e]")


def clean(cells: Iterable[str]) -> list[str]:
    r"""Return cells in composed letters, with single spaces; line ends stay, since one may part two holders.

    Examples
    --------
    >>> clean([" a\u00a0 b ", "x\n y"])
    ['a b', 'x\ny']
    """
    cells = list(cells)
    return [known[cell] for known in [{cell: _clean(cell) for cell in dict.fromkeys(cells)}] for cell in cells]


def _clean(cell: str) -> str:
    if not _SPACES.search(cell):
        return cell
    lines = unicodedata.normalize("NFC", cell).splitlines()
    return "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)


def years(cells: pd.Series[str]) -> tuple[pd.Series[str], pd.Series[bool]]:
    """Return the years of cells that hold one or a date, and where a cell holds neither.

    Examples
    --------
    >>> [list(part) for part in years(pd.Series(["2016.0", "2016-03-01 00:00:00", "09/30/2011", "1784", ""]))]
    [['2016', '2016', '2011', '', ''], [False, False, False, True, False]]
    """
    read = cells.map({cell: _year(cell) for cell in cells.unique()}).astype("object")
    return read, (cells != "") & (read == "")


def _year(cell: str) -> str:
    found = _YEAR.fullmatch(cell) or _DATE.fullmatch(cell)
    return next((part for part in found.groups() if part), "") if found else ""


def amounts(cells: pd.Series[str]) -> tuple[pd.Series[str], pd.Series[bool]]:
    """Return the amounts of cells, and where a cell holds none above 0.

    Examples
    --------
    >>> [list(part) for part in amounts(pd.Series(["55000000.0", "1,5", "0", ""]))]
    [['55000000', '', '', ''], [False, True, True, False]]
    """
    read = cells.map({cell: _amount(cell) for cell in cells.unique()}).astype("object")
    return read, (cells != "") & (read == "")


def _amount(cell: str) -> str:
    if not _AMOUNT.fullmatch(cell) or float(cell) <= 0:
        return ""
    number = float(cell)
    return str(int(number)) if number.is_integer() and number < 1e15 else cell


def currencies(cells: pd.Series[str]) -> tuple[pd.Series[str], pd.Series[bool]]:
    """Return the codes of currencies, and where a cell is none in use."""
    read = cells.map({cell: cell.upper() if cell.upper() in CURRENCIES else "" for cell in cells.unique()})
    return read.astype("object"), (cells != "") & (read == "")


def countries(cells: pd.Series[str]) -> tuple[pd.Series[str], dict[object, str]]:
    """Return the countries of cells, joined by ``;``, and by position what of a cell is none.

    Examples
    --------
    >>> read, strange = countries(pd.Series(["Viet Nam", "RWA; Africa, regional; AGO", "Congo"]))
    >>> list(read), strange
    (['VNM', 'RWA;AGO', ''], {1: 'Africa, regional', 2: 'Congo'})
    """
    known = {cell: _countries(cell) for cell in cells.unique()}
    read = cells.map({cell: found for cell, (found, _) in known.items()}).astype("object")
    strange = {at: known[cell][1] for at, cell in cells.items() if known[cell][1]}
    return read, strange


def _countries(cell: str) -> tuple[str, str]:
    codes, strange = [], []
    for part in (part.strip() for part in re.split(r"[;|]", cell)):
        found = (part,) if part in COUNTRIES else countries_named(part) if part else ()
        if len(found) == 1:
            codes.append(found[0])
        elif part:
            strange.append(part)
    return ";".join(dict.fromkeys(codes)), "; ".join(strange)


def relative_origins(seats: pd.Series[str], hosts: pd.Series[str]) -> pd.Series[str]:
    """Return the origins that follow from where an actor sits: local, or Chinese; "" for others.

    Which third country is Western, a seat does not say.

    Examples
    --------
    >>> list(relative_origins(pd.Series(["CHN", "ECU", "USA"]), pd.Series(["ECU", "ECU", "ECU"])))
    ['chinese', 'local', '']
    """
    told = [
        "local" if seat and seat in host.split(";") else "chinese" if seat in _CHINA else ""
        for seat, host in zip(seats, hosts, strict=True)
    ]
    return pd.Series(told, index=seats.index, dtype="object")
