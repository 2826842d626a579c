"""The matrix of many projects: projects as rows, phases as columns, origins only; names are in the register."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from agency.figures.cellplan import Holding, empty_area, part_holdings
from agency.figures.surface.alt import matrix_long, matrix_short
from agency.figures.surface.canvas import Box, Canvas, Drawing, available_width, open_canvas
from agency.figures.surface.fitting import Fitted, fit, longest_word
from agency.figures.surface.frame import LEGEND_TAIL
from agency.figures.surface.marks import ALLEGED, CONTESTED, JOIN, JOINT, LISTED, PERIODS, Glyph, plan_legend
from agency.figures.surface.palette import palette_notices
from agency.figures.surface.style import FigureStyle, figure_context

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from agency.resolve import Cell, CellTable

_ROW, _GAP, _STRIP_GAP, _MARGIN = 3.3, 0.6, 0.4, 0.5
_LEAST_BAND, _WORD = 1.1, 2.8
_STUB_SHARES, _STUB_MOST, _BEFORE_LEGEND, _AFTER_HEAD = (0.3, 0.26, 0.22), 60.0, 3.5, 1.2


def draw_overview(
    cells: CellTable, *, style: FigureStyle, ax: Axes | None = None, figure: Figure | None = None, name: str = "matrix"
) -> Drawing:
    """Draw projects by phases with a small cell each, filled by origin, without names.

    Periods stand side by side, joint holders are stacked, as in the matrix with names.

    Parameters
    ----------
    cells
        What to draw, in its order.
    style
        Width, fonts, text sizes.
    ax, figure
        Where to draw; default a new figure.
    name
        Prefix of the ids of the drawn parts.
    """
    with figure_context(style):
        width = available_width(style, ax, figure)
        names, stub, column, heads = _columns(cells, width, style)
        upright = not all(head.whole for head in heads)
        if upright:
            heads = [fit(phase.short, 1000.0, style) for phase in cells.phases]
        top = _MARGIN + _AFTER_HEAD + max(head.width + 0.5 if upright else head.height for head in heads)
        rows = [_row_height(cells, project.key, label) for project, label in zip(cells.projects, names, strict=True)]
        bottom = top + sum(rows) + _GAP * (len(rows) - 1)
        order = (*(origin.key for origin in cells.codebook.origins), *LEGEND_TAIL)
        legend = plan_legend(_glyphs(cells), order, width - 2 * _MARGIN, style)
        canvas = open_canvas(name, style, bottom + _BEFORE_LEGEND + legend.height + _MARGIN, ax, figure)
        for number, head in enumerate(heads):
            box = Box(_MARGIN + stub + number * column, _MARGIN, column - _GAP, top - _AFTER_HEAD - _MARGIN)
            if upright:
                canvas.upright(box, head)
            else:
                canvas.text(Box(box.x, box.bottom - head.height, box.width, head.height), head)
        y = top
        for line, project in enumerate(cells.projects):
            canvas.text(Box(_MARGIN, y, stub, rows[line]), names[line], align="left")
            for number, phase in enumerate(cells.phases):
                box = Box(_MARGIN + stub + number * column, y, column - _GAP, rows[line])
                _draw_cell(canvas, cells, cells.cell(project.key, phase.key), box, f"c{number}-{line}")
            y += rows[line] + _GAP
        legend.draw(canvas, _MARGIN, bottom + _BEFORE_LEGEND)
    return canvas.drawing(
        title=f"Who held which phase of {len(cells.projects)} projects",
        alt_short=matrix_short(cells),
        alt_long=matrix_long(cells),
        notices=palette_notices(cells.codebook),
    )


def _columns(cells: CellTable, width: float, style: FigureStyle) -> tuple[list[Fitted], float, float, list[Fitted]]:
    """Return project names and phase headings: names wrap rather than that headings have to stand upright."""
    for share in _STUB_SHARES:
        names = [fit(project.key, min(share * width, _STUB_MOST), style) for project in cells.projects]
        stub = max(label.width for label in names) + 1.5
        column = (width - 2 * _MARGIN - stub) / len(cells.phases)
        heads = _heads(cells, column - _GAP, style)
        if all(head.whole for head in heads):
            break
    return names, stub, column, heads


def _heads(cells: CellTable, width: float, style: FigureStyle) -> list[Fitted]:
    """Return the phase headings set across, all in one size."""
    widest = max(longest_word(phase.short, style) for phase in cells.phases)
    size = style.size if widest * style.size / style.least <= width else style.least
    return [fit(phase.short, width, style, size=size) for phase in cells.phases]


def _strips(cells: CellTable, cell: Cell) -> list[list[Holding]]:
    """Return what a cell shows: periods from left to right, in each its joint holders."""
    empty = LISTED if cell.listed else empty_area(cell)
    strips = [part_holdings(part, cells.codebook, strong=True) for part in cell.parts]
    return strips or [[Holding(empty, ())]]


def _row_height(cells: CellTable, project: str, label: Fitted) -> float:
    """Return the height of a row: every joint holder stays visible."""
    most = max(len(holdings) for phase in cells.phases for holdings in _strips(cells, cells.cell(project, phase.key)))
    return max(_ROW, label.height + 0.2, most * (_LEAST_BAND + JOIN))


def _draw_cell(canvas: Canvas, cells: CellTable, cell: Cell, box: Box, gid: str) -> None:
    strips = _strips(cells, cell)
    wide = (box.width - _STRIP_GAP * (len(strips) - 1)) / len(strips)
    for number, holdings in enumerate(strips):
        high = (box.height - JOIN * (len(holdings) - 1)) / len(holdings)
        for position, holding in enumerate(holdings):
            place = Box(box.x + number * (wide + _STRIP_GAP), box.y + position * (high + JOIN), wide, high)
            holding.shown.draw(canvas, place, gid=f"{gid}-p{number}-h{position}")
            if high >= _WORD:
                holding.area.write_word(canvas, place)
    if cell.agreement == "contested":
        CONTESTED.draw(canvas, box)


def _glyphs(cells: CellTable) -> Iterator[Glyph]:
    for cell in cells.shown:
        strips = _strips(cells, cell)
        for holdings in strips:
            yield from (holding.area for holding in holdings)
            if len(holdings) > 1:
                yield JOINT
            if any(holding.alleged for holding in holdings):
                yield ALLEGED
        if len(strips) > 1:
            yield PERIODS
        if cell.agreement == "contested":
            yield CONTESTED
