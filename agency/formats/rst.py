"""Sheets as reStructuredText: grid tables in a table directive, lines that must break as line blocks."""

from __future__ import annotations

from textwrap import indent

from agency.formats.escape import rst
from agency.formats.grid import BLOCK, draw
from agency.formats.sheet import Entry, Sheet
from agency.formats.text import typeset


def render(sheet: Sheet, *, columns: int, bare: bool = False) -> str:
    """Return a grid table; notes and bibliography are paragraphs below it.

    Examples
    --------
    >>> from agency.formats.sheet import plain
    >>> print(render(Sheet("Firms", "firms", ("Phase", "A"), ((plain("Designed by"), plain("ZTE")),)), columns=80))
    .. table:: Firms
       :name: firms
    <BLANKLINE>
       +-------------+-----+
       | Phase       | A   |
       +=============+=====+
       | Designed by | ZTE |
       +-------------+-----+
    """
    sheet = sheet.bare() if bare else sheet
    table = draw(
        [rst(name) for name in sheet.columns],
        [[_cell(entry) for entry in row] for row in sheet.rows],
        columns=columns if bare else columns - 3,
        numeric=sheet.numeric,
    )
    if bare:
        return table
    head = [f".. table:: {rst(sheet.caption)}\n   :name: {sheet.label}"] if sheet.caption else [".. table::"]
    below = [f"{_mark(note.mark)} {rst(note.text)}".strip() if note.mark else rst(note.text) for note in sheet.notes]
    if sheet.references:
        below += [".. rubric:: References", *(f"- {rst(text)}" for text in sheet.references)]
    return "\n\n".join([*head, indent(table, "   "), *below])


def _cell(entry: Entry) -> str:
    lines = [typeset(line, rst, _mark) for line in entry.lines]
    return lines[0] if len(lines) == 1 else "\n".join(f"{BLOCK}{line}" for line in lines)


def _mark(marks: str) -> str:
    """Superscript; the space is there because a role must not touch the word before it."""
    return f" :sup:`{rst(marks)}`"
