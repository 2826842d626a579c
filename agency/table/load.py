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
from agency.findings import as_message
from agency.table.check import Examination, examine
from agency.table.read.bundle import Bundle, Choices, read_bundle
from agency.table.read.frames import frame_records, mapping_records
from agency.table.read.locate import locate
from agency.vocabulary import ACTORS, COLUMNS, EVENTS, PROJECTS, default_codebook

if TYPE_CHECKING:
    from agency.table.model import Table
    from agency.vocabulary import Codebook


def load_table(
    data: str | os.PathLike[str] | pd.DataFrame | None = None,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
) -> Table:
    """Read, validate and complete a table with its companions.

    Parameters
    ----------
    data
        A folder, a CSV, an .xlsx or .ods workbook or a DataFrame; None is the study in the current folder, else the
        shipped one. Companions of a file are looked for beside it; a DataFrame has none.
    encoding, delimiter, sheet
        Decide where the file can be read in two ways.

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
    return _sound(examine_data(data, encoding=encoding, delimiter=delimiter, sheet=sheet))


def examine_data(
    data: str | os.PathLike[str] | pd.DataFrame | None = None,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
) -> Examination:
    """Return everything that is to be said about DATA, and the table when it has no errors (for `agency check`)."""
    if data is not None and not isinstance(data, (str, os.PathLike)):
        return examine(_frame_bundle(data))
    bundle = read_bundle(locate(None if data is None else Path(data)), Choices(encoding, delimiter, sheet))
    return _where_read(examine(bundle), bundle)


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


def _frame_bundle(frame: Any) -> Bundle:
    if not isinstance(frame, pd.DataFrame):
        message = f"DATA is {type(frame).__name__}; expected a path or a DataFrame."
        raise UsageError(message)
    digest = hashlib.sha256(frame.to_csv(index=False, lineterminator="\n").encode("utf-8", "replace")).hexdigest()
    return Bundle("DataFrame", frame_records(frame), {}, default_codebook(), files={"DataFrame": digest})


def _hash(records: Any) -> str:
    text = "\n".join("\t".join(column) for column in ([*records.header], *records.columns))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _sound(examination: Examination) -> Table:
    if examination.table is None:
        raise DataError(as_message(examination.findings), examination.findings)
    return examination.table
