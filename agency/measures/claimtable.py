"""Results of claims as a frame and as a document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from agency.about import METHOD_VERSION, __version__
from agency.measures.claimlogic import WORDS
from agency.measures.fragility import LIMIT

if TYPE_CHECKING:
    import pandas as pd

    from agency.measures.celledits import Change
    from agency.measures.claims import ClaimResult
    from agency.table.model import Table


def claims_frame(table: Table, results: Sequence[ClaimResult]) -> pd.DataFrame:
    """Return one line per claim.

    Parameters
    ----------
    table
        The table the claims were tested on.
    results
        As `agency.measures.claims.judge_claims` returns them.

    Returns
    -------
    pandas.DataFrame
        id, text, source, locator, quote, quantifier, verdict; true, false, unknown (projects joined by ``; ``);
        fragility (``1``, ``2``, ``3`` or ``more than 3``), becomes, changes; without_own_source; one column
        ``by_source.KEY`` for each source; lines (of the deciding rows).

    Examples
    --------
    >>> import agency
    >>> from agency.measures.claimmodel import Claim, Condition
    >>> from agency.measures.claims import judge_claims
    >>> table = agency.load().data
    >>> condition = Condition("same_actor", among=("initiation", "operation"))
    >>> claim = Claim("owner", "Who asked also runs it.", "vilaseoane2024", condition, projects=("ECU 911", "JSeI"))
    >>> claims_frame(table, judge_claims(table, [claim])).loc[0, ["verdict", "true", "false"]].tolist()
    ['mixed', 'JSeI', 'ECU 911']
    """
    import pandas as pd

    records = []
    for result in results:
        claim = result.claim
        records.append(
            {
                "id": claim.id,
                "text": claim.text,
                "source": claim.source,
                "locator": claim.locator,
                "quote": claim.quote,
                "quantifier": claim.quantifier + (f" {claim.n}" if claim.n else ""),
                "verdict": result.verdict,
                **{word: "; ".join(n for n, t in result.cases.items() if t is truth) for truth, word in WORDS.items()},
                "fragility": result.fragility.text,
                "becomes": result.fragility.becomes,
                "changes": "; ".join(change_text(table, change) for change in result.fragility.changes),
                "without_own_source": result.without_own_source,
                **{f"by_source.{source}": verdict for source, verdict in result.by_source.items()},
                "lines": " ".join(str(line) for line in table.rows.loc[list(result.rows), "line"]),
            }
        )
    return pd.DataFrame(records)


def claims_document(table: Table, results: Sequence[ClaimResult]) -> dict[str, Any]:
    """Return what ``agency claims -f json`` prints.

    Returns
    -------
    dict
        ``method`` and ``claims``, a list of id, text, source, locator, quote, quantifier, n, ``verdict``, ``cases``
        (project to true, false or unknown), ``unknown_cells``, ``rows`` (that decide), ``fragility`` (1, 2, 3 or
        ``more than 3``), ``fragility_rows`` (one such set of changes), ``becomes``, ``by_source`` and
        ``without_own_source``.
    """
    return {
        "method": {
            "version": METHOD_VERSION,
            "mode": "static; by year where a claim names years",
            "rank": "best",
            "fragility": f"fewest rows removed, or changed in origin or status; exhaustive to {LIMIT} rows",
            "data_sha256": table.sha256,
            "package_version": __version__,
        },
        "claims": [_entry(table, result) for result in results],
    }


def change_text(table: Table, change: Change) -> str:
    """Return a change of a row in words: ``line 28 removed (ECU 911, implementation, Local firms)``."""
    row = table.rows.loc[change.row]
    names = ", ".join(str(row[name]) for name in ("project", "phase", "holder") if row[name])
    return f"line {row['line']} {change.what} ({names})"


def _entry(table: Table, result: ClaimResult) -> dict[str, Any]:
    claim, fragility = result.claim, result.fragility
    return {
        "id": claim.id,
        "text": claim.text,
        "source": claim.source,
        "locator": claim.locator,
        "quote": claim.quote,
        "quantifier": claim.quantifier,
        **({"n": claim.n} if claim.n else {}),
        "verdict": result.verdict,
        "cases": {project: WORDS[truth] for project, truth in result.cases.items()},
        "unknown_cells": [list(cell) for cell in result.unknown_cells],
        "rows": [_row(table, row) for row in result.rows],
        "fragility": fragility.rows or fragility.text,
        "fragility_rows": [{**_row(table, change.row), "change": change.what} for change in fragility.changes],
        "becomes": fragility.becomes or None,
        "by_source": dict(result.by_source),
        "without_own_source": result.without_own_source,
    }


def _row(table: Table, row: int) -> dict[str, Any]:
    found = table.rows.loc[row].to_dict()
    names = ("project", "phase", "origin", "status", "source", "locator", "quote")
    return {"line": int(found["line"]), "actor": found["holder"], **{name: str(found[name]) for name in names}}
