"""`datapackage.json` of a bundle: what the tables and the files beside the page are, for the one writer of packages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from agency.characters import spreadsheet
from agency.exporters import descriptor, fields_of
from agency.vocabulary import COLUMNS
from agency.words import text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from agency.formats import Sheet
    from agency.report.content import Content
    from agency.report.material import Material, TableFile

STATEMENTS: Final = "statements"
"""The table of all selected statements, described by the specification of the columns."""
_WHOLE: Final = re.compile(r"-?\d+")
_DECIMAL: Final = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")


def datapackage(
    files: Mapping[str, str | bytes], tables: Sequence[TableFile], content: Content, material: Material
) -> str:
    """Return the descriptor as JSON: the tables in CSV with their schemas, every other file with its hash.

    Parameters
    ----------
    files
        Content by path within the folder, without the descriptor itself.
    tables
        The tables behind ``tables/NAME.csv``.
    content
        Title and bibliography of the report.
    material
        Codebook, hash and versions.
    """
    facts = material.facts
    return descriptor(
        files,
        {f"tables/{table.name}.csv": (table.data.caption, _fields(table, material)) for table in tables},
        name="agency-report",
        title=content.brief.title,
        description=text(
            "Made with {software} ({rules}) from {table}, SHA-256 {sha256}. Made again, in this folder, by: {command}",
            software=facts.software,
            rules=facts.rules,
            table=facts.table,
            sha256=facts.sha256,
            command=facts.command,
        ),
        sources=content.references,
        created=f"{facts.date}T00:00:00Z" if facts.date else "",
    )


def _fields(table: TableFile, material: Material) -> list[dict[str, Any]]:
    if table.name == STATEMENTS:
        line = {"name": "line", "title": text("Line"), "description": text("Line in the input."), "type": "integer"}
        return [*fields_of(COLUMNS, material.codebook), line]
    sheet = table.data
    # The header as it stands in the file, where nothing looks like a formula.
    return [{"name": spreadsheet(name), "type": _type(sheet, at)} for at, name in enumerate(sheet.columns)]


def _type(sheet: Sheet, column: int) -> str:
    """Return the type of a column: a number only where the table says so and every value is one."""
    values = [row[column].text for row in sheet.rows if row[column].text]
    if column not in sheet.numeric or not values:
        return "string"
    if all(_WHOLE.fullmatch(value) for value in values):
        return "integer"
    return "number" if all(_DECIMAL.fullmatch(value) for value in values) else "string"
