"""Column names as people write them: case, accents, Spanish and Portuguese, to the names of the specification."""

from __future__ import annotations

import unicodedata
from functools import cache

from agency.table.spec import Column


def fold(name: str) -> str:
    """Return a header name without case, accents, and differences of spaces, hyphens and underscores.

    Examples
    --------
    >>> fold(" Duración (años) ")
    'duracion_anos'
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() else " " for c in plain.casefold()).split()
    return "_".join(words)


@cache
def known_names(columns: tuple[Column, ...]) -> dict[str, str]:
    """Return every accepted name, folded, with the column it stands for."""
    names = {alias: column.name for column in columns for alias in column.aliases}
    return {**names, **{column.name: column.name for column in columns}}


def resolve(name: str, columns: tuple[Column, ...]) -> str:
    """Return the column a header name stands for, or an empty string."""
    return known_names(columns).get(fold(name), "")
