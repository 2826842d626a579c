"""A table under a view, resolved once: which rows count, the states of years, shares, cells, conflicts."""

from __future__ import annotations

from agency.resolve.arrays import (
    TOLERANCE,
    Actors,
    Parts,
    Profile,
    known_origins,
    number_actors,
    positions,
    profile,
    summed,
)
from agency.resolve.cells import Cell, CellTable, Holder, Part, ProjectHead, cell_table, listed_kind
from agency.resolve.conflicts import contested, source_pairs
from agency.resolve.matrix import Matrix, phase_matrix
from agency.resolve.select import Selection, deciding_rows, role_weights, select, selection
from agency.resolve.view import Choice, Mode, View
from agency.resolve.years import GAP, Flags, Floats, Ints, share_out

__all__ = [
    "GAP",
    "TOLERANCE",
    "Actors",
    "Cell",
    "CellTable",
    "Choice",
    "Flags",
    "Floats",
    "Holder",
    "Ints",
    "Matrix",
    "Mode",
    "Part",
    "Parts",
    "Profile",
    "ProjectHead",
    "Selection",
    "View",
    "cell_table",
    "contested",
    "deciding_rows",
    "known_origins",
    "listed_kind",
    "number_actors",
    "phase_matrix",
    "positions",
    "profile",
    "role_weights",
    "select",
    "selection",
    "share_out",
    "source_pairs",
    "summed",
]
