"""`sources.csv`: references as a plain table, for those who keep no library."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Mapping

from agency import words
from agency.references.faults import Fault
from agency.references.inputs import dates
from agency.references.inputs.bibfields import KINDS, doi_of, keys_of
from agency.references.inputs.latex import clean
from agency.references.inputs.names import plain_names
from agency.references.model import SOURCE_TYPES, Reference, References

_COLUMNS = {
    "key": "key source clave fuente chave fonte id",
    "author": "author authors autor autores autora autoria",
    "year": "year date ano fecha data",
    "title": "title titulo",
    "where": "where publication journal publisher donde onde publicacion publicacao revista editorial",
    "url": "url link doi enlace endereco direccion",
    "type": "type source_type tipo",
    "file": "file text archivo arquivo texto",
    "derives_from": "derives_from derives deriva_de",
    "accessed": "accessed consultado acessado acceso acesso",
}
_KINDS = {"official": "report", "academic": "article-journal", "ngo": "report", "media": "article-newspaper"}


def read_sources_table(text: str, file: str = "sources.csv") -> tuple[References, list[Fault]]:
    r"""Return the references of a table (key, author, year, title, where, url, type, file), and its faults.

    Several authors are separated by ``;``. Columns may be named in Spanish or Portuguese.

    Examples
    --------
    >>> references, faults = read_sources_table("clave;autor;año;título\na;Pérez, Juan;2020;T\n")
    >>> references["a"].authors[0].inverted, references["a"].year, faults
    ('Pérez, Juan', '2020', [])
    """
    faults: list[Fault] = []
    first = text.lstrip("\n\r").partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    columns: dict[str, int] = {}
    width, entries = 0, dict[str, Reference]()
    line = 1
    try:
        for cells in reader:
            begins, line = line, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                width = len(cells)
                columns = _header(cells, begins, file, faults)
                if not columns:
                    return References(file=file), faults
                continue
            if len(cells) > width and any(cell.strip() for cell in cells[width:]):
                key = cells[columns["key"]].strip()
                more = words.text("{count} cells under {width} columns", count=len(cells), width=width)
                faults.append(
                    Fault("reference-syntax", file, begins, key, more, fix=words.text("Put quotes around the cell."))
                )
                continue
            _keep(entries, _Row(cells, columns), begins, file, faults)
    except csv.Error as error:
        faults.append(
            Fault("reference-file", file, reader.line_num or 1, found=words.text("no table: {error}", error=error))
        )
    return References(entries, file=file), faults


class _Row:
    def __init__(self, cells: list[str], columns: Mapping[str, int]) -> None:
        self._cells, self._columns = cells, columns

    def __getitem__(self, column: str) -> str:
        position = self._columns.get(column, len(self._cells))
        return clean(self._cells[position]) if position < len(self._cells) else ""

    def all(self) -> dict[str, str]:
        """Return the row by column."""
        return {column: self[column] for column in self._columns if self[column]}


def _header(cells: list[str], line: int, file: str, faults: list[Fault]) -> dict[str, int]:
    known = {name: column for column, names in _COLUMNS.items() for name in names.split()}
    columns: dict[str, int] = {}
    for position, cell in enumerate(cells):
        column = known.get(_folded(cell), "")
        if column in columns:
            faults.append(
                Fault("reference-columns", file, line, found=words.text("two columns {column}", column=column))
            )
            return {}
        if column:
            columns[column] = position
    missing = [name for name in ("key", "title") if name not in columns]
    if missing:
        faults.append(
            Fault(
                "reference-columns",
                file,
                line,
                found=words.listed([words.text("no column {name}", name=name) for name in missing]),
            )
        )
        return {}
    return columns


def _folded(text: str) -> str:
    parts = unicodedata.normalize("NFD", text.strip().casefold().replace(" ", "_"))
    return "".join(c for c in parts if not unicodedata.combining(c))


def _keep(entries: dict[str, Reference], row: _Row, line: int, file: str, faults: list[Fault]) -> None:
    key = row["key"]
    if not key:
        faults.append(Fault("reference-key", file, line, "", words.text("a row without a key")))
        return
    if key in entries:
        if dict(entries[key].fields) != row.all():
            again = words.text("key '{key}' again, first on line {line}", key=key, line=entries[key].line)
            faults.append(Fault("reference-repeated", file, line, key, again))
        return
    said = row["type"].casefold()
    kind = "interview" if said == "interview" else _KINDS.get(said) or KINDS.get(said, "document")
    year, issued, until = dates.issued(row["year"], "")
    url = row["url"].replace(" ", "%20")
    doi = doi_of(url)
    entries[key] = Reference(
        key,
        kind,
        plain_names(row["author"]),
        year=year,
        issued=issued,
        until=until,
        accessed=dates.iso(row["accessed"]),
        title=row["title"],
        container=row["where"] if kind in ("article-journal", "article-newspaper", "webpage") else "",
        publisher="" if kind in ("article-journal", "article-newspaper", "webpage") else row["where"],
        doi=doi,
        url="" if doi else url,
        source_type=said if said in SOURCE_TYPES or said not in KINDS else "",
        file=row["file"],
        derives_from=keys_of(row["derives_from"]),
        written="",
        shape="table",
        line=line,
        origin=file,
        fields=row.all(),
    )
