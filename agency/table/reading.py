"""One file to records, whatever its form; what was assumed is said."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from agency.errors import UsageError
from agency.table.csvfile import read_csv_text
from agency.table.decode import decode
from agency.table.locate import WORKBOOKS
from agency.table.records import Records, UnreadableError
from agency.table.spec import Column


@dataclass(frozen=True)
class Choices:
    """What the user decided about reading."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


def read_records(data: bytes, path: Path, columns: tuple[Column, ...], choices: Choices) -> tuple[Records, str]:
    """Return the records of a CSV or workbook, and a line saying what was assumed ("" when nothing was).

    Raises
    ------
    UnreadableError
        If the file cannot be read in one way.
    UsageError
        If an option does not go with the kind of file.
    """
    if path.suffix.lower() in WORKBOOKS:
        for option, value in (("--encoding", choices.encoding), ("--delimiter", choices.delimiter)):
            if value is not None:
                message = f"{option} is for CSV files; {path.name} is a workbook."
                raise UsageError(message)
        from agency.table.workbook import read_workbook

        records = read_workbook(data, path.name, columns, sheet=choices.sheet)
        return records, f"{path.name}: reading {records.assumed}; another one with --sheet." if records.assumed else ""
    if choices.sheet is not None:
        message = f"--sheet is for workbooks; {path.name} is read as CSV."
        raise UsageError(message)
    decoded = decode(data, path.name, choices.encoding)
    records = read_csv_text(decoded.text, path.name, columns, delimiter=choices.delimiter)
    return records, _assumption(path.name, decoded.assumed, "" if choices.delimiter else records.assumed)


def read_companion(data: bytes, path: Path, columns: tuple[Column, ...], choices: Choices) -> tuple[Records, str]:
    """Return the records of a companion: read by itself, with the user's choices only where it needs them."""
    try:
        return read_records(data, path, columns, Choices())
    except UnreadableError:
        if choices.encoding is None and choices.delimiter is None:
            raise
        return read_records(data, path, columns, Choices(choices.encoding, choices.delimiter))


def _assumption(file: str, encoding: str, separator: str) -> str:
    parts = [f"encoding {encoding}"] if encoding else []
    parts += [f"separator {separator}"] if separator else []
    options = " and ".join(["--encoding"] * bool(encoding) + ["--delimiter"] * bool(separator))
    return f"{file}: assumed {', '.join(parts)}. If that looks wrong, use {options}." if parts else ""
