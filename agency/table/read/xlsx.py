"""An .xlsx workbook to grids: one walk over the XML of a sheet, by local names, so that every dialect is the same.

Spreadsheet programs write different namespaces (Transitional, Strict) and prefixes (``x:c``); a reader that looks for
one of them sees nothing in the others. Found here, and by no library asked: error values, formulas without a value,
merged ranges, and how far the cells reach.
"""

from __future__ import annotations

import posixpath
import re

from agency.table.read.archive import Archive, attribute, enough, ignore_end, ignore_text, walk
from agency.table.read.grid import LOOK_AHEAD, Grid, Odd, Range, cell_position, date_text, number_text
from agency.words import text

_BUILT_IN_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
"""What a number format shows as it stands: it may hold letters that mean nothing."""
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_WORKBOOK = "xl/workbook.xml"


class XlsxBook:
    """The worksheets of an .xlsx or .xlsm workbook; charts and macros are left alone."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        part = next(iter(_relations(archive, "").get("officeDocument", {}).values()), _WORKBOOK)
        related = _relations(archive, part)
        sheets, self._from_1904 = _sheet_list(archive, part)
        pages = related.get("worksheet", {})
        self._parts = {name: pages[key] for name, key in sheets if key in pages}
        self.names = tuple(self._parts)
        if not self.names:
            raise ValueError(text("it has no sheet"))
        self._strings_part = next(iter(related.get("sharedStrings", {}).values()), "")
        self._styles_part = next(iter(related.get("styles", {}).values()), "")
        self._strings: list[str] | None = None
        self._dates: frozenset[int] | None = None

    def head(self, sheet: str) -> Grid:
        """Return the first rows of a sheet that are not empty."""
        return self._read(sheet, LOOK_AHEAD)

    def grid(self, sheet: str) -> Grid:
        """Return the cells of a sheet."""
        return self._read(sheet, None)

    def _read(self, sheet: str, most: int | None) -> Grid:
        if self._strings is None:
            self._strings = _shared_strings(self._archive, self._strings_part)
        if self._dates is None:
            self._dates = _date_styles(self._archive, self._styles_part)
        reader = _SheetReader(Grid(sheet), self._strings, self._dates, from_1904=self._from_1904, most=most)
        with self._archive.open(self._parts[sheet]) as read:
            walk(read, reader.start, reader.end, reader.characters)
        return reader.grid


class _SheetReader:
    """Handlers of the walk over one sheet: a cell is complete when its element ends."""

    def __init__(
        self, grid: Grid, strings: list[str], dates: frozenset[int], *, from_1904: bool, most: int | None
    ) -> None:
        self.grid, self.strings, self.dates, self.from_1904, self.most = grid, strings, dates, from_1904, most
        self.row = self.column = self.phonetic = 0
        self.in_cell = self.formula = self.listening = False
        self.kind = self.style = ""
        self.value: list[str] = []
        self.starts = {
            "row": self.start_row,
            "c": self.start_cell,
            "v": self.start_value,
            "t": self.start_text,
            "f": self.start_formula,
            "rPh": self.start_phonetic,
            "mergeCell": self.merge,
        }

    def start(self, name: str, attributes: dict[str, str]) -> None:
        handler = self.starts.get(name)
        if handler is not None:
            handler(attributes)

    def start_row(self, attributes: dict[str, str]) -> None:
        if self.most is not None and len(self.grid.rows) >= self.most:
            enough()
        self.row = int(attributes["r"]) if "r" in attributes else self.row + 1
        self.column = 0

    def start_cell(self, attributes: dict[str, str]) -> None:
        if "r" in attributes:
            self.row, self.column = cell_position(attributes["r"])
        else:
            self.column += 1
        self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "0")
        self.in_cell, self.formula, self.value = True, False, []

    def start_value(self, _attributes: dict[str, str]) -> None:
        self.listening = self.in_cell

    def start_text(self, _attributes: dict[str, str]) -> None:
        self.listening = self.in_cell and not self.phonetic

    def start_formula(self, _attributes: dict[str, str]) -> None:
        self.formula = True

    def start_phonetic(self, _attributes: dict[str, str]) -> None:
        self.phonetic += 1

    def merge(self, attributes: dict[str, str]) -> None:
        first, _, last = attributes["ref"].partition(":")
        top, left = cell_position(first)
        bottom, right = cell_position(last or first)
        self.grid.merged.append(Range(top, left, bottom, right))

    def characters(self, characters: str) -> None:
        if self.listening:
            self.value.append(characters)

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self.listening = False
        elif name == "c" and self.in_cell:
            self.in_cell = False
            self.take("".join(self.value))
        elif name == "rPh":
            self.phonetic -= 1

    def take(self, raw: str) -> None:
        """Keep the cell that has ended; `raw` is what stands between its tags."""
        if self.kind == "e":
            self.grid.put_odd(self.row, self.column, Odd("error", raw or "#N/A"))
        elif not raw:
            if self.formula:
                self.grid.put_odd(self.row, self.column, Odd("formula", "=…"))
        elif self.kind == "s":
            self.grid.put(self.row, self.column, self.strings[int(raw)])
        elif self.kind in ("str", "inlineStr"):
            self.grid.put(self.row, self.column, _unescaped(raw))
        elif self.kind == "b":
            self.grid.put(self.row, self.column, "true" if raw.strip() in ("1", "true") else "false")
        elif self.kind == "d":
            self.grid.put_odd(self.row, self.column, Odd("date", _iso_date(raw)))
        else:
            self.number(raw.strip())

    def number(self, raw: str) -> None:
        if int(self.style) in self.dates:
            self.grid.put_odd(self.row, self.column, Odd("date", date_text(raw, from_1904=self.from_1904)))
        else:
            self.grid.put(self.row, self.column, number_text(raw))


def _iso_date(raw: str) -> str:
    """Return a date of the Strict dialect as `date_text` writes it."""
    return raw.strip().removesuffix("Z").removesuffix("T00:00:00").replace("T", " ")


def _unescaped(raw: str) -> str:
    """Return a text with the characters that XML cannot hold, written ``_x000D_``."""
    return _ESCAPED.sub(_character, raw) if "_x" in raw else raw


def _character(match: re.Match[str]) -> str:
    code = int(match.group(1), 16)
    return match.group() if 0xD800 <= code <= 0xDFFF else chr(code)


def _relations(archive: Archive, part: str) -> dict[str, dict[str, str]]:
    """Return the parts a part refers to: kind of relation to identifier to name; "" is the whole archive."""
    folder, name = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    found: dict[str, dict[str, str]] = {}
    if path not in archive:
        return found

    def start(element: str, attributes: dict[str, str]) -> None:
        if element == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"].replace("\\", "/")))
            found.setdefault(kind, {})[attributes.get("Id", "")] = target.lstrip("/")

    with archive.open(path) as read:
        walk(read, start, ignore_end, ignore_text)
    return found


def _sheet_list(archive: Archive, part: str) -> tuple[list[tuple[str, str]], bool]:
    """Return name and relation of every sheet, and whether days count from 1904."""
    sheets: list[tuple[str, str]] = []
    from_1904: list[str] = []

    def start(element: str, attributes: dict[str, str]) -> None:
        if element == "sheet":
            sheets.append((attributes["name"], attribute({k: v for k, v in attributes.items() if ":" in k}, "id")))
        elif element == "workbookPr":
            from_1904.append(attributes.get("date1904", "0"))

    with archive.open(part) as read:
        walk(read, start, ignore_end, ignore_text)
    return sheets, bool(from_1904) and from_1904[0] in ("1", "true")


class _StringReader:
    """Handlers of the walk over the texts that cells refer to by number."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self.pieces: list[str] = []
        self.phonetic = 0
        self.listening = False

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        if name == "si":
            self.pieces.clear()
        elif name == "rPh":
            self.phonetic += 1
        elif name == "t":
            self.listening = not self.phonetic

    def end(self, name: str) -> None:
        if name == "si":
            self.strings.append(_unescaped("".join(self.pieces)))
        elif name == "rPh":
            self.phonetic -= 1
        elif name == "t":
            self.listening = False

    def characters(self, characters: str) -> None:
        if self.listening:
            self.pieces.append(characters)


def _shared_strings(archive: Archive, part: str) -> list[str]:
    """Return the texts that cells refer to by number, without the reading aids of Japanese ones."""
    reader = _StringReader()
    if part:
        with archive.open(part) as read:
            walk(read, reader.start, reader.end, reader.characters)
    return reader.strings


def _date_styles(archive: Archive, part: str) -> frozenset[int]:
    """Return the numbers of the cell styles that show a number as a date or a time."""
    if not part:
        return frozenset()
    formats: dict[int, str] = {}
    styles: list[int] = []
    inside: list[str] = []

    def start(element: str, attributes: dict[str, str]) -> None:
        if element == "numFmt":
            formats[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif element == "cellXfs":
            inside.append(element)
        elif element == "xf" and inside:
            styles.append(int(attributes.get("numFmtId", "0")))

    def end(element: str) -> None:
        if element == "cellXfs":
            inside.clear()

    with archive.open(part) as read:
        walk(read, start, end, ignore_text)
    return frozenset(number for number, code in enumerate(styles) if _is_date(code, formats.get(code)))


def _is_date(code: int, format_code: str | None) -> bool:
    """Say whether a number format shows a date or a time: it holds y, m, d, h or s beyond what it quotes.

    >>> _is_date(164, 'yyyy'), _is_date(164, '0" days"'), _is_date(14, None), _is_date(164, '[Red]0.0')
    (True, False, True, False)
    """
    if format_code is None:
        return code in _BUILT_IN_DATES
    plain = _LITERAL.sub("", format_code.partition(";")[0]).casefold()
    return "general" not in plain and any(letter in plain for letter in "ymdhs")
