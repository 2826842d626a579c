"""The last sections: evidence register, problems found, methods, sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agency.report.blocks import MethodsBlock, Reference, ReferencesBlock, RegisterBlock, Section, SheetBlock
from agency.report.methods import methods_paragraph
from agency.report.part import Part
from agency.report.problems import problem_sheet
from agency.report.words import count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agency.report.material import Material
    from agency.report.register import Register


def register_part(material: Material, register: Register) -> Part:
    """Return every statement on the selected projects."""
    hidden = [project for project in register.projects if not project.shown]
    title = f"Not in the table: {count(len(hidden), 'project')}" if hidden else ""
    intro = (
        f"Every statement on the selected projects, in the words of its source. Numbers are lines of "
        f"{material.table.name}. “In the table” stands behind a name above; “not used” is outranked or deprecated."
    )
    return Part(Section("evidence", "Evidence register", (intro,), (RegisterBlock(register, title),)))


def problems_part(material: Material) -> Part:
    """Return what the check of the table found."""
    findings = material.table.findings
    if not findings:
        return Part(Section("problems", "Problems found", ("The check of the table found no problems.",), ()))
    return Part(Section("problems", "Problems found", (), (SheetBlock(problem_sheet(findings)),)))


def methods_part(material: Material) -> Part:
    """Return the methods paragraph."""
    intro = "Generated from the data and the rules in force; ready to paste."
    return Part(Section("methods", "Methods", (intro,), (MethodsBlock(methods_paragraph(material)),)))


def references(material: Material) -> Mapping[str, Reference]:
    """Return the bibliography of everything the register cites, by source key, in order of the alphabet."""
    known = material.table.sources
    used = {row.source for cell in material.everything.cells.values() for row in cell.evidence}
    texts = {key: known[key].reference if key in known else key for key in used}
    ordered = sorted(texts.items(), key=lambda item: (item[1].casefold(), item))
    return {key: Reference(f"s{at}", text) for at, (key, text) in enumerate(ordered)}


def sources_part(entries: Mapping[str, Reference]) -> Part:
    """Return the bibliography as a section."""
    return Part(Section("sources", "Sources", (), (ReferencesBlock(tuple(entries.values())),)))
