"""The verdict on each claim: over its cases, by each source alone, without its own source, and what it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
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
    hear,
    sides_of_sources,
    thinnest,
    verdicts_without,
)
from agency.claims.ground import Ground
from agency.claims.numbers import Numbers

if TYPE_CHECKING:
    from agency.resolve import Resolved
    from agency.table import Table

CLAIM_VERDICTS = (
    "supported",
    "contradicted",
    "mixed",
    "disputed",
    "undetermined",
    "only alleged",
    "silent",
    "not testable",
)
SIDES = ("for", "against", "both", "alleged", "silent")
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

    @property
    def known(self) -> int:
        """Number of cases that are supported, contradicted or disputed."""
        return sum(case.is_known for case in self.cases)

    def count(self, verdict: str, *, open: bool = False) -> int:
        """Return how many cases have a verdict; with `open`, of how many of them only silence decides."""
        return sum(case.verdict == verdict and (case.open or not open) for case in self.cases)


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
    judges = _Judges(ground, Numbers(resolved), _retold(resolved.table))
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
        rests = thinnest(heard, self.ground, self.retold)
        return {
            "claim": claim,
            "verdict": verdict_of(claim, [case.verdict for case in found]),
            "cases": found,
            "rests_on": Rests(*rests) if rests else None,
            "by_source": sides_of_sources(heard, self.ground),
            "without_own_source": verdict_of(claim, verdicts_without(heard, self.ground, projects)),
        }

    def _on_numbers(self, claim: Claim, projects: tuple[str, ...], own: frozenset[str]) -> dict[str, Any]:
        found = self.numbers.cases(claim, projects)
        others = tuple(source for source in self.ground.sources if source not in own)
        without = self.numbers.cases(claim, projects, others) if others else ()
        rests = self.numbers.rests_on(claim, tuple(case.project for case in found if case.is_known), self.retold)
        return {
            "claim": claim,
            "verdict": verdict_of(claim, [case.verdict for case in found]),
            "cases": found,
            "rests_on": Rests(*rests) if rests else None,
            "by_source": {source: self.numbers.side(claim, projects, source) for source in self.ground.sources},
            "without_own_source": verdict_of(claim, [case.verdict for case in without] or ["silent"] * len(found)),
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
    retells = _retells(table)
    gone = {source}
    while more := {key for key, others in retells.items() if key not in gone and gone & set(others)}:
        gone |= more
    return frozenset(gone)


def _retold(table: Table) -> dict[str, str]:
    """Return by source the group of sources it is connected with by derivation, named by one of them."""
    top: dict[str, str] = {}

    def group(key: str) -> str:
        while top.setdefault(key, key) != key:
            key = top[key]
        return key

    for key, others in _retells(table).items():
        for other in others:
            top[group(key)] = group(other)
    return {key: group(key) for key in list(top)}


def _retells(table: Table) -> dict[str, tuple[str, ...]]:
    return {key: tuple(getattr(source, "derives_from", ())) for key, source in table.sources.items()}


# As frames and documents.


def claims_frame(resolved: Resolved, results: Sequence[ClaimResult]) -> pd.DataFrame:
    """Return a row per claim, nothing rounded.

    Returns
    -------
    pandas.DataFrame
        id, source, reported_by, kind, quantifier, verdict, cases, known, a column per verdict of a case,
        supported_open and contradicted_open (of these, decided by silence), left_out (by ``where``), rests_statements,
        rests_sources, without_own_source, a column by_KEY per source, for_lines and against_lines (of the table),
        turned_by, text, quote, locator. Cases are missing where the claim is not tested.

    Examples
    --------
    >>> import agency
    >>> claims_frame(agency.load().resolved, []).columns[:3].tolist()
    ['id', 'source', 'reported_by']
    """
    sources = sorted(resolved.table.rows["source"].unique())
    line = resolved.table.rows["line"]
    records = []
    for result in results:
        claim = result.claim
        tested = claim.condition is not None
        rests = result.rests_on
        sides = [[f"{line[row]}" for case in result.cases for row in side(case)] for side in (_pro, _contra)]
        records.append(
            {
                **{name: getattr(claim, name) for name in ("id", "source", "reported_by", "kind", "quantifier")},
                "verdict": result.verdict,
                "cases": len(result.cases) if tested else None,
                "known": result.known if tested else None,
                **{verdict: result.count(verdict) if tested else None for verdict in CASE_VERDICTS[::-1]},
                **{f"{name}_open": result.count(name, open=True) if tested else None for name in ("supported", "contradicted")},
                "left_out": sum(result.left_out.values()),
                "rests_statements": rests.statements if rests else None,
                "rests_sources": rests.sources if rests else None,
                "without_own_source": result.without_own_source,
                **{f"by_{source}": result.by_source.get(source, "") for source in sources},
                "for_lines": " ".join(dict.fromkeys(sides[0])),
                "against_lines": " ".join(dict.fromkeys(sides[1])),
                "turned_by": "; ".join(dict.fromkeys(name for case in result.cases for name in case.turned_by)),
                **{name: getattr(claim, name) for name in ("text", "quote", "locator")},
            }
        )
    columns = list(_record_columns(sources))
    frame = pd.DataFrame(records, columns=columns)
    whole = [name for name in columns if name in _NUMBERS]
    return frame.astype(dict.fromkeys(whole, "Int64"))


_NUMBERS = (
    "cases",
    "known",
    *CASE_VERDICTS,
    "supported_open",
    "contradicted_open",
    "left_out",
    "rests_statements",
    "rests_sources",
)


def _record_columns(sources: Sequence[str]) -> tuple[str, ...]:
    return (
        *("id", "source", "reported_by", "kind", "quantifier", "verdict", "cases", "known"),
        *CASE_VERDICTS[::-1],
        *("supported_open", "contradicted_open", "left_out", "rests_statements", "rests_sources"),
        "without_own_source",
        *(f"by_{source}" for source in sources),
        *("for_lines", "against_lines", "turned_by", "text", "quote", "locator"),
    )


def _pro(case: Case) -> tuple[int, ...]:
    return case.pro


def _contra(case: Case) -> tuple[int, ...]:
    return case.contra


_SHOWN = ("project", "phase", "actor", "origin", "status", "scope", "source", "confidence", "rank", "quote")


def claims_document(resolved: Resolved, results: Sequence[ClaimResult]) -> dict[str, Any]:
    """Return what ``agency claims -f json`` prints.

    Returns
    -------
    dict
        ``claims``: a list with, for each, ``id``, ``text``, ``source``, ``reported_by``, ``kind``, ``quote``,
        ``locator``, ``quantifier``, ``verdict``, ``cases`` (``n``, ``known``, by verdict a number, ``open`` apart, and
        ``list`` with every case), ``left_out``, ``for`` and ``against`` (statements with their line), ``rests_on``,
        ``by_source``, ``without_own_source``; and ``data_sha256``.

    Examples
    --------
    >>> import agency
    >>> claims_document(agency.load().resolved, [])["claims"]
    []
    """
    rows = resolved.table.rows
    return {
        "data_sha256": resolved.table.sha256,
        "claims": [_document(result, rows) for result in results],
    }


def _document(result: ClaimResult, rows: pd.DataFrame) -> dict[str, Any]:
    claim, rests = result.claim, result.rests_on
    names = ("id", "text", "source", "reported_by", "kind", "locator", "quote", "quantifier")
    return {
        **{name: getattr(claim, name) for name in names},
        "verdict": result.verdict,
        "cases": {
            "n": len(result.cases),
            "known": result.known,
            **{verdict: result.count(verdict) for verdict in CASE_VERDICTS[::-1]},
            "open": {name: result.count(name, open=True) for name in ("supported", "contradicted")},
            "list": [_case_document(case, rows["line"]) for case in result.cases],
        },
        "left_out": dict(result.left_out),
        "for": [_statement(rows, row) for row in dict.fromkeys(row for case in result.cases for row in case.pro)],
        "against": [_statement(rows, row) for row in dict.fromkeys(row for case in result.cases for row in case.contra)],
        "rests_on": {"statements": rests.statements, "sources": rests.sources} if rests else None,
        "by_source": dict(result.by_source),
        "without_own_source": result.without_own_source or None,
    }


def _case_document(case: Case, lines: pd.Series[int]) -> dict[str, Any]:
    return {
        "project": case.project,
        "verdict": case.verdict,
        "open": case.open,
        "for": [int(lines[row]) for row in case.pro],
        "against": [int(lines[row]) for row in case.contra],
        "turned_by": list(case.turned_by),
    }


def _statement(rows: pd.DataFrame, row: int) -> dict[str, Any]:
    entry = rows.loc[row]
    years = {name: None if pd.isna(entry[name]) else int(entry[name]) for name in ("start", "end", "duration_years")}
    return {"line": int(entry["line"]), **{name: str(entry[name]) for name in _SHOWN}, "only": bool(entry["only"]), **years}
