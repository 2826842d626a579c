"""`claims.toml`: from its text to claims, and every mistake in it as a finding with its line.

Over 600 lines because each field is read, checked and blamed in the same breath: a reader of the file and a checker of
it would hold the list of fields twice.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agency import words
from agency.claims.claim import CLAIM_KINDS, OPERATORS, QUANTIFIERS, TESTS, Claim, Condition, Where
from agency.claims.evidence import cases_of
from agency.claims.ground import Ground
from agency.claims.numbers import WORDS_OF_INDICATORS, comparable_keys, keys_by_origin
from agency.errors import DataError, UsageError, did_you_mean
from agency.findings import Finding, Place, TomlFile, UnreadableError, as_message, finding, read_toml
from agency.resolve import Resolved, View
from agency.vocabulary import ACTOR_KINDS, STATUSES

if TYPE_CHECKING:
    from agency.table import Table

CLAIMS_FILE = "claims.toml"
FIRST_YEAR, LAST_YEAR = 1000, 2999
_FIELDS = ("id", "text", "source", "reported_by", "kind", "locator", "quote", "quantifier", "n", "scope", "condition")
_MAY_BE_EMPTY = ("reported_by", "locator", "quote")
_SCOPE = ("projects", "phases", "years", "type", "country", "where")
_BY = ("origin", "actor", "kind")
_HOLDERS = (*_BY, "role", "from", "to", "ends")
_COMPANIONS = {
    "holders": _HOLDERS,
    "same_actor": (),
    "status": (),
    "n_holders": ("op", "value"),
    "indicator": ("op", "value", "project"),
}


@dataclass(frozen=True)
class _Entry:
    """A table of the file and where it stands: "" for a claim, ``scope``, ``scope.where``, ``condition``."""

    values: dict[str, Any]
    path: str = ""

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def get(self, name: str, default: Any = None) -> Any:
        return self.values.get(name, default)

    def at(self, name: str) -> str:
        """Return the path of a field."""
        return f"{self.path}.{name}" if self.path else name


def read_claims(path: Path, table: Table) -> tuple[Claim, ...]:
    """Read the claims of a file and check everything in them against a table.

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
        If it has mistakes: all of them are in the message, with line and field, and in ``findings``.

    Examples
    --------
    >>> import agency
    >>> from pathlib import Path
    >>> table = agency.load().data
    >>> len(read_claims(Path(table.folder) / "claims.toml", table)) >= 40
    True
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or error
        message = words.text(
            "{path}: cannot be read ({reason}). Put the claims into {claims_file} beside the data.",
            path=path,
            reason=reason,
            claims_file=CLAIMS_FILE,
        )
        raise UsageError(message) from error
    claims, findings = _examined(content, path.name, table)
    if findings:
        raise DataError(as_message(findings), tuple(findings))
    return claims


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
        message = words.text(
            "A table without a folder has no {claims_file}: read one with read_claims(path, table).",
            claims_file=CLAIMS_FILE,
        )
        raise UsageError(message)
    return read_claims(Path(table.folder) / CLAIMS_FILE, table)


def claim_findings(table: Table | None) -> tuple[Finding, ...]:
    """Return what is wrong with the claims beside a table's data; nothing where there is no such file.

    Parameters
    ----------
    table
        A sound table; None (one with errors) has no names to hold the claims to.

    Examples
    --------
    >>> import agency
    >>> claim_findings(agency.load().data)
    ()
    """
    path = Path(table.folder) / CLAIMS_FILE if table is not None and table.folder else None
    if table is None or path is None or not path.is_file():
        return ()
    return tuple(_examined(path.read_bytes(), path.name, table)[1])


def _examined(content: bytes, name: str, table: Table) -> tuple[tuple[Claim, ...], list[Finding]]:
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        place = Place(name, content.count(b"\n", 0, error.start) + 1)
        found, fix = words.text("byte {place} is not UTF-8", place=error.start), words.text("Save the file as UTF-8.")
        return (), [finding("toml-syntax", place, found, expected=words.text("TOML in UTF-8"), fix=fix)]
    try:
        own = read_toml(text, name)
    except UnreadableError as error:
        return (), list(error.findings)
    reader = _Reader(table, own)
    claims = reader.claims()
    return claims, sorted(reader.findings, key=lambda entry: entry.line)


# From entries to claims.


@dataclass
class _Reader:
    """Builds claims and collects what is wrong with them."""

    table: Table
    own: TomlFile
    findings: list[Finding] = field(default_factory=list)
    _at: int = 0
    """Number of the claim being read."""

    def __post_init__(self) -> None:
        rows, projects = self.table.rows, self.table.projects
        self._known = {
            "projects": list(projects.index),
            "project": list(projects.index),
            "phases": [phase.key for phase in self.table.codebook.phases],
            "source": sorted({*self.table.sources, *rows["source"].unique()}),
            "origin": [*(origin.key for origin in self.table.codebook.origins), "unknown"],
            "actor": [name for name in rows["actor"].unique() if name],
            "kind": list(ACTOR_KINDS),
            "type": [name for name in projects["type"].unique() if name],
            "country": sorted({code for joined in rows["country"].unique() for code in joined.split(";") if code}),
        }
        self._known["phase"] = self._known["same_actor"] = self._known["phases"]
        self._aliases = dict(zip(self.table.actors["alias"], self.table.actors["actor"], strict=True))
        self._resolved = Resolved(self.table, View(min_phases=0))
        self._keys: dict[str, tuple[str, ...]] = {}
        self._by_origin = keys_by_origin(self.table.codebook)

    def claims(self) -> tuple[Claim, ...]:
        """Return the claims of the file, as far as they are sound."""
        for name in self.own.tables:
            if name != "claim":
                place = replace(self.own.place(name), column=name)
                near = did_you_mean(name, ["claim"]).strip()
                self.findings.append(finding("claim-unknown", place, name, expected="[[claim]]", fix=near))
        entries = self.own.tables.get("claim", [])
        if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
            place = self.own.place("claim")
            self.findings.append(finding("claims-none", replace(place, line=place.line or 1)))
            return ()
        sound = []
        tables = [_Entry(entry) for entry in entries]
        for self._at, entry in enumerate(tables):
            before = len(self.findings)
            claim = self._claim(entry)
            if len(self.findings) == before:
                sound.append((self._at, claim))
        ground = Ground(self._resolved, tuple(sorted({year for _, claim in sound for year in claim.years_named})))
        for self._at, claim in sound:
            self._check_cases(claim, ground)
        self._check_ids(tables)
        return tuple(claim for _, claim in sound)

    def _claim(self, entry: _Entry) -> Claim:
        self._no_others(entry, _FIELDS)
        kind = self._word(entry, "kind", CLAIM_KINDS) or "factual"
        for name in ("id", "text", "source", *(["condition"] if kind == "factual" else [])):
            if name not in entry or entry[name] == {}:
                self._add("claim-missing", name)
        said = {name: self._text(entry, name) for name in ("id", "text", "source", "reported_by", "locator", "quote")}
        if said["source"]:
            self._one_of(said["source"], "source", "source")
        quantifier = self._word(entry, "quantifier", QUANTIFIERS) or "every"
        scope = self._inner(entry, "scope")
        self._no_others(scope, _SCOPE)
        return Claim(
            **said,
            kind=kind,
            quantifier=quantifier,
            n=self._n(entry, quantifier),
            projects=self._names(scope, "projects"),
            phases=self._names(scope, "phases"),
            years=self._years(scope),
            types=self._names(scope, "type"),
            countries=self._names(scope, "country"),
            where=self._where(scope),
            condition=self._condition(self._inner(entry, "condition"), scope) if "condition" in entry else None,
        )

    def _where(self, scope: _Entry) -> Where | None:
        if "where" not in scope:
            return None
        entry = self._inner(scope, "where")
        self._no_others(entry, ("phase", "holders", *_BY))
        phase = self._text(entry, "phase")
        if "phase" not in entry:
            self._add("claim-missing", entry.at("phase"), expected=words.text("the phase that must meet it"))
        elif phase:
            self._one_of(phase, "phase", entry.at("phase"))
        return Where(phase, self._holders(entry, scope))

    def _condition(self, entry: _Entry, scope: _Entry) -> Condition:
        tests = [name for name in TESTS if name in entry]
        if len(tests) != 1:
            found = words.listed(tests) if tests else words.text("no test")
            expected = words.text("exactly one of {tests}", tests=", ".join(TESTS))
            self._add("claim-together", "condition", found=found, expected=expected)
            return Condition("")
        test = tests[0]
        self._no_others(entry, (test, *_COMPANIONS[test]))
        if test == "holders":
            return self._holders(entry, scope)
        if test == "same_actor":
            return self._same_actor(entry, scope)
        if test == "status":
            return Condition(test, among=self._listed(entry, "status", STATUSES))
        return self._n_holders(entry) if test == "n_holders" else self._number(entry)

    def _holders(self, entry: _Entry, scope: _Entry) -> Condition:
        how = self._word(entry, "holders", ("only", "include", "exclude"))
        if "holders" not in entry:
            self._add("claim-missing", entry.at("holders"), expected=words.text("only, include or exclude"))
        given = [name for name in _BY if name in entry]
        if len(given) != 1:
            found = words.listed(given) if given else words.text("none of them")
            self._add(
                "claim-together",
                entry.at("holders"),
                found=found,
                expected=words.text("exactly one of {by}", by=", ".join(_BY)),
            )
            return Condition("holders")
        role = self._word(entry, "role", ("lead",))
        if role and how == "only":
            self._add(
                "claim-together",
                entry.at("role"),
                found=words.text("role with only"),
                expected=words.text("role with include or exclude"),
            )
        names = self._listed(entry, given[0], self._known[given[0]])
        before, after, ends = self._change(entry, how, scope)
        return Condition(
            "holders", holders=how, by=given[0], among=names, role=role, before=before, after=after, ends=ends
        )

    def _change(self, entry: _Entry, how: str, scope: _Entry) -> tuple[int | None, int | None, bool]:
        """Return the years of a beginning or an end."""
        ends = entry.get("ends", False)
        if not isinstance(ends, bool):
            self._add("claim-value", entry.at("ends"), found=_toml(ends), expected=words.text("true or false"))
        given = [name for name in ("from", "to") if name in entry]
        if not given:
            if "ends" in entry:
                self._add(
                    "claim-together",
                    entry.at("ends"),
                    found=words.text("ends without from and to"),
                    expected=words.text("both years"),
                )
            return None, None, False
        if len(given) == 1:
            found = words.text("{field} alone", field=given[0])
            self._add(
                "claim-together", entry.at(given[0]), found=found, expected=words.text("both from and to, two years")
            )
            return None, None, False
        for name in given:
            if not _is_year(entry[name]):
                self._add("claim-value", entry.at(name), found=_toml(entry[name]), expected=_a_year())
                return None, None, False
        if entry["from"] >= entry["to"]:
            found = words.text("from = {first} and to = {last}", first=entry["from"], last=entry["to"])
            self._add("claim-together", entry.at("from"), found=found, expected=words.text("from before to"))
        if how != "include":
            found = words.text("from and to with holders = {how}", how=_toml(how))
            self._add("claim-together", entry.at("from"), found=found, expected='holders = "include"')
        if "years" in scope:
            self._add(
                "claim-together",
                scope.at("years"),
                found=words.text("years beside from and to"),
                expected=words.text("one of the two"),
            )
        return entry["from"], entry["to"], bool(ends)

    def _same_actor(self, entry: _Entry, scope: _Entry) -> Condition:
        phases = self._listed(entry, "same_actor", self._known["phases"])
        if phases and len(set(phases)) != 2:
            found = _toml(entry["same_actor"])
            self._add(
                "claim-value",
                entry.at("same_actor"),
                found=found,
                expected=words.text('two phases, as ["initiation", "operation"]'),
            )
        if "phases" in scope:
            self._add(
                "claim-together",
                scope.at("phases"),
                found=words.text("scope.phases with same_actor"),
                expected=words.text("the two phases once"),
            )
        return Condition("same_actor", among=phases)

    def _n_holders(self, entry: _Entry) -> Condition:
        counted = self._word(entry, "n_holders", ("actors", "origins"))
        value = entry.get("value")
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self._add(
                "claim-value",
                entry.at("value"),
                entry.at("n_holders"),
                found=_toml(value),
                expected=words.text("a whole number from 0"),
            )
            value = 0
        return Condition("n_holders", counted=counted, op=self._op(entry), value=value)

    def _number(self, entry: _Entry) -> Condition:
        key, op = self._text(entry, "indicator"), self._op(entry)
        found = Condition("indicator", indicator=key, op=op)
        if ("value" in entry) == ("project" in entry):
            said = words.text("both value and project") if "value" in entry else words.text("neither value nor project")
            self._add(
                "claim-together",
                entry.at("value"),
                entry.at("project"),
                entry.at("indicator"),
                found=said,
                expected=words.text("one of the two"),
            )
            return found
        self._check_indicator(key)
        if "project" in entry:
            other = self._text(entry, "project")
            if other:
                self._one_of(other, "project", entry.at("project"))
            return replace(found, project=other)
        value, in_words = entry["value"], key.endswith(WORDS_OF_INDICATORS)
        sound, expected = _value_of(key, value)
        if not sound:
            self._add("claim-value", entry.at("value"), found=_toml(value), expected=expected)
        elif (in_words or isinstance(value, bool)) and op not in ("==", "!="):
            self._add(
                "claim-together",
                entry.at("op"),
                found=words.text("{op} with {value}", op=op, value=_toml(value)),
                expected="== or !=",
            )
        return replace(found, value=value if sound else None)

    def _check_indicator(self, key: str) -> None:
        if key in self._by_origin:
            return
        family = key.partition(".")[0]
        if family not in self._keys:
            self._keys[family] = comparable_keys(self._resolved, family) or comparable_keys(self._resolved, "")
        known = self._keys[family]
        if key and key not in known:
            near = did_you_mean(key, list(known)).strip()
            self._add("claim-name", "condition.indicator", found=key, expected=_some(known), fix=near)

    def _op(self, entry: _Entry) -> str:
        if "op" not in entry:
            self._add("claim-missing", entry.at("op"), expected=_some(OPERATORS))
        return self._word(entry, "op", OPERATORS)

    def _n(self, entry: _Entry, quantifier: str) -> int:
        n = entry.get("n", 0)
        if isinstance(n, bool) or not isinstance(n, int) or (n < 1 and "n" in entry):
            self._add("claim-value", "n", found=_toml(n), expected=words.text("a whole number from 1"))
            return 0
        if quantifier == "at_least" and "n" not in entry:
            self._add("claim-missing", "n", "quantifier", expected=words.text("the least number of cases of at_least"))
        if quantifier != "at_least" and "n" in entry:
            found = words.text('n with quantifier = "{quantifier}"', quantifier=quantifier)
            self._add("claim-together", "n", found=found, expected='quantifier = "at_least"')
        return n

    # Checks over a whole claim.

    def _check_cases(self, claim: Claim, ground: Ground) -> None:
        """Add the findings that need the statements: years outside every window, and a scope without cases."""
        if ground.projects and not (claim.types or claim.countries or claim.where or claim.years):
            return
        projects, beside = cases_of(ground, claim)
        if not projects and beside:
            said = words.listed(
                [words.text("{n} {verdict}", n=n, verdict=words.text(verdict)) for verdict, n in beside.items()]
            )
            self._add("claim-cases", "scope.where", found=words.text("no case meets `where` ({said})", said=said))
        elif not projects:
            fields = ("scope.type", "scope.country", "scope.projects")
            self._add("claim-cases", *fields, found=words.text("no project is of this type and in this country"))
        for year in claim.years:
            if not ground.has_year(claim, projects, year):
                windows = ground.windows_in_words(projects)
                self._add(
                    "claim-year",
                    "scope.years",
                    found=str(year),
                    expected=words.text("a year inside a window: {windows}", windows=windows),
                )

    def _check_ids(self, entries: list[_Entry]) -> None:
        first: dict[str, int] = {}
        for self._at, entry in enumerate(entries):
            name = entry.get("id")
            if isinstance(name, str) and name and first.setdefault(name, self._at) != self._at:
                line = self._place(first[name], "id").line
                self._add(
                    "claim-repeated",
                    "id",
                    found=name,
                    expected=words.text("an id of its own (first on line {line})", line=line),
                )

    # Values of fields.

    def _years(self, scope: _Entry) -> tuple[int, ...]:
        years = scope.get("years", [])
        sound = isinstance(years, list) and all(_is_year(year) for year in years)
        if not sound or ("years" in scope and not years):
            self._add(
                "claim-value",
                scope.at("years"),
                found=_toml(years),
                expected=words.text("a list of years, as [2018, 2019]"),
            )
            return ()
        return tuple(sorted(set(years)))

    def _names(self, entry: _Entry, name: str) -> tuple[str, ...]:
        return self._listed(entry, name, self._known[name]) if name in entry else ()

    def _listed(self, entry: _Entry, name: str, known: Sequence[str]) -> tuple[str, ...]:
        found = entry.get(name)
        values = [found] if isinstance(found, str) else found
        if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
            expected = words.text("a list of names")
            if known:
                expected = words.text("a list of names, as [{example}]", example=_toml(known[0]))
            self._add("claim-value", entry.at(name), found=_toml(found), expected=expected)
            return ()
        if name == "actor":
            values = [self._aliases.get(value, value) for value in values]
        return tuple(value for value in dict.fromkeys(values) if self._one_of(value, name, entry.at(name), known))

    def _word(self, entry: _Entry, name: str, known: Sequence[str]) -> str:
        """Return one of a few words, "" where there is none."""
        value = self._text(entry, name)
        if value and value not in known:
            near = did_you_mean(value, list(known)).strip()
            self._add("claim-value", entry.at(name), found=_toml(value), expected=_some(known), fix=near)
        return value if value in known else ""

    def _text(self, entry: _Entry, name: str) -> str:
        value = entry.get(name, "")
        is_text = isinstance(value, str)
        if name in entry and not (is_text and (value.strip() or name in _MAY_BE_EMPTY)):
            self._add("claim-value", entry.at(name), found=_toml(value), expected=words.text("text in quotation marks"))
        return value.strip() if is_text else ""

    def _inner(self, entry: _Entry, name: str) -> _Entry:
        value = entry.get(name, {})
        if isinstance(value, dict):
            return _Entry(value, entry.at(name))
        self._add(
            "claim-value",
            entry.at(name),
            found=_toml(value),
            expected=words.text("a table, as [claim.{at}]", at=entry.at(name)),
        )
        return _Entry({}, entry.at(name))

    def _one_of(self, value: str, name: str, path: str, known: Sequence[str] | None = None) -> bool:
        names = self._known[name] if known is None else known
        if value not in names:
            near = did_you_mean(value, list(names)).strip()
            self._add("claim-name", path, found=value, expected=_some(names), fix=near)
        return value in names

    def _no_others(self, entry: _Entry, known: tuple[str, ...]) -> None:
        for name in entry.values:
            if name not in known:
                near = did_you_mean(name, list(known)).strip()
                self._add("claim-unknown", entry.at(name), found=name, expected=_some(known, most=20), fix=near)

    def _add(self, code: str, path: str, *others: str, found: str = "", expected: str = "", fix: str = "") -> None:
        place = replace(self._place(self._at, path, *others), column=path)
        self.findings.append(finding(code, place, found, expected=expected, fix=fix))

    def _place(self, claim: int, *paths: str) -> Place:
        """Return where the first of these fields that is written down stands, else its table, else the claim."""
        ways: list[tuple[str | int, ...]] = [("claim", claim, *path.split(".")) for path in paths]
        return self.own.place(*next((way for way in ways if self.own.has(*way)), ways[0]))


def _value_of(key: str, value: Any) -> tuple[bool, str]:
    """Return whether an indicator can be compared with a value, and with what it can."""
    if key.endswith(WORDS_OF_INDICATORS):
        return isinstance(value, str) and bool(value.strip()), words.text("a word in quotation marks")
    if key.endswith(".dependent"):
        return isinstance(value, bool), words.text("true or false")
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and math.isfinite(value), words.text("a number, as 0.5")


def _a_year() -> str:
    return words.text("a year from {first} to {last}", first=FIRST_YEAR, last=LAST_YEAR)


def _is_year(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and FIRST_YEAR <= value <= LAST_YEAR


def _some(choice: Iterable[str], *, most: int = 10) -> str:
    known = list(choice)
    if not known:
        return words.text("nothing: the table has no such names")
    names, rest = ", ".join(known[:most]), len(known) - most
    if rest > 0:
        return words.text("one of {names} and {rest} more", names=names, rest=rest)
    return words.text("one of {names}", names=names)


def _toml(value: Any) -> str:
    """Return a value as it is written in TOML.

    Examples
    --------
    >>> _toml("0.01"), _toml([True, 2019]), _toml({"op": ">"})
    ('"0.01"', '[true, 2019]', '{op = ">"}')
    """
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name} = {_toml(entry)}" for name, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(entry) for entry in value) + "]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (bool, str)) else str(value)
