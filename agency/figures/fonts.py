"""Fonts: whether a family is installed, and whether it has every character that will be drawn."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from agency.errors import UsageError, did_you_mean

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
