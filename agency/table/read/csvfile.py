"""Text to records: the separator that the header tells, and the physical line of each record."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field

from agency.characters import from_spreadsheet
from agency.errors import UsageError
from agency.findings import Finding, Place, UnreadableError, finding
from agency.table.read.records import Records
from agency.vocabulary import COLUMNS, Column, resolve

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
_LOOK_AHEAD = 30
"""Lines searched for a header below a title."""
_SEPARATOR_LINE = re.compile(r'\A"?sep=(.)"?[ \t,;]*(?:\r\n|\n|\r)', re.IGNORECASE)


def read_csv_text(text: str, file: str, columns: tuple[Column, ...], *, delimiter: str | None = None) -> Records:
    """Return the records of a CSV text, every cell as text.

    Parameters
    ----------
    text
        The whole file; a first line ``sep=;`` is obeyed.
    file
        Name for messages.
    columns
        What the file should hold; the separator is the one under which their names appear.
    delimiter
        The separator, when the header does not decide.

    Raises
    ------
    UnreadableError
        If no header is found, or two separators are possible.
    """
    named = _SEPARATOR_LINE.match(text)
    skipped = 1 if named else 0
    body = text[named.end() :] if named else text
    said = named.group(1) if named else None
    chosen = _given(delimiter) or (said if said and _names(body, said, columns) else None)
    parser = _Parser(file, chosen or _choose(body, Place(file, skipped), columns, said), skipped)
    parser.run(body)
    if parser.header == [*(column.name for column in COLUMNS), "line"]:
        # Our own table of statements (`agency report` writes it): what looked like a formula has an apostrophe before.
        parser.cells = [[from_spreadsheet(cell) for cell in record] for record in parser.cells]
    return parser.records()


def delimiter_name(delimiter: str) -> str:
    """Return what a separator is called."""
    return DELIMITERS.get(delimiter, repr(delimiter))


@dataclass
class _Parser:
    """Goes through the records once, keeping the physical line each starts on."""

    file: str
    delimiter: str
    skipped: int
    header: list[str] = field(default_factory=list)
    header_line: int = 0
    cells: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    width: int = 0
    named: int = 0
    """Width without the columns at the side that have no name."""

    def run(self, body: str) -> None:
        reader = csv.reader(io.StringIO(body, newline=""), delimiter=self.delimiter, strict=True)
        start, row = 1, 0
        try:
            for record in reader:
                row += 1
                self.take(record, start + self.skipped, row)
                start = reader.line_num + 1
        except csv.Error as error:
            self.findings.append(_csv_problem(error, Place(self.file, start + self.skipped, row + 1)))

    def take(self, record: list[str], line: int, row: int) -> None:
        if not (record and record[0].strip()) and not any(cell.strip() for cell in record):
            return
        if not self.header:
            self.header, self.header_line = [cell.strip() for cell in record], line
            self.width = len(self.header)
            self.named = max(number for number, name in enumerate(self.header, 1) if name)
            return
        if len(record) != self.width:
            record = self.fit(record, Place(self.file, line, row))
        if record:
            self.cells.append(record)
            self.lines.append(line)
            self.rows.append(row)

    def fit(self, record: list[str], place: Place) -> list[str]:
        """Cut or add empty cells beyond the named columns; a record that does not fit is a problem and left out."""
        while len(record) > self.width and not record[-1].strip():
            record.pop()
        if self.named <= len(record) <= self.width:
            return record + [""] * (self.width - len(record))
        code = "row-short" if len(record) < self.width else "row-long"
        expected = f"{self.named} cells as in the header"
        found = f"{len(record)} cell{'' if len(record) == 1 else 's'}"
        self.findings.append(finding(code, place, found, expected=expected, fix=self.other_separator(record)))
        return []

    def other_separator(self, record: list[str]) -> str:
        """Return what to do when a record fits under another separator than the header's, else ""."""
        line = self.delimiter.join(record)
        fitting = [mark for mark in DELIMITERS if mark != self.delimiter and line.count(mark) == self.named - 1]
        if not fitting:
            return ""
        return f"The header is separated by {delimiter_name(self.delimiter)}, this row by {delimiter_name(fitting[0])}."

    def records(self) -> Records:
        columns = [list(column) for column in zip(*self.cells, strict=True)] or [[] for _ in self.header]
        return Records(
            self.file,
            tuple(self.header),
            self.header_line,
            columns,
            self.lines,
            self.rows,
            findings=tuple(self.findings),
            assumed="" if self.delimiter == "," else delimiter_name(self.delimiter),
        )


def _csv_problem(error: csv.Error, place: Place) -> Finding:
    text = str(error)
    if "field limit" in text:
        return finding("cell-huge", place, expected=str(csv.field_size_limit()))
    return finding("quote-open" if "unexpected end" in text else "quote-stray", place)


def _given(delimiter: str | None) -> str | None:
    if delimiter is None:
        return None
    known = {"\\t": "\t", "tab": "\t"}.get(delimiter, delimiter)
    if len(known) != 1 or known in '"\r\n':
        message = f"--delimiter {delimiter!r}: give one character, for instance ';' or tab."
        raise UsageError(message)
    return known


def _first_line(body: str) -> tuple[int, str]:
    """Return number and text of the first line that is not blank."""
    for number, line in enumerate(io.StringIO(body, newline=""), 1):
        if line.strip(' \t\r\n,;|"'):
            return number, line.strip()
    return 1, ""


def _names(text: str, delimiter: str, columns: tuple[Column, ...]) -> set[str]:
    """Return the columns named in the first record of a text under a separator."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        cells = next((record for record in reader if any(cell.strip() for cell in record)), [])
    except csv.Error:
        cells = []
    return {name for name in (resolve(cell, columns) for cell in cells) if name}


def _choose(body: str, before: Place, columns: tuple[Column, ...], said: str | None) -> str:
    """Return the separator under which the most column names appear in the header.

    `before` is the line above the body; `said` what a first line ``sep=`` claims, though no name appears under it.
    """
    number, header = _first_line(body)
    place = Place(before.file, before.line + number)
    required = {column.name for column in columns if column.required}
    found = {mark: _names(body, mark, columns) for mark in DELIMITERS}
    if not any(required <= names for names in found.values()):
        late = _late_header(body, required, columns)
        if late:
            raise UnreadableError(finding("header-late", place, header, expected=str(before.line + late)))
    most = max(len(names) for names in found.values())
    if most == 0:
        expected = " or ".join(f"'{name}'" for name in sorted(required))
        raise UnreadableError(finding("header-missing", place, header, expected=expected))
    best = [mark for mark, names in found.items() if len(names) == most]
    present = ([said] if said else []) + [mark for mark in best if mark in header]
    if len(present) > 1:
        names = " or ".join(delimiter_name(mark) for mark in present)
        raise UnreadableError(finding("delimiter-two", place, f"{names} in {header!r}"))
    return present[0] if present else best[0]


def _late_header(body: str, required: set[str], columns: tuple[Column, ...]) -> int:
    """Return the line further down on which all required columns are named, or 0."""
    for number, line in enumerate(io.StringIO(body, newline=""), 1):
        if number > _LOOK_AHEAD:
            break
        if any(required <= _names(line, mark, columns) for mark in DELIMITERS):
            return number
    return 0
