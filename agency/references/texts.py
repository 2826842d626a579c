"""The texts of sources: which file belongs to a key, and what is written in it (text, PDF, Word, HTML)."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from agency import words
from agency.about import install_hint
from agency.references.model import Reference

LARGEST_TEXT = 1 << 26
"""Bytes of a file, and of a packed one when it is unpacked."""
_ENDINGS = (".txt", ".md", ".html", ".htm", ".docx", ".pdf")
"""What is looked for under a key, a plain text before what has to be made one."""
_WORD_FILES = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")


class TextError(Exception):
    """A text that cannot be read; `str()` says what was found, `fix` what to do."""

    def __init__(self, found: str, fix: str = "") -> None:
        super().__init__(found)
        self.fix = fix


@dataclass(frozen=True)
class SourceText:
    """What is written in a file, and how it was read."""

    text: str
    how: str = ""
    """"" for a plain text, else for instance "PDF, 12 pages, read by pypdf 5.1"."""


def text_file(reference: Reference, folder: Path) -> Path | None:
    r"""Return the file of a source's text: the one its entry names, else KEY.txt and the like; never one outside.

    A reference manager writes its own ``file`` (``Full Text:C\:\\Users\\me\\paper.pdf:application/pdf``): its file name
    is looked for in the folder, and when it is not there, KEY.txt.
    """
    for name in (*_named(reference.file), *(f"{stem}{end}" for stem in _stems(reference.key) for end in _ENDINGS)):
        path = folder / name
        if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
            return path
    return None


def _named(field: str) -> Iterator[str]:
    """Yield the names a field `file` may stand for, as written first."""
    if not field or len(field) > 4000 or "\0" in field:
        return
    written = field.replace("\\_", "_").replace("{", "").replace("}", "")
    if ";" not in written and ":" not in written:
        yield written
    for part in re.split(r"(?<!\\);", written):
        pieces = re.split(r"(?<!\\):", part)
        # "description:path:type" of Zotero and JabRef; ":path:type" without description; a bare path.
        for piece in pieces[1:-1] or pieces:
            path = piece.replace("\\:", ":").replace("\\;", ";").replace("\\\\", "/").replace("\\", "/")
            if path.strip():
                yield path.strip().rpartition("/")[2]


def _stems(key: str) -> Iterator[str]:
    if "/" not in key and "\\" not in key and "\0" not in key and len(key) < 200:
        yield key
    safe = re.sub(r"[^\w.-]+", "_", key)[:200]
    if safe not in ("", key):
        yield safe


def read_text(path: Path) -> SourceText:
    """Return what is written in a file, by what the file is, whatever its ending.

    Raises
    ------
    TextError
        If the file is too large, damaged, or of a kind that cannot be read.
    OSError
        If it cannot be opened.
    """
    size = path.stat().st_size
    if size > LARGEST_TEXT:
        found = words.text(
            "a file of {size} MB, more than {largest_text} MB", size=size >> 20, largest_text=LARGEST_TEXT >> 20
        )
        raise TextError(found)
    data = path.read_bytes()
    if data.startswith(b"%PDF"):
        return _pdf(data)
    if data.startswith(b"PK\x03\x04"):
        return _word(data)
    text = _decoded(data)
    if path.suffix.lower() in (".html", ".htm", ".xhtml") or re.match(
        r"\s*<(?:!doctype html|html)\b", text[:500], re.I
    ):
        return _html(text)
    return SourceText(text)


def _decoded(data: bytes) -> str:
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        if "\0" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    found = words.text("bytes that are no text")
    raise TextError(found)


def _pdf(data: bytes) -> SourceText:
    """Return the text of a PDF, a form feed between its pages."""
    import logging

    try:
        import pypdf
    except ImportError as error:
        found = words.text("a PDF, and no reader for it")
        fix = words.text(
            "Install the reader with {command}, or save the text as KEY.txt.", command=install_hint("texts")
        )
        raise TextError(found, fix) from error
    quiet = logging.getLogger("pypdf")
    level = quiet.level
    quiet.setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            found = words.text("a PDF with a password")
            raise TextError(found)
        pages = [page.extract_text() or "" for page in reader.pages]
    except TextError:
        raise
    except Exception as error:  # a reader of other people's files may fail in any way
        found = words.text("a damaged PDF ({kind})", kind=type(error).__name__)
        raise TextError(found) from error
    finally:
        quiet.setLevel(level)
    if not any(page.strip() for page in pages):
        found = words.text("a PDF of {pages} pages without text: a scan", pages=len(pages))
        raise TextError(found, words.text("Piece it through text recognition (OCR), or save the text as KEY.txt."))
    return SourceText(
        "\n\f".join(pages),
        words.text("PDF, {pages} pages, read by pypdf {version}", pages=len(pages), version=pypdf.__version__),
    )


def _word(data: bytes) -> SourceText:
    """Return the paragraphs of a Word document, then its notes."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = [name for name in _WORD_FILES if name in packed.namelist()]
            if "word/document.xml" not in names:
                found = words.text("a packed file that is no Word document")
                raise TextError(found)
            if sum(packed.getinfo(name).file_size for name in names) > LARGEST_TEXT:
                found = words.text(
                    "a Word document of more than {largest_text} MB unpacked", largest_text=LARGEST_TEXT >> 20
                )
                raise TextError(found)
            parts = [_paragraphs(packed.read(name)) for name in names]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        found = words.text("a damaged Word document ({kind})", kind=type(error).__name__)
        raise TextError(found) from error
    return SourceText("\n".join(parts), words.text("Word document"))


def _paragraphs(data: bytes) -> str:
    """Return the text of WordprocessingML; a document with entities of its own is refused."""
    from xml.etree import ElementTree as ET

    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        found = words.text("a Word document with a document type of its own")
        raise TextError(found)
    try:
        root = ET.fromstring(data)
    except ET.ParseError as error:
        found = words.text("a damaged Word document (line {position})", position=error.position[0])
        raise TextError(found) from error
    out = []
    for element in root.iter():
        name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if name == "t":
            out.append(element.text or "")
        elif name in ("p", "br", "cr"):
            out.append("\n")
        elif name == "tab":
            out.append("\t")
        elif name == "noBreakHyphen":
            out.append("-")
    return "".join(out)


class _Page(HTMLParser):
    """Gathers what a browser would show."""

    _HIDDEN = ("script", "style", "noscript", "template", "svg", "head")
    _BLOCKS = frozenset(
        (
            "p",
            "div",
            "br",
            "li",
            "ul",
            "ol",
            "table",
            "tr",
            "td",
            "th",
            "section",
            "article",
            "header",
            "footer",
            "blockquote",
            "pre",
            "hr",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
        )
    )

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        if tag in self._HIDDEN:
            self._hidden.append(tag)
        elif tag in ("body", "main") and "head" in self._hidden:
            self._hidden.clear()
        if tag in self._BLOCKS:
            self.out.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._hidden and tag == self._hidden[-1]:
            self._hidden.pop()
        if tag in self._BLOCKS:
            self.out.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.out.append(data)


def _html(text: str) -> SourceText:
    page = _Page()
    try:
        page.feed(text)
        page.close()
    except (ValueError, AssertionError, RecursionError) as error:
        found = words.text("a damaged HTML page ({kind})", kind=type(error).__name__)
        raise TextError(found) from error
    return SourceText("".join(page.out), words.text("HTML page"))
