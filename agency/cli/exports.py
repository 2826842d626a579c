"""`agency export`: the study in the form of another program.

`agency diff`: what changed between two versions of a study.
"""

from __future__ import annotations

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
from agency.cli.printing import GivenPath, OutputPath, choose_format, say, sheet_options, write_printout


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
