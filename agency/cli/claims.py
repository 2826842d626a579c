"""`agency claims`: published sentences tested against the table."""

from __future__ import annotations

from typing import Any

import click

from agency.cli.options import open_study, reading_options
from agency.cli.printing import choose_format, sheet_options, write_sheets


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
    from agency.measures.claimfile import claims_of
    from agency.measures.claims import judge_claims
    from agency.measures.claimtable import claims_document
    from agency.render.claimsheet import claim_list, claim_sheets

    table = study.data
    results = judge_claims(table, claims_of(table))
    sheets = [claim_list(table, results)] if chosen == "csv" else claim_sheets(table, results, brief=chosen == "text")
    write_sheets(sheets, format, output, document=claims_document(table, results) if chosen == "json" else None)
