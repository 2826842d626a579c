"""The matrix figure: names in the cells for a few projects, origins only for many; or the same in several years.

As-of-year panels stand side by side, what changed marked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from agency.errors import UsageError
from agency.figures.grid import Column, plan_grid
from agency.figures.overview import Arrangement, arranged, draw_overview
from agency.figures.surface.canvas import Drawing, available_width, open_canvas
from agency.figures.surface.frame import extent, matrix_long, matrix_short, page_notice, rules, shorten, when
from agency.figures.surface.marks import CHANGED, Mark
from agency.figures.surface.palette import palette_notices
from agency.figures.surface.style import FigureStyle, figure_context
from agency.words import counted, listed, text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from agency.resolve import Cell, CellTable

NAMED_LIMIT = 12
"""Most projects drawn with names in the cells; more turn the matrix into projects by phases with origins only."""
MATRIX_LIMIT = 60
"""Most projects on one page; more go to pages, or to one tall figure."""


def draw_matrix(
    cells: CellTable,
    *,
    arrangement: Arrangement | None = None,
    style: FigureStyle | None = None,
    ax: Axes | None = None,
    figure: Figure | None = None,
    name: str = "matrix",
) -> Drawing:
    """Draw who held which phase, in the style of Table 1.

    Up to 12 projects: phases as rows, projects as columns, holders named. Periods stand side by side, earlier left, in
    equal widths; joint holders are stacked. More projects, any number: a row each, origins only
    (`agency.figures.overview`).

    Parameters
    ----------
    cells
        What to draw.
    arrangement
        Order of the projects, and groups; of many, the track beside their names.
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
        No project at all, a font that is not installed, or axes too low for the texts.

    Examples
    --------
    >>> import agency
    >>> drawing = draw_matrix(agency.load().select(project=["ECU 911", "Quito 2002"]).cells)
    >>> round(drawing.figure.get_figwidth() * 25.4)
    90
    >>> drawing.alt_short.partition("; ")[2]
    'of 12 cells: Local in 5, Chinese in 3, Other in 2, not coded 4.'
    """
    style, chosen = style or FigureStyle(), arrangement or Arrangement()
    if not cells.projects or not cells.phases:
        message = text("Nothing is selected, so there is nothing to draw.")
        raise UsageError(message)
    if len(cells.projects) > NAMED_LIMIT:
        return draw_overview(cells, arrangement=chosen, style=style, ax=ax, figure=figure, name=name)
    if chosen.track:
        message = text(
            "--track stands beside the rows of more than {most} projects; here are {n}, with their names in the cells.",
            most=NAMED_LIMIT,
            n=len(cells.projects),
        )
        raise UsageError(message)
    columns = [
        Column(
            project.label,
            tuple(cells.cell(project.key, phase.key) for phase in cells.phases),
            tuple(() for _ in cells.phases),
            group=section.heading,
        )
        for section in arranged(cells, chosen.sort, chosen.by)
        for project in section.projects
    ]
    note = (
        when(cells.view),
        rules(cells.view),
        extent(len(cells.projects), len(cells.selected), cells.view.min_phases),
    )
    with figure_context(style):
        plan = plan_grid(cells.phases, columns, cells.codebook, note, available_width(style, ax, figure), style)
        canvas = open_canvas(name, style, plan.height, ax, figure)
        plan.draw(canvas)
    return canvas.drawing(
        title=text("Who held which phase: {projects}. {when}", projects=_labels(cells), when=when(cells.view)),
        alt_short=matrix_short(cells),
        alt_long=matrix_long(cells),
        notices=(*palette_notices(cells.codebook), *page_notice(plan.height)),
    )


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
        message = text("Panels need at least one year and one project.")
        raise UsageError(message)
    if len(cells.projects) > NAMED_LIMIT:
        message = text(
            "Panels show {most} projects at most; here are {n}: choose some with -p.",
            most=NAMED_LIMIT,
            n=len(cells.projects),
        )
        raise UsageError(message)
    columns = _columns(cells, by_year)
    years = listed([str(year) for year in by_year])
    said = text("As of {years}.", years=years)
    note = (
        said,
        rules(cells.view),
        extent(len(cells.projects), len(cells.selected), cells.view.min_phases),
    )
    with figure_context(style):
        plan = plan_grid(cells.phases, columns, cells.codebook, note, available_width(style, ax, figure), style)
        canvas = open_canvas(name, style, plan.height, ax, figure)
        plan.draw(canvas)
    changed = sum(CHANGED in marks for column in columns for marks in column.marks)
    start = text(
        "Matrix of {phases} as of {years}", phases=counted("{n} phase", "{n} phases", len(cells.phases)), years=years
    )
    end = counted("; {n} cell changed.", "; {n} cells changed.", changed)
    projects = counted(" for {n} project", " for {n} projects", len(cells.projects))
    return canvas.drawing(
        title=text("Who held which phase as of {years}: {projects}", years=years, projects=_labels(cells)),
        alt_short=shorten(start, f"{projects} ({_labels(cells)}){end}", projects + end, end),
        alt_long="\n".join(
            text("As of {year}. {cells}", year=year, cells=matrix_long(table)) for year, table in by_year.items()
        ),
        notices=(*palette_notices(cells.codebook), *page_notice(plan.height)),
    )


def _labels(cells: CellTable) -> str:
    return listed([project.label for project in cells.projects])


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
            columns.append(Column(project.label, tuple(found), tuple(marks), group=str(year)))
    return columns


def _state(cell: Cell) -> frozenset[tuple[str, str | None]]:
    """Return who holds and what else is the case, without order, scope or years."""
    return frozenset((part.status, holder.actor) for part in cell.parts for holder in part.holders)
