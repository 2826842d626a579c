"""Robustness: random weights against their exact moments, choices one at a time, rank swaps, the command."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from strategies import table_of
from studies import CASES, both, shipped, table_1

from agency.cli import group
from agency.indicators import INDICATORS, measured
from agency.indicators.robustness import (
    Variants,
    random_weights,
    rank_swaps,
    robustness,
    robustness_document,
    robustness_frame,
    variants,
)
from agency.resolve import Apart, Resolved
from agency.resolve.select import View


def test_exact_moments_by_hand() -> None:
    frame = random_weights(table_1().resolved, draws=10).set_index(["project", "key"])
    for project in CASES:
        row = frame.loc[(project, "composition.local")]
        assert row["mean"] == pytest.approx(7 / 12, rel=0, abs=1e-12)
        assert row["variance"] == pytest.approx(29 / 1008, rel=0, abs=1e-12)


def test_what_is_drawn_lands_on_the_exact_moments() -> None:
    draws = 20_000
    table = table_of(
        {"phase": "initiation", "actor": "Ministry"},
        {"phase": "design"},
        {"phase": "implementation"},
        {"phase": "implementation", "actor": "Ministry"},
        {"phase": "operation", "status": "not_applicable"},
        {"end": 2016},
    )
    frame = random_weights(Resolved(table, View(mode="time")), seed=7, draws=draws)
    for row in frame.to_dict("records"):
        # Five standard errors: the seed is fixed, so this is a test of the formula, not of luck.
        assert abs(row["drawn_mean"] - row["mean"]) <= 5 * np.sqrt(row["variance"] / draws)
        assert row["drawn_variance"] == pytest.approx(row["variance"], rel=0.06, abs=1e-12)
        assert row["p05"] <= row["mean"] <= row["p95"] or row["variance"] == 0


def test_of_two_phases_a_weight_is_uniform() -> None:
    # One is local, one Chinese: the local share is the weight of one of two, uniform from 0 to 1; variance 1/12.
    table = table_of({"phase": "initiation", "actor": "Ministry"}, {"phase": "design"})
    resolved = Resolved(table, View(projects=("P",), phases=("initiation", "design")))
    row = random_weights(resolved, draws=20_000).set_index("key").loc["composition.local"]
    assert row[["mean", "variance"]].tolist() == [0.5, pytest.approx(1 / 12, abs=1e-12)]
    assert row[["p05", "p95"]].tolist() == [pytest.approx(0.05, abs=0.01), pytest.approx(0.95, abs=0.01)]


def test_the_same_seed_gives_the_same_draws() -> None:
    resolved = table_1().resolved
    first, again, other = (random_weights(resolved, seed=seed, draws=50)["drawn_mean"] for seed in (1, 1, 2))
    assert first.tolist() == again.tolist() != other.tolist()


def test_a_project_where_nothing_applies_has_no_moments() -> None:
    table = table_of({"status": "not_applicable"})
    frame = random_weights(Resolved(table, View(phases=("maintenance",))), draws=10)
    assert frame["mean"].isna().all()


def test_rank_swaps() -> None:
    table = table_of(
        *({"project": "A", "phase": phase, "actor": "Ministry"} for phase in ("initiation", "design")),
        {"project": "A", "phase": "implementation"},
        {"project": "B", "phase": "initiation"},
        {"project": "B", "phase": "design"},
        {"project": "B", "phase": "implementation", "actor": "Ministry"},
        *({"project": "C", "phase": phase} for phase in ("initiation", "design", "implementation")),
    )
    view = View(phases=("initiation", "design", "implementation"), min_phases=0)
    found = {(pair["a"], pair["b"]): pair["share"] for pair in rank_swaps(Resolved(table, view), draws=4000)}
    # A is ahead of B unless the weight of implementation is above one half: (1/2)^2 of the simplex.
    assert found["A", "B"] == pytest.approx(0.25, abs=0.03)
    assert found["A", "C"] == found["B", "C"] == 0
    same = rank_swaps(table_1().resolved, draws=10)
    assert same == [{"a": "ECU 911", "b": "JSeI", "share": None}]


def test_of_too_many_projects_no_ranks_are_swapped(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = ({"project": "A", "phase": "design"}, {"project": "B", "phase": "design", "actor": "Ministry"})
    resolved = Resolved(table_of(*rows), View(min_phases=0, phases=("design",)))
    for most, pairs in ((1, 0), (2, 1)):
        monkeypatch.setattr("agency.indicators.robustness.MOST_PROJECTS", most)
        assert len(rank_swaps(resolved, draws=2)) == pairs


def test_every_choice_is_tried_once() -> None:
    study = shipped().select(project=CASES, source=["vilaseoane2024", "malena2021"])
    names = list(variants(study.resolved).names)
    assert names[:6] == [f"without {phase}" for phase in study.matrix.phases["phase"].unique()]
    assert names[6:] == [
        *("without source malena2021", "without source vilaseoane2024"),
        *("alleged rows counted", "rank all", "counted by origin", "actors whole", "boundary split", "boundary gap"),
    ]
    other = table_1().select(include_alleged=True, rank="all", boundary="gap", mode="time", counting="origin")
    assert list(variants(other.resolved).names[6:]) == [
        *("alleged rows left out", "rank best", "counted by actor", "actors whole"),
        *("boundary held", "boundary split", "without undated years"),
    ]


def test_one_choice_changes_and_the_projects_stay() -> None:
    resolved = table_of_thin()
    for name, frame in variants(resolved).measured(["coverage"]).items():
        assert tuple(frame["project"]) == resolved.listed == ("A",), name


@pytest.mark.parametrize("chosen", [{}, {"mode": "time"}, {"year": "end"}])
def test_readings_resolved_in_one_go_are_those_resolved_one_by_one(chosen: dict[str, Any]) -> None:
    """Sources left out, the other rank, alleged rows and whole actors: each as if it were a study of its own."""
    resolved = shipped().select(**chosen).resolved
    fixed, keys = resolved.under(projects=resolved.listed), [entry.key for entry in INDICATORS if entry.unit != "list"]
    sources = sorted(resolved.rows["source"].unique())
    changes: dict[str, dict[str, Any]] = {
        "rank all": {"rank": "all"},
        "alleged rows counted": {"include_alleged": True},
        "actors whole": {"actors": "whole"},
        "without source malena2021": {"sources": tuple(name for name in sources if name != "malena2021")},
    }
    found = variants(resolved).measured(keys)
    for name, change in changes.items():
        # What the evidence is graded by is not asked: an allegation that counts is read as a report.
        one, other = (
            frame[~frame["key"].str.startswith("evidence")].reset_index(drop=True)
            for frame in (found[name], measured(fixed.under(**change), keys=keys))
        )
        pd.testing.assert_frame_equal(one, other, check_exact=True)


def table_of_thin() -> Resolved:
    rows = ({"project": "A", "phase": phase, "source": phase} for phase in ("design", "implementation"))
    return Resolved(table_of(*rows, {"project": "B", "phase": "design"}), View())


def test_ranges_contain_the_value_and_name_the_choice() -> None:
    resolved = table_1().select(mode="time").resolved
    frame = robustness(resolved)
    defined = frame[frame["value"].notna()]
    assert (defined["low"] <= defined["value"]).all()
    assert (defined["value"] <= defined["high"]).all()
    assert frame["moved_by"].isin(["", *variants(resolved).names]).all()
    by_key = frame.set_index(["project", "key"])
    assert by_key.loc[("ECU 911", "composition.local"), "value"] == both("composition.local", mode="time")[0]


def test_what_is_less_known_is_not_moved() -> None:
    # Without t the local share is unknown, 0 to 1: nothing contradicts the 1/2 there was.
    rows = ({"phase": "design", "source": "s"}, {"phase": "operation", "actor": "Ministry", "source": "t"})
    frame = robustness(Resolved(table_of(*rows), View(projects=("P",), phases=("design", "operation"))))
    row = frame.set_index("key").loc["composition.local"]
    assert row[["value", "low", "moved_by"]].tolist()[:2] == [0.5, 0.0]
    assert "source" not in row["moved_by"]


def test_undated_years_left_out_leave_the_bounds_touching() -> None:
    # Operation of Table 1 has no year: without undated years 5/12 to 7/12, which holds the 7/12 there was.
    frame = robustness(table_1().select(project="ECU 911", mode="time").resolved).set_index("key")
    assert frame.loc["composition.local", "moved_by"] != "without undated years"
    assert frame.loc["composition.local", "low"] <= 5 / 12 + 1e-12


def test_leaving_a_phase_out_by_hand() -> None:
    table = table_of(
        {"phase": "initiation", "actor": "Ministry"},
        {"phase": "design"},
        {"phase": "implementation"},
        {"phase": "implementation", "actor": "Ministry"},
    )
    view = View(projects=("P",), phases=("initiation", "design", "implementation"))
    row = robustness(Resolved(table, view)).set_index("key").loc["composition.local"]
    assert row[["value", "low", "high", "moved_by"]].tolist() == [0.5, 0.25, 0.75, "without initiation"]


def test_a_number_moved_by_a_source_names_its_statements() -> None:
    table = table_of(
        {"phase": "design", "source": "s"},
        {"phase": "design", "actor": "Ministry", "source": "t"},
        {"phase": "design", "actor": "HP", "source": "u", "confidence": "alleged"},
    )
    frame = robustness(Resolved(table, View(projects=("P",), phases=("design",)))).set_index("key")
    chinese, western = frame.loc["composition.chinese"], frame.loc["composition.western"]
    # Without s nobody Chinese is left (1/2 away), without t everybody is (1/2 away): the first is named.
    assert chinese[["low", "high", "moved_by", "statements"]].tolist() == [0.0, 1.0, "without source s", [2]]
    assert western[["high", "moved_by"]].tolist() == [pytest.approx(1 / 3), "alleged rows counted"]
    assert western["statements"] == []


def test_without_another_choice_every_number_is_its_own_range() -> None:
    rows = ({"project": "B", "phase": "design"}, {"project": "A", "phase": "design"}, {"project": "A"})
    study = Resolved(table_of(*rows), View(min_phases=0))
    found = robustness_document(study, others=Variants((), {}, Apart.under(study, {})), draws=2)
    assert (found["choices"], found["draws"], list(found["projects"])) == ([], 2, ["B", "A"])
    entry = found["projects"]["B"]["composition.chinese"]
    assert [entry[name] for name in ("value", "low", "high")] == pytest.approx([1 / 6] * 3, abs=1e-12)
    assert (entry["moved_by"], entry["statements"]) == (None, [])
    study = Resolved(table_of(*rows, window=None), View(min_phases=0))
    frame = robustness(study, others=Variants((), {}, Apart.under(study, {})))
    assert frame["project"].drop_duplicates().tolist() == ["B", "A"]
    # Words and lists have no range, nor have those that are undefined: without a window the years of dependence.
    assert not frame["key"].str.endswith((".actor", ".state", ".phases", ".years")).any()


def test_a_frame_of_ranges() -> None:
    moved = {"value": 0.5, "low": 0.0, "high": 1.0, "moved_by": "without source s", "statements": [2, 4]}
    still = {"value": None, "low": None, "high": None, "moved_by": None, "statements": []}
    frame = robustness_frame({"projects": {"P": {"a": moved, "b": still}}})
    assert frame.loc[0].tolist() == ["P", "a", 0.5, 0.0, 1.0, "without source s", "2 4"]
    assert frame.loc[1, ["project", "key", "moved_by", "statements"]].tolist() == ["P", "b", "", ""]
    assert frame.loc[1, ["value", "low", "high"]].isna().all()


def test_the_document() -> None:
    study = shipped().select(project=CASES, source="vilaseoane2024")
    document = robustness_document(study.resolved, draws=20)
    entry = document["projects"]["JSeI"]["composition.chinese"]
    assert set(entry) == {"value", "low", "high", "moved_by", "statements"}
    assert document["rank_swaps"][0]["share"] is None
    assert document["seed"] == 1
    json.dumps(document, allow_nan=False)


def run(*arguments: str) -> Any:
    options = ("-p", "JSeI", "--source", "vilaseoane2024", *arguments)
    return CliRunner().invoke(group, ["robustness", *options])


def test_the_command() -> None:
    text = run("--seed", "3").stdout
    for expected in ("moved_by", "without design", "Exact mean and variance", "seed 3", "0.58333", "0.02877"):
        assert expected in text
    document = json.loads(run("-f", "json").stdout)
    assert {"method", "projects", "dirichlet", "rank_swaps", "choices"} <= set(document)
    assert run("-f", "csv").stdout.startswith("project,key,value,low,high,moved_by,statements\n")
