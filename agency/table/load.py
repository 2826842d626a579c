"""From DATA to a `Table`: read every file, check everything, complete what is sound."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from agency.errors import DataError, UsageError
from agency.findings import Finding, as_message
from agency.table.check import Examination, examine
from agency.table.model import Table
from agency.table.read.bundle import Bundle, Choices, read_bundle
from agency.table.read.frames import FIRST_LINE, FRAME, cell_text, frame_records, mapping_records
from agency.table.read.locate import locate
from agency.vocabulary import ACTORS, COLUMNS, EVENTS, PROJECTS, default_codebook, resolve
from agency.words import language, speaking, text

if TYPE_CHECKING:
    from agency.table.read.records import Records
    from agency.vocabulary import Codebook


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
