"""The findings of the check as a table: a repeated mistake in one row.

The last sections: evidence register, problems found, methods, sources.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agency.findings import SHOWN, in_order, summary
from agency.formats import Sheet, plain
from agency.references import Piece, first_keys, keyed_bibliography
from agency.report.methods import methods_paragraph
from agency.report.part import MethodsBlock, Reference, ReferencesBlock, RegisterBlock, ReportPart, Section, SheetBlock
from agency.words import text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from agency.findings import Finding
    from agency.formats import Entry
    from agency.report.part import Material
    from agency.report.register import Register


def problem_sheet(findings: Sequence[Finding]) -> Sheet:
    """Return the findings as a table: severity, where, what was found and what to do.

    Findings that say the same are one row with their first five lines; of different findings of one kind in one
    column, the first five rows are shown and the rest is counted.
    """
    kinds: dict[tuple[str, ...], dict[tuple[str, ...], list[Finding]]] = {}
    for finding in in_order(findings):
        kind = kinds.setdefault((finding.severity, finding.file, finding.code, finding.column), {})
        kind.setdefault((finding.found, finding.expected, finding.fix), []).append(finding)
    rows = []
    for same in kinds.values():
        groups = list(same.values())
        rows += [_row(group) for group in groups[:SHOWN]]
        rest = [finding for group in groups[SHOWN:] for finding in group]
        if rest:
            rows.append(_rest(rest))
    return Sheet(
        caption=f"What the check of the table found: {summary(findings)}. With errors there would be no report.",
        label="problems-found",
        columns=("Severity", "Where", "Column", "Found", "What to do"),
        rows=tuple(rows),
    )


def _row(group: list[Finding]) -> tuple[Entry, ...]:
    first = group[0]
    lines = [str(finding.line) for finding in group if finding.line]
    more = f" and {len(lines) - SHOWN:,} more" if len(lines) > SHOWN else ""
    place = f"{first.file}, line {', '.join(lines[:SHOWN])}{more}" if lines else first.file
    texts = (first.severity, place, first.column, first.message, first.fix)
    return tuple(plain(text) for text in texts)


def _rest(rest: list[Finding]) -> tuple[Entry, ...]:
    first = rest[0]
    texts = (first.severity, first.file, first.column, f"and {len(rest):,} more of this kind", "agency check --all")
    return tuple(plain(text) for text in texts)


def register_part(material: Material, register: Register) -> ReportPart:
    """Return every statement on the selected projects."""
    hidden = [project for project in register.projects if not project.shown]
    title = text("Not in the table: {n} of {all} projects", n=len(hidden), all=len(register.projects)) if hidden else ""
    intro = (
        f"Every statement on the selected projects, in the words of its source. Numbers are lines of "
        f"{material.table.name}. Behind each stands whether the table names it, and if not, why."
    )
    return ReportPart(Section("evidence", "Evidence register", (intro,), (RegisterBlock(register, title),)))


def problems_part(material: Material) -> ReportPart:
    """Return what the check of the table found."""
    findings = material.table.findings
    if not findings:
        return ReportPart(Section("problems", "Problems found", ("The check of the table found no problems.",), ()))
    return ReportPart(Section("problems", "Problems found", (), (SheetBlock(problem_sheet(findings)),)))


def methods_part(material: Material) -> ReportPart:
    """Return the methods paragraph."""
    intro = "Generated from the data and the rules in force; ready to paste."
    return ReportPart(Section("methods", "Methods", (intro,), (MethodsBlock(methods_paragraph(material)),)))


def references(material: Material) -> Mapping[str, Reference]:
    """Return the bibliography of everything the register cites, by source key, in order of the alphabet."""
    table = material.table
    evidence = {row.source for cell in material.everything.cells.values() for row in cell.evidence}
    # The letters of the whole table, as everywhere in the report; of two keys of one work, one entry.
    first = first_keys(table.cited, table.sources)
    shown = {first.get(key, key) for key in evidence}
    printed = [(key, entry) for key, entry in keyed_bibliography(table.sources, table.cited) if key in shown]
    printed += [(key, (Piece(key),)) for key in sorted(evidence - set(first))]
    entries = {key: Reference(f"s{at}", entry) for at, (key, entry) in enumerate(printed)}
    return entries | {key: entries[first[key]] for key in sorted(evidence - set(entries))}


def sources_part(entries: Mapping[str, Reference]) -> ReportPart:
    """Return the bibliography as a section."""
    return ReportPart(Section("sources", "Sources", (), (ReferencesBlock(tuple(dict.fromkeys(entries.values()))),)))
