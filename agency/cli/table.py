"""`agency table`: who held which phase, in the form of Table 1."""

from __future__ import annotations

from typing import Any

import click

from agency.cli.options import open_study, reading_options, rule_options, selecting_options
from agency.cli.printing import choose_format, sheet_options, write_printout


@click.command()
@reading_options
@selecting_options
@rule_options
@sheet_options
@click.option("--bare", is_flag=True, help="Only the table: no caption and no notes (LaTeX: only the tabular).")
@click.option(
    "--transpose/--no-transpose",
    default=None,
    help="Projects as rows. Default: when there are more than six, and more than phases; never in CSV.",
)
@click.option(
    "--notes",
    type=click.Choice(["sources", "none"]),
    default="sources",
    show_default=True,
    help="Mark every statement with its source and doubt, explained below with a bibliography. CSV and JSON have no "
    "marks.",
)
def command(**options: Any) -> None:
    """Print who held which phase, in the form of Table 1.

    Each cell names all holders, their periods and what only is proposed, alleged or in support. The rules decide
    what is shown: --year prints the cells as of a year, --rank all adds the statements behind the preferred ones.
    """
    format, output = options.pop("format"), options.pop("output")
    bare, transpose, notes = options.pop("bare"), options.pop("transpose"), options.pop("notes")
    chosen = choose_format(format, output)
    study = open_study(options)
    from agency.render.printouts import actors_by_phase

    if transpose is None and chosen == "csv":
        # A script that reads the file must not find it turned because a project was added.
        transpose = False
    printed = actors_by_phase(study.data, study.view, notes=notes == "sources", transpose=transpose)
    write_printout(printed, format, output, bare=bare)
