"""Withdrawal: names, gaps by hand, co-holders, durations, the command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from strategies import table_of
from studies import table_1

from agency.cli import group
from agency.errors import UsageError
from agency.indicators.whatif import Withdrawal, whatif, withdrawing
from agency.resolve import Resolved
from agency.resolve.select import View
from agency.table.model import Table

UNSIGNED = "signed or built without a year given; taken as done"


def left(table: Table, name: str, year: int, **view: Any) -> dict[str, Any]:
    return whatif(Resolved(table, View(min_phases=0, **view)), name, year=year)


def exactly(value: float) -> Any:
    return pytest.approx(value, rel=0, abs=1e-12)


def test_the_maintainer_of_table_1_leaves_in_2016() -> None:
    found = whatif(table_1().resolved, "CEIEC", year=2016)
    assert found["lost"] == [{"project": "ECU 911", "phase": "maintenance", "from": 2016}]
    assert found["orphaned_added"] == {"ECU 911": {"maintenance": 3.0}}
    before, after = found["before"]["ECU 911"], found["after"]["ECU 911"]
    assert (before["chinese"], before["gap"]) == (exactly(11 / 30), exactly(1 / 20))
    # Four years of maintenance are left: 1 + 1/2 + 4/10 of six phases; the other six years are a gap.
    assert (after["chinese"], after["gap"]) == (exactly(1.9 / 6), exactly(0.6 / 6))
    assert found["before"]["JSeI"] == found["after"]["JSeI"]


def test_a_duration_without_dates_is_undetermined() -> None:
    found = whatif(table_1().resolved, "ZTE", year=2017)
    assert found["lost"] == []
    assert found["undetermined"] == [
        {"project": "JSeI", "phase": "maintenance", "why": "a duration without dates"},
        {"project": "JSeI", "phase": "design", "why": UNSIGNED},
        {"project": "JSeI", "phase": "implementation", "why": UNSIGNED},
    ]
    assert found["before"] == found["after"]


def test_without_a_window_it_is_undetermined() -> None:
    found = left(table_of({}, window=None), "CEIEC", 2015)
    assert found["undetermined"] == [{"project": "P", "phase": "maintenance", "why": "no window of years"}]


@pytest.mark.parametrize(
    "years, lost",
    [({"start": 2014}, False), ({"end": 2014}, False), ({"start": 2015}, True), ({"end": 2016}, True)],
)
def test_a_contract_of_a_later_year_is_not_signed(years: dict[str, int], lost: bool) -> None:
    found = left(table_of({"phase": "design", **years}, {"phase": "operation", "actor": "Ministry"}), "CEIEC", 2015)
    first = years.get("start", years.get("end"))
    assert found["lost"] == ([{"project": "P", "phase": "design", "from": first}] if lost else [])
    assert found["after"]["P"]["gap"] == exactly(1 / 6 if lost else 0)
    assert (found["before"] == found["after"]) is not lost


def test_an_event_without_a_year_stays_and_is_said() -> None:
    found = left(table_of({"phase": "design"}, {"phase": "operation", "actor": "Ministry"}), "CEIEC", 2012)
    assert found["lost"] == []
    assert found["undetermined"] == [{"project": "P", "phase": "design", "why": UNSIGNED}]
    assert found["before"] == found["after"]


def test_undated_years_are_lost_and_said() -> None:
    found = left(table_of({}), "CEIEC", 2017)
    assert found["lost"] == [{"project": "P", "phase": "maintenance", "from": 2017}]
    why = "held without a year given; taken as lost"
    assert found["undetermined"] == [{"project": "P", "phase": "maintenance", "why": why}]


def test_a_co_holder_takes_over() -> None:
    found = left(table_of({}, {"actor": "Ministry"}), "CEIEC", 2017)
    assert found["lost"] == []
    assert found["before"]["P"]["local"] == exactly(0.5 / 6)
    assert found["after"]["P"]["local"] == exactly(0.75 / 6)


def test_co_holders_by_origin_share_again_by_origin() -> None:
    rows = ({}, {"actor": "ZTE"}, {"actor": "Ministry"})
    found = left(table_of(*rows), "ZTE", 2012, counting="origin")
    assert found["after"]["P"]["local"] == found["after"]["P"]["chinese"] == exactly(0.5 / 6)


def test_a_split_year_becomes_a_whole_gap() -> None:
    rows = ({"start": 2012, "end": 2018}, {"status": "negotiating", "start": 2018})
    found = left(table_of(*rows), "CEIEC", 2018, boundary="split")
    assert found["orphaned_added"] == {"P": {"maintenance": 0.5}}
    assert found["after"]["P"]["gap"] == exactly(0.4 / 6)


def test_who_takes_over_a_split_year_undated_holds_half_of_it_so() -> None:
    # Ministry: half of 2012-2014, half of the held half of 2015, all of 2016-2021; never with a year given.
    rows = ({}, {"actor": "Ministry"}, {"actor": "Operator", "start": 2015, "end": 2015})
    talks = {"status": "negotiating", "start": 2015, "end": 2015}
    resolved = Resolved(table_of(*rows, talks), View(min_phases=0, mode="time", boundary="split"))
    after = resolved.without(Withdrawal("actor", "CEIEC").of, 2015).shares.set_index("holder")
    assert after["share"].to_dict() == {"CEIEC": exactly(0.15), "Ministry": exactly(0.775), "Operator": exactly(0.025)}
    assert after["undated"].to_dict() == {"CEIEC": exactly(0.15), "Ministry": exactly(0.775), "Operator": 0}


def test_an_origin_withdraws_from_every_project() -> None:
    table = table_of(
        {"project": "A"}, {"project": "B", "actor": "ZTE"}, {"project": "B", "phase": "operation", "actor": "HP"}
    )
    found = left(table, "chinese", 2020)
    assert [(entry["project"], entry["from"]) for entry in found["lost"]] == [("A", 2020), ("B", 2020)]
    assert found["orphaned_added"] == {"A": {"maintenance": 2.0}, "B": {"maintenance": 2.0}}


def test_a_phase_lost_only_where_nobody_else_holds_it() -> None:
    table = table_of({}, {"actor": "Ministry", "start": 2012, "end": 2016})
    found = left(table, "CEIEC", 2015)
    assert found["lost"] == [{"project": "P", "phase": "maintenance", "from": 2017}]
    assert found["orphaned_added"] == {"P": {"maintenance": 5.0}}


def test_names_are_resolved_and_clashes_refused() -> None:
    table = table_of({"actor": "chinese", "origin": "local"}, {"actor": "Big Firm", "origin": "chinese"})
    with pytest.raises(UsageError, match="actor:chinese or origin:chinese"):
        withdrawing(table, "chinese")
    assert withdrawing(table, "actor:chinese") == Withdrawal("actor", "chinese")
    assert withdrawing(table, "origin:chinese") == Withdrawal("origin", "chinese")
    with pytest.raises(UsageError, match="Did you mean 'Big Firm'"):
        withdrawing(table, "Big Frm")
    with pytest.raises(UsageError, match="no origin 'Big Firm'"):
        withdrawing(table, "origin:Big Firm")
    with pytest.raises(UsageError, match="no actor or origin ''"):
        withdrawing(table, "")


def test_an_alias_names_its_actor() -> None:
    table = table_of({}, actors=[{"actor": "CEIEC", "alias": "China Electronics"}])
    assert withdrawing(table, "China Electronics") == Withdrawal("actor", "CEIEC")


def run(*arguments: str) -> Any:
    return CliRunner().invoke(group, ["whatif", "-p", "ECU 911", *arguments])


def test_the_command() -> None:
    text = run("--withdraw", "CEIEC", "--from", "2016").stdout
    for expected in ("Mode time", "maintenance", "3.00", "before", "after", "10.0 %"):
        assert expected in text
    document = json.loads(run("--withdraw", "CEIEC", "--from", "2016", "-f", "json").stdout)
    assert {"method", "lost", "orphaned_added", "before", "after", "undetermined"} <= set(document)
    assert document["method"]["mode"] == "time"
    lines = run("--withdraw", "CEIEC", "--from", "2016", "-f", "csv").stdout.splitlines()
    assert lines[:2] == ["project,phase,from,years_added_to_gap,undetermined", "ECU 911,maintenance,2016,3.0,"]
    assert lines[2:] == [
        f"ECU 911,{phase},,,signed or built without a year given; taken as done"
        for phase in ("design", "implementation")
    ]
    assert "none" in run("--withdraw", "CEIEC", "--from", "2030").stdout


def test_the_command_lists_what_is_never_signed(tmp_path: Path) -> None:
    data = tmp_path / "t.csv"
    data.write_text("project,phase,actor,origin,source,start,end\nP,design,X,chinese,s,2015,2016\n", "utf-8")
    arguments = ["whatif", str(data), "--withdraw", "X", "--from", "2014"]
    text = CliRunner().invoke(group, arguments).stdout
    assert ["P", "design", "2015", "–"] in [line.split() for line in text.splitlines()]
    assert CliRunner().invoke(group, [*arguments, "-f", "csv"]).stdout.splitlines()[1:] == ["P,design,2015,,"]


@pytest.mark.parametrize("arguments", [("--mode", "static"), ("--year", "2015")])
def test_the_command_wants_time(arguments: tuple[str, ...]) -> None:
    assert run("--withdraw", "CEIEC", "--from", "2016", *arguments).exit_code == 2


def test_the_command_suggests_names() -> None:
    result = run("--withdraw", "CEIECC", "--from", "2016")
    assert isinstance(result.exception, UsageError)
    assert "Did you mean 'CEIEC'" in str(result.exception)


def test_holders_of_unknown_origin_cannot_be_withdrawn() -> None:
    table = table_of({"actor": "Somebody"})
    with pytest.raises(UsageError, match="it is not known who they are"):
        withdrawing(table, "unknown")
    assert withdrawing(table, "Somebody").kind == "actor"
