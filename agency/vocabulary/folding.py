"""Words as they are compared: without case, accents and the differences of spaces, hyphens and underscores."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
LOOK_ALIKE = str.maketrans("авсеіјорѕтухАВСЕНІЈКМОРТХ", "abceijopstyxABCEHIJKMOPTX")
"""Cyrillic letters that print like Latin ones (в and т roughly)."""


def fold(name: str) -> str:
    """Return a word or a name as it is compared.

    Examples
    --------
    >>> fold(" Duración (años) "), fold("Côte d’Ivoire"), fold("ｌocal")
    ('duracion_anos', 'cote_d_ivoire', 'local')
    """
    if not name.isascii():
        name = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return "_".join(_WORD.findall(name.casefold()))
