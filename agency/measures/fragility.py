"""Fragility: the fewest rows whose removal, or change of origin or status, changes a verdict.

Cells do not touch one another, so the search first asks, for every cell in scope, what changing one, two or three
rows can make of it, and then combines cells and cases. All changed cells are handed to the one matrix at once, each
as a project of its own: there is no second rule of who holds. Windows and the list of cases stay as they are. The
search is exhaustive to three rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from agency.measures.celledits import Change, Groups, Signature, options, reachable, statements, variant_table
from agency.measures.cellstates import UNKNOWN, CellState, cell_states
from agency.measures.claimlogic import Counts, Truth, all_of, count, verdict, verdict_of
from agency.measures.evaluator import Cell, Evaluator, Year, years

if TYPE_CHECKING:
    from agency.measures.celledits import Option, Statement
    from agency.measures.claimmodel import Claim

LIMIT = 3
"""Rows up to which the search is exhaustive."""

Changes = tuple[Change, ...]
Reach = Mapping[Truth, Changes]
"""The fewest changes that give a case each truth it can have within the limit."""


@dataclass(frozen=True)
class Fragility:
    """How few rows a verdict hangs on."""

    rows: int | None
    """The fewest rows; None: more than three."""
    changes: Changes = ()
    """One such set of changes, the first in the order of the table."""
    becomes: str = ""
    """The verdict after these changes."""

    @property
    def text(self) -> str:
        """The number of rows, or ``more than 3``."""
        return str(self.rows) if self.rows else f"more than {LIMIT}"


def fragilities(evaluator: Evaluator, claims: Sequence[Claim]) -> list[Fragility]:
    """Return for each claim the fewest rows on which its verdict hangs.

    Parameters
    ----------
    evaluator
        The table and the rules.
    claims
        Claims with known verdicts.

    Returns
    -------
    list of Fragility
        In the order of the claims.
    """
    search = _Search(evaluator)
    found: dict[int, Fragility] = {}
    for limit in range(1, LIMIT + 1):
        still = [number for number in range(len(claims)) if number not in found]
        search.prepare([claims[number] for number in still], limit)
        for number in still:
            fragility = search.fragility(claims[number], limit)
            if fragility:
                found[number] = fragility
            elif search.is_hopeless(claims[number], limit):
                found[number] = Fragility(None)
    return [found.get(number, Fragility(None)) for number in range(len(claims))]


class _Search:
    """What changed rows can make of cells and cases; every changed cell is computed once."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._said = statements(evaluator.table, evaluator.view)
        self._known: dict[tuple[Cell, Year, Signature], CellState] = {}
        self._made: dict[tuple[object, ...], dict[Signature, Changes]] = {}

    def prepare(self, claims: Sequence[Claim], limit: int) -> None:
        """Compute the states of all cells that some claims need, in one go for each phase and year."""
        wanted: dict[tuple[str, Year], dict[tuple[Cell, Signature], None]] = {}
        for claim in claims:
            if claim.condition.test != "indicator":
                for cell in self._cells(claim):
                    for signature in self._outcomes(claim, cell, limit):
                        for year in years(claim):
                            if (cell, year, signature) not in self._known:
                                wanted.setdefault((cell[1], year), {})[cell, signature] = None
        for (phase, year), pairs in wanted.items():
            self._compute(phase, year, list(pairs))

    def fragility(self, claim: Claim, limit: int) -> Fragility | None:
        """Return how few rows change the verdict, or None if more than `limit`."""
        cases = self._evaluator.cases(claim)
        now = verdict_of(claim, cases.values())
        if claim.condition.test == "indicator":
            from agency.measures.claimvalues import indicator_reaches

            reaches = indicator_reaches(self._evaluator, claim, partial(self._outcomes, claim), limit)
        else:
            reaches = [((), [self._reach(claim, project, limit) for project in cases])]
        best: Fragility | None = None
        for before, of_cases in reaches:
            found = _cheapest(claim, of_cases, before, now, limit)
            if found and (best is None or (found.rows or 0) < (best.rows or 0)):
                best = found
        return best

    def is_hopeless(self, claim: Claim, limit: int) -> bool:
        """Say whether no change within `LIMIT` can be left, given all that up to `limit` rows can do to each cell.

        What a cell has not become with `limit` rows takes at least one row more; if even that is too much for the
        verdict to change, there is no need to look.
        """
        if claim.condition.test in ("indicator", "same_actor"):
            return False
        cases = self._evaluator.cases(claim)
        now = verdict_of(claim, cases.values())
        reaches = [self._reach(claim, project, limit, optimistic=True) for project in cases]
        return _cheapest(claim, reaches, (), now, LIMIT) is None

    def _cells(self, claim: Claim) -> list[Cell]:
        evaluator = self._evaluator
        return [(project, phase) for project in evaluator.projects(claim) for phase in evaluator.phases(claim)]

    def _outcomes(self, claim: Claim, cell: Cell, limit: int) -> dict[Signature, Changes]:
        groups: Groups = self._said.get(cell, ())
        classes = self._origin_classes(claim)
        gaps_differ = claim.condition.test == "status"
        key = (cell, limit, gaps_differ, *classes)
        if key not in self._made:
            choices = partial(_choices, classes=classes, gaps_differ=gaps_differ)
            self._made[key] = reachable(groups, choices, limit)
        return self._made[key]

    def _origin_classes(self, claim: Claim) -> tuple[frozenset[str], ...]:
        """Return the origins that the condition does not tell apart: one of each class is worth trying."""
        condition = claim.condition
        every = [*(origin.key for origin in self._evaluator.table.codebook.origins), "unknown"]
        if condition.test == "indicator" or condition.counted == "origins":
            return tuple(frozenset({name}) for name in every)
        if condition.by != "origin":
            return (frozenset(every),)
        inside = frozenset(condition.among)
        outside = frozenset(every) - inside - {"unknown"}
        return tuple(part for part in (inside, outside, frozenset({"unknown"}) - inside) if part)

    def _compute(self, phase: str, year: Year, pairs: Sequence[tuple[Cell, Signature]]) -> None:
        for cell, signature in pairs:
            self._known[cell, year, signature] = UNKNOWN
        said = [(cell, signature) for cell, signature in pairs if signature]
        if not said:
            return
        table = variant_table(self._evaluator.table, [(cell[0], {phase: signature}) for cell, signature in said])
        states = cell_states(table, [phase], year, self._evaluator.variant_view)
        for number, (cell, signature) in enumerate(said):
            self._known[cell, year, signature] = states[str(number), phase]

    def _reach(self, claim: Claim, project: str, limit: int, *, optimistic: bool = False) -> dict[Truth, Changes]:
        """Return the fewest changes that make a case true, false and unknown.

        With `optimistic`, a cell may become anything at the price of one row more than was searched.
        """
        beyond = (Change(-1, ""),) * (limit + 1)
        partly: dict[tuple[Any, ...], Changes] = {(): ()}
        for phase in self._evaluator.phases(claim):
            outcomes: dict[Any, Changes] = {}
            for signature, changes in self._outcomes(claim, (project, phase), limit).items():
                states = [self._known[(project, phase), year, signature] for year in years(claim)]
                outcomes.setdefault(self._essence(claim, states), changes)
            if optimistic:
                outcomes = {**dict.fromkeys((True, False, None), beyond), **outcomes}
            partly = _joined(claim, partly, outcomes, LIMIT if optimistic else limit)
        reach: dict[Truth, Changes] = {}
        for parts, changes in sorted(partly.items(), key=lambda item: len(item[1])):
            reach.setdefault(self._truth(claim, parts), changes)
        return reach

    def _essence(self, claim: Claim, states: list[CellState]) -> Any:
        """Return all of a cell that matters to the claim."""
        if claim.condition.test == "same_actor":
            return tuple(states)
        return self._evaluator.cell_truth(claim, states)

    def _truth(self, claim: Claim, parts: tuple[Any, ...]) -> Truth:
        if claim.condition.test == "same_actor":
            return self._evaluator.truth(claim, [list(states) for states in parts])
        return all_of(parts)


def _choices(statement: Statement, *, classes: Sequence[frozenset[str]], gaps_differ: bool) -> Sequence[Option]:
    others = [min(names) for names in classes if statement.origin not in names]
    return options(statement, others, gaps_differ=gaps_differ)


def _joined(
    claim: Claim, partly: Mapping[tuple[Any, ...], Changes], outcomes: Mapping[Any, Changes], limit: int
) -> dict[tuple[Any, ...], Changes]:
    """Return what one more cell makes of a case, within the limit; only the fewest changes are kept."""
    found: dict[tuple[Any, ...], Changes] = {}
    for parts, changes in partly.items():
        for essence, more in outcomes.items():
            total = (*changes, *more)
            key = (*parts, essence)
            if claim.condition.test != "same_actor":
                key = (all_of(key),)
            if len(total) <= limit and (key not in found or len(total) < len(found[key])):
                found[key] = total
    return found


def _cheapest(claim: Claim, reaches: Sequence[Reach], before: Changes, now: str, limit: int) -> Fragility | None:
    """Return the fewest changes over all cases that give another verdict than now."""
    states: dict[Counts, Changes] = {Counts(0, 0, 0): before}
    for reach in reaches:
        following: dict[Counts, Changes] = {}
        for counts, changes in states.items():
            for truth, more in reach.items():
                total = (*changes, *more)
                key = Counts(*(number + one for number, one in zip(counts, count([truth]), strict=True)))
                if len(total) <= limit and (key not in following or len(total) < len(following[key])):
                    following[key] = total
        states = following
    others = [
        (counts, changes) for counts, changes in states.items() if verdict(claim.quantifier, claim.n, counts) != now
    ]
    if not others:
        return None
    counts, changes = min(others, key=lambda item: len(item[1]))
    return Fragility(len(changes), changes, verdict(claim.quantifier, claim.n, counts))
