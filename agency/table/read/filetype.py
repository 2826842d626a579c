"""What a file is, told from its content: its name may say something else."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Literal, NamedTuple

from agency.findings import Finding, Place, finding
from agency.words import marked, text

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOOK = 4_096
"""Bytes at the beginning that tell what a file is."""
_JSON = re.compile(rb'\s*(?:\{\s*(?:"|\})|\[\s*(?:[\[{"\]0-9-]|true|false|null))')
_MARKUP = re.compile(rb"\s*(?:<\?xml[^>]*>|<!--.*?-->|<!doctype[^>]*>|\s)*<([\w:.-]+)", re.IGNORECASE | re.DOTALL)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

Kind = Literal["xlsx", "ods", "text", "other", "packed"]


class FileType(NamedTuple):
    """What a file is: a kind that is read, or another one in words, and what to do about that."""

    kind: Kind
    """What reads it: ``packed`` and ``other`` nothing does; they differ in what a message expects in their place."""
    called: str = ""
    """What it is, in words that are not translated yet."""
    importer: str = ""
    """The word of `agency import` that reads it, "" when none does."""


_TEXT = FileType("text")
_BEGINNINGS = (
    (b"%PDF", marked("a PDF file"), ""),
    (b"{\\rtf", marked("a text with formats (RTF)"), ""),
    (b"<stata_dta>", marked("a Stata file"), ""),
    (b"$FL2", marked("an SPSS file"), ""),
    (b"$FL3", marked("an SPSS file"), ""),
    (b"ASCII SPSS PORT FILE", marked("an SPSS file"), ""),
    (b"SQLite format 3\0", marked("an SQLite database"), ""),
    (b"PAR1", marked("a Parquet file"), ""),
    (b"\x1f\x8b", marked("a packed file (gzip)"), ""),
    (b"7z\xbc\xaf\x27\x1c", marked("a packed file (7z)"), ""),
    (b"Rar!\x1a\x07", marked("a packed file (RAR)"), ""),
)
_OLD_STATA = re.compile(rb"[\x69-\x73][\x01\x02]\x01\x00")
_SAS = b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\x00\x09\xc7\x31\x8c"
_ROOTS = {
    "html": (marked("an HTML page (some systems name it .xls)"), "wide"),
    "table": (marked("an HTML page (some systems name it .xls)"), "wide"),
    "iati-activities": (marked("an IATI file (XML)"), "iati"),
    "codebook": (marked("a codebook of REFI-QDA (QDC)"), ""),
    "project": (marked("a project of REFI-QDA (XML)"), "qdpx"),
    "workbook": (marked("a spreadsheet in the XML format of 2003"), ""),
    "document": (marked("a flat OpenDocument file (XML)"), ""),
}
_MEMBERS = (
    ("xl/workbook.bin", FileType("packed", marked("a binary Excel workbook (.xlsb)"))),
    ("word/document.xml", FileType("packed", marked("a Word document"), "wide")),
    ("ppt/presentation.xml", FileType("packed", marked("a PowerPoint presentation"))),
    ("project.qde", FileType("packed", marked("a project of REFI-QDA (QDPX)"), "qdpx")),
    ("index/document.iwa", FileType("packed", marked("a document of Apple iWork (Numbers, Pages)"))),
)


def file_type(data: bytes) -> FileType:
    """Return what a file is.

    Examples
    --------
    >>> file_type(b"%PDF-1.7").called, file_type(b"project,phase").kind
    ('a PDF file', 'text')
    """
    if data.startswith(b"PK\x03\x04"):
        return _zip_type(data)
    if data.startswith(_OLE[:4]):
        return _ole_type(data)
    for beginning, called, importer in _BEGINNINGS:
        if data.startswith(beginning):
            return FileType("other", called, importer)
    if _OLD_STATA.match(data):
        return FileType("other", marked("a Stata file"))
    if _SAS in data[:64]:
        return FileType("other", marked("a SAS file"))
    return _text_type(data.removeprefix(_BYTE_ORDER_MARK)[:_LOOK])


def _text_type(head: bytes) -> FileType:
    """Return what a text is: JSON and XML are told from a table by how they begin."""
    if _JSON.match(head):
        oc4ids = any(word in head for word in (b'"ocid"', b'"releases"', b'"projects"', b'"records"'))
        return FileType("other", marked("a JSON file"), "oc4ids" if oc4ids else "")
    root = _MARKUP.match(head)
    if root is None:
        return _TEXT
    name = root.group(1).decode("ascii", "replace").rpartition(":")[2].casefold()
    called, importer = _ROOTS.get(name, (marked("an XML file"), ""))
    return FileType("other", called, importer)


def _ole_type(data: bytes) -> FileType:
    """Return what a compound file (Office before 2007, or an encrypted one of today) holds."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return FileType("packed", marked("a file protected by a password"))
    if "WordDocument".encode("utf-16-le") in data:
        return FileType("packed", marked("an old Word document (.doc)"))
    if "Workbook".encode("utf-16-le") in data or "Book".encode("utf-16-le") in data:
        return FileType("packed", marked("an old Excel workbook (.xls)"))
    return FileType("packed", marked("an old Office file, or another packed file"))


def _zip_type(data: bytes) -> FileType:
    """Return what a zip archive holds; a broken one is looked at by whoever reads the workbook."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = {name.replace("\\", "/").casefold() for name in archive.namelist()}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, LookupError):
        return FileType("packed", marked("a workbook or another packed file"))
    if "content.xml" in names:
        return FileType("ods")
    found = next((kind for member, kind in _MEMBERS if member in names), None)
    if found is not None:
        return found
    if "[content_types].xml" in names or any(name.startswith("xl/") for name in names):
        return FileType("xlsx")
    return FileType("packed", marked("a packed file (zip)"))


def other_file(kind: FileType, name: str, *, workbook: bool) -> Finding:
    """Return the finding for a file that is not what its name says: no workbook, or no CSV."""
    fix = text("agency import {what} reads it.", what=kind.importer) if kind.importer else ""
    if kind.kind == "other":
        return finding("file-other", Place(name), text(kind.called), fix=fix)
    called = {"xlsx": text("an .xlsx workbook"), "ods": text("an .ods workbook"), "text": text("a text file")}
    expected = text("an .xlsx workbook or .ods") if workbook else ""
    return finding("file-workbook", Place(name), called.get(kind.kind) or text(kind.called), expected=expected, fix=fix)
