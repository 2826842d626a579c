"""The commands between files: `import` other people's, `export` for other programs, `diff` of two versions."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from agency.cli.helping import Argument, Command
from agency.cli.options import (
    open_earlier,
    open_study,
    reading_options,
    rule_options,
    selecting_all_options,
    selecting_options,
)
from agency.cli.printing import GivenPath, OutputPath, choose_format, say, sheet_options, tell, write_printout


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


@click.command("export", cls=Command)
@reading_options
@selecting_all_options
@rule_options
@click.option(
    "--to",
    "to",
    required=True,
    metavar="FORM",
    help="edges, graphml, qca, tidy, wide, xlsx or datapackage.",
)
@click.option("-o", "--output", "place", required=True, type=OutputPath(), help="File or, for some forms, new folder.")
def export_command(to: str, place: str, **options: Any) -> None:
    """Write the study in the form of another program.

    edges (CSV, xlsx) and graphml are the network of actors and projects, an edge per statement with its status, use and
    years; qca (CSV) has cases and conditions, empty where no source says; wide (CSV, xlsx) a row per project and a
    column per phase. tidy and datapackage (folders) and xlsx are the statements as they are coded, to be read again:
    the same table, the same numbers. Every selected project is written, however little is known of it.
    """
    study = open_study({**options, "min_phases": 0})
    from agency.exporters import export

    say(*export(study.resolved, to, place).said)


@click.command("diff", cls=Command)
@click.argument("old", type=GivenPath(), cls=Argument)
@click.argument("data", metavar="NEW", type=GivenPath(), cls=Argument)
@click.option("--encoding", help="Encoding of the CSV, when the reader says it cannot tell.")
@click.option("--delimiter", help="Separator of the CSV, when the reader says it cannot tell.")
@click.option("--sheet", help="Sheet of the workbook; default: the only one with the table's header.")
@selecting_options
@rule_options
@sheet_options
def diff_command(old: str, **options: Any) -> None:
    """Say what changed between two versions of a study, OLD and NEW.

    First how much of what: statements, matched by what they say and not by their line, projects, sources, codebook;
    then what is printed otherwise: cells, numbers, agreement, claims, headline sentences. The exit code is 1 when
    anything changed, else 0. Names to select are those of NEW.
    """
    format, output = options.pop("format"), options.pop("output")
    choose_format(format, output)
    from agency.changes import changes_since

    before = open_earlier(old, options)
    study = open_study(options)
    printed = changes_since(before, study.resolved)
    write_printout(printed, format, output)
    if printed.document["changes"]:
        click.get_current_context().exit(1)
