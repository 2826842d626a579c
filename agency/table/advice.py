"""What to do about a cell that is not what its column holds: the nearest value, the character, the format."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from agency.errors import did_you_mean
from agency.table.headers import fold

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


def advise_flag(value: str) -> str:
    """Return a fix for a cell that should be true or false."""
    yes = {"yes", "y", "si", "s", "sim", "1", "x", "wahr", "vrai"}
    no = {"no", "n", "nao", "0", "falsch", "faux"}
    if fold(value) in yes | no:
        return f"Did you mean '{'true' if fold(value) in yes else 'false'}'?"
    return ""
