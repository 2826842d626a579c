"""What is wrong in files of references: a light record, and the one place where it becomes a finding of the package."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agency.table.problems import Finding

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


@dataclass(frozen=True)
class Kind:
    """One kind of fault, as in `findings.toml`."""

    group: str
    code: str
    severity: str
    title: str
    template: str
    expected: str
    fix: str


@cache
def kinds() -> Mapping[str, Kind]:
    """Return every kind of fault by its code.

    Examples
    --------
    >>> kinds()["reference-syntax"].severity
    'error'
    """
    text = (resources.files("agency.references") / "findings.toml").read_text("utf-8")
    return MappingProxyType({entry["code"]: Kind(**entry) for entry in tomllib.loads(text)["kind"]})


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
    named = [f"{fault.key} (line {fault.line})" if fault.line else fault.key for fault in entries[:SHOWN]]
    rest = len(entries) - len(named)
    found = ", ".join([*named, *([f"and {rest} more"] if rest else [])])
    return Fault("reference-unused", file, entries[0].line, found=found)


def as_finding(fault: Fault) -> Finding:
    """Return a fault as a finding of the package, with its key in front of what was found."""
    from agency.table.problems import Finding

    kind = kinds()[fault.code]
    found = f"{fault.key}: {fault.found}" if fault.key and fault.found else fault.key or fault.found
    return Finding(
        fault.file,
        fault.line,
        fault.row or fault.line,
        fault.column,
        fault.code,
        kind.severity,  # type: ignore[arg-type]
        found,
        fault.expected or kind.expected,
        fault.fix or kind.fix,
    )


def at(fault: Fault, line: int) -> Fault:
    """Return the fault at another line."""
    return replace(fault, line=line)
