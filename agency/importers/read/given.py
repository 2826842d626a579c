"""The files that are imported: their bytes within bounds, what they look like, and their tables as records."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path

from agency.findings import Place, UnreadableError, finding, printable
from agency.importers.mapping import MappingFile
from agency.table import Choices, Records, decode, file_type, open_book, open_table, read_bytes
from agency.vocabulary import Column, fold
from agency.words import text

_LOOK = 30
"""Rows at the top in which a header is looked for."""
_MARKS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Given:
    """One file as it was given, and what the user says of it."""

    path: Path
    choices: Choices = field(default_factory=Choices)

    @property
    def name(self) -> str:
        """What it is called in messages."""
        return printable(self.path.name) if str(self.path) != "-" else text("standard input")

    @cached_property
    def data(self) -> bytes:
        """Its content."""
        return read_bytes(self.path)

    @cached_property
    def text(self) -> str:
        """Its content as text."""
        return decode(self.data, self.name, self.choices.encoding).text

    @property
    def looks_like(self) -> str:
        """What it is, from its first bytes, in words."""
        kind = file_type(self.data)
        if kind.importer:
            return text("{called}: 'agency import {what}' reads it", called=text(kind.called), what=kind.importer)
        called = {"text": text("a text or CSV file"), "xlsx": text("a workbook"), "ods": text("a workbook")}
        return text(kind.called) or called.get(kind.kind, kind.kind)

    @property
    def is_workbook(self) -> bool:
        """Whether it is an .xlsx or .ods file."""
        return file_type(self.data).kind in ("xlsx", "ods")


def header_rows(given: Given) -> list[list[str]]:
    """Return the rows near the top of a table, in every way they can be read, to look for a header in.

    Raises
    ------
    UnreadableError
        If the file is no table at all.
    """
    kind = file_type(given.data)
    if given.is_workbook:
        book = open_book(given.data, given.name)
        heads = [book.head(sheet) for sheet in book.names]
        return [list(head.rows[row].values()) for head in heads for row in sorted(head.rows)[:_LOOK]]
    if kind.kind != "text":
        raise UnreadableError(finding("import-other", Place(given.name), given.looks_like, expected=text("a table")))
    top = given.text[:200_000]
    return [row for mark in _MARKS for row in islice(csv.reader(io.StringIO(top, newline=""), delimiter=mark), _LOOK)]


def table_records(given: Given, mapping: MappingFile) -> Records:
    """Return the records of a table whose columns a mapping names."""
    required = mapping.recognise or tuple(name for name in mapping.columns if name not in mapping.optional)
    return open_table(given.data, given.name, _specification(required, mapping.columns), given.choices).records


def _specification(required: tuple[str, ...], columns: tuple[str, ...]) -> tuple[Column, ...]:
    """Return names of columns as a specification that the readers of tables find them by."""
    needed = {fold(name) for name in required}
    names = dict.fromkeys(fold(name) for name in (*required, *columns))
    return tuple(Column(name, name, "", required=name in needed) for name in names)
