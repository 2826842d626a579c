"""A language of the tests: every sentence of the catalogue in Greek letters, so that what is left in Latin ones tells.

It takes the place of Spanish. Places, elements and escapes stay, so that layout and code see the same sentences.
"""

from __future__ import annotations

import re
import tomllib
from contextlib import contextmanager
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import messages
import pandas as pd
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

import agency
from agency import words
from agency.vocabulary import country_names

if TYPE_CHECKING:
    from collections.abc import Iterator

_LATIN = "abcdefghijklmnopqrstuvwxyz"
_GREEK = "αβψδεφγηιξκλμνοπχρστθωςχυζ"
_LETTERS = str.maketrans(_LATIN + _LATIN.upper(), _GREEK + _GREEK.upper())
_KEPT = re.compile(r"\{[^{}]*\}|</?[a-z][^<>]*>|&[a-z#0-9]+;|\\[a-z]+|%\([a-z]+\)s")
_OURS = ("README.md", "LICENSE", "codebook.toml")
"""Files beside the data with words that are no data."""
_WORD = re.compile(r"[A-Za-z]{2,}")


def in_greek(sentence: str) -> str:
    """Return a sentence with other letters, its places as they are."""
    kept = _KEPT.findall(sentence)
    said = [part.translate(_LETTERS) for part in _KEPT.split(sentence)]
    return "".join(part + place for part, place in zip(said, [*kept, ""], strict=True))


def write_pseudo(folder: Path) -> None:
    """Write catalogues in which Spanish is the language of the tests."""
    catalogue = Catalog(charset="utf-8")
    for message in messages.read_catalogue(messages.LOCALE / "agency.pot"):
        if message.id:
            forms = message.id if isinstance(message.id, tuple) else (message.id,)
            said = tuple(in_greek(one) for one in forms)
            catalogue.add(message.id, said if len(said) == 2 else said[0])
    path = folder / "es" / "LC_MESSAGES" / "agency.po"
    path.parent.mkdir(parents=True)
    with path.open("wb") as stream:
        write_po(stream, catalogue, width=0, omit_header=True)
    path.write_text(messages.header("es") + path.read_text("utf-8"), "utf-8")
    path.with_suffix(".mo").write_bytes(messages.compile_catalogue(path, "es"))


@contextmanager
def pseudo(folder: Path) -> Iterator[None]:
    """Let Spanish be the language of the tests within a block; `folder` is what `write_pseudo` wrote."""
    before = words.CATALOGUES
    words.CATALOGUES = folder
    words._read.cache_clear()
    try:
        yield
    finally:
        words.CATALOGUES = before
        words._read.cache_clear()


@cache
def known_words() -> frozenset[str]:
    """Return what may be left: words of the shipped data, names of countries, words of the bibliography in Spanish."""
    given = [path for path in sorted((messages.ROOT / "data").iterdir()) if path.name not in _OURS]
    found = " ".join(path.read_text("utf-8") for path in given if path.is_file())
    study = agency.load().data.codebook.study
    found += " ".join([study.title, study.author, study.coders])
    found += " ".join(country_names("es").values())
    terms = (resources.files("agency.references") / "terms.toml").read_text("utf-8")
    found += " ".join(tomllib.loads(terms)["es"].values())
    return frozenset(_WORD.findall(found))


def left_in_latin(said: str) -> set[str]:
    """Return the words in Latin letters that no data have."""
    return set(_WORD.findall(said)) - known_words()


_DATA = {
    "csv": ("project", "actor", "alias", "part_of", "scope", "locator", "quote", "note", "label", "type"),
    "toml": ("text", "quote", "locator", "reported_by", "title", "author", "coders"),
    "bib": ("author", "title", "journal", "note"),
}
"""What of a study is in the words of whoever made it."""
_ARMENIAN = str.maketrans(
    _LATIN + _LATIN.upper(), "".join(chr(first + n) for first in (0x561, 0x531) for n in range(len(_LATIN)))
)


def write_study(given: Path, folder: Path) -> Path:
    """Write a study again with its names, quotations and notes in Armenian letters: what is left in Latin is ours."""
    folder.mkdir(parents=True)
    names: set[str] = set()
    for path in sorted(given.glob("*.csv")):
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        for column in frame.columns.intersection(_DATA["csv"]):
            names |= set(frame[column]) if column in ("project", "actor", "alias", "type") else set()
            frame[column] = frame[column].map(_in_armenian)
        frame.to_csv(folder / path.name, index=False)
    quoted = re.compile("|".join(f'"{re.escape(name)}"' for name in sorted(names - {""}, reverse=True)))
    for path in sorted(given.glob("*.toml")):
        said = path.read_text("utf-8")
        said = re.sub(rf'^((?:{"|".join(_DATA["toml"])})\s*= )(".*?")', _second, said, flags=re.MULTILINE)
        (folder / path.name).write_text(quoted.sub(lambda found: _in_armenian(found[0]), said), "utf-8")
    for path in sorted(given.glob("*.bib")):
        said = path.read_text("utf-8").replace("tis #", "")
        said = re.sub(rf"^(\s*(?:{'|'.join(_DATA['bib'])})\s*= )(.*)", _names, said, flags=re.MULTILINE)
        (folder / path.name).write_text(said, "utf-8")
    return folder


def _in_armenian(said: str) -> str:
    return said.translate(_ARMENIAN)


def _second(found: re.Match[str]) -> str:
    return found[1] + _in_armenian(found[2])


def _names(found: re.Match[str]) -> str:
    return found[1] + re.sub(r"(?<!\\)\b(?!and\b)[A-Za-z]+", lambda word: _in_armenian(word[0]), found[2])
