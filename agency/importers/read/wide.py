"""A table of projects by phases as people print it (CSV, workbooks, Word, HTML, Markdown), a line per cell."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from agency.characters import from_spreadsheet
from agency.findings import Finding, Place, UnreadableError, finding
from agency.importers.mapping import Left, read_words
from agency.importers.read.given import Given, packed_member, said_damage
from agency.table import Grid, Records, chosen_delimiter, file_type, open_book, walk
from agency.vocabulary import COLUMNS, PROJECTS, Codebook, Meanings, meanings, resolve
from agency.words import listed, text

_DELIMITERS = (",", ";", "\t", "|")
_MARK = re.compile(r"\s*[\[(]?[\d,\s§*†‡¶#a-z]{0,6}[\])]?\s*")
"""What a superscript holds that is a note: a number, a sign, a letter."""
_NOTE = re.compile(r"\[([^\[\],]{1,4})\] ")
_MARKED = re.compile(r" \[([^\[\]]{1,20})\]")
"""Marks as our own workbooks print them, where nothing can be raised: ``ZTE [1,a]``."""
_PIPES = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"\s*:?-{2,}:?\s*")


@dataclass
class Page:
    """One table: its cells by line, as they stand."""

    name: str
    """What tells it from others of the file: the sheet, "table 2"."""
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    """Line (of a text) or row (of a sheet, of a table) and its cells."""
    remarks: tuple[str, ...] = ()


def pages(given: Given) -> list[Page]:
    """Return the tables of a file, those with a cell at least.

    Raises
    ------
    UnreadableError
        If it is a file without tables.
    """
    kind = file_type(given.data)
    if given.is_workbook:
        found = list(_sheets(given))
    elif "Word document" in kind.called:
        found = _word_tables(given)
    elif kind.kind in ("text", "other") and b"<table" in given.data.lower():
        found = _html_tables(given.text)
    elif kind.kind == "text" and _is_markdown(given.text):
        found = _markdown_tables(given.text)
    elif kind.kind == "text":
        found = _delimited(given)
    else:
        expected = text("a table: CSV, .xlsx, .ods, Word, HTML or Markdown")
        raise UnreadableError(finding("import-other", Place(given.name), given.looks_like, expected=expected))
    return [page for page in found if any(any(cells) for _, cells in page.rows)]


def _sheets(given: Given) -> Iterator[Page]:
    book = open_book(given.data, given.name)
    wanted = given.choices.sheet
    for sheet in book.names:
        if wanted is None or sheet == wanted:
            yield _sheet(book.grid(sheet))


def _sheet(grid: Grid) -> Page:
    """Return the cells of a sheet; a merged cell stands in every place it covers."""
    for block in grid.merged:
        value = grid.rows.get(block.top, {}).get(block.left, "")
        for row in range(block.top, min(block.bottom, block.top + 1000) + 1) if value else ():
            for column in range(block.left, min(block.right, block.left + 1000) + 1):
                grid.put(row, column, value)
    width = max((max(cells) for cells in grid.rows.values() if cells), default=0)
    rows = [(row, [grid.rows[row].get(at, "") for at in range(1, min(width, 1000) + 1)]) for row in sorted(grid.rows)]
    remarks = (text("sheet '{sheet}': merged cells hold for all they cover", sheet=grid.sheet),) if grid.merged else ()
    return Page(grid.sheet, _without_marks(rows), remarks)


def _without_marks(rows: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """Return rows without the marks, in brackets, of the notes that stand below in the first column.

    >>> _without_marks([(2, ["Design", "ZTE [1,a] [sic]"]), (4, ["[1] A note.", ""]), (5, ["[a] Another.", ""])])[0]
    (2, ['Design', 'ZTE [sic]'])
    """
    alone = [cells[0] for _, cells in rows if cells and not any(cells[1:])]
    marks = {found[1] for cell in alone if (found := _NOTE.match(cell))}
    if not marks:
        return rows
    return [
        (row, [_MARKED.sub(lambda mark: "" if {*mark[1].split(",")} <= marks else mark[0], cell) for cell in cells])
        for row, cells in rows
    ]


def _delimited(given: Given) -> list[Page]:
    """Return the table under every separator that makes several columns of it: which of them, its phases tell."""
    named = chosen_delimiter(given.choices.delimiter)
    marks = [named] if named else _DELIMITERS
    found = []
    for mark in marks:
        reader = csv.reader(io.StringIO(given.text, newline=""), delimiter=mark)
        page, line = Page(""), 1
        try:
            for record in reader:
                page.rows.append((line, [from_spreadsheet(cell.strip()) for cell in record]))
                line = reader.line_num + 1
        except csv.Error as error:
            raise UnreadableError(finding("import-damaged", Place(given.name, line), str(error))) from error
        if any(len(cells) > 1 for _, cells in page.rows):
            found.append(page)
    return found


def _is_markdown(content: str) -> bool:
    """Say whether a text has a line of a pipe table: ``| --- | --- |``."""
    rules = [line.strip().strip("|").split("|") for line in content.splitlines() if "|" in line and "--" in line]
    return any(all(_RULE.fullmatch(cell) for cell in cells) for cells in rules)


def _markdown_tables(content: str) -> list[Page]:
    found, page = [], Page("")
    for number, line in enumerate([*content.splitlines(), ""], 1):
        if "|" not in line:
            if page.rows:
                found.append(page)
            page = Page(text("table {n}", n=len(found) + 1))
            continue
        cells = _PIPES.split(line.strip().removeprefix("|").removesuffix("|"))
        if not all(_RULE.fullmatch(cell) for cell in cells):
            page.rows.append((number, [_plain(cell) for cell in cells]))
    return found


def _plain(cell: str) -> str:
    r"""Return a cell of Markdown as text.

    Examples
    --------
    >>> _plain(r" **A** \& B<br>C<sup>1</sup> ")
    'A & B\nC'
    """
    cell = re.sub(r"<sup>(.*?)</sup>", lambda note: "" if _MARK.fullmatch(note[1]) else note[1], cell)
    cell = re.sub(r"<br\s*/?>", "\n", cell)
    cell = re.sub(r"</?[a-zA-Z][^<>]*>", "", cell)
    cell = re.sub(r"(?<![\\\w])(\*\*|__|\*|_)(?=\S)(.+?)(?<=[^\s\\])\1(?!\w)", r"\2", cell)
    cell = re.sub(r"(?<!\\)\[\^[^\]]+\]", "", cell)
    return html.unescape(re.sub(r"\\([^\w\s])", r"\1", cell)).strip()


class _Tables(HTMLParser):
    """Collects the tables of a page; what is nested in a cell belongs to the cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Page] = []
        self.spans: dict[int, tuple[int, str]] = {}
        self.depth = 0
        self.cell: list[str] | None = None
        self.note: list[str] | None = None
        self.span = (1, 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.depth += 1
            if self.depth == 1:
                self.found.append(Page(text("table {n}", n=len(self.found) + 1)))
                self.spans = {}
        elif tag == "tr" and self.depth == 1:
            self.close()
            self.found[-1].rows.append((self.getpos()[0], []))
        elif tag in ("td", "th") and self.depth == 1:
            self.close()
            given = dict(attrs)
            self.span = (_number(given.get("rowspan")), _number(given.get("colspan")))
            self.cell = []
        elif tag == "sup":
            self.note = []
        elif tag in ("br", "p", "li", "div") and self.cell:
            self.cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self.close()
            self.depth = max(self.depth - 1, 0)
        elif tag in ("td", "th", "tr") and self.depth == 1:
            self.close()
        elif tag == "sup" and self.note is not None:
            content = "".join(self.note)
            self.note = None
            if self.cell is not None and not _MARK.fullmatch(content):
                self.cell.append(content)

    def handle_data(self, data: str) -> None:
        if self.note is not None:
            self.note.append(data)
        elif self.cell is not None:
            self.cell.append(" ".join(data.split()) if not data.strip() else re.sub(r"\s+", " ", data))

    def close(self) -> None:
        """End a cell: it stands in every place it spans."""
        if self.cell is None or not self.found or not self.found[-1].rows:
            self.cell = None
            return
        value = "\n".join(" ".join(line.split()) for line in "".join(self.cell).split("\n")).strip()
        cells = self.found[-1].rows[-1][1]
        for _ in range(self.span[1]):
            self.fill(cells)
            if self.span[0] > 1:
                self.spans[len(cells)] = (self.span[0] - 1, value)
            cells.append(value)
        self.fill(cells)
        self.cell = None

    def fill(self, cells: list[str]) -> None:
        """Repeat cells that span rows from above."""
        while len(cells) in self.spans:
            left, value = self.spans.pop(len(cells))
            if left > 1:
                self.spans[len(cells)] = (left - 1, value)
            cells.append(value)


def _number(value: str | None) -> int:
    return min(int(value), 1000) if value and value.isdecimal() and int(value) > 0 else 1


def _html_tables(content: str) -> list[Page]:
    parser = _Tables()
    parser.feed(content)
    HTMLParser.close(parser)
    return parser.found


def _word_tables(given: Given) -> list[Page]:
    """Return the tables of a Word document; a superscript that is a note is none of the text."""
    reader = _WordReader()
    with said_damage(given.name), packed_member(given.data, "word/document.xml") as read:
        walk(read, reader.start, reader.end, reader.characters)
    return reader.found


class _WordReader:
    """Handlers of the walk over a Word document."""

    def __init__(self) -> None:
        self.found: list[Page] = []
        self.depth = 0
        self.cell: list[str] | None = None
        self.run: list[str] = []
        self.raised = self.listening = self.below = False
        self.span = 1

    def start(self, name: str, attributes: dict[str, str]) -> None:
        value = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "val"), "")
        if name == "tbl":
            self.depth += 1
            if self.depth == 1:
                self.found.append(Page(text("table {n}", n=len(self.found) + 1)))
        elif self.depth != 1:
            return
        elif name == "tr":
            rows = self.found[-1].rows
            rows.append((len(rows) + 1, []))
        elif name == "tc":
            self.cell, self.span, self.below = [], 1, False
        elif name == "gridSpan":
            self.span = _number(value)
        elif name == "vMerge":
            self.below = value != "restart"
        elif self.cell is not None:
            self.inside(name, value)

    def inside(self, name: str, value: str) -> None:
        if name == "r":
            self.run, self.raised = [], False
        elif name == "vertAlign":
            self.raised = value == "superscript"
        elif name in ("br", "cr"):
            self.run.append("\n")
        elif name == "tab":
            self.run.append(" ")
        elif name == "t":
            self.listening = True
        elif name == "p" and self.cell:
            self.cell.append("\n")

    def characters(self, characters: str) -> None:
        if self.listening:
            self.run.append(characters)

    def end(self, name: str) -> None:
        if name == "tbl":
            self.depth -= 1
        elif name == "t":
            self.listening = False
        elif name == "r" and self.cell is not None and self.depth == 1:
            content = "".join(self.run)
            if not (self.raised and _MARK.fullmatch(content)):
                self.cell.append(content)
        elif name == "tc" and self.depth == 1 and self.cell is not None:
            rows = self.found[-1].rows
            at = len(rows[-1][1])
            above = rows[-2][1] if len(rows) > 1 else []
            value = above[at] if self.below and at < len(above) else "".join(self.cell).strip()
            rows[-1][1].extend([value] * self.span)
            self.cell = None


_TOP = 30
_LEFT = 5
"""Rows and columns in which phases are looked for."""
_HEADER = ("project", "phase", "cell", "source", *(column.name for column in PROJECTS if column.name != "project"))
_PHASE = next(column for column in COLUMNS if column.name == "phase")


@dataclass(frozen=True)
class Shape:
    """Where a page has its phases: in a row (`across`), or in a column."""

    across: bool
    at: int
    """Position of that row or column."""
    phases: dict[int, str]
    """Phase by position in it."""


def wide_records(files: Sequence[Given], mapping: Path | None, codebook: Codebook) -> tuple[list[Records], list[Left]]:
    """Return a line per cell of the tables in some files, and what of them is no cell of a project and a phase.

    Parameters
    ----------
    files
        CSV, workbooks, Word, HTML, Markdown.
    mapping
        A file whose ``[lookups.phase]`` says what other words for phases mean.
    codebook
        The phases.

    Raises
    ------
    UnreadableError
        If a file has no table of projects by phases, or several.
    """
    words = meanings(_PHASE, codebook)
    extra = {key.casefold(): value for key, value in read_words(mapping, "phase").items()}
    melted = [_melted(given, words, extra) for given in files]
    return [one.records() for one in melted], [left for one in melted for left in one.left]


def _melted(given: Given, words: Meanings, extra: dict[str, str]) -> _Melted:
    fitting: list[tuple[Page, Shape]] = []
    for page in pages(given):
        shapes = [shape for shape in (_across(page, words, extra), _down(page, words, extra)) if shape]
        if len(shapes) == 2 and len(shapes[0].phases) == len(shapes[1].phases):
            found = text("phases in a row ({row}) and in a column", row=page.rows[shapes[0].at][0])
            raise UnreadableError(finding("wide-shape", Place(given.name, page.rows[0][0]), found))
        fitting += [(page, max(shapes, key=lambda shape: len(shape.phases)))] if shapes else []
    if not fitting:
        raise UnreadableError(_no_phases(given, words))
    if len(fitting) > 1:
        names = listed([text("'{name}'", name=page.name) for page, _ in fitting])
        found = text("{n} tables with phases: {names}", n=len(fitting), names=names)
        fix = text("Decide with --sheet or --delimiter, or leave one table in the file.")
        raise UnreadableError(finding("import-two", Place(given.name), found, fix=fix))
    return _Melted(given, *fitting[0])


def _phase(cell: str, words: Meanings, extra: dict[str, str]) -> str:
    plain = " ".join(cell.split())
    found = (extra[plain.casefold()],) if plain.casefold() in extra else words.of(plain)
    return found[0] if len(found) == 1 else ""


def _across(page: Page, words: Meanings, extra: dict[str, str]) -> Shape | None:
    for at, (_, cells) in enumerate(page.rows[:_TOP]):
        found = {place: phase for place, cell in enumerate(cells) if (phase := _phase(cell, words, extra))}
        if len(set(found.values())) > 1:
            return Shape(True, at, found)
    return None


def _down(page: Page, words: Meanings, extra: dict[str, str]) -> Shape | None:
    for place in range(min(_LEFT, max(len(cells) for _, cells in page.rows))):
        column = [cells[place] if place < len(cells) else "" for _, cells in page.rows]
        found = {at: phase for at, cell in enumerate(column) if (phase := _phase(cell, words, extra))}
        if len(set(found.values())) > 1:
            return Shape(False, place, found)
    return None


def _no_phases(given: Given, words: Meanings) -> Finding:
    first = next((cells for page in pages(given) for _, cells in page.rows if any(cells)), [])
    found = listed([f"'{cell[:40]}'" for cell in first if cell], most=6)
    place = Place(given.name, 1)
    known = text("phases in the first row or column: {names}", names=listed(list(words.allowed)))
    return finding("wide-shape", place, found, expected=known)


class _Melted:
    """Collects a line per cell."""

    def __init__(self, given: Given, page: Page, shape: Shape) -> None:
        self.given, self.page, self.shape = given, page, shape
        self.cells: list[dict[str, str]] = []
        self.lines: list[int] = []
        self.left: list[Left] = []
        if shape.across:
            self.projects_down()
        else:
            self.phases_down()

    def records(self) -> Records:
        columns = [[cells.get(name, "") for cells in self.cells] for name in _HEADER]
        return Records(
            self.given.name,
            _HEADER,
            self.page.rows[0][0],
            columns,
            self.lines,
            self.lines,
            remarks=self.page.remarks,
        )

    def put(self, line: int, phase: str, cell: str, about: dict[str, str]) -> None:
        if cell.strip():
            self.cells.append({**about, "phase": phase, "cell": cell})
            self.lines.append(line)

    def refuse(self, line: int, cells: list[str]) -> None:
        """Keep a row that is none of the table: a title, a note, a sum."""
        if any(cells):
            note = " ".join(cell for cell in cells if cell)
            why = text("the row is none of the table: it has no project, or no phase")
            self.left.append(Left(self.given.name, line, "line", "", note[:300], why))

    def silent(self, line: int, name: str) -> None:
        """Keep what stands where a project does, without anything in any phase: a note, a project that is all open."""
        why = text("nothing stands beside it in any phase")
        self.left.append(Left(self.given.name, line, "line", "", name[:300], why))

    def projects_down(self) -> None:
        """Read a row per project: the first column that names none of the phases is the project."""
        header = self.page.rows[self.shape.at][1]
        others = {at: resolve(name, PROJECTS) or name for at, name in enumerate(header) if at not in self.shape.phases}
        named = [at for at, name in others.items() if name == "project"] or [
            at for at in others if at < max(self.shape.phases)
        ]
        project = named[0] if named else -1
        for number, (line, cells) in enumerate(self.page.rows):
            if number == self.shape.at:
                continue
            about = self.about(cells, others, project)
            if number < self.shape.at or not about.get("project"):
                self.refuse(line, cells)
                continue
            self.beside(line, cells, others, project)
            before = len(self.cells)
            for at, phase in self.shape.phases.items():
                self.put(line, phase, cells[at] if at < len(cells) else "", about)
            if len(self.cells) == before:
                self.silent(line, about["project"])

    def about(self, cells: list[str], others: dict[int, str], project: int) -> dict[str, str]:
        known = {column.name for column in PROJECTS} | {"source"}
        about = {name: cells[at] for at, name in others.items() if name in known and at < len(cells)}
        if 0 <= project < len(cells):
            about["project"] = " ".join(cells[project].split())
        return about

    def beside(self, line: int, cells: list[str], others: dict[int, str], project: int) -> None:
        """Keep cells of columns that are neither a phase nor known of a project."""
        known = {*(column.name for column in PROJECTS), "source"}
        for at, name in others.items():
            if at != project and name not in known and at < len(cells) and cells[at]:
                why = text("the column is neither a phase nor one that is known of a project")
                self.left.append(Left(self.given.name, line, "value", name or str(at + 1), cells[at][:300], why))

    def phases_down(self) -> None:
        """Read a row per phase: the last row above the first phase names the projects."""
        first = min(self.shape.phases)
        heads = [at for at in range(first) if sum(bool(cell) for cell in self.page.rows[at][1]) > 1]
        header = self.page.rows[heads[-1]][1] if heads else []
        for number, (line, cells) in enumerate(self.page.rows):
            phase = self.shape.phases.get(number)
            if phase is None:
                if not heads or number != heads[-1]:
                    self.refuse(line, cells)
                continue
            for at, cell in enumerate(cells):
                if at == self.shape.at or not cell:
                    continue
                name = " ".join(header[at].split()) if at < len(header) else ""
                self.put(line, phase, cell, {"project": name})
        named = {cells["project"] for cells in self.cells}
        for at, cell in enumerate(header):
            name = " ".join(cell.split())
            if at != self.shape.at and name and name not in named:
                self.silent(self.page.rows[heads[-1]][0], name)
