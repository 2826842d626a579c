"""Phases as rows, columns of cells with names: each measured first, drawn when the height of its row is known."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from agency.figures.surface.canvas import Box, Canvas, Look
from agency.figures.surface.fitting import Fitted, fit, longest_word
from agency.figures.surface.frame import MARGIN, Frame, plan_frame
from agency.figures.surface.marks import (
    ALLEGED,
    BLANKS,
    CONTESTED,
    JOIN,
    JOINT,
    LISTED,
    NOT_CODED,
    OPEN_END,
    OPEN_START,
    OUTSIDE,
    PERIODS,
    PERIODS_BELOW,
    UNPLACED,
    Area,
    Glyph,
    Mark,
    dashed_edge,
    origin_area,
)
from agency.figures.surface.style import INK, QUIET, FigureStyle
from agency.resolve import Cell, Holder, Part

if TYPE_CHECKING:
    from agency.resolve import Cell
    from agency.vocabulary import Codebook, Phase


class Holding(NamedTuple):
    """A holder of a period, or its status, as it is drawn."""

    area: Area
    rows: tuple[Holder, ...]
    """The rows it prints."""
    alleged: bool = False

    @property
    def shown(self) -> Area:
        """The area, its edge dashed when the holder is alleged."""
        return dashed_edge(self.area) if self.alleged else self.area


PAD_X, PAD_Y = 0.5, 0.7
"""Least room between text and edge, mm."""
_PAD_ALONE = 0.9
_GAP = 0.5
_ARROW = 1.9
_MARK = 1.8
_LEAST_STRIP = 4.0


@dataclass(frozen=True)
class Band:
    """One holder (or a status) within a period: a filled rectangle with its text."""

    holding: Holding
    label: Fitted
    unplaced: bool = False

    @property
    def height(self) -> float:
        """Least height in mm."""
        return (
            self.label.height
            + 2 * (PAD_Y if self.holding.area.key != "negotiating" else 1.3)
            + (_MARK if self.unplaced else 0.0)
        )

    def draw(self, canvas: Canvas, box: Box, gid: str) -> None:
        """Draw fill, text and the sign of an unplaced duration."""
        area, row, link = self.holding.shown, self.holding.rows[0].row_id, canvas.style.link
        area.draw(canvas, box, gid=f"{gid}-r{row}", url=f"{link}{row}" if link else "")
        room = Box(box.x, box.y, box.width, box.height - (_MARK if self.unplaced else 0.0))
        ink = QUIET if area.key == "not_applicable" else area.ink
        canvas.text(room.inset(PAD_X / 2, 0), self.label, ink=ink, ground=area.ground)
        if self.unplaced:
            UNPLACED.draw(canvas, box)


@dataclass(frozen=True)
class Strip:
    """One period: its years above, its joint holders stacked."""

    years: Fitted | None
    open_ends: tuple[Mark, ...]
    bands: tuple[Band, ...]

    @property
    def heading(self) -> float:
        """Height of the line of years in mm."""
        return self.years.height + PAD_Y / 2 if self.years else 0.0

    @property
    def height(self) -> float:
        """Least height in mm."""
        return self.heading + sum(band.height for band in self.bands) + JOIN * (len(self.bands) - 1)

    def draw(self, canvas: Canvas, box: Box, heading: float, gid: str) -> None:
        """Draw the period; `heading` is the height all periods of the cell keep for their years."""
        if self.years:
            top = Box(box.x, box.y, box.width, heading)
            for mark in self.open_ends:
                mark.draw(canvas, top)
            room = _ARROW if self.open_ends else 0.0
            shift = room if OPEN_START in self.open_ends else 0.0
            canvas.text(Box(top.x + shift, top.y, top.width - room, heading), self.years)
        spare = (box.height - heading - (self.height - self.heading)) / len(self.bands)
        y = box.y + heading
        for band in self.bands:
            canvas_box = Box(box.x, y, box.width, band.height + spare)
            band.draw(canvas, canvas_box, gid)
            y += band.height + spare + JOIN


@dataclass(frozen=True)
class CellPlan:
    """A cell measured at a width: lines of periods, what is only listed below, its marks."""

    lines: tuple[tuple[Strip, ...], ...]
    listed: Fitted | None
    marks: tuple[Mark, ...]
    empty: Area = NOT_CODED
    """What stands where there is neither a period nor a listed row."""

    @property
    def whole(self) -> bool:
        """No word is divided."""
        texts = [band.label for line in self.lines for strip in line for band in strip.bands]
        texts += [strip.years for line in self.lines for strip in line if strip.years]
        texts += [self.listed] if self.listed else []
        return all(text.whole for text in texts)

    @property
    def height(self) -> float:
        """Least height in mm."""
        heights = [_line_height(line) for line in self.lines]
        if self.listed:
            heights.append(self.listed.height + 2 * PAD_Y)
        return sum(heights) + _GAP * (len(heights) - 1) if heights else _LEAST_STRIP

    @property
    def glyphs(self) -> Iterator[Glyph]:
        """Everything drawn, for the legend."""
        yield from self.marks
        if self.listed:
            yield LISTED
        if not self.lines and not self.listed:
            yield self.empty
        if sum(len(line) for line in self.lines) > 1:
            yield PERIODS
        if len(self.lines) > 1:
            yield PERIODS_BELOW
        for line in self.lines:
            for strip in line:
                yield from strip.open_ends
                yield from _band_glyphs(strip.bands)

    def draw(self, canvas: Canvas, box: Box, gid: str) -> None:
        """Draw the cell into its box, which is at least as high as its least height."""
        if not self.lines and not self.listed:
            self.empty.draw(canvas, box, gid=gid)
            self.empty.write_word(canvas, box)
        y, spare = box.y, box.height - self.height
        for number, line in enumerate(self.lines):
            height = _line_height(line) + spare / len(self.lines)
            heading = max(strip.heading for strip in line)
            width = (box.width - _GAP * (len(line) - 1)) / len(line)
            for position, strip in enumerate(line):
                place = Box(box.x + position * (width + _GAP), y, width, height)
                strip.draw(canvas, place, heading, f"{gid}-p{number}{position}")
            y += height + _GAP
        if self.listed:
            place = Box(box.x, y, box.width, box.bottom - y)
            LISTED.draw(canvas, place, gid=f"{gid}-listed")
            canvas.text(place.inset(PAD_X / 2, 0), self.listed)
        for mark in self.marks:
            mark.draw(canvas, box)


def plan_cell(
    cell: Cell, width: float, codebook: Codebook, style: FigureStyle, *, marks: tuple[Mark, ...] = ()
) -> CellPlan:
    """Measure a cell at a width in mm: as many periods side by side as fit without dividing a word."""
    marks = (*marks, CONTESTED) if cell.agreement == "contested" else marks
    text = " ".join(cell.listed_texts)
    listed = fit(text, width - 2 * _PAD_ALONE, style) if text else None
    plan = CellPlan((), listed, marks, empty_area(cell))
    for across in range(len(cell.parts), 0, -1):
        strip_width = (width - _GAP * (across - 1)) / across
        if strip_width < _LEAST_STRIP and across > 1:
            continue
        pad = PAD_X if across > 1 else _PAD_ALONE
        strips = [_plan_strip(part, strip_width, pad, codebook, style) for part in cell.parts]
        lines = tuple(tuple(strips[start : start + across]) for start in range(0, len(strips), across))
        plan = CellPlan(lines, listed, marks)
        if plan.whole:
            break
    return plan


def empty_area(cell: Cell) -> Area:
    """Return what a cell without a period shows: its blank, as the cell itself says it."""
    return BLANKS[cell.blank or "not_coded"]


def wanted_width(cell: Cell, style: FigureStyle) -> float:
    """Return the width in mm at which no word of the cell is divided, two periods side by side."""
    texts = [holder.text or part.text for part in cell.parts for holder in part.holders]
    texts += [part.prefix for part in cell.parts] + [part.text for part in cell.parts if not part.holders]
    across = min(len(cell.parts), 2)
    strips = max((longest_word(text, style) for text in texts), default=0.0) + 2 * PAD_X
    listed = max((longest_word(text, style) for text in cell.listed_texts), default=0.0) + 2 * PAD_X
    return max(strips * across + _GAP * max(across - 1, 0), listed)


def part_holdings(part: Part, codebook: Codebook, *, strong: bool = False) -> list[Holding]:
    """Return one holding for each distinct holder of a period, or one for its status."""
    if part.status != "held":
        return [Holding(BLANKS[part.status], part.holders)]
    actors: dict[tuple[str | None, str | None], list[Holder]] = {}
    for holder in part.holders:
        actors.setdefault((holder.actor, holder.origin), []).append(holder)
    return [
        # An actor is alleged only when no better row says that it holds.
        Holding(
            origin_area(codebook, origin, strong=strong), tuple(rows), all(row.confidence == "alleged" for row in rows)
        )
        for (_, origin), rows in actors.items()
    ]


def _plan_strip(part: Part, width: float, pad: float, codebook: Codebook, style: FigureStyle) -> Strip:
    years = part.prefix.rstrip(": ")
    marks: tuple[Mark, ...] = ()
    if years and (part.start is None or part.end is None):
        marks = (OPEN_START,) if part.start is None else (OPEN_END,)
    heading = fit(years, width - (_ARROW if marks else 0.4), style, size=style.least + 0.5) if years else None
    room = width - 2 * pad
    bands = []
    for holding in part_holdings(part, codebook):
        held = part.status == "held"
        text = "\n".join(row.text for row in holding.rows) if held else part.text
        unplaced = held and any(row.duration_years and row.start is None and row.end is None for row in holding.rows)
        bands.append(Band(holding, fit(text, room, style), unplaced))
    return Strip(heading, marks, tuple(bands))


def _band_glyphs(bands: tuple[Band, ...]) -> Iterator[Glyph]:
    if len(bands) > 1:
        yield JOINT
    for band in bands:
        yield band.holding.area
        if band.unplaced:
            yield UNPLACED
        if band.holding.alleged:
            yield ALLEGED


def _line_height(line: tuple[Strip, ...]) -> float:
    heading = max(strip.heading for strip in line)
    return heading + max(strip.height - strip.heading for strip in line)


T = TypeVar("T")

GAP = 1.0
"""Room between cells, mm."""
_STUB_LEAST, _STUB_MOST, _STUB_SHARE = 18.0, 23.0, 0.24
_COLUMN_LEAST, _COLUMN_ENOUGH = 20.0, 34.0
_BETWEEN_BLOCKS, _AFTER_HEAD, _BETWEEN_GROUPS = 5.0, 1.0, 3.0


@dataclass(frozen=True)
class Column:
    """A column to draw: a project, or a project in a year."""

    head: str
    cells: tuple[Cell | None, ...]
    """By phase; None where the project has no such year."""
    marks: tuple[tuple[Mark, ...], ...]
    """Further marks by phase."""
    group: str = ""
    """Heading above neighbouring columns of the same group."""


@dataclass(frozen=True)
class _Block:
    """Columns that stand side by side, measured."""

    columns: tuple[Column, ...]
    lefts: tuple[float, ...]
    heads: tuple[Fitted, ...]
    plans: tuple[tuple[CellPlan | None, ...], ...]
    rows: tuple[float, ...]
    groups: tuple[tuple[Fitted, float, float], ...]
    """Group headings with the left and right end of their columns."""
    number: int
    """Position of the first column among all columns."""

    @property
    def heading(self) -> float:
        groups = max((group.height + 1.2 for group, _, _ in self.groups), default=0.0)
        return groups + max(head.height for head in self.heads) + _AFTER_HEAD

    @property
    def height(self) -> float:
        return self.heading + sum(self.rows) + GAP * (len(self.rows) - 1)


@dataclass(frozen=True)
class GridPlan:
    """A measured grid with its legend; heights and widths in mm."""

    stub: float
    labels: tuple[Fitted, ...]
    column: float
    blocks: tuple[_Block, ...]
    frame: Frame

    @property
    def _body(self) -> float:
        return sum(block.height for block in self.blocks) + _BETWEEN_BLOCKS * (len(self.blocks) - 1)

    @property
    def height(self) -> float:
        """Height in mm of the whole figure."""
        return self.frame.height(self._body)

    def draw(self, canvas: Canvas) -> None:
        """Draw blocks from top to bottom, then what stands around them."""
        y = self.frame.top
        for block in self.blocks:
            self._draw_block(canvas, block, y)
            y += block.height + _BETWEEN_BLOCKS
        self.frame.draw(canvas, self._body)

    def _draw_block(self, canvas: Canvas, block: _Block, top: float) -> None:
        self._draw_heads(canvas, block, top)
        y = top + block.heading
        for row, height in enumerate(block.rows):
            canvas.text(Box(MARGIN, y, self.stub, height), self.labels[row], align="left")
            for position, plans in enumerate(block.plans):
                box = Box(block.lefts[position], y, self.column, height)
                plan = plans[row]
                gid = f"c{block.number + position}-{row}"
                if plan is None:
                    OUTSIDE.draw(canvas, box, gid=gid)
                else:
                    plan.draw(canvas, box, gid)
            y += height + GAP

    def _draw_heads(self, canvas: Canvas, block: _Block, top: float) -> None:
        tallest = max(head.height for head in block.heads)
        y = top + block.heading - _AFTER_HEAD - tallest
        for group, left, right in block.groups:
            canvas.text(Box(left, top, right - left, group.height), group, bold=True)
            canvas.line([(left, y - 0.7), (right, y - 0.7)], Look(edge=INK))
        for head, left in zip(block.heads, block.lefts, strict=True):
            # Headings stand on their row: the last lines are level.
            foot = Box(left, y + tallest - head.height, self.column, head.height)
            canvas.text(foot, head, bold=not block.groups)


def plan_grid(
    phases: Sequence[Phase],
    columns: Sequence[Column],
    codebook: Codebook,
    note: Sequence[str],
    width: float,
    style: FigureStyle,
) -> GridPlan:
    """Measure a grid: as many columns side by side as keep words whole, equal widths, rows as high as their cells."""
    stub = _stub_width(phases, width, style)
    room = width - 2 * MARGIN - stub
    blocks = _arrange(columns, room, style)
    widest = max(len(block) for block in blocks)
    groups = max(len({column.group for column in block}) for block in blocks)
    column = (room - GAP * widest - (_BETWEEN_GROUPS - GAP) * (groups - 1)) / widest
    labels = tuple(fit(phase.label, stub - 1.0, style) for phase in phases)
    planned = []
    number = 0
    for block in blocks:
        planned.append(_plan_block(block, labels, _Measures(stub, column, codebook, style, number)))
        number += len(block)
    frame = plan_frame(_glyphs(planned), codebook, note, width, style)
    return GridPlan(stub, labels, column, tuple(planned), frame)


@dataclass(frozen=True)
class _Measures:
    stub: float
    column: float
    codebook: Codebook
    style: FigureStyle
    number: int


def _stub_width(phases: Sequence[Phase], width: float, style: FigureStyle) -> float:
    words = max(longest_word(phase.label, style) for phase in phases) * style.size / style.least
    return min(max(_STUB_LEAST, words + 1.2, _STUB_SHARE * width), _STUB_MOST)


def _arrange(columns: Sequence[Column], room: float, style: FigureStyle) -> list[list[Column]]:
    """Split the columns into blocks of nearly equal length; a group is kept together where it fits."""
    wanted = max(
        (wanted_width(cell, style) for column in columns for cell in column.cells if cell is not None), default=0.0
    )
    heads = max(longest_word(column.head, style, bold=True) for column in columns)
    least = max(_COLUMN_LEAST, min(max(wanted, heads), _COLUMN_ENOUGH))
    across = max(1, int((room + GAP) // (least + GAP)))
    groups = [list(same) for _, same in groupby(columns, key=lambda column: column.group)]
    largest = max(len(group) for group in groups)
    if largest > across or len(groups) == 1:
        return [block for group in groups for block in _split(group, across)]
    return [[column for group in some for column in group] for some in _split(groups, across // largest)]


def _split(items: list[T], most: int) -> list[list[T]]:
    count = math.ceil(len(items) / most)
    size = math.ceil(len(items) / count)
    return [items[start : start + size] for start in range(0, len(items), size)]


def _plan_block(columns: list[Column], labels: tuple[Fitted, ...], measures: _Measures) -> _Block:
    lefts: list[float] = []
    x = MARGIN + measures.stub
    for position, column in enumerate(columns):
        new_group = position > 0 and column.group != columns[position - 1].group
        x += _BETWEEN_GROUPS if new_group else GAP
        lefts.append(x)
        x += measures.column
    plans = tuple(
        tuple(
            None if cell is None else plan_cell(cell, measures.column, measures.codebook, measures.style, marks=marks)
            for cell, marks in zip(column.cells, column.marks, strict=True)
        )
        for column in columns
    )
    rows = tuple(
        max([label.height + 1.0, *(plan.height for column in plans if (plan := column[row]) is not None)])
        for row, label in enumerate(labels)
    )
    heads = tuple(fit(column.head, measures.column, measures.style, bold=not column.group) for column in columns)
    return _Block(
        tuple(columns), tuple(lefts), heads, plans, rows, _group_heads(columns, lefts, measures), measures.number
    )


def _group_heads(
    columns: list[Column], lefts: list[float], measures: _Measures
) -> tuple[tuple[Fitted, float, float], ...]:
    heads = []
    for name, same in groupby(zip(columns, lefts, strict=True), key=lambda pair: pair[0].group):
        if name:
            places = [left for _, left in same]
            left, right = places[0], places[-1] + measures.column
            heads.append(
                (fit(name, right - left, measures.style, bold=True, size=measures.style.size + 1), left, right)
            )
    return tuple(heads)


def _glyphs(blocks: list[_Block]) -> Iterator[Glyph]:
    for block in blocks:
        for column in block.plans:
            for plan in column:
                if plan is None:
                    yield OUTSIDE
                else:
                    yield from plan.glyphs
