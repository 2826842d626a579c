"""Reads `sources.bib` (through pybtex) into `Source` records with a plain author-date reference."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from agency.findings import Finding, Place, finding
from agency.table.model import Source

if TYPE_CHECKING:
    from pybtex.database import BibliographyData, Entry

SOURCES_FILE = "sources.bib"
_NO_COMMA = re.compile(r"^[ \t]*@(?P<type>\w+)\s*[{(]\s*(?P<key>[^\s,{}()=]+)\s+[\w-]+\s*=", re.MULTILINE)
"""An entry whose key is followed by a field: pybtex lets that pass, BibTeX does not."""
SOURCE_TYPES = ("official", "academic", "ngo", "media", "interview")


def read_sources(text: str, file: str = SOURCES_FILE) -> tuple[dict[str, Source], list[Finding]]:
    """Return the entries of a BibTeX text by key, in its order, and what is wrong with them."""
    data, findings = _parse(text, file)
    sources = {key: _source(key, entry) for key, entry in data.entries.items()}
    for key, source in sources.items():
        if source.source_type and source.source_type not in SOURCE_TYPES:
            findings.append(finding("bib-type", _place(text, file, key), source.source_type))
    return sources, findings


def bare_source(key: str) -> Source:
    """Return the record of a source of which only the key is known."""
    return Source(key, reference=key, short=key)


def _parse(text: str, file: str) -> tuple[BibliographyData, list[Finding]]:
    from pybtex import errors
    from pybtex.database.input.bibtex import Parser

    parser = Parser()
    with errors.capture() as mistakes:
        data = parser.parse_string(text)
    findings = []
    for mistake in mistakes:
        repeated = re.search(r"repeated bibliography entry: (.+)", str(mistake))
        if repeated:
            key = repeated.group(1)
            findings.append(finding("bib-repeated", _place(text, file, key, last=True), f"key '{key}'"))
        else:
            findings.append(_syntax(mistake, file))
    for entry in _NO_COMMA.finditer(text):
        if entry["type"].lower() not in ("comment", "preamble", "string"):
            place = Place(file, text.count("\n", 0, entry.start()) + 1)
            found = f"no comma after the key '{entry['key']}'"
            findings.append(finding("bib-syntax", place, found, fix=f"Write {entry['key']}, with a comma."))
    return data, findings


def _syntax(mistake: Exception, file: str) -> Finding:
    """Return the finding for what pybtex says about a line; a word it does not know should have been text."""
    from pybtex.database.input.bibtex import UndefinedMacro

    place = Place(file, getattr(mistake, "lineno", 0) or 0)
    message = re.sub(r"^[a-z ]+(?: in line \d+): ", "", str(mistake))
    if isinstance(mistake, UndefinedMacro):
        found = f"the word '{message}' stands without braces and is not defined by @string"
        return finding("bib-syntax", place, found, fix=f"Put it in braces: {{{message}}}.")
    if message.endswith("expected"):
        return finding(
            "bib-syntax", place, message, fix="Look for a comma or brace missing here or on the line before."
        )
    return finding("bib-syntax", place, message)


def _place(text: str, file: str, key: str, *, last: bool = False) -> Place:
    found = list(re.finditer(rf"(?im)^[ \t]*@\w+\s*[{{(]\s*{re.escape(key)}\s*,", text))
    if not found:
        return Place(file)
    return Place(file, text.count("\n", 0, found[-1 if last else 0].start()) + 1)


def _source(key: str, entry: Entry) -> Source:
    names = _names(entry)
    year = _plain(entry.fields.get("year", "")) or "n.d."
    return Source(
        key,
        source_type=_plain(entry.fields.get("source_type", "")),
        file=entry.fields.get("file", "").strip(),
        reference=_reference(entry, names, year) if names else key,
        short=f"{_joined([surname for surname, _ in names])} {year}" if names else key,
    )


def _names(entry: Entry) -> list[tuple[str, str]]:
    """Return surname and given names of authors, else of editors; a corporate author has no given name."""
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    return [
        (
            _plain(" ".join([*person.prelast_names, *person.last_names])),
            _plain(" ".join([*person.first_names, *person.middle_names])),
        )
        for person in people
    ]


def _reference(entry: Entry, names: list[tuple[str, str]], year: str) -> str:
    """Return a reference: ``Surname, Given; Surname, Given (Year). Title. Where. doi:X``, else the address."""
    people = "; ".join(f"{surname}, {given}" if given else surname for surname, given in names)
    where = next((entry.fields[name] for name in _PLACES if entry.fields.get(name)), "")
    doi = entry.fields.get("doi", "")
    texts = [_plain(part).rstrip(".") for part in (entry.fields.get("title", ""), where) if part]
    sentences = [text if text.endswith(("?", "!")) else f"{text}." for text in texts]
    address = f"doi:{doi}" if doi else entry.fields.get("url", "")
    return " ".join([f"{people} ({year}).", *sentences, *([address] if address else [])])


_PLACES = ("journal", "booktitle", "publisher", "institution", "organization", "school", "howpublished")


def _joined(surnames: list[str]) -> str:
    if len(surnames) > 3:
        return f"{surnames[0]} et al."
    return " & ".join([", ".join(surnames[:-1]), surnames[-1]]) if len(surnames) > 1 else surnames[0]


def _plain(text: str) -> str:
    """Return BibTeX text without LaTeX: accents as characters, no braces."""
    if "\\" in text or "$" in text:
        from pybtex.richtext import Text

        text = str(Text.from_latex(text))
    return " ".join(text.replace("{", "").replace("}", "").replace("~", " ").replace("--", "–").split())
