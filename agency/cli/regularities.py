"""`agency regularities`: what holds in every case, and which case breaks it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from agency.cli.options import open_study, reading_options, rule_options, selecting_options
from agency.cli.printing import choose_format, sheet_options, write_sheets
from agency.cli.writing import GivenPath, write_output

if TYPE_CHECKING:
    from agency.matrix.matrix import Matrix


@click.command()
@reading_options
@selecting_options
@rule_options
@sheet_options
@click.option(
    "--conditions", multiple=True, metavar="PHASE:ORIGIN", help="Condition of a truth table; may be repeated."
)
@click.option("--outcome", metavar="PHASE:ORIGIN", help="Outcome of the truth table.")
@click.option("--qca", type=GivenPath(dir_okay=False), help="Write the cases as a CSV that the R package QCA reads.")
def command(**options: Any) -> None:
    """Find what holds in every case.

    For each phase the pattern most projects share, with the exceptions by name. With --conditions and --outcome also a
    truth table with case names and the necessity of each condition; nothing is minimised.
    """
    format, output = options.pop("format"), options.pop("output")
    conditions, outcome, qca = list(options.pop("conditions")), options.pop("outcome"), options.pop("qca")
    chosen = choose_format(format, output)
    if bool(conditions) != bool(outcome) or (qca and not outcome):
        message = "A truth table wants --conditions and --outcome, both as PHASE:ORIGIN; --qca wants both too."
        raise click.UsageError(message)
    study = open_study(options)
    from agency.measures.method import method_block
    from agency.measures.regularities import regularities, sentences
    from agency.render.regularitysheet import regularity_sheet, truth_sheets

    matrix = study.matrix
    method, raw = method_block(matrix, study.data), chosen == "csv"
    found = regularities(matrix)
    labels = {origin.key: origin.label for origin in matrix.codebook.origins} | {"local": "local"}
    said = sentences(found, labels=labels)
    sheets = [regularity_sheet(found, said, labels=labels, method=method, raw=raw)]
    cases = ""
    document: dict[str, Any] = {"method": method, "phases": found, "sentences": said}
    if outcome:
        document["truth_table"], cases = _truth_table(matrix, conditions, outcome)
        tables = truth_sheets(document["truth_table"], method=method, raw=raw)
        # A CSV is one table: the one that was asked for.
        sheets = tables[:1] if raw else [*sheets, *tables]
    if qca:
        write_output(cases, qca)
    write_sheets(sheets, format, output, document=document)


def _truth_table(matrix: Matrix, conditions: list[str], outcome: str) -> tuple[dict[str, Any], str]:
    """Return the truth table, and the cases as QCA reads them."""
    from agency.measures.truthtable import crisp_cases, truth_table
    from agency.render.regularitysheet import qca_csv

    cases = crisp_cases(matrix, [*conditions, outcome])
    return truth_table(cases, conditions, outcome), qca_csv(cases, conditions, outcome)
