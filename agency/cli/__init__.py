"""The command line. This module imports only click; each command is imported when it is called."""

from __future__ import annotations

import io
import sys

import click

from agency.about import __version__
from agency.cli.catalogue import COMMANDS, SECTIONS, load


class LazyGroup(click.Group):
    """A group whose commands are imported when they are run, so that ``--help`` stays fast."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the names in the order of the catalogue."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a command and return it."""
        if cmd_name not in COMMANDS:
            return None
        command = load(cmd_name)
        command.epilog = f"\b\nExample:\n  {COMMANDS[cmd_name].example}"
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest the nearest command for an unknown name."""
        from agency.errors import did_you_mean

        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            ctx.fail(f"There is no command {args[0]!r}.{did_you_mean(args[0], list(COMMANDS))} See agency --help.")
        return super().resolve_command(ctx, args)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands grouped by task, each with a line and an example, without importing any."""
        for section in SECTIONS:
            with formatter.section(section):
                for name, entry in COMMANDS.items():
                    if entry.section == section:
                        formatter.write(f"  {name:<13} {entry.help}\n{'':16}{entry.example}\n")


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="agency")
def group() -> None:
    """Show, with evidence, who holds what in foreign technology projects.

    DATA is a folder, a CSV, an .xlsx or .ods file, or - for standard input; without it the study in this folder is
    used, else the shipped one.
    """


def main(args: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code; what went wrong becomes one message, never a traceback."""
    _prepare_stdout()
    sys.exit(_run(args))


def _run(args: list[str] | None) -> int:
    from agency.errors import AgencyError

    try:
        code = group.main(args=args, prog_name="agency", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except AgencyError as error:
        click.echo(f"{'' if error.exit_code == 1 else 'agency: '}{error}", err=True)
        return error.exit_code
    except click.Abort:
        click.echo("Stopped; nothing was changed after the last file written.", err=True)
        return 130
    except OSError as error:
        # What is left in the buffer cannot be written either; Python would complain again at exit.
        sys.stdout = io.StringIO()
        if isinstance(error, BrokenPipeError):
            return 0  # The reader of our output (head, less) went away: not a failure of ours.
        click.echo(f"agency: the output cannot be written ({error.strerror or error}).", err=True)
        return 2
    return code if isinstance(code, int) else 0


def _prepare_stdout() -> None:
    """Make standard output take any text: UTF-8 in files and pipes, whatever is legible on a terminal."""
    if sys.stdout is None:
        sys.stdout = io.StringIO()
    elif isinstance(sys.stdout, io.TextIOWrapper):
        if sys.stdout.isatty():
            sys.stdout.reconfigure(errors="replace")
        else:
            sys.stdout.reconfigure(encoding="utf-8")
