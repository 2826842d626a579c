"""From DATA to a `Table`: everything is read, checked and found at once; what is sound is completed; its quotes."""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from agency import words
from agency.errors import DataError, UsageError
from agency.findings import (
    Finding,
    Place,
    UnreadableError,
    as_message,
    errors_of,
    finding,
    in_order,
    kinds,
    reading_notices,
)
from agency.references import Quote, bare_reference, findings_of, of_cited
from agency.table.across import ALL_RULES, window_findings
from agency.table.clean import read_values
from agency.table.model import Table
from agency.table.names import add_identities, alias_map, complete_dates, project_frame, renamed, whole_map
from agency.table.read.bundle import Bundle, Choices, locate, read_bundle, read_bytes
from agency.table.read.csvfile import decode
from agency.table.read.frames import (
    FIRST_LINE,
    FRAME,
    Records,
    cell_text,
    frame_records,
    lookup,
    mapping_records,
    own_frame,
    read_header,
    text_frame,
    typed_frame,
)
from agency.table.rules import Context, check_cells, table_schema, unsound_columns
from agency.vocabulary import ACTORS, COLUMNS, EVENTS, FILES, PROJECTS, default_codebook, resolve
from agency.words import language, speaking, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandera.pandas as pa

    from agency.references import Reference, References
    from agency.table.model import Table
    from agency.table.read.frames import Records
    from agency.vocabulary import Codebook, Column


_TYPED = ("year", "count", "flag", "country", "amount", "currency")
"""Kinds of columns whose wrong cells are emptied, so that the rest can be judged."""
_PLACE = ["line", "row"]
_UNREAD = ("cell-type", "formula-empty")
"""Problems of cells whose content is not known: what else is said of such a cell only follows from that."""


@dataclass(frozen=True)
class Examination:
    """All findings about DATA, errors first; the table when there are no errors."""

    name: str
    findings: tuple[Finding, ...]
    notices: tuple[str, ...]
    table: Table | None


@dataclass(frozen=True)
class _Checked:
    """One file after the schema: typed, wrong cells emptied."""

    frame: pd.DataFrame
    findings: list[Finding]
    wrong: pd.Series[bool]
    """Rows with a wrong year, count or flag."""
    unpaid: pd.Series[bool]
    """Rows with a wrong amount or currency."""


def examine(bundle: Bundle) -> Examination:
    """Return everything that is to be said about a bundle, and the table when it is sound."""
    if bundle.codebook is None:
        return Examination(bundle.name, in_order(bundle.findings), bundle.notices, None)
    findings = list(bundle.findings)
    codebook = bundle.codebook
    table = _checked(bundle.table, COLUMNS, codebook, findings)
    companions = {}
    for name, columns in FILES.items():
        if columns is not COLUMNS:
            records = bundle.companions.get(name) or _empty(name, columns)
            companions[name] = _checked(records, columns, codebook, findings) or _nothing(name, columns, codebook)
    if table is None:
        return Examination(bundle.name, in_order(findings), bundle.notices, None)
    if bundle.table is not None and table.frame.empty and not errors_of(findings):
        findings.append(finding("table-empty", Place(bundle.name, bundle.table.header_line)))
    context = _context(bundle, codebook, table, {name: checked.frame for name, checked in companions.items()})
    findings += _about_references(bundle, context)
    findings += _by_rules(context)
    notices = (*bundle.notices, *reading_notices(findings))
    if errors_of(findings):
        return Examination(bundle.name, in_order(_first_of_a_cell(findings)), notices, None)
    about_projects = _own(bundle.companions.get("projects.csv"), PROJECTS)
    sound = replace(
        _complete(bundle, context),
        own=_own(bundle.table, COLUMNS),
        own_projects=_by_project(about_projects, context.projects["project"], context.windows.index),
    )
    findings += window_findings(sound.rows, sound.projects, context.projects, codebook, bundle.name)
    ordered = in_order(findings)
    return Examination(bundle.name, ordered, notices, replace(sound, findings=ordered, notices=notices))


def statement_schema(codebook: Codebook) -> pa.DataFrameSchema:
    """Return the pandera schema of the long table: the tests of the cells and every rule whose break is an error."""
    import pandera.pandas as pa

    judge = _Judge(codebook)
    codes = ["character-control", *(rule.__name__.replace("_", "-") for rule in ALL_RULES)]
    checks = [
        pa.Check(_rows_pass(judge, code), name=code, ignore_na=False)
        for code in codes
        if kinds()[code].severity == "error"
    ]
    return table_schema(codebook, checks=[pa.Check(_header_passes, name="column-misspelt"), *checks])


def _rows_pass(judge: _Judge, code: str) -> Callable[[pd.DataFrame], pd.Series[bool]]:
    """Return a check of rows: a function and no method, since pandas 2 copies what a frame carries, functions whole.

    pandera hangs the schema on the frame, and every column taken from it would copy the judge and its frame again.
    """
    return lambda frame: judge.rows_pass(code, frame)


def _header_passes(frame: pd.DataFrame) -> bool:
    """Say whether no column looks like a known one that is absent; an absent required one is pandera's to say."""
    try:
        read_header(frame_records(frame), COLUMNS)
    except UnreadableError as problem:
        return all(entry.code == "column-missing" for entry in problem.findings)
    return True


class _Judge:
    """What the rules say of a DataFrame, which has no companions; said once for all the checks of a validation."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook
        self.frame = pd.DataFrame()
        self.findings: list[Finding] = []

    def rows_pass(self, code: str, frame: pd.DataFrame) -> pd.Series[bool]:
        """Return which rows have no finding of this kind."""
        if not self.frame.equals(frame):
            self.frame, self.findings = frame.copy(), self._judge(frame)
        positions = [entry.line - 2 for entry in self.findings if entry.code == code]
        return pd.Series(~np.isin(np.arange(len(frame)), positions), index=frame.index)

    def _judge(self, frame: pd.DataFrame) -> list[Finding]:
        findings: list[Finding] = []
        bundle = Bundle("DataFrame", frame_records(frame), {}, self.codebook)
        table = _checked(bundle.table, COLUMNS, self.codebook, findings)
        if table is None:
            return []
        nothing = {name: _nothing(name, columns, self.codebook).frame for name, columns in FILES.items()}
        context = _context(bundle, self.codebook, table, nothing)
        return [*findings, *_by_rules(context)]


def _by_rules(context: Context) -> list[Finding]:
    """Return what the rules say, of a copy: the distinct cells it holds for them are let go with it."""
    judged = replace(context)
    return [entry for rule in ALL_RULES for entry in rule(judged)]


def _first_of_a_cell(findings: list[Finding]) -> list[Finding]:
    """Leave out what is said of a cell that could not be read: empty or odd, it breaks rules it may not break."""
    unread = {(entry.file, entry.line, entry.column) for entry in findings if entry.code in _UNREAD}
    return [
        entry for entry in findings if entry.code in _UNREAD or (entry.file, entry.line, entry.column) not in unread
    ]


def _checked(
    records: Records | None, columns: tuple[Column, ...], codebook: Codebook, findings: list[Finding]
) -> _Checked | None:
    """Return a file after the schema, adding to `findings`; None when its header cannot be used."""
    if records is None:
        return None
    try:
        text, about_text = text_frame(records, columns)
    except UnreadableError as problem:
        findings += problem.findings
        return None
    unsound = unsound_columns(text, columns, codebook)
    text, read = read_values(text, unsound, codebook, records.file)
    about_cells, wrong = check_cells(text, unsound, codebook, records.file)
    findings += [*records.findings, *about_text, *read, *about_cells]
    emptied = {c.name: text[c.name].mask(wrong[c.name], "") for c in columns if c.kind in _TYPED and c.name in wrong}
    none = pd.Series(False, index=text.index)
    bad, unpaid = none, none
    for name in emptied:
        if name in ("amount", "currency"):
            unpaid = unpaid | wrong[name]
        else:
            bad = bad | wrong[name]
    return _Checked(typed_frame(text.assign(**emptied), columns), [], bad, unpaid)


def canonical_frame(records: Records, columns: tuple[Column, ...], codebook: Codebook) -> pd.DataFrame:
    """Return a file as it was read: text, known columns under their names and in canonical values, then one's own.

    Nothing is computed or filled from elsewhere: reading the frame gives what reading the file gave, without a word.

    Examples
    --------
    >>> from agency.vocabulary import default_codebook
    >>> file = Records("t.csv", ("Fase", "mine"), 1, [["Diseño"], ["x"]], [2], [2])
    >>> canonical_frame(file, (COLUMNS[2],), default_codebook()).to_dict("records")
    [{'phase': 'design', 'mine': 'x'}]
    """
    text, _ = text_frame(records, columns)
    text, _ = read_values(text, unsound_columns(text, columns, codebook), codebook, records.file)
    positions, _ = read_header(records, columns)
    return text[[column.name for column in columns if column.name in positions]].join(own_frame(records, columns))


def _own(records: Records | None, columns: tuple[Column, ...]) -> pd.DataFrame | None:
    own = None if records is None else own_frame(records, columns)
    return None if own is None or own.empty else own


def _by_project(own: pd.DataFrame | None, names: pd.Series[str], projects: pd.Index[str]) -> pd.DataFrame | None:
    """Return the user's own columns of `projects.csv` for the projects of the table, "" for one that is not there."""
    if own is None:
        return None
    return own.set_axis(pd.Index(names), axis=0).reindex(projects, fill_value="").astype("str")


def _empty(name: str, columns: tuple[Column, ...]) -> Records:
    return Records(name, tuple(column.name for column in columns), 1, [[] for _ in columns], [], [])


def _nothing(name: str, columns: tuple[Column, ...], codebook: Codebook) -> _Checked:
    """Return the frame of a companion that could not be used: its findings are known already."""
    checked = _checked(_empty(name, columns), columns, codebook, [])
    assert checked is not None
    return checked


def _context(bundle: Bundle, codebook: Codebook, table: _Checked, companions: dict[str, pd.DataFrame]) -> Context:
    """Resolve aliases and fill what the registries know, before the rules look at the rows."""
    actors, registry = companions["actors.csv"], companions["projects.csv"]
    rows = table.frame.assign(actor=renamed(table.frame["actor"], alias_map(actors)))
    rows = rows.assign(
        kind_given=rows["actor_kind"],
        actor_kind=_filled(rows, "actor_kind", "actor", actors, "kind"),
        country=_filled(rows, "country", "project", registry, "country"),
    )
    sound = rows.assign(**{side: rows[side].mask(table.wrong) for side in ("start", "end")})
    return Context(
        bundle.name,
        rows,
        ~table.wrong,
        ~table.unpaid,
        registry,
        actors,
        companions["events.csv"],
        project_frame(complete_dates(sound), registry, codebook),
        codebook,
        None if bundle.sources is None else frozenset((*bundle.sources, *bundle.sources.broken)),
        bundle.elsewhere,
    )


def _filled(rows: pd.DataFrame, name: str, key: str, registry: pd.DataFrame, value: str) -> pd.Series[str]:
    """Return a column of the rows, its empty cells filled from a registry."""
    known = registry.loc[registry[value] != ""].drop_duplicates(key).set_index(key)[value]
    return rows[name].mask(rows[name] == "", lookup(rows[key], known))


def _complete(bundle: Bundle, context: Context) -> Table:
    nobody = (context.rows["actor"] == "") & (context.rows["status"] != "denied")
    rows = context.rows.assign(origin=context.rows["origin"].mask(nobody, ""))
    rows = add_identities(complete_dates(rows))
    return Table(
        rows=rows,
        projects=context.windows,
        actors=context.actors.drop(columns=_PLACE),
        events=context.events.drop(columns=_PLACE),
        sources=_sources(bundle.sources, rows["source"]),
        codebook=context.codebook,
        findings=(),
        notices=bundle.notices,
        name=bundle.name,
        folder=bundle.folder,
        files=MappingProxyType(dict(bundle.files)),
        wholes=MappingProxyType(whole_map(context.actors)),
        bundle=replace(bundle, table=None),
    )


def _sources(known: References | None, used: pd.Series[str]) -> Mapping[str, Reference]:
    return {key: bare_reference(key) for key in used.drop_duplicates().tolist()} if known is None else known


def _about_references(bundle: Bundle, context: Context) -> list[Finding]:
    """Return what is wrong with the references: errors only where an entry is cited, the others in one warning."""
    used = (context.rows["source"], context.projects["window_source"], context.events["source"])
    cited = {key for column in used for key in column.unique().tolist()}
    return findings_of(of_cited(bundle.faults, cited))


_CLAIMS_FILE = "claims.toml"


def table_quotes(table: Table) -> list[Quote]:
    """Return the quotes of a table in file order, then those of `claims.toml` beside it.

    Raises
    ------
    DataError
        If claims.toml cannot be read.

    Examples
    --------
    >>> import agency
    >>> table_quotes(agency.load().data)[0].column
    'quote'
    """
    rows = table.rows.loc[table.rows["quote"] != ""]
    cells = zip(rows["quote"], rows["source"], rows["line"].tolist(), rows["row"].tolist(), strict=True)
    quotes = [Quote(text, source, table.name, line, row) for text, source, line, row in cells]
    return [*quotes, *_claim_quotes(table)]


def _claim_quotes(table: Table) -> list[Quote]:
    path = Path(table.folder) / _CLAIMS_FILE
    if not table.folder or not path.exists():
        return []
    try:
        text = decode(read_bytes(path), path.name).text
        claims = tomllib.loads(text).get("claim", [])
    except UnreadableError as problem:
        raise DataError(as_message(problem.findings), problem.findings) from problem
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        message = words.text("{file}: {error}. Correct the line.", file=_CLAIMS_FILE, error=error)
        raise DataError(message) from error
    lines = [number for number, line in enumerate(text.split("\n"), 1) if line.strip().startswith("[[claim]]")]
    return [
        Quote(str(claim["quote"]), str(claim.get("source", "")), _CLAIMS_FILE, line, line)
        for claim, line in zip(claims if isinstance(claims, list) else [], lines, strict=False)
        if isinstance(claim, dict) and claim.get("quote")
    ]


def load_table(
    data: str | os.PathLike[str] | pd.DataFrame | None = None,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    beside: str | os.PathLike[str] | Table | None = None,
    in_its_language: bool = False,
) -> Table:
    """Read, validate and complete a table with its companions.

    Parameters
    ----------
    data
        A folder, a CSV, an .xlsx or .ods workbook or a DataFrame; None is the study in the current folder, else the
        shipped one. Companions of a file are looked for beside it; a DataFrame has those of `beside`.
    encoding, delimiter, sheet
        Decide where the file can be read in two ways.
    beside
        Only with a DataFrame: a study's folder or file, or a table, whose projects, actors, events, sources and
        codebook go with the rows.
    in_its_language
        Whether findings are in the language of the study, where its codebook names one, not in that in force.

    Returns
    -------
    Table
        Rows, projects, registries, sources and codebook; warnings and information in ``findings``.

    Raises
    ------
    DataError
        If the data have errors: all of them are in the message and in ``findings``.
    UsageError
        If the path cannot be read, or an option does not go with it.

    Examples
    --------
    >>> table = load_table()
    >>> "JSeI" in table.projects.index
    True
    >>> int(table.projects.loc["ECU 911", "window_start"])
    2012
    """
    bundle = _bundle(data, Choices(encoding, delimiter, sheet), beside)
    own = bundle.codebook.study.language if in_its_language and bundle.codebook else ""
    with speaking(own or language()):
        return _sound(_examined(data, bundle))


def examine_data(
    data: str | os.PathLike[str] | pd.DataFrame | None = None,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    beside: str | os.PathLike[str] | Table | None = None,
) -> Examination:
    """Return everything that is to be said about DATA, and the table when it has no errors (for `agency check`)."""
    return _examined(data, _bundle(data, Choices(encoding, delimiter, sheet), beside))


def _bundle(
    data: str | os.PathLike[str] | pd.DataFrame | None,
    choices: Choices,
    beside: str | os.PathLike[str] | Table | None,
) -> Bundle:
    """Return what is read of DATA and what stands beside it."""
    if isinstance(data, pd.DataFrame):
        return _frame_bundle(data, beside, choices)
    if beside is not None:
        raise UsageError(text("beside goes with a DataFrame; files have their companions beside them."))
    if data is not None and not isinstance(data, (str, os.PathLike)):
        raise UsageError(text("DATA is {kind}; expected a path or a DataFrame.", kind=type(data).__name__))
    return read_bundle(locate(None if data is None else Path(data)), choices)


def _examined(data: str | os.PathLike[str] | pd.DataFrame | None, bundle: Bundle) -> Examination:
    """Return what is to be said of what was read, in places as the user knows them."""
    if isinstance(data, pd.DataFrame):
        return _labelled(examine(bundle), data.index)
    return _where_read(examine(bundle), bundle)


def _labelled(seen: Examination, index: pd.Index[Any]) -> Examination:
    """Return an examination whose findings about rows of a DataFrame name their labels in its index."""

    def labelled(entry: Finding) -> Finding:
        if entry.file != FRAME or entry.line < FIRST_LINE:
            return entry
        name = index[entry.line - FIRST_LINE]
        return replace(entry, label=repr(name) if isinstance(name, str) else cell_text(name))

    findings = tuple(labelled(entry) for entry in seen.findings)
    table = None if seen.table is None else replace(seen.table, findings=findings)
    return replace(seen, findings=findings, table=table)


def _where_read(seen: Examination, bundle: Bundle) -> Examination:
    """Return an examination whose findings name the sheet where a companion is one, not the file it stands for."""
    sheets = {name: records.file for name, records in bundle.companions.items() if records.file != name}
    if not sheets:
        return seen
    findings = tuple(replace(entry, file=sheets.get(entry.file, entry.file)) for entry in seen.findings)
    table = None if seen.table is None else replace(seen.table, findings=findings)
    return replace(seen, findings=findings, table=table)


def table_from_records(
    records: Sequence[Mapping[str, Any]],
    *,
    projects: Sequence[Mapping[str, Any]] | None = None,
    actors: Sequence[Mapping[str, Any]] | None = None,
    events: Sequence[Mapping[str, Any]] | None = None,
    codebook: Codebook | None = None,
) -> Table:
    """Return a table from dictionaries whose keys are column names, validated like a file.

    Examples
    --------
    >>> table = table_from_records(
    ...     [{"project": "A", "phase": "design", "actor": "ZTE", "origin": "chinese", "source": "s"}]
    ... )
    >>> table.rows["status"].tolist()
    ['held']
    """
    given = {"projects.csv": (projects, PROJECTS), "actors.csv": (actors, ACTORS), "events.csv": (events, EVENTS)}
    companions = {
        name: mapping_records(rows, columns, name) for name, (rows, columns) in given.items() if rows is not None
    }
    main = mapping_records(records, COLUMNS, "records")
    return _sound(
        examine(Bundle("records", main, companions, codebook or default_codebook(), files={"records": _hash(main)}))
    )


def _frame_bundle(frame: pd.DataFrame, beside: str | os.PathLike[str] | Table | None, choices: Choices) -> Bundle:
    """Return the bundle of a DataFrame: its rows, and everything else of the study it is to stand beside."""
    digest = hashlib.sha256(frame.to_csv(index=False, lineterminator="\n").encode("utf-8", "replace")).hexdigest()
    records = frame_records(frame)
    if beside is None:
        return Bundle(FRAME, records, {}, default_codebook(), files={FRAME: digest})
    if isinstance(beside, Table):
        bundle, named = beside.bundle, frozenset(beside.rows["actor"].unique())
    elif isinstance(beside, str | os.PathLike):
        bundle = read_bundle(locate(Path(beside)), choices)
        named = _actors_of(bundle.table)
    else:
        raise UsageError(text("beside is {kind}; expected a path or a study.", kind=type(beside).__name__))
    files = {name: digest for name, digest in bundle.files.items() if name != bundle.name}
    files = {**files, FRAME: digest}
    return replace(bundle, name=FRAME, table=records, files=files, elsewhere=bundle.elsewhere | named)


def _actors_of(records: Records | None) -> frozenset[str]:
    """Return the actors of a table as they are written: actors.csv may name them where the rows at hand do not."""
    if records is None:
        return frozenset()
    at = next((at for at, name in enumerate(records.header) if resolve(name, COLUMNS) == "actor"), None)
    return frozenset() if at is None else frozenset(cell.strip() for cell in set(records.columns[at]))


def _hash(records: Any) -> str:
    text = "\n".join("\t".join(column) for column in ([*records.header], *records.columns))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _sound(examination: Examination) -> Table:
    if examination.table is None:
        raise DataError(as_message(examination.findings), examination.findings)
    return examination.table
