"""What the page says, in order: from the material to the views of its sections."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from agency.formats import Note, render_sheet
from agency.report.appendix import appendix_view, references
from agency.report.beside import changes_table, claims_table, indicators_table, matrix_table, statements_table
from agency.report.brief import BriefView, brief_view
from agency.report.changes import changes_view
from agency.report.claims import claims_view
from agency.report.disputes import disputes_view, silence_view, sureness_view
from agency.report.material import MANY
from agency.report.matrix import matrix_view
from agency.report.register import Register, build_register
from agency.words import counted, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from agency.formats import Sheet
    from agency.report.material import Material, TableFile

_AS_IT_IS = " !$()*+,/:;=?@[]^`{|}"
"""Signs that stand as they are in the address of a table: neither it nor HTML gives them a meaning."""


@dataclass(frozen=True)
class Section:
    """A numbered section: the template that shows its view."""

    anchor: str
    title: str
    view: Any


@dataclass(frozen=True)
class Download:
    """A table within the page, to be saved as a file."""

    name: str
    label: str
    data: str
    """Data URI."""


@dataclass(frozen=True)
class Content:
    """Everything on the page."""

    brief: BriefView
    sections: tuple[Section, ...]
    register: Register
    downloads: tuple[Download, ...]
    references: tuple[str, ...]


def build_content(material: Material, progress: Callable[[str], None]) -> Content:
    """Return everything the page shows.

    Parameters
    ----------
    material
        The table as it is selected.
    progress
        Called with what is done next.
    """
    page = material.page
    entries = references(page)
    progress(text("cells and evidence"))
    register = build_register(page, {key: entry.anchor for key, entry in entries.items()})
    steps: tuple[tuple[str, str, Callable[[], Any]], ...] = (
        ("since", text("Since the earlier version"), lambda: _since(material)),
        ("matrix", text("Who holds what"), lambda: matrix_view(page, material.unshown)),
        ("changes", text("What changed"), lambda: changes_view(page, most=MANY)),
        ("disputes", text("What sources dispute"), lambda: disputes_view(page, register)),
        ("silence", text("What nobody says"), lambda: silence_view(page)),
        ("sureness", text("How sure"), lambda: sureness_view(page)),
        ("claims", text("Claims"), lambda: claims_view(material, register)),
        ("evidence", text("Evidence"), lambda: _evidence(register, material.unshown)),
        ("appendix", text("Appendix"), lambda: appendix_view(material, entries)),
    )
    progress(text("in brief"))
    brief = brief_view(material)
    sections = []
    for anchor, title, make in steps:
        progress(title.lower())
        view = make()
        if view is not None:
            sections.append(Section(anchor, title, view))
    return Content(
        brief,
        tuple(sections),
        register,
        tuple(_downloads(material)),
        tuple(entry.text for entry in dict.fromkeys(entries.values())),
    )


@dataclass(frozen=True)
class EvidenceView:
    """The register with its heading of the projects that the matrix folds."""

    intro: str
    hidden_title: str


def _evidence(register: Register, unshown: str) -> EvidenceView:
    hidden = sum(not project.shown for project in register.projects)
    return EvidenceView(
        counted(
            "The {n} statement on the projects shown, in the words of its source, and what becomes of it.",
            "The {n} statements on the projects shown, in the words of their sources, and what becomes of each.",
            register.size,
        )
        if unshown
        else counted(
            "The {n} statement on what is selected, in the words of its source, and what becomes of it.",
            "All {n} statements on what is selected, in the words of their sources, and what becomes of each.",
            register.size,
        ),
        counted("{n} project of which little is known", "{n} projects of which little is known", hidden)
        if hidden
        else "",
    )


@dataclass(frozen=True)
class SinceView:
    """How much changed since an earlier version, and each change."""

    counts: Sheet
    kinds: tuple[Sheet, ...]


def _since(material: Material) -> SinceView | None:
    changed = material.changed
    if changed is None:
        return None
    counts, *kinds = changed.sheets
    of_kind = changed.frame["about"].value_counts()
    shown = []
    for sheet in kinds:
        left = int(of_kind[sheet.label.removeprefix("changes-")]) - len(sheet.rows)
        said = counted(
            "{n} more is in the table of changes that can be saved from the appendix.",
            "{n} more are in the table of changes that can be saved from the appendix.",
            left,
        )
        shown.append(replace(sheet, notes=(Note("", said),) if left else ()))
    return SinceView(counts, tuple(shown))


def _downloads(material: Material) -> list[Download]:
    """Return the tables a reader can take along: the cells, the statements, the numbers, the verdicts."""
    found: list[tuple[str, TableFile | None]] = [
        (text("Who holds what"), matrix_table(material)),
        (text("Statements"), statements_table(material)),
        (text("Indicators"), indicators_table(material.page) if material.counted else None),
        (text("Claims"), claims_table(material)),
        (text("Changes"), changes_table(material)),
    ]
    return [Download(f"{table.name}.csv", label, _uri(table)) for label, table in found if table is not None]


def _uri(table: TableFile) -> str:
    # Base64 is a third longer than its text, of which few signs have to be escaped.
    return f"data:text/csv;charset=utf-8,{quote(str(render_sheet(table.data, 'csv')), safe=_AS_IT_IS)}"
