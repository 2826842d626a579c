"""`agency new`: a starter folder to fill in."""

from __future__ import annotations

import click

from agency.cli.writing import GivenPath


@click.command()
@click.argument("folder", metavar="DIR", type=GivenPath())
def command(folder: str) -> None:
    """Write a starter folder: a table with two example rows, projects, codebook and README.

    The folder passes 'agency check' as it is. An existing folder is only used when it is empty.
    """
    from pathlib import Path

    from agency.errors import UsageError
    from agency.output import make_folder, write_atomic
    from agency.table.starter import starter_files

    target = Path(folder)
    if target.is_dir() and any(target.iterdir()):
        message = f"{target}: the folder is not empty. Choose a new name; nothing was written."
        raise UsageError(message)
    files = starter_files()
    make_folder(target)
    for name, content in files.items():
        write_atomic(target / name, content)
    click.echo(f"{target}: {', '.join(files)}. Next: agency check {target}")
