"""`Records`: what a reader hands on, the same from CSV, workbook and DataFrame. All cells are text.

One file to records, whatever its form; what was assumed is said.

Reads a table and its companions: everything that lies in the folder, with what could not be read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from agency.errors import UsageError
from agency.findings import Finding, UnreadableError
from agency.references import REFERENCE_FILES, Fault, References, references_from
from agency.table.read.csvfile import read_csv_text
from agency.table.read.decode import decode, is_blank
from agency.table.read.locate import WORKBOOKS, Located, read_bytes
from agency.table.read.records import Records
from agency.table.read.workbook import read_workbook
from agency.vocabulary import CODEBOOK_FILE, COLUMNS, FILES, TABLE_FILE, Column, default_codebook, read_codebook

if TYPE_CHECKING:
    from agency.vocabulary import Codebook


@dataclass(frozen=True)
class Choices:
    """What the user decided about reading."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


def read_records(data: bytes, path: Path, columns: tuple[Column, ...], choices: Choices) -> tuple[Records, str]:
    """Return the records of a CSV or workbook, and a line saying what was assumed ("" when nothing was).

    Raises
    ------
    UnreadableError
        If the file cannot be read in one way.
    UsageError
        If an option does not go with the kind of file.
    """
    if path.suffix.lower() in WORKBOOKS:
        for option, value in (("--encoding", choices.encoding), ("--delimiter", choices.delimiter)):
            if value is not None:
                message = f"{option} is for CSV files; {path.name} is a workbook."
                raise UsageError(message)
        records = read_workbook(data, path.name, columns, sheet=choices.sheet)
        return records, f"{path.name}: reading {records.assumed}; another one with --sheet." if records.assumed else ""
    if choices.sheet is not None:
        message = f"--sheet is for workbooks; {path.name} is read as CSV."
        raise UsageError(message)
    decoded = decode(data, path.name, choices.encoding)
    records = read_csv_text(decoded.text, path.name, columns, delimiter=choices.delimiter)
    return records, _assumption(path.name, decoded.assumed, "" if choices.delimiter else records.assumed)


def read_companion(data: bytes, path: Path, columns: tuple[Column, ...], choices: Choices) -> tuple[Records, str]:
    """Return the records of a companion: read by itself, with the user's choices only where it needs them."""
    try:
        return read_records(data, path, columns, Choices())
    except UnreadableError:
        if choices.encoding is None and choices.delimiter is None:
            raise
        return read_records(data, path, columns, Choices(choices.encoding, choices.delimiter))


def _assumption(file: str, encoding: str, separator: str) -> str:
    parts = [f"encoding {encoding}"] if encoding else []
    parts += [f"separator {separator}"] if separator else []
    options = " and ".join(["--encoding"] * bool(encoding) + ["--delimiter"] * bool(separator))
    return f"{file}: assumed {', '.join(parts)}. If that looks wrong, use {options}." if parts else ""


COMPANIONS = tuple(name for name in FILES if name != TABLE_FILE)
OTHER_INPUTS = ("claims.toml", "double_coding.csv")
"""What rooms further on read; here it is part of the hash of the data."""


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


@dataclass
class _Reading:
    """Collects what was read and what is to be said about it."""

    choices: Choices
    folder: Path
    findings: list[Finding] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)

    def table(self, path: Path, data: bytes) -> Records | None:
        try:
            records, notice = read_records(data, path, COLUMNS, self.choices)
        except UnreadableError as problem:
            self.findings += problem.findings
            return None
        self.notices += [notice] if notice else []
        return records

    def data(self, name: str) -> bytes | None:
        """Return the content of a companion; an empty one is as good as none, and said."""
        path = self.folder / name
        data = read_bytes(path) if path.exists() else None
        if data is not None and is_blank(data):
            self.notices.append(f"{name}: the file is empty and not used.")
            return None
        if data is not None:
            self.files[name] = hashlib.sha256(data).hexdigest()
        return data

    def companion(self, name: str) -> Records | None:
        data = self.data(name)
        if data is None:
            return None
        path = self.folder / name
        try:
            records, notice = read_companion(data, path, FILES[name], self.choices)
        except UnreadableError as problem:
            self.findings += problem.findings
            return None
        self.notices += [notice] if notice else []
        return records

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
        there = [name for name in REFERENCE_FILES if (self.folder / name).is_file() and self.data(name) is not None]
        if not there:
            return None, []
        references, faults = references_from(read_bytes(self.folder / there[0]), there[0])
        if len(there) > 1:
            faults.insert(0, Fault("reference-files-two", there[0], found=" and ".join(there)))
        return references, faults


def read_bundle(place: Located, choices: Choices) -> Bundle:
    """Read the table and the companions beside it.

    Raises
    ------
    UsageError
        If a file cannot be opened, or an option does not go with it.
    """
    reading = _Reading(choices, place.folder)
    data = read_bytes(place.table)
    reading.files[place.table.name] = hashlib.sha256(data).hexdigest()
    codebook = reading.codebook()
    if codebook is None:
        return Bundle(place.table.name, None, {}, None, findings=tuple(reading.findings))
    table = reading.table(place.table, data)
    read = {name: reading.companion(name) for name in COMPANIONS if name != place.table.name}
    sources, faults = reading.sources()
    for name in OTHER_INPUTS:
        reading.data(name)
    return Bundle(
        place.table.name,
        table,
        {name: records for name, records in read.items() if records is not None},
        codebook,
        sources,
        tuple(faults),
        tuple(reading.findings),
        tuple(([place.notice] if place.notice else []) + reading.notices),
        str(place.folder),
        reading.files,
    )
