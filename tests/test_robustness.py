"""Robustness: random weights against their exact moments, choices one at a time, rank swaps, the command."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from strategies import table_of
from studies import CASES, both, shipped

from agency.cli import group
from agency.indicators.robustness import choices, random_weights, rank_swaps, robustness, robustness_document
from agency.resolve import Resolved
from agency.resolve.view import View


def test_exact_moments_by_hand() -> None:
    frame = random_weights(shipped().select(project=CASES).resolved, draws=10).set_index(["project", "key"])
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


def test_the_same_seed_gives_the_same_draws() -> None:
    matrix = shipped().select(project=CASES).matrix
    first, again, other = (random_weights(matrix, seed=seed, draws=50)["drawn_mean"] for seed in (1, 1, 2))
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
    same = rank_swaps(shipped().select(project=CASES).resolved, draws=10)
    assert same == [{"a": "ECU 911", "b": "JSeI", "share": None}]


def test_every_choice_is_tried_once() -> None:
    study = shipped().select(project=CASES, source="vilaseoane2024")
    names = list(choices(study.resolved))
    assert names[:6] == [f"without {phase}" for phase in study.matrix.phases["phase"].unique()]
    assert "only vilaseoane2024" in names
    assert names[-6:] == [
        *("alleged rows counted", "rank all", "support counted 0.5", "support counted 1"),
        *("boundary split", "boundary gap"),
    ]
    other = shipped().select(project=CASES, include_alleged=True, rank="all", boundary="gap")
    names = list(choices(other.resolved))
    assert {"alleged rows left out", "rank best", "boundary held", "boundary split"} <= set(names)


def test_ranges_contain_the_value_and_name_the_choice() -> None:
    study = shipped().select(project=CASES, mode="time")
    frame = robustness(study.resolved)
    defined = frame[frame["value"].notna()]
    assert (defined["low"] <= defined["value"]).all()
    assert (defined["value"] <= defined["high"]).all()
    still = frame["moved_by"] == ""
    assert (frame.loc[still & frame["value"].notna(), "low"] == frame.loc[still & frame["value"].notna(), "high"]).all()
    assert frame["moved_by"].isin(["", *choices(study.resolved)]).all()
    by_key = frame.set_index(["project", "key"])
    assert by_key.loc[("ECU 911", "composition.local"), "value"] == both("composition.local", mode="time")[0]


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


def test_support_counted_half_and_full() -> None:
    table = table_of(
        {"phase": "design"},
        {"phase": "design", "actor": "Ministry", "role": "support"},
    )
    row = robustness(table, View(projects=("P",), phases=("design",))).set_index("key").loc["composition.local"]
    assert row[["value", "low", "high", "moved_by"]].tolist() == [0.0, 0.0, 0.5, "support counted 1"]


def test_an_alleged_row_and_a_source_of_its_own() -> None:
    table = table_of(
        {"phase": "design", "source": "s"},
        {"phase": "design", "actor": "Ministry", "source": "t"},
        {"phase": "design", "actor": "HP", "source": "u", "confidence": "alleged"},
    )
    frame = robustness(table, View(projects=("P",), phases=("design",))).set_index("key")
    assert frame.loc["composition.chinese", ["low", "high", "moved_by"]].tolist() == [0.0, 1.0, "only s"]
    assert frame.loc["composition.western", ["high", "moved_by"]].tolist() == [
        pytest.approx(1 / 3),
        "alleged rows counted",
    ]


def test_the_document() -> None:
    study = shipped().select(project=CASES, source="vilaseoane2024")
    document = robustness_document(study.resolved, draws=20)
    entry = document["projects"]["JSeI"]["composition.chinese"]
    assert set(entry) == {"value", "low", "high", "moved_by"}
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
    assert run("-f", "csv").stdout.startswith("project,key,value,low,high,moved_by\n")
