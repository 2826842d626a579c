"""Selection: names are checked, thin projects step back, years are asked of windows."""

from __future__ import annotations

from typing import Any

import pytest
from strategies import table_of

from agency.errors import UsageError
from agency.resolve import Resolved
from agency.resolve.select import View, select

RICH = [{"project": "Rich", "phase": phase} for phase in ("design", "operation")]
THIN = [{"project": "Thin", "phase": "design"}]


@pytest.mark.parametrize(
    "choice, message",
    [
        ({"project": "Rihc"}, "no project 'Rihc'.*Did you mean 'Rich'"),
        ({"phase": "maintainance"}, "no phase 'maintainance'.*Did you mean 'maintenance'"),
        ({"source": "z"}, "no source 'z'"),
        ({"type": "cabel"}, "no type 'cabel'.*Did you mean 'cable'"),
        ({"actors": "hole"}, "actors is one of named, whole"),
        ({"country": "ECX"}, "no country 'ECX'.*Did you mean 'ECU'"),
        ({"rank": "bset"}, "rank is one of best, all"),
        ({"year": "last"}, "year is a year from 1900 to 2099, such as 2019, or 'end', not 'last'"),
        ({"weights": (("design", 1e308),)}, "weights: 'design' weighs 1e\\+308; expected a number from 0 to 1000000"),
        ({"roles": (("lead", 0),)}, "roles: 'lead' weighs 0; expected a number above 0"),
        ({"boundry": "gap"}, "no choice 'boundry'.*'boundary'"),
    ],
)
def test_wrong_names_are_refused_with_the_nearest_one(choice: dict[str, Any], message: str) -> None:
    projects = [{"project": "Rich", "type": "cable"}]
    table = table_of(*RICH, *THIN, {"country": "ECU"}, projects=projects)
    with pytest.raises(UsageError, match=message):
        select(table, View(), **choice)


def test_a_year_is_a_snapshot_and_a_mode_ends_it() -> None:
    table = table_of(*RICH)
    view = select(table, View(), year="2015")
    assert (view.mode, view.year) == ("snapshot", 2015)
    assert select(table, view, mode="time").year is None
    assert select(table, view, year=None).mode == "static"


def test_thin_projects_are_not_listed_but_selected_and_said() -> None:
    chosen = Resolved(table_of(*RICH, *THIN), View())
    assert chosen.listed == chosen.matrix.projects == ("Rich",)
    assert chosen.projects == chosen.every.projects == ("Rich", "Thin")
    assert chosen.left_out == ("Thin",)
    assert chosen.notices == (
        "Not listed: 1 of 2 projects, of which fewer than 2 of the 6 core phases are known; where projects are "
        "counted, they count. --min-phases 0 lists all.",
    )


@pytest.mark.parametrize(
    "rows, view, projects",
    [
        (RICH + THIN, View(min_phases=0), ("Rich", "Thin")),
        (RICH + THIN, View(projects=("Thin", "Rich")), ("Thin", "Rich")),
        (THIN, View(), ("Thin",)),
        ([*THIN, {"project": "Other", "phase": "design"}], View(), ("Thin", "Other")),
    ],
    ids=["asked for", "named", "the only one", "all thin"],
)
def test_thin_projects_stay_when(rows: list[dict[str, Any]], view: View, projects: tuple[str, ...]) -> None:
    assert Resolved(table_of(*rows), view).listed == projects


def test_thin_is_counted_before_any_selection_of_phases() -> None:
    chosen = Resolved(table_of(*RICH, *THIN), View(phases=("design",)))
    assert chosen.listed == ("Rich",)


def test_thin_is_counted_after_the_selection_of_sources() -> None:
    table = table_of(*RICH, {**THIN[0], "source": "t"}, {"project": "Rich", "phase": "maintenance", "source": "t"})
    assert Resolved(table, View()).listed == ("Rich",)
    assert Resolved(table, View(sources=("t",))).listed == ("Rich", "Thin"), "all are thin in t"


@pytest.mark.parametrize(
    "row", [{"status": "proposed"}, {"confidence": "alleged"}, {"role": "support"}, {"phase": "financing"}]
)
def test_what_decides_nothing_makes_no_project_rich(row: dict[str, Any]) -> None:
    table = table_of(*RICH, *THIN, {"project": "Thin", "phase": "operation", **row})
    assert Resolved(table, View()).left_out == ("Thin",)


def test_a_selection_never_moves_a_window() -> None:
    rows = [{"start": 2001, "end": 2010}, {"source": "t", "start": 2005, "end": 2006}]
    table = table_of(*rows, window=None)
    windows = Resolved(table, View(sources=("t",))).matrix.windows
    assert windows.loc["P", ["start", "end"]].tolist() == [2001, 2010]


def test_a_project_in_two_countries_is_found_under_both() -> None:
    table = table_of({"country": "BRA;PRT"}, {"project": "Q", "country": "CHL"})
    for country in ("BRA", "PRT"):
        assert Resolved(table, View(countries=(country,), min_phases=0)).projects == ("P",)


def test_projects_whose_window_lacks_the_year_are_named() -> None:
    table = table_of(
        *RICH,
        {"project": "Late"},
        projects=[
            {"project": "Rich", "window_start": 2010, "window_end": 2015},
            {"project": "Late", "window_start": 2018, "window_end": 2020},
        ],
    )
    chosen = Resolved(table, View(mode="snapshot", year=2012, min_phases=0))
    assert chosen.projects == ("Rich",)
    assert chosen.notices == ("Left out, their window lacks the year: Late.",)
    ends = Resolved(table, View(mode="snapshot", year="end", min_phases=0))
    assert ends.asked == {"Rich": 2015, "Late": 2020}
    with pytest.raises(UsageError, match="No selected project has the year 1999"):
        _ = Resolved(table, View(mode="snapshot", year=1999)).projects


def test_projects_keep_the_order_of_the_user_else_of_the_file() -> None:
    table = table_of({"project": "Z"}, {"project": "A"})
    assert Resolved(table, View(min_phases=0)).matrix.projects == ("Z", "A")
    assert Resolved(table, View(projects=("A", "Z"))).matrix.projects == ("A", "Z")


def test_projects_are_chosen_by_type() -> None:
    projects = [{"project": "Rich", "type": "cable"}, {"project": "Thin", "type": "satellite"}]
    table = table_of(*RICH, *THIN, projects=projects)
    assert Resolved(table, select(table, View(), type="cable")).projects == ("Rich",)
