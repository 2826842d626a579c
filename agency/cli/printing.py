"""How every command that prints tables chooses the format, and where the output goes."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from agency.errors import UsageError
from agency.words import text

if TYPE_CHECKING:
    from agency.formats import Sheet
    from agency.sheets import Printout


def say(*notices: str) -> None:
    """Keep what a command has to say beside its result for the one line on standard error that ends it."""
    root = click.get_current_context().find_root()
    if _SAID not in root.meta:
        root.meta[_SAID] = []
        root.call_on_close(lambda: _say_all(root.meta[_SAID]))
    root.meta[_SAID] += notices


def _say_all(notices: list[str]) -> None:
    from agency.findings import one_line

    if notices:
        tell(one_line(dict.fromkeys(notices)))


def tell(message: str, *, wrong: bool = False) -> None:
    """Write a message on standard error: on a terminal wrapped at spaces to its width, its first word in colour.

    What would move the screen, such as an escape in the name of a file, stands there as its code.
    """
    import sys

    from agency.characters import legible

    message = legible(message)
    if is_terminal(sys.stderr):
        message = _wrapped(message)
        if has_colour(sys.stderr):
            head, colon, rest = message.partition(":")
            message = click.style(head + colon, fg="red" if wrong else "yellow", bold=True) + rest
    click.echo(message, err=True)


def is_terminal(stream: Any) -> bool:
    """Return whether a stream is a terminal."""
    return bool(stream is not None and stream.isatty())


def has_colour(stream: Any) -> bool:
    """Return whether to write in colour: on a terminal that has it, unless NO_COLOR (no-color.org) is set."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _wrapped(message: str) -> str:
    """Wrap each line at spaces; what follows is indented, and no word (path, address, command) is cut."""
    import shutil
    import textwrap

    width = shutil.get_terminal_size().columns
    return "\n".join(
        "\n".join(
            textwrap.wrap(
                line,
                width,
                subsequent_indent=" " * (len(line) - len(line.lstrip()) + 2),
                break_long_words=False,
                break_on_hyphens=False,
            )
        )
        for line in message.split("\n")
    )


_RULE = re.compile(r"(?:[^\n]+\n)+?(?=-{3}[- ]*$)", re.MULTILINE)
"""The head of a text table: the lines above its rule."""
_QUIET = re.compile(r"\[[\d,†‡§]+\]|(?<=  )not (?:coded|applicable)\b")


def _in_colour(printed: str) -> str:
    """Return a text table with its head in colour, note marks and blanks dimmed."""
    lit = _QUIET.sub(lambda found: click.style(found[0], dim=True), printed)
    return _RULE.sub(
        lambda found: "".join(f"{click.style(line, fg='cyan', bold=True)}\n" for line in found[0].splitlines()), lit
    )


class GivenPath(click.Path):
    """A path that is not empty: ``-o "$OUT"`` with OUT unset must not mean the current folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Refuse an empty path, then do as `click.Path`."""
        if value == "":
            self.fail(text("the path is empty."), param, ctx)
        return super().convert(value, param, ctx)


class OutputPath(GivenPath):
    """A file to write: a path, or ``-`` for standard output."""

    def __init__(self) -> None:
        # Whether the place can be written is found out by writing, in `agency.output`.
        super().__init__(readable=False, allow_dash=True)


def write_output(
    content: str | bytes,
    output: str | None,
    *,
    inputs: Iterable[Path] = (),
    beside: Mapping[str, str | bytes] | None = None,
) -> None:
    """Print to standard output, or write a file in one step; never over a file that was read.

    Parameters
    ----------
    content
        What is printed or written.
    output
        Where to; None and ``-`` are standard output.
    inputs
        The files that were read.
    beside
        What else the command writes, by place: all places are checked before the first is written.

    Raises
    ------
    UsageError
        If a place cannot be written, would lose something, or is given twice.
    """
    from agency.output import STANDARD_OUTPUT, check_places, write_files

    whole = content if isinstance(content, bytes) or content.endswith("\n") else content + "\n"
    place = output or STANDARD_OUTPUT
    files: dict[str | os.PathLike[str], str | bytes] = {}
    files.update(beside or {})
    check_places([*files, place], inputs=inputs)
    if place != STANDARD_OUTPUT:
        files[place] = whole
    write_files(files, inputs=inputs)
    if place == STANDARD_OUTPUT:
        click.echo(whole, nl=False)


F = TypeVar("F", bound=Callable[..., Any])
_SAID = "agency.said"
"""Where a context keeps what is still to be said."""

FORMAT_NAMES = ("text", "markdown", "grid", "rst", "latex", "html", "csv", "json", "docx", "xlsx")
"""What -f accepts; agency.formats.render knows all of them but json, which each command has its own of."""


def sheet_options(function: F) -> F:
    """Add -f/--format and -o/--output, passed on as `format` and `output`."""
    chosen = click.option(
        "-f", "--format", type=click.Choice(FORMAT_NAMES), help="Default: by the extension of -o, else text."
    )
    place = click.option("-o", "--output", type=OutputPath(), help="Write this file instead of printing.")
    decorated: F = chosen(place(function))
    return decorated


def choose_format(format: str | None, output: str | None) -> str:
    """Return the format: what -f says, else what the extension of -o means, else text.

    Raises
    ------
    UsageError
        If the extension means nothing to us, or Word or a workbook is asked for without a file.

    Examples
    --------
    >>> choose_format(None, "table1.tex"), choose_format("csv", "table1.txt"), choose_format(None, None)
    ('latex', 'csv', 'text')
    """
    from pathlib import PurePath

    from agency.formats import BINARY, EXTENSIONS

    known = {**EXTENSIONS, ".json": "json"}
    if format is None and output not in (None, "-"):
        extension = PurePath(output).suffix.lower()
        if extension not in known:
            message = text(
                "{output}: the extension {extension!r} is not one of {known}. Say the format with -f.",
                output=output,
                extension=extension,
                known=", ".join(known),
            )
            raise UsageError(message)
        format = known[extension]
    if format in BINARY and output is None:
        message = text(
            "{what} cannot be printed: say where to write it, for instance -o table.{format}.",
            what=text(BINARY[format]),
            format=format,
        )
        raise UsageError(message)
    return format or "text"


def write_sheets(
    sheets: Sequence[Sheet],
    format: str | None,
    output: str | None,
    *,
    document: Any = None,
    bare: bool = False,
    inputs: Iterable[Path] = (),
    beside: Mapping[str, str | bytes] | None = None,
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
    inputs, beside
        As in `write_output`.
    """
    chosen = choose_format(format, output)
    content: str | bytes
    if chosen == "json":
        from agency.characters import json_text

        content = json_text(document)
    else:
        from agency.formats import render_sheets

        content = render_sheets(list(sheets), chosen, width=_terminal_width(output), bare=bare)
        import sys

        if chosen == "text" and output in (None, "-") and has_colour(sys.stdout):
            content = _in_colour(str(content))
    write_output(content, output, inputs=inputs, beside=beside)


def write_printout(
    printed: Printout,
    format: str | None,
    output: str | None,
    *,
    bare: bool = False,
    beside: Mapping[str, str | bytes] | None = None,
) -> None:
    """Print what a command has made, or write it to a file in one step, never over what it was made from."""
    say(*(notice for sheet in printed.sheets for notice in sheet.notices))
    chosen = choose_format(format, output)
    write_sheets(
        printed.printed(chosen),
        format,
        output,
        document=printed.document if chosen == "json" else None,
        bare=bare,
        inputs=printed.inputs,
        beside=beside,
    )


def quiet_matplotlib() -> None:
    """Keep matplotlib from writing about its caches and fonts; what a reader needs to know, `agency` says."""
    import logging

    logging.getLogger("matplotlib").setLevel(logging.ERROR)


def _terminal_width(output: str | None) -> int | None:
    """Return the terminal's width when the output goes there; None keeps the page width, the same everywhere."""
    import shutil
    import sys

    return shutil.get_terminal_size().columns if output in (None, "-") and is_terminal(sys.stdout) else None
