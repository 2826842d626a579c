"""Results of claims as a tidy frame and as a document: the same numbers, every statement with its line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from agency.claims.evidence import CASE_VERDICTS

if TYPE_CHECKING:
    from agency.claims.evidence import Case
    from agency.claims.verdicts import ClaimResult
    from agency.resolve import Resolved

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
_WITHOUT = ("without_own_source", "without_own_source_open")
_COLUMNS = (*_OF_CLAIM, "verdict", *_NUMBERS, *_WITHOUT, *_LISTS, *_WORDS)
_SHOWN = ("project", "phase", "actor", "origin", "status", "scope", "source", "confidence", "rank", "quote")


def claims_frame(resolved: Resolved, results: Sequence[ClaimResult]) -> pd.DataFrame:
    """Return a row per claim, nothing rounded.

    Returns
    -------
    pandas.DataFrame
        id, source, reported_by, kind, quantifier, verdict; numbers of cases: cases, known, one column per verdict of a
        case, supported_open and contradicted_open (of these, decided by silence), left_out (by ``where``);
        rests_statements, rests_sources; without_own_source, without_own_source_open (silence alone decides it);
        by_source (those that are not silent), for_lines and
        against_lines (of the table), turned_by, each in one text; text, quote, locator. Numbers of cases are missing
        where nothing is tested.

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
        ``rests_on``, ``by_source``, ``without_own_source`` and ``without_own_source_open`` (silence alone decides it);
        ``data_sha256``.

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
