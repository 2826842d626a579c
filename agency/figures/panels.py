"""As-of-year panels: the same matrix in several years side by side, what changed marked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from agency.errors import UsageError
from agency.figures.alt import count, matrix_long, shorten
from agency.figures.canvas import Drawing, available_width, open_canvas
from agency.figures.grid import Column, plan_grid
from agency.figures.marks import CHANGED, Mark
from agency.figures.matrix import NAMED_LIMIT, page_notice
from agency.figures.palette import check_palette
from agency.figures.style import FigureStyle, figure_context
from agency.matrix.cellmodel import join_names

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from agency.matrix.cellmodel import Cell, CellTable


def draw_panels(
    cells: CellTable,
    by_year: Mapping[int, CellTable],
    *,
    style: FigureStyle | None = None,
    ax: Axes | None = None,
    figure: Figure | None = None,
    name: str = "panels",
) -> Drawing:
    """Draw the matrix as of several years; a cell that differs from the year before it has a black corner.

    Parameters
    ----------
    cells
        The view itself: gives projects, phases and their order.
    by_year
        Snapshots of the same view, by year; a project missing in one has no such year in its window.
    style
        Width, fonts, text sizes; default 90 mm.
    ax, figure
        Where to draw; default a new figure.
    name
        Prefix of the ids of the drawn parts.

    Raises
    ------
    UsageError
        No year, more than 12 projects, a font that is not installed, or axes too low for the texts.

    Examples
    --------
    >>> import agency
    >>> study = agency.load().select(project=["ECU 911"])
    >>> by_year = {year: study.select(year=year).cells for year in (2017, 2019)}
    >>> draw_panels(study.cells, by_year).alt_short
    'Matrix of 6 phases as of 2017 and 2019 for 1 project (ECU 911); 1 cell changed.'
    """
    style = style or FigureStyle()
    if not by_year or not cells.projects:
        message = "Panels need at least one year and one project."
        raise UsageError(message)
    if len(cells.projects) > NAMED_LIMIT:
        message = f"Panels show {NAMED_LIMIT} projects at most; here are {len(cells.projects)}: choose some with -p."
        raise UsageError(message)
    columns = _columns(cells, by_year)
    with figure_context(style):
        plan = plan_grid(cells.phases, columns, cells.codebook, available_width(style, ax, figure), style)
        canvas = open_canvas(name, style, plan.height, ax, figure)
        plan.draw(canvas)
    changed = sum(CHANGED in marks for column in columns for marks in column.marks)
    years = [str(year) for year in by_year]
    names = [project.key for project in cells.projects]
    start = f"Matrix of {count(len(cells.phases), 'phase')} as of {join_names(years)}"
    end = f"; {count(changed, 'cell')} changed."
    projects = f" for {count(len(names), 'project')}"
    return canvas.drawing(
        title=f"Who held which phase as of {join_names(years)}: {', '.join(names)}",
        alt_short=shorten(start, f"{projects} ({join_names(names)}){end}", projects + end, end),
        alt_long="\n".join(f"As of {year}. {matrix_long(table)}" for year, table in by_year.items()),
        notices=(*check_palette(cells.codebook), *page_notice(plan.height)),
    )


def _columns(cells: CellTable, by_year: Mapping[int, CellTable]) -> list[Column]:
    """Return a column for each project in each year, marked where it differs from the year before."""
    before: dict[tuple[str, str], Cell] = {}
    columns = []
    for year, table in by_year.items():
        for project in cells.projects:
            found = [table.cells.get((project.key, phase.key)) for phase in cells.phases]
            marks: list[tuple[Mark, ...]] = []
            for cell in found:
                old = None if cell is None else before.get((cell.project, cell.phase))
                changed = cell is not None and old is not None and _state(cell) != _state(old)
                marks.append((CHANGED,) if changed else ())
            before.update({(cell.project, cell.phase): cell for cell in found if cell is not None})
            columns.append(Column(project.key, tuple(found), tuple(marks), group=str(year)))
    return columns


def _state(cell: Cell) -> frozenset[tuple[str, str | None]]:
    """Return who holds and what else is the case, without order, scope or years."""
    return frozenset((part.status, holder.actor) for part in cell.parts for holder in part.holders)
