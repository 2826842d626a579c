"""How every command that prints tables chooses the format and where the output goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from agency.cli.writing import GivenPath, write_output
from agency.errors import UsageError

if TYPE_CHECKING:
    from agency.render.printout import Printout
    from agency.render.sheet import Sheet

F = TypeVar("F", bound=Callable[..., Any])

FORMAT_NAMES = ("text", "markdown", "grid", "rst", "latex", "html", "csv", "json", "docx")
"""What -f accepts; agency.render.formats knows all of them but json, which each command has its own of."""


def sheet_options(function: F) -> F:
    """Add -f/--format and -o/--output, passed on as `format` and `output`."""
    chosen = click.option(
        "-f", "--format", type=click.Choice(FORMAT_NAMES), help="Default: by the extension of -o, else text."
    )
    place = click.option("-o", "--output", type=GivenPath(dir_okay=False), help="Write this file instead of printing.")
    decorated: F = chosen(place(function))
    return decorated


def choose_format(format: str | None, output: str | None) -> str:
    """Return the format: what -f says, else what the extension of -o means, else text.

    Raises
    ------
    UsageError
        If the extension means nothing to us, or Word is asked for without a file.

    Examples
    --------
    >>> choose_format(None, "table1.tex"), choose_format("csv", "table1.txt"), choose_format(None, None)
    ('latex', 'csv', 'text')
    """
    from pathlib import PurePath

    from agency.render.formats import EXTENSIONS

    known = {**EXTENSIONS, ".json": "json"}
    if format is None and output is not None:
        extension = PurePath(output).suffix.lower()
        if extension not in known:
            message = f"{output}: the extension {extension!r} is not one of {', '.join(known)}. Say the format with -f."
            raise UsageError(message)
        format = known[extension]
    if format == "docx" and output is None:
        message = "A Word table cannot be printed: say where to write it, for instance -o table.docx."
        raise UsageError(message)
    return format or "text"


def write_sheets(
    sheets: list[Sheet], format: str | None, output: str | None, *, document: Any = None, bare: bool = False
) -> None:
    """Print sheets, or write them to a file in one step.

    Parameters
    ----------
    sheets
        The tables, in order.
    format, output
        As the user gave them (see `sheet_options`); None means not given.
    document
        What ``-f json`` prints: dictionaries, lists, strings and numbers; NaN is not allowed.
    bare
        Only the tables, without captions and notes.
    """
    chosen = choose_format(format, output)
    if chosen == "json":
        import json

        write_output(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n", output)
        return
    from agency.render.formats import render_sheets

    write_output(render_sheets(sheets, chosen, width=_terminal_width(output), bare=bare), output)


def write_printout(printed: Printout, format: str | None, output: str | None, *, bare: bool = False) -> None:
    """Print what a command has made, or write it to a file in one step."""
    write_sheets(list(printed.sheets), format, output, document=printed.document, bare=bare)


def _terminal_width(output: str | None) -> int | None:
    """Return the terminal's width when the output goes there; None keeps the page width, the same everywhere."""
    import shutil
    import sys

    return shutil.get_terminal_size().columns if output is None and sys.stdout.isatty() else None
