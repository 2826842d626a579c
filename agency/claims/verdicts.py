"""Truth of a condition in a case, and the verdict over cases. Three-valued: True, False, None (unknown).

Published sentences tested against the table: verdict, deciding rows, and what other sources make of it.

Results of claims as a frame and as a document.

More than 600 lines: the search for changes of rows and the evaluation it repeats are one mechanism.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from agency.indicators import measured
from agency.resolve import Resolved, View

if TYPE_CHECKING:
    from agency.resolve import Matrix
    from agency.table import Table


from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple

from agency.resolve import role_weights

if TYPE_CHECKING:
    from agency.table import Table


import operator
from collections.abc import Collection
from typing import TYPE_CHECKING

from agency.about import METHOD_VERSION, __version__
from agency.claims.file import Claim, Condition

if TYPE_CHECKING:
    from agency.table import Table

Truth = bool | None
WORDS: dict[Truth, str] = {True: "true", False: "false", None: "unknown"}

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
}
_TOLERANCE = 1e-12


class Counts(NamedTuple):
    """How many cases are true, false and unknown."""

    true: int
    false: int
    unknown: int


def all_of(truths: Iterable[Truth]) -> Truth:
    """Return False if any is false, else unknown if any is unknown, else True (Kleene).

    Examples
    --------
    >>> all_of([True, None]), all_of([None, False]), all_of([])
    (None, False, True)
    """
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def all_or_nothing(truths: Iterable[Truth]) -> Truth:
    """Return the truth that all share, else unknown.

    Examples
    --------
    >>> all_or_nothing([False, False]), all_or_nothing([True, False])
    (False, None)
    """
    found = set(truths)
    return found.pop() if len(found) == 1 else None


def verdict(quantifier: str, n: int, counts: Counts) -> str:
    """Return supported, contradicted, mixed or undetermined.

    every: all true supported, all false contradicted, some of each mixed; none mirrors it. some, at_least and most
    (more than half of all cases): supported or contradicted when no filling of the unknown could change it.

    Examples
    --------
    >>> verdict("every", 0, Counts(2, 1, 4)), verdict("most", 0, Counts(2, 0, 1)), verdict("some", 0, Counts(0, 3, 1))
    ('mixed', 'supported', 'undetermined')
    """
    if quantifier in ("every", "none"):
        return _of_all(counts if quantifier == "every" else Counts(counts.false, counts.true, counts.unknown))
    total = sum(counts)
    needed = {"some": 1, "at_least": n, "most": total // 2 + 1}[quantifier]
    if counts.true >= needed:
        return "supported"
    return "contradicted" if counts.true + counts.unknown < needed else "undetermined"


def _of_all(counts: Counts) -> str:
    if counts.true and counts.false:
        return "mixed"
    if counts.unknown:
        return "undetermined"
    return "supported" if counts.true else "contradicted"


def compare(one: Any, op: str, other: Any) -> Truth:
    """Return whether ``one op other`` holds; numbers nearer than 1e-12 are equal; None if either is missing.

    Words are only equal or not; comparing unlike things is unknown.

    Examples
    --------
    >>> compare(0.1 + 0.2, "<=", 0.3), compare(None, ">", 1), compare("active", "==", "active")
    (True, None, True)
    """
    if one is None or other is None:
        return None
    numbers = isinstance(one, int | float) and isinstance(other, int | float)
    if numbers and abs(one - other) < _TOLERANCE:
        return op in (">=", "<=", "==")
    if not numbers and op not in ("==", "!="):
        return None
    return _COMPARE[op](one, other)


class Holding:
    """Reads conditions on single cells, given what is known of the actors of a table.

    Parameters
    ----------
    names
        Name of each actor identity.
    kinds
        Kinds given to each actor identity anywhere in the table; none: unknown.
    """

    def __init__(self, names: Mapping[int, str], kinds: Mapping[int, Collection[str]]) -> None:
        self._names = names
        self._kinds = kinds

    def truth(self, condition: Condition, cell: CellState) -> Truth:
        """Return whether a cell meets a condition on holders, status or n_holders.

        Nobody holds a gap or a phase that is not applicable, and that is known. A holder whose origin or kind is
        not known may be anything.
        """
        if cell.state == "unknown":
            return None
        if condition.test == "status":
            found = cell.gaps if cell.state == "gap" else {cell.state}
            return bool(found & set(condition.among))
        if condition.test == "n_holders":
            return all_or_nothing(compare(n, condition.op, condition.value) for n in _numbers(condition, cell))
        matches = [self._matches(condition, holder) for holder in cell.holders]
        if condition.holders == "only":
            return all_of(matches) if matches else False
        none = all_of(_negated(match) for match in matches)
        return none if condition.holders == "exclude" else _negated(none)

    def _matches(self, condition: Condition, holder: tuple[int, str]) -> Truth:
        actor, origin = holder
        if condition.by == "actor":
            return self._names[actor] in condition.among
        if condition.by == "origin":
            return origin in condition.among or (None if origin == "unknown" else False)
        kinds = self._kinds.get(actor, ())
        return bool(set(kinds) & set(condition.among)) if kinds else None


def same_actor(one: CellState, other: CellState) -> Truth:
    """Return whether two cells have a holder in common; unknown if either is unknown."""
    if "unknown" in (one.state, other.state):
        return None
    return bool({actor for actor, _ in one.holders} & {actor for actor, _ in other.holders})


def count(truths: Iterable[Truth]) -> Counts:
    """Return how many are true, false and unknown."""
    found = list(truths)
    return Counts(
        sum(truth is True for truth in found), sum(truth is False for truth in found), sum(t is None for t in found)
    )


def verdict_of(claim: Claim, truths: Iterable[Truth]) -> str:
    """Return the verdict on a claim from the truth of its cases."""
    return verdict(claim.quantifier, claim.n, count(truths))


def _negated(truth: Truth) -> Truth:
    """Return the negation; unknown stays unknown."""
    return None if truth is None else not truth


def _numbers(condition: Condition, cell: CellState) -> range:
    """Return the possible numbers of holders: holders of unknown origin may share one or bring more."""
    if condition.counted == "actors":
        number = len({actor for actor, _ in cell.holders})
        return range(number, number + 1)
    known = len({origin for _, origin in cell.holders} - {"unknown"})
    unknown = sum(origin == "unknown" for _, origin in cell.holders)
    return range(max(known, min(unknown, 1)), known + unknown + 1)


@dataclass(frozen=True)
class ClaimResult:
    """What the coded evidence says of a claim."""

    claim: Claim
    verdict: str
    """supported, contradicted, mixed or undetermined."""
    cases: Mapping[str, Truth]
    """Truth of each case, by project; None is unknown."""
    unknown_cells: tuple[tuple[str, str], ...]
    """Cells in scope of which the holder is not known."""
    rows: tuple[int, ...]
    """Positions (in `Table.rows`) of the rows that decide the cases."""
    fragility: Fragility
    by_source: Mapping[str, str]
    """Verdict when only one source counts, for every source of the table."""
    without_own_source: str
    """Verdict without the claim's own source."""


def judge_claims(table: Table, claims: Sequence[Claim], view: View | None = None) -> tuple[ClaimResult, ...]:
    """Test claims against a table.

    Parameters
    ----------
    table
        A sound table.
    claims
        As read by `agency.claims.file.read_claims`.
    view
        Rules of rank, alleged rows and boundary; default the default view. Its selection and mode are not looked
        at: a claim brings its own scope.

    Returns
    -------
    tuple of ClaimResult
        In the order of the claims.

    Examples
    --------
    >>> import agency
    >>> from agency.claims.file import Claim, Condition
    >>> local = Condition("holders", holders="only", by="origin", among=("local",))
    >>> claim = Claim("operation", "Local actors operate both.", "vilaseoane2024", local,
    ...               projects=("ECU 911", "JSeI"), phases=("operation",))
    >>> judge_claims(agency.load().data, [claim])[0].verdict
    'supported'
    """
    rules = replace(view or View(), projects=(), phases=(), countries=(), mode="static", year=None, min_phases=0)
    everything = Evaluator(table, rules)
    sources = sorted({*table.rows["source"]}) if not rules.sources else list(rules.sources)
    single = {source: Evaluator(table, replace(rules, sources=(source,))) for source in sources}
    others = {
        own: Evaluator(table, replace(rules, sources=tuple(s for s in sources if s != own) or ("",)))
        for own in dict.fromkeys(claim.source for claim in claims)
    }
    prepare([everything, *single.values(), *others.values()], claims)
    found = fragilities(everything, claims)
    return tuple(
        ClaimResult(
            claim=claim,
            verdict=everything.verdict(claim),
            cases=everything.cases(claim),
            unknown_cells=everything.unknown_cells(claim),
            rows=everything.rows(claim),
            fragility=found[number],
            by_source={source: single[source].verdict(claim) for source in sources},
            without_own_source=others[claim.source].verdict(claim),
        )
        for number, claim in enumerate(claims)
    )


def claims_frame(table: Table, results: Sequence[ClaimResult]) -> pd.DataFrame:
    """Return one line per claim.

    Parameters
    ----------
    table
        The table the claims were tested on.
    results
        As `agency.claims.verdicts.judge_claims` returns them.

    Returns
    -------
    pandas.DataFrame
        id, text, source, locator, quote, quantifier, verdict; true, false, unknown (projects joined by ``; ``);
        fragility (``1``, ``2``, ``3`` or ``more than 3``), becomes, changes; without_own_source; one column
        ``by_source.KEY`` for each source; lines (of the deciding rows).

    Examples
    --------
    >>> import agency
    >>> from agency.claims.file import Claim, Condition
    >>> from agency.claims.verdicts import judge_claims
    >>> table = agency.load().data
    >>> condition = Condition("same_actor", among=("initiation", "operation"))
    >>> claim = Claim("owner", "Who asked also runs it.", "vilaseoane2024", condition, projects=("ECU 911", "JSeI"))
    >>> claims_frame(table, judge_claims(table, [claim])).loc[0, ["verdict", "true", "false"]].tolist()
    ['mixed', 'JSeI', 'ECU 911']
    """
    records = []
    for result in results:
        claim = result.claim
        records.append(
            {
                "id": claim.id,
                "text": claim.text,
                "source": claim.source,
                "locator": claim.locator,
                "quote": claim.quote,
                "quantifier": claim.quantifier + (f" {claim.n}" if claim.n else ""),
                "verdict": result.verdict,
                **{word: "; ".join(n for n, t in result.cases.items() if t is truth) for truth, word in WORDS.items()},
                "fragility": result.fragility.text,
                "becomes": result.fragility.becomes,
                "changes": "; ".join(change_text(table, change) for change in result.fragility.changes),
                "without_own_source": result.without_own_source,
                **{f"by_source.{source}": verdict for source, verdict in result.by_source.items()},
                "lines": " ".join(str(line) for line in table.rows.loc[list(result.rows), "line"]),
            }
        )
    return pd.DataFrame(records)


def claims_document(table: Table, results: Sequence[ClaimResult]) -> dict[str, Any]:
    """Return what ``agency claims -f json`` prints.

    Returns
    -------
    dict
        ``method`` and ``claims``, a list of id, text, source, locator, quote, quantifier, n, ``verdict``, ``cases``
        (project to true, false or unknown), ``unknown_cells``, ``rows`` (that decide), ``fragility`` (1, 2, 3 or
        ``more than 3``), ``fragility_rows`` (one such set of changes), ``becomes``, ``by_source`` and
        ``without_own_source``.
    """
    return {
        "method": {
            "version": METHOD_VERSION,
            "mode": "static; by year where a claim names years",
            "rank": "best",
            "fragility": f"fewest rows removed, or changed in origin or status; exhaustive to {LIMIT} rows",
            "data_sha256": table.sha256,
            "package_version": __version__,
        },
        "claims": [_entry(table, result) for result in results],
    }


def change_text(table: Table, change: Change) -> str:
    """Return a change of a row in words: ``line 28 removed (ECU 911, implementation, Local firms)``."""
    row = table.rows.loc[change.row]
    names = ", ".join(str(row[name]) for name in ("project", "phase", "holder") if row[name])
    return f"line {row['line']} {change.what} ({names})"


def _entry(table: Table, result: ClaimResult) -> dict[str, Any]:
    claim, fragility = result.claim, result.fragility
    return {
        "id": claim.id,
        "text": claim.text,
        "source": claim.source,
        "locator": claim.locator,
        "quote": claim.quote,
        "quantifier": claim.quantifier,
        **({"n": claim.n} if claim.n else {}),
        "verdict": result.verdict,
        "cases": {project: WORDS[truth] for project, truth in result.cases.items()},
        "unknown_cells": [list(cell) for cell in result.unknown_cells],
        "rows": [_row(table, row) for row in result.rows],
        "fragility": fragility.rows or fragility.text,
        "fragility_rows": [{**_row(table, change.row), "change": change.what} for change in fragility.changes],
        "becomes": fragility.becomes or None,
        "by_source": dict(result.by_source),
        "without_own_source": result.without_own_source,
    }


def _row(table: Table, row: int) -> dict[str, Any]:
    found = table.rows.loc[row].to_dict()
    names = ("project", "phase", "origin", "status", "source", "locator", "quote")
    return {"line": int(found["line"]), "actor": found["holder"], **{name: str(found[name]) for name in names}}


CellKey = tuple[str, str]


@dataclass(frozen=True)
class Change:
    """One row and what is done to it."""

    row: int
    """Position in `Table.rows`."""
    what: str
    """``removed``, ``origin: local``, ``status: vacant``."""


class Statement(NamedTuple):
    """All of a row that can decide a state: rows that differ elsewhere say the same."""

    actor_id: int
    origin: str
    status: str
    start: int | None
    end: int | None
    duration_years: int | None
    role: str
    rank: str


Signature = frozenset[Statement]
"""The distinct statements of a cell; its state depends on nothing else (and on its window)."""


Option = tuple[str, Statement | None]
"""What is done to a row, and what it says then; None: nothing."""


Groups = Sequence[tuple[Statement, Sequence[int]]]
"""The distinct statements of a cell, each with the rows that make it."""


def statements(table: Table, view: View) -> dict[CellKey, Groups]:
    """Return what the rows of every cell say, without rows that could never count whatever their origin and status."""
    rows = table.rows
    weight = rows["role"].map(role_weights(table.codebook, view))
    usable = (weight > 0) & (rows["rank"] != "deprecated")
    if not view.include_alleged:
        usable &= rows["confidence"] != "alleged"
    if view.sources:
        usable &= rows["source"].isin(view.sources)
    rows = rows[usable]
    columns = [rows[name].astype(object).where(rows[name].notna(), None) for name in Statement._fields]
    found: dict[CellKey, dict[Statement, list[int]]] = {}
    for row, project, phase, *values in zip(rows.index, rows["project"], rows["phase"], *columns, strict=True):
        found.setdefault((project, phase), {}).setdefault(Statement(*values), []).append(int(row))
    return {cell: tuple(said.items()) for cell, said in found.items()}


def options(statement: Statement, origins: Iterable[str], *, gaps_differ: bool) -> list[Option]:
    """Return the ways to change one row within the codebook that could matter.

    Calling a row proposed is the same as removing it, and only statuses that leave the row valid are possible: a
    vacant row names nobody, a row without an actor cannot hold, a bare duration belongs to a holder.

    Parameters
    ----------
    statement
        What the row says.
    origins
        Origins worth trying: one of each class that a condition tells apart.
    gaps_differ
        Whether vacant and negotiating are to be told apart.
    """
    found: list[Option] = [] if statement.status == "proposed" else [("removed", None)]
    if statement.actor_id >= 0:
        new = [origin for origin in origins if origin != statement.origin]
        found += [(f"origin: {origin}", statement._replace(origin=origin)) for origin in new]
    if statement.actor_id >= 0 and statement.status in ("negotiating", "proposed"):
        found.append(("status: held", statement._replace(status="held")))
    bare = statement.duration_years is not None and statement.start is None and statement.end is None
    if bare:
        return found
    was_gap = statement.status in ("vacant", "negotiating")
    silent = statement._replace(actor_id=-1, origin="")
    if statement.status != "vacant" and (gaps_differ or not was_gap):
        found.append(("status: vacant", silent._replace(status="vacant")))
    if statement.status != "negotiating" and gaps_differ:
        found.append(("status: negotiating", statement._replace(status="negotiating")))
    if statement.status != "not_applicable":
        found.append(("status: not_applicable", silent._replace(status="not_applicable")))
    return found


def reachable(
    groups: Groups, choices: Callable[[Statement], Sequence[Option]], limit: int
) -> dict[Signature, tuple[Change, ...]]:
    """Return every set of statements that changing up to `limit` rows can lead to, with the fewest such changes.

    Rows that say the same are interchangeable, so only their number is searched. Each row changes at most once.
    """
    possible = [choices(statement) for statement, _ in groups]
    said = [statement for statement, _ in groups]
    level: dict[tuple[tuple[int, ...], Signature], tuple[Change, ...]] = {((0,) * len(groups), frozenset()): ()}
    found: dict[Signature, tuple[Change, ...]] = {frozenset(said): ()}
    for _ in range(limit):
        following: dict[tuple[tuple[int, ...], Signature], tuple[Change, ...]] = {}
        for (taken, added), changes in level.items():
            for place, (_, rows) in enumerate(groups):
                if taken[place] == len(rows):
                    continue
                now = (*taken[:place], taken[place] + 1, *taken[place + 1 :])
                for what, new in possible[place]:
                    state = (now, added if new is None else added | {new})
                    following.setdefault(state, (*changes, Change(rows[taken[place]], what)))
        for (taken, added), changes in following.items():
            left = (
                statement for statement, gone, (_, rows) in zip(said, taken, groups, strict=True) if gone < len(rows)
            )
            found.setdefault(added.union(left), changes)
        level = following
    return found


def variant_table(table: Table, variants: Sequence[tuple[str, Mapping[str, Signature]]]) -> Table:
    """Return a table with a project for each variant of a project, named by its number.

    Parameters
    ----------
    table
        Where names and windows come from.
    variants
        Project, and what its phases say.
    """
    names = table.rows.drop_duplicates("actor_id").set_index("actor_id")["holder"]
    records = [
        (str(number), phase, *statement)
        for number, (_, phases) in enumerate(variants)
        for phase, signature in phases.items()
        for statement in sorted(signature, key=_order)
    ]
    rows = pd.DataFrame(records, columns=["project", "phase", *Statement._fields])
    whole = dict.fromkeys(("start", "end", "duration_years"), "Int64")
    text = dict.fromkeys(("project", "phase", "origin", "status", "role", "rank"), "str")
    rows = rows.astype({**whole, **text, "actor_id": "int64"})
    holder = rows["actor_id"].map(names).fillna("").astype("str")
    rows = rows.assign(actor=holder, holder=holder, source="", confidence="reported", country="")
    projects = table.projects.loc[[project for project, _ in variants]]
    projects = projects.set_axis([str(number) for number in range(len(variants))], axis=0)
    return replace(table, rows=rows, projects=projects)


@cache
def _order(statement: Statement) -> tuple[str, ...]:
    """Sort by anything, always the same way: years may be missing."""
    return tuple(str(part) for part in statement)


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
    resolved = Resolved(table, replace(rules, mode="static" if year is None else "snapshot"))
    matrix = resolved.matrix
    columns = ["project", "phase", "actor_id", "origin"]
    holders: dict[tuple[str, str], set[tuple[int, str]]] = {}
    for project, phase, actor, origin in matrix.sets[columns].itertuples(index=False):
        holders.setdefault((project, phase), set()).add((int(actor), origin))
    gaps = _gap_statuses(resolved)
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


def _gap_statuses(resolved: Resolved) -> dict[tuple[str, str], set[str]]:
    """Return which of negotiating and vacant the rows behind each gap say; dated rows before undated (rule 6)."""
    rows = resolved.rows
    rows = rows[rows["counts"] & rows["status"].isin(GAP)]
    dated = rows["start"].notna() | rows["end"].notna()
    strong = dated.groupby([rows["project"], rows["phase"]]).transform("any")
    chosen = rows[dated | ~strong] if resolved.asked else rows
    found: dict[tuple[str, str], set[str]] = {}
    for project, phase, status in chosen[["project", "phase", "status"]].itertuples(index=False):
        found.setdefault((project, phase), set()).add(status)
    return found


Outcomes = Mapping[Signature, Changes]


_FRAMES = ("phases", "shares", "sets", "years", "year_shares", "durations", "events")


_BATCH = 4000
"""Changed projects computed at once: enough to be fast, few enough to stay small."""


def indicator_values(table: Table, view: View, claim: Claim, year: Year) -> dict[str, Any]:
    """Return the claim's indicator by project, computed over its phases in scope; a missing value is None.

    A project of which nothing is known in these phases, or the indicator says nothing, is not there: a count of 0
    holders would be ignorance, not knowledge.
    """
    resolved = _resolved(table, view, claim, year)
    if resolved is None:
        return {}
    frame = measured(resolved, keys=[claim.condition.indicator])
    phases = resolved.matrix.phases
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
    resolved = _resolved(table, view, claim, year)
    return None if resolved is None else resolved.matrix


def _resolved(table: Table, view: View, claim: Claim, year: Year) -> Resolved | None:
    if year is None:
        return Resolved(table, replace(view, phases=claim.phases))
    windows = table.projects
    inside = (windows["window_start"] <= year) & (year <= windows["window_end"])
    if not inside.fillna(value=False).any():
        return None
    return Resolved(table, replace(view, phases=claim.phases, mode="snapshot", year=year))


def _fingerprints(matrix: Matrix | None) -> dict[str, tuple[Any, ...]]:
    """Return everything a matrix says of each of its projects."""
    found: dict[str, list[Any]] = {}
    for name in _FRAMES if matrix is not None else ():
        frame: pd.DataFrame = getattr(matrix, name)
        filled = frame.astype(object).where(frame.notna(), None)
        for project, *values in filled[["project", *filled.columns.drop("project")]].itertuples(index=False):
            found.setdefault(str(project), []).append((name, *values))
    return {project: tuple(said) for project, said in found.items()}


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
        everything = replace(self.view, projects=(), countries=(), phases=self.phases(claim), min_phases=0)
        deciding = Resolved(self.table, everything).rows
        deciding = deciding[deciding["use"].isin(["decides", "idle", "outside"])]
        return tuple(int(row) for row in rows.index[inside & rows.index.isin(deciding.index)])

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

    for claim in claims:
        if claim.condition.test == "indicator":
            for year in years(claim):
                values = indicator_values(table, first.variant_view, claim, year)
                for number, evaluator in enumerate(evaluators):
                    own = {name.partition("/")[2]: v for name, v in values.items() if name.startswith(f"{number}/")}
                    evaluator.keep_indicator(claim, year, own)


def _stacked(evaluators: Sequence[Evaluator]) -> Table:
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
