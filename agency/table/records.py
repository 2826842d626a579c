"""`Records`: what a reader hands on, the same from CSV, workbook and DataFrame. All cells are text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agency.table.problems import Finding


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


class UnreadableError(Exception):
    """Reading a file cannot go on; carries the findings that say why."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__(findings[0].code)
        self.findings = findings
