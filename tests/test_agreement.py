"""Coders compared: what counts as coded, alpha on sets, presence, disagreements, the adjudication sheet, sources."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import examples

from agency.agreement.alpha import bootstrap_interval, krippendorff_alpha
from agency.agreement.codings import DECISION, Decisions, codings, read_decisions, refuse_lost
from agency.agreement.disagreements import DRAWS, SEED, UNITS_FOR_INTERVAL, agreement, agreement_document
from agency.comparison.compare import masi
from agency.comparison.sources import compare_sources, sources_document
from agency.errors import DataError, UsageError
from agency.formats.render import render_sheet, render_sheets
from agency.resolve import Resolved
from agency.resolve.select import View
from agency.sheets.agreement import adjudication_sheet, agreement_sheets, overall_reading
from agency.sheets.sources import source_sheets
from agency.study import load
from agency.table.check import table_from_records

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


def view_of(*records: Record, **view: Any) -> Resolved:
    return Resolved(table_from_records(list(records)), View(**view))


def compared(*records: Record, **view: Any) -> Any:
    return agreement(view_of(*records, **view))


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
    found = codings(view_of(*records, row("A", phase="operation"))).units
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
        compared(row(""))


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
            tuple(c.origins for c in unit.values()) for unit in codings(view_of(*many_units(units))).units.values()
        ]
        assert interval == bootstrap_interval(values, masi, draws=DRAWS, seed=SEED)


def test_an_interval_that_was_asked_for_makes_no_other_reliability(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agency.agreement.disagreements.DRAWS", 10)
    one, other = (compared(*many_units(UNITS_FOR_INTERVAL)).reliability["origins", None] for _ in range(2))
    before = repr(one)
    assert one.interval("masi") is not None
    assert (one, repr(one)) == (other, before)


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
@settings(max_examples=examples(12), deadline=None)
def test_alpha_is_that_of_the_sets(values: dict[tuple[str, str], frozenset[str]]) -> None:
    records = []
    for (coder, phase), origins in values.items():
        records += [row(coder, origin, origin, phase=phase) for origin in sorted(origins)]
        records += [] if origins else [row(coder, status="vacant", phase=phase)]
    units: dict[str, list[frozenset[str]]] = {}
    for (_, phase), origins in sorted(values.items()):
        units.setdefault(phase, []).append(origins)
    found = compared(*records)
    assert found.reliability["origins", None].alphas["masi"] == krippendorff_alpha(units.values(), masi)
    assert found.coders == tuple(sorted({coder for coder, _ in values}))


# --- Who is who ----------------------------------------------------------------------------------------------------


def test_unnamed_actors_are_others_in_every_project() -> None:
    firms = {"actor": "Local firms", "origin": "local", "unnamed": True}
    records = [row(coder, project=name, **firms) for name in "PQ" for coder in "AB"]
    records += [row("A", "X", project="R"), row("B", "Y", project="R")]
    found = compared(*records).reliability
    # n = 6 values: two groups twice each, X, Y. Do = 2/6; De = (30 - 2 - 2) / 30 = 13/15; alpha = 1 - 5/13.
    assert found["actors", None].alphas["nominal"].value == Fraction(8, 13)
    # as one name they would be alike in 4 of 6: De = (30 - 12) / 30 = 3/5, alpha 4/9
    named = [{**record, "unnamed": False} for record in records]
    assert compared(*named).reliability["actors", None].alphas["nominal"].value == Fraction(4, 9)


def test_spellings_of_one_coder_are_joined_and_said() -> None:
    found = compared(row("Ana Ruiz"), row("Ana Ruiz", phase="operation"), row(" ana  ruiz "), row("B"))
    assert found.coders == ("Ana Ruiz", "B")
    assert [notice for notice in found.codings.notices if "taken as one coder, Ana Ruiz" in notice]
    assert found.reliability["origins", None].units == 1


def test_labels_of_adjudication_and_empty_cells_are_no_coders_and_are_counted() -> None:
    found = compared(row("A"), row("B"), row("adjudicated: A+B"), row("Adjudicated: added"), row(""))
    assert found.coders == ("A", "B")
    assert agreement_document(found)["notices"] == [
        "1 of 5 rows names no coder and is left out.",
        "2 of 5 rows say how they were decided (adjudicated: …), which names no coder, and are left out.",
    ]
    printed = str(render_sheets(agreement_sheets(found), "text"))
    assert "1 of 5 rows names no coder" in printed


def test_a_table_of_decided_rows_is_no_coding() -> None:
    with pytest.raises(DataError, match="2 say how they were decided"):
        compared(row("adjudicated: A"), row("adjudicated: B"))


def test_the_selection_holds() -> None:
    records = [*many_units(4), row("A", phase="operation"), row("B", phase="operation")]
    assert compared(*records).reliability["origins", None].units == 5
    assert compared(*records, projects=("P1", "P2")).reliability["origins", None].units == 2
    assert compared(*records, phases=("operation",)).reliability["origins", None].units == 1
    with pytest.raises(DataError, match="no row names a coder"):
        compared(*records, sources=("t",))


def test_a_folder_is_judged_by_its_double_coding(tmp_path: Path) -> None:
    folder = Path(load().data.folder)
    by_folder = load(folder).agreement()
    assert by_folder.document["method"]["table"] == "double_coding.csv"
    assert by_folder.document["alpha"] == load(folder / "double_coding.csv").agreement().document["alpha"]
    assert load(folder).select(project="JSeI").agreement().document["units"] < by_folder.document["units"]
    assert by_folder.frame is not None
    overall = by_folder.frame.query("on == 'origins' and phase == '' and distance == 'masi'")
    assert overall["alpha"].tolist() == [by_folder.document["alpha"]["masi"]]


def test_a_selection_that_nobody_coded_is_said(tmp_path: Path) -> None:
    for name, projects in (("actors_by_phase.csv", "PQ"), ("double_coding.csv", "P")):
        lines = [f"{project},design,X,chinese,s,A" for project in projects]
        text = "\n".join(["project,phase,actor,origin,source,coder", *lines])
        (tmp_path / name).write_text(f"{text}\n", encoding="utf-8")
    study = load(tmp_path)
    assert agreement(study.resolved).coders == ("A",)
    with pytest.raises(UsageError, match=r"double_coding.csv: none of the selected projects is coded there \(Q\)"):
        agreement(study.select(project="Q").resolved)


# --- The reading ---------------------------------------------------------------------------------------------------


def test_the_reading_names_the_phases_below_the_lines() -> None:
    origins = ["local", "chinese", "western"]
    records = [
        row(coder, origin, origin, project=f"P{number}", phase="operation")
        for number, origin in enumerate(origins * 4)
        for coder in "AB"
    ]
    for number, (one, other) in enumerate([("local", "local"), ("chinese", "chinese"), ("local", "chinese")]):
        records += [row("A", one, one, project=f"P{number}"), row("B", other, other, project=f"P{number}")]
    # the three cells of design are the worked example of alpha, 4/9
    said = overall_reading(compared(*records), "origins")
    assert said == "reliable overall; not in “Designed by” 0.44 (3 cells)"


def test_a_value_below_a_line_is_not_rounded_up_to_it() -> None:
    """Twenty units, 7 local, 11 chinese, 2 differ: Do = 2/20, De = 2 x 16 x 24 / (40 x 39), alpha = 0.796875."""
    agreeing = [("local", "local")] * 7 + [("chinese", "chinese")] * 11
    both = {"design": [*agreeing, ("local", "chinese"), ("local", "chinese")], "operation": agreeing}
    found = compared(
        *(
            row(coder, origin, origin, project=f"P{number}", phase=phase)
            for phase, pairs in both.items()
            for number, pair in enumerate(pairs)
            for coder, origin in zip("AB", pair, strict=True)
        )
    )
    assert found.reliability["origins", "design"].alphas["nominal"].value == Fraction(51, 64)
    assert overall_reading(found, "origins") == "reliable overall; tentative only in “Designed by” 0.797 (20 cells)"


def test_phases_that_are_not_core_stand_apart() -> None:
    records = [row("A", phase="financing"), row("B", "Y", "local", phase="financing"), *twice("operation", "X")]
    found = compared(*records, row("A", "Y", "local"), row("B", "Y", "local"))
    assert found.reliability["origins", None].alphas["masi"].value == 1
    assert found.reliability["origins", "financing"].units == 1
    assert [line[0].text for line in agreement_sheets(found)[0].rows][-1] == "apart: Financed by"


def test_alpha_by_column() -> None:
    found = compared(
        row("A", start=2011),
        row("B", start=2012),
        row("A", phase="operation", status="vacant"),
        row("B", phase="operation"),
        *twice("maintenance", "X"),
    )
    columns = agreement_document(found)["columns"]
    assert columns["actors"]["alpha"]["nominal"] < 1
    assert columns["status"]["alpha"]["nominal"] < 1
    # years: {2011}, {2012}, then none four times: Do = 2/6, De = (30 - 12) / 30 = 3/5
    assert columns["years"]["alpha"]["nominal"] == pytest.approx(4 / 9, abs=1e-12)
    assert columns["confidence"]["undefined_because"] == "no variation: all values are the same"


# --- The shipped double coding -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped() -> Any:
    return agreement(load(Path(load().data.folder) / "double_coding.csv").resolved)


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
    apart = [entry for entry in document["presence"] if entry["phase"] in (None, "financing")]
    assert len(document["coded_by_one"]) == sum(entry["only_a"] + entry["only_b"] for entry in apart)
    assert list(document["origins"]["apart"]) == ["financing"]


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
    openpyxl = import_module("openpyxl")
    found = compared(row("A", "=1+1"), row("B", "Y", quote="+2"))
    data = render_sheet(adjudication_sheet(found), "xlsx", bare=True)
    assert data == render_sheet(adjudication_sheet(found), "xlsx", bare=True)
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


# --- What is decided already ---------------------------------------------------------------------------------------

DECIDE = ["project", "phase", "differ", "A: actors", *DECISION, "", "remarks"]
"""Header of a sheet to which a team has added two columns, one of them without a name."""


def filled_in(path: Path, *rows: dict[str, str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([DECIDE, *([row.get(name, "") for name in DECIDE] for row in rows)])
    return path


def test_what_is_decided_is_read_back(tmp_path: Path) -> None:
    unit = {"project": "P", "phase": "design", "differ": "actors", "A: actors": "X"}
    empty = {**unit, "phase": "operation"}
    decided = {**unit, "decision: actor": "'=X", "decision: start": "2018", "remarks": "seen"}
    found = read_decisions(filled_in(tmp_path / "x.csv", empty, decided, {**empty, "remarks": " "}))
    assert found.columns == (*DECISION, "remarks")
    assert found.filled == {("P", "design"): ("=X", "", "", "2018", "", "", "", "seen")}
    assert found.of(("P", "design"))[3] == "2018"
    assert found.of(("P", "operation")) == ("",) * 8


def test_one_unit_twice_is_one_decision_only_if_both_are_the_same(tmp_path: Path) -> None:
    first, other = ({"project": "P", "phase": "design", "decision: actor": actor} for actor in "XY")
    between = {"project": "P", "phase": "operation", "decision: actor": "X"}
    assert len(read_decisions(filled_in(tmp_path / "x.csv", first, between, first)).filled) == 2
    with pytest.raises(UsageError, match=r"x\.csv:2 and 5: P, design is decided twice, differently"):
        read_decisions(filled_in(tmp_path / "x.csv", first, between, first, other))


def test_no_more_is_needed_than_what_is_decided(tmp_path: Path) -> None:
    bare = ["project", "phase", *DECISION]
    (tmp_path / "x.csv").write_text(f"{','.join(bare)}\nP,design,X,,,,,,\n", encoding="utf-8")
    assert read_decisions(tmp_path / "x.csv").filled == {("P", "design"): ("X", "", "", "", "", "", "")}
    (tmp_path / "x.csv").write_text(f"{','.join(bare[:-1])}\nP,design,X,,,,,\n", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be read as an adjudication sheet"):
        read_decisions(tmp_path / "x.csv")
    (tmp_path / "x.csv").write_text("my,notes\na,b\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"x\.csv:1: no column 'phase' or 'project' in the header"):
        read_decisions(tmp_path / "x.csv")


def test_a_place_without_a_file_or_with_an_empty_one_has_no_decision(tmp_path: Path) -> None:
    (tmp_path / "x.csv").touch()
    for place in (tmp_path / "x.csv", tmp_path / "y.csv", tmp_path):
        assert read_decisions(place) == Decisions()


@pytest.mark.parametrize("content", ["project,phase\nP,design\n", '"open', "project,phase,phase\n"])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.csv").write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=r"x\.csv: there is a file already that cannot be read as an adjudication"):
        read_decisions(tmp_path / "x.csv")


def test_a_decision_nobody_needs_any_more_is_not_lost_unseen() -> None:
    decided = Decisions(filled={("P", phase): ("X",) * 7 for phase in ("design", "operation")})
    refuse_lost(decided, [("P", "operation"), ("P", "design")], Path("x.csv"))
    with pytest.raises(UsageError, match=r"x\.csv: 1 unit is decided there .* \('P, operation'\)"):
        refuse_lost(decided, [("P", "design"), ("Q", "operation")], Path("x.csv"))


# --- Sources side by side ------------------------------------------------------------------------------------------


def said(source: str, origin: str, phase: str = "design", **more: Any) -> Record:
    return {"project": "P", "phase": phase, "actor": f"{origin} one", "origin": origin, "source": source, **more}


FOUR_CELLS = [
    said("a", "local"),
    said("b", "chinese", status="denied"),
    said("b", "local", only=True, actor="other one"),
    said("a", "chinese", "implementation"),
    said("b", "chinese", "implementation"),
    said("b", "local", "implementation", confidence="documented"),
    said("a", "local", "operation"),
    said("b", "local", "operation", confidence="alleged"),
    said("a", "local", "initiation", rank="preferred", note="why"),
    said("a", "chinese", "initiation"),
    said("b", "chinese", "initiation", rank="deprecated", note="misread"),
    said("b", "chinese", "maintenance", status="proposed"),
]


def four_cells() -> Any:
    return compare_sources(view_of(*FOUR_CELLS))


def test_cells_by_source() -> None:
    found = four_cells()
    cells = found.cells.set_index("phase")
    assert found.sources == ("a", "b")
    assert cells["verdict"].to_dict() == {
        "design": "contested",
        "implementation": "different",
        "operation": "single",
        "initiation": "single",
        "maintenance": "silent",
    }
    assert cells.loc["initiation", ["a", "b"]].tolist() == ["local one and chinese one", ""]
    assert cells.loc["operation", "b"] == "(alleged: local one)"
    assert cells.loc["design", ["b", "conflicts"]].tolist() == ["other one", "exclusive"]
    assert (found.compared, found.contested) == (2, 1)


def test_denials_and_set_aside_rows_stand_beside_what_is_affirmed() -> None:
    table = table_from_records(FOUR_CELLS)
    sheets = {sheet.label: sheet for sheet in source_sheets(table, four_cells(), single=True)}
    (design,) = sheets["sources-contested"].rows
    alone = "(nobody else, it says: other one [local])"
    assert design[3].text == f"other one / {alone} / (denied: chinese one [chinese])"
    initiation = next(line for line in sheets["sources-single"].rows if line[1].text.startswith("Initiated"))
    assert initiation[3].text == "chinese one [chinese] (set aside: misread)"
    assert [run.struck for run in initiation[3].lines[0]] == [True, False]
    assert "~~chinese one" in str(render_sheets([sheets["sources-single"]], "markdown"))
    assert "<s>chinese one" in str(render_sheets([sheets["sources-single"]], "html"))


def test_conflicts_stand_passage_against_passage() -> None:
    table = table_from_records([said("a", "local", quote="L did"), said("b", "local", status="denied", quote="not L")])
    sheet = source_sheets(table, compare_sources(Resolved(table, View())), single=False)[1]
    assert sheet.caption.startswith("Conflicts, passage against passage: 1 between two sources, 0 inside one source")
    texts = [entry.text for entry in sheet.rows[0]]
    assert texts[2].startswith("between two sources / denial: ")
    assert texts[3:] == ["local one [local]: “L did” (a; line 2)", "local one [local] (denied): “not L” (b; line 3)"]


def test_a_conflict_of_kinds_shows_the_kinds_and_where_they_stand() -> None:
    state = {"actor_kind": "state_firm", "quote": "a passage on something else"}
    firms = [said("a", "local", **state, locator="p. 1"), said("a", "local", **state, locator="p. 2")]
    table = table_from_records([*firms, said("b", "local", actor_kind="private_firm", quote="private firms")])
    sheet = source_sheets(table, compare_sources(Resolved(table, View())), single=False)[1]
    assert [entry.text for entry in sheet.rows[0]][3:] == [
        "local one [local]: state firm (a, p. 1, line 2; a, p. 2, line 3)",
        "local one [local]: private firm (b, line 4)",
    ]


@pytest.mark.parametrize(
    "one, other, sides",
    [
        (
            said("a", "local", "operation"),
            said("b", "local", "operation", status="denied", start=2019),
            ["local one [local] (year not given) (a; line 2)", "local one [local] (denied, from 2019) (b; line 3)"],
        ),
        (
            said("a", "local", start=2017),
            said("b", "local", start=2019),
            ["local one [local] (2017) (a; line 2)", "local one [local] (2019) (b; line 3)"],
        ),
        (
            said("a", "local"),
            said("b", "local", status="denied"),
            ["local one [local] (a; line 2)", "local one [local] (denied) (b; line 3)"],
        ),
    ],
)
def test_an_event_has_its_year_and_beside_years_their_absence_is_said(one: Any, other: Any, sides: list[str]) -> None:
    """A contract of 2019 was signed in that year, not from it on; what gives no year is not a denial of a year."""
    table = table_from_records([one, other])
    sheet = source_sheets(table, compare_sources(Resolved(table, View())), single=False)[1]
    assert [entry.text for entry in sheet.rows[0]][3:] == sides


def test_a_denial_keeps_its_part_and_its_years() -> None:
    denied = said("b", "local", "operation", status="denied", scope="cameras", start=2019)
    table = table_from_records([said("a", "local", "operation", end=2018), denied])
    sheets = source_sheets(table, compare_sources(Resolved(table, View())), single=True)
    cells = [entry.text for sheet in sheets if sheet.label.startswith("sources-") for entry in sheet.rows[0]]
    assert "(denied: local one [local] (cameras, from 2019))" in cells


def test_what_is_not_compared_is_said_and_no_conflict_is_no_agreement() -> None:
    table = table_from_records([said("a", "local"), said("b", "local")])
    found = compare_sources(Resolved(table, View()))
    printed = str(render_sheets(source_sheets(table, found, single=False), "text"))
    assert "No conflict between two sources was found in the 1 cell" in printed
    assert "Amounts, reasons, events and support rows are not compared." in printed
    assert "agree" not in printed


def test_composition_by_source_and_level_is_that_of_a_table_without_the_others() -> None:
    found = sources_document(view_of(*FOUR_CELLS), four_cells())["composition"]
    assert found["source"]["P"]["b"]["chinese"] == pytest.approx(0.5 / 6)
    assert found["source"]["P"]["a"]["local"] == pytest.approx(3 / 6)
    assert found["level"]["P"]["alleged"]["local"] == pytest.approx(1 / 6)
    assert found["level"]["P"]["documented"]["unknown"] == pytest.approx(5 / 6)
    for parts in (*found["source"]["P"].values(), *found["level"]["P"].values()):
        assert sum(parts.values()) == pytest.approx(1, abs=1e-12)


def test_the_document_has_both_sides_of_every_conflict() -> None:
    document = sources_document(view_of(*FOUR_CELLS), four_cells())
    json.dumps(document, allow_nan=False)
    (entry,) = document["conflicts"]
    assert (entry["kind"], entry["standing"]) == ("exclusive", "contested")
    assert [side["source"] for side in entry["sides"]] == ["a", "b"]
    assert entry["sides"][1]["statements"][0]["only"] is True
    cells = {cell["phase"]: cell for cell in document["cells"]}
    assert cells["design"]["denied"]["b"][0]["holder"] == "chinese one"
    assert cells["initiation"]["set_aside"]["b"][0]["note"] == "misread"


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
        assert {"project", "phase", "verdict", "sources", "denied", "alone", "set_aside"} == set(document["cells"][0])
        assert document["not_compared"].startswith("Amounts")


def test_only_one_source() -> None:
    result = run_sources("-p", "JSeI", "--phase", "design", "--source", "vilaseoane2024")
    assert result.exit_code == 0, result.output
    assert "a single source speaks" in result.stdout
