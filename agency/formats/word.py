"""Sheets as a Word document: real tables with named styles that a user can restyle. Needs the extra `word`."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from math import sqrt
from typing import TYPE_CHECKING, Any

from agency.about import install_hint
from agency.characters import clean
from agency.errors import UsageError
from agency.formats.text import rooms, side_by_side
from agency.words import language, text

if TYPE_CHECKING:
    from agency.formats.sheet import Entry, Note, Sheet

TABLE_STYLE = "Agency Table"
CELL_STYLE = "Agency Table Text"
NOTE_STYLE = "Agency Note"
REFERENCE_STYLE = "Agency Reference"
_LETTER = 5.4
"""Points of a letter of nine points in bold, on average and with some to spare: 0.6 of its height."""
_INSET = 11
"""Points that Word leaves beside the text of a cell."""
_POINT = 12_700
"""Word's units in a point."""
_STEP = 635
"""Widths are kept in twentieths of a point, and would be rounded up."""
_UPRIGHT_COLUMNS = 5
"""Tables with more columns make the page landscape."""
_TITLE = 255
"""Letters that a property of a Word file can have."""


def render(sheets: list[Sheet], *, bare: bool = False) -> bytes:
    """Return a .docx with the sheets below one another; the same sheets give the same bytes.

    Caption, cells, notes and references use the styles "Caption", "Agency Table Text" (in "Agency Table"),
    "Agency Note" and "Agency Reference".

    Raises
    ------
    UsageError
        If python-docx is not installed.
    """
    try:
        import docx
    except ImportError as error:
        message = text(
            "Word files need the package {package}: {command}", package="python-docx", command=install_hint("word")
        )
        raise UsageError(message) from error
    document = docx.Document()
    _forget_template(document)
    document.core_properties.title = clean(sheets[0].caption)[:_TITLE] if sheets else ""
    _add_styles(document)
    shown = [sheet.bare() if bare else sheet for sheet in sheets]
    room = _room(document.sections[0])
    if any(len(sheet.columns) > _UPRIGHT_COLUMNS or sum(_least(sheet)) > room for sheet in shown):
        _turn_page(document.sections[0])
        room = _room(document.sections[0])
    for number, sheet in enumerate(shown, 1):
        if sheet.caption and not bare:
            _add_caption(document, sheet.caption, number)
        _add_sheet(document, sheet, room)
    stream = io.BytesIO()
    document.save(stream)
    return _without_clock(stream.getvalue())


def _forget_template(document: Any) -> None:
    """Drop author, dates and preview of the template that python-docx starts from."""
    properties = document.core_properties
    properties.author = ""
    properties.comments = ""
    properties.language = language()
    for name in ("dcterms:created", "dcterms:modified"):
        for element in properties._element.findall(name, _NAMESPACES):
            properties._element.remove(element)
    links = document.part.package.rels
    for key in [key for key, link in links.items() if link.reltype.endswith("/thumbnail")]:
        del links[key]


_NAMESPACES = {"dcterms": "http://purl.org/dc/terms/"}


def _turn_page(section: Any) -> None:
    from docx.enum.section import WD_ORIENT

    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width


def _add_styles(document: Any) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt

    styles = document.styles
    table = styles.add_style(TABLE_STYLE, WD_STYLE_TYPE.TABLE)
    table.base_style = styles["Normal Table"]
    for properties in (
        '<w:tblPr xmlns:w="{w}"><w:tblBorders><w:top w:val="single" w:sz="8" w:color="auto"/>'
        '<w:bottom w:val="single" w:sz="8" w:color="auto"/></w:tblBorders></w:tblPr>',
        '<w:tblStylePr xmlns:w="{w}" w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>'
        '<w:bottom w:val="single" w:sz="4" w:color="auto"/></w:tcBorders></w:tcPr></w:tblStylePr>',
    ):
        table.element.append(_xml(properties))
    for name, size, before in ((CELL_STYLE, 9, 2), (NOTE_STYLE, 8, 2), (REFERENCE_STYLE, 8, 2)):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        style.quick_style = True
        style.font.size = Pt(size)
        style.paragraph_format.space_before = Pt(before)
        style.paragraph_format.space_after = Pt(before)
    styles[REFERENCE_STYLE].paragraph_format.left_indent = Pt(18)
    styles[REFERENCE_STYLE].paragraph_format.first_line_indent = Pt(-18)


def _xml(text: str) -> Any:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsmap

    return parse_xml(text.format(w=nsmap["w"]))


def _room(section: Any) -> int:
    return int(section.page_width - section.left_margin - section.right_margin)


def _least(sheet: Sheet) -> list[int]:
    """Return the width of each column's longest word, as it stands in the table's letters, in EMU."""
    return [int((room.word * _LETTER + _INSET) * _POINT) for room in rooms(sheet)]


def _add_sheet(document: Any, sheet: Sheet, room: int) -> None:
    """Add a table with its notes; one too wide for the page continues below, its first column repeated."""
    for number, columns in enumerate(side_by_side(_least(sheet), room, stub=sheet.stub)):
        if number:
            document.add_paragraph(text("Continued, with the next columns:"), style=NOTE_STYLE)
        _add_table(document, _with_columns(sheet, columns), room)
    for note in sheet.notes:
        _add_note(document, note)
    if sheet.references:
        document.add_paragraph(text("References"), style=NOTE_STYLE)
    for line in sheet.references:
        paragraph = document.add_paragraph(style=REFERENCE_STYLE)
        for run in line:
            paragraph.add_run(clean(run.text)).italic = run.italic or None


def _with_columns(sheet: Sheet, columns: list[int]) -> Sheet:
    return replace(
        sheet,
        columns=tuple(sheet.columns[at] for at in columns),
        rows=tuple(tuple(row[at] for at in columns) for row in sheet.rows),
        numeric=tuple(place for place, at in enumerate(columns) if at in sheet.numeric),
    )


def _add_table(document: Any, sheet: Sheet, room: int) -> None:
    table = document.add_table(rows=1, cols=len(sheet.columns), style=TABLE_STYLE)
    # By its id, set directly: python-docx searches all styles each time one is given by name.
    style = document.styles[CELL_STYLE].style_id
    for cell, name in zip(_cells(table.rows[0]), sheet.columns, strict=True):
        cell.paragraphs[0]._p.style = style
        cell.paragraphs[0].add_run(clean(name))
    _mark_row(table.rows[0], "tblHeader")
    _set_widths(table, sheet, room)
    for row in sheet.rows:
        added = table.add_row()
        _mark_row(added, "cantSplit")
        for at, (cell, entry) in enumerate(zip(_cells(added), row, strict=True)):
            _fill(cell, entry, style, right=at in sheet.numeric)


def _cells(row: Any) -> list[Any]:
    """Return the cells of a row, none of which is merged; python-docx 1.1.0 reads the whole table for ``cells``."""
    from docx.table import _Cell

    return [_Cell(tc, row.table) for tc in row._tr.tc_lst]


def _add_caption(document: Any, caption: str, number: int) -> None:
    """Add a caption that Word numbers and lists among the tables."""
    paragraph = document.add_paragraph(f"{text('Table')} ", style="Caption")
    paragraph.paragraph_format.keep_with_next = True
    field = '<w:fldSimple xmlns:w="{w}" w:instr=" SEQ Table \\* ARABIC "><w:r><w:t>NUMBER</w:t></w:r></w:fldSimple>'
    paragraph._p.append(_xml(field.replace("NUMBER", str(number))))
    paragraph.add_run(f". {clean(caption)}")


def _mark_row(row: Any, name: str) -> None:
    """Repeat a header row on every page (tblHeader), or keep a row on one page (cantSplit)."""
    row._tr.get_or_add_trPr().append(_xml(f'<w:{name} xmlns:w="{{w}}"/>'))


def _fill(cell: Any, entry: Entry, style: str, *, right: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    if entry.shade:
        cell._tc.get_or_add_tcPr().append(_ground(entry.shade))
    for at, line in enumerate(entry.lines):
        paragraph = cell.add_paragraph() if at else cell.paragraphs[0]
        paragraph._p.style = style
        if right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        for run in line:
            written = paragraph.add_run(clean(run.text))
            if run.shade:
                written._r.get_or_add_rPr().append(_ground(run.shade))
            if run.struck:
                written.font.strike = True
            if run.marks:
                paragraph.add_run(clean(",".join(run.marks))).font.superscript = True


def _add_note(document: Any, note: Note) -> None:
    paragraph = document.add_paragraph(style=NOTE_STYLE)
    if note.mark:
        paragraph.add_run(clean(note.mark)).font.superscript = True
        paragraph.add_run(" ")
    written = paragraph.add_run(clean(note.text))
    if note.shade:
        written._r.get_or_add_rPr().append(_ground(note.shade))


def _ground(shade: str) -> Any:
    return _xml(f'<w:shd xmlns:w="{{w}}" w:val="clear" w:color="auto" w:fill="{shade[1:]}"/>')


def _set_widths(table: Any, sheet: Sheet, room: int) -> None:
    """Share the line among the columns of a header, none below its longest word; rows added later take them over."""
    from docx.shared import Emu

    table.autofit = False
    least = _least(sheet)
    spare = max(room - sum(least), 0)
    asked = [sqrt(column.cell) for column in rooms(sheet)]
    for column, cell, low, more in zip(table.columns, _cells(table.rows[0]), least, asked, strict=True):
        column.width = cell.width = Emu(int(low + spare * more / sum(asked)) // _STEP * _STEP)


def _without_clock(content: bytes) -> bytes:
    """Return the same archive with all times of its members fixed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            member = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 0
            new.writestr(member, old.read(name))
    return stream.getvalue()
