"""A table as files again: in the words of the data format, or as the user has it with what is wrong marked."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from agency.errors import UsageError
from agency.findings import MarkedPage, marked_workbook
from agency.spreadsheet import LONGEST, add_page, book_bytes, new_book, put_text
from agency.table.check import canonical_frame
from agency.table.read.bundle import Choices, read_bundle
from agency.table.read.locate import locate
from agency.table.read.workbook import COMPANION_SHEETS, TABLE_SHEET
from agency.vocabulary import COLUMNS, FILES, TABLE_FILE, Column, resolve
from agency.words import text

if TYPE_CHECKING:
    from agency.findings import Finding
    from agency.table.read.bundle import Bundle
    from agency.table.read.records import Records

_SHEETS = {file: sheet for sheet, file in COMPANION_SHEETS.items()}


def canonical_frames(data: str | os.PathLike[str] | None, **reading: Any) -> dict[str, pd.DataFrame]:
    """Return the table and its companions in the words of the data format, a frame of text per file that has rows.

    The rows are as they were read: nothing is computed, filled from elsewhere or left out, so that reading them again
    gives the same table. Columns the format does not know stand at the end.

    Parameters
    ----------
    data, **reading
        As for `load_table`; the data must have no errors.

    Returns
    -------
    dict
        By file name, ``actors_by_phase.csv`` first.

    Examples
    --------
    >>> list(canonical_frames(None))
    ['actors_by_phase.csv', 'projects.csv', 'actors.csv', 'events.csv']
    """
    bundle = _bundle(data, reading)
    assert bundle.table is not None
    assert bundle.codebook is not None
    files = {TABLE_FILE: bundle.table, **bundle.companions}
    return {name: canonical_frame(file, FILES[name], bundle.codebook) for name, file in files.items() if file.lines}


def canonical_csv(frame: pd.DataFrame) -> str:
    """Return a frame of text as CSV, with the byte-order mark without which spreadsheets misread it."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(frame.columns)
    writer.writerows(frame.itertuples(index=False, name=None))
    return "\ufeff" + stream.getvalue()


def canonical_workbook(frames: Mapping[str, pd.DataFrame]) -> bytes:
    """Return frames of text as a workbook, a sheet per file, under the names by which they are read as companions.

    Raises
    ------
    UsageError
        If openpyxl is not installed, or a cell is longer than a cell of a workbook can be.
    """
    book = new_book()
    for file, frame in frames.items():
        page = add_page(book, _SHEETS.get(file, TABLE_SHEET))
        rows: Sequence[Sequence[str]] = [list(frame.columns), *frame.to_numpy().tolist()]
        for row, cells in enumerate(rows, 1):
            for column, value in enumerate(cells, 1):
                if len(value) > LONGEST:
                    message = text(
                        "row {row} has a cell of {n} characters, more than a workbook can hold ({most}). "
                        "Write a .csv file.",
                        row=row,
                        n=f"{len(value):,}",
                        most=f"{LONGEST:,}",
                    )
                    raise UsageError(message)
                if value:
                    put_text(page, row, column, value)
        page.freeze_panes = "A2"
    return book_bytes(book)


def marked_data(data: str | os.PathLike[str] | None, findings: Sequence[Finding], **reading: Any) -> bytes:
    """Return a workbook with the cells of DATA as they stand in its files, and what is wrong with them marked.

    Parameters
    ----------
    data, **reading
        As for `load_table`; the data may have any errors.
    findings
        What `examine_data` says of them.

    Raises
    ------
    UsageError
        If openpyxl is not installed.
    """
    bundle = _bundle(data, reading)
    pages = (
        [] if bundle.table is None else [_page(bundle.table, COLUMNS, bundle.table.sheet or TABLE_SHEET, bundle.name)]
    )
    pages += [_page(records, FILES[name], _SHEETS[name], name) for name, records in bundle.companions.items()]
    return marked_workbook(pages, findings)


def _bundle(data: str | os.PathLike[str] | None, reading: Mapping[str, Any]) -> Bundle:
    return read_bundle(locate(None if data is None else Path(data)), Choices(**reading))


def _page(records: Records, columns: tuple[Column, ...], name: str, file: str) -> MarkedPage:
    cells = [list(row) for row in zip(*records.columns, strict=True)]
    rows = {records.header_row: list(records.header), **dict(zip(records.rows, cells, strict=True)), **records.refused}
    positions = {name: at for at, name in enumerate(records.header, 1)}
    positions |= {known: at for at, name in enumerate(records.header, 1) if (known := resolve(name, columns))}
    return MarkedPage(name, (records.file, file), dict(sorted(rows.items())), records.header_row, positions)
