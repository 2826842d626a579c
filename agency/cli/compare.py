"""`agency compare`: projects side by side."""

from __future__ import annotations

from typing import Any

import click

from agency.cli.options import open_study, reading_named_options, rule_options, selecting_rows_options
from agency.cli.printing import choose_format, sheet_options, write_printout


@click.command()
@click.argument("projects", nargs=-1, required=True, metavar="PROJECT...")
@reading_named_options
@selecting_rows_options
@rule_options
@sheet_options
def command(**options: Any) -> None:
    """Set projects side by side.

    Two projects: their cells with what differs, distances with bounds, and the exact alignment test. More: the matrix
    of distances, ordered by single linkage. DATA is given with --data; CSV holds the first table, JSON everything.
    """
    format, output = options.pop("format"), options.pop("output")
    chosen = choose_format(format, output)
    if len(set(options["projects"])) < 2:
        message = "Name at least two projects, for instance: agency compare A B."
        raise click.UsageError(message)
    study = open_study(options)
    from agency.render.printouts import comparison

    write_printout(comparison(study.data, study.view, raw=chosen == "csv"), format, output)
