"""`agency check`: every problem of a table at once, each with a fix.

`agency new`: a starter folder to fill in.

`agency verify`: every quote against the text of its source.
"""

from __future__ import annotations

from typing import Any

import click

from agency.cli.options import reading_options
from agency.cli.printing import GivenPath


@click.command("check")
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
def check_command(form: str, everything: bool, coverage: bool, **reading: Any) -> None:
    """Name every problem of a table, with file, line, column and a fix.

    Errors leave a number undefined, and nothing is computed from a table that has any. Warnings and information do
    not stop anything. The exit code is 1 with errors, else 0.
    """
    if coverage:
        _print_coverage(form, reading)
        return
    from agency.claims import claim_findings
    from agency.findings import as_csv, as_json, as_text, closing, errors_of
    from agency.table import examine_data

    seen = examine_data(reading.pop("data"), **reading)
    findings = (*seen.findings, *claim_findings(seen.table))
    for notice in seen.notices:
        click.echo(f"agency: {notice}", err=True)
    if form == "json":
        click.echo(as_json(findings, seen.notices))
    elif form == "csv":
        click.echo(as_csv(findings), nl=False)
    else:
        text = as_text(findings, everything=everything)
        click.echo("\n".join([text] * bool(text) + [closing(seen.name, findings)]))
    if errors_of(findings):
        click.get_current_context().exit(1)


def _print_coverage(form: str, reading: dict[str, Any]) -> None:
    from agency.cli.options import open_study
    from agency.cli.printing import write_sheets
    from agency.indicators import coverage, coverage_document
    from agency.sheets import coverage_sheet

    study = open_study({**reading, "min_phases": 0})
    frame = coverage(study.resolved)
    write_sheets([coverage_sheet(frame, study.data.codebook)], form, None, document=coverage_document(frame))


@click.command("new")
@click.argument("folder", metavar="DIR", type=GivenPath())
def new_command(folder: str) -> None:
    """Write a starter folder: a table with two example rows, projects, codebook and README.

    The folder passes 'agency check' as it is. An existing folder is only used when it is empty.
    """
    from pathlib import Path

    from agency.errors import UsageError
    from agency.output import make_folder, write_atomic
    from agency.table import starter_files

    target = Path(folder)
    if target.is_dir() and any(target.iterdir()):
        message = f"{target}: the folder is not empty. Choose a new name; nothing was written."
        raise UsageError(message)
    files = starter_files()
    make_folder(target)
    for name, content in files.items():
        write_atomic(target / name, content)
    click.echo(f"{target}: {', '.join(files)}. Next: agency check {target}")


@click.command("verify")
@reading_options
@click.option("--texts", required=True, type=GivenPath(), help="Folder of the source texts.")
@click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar="KEY=FILE",
    help="Text of a source, over its 'file' in sources.bib; may be repeated.",
)
def verify_command(texts: str, mapping: tuple[str, ...], **reading: Any) -> None:
    """Find every quote verbatim in the text of its source, or show the nearest passage.

    Tags, ligatures, curly quotes, hyphenation and line breaks are ignored; footnote numbers within a passage are
    tolerated; [...] stands for omitted words. The quotes of claims.toml are looked up too. The exit code is 1 when a
    quote is not found.
    """
    from pathlib import Path

    from agency.findings import as_text
    from agency.table import load_table, verify_quotes

    files = {}
    for entry in mapping:
        key, separator, file = entry.partition("=")
        if not (separator and key and file):
            message = f"--map {entry}: write KEY=FILE."
            raise click.UsageError(message)
        files[key] = file
    table = load_table(reading.pop("data"), **reading)
    for notice in table.notices:
        click.echo(f"agency: {notice}", err=True)
    result = verify_quotes(table, Path(texts), files)
    if result.findings:
        click.echo(as_text(result.findings, everything=True))
    without = f"; {result.unquoted} rows have no quote" if result.unquoted else ""
    where = f"{result.texts} text{'' if result.texts == 1 else 's'}"
    click.echo(f"{table.name}: {result.found} of {result.quotes} quotes found in {where}{without}.")
    if result.findings:
        click.get_current_context().exit(1)
