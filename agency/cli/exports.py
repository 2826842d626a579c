"""`agency export`: the study in the form of another program.

`agency diff`: what changed between two versions of a study.
"""

from __future__ import annotations

from typing import Any

import click

from agency.cli.options import open_study, reading_options, rule_options, selecting_all_options
from agency.cli.printing import OutputPath


@click.command("export")
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

    written = export(study.resolved, to, place)
    for said in written.said:
        click.echo(f"agency: {said}", err=True)
