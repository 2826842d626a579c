"""What an earlier report left in the folder: its files stay, and are named so that nobody takes them for new.

The tables of the report as files.

The files of a report: everything is made first, then each is written in one step, `report.html` last.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from agency.agreement import read_decisions
from agency.characters import file_names, xml
from agency.errors import UsageError
from agency.formats import render_sheet
from agency.output import check_places, write_files
from agency.report.content import build_content
from agency.report.datapackage import datapackage
from agency.report.figureparts import figure_files
from agency.report.inputs import FOLDER, input_argument, input_files, statements_table
from agency.report.methods import provenance, report_command
from agency.report.page import render_page
from agency.report.part import Material
from agency.resolve import Resolved
from agency.table import COMPANIONS, input_paths
from agency.vocabulary import TABLE_FILE
from agency.words import text

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from agency.report.part import TableFile

_TABLES: Final = (
    "actors-by-phase",
    "adjudication",
    r"alpha-[a-z]+",
    r"claims(-\w[\w-]*)?",
    "coded-by-one",
    r"comparison(-definition|-parts|-phases)?",
    r"composition(-by-level|-by-source)?",
    "confidence",
    "conflicts",
    "disagreements",
    "distance-matrix",
    "distances",
    "indicators",
    "presence",
    "random-weights",
    "rank-swaps",
    "regularities",
    "robustness",
    r"sources(-\w+)?",
    "statements",
)
"""Names of the tables any report may write, as patterns."""
_KNOWN: Final = re.compile(
    rf"tables/({'|'.join(_TABLES)})\.(csv|tex|md|docx)"
    r"|figures/(matrix|composition|aggregate|timeline(-\d+)?)\.(svg|pdf|png)"
    rf"|{FOLDER}/({'|'.join(re.escape(name) for name in (TABLE_FILE, *COMPANIONS))})"
    r"|methods\.txt|datapackage\.json|report\.html|unfinished\.txt"
)


def is_report_file(name: str) -> bool:
    """Whether a report writes a file by this path within its folder; an input table may have any name.

    Examples
    --------
    >>> is_report_file("tables/distances.csv"), is_report_file("tables/mine.csv")
    (True, False)
    """
    return _KNOWN.fullmatch(name) is not None


def leftovers(folder: Path, written: Iterable[Path]) -> tuple[str, ...]:
    """Return the report files in a folder that this report did not write, by their path within it, in order."""
    new = set(written)
    found = (path for place in (".", "tables", "figures", FOLDER) for path in (folder / place).glob("*"))
    old = (path.relative_to(folder).as_posix() for path in found if path not in new and path.is_file())
    return tuple(sorted(name for name in old if is_report_file(name)))


_PRINTED: Final = {"tex": "latex", "md": "markdown"}
"""Extension to format of the tables that are made for a manuscript."""


def csv_files(tables: Iterable[TableFile]) -> dict[str, str | bytes]:
    """Return every table as CSV by its path in the folder, with unrounded numbers."""
    return {f"tables/{table.name}.csv": render_sheet(table.data, "csv") for table in tables}


def printed_files(tables: Iterable[TableFile]) -> dict[str, str | bytes]:
    """Return every table for a manuscript: LaTeX, Markdown and, when python-docx is installed, Word."""
    from importlib.util import find_spec

    formats = {**_PRINTED, **({"docx": "docx"} if find_spec("docx") else {})}
    return {
        f"tables/{table.name}.{extension}": render_sheet(table.sheet, name)
        for table in tables
        if table.printed
        for extension, name in formats.items()
    }


PAGE: Final = "report.html"
ADJUDICATION: Final = "tables/adjudication.csv"
UNFINISHED: Final = "unfinished.txt"
"""Stays in the folder when a run is killed while it replaces the files of an earlier one."""


def write_report(
    resolved: Resolved,
    folder: str | os.PathLike[str],
    *,
    bundle: bool = False,
    data: str | None = None,
    reading: tuple[tuple[str, str], ...] = (),
    progress: Callable[[str], None] | None = None,
) -> tuple[Path, ...]:
    """Write the report of a view into a folder, and return the files written, `report.html` last.

    Nothing is written before everything is computed; all files are replaced, or none; other files stay, and so do
    those the table was read from.

    Parameters
    ----------
    resolved
        What is reported.
    folder
        Made if it is missing.
    bundle
        Also write all tables in every format, the input and a Frictionless `datapackage.json`.
    data
        DATA as in the command that makes the report again; the table's file name when None, "" for the shipped study.
        A bundle names its own input instead.
    reading
        Options of the reader that were given, for the same command.
    progress
        Called with what is done next.

    Raises
    ------
    UsageError
        If a file or the folder cannot be written.

    Examples
    --------
    >>> import agency, tempfile
    >>> study = agency.load().select(project=["ECU 911", "JSeI"])
    >>> write_report(study.resolved, tempfile.mkdtemp(), data="")[-1].name
    'report.html'
    """
    place = Path(folder)
    _check_place(place)
    if place.is_dir():
        _check_files(place, [PAGE])
        check_places([place / PAGE], inputs=input_paths(resolved.table))
    files = report_files(resolved, bundle=bundle, data=data, reading=reading, progress=progress)
    if progress is not None:
        progress("writing")
    _check_files(place, files)
    _check_decisions(place / ADJUDICATION, files)
    write_files(
        {place / name: content for name, content in files.items()},
        inputs=input_paths(resolved.table),
        folders=True,
        unfinished=place / UNFINISHED,
    )
    return tuple(place / name for name in files)


def report_files(
    resolved: Resolved,
    *,
    bundle: bool = False,
    data: str | None = None,
    reading: tuple[tuple[str, str], ...] = (),
    progress: Callable[[str], None] | None = None,
) -> dict[str, str | bytes]:
    """Return the content of every file of a report by its path within the folder, `report.html` last."""
    table, view = resolved.table, resolved.view
    if bundle:
        data = input_argument(table)
    command = report_command(view, data=table.name if data is None else data, reading=reading, bundle=bundle)
    material = Material(resolved, provenance(table, command))
    note = progress or _silent
    content = build_content(material, note)
    tables = _named([*(entry for part in content.parts for entry in part.tables), statements_table(material)])
    drawings = tuple(drawing for part in content.parts for drawing in part.drawings)
    note("files")
    files: dict[str, str | bytes] = {**csv_files(tables), **figure_files(drawings, material)}
    note("page")
    page = xml(render_page(content.page, material.facts, table.codebook))
    if bundle:
        files |= {**printed_files(tables), **input_files(table), "methods.txt": xml(content.methods) + "\n"}
        described = {**files, PAGE: page}
        files["datapackage.json"] = datapackage(described, tables, content, material)
    return {**files, PAGE: page}


def _named(tables: Sequence[TableFile]) -> list[TableFile]:
    """Return the tables with names of which each is another file, whatever their labels are made from."""
    names = file_names(table.name for table in tables)
    return [replace(table, name=name) for table, name in zip(tables, names, strict=True)]


def _silent(step: str) -> None:
    del step


def _check_place(place: Path) -> None:
    if place.exists() and not place.is_dir():
        message = f"{place}: this is a file, but the report needs a folder. Choose another place with -o."
        raise UsageError(message)


def _check_decisions(path: Path, files: Mapping[str, str | bytes]) -> None:
    """Refuse to empty a sheet in which somebody has decided what coders disagree on."""
    if ADJUDICATION in files and read_decisions(path).filled:
        message = text(
            "{path}: decisions are filled in there, and would be lost. Move the file out of the report; 'agency "
            "agreement --sheet FILE' makes a sheet that keeps them.",
            path=path,
        )
        raise UsageError(message)


def _check_files(place: Path, files: Iterable[str]) -> None:
    """Refuse before the first file is written when a folder stands where a file belongs, or the other way round."""
    for name in files:
        path = place / name
        if path.is_dir():
            message = f"{path}: a folder stands where a file of the report belongs. Move it, or choose another place."
            raise UsageError(message)
        if path.parent.exists() and not path.parent.is_dir():
            message = f"{path.parent}: a file stands where a folder of the report belongs. Move it, or use another -o."
            raise UsageError(message)
