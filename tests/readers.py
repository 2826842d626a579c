"""Read tables back from what the renderers wrote, with the parsers our users' tools have."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib import import_module
from xml.etree.ElementTree import Element

import html5lib
import pytest
from markdown_it import MarkdownIt


def need(tool: str) -> str:
    """Return the path of a program; without it skip, but fail where everything must run (CI)."""
    found = shutil.which(tool)
    if found is None:
        message = f"{tool} is not installed"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(message)
    return str(found)


def html_tree(html: str) -> Element:
    """Parse a fragment and fail on anything the HTML5 parser calls an error."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(html)


def html_rows(html: str) -> list[list[str]]:
    """Return the rows of the first table; a line break is a new line."""
    table = next(html_tree(html).iter("table"))
    return [[flat(cell) for cell in row if cell.tag in {"th", "td"}] for row in table.iter("tr")]


def flat(element: Element) -> str:
    """Return the text of an element as a reader sees it."""
    text = re.sub(r"[ \n\t]+", " ", "".join(_texts(element)))
    return "\n".join(line.strip(" ") for line in text.split("\0"))


def _texts(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == "br":
            yield "\0"
        elif isinstance(child.tag, str):
            yield from _texts(child)
        yield child.tail or ""


def markdown_rows(markdown: str) -> list[list[str]]:
    """Return the rows of the first table as a CommonMark parser with tables reads them."""
    return html_rows(markdown_html(markdown))


def markdown_html(markdown: str) -> str:
    """Convert Markdown with the tables and strikethrough of GitHub."""
    return MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough").render(markdown)


def pandoc(text: str, source: str, target: str = "html") -> str:
    """Convert with pandoc; typographic quotes off, so that names can be compared."""
    done = subprocess.run(
        [need("pandoc"), "-f", source, "-t", target, "--wrap=none"],
        input=text.encode(),
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert done.stderr == b""
    return done.stdout.decode()


def csv_rows(text: str) -> list[list[str]]:
    """Return the rows of a CSV."""
    return list(csv.reader(io.StringIO(text)))


def docx_rows(content: bytes) -> list[list[str]]:
    """Return the rows of the first table of a Word file, with the columns that continue below it."""
    import docx

    found: list[list[str]] = []
    continued = True
    for item in docx.Document(io.BytesIO(content)).iter_inner_content():
        if hasattr(item, "rows"):
            # Not row by row: python-docx 1.1.0 would read the whole table for each.
            texts = ["\n".join(one.text for one in cell.paragraphs) for cell in item._cells]
            rows = [texts[at : at + len(item.columns)] for at in range(0, len(texts), len(item.columns))]
            found = [[*row, *more[1:]] for row, more in zip(found, rows, strict=True)] if found else rows
            continued = False
        elif found and not continued:
            continued = item.text.startswith("Continued,")
            if not continued:
                break
    return found


def docx_text(content: bytes) -> str:
    """Return everything in a Word file: paragraphs and cells."""
    import docx

    paragraphs = [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]
    return "\n".join([*paragraphs, *("\n".join(row) for row in docx_rows(content))])


def xlsx_rows(content: bytes) -> list[list[str]]:
    """Return the rows of the first sheet of a workbook, to the empty row below the table."""
    rows = []
    for row in _pages(content)[0]:
        if not any(row):
            break
        rows.append(row)
    return rows


def xlsx_text(content: bytes) -> str:
    """Return everything in a workbook."""
    return "\n".join("\n".join(row) for page in _pages(content) for row in page)


def _pages(content: bytes) -> list[list[list[str]]]:
    openpyxl = import_module("openpyxl")
    pages = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    return [[["" if cell is None else str(cell) for cell in row] for row in page.values] for page in pages]
