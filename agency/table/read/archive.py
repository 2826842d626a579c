"""The inside of a workbook, safely: members of a zip archive within bounds, their XML without entities.

An .xlsx or .ods file is a zip archive of XML. Both come from strangers: what an archive unpacks to is bounded before
anything is unpacked, document types (with which a few bytes of XML become gigabytes) are refused, and whatever breaks
on the way becomes one finding. The parser is the standard library's expat; defusedxml wraps the very same parser with
the two refusals made here, so that a dependency would add nothing.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from xml.parsers import expat

from agency.findings import Place, UnreadableError, finding
from agency.words import number, text

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
