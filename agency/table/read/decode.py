"""Bytes to text: never by guess. One reading, or an error that names the option that decides."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from agency import words
from agency.errors import UsageError
from agency.findings import Finding, Place, UnreadableError, finding

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
