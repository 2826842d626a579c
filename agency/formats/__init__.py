"""How a `Sheet` is written: text, Markdown, grid, reST, LaTeX, HTML, CSV, docx, xlsx. Knows nothing else."""

from __future__ import annotations

from agency.formats.html import matrix_html
from agency.formats.render import BINARY, EXTENSIONS, SHADED, render_sheet, render_sheets
from agency.formats.sheet import Entry, Note, Run, Sheet, plain

__all__ = [
    "BINARY",
    "EXTENSIONS",
    "SHADED",
    "Entry",
    "Note",
    "Run",
    "Sheet",
    "matrix_html",
    "plain",
    "render_sheet",
    "render_sheets",
]
