"""The record of one problem found, and how a list of them is made from a catalogue kind and a mask."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

from agency import words
from agency.findings.catalogue import SEVERITIES, Severity, kinds, problems_markdown

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "MOST_LISTED",
    "Finding",
    "Place",
    "at_rows",
    "count",
    "errors_of",
    "finding",
    "has_control",
    "has_invisible",
    "in_order",
    "printable",
    "problems_markdown",
    "show",
]

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2028\u2029\u2060-\u2064\ufeff\ufff9-\ufffc]")


@words.in_own_language
@dataclass(frozen=True)
class Finding:
    """One problem at one place."""

    file: str
    line: int
    """Physical line; 0 when the finding is about the whole file."""
    row: int
    """Row as a spreadsheet shows it, header = 1; 0 with line 0."""
    column: str
    code: str
    severity: Severity
    found: str
    expected: str
    fix: str
    times: int = 1
    """How many rows it is about, where it stands at the first of several."""
    more: int = 0
    """How many others of its kind and column are counted with it and not listed (`MOST_LISTED`)."""
    label: str = ""
    """What the row is called where it has no line in a file: its label in the index of a DataFrame."""
    language: str = field(default_factory=words.language, compare=False, repr=False)
    """That of what was expected and what to do: the rest of it is said in the same."""

    @property
    def message(self) -> str:
        """What was found and what was expected, in a sentence without place and fix."""
        places = {"found": self.found, "value": show(self.found), "expected": self.expected, "column": self.column}
        return words.text(kinds()[self.code].template, **places)


MOST_LISTED = 10_000
"""Findings of one kind in one column that are listed, each: with two million wrong cells nobody reads the rest, and
they cost a gigabyte. The rest is counted."""

COLUMNS_PRINTED = ("file", "line", "row", "column", "code", "severity", "found", "expected", "fix")
"""What a finding is in JSON, CSV and frames."""


def as_record(entry: Finding) -> dict[str, str | int]:
    """Return a finding as it is exported."""
    return {name: getattr(entry, name) for name in COLUMNS_PRINTED}


@dataclass(frozen=True)
class Place:
    """Where a problem is."""

    file: str
    line: int = 0
    row: int = 0
    column: str = ""


def finding(code: str, place: Place, found: str = "", *, expected: str = "", fix: str = "", times: int = 1) -> Finding:
    """Return a finding of a catalogue kind; what is not given comes from the kind."""
    kind = kinds()[code]
    return Finding(
        place.file,
        place.line,
        place.row or place.line,
        place.column,
        code,
        kind.severity,
        found,
        expected or words.text(kind.expected),
        fix or words.text(kind.fix),
        times,
    )


def at_rows(
    code: str,
    file: str,
    rows: pd.DataFrame,
    *,
    column: str = "",
    found: Iterable[str] | None = None,
    expected: Iterable[str] | str = "",
    fix: Iterable[str] | str = "",
) -> list[Finding]:
    """Return a finding for each of the given rows (with ``line`` and ``row``); found is the cell where not given.

    There are at most `MOST_LISTED`; the last of them carries the number of the others.
    """
    more, rows = max(len(rows) - MOST_LISTED, 0), rows.head(MOST_LISTED)
    size = len(rows)
    values = list(islice(found, size)) if found is not None else rows[column].tolist() if column else [""] * size
    wanted, advice = ([text] * size if isinstance(text, str) else list(islice(text, size)) for text in (expected, fix))
    places = zip(rows["line"].tolist(), rows["row"].tolist(), values, wanted, advice, strict=True)
    findings = [
        finding(code, Place(file, line, row, column), value, expected=text, fix=remedy)
        for line, row, value, text, remedy in places
    ]
    return [*findings[:-1], replace(findings[-1], more=more)] if more else findings


def errors_of(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the errors among findings."""
    return tuple(entry for entry in findings if entry.severity == "error")


def count(findings: Iterable[Finding]) -> dict[Severity, int]:
    """Return how many findings there are of each severity."""
    numbers = dict.fromkeys(SEVERITIES, 0)
    for entry in findings:
        numbers[entry.severity] += 1 + entry.more
    return numbers


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings, errors first, then by file as read, line and column."""
    found = list(findings)
    files = list(dict.fromkeys(entry.file for entry in found))
    rank = {name: position for position, name in enumerate(files)}
    return tuple(
        sorted(found, key=lambda f: (SEVERITIES.index(f.severity), rank[f.file], f.line, f.column, f.code, f.found))
    )


def show(value: str) -> str:
    """Return a value in quotation marks, with characters named that look like others or like nothing.

    Examples
    --------
    >>> show("сhinese")
    "'сhinese' (with CYRILLIC SMALL LETTER ES)"
    """
    text = printable(value)
    text = text if len(text) <= 120 else text[:117] + "..."
    odd = list(dict.fromkeys(_odd_name(c) for c in value if _is_odd(c)))
    return words.text("'{text}' (with {names})", text=text, names=", ".join(odd)) if odd else f"'{text}'"


def printable(text: str) -> str:
    """Return a text that stays on its line and does nothing to a terminal: other characters as their codes."""
    return text if text.isprintable() else "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def has_control(cell: str) -> bool:
    """Say whether a text holds control or text-direction characters, which could hide or reorder it."""
    return bool(_CONTROL.search(cell))


def has_invisible(cell: str) -> bool:
    """Say whether a text holds characters that nobody sees: zero-width spaces, soft hyphens."""
    return bool(_INVISIBLE.search(cell))


def _is_odd(character: str) -> bool:
    """Say whether a character is invisible, or a letter of another script than Latin."""
    if character.isascii():
        return not character.isprintable()
    if character.isspace() or not character.isprintable():
        return True
    return unicodedata.name(character, "").startswith(("CYRILLIC", "GREEK", "FULLWIDTH"))


def _odd_name(character: str) -> str:
    return unicodedata.name(character, "") or words.text("control character {code}", code=f"U+{ord(character):04X}")


class UnreadableError(Exception):
    """Reading a file cannot go on; carries the findings that say why."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__(findings[0].code)
        self.findings = findings
