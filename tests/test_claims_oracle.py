"""Claims on random studies: the room and the slow reading of section 6 agree on every case, verdict and source."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from oracle import claims as slow
from oracle.conflicts import domain
from oracle.model import Study
from oracle.strategies import KEYS, LABELS, studies, write
from strategies import examples

from agency.claims import Claim, Condition, Where, judge
from agency.resolve import Resolved, View
from agency.table import Table, load_table

PHASES = tuple(LABELS)


def holders(word: str, **among: list[str]) -> dict[str, Any]:
    return {"holders": word, **among}


@st.composite
def who(draw: st.DrawFn, study: Study) -> dict[str, list[str]]:
    """Whom a condition asks about: mostly what the study has, so that claims and rows meet."""
    by, column, others = draw(
        st.sampled_from(
            [
                ("origin", "origin", ["local", "chinese", "western"]),
                ("actor", "actor", list("ABCD")),
                ("kind", "actor_kind", ["government", "private_firm"]),
            ]
        )
    )
    there = sorted({row.get(column, "") for row in study.rows} & set(others)) or others
    return {by: draw(st.lists(st.sampled_from(there * 3 + others), min_size=1, max_size=2, unique=True))}


@st.composite
def conditions(draw: st.DrawFn, study: Study) -> dict[str, Any]:
    asked = who(study)
    test = draw(
        st.sampled_from(["include", "include", "exclude", "only", "only", "same", "status", "number", "change"])
    )
    if test in ("include", "exclude"):
        return {**holders(test), **draw(asked), **draw(st.sampled_from([{}, {"role": "lead"}]))}
    if test == "only":
        return {**holders("only"), **draw(asked)}
    if test == "same":
        return {"same_actor": draw(st.sampled_from([["design", "maintenance"], ["initiation", "operation"]]))}
    if test == "status":
        names = ["held", "vacant", "negotiating", "not_applicable", "denied"]
        return {"status": draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))}
    if test == "number":
        op = draw(st.sampled_from([">", ">=", "<", "<=", "==", "!="]))
        return {"n_holders": "actors", "op": op, "value": draw(st.integers(0, 3))}
    first = draw(st.sampled_from(list(domain(study))[:-3]))  # of other years the slow reading knows nothing
    return {
        **holders("include"),
        **draw(asked),
        "from": first,
        "to": first + draw(st.integers(1, 3)),
        "ends": draw(st.booleans()),
    }


@st.composite
def claims(draw: st.DrawFn, study: Study) -> dict[str, Any]:
    condition = draw(conditions(study))
    scope: dict[str, Any] = {}
    # The phases of the study, so that claims and rows meet.
    used = sorted({row["phase"] for row in study.rows})
    if "same_actor" in condition:
        if len(used) > 1:
            condition["same_actor"] = draw(st.permutations(used))[:2]
    else:
        scope["phases"] = draw(st.lists(st.sampled_from(used), min_size=1, max_size=2, unique=True))
    inside = [year for year in range(2010, 2021) if year in domain(study)]
    if "from" not in condition and inside and draw(st.booleans()):
        first = draw(st.sampled_from(inside))
        scope["years"] = [year for year in range(first, first + draw(st.integers(1, 3))) if year in inside]
    if draw(st.integers(0, 4)) == 0:
        scope["type"] = draw(st.sampled_from(["cable", "satellite"]))
    if draw(st.integers(0, 4)) == 0:
        scope["where"] = {"phase": draw(st.sampled_from(used)), **holders("include"), **draw(who(study))}
    return {
        "source": draw(st.sampled_from(KEYS[:2])),
        "quantifier": draw(st.sampled_from(["every", "every", "some", "none", "most", "at_least"])),
        "n": 2,
        "scope": scope,
        "condition": condition,
    }


def record(claim: dict[str, Any]) -> Claim:
    scope = claim["scope"]
    where = scope.get("where")
    return Claim(
        "c",
        "A sentence.",
        claim["source"],
        condition(claim["condition"]),
        quantifier=claim["quantifier"],
        n=claim["n"],
        phases=tuple(scope.get("phases", ())),
        years=tuple(scope.get("years", ())),
        types=(scope["type"],) if "type" in scope else (),
        where=Where(where["phase"], condition(where)) if where else None,
    )


def condition(entry: dict[str, Any]) -> Condition:
    if "holders" in entry:
        by = next(name for name in ("origin", "actor", "kind") if name in entry)
        change = {"before": entry.get("from"), "after": entry.get("to"), "ends": entry.get("ends", False)}
        return Condition(
            "holders", holders=entry["holders"], by=by, among=tuple(entry[by]), role=entry.get("role", ""), **change
        )
    if "same_actor" in entry:
        return Condition("same_actor", among=tuple(entry["same_actor"]))
    if "status" in entry:
        return Condition("status", among=tuple(entry["status"]))
    return Condition("n_holders", counted=entry["n_holders"], op=entry["op"], value=entry["value"])


def table_of(study: Study) -> Table:
    with tempfile.TemporaryDirectory() as folder:
        table = load_table(write(study, Path(folder)))
    if any(hasattr(source, "derives_from") for source in table.sources.values()):
        return table
    # The reader of sources does not know the field yet.
    retold = {key: _Source(tuple(facts.get("derives_from", ()))) for key, facts in study.sources.items()}
    return replace(table, sources=retold)


class _Source:
    def __init__(self, derives_from: tuple[str, ...]) -> None:
        self.derives_from = derives_from


def drawn_claims(study: Study) -> st.SearchStrategy[tuple[Study, list[dict[str, Any]]]]:
    return st.tuples(st.just(study), st.lists(claims(study), min_size=4, max_size=4))


@settings(max_examples=examples(15), deadline=None, suppress_health_check=list(HealthCheck))
@given(studies().flatmap(drawn_claims))
def test_the_room_agrees_with_the_slow_reading(drawn: tuple[Study, list[dict[str, Any]]]) -> None:
    study, entries = drawn
    resolved = Resolved(table_of(study), View(min_phases=0))
    sound = []
    for entry in entries:
        try:
            cases = slow.claim_cases(entry, study)
        except ValueError:  # `where` that no case meets is an error of the file
            continue
        if cases:  # so is a scope without a project
            sound.append((entry, cases))
    assume(sound)
    results = judge(resolved, [record(entry) for entry, _ in sound])
    lines = resolved.table.rows["line"]
    for (entry, cases), result in zip(sound, results, strict=True):
        found = {case.project: (case.verdict, case.open) for case in result.cases}
        assert found == {project: (case.verdict, case.open) for project, case in cases.items()}, entry
        for case in result.cases:
            expected = cases[case.project]
            assert tuple(lines[row] for row in case.pro) == expected.rows_for, entry
            assert tuple(lines[row] for row in case.contra) == expected.rows_against, entry
        assert result.verdict == slow.verdict_of([case.verdict for case in cases.values()], entry), entry
        assert dict(result.by_source) == slow.by_source(entry, study), entry
        assert result.without_own_source == slow.without_own_source(entry, study), entry
        rests = result.rests_on
        assert (rests and (rests.statements, rests.sources)) == slow.rests_on(entry, study), entry


QUANTIFIERS = ("every", "some", "none", "most", "at_least")
CASES = st.lists(
    st.sampled_from(["supported", "contradicted", "disputed", "alleged", "undated", "silent"]), min_size=1, max_size=7
)


@pytest.mark.parametrize("quantifier", QUANTIFIERS)
@settings(max_examples=examples(30), deadline=None)
@given(CASES, st.integers(1, 4))
def test_verdict_over_cases(quantifier: str, cases: list[str], n: int) -> None:
    from agency.claims.verdicts import verdict_of

    claim = Claim("c", "t", "s", quantifier=quantifier, n=n)
    assert verdict_of(claim, cases) == slow.verdict_of(cases, {"quantifier": quantifier, "n": n})
