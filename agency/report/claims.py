"""Published sentences put to the statements: a pill for each verdict, the statements for and against on opening."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agency.claims import CASE_VERDICTS, CLAIM_VERDICTS, rows_against, rows_for, turned_by
from agency.sheets import choice_in_words, without_in_words
from agency.words import counted, listed, marked, text

if TYPE_CHECKING:
    from agency.claims import ClaimResult
    from agency.report.material import Material
    from agency.report.register import Register, Statement

_FEW = 12
_SHOWN = 5
"""Cases named by verdict; more are counted."""


@dataclass(frozen=True)
class ClaimView:
    """A tested sentence."""

    text: str
    verdict: str
    style: str
    cases: str
    more: tuple[str, ...]
    """What else is to be said, a line each."""
    pro: tuple[Statement, ...]
    contra: tuple[Statement, ...]


@dataclass(frozen=True)
class SourceClaims:
    """The sentences of one source."""

    source: str
    counts: tuple[tuple[str, str, int], ...]
    """Class, verdict and number."""
    claims: tuple[ClaimView, ...]


@dataclass(frozen=True)
class ClaimsView:
    """All tested sentences."""

    intro: tuple[str, ...]
    sources: tuple[SourceClaims, ...]
    short: bool
    """Whether they are so few that all stand open, a line each."""
    counts: tuple[tuple[str, str, int], ...]


def claims_view(material: Material, register: Register) -> ClaimsView | None:
    """Return the tested sentences by source; None when there are none on what is selected."""
    results, left = material.claims
    if not results:
        return None
    intro = [
        text(
            "Sentences of the sources, each put to the statements; a case is known where they support, contradict or "
            "dispute it."
        )
    ]
    if left:
        intro.append(
            counted(
                "{n} sentence on other projects is left out.", "{n} sentences on other projects are left out.", left
            )
        )
    sources = []
    for source in dict.fromkeys(result.claim.source for result in results):
        mine = [result for result in results if result.claim.source == source]
        mine.sort(key=lambda result: CLAIM_VERDICTS.index(result.verdict))
        views = tuple(_claim(result, material, register) for result in mine)
        sources.append(SourceClaims(material.table.short_form(source), _counts(mine), views))
    return ClaimsView(tuple(intro), tuple(sources), len(results) <= _FEW, _counts(results))


def _style(verdict: str) -> str:
    return f"v-{CLAIM_VERDICTS.index(verdict)}"


def _counts(results: tuple[ClaimResult, ...] | list[ClaimResult]) -> tuple[tuple[str, str, int], ...]:
    found = Counter(result.verdict for result in results)
    return tuple((_style(verdict), text(verdict), found[verdict]) for verdict in CLAIM_VERDICTS if found[verdict])


def _claim(result: ClaimResult, material: Material, register: Register) -> ClaimView:
    lines = material.table.rows["line"]
    return ClaimView(
        text=result.claim.text,
        verdict=text(result.verdict),
        style=_style(result.verdict),
        cases=text("{known} of {n} known", known=result.known, n=len(result.cases)) if result.claim.condition else "",
        more=tuple(line for line in _more(result, material) if line),
        pro=register.at(int(lines[row]) for row in rows_for(result)),
        contra=register.at(int(lines[row]) for row in rows_against(result)),
    )


def _more(result: ClaimResult, material: Material) -> list[str]:
    claim = result.claim
    found = []
    if claim.quote:
        found.append(text("In the source: “{quote}” {where}", quote=claim.quote, where=claim.locator).strip())
    if claim.reported_by:
        found.append(text("The source reports it, of {who}.", who=claim.reported_by))
    if not claim.is_testable:
        found.append(text("Not tested: {kind}.", kind=text(claim.kind)))
    found += _named(result, material)
    turned = turned_by(result)
    if turned:
        found.append(
            text(
                "It depends on how one counts; turned by: {names}.",
                names=listed([choice_in_words(one, material.table.codebook) for one in turned]),
            )
        )
    if result.left_out:
        counts = [text("{n} {verdict}", n=number, verdict=text(verdict)) for verdict, number in result.left_out.items()]
        found.append(text("Not among the cases: {counts}.", counts=listed(counts)))
    if result.rests_on is not None:
        statements = counted("{n} statement", "{n} statements", result.rests_on.statements)
        sources = counted("{n} source", "{n} sources", result.rests_on.sources)
        found.append(
            counted(
                "Its known case rests on {statements} of {sources}.",
                "The weakest of its {n} known cases rests on {statements} of {sources}.",
                result.known,
                statements=statements,
                sources=sources,
            )
        )
    if result.without_own_source:
        verdict = without_in_words(result)
        found.append(text("Without its own source and what retells it: {verdict}.", verdict=verdict))
    said = [
        text("{source} {side}", source=material.table.short_form(source), side=text(side))
        for source, side in result.by_source.items()
        if side != "silent"
    ]
    if said:
        found.append(text("By source, in at least one case and phase of the claim: {said}.", said=listed(said)))
    return found


def _named(result: ClaimResult, material: Material) -> list[str]:
    """Return the cases by name for each verdict, with those that silence alone decides apart."""
    found = []
    for verdict in reversed(CASE_VERDICTS):
        for is_open in (False, True):
            cases = [case for case in result.cases if (case.verdict, case.open) == (verdict, is_open)]
            names = [material.labels.get(case.project, case.project) for case in cases]
            if names:
                sentence = marked("{verdict} by silence alone: {names}") if is_open else marked("{verdict}: {names}")
                said = text(sentence, verdict=text(verdict), names=listed(names, most=_SHOWN))
                found.append(said[:1].upper() + said[1:] + ".")
    return found
