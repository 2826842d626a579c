"""The files of a report: everything is made first, then each is written in one step, `report.html` last.

What an earlier report left in the folder stays, and is named so that nobody takes it for new.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from agency.agreement import read_decisions
from agency.characters import xml
from agency.errors import UsageError
from agency.output import check_places, write_files
from agency.report.beside import (
    FOLDER,
    csv_files,
    datapackage,
    figure_files,
    input_argument,
    input_files,
    printed_files,
    table_files,
)
from agency.report.material import Material
from agency.report.methods import Beside, Given, methods_paragraph, provenance, report_command
from agency.report.page import build_content, render_page
from agency.resolve import Resolved
from agency.table import COMPANIONS, input_paths
from agency.vocabulary import TABLE_FILE
from agency.words import marked, text

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Mapping

    from agency.table import Table

_TABLES: Final = (
    "actors-by-phase",
    "adjudication",
    r"changes(-[a-z]+)?",
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
    r"|figures/(summary|matrix|composition|aggregate|timeline(-\d+)?)\.(svg|pdf|png)"
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


PAGE: Final = "report.html"
_NOTHING: Final = Given()
ADJUDICATION: Final = "tables/adjudication.csv"
UNFINISHED: Final = "unfinished.txt"
"""Stays in the folder when a run is killed while it replaces the files of an earlier one."""


def write_report(
    resolved: Resolved,
    folder: str | os.PathLike[str],
    *,
    beside: Beside = "",
    title: str = "",
    since: Table | None = None,
    given: Given = _NOTHING,
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
    beside
        "files": also write the tables as CSV and the figures for print; "bundle": all that, the tables in every
        format, the input and a Frictionless `datapackage.json`.
    title
        Printed instead of the title of the study.
    since
        An earlier version, for a section on what changed.
    given
        What the command that makes the report again says; a bundle names its own input instead.
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
    >>> write_report(study.resolved, tempfile.mkdtemp())[-1].name
    'report.html'
    """
    place = Path(folder)
    inputs = (*input_paths(resolved.table), *(input_paths(since) if since is not None else ()))
    _check_place(place)
    if place.is_dir():
        _check_files(place, [PAGE])
        check_places([place / PAGE], inputs=inputs)
    made = report_files(resolved, beside=beside, title=title, since=since, given=given, progress=progress)
    if progress is not None:
        progress("writing")
    _check_files(place, made)
    _check_decisions(place / ADJUDICATION, made)
    write_files(
        {place / name: content for name, content in made.items()},
        inputs=inputs,
        folders=True,
        unfinished=place / UNFINISHED,
    )
    return tuple(place / name for name in made)


def report_files(
    resolved: Resolved,
    *,
    beside: Beside = "",
    title: str = "",
    since: Table | None = None,
    given: Given = _NOTHING,
    progress: Callable[[str], None] | None = None,
) -> dict[str, str | bytes]:
    """Return the content of every file of a report by its path within the folder, `report.html` last."""
    table, view = resolved.table, resolved.view
    source = input_argument(table) if beside == "bundle" else table.name if given.data is None else given.data
    options = given.reading if since is None else (*given.reading, ("--since", since.name))
    command = report_command(view, data=source, reading=options, beside=beside, title=title)
    material = Material(resolved, provenance(table, command), title, since)
    note = progress or _silent
    content = build_content(material, note)
    note(text("page"))
    page = xml(render_page(content, material))
    made: dict[str, str | bytes] = {}
    if beside:
        note(text("tables and figures"))
        tables = table_files(material)
        made = {**csv_files(tables), **figure_files(material)}
        if beside == "bundle":
            methods = xml(methods_paragraph(material)) + "\n"
            made |= {**printed_files(tables), **input_files(table), "methods.txt": methods}
            made["datapackage.json"] = datapackage({**made, PAGE: page}, tables, content, material)
    return {**made, PAGE: page}


def _silent(step: str) -> None:
    del step


def _check_place(place: Path) -> None:
    if place.exists() and not place.is_dir():
        sentence = marked("{place}: this is a file, but the report needs a folder. Choose another place with -o.")
        message = text(sentence, place=place)
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
            sentence = marked(
                "{path}: a folder stands where a file of the report belongs. Move it, or choose another place."
            )
            message = text(sentence, path=path)
            raise UsageError(message)
        if path.parent.exists() and not path.parent.is_dir():
            sentence = marked("{path}: a file stands where a folder of the report belongs. Move it, or use another -o.")
            message = text(sentence, path=path.parent)
            raise UsageError(message)
