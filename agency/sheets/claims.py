"""Tested claims as printed tables: one for each source, so that one page shows what became of a paper's sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from agency.characters import file_names
from agency.claims import CASE_VERDICTS, CLAIM_VERDICTS, rows_against, rows_for, turned_by
from agency.formats import Entry, Note, Run, Sheet, plain
from agency.words import counted, listed, marked, text

if TYPE_CHECKING:
    from agency.claims import ClaimResult
    from agency.resolve import Resolved

_BRIEF = (marked("Claim"), marked("Verdict"))
_FULL = (
    marked("Claim"),
    marked("Verdict"),
    marked("Cases"),
    marked("For"),
    marked("Against"),
    marked("Rests on"),
    marked("Without its own source"),
    marked("By source"),
    marked("Quote"),
)
_SHOWN = 5
"""Cases named by verdict; more are counted."""
_NOTES = (
    marked(
        "Tested on every statement but deprecated ones, whatever its rank. Alleged statements are kept apart; proposed "
        "ones say nothing of who held it."
    ),
    marked("Known: statements support, contradict or dispute the case. By silence alone: no source names another."),
    marked(
        "Rests on: statements and independent sources of the weakest known case; independent are those of which "
        "sources.bib does not say that one retells the other."
    ),
    marked("That somebody alone held a part, or did not hold it, speaks of that part only, not of the phase."),
    marked("A source must not confirm itself: read on to the verdict without it and what retells it."),
)


def claim_sheets(
    resolved: Resolved, results: Sequence[ClaimResult], *, brief: bool = False, left_out: int = 0
) -> list[Sheet]:
    """Return a table of verdicts for each source of claims.

    Parameters
    ----------
    resolved
        What the claims were tested on.
    results
        As `agency.claims.judge` returns them.
    brief
        Only what fits on a page of fixed-width text: a line for each claim.
    left_out
        Number of claims on projects that are not selected.

    Examples
    --------
    >>> import agency
    >>> from agency.claims import Claim, Condition, judge
    >>> resolved = agency.load().resolved
    >>> local = Condition("holders", holders="include", by="origin", among=("local",))
    >>> claim = Claim("x", "t", "vilaseoane2024", local, projects=("ECU 911", "JSeI"), phases=("operation",))
    >>> claim_sheets(resolved, judge(resolved, [claim]), brief=True)[0].rows[0][1].text
    'supported: 2 of 2 known / rests on 3 statements of 1 source / without its own source: supported (1 of 2 known)'
    """
    notes = [Note("", text(sentence)) for sentence in _NOTES]
    if brief:
        notes.append(Note("", text("The statements for and against: -f html, json or csv.")))
    if left_out:
        sentence = counted(
            "{n} sentence on projects that are not selected is left out.",
            "{n} sentences on projects that are not selected are left out.",
            left_out,
        )
        notes.append(Note("", sentence))
    sources = list(dict.fromkeys(result.claim.source for result in results))
    names = dict(zip(sources, file_names(sources), strict=True))
    sheets = [
        replace(
            _sheet(resolved, source, [result for result in results if result.claim.source == source], brief, notes),
            label=f"claims-{names[source]}",
        )
        for source in sources
    ]
    # On one page once is enough; a file of its own has its own notes.
    return [*(replace(sheet, notes=()) for sheet in sheets[:-1]), *sheets[-1:]] if brief else sheets


def _sheet(
    resolved: Resolved, source: str, results: Sequence[ClaimResult], brief: bool, notes: Sequence[Note]
) -> Sheet:
    name = resolved.table.short_form(source)
    counts = Counter(result.verdict for result in results)
    verdicts = [
        text("{n} {verdict}", n=counts[verdict], verdict=text(verdict)) for verdict in CLAIM_VERDICTS if counts[verdict]
    ]
    return Sheet(
        caption=counted(
            "{n} sentence of, or reported by, {source}: {verdicts}.",
            "{n} sentences of, or reported by, {source}: {verdicts}.",
            len(results),
            source=name,
            verdicts=listed(verdicts),
        ),
        label="claims",
        columns=tuple(text(head) for head in (_BRIEF if brief else _FULL)),
        rows=tuple(_brief(result) if brief else _full(resolved, result) for result in results),
        notes=tuple(notes),
    )


def _brief(result: ClaimResult) -> tuple[Entry, ...]:
    known, rests, without = _known(result), _rests(result), without_in_words(result)
    return (
        _lines([result.claim.text, _whose(result, marked("(reported, of {who})"))]),
        _lines(
            [
                text("{verdict}: {known}", verdict=text(result.verdict), known=known)
                if known
                else text(result.verdict),
                text("rests on {what}", what=rests) if rests else "",
                text("without its own source: {verdict}", verdict=without) if without else "",
            ]
        ),
    )


def _full(resolved: Resolved, result: ClaimResult) -> tuple[Entry, ...]:
    claim = result.claim
    kind = "" if claim.is_testable else text("Not tested: {kind}.", kind=text(claim.kind))
    turned = turned_by(result)
    depends = text("It depends: turned by {names}.", names=listed(turned)) if turned else ""
    said = [
        text("{source}: {side}", source=source, side=text(side))
        for source, side in result.by_source.items()
        if side != "silent"
    ]
    quote = f"“{claim.quote}”" if claim.quote else ""
    return (
        _lines([claim.text, f"[{claim.id}]", _whose(result, marked("Reported, of {who}.")), kind]),
        plain(text(result.verdict)),
        _lines([_known(result), *_named(result), depends, _left(result)]),
        _statements(resolved, rows_for(result)),
        _statements(resolved, rows_against(result)),
        plain(_rests(result)),
        plain(without_in_words(result)),
        _lines(said or [text("all silent") if result.by_source else ""]),
        _lines([quote, claim.locator]),
    )


def _whose(result: ClaimResult, sentence: str) -> str:
    """Say who made a claim that its source only reports, perhaps to reject it."""
    return text(sentence, who=result.claim.reported_by) if result.claim.reported_by else ""


def _known(result: ClaimResult) -> str:
    if result.claim.condition is None:
        return ""
    is_open = result.count("supported", open=True) + result.count("contradicted", open=True)
    sentence = marked("{known} of {n} known, {open} by silence alone") if is_open else marked("{known} of {n} known")
    return text(sentence, known=result.known, n=len(result.cases), open=is_open)


def without_in_words(result: ClaimResult) -> str:
    """Return the verdict without a claim's own source, with the cases it is of: ``supported (1 of 2 known)``."""
    if not result.without_own_source_known:
        return text(result.without_own_source) if result.without_own_source else ""
    sentence = (
        marked("{verdict} ({known} of {n} known, by silence alone)")
        if result.without_own_source_open
        else marked("{verdict} ({known} of {n} known)")
    )
    verdict, known = text(result.without_own_source), result.without_own_source_known
    return text(sentence, verdict=verdict, known=known, n=len(result.cases))


def _rests(result: ClaimResult) -> str:
    if result.rests_on is None:
        return ""
    statements = counted("{n} statement", "{n} statements", result.rests_on.statements)
    sources = counted("{n} source", "{n} sources", result.rests_on.sources)
    return text("{statements} of {sources}", statements=statements, sources=sources)


def _named(result: ClaimResult) -> list[str]:
    """Return the cases by name for each verdict, with those that silence alone decides apart."""
    found = []
    for verdict in reversed(CASE_VERDICTS):
        for is_open in (False, True):
            names = [case.project for case in result.cases if (case.verdict, case.open) == (verdict, is_open)]
            if names:
                sentence = marked("{verdict} by silence alone: {names}") if is_open else marked("{verdict}: {names}")
                found.append(text(sentence, verdict=text(verdict), names=listed(names, most=_SHOWN)))
    return found


def _left(result: ClaimResult) -> str:
    if not result.left_out:
        return ""
    counts = [text("{n} {verdict}", n=number, verdict=text(verdict)) for verdict, number in result.left_out.items()]
    return text("Not among the cases: {counts}.", counts=listed(counts))


def _statements(resolved: Resolved, rows: Sequence[int]) -> Entry:
    shown = resolved.table.rows.loc[list(rows), ["line", "holder", "status", "source"]]

    def what(holder: str, status: str) -> str:
        said = text(status.replace("_", " "))
        return text("{holder} {status}", holder=holder, status=said) if holder else said

    return _lines(
        text("line {line}, {source}: {what}", line=line, source=source, what=what(holder, status))
        for line, holder, status, source in shown.itertuples(index=False)
    )


def _lines(texts: Iterable[str]) -> Entry:
    return Entry(tuple((Run(line),) for line in texts if line))
