"""`agency check`: every problem of a table at once, each with a fix."""

from __future__ import annotations

from typing import Any

import click

from agency.cli.options import reading_options


@click.command()
@reading_options
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    show_default=True,
    help="text groups repeated mistakes; json and csv list every one.",
)
@click.option("--all", "everything", is_flag=True, help="In text: every line of a repeated mistake.")
@click.option("--coverage", is_flag=True, help="Instead: what is known of each project and phase, with counts.")
def command(form: str, everything: bool, coverage: bool, **reading: Any) -> None:
    """Name every problem of a table, with file, line, column and a fix.

    Errors leave a number undefined, and nothing is computed from a table that has any. Warnings and information do
    not stop anything. The exit code is 1 with errors, else 0.
    """
    if coverage:
        _print_coverage(form, reading)
        return
    from agency.table.listing import as_csv, as_json, as_text, closing
    from agency.table.load import examine_data
    from agency.table.problems import errors_of

    seen = examine_data(reading.pop("data"), **reading)
    for notice in seen.notices:
        click.echo(f"agency: {notice}", err=True)
    if form == "json":
        click.echo(as_json(seen.findings, seen.notices))
    elif form == "csv":
        click.echo(as_csv(seen.findings), nl=False)
    else:
        text = as_text(seen.findings, everything=everything)
        click.echo("\n".join([text] * bool(text) + [closing(seen.name, seen.findings)]))
    if errors_of(seen.findings):
        click.get_current_context().exit(1)


def _print_coverage(form: str, reading: dict[str, Any]) -> None:
    from agency.cli.options import open_study
    from agency.cli.printing import write_sheets
    from agency.measures.coverage import coverage, coverage_document
    from agency.render.coveragesheet import coverage_sheet

    study = open_study({**reading, "min_phases": 0})
    frame = coverage(study.data, study.view)
    write_sheets([coverage_sheet(frame, study.data.codebook)], form, None, document=coverage_document(frame))
