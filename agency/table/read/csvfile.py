"""Text to records: the separator that the header tells, and the physical line of each record."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from agency import words
from agency.characters import from_spreadsheet
from agency.errors import UsageError
from agency.findings import Finding, Place, UnreadableError, finding
from agency.table.read.records import FAR, MOST_COLUMNS, MOST_FINDINGS, Records, is_note, refuse_one_cell
from agency.table.read.sound import sound_columns
from agency.vocabulary import COLUMNS, Column, resolve

DELIMITERS = {
    ",": words.marked("comma"),
    ";": words.marked("semicolon"),
    "\t": words.marked("tab"),
    "|": words.marked("vertical bar"),
}
_LOOK_AHEAD = 30
"""Lines searched for a header below a title."""
_LONGEST_CELL = 131_072
"""Characters of a cell at most: what the csv module allows until another package lifts its limit for everyone."""
_SHOWN = 300
"""Characters of a header that a message repeats at most."""
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
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
    separator = chosen or _choose(body, Place(file, skipped), columns, said)
    records = _sound(body, file, columns, separator, skipped) or _line_by_line(body, file, columns, separator, skipped)
    if records.header == (*(column.name for column in COLUMNS), "line"):
        # Our own table of statements (`agency report` writes it): what looked like a formula has an apostrophe before.
        records = replace(records, columns=[[from_spreadsheet(cell) for cell in cells] for cells in records.columns])
    return records


def _sound(body: str, file: str, columns: tuple[Column, ...], delimiter: str, skipped: int) -> Records | None:
    """Return the records of a file with nothing wrong, None at the first doubt."""
    found = sound_columns(body, delimiter, columns, _LONGEST_CELL)
    if found is None:
        return None
    header, cells = found
    rows = range(2, len(cells[0]) + 2)
    lines = range(2 + skipped, len(cells[0]) + 2 + skipped)
    return Records(file, tuple(header), 1 + skipped, cells, lines, rows, assumed=_assumed(delimiter))


def _line_by_line(body: str, file: str, columns: tuple[Column, ...], delimiter: str, skipped: int) -> Records:
    """Return the records of any file, with what is wrong on which line."""
    parser = _Parser(file, delimiter, skipped, columns)
    parser.run(body)
    return parser.records()


def delimiter_name(delimiter: str) -> str:
    """Return what a separator is called."""
    return words.text(DELIMITERS[delimiter]) if delimiter in DELIMITERS else repr(delimiter)


def _assumed(delimiter: str) -> str:
    return "" if delimiter == "," else delimiter_name(delimiter)


@dataclass
class _Parser:
    """Goes through the records once, keeping the physical line each starts on."""

    file: str
    delimiter: str
    skipped: int
    specification: tuple[Column, ...]
    header: list[str] = field(default_factory=list)
    header_line: int = 0
    header_row: int = 1
    cells: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    refused: dict[int, list[str]] = field(default_factory=dict)
    width: int = 0
    """Columns of the header that are looked at: those with a name and a few beside them."""
    named: int = 0
    """Width without the columns at the side that have no name."""
    widest: int = 0
    """Width of the widest record, without empty cells at the side."""

    def run(self, body: str) -> None:
        reader = csv.reader(_lines(body), delimiter=self.delimiter, strict=True)
        start, row = 1, 0
        try:
            for record in reader:
                row += 1
                place = Place(self.file, start + self.skipped, row)
                if _endless(record):
                    self.findings.append(_cell_huge(place))
                    break
                self.take(record, place)
                if reader.line_num > start:
                    self.look_inside(record, place, reader.line_num + self.skipped)
                start = reader.line_num + 1
                if len(self.findings) >= MOST_FINDINGS:
                    self.findings.append(finding("reading-stopped", place, words.number(len(self.findings))))
                    break
        except csv.Error as error:
            self.findings.append(_csv_problem(error, Place(self.file, start + self.skipped, row + 1)))

    def take(self, record: list[str], place: Place) -> None:
        if not (record and record[0].strip()) and not any(cell.strip() for cell in record):
            return
        if not self.header:
            self.begin([cell.strip() for cell in record], place)
            return
        fitting = self.fit(record, place)
        if fitting is None:
            self.refused[place.row] = record
        else:
            self.cells.append(fitting)
            self.lines.append(place.line)
            self.rows.append(place.row)
            self.widest = max(self.widest, len(fitting))

    def begin(self, header: list[str], place: Place) -> None:
        self.named = self.widest = max(number for number, name in enumerate(header, 1) if name)
        if self.named > MOST_COLUMNS:
            raise UnreadableError(finding("header-wide", place, words.number(self.named)))
        self.width = min(len(header), self.named + FAR)
        self.header, self.header_line, self.header_row = header[: self.width], place.line, place.row

    def fit(self, record: list[str], place: Place) -> list[str] | None:
        """Return the record without empty cells beyond the named columns; None, and a finding, if it does not fit."""
        note = is_note(record, self.specification)
        if note and (len(record) == self.width or not self.other_separator(record)):
            self.findings.append(finding("row-note", place, note))
            return None
        size = len(record)
        while size > self.named and not record[size - 1].strip():
            size -= 1
        if self.named <= size <= self.width:
            return record if size == len(record) else record[:size]
        code = "row-short" if size < self.width else "row-long"
        expected = words.counted("{n} cell as in the header", "{n} cells as in the header", self.named)
        found = words.counted("{n} cell", "{n} cells", size)
        self.findings.append(finding(code, place, found, expected=expected, fix=self.other_separator(record)))
        return None

    def look_inside(self, record: list[str], place: Place, last: int) -> None:
        """Warn of a cell over several lines that holds rows: two stray quotes make one cell of all between them.

        ``P,design,"A,local,s`` and, lines later, ``P,operation,B",local,s`` are read as one row with a long actor.
        """
        for position, cell in enumerate(record):
            lines = cell.splitlines()
            if len(lines) < 2 or not self.header:
                continue
            sizes = [line.count(self.delimiter) + 1 for line in lines]
            ends = (position + sizes[0], sizes[-1] + len(record) - position - 1)
            if {self.named, self.width} & set(sizes) or set(ends) <= {self.named, self.width}:
                self.findings.append(
                    finding("quote-swallows", place, words.text("{line} to line {last}", line=place.line, last=last))
                )
                return

    def other_separator(self, record: list[str]) -> str:
        """Return what to do when a record fits under another separator than the header's, else ""."""
        line = self.delimiter.join(record)
        fitting = [mark for mark in DELIMITERS if mark != self.delimiter and line.count(mark) == self.named - 1]
        if not fitting:
            return ""
        sentence = words.marked("The header is separated by {name}, this row by {other}.")
        return words.text(sentence, name=delimiter_name(self.delimiter), other=delimiter_name(fitting[0]))

    def records(self) -> Records:
        full = [
            cells if len(cells) == self.widest else cells + [""] * (self.widest - len(cells)) for cells in self.cells
        ]
        columns = [list(column) for column in zip(*full, strict=True)] or [[] for _ in range(self.widest)]
        return Records(
            self.file,
            tuple(self.header[: self.widest]),
            self.header_line,
            columns,
            self.lines,
            self.rows,
            findings=tuple(self.findings),
            assumed=_assumed(self.delimiter),
            refused=self.refused,
            header_row=self.header_row,
        )


def _csv_problem(error: csv.Error, place: Place) -> Finding:
    text = str(error)
    if "field limit" in text:
        return _cell_huge(place)
    return finding("quote-open" if "unexpected end" in text else "quote-stray", place)


def _endless(record: list[str]) -> bool:
    return max(map(len, record), default=0) > _LONGEST_CELL


def _cell_huge(place: Place) -> Finding:
    return finding("cell-huge", place, expected=str(_LONGEST_CELL))


def _given(delimiter: str | None) -> str | None:
    if delimiter is None:
        return None
    known = {"\\t": "\t", "tab": "\t"}.get(delimiter, delimiter)
    if len(known) != 1 or known in '"\r\n':
        message = words.text(
            "--delimiter {delimiter!r}: give one character, for instance ';' or tab.", delimiter=delimiter
        )
        raise UsageError(message)
    return known


def _lines(text: str) -> Iterator[str]:
    """Yield the lines of a text with their ends, as a file gives them that is opened without translating them."""
    return (line[0] for line in _LINE.finditer(text))


def _first_line(body: str) -> tuple[int, str]:
    """Return number and text of the first line that is not blank."""
    for number, line in enumerate(_lines(body), 1):
        if line.strip(' \t\r\n,;|"'):
            return number, line.strip()
    return 1, ""


def _first_record(text: str, delimiter: str) -> list[str]:
    """Return the first record that is not blank under a separator, cut where no sheet has columns any more."""
    reader = csv.reader(_lines(text), delimiter=delimiter)
    try:
        first = next((record for record in reader if any(cell.strip() for cell in record)), [])
    except csv.Error:
        return []
    return [] if _endless(first) else first[:MOST_COLUMNS]


def _names(text: str, delimiter: str, columns: tuple[Column, ...]) -> set[str]:
    """Return the columns named in the first record of a text under a separator."""
    return {name for name in (resolve(cell, columns) for cell in _first_record(text, delimiter)) if name}


def _choose(body: str, before: Place, columns: tuple[Column, ...], said: str | None) -> str:
    """Return the separator under which the most column names appear in the header.

    `before` is the line above the body; `said` what a first line ``sep=`` claims, though no name appears under it.
    """
    number, header = _first_line(body)
    place = Place(before.file, before.line + number)
    required = {column.name for column in columns if column.required}
    found = {mark: _names(body, mark, columns) for mark in DELIMITERS}
    if not any(required <= names for names in found.values()):
        for mark in DELIMITERS:
            refuse_one_cell(_first_record(body, mark), place, columns)
        late = _late_header(body, required, columns)
        if late:
            raise UnreadableError(finding("header-late", place, header[:_SHOWN], expected=str(before.line + late)))
    most = max(len(names) for names in found.values())
    if most == 0:
        expected = words.text(" or ").join(f"'{name}'" for name in sorted(required))
        raise UnreadableError(finding("header-missing", place, header[:_SHOWN], expected=expected))
    best = [mark for mark, names in found.items() if len(names) == most]
    present = ([said] if said else []) + [mark for mark in best if mark in header]
    if len(present) > 1:
        names = words.text(" or ").join(delimiter_name(mark) for mark in present)
        raise UnreadableError(
            finding("delimiter-two", place, words.text("{names} in {header!r}", names=names, header=header[:_SHOWN]))
        )
    return present[0] if present else best[0]


def _late_header(body: str, required: set[str], columns: tuple[Column, ...]) -> int:
    """Return the line further down on which all required columns are named, or 0."""
    for number, line in enumerate(_lines(body), 1):
        if number > _LOOK_AHEAD:
            break
        if any(required <= _names(line, mark, columns) for mark in DELIMITERS):
            return number
    return 0
