"""The commands by task: where each lives, what it does in a line, and an example that the tests run."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from agency.words import marked

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    import click


class Entry(NamedTuple):
    """One command, without importing it."""

    module: Callable[[], ModuleType]
    """Imports the module in which the command is called ``NAME_command``."""
    section: str
    help: str
    example: str


def _start() -> ModuleType:
    from agency.cli import start

    return start


def _tables() -> ModuleType:
    from agency.cli import tables

    return tables


def _numbers() -> ModuleType:
    from agency.cli import numbers

    return numbers


def _evidence() -> ModuleType:
    from agency.cli import evidence

    return evidence


def _figures() -> ModuleType:
    from agency.cli import figures

    return figures


def _exchange() -> ModuleType:
    from agency.cli import exchange

    return exchange


SECTIONS = (
    marked("Start and check"),
    marked("Table 1 and report"),
    marked("Numbers"),
    marked("Evidence and claims"),
    marked("Figures"),
    marked("Exchange and versions"),
)

COMMANDS = {
    "new": Entry(_start, SECTIONS[0], marked("Write a starter folder to fill in."), "agency new my-study"),
    "check": Entry(_start, SECTIONS[0], marked("Name every problem of a table, with a fix."), "agency check"),
    "import": Entry(
        _exchange,
        SECTIONS[0],
        marked("Read a wide table, AidData, IATI, OC4IDS, coded passages."),
        "agency import wide table1.csv -o my-study",
    ),
    "verify": Entry(
        _start, SECTIONS[0], marked("Find every quote in the source texts."), "agency verify --texts texts"
    ),
    "brief": Entry(_tables, SECTIONS[1], marked("Say in ten sentences what the table shows."), "agency brief"),
    "table": Entry(_tables, SECTIONS[1], marked("Print who held which phase."), 'agency table -p "ECU 911" -p JSeI'),
    "report": Entry(_tables, SECTIONS[1], marked("Write the one-file HTML report."), "agency report -o report"),
    "indicators": Entry(
        _numbers, SECTIONS[2], marked("Compute composition and dependence."), "agency indicators -p JSeI"
    ),
    "compare": Entry(_numbers, SECTIONS[2], marked("Set projects side by side."), 'agency compare "ECU 911" JSeI'),
    "regularities": Entry(_numbers, SECTIONS[2], marked("Find what holds in every case."), "agency regularities"),
    "robustness": Entry(
        _numbers, SECTIONS[2], marked("Say which choice moves which number."), "agency robustness -p JSeI"
    ),
    "whatif": Entry(
        _numbers,
        SECTIONS[2],
        marked("Withdraw an actor or an origin."),
        "agency whatif --withdraw CEIEC --from 2019",
    ),
    "sources": Entry(_evidence, SECTIONS[3], marked("Set the sources side by side."), 'agency sources -p "ECU 911"'),
    "agreement": Entry(_evidence, SECTIONS[3], marked("Compare two coders."), "agency agreement"),
    "claims": Entry(_evidence, SECTIONS[3], marked("Test published sentences."), "agency claims"),
    "heatmap": Entry(
        _figures, SECTIONS[4], marked("Draw Table 1."), 'agency heatmap -p "ECU 911" -p JSeI -o table1.pdf'
    ),
    "figure": Entry(
        _figures,
        SECTIONS[4],
        marked("Draw summary, matrix, timeline, composition or aggregate."),
        "agency figure timeline -p JSeI -o timeline.svg",
    ),
    "export": Entry(
        _exchange, SECTIONS[5], marked("Write it for another program."), "agency export --to graphml -o study.graphml"
    ),
    "diff": Entry(_exchange, SECTIONS[5], marked("Say what changed between two versions."), "agency diff old new"),
}


def load(name: str) -> click.Command:
    """Import the module of a command and return the command."""
    command: click.Command = getattr(COMMANDS[name].module(), f"{name}_command")
    # Not only below the group: click keeps the first help option it makes.
    command.context_settings["help_option_names"] = ["-h", "--help"]
    return command
