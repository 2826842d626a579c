"""The matrix of many projects: a row each in a stated order, phases as columns, origins only, with totals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from agency.figures.grid import empty_area, part_holdings
from agency.figures.surface.canvas import Box, Canvas, Drawing, Look, available_width, open_canvas
from agency.figures.surface.fitting import Fitted, fit, longest_word
from agency.figures.surface.frame import MARGIN, Frame, extent, matrix_long, matrix_short, plan_frame, rules, when
from agency.figures.surface.marks import (
    ALLEGED_CORNER,
    CONTESTED,
    COUNTED_CORNER,
    OPEN_CORNER,
    PERIODS_APART,
    PROPOSED_CORNER,
    SIDE_BY_SIDE,
    SUPPORT_CORNER,
    Area,
    Glyph,
    Mark,
)
from agency.figures.surface.palette import palette_notices
from agency.figures.surface.style import QUIET, FigureStyle, figure_context
from agency.vocabulary import name_of_country
from agency.words import counted, text
from agency.words import number as grouped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from agency.resolve import Cell, CellTable, Part, ProjectHead


Sort = Literal["order", "pattern", "local", "type"]
SORTS: tuple[Sort, ...] = ("order", "pattern", "local", "type")
"""As selected; alike beside alike; most local phases first; by type of system."""
GroupBy = Literal["", "type", "country"]
_ALL = ""


@dataclass(frozen=True)
class Section:
    """Projects under one heading."""

    heading: str
    """"" where there are no groups."""
    projects: tuple[ProjectHead, ...]


def arranged(cells: CellTable, sort: Sort, by: GroupBy = "") -> tuple[Section, ...]:
    """Return the listed projects in order, in groups where asked for.

    A project in several countries stands once, under all of them.

    Examples
    --------
    >>> import agency
    >>> sections = arranged(agency.load().cells, "order", "type")
    >>> sections[0].heading
    'Public security: 7 projects'
    """
    projects = sorted(cells.projects, key=lambda project: _sort_key(cells, project, sort))
    groups: dict[str, list[ProjectHead]] = defaultdict(list)
    for project in projects:
        groups[_group(project, by)].append(project)
    if not by:
        return (Section("", tuple(projects)),)
    named = sorted(groups, key=lambda name: (name == _ALL, -len(groups[name]), name))
    return tuple(Section(_heading(name, len(groups[name])), tuple(groups[name])) for name in named)


def countries_of(project: ProjectHead) -> str:
    """Return the countries of a project by name."""
    return ", ".join(name_of_country(code) for code in project.country.split(";") if code)


def _group(project: ProjectHead, by: GroupBy) -> str:
    if by == "type":
        return project.type[:1].upper() + project.type[1:]
    return countries_of(project) if by == "country" else _ALL


def _heading(name: str, n: int) -> str:
    projects = counted("{n} project", "{n} projects", n)
    return text("{group}: {projects}", group=name or text("Not given"), projects=projects)


def _sort_key(cells: CellTable, project: ProjectHead, sort: Sort) -> tuple[object, ...]:
    """Return what projects are sorted by; what is equal keeps its order, since sorting is stable."""
    if sort == "type":
        return (project.type == "", project.type)
    if sort == "order":
        return ()
    order = {origin.key: number for number, origin in enumerate(cells.codebook.origins)}
    found = [_origins(cells.cell(project.key, phase.key), order) for phase in cells.phases]
    if sort == "pattern":
        # A blank comes after every origin, so that what is known in the first phases leads.
        return tuple(origins or (len(order),) for origins in found)
    known = [origins for origins in found if origins]
    local = sum((order["local"] in origins) / len(origins) for origins in known)
    return (-local, len(known))


def _origins(cell: Cell, order: dict[str, int]) -> tuple[int, ...]:
    held = {holder.origin for part in cell.parts if part.status == "held" for holder in part.holders}
    return tuple(sorted(order[origin] for origin in held if origin in order))


def cut(sections: Sequence[Section], most: int) -> list[tuple[Section, ...]]:
    """Return the sections on pages of at most `most` projects; a section that goes on keeps its heading."""
    pages: list[list[Section]] = [[]]
    for section in sections:
        left = list(section.projects)
        while left:
            room = most - sum(len(one.projects) for one in pages[-1])
            if not room:
                pages.append([])
                room = most
            pages[-1].append(Section(section.heading, tuple(left[:room])))
            left = left[room:]
    return [tuple(page) for page in pages]


Track = Literal["", "country", "type", "none"]
"""What stands beside the names: countries where nothing is said."""
Shares = list[tuple[Area, float]]

_ROW, _GAP, _COLUMN_GAP, _PERIOD_GAP, _HEADING = 2.7, 0.5, 1.2, 0.7, 4.6
_STUB_SHARES, _AFTER_HEAD, _WORD = (0.24, 0.3, 0.36, 0.42), 1.0, 2.8
_DENSE, _NARROW, _TINY = 30, 120.0, 80.0
"""With more projects than this names take one line each; on less width than this there is no track, and no bar at the
side."""
_TOTAL, _SIDE, _SIDE_GAP, _TRACK_MOST = 13.0, 0.13, 2.0, 0.14
_KNOWN_BLANKS = ("vacant", "negotiating")
PAGE_PROJECTS = 60


@dataclass(frozen=True)
class Arrangement:
    """How an overview is ordered and what stands beside the names."""

    sort: Sort = "order"
    by: GroupBy = ""
    track: Track = ""


def draw_overview(
    cells: CellTable,
    *,
    arrangement: Arrangement | None = None,
    style: FigureStyle,
    ax: Axes | None = None,
    figure: Figure | None = None,
    name: str = "matrix",
) -> Drawing:
    """Draw projects by phases with a small cell each, filled by origin, without names.

    Joint holders touch, periods stand apart, earlier left. Above each phase: how much of it each origin holds, and in
    how many of all selected projects, listed or not, it is known. At the side: the phases of each project.

    Parameters
    ----------
    cells
        What to draw.
    arrangement
        Order, groups, and the track beside the names.
    style
        Width, fonts, text sizes.
    ax, figure
        Where to draw; default a new figure.
    name
        Prefix of the ids of the drawn parts.
    """
    chosen = arrangement or Arrangement()
    with figure_context(style):
        width = available_width(style, ax, figure)
        plan = _plan(cells, arranged(cells, chosen.sort, chosen.by), chosen, width, style)
        return plan.draw(open_canvas(name, style, plan.frame.height(plan.body), ax, figure))


def overview_pages(
    cells: CellTable, *, arrangement: Arrangement | None = None, style: FigureStyle
) -> tuple[Drawing, ...]:
    """Return the overview on pages of at most 60 projects."""
    chosen = arrangement or Arrangement()
    pages = cut(arranged(cells, chosen.sort, chosen.by), PAGE_PROJECTS)
    drawings = []
    with figure_context(style):
        for number, page in enumerate(pages, start=1):
            said = text("Page {n} of {all}.", n=number, all=len(pages)) if len(pages) > 1 else ""
            plan = _plan(cells, page, chosen, available_width(style, None, None), style, said)
            name = f"matrix-{number}" if len(pages) > 1 else "matrix"
            drawings.append(plan.draw(open_canvas(name, style, plan.frame.height(plan.body), None, None)))
    return tuple(drawings)


@dataclass(frozen=True)
class _Total:
    """What is known of a phase, over all selected projects."""

    shares: Mapping[str, float]
    areas: Mapping[str, Area]
    known: int


@dataclass(frozen=True)
class _Plan:
    """A measured overview."""

    cells: CellTable
    sections: tuple[Section, ...]
    names: Mapping[str, Fitted]
    tracks: Mapping[str, Fitted]
    heads: tuple[Fitted, ...]
    known: tuple[Fitted, ...]
    totals: tuple[_Total, ...]
    frame: Frame
    style: FigureStyle
    sizes: tuple[float, float, float]
    """Widths in mm of the names, of the track, of the bars at the side."""
    upright: bool = False

    @property
    def row(self) -> float:
        """Height of every row."""
        texts = [*self.names.values(), *self.tracks.values()]
        return max(_ROW, max(label.height for label in texts) + 0.2)

    @property
    def head(self) -> float:
        """Height of the totals and of the names of phases above the rows."""
        tall = max(head.width if self.upright else head.height for head in self.heads)
        return max(label.height for label in self.known) + _TOTAL + _AFTER_HEAD + tall + _AFTER_HEAD

    @property
    def body(self) -> float:
        rows = sum(len(section.projects) for section in self.sections)
        headings = sum(bool(section.heading) for section in self.sections)
        return self.head + rows * (self.row + _GAP) + headings * _HEADING

    @property
    def left(self) -> float:
        return MARGIN + self.sizes[0] + self.sizes[1]

    @property
    def column(self) -> float:
        right = MARGIN + self.frame.width - self.sizes[2] - _SIDE_GAP
        return (right - self.left + _COLUMN_GAP) / len(self.cells.phases)

    def draw(self, canvas: Canvas) -> Drawing:
        cells = self.cells
        self._draw_heads(canvas)
        y, line = self.frame.top + self.head, 0
        for section in self.sections:
            if section.heading:
                label = fit(section.heading, self.frame.width, self.style, bold=True)
                canvas.text(Box(MARGIN, y, self.frame.width, _HEADING), label, align="left", bold=True)
                y += _HEADING
            for project in section.projects:
                self._draw_row(canvas, project, y, line)
                y += self.row + _GAP
                line += 1
        self.frame.draw(canvas, self.body)
        shown = [project for section in self.sections for project in section.projects]
        return canvas.drawing(
            title=text("Who held which phase of {n} projects. {when}", n=grouped(len(shown)), when=when(cells.view)),
            alt_short=matrix_short(cells),
            alt_long=matrix_long(cells),
            notices=palette_notices(cells.codebook),
        )

    def _draw_heads(self, canvas: Canvas) -> None:
        most = max(1.0, *(total.known for total in self.totals))
        words = max(label.height for label in self.known)
        foot = self.frame.top + words + _TOTAL
        tall = self.head - words - _TOTAL - 2 * _AFTER_HEAD
        for number, (head, total) in enumerate(zip(self.heads, self.totals, strict=True)):
            x, wide = self.left + number * self.column, self.column - _COLUMN_GAP
            y = foot
            for key, share in total.shares.items():
                high = share / most * _TOTAL
                y -= high
                total.areas[key].draw(canvas, Box(x, y, wide, high), gid=f"t{number}-{key}")
            canvas.line([(x, foot), (x + wide, foot)], Look(edge=QUIET))
            label = self.known[number]
            canvas.text(Box(x - 0.5, y - label.height - 0.2, wide + 1.0, label.height), label, ink=QUIET)
            box = Box(x, foot + _AFTER_HEAD, wide, tall)
            if self.upright:
                canvas.upright(Box(x - _COLUMN_GAP / 2, box.y, wide + _COLUMN_GAP, box.height), head)
            else:
                canvas.text(Box(x - 0.4, box.bottom - head.height, wide + 0.8, head.height), head)
        if not self.sizes[2]:
            return
        said = fit(text("Phases known"), self.sizes[2], self.style, size=self.style.least)
        right = MARGIN + self.frame.width - self.sizes[2]
        base = foot + _AFTER_HEAD + tall
        canvas.text(Box(right, base - said.height, self.sizes[2], said.height), said, align="left", ink=QUIET)

    def _draw_row(self, canvas: Canvas, project: ProjectHead, y: float, line: int) -> None:
        canvas.text(Box(MARGIN, y, self.sizes[0], self.row), self.names[project.key], align="left")
        if project.key in self.tracks:
            place = Box(MARGIN + self.sizes[0], y, self.sizes[1], self.row)
            canvas.text(place, self.tracks[project.key], align="left", ink=QUIET)
        for number, phase in enumerate(self.cells.phases):
            box = Box(self.left + number * self.column, y, self.column - _COLUMN_GAP, self.row)
            _draw_cell(canvas, self.cells, self.cells.cell(project.key, phase.key), box, f"c{number}-{line}")
        if self.sizes[2]:
            self._draw_side(canvas, project, y, line)

    def _draw_side(self, canvas: Canvas, project: ProjectHead, y: float, line: int) -> None:
        """Draw how many phases of a project are known, by origin."""
        right = MARGIN + self.frame.width - self.sizes[2]
        unit, x = self.sizes[2] / len(self.cells.phases), right
        sums: dict[str, tuple[Area, float]] = {}
        for phase in self.cells.phases:
            for area, share in _known_shares(self.cells, self.cells.cell(project.key, phase.key)):
                sums[area.key] = (area, sums.get(area.key, (area, 0.0))[1] + share)
        canvas.line([(right, y), (right, y + self.row)], Look(edge=QUIET))
        for key in _order(self.cells, sums):
            area, share = sums[key]
            area.draw(canvas, Box(x, y + 0.4, share * unit, self.row - 0.8), gid=f"s{line}-{key}")
            x += share * unit


def _plan(
    cells: CellTable,
    sections: Sequence[Section],
    chosen: Arrangement,
    width: float,
    style: FigureStyle,
    page: str = "",
) -> _Plan:
    projects = [project for section in sections for project in section.projects]
    totals = tuple(_total(cells, phase.key) for phase in cells.phases)
    note = (
        when(cells.view),
        rules(cells.view),
        extent(len(cells.projects), len(cells.selected), cells.view.min_phases),
        text(
            "Bars above count all {n} selected projects, a shared one in parts; known: a holder of known origin, or "
            "nobody.",
            n=grouped(len(cells.selected)),
        ),
        page,
    )
    frame = plan_frame(_glyphs(cells, projects), cells.codebook, note, width, style)
    tracks = _tracks(projects, chosen.track, width, style) if width >= _NARROW else {}
    track = max((label.width for label in tracks.values()), default=-1.0) + 1.0
    side = _SIDE * width if width >= _TINY else 0.0
    dense = len(projects) > _DENSE
    for share in _STUB_SHARES:
        size = style.least if dense or width < _NARROW else style.size
        names = {project.key: fit(project.label, share * width, style, size=size) for project in projects}
        if all(len(label.lines) <= (1 if dense else 2) and label.whole for label in names.values()):
            break
    stub = max(label.width for label in names.values()) + 1.5
    column = (width - 2 * MARGIN - stub - track - side - _SIDE_GAP + _COLUMN_GAP) / len(cells.phases) - _COLUMN_GAP
    heads, upright = _heads(cells, column + 0.8, style)
    of = len(cells.selected)
    known = tuple(
        fit(text("{k} of {n} known", k=grouped(total.known), n=grouped(of)), column + 1.0, style, size=style.least)
        for total in totals
    )
    return _Plan(
        cells, tuple(sections), names, tracks, heads, known, totals, frame, style, (stub, track, side), upright
    )


def _heads(cells: CellTable, width: float, style: FigureStyle) -> tuple[tuple[Fitted, ...], bool]:
    """Return the names of the phases, all in one size, and whether they have to stand upright."""
    widest = max(longest_word(phase.short, style) for phase in cells.phases)
    if widest > width:
        return tuple(fit(phase.short, 1000.0, style) for phase in cells.phases), True
    size = style.size if widest * style.size / style.least <= width else style.least
    return tuple(fit(phase.short, width, style, size=size) for phase in cells.phases), False


def _tracks(projects: Sequence[ProjectHead], track: Track, width: float, style: FigureStyle) -> dict[str, Fitted]:
    """Return what stands beside the names: countries by code, as the room is narrow, or types."""
    texts = {one.key: one.type if track == "type" else one.country.replace(";", " ") for one in projects}
    if track == "none" or not any(texts.values()):
        return {}
    return {key: fit(words, _TRACK_MOST * width, style, size=style.least) for key, words in texts.items()}


def _strips(cells: CellTable, cell: Cell) -> list[Shares]:
    """Return what a cell shows: periods from left to right, in each its origins by their part of the holders."""
    strips = []
    for part in cell.parts:
        holdings = part_holdings(part, cells.codebook, strong=True)
        areas: dict[str, tuple[Area, float]] = {}
        for holding in holdings:
            before = areas.get(holding.area.key, (holding.area, 0.0))[1]
            areas[holding.area.key] = (holding.area, before + 1 / len(holdings))
        strips.append([areas[key] for key in _order(cells, areas)])
    return strips or [[(empty_area(cell), 1.0)]]


def _known_shares(cells: CellTable, cell: Cell) -> Shares:
    """Return the shares of a cell of which it is known who, or that nobody; periods count alike."""
    strips = _strips(cells, cell)
    known = (*(origin.key for origin in cells.codebook.origins), *_KNOWN_BLANKS)
    return [(area, share / len(strips)) for strip in strips for area, share in strip if area.key in known]


def _order(cells: CellTable, keys: Mapping[str, object]) -> list[str]:
    """Return keys of areas in the order of the codebook, blanks behind."""
    origins = [origin.key for origin in cells.codebook.origins]
    return sorted(keys, key=lambda key: origins.index(key) if key in origins else len(origins))


def _total(cells: CellTable, phase: str) -> _Total:
    sums: dict[str, float] = {}
    areas: dict[str, Area] = {}
    known = 0
    for project in cells.selected:
        shares = _known_shares(cells, cells.cell(project, phase))
        known += bool(shares)
        for area, share in shares:
            areas[area.key] = area
            sums[area.key] = sums.get(area.key, 0.0) + share
    return _Total({key: sums[key] for key in _order(cells, sums)}, areas, known)


def _draw_cell(canvas: Canvas, cells: CellTable, cell: Cell, box: Box, gid: str) -> None:
    strips = _strips(cells, cell)
    wide = (box.width - _PERIOD_GAP * (len(strips) - 1)) / len(strips)
    for number, shares in enumerate(strips):
        x = box.x + number * (wide + _PERIOD_GAP)
        for position, (area, share) in enumerate(shares):
            place = Box(x, box.y, share * wide, box.height)
            area.draw(canvas, place, gid=f"{gid}-p{number}-h{position}")
            if box.height >= _WORD:
                area.write_word(canvas, place)
            x += place.width
    for mark in _marks(cells, cell):
        mark.draw(canvas, box)


def _marks(cells: CellTable, cell: Cell) -> Iterator[Mark]:
    """Yield the signs of a cell: what is open, alleged, proposed, contested."""
    if any(_is_open(part, cells.codebook.phase(cell.phase).kind) for part in cell.parts):
        yield OPEN_CORNER
    holdings = [one for part in cell.parts for one in part_holdings(part, cells.codebook, strong=True)]
    if any(holding.alleged for holding in holdings):
        yield COUNTED_CORNER
    signs = {"alleged": ALLEGED_CORNER, "proposed": PROPOSED_CORNER, "support": SUPPORT_CORNER}
    yield from dict.fromkeys(signs[kind.split(", ")[0]] for kind in cell.listed_names)
    if cell.agreement == "contested":
        yield CONTESTED


def _is_open(part: Part, kind: str) -> bool:
    """Whether one side only is given; a start alone of an event phase is its year, and nothing is open."""
    if kind == "continuing":
        return (part.start is None) != (part.end is None)
    return any(row.start is None and row.end is not None for row in part.rows)


def _glyphs(cells: CellTable, projects: Sequence[ProjectHead]) -> Iterator[Glyph]:
    for project in projects:
        for phase in cells.phases:
            cell = cells.cell(project.key, phase.key)
            strips = _strips(cells, cell)
            yield from (area for shares in strips for area, _ in shares)
            yield from _marks(cells, cell)
            if len(strips) > 1:
                yield PERIODS_APART
            if any(len(shares) > 1 for shares in strips):
                yield SIDE_BY_SIDE
    for phase in cells.phases:
        yield from _total(cells, phase.key).areas.values()
