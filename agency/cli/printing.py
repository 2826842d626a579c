"""Where output may go: a path that is given, never the input, and standard output as it is.

How every command that prints tables chooses the format and where the output goes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from agency.errors import UsageError

if TYPE_CHECKING:
    from agency.formats import Sheet
    from agency.sheets import Printout
    from agency.table import Table

_INPUTS = "agency.inputs"


class GivenPath(click.Path):
    """A path that is not empty: ``-o "$OUT"`` with OUT unset must not mean the current folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Refuse an empty path, then do as `click.Path`."""
        if value == "":
            self.fail("the path is empty.", param, ctx)
        return super().convert(value, param, ctx)


def remember_inputs(table: Table) -> None:
    """Note the files a command has read, so that it never writes over them."""
    from agency.table import companion_files

    if table.folder:
        read = (Path(table.folder) / table.name, *companion_files(table))
        click.get_current_context().meta[_INPUTS] = {path.resolve() for path in read}


def refuse_inputs(outputs: Iterable[str | Path]) -> None:
    """Stop before an output replaces a file the command has read.

    Raises
    ------
    UsageError
        Naming the file.
    """
    context = click.get_current_context(silent=True)
    inputs = context.meta.get(_INPUTS, set()) if context else set()
    for output in outputs:
        if Path(output).resolve() in inputs:
            message = f"{output}: this is a file the command reads; it would be lost. Choose another place."
            raise UsageError(message)


def write_output(content: str | bytes, output: str | None) -> None:
    """Print to stdout, or write a file in one step."""
    from agency.output import write_atomic

    if output is None:
        click.echo(content, nl=isinstance(content, str) and not content.endswith("\n"))
        return
    refuse_inputs([output])
    write_atomic(Path(output), content if isinstance(content, bytes) or content.endswith("\n") else content + "\n")


F = TypeVar("F", bound=Callable[..., Any])

FORMAT_NAMES = ("text", "markdown", "grid", "rst", "latex", "html", "csv", "json", "docx")
"""What -f accepts; agency.formats.render knows all of them but json, which each command has its own of."""


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

    from agency.formats import EXTENSIONS

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
    from agency.formats import render_sheets

    write_output(render_sheets(sheets, chosen, width=_terminal_width(output), bare=bare), output)


def write_printout(printed: Printout, format: str | None, output: str | None, *, bare: bool = False) -> None:
    """Print what a command has made, or write it to a file in one step."""
    for notice in dict.fromkeys(notice for sheet in printed.sheets for notice in sheet.notices):
        click.echo(f"agency: {notice}", err=True)
    write_sheets(list(printed.sheets), format, output, document=printed.document, bare=bare)


def _terminal_width(output: str | None) -> int | None:
    """Return the terminal's width when the output goes there; None keeps the page width, the same everywhere."""
    import shutil
    import sys

    return shutil.get_terminal_size().columns if output is None and sys.stdout.isatty() else None
