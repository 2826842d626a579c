"""What is exported is opened by its natural reader, keeps who is who, and loads again to the same table."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle.strategies import studies, write
from oracle.table1 import TABLE1
from readers import xlsx_rows
from strategies import examples
from table1 import LABELS, TABLE_1

import agency
from agency.cli import main
from agency.errors import UsageError
from agency.exporters import FORMS, edge_frame
from agency.importers import ImportChoices, import_files
from agency.indicators.registry import measured
from agency.study import Study
from agency.table import table_frames
from agency.table.check import load_table, table_from_records

CASES = ("ECU 911", "JSeI")
FOLDERS = tuple(name for name, form in FORMS.items() if not form.endings)


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Table 1 alone, in a folder that stays."""
    return agency.load(write(TABLE1, tmp_path_factory.mktemp("paper")))


@pytest.fixture(scope="module")
def shipped() -> Study:
    return agency.load()


def raw_rows() -> list[dict[str, str]]:
    """The shipped table as any CSV reader sees it."""
    path = Path(agency.__file__).parent.parent / "data" / "actors_by_phase.csv"
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))


# --- Edges -----------------------------------------------------------------------------------------------------------


def test_every_statement_that_names_an_actor_is_an_edge_and_no_other(shipped: Study) -> None:
    named = Counter(row["project"] for row in raw_rows() if row["actor"])
    edges = shipped.edges()
    assert Counter(edges["project"]) == named
    assert edges["line"].is_unique
    assert edges.loc[edges["counts"], "use"].unique().tolist() == ["decides"]


def test_unnamed_groups_of_two_projects_are_two_nodes_and_a_project_is_no_actor(paper: Study) -> None:
    edges = paper.edges()
    firms = edges[edges["actor"] == "Local firms"]
    assert firms["actor_node"].tolist() == ["unnamed/ECU 911/Local firms", "unnamed/JSeI/Local firms"]
    operated = edges[(edges["phase"] == "operation") & (edges["project"] == "ECU 911")]
    assert operated[["actor_node", "project_node"]].to_numpy().tolist() == [["actor/ECU 911", "project/ECU 911"]]


def test_silence_on_years_is_told_and_never_a_year(paper: Study) -> None:
    edges = paper.edges().set_index(["project", "phase", "actor"])
    assert bool(edges.loc[("ECU 911", "operation", "ECU 911"), "undated"])
    until = edges.loc[("ECU 911", "maintenance", "CEIEC")]
    assert (bool(until["undated"]), until["start"] is pd.NA, until["end"]) == (False, True, 2018)
    assert edges.loc[("JSeI", "maintenance", "ZTE"), ["undated", "duration_years"]].tolist() == [False, 3]


@given(studies(), st.sampled_from(["named", "whole"]))
@settings(max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_node_is_an_identity(tmp_path_factory: pytest.TempPathFactory, study, actors) -> None:
    loaded = agency.load(write(study, tmp_path_factory.mktemp("s"))).select(actors=actors)
    edges = loaded.edges()
    identities = loaded.resolved.rows.loc[lambda rows: rows["actor_id"] >= 0, "actor_id"]
    pairs = set(zip(edges["actor_node"], identities, strict=True))
    assert len({node for node, _ in pairs}) == len({actor for _, actor in pairs}) == len(pairs)


@given(
    st.lists(
        st.tuples(*[st.text("a/%2F", min_size=1, max_size=4).map("x{}".format)] * 2, st.booleans()),
        min_size=1,
        max_size=6,
        unique=True,
    )
)
@settings(max_examples=examples(10), deadline=None)
def test_no_name_looks_like_the_path_of_another(given_rows) -> None:
    rows = [
        {"project": project, "phase": "design", "actor": actor, "origin": "local", "source": "s", "unnamed": unnamed}
        for project, actor, unnamed in given_rows
    ]
    resolved = Study(table_from_records(rows)).resolved
    edges = edge_frame(resolved)
    pairs = set(zip(edges["actor_node"], resolved.rows["actor_id"], strict=True))
    assert len({node for node, _ in pairs}) == len({actor for _, actor in pairs}) == len(pairs)


def test_graphml_is_the_network_that_networkx_reads(shipped: Study, tmp_path: Path) -> None:
    networkx = import_module("networkx")
    place = tmp_path / "g.graphml"
    shipped.export("graphml", place)
    graph = networkx.read_graphml(place, force_multigraph=True)
    edges = shipped.edges()
    assert graph.number_of_edges() == len(edges)
    assert set(graph.nodes) == {*edges["actor_node"], *edges["project_node"]}
    assert {kind for _, kind in graph.nodes(data="node_type")} == {"actor", "project"}
    read = pd.DataFrame([data for *_, data in graph.edges(data=True)]).set_index("line").sort_index()
    wanted = edges.set_index("line").sort_index()
    assert read["status"].tolist() == wanted["status"].tolist()
    assert read["counts"].tolist() == wanted["counts"].tolist()
    assert read["end"].astype("Int64").tolist() == wanted["end"].tolist()
    assert graph.nodes["project/JSeI"]["window_end"] == 2022
    assert "window_end" not in graph.nodes["project/Tigre"]


def test_graphml_carries_any_name(tmp_path: Path) -> None:
    networkx = import_module("networkx")
    names = ['<b> & "x"', "l'État", "中国", "a]]>b"]
    rows = [
        {"project": name, "phase": "design", "actor": name, "origin": "local", "source": "s", "scope": name}
        for name in names
    ]
    study = Study(table_from_records(rows))
    study.export("graphml", tmp_path / "g.xml")
    graph = networkx.read_graphml(tmp_path / "g.xml", force_multigraph=True)
    assert sorted(scope for *_, scope in graph.edges(data="scope")) == sorted(study.data.rows["scope"])
    assert sorted(name for _, name in graph.nodes(data="label")) == sorted(names * 2)


def test_edges_are_read_by_pandas_and_networkx(shipped: Study, tmp_path: Path) -> None:
    shipped.export("edges", tmp_path / "e.csv")
    read = pd.read_csv(tmp_path / "e.csv", keep_default_na=False, na_values=[""])
    edges = shipped.edges()
    assert read.columns.tolist() == edges.columns.tolist()
    assert read["undated"].dtype == bool
    for name in edges:
        one, other = (
            column.where(column.notna(), "").tolist()
            for column in (read[name].astype(object), edges[name].astype(object))
        )
        assert one == other, name
    networkx = import_module("networkx")
    graph = networkx.from_pandas_edgelist(read, "actor_node", "project_node", True, networkx.MultiGraph)
    assert networkx.is_bipartite(graph)
    assert graph.number_of_edges() == len(edges)


def test_edges_in_a_workbook_are_the_same(paper: Study, tmp_path: Path) -> None:
    paper.export("edges", tmp_path / "e.xlsx")
    read = pd.read_excel(tmp_path / "e.xlsx", engine="openpyxl", keep_default_na=False, na_values=[""])
    edges = paper.edges()
    assert read["end"].astype("Int64").tolist() == edges["end"].tolist()
    assert read["actor_node"].tolist() == edges["actor_node"].tolist()


def _r(package: str) -> str:
    """Return the path of Rscript; R is asked where it is installed with the package, and is required nowhere."""
    program = shutil.which("Rscript")
    asked = [str(program), "-e", f"stopifnot(requireNamespace('{package}'))"]
    if program is None or subprocess.run(asked, capture_output=True, check=False).returncode:
        pytest.skip(f"R with {package} is not installed")
    return program


def test_igraph_of_r_reads_both(shipped: Study, tmp_path: Path) -> None:
    shipped.export("graphml", tmp_path / "g.graphml")
    script = 'library(igraph); g <- read_graph("g.graphml", "graphml"); cat(ecount(g), vcount(g))'
    done = subprocess.run([_r("igraph"), "-e", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    edges = shipped.edges()
    assert done.stdout.split() == [str(len(edges)), str(len({*edges["actor_node"], *edges["project_node"]}))]


# --- Matrices --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_wide_says_what_table_1_says(paper: Study, tmp_path: Path, ending: str) -> None:
    place = tmp_path / f"w{ending}"
    paper.export("wide", place)
    read = pd.read_csv(place, dtype=str) if ending == ".csv" else pd.read_excel(place, engine="openpyxl", dtype=str)
    read = read.set_index("project")
    assert read.index.tolist() == list(CASES)
    for project, cells in TABLE_1.items():
        assert read.loc[project, list(LABELS)].tolist() == [" / ".join(lines) for lines in cells]
    assert read["window_end"].tolist() == ["2021", "2022"]


def test_table_1_goes_through_a_workbook(paper: Study, tmp_path: Path) -> None:
    paper.table().save(tmp_path / "t.xlsx")
    bare = paper.table(notes=False)
    bare.save(tmp_path / "b.xlsx")
    wanted = [
        ["Phase", *CASES],
        *([label, *("\n".join(TABLE_1[case][at]) for case in CASES)] for at, label in enumerate(LABELS.values())),
    ]
    assert xlsx_rows((tmp_path / "b.xlsx").read_bytes()) == wanted
    marked = [[cell.replace(" [a]", "") for cell in row] for row in xlsx_rows((tmp_path / "t.xlsx").read_bytes())]
    assert [row[0] for row in marked] == [row[0] for row in wanted]


def test_table_1_comes_back_from_its_workbook_notes_and_all(shipped: Study, tmp_path: Path) -> None:
    shipped.select(project=CASES).table().save(tmp_path / "t.xlsx")
    assert "[§]" in str(xlsx_rows((tmp_path / "t.xlsx").read_bytes()))
    rows = import_files("wide", [tmp_path / "t.xlsx"], ImportChoices(source="vilaseoane2024")).imported.rows
    said = {(row["project"], row["phase"], row["actor"]) for row in rows.to_dict("records")}
    assert said == {(row["project"], row["phase"], row["actor"]) for row in TABLE1.rows}


def test_qca_says_nothing_where_no_source_does(shipped: Study, tmp_path: Path) -> None:
    shipped.export("qca", tmp_path / "q.csv")
    read = pd.read_csv(tmp_path / "q.csv", index_col="CASE")
    assert list(read.index) == list(dict.fromkeys(row["project"] for row in raw_rows()))
    assert set(read.melt()["value"].dropna()) == {0, 1}
    coded = {(row["project"], row["phase"]) for row in raw_rows()}
    for project in ("Tigre", "Quito 2002", "Salta"):
        for column in read.columns:
            if (project, column.rpartition("_")[0].lower()) not in coded:
                assert pd.isna(read.loc[project, column])
    assert read.loc["ECU 911", "IMPLEMENTATION_CHINESE"] == 1
    assert read.loc["ECU 911", "DESIGN_LOCAL"] == 0


def test_r_reads_the_conditions(shipped: Study, tmp_path: Path) -> None:
    shipped.export("qca", tmp_path / "q.csv")
    script = 'd <- read.csv("q.csv", row.names = 1); cat(nrow(d), ncol(d), sum(is.na(d)))'
    done = subprocess.run([_r("utils"), "-e", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    read = pd.read_csv(tmp_path / "q.csv", index_col="CASE")
    assert done.stdout.split() == [*map(str, read.shape), str(int(read.isna().sum().sum()))]


# --- The study again -------------------------------------------------------------------------------------------------


def same_study(one: Study, other: Study) -> None:
    """Assert that two studies have the same table, whatever line it stands on, and the same numbers."""
    lines = ["line", "row"]
    pd.testing.assert_frame_equal(one.data.rows.drop(columns=lines), other.data.rows.drop(columns=lines))
    for name in ("projects", "actors", "events"):
        pd.testing.assert_frame_equal(getattr(one.data, name), getattr(other.data, name))
    assert one.data.codebook == other.data.codebook
    for mode in ("static", "time"):
        pd.testing.assert_frame_equal(
            measured(one.select(mode=mode).resolved), measured(other.select(mode=mode).resolved)
        )


@pytest.mark.parametrize("to", ["tidy", "datapackage"])
def test_the_shipped_study_loads_again_to_the_same_table_and_numbers(shipped: Study, tmp_path: Path, to: str) -> None:
    shipped.export(to, tmp_path / "again")
    again = agency.load(tmp_path / "again")
    same_study(shipped, again)
    assert dict(again.data.sources) == dict(shipped.data.sources)
    for name in ("claims.toml", "double_coding.csv", "sources.bib"):
        assert (tmp_path / "again" / name).read_bytes() == (Path(shipped.data.folder) / name).read_bytes()
    assert repr(again.brief()) == repr(shipped.brief())


@given(studies())
@settings(max_examples=examples(6), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_study_loads_again_to_the_same_table_and_numbers(tmp_path_factory: pytest.TempPathFactory, study) -> None:
    loaded = agency.load(write(study, tmp_path_factory.mktemp("s")))
    place = tmp_path_factory.mktemp("again") / "study"
    loaded.export("tidy", place)
    same_study(loaded, agency.load(place))


@given(studies(), st.data())
@settings(max_examples=examples(6), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_leaving_statements_out_moves_no_window(tmp_path_factory: pytest.TempPathFactory, study, data) -> None:
    loaded = agency.load(write(study, tmp_path_factory.mktemp("s")))
    source = data.draw(st.sampled_from(sorted(set(loaded.data.rows["source"]))))
    chosen = loaded.select(source=source)
    place = tmp_path_factory.mktemp("part") / "study"
    chosen.export("tidy", place)
    again = agency.load(place)
    sides = ["window_start", "window_end"]
    pd.testing.assert_frame_equal(
        again.data.projects[sides], loaded.data.projects.loc[again.data.projects.index, sides]
    )
    cells = {key: cell.text for key, cell in again.select(min_phases=0).cells.cells.items()}
    before = chosen.select(min_phases=0).cells.cells
    assert cells == {key: before[key].text for key in cells}


def test_what_is_no_window_stays_none(tmp_path: Path) -> None:
    """An end before the first row is no window; without that end the row would be one of its own year."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "actors_by_phase.csv").write_text(
        "project,phase,actor,origin,source,start\nQ,maintenance,A,local,s,2018\n"
    )
    (tmp_path / "in" / "projects.csv").write_text("project,window_start,window_end\nQ,,2017\n")
    study = agency.load(tmp_path / "in")
    assert study.data.projects["window_start"].isna().all()
    study.export("tidy", tmp_path / "out")
    assert agency.load(tmp_path / "out").data.projects["window_start"].isna().all()


def test_a_window_that_the_rows_give_is_left_to_them() -> None:
    rows = [
        {
            "project": "A",
            "phase": "maintenance",
            "actor": "X",
            "origin": "local",
            "source": "s",
            "start": 2012,
            "end": 2018,
        },
        {
            "project": "A",
            "phase": "maintenance",
            "actor": "Y",
            "origin": "local",
            "source": "t",
            "start": 2019,
            "end": 2021,
        },
    ]
    table = table_from_records(rows)
    assert list(table_frames(table)["projects.csv"].columns) == ["project"]
    part = table_frames(table, table.rows.index[:1])["projects.csv"]
    assert part.to_dict("records") == [{"project": "A", "window_end": "2021"}]


def test_own_columns_go_along(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("project,phase,actor,origin,source,region\nA,design,X,local,s,Andes\n", "utf-8")
    agency.load(tmp_path / "t.csv").export("tidy", tmp_path / "out")
    again = load_table(tmp_path / "out")
    assert again.own is not None
    assert again.own["region"].tolist() == ["Andes"]


def test_a_part_of_the_study_leaves_out_what_speaks_of_the_whole(shipped: Study, tmp_path: Path) -> None:
    said = shipped.select(project=CASES).export("tidy", tmp_path / "part")
    assert "claims.toml and double_coding.csv" in said[-1]
    again = agency.load(tmp_path / "part")
    assert again.projects == CASES
    assert again.data.events["project"].isin(CASES).all()
    assert measured(again.resolved).equals(measured(shipped.select(project=CASES).resolved))


def test_the_workbook_loads_again_and_says_what_is_not_in_it(shipped: Study, tmp_path: Path) -> None:
    said = shipped.export("xlsx", tmp_path / "study.xlsx")
    assert "Not in the workbook: sources.bib, codebook.toml" in said[-1]
    for name in ("sources.bib", "codebook.toml"):
        shutil.copy(Path(shipped.data.folder) / name, tmp_path) if (Path(shipped.data.folder) / name).exists() else None
    same_study(shipped, agency.load(tmp_path / "study.xlsx"))


def test_the_data_package_is_valid_and_notices_a_change(shipped: Study, tmp_path: Path) -> None:
    frictionless = import_module("frictionless")
    shipped.export("datapackage", tmp_path / "p")
    found = frictionless.Package(str(tmp_path / "p" / "datapackage.json")).validate()
    assert found.valid, found.flatten(["name", "message"])
    document = json.loads((tmp_path / "p" / "datapackage.json").read_text("utf-8"))
    assert {entry["path"] for entry in document["resources"]} == {
        path.name for path in (tmp_path / "p").iterdir() if path.name != "datapackage.json"
    }
    tables = {entry["path"]: entry for entry in document["resources"] if entry["type"] == "table"}
    fields = {field["name"]: field for field in tables["actors_by_phase.csv"]["schema"]["fields"]}
    assert (fields["start"]["type"], fields["only"]["type"]) == ("integer", "boolean")
    assert "chinese" in fields["origin"]["constraints"]["enum"]
    table = tmp_path / "p" / "actors_by_phase.csv"
    table.write_text(table.read_text("utf-8").replace(",chinese,", ",martian,", 1), "utf-8")
    assert not frictionless.Package(str(tmp_path / "p" / "datapackage.json")).validate().valid


def test_the_same_bytes_in_any_process(tmp_path: Path) -> None:
    code = (
        "import sys, agency; from agency.exporters import FORMS; study = agency.load()\n"
        "for to, form in FORMS.items(): study.export(to, f'{sys.argv[1]}/{to}{next(iter(form.endings), str())}')"
    )
    contents = []
    for seed in ("1", "2"):
        folder = tmp_path / seed
        folder.mkdir()
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", code, str(folder)], env=environment, check=True, capture_output=True)
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        contents.append({path.relative_to(folder): path.read_bytes() for path in files})
    assert contents[0] == contents[1]
    assert len(contents[0]) > len(FORMS)


# --- Bad input -------------------------------------------------------------------------------------------------------


def test_an_unknown_form_gets_the_nearest(shipped: Study, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no form 'edgelist'\. Did you mean 'edges'\? Known: edges, graphml"):
        shipped.export("edgelist", tmp_path / "x.csv")


@pytest.mark.parametrize(
    "to, name, said",
    [
        ("edges", "x.graphml", r"edges is a file that ends in \.csv or \.xlsx"),
        ("graphml", "x.csv", r"graphml is a file that ends in \.graphml or \.xml"),
        ("xlsx", "-", r"xlsx is a file that ends in \.xlsx"),
        ("tidy", "-", r"tidy is a folder: say where to make it"),
    ],
)
def test_a_place_of_another_kind_is_refused(shipped: Study, to: str, name: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        shipped.export(to, name)


@pytest.mark.parametrize("to", FOLDERS)
def test_a_folder_with_something_in_it_is_left_alone(shipped: Study, tmp_path: Path, to: str) -> None:
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    for place in (tmp_path, tmp_path / "mine.txt"):
        with pytest.raises(UsageError, match="nothing was written"):
            shipped.export(to, place)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_what_was_read_is_never_written_over(tmp_path: Path) -> None:
    place = tmp_path / "t.csv"
    place.write_text("project,phase,actor,origin,source\nA,design,X,local,s\n", "utf-8")
    with pytest.raises(UsageError, match="a file the command reads"):
        agency.load(place).export("wide", place)
    assert place.read_text("utf-8").startswith("project,phase")


def test_rules_are_not_dropped_in_silence(shipped: Study, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="as they are coded, whatever counts them: leave rank and mode out"):
        shipped.select(rank="all", mode="time").export("tidy", tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_a_companion_that_changed_meanwhile_is_not_passed_on(tmp_path: Path) -> None:
    source = write(TABLE1, tmp_path / "s")
    study = agency.load(source)
    (Path(study.data.folder) / "codebook.toml").write_text("# other\n", "utf-8")
    with pytest.raises(UsageError, match="changed since it was read"):
        study.export("tidy", tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_the_command_says_what_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["export", "-p", "JSeI", "--to", "wide", "-o", "-"])
    assert stopped.value.code == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[0].startswith("project,country,type,window_start")
    assert "1 project, one row" in err
