"""What a number says of a claim: its value, its bounds and every variant of the study must meet the condition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from agency.claims.claim import Claim, Condition
from agency.claims.evidence import Case
from agency.claims.speech import COMPARE
from agency.errors import UsageError
from agency.indicators import Variants, indicator, measured, random_weights, variants
from agency.resolve import TOLERANCE, Resolved

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agency.vocabulary import Codebook

WORDS_OF_INDICATORS = (".state",)
"""Endings of keys whose value is a word."""
_LISTS = (".actor", ".phases", ".years")
_NO_NUMBERS = ("evidence", "leave_one_out", "timeline", "sole_foreign_phases", "change_points")
"""Lists, ranges, and what is not about holders but about how well they are documented."""
_BY_ORIGIN = ("composition", "share", "full_count", "sole_count")
"""Families with a key for each origin of the codebook."""
_USES = ("decides", "dates")
"""Uses of the rows a number rests on."""
_BASE = ""


def keys_by_origin(codebook: Codebook) -> frozenset[str]:
    """Return the keys that every study with this codebook has: they are known without computing any number.

    Examples
    --------
    >>> import agency
    >>> "composition.chinese" in keys_by_origin(agency.load().data.codebook)
    True
    """
    return frozenset(f"{family}.{origin.key}" for family in _BY_ORIGIN for origin in codebook.origins)


def comparable_keys(resolved: Resolved, key: str) -> tuple[str, ...]:
    """Return the keys of an indicator's family that a claim can be about; those of all families for no indicator.

    Examples
    --------
    >>> import agency
    >>> comparable_keys(agency.load().resolved, "composition.chinise")[:2]
    ('composition.local', 'composition.chinese')
    """
    try:
        families = [indicator(key).key]
    except UsageError:
        families = None
    frame = measured(resolved, keys=families)
    names = frame["key"].drop_duplicates()
    names = names[~names.str.endswith(_LISTS) & ~names.str.split(".").str[0].isin(_NO_NUMBERS)]
    return tuple(names)


@dataclass(eq=False)
class Numbers:
    """The indicators of a study under every variant, each computed once however many claims ask for it.

    Examples
    --------
    >>> import agency
    >>> numbers = Numbers(agency.load().resolved)
    >>> at_least_one = Condition("indicator", indicator="full_count.local", op=">=", value=1)
    >>> numbers.cases(Claim("x", "t", "s", at_least_one), ("JSeI",))[0].verdict
    'supported'
    """

    resolved: Resolved
    projects: tuple[str, ...] = ()
    """The projects that are resolved, so that no variant is computed for the others; empty: all."""
    asked: tuple[str, ...] = ()
    """Those of them that claims ask about, all that is resolved of some sources alone; empty: the same."""
    _studies: dict[Any, Resolved] = field(default_factory=dict)
    _varied: dict[Any, Variants] = field(default_factory=dict)
    _frames: dict[Any, pd.DataFrame] = field(default_factory=dict)

    def cases(self, claim: Claim, projects: tuple[str, ...], sources: tuple[str, ...] = ()) -> tuple[Case, ...]:
        """Return what the numbers say of each case.

        Parameters
        ----------
        claim
            Its condition is an ``indicator``.
        projects
            The cases.
        sources
            Only statements of these sources; empty: of every selected one.
        """
        tried = self._tried(claim, projects, sources, variants=True)
        return tuple(self._case(claim, name, tried.get(name, []), sources) for name in projects)

    def side(self, claim: Claim, projects: tuple[str, ...], source: str) -> str:
        """Return what one source alone is to a claim, by value and bounds: for, against, both or silent."""
        tried = self._tried(claim, projects, (source,), variants=False)
        passed = {passes for tries in tried.values() for _, passes in tries}
        return {(True,): "for", (False,): "against", (False, True): "both"}.get(tuple(sorted(passed)), "silent")

    def rests_on(self, claim: Claim, known: tuple[str, ...], retold: Mapping[str, str]) -> tuple[int, int] | None:
        """Return statements and independent sources of the known case with fewest."""
        rows = self._rows(claim, ())
        numbers = []
        for name in known:
            mine = rows[rows["project"] == name]
            numbers.append((len({retold.get(key, key) for key in mine["source"]}), len(mine)))
        return min(numbers)[::-1] if numbers else None

    def _case(self, claim: Claim, project: str, tried: list[tuple[str, bool]], sources: tuple[str, ...]) -> Case:
        passed = {passes for _, passes in tried}
        if not tried:
            return Case(project, "silent")
        rows = self._rows(claim, sources)
        lines = tuple(int(row) for row in rows.index[rows["project"] == project])
        if len(passed) == 1:
            holds = passed.pop()
            return Case(project, "supported", pro=lines) if holds else Case(project, "contradicted", contra=lines)
        turned = tuple(dict.fromkeys(name or "bounds" for name, passes in tried if passes != tried[0][1]))
        return Case(project, "disputed", pro=lines, contra=lines, turned_by=turned)

    def _rows(self, claim: Claim, sources: tuple[str, ...]) -> pd.DataFrame:
        """Return the statements that the numbers of the claim's phases rest on."""
        rows = self._study(claim, claim.years[0] if claim.years else None, sources).rows
        return rows[rows["use"].isin(_USES) & rows["phase"].isin(self._phases(claim))]

    def _phases(self, claim: Claim) -> tuple[str, ...]:
        """Return the phases a number of the claim is made of."""
        return claim.phases or tuple(phase.key for phase in self.resolved.codebook.core_phases)

    def _tried(
        self, claim: Claim, projects: tuple[str, ...], sources: tuple[str, ...], *, variants: bool
    ) -> dict[str, list[tuple[str, bool]]]:
        """Return by project whether the condition is met, by the name of what was tried; "" is the study as it is."""
        condition = claim.condition or Condition("indicator")
        years = claim.years or (None,)
        spoken = [self._spoken(claim, year, sources) for year in years]
        known = {name for name in projects if all(name in of_year for of_year in spoken)}
        if not known:
            return {}
        found: dict[str, list[tuple[str, bool]]] = {}
        for year in years:
            for name, frame in self._numbers(claim, year, sources, variants=variants):
                tried = {project: _passes(condition, frame, project) for project in projects if project in known}
                if name == _BASE:
                    known = {project for project, passes in tried.items() if passes is not None}
                for project in known:
                    if tried[project] is not None:
                        found.setdefault(project, []).append((name, bool(tried[project])))
        return {project: tries for project, tries in found.items() if project in known}

    def _spoken(self, claim: Claim, year: int | None, sources: tuple[str, ...]) -> set[str]:
        """Return the projects of which anything is known in these phases: of the others a count of 0 says nothing."""
        rows = self.resolved.table.rows
        rows = rows[rows["phase"].isin(self._phases(claim)) & (rows["source"].isin(sources) | (not sources))]
        spoken = set(rows["project"])
        if self.asked and not spoken & set(self.asked):
            return set()
        try:
            phases = self._study(claim, year, sources).matrix.phases
        except UsageError:  # no project has the year in its window
            return set()
        return spoken & set(phases.loc[phases["unknown"] < 1, "project"])

    def _numbers(
        self, claim: Claim, year: int | None, sources: tuple[str, ...], *, variants: bool
    ) -> Iterator[tuple[str, pd.DataFrame]]:
        """Yield the value of the claim's indicator by project, then its bounds and variants."""
        key = claim.condition.indicator if claim.condition is not None else ""
        study = self._study(claim, year, sources)
        base = self._frame(study, key)
        yield _BASE, base
        yield "bounds", base.assign(value=base["low"], other=base["high"])
        yield "bounds", base.assign(value=base["high"], other=base["low"])
        if not variants:
            return
        family = indicator(key).key
        for name, frame in self._variants(claim, year, sources).measured([family]).items():
            yield name, _of_key(frame, key)
        if key.startswith("composition."):
            if (study, "weights") not in self._frames:
                self._frames[(study, "weights")] = random_weights(study)
            drawn = self._frames[(study, "weights")]
            drawn = drawn[drawn["key"] == key].set_index("project")
            yield "weights", pd.DataFrame({"value": drawn["p05"], "other": drawn["p95"]})
            yield "weights", pd.DataFrame({"value": drawn["p95"], "other": drawn["p05"]})

    def _study(self, claim: Claim, year: int | None, sources: tuple[str, ...]) -> Resolved:
        """Return the study in the claim's phases and year."""
        place = (claim.phases, year, sources)
        if place not in self._studies:
            changes: dict[str, Any] = {"phases": claim.phases, "min_phases": 0}
            projects = self.asked if sources and self.asked else self.projects
            if projects:
                changes |= {"projects": projects, "countries": ()}
            if year is not None:
                changes |= {"mode": "snapshot", "year": year}
            if sources:
                changes["sources"] = sources
            self._studies[place] = self.resolved.under(**changes)
        return self._studies[place]

    def _variants(self, claim: Claim, year: int | None, sources: tuple[str, ...]) -> Variants:
        """Return the variants of a study."""
        place = (claim.phases, year, sources)
        if place not in self._varied:
            self._varied[place] = variants(self._study(claim, year, sources))
        return self._varied[place]

    def _frame(self, study: Resolved, key: str) -> pd.DataFrame:
        """Return value, low and high of an indicator by project; nothing where a variant leaves no row."""
        family = indicator(key).key
        if (study, family) not in self._frames:  # variants that no statement is touched by are one study
            try:
                found = measured(study, keys=[family])
            except UsageError:  # a variant without the year asked for
                found = pd.DataFrame(columns=["project", "key", "value", "low", "high"])
            self._frames[(study, family)] = found
        return _of_key(self._frames[(study, family)], key)


def _of_key(frame: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return the lines of an indicator by project."""
    mine = frame[frame["key"] == key].set_index("project")
    if key.endswith(WORDS_OF_INDICATORS) and "text" in mine:
        mine = mine.assign(value=mine["text"])
    return mine.assign(other=mine["value"])


def _passes(condition: Condition, frame: pd.DataFrame, project: str) -> bool | None:
    """Return whether a number meets the condition; None where there is none on either side."""
    wanted: Any = condition.value
    if condition.project:
        # The least of one side against the greatest of the other.
        wanted = frame["other"].get(condition.project)
    value: Any = frame["value"].get(project)
    if _is_nothing(value) or _is_nothing(wanted):
        return None
    if isinstance(value, str) or isinstance(wanted, str):
        return bool(COMPARE[condition.op](str(value), str(wanted)))
    difference = float(value) - float(wanted)
    # Shares are sums of fractions in binary: two that are meant to be equal may differ in the last digit.
    return bool(COMPARE[condition.op](0.0 if abs(difference) <= TOLERANCE else np.sign(difference), 0.0))


def _is_nothing(value: Any) -> bool:
    return value is None or (not isinstance(value, str) and bool(pd.isna(value)))
