"""What the report says: from the material to the page and the files beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agency.findings import summary
from agency.report.backparts import methods_part, problems_part, references, register_part, sources_part
from agency.report.figureparts import groups_part, timeline_part
from agency.report.matrixpart import table_part
from agency.report.methods import counting_rule, methods_paragraph, reading
from agency.report.numberparts import (
    comparison_part,
    composition_part,
    indicators_part,
    regularities_part,
    robustness_part,
    uncounted_part,
)
from agency.report.page import Fact, Page
from agency.report.register import Register, build_register
from agency.report.sourceparts import agreement_part, claims_part, sources_apart
from agency.words import counted, in_words, listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from agency.report.part import Material, ReportPart
    from agency.resolve import CellTable


@dataclass(frozen=True)
class Content:
    """The page and what is written beside it."""

    page: Page
    parts: tuple[ReportPart, ...]
    methods: str
    references: tuple[str, ...]


def build_content(material: Material, progress: Callable[[str], None]) -> Content:
    """Return everything the report shows and writes.

    Parameters
    ----------
    material
        The table as it is selected.
    progress
        Called with what is done next.
    """
    entries = references(material)
    anchors = {key: entry.anchor for key, entry in entries.items()}
    progress("cells and evidence")
    register = build_register(material.cells, material.everything, material.table.short_form, anchors)
    numbers: tuple[tuple[str, Callable[[], ReportPart | None]], ...] = (
        ("countries", lambda: groups_part(material)),
        ("composition", lambda: composition_part(material)),
        ("indicators", lambda: indicators_part(material)),
        ("comparison", lambda: comparison_part(material)),
        ("regularities", lambda: regularities_part(material)),
    )
    unnumbered = (("numbers", lambda: uncounted_part(material)),)
    steps: tuple[tuple[str, Callable[[], ReportPart | None]], ...] = (
        ("table", lambda: table_part(material, register)),
        *(numbers if material.counted else unnumbered),
        ("timeline", lambda: timeline_part(material)),
        ("sources", lambda: sources_apart(material, register.group_anchors)),
        *((("robustness", lambda: robustness_part(material)),) if material.counted else ()),
        ("agreement of coders", lambda: agreement_part(material)),
        ("claims", lambda: claims_part(material)),
        ("evidence", lambda: register_part(material, register)),
        ("problems", lambda: problems_part(material)),
        ("methods", lambda: methods_part(material)),
        ("bibliography", lambda: sources_part(entries)),
    )
    parts = []
    for name, make in steps:
        progress(name)
        part = make()
        if part is not None:
            parts.append(part)
    sections = tuple(part.section for part in parts if part.section is not None)
    return Content(
        Page(_title(material.cells), _lede(material.cells, register), _facts(material, register), sections),
        tuple(parts),
        methods_paragraph(material),
        tuple(entry.text for entry in dict.fromkeys(entries.values())),
    )


def _title(cells: CellTable) -> str:
    names = [head.key for head in cells.projects]
    if len(names) <= 2:
        return f"Who holds what in {listed(names)}"
    return f"Who holds what in {in_words(len(names))} technology projects"


def _lede(cells: CellTable, register: Register) -> str:
    what = "this project" if len(cells.projects) == 1 else "these projects"
    phases = "its one phase" if len(cells.phases) == 1 else f"each of {in_words(len(cells.phases))} phases"
    return (
        f"The table names, for {phases}, the actors who held {what} and where they come from. Every name opens the "
        f"passages it rests on: {counted('{n} statement', '{n} statements', register.size)}, each with its source."
    )


def _facts(material: Material, register: Register) -> tuple[Fact, ...]:
    facts = material.facts
    sources = {one.source for project in register.projects for cell in project.cells for one in cell.statements}
    extent = (
        f"{counted('{n} statement', '{n} statements', register.size)} on "
        f"{counted('{n} project', '{n} projects', len(register.projects))} from "
        f"{counted('{n} source', '{n} sources', len(sources))}"
    )
    found = summary(material.table.findings)
    rule = f"{counting_rule(material.view)}; {reading(material.view)}"
    return (
        Fact("Data file", facts.table, hash=f"SHA-256 {facts.sha256}"),
        Fact("Extent", extent, "evidence"),
        Fact("Counting rule", _sentence(rule), "methods"),
        Fact("Problems found", _sentence(found), "problems"),
        *([Fact("Date", facts.date)] if facts.date else []),
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
