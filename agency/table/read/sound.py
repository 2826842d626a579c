"""The quick way through a sound CSV: whole columns at once, and nothing at the first doubt.

`agency.table.read.csvfile` goes through a file record by record and says what is wrong with it, and on which line. Of a
file with nothing wrong the line of every record is known beforehand: header on the first line, one record a line, each
as wide as the header. What makes that doubtful sends the file to the other reader, whether it is wrong or only unusual:
a cell over several lines, a quotation mark in the midst of a cell, a blank line, a row with a single cell.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from agency.table.read.records import MOST_COLUMNS
from agency.vocabulary import Column, resolve

if TYPE_CHECKING:
    from collections.abc import Sequence


def sound_columns(
    body: str, delimiter: str, specification: tuple[Column, ...], longest: int
) -> tuple[list[str], list[Sequence[str]]] | None:
    r"""Return the header and the cells of a CSV by column, or None where the line-true reader has to look.

    Parameters
    ----------
    body
        The text from the header on.
    delimiter
        Its separator.
    specification
        Columns the file may have; cells are none of them.
    longest
        Characters of a line beyond which a cell may be too long.

    Examples
    --------
    >>> header, columns = sound_columns('project,phase\nA,"design"\nB,design\n', ",", (), 100)
    >>> header, [list(column) for column in columns]
    (['project', 'phase'], [['A', 'B'], ['design', 'design']])
    >>> sound_columns("project,phase\nA,design\n\nB,design\n", ",", (), 100) is None
    True
    """
    try:
        header = [name.strip() for name in next(csv.reader([body[: body.find("\n") + 1]], delimiter=delimiter), [])]
        data = body.encode()
    except (csv.Error, UnicodeEncodeError):
        return None
    width = len(header)
    if not all(header) or not 2 <= width <= MOST_COLUMNS or not delimiter.isascii():
        return None
    lines = _even_lines(data, delimiter.encode(), width, longest)
    if lines is None or lines < 2:
        return None
    try:
        frame = pd.read_csv(
            io.BytesIO(data),
            sep=delimiter,
            names=range(width),
            index_col=False,
            skiprows=1,
            dtype="str",
            na_filter=False,
            skip_blank_lines=False,
        )
    except (ValueError, pd.errors.ParserError):
        return None
    if len(frame) != lines - 1 or not _two_filled(header, frame, specification):
        return None
    return header, [cast("Sequence[str]", frame[at].array) for at in range(width)]


def _even_lines(data: bytes, mark: bytes, width: int, longest: int) -> int | None:
    """Return the number of lines where each has so many cells, as far as separators and quotation marks tell."""
    if b"\0" in data or data.count(b"\r") != data.count(b"\r\n"):
        return None
    if b'"' in data:
        # What is quoted stands between separators, on one line; any other quotation mark is a doubt.
        outside = rb"(?<![^\n" + re.escape(mark) + rb'])"[^"\n]*+(?:""[^"\n]*+)*+"(?![^\r\n' + re.escape(mark) + rb"])"
        data = re.sub(outside, lambda quoted: b"\0" * len(quoted[0]), data)
        if b'"' in data:
            return None
    characters = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(characters == ord("\n"))
    if not data.endswith(b"\n"):
        ends = np.append(ends, len(data))
    starts = np.concatenate([[0], ends[:-1] + 1])
    marks = np.flatnonzero(characters == ord(mark))
    if len(marks) != len(ends) * (width - 1) or int((ends - starts).max()) > longest:
        return None
    # With as many marks as the lines need together, each has its own where its first and its last lie within it.
    of_line = marks.reshape(len(ends), width - 1)
    return len(ends) if (of_line[:, 0] >= starts).all() and (of_line[:, -1] < ends).all() else None


def _two_filled(header: Sequence[str], frame: pd.DataFrame, specification: tuple[Column, ...]) -> bool:
    """Say whether two columns have a cell in every row, so that none is blank, a title or a note."""
    required = {column.name for column in specification if column.required}
    order = sorted(range(len(header)), key=lambda at: resolve(header[at], specification) not in required)
    filled = 0
    for at in order:
        filled += all(cell.strip() for cell in frame[at].unique().tolist())
        if filled == 2:
            return True
    return False
