"""`agency check`: every problem of a table at once, each with a fix.

`agency new`: a starter folder to fill in.

`agency verify`: every quote against the text of its source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from agency.cli.options import reading_options
from agency.cli.printing import GivenPath

if TYPE_CHECKING:
    from agency.references import Verification


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
    from agency.findings import as_csv, as_json, as_text, closing, errors_of
    from agency.table import examine_data

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
    help="Text of a source, over the 'file' of its entry and KEY.txt; may be repeated.",
)
def verify_command(texts: str, mapping: tuple[str, ...], **reading: Any) -> None:
    """Find every quote verbatim in the text of its source, or show the nearest passage.

    The text of a source is the file its entry names, else KEY.txt in the folder (.md, .html, .docx, .pdf with the
    extra "texts"). Tags, curly quotes and line breaks are ignored; ligatures, hyphenation, footnote numbers and page
    headers within a passage are bridged, and said; [...] stands for omitted words. The quotes of claims.toml are looked
    up too. The exit code is 1 when a quote is not found.
    """
    from pathlib import Path

    from agency.findings import as_text
    from agency.references import findings_of, verify_quotes
    from agency.table import load_table, table_quotes
    from agency.words import text

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
    result = verify_quotes(table_quotes(table), table.sources, Path(texts), files)
    for name, how in result.read.items():
        click.echo(f"agency: {text('{file}: {how}.', file=name, how=how)}", err=True)
    if result.faults:
        click.echo(as_text(findings_of(result.faults), everything=True))
    click.echo(_outcome(table.name, result, unquoted=int((table.rows["quote"] == "").sum())))
    if result.faults:
        click.get_current_context().exit(1)


def _outcome(name: str, result: Verification, *, unquoted: int) -> str:
    """Return the last lines: how many quotes were found, over what, and how many rows have none."""
    from agency.words import counted, listed, text

    where = counted("{n} text", "{n} texts", result.texts)
    said = [
        counted(
            "{name}: {found} of {n} quote found in {where}.",
            "{name}: {found} of {n} quotes found in {where}.",
            result.quotes,
            name=name,
            found=result.found,
            where=where,
        )
    ]
    if result.bridged:
        over = [
            counted("{n} over {what}", "{n} over {what}", number, what=what) for what, number in result.bridged.items()
        ]
        said.append(text("Bridged: {quotes}.", quotes=listed(over)))
    if unquoted:
        said.append(counted("{n} row has no quote.", "{n} rows have no quote.", unquoted))
    return " ".join(said)
