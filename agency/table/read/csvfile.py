"""Text tables to records: never a guess at bytes, the separator the header tells, and the line of each record.

`agency.table.read.csvfile` goes through a file record by record and says what is wrong with it, and on which line. Of a
file with nothing wrong the line of every record is known beforehand: header on the first line, one record a line, each
as wide as the header. What makes that doubtful sends the file to the other reader, whether it is wrong or only unusual:
a cell over several lines, a quotation mark in the midst of a cell, a blank line, a row with a single cell.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from agency import words
from agency.characters import from_spreadsheet
from agency.errors import UsageError
from agency.findings import Finding, Place, UnreadableError, finding
from agency.table.read.frames import FAR, MOST_COLUMNS, MOST_FINDINGS, Records, is_note, refuse_one_cell
from agency.vocabulary import COLUMNS, Column, resolve

if TYPE_CHECKING:
    from collections.abc import Sequence


_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_STRAY = 20
"""A text with fewer zero bytes than one in so many characters is a text with a stray one."""
_MAC = re.compile(r"[^\W\d_][‡—–œŽ](?:[^\W\d_]|[‡—–œŽ’])")
"""Characters that Windows-1252 has where a Mac file has á, ó, ñ, ú, é."""


@dataclass(frozen=True)
class Decoded:
    """The text of a file and, where something was assumed, what and why."""

    text: str
    assumed: str = ""
    seen: str = ""
    """Where that can be seen to be right or wrong: a line and a word."""


def decode(data: bytes, file: str, encoding: str | None = None) -> Decoded:
    """Return the text of a file.

    A byte-order mark decides; else strict UTF-8; else, when no line is UTF-8 with accents, strict Windows-1252, said
    in `assumed`.

    Raises
    ------
    UnreadableError
        If the file is empty, binary, mixed, or readable in two ways.
    UsageError
        If `encoding` is not known.
    """
    if is_blank(data):
        raise UnreadableError(finding("file-empty", Place(file), words.text("the file")))
    if data.startswith(_WORKBOOKS):
        raise UnreadableError(finding("file-workbook", Place(file), words.text("a workbook or another packed file")))
    if encoding is not None:
        return Decoded(_named(data, file, encoding))
    for mark, name in _MARKS:
        if data.startswith(mark):
            return Decoded(_named(data, file, name))
    if b"\0" in data:
        raise UnreadableError(_zero_byte(data, file))
    try:
        return Decoded(data.decode("utf-8"))
    except UnicodeDecodeError:
        return _windows(data, file)


def is_blank(data: bytes) -> bool:
    """Say whether a file holds nothing but spaces, line ends and a byte-order mark."""
    mark, name = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", ""))
    rest = data[len(mark) :]
    rest = rest if name in ("", "utf-8-sig") else rest.replace(b"\0", b"")
    return not rest or rest.isspace()


def _zero_byte(data: bytes, file: str) -> Finding:
    """Return the finding for a zero byte; a single one in a text is deleted, many are another kind of file."""
    before = data[: data.index(0)]
    single = data.count(0) * _STRAY <= len(data)
    return finding(
        "file-binary",
        Place(file, len((before + b".").splitlines())),
        words.text("it holds a zero byte") if single else words.text("it holds zero bytes"),
        fix=words.text("Delete the zero byte, or save the table again as CSV UTF-8.") if single else "",
    )


def _named(data: bytes, file: str, encoding: str) -> str:
    try:
        codecs.lookup(encoding)
        text = data.decode("utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding)
    except LookupError as error:
        message = words.text(
            "--encoding {encoding}: there is no such encoding. Try utf-8, cp1252, utf-16 or mac_roman.",
            encoding=encoding,
        )
        raise UsageError(message) from error
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        line = data.count(b"\n", 0, start) + 1
        raise UnreadableError(
            finding(
                "encoding-wrong",
                Place(file, line),
                words.text("bytes that are not {encoding}", encoding=encoding),
                expected=words.text("{encoding} text", encoding=encoding),
            )
        ) from error
    return text.removeprefix("\ufeff")


def _windows(data: bytes, file: str) -> Decoded:
    """Read as Windows-1252, unless the file mixes encodings or looks like one from a Mac."""
    lines = data.splitlines()
    accented = [(number, line) for number, line in enumerate(lines, 1) if not line.isascii()]
    other = [(number, line) for number, line in accented if not _is_utf8(line)]
    first, line = other[0]
    if len(other) < len(accented):
        found = words.text(
            "a line that is not UTF-8, although {n} other lines with accents are", n=len(accented) - len(other)
        )
        raise UnreadableError(finding("encoding-mixed", Place(file, first), found))
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        place = Place(file, len((data[: error.start] + b".").splitlines()))
        raise UnreadableError(
            finding("encoding-wrong", place, words.text("byte {byte}", byte=f"0x{data[error.start]:02x}"))
        ) from error
    mac = _MAC.search(text)
    if mac:
        number = text.count("\n", 0, mac.start()) + 1
        word = _word(text[mac.start() :].split("\n", 1)[0])
        found = words.text(
            "{word!r} as Windows-1252 and {other!r} as Mac Roman",
            word=word,
            other=word.encode("cp1252").decode("mac_roman"),
        )
        raise UnreadableError(finding("encoding-two", Place(file, number), found))
    return Decoded(
        text, "Windows-1252", words.text("line {line}: {word!r}", line=first, word=_word(line.decode("cp1252")))
    )


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _word(line: str) -> str:
    """Return the first word of a line with a character outside ASCII."""
    return next(word for word in re.split(r'[ \t\r\n,;|"]+', line) if not word.isascii())


def sound_columns(
    body: str, delimiter: str, specification: tuple[Column, ...], longest: int
) -> tuple[list[str], list[Sequence[str]]] | None:
    r"""Return the header and the cells of a CSV by column, or None where the line-true reader has to look.

    Parameters
    ----------
    body
        The text from the header on.
    delimiter
        Its separator.
    specification
        Columns the file may have; cells are none of them.
    longest
        Characters of a line beyond which a cell may be too long.

    Examples
    --------
    >>> header, columns = sound_columns('project,phase\nA,"design"\nB,design\n', ",", (), 100)
    >>> header, [list(column) for column in columns]
    (['project', 'phase'], [['A', 'B'], ['design', 'design']])
    >>> sound_columns("project,phase\nA,design\n\nB,design\n", ",", (), 100) is None
    True
    """
    try:
        header = [name.strip() for name in next(csv.reader([body[: body.find("\n") + 1]], delimiter=delimiter), [])]
        data = body.encode()
    except (csv.Error, UnicodeEncodeError):
        return None
    width = len(header)
    if not all(header) or not 2 <= width <= MOST_COLUMNS or not delimiter.isascii():
        return None
    lines = _even_lines(data, delimiter.encode(), width, longest)
    if lines is None or lines < 2:
        return None
    try:
        frame = pd.read_csv(
            io.BytesIO(data),
            sep=delimiter,
            names=range(width),
            index_col=False,
            skiprows=1,
            dtype="str",
            na_filter=False,
            skip_blank_lines=False,
        )
    except (ValueError, pd.errors.ParserError):
        return None
    if len(frame) != lines - 1 or not _two_filled(header, frame, specification):
        return None
    return header, [cast("Sequence[str]", frame[at].array) for at in range(width)]


def _even_lines(data: bytes, mark: bytes, width: int, longest: int) -> int | None:
    """Return the number of lines where each has so many cells, as far as separators and quotation marks tell."""
    if b"\0" in data or data.count(b"\r") != data.count(b"\r\n"):
        return None
    if b'"' in data:
        # What is quoted stands between separators, on one line; any other quotation mark is a doubt.
        outside = rb"(?<![^\n" + re.escape(mark) + rb'])"[^"\n]*+(?:""[^"\n]*+)*+"(?![^\r\n' + re.escape(mark) + rb"])"
        data = re.sub(outside, lambda quoted: b"\0" * len(quoted[0]), data)
        if b'"' in data:
            return None
    characters = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(characters == ord("\n"))
    if not data.endswith(b"\n"):
        ends = np.append(ends, len(data))
    starts = np.concatenate([[0], ends[:-1] + 1])
    marks = np.flatnonzero(characters == ord(mark))
    if len(marks) != len(ends) * (width - 1) or int((ends - starts).max()) > longest:
        return None
    # With as many marks as the lines need together, each has its own where its first and its last lie within it.
    of_line = marks.reshape(len(ends), width - 1)
    return len(ends) if (of_line[:, 0] >= starts).all() and (of_line[:, -1] < ends).all() else None


def _two_filled(header: Sequence[str], frame: pd.DataFrame, specification: tuple[Column, ...]) -> bool:
    """Say whether two columns have a cell in every row, so that none is blank, a title or a note."""
    required = {column.name for column in specification if column.required}
    order = sorted(range(len(header)), key=lambda at: resolve(header[at], specification) not in required)
    filled = 0
    for at in order:
        filled += all(cell.strip() for cell in frame[at].unique().tolist())
        if filled == 2:
            return True
    return False


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
    chosen = chosen_delimiter(delimiter) or (said if said and _names(body, said, columns) else None)
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


def chosen_delimiter(delimiter: str | None) -> str | None:
    """Return the separator a user names, None for none named.

    Raises
    ------
    UsageError
        If it is not one character.
    """
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
