"""`datapackage.json`: the Frictionless description of files that belong together."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from agency.characters import file_names, json_text
from agency.words import text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from agency.vocabulary import Codebook, Column

DESCRIPTOR: Final = "datapackage.json"
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
_TYPES: Final = {"year": "integer", "count": "integer", "flag": "boolean", "amount": "number"}

Described = tuple[str, list[dict[str, Any]]]
"""Title and fields of a table."""


def descriptor(
    files: Mapping[str, str | bytes],
    tables: Mapping[str, Described],
    *,
    name: str,
    title: str,
    description: str,
    sources: Sequence[str],
    created: str = "",
) -> str:
    """Return the descriptor as JSON: CSV tables with their schemas, every file with its size and hash.

    Parameters
    ----------
    files
        Content by path within the folder, without the descriptor itself.
    tables
        By path, for those that are described field by field: title and fields (`fields_of`).
    name, title, description
        Of the whole.
    sources
        References, as they are printed.
    created
        Date and time, "" where they are not known.
    """
    resources = []
    for (path, content), resource in zip(files.items(), file_names(files, latin=True), strict=True):
        data = content.encode("utf-8") if isinstance(content, str) else content
        said = _table(path, *tables[path]) if path in tables else _file(path)
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        resources.append({"name": resource, **said, "bytes": len(data), "hash": digest})
    document = {
        "name": name,
        "title": title,
        "description": description,
        **({"created": created} if created else {}),
        "sources": [{"title": reference} for reference in sources],
        "resources": resources,
    }
    return json_text(document) + "\n"


def fields_of(columns: Sequence[Column], codebook: Codebook) -> list[dict[str, Any]]:
    """Return columns of the data format as Table Schema says them.

    Examples
    --------
    >>> from agency.vocabulary import COLUMNS, default_codebook
    >>> fields_of(COLUMNS[:1], default_codebook())[0]["constraints"]
    {'required': True}
    """
    vocabularies = {
        "phase": [phase.key for phase in codebook.phases],
        "origin": [*(origin.key for origin in codebook.origins), "unknown"],
        "role": list(codebook.roles),
    }
    fields = []
    for column in columns:
        allowed = list(column.values) or vocabularies.get(column.vocabulary, [])
        constraints: dict[str, Any] = {"enum": allowed} if allowed else {}
        if column.name in ("project", "phase", "source") and column.required:
            constraints["required"] = True
        field = {
            "name": column.name,
            "title": column.title,
            "description": text(column.description),
            "type": _TYPES.get(column.kind, "string"),
        }
        fields.append({**field, "constraints": constraints} if constraints else field)
    return fields


def _table(path: str, title: str, fields: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "table",
        "title": title,
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": fields},
    }


def _file(path: str) -> dict[str, Any]:
    media = _MEDIA.get(path.rpartition(".")[2], "application/octet-stream")
    return {"type": "file", "path": path, "mediatype": media}
