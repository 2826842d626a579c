"""Fonts: whether a family is installed, and whether it has every character that will be drawn.

Text that fits its box: measured, wrapped at words, shrunk a little, never clipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from agency.errors import UsageError, did_you_mean
from agency.figures.surface.style import POINT, FigureStyle

_SHOWN = 12


def check_families(families: tuple[str, ...]) -> None:
    """Raise when a font family is not installed.

    Raises
    ------
    UsageError
        Naming the family and the nearest installed one.
    """
    from matplotlib.font_manager import fontManager

    known = sorted({entry.name for entry in fontManager.ttflist})
    for family in families:
        if family not in known:
            message = f"--font {family}: no such font is installed.{did_you_mean(family, known)}"
            raise UsageError(message)


def missing_characters(texts: Iterable[str], families: tuple[str, ...]) -> tuple[str, ...]:
    """Return the characters no font of the list can draw, in order of first use.

    Examples
    --------
    >>> missing_characters(["CEIEC", "中国"], ("DejaVu Sans",))
    ('中', '国')
    """
    known = frozenset().union(*(_characters(family) for family in families))
    used = dict.fromkeys(character for text in texts for character in text if character.isprintable())
    return tuple(character for character in used if ord(character) not in known)


def missing_message(characters: tuple[str, ...]) -> str:
    """Return the one sentence that names missing characters and the option that mends it.

    Examples
    --------
    >>> missing_message(("中", "国"))
    'the font has no glyph for 中 国: name an installed font that has them with --font (library: fonts=)'
    """
    shown = " ".join(characters[:_SHOWN])
    more = f" and {len(characters) - _SHOWN} more" if len(characters) > _SHOWN else ""
    return (
        f"the font has no glyph for {shown}{more}: name an installed font that has them with --font (library: fonts=)"
    )


@lru_cache(maxsize=32)
def _characters(family: str) -> frozenset[int]:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    return frozenset(get_font(findfont(FontProperties(family=[family]))).get_charmap())


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

    font = FontProperties(family=list(families), size=100, weight="bold" if bold else "normal")
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
