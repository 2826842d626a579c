"""How far coders who read the same passages agree."""

from __future__ import annotations

from agency.agreement.alpha import reading
from agency.agreement.codings import Coding
from agency.agreement.decisions import Decisions, read_decisions, refuse_lost
from agency.agreement.disagreements import (
    ON,
    Agreement,
    Disagreement,
    Reliability,
    agreement,
    agreement_document,
    passages,
)

__all__ = [
    "ON",
    "Agreement",
    "Coding",
    "Decisions",
    "Disagreement",
    "Reliability",
    "agreement",
    "agreement_document",
    "passages",
    "read_decisions",
    "reading",
    "refuse_lost",
]
