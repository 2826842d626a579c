"""What DATA means (a folder, a CSV, a workbook, nothing), and the files of a study as they are read.

A file becomes records whatever its form, and what was assumed is said; a table brings its companions, everything that
lies in its folder, with what could not be read.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import IO, TYPE_CHECKING, TextIO

from agency import words
from agency.errors import UsageError, did_you_mean
from agency.findings import Finding, UnreadableError, printable
from agency.references import REFERENCE_FILES, Fault, References, references_from
from agency.table.read.archive import file_type, other_file
from agency.table.read.csvfile import Decoded, decode, is_blank, read_csv_text
from agency.table.read.frames import Records, without_index
from agency.table.read.grid import Book
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
    from agency.table.model import Table
    from agency.vocabulary import Codebook


WORKBOOKS = (".xlsx", ".xlsm", ".ods")
STUDY_WORKBOOK = "study.xlsx"
TABLE_FILES = (TABLE_FILE, "actors_by_phase.xlsx", "actors_by_phase.ods", STUDY_WORKBOOK)
"""Names under which a folder holds its table; the first that exists is meant."""
STANDARD_INPUT = "-"
_MOST_BYTES = 500_000_000
"""What a stream may hold: one of a device never ends."""
_NOT_TABLES = {*FILES, *REFERENCE_FILES, "double_coding.csv", "rejected.csv"} - {TABLE_FILE}
COMPANION_TABLES = tuple(name for name in FILES if name != TABLE_FILE)
COMPANIONS = (
    *COMPANION_TABLES,
    *REFERENCE_FILES,
    "codebook.toml",
    "claims.toml",
    "double_coding.csv",
    "LICENSE",
)
"""What a study may consist of beside its table."""
PACKAGED = words.marked("No DATA given: reading the shipped study.")


@dataclass(frozen=True)
class Located:
    """Where the table is, and where its companions are looked for."""

    table: Path
    folder: Path | None
    """None for standard input, which has no companions."""
    notice: str = ""
    others: tuple[Path, ...] = ()
    """Files that could be the table as well: a folder may hold a CSV and a workbook, of which one is filled in."""

    @property
    def name(self) -> str:
        """What the table is called in messages, whatever bytes its name consists of."""
        return words.text("standard input") if self.folder is None else printable_name(self.table)


def locate(data: str | Path | None) -> Located:
    """Return the files DATA stands for; without DATA, the study in the folder one stands in, else the shipped one.

    Raises
    ------
    UsageError
        If there is no such path, or a folder without a table, or with several.
    """
    if data is None:
        here = [Path(name) for name in TABLE_FILES if Path(name).is_file()]
        if here:
            notice = words.text("No DATA given: reading {file} in this folder.", file=here[0])
            return Located(here[0], Path(), notice, tuple(here[1:]))
        folder = packaged_folder()
        return Located(folder / TABLE_FILE, folder, words.text(PACKAGED))
    path = Path(data)
    if str(path) == STANDARD_INPUT:
        return Located(path, None)
    if path.is_dir():
        return _in_folder(path)
    if not path.exists():
        message = words.text(
            "{path}: there is no such file or folder.{near}", path=printable(str(path)), near=_near(path)
        )
        raise UsageError(message)
    return Located(path, path.parent)


def printable_name(path: Path) -> str:
    r"""Return the name of a file as it can be printed: a byte that is no text becomes ``\udcff``."""
    return printable(path.name)


def companion_files(table: Table) -> tuple[Path, ...]:
    """Return the files of a study that lie beside its table and exist, in a fixed order."""
    if not table.folder:
        return ()
    beside = (Path(table.folder) / name for name in COMPANIONS if name != table.name)
    return tuple(path for path in beside if path.is_file())


def input_paths(table: Table) -> tuple[Path, ...]:
    """Return every file a table was read from, for what must not be written over: the table and its companions."""
    if not table.folder:
        return ()
    path = Path(table.folder) / table.name
    # A name that is no text is kept as it is printed: the file is the one that prints so.
    named = (path,) if path.exists() else tuple(at for at in path.parent.iterdir() if printable_name(at) == table.name)
    return (*named, *companion_files(table))


def packaged_folder() -> Path:
    """Return the folder of the shipped study: inside the package, or beside it in a checkout."""
    package = Path(str(resources.files("agency")))
    inside = package / "data"
    return inside if inside.is_dir() else package.parent / "data"


def read_bytes(path: Path) -> bytes:
    """Return the content of a file, of a pipe, or of standard input for ``-``.

    Raises
    ------
    UsageError
        If it cannot be read, for instance because it is a folder, or is larger than any table.
    """
    try:
        if str(path) == STANDARD_INPUT:
            data = _stream_bytes(sys.stdin)
        else:
            data = path.read_bytes() if path.is_file() or path.is_dir() else _pipe_bytes(path)
    except (OSError, ValueError, AttributeError) as error:
        message = words.text(
            "{path}: cannot be read ({reason}). Give a readable file.",
            path=printable(str(path)),
            reason=getattr(error, "strerror", None) or error,
        )
        raise UsageError(message) from error
    return data


@lru_cache(maxsize=1)
def _stream_bytes(stream: TextIO) -> bytes:
    """Return everything in a stream; it can be read once only, however often it is asked for."""
    return _bounded(stream.buffer)


@lru_cache(maxsize=8)
def _pipe_bytes(path: Path) -> bytes:
    """Return everything in a pipe, as a shell makes one of ``<(command)``; it too can be read once only."""
    with path.open("rb") as stream:
        return _bounded(stream)


def _bounded(stream: IO[bytes]) -> bytes:
    data = stream.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise ValueError(words.text("more than {n} bytes", n=words.number(_MOST_BYTES)))
    return data


def _in_folder(folder: Path) -> Located:
    try:
        named = [folder / name for name in TABLE_FILES if (folder / name).exists()]
        if named:
            return Located(named[0], folder, "", tuple(named[1:]))
        tables = sorted(path for path in folder.iterdir() if _may_be_table(path))
    except OSError as error:
        message = words.text(
            "{folder}: cannot be read ({reason}). Give a readable folder.",
            folder=printable(str(folder)),
            reason=error.strerror or error,
        )
        raise UsageError(message) from error
    if len(tables) == 1:
        return Located(tables[0], folder)
    shown = printable(str(folder))
    if not tables:
        message = words.text(
            "{folder}: the folder holds no table. Name it {name}, or start from 'agency new DIR'.",
            folder=shown,
            name=TABLE_FILE,
        )
        raise UsageError(message)
    message = words.text(
        "{folder}: the folder holds several tables ({names}). Give one of them, or name one {name}.",
        folder=shown,
        names=", ".join(printable_name(path) for path in tables),
        name=TABLE_FILE,
    )
    raise UsageError(message)


def _may_be_table(path: Path) -> bool:
    if not path.is_file() or path.name in _NOT_TABLES or path.name.startswith((".", "~$")):
        return False
    return path.suffix.lower() in (".csv", ".tsv", *WORKBOOKS)


def _near(path: Path) -> str:
    if not path.parent.is_dir():
        return ""
    names = sorted(printable_name(entry) for entry in path.parent.iterdir())
    return did_you_mean(printable_name(path), names)


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
    read = {name: reading.companion(name, place.name) for name in COMPANION_TABLES if name != place.table.name}
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
