"""`agency agreement`: two coders compared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from agency.cli.options import open_study
from agency.cli.printing import choose_format, sheet_options, write_printout
from agency.cli.writing import GivenPath, write_output
from agency.errors import UsageError

if TYPE_CHECKING:
    from agency.render.sheet import Sheet


@click.command()
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
def command(**options: Any) -> None:
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
    from agency.render.printouts import coder_agreement

    printed = coder_agreement(study.data, raw=chosen == "csv")
    if place is not None:
        decisions = coder_agreement(study.data, raw=True).sheets[0]
        write_output(_rendered(decisions, place), place)
    write_printout(printed, format, output)


def _shipped() -> Path:
    from agency.table.locate import packaged_folder

    return packaged_folder() / "double_coding.csv"


def _rendered(sheet: Sheet, place: str) -> str | bytes:
    if Path(place).suffix.lower() == ".xlsx":
        from agency.render.workbook import render_workbook

        return render_workbook([sheet])
    from agency.render.formats import render_sheet

    return render_sheet(sheet, "csv")
