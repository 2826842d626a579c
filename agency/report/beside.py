"""What is written beside the page: tables, figures for print, the input as it was read, and `datapackage.json`."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from agency.characters import file_names, spreadsheet
from agency.claims import claims_frame
from agency.comparison import distance_frame, order_measure, regularity_frame, sentences
from agency.errors import UsageError
from agency.exporters import descriptor, fields_of
from agency.figures import (
    MATRIX_LIMIT,
    FigureStyle,
    composition_parts,
    counted_years,
    draw_aggregate,
    draw_composition,
    draw_matrix,
    draw_summary,
    figure_bytes,
    pdf_bytes,
    project_lanes,
    provenance,
    timeline_pages,
    width_mm,
)
from agency.formats import Entry, Sheet, plain, render_sheet
from agency.indicators import INDICATORS, indicators_frame, robustness_frame
from agency.report.material import MANY, TableFile
from agency.sheets import (
    adjudication_sheet,
    agreement_sheets,
    cell_sheet,
    claim_sheets,
    composition_sheet,
    frame_sheet,
    matrix_sheet,
    missing,
    pair_sheets,
    regularity_sheet,
    robustness_sheets,
    source_sheets,
    tidy_sheet,
)
from agency.table import companion_files
from agency.vocabulary import CODEBOOK_FILE, COLUMNS, TABLE_FILE, default_codebook, default_text
from agency.words import in_sentence, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from agency.figures import Drawing
    from agency.formats import Sheet
    from agency.report.material import Material, TableFile
    from agency.report.page import Content
    from agency.table import Table


STATEMENTS: Final = "statements"
"""The table of all selected statements, described by the specification of the columns."""
_WHOLE: Final = re.compile(r"-?\d+")
_DECIMAL: Final = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")


def datapackage(
    files: Mapping[str, str | bytes], tables: Sequence[TableFile], content: Content, material: Material
) -> str:
    """Return the descriptor as JSON: the tables in CSV with their schemas, every other file with its hash.

    Parameters
    ----------
    files
        Content by path within the folder, without the descriptor itself.
    tables
        The tables behind ``tables/NAME.csv``.
    content
        Title and bibliography of the report.
    material
        Codebook, hash and versions.
    """
    facts = material.facts
    return descriptor(
        files,
        {f"tables/{table.name}.csv": (table.data.caption, _fields(table, material)) for table in tables},
        name="agency-report",
        title=content.brief.title,
        description=text(
            "Made with {software} ({rules}) from {table}, SHA-256 {sha256}. Made again, in this folder, by: {command}",
            software=facts.software,
            rules=facts.rules,
            table=facts.table,
            sha256=facts.sha256,
            command=facts.command,
        ),
        sources=content.references,
        created=f"{facts.date}T00:00:00Z" if facts.date else "",
    )


def _fields(table: TableFile, material: Material) -> list[dict[str, Any]]:
    if table.name == STATEMENTS:
        line = {"name": "line", "title": text("Line"), "description": text("Line in the input."), "type": "integer"}
        return [*fields_of(COLUMNS, material.codebook), line]
    sheet = table.data
    # The header as it stands in the file, where nothing looks like a formula.
    columns = list(zip(*sheet.rows, strict=True)) or [()] * len(sheet.columns)
    return [
        {"name": spreadsheet(name), "type": _type(columns[at]) if at in sheet.numeric else "string"}
        for at, name in enumerate(sheet.columns)
    ]


def _type(column: Sequence[Entry]) -> str:
    """Return the type of a column of numbers: one only where every value is one."""
    values = [entry.text for entry in column if entry.text]
    if not values:
        return "string"
    if all(_WHOLE.fullmatch(value) for value in values):
        return "integer"
    return "number" if all(_DECIMAL.fullmatch(value) for value in values) else "string"


FOLDER: Final = "input"
_FLAT: Final = ("svg", "png")
"""Formats that have no pages."""
_SINGLE: Final = 3
"""Up to this many projects fit one journal column of 90 mm; more take the page's 190 mm."""
_PRINTED: Final = {"tex": "latex", "md": "markdown"}
"""Extension to format of the tables that are made for a manuscript."""


def table_files(material: Material) -> list[TableFile]:
    """Return every table of the report, with names of which each is another file."""
    found = [matrix_table(material)]
    if material.counted:
        found += _number_tables(material)
    found += _source_tables(material)
    if material.agreement is not None:
        found.append(TableFile("adjudication", adjudication_sheet(material.agreement), printed=False))
        found += [TableFile(sheet.label, sheet) for sheet in agreement_sheets(material.agreement)]
    claims = claims_table(material)
    if claims is not None:
        results, left = material.claims
        found.append(claims)
        found += [TableFile(sheet.label, sheet) for sheet in claim_sheets(material.resolved, results, left_out=left)]
    found.append(statements_table(material))
    changed = changes_table(material)
    if changed is not None and material.changed is not None:
        found += [changed, *(TableFile(sheet.label, sheet) for sheet in material.changed.sheets[1:])]
    names = file_names(table.name for table in found)
    return [replace(table, name=name) for table, name in zip(found, names, strict=True)]


def matrix_table(material: Material) -> TableFile:
    """Return who holds what, as printed and as data."""
    cells, sources, year = material.cells, material.table.sources, material.view.year
    return TableFile(
        "actors-by-phase",
        cell_sheet(cells, sources=sources, year=year),
        cell_sheet(cells, sources=sources, year=year, transpose=False),
    )


def indicators_table(material: Material) -> TableFile:
    """Return every indicator, unrounded."""
    units = {entry.key: entry.unit for entry in INDICATORS}
    sheet = tidy_sheet(material.measured, codebook=material.resolved.codebook, method=material.method, units=units)
    return TableFile("indicators", sheet, frame_sheet(indicators_frame(material.measured)))


def claims_table(material: Material) -> TableFile | None:
    """Return a line per tested claim; None without any."""
    results, _ = material.claims
    return (
        TableFile("claims", frame_sheet(claims_frame(material.resolved, results)), printed=False) if results else None
    )


def changes_table(material: Material) -> TableFile | None:
    """Return every change since the earlier version; None without one."""
    changed = material.changed
    return None if changed is None else TableFile("changes", changed.sheets[0], frame_sheet(changed.frame))


def statements_table(material: Material) -> TableFile:
    """Return every selected statement in the columns of the data model, in file order, with its line."""
    return TableFile(STATEMENTS, _sheet(material.table, material.statements.index.tolist()), printed=False)


def _number_tables(material: Material) -> Iterator[TableFile]:
    method, codebook = material.method, material.codebook
    sheet = composition_sheet(material.compositions, codebook=codebook, method=method, bars=False)
    yield TableFile("composition", sheet, _composition(material, sheet))
    yield indicators_table(material)
    labels = {origin.key: in_sentence(origin.label) for origin in codebook.origins} | {"local": text("local")}
    if material.compared is not None:
        yield from _comparison_tables(material)
    if len(material.resolved.listed) > 1:
        found = material.regularities
        words = {key: codebook.word(key) for key in (*found, *labels, "gap")}
        said = sentences(found, labels=labels, words=words)
        sheet = regularity_sheet(found, said, labels=labels, words=words, method=method)
        raw = frame_sheet(regularity_frame(found))
        yield TableFile("regularities", sheet, raw)
    if material.robustness is not None:
        units = {entry.key: entry.unit for entry in INDICATORS}
        first, *rest = robustness_sheets(material.robustness, codebook=codebook, units=units, method=method)
        yield TableFile("robustness", first, frame_sheet(robustness_frame(material.robustness)))
        yield from (TableFile(one.label, one) for one in rest)


def _comparison_tables(material: Material) -> Iterator[TableFile]:
    found, method = material.compared or {}, material.method
    if len(material.resolved.listed) == 2:
        *cells, distances = pair_sheets(found, labels=material.phase_labels, method=method)
        yield from (TableFile(one.label, one) for one in cells)
    else:
        by = order_measure(timed=material.view.mode == "time")
        distances = matrix_sheet(found, by=by, method=method)
    yield TableFile(distances.label, distances, frame_sheet(distance_frame(found)))


def _composition(material: Material, sheet: Sheet) -> Sheet:
    """Return the compositions unrounded, a row per project and mode."""
    names = [*(origin.key for origin in material.codebook.origins if origin.key != "unknown"), "gap", "unknown"]
    rows = []
    for mode, frame in material.compositions.items():
        wide = frame.pivot(index="project", columns="key", values="value")
        for project in dict.fromkeys(frame["project"]):
            values = [wide.loc[project].get(key) for key in (*(f"composition.{name}" for name in names), "coverage")]
            texts = ["" if missing(value) else repr(float(value)) for value in values]
            rows.append(tuple(plain(one) for one in (str(project), mode, *texts)))
    columns = ("project", "mode", *names, "coverage")
    return Sheet(sheet.caption, sheet.label, columns, tuple(rows), numeric=tuple(range(2, len(columns))))


def _source_tables(material: Material) -> Iterator[TableFile]:
    found = material.sources
    if len(found.sources) < 2:
        return
    yield TableFile("sources", frame_sheet(found.cells), printed=False)
    for sheet in source_sheets(material.table, found, single=False):
        if material.counted or not sheet.label.startswith("composition-"):
            yield TableFile(sheet.label, sheet)


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


def figure_files(material: Material) -> dict[str, bytes]:
    """Return the figures by their path in the folder: a PDF with all pages of each, every page as SVG and PNG."""
    made_from = provenance(material.table, material.view)
    made = {}
    for pages in _figures(material):
        name = pages[0].name.removesuffix("-1")
        made[f"figures/{name}.pdf"] = pdf_bytes(pages, made_from)
        made |= {f"figures/{page.name}.{kind}": figure_bytes(page, kind, made_from) for page in pages for kind in _FLAT}
    return made


def _figures(material: Material) -> Iterator[Sequence[Drawing]]:
    """Yield the pages of each figure that this many projects can fill; each is drawn once."""
    cells, style = material.cells, FigureStyle(width_mm=width_mm("double"))
    yield [draw_summary(material.resolved, style=style)]
    if 0 < len(cells.projects) <= MATRIX_LIMIT:
        narrow = FigureStyle(width_mm=width_mm("single")) if len(cells.projects) <= _SINGLE else style
        yield [draw_matrix(cells, style=narrow)]
    if material.counted and 0 < len(composition_parts(material.resolved)) <= MATRIX_LIMIT:
        yield [draw_composition(material.resolved, style=style)]
    if material.counted and len(cells.projects) > MANY:
        yield [draw_aggregate(material.resolved, style=style)]
    elif len(cells.projects) <= MANY:
        years = material.static.matrix
        if any(project_lanes(material.all_periods, head, counted_years(years)) for head in cells.projects):
            yield timeline_pages(material.all_periods, years, material.table.events, style=style)


def input_argument(table: Table) -> str:
    """Return DATA as it is called within a bundle."""
    return FOLDER if table.name == TABLE_FILE or not table.folder else f"{FOLDER}/{table.name}"


def input_files(table: Table) -> dict[str, str | bytes]:
    """Return the bytes of everything the study was read from; the packaged codebook where it has none of its own.

    Raises
    ------
    UsageError
        If a file can no longer be read, or is no longer what was read.
    """
    files: dict[str, str | bytes] = {}
    if table.folder:
        folder = Path(table.folder)
        files[f"{FOLDER}/{table.name}"] = _unchanged(folder / table.name, table.files[table.name])
        for path in companion_files(table):
            known = table.files.get(path.name)
            files[f"{FOLDER}/{path.name}"] = _unchanged(path, known) if known else _read(path)
    else:
        files[f"{FOLDER}/{TABLE_FILE}"] = render_sheet(_sheet(table, list(table.rows.index)), "csv")
    if table.codebook == default_codebook():
        # With it, the bundle says the same under a later version of the package.
        files.setdefault(f"{FOLDER}/{CODEBOOK_FILE}", default_text())
    return files


def _sheet(table: Table, ids: list[int]) -> Sheet:
    names = (*(column.name for column in COLUMNS), "line")  # known again by the reader, see agency.table.read.csvfile
    rows = table.rows.loc[ids, list(names)]
    flags = {name: rows[name].map({True: "true", False: "false"}) for name in ("unnamed", "only")}
    amounts = rows["amount"].map(lambda value: f"{value:.15g}", na_action="ignore").astype(object)
    rows = rows.assign(**flags, amount=amounts).astype(object)
    texts = rows.where(rows.notna(), "").astype(str)
    lines = tuple(tuple(plain(one) for one in row) for row in texts.itertuples(index=False))
    return Sheet(text("All selected statements"), "statements", names, lines)


def _unchanged(path: Path, sha256: str) -> bytes:
    content = _read(path)
    if hashlib.sha256(content).hexdigest() != sha256:
        message = text("{path}: the file changed while the report was made. Make it again.", path=path)
        raise UsageError(message)
    return content


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = text("{path}: cannot be read for the bundle ({why}).", path=path, why=error.strerror or error)
        raise UsageError(message) from error
