"""The command line. This module imports only click; each command is imported when it is called."""

from __future__ import annotations

import _thread
import atexit
import gc
import io
import os
import sys
from contextlib import contextmanager
from itertools import pairwise
from threading import Timer
from typing import TYPE_CHECKING, Any

import click

from agency import words
from agency.about import __version__
from agency.cli.catalogue import COMMANDS, SECTIONS, load
from agency.cli.printing import tell
from agency.words import ENGLISH, LANGUAGES, language, language_of_environment, speaking, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_OBJECTS_BETWEEN_SEARCHES = 50_000


class LazyGroup(click.Group):
    """A group whose commands are imported when they are run, so that ``--help`` stays fast."""

    def main(self, args: Sequence[str] | None = None, *given: Any, **options: Any) -> Any:
        """Run a command, everything it says in the language asked for."""
        with spoken(args, otherwise=language()):
            return super().main(args, *given, **options)

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the names in the order of the catalogue."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a command and return it."""
        if cmd_name not in COMMANDS:
            return None
        command = load(cmd_name)
        command.epilog = "\b\n" + text("Example: {call}", call=COMMANDS[cmd_name].example)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest the nearest command for an unknown name."""
        from agency.errors import did_you_mean

        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            hint = did_you_mean(args[0], list(COMMANDS))
            ctx.fail(text("There is no command {name!r}.{hint} See agency --help.", name=args[0], hint=hint))
        return super().resolve_command(ctx, args)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the option of the help in the reader's language; click makes it once, in the language of then."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = text("Show this message and exit.")
        return option

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the pieces of the call in the reader's language."""
        return [text(piece) for piece in super().collect_usage_pieces(ctx)]

    def get_help(self, ctx: click.Context) -> str:
        """Return the help in the reader's language."""
        from agency.cli.helping import in_words

        with in_words(self):
            return super().get_help(ctx)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands grouped by task, each with a line and an example, without importing any."""
        for section in SECTIONS:
            with formatter.section(text(section)):
                for name, entry in COMMANDS.items():
                    if entry.section == section:
                        formatter.write(f"  {name:<13} {text(entry.help)}\n{'':16}{entry.example}\n")


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="agency")
def group() -> None:
    """Show, with evidence, who holds what in foreign technology projects.

    DATA is a folder, a CSV, an .xlsx or .ods file, or - for standard input; without it the study in this folder is
    used, else the shipped one.
    """


def main(args: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code; what went wrong becomes one message, never a traceback."""
    _prepare_streams()
    # What packages bring along stays to the end: to search it for garbage takes a tenth of a short command.
    gc.set_threshold(_OBJECTS_BETWEEN_SEARCHES)
    atexit.register(gc.freeze)
    # Here too: what went wrong is said after the command.
    with _interrupts_kept(), spoken(args, otherwise=language_of_environment()):
        try:
            code = _run(args)
        except KeyboardInterrupt:  # before or after the command: of one within it click tells
            code = _stopped()
    sys.exit(code)


@contextmanager
def _interrupts_kept() -> Iterator[None]:
    """Interrupt once more where the interpreter has dropped it: what a callback of it raises goes nowhere.

    A little later, when the callback, and the hook, which is one too, have ended. All else goes where it went.
    """
    before = sys.unraisablehook

    def again(lost: sys.UnraisableHookArgs) -> None:
        if isinstance(lost.exc_value, KeyboardInterrupt):
            Timer(0.01, _thread.interrupt_main).start()
        else:
            before(lost)

    sys.unraisablehook = again
    try:
        yield
    finally:
        sys.unraisablehook = before


def _stopped() -> int:
    tell(text("Stopped; nothing was changed after the last file written."), wrong=True)
    return 130


@contextmanager
def spoken(args: Sequence[str] | None, *, otherwise: str) -> Iterator[None]:
    """Say everything of a run in the language of ``--language``, from help and wrong options on.

    Also what click says itself ("No such option"): it asks gettext, and gettext the environment.
    """
    before = os.environ.get("LANGUAGE")
    with speaking(_asked(sys.argv[1:] if args is None else args) or otherwise):
        if language() != ENGLISH:
            import gettext

            gettext.bindtextdomain("agency", words.CATALOGUES)
            gettext.textdomain("agency")
        try:
            os.environ["LANGUAGE"] = language()
            yield
        finally:
            os.environ.pop("LANGUAGE")
            if before is not None:
                os.environ["LANGUAGE"] = before


def _asked(args: Sequence[str]) -> str:
    """Return the last language named, "" where none of ours is: an unknown one is refused by the option."""
    joined = [one.removeprefix("--language=") for one in args if one.startswith("--language=")]
    apart = [value for option, value in pairwise(args) if option == "--language"]
    return next((value for value in reversed([*joined, *apart]) if value in LANGUAGES), "")


def _run(args: list[str] | None) -> int:
    from agency.errors import AgencyError

    try:
        code = group.main(args=args, prog_name="agency", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        shown = io.StringIO()
        error.show(file=shown)
        tell(shown.getvalue().rstrip("\n"), wrong=True)
        return error.exit_code
    except AgencyError as error:
        tell(f"{'' if error.exit_code == 1 else 'agency: '}{error}", wrong=True)
        return error.exit_code
    except click.Abort:
        return _stopped()
    except OSError as error:
        tell(f"agency: {_told(error)}", wrong=True)
        return 2
    return code if isinstance(code, int) else 0


def _told(error: OSError) -> str:
    from agency.words import text

    why = error.strerror or str(error)
    if error.filename is None:
        return text("the system says: {why}. Nothing was written.", why=why)
    return text("{path}: {why}. Give a file that can be used.", path=os.fsdecode(error.filename), why=why)


class _Standard(io.RawIOBase):
    """Standard output or error, which may close before everything is said.

    A reader that leaves early (``| head``) is no failure: the command goes on and ends with the exit code it has
    earned, what it says unheard. Output that cannot be written (a full disk) is a failure, said once; in the stream
    of messages it is none, because there is nobody to tell.
    """

    def __init__(self, descriptor: int, *, is_output: bool) -> None:
        self._descriptor, self._is_output, self._gone = descriptor, is_output, False

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        return os.isatty(self._descriptor)

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        if self._gone:
            return len(data)
        try:
            return os.write(self._descriptor, data)
        except OSError as error:
            self._gone = True
            if self._is_output and not isinstance(error, BrokenPipeError):
                from agency.errors import UsageError
                from agency.words import text

                why = error.strerror or error
                raise UsageError(text("the output cannot be written ({why}).", why=why)) from error
            return len(data)


def _prepare_streams() -> None:
    """Make the standard streams take any text: UTF-8 in files and pipes, whatever is legible on a terminal."""
    sys.stdout, sys.stderr = _prepared(sys.stdout, is_output=True), _prepared(sys.stderr, is_output=False)


def _prepared(stream: Any, *, is_output: bool) -> Any:
    if stream is None:
        return io.StringIO()
    # Without buffering (PYTHONUNBUFFERED) there is no raw stream below.
    if type(stream) is not io.TextIOWrapper or type(getattr(stream.buffer, "raw", stream.buffer)) is not io.FileIO:
        return stream  # not the system's own: a test, a notebook, a console of Windows
    stream.flush()
    encoding, errors = (stream.encoding, "replace") if stream.isatty() else ("utf-8", "backslashreplace")
    buffer = io.BufferedWriter(_Standard(stream.fileno(), is_output=is_output))
    return io.TextIOWrapper(buffer, encoding=encoding, errors=errors, line_buffering=not is_output or stream.isatty())
