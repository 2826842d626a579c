"""Whether sources disagree: every kind of conflict, where it stands, the verdict of a cell; against the slow oracle."""

from __future__ import annotations

import tempfile
import time
import tracemalloc
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from oracle import conflicts as oracle
from oracle.model import Study
from oracle.strategies import studies, write
from strategies import examples

from agency.resolve import Resolved, View
from agency.table.check import load_table, table_from_records
from agency.table.model import Table

YEARS = {"s1": 2016, "s2": 2021, "s3": 2021}


def row(actor: str = "A", origin: str = "chinese", **more: Any) -> dict[str, Any]:
    """Return a statement of s1 on the maintenance of P; a gap has no actor."""
    if more.get("status") in ("vacant", "negotiating", "not_applicable"):
        actor = origin = ""
    return {
        "project": "P",
        "phase": "maintenance",
        "source": "s1",
        "actor": actor,
        "origin": origin,
        "note": "why",
        **more,
    }


def other(actor: str = "A", origin: str = "chinese", **more: Any) -> dict[str, Any]:
    return row(actor, origin, **{"source": "s2", **more})


def denied(**more: Any) -> dict[str, Any]:
    return other(status="denied", **more)


def design(*args: Any, **more: Any) -> dict[str, Any]:
    return row(*args, phase="design", **more)


PARTS = [{"actor": "A", "part_of": "Whole"}, {"actor": "Whole"}, {"actor": "B", "part_of": "A"}]


def resolved(*records: dict[str, Any], **view: Any) -> Resolved:
    table = table_from_records(list(records), actors=PARTS)
    return Resolved(with_years(table, YEARS), View(**view))


def with_years(table: Table, years: dict[str, Any]) -> Table:
    return replace(table, sources={key: SimpleNamespace(year=years.get(key)) for key in table.sources})


def found(*records: dict[str, Any], **view: Any) -> list[tuple[str, str]]:
    return [(entry.kind, entry.standing) for entry in resolved(*records, **view).compared.conflicts]


def verdict(*records: dict[str, Any], **view: Any) -> str | None:
    return next(iter(resolved(*records, **view).agreement.values()), None)


FIRMS = {"actor": "Chinese firms", "unnamed": True, "only": True}

KINDS = [
    # denial: one says X holds, the other denies X, or X's origin; years overlap
    (row(start=2012, end=2014), denied(start=2014), "denial"),
    (row(start=2012, end=2014), denied(), "denial"),
    (row(), denied(start=2014, end=2014), "denial"),
    (row(start=2012, end=2014), denied(start=2015), None),
    (row(), denied(actor="", origin="chinese"), "denial"),
    (row(), denied(actor="", origin="western"), None),
    (row(), denied(actor="C"), None),
    (row(), denied(actor="Chinese firms", unnamed=True), None),
    (row(), denied(scope="cables"), None),
    (row(scope="cables"), denied(scope="cables"), "denial"),
    (row(scope="cables"), denied(), "denial"),
    (design(start=2012), denied(phase="design", start=2013), None),
    # exclusive: an "only" leaves out a holder of the other; years overlap
    (row("C"), other(only=True), "exclusive"),
    (row("C", start=2012, end=2013), other(only=True, start=2013), "exclusive"),
    (row("C", start=2012, end=2013), other(only=True, start=2014), None),
    (row("Whole"), other(only=True), None),
    (row("Whole"), other("B", only=True), None),
    (row("B"), other("Whole", only=True), None),
    (row("L", "local"), other(**FIRMS), "exclusive"),
    (row("C", "chinese"), other(**FIRMS), None),
    (row("C", "unknown"), other(**FIRMS), None),
    (row("C", "unknown"), other(only=True), "exclusive"),
    (row("C", "western"), other(**{**FIRMS, "origin": "unknown"}), None),
    (row("C"), other(only=True, scope="cables"), None),
    (row("C", scope="cables"), other(only=True, scope="cables"), "exclusive"),
    (row("C", scope="cables"), other(only=True), "exclusive"),
    # state: a year is settled for both, differently
    (row(start=2012, end=2014), other(status="vacant", start=2014, end=2016), "state"),
    (row(start=2012, end=2014), other(status="not_applicable", start=2013, end=2013), "state"),
    (row(status="negotiating", start=2013, end=2014), other(status="not_applicable", start=2014, end=2014), "state"),
    (row(status="negotiating", start=2013, end=2014), other(status="vacant", start=2013, end=2014), None),
    (row(start=2012), other(status="vacant", start=2018), None),  # s1 is of 2016: it says nothing of 2018
    (row(start=2012), other(status="vacant", start=2016), "state"),
    (other(end=2018), row(status="vacant", start=2018), "state"),
    (row(), other(status="vacant"), None),  # rows without a year settle none
    (row(end=2018), other(status="vacant", scope="cables", start=2014), None),
    (row(scope="cables", start=2012, end=2014), other(status="vacant", scope="cables", start=2014), "state"),
    (design(), other(phase="design", status="vacant"), "state"),
    (design(), other(phase="design", status="not_applicable", start=2013), "state"),
    (design(status="vacant"), other(phase="design", status="not_applicable"), None),
    (design(start=2011), other(phase="design", status="vacant", start=2013), None),
    # dates: one actor and scope has no year in common
    (row(start=2012, end=2013), other(start=2015, end=2016), "dates"),
    (design(start=2012), other(phase="design", start=2013), "dates"),
    (row(start=2012, end=2013), other(start=2013), None),
    (row(start=2012, end=2013), other(start=2015, scope="cables"), None),
    (row(start=2012, end=2013), other(), None),
    # kind: both give one, differently
    (row(actor_kind="government"), other(actor_kind="state_firm"), "kind"),
    (row(actor_kind="government"), other(actor_kind="government"), None),
    (row(actor_kind="government"), other(), None),
    (row(actor_kind="government"), other("C", actor_kind="state_firm"), None),
    # proposed and support rows do not speak; amounts are not compared
    (row(status="proposed"), denied(), None),
    (row(role="support"), denied(), None),
    (row(phase="financing", amount=1, currency="USD"), other(phase="financing", amount=2, currency="USD"), None),
]


STANDINGS = {
    "as it is": ({}, "contested"),
    "preferred": ({"rank": "preferred"}, "contested"),
    "normal": ({"rank": "normal"}, "contested"),
    "deprecated": ({"rank": "deprecated"}, "settled"),
    "alleged": ({"confidence": "alleged"}, "alleged"),
}


@cache
def kinds(*, include_alleged: bool = False) -> dict[str, list[tuple[str, str]]]:
    """Return what is found in every pair, turned too, and however the first stands: one table, a project for each."""
    records = []
    for number, (first, second, _) in enumerate(KINDS):
        for standing, (how, _) in STANDINGS.items():
            records += [{**one, "project": f"{number} {standing}"} for one in ({**first, **how}, second)]
        records += [{**one, "project": f"{number} turned"} for one in (second, first)]
    seen: dict[str, list[tuple[str, str]]] = {record["project"]: [] for record in records}
    for entry in resolved(*records, include_alleged=include_alleged, min_phases=0).compared.conflicts:
        seen[entry.project].append((entry.kind, entry.standing))
    return seen


@pytest.mark.parametrize("number", range(len(KINDS)))
def test_kinds_of_conflict(number: int) -> None:
    expected = KINDS[number][2]
    for name, (_, standing) in STANDINGS.items():
        if expected or standing == "contested":
            assert kinds()[f"{number} {name}"] == ([(expected, standing)] if expected else [])
    assert kinds()[f"{number} turned"] == kinds()[f"{number} as it is"]
    if expected:
        # a view that counts alleged rows compares no more of them
        assert kinds(include_alleged=True)[f"{number} alleged"] == [(expected, "alleged")]


def test_a_conflict_names_the_rows_of_both_sides() -> None:
    records = [row("C"), row("L", "local"), other(only=True), other("A", only=True, start=2013, phase="operation")]
    (entry,) = resolved(*records).compared.conflicts
    assert (entry.source_a, entry.rows_a, entry.source_b, entry.rows_b) == ("s1", (0, 1), "s2", (2,))


def test_the_rows_of_one_source_make_one_exclusive_set() -> None:
    both = (other("A", only=True), other("Chinese firms", unnamed=True, only=True))
    assert found(row("C", "chinese"), *both) == []
    assert found(row("L", "local"), *both) == [("exclusive", "contested")]


WITHIN = [
    (row(), row(status="denied"), ["denial"]),
    (row("C"), row(only=True), ["exclusive"]),
    (row(end=2016), row(status="vacant", start=2016), []),  # the year of a change of hands
    (row(start=2012, end=2015), row(status="vacant", start=2014), ["state"]),
    (row(start=2012, end=2013), row(start=2015, end=2016), []),  # two periods are no conflict of dates
    (row(actor_kind="government"), row(actor_kind="state_firm"), ["kind"]),
    (design(), design(status="vacant"), ["state"]),
    (design(), design(status="vacant", start=2013), []),
]


@cache
def within() -> Resolved:
    records = [{**one, "project": str(number)} for number, pair in enumerate(WITHIN) for one in pair[:2]]
    return resolved(*records, min_phases=0)


@pytest.mark.parametrize("number", range(len(WITHIN)))
def test_within_one_source(number: int) -> None:
    seen = [(entry.kind, entry.standing) for entry in within().compared.conflicts if entry.project == str(number)]
    assert seen == [(kind, "within") for kind in WITHIN[number][2]]
    assert [said for (project, _), said in within().agreement.items() if project == str(number)] == ["single"]


def test_two_statements_that_stand_outside_are_not_compared() -> None:
    assert found(row(rank="deprecated"), denied(rank="deprecated")) == []
    assert found(row(confidence="alleged"), denied(rank="deprecated")) == []


def test_a_source_may_contradict_what_it_only_reports() -> None:
    (entry,) = resolved(row(confidence="alleged"), row(status="denied")).compared.conflicts
    assert (entry.standing, entry.source_a, entry.source_b) == ("alleged", "s1", "s1")


VERDICTS = [
    ((row(status="proposed"),), None),
    ((row(role="support"),), None),
    ((row(),), "single"),
    ((row(), other(status="proposed")), "single"),
    ((row(), other(rank="deprecated")), "single"),
    ((row(), other()), "same"),
    ((row(start=2012, end=2014), other(start=2014, end=2016)), "same"),
    ((row(), denied()), "contested"),
    ((row(), other("C")), "different"),
    ((row(), other("L", "local")), "different"),  # silence on the other is no denial
    ((row(), denied(actor="C")), "different"),
    ((denied(source="s1"), denied()), "same"),
    ((denied(source="s1"), denied(actor="C")), "different"),
    ((row(status="negotiating"), other(status="vacant")), "different"),
    ((row(end=2013), other("C", start=2014)), "sequence"),  # a hand-over told by two sources
    ((row(start=2012), other("C", start=2018)), "sequence"),  # s1 is of 2016
    ((row(end=2013), other(status="vacant", start=2014)), "sequence"),
    ((row(end=2013), other("C", start=2013)), "different"),
    # an undated row speaks where no dated one of its source does: of 2014 both say vacant, of the rest s1 alone
    ((row(), row(status="vacant", start=2014, end=2014), other(status="vacant", start=2014, end=2014)), "sequence"),
    ((row(), other(), other("C", source="s3")), "different"),
    ((row(), other(), denied(source="s3")), "contested"),
    ((row(), other("C", "unknown")), "different"),
    ((design(start=2013), other(phase="design"), other(phase="design", status="vacant", start=2013)), "same"),
]


@cache
def verdicts() -> dict[tuple[str, str], str]:
    records = []
    for number, (rows, _) in enumerate(VERDICTS):
        records += [{**one, "project": str(number)} for one in rows]
        records += [{**one, "project": f"{number} turned"} for one in reversed(rows)]
    return resolved(*records, min_phases=0).agreement


@pytest.mark.parametrize("number", range(len(VERDICTS)))
def test_verdict_of_a_cell(number: int) -> None:
    rows, expected = VERDICTS[number]
    for project in (str(number), f"{number} turned"):
        assert verdicts().get((project, rows[0]["phase"])) == expected


def test_a_kind_filled_from_the_registry_is_not_given() -> None:
    records = [row(actor_kind="state_firm"), other()]
    table = table_from_records(records, actors=[{"actor": "A", "kind": "government"}])
    assert table.rows["actor_kind"].tolist() == ["state_firm", "government"]
    assert table.rows["kind_given"].tolist() == ["state_firm", ""]
    assert Resolved(table, View()).compared.conflicts == ()


def test_a_selection_limits_the_sources() -> None:
    records = [row(), denied(), row(source="s3")]
    assert verdict(*records, sources=("s1", "s3")) == "same"
    assert found(*records, sources=("s2",)) == []
    assert verdict(*records, phases=("operation",)) is None


# --- Against the oracle --------------------------------------------------------------------------------------------


def loaded(study: Study, folder: Path) -> Resolved:
    table = load_table(write(study, folder))
    if not all(hasattr(source, "year") for source in table.sources.values()):
        table = with_years(table, {key: facts.get("year") for key, facts in study.sources.items()})
    return Resolved(table, View())


@settings(max_examples=examples(24), deadline=None)
@given(studies(most_rows=12))
def test_same_as_the_oracle(study: Study) -> None:
    with tempfile.TemporaryDirectory() as folder:
        view = loaded(study, Path(folder) / "study")
    lines = view.table.rows["line"]
    ours: dict[tuple[str, str], set[Any]] = {}
    for one in view.compared.conflicts:
        behind = tuple(sorted(int(lines[at]) for at in {*one.rows_a, *one.rows_b}))
        names = tuple(sorted((one.source_a, one.source_b)))
        ours.setdefault((one.project, one.phase), set()).add((one.kind, names, behind, one.standing))
    for project in study.names:
        for phase in study.phases:
            cell = (project, phase["key"])
            expected = {
                (each.kind, tuple(sorted((each.source_a, each.source_b))), each.rows, each.standing)
                for each in oracle.conflicts(study, *cell)
            }
            assert ours.get(cell, set()) == expected
            assert view.agreement.get(cell, "silent") == oracle.verdict(study, *cell)


# --- Size ----------------------------------------------------------------------------------------------------------


def large(kind: str) -> Resolved:
    """Return 20,000 rows of one cell, made from four by numbers alone: reading them is tested elsewhere."""
    view = resolved(row(start=1950, end=1960), row(status="vacant", start=1955, end=2000), row(only=True), denied())
    few = view.table.rows
    at = np.arange(20_000)
    if kind == "rows of one source":
        rows = few.loc[at % 2].assign(start=1950 + at % 60, end=2010 + at % 37, actor_id=np.where(at % 2, -1, at))
    elif kind == "exclusive and denied":
        rows = few.loc[2 + at % 2].assign(actor_id=at // 2, start=pd.NA, end=pd.NA)
    else:
        rows = few.loc[at * 0].assign(source=[f"s{number}" for number in at], actor_id=at % 700, start=pd.NA, end=pd.NA)
    types = {"start": "Int64", "end": "Int64", "actor_id": "int64", "source": "str"}
    return Resolved(replace(view.table, rows=rows.astype(types).reset_index(drop=True)), View())


@pytest.mark.parametrize(
    "kind, expected",
    [("rows of one source", "within"), ("exclusive and denied", "contested"), ("sources of one cell", "different")],
)
def test_no_quadratic_time_or_memory(kind: str, expected: str) -> None:
    view = large(kind)
    assert len(view.rows) == 20_000
    tracemalloc.start()
    start = time.process_time()
    compared = view.compared
    seconds, (_, peak) = time.process_time() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert expected in {*compared.verdicts.values(), *(conflict.standing for conflict in compared.conflicts)}
    assert seconds < 30, "with memory traced, which takes most of it"
    assert peak < 400e6
