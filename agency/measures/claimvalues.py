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
Profile = Mapping[str, Signature]
"""What each phase of a project says."""

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
    variants = [
        (project, profile, changes)
        for project in projects
        for profile, changes in _profiles(evaluator, claim, project, outcomes, limit)
    ]
    found: dict[str, dict[tuple[Any, ...], Changes]] = {project: {} for project in projects}
    for start in range(0, len(variants), _BATCH):
        batch = variants[start : start + _BATCH]
        table = variant_table(evaluator.table, [(project, profile) for project, profile, _ in batch])
        by_year = [indicator_values(table, evaluator.variant_view, claim, year) for year in years(claim)]
        for number, (project, _, changes) in enumerate(batch):
            value = tuple(at.get(str(number)) for at in by_year)
            known = found[project]
            if value not in known or len(changes) < len(known[value]):
                known[value] = changes
    return found


def _profiles(
    evaluator: Evaluator, claim: Claim, project: str, outcomes: Callable[[Cell, int], Outcomes], limit: int
) -> list[tuple[dict[str, Signature], Changes]]:
    """Return every project that changing up to `limit` rows leads to, as far as the matrix can tell them apart."""
    profiles: list[tuple[dict[str, Signature], Changes]] = [({}, ())]
    for phase in evaluator.phases(claim):
        distinct = _distinct(evaluator, claim, phase, project, outcomes((project, phase), limit))
        profiles = [
            ({**profile, phase: signature}, (*changes, *more))
            for profile, changes in profiles
            for signature, more in distinct
            if len(changes) + len(more) <= limit
        ]
    return profiles


def _distinct(
    evaluator: Evaluator, claim: Claim, phase: str, project: str, outcomes: Outcomes
) -> list[tuple[Signature, Changes]]:
    """Return one outcome for each thing the matrix can make of a cell: indicators see nothing but the matrix."""
    said = [(signature, changes) for signature, changes in outcomes.items() if signature]
    silent = [(signature, changes) for signature, changes in outcomes.items() if not signature]
    table = variant_table(evaluator.table, [(project, {phase: signature}) for signature, _ in said])
    seen: dict[tuple[Any, ...], tuple[Signature, Changes]] = {}
    prints = [
        _fingerprints(_matrix(table, evaluator.variant_view, replace(claim, phases=(phase,)), year))
        for year in (years(claim) if said else ())
    ]
    for number, outcome in enumerate(said):
        seen.setdefault(tuple(at.get(str(number)) for at in prints), outcome)
    return [*seen.values(), *silent]


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
