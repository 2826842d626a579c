"""Finding a quote in a text: what printing changes is ignored on both sides, words are not."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
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
_BROKEN = re.compile(r"(?<=\w)[-‐‑\u00ad]\s+(?=\w)")
"""A hyphen at the end of a line; the ends of lines may have become spaces."""
_OMISSION = re.compile(r"\s*(?:\[\.\.\.\]|\(\.\.\.\)|\.\.\.)\s*")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_NOTE = r"(?:\s?[\[(]?[0-9¹²³⁰⁴-⁹]{1,3}[\])]?)?"
"""A footnote number, as it stands in the middle of a passage."""


@dataclass(frozen=True)
class Nearest:
    """The passage most like a quote; similarity from 0 to 1 (Ratcliff and Obershelp, as in `difflib`)."""

    passage: str
    similarity: float


def normalise(text: str) -> str:
    r"""Return a text without what printing adds: tags, ligatures, curly quotes, hyphenation, line breaks.

    Examples
    --------
    >>> normalise("the “sur-\nveillance <b>ofﬁce</b>”")
    'the "surveillance office"'
    """
    plain = _BROKEN.sub("", html.unescape(_TAG.sub("", text)))
    return " ".join(unicodedata.normalize("NFC", plain.translate(_LIGATURES)).translate(_SIGNS).split())


def contains(text: str, quote: str) -> bool:
    """Say whether a normalised text holds a normalised quote; its parts, where it omits words ([...]), in order."""
    if _tolerant(quote).search(text):
        return True
    parts = [part for part in _OMISSION.split(quote) if part]
    return len(parts) > 1 and _in_order(text, parts)


def nearest(text: str, quote: str) -> Nearest:
    """Return the passage of a normalised text that is most like a quote which it does not hold."""
    words, wanted = text.split(" "), quote.split(" ")
    best = Nearest("", 0.0)
    for start in _candidates(words, wanted):
        passage = " ".join(words[start : start + len(wanted)])
        ratio = SequenceMatcher(None, quote, passage, autojunk=False).ratio()
        if ratio > best.similarity:
            best = Nearest(passage, ratio)
    return best


def _in_order(text: str, parts: list[str]) -> bool:
    position = 0
    for part in parts:
        match = _tolerant(part).search(text, position)
        if match is None:
            return False
        position = match.end()
    return True


def _tolerant(quote: str) -> re.Pattern[str]:
    """Return a pattern for a quote in whole words that lets footnote numbers stand between and after them.

    A hyphen may have been lost at the end of a line, and a dash may have spaces around it.
    """
    pattern = ""
    end = 0
    loose = True
    for token in _TOKEN.finditer(quote):
        dash = token.group() == "-"
        gap = r"\s+" if token.start() > end else ""
        pattern += "" if loose or dash else _NOTE + gap
        pattern += rf"{_NOTE}(?:\s*-\s*|)" if dash else re.escape(token.group())
        loose, end = dash, token.end()
    before = r"(?<!\w)" if quote[:1].isalnum() else ""
    after = rf"{_NOTE}(?!\w)" if quote[-1:].isalnum() else ""
    return re.compile(before + pattern + after)


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
    return [start for _, start in sorted(scores)[:3]]
