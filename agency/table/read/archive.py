"""What a file is, told from its content; the inside of a workbook: bounded members, XML without entities.

An .xlsx or .ods file is a zip archive of XML. Both come from strangers: what an archive unpacks to is bounded before
anything is unpacked, document types (with which a few bytes of XML become gigabytes) are refused, and whatever breaks
on the way becomes one finding. The parser is the standard library's expat; defusedxml wraps the very same parser with
the two refusals made here, so that a dependency would add nothing.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Literal, NamedTuple
from xml.parsers import expat

from agency.findings import Finding, Place, UnreadableError, finding
from agency.words import marked, number, text

_FREE = 16_000_000
"""Bytes any archive may unpack to."""
_RATIO = 40
"""How many times its size an archive may unpack to beyond that; sheets of real tables are at 5 to 30."""
_MOST = 1_000_000_000
_TIMES = 2
"""How often all of it may be read: sheets are looked at for a header before one of them is read."""
_CHUNK = 1 << 16
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    struct.error,
    ArithmeticError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
"""What reading a damaged archive, or its XML, may raise."""


class OversizeError(ValueError):
    """A workbook unpacks to more than any table needs."""


class _Enough(Exception):  # noqa: N818 - no error: the walk has what it came for
    pass


@contextmanager
def damage_said(file: str) -> Iterator[None]:
    """Turn every error of reading a workbook into a finding about the file.

    Raises
    ------
    UnreadableError
        In place of whatever was raised inside.
    """
    try:
        yield
    except OversizeError as error:
        raise UnreadableError(finding("workbook-huge", Place(file), str(error))) from error
    except _BROKEN as error:
        raise UnreadableError(finding("workbook-damaged", Place(file), _reason(error))) from error


def _reason(error: Exception) -> str:
    """Return what is broken in words a person can look for; never more than a line."""
    said = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
    return " ".join(said.split())[:160] or type(error).__name__


class Archive:
    """The members of a zip archive, read within one budget of bytes.

    Names are matched whatever their case and slashes, as spreadsheet programs do.
    """

    def __init__(self, data: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self._members = {_plain(entry.filename): entry for entry in self._zip.infolist()}
        self._most = min(_FREE + _RATIO * len(data), _MOST)
        self._left = _TIMES * self._most

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._members

    @contextmanager
    def open(self, name: str) -> Iterator[Callable[[int], bytes]]:
        """Open a member; what is given reads on, and is counted: a sheet may be looked at before it is read.

        A member cannot unpack to more than it says: `zipfile` stops there and finds the checksum wrong.

        Raises
        ------
        OversizeError
            If the member, or all that was read so far, is more than the budget.
        LookupError, ValueError
            If there is no such member, or it is packed in a way no spreadsheet uses.
        """
        entry = self._members.get(_plain(name))
        if entry is None:
            raise LookupError(text("the part {name} is missing", name=name))
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError(text("the part {name} is packed in a way no spreadsheet uses", name=name))
        if entry.file_size > self._most:
            message = text("{name} unpacks to {size} bytes", name=name, size=number(entry.file_size))
            raise OversizeError(message)
        with self._zip.open(entry) as stream:

            def read(size: int) -> bytes:
                chunk = stream.read(size)
                self._left -= len(chunk)
                if self._left < 0:
                    raise OversizeError(text("its parts unpack to more than a table needs"))
                return chunk

            yield read


def _plain(name: str) -> str:
    return posixpath.normpath(name.replace("\\", "/").lstrip("/")).casefold()


Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


def walk(
    read: Callable[[int], bytes], start: Start, end: End, characters: Text, at: Callable[[int], None] | None = None
) -> None:
    """Go through an XML document once; names are local, without the prefix of their namespace.

    `read` returns the next bytes, at most as many as it is asked for, and none at the end. A handler ends the walk
    early with `enough`. `at` is told the line of each element before its start.

    Raises
    ------
    ValueError
        If the document has a document type.
    xml.parsers.expat.ExpatError
        If it is not well formed.
    """
    local: dict[str, str] = {}

    def started(name: str, attributes: dict[str, str]) -> None:
        short = local.get(name)
        if short is None:
            short = local[name] = name.rpartition(":")[2]
        if at is not None:
            at(parser.CurrentLineNumber)
        start(short, attributes)

    def ended(name: str) -> None:
        end(local[name])

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = started
    parser.EndElementHandler = ended
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    try:
        while chunk := read(_CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except _Enough:
        return


def enough() -> None:
    """End the walk that calls the handler this is called in."""
    raise _Enough


def attribute(attributes: dict[str, str], name: str, default: str = "") -> str:
    """Return an attribute by its local name."""
    if name in attributes:
        return attributes[name]
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), default)


def ignore_text(_text: str) -> None:
    """Handle characters that are not asked for."""


def ignore_end(_name: str) -> None:
    """Handle ends of elements that are not asked for."""


def _refuse(*_declaration: object) -> None:
    message = text("a document type, which no spreadsheet writes")
    raise ValueError(message)


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
