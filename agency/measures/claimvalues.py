"""Indicators of claims: their values by project, and what changing a few rows can make of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from agency.matrix.build import phase_matrix
from agency.measures.celledits import Change, Signature, variant_table
from agency.measures.claimlogic import Truth, all_of, compare
from agency.measures.evaluator import Cell, Evaluator, Year, years
from agency.measures.indicators import indicators

if TYPE_CHECKING:
    import pandas as pd

    from agency.matrix.matrix import Matrix
    from agency.matrix.view import View
    from agency.measures.claimmodel import Claim
    from agency.table.model import Table

Changes = tuple[Change, ...]
Outcomes = Mapping[Signature, Changes]

_FRAMES = ("phases", "shares", "sets", "years", "year_shares", "durations", "events")
_BATCH = 4000
"""Changed projects computed at once: enough to be fast, few enough to stay small."""


def indicator_values(table: Table, view: View, claim: Claim, year: Year) -> dict[str, Any]:
    """Return the claim's indicator by project, computed over its phases in scope; a missing value is None.

    A project of which nothing is known in these phases, or the indicator says nothing, is not there: a count of 0
    holders would be ignorance, not knowledge.
    """
    matrix = _matrix(table, view, claim, year)
    if matrix is None:
        return {}
    frame = indicators(matrix, table, keys=[claim.condition.indicator])
    phases = matrix.phases
    known = phases.loc[(phases["held"] > 0) | (phases["gap"] > 0) | ~phases["applicable"], "project"]
    found = frame[(frame["key"] == claim.condition.indicator) & frame["project"].isin(known)]
    values = found["value"].astype(object).where(found["value"].notna(), None)
    return dict(zip(found["project"], values, strict=True))


def indicator_reaches(
    evaluator: Evaluator, claim: Claim, outcomes: Callable[[Cell, int], Outcomes], limit: int
) -> list[tuple[Changes, list[dict[Truth, Changes]]]]:
    """Return the fewest changes that give each case each truth.

    Parameters
    ----------
    evaluator
        The table and the rules.
    claim
        A claim on an indicator.
    outcomes
        What changing up to some rows of a cell can make of it.
    limit
        Rows changed at most.

    Returns
    -------
    list
        For each value the other project of the comparison can have: the changes that lead to it, and the reach of
        every case given that value. A single entry where the claim compares with a number.
    """
    condition = claim.condition
    projects = list(evaluator.projects(claim))
    values = _reachable_values(
        evaluator, claim, [*projects, *([condition.project] if condition.project else [])], outcomes, limit
    )
    fixed = {(condition.value,) * len(years(claim)): ()}
    others: Mapping[tuple[Any, ...], Changes] = values[condition.project] if condition.project else fixed
    result = []
    for other, before in others.items():
        reaches: list[dict[Truth, Changes]] = []
        for project in projects:
            reach: dict[Truth, Changes] = {}
            for found, changes in values[project].items():
                truth = all_of(compare(a, condition.op, b) for a, b in zip(found, other, strict=True))
                if truth not in reach or len(changes) < len(reach[truth]):
                    reach[truth] = changes
            reaches.append(reach)
        result.append((before, reaches))
    return result


def _reachable_values(
    evaluator: Evaluator, claim: Claim, projects: Sequence[str], outcomes: Callable[[Cell, int], Outcomes], limit: int
) -> dict[str, dict[tuple[Any, ...], Changes]]:
    """Return by project the values the indicator can take, a value for each year, with the fewest changes."""
    cells = [(project, phase) for project in projects for phase in evaluator.phases(claim)]
    distinct = _distinct(evaluator, claim, {cell: outcomes(cell, limit) for cell in cells})
    variants = [
        (project, said, changes)
        for project in projects
        for said, changes in _combined({phase: distinct[project, phase] for phase in evaluator.phases(claim)}, limit)
    ]
    found: dict[str, dict[tuple[Any, ...], Changes]] = {project: {} for project in projects}
    for start in range(0, len(variants), _BATCH):
        batch = variants[start : start + _BATCH]
        table = variant_table(evaluator.table, [(project, said) for project, said, _ in batch])
        by_year = [indicator_values(table, evaluator.variant_view, claim, year) for year in years(claim)]
        for number, (project, _, changes) in enumerate(batch):
            value = tuple(at.get(str(number)) for at in by_year)
            known = found[project]
            if value not in known or len(changes) < len(known[value]):
                known[value] = changes
    return found


def _combined(
    phases: Mapping[str, Sequence[tuple[Signature, Changes]]], limit: int
) -> list[tuple[dict[str, Signature], Changes]]:
    """Return every way to choose an outcome for each phase with no more than `limit` changes in all."""
    ways: list[tuple[dict[str, Signature], Changes]] = [({}, ())]
    for phase, outcomes in phases.items():
        ways = [
            ({**said, phase: signature}, (*changes, *more))
            for said, changes in ways
            for signature, more in outcomes
            if len(changes) + len(more) <= limit
        ]
    return ways


def _distinct(
    evaluator: Evaluator, claim: Claim, outcomes: Mapping[Cell, Outcomes]
) -> dict[Cell, list[tuple[Signature, Changes]]]:
    """Return one outcome for each thing the matrix can make of a cell: indicators see nothing but the matrix."""
    flat = [(cell, signature, changes) for cell, of_cell in outcomes.items() for signature, changes in of_cell.items()]
    table = variant_table(evaluator.table, [(cell[0], {cell[1]: signature}) for cell, signature, _ in flat])
    prints = [_fingerprints(_matrix(table, evaluator.variant_view, claim, year)) for year in years(claim)]
    seen: dict[Cell, dict[tuple[Any, ...], tuple[Signature, Changes]]] = {cell: {} for cell in outcomes}
    for number, (cell, signature, changes) in enumerate(flat):
        seen[cell].setdefault(tuple(at.get(str(number)) for at in prints), (signature, changes))
    return {cell: list(of_cell.values()) for cell, of_cell in seen.items()}


def _matrix(table: Table, view: View, claim: Claim, year: Year) -> Matrix | None:
    """Return the matrix over the phases in scope; None if the year lies in no window."""
    if year is None:
        return phase_matrix(table, replace(view, phases=claim.phases))
    windows = table.projects
    inside = (windows["window_start"] <= year) & (year <= windows["window_end"])
    if not inside.fillna(value=False).any():
        return None
    return phase_matrix(table, replace(view, phases=claim.phases, mode="snapshot", year=year))


def _fingerprints(matrix: Matrix | None) -> dict[str, tuple[Any, ...]]:
    """Return everything a matrix says of each of its projects."""
    found: dict[str, list[Any]] = {}
    for name in _FRAMES if matrix is not None else ():
        frame: pd.DataFrame = getattr(matrix, name)
        filled = frame.astype(object).where(frame.notna(), None)
        for project, *values in filled[["project", *filled.columns.drop("project")]].itertuples(index=False):
            found.setdefault(str(project), []).append((name, *values))
    return {project: tuple(said) for project, said in found.items()}
