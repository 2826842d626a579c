"""On which line of `claims.toml` each field of each claim stands: the reader of TOML does not say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'')
_TOKEN = re.compile(r"([A-Za-z_-]+)\s*=\s*(\{)?|[{}]")


class Places:
    """Where each field of each claim stands in the file, by its path: ``scope.where.phase``."""

    def __init__(self, text: str) -> None:
        self._lines: list[dict[str, int]] = []
        self._top: dict[str, int] = {}
        inside: list[str] = []
        for number, line in _outside_strings(text):
            bare = _STRING.sub("", line).partition("#")[0].strip()
            if bare.startswith("[[") and bare.strip("[] ") == "claim":
                self._lines.append({"": number})
                inside = []
            elif bare.startswith("[["):
                self._top.setdefault(bare.strip("[] "), number)
            elif bare.startswith("[") and bare.endswith("]") and self._lines:
                inside = bare.strip("[] ").split(".")[1:]
                self._lines[-1].setdefault(".".join(inside), number)
            else:
                known = self._lines[-1] if self._lines else self._top
                for path in _paths(bare, inside):
                    known.setdefault(path, number)

    def line(self, claim: int, *paths: str) -> int:
        """Return the line of the first of these fields that is written down, else of its table, else of the claim."""
        if claim >= len(self._lines):
            return self.top(*paths)
        known = self._lines[claim]
        holding = [path.rpartition(".")[0] for path in paths]
        return next((known[path] for path in (*paths, *holding) if path in known), known[""])

    def top(self, *names: str) -> int:
        """Return the line of something outside the claims, else the first."""
        inside = (known[name] for known in self._lines for name in names if name in known)
        return next((self._top[name] for name in names if name in self._top), next(inside, 1))


def _paths(line: str, inside: Sequence[str]) -> Iterator[str]:
    """Yield the paths of the fields on a line, those of tables written in one line too.

    Examples
    --------
    >>> list(_paths('where = { phase = , holders = }, op = ', ["scope"]))
    ['scope.where', 'scope.where.phase', 'scope.where.holders', 'scope.op']
    """
    held = list(inside)
    for token in _TOKEN.finditer(line):
        if token[1]:
            yield ".".join([*held, token[1]])
            held += [token[1]] if token[2] else []
        elif token[0] == "}" and len(held) > len(inside):
            held.pop()


def _outside_strings(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that do not begin inside a multi-line string, with their numbers."""
    closing = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if not closing:
            yield number, line
        rest = line
        while True:
            if closing:
                _, found, rest = rest.partition(closing)
                if not found:
                    break
                closing = ""
            places = [(rest.find(mark), mark) for mark in ('"""', "'''") if mark in rest]
            if not places:
                break
            start, closing = min(places)
            rest = rest[start + 3 :]
