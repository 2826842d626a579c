"""Sheets for the terminal and for plain-text files: wrapped to a width, marks in brackets."""

from __future__ import annotations

from collections.abc import Sequence

from tabulate import tabulate

from agency.render.escape import clean
from agency.render.layout import fit, width, wrap
from agency.render.lines import typeset
from agency.render.sheet import Entry, Sheet

_GAP = 2
_PADDING = 2
"""What tabulate adds to a column title."""
_LEAST = 8


def render(sheet: Sheet, *, columns: int, bare: bool = False) -> str:
    """Return the sheet as text of at most `columns` columns, as far as the number of its columns allows.

    Examples
    --------
    >>> from agency.render.sheet import plain
    >>> print(render(Sheet("Firms", "firms", ("Phase", "A"), ((plain("Designed by"), plain("ZTE")),)), columns=80))
    Firms
    <BLANKLINE>
    Phase        A
    -----------  ---
    Designed by  ZTE
    """
    if bare:
        return _grid(sheet.bare(), columns)
    parts = [*_paragraph(clean(sheet.caption), columns), _grid(sheet, columns)]
    notes = [
        _note(f"[{clean(note.mark)}] {clean(note.text)}" if note.mark else clean(note.text), columns)
        for note in sheet.notes
    ]
    parts += ["\n".join(notes)] if notes else []
    if sheet.references:
        parts.append("\n".join(["References", *(_note(clean(text), columns) for text in sheet.references)]))
    return "\n\n".join(parts)


def _paragraph(text: str, columns: int) -> list[str]:
    return ["\n".join(wrap(text, columns))] if text else []


def _note(text: str, columns: int) -> str:
    """Wrap with a hanging indent, so that the marks stand out."""
    return "\n    ".join(wrap(text, max(columns - 4, _LEAST)))


def _grid(sheet: Sheet, columns: int) -> str:
    head = [[clean(name)] for name in sheet.columns]
    body = [[_lines(entry) for entry in row] for row in sheet.rows]
    widths = _widths(head, body, columns - _GAP * (len(head) - 1))
    folded = [[_fold(lines, wide) for lines, wide in zip(row, widths, strict=True)] for row in body]
    titles = [_fold(lines, max(wide - _PADDING, 1)) for lines, wide in zip(head, widths, strict=True)]
    # Rows of several lines need air between them, else nobody sees where the next one begins.
    airy = any("\n" in cell for row in folded for cell in row)
    spaced = [line for row in folded for line in ([row, [""] * len(row)] if airy else [row])]
    printed = tabulate(
        spaced[:-1] if airy else spaced,
        headers=titles,
        tablefmt="simple",
        disable_numparse=True,
        preserve_whitespace=True,
        colalign=["right" if at in sheet.numeric else "left" for at in range(len(widths))],
    )
    return "\n".join(line.rstrip(" ") for line in printed.split("\n"))


def _widths(head: Sequence[list[str]], body: Sequence[Sequence[list[str]]], room: int) -> list[int]:
    """Return the width of each column; words are broken only where the longest of all do not fit side by side."""
    natural, words = [], []
    for at, title in enumerate(head):
        lines = [line for row in body for line in row[at]]
        natural.append(max(width(title[0]) + _PADDING, *(width(line) for line in lines), 0))
        longest = (width(word) for line in lines for word in line.split())
        words.append(max(max((width(word) for word in title[0].split()), default=0) + _PADDING, *longest, 0))
    return fit(natural, words if sum(words) <= room else [min(wide, _LEAST) for wide in natural], room)


def _lines(entry: Entry) -> list[str]:
    return [typeset(line, clean, lambda marks: f" [{marks}]") for line in entry.lines] or [""]


def _fold(lines: Sequence[str], wide: int) -> str:
    return "\n".join(part for line in lines for part in wrap(line, wide))
