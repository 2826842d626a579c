"""What DATA means: a folder, a CSV, a workbook, or nothing (the shipped study)."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import IO, TYPE_CHECKING, TextIO

from agency import words
from agency.errors import UsageError, did_you_mean
from agency.findings import printable
from agency.references import REFERENCE_FILES
from agency.vocabulary import FILES, TABLE_FILE

if TYPE_CHECKING:
    from agency.table.model import Table

WORKBOOKS = (".xlsx", ".xlsm", ".ods")
STUDY_WORKBOOK = "study.xlsx"
TABLE_FILES = (TABLE_FILE, "actors_by_phase.xlsx", "actors_by_phase.ods", STUDY_WORKBOOK)
"""Names under which a folder holds its table; the first that exists is meant."""
STANDARD_INPUT = "-"
_MOST_BYTES = 500_000_000
"""What a stream may hold: one of a device never ends."""
_NOT_TABLES = {*FILES, *REFERENCE_FILES, "double_coding.csv", "rejected.csv"} - {TABLE_FILE}
COMPANIONS = (
    *(name for name in FILES if name != TABLE_FILE),
    *REFERENCE_FILES,
    "codebook.toml",
    "claims.toml",
    "double_coding.csv",
    "LICENSE",
)
"""What a study may consist of beside its table."""
PACKAGED = words.marked("No DATA given: reading the shipped study.")


@dataclass(frozen=True)
class Located:
    """Where the table is, and where its companions are looked for."""

    table: Path
    folder: Path | None
    """None for standard input, which has no companions."""
    notice: str = ""
    others: tuple[Path, ...] = ()
    """Files that could be the table as well: a folder may hold a CSV and a workbook, of which one is filled in."""

    @property
    def name(self) -> str:
        """What the table is called in messages, whatever bytes its name consists of."""
        return words.text("standard input") if self.folder is None else printable_name(self.table)


def locate(data: str | Path | None) -> Located:
    """Return the files DATA stands for; without DATA, the study in the folder one stands in, else the shipped one.

    Raises
    ------
    UsageError
        If there is no such path, or a folder without a table, or with several.
    """
    if data is None:
        here = [Path(name) for name in TABLE_FILES if Path(name).is_file()]
        if here:
            notice = words.text("No DATA given: reading {file} in this folder.", file=here[0])
            return Located(here[0], Path(), notice, tuple(here[1:]))
        folder = packaged_folder()
        return Located(folder / TABLE_FILE, folder, words.text(PACKAGED))
    path = Path(data)
    if str(path) == STANDARD_INPUT:
        return Located(path, None)
    if path.is_dir():
        return _in_folder(path)
    if not path.exists():
        message = words.text(
            "{path}: there is no such file or folder.{near}", path=printable(str(path)), near=_near(path)
        )
        raise UsageError(message)
    return Located(path, path.parent)


def printable_name(path: Path) -> str:
    r"""Return the name of a file as it can be printed: a byte that is no text becomes ``\udcff``."""
    return printable(path.name)


def companion_files(table: Table) -> tuple[Path, ...]:
    """Return the files of a study that lie beside its table and exist, in a fixed order."""
    if not table.folder:
        return ()
    beside = (Path(table.folder) / name for name in COMPANIONS if name != table.name)
    return tuple(path for path in beside if path.is_file())


def input_paths(table: Table) -> tuple[Path, ...]:
    """Return every file a table was read from, for what must not be written over: the table and its companions."""
    if not table.folder:
        return ()
    path = Path(table.folder) / table.name
    # A name that is no text is kept as it is printed: the file is the one that prints so.
    named = (path,) if path.exists() else tuple(at for at in path.parent.iterdir() if printable_name(at) == table.name)
    return (*named, *companion_files(table))


def packaged_folder() -> Path:
    """Return the folder of the shipped study: inside the package, or beside it in a checkout."""
    package = Path(str(resources.files("agency")))
    inside = package / "data"
    return inside if inside.is_dir() else package.parent / "data"


def read_bytes(path: Path) -> bytes:
    """Return the content of a file, of a pipe, or of standard input for ``-``.

    Raises
    ------
    UsageError
        If it cannot be read, for instance because it is a folder, or is larger than any table.
    """
    try:
        if str(path) == STANDARD_INPUT:
            data = _stream_bytes(sys.stdin)
        else:
            data = path.read_bytes() if path.is_file() or path.is_dir() else _pipe_bytes(path)
    except (OSError, ValueError, AttributeError) as error:
        message = words.text(
            "{path}: cannot be read ({reason}). Give a readable file.",
            path=printable(str(path)),
            reason=getattr(error, "strerror", None) or error,
        )
        raise UsageError(message) from error
    return data


@lru_cache(maxsize=1)
def _stream_bytes(stream: TextIO) -> bytes:
    """Return everything in a stream; it can be read once only, however often it is asked for."""
    return _bounded(stream.buffer)


@lru_cache(maxsize=8)
def _pipe_bytes(path: Path) -> bytes:
    """Return everything in a pipe, as a shell makes one of ``<(command)``; it too can be read once only."""
    with path.open("rb") as stream:
        return _bounded(stream)


def _bounded(stream: IO[bytes]) -> bytes:
    data = stream.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise ValueError(words.text("more than {n} bytes", n=words.number(_MOST_BYTES)))
    return data


def _in_folder(folder: Path) -> Located:
    try:
        named = [folder / name for name in TABLE_FILES if (folder / name).exists()]
        if named:
            return Located(named[0], folder, "", tuple(named[1:]))
        tables = sorted(path for path in folder.iterdir() if _may_be_table(path))
    except OSError as error:
        message = words.text(
            "{folder}: cannot be read ({reason}). Give a readable folder.",
            folder=printable(str(folder)),
            reason=error.strerror or error,
        )
        raise UsageError(message) from error
    if len(tables) == 1:
        return Located(tables[0], folder)
    shown = printable(str(folder))
    if not tables:
        message = words.text(
            "{folder}: the folder holds no table. Name it {name}, or start from 'agency new DIR'.",
            folder=shown,
            name=TABLE_FILE,
        )
        raise UsageError(message)
    message = words.text(
        "{folder}: the folder holds several tables ({names}). Give one of them, or name one {name}.",
        folder=shown,
        names=", ".join(printable_name(path) for path in tables),
        name=TABLE_FILE,
    )
    raise UsageError(message)


def _may_be_table(path: Path) -> bool:
    if not path.is_file() or path.name in _NOT_TABLES or path.name.startswith((".", "~$")):
        return False
    return path.suffix.lower() in (".csv", ".tsv", *WORKBOOKS)


def _near(path: Path) -> str:
    if not path.parent.is_dir():
        return ""
    names = sorted(printable_name(entry) for entry in path.parent.iterdir())
    return did_you_mean(printable_name(path), names)
