"""The commands around a table: `new` starts one, `check` names its problems, `verify` looks up its quotes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from agency.cli.helping import Argument, Command
from agency.cli.options import reading_options
from agency.cli.printing import GivenPath, say
from agency.words import ENGLISH, LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agency.references import Verification
    from agency.table import Examination


@click.command("check", cls=Command)
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
@click.option("--states", is_flag=True, help="Instead: what is known of each project and phase, with counts.")
@click.option(
    "--mark",
    "marked",
    type=GivenPath(dir_okay=False),
    help="Write a new workbook with your cells, the wrong ones coloured and explained: FILE.xlsx.",
)
@click.option(
    "--write",
    "written",
    type=GivenPath(dir_okay=False),
    help="Write the table as it was read, in the words of the data format: FILE.csv or FILE.xlsx.",
)
def check_command(
    form: str, everything: bool, states: bool, marked: str | None, written: str | None, **reading: Any
) -> None:
    """Name every problem of a table, with file, line, column and a fix.

    Errors leave a number undefined, and nothing is computed from a table that has any. Warnings and information do
    not stop anything. The exit code is 1 with errors, else 0. --mark and --write only ever make new files.
    """
    if states:
        _print_states(form, reading)
        return
    from agency.claims import claim_findings
    from agency.findings import as_csv, as_json, as_text, closing, errors_of
    from agency.table import examine_data
    from agency.words import digits, text

    _refuse_places({"--mark": (marked, (".xlsx",)), "--write": (written, (".csv", ".xlsx"))})
    seen = examine_data(reading["data"], **{name: value for name, value in reading.items() if name != "data"})
    findings = (*seen.findings, *claim_findings(seen.table))
    if marked:
        _write_marked(marked, seen, reading)
    if written:
        _write_canonical(written, seen, reading)
    say(*seen.notices)
    left = sum(entry.more for entry in findings)
    if left and form != "text":
        say(text("{n} findings more are counted and not listed", n=digits(f"{left:,}")))
    if form == "json":
        click.echo(as_json(findings, seen.notices))
    elif form == "csv":
        click.echo(as_csv(findings), nl=False)
    else:
        listing = as_text(findings, everything=everything)
        click.echo("\n".join([listing] * bool(listing) + [closing(seen.name, findings)]))
    if errors_of(findings):
        click.get_current_context().exit(1)


def _refuse_places(places: Mapping[str, tuple[str | None, tuple[str, ...]]]) -> None:
    """Refuse what --mark and --write name when it exists, has another ending, or is one file for both.

    Raises
    ------
    UsageError
        Naming the option and the place.
    """
    from agency.errors import UsageError
    from agency.words import listed, text

    taken: dict[str, str] = {}
    for option, (place, endings) in places.items():
        if place is None:
            continue
        if Path(place).suffix.lower() not in endings:
            message = text(
                "{option} {place}: give a name that ends in {endings}.",
                option=option,
                place=place,
                endings=listed(endings, any_of=True),
            )
        elif os.path.lexists(place):
            message = text("{option} {place}: the file exists. Choose a new name.", option=option, place=place)
        elif os.path.realpath(place) in taken:
            message = text("{option} {place}: --mark goes there. Choose another name.", option=option, place=place)
        else:
            taken[os.path.realpath(place)] = option
            continue
        raise UsageError(message)


def _write_marked(place: str, seen: Examination, reading: dict[str, Any]) -> None:
    from agency.findings import MOST_MARKED
    from agency.output import write_files
    from agency.table import marked_data
    from agency.words import digits, text

    write_files({Path(place): marked_data(findings=seen.findings, **reading)})
    left = len(seen.findings) - MOST_MARKED
    message = (
        text("{place}: your cells, with what is wrong marked; the first {most} of {n} findings, errors first.")
        if left > 0
        else text(
            "{place}: your cells, with what is wrong marked; charts, pictures and other sheets are not carried over."
        )
    )
    n, most = digits(f"{len(seen.findings):,}"), digits(f"{MOST_MARKED:,}")
    say(text(message, place=place, n=n, most=most))


def _write_canonical(place: str, seen: Examination, reading: dict[str, Any]) -> None:
    """Write the table as it was read, when it has no errors, and say what of the study is not in the file."""
    from agency.output import write_files
    from agency.table import canonical_csv, canonical_frames, canonical_workbook
    from agency.words import counted, listed, text

    if seen.table is None:
        say(text("{place}: not written, the table has errors.", place=place))
        return
    frames = canonical_frames(**reading)
    table, *beside = frames
    if Path(place).suffix.lower() == ".xlsx":
        write_files({Path(place): canonical_workbook(frames)})
        beside = []
    else:
        write_files({Path(place): canonical_csv(frames[table])})
    said = counted(
        "{place}: {n} row as it was read.", "{place}: {n} rows as they were read.", len(frames[table]), place=place
    )
    if beside:
        said = text("{said} Not in it: {files}; a .xlsx holds them.", said=said, files=listed(beside))
    say(said)


def _print_states(form: str, reading: dict[str, Any]) -> None:
    from agency.cli.options import open_study
    from agency.cli.printing import write_printout
    from agency.sheets import states_table

    # As all of `check`: in the language of the messages, unless the study has its own.
    from agency.words import language

    spoken = None if language() == ENGLISH else language()
    study = open_study({**reading, "min_phases": 0, "language": spoken})
    write_printout(states_table(study.resolved), form, None)


@click.command("new", cls=Command)
@click.argument("folder", metavar="DIR", type=GivenPath(), cls=Argument)
@click.option("--empty", is_flag=True, help="Without the example rows.")
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    help="Language of the folder and of the tables, figures and reports made from it; default: English.",
)
def new_command(folder: str, empty: bool, language: str | None) -> None:
    """Write a starter folder: a table with two example rows, projects, codebook and README.

    With the extra 'excel' there is also study.xlsx, the same as a workbook with drop-down lists: fill in one of the
    two. The folder passes 'agency check' as it is. An existing folder is only used when it is empty.
    """
    from importlib.util import find_spec

    from agency.about import install_hint
    from agency.characters import legible
    from agency.errors import UsageError
    from agency.output import write_files
    from agency.table import starter_files
    from agency.words import broken, text

    if language:
        say(*filter(None, [broken(language)]))
    target = Path(folder)
    if target.is_dir() and any(target.iterdir()):
        message = text("{target}: the folder is not empty. Choose a new name; nothing was written.", target=target)
        raise UsageError(message)
    workbook = find_spec("openpyxl") is not None
    files = starter_files(examples=not empty, workbook=workbook, language=language or ENGLISH)
    write_files({target / name: content for name, content in files.items()}, folders=True)
    if not workbook:
        hint = text("no workbook with drop-down lists, which needs {install}.", install=install_hint("excel"))
        say(hint)
    click.echo(legible(text("{target}: {files}. Next: agency check {target}", target=target, files=", ".join(files))))


@click.command("verify", cls=Command)
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

    from agency.findings import as_text, warning_notices
    from agency.references import findings_of, verify_quotes
    from agency.table import load_table, table_quotes
    from agency.words import text

    files = {}
    for entry in mapping:
        key, separator, file = entry.partition("=")
        if not (separator and key and file):
            message = text("--map {entry}: write KEY=FILE.", entry=entry)
            raise click.UsageError(message)
        files[key] = file
    table = load_table(reading.pop("data"), **reading)
    say(*table.notices, *warning_notices(table.findings))
    result = verify_quotes(table_quotes(table), table.sources, Path(texts), files)
    say(*(text("{file}: {how}.", file=name, how=how) for name, how in result.read.items()))
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
            counted("{n} over {what}", "{n} over {what}", number, what=text(what))
            for what, number in result.bridged.items()
        ]
        said.append(text("Bridged: {quotes}.", quotes=listed(over)))
    if unquoted:
        said.append(counted("{n} row has no quote.", "{n} rows have no quote.", unquoted))
    return " ".join(said)
