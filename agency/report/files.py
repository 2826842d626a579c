"""The files of a report: everything is made first, then each is written in one step, `report.html` last."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from agency.errors import UsageError
from agency.output import make_folder, write_atomic
from agency.report.content import build_content
from agency.report.datapackage import datapackage
from agency.report.figurepart import figure_files
from agency.report.inputs import input_argument, input_files, statements_table
from agency.report.material import Material
from agency.report.page import render_page
from agency.report.provenance import provenance, report_command
from agency.report.tablefiles import csv_files, printed_files

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping

    from agency.matrix.view import View
    from agency.table.model import Table

PAGE: Final = "report.html"


def write_report(
    table: Table,
    view: View,
    folder: str | os.PathLike[str],
    *,
    bundle: bool = False,
    data: str | None = None,
    reading: tuple[tuple[str, str], ...] = (),
    progress: Callable[[str], None] | None = None,
) -> tuple[Path, ...]:
    """Write the report of a view into a folder, and return the files written, `report.html` last.

    Nothing is written before everything is computed; each file is replaced in one step; other files stay.

    Parameters
    ----------
    table, view
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
    >>> write_report(study.data, study.view, tempfile.mkdtemp(), data="")[-1].name
    'report.html'
    """
    place = Path(folder)
    _check_place(place)
    files = report_files(table, view, bundle=bundle, data=data, reading=reading, progress=progress)
    if progress is not None:
        progress("writing")
    _check_files(place, files)
    for name in files:
        make_folder((place / name).parent)
    for name, content in files.items():
        write_atomic(place / name, content)
    return tuple(place / name for name in files)


def report_files(
    table: Table,
    view: View,
    *,
    bundle: bool = False,
    data: str | None = None,
    reading: tuple[tuple[str, str], ...] = (),
    progress: Callable[[str], None] | None = None,
) -> dict[str, str | bytes]:
    """Return the content of every file of a report by its path within the folder, `report.html` last."""
    if bundle:
        data = input_argument(table)
    command = report_command(view, data=table.name if data is None else data, reading=reading, bundle=bundle)
    material = Material(table, view, provenance(table, command))
    note = progress or _silent
    content = build_content(material, note)
    tables = [*(entry for part in content.parts for entry in part.tables), statements_table(material)]
    drawings = tuple(drawing for part in content.parts for drawing in part.drawings)
    note("files")
    files: dict[str, str | bytes] = {**csv_files(tables), **figure_files(drawings, material)}
    note("page")
    page = render_page(content.page, material.facts, table.codebook)
    if bundle:
        files |= {**printed_files(tables), **input_files(table), "methods.txt": content.methods + "\n"}
        described = {**files, PAGE: page}
        files["datapackage.json"] = datapackage(described, tables, content, material)
    return {**files, PAGE: page}


def _silent(step: str) -> None:
    del step


def _check_place(place: Path) -> None:
    if place.exists() and not place.is_dir():
        message = f"{place}: this is a file, but the report needs a folder. Choose another place with -o."
        raise UsageError(message)


def _check_files(place: Path, files: Mapping[str, str | bytes]) -> None:
    """Refuse before the first file is written when a folder stands where a file belongs, or the other way round."""
    for name in files:
        path = place / name
        if path.is_dir():
            message = f"{path}: a folder stands where a file of the report belongs. Move it, or choose another place."
            raise UsageError(message)
        if path.parent.exists() and not path.parent.is_dir():
            message = f"{path.parent}: a file stands where a folder of the report belongs. Move it, or use another -o."
            raise UsageError(message)
