"""Our author-date style, after the Chicago Manual (17th edition, chapter 15), which *The Information Society* asks for.

Who signs, the year, the title, where it appeared, where it is found. What nobody signs begins with who published it
(a newspaper, a ministry), else with its title: such entries are most of what this field cites.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from agency.references.model import Day, Name, Piece, Reference, first_keys, link
from agency.words import language as language_in_force

Entry = tuple[Piece, ...]
"""One printed reference."""
_ITALIC = ("book", "report", "pamphlet", "periodical", "motion_picture", "dataset", "software", "standard")
"""Works that stand by themselves; the others' titles are in quotation marks."""
_NEWS = ("article-newspaper", "article-magazine")
_WEB = ("webpage", "post", "post-weblog")
_LISTED = 10
"""More authors than these are printed as the first seven and et al."""
_TITLE_WORDS = 4
"""Words of a title that stands for an author."""
_SMALL_WORDS = frozenset(
    (
        *("a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"),
        *("con", "da", "das", "de", "del", "do", "dos", "e", "el", "em", "en", "la", "las", "los", "o", "para", "por"),
        *("un", "una", "y"),
    )
)
"""Words a shortened title does not end in."""
_SENTENCE_END = re.compile(r"[.?!…][”’\"')]?$")


@dataclass(frozen=True)
class Term:
    """The words of one language."""

    words: Mapping[str, str]

    def __call__(self, name: str, **places: str) -> str:
        """Return a word with its places filled."""
        text = self.words[name]
        return text.format(**places) if places else text

    def date(self, day: Day) -> str:
        """Return a date as it is printed."""
        if not day.month:
            return str(day.year)
        month = self.words["months"].split()[day.month - 1]
        if not day.day:
            return self("month", month=month, year=str(day.year))
        return self("day", month=month, day=str(day.day), year=str(day.year))


@cache
def _languages() -> Mapping[str, Term]:
    text = (resources.files("agency.references") / "terms.toml").read_text("utf-8")
    return {language: Term(words) for language, words in tomllib.loads(text).items()}


def term(language: str) -> Term:
    """Return the words of a language, by default that of the reader; English where we have none."""
    known = _languages()
    return known.get((language or language_in_force())[:2].lower(), known["en"])


def short_forms(references: Mapping[str, Reference], keys: Iterable[str], language: str = "") -> dict[str, str]:
    """Return how each key is cited in running text: "Pérez 2020a"; a key without an entry stands for itself.

    Two keys of one work are cited alike. Works of the same people in the same year get letters in the order of the
    bibliography; different people of one surname get their initials.

    Examples
    --------
    >>> known = {
    ...     "a": Reference("a", authors=(Name("Pérez", "Juan"),), year="2020", title="Zebra"),
    ...     "b": Reference("b", authors=(Name("Pérez", "Juan"),), year="2020", title="Alpha"),
    ...     "c": Reference("c", title="Contract on the Supply of Cameras", year="2011"),
    ... }
    >>> short_forms(known, ["a", "b", "c", "x"])
    {'a': 'Pérez 2020b', 'b': 'Pérez 2020a', 'c': '“Contract on the Supply” 2011', 'x': 'x'}
    """
    plan = _Plan(references, keys, language)
    return {key: plan.short(key) for key in dict.fromkeys(keys)}


def bibliography(references: Mapping[str, Reference], keys: Iterable[str], language: str = "") -> list[Entry]:
    """Return the references of `keys` in the order of the alphabet, each as runs; keys without an entry are left out.

    Accents are ignored in the order; in Spanish ñ comes after n.

    Examples
    --------
    >>> work = Reference("a", "book", (Name("Pérez", "Juan"),), year="2020", title="On Zebras", publisher="Press")
    >>> [reference_text(entry) for entry in bibliography({"a": work}, ["a"])]
    ['Pérez, Juan. 2020. On Zebras. Press.']
    """
    return [entry for _, entry in keyed_bibliography(references, keys, language)]


def keyed_bibliography(
    references: Mapping[str, Reference], keys: Iterable[str], language: str = ""
) -> list[tuple[str, Entry]]:
    """Return key and entry in the order they are printed; of two keys of one work, the first."""
    plan = _Plan(references, keys, language)
    return [(key, _entry(references[key], plan.year(key), term(language))) for key in plan.order]


def reference_text(entry: Entry) -> str:
    """Return an entry as plain text."""
    return "".join(run.text for run in entry)


def cite(key: str, locator: str = "") -> str:
    r"""Return the citation of a key for LaTeX with natbib, its page in the place natbib has for it.

    Examples
    --------
    >>> cite("perez2020", "p. 4"), cite("perez2020"), cite("perez2020", "Table 1 [a]")
    ('\\citep[p.~4]{perez2020}', '\\citep{perez2020}', '\\citep[{Table~1 [a]}]{perez2020}')
    """
    if not locator:
        return rf"\citep{{{key}}}"
    special = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    special |= {sign: f"\\{sign}" for sign in "&%$#_{}"}
    text = re.sub(r"(?<=\w)(\.?) (?=\d)", r"\1~", "".join(special.get(sign, sign) for sign in locator))
    return rf"\citep[{{{text}}}]{{{key}}}" if "[" in text or "]" in text else rf"\citep[{text}]{{{key}}}"


class _Plan:
    """The order of a set of cited references, and what tells those apart that look alike."""

    def __init__(self, references: Mapping[str, Reference], keys: Iterable[str], language: str) -> None:
        self._references, self._term = references, term(language)
        self._same = first_keys(keys, references)
        known = list(dict.fromkeys(self._same.values()))
        self._initials = _shared_surnames([references[key] for key in known])
        self.order = sorted(known, key=lambda key: self._rank(key, language))
        self._letters = self._lettered()

    def short(self, key: str) -> str:
        if key not in self._same:
            return key
        return f"{self._label(self._same[key])} {self.year(key)}"

    def year(self, key: str) -> str:
        """Return the printed year with its letter."""
        first = self._same[key]
        year, letter = self._year(first), self._letters.get(first, "")
        return f"{year}-{letter}" if letter and not year[-1:].isdigit() else f"{year}{letter}"

    def _year(self, key: str) -> str:
        year = self._references[key].year
        return self._term("forthcoming") if year == "forthcoming" else year or self._term("undated")

    def _label(self, key: str) -> str:
        return _label(self._references[key], self._term, self._initials)

    def _rank(self, key: str, language: str) -> tuple[object, ...]:
        reference = self._references[key]
        lead = _names_printed(signed(reference), self._term, more=reference.more_authors) or reference.title
        year = reference.issued.year if reference.issued else 9999
        day = (reference.issued.month, reference.issued.day) if reference.issued and not reference.authors else (0, 0)
        language = language or language_in_force()
        return _sorted_as(lead, language), year, day, _sorted_as(reference.title, language), key

    def _lettered(self) -> dict[str, str]:
        alike: dict[tuple[str, str], list[str]] = {}
        for key in self.order:
            alike.setdefault((self._label(key), self._year(key)), []).append(key)
        return {key: _letter(n) for group in alike.values() if len(group) > 1 for n, key in enumerate(group)}


def _letter(number: int) -> str:
    """Return the letter of a place: a, b, then z, aa, ab."""
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("a") + rest) + text
    return text


def _sorted_as(text: str, language: str) -> str:
    """Return what a text is sorted by: no accents, no case, no signs; ñ after n where that is a letter."""
    folded = text.casefold()
    if language[:2] == "es":
        folded = unicodedata.normalize("NFC", folded).replace("ñ", "n\uffff")
    plain = "".join(c for c in unicodedata.normalize("NFD", folded) if not unicodedata.combining(c))
    plain = plain.translate({ord(a): b for a, b in zip("øłđßæœı", ("o", "l", "d", "ss", "ae", "oe", "i"), strict=True)})
    return re.sub(r"[^\w\uffff]+", " ", re.sub(r"['’]", "", plain)).strip()


def signed(reference: Reference) -> tuple[Name, ...]:
    """Return who an entry begins with: authors, else editors, else who stands behind it; () where its title does."""
    if reference.authors:
        return reference.authors
    if reference.editors and reference.kind not in ("chapter", "paper-conference", "entry-encyclopedia"):
        return reference.editors
    behind = reference.organisation
    if reference.kind in _NEWS:
        behind = reference.container or behind
    elif reference.kind in _WEB:
        behind = behind or reference.publisher or reference.container
    elif reference.kind in ("report", "document", "pamphlet", "legislation", "standard", "dataset"):
        behind = behind or reference.publisher
    elif reference.kind not in ("thesis", "interview"):
        behind = ""
    return (Name(behind),) if behind and reference.kind != "interview" else ()


def _shared_surnames(references: Sequence[Reference]) -> frozenset[str]:
    """Return the surnames of first authors that belong to people with different initials."""
    initials: dict[str, set[str]] = {}
    for reference in references:
        for name in signed(reference)[:1]:
            if name.given:
                initials.setdefault(name.surname, set()).add(name.given[:1].casefold())
    return frozenset(surname for surname, found in initials.items() if len(found) > 1)


def _label(reference: Reference, words: Term, shared: frozenset[str]) -> str:
    names = signed(reference)
    if not names:
        return _title_label(reference)
    first = names[0].surname
    if first in shared and names[0].given:
        first = f"{_initials(names[0].given)} {first}"
    if reference.more_authors or len(names) > 3:
        return _typographic(f"{first} {words('others')}")
    return _typographic(_listed([first, *(name.surname for name in names[1:])], words))


def _initials(given: str) -> str:
    return " ".join(f"{part[0]}." for part in given.split() if part[0].isalpha()) or given


def _title_label(reference: Reference) -> str:
    words = _typographic(reference.title).split()
    if len(words) > _TITLE_WORDS + 1:
        words = words[:_TITLE_WORDS]
        while len(words) > 1 and words[-1].casefold() in _SMALL_WORDS:
            words.pop()
    text = " ".join(words).rstrip(",;:.–—")
    if not text:
        return reference.how or reference.container or reference.key
    return text if reference.kind in _ITALIC else f"“{_nested(text)}”"


def _listed(names: Sequence[str], words: Term) -> str:
    """Return "A", "A and B", "A, B, and C"; in Spanish e before a name that begins with an i, no comma before it."""
    if len(names) < 2:
        return "".join(names)
    last, joint = names[-1], words("and")
    if joint == "y" and re.match(r"h?i(?!e)|y(?![aeiou])", last.casefold()):
        joint = "e"
    comma = "," if len(names) > 2 and joint == "and" else ""
    return f"{', '.join(names[:-1])}{comma} {joint} {last}"


def _names_printed(names: Sequence[Name], words: Term, *, more: bool = False) -> str:
    """Return the names at the head of an entry: the first turned round."""
    if not names:
        return ""
    shown = [names[0].inverted, *(name.straight for name in names[1:])]
    if more or len(shown) > _LISTED:
        return f"{', '.join(shown[:7] if len(shown) > _LISTED else shown)}, {words('others')}"
    if len(shown) == 2 and names[0].given:
        # "Pérez, Juan, and Ana Gómez": the comma keeps the turned name together.
        joint = _listed(["", shown[1]], words).strip()
        return f"{shown[0]}, {joint}"
    return _listed(shown, words)


class _Sentences:
    """An entry under construction: sentences that end in one full stop."""

    def __init__(self) -> None:
        self.runs: list[Piece] = []

    def add(self, *runs: Piece | str) -> None:
        """Add a sentence; nothing where it is empty."""
        given = [run if isinstance(run, Piece) else Piece(run) for run in runs]
        given = [run for run in given if run.text]
        if not given:
            return
        if self.runs:
            self.runs.append(Piece(" "))
        self.runs += given
        if given[-1].style != "link" and not _SENTENCE_END.search(given[-1].text):
            quoted = given[-1].text.endswith("”") and given[-1].style == "plain"
            # The full stop stands inside the quotation marks, as in the manual.
            if quoted:
                self.runs[-1] = Piece(given[-1].text[:-1] + ".”")
            else:
                self.runs.append(Piece("."))

    def done(self) -> Entry:
        """Return the runs, neighbours of one style joined; the sentence of a link has no full stop."""
        joined: list[Piece] = []
        for run in self.runs:
            if joined and run.style == "plain" and joined[-1].style == "plain":
                joined[-1] = Piece(joined[-1].text + run.text)
            else:
                joined.append(run)
        return tuple(joined)


def _entry(reference: Reference, year: str, words: Term) -> Entry:
    """Return a reference as it is printed."""
    out = _Sentences()
    names = signed(reference)
    lead = _typographic(_names_printed(names, words, more=reference.more_authors))
    if not lead and not reference.title:
        lead = _title_label(reference)
    if names and names == reference.editors and not reference.authors:
        lead = f"{lead}, {words('editors' if len(names) > 1 else 'editor')}"
    title = _title(reference)
    out.add(lead) if lead else out.add(*title)
    out.add(year if year.startswith(words("undated")) else year[:1].upper() + year[1:])
    if lead:
        out.add(*title)
    for sentence in _where(reference, names, words):
        out.add(*sentence)
    for sentence in _found(reference, words):
        out.add(*sentence)
    return out.done()


def _title(reference: Reference) -> tuple[Piece, ...]:
    if not reference.title:
        return ()
    title = _typographic(reference.title)
    if reference.kind in _ITALIC:
        return (Piece(title, "italic"),)
    return (Piece(f"“{_nested(title.removesuffix('.') if not title.endswith('..') else title)}”"),)


def _typographic(text: str) -> str:
    """Return a text with curly quotes and apostrophes."""
    text = re.sub(r"(?<=\w)'(?=\w)", "’", text)
    text = re.sub(r'(^|[\s(\[—–-])"(?=\S)', r"\1“", text).replace('"', "”")
    text = re.sub(r"(^|[\s(\[—–“-])'(?=\S)", r"\1‘", text)
    return text.replace("'", "’")


def _nested(text: str) -> str:
    """Return a text that stands in quotation marks itself: double ones within become single."""
    return text.replace("“", "‘").replace("”", "’")


def _where(reference: Reference, names: Sequence[Name], words: Term) -> Iterator[tuple[Piece | str, ...]]:
    """Yield the sentences that say where a work appeared, by what it is."""
    says = {
        "article-journal": _journal, "article-newspaper": _news, "article-magazine": _news, "webpage": _site,
        "post": _site, "post-weblog": _site, "chapter": _within, "paper-conference": _within,
        "entry-encyclopedia": _within, "thesis": _thesis, "interview": _interview,
    }.get(reference.kind, _alone)  # fmt: skip
    yield from says(reference, {name.surname for name in names}, words)


def _numbers(reference: Reference, words: Term) -> str:
    """Return volume, issue and pages: "40 (2): 154–167", "no. 68: 3–9"."""
    numbers = reference.volume
    if reference.issue:
        numbers = f"{numbers} ({reference.issue})" if numbers else words("issue", n=reference.issue)
    pages = reference.pages or reference.number
    return f"{numbers}: {pages}" if numbers and pages else numbers or pages


def _journal(reference: Reference, lead: set[str], words: Term) -> Iterator[tuple[Piece | str, ...]]:
    numbers = _numbers(reference, words)
    # Without a volume the rest follows a comma: "Journal, 3–9".
    glue = " " if reference.volume else ", "
    if reference.container:
        yield Piece(_typographic(reference.container), "italic"), f"{glue}{numbers}" if numbers else ""
    else:
        yield (numbers,)
    issued = reference.issued
    if issued and issued.month and not numbers:
        yield (words.date(issued),)
    yield from _extra(reference, lead | {reference.container}, words)


def _news(reference: Reference, lead: set[str], words: Term) -> Iterator[tuple[Piece | str, ...]]:
    date = _date(reference, words)
    numbers = _numbers(reference, words)
    rest = ", ".join(part for part in (date, numbers) if part)
    if reference.container and reference.container not in lead:
        yield Piece(_typographic(reference.container), "italic"), f", {rest}" if rest else ""
    else:
        yield (rest,)
    yield from _extra(reference, lead | {reference.container}, words)


def _site(reference: Reference, lead: set[str], words: Term) -> Iterator[tuple[Piece | str, ...]]:
    if reference.container not in lead:
        yield (_typographic(reference.container),)
    yield from _extra(reference, lead | {reference.container}, words)
    yield (_date(reference, words),)


def _within(reference: Reference, lead: set[str], words: Term) -> Iterator[tuple[Piece | str, ...]]:
    before, _, after = words("within", title="\0").partition("\0")
    tail = [after]
    if reference.editors:
        tail.append(words("edited_by", names=_listed([name.straight for name in reference.editors], words)))
    if reference.pages:
        tail.append(reference.pages)
    rest = ", ".join(part for part in tail if part)
    if reference.container:
        yield before, Piece(_typographic(reference.container), "italic"), f", {rest}" if rest else ""
    elif reference.pages:
        yield (reference.pages,)
    yield from _extra(reference, lead, words)


def _thesis(reference: Reference, lead: set[str], words: Term) -> Iterator[tuple[Piece | str, ...]]:
    genre = words(reference.genre) if reference.genre in ("phdthesis", "mathesis") else reference.genre
    school = reference.organisation or reference.publisher
    yield (", ".join(part for part in (genre, school if school not in lead else "", reference.place) if part),)


def _interview(reference: Reference, _: set[str], words: Term) -> Iterator[tuple[Piece | str, ...]]:
    if reference.interviewers:
        yield (words("interview_by", names=_listed([name.straight for name in reference.interviewers], words)),)
    elif not re.search(r"\b(?:interview|entrevista)", f"{reference.title} {reference.how}", re.IGNORECASE):
        yield (words("interview"),)
    yield (reference.how,)
    if reference.container:
        yield (Piece(_typographic(reference.container), "italic"),)
    placed = ", ".join(part for part in (reference.place, _date(reference, words)) if part)
    yield (reference.organisation or reference.publisher,)
    yield (placed,)


def _alone(reference: Reference, lead: set[str], words: Term) -> Iterator[tuple[Piece | str, ...]]:
    if reference.container and reference.container not in lead:
        yield (Piece(_typographic(reference.container), "italic"),)
    if reference.kind in ("report", "standard", "legislation", "patent", "document", "manuscript") and reference.genre:
        yield (" ".join(part for part in (reference.genre, reference.number) if part),)
    elif reference.number and not reference.series:
        yield (words("number", n=reference.number) if reference.number[:1].isdigit() else reference.number,)
    yield from _extra(reference, lead, words)
    if reference.kind not in ("book",):
        yield (_date(reference, words),)


def _extra(reference: Reference, lead: set[str], words: Term) -> Iterator[tuple[Piece | str, ...]]:
    """Yield translators, edition, series, how, and place with publisher."""
    if reference.translators:
        by = words("translated_by", names=_listed([name.straight for name in reference.translators], words))
        yield (by[:1].upper() + by[1:],)
    if reference.authors and reference.editors and reference.kind in ("book", "report", "document", "article-journal"):
        by = words("edited_by", names=_listed([name.straight for name in reference.editors], words))
        yield (by[:1].upper() + by[1:],)
    yield (_edition(reference.edition, words),)
    volume = reference.volume if reference.kind in (*_ITALIC, "chapter", "paper-conference") else ""
    if volume and reference.series:
        yield (words("volume_of", n=volume, series=_typographic(reference.series)),)
    elif volume:
        yield (words("volume", n=volume),)
    elif reference.series:
        own = reference.kind in (*_ITALIC, "document") and reference.number and not reference.genre
        yield (f"{_typographic(reference.series)} {reference.number}" if own else _typographic(reference.series),)
    yield (reference.how,)
    # A publisher that signs is named again only behind its place.
    houses = [
        one for one in (reference.publisher, reference.organisation) if one and (reference.place or one not in lead)
    ]
    house = ", ".join(dict.fromkeys(houses))
    yield (f"{reference.place}: {house}" if reference.place and house else reference.place or house,)
    if reference.pages and reference.kind in (*_ITALIC, "document", "manuscript"):
        yield (reference.pages,)


def _edition(edition: str, words: Term) -> str:
    """Return "2nd ed." from a number; what is already words stays."""
    if not edition.isdigit():
        return edition if not edition or re.search(r"\bed", edition.casefold()) else words("edition", n=edition)
    endings = words("ordinals").split()
    number = int(edition[:4])
    last = 4 if len(endings) < 4 or number % 100 in (11, 12, 13) else min(number % 10 or 4, 4)
    ending = endings[0] if len(endings) < 4 else endings[last - 1]
    return words("edition", n=f"{edition}{ending}")


def _date(reference: Reference, words: Term) -> str:
    """Return the full date where more than the year is known: the year stands there already."""
    return words.date(reference.issued) if reference.issued and reference.issued.month else ""


def _found(reference: Reference, words: Term) -> Iterator[tuple[Piece | str, ...]]:
    """Yield where a work is found: DOI, else archive, and address with the day it was looked at."""
    if reference.doi:
        address = f"https://doi.org/{reference.doi}"
        yield (link(address, address),)
    elif reference.eprint:
        arxiv = reference.eprint.partition(":")
        address = f"https://arxiv.org/abs/{arxiv[2]}" if arxiv[0] == "arXiv" else ""
        yield (link(reference.eprint, address),)
    if reference.url:
        if reference.accessed and not reference.doi:
            yield (words("accessed", date=words.date(reference.accessed)),)
        yield (link(reference.url, reference.url),)
