"""Two made-up projects in one table, every number of concentration, holders and dependence worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest
from strategies import table_of

from agency.indicators.registry import explained
from agency.indicators.timeline import yearly
from agency.resolve import Resolved
from agency.resolve.select import View
from agency.vocabulary import read_codebook

SIX = ("initiation", "requirements", "design", "implementation", "operation", "maintenance")
FULL = (("Ministry",), ("Ministry",), ("CEIEC", "HP"), ("CEIEC", "HP", "Operator"), ("Operator",), ("CEIEC",))
# Full: every phase is held. Ministry holds 2, Operator 1/3 + 1 = 4/3, CEIEC 1/2 + 1/3 + 1 = 11/6, HP 5/6 of 6.
# Thin: HP holds design, implementation and operation, somebody of unknown origin initiation; maintenance is vacant.
ROWS = [
    *(
        {"project": "Full", "phase": phase, "actor": actor}
        for phase, who in zip(SIX, FULL, strict=True)
        for actor in who
    ),
    *({"project": "Thin", "phase": phase, "actor": "HP"} for phase in ("design", "implementation", "operation")),
    {"project": "Thin", "phase": "initiation", "actor": "Somebody"},
    {"project": "Thin", "phase": "maintenance", "status": "vacant"},
]


@cache
def numbers(*weights: tuple[str, float]) -> dict[tuple[str, str], dict[str, Any]]:
    frame = explained(Resolved(table_of(*ROWS), View(min_phases=0, weights=weights)))
    columns = ["value", "why", "numerator", "denominator"]
    return frame.set_index(["project", "key"])[columns].astype(object).to_dict("index")


HAND: dict[str, tuple[Any, Any]] = {
    # (4 + 16/9 + 121/36 + 25/36) / 36; Thin: 3 and 1 of 4, that is (9 + 1) / 16.
    "n_actors": (4, 2),
    "hhi_actors": (Fraction(59, 216), Fraction(5, 8)),
    "effective_actors": (Fraction(216, 59), Fraction(8, 5)),
    "actor_share.CEIEC": (Fraction(11, 36), None),
    "actor_share.HP": (Fraction(5, 36), Fraction(3, 4)),
    # Origins: 20, 11 and 5 of 36; Thin: all that is of known origin is Western.
    "hhi_origins": (Fraction(91, 216), 1),
    "effective_origins": (Fraction(216, 91), 1),
    # Foreign actors: 11 and 5 of 16.
    "hhi_foreign_actors": (Fraction(73, 128), 1),
    # The phases' HHI are 1, 1, 1/2, 1/3, 1, 1: their mean is 29/36. Of the mean phase it is 91/216.
    "origin_diversity.alpha": (Fraction(36, 29), 1),
    "origin_diversity.beta": (Fraction(174, 91), 1),
    "origin_diversity.gamma": (Fraction(216, 91), 1),
    "full_count.local": (4, 0),
    "full_count.chinese": (3, 0),
    "full_count.western": (2, 3),
    "sole_count.local": (3, 0),
    "sole_count.chinese": (1, 0),
    "sole_count.western": (0, 3),
    "sole_foreign_phases": (["maintenance"], ["design", "implementation", "operation"]),
    "sole_foreign_rate": (Fraction(1, 6), Fraction(3, 4)),
    # Four of six phases: initiation, requirements, operation and maintenance hang on three; Thin: three of four on HP.
    "bus_factor": (3, 1),
    "critical_phases.Ministry": (2, None),
    "critical_phases.CEIEC": (1, None),
    "critical_phases.HP": (0, 3),
    # From requirements to design and from operation to maintenance nobody stays.
    "handover.breaks": (2, 0),
    "handover.components": (2, 2),
    "handover.edges": (9, 4),
    "handover.density": (Fraction(9, 24), Fraction(4, 8)),
    "handover.max_degree": (3, 3),
    # CEIEC built (1/2 + 1/3) / 2 and maintains all of it; the Ministry asked and does not run it.
    "lock_in.value": (Fraction(5, 12), 0),
    "lock_in.actor": (["CEIEC"], []),
    "owner_continuity.value": (0, 0),
    "owner_continuity.actor": ([], []),
    # Foreign shares by phase 0, 0, 1, 2/3, 0, 1; of three touched phases two have no local holder.
    "dependence_test.all.hhi_foreign": (Fraction(73, 128), 1),
    "dependence_test.all.foreign_share": (Fraction(4, 9), 1),
    "dependence_test.all.no_local_coholder": (Fraction(2, 3), 1),
    "dependence_test.all.dependent": (False, True),
    "dependence_test.technical.foreign_share": (Fraction(8, 9), 1),
    "dependence_test.technical.no_local_coholder": (Fraction(2, 3), 1),
    "dependence_test.technical.dependent": (True, True),
}


@pytest.mark.parametrize("key", HAND)
def test_of_a_project_fully_and_one_thinly_known(key: str) -> None:
    for project, expected in zip(("Full", "Thin"), HAND[key], strict=True):
        entry = numbers().get((project, key))
        if expected is None:
            assert entry is None
            continue
        assert entry is not None
        value = entry["value"]
        if isinstance(expected, Fraction):
            assert value == pytest.approx(float(expected), rel=0, abs=1e-12)
        else:
            assert value == expected


def test_parts_of_the_ratios() -> None:
    def parts(key: str, project: str = "Full") -> Any:
        entry = numbers()[(project, key)]
        return pytest.approx((entry["numerator"], entry["denominator"]), abs=1e-12)

    assert parts("actor_share.HP") == (5 / 6, 6)
    assert parts("hhi_actors") == (354 / 36, 36)
    assert parts("hhi_foreign_actors") == (146 / 36, 64 / 9)
    assert parts("hhi_origins", "Thin") == (9, 9)
    assert parts("effective_actors") == (1, 59 / 216)
    assert parts("sole_foreign_rate", "Thin") == (3, 4)
    assert parts("full_count.western") == (2, 6)
    assert parts("handover.density", "Thin") == (4, 8)
    assert parts("dependence_test.all.no_local_coholder") == (2, 3)


def test_weights_move_what_is_weighed() -> None:
    # Design weighs 3 of 8: CEIEC 3/2 + 1/3 + 1 = 17/6, HP 11/6; foreign shares 3 + 2/3 + 1 of 8.
    found = {key: numbers(("design", 3.0))[("Full", key)]["value"] for key in HAND if ("Full", key) in numbers()}
    assert found["hhi_foreign_actors"] == pytest.approx((289 + 121) / 784, abs=1e-12)
    assert found["dependence_test.all.foreign_share"] == pytest.approx(7 / 12, abs=1e-12)
    assert found["dependence_test.all.dependent"] is True
    assert found["actor_share.HP"] == pytest.approx(11 / 48, abs=1e-12)
    assert found["full_count.western"] == 2


def test_why_there_is_no_number() -> None:
    assert numbers()[("Thin", "evenness_origins")]["why"] == "one of the origins holds everything"
    assert numbers()[("Full", "evenness_origins")]["why"] == ""
    # Over two actors, 3/4 and 1/4, the entropy is .5623 of ln 2 = .6931.
    assert numbers()[("Thin", "evenness_actors")]["value"] == pytest.approx(0.811278, abs=5e-7)


def test_of_more_than_twenty_held_phases_the_bus_factor_is_not_computed() -> None:
    keys = [f"p{number:02}" for number in range(21)]
    phases = [f"[[phase]]\nkey = '{key}'\nlabel = '{key}'\nkind = 'event'\nblock = 'build'\n" for key in keys]
    origins = ["[[origin]]\nkey = 'local'\nlabel = 'Local'\nforeign = false\n"]
    rows = [{"phase": key, "actor": "Ministry"} for key in keys]
    table = table_of(*rows, codebook=read_codebook("\n".join(phases + origins)))
    frame = explained(Resolved(table, View(min_phases=0)), keys=["bus_factor"]).set_index("key")
    assert frame.loc["bus_factor", "value"] is None
    assert frame.loc["bus_factor", "why"] == "more than 20 held phases: not computed"


def of_key(key: str, *rows: dict[str, Any], **view: Any) -> list[Any]:
    """Return value and bounds of one number of project P."""
    resolved = Resolved(table_of(*rows), View(projects=("P",), **view))
    found = explained(resolved, keys=[key.partition(".")[0]]).set_index("key")
    return found.loc[key, ["value", "low", "high"]].tolist()


def test_of_what_does_not_apply_nothing_is_left_out() -> None:
    # Two phases weigh, one local and one Chinese: without either all is held by the other.
    rows = ({"phase": "initiation", "actor": "Ministry"}, {"phase": "design"}, {"status": "not_applicable"})
    chosen = ("initiation", "design", "maintenance")
    assert of_key("leave_one_out.local", *rows, phases=chosen) == [0.5, 0.0, 1.0]
    assert of_key("leave_one_out.chinese", *rows, phases=chosen[:2]) == [0.5, 0.0, 1.0]
    assert np.isnan(np.array(of_key("leave_one_out.local", *rows, phases=chosen[1:]), dtype=float)).all()


def test_of_one_phase_each_project_has_its_own_holders() -> None:
    rows = [{"actor": "HP"}, {"project": "Q", "actor": "NEC"}, {"project": "Q"}, {"project": "R"}]
    view = View(min_phases=0, phases=("maintenance",))
    frame = explained(Resolved(table_of(*rows), view), keys=["handover", "full_count", "sole_foreign_rate"])
    found = frame.pivot(index="project", columns="key", values="value")
    assert found["handover.edges"].tolist() == [1, 2, 1]
    assert found["handover.components"].tolist() == [1, 1, 1]
    assert found["full_count.chinese"].tolist() == [0, 1, 1]
    assert found["sole_foreign_rate"].tolist() == [1, 0, 1]


def test_a_holder_of_unknown_origin_is_unknown_in_its_own_phase() -> None:
    # Maintenance weighs 2 of 7: of Q half of it is unknown and four phases are, of P it is and four are.
    rows = [{"phase": "design"}, *({"project": "Q", "actor": actor} for actor in ("Somebody", "HP"))]
    table = table_of(*rows, {"project": "Q", "phase": "initiation"})
    view = View(min_phases=0, weights=(("maintenance", 2.0),))
    frame = explained(Resolved(table, view), keys=["composition"]).set_index(["project", "key"])["value"]
    assert frame["P", "composition.unknown"] == pytest.approx(6 / 7, abs=1e-12)
    assert frame["Q", "composition.unknown"] == pytest.approx(5 / 7, abs=1e-12)


def test_why_no_time_is_orphaned() -> None:
    rows = [
        {"project": "Unknown", "status": "proposed"},
        {"project": "None", "status": "not_applicable"},
        {"project": "Windowless"},
    ]
    windows = [{"project": name, "window_start": 2012, "window_end": 2016} for name in ("Unknown", "None")]
    table = table_of(*rows, projects=[*windows, {"project": "Windowless"}])
    frame = explained(Resolved(table, View(min_phases=0)), keys=["orphaned"])
    assert frame["value"].isna().all()
    reasons = frame[frame["key"] == "orphaned.maintenance"].set_index("project")["why"].to_dict()
    assert reasons == {
        "Unknown": "all years are unknown",
        "None": "no year applies",
        "Windowless": "the project has no window of years",
    }


def test_every_year_is_what_its_snapshot_is() -> None:
    rows = [
        {"phase": "initiation", "actor": "Ministry", "start": 2013},
        {"phase": "requirements", "status": "vacant", "end": 2015},
        {"phase": "requirements", "status": "not_applicable", "start": 2014},
        {"phase": "design"},
        {"phase": "design", "actor": "Somebody", "start": 2012},
        {"phase": "implementation", "status": "vacant"},
        {"phase": "operation", "actor": "Operator", "end": 2015},
        {"phase": "operation", "status": "negotiating", "start": 2015},
        {"phase": "maintenance", "actor": "HP", "start": 2013, "end": 2013},
        {"phase": "maintenance"},
        {"project": "Q", "phase": "design", "status": "not_applicable", "start": 2014},
        {"project": "Q", "status": "vacant"},
    ]
    projects = [
        {"project": "P", "window_start": 2012, "window_end": 2016, "launched": 2014},
        {"project": "Q", "window_start": 2013, "window_end": 2015},
    ]
    table = table_of(*rows, projects=projects)
    view = View(min_phases=0, boundary="split")
    found = yearly(Resolved(table, view))
    at = {"P": 0, "Q": 1}
    for year in range(2012, 2017):
        snapshot = Resolved(table, replace(view, mode="snapshot", year=year)).arrays
        for number, project in enumerate(snapshot.projects):
            (unit,) = np.flatnonzero((found.project == at[project]) & (found.year == year))
            for name in ("weight", "applicable", "gap", "unknown", "undated_gap", "mass", "undated", "holders"):
                mine, theirs = getattr(found.profile, name)[unit], getattr(snapshot, name)[number]
                assert mine == pytest.approx(theirs, rel=0, abs=1e-12), (project, year, name)
    assert len(found.year) == 5 + 3
