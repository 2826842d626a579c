"""The record of one reference, whatever file it came from, and the mapping of all of them by key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

SOURCE_TYPES = ("official", "academic", "ngo", "media", "interview")


@dataclass(frozen=True)
class Piece:
    """A run of a printed reference."""

    text: str
    style: Literal["plain", "italic", "link"] = "plain"
    target: str = ""
    """Address of a link."""


_WEB = re.compile(r"(https?|ftp)://\S+", re.IGNORECASE)


def link(text: str, address: str) -> Piece:
    """Return words that lead to an address of the web; to anything else (``javascript:…``) words lead nowhere.

    Examples
    --------
    >>> link("a", "https://example.org").target, link("a", "javascript:alert(1)").style
    ('https://example.org', 'plain')
    """
    return Piece(text, "link", address) if _WEB.fullmatch(address) else Piece(text)


@dataclass(frozen=True)
class Name:
    """A person, or an organisation, which has only a `family`.

    Examples
    --------
    >>> Name("Dijk", "Teun A.", particle="van").inverted
    'van Dijk, Teun A.'
    >>> Name("Ministerio de Gobierno").inverted
    'Ministerio de Gobierno'
    """

    family: str
    given: str = ""
    particle: str = ""
    suffix: str = ""

    @property
    def surname(self) -> str:
        """Family name with its particle, as cited."""
        glue = "" if self.particle.endswith(("'", "’")) or not self.particle else " "
        return f"{self.particle}{glue}{self.family}"

    @property
    def inverted(self) -> str:
        """The name as the first of a list is printed; a Chinese name has no comma."""
        if not self.given:
            return self.surname
        if is_cjk(self.family):
            return f"{self.surname}{self.given}"
        return ", ".join(part for part in (self.surname, self.given, self.suffix) if part)

    @property
    def straight(self) -> str:
        """The name as the others of a list are printed."""
        if is_cjk(self.family):
            return f"{self.surname}{self.given}"
        return " ".join(part for part in (self.given, self.surname, self.suffix) if part)


def is_cjk(text: str) -> bool:
    """Say whether a name is written in Chinese, Japanese or Korean characters."""
    return bool(text) and all("\u2e80" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7af" or c in " ·" for c in text)


@dataclass(frozen=True)
class Day:
    """A date of which at least the year is known; month and day are 0 where they are not."""

    year: int
    month: int = 0
    day: int = 0


@dataclass(frozen=True)
class Reference:
    """One source, in the terms of the Citation Style Language, so that no input is privileged.

    Attributes
    ----------
    kind
        A type of CSL 1.0.2 ("article-journal", "report", "webpage", "interview" ...); "document" where none fits.
    year
        As it is printed: "2020", "2020/2021", "2020–2022", "forthcoming"; "" where the entry has none.
    fields
        The entry as it was written, by lower-case name: what `write_bibtex` writes back.
    written
        The entry's own type: "article" of BibTeX, "article-journal" of CSL-JSON, "" in sources.csv.
    """

    key: str
    kind: str = "document"
    authors: tuple[Name, ...] = ()
    more_authors: bool = False
    """The list ends in "and others"."""
    editors: tuple[Name, ...] = ()
    translators: tuple[Name, ...] = ()
    interviewers: tuple[Name, ...] = ()
    year: str = ""
    issued: Day | None = None
    until: Day | None = None
    """End of a range of dates."""
    accessed: Day | None = None
    title: str = ""
    container: str = ""
    """Journal, newspaper, book, proceedings or site."""
    organisation: str = ""
    """Who stands behind it where nobody signs: institution, organisation, school."""
    publisher: str = ""
    place: str = ""
    series: str = ""
    genre: str = ""
    volume: str = ""
    issue: str = ""
    number: str = ""
    edition: str = ""
    pages: str = ""
    how: str = ""
    """How it was published, in the entry's words."""
    doi: str = ""
    url: str = ""
    eprint: str = ""
    """Archive and identifier: "arXiv:2001.01234"."""
    source_type: str = ""
    file: str = ""
    derives_from: tuple[str, ...] = ()
    language: str = ""
    written: str = ""
    shape: Literal["bibtex", "csl", "table", ""] = ""
    """What `fields` are: of BibTeX, of CSL-JSON, of sources.csv."""
    line: int = 0
    origin: str = ""
    """Name of the file it stands in."""
    fields: Mapping[str, object] = field(default_factory=dict, hash=False, compare=False)

    @property
    def is_bare(self) -> bool:
        """Whether nothing but the key is known."""
        known = (self.authors, self.editors, self.title, self.container, self.organisation, self.publisher, self.how)
        return not any((*known, self.doi, self.url))


class References(Mapping[str, Reference]):
    """All references of a file by key, in its order; frozen.

    Parameters
    ----------
    entries
        The references.
    broken
        Line by key of the entries that could not be read: a table that cites one has an error of its own already.
    file
        Name of the file.
    """

    def __init__(
        self, entries: Mapping[str, Reference] | None = None, *, broken: Mapping[str, int] | None = None, file: str = ""
    ) -> None:
        self._entries = MappingProxyType(dict(entries or {}))
        self.broken: Mapping[str, int] = MappingProxyType(dict(broken or {}))
        self.file = file

    def __getitem__(self, key: str) -> Reference:
        return self._entries[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"References({self.file!r}, {len(self)} entries)"


def bare_reference(key: str) -> Reference:
    """Return the record of a source of which only the key is known."""
    return Reference(key)
