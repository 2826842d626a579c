"""What an import gives: the statements, what was left and why, and the counts that add up to the input."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import pandas as pd

from agency.vocabulary import COLUMNS, PROJECTS

Extent = Literal["line", "entry", "value"]
LEFT_COLUMNS = ("file", "line", "extent", "column", "found", "reason")
"""The columns of `rejected.csv`."""
ROW_COLUMNS = tuple(column.name for column in COLUMNS)
PLACE = ("file", "line", "record")
"""Where a row is from; several records may stand on one line: cells of a table, roles of an organisation."""
PROJECT_COLUMNS = tuple(column.name for column in PROJECTS)


class Left(NamedTuple):
    """One thing of the input that is not in the table.

    ``extent`` says how much: a whole ``line`` (a project, a record), an ``entry`` (one holder named in it), or a
    ``value`` (the statement is in the table, without this cell).
    """

    file: str
    line: int
    extent: Extent
    column: str
    found: str
    reason: str


@dataclass(frozen=True)
class Imported:
    """Other people's files as the files of a study.

    ``lines`` = lines with at least one statement + lines left. ``entries`` = rows + entries left.
    """

    rows: pd.DataFrame
    """Text, in the columns of the table and then the importer's own; those of `PLACE` say where each is from."""
    projects: pd.DataFrame
    left: tuple[Left, ...]
    lines: int
    entries: int
    sources: str = ""
    """`sources.bib`."""
    codebook: str = ""
    """`codebook.toml`, where the packaged one does not do."""
    codings: pd.DataFrame | None = None
    """Every coder's rows, where there were several."""
    remarks: tuple[str, ...] = ()
    """What was assumed, in sentences."""
    open_origins: bool = False
    """Origins that nobody said stay empty: a person fills them in."""
    thing: str = ""
    """What a line of the input is, in words: a line, an activity, a passage."""
    unsaid: tuple[str, ...] = field(default=())
    """Columns that the input cannot say anything about."""


def left_at(
    entries: pd.DataFrame, extent: Extent, column: str, found: Iterable[str], reason: Iterable[str] | str
) -> list[Left]:
    """Return what is left at some entries or lines (with ``file`` and ``line``)."""
    reasons = [reason] * len(entries) if isinstance(reason, str) else list(reason)
    places = zip(entries["file"].tolist(), entries["line"].tolist(), found, reasons, strict=True)
    return [Left(file, line, extent, column, value, why) for file, line, value, why in places]
