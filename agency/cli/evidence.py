"""`agency sources`: who says what, source by source.

`agency agreement`: two coders compared.

`agency claims`: published sentences tested against the table.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from agency.cli.options import open_study, reading_options, selecting_cases_options, selecting_options
from agency.cli.printing import GivenPath, choose_format, sheet_options, write_output, write_printout
from agency.errors import UsageError

if TYPE_CHECKING:
    from agency.formats import Sheet


@click.command("sources")
@reading_options
@selecting_options
@sheet_options
def sources_command(**options: Any) -> None:
    """Set the sources side by side.

    Contested cells come first (sources exclude one another), then complementary ones (one says more than another),
    then those in which they agree; below, the composition of the life cycle by each source alone and by each level of
    confidence alone.
    """
    format, output = options.pop("format"), options.pop("output")
    chosen = choose_format(format, output)
    study = open_study(options)
    from agency.sheets import source_comparison

    write_printout(source_comparison(study.resolved, raw=chosen == "csv"), format, output)


@click.command("agreement")
@click.argument("data", required=False, type=GivenPath())
@click.option("--encoding", help="Encoding of the CSV, when the reader says it cannot tell.")
@click.option("--delimiter", help="Separator of the CSV, when the reader says it cannot tell.")
@click.option(
    "--sheet",
    "adjudication",
    type=GivenPath(dir_okay=False),
    help="Write a sheet to decide the disagreements: FILE.csv or FILE.xlsx.",
)
@sheet_options
def agreement_command(**options: Any) -> None:
    """Compare two coders.

    DATA is a table with a column coder; without it the double coding of the shipped study is compared. Krippendorff's
    alpha on sets of origins and of actors comes with MASI, Jaccard and nominal distances side by side, then what only
    one coder coded, then every disagreement with both passages.
    """
    format, output, place = options.pop("format"), options.pop("output"), options.pop("adjudication")
    chosen = choose_format(format, output)
    if place is not None and Path(place).suffix.lower() not in (".csv", ".xlsx"):
        message = f"{place}: the adjudication sheet is a .csv or an .xlsx file."
        raise UsageError(message)
    data = options.pop("data") or _shipped()
    study = open_study({**options, "data": data, "sheet": None, "min_phases": 0})
    from agency.sheets import coder_agreement

    printed = coder_agreement(study.data, raw=chosen == "csv")
    if place is not None:
        decisions = coder_agreement(study.data, raw=True).sheets[0]
        write_output(_rendered(decisions, place), place)
    write_printout(printed, format, output)


def _shipped() -> Path:
    from agency.table import packaged_folder

    return packaged_folder() / "double_coding.csv"


def _rendered(sheet: Sheet, place: str) -> str | bytes:
    if Path(place).suffix.lower() == ".xlsx":
        from agency.formats import render_workbook

        return render_workbook([sheet])
    from agency.formats import render_sheet

    return render_sheet(sheet, "csv")


@click.command("claims")
@reading_options
@selecting_cases_options
@sheet_options
def claims_command(**options: Any) -> None:
    """Test published sentences on the statements of the table.

    The sentences and their tests stand in claims.toml beside the data. Each gets a verdict (supported, contradicted,
    mixed, disputed, undetermined, only alleged or silent), in how many of its cases statements decide, the statements
    and sources it rests on, and the verdict without the sentence's own source. The statements for and against, and
    what each source alone says: -f html, json or csv.
    """
    format, output = options.pop("format"), options.pop("output")
    chosen = choose_format(format, output)
    # A claim names its own cases: no project is left out as thin.
    study = open_study({**options, "min_phases": 0})
    from agency.sheets import claim_verdicts

    printed = claim_verdicts(study.resolved, brief=chosen == "text", raw=chosen == "csv")
    write_printout(printed, format, output)
