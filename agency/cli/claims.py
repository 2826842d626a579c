"""`agency claims`: published sentences tested against the table."""

from __future__ import annotations

from typing import Any

import click

from agency.cli.options import open_study, reading_options
from agency.cli.printing import choose_format, sheet_options, write_printout


@click.command()
@reading_options
@sheet_options
def command(**options: Any) -> None:
    """Test published sentences against the table.

    The sentences and their tests stand in claims.toml beside the data. Each gets a verdict (supported, contradicted,
    mixed or undetermined), the fewest rows that would change it, and the verdicts by each source alone and without
    the sentence's own source.
    """
    format, output = options.pop("format"), options.pop("output")
    chosen = choose_format(format, output)
    # A claim names its own cases: no project is left out as thin.
    study = open_study({**options, "min_phases": 0})
    from agency.render.printouts import claim_verdicts

    printed = claim_verdicts(study.data, study.view, brief=chosen == "text", raw=chosen == "csv")
    write_printout(printed, format, output)
