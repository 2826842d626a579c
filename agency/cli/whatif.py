"""`agency whatif`: what a withdrawal would leave behind."""

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
@click.option(
    "--withdraw", required=True, metavar="NAME", help="Actor or origin; actor:NAME or origin:KEY if it is both."
)
@click.option("--from", "start", required=True, type=int, metavar="YEAR", help="First year without them.")
def command(**options: Any) -> None:
    """Withdraw an actor or an origin.

    Which continuing phases of which projects are left without a holder, how many years become a gap, and the
    composition before and after, weighted by years. Holders of event phases stay on record.
    """
    format, output = options.pop("format"), options.pop("output")
    name, start = options.pop("withdraw"), options.pop("start")
    chosen = choose_format(format, output)
    if options["year"] is not None or options["mode"] == "static":
        message = "A withdrawal is seen in mode time only; leave --year and --mode static out."
        raise click.UsageError(message)
    options["mode"] = "time"
    study = open_study(options)
    from agency.render.printouts import withdrawal

    write_printout(withdrawal(study.data, study.view, name, year=start, raw=chosen == "csv"), format, output)
