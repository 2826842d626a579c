"""The matrix figure: names in the cells for a few projects, origins only for many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agency.errors import UsageError
from agency.figures.alt import matrix_long, matrix_short
from agency.figures.canvas import Drawing, available_width, open_canvas
from agency.figures.grid import Column, plan_grid
from agency.figures.palette import check_palette
from agency.figures.style import FigureStyle, figure_context

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from agency.matrix.cellmodel import CellTable

NAMED_LIMIT = 12
"""Most projects drawn with names in the cells; more turn the matrix into projects by phases with origins only."""
MATRIX_LIMIT = 60
"""Most projects of a matrix; more are for the aggregate."""
_PAGE = 240.0


def draw_matrix(
    cells: CellTable,
    *,
    style: FigureStyle | None = None,
    ax: Axes | None = None,
    figure: Figure | None = None,
    name: str = "matrix",
) -> Drawing:
    """Draw who held which phase, in the style of Table 1.

    Up to 12 projects: phases as rows, projects as columns, holders named; up to 60: projects as rows, phases as
    columns, origins only. Periods stand side by side, earlier left, in equal widths; joint holders are stacked.

    Parameters
    ----------
    cells
        What to draw, in its order.
    style
        Width, fonts, text sizes; default 90 mm.
    ax, figure
        Where to draw; default a new figure of the style's width and the height the texts need.
    name
        Prefix of the ids of the drawn parts, for several figures in one page.

    Returns
    -------
    Drawing
        Figure, axes, parts by id, alternative texts, notices.

    Raises
    ------
    UsageError
        More than 60 projects, none at all, a font that is not installed, or axes too low for the texts.

    Examples
    --------
    >>> import agency
    >>> drawing = draw_matrix(agency.load().select(project=["ECU 911", "JSeI"]).cells)
    >>> round(drawing.figure.get_figwidth() * 25.4)
    90
    >>> drawing.alt_short
    'Heatmap of 6 phases by 2 projects (ECU 911 and JSeI); of 12 cells: Local in 8, Chinese in 6.'
    """
    from agency.figures.overview import draw_overview

    style = style or FigureStyle()
    if not cells.projects or not cells.phases:
        message = "Nothing is selected, so there is nothing to draw."
        raise UsageError(message)
    if len(cells.projects) > MATRIX_LIMIT:
        message = (
            f"A matrix shows {MATRIX_LIMIT} projects at most; here are {len(cells.projects)}. Draw the aggregate "
            "(agency figure aggregate --by country), or choose projects with -p, --country or --min-phases."
        )
        raise UsageError(message)
    if len(cells.projects) > NAMED_LIMIT:
        return draw_overview(cells, style=style, ax=ax, figure=figure, name=name)
    columns = [
        Column(
            project.key,
            tuple(cells.cell(project.key, phase.key) for phase in cells.phases),
            tuple(() for _ in cells.phases),
        )
        for project in cells.projects
    ]
    with figure_context(style):
        plan = plan_grid(cells.phases, columns, cells.codebook, available_width(style, ax, figure), style)
        canvas = open_canvas(name, style, plan.height, ax, figure)
        plan.draw(canvas)
    return canvas.drawing(
        title=f"Who held which phase: {', '.join(project.key for project in cells.projects)}",
        alt_short=matrix_short(cells),
        alt_long=matrix_long(cells),
        notices=(*check_palette(cells.codebook), *page_notice(plan.height)),
    )


def page_notice(height: float) -> tuple[str, ...]:
    """Return a notice when a figure is taller than a page."""
    if height <= _PAGE:
        return ()
    return (
        f"the figure is {height:.0f} mm tall, more than a page ({_PAGE:.0f} mm): choose fewer projects "
        "or a greater --width",
    )
