"""How far coders who read the same passages agree."""

from __future__ import annotations

from agency.agreement.alpha import reading
from agency.agreement.codings import (
    DECIDED,
    DOUBLE_CODING,
    Coding,
    Codings,
    Decisions,
    codings,
    read_decisions,
    refuse_lost,
)
from agency.agreement.disagreements import (
    BY_COLUMN,
    ON,
    Agreement,
    Disagreement,
    Reliability,
    agreement,
    agreement_document,
    agreement_frame,
    agreement_if_any,
)

__all__ = [
    "BY_COLUMN",
    "DECIDED",
    "DOUBLE_CODING",
    "ON",
    "Agreement",
    "Coding",
    "Codings",
    "Decisions",
    "Disagreement",
    "Reliability",
    "agreement",
    "agreement_document",
    "agreement_frame",
    "agreement_if_any",
    "codings",
    "read_decisions",
    "reading",
    "refuse_lost",
]
