"""`mapping.toml`: how columns of a file become statements, which roles fit which phases, what an import gives.

A file has a line per project, or per statement. Each ``[[holder]]`` says which column names those who hold something,
and where the other cells of their rows come from: a column, a constant, a text with columns in it, through a lookup.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

import pandas as pd

from agency.errors import did_you_mean
from agency.findings import Finding, Place, TomlFile, UnreadableError, errors_of, finding, read_toml
from agency.table import decode, read_bytes
from agency.vocabulary import COLUMNS, PROJECTS
from agency.words import listed, text

WEAK = "weak"
_SCOPE = re.compile(r"scope=([^;,]+)")


class Role(NamedTuple):
    """One role of another standard."""

    phase: str
    """Empty: who has the role holds no phase of ours."""
    fit: str
    """``exact``, ``good``, ``partial``, ``weak``; others only where there is no phase."""
    note: str

    @property
    def scope(self) -> str:
        """The part of the phase that the role is about, "" for all of it."""
        found = _SCOPE.search(self.note)
        return found[1].strip() if found else ""


@cache
def crosswalk() -> Mapping[tuple[str, str], Role]:
    """Return every role by scheme and code.

    Examples
    --------
    >>> crosswalk()["AidData 2.0", "Accountable Agencies"].scope
    'guarantee'
    >>> crosswalk()["OCDS partyRole", "tenderer"].phase
    ''
    """
    text = (resources.files("agency.importers") / "role_crosswalk.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return MappingProxyType({(row["scheme"], row["code"]): Role(row["phase"], row["fit"], row["note"]) for row in rows})


Extent = Literal["line", "entry", "value"]
LEFT_COLUMNS = ("file", "line", "extent", "column", "found", "reason")
"""The columns of `rejected.csv`."""
ROW_COLUMNS = tuple(column.name for column in COLUMNS)
PLACE = ("file", "line", "record")
"""Where a row is from; several records may stand on one line: cells of a table, roles of an organisation."""
PROJECT_COLUMNS = tuple(column.name for column in PROJECTS)


class Left(NamedTuple):
    """One thing of the input that is not in the table.

    ``extent`` says how much: a whole ``line`` (a project, a record), an ``entry`` (one holder named in it), or a
    ``value`` (the statement is in the table, without this cell).
    """

    file: str
    line: int
    extent: Extent
    column: str
    found: str
    reason: str


@dataclass(frozen=True)
class Imported:
    """Other people's files as the files of a study.

    ``lines`` = lines with at least one statement + lines left. ``entries`` = rows + entries left.
    """

    rows: pd.DataFrame
    """Text, in the columns of the table and then the importer's own; those of `PLACE` say where each is from."""
    projects: pd.DataFrame
    left: tuple[Left, ...]
    lines: int
    entries: int
    sources: str = ""
    """`sources.bib`."""
    codebook: str = ""
    """`codebook.toml`, where the packaged one does not do."""
    codings: pd.DataFrame | None = None
    """Every coder's rows, where there were several."""
    remarks: tuple[str, ...] = ()
    """What was assumed, in sentences."""
    open_origins: bool = False
    """Origins that nobody said stay empty: a person fills them in."""
    thing: str = ""
    """What a line of the input is, in words: a line, an activity, a passage."""
    unsaid: tuple[str, ...] = field(default=())
    """Columns that the input cannot say anything about."""


def left_at(
    entries: pd.DataFrame, extent: Extent, column: str, found: Iterable[str], reason: Iterable[str] | str
) -> list[Left]:
    """Return what is left at some entries or lines (with ``file`` and ``line``)."""
    reasons = [reason] * len(entries) if isinstance(reason, str) else list(reason)
    places = zip(entries["file"].tolist(), entries["line"].tolist(), found, reasons, strict=True)
    return [Left(file, line, extent, column, value, why) for file, line, value, why in places]


CELL = "cell"
"""The split of a cell in prose: "Until 2018: A and B"."""
OWN_FIELDS = ("actor", "split", "suffix", "parallel", "code", "always", "seat")
"""What a holder has beside the columns of the table."""
HOLDER_FIELDS = (*OWN_FIELDS, *(name for name in ROW_COLUMNS if name not in ("project", "country", *OWN_FIELDS)))
MADE = ("named", "suffix", "said")
"""Columns that the engine makes: the name of one holder, the word after it, the cell it stood in."""
TOP = (
    "title", "recognise", "optional", "crosswalk", "codebook", "origins",
    "source", "project", "reject", "lookups", "own", "holder",
)  # fmt: skip
_VALUE = ("column", "constant", "text", "lookup")


@dataclass(frozen=True)
class Value:
    """Where the cells of one column come from."""

    column: str = ""
    constant: str = ""
    text: str = ""
    """With names of columns in braces."""
    lookup: str = ""
    place: Place = field(default_factory=lambda: Place(""))


@dataclass(frozen=True)
class Holder:
    """One column that names who holds something."""

    actor: Value
    split: str = ""
    """What stands between several in one cell; ``cell`` for a cell in prose."""
    suffix: tuple[str, ...] = ()
    """Words that may follow a name after a comma; they are the column ``suffix`` then."""
    parallel: tuple[str, ...] = ()
    """Columns with as many parts as there are actors, in their order."""
    code: Value | None = None
    """The role by which the crosswalk knows the phase."""
    always: bool = False
    """A line without an actor is a statement too, with a status such as vacant."""
    fields: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class MappingFile:
    """A mapping as read."""

    file: str
    title: str
    recognise: tuple[str, ...]
    """Columns by which a file is known to be one of these."""
    optional: tuple[str, ...]
    crosswalk: tuple[str, ...]
    codebook: str
    """Text of `codebook.toml`, "" for the packaged one."""
    open_origins: bool
    source: Mapping[str, str]
    project: Mapping[str, Value]
    reject: Mapping[str, Mapping[str, str]]
    lookups: Mapping[str, Mapping[str, str]]
    own: Mapping[str, Value]
    holders: tuple[Holder, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column of the file that the mapping names, once."""
        values = [*self.project.values(), *self.own.values()]
        named = [*self.recognise, *self.reject]
        for holder in self.holders:
            values += [holder.actor, *holder.fields.values(), *([holder.code] if holder.code else [])]
            named += holder.parallel
        for value in values:
            named += [value.column] if value.column else text_columns(value.text)
        return tuple(dict.fromkeys(name for name in named if name not in MADE))


def text_columns(template: str) -> list[str]:
    """Return the columns that a text with braces names.

    Examples
    --------
    >>> text_columns("record {AidData Record ID}")
    ['AidData Record ID']
    """
    return [part.partition("}")[0] for part in template.split("{")[1:]]


def preset(name: str) -> MappingFile:
    """Return a packaged mapping.

    Examples
    --------
    >>> preset("aiddata1").title
    "AidData's Global Chinese Official Finance Dataset 1.0"
    """
    folder = resources.files("agency.importers") / "presets"
    read = read_toml((folder / f"{name}.toml").read_text("utf-8"), f"{name}.toml")
    named = read.tables.get("codebook", "")
    return _checked(read, (folder / named).read_text("utf-8") if named else "")


def read_mapping(path: Path) -> MappingFile:
    """Return a mapping of the user's.

    Raises
    ------
    UnreadableError
        If it is no mapping; every mistake is named with its line.
    UsageError
        If the file cannot be read.
    """
    read = read_toml(decode(read_bytes(path), path.name).text, path.name)
    named = read.tables.get("codebook", "")
    beside = path.parent / named if isinstance(named, str) and named else None
    return _checked(read, decode(read_bytes(beside), beside.name).text if beside else "")


def read_words(path: Path | None, name: str) -> dict[str, str]:
    """Return one lookup of a file that has nothing but lookups: your words for phases, your codes.

    Raises
    ------
    UnreadableError
        If the file has no such lookup.
    """
    if path is None:
        return {}
    read = read_toml(decode(read_bytes(path), path.name).text, path.name)
    reader = _Reader(read)
    reader.known(read.tables, ("lookups",))
    lookups = reader.table(read.tables, "lookups")
    reader.known(lookups, (name,), "lookups")
    words = reader.strings(reader.table(lookups, name, "lookups"), "lookups", name)
    if not words and not reader.findings:
        reader.say(("lookups",), text("no entry"), text("a table [lookups.{name}]", name=name))
    if reader.findings:
        raise UnreadableError(*reader.findings)
    return words


class _Reader:
    """Goes through the tables, collecting what is wrong."""

    def __init__(self, read: TomlFile) -> None:
        self.read, self.findings = read, list[Finding]()

    def say(self, path: tuple[str | int, ...], found: object, expected: str, fix: str = "") -> None:
        self.findings.append(finding("mapping-field", self.read.place(*path), str(found), expected=expected, fix=fix))

    def known(self, table: Mapping[str, Any], names: Iterable[str], *path: str | int) -> None:
        """Name every key that is none of the known ones."""
        names = list(names)
        for key in table:
            if key not in names:
                fix = did_you_mean(key, names).strip()
                self.say((*path, key), f"'{key}'", text("one of {names}", names=listed(names, most=40)), fix)

    def table(self, within: Mapping[str, Any], key: str, *path: str | int) -> dict[str, Any]:
        found = within.get(key, {})
        if isinstance(found, dict):
            return found
        self.say((*path, key), found, text("a table"))
        return {}

    def words(self, within: Mapping[str, Any], key: str, *path: str | int) -> tuple[str, ...]:
        found = within.get(key, [])
        found = [found] if isinstance(found, str) else found
        if isinstance(found, list) and all(isinstance(word, str) for word in found):
            return tuple(found)
        self.say((*path, key), found, text("a text, or a list of texts"))
        return ()

    def word(self, within: Mapping[str, Any], key: str, *path: str | int) -> str:
        found = within.get(key, "")
        if not isinstance(found, str):
            self.say((*path, key), found, text("a text"))
            return ""
        return found

    def strings(self, found: Mapping[str, Any], *path: str | int) -> dict[str, str]:
        for key, value in found.items():
            if not isinstance(value, str):
                self.say((*path, key), value, text("a text"))
        return {key: str(value) for key, value in found.items()}

    def value(self, found: object, *path: str | int) -> Value:
        place = self.read.place(*path)
        if isinstance(found, str) and found:
            return Value(column=found, place=place)
        if isinstance(found, dict):
            self.known(found, _VALUE, *path)
            given = [key for key in ("column", "constant", "text") if key in found]
            if len(given) == 1 and all(isinstance(value, str) for value in found.values()):
                return Value(**{key: value for key, value in found.items() if key in _VALUE}, place=place)
        expected = text("the name of a column, or one of { column = }, { constant = }, { text = }")
        self.say(path, found, expected)
        return Value(place=place)

    def values(self, found: Mapping[str, Any], *path: str | int) -> dict[str, Value]:
        return {key: self.value(value, *path, key) for key, value in found.items()}

    def holders(self) -> list[Holder]:
        found = self.read.tables.get("holder", [])
        if not isinstance(found, list) or not found or not all(isinstance(one, dict) for one in found):
            self.say(("holder",), found or text("no [[holder]]"), text("one [[holder]] or more"))
            return []
        return [self.holder(one, number) for number, one in enumerate(found)]

    def holder(self, found: dict[str, Any], number: int) -> Holder:
        at = ("holder", number)
        self.known(found, HOLDER_FIELDS, *at)
        if "actor" not in found:
            self.say(at, text("no actor"), text("the column that names who holds it: actor ="))
        if "phase" in found and "code" in found:
            self.say((*at, "code"), text("phase and code"), text("phase, or the code of a role in the crosswalk"))
        if not {"phase", "code"} & set(found):
            self.say(at, text("no phase"), text("phase, or the code of a role in the crosswalk"))
        fields = {key: self.value(value, *at, key) for key, value in found.items() if key not in OWN_FIELDS[:6]}
        return Holder(
            self.value(found.get("actor", "?"), *at, "actor"),
            self.word(found, "split", *at),
            self.words(found, "suffix", *at),
            self.words(found, "parallel", *at),
            self.value(found["code"], *at, "code") if "code" in found else None,
            self.word(found, "always", *at) == "yes",
            MappingProxyType(fields),
        )


def _checked(read: TomlFile, codebook: str) -> MappingFile:
    """Return a mapping whose every key is known and of its kind.

    Raises
    ------
    UnreadableError
        Naming each mistake with its line.
    """
    reader, tables = _Reader(read), read.tables
    reader.known(tables, TOP)
    project = reader.table(tables, "project")
    reader.known(project, PROJECT_COLUMNS, "project")
    if "project" not in project:
        reader.say(("project",), text("no project"), text("the column with the project's name: project ="))
    lookups = {
        name: reader.strings(reader.table(reader.table(tables, "lookups"), name, "lookups"), "lookups", name)
        for name in reader.table(tables, "lookups")
    }
    reject = {
        name: reader.strings(reader.table(reader.table(tables, "reject"), name, "reject"), "reject", name)
        for name in reader.table(tables, "reject")
    }
    schemes = reader.words(tables, "crosswalk")
    known = sorted({scheme for scheme, _ in crosswalk()})
    for scheme in schemes:
        if scheme not in known:
            reader.say(("crosswalk",), f"'{scheme}'", text("one of {names}", names=listed(known, most=20)))
    origins = reader.word(tables, "origins") or "unknown"
    if origins not in ("unknown", "open"):
        reader.say(("origins",), f"'{origins}'", text("unknown or open"))
    mapping = MappingFile(
        read.file,
        reader.word(tables, "title") or read.file,
        reader.words(tables, "recognise"),
        reader.words(tables, "optional"),
        schemes,
        codebook,
        origins == "open",
        reader.strings(reader.table(tables, "source"), "source"),
        reader.values(project, "project"),
        reject,
        lookups,
        reader.values(reader.table(tables, "own"), "own"),
        tuple(reader.holders()),
    )
    _check_lookups(reader, mapping)
    if errors_of(reader.findings):
        raise UnreadableError(*reader.findings)
    return mapping


def _check_lookups(reader: _Reader, mapping: MappingFile) -> None:
    """Require that every lookup that is named is there, and every one that is there is named."""
    values = [*mapping.project.values(), *mapping.own.values()]
    for holder in mapping.holders:
        values += [holder.actor, *holder.fields.values(), *([holder.code] if holder.code else [])]
    used = {value.lookup: value.place for value in values if value.lookup}
    for name, place in used.items():
        if name not in mapping.lookups:
            expected = text("a table [lookups.{name}]", name=name)
            reader.findings.append(
                finding("mapping-field", place, text("lookup = '{name}'", name=name), expected=expected)
            )
    for name in mapping.lookups:
        if name not in used:
            reader.say(("lookups", name), f"[lookups.{name}]", text("a lookup that some field names"))
