"""The words of a figure for those who cannot see it, made from the data: short (under 150 characters) and long."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from agency.words import counted, listed, marked, text

if TYPE_CHECKING:
    from agency.resolve import CellTable

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
