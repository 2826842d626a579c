"""An import as the files of a study: what `agency check` refuses is left, and everything is counted."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from agency.characters import fold, from_spreadsheet, spreadsheet
from agency.findings import Finding, Place, UnreadableError, errors_of, finding, printable
from agency.importers.mapping import LEFT_COLUMNS, PLACE, PROJECT_COLUMNS, ROW_COLUMNS, Extent, Imported, Left, left_at
from agency.table import canonical_csv, examine_data
from agency.vocabulary import CODEBOOK_FILE, TABLE_FILE
from agency.words import counted, listed, marked, number, text

REJECTED = "rejected.csv"
ORIGINS = "origins.csv"
_OPEN = "origin-missing"
"""The error that only a person can mend: who knows where an actor sits."""
_ROUNDS = 3
_SHOWN = 6
"""Reasons printed of each extent; `rejected.csv` has all."""
_THINGS = {
    "": (
        marked("{n} line: {kept} in the table, {left} rejected."),
        marked("{n} lines: {kept} in the table, {left} rejected."),
    ),
    "cell": (
        marked("{n} cell: {kept} in the table, {left} rejected."),
        marked("{n} cells: {kept} in the table, {left} rejected."),
    ),
    "party": (
        marked("{n} organisation named: {kept} in the table, {left} rejected."),
        marked("{n} organisations named: {kept} in the table, {left} rejected."),
    ),
    "passage": (
        marked("{n} coded passage: {kept} in the table, {left} rejected."),
        marked("{n} coded passages: {kept} in the table, {left} rejected."),
    ),
}
"""What the lines of an import are, in words."""
_REASONS: dict[Extent, tuple[str, str]] = {
    "line": (marked("  rejected whole, {n}: {why}"), marked("  rejected whole, {n}: other reasons")),
    "entry": (marked("  holder rejected, {n}: {why}"), marked("  holder rejected, {n}: other reasons")),
    "value": (
        marked("  cell left out of a statement, {n}: {why}"),
        marked("  cell left out of a statement, {n}: other reasons"),
    ),
}


def settled(imported: Imported, *, sources: str) -> tuple[Imported, tuple[Finding, ...]]:
    """Return an import without the rows that `agency check` refuses, and what it says of the rest.

    Parameters
    ----------
    imported
        As the engine gives it.
    sources
        `sources.bib`, which the rows are checked against.

    Raises
    ------
    UnreadableError
        If no row is sound.
    """
    for _ in range(_ROUNDS):
        findings = _examined(imported, sources)
        bad = {
            entry.line - 2: entry for entry in reversed(errors_of(findings)) if entry.file == TABLE_FILE and entry.line
        }
        bad = {at: entry for at, entry in bad.items() if entry.code != _OPEN}
        if not bad:
            return imported, findings
        imported = _without(imported, bad)
    return imported, findings


def study_files(imported: Imported, *, sources: str) -> dict[str, str]:
    """Return the files of the study folder by name."""
    own = [name for name in imported.rows.columns if name not in PLACE]
    rows = imported.rows[own]
    kept = [name for name in own if name in ROW_COLUMNS[:5] or name == "source" or (rows[name] != "").any()]
    projects = imported.projects.reindex(columns=[*PROJECT_COLUMNS], fill_value="")
    said = [name for name in PROJECT_COLUMNS if name == "project" or (projects[name] != "").any()]
    files = {TABLE_FILE: canonical_csv(rows[kept]), "projects.csv": canonical_csv(projects[said])}
    if sources:
        files["sources.bib"] = sources
    if imported.codebook:
        files[CODEBOOK_FILE] = imported.codebook
    if imported.codings is not None:
        files["double_coding.csv"] = canonical_csv(imported.codings[[*ROW_COLUMNS]])
    if imported.open_origins:
        files[ORIGINS] = canonical_csv(_origins(imported.rows))
    files[REJECTED] = rejected_csv(imported.left)
    return files


def rejected_csv(left: Iterable[Left]) -> str:
    """Return what is left as CSV, a line each; nothing in it runs in a spreadsheet.

    Examples
    --------
    >>> rejected_csv([]).strip()
    'file,line,extent,column,found,reason'
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(LEFT_COLUMNS)
    for one in left:
        writer.writerow([spreadsheet(printable(str(cell))) for cell in one])
    return stream.getvalue()


def counts(imported: Imported) -> list[str]:
    """Return what came of the input in sentences whose numbers add up."""
    extents = Counter(one.extent for one in imported.left)
    kept, gone = number(imported.lines - extents["line"]), number(extents["line"])
    said = [
        counted(*_THINGS[imported.thing], imported.lines, kept=kept, left=gone),
        counted(
            "{n} holder in them: {kept} in the table, {left} rejected.",
            "{n} holders in them: {kept} in the table, {left} rejected.",
            imported.entries,
            kept=number(len(imported.rows)),
            left=number(extents["entry"]),
        ),
        counted("{n} project.", "{n} projects.", len(imported.projects)),
    ]
    for extent in _REASONS:
        reasons = Counter(one.reason for one in imported.left if one.extent == extent)
        shown = reasons.most_common(_SHOWN)
        said += [counted(_REASONS[extent][0], _REASONS[extent][0], n, why=why) for why, n in shown]
        rest = sum(reasons.values()) - sum(n for _, n in shown)
        said += [counted(_REASONS[extent][1], _REASONS[extent][1], rest)] if rest else []
    said += imported.remarks
    if imported.unsaid:
        said.append(text("What the input does not say: {columns}.", columns=listed(imported.unsaid, most=20)))
    open_origins = int(((imported.rows["origin"] == "") & (imported.rows["actor"] != "")).sum())
    if open_origins:
        one = marked("{n} statement needs the origin of its actor: fill in {file}, and import again with --origins.")
        several = marked(
            "{n} statements need the origins of their actors: fill in {file}, and import again with --origins."
        )
        said.append(counted(one, several, open_origins, file=ORIGINS))
    return said


def _examined(imported: Imported, sources: str) -> tuple[Finding, ...]:
    with TemporaryDirectory() as place:
        for name, content in study_files(imported, sources=sources).items():
            Path(place, name).write_text(content, "utf-8")
        return examine_data(place).findings


def _without(imported: Imported, bad: Mapping[int, Finding]) -> Imported:
    """Return an import without some rows, each left with what is wrong and what would mend it."""
    rows, gone = imported.rows.drop(index=list(bad)), imported.rows.loc[list(bad)]
    why = [f"{bad[at].message}. {bad[at].fix}" for at in gone.index]
    left = left_at(gone, "entry", "", gone["actor"], why)
    lost = gone.drop_duplicates("record")
    lost = lost[~lost["record"].isin(rows["record"])]
    left += left_at(lost, "line", "", [""] * len(lost), text("none of its holders is in the table"))
    if rows.empty:
        raise UnreadableError(finding("import-nothing", Place(left[0].file), left[0].reason))
    whole = sorted([*imported.left, *left], key=lambda one: (one.file, one.line))
    projects = imported.projects[imported.projects["project"].isin(rows["project"])]
    return replace(
        imported,
        rows=rows.reset_index(drop=True),
        projects=projects.reset_index(drop=True),
        left=tuple(whole),
    )


def _origins(rows: pd.DataFrame) -> pd.DataFrame:
    """Return every actor once with its origin, "" where nobody said it, and in how many rows it stands."""
    named = rows[rows["actor"] != ""]
    grouped = named.groupby("actor", sort=False)["origin"]
    told = grouped.agg(lambda cells: next((cell for cell in cells if cell), ""))
    return pd.DataFrame({"actor": told.index, "origin": told.to_numpy(), "rows": grouped.size().astype(str).to_numpy()})


def read_origins(table: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, str]]:
    """Return origin and seat of actors by folded name, from the columns of a file."""
    size = len(table["actor"])
    empty = [""] * size
    known: dict[str, tuple[str, str]] = {}
    cells = zip(
        table["actor"],
        table.get("alias", empty),
        table.get("origin", empty),
        table.get("seat", empty),
        strict=True,
    )
    for actor, alias, origin, seat in cells:
        for name in (actor, alias):
            if name and (origin or seat):
                known.setdefault(fold(from_spreadsheet(name)), (origin, seat))
    return known


_KEY = re.compile(r"[^a-z0-9]+")


def source_entry(fields: Mapping[str, str]) -> str:
    """Return an entry of BibTeX.

    Examples
    --------
    >>> print(source_entry({"key": "a2020", "type": "misc", "title": "A"}))
    @misc{a2020,
      title = {A},
    }
    <BLANKLINE>
    """
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if name not in ("key", "type")]
    return "\n".join([f"@{fields.get('type', 'misc')}{{{fields['key']},", *lines, "}", ""])


def source_key(name: str) -> str:
    """Return a key of BibTeX for the name of a document.

    Examples
    --------
    >>> source_key("Entrevista 1 (Quito).txt")
    'entrevista-1-quito'
    """
    stem = re.sub(r"\.[A-Za-z]{2,5}$", "", name)
    return _KEY.sub("-", fold(stem).replace("_", "-")).strip("-") or "source"


def escaped(value: str) -> str:
    r"""Return a text as a field of BibTeX.

    Examples
    --------
    >>> escaped("R&D {x}")
    'R\\&D x'
    """
    return re.sub(r"([&%#_$])", r"\\\1", re.sub(r"[{}\\~^]", "", value))
