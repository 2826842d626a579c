"""Truth of a condition in a case, and the verdict over cases. Three-valued: True, False, None (unknown)."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, NamedTuple

from agency.measures.cellstates import CellState
from agency.measures.claimmodel import Claim, Condition

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
