"""The folder of a report: what is written, in which order, and what a failure leaves behind."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner
from frictionless import Package
from strategies import table_of

import agency
from agency.claims import judge
from agency.claims.file import claims_of
from agency.cli import group
from agency.errors import DataError, UsageError
from agency.report import files as module
from agency.report.beside import input_files, table_files
from agency.report.files import is_report_file, leftovers, report_files, write_report
from agency.report.material import Material
from agency.report.methods import provenance
from agency.resolve import Resolved
from agency.resolve.select import View
from agency.sheets import claim_sheets
from agency.study import Study
from agency.table.check import table_from_records
from agency.vocabulary import default_text

FIGURES = {"svg": b"<?xml", "pdf": b"%PDF", "png": b"\x89PNG"}
ROWS = """project,phase,actor,origin,source,start,end,quote,locator,coder
A,design,ZTE,chinese,seen2020,,,the design was made abroad,p. 1,X
A,operation,Ministry,local,seen2020,2015,2018,,p. 2,X
B,design,HP,western,heard2021,,,,p. 7,Y
B,operation,Ministry,local,seen2020,2016,,it was said so,p. 8,Y
"""
SOURCES = """@misc{seen2020, author = {Núñez, Ana}, title = {What was seen}, year = {2020}}
@misc{heard2021, author = {Li, Bo}, title = {What was heard}, year = {2021}}
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("study")
    (folder / "actors_by_phase.csv").write_text(ROWS, "utf-8")
    (folder / "sources.bib").write_text(SOURCES, "utf-8")
    return agency.load(folder)


@pytest.fixture(scope="module")
def bundle(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle")
    study.report(folder, bundle=True)
    return folder


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, str], tuple[Path, ...]]:
    """Write a report whose content is given, not computed: for what happens while files are written."""
    table = table_of({"phase": "design"})

    def write(folder: Path, content: str) -> tuple[Path, ...]:
        monkeypatch.setattr(module, "report_files", lambda *_, **__: made(content))
        return write_report(Resolved(table, View()), folder)

    return write


def made(content: str) -> dict[str, str | bytes]:
    names = ("tables/a.csv", "tables/b.csv", "figures/matrix.svg", "datapackage.json", "report.html")
    return {name: f"{content} {name}" for name in names}


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_bundle_has_everything_in_every_format(bundle: Path) -> None:
    found = contents(bundle)
    for table in ("actors-by-phase", "composition", "indicators", "regularities", "distances"):
        assert {f"tables/{table}.{extension}" for extension in ("csv", "tex", "md", "docx")} <= set(found)
    for figure in ("summary", "matrix", "composition", "timeline"):
        for extension, start in FIGURES.items():
            assert found[f"figures/{figure}.{extension}"].startswith(start)
    assert {"methods.txt", "datapackage.json", "report.html", "input/codebook.toml"} <= set(found)
    assert found["input/actors_by_phase.csv"] == ROWS.encode()
    assert found["input/sources.bib"] == SOURCES.encode()


def test_a_report_is_one_file_and_tables_and_figures_are_asked_for() -> None:
    resolved = Resolved(table_of({"phase": "design"}, {"phase": "operation"}), View())
    assert list(report_files(resolved)) == ["report.html"]
    names = list(report_files(resolved, beside="files"))
    assert names[-1] == "report.html"
    assert {name.rpartition(".")[2] for name in names} == {"csv", "svg", "pdf", "png", "html"}
    assert {"tables/statements.csv", "figures/summary.svg", "figures/matrix.pdf"} <= set(names)
    assert all(is_report_file(name) for name in names)


def test_the_data_package_is_valid_and_complete(bundle: Path) -> None:
    found = Package(str(bundle / "datapackage.json")).validate()
    assert found.valid, found.flatten(["name", "message"])
    descriptor = json.loads((bundle / "datapackage.json").read_text("utf-8"))
    resources = {entry["path"]: entry for entry in descriptor["resources"]}
    assert set(resources) == set(contents(bundle)) - {"datapackage.json"}
    for path, entry in resources.items():
        content = (bundle / path).read_bytes()
        assert entry["bytes"] == len(content)
        assert entry["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    fields = {field["name"]: field for field in resources["tables/statements.csv"]["schema"]["fields"]}
    assert fields["start"]["type"] == "integer"
    assert "chinese" in fields["origin"]["constraints"]["enum"]


def test_the_package_notices_a_changed_table(bundle: Path, tmp_path: Path) -> None:
    for name, content in contents(bundle).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    table = tmp_path / "tables" / "statements.csv"
    table.write_text(table.read_text("utf-8").replace(",chinese,", ",martian,", 1), "utf-8")
    assert not Package(str(tmp_path / "datapackage.json")).validate().valid


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_command_in_the_methods_makes_the_same_bytes(bundle: Path, tmp_path: Path, seed: str) -> None:
    text = (bundle / "methods.txt").read_text("utf-8").strip()
    words = shlex.split(text.rsplit("the command is: ", 1)[1])
    assert words[:5] == ["agency", "report", "input", "-o", "report"]
    arguments = [*words[1:3], "-o", str(tmp_path / "again"), *words[5:]]
    done = subprocess.run(
        [sys.executable, "-m", "agency", *arguments],
        cwd=bundle,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "report.html" in done.stderr
    assert "..." not in done.stderr, "no progress where nobody watches"
    assert contents(tmp_path / "again") == contents(bundle)


def test_nothing_says_where_it_was_made(study: Study, bundle: Path) -> None:
    for name, content in contents(bundle).items():
        assert study.data.folder.encode() not in content, name
        assert str(bundle).encode() not in content, name


def test_other_files_are_left_alone_and_old_ones_replaced(tmp_path: Path, quick: Any) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "report.html").write_text("old")
    written = quick(tmp_path, "new")
    assert written[-1] == tmp_path / "report.html"
    new = {name: str(text).encode() for name, text in made("new").items()}
    assert contents(tmp_path) == {"mine.txt": b"mine", **new}


def test_every_file_of_a_bundle_is_known_as_one(study: Study, bundle: Path) -> None:
    names = set(contents(bundle))
    assert {name for name in names if not is_report_file(name)} == set()
    assert leftovers(bundle, [bundle / name for name in names]) == ()


def test_what_an_earlier_report_left_is_named_and_stays(tmp_path: Path, quick: Any) -> None:
    quick(tmp_path, "old")
    old = (
        "tables/distances.csv",
        "tables/rank-swaps.csv",
        "figures/timeline-2.png",
        "methods.txt",
        "input/sources.bib",
    )
    mine = ("tables/mine.csv", "notes.txt", "figures/photo.png", "input/mine.csv")
    for name in (*old, *mine):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("left")
    assert leftovers(tmp_path, quick(tmp_path, "new")) == tuple(sorted(old))
    assert {(tmp_path / name).read_text() for name in (*old, *mine)} == {"left"}


def test_the_closing_line_names_what_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "report_files", lambda *_, **__: made("new"))
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "distances.csv").write_text("left")
    result = CliRunner().invoke(group, ["report", "-p", "JSeI", "-o", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert result.stderr.strip().endswith(
        "other files written; left from an earlier report: tables/distances.csv (not part of this one)."
    )
    assert result.stderr.count("\n") == 1
    again = CliRunner().invoke(group, ["report", "-p", "JSeI", "-o", str(tmp_path / "fresh")])
    assert "left from" not in again.stderr


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "report"
    place.write_text("a file")
    result = CliRunner().invoke(group, ["report", "-p", "JSeI", "-o", str(place)])
    assert isinstance(result.exception, UsageError)
    assert "this is a file" in str(result.exception)
    assert place.read_text() == "a file"


@pytest.mark.parametrize("name", ["report.html", "tables/b.csv", "figures/matrix.svg"])
def test_a_folder_in_place_of_a_file_is_refused_before_anything_is_written(
    tmp_path: Path, quick: Any, name: str
) -> None:
    (tmp_path / name).mkdir(parents=True)
    with pytest.raises(UsageError, match="folder stands where"):
        quick(tmp_path, "new")
    assert contents(tmp_path) == {}


def test_a_file_in_place_of_an_inner_folder_is_refused(tmp_path: Path, quick: Any) -> None:
    (tmp_path / "figures").write_text("a file")
    with pytest.raises(UsageError, match="file stands where"):
        quick(tmp_path, "new")
    assert contents(tmp_path) == {"figures": b"a file"}


@pytest.mark.parametrize("stop", range(5))
def test_a_run_that_is_stopped_leaves_the_old_report(
    tmp_path: Path, quick: Any, monkeypatch: pytest.MonkeyPatch, stop: int
) -> None:
    quick(tmp_path, "old")
    replace, done = os.replace, []

    def stopped(source: str, target: Any) -> None:
        done.append(target)
        if len(done) == stop + 1:
            raise KeyboardInterrupt
        replace(source, target)

    monkeypatch.setattr(os, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        quick(tmp_path, "new")
    assert contents(tmp_path) == {name: str(text).encode() for name, text in made("old").items()}


def test_a_full_disk_is_said_and_the_page_stays(tmp_path: Path, quick: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    quick(tmp_path, "old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UsageError, match="No space left on device"):
        quick(tmp_path, "new")
    assert contents(tmp_path) == {name: str(text).encode() for name, text in made("old").items()}


def test_nothing_is_written_when_something_cannot_be_computed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise UsageError("no")

    monkeypatch.setattr(module, "build_content", broken)
    with pytest.raises(UsageError):
        write_report(Resolved(table_of({"phase": "design"}), View()), tmp_path / "report")
    assert not (tmp_path / "report").exists()


def test_errors_in_the_table_stop_it_before_anything_is_written(tmp_path: Path) -> None:
    table = tmp_path / "bad.csv"
    table.write_text("project,phase,actor,origin,source\nA,dessign,ZTE,chinese,s\n")
    result = CliRunner().invoke(group, ["report", str(table), "-o", str(tmp_path / "report")])
    assert isinstance(result.exception, DataError)
    assert "dessign" in str(result.exception)
    assert not (tmp_path / "report").exists()


def test_a_table_without_a_folder_brings_its_own_input() -> None:
    table = table_of({"phase": "design", "actor": "=cmd()", "origin": "chinese"}, {"phase": "operation"})
    (content,) = (text for name, text in input_files(table).items() if name == "input/actors_by_phase.csv")
    assert ",'=cmd()," in str(content)


def test_columns_of_one_name_are_told_apart(bundle: Path) -> None:
    for name, content in contents(bundle).items():
        if name.startswith("tables/") and name.endswith(".csv"):
            head = content.decode().split("\n", 1)[0].split(",")
            assert len(set(head)) == len(head), name


def test_only_claims_on_the_selected_projects_are_tested() -> None:
    study = agency.load().select(project="JSeI")
    (table,) = (
        one for one in table_files(Material(study.resolved, provenance(study.data, ""))) if one.name == "claims"
    )
    shown = {row[0].text for row in table.sheet.rows}
    for claim in claims_of(study.data):
        assert (claim.id in shown) is (set(claim.projects) == {"JSeI"})


# --- What is never lost ----------------------------------------------------------------------------------------------

HARD = """project,phase,actor,origin,source,quote,coder
A,design,=ZTE,chinese,x/y,- the design was made abroad,X
A,design,HP,western,x/y,made at home,Y
A,operation,Ministry,local,x-y,+ it was said so,X
A,operation,Ministry,local,x-y,'=already marked,Y
B,design,ZTE,chinese,x_y,,X
B,operation,Ministry,local,x_y,,X
"""
CLAIMS = "".join(
    f"""[[claim]]
id = "c{number}"
text = "Claim {number}"
source = "{key}"
quote = "made at home"
scope = {{ projects = ["A", "B"], phases = ["design"] }}
condition = {{ holders = "only", origin = ["chinese"] }}
"""
    for number, key in enumerate(("x/y", "x-y", "x_y", "k" * 250))
)


@pytest.fixture
def hard(tmp_path: Path) -> Path:
    """Return a study of names, quotes and keys that are hard to write into files."""
    folder = tmp_path / "hard"
    folder.mkdir()
    (folder / "actors_by_phase.csv").write_text(HARD, "utf-8")
    (folder / "double_coding.csv").write_text(HARD, "utf-8")
    entries = [f"@misc{{{key}, title = {{T}}, year = {{2020}}, file = {{t.txt}}}}" for key in ("x/y", "x-y", "x_y")]
    (folder / "sources.bib").write_text("\n".join([*entries, f"@misc{{{'k' * 250}, title = {{T}}}}"]), "utf-8")
    return folder


def test_a_report_never_replaces_its_own_input(tmp_path: Path, hard: Path) -> None:
    first = agency.load(hard).report(tmp_path / "rep", files=True)
    table = first.parent / "tables" / "statements.csv"
    before = contents(tmp_path)
    for again in (table, tmp_path / "link.csv"):
        if again != table:
            again.symlink_to(table)
            before["link.csv"] = table.read_bytes()
        with pytest.raises(UsageError, match=r"\.csv: this is a file the command reads"):
            agency.load(again).select(project="A").report(tmp_path / "rep", files=True)
        assert contents(tmp_path) == before
    assert agency.load(table).select(project="A").report(tmp_path / "other").is_file()


def test_statements_are_read_back_as_they_were(tmp_path: Path, hard: Path) -> None:
    study = agency.load(hard)
    study.report(tmp_path / "rep", files=True)
    table = tmp_path / "rep" / "tables" / "statements.csv"
    assert ",'=ZTE," in table.read_text("utf-8"), "nothing in it runs in a spreadsheet"
    again = agency.load(table).evidence()
    columns = ["actor", "quote", "source", "phase"]
    assert again[columns].to_numpy().tolist() == study.evidence()[columns].to_numpy().tolist()


def test_keys_never_share_a_file(tmp_path: Path, hard: Path) -> None:
    (hard / "claims.toml").write_text(CLAIMS, "utf-8")
    study = agency.load(hard)
    sheets = claim_sheets(study.resolved, judge(study.resolved, claims_of(study.data)))
    assert len({sheet.label.casefold() for sheet in sheets}) == len(sheets) == 4
    study.report(tmp_path / "rep", bundle=True)
    names = [path.name for path in (tmp_path / "rep" / "tables").glob("claims-*.csv")]
    assert len(names) == 4
    assert max(len(name.encode()) for name in names) < 128
    found = Package(str(tmp_path / "rep" / "datapackage.json")).validate()
    assert found.valid, found.flatten(["name", "message"])


def test_decisions_in_the_sheet_of_a_report_are_not_emptied(tmp_path: Path, hard: Path) -> None:
    study = agency.load(hard)
    study.report(tmp_path / "rep", files=True)
    study.report(tmp_path / "rep", files=True)
    sheet = tmp_path / "rep" / "tables" / "adjudication.csv"
    rows = list(csv.reader(sheet.read_text("utf-8").splitlines()))
    rows[1][rows[0].index("decision: reason")] = "seen on site"
    with sheet.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    before = contents(tmp_path)
    with pytest.raises(UsageError, match=r"adjudication\.csv: decisions are filled in there"):
        study.report(tmp_path / "rep", files=True)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("names", [("=SUM(A1)", "-x", "plain"), ("+ one", "@two", "'=three")])
def test_a_header_that_looks_like_a_formula_is_described_as_written(tmp_path: Path, names: tuple[str, ...]) -> None:
    records = [
        {"project": name, "phase": phase, "actor": f"{name}{phase}", "origin": "local", "source": "s"}
        for name in names
        for phase in ("design", "operation", "maintenance")
    ]
    study = Study(table_from_records(records))
    study.report(tmp_path, bundle=True)
    found = Package(str(tmp_path / "datapackage.json")).validate()
    assert found.valid, found.flatten(["name", "message"])


KILLED = """
import os, signal, sys
import agency
from agency.report import files
folder, at = sys.argv[1], int(sys.argv[2])
real, done = os.replace, []
def replace(source, target):
    done.append(target)
    if len(done) == at:
        os.kill(os.getpid(), signal.SIGKILL)
    real(source, target)
os.replace = replace
study = agency.load().select(project="JSeI")
study.report(folder, files=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="kills as POSIX has them")
def test_a_killed_report_says_so_and_the_next_one_is_whole(tmp_path: Path) -> None:
    agency.load().select(project="ECU 911").report(tmp_path, files=True)
    page = (tmp_path / "report.html").read_bytes()
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), "4"], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL
    assert "not all of one run" in (tmp_path / "unfinished.txt").read_text("utf-8")
    assert (tmp_path / "report.html").read_bytes() == page
    agency.load().select(project="ECU 911").report(tmp_path, files=True)
    assert not (tmp_path / "unfinished.txt").exists()
    assert not list(tmp_path.rglob(".agency-*"))
    assert (tmp_path / "report.html").read_bytes() == page


def test_control_characters_of_a_companion_leave_every_svg_xml(tmp_path: Path) -> None:
    (tmp_path / "actors_by_phase.csv").write_text(ROWS, "utf-8")
    (tmp_path / "sources.bib").write_text(SOURCES, "utf-8")
    label = default_text().replace('label = "Designed by"', 'label = "Designed\\u0001 \\u202eby \\u001b[31m\\uffff"', 1)
    assert "\\u202e" in label
    (tmp_path / "codebook.toml").write_text(label, "utf-8")
    with pytest.raises(agency.DataError, match="expected a few words"):
        agency.load(tmp_path)
    (tmp_path / "codebook.toml").unlink()
    (tmp_path / "projects.csv").write_text("project,label\nA,A\u202e\u2066 label\n", "utf-8")
    with pytest.raises(agency.DataError, match="no control characters"):
        agency.load(tmp_path)
    (tmp_path / "projects.csv").unlink()
    (tmp_path / "sources.bib").write_text(SOURCES.replace("What was seen", "What\u202e was\u2066 seen"), "utf-8")
    agency.load(tmp_path).report(tmp_path / "rep", files=True)
    drawn = sorted((tmp_path / "rep" / "figures").glob("*.svg"))
    assert drawn
    for path in drawn:
        assert ET.parse(path).getroot().tag.endswith("svg")
    for path in (tmp_path / "rep").rglob("*.*"):
        if path.suffix in (".svg", ".csv", ".html"):
            assert not set(path.read_text("utf-8")) & set("\x01\x1b\u202e"), path.name
