"""TOML files of a study: read within bounds, and the line on which anything in them stands.

One reader for `codebook.toml`, `claims.toml` and mappings: what is no TOML, or TOML made to stall a program, is a
finding with its line. `TomlFile.place` gives the line of a table, an entry or a field, so that whoever checks the
content names the place without looking for it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from agency import words
from agency.findings.finding import Place, UnreadableError, finding

MOST_CHARACTERS = 2_000_000
"""A file beyond this is no hand-written companion."""
MOST_DEPTH = 40
"""Brackets within brackets, and parts of a dotted key; the parser recurses into the ones and squares the others."""
MOST_DIGITS = 1_000
"""Digits of a number; thousands take Python's own limit."""

Path = tuple[str | int, ...]
"""The way to a value: ``("claim", 2, "scope", "years")``."""

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|' + r"'''.*?'{3,5}|"
    r'"(?:\\.|[^"\\\n])*"|' + r"'[^'\n]*'|"
    r"#[^\n]*|[A-Za-z0-9_+:-]+|\n|[ \t\r]+|.",
    re.DOTALL,
)


@dataclass(frozen=True)
class TomlFile:
    """A parsed file.

    Attributes
    ----------
    tables
        Its content, as `tomllib` gives it.
    text, file
        What was read, and its name for messages.
    """

    tables: dict[str, Any]
    text: str
    file: str

    def place(self, *path: str | int) -> Place:
        r"""Return where something stands; of what is not in the file, the nearest table around it.

        Examples
        --------
        >>> book = read_toml("[[phase]]\nkey = 'a'\n\n[[phase]]\nkey = 'b'\n", "codebook.toml")
        >>> book.place("phase", 1).line, book.place("phase", 1, "key").line, book.place("phase", 1, "label").line
        (4, 5, 4)
        """
        for length in range(len(path), 0, -1):
            line = self._lines.get(path[:length])
            if line:
                return Place(self.file, line)
        return Place(self.file)

    def has(self, *path: str | int) -> bool:
        """Say whether something is written down."""
        return path in self._lines

    @cached_property
    def _lines(self) -> dict[Path, int]:
        return _Outline(self.text).lines


def read_toml(text: str, file: str) -> TomlFile:
    """Return the content of a TOML file.

    Raises
    ------
    UnreadableError
        If it is not TOML, or nests deeper, or writes longer numbers, than any study needs.
    """
    _check_bounds(text, file)
    try:
        return TomlFile(tomllib.loads(text), text, file)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+), column \d+\)", str(error))
        place = Place(file, int(at.group(1)) if at else text.count("\n") + 1)
        raise UnreadableError(finding("toml-syntax", place, str(error).split(" (at ")[0])) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableError(finding("toml-syntax", Place(file), str(error))) from error


def _check_bounds(text: str, file: str) -> None:
    """Refuse what would keep the parser busy: one walk over the tokens, before it is asked."""
    if len(text) > MOST_CHARACTERS:
        found = words.text("{n} characters", n=words.number(len(text)))
        raise UnreadableError(finding("toml-bounds", Place(file), found))
    line, depth, dots = 1, 0, 0
    for token in _TOKEN.findall(text):
        depth += (token in ("[", "{")) - (token in ("]", "}"))
        dots = dots + 1 if token == "." else 0 if token in ("=", "\n", ",") else dots
        long = len(token) > MOST_DIGITS and token[0].isdigit()
        if depth > MOST_DEPTH or dots > MOST_DEPTH or long:
            found = (
                words.text("a number of more than 1,000 digits")
                if long
                else words.text("more than 40 tables or lists inside each other")
            )
            raise UnreadableError(finding("toml-bounds", Place(file, line), found))
        line += token.count("\n")


class _Outline:
    """The lines of a sound file by path, in one walk over its tokens."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self._arrays: dict[Path, int] = {}
        self._line = 1
        self._tokens = self._walk(text)
        self._token = ""
        self._next()
        table: Path = ()
        while self._token:
            if self._token == "[":
                table = self._header()
            elif self._token == "\n":
                self._next()
            else:
                self._entry(table)

    def _walk(self, text: str) -> Iterator[str]:
        """Yield tokens without blanks and comments; the line is that of the token yielded."""
        for token in _TOKEN.findall(text):
            if (token == "\n" or not token.isspace()) and not token.startswith("#"):
                yield token
            self._line += token.count("\n")

    def _next(self) -> None:
        self._token = next(self._tokens, "")

    def _header(self) -> Path:
        """Read ``[a.b]`` or ``[[a.b]]``; a part that is a list of tables stands for its last entry."""
        line, opened = self._line, 0
        while self._token == "[":
            opened += 1
            self._next()
        parts = self._key("]")
        while self._token == "]":
            self._next()
        path: Path = ()
        for number, part in enumerate(parts, 1):
            path = (*path, part)
            if opened == 2 and number == len(parts):
                self._arrays[path] = self._arrays.get(path, -1) + 1
            self.lines.setdefault(path, line)
            if path in self._arrays:
                path = (*path, self._arrays[path])
                self.lines.setdefault(path, line)
        return path

    def _key(self, closing: str) -> list[str]:
        parts = []
        while self._token not in (closing, ""):
            if self._token != ".":
                parts.append(_unquoted(self._token))
            self._next()
        return parts

    def _entry(self, table: Path) -> None:
        line, path = self._line, table
        for part in self._key("="):
            path = (*path, part)
            self.lines.setdefault(path, line)
        self._next()
        self._value(path)

    def _value(self, path: Path) -> None:
        if self._token == "[":
            self._next()
            number = 0
            while self._token not in ("]", ""):
                if self._token in (",", "\n"):
                    self._next()
                    continue
                self.lines.setdefault((*path, number), self._line)
                self._value((*path, number))
                number += 1
            self._next()
        elif self._token == "{":
            self._next()
            while self._token not in ("}", ""):
                if self._token in (",", "\n"):
                    self._next()
                else:
                    self._entry(path)
            self._next()
        else:
            while self._token not in (",", "\n", "]", "}", ""):
                self._next()


def _unquoted(token: str) -> str:
    if token.startswith("'"):
        return token[1:-1]
    if token.startswith('"'):
        try:
            return str(tomllib.loads(f"k = {token}")["k"])
        except tomllib.TOMLDecodeError:
            return token
    return token
