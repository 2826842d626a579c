"""Sheets as reStructuredText: grid tables in a table directive, lines that must break as line blocks."""

from __future__ import annotations

from textwrap import indent

from agency import words
from agency.formats.escape import rst
from agency.formats.grid import BLOCK, draw
from agency.formats.sheet import Entry, Run, Sheet
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
        below += [
            f".. rubric:: {rst(words.text('References'))}",
            *(f"- {_reference(line)}" for line in sheet.references),
        ]
    return "\n\n".join([*head, indent(table, "   "), *below])


def _cell(entry: Entry) -> str:
    lines = [typeset(line, rst, _mark) for line in entry.lines]
    return lines[0] if len(lines) == 1 else "\n".join(f"{BLOCK}{line}" for line in lines)


def _reference(line: tuple[Run, ...]) -> str:
    r"""Return a reference with its titles in italics; an escaped space parts markup from the sign behind it."""
    parts = [rf"\ *{rst(run.text.strip())}*\ " if run.italic and run.text.strip() else _plain(run) for run in line]
    return "".join(parts).removeprefix("\\ ").strip()


def _plain(run: Run) -> str:
    """Return a run as text; an address within angle brackets is a link."""
    safe = run.link and run.link == run.text and not set(run.link) & set("`<> \\\n")
    return f"`<{run.link}>`__" if safe else rst(run.text)


def _mark(marks: str) -> str:
    """Superscript; the space is there because a role must not touch the word before it."""
    return f" :sup:`{rst(marks)}`"
