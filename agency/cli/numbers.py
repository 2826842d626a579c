"""The commands that count: `indicators`, `compare`, `regularities`, `robustness`, `whatif`."""

from __future__ import annotations

from typing import Any

import click

from agency.cli.helping import Argument, Command
from agency.cli.options import (
    open_study,
    reading_named_options,
    reading_options,
    rule_options,
    selecting_options,
    selecting_rows_options,
)
from agency.cli.printing import OutputPath, choose_format, sheet_options, write_printout
from agency.words import text


@click.command("indicators", cls=Command)
@reading_options
@selecting_options
@rule_options
@sheet_options
@click.option("--all", "everything", is_flag=True, help="Every indicator, not only the headline.")
@click.option("--explain", metavar="NAME", help="Formula, source and this data's numerator and denominator.")
@click.option(
    "--by",
    metavar="COLUMN",
    help="Who holds which phase, and mean and range of every number, in each group: country, type, source, or a column "
    "with one value in each project, your own too.",
)
def indicators_command(**options: Any) -> None:
    """Compute composition and dependence.

    The composition of the life cycle comes first: who holds how much of it, nobody (gap) and unknown included. All
    numbers name their rules; CSV and JSON hold every indicator, unrounded.
    """
    format, output = options.pop("format"), options.pop("output")
    everything, name, by = options.pop("everything"), options.pop("explain"), options.pop("by")
    if name and by:
        message = text("--explain and --by cannot be combined; leave one out.")
        raise click.UsageError(message)
    chosen = choose_format(format, output)
    if name:
        from agency.indicators import indicator

        indicator(name)  # an unknown name is said before anything is read
    study = open_study(options)
    from agency.sheets import by_group, indicator_explained, indicator_tables

    if name:
        printed = indicator_explained(study.resolved, name)
    elif by:
        printed = by_group(study.resolved, by)
    else:
        printed = indicator_tables(study.resolved, everything=everything, bars=chosen == "text")
    write_printout(printed, format, output)


@click.command("compare", cls=Command)
@click.argument("projects", nargs=-1, required=True, metavar="PROJECT...", cls=Argument)
@reading_named_options
@selecting_rows_options
@rule_options
@sheet_options
def compare_command(**options: Any) -> None:
    """Set projects side by side.

    Two projects: their cells with what differs and distances with bounds. More: the matrix
    of distances, ordered by single linkage. DATA is given with --data; CSV has a row per pair and distance.
    """
    format, output = options.pop("format"), options.pop("output")
    choose_format(format, output)
    if len(set(options["projects"])) < 2:
        message = text("Name at least two projects, for instance: agency compare A B.")
        raise click.UsageError(message)
    study = open_study(options)
    from agency.sheets import comparison

    write_printout(comparison(study.resolved), format, output)


@click.command("regularities", cls=Command)
@reading_options
@selecting_options
@rule_options
@sheet_options
@click.option(
    "--conditions", multiple=True, metavar="PHASE:ORIGIN", help="Condition of a truth table; may be repeated."
)
@click.option("--outcome", metavar="PHASE:ORIGIN", help="Outcome of the truth table.")
@click.option("--qca", type=OutputPath(), help="Write the cases as a CSV that the R package QCA reads.")
def regularities_command(**options: Any) -> None:
    """Find what holds in every case.

    For each phase the pattern most projects share, with the exceptions by name. With --conditions and --outcome also a
    truth table with case names and the necessity of each condition; nothing is minimised.
    """
    format, output = options.pop("format"), options.pop("output")
    conditions, outcome, qca = list(options.pop("conditions")), options.pop("outcome"), options.pop("qca")
    choose_format(format, output)
    if bool(conditions) != bool(outcome) or (qca and not outcome):
        message = text("A truth table wants --conditions and --outcome, both as PHASE:ORIGIN; --qca wants both too.")
        raise click.UsageError(message)
    study = open_study(options)
    from agency.sheets import regularity

    asked: dict[str, Any] = {"conditions": conditions, "outcome": outcome}
    printed = regularity(study.resolved, **asked)
    beside = {}
    if qca:
        from agency.comparison import crisp_cases
        from agency.sheets import qca_csv

        beside[qca] = qca_csv(crisp_cases(study.resolved, [*conditions, outcome]), conditions, outcome)
    write_printout(printed, format, output, beside=beside)


@click.command("robustness", cls=Command)
@reading_options
@selecting_options
@rule_options
@sheet_options
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of the random weights.")
def robustness_command(**options: Any) -> None:
    """Say which choice moves which number.

    Every indicator again with each phase and each source left out, with alleged rows in or out, the other rank, counted
    by origin, with parts as their wholes, without undated years, and with the other boundary rules; and the composition
    under random weights.
    """
    format, output, seed = options.pop("format"), options.pop("output"), options.pop("seed")
    choose_format(format, output)
    study = open_study(options)
    from agency.sheets import robust

    write_printout(robust(study.resolved, seed=seed), format, output)


@click.command("whatif", cls=Command)
@reading_options
@selecting_options
@rule_options
@sheet_options
@click.option(
    "--withdraw", required=True, metavar="NAME", help="Actor or origin; actor:NAME or origin:KEY if it is both."
)
@click.option("--from", "start", required=True, type=int, metavar="YEAR", help="First year without them.")
def whatif_command(**options: Any) -> None:
    """Withdraw an actor or an origin.

    Which continuing phases of which projects are left without a holder, how many years become a gap, and the
    composition before and after, weighted by years. Holders of event phases stay on record.
    """
    format, output = options.pop("format"), options.pop("output")
    name, start = options.pop("withdraw"), options.pop("start")
    choose_format(format, output)
    if options["year"] is not None or options["mode"] == "static":
        message = text("A withdrawal is seen in mode time only; leave --year and --mode static out.")
        raise click.UsageError(message)
    options["mode"] = "time"
    study = open_study(options)
    from agency.sheets import withdrawal

    write_printout(withdrawal(study.resolved, name, year=start), format, output)
