"""Sheets as CSV: no marks, no notes, nothing rounded; one line per cell; nothing a spreadsheet could run."""

from __future__ import annotations

import csv
import io

from agency.characters import spreadsheet
from agency.formats.sheet import Sheet


def render(sheet: Sheet) -> str:
    r"""Return the sheet as comma-separated values with a header.

    Examples
    --------
    >>> from agency.formats.sheet import plain
    >>> render(Sheet("", "x", ("Phase", "A"), ((plain("Designed by"), plain("=1+1")),)))
    "Phase,A\nDesigned by,'=1+1\n"
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([spreadsheet(name) for name in sheet.columns])
    writer.writerows(
        [spreadsheet(entry.text if entry.exact is None else entry.exact) for entry in row] for row in sheet.rows
    )
    return stream.getvalue()
