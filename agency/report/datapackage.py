"""`datapackage.json`: the Frictionless description of every file of a bundle."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any, Final

from agency.characters import file_names, json_text, spreadsheet
from agency.vocabulary import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from agency.formats import Sheet
    from agency.report.content import Content
    from agency.report.material import Material, TableFile
    from agency.vocabulary import Codebook, Column

STATEMENTS: Final = "statements"
"""The table of all selected statements, described by the specification of the columns."""
_MEDIA: Final = {
    "csv": "text/csv",
    "md": "text/markdown",
    "tex": "application/x-tex",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "png": "image/png",
    "html": "text/html",
    "bib": "application/x-bibtex",
    "toml": "application/toml",
    "txt": "text/plain",
}
_WHOLE: Final = re.compile(r"-?\d+")
_DECIMAL: Final = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")
_TYPES: Final = {"year": "integer", "count": "integer", "flag": "boolean", "amount": "number"}


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
    sheets = {f"tables/{table.name}.csv": table.data for table in tables}
    described = {path: _table_resource(path, sheet, material.table.codebook) for path, sheet in sheets.items()}
    resources = [
        {"name": name, **described.get(path, _file_resource(path)), "bytes": len(_bytes(data)), "hash": _digest(data)}
        for (path, data), name in zip(files.items(), _names(files), strict=True)
    ]
    facts = material.facts
    descriptor: dict[str, Any] = {
        "name": "agency-report",
        "title": content.brief.title,
        "description": f"Made with {facts.software} ({facts.rules}) from {facts.table}, SHA-256 {facts.sha256}. Made "
        f"again, in this folder, by: {facts.command}",
        **({"created": f"{facts.date}T00:00:00Z"} if facts.date else {}),
        "sources": [{"title": reference} for reference in content.references],
        "resources": resources,
    }
    return json_text(descriptor) + "\n"


def statement_fields(columns: Sequence[Column], codebook: Codebook) -> list[dict[str, Any]]:
    """Return the fields of the long table as Table Schema says them."""
    vocabularies = {
        "phase": [phase.key for phase in codebook.phases],
        "origin": [*(origin.key for origin in codebook.origins), "unknown"],
        "role": list(codebook.roles),
    }
    fields = []
    for column in columns:
        allowed = list(column.values) or vocabularies.get(column.vocabulary, [])
        constraints: dict[str, Any] = {"enum": allowed} if allowed else {}
        if column.name in ("project", "phase", "source"):
            constraints["required"] = True
        field = {
            "name": column.name,
            "title": column.title,
            "description": column.description,
            "type": _TYPES.get(column.kind, "string"),
        }
        fields.append({**field, "constraints": constraints} if constraints else field)
    return fields


def _table_resource(path: str, sheet: Sheet, codebook: Codebook) -> dict[str, Any]:
    if path == f"tables/{STATEMENTS}.csv":
        line = {"name": "line", "title": "Line", "description": "Line in the input.", "type": "integer"}
        fields = [*statement_fields(COLUMNS, codebook), line]
    else:
        # The header as it stands in the file, where nothing looks like a formula.
        fields = [{"name": spreadsheet(name), "type": _type(sheet, at)} for at, name in enumerate(sheet.columns)]
    return {
        "type": "table",
        "title": sheet.caption,
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": fields},
    }


def _type(sheet: Sheet, column: int) -> str:
    """Return the type of a column: a number only where the table says so and every value is one."""
    values = [row[column].text for row in sheet.rows if row[column].text]
    if column not in sheet.numeric or not values:
        return "string"
    if all(_WHOLE.fullmatch(value) for value in values):
        return "integer"
    return "number" if all(_DECIMAL.fullmatch(value) for value in values) else "string"


def _file_resource(path: str) -> dict[str, Any]:
    extension = path.rpartition(".")[2]
    return {
        "type": "file",
        "path": path,
        "mediatype": _MEDIA.get(extension, "application/octet-stream"),
    }


def _names(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the names of resources: small Latin letters, digits and hyphens, as the standard asks; all different."""
    return file_names(paths, latin=True)


def _bytes(content: str | bytes) -> bytes:
    return content.encode("utf-8") if isinstance(content, str) else content


def _digest(content: str | bytes) -> str:
    return f"sha256:{hashlib.sha256(_bytes(content)).hexdigest()}"
