"""Lists of names as BibTeX, BibLaTeX, CSL-JSON and people write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from agency.references.inputs.latex import plain
from agency.references.model import Name

_SUFFIXES = re.compile(r"(?:jr|sr|ii|iii|iv|filho|neto|hijo|júnior|junior)\.?$", re.IGNORECASE)
_BARE_SUFFIXES = re.compile(r"(?:[JS]r\.?|III|IV)$")
_EXTENDED = re.compile(r"\s*(?:family|given|prefix|suffix)\s*=", re.IGNORECASE)
_ORGANISATION = re.compile(
    r"\b(?:minist\w+|secretar[ií]a|secretariat|gobierno|governo|government|universi\w+|institut\w*|bank|banco|news|"
    r"agency|agencia|agência|noticias|council|consejo|conselho|commission|comisi[óo]n|comissão|committee|comit[ée]|"
    r"department|departamento|office|oficina|embassy|embajada|embaixada|congress|congreso|congresso|asamblea|"
    r"assembly|presidency|presidencia|presidência|corporation|corporaci[óo]n|company|group|grupo|foundation|"
    r"fundaci[óo]n|fundação|association|asociaci[óo]n|associação|organi[sz]ation|organizaci[óo]n|organização|"
    r"municipality|municipalidad|prefeitura|society|center|centre|centro|policy|pol[ií]cia|police|union|nations|"
    r"naciones|nações|servicio|service|watch|voices|times|post|reuters|bbc|cnn|ltd|inc|s\.a\.|editorial|"
    r"redacci[óo]n|redação|tribunal|court|contralor[ií]a|observatorio|observatory|network|red)\b",
    re.IGNORECASE,
)
"""Words that persons are not called: a name that holds one is not turned round ("de Gobierno, Ministerio")."""


def names_of(text: str) -> tuple[tuple[Name, ...], bool, str]:
    """Return the names of a BibTeX field, whether others follow, and a name that can be read in two ways.

    Examples
    --------
    >>> names_of("Pérez, Juan and {Ministry of Health and Welfare} and others")
    ((Name(family='Pérez', given='Juan', particle='', suffix=''),
      Name(family='Ministry of Health and Welfare', given='', particle='', suffix='')), True, '')
    >>> [name.inverted for name in names_of("King, Jr., Martin Luther and Ludwig van Beethoven")[0]]
    ['King, Martin Luther, Jr.', 'van Beethoven, Ludwig']
    """
    written = [part for part in _split(text, _is_and) if part.strip()]
    if len(written) == 1 and ";" in text:
        written = [part for part in _split(text, _is_semicolon) if part.strip()]
    others = bool(written) and written[-1].strip().lower() in ("others", "et al.", "et al")
    names, unclear = [], ""
    for part in written[:-1] if others else written:
        name, clear = _name(part.strip())
        if name.family:
            names.append(name)
        unclear = unclear or ("" if clear else plain(part))
    return tuple(names), others, unclear


def person(family: str, given: str = "", particle: str = "", suffix: str = "") -> Name:
    """Return a name from its parts; a name without family name is known by what it has."""
    family, given, particle, suffix = plain(family), plain(given), plain(particle), plain(suffix)
    if not family:
        return Name(" ".join(part for part in (given, particle) if part))
    return Name(family, given, particle, suffix)


def plain_names(text: str) -> tuple[Name, ...]:
    """Return the names of a cell: separated by ``;``, "Family, Given" or a whole name as it is printed."""
    return tuple(
        person(family, given) for part in text.split(";") if part.strip() for family, _, given in [part.partition(",")]
    )


def _is_and(word: str) -> bool:
    return word.lower() == "and"


def _is_semicolon(word: str) -> bool:
    return word == ";"


def _words(text: str, signs: str = "") -> Iterator[tuple[str, int]]:
    """Return the words outside braces with where they begin; the given signs are words of their own."""
    depth, start = 0, -1
    for position, character in enumerate(text):
        depth += (character == "{") - (character == "}" and depth > 0)
        ends = depth == 0 and (character.isspace() or character in "~" or character in signs)
        if ends and start >= 0:
            yield text[start:position], start
            start = -1
        if ends and character in signs:
            yield character, position
        elif not ends and start < 0:
            start = position
    if start >= 0:
        yield text[start:], start


def _split(text: str, separates: object) -> list[str]:
    parts, begin = [], 0
    for word, start in _words(text, ";" if separates is _is_semicolon else ""):
        if callable(separates) and separates(word):
            parts.append(text[begin:start])
            begin = start + len(word)
    return [*parts, text[begin:]]


def _name(text: str) -> tuple[Name, bool]:
    """Return a name and whether it has one reading."""
    if _EXTENDED.match(text):
        return _extended(text), True
    parts = _commas(text)
    if not parts:
        return person(""), True
    if len(parts) == 1:
        return _without_comma(text), True
    if len(parts) == 2:
        particle, family = _particle([word for word, _ in _words(parts[0])])
        return person(family, parts[1], particle), True
    particle, family = _particle([word for word, _ in _words(parts[0])])
    suffix, given = parts[1], " ".join(parts[2:])
    if not _SUFFIXES.match(suffix.strip(" .{}")) and _SUFFIXES.match(given.strip(" .{}")):
        suffix, given = given, suffix
    return person(family, given, particle, suffix), bool(_SUFFIXES.match(suffix.strip(" {}"))) and len(parts) == 3


def _commas(text: str) -> list[str]:
    parts, begin = [], 0
    for word, start in _words(text, ","):
        if word == ",":
            parts.append(text[begin:start].strip())
            begin = start + 1
    return [part for part in [*parts, text[begin:].strip()] if part]


def _extended(text: str) -> Name:
    """Return a name written in parts, as BibLaTeX has it: ``family=Dijk, given=Teun, prefix=van``."""
    said = {}
    for part in _commas(text):
        name, _, value = part.partition("=")
        said[name.strip().lower()] = value.strip().strip('"')
    return person(said.get("family", ""), said.get("given", ""), said.get("prefix", ""), said.get("suffix", ""))


def _without_comma(text: str) -> Name:
    words = [word for word, _ in _words(text)]
    if len(words) < 2 or _ORGANISATION.search(plain(text)):
        return person(text)
    suffix = words.pop() if len(words) > 2 and _BARE_SUFFIXES.match(words[-1]) else ""
    low = [number for number, word in enumerate(words[:-1]) if _is_low(word)]
    if not low:
        return person(words[-1], " ".join(words[:-1]), suffix=suffix)
    return person(
        " ".join(words[low[-1] + 1 :]), " ".join(words[: low[0]]), " ".join(words[low[0] : low[-1] + 1]), suffix
    )


def _particle(words: Iterable[str]) -> tuple[str, str]:
    """Return the particle and the rest of a family name: what is in small letters before the last word."""
    known = list(words)
    low = [number for number, word in enumerate(known[:-1]) if _is_low(word)]
    if not low or low[0] != 0:
        return "", " ".join(known)
    last = next((number for number, word in enumerate(known[:-1]) if not _is_low(word)), len(known) - 1)
    return " ".join(known[:last]), " ".join(known[last:])


def _is_low(word: str) -> bool:
    """Say whether a word begins with a small letter; in braces it counts as none, unless they hold an accent."""
    letters = plain(word)
    return not (word.startswith("{") and not word.startswith("{\\")) and letters[:1].islower()
