"""What stands around a figure: title, legend, what it rests on, and words for those who cannot see it.

A figure torn from its command must not mislead: the line below says as of when, what counts, how many of how many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agency.figures.surface.canvas import Box, Canvas
from agency.figures.surface.fitting import Fitted, fit
from agency.figures.surface.marks import Glyph, Legend, plan_legend
from agency.figures.surface.style import QUIET, FigureStyle
from agency.words import counted, listed, marked, text
from agency.words import number as grouped

if TYPE_CHECKING:
    from agency.resolve import CellTable, View
    from agency.vocabulary import Codebook


_BLANKS = {
    "not_coded": marked("not coded"),
    "unknown": marked("unknown"),
    "vacant": marked("vacant"),
    "negotiating": marked("negotiating"),
    "not_applicable": marked("not applicable"),
}
MOST = 150
"""Characters of a short alternative text (screen readers pause there)."""


def shorten(first: str, *candidates: str) -> str:
    """Return the beginning with the first continuation that keeps it under 150 characters, else cut at a word.

    Examples
    --------
    >>> shorten("Heatmap of 2 projects", " (ECU 911 and JSeI)", "")
    'Heatmap of 2 projects (ECU 911 and JSeI)'
    """
    for candidate in candidates:
        if len(first + candidate) <= MOST:
            return first + candidate
    cut = first[: MOST - 1].rsplit(" ", 1)[0]
    return first if len(first) <= MOST else f"{cut}…"


def matrix_short(cells: CellTable) -> str:
    """Return the short text of a matrix: kind, size, and in how many cells each origin holds."""
    labels = {origin.key: origin.label for origin in cells.codebook.origins} | {"unknown": text("Origin unknown")}
    held: Counter[str] = Counter()
    blanks: Counter[str] = Counter()
    for cell in cells.shown:
        origins = {holder.origin for part in cell.parts if part.status == "held" for holder in part.holders}
        held.update(label for key, label in labels.items() if key in origins)
        if cell.blank:
            blanks[cell.blank] += 1
    points = [text("{label} in {n}", label=label, n=held[label]) for label in labels.values() if held[label]]
    points += [f"{text(_BLANKS[name])} {number}" for name, number in blanks.items()]
    total = len(cells.shown)
    projects = counted("{n} project", "{n} projects", len(cells.projects))
    phases = counted("{n} phase", "{n} phases", len(cells.phases))
    start = text("Heatmap of {phases} by {projects}", phases=phases, projects=projects)
    point = counted("; of {n} cell: {parts}.", "; of {n} cells: {parts}.", total, parts=", ".join(points))
    point = point if points else "."
    names = listed([project.label for project in cells.projects])
    return shorten(start, f" ({names}){point}", point, ".")


def matrix_long(cells: CellTable) -> str:
    """Return the table itself in words, a line per project."""
    lines = []
    for project in cells.projects:
        said = [f"{phase.label}: {cells.cell(project.key, phase.key).text}" for phase in cells.phases]
        lines.append(f"{project.label}. {'; '.join(said)}.")
    return "\n".join(lines)


MARGIN = 0.5
"""Edge of every figure, mm."""
_AFTER_TITLE, _BEFORE_LEGEND, _BEFORE_NOTE, _LARGER = 1.6, 3.0, 1.8, 1.0

LEGEND_TAIL = (
    "gap", "vacant", "negotiating", "not_applicable", "not_coded", "unknown_year", "outside", "unknown", "listed",
    "alleged", "alleged_listed", "proposed", "support", "contested", "changed", "periods", "periods_below", "joint",
    "open", "borrowed", "undated", "unplaced", "loose", "event", "pin", "window",
)  # fmt: skip
"""Order of the legend behind the origins."""


@dataclass(frozen=True)
class Frame:
    """Title, legend and note of a figure, measured."""

    title: Fitted | None
    legend: Legend
    note: Fitted
    width: float

    @property
    def top(self) -> float:
        """Where the body begins, mm."""
        return MARGIN + (self.title.height + _AFTER_TITLE if self.title else 0.0)

    def height(self, body: float) -> float:
        """Return the height of the figure around a body of this height, mm."""
        legend = _BEFORE_LEGEND + self.legend.height if self.legend.entries else 0.0
        note = _BEFORE_NOTE + self.note.height if self.note.text else 0.0
        return self.top + body + legend + note + MARGIN

    def draw(self, canvas: Canvas, body: float) -> None:
        """Draw it around a body of this height."""
        if self.title:
            canvas.text(Box(MARGIN, MARGIN, self.width, self.title.height), self.title, align="left", bold=True)
        y = self.top + body
        if self.legend.entries:
            self.legend.draw(canvas, MARGIN, y + _BEFORE_LEGEND)
            y += _BEFORE_LEGEND + self.legend.height
        if self.note.text:
            place = Box(MARGIN, y + _BEFORE_NOTE, self.width, self.note.height)
            canvas.text(place, self.note, align="left", ink=QUIET)


def plan_frame(
    glyphs: Iterable[Glyph], codebook: Codebook, note: Iterable[str], width: float, style: FigureStyle
) -> Frame:
    """Measure title, legend and note of a figure of this width in mm.

    Parameters
    ----------
    glyphs
        What is drawn, repetitions allowed.
    codebook
        Its origins lead the legend.
    note
        What the figure says of itself, a sentence each; the user's own note follows.
    width
        In mm, margins included.
    style
        Type, and the title and note of the user.
    """
    room = width - 2 * MARGIN
    order = (*(origin.key for origin in codebook.origins), *LEGEND_TAIL)
    words = " ".join(sentence for sentence in (*note, style.note) if sentence)
    title = fit(style.title, room, style, bold=True, size=style.size + _LARGER) if style.title else None
    return Frame(title, plan_legend(glyphs, order, room, style), fit(words, room, style, size=style.least), room)


def when(view: View) -> str:
    """Return as of which year or time a figure holds, as a sentence of its note.

    Examples
    --------
    >>> from agency.resolve import View
    >>> when(View(mode="snapshot", year=2018)), when(View())
    ('As of 2018.', 'Whoever held a phase at any time.')
    """
    if view.mode == "time":
        return text("Continuing phases are weighed by years.")
    if view.mode == "static":
        return text("Whoever held a phase at any time.")
    if view.year == "end":
        return text("As of the last year of each case.")
    return text("As of {year}.", year=view.year)


def rules(view: View) -> str:
    """Return which statements count, as a sentence of its note."""
    if view.rank == "best":
        if view.include_alleged:
            return text("Preferred statements come before others; alleged ones are counted.")
        return text("Preferred statements come before others; alleged ones are not counted.")
    if view.include_alleged:
        return text("Statements of every rank count, alleged ones too.")
    return text("Statements of every rank count, alleged ones do not.")


def extent(shown: int, selected: int, least: int, *, undrawn: int = 0) -> str:
    """Return how many projects of how many are shown, and why not all.

    Parameters
    ----------
    shown, selected
        Numbers of projects.
    least
        ``min_phases`` of the view.
    undrawn
        How many of those listed have nothing to draw, for want of a year.

    Examples
    --------
    >>> extent(18, 66, 2), extent(2, 2, 2)
    ('18 of 66 projects are shown, those with 2 or more core phases known.', '2 projects are shown.')
    """
    if shown == selected:
        return counted("{n} project is shown.", "{n} projects are shown.", shown)
    numbers = {"shown": grouped(shown), "selected": grouped(selected), "least": least, "undrawn": grouped(undrawn)}
    if shown + undrawn == selected:
        return text("{shown} of {selected} projects are shown; {undrawn} have no year to draw.", **numbers)
    if undrawn:
        return text(
            "{shown} of {selected} projects are shown, those with {least} or more core phases known and a year to "
            "draw.",
            **numbers,
        )
    return text("{shown} of {selected} projects are shown, those with {least} or more core phases known.", **numbers)


_PAGE = 240.0


def page_notice(height: float) -> tuple[str, ...]:
    """Return a notice when a figure is taller than a page."""
    if height <= _PAGE:
        return ()
    sentence = marked(
        "the figure is {height:.0f} mm tall, more than a page ({page:.0f} mm): choose fewer projects or a greater "
        "--width"
    )
    return (text(sentence, height=height, page=_PAGE),)
