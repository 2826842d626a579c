"""The matrix of the report: cells as chips that lead to their evidence. Nothing here computes.

The first section: the matrix as a table, and as the figure for print.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from agency.report.figureparts import figure_block, matrix_drawing
from agency.report.part import LegendItem, MatrixBlock, ReportPart, Section, TableFile
from agency.sheets import cell_sheet
from agency.words import counted, text

if TYPE_CHECKING:
    from agency.report.part import Material
    from agency.report.register import Register
    from agency.resolve import Cell, CellTable, Holder, Part, ProjectHead

PROJECTS_ACROSS: Final = 6
"""More projects than this, and than phases, become rows."""
PAGE: Final = 50
"""Projects in one folded part of a long table."""


@dataclass(frozen=True)
class Chip:
    """A holder, or a status without one, in a cell: a block that leads to its evidence."""

    prefix: str
    """``Until 2018: `` or ``(proposed: ``."""
    text: str
    joiner: str
    """What follows on the way to the next chip: ``,``, `` and`` or ``)``."""
    style: str
    """Position of the origin in the codebook as a class name, or the status."""
    origin: str
    """Label of the origin, for those who cannot see it."""
    rows: tuple[Holder, ...]

    @property
    def target(self) -> str:
        """Id of the first statement behind it."""
        return evidence_id(self.rows[0])

    @property
    def numbers(self) -> str:
        """The lines of the statements behind it: ``16``, ``16, 18 and 20``, shortened when they are many."""
        lines = sorted(row.line for row in self.rows)
        return ", ".join(map(str, lines[:3])) + (f" +{len(lines) - 3}" if len(lines) > 3 else "")


@dataclass(frozen=True)
class CellView:
    """One cell: its chips in print order."""

    anchor: str
    chips: tuple[Chip, ...]
    agreement: str
    blank: str


@dataclass(frozen=True)
class RowView:
    """One row of the matrix with its head."""

    head: str
    detail: str
    """Country and window of a project, kind of a phase."""
    cells: tuple[CellView, ...]


@dataclass(frozen=True)
class MatrixView:
    """The table as it is laid out; `pages` are folded parts of at most 50 rows."""

    stub: str
    columns: tuple[tuple[str, str], ...]
    """Head and detail of each column."""
    pages: tuple[tuple[RowView, ...], ...]


def evidence_id(row: Holder) -> str:
    """Return the id of a statement's entry in the register."""
    return f"e{row.line}"


def origin_styles(cells: CellTable) -> dict[str, str]:
    """Return the class name of each origin: its position, because keys are the user's."""
    keys = [*(origin.key for origin in cells.codebook.origins), "unknown"]
    return {key: f"o{position}" for position, key in enumerate(keys)}


def matrix_view(cells: CellTable, anchors: Mapping[tuple[str, str], str]) -> MatrixView:
    """Return the layout of the cells: as in Table 1, or projects as rows when there are many.

    Parameters
    ----------
    cells
        What is shown.
    anchors
        Id of each cell, by project and phase.
    """
    styles = origin_styles(cells)
    projects = [(head.key, head.key, _detail(head)) for head in cells.projects]
    phases = [(phase.key, phase.label, "") for phase in cells.phases]

    def row(keys: Sequence[tuple[str, str]]) -> tuple[CellView, ...]:
        return tuple(cell_view(cells.cell(*key), anchors[key], cells, styles) for key in keys)

    if len(projects) > max(PROJECTS_ACROSS, len(phases)):
        rows = [
            RowView(label, detail, row([(key, phase) for phase, _, _ in phases])) for key, label, detail in projects
        ]
        stub, columns = "Project", phases
    else:
        rows = [RowView(label, "", row([(key, phase) for key, _, _ in projects])) for phase, label, _ in phases]
        stub, columns = "Phase", projects
    pages = tuple(tuple(rows[at : at + PAGE]) for at in range(0, len(rows), PAGE))
    return MatrixView(stub, tuple((label, detail) for _, label, detail in columns), pages)


def cell_view(cell: Cell, anchor: str, cells: CellTable, styles: Mapping[str, str]) -> CellView:
    """Return the chips of one cell."""
    labels = {key: cells.codebook.origin(key).label for key in styles}
    chips = [chip for part in cell.parts for chip in _part_chips(part, styles, labels)]
    chips += _listed_chips(cell, styles, labels)
    return CellView(anchor, tuple(chips), cell.agreement, "" if chips else cell.empty_text)


def _part_chips(part: Part, styles: Mapping[str, str], labels: Mapping[str, str]) -> list[Chip]:
    if part.status != "held":
        return [Chip(part.prefix, part.text, "", part.status, "", part.rows)]
    names = [tuple(rows) for _, rows in groupby(part.rows, key=lambda row: row.text)]
    return [
        Chip(part.prefix if at == 0 else "", rows[0].text, joiner, *_origin(rows[0], styles, labels), rows)
        for at, (rows, joiner) in enumerate(zip(names, _joiners(len(names)), strict=True))
    ]


def _listed_chips(cell: Cell, styles: Mapping[str, str], labels: Mapping[str, str]) -> list[Chip]:
    """Return what is named in brackets only, each name with all its rows."""
    chips = []
    for kind, names in cell.listed_names.items():
        for at, ((name, rows), joiner) in enumerate(zip(names.items(), _joiners(len(names)), strict=True)):
            prefix = f"({kind}: " if at == 0 else ""
            style, origin = _origin(rows[0], styles, labels)
            chips.append(Chip(prefix, name, joiner or ")", f"{style} listed", origin, rows))
    return chips


def _origin(row: Holder, styles: Mapping[str, str], labels: Mapping[str, str]) -> tuple[str, str]:
    key = row.origin or "unknown"
    return styles[key], labels[key]


def _joiners(number: int) -> list[str]:
    return [*[","] * (number - 2), *[" and"] * min(number - 1, 1), *[""] * min(number, 1)]


def _detail(head: ProjectHead) -> str:
    """Return the long name of a project where it has one, its country and window."""
    label = head.label if head.label != head.key else ""
    years = "–".join(str(year) for year in dict.fromkeys(head.window or ()))
    return ", ".join(part for part in (label, head.country.replace(";", "/"), years) if part)


def table_part(material: Material, register: Register) -> ReportPart:
    """Return the matrix, where every holder leads to its entry in the register, and its printed forms."""
    cells = material.cells
    view = matrix_view(cells, register.cell_anchors)
    block = MatrixBlock(
        view=view,
        caption=_caption(material),
        legend=_legend(cells, view),
        notes=_notes(material),
        page_names=tuple(f"{page[0].head} to {page[-1].head}" for page in view.pages),
    )
    drawing = matrix_drawing(cells)
    figures = () if drawing is None else (drawing,)
    blocks = (block, *(figure_block(one, material, described_by="table") for one in figures))
    sheet = cell_sheet(cells, sources=material.table.sources, year=material.view.year)
    raw = cell_sheet(cells, sources=material.table.sources, year=material.view.year, transpose=False)
    return ReportPart(
        Section("table", "Who held which phase", (), blocks), (TableFile("actors-by-phase", sheet, raw),), figures
    )


def _caption(material: Material) -> str:
    what = f"Actors by phase in {counted('{n} project', '{n} projects', len(material.cells.projects))}"
    year = material.view.year
    if year is not None:
        what += ", at the end of each window" if year == "end" else f", as of {year}"
    return f"{what}. Each name opens its evidence; the small number is its line in {material.table.name}."


def _legend(cells: CellTable, view: MatrixView) -> tuple[LegendItem, ...]:
    """Return what occurs, in the order of the codebook."""
    used = {chip.style for page in view.pages for row in page for cell in row.cells for chip in cell.chips}
    labels = [*(origin.label for origin in cells.codebook.origins), "Origin unknown"]
    items = [LegendItem(f"o{at}", label) for at, label in enumerate(labels) if f"o{at}" in used]
    statuses = {"negotiating": "Under negotiation", "vacant": "Nobody (vacant)", "not_applicable": "Not applicable"}
    items += [LegendItem(status, label) for status, label in statuses.items() if status in used]
    if any(style.endswith(" listed") for style in used):
        items.append(LegendItem("listed", "Named only (proposed, alleged or in support), not counted"))
    return tuple(items)


def _notes(material: Material) -> tuple[str, ...]:
    cells = material.cells
    notes = ["Joint holders stand below one another; periods follow in order of time."]
    if any(cell.blank == "not_coded" for cell in cells.shown):
        notes.append(text("“Not coded”: no source says who held the phase; it is unknown, not empty."))
    if any(cell.blank == "unknown" for cell in cells.shown):
        notes.append(text("“Unknown”: what the sources say speaks of years outside those shown."))
    contested = sum(cell.agreement == "contested" for cell in cells.shown)
    if contested:
        notes.append(
            counted(
                "§ {n} of {all} cells contested: two sources contradict each other.",
                "§ {n} of {all} cells contested: in each, two sources contradict each other.",
                contested,
                all=f"{len(cells.shown):,}",
            )
        )
    return (*notes, *material.resolved.remarks)
