"""Figures of the report: drawn once, embedded as pictures, written as files."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Final

from agency.report.blocks import FigureBlock

if TYPE_CHECKING:
    from agency.figures.canvas import Drawing
    from agency.matrix.cellmodel import CellTable
    from agency.matrix.matrix import Matrix
    from agency.report.material import Material

_SINGLE: Final = 3
"""Up to this many projects fit one journal column of 90 mm; more take the page's 190 mm."""
_PIXELS: Final = 96


def matrix_drawing(cells: CellTable) -> Drawing | None:
    """Return the heatmap of the cells, or None when there are too many projects (or none) to draw."""
    from agency.figures.matrix import MATRIX_LIMIT, draw_matrix
    from agency.figures.style import FigureStyle, width_mm

    if not 0 < len(cells.projects) <= MATRIX_LIMIT:
        return None
    return draw_matrix(
        cells, style=FigureStyle(width_mm=width_mm("single" if len(cells.projects) <= _SINGLE else "double"))
    )


def composition_drawing(matrix: Matrix) -> Drawing | None:
    """Return the composition bars, or None when there are too many projects (or none with a phase) to draw."""
    from agency.figures.composition import composition_parts, draw_composition
    from agency.figures.matrix import MATRIX_LIMIT
    from agency.figures.style import FigureStyle, width_mm

    if not 0 < len(composition_parts(matrix)) <= MATRIX_LIMIT:
        return None
    return draw_composition(matrix, style=FigureStyle(width_mm=width_mm("double")))


def figure_block(drawing: Drawing, material: Material, *, described_by: str = "") -> FigureBlock:
    """Return a drawing as a picture in the page: SVG within the file, with its words.

    Parameters
    ----------
    drawing
        What was drawn.
    material
        What it was made from, for the figure's own metadata.
    described_by
        Id of the table that says the same; without it the long description stands below the figure.
    """
    from agency.figures.saving import figure_bytes, provenance

    content = figure_bytes(drawing, "svg", provenance(material.table, material.view))
    width, height = (round(inches * _PIXELS) for inches in drawing.figure.get_size_inches())
    return FigureBlock(
        data=f"data:image/svg+xml;base64,{base64.b64encode(content).decode('ascii')}",
        alt=drawing.alt_short,
        caption=f"{drawing.title}. For print: {drawing.name}.svg, .pdf and .png in the folder figures.",
        long="" if described_by else drawing.alt_long,
        described_by=described_by,
        width=width,
        height=height,
    )


def figure_files(drawings: tuple[Drawing, ...], material: Material) -> dict[str, bytes]:
    """Return the drawings as SVG, PDF and PNG by their path in the folder."""
    from agency.figures.saving import FORMATS, figure_bytes, provenance

    made_from = provenance(material.table, material.view)
    return {
        f"figures/{drawing.name}.{kind}": figure_bytes(drawing, kind, made_from)
        for drawing in drawings
        for kind in FORMATS
    }
