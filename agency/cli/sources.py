"""`agency sources`: who says what, source by source."""

from __future__ import annotations

from typing import Any

import click

from agency.cli.options import open_study, reading_options, selecting_options
from agency.cli.printing import choose_format, sheet_options, write_printout


@click.command()
@reading_options
@selecting_options
@sheet_options
def command(**options: Any) -> None:
    """Set the sources side by side.

    Contested cells come first (sources exclude one another), then complementary ones (one says more than another),
    then those in which they agree; below, the composition of the life cycle by each source alone and by each level of
    confidence alone.
    """
    format, output = options.pop("format"), options.pop("output")
    chosen = choose_format(format, output)
    study = open_study(options)
    from agency.render.printouts import source_comparison

    write_printout(source_comparison(study.data, study.view, raw=chosen == "csv"), format, output)
