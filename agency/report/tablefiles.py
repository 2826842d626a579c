"""The tables of the report as files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agency.report.part import TableFile

_PRINTED: Final = {"tex": "latex", "md": "markdown"}
"""Extension to format of the tables that are made for a manuscript."""


def csv_files(tables: Iterable[TableFile]) -> dict[str, str | bytes]:
    """Return every table as CSV by its path in the folder, with unrounded numbers."""
    from agency.render.formats import render_sheet

    return {f"tables/{table.name}.csv": render_sheet(table.data, "csv") for table in tables}


def printed_files(tables: Iterable[TableFile]) -> dict[str, str | bytes]:
    """Return every table for a manuscript: LaTeX, Markdown and, when python-docx is installed, Word."""
    from importlib.util import find_spec

    from agency.render.formats import render_sheet

    formats = {**_PRINTED, **({"docx": "docx"} if find_spec("docx") else {})}
    return {
        f"tables/{table.name}.{extension}": render_sheet(table.sheet, name)
        for table in tables
        if table.printed
        for extension, name in formats.items()
    }
