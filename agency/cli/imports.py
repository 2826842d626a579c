"""`agency import`: other people's files to the folder of a study."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from agency.cli.helping import Argument, Command
from agency.cli.printing import GivenPath, tell


@click.command("import", cls=Command)
@click.argument("what", metavar="WHAT", cls=Argument)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=GivenPath(), cls=Argument)
@click.option("-o", "--output", "folder", required=True, type=GivenPath(), help="Folder of the study, new or empty.")
@click.option("--weak", is_flag=True, help="Also take roles that fit a phase only weakly (see docs/import.md).")
@click.option("--mapping", type=GivenPath(), help="wide, qdpx: a mapping file with your words for phases, your codes.")
@click.option(
    "--origins", type=GivenPath(), help="Where actors sit: a CSV with actor and origin or seat; actors.csv does."
)
@click.option("--codebook", type=GivenPath(), help="Your codebook.toml; it becomes that of the study.")
@click.option("--sources", type=GivenPath(), help="Your sources.bib; it becomes that of the study.")
@click.option(
    "--source", default="", metavar="KEY", help="Key of the source of every row; default: made of the file's name."
)
@click.option("--project", default="", metavar="NAME", help="qdpx: the project of passages without one.")
@click.option(
    "--coder", default="", metavar="NAME", help="qdpx: whose passages the table takes; default: who has most."
)
@click.option("--overlap", is_flag=True, help="qdpx: codes within a passage coded with a phase belong to it.")
@click.option(
    "--line-endings", type=click.Choice(["one", "two"]), help="qdpx: how a line end of two characters counts."
)
@click.option("--encoding", help="Encoding of a text, when the reader says it cannot tell.")
@click.option("--delimiter", help="Separator of a CSV, when the reader says it cannot tell.")
@click.option("--sheet", help="Sheet of a workbook.")
def import_command(what: str, files: tuple[str, ...], folder: str, **options: Any) -> None:
    """Read other people's files into the folder of a study.

    WHAT is wide (a table of projects by phases: CSV, workbook, Word, HTML, Markdown), aiddata, iati, oc4ids (and OCDS),
    qdpx (REFI-QDA, and Taguette's highlights) or the path of a mapping file for any other table. Nothing is dropped in
    silence: rejected.csv has a line and a reason for everything that is not in the table, and the counts that are
    printed add up to the input.
    """
    from agency.characters import legible
    from agency.errors import UsageError
    from agency.findings import closing
    from agency.importers import ImportChoices, counts, import_files, study_files
    from agency.output import write_files
    from agency.vocabulary import TABLE_FILE
    from agency.words import text

    target = Path(folder)
    if os.path.lexists(target) and (not target.is_dir() or any(target.iterdir())):
        message = text("{folder}: it exists and is not empty. Choose a new name; nothing was written.", folder=folder)
        raise UsageError(message)
    study = import_files(what, [Path(file) for file in files], ImportChoices(**_choices(options)))
    made = study_files(study.imported, sources=study.sources)
    inputs = [Path(file) for file in files if file != "-"]
    write_files({target / name: content for name, content in made.items()}, folders=True, inputs=inputs)
    for line in counts(study.imported):
        click.echo(line)
    click.echo(legible(text("{folder}: {files}.", folder=folder, files=", ".join(made))))
    click.echo(closing(TABLE_FILE, study.findings))


def _choices(options: dict[str, Any]) -> dict[str, Any]:
    """Return the options as the importers take them."""
    from agency.table import Choices

    paths = {
        name: Path(options[name]) if options[name] else None for name in ("mapping", "origins", "codebook", "sources")
    }
    reading = Choices(*(options[name] for name in ("encoding", "delimiter", "sheet")))
    plain = {name: options[name] for name in ("weak", "source", "project", "coder", "overlap")}
    return {
        **plain,
        **paths,
        "line_endings": options["line_endings"] or "",
        "reading": reading,
        "progress": lambda said: tell(f"agency: {said}"),
    }
