"""Coders compared: what counts as coded, alpha on sets, presence, disagreements, the adjudication sheet, sources."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from agency.agreement.alpha import bootstrap_interval, krippendorff_alpha
from agency.agreement.codings import coders, codings
from agency.agreement.disagreements import DRAWS, SEED, UNITS_FOR_INTERVAL, agreement, agreement_document
from agency.comparison.distances import masi
from agency.comparison.sources import compare_sources, sources_document
from agency.errors import DataError, UsageError
from agency.formats.workbook import render_workbook
from agency.resolve import Resolved
from agency.resolve.view import View
from agency.sheets.agreement import adjudication_sheet, agreement_sheets
from agency.study import load
from agency.table.load import table_from_records

Record = dict[str, Any]


def row(coder: str, actor: str = "X", origin: str = "chinese", **more: Any) -> Record:
    status = more.pop("status", "held")
    named = status not in ("vacant", "negotiating", "not_applicable")
    return {
        "project": "P",
        "phase": "design",
        "actor": actor if named else "",
        "origin": origin if named else "",
        "status": status,
        "source": "s",
        "coder": coder,
        "note": "why",
        **more,
    }


def compared(*records: Record) -> Any:
    return agreement(table_from_records(list(records)))


@pytest.mark.parametrize(
    "records, origins",
    [
        ([row("A")], {"chinese"}),
        ([row("A"), row("A", "Y", "local")], {"chinese", "local"}),
        ([row("A"), row("A", status="vacant")], {"chinese"}),
        ([row("A", status="vacant")], set()),
        ([row("A", status="negotiating"), row("A", status="proposed")], set()),
        ([row("A"), row("A", "Y", "local", role="support")], {"chinese"}),
        ([row("A"), row("A", "Y", "local", status="proposed")], {"chinese"}),
        ([row("A"), row("A", "Y", "local", rank="deprecated")], {"chinese"}),
        ([row("A"), row("A", "Y", "local", confidence="alleged")], {"chinese", "local"}),
        ([row("A"), row("A", "Y", "unknown")], {"chinese", "unknown"}),
        ([row("A", status="proposed")], None),
        ([row("A", role="support")], None),
        ([row("A", status="not_applicable")], None),
        ([row("", "Y", "local")], None),
    ],
)
def test_what_counts_as_coded(records: list[Record], origins: set[str] | None) -> None:
    found = codings(table_from_records([*records, row("A", phase="operation")]))
    assert (origins is None) == (("P", "design") not in found)
    if origins is not None:
        assert found["P", "design"]["A"].origins == origins


def test_blank_against_blank_is_not_a_unit() -> None:
    found = compared(row("A"), row("B"), row("A", "Y", phase="operation"), row("B", "Z", phase="operation"))
    assert found.reliability["origins", None].units == 2
    presence = {entry.phase: entry for entry in found.presence}
    assert (presence[None].both, presence[None].only_a, presence[None].only_b) == (2, 0, 0)
    assert set(presence) == {None, "design", "operation"}


def test_nobody_is_a_code() -> None:
    same = compared(row("A", status="vacant"), row("B", status="negotiating"), *twice("operation", "X"))
    assert same.reliability["origins", None].alphas["nominal"].value == 1
    other = compared(row("A", status="vacant"), row("B"), *twice("operation", "X"))
    assert other.reliability["origins", None].alphas["nominal"].observed > 0


def twice(phase: str, actor: str, origin: str = "chinese") -> list[Record]:
    return [row(coder, actor, origin, phase=phase) for coder in "AB"]


def test_presence_counts() -> None:
    records = [
        row("A"),
        row("B"),
        row("A", phase="operation"),
        row("B", phase="maintenance"),
        row("B", phase="initiation"),
    ]
    overall = compared(*records).presence[0]
    assert (overall.both, overall.only_a, overall.only_b, overall.jaccard) == (1, 1, 2, 0.25)


def test_same_origins_but_other_actors() -> None:
    found = compared(row("A", "X"), row("B", "Y"), *twice("operation", "Z", "local"))
    assert found.reliability["origins", None].alphas["masi"].value == 1
    assert found.reliability["actors", None].alphas["masi"].value < 1
    assert [entry.differ for entry in found.disagreements] == [("actors",)]


@pytest.mark.parametrize(
    "records, why",
    [
        ([row("A"), row("B")], "no variation: all values are the same"),
        ([row("A"), row("B", phase="operation")], "no unit was coded by two coders"),
        ([row("A"), row("A", phase="operation", origin="local")], "no unit was coded by two coders"),
    ],
)
def test_undefined_is_said_everywhere(records: list[Record], why: str) -> None:
    found = compared(*records)
    document = agreement_document(found)
    assert document["undefined_because"] == why
    assert document["alpha"] == {"masi": None, "jaccard": None, "nominal": None}
    assert document["interval"] == {"masi": None, "jaccard": None, "nominal": None}
    assert f"undefined: {why}" in agreement_sheets(found)[0].rows[0][1].text


def test_no_coder_is_an_error() -> None:
    with pytest.raises(DataError, match="no row names a coder"):
        agreement(table_from_records([row("")]))


def test_three_coders_are_compared_pair_by_pair_and_together() -> None:
    found = compared(row("A"), row("B", "Y", "local"), row("C"), row("C", phase="operation"))
    assert found.coders == ("A", "B", "C")
    assert [entry.coders for entry in found.presence if entry.phase is None] == [("A", "B"), ("A", "C"), ("B", "C")]
    assert found.reliability["origins", None].pairable_values == 3
    assert [entry.differ for entry in found.coded_by_one] == [("presence",)]


def many_units(number: int) -> list[Record]:
    return [
        row(coder, "X", "local" if unit % 3 == 0 or (coder == "B" and unit == 1) else "chinese", project=f"P{unit}")
        for unit in range(number)
        for coder in "AB"
    ]


@pytest.mark.parametrize("units", [UNITS_FOR_INTERVAL - 1, UNITS_FOR_INTERVAL])
def test_an_interval_only_from_20_units(units: int) -> None:
    interval = compared(*many_units(units)).reliability["origins", None].intervals["masi"]
    assert (interval is not None) == (units >= 20)
    if interval:
        values = [
            tuple(c.origins for c in unit.values()) for unit in codings(table_from_records(many_units(units))).values()
        ]
        assert interval == bootstrap_interval(values, masi, draws=DRAWS, seed=SEED)


def test_method_names_draws_and_seed() -> None:
    method = agreement_document(compared(row("A"), row("B")))["method"]
    assert (method["draws"], method["seed"], method["unit"]) == (2000, SEED, "project and phase")


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("AB"), st.sampled_from(["design", "operation", "initiation"])),
        st.frozensets(st.sampled_from(["local", "chinese", "western"]), max_size=2),
        min_size=1,
    )
)
@settings(max_examples=25, deadline=None)
def test_alpha_is_that_of_the_sets(values: dict[tuple[str, str], frozenset[str]]) -> None:
    records = []
    for (coder, phase), origins in values.items():
        records += [row(coder, origin, origin, phase=phase) for origin in sorted(origins)]
        records += [] if origins else [row(coder, status="vacant", phase=phase)]
    units: dict[str, list[frozenset[str]]] = {}
    for (_, phase), origins in sorted(values.items()):
        units.setdefault(phase, []).append(origins)
    table = table_from_records(records)
    found = agreement(table).reliability["origins", None].alphas["masi"]
    assert found == krippendorff_alpha(units.values(), masi)
    assert coders(table) == tuple(sorted({coder for coder, _ in values}))


# --- The shipped double coding -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped() -> Any:
    return agreement(load(Path(load().data.folder) / "double_coding.csv").data)


def test_shipped_double_coding(shipped: Any) -> None:
    document = agreement_document(shipped)
    json.dumps(document, allow_nan=False)
    assert document["undefined_because"] is None
    assert set(document["alpha"]) == {"masi", "jaccard", "nominal"}
    assert document["pairable_values"] == 2 * document["units"] >= 40
    low, high = document["interval"]["masi"]
    assert low < document["alpha"]["masi"] < high
    overall = document["presence"][0]
    assert overall["both"] == document["units"] == document["origins"]["overall"]["units"]
    assert sum(entry["units"] for entry in document["origins"]["phases"].values()) == document["units"]
    assert len(document["coded_by_one"]) == overall["only_a"] + overall["only_b"]


def test_every_disagreement_has_both_passages(shipped: Any) -> None:
    entries = agreement_document(shipped)["disagreements"]
    assert entries
    for entry in entries:
        assert set(entry["codings"]) == {"A", "B"}
        assert all(coding["passages"] for coding in entry["codings"].values())
        assert {on for on, distance in entry["distance"].items() if distance > 0} == set(entry["differ"])


def test_the_sheet_has_a_line_for_every_disagreement_and_room_to_decide(shipped: Any) -> None:
    sheet = adjudication_sheet(shipped)
    assert len(sheet.rows) == len(shipped.disagreements) + len(shipped.coded_by_one)
    decisions = [place for place, name in enumerate(sheet.columns) if name.startswith("decision")]
    assert len(decisions) == 7
    assert all(entry[place].text == "" for entry in sheet.rows for place in decisions)
    assert all(len(entry) == len(sheet.columns) for entry in sheet.rows)


# --- The workbook --------------------------------------------------------------------------------------------------


def test_workbook_runs_no_formula_and_keeps_its_bytes() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    found = compared(row("A", "=1+1"), row("B", "Y", quote="+2"))
    data = render_workbook([adjudication_sheet(found)])
    assert data == render_workbook([adjudication_sheet(found)])
    page = openpyxl.load_workbook(io.BytesIO(data)).active
    cells = [cell for line in page.iter_rows() for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert "=1+1" in {cell.value for cell in cells}


# --- The commands --------------------------------------------------------------------------------------------------


def run_agreement(*args: str) -> Any:
    from agency.cli import group

    return CliRunner().invoke(group, ["agreement", *args])


@pytest.fixture
def coded(tmp_path: Path) -> Path:
    path = tmp_path / "coded.csv"
    columns = ["project", "phase", "actor", "origin", "source", "status", "quote", "coder"]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(
            [
                row("A", "=X", quote="a <b> & c"),
                row("B", "Y", "local", quote="passage of B"),
                *twice("operation", "Z"),
                row("B", phase="initiation"),
            ]
        )
    return path


@pytest.mark.parametrize("format", ["text", "csv", "html", "json", "markdown"])
def test_agreement_formats(coded: Path, format: str) -> None:
    result = run_agreement(str(coded), "-f", format)
    assert result.exit_code == 0, result.output
    assert "passage of B" in result.stdout
    assert "<b>" not in result.stdout.replace("a <b> & c", "" if format != "html" else "a <b> & c")
    if format == "json":
        document = json.loads(result.stdout)
        assert document["units"] == 2
        assert [entry["phase"] for entry in document["coded_by_one"]] == ["initiation"]
    if format == "csv":
        lines = list(csv.DictReader(io.StringIO(result.stdout)))
        assert [line["phase"] for line in lines] == ["design", "initiation"]
        assert lines[0]["A: actors"] == "'=X"


@pytest.mark.parametrize("name", ["sheet.csv", "sheet.xlsx"])
def test_adjudication_sheet_is_written(coded: Path, name: str) -> None:
    place = coded.parent / name
    assert run_agreement(str(coded), "--sheet", str(place)).exit_code == 0
    first = place.read_bytes()
    assert run_agreement(str(coded), "--sheet", str(place)).exit_code == 0
    assert place.read_bytes() == first


def test_another_kind_of_sheet_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    result = run_agreement(str(tmp_path / "missing.csv"), "--sheet", "sheet.docx")
    assert isinstance(result.exception, UsageError)
    assert "csv" in str(result.exception)


def test_the_default_is_the_shipped_double_coding() -> None:
    result = run_agreement("-f", "json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["method"]["coders"] == ["A", "B"]


# --- Sources side by side ------------------------------------------------------------------------------------------


def said(source: str, origin: str, phase: str = "design", **more: Any) -> Record:
    return {"project": "P", "phase": phase, "actor": f"{origin} one", "origin": origin, "source": source, **more}


FOUR_CELLS = [
    said("a", "local"),
    said("b", "chinese"),
    said("a", "chinese", "implementation"),
    said("b", "chinese", "implementation"),
    said("b", "local", "implementation", confidence="documented"),
    said("a", "local", "operation"),
    said("b", "local", "operation", confidence="alleged"),
    said("a", "local", "initiation", rank="preferred", note="why"),
    said("a", "chinese", "initiation"),
]


def test_cells_by_source() -> None:
    found = compare_sources(table_from_records(FOUR_CELLS), View())
    cells = found.cells.set_index("phase")
    assert found.sources == ("a", "b")
    assert cells["agreement"].to_dict() == {
        "design": "contested",
        "implementation": "complementary",
        "operation": "",
        "initiation": "",
    }
    assert cells.loc["initiation", ["a", "b"]].tolist() == ["local one and chinese one", ""]
    assert cells.loc["operation", "b"] == "(alleged: local one)"


def test_composition_by_source_and_level_is_that_of_a_table_without_the_others() -> None:
    table = table_from_records(FOUR_CELLS)
    found = sources_document(Resolved(table, View()), compare_sources(Resolved(table, View())))["composition"]
    assert found["source"]["P"]["b"]["chinese"] == pytest.approx((1 + 0.5) / 6)
    assert found["source"]["P"]["a"]["local"] == pytest.approx(3 / 6)
    assert found["level"]["P"]["alleged"]["local"] == pytest.approx(1 / 6)
    assert found["level"]["P"]["documented"]["unknown"] == pytest.approx(5 / 6)
    for parts in (*found["source"]["P"].values(), *found["level"]["P"].values()):
        assert sum(parts.values()) == pytest.approx(1, abs=1e-12)


def run_sources(*args: str) -> Any:
    from agency.cli import group

    return CliRunner().invoke(group, ["sources", *args])


@pytest.mark.parametrize("format", ["text", "csv", "html", "json", "markdown"])
def test_sources_formats(format: str) -> None:
    result = run_sources("-p", "ECU 911", "-f", format)
    assert result.exit_code == 0, result.output
    assert "CEIEC" in result.stdout
    if format == "json":
        document = json.loads(result.stdout)
        assert {"project", "phase", "agreement", "sources", "pairs"} <= set(document["cells"][0])
        assert all(
            len(cell["pairs"]) == n * (n - 1) // 2 or n == 1
            for cell in document["cells"]
            for n in [len({*(p["a"] for p in cell["pairs"]), *(p["b"] for p in cell["pairs"])}) or 1]
        )


def test_only_one_source() -> None:
    result = run_sources("-p", "JSeI", "--phase", "design", "--source", "vilaseoane2024")
    assert result.exit_code == 0, result.output
    assert "single source" in result.stdout
