"""Development finance: AidData's workbooks and CSV files, and IATI activities (XML, 2.03).

Years are those of actual dates, and stand only with who implements (role 4): when the money was given, an activity
does not say. The registration agency before an organisation's reference (``CN-...``) is where it sits.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from agency.characters import fold
from agency.findings import Place, UnreadableError, finding
from agency.importers.folder import escaped, source_entry, source_key
from agency.importers.mapping import MappingFile, preset
from agency.importers.read.given import Given, header_rows, said_damage, table_records
from agency.table import Records, file_type, walk
from agency.vocabulary import countries_named
from agency.words import listed, text

PRESETS = ("aiddata3", "aiddata2", "aiddata1")


def recognised(given: Given) -> MappingFile:
    """Return the mapping whose columns a file has.

    Raises
    ------
    UnreadableError
        If it has those of none: naming, for the one it has most of, what is missing.
    """
    heads = [{fold(cell) for cell in row} for row in header_rows(given)]
    best: tuple[int, int, MappingFile, list[str]] | None = None
    for name in PRESETS:
        mapping = preset(name)
        for head in heads:
            missing = [column for column in mapping.recognise if fold(column) not in head]
            if not missing:
                return mapping
            has = len(mapping.recognise) - len(missing)
            if best is None or has > best[0]:
                best = (has, len(missing), mapping, missing)
    assert best is not None
    has, _, mapping, missing = best
    if has:
        found = text("{title}, but without {names}", title=mapping.title, names=listed(missing))
        raise UnreadableError(finding("import-column", Place(given.name), found, expected=listed(mapping.recognise)))
    titles = listed([preset(name).title for name in PRESETS])
    raise UnreadableError(finding("import-other", Place(given.name), given.looks_like, expected=titles))


def aiddata_records(files: Sequence[Given]) -> tuple[list[Records], MappingFile]:
    """Return the records of files of one kind, and their mapping.

    Raises
    ------
    UnreadableError
        If a file is none of AidData's, or two are of different versions.
    """
    mappings = [recognised(given) for given in files]
    other = next((mapping for mapping in mappings if mapping.title != mappings[0].title), None)
    if other is not None:
        found = listed([mappings[0].title, other.title])
        raise UnreadableError(finding("import-two", Place(files[0].name), found))
    return [table_records(given, mappings[0]) for given in files], mappings[0]


_HEADER = (
    "activity",
    "title",
    "country",
    "status",
    "organisation",
    "role",
    "type",
    "ref",
    "seat",
    "start",
    "end",
    "source",
)
_ACTUAL = {"2": "start", "4": "end"}
_IMPLEMENTS = "4"
_VERSION = "2."


@dataclass
class _Activity:
    line: int
    identifier: str = ""
    title: str = ""
    status: str = ""
    publisher: str = ""
    countries: list[str] = field(default_factory=list)
    dates: dict[str, str] = field(default_factory=dict)
    organisations: list[dict[str, str]] = field(default_factory=list)


class _Reader:
    """Handlers of one walk: an activity is complete when its element ends."""

    def __init__(self, given: Given) -> None:
        self.given = given
        self.line = 0
        self.path: list[str] = []
        self.heard: list[str] = []
        self.activity: _Activity | None = None
        self.rows: list[dict[str, str]] = []
        self.lines: list[int] = []
        self.refused: dict[int, list[str]] = {}
        self.sources: dict[str, str] = {}

    def at(self, line: int) -> None:
        self.line = line

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if not self.path:
            self.root(name, attributes)
        self.path.append(name)
        self.heard = []
        if name == "iati-activity":
            self.activity = _Activity(self.line)
        if self.activity is None:
            return
        if len(self.path) == 3:
            self.part(name, attributes)

    def root(self, name: str, attributes: dict[str, str]) -> None:
        place = Place(self.given.name, self.line)
        if name != "iati-activities":
            expected = text("an IATI file of activities, which begins with <iati-activities>")
            raise UnreadableError(finding("import-other", place, f"<{name}>", expected=expected))
        version = attributes.get("version", "")
        if not version.startswith(_VERSION):
            found = text("IATI version '{version}'", version=version)
            raise UnreadableError(finding("import-version", place, found, expected=text("2.03 (or 2.01, 2.02)")))

    def part(self, name: str, attributes: dict[str, str]) -> None:
        assert self.activity is not None
        if name == "activity-status":
            self.activity.status = attributes.get("code", "")
        elif name == "activity-date" and attributes.get("type") in _ACTUAL:
            self.activity.dates[_ACTUAL[attributes["type"]]] = attributes.get("iso-date", "")
        elif name == "recipient-country":
            self.activity.countries.append(attributes.get("code", ""))
        elif name == "participating-org":
            given = {key: attributes.get(key, "") for key in ("role", "type", "ref")}
            self.activity.organisations.append({**given, "organisation": "", "line": str(self.line)})

    def characters(self, characters: str) -> None:
        if self.activity is not None:
            self.heard.append(characters)

    def end(self, name: str) -> None:
        words = " ".join("".join(self.heard).split())
        parent = self.path[2] if len(self.path) > 2 else ""
        self.path.pop()
        self.heard = []
        if self.activity is None:
            return
        if name == "iati-identifier" and len(self.path) == 2:
            self.activity.identifier = words
        elif name == "narrative" and words:
            self.narrative(parent, words)
        elif name == "iati-activity":
            self.take(self.activity)
            self.activity = None

    def narrative(self, parent: str, words: str) -> None:
        """Keep the first narrative, which is that of the default language."""
        assert self.activity is not None
        if len(self.path) != 3:
            return
        if parent == "title":
            self.activity.title = self.activity.title or words
        elif parent == "reporting-org":
            self.activity.publisher = self.activity.publisher or words
        elif parent == "participating-org":
            one = self.activity.organisations[-1]
            one["organisation"] = one["organisation"] or words

    def take(self, activity: _Activity) -> None:
        publisher = activity.publisher or self.given.name
        key = source_key(publisher)
        self.sources.setdefault(key, publisher)
        about = {
            "activity": activity.identifier,
            "title": activity.title,
            "country": ";".join(activity.countries),
            "status": activity.status,
            "source": key,
        }
        for one in activity.organisations:
            years = activity.dates if one["role"] == _IMPLEMENTS else {}
            name = one["organisation"] or one["ref"]
            self.rows.append({**about, **one, **years, "organisation": name, "seat": _seat(one["ref"])})
            self.lines.append(int(one["line"]))
        if not activity.organisations:
            self.rows.append(about)
            self.lines.append(activity.line)


def _seat(reference: str) -> str:
    """Return the country of the register that a reference begins with: ``CN-SAIC-913`` is of a register of China."""
    prefix = reference.partition("-")[0]
    found = countries_named(prefix) if len(prefix) == 2 and prefix.isupper() and prefix != "XM" else ()
    return found[0] if len(found) == 1 else ""


def iati_records(given: Given) -> tuple[Records, dict[str, str]]:
    """Return a record per participating organisation, and the publishers as entries of sources.

    Raises
    ------
    UnreadableError
        If the file is none of IATI 2, damaged, or has a document type.
    """
    kind = file_type(given.data)
    if kind.importer not in ("iati", "") or (kind.kind != "other" and b"<iati-activities" not in given.data[:4096]):
        expected = text("an IATI file of activities (XML)")
        raise UnreadableError(finding("import-other", Place(given.name), given.looks_like, expected=expected))
    reader = _Reader(given)
    with said_damage(given.name):
        walk(io.BytesIO(given.data).read, reader.start, reader.end, reader.characters, reader.at)
    columns = [[row.get(name, "") for row in reader.rows] for name in _HEADER]
    records = Records(given.name, _HEADER, 1, columns, reader.lines, reader.lines, refused=reader.refused)
    entries = {
        key: source_entry({"key": key, "type": "misc", "author": f"{{{escaped(name)}}}", "title": "IATI activities"})
        for key, name in reader.sources.items()
    }
    return records, entries
