"""One sheet, many formats: the way in for every command."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Final

from agency import words
from agency.characters import spreadsheet
from agency.errors import UsageError
from agency.formats import html, latex, markdown, rst, text, word, workbook
from agency.formats.sheet import Sheet

EXTENSIONS: Final = {
    ".txt": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".rst": "rst",
    ".tex": "latex",
    ".html": "html",
    ".htm": "html",
    ".csv": "csv",
    ".docx": "docx",
    ".xlsx": "xlsx",
}
"""Format of a file by the end of its name."""

BINARY: Final = {"docx": words.marked("A Word table"), "xlsx": words.marked("A workbook")}
"""Formats that cannot be printed, and what they make."""

SHADED: Final = ("html", "latex", "docx", "xlsx")
"""Formats that show the ground of a cell."""

PAGE_WIDTH: Final = 80
"""Columns of text output that does not go to a terminal."""


def render_sheet(sheet: Sheet, format: str, *, width: int | None = None, bare: bool = False) -> str | bytes:
    """Return one sheet in a format; see `render_sheets`.

    Examples
    --------
    >>> import agency
    >>> from agency.sheets.cells import cell_sheet
    >>> study = agency.load().select(project="JSeI")
    >>> print(render_sheet(cell_sheet(study.cells, sources={}, notes=False), "markdown", bare=True))
    | Phase                      | JSeI                         |
    |:---------------------------|:-----------------------------|
    | Initiated by               | Jujuy's Ministry of Security |
    | Requirements defined by    | Jujuy's Ministry of Security |
    | Designed by                | ZTE (technical)              |
    | Implemented by             | Local firms and ZTE          |
    | Managed and operated by    | Jujuy's Ministry of Security |
    | Maintained and upgraded by | ZTE for 3 years              |
    """
    return render_sheets([sheet], format, width=width, bare=bare)


def render_sheets(sheets: list[Sheet], format: str, *, width: int | None = None, bare: bool = False) -> str | bytes:
    """Return sheets below one another in a format.

    Parameters
    ----------
    sheets
        The tables, in order.
    format
        text, markdown (pipe tables), grid (for pandoc), rst, latex, html, csv, docx or xlsx.
    width
        Columns of text, grid and rst; default 80. A column is never narrower than its longest word in grid and rst.
    bare
        Only the tables: no captions (but in HTML), notes or marks.

    Returns
    -------
    str or bytes
        Text that ends in a line end; bytes for docx and xlsx.

    Raises
    ------
    UsageError
        If there is no such format, or python-docx or openpyxl is not installed.
    """
    if format in BINARY:
        return word.render(sheets, bare=bare) if format == "docx" else workbook.render(sheets, bare=bare)
    renderer = _renderers(width or PAGE_WIDTH, bare).get(format)
    if renderer is None:
        known = ", ".join(dict.fromkeys(EXTENSIONS.values()))
        message = words.text(
            "There is no format {format!r}: choose one of {known} or grid.", format=format, known=known
        )
        raise UsageError(message)
    return "\n".join(renderer(sheet).rstrip("\n") + "\n" for sheet in sheets)


def _renderers(columns: int, bare: bool) -> dict[str, Callable[[Sheet], str]]:
    return {
        "text": lambda sheet: text.render(sheet, columns=columns, bare=bare),
        "markdown": lambda sheet: markdown.render_pipe(sheet, bare=bare),
        "grid": lambda sheet: markdown.render_grid(sheet, columns=columns, bare=bare),
        "rst": lambda sheet: rst.render(sheet, columns=columns, bare=bare),
        "latex": lambda sheet: latex.render(sheet, bare=bare),
        "html": lambda sheet: html.render(sheet, bare=bare),
        "csv": render_csv,
    }


def render_csv(sheet: Sheet) -> str:
    r"""Return a sheet as CSV with a header: no marks, no notes, nothing rounded, nothing a spreadsheet could run.

    Examples
    --------
    >>> from agency.formats.sheet import plain
    >>> render_csv(Sheet("", "x", ("Phase", "A"), ((plain("Designed by"), plain("=1+1")),)))
    "Phase,A\nDesigned by,'=1+1\n"
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([spreadsheet(name) for name in sheet.columns])
    writer.writerows(
        [spreadsheet(entry.text if entry.exact is None else entry.exact) for entry in row] for row in sheet.rows
    )
    return stream.getvalue()
