"""The indicators against the values computed by hand (fractions), published values, and the shape of the output."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from strategies import table_of
from studies import CASES, both, numbers, shipped, table_1

from agency.cli import group
from agency.errors import UsageError
from agency.indicators.concentration import concentration
from agency.indicators.groups import grouped, grouped_phases
from agency.indicators.registry import (
    INDICATORS,
    explain,
    explained,
    indicator,
    measured,
    phase_parts,
)
from agency.indicators.results import indicators, indicators_document, method_block
from agency.references import Reference
from agency.resolve import Resolved
from agency.resolve.select import View
from agency.table.model import Table

TIME = {"mode": "time"}
SPLIT = {"mode": "time", "boundary": "split"}
GAP = {"mode": "time", "boundary": "gap"}
END = {"year": "end"}

# Each line: key, the rules that are not default, ECU 911, JSeI. None: not fixed by the contract for that case.
BY_HAND: list[tuple[str, dict[str, Any], Any, Any]] = [
    ("composition.local", {}, Fraction(7, 12), Fraction(7, 12)),
    ("composition.chinese", {}, Fraction(5, 12), Fraction(5, 12)),
    ("composition.western", {}, 0, 0),
    ("composition.gap", {}, 0, 0),
    ("composition.unknown", {}, 0, 0),
    ("composition.local", TIME, Fraction(7, 12), Fraction(7, 12)),
    ("composition.chinese", TIME, Fraction(11, 30), Fraction(9, 28)),
    ("composition.gap", TIME, Fraction(1, 20), 0),
    ("composition.unknown", TIME, 0, Fraction(2, 21)),
    ("composition.local", SPLIT, Fraction(7, 12), Fraction(7, 12)),
    ("composition.chinese", SPLIT, Fraction(43, 120), Fraction(9, 28)),
    ("composition.gap", SPLIT, Fraction(7, 120), 0),
    ("composition.local", GAP, Fraction(7, 12), Fraction(7, 12)),
    ("composition.chinese", GAP, Fraction(7, 20), Fraction(9, 28)),
    ("composition.gap", GAP, Fraction(1, 15), 0),
    ("composition.local", END, Fraction(7, 12), Fraction(7, 12)),
    ("composition.chinese", END, Fraction(1, 4), Fraction(1, 4)),
    ("composition.western", END, 0, 0),
    ("composition.gap", END, Fraction(1, 6), 0),
    ("composition.unknown", END, 0, Fraction(1, 6)),
    ("share.local", {}, Fraction(7, 12), Fraction(7, 12)),
    ("share.chinese", {}, Fraction(5, 12), Fraction(5, 12)),
    ("share.local", TIME, Fraction(35, 57), Fraction(49, 76)),
    ("share.chinese", TIME, Fraction(22, 57), Fraction(27, 76)),
    ("share.local", END, Fraction(7, 10), Fraction(7, 10)),
    ("share.chinese", END, Fraction(3, 10), Fraction(3, 10)),
    ("coverage", {}, 1, 1),
    ("coverage", TIME, Fraction(19, 20), Fraction(19, 21)),
    ("coverage", END, Fraction(5, 6), Fraction(5, 6)),
    ("full_count.local", {}, 4, 4),
    ("full_count.chinese", {}, 3, 3),
    ("sole_count.local", {}, 3, 3),
    ("sole_count.chinese", {}, 2, 2),
    ("full_count.chinese", TIME, 3, 3),
    ("full_count.chinese", END, 2, 2),
    ("n_actors", {}, 4, 3),
    ("hhi_actors", {}, Fraction(23, 72), Fraction(31, 72)),
    ("hhi_actors", TIME, Fraction(1009, 3249), Fraction(1271, 2888)),
    ("hhi_actors", END, Fraction(3, 10), Fraction(23, 50)),
    ("hhi_origins", {}, Fraction(37, 72), Fraction(37, 72)),
    ("hhi_origins", TIME, Fraction(1709, 3249), Fraction(1565, 2888)),
    ("hhi_origins", END, Fraction(29, 50), Fraction(29, 50)),
    ("hhi_foreign_actors", {}, 1, 1),
    ("effective_actors", {}, Fraction(72, 23), Fraction(72, 31)),
    ("effective_origins", {}, Fraction(72, 37), Fraction(72, 37)),
    ("origin_diversity.alpha", {}, Fraction(12, 11), Fraction(12, 11)),
    ("origin_diversity.beta", {}, Fraction(66, 37), Fraction(66, 37)),
    ("origin_diversity.gamma", {}, Fraction(72, 37), Fraction(72, 37)),
    ("upstream_local", {}, 1, 1),
    ("technical_local", {}, Fraction(1, 6), Fraction(1, 6)),
    ("operation_local", {}, 1, 1),
    ("upstream_technical_gap", {}, Fraction(5, 6), Fraction(5, 6)),
    ("sole_foreign_rate", {}, Fraction(1, 3), Fraction(1, 3)),
    ("lock_in.value", {}, Fraction(3, 4), Fraction(3, 4)),
    ("lock_in.value", TIME, Fraction(7, 10), Fraction(3, 7)),
    ("lock_in.value", SPLIT, Fraction(13, 20), Fraction(3, 7)),
    ("lock_in.value", GAP, Fraction(3, 5), Fraction(3, 7)),
    ("owner_continuity.value", {}, 0, 1),
    ("orphaned.operation", {}, 0, 0),
    ("orphaned.maintenance", {}, Fraction(3, 10), 0),
    ("orphaned.maintenance", SPLIT, Fraction(7, 20), 0),
    ("orphaned.maintenance", GAP, Fraction(4, 10), 0),
    ("orphaned.maintenance", END, Fraction(3, 10), 0),
    ("orphaned.continuing", {}, Fraction(3, 20), 0),
    ("dependence_test.all.hhi_foreign", {}, 1, 1),
    ("dependence_test.all.foreign_share", {}, Fraction(5, 12), Fraction(5, 12)),
    ("dependence_test.all.no_local_coholder", {}, Fraction(2, 3), Fraction(2, 3)),
    ("dependence_test.technical.hhi_foreign", {}, 1, 1),
    ("dependence_test.technical.foreign_share", {}, Fraction(5, 6), Fraction(5, 6)),
    ("dependence_test.technical.no_local_coholder", {}, Fraction(2, 3), Fraction(2, 3)),
    ("weakest_link.value", {}, 0, 0),
    ("bus_factor", {}, 2, 2),
    ("critical_phases.Local firms", {}, 0, 0),
    ("handover.breaks", {}, 3, 3),
    ("handover.components", {}, 3, 2),
    ("handover.edges", {}, 7, 7),
    ("handover.density", {}, Fraction(7, 24), Fraction(7, 18)),
    ("handover.max_degree", {}, 3, 3),
    ("evidence.complete", {}, Fraction(5, 6), Fraction(5, 6)),
    ("timeline.2018.chinese", {}, Fraction(1, 2), 0),
    ("timeline.2018.unknown", {}, 0, Fraction(1, 2)),
    ("timeline.2019.gap", {}, Fraction(1, 2), 0),
]

WORDS: list[tuple[str, dict[str, Any], Any, Any]] = [
    ("sole_foreign_phases", {}, ["design", "maintenance"], ["design", "maintenance"]),
    ("sole_foreign_phases", END, ["design"], ["design"]),
    ("lock_in.actor", {}, ["CEIEC"], ["ZTE"]),
    ("lock_in.state", {}, "lapsed 2019", "unknown"),
    ("lock_in.state", TIME, "lapsed 2019", "unknown"),
    ("lock_in.state", GAP, "lapsed 2018", "unknown"),
    ("lock_in.state", END, "none", "none"),
    ("owner_continuity.actor", {}, [], ["Jujuy's Ministry of Security"]),
    ("dependence_test.all.dependent", {}, False, False),
    ("dependence_test.technical.dependent", {}, True, True),
    ("dependence_test.technical.years", {}, [*range(2012, 2019)], []),
    ("weakest_link.phases", {}, ["design", "maintenance"], ["design", "maintenance"]),
    ("change_points", {}, [2019], []),
    ("change_points", SPLIT, [2018, 2019], []),
]

# In every bound the undated operation (1/6) counts as unknown (meaning.md, section 11).
BOUNDS: list[tuple[str, dict[str, Any], tuple[Any, Any], tuple[Any, Any]]] = [
    ("composition.local", {}, (Fraction(7, 12), Fraction(7, 12)), (Fraction(7, 12), Fraction(7, 12))),
    ("composition.local", TIME, (Fraction(5, 12), Fraction(7, 12)), (Fraction(5, 12), Fraction(19, 28))),
    ("composition.chinese", TIME, (Fraction(11, 30), Fraction(8, 15)), (Fraction(9, 28), Fraction(7, 12))),
    ("composition.gap", TIME, (Fraction(1, 20), Fraction(13, 60)), (0, Fraction(11, 42))),
    ("composition.local", END, (Fraction(5, 12), Fraction(7, 12)), (Fraction(5, 12), Fraction(3, 4))),
    # Held with a year or by the kind of phase: local 5/12, Chinese 11/30; unknown and undated 1/6; of 19/20.
    ("share.local", TIME, (Fraction(25, 57), Fraction(35, 57)), (Fraction(5, 12), Fraction(19, 28))),
    ("share.chinese", TIME, (Fraction(22, 57), Fraction(32, 57)), (Fraction(9, 28), Fraction(7, 12))),
    ("share.local", END, (Fraction(1, 2), Fraction(7, 10)), (Fraction(5, 12), Fraction(3, 4))),
    ("share.chinese", END, (Fraction(3, 10), Fraction(1, 2)), (Fraction(1, 4), Fraction(7, 12))),
    ("lock_in.value", {}, (Fraction(3, 4), Fraction(3, 4)), (Fraction(3, 4), Fraction(3, 4))),
    ("lock_in.value", TIME, (Fraction(7, 10), Fraction(7, 10)), (Fraction(3, 7), Fraction(3, 4))),
    ("orphaned.maintenance", {}, (Fraction(3, 10), Fraction(3, 10)), (0, Fraction(4, 7))),
    ("orphaned.continuing", {}, (Fraction(3, 20), Fraction(3, 20)), (0, Fraction(2, 7))),
    ("leave_one_out.local", {}, (Fraction(1, 2), Fraction(7, 10)), (Fraction(1, 2), Fraction(7, 10))),
]

# Section 11: Table 1 with `launched` 2019 for JSeI. In 2016 and 2018 four phases, W = 4.
YEAR = {year: {"year": year} for year in (2016, 2018, 2019)}
LAUNCHED_BY_HAND: list[tuple[str, dict[str, Any], Any]] = [
    ("composition.local", TIME, Fraction(7, 12)),
    ("composition.chinese", TIME, Fraction(3, 8)),
    ("composition.unknown", TIME, Fraction(1, 24)),
    ("coverage", TIME, Fraction(23, 24)),
    ("undated", TIME, Fraction(1, 6)),
    ("share.local", TIME, Fraction(14, 23)),
    ("share.chinese", TIME, Fraction(9, 23)),
    ("lock_in.value", TIME, Fraction(3, 4)),
    ("owner_continuity.value", TIME, 1),
    ("orphaned.maintenance", TIME, 0),
    ("hhi_actors", TIME, Fraction(229, 529)),
    ("hhi_origins", TIME, Fraction(277, 529)),
    *((key, YEAR[year], value) for year in (2016, 2018) for key, value in (
        ("composition.local", Fraction(5, 8)),
        ("composition.chinese", Fraction(3, 8)),
        ("undated", 1),
    )),
    *((key, rules, value) for rules in (YEAR[2019], END) for key, value in (
        ("composition.local", Fraction(7, 12)),
        ("composition.chinese", Fraction(1, 4)),
        ("composition.unknown", Fraction(1, 6)),
        ("coverage", Fraction(5, 6)),
    )),
    *((f"timeline.{year}.{key}", TIME, Fraction(1, 2)) for year in range(2019, 2023) for key in ("local", "unknown")),
]  # fmt: skip
LAUNCHED_BOUNDS = {
    "composition.local": (Fraction(5, 12), Fraction(5, 8)),
    "composition.chinese": (Fraction(3, 8), Fraction(7, 12)),
    "orphaned.maintenance": (0, Fraction(1, 4)),
}


def exactly(expected: Any) -> Any:
    return pytest.approx(float(expected), rel=0, abs=1e-12)


@pytest.mark.parametrize("key, rules, ecu, jsei", BY_HAND)
def test_value_computed_by_hand(key: str, rules: dict[str, Any], ecu: Any, jsei: Any) -> None:
    assert both(key, **rules) == [exactly(ecu), exactly(jsei)]


@pytest.mark.parametrize("key, rules, ecu, jsei", WORDS)
def test_words_and_lists_by_hand(key: str, rules: dict[str, Any], ecu: Any, jsei: Any) -> None:
    assert both(key, **rules) == [ecu, jsei]


@pytest.mark.parametrize("key, rules, ecu, jsei", BOUNDS)
def test_bounds_by_hand(key: str, rules: dict[str, Any], ecu: tuple[Any, Any], jsei: tuple[Any, Any]) -> None:
    assert both(key, "low", **rules) == [exactly(ecu[0]), exactly(jsei[0])]
    assert both(key, "high", **rules) == [exactly(ecu[1]), exactly(jsei[1])]


@pytest.mark.parametrize("key, rules, jsei", LAUNCHED_BY_HAND)
def test_value_by_hand_with_the_year_of_the_launch(key: str, rules: dict[str, Any], jsei: Any) -> None:
    assert numbers(launched=True, **rules).loc[("JSeI", key), "value"] == exactly(jsei)


@pytest.mark.parametrize("key, bounds", LAUNCHED_BOUNDS.items())
def test_bounds_by_hand_with_the_year_of_the_launch(key: str, bounds: tuple[Any, Any]) -> None:
    found = numbers(launched=True, **TIME).loc[("JSeI", key), ["low", "high"]].tolist()
    assert found == [exactly(side) for side in bounds]


def numbers_of(project: str, **rules: Any) -> pd.DataFrame:
    frame = numbers(**rules)
    return frame[frame.index.get_level_values("project") == project].droplevel("project")


def test_a_launch_at_the_start_of_the_window_moves_nothing() -> None:
    without, launched = (numbers_of("ECU 911", launched=launch, **TIME) for launch in (False, True))
    pd.testing.assert_frame_equal(without, launched)


def test_before_the_launch_there_is_nothing_to_operate_or_maintain() -> None:
    frame = numbers_of("JSeI", launched=True, **TIME)
    early = frame[frame.index.str.match(r"timeline\.201[678]\.")]
    assert len(early) > 0
    assert early["value"].isna().all()


def test_undated_mass_by_hand() -> None:
    assert both("undated") == [0, 0]
    assert both("undated", **TIME) == [exactly(Fraction(1, 6))] * 2


def test_evenness_and_the_hill_numbers_by_hand() -> None:
    assert both("evenness_actors") == [pytest.approx(0.892080, abs=5e-7), pytest.approx(0.835989, abs=5e-7)]
    assert both("evenness_origins") == [pytest.approx(0.979869, abs=5e-7)] * 2
    ministry, vendor, firms, operator = (number / 12 for number in (4, 5, 1, 2))
    ecu = concentration(np.zeros(4, dtype=int), np.array([ministry, vendor, firms, operator]), 1)
    jsei = concentration(np.zeros(3, dtype=int), np.array([6.0, 5.0, 1.0]), 1)
    assert (ecu.hill1[0], jsei.hill1[0]) == (pytest.approx(3.444, abs=5e-4), pytest.approx(2.505, abs=5e-4))


def test_critical_phases_by_actor() -> None:
    assert numbers().loc[("ECU 911", "critical_phases.Coordinating Ministry of Security"), "value"] == 2
    assert numbers().loc[("ECU 911", "critical_phases.CEIEC"), "value"] == 2
    assert numbers().loc[("ECU 911", "critical_phases.ECU 911"), "value"] == 1
    assert numbers().loc[("JSeI", "critical_phases.Jujuy's Ministry of Security"), "value"] == 3
    assert numbers().loc[("JSeI", "critical_phases.ZTE"), "value"] == 2


@pytest.mark.parametrize(
    "masses, hhi, evenness",
    [
        ([30, 30, 20, 20], 0.26, None),
        ([1, 0, 2, 5, 2], 0.34, None),
        ([1, 1, 4, 2, 5, 2, 4, 1, 2], None, 0.92485490560),
        ([1, 1, 196, 1, 1], None, 0.078),
        ([7], 1.0, None),
    ],
)
def test_published_concentration(masses: list[float], hhi: float | None, evenness: float | None) -> None:
    found = concentration(np.zeros(len(masses), dtype=int), np.array(masses, dtype=float), 1)
    if hhi is not None:
        assert found.hhi[0] == exactly(hhi)
    if evenness is not None:
        assert found.evenness[0] == pytest.approx(evenness, abs=5e-11 if evenness > 0.5 else 5e-4)


@pytest.mark.parametrize(
    "shares, effective",
    [
        ([0.75, 0.25], 1.60),
        ([0.75, 0.10, *[0.01] * 15], 1.74),
        ([0.55, 0.45], 1.98),
        ([0.55, *[0.10] * 3, *[0.01] * 15], 2.99),
        ([0.35, 0.35, 0.30], 2.99),
        ([0.35, *[0.10] * 5, *[0.01] * 15], 5.75),
        ([*[0.15] * 6, 0.10], 6.90),
        ([0.15, *[0.10] * 7, *[0.01] * 15], 10.64),
    ],
)
def test_published_effective_numbers(shares: list[float], effective: float) -> None:
    # Laakso & Taagepera's number as tabulated by Golosov (2010), two decimals.
    found = concentration(np.zeros(len(shares), dtype=int), np.array(shares), 1)
    assert found.effective[0] == pytest.approx(effective, abs=6e-3)


def test_entropy_is_in_nats() -> None:
    assert concentration(np.zeros(2, dtype=int), np.array([5.0, 5.0]), 1).shannon[0] == exactly(math.log(2))


def test_the_vacancy_paradox() -> None:
    # The maintainer leaves, nobody follows: the local share rises without a local gain.
    shares = [both("share.local", **rules)[0] for rules in ({}, TIME, {"year": 2021})]
    assert all(earlier < later for earlier, later in pairwise(shares))
    assert {round(both("composition.local", **rules)[0], 12) for rules in ({}, TIME, {"year": 2021})} == {
        round(7 / 12, 12)
    }


def test_with_another_full_holder_of_implementation() -> None:
    table = table_of(
        *({"phase": phase, "actor": "Ministry"} for phase in ("initiation", "requirements")),
        {"phase": "design"},
        *({"phase": "implementation", "actor": actor} for actor in ("Operator", "CEIEC", "HP")),
        {"phase": "operation", "actor": "Operator"},
        {"phase": "maintenance"},
    )
    assert compositions(table) == {
        "local": exactly(Fraction(5, 9)),
        "chinese": exactly(Fraction(7, 18)),
        "western": exactly(Fraction(1, 18)),
    }
    half = table_of(*_with_support(table))
    found = compositions(half, roles=(("support", 0.5),))
    assert found == {
        "local": exactly(Fraction(17, 30)),
        "chinese": exactly(Fraction(2, 5)),
        "western": exactly(Fraction(1, 30)),
    }


def _with_support(table: Table) -> list[dict[str, Any]]:
    rows = table.rows[["phase", "actor", "origin"]].to_dict("records")
    return [{**row, "role": "support" if row["actor"] == "HP" else "lead"} for row in rows]


def compositions(table: Table, **view: Any) -> dict[str, float]:
    frame = indicators(Resolved(table, View(projects=("P",), **view)), keys=["composition"])
    values = dict(zip(frame["key"], frame["value"], strict=True))
    return {name: values[f"composition.{name}"] for name in ("local", "chinese", "western")}


def found(*rows: dict[str, Any], window: tuple[int, int] | None = (2012, 2021), **view: Any) -> dict[str, Any]:
    """Return all numbers of a table of one project."""
    table = table_of(*rows, window=window)
    frame = measured(Resolved(table, View(projects=("P",), **view)))
    return dict(zip(frame["key"], frame["value"], strict=True)) | {
        f"why {key}": why for key, why in zip(frame["key"], frame["why"], strict=True)
    }


def test_one_actor_under_two_names_in_one_phase() -> None:
    joint = [{"phase": "design", "actor": "Ministry"}, {"phase": "design", "actor": "CEIEC"}]
    twice = [*joint, {"phase": "design", "actor": "CEIEC Ltd", "origin": "chinese"}]
    assert found(*joint)["share.chinese"] is not None
    rules = {"phases": ("design",)}
    assert found(*joint, **rules)["composition.chinese"] == exactly(Fraction(1, 2))
    assert found(*twice, **rules)["composition.chinese"] == exactly(Fraction(2, 3))
    assert found(*twice, **rules, counting="origin")["composition.chinese"] == exactly(Fraction(1, 2))


def test_one_actor_under_two_names_in_different_phases() -> None:
    one = [{"phase": "design"}, {"phase": "implementation"}]
    two = [{"phase": "design"}, {"phase": "implementation", "actor": "CEIEC Ltd", "origin": "chinese"}]
    rules = {"phases": ("design", "implementation")}
    first, second = found(*one, **rules), found(*two, **rules)
    assert first["composition.chinese"] == second["composition.chinese"]
    assert first["hhi_origins"] == second["hhi_origins"]
    assert (first["hhi_actors"], second["hhi_actors"]) == (1.0, 0.5)


def test_unknown_origin_is_unknown_by_origin_and_a_holder_by_actor() -> None:
    joint = found({"actor": "CEIEC"}, {"actor": "Somebody", "origin": "unknown"}, phases=("maintenance",))
    assert joint["composition.chinese"] == joint["composition.unknown"] == exactly(Fraction(1, 2))
    assert joint["sole_foreign_phases"] == []
    assert joint["actor_share.Somebody"] == exactly(Fraction(1, 2))
    assert joint["dependence_test.all.no_local_coholder"] == 1.0
    assert joint["sole_count.chinese"] == 0


def test_mixed_is_neither_local_nor_foreign() -> None:
    joint = found({"actor": "CEIEC"}, {"actor": "Venture"}, phases=("maintenance",))
    assert joint["composition.mixed"] == exactly(Fraction(1, 2))
    assert joint["dependence_test.all.foreign_share"] == exactly(Fraction(1, 2))
    assert joint["dependence_test.all.no_local_coholder"] == 1.0
    assert joint["sole_foreign_phases"] == []


@pytest.mark.parametrize(
    "rows, state",
    [
        ([{"start": 2012, "end": 2021}], "active"),
        ([{"end": 2014}, {"status": "vacant", "start": 2015}], "lapsed 2015"),
        ([{"end": 2014}, {"actor": "Operator", "start": 2015}], "replaced"),
        ([{"start": 2012, "end": 2014}], "active"),
        ([{"duration_years": 3}], "unknown"),
        # Who held it before replaces nobody.
        ([{"actor": "Operator", "start": 2012, "end": 2013}, {"start": 2015, "end": 2017}], "unknown"),
        (
            [{"end": 2014}, {"status": "vacant", "start": 2016, "end": 2017}, {"actor": "HP", "start": 2018}],
            "lapsed 2016",
        ),
        ([{"actor": "Operator"}], "none"),
    ],
)
def test_state_of_the_overlap(rows: list[dict[str, Any]], state: str) -> None:
    window = (2012, 2014) if rows == [{"start": 2012, "end": 2014}] else (2012, 2021)
    assert found({"phase": "design"}, *rows, window=window, mode="time")["lock_in.state"] == state


def test_the_overlap_of_tied_actors_names_all() -> None:
    joint = found({"phase": "design", "actor": "ZTE"}, {"phase": "design"}, {"actor": "ZTE"}, {})
    assert joint["lock_in.actor"] == ["CEIEC", "ZTE"]
    assert joint["lock_in.value"] == exactly(Fraction(1, 4))


@pytest.mark.parametrize(
    "held, gone, block",
    [("design", ("maintenance",), "maintain"), ("maintenance", ("design", "implementation"), "build")],
)
def test_a_side_that_does_not_apply_makes_the_overlap_undefined(held: str, gone: tuple[str, ...], block: str) -> None:
    numbers = found({"phase": held}, *({"phase": phase, "status": "not_applicable"} for phase in gone))
    assert math.isnan(numbers["lock_in.value"])
    assert numbers["why lock_in.value"] == f"no phase of block {block} applies"
    assert numbers["lock_in.actor"] is None


def test_what_nobody_coded_may_be_held_by_a_foreign_actor_nobody_named() -> None:
    bare = explained_row({"phase": "initiation", "actor": "Ministry"}, key="lock_in.value")
    assert (bare["value"], bare["low"], bare["high"]) == (0.0, 0.0, 1.0)


def explained_row(*rows: dict[str, Any], key: str) -> dict[str, Any]:
    table = table_of(*rows)
    frame = explained(Resolved(table, View(projects=("P",))))
    return frame[frame["key"] == key].iloc[0].to_dict()


def test_without_a_window_years_are_undefined_with_a_reason() -> None:
    bare = found({"phase": "design"}, {}, window=None)
    for key in ("orphaned.maintenance", "lock_in.state", "change_points", "dependence_test.all.years"):
        assert bare[key] is None or math.isnan(bare[key])
        assert bare[f"why {key}"] == "the project has no window of years"
    assert not any(key.startswith("timeline.") for key in bare)


def test_below_half_coverage_shares_are_insufficient_and_counts_stay() -> None:
    thin = found({"phase": "design"}, {"phase": "implementation"})
    assert thin["coverage"] == exactly(Fraction(1, 3))
    for key in (
        "share.chinese",
        "actor_share.CEIEC",
        "hhi_actors",
        "effective_actors",
        "evenness_actors",
        "hhi_origins",
        "hhi_foreign_actors",
        "origin_diversity.alpha",
        "dependence_test.all.hhi_foreign",
        "dependence_test.all.foreign_share",
        "upstream_local",
    ):
        assert math.isnan(thin[key]), key
        assert thin[f"why {key}"].startswith("insufficient"), key
    assert thin["dependence_test.all.dependent"] is None
    assert (thin["n_actors"], thin["full_count.chinese"], thin["weakest_link.value"]) == (1, 2, 0.0)
    assert thin["dependence_test.technical.dependent"] is True
    assert thin["technical_local"] == 0.0


def test_exactly_half_coverage_is_sufficient() -> None:
    half = found({"phase": "initiation"}, {"phase": "design"}, {"phase": "implementation"})
    assert half["share.chinese"] == 1.0


def test_no_holder_at_all() -> None:
    nobody = found({"status": "vacant", "start": 2012}, mode="time")
    assert nobody["bus_factor"] is None
    assert nobody["handover.max_degree"] is None
    assert math.isnan(nobody["handover.density"])
    assert (nobody["handover.breaks"], nobody["handover.components"], nobody["handover.edges"]) == (0, 0, 0)
    assert nobody["orphaned.maintenance"] == 1.0
    assert math.isnan(nobody["orphaned.operation"])
    assert nobody["why orphaned.operation"] == "all years are unknown"


def test_nothing_applicable() -> None:
    nothing = found({"status": "not_applicable"}, phases=("maintenance",))
    assert math.isnan(nothing["composition.local"])
    assert nothing["why composition.local"] == "no phase applies"
    assert math.isnan(nothing["coverage"])
    assert (nothing["n_actors"], nothing["full_count.local"]) == (0, 0)


def test_no_foreign_holder_is_not_dependent() -> None:
    local = found(*({"phase": phase, "actor": "Ministry"} for phase in ("initiation", "design", "operation")))
    assert local["dependence_test.all.dependent"] is False
    assert math.isnan(local["dependence_test.all.hhi_foreign"])
    assert local["why dependence_test.all.hhi_foreign"] == "no foreign holder"
    assert math.isnan(local["dependence_test.all.no_local_coholder"])


def test_a_block_that_is_not_in_view_is_undefined() -> None:
    upstream = found({"phase": "initiation"}, phases=("initiation", "requirements"))
    assert math.isnan(upstream["technical_local"])
    assert upstream["why technical_local"] == "no phase of this block is in view"


def test_leaving_out_the_only_phase_is_undefined() -> None:
    alone = found({}, phases=("maintenance",))
    assert math.isnan(alone["leave_one_out.chinese"])


def test_an_event_counts_from_its_start_in_the_years_of_the_screen() -> None:
    late = found({"phase": "design", "start": 2018}, {"phase": "implementation", "start": 2018}, {})
    assert late["dependence_test.technical.years"] == [2018, 2019, 2020, 2021]


@pytest.mark.parametrize("boundary", ["held", "split", "gap"])
@pytest.mark.parametrize("scope", ["all", "technical"])
def test_the_years_of_the_screen_are_those_whose_snapshot_fires(scope: str, boundary: str) -> None:
    study = shipped().select(rank="best", boundary=boundary, min_phases=0, counting="origin")
    key = f"dependence_test.{scope}"
    frame = measured(study.resolved, keys=["dependence_test"]).set_index(["project", "key"])["value"]
    windows = study.matrix.windows.dropna()
    fired: dict[str, list[int]] = {project: [] for project in windows.index}
    spans = zip(windows["start"].astype(int), windows["end"].astype(int), strict=True)
    for year in sorted({year for start, end in spans for year in range(start, end + 1)}):
        snapshot = study.select(year=year)
        then = measured(snapshot.resolved, keys=["dependence_test"])
        for project in then.loc[(then["key"] == f"{key}.dependent") & then["value"].eq(True), "project"]:
            fired[project].append(year)
    assert any(fired.values()) == (scope == "technical")
    assert {project: frame[project, f"{key}.years"] for project in windows.index} == fired


@pytest.mark.parametrize(
    "types, expected",
    [
        (["media", "media"], 1),
        (["media", "ngo"], 2),
        (["media", "interview"], 2),
        (["media", "academic"], 3),
        (["official", "media"], 4),
        (["official", "official", "ngo"], 5),
    ],
)
def test_aidata_grade_of_the_sources(types: list[str], expected: int) -> None:
    table = table_of(*({"phase": "design", "source": f"s{at}"} for at in range(len(types))))
    sources = {f"s{at}": Reference(f"s{at}", source_type=kind) for at, kind in enumerate(types)}
    graded = Table(**{**table.__dict__, "sources": sources})
    frame = indicators(Resolved(graded, View(projects=("P",))), keys=["evidence"])
    values = dict(zip(frame["key"], frame["value"], strict=True))
    assert values["evidence.grade_min"] == values["evidence.grade_median"] == expected


def test_a_source_of_no_type_gives_no_grade() -> None:
    bare = found({"phase": "design"})
    assert math.isnan(bare["evidence.grade_min"])
    assert bare["why evidence.grade_min"] == "no cell has a source of known type"


def test_bus_factor_against_going_through_all_sets_of_actors() -> None:
    rows = [
        {"phase": "initiation", "actor": "Ministry"},
        {"phase": "requirements", "actor": "Ministry"},
        {"phase": "requirements", "actor": "HP"},
        {"phase": "design", "actor": "HP"},
        {"phase": "design", "actor": "ZTE"},
        {"phase": "implementation", "actor": "ZTE"},
        {"phase": "operation", "actor": "Operator"},
    ]
    # Five held phases, three must fall: Ministry, HP and ZTE empty four; no two actors empty three.
    assert found(*rows)["bus_factor"] == 3


def test_every_undefined_number_has_a_reason_and_no_other_has() -> None:
    for rules in ({}, TIME, END, {"min_phases": 0}, {"min_phases": 0, **TIME}):
        study = shipped().select(**rules)
        frame = measured(study.resolved)
        assert (frame["value"].isna() == (frame["why"] != "")).all()


def test_values_in_a_frame_are_numbers_or_words() -> None:
    frame = indicators(table_1().resolved).set_index(["project", "key"])
    assert frame["value"].dtype == np.float64
    assert frame.loc[("JSeI", "dependence_test.technical.dependent"), ["value", "text"]].tolist() == [1.0, ""]
    assert frame.loc[("JSeI", "sole_foreign_phases"), "text"] == "design; maintenance"
    assert math.isnan(frame.loc[("JSeI", "sole_foreign_phases"), "value"])


def test_every_cell_of_table_1_has_a_passage() -> None:
    study = shipped().select(project=CASES, source="vilaseoane2024")
    frame = indicators(study.resolved, keys=["evidence"]).set_index(["project", "key"])["value"]
    assert [frame[project, "evidence.quoted"] for project in CASES] == [1.0, 1.0]


def test_the_output_contract() -> None:
    document = indicators_document(table_1().select(mode="time").resolved)
    assert list(document) == ["method", "projects"]
    assert list(document["projects"]) == list(CASES)
    ecu = document["projects"]["ECU 911"]
    assert set(ecu) == {entry.key for entry in INDICATORS} | {"share_bounds", "composition_bounds", "why"}
    assert set(ecu["composition"]) == {"local", "chinese", "western", "other", "mixed", "gap", "unknown"}
    assert ecu["share_bounds"]["local"] == [exactly(Fraction(25, 57)), exactly(Fraction(35, 57))]
    assert ecu["composition_bounds"]["gap"] == [exactly(Fraction(1, 20)), exactly(Fraction(13, 60))]
    assert set(ecu["lock_in"]) == {"value", "low", "high", "actor", "state"}
    assert set(ecu["owner_continuity"]) == {"value", "actor"}
    assert set(ecu["orphaned"]["maintenance"]) == {"value", "low", "high"}
    parts = {"hhi_foreign", "foreign_share", "no_local_coholder", "dependent", "years"}
    assert all(set(ecu["dependence_test"][scope]) == parts for scope in ("all", "technical"))
    assert set(ecu["handover"]) == {"breaks", "components", "edges", "density", "max_degree"}
    assert set(ecu["evidence"]) == {"grade_min", "grade_median", "quoted", "complete"}
    assert ecu["timeline"][0]["year"] == 2012
    assert set(ecu["timeline"][0]) == {"year", *ecu["composition"], "undated"}
    assert ecu["leave_one_out"]["local"] == [exactly(Fraction(1, 2)), exactly(Fraction(7, 10))]
    assert isinstance(ecu["bus_factor"], int)
    json.dumps(document, allow_nan=False)


def test_undefined_is_null_and_says_why() -> None:
    table = table_of({"phase": "design", "actor": "Firm A. B. Ltd", "origin": "chinese"})
    document = indicators_document(Resolved(table, View(projects=("P",))))
    project = document["projects"]["P"]
    assert project["share"]["chinese"] is None
    assert project["actor_share"] == {"Firm A. B. Ltd": None}
    assert project["why"]["actor_share.Firm A. B. Ltd"].startswith("insufficient")
    assert project["share_bounds"]["chinese"] == [exactly(Fraction(1, 6)), 1.0]


def test_a_project_without_a_row_keeps_its_objects() -> None:
    table = table_of({"phase": "design"}, {"project": "Q", "phase": "design", "status": "proposed"})
    document = indicators_document(Resolved(table, View(projects=("P", "Q"))))
    empty = document["projects"]["Q"]
    assert (empty["actor_share"], empty["critical_phases"]) == ({}, {})
    assert empty["composition"]["unknown"] == 1.0


def test_no_core_phase_in_view() -> None:
    table = table_of({"phase": "financing"})
    document = indicators_document(Resolved(table, View(projects=("P",), phases=("financing",))))
    assert document["projects"]["P"]["composition"]["local"] is None
    assert document["projects"]["P"]["n_actors"] == 0


def test_method_block() -> None:
    block = method_block(table_1().select(year="end").resolved)
    assert set(block) == {
        *("version", "mode", "year", "counting", "rank", "confidence", "sources", "boundary", "roles", "weights"),
        *("windows", "phases", "thresholds", "data_sha256", "package_version"),
        *("actors", "origins", "listing", "statements_used", "statements_total", "statements"),
    }
    assert (block["mode"], block["year"], block["sources"]) == ("snapshot", "end", ["vilaseoane2024"])
    assert block["windows"] == {"ECU 911": [2012, 2021], "JSeI": [2016, 2022]}
    assert (block["statements_used"], block["statements_total"]) == (15, 15)
    assert block["statements"] == {"ECU 911": {"used": 8, "total": 8}, "JSeI": {"used": 7, "total": 7}}
    assert block["listing"] == {"least_phases": 2, "listed": 2, "selected": 2}
    assert {"key": "chinese", "foreign": True} in block["origins"]
    assert block["thresholds"]["hhi_foreign"]["value"] == 0.4
    assert all(line["citation"] for line in block["thresholds"].values())
    alleged = shipped().select(include_alleged=True)
    assert "alleged" in method_block(alleged.resolved)["confidence"]


def test_keys_come_in_the_order_of_the_catalogue_and_projects_in_that_of_the_selection() -> None:
    study = shipped().select(project=("JSeI", "ECU 911"))
    frame = indicators(study.resolved, keys=["coverage", "composition"])
    assert frame["project"].drop_duplicates().tolist() == ["JSeI", "ECU 911"]
    assert frame["key"].iloc[0] == "coverage"
    assert set(frame["key"].str.split(".").str[0]) == {"coverage", "composition"}


def test_unknown_indicator_is_refused_with_a_suggestion() -> None:
    with pytest.raises(UsageError, match="Did you mean 'lock_in'"):
        indicator("lockin")


def test_explain_gives_numerator_and_denominator() -> None:
    study = table_1().select(project="JSeI", mode="time")
    entry, frame = explain(study.resolved, "share.local")
    row = frame.iloc[0]
    assert (entry.id, len(frame)) == ("I02", 1)
    assert row["numerator"] / row["denominator"] == exactly(row["value"])
    assert row["denominator"] == exactly(Fraction(38, 7))
    parts = phase_parts(study.resolved)
    assert parts["held"].sum() == exactly(Fraction(38, 7))


def test_every_ratio_is_its_numerator_over_its_denominator() -> None:
    study = shipped().select(mode="time", rank="all")
    frame = explained(study.resolved)
    ratios = frame[frame["numerator"].notna() & frame["value"].notna() & ~frame["key"].str.contains("count")]
    assert ratios["key"].str.split(".").str[0].nunique() > 15
    value = ratios["value"].astype(float).to_numpy()
    quotient = ratios["numerator"].astype(float).to_numpy() / ratios["denominator"].astype(float).to_numpy()
    assert np.abs(value - quotient).max() <= 1e-12


def test_groups_are_means_ranges_and_numbers_of_projects() -> None:
    study = shipped().select(project=CASES, mode="time")
    frame = grouped(study.resolved, "country").set_index(["group", "key"])
    assert frame.loc[("ECU", "composition.chinese")].tolist() == [exactly(Fraction(11, 30))] * 3 + [1, 1]
    table = table_of(
        {"project": "A", "country": "ECU;ARG", "phase": "design"},
        {"project": "B", "country": "ARG", "phase": "design", "actor": "Ministry"},
        {"project": "C", "phase": "design", "actor": "Ministry"},
    )
    found = grouped(Resolved(table, View(phases=("design",))), "country").set_index(["group", "key"])
    assert found.loc[("ARG", "share.chinese")].tolist() == [0.5, 0.0, 1.0, 2, 2]
    assert found.loc[("ECU", "share.chinese")].tolist() == [1.0, 1.0, 1.0, 1, 1]
    assert found.loc[("not given", "share.chinese")].tolist() == [0.0, 0.0, 0.0, 1, 1]


def test_groups_count_every_selected_project_and_say_of_how_many() -> None:
    """Two projects are listed; the thin ones count too, wherever the phase is known of them."""
    both = [{"phase": phase} for phase in ("design", "operation")]
    rows = [{"project": name, **one} for name in ("A", "B") for one in both]
    rows += [{"project": "Thin", "phase": "design", "actor": "Ministry"}, {"project": "Alien", "phase": "design",
              "actor": "Somebody Ltd", "origin": "unknown"}]  # fmt: skip
    rows += [{"project": "Empty", "phase": "operation", "status": "vacant", "actor": "", "origin": ""}]
    projects = [{"project": name, "type": "cable"} for name in ("A", "B", "Thin", "Alien", "Empty")]
    resolved = Resolved(table_of(*rows, projects=projects), View())
    assert resolved.listed == ("A", "B")
    phases = grouped_phases(resolved, "type").set_index("phase")
    # Known: Chinese twice and local once; of the fifth nothing is known, of the fourth no origin.
    assert phases.loc["design", ["known", "of", "chinese", "local"]].tolist() == [
        3,
        5,
        exactly(Fraction(2, 3)),
        exactly(Fraction(1, 3)),
    ]
    assert phases.loc["operation", ["known", "of", "chinese", "gap"]].tolist() == [
        3,
        5,
        exactly(Fraction(2, 3)),
        exactly(Fraction(1, 3)),
    ]
    assert phases.loc["maintenance", ["known", "of"]].tolist() == [0, 5]
    assert np.isnan(phases.loc["maintenance", "local"])
    numbers = grouped(resolved, "type").set_index("key")
    assert numbers.loc["composition.chinese", ["n", "of"]].tolist() == [5, 5]
    assert numbers.loc["composition.chinese", "mean"] == exactly(Fraction(2, 15))


def test_what_is_a_range_already_has_no_row_in_a_group() -> None:
    """The composition's own numbers were printed as those of leaving a phase out."""
    for by in ("country", "type", "source"):
        keys = grouped(shipped().resolved, by)["key"]
        assert not keys.str.startswith(("leave_one_out", "timeline", "actor_share", "critical_phases")).any()


def test_a_group_of_a_source_is_what_it_tells_alone() -> None:
    table = table_of(
        {"project": "A", "phase": "design", "source": "s"},
        {"project": "A", "phase": "design", "source": "t", "actor": "Ministry", "rank": "preferred"},
        {"project": "B", "phase": "design", "source": "t", "actor": "Ministry"},
    )
    frame = grouped(Resolved(table, View(phases=("design",))), "source").set_index(["group", "key"])
    assert frame.loc[("s", "share.chinese")].tolist() == [1.0, 1.0, 1.0, 1, 1]
    assert frame.loc[("t", "share.chinese")].tolist() == [0.0, 0.0, 0.0, 2, 2]


# The command.


def run(*arguments: str) -> Any:
    return CliRunner().invoke(group, ["indicators", *arguments])


def test_text_shows_both_modes_where_they_differ_and_the_headline() -> None:
    text = run("-p", "ECU 911", "-p", "JSeI").stdout
    lines = text.splitlines()
    # At 80 columns the table is two, one under the other.
    first, second = (lines.index(line) for line in lines if line.startswith("Project "))
    shares, others = ([line.split() for line in lines[at + 2 : at + 4]] for at in (first, second))
    assert [row[:3] for row in shares] == [["ECU", "911", "static"], ["ECU", "911", "time"]]
    assert [[*share[-6:], *other] for share, other in zip(shares, others, strict=True)] == [
        ["58.3", "%", "41.7", "%", "0.0", "%", "ECU", "911", "0.0", "%", "100.0", "%"],
        ["58.3", "%", "36.7", "%", "5.0", "%", "ECU", "911", "0.0", "%", "95.0", "%"],
    ]
    assert "█" in text
    assert "lapsed 2019" in text
    assert "0.75, CEIEC" in text
    screen = " ".join(" ".join(lines[at : at + 2]) for at, line in enumerate(lines) if line.startswith("Dependence s"))
    assert " ".join(screen.split()) == (
        "Dependence screen, yes (1.00; 83.3 %; 66.7 yes (1.00; 83.3 %; 66.7 technical %) %) "
        "Dependence screen, all no (1.00; 41.7 %; 66.7 %) no (1.00; 41.7 %; 66.7 %) phases"
    )
    assert "0.0 % [0.0 %, 12.5 %]" in text
    assert "Mode static; equal shares per actor" in text


def test_text_says_insufficient(tmp_path: Path) -> None:
    data = tmp_path / "t.csv"
    data.write_text("project,phase,actor,origin,source\nP,design,CEIEC,chinese,s\n", "utf-8")
    text = run(str(data)).stdout
    assert "insufficient" in text
    assert "Coverage" in text


def test_json_and_csv_hold_everything_unrounded() -> None:
    document = json.loads(run("-p", "ECU 911", "--mode", "time", "-f", "json").stdout)
    assert document["projects"]["ECU 911"]["composition"]["chinese"] == exactly(Fraction(11, 30))
    lines = run("-p", "ECU 911", "--mode", "time", "-f", "csv").stdout.splitlines()
    assert lines[0] == "project,key,value,text,low,high,why,named,whole"
    values = {key: (value, said) for _, key, value, said, *_ in (line.split(",") for line in lines[1:])}
    assert float(values["composition.chinese"][0]) == exactly(Fraction(11, 30))
    assert values["sole_foreign_phases"] == ("", "design; maintenance")
    assert values["timeline.2019.gap"] == ("0.5", "")
    assert values["dependence_test.technical.dependent"] == ("1.0", "")


@pytest.mark.parametrize("format", ["text", "markdown", "latex", "html", "csv", "rst", "grid"])
def test_every_format_prints(format: str) -> None:
    result = run("-p", "ECU 911", "-p", "JSeI", "--all", "-f", format)
    assert result.exit_code == 0
    assert "█" not in result.stdout or format == "text"


def test_snapshot_and_its_conflict_with_mode() -> None:
    assert "snapshot 2021" in run("-p", "ECU 911", "--year", "2021").stdout
    assert run("-p", "ECU 911", "--year", "2021", "--mode", "time").exit_code == 2


def test_explain_prints_formula_source_and_parts() -> None:
    text = run("-p", "JSeI", "--mode", "time", "--explain", "share").stdout
    for expected in ("Waltman & van Eck", "bounds", "5.75", "0.6086956521739131", "[41.7 %, 62.5 %]"):
        assert expected in text
    document = json.loads(run("-p", "JSeI", "--explain", "hhi_actors", "-f", "json").stdout)
    assert document["values"][0]["numerator"] / document["values"][0]["denominator"] == exactly(Fraction(31, 72))


@pytest.mark.parametrize("entry", INDICATORS, ids=lambda entry: entry.key)
def test_every_indicator_can_be_explained(entry: Any) -> None:
    study = shipped().select(project="JSeI", mode="time")
    found_entry, frame = explain(study.resolved, entry.key)
    assert found_entry is entry
    assert len(frame) > 0


def test_explaining_what_does_not_exist() -> None:
    result = run("--explain", "lokin")
    assert isinstance(result.exception, UsageError)
    assert "lock_in" in str(result.exception)


def test_by_country_prints_n() -> None:
    text = run("-p", "ECU 911", "-p", "JSeI", "--by", "country").stdout
    assert "mean of the projects" in text
    assert "1 of 1" in text
    document = json.loads(run("-p", "ECU 911", "-p", "JSeI", "--by", "country", "-f", "json").stdout)
    assert document["groups"]["ECU"]["composition.local"] == {
        "mean": exactly(Fraction(7, 12)),
        "low": exactly(Fraction(7, 12)),
        "high": exactly(Fraction(7, 12)),
        "n": 1,
        "of": 1,
    }
    assert document["phases"]["ECU"]["design"] | {"mean": {}} == {"known": 1, "of": 1, "mean": {}}
    assert run("--by", "country", "--explain", "share").exit_code == 2


# The documentation.

DOCS = Path(__file__).parent.parent / "docs" / "indicators.md"


def test_the_numbers_worked_in_the_documentation_are_those_of_table_1() -> None:
    """Every line `| key | rules | ECU 911 | JSeI |` of the worked table is computed again."""
    text = DOCS.read_text("utf-8").split("## Worked on Table 1", 1)[1]
    lines = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| `")]
    assert len(lines) > 40
    rules = {"static": {}, "time": TIME, "time, split": SPLIT, "time, gap": GAP, "snapshot end": END}
    for key, rule, ecu, jsei, *_ in ([cell.strip() for cell in line] for line in lines):
        for project, text in zip(CASES, (ecu, jsei), strict=True):
            frame = numbers(**rules[rule])
            value = frame.loc[(project, key.strip("`")), "value"]
            assert _same(value, text), (key, rule, project, value, text)


def _same(value: Any, text: str) -> bool:
    if isinstance(value, list):
        return ", ".join(map(str, value)) == text.replace("none", "")
    if isinstance(value, (str, bool)):
        return {"True": "yes", "False": "no"}.get(str(value), value) == text
    if pd.isna(value):
        return text == "undefined"
    exact = "/" in text or text.lstrip("-").isdigit()
    return abs(float(Fraction(text)) - float(value)) < (1e-12 if exact else 5e-7)
