"""Published sentences, put to the table."""

from __future__ import annotations

from agency.claims.file import CLAIMS_FILE, claims_of, read_claims
from agency.claims.verdicts import WORDS, ClaimResult, change_text, claims_document, claims_frame, judge_claims

__all__ = [
    "CLAIMS_FILE",
    "WORDS",
    "ClaimResult",
    "change_text",
    "claims_document",
    "claims_frame",
    "claims_of",
    "judge_claims",
    "read_claims",
]
