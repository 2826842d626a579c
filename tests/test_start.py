"""`agency new`, `agency check --mark` and `--write`: from an empty folder, or a wrong sheet, to a sound table."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import examples
from workbooks import DIALECTS, ods, xlsx

from agency.cli import group
from agency.errors import AgencyError
from agency.findings import errors_of
from agency.table import starter_files
from agency.table.check import examine_data, load_table
from agency.vocabulary import COLUMNS, FILES, default_codebook
from agency.words import LANGUAGES, speaking

HEAD = ["project", "phase", "actor", "origin", "source"]
ROW = ["P", "design", "A", "local", "s"]


def run(*arguments):
    result = CliRunner().invoke(group, [str(argument) for argument in arguments])
    if isinstance(result.exception, AgencyError):
        return result.exception.exit_code, "", str(result.exception)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


# agency new


@pytest.fixture
def started(tmp_path):
    assert run("new", tmp_path / "study")[0] == 0
    return tmp_path / "study"


def test_a_new_folder_passes_check_as_csv_and_as_workbook(started):
    for data in (started, started / "study.xlsx", started / "actors_by_phase.csv"):
        code, out, _ = run("check", data)
        assert code == 0, out
        assert "no errors, no warnings" in out
    (started / "actors_by_phase.csv").unlink()
    (started / "projects.csv").unlink()
    assert load_table(started).projects["window_start"].tolist() == [2012]


def test_a_new_folder_has_the_same_bytes_each_time():
    assert all(starter_files(language=language) == starter_files(language=language) for language in LANGUAGES)
    assert starter_files(examples=False) == starter_files(examples=False)


def test_the_workbook_has_a_sheet_per_file_with_notes_and_lists():
    book = openpyxl.load_workbook(io.BytesIO(starter_files()["study.xlsx"]))
    assert book.sheetnames == [*(name.removesuffix(".csv") for name in FILES), "lists"]
    for name, columns in FILES.items():
        page = book[name.removesuffix(".csv")]
        assert [cell.value for cell in page[1]] == [column.name for column in columns]
        assert all(column.description in cell.comment.text for cell, column in zip(page[1], columns, strict=True))
        assert page.freeze_panes == "A2"


def lists_of(book):
    """What can be chosen in each column of the table, as a spreadsheet finds it: rule, name, range, cells."""
    page = book["actors_by_phase"]
    found = {}
    for rule in page.data_validations.dataValidation:
        column = page[str(rule.sqref).split(":")[0].rstrip("0123456789") + "1"].value
        sheet, cells = next(book.defined_names[rule.formula1.removeprefix("=")].destinations)
        found[column] = [cell.value for (cell,) in book[sheet][cells]]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_vocabulary_has_a_list_and_every_choice_is_read(language):
    book = openpyxl.load_workbook(io.BytesIO(starter_files(language=language)["study.xlsx"]))
    lists = lists_of(book)
    assert set(lists) == {column.name for column in COLUMNS if column.kind in ("key", "flag", "country", "currency")}
    assert len(lists["phase"]) == len(default_codebook().phases)
    for column, choices in lists.items():
        # Read by itself each choice is one value, and no two choices are the same.
        row = dict(zip(HEAD, ROW, strict=True))
        findings = examine_data(pd.DataFrame([row | {column: choice} for choice in choices])).findings
        codes = {entry.code for entry in findings}
        assert not codes & {"value-unknown", "flag-format", "country-format", "country-unknown", "currency-unknown"}
        assert not codes & {"value-two", "country-two"}
        values = [entry.expected.split(", ")[0] for entry in findings if entry.code == "value-read"]
        assert len(values) == len(set(values))


@pytest.fixture(params=["es", "pt"])
def spoken(request, tmp_path):
    """A folder in another language, and that language."""
    assert run("new", tmp_path / "study", "--language", request.param)[0] == 0
    return tmp_path / "study", request.param


def test_a_folder_in_another_language_is_the_same_table(spoken, started_in_english):
    folder, language = spoken
    for name in ("", "study.xlsx", "actors_by_phase.csv"):
        ours, theirs = (examine_data(place / name) for place in (folder, started_in_english))
        assert [entry.code for entry in ours.findings if entry.code != "value-read"] == [
            entry.code for entry in theirs.findings if entry.code != "value-read"
        ]
        same = [column.name for column in COLUMNS if column.name not in ("scope", "note")]
        pd.testing.assert_frame_equal(ours.table.rows[same], theirs.table.rows[same])
        assert ours.table.projects["country"].tolist() == ["ECU"]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        name: content if isinstance(content, bytes) else content.encode()
        for name, content in starter_files(language=language).items()
    }


@pytest.fixture(scope="module")
def started_in_english(tmp_path_factory):
    folder = tmp_path_factory.mktemp("english") / "study"
    assert run("new", folder)[0] == 0
    return folder


def test_what_is_printed_of_a_folder_is_in_its_language(spoken):
    folder, language = spoken
    assert {"es": "Diseñado por", "pt": "Projetado por"}[language] in run("table", folder)[1]
    assert {"es": "afirmaciones", "pt": "afirmações"}[language] in run("brief", folder)[1]
    assert "Designed by" in run("table", folder, "--language", "en")[1]


def test_a_folder_in_another_language_has_no_english_left(spoken):
    folder, language = spoken
    english = starter_files()
    for name in ("README.md", "codebook.toml"):
        ours = (folder / name).read_text("utf-8").splitlines()
        told = {line for line in english[name].splitlines() if line.startswith("#") or name == "README.md"}
        assert not {line for line in told if " " in line} & set(ours)
    codebook = load_table(folder).codebook
    assert codebook.study.language == language
    assert not [
        entry for entry in (*codebook.phases, *codebook.origins) if f"label.{language}" not in dict(entry.translations)
    ]
    pages = [
        openpyxl.load_workbook(io.BytesIO(file))["actors_by_phase"]
        for file in (english["study.xlsx"], (folder / "study.xlsx").read_bytes())
    ]
    for column, cells in zip(COLUMNS, zip(*(page[1] for page in pages), strict=True), strict=True):
        assert [cell.value for cell in cells] == [column.name] * 2
        assert column.description not in cells[1].comment.text


def test_a_filled_in_workbook_wins_over_examples_in_another_language(spoken):
    folder, _ = spoken
    (folder / "study.xlsx").write_bytes(xlsx({"actors_by_phase": [HEAD, ["Q", *ROW[1:]]]}))
    assert load_table(folder).rows["project"].tolist() == ["Q"]


def test_only_the_option_decides_the_language_of_a_folder(tmp_path):
    with speaking("es"):
        assert run("new", tmp_path / "study")[0] == 0
    assert (tmp_path / "study" / "README.md").read_text("utf-8") == starter_files()["README.md"]
    code, _, err = run("new", tmp_path / "other", "--language", "fr")
    assert code == 2
    assert all(f"'{language}'" in err for language in LANGUAGES)
    assert not (tmp_path / "other").exists()


def test_empty_has_no_rows(tmp_path):
    assert run("new", tmp_path / "study", "--empty")[0] == 0
    book = openpyxl.load_workbook(tmp_path / "study" / "study.xlsx")
    assert all(book[name.removesuffix(".csv")].max_row == 1 for name in FILES)
    code, out, _ = run("check", tmp_path / "study")
    assert code == 1
    assert "[table-empty]" in out


def test_without_openpyxl_the_folder_is_csv_and_says_what_is_missing(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    code, out, err = run("new", tmp_path / "study")
    assert code == 0
    assert "study.xlsx" not in out
    assert 'pip install "phase-agency[excel]"' in err
    assert run("check", tmp_path / "study")[0] == 0


def test_the_file_that_is_filled_in_is_read_and_two_are_an_error(started):
    table = started / "actors_by_phase.csv"
    examples = table.read_bytes()
    table.write_text(",".join(HEAD) + "\n" + ",".join(ROW) + "\n")
    assert load_table(started).rows["project"].tolist() == ["P"]
    table.write_bytes(examples)
    (started / "study.xlsx").write_bytes(xlsx({"actors_by_phase": [HEAD, ["Q", *ROW[1:]]]}))
    assert load_table(started).rows["project"].tolist() == ["Q"]
    table.write_text(",".join(HEAD) + "\n" + ",".join(ROW) + "\n")
    code, _, err = run("check", started)
    assert code == 2
    assert "actors_by_phase.csv and study.xlsx are filled in, and only one can be the table" in err


def test_new_never_writes_into_a_folder_with_files(tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    assert run("new", tmp_path)[0] == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


# agency check --mark


def marks(path, sheet):
    page = openpyxl.load_workbook(path)[sheet]
    return {
        cell.coordinate: (cell.fill.fgColor.rgb[-6:], cell.comment.text)
        for row in page.iter_rows()
        for cell in row
        if cell.comment is not None
    }


WRONG = [[*HEAD, "note"], ["P", "desing", "A", "local", "s", "=1+1"], ["P", "operation", "A", "local", "", "fine"]]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_the_marked_workbook_has_the_cells_and_says_at_each_wrong_one_why(kind, tmp_path):
    data = {
        "csv": lambda: "\n".join(";".join(row) for row in WRONG).encode(),
        "xlsx": lambda: xlsx({"Cases": WRONG, "Notes": [["x"]]}),
        "ods": lambda: ods({"Cases": WRONG, "Notes": [["x"]]}),
    }[kind]()
    path = tmp_path / f"t.{kind}"
    path.write_bytes(data)
    code, out, err = run("check", path, "--mark", tmp_path / "out.xlsx")
    assert code == 1
    assert "[value-unknown]" in out
    assert "your cells, with what is wrong marked" in err
    assert path.read_bytes() == data
    sheet = "actors_by_phase" if kind == "csv" else "Cases"
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert book.sheetnames == [sheet, "findings"]
    assert [[cell.value or "" for cell in row] for row in book[sheet].iter_rows()] == WRONG
    assert book[sheet]["F2"].data_type == "s"
    found = marks(tmp_path / "out.xlsx", sheet)
    assert set(found) == {"B2", "E3", "F2"}
    assert found["B2"][0] == found["E3"][0] != found["F2"][0]
    assert found["B2"][1].startswith("error: found 'desing', expected ")
    assert "a new phase is added in codebook.toml" in found["B2"][1]
    listed = [[cell.value for cell in row] for row in book["findings"].iter_rows(min_row=2)]
    assert ["error", path.name, "2", "phase"] in [row[:4] for row in listed]
    assert len(listed) == len(examine_data(path).findings)


def test_the_marked_workbook_is_the_same_bytes_and_can_be_corrected_and_read(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("\n".join(",".join(row) for row in WRONG))
    run("check", path, "--mark", tmp_path / "one.xlsx")
    run("check", path, "--mark", tmp_path / "two.xlsx")
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    book = openpyxl.load_workbook(tmp_path / "one.xlsx")
    book["actors_by_phase"]["B2"], book["actors_by_phase"]["E3"] = "design", "s"
    book.save(tmp_path / "three.xlsx")
    assert not errors_of(examine_data(tmp_path / "three.xlsx").findings)


def test_lines_that_fit_no_row_are_marked_too(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(
        "\n\n" + ",".join(HEAD) + "\n" + ",".join(ROW) + "\nP,design\n\nFuente: propia\n" + ",".join([*ROW, "x"])
    )
    run("check", path, "--mark", tmp_path / "out.xlsx")
    assert set(marks(tmp_path / "out.xlsx", "actors_by_phase")) == {"A5", "A7", "A8"}
    page = openpyxl.load_workbook(tmp_path / "out.xlsx")["actors_by_phase"]
    assert [cell.value for cell in page[8]] == [*ROW, "x"]
    assert page["A7"].value == "Fuente: propia"


def test_companions_are_marked_and_what_cannot_be_read_is_listed(tmp_path):
    (tmp_path / "t.csv").write_text(",".join(HEAD) + "\n" + ",".join(ROW) + "\n")
    (tmp_path / "projects.csv").write_text("project,window_start\nP,soon\nP,2012\n")
    (tmp_path / "actors.csv").write_bytes(b"\x89PNG\0\0")
    run("check", tmp_path / "t.csv", "--mark", tmp_path / "out.xlsx")
    assert "B2" in marks(tmp_path / "out.xlsx", "projects")
    listed = openpyxl.load_workbook(tmp_path / "out.xlsx")["findings"]
    assert "file-binary" in [row[5].value for row in listed.iter_rows()]


@pytest.mark.parametrize("option, name", [("--mark", "out.xlsx"), ("--write", "out.csv"), ("--write", "out.xlsx")])
def test_an_input_or_an_existing_file_is_never_written(option, name, tmp_path):
    data = tmp_path / name
    data.write_bytes(xlsx({"Cases": [HEAD, ROW]}) if name.endswith("xlsx") else b"project,phase,actor,origin,source\n")
    before = data.read_bytes()
    (tmp_path / "link.xlsx").symlink_to(tmp_path / "nowhere.xlsx")
    code, out, err = run("check", data, option, data)
    assert (code, out) == (2, "")
    assert "the file exists. Choose a new name" in err
    assert data.read_bytes() == before
    assert run("check", data, "--mark", tmp_path / "link.xlsx")[0] == 2
    assert not (tmp_path / "nowhere.xlsx").exists()


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--mark", "out.csv"], "give a name that ends in .xlsx"),
        (["--write", "out.txt"], "give a name that ends in .csv or .xlsx"),
        (["--mark", "o.xlsx", "--write", "./o.xlsx"], "--mark goes there"),
        (["--mark", "absent/o.xlsx"], "cannot be written"),
    ],
)
def test_places_that_cannot_be_are_refused(arguments, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_text(",".join(HEAD) + "\n" + ",".join(ROW) + "\n")
    code, _, err = run("check", "t.csv", *arguments)
    assert code == 2
    assert words in err
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]


# agency check --write


def test_a_table_with_errors_is_not_written(tmp_path):
    (tmp_path / "t.csv").write_text("\n".join(",".join(row) for row in WRONG))
    code, _, err = run("check", tmp_path / "t.csv", "--write", tmp_path / "clean.csv")
    assert code == 1
    assert "not written, the table has errors" in err
    assert not (tmp_path / "clean.csv").exists()


def test_own_columns_stay_and_what_is_not_in_the_file_is_said(tmp_path):
    sheets = {"Cases": [[*HEAD, "Region"], [*ROW, "Andes"]], "projects": [["project", "label"], ["P", "The project"]]}
    (tmp_path / "t.xlsx").write_bytes(xlsx(sheets))
    _, _, err = run("check", tmp_path / "t.xlsx", "--write", tmp_path / "clean.csv")
    assert "clean.csv: 1 row as it was read. Not in it: projects.csv; a .xlsx holds them" in err
    assert (tmp_path / "clean.csv").read_text("utf-8-sig") == ",".join([*HEAD, "Region"]) + "\n" + ",".join(
        [*ROW, "Andes"]
    ) + "\n"
    run("check", tmp_path / "t.xlsx", "--write", tmp_path / "clean.xlsx")
    table = load_table(tmp_path / "clean.xlsx")
    assert table.projects.loc["P", "label"] == "The project"
    # Own columns are named by every command.
    assert [notice for notice in table.notices if not notice.startswith("your own columns")] == []


@pytest.mark.parametrize("title", [[], [["Who held what"], [""]]])
@pytest.mark.parametrize("name", ["Project name", "Nombre del proyecto", "project (short)"])
def test_the_sheet_is_found_by_names_in_other_words(tmp_path, name, title):
    head = [name if column == "project" else column for column in HEAD]
    (tmp_path / "t.xlsx").write_bytes(xlsx({"Cases": [*title, head, ROW], "Other": [["x"]]}))
    examination = examine_data(tmp_path / "t.xlsx")
    assert examination.table is not None, examination.findings
    assert list(examination.table.rows["project"]) == ["P"]
    (tmp_path / "two.xlsx").write_bytes(xlsx({"Cases": [head, ROW], "Other": [HEAD, ROW]}))
    assert examine_data(tmp_path / "two.xlsx").table is not None, "exact names win over names in other words"
    (tmp_path / "same.xlsx").write_bytes(xlsx({"Cases": [head, ROW], "Other": [head, ROW]}))
    assert [entry.code for entry in examine_data(tmp_path / "same.xlsx").findings] == ["sheet-two"]


WORDS = st.text(st.sampled_from("aeiou ABñáçãõéíú',;|\"\n.-()1290_x0041_=+"), max_size=12)
CELLS = st.fixed_dictionaries(
    {
        "project": WORDS.map(lambda word: "p" + word),
        "phase": st.sampled_from(
            ["design", "DISEÑO", "Designed by", "operación y gestión", "Manutenção", "initiation"]
        ),
        "actor": st.text(st.sampled_from("aeiou ABñáçãõéíú'.()-1290"), max_size=12).map(lambda word: "a" + word),
        "origin": st.sampled_from(["local", "Chinese", "chino", "OCIDENTAL"]),
        "country": st.sampled_from(["", "ECU", "Ecuador", "México; Brasil", "DR Congo"]),
        "unnamed": st.sampled_from(["", "sí", "Não", "x", "FALSE"]),
        "source": st.just("s"),
        "start": st.sampled_from(["", "2012", "2014.0", "desde 2011", "2013-03-01"]),
        "end": st.sampled_from(["", "2018"]),
        "note": WORDS,
        "Región": WORDS,
    }
)
CALLED = {
    "project": ["project", "PROYECTO", "Projeto", "project name"],
    "phase": ["phase", "Fase", "FASE"],
    "actor": ["Actor", "ator"],
    "origin": ["ORIGIN", "Origen", "origem"],
    "country": ["País", "ISO3", "pais"],
    "unnamed": ["Sin nombre", "sem_nome"],
    "source": ["Fuente", "fonte", " source "],
    "start": ["start", "Start year", "Año de inicio", "INÍCIO"],
    "end": ["Fecha fin", "fim", "end date"],
    "note": ["Notes", "Comentarios", "nota"],
}
WRITERS = ["csv", *DIALECTS, "ods"]


def written(header, names, rows, writer, options):
    """The bytes of a table in a dialect, its columns under other names, and the ending that belongs to it."""
    table = [names, *([row[name] for name in header] for row in rows)]
    if writer == "ods":
        return ods({"Cases": table}), "ods"
    if writer != "csv":
        return xlsx({"Cases": table, "Other": [["x"]]}, DIALECTS[writer]), "xlsx"
    delimiter, encoding, newline, quoting = options
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator=newline, quoting=quoting).writerows(table)
    return stream.getvalue().encode(encoding), "csv"


@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(CELLS, min_size=1, max_size=5),
    order=st.permutations(
        ["project", "phase", "actor", "origin", "source", "start", "end", "note", "Región", "country", "unnamed"]
    ),
    writer=st.sampled_from(WRITERS),
    options=st.tuples(
        st.sampled_from([",", ";", "\t", "|"]),
        st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
        st.sampled_from(["\n", "\r\n"]),
        st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    ),
    called=st.fixed_dictionaries({name: st.sampled_from(names) for name, names in CALLED.items()}),
    ending=st.sampled_from(["csv", "xlsx"]),
)
def test_reading_twice_is_reading_once(rows, order, writer, options, called, ending, tmp_path_factory):
    folder = tmp_path_factory.mktemp("twice")
    data, kind = written(order, [called.get(name, name) for name in order], rows, writer, options)
    path, clean, again = folder / f"t.{kind}", folder / f"clean.{ending}", folder / f"again.{ending}"
    path.write_bytes(data)
    first = examine_data(path)
    assert first.table is not None, first.findings
    assert run("check", path, "--write", clean)[0] == 0
    second = examine_data(clean)
    assert second.table is not None
    assert [notice for notice in second.notices if not notice.startswith("your own columns")] == []
    assert not {"value-read", "column-near"} & {entry.code for entry in second.findings}
    pd.testing.assert_frame_equal(
        second.table.rows.drop(columns=["line", "row"]), first.table.rows.drop(columns=["line", "row"])
    )
    pd.testing.assert_frame_equal(second.table.projects, first.table.projects)
    assert run("check", clean, "--write", again)[0] == 0
    assert again.read_bytes() == clean.read_bytes()
