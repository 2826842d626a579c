"""From DATA to a `Table`: find the files, read, check, complete."""

from __future__ import annotations

import hashlib
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agency.table.codebookfile import CODEBOOK_FILE, build_codebook, default_codebook, default_tables
from agency.table.csvfile import read_csv_text
from agency.table.frame import text_frame, typed_frame
from agency.table.identity import add_identities, alias_map
from agency.table.model import Source, Table
from agency.table.records import Records
from agency.table.spec import ACTORS, COLUMNS, EVENTS, FILES, PROJECTS, TABLE_FILE, Column
from agency.table.windows import complete_dates, project_frame

if TYPE_CHECKING:
    import os

    import pandas as pd

    from agency.table.codebook import Codebook


def load_table(
    data: str | os.PathLike[str] | pd.DataFrame | None = None,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
) -> Table:
    """Read, validate and complete a table with its companions."""
    notices: tuple[str, ...] = ()
    if data is None:
        folder = _packaged()
        notices = ("no DATA given: the shipped study is used.",)
        path = folder / TABLE_FILE
    elif isinstance(data, (str, Path)) or hasattr(data, "__fspath__"):
        path = Path(data)
        path = path / TABLE_FILE if path.is_dir() else path
        folder = path.parent
    else:
        return _build(_frame_records(data), {}, default_codebook(), notices=())
    raw = path.read_bytes()
    records = read_csv_text(raw.decode(encoding or "utf-8-sig"), path.name, COLUMNS, delimiter=delimiter)
    companions = {}
    for name, columns in FILES.items():
        if name != TABLE_FILE and (folder / name).is_file():
            text = (folder / name).read_bytes().decode("utf-8-sig")
            companions[name] = read_csv_text(text, name, columns)
    codebook = default_codebook()
    if (folder / CODEBOOK_FILE).is_file():
        import tomllib

        own = tomllib.loads((folder / CODEBOOK_FILE).read_text("utf-8"))
        codebook = build_codebook({**default_tables(), **own})
    return _build(
        records,
        companions,
        codebook,
        notices=notices,
        name=path.name,
        folder=str(folder),
        sha256=hashlib.sha256(raw).hexdigest(),
    )


def table_from_records(
    records: list[dict[str, Any]],
    *,
    projects: list[dict[str, Any]] | None = None,
    actors: list[dict[str, Any]] | None = None,
    codebook: Codebook | None = None,
) -> Table:
    """Return a table from dictionaries, validated like a file; keys are column names."""
    companions = {
        name: _dict_records(rows, columns, name)
        for name, columns, rows in (("projects.csv", PROJECTS, projects), ("actors.csv", ACTORS, actors))
        if rows is not None
    }
    return _build(_dict_records(records, COLUMNS, "records"), companions, codebook or default_codebook(), notices=())


def _packaged() -> Path:
    inside = Path(str(resources.files("agency"))) / "data"
    return inside if inside.is_dir() else inside.parent.parent / "data"


def _dict_records(rows: list[dict[str, Any]], columns: tuple[Column, ...], name: str) -> Records:
    header = tuple(dict.fromkeys([c.name for c in columns if c.required] + [key for row in rows for key in row]))
    cells = [[_as_text(row.get(key)) for key in header] for row in rows]
    lines = range(2, len(rows) + 2)
    return Records(name, header, 1, cells, lines, lines)


def _frame_records(frame: pd.DataFrame) -> Records:
    cells = [[_as_text(value) for value in row] for row in frame.itertuples(index=False)]
    lines = range(2, len(frame) + 2)
    return Records("DataFrame", tuple(str(c) for c in frame.columns), 1, cells, lines, lines)


def _as_text(value: Any) -> str:
    import pandas as pd

    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _build(
    records: Records,
    companions: dict[str, Records],
    codebook: Codebook,
    *,
    notices: tuple[str, ...],
    name: str = "table",
    folder: str = "",
    sha256: str = "",
) -> Table:
    empty = {n: Records(n, tuple(c.name for c in cols), 1, [], [], []) for n, cols in FILES.items()}
    frames = {
        n: typed_frame(text_frame(companions.get(n, empty[n]), cols), cols)
        for n, cols in FILES.items()
        if n != TABLE_FILE
    }
    actors, registry = frames["actors.csv"], frames["projects.csv"]
    rows = typed_frame(text_frame(records, COLUMNS), COLUMNS)
    aliases = alias_map(actors)
    rows = rows.assign(actor=rows["actor"].replace(aliases).astype("str"))
    kinds = actors.loc[actors["kind"] != ""].drop_duplicates("actor").set_index("actor")["kind"]
    rows["actor_kind"] = (
        rows["actor_kind"].mask(rows["actor_kind"] == "", rows["actor"].map(kinds).fillna("")).astype("str")
    )
    countries = registry.drop_duplicates("project").set_index("project")["country"]
    rows["country"] = (
        rows["country"].mask(rows["country"] == "", rows["project"].map(countries).fillna("")).astype("str")
    )
    rows = add_identities(complete_dates(rows))
    drop = ["line", "row"]
    return Table(
        rows=rows,
        projects=project_frame(rows, registry),
        actors=actors.drop(columns=drop),
        events=frames["events.csv"].drop(columns=drop),
        sources={key: Source(key, reference=key, short=key) for key in rows["source"].drop_duplicates()},
        codebook=codebook,
        findings=(),
        notices=notices,
        name=name,
        folder=folder,
        sha256=sha256,
    )
