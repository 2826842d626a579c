"""Claims: the file, truth, verdicts against a slow evaluator, fragility against exhaustive search, the command."""

from __future__ import annotations

import json
import operator
from collections import Counter
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from agency.claims.file import Claim, Condition, claims_of, read_claims
from agency.claims.verdicts import ClaimResult, Counts, Evaluator, claims_document, claims_frame, judge_claims, verdict
from agency.errors import DataError, UsageError
from agency.indicators.registry import indicators
from agency.resolve import Resolved
from agency.resolve.view import View
from agency.study import load
from agency.table.load import table_from_records
from agency.table.model import Table

ORIGINS = ("local", "chinese", "western", "other", "mixed", "unknown")
KINDS = {"A": "state_firm", "B": "private_firm", "C": ""}
SENTENCE = "agency claims"

Record = dict[str, Any]


def row(project: str = "P", phase: str = "design", actor: str = "A", origin: str = "chinese", **more: Any) -> Record:
    return {
        "project": project,
        "phase": phase,
        "actor": actor,
        "origin": origin if actor else "",
        "actor_kind": KINDS.get(actor, ""),
        "status": "held",
        "source": "s",
        "note": "why",
        **more,
    }


def claim(condition: Condition, **more: Any) -> Claim:
    return Claim("c", "A sentence.", more.pop("source", "s"), condition, **more)


def holders(how: str, *names: str, by: str = "origin") -> Condition:
    return Condition("holders", holders=how, by=by, among=names)


def judged(records: list[Record], one: Claim, **more: Any) -> ClaimResult:
    return judge_claims(table_from_records(records, **more), [one])[0]


# --- The verdict ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "quantifier, n, counts, expected",
    [
        ("every", 0, (3, 0, 0), "supported"),
        ("every", 0, (0, 3, 0), "contradicted"),
        ("every", 0, (2, 1, 0), "mixed"),
        ("every", 0, (1, 1, 5), "mixed"),
        ("every", 0, (2, 0, 1), "undetermined"),
        ("every", 0, (0, 2, 1), "undetermined"),
        ("every", 0, (0, 0, 1), "undetermined"),
        ("none", 0, (0, 3, 0), "supported"),
        ("none", 0, (3, 0, 0), "contradicted"),
        ("none", 0, (1, 2, 0), "mixed"),
        ("none", 0, (0, 2, 1), "undetermined"),
        ("some", 0, (1, 4, 2), "supported"),
        ("some", 0, (0, 4, 0), "contradicted"),
        ("some", 0, (0, 4, 1), "undetermined"),
        ("at_least", 2, (2, 4, 0), "supported"),
        ("at_least", 2, (1, 4, 1), "undetermined"),
        ("at_least", 2, (1, 4, 0), "contradicted"),
        ("at_least", 3, (1, 0, 1), "contradicted"),
        ("most", 0, (2, 1, 0), "supported"),
        ("most", 0, (2, 1, 1), "undetermined"),
        ("most", 0, (2, 2, 0), "contradicted"),
        ("most", 0, (3, 1, 1), "supported"),
        ("most", 0, (0, 2, 2), "contradicted"),
    ],
)
def test_verdict(quantifier: str, n: int, counts: tuple[int, int, int], expected: str) -> None:
    assert verdict(quantifier, n, Counts(*counts)) == expected


@given(
    st.sampled_from(["some", "at_least", "most"]),
    st.integers(1, 4),
    st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 4)).filter(any),
)
@settings(max_examples=80)
def test_a_verdict_stands_when_no_filling_changes_it(quantifier: str, n: int, counts: tuple[int, int, int]) -> None:
    true, _false, unknown = counts
    needed = {"some": 1, "at_least": n, "most": sum(counts) / 2 + 0.5}[quantifier]
    fillings = {true + more >= needed for more in range(unknown + 1)}
    expected = "undetermined" if len(fillings) == 2 else "supported" if True in fillings else "contradicted"
    assert verdict(quantifier, n, Counts(*counts)) == expected


# --- A slow evaluator: cells without years, one row at a time, unknown origins tried one by one --------------------


def cell_of(records: list[Record], project: str, phase: str) -> tuple[str, set[tuple[str, str]], set[str]]:
    """Return state, holders and gap statuses of a cell by rules 2 and 5."""
    rows = [r for r in records if (r["project"], r["phase"]) == (project, phase) and r["status"] != "proposed"]
    rows = [r for r in rows if r.get("confidence") != "alleged" and r.get("role", "lead") == "lead"]
    preferred = [r for r in rows if r.get("rank") == "preferred"]
    rows = preferred or [r for r in rows if r.get("rank", "normal") == "normal"]
    held = {(r["actor"], r["origin"]) for r in rows if r["status"] == "held"}
    gaps = {r["status"] for r in rows} & {"vacant", "negotiating"}
    state = "held" if held else "gap" if gaps else "not_applicable" if rows else "unknown"
    return state, held, gaps if state == "gap" else set()


def completions(held: set[tuple[str, str]]) -> Iterator[set[tuple[str, str]]]:
    """Yield the holders with every unknown origin replaced by each possible one."""
    unknown = sorted(holder for holder in held if holder[1] == "unknown")
    for origins in product(ORIGINS[:-1], repeat=len(unknown)):
        yield held - set(unknown) | {(actor, origin) for (actor, _), origin in zip(unknown, origins, strict=True)}


def meets(condition: Condition, state: str, held: set[tuple[str, str]], gaps: set[str]) -> bool:
    if condition.test == "status":
        return bool({state} & set(condition.among) or gaps & set(condition.among))
    if condition.test == "n_holders":
        number = len({holder[condition.counted == "origins"] for holder in held})
        value = condition.value
        return {">=": number >= value, "==": number == value, "<": number < value}[condition.op]
    found = {holder[condition.by == "origin"] for holder in held}
    if condition.by == "kind":
        found = {KINDS[actor] for actor, _ in held}
    if condition.holders == "only":
        return bool(found) and found <= set(condition.among)
    return bool(found & set(condition.among)) == (condition.holders == "include")


def slow_cell(condition: Condition, records: list[Record], project: str, phase: str) -> bool | None:
    state, held, gaps = cell_of(records, project, phase)
    if state == "unknown":
        return None
    if condition.by == "kind" and any(actor == "C" for actor, _ in held):
        # An actor of unknown kind: the condition is known only if it holds, or fails, whatever C is.
        known = {(actor, origin) for actor, origin in held if actor != "C"}
        kinds = {actor: KINDS[actor] for actor, _ in known}
        answers = set()
        for kind in ("state_firm", "private_firm", "bank"):
            found = {*kinds.values(), kind}
            inside = found & set(condition.among)
            answers.add(
                {"only": found <= set(condition.among), "include": bool(inside), "exclude": not inside}[
                    condition.holders
                ]
            )
        return answers.pop() if len(answers) == 1 else None
    answers = {meets(condition, state, filled, gaps) for filled in completions(held)}
    return answers.pop() if len(answers) == 1 else None


def slow_case(one: Claim, records: list[Record], project: str) -> bool | None:
    if one.condition.test == "same_actor":
        cells = [cell_of(records, project, phase) for phase in one.condition.among]
        if any(state == "unknown" for state, _, _ in cells):
            return None
        return bool({actor for actor, _ in cells[0][1]} & {actor for actor, _ in cells[1][1]})
    truths = [slow_cell(one.condition, records, project, phase) for phase in one.phases]
    return False if False in truths else None if None in truths else True


def slow_verdict(one: Claim, records: list[Record]) -> str:
    numbers = Counter(slow_case(one, records, project) for project in one.projects)
    return verdict(one.quantifier, one.n, Counts(numbers[True], numbers[False], numbers[None]))


def changed(record: Record) -> Iterator[Record | None]:
    """Yield a row removed, and changed in origin or in status within the codebook."""
    yield None
    if record["actor"]:
        yield from ({**record, "origin": origin} for origin in ORIGINS if origin != record["origin"])
        statuses = ("held", "proposed", "negotiating")
        yield from ({**record, "status": status} for status in statuses if status != record["status"])
    nobody = {**record, "actor": "", "origin": "", "actor_kind": ""}
    for status in ("vacant", "negotiating", "not_applicable"):
        if (record["actor"], record["status"]) != ("", status):
            yield {**nobody, "status": status}


def slow_fragility(one: Claim, records: list[Record]) -> int | None:
    now = slow_verdict(one, records)
    for size in (1, 2, 3):
        for places in combinations(range(len(records)), size):
            rest = [record for place, record in enumerate(records) if place not in places]
            for edits in product(*(list(changed(records[place])) for place in places)):
                if slow_verdict(one, [*rest, *(edit for edit in edits if edit)]) != now:
                    return size
    return None


ROWS = st.builds(
    lambda project, phase, holder, status, rank: row(
        project, phase, holder[0] if status in ("held", "proposed") else "", holder[1], status=status, rank=rank
    ),
    st.sampled_from("PQ"),
    st.sampled_from(["design", "operation"]),
    st.tuples(st.sampled_from("ABC"), st.sampled_from(ORIGINS)),
    st.sampled_from(["held", "held", "held", "proposed", "vacant", "negotiating", "not_applicable"]),
    st.sampled_from(["normal", "normal", "preferred"]),
)
CONDITIONS = st.one_of(
    st.builds(
        lambda how, names: holders(how, *names),
        st.sampled_from(["only", "include", "exclude"]),
        st.lists(st.sampled_from(ORIGINS[:-1]), min_size=1, max_size=2, unique=True),
    ),
    st.builds(
        lambda how, name: holders(how, name, by="actor"),
        st.sampled_from(["only", "include", "exclude"]),
        st.sampled_from("AB"),
    ),
    st.builds(
        lambda how, kind: holders(how, kind, by="kind"),
        st.sampled_from(["only", "include", "exclude"]),
        st.sampled_from(["state_firm", "private_firm"]),
    ),
    st.just(Condition("same_actor", among=("design", "operation"))),
    st.builds(
        lambda *names: Condition("status", among=names),
        st.sampled_from(["held", "vacant", "not_applicable"]),
        st.sampled_from(["held", "negotiating"]),
    ),
    st.builds(
        lambda counted, op, value: Condition("n_holders", counted=counted, op=op, value=value),
        st.sampled_from(["actors", "origins"]),
        st.sampled_from([">=", "==", "<"]),
        st.integers(0, 3),
    ),
)
CLAIMS = st.builds(
    lambda condition, quantifier, phases: claim(
        condition,
        quantifier=quantifier,
        n=2 if quantifier == "at_least" else 0,
        projects=("P", "Q"),
        phases=() if condition.test == "same_actor" else phases,
    ),
    CONDITIONS,
    st.sampled_from(["every", "some", "none", "most", "at_least"]),
    st.sampled_from([("design",), ("operation",), ("design", "operation")]),
)


def with_both_projects(records: list[Record]) -> list[Record]:
    """Add a row that decides nothing in scope, so that both projects and all actors are in the table."""
    actors = [row(project, "initiation", actor, "local") for project in "PQ" for actor in "ABC"]
    return [*records, *actors]


@given(st.lists(ROWS, max_size=8), st.lists(CLAIMS, min_size=4, max_size=4))
@settings(max_examples=25, deadline=None)
def test_verdicts_are_those_of_the_slow_evaluator(records: list[Record], claims: list[Claim]) -> None:
    everything = with_both_projects(records)
    evaluator = Evaluator(table_from_records(everything), View(min_phases=0))
    for one in claims:
        cases = evaluator.cases(one)
        assert cases == {project: slow_case(one, records, project) for project in "PQ"}
        assert evaluator.verdict(one) == slow_verdict(one, records)


@given(st.lists(ROWS, max_size=4), st.lists(CLAIMS, min_size=2, max_size=2))
@settings(max_examples=20, deadline=None)
def test_fragility_is_that_of_an_exhaustive_search(records: list[Record], claims: list[Claim]) -> None:
    results = judge_claims(table_from_records(with_both_projects(records)), claims)
    for one, result in zip(claims, results, strict=True):
        assert result.fragility.rows == slow_fragility(one, records)


@given(st.lists(ROWS, min_size=1, max_size=5), CLAIMS)
@settings(max_examples=20, deadline=None)
def test_the_named_changes_do_change_the_verdict(records: list[Record], one: Claim) -> None:
    table = table_from_records(with_both_projects(records))
    fragility = judge_claims(table, [one])[0].fragility
    if fragility.rows:
        after: list[Record] = list(records)
        for change in fragility.changes:
            after[change.row] = _applied(records[change.row], change.what)
        assert len(fragility.changes) == fragility.rows
        left = [record for record in after if record]
        assert slow_verdict(one, left) == fragility.becomes != slow_verdict(one, records)


def _applied(record: Record, what: str) -> Record:
    if what == "removed":
        return {}
    field, value = what.split(": ")
    nobody = {"actor": "", "origin": ""} if value in ("vacant", "not_applicable") else {}
    return {**record, **nobody, field: value}


# --- Cases worked by hand ------------------------------------------------------------------------------------------

MAINTAINED = [
    row(phase="maintenance", end=2018, source="a"),
    row(phase="maintenance", actor="", status="negotiating", start=2018, source="a"),
    row(phase="maintenance", source="b"),
]
WINDOW = [{"project": "P", "window_start": 2012, "window_end": 2021}]


@pytest.mark.parametrize(
    "condition, years, expected",
    [
        (holders("include", "chinese"), (2012, 2018), "supported"),
        (holders("include", "chinese"), (2018, 2019), "contradicted"),
        (holders("exclude", "chinese"), (2019, 2020, 2021), "supported"),
        (Condition("status", among=("negotiating",)), (2019,), "supported"),
        (Condition("status", among=("vacant",)), (2019,), "contradicted"),
        (Condition("status", among=("held",)), (), "supported"),
        (holders("include", "chinese"), (2030,), "undetermined"),
    ],
)
def test_years(condition: Condition, years: tuple[int, ...], expected: str) -> None:
    one = claim(condition, phases=("maintenance",), years=years, projects=("P",))
    assert judged(MAINTAINED, one, projects=WINDOW).verdict == expected


def test_sources_are_asked_one_by_one() -> None:
    one = claim(holders("include", "chinese"), phases=("maintenance",), years=(2019,), projects=("P",), source="a")
    result = judged(MAINTAINED, one, projects=WINDOW)
    assert result.verdict == "contradicted"
    assert result.by_source == {"a": "contradicted", "b": "supported"}
    assert result.without_own_source == "supported"


def test_a_claim_whose_source_is_alone_is_undetermined_without_it() -> None:
    result = judged([row()], claim(holders("only", "chinese"), phases=("design",)))
    assert (result.verdict, result.without_own_source) == ("supported", "undetermined")


def test_two_sources_that_say_the_same_are_harder_to_overturn() -> None:
    one = claim(holders("only", "chinese"), phases=("design",))
    assert judged([row()], one).fragility.rows == 1
    twice = judged([row(source="a"), row(source="b")], one).fragility
    assert (twice.rows, twice.becomes) == (1, "contradicted")  # one origin changed is enough against "only"
    include = claim(holders("include", "chinese"), phases=("design",))
    assert judged([row(source="a"), row(source="b")], include).fragility.rows == 2


def test_more_than_three() -> None:
    records = [row(source=source) for source in "abcd"]
    fragility = judged(records, claim(holders("include", "chinese"), phases=("design",))).fragility
    assert (fragility.rows, fragility.text, fragility.changes) == (None, "more than 3", ())


def test_rows_that_never_count_cannot_overturn() -> None:
    records = [
        row(),
        row(origin="local", confidence="alleged"),
        row(origin="local", role="support"),
        row(origin="local", rank="deprecated"),
    ]
    result = judged(records, claim(holders("only", "chinese"), phases=("design",)))
    assert (result.verdict, result.rows, [change.row for change in result.fragility.changes]) == (
        "supported",
        (0,),
        [0],
    )


def test_an_alleged_row_counts_when_the_rules_say_so() -> None:
    records = [row(), row(origin="local", actor="B", confidence="alleged")]
    one = claim(holders("only", "chinese"), phases=("design",))
    table = table_from_records(records)
    assert judge_claims(table, [one], View(include_alleged=True))[0].verdict == "contradicted"


def test_unknown_cells_are_named() -> None:
    result = judged([row(), row("Q", "operation")], claim(holders("only", "chinese"), phases=("design", "operation")))
    assert result.verdict == "undetermined"
    assert result.unknown_cells == (("P", "operation"), ("Q", "design"))


TWO = [row(actor="A"), row(phase="operation", actor="B", origin="local"), row("Q", actor="A"), row("Q", "operation")]


@pytest.mark.parametrize(
    "condition, expected",
    [
        (Condition("indicator", indicator="full_count.local", op=">=", value=1), {"P": True, "Q": False}),
        (Condition("indicator", indicator="composition.chinese", op="<=", value=1 / 6), {"P": True, "Q": False}),
        (Condition("indicator", indicator="n_actors", op=">", project="Q"), {"P": True}),
        (Condition("indicator", indicator="upstream_local", op=">", value=0.5), {"P": None, "Q": None}),
    ],
)
def test_indicators(condition: Condition, expected: dict[str, bool | None]) -> None:
    assert judged(TWO, claim(condition)).cases == expected


@pytest.mark.parametrize(
    "condition",
    [
        Condition("indicator", indicator="full_count.local", op=">=", value=1),
        Condition("indicator", indicator="n_actors", op=">", project="Q"),
        Condition("indicator", indicator="composition.chinese", op="<", value=0.3),
    ],
)
def test_fragility_of_indicators_is_that_of_an_exhaustive_search(condition: Condition) -> None:
    records = [row(actor="A"), row(phase="operation", actor="B", origin="local"), row("Q", actor="A")]
    edited = [(size, after) for size in (0, 1, 2) for after in _edited(records, size)]
    truths = _indicator_truths([after for _, after in edited], condition)
    sizes = [size for (size, _), truth in zip(edited, truths, strict=True) if truth is not truths[0]]
    found = judged(records, claim(condition, projects=("P",))).fragility.rows
    assert found == (sizes[0] if sizes else None)


def _edited(records: list[Record], size: int) -> Iterator[list[Record]]:
    for places in combinations(range(len(records)), size):
        rest = [record for place, record in enumerate(records) if place not in places]
        for edits in product(*(list(changed(records[place])) for place in places)):
            yield [*rest, *(edit for edit in edits if edit)]


def _indicator_truths(variants: list[list[Record]], condition: Condition) -> list[bool | None]:
    """Return the truth for project P in each variant, all variants side by side in one table."""
    rows = [
        {**record, "project": f"{record['project']}{number}"}
        # A support row keeps both projects in the table when their last row goes.
        for number, variant in enumerate(variants)
        for record in (*variant, row("P", "initiation", role="support"), row("Q", "initiation", role="support"))
    ]
    table = table_from_records(rows)
    matrix = Resolved(table, View(min_phases=0))
    frame = indicators(matrix, keys=[condition.indicator])
    frame = frame[(frame["key"] == condition.indicator) & frame["value"].notna()]
    known = set(matrix.phases.loc[matrix.phases["unknown"] < 1, "project"])
    values = {p: v for p, v in zip(frame["project"], frame["value"], strict=True) if p in known}
    compared = {">=": operator.ge, ">": operator.gt, "<": operator.lt}[condition.op]
    pairs = [
        (values.get(f"P{n}"), values.get(f"Q{n}") if condition.project else condition.value)
        for n in range(len(variants))
    ]
    return [None if one is None or other is None else bool(compared(one, other)) for one, other in pairs]


# --- The file ------------------------------------------------------------------------------------------------------

GOOD = """[[claim]]
id = "one"
text = "A sentence."
source = "s"
scope = { projects = ["P"], phases = ["design"] }
condition = { holders = "only", origin = ["chinese"] }
"""
LONG = '''
# a comment
[[claim]]
id = "two"
text = """A sentence
quantifier = "of two lines"
"""
source = "s"
quantifier = "evry"
[claim.scope]
phases = ["desing"]
[claim.condition]
same_actor = ["initiation", "operation"]
'''


def written(folder: Path, text: str) -> Path:
    path = folder / "claims.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "old, new, line, field, words",
    [
        ('id = "one"', "", 1, "id", "missing"),
        ('text = "A sentence."', "text = 5", 3, "text", "quotation marks"),
        ('source = "s"', 'source = "t"', 4, "source", "'t'"),
        ('source = "s"', 'sources = "s"', 4, "sources", "Did you mean 'source'?"),
        ('["P"]', '["R"]', 5, "projects", "'R'"),
        ('["P"]', "[]", 5, "projects", "list of names"),
        ('["design"]', '["desing"]', 5, "phases", "Did you mean 'design'?"),
        ('phases = ["design"]', "years = [true]", 5, "years", "list of years"),
        ('phases = ["design"]', "year = 2012", 5, "year", "Did you mean 'years'?"),
        ('source = "s"', 'source = "s"\nquantifier = "all"', 5, "quantifier", "every, some"),
        ('source = "s"', 'source = "s"\nquantifier = "at_least"', 5, "n", "needs n"),
        ('source = "s"', 'source = "s"\nn = 2', 5, "n", "at_least"),
        ('source = "s"', 'source = "s"\nquantifier = "at_least"\nn = 0', 6, "n", "from 1"),
        ('holders = "only"', 'holders = "just"', 6, "holders", "only, include"),
        ('["chinese"]', '["chinesse"]', 6, "origin", "Did you mean 'chinese'?"),
        ('origin = ["chinese"]', 'actor = ["Nobody"]', 6, "actor", "'Nobody'"),
        ('origin = ["chinese"]', 'kind = ["firm"]', 6, "kind", "'firm'"),
        ('origin = ["chinese"]', 'origin = ["chinese"], kind = ["bank"]', 6, "holders", "exactly one"),
        ('holders = "only", origin = ["chinese"]', 'status = "empty"', 6, "status", "'empty'"),
        ('holders = "only", origin = ["chinese"]', 'status = "proposed"', 6, "status", "'proposed'"),
        ('holders = "only", origin = ["chinese"]', 'same_actor = ["design"]', 6, "same_actor", "two different"),
        ('holders = "only", origin = ["chinese"]', 'same_actor = ["design", "operation"]', 5, "phases", "leave"),
        ('holders = "only", origin = ["chinese"]', 'n_holders = "actors", op = "=", value = 1', 6, "op", "'='"),
        ('holders = "only", origin = ["chinese"]', 'n_holders = "actors", op = ">", value = 1.5', 6, "value", "whole"),
        (
            'holders = "only", origin = ["chinese"]',
            'n_holders = true, op = ">", value = 1',
            6,
            "n_holders",
            "quotation",
        ),
        (
            'holders = "only", origin = ["chinese"]',
            'indicator = "shares", op = ">", value = 1',
            6,
            "indicator",
            "Did you mean 'share'?",
        ),
        (
            'holders = "only", origin = ["chinese"]',
            'indicator = "evidence.quoted", op = ">", value = 1',
            6,
            "indicator",
            "documented",
        ),
        ('holders = "only", origin = ["chinese"]', 'indicator = "n_actors", op = ">"', 6, "value", "either"),
        (
            'holders = "only", origin = ["chinese"]',
            'indicator = "n_actors", op = ">", value = [1]',
            6,
            "value",
            "number",
        ),
        ('holders = "only", origin = ["chinese"]', 'status = "held", holders = "only"', 6, "condition", "exactly one"),
        ('condition = { holders = "only", origin = ["chinese"] }', "condition = 3", 6, "condition", "table"),
        ("[[claim]]", "[[claims]]", 1, "claims", "Did you mean 'claim'?"),
        ('id = "one"', 'id = "one"\nidd = "x"', 3, "idd", "Did you mean 'id'?"),
    ],
)
def test_errors_name_line_and_field(tmp_path: Path, old: str, new: str, line: int, field: str, words: str) -> None:
    table = table_from_records([row()])
    assert old in GOOD
    with pytest.raises(DataError) as caught:
        read_claims(written(tmp_path, GOOD.replace(old, new)), table)
    first = [text for text in str(caught.value).split("\n") if f"field {field}:" in text]
    assert first, str(caught.value)
    assert first[0].startswith(f"claims.toml:{line}, field {field}: ")
    assert words in first[0]


def test_all_errors_come_at_once_and_text_is_not_read_as_fields(tmp_path: Path) -> None:
    table = table_from_records([row()])
    with pytest.raises(DataError) as caught:
        read_claims(written(tmp_path, GOOD + LONG), table)
    places = [text.split(": ")[0] for text in str(caught.value).split("\n")]
    assert places[:3] == [
        "claims.toml:15, field quantifier",
        "claims.toml:17, field phases",
        "claims.toml:17, field phases",
    ]
    assert places[-1].startswith("3 errors in claims.toml")


def test_ids_are_unique(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"claims.toml:8, field id: found 'one' again \(first on line 2\)"):
        read_claims(written(tmp_path, GOOD + GOOD), table_from_records([row()]))


@pytest.mark.parametrize(
    "content, error, words",
    [
        (b"[[claim]\n", DataError, "line 1"),
        (b"\xff\xfe", DataError, "UTF-8"),
        (b"", DataError, "no \\[\\[claim\\]\\] found"),
        (b"claim = 3\n", DataError, "no \\[\\[claim\\]\\] found"),
    ],
)
def test_unreadable_files(tmp_path: Path, content: bytes, error: type[Exception], words: str) -> None:
    path = tmp_path / "claims.toml"
    path.write_bytes(content)
    with pytest.raises(error, match=words):
        read_claims(path, table_from_records([row()]))


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_claims(tmp_path / "claims.toml", table_from_records([row()]))
    with pytest.raises(UsageError, match="without a folder"):
        claims_of(table_from_records([row()]))


def test_aliases_are_resolved(tmp_path: Path) -> None:
    table = table_from_records([row()], actors=[{"actor": "A", "alias": "Alpha", "kind": "", "seat": ""}])
    text = GOOD.replace('origin = ["chinese"]', 'actor = ["Alpha"]')
    one = read_claims(written(tmp_path, text), table)[0]
    assert one.condition.among == ("A",)
    assert judge_claims(table, [one])[0].verdict == "supported"


# --- The shipped claims --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped() -> Table:
    return load().data


def test_shipped_claims_cover_sources_and_themes(shipped: Table) -> None:
    claims = claims_of(shipped)
    assert len(claims) >= 40
    themes = Counter(one.id.partition("-")[0] for one in claims)
    assert set(themes) == {"regularities", "dependence", "capability", "alternatives", "control", "dates"}
    assert min(themes.values()) >= 3
    assert {one.source for one in claims} == set(shipped.sources)
    assert all(one.quote and one.locator and len(one.quote.split()) <= 25 for one in claims)
    assert {one.condition.test for one in claims} == {"holders", "same_actor", "status", "n_holders", "indicator"}


@pytest.mark.parametrize(
    "words",
    [
        "using exclusively Chinese technology",
        "agency in these projects is distributed",
        "local actors led the initiation of the projects and defined the requirements",
        "with no Chinese actors involved",
        "maintenance and update of the systems depends on the Chinese companies",
    ],
)
def test_the_contested_sentences_are_there(shipped: Table, words: str) -> None:
    assert any(words in one.quote for one in claims_of(shipped))


def test_table_1_against_the_papers_own_words(shipped: Table) -> None:
    wanted = {
        "regularities-initiation-requirements": "supported",
        "regularities-design": "supported",
        "regularities-local-firms": "supported",
        "regularities-distributed": "supported",
        "regularities-three-origins": "contradicted",
        "dependence-maintenance": "supported",
        "dependence-build-to-maintain": "supported",
        "control-no-chinese-operators": "supported",
        "control-owner-continuity": "mixed",
        "capability-upstream-gap": "supported",
        "dates-not-renewed-2019": "supported",
    }
    claims = [one for one in claims_of(shipped) if one.id in wanted]
    results = judge_claims(shipped, claims)
    assert {result.claim.id: result.verdict for result in results} == wanted
    distributed = next(result for result in results if result.claim.id == "regularities-distributed")
    assert distributed.fragility.text == "more than 3"


def test_document_and_frame_say_the_same(shipped: Table) -> None:
    claims = [one for one in claims_of(shipped) if one.id in ("control-owner-continuity", "regularities-distributed")]
    results = judge_claims(shipped, claims)
    document = claims_document(shipped, results)
    frame = claims_frame(shipped, results).set_index("id")
    json.dumps(document, allow_nan=False)
    keys = {"id", "verdict", "cases", "rows", "fragility", "by_source", "without_own_source"}
    for entry in document["claims"]:
        assert keys <= set(entry)
        assert frame.loc[entry["id"], "verdict"] == entry["verdict"]
        assert frame.loc[entry["id"], "fragility"] == str(entry["fragility"])
        assert len(entry["fragility_rows"]) == (entry["fragility"] if entry["fragility"] != "more than 3" else 0)
        assert set(entry["by_source"]) == set(shipped.rows["source"])


# --- The command ---------------------------------------------------------------------------------------------------


@pytest.fixture
def study_folder(tmp_path: Path) -> Path:
    (tmp_path / "actors_by_phase.csv").write_text(
        "project,phase,actor,origin,source\nP,design,A,chinese,s\nP,operation,=B,local,t\n", encoding="utf-8"
    )
    written(tmp_path, GOOD)
    return tmp_path


def run(*args: str) -> Any:
    from agency.cli import group

    return CliRunner().invoke(group, ["claims", *args])


@pytest.mark.parametrize("format", ["text", "json", "csv", "markdown", "html"])
def test_formats(study_folder: Path, format: str) -> None:
    result = run(str(study_folder), "-f", format)
    assert result.exit_code == 0, result.output
    assert "supported" in result.stdout
    if format == "json":
        entry = json.loads(result.stdout)["claims"][0]
        assert (entry["verdict"], entry["fragility"], entry["without_own_source"]) == ("supported", 1, "undetermined")
        assert entry["rows"][0]["line"] == 2


def test_bad_claims_file_writes_nothing(study_folder: Path) -> None:
    written(study_folder, GOOD.replace('"only"', '"just"'))
    target = study_folder / "out.html"
    result = run(str(study_folder), "-o", str(target))
    assert isinstance(result.exception, DataError)
    assert "claims.toml:6, field holders" in str(result.exception)
    assert not target.exists()


def test_same_bytes_whatever_the_hash_seed(study_folder: Path) -> None:
    import os
    import subprocess
    import sys

    outputs = set()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-m", "agency", "claims", str(study_folder), "-f", "json"],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        outputs.add(done.stdout)
    assert len(outputs) == 1
