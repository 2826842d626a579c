"""`Records`: the cells of a file as text, with the line and row of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agency.findings import Finding

if TYPE_CHECKING:
    pass


@dataclass(frozen=True)
class Records:
    """Header and records of one file, each record with the places where a person finds it."""

    file: str
    header: tuple[str, ...]
    """Column names as written, spaces trimmed."""
    header_line: int
    columns: Sequence[Sequence[str]]
    """The cells, a sequence per column of the header."""
    lines: Sequence[int]
    """Physical line each record starts on."""
    rows: Sequence[int]
    """Row as a spreadsheet shows it (header = 1 when it is the first)."""
    findings: tuple[Finding, ...] = ()
    assumed: str = ""
    """The separator, or what else was assumed, in words; empty when nothing was."""
