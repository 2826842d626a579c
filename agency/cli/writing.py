"""Where output may go: a path that is given, never the input, and standard output as it is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from agency.errors import UsageError

if TYPE_CHECKING:
    from agency.table.model import Table

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
    from agency.table.locate import companion_files

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
