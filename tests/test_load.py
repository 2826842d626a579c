"""What a sound table becomes: types, aliases, identities, countries, dates and windows."""

from __future__ import annotations

import dataclasses
import hashlib
import subprocess
import sys
import time

import pandas as pd
import pytest

from agency.errors import DataError, UsageError
from agency.references import bibliography, reference_text
from agency.table.check import load_table, table_from_records
from agency.table.model import Table
from agency.table.names import alias_map
from agency.vocabulary.codebook import StudyFacts, default_codebook
from agency.vocabulary.columns import COLUMNS

BASE = {"project": "P", "phase": "maintenance", "actor": "A", "origin": "local", "source": "s"}


def rows(*given: dict, **companions) -> Table:
    return table_from_records([{**BASE, **row} for row in given], **companions)


def years(table: Table) -> list[tuple[int | None, int | None]]:
    pairs = zip(table.rows["start"], table.rows["end"], strict=True)
    return [tuple(None if pd.isna(year) else int(year) for year in pair) for pair in pairs]


def window(table: Table, project: str = "P") -> tuple[int | None, int | None, str]:
    entry = table.projects.loc[project]
    sides = [None if pd.isna(entry[side]) else int(entry[side]) for side in ("window_start", "window_end")]
    return (*sides, entry["window_source"])


TEXT = str(pd.Series(dtype="str").dtype)
"""What pandas calls a column of text: ``object`` before 3, ``str`` since."""


def test_columns_and_types_are_the_same_whatever_is_given():
    dtypes = rows({}).rows.dtypes.astype("str").to_dict()
    text = {column.name: TEXT for column in COLUMNS}
    typed = {"start": "Int64", "end": "Int64", "duration_years": "Int64", "unnamed": "bool", "only": "bool"}
    typed |= {"amount": "float64", "kind_given": TEXT}
    assert dtypes == text | typed | {"line": "int64", "row": "int64", "holder": TEXT, "actor_id": "int64"}
    full = {"start": 2012, "end": 2014, "duration_years": 3, "unnamed": True, "note": "x", "country": "ECU"}
    full |= {"only": True, "amount": 240e6, "currency": "USD"}
    assert rows(full).rows.dtypes.astype("str").to_dict() == dtypes


def test_absent_columns_and_empty_cells_mean_the_default():
    first = rows({}, {"status": "", "role": None, "confidence": "", "rank": float("nan")}).rows
    assert (
        first[["status", "role", "confidence", "rank"]].to_numpy().tolist()
        == [["held", "lead", "reported", "normal"]] * 2
    )
    assert first["unnamed"].tolist() == [False, False]


@pytest.mark.parametrize(
    "row, expected",
    [
        ({"start": 2016, "duration_years": 3}, (2016, 2018)),
        ({"end": 2018, "duration_years": 3}, (2016, 2018)),
        ({"start": 2016, "end": 2018, "duration_years": 3}, (2016, 2018)),
        ({"duration_years": 3}, (None, None)),
        ({"start": 2016}, (2016, None)),
        ({"start": "2016,0", "end": "2018.0"}, (2016, 2018)),
    ],
)
def test_a_duration_completes_one_date(row, expected):
    assert years(rows(row)) == [expected]


def test_aliases_are_resolved_through_chains():
    actors = [{"actor": "B", "alias": "A", "kind": "bank"}, {"actor": "C", "alias": "B", "kind": "ngo", "seat": "ECU"}]
    table = rows({}, {"phase": "design", "actor": "C"}, {"phase": "operation", "actor": "a"}, actors=actors)
    assert table.rows["actor"].tolist() == ["C", "C", "a"]
    assert table.rows["actor_id"].tolist() == [0, 0, 1]
    assert table.rows["actor_kind"].tolist() == ["ngo", "ngo", ""]


def test_an_unnamed_actor_belongs_to_its_project():
    table = rows({"unnamed": "TRUE"}, {"project": "Q", "unnamed": "true"}, {"project": "R"}, {"project": "S"})
    assert table.rows["actor_id"].tolist() == [0, 1, 2, 2]


def test_named_and_unnamed_of_one_name_in_one_project():
    table = rows({"unnamed": "true"}, {"phase": "design"}, {"project": "Q", "unnamed": "true"})
    assert table.rows["holder"].tolist() == ["A (unnamed)", "A", "A"]
    assert [entry.code for entry in table.findings if entry.severity == "warning"] == ["actor-clash"]


def test_rows_without_an_actor_have_no_identity():
    table = rows({"actor": "", "origin": "", "status": "negotiating"}, {"actor": "", "status": "vacant"})
    assert table.rows["actor_id"].tolist() == [-1, -1]
    assert table.rows["holder"].tolist() == table.rows["origin"].tolist() == ["", ""]


def test_countries_come_from_the_registry_else_from_the_rows():
    projects = [{"project": "P", "country": "ECU"}, {"project": "R", "country": "ARG; BRA"}]
    table = rows({}, {"project": "Q", "country": "ARG"}, {"project": "Q"}, {"project": "R"}, projects=projects)
    assert table.rows["country"].tolist() == ["ECU", "ARG", "", "ARG;BRA"]
    assert table.projects["country"].tolist() == ["ECU", "ARG", "ARG;BRA"]
    assert table.projects.index.tolist() == ["P", "Q", "R"]


@pytest.mark.parametrize(
    "given, registry, expected",
    [
        ([{"start": 2013, "end": 2015}], {}, (2013, 2015, "derived")),
        ([{"end": 2015}, {"start": 2012}], {}, (2012, 2015, "derived")),
        ([{"start": 2014}], {}, (2014, 2014, "derived")),
        ([{"start": 2014, "status": "proposed"}], {}, (None, None, "")),
        ([{"start": 2014}, {"start": 2010, "status": "proposed"}], {}, (2014, 2014, "derived")),
        ([{"start": 2014, "phase": "design", "end": 2020}], {}, (2014, 2020, "derived")),
        ([{"start": 2014, "duration_years": 3}], {}, (2014, 2016, "derived")),
        ([{"start": 2014, "rank": "deprecated"}], {}, (None, None, "")),
        ([{"start": 2014, "status": "denied"}], {}, (None, None, "")),
        ([{"duration_years": 3}], {}, (None, None, "")),
        ([{"start": 2014}], {"window_start": 2012, "window_end": 2021, "window_source": "s"}, (2012, 2021, "s")),
        ([{"start": 2014}], {"window_start": 2012, "window_source": "s"}, (2012, 2014, "derived")),
        ([{"start": 2014}], {"window_start": 2016}, (None, None, "")),
        ([{}], {"window_start": 2016, "window_source": "s"}, (None, None, "")),
        ([{}], {"window_start": 2018, "window_end": 2016}, (None, None, "")),
    ],
)  # fmt: skip
def test_windows(given, registry, expected):
    table = rows(*given, projects=[{"project": "P", **registry}, {"project": "unused"}])
    assert window(table) == expected
    assert table.projects.index.tolist() == ["P"]


@pytest.mark.parametrize(
    "given, until, launched, expected",
    [
        ([{"start": 2014, "end": 2016}, {"phase": "design", "start": 2010}], None, None, (2014, 2016)),
        ([{"end": 2016}, {"phase": "design", "start": 2010}], None, None, (2010, 2016)),
        ([{"end": 2016}, {"phase": "design", "start": 2010}], None, 2012, (2012, 2016)),
        ([{"start": 2014}, {"phase": "design", "start": 2010, "end": 2015}], 2020, None, (2014, 2020)),
        ([{"start": 2014}, {"phase": "design", "start": 2010, "end": 2015}], None, None, (2014, 2015)),
        ([{}, {"phase": "design", "start": 2010}], 2020, None, (2010, 2020)),
        ([{"duration_years": 3}, {"phase": "design", "start": 2010}], 2020, None, (2010, 2020)),
        ([{"phase": "design", "start": 2010}], 2020, None, (2010, 2010)),
        ([{"phase": "design", "start": 2010}], 2020, 2015, (2015, 2020)),
        ([{"phase": "design", "start": 2010}], None, 2015, (None, None)),
        ([{"phase": "design"}], 2020, None, (None, None)),
        ([{"phase": "design", "start": 2010, "status": "proposed"}], 2020, None, (None, None)),
        ([{"start": 2014}], 2012, None, (None, None)),
    ],
)  # fmt: skip
def test_a_window_is_derived_from_launch_rows_and_the_end_of_the_study(given, until, launched, expected):
    codebook = dataclasses.replace(default_codebook(), study=StudyFacts(until=until))
    table = rows(*given, projects=[{"project": "P", "launched": launched}], codebook=codebook)
    assert window(table)[:2] == expected


def test_what_an_actor_is_part_of_is_the_one_at_the_top():
    actors = [
        {"actor": "SIS", "alias": "Service", "part_of": "Ministry"},
        {"actor": "Ministry", "part_of": "Government"},
        {"actor": "A", "part_of": "Service"},
        {"actor": "Government"},
    ]
    table = rows({}, actors=actors)
    assert dict(table.wholes) == {"SIS": "Government", "Ministry": "Government", "A": "Government"}
    assert rows({}).wholes == {}


def test_a_denial_of_an_origin_keeps_it():
    table = rows({"status": "denied", "actor": "", "origin": "chinese"}, {"status": "vacant", "actor": ""})
    assert table.rows["origin"].tolist() == ["chinese", ""]
    assert table.rows["actor_id"].tolist() == [-1, -1]


@pytest.mark.parametrize(
    "cell, value",
    [("240e6", 240e6), ("240.000.000", 240e6), ("240,000,000.5", 240000000.5), ("1.234e0", 1.234), ("0,5", 0.5),
     ("1234,5", 1234.5), ("240 000", 240e3), ("1.234.567,25", 1234567.25), (240e6, 240e6)],
)  # fmt: skip
def test_amounts(cell, value):
    assert rows({"amount": cell, "currency": "USD"}).rows["amount"].tolist() == [value]


def test_a_chain_of_aliases_of_any_length_takes_no_time():
    size = 20_000
    actors = pd.DataFrame({"actor": [f"a{n + 1}" for n in range(size)], "alias": [f"a{n}" for n in range(size)]})
    began = time.process_time()
    assert set(alias_map(actors).values()) == {f"a{size}"}
    assert time.process_time() - began < 5


def test_the_shipped_study_is_table_1():
    table = load_table()
    assert window(table, "ECU 911")[:2] == (2012, 2021)
    assert window(table, "JSeI")[:2] == (2016, 2022)
    preferred = table.rows.loc[(table.rows["rank"] == "preferred") & table.rows["project"].isin(["ECU 911", "JSeI"])]
    assert len(preferred) == 15
    assert table.short["vilaseoane2024"] == "Vila Seoane and Álvarez Velasco 2024"
    assert table.sources["vilaseoane2024"].doi == "10.1080/01972243.2024.2317057"
    assert table.name == "actors_by_phase.csv"


def test_without_sources_bib_keys_stand_for_themselves(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("project,phase,actor,origin,source\nP,design,A,local,key2\nP,operation,A,local,key1\n")
    table = load_table(path)
    assert [source.key for source in table.sources.values()] == ["key2", "key1"]
    assert table.short == {"key2": "key2", "key1": "key1"}
    assert bibliography(table.sources, table.cited) == []


def test_the_hash_is_over_every_file_and_can_be_had_with_sha256sum(tmp_path):
    files = {
        "actors_by_phase.csv": "project,phase,actor,origin,source\nP,design,A,local,s\n",
        "projects.csv": "project,window_start,window_end\nP,2010,2012\n",
        "actors.csv": "actor,alias\nA,a\n",
        "events.csv": "project,year,label\nP,2011,x\n",
        "codebook.toml": "[study]\nuntil = 2020\n",
        "sources.bib": "@misc{s, title = {T}}\n",
        "claims.toml": "# no claims yet\n",
        "double_coding.csv": "coder\n",
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    table = load_table(tmp_path)
    assert table.files == {name: hashlib.sha256(text.encode()).hexdigest() for name, text in files.items()}
    printed = "".join(f"{table.files[name]}  {name}\n" for name in sorted(files))
    assert table.sha256 == hashlib.sha256(printed.encode()).hexdigest()
    for name, content in files.items():
        (tmp_path / name).write_text(f"{content}\n")
        assert load_table(tmp_path).sha256 != table.sha256, name
        (tmp_path / name).write_text(content)
    (tmp_path / "projects.csv").unlink()
    assert load_table(tmp_path).sha256 != table.sha256


def test_a_dataframe_is_validated_like_a_file():
    frame = pd.DataFrame([{**BASE, "start": 2012.0, "unnamed": True}, {**BASE, "phase": "design", "start": None}])
    table = load_table(frame)
    assert years(table) == [(2012, None), (None, None)]
    assert table.rows["unnamed"].tolist() == [True, False]
    assert table.rows["line"].tolist() == [2, 3]
    assert len(table.sha256) == 64
    with pytest.raises(DataError, match=r"DataFrame\[1\], column phase: found 'desing'"):
        load_table(frame.replace("design", "desing"))
    with pytest.raises(DataError, match="there is a header but no row"):
        load_table(frame.iloc[:0])
    with pytest.raises(DataError, match="no column 'source'"):
        load_table(frame.drop(columns="source"))
    with pytest.raises(UsageError, match="DATA is list"):
        load_table([BASE])


@pytest.mark.parametrize("dtype", ["str", "object", "category"])
def test_a_dataframe_of_any_text_dtype_and_index(dtype):
    frame = pd.DataFrame([BASE, {**BASE, "phase": "design"}], index=[7, 7]).astype(dtype)
    assert load_table(frame).rows["phase"].tolist() == ["maintenance", "design"]


def test_loading_does_not_change_what_was_given():
    frame = pd.DataFrame([{**BASE, "actor": " A  B "}])
    before = frame.copy()
    assert load_table(frame).rows["actor"].tolist() == ["A B"]
    pd.testing.assert_frame_equal(frame, before)


def test_a_single_csv_takes_the_companions_beside_it(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("project,phase,actor,origin,source\nP,design,A,local,s\n")
    (tmp_path / "actors.csv").write_text("actor;alias;kind\nÑandú;A;ngo\n", encoding="cp1252")
    (tmp_path / "events.csv").write_text("project,year,label\nP,2018,Opening\n")
    (tmp_path / "sources.bib").write_text(
        "@misc{s, author = {Pérez, Ana}, title = {X}, year = 2020}\n", encoding="utf-8"
    )
    table = load_table(path)
    assert table.rows[["actor", "actor_kind"]].to_numpy().tolist() == [["Ñandú", "ngo"]]
    assert table.events["year"].tolist() == [2018]
    assert [reference_text(entry) for entry in bibliography(table.sources, table.cited)] == ["Pérez, Ana. 2020. “X.”"]
    assert table.folder == str(tmp_path)
    assert "actors.csv" in table.notices[0]


def test_loading_imports_neither_matplotlib_nor_jinja2(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("project,phase,actor,origin,source\nP,design,A,local,s\n")
    code = (
        "import sys; from agency.table.check import load_table; load_table(sys.argv[1]); "
        "print([name for name in ('matplotlib', 'jinja2', 'pybtex', 'hypothesis') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["projects.csv", "actors.csv", "events.csv", "sources.bib", "codebook.toml"])
@pytest.mark.parametrize("content", [b"\n", b"\xef\xbb\xbf\r\n"])
def test_an_empty_companion_is_as_good_as_none(name, content, tmp_path):
    (tmp_path / "actors_by_phase.csv").write_text("project,phase,actor,origin,source\nP,design,A,local,s\n")
    (tmp_path / name).write_bytes(content)
    table = load_table(tmp_path)
    assert table.notices == (f"{name}: the file is empty and not used.",)
    assert list(table.sources) == ["s"]
