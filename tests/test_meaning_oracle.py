"""The oracle against the worked values of meaning.md (sections 2 to 6, 11, 12), indicators.md and data-model.md."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from oracle import claims, conflicts, numbers, use, years
from oracle.model import Study, View
from oracle.strategies import studies_and_views, write
from oracle.table1 import LAUNCHED, TABLE1
from strategies import examples

PARTS = ("local", "chinese", "western", "gap", "unknown")


def parts(study: Study, view: View, project: str) -> tuple[Fraction, ...]:
    found = numbers.composition(study, view, project)
    assert found is not None
    return tuple(found[key] for key in PARTS)


TIME = View(mode="time")
END = View(mode="snapshot", year="end")


# --- Table 1, indicators.md "Hand-computed values" and section 11 ---------------------------------------------------


@pytest.mark.parametrize(
    "view, ecu, jsei",
    [
        (View(), (Fraction(7, 12), Fraction(5, 12), 0, 0, 0), (Fraction(7, 12), Fraction(5, 12), 0, 0, 0)),
        (
            TIME,
            (Fraction(7, 12), Fraction(11, 30), 0, Fraction(1, 20), 0),
            (Fraction(7, 12), Fraction(9, 28), 0, 0, Fraction(2, 21)),
        ),
        (View(mode="time", boundary="split"), (Fraction(7, 12), Fraction(43, 120), 0, Fraction(7, 120), 0), None),
        (View(mode="time", boundary="gap"), (Fraction(7, 12), Fraction(7, 20), 0, Fraction(1, 15), 0), None),
        (
            END,
            (Fraction(7, 12), Fraction(1, 4), 0, Fraction(1, 6), 0),
            (Fraction(7, 12), Fraction(1, 4), 0, 0, Fraction(1, 6)),
        ),
    ],
)
def test_table1_composition(view, ecu, jsei):
    assert parts(TABLE1, view, "ECU 911") == ecu
    if jsei:
        assert parts(TABLE1, view, "JSeI") == jsei


def test_table1_shares():
    for project in ("ECU 911", "JSeI"):
        found = numbers.share(TABLE1, View(), project)
        assert (found["local"], found["chinese"]) == (Fraction(7, 12), Fraction(5, 12))
    time = [numbers.share(TABLE1, TIME, project) for project in ("ECU 911", "JSeI")]
    assert [(found["local"], found["chinese"]) for found in time] == [
        (Fraction(35, 57), Fraction(22, 57)),
        (Fraction(49, 76), Fraction(27, 76)),
    ]
    end = [numbers.share(TABLE1, END, project) for project in ("ECU 911", "JSeI")]
    assert [(found["local"], found["chinese"]) for found in end] == [(Fraction(7, 10), Fraction(3, 10))] * 2


def test_table1_concentration():
    def found(view, project):
        return numbers.hhi_actors(TABLE1, view, project), numbers.hhi_origins(TABLE1, view, project)

    assert [found(view, "ECU 911") for view in (View(), TIME, END)] == [
        (Fraction(23, 72), Fraction(37, 72)),
        (Fraction(1009, 3249), Fraction(1709, 3249)),
        (Fraction(3, 10), Fraction(29, 50)),
    ]
    assert [found(view, "JSeI") for view in (View(), TIME, END)] == [
        (Fraction(31, 72), Fraction(37, 72)),
        (Fraction(1271, 2888), Fraction(1565, 2888)),
        (Fraction(23, 50), Fraction(29, 50)),
    ]


def test_table1_actors_in_two_blocks():
    ecu, jsei = (numbers.lock_in(TABLE1, View(), project) for project in ("ECU 911", "JSeI"))
    assert (ecu["value"], ecu["actor"], jsei["value"], jsei["actor"]) == (
        Fraction(3, 4),
        ["CEIEC"],
        Fraction(3, 4),
        ["ZTE"],
    )
    by_boundary = [
        numbers.lock_in(TABLE1, View(mode="time", boundary=boundary), "ECU 911")["value"]
        for boundary in ("held", "split", "gap")
    ]
    assert by_boundary == [Fraction(7, 10), Fraction(13, 20), Fraction(3, 5)]
    jsei = numbers.lock_in(TABLE1, TIME, "JSeI")
    assert (jsei["value"], jsei["low"], jsei["high"]) == (Fraction(3, 7), Fraction(3, 7), Fraction(3, 4))
    owners = [numbers.owner_continuity(TABLE1, View(), project) for project in ("ECU 911", "JSeI")]
    assert owners == [{"value": 0, "actor": []}, {"value": 1, "actor": ["Jujuy's Ministry of Security"]}]


def test_table1_orphaned():
    ecu = [numbers.orphaned(TABLE1, View(boundary=boundary), "ECU 911") for boundary in ("held", "split", "gap")]
    assert [found["maintenance"]["value"] for found in ecu] == [Fraction(3, 10), Fraction(7, 20), Fraction(2, 5)]
    assert ecu[0]["continuing"] == {"value": Fraction(3, 20), "low": Fraction(3, 20), "high": Fraction(3, 20)}
    jsei = numbers.orphaned(TABLE1, View(), "JSeI")
    assert jsei["maintenance"] == {"value": 0, "low": 0, "high": Fraction(4, 7)}
    assert jsei["continuing"] == {"value": 0, "low": 0, "high": Fraction(2, 7)}


def test_table1_undated_and_bounds():
    for project in ("ECU 911", "JSeI"):
        assert numbers.undated(TABLE1, View(), project) == 0
        assert numbers.undated(TABLE1, TIME, project) == Fraction(1, 6)
    ecu, jsei = (numbers.bounds(TABLE1, TIME, project) for project in ("ECU 911", "JSeI"))
    assert ecu["local"] == (Fraction(5, 12), Fraction(7, 12))
    assert ecu["chinese"] == (Fraction(11, 30), Fraction(8, 15))
    assert ecu["gap"] == (Fraction(1, 20), Fraction(13, 60))
    assert jsei["local"] == (Fraction(5, 12), Fraction(19, 28))
    assert jsei["chinese"] == (Fraction(9, 28), Fraction(7, 12))


def test_launched():
    """Section 11, "With `launched` ECU 911 2012, JSeI 2019"."""
    for view in (View(), TIME):
        assert parts(LAUNCHED, view, "ECU 911") == parts(TABLE1, view, "ECU 911")
        assert numbers.bounds(LAUNCHED, view, "ECU 911") == numbers.bounds(TABLE1, view, "ECU 911")
    assert parts(LAUNCHED, TIME, "JSeI") == (Fraction(7, 12), Fraction(3, 8), 0, 0, Fraction(1, 24))
    bounds = numbers.bounds(LAUNCHED, TIME, "JSeI")
    assert (bounds["local"], bounds["chinese"]) == (
        (Fraction(5, 12), Fraction(5, 8)),
        (Fraction(3, 8), Fraction(7, 12)),
    )
    assert (numbers.coverage(LAUNCHED, TIME, "JSeI"), numbers.undated(LAUNCHED, TIME, "JSeI")) == (
        Fraction(23, 24),
        Fraction(1, 6),
    )
    share = numbers.share(LAUNCHED, TIME, "JSeI")
    assert (share["local"], share["chinese"]) == (Fraction(14, 23), Fraction(9, 23))
    assert numbers.lock_in(LAUNCHED, TIME, "JSeI")["value"] == Fraction(3, 4)
    assert numbers.owner_continuity(LAUNCHED, TIME, "JSeI")["value"] == 1
    assert numbers.orphaned(LAUNCHED, TIME, "JSeI")["maintenance"] == {"value": 0, "low": 0, "high": Fraction(1, 4)}
    assert numbers.hhi_actors(LAUNCHED, TIME, "JSeI") == Fraction(229, 529)
    assert numbers.hhi_origins(LAUNCHED, TIME, "JSeI") == Fraction(277, 529)


@pytest.mark.parametrize("year", [2016, 2018])
def test_launched_snapshots_before(year):
    view = View(mode="snapshot", year=year)
    assert sorted(numbers.cells(LAUNCHED, view, "JSeI")) == ["design", "implementation", "initiation", "requirements"]
    assert parts(LAUNCHED, view, "JSeI") == (Fraction(5, 8), Fraction(3, 8), 0, 0, 0)
    assert numbers.undated(LAUNCHED, view, "JSeI") == 1


@pytest.mark.parametrize("year", [2019, "end"])
def test_launched_snapshots_after(year):
    view = View(mode="snapshot", year=year)
    assert parts(LAUNCHED, view, "JSeI") == (Fraction(7, 12), Fraction(1, 4), 0, 0, Fraction(1, 6))
    assert numbers.coverage(LAUNCHED, view, "JSeI") == Fraction(5, 6)
    assert numbers.undated(LAUNCHED, view, "JSeI") == Fraction(
        1, 6
    )  # operation; the event phases are certain from the launch on


def test_launched_timeline():
    found = numbers.timeline(LAUNCHED, View(), "JSeI")
    assert [found[year] for year in (2016, 2017, 2018)] == [None] * 3
    for year in range(2019, 2023):
        assert {key: value for key, value in found[year].items() if value} == {
            "local": Fraction(1, 2),
            "unknown": Fraction(1, 2),
            "undated": Fraction(1, 2),
        }


# --- years, window 2012-2021: section 11, then lines a-i, then data-model.md ----------------------------------------


def row(actor: str = "A", origin: str = "chinese", **more: Any) -> dict[str, Any]:
    status = more.get("status", "held")
    nobody = status in {"vacant", "negotiating", "not_applicable"}
    who = {"actor": "", "origin": ""} if nobody else {"actor": actor, "origin": origin}
    return {"project": "P", "phase": "maintenance", "source": "s1", **who, **more}


def study(*rows: dict[str, Any], **project: Any) -> Study:
    return Study(rows=rows, projects={"P": {"window_start": 2012, "window_end": 2021, **project}})


def counted(found: Study, view: View | None = None) -> tuple[Fraction, ...]:
    """Years: held certain, undated held, gap, unknown."""
    state = years.total(years.time_states(found, view or View(), "P", "maintenance"))
    held, undated = sum(state.held.values()), sum(state.undated.values())
    return held - undated, undated, state.gap, state.unknown


BEST = row(rank="preferred")


@pytest.mark.parametrize(
    "rows, expected",
    [
        ((BEST, row(start=2012, end=2018)), (7, 0, 0, 3)),
        ((BEST, row(end=2018)), (7, 0, 0, 3)),
        ((BEST, row(start=2012, end=2014), row(start=2017, end=2018)), (5, 0, 0, 5)),
        ((BEST, row(start=2012, end=2014, confidence="alleged")), (0, 10, 0, 0)),
        ((BEST, row(start=2012, end=2014, rank="deprecated")), (0, 10, 0, 0)),
        ((BEST, row(start=2012, end=2014, role="support")), (0, 10, 0, 0)),
        ((row(), row(scope="technical", start=2012, end=2014)), (3, 7, 0, 0)),
        ((row(scope="technical"), row(start=2012, end=2014)), (3, 0, 0, 7)),
        ((BEST, row(start=2001, end=2002)), (0, 10, 0, 0)),
        ((row(status="vacant"), row(start=2015, end=2016)), (2, 0, 8, 0)),
        ((row(status="not_applicable", end=2014), row(end=2018)), (4, 0, 0, 3)),
        ((row(), row(status="vacant", start=2018)), (0, 6, 4, 0)),
    ],
)
def test_years_of_section_11(rows, expected):
    assert counted(study(*rows)) == expected


def test_an_undated_vacancy_is_undated_gap():
    found = years.total(
        years.time_states(study(row(status="vacant"), row(start=2015, end=2016)), View(), "P", "maintenance")
    )
    assert (found.gap, found.gap_undated) == (8, 8)


AWAY = row(status="not_applicable")


@pytest.mark.parametrize(
    "rows, launched, line",
    [
        # a: a held row that states it, before everything else
        (
            (row(start=2014, end=2016), row(status="vacant", start=2012), row(status="not_applicable", start=2015)),
            None,
            "held",
        ),
        # a: "its one given year"
        ((row(start=2015), row(status="not_applicable", start=2015, end=2015)), None, "held"),
        # b: a vacant row that states it, or is open there, before not applicable and before an open held row
        (
            (row(status="vacant", start=2015), row(status="not_applicable", start=2014, end=2016), row(end=2018)),
            None,
            "gap",
        ),
        ((row(status="negotiating", start=2013), row(end=2018)), None, "gap"),
        # c: a not_applicable row that states it or is open there, before an open held row
        ((row(status="not_applicable", start=2013), row(end=2018)), None, "not applicable"),
        # d: a held row open there, before the launch is asked
        ((row(end=2018), AWAY, row(status="vacant")), None, "held"),
        # e: the year lies before `launched`: an open side does not reach it
        ((row(end=2018), row()), 2016, "not applicable"),
        # ... but a row that states it does
        ((row(start=2014, end=2018),), 2016, "held"),
        ((row(status="vacant", start=2015, end=2016),), 2016, "gap"),
        # f: an undated held row, before an undated vacancy and an undated not_applicable
        ((row(), row(status="vacant"), AWAY), None, "undated held"),
        # g: an undated vacant or negotiating row, before an undated not_applicable
        ((row(status="negotiating"), AWAY), None, "undated gap"),
        # h: an undated not_applicable row
        ((AWAY,), None, "not applicable"),
        # i
        ((), None, "unknown"),
        ((row(start=2016),), None, "unknown"),
    ],
)
def test_lines_a_to_i_in_2015(rows, launched, line):
    state = years.year_states(study(*rows, launched=launched), View(), "P", "maintenance")[2015]
    words = {
        "held": sum(state.held.values()) - sum(state.undated.values()),
        "undated held": sum(state.undated.values()),
        "gap": state.gap - state.gap_undated,
        "undated gap": state.gap_undated,
        "unknown": state.unknown,
        "not applicable": 1 - state.applicable,
    }
    assert {word for word, mass in words.items() if mass} == {line}


@pytest.mark.parametrize(
    "rows, view, expected",
    [
        ((row(start=2015),), View(), (7, 0, 0, 3)),
        ((row(start=2016, duration_years=3),), View(), (3, 0, 0, 7)),
        ((row(duration_years=3), row(status="vacant", start=2020)), View(), (3, 0, 2, 5)),
        ((row(start=2012, end=2018, rank="preferred"), row(status="vacant", start=2019)), View(), (7, 0, 0, 3)),
        (
            (row(start=2012, end=2018, rank="preferred"), row(status="vacant", start=2019)),
            View(rank="all"),
            (7, 0, 3, 0),
        ),
        ((row(status="negotiating", start=2018),), View(), (0, 0, 4, 6)),
        ((AWAY, row(start=2015)), View(), (7, 0, 0, 0)),
        ((row(start=2012, end=2014), row(status="vacant", start=2015, end=2021)), View(), (3, 0, 7, 0)),
        # durations of two actors add up; one is longer than the years that are free
        ((row(duration_years=3), row("B", duration_years=2)), View(), (5, 0, 0, 5)),
        ((row(duration_years=9), row("B", duration_years=9)), View(), (10, 0, 0, 0)),
        # of one actor the longest counts; beside a dated row none does, unless that lies outside the window
        ((row(duration_years=3), row(duration_years=5)), View(), (5, 0, 0, 5)),
        ((row(duration_years=3), row(start=2012, end=2013)), View(), (2, 0, 0, 8)),
        ((row(duration_years=3), row(start=2001, end=2002)), View(), (3, 0, 0, 7)),
        # "an undated row adds nothing beside a bare duration of its actor, of whatever rank"
        ((row(), row(duration_years=3)), View(), (3, 0, 0, 7)),
        ((BEST, row(duration_years=3)), View(), (3, 0, 0, 7)),
        # a duration takes undated years where no unknown ones are left: of a vacancy, and beside an undated holder
        ((row(duration_years=3), row(status="vacant")), View(), (3, 0, 7, 0)),
        ((row(duration_years=4), row("B")), View(), (2, 8, 0, 0)),
        # a scoped vacancy is no gap of the phase while another row is held
        ((row(end=2015), row(status="vacant", scope="cameras", start=2014)), View(), (4, 0, 6, 0)),
        # boundary touches years that have both
        (
            (row(end=2018), row(status="vacant", start=2018)),
            View(boundary="split"),
            (Fraction(13, 2), 0, Fraction(7, 2), 0),
        ),
        ((row(end=2018), row(status="vacant", start=2018)), View(boundary="gap"), (6, 0, 4, 0)),
        ((row(end=2018), row(status="vacant", start=2017)), View(boundary="gap"), (5, 0, 5, 0)),
        ((row(start=2012, end=2018), row(status="vacant", start=2017)), View(boundary="gap"), (5, 0, 5, 0)),
    ],
)
def test_years_of_data_model(rows, view, expected):
    assert counted(study(*rows), view) == expected


def test_an_undated_holder_beside_a_dated_one():
    """ "The share of those whose only rows are undated is undated mass": 2012-14 A and B halves, then B alone."""
    found = counted(study(row(start=2012, end=2014), row("B", "local")))
    assert found == (Fraction(3, 2), Fraction(17, 2), 0, 0)


def test_static_of_a_phase():
    def static(*rows: dict[str, Any], **project: Any) -> tuple[Any, ...]:
        state = years.static_state(study(*rows, **project), View(), "P", "maintenance")
        return {who.actor: mass for who, mass in state.held.items()}, state.gap, state.unknown, state.applicable

    assert static(row(start=2012, end=2014), row(status="vacant", start=2015, end=2021)) == ({"A": 1}, 0, 0, 1)
    assert static(row(duration_years=2), row("B", start=2015)) == ({"A": Fraction(1, 2), "B": Fraction(1, 2)}, 0, 0, 1)
    assert static(row(start=2001, end=2002)) == ({}, 0, 1, 1)
    assert static(row(status="vacant", start=2001, end=2002), AWAY) == ({}, 0, 0, 0)
    assert static(row(status="vacant", start=2019), AWAY) == ({}, 1, 0, 1)
    # "where every year is not applicable, static is not applicable too"
    assert static(row(status="not_applicable", start=2012), row(status="vacant")) == ({}, 0, 0, 0)


def test_unknown_origin_is_unknown_by_origin_and_a_holder_by_actor():
    found = study(row(start=2012, end=2021), row("B", "unknown", start=2012, end=2021))
    state = numbers.cell_numbers(found, TIME, "P", "maintenance")
    assert {who.actor: mass for who, mass in state.held.items()} == {"A": Fraction(1, 2), "B": Fraction(1, 2)}
    composition, undated = numbers.summary({"maintenance": state}, {"maintenance": 1})
    assert (composition["chinese"], composition["unknown"], sum(undated.values())) == (
        Fraction(1, 2),
        Fraction(1, 2),
        0,
    )


# --- event phases, launch, borrowed years ---------------------------------------------------------------------------


def design(**more: Any) -> dict[str, Any]:
    return row(**{"phase": "design", **more})


@pytest.mark.parametrize(
    "rows, year, held, undated",
    [
        ((design(start=2015),), 2014, 0, 0),
        ((design(start=2015),), 2020, 1, 0),  # the holder stays on record
        ((design(start=2015, end=2016),), 2020, 1, 0),
        ((design(end=2015),), 2014, 0, 0),  # with an end only, from its end
        ((design(end=2015),), 2015, 1, 0),
        ((design(),), 2016, 1, 1),  # undated: before the launch undated mass
        ((design(),), 2017, 1, 0),
        ((design(rank="preferred"), design(start=2018), design(start=2015)), 2014, 0, 0),  # the least start is taken
        ((design(rank="preferred"), design(start=2018), design(start=2015)), 2015, 1, 0),
        ((design(scope="software", rank="preferred"), design(scope="cables", start=2018)), 2016, 1, 1),
    ],
)
def test_event_rows_in_snapshots(rows, year, held, undated):
    found = study(*rows, launched=2017)
    state = numbers.cell_numbers(found, View(mode="snapshot", year=year), "P", "design")
    assert (sum(state.held.values()), sum(state.undated.values())) == (held, undated)


def test_undated_event_rows_without_launch_are_certain_in_the_last_year():
    found = study(design())
    undated = [
        sum(numbers.cell_numbers(found, View(mode="snapshot", year=year), "P", "design").undated.values())
        for year in (2012, 2020, 2021)
    ]
    assert undated == [1, 1, 0]


@pytest.mark.parametrize(
    "rows, until, launched, expected",
    [
        ((row(start=2014, end=2016), design(start=2010)), None, None, (2014, 2016)),
        ((row(end=2016), design(start=2010)), None, None, (2010, 2016)),  # open to the left: the least year of any row
        ((row(end=2016), row(start=2014, end=2015), design(start=2010)), None, None, (2010, 2016)),
        ((row(end=2016), design(start=2010)), None, 2012, (2012, 2016)),
        ((row(start=2014), design(start=2010, end=2015)), 2020, None, (2014, 2020)),  # open to the right: until
        ((row(start=2014), design(start=2010, end=2015)), None, None, (2014, 2015)),
        ((row(), design(start=2010)), 2020, None, (2010, 2020)),  # "or has no year"
        ((design(start=2010),), 2020, None, (2010, 2010)),  # no continuing row: the greatest year of any row
        ((design(start=2010),), 2020, 2015, (2015, 2020)),  # never before the start, then until
        ((design(start=2010),), None, 2015, None),  # else no window
        ((design(),), 2020, None, None),
        ((design(start=2010, status="proposed"), design(start=2012, rank="deprecated")), 2020, None, None),
        ((design(start=2010, status="denied"), row(start=2014, end=2015)), None, None, (2014, 2015)),
    ],
)
def test_derived_window(rows, until, launched, expected):
    found = Study(rows=rows, projects={"P": {"launched": launched}}, until=until)
    assert years.window(found, "P") == expected


def test_whole_actors_are_one_holder_by_origin():
    rows = (row("A1", start=2012), row("A2", start=2012), row("A3", "mixed", start=2012))
    parts_of = {name: {"part_of": "A"} for name in ("A1", "A2", "A3")}
    found = Study(rows=rows, projects={"P": {"window_start": 2012, "window_end": 2021}}, actors=parts_of)
    named, whole = (
        numbers.cell_numbers(found, View(actors=actors), "P", "maintenance").held for actors in ("named", "whole")
    )
    assert sorted(named.values()) == [Fraction(1, 3)] * 3
    assert {(who.actor, who.origin): mass for who, mass in whole.items()} == {
        ("A", "chinese"): Fraction(1, 2),
        ("A", "mixed"): Fraction(1, 2),
    }


def test_counting_by_origin():
    """The same phase, with two Chinese holders: 1/2 becomes 2/3 under actor-level counting, not under origin-level."""
    found = study(design(), design(actor="B"), design(actor="L", origin="local"))
    actor, origin = (
        numbers.cell_numbers(found, View(counting=counting), "P", "design").held for counting in ("actor", "origin")
    )
    assert {who.actor: mass for who, mass in actor.items()} == dict.fromkeys("ABL", Fraction(1, 3))
    assert {who.actor: mass for who, mass in origin.items()} == {
        "A": Fraction(1, 4),
        "B": Fraction(1, 4),
        "L": Fraction(1, 2),
    }


def test_undated_gap_is_open_in_the_bound_of_lock_in():
    """Design A, implementation unknown; maintenance A in 2 years, 8 undated years of a vacancy: 2/10, at most 1."""
    found = study(design(), row(start=2012, end=2013), row(status="vacant"))
    locked = numbers.lock_in(found, TIME, "P")
    assert (locked["value"], locked["low"], locked["high"]) == (Fraction(1, 5), Fraction(1, 5), 1)


def test_lock_in_without_a_foreign_actor():
    """Section 12: "the least of the unknown shares of build and maintenance", here 1/2 and 3/10."""
    found = study(
        design(actor="L", origin="local"),
        row("L", "local", start=2012, end=2018),
    )
    locked = numbers.lock_in(found, TIME, "P")
    assert (locked["value"], locked["low"], locked["high"], locked["actor"]) == (0, 0, Fraction(3, 10), [])


def test_orphaned_counts_undated_years_as_held_unless_a_row_says_nobody():
    quiet = numbers.orphaned(study(row(start=2012, end=2013), row("B")), View(), "P")["maintenance"]
    assert quiet == {"value": 0, "low": 0, "high": 0}
    spoken = numbers.orphaned(study(row(), row(status="vacant", start=2018)), View(), "P")["maintenance"]
    assert spoken == {"value": Fraction(4, 10), "low": Fraction(4, 10), "high": 1}
    undated = numbers.orphaned(study(row(status="vacant"), row(start=2015, end=2016)), View(), "P")["maintenance"]
    assert undated == {"value": Fraction(8, 10), "low": 0, "high": Fraction(8, 10)}


# --- section 3: use -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "expected, tested, others",
    [
        ("deprecated", row(rank="deprecated", status="proposed"), ()),
        ("proposed", row(status="proposed", confidence="alleged"), ()),
        ("denied", row(status="denied", confidence="alleged"), ()),
        ("alleged", row(confidence="alleged", role="support"), ()),
        ("support", row(role="support"), ()),
        ("uncounted", row(phase="financing"), ()),
        ("dates", row(start=2012, end=2014), (BEST,)),
        ("dates", row(duration_years=3), (BEST,)),
        ("outranked", row(start=2001, end=2002), (BEST,)),
        ("outranked", row("B", start=2012), (BEST,)),
        ("outranked", row(scope="cables", start=2012), (BEST,)),
        ("outranked", row(), (BEST,)),
        ("outside", row(start=2001, end=2002), ()),
        ("outside", row(status="vacant", end=2011), ()),
        ("idle", row(), (row(start=2012, end=2014),)),
        ("idle", row(), (row(duration_years=3),)),
        ("idle", row(duration_years=3), (row(start=2012),)),
        ("idle", row(duration_years=3), (row(duration_years=4),)),
        ("decides", row(duration_years=3), (row(start=2001, end=2002),)),
        ("decides", BEST, (row(start=2012, end=2014),)),
        ("decides", row(start=2012, end=2014), (row(start=2012, end=2016),)),
        ("decides", row(scope="cables"), (row(scope="software", start=2012),)),
        ("decides", row(status="vacant", start=2015, end=2015), (row(start=2012, end=2021),)),
        ("decides", design(start=2001), ()),  # "an event row is never outside the window"
    ],
)
def test_each_use(expected, tested, others):
    found = study(tested, *others)
    assert use.uses(found, View())[2] == expected


def test_use_of_a_phase_asked_for_and_of_alleged_rows_counted():
    found = study(row(phase="financing"), row(confidence="alleged"))
    assert use.uses(found, View()) == {2: "uncounted", 3: "alleged"}
    assert use.uses(found, View(phases=("financing",), include_alleged=True)) == {2: "decides", 3: "decides"}


def test_statements_used_and_total():
    found = study(BEST, row(start=2012, end=2014), row("B"), row(status="denied"))
    assert use.rests_on(found, View()) == (2, 4)
    assert use.rests_on(found, View(), "P") == (2, 4)
    assert use.rests_on(TABLE1, View()) == (15, 15)


# --- properties of the oracle itself --------------------------------------------------------------------------------


def test_a_study_written_as_a_folder(tmp_path):
    found = replace(two(row(only=True, start=2012), row("Firms", unnamed=True)), until=2021)
    folder = write(found, tmp_path / "study")
    with (folder / "actors_by_phase.csv").open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert [(line["actor"], line["only"], line["unnamed"], line["start"]) for line in lines] == [
        ("A", "true", "", "2012"),
        ("Firms", "", "true", ""),
    ]
    book = tomllib.loads((folder / "codebook.toml").read_text(encoding="utf-8"))
    assert book["study"] == {"until": 2021}
    assert [phase["key"] for phase in book["phase"]] == [phase["key"] for phase in found.phases]
    assert "derives_from = {s2}" in (folder / "sources.bib").read_text(encoding="utf-8")


@settings(max_examples=examples(30), deadline=None)
@given(studies_and_views())
def test_parts_and_low_bounds_sum_to_one(drawn):
    """ "Low over all origins + gap + unknown + undated = 1: the property test"."""
    found, view = drawn
    for project in found.names:
        for each in numbers.modes(found, view, project):
            composition = numbers.composition(found, each, project)
            if composition is None:
                continue
            low = [low for low, _ in numbers.bounds(found, each, project).values()]
            assert sum(composition.values()) == 1
            assert sum(low) + composition["unknown"] + numbers.undated(found, each, project) == 1


@settings(max_examples=examples(30), deadline=None)
@given(studies_and_views())
def test_rows_that_neither_decide_nor_lend_dates_move_no_number(drawn):
    found, view = drawn
    windows = {project: years.window(found, project) for project in found.names}
    assume(all(windows.values()))
    sides = {name: dict(zip(("window_start", "window_end"), sides, strict=True)) for name, sides in windows.items()}
    fixed = replace(found, projects={name: {**found.projects[name], **sides[name]} for name in sides})
    fewer = use.without_idle_rows(fixed, view)
    for project in found.names:
        for each in numbers.modes(fixed, view, project):
            for phase in fixed.counted_phases:
                one, other = (numbers.cell_numbers(some, each, project, phase) for some in (fixed, fewer))
                assert one == other
        assert numbers.orphaned(fixed, view, project) == numbers.orphaned(fewer, view, project)


# --- section 5: whether sources disagree ----------------------------------------------------------------------------

SOURCES = {"s1": {"year": 2016}, "s2": {"year": 2021}, "s3": {"year": 2021, "derives_from": ["s2"]}}


def two(*rows: dict[str, Any], **more: Any) -> Study:
    return Study(rows=rows, projects={"P": {"window_start": 2012, "window_end": 2021}}, sources=SOURCES, **more)


def other(actor: str = "A", origin: str = "chinese", **more: Any) -> dict[str, Any]:
    return row(actor, origin, **{"source": "s2", **more})


def denied(**more: Any) -> dict[str, Any]:
    return other(status="denied", **more)


def found_conflicts(found: Study, phase: str = "maintenance") -> list[tuple[str, str]]:
    return [(each.kind, each.standing) for each in conflicts.conflicts(found, "P", phase)]


CHINESE_FIRMS = {"actor": "Chinese firms", "unnamed": True, "only": True}


@pytest.mark.parametrize(
    "first, second, expected",
    [
        # denial
        (row(start=2012, end=2014), denied(start=2014), "denial"),
        (row(start=2012, end=2014), denied(), "denial"),
        (row(), denied(start=2014, end=2014), "denial"),  # an absent side is unbounded
        (row(start=2012, end=2014), denied(start=2015), None),
        (row(), denied(actor="", origin="chinese"), "denial"),  # X's origin
        (row(), denied(actor="", origin="western"), None),
        (row(), denied(actor="B"), None),
        (row(), denied(actor="Chinese firms", unnamed=True), None),  # "that name only"
        (row(), denied(scope="cables"), None),  # "rows of that scope only"
        (row(scope="cables"), denied(scope="cables"), "denial"),
        (row(scope="cables"), denied(), "denial"),
        # exclusive
        (row("B"), other(only=True), "exclusive"),
        (row("B", start=2012, end=2013), other(only=True, start=2013), "exclusive"),
        (row("B", start=2012, end=2013), other(only=True, start=2014), None),
        (row("Whole"), other(only=True), None),  # part and whole
        (row("L", "local"), other(**CHINESE_FIRMS), "exclusive"),
        (row("B", "chinese"), other(**CHINESE_FIRMS), None),  # a group excludes other origins
        (row("B", "unknown"), other(**CHINESE_FIRMS), None),
        (row("B", "unknown"), other(only=True), "exclusive"),
        (row("Chinese technicians", unnamed=True), other(only=True), None),  # they may be A's
        (row("Somebody", "unknown", unnamed=True), other(only=True), None),
        (row("Local technicians", "local", unnamed=True), other(only=True), "exclusive"),
        (row("B"), other(only=True, scope="cables"), None),
        (row("B", scope="cables"), other(only=True, scope="cables"), "exclusive"),
        # state
        (row(start=2012, end=2014), other(status="vacant", start=2014, end=2016), "state"),
        (row(start=2012, end=2014), other(status="not_applicable", start=2013, end=2013), "state"),
        (
            row(status="negotiating", start=2013, end=2014),
            other(status="not_applicable", start=2014, end=2014),
            "state",
        ),
        (row(status="negotiating", start=2013, end=2014), other(status="vacant", start=2013, end=2014), None),
        (row(start=2012), other(status="vacant", start=2018), None),  # s1 is of 2016: it settles no later year
        (row(start=2012), other(status="vacant", start=2016), "state"),
        (row(), other(status="vacant"), None),  # undated rows of a continuing phase settle no year
        (row(end=2018), other(status="vacant", scope="cables", start=2014), None),
        (row(scope="cables", start=2012, end=2014), other(status="vacant", scope="cables", start=2014), "state"),
        (design(), other(phase="design", status="vacant"), "state"),
        (design(), other(phase="design", status="not_applicable", start=2013), "state"),
        (design(status="vacant"), other(phase="design", status="not_applicable"), None),
        (design(start=2011), other(phase="design", status="vacant", start=2013), None),  # a start alone is that year
        # dates
        (row(start=2012, end=2013), other(start=2015, end=2016), "dates"),
        (design(start=2012), other(phase="design", start=2013), "dates"),
        (row(start=2012, end=2013), other(start=2013), None),
        (row(start=2012, end=2013), other(start=2015, scope="cables"), None),
        (row(start=2012, end=2013), other(), None),
        # kind
        (row(actor_kind="government"), other(actor_kind="state_firm"), "kind"),
        (row(actor_kind="government"), other(), None),
        # proposed and support rows do not speak
        (row(status="proposed"), denied(), None),
        (row(role="support"), denied(), None),
    ],
)
def test_lines_of_the_conflict_table(first, second, expected):
    found = two(first, second, actors={"A": {"part_of": "Whole"}, "Whole": {}})
    assert found_conflicts(found, first["phase"]) == ([(expected, "contested")] if expected else [])
    for rank in ("preferred", "normal"):  # "of all ranks"
        ranked = two({**first, "rank": rank}, second, actors={"A": {"part_of": "Whole"}, "Whole": {}})
        assert found_conflicts(ranked, first["phase"]) == found_conflicts(found, first["phase"])
    if expected:
        settled, alleged = {**first, "rank": "deprecated"}, {**first, "confidence": "alleged"}
        assert found_conflicts(two(settled, second, actors=found.actors), first["phase"]) == [(expected, "settled")]
        assert found_conflicts(two(alleged, second, actors=found.actors), first["phase"]) == [(expected, "alleged")]


@pytest.mark.parametrize(
    "first, second, expected",
    [
        (row(), row(status="denied"), ["denial"]),
        (row("B"), row(only=True), ["exclusive"]),
        (row(end=2018), row(status="vacant", start=2018), []),  # one common year
        (row(start=2012, end=2015), row(status="vacant", start=2014), ["state"]),
        (row(start=2012, end=2013), row(start=2015, end=2016), []),  # two periods
    ],
)
def test_conflicts_inside_one_source(first, second, expected):
    found = two(first, second)
    assert found_conflicts(found) == [(each, "within") for each in expected]
    assert conflicts.verdict(found, "P", "maintenance") == "single"


@pytest.mark.parametrize(
    "rows, expected",
    [
        ((), "silent"),
        ((row(status="proposed"),), "silent"),
        ((row(),), "single"),
        ((row(), other(status="proposed")), "single"),
        ((row(), other()), "same"),
        ((row(start=2012, end=2014), other(start=2014, end=2016)), "same"),
        ((row(), denied()), "contested"),
        ((row(), other("B")), "different"),
        ((row(), denied(actor="B")), "different"),  # one only denies
        ((row(status="negotiating"), other(status="vacant")), "different"),
        ((row(end=2013), other("B", start=2014)), "sequence"),  # a hand-over told by two sources
        ((row(start=2012), other("B", start=2018)), "sequence"),  # s1 is of 2016
        ((row(end=2013), other(status="vacant", start=2014)), "sequence"),
        ((row(end=2013), other("B", start=2013)), "different"),
        ((row(), other(), other("B", source="s3")), "different"),
        ((row(rank="deprecated"), other("B")), "single"),
    ],
)
def test_verdict_of_a_cell(rows, expected):
    assert conflicts.verdict(two(*rows), "P", "maintenance") == expected


def test_a_source_that_says_held_and_nobody_of_an_event_phase_names_the_holder():
    said = design(status="vacant", start=2013)
    found = two(design(start=2013), design(source="s2"), {**said, "source": "s2"})
    assert conflicts.verdict(found, "P", "design") == "same"


def test_two_struck_or_alleged_statements_are_not_compared():
    assert found_conflicts(two(row(rank="deprecated"), denied(rank="deprecated"))) == []
    assert found_conflicts(two(row(confidence="alleged"), denied(rank="deprecated"))) == []


def test_independent_sources():
    assert conflicts.independent(two(), {"s1", "s2", "s3"}) == 2
    assert conflicts.independent(two(), {"s2", "s3"}) == 1


# --- section 6: claims ----------------------------------------------------------------------------------------------


def holders(word: str, *origin: str, **more: Any) -> dict[str, Any]:
    return {"holders": word, **({"origin": list(origin)} if origin else {}), **more}


def case(
    rows: tuple[dict[str, Any], ...], condition: dict[str, Any], asked: list[int] | None = None, **more: Any
) -> str:
    """Verdict of the one case, with "open" where it is; `asked` are the years in scope."""
    phase = rows[0]["phase"] if rows else "maintenance"
    scope = {"phases": [phase], "years": asked}
    claim = {"scope": scope, "condition": condition}
    found = claims.case_of(claim, two(*rows, **more), "P")
    return f"{found.verdict} open" if found.open else found.verdict


INCLUDE, EXCLUDE, ONLY = (holders(word, "chinese") for word in ("include", "exclude", "only"))
LOCAL = row("L", "local")
ONLY_LOCAL = {"actor": "L", "origin": "local", "only": True}


@pytest.mark.parametrize(
    "rows, expected, excluded",
    [
        ((row(),), "supported", "contradicted"),
        ((row(), LOCAL), "supported", "contradicted"),  # silence of the other source is no denial
        ((row(role="support"),), "supported", "contradicted"),
        ((row(), denied(actor="", origin="chinese")), "disputed", "disputed"),
        ((row(), denied()), "supported", "contradicted"),  # a denied actor covers no origin
        ((row(start=2012, end=2014), denied(actor="", origin="chinese", start=2013)), "supported", "contradicted"),
        ((denied(actor="", origin="chinese"),), "contradicted", "supported"),
        ((denied(actor="", origin="chinese", start=2013),), "silent", "silent"),  # a dated denial with no row for
        ((denied(actor="", origin="chinese", scope="cables"),), "silent", "silent"),
        ((row(**ONLY_LOCAL),), "contradicted", "supported"),
        ((row(**{**ONLY_LOCAL, "unnamed": True}),), "contradicted", "supported"),
        ((row(**{**ONLY_LOCAL, "scope": "cables"}),), "silent", "supported open"),
        ((row(**{**ONLY_LOCAL, "origin": "unknown"}),), "silent", "silent"),
        ((row(status="vacant"),), "contradicted", "supported"),
        ((row(status="vacant", scope="cables"),), "silent", "silent"),
        ((LOCAL,), "silent", "supported open"),
        ((row("L", "local", role="support"),), "silent", "silent"),
        ((row("B", "unknown"),), "silent", "silent"),
        ((row(confidence="alleged"),), "alleged", "alleged"),
        ((row(rank="deprecated"),), "silent", "silent"),
        ((row(status="proposed"),), "silent", "silent"),
        ((row(start=2001, end=2002),), "silent", "silent"),  # outside the window
    ],
)
def test_include_and_exclude(rows, expected, excluded):
    assert case(rows, INCLUDE) == expected
    assert case(rows, EXCLUDE) == excluded


def test_include_an_actor():
    condition = {"holders": "include", "actor": ["A"]}
    assert case((row(), denied()), condition) == "disputed"
    assert case((row(), denied(actor="", origin="chinese")), condition) == "disputed"
    assert case((row(), denied(actor="B")), condition) == "supported"
    assert case((row("B", only=True),), {**condition}) == "contradicted"
    assert case((row("Whole", only=True),), condition, actors={"A": {"part_of": "Whole"}}) == "silent"
    assert case((row(role="support"),), {**condition, "role": "lead"}) == "silent"
    # "Chinese firms" may be A, "local firms" are not: neither "only A" nor "not A" is told by the first
    firms, without = row("Chinese firms", unnamed=True), {"holders": "exclude", "actor": ["A"]}
    alone = {"holders": "only", "actor": ["A"]}
    assert [case((firms,), asked) for asked in (condition, without, alone)] == ["silent"] * 3
    assert case((row(), other("Chinese firms", unnamed=True)), alone) == "silent"
    assert case((row("Local firms", "local", unnamed=True), row(phase="design")), without) == "supported open"
    assert case((row(), other("Local firms", "local", unnamed=True)), alone) == "contradicted"
    # both denied by one source cover "A or B"
    both = {"holders": "include", "actor": ["A", "B"]}
    assert case((denied(),), both) == "silent"
    assert case((denied(), denied(actor="B")), both) == "contradicted"


@pytest.mark.parametrize(
    "rows, years, expected",
    [
        ((row(start=2012, end=2014),), [2014, 2015], "supported"),
        ((row(start=2012, end=2014),), [2016], "silent"),
        ((row(),), [2016], "undated"),
        ((row(duration_years=3),), [2016], "undated"),
        ((row(), other(start=2015)), [2016], "supported"),
        ((row(), other(start=2015)), [2013], "silent"),  # the undated row takes the years: nobody speaks of 2013
        ((row(), other("L", "local", start=2012)), [2013], "undated"),
        ((row(start=2012), other(status="vacant", start=2014, end=2015)), [2014, 2015], "disputed"),
        ((row(start=2012), other(status="vacant", start=2015, end=2015)), [2014, 2015], "supported"),
        # with the other rows of its source
        (
            (
                row(start=2012),
                other(status="vacant", start=2014, end=2014),
                other(status="negotiating", start=2015, end=2015),
            ),
            [2014, 2015],
            "disputed",
        ),
    ],
)
def test_years_in_scope(rows, years, expected):
    assert case(rows, INCLUDE, years) == expected


@pytest.mark.parametrize(
    "rows, years, expected",
    [
        ((row(only=True),), None, "supported"),
        ((row(only=True), row("B", only=True)), None, "supported"),
        ((row(),), None, "supported open"),
        ((row(), LOCAL), None, "contradicted"),
        ((row(only=True), other("L", "local")), None, "disputed"),
        # B may be Chinese or not: a source names a holder of whom it cannot be told
        ((row(), other("B", "unknown")), None, "silent"),
        ((row(), denied(actor="", origin="chinese")), None, "contradicted"),
        ((row(end=2015), row(status="vacant", start=2016)), None, "supported open"),
        ((row(end=2015), other(status="vacant", start=2016)), [2017], "contradicted"),
        ((design(), design(source="s2", status="vacant")), None, "contradicted"),
        ((row("L", "local", role="support"), row()), None, "supported open"),
        # one year of the two: not against, but "no source names another" would be false
        ((row(), other(start=2012), other("L", "local", start=2014, end=2014)), [2014, 2015], "silent"),
        ((row(), other(start=2012), other("L", "local", start=2014, end=2015)), [2014, 2015], "contradicted"),
    ],
)
def test_only(rows, years, expected):
    assert case(rows, ONLY, years) == expected


@pytest.mark.parametrize(
    "rows, expected",
    [
        ((design(), row()), "supported"),
        ((design(actor="B"), row()), "contradicted open"),
        ((design(actor="B"), row(only=True)), "contradicted"),
        ((design(), row(), other(only=True, actor="B")), "disputed"),
        ((design(), row(), denied()), "disputed"),
        ((design(), row(), design(actor="B"), row("B"), denied()), "supported"),
        ((design(), row(role="support")), "silent"),
        ((design(actor="Whole"), row()), "silent"),
        ((design(),), "silent"),
    ],
)
def test_same_actor(rows, expected):
    assert case(rows, {"same_actor": ["design", "maintenance"]}, actors={"A": {"part_of": "Whole"}}) == expected


@pytest.mark.parametrize(
    "rows, years, expected",
    [
        ((row(status="vacant", start=2015, end=2016),), None, "supported"),
        ((row(status="vacant", start=2001, end=2002),), None, "silent"),  # outside the window
        ((row(status="vacant", scope="cables"),), None, "silent"),
        ((row(status="vacant", start=2015, end=2016), other(start=2012, end=2016)), None, "disputed"),
        ((row(status="vacant", start=2015, end=2016), other(start=2012, end=2015)), None, "supported"),
        ((row(status="vacant"), denied()), None, "supported"),
        ((row(start=2012, end=2016),), None, "silent"),
        ((row(start=2012, end=2016),), [2015], "contradicted"),
        ((design(),), None, "contradicted"),  # in an event phase any such row
        ((design(status="proposed"),), None, "silent"),
    ],
)
def test_status(rows, years, expected):
    assert case(rows, {"status": "vacant"}, years) == expected


@pytest.mark.parametrize(
    "sign, value, expected",
    [
        (">", 1, "supported"),
        (">=", 3, "contradicted open"),
        ("<", 2, "contradicted"),
        ("<=", 2, "supported open"),
        ("==", 1, "contradicted"),
        ("==", 2, "supported open"),
        ("==", 3, "contradicted open"),
    ],
)
def test_n_holders(sign, value, expected):
    rows = (row(), row("Firms", "local", unnamed=True), row(source="s2"), row("B", role="support"))
    assert case(rows, {"n_holders": "actors", "op": sign, "value": value}) == expected
    assert case((row(status="vacant"),), {"n_holders": "actors", "op": sign, "value": value}) == "silent"


@pytest.mark.parametrize(
    "rows, ends, expected",
    [
        ((row(start=2017),), False, "supported"),  # "a given start says that the holding began then"
        ((row(end=2018),), False, "contradicted"),  # it holds in 2015 already
        ((row(start=2012),), False, "contradicted"),
        (
            (row(start=2017), row(end=2014)),
            False,
            "silent",
        ),  # its source holds the actor before, and says nothing of 2015
        ((row(start=2017), other(end=2014)), False, "supported"),
        ((row(start=2017), other(start=2012)), False, "disputed"),
        ((row(start=2017), row("B", start=2012)), False, "contradicted"),
        ((row(start=2017), LOCAL), False, "supported"),
        ((row(end=2016),), True, "supported"),  # "a given end that it ended"
        ((row(start=2012),), True, "contradicted"),
        ((row(end=2016), row(status="vacant", start=2017)), True, "supported"),
        ((row(start=2013, end=2015), row(status="vacant", start=2017), other("L", "local")), True, "supported"),
    ],
)
def test_from_and_to(rows, ends, expected):
    """Chinese in 2018 and not in 2015; with `ends`, in 2015 and not in 2018."""
    assert case(rows, {**INCLUDE, "from": 2015, "to": 2018, "ends": ends}) == expected


def test_several_phases():
    claim = {"scope": {"phases": ["design", "maintenance"]}, "condition": INCLUDE}
    found = [
        claims.case_of(claim, two(*rows), "P").verdict
        for rows in (
            (design(), row()),
            (design(), row(confidence="alleged")),
            (design(),),
            (design(), row(), denied(actor="", origin="chinese")),
            (design(confidence="alleged"), row(status="vacant")),
        )
    ]
    assert found == ["supported", "alleged", "silent", "disputed", "contradicted"]


S, C, D, U, A, N = "supported", "contradicted", "disputed", "undated", "alleged", "silent"


@pytest.mark.parametrize(
    "quantifier, cases, expected",
    [
        ("every", [S, S], "supported"),
        ("every", [C, N, N, N], "contradicted"),
        ("every", [C, S, N], "mixed"),
        ("every", [D, S], "disputed"),
        ("every", [S, N], "supported"),  # 1 of 2 known
        ("every", [S, N, N], "undetermined"),
        ("every", [S, A, U], "undetermined"),
        ("every", [A, A], "only alleged"),
        ("every", [N, N], "silent"),
        ("every", [U, N], "silent"),
        ("some", [S, N, N, N], "supported"),
        ("some", [C, N], "undetermined"),
        ("some", [C, C], "contradicted"),
        ("some", [A, N], "only alleged"),
        ("none", [C, C], "supported"),
        ("none", [S, N], "contradicted"),
        ("none", [C, D], "undetermined"),
        ("most", [S, S, S, N, D], "supported"),
        ("most", [S, S, C, N, C], "undetermined"),
        ("most", [S, C, C, C, N], "contradicted"),
        ("at_least", [S, S, N], "supported"),
        ("at_least", [S, N, N], "undetermined"),
        ("at_least", [S, C, C], "contradicted"),
    ],
)
def test_verdict_of_a_claim(quantifier, cases, expected):
    assert claims.verdict_of(cases, {"quantifier": quantifier, "n": 2}) == expected


def test_claims_that_are_not_testable():
    for kind in ("evaluative", "counterfactual", "future"):
        assert claims.claim_verdict({"kind": kind, "condition": INCLUDE}, two(row())) == "not testable"


def test_where_by_source_own_source_and_what_a_claim_rests_on():
    second = [{**row("L", "local"), "project": "Q"}, {**design(), "project": "Q"}]
    found = two(design(), row(), other(), other("L", "local", source="s3"), *second)
    claim = {
        "source": "s2",
        "scope": {"phases": ["maintenance"], "where": {"phase": "design", **INCLUDE}},
        "condition": INCLUDE,
    }
    assert {name: each.verdict for name, each in claims.claim_cases(claim, found).items()} == {
        "P": "supported",
        "Q": "silent",
    }
    assert claims.claim_verdict(claim, found) == "supported"
    assert claims.by_source(claim, found) == {"s1": "for", "s2": "for", "s3": "silent"}
    assert claims.without_own_source(claim, found) == "supported"
    assert claims.rests_on(claim, found) == (2, 2)
    nowhere = {"scope": {"where": {"phase": "design", **holders("include", "western")}}, "condition": INCLUDE}
    with pytest.raises(ValueError, match="no case meets"):
        claims.claim_cases(nowhere, found)


CONDITIONS = [
    *(holders(word, origin) for word in ("include", "exclude", "only") for origin in ("local", "chinese")),
    {"holders": "include", "actor": ["A", "B"]},
    {"same_actor": ["design", "maintenance"]},
    {"status": "vacant"},
    {"n_holders": "actors", "op": "<=", "value": 1},
]


@settings(max_examples=examples(30), deadline=None)
@given(studies_and_views(), st.sampled_from(CONDITIONS), st.sampled_from([None, [2014], [2013, 2014, 2015]]))
def test_properties_of_claims(drawn, condition, years):
    """A proposed row changes no claim; excluding is the opposite of including but where only silence speaks."""
    found, _ = drawn
    claim = {"scope": {"phases": ["maintenance"], "years": years}, "condition": condition}
    quiet = tuple({**each, "rank": "deprecated"} if each.get("status") == "proposed" else each for each in found.rows)
    cases = claims.claim_cases(claim, found)
    assert cases == claims.claim_cases(claim, replace(found, rows=quiet))
    if condition.get("holders") == "include":
        mirror = claims.claim_cases({**claim, "condition": {**condition, "holders": "exclude"}}, found)
        swapped = {"supported": "contradicted", "contradicted": "supported"}
        for project, each in cases.items():
            if each.verdict in {"supported", "contradicted", "disputed"}:
                assert mirror[project].verdict == swapped.get(each.verdict, each.verdict)
