"""The catalogue of problem kinds and the record of one problem found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "information"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "information")


@dataclass(frozen=True)
class Finding:
    """One problem at one place. ``line`` is the physical line, ``row`` what a spreadsheet shows; 0 = the whole file."""

    file: str
    line: int
    row: int
    column: str
    code: str
    severity: Severity
    found: str
    expected: str
    fix: str
