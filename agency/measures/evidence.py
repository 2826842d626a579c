"""How well a project is documented: source quality, passages, completeness (I24)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from agency.matrix.select import deciding_rows, selection
from agency.measures.profile import positions, profile
from agency.measures.tidy import NOTHING_APPLIES, joined, ratio_of, tidy

if TYPE_CHECKING:
    from agency.matrix.matrix import Matrix
    from agency.measures.profile import Flags, Floats, Ints
    from agency.table.model import Table

SOURCE_TYPES = ("official", "academic", "ngo", "media", "interview")


def evidence(matrix: Matrix, table: Table) -> pd.DataFrame:
    """Return grade and completeness of the evidence behind the cells (I24).

    Grade of a cell by AidData's rule for source quality (TUFF 3.0, appendix E), over the distinct sources of the
    rows in force: 5 two or more official sources, 4 one, 3 at least one academic, 2 other than media (interview,
    NGO), 1 media only. Quoted: share of the applicable cells with a quote. Complete: share of them with a known
    holder and, in continuing phases, a date or a duration.

    Parameters
    ----------
    matrix
        The cells.
    table
        The table the matrix was made from: its rows and the types of its sources.

    Returns
    -------
    pandas.DataFrame
        Keys ``evidence.grade_min`` and ``evidence.grade_median`` in 1..5 (undefined without a graded cell),
        ``evidence.quoted`` and ``evidence.complete`` in [0, 1].

    Examples
    --------
    >>> import agency
    >>> study = agency.load().select(project="ECU 911")
    >>> frame = evidence(study.matrix, study.data)
    >>> dict(zip(frame["key"], frame["value"]))["evidence.quoted"]
    1.0
    """
    data = profile(matrix)
    rows = deciding_rows(selection(table, matrix.view).rows, table.codebook, matrix.view)
    rows = rows[rows["project"].isin(matrix.projects) & rows["phase"].isin(data.phases)]
    shape = data.weight.shape
    project = positions(data.projects, rows["project"])
    phase = positions(data.phases, rows["phase"])
    cell = project * shape[1] + phase
    grade = _grades(cell, rows["source"], table, data.weight.size).reshape(shape)
    grade = np.where(data.applicable, grade, np.nan)
    graded = ~np.isnan(grade).all(axis=1)
    values = np.full((shape[0], 2), np.nan)
    if graded.any():
        values[graded, 0] = np.nanmin(grade[graded], axis=1)
        values[graded, 1] = np.nanmedian(grade[graded], axis=1)

    def flagged(flags: pd.Series[bool]) -> Flags:
        found: Flags = np.bincount(cell[flags.to_numpy(bool)], minlength=data.weight.size) > 0
        return found.reshape(shape)

    held = rows["status"] == "held"
    dated = rows[["start", "end", "duration_years"]].notna().any(axis=1)
    continuing = rows["phase"].isin([entry.key for entry in matrix.codebook.phases if entry.kind == "continuing"])
    complete = flagged(held & (dated | ~continuing)) & data.applicable
    quoted = flagged(rows["quote"] != "") & data.applicable
    cells = data.applicable.sum(axis=1)
    shares = np.stack([quoted.sum(axis=1), complete.sum(axis=1)], axis=1)
    number = np.broadcast_to(cells[:, None], shares.shape)
    return joined(
        [
            tidy(
                data, ["evidence.grade_min", "evidence.grade_median"], values, why="no cell has a source of known type"
            ),
            tidy(
                data,
                ["evidence.quoted", "evidence.complete"],
                ratio_of(shares, number),
                why=NOTHING_APPLIES,
                ratio=(shares, number),
            ),
        ]
    )


def _grades(cell: Ints, source: pd.Series[str], table: Table, size: int) -> Floats:
    """Grade of every cell, NaN where no source of known type stands behind it."""
    kinds = {key: entry.source_type for key, entry in table.sources.items()}
    frame = pd.DataFrame({"cell": cell, "source": source.to_numpy()}).drop_duplicates()
    kind = frame["source"].map(kinds)
    number = {
        name: np.bincount(frame.loc[(kind == name).to_numpy(bool), "cell"], minlength=size) for name in SOURCE_TYPES
    }
    return np.select(
        [
            number["official"] >= 2,
            number["official"] == 1,
            number["academic"] >= 1,
            number["ngo"] + number["interview"] >= 1,
            number["media"] >= 1,
        ],
        [5.0, 4.0, 3.0, 2.0, 1.0],
        np.nan,
    )
