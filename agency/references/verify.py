"""Are the quotes in the texts? Found in time linear in the text: what printing changes is bridged and said.

Both sides are brought to one form, tokens with a space around each, and the quote is looked for as a piece of the text.
What printing may have done is tried step by step, from nothing to everything, so that the least that explains a match
is what is said of it.

A worked example. The page reads ``the agree-⏎ment of 2011.12⏎17 The Information Society⏎was signed``:

- *hyphenation*: ``agree- ment`` is ``agreement``; a real hyphen at a line end (``well- known``) is tried as well;
- *footnote numbers*: the 12 glued to the full stop goes (in the text only, so that 3.5 never equals 3.7);
- *page headers*: a line that comes back on other pages, its numbers aside, goes.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property
from heapq import nsmallest
from itertools import product
from pathlib import Path

from agency import words
from agency.errors import UsageError, did_you_mean
from agency.references.model import Fault, Reference, bare_reference
from agency.references.texts import TextError, read_text, text_file
from agency.words import marked

_TAG = re.compile(r"</?[A-Za-z][^<>]{0,400}>")
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‘’‚‛′´`", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "\u00ad": "",
        "\u200b": "",
        "…": "...",
    }
)
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_SOFT = re.compile(r"\u00ad\s+(?=\w)")
_MINUS = re.compile(r"(\d\s{1,20})?(?<![^\s(])-(?=\d)")
"""A dash glued to the number behind it alone is a minus, unless a number stands before it ("2011 -2012")."""
_BREAK = re.compile(r"(?<=\w)-\s+(?=\w)")
_DASH = re.compile(r"\s*-+\s*")
_NOTES = re.compile(r"\s?[\[(]\d{1,3}[\])]|\s?[¹²³⁰⁴-⁹]+|(?<=[^\W\dA-Z_]{3})\d{1,3}(?!\w)")
"""Footnote numbers that are surely none of the words: in brackets, raised, glued to a word in small letters."""
_GLUED = re.compile(r"(?<=[.,;:!?\"')])\d{1,3}(?=\s|$)")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_OMISSION = re.compile(r"\s*(?:\[\s?\.\.\.\s?\]|\(\s?\.\.\.\s?\)|\.\.\.)\s*")
_LONGEST = 60
"""Words of a quote that its nearest passage is compared by."""
_PAGE_NUMBER = re.compile(
    r"[-–—\[|\s]*(?:(?:page|página|p\.)\s*)?\d{1,4}(?:\s*(?:of|de|/)\s*\d{1,4})?[-–—\]|\s]*", re.I
)
HYPHENATION, NOTES = marked("hyphenation at a line end"), marked("footnote numbers")
HEADERS, LIGATURES = marked("a page header"), marked("ligatures")
_STEPS = sorted(product((False, True), repeat=3), key=lambda step: (sum(step), step))
"""Hyphenation, notes, headers: what is bridged, least first."""


@dataclass(frozen=True)
class Nearest:
    """The passage most like a quote; similarity from 0 to 1 (Ratcliff and Obershelp, as in `difflib`)."""

    passage: str
    similarity: float


class Searchable:
    r"""The text of a source, brought to the forms in which quotes are looked for; each is made once, when asked for.

    Examples
    --------
    >>> text = Searchable("the “sur-\nveillance <b>ofﬁce</b>”, well-\nknown since 2011.12 It grew")
    >>> text.find("surveillance office"), text.find("well-known since 2011. It")
    (('hyphenation at a line end', 'ligatures'), ('footnote numbers',))
    >>> text.find("surveillance offices") is None
    True
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._forms: dict[tuple[bool, ...], tuple[tuple[str, ...], ...]] = {}

    def find(self, quote: str) -> tuple[str, ...] | None:
        """Return what was bridged to find a quote, () where nothing; None where it is not in the text."""
        for hyphens, notes, headers in _STEPS:
            if headers and self._bare is self._text:
                continue
            if self._holds(quote, hyphens, notes, headers, ligatures=True):
                bridged = [name for name, used in ((HYPHENATION, hyphens), (NOTES, notes), (HEADERS, headers)) if used]
                if not self._holds(quote, hyphens, notes, headers, ligatures=False):
                    bridged.append(LIGATURES)
                return tuple(bridged)
        return None

    @cached_property
    def plain(self) -> str:
        """The text in one line as people read it, for showing passages."""
        joined = _BREAK.sub("", _signs(self._text, ligatures=True))
        return " ".join(joined.split())

    @cached_property
    def _bare(self) -> str:
        return without_headers(self._text)

    def _holds(self, quote: str, hyphens: bool, notes: bool, headers: bool, *, ligatures: bool) -> bool:
        signs = _signs(quote, ligatures=ligatures)
        # The quote may carry the numbers of notes as well, or not: either against the text without them.
        sides = (signs, _NOTES.sub("", signs)) if notes else (signs,)
        texts = self._form(hyphens, notes, headers, ligatures)
        return any(
            _in_order(text, wanted)
            for side in sides
            for forms in texts
            for text, wanted in zip(forms, _forms(side, hyphens), strict=True)
        )

    def _form(self, hyphens: bool, notes: bool, headers: bool, ligatures: bool) -> tuple[tuple[str, ...], ...]:
        """Return the text with and without numbers glued to a full stop, each with its dashes in every form."""
        key = (hyphens, notes, headers, ligatures)
        if key not in self._forms:
            signs = _signs(self._bare if headers else self._text, ligatures=ligatures)
            sides = [signs] if not notes else [_NOTES.sub("", signs), _GLUED.sub("", _NOTES.sub("", signs))]
            self._forms[key] = tuple(tuple(_tokens(form) for form in _forms(side, hyphens)) for side in sides)
        return self._forms[key]


def says_something(quote: str) -> bool:
    """Say whether a quote has a letter or a digit.

    Examples
    --------
    >>> says_something("- - -"), says_something("[...]"), says_something("5G")
    (False, False, True)
    """
    return any(character.isalnum() for character in _TAG.sub("", quote))


def nearest(text: str, quote: str) -> Nearest:
    """Return the passage of a text (`Searchable.plain`) that is most like a quote which it does not hold.

    Examples
    --------
    >>> nearest("the cameras were bought by the ministry in 2011", "the cameras were sold by").passage
    'the cameras were bought by'
    """
    words = text.split(" ")
    wanted = " ".join(_signs(quote, ligatures=True).split()).split(" ")[:_LONGEST]
    best = Nearest("", 0.0)
    for start in _candidates(words, wanted):
        passage = " ".join(words[start : start + len(wanted)])[:1200]
        ratio = SequenceMatcher(None, " ".join(wanted)[:1200], passage, autojunk=False).ratio()
        if ratio > best.similarity:
            best = Nearest(passage, ratio)
    return best


def without_headers(text: str) -> str:
    r"""Return a text without the lines that come back from page to page, their numbers aside, and page numbers.

    Where form feeds divide the pages, only their first and last two lines are looked at; else every short line that
    stands at least three times.

    Examples
    --------
    >>> without_headers("one\nThe Journal 3\n\ftwo\nThe Journal 4\n").split()
    ['one', 'two']
    """
    pages = [page.split("\n") for page in text.split("\f")]
    edges = [_edges(page) if len(pages) > 1 else range(len(page)) for page in pages]
    seen = Counter(mask for page, places in zip(pages, edges, strict=True) for mask in {_mask(page[n]) for n in places})
    if len(pages) == 1:
        seen = Counter(_mask(line) for line in pages[0])
    often = 2 if len(pages) > 1 else 3
    kept, dropped = [], False
    for page, places in zip(pages, edges, strict=True):
        gone = {n for n in places if _is_header(page[n], seen[_mask(page[n])] >= often)}
        dropped = dropped or bool(gone)
        kept.append("\n".join(line for n, line in enumerate(page) if n not in gone))
    return "\n".join(kept) if dropped else text


def _edges(page: list[str]) -> list[int]:
    full = [number for number, line in enumerate(page) if line.strip()]
    return sorted({*full[:2], *full[-2:]})


def _mask(line: str) -> str:
    return re.sub(r"\d+", "#", " ".join(line.split())).casefold()


def _is_header(line: str, often: bool) -> bool:
    stripped = line.strip()
    numbered = len(stripped) <= 40 and _PAGE_NUMBER.fullmatch(stripped) is not None
    return numbered or (often and 0 < len(stripped) <= 100)


def _signs(text: str, *, ligatures: bool) -> str:
    """Return a text without tags and entities, with one sign for each kind of quote and dash."""
    plain = html.unescape(_TAG.sub("", text)) if "<" in text or "&" in text else text
    plain = _SOFT.sub("-\n", plain)
    if ligatures:
        plain = plain.translate(_LIGATURES)
    plain = unicodedata.normalize("NFC", plain).translate(_SIGNS)
    return _MINUS.sub(lambda found: found[0] if found[1] else "∓", plain)


def _forms(text: str, hyphens: bool) -> Iterator[str]:
    """Yield a text with its dashes as they are; or joined; as spaces but at line ends; as spaces everywhere.

    A quote is compared with the text in the same form, so that a word broken at a line end and a compound begun in its
    middle ("known system" of "well-known system") are both found.
    """
    if not hyphens:
        yield text
        return
    yield _DASH.sub("", text)
    yield _DASH.sub(" ", _BREAK.sub("", text))
    yield _DASH.sub(" ", text)


def _tokens(text: str) -> str:
    return f" {' '.join(_TOKEN.findall(text))} "


def _in_order(text: str, quote: str) -> bool:
    """Say whether a text holds a quote whole, else its parts, where it omits words, one after the other."""
    whole = _tokens(quote)
    if whole.strip() and whole in text:
        return True
    parts = [_tokens(part) for part in _OMISSION.split(quote) if says_something(part)]
    if len(_OMISSION.split(quote)) < 2 or not parts:
        return False
    position = 0
    for part in parts:
        found = text.find(part, position)
        if found < 0:
            return False
        # The space behind a part is the space before the next.
        position = found + len(part) - 1
    return True


def _candidates(words: list[str], wanted: list[str]) -> list[int]:
    """Return the places where most of the wanted words stand together, at most three, best first."""
    size = len(wanted)
    rest = Counter(wanted)
    shared = 0
    scores: list[tuple[int, int]] = []
    for position, word in enumerate(words):
        if word in rest:
            shared += rest[word] > 0
            rest[word] -= 1
        if position >= size and words[position - size] in rest:
            rest[words[position - size]] += 1
            shared -= rest[words[position - size]] > 0
        if shared:
            scores.append((-shared, max(0, position - size + 1)))
    return [start for _, start in nsmallest(3, scores)]


@dataclass(frozen=True)
class Quote:
    """A quote, the key of its source, and where it stands."""

    text: str
    source: str
    file: str
    line: int = 0
    row: int = 0
    column: str = "quote"


@dataclass(frozen=True)
class Verification:
    """What became of the quotes."""

    faults: tuple[Fault, ...]
    quotes: int
    """Quotes looked for: those whose source has a text."""
    texts: int
    bridged: Mapping[str, int] = field(default_factory=dict)
    """How many quotes were found only over hyphenation, ligatures, footnote numbers, page headers."""
    read: Mapping[str, str] = field(default_factory=dict)
    """How the text of a file was made, by file name, where it is no plain text."""

    @property
    def found(self) -> int:
        """How many quotes stand in their text."""
        return self.quotes - sum(fault.code == "quote-absent" for fault in self.faults)


def verify_quotes(
    quotes: Iterable[Quote],
    references: Mapping[str, Reference],
    folder: Path,
    files: Mapping[str, str] | None = None,
) -> Verification:
    """Look every quote up in the text of its source.

    Parameters
    ----------
    quotes
        With the key of their source and their place.
    references
        They may name their text in ``file``; without it, KEY.txt (.md, .html, .docx, .pdf) is looked for.
    folder
        Of the texts.
    files
        Source key to file name, over what is said and found otherwise.

    Returns
    -------
    Verification
        A fault per quote that is not in its text, with the nearest passage and its similarity, per source without a
        text or with an unreadable one, and per quote without a letter or digit.

    Raises
    ------
    UsageError
        If there is no such folder, or `files` names an unknown source or file.
    """
    groups: dict[str, list[Quote]] = {}
    for quote in quotes:
        groups.setdefault(quote.source, []).append(quote)
    named = _given(folder, files or {}, {*references, *groups})
    work = _Work()
    for key, group in groups.items():
        path = named.get(key) or text_file(references.get(key, bare_reference(key)), folder)
        work.source(key, group, path)
    return Verification(tuple(work.faults), work.quotes, work.texts, dict(work.bridged), work.read)


@dataclass
class _Work:
    faults: list[Fault] = field(default_factory=list)
    quotes: int = 0
    texts: int = 0
    bridged: Counter[str] = field(default_factory=Counter)
    read: dict[str, str] = field(default_factory=dict)

    def source(self, key: str, group: list[Quote], path: Path | None) -> None:
        """Look up the quotes of one source."""
        sound = [quote for quote in group if says_something(quote.text)]
        self.faults += [_fault("quote-empty", quote) for quote in group if quote not in sound]
        if path is None:
            expected = words.text("file in its entry, or {key}.txt, in the folder", key=key)
            self.faults.append(_fault("text-missing", group[0], words.text("source '{key}'", key=key), expected))
            return
        try:
            found = read_text(path)
        except TextError as error:
            self.faults.append(_fault("text-unreadable", group[0], f"{path.name}: {error}", fix=error.fix))
            return
        except OSError as error:
            message = words.text("{path}: cannot be read ({reason}).", path=path, reason=error.strerror)
            raise UsageError(message) from error
        self.texts += 1
        if found.how:
            self.read[path.name] = found.how
        self._look_up(sound, Searchable(found.text), path.name)

    def _look_up(self, quotes: list[Quote], text: Searchable, file: str) -> None:
        known: dict[str, tuple[str, ...] | str] = {}
        for quote in quotes:
            if quote.text not in known:
                bridged = text.find(quote.text)
                known[quote.text] = _near(text, quote.text, file) if bridged is None else bridged
            verdict = known[quote.text]
            self.quotes += 1
            if isinstance(verdict, str):
                self.faults.append(_fault("quote-absent", quote, quote.text, verdict))
            else:
                self.bridged.update(verdict)


def _near(text: Searchable, quote: str, file: str) -> str:
    near = nearest(text.plain, quote)
    if not near.passage:
        return words.text("words of {file}, which has none of them", file=file)
    return words.text(
        "words of {file}; nearest (similarity {similarity:.2f}): '{passage}'",
        file=file,
        similarity=near.similarity,
        passage=near.passage,
    )


def _fault(code: str, quote: Quote, found: str | None = None, expected: str = "", fix: str = "") -> Fault:
    said = quote.text if found is None else found
    return Fault(code, quote.file, quote.line, "", said, expected, fix, quote.row, quote.column)


def _given(folder: Path, files: Mapping[str, str], keys: set[str]) -> dict[str, Path]:
    """Return the texts named in the call."""
    if not folder.is_dir():
        message = words.text(
            "{folder}: there is no such folder. Give the folder of the source texts with --texts.", folder=folder
        )
        raise UsageError(message)
    for key, name in files.items():
        if key not in keys:
            message = words.text(
                "--map {key}: there is no such source.{hint}", key=key, hint=did_you_mean(key, sorted(keys))
            )
            raise UsageError(message)
        if not (folder / name).exists():
            message = words.text("--map {key}: {folder} does not exist.", key=key, folder=folder / name)
            raise UsageError(message)
        if not (folder / name).is_file():
            message = words.text("{folder}: cannot be read (it is no file).", folder=folder / name)
            raise UsageError(message)
    return {key: folder / name for key, name in files.items()}
