"""Characters that a file, a screen or a name cannot take, what stands for them, and words as they are compared."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

_CONTROL = {"Cc", "Cs", "Zl", "Zp"}
_DIRECTION = "\u061c\u202a-\u202e\u2066-\u2069"
"""Characters that turn the direction of what follows them: they can make a text read as another one."""
_TURNING = re.compile(f"[{_DIRECTION}]")


def clean(text: str) -> str:
    r"""Return the text in one line: control characters, tabs, line ends and changes of direction become spaces.

    Examples
    --------
    >>> clean("two\nlines"), clean("a\u202eb")
    ('two lines', 'a b')
    """
    if text.isprintable():
        return text
    return "".join(" " if unicodedata.category(char) in _CONTROL or _TURNING.match(char) else char for char in text)


_MOVING = re.compile(f"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029{_DIRECTION}\ud800-\udfff]")


def legible(text: str) -> str:
    r"""Return a text whose lines stay and which does nothing to a terminal: other characters are codes.

    Examples
    --------
    >>> print(legible("two\nlines\x1b[2J"))
    two
    lines\u001b[2J
    """
    return _MOVING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


_NOT_XML = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{_DIRECTION}\ud800-\udfff\ufffe\uffff]")


def xml(text: str) -> str:
    r"""Return a document with spaces for what XML forbids or a reader would stumble over; line ends stay.

    Examples
    --------
    >>> xml("<a>\x01\n</a>")
    '<a> \n</a>'
    """
    return _NOT_XML.sub(" ", text)


_NOT_JSON = re.compile(f"[\x7f-\x9f\u2028\u2029{_DIRECTION}\ud800-\udfff]")


def json_text(document: Any) -> str:
    r"""Return a document as JSON for people: indented, in their own letters, codes for what would move a screen.

    Examples
    --------
    >>> print(json_text({"name": "Camín\u202e\x1b"}))
    {
      "name": "Camín\u202e\u001b"
    }
    """
    written = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)
    return _NOT_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
_NUMBER = re.compile(r"\s*[+-]?(\d[\d.,\s]*|\.\d+)([eE][+-]?\d+)?\s*%?\s*")


@lru_cache(maxsize=1 << 16)
def spreadsheet(text: str) -> str:
    """Put an apostrophe before what a spreadsheet could take for a formula; numbers are left alone.

    A text that has the apostrophe already gets another one, so that `from_spreadsheet` gives back what was written.

    Examples
    --------
    >>> spreadsheet("=cmd()"), spreadsheet("-0.5"), spreadsheet("CEIEC"), spreadsheet("'=cmd()")
    ("'=cmd()", '-0.5', 'CEIEC', "''=cmd()")
    """
    text = clean(text)
    return f"'{text}" if _is_formula(text.lstrip("'")) else text


def from_spreadsheet(text: str) -> str:
    """Take off the apostrophe that `spreadsheet` puts before a text.

    Examples
    --------
    >>> from_spreadsheet("'=cmd()"), from_spreadsheet("'tis"), from_spreadsheet(spreadsheet("'- so"))
    ('=cmd()', "'tis", "'- so")
    """
    return text[1:] if text.startswith("'") and _is_formula(text.lstrip("'")) else text


def _is_formula(text: str) -> bool:
    is_sign = len(text.strip()) == 1
    return bool(_FORMULA.match(text)) and not is_sign and not _NUMBER.fullmatch(text)


_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_LONGEST = 80
"""Bytes of a name made from a key: with a word before it and an extension still far from any system's limit."""
_DIGITS = 8


def file_names(keys: Iterable[str], *, latin: bool = False) -> tuple[str, ...]:
    """Return a name for each key, without extension, that every system accepts, and a different one for each.

    Letters of any script and digits stay, everything else becomes hyphens. Keys that would share a name, also where
    capitals are not told apart, and keys that had to be cut get a few digits of their hash, which do not depend on the
    other keys; the key that is its own name keeps it.

    Parameters
    ----------
    keys
        Names as people write them.
    latin
        Only small Latin letters, as some standards ask; a key whose letters are left out gets the digits, too.

    Examples
    --------
    >>> file_names(["R&D Group #1 / x", "con", "Café"])
    ('R-D-Group-1-x', '_con', 'Café')
    >>> file_names(["x/y", "x-y", "X_Y"])
    ('x-y-bd3c9047', 'x-y', 'X-Y-b6cd99a6')
    """
    keys = tuple(keys)
    plain = [_plain(key, latin) for key in keys]
    shared = Counter(_folded(name) for name, _ in plain)
    owned = Counter(_folded(name) for key, (name, _) in zip(keys, plain, strict=True) if name == key)
    names: list[str] = []
    taken: set[str] = set()
    for key, (name, is_cut) in zip(keys, plain, strict=True):
        keeps = not is_cut and (shared[_folded(name)] == 1 or (name == key and owned[_folded(name)] == 1))
        chosen, again = name if keeps else _numbered(name, key), 1
        while _folded(chosen) in taken:  # the same key twice, or a key that is the numbered name of another
            again += 1
            chosen = _numbered(name, f"{key}\0{again}")
        taken.add(_folded(chosen))
        names.append(chosen)
    return tuple(names)


def _plain(key: str, latin: bool) -> tuple[str, bool]:
    """Return a key as a name, and whether the name lacks a part of it."""
    whole = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", clean(key))).strip("-")
    if latin:
        small = re.sub(r"[^a-z0-9]+", "-", whole.lower()).strip("-")[:_LONGEST].strip("-")
        return small or "_", small != whole.lower()
    name = whole.encode("utf-8")[:_LONGEST].decode("utf-8", "ignore").strip("-")
    return (f"_{name}" if not name or _RESERVED.fullmatch(name) else name), name != whole


def _numbered(name: str, key: str) -> str:
    return f"{name}-{hashlib.sha256(key.encode('utf-8', 'backslashreplace')).hexdigest()[:_DIGITS]}"


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name.casefold())


_WORD = re.compile(r"[^\W_]+")
LOOK_ALIKE = str.maketrans("авсеіјорѕтухАВСЕНІЈКМОРТХ", "abceijopstyxABCEHIJKMOPTX")
"""Cyrillic letters that print like Latin ones (в and т roughly)."""


def fold(name: str) -> str:
    """Return a word or a name as it is compared.

    Examples
    --------
    >>> fold(" Duración (años) "), fold("Côte d’Ivoire"), fold("ｌocal")
    ('duracion_anos', 'cote_d_ivoire', 'local')
    """
    if not name.isascii():
        name = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return "_".join(_WORD.findall(name.casefold()))
