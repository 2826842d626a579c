"""From the runs of a line to one string, and how much room the columns of a sheet ask for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

from agency.render.escape import clean
from agency.render.layout import width
from agency.render.sheet import Run, Sheet


def typeset(line: tuple[Run, ...], escape: Callable[[str], str], mark: Callable[[str], str]) -> str:
    """Return a line with its texts escaped and its marks written by `mark`, which gets them joined by commas.

    Examples
    --------
    >>> typeset((Run("ZTE", marks=("1", "a")),), str.upper, lambda marks: f" [{marks}]")
    'ZTE [1,a]'
    """
    return "".join(escape(run.text) + (mark(",".join(run.marks)) if run.marks else "") for run in line)


@dataclass(frozen=True)
class Room:
    """What a column asks for, in characters."""

    word: int
    """Its longest word."""
    line: int
    """Its longest line."""
    cell: int
    """Its longest cell, all lines together."""


def rooms(sheet: Sheet) -> list[Room]:
    """Return what each column asks for, marks included.

    Examples
    --------
    >>> from agency.render.sheet import plain
    >>> rooms(Sheet("", "x", ("Phase",), ((plain("Designed by"),),)))
    [Room(word=8, line=11, cell=11)]
    """
    found = []
    for at, name in enumerate(sheet.columns):
        cells = [[clean(name)]]
        cells += [[typeset(line, clean, str) for line in row[at].lines] for row in sheet.rows]
        lines = [line for cell in cells for line in cell]
        words = [word for line in lines for word in line.split(" ")]
        found.append(Room(max(map(width, words)), max(map(width, lines)), max(sum(map(width, cell)) for cell in cells)))
    return found


def shares(asked: list[Room], line: int) -> list[float]:
    """Return each column's share of a line: its longest word, and of the rest more to the longer cells.

    Examples
    --------
    >>> shares([Room(10, 10, 10), Room(10, 90, 90)], 60)
    [0.333..., 0.666...]
    """
    spare = max(line - sum(room.word for room in asked), 0)
    roots = sum(sqrt(room.cell) for room in asked)
    wanted = [room.word + spare * sqrt(room.cell) / roots for room in asked]
    return [wide / sum(wanted) for wide in wanted]
