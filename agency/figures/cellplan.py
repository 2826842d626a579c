"""One cell of the matrix with names: measured first, drawn when the height of its row is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from agency.figures.surface.canvas import Box, Canvas
from agency.figures.surface.fitting import Fitted, fit, longest_word
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
    PERIODS,
    PERIODS_BELOW,
    UNPLACED,
    Area,
    Glyph,
    Mark,
    dashed_edge,
    origin_area,
)
from agency.figures.surface.style import QUIET, FigureStyle
from agency.resolve import Cell, Holder, Part

if TYPE_CHECKING:
    from agency.vocabulary import Codebook


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
