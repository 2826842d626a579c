"""The input of a report as files of its bundle: the bytes that were read, and all selected statements as one table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from agency.errors import UsageError
from agency.formats import Sheet, plain, render_sheet
from agency.report.datapackage import STATEMENTS
from agency.report.part import TableFile
from agency.table import companion_files
from agency.vocabulary import CODEBOOK_FILE, COLUMNS, TABLE_FILE, default_codebook, default_text

if TYPE_CHECKING:
    from agency.report.part import Material
    from agency.table import Table

FOLDER: Final = "input"


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


def statements_table(material: Material) -> TableFile:
    """Return every selected statement in the columns of the data model, in file order, with its line."""
    ids = sorted(row.row_id for cell in material.everything.cells.values() for row in cell.evidence)
    return TableFile(STATEMENTS, _sheet(material.table, ids), printed=False)


def _sheet(table: Table, ids: list[int]) -> Sheet:
    names = (*(column.name for column in COLUMNS), "line")  # known again by the reader, see agency.table.read.csvfile
    rows = table.rows.loc[ids, list(names)]
    flags = {name: rows[name].map({True: "true", False: "false"}) for name in ("unnamed", "only")}
    amounts = rows["amount"].map(lambda value: f"{value:.15g}", na_action="ignore").astype(object)
    rows = rows.assign(**flags, amount=amounts).astype(object)
    texts = rows.where(rows.notna(), "").astype(str)
    lines = tuple(tuple(plain(text) for text in row) for row in texts.itertuples(index=False))
    return Sheet("All selected statements", "statements", names, lines)


def _unchanged(path: Path, sha256: str) -> bytes:
    import hashlib

    content = _read(path)
    if hashlib.sha256(content).hexdigest() != sha256:
        message = f"{path}: the file changed while the report was made. Make it again."
        raise UsageError(message)
    return content


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"{path}: cannot be read for the bundle ({error.strerror or error})."
        raise UsageError(message) from error
