"""Text that fits its box, in fonts that have its characters: measured, wrapped, shrunk a little, never clipped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from agency.errors import UsageError, did_you_mean
from agency.figures.surface.style import POINT, FigureStyle
from agency.words import text

_SHOWN = 12


def check_families(families: tuple[str, ...]) -> None:
    """Raise when a font family is not installed, also after the list of fonts was read anew.

    Raises
    ------
    UsageError
        Naming the family and the nearest installed one.
    """
    for family in families:
        if family not in _installed() and family not in _renewed():
            hint = did_you_mean(family, list(_renewed()))
            message = text("--font {family}: no such font is installed.{hint}", family=family, hint=hint)
            raise UsageError(message)


def with_fallback(words: str, families: tuple[str, ...]) -> tuple[str, ...]:
    """Return the families, and after them installed ones that have the characters the families lack.

    The letters that the families have stay in their type; only the missing ones are taken from elsewhere.
    """
    return (*families, *_fallback(missing_characters([words], families))) if not words.isascii() else families


def missing_characters(texts: Iterable[str], families: tuple[str, ...]) -> tuple[str, ...]:
    """Return the characters no font of the list can draw, in order of first use.

    Examples
    --------
    >>> missing_characters(["CEIEC", "中国"], ("DejaVu Sans",))
    ('中', '国')
    """
    known = frozenset().union(*(_characters(family) for family in families))
    used = dict.fromkeys(character for one in texts for character in one if character.isprintable())
    return tuple(character for character in used if ord(character) not in known)


def missing_message(characters: tuple[str, ...]) -> str:
    """Return the one sentence that names missing characters and what to install.

    Examples
    --------
    >>> missing_message(("中", "国"))
    'no installed font has 中 国: install fonts-noto-cjk (Debian, Ubuntu) or google-noto-sans-cjk-fonts (Fedora)'
    """
    shown = " ".join(characters[:_SHOWN])
    if len(characters) > _SHOWN:
        shown = text("{shown} and {n} more", shown=shown, n=len(characters) - _SHOWN)
    wide = all(_is_wide(character) for character in characters)
    debian, fedora = _PACKAGES[wide]
    return text(
        "no installed font has {shown}: install {debian} (Debian, Ubuntu) or {fedora} (Fedora)",
        shown=shown,
        debian=debian,
        fedora=fedora,
    )


_PACKAGES = {
    True: ("fonts-noto-cjk", "google-noto-sans-cjk-fonts"),
    False: ("fonts-noto", "google-noto-fonts-all"),
}
"""Packages of fonts: for Chinese, Japanese and Korean, and for all other scripts."""


def _installed() -> frozenset[str]:
    from matplotlib.font_manager import fontManager

    return frozenset(entry.name for entry in fontManager.ttflist)


@lru_cache(maxsize=1)
def _renewed() -> tuple[str, ...]:
    """Return all families after looking once for fonts installed since the list was made."""
    from matplotlib.font_manager import findSystemFonts, fontManager

    known = {entry.fname for entry in fontManager.ttflist}
    for path in sorted(findSystemFonts()):
        if path not in known:
            with suppress(OSError, RuntimeError, ValueError):  # a file that is no font is no matter of ours
                fontManager.addfont(path)
    return tuple(sorted(_installed()))


@lru_cache(maxsize=256)
def _fallback(characters: tuple[str, ...]) -> tuple[str, ...]:
    """Return the fewest installed families, in order of name, that have these characters; sans serif before others."""
    if not characters:
        return ()
    found = _covering(characters, tuple(sorted(_installed())))
    left = missing_characters(characters, found) if found else characters
    return (*found, *_covering(left, _renewed())) if left else found


def _covering(characters: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    found: list[str] = []
    left = {ord(character) for character in characters}
    # Last Resort has a box for every character and a letter for none.
    names = tuple(name for name in names if not name.startswith("Last Resort"))
    for name in sorted(names, key=lambda name: ("Sans" not in name, "Mono" in name, name)):
        if left & _characters(name):
            found.append(name)
            left -= _characters(name)
        if not left:
            break
    return tuple(found)


@lru_cache(maxsize=512)
def _characters(family: str) -> frozenset[int]:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    try:
        return frozenset(get_font(findfont(FontProperties(family=[family]))).get_charmap())
    except (OSError, RuntimeError):
        return frozenset()


LEADING = 1.22
"""Distance of two baselines, as a multiple of the type size."""


@dataclass(frozen=True)
class Fitted:
    """A text set in lines at a size; width and height in mm."""

    lines: tuple[str, ...]
    size: float
    width: float
    whole: bool = True
    """No word had to be divided."""

    @property
    def height(self) -> float:
        """Height in mm, a line each at the leading."""
        return len(self.lines) * self.size * LEADING * POINT

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)


def text_width(text: str, size: float, families: tuple[str, ...], *, bold: bool = False) -> float:
    """Return the width of a line in mm at a size in points."""
    return _unit_width(text, families, bold) * size * POINT


def longest_word(text: str, style: FigureStyle, *, bold: bool = False) -> float:
    """Return the width in mm of the widest unbreakable piece of a text at the least size."""
    pieces = (piece.strip() for line in text.split("\n") for piece in _pieces(line))
    return max((text_width(piece, style.least, style.families, bold=bold) for piece in pieces), default=0.0)


def fit(text: str, width: float, style: FigureStyle, *, bold: bool = False, size: float | None = None) -> Fitted:
    """Set a text in a width: whole words at the usual size, else shrunk, else divided at the least size.

    Parameters
    ----------
    text
        Without line breaks of its own, or with breaks that are kept.
    width
        Of the box in mm.
    style
        Fonts, the usual and the least size in points.
    bold
        Weight of the text.
    size
        Starting size in points, when it is not the style's.

    Examples
    --------
    >>> fit("Coordinating Ministry of Security", 30.0, FigureStyle()).lines
    ('Coordinating', 'Ministry of Security')
    """
    start = style.size if size is None else size
    candidate = max(start, style.least)
    while candidate > style.least:
        fitted = _set(text, width, candidate, style.families, bold)
        if fitted.whole:
            return _balanced(text, fitted, style.families, bold)
        candidate = max(candidate - 0.5, style.least)
    return _balanced(text, _set(text, width, candidate, style.families, bold), style.families, bold)


def _balanced(text: str, fitted: Fitted, families: tuple[str, ...], bold: bool) -> Fitted:
    """Return the same number of lines with the widest as narrow as can be: no lonely last word."""
    if not fitted.whole or len(fitted.lines) == 1:
        return fitted
    low, best = fitted.width / len(fitted.lines), fitted
    while best.width - low > 0.2:
        middle = (low + best.width) / 2
        candidate = _set(text, middle, fitted.size, families, bold)
        if candidate.whole and len(candidate.lines) == len(fitted.lines):
            best = candidate
        else:
            low = middle
    return best


@lru_cache(maxsize=65536)
def _unit_width(text: str, families: tuple[str, ...], bold: bool) -> float:
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family=list(with_fallback(text, families)), size=100, weight="bold" if bold else "normal")
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, False)
    return float(width) / 100


def _is_wide(character: str) -> bool:
    """Whether a line may break before this character: Chinese, Japanese and Korean writing."""
    return "\u2e80" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff" or "\uac00" <= character <= "\ud7af"


def _pieces(text: str) -> Iterator[str]:
    """Yield the unbreakable pieces of a text, each with the spaces that follow it."""
    piece = ""
    for before, character in pairwise([" ", *text]):
        opens = (before == " " and character != " ") or (before in "-/–" and piece.strip() != "" and character != " ")
        if piece and (opens or _is_wide(character) or (_is_wide(before) and character not in " ,.)，。）")):
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def _set(text: str, width: float, size: float, families: tuple[str, ...], bold: bool) -> Fitted:
    lines: list[str] = []
    whole = True
    for paragraph in text.split("\n"):
        line = ""
        for piece in _pieces(paragraph):
            if _fits((line + piece).rstrip(), width, size, families, bold):
                line += piece
                continue
            if line:
                lines.append(line.rstrip())
            line = piece
            while not _fits(line.rstrip(), width, size, families, bold) and len(line.rstrip()) > 1:
                whole = False
                head = _head(line, width, size, families, bold)
                lines.append(f"{head}-" if head[-1].isalpha() and not _is_wide(head[-1]) else head)
                line = line[len(head) :]
        lines.append(line.rstrip())
    widest = max(text_width(line, size, families, bold=bold) for line in lines)
    return Fitted(tuple(lines), size, widest, whole and widest <= width)


def _fits(text: str, width: float, size: float, families: tuple[str, ...], bold: bool) -> bool:
    return text_width(text, size, families, bold=bold) <= width


def _head(text: str, width: float, size: float, families: tuple[str, ...], bold: bool) -> str:
    """Return the longest beginning that fits with a hyphen, one character at least."""
    count = 1
    while count < len(text) - 1 and _fits(text[: count + 1] + "-", width, size, families, bold):
        count += 1
    return text[:count]
