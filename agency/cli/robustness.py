"""`agency robustness`: which choice moves which number."""

from __future__ import annotations

from typing import Any

import click

from agency.cli.options import open_study, reading_options, rule_options, selecting_options
from agency.cli.printing import choose_format, sheet_options, write_printout


@click.command()
@reading_options
@selecting_options
@rule_options
@sheet_options
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of the random weights.")
def command(**options: Any) -> None:
    """Say which choice moves which number.

    Every indicator again with each phase left out, from each source alone, with alleged rows in or out, the other rank,
    support roles counted, other boundary rules; and the composition under random weights.
    """
    format, output, seed = options.pop("format"), options.pop("output"), options.pop("seed")
    chosen = choose_format(format, output)
    study = open_study(options)
    from agency.render.printouts import robust

    write_printout(robust(study.data, study.view, seed=seed, raw=chosen == "csv"), format, output)
