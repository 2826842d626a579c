"""What people write for a value, to the value: keys and labels of the codebook, and words in three languages.

A word has one meaning in one column, or it has two and nothing is read into it. Sums of words ("local, chinese") are
no word: they are two values.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from agency.vocabulary.currencies import CURRENCIES
from agency.vocabulary.folding import fold

if TYPE_CHECKING:
    from agency.vocabulary.codebook import Codebook
    from agency.vocabulary.columns import Column

_BETWEEN = re.compile(r"\s*[,;/|+&]\s*|\s+(?:and|y|e|und|et)\s+", re.IGNORECASE)
_TABLES = {"actor_kind": "kind", "kind": "kind"}
"""Columns whose words have another name in `words.toml`."""


@dataclass(frozen=True)
class Meanings:
    """The words of one column.

    Attributes
    ----------
    allowed
        The values themselves, as the table is to hold them.
    words
        Every folded word with the values it can stand for.
    """

    allowed: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]

    def of(self, cell: str) -> tuple[str, ...]:
        """Return the values a cell can stand for: one, several, or none."""
        return (cell,) if cell in self.allowed else self.words.get(_key(cell), ())

    def joined(self, cell: str) -> tuple[str, ...]:
        """Return the values that stand together in a cell, fewer than two when it is no such cell.

        Examples
        --------
        >>> from agency.vocabulary.codebook import default_codebook
        >>> from agency.vocabulary.columns import COLUMNS
        >>> book = default_codebook()
        >>> meanings(COLUMNS[4], book).joined("local, Chinese"), meanings(COLUMNS[2], book).of("Operación y gestión")
        (('local', 'chinese'), ('operation',))
        """
        parts = [self.of(part) for part in _BETWEEN.split(cell) if part]
        if len(parts) < 2 or any(len(part) != 1 for part in parts):
            return ()
        return tuple(dict.fromkeys(part[0] for part in parts))


def meanings(column: Column, codebook: Codebook) -> Meanings:
    """Return the words of a column with a vocabulary, a flag or a currency."""
    allowed = allowed_values(column, codebook)
    named: dict[str, set[str]] = {}
    for value, label in (*((value, value) for value in allowed), *_labels(column, codebook)):
        named.setdefault(_key(label), set()).add(value)
    ours: dict[str, set[str]] = {}
    table = column.vocabulary or _TABLES.get(column.name, column.name if column.values else column.kind)
    for value, known in _words().get(table, {}).items():
        for word in known if value in allowed else ():
            ours.setdefault(_key(word), set()).add(value)
    # What the codebook calls its values goes before our words for the packaged ones.
    found = {**ours, **named}
    order = {value: at for at, value in enumerate(allowed)}
    return Meanings(allowed, {word: tuple(sorted(found[word], key=order.__getitem__)) for word in found})


def allowed_values(column: Column, codebook: Codebook) -> tuple[str, ...]:
    """Return the values a column may hold, or nothing for free text, numbers and countries.

    Examples
    --------
    >>> from agency.vocabulary.codebook import default_codebook
    >>> from agency.vocabulary.columns import COLUMNS
    >>> allowed_values(COLUMNS[4], default_codebook())
    ('local', 'chinese', 'western', 'other', 'mixed', 'unknown')
    """
    if column.vocabulary == "phase":
        return tuple(phase.key for phase in codebook.phases)
    if column.vocabulary == "origin":
        return (*(origin.key for origin in codebook.origins), "unknown")
    if column.vocabulary == "role":
        return tuple(codebook.roles)
    if column.kind == "flag":
        return ("true", "false")
    return tuple(sorted(CURRENCIES)) if column.kind == "currency" else column.values


def _labels(column: Column, codebook: Codebook) -> list[tuple[str, str]]:
    if column.vocabulary == "phase":
        return [
            (phase.key, name)
            for phase in codebook.phases
            for name in (phase.own_label, phase.own_short, *(said for _, said in phase.translations))
        ]
    if column.vocabulary == "origin":
        return [
            (origin.key, name)
            for origin in codebook.origins
            for name in (origin.own_label, *(said for _, said in origin.translations))
        ]
    return []


def _key(word: str) -> str:
    """Return a word as it is looked up; a currency sign is kept."""
    signs = any(unicodedata.category(character) == "Sc" for character in word)
    return "".join(word.casefold().split()) if signs else fold(word)


@cache
def _words() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((resources.files("agency.vocabulary") / "words.toml").read_text("utf-8"))
