"""Published sentences, put to the statements of a table."""

from __future__ import annotations

from agency.claims.claim import CLAIM_KINDS, Claim, Condition, Where
from agency.claims.evidence import CASE_VERDICTS, Case
from agency.claims.file import CLAIMS_FILE, claim_findings, claims_of, read_claims
from agency.claims.verdicts import (
    CLAIM_VERDICTS,
    ClaimResult,
    Rests,
    claims_document,
    claims_frame,
    claims_on,
    judge,
    rows_against,
    rows_for,
    turned_by,
)

__all__ = [
    "CASE_VERDICTS",
    "CLAIMS_FILE",
    "CLAIM_KINDS",
    "CLAIM_VERDICTS",
    "Case",
    "Claim",
    "ClaimResult",
    "Condition",
    "Rests",
    "Where",
    "claim_findings",
    "claims_document",
    "claims_frame",
    "claims_of",
    "claims_on",
    "judge",
    "read_claims",
    "rows_against",
    "rows_for",
    "turned_by",
]
