"""Truth of claims in their cases, read from the states of cells or from indicators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from agency.matrix.select import deciding_rows
from agency.measures.cellstates import CellState, cell_states
from agency.measures.claimlogic import Holding, Truth, all_of, compare, same_actor, verdict_of

if TYPE_CHECKING:
    from agency.matrix.view import View
    from agency.measures.claimmodel import Claim
    from agency.table.model import Table

Year = int | None
"""None is the static reading: held at any time."""
Cell = tuple[str, str]


class Evaluator:
    """Answers for one table under one set of rules; what it has computed it keeps.

    Parameters
    ----------
    table
        A sound table.
    view
        Static, without a selection of projects, phases and countries.
    """

    def __init__(self, table: Table, view: View) -> None:
        self.table = table
        self.view = view
        rows = table.rows
        named = rows[rows["actor_id"] >= 0]
        kinds: dict[int, set[str]] = {}
        for actor, kind in zip(named["actor_id"], named["actor_kind"], strict=True):
            kinds.setdefault(int(actor), set()).update({kind} - {""})
        self.holding = Holding(dict(zip(named["actor_id"].astype(int), named["actor"], strict=True)), kinds)
        self._states: dict[Year, dict[Cell, CellState]] = {}
        self._indicators: dict[tuple[tuple[str, ...], Year, str], dict[str, Any]] = {}

    @property
    def variant_view(self) -> View:
        """The rules for tables made of rows that already passed this view's choice of sources."""
        return replace(self.view, sources=())

    def projects(self, claim: Claim) -> tuple[str, ...]:
        """Return the cases of a claim: the projects it names, else all but the one it compares with."""
        return claim.projects or tuple(name for name in self.table.projects.index if name != claim.condition.project)

    def phases(self, claim: Claim) -> tuple[str, ...]:
        """Return the phases in scope."""
        if claim.condition.test == "same_actor":
            return claim.condition.among
        return claim.phases or tuple(phase.key for phase in self.table.codebook.core_phases)

    def cases(self, claim: Claim) -> dict[str, Truth]:
        """Return the truth of each case."""
        if claim.condition.test == "indicator":
            values = [self.indicator(claim, year) for year in years(claim)]
            return {name: self.compared(claim, values, name) for name in self.projects(claim)}
        states = [self.states(year) for year in years(claim)]
        phases = self.phases(claim)
        return {
            name: self.truth(claim, [[at[name, phase] for at in states] for phase in phases])
            for name in self.projects(claim)
        }

    def verdict(self, claim: Claim) -> str:
        """Return the verdict on a claim."""
        return verdict_of(claim, self.cases(claim).values())

    def truth(self, claim: Claim, cells: list[list[CellState]]) -> Truth:
        """Return the truth of a case from the states of its phases, each in every year asked for."""
        if claim.condition.test == "same_actor":
            return all_of(same_actor(one, other) for one, other in zip(*cells, strict=True))
        return all_of(self.cell_truth(claim, states) for states in cells)

    def cell_truth(self, claim: Claim, states: list[CellState]) -> Truth:
        """Return whether one phase meets the condition in every year asked for."""
        return all_of(self.holding.truth(claim.condition, state) for state in states)

    def compared(self, claim: Claim, values: Sequence[Mapping[str, Any]], name: str) -> Truth:
        """Return whether a project's indicator meets the condition in every year asked for."""
        condition = claim.condition
        return all_of(
            compare(at.get(name), condition.op, at.get(condition.project) if condition.project else condition.value)
            for at in values
        )

    def unknown_cells(self, claim: Claim) -> tuple[Cell, ...]:
        """Return the cells that leave a case unknown."""
        open_cases = [name for name, truth in self.cases(claim).items() if truth is None]
        states = [self.states(year) for year in years(claim)]
        cells = [(name, phase) for name in open_cases for phase in self.phases(claim)]
        if claim.condition.test in ("indicator", "same_actor"):
            return tuple(cell for cell in cells if any(at[cell].state == "unknown" for at in states))
        return tuple(cell for cell in cells if self.cell_truth(claim, [at[cell] for at in states]) is None)

    def rows(self, claim: Claim) -> tuple[int, ...]:
        """Return the positions of the rows that decide the cells in scope."""
        rows = self.table.rows
        inside = rows["project"].isin({*self.projects(claim), claim.condition.project})
        inside &= rows["phase"].isin(self.phases(claim))
        if self.view.sources:
            inside &= rows["source"].isin(self.view.sources)
        return tuple(int(row) for row in deciding_rows(rows[inside], self.table.codebook, self.view).index)

    def states(self, year: Year) -> dict[Cell, CellState]:
        """Return the state of every cell of the table."""
        if year not in self._states:
            phases = [phase.key for phase in self.table.codebook.phases]
            self._states[year] = cell_states(self.table, phases, year, self.view)
        return self._states[year]

    def keep_state(self, year: Year, cell: Cell, state: CellState) -> None:
        """Take over the state of a cell computed elsewhere."""
        self._states.setdefault(year, {})[cell] = state

    def indicator(self, claim: Claim, year: Year) -> dict[str, Any]:
        """Return the claim's indicator by project, computed over the phases in scope."""
        return self._indicators[_indicator_key(claim, year)]

    def keep_indicator(self, claim: Claim, year: Year, values: dict[str, Any]) -> None:
        """Take over an indicator by project, computed elsewhere."""
        self._indicators[_indicator_key(claim, year)] = values


def prepare(evaluators: Sequence[Evaluator], claims: Sequence[Claim]) -> None:
    """Compute what several evaluators of one table need for some claims, all in one go.

    Their rules may differ in the sources only. Each evaluator's rows become projects of their own in one table.
    """
    first = evaluators[0]
    table = _stacked(evaluators)
    phases = [phase.key for phase in table.codebook.phases]
    for year in dict.fromkeys(year for claim in claims for year in years(claim)):
        for name, state in cell_states(table, phases, year, first.variant_view).items():
            copy, _, project = name[0].partition("/")
            evaluators[int(copy)].keep_state(year, (project, name[1]), state)
    from agency.measures.claimvalues import indicator_values

    for claim in claims:
        if claim.condition.test == "indicator":
            for year in years(claim):
                values = indicator_values(table, first.variant_view, claim, year)
                for number, evaluator in enumerate(evaluators):
                    own = {name.partition("/")[2]: v for name, v in values.items() if name.startswith(f"{number}/")}
                    evaluator.keep_indicator(claim, year, own)


def _stacked(evaluators: Sequence[Evaluator]) -> Table:
    import pandas as pd

    table = evaluators[0].table
    pieces = []
    for number, evaluator in enumerate(evaluators):
        rows = table.rows
        if evaluator.view.sources:
            rows = rows[rows["source"].isin(evaluator.view.sources)]
        pieces.append(rows.assign(project=f"{number}/" + rows["project"]))
    projects = [table.projects.set_axis(f"{number}/" + table.projects.index) for number in range(len(evaluators))]
    return replace(table, rows=pd.concat(pieces, ignore_index=True), projects=pd.concat(projects))


def years(claim: Claim) -> tuple[Year, ...]:
    """Return the years a claim speaks of; the static reading where it names none."""
    return claim.years or (None,)


def _indicator_key(claim: Claim, year: Year) -> tuple[tuple[str, ...], Year, str]:
    return claim.phases, year, claim.condition.indicator
