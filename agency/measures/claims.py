"""Published sentences tested against the table: verdict, deciding rows, and what other sources make of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from agency.matrix.view import View
from agency.measures.evaluator import Evaluator, prepare
from agency.measures.fragility import Fragility, fragilities

if TYPE_CHECKING:
    from agency.measures.claimlogic import Truth
    from agency.measures.claimmodel import Claim
    from agency.table.model import Table


@dataclass(frozen=True)
class ClaimResult:
    """What the coded evidence says of a claim."""

    claim: Claim
    verdict: str
    """supported, contradicted, mixed or undetermined."""
    cases: Mapping[str, Truth]
    """Truth of each case, by project; None is unknown."""
    unknown_cells: tuple[tuple[str, str], ...]
    """Cells in scope of which the holder is not kneverything."""
    rows: tuple[int, ...]
    """Positions (in `Table.rows`) of the rows that decide the cases."""
    fragility: Fragility
    by_source: Mapping[str, str]
    """Verdict when only one source counts, for every source of the table."""
    without_own_source: str
    """Verdict without the claim's own source."""


def judge_claims(table: Table, claims: Sequence[Claim], view: View | None = None) -> tuple[ClaimResult, ...]:
    """Test claims against a table.

    Parameters
    ----------
    table
        A sound table.
    claims
        As read by `agency.measures.claimfile.read_claims`.
    view
        Rules of rank, alleged rows and boundary; default the default view. Its selection and mode are not looked
        at: a claim brings its own scope.

    Returns
    -------
    tuple of ClaimResult
        In the order of the claims.

    Examples
    --------
    >>> import agency
    >>> from agency.measures.claimmodel import Claim, Condition
    >>> local = Condition("holders", holders="only", by="origin", among=("local",))
    >>> claim = Claim("operation", "Local actors operate both.", "vilaseoane2024", local,
    ...               projects=("ECU 911", "JSeI"), phases=("operation",))
    >>> judge_claims(agency.load().data, [claim])[0].verdict
    'supported'
    """
    rules = replace(view or View(), projects=(), phases=(), countries=(), mode="static", year=None, min_phases=0)
    everything = Evaluator(table, rules)
    sources = sorted({*table.rows["source"]}) if not rules.sources else list(rules.sources)
    single = {source: Evaluator(table, replace(rules, sources=(source,))) for source in sources}
    others = {
        own: Evaluator(table, replace(rules, sources=tuple(s for s in sources if s != own) or ("",)))
        for own in dict.fromkeys(claim.source for claim in claims)
    }
    prepare([everything, *single.values(), *others.values()], claims)
    found = fragilities(everything, claims)
    return tuple(
        ClaimResult(
            claim=claim,
            verdict=everything.verdict(claim),
            cases=everything.cases(claim),
            unknown_cells=everything.unknown_cells(claim),
            rows=everything.rows(claim),
            fragility=found[number],
            by_source={source: single[source].verdict(claim) for source in sources},
            without_own_source=others[claim.source].verdict(claim),
        )
        for number, claim in enumerate(claims)
    )
