"""Regularities and truth tables: Table 1 by hand, published QCA numbers, and the command."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from strategies import table_of
from studies import CASES, shipped, table_1

from agency.cli import group
from agency.comparison.regularities import (
    check_condition,
    crisp_cases,
    regularities,
    regularity_frame,
    sentences,
    truth_frame,
    truth_table,
)
from agency.errors import UsageError
from agency.resolve import Resolved
from agency.resolve.select import View
from agency.sheets.comparison import qca_csv


def test_the_pair_by_hand() -> None:
    found = regularities(table_1().resolved)
    assert {phase: entry["pattern"] for phase, entry in found.items()} == {
        "initiation": ["local"],
        "requirements": ["local"],
        "design": ["chinese"],
        "implementation": ["local", "chinese"],
        "operation": ["local"],
        "maintenance": ["chinese"],
    }
    assert {(entry["holds_in"], entry["known_in"]) for entry in found.values()} == {(2, 2)}


def test_the_pair_at_the_end() -> None:
    found = regularities(table_1().select(year="end").resolved)
    comparable = [entry for entry in found.values() if entry["known_in"] == 2]
    assert len(comparable) == 5
    assert all(entry["holds_in"] == 2 for entry in comparable)
    assert (found["maintenance"]["pattern"], found["maintenance"]["known_in"]) == (["gap"], 1)


def cases(*rows: dict[str, Any], **view: Any) -> dict[str, dict[str, Any]]:
    return regularities(Resolved(table_of(*rows), View(min_phases=0, **view)))


def test_projects_of_which_little_is_known_count_where_they_are_known() -> None:
    rows = [{"project": name, "phase": phase} for name in "AB" for phase in ("design", "operation")]
    resolved = Resolved(table_of(*rows, {"project": "Thin", "phase": "design", "actor": "Ministry"}), View())
    assert resolved.listed == ("A", "B")
    found = regularities(resolved)
    assert (found["design"]["known_in"], found["design"]["exceptions"]) == (3, ["Thin"])
    assert found["operation"]["known_in"] == 2
    assert found["design"]["consistency"]["chinese"] == {"held_in": 2, "known_in": 3, "value": 2 / 3}


def test_a_phase_beside_the_core_is_counted_when_asked_for() -> None:
    rows = [{"project": name, "phase": "financing"} for name in "AB"]
    assert "financing" not in cases(*rows)
    assert cases(*rows, phases=("financing",))["financing"]["holds_in"] == 2


def test_exceptions_are_named_and_consistency_counts_known_cases() -> None:
    found = cases(
        {"project": "A", "phase": "design"},
        {"project": "B", "phase": "design"},
        {"project": "C", "phase": "design", "actor": "Ministry"},
        {"project": "D", "phase": "design", "status": "vacant"},
        {"project": "E", "phase": "design", "actor": "Somebody", "origin": "unknown"},
        {"project": "F", "phase": "design"},
        {"project": "F", "phase": "design", "actor": "Somebody", "origin": "unknown"},
        {"project": "G", "phase": "initiation"},
    )["design"]
    assert (found["pattern"], found["holds_in"], found["known_in"]) == (["chinese"], 2, 4)
    assert found["exceptions"] == ["C", "D"]
    # F has a Chinese holder beside one of unknown origin: known for chinese, not for local.
    assert found["consistency"]["chinese"] == {"held_in": 3, "known_in": 5, "value": 0.6}
    assert found["consistency"]["local"] == {"held_in": 1, "known_in": 4, "value": 0.25}


def test_of_patterns_as_frequent_the_first_of_the_codebook_is_named() -> None:
    found = cases(
        {"project": "A", "phase": "design", "status": "vacant"},
        {"project": "B", "phase": "design", "actor": "HP"},
        {"project": "C", "phase": "design"},
        {"project": "C", "phase": "operation", "status": "vacant"},
    )
    assert (found["design"]["pattern"], found["design"]["exceptions"]) == (["chinese"], ["A", "B"])
    assert (found["operation"]["pattern"], found["operation"]["exceptions"]) == (["gap"], [])
    assert (found["initiation"]["pattern"], found["initiation"]["holds_in"]) == (None, 0)


def test_the_frame_has_a_row_for_each_phase() -> None:
    found = cases(
        {"project": "A", "phase": "design"},
        {"project": "A", "phase": "design", "actor": "Ministry"},
        {"project": "B", "phase": "design"},
        {"project": "B", "phase": "design", "actor": "Ministry"},
        {"project": "C", "phase": "design", "actor": "HP"},
        {"project": "D", "phase": "design", "actor": "NEC"},
        phases=("design", "operation"),
    )
    frame = regularity_frame(found).set_index("phase")
    assert frame.columns[:5].tolist() == ["pattern", "holds_in", "known_in", "of", "exceptions"]
    assert frame.loc["design"].tolist()[:5] == ["local + chinese", 2, 4, 4, "C; D"]
    assert frame.loc["design", ["held_in.chinese", "known_in.chinese", "share.chinese"]].tolist() == [2, 4, 0.5]
    assert frame.loc["operation"].tolist()[:5] == ["", 0, 0, 4, ""]
    assert math.isnan(frame.loc["operation", "share.local"])


def test_sentences() -> None:
    found = cases(
        {"project": "A", "phase": "design"},
        {"project": "B", "phase": "design", "actor": "Ministry"},
        {"project": "C", "phase": "design"},
        {"project": "A", "phase": "implementation"},
        {"project": "A", "phase": "implementation", "actor": "Ministry"},
        {"project": "A", "status": "vacant"},
        {"project": "A", "phase": "requirements"},
    )
    said = sentences(found, labels={"chinese": "Chinese"})
    assert said == [
        "In none of the 3 projects is it known who held initiation.",
        "In 1 of 1 project where this is known (of 3 in all) requirements were held by Chinese actors only.",
        "In 2 of 3 projects design was held by Chinese actors only; not in B.",
        "In 1 of 1 project where this is known (of 3 in all) implementation was held by local and Chinese actors "
        "together.",
        "In none of the 3 projects is it known who held operation.",
        "In 1 of 1 project where this is known (of 3 in all) maintenance was held by nobody (a gap).",
    ]
    assert not any(word in " ".join(said) for word in ("causes", "controls"))


@pytest.mark.parametrize("number, end", [(10, "N8 and N9."), (11, "N9 and 1 more."), (12, "N9 and 2 more.")])
def test_ten_exceptions_are_named(number: int, end: str) -> None:
    counts = {"holds_in": 20, "known_in": 32, "of": 32}
    entry = {"pattern": ["local"], **counts, "exceptions": [f"N{at}" for at in range(number)]}
    assert sentences({"design": entry}, labels={})[0].endswith(end)


# Published: Lipset's crisp data (550/50/75/30, fewer than ten cabinets) as configurations of DEV URB LIT IND STB.
# Four of the nine rows are published with cases and inclusion; the margins of the necessity table fix the others.
CONDITIONS = ("DEV", "URB", "LIT", "IND", "STB")
LIPSET = {
    "00000": (3, 0),
    "00001": (2, 0),
    "00100": (2, 0),
    "00101": (1, 0),
    "10101": (2, 1),
    "10110": (1, 0),
    "10111": (2, 1),
    "11110": (1, 0),
    "11111": (4, 1),
}


def lipset() -> dict[str, dict[str, bool | None]]:
    found: dict[str, dict[str, bool | None]] = {}
    for configuration, (number, survival) in LIPSET.items():
        for at in range(number):
            members = {name: bit == "1" for name, bit in zip(CONDITIONS, configuration, strict=True)}
            found[f"{configuration}-{at}"] = {**members, "SURV": bool(survival)}
    return found


@pytest.mark.parametrize(
    "condition, consistency, coverage, ron",
    [
        ("DEV", 1, Fraction(4, 5), Fraction(4, 5)),
        ("URB", Fraction(1, 2), Fraction(4, 5), Fraction(13, 14)),
        ("LIT", 1, Fraction(8, 13), Fraction(1, 2)),
        ("IND", Fraction(3, 4), Fraction(3, 4), Fraction(5, 6)),
        ("STB", 1, Fraction(8, 11), Fraction(7, 10)),
    ],
)
def test_published_necessity(condition: str, consistency: Any, coverage: Any, ron: Any) -> None:
    found = truth_table(lipset(), CONDITIONS, "SURV")["necessity"][condition]
    assert [found[name] for name in ("consistency", "coverage", "ron")] == [
        pytest.approx(float(value), rel=0, abs=1e-12) for value in (consistency, coverage, ron)
    ]


def test_published_truth_table() -> None:
    rows = truth_table(lipset(), CONDITIONS, "SURV")["rows"]
    found = {"".join(str(bit) for bit in row["configuration"].values()): (row["n"], row["inclusion"]) for row in rows}
    assert len(rows) == 9
    assert {key: found[key] for key in ("00000", "10101", "10110", "11111")} == {
        "00000": (3, 0.0),
        "10101": (2, 1.0),
        "10110": (1, 0.0),
        "11111": (4, 1.0),
    }
    assert not any(row["contradiction"] for row in rows)


def test_published_contradictions() -> None:
    # Cut at 600, four conditions: the rows with their cases.
    published = {
        "0000": ("ES GR IT PT RO", ""),
        "0010": ("EE FI HU PL", "FI"),
        "0111": ("CZ", "CZ"),
        "1010": ("IE", "IE"),
        "1011": ("AU FR SE", "FR SE"),
    }
    names = CONDITIONS[:4]
    data: dict[str, dict[str, bool | None]] = {
        case: {**{name: bit == "1" for name, bit in zip(names, key, strict=True)}, "SURV": case in survivors.split()}
        for key, (members, survivors) in published.items()
        for case in members.split()
    }
    rows = truth_table(data, names, "SURV")["rows"]
    assert [(row["inclusion"], row["contradiction"]) for row in rows] == [
        (0.0, False),
        (0.25, True),
        (1.0, False),
        (1.0, False),
        (2 / 3, True),
    ]
    assert rows[1]["cases"] == ["EE", "FI", "HU", "PL"]


def test_the_frame_of_a_truth_table_has_a_row_for_each_configuration() -> None:
    members = {"a": (True, True, True), "b": (True, True, False), "c": (False, True, False), "d": (True, None, True)}
    data = {name: dict(zip(("X", "Z", "Y"), values, strict=True)) for name, values in members.items()}
    table = truth_table(data, ("X", "Z"), "Y")
    assert truth_frame(table).to_dict("split")["data"] == [[0, 1, 1, 0.0, False, "c"], [1, 1, 2, 0.5, True, "a; b"]]
    # Of three cases Z has all, X two and Y one: Y lies within both; nobody is outside Z.
    assert table["necessity"] == {
        "X": {"consistency": 1.0, "coverage": 0.5, "ron": 0.5},
        "Z": {"consistency": 1.0, "coverage": 1 / 3, "ron": 0.0},
    }
    nothing = truth_table({"d": data["d"]}, ("X", "Z"), "Y")
    assert nothing["necessity"]["X"] == {"consistency": None, "coverage": None, "ron": None}
    assert truth_frame(nothing).columns.tolist() == ["X", "Z", "n", "inclusion", "contradiction", "cases"]
    assert truth_frame(nothing).empty


def test_crisp_cases_know_what_is_known() -> None:
    resolved = Resolved(
        table_of(
            {"project": "A", "phase": "design"},
            {"project": "B", "phase": "design", "status": "vacant"},
            {"project": "C", "phase": "design", "status": "not_applicable"},
            {"project": "D", "phase": "design", "actor": "Somebody", "origin": "unknown"},
            {"project": "E", "phase": "initiation"},
            {"project": "F", "phase": "design"},
            {"project": "F", "phase": "design", "actor": "Somebody", "origin": "unknown"},
        ),
        View(min_phases=0),
    )
    found = crisp_cases(resolved, ["design:chinese", "design:local"])
    assert [found[name]["design:chinese"] for name in "ABCDEF"] == [True, False, False, None, None, True]
    assert found["F"]["design:local"] is None
    table = truth_table(found, ["design:chinese"], "design:local")
    assert table["left_out"] == ["D", "E", "F"]


@pytest.mark.parametrize(
    "text, message",
    [
        ("design", "PHASE:ORIGIN"),
        ("desing:chinese", "Did you mean 'design'"),
        ("design:chines", "Did you mean 'chinese'"),
        ("design:unknown", "no origin"),
    ],
)
def test_conditions_are_checked(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        check_condition(text, shipped().data.codebook)


def test_a_condition_out_of_view_is_refused() -> None:
    resolved = shipped().select(project=CASES, phase="design").resolved
    with pytest.raises(UsageError, match="not in view"):
        crisp_cases(resolved, ["operation:local"])


def test_qca_file() -> None:
    found = {"=A, B": {"x:y": True, "z:y": False}, "C": {"x:y": None, "z:y": True}}
    assert qca_csv(found, ["x:y"], "z:y") == 'CASE,X_Y,Z_Y\n"\'=A, B",1,0\n'


def run(*arguments: str) -> Any:
    return CliRunner().invoke(group, ["regularities", "-p", "ECU 911", "-p", "JSeI", *arguments])


def test_the_command_prints_sentences_and_a_table() -> None:
    text = run().stdout
    assert "In 2 of 2 projects initiation was held by local actors only." in text
    assert "local + chinese" in run("-f", "html").stdout
    document = json.loads(run("-f", "json").stdout)
    assert document["phases"]["design"]["consistency"]["chinese"] == {"held_in": 2, "known_in": 2, "value": 1.0}
    assert "truth_table" not in document
    assert run("-f", "csv").stdout.splitlines()[1].startswith("initiation,local,2,2,2,")


def test_the_command_prints_a_truth_table_and_writes_for_qca(tmp_path: Path) -> None:
    target = tmp_path / "qca.csv"
    arguments = (
        "--conditions",
        "design:chinese",
        "--conditions",
        "operation:local",
        "--outcome",
        "maintenance:chinese",
    )
    text = run(*arguments, "--qca", str(target)).stdout
    assert "Truth table for maintenance:chinese" in text
    assert "ECU 911, JSeI" in run(*arguments, "-f", "html").stdout
    header = "CASE,DESIGN_CHINESE,OPERATION_LOCAL,MAINTENANCE_CHINESE"
    assert target.read_text("utf-8") == f"{header}\nECU 911,1,1,1\nJSeI,1,1,1\n"
    document = json.loads(run(*arguments, "-f", "json").stdout)
    assert document["truth_table"]["rows"][0]["n"] == 2
    assert run(*arguments, "-f", "csv").stdout.startswith("design:chinese,operation:local,n,")


@pytest.mark.parametrize(
    "arguments", [("--conditions", "design:chinese"), ("--outcome", "design:chinese"), ("--qca", "x.csv")]
)
def test_half_a_truth_table_is_refused(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2
