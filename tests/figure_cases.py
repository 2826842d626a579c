"""Cells made by hand for the figures: every kind of cell, very long names, Chinese names; and how drawings are read."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import Any

from agency.figures.surface.canvas import Box, Drawing
from agency.figures.surface.style import MM, figure_context
from agency.resolve.cells import Cell, CellTable, Holder, Part, ProjectHead
from agency.vocabulary.codebook import default_codebook
from agency.words import listed

CODEBOOK = default_codebook()
PHASES = CODEBOOK.core_phases
ORIGINS = ("local", "chinese", "western", "other", "mixed", "unknown")
WIDTHS = (60.0, 90.0, 140.0, 190.0)

LONG_NAME = "National Directorate for Telecommunications Infrastructures"
ONE_WORD = "Empresadetelecomunicacionesdelestadoplurinacionalyautonomicas"[:60]
CHINESE_NAME = "中国电子进出口有限公司"

_DEFAULTS = {
    "line": 2,
    "actor_kind": "",
    "unnamed": False,
    "role": "lead",
    "scope": "",
    "start": None,
    "end": None,
    "duration_years": None,
    "status": "held",
    "source": "s",
    "locator": "",
    "quote": "",
    "confidence": "reported",
    "rank": "normal",
    "coder": "",
    "note": "",
    "use": "decides",
}


def holder(actor: str | None, origin: str | None = "local", row_id: int = 0, **changes: Any) -> Holder:
    text = changes.pop("text", actor or "")
    return Holder(**{**_DEFAULTS, "row_id": row_id, "actor": actor, "origin": origin, "text": text, **changes})


def held(*holders: Holder, prefix: str = "", start: int | None = None, end: int | None = None) -> Part:
    return Part(prefix, listed([one.text for one in holders]), start, end, "held", holders, holders)


def status(kind: str, text: str, prefix: str = "", start: int | None = None, end: int | None = None) -> Part:
    rows = (holder(None, None, row_id=90, status=kind),)
    return Part(prefix, text, start, end, kind, rows, rows)


def cell(phase: str, *parts: Part, project: str = "X", listed: tuple[Holder, ...] = (), agreement: str = "") -> Cell:
    statuses = [part.status for part in parts]
    blank = None if "held" in statuses else (statuses[0] if statuses else "not_coded")
    rows = tuple(row for part in parts for row in part.rows)
    return Cell(project, phase, parts, listed, (*rows, *listed), blank, agreement)


def table(cells: list[Cell]) -> CellTable:
    """Return a table of these cells; missing ones are not coded."""
    projects = list(dict.fromkeys(cell.project for cell in cells))
    by_key = {(cell.project, cell.phase): cell for cell in cells}
    every = {
        (project, phase.key): by_key.get((project, phase.key), cell(phase.key, project=project))
        for project in projects
        for phase in PHASES
    }
    heads = tuple(ProjectHead(project, project, "ECU", (2010, 2020)) for project in projects)
    return CellTable(heads, PHASES, every, CODEBOOK)


def nine_holders(project: str = "X") -> Cell:
    holders = [holder(f"Holder {n} of the consortium", ORIGINS[n % 6], row_id=n) for n in range(9)]
    return cell("initiation", held(*holders), project=project)


def every_kind(project: str = "X") -> CellTable:
    """Return a project with every kind of cell: nine holders, blanks, periods, marks, what is only listed."""
    alleged = holder("Alleged firm", "chinese", row_id=11, confidence="alleged")
    periods = (
        held(holder("First firm", "local", row_id=20), prefix="Until 2012: ", end=2012),
        held(
            holder("Second firm", "chinese", row_id=21),
            holder("Third firm", "western", row_id=22),
            prefix="2013–2015: ",
            start=2013,
            end=2015,
        ),
        status("negotiating", "still under negotiation", "From 2016 onwards: ", start=2016),
    )
    unplaced = holder("ZTE", "chinese", row_id=30, duration_years=3, text="ZTE for 3 years")
    return table(
        [
            nine_holders(project),
            cell("requirements", held(alleged, holder("B", row_id=12)), project=project, agreement="contested"),
            cell("design", status("vacant", "nobody"), project=project),
            cell("implementation", status("not_applicable", "not applicable"), project=project),
            cell("operation", *periods, project=project),
            cell(
                "maintenance",
                held(unplaced),
                project=project,
                listed=(holder("Proposed firm", "other", row_id=40, status="proposed"),),
            ),
        ]
    )


def long_names() -> CellTable:
    first = holder(LONG_NAME, "chinese", row_id=1)
    second = holder(ONE_WORD, "local", row_id=2)
    return table(
        [
            cell("initiation", held(first, second), project=LONG_NAME),
            cell("design", listed=(holder(ONE_WORD, row_id=3, status="proposed"),), project=LONG_NAME),
            cell(
                "operation",
                held(first, prefix="Until 2012: ", end=2012),
                held(second, prefix="From 2013 onwards: ", start=2013),
                project=LONG_NAME,
            ),
            cell("maintenance", held(second, first), project="Y"),
        ]
    )


def chinese_names() -> CellTable:
    return table([cell(phase.key, held(holder(CHINESE_NAME, "chinese", row_id=1))) for phase in PHASES])


def written(drawing: Drawing) -> str:
    """Return all text of a drawing in one line, divided words joined."""
    return " ".join(label.get_text() for label, _ in drawing.labels).replace("- ", "")


def legend_labels(drawing: Drawing) -> list[str]:
    """Return the words behind the legend's swatches: the labels after the last drawn cell, without the note."""
    patches = (artist for artist in drawing.artists.values() if hasattr(artist, "get_extents"))
    lowest = max(box.bottom for box in map(extent, patches))
    whole = drawing.figure.get_figwidth() * MM - 1.5
    words = [(box.y, box.x, label.get_text()) for label, box in drawing.labels if box.y > lowest and box.width < whole]
    return [text for _, _, text in sorted(words)]


def extent(artist: Any) -> Box:
    """Return the place of a patch in mm."""
    left, top, right, bottom = artist.get_extents().transformed(artist.axes.transData.inverted()).extents
    return Box(left, min(top, bottom), right - left, abs(bottom - top))


def inks(drawing: Drawing) -> list[tuple[Box, Box, Any]]:
    """Return each text with the place of its ink, as drawn at 500 dpi, and the place it has to stay in, mm."""
    from matplotlib.backends.backend_agg import RendererAgg

    figure = drawing.figure
    figure.set_dpi(500)
    height = figure.get_figheight() * MM
    found = []
    with figure_context(drawing.style):
        renderer = RendererAgg(10, 10, 500)
        for label, box in drawing.labels:
            (left, bottom), (right, top) = label.get_window_extent(renderer).get_points() * MM / 500
            found.append((Box(left, height - top, right - left, top - bottom), box, label))
    return found


def assert_in_place(drawing: Drawing) -> None:
    """Fail when a text leaves its place or the figure, is under 6 points, or meets another."""
    found = inks(drawing)
    width, height = (inches * MM for inches in drawing.figure.get_size_inches())
    for ink, box, label in found:
        # A tenth of a millimetre is the rounding of a glyph's edge.
        assert box.x - 0.1 <= ink.x, label
        assert ink.right <= box.right + 0.1, label
        assert box.y - 0.1 <= ink.y, label
        assert ink.bottom <= box.bottom + 0.1, label
        assert min(ink.x, ink.y, width - ink.right, height - ink.bottom) >= -0.1, label
        assert label.get_fontsize() >= 6, label
    for (one, _, first), (other, _, second) in combinations(found, 2):
        beside = one.right <= other.x or other.right <= one.x
        # Lines of one text share a little of their descenders' and ascenders' room.
        apart = one.bottom <= other.y + 0.3 or other.bottom <= one.y + 0.3
        assert beside or apart, (first, second)


def looks(drawing: Drawing) -> Counter[tuple[str, str]]:
    """Return how often each (fill, hatch) occurs among the parts with an id."""
    from matplotlib.colors import to_hex

    return Counter(
        (to_hex(artist.get_facecolor()), (artist.get_hatch() or "")[:1])
        for artist in drawing.artists.values()
        if hasattr(artist, "get_hatch")
    )
