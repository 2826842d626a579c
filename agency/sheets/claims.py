"""Tested claims as printed tables: one for each source, so that one page shows what became of a paper's sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from agency.claims import WORDS, change_text, claims_frame
from agency.formats import Entry, Note, Run, Sheet, plain

if TYPE_CHECKING:
    from agency.claims import ClaimResult
    from agency.table import Table

VERDICTS = ("supported", "contradicted", "mixed", "undetermined")
_BRIEF = ("Claim", "Verdict", "Cases", "Fewest rows to change it", "Without its own source")
_FULL = (*_BRIEF, "By single source", "Quote")
_SHOWN = 3
"""Projects named in a cell; more are counted."""


def claim_sheets(table: Table, results: Sequence[ClaimResult], *, brief: bool = False) -> list[Sheet]:
    """Return a table of verdicts for each source of claims.

    Parameters
    ----------
    table
        The table the claims were tested on.
    results
        As `agency.claims.verdicts.judge_claims` returns them.
    brief
        Only what fits on a page of fixed-width text: numbers in the place of the changes, no quote, no single sources.

    Examples
    --------
    >>> import agency
    >>> from agency.claims.file import Claim, Condition
    >>> from agency.claims.verdicts import judge_claims
    >>> table = agency.load().data
    >>> condition = Condition("holders", holders="only", by="origin", among=("local",))
    >>> claim = Claim("x", "t", "vilaseoane2024", condition, projects=("ECU 911", "JSeI"), phases=("operation",))
    >>> claim_sheets(table, judge_claims(table, [claim]))[0].rows[0][1].text
    'supported'
    """
    sources = list(dict.fromkeys(result.claim.source for result in results))
    return [_sheet(table, source, [r for r in results if r.claim.source == source], brief) for source in sources]


def claim_list(table: Table, results: Sequence[ClaimResult]) -> Sheet:
    """Return one table with a line per claim and everything about it, for spreadsheets."""
    frame = claims_frame(table, results)
    rows = tuple(tuple(plain(str(value)) for value in row) for row in frame.itertuples(index=False))
    return Sheet("Claims tested against the table.", "claims", tuple(frame.columns), rows)


def _sheet(table: Table, source: str, results: Sequence[ClaimResult], brief: bool) -> Sheet:
    counts = Counter(result.verdict for result in results)
    summary = ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS if counts[verdict])
    more = "Quotes, the rows to change and the verdict by every source: -f html, csv or json. " if brief else ""
    return Sheet(
        caption=f"Sentences of {table.short_form(source)} against the coded evidence: {summary}.",
        label=f"claims-{''.join(char if char.isalnum() else '-' for char in source)}",
        columns=_BRIEF if brief else _FULL,
        rows=tuple(_brief(result) if brief else _full(table, result) for result in results),
        notes=(
            Note("", "Preferred rows decide; alleged, proposed and support rows never count."),
            Note("", f"A source must not confirm itself: read on to the verdict without it. {more}".strip()),
        ),
    )


def _brief(result: ClaimResult) -> tuple[Entry, ...]:
    fragility = result.fragility
    then = f", then {fragility.becomes}" if fragility.becomes else ""
    numbers = ", ".join(
        f"{sum(found is truth for found in result.cases.values())} {word}"
        for truth, word in WORDS.items()
        if truth in result.cases.values()
    )
    cases = _cases(result) if result.verdict in ("mixed", "undetermined") else [numbers]
    return (
        plain(result.claim.text),
        plain(result.verdict),
        _lines(cases),
        plain(fragility.text + then),
        plain(result.without_own_source),
    )


def _full(table: Table, result: ClaimResult) -> tuple[Entry, ...]:
    fragility = result.fragility
    changes = [f"{fragility.text}, then {fragility.becomes}:"] if fragility.rows else [fragility.text]
    changes += [change_text(table, change) for change in fragility.changes]
    said = [f"{source}: {verdict}" for source, verdict in result.by_source.items() if verdict != "undetermined"]
    quote = f"“{result.claim.quote}”" if result.claim.quote else ""
    return (
        _lines([result.claim.text, f"[{result.claim.id}]"]),
        plain(result.verdict),
        _lines(_cases(result)),
        _lines(changes),
        plain(result.without_own_source),
        _lines(said or ["undetermined by each"]),
        _lines([quote, result.claim.locator]),
    )


def _cases(result: ClaimResult) -> list[str]:
    lines = []
    for truth, word in WORDS.items():
        names = [name for name, found in result.cases.items() if found is truth]
        if names:
            more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            lines.append(f"{word}: {', '.join(names[:_SHOWN])}{more}")
    if result.verdict == "undetermined":
        cells = [f"{project} {phase}" for project, phase in result.unknown_cells]
        more = f" and {len(cells) - _SHOWN} more" if len(cells) > _SHOWN else ""
        lines.append(f"not known: {', '.join(cells[:_SHOWN])}{more}" if cells else "not known")
    return lines


def _lines(texts: Sequence[str]) -> Entry:
    return Entry(tuple((Run(text),) for text in texts if text))
