"""The year-state algebra: the worked cases of the data model, and its properties.

The rules read literally, year by year, are in `tests/oracle`; `test_oracle_numbers.py` compares.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import CONTINUING, FIRST, LAST, examples, table_of, tables

from agency.resolve import Resolved
from agency.resolve.select import View
from agency.table.model import Table

ONE = {"held": 1.0, "gap": 0.0, "unknown": 0.0}


def profile(table: Table, phase: str = "maintenance", project: str = "P", **view: Any) -> dict[str, float]:
    """Return held, gap and unknown of one cell, rounded far below the tolerance that matters."""
    phases = Resolved(table, View(projects=(project,), **view)).matrix.phases
    row = phases[phases["phase"] == phase].iloc[0]
    return {name: round(float(row[name]), 12) for name in ("held", "gap", "unknown")}


def at_once(cases: Mapping[str, tuple[list[dict[str, Any]], Any]], **defaults: Any) -> Table:
    """Return a table with a project for each case, and one with its rows turned: read once, not case by case."""
    records = [
        {**defaults, **row, "project": f"{name}{turned}"}
        for name, (rows, _) in cases.items()
        for turned, ordered in (("", rows), (TURNED, rows[::-1]))
        for row in ordered
    ]
    return table_of(*records)


TURNED = ", turned"


@cache
def profiles(cases: str, phase: str = "maintenance", **view: Any) -> dict[str, dict[str, float]]:
    """Return what `profile` says of every case of a list."""
    table = at_once(globals()[cases], phase=phase)
    phases = Resolved(table, View(min_phases=0, **view)).matrix.phases
    of_phase = phases[phases["phase"] == phase].set_index("project")
    return of_phase[["held", "gap", "unknown"]].astype(float).round(12).to_dict("index")


def tenths(held: int, gap: int, unknown: int, of: int = 10) -> dict[str, float]:
    return {"held": round(held / of, 12), "gap": round(gap / of, 12), "unknown": round(unknown / of, 12)}


VACANT = {"status": "vacant"}
TALKS = {"status": "negotiating"}
NONE = {"status": "not_applicable"}
PREFERRED = {"rank": "preferred"}

WORKED = {
    "undated held + vacant 2018-": ([{}, {**VACANT, "start": 2018}], tenths(6, 4, 0)),
    "held from 2015 only": ([{"start": 2015}], tenths(7, 0, 3)),
    "held until 2015 only": ([{"end": 2015}], tenths(4, 0, 6)),
    "duration 3 from 2016": ([{"start": 2016, "duration_years": 3}], tenths(3, 0, 7)),
    "duration 3 to 2018": ([{"end": 2018, "duration_years": 3}], tenths(3, 0, 7)),
    "duration 3 + vacant 2020-": ([{"duration_years": 3}, {**VACANT, "start": 2020}], tenths(3, 2, 5)),
    "held 2012-2014 + vacant 2015-2021": (
        [{"start": 2012, "end": 2014}, {**VACANT, "start": 2015, "end": 2021}],
        tenths(3, 7, 0),
    ),
    "negotiating from 2018 only": ([{**TALKS, "start": 2018}], tenths(0, 4, 6)),
    "not applicable undated + held 2015-": ([NONE, {"start": 2015}], tenths(7, 0, 0, of=7)),
    "undated vacant + held from 2015": ([VACANT, {"start": 2015}], tenths(7, 3, 0)),
    "undated held + undated vacant": ([{}, VACANT], tenths(10, 0, 0)),
    "dated vacancy before an assumed holder": (
        [{"end": 2018}, {**VACANT, "start": 2014, "end": 2014}],
        tenths(6, 1, 3),
    ),
    "dated vacancy in an open stretch": ([{"start": 2012}, {**VACANT, "start": 2016, "end": 2017}], tenths(8, 2, 0)),
    "undated row of an actor with a dated one adds nothing": ([{}, {"start": 2014, "end": 2015}], tenths(2, 0, 8)),
    "undated row stays beside a row outside the window": ([{}, {"start": 2001, "end": 2003}], tenths(10, 0, 0)),
    "undated row of another actor stays": ([{"actor": "ZTE"}, {"start": 2014, "end": 2015}], tenths(10, 0, 0)),
    "bare duration beside a dated row adds nothing": (
        [{"duration_years": 4}, {"start": 2014, "end": 2015}],
        tenths(2, 0, 8),
    ),
    "the longest of an actor's durations counts": ([{"duration_years": 2}, {"duration_years": 3}], tenths(3, 0, 7)),
    "durations of two actors add up": ([{"duration_years": 2}, {"actor": "ZTE", "duration_years": 3}], tenths(5, 0, 5)),
    "durations that do not fit are scaled": (
        [{"duration_years": 9}, {"actor": "ZTE", "duration_years": 9}],
        tenths(10, 0, 0),
    ),
    "vacant since before the window": ([{**VACANT, "start": 2001}], tenths(0, 10, 0)),
    "outside the window": ([{"start": 2001, "end": 2003}], tenths(0, 0, 10)),
    "proposed, alleged and support decide nothing": (
        [{"status": "proposed"}, {"confidence": "alleged"}, {"role": "support"}, {"rank": "deprecated"}],
        tenths(0, 0, 10),
    ),
}


@pytest.mark.parametrize("case", WORKED)
def test_worked_cases_in_mode_time(case: str) -> None:
    found = profiles("WORKED", mode="time")
    assert found[case] == found[case + TURNED] == WORKED[case][1]


@pytest.mark.parametrize("rank, expected", [("best", tenths(7, 0, 3)), ("all", tenths(7, 3, 0))], ids=["best", "all"])
def test_rank_is_decided_per_phase_never_per_year(rank: str, expected: dict[str, float]) -> None:
    table = table_of({**PREFERRED, "start": 2012, "end": 2018}, {**VACANT, "start": 2019})
    assert profile(table, mode="time", rank=rank) == expected


@pytest.mark.parametrize("boundary, held", [("held", 7), ("split", 6.5), ("gap", 6)])
def test_boundary_touches_only_the_doubled_year(boundary: str, held: float) -> None:
    table = table_of({"end": 2018}, {**TALKS, "start": 2018})
    assert profile(table, mode="time", boundary=boundary) == {
        "held": held / 10,
        "gap": (10 - held) / 10,
        "unknown": 0.0,
    }
    assert profile(table, boundary=boundary) == ONE


def test_static_reads_the_years_under_the_boundary_in_force() -> None:
    table = table_of({"start": 2018, "end": 2018}, {**TALKS, "start": 2018})
    assert profile(table) == ONE
    assert profile(table, boundary="gap") == {"held": 0.0, "gap": 1.0, "unknown": 0.0}


# "Years, window 2012-2021 (held certain, undated held, gap, unknown)", section 11 of the model.
AUTHORS = {"actor": "A", "origin": "local", **PREFERRED}
A = {"actor": "A", "origin": "local"}
YEARS = {
    "the years of an outranked row": ([AUTHORS, {**A, "start": 2012, "end": 2018}], (7, 0, 0, 3)),
    "and until": ([AUTHORS, {**A, "end": 2018}], (7, 0, 0, 3)),
    "years that differ are united": (
        [AUTHORS, {**A, "start": 2012, "end": 2014}, {**A, "start": 2017, "end": 2018}],
        (5, 0, 0, 5),
    ),
    "the length of an outranked row": ([AUTHORS, {**A, "duration_years": 3}], (3, 0, 0, 7)),
    "alleged lends none": ([AUTHORS, {**A, "start": 2012, "end": 2014, "confidence": "alleged"}], (0, 10, 0, 0)),
    "deprecated lends none": ([AUTHORS, {**A, "start": 2012, "end": 2014, "rank": "deprecated"}], (0, 10, 0, 0)),
    "support lends none": ([AUTHORS, {**A, "start": 2012, "end": 2014, "role": "support"}], (0, 10, 0, 0)),
    "a scope lends none to the whole": ([A, {**A, "scope": "technical", "start": 2012, "end": 2014}], (3, 7, 0, 0)),
    "the whole lends to a scope": ([{**A, "scope": "technical"}, {**A, "start": 2012, "end": 2014}], (3, 0, 0, 7)),
    "outside the window lends none": ([AUTHORS, {**A, "start": 2001, "end": 2002}], (0, 10, 0, 0)),
    "undated vacant + held 2015-2016": ([VACANT, {"start": 2015, "end": 2016}], (2, 0, 8, 0)),
    "not applicable until 2014 + held until 2018": ([{**NONE, "end": 2014}, {"end": 2018}], (4, 0, 0, 3)),
    "undated held + vacant 2018-": ([{}, {**VACANT, "start": 2018}], (0, 6, 4, 0)),
}


@cache
def sums_of_years() -> pd.DataFrame:
    return Resolved(at_once(YEARS), View(min_phases=0, mode="time")).matrix.sums.set_index(["project", "phase"])


@pytest.mark.parametrize("case", YEARS)
def test_worked_years(case: str) -> None:
    rows, expected = YEARS[case]
    for name in (case, case + TURNED):
        row = sums_of_years().loc[(name, "maintenance")]
        found = (row["held"] - row["undated"], row["undated"], row["gap"], row["unknown"])
        assert found == pytest.approx(expected, abs=1e-12)
        assert row["applicable"] == pytest.approx(sum(expected), abs=1e-12)
        assert row["undated_gap"] == (8 if rows[0] == VACANT else 0)


STATIC = {
    "held in one year of ten": ([{"start": 2014, "end": 2014}, {**VACANT, "start": 2015}], ONE),
    "duration without a place": ([{"duration_years": 1}], ONE),
    "only a gap row": ([{**TALKS, "start": 2018}], tenths(0, 10, 0)),
    "undated gap row": ([VACANT], tenths(0, 10, 0)),
    "gap row outside the window": ([{**VACANT, "start": 2001, "end": 2002}], tenths(0, 0, 10)),
    "not applicable in some years only": ([{**NONE, "start": 2015}], tenths(0, 0, 10)),
    "no row that decides": ([{"status": "proposed"}], tenths(0, 0, 10)),
}


@pytest.mark.parametrize("case", STATIC)
def test_static(case: str) -> None:
    assert profiles("STATIC")[case] == STATIC[case][1]


def test_a_phase_not_applicable_throughout_leaves_the_count() -> None:
    for mode in ("static", "time"):
        phases = Resolved(table_of(NONE), View(projects=("P",), mode=mode)).matrix.phases.set_index("phase")
        assert not phases.loc["maintenance", "applicable"]
        assert phases.loc["maintenance", ["held", "gap", "unknown"]].tolist() == [0, 0, 0]


EVENTS = {
    "held beats a gap": ([{}, VACANT], ONE),
    "gap beats not applicable": ([NONE, TALKS], tenths(0, 10, 0)),
    "an end long ago does not end an event": ([{"end": 2001}], ONE),
}


@pytest.mark.parametrize("case", EVENTS)
@pytest.mark.parametrize("mode", ["static", "time"])
def test_event_phases(case: str, mode: str) -> None:
    assert profiles("EVENTS", "design", mode=mode)[case] == EVENTS[case][1]


@pytest.mark.parametrize(
    "row, year, held",
    [
        ({"start": 2016}, 2015, 0),
        ({"start": 2016}, 2016, 1),
        ({"end": 2016, "duration_years": 2}, 2014, 0),
        ({"end": 2013}, 2020, 1),
        ({}, 2012, 1),
    ],
)
def test_an_event_counts_from_its_start(row: dict[str, Any], year: int, held: int) -> None:
    table = table_of({"phase": "design", **row})
    assert profile(table, "design", mode="snapshot", year=year)["held"] == held


@pytest.mark.parametrize(
    "status, year, expected",
    [
        ("vacant", 2013, tenths(0, 0, 10)),
        ("vacant", 2014, tenths(0, 10, 0)),
        ("not_applicable", 2013, tenths(0, 0, 10)),
        ("not_applicable", 2014, tenths(0, 0, 0)),
    ],
)
def test_what_is_not_held_of_an_event_counts_from_its_start_too(
    status: str, year: int, expected: dict[str, float]
) -> None:
    table = table_of({"phase": "design", "status": status, "start": 2014})
    assert profile(table, "design", mode="snapshot", year=year) == expected


def test_at_any_time_nothing_is_undated() -> None:
    resolved = Resolved(table_of({}, {"phase": "design"}), View(projects=("P",)))
    assert resolved.matrix.shares["undated"].tolist() == [0, 0]
    assert resolved.under(mode="time").matrix.shares["undated"].tolist() == [0, 1]


def test_a_part_of_a_matrix_has_what_was_asked_for_and_nothing_else() -> None:
    whole = Resolved(table_of({}, {"project": "Q", "phase": "design"}), View(min_phases=0)).matrix
    phases = tuple(whole.phases["phase"].unique())
    assert whole.part(("P", "Q"), phases) is whole
    for projects, kept in ((("P",), phases), (("P", "Q"), ("maintenance",)), (("Q",), ("design",))):
        part = whole.part(projects, kept)
        assert part.projects == tuple(part.windows.index) == projects
        assert part.phases["project"].tolist() == [name for name in projects for _ in kept]
        assert part.phases["phase"].tolist() == [*kept] * len(projects)
        assert part.phases.columns.tolist() == whole.phases.columns.tolist()
        assert part.shares.index.tolist() == list(range(len(part.shares)))


@pytest.mark.parametrize(
    "year, counts", [(2013, [True, False, False]), (2015, [False, True, False]), (2018, [False, False, True])]
)
def test_in_a_snapshot_the_rows_of_its_year_count(year: int, counts: list[bool]) -> None:
    table = table_of({"end": 2014}, {**VACANT, "start": 2015, "end": 2016}, {**NONE, "start": 2017})
    rows = Resolved(table, View(projects=("P",), mode="snapshot", year=year)).rows
    assert rows["counts"].tolist() == counts


def test_a_project_without_any_year_reads_the_same_in_static_and_time() -> None:
    table = table_of({}, {"phase": "operation", **VACANT}, window=None)
    for phase in CONTINUING:
        assert profile(table, phase, mode="time") == profile(table, phase)


def test_a_project_without_any_year_has_no_years() -> None:
    matrix = Resolved(table_of({}, window=None), View(projects=("P",))).matrix
    assert (len(matrix.years), len(matrix.year_shares), len(matrix.sums)) == (0, 0, 0)


def test_a_matrix_goes_by_project_and_phase_whatever_kind_of_phase_it_is() -> None:
    """Rows of event phases are read before those that last, projects in the order of the table."""
    phases = ("maintenance", "operation", "design", "initiation")
    rows = [{"project": name, "phase": phase} for name in ("Q", "P") for phase in phases]
    matrix = Resolved(table_of(*rows), View(min_phases=0)).matrix
    ordered = [(name, phase) for name in ("Q", "P") for phase in ("initiation", "design", "operation", "maintenance")]
    for frame in (matrix.shares, matrix.sets):
        assert list(zip(frame["project"], frame["phase"], strict=True)) == ordered
    assert repr(matrix) == "<Matrix: 2 projects, 6 phases, mode static>"


@pytest.mark.parametrize("year, unknown", [(2013, 1.0), (2014, 0.0), (2017, 0.0)])
def test_an_event_that_takes_several_years_has_happened_from_the_first_on(year: int, unknown: float) -> None:
    rows = [{"phase": "design", "start": start, "end": start} for start in (2016, 2014)]
    table = table_of({"phase": "design", **PREFERRED, "note": "Table 1"}, *rows)
    assert profile(table, "design", mode="snapshot", year=year)["unknown"] == unknown


def test_unplaced_durations_in_a_snapshot_need_all_free_years() -> None:
    some = table_of({"duration_years": 3}, {**VACANT, "start": 2016})
    assert profile(some, mode="snapshot", year=2013)["unknown"] == 1
    full = table_of({"duration_years": 3}, {"actor": "ZTE", "duration_years": 1}, {**VACANT, "start": 2016})
    shares = Resolved(full, View(projects=("P",), mode="snapshot", year=2013)).matrix.shares.set_index("holder")[
        "share"
    ]
    assert shares.to_dict() == {"CEIEC": 0.75, "ZTE": 0.25}


def test_who_holds_the_years_undated_stays_beside_a_duration() -> None:
    # Of ten free years CEIEC and ZTE hold three together, CEIEC seven alone; only ZTE's part is certain.
    table = table_of({}, {"actor": "ZTE", "duration_years": 3})
    shares = Resolved(table, View(projects=("P",), mode="time")).matrix.shares.set_index("holder")
    assert shares["share"].to_dict() == pytest.approx({"CEIEC": 0.85, "ZTE": 0.15}, abs=1e-12)
    assert shares["undated"].to_dict() == pytest.approx({"CEIEC": 0.85, "ZTE": 0.0}, abs=1e-12)


def test_scaled_durations_are_said() -> None:
    notices = Resolved(table_of({"duration_years": 11}), View(projects=("P",))).notices
    assert [notice for notice in notices if "scaled down" in notice] == [
        "P, maintenance: the durations are longer than the free years and were scaled down."
    ]


def test_scaled_durations_of_many_cells_are_said_in_one_sentence() -> None:
    rows = [{"project": f"P{number}", "duration_years": 11} for number in range(7)]
    notices = Resolved(table_of(*rows), View(min_phases=0)).notices
    assert [notice for notice in notices if "scaled down" in notice] == [
        "In 7 cells the durations are longer than the free years and were scaled down: P0 (maintenance), "
        "P1 (maintenance), P2 (maintenance), P3 (maintenance), P4 (maintenance) and 2 more."
    ]


def test_chinese_and_unknown_origin_share_a_phase() -> None:
    table = table_of({}, {"actor": "Somebody"})
    shares = Resolved(table, View(projects=("P",))).matrix.shares.set_index("origin")["share"].to_dict()
    assert shares == {"chinese": 0.5, "unknown": 0.5}


def test_an_actor_with_two_origins_is_split_whatever_the_order() -> None:
    rows = [{"origin": "local"}, {"origin": "chinese", "source": "t"}, {"actor": "ZTE"}]
    for ordered in (rows, rows[::-1]):
        shares = Resolved(table_of(*ordered), View(projects=("P",))).matrix.shares
        assert {(r.holder, r.origin): r.share for r in shares.itertuples()} == {
            ("CEIEC", "local"): 0.25,
            ("CEIEC", "chinese"): 0.25,
            ("ZTE", "chinese"): 0.5,
        }


@pytest.mark.parametrize(
    "weight, expected", [(0.5, {"CEIEC": 2 / 3, "HP": 1 / 3}), (1, {"CEIEC": 0.5, "HP": 0.5}), (0, {"CEIEC": 1})]
)
def test_support_counts_what_its_role_weighs_whatever_the_winning_rank(
    weight: float, expected: dict[str, float]
) -> None:
    table = table_of(PREFERRED, {"actor": "HP", "role": "support"}, {"role": "support"})
    shares = Resolved(table, View(projects=("P",), roles=(("support", weight),))).matrix.shares
    assert shares.set_index("holder")["share"].to_dict() == pytest.approx(expected, abs=1e-12)


@given(
    tables(),
    st.sampled_from(["static", "time", "snapshot"]),
    st.sampled_from(["held", "split", "gap"]),
    st.sampled_from(["actor", "origin"]),
)
@settings(max_examples=examples(24), deadline=None)
def test_every_applicable_phase_is_divided_without_rest(table: Table, mode: str, boundary: str, counting: str) -> None:
    year = 2013 if mode == "snapshot" else None
    matrix = Resolved(table, View(mode=mode, year=year, boundary=boundary, counting=counting, min_phases=0)).matrix
    phases = matrix.phases
    total = phases["held"] + phases["gap"] + phases["unknown"]
    assert total.to_list() == pytest.approx(phases["applicable"].astype(float).to_list(), abs=1e-12)
    assert (phases[["held", "gap", "unknown"]] > -1e-12).all(axis=None)
    shares = matrix.shares.groupby(["project", "phase"])["share"].sum()
    held = phases.set_index(["project", "phase"])["held"]
    assert shares.reindex(held.index, fill_value=0.0).to_list() == pytest.approx(held.to_list(), abs=1e-12)
    by_year = matrix.year_shares.groupby(["project", "phase", "year"])["share"].sum()
    held_years = matrix.years.set_index(["project", "phase", "year"])["held"]
    assert by_year.reindex(held_years.index, fill_value=0.0).to_list() == pytest.approx(held_years.to_list(), abs=1e-12)


@given(tables(), st.randoms(use_true_random=False))
@settings(max_examples=examples(16), deadline=None)
def test_the_order_of_rows_changes_no_number(table: Table, random: Any) -> None:
    columns = [
        "project",
        "phase",
        "actor",
        "origin",
        "status",
        "start",
        "end",
        "duration_years",
        "rank",
        "role",
        "confidence",
        "source",
    ]
    rows = table.rows[columns].astype(object).where(table.rows[columns].notna(), None).to_dict("records")
    random.shuffle(rows)
    again = table_of(*rows, window=(FIRST, LAST))
    view = View(mode="time", min_phases=0)

    def numbers(table: Table) -> dict[Any, float]:
        shares = Resolved(table, view).matrix.shares
        return shares.set_index(["project", "phase", "holder", "origin"])["share"].to_dict()

    assert numbers(again) == pytest.approx(numbers(table), abs=1e-12)
