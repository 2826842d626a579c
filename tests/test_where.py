"""Conditions on rows, and the user's own columns that they can name."""

from __future__ import annotations

import json
from dataclasses import fields

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import agency
from agency.cli import group
from agency.cli.catalogue import COMMANDS
from agency.errors import UsageError
from agency.findings.finding import one_line, warning_notices
from agency.table.check import canonical_frame, examine_data, load_table
from agency.table.read.frames import frame_records
from agency.vocabulary.codebook import default_codebook
from agency.vocabulary.columns import COLUMNS, columns_in
from agency.vocabulary.where import where

FRAME = pd.DataFrame(
    {
        "region": ["Andes", "Plata", ""],
        "Año de obra": ["2010", "x", "2015"],
        "start": pd.array([2010, None, 2015], dtype="Int64"),
        "end": pd.array([2012, 2013, None], dtype="Int64"),
        "unnamed": [True, False, False],
        "amount": [240e6, float("nan"), 1.5],
    }
)
ROWS = [
    {"project": "P", "phase": "design", "actor": "A", "origin": "local", "source": "s", "region": "Andes"},
    {"project": "Q", "phase": "design", "actor": "B", "origin": "local", "source": "s", "region": "Plata"},
]


@pytest.mark.parametrize(
    "text, expected",
    [
        ('region == "Andes"', [1, 0, 0]),
        ("region == 'Andes' or start > 2012", [1, 0, 1]),
        ('region != "Andes"', [0, 1, 1]),
        ('region == ""', [0, 0, 1]),
        ("start >= 2010", [1, 0, 1]),
        ("start != 2010", [0, 0, 1]),
        ("not start >= 2012", [1, 1, 0]),
        ("2011 <= end <= 2012", [1, 0, 0]),
        ("start < end", [1, 0, 0]),
        ('region in ["Andes", "Plata"]', [1, 1, 0]),
        ('region not in ("Andes",)', [0, 1, 1]),
        ("start in [2010, 2011]", [1, 0, 0]),
        ('"nd" in region', [1, 0, 0]),
        ('"nd" not in region', [0, 1, 1]),
        ("unnamed", [1, 0, 0]),
        ("not unnamed and (start == 2015 or end == 2013)", [0, 1, 1]),
        ("unnamed == True", [1, 0, 0]),
        ("amount > 1e6", [1, 0, 0]),
        ("amount > -1", [1, 0, 1]),
        ("ano_de_obra >= 2011", [0, 0, 1]),
        ('ano_de_obra == "x"', [0, 1, 0]),
        ('start == "2010"', [1, 0, 0]),
        ('"a" == "a"', [1, 1, 1]),
    ],
)
def test_conditions(text, expected):
    assert where(FRAME, text).astype(int).tolist() == expected


@pytest.mark.parametrize(
    "text, words",
    [
        ("regoin == 'Andes'", "there is no column 'regoin'. Did you mean 'region'?"),
        ("__import__('os').system('x')", "is no condition"),
        ("region.str == 'x'", "neither a column nor a number"),
        ("region[0] == 'x'", "neither a column nor a number"),
        ("len(region) > 1", "neither a column nor a number"),
        ("(lambda: 1)() == 1", "neither a column nor a number"),
        ("start + 1 == 2011", "neither a column nor a number"),
        ("region", "is no condition"),
        ("1", "is no condition"),
        ("", "cannot be read from character"),
        ("region ==", "cannot be read from character"),
        ("region = 'x'", "cannot be read from character"),
        ("region is 'x'", "is no comparison"),
        ("start > 'abc'", "'abc' is compared with a number"),
        ("'x' in start", "in goes with a list"),
        ("region in start", "in goes with a list"),
        (f"{'(' * 900}region == 'x'{')' * 900}", ""),
        (f"start == {'9' * 1900}", "out of range"),
        ("x" * 30_000, "30000 characters"),
        ("region == 'a\x00b'", ""),
        ("region == None", "neither a column"),
    ],
)
def test_what_is_no_condition_is_said(text, words):
    with pytest.raises(UsageError) as caught:
        where(FRAME, text)
    assert words in str(caught.value)
    assert str(caught.value).startswith("--where ")


def test_a_name_of_two_columns_is_said():
    with pytest.raises(UsageError, match="a_b is A b and a-b"):
        where(pd.DataFrame({"A b": ["x"], "a-b": ["y"]}), "a_b == 'x'")


@given(st.text(max_size=40))
def test_any_text_is_a_condition_or_a_usage_error(text):
    try:
        mask = where(FRAME, text)
    except UsageError:
        return
    assert mask.dtype == bool
    assert len(mask) == len(FRAME)


def test_own_columns_stay_with_the_rows_and_are_said_once():
    frame = pd.DataFrame([{**row, "holder": "mine"} for row in ROWS])
    table = load_table(frame)
    assert list(table.own) == ["region", "holder"]
    assert table.statements.loc[where(table.statements, 'region == "Plata"'), "project"].tolist() == ["Q"]
    assert table.statements["holder"].tolist() == ["mine", "mine"]
    assert "region" not in table.rows
    assert table.notices == ("your own columns: region and holder",)
    assert load_table(frame.drop(columns=["region", "holder"])).own is None


@pytest.mark.parametrize(
    "name, column",
    [("Start year", "start"), ("Año de inicio", "start"), ("Fecha fin", "end"), ("Confidence level", "confidence"),
     ("Actor type", "actor_kind"), ("Page", "locator"), ("ISO3", "country"), ("Comments", "note"),
     ("Start date", "start"), ("Nivel de confianza", "confidence"), ("Page no.", "locator")],
)  # fmt: skip
def test_a_column_in_other_words_is_read_and_said(name, column):
    value = {"start": "2016", "end": "2018", "confidence": "alleged", "actor_kind": "bank", "country": "ECU"}
    seen = examine_data(pd.DataFrame([{**ROWS[0], name: value.get(column, "x")}]).drop(columns="region"))
    assert str(seen.table.rows[column].tolist()[0]) == value.get(column, "x")
    assert seen.table.own is None


@pytest.mark.parametrize("name", ["source_url", "project id", "region of the origin", "final report", "phase type"])
def test_a_column_that_only_names_one_that_is_there_is_ones_own(name):
    table = load_table(pd.DataFrame([{**ROWS[0], name: "x"}]).drop(columns="region"))
    assert list(table.own) == [name]


@pytest.mark.parametrize(
    "names, said",
    [(["coder note"], "could be coder or note"), (["Start year", "start month"], "could be start, like 'start month'"),
     (["actor country"], "could be actor or country"), (["year"], "could be start or end"),
     (["year", "year of contract"], "could be start or end"), (["Fecha"], "could be start or end")],
)  # fmt: skip
def test_a_column_that_could_be_two_is_an_error(names, said):
    seen = examine_data(pd.DataFrame([{**ROWS[0], **dict.fromkeys(names, "2016")}]))
    errors = [entry for entry in seen.findings if entry.severity == "error"]
    assert [entry.code for entry in errors] == ["column-two"] * len(names)
    assert said in errors[0].message


def test_a_header_of_many_words_is_no_work():
    assert columns_in("x " * 500, COLUMNS) == ()


def test_the_table_as_read_is_read_again_without_a_word():
    frame = pd.DataFrame(
        [
            {"Proyecto": "P", "FASE": "Diseño", "actor": " A ", "Origen": "Chino", "fuente": "s", "País": "México",
             "Fecha de inicio": "2016-03-01", "anónimo": "sí", "amount": "240.000.000", "moneda": "US$",
             "región": "Andes", "Estado": "en manos"},
        ]
    ).drop(columns="Estado")  # fmt: skip
    first = canonical_frame(frame_records(frame), COLUMNS, default_codebook())
    assert first.to_dict("records") == [
        {"project": "P", "country": "MEX", "phase": "design", "actor": "A", "origin": "chinese", "unnamed": "true",
         "start": "2016", "amount": "240000000", "currency": "USD", "source": "s", "región": "Andes"}
    ]  # fmt: skip
    again = canonical_frame(frame_records(first), COLUMNS, default_codebook())
    pd.testing.assert_frame_equal(first, again)
    one, other = load_table(frame), load_table(first)
    pd.testing.assert_frame_equal(one.rows, other.rows)
    assert [entry.code for entry in other.findings if entry.code in ("value-read", "column-near")] == []


def test_all_is_said_in_one_line():
    seen = examine_data(pd.DataFrame([{**ROWS[0], "Start year": "desde 2016", "rank": "preferred"}]))
    line = one_line([*seen.notices, *warning_notices(seen.findings), "48 projects are not listed."])
    assert line == (
        "agency: 1 value read by its label (agency check lists it); columns read by their names: Start year = start; "
        "your own columns: region; 1 warning (agency check); 48 projects are not listed."
    )


# Choosing and grouping by columns of the study.


@pytest.fixture
def study(tmp_path):
    """Return a study with own columns in the table and in projects.csv, one of them in both."""
    (tmp_path / "actors_by_phase.csv").write_text(
        "project,phase,actor,origin,start,source,team,zone\n"
        "P,design,A,local,2010,s,red,\nP,operation,B,chinese,2012,s,blue,\n"
        "Q,design,A,local,2015,s,red,coast\nQ,operation,C,chinese,2016,s,red,\n",
        "utf-8",
    )
    (tmp_path / "projects.csv").write_text(
        "project,country,type,window_start,window_end,launched,Región,zone\n"
        "P,ECU,cable,2009,2020,2012,Andes,north\nQ,ARG,satellite,2014,2020,,Plata,south\n",
        "utf-8",
    )
    return tmp_path


@pytest.mark.parametrize(
    "condition, rows",
    [
        ('team == "red"', [0, 2, 3]),  # own, of the table
        ('region == "Andes"', [0, 1]),  # own, of projects.csv
        ('zone == "south"', [3]),  # own, of both: a row's own cell first
        ('origin == "chinese" and start >= 2016', [3]),  # the table's
        ('type == "cable"', [0, 1]),  # of projects.csv
        ("launched <= 2012", [0, 1]),
        ("not launched", None),
        ("window_start > 2010", [2, 3]),
        ('country in ["ECU", "PER"]', [0, 1]),
    ],
)
def test_rows_are_chosen_by_any_column(study, condition, rows):
    loaded = agency.load(study)
    if rows is None:
        with pytest.raises(UsageError, match="is no condition"):
            loaded.where(condition)
        return
    chosen = loaded.where(condition)
    assert [line - 2 for line in chosen.evidence().index] == rows
    assert chosen.view == loaded.select(where=condition).view
    # The selection is by rows: what stands beside them stays.
    kept = [entry.name for entry in fields(loaded.data) if entry.name != "rows"]
    assert all(getattr(chosen.data, name) is getattr(loaded.data, name) for name in kept)
    names = list(dict.fromkeys(loaded.data.rows["project"].iloc[rows]))
    assert chosen.resolved.projects == tuple(names)
    windows = chosen.select(min_phases=0).matrix.windows
    assert windows["start"].tolist() == loaded.data.projects.loc[names, "window_start"].tolist()


def test_conditions_add_up_and_go_with_the_other_choices(study):
    loaded = agency.load(study)
    both = loaded.where('team == "red"').where('origin == "chinese" or start < 2011')
    assert both.evidence().index.tolist() == [2, 5]
    assert loaded.select(project="Q").where("start > 2015").projects == ("Q",)
    with pytest.raises(
        UsageError, match=r"No statement meets all of project 'P' and where 'start > 2015'. Leave one out."
    ):
        loaded.select(project="P").where("start > 2015")
    with pytest.raises(UsageError, match="No statement meets all of"):
        loaded.select(country="ECU", type="satellite")


@pytest.mark.parametrize(
    "condition, said",
    [
        ("regoin == 'Andes'", "there is no column 'regoin'. Did you mean 'region'? Known: actor, actor_kind, "),
        ("region == 'Andez'", "--where \"region == 'Andez'\": no row meets it. Región: Andes and Plata."),
        ("start > 2050", "no row meets it. start: 2010 to 2016."),
        ("team.upper() == 'RED'", "neither a column nor a number"),
        ("team.x == 'RED'", "neither a column nor a number"),
        ("zone == 'north' and team == 'green'", "zone: coast, north and south. team: blue and red."),
    ],
)
def test_every_command_says_what_is_wrong_with_a_condition(study, condition, said):
    for name in COMMANDS:
        if name in ("new", "check", "verify", "import"):
            continue
        needed = {
            "compare": ["P", "Q"],
            "diff": [str(study)],
            "whatif": ["--withdraw", "B", "--from", "2013"],
            "export": ["--to", "edges", "-o", str(study / "x.svg")],
        }
        more = needed.get(name, [])
        place = ["--data", str(study)] if name == "compare" else [str(study)]
        if name == "figure":
            more, place = [], ["matrix", str(study)]
        if name in ("heatmap", "figure", "report"):
            more += ["-o", str(study / "x.svg")]
        result = CliRunner().invoke(group, [name, *place, *more, "--where", condition])
        assert isinstance(result.exception, UsageError), (name, result.output)
        assert said in str(result.exception), name
        assert not (study / "x.svg").exists()


def test_the_rules_say_the_condition(study):
    result = CliRunner().invoke(group, ["report", str(study), "-o", str(study / "r"), "--where", 'team == "red"'])
    assert result.exit_code == 0, result.output
    said = "Only statements that meet a condition were taken: team == &#34;red&#34;."
    assert said in (study / "r" / "report.html").read_text("utf-8")
    result = CliRunner().invoke(group, ["report", str(study), "-o", str(study / "all")])
    assert result.exit_code == 0, result.output
    assert "meet a condition" not in (study / "all" / "report.html").read_text("utf-8")


def test_a_column_with_one_value_in_each_project_is_a_group(study):
    table = agency.load(study).data
    assert table.of_projects("region", ["P", "Q"]).tolist() == ["Andes", "Plata"]
    assert table.of_projects("launched", ["P", "Q"]).tolist() == ["2012", ""]
    assert table.of_projects("team", ["Q"]).tolist() == ["red"]
    with pytest.raises(UsageError, match=r"P has 'red' and 'blue' in the column team. Name one with a single value"):
        table.of_projects("team", ["P", "Q"])
    with pytest.raises(UsageError, match=r"there is no column 'regoin'. Did you mean 'region'"):
        table.of_projects("regoin", ["P"])
    with pytest.raises(UsageError, match="Q has 'coast' and 'south' in the column zone"):
        table.of_projects("zone", ["P", "Q"])


def test_numbers_are_grouped_by_a_column_of_ones_own(study):
    result = CliRunner().invoke(group, ["indicators", str(study), "--by", "region", "-f", "json"])
    assert result.exit_code == 0, result.output
    assert sorted(json.loads(result.stdout)["groups"]) == ["Andes", "Plata"]
    result = CliRunner().invoke(group, ["indicators", str(study), "--by", "team"])
    assert isinstance(result.exception, UsageError)
    assert "P has 'red' and 'blue' in the column team" in str(result.exception)
