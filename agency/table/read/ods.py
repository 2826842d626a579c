"""An .ods workbook (LibreOffice, OpenOffice, Google, Excel) to grids: one walk over its content.

A row or cell that is the same as the one before is written once with a number, up to the last row a sheet can have;
such a number is only believed where the cell says something.
"""

from __future__ import annotations

import io
import re

from agency.table.read.archive import Archive, OversizeError, attribute, enough, ignore_end, ignore_text, walk
from agency.table.read.grid import LOOK_AHEAD, MOST_CELLS, Grid, Odd, Range, number_text
from agency.words import text

_CONTENT = "content.xml"
_MANIFEST = "META-INF/manifest.xml"
_NUMBERS = ("float", "percentage", "currency")
_MOST_SPACES = 1_000
_LINE = re.compile(r"\s*[\r\n\t]\s*")
"""A line break of the XML, which is none of the text. Spaces stay as they are, as LibreOffice keeps them."""
_ERROR = re.compile(r"#[A-Z0-9/?!¡]+|(?:Err|Error):\d+", re.IGNORECASE)
_CLOCK = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")


class OdsBook:
    """The sheets of an .ods workbook; all of them stand in one document."""

    def __init__(self, archive: Archive) -> None:
        with archive.open(_CONTENT) as read:
            self._content = b"".join(iter(lambda: read(1 << 20), b""))
        self._heads = self._read(None, LOOK_AHEAD)
        self.names = tuple(self._heads)
        if not self.names:
            raise ValueError(text("it has no sheet"))

    def head(self, sheet: str) -> Grid:
        """Return the first rows of a sheet that are not empty."""
        return self._heads[sheet]

    def grid(self, sheet: str) -> Grid:
        """Return the cells of a sheet."""
        return self._read(sheet, None)[sheet]

    def _read(self, wanted: str | None, most: int | None) -> dict[str, Grid]:
        reader = _SheetReader(wanted, most)
        walk(io.BytesIO(self._content).read, reader.start, reader.end, reader.characters)
        return reader.grids


def is_encrypted(archive: Archive) -> bool:
    """Say whether an OpenDocument archive is protected by a password."""
    found: list[str] = []

    def start(element: str, _attributes: dict[str, str]) -> None:
        if element == "encryption-data":
            found.append(element)

    if _MANIFEST in archive:
        with archive.open(_MANIFEST) as read:
            walk(read, start, ignore_end, ignore_text)
    return bool(found)


class _SheetReader:
    """Handlers of the walk over the content: a cell is put when its element ends, a repeated row when the row does.

    `wanted` is the only sheet to read, None for all; `most` is how many of its rows that are not empty.
    """

    def __init__(self, wanted: str | None, most: int | None) -> None:
        self.wanted, self.most = wanted, most
        self.grids: dict[str, Grid] = {}
        self.grid = Grid("")
        self.cells = 0
        self.here = self.in_paragraph = False
        self.row = self.row_times = self.column = 1
        self.depth = 0
        """Elements open within the cell, 0 outside of one: the paragraphs of remarks lie deeper than its own."""
        self.cell: dict[str, str] = {}
        self.paragraphs: list[list[str]] = []
        self.outer = {
            "table": self.start_table,
            "table-row": self.start_row,
            "table-cell": self.start_cell,
            "covered-table-cell": self.start_cell,
        }
        self.inner = {"s": " ", "tab": "\t", "line-break": "\n"}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if not self.depth:
            if name in self.outer:
                self.outer[name](attributes)
            return
        self.depth += 1
        if self.in_paragraph and name in self.inner:
            times = min(int(attribute(attributes, "c", "1")), _MOST_SPACES)
            self.paragraphs[-1].append(self.inner[name] * times)
        elif name == "p" and self.depth == 2:
            self.in_paragraph = True
            self.paragraphs.append([])

    def start_table(self, attributes: dict[str, str]) -> None:
        name = attribute(attributes, "name")
        self.here = name == self.wanted if self.wanted is not None else name not in self.grids
        if self.here:
            self.cells += self.grid.cells
            if self.cells > MOST_CELLS:
                raise OversizeError(text("its sheets hold more cells than a table can"))
            self.row = 1
            self.grid = self.grids[name] = Grid(name)

    def start_row(self, attributes: dict[str, str]) -> None:
        if self.most is not None and len(self.grid.rows) >= self.most:
            self.here = False
        self.row_times = int(attribute(attributes, "number-rows-repeated", "1"))
        self.column = 1

    def start_cell(self, attributes: dict[str, str]) -> None:
        if self.here:
            self.depth = 1
            self.cell, self.paragraphs = attributes, []

    def characters(self, characters: str) -> None:
        if self.in_paragraph:
            self.paragraphs[-1].append(_LINE.sub(" ", characters))

    def end(self, name: str) -> None:
        if self.depth:
            self.depth -= 1
            if self.depth == 1:
                self.in_paragraph = False
            elif self.depth == 0:
                self.take()
        elif name == "table-row" and self.here:
            self.repeat_row()
        elif name == "table" and self.here and self.wanted is not None:
            enough()

    def take(self) -> None:
        """Keep the cell that has ended, as often as it is repeated."""
        times = int(attribute(self.cell, "number-columns-repeated", "1"))
        rows = int(attribute(self.cell, "number-rows-spanned", "1"))
        columns = int(attribute(self.cell, "number-columns-spanned", "1"))
        if rows > 1 or columns > 1:
            self.grid.merged.append(Range(self.row, self.column, self.row + rows - 1, self.column + columns - 1))
        value = _content(self.cell, "\n".join("".join(paragraph) for paragraph in self.paragraphs))
        shown = value.shown if isinstance(value, Odd) else value
        for column in range(self.column, self.column + times) if shown.strip() else ():
            if isinstance(value, Odd):
                self.grid.put_odd(self.row, column, value)
            else:
                self.grid.put(self.row, column, value)
        self.column += times

    def repeat_row(self) -> None:
        cells = self.grid.rows.get(self.row, {})
        odd = {column: self.grid.odd[self.row, column] for column in cells if (self.row, column) in self.grid.odd}
        times = self.row_times if self.most is None else min(self.row_times, self.most)
        for row in range(self.row + 1, self.row + times) if cells else ():
            for column, value in cells.items():
                self.grid.put(row, column, value)
            self.grid.odd |= {(row, column): value for column, value in odd.items()}
        self.row += self.row_times


def _content(cell: dict[str, str], paragraphs: str) -> str | Odd:
    """Return what a cell holds: by its type, else its text."""
    kind = attribute(cell, "value-type")
    formula = attribute(cell, "formula")
    if cell.get("calcext:value-type") == "error" or (formula and _ERROR.fullmatch(paragraphs)):
        return Odd("error", paragraphs or "#N/A")
    if kind in ("date", "time"):
        return Odd("date", _moment(attribute(cell, f"{kind}-value")) or paragraphs)
    if kind in _NUMBERS:
        return number_text(attribute(cell, "value"))
    if kind == "boolean":
        return "true" if attribute(cell, "boolean-value") == "true" else "false"
    value = paragraphs or attribute(cell, "string-value")
    return Odd("formula", "=…") if formula and not kind and not value else value


def _moment(value: str) -> str:
    """Return a date, or a time such as ``PT06H30M00S``, as a spreadsheet shows it."""
    clock = _CLOCK.fullmatch(value)
    if clock:
        return ":".join(part.zfill(2) for part in clock.groups())
    return value.removesuffix("T00:00:00").replace("T", " ")
