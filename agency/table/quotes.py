"""The quotes of a study: of its table and of its claims, each with its place."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from agency import words
from agency.errors import DataError
from agency.findings import UnreadableError, as_message
from agency.references import Quote
from agency.table.read.decode import decode
from agency.table.read.locate import read_bytes

if TYPE_CHECKING:
    from agency.table.model import Table

_CLAIMS_FILE = "claims.toml"


def table_quotes(table: Table) -> list[Quote]:
    """Return the quotes of a table in file order, then those of `claims.toml` beside it.

    Raises
    ------
    DataError
        If claims.toml cannot be read.

    Examples
    --------
    >>> import agency
    >>> table_quotes(agency.load().data)[0].column
    'quote'
    """
    rows = table.rows.loc[table.rows["quote"] != ""]
    cells = zip(rows["quote"], rows["source"], rows["line"].tolist(), rows["row"].tolist(), strict=True)
    quotes = [Quote(text, source, table.name, line, row) for text, source, line, row in cells]
    return [*quotes, *_claim_quotes(table)]


def _claim_quotes(table: Table) -> list[Quote]:
    path = Path(table.folder) / _CLAIMS_FILE
    if not table.folder or not path.exists():
        return []
    try:
        text = decode(read_bytes(path), path.name).text
        claims = tomllib.loads(text).get("claim", [])
    except UnreadableError as problem:
        raise DataError(as_message(problem.findings), problem.findings) from problem
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        message = words.text("{file}: {error}. Correct the line.", file=_CLAIMS_FILE, error=error)
        raise DataError(message) from error
    lines = [number for number, line in enumerate(text.split("\n"), 1) if line.strip().startswith("[[claim]]")]
    return [
        Quote(str(claim["quote"]), str(claim.get("source", "")), _CLAIMS_FILE, line, line)
        for claim, line in zip(claims if isinstance(claims, list) else [], lines, strict=False)
        if isinstance(claim, dict) and claim.get("quote")
    ]
