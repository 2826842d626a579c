"""The codebook: phases, origins and their colours, role weights and thresholds, as plain frozen records.

Read from `codebook.toml` beside the data, else from the packaged default (`default_codebook.toml`). A table given in a
user's file replaces the packaged one whole; mistakes in it are findings like those of the table.

Colours of origins that a codebook gives none are after Paul Tol's *muted* scheme (SRON/EPS/TN/09-002): each has a light
fill for cells with names in them, a strong one for bars, a dark partner for edges, and a straight hatch that no
packaged origin has. `agency.figures` proves that all of them are told apart in grey and with colour-vision deficiency,
by tone or by hatch.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, TypedDict

from agency import words
from agency.errors import did_you_mean
from agency.findings import Finding, Place, TomlFile, UnreadableError, finding, has_control, read_toml
from agency.words import LANGUAGES


class Colours(TypedDict):
    """How one origin is drawn."""

    colour: str
    strong: str
    edge: str
    hatch: str


SERIES: tuple[Colours, ...] = tuple(
    Colours(colour=colour, strong=strong, edge=edge, hatch=hatch)
    for colour, strong, edge, hatch in (
        ("#8FCCC2", "#44AA99", "#1F5C52", "+"),
        ("#E8DDA8", "#DDCC77", "#6B5F1E", "/-"),
        ("#D39BCB", "#AA4499", "#6A2A5F", "\\-"),
        ("#BBE3F5", "#88CCEE", "#1F6A8C", "//"),
        ("#C7C78A", "#999933", "#58581C", "\\\\"),
        ("#8CC09A", "#117733", "#0B4F22", "--"),
        ("#E3ABB4", "#CC6677", "#7D2F3C", "xx"),
        ("#CF9AB3", "#882255", "#5A1638", "++"),
        ("#A6A0D6", "#332288", "#221659", "x-"),
    )
)
"""Used one after another; the tenth origin without a colour begins again, and the proof of the palette says so."""


MOST = 1_000_000
"""The greatest number an entry may hold: beyond all use, and far from where sums and quotients overflow."""


@dataclass(frozen=True)
class Phase:
    """One phase of the life cycle."""

    key: str
    own_label: str
    """As the codebook gives it."""
    own_short: str
    kind: str
    """``event`` (the holder stays on record) or ``continuing`` (weighted by time, can be orphaned)."""
    block: str
    """``finance``, ``upstream``, ``build``, ``operate`` or ``maintain``."""
    weight: float
    core: bool
    """Shown and counted by default."""
    translations: tuple[tuple[str, str], ...] = ()
    """What the codebook gives in other languages: (("label.es", "Diseñado por"), ...)."""

    @property
    def label(self) -> str:
        """As printed in Table 1, in the reader's language: "Managed and operated by"."""
        return _said(self.own_label, "label", self.translations)

    @property
    def short(self) -> str:
        """The phase in a word or two, in the reader's language."""
        return _said(self.own_short, "short", self.translations)


@dataclass(frozen=True)
class Origin:
    """One origin of actors, relative to the project's country, and how it is drawn."""

    key: str
    own_label: str
    """As the codebook gives it."""
    foreign: bool
    colour: str
    """Fill of cells with names in them, ``#rrggbb``."""
    strong: str
    """Fill of bars and unlabelled cells, ``#rrggbb``."""
    edge: str
    """Dark partner for edges and hatch, ``#rrggbb``."""
    hatch: str
    """Second code: a straight matplotlib hatch, or empty."""
    translations: tuple[tuple[str, str], ...] = ()

    @property
    def label(self) -> str:
        """As printed, in the reader's language."""
        return _said(self.own_label, "label", self.translations)


def _said(own: str, name: str, translations: tuple[tuple[str, str], ...]) -> str:
    """Return a label in the reader's language: the codebook's own words for it, else ours, else as it stands."""
    given = dict(translations).get(f"{name}.{words.language()}")
    return given or words.text(own)


UNKNOWN = Origin(
    "unknown", words.marked("Unknown"), foreign=False, colour="#FFFFFF", strong="#FFFFFF", edge="#555555", hatch=""
)
"""The reserved origin of holders whose seat cannot be told: never in `Codebook.origins`, always accepted in a table."""


@dataclass(frozen=True)
class Threshold:
    """A line used by a test, with where it comes from."""

    key: str
    value: float
    citation: str


@dataclass(frozen=True)
class StudyFacts:
    """What a study says of itself in `[study]`: words for report and figures, and the last year it covers."""

    title: str = ""
    author: str = ""
    coders: str = ""
    """What the coders were: two readers, one reader twice, a program."""
    until: int | None = None
    """The last year the study covers: what is open to the right ends there."""
    language: str = ""
    """en, es or pt; empty when not said."""


@dataclass(frozen=True)
class Codebook:
    """Everything a study's vocabulary consists of."""

    phases: tuple[Phase, ...]
    origins: tuple[Origin, ...]
    roles: Mapping[str, float]
    """Weight of a role in a cell: lead 1, support 0 by default."""
    thresholds: Mapping[str, Threshold]
    study: StudyFacts = StudyFacts()

    @property
    def core_phases(self) -> tuple[Phase, ...]:
        """The phases shown and counted by default, in process order."""
        return tuple(phase for phase in self.phases if phase.core)

    @property
    def foreign_origins(self) -> tuple[str, ...]:
        """Keys of the origins that count as foreign."""
        return tuple(origin.key for origin in self.origins if origin.foreign)

    def untranslated(self, language: str) -> tuple[str, ...]:
        """Return the labels that have no words in a language: they are printed as they stand."""
        if language == LANGUAGES[0]:
            return ()
        entries: tuple[Phase | Origin, ...] = (*self.phases, *self.origins)
        own = [entry.own_label for entry in entries if f"label.{language}" not in dict(entry.translations)]
        return tuple(label for label in own if label not in _packaged_labels())

    def word(self, key: str) -> str:
        """Return a key of a phase or origin as it stands inside a sentence: in English as it is.

        Examples
        --------
        >>> default_codebook().word("design")
        'design'
        >>> with words.speaking("es"):
        ...     default_codebook().word("design"), default_codebook().word("chinese"), default_codebook().word("gap")
        ('diseño', 'chino', 'vacío')
        """
        if words.language() == words.ENGLISH:
            return key
        labels = {entry.key: entry.short for entry in self.phases}
        labels |= {entry.key: entry.label for entry in (*self.origins, UNKNOWN)} | {"gap": words.text("Gap")}
        return words.in_sentence(labels[key]) if key in labels else words.text(key.replace("_", " "))

    def phase(self, key: str) -> Phase:
        """Return the phase with this key."""
        return next(phase for phase in self.phases if phase.key == key)

    def origin(self, key: str) -> Origin:
        """Return the origin with this key; `unknown`, which is no origin of the codebook, is `UNKNOWN`."""
        if key == UNKNOWN.key:
            return UNKNOWN
        return next(origin for origin in self.origins if origin.key == key)


CODEBOOK_FILE = "codebook.toml"


@cache
def default_codebook() -> Codebook:
    """Return the packaged codebook.

    Examples
    --------
    >>> [phase.key for phase in default_codebook().core_phases]
    ['initiation', 'requirements', 'design', 'implementation', 'operation', 'maintenance']
    """
    return _build(_default_tables())


def default_text() -> str:
    """Return the packaged `codebook.toml` as it is written, comments included."""
    return (resources.files("agency.vocabulary") / "default_codebook.toml").read_text("utf-8")


def read_codebook(text: str, file: str = CODEBOOK_FILE) -> Codebook:
    """Return the codebook of a TOML text; tables it does not hold come from the packaged one.

    Raises
    ------
    UnreadableError
        If it has mistakes; every one is named.
    """
    own = read_toml(_TRANSLATED.sub(r'\1"\2.\3"', text), file)
    tables = {**_default_tables(), **own.tables}
    mistakes = codebook_mistakes(tables, own)
    if mistakes:
        raise UnreadableError(*mistakes)
    return _build(tables)


_TRANSLATED = re.compile(r"^([ \t]*)(label|short)[ \t]*\.[ \t]*([\w-]+)(?=[ \t]*=)", re.MULTILINE)
"""``label.es = "…"`` beside ``label``, read as one name: in TOML no key is both a word and a table."""


@cache
def _default_tables() -> dict[str, Any]:
    return tomllib.loads(default_text())


def _build(tables: dict[str, Any]) -> Codebook:
    thresholds = {
        key: Threshold(key, float(entry["value"]), entry["citation"]) for key, entry in tables["thresholds"].items()
    }
    return Codebook(
        phases=tuple(_phase(entry) for entry in tables["phase"]),
        origins=_origins(tables["origin"]),
        roles=MappingProxyType({role: float(weight) for role, weight in tables["roles"].items()}),
        thresholds=MappingProxyType(thresholds),
        study=StudyFacts(**tables.get("study", {})),
    )


@cache
def _packaged_labels() -> frozenset[str]:
    tables = _default_tables()
    return frozenset(entry["label"] for entry in (*tables["phase"], *tables["origin"]))


def _phase(entry: dict[str, Any]) -> Phase:
    filled = {"short": entry["label"], **_defaults("phase"), **entry}
    return Phase(**_with_own_words({**filled, "weight": float(filled["weight"])}))


def _with_own_words(entry: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a record: labels as the codebook gives them, those of other languages together."""
    given = tuple(sorted((name, said) for name, said in entry.items() if "." in name))
    own = {f"own_{name}": entry[name] for name in _WORDED if name in entry}
    return {name: value for name, value in entry.items() if name not in _WORDED and "." not in name} | {
        **own,
        "translations": given,
    }


def _origins(entries: list[dict[str, Any]]) -> tuple[Origin, ...]:
    """Return the origins as given, completed from the packaged ones; the rest take the next colours of the series."""
    packaged = {known["key"]: known for known in _default_tables()["origin"]}
    filled = [{**packaged.get(entry["key"], {}), **entry} for entry in entries]
    bare = [entry for entry in filled if "colour" not in entry]
    for number, entry in enumerate(bare):
        entry |= {**SERIES[number % len(SERIES)], **entry}
    return tuple(
        Origin(**_with_own_words({"strong": entry["colour"], **_defaults("origin"), **entry})) for entry in filled
    )


def _defaults(table: str) -> dict[str, Any]:
    return {name: field.default for name, field in FIELDS[table].items() if field.default is not None}


KINDS = ("event", "continuing")
_WORDED = ("label", "short")
BLOCKS = ("finance", "upstream", "build", "operate", "maintain")
THRESHOLDS = ("hhi_foreign", "foreign_share", "no_local_coholder", "coverage", "alpha_reliable", "alpha_tentative")
"""Lines the tests of the package use."""
RESERVED = {"phase": ("continuing",), "origin": ("gap", "unknown", "undated")}
"""Words that stand beside the keys of a codebook in our own keys (`composition.gap`), so that none may be one."""
_PROPORTIONS = words.marked("Only proportions matter: divide all weights by the same number.")


@dataclass(frozen=True)
class Field:
    """One field of an entry: its form in words, what it must match, and what an absent one means."""

    form: str
    """May have the places ``{values}`` and ``{most}``."""
    pattern: str = ""
    """For text."""
    values: tuple[str, ...] = ()
    type: type = str
    default: Any = None
    required: bool = False

    @property
    def wanted(self) -> str:
        """What is expected, in words."""
        return words.text(self.form, values=", ".join(self.values), most=MOST)


Path = tuple[str | int, ...]
_KEY = Field(words.marked("a key of small letters, digits, _ and -"), r"[\w-]+", required=True)
_LABEL = Field(words.marked("a few words"), r"\S[^\n]*", required=True)
_WORDS = Field(words.marked("a few words"), r"\S[^\n]*")
_NUMBER = Field(words.marked("a number from 0 to {most}"), type=float)
_COLOUR = Field(words.marked("a colour such as #6699CC"), r"#[0-9A-Fa-f]{6}")
FIELDS: dict[str, dict[str, Field]] = {
    "phase": {
        "key": _KEY,
        "label": _LABEL,
        "short": _WORDS,
        **{f"{name}.{language}": _WORDS for name in _WORDED for language in LANGUAGES},
        "kind": Field(words.marked("event or continuing"), values=KINDS, required=True),
        "block": Field(words.marked("one of {values}"), values=BLOCKS, required=True),
        "weight": Field(_NUMBER.form, type=float, default=1.0),
        "core": Field(words.marked("true or false"), type=bool, default=True),
    },
    "origin": {
        "key": _KEY,
        "label": _LABEL,
        **{f"label.{language}": _WORDS for language in LANGUAGES},
        "foreign": Field(words.marked("true or false"), type=bool, required=True),
        "colour": _COLOUR,
        "strong": _COLOUR,
        "edge": Field(_COLOUR.form, _COLOUR.pattern, default="#555555"),
        "hatch": Field(words.marked("straight hatches of / \\ x - |, or nothing"), r"[/\\x|+-]*", default="-"),
    },
    "study": {
        "title": _WORDS,
        "author": _WORDS,
        "coders": _WORDS,
        "until": Field(words.marked("a year from 1900 to 2099, such as 2021"), type=int),
        "language": Field(words.marked("one of {values}"), values=LANGUAGES),
    },
    "threshold": {
        "value": Field(_NUMBER.form, type=float, required=True),
        "citation": Field(words.marked("where the line comes from"), r"\S[^\n]*", required=True),
    },
}
"""Fields of the entries of [[phase]], [[origin]] and [thresholds.NAME], and those of [study]."""

_SHAPES = {"phase": list, "origin": list, "roles": dict, "thresholds": dict, "study": dict}


def codebook_mistakes(tables: dict[str, Any], own: TomlFile) -> list[Finding]:
    """Return what is wrong with a codebook: `tables` completed from the packaged one, `own` the user's file."""
    findings = [
        _unknown(own.place(name), name, list(_SHAPES), did_you_mean(name, list(_SHAPES)).strip())
        for name in tables
        if name not in _SHAPES
    ]
    given = {name: tables.get(name, shape()) for name, shape in _SHAPES.items()}
    shaped = {name: given[name] for name, shape in _SHAPES.items() if isinstance(given[name], shape)}
    for name, shape in _SHAPES.items():
        if name not in shaped:
            expected = words.text("[[{name}]] entries", name=name) if shape is list else f"[{name}]"
            findings.append(_wrong(own.place(name), repr(tables[name]), expected))
    for name in ("phase", "origin"):
        findings += _list_mistakes(name, shaped.get(name, []), own)
    for key, entry in shaped.get("thresholds", {}).items():
        findings += _entry_mistakes(
            "threshold", entry, own, ("thresholds", key), words.text("threshold '{key}'", key=key)
        )
    findings += _role_mistakes(shaped["roles"], own) if "roles" in shaped else []
    findings += _entry_mistakes("study", shaped.get("study", {}), own, ("study",), "[study]")
    if not findings:
        findings = [*_needs(shaped, own), *_reserved_keys(shaped, own)]
    return findings


def _list_mistakes(name: str, entries: list[Any], own: TomlFile) -> list[Finding]:
    findings = []
    seen: set[str] = set()
    for number, entry in enumerate(entries):
        findings += _entry_mistakes(name, entry, own, (name, number), _called(name, entry))
        key = entry.get("key") if isinstance(entry, dict) else None
        if isinstance(key, str) and key in seen:
            findings.append(
                _wrong(
                    own.place(name, number, "key"),
                    words.text("{name} '{key}' again", name=name, key=key),
                    words.text("each key once"),
                )
            )
        if isinstance(key, str):
            seen.add(key)
    return findings


def _entry_mistakes(table: str, entry: Any, own: TomlFile, path: Path, called: str) -> list[Finding]:
    """Return what is wrong with the entry that stands at a path of the file, naming it as `called`."""
    fields = FIELDS[table]
    if not isinstance(entry, dict):
        needed = words.listed([name for name, field in fields.items() if field.required])
        found = words.text("{entry!r} as {called}", entry=entry, called=called)
        return [_wrong(own.place(*path), found, words.text("a table with {names}", names=needed))]
    findings = [
        _unknown(own.place(*path, name), name, list(fields), did_you_mean(name, list(fields)).strip())
        for name in entry
        if name not in fields
    ]
    for name, field in fields.items():
        if name not in entry:
            if field.required:
                findings.append(
                    _wrong(
                        own.place(*path), words.text("no {name} in {called}", name=name, called=called), field.wanted
                    )
                )
        elif not _fits(entry[name], field):
            found = words.text("{name} = {value!r} in {called}", name=name, value=entry[name], called=called)
            findings.append(_wrong(own.place(*path, name), found, field.wanted, _less(entry[name])))
    return findings


def _fits(value: Any, field: Field) -> bool:
    if field.type is bool:
        return isinstance(value, bool)
    if field.type is int:
        return isinstance(value, int) and not isinstance(value, bool) and 1900 <= value <= 2099
    if field.type is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= MOST
    if not isinstance(value, str):
        return False
    sound = value in field.values if field.values else bool(re.fullmatch(field.pattern, value))
    return sound and not has_control(value)


def _needs(tables: dict[str, Any], own: TomlFile) -> list[Finding]:
    """Return what the numbers need and a well-formed codebook does not give."""
    findings = []
    core = [entry for entry in tables["phase"] if entry.get("core", True)]
    if not any(entry.get("weight", 1) for entry in core):
        findings.append(
            _wrong(own.place("phase"), words.text("no core phase with a weight above 0"), words.text("at least one"))
        )
    origins = {entry["key"]: entry for entry in tables["origin"]}
    if origins.get("local", {}).get("foreign", True):
        found = words.text("no origin 'local' with foreign = false")
        findings.append(_wrong(own.place("origin"), found, words.text("the reserved origin 'local'")))
    missing = [key for key in THRESHOLDS if key not in tables["thresholds"]]
    if missing:
        found = words.text("no threshold {names}", names=", ".join(missing))
        findings.append(_wrong(own.place("thresholds"), found, words.text("every line the tests use")))
    return findings


_OTHER_KEY = {
    "phase": words.marked("another key of a phase"),
    "origin": words.marked("another key of a origin"),
}


def _reserved_keys(tables: dict[str, Any], own: TomlFile) -> list[Finding]:
    """Return the keys that our own keys use beside them: `orphaned.continuing` stands beside `orphaned.operation`."""
    return [
        finding(
            "codebook-reserved", own.place(name, number, "key"), entry["key"], expected=words.text(_OTHER_KEY[name])
        )
        for name, words_taken in RESERVED.items()
        for number, entry in enumerate(tables[name])
        if entry["key"] in words_taken
    ]


def _role_mistakes(roles: dict[str, Any], own: TomlFile) -> list[Finding]:
    findings = [
        _wrong(own.place("roles", role), f"{role} = {weight!r}", _NUMBER.wanted, _less(weight))
        for role, weight in roles.items()
        if not _fits(weight, _NUMBER)
    ]
    if "lead" not in roles:
        findings.append(
            _wrong(own.place("roles"), words.text("no role 'lead'"), words.text("the role of rows that name none"))
        )
    elif roles["lead"] == 0:
        found, fix = f"lead = {roles['lead']!r}", words.text("Give the role of holders a weight, say 1.")
        findings.append(_wrong(own.place("roles", "lead"), found, words.text("a number above 0"), fix))
    return findings


def _called(table: str, entry: Any) -> str:
    key = entry.get("key") if isinstance(entry, dict) else None
    if isinstance(key, str):
        return f"{table} {key!r}"
    return words.text("a phase") if table == "phase" else words.text("a origin")


def _less(value: Any) -> str:
    """Return what to do about a number that is too great, else ""."""
    return words.text(_PROPORTIONS) if isinstance(value, (int, float)) and value > MOST else ""


def _wrong(place: Place, found: str, expected: str, fix: str = "") -> Finding:
    return finding("codebook-entry", place, found, expected=expected, fix=fix)


def _unknown(place: Place, name: str, known: list[str], fix: str) -> Finding:
    return finding(
        "codebook-unknown", place, name, expected=words.text("one of {names}", names=", ".join(known)), fix=fix
    )
