"""Note marks, decided once from the rows behind a table in reading order; and statements in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agency.formats import Note, Run
from agency.references import bibliography, short_forms, styled_bibliography
from agency.resolve import given_years
from agency.words import in_sentence, listed, marked, text

if TYPE_CHECKING:
    from pathlib import Path

    from agency.references import Piece, Reference
    from agency.resolve import Holder, Statement
    from agency.vocabulary import Codebook


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
class Printed:
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

    def of(self, statement: Printed) -> tuple[str, ...]:
        """Return the marks of a statement: all its sources, then its confidence."""
        found = ((row.source, row.locator) for row in statement.rows)
        numbers = {self.sources[place] for place in found if place in self.sources}
        sign = self.confidence.get(statement.confidence, "")
        return (*sorted(numbers, key=int), *((sign,) if sign else ()))

    def cites(self, statement: Printed) -> tuple[tuple[str, str], ...]:
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


AS_OURS = Citing()


@dataclass(frozen=True)
class Cited:
    """What stands below a table for its sources."""

    short: Mapping[str, str]
    references: tuple[tuple[Run, ...], ...]
    notices: tuple[str, ...] = ()
    """What is to be said of the style."""


def number_marks(statements: Sequence[Printed], *, by_key: bool = False) -> Marks:
    """Return the marks of a table, from its statements left to right and top to bottom."""
    places = [] if by_key else _passages(statements)
    grades = _grades(statements)
    return Marks(
        {place: str(number) for number, place in enumerate(places, 1)} if len(places) > 1 else {},
        _signs(statements, grades) if len(grades) > 1 else {},
        by_key,
    )


def _signs(statements: Sequence[Printed], grades: Sequence[str]) -> dict[str, str]:
    """Return the sign of each grade: where 30 of 32 are documented, the two others carry the mark.

    Where two grades are equally frequent, reported, the default of the column, goes without.
    """
    often = Counter(statement.confidence for statement in statements)
    most = max(grades, key=lambda grade: (often[grade], grade == "reported"))
    signs = iter(_SIGNS)
    return {grade: "" if grade == most else next(signs) for grade in grades}


def notes_below(
    statements: Sequence[Printed], marks: Marks, *, short: Mapping[str, str], contested: bool
) -> tuple[Note, ...]:
    """Return the notes: each passage of a source at its mark, then what the other marks mean.

    Pages are not pooled: ``[3] Pérez 2020a, p. 4`` stands at the statement it supports.
    """
    notes = [] if marks.by_key else [_source_note(place, marks, short) for place in _passages(statements)]
    notes += _confidence_notes(statements, marks)
    return (*notes, Note(CONTESTED_MARK, text(_CONTESTED))) if contested else tuple(notes)


def cited(statements: Sequence[Printed], sources: Mapping[str, Reference], citing: Citing) -> Cited:
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
        printed = bibliography(sources, keys) if citing.references else []
        return Cited(short_forms(sources, keys), tuple(as_runs(entry) for entry in printed))
    styled = styled_bibliography(sources, keys, citing.style)
    printed = [entry for _, entry in styled.entries] if citing.references else []
    own = listed([styled.short[key] for key in styled.ours])
    said = text("{style} has no form for {entries}: printed in our own style.", style=citing.style.name, entries=own)
    return Cited(styled.short, tuple(as_runs(entry) for entry in printed), (said,) if styled.ours else ())


def as_runs(entry: Sequence[Piece]) -> tuple[Run, ...]:
    """Return a printed reference as runs of a sheet."""
    return tuple(Run(piece.text, italic=piece.style == "italic", link=piece.target) for piece in entry)


def _passages(statements: Sequence[Printed]) -> list[tuple[str, str]]:
    """Return key and page of every row, in reading order."""
    return list(dict.fromkeys((row.source, row.locator) for statement in statements for row in statement.rows))


def _grades(statements: Sequence[Printed]) -> list[str]:
    """Return the confidences that are not said in words, from the surest to the least."""
    found = {statement.confidence for statement in statements}
    return [grade for grade in _CONFIDENCE if grade in found]


def _confidence_notes(statements: Sequence[Printed], marks: Marks) -> list[Note]:
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
    sentence = marked("Statements without {signs} are {grade}.")
    if any(statement.alleged_in_words for statement in statements):
        sentence = marked("Statements without {signs} that are not called alleged are {grade}.")
    without = text(sentence, signs=text(" or ").join(signs), grade=text(most))
    return [*(Note(sign, f"{text(grade).capitalize()}.") for sign, grade in signs.items()), Note("", without)]


def _source_note(place: tuple[str, str], marks: Marks, short: Mapping[str, str]) -> Note:
    key, locator = place
    said = ", ".join(part for part in (short.get(key, key), locator) if part)
    ended = said if said.endswith(".") else f"{said}."
    mark = marks.sources.get(place, "")
    return Note(mark, ended if mark else text("Source: {source}", source=ended))


def who(statement: Statement, codebook: Codebook) -> str:
    """Return whom a statement names: an actor with its origin, every actor of an origin, or nobody."""
    if statement.holder:
        return (
            text("{name} [{origin}]", name=statement.holder, origin=codebook.word(statement.origin))
            if statement.origin
            else (statement.holder)
        )
    if statement.status == "denied":
        return text("any actor of origin {origin}", origin=in_sentence(codebook.origin(statement.origin).label))
    return text("not applicable") if statement.status == "not_applicable" else text("nobody")


def how(statement: Statement, *, event: bool, status: bool = True, dated: bool = False) -> str:
    """Return what else a statement says of that, as far as it is not the usual: ``denied, only, 2012–2014``.

    Without `status` where that is said beside it: of what is denied, held alone, or set aside. Beside `dated` ones a
    statement without a year says so.
    """
    said = [statement.scope]
    if status and statement.status not in ("held", "vacant", "not_applicable"):
        said.append(
            {
                "negotiating": text("under negotiation"),
                "denied": text("denied"),
                "proposed": text("proposed"),
            }[statement.status]
        )
    said += [
        text("only") if statement.only and (status or statement.rank == "deprecated") else "",
        given_years(statement.start, statement.end, event=event) or (text("year not given") if dated else ""),
    ]
    said += [{"lead": "", "support": text("support")}.get(statement.role, statement.role)]
    said += [text("alleged") if statement.confidence == "alleged" else ""]
    said += [text("set aside") if status and statement.rank == "deprecated" else ""]
    return ", ".join(part for part in said if part)


def statement_line(
    statement: Statement, codebook: Codebook, short: Callable[[str], str], *, dated: bool = False
) -> str:
    """Return a statement in a line: who, how, the passage and where it stands.

    Parameters
    ----------
    statement
        A row of the table.
    codebook
        Names the origins.
    short
        How a source is cited.
    dated
        Whether it stands beside statements with years, so that one without says so.
    """
    more = how(statement, event=_is_event(statement, codebook), dated=dated)
    place = ", ".join(part for part in (short(statement.source), statement.locator) if part)
    places = {
        "who": who(statement, codebook),
        "how": more,
        "quote": statement.quote,
        "place": text("{place}; line {line}", place=place, line=statement.line),
    }
    if statement.quote:
        sentence = marked("{who} ({how}): “{quote}” ({place})") if more else marked("{who}: “{quote}” ({place})")
    else:
        sentence = marked("{who} ({how}) ({place})") if more else marked("{who} ({place})")
    return text(sentence, **places)


def kind_lines(
    statements: Sequence[Statement], codebook: Codebook, short: Callable[[str], str]
) -> list[tuple[str, bool]]:
    """Return which kinds some statements give an actor, a line each, with the places, and whether it is set aside.

    The passages themselves mostly speak of something else, so that they stand as places only.
    """
    places: dict[tuple[str, str, bool], list[str]] = {}
    for one in statements:
        key = (who(one, codebook), one.kind_given.replace("_", " "), one.rank == "deprecated")
        place = ", ".join(part for part in (short(one.source), one.locator) if part)
        places.setdefault(key, []).append(text("{place}, line {line}", place=place, line=one.line))
    return [
        (text("{who}: {kind} ({places})", who=name, kind=kind, places="; ".join(found)), aside)
        for (name, kind, aside), found in places.items()
        if kind
    ]


def names_of(statements: tuple[Statement, ...], codebook: Codebook) -> str:
    """Return whom some statements name, each once, with the part, the years and the role where they are given."""
    named = [(who(one, codebook), how(one, event=_is_event(one, codebook), status=False)) for one in statements]
    return listed([text("{who} ({how})", who=name, how=more) if more else name for name, more in dict.fromkeys(named)])


def _is_event(statement: Statement, codebook: Codebook) -> bool:
    return codebook.phase(statement.phase).kind == "event"
