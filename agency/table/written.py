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
from agency.table.names import project_frame
from agency.table.read.bundle import Choices, locate, read_bundle
from agency.table.read.workbook import COMPANION_SHEETS, TABLE_SHEET
from agency.vocabulary import COLUMNS, FILES, TABLE_FILE, Column, resolve
from agency.words import text

if TYPE_CHECKING:
    from agency.findings import Finding
    from agency.table.model import Table
    from agency.table.read.bundle import Bundle
    from agency.table.read.frames import Records

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


def table_frames(table: Table, rows: pd.Index | None = None) -> dict[str, pd.DataFrame]:
    """Return a table that has been read as files again, a frame of text per file that has rows.

    Reading them, beside the codebook of the table, gives the same rows, projects, actors and events: what was filled
    from elsewhere (a kind, a window) is left to be filled again, unless statements it came from are left out.

    Parameters
    ----------
    table
        A sound table.
    rows
        Which of its rows, by their index; all when None. Projects and events are those of their projects.

    Examples
    --------
    >>> from agency.table import load_table
    >>> frames = table_frames(load_table())
    >>> list(frames), frames["actors_by_phase.csv"].loc[0, "project"]
    (['actors_by_phase.csv', 'projects.csv', 'actors.csv', 'events.csv'], 'ECU 911')
    """
    kept = table.rows if rows is None else table.rows.loc[rows]
    statements = kept.assign(actor_kind=kept["kind_given"])
    windows = _given_windows(table, kept)
    projects = windows.assign(
        label=windows["label"].mask(windows["label"] == windows.index, ""),
        window_source=windows["window_source"].mask(windows["window_source"] == "derived", ""),
    ).reset_index()
    events = table.events[table.events["project"].isin(projects["project"])]
    files = {TABLE_FILE: statements, "projects.csv": projects, "actors.csv": table.actors, "events.csv": events}
    frames = {name: _texts(frame, FILES[name]) for name, frame in files.items() if len(frame)}
    if table.own_projects is not None:
        own = table.own_projects.reindex(projects["project"]).reset_index(drop=True)
        frames["projects.csv"] = frames["projects.csv"].join(own)
    if table.own is not None:
        frames[TABLE_FILE] = frames[TABLE_FILE].join(table.own.loc[kept.index].reset_index(drop=True))
    return frames


def _given_windows(table: Table, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the projects of some rows with the sides of their windows that the rows do not give by themselves.

    Worked: a window 2012–2021 that was derived from the rows is left out; where the row of 2021 is left out, too, the
    rows alone would give 2012–2018, so that the end is written and the start is not.
    """
    sides = ["window_start", "window_end"]
    projects = table.projects.loc[table.projects.index.isin(rows["project"])]
    projects = _with_sides_of_no_window(table, projects, sides)
    open_ones = projects["window_source"] == "derived"
    given = projects.copy()
    unsettled = open_ones.copy()
    for left_out in (sides, sides[1:], sides[:1]):
        tried = projects.copy()
        tried.loc[unsettled, left_out] = pd.NA
        again = project_frame(rows, tried.reset_index(), table.codebook).reindex(projects.index)
        same = (again[sides].fillna(0) == projects[sides].fillna(0)).all(axis=1) & unsettled
        given.loc[same, left_out] = pd.NA
        unsettled &= ~same
    return given


def _with_sides_of_no_window(table: Table, projects: pd.DataFrame, sides: list[str]) -> pd.DataFrame:
    """Return projects with the side that `projects.csv` gives where both together are no window.

    Worked: an end of 2017 and rows from 2018 on are no window; without that end the rows would be one, of 2018.
    """
    records = table.bundle.companions.get("projects.csv")
    without = projects.index[projects[sides].isna().all(axis=1)]
    if records is None or without.empty:
        return projects
    file = canonical_frame(records, FILES["projects.csv"], table.codebook).drop_duplicates("project")
    given = file.set_index("project").reindex(without)
    projects = projects.copy()
    for side in sides:
        if side in given:
            projects.loc[without, side] = pd.to_numeric(given[side].replace("", pd.NA)).astype("Int64")
    return projects


def _texts(frame: pd.DataFrame, columns: tuple[Column, ...]) -> pd.DataFrame:
    """Return the columns of a file that say something, as the text they are read from."""
    written = {}
    for column in columns:
        values = frame[column.name]
        if column.kind == "flag":
            values = values.map({True: "true", False: "false"})
        elif column.kind == "amount":
            values = values.map(lambda value: f"{value:.15g}", na_action="ignore")
        values = values.astype(object).where(values.notna(), "").astype("str")
        if column.required or (values != column.default).any():
            written[column.name] = values.reset_index(drop=True)
    return pd.DataFrame(written)


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
