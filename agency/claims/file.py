"""What a claim is: a published sentence, the cases it speaks of, and the condition each of them must meet.

`claims.toml`: reading the file and saying where in it a problem is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agency.errors import UsageError, did_you_mean
from agency.indicators import indicator
from agency.vocabulary import ACTOR_KINDS, STATUSES

if TYPE_CHECKING:
    from agency.table import Table


import re
from collections.abc import Iterator
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from agency.errors import DataError

if TYPE_CHECKING:
    from agency.table import Table

QUANTIFIERS = ("every", "some", "none", "most", "at_least")
OPERATORS = (">", ">=", "<", "<=", "==", "!=")
TESTS = ("holders", "same_actor", "status", "n_holders", "indicator")
"""What a condition can test; it has exactly one of them."""


@dataclass(frozen=True)
class Condition:
    """What must hold in a case; ``test`` is one of `TESTS` and says which of the other fields matter."""

    test: str
    holders: str = ""
    """only, include or exclude."""
    by: str = ""
    """origin, actor or kind."""
    among: tuple[str, ...] = ()
    """Origins, actors, kinds or statuses; the two phases of ``same_actor``."""
    counted: str = ""
    """What ``n_holders`` counts: actors or origins."""
    indicator: str = ""
    """Dotted key of `agency indicators -f json`."""
    op: str = ""
    value: float | bool | str | None = None
    project: str = ""
    """Project whose indicator is the other side of the comparison, instead of ``value``."""


@dataclass(frozen=True)
class Claim:
    """A published statement with its test."""

    id: str
    text: str
    source: str
    condition: Condition
    locator: str = ""
    quote: str = ""
    quantifier: str = "every"
    n: int = 0
    projects: tuple[str, ...] = ()
    """Cases as named in the file; empty: every project of the table."""
    phases: tuple[str, ...] = ()
    """Empty: the core phases."""
    years: tuple[int, ...] = ()
    """Empty: held at any time (static)."""
    line: int = field(default=0, compare=False)


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
    if not table.folder:
        message = f"A table without a folder has no {CLAIMS_FILE}: read one with read_claims(path, table)."
        raise UsageError(message)
    return read_claims(Path(table.folder) / CLAIMS_FILE, table)


_CLAIM_FIELDS = ("id", "text", "source", "locator", "quote", "quantifier", "n", "scope", "condition")


_REQUIRED = ("id", "text", "source", "condition")


_SCOPE_FIELDS = ("projects", "phases", "years")


_COMPANIONS = {
    "holders": ("origin", "actor", "kind"),
    "same_actor": (),
    "status": (),
    "n_holders": ("op", "value"),
    "indicator": ("op", "value", "project"),
}


_HOLDERS = ("only", "include", "exclude")


_COUNTED = ("actors", "origins")


_STATES = tuple(status for status in STATUSES if status != "proposed")


Entry = dict[str, Any]


@dataclass(frozen=True)
class Problem:
    """Something wrong in the file: where, and what to do."""

    line: int
    field: str
    text: str


class ClaimChecker:
    """Builds claims and collects what is wrong with them.

    Parameters
    ----------
    table
        The table the claims will be tested on: its projects, actors, sources and codebook are the known names.
    line_of
        Line of the first of some fields in claim number i that is written down.
    """

    def __init__(self, table: Table, line_of: Callable[..., int]) -> None:
        self.problems: list[Problem] = []
        self._line_of = line_of
        self._number = 0
        rows = table.rows
        self._known = {
            "projects": list(table.projects.index),
            "phases": [phase.key for phase in table.codebook.phases],
            "source": sorted({*table.sources, *rows["source"].unique()}),
            "origin": [*(origin.key for origin in table.codebook.origins), "unknown"],
            "actor": [name for name in rows["actor"].unique() if name],
            "kind": list(ACTOR_KINDS),
        }
        self._aliases = dict(zip(table.actors["alias"], table.actors["actor"], strict=True))

    def claims(self, content: Entry) -> tuple[Claim, ...]:
        """Return the claims of a parsed file, as far as they are sound."""
        for name in content:
            if name != "claim":
                self._add(f"there is no table of this name.{did_you_mean(name, ['claim'])} Use [[claim]].", name)
        entries = content.get("claim", [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries) or not entries:
            self._add("no [[claim]] found. Write each claim as a [[claim]] table.", "claim")
            return ()
        claims = []
        for self._number, entry in enumerate(entries):
            before = len(self.problems)
            claim = self._claim(entry)
            if len(self.problems) == before:
                claims.append(claim)
        self._unique(entries)
        return tuple(claims)

    def _claim(self, entry: Entry) -> Claim:
        self._no_others(entry, _CLAIM_FIELDS)
        for name in _REQUIRED:
            if not entry.get(name):
                self._add("missing or empty. Every claim has id, text, source and condition.", name)
        words = {name: self._text(entry, name) for name in ("id", "text", "source", "locator", "quote")}
        if words["source"]:
            self._one_of(words["source"], self._known["source"], "source")
        quantifier = self._text(entry, "quantifier") or "every"
        self._one_of(quantifier, QUANTIFIERS, "quantifier")
        scope = self._table(entry, "scope")
        self._no_others(scope, _SCOPE_FIELDS, "scope")
        return Claim(
            **words,
            quantifier=quantifier,
            n=self._n(entry, quantifier),
            projects=self._names(scope, "projects"),
            phases=self._names(scope, "phases"),
            years=self._years(scope),
            condition=self._condition(self._table(entry, "condition"), scope),
            line=self._line_of(self._number),
        )

    def _condition(self, entry: Entry, scope: Entry) -> Condition:
        tests = [name for name in TESTS if name in entry]
        if len(tests) != 1:
            if entry:
                found = " and ".join(tests) or "none"
                self._add(f"found {found}. A condition has exactly one of {', '.join(TESTS)}.", "condition", *tests)
            return Condition("")
        test = tests[0]
        self._no_others(entry, (test, *_COMPANIONS[test]), "condition")
        if test == "holders":
            return self._holders(entry)
        if test == "same_actor":
            return self._same_actor(entry, scope)
        if test == "status":
            return Condition(test, among=self._listed(entry, "status", _STATES))
        return self._comparison(entry, test)

    def _holders(self, entry: Entry) -> Condition:
        how = self._text(entry, "holders")
        self._one_of(how, _HOLDERS, "holders")
        given = [name for name in ("origin", "actor", "kind") if name in entry]
        if len(given) != 1:
            self._add("say which holders with exactly one of origin, actor and kind.", "holders", *given)
            return Condition("holders")
        names = self._listed(entry, given[0], self._known[given[0]])
        return Condition("holders", holders=how, by=given[0], among=names)

    def _same_actor(self, entry: Entry, scope: Entry) -> Condition:
        phases = self._listed(entry, "same_actor", self._known["phases"])
        if len(set(phases)) != 2:
            self._add('give two different phases, for instance ["initiation", "operation"].', "same_actor")
        if "phases" in scope:
            self._add("same_actor names its two phases itself: leave scope.phases out.", "phases")
        return Condition("same_actor", among=phases)

    def _comparison(self, entry: Entry, test: str) -> Condition:
        op = self._text(entry, "op")
        self._one_of(op, OPERATORS, "op")
        if test == "n_holders":
            counted = self._text(entry, "n_holders")
            self._one_of(counted, _COUNTED, "n_holders")
            value = entry.get("value")
            if isinstance(value, bool) or not isinstance(value, int) or value < 0:
                self._add(f"found {value!r}. Expected a whole number from 0.", "value", "n_holders")
                value = 0
            return Condition(test, counted=counted, op=op, value=value)
        key = self._indicator(entry)
        if ("value" in entry) == ("project" in entry):
            self._add("compare the indicator with either a value or another project.", "value", "project", "indicator")
        other = self._text(entry, "project")
        if other:
            self._one_of(other, self._known["projects"], "project")
        value = entry.get("value")
        if not isinstance(value, (bool, int, float, str, type(None))):
            self._add(f"found {value!r}. Expected a number, true, false or a word.", "value")
            value = None
        return Condition(test, indicator=key, op=op, value=value, project=other)

    def _indicator(self, entry: Entry) -> str:
        key = self._text(entry, "indicator")
        try:
            known = indicator(key)
        except UsageError as error:
            self._add(str(error), "indicator")
            return ""
        if known.key == "evidence":
            self._add("a claim is about holders, not about how well they are documented.", "indicator")
        return key

    def _n(self, entry: Entry, quantifier: str) -> int:
        n = entry.get("n", 0)
        if isinstance(n, bool) or not isinstance(n, int) or (n < 1 and "n" in entry):
            self._add(f"found {n!r}. Expected a whole number from 1.", "n")
            return 0
        if quantifier == "at_least" and "n" not in entry:
            self._add("at_least needs n, the number of cases.", "n", "quantifier")
        if quantifier != "at_least" and "n" in entry:
            self._add(f'n goes with quantifier = "at_least", not with {quantifier!r}.', "n")
        return n

    def _years(self, scope: Entry) -> tuple[int, ...]:
        years = scope.get("years", [])
        sound = isinstance(years, list) and all(isinstance(year, int) and not isinstance(year, bool) for year in years)
        if not sound or ("years" in scope and not years):
            self._add(f"found {years!r}. Expected a list of years, for instance [2018, 2019].", "years")
            return ()
        return tuple(years)

    def _names(self, scope: Entry, name: str) -> tuple[str, ...]:
        return self._listed(scope, name, self._known[name]) if name in scope else ()

    def _listed(self, entry: Entry, name: str, known: list[str] | tuple[str, ...]) -> tuple[str, ...]:
        found = entry.get(name)
        values = [found] if isinstance(found, str) else found
        if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
            self._add(f"found {found!r}. Expected a list of names, for instance [{known[0]!r}].", name)
            return ()
        if name == "actor":
            values = [self._aliases.get(value, value) for value in values]
        for value in values:
            self._one_of(value, known, name)
        return tuple(dict.fromkeys(values))

    def _text(self, entry: Entry, name: str) -> str:
        value = entry.get(name, "")
        if isinstance(value, str):
            return value.strip()
        self._add(f"found {value!r}. Expected text in quotation marks.", name)
        return ""

    def _table(self, entry: Entry, name: str) -> Entry:
        value = entry.get(name, {})
        if isinstance(value, dict):
            return value
        self._add(f"found {value!r}. Expected a table, [claim.{name}].", name)
        return {}

    def _one_of(self, value: str, known: list[str] | tuple[str, ...], name: str) -> None:
        if value not in known:
            shown = ", ".join(known[:10]) + (f" and {len(known) - 10} more" if len(known) > 10 else "")
            self._add(f"found {value!r}.{did_you_mean(value, list(known))} Expected one of: {shown}.", name)

    def _no_others(self, entry: Entry, known: tuple[str, ...], table: str = "") -> None:
        for name in entry:
            if name not in known:
                place = f" in {table}" if table else ""
                nearest = did_you_mean(name, list(known))
                self._add(f"there is no such field{place}.{nearest} Known: {', '.join(known)}.", name)

    def _unique(self, entries: list[Entry]) -> None:
        first: dict[Any, int] = {}
        for self._number, entry in enumerate(entries):
            name = str(entry.get("id", ""))
            if name and first.setdefault(name, self._number) != self._number:
                line = self._line_of(first[name], "id")
                self._add(f"found {name!r} again (first on line {line}). Every claim has an id of its own.", "id")

    def _add(self, text: str, name: str, *others: str) -> None:
        line = self._line_of(self._number, name, *others)
        self.problems.append(Problem(line, name, text))
