"""Comparison: the pair of Table 1 by hand, distances, order, and the command."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from typing import Any

import pytest
from click.testing import CliRunner
from strategies import table_of
from studies import table_1

from agency.cli import group
from agency.comparison.compare import compare, jaccard, patterns, set_distance, single_linkage
from agency.errors import UsageError
from agency.resolve import Resolved
from agency.resolve.select import View
from agency.table.model import Table


def pair(**rules: Any) -> dict[str, Any]:
    return compare(table_1().select(**rules).resolved)


def compared(table: Table, **view: Any) -> dict[str, Any]:
    return compare(Resolved(table, View(min_phases=0, **view)))


def exactly(value: Any) -> Any:
    return pytest.approx(float(value), rel=0, abs=1e-12)


ORIGINS = ("origins_jaccard", "origins_masi", "origins_nominal")
ACTORS = ("actors_jaccard", "actors_masi")


def test_the_pair_by_hand_static() -> None:
    found = pair()["distance"]
    assert [found[name]["value"] for name in ORIGINS] == [0, 0, 0]
    assert [found[name]["value"] for name in ACTORS] == [1, 1]
    assert {entry["compared_phases"] for name, entry in found.items() if name != "origins_tv"} == {6}
    assert found["origins_tv"]["value"] is None
    assert pair()["why"] == {"distance.origins_tv": "only in mode time"}


def test_the_pair_by_hand_over_time() -> None:
    found = pair(mode="time")["distance"]["origins_tv"]
    assert (found["value"], found["compared_phases"]) == (exactly(Fraction(1, 20)), 6)
    # Operation has no year in either: of its 1/6 nothing is certain. Maintenance is 0 to 4/7 of its sixth.
    assert found["bounds"] == [exactly(0), exactly(Fraction(1, 6) + Fraction(2, 21))]


def test_maintenance_alone_over_time() -> None:
    found = pair(mode="time", phase="maintenance")["distance"]["origins_tv"]
    assert found["value"] == exactly(Fraction(3, 10))
    assert found["bounds"] == [exactly(0), exactly(Fraction(4, 7))]


def test_the_pair_by_hand_at_the_end() -> None:
    found = pair(year="end")["distance"]
    for name in ORIGINS:
        assert (found[name]["value"], found[name]["compared_phases"]) == (0, 5)
        assert found[name]["bounds"] == [exactly(0), exactly(Fraction(1, 6))]


def test_local_firms_of_two_projects_are_two_actors() -> None:
    # Taken for one actor, the distance of implementation would be 2/3 and the mean 17/18.
    one, other = (list(entry.actors) for entry in patterns(table_1().resolved.arrays))
    assert pair()["distance"]["actors_jaccard"]["value"] == 1
    shared = frozenset(["Local firms"])
    one[3], other[3] = shared | {"CEIEC"}, shared | {"ZTE"}
    assert set_distance(one, other, [1.0] * 6, jaccard).value == exactly(Fraction(17, 18))


def test_cells_side_by_side() -> None:
    cells = {cell["phase"]: cell for cell in pair()["cells"]}
    assert cells["implementation"] == {
        "phase": "implementation",
        "a": "Local firms and CEIEC",
        "b": "Local firms and ZTE",
        "origins_a": ["local", "chinese"],
        "origins_b": ["local", "chinese"],
        "same_origins": True,
        "same_actors": False,
    }
    late = {cell["phase"]: cell for cell in pair(year="end")["cells"]}["maintenance"]
    assert (late["origins_a"], late["origins_b"], late["same_origins"]) == (["gap"], None, None)


FEW = "fewer phases are known in both than a comparison needs"
A, B = {"project": "A", "phase": "design"}, {"project": "B", "phase": "design"}


def test_blank_against_blank_is_no_agreement() -> None:
    found = compared(table_of({**A}, {"project": "B", "phase": "initiation"}))
    assert found["distance"]["origins_jaccard"] == {"value": None, "compared_phases": 0, "bounds": [0.0, 1.0]}
    assert found["why"]["distance.origins_jaccard"] == FEW
    assert "exact_alignment" not in found


@pytest.mark.parametrize("common, defined", [(2, False), (3, True)])
def test_a_comparison_needs_three_phases_known_in_both(common: int, defined: bool) -> None:
    phases = ("initiation", "requirements", "design")[:common]
    found = compared(table_of(*({"project": name, "phase": phase} for name in "AB" for phase in phases)))
    for name in (*ORIGINS, *ACTORS):
        entry = found["distance"][name]
        assert (entry["value"], entry["compared_phases"]) == (0.0 if defined else None, common)
        assert found["why"].get(f"distance.{name}") == (None if defined else FEW)


def test_with_fewer_phases_all_of_them_are_needed() -> None:
    table = table_of(A, B, {**A, "phase": "operation"})
    assert compared(table, phases=("design",))["distance"]["origins_jaccard"]["value"] == 0.0
    assert compared(table, phases=("design", "operation"))["distance"]["origins_jaccard"]["value"] is None


def test_vacant_and_negotiating_are_one_category() -> None:
    rules = {"phases": ("design",)}
    found = compared(table_of({**A, "status": "vacant"}, {**B, "status": "negotiating"}), **rules)
    assert found["distance"]["origins_jaccard"]["value"] == 0
    held = compared(table_of({**A, "status": "vacant"}, B), **rules)
    assert held["distance"]["origins_masi"]["value"] == 1


def test_a_phase_that_does_not_apply_leaves_the_weights() -> None:
    gone = compared(table_of({**A, "status": "not_applicable"}, B), phases=("design",))
    assert gone["distance"]["origins_jaccard"] == {"value": None, "compared_phases": 0, "bounds": None}


def test_a_holder_of_unknown_origin_makes_origins_unknown_and_actors_known() -> None:
    found = compared(table_of({**A, "actor": "Somebody", "origin": "unknown"}, B), phases=("design",))
    assert found["distance"]["origins_jaccard"]["value"] is None
    assert found["distance"]["actors_jaccard"]["value"] == 1
    assert found["cells"][0]["same_origins"] is None


def test_weights_count() -> None:
    table = table_of(
        {**A},
        {**B, "actor": "Ministry"},
        {**A, "phase": "implementation"},
        {**B, "phase": "implementation"},
    )
    found = compared(table, phases=("design", "implementation"), weights=(("design", 3.0),))
    assert found["distance"]["origins_nominal"]["value"] == exactly(Fraction(3, 4))


LOCAL, BOTH, FOREIGN = frozenset("l"), frozenset("lc"), frozenset("c")


@pytest.mark.parametrize(
    "one, other, weights, least, expected",
    [
        # (1/2 x 2 + 1 x 1) / 3 are known and 2/3; the last phase weighs 1 of 4: (0 + 2) / 4 to (1 + 2) / 4.
        ([LOCAL, LOCAL, None], [BOTH, FOREIGN, LOCAL], [2, 1, 1], 1, (2 / 3, 2, (0.5, 0.75))),
        # The same with fewer known than are wanted, and with just as many.
        ([LOCAL, LOCAL, None], [BOTH, FOREIGN, LOCAL], [2, 1, 1], 3, (None, 2, (0.5, 0.75))),
        ([LOCAL, LOCAL, None], [BOTH, FOREIGN, LOCAL], [2, 1, 1], 2, (2 / 3, 2, (0.5, 0.75))),
        # Nothing known; nothing that weighs; a phase without weight is not compared.
        ([None], [LOCAL], [1], 0, (None, 0, (0.0, 1.0))),
        ([LOCAL], [LOCAL], [0], 1, (None, 0, None)),
        ([LOCAL, LOCAL], [FOREIGN, LOCAL], [0.5, 0], 1, (1.0, 1, (1.0, 1.0))),
    ],
)
def test_a_distance_is_a_weighted_mean_with_bounds(
    one: Any, other: Any, weights: list[float], least: int, expected: tuple[Any, ...]
) -> None:
    found = set_distance(one, other, weights, jaccard, least=least)
    value, compared_phases, bounds = expected
    assert found.value == (None if value is None else exactly(value))
    assert found.compared_phases == compared_phases
    assert found.bounds == (None if bounds is None else tuple(exactly(bound) for bound in bounds))


def test_profiles_of_half_known_phases_by_hand() -> None:
    """Maintenance of 2012-2021 only: A has Chinese 2012-16, a gap 2017-18; B local 2012-14, Chinese 2015-18.

    Of the ten years A's known seven are 5/7 Chinese and 2/7 gap, B's seven 4/7 Chinese and 3/7 local: the distance is
    half of 1/7 + 2/7 + 3/7. Certain are p = (0, .5, .2) and q = (.3, .4, 0), three tenths of each unknown: at least
    .1 + .2 - .3 and .3 - .3, both 0, at most 1 - .4.
    """
    phase = {"phase": "maintenance"}
    table = table_of(
        {"project": "A", **phase, "start": 2012, "end": 2016},
        {"project": "A", **phase, "status": "vacant", "start": 2017, "end": 2018},
        {"project": "B", **phase, "actor": "Ministry", "start": 2012, "end": 2014},
        {"project": "B", **phase, "start": 2015, "end": 2018},
    )
    found = compared(table, phases=("maintenance",), mode="time")["distance"]["origins_tv"]
    assert found["value"] == exactly(Fraction(3, 7))
    assert found["bounds"] == [exactly(0), exactly(Fraction(6, 10))]


def test_profiles_that_differ_more_than_what_is_unknown() -> None:
    # A is Chinese in all ten years, B local in eight: at least .8 of the years differ, at most all.
    phase = {"phase": "maintenance"}
    table = table_of(
        {"project": "A", **phase, "start": 2012, "end": 2021},
        {"project": "B", **phase, "actor": "Ministry", "start": 2012, "end": 2019},
    )
    found = compared(table, phases=("maintenance",), mode="time")["distance"]["origins_tv"]
    assert (found["value"], found["bounds"]) == (exactly(1), [exactly(0.8), exactly(1)])


def test_more_than_two_projects_give_a_matrix_and_an_order() -> None:
    table = table_of(
        *({"project": "A", "phase": phase} for phase in ("design", "implementation")),
        *({"project": "B", "phase": phase, "actor": "Ministry"} for phase in ("design", "implementation")),
        {"project": "C", "phase": "design"},
        {"project": "C", "phase": "implementation", "actor": "HP"},
        {"project": "D", "phase": "design"},
    )
    found = compared(table, phases=("design", "implementation"))
    assert set(found) == {"projects", "matrix", "order"}
    jaccards = found["matrix"]["origins_jaccard"]
    assert jaccards["A"]["C"]["value"] == jaccards["C"]["A"]["value"] == 0.5
    assert jaccards["A"]["D"]["value"] is None
    assert found["order"] == ["A", "C", "B", "D"]


def test_single_linkage_joins_the_nearest_first() -> None:
    distance = {(0, 1): 0.5, (0, 2): 0.4, (0, 3): 0.9, (1, 2): 0.6, (1, 3): 0.1, (2, 3): 0.8}
    assert single_linkage(["a", "b", "c", "d"], distance) == ["a", "c", "b", "d"]
    assert single_linkage(["a", "b"], {(0, 1): None}) == ["a", "b"]


def test_one_project_is_no_comparison() -> None:
    with pytest.raises(UsageError, match="two projects"):
        compared(table_of(A))


def run(*arguments: str) -> Any:
    return CliRunner().invoke(group, ["compare", *arguments])


def test_the_command_prints_cells_and_distances() -> None:
    text = run("ECU 911", "JSeI", "--mode", "time").stdout
    for expected in ("actors", "0.05", "[0.01, 0.22]", "not known in both"):
        assert expected in text
    row = re.search(r"^Implemented by .*\n.*$", text, re.MULTILINE)
    assert row is not None
    assert " ".join(row.group().split()) == "Implemented by Local firms and Local firms and ZTE actors CEIEC"
    assert "p =" not in text
    document = json.loads(run("ECU 911", "JSeI", "-f", "json").stdout)
    assert {"method", "cells", "distance"} <= set(document)
    lines = run("ECU 911", "JSeI", "-f", "csv").stdout.splitlines()
    assert lines[0] == "a,b,distance,value,low,high,compared_phases,why"
    assert lines[1] == "ECU 911,JSeI,origins_jaccard,0.0,0.0,0.0,6,"
    assert lines[-1] == "ECU 911,JSeI,origins_tv,,,,0,only in mode time"


def test_the_command_with_three_projects() -> None:
    text = run("JSeI", "ECU 911", "CBERS").stdout
    assert "single linkage" in text
    assert set(json.loads(run("JSeI", "ECU 911", "CBERS", "-f", "json").stdout)) >= {"method", "matrix", "order"}
    assert len(run("JSeI", "ECU 911", "CBERS", "-f", "csv").stdout.splitlines()) == 1 + 3 * 5


def test_the_command_refuses_one_name_and_unknown_names() -> None:
    assert run("JSeI").exit_code == 2
    assert run("JSeI", "JSeI").exit_code == 2
    assert isinstance(run("JSeI", "ECU 912").exception, UsageError)


def test_data_is_given_with_an_option(tmp_path: Any) -> None:
    data = tmp_path / "t.csv"
    data.write_text("project,phase,actor,origin,source\nA,design,X,local,s\nB,design,Y,local,s\n", "utf-8")
    assert "X" in run("A", "B", "--data", str(data)).stdout
