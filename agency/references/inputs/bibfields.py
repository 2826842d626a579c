"""Fields of a BibTeX or BibLaTeX entry to a reference, and a reference from elsewhere to fields."""

from __future__ import annotations

import re
from collections.abc import Mapping

from agency.references.inputs import dates
from agency.references.inputs.latex import plain, verbatim
from agency.references.inputs.names import names_of
from agency.references.model import Day, Name, Reference

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
    year, issued, until = dates.issued(
        fields.raw("date"), fields.raw("year") or fields.raw("pubstate"), fields.raw("month"), fields.raw("day")
    )
    if fields.raw("pubstate") and not year:
        year = dates.written_year(fields.raw("pubstate"))
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
    _, issued, _ = dates.issued(fields.raw("date"), fields.raw("year"), fields.raw("month"), fields.raw("day"))
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
            found = dates.iso(plain(text))
            if found:
                return found
            month, number = dates.month_of(re.sub(r"\d{4}", " ", plain(text)))
            year = re.search(r"(?<!\d)\d{4}(?!\d)", plain(text))
            return dates.day(int(year[0]), month, number) if year else None
    noted = _ACCESSED.search(f"{fields.raw('note')} {fields.raw('howpublished')}")
    return dates.iso(noted[1]) if noted else None


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
