"""Note marks: decided once from the rows behind a table in reading order, the same for every format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agency.formats import Note, Run
from agency.references import bibliography, short_forms, styled_bibliography
from agency.words import listed, marked, text

if TYPE_CHECKING:
    from pathlib import Path

    from agency.references import Piece, Reference
    from agency.resolve import Holder

CONTESTED_MARK = "§"
_CONTESTED = marked(
    "Contested: two sources contradict each other on who held it, on who held it alone, on a year, on dates or on the "
    "kind of an actor; `agency sources` shows both passages."
)
_CONFIDENCE = (marked("documented"), marked("reported"), marked("alleged"))
"""From the surest to the least."""
_SIGNS = ("†", "‡")
"""For the grades that fewer statements have; the most frequent goes without a mark."""


@dataclass(frozen=True)
class Statement:
    """One printed name or status, and the rows behind it."""

    rows: tuple[Holder, ...]
    alleged_in_words: bool = False
    """Printed as ``(alleged: X)``, so that no mark needs to say it."""

    @property
    def confidence(self) -> str:
        """The surest confidence among the rows; "" where the words say it."""
        surest = min((row.confidence for row in self.rows), key=_CONFIDENCE.index)
        return "" if self.alleged_in_words else surest


@dataclass(frozen=True)
class Marks:
    """Which mark stands for which source and which confidence in one table."""

    sources: Mapping[tuple[str, str], str]
    """By key and page, numbered in reading order; empty when all rows share one, which needs no mark."""
    confidence: Mapping[str, str]
    """By confidence, "" for the most frequent; empty when all statements share one."""
    by_key: bool = False
    """Sources are cited by key, in the words of the format (LaTeX), and have no marks."""

    def of(self, statement: Statement) -> tuple[str, ...]:
        """Return the marks of a statement: all its sources, then its confidence."""
        found = ((row.source, row.locator) for row in statement.rows)
        numbers = {self.sources[place] for place in found if place in self.sources}
        sign = self.confidence.get(statement.confidence, "")
        return (*sorted(numbers, key=int), *((sign,) if sign else ()))

    def cites(self, statement: Statement) -> tuple[tuple[str, str], ...]:
        """Return key and page of every row behind a statement, once, where sources are cited by key."""
        return tuple(dict.fromkeys((row.source, row.locator) for row in statement.rows)) if self.by_key else ()


@dataclass(frozen=True)
class Citing:
    """How a table cites its sources: in our own style, unless said otherwise."""

    by_key: bool = False
    """With ``\\citep`` (natbib): no notes on sources, no bibliography."""
    style: Path | None = None
    """A CSL file, printed by pandoc."""
    references: bool = True
    """Whether a bibliography is printed below the notes."""
    language: str = "en"
    """Of its words: "edited by", "Accessed"."""


AS_OURS = Citing()


@dataclass(frozen=True)
class Cited:
    """What stands below a table for its sources."""

    short: Mapping[str, str]
    references: tuple[tuple[Run, ...], ...]
    notices: tuple[str, ...] = ()
    """What is to be said of the style."""


def number_marks(statements: Sequence[Statement], *, by_key: bool = False) -> Marks:
    """Return the marks of a table, from its statements left to right and top to bottom."""
    places = [] if by_key else _passages(statements)
    grades = _grades(statements)
    return Marks(
        {place: str(number) for number, place in enumerate(places, 1)} if len(places) > 1 else {},
        _signs(statements, grades) if len(grades) > 1 else {},
        by_key,
    )


def _signs(statements: Sequence[Statement], grades: Sequence[str]) -> dict[str, str]:
    """Return the sign of each grade: where 30 of 32 are documented, the two others carry the mark.

    Where two grades are equally frequent, reported, the default of the column, goes without.
    """
    often = Counter(statement.confidence for statement in statements)
    most = max(grades, key=lambda grade: (often[grade], grade == "reported"))
    signs = iter(_SIGNS)
    return {grade: "" if grade == most else next(signs) for grade in grades}


def notes_below(
    statements: Sequence[Statement], marks: Marks, *, short: Mapping[str, str], contested: bool
) -> tuple[Note, ...]:
    """Return the notes: each passage of a source at its mark, then what the other marks mean.

    Pages are not pooled: ``[3] Pérez 2020a, p. 4`` stands at the statement it supports.
    """
    notes = [] if marks.by_key else [_source_note(place, marks, short) for place in _passages(statements)]
    notes += _confidence_notes(statements, marks)
    return (*notes, Note(CONTESTED_MARK, text(_CONTESTED))) if contested else tuple(notes)


def cited(statements: Sequence[Statement], sources: Mapping[str, Reference], citing: Citing) -> Cited:
    """Return how the sources behind statements are cited, and their bibliography in the order of its style.

    Sources without an entry are cited by their key and have no place in the bibliography.

    Raises
    ------
    UsageError
        If a style is asked for that cannot be used.
    """
    keys = list(dict.fromkeys(row.source for statement in statements for row in statement.rows))
    if citing.by_key:
        return Cited({}, ())
    if citing.style is None:
        printed = bibliography(sources, keys, citing.language) if citing.references else []
        return Cited(short_forms(sources, keys, citing.language), tuple(as_runs(entry) for entry in printed))
    styled = styled_bibliography(sources, keys, citing.style, citing.language)
    printed = [entry for _, entry in styled.entries] if citing.references else []
    own = listed([styled.short[key] for key in styled.ours])
    said = text("{style} has no form for {entries}: printed in our own style.", style=citing.style.name, entries=own)
    return Cited(styled.short, tuple(as_runs(entry) for entry in printed), (said,) if styled.ours else ())


def as_runs(entry: Sequence[Piece]) -> tuple[Run, ...]:
    """Return a printed reference as runs of a sheet."""
    return tuple(Run(piece.text, italic=piece.style == "italic", link=piece.target) for piece in entry)


def _passages(statements: Sequence[Statement]) -> list[tuple[str, str]]:
    """Return key and page of every row, in reading order."""
    return list(dict.fromkeys((row.source, row.locator) for statement in statements for row in statement.rows))


def _grades(statements: Sequence[Statement]) -> list[str]:
    """Return the confidences that are not said in words, from the surest to the least."""
    found = {statement.confidence for statement in statements}
    return [grade for grade in _CONFIDENCE if grade in found]


def _confidence_notes(statements: Sequence[Statement], marks: Marks) -> list[Note]:
    grades = _grades(statements)
    if len(grades) == 1:
        grade = text(grades[0])
        if any(statement.alleged_in_words for statement in statements):
            return [Note("", text("All statements but the alleged ones are {grade}.", grade=grade))]
        return [Note("", text("All statements are {grade}.", grade=grade))]
    if not grades:
        return []
    signs = {marks.confidence[grade]: grade for grade in grades if marks.confidence[grade]}
    (most,) = (grade for grade in grades if not marks.confidence[grade])
    without = text("Statements without {signs} are {grade}.", signs=text(" or ").join(signs), grade=text(most))
    return [*(Note(sign, f"{text(grade).capitalize()}.") for sign, grade in signs.items()), Note("", without)]


def _source_note(place: tuple[str, str], marks: Marks, short: Mapping[str, str]) -> Note:
    key, locator = place
    said = ", ".join(part for part in (short.get(key, key), locator) if part)
    ended = said if said.endswith(".") else f"{said}."
    mark = marks.sources.get(place, "")
    return Note(mark, ended if mark else text("Source: {source}", source=ended))
