"""What `agency export` writes: one list of forms, each with its files; and the data package that describes them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from agency.characters import file_names, json_text
from agency.comparison import crisp_cases
from agency.errors import UsageError, did_you_mean
from agency.exporters.network import edge_frame, graphml
from agency.formats import Sheet, plain, render_sheet
from agency.output import STANDARD_OUTPUT, check_places, write_files
from agency.references import keyed_bibliography, reference_text
from agency.resolve import Resolved, View
from agency.sheets import qca_csv
from agency.table import canonical_csv, canonical_workbook, companion_files, input_paths, table_frames
from agency.vocabulary import CODEBOOK_FILE, FILES, TABLE_FILE, default_codebook, default_text
from agency.words import counted, listed, marked, number, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from agency.table import Table
    from agency.vocabulary import Codebook, Column


DESCRIPTOR: Final = "datapackage.json"
_MEDIA: Final = {
    "csv": "text/csv",
    "md": "text/markdown",
    "tex": "application/x-tex",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "png": "image/png",
    "html": "text/html",
    "bib": "application/x-bibtex",
    "toml": "application/toml",
    "txt": "text/plain",
}
_TYPES: Final = {"year": "integer", "count": "integer", "flag": "boolean", "amount": "number"}

Described = tuple[str, list[dict[str, Any]]]
"""Title and fields of a table."""


def descriptor(
    files: Mapping[str, str | bytes],
    tables: Mapping[str, Described],
    *,
    name: str,
    title: str,
    description: str,
    sources: Sequence[str],
    created: str = "",
) -> str:
    """Return the descriptor as JSON: CSV tables with their schemas, every file with its size and hash.

    Parameters
    ----------
    files
        Content by path within the folder, without the descriptor itself.
    tables
        By path, for those that are described field by field: title and fields (`fields_of`).
    name, title, description
        Of the whole.
    sources
        References, as they are printed.
    created
        Date and time, "" where they are not known.
    """
    resources = []
    for (path, content), resource in zip(files.items(), file_names(files, latin=True), strict=True):
        data = content.encode("utf-8") if isinstance(content, str) else content
        said = _table(path, *tables[path]) if path in tables else _file(path)
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        resources.append({"name": resource, **said, "bytes": len(data), "hash": digest})
    document = {
        "name": name,
        "title": title,
        "description": description,
        **({"created": created} if created else {}),
        "sources": [{"title": reference} for reference in sources],
        "resources": resources,
    }
    return json_text(document) + "\n"


def fields_of(columns: Sequence[Column], codebook: Codebook) -> list[dict[str, Any]]:
    """Return columns of the data format as Table Schema says them.

    Examples
    --------
    >>> from agency.vocabulary import COLUMNS, default_codebook
    >>> fields_of(COLUMNS[:1], default_codebook())[0]["constraints"]
    {'required': True}
    """
    vocabularies = {
        "phase": [phase.key for phase in codebook.phases],
        "origin": [*(origin.key for origin in codebook.origins), "unknown"],
        "role": list(codebook.roles),
    }
    fields = []
    for column in columns:
        allowed = list(column.values) or vocabularies.get(column.vocabulary, [])
        constraints: dict[str, Any] = {"enum": allowed} if allowed else {}
        if column.name in ("project", "phase", "source") and column.required:
            constraints["required"] = True
        field = {
            "name": column.name,
            "title": column.title,
            "description": text(column.description),
            "type": _TYPES.get(column.kind, "string"),
        }
        fields.append({**field, "constraints": constraints} if constraints else field)
    return fields


def _table(path: str, title: str, fields: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "table",
        "title": title,
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": fields},
    }


def _file(path: str) -> dict[str, Any]:
    media = _MEDIA.get(path.rpartition(".")[2], "application/octet-stream")
    return {"type": "file", "path": path, "mediatype": media}


_SELECTING: Final = ("projects", "phases", "countries", "sources", "types", "where", "min_phases")
"""Fields of a view that say which statements are meant; the others are rules of how they are counted."""
_WHOLE_STUDY: Final = ("claims.toml", "double_coding.csv")
"""Companions that speak of projects by name: they go with the whole study only."""

Files = dict[str, str | bytes]
Made = tuple[Files, tuple[str, ...]]
"""Content by place (by name within the folder), and what is to be said."""


@dataclass(frozen=True)
class Form:
    """One thing that ``--to`` can be."""

    made: str
    """What it is, in a line."""
    endings: tuple[str, ...]
    """How the name of its file may end; none where it is a folder."""
    make: Callable[[Resolved, str], Made]
    """From what is resolved and the ending of the place."""
    as_coded: bool = False
    """Statements as they stand in the table, whatever the rules that count them."""


@dataclass(frozen=True)
class Exported:
    """What was written, and what is to be said of it."""

    files: tuple[str, ...]
    said: tuple[str, ...]


def export(resolved: Resolved, to: str, place: str | os.PathLike[str]) -> Exported:
    """Write what is selected in the form of another program, in one step.

    Parameters
    ----------
    resolved
        What is selected, and the rules.
    to
        A form of `FORMS`.
    place
        A file, ``-`` for standard output (text only), or for some forms a folder, which is made.

    Raises
    ------
    UsageError
        If there is no such form, rules are given to a form that writes statements as they are coded, the place has
        another ending, is a folder with something in it, or is a file the study was read from.

    Examples
    --------
    >>> import agency, tempfile, pathlib
    >>> place = pathlib.Path(tempfile.mkdtemp()) / "study"
    >>> export(agency.load()["JSeI"].resolved, "tidy", place).files[:2]
    ('actors_by_phase.csv', 'projects.csv')
    """
    form = FORMS.get(to)
    if form is None:
        message = text(
            "There is no form {to!r}.{near} Known: {known}.",
            to=to,
            near=did_you_mean(to, [*FORMS]),
            known=", ".join(FORMS),
        )
        raise UsageError(message)
    _check_rules(resolved.view, to, form)
    _check_place(place, to, form, resolved.table)
    given = os.fspath(place)
    ending = Path(given).suffix.lower() if form.endings and given != STANDARD_OUTPUT else ""
    files, said = form.make(resolved, ending or next(iter(form.endings), ""))
    target = Path(place)
    places: Mapping[str | os.PathLike[str], str | bytes] = (
        {place: next(iter(files.values()))}
        if form.endings
        else {target / name: content for name, content in files.items()}
    )
    write_files(places, inputs=input_paths(resolved.table), folders=not form.endings)
    return Exported(tuple(files), said)


def _check_rules(view: View, to: str, form: Form) -> None:
    usual = View()
    changed = [
        field.name
        for field in fields(View)
        if field.name not in _SELECTING and getattr(view, field.name) != getattr(usual, field.name)
    ]
    if form.as_coded and changed:
        message = text(
            "{to} writes the statements as they are coded, whatever counts them: leave {rules} out.",
            to=to,
            rules=listed([name.replace("_", " ") for name in changed]),
        )
        raise UsageError(message)


def _check_place(place: str | os.PathLike[str], to: str, form: Form, table: Table) -> None:
    given = os.fspath(place)
    if not form.endings:
        target = Path(place)
        if given == STANDARD_OUTPUT or (os.path.lexists(target) and (not target.is_dir() or any(target.iterdir()))):
            message = text(
                "{place}: {to} is a folder, and this is there already, with something in it. Choose a new name; "
                "nothing was written.",
                place=given,
                to=to,
            )
            if given == STANDARD_OUTPUT:
                message = text("{to} is a folder: say where to make it, for instance -o study.", to=to)
            raise UsageError(message)
        return
    ending = Path(given).suffix.lower()
    is_text = form.endings[0] != ".xlsx"
    if ending not in form.endings and not (given == STANDARD_OUTPUT and is_text):
        message = text(
            "{place}: {to} is a file that ends in {endings}.",
            place=given,
            to=to,
            endings=listed(form.endings, any_of=True),
        )
        raise UsageError(message)
    check_places([place], inputs=input_paths(table))


# --- Networks and matrices -------------------------------------------------------------------------------------------


def _edges(resolved: Resolved, ending: str) -> Made:
    return {"edges": _flat(edge_frame(resolved), "edges", ending)}, _edges_said(resolved)


def _graphml(resolved: Resolved, ending: str) -> Made:
    del ending
    return {"graph": graphml(resolved)}, _edges_said(resolved)


def _edges_said(resolved: Resolved) -> tuple[str, ...]:
    rows = resolved.rows
    named = rows[rows["actor_id"] >= 0]
    said = counted(
        "{n} edge; {counting} of them counts in the view (column counts). {nobody} of {all} statements name nobody and "
        "are none.",
        "{n} edges; {counting} of them count in the view (column counts). {nobody} of {all} statements name nobody and "
        "are none.",
        len(named),
        counting=number(int(named["counts"].sum())),
        nobody=number(len(rows) - len(named)),
        all=number(len(rows)),
    )
    return (said,)


def wide_frame(resolved: Resolved) -> pd.DataFrame:
    """Return a row per project and a column per phase, in the words of Table 1.

    Returns
    -------
    DataFrame
        project, country, type, window_start, window_end, launched, and a column for each phase, by its key.

    Examples
    --------
    >>> import agency
    >>> wide_frame(agency.load()["JSeI"].resolved).loc[0, "maintenance"]
    'ZTE for 3 years'
    """
    shown = resolved.under(min_phases=0)
    about = shown.table.projects.loc[list(shown.listed)]
    about = about[["country", "type", "window_start", "window_end", "launched"]].reset_index()
    cells = {phase.key: [shown.cells.cell(name, phase.key).text for name in shown.listed] for phase in shown.phases}
    return about.assign(**cells)


def _wide(resolved: Resolved, ending: str) -> Made:
    frame = wide_frame(resolved)
    said = counted("{n} project, one row.", "{n} projects, a row each.", len(frame))
    return {"wide": _flat(frame, "wide", ending)}, (said,)


def _qca(resolved: Resolved, ending: str) -> Made:
    """Return every origin in every phase that somebody holds somewhere as a condition; what is not known is empty."""
    del ending
    origins = [origin.key for origin in resolved.codebook.origins if origin.key != "unknown"]
    every = [f"{phase.key}:{origin}" for phase in resolved.phases for origin in origins]
    cases = crisp_cases(resolved, every)
    conditions = [name for name in every if any(case[name] for case in cases.values())]
    known = sum(all(case[name] is not None for name in conditions) for case in cases.values())
    said = text(
        "{cases}, {conditions}; all of them are known of {known}. What no source says is empty, never 0: choose "
        "conditions, then leave out the cases that have an empty one.",
        cases=counted("{n} case", "{n} cases", len(cases)),
        conditions=counted("{n} condition", "{n} conditions", len(conditions)),
        known=counted("{n} case", "{n} cases", known),
    )
    return {"qca": qca_csv(cases, conditions, keep_unknown=True)}, (said,)


def _flat(frame: pd.DataFrame, label: str, ending: str) -> str | bytes:
    """Return a frame as CSV or as a workbook: flags as true and false, what is missing empty."""
    numeric = tuple(at for at, kind in enumerate(frame.dtypes) if kind in ("Int64", "int64"))
    cells = frame.astype(object).where(frame.notna(), "")
    rows = tuple(
        tuple(plain(str(value).lower() if isinstance(value, bool) else str(value)) for value in row)
        for row in cells.to_numpy().tolist()
    )
    return render_sheet(Sheet("", label, tuple(frame.columns), rows, numeric=numeric), ending[1:], bare=True)


# --- The study as files ----------------------------------------------------------------------------------------------


def _tidy(resolved: Resolved, ending: str) -> Made:
    del ending
    frames, files, said = _study(resolved)
    return {**{name: canonical_csv(frame) for name, frame in frames.items()}, **files}, said


def _workbook(resolved: Resolved, ending: str) -> Made:
    del ending
    frames, files, said = _study(resolved)
    if files:
        beside = text(
            "Not in the workbook: {names}. Beside it they are read; --to tidy writes them.", names=listed([*files])
        )
        said = (*said, beside)
    return {"study.xlsx": canonical_workbook(frames)}, said


def _package(resolved: Resolved, ending: str) -> Made:
    del ending
    table = resolved.table
    frames, beside, said = _study(resolved)
    # Without the byte-order mark, which some readers of packages take for a part of the first name.
    files: Files = {name: canonical_csv(frame).removeprefix("\ufeff") for name, frame in frames.items()}
    files |= beside
    described = {}
    for name, frame in frames.items():
        known = {field["name"]: field for field in fields_of(FILES[name], table.codebook)}
        own = [known.get(column, {"name": column, "type": "string"}) for column in frame.columns]
        described[name] = (name.removesuffix(".csv"), own)
    files[DESCRIPTOR] = descriptor(
        files,
        described,
        name="agency-study",
        title=table.codebook.study.title or table.name,
        description=text(
            "Who held which phase: statements, made from {name}, SHA-256 {hash}.", name=table.name, hash=table.sha256
        ),
        sources=[reference_text(entry) for _, entry in keyed_bibliography(table.sources, table.cited)],
    )
    return files, said


def _study(resolved: Resolved) -> tuple[dict[str, pd.DataFrame], Files, tuple[str, ...]]:
    """Return the selected statements with their companions as frames, the files that go with them, and what to say."""
    table, rows = resolved.table, resolved.rows
    frames = table_frames(table, rows.index)
    is_whole = len(rows) == len(table.rows)
    files: Files = {
        path.name: _unchanged(path, table)
        for path in companion_files(table)
        if path.name not in FILES and (is_whole or path.name not in _WHOLE_STUDY)
    }
    if table.codebook == default_codebook():
        # With it, the files say the same under a later version of the package.
        files.setdefault(CODEBOOK_FILE, default_text().encode())
    said = [
        counted(
            "{n} of {all} statements.", "{n} of {all} statements.", len(frames[TABLE_FILE]), all=number(len(table.rows))
        )
    ]
    left = [path.name for path in companion_files(table) if path.name in _WHOLE_STUDY and path.name not in files]
    if left:
        said.append(text("Left out, since they speak of the whole study: {names}.", names=listed(left)))
    return frames, files, tuple(said)


def _unchanged(path: Path, table: Table) -> bytes:
    """Return the bytes of a companion, the very ones the study was read from.

    Raises
    ------
    UsageError
        If it can no longer be read, or is another file now.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        message = text("{path}: cannot be read ({why}).", path=path, why=error.strerror or error)
        raise UsageError(message) from error
    if table.files.get(path.name) not in (None, hashlib.sha256(content).hexdigest()):
        raise UsageError(text("{path}: the file changed since it was read. Run the command again.", path=path))
    return content


FORMS: Final = {
    "edges": Form(marked("Actor and project of every statement, an edge each."), (".csv", ".xlsx"), _edges),
    "graphml": Form(marked("The same with its nodes, for Gephi, igraph, networkx."), (".graphml", ".xml"), _graphml),
    "qca": Form(marked("Cases by conditions, for the R package QCA."), (".csv",), _qca),
    "tidy": Form(marked("The study as a folder of CSV files."), (), _tidy, as_coded=True),
    "wide": Form(marked("A row per project, a column per phase."), (".csv", ".xlsx"), _wide),
    "xlsx": Form(marked("The study as a workbook."), (".xlsx",), _workbook, as_coded=True),
    "datapackage": Form(marked("The study as a Frictionless data package."), (), _package, as_coded=True),
}
"""By the name that ``--to`` takes."""
