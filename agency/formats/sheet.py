"""`Sheet`: a table ready to print, the same for every format. Marks and order are fixed here, not in a renderer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Run:
    """A piece of text within a line."""

    text: str
    origin: str = ""
    """Origin key, for colour where a format has it."""
    marks: tuple[str, ...] = ()
    """Note marks printed behind the text, superscript where a format has it."""
    anchor: str = ""
    """Id of the evidence entry this text links to, in formats with links."""
    italic: bool = False
    """A title that stands by itself, where a format has italics."""
    link: str = ""
    """Web address this text leads to, in formats with links."""
    cites: tuple[tuple[str, str], ...] = ()
    """Key and page of the sources behind the text, for formats that cite by themselves (LaTeX)."""
    breaks: bool = False
    """A separator at whose space a text table may begin a new line."""
    shade: str = ""
    """Ground of this piece, ``#rrggbb``, in formats with colour."""
    struck: bool = False
    """Struck through in HTML, Markdown and Word; the words must say it too, for formats that cannot."""


@dataclass(frozen=True)
class Entry:
    """One cell: lines of runs. A line break is a new line, never a character in the text."""

    lines: tuple[tuple[Run, ...], ...]
    blank: str = ""
    """Kind of blank (``not_coded`` ...), "" when there is content: renderers may dim it, the words are there anyway."""
    shade: str = ""
    """Ground of the whole cell, ``#rrggbb``, in formats with colour; its text is black."""
    exact: str | None = None
    """The unrounded number behind a printed one, for CSV; "" where there is none."""

    @property
    def text(self) -> str:
        """The cell in one line, lines separated by `` / ``, without marks."""
        return " / ".join("".join(run.text for run in line) for line in self.lines)


@dataclass(frozen=True)
class Note:
    """A note below the table; an unmarked note has an empty mark."""

    mark: str
    text: str
    shade: str = ""
    """Ground of the note, ``#rrggbb``: what this ground means in the table."""


@dataclass(frozen=True)
class Sheet:
    """A table with a stub: the first column holds the row headers, or the first `stub` columns do."""

    caption: str
    label: str
    """Short name for LaTeX labels and HTML ids: letters, digits and hyphens."""
    columns: tuple[str, ...]
    rows: Sequence[tuple[Entry, ...]]
    notes: tuple[Note, ...] = ()
    numeric: tuple[int, ...] = ()
    """Positions of columns aligned to the right."""
    references: tuple[tuple[Run, ...], ...] = ()
    """Bibliography printed behind the notes, one reference each."""
    notices: tuple[str, ...] = ()
    """What is to be said beside the table, not in it."""
    stub: int = 1
    """How many columns say what a row is about: they begin every block of a table wider than its page."""

    def bare(self) -> Sheet:
        """Return the table alone: no notes, no bibliography and so no marks either; citations stay."""
        rows = tuple(tuple(_unmarked(entry) for entry in row) for row in self.rows)
        return replace(self, rows=rows, notes=(), references=())


def _unmarked(entry: Entry) -> Entry:
    return replace(entry, lines=tuple(tuple(replace(run, marks=()) for run in line) for line in entry.lines))


@lru_cache(maxsize=1 << 16)
def plain(text: str, exact: str | None = None) -> Entry:
    """Return a cell with one line of plain text, and the unrounded number it stands for, if it stands for one.

    Examples
    --------
    >>> plain("CEIEC").text, plain("0.33", repr(1 / 3)).exact
    ('CEIEC', '0.3333333333333333')
    """
    return Entry(((Run(text),),), exact=exact)
