"""Options shared by the commands, and the one way from them to a `Study`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from agency.cli.helping import Argument
from agency.cli.printing import GivenPath, say
from agency.words import LANGUAGES, listed, marked, speaking, text

if TYPE_CHECKING:
    from agency.study import Study
    from agency.table import Table
    from agency.vocabulary import Codebook

F = TypeVar("F", bound=Callable[..., Any])

_READING = (
    click.argument("data", required=False, type=GivenPath(), cls=Argument),
    click.option("--encoding", help="Encoding of the CSV, when the reader says it cannot tell."),
    click.option("--delimiter", help="Separator of the CSV, when the reader says it cannot tell."),
    click.option("--sheet", help="Sheet of the workbook; default: the only one with the table's header."),
)


_LANGUAGE = click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    help="Language of what is printed; default: that of [study] in codebook.toml, else English.",
)

_SELECTING = (
    click.option("-p", "--project", "projects", multiple=True, help="Only this project; may be repeated."),
    click.option("--phase", "phases", multiple=True, help="Only this phase; may be repeated."),
    click.option("--source", "only_sources", multiple=True, help="Only rows of this source; may be repeated."),
    click.option("--country", "countries", multiple=True, help="Only projects in this country (ISO alpha-3)."),
    click.option(
        "--type", "types", multiple=True, help="Only this type of system, as in projects.csv; may be repeated."
    ),
    click.option(
        "--where", metavar="CONDITION", help="Only rows that meet it: 'region == \"Andes\" and start >= 2012'."
    ),
    click.option(
        "--rank",
        type=click.Choice(["best", "all"]),
        default="best",
        show_default=True,
        help="best: preferred rows win in their cell; all: preferred and normal together.",
    ),
    click.option("--include-alleged", is_flag=True, help="Count alleged rows, which are only listed by default."),
    click.option(
        "--min-phases",
        type=click.IntRange(0),
        default=2,
        show_default=True,
        help="Leave out projects with fewer core phases known (never those named with -p).",
    ),
)

_RULES = (
    click.option(
        "--mode",
        type=click.Choice(["static", "time"]),
        help="static (default): held at any time; time: weighted by years.",
    ),
    click.option("--year", help="Snapshot of this year, or 'end' for each project's last year."),
    click.option(
        "--boundary",
        type=click.Choice(["held", "split", "gap"]),
        default="held",
        show_default=True,
        help="Years stated both as held and as vacant or negotiating.",
    ),
    click.option(
        "--counting",
        type=click.Choice(["actor", "origin"]),
        default="actor",
        show_default=True,
        help="Share of a joint phase: equal per actor, or per origin.",
    ),
    click.option(
        "--actors",
        type=click.Choice(["named", "whole"]),
        default="named",
        show_default=True,
        help="whole: every actor counts as what it is part of (part_of in actors.csv).",
    ),
)


def _apply(options: tuple[Callable[[Any], Any], ...]) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


reading_options = _apply(_READING)
"""DATA, --encoding, --delimiter, --sheet."""
reading_named_options = _apply(
    (click.option("--data", type=GivenPath(), help="DATA, as for the other commands."), *_READING[1:])
)
"""The same for commands whose arguments are names of projects: --data in place of DATA."""
selecting_options = _apply((*_SELECTING, _LANGUAGE))
"""-p, --phase, --source, --country, --type, --where, --rank, --include-alleged, --min-phases."""
selecting_all_options = _apply((*_SELECTING[:-1], _LANGUAGE))
"""The same without --min-phases, for what is written of every selected project."""
selecting_cases_options = _apply((_SELECTING[0], *_SELECTING[2:6], _LANGUAGE))
"""-p, --source, --country, --type and --where, for what is tested on statements, whatever their rank."""
selecting_rows_options = _apply((*_SELECTING[1:-1], _LANGUAGE))
"""The same without -p and --min-phases, for commands whose arguments are names of projects."""
choosing_options = _apply((*_SELECTING[:6], _LANGUAGE))
"""Only -p, --phase, --source, --country, --type, --where."""
rule_options = _apply(_RULES)
"""--mode, --year, --boundary, --counting, --actors."""


def open_earlier(place: str, options: dict[str, Any]) -> Table:
    """Load an earlier version of the table, read as DATA is; call it before `open_study` takes the options.

    Raises
    ------
    DataError
        Saying which of the two has the errors.
    """
    from agency.errors import DataError
    from agency.table import load_table

    try:
        return load_table(place, **{name: options[name] for name in ("encoding", "delimiter", "sheet")})
    except DataError as error:
        said = text("{old}: the earlier version has errors.\n{findings}", old=place, findings=error)
        raise DataError(said, error.findings) from error


def _without_words(codebook: Codebook, language: str) -> tuple[str, ...]:
    labels = codebook.untranslated(language)
    if not labels:
        return ()
    sentence = marked("codebook.toml has no label.{language} for {labels}: they are printed as they stand")
    return (text(sentence, language=language, labels=listed([f"“{label}”" for label in labels], most=6)),)


def open_study(options: dict[str, Any]) -> Study:
    """Load the table and select what the options say; what was assumed is said at the end (`say`).

    `options` is the command's keyword arguments; the keys used here are removed, the command's own stay.
    """
    from agency.findings import warning_notices
    from agency.study import load

    language = options.pop("language", None)
    given = {key: options.pop(key) for key in ("encoding", "delimiter", "sheet")}
    study = load(options.pop("data"), **given, language=language)
    # What is said at the end is said in this language too: `say` closes before it.
    click.get_current_context().find_root().with_resource(speaking(study.language))
    say(*_without_words(study.data.codebook, study.language))
    say(*study.data.notices, *warning_notices(study.data.findings))
    names = {
        "projects": "project",
        "phases": "phase",
        "only_sources": "source",
        "countries": "country",
        "types": "type",
    }
    chosen: dict[str, Any] = {new: list(options.pop(old)) for old, new in names.items() if options.get(old)}
    for old in names:
        options.pop(old, None)
    rules = {
        key: options.pop(key)
        for key in ("where", "rank", "include_alleged", "min_phases", "mode", "year", "boundary", "counting", "actors")
        if key in options
    }
    if rules.get("year") is not None and rules.get("mode") is not None:
        message = text("--year selects a snapshot; leave --mode out.")
        raise click.UsageError(message)
    study = study.select(**chosen, **{key: value for key, value in rules.items() if value is not None})
    say(*study.notices)
    return study
