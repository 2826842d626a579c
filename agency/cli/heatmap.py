"""`agency heatmap`: another name for `agency figure matrix`."""

from __future__ import annotations

from typing import Any

import click

from agency.cli.figure import setting_options, write_figure, years_option
from agency.cli.options import reading_options, rule_options, selecting_options


@click.command()
@reading_options
@selecting_options
@rule_options
@setting_options
@years_option
def command(**options: Any) -> None:
    """Draw who held which phase, in the style of Table 1 (the same as agency figure matrix).

    Up to 12 projects have names in their cells; up to 60 are drawn as rows, with origins only.
    """
    write_figure("matrix", options)
