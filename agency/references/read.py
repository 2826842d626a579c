"""The one door to references: the bytes of a file, read by what they are; and all that is wrong in them."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from agency import words
from agency.references.bibtex import KINDS, doi_of, keys_of, read_bibtex
from agency.references.csljson import read_csl_json
from agency.references.fieldtext import clean, iso_day, issue_dates, plain_names
from agency.references.model import SOURCE_TYPES, Fault, Reference, References

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
    year, issued, until = issue_dates(row["year"], "")
    url = row["url"].replace(" ", "%20")
    doi = doi_of(url)
    entries[key] = Reference(
        key,
        kind,
        plain_names(row["author"]),
        year=year,
        issued=issued,
        until=until,
        accessed=iso_day(row["accessed"]),
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


LARGEST_FILE = 1 << 26
"""Bytes: a library of 60,000 entries is a third of it."""
REFERENCE_FILES = ("sources.bib", "sources.json", "sources.csv")
"""What a folder of a study may hold, one of them."""
_READERS = {".bib": read_bibtex, ".json": read_csl_json, ".csv": read_sources_table}


def references_from(data: bytes, file: str) -> tuple[References, list[Fault]]:
    """Return the references in the bytes of a file, chosen by its name, else by how it begins; nothing is raised.

    Examples
    --------
    >>> references, faults = references_from(b"@misc{a, title = {T}, year = 2024}", "sources.bib")
    >>> references["a"].year, faults
    ('2024', [])
    """
    if len(data) > LARGEST_FILE:
        found = words.text("{size} MB, more than {most} MB", size=len(data) // (1 << 20), most=LARGEST_FILE >> 20)
        return References(file=file), [Fault("reference-file", file, found=found)]
    text, wrong = _text(data, file)
    if wrong:
        return References(file=file), [wrong]
    ending = Path(file).suffix.lower()
    reader = _READERS.get(ending) or (read_csl_json if text.lstrip()[:1] in ("[", "{") else read_bibtex)
    references, faults = reader(text, file)
    return references, [*faults, *_types(references), *_derivation(references)]


def _text(data: bytes, file: str) -> tuple[str, Fault | None]:
    """Return the text: with a byte-order mark as it says, else UTF-8, else Windows-1252."""
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        if "\0" in text:
            break
        return text.replace("\r\n", "\n").replace("\r", "\n"), None
    return "", Fault("reference-file", file, 1, found=words.text("bytes that are no text"))


def _types(references: References) -> list[Fault]:
    return [
        Fault("reference-type", one.origin, one.line, key, f"'{one.source_type}'")
        for key, one in references.items()
        if one.source_type and one.source_type not in SOURCE_TYPES
    ]


def _derivation(references: References) -> list[Fault]:
    """Return a fault per entry whose `derives_from` names no entry, or leads back to itself."""
    faults = []
    for key, one in references.items():
        for other in one.derives_from:
            if other not in references and other not in references.broken:
                faults.append(
                    Fault(
                        "reference-derived",
                        one.origin,
                        one.line,
                        key,
                        words.text("derives_from = '{other}'", other=other),
                    )
                )
    circles = _in_circles({key: one.derives_from for key, one in references.items() if one.derives_from})
    for key in references:
        if key in circles:
            one = references[key]
            faults.append(
                Fault("reference-derived", one.origin, one.line, key, words.text("derives_from, which leads back here"))
            )
    return faults


def _in_circles(graph: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Return the keys on a circle, or leading into one: those left when keys without a way on are taken away."""
    waits = {key: sum(other in graph for other in others) for key, others in graph.items()}
    named_by: dict[str, list[str]] = {}
    for key, others in graph.items():
        for other in others:
            named_by.setdefault(other, []).append(key)
    free = [key for key, number in waits.items() if number == 0]
    while free:
        for key in named_by.get(free.pop(), ()):
            waits[key] -= 1
            if waits[key] == 0:
                free.append(key)
    return {key for key, number in waits.items() if number > 0}
