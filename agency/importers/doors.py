"""The ways in by name, and the one way through them: read, convert, check."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from agency.errors import DataError, UsageError, did_you_mean
from agency.findings import Finding, UnreadableError, as_text
from agency.importers.engine import Progress, Rules, convert
from agency.importers.folder import escaped, read_origins, settled, source_entry, source_key
from agency.importers.mapping import Imported, MappingFile, preset, read_mapping, read_words
from agency.importers.read.aid import aiddata_records, iati_records, recognised
from agency.importers.read.contracting import contracting_records
from agency.importers.read.given import Given, table_records
from agency.importers.read.passages import Ways, of_coder, read_passages
from agency.importers.read.wide import wide_records
from agency.table import Choices, decode, read_bytes, read_file, read_header
from agency.vocabulary import Codebook, Column, default_codebook, read_codebook
from agency.words import listed, marked, text

_LONG = 1_000_000
"""Bytes from which reading is long enough to be told of."""
_OTHER_KIND = ("import-other", "import-column", "wide-shape")
"""What a file of another kind is refused with."""
_GUESSES = {
    "aiddata": marked("a table of AidData"),
    "qdpx": marked("Taguette's highlights"),
    "wide": marked("a table of projects by phases"),
}
_ORIGINS = (
    Column("actor", "Actor", "", required=True, aliases=("ator",)),
    Column("alias", "Alias", ""),
    Column("origin", "Origin", "", aliases=("origen", "origem")),
    Column("seat", "Seat", "", aliases=("sede",)),
)


@dataclass(frozen=True)
class ImportChoices:
    """What the user says beside the files."""

    mapping: Path | None = None
    origins: Path | None = None
    sources: Path | None = None
    codebook: Path | None = None
    source: str = ""
    weak: bool = False
    project: str = ""
    coder: str = ""
    overlap: bool = False
    line_endings: str = ""
    reading: Choices = field(default_factory=Choices)
    progress: Progress = lambda _said: None


@dataclass(frozen=True)
class Study:
    """An import that is ready to be written."""

    imported: Imported
    sources: str
    findings: tuple[Finding, ...]
    """What `agency check` says of it."""


Door = Callable[[Sequence[Given], ImportChoices, Rules], tuple[Imported, Mapping[str, str]]]
"""Gives what came of the files, and the entries of their sources by key."""


def import_files(what: str, paths: Sequence[Path], choices: ImportChoices | None = None) -> Study:
    """Return other people's files as a study.

    Parameters
    ----------
    what
        A door (`DOORS`), or the path of a mapping file.
    paths
        The files, of one kind.
    choices
        What the user decides.

    Raises
    ------
    DataError
        If a file is not what the door reads, or nothing of it becomes a statement; with line and what to do.
    UsageError
        If there is no such door, or a file cannot be read.
    """
    choices = choices or ImportChoices()
    try:
        return _study(what, [Given(path, choices.reading) for path in paths], choices)
    except UnreadableError as error:
        said = as_text(error.findings)
        raise DataError(text("{problems}\nNothing was written.", problems=said), error.findings) from error


def _study(what: str, files: list[Given], choices: ImportChoices) -> Study:
    door = DOORS.get(what)
    if door is None:
        if not Path(what).is_file():
            raise UsageError(_no_door(what))
        choices = replace(choices, mapping=Path(what))
        door = _mapped
    codebook = decode(read_bytes(choices.codebook), choices.codebook.name).text if choices.codebook else ""
    rules = Rules(choices.weak, _origins(choices), choices.source, _book(codebook), choices.progress)
    for given in files:
        if len(given.data) > _LONG:
            size = f"{len(given.data) / 1e6:,.1f}"
            choices.progress(text("reading {file} ({size} MB)", file=given.name, size=size))
    try:
        imported, entries = door(files, choices, rules)
    except UnreadableError as error:
        raise _with_guess(error, files[0], what) from error
    if codebook:
        imported = replace(imported, codebook=codebook)
    choices.progress(text("checking"))
    sources = decode(read_bytes(choices.sources), choices.sources.name).text if choices.sources else ""
    if not sources:
        used = set(imported.rows["source"])
        sources = "\n".join(entry for key, entry in entries.items() if key in used)
    imported, findings = settled(imported, sources=sources)
    return Study(imported, sources, findings)


def _with_guess(error: UnreadableError, given: Given, what: str) -> UnreadableError:
    """Return an error about a file of another kind with the importer that it looks made for, where one is."""
    first = error.findings[0]
    if first.code not in _OTHER_KIND or "agency import" in first.found:
        return error
    for name, called in _GUESSES.items():
        if name != what and _reads(name, given):
            fix = text("It looks like {called}: 'agency import {name}' reads it.", called=text(called), name=name)
            return UnreadableError(replace(first, fix=fix), *error.findings[1:])
    return error


def _reads(name: str, given: Given) -> bool:
    try:
        if name == "aiddata":
            recognised(given)
        elif name == "qdpx":
            read_passages(given, Ways({}))
        else:
            wide_records([given], None, default_codebook())
    except (UnreadableError, UsageError):
        return False
    return True


def _no_door(what: str) -> str:
    near = did_you_mean(what, list(DOORS))
    return text(
        "{what}: there is no such importer, and no mapping file of that name.{near} The importers are {names}.",
        what=what,
        near=near,
        names=listed(list(DOORS)),
    )


def _origins(choices: ImportChoices) -> dict[str, tuple[str, str]]:
    if choices.origins is None:
        return {}
    records = read_file(choices.origins, _ORIGINS)
    positions, _ = read_header(records, _ORIGINS)
    if any(entry.severity == "error" for entry in records.findings):
        raise UnreadableError(*records.findings)
    cells = {name: [cell.strip() for cell in records.columns[at]] for name, at in positions.items()}
    return read_origins(cells)


def _book(codebook: str) -> Codebook:
    return read_codebook(codebook) if codebook else default_codebook()


def _preset_rules(mapping: MappingFile, rules: Rules) -> tuple[Rules, dict[str, str]]:
    """Return the rules with the mapping's codebook and source, and the entry of the source."""
    own = dict(mapping.source)
    key = rules.source or own.get("key", "")
    entry = {key: source_entry({**own, "key": key})} if own else {}
    book = read_codebook(mapping.codebook) if mapping.codebook else rules.codebook
    return replace(rules, source=key, codebook=book), entry


def _aiddata(files: Sequence[Given], _choices: ImportChoices, rules: Rules) -> tuple[Imported, Mapping[str, str]]:
    records, mapping = aiddata_records(files)
    rules, entries = _preset_rules(mapping, rules)
    return convert(records, mapping, rules), entries


def _mapped(files: Sequence[Given], choices: ImportChoices, rules: Rules) -> tuple[Imported, Mapping[str, str]]:
    assert choices.mapping is not None
    mapping = read_mapping(choices.mapping)
    rules, entries = _preset_rules(mapping, rules)
    rules, entries = _named_source(files[0], rules, entries)
    return convert([table_records(given, mapping) for given in files], mapping, rules), entries


def _wide(files: Sequence[Given], choices: ImportChoices, rules: Rules) -> tuple[Imported, Mapping[str, str]]:
    records, left = wide_records(files, choices.mapping, rules.codebook or default_codebook())
    rules, entries = _named_source(files[0], rules, {})
    return replace(convert(records, preset("wide"), rules, left), thing="cell"), entries


def _iati(files: Sequence[Given], _choices: ImportChoices, rules: Rules) -> tuple[Imported, Mapping[str, str]]:
    read = [iati_records(given) for given in files]
    imported = convert([records for records, _ in read], preset("iati"), rules)
    return replace(imported, thing="party"), {key: entry for _, entries in read for key, entry in entries.items()}


def _contracting(files: Sequence[Given], _choices: ImportChoices, rules: Rules) -> tuple[Imported, Mapping[str, str]]:
    read = [contracting_records(given) for given in files]
    imported = convert([records for records, _ in read], preset("oc4ids"), rules)
    return replace(imported, thing="party"), {key: entry for _, entries in read for key, entry in entries.items()}


def _passages(files: Sequence[Given], choices: ImportChoices, rules: Rules) -> tuple[Imported, Mapping[str, str]]:
    if len(files) > 1:
        raise UsageError(text("Give one project at a time; '{file}' is the second.", file=files[1].name))
    codes = read_words(choices.mapping, "codes")
    ways = Ways(codes, choices.project, choices.overlap, choices.line_endings, rules.codebook or default_codebook())
    coded = read_passages(files[0], ways)
    imported = convert([coded.records], preset("qdpx"), rules, coded.left)
    imported = replace(imported, thing="passage", remarks=(*coded.remarks, *imported.remarks))
    return of_coder(imported, choices.coder), coded.sources


def _named_source(given: Given, rules: Rules, entries: dict[str, str]) -> tuple[Rules, dict[str, str]]:
    """Return the rules with a source: the one given, else the file itself."""
    key = rules.source or source_key(given.name)
    if entries:
        return rules, entries
    return replace(rules, source=key), {key: source_entry({"key": key, "type": "misc", "title": escaped(given.name)})}


DOORS: Mapping[str, Door] = MappingProxyType(
    {"wide": _wide, "aiddata": _aiddata, "iati": _iati, "oc4ids": _contracting, "qdpx": _passages}
)
"""What `agency import` reads, by name."""
