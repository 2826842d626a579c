"""A table under a view, resolved once: which rows count, the states of years, shares, cells, conflicts."""

from __future__ import annotations

from agency.resolve.apart import Apart
from agency.resolve.arrays import (
    TOLERANCE,
    Actors,
    Parts,
    Profile,
    arrays_of,
    known_origins,
    number_actors,
    positions,
    summed,
)
from agency.resolve.cells import Cell, CellTable, Holder, Part, ProjectHead
from agency.resolve.conflicts import CONFLICT_KINDS, STANDINGS, VERDICTS, Comparison, Conflict
from agency.resolve.matrix import Matrix
from agency.resolve.resolved import Resolved
from agency.resolve.rows import SPEAKS, Statement, role_weights, statements_at
from agency.resolve.select import Mode, View, select
from agency.resolve.years import GAP, Flags, Floats, Ints, given_years, share_out

__all__ = [
    "CONFLICT_KINDS",
    "GAP",
    "SPEAKS",
    "STANDINGS",
    "TOLERANCE",
    "VERDICTS",
    "Actors",
    "Apart",
    "Cell",
    "CellTable",
    "Comparison",
    "Conflict",
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
    "Resolved",
    "Statement",
    "View",
    "arrays_of",
    "given_years",
    "known_origins",
    "number_actors",
    "positions",
    "role_weights",
    "select",
    "share_out",
    "statements_at",
    "summed",
]
