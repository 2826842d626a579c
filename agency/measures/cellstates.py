"""The state of single cells, static or in a year, read from the one matrix that everything is computed from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from agency.matrix.build import phase_matrix
from agency.matrix.select import deciding_rows
from agency.matrix.view import View

if TYPE_CHECKING:
    from agency.table.model import Table

GAP = ("negotiating", "vacant")


@dataclass(frozen=True)
class CellState:
    """Who holds a cell, or why nobody does."""

    state: str
    """held, gap, not_applicable or unknown."""
    holders: frozenset[tuple[int, str]] = frozenset()
    """Identity and origin of each holder."""
    gaps: frozenset[str] = frozenset()
    """Statuses of the rows behind a gap: negotiating, vacant."""


UNKNOWN = CellState("unknown")


def cell_states(table: Table, phases: Iterable[str], year: int | None, view: View) -> dict[tuple[str, str], CellState]:
    """Return the state of every project in some phases, non-core ones included.

    Parameters
    ----------
    table
        A sound table.
    phases
        Keys of the phases.
    year
        None for the static state (held at any time), else the year. A project whose window lacks the year is unknown.
    view
        The rules; its projects, phases, mode and year are not looked at.

    Returns
    -------
    dict
        By (project, phase); every project of the table and every phase asked for is there.

    Examples
    --------
    >>> import agency
    >>> table = agency.load().data
    >>> cell_states(table, ["maintenance"], 2020, View())["ECU 911", "maintenance"].state
    'gap'
    """
    wanted = set(phases)
    codebook = table.codebook
    counted = tuple(replace(phase, core=True) for phase in codebook.phases if phase.key in wanted)
    table = replace(table, codebook=replace(codebook, phases=counted))
    states = {(name, phase.key): UNKNOWN for name in table.projects.index for phase in counted}
    rules = replace(view, projects=(), countries=(), phases=(), min_phases=0, year=year)
    if year is not None:
        windows = table.projects
        inside = (windows["window_start"] <= year) & (year <= windows["window_end"])
        if not inside.fillna(value=False).any():
            return states
    matrix = phase_matrix(table, replace(rules, mode="static" if year is None else "snapshot"))
    columns = ["project", "phase", "actor_id", "origin"]
    holders: dict[tuple[str, str], set[tuple[int, str]]] = {}
    for project, phase, actor, origin in matrix.sets[columns].itertuples(index=False):
        holders.setdefault((project, phase), set()).add((int(actor), origin))
    gaps = _gap_statuses(table, rules, year)
    frame = matrix.phases
    for project, phase, applicable, gap in zip(
        frame["project"], frame["phase"], frame["applicable"], frame["gap"], strict=True
    ):
        cell = (project, phase)
        if cell in holders:
            states[cell] = CellState("held", frozenset(holders[cell]))
        elif not applicable:
            states[cell] = CellState("not_applicable")
        elif gap > 0:
            states[cell] = CellState("gap", gaps=frozenset(gaps.get(cell, ())))
    return states


def _gap_statuses(table: Table, view: View, year: int | None) -> dict[tuple[str, str], set[str]]:
    """Return which of negotiating and vacant the rows behind each gap say; dated rows before undated (rule 6)."""
    rows = table.rows
    if view.sources:
        rows = rows[rows["source"].isin(view.sources)]
    rows = deciding_rows(rows, table.codebook, view)
    rows = rows[rows["status"].isin(GAP)]
    dated = rows["start"].notna() | rows["end"].notna()
    if year is not None:
        covers = (rows["start"].fillna(year) <= year) & (rows["end"].fillna(year) >= year)
        rows, dated = rows[covers], dated[covers]
    strong = dated.groupby([rows["project"], rows["phase"]]).transform("any")
    chosen = rows[dated | ~strong] if year is not None else rows
    found: dict[tuple[str, str], set[str]] = {}
    for project, phase, status in chosen[["project", "phase", "status"]].itertuples(index=False):
        found.setdefault((project, phase), set()).add(status)
    return found
