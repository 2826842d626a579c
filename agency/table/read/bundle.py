"""`Records`: what a reader hands on, the same from CSV, workbook and DataFrame. All cells are text.

One file to records, whatever its form; what was assumed is said.

Reads a table and its companions: everything that lies in the folder, with what could not be read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from agency.errors import UsageError
from agency.findings import Finding, UnreadableError, printable
from agency.references import REFERENCE_FILES, Fault, References, references_from
from agency.table.read.csvfile import read_csv_text
from agency.table.read.decode import Decoded, decode, is_blank
from agency.table.read.filetype import file_type, other_file
from agency.table.read.grid import Book
from agency.table.read.locate import WORKBOOKS, Located, printable_name, read_bytes
from agency.table.read.records import Records, without_index
from agency.table.read.workbook import companion_sheets, is_assumed, open_book, read_companion_sheet, read_workbook
from agency.vocabulary import (
    CODEBOOK_FILE,
    COLUMNS,
    FILES,
    TABLE_FILE,
    Column,
    default_codebook,
    default_text,
    read_codebook,
)
from agency.words import LANGUAGES, listed, marked, speaking, text

if TYPE_CHECKING:
    from agency.vocabulary import Codebook


@dataclass(frozen=True)
class Choices:
    """What the user decided about reading."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


@dataclass(frozen=True)
class Opened:
    """A file of a table as read, with what is to be said of it."""

    records: Records
    notice: str = ""
    encoding: Decoded | None = None
    """Of a CSV: its text, with the encoding where one was assumed."""
    separator: str = ""
    """What was assumed to separate its columns, "" where nothing was."""
    book: Book | None = None
    """The workbook it is a sheet of: other sheets may be companions."""


def open_table(data: bytes, name: str, columns: tuple[Column, ...], choices: Choices) -> Opened:
    """Return the records of a CSV, or of a sheet of a workbook; what the file is, its content tells.

    Raises
    ------
    UnreadableError
        If the file cannot be read in one way.
    UsageError
        If an option does not go with the kind of file.
    """
    kind = file_type(data)
    packed = kind.kind in ("xlsx", "ods")
    suffix = Path(name).suffix.lower()
    if suffix in WORKBOOKS or (packed and not suffix):
        for option, value in (("--encoding", choices.encoding), ("--delimiter", choices.delimiter)):
            if value is not None:
                message = text("{option} is for CSV files; {name} is a workbook.", option=option, name=name)
                raise UsageError(message)
        book = open_book(data, name)
        records = without_index(read_workbook(book, name, columns, sheet=choices.sheet))
        return Opened(records, _sheet_notice(records), book=book)
    if choices.sheet is not None:
        message = text("--sheet is for workbooks; {name} is read as CSV.", name=name)
        raise UsageError(message)
    if kind.kind != "text" and not is_blank(data):
        raise UnreadableError(other_file(kind, name, workbook=False))
    decoded = decode(data, name, choices.encoding)
    records = without_index(read_csv_text(decoded.text, name, columns, delimiter=choices.delimiter))
    remarks = ", ".join(records.remarks)
    notice = text("{file}: {remarks}.", file=name, remarks=remarks) if remarks else ""
    return Opened(records, notice, decoded, "" if choices.delimiter else records.assumed)


def open_companion(data: bytes, name: str, columns: tuple[Column, ...], choices: Choices) -> Opened:
    """Return the records of a companion: read by itself, with the user's choices only where it needs them."""
    try:
        return open_table(data, name, columns, Choices())
    except UnreadableError:
        if choices.encoding is None and choices.delimiter is None:
            raise
        return open_table(data, name, columns, Choices(choices.encoding, choices.delimiter))


def _sheet_notice(records: Records) -> str:
    remarks = ", ".join(records.remarks)
    if not is_assumed(records):
        return text("{file}: {remarks}.", file=records.file, remarks=remarks) if remarks else ""
    sentence = (
        marked("{file}: reading sheet '{sheet}' ({remarks}); another one with --sheet.")
        if remarks
        else marked("{file}: reading sheet '{sheet}'; another one with --sheet.")
    )
    return text(sentence, file=records.file, sheet=records.sheet, remarks=remarks)


def _assumptions(opened: Sequence[Opened]) -> list[str]:
    """Return what was assumed of CSV files, once for those of which the same was."""
    alike: dict[tuple[str, str], list[Opened]] = {}
    for file in opened:
        if file.encoding is not None and (file.encoding.assumed or file.separator):
            alike.setdefault((file.encoding.assumed, file.separator), []).append(file)
    notices = []
    for (encoding, separator), files in alike.items():
        first = files[0]
        seen = first.encoding.seen if first.encoding else ""
        seen = f"{first.records.file} {seen}" if len(files) > 1 else seen
        parts = [text("encoding {name} ({seen})", name=encoding, seen=seen)] if encoding else []
        parts += [text("separator {name}", name=separator)] if separator else []
        options = text(" and ").join(["--encoding"] * bool(encoding) + ["--delimiter"] * bool(separator))
        sentence = marked("{files}: assumed {parts}. If that looks wrong, use {options}.")
        named = listed([file.records.file for file in files])
        notices.append(text(sentence, files=named, parts=", ".join(parts), options=options))
    return notices


def read_file(path: Path, columns: tuple[Column, ...]) -> Records:
    """Return the records of a CSV or workbook that belongs to no study.

    Raises
    ------
    UnreadableError
        If the file cannot be read in one way.
    """
    return open_table(read_bytes(path), printable_name(path), columns, Choices()).records


COMPANIONS = tuple(name for name in FILES if name != TABLE_FILE)
OTHER_INPUTS = ("claims.toml", "double_coding.csv")
"""What rooms further on read; here it is part of the hash of the data."""
EXAMPLE = marked("Example row: delete it.")
"""The note of a row that only shows how rows are written; in the folder in the language of the folder."""


@dataclass(frozen=True)
class Bundle:
    """The files of a study as read; a file that could not be read is absent and has findings."""

    name: str
    table: Records | None
    companions: Mapping[str, Records]
    codebook: Codebook | None
    """None when it has mistakes: nothing else can be judged, then."""
    sources: References | None = None
    """None without a file of references."""
    faults: tuple[Fault, ...] = ()
    """What is wrong in it: whether it matters depends on what the table cites."""
    findings: tuple[Finding, ...] = ()
    notices: tuple[str, ...] = ()
    folder: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of every file the study is made of, by name."""
    elsewhere: frozenset[str] = frozenset()
    """Actors of the table that a DataFrame stands beside: its companions may name them."""


@dataclass
class _Reading:
    """Collects what was read and what is to be said about it."""

    choices: Choices
    folder: Path | None
    findings: list[Finding] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    opened: list[Opened] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    book: Book | None = None
    sheets: dict[str, str] = field(default_factory=dict)
    """Companions that are sheets of the table's workbook."""

    def table(self, name: str, data: bytes) -> Records | None:
        try:
            opened = open_table(data, name, COLUMNS, self.choices)
        except UnreadableError as problem:
            self.findings += problem.findings
            return None
        if opened.book is not None:
            self.book = opened.book
            self.sheets = companion_sheets(opened.book, opened.records.sheet)
        return self._taken(opened)

    def _taken(self, opened: Opened) -> Records:
        self.notices += [opened.notice] if opened.notice else []
        self.opened.append(opened)
        return opened.records

    def data(self, name: str) -> bytes | None:
        """Return the content of a companion; an empty one is as good as none, and said."""
        if self.folder is None:
            return None
        path = self.folder / name
        data = read_bytes(path) if path.exists() else None
        if data is not None and is_blank(data):
            self.notices.append(text("{name}: the file is empty and not used.", name=name))
            return None
        if data is not None:
            self.files[name] = hashlib.sha256(data).hexdigest()
        return data

    def companion(self, name: str, table: str) -> Records | None:
        """Return a companion: a sheet of the table's workbook, else a file beside it."""
        try:
            records = self.sheet(name, table)
            data = self.data(name)
            if records is not None and data is not None:
                self.notices.append(
                    text(
                        "{name} is not read: {table} has a sheet '{sheet}'.",
                        name=name,
                        table=table,
                        sheet=self.sheets[name],
                    )
                )
            if records is not None or data is None:
                return records
            opened = open_companion(data, name, FILES[name], self.choices)
        except UnreadableError as problem:
            self.findings += problem.findings
            return None
        return self._taken(opened)

    def sheet(self, name: str, table: str) -> Records | None:
        if self.book is None or name not in self.sheets:
            return None
        called = sheet_file(table, self.sheets[name])
        records = read_companion_sheet(self.book, called, self.sheets[name], FILES[name])
        return None if records is None else without_index(records)

    def text(self, name: str) -> str | None:
        """Return the text of a companion that is no table."""
        data = self.data(name)
        try:
            return None if data is None else decode(data, name).text
        except UnreadableError as problem:
            self.findings += problem.findings
            return None

    def codebook(self) -> Codebook | None:
        """Return the codebook; None when it cannot be used, with the findings that say why."""
        before = len(self.findings)
        text = self.text(CODEBOOK_FILE)
        try:
            book = default_codebook() if text is None else read_codebook(text)
        except UnreadableError as problem:
            self.findings += problem.findings
        return book if len(self.findings) == before else None

    def sources(self) -> tuple[References | None, list[Fault]]:
        """Return the references of the folder; None without a file of them, or with an empty one."""
        if self.folder is None:
            return None, []
        there = [name for name in REFERENCE_FILES if (self.folder / name).is_file() and self.data(name) is not None]
        if not there:
            return None, []
        references, faults = references_from(read_bytes(self.folder / there[0]), there[0])
        if len(there) > 1:
            faults.insert(0, Fault("reference-files-two", there[0], found=listed(there)))
        return references, faults


def sheet_file(workbook: str, sheet: str) -> str:
    """Return what a sheet that is a companion is called in messages."""
    return text("{workbook} (sheet '{sheet}')", workbook=workbook, sheet=sheet)


def read_bundle(place: Located, choices: Choices) -> Bundle:
    """Read the table and the companions beside it.

    Raises
    ------
    UsageError
        If a file cannot be opened, or an option does not go with it.
    """
    place = _filled_in(place)
    reading = _Reading(choices, place.folder)
    data = read_bytes(place.table)
    reading.files[place.name] = hashlib.sha256(data).hexdigest()
    codebook = reading.codebook()
    if codebook is None:
        return Bundle(place.name, None, {}, None, findings=tuple(reading.findings))
    table = reading.table(place.name, data)
    read = {name: reading.companion(name, place.name) for name in COMPANIONS if name != place.table.name}
    sources, faults = reading.sources()
    for name in OTHER_INPUTS:
        reading.data(name)
    # A study without a codebook of its own was read with the packaged one: with or without a copy it is the same data.
    reading.files.setdefault(CODEBOOK_FILE, hashlib.sha256(default_text().encode()).hexdigest())
    return Bundle(
        place.name,
        table,
        {name: records for name, records in read.items() if records is not None},
        codebook,
        sources,
        tuple(faults),
        tuple(reading.findings),
        (*([place.notice] if place.notice else []), *_assumptions(reading.opened), *reading.notices),
        "" if place.folder is None else str(place.folder.absolute()),
        reading.files,
    )


def _filled_in(place: Located) -> Located:
    """Return the place of the table that is filled in, where a folder has several files that could be it.

    `agency new` writes a CSV and a workbook, of which a person fills in one: the other still holds the examples and
    gives way. Two that are filled in are two readings.

    Raises
    ------
    UsageError
        If two are filled in.
    """
    candidates = (place.table, *place.others)
    filled = [path for path in candidates if not place.others or not _only_examples(path)]
    if len(filled) > 1:
        message = text(
            "{folder}: {tables} are filled in, and only one can be the table. Give one of them, or delete the other.",
            folder=printable(str(place.folder)),
            tables=listed([path.name for path in filled]),
        )
        raise UsageError(message)
    return replace(place, table=filled[0], others=()) if filled else place


def _only_examples(path: Path) -> bool:
    """Say whether a table holds no rows but those that `agency new` writes to be deleted."""
    try:
        records = open_table(read_bytes(path), printable_name(path), COLUMNS, Choices()).records
    except (UnreadableError, UsageError):
        return False
    notes = next((cells for name, cells in zip(records.header, records.columns, strict=True) if name == "note"), ())
    below = any(row > records.header_row for row in records.refused)
    said = set()
    for language in LANGUAGES:
        with speaking(language):
            said.add(text(EXAMPLE))
    return not below and said.issuperset(notes) and len(notes) == len(records.lines)
