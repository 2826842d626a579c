"""Phases as rows, columns of cells with names, in as many rows of columns as the width asks for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from agency.figures.cellplan import CellPlan, plan_cell, wanted_width
from agency.figures.surface.canvas import Box, Canvas, Look
from agency.figures.surface.fitting import Fitted, fit, longest_word
from agency.figures.surface.frame import MARGIN, Frame, plan_frame
from agency.figures.surface.marks import OUTSIDE, Glyph, Mark
from agency.figures.surface.style import INK, FigureStyle

if TYPE_CHECKING:
    from agency.resolve import Cell
    from agency.vocabulary import Codebook, Phase

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
