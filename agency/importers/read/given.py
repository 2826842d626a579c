"""The files that are imported: their bytes within bounds, packed ones too, and their tables as records."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path

from agency.characters import fold
from agency.findings import Place, UnreadableError, finding, printable
from agency.importers.mapping import MappingFile
from agency.table import (
    Archive,
    Choices,
    OversizeError,
    Records,
    damage_said,
    decode,
    file_type,
    open_book,
    open_table,
    read_bytes,
)
from agency.vocabulary import Column
from agency.words import listed, text

_WORDS = {"workbook-huge": "import-huge", "workbook-damaged": "import-damaged"}


@contextmanager
def said_damage(name: str) -> Iterator[None]:
    """Turn every error of reading a packed file or its XML into a finding about the file.

    Raises
    ------
    UnreadableError
        In place of whatever was raised inside.
    """
    try:
        with damage_said(name):
            yield
    except UnreadableError as error:
        found = error.findings[0]
        if found.code not in _WORDS:
            raise
        raise UnreadableError(finding(_WORDS[found.code], Place(name, found.line), found.found)) from error


@contextmanager
def packed_member(data: bytes, member: str) -> Iterator[Callable[[int], bytes]]:
    """Open one member of a packed file; what is given reads on."""
    with Archive(data).open(member) as read:
        yield read


def refuse_outside(data: bytes, name: str) -> list[str]:
    """Return the names in a packed file.

    Raises
    ------
    UnreadableError
        If one leads out of the file (``../``, an absolute path), or two are the same.
    """
    with said_damage(name), zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
    seen: dict[str, str] = {}
    for member in names:
        plain = member.replace("\\", "/")
        if plain.startswith("/") or ".." in plain.split("/") or plain[1:2] == ":":
            raise UnreadableError(finding("archive-outside", Place(name), member))
        if plain.casefold() in seen:
            found = text("two parts named {names}", names=listed([seen[plain.casefold()], member]))
            raise UnreadableError(finding("import-damaged", Place(name), found))
        seen[plain.casefold()] = member
    return names


def whole(read: Callable[[int], bytes]) -> bytes:
    """Return all of a member.

    Raises
    ------
    OversizeError
        If it is more than the archive's budget.
    """
    return b"".join(iter(lambda: read(1 << 16), b""))


__all__ = ["OversizeError", "packed_member", "refuse_outside", "said_damage", "whole"]


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
    return [row for mark in _MARKS for row in _rows(top, mark)]


def _rows(top: str, mark: str) -> Iterator[list[str]]:
    """Yield the first rows under a separator, up to one with a cell that has no end."""
    with suppress(csv.Error):
        yield from islice(csv.reader(io.StringIO(top, newline=""), delimiter=mark), _LOOK)


def table_records(given: Given, mapping: MappingFile) -> Records:
    """Return the records of a table whose columns a mapping names."""
    required = mapping.recognise or tuple(name for name in mapping.columns if name not in mapping.optional)
    return open_table(given.data, given.name, _specification(required, mapping.columns), given.choices).records


def _specification(required: tuple[str, ...], columns: tuple[str, ...]) -> tuple[Column, ...]:
    """Return names of columns as a specification that the readers of tables find them by."""
    needed = {fold(name) for name in required}
    names = dict.fromkeys(fold(name) for name in (*required, *columns))
    return tuple(Column(name, name, "", required=name in needed) for name in names)
