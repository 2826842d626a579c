"""Note marks: decided once from the rows behind a table in reading order, the same for every format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agency.formats import Note

if TYPE_CHECKING:
    from agency.resolve import Holder
    from agency.table import Source

CONTESTED_MARK = "§"
_CONTESTED = (
    "Contested: two sources contradict each other on who held it, on who held it alone, on a year, on dates or on the "
    "kind of an actor; `agency sources` shows both passages."
)
_CONFIDENCE = {"documented": "†", "reported": "", "alleged": "‡"}
"""From the surest to the least; reported, the default of the column, goes without a mark."""


@dataclass(frozen=True)
class Statement:
    """One printed name or status, and the rows behind it."""

    rows: tuple[Holder, ...]
    alleged_in_words: bool = False
    """Printed as ``(alleged: X)``, so that no mark needs to say it."""

    @property
    def confidence(self) -> str:
        """The surest confidence among the rows; "" where the words say it."""
        surest = min((row.confidence for row in self.rows), key=list(_CONFIDENCE).index)
        return "" if self.alleged_in_words else surest


@dataclass(frozen=True)
class Marks:
    """Which mark stands for which source and which confidence in one table."""

    sources: Mapping[str, str]
    """By source key, numbered in reading order; empty when all rows share one source, which needs no mark."""
    confidence: Mapping[str, str]
    """By confidence; empty when all statements share one."""

    def of(self, statement: Statement) -> tuple[str, ...]:
        """Return the marks of a statement: all its sources, then its confidence."""
        numbers = {self.sources[row.source] for row in statement.rows if row.source in self.sources}
        sign = self.confidence.get(statement.confidence, "")
        return (*sorted(numbers, key=int), *((sign,) if sign else ()))


def number_marks(statements: Sequence[Statement]) -> Marks:
    """Return the marks of a table, from its statements left to right and top to bottom."""
    keys = list(dict.fromkeys(row.source for statement in statements for row in statement.rows))
    grades = _grades(statements)
    return Marks(
        {key: str(number) for number, key in enumerate(keys, 1)} if len(keys) > 1 else {},
        {grade: _CONFIDENCE[grade] for grade in grades} if len(grades) > 1 else {},
    )


def notes_below(
    statements: Sequence[Statement], marks: Marks, *, sources: Mapping[str, Source], contested: bool
) -> tuple[Note, ...]:
    """Return the notes: each source with its passages, then what the other marks mean."""
    passages: dict[str, dict[str, None]] = {}
    for statement in statements:
        for row in statement.rows:
            passages.setdefault(row.source, {})[row.locator] = None
    notes = [_source_note(key, marks, sources, [place for place in found if place]) for key, found in passages.items()]
    notes += _confidence_notes(statements, marks)
    return (*notes, Note(CONTESTED_MARK, _CONTESTED)) if contested else tuple(notes)


def bibliography(statements: Sequence[Statement], sources: Mapping[str, Source]) -> tuple[str, ...]:
    """Return the references of the sources used, in order of the alphabet; those without an entry are left out."""
    used = {row.source for statement in statements for row in statement.rows}
    references = {sources[key].reference for key in used if key in sources and sources[key].reference != key}
    return tuple(sorted(references, key=lambda text: (text.casefold(), text)))


def _grades(statements: Sequence[Statement]) -> list[str]:
    """Return the confidences that are not said in words, from the surest to the least."""
    found = {statement.confidence for statement in statements}
    return [grade for grade in _CONFIDENCE if grade in found]


def _confidence_notes(statements: Sequence[Statement], marks: Marks) -> list[Note]:
    grades = _grades(statements)
    if len(grades) == 1:
        but = " but the alleged ones" if any(statement.alleged_in_words for statement in statements) else ""
        return [Note("", f"All statements{but} are {grades[0]}.")]
    signs = {marks.confidence[grade]: grade for grade in grades if marks.confidence[grade]}
    notes = [Note(sign, f"{grade.capitalize()}.") for sign, grade in signs.items()]
    return (
        [*notes, Note("", f"Statements without {' or '.join(signs)} are reported.")] if "reported" in grades else notes
    )


def _source_note(key: str, marks: Marks, sources: Mapping[str, Source], places: list[str]) -> Note:
    short = sources[key].short if key in sources else key
    text = ", ".join([short, "; ".join(places)]) if places else short
    mark = marks.sources.get(key, "")
    return Note(mark, f"{'' if mark else 'Source: '}{text}{'' if text.endswith('.') else '.'}")
