"""`agency verify`: every quote against the text of its source."""

from __future__ import annotations

from typing import Any

import click

from agency.cli.options import reading_options
from agency.cli.writing import GivenPath


@click.command()
@reading_options
@click.option("--texts", required=True, type=GivenPath(), help="Folder of the source texts.")
@click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar="KEY=FILE",
    help="Text of a source, over its 'file' in sources.bib; may be repeated.",
)
def command(texts: str, mapping: tuple[str, ...], **reading: Any) -> None:
    """Find every quote verbatim in the text of its source, or show the nearest passage.

    Tags, ligatures, curly quotes, hyphenation and line breaks are ignored; footnote numbers within a passage are
    tolerated; [...] stands for omitted words. The quotes of claims.toml are looked up too. The exit code is 1 when a
    quote is not found.
    """
    from pathlib import Path

    from agency.table.listing import as_text
    from agency.table.load import load_table
    from agency.table.verify import verify_quotes

    files = {}
    for entry in mapping:
        key, separator, file = entry.partition("=")
        if not (separator and key and file):
            message = f"--map {entry}: write KEY=FILE."
            raise click.UsageError(message)
        files[key] = file
    table = load_table(reading.pop("data"), **reading)
    for notice in table.notices:
        click.echo(f"agency: {notice}", err=True)
    result = verify_quotes(table, Path(texts), files)
    if result.findings:
        click.echo(as_text(result.findings, everything=True))
    without = f"; {result.unquoted} rows have no quote" if result.unquoted else ""
    where = f"{result.texts} text{'' if result.texts == 1 else 's'}"
    click.echo(f"{table.name}: {result.found} of {result.quotes} quotes found in {where}{without}.")
    if result.findings:
        click.get_current_context().exit(1)
