"""Workbooks as people have them: every dialect is read alike; merged, odd, far and damaged ones are named."""

from __future__ import annotations

import io
import resource
import sys
import time
import zipfile

import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import examples
from workbooks import DIALECTS, Blank, Cell, Date, Fault, Formula, ods, xlsx, zipped

from agency.errors import DataError, UsageError
from agency.findings import UnreadableError
from agency.table.check import examine_data, load_table
from agency.table.read.archive import file_type
from agency.table.read.bundle import Choices, _assumptions, open_table
from agency.table.read.grid import cell_name
from agency.table.read.workbook import open_book
from agency.vocabulary import COLUMNS

HEAD = ["project", "phase", "actor", "origin", "source"]
ROW = ["P", "design", "A", "local", "s"]
WRITERS = {**{name: lambda sheets, d=d: xlsx(sheets, d) for name, d in DIALECTS.items()}, "ods": ods}


def name_of(writer):
    return "t.ods" if writer == "ods" else "t.xlsx"


def codes(path, **options):
    return [(entry.code, entry.line, entry.column) for entry in examine_data(path, **options).findings]


def kinds_of(path):
    return [code for code, *_ in codes(path)]


def put(folder, data, name="t.xlsx"):
    (folder / name).write_bytes(data)
    return folder / name


@pytest.mark.parametrize("writer", WRITERS)
def test_every_dialect_is_read_alike(writer, tmp_path):
    rows = [
        [*HEAD, "start", "unnamed", "note"],
        ["Cámaras", "design", "Compañía São", "local", 7, 2018, True, "two  spaces & <tag>\nand lines"],
        [None] * 8,
        [Blank(), Blank("\u00a0")],
        ["P", "operation", Formula("B"), "local", "s", None, False, None],
    ]
    path = put(tmp_path, WRITERS[writer]({"Notes": [["read me"]], "Cases": rows}), name_of(writer))
    table = load_table(path)
    assert table.rows["project"].tolist() == ["Cámaras", "P"]
    assert table.rows["actor"].tolist() == ["Compañía São", "B"]
    assert [str(year) for year in table.rows["start"]] == ["2018", "<NA>"]
    assert table.rows["unnamed"].tolist() == [True, False]
    assert table.rows["source"].tolist() == ["7", "s"]
    assert table.rows["note"].tolist() == ["two spaces & <tag>\nand lines", ""]
    assert table.rows["line"].tolist() == [2, 5]
    assert table.notices == (f"{path.name}: reading sheet 'Cases'; another one with --sheet.",)


@pytest.mark.parametrize("writer", WRITERS)
def test_errors_and_formulas_without_a_value_are_named_in_every_dialect(writer, tmp_path):
    rows = [[*HEAD, "locator"], ["P", "design", Formula(""), "local", Fault("#REF!"), Date("2018-12-13", 43447)]]
    path = put(tmp_path, WRITERS[writer]({"Cases": rows}), name_of(writer))
    assert codes(path) == [("formula-empty", 2, "actor"), ("cell-type", 2, "locator"), ("cell-type", 2, "source")]
    found = {entry.column: entry.found for entry in examine_data(path).findings}
    assert found == {"actor": "=… (cell C2)", "source": "#REF! (cell E2)", "locator": "2018-12-13"}


@pytest.mark.parametrize("writer", ["Excel", "Strict", "ods"])
def test_a_date_in_a_year_column_is_handed_on_as_it_is_shown(writer):
    rows = [[*HEAD, "start"], [*ROW, Date("2016-03-01", 42430)]]
    records = open_table(WRITERS[writer]({"Cases": rows}), name_of(writer), COLUMNS, Choices()).records
    assert records.columns[5] == ["2016-03-01"]
    assert records.findings == ()


def test_a_year_typed_into_a_cell_formatted_as_a_date_is_two_readings(tmp_path):
    path = put(tmp_path, xlsx({"Cases": [[*HEAD, "start"], [*ROW, Date("1905-07-10", 2018)]]}))
    assert ("cell-type", 2, "start") in codes(path)


CELLS = st.one_of(
    st.none(),
    st.integers(-10_000, 10**12),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.booleans(),
    st.text(st.sampled_from("aé <&>\"'x_0F;\n")).map(lambda text: text),
)


@settings(max_examples=examples(60), deadline=None)
@given(
    rows=st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=5), dialect=st.sampled_from([*DIALECTS])
)
def test_cells_are_what_another_reader_says(rows: list[list[Cell]], dialect):
    data = xlsx({"A": rows, "B": [["b"]]}, DIALECTS[dialect])
    ours = open_book(data, "t.xlsx").grid("A").rows
    theirs = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("A")
    expected = {
        row: {column: said(cell) for column, cell in enumerate(cells, 1) if said(cell).strip()}
        for row, cells in enumerate(theirs.to_python(skip_empty_area=False), 1)
    }
    assert ours == {row: cells for row, cells in expected.items() if cells}


def said(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
    return str(value)


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_merged_cells_of_project_country_and_source_are_filled_down_and_said(kind, tmp_path):
    rows = [
        HEAD,
        ROW,
        [None, "operation", "B", "local", None],
        [None, "maintenance", "B", "local", None],
        ["Q", *ROW[1:]],
    ]
    data = (
        xlsx({"Cases": rows}, merged=["A2:A4", "E2:E4"])
        if kind == "xlsx"
        else ods({"Cases": rows}, spans={(2, 1): (3, 1), (2, 5): (3, 1)})
    )
    table = load_table(put(tmp_path, data, f"t.{kind}"))
    assert table.rows["project"].tolist() == ["P", "P", "P", "Q"]
    assert table.rows["source"].tolist() == ["s"] * 4
    assert table.notices == (f"t.{kind}: merged cells of project and source filled down.",)
    filled = [(entry.column, entry.found) for entry in table.findings if entry.code == "merged-filled"]
    assert filled == [("project", "A2:A4"), ("source", "E2:E4")]


@pytest.mark.parametrize(
    "merged, line, column",
    [("C2:C3", 2, "actor"), ("C2:D2", 2, "actor"), ("A2:B3", 2, "project"), ("C1:D1", 1, "actor")],
)
def test_other_merged_cells_are_errors_that_name_the_range(merged, line, column, tmp_path):
    rows = [HEAD, ROW, ["P", "operation", "B", "local", "s"]]
    path = put(tmp_path, xlsx({"Cases": rows}, merged=[merged]))
    assert ("cells-merged", line, column) in codes(path)
    assert any(merged in entry.found for entry in examine_data(path).findings)


def test_merged_cells_that_hold_nothing_of_the_table_are_nothing(tmp_path):
    rows = [["Tabla 1. Actores por fase"], [], HEAD, ROW]
    path = put(tmp_path, xlsx({"Cases": rows}, merged=["A1:E1", "G9:H12", "B4:B4"]))
    table = load_table(path)
    assert table.notices == ("t.xlsx: header on row 3.",)
    assert table.rows["line"].tolist() == [4]


def test_merged_cells_that_overlap_are_damage(tmp_path):
    path = put(tmp_path, xlsx({"Cases": [HEAD, ROW, ROW]}, merged=["A2:A3", "A2:A4"]))
    assert kinds_of(path) == ["workbook-damaged"]


def test_a_sheet_with_a_title_is_read_if_it_is_the_only_one_that_fits(tmp_path):
    titled = [["Tabla 1"], [], HEAD, ROW]
    one = put(tmp_path, xlsx({"Notes": [["x"]], "Cases": titled}), "one.xlsx")
    assert load_table(one).notices == ("one.xlsx: reading sheet 'Cases' (header on row 3); another one with --sheet.",)
    three = put(tmp_path, xlsx({"A": [HEAD, ROW], "B": titled, "C": titled}), "three.xlsx")
    with pytest.raises(DataError, match=r"3 sheets with the table's header: 'A', 'B', 'C', .* with --sheet"):
        load_table(three)
    assert load_table(three, sheet="B").rows["line"].tolist() == [4]


def test_sheets_are_companions(tmp_path):
    sheets = {
        "Cases": [HEAD, ROW],
        "Projects": [["project", "label", "window_start", "window_end"], ["P", "The project", 2012, 2021]],
        "actors": [["actor", "alias"], ["A", "Abc"]],
        "events": [["project", "year", "label"]],
        "codings": [[*HEAD, "coder"], [*ROW, "X"]],
    }
    (tmp_path / "projects.csv").write_text("project,label\nP,Other\n")
    table = load_table(put(tmp_path, xlsx(sheets)))
    assert table.projects.loc["P", "label"] == "The project"
    assert table.actors["alias"].tolist() == ["Abc"]
    assert "projects.csv is not read: t.xlsx has a sheet 'Projects'." in table.notices
    assert load_table(tmp_path / "t.xlsx", sheet="codings").rows["coder"].tolist() == ["X"]


def test_a_finding_in_a_companion_sheet_says_where(tmp_path):
    sheets = {"Cases": [HEAD, ROW], "projects": [["project", "window_start"], ["P", "soon"]]}
    found = [entry for entry in examine_data(put(tmp_path, xlsx(sheets))).findings if entry.code == "year-format"]
    assert [(entry.file, entry.line) for entry in found] == [("t.xlsx (sheet 'projects')", 2)]
    sheets["projects"] = [["project"], ["P"], ["P"]]
    found = [entry for entry in examine_data(put(tmp_path, xlsx(sheets))).findings if entry.code == "project-repeated"]
    assert {entry.file for entry in found} == {"t.xlsx (sheet 'projects')"}


def test_a_blank_cell_far_out_is_nothing_and_a_value_there_is_named(tmp_path):
    cells = {(row, column): cell for row, line in enumerate([HEAD, ROW], 1) for column, cell in enumerate(line, 1)}
    last = (1_048_576, 16_384)
    started = time.monotonic()
    assert len(load_table(put(tmp_path, xlsx({"Cases": {**cells, last: Blank()}}))).rows) == 1
    assert codes(put(tmp_path, xlsx({"Cases": {**cells, last: "x"}}))) == [("cell-far", 1_048_576, "")]
    assert "XFD1048576 ('x')" in examine_data(tmp_path / "t.xlsx").findings[0].found
    assert codes(put(tmp_path, xlsx({"Cases": {**cells, (1_048_576, 1): "x"}})))[0] == ("row-note", 1_048_576, "")
    assert time.monotonic() - started < 5


def test_repeated_cells_of_ods_are_read_and_its_empty_tail_is_nothing(tmp_path):
    tail = (
        '<table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="string">'
        "<text:p>Q</text:p></table:table-cell>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in ROW[1:]
        )
        + '</table:table-row><table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    table = load_table(put(tmp_path, ods({"Cases": [HEAD, ROW]}, tail=tail), "t.ods"))
    assert table.rows["project"].tolist() == ["P", "Q", "Q"]
    assert table.rows["line"].tolist() == [2, 3, 4]


def test_cells_repeated_without_end_are_refused_before_memory_runs_out(tmp_path):
    tail = (
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384" '
        'office:value-type="string"><text:p>Q</text:p></table:table-cell></table:table-row>'
    )
    assert kinds_of(put(tmp_path, ods({"Cases": [HEAD, ROW]}, tail=tail), "t.ods")) == ["workbook-huge"]


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_no_flipped_byte_is_a_traceback_or_another_table(kind):
    rows = [HEAD, *([f"P{n}", "design", f"Compañía {n}", "local", "s"] for n in range(12))]
    data = xlsx({"Cases": rows}) if kind == "xlsx" else ods({"Cases": rows})
    sound = open_table(data, f"t.{kind}", COLUMNS, Choices()).records
    found = set()
    for at in range(len(data)):
        damaged = bytearray(data)
        damaged[at] ^= 0xFF
        try:
            records = open_table(bytes(damaged), f"t.{kind}", COLUMNS, Choices()).records
        except UnreadableError as error:
            found.update(entry.code for entry in error.findings)
        else:
            assert (records.header, records.columns) == (sound.header, sound.columns)
    assert found <= {"workbook-damaged", "workbook-huge", "file-workbook"}


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_workbook_cut_short_is_damaged(kind, cut, tmp_path):
    data = xlsx({"Cases": [HEAD, ROW]}) if kind == "xlsx" else ods({"Cases": [HEAD, ROW]})
    path = put(tmp_path, data[: int(len(data) * cut)], f"t.{kind}")
    assert kinds_of(path) in (["workbook-damaged"], ["file-workbook"])


def test_missing_and_malformed_parts_are_damage(tmp_path):
    for part, content in {
        "xl__worksheets__sheet1.xml": b"<worksheet><sheetData><row><c r='A1'",
        "xl__workbook.xml": b"",
        "xl__sharedStrings.xml": b"<sst/>",
        "xl__styles.xml": b"<styleSheet><cellXfs><xf numFmtId='x'/></cellXfs></styleSheet>",
        "xl___rels__workbook.xml.rels": b"<Relationships/>",
    }.items():
        path = put(tmp_path, xlsx({"Cases": [HEAD, ROW]}, **{part: content}))
        assert kinds_of(path) == ["workbook-damaged"], part


@pytest.mark.parametrize("where", ["xl__worksheets__sheet1.xml", "xl__sharedStrings.xml", "xl__workbook.xml"])
def test_entities_are_refused(where, tmp_path):
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE a [<!ENTITY l0 "lol">{laughs}]><a>&l9;</a>'.encode()
    started = time.monotonic()
    path = put(tmp_path, xlsx({"Cases": [HEAD, ROW]}, **{where: bomb}))
    assert kinds_of(path) == ["workbook-damaged"]
    assert time.monotonic() - started < 2
    (tmp_path / "secret").write_text("project")
    outside = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]><a>&x;</a>'.encode()
    assert kinds_of(put(tmp_path, xlsx({"Cases": [HEAD, ROW]}, **{where: outside}))) == ["workbook-damaged"]


def test_a_zip_bomb_is_refused_within_a_second(tmp_path):
    sheet = (
        b'<worksheet><sheetData><row r="1"><c r="A1"><v>'
        + b"0" * 120_000_000
        + b"</v></c></row></sheetData></worksheet>"
    )
    path = put(tmp_path, xlsx({"Cases": [HEAD, ROW]}, **{"xl__worksheets__sheet1.xml": sheet}))
    del sheet
    assert path.stat().st_size < 1_000_000
    started = time.monotonic()
    assert kinds_of(path) == ["workbook-huge"]
    assert time.monotonic() - started < 1


def test_one_text_that_a_million_cells_share_is_refused(tmp_path):
    row = "".join(f'<c r="{cell_name(1, n)}" t="s"><v>0</v></c>' for n in range(1, 16_000))
    strings = b"<sst><si><t>" + b"x" * 1_000_000 + b"</t></si></sst>"
    sheet = f'<worksheet><sheetData><row r="1">{row}</row></sheetData></worksheet>'.encode()
    data = xlsx({"Cases": []}, **{"xl__sharedStrings.xml": strings, "xl__worksheets__sheet1.xml": sheet})
    assert kinds_of(put(tmp_path, data)) == ["workbook-huge"]


def test_password_and_other_packed_files_are_named(tmp_path):
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512
    cases = {
        ole + "EncryptedPackage".encode("utf-16-le"): "a file protected by a password",
        ole + "Workbook".encode("utf-16-le"): r"an old Excel workbook \(.xls\)",
        ole + "WordDocument".encode("utf-16-le"): "an old Word document",
        zipped({"word/document.xml": b"<w/>"}): "a Word document.* agency import wide reads it",
        zipped({"xl/workbook.bin": b"x"}): "a binary Excel workbook",
        zipped({"project.qde": b"<x/>"}): "QDPX.* agency import qdpx reads it",
        zipped({"a.txt": b"x"}): r"a packed file \(zip\)",
        b"%PDF-1.7": "a PDF file",
    }
    for data, words in cases.items():
        for name in ("t.xlsx", "t.csv"):
            with pytest.raises(DataError, match=words):
                load_table(put(tmp_path, data, name))
    locked = zipped(
        {
            "content.xml": b"\x93\x02not XML",
            "META-INF/manifest.xml": b"<manifest><file-entry><encryption-data/></file-entry></manifest>",
        }
    )
    with pytest.raises(DataError, match=r"t\.ods: the workbook is protected by a password"):
        load_table(put(tmp_path, locked, "t.ods"))
    assert kinds_of(tmp_path / "t.ods") == ["file-locked"]


def test_a_workbook_under_the_name_of_a_csv_is_said_to_be_one(tmp_path):
    with pytest.raises(DataError, match=r"found an \.xlsx workbook, expected a CSV file"):
        load_table(put(tmp_path, xlsx({"Cases": [HEAD, ROW]}), "t.csv"))
    assert len(load_table(put(tmp_path, ods({"Cases": [HEAD, ROW]}), "t.xlsx")).rows) == 1


def test_rows_of_one_cell_in_one_column_are_said(tmp_path):
    rows = [[",".join(HEAD)], [",".join(ROW)]]
    with pytest.raises(DataError, match=r"all columns are in one cell: 'project,phase.*Text to Columns"):
        load_table(put(tmp_path, xlsx({"Cases": rows})))


def test_a_note_below_the_table_and_a_row_index(tmp_path):
    rows = [[None, *HEAD], [0, *ROW], [1, "P", "operation", "A", "local", "s"], ["Fuente: elaboración propia"]]
    path = put(tmp_path, xlsx({"Cases": rows}))
    assert ("row-note", 4, "") in codes(path)
    assert len(load_table(put(tmp_path, xlsx({"Cases": rows[:3]}))).rows) == 2
    assert load_table(tmp_path / "t.xlsx").notices == ("t.xlsx: a row index left out.",)


def test_a_hostile_mebibyte_takes_seconds(tmp_path):
    """Cells that compress to nothing: as many as the budget of a file of its size allows."""
    row = "<row>" + "<c><v>1</v></c>" * 100 + "</row>"
    sheet = f"<worksheet><sheetData>{row * 8_000}</sheetData></worksheet>".encode()
    started = time.monotonic()
    path = put(tmp_path, xlsx({"Cases": [HEAD, ROW]}, **{"xl__worksheets__sheet1.xml": sheet}))
    assert kinds_of(path) in (["header-missing"], ["workbook-huge"])
    assert time.monotonic() - started < 15


def test_reading_needs_no_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    assert len(load_table(put(tmp_path, xlsx({"Cases": [HEAD, ROW]}))).rows) == 1


def test_the_kind_of_a_broken_archive_is_left_to_its_reader():
    assert file_type(b"PK\x03\x04 broken").kind == "packed"
    with pytest.raises(UsageError, match="Did you mean"):
        open_table(xlsx({"Cases": [HEAD, ROW]}), "t.xlsx", COLUMNS, Choices(sheet="Case"))
    assert zipfile.is_zipfile(io.BytesIO(ods({"A": [HEAD]})))


def test_the_spanish_sheet_is_the_same_rows_as_csv_and_as_workbook():
    from spanish import HEADER, NOTE, ROWS, spanish_csv, spanish_xlsx

    as_csv = open_table(spanish_csv(), "t.csv", COLUMNS, Choices())
    as_workbook = open_table(spanish_xlsx(), "t.xlsx", COLUMNS, Choices())
    assert len(ROWS) == 25
    note = f"this is no row of the table: its only cell reads '{NOTE}'"
    faults = [f"found '{cell}', expected text or a whole number" for cell in ("#N/A (cell M20)", "#REF! (cell E28)")]
    for opened, said in ((as_csv, [note]), (as_workbook, [*faults, note])):
        assert opened.records.header == HEADER
        found = [entry.message for entry in opened.records.findings if entry.severity == "error"]
        assert sorted(found) == sorted(said)
    cells = list(zip(*as_csv.records.columns, strict=True))
    assert cells == [tuple(row) for row in ROWS]
    # Error values have their English names in the file, and years are dates.
    years = [row[:7] + tuple(cell.removesuffix("-01-01") for cell in row[7:9]) + row[9:] for row in
             zip(*as_workbook.records.columns, strict=True)]  # fmt: skip
    assert years == [tuple({"#N/D": "#N/A", "#¡REF!": "#REF!"}.get(cell, cell) for cell in row) for row in cells]
    assert as_csv.notice == ""
    assert _assumptions([as_csv, as_workbook]) == [
        "t.csv: assumed encoding Windows-1252 (line 1: 'País'), separator semicolon. "
        "If that looks wrong, use --encoding and --delimiter."
    ]
    assert as_workbook.notice == (
        "t.xlsx: reading sheet 'Datos' (header on row 3, merged cells of project and country filled down, "
        "a row index left out); another one with --sheet."
    )


def timed(folder, data, name="t.xlsx"):
    started = time.monotonic()
    kinds = kinds_of(put(folder, data, name))
    assert time.monotonic() - started < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1_500_000, "kilobytes, of all tests so far"
    return kinds


def test_a_thousand_sheets_that_are_one_large_part_are_not_read_a_thousand_times(tmp_path):
    sheets = "".join(f'<sheet name="s{n}" r:id="rId1"/>' for n in range(1_000))
    book = f'<workbook xmlns:r="r"><sheets>{sheets}</sheets></workbook>'.encode()
    blank = b"<worksheet><sheetData>" + b"<row></row>" * 500_000 + b"</sheetData></worksheet>"
    data = xlsx({"A": []}, **{"xl__workbook.xml": book, "xl__worksheets__sheet1.xml": blank})
    assert timed(tmp_path, data) == ["workbook-huge"]


def test_a_thousand_sheets_of_ods_are_read_once(tmp_path):
    row = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="900" '
    cell = 'office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
    sheets = {f"s{n}": [] for n in range(1_000)}
    assert timed(tmp_path, ods(sheets, tail=row + cell), "t.ods") == ["workbook-huge"]
    assert timed(tmp_path, ods(sheets, tail="<table:table-row/>" * 500), "t.ods") == ["file-empty"]


def test_a_wide_header_over_many_rows_is_refused_before_memory_runs_out(tmp_path):
    head = {(1, column): name for column, name in enumerate([*HEAD, *(f"c{n}" for n in range(16_000))], 1)}
    rows = {(row, 1): "x" for row in range(2, 40_000)}
    assert timed(tmp_path, xlsx({"Cases": {**head, **rows}})) == ["workbook-huge"]
