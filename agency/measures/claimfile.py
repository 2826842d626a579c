"""`claims.toml`: reading the file and saying where in it a problem is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from agency.errors import DataError, UsageError
from agency.measures.claimcheck import ClaimChecker, Problem

if TYPE_CHECKING:
    from pathlib import Path

    from agency.measures.claimmodel import Claim
    from agency.table.model import Table

CLAIMS_FILE = "claims.toml"

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'')
_KEY = re.compile(r"([A-Za-z_-]+)\s*=")


def read_claims(path: Path, table: Table) -> tuple[Claim, ...]:
    """Read the claims of a file and check every name in them against a table.

    Parameters
    ----------
    path
        A TOML file of ``[[claim]]`` tables (see `docs/claims.md`).
    table
        The table the claims will be tested on.

    Raises
    ------
    UsageError
        If the file cannot be read.
    DataError
        If it is not TOML, or a field is missing, unknown or has a value that is not possible; the message names
        every such place with line and field.

    Examples
    --------
    >>> import agency
    >>> from pathlib import Path
    >>> table = agency.load().data
    >>> len(read_claims(Path(table.folder) / "claims.toml", table)) >= 40
    True
    """
    import tomllib

    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        message = (
            f"{path}: cannot be read ({error.strerror or error}). Put the claims into {CLAIMS_FILE} beside the data."
        )
        raise UsageError(message) from error
    except UnicodeDecodeError as error:
        message = f"{path.name}: not UTF-8 text (byte {error.start}). Save it as UTF-8."
        raise DataError(message) from error
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = f"{path.name}: not valid TOML: {error}."
        raise DataError(message) from error
    checker = ClaimChecker(table, _Places(text).line)
    claims = checker.claims(content)
    if checker.problems:
        raise DataError(_message(path.name, checker.problems))
    return claims


def _message(name: str, problems: list[Problem]) -> str:
    ordered = sorted(problems, key=lambda problem: problem.line)
    lines = [f"{name}:{entry.line}, field {entry.field}: {entry.text}" for entry in ordered]
    number = len(lines)
    return "\n".join([*lines, f"{number} error{'' if number == 1 else 's'} in {name}. No claim was tested."])


class _Places:
    """Where each field of each claim stands in the file."""

    def __init__(self, text: str) -> None:
        self._lines: list[dict[str, int]] = []
        self.first = 1
        for number, line in _outside_strings(text):
            bare = _STRING.sub("", line).partition("#")[0].strip()
            if bare.replace(" ", "").startswith("[[claim]]"):
                self._lines.append({"": number})
            elif self._lines:
                names = [bare.strip("[] ").removeprefix("claim.")] if bare.startswith("[") else _KEY.findall(bare)
                for name in names:
                    self._lines[-1].setdefault(name, number)

    def line(self, claim: int, *fields: str) -> int:
        """Return the line of the first of these fields that is written down, else of the claim."""
        if claim >= len(self._lines):
            return self.first
        known = self._lines[claim]
        return next((known[name] for name in fields if name in known), known[""])


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


def claims_of(table: Table) -> tuple[Claim, ...]:
    """Read the claims beside a table's data.

    Raises
    ------
    UsageError
        If the table did not come from a folder, or there is no `claims.toml` in it.
    DataError
        As `read_claims`.

    Examples
    --------
    >>> import agency
    >>> claims_of(agency.load().data)[0].id
    'regularities-initiation-requirements'
    """
    from pathlib import Path

    if not table.folder:
        message = f"A table without a folder has no {CLAIMS_FILE}: read one with read_claims(path, table)."
        raise UsageError(message)
    return read_claims(Path(table.folder) / CLAIMS_FILE, table)
