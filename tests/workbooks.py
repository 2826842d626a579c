"""Workbooks made by hand, in every dialect programs write: what openpyxl writes is only one of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from agency.table.read.grid import cell_name

TRANSITIONAL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_RELATIONS = {
    TRANSITIONAL: "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    STRICT: "http://purl.oclc.org/ooxml/officeDocument/relationships",
}
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DATE_STYLE = 1


class Fault(NamedTuple):
    """A cell with an error value."""

    shown: str


class Formula(NamedTuple):
    """A formula and its result; "" when it was never computed."""

    result: str


class Date(NamedTuple):
    """A cell formatted as a date: the day, and its number."""

    day: str
    serial: int


class Blank(NamedTuple):
    """A cell that is there and holds only spaces."""

    spaces: str = " "


Cell = str | int | float | bool | Fault | Formula | Date | Blank | None
Rows = Sequence[Sequence[Cell]]
Sheets = Mapping[str, Rows | Mapping[tuple[int, int], Cell]]


class Dialect(NamedTuple):
    """How a program writes .xlsx."""

    namespace: str = TRANSITIONAL
    prefix: str = ""
    strings: str = "shared"
    """shared, inline or rich."""
    references: bool = True
    """Whether rows and cells say where they are."""
    iso_dates: bool = False


DIALECTS = {
    "Excel": Dialect(),
    "Strict": Dialect(STRICT, iso_dates=True),
    "prefixed": Dialect(prefix="x:"),
    "prefixed Strict": Dialect(STRICT, "s:", "inline"),
    "inline texts": Dialect(strings="inline"),
    "rich texts": Dialect(strings="rich"),
    "no references": Dialect(references=False),
}


def xlsx(sheets: Sheets, dialect: Dialect = DIALECTS["Excel"], *, merged: Sequence[str] = (), **extra: bytes) -> bytes:
    """Return an .xlsx; `merged` are ranges of the first sheet, `extra` replaces parts by name (``/`` as ``__``)."""
    p, main = dialect.prefix, dialect.namespace
    declared = f'xmlns:{p[:-1]}="{main}"' if p else f'xmlns="{main}"'
    strings: list[str] = []
    parts = {}
    names = list(sheets)
    for number, name in enumerate(names, 1):
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f"<{p}worksheet {declared}><{p}sheetData>{_rows(sheets[name], dialect, strings)}</{p}sheetData>"
            + (f"<{p}mergeCells>{_merges(p, merged)}</{p}mergeCells>" if merged and number == 1 else "")
            + f"</{p}worksheet>"
        )
    listed = "".join(
        f'<{p}sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1)
    )
    relations = _RELATIONS[main]
    parts["xl/workbook.xml"] = (
        f'<{p}workbook {declared} xmlns:r="{relations}"><{p}sheets>{listed}</{p}sheets></{p}workbook>'
    )
    targets = [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(names) + 1)]
    targets += [("sharedStrings", "sharedStrings.xml"), ("styles", "/xl/styles.xml")]
    parts["xl/_rels/workbook.xml.rels"] = _relationships(relations, targets)
    parts["_rels/.rels"] = _relationships(relations, [("officeDocument", "xl/workbook.xml")])
    parts["xl/sharedStrings.xml"] = f"<{p}sst {declared}>{''.join(strings)}</{p}sst>"
    parts["xl/styles.xml"] = (
        f'<{p}styleSheet {declared}><{p}numFmts><{p}numFmt numFmtId="164" formatCode="yyyy"/></{p}numFmts>'
        f'<{p}cellXfs><{p}xf numFmtId="0"/><{p}xf numFmtId="164"/></{p}cellXfs></{p}styleSheet>'
    )
    parts["[Content_Types].xml"] = _content_types(parts)
    content = {name: part.encode() for name, part in parts.items()}
    return zipped(content | {name.replace("__", "/"): part for name, part in extra.items()})


def ods(sheets: Sheets, *, spans: Mapping[tuple[int, int], tuple[int, int]] | None = None, tail: str = "") -> bytes:
    """Return an .ods; `spans` merges cells of the first sheet (row, column: rows, columns), `tail` ends each sheet."""
    pages = []
    for number, (name, rows) in enumerate(sheets.items()):
        inside = "".join(_ods_row(at, row, (spans or {}) if number == 0 else {}) for at, row in enumerate(rows, 1))
        pages.append(f"<table:table table:name={quoteattr(name)}>{inside}{tail}</table:table>")
    names = {
        "office": "office:1.0",
        "table": "table:1.0",
        "text": "text:1.0",
    }
    declared = " ".join(f'xmlns:{key}="urn:oasis:names:tc:opendocument:xmlns:{value}"' for key, value in names.items())
    calc = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    content = (
        f"<office:document-content {declared} {calc}><office:body><office:spreadsheet>{''.join(pages)}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    manifest = b'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return zipped({"mimetype": kind, "content.xml": content.encode(), "META-INF/manifest.xml": manifest})


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """Return an archive of parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part, zipfile.ZIP_STORED if name == "mimetype" else None)
    return stream.getvalue()


def _relationships(kinds: str, targets: Sequence[tuple[str, str]]) -> str:
    inside = "".join(
        f'<Relationship Id="rId{n}" Type="{kinds}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inside}</Relationships>'


def _content_types(parts: Mapping[str, str]) -> str:
    kinds = {"worksheets": "worksheet", "workbook.xml": "sheet.main", "sharedStrings.xml": "sharedStrings"}
    kinds["styles.xml"] = "styles"
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{_OFFICE}.{kind}+xml"/>'
        for name in parts
        if (kind := kinds.get(name.split("/")[1], "")) and not name.endswith(".rels")
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>'
    )


def _merges(prefix: str, merged: Sequence[str]) -> str:
    return "".join(f'<{prefix}mergeCell ref="{name}"/>' for name in merged)


def _rows(rows: Rows | Mapping[tuple[int, int], Cell], dialect: Dialect, strings: list[str]) -> str:
    p = dialect.prefix
    if isinstance(rows, Mapping):
        cells: dict[int, dict[int, Cell]] = {}
        for (row, column), cell in rows.items():
            cells.setdefault(row, {})[column] = cell
    else:
        cells = {row: dict(enumerate(line, 1)) for row, line in enumerate(rows, 1)}
    written = []
    for row, line in cells.items():
        inside = "".join(_cell(cell, cell_name(row, column), dialect, strings) for column, cell in line.items())
        place = f' r="{row}"' if dialect.references else ""
        written.append(f"<{p}row{place}>{inside}</{p}row>")
    return "".join(written)


def _cell(cell: Cell, place: str, dialect: Dialect, strings: list[str]) -> str:
    p = dialect.prefix
    at = f' r="{place}"' if dialect.references else ""
    value = f"<{p}v>{{}}</{p}v>"
    if cell is None:
        return "" if dialect.references else f"<{p}c/>"
    if isinstance(cell, Fault):
        return f'<{p}c{at} t="e">{value.format(escape(cell.shown))}</{p}c>'
    if isinstance(cell, Formula):
        result = value.format(escape(cell.result)) if cell.result else ""
        return f'<{p}c{at} t="str"><{p}f>A1&amp;""</{p}f>{result}</{p}c>'
    if isinstance(cell, Date):
        if dialect.iso_dates:
            return f'<{p}c{at} t="d" s="{_DATE_STYLE}">{value.format(cell.day + "T00:00:00")}</{p}c>'
        return f'<{p}c{at} s="{_DATE_STYLE}">{value.format(cell.serial)}</{p}c>'
    if isinstance(cell, bool):
        return f'<{p}c{at} t="b">{value.format(int(cell))}</{p}c>'
    if isinstance(cell, int | float):
        return f"<{p}c{at}>{value.format(cell)}</{p}c>"
    return _text_cell(cell.spaces if isinstance(cell, Blank) else cell, at, dialect, strings)


def _text_cell(cell: str, at: str, dialect: Dialect, strings: list[str]) -> str:
    p = dialect.prefix
    plain = f'<{p}t xml:space="preserve">{escape(cell)}</{p}t>'
    if dialect.strings == "inline":
        return f'<{p}c{at} t="inlineStr"><{p}is>{plain}</{p}is></{p}c>'
    if dialect.strings == "rich":
        half = len(cell) // 2
        runs = (f'<{p}r><{p}t xml:space="preserve">{escape(part)}</{p}t></{p}r>' for part in (cell[:half], cell[half:]))
        plain = "".join(runs) + f'<{p}rPh sb="0" eb="1"><{p}t>reading aid</{p}t></{p}rPh>'
    strings.append(f"<{p}si>{plain}</{p}si>")
    return f'<{p}c{at} t="s"><{p}v>{len(strings) - 1}</{p}v></{p}c>'


def _ods_row(row: int, cells: Sequence[Cell], spans: Mapping[tuple[int, int], tuple[int, int]]) -> str:
    covered = {
        (top + down, left + right)
        for (top, left), (rows, columns) in spans.items()
        for down in range(rows)
        for right in range(columns)
        if down or right
    }
    written = []
    for column, cell in enumerate(cells, 1):
        rows, columns = spans.get((row, column), (1, 1))
        span = (
            f' table:number-rows-spanned="{rows}" table:number-columns-spanned="{columns}"'
            if rows * columns > 1
            else ""
        )
        name = "covered-table-cell" if (row, column) in covered else "table-cell"
        written.append(f"<table:{name}{span}{_ods_content(cell)}</table:{name}>")
    return f"<table:table-row>{''.join(written)}</table:table-row>"


def _ods_content(cell: Cell) -> str:
    if cell is None:
        return ">"
    if isinstance(cell, Fault):
        kind = 'office:value-type="string" office:string-value="" calcext:value-type="error" table:formula="of:=1/0"'
        return f" {kind}><text:p>{escape(cell.shown)}</text:p>"
    if isinstance(cell, Formula):
        if not cell.result:
            return ' table:formula="of:=A1">'
        return f' table:formula="of:=A1" office:value-type="string"><text:p>{escape(cell.result)}</text:p>'
    if isinstance(cell, Date):
        return f' office:value-type="date" office:date-value="{cell.day}"><text:p>shown</text:p>'
    if isinstance(cell, bool):
        return f' office:value-type="boolean" office:boolean-value="{str(cell).lower()}"><text:p>shown</text:p>'
    if isinstance(cell, int | float):
        return f' office:value-type="float" office:value="{cell}"><text:p>shown</text:p>'
    content = cell.spaces if isinstance(cell, Blank) else cell
    two = '<text:s text:c="2"/>'
    lines = "".join(f"<text:p>{escape(line).replace('  ', two)}</text:p>" for line in content.split("\n"))
    return f' office:value-type="string">{lines}<office:annotation><text:p>a remark</text:p></office:annotation>'
