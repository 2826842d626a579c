"""`agency report`: the one-file HTML report, and the bundle around it."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any, Final

import click

from agency.cli.options import open_study, reading_options, rule_options, selecting_options
from agency.cli.writing import GivenPath

_QUIET: Final = 1.0
"""Seconds before progress is shown."""


@click.command()
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
@click.option(
    "--bundle",
    is_flag=True,
    help="Also write the tables for Word, LaTeX and Markdown, the input, and a Frictionless datapackage.json.",
)
def command(**options: Any) -> None:
    """Write the one-file HTML report.

    report.html works offline and without a script: every holder in the table opens the passage it rests on. Beside
    it stand the tables as CSV and the figures as SVG, PDF and PNG. Other files in the folder are left alone; those of
    an earlier report are named.
    """
    folder, bundle = options.pop("output"), options.pop("bundle")
    data = options["data"]
    reading = tuple(
        (f"--{name}", str(options[name])) for name in ("encoding", "delimiter", "sheet") if options[name] is not None
    )
    study = open_study(options)
    from agency.report.files import write_report
    from agency.report.leftovers import leftovers
    from agency.report.words import listed

    written = write_report(
        study.data,
        study.view,
        folder,
        bundle=bundle,
        data=None if data else "",
        reading=reading,
        progress=_Progress() if sys.stderr.isatty() else None,
    )
    click.echo(f"{written[-1]} and {len(written) - 1} other files written.", err=True)
    left = leftovers(Path(folder), written)
    if left:
        click.echo(f"Left from an earlier report: {listed(left)} (not part of this one).", err=True)


class _Progress:
    """Says on a terminal what is being done, once it takes longer than a second."""

    def __init__(self) -> None:
        self._begun = time.monotonic()

    def __call__(self, step: str) -> None:
        if time.monotonic() - self._begun > _QUIET:
            click.echo(f"agency: {step} ...", err=True)
