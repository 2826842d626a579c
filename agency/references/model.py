"""The record of one reference, the mapping of all by key, how many are independent, and what can be wrong with them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from agency.findings import Finding, Place, finding
from agency.words import text

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


def independent(keys: Iterable[str], references: Mapping[str, Reference]) -> int:
    """Return the number of independent sources among `keys`.

    Two that retell a third are connected by it, whether the third is among the keys or not. A key without an entry is
    a source of its own.

    Examples
    --------
    >>> retold = {"a": (), "b": ("a",), "c": ("a",), "d": ()}
    >>> known = {key: Reference(key, derives_from=others) for key, others in retold.items()}
    >>> independent(["b", "c", "d"], known)
    2
    """
    return len(set(independent_groups(keys, references).values()))


def independent_groups(keys: Iterable[str], references: Mapping[str, Reference]) -> dict[str, str]:
    """Return for each key the group of connected sources it belongs to, named by one of its keys."""
    parent: dict[str, str] = {}

    def top(key: str) -> str:
        parent.setdefault(key, key)
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    works: dict[tuple[str, ...], str] = {}
    for key, reference in references.items():
        for other in reference.derives_from:
            parent[top(key)] = top(other)
        same = works.setdefault(work_of(reference), key)
        parent[top(key)] = top(same)
    return {key: top(key) for key in keys}


def first_keys(keys: Iterable[str], references: Mapping[str, Reference]) -> dict[str, str]:
    """Return for each key that has an entry the first key of the same work.

    Examples
    --------
    >>> known = {key: Reference(key, doi="10.1/a") for key in ("a", "b")}
    >>> first_keys(["b", "a", "c"], known)
    {'b': 'b', 'a': 'b'}
    """
    works: dict[tuple[str, ...], str] = {}
    return {
        key: works.setdefault(work_of(references[key]), key)
        for key in dict.fromkeys(keys)
        if key in references and not references[key].is_bare
    }


def work_of(reference: Reference) -> tuple[str, ...]:
    """Return what two keys of one work share: DOI, else title, date and who signs; the key where that is too little."""
    title, container = (re.sub(r"\W+", " ", text.casefold()).strip() for text in (reference.title, reference.container))
    if reference.doi:
        # Chapters may carry the identifier of their book.
        return ("doi", reference.doi.casefold(), title if reference.kind == "chapter" else "")
    says_which = reference.authors or container or reference.url
    if not title or not says_which or reference.kind in ("interview", "personal_communication"):
        return ("key", reference.key)
    names = [name.surname.casefold() for name in reference.authors]
    return (
        title,
        container,
        reference.year,
        str(reference.issued),
        reference.url,
        reference.how,
        *names,
    )


SHOWN = 5
"""Unused entries named in one warning, before "and N more"."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong with one entry; `key` is "" when it is the whole file's."""

    code: str
    file: str
    line: int = 0
    key: str = ""
    found: str = ""
    expected: str = ""
    fix: str = ""
    row: int = 0
    column: str = ""


def of_cited(faults: Iterable[Fault], cited: Collection[str]) -> list[Fault]:
    """Return the faults that matter to a table: those of cited entries and of whole files; the others in one warning.

    Parameters
    ----------
    faults
        Everything found while reading.
    cited
        Keys the table cites.

    Examples
    --------
    >>> faults = [Fault("reference-syntax", "sources.bib", 3, "a"), Fault("reference-syntax", "sources.bib", 9, "b")]
    >>> [(fault.code, fault.line, fault.found) for fault in of_cited(faults, {"a"})]
    [('reference-syntax', 3, ''), ('reference-unused', 9, 'b (line 9)')]
    """
    wanted, kept = set(cited), []
    unused: dict[str, dict[str, Fault]] = {}
    for fault in faults:
        if fault.key and fault.key not in wanted:
            unused.setdefault(fault.file, {}).setdefault(fault.key, fault)
        else:
            kept.append(fault)
    return [*kept, *(_in_one(file, list(entries.values())) for file, entries in unused.items())]


def _in_one(file: str, entries: list[Fault]) -> Fault:
    named = [
        text("{key} (line {line})", key=fault.key, line=fault.line) if fault.line else fault.key
        for fault in entries[:SHOWN]
    ]
    rest = len(entries) - len(named)
    found = ", ".join(named)
    if rest:
        found = text("{names}, and {rest} more", names=found, rest=rest)
    return Fault("reference-unused", file, entries[0].line, found=found)


def findings_of(faults: Iterable[Fault]) -> list[Finding]:
    """Return faults as findings of the package, the key of the entry in front of what was found."""
    return [
        finding(
            fault.code,
            Place(fault.file, fault.line, fault.row, fault.column),
            f"{fault.key}: {fault.found}" if fault.key else fault.found,
            expected=fault.expected,
            fix=fault.fix,
        )
        for fault in faults
    ]
