"""The commands that show who held what: `table`, `brief` and the `report` on all of it."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any, Final

import click

from agency.cli.helping import Command
from agency.cli.options import open_earlier, open_study, reading_options, rule_options, selecting_options
from agency.cli.printing import GivenPath, choose_format, quiet_matplotlib, say, sheet_options, write_printout
from agency.words import listed, text


@click.command("table", cls=Command)
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
@click.option("--cite", is_flag=True, help="LaTeX: \\citep[p.~4]{key} at each statement, no sources below.")
@click.option("--no-references", is_flag=True, help="No bibliography below the notes.")
@click.option(
    "--style",
    type=GivenPath(dir_okay=False),
    metavar="FILE.csl",
    help="Bibliography in this CSL style, printed by the program pandoc.",
)
@click.option("--caption", metavar="TEXT", help="Caption in place of our own; the rules in force stand in the notes.")
@click.option(
    "--colour",
    is_flag=True,
    help="Shade cells by the origin of their holders, explained below: HTML, LaTeX, Word, workbook. Where origins "
    "differ, each name has its own shade (in a workbook: the cell all of them, side by side).",
)
def table_command(**options: Any) -> None:
    """Print who held which phase, in the form of Table 1.

    Each cell names all holders, their periods and what only is proposed, alleged or in support. The rules decide
    what is shown: --year prints the cells as of a year, --rank all adds the statements behind the preferred ones.
    """
    format, output = options.pop("format"), options.pop("output")
    bare, transpose, notes = options.pop("bare"), options.pop("transpose"), options.pop("notes")
    chosen = choose_format(format, output)
    from agency.formats import SHADED

    style, cite, without = options.pop("style"), options.pop("cite"), options.pop("no_references")
    caption, colour = options.pop("caption"), options.pop("colour")
    _refuse(cite=cite, style=style, notes=notes, chosen=chosen)
    if colour and chosen not in SHADED:
        message = text("--colour shades cells in {formats}. Choose one with -f.", formats=listed(SHADED))
        raise click.UsageError(message)
    study = open_study(options)
    from agency.sheets import Citing, actors_by_phase

    citing = Citing(by_key=cite, style=Path(style) if style else None, references=not without)

    printed = actors_by_phase(
        study.resolved, notes=notes == "sources", transpose=transpose, citing=citing, caption=caption, colour=colour
    )
    write_printout(printed, format, output, bare=bare)


@click.command("brief", cls=Command)
@reading_options
@selecting_options
@sheet_options
def brief_command(**options: Any) -> None:
    """Say in at most ten sentences what the table shows, each with its numbers.

    Who is named for each phase, in how many of the projects of which a source says so; what nobody held; what sources
    dispute; how sure it is. Every selected project counts, however little is known of it.
    """
    format, output = options.pop("format"), options.pop("output")
    choose_format(format, output)
    study = open_study({**options, "min_phases": 0})
    from agency.sheets import in_brief

    write_printout(in_brief(study.resolved), format, output)


def _refuse(*, cite: bool, style: str | None, notes: str, chosen: str) -> None:
    """Stop where options of citing do not go together.

    Raises
    ------
    UsageError
        Naming them.
    """
    if cite and chosen != "latex":
        message = text("--cite writes \\citep for LaTeX. Add -f latex, or write a .tex file with -o.")
        raise click.UsageError(message)
    if cite and style:
        message = text("With --cite LaTeX prints the references: leave --style out.")
        raise click.UsageError(message)
    if notes == "none" and (cite or style):
        message = text("--notes none prints no sources: leave --cite and --style out.")
        raise click.UsageError(message)


_QUIET: Final = 1.0
"""Seconds before progress is shown."""


@click.command("report", cls=Command)
@reading_options
@selecting_options
@rule_options
@click.option(
    "-o",
    "--output",
    type=GivenPath(),
    default="report",
    show_default=True,
    help="Folder to write; made if it is missing.",
)
@click.option("--files", is_flag=True, help="Also write the tables as CSV and the figures as SVG, PDF and PNG.")
@click.option(
    "--bundle",
    is_flag=True,
    help="Also write all that, the tables for Word, LaTeX and Markdown, the input, and a Frictionless "
    "datapackage.json.",
)
@click.option("--title", default="", metavar="TEXT", help="Title of the report, instead of the study's own.")
@click.option("--since", type=GivenPath(), metavar="OLD", help="Also say what changed since this earlier version.")
def report_command(**options: Any) -> None:
    """Write the one-file HTML report.

    report.html works offline and without a script: every name in the table opens the passage it rests on, and the
    main tables can be saved from it. Other files in the folder are left alone; those of an earlier report are named.
    """
    folder, title = options.pop("output"), options.pop("title")
    files, bundle = options.pop("files"), options.pop("bundle")
    data, since = options["data"], options.pop("since")
    reading = tuple(
        (f"--{name}", str(options[name])) for name in ("encoding", "delimiter", "sheet") if options[name] is not None
    )
    quiet_matplotlib()
    earlier = open_earlier(since, options) if since else None
    study = open_study(options)
    from agency.report import Given, leftovers, write_report
    from agency.words import counted

    written = write_report(
        study.resolved,
        folder,
        beside="bundle" if bundle else "files" if files else "",
        title=title,
        since=earlier,
        given=Given(None if data else "", reading),
        progress=_Progress() if sys.stderr.isatty() else None,
    )
    others = len(written) - 1
    said = counted("{file} and {n} other file written", "{file} and {n} other files written", others, file=written[-1])
    say(said if others else text("{file} written", file=written[-1]))
    left = leftovers(Path(folder), written)
    if left:
        say(text("left from an earlier report: {files} (not part of this one)", files=listed(left)))


class _Progress:
    """Says on a terminal what is being done, once it takes longer than a second."""

    def __init__(self) -> None:
        self._begun = time.monotonic()

    def __call__(self, step: str) -> None:
        if time.monotonic() - self._begun > _QUIET:
            click.echo(f"agency: {step} ...", err=True)
