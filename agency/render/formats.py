"""One sheet, many formats: the way in for every command."""

from __future__ import annotations

from typing import Final

from agency.errors import UsageError
from agency.render.sheet import Sheet

FORMATS: Final = ("text", "markdown", "csv")
EXTENSIONS: Final = {
    ".txt": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".csv": "csv",
}
"""Format of a file by the end of its name."""

PAGE_WIDTH: Final = 100
"""Columns of text output that does not go to a terminal."""


def render_sheet(sheet: Sheet, format: str, *, width: int | None = None, bare: bool = False) -> str | bytes:
    """Return one sheet in a format; see `render_sheets`."""
    return render_sheets([sheet], format, width=width, bare=bare)


def render_sheets(sheets: list[Sheet], format: str, *, width: int | None = None, bare: bool = False) -> str | bytes:
    """Return sheets below one another in a format: text ending in a line end, or the bytes of a Word file."""
    if format not in FORMATS:
        message = f"There is no format {format!r}: choose one of {', '.join(FORMATS)}."
        raise UsageError(message)
    return "\n".join(f"{_text(sheet, format, width or PAGE_WIDTH, bare).rstrip()}\n" for sheet in sheets)


def _text(sheet: Sheet, format: str, width: int, bare: bool) -> str:
    from agency.render import delimited, markdown, text

    if format == "text":
        return text.render(sheet, columns=width, bare=bare)
    if format == "markdown":
        return markdown.render_pipe(sheet, bare=bare)
    return delimited.render(sheet)
