"""The commands that hold word against word: `sources`, `agreement` of two coders, `claims`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from agency.cli.helping import Argument, Command
from agency.cli.options import choosing_options, open_study, reading_options, selecting_cases_options, selecting_options
from agency.cli.printing import GivenPath, OutputPath, choose_format, say, sheet_options, write_printout
from agency.errors import UsageError
from agency.words import text

if TYPE_CHECKING:
    from agency.formats import Sheet
    from agency.resolve import Resolved


@click.command("sources", cls=Command)
@reading_options
@selecting_options
@sheet_options
def sources_command(**options: Any) -> None:
    """Set the sources side by side.

    Contested cells come first (two sources contradict each other), then the conflicts with both passages, then cells
    in which they name different holders, different ones in turn, or the same; below, the composition of the life cycle
    by each source alone and by each level of confidence alone. Amounts, reasons, events and support rows are not
    compared.
    """
    format, output = options.pop("format"), options.pop("output")
    choose_format(format, output)
    # All projects are compared, however little is known of them.
    study = open_study({**options, "min_phases": 0})
    from agency.sheets import source_comparison

    write_printout(source_comparison(study.resolved), format, output)


@click.command("agreement", cls=Command)
@click.argument("data", required=False, type=GivenPath(), cls=Argument)
@click.option("--encoding", help="Encoding of the CSV, when the reader says it cannot tell.")
@click.option("--delimiter", help="Separator of the CSV, when the reader says it cannot tell.")
@choosing_options
@click.option(
    "--sheet",
    "adjudication",
    type=OutputPath(),
    help="Write a sheet to decide the disagreements: FILE.csv or FILE.xlsx. What is filled in there is kept.",
)
@sheet_options
def agreement_command(**options: Any) -> None:
    """Compare two coders.

    DATA is a table with a column coder, or a folder with double_coding.csv, which is then what is compared; without it
    the double coding of the shipped study. Krippendorff's alpha on sets of origins and of actors comes by phase, with
    MASI, Jaccard and nominal distances side by side, and by column; then what only one coder coded, then every
    disagreement with both passages.
    """
    format, output, place = options.pop("format"), options.pop("output"), options.pop("adjudication")
    chosen = choose_format(format, output)
    if place is not None and Path(place).suffix.lower() not in (".csv", ".xlsx"):
        message = text("{place}: the adjudication sheet is a .csv or an .xlsx file.", place=place)
        raise UsageError(message)
    study = open_study({**options, "sheet": None, "min_phases": 0})
    from agency.output import STANDARD_OUTPUT, check_places
    from agency.sheets import coder_agreement

    printed = coder_agreement(study.resolved)
    say(*printed.document["notices"])
    # A CSV is the sheet to decide in, too.
    sheets = [name for name in (place, output if chosen == "csv" else None) if name not in (None, STANDARD_OUTPUT)]
    check_places([*sheets, *({output or STANDARD_OUTPUT} - {*sheets})], inputs=printed.inputs)
    filled = {name: _filled(study.resolved, name) for name in sheets}
    if output in filled:
        printed = replace(printed, csv=filled[output])
    beside = {} if place is None else {place: _rendered(filled[place], place)}
    write_printout(printed, format, output, beside=beside)


def _filled(resolved: Resolved, place: str) -> Sheet:
    """Return the adjudication sheet with what is filled in in the file it is going to replace."""
    from agency.agreement import agreement, read_decisions, refuse_lost
    from agency.sheets import adjudication_sheet
    from agency.words import counted

    found, earlier = agreement(resolved), read_decisions(Path(place))
    refuse_lost(earlier, [entry.unit for entry in (*found.disagreements, *found.coded_by_one)], Path(place))
    kept = len(earlier.filled)
    if kept:
        said = counted("{n} decision kept from {place}.", "{n} decisions kept from {place}.", kept, place=place)
        say(said)
    return adjudication_sheet(found, earlier)


def _rendered(sheet: Sheet, place: str) -> str | bytes:
    from agency.formats import render_sheet

    return render_sheet(sheet, Path(place).suffix.lower().removeprefix("."), bare=True)


@click.command("claims", cls=Command)
@reading_options
@selecting_cases_options
@sheet_options
def claims_command(**options: Any) -> None:
    """Test published sentences on the statements of the table.

    The sentences and their tests stand in claims.toml beside the data. Each gets a verdict (supported, contradicted,
    mixed, disputed, undetermined, only alleged or silent), in how many of its cases statements decide, the statements
    and sources it rests on, and the verdict without the sentence's own source. The statements for and against, and
    what each source alone says: -f html, json or csv.
    """
    format, output = options.pop("format"), options.pop("output")
    chosen = choose_format(format, output)
    # A claim names its own cases: no project is left out as thin.
    study = open_study({**options, "min_phases": 0})
    from agency.sheets import claim_verdicts

    printed = claim_verdicts(study.resolved, brief=chosen == "text")
    write_printout(printed, format, output)
