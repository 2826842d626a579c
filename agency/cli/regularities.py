"""`agency regularities`: what holds in every case, and which case breaks it."""

from __future__ import annotations

from typing import Any

import click

from agency.cli.options import open_study, reading_options, rule_options, selecting_options
from agency.cli.printing import choose_format, sheet_options, write_printout
from agency.cli.writing import GivenPath, write_output


@click.command()
@reading_options
@selecting_options
@rule_options
@sheet_options
@click.option(
    "--conditions", multiple=True, metavar="PHASE:ORIGIN", help="Condition of a truth table; may be repeated."
)
@click.option("--outcome", metavar="PHASE:ORIGIN", help="Outcome of the truth table.")
@click.option("--qca", type=GivenPath(dir_okay=False), help="Write the cases as a CSV that the R package QCA reads.")
def command(**options: Any) -> None:
    """Find what holds in every case.

    For each phase the pattern most projects share, with the exceptions by name. With --conditions and --outcome also a
    truth table with case names and the necessity of each condition; nothing is minimised.
    """
    format, output = options.pop("format"), options.pop("output")
    conditions, outcome, qca = list(options.pop("conditions")), options.pop("outcome"), options.pop("qca")
    chosen = choose_format(format, output)
    if bool(conditions) != bool(outcome) or (qca and not outcome):
        message = "A truth table wants --conditions and --outcome, both as PHASE:ORIGIN; --qca wants both too."
        raise click.UsageError(message)
    study = open_study(options)
    from agency.render.printouts import regularity

    asked: dict[str, Any] = {"conditions": conditions, "outcome": outcome}
    printed = regularity(study.data, study.view, raw=chosen == "csv", **asked)
    if qca:
        from agency.measures.truthtable import crisp_cases
        from agency.render.regularitysheet import qca_csv

        write_output(qca_csv(crisp_cases(study.matrix, [*conditions, outcome]), conditions, outcome), qca)
    write_printout(printed, format, output)
