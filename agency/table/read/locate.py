"""What DATA means: a folder, a CSV, a workbook, or nothing (the shipped study)."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from agency.errors import UsageError, did_you_mean
from agency.references import REFERENCE_FILES
from agency.vocabulary import FILES, TABLE_FILE

if TYPE_CHECKING:
    from agency.table.model import Table

WORKBOOKS = (".xlsx", ".xlsm")
_NOT_TABLES = {*FILES, *REFERENCE_FILES, "double_coding.csv"} - {TABLE_FILE}
COMPANIONS = (
    *(name for name in FILES if name != TABLE_FILE),
    *REFERENCE_FILES,
    "codebook.toml",
    "claims.toml",
    "double_coding.csv",
    "LICENSE",
)
"""What a study may consist of beside its table."""
PACKAGED = "No DATA given: reading the shipped study."


@dataclass(frozen=True)
class Located:
    """Where the table is, and where its companions are looked for."""

    table: Path
    folder: Path
    notice: str = ""


def locate(data: str | Path | None) -> Located:
    """Return the files DATA stands for.

    Raises
    ------
    UsageError
        If there is no such path, or a folder without a table, or with several.
    """
    if data is None:
        folder = packaged_folder()
        return Located(folder / TABLE_FILE, folder, PACKAGED)
    path = Path(data)
    if path.is_dir():
        return Located(_only_table(path), path)
    if not path.exists():
        message = f"{path}: there is no such file or folder.{_near(path)}"
        raise UsageError(message)
    return Located(path, path.parent)


def companion_files(table: Table) -> tuple[Path, ...]:
    """Return the files of a study that lie beside its table and exist, in a fixed order."""
    if not table.folder:
        return ()
    beside = (Path(table.folder) / name for name in COMPANIONS if name != table.name)
    return tuple(path for path in beside if path.is_file())


def packaged_folder() -> Path:
    """Return the folder of the shipped study: inside the package, or beside it in a checkout."""
    package = Path(str(resources.files("agency")))
    inside = package / "data"
    return inside if inside.is_dir() else package.parent / "data"


def read_bytes(path: Path) -> bytes:
    """Return the content of a file.

    Raises
    ------
    UsageError
        If it cannot be read, for instance because it is a folder.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"{path}: cannot be read ({error.strerror or error}). Give a readable file."
        raise UsageError(message) from error


def _only_table(folder: Path) -> Path:
    if (folder / TABLE_FILE).exists():
        return folder / TABLE_FILE
    try:
        tables = sorted(path for path in folder.iterdir() if _may_be_table(path))
    except OSError as error:
        message = f"{folder}: cannot be read ({error.strerror or error}). Give a readable folder."
        raise UsageError(message) from error
    if len(tables) == 1:
        return tables[0]
    if not tables:
        message = f"{folder}: the folder holds no table. Name it {TABLE_FILE}, or start from 'agency new DIR'."
        raise UsageError(message)
    names = ", ".join(path.name for path in tables)
    message = f"{folder}: the folder holds several tables ({names}). Give one of them, or name one {TABLE_FILE}."
    raise UsageError(message)


def _may_be_table(path: Path) -> bool:
    if not path.is_file() or path.name in _NOT_TABLES or path.name.startswith((".", "~$")):
        return False
    return path.suffix.lower() in (".csv", ".tsv", *WORKBOOKS)


def _near(path: Path) -> str:
    if not path.parent.is_dir():
        return ""
    return did_you_mean(path.name, sorted(entry.name for entry in path.parent.iterdir()))
