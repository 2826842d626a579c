"""The verdict on each claim: over its cases, by each source alone, without its own; as records and as a frame."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from agency.claims.claim import Claim
from agency.claims.evidence import (
    CASE_VERDICTS,
    KNOWN,
    Case,
    cases,
    cases_of,
    cases_without,
    hear,
    sides_of_sources,
    thinnest,
)
from agency.claims.ground import Ground
from agency.claims.numbers import Numbers
from agency.references import independent_groups
from agency.words import marked

if TYPE_CHECKING:
    from agency.claims.evidence import Case
    from agency.resolve import Resolved
    from agency.table import Table


CLAIM_VERDICTS = (
    marked("supported"),
    marked("contradicted"),
    marked("mixed"),
    marked("disputed"),
    marked("undetermined"),
    marked("only alleged"),
    marked("silent"),
    marked("not testable"),
)
SIDES = (
    marked("for"),
    marked("against"),
    marked("both"),
    marked("for by silence alone"),
    marked("against by silence alone"),
    marked("both by silence alone"),
    marked("alleged"),
    marked("silent"),
)
"""What a source alone is to a claim."""


@dataclass(frozen=True)
class Rests:
    """Statements and independent sources of the weakest known case: what a claim rests on."""

    statements: int
    sources: int


@dataclass(frozen=True)
class ClaimResult:
    """A claim and what the statements make of it."""

    claim: Claim
    verdict: str
    """One of `CLAIM_VERDICTS`."""
    cases: tuple[Case, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    """Cases that the claim's ``where`` leaves out, by what the statements say of it there."""
    rests_on: Rests | None = None
    """None where no case is known."""
    by_source: Mapping[str, str] = field(default_factory=dict)
    """One of `SIDES` for each source."""
    without_own_source: str = ""
    without_own_source_open: bool = False
    """Of every case that statements of the other sources decide, it is their silence that does."""
    without_own_source_known: int = 0
    """Number of cases known without them."""

    @property
    def known(self) -> int:
        """Number of cases that are supported, contradicted or disputed."""
        return sum(case.is_known for case in self.cases)

    def count(self, verdict: str, *, open: bool = False) -> int:
        """Return how many cases have a verdict; with `open`, of how many of them only silence decides."""
        return sum(case.verdict == verdict and (case.open or not open) for case in self.cases)


_FEW = 60
"""So many projects take hardly more time to resolve than one."""


def judge(resolved: Resolved, claims: Sequence[Claim]) -> tuple[ClaimResult, ...]:
    """Put claims to the statements of a selection.

    Parameters
    ----------
    resolved
        The table under a view: its sources and projects are asked; of its rules only `actors` matters (numbers follow
        all of them).
    claims
        As `read_claims` returns them; those on projects that are not selected are left out (`claims_on`).

    Returns
    -------
    tuple of ClaimResult
        In the order of the claims.

    Examples
    --------
    >>> import agency
    >>> from agency.claims import Condition
    >>> local = Condition("holders", holders="include", by="origin", among=("local",))
    >>> claim = Claim("x", "Local actors ran JSeI.", "s", local, projects=("JSeI",), phases=("operation",))
    >>> judge(agency.load().resolved, [claim])[0].verdict
    'supported'
    """
    chosen = claims_on(resolved, claims)
    ground = Ground(resolved, tuple(sorted({year for claim in chosen for year in claim.years_named})))
    on_numbers = [claim for claim in chosen if claim.condition is not None and claim.condition.test == "indicator"]
    asked = {name for claim in on_numbers for name in _named(claim, resolved.table.projects)}
    # Where few are listed, all of them: under other choices they are resolved once for ranges and claims.
    listed = resolved.listed if len(resolved.listed) <= _FEW else ()
    of_claims = tuple(name for name in ground.projects if name in asked)
    numbers = Numbers(resolved, listed if asked <= set(listed) else of_claims, of_claims)
    judges = _Judges(ground, numbers, independent_groups(resolved.table.sources, resolved.table.sources))
    return tuple(judges.judge(claim) for claim in chosen)


def claims_on(resolved: Resolved, claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """Return the claims whose cases are all selected: a sentence on all projects is no sentence on a few of them."""
    everything = set(resolved.table.projects.index)
    selected = set(resolved.under(phases=(), mode="static", year=None, min_phases=0).projects)
    if selected >= everything:
        return tuple(claims)
    known = resolved.table.projects
    return tuple(claim for claim in claims if set(_named(claim, known)) <= selected)


def _named(claim: Claim, known: pd.DataFrame) -> list[str]:
    """Return the projects in the scope of a claim, whatever its ``where`` leaves out of them."""
    kept = known[known.index.isin(claim.projects)] if claim.projects else known
    kept = kept[kept["type"].isin(claim.types)] if claim.types else kept
    countries = [bool(set(claim.countries) & set(joined.split(";"))) for joined in kept["country"]]
    names = list(kept.index[countries] if claim.countries else kept.index)
    other = claim.condition.project if claim.condition is not None else ""
    return [*names, *([other] if other else [])]


@dataclass(frozen=True, eq=False)
class _Judges:
    """What all claims of a study are judged with."""

    ground: Ground
    numbers: Numbers
    retold: Mapping[str, str]
    """Group of connected sources by source."""

    def judge(self, claim: Claim) -> ClaimResult:
        if claim.condition is None:
            return ClaimResult(claim, "not testable")
        projects, left = cases_of(self.ground, claim)
        own = own_sources(self.ground.resolved.table, claim.source)
        on_numbers = claim.condition.test == "indicator"
        result = self._on_numbers(claim, projects, own) if on_numbers else self._on_statements(claim, projects, own)
        return ClaimResult(left_out=left, **result)

    def _on_statements(self, claim: Claim, projects: tuple[str, ...], own: frozenset[str]) -> dict[str, Any]:
        heard = hear(self.ground, claim, projects, own=own)
        found = cases(heard, self.ground, projects)
        rests = thinnest(heard, self.ground, self.retold, dated=bool(claim.years_named))
        return {
            "claim": claim,
            "verdict": verdict_of(claim, [case.verdict for case in found]),
            "cases": found,
            "rests_on": Rests(*rests) if rests else None,
            "by_source": sides_of_sources(heard, self.ground),
            **_without(claim, cases_without(heard, self.ground, projects)),
        }

    def _on_numbers(self, claim: Claim, projects: tuple[str, ...], own: frozenset[str]) -> dict[str, Any]:
        found = self.numbers.cases(claim, projects)
        others = tuple(source for source in self.ground.sources if source not in own)
        without = (
            self.numbers.cases(claim, projects, others)
            if others
            else tuple(Case(project, "silent") for project in projects)
        )
        rests = self.numbers.rests_on(claim, tuple(case.project for case in found if case.is_known), self.retold)
        return {
            "claim": claim,
            "verdict": verdict_of(claim, [case.verdict for case in found]),
            "cases": found,
            "rests_on": Rests(*rests) if rests else None,
            "by_source": {source: self.numbers.side(claim, projects, source) for source in self.ground.sources},
            **_without(claim, without),
        }


def _without(claim: Claim, found: Sequence[Case]) -> dict[str, Any]:
    known = [case for case in found if case.is_known]
    return {
        "without_own_source": verdict_of(claim, [case.verdict for case in found]),
        "without_own_source_open": bool(known) and all(case.open for case in known),
        "without_own_source_known": len(known),
    }


def verdict_of(claim: Claim, verdicts: Sequence[str]) -> str:
    """Return the verdict over cases.

    First: where no filling of the cases that are open either way changes the result, that is it. Worked: "most" of five
    cases, three supported, one silent, one disputed: supported, whatever the two are. "every" of four: one contradicted
    and three silent is contradicted; two supported and two silent is supported, "2 of 4 known"; one supported and three
    silent is undetermined.

    Parameters
    ----------
    claim
        Its kind, quantifier and n.
    verdicts
        Of the cases, each one of `CASE_VERDICTS`.

    Examples
    --------
    >>> verdict_of(Claim("x", "t", "s", quantifier="most"), ["supported"] * 3 + ["silent", "disputed"])
    'supported'
    """
    if not claim.is_testable:
        return "not testable"
    count = Counter(verdicts)
    cases, known = len(verdicts), sum(count[verdict] for verdict in KNOWN)
    every = claim.quantifier == "every"
    if every and count["contradicted"]:
        return "mixed" if count["supported"] else "contradicted"
    least, most = count["supported"], cases - count["contradicted"]
    # Every quantifier speaks of the number of true cases, and changes at most once on the way from least to most.
    results = {_holds(claim, least, cases), _holds(claim, most, cases)}
    if cases and len(results) == 1:
        return "supported" if results.pop() else "contradicted"
    if not known:
        return "only alleged" if count["alleged"] and not count["undated"] else "silent"
    if every and count["disputed"]:
        return "disputed"
    return "undetermined" if not every or 2 * known < cases else "supported"


def _holds(claim: Claim, true: int, cases: int) -> bool:
    return {
        "every": true == cases,
        "some": true >= 1,
        "none": true == 0,
        "most": 2 * true > cases,
        "at_least": true >= claim.n,
    }[claim.quantifier]


# Which sources belong together.


def own_sources(table: Table, source: str) -> frozenset[str]:
    """Return a source and all that retell it, directly or not."""
    retells = {key: reference.derives_from for key, reference in table.sources.items()}
    gone = {source}
    while more := {key for key, others in retells.items() if key not in gone and gone & set(others)}:
        gone |= more
    return frozenset(gone)


_OF_CLAIM = ("id", "source", "reported_by", "kind", "quantifier")
_WORDS = ("text", "quote", "locator")
_VERDICTS = CASE_VERDICTS[::-1]
_OPEN = ("supported", "contradicted")
"""Verdicts of a case that silence alone may decide."""
_NUMBERS = (
    "cases",
    "known",
    *_VERDICTS,
    *(f"{name}_open" for name in _OPEN),
    "left_out",
    "rests_statements",
    "rests_sources",
)
_LISTS = ("by_source", "for_lines", "against_lines", "turned_by")
_WITHOUT = ("without_own_source", "without_own_source_open", "without_own_source_known")
_COLUMNS = (*_OF_CLAIM, "verdict", *_NUMBERS, *_WITHOUT, *_LISTS, *_WORDS)
_SHOWN = ("project", "phase", "actor", "origin", "status", "scope", "source", "confidence", "rank", "quote")


def claims_frame(resolved: Resolved, results: Sequence[ClaimResult]) -> pd.DataFrame:
    """Return a row per claim, nothing rounded.

    Returns
    -------
    pandas.DataFrame
        id, source, reported_by, kind, quantifier, verdict; numbers of cases: cases, known, one column per verdict of a
        case, supported_open and contradicted_open (of these, decided by silence), left_out (by ``where``);
        rests_statements, rests_sources; without_own_source, without_own_source_open (silence alone decides it) and
        without_own_source_known (cases); by_source (those that are not silent), for_lines and against_lines (of the
        table), turned_by, each in one text; text, quote, locator. Numbers of cases are missing where nothing is
        tested.

    Examples
    --------
    >>> import agency
    >>> claims_frame(agency.load().resolved, []).columns[:3].tolist()
    ['id', 'source', 'reported_by']
    """
    lines = resolved.table.rows["line"]
    frame = pd.DataFrame([_record(result, lines) for result in results], columns=list(_COLUMNS))
    return frame.astype(dict.fromkeys(_NUMBERS, "Int64"))


def _record(result: ClaimResult, lines: pd.Series[int]) -> dict[str, Any]:
    claim, rests = result.claim, result.rests_on
    tested = {
        "cases": len(result.cases),
        "known": result.known,
        **{verdict: result.count(verdict) for verdict in _VERDICTS},
        **{f"{name}_open": result.count(name, open=True) for name in _OPEN},
        "left_out": sum(result.left_out.values()),
    }
    return {
        **{name: getattr(claim, name) for name in (*_OF_CLAIM, *_WORDS)},
        "verdict": result.verdict,
        **(tested if claim.condition is not None else {}),
        "rests_statements": rests.statements if rests else None,
        "rests_sources": rests.sources if rests else None,
        **{name: getattr(result, name) for name in _WITHOUT},
        "by_source": "; ".join(f"{source}: {side}" for source, side in result.by_source.items() if side != "silent"),
        "for_lines": " ".join(str(lines[row]) for row in rows_for(result)),
        "against_lines": " ".join(str(lines[row]) for row in rows_against(result)),
        "turned_by": "; ".join(turned_by(result)),
    }


def rows_for(result: ClaimResult) -> tuple[int, ...]:
    """Return the positions in the table of the statements that speak for a claim, each once."""
    return _once(row for case in result.cases for row in case.pro)


def rows_against(result: ClaimResult) -> tuple[int, ...]:
    """Return the positions in the table of the statements that speak against a claim, each once."""
    return _once(row for case in result.cases for row in case.contra)


def turned_by(result: ClaimResult) -> tuple[str, ...]:
    """Return the variants that turn a number a claim is about."""
    return tuple(dict.fromkeys(name for case in result.cases for name in case.turned_by))


def _once(rows: Iterable[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(rows))


def claims_document(resolved: Resolved, results: Sequence[ClaimResult]) -> dict[str, Any]:
    """Return what ``agency claims -f json`` prints.

    Returns
    -------
    dict
        ``claims``: a list with, for each, ``id``, ``text``, ``source``, ``reported_by``, ``kind``, ``locator``,
        ``quote``, ``quantifier``, ``verdict``, ``cases`` (``n``, ``known``, a number per verdict, ``open`` apart,
        ``list`` with every case), ``left_out`` (by ``where``), ``for`` and ``against`` (statements with their line),
        ``rests_on``, ``by_source``, ``without_own_source``, ``without_own_source_open`` (silence alone decides it) and
        ``without_own_source_known`` (cases); ``data_sha256``.

    Examples
    --------
    >>> import agency
    >>> claims_document(agency.load().resolved, [])["claims"]
    []
    """
    rows = resolved.table.rows
    return {"data_sha256": resolved.table.sha256, "claims": [_document(result, rows) for result in results]}


def _document(result: ClaimResult, rows: pd.DataFrame) -> dict[str, Any]:
    claim, rests = result.claim, result.rests_on
    names = ("id", "text", "source", "reported_by", "kind", "locator", "quote", "quantifier")
    return {
        **{name: getattr(claim, name) for name in names},
        "verdict": result.verdict,
        "cases": {
            "n": len(result.cases),
            "known": result.known,
            **{verdict: result.count(verdict) for verdict in _VERDICTS},
            "open": {name: result.count(name, open=True) for name in _OPEN},
            "list": [_case(case, rows["line"]) for case in result.cases],
        },
        "left_out": dict(result.left_out),
        "for": _statements(rows, rows_for(result)),
        "against": _statements(rows, rows_against(result)),
        "rests_on": {"statements": rests.statements, "sources": rests.sources} if rests else None,
        "by_source": dict(result.by_source),
        "without_own_source": result.without_own_source or None,
        "without_own_source_open": result.without_own_source_open,
        "without_own_source_known": result.without_own_source_known,
    }


def _case(case: Case, lines: pd.Series[int]) -> dict[str, Any]:
    return {
        "project": case.project,
        "verdict": case.verdict,
        "open": case.open,
        "for": [int(lines[row]) for row in case.pro],
        "against": [int(lines[row]) for row in case.contra],
        "turned_by": list(case.turned_by),
    }


def _statements(rows: pd.DataFrame, chosen: Sequence[int]) -> list[dict[str, Any]]:
    years = ["start", "end", "duration_years"]
    shown = rows.loc[list(chosen), ["line", *_SHOWN, "only", *years]].astype(object)
    return [dict(zip(shown.columns, row, strict=True)) for row in shown.where(shown.notna(), None).to_numpy().tolist()]
