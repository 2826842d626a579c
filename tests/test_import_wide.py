"""`agency import wide`: printed tables come back as their statements, and what a table cannot say is listed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import examples
from test_imports import adds_up, agency, run
from workbooks import ods, xlsx

from agency.errors import DataError
from agency.importers import ImportChoices, counts, import_files
from agency.importers.values import Stated, statements

TABLE_1 = [
    ["Phase", "ECU 911", "JSeI"],
    ["Initiated by", "Coordinating Ministry of Security", "Jujuy's Ministry of Security"],
    ["Requirements defined by", "Coordinating Ministry of Security", "Jujuy's Ministry of Security"],
    ["Designed by", "CEIEC (technical)", "ZTE (technical)"],
    ["Implemented by", "Local firms and CEIEC", "Local firms and ZTE"],
    ["Managed and operated by", "ECU 911", "Jujuy's Ministry of Security"],
    ["Maintained and upgraded by", "Until 2018: CEIEC / From 2018 onwards: still under negotiation", "ZTE for 3 years"],
]
ORIGINS = """actor,origin
Coordinating Ministry of Security,local
Jujuy's Ministry of Security,local
CEIEC,chinese
ZTE,chinese
Local firms,local
ECU 911,local
"""
STATEMENTS = {
    ("ECU 911", "initiation", "Coordinating Ministry of Security", "local", "", "", "", "", "held", ""),
    ("ECU 911", "requirements", "Coordinating Ministry of Security", "local", "", "", "", "", "held", ""),
    ("ECU 911", "design", "CEIEC", "chinese", "technical", "", "", "", "held", ""),
    ("ECU 911", "implementation", "Local firms", "local", "", "", "", "", "held", "true"),
    ("ECU 911", "implementation", "CEIEC", "chinese", "", "", "", "", "held", ""),
    ("ECU 911", "operation", "ECU 911", "local", "", "", "", "", "held", ""),
    ("ECU 911", "maintenance", "CEIEC", "chinese", "", "", "2018", "", "held", ""),
    ("ECU 911", "maintenance", "", "", "", "2018", "", "", "negotiating", ""),
    ("JSeI", "initiation", "Jujuy's Ministry of Security", "local", "", "", "", "", "held", ""),
    ("JSeI", "requirements", "Jujuy's Ministry of Security", "local", "", "", "", "", "held", ""),
    ("JSeI", "design", "ZTE", "chinese", "technical", "", "", "", "held", ""),
    ("JSeI", "implementation", "Local firms", "local", "", "", "", "", "held", "true"),
    ("JSeI", "implementation", "ZTE", "chinese", "", "", "", "", "held", ""),
    ("JSeI", "operation", "Jujuy's Ministry of Security", "local", "", "", "", "", "held", ""),
    ("JSeI", "maintenance", "ZTE", "chinese", "", "", "", "3", "held", ""),
}
"""The 15 rows of Table 1."""
COLUMNS = ["project", "phase", "actor", "origin", "scope", "start", "end", "duration_years", "status", "unnamed"]


def wide(file: Path, **choices: object):
    return import_files("wide", [file], ImportChoices(**choices)).imported


def stated(result) -> set[tuple[str, ...]]:
    return set(result.rows[COLUMNS].itertuples(index=False, name=None))


def with_origins(folder: Path) -> Path:
    (folder / "origins.csv").write_text(ORIGINS, "utf-8")
    return folder / "origins.csv"


@pytest.mark.parametrize("form", ["csv", "md", "html", "docx", "xlsx"])
@pytest.mark.parametrize("way", ["--no-transpose", "--transpose"])
def test_table_1_as_printed_comes_back_as_its_15_statements(tmp_path: Path, form: str, way: str) -> None:
    file = tmp_path / f"table1.{form}"
    assert agency("table", "-p", "ECU 911", "-p", "JSeI", way, "-o", file).exit_code == 0
    result = wide(file, origins=with_origins(tmp_path), source="vilaseoane2024")
    adds_up(result)
    assert len(result.rows) == 15
    assert stated(result) == STATEMENTS
    assert set(result.rows["source"]) == {"vilaseoane2024"}
    unsaid = next(line for line in counts(result) if line.startswith("What the input does not say"))
    assert "country, actor_kind, only, amount, currency, locator, quote, confidence, rank and coder" in unsaid


@pytest.mark.parametrize(
    "pack", [lambda rows: xlsx({"Notes": [["a"]], "Table 1": rows}), lambda rows: ods({"T": rows})]
)
def test_table_1_in_a_workbook_comes_back_in_both_orientations(tmp_path: Path, pack) -> None:
    for number, rows in enumerate((TABLE_1, [list(column) for column in zip(*TABLE_1, strict=True)])):
        file = tmp_path / f"table{number}.xlsx"
        data = pack(rows)
        file = file.with_suffix(".ods" if b"opendocument" in data else ".xlsx")
        file.write_bytes(data)
        assert stated(wide(file, origins=with_origins(tmp_path))) == STATEMENTS


def test_without_origins_they_are_the_only_thing_to_fill_in(tmp_path: Path) -> None:
    file, first, second = tmp_path / "t.csv", tmp_path / "first", tmp_path / "second"
    file.write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in TABLE_1), "utf-8")
    done = run("wide", file, "-o", first)
    assert done.exit_code == 0
    assert "14 statements need the origins of their actors: fill in origins.csv" in done.stdout
    listed = (first / "origins.csv").read_text("utf-8-sig").splitlines()
    assert listed[0] == "actor,origin,rows"
    assert len(listed) == 7
    check = agency("check", first, "--all")
    assert check.exit_code == 1
    codes = {line.rsplit("[", 1)[-1] for line in check.stdout.splitlines() if line.startswith("error")}
    assert codes == {"origin-missing]"}
    filled = ORIGINS.replace("ECU 911,local", "ECU 911,local")
    (first / "origins.csv").write_text(filled, "utf-8")
    assert run("wide", file, "-o", second, "--origins", first / "origins.csv").exit_code == 0
    assert agency("check", second).exit_code == 0
    printed = agency("table", second, "-f", "csv").stdout
    assert printed.splitlines() == [",".join(row) for row in TABLE_1]


@pytest.mark.parametrize(
    "cell,wanted",
    [
        ("A and B", [("A", "held"), ("B", "held")]),
        ("A; B", [("A", "held"), ("B", "held")]),
        ("A, B y C", [("A", "held"), ("B", "held"), ("C", "held")]),
        ("A [1], B [2, §] and C [§]", [("A", "held"), ("B", "held"), ("C", "held")]),
        ("nobody", [("", "vacant")]),
        ("nadie", [("", "vacant")]),
        ("en negociación con ZTE", [("ZTE", "negotiating")]),
        ("no aplica", [("", "not_applicable")]),
        ("Ministry of Economy and Finance", [("Ministry of Economy and Finance", "held")]),
        ("Huawei Technologies Co., Ltd.", [("Huawei Technologies Co., Ltd.", "held")]),
        ("A (proposed: B) and (alleged: C)", [("A", "held"), ("B", "proposed"), ("C", "held")]),
        ("JTEG (Jiangsu and Co) and B", [("JTEG (Jiangsu and Co)", "held"), ("B", "held")]),
    ],
)
def test_a_cell_is_split_where_it_names_several(cell: str, wanted: list[tuple[str, str]]) -> None:
    assert [(one.actor, one.status) for one in statements(cell)] == wanted


@pytest.mark.parametrize(
    "cell,start,end,years",
    [
        ("Until 2018: A", "", "2018", ""),
        ("Hasta 2018: A", "", "2018", ""),
        ("From 2018 onwards: A", "2018", "", ""),
        ("2012–2015: A", "2012", "2015", ""),
        ("2018: A", "2018", "2018", ""),
        ("A (desde 2019)", "2019", "", ""),
        ("A (2011–2013)", "2011", "2013", ""),
        ("A (technical, 2011–2013)", "2011", "2013", ""),
        ("A for 3 years", "", "", "3"),
        ("A por 3 años", "", "", "3"),
    ],
)
def test_years_beside_a_name_are_its_years(cell: str, start: str, end: str, years: str) -> None:
    assert [(one.actor, one.start, one.end, one.duration_years) for one in statements(cell)] == [
        ("A", start, end, years)
    ]


def test_a_name_is_two_where_its_parts_are_actors() -> None:
    assert len(statements("Ministry of Economy and Finance Board")) == 1
    assert len(statements("Ministry of Economy and ZTE Board", {"ministry_of_economy", "zte_board"})) == 2
    kept = statements("Ministry of Economy and Finance")[0]
    assert "read as one name" in kept.remark


def test_years_that_may_belong_to_one_or_both_are_left(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text(
        'Phase,P\nDesigned by,A\nImplemented by,"Until 2018: A; B"\nManaged and operated by,not coded\n', "utf-8"
    )
    result = wide(file)
    adds_up(result)
    assert [(one.line, one.extent) for one in result.left if one.extent == "entry"] == [(3, "entry"), (4, "entry")]
    assert "has no years of its own" in result.left[0].reason


@settings(max_examples=examples(30), deadline=None)
@given(
    st.lists(st.sampled_from(["ZTE", "CEIEC", "Huawei", "Telconet"]), min_size=1, max_size=4, unique=True),
    st.sampled_from(
        [
            ("", "", ""),
            ("Until 2018: ", "", "2018"),
            ("From 2012 onwards: ", "2012", ""),
            ("2012–2018: ", "2012", "2018"),
        ]
    ),
    st.sampled_from(["", "technical", "data storage"]),
)
def test_what_the_table_prints_is_read_back(names: list[str], years: tuple[str, str, str], scope: str) -> None:
    shown = [f"{name} ({scope})" if scope else name for name in names]
    cell = years[0] + (shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}")
    assert statements(cell) == [Stated(name, scope, years[1], years[2]) for name in names]


def test_titles_notes_and_strange_columns_are_listed(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text(
        "Who held what,,,,\nProject,Country,Budget,Designed by,Operation\nECU 911,Ecuador,240,CEIEC,ECU 911\n"
        ",,,X,Y\nSource: us,,,,\n",
        "utf-8",
    )
    result = wide(file)
    adds_up(result)
    assert result.projects[["project", "country"]].to_numpy().tolist() == [["ECU 911", "ECU"]]
    assert [(one.line, one.extent, one.column, one.found) for one in result.left] == [
        (1, "line", "", "Who held what"),
        (3, "value", "Budget", "240"),
        (4, "line", "", "X Y"),
        (5, "line", "", "Source: us"),
    ]


def test_words_of_your_own_for_phases_are_a_small_file(tmp_path: Path) -> None:
    (tmp_path / "words.toml").write_text('[lookups.phase]\n"Architect" = "design"\n"Runs it" = "operation"\n', "utf-8")
    (tmp_path / "t.csv").write_text("Case,Architect,Runs it\nA,ZTE,Police\n", "utf-8")
    result = wide(tmp_path / "t.csv", mapping=tmp_path / "words.toml")
    assert result.rows[["phase", "actor"]].to_numpy().tolist() == [["design", "ZTE"], ["operation", "Police"]]
    (tmp_path / "words.toml").write_text('[lookup.phase]\n"Architect" = "design"\n', "utf-8")
    with pytest.raises(DataError, match=r"words.toml:1.*found 'lookup'"):
        wide(tmp_path / "t.csv", mapping=tmp_path / "words.toml")


def test_origins_follow_from_seats_where_the_country_is_known(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        "Project,Country,Designed by,Operation\nA,ECU,ZTE,Police\nB,PER,Acme,Police\n", "utf-8"
    )
    (tmp_path / "actors.csv").write_text("actor,alias,seat\nZhongxing,ZTE,CHN\nPolice,,ECU\nAcme,,USA\n", "utf-8")
    result = wide(tmp_path / "t.csv", origins=tmp_path / "actors.csv")
    rows = result.rows[["project", "actor", "origin"]].to_numpy().tolist()
    # Whether a third country is Western, a seat does not say.
    assert rows == [["A", "ZTE", "chinese"], ["A", "Police", "local"], ["B", "Acme", ""], ["B", "Police", ""]]


def test_a_merged_cell_holds_for_all_it_covers(tmp_path: Path) -> None:
    rows = [["Phase", "P", "Q"], ["Designed by", "ZTE", None], ["Operation", "A", "B"]]
    (tmp_path / "t.xlsx").write_bytes(xlsx({"T": rows}, merged=["B2:C2"]))
    result = wide(tmp_path / "t.xlsx")
    assert result.rows[["project", "phase", "actor"]].to_numpy().tolist() == [
        ["P", "design", "ZTE"],
        ["Q", "design", "ZTE"],
        ["P", "operation", "A"],
        ["Q", "operation", "B"],
    ]
    assert "sheet 'T': merged cells hold for all they cover" in counts(result)


def test_two_tables_are_two_readings(tmp_path: Path) -> None:
    file = tmp_path / "t.xlsx"
    file.write_bytes(xlsx({"One": TABLE_1, "Two": TABLE_1}))
    with pytest.raises(DataError, match="2 tables with phases: 'One' and 'Two'"):
        wide(file)
    from agency.table import Choices

    assert len(wide(file, reading=Choices(sheet="Two")).rows) == 15


def test_cells_that_span_hold_for_all_they_span(tmp_path: Path) -> None:
    file = tmp_path / "t.html"
    file.write_text(
        "<p>x</p><table><tr><th>Phase<th>P<th>Q</tr><tr><td>Designed by<td colspan=2>ZTE<sup>1</sup></tr>"
        "<tr><td>Operation<td rowspan=1>A<br>B<td>C</tr></table>",
        "utf-8",
    )
    result = wide(file)
    rows = result.rows[["project", "phase", "actor"]].to_numpy().tolist()
    assert rows == [
        ["P", "design", "ZTE"],
        ["Q", "design", "ZTE"],
        ["P", "operation", "A"],
        ["P", "operation", "B"],
        ["Q", "operation", "C"],
    ]
