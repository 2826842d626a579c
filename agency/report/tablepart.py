"""The first section: the matrix as a table, and as the figure for print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agency.report.blocks import LegendItem, MatrixBlock, Section
from agency.report.matrixview import MatrixView, matrix_view
from agency.report.part import Part, TableFile
from agency.report.words import count

if TYPE_CHECKING:
    from agency.matrix.cellmodel import CellTable
    from agency.report.material import Material
    from agency.report.register import Register


def table_part(material: Material, register: Register) -> Part:
    """Return the matrix, where every holder leads to its entry in the register, and its printed forms."""
    from agency.render.cellsheet import cell_sheet
    from agency.report.figurepart import figure_block, matrix_drawing

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
    return Part(
        Section("table", "Who held which phase", (), blocks), (TableFile("actors-by-phase", sheet, raw),), figures
    )


def _caption(material: Material) -> str:
    what = f"Actors by phase in {count(len(material.cells.projects), 'project')}"
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
    if any(cell.blank == "not_coded" for cell in cells.cells.values()):
        notes.append("“Not coded”: no source says who held the phase; it is unknown, not empty.")
    contested = sum(cell.agreement == "contested" for cell in cells.cells.values())
    if contested:
        notes.append(
            f"§ {count(contested, 'cell')} contested: sources name holders of different origin, or one says held and "
            "another nobody."
        )
    return (*notes, *material.selection.notices)
