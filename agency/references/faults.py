"""What is wrong in files of references: a record with the key, until it is known what is cited."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from agency.findings import Finding, Place, finding
from agency.words import text

SHOWN = 5
"""Unused entries named in one warning, before "and N more"."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong with one entry; `key` is "" when it is the whole file's."""

    code: str
    file: str
    line: int = 0
    key: str = ""
    found: str = ""
    expected: str = ""
    fix: str = ""
    row: int = 0
    column: str = ""


def of_cited(faults: Iterable[Fault], cited: Collection[str]) -> list[Fault]:
    """Return the faults that matter to a table: those of cited entries and of whole files; the others in one warning.

    Parameters
    ----------
    faults
        Everything found while reading.
    cited
        Keys the table cites.

    Examples
    --------
    >>> faults = [Fault("reference-syntax", "sources.bib", 3, "a"), Fault("reference-syntax", "sources.bib", 9, "b")]
    >>> [(fault.code, fault.line, fault.found) for fault in of_cited(faults, {"a"})]
    [('reference-syntax', 3, ''), ('reference-unused', 9, 'b (line 9)')]
    """
    wanted, kept = set(cited), []
    unused: dict[str, dict[str, Fault]] = {}
    for fault in faults:
        if fault.key and fault.key not in wanted:
            unused.setdefault(fault.file, {}).setdefault(fault.key, fault)
        else:
            kept.append(fault)
    return [*kept, *(_in_one(file, list(entries.values())) for file, entries in unused.items())]


def _in_one(file: str, entries: list[Fault]) -> Fault:
    named = [
        text("{key} (line {line})", key=fault.key, line=fault.line) if fault.line else fault.key
        for fault in entries[:SHOWN]
    ]
    rest = len(entries) - len(named)
    found = ", ".join(named)
    if rest:
        found = text("{names}, and {rest} more", names=found, rest=rest)
    return Fault("reference-unused", file, entries[0].line, found=found)


def findings_of(faults: Iterable[Fault]) -> list[Finding]:
    """Return faults as findings of the package, the key of the entry in front of what was found."""
    return [
        finding(
            fault.code,
            Place(fault.file, fault.line, fault.row, fault.column),
            f"{fault.key}: {fault.found}" if fault.key else fault.found,
            expected=fault.expected,
            fix=fault.fix,
        )
        for fault in faults
    ]
