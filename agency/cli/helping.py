"""Help on one screen: what is special to a command whole, what all of them share in a line each."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import click

from agency import words

if TYPE_CHECKING:
    from collections.abc import Iterator

_ALL: Final = "agency.help_all"
_SHARED: Final = {
    words.marked("Reading"): ("data", "encoding", "delimiter", "sheet"),
    words.marked("Selecting"): (
        "projects",
        "phases",
        "only_sources",
        "countries",
        "types",
        "where",
        "rank",
        "include_alleged",
        "min_phases",
    ),
    words.marked("Rules"): ("mode", "year", "boundary", "counting", "actors", "language"),
}
"""What several commands have in common, by what it is for."""
_HELP: Final = ("help", "help_all")
_FEW: Final = 3
"""Choices that are still printed beside the option's name."""
_LINES: Final = 16
"""Lines of options on a screen of 24, beside call, purpose and example."""
_KINDS: Final = (
    words.marked("TEXT"),
    words.marked("INTEGER"),
    words.marked("INTEGER RANGE"),
    words.marked("PATH"),
    words.marked("FILE"),
    words.marked("DIRECTORY"),
)
"""What stands for a value that has no name."""
_METAVARS: Final = (
    words.marked("NAME"),
    words.marked("YEAR"),
    words.marked("COLUMN"),
    words.marked("CONDITION"),
    words.marked("FORM"),
    words.marked("GROUPS"),
    words.marked("KEY"),
    words.marked("NEW"),
    words.marked("OLD"),
    words.marked("ORDER"),
    words.marked("WHICH"),
    words.marked("WHAT"),
    words.marked("DIR"),
    words.marked("KIND"),
    words.marked("[DATA]"),
    words.marked("FILE..."),
    words.marked("PROJECT..."),
    words.marked("PHASE:ORIGIN"),
    words.marked("KEY=FILE"),
    words.marked("FILE.csl"),
    words.marked("[OPTIONS]"),
    words.marked("COMMAND [ARGS]..."),
)
"""What stands for a value in a help; messages call it so too."""
_SENTENCE: Final = re.compile(r"(?<=[.])(?<!\.\.\.)\s+(?=[A-Z])")


@contextmanager
def in_words(command: click.Command) -> Iterator[None]:
    """Let a command and its options explain themselves in the reader's language within a block."""
    if words.language() == words.ENGLISH:
        yield
        return
    options = [param for param in command.params if isinstance(param, click.Option)]
    before = command.help, [(option.help, option.metavar) for option in options]
    command.help = _paragraphs(command.help or "")
    for option in options:
        option.help = words.text(option.help or "")
        kind = option.type.name.upper()
        option.metavar = words.text(option.metavar or (kind if kind in _KINDS else "")) or None
    try:
        yield
    finally:
        command.help = before[0]
        for option, said in zip(options, before[1], strict=True):
            option.help, option.metavar = said


def _paragraphs(said: str) -> str:
    """Return the paragraphs of a help in the reader's language; those set line by line stay as they are."""
    found = said.split("\f", 1)[0].split("\n\n")
    return "\n\n".join(one if one.lstrip().startswith("\b") else words.text(" ".join(one.split())) for one in found)


class Argument(click.Argument):
    """An argument whose name is in the reader's language, in help and where it is missing."""

    def make_metavar(self, ctx: click.Context) -> str:
        """Return how the argument is called."""
        return words.text(super().make_metavar(ctx))


class Command(click.Command):
    """A command with two helps: ``--help`` fits on a screen of 24 lines, ``--help-all`` explains every option."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.append(
            click.Option(
                ["--help-all"],
                is_flag=True,
                is_eager=True,
                expose_value=False,
                callback=_print_all,
                help=words.marked("Explain every option."),
            )
        )

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the pieces of the call in the reader's language."""
        return [words.text(piece) for piece in super().collect_usage_pieces(ctx)]

    def whole_help(self, ctx: click.Context) -> str:
        """Return the help with every option explained."""
        ctx.meta[_ALL] = True
        return self.get_help(ctx)

    def get_help(self, ctx: click.Context) -> str:
        """Return the help in the reader's language."""
        with in_words(self):
            return super().get_help(ctx)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does: in short its first sentence."""
        if ctx.meta.get(_ALL):
            super().format_help_text(ctx, formatter)
            return
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text((self.help or "").split("\n\n", 1)[0])

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the call; in short the choices of an argument stand under its name."""
        pieces = self.collect_usage_pieces(ctx)
        if not ctx.meta.get(_ALL):
            pieces = [re.sub(r"{[^}]*\|[^}]*}", words.text("KIND"), piece) for piece in pieces]
        formatter.write_usage(ctx.command_path, " ".join(pieces), f"{words.text('Usage:')} ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options: in short the command's own, a line each if they are many, and the names of the shared."""
        if ctx.meta.get(_ALL):
            super().format_options(ctx, formatter)
            return
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        shared = {name for names in _SHARED.values() for name in names}
        own = [option for option in options if option.name not in shared and option.name not in _HELP]
        records = [record for record in (_short(option, ctx) for option in own) if record]
        for title, names in _SHARED.items():
            found = [option.opts[0] for option in options if option.name in names]
            records += [(f"{words.text(title)}:", ", ".join(found))] if found else []
        column = max((len(record[0]) for record in records), default=0)
        probe = click.HelpFormatter(width=formatter.width)
        probe.write_dl(records, col_max=column)
        if probe.getvalue().count("\n") > _LINES:
            room = formatter.width - column - 4
            records = [(names, _cut(said, room)) for names, said in records]
        with formatter.section(words.text("Options (--help-all explains them)")):
            formatter.write_dl(records, col_max=column)


def _print_all(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing or not isinstance(ctx.command, Command):
        return
    click.echo(ctx.command.whole_help(ctx), color=ctx.color)
    ctx.exit()


def _short(option: click.Option, ctx: click.Context) -> tuple[str, str] | None:
    """Return names and first sentence of an option; of many choices their names."""
    record = option.get_help_record(ctx)
    if record is None:
        return None
    names, explained = record
    first = _SENTENCE.split(explained.partition("  [")[0], maxsplit=1)[0]
    if isinstance(option.type, click.Choice) and len(option.type.choices) > _FEW:
        return re.sub(r"\[.*\]", words.text("NAME"), names), " ".join(map(str, option.type.choices))
    return names.partition(" / ")[0], first


def _cut(text: str, room: int) -> str:
    """Return as many words as a line holds."""
    if len(text) <= room:
        return text
    return f"{text[: room - 1].rpartition(' ')[0].rstrip(',;:')} …"
