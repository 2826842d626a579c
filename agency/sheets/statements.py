"""Statements in words: who is said to hold what, and the passage that says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from agency.words import in_sentence, listed, marked, text

if TYPE_CHECKING:
    from agency.resolve import Statement
    from agency.vocabulary import Codebook


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

    Without `status` where that is said beside it: of what is denied, or set aside. Beside `dated` ones a statement
    without a year says so.
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
        text("only") if statement.only else "",
        years(statement, event=event) or (text("year not given") if dated else ""),
    ]
    said += [{"lead": "", "support": text("support")}.get(statement.role, statement.role)]
    said += [text("alleged") if statement.confidence == "alleged" else ""]
    said += [text("set aside") if status and statement.rank == "deprecated" else ""]
    return ", ".join(part for part in said if part)


def years(statement: Statement, *, event: bool) -> str:
    """Return the years a statement gives; of an event a start alone is that year."""
    start, end = statement.start, statement.end
    if start is None and end is None:
        return ""
    if start is None:
        return text("until {end}", end=end)
    if end is None and not event:
        return text("from {start}", start=start)
    return str(start) if end in (None, start) else f"{start}–{end}"


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
