"""BibTeX and BibLaTeX: fields to references and back, read entry by entry so that a fault leaves the others whole.

The text is cut where a line begins an entry. Each piece is parsed by itself in pybtex's capturing mode: an unbalanced
brace costs one entry, not the rest of the library, and every fault has the key and the line it belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from agency import words
from agency.references.fieldtext import (
    iso_day,
    issue_dates,
    month_of,
    names_of,
    plain,
    valid_day,
    verbatim,
    written_year,
)
from agency.references.model import Day, Fault, Name, Reference, References

if TYPE_CHECKING:
    from pybtex.database.input.bibtex import LowLevelParser


KINDS = {
    "article": "article-journal", "suppperiodical": "article-journal", "periodical": "periodical",
    "newspaper": "article-newspaper", "magazine": "article-magazine", "news": "article-newspaper",
    "book": "book", "mvbook": "book", "collection": "book", "mvcollection": "book", "proceedings": "book",
    "mvproceedings": "book", "reference": "book", "mvreference": "book", "bookinbook": "book", "booklet": "pamphlet",
    "inbook": "chapter", "incollection": "chapter", "suppbook": "chapter", "suppcollection": "chapter",
    "inreference": "entry-encyclopedia", "inproceedings": "paper-conference", "conference": "paper-conference",
    "manual": "report", "report": "report", "techreport": "report", "thesis": "thesis", "phdthesis": "thesis",
    "mastersthesis": "thesis", "online": "webpage", "electronic": "webpage", "www": "webpage", "webpage": "webpage",
    "unpublished": "manuscript", "interview": "interview", "letter": "personal_communication", "dataset": "dataset",
    "software": "software", "video": "motion_picture", "movie": "motion_picture", "audio": "song",
    "patent": "patent", "legislation": "legislation", "legal": "legislation", "jurisdiction": "legal_case",
    "standard": "standard",
}  # fmt: skip
"""CSL type by entry type; what is not here is a document."""
_GENRES = {"phdthesis": "phdthesis", "mastersthesis": "mathesis"}
_TYPES = {
    "article-newspaper": ("article", "newspaper"), "article-magazine": ("article", "magazine"),
    "article-journal": ("article", ""), "article": ("article", ""), "book": ("book", ""),
    "chapter": ("incollection", ""),
    "paper-conference": ("inproceedings", ""), "report": ("report", ""), "thesis": ("thesis", ""),
    "webpage": ("online", ""), "post": ("online", ""), "post-weblog": ("online", ""), "manuscript": ("unpublished", ""),
    "interview": ("misc", "interview"), "dataset": ("dataset", ""), "patent": ("patent", ""),
    "entry-encyclopedia": ("inreference", ""), "pamphlet": ("booklet", ""), "periodical": ("periodical", ""),
}  # fmt: skip
_INTERVIEW = re.compile(r"\b(?:interview|entrevista)", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s{}<>\"]+")
_DOI = re.compile(r"^(?:(?:https?://)?(?:dx\.|www\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_ACCESSED = re.compile(r"(?:accessed|retrieved|consultado|acess\w+|visited)\D{0,20}(\d{4}-\d{2}-\d{2})", re.IGNORECASE)
_JOINED = re.compile(r"\s*[,;]\s*")


def doi_of(text: str) -> str:
    """Return a DOI without resolver and prefix; "" where the text is none.

    Examples
    --------
    >>> doi_of("https://dx.doi.org/10.1080/01972243.2024.2317057"), doi_of("see above")
    ('10.1080/01972243.2024.2317057', '')
    """
    doi = _DOI.sub("", text.strip()).rstrip(".,; ")
    return doi if re.match(r"10\.[\d.]+/\S+$", doi) else ""


def keys_of(text: str) -> tuple[str, ...]:
    """Return the keys of a field `derives_from`: separated by ``,`` or ``;``."""
    return tuple(dict.fromkeys(key for key in _JOINED.split(text.strip()) if key))


def reference_of(key: str, kind: str, whole: Mapping[str, str], own: Mapping[str, str]) -> tuple[Reference, str]:
    """Return the reference of an entry and a list of names with two readings ("" where all are clear).

    Parameters
    ----------
    key, kind
        Of the entry.
    whole
        Its fields with those of its parents.
    own
        Its fields as written.
    """
    fields = _Fields(whole)
    authors, more, unclear = names_of(fields.raw("author", "bookauthor" if kind in ("book", "collection") else ""))
    editors, _, unclear_too = names_of(fields.raw("editor"))
    year, issued, until = issue_dates(
        fields.raw("date"), fields.raw("year") or fields.raw("pubstate"), fields.raw("month"), fields.raw("day")
    )
    if fields.raw("pubstate") and not year:
        year = written_year(fields.raw("pubstate"))
    doi, url = _addresses(fields)
    reference = Reference(
        key,
        _kind(kind, fields),
        authors,
        more,
        editors,
        names_of(fields.raw("translator"))[0],
        names_of(fields.raw("interviewer"))[0],
        year=year,
        issued=issued,
        until=until,
        accessed=_accessed(fields),
        title=_with_subtitle(fields, "title", "subtitle") or fields.text("shorttitle"),
        container=_container(kind, fields),
        organisation=fields.text("institution", "organization", "organisation", "school"),
        publisher=fields.text("publisher"),
        place=fields.text("location", "address"),
        series=fields.text("series", "maintitle"),
        genre=_GENRES.get(kind) or fields.text("type"),
        volume=fields.text("volume"),
        issue=fields.text("number", "issue") if kind in ("article", "suppperiodical", "periodical") else "",
        number=fields.text("number") if kind not in ("article", "suppperiodical", "periodical") else fields.text("eid"),
        edition=fields.text("edition"),
        pages=_pages(fields.text("pages")),
        how=_ADDRESS.sub("", fields.text("howpublished")).strip(" .,:"),
        doi=doi,
        url=url,
        eprint=_eprint(fields),
        source_type=fields.text("source_type"),
        file=fields.raw("file").strip(),
        derives_from=keys_of(fields.raw("derives_from")),
        language=fields.text("langid", "language", "hyphenation"),
        written=kind,
        shape="bibtex",
        fields=dict(own),
    )
    return reference, unclear or unclear_too


class _Fields:
    """The fields of an entry, as written or as plain text, the first of several names that holds something."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._fields = fields

    def raw(self, *names: str) -> str:
        return next((self._fields[name] for name in names if self._fields.get(name, "").strip()), "")

    def text(self, *names: str) -> str:
        return next((text for text in (plain(self._fields.get(name, "")) for name in names) if text), "")


def _kind(kind: str, fields: _Fields) -> str:
    """Return the CSL type; an article in a newspaper and an interview are told by their other fields."""
    told = KINDS.get(kind, "document")
    sub = fields.text("entrysubtype").lower()
    if told == "article-journal" and sub in ("newspaper", "magazine"):
        return f"article-{sub}"
    if told == "article-journal" and _is_news(fields):
        return "article-newspaper"
    said = " ".join(fields.text(name) for name in ("howpublished", "type", "entrysubtype"))
    if kind in ("misc", "unpublished", "online") and (
        fields.text("source_type").lower() == "interview" or _INTERVIEW.search(said)
    ):
        return "interview"
    return told


def _is_news(fields: _Fields) -> bool:
    """Say whether an article without volume and pages appeared on a day, or in the media."""
    if fields.text("volume", "number", "issue", "doi"):
        return False
    _, issued, _ = issue_dates(fields.raw("date"), fields.raw("year"), fields.raw("month"), fields.raw("day"))
    return fields.text("source_type").lower() == "media" or bool(issued and issued.day)


def _with_subtitle(fields: _Fields, title: str, subtitle: str) -> str:
    first, second = fields.text(title), fields.text(subtitle)
    if not (first and second):
        return first or second
    return f"{first} {second}" if first.endswith(("?", "!", ":", "–", "—")) else f"{first}: {second}"


def _container(kind: str, fields: _Fields) -> str:
    journal = _with_subtitle(fields, "journaltitle", "journalsubtitle") or fields.text("journal", "shortjournal")
    book = _with_subtitle(fields, "booktitle", "booksubtitle") or fields.text("eventtitle")
    site = fields.text("website", "websitetitle") if kind in ("online", "electronic", "www", "misc") else ""
    return journal or book or site or (fields.text("newspaper", "magazine") if kind != "book" else "")


def _pages(text: str) -> str:
    return re.sub(r"(?<=[\w])\s*(?:-|–)\s*(?=[\w])", "–", text)


def _addresses(fields: _Fields) -> tuple[str, str]:
    """Return DOI and address: a DOI given as an address is a DOI, an address in another field an address."""
    doi = doi_of(verbatim(fields.raw("doi")))
    url = verbatim(fields.raw("url"))
    if not url:
        for name in ("howpublished", "note", "annote", "eprint"):
            found = _ADDRESS.search(verbatim_words(fields.raw(name)))
            if found:
                url = found[0].rstrip(".,;)")
                break
    if not doi and _DOI.match(url):
        doi = doi_of(url)
    written = verbatim(fields.raw("doi"))
    if not doi and written and not url:
        url = written if written.startswith("http") else ""
    return doi, "" if doi and doi_of(url) else url


def verbatim_words(text: str) -> str:
    r"""Return a text with the signs of its addresses as they are meant, words kept apart.

    Examples
    --------
    >>> verbatim_words(r"At \url{https://x.org/a\_b}, seen")
    'At https://x.org/a_b , seen'
    """
    if "http" not in text:
        return ""
    spaced = re.sub(r"\\url\s*\{([^{}]*)\}", r" \1 ", text)
    return " ".join(verbatim(word) for word in spaced.split())


def _accessed(fields: _Fields) -> Day | None:
    for name in ("urldate", "lastchecked", "accessed", "lastaccessed", "access-date"):
        text = fields.raw(name)
        if text:
            found = iso_day(plain(text))
            if found:
                return found
            month, number = month_of(re.sub(r"\d{4}", " ", plain(text)))
            year = re.search(r"(?<!\d)\d{4}(?!\d)", plain(text))
            return valid_day(int(year[0]), month, number) if year else None
    noted = _ACCESSED.search(f"{fields.raw('note')} {fields.raw('howpublished')}")
    return iso_day(noted[1]) if noted else None


def _eprint(fields: _Fields) -> str:
    number = verbatim(fields.raw("eprint"))
    if not number or number.startswith("http"):
        return ""
    archive = fields.text("eprinttype", "archiveprefix")
    known = {"arxiv": "arXiv", "jstor": "JSTOR ", "pubmed": "PubMed ", "hdl": "hdl", "ssrn": "SSRN "}
    name = known.get(archive.lower(), archive)
    if not name:
        return number
    return f"{name}{number}" if name.endswith(" ") else f"{name}:{number.removeprefix('arXiv:')}"


def fields_of(reference: Reference) -> tuple[str, dict[str, str]]:
    """Return type and fields of a reference for BibTeX: as written where they come from there."""
    if reference.shape == "bibtex":
        return reference.written, {name: str(value) for name, value in reference.fields.items()}
    kind, sub = _TYPES.get(reference.kind, ("misc", ""))
    container = "booktitle" if kind in ("incollection", "inproceedings", "inreference") else "journaltitle"
    said = {
        "author": _written(reference.authors, more=reference.more_authors),
        "editor": _written(reference.editors),
        "translator": _written(reference.translators),
        "interviewer": _written(reference.interviewers),
        "title": _escaped(reference.title),
        container if kind != "online" else "website": _escaped(reference.container),
        "date": _iso_range(reference),
        "year": "" if reference.issued else _escaped(reference.year),
        "entrysubtype": sub,
        "type": _escaped(reference.genre),
        "institution": _escaped(reference.organisation),
        "publisher": _escaped(reference.publisher),
        "location": _escaped(reference.place),
        "series": _escaped(reference.series),
        "edition": _escaped(reference.edition),
        "volume": _escaped(reference.volume),
        "number": _escaped(reference.issue or reference.number),
        "pages": _escaped(reference.pages).replace("–", "--"),
        "howpublished": _escaped(reference.how),
        "doi": reference.doi,
        "url": reference.url,
        "urldate": _iso(reference.accessed),
        "source_type": reference.source_type,
        "file": reference.file,
        "derives_from": ", ".join(reference.derives_from),
        "langid": reference.language,
    }
    return kind, {name: value for name, value in said.items() if value}


def _written(names: tuple[Name, ...], *, more: bool = False) -> str:
    def one(name: Name) -> str:
        if not name.given:
            return f"{{{_escaped(name.surname)}}}" if " " in name.surname or "," in name.surname else name.surname
        parts = [name.surname, *([name.suffix] if name.suffix else []), name.given]
        return ", ".join(_escaped(part) for part in parts)

    return " and ".join([*(one(name) for name in names), *(["others"] if more else [])])


def _escaped(text: str) -> str:
    return re.sub(r"([&%$#_{}])", r"\\\1", text)


def _iso(day: Day | None) -> str:
    if day is None:
        return ""
    return "-".join([f"{day.year:04}", *(f"{part:02}" for part in (day.month, day.day) if part)])


def _iso_range(reference: Reference) -> str:
    if reference.until:
        return f"{_iso(reference.issued)}/{_iso(reference.until)}"
    return f"{_iso(reference.issued)}/" if reference.year.endswith("–") else _iso(reference.issued)


LARGEST_ENTRY = 1 << 18
"""Characters of one entry: abstracts and attachments stay far below."""
MOST_FAULTS = 20_000
"""A file with more is no library."""
_ENTRY = re.compile(r"^[ \t]*@[ \t]*(?P<type>\w+)\s*[{(][ \t]*(?P<key>[^\s,{}()=\"]*)", re.MULTILINE)
_COMMA_LESS = re.compile(r"\s*@\s*\w+\s*[{(]\s*[^\s,{}()=\"]+\s+[\w-]+\s*=")
_NO_ENTRIES = ("comment", "preamble")
_PARENTS = ("xdata", "crossref")
_NOT_INHERITED = {"crossref", "xdata", "ids", "entryset", "keywords", "options", "file", "label", "shorthand"}


@dataclass
class _Library:
    """What is gathered while reading."""

    file: str
    entries: dict[str, tuple[str, dict[str, str], int]] = field(default_factory=dict)
    """Type, fields and line by key."""
    broken: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, code: str, line: int, key: str, found: str, *, fix: str = "") -> None:
        self.faults.append(Fault(code, self.file, line, key, found, fix=fix))


def read_bibtex(text: str, file: str = "sources.bib") -> tuple[References, list[Fault]]:
    r"""Return the references of a BibTeX or BibLaTeX text, and what is wrong with it; nothing is raised.

    Examples
    --------
    >>> references, faults = read_bibtex("@online{a, title = {T}, date = {2021-05-04}}\n@misc{b, title = {T")
    >>> references["a"].year, [(fault.code, fault.line, fault.key) for fault in faults]
    ('2021', [('reference-syntax', 2, 'b')])
    """
    library = _Library(file)
    macros = _Macros()
    for piece, line, kind, key in _pieces(text):
        if kind.lower() in _NO_ENTRIES:
            continue
        if len(library.faults) > MOST_FAULTS:
            found = words.text(
                "more than {most_faults:,} faults before line {line}: reading stopped there",
                most_faults=MOST_FAULTS,
                line=line,
            )
            library.faults.append(Fault("reference-file", file, line, found=found))
            break
        if len(piece) > LARGEST_ENTRY:
            library.fault("reference-syntax", line, key, words.text("an entry of {count} characters", count=len(piece)))
            library.broken.setdefault(key, line)
            continue
        _read_piece(library, piece, line, key, macros)
    whole = _inherited(library)
    entries = {}
    for key, (kind, own, line) in library.entries.items():
        reference, unclear = reference_of(key, kind, whole[key], own)
        if unclear:
            library.fault("reference-names", line, key, f"'{unclear}'")
        entries[key] = replace(reference, line=line, origin=file)
    broken = {key: line for key, line in library.broken.items() if key not in entries}
    return References(entries, broken=broken, file=file), library.faults


def write_bibtex(references: Iterable[Reference]) -> str:
    r"""Return references as BibTeX with every field as it was written; what comes from elsewhere is put into fields.

    Examples
    --------
    >>> print(write_bibtex(read_bibtex("@misc{a, title = {{ECU} 911}, x-own = {1}}")[0].values()), end="")
    @misc{a,
      title = {{ECU} 911},
      x-own = {1},
    }
    """
    parts = []
    for reference in references:
        kind, fields = fields_of(reference)
        lines = "".join(f"  {name} = {{{_balanced(value)}}},\n" for name, value in fields.items())
        parts.append(f"@{kind}{{{reference.key},\n{lines}}}\n")
    return "\n".join(parts)


def _balanced(value: str) -> str:
    """Return a value that does not end the entry before its time; what is balanced stays as it is."""
    depth = 0
    for sign in re.findall(r"[{}]", value):
        depth += 1 if sign == "{" else -1
        if depth < 0:
            break
    sound = value if depth == 0 else value.replace("{", "").replace("}", "")
    return sound if not sound.endswith("\\") else sound + " "


def _pieces(text: str) -> Iterator[tuple[str, int, str, str]]:
    """Return each entry with what follows it, its line, its type and its key."""
    starts = list(_ENTRY.finditer(text))
    line, position = 1, 0
    for number, start in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        line += text.count("\n", position, start.start())
        position = start.start()
        yield text[position:end], line, start["type"], start["key"]


class _Macros(dict[str, str]):
    """Words defined by @string, and the months, in any case."""

    def __init__(self) -> None:
        from pybtex.database.input.bibtex import month_names

        super().__init__({name: str(number) for number, name in enumerate(month_names, 1)})

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __setitem__(self, name: str, value: str) -> None:
        super().__setitem__(name.lower(), value)


@cache
def _parser() -> Callable[..., LowLevelParser]:
    """Return pybtex's scanner with two changes: it looks for all signs at once, and keeps words it does not know."""
    from pybtex.database.input.bibtex import LowLevelParser
    from pybtex.scanner import Token

    class Scanner(LowLevelParser):  # type: ignore[misc, unused-ignore]
        unknown: list[tuple[str, int]]
        pos: int

        def skip_to(self, patterns: list[Any]) -> Any:
            # One search for the nearest of all signs: looked for one by one, an absent sign costs the whole text
            # each time.
            signs = {pattern.description.strip("'"): pattern for pattern in patterns}
            found = _any_of("".join(signs)).search(self.text, self.pos)
            if found is None:
                return None
            value = self.text[self.pos : found.end()]
            self.pos = found.end()
            self.update_lineno(value)
            return Token(value, signs[found[0]])

        def substitute_macro(self, name: str) -> str:
            try:
                return str(self.macros[name])
            except KeyError:
                self.unknown.append((name, self.lineno))
                return name

    return Scanner


@cache
def _any_of(signs: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(signs)}]")


def _read_piece(library: _Library, piece: str, line: int, key: str, macros: _Macros) -> None:
    errors: list[Any] = []
    scanner = _parser()(piece, macros=macros, handle_error=errors.append)
    scanner.unknown = []
    at = line
    for command, body in scanner:
        if command.lower() in ("string", "preamble", "comment"):
            continue
        at = line + piece.count("\n", 0, scanner.command_start or 0)
        _keep(library, command, body, at, broken=bool(errors))
    if errors and not key:
        library.fault("reference-key", line, "", words.text("an entry without a key"))
        return
    for error in errors:
        # Text after an entry that looks like no entry at all ("me@example.org") is a comment, as in BibTeX.
        if key or scanner.command_start == 0:
            message = re.sub(r"^[a-z ]+(?: in line \d+)?: ", "", str(error))
            library.fault("reference-syntax", line + error.lineno - 1, key, message)
            library.broken.setdefault(key, line)
    for word, at in scanner.unknown:
        if month_of(word) == (0, 0):
            library.fault(
                "reference-word",
                line + at - 1,
                key,
                words.text("the word '{word}'", word=word),
                fix=words.text("Put it in braces: {{{word}}}.", word=word),
            )
    if not errors and _COMMA_LESS.match(piece):
        library.fault(
            "reference-comma",
            line,
            key,
            words.text("no comma after the key '{key}'", key=key),
            fix=words.text("Write {key}, with a comma.", key=key),
        )


def _keep(library: _Library, command: str, body: Any, line: int, *, broken: bool) -> None:
    """Keep an entry, unless it is broken, has no key, or its key is taken."""
    key, written = body
    if not key or not key.strip():
        if not broken:
            library.fault("reference-key", line, "", words.text("@{command} without a key", command=command))
        return
    if broken:
        return
    fields: dict[str, str] = {}
    for name, parts in written:
        value = " ".join("".join(parts).split())
        if name.lower() in fields and fields[name.lower()] != value:
            library.fault("reference-field", line, key, f"'{name}' twice")
        fields.setdefault(name.lower(), value)
    known = library.entries.get(key)
    if known is None:
        library.entries[key] = (command.lower(), fields, line)
    elif known[:2] != (command.lower(), fields):
        library.fault(
            "reference-repeated",
            line,
            key,
            words.text("key '{key}' again, first on line {line}", key=key, line=known[2]),
        )


def _inherited(library: _Library) -> dict[str, dict[str, str]]:
    """Return the fields of every entry with those of its parents (xdata, crossref), parents first; circles are cut."""
    done: dict[str, dict[str, str]] = {}
    begun: set[str] = set()
    for root in library.entries:
        waiting = [root]
        while waiting:
            key = waiting[-1]
            begun.add(key)
            parents = _parents(library.entries[key][1])
            first = [parent for parent in parents if parent in library.entries and parent not in begun]
            waiting += first
            if not first:
                if key not in done:
                    done[key] = _with_parents(library, key, done)
                waiting.pop()
    return done


def _parents(fields: Mapping[str, str]) -> list[str]:
    return [key.strip() for name in _PARENTS for key in fields.get(name, "").split(",") if key.strip()]


def _with_parents(library: _Library, key: str, done: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    kind, own, line = library.entries[key]
    fields = dict(own)
    for name in _PARENTS:
        for parent in (part.strip() for part in own.get(name, "").split(",")):
            if not parent:
                continue
            if parent not in done:
                if parent in library.entries:
                    why = words.text("{name} = '{parent}', which goes round in a circle", name=name, parent=parent)
                else:
                    why = words.text("{name} = '{parent}', which is not there", name=name, parent=parent)
                library.fault("reference-parent", line, key, why)
                continue
            for field_name, value in done[parent].items():
                told = field_name if name == "xdata" else _told(kind, library.entries[parent][0], field_name)
                if told:
                    fields.setdefault(told, value)
    return fields


def _told(kind: str, parent: str, name: str) -> str:
    """Return the field of the child that a field of its parent fills: a book's title is its chapter's `booktitle`."""
    if name in _NOT_INHERITED:
        return ""
    if name not in ("title", "subtitle", "titleaddon"):
        return name if not (name == "author" and kind in ("inbook",)) else "bookauthor"
    if kind in ("article", "suppperiodical") or parent == "periodical":
        return f"journal{name}"
    if kind in ("inbook", "incollection", "inproceedings", "conference", "suppbook", "suppcollection", "inreference"):
        return f"book{name}"
    return ""
