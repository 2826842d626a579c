"""Files as people really have them: each dialect is read right or refused with the remedy, never silently wrong."""

from __future__ import annotations

import csv
import io
import resource
import time
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import examples

from agency.errors import DataError, UsageError
from agency.table.check import examine_data, load_table

COLUMNS = ["project", "phase", "actor", "origin", "source", "start", "note"]
ROWS = [
    ["Cámaras Jujuy", "design", "Compañía São", "local", "a2020", "2018", "pública; y, más"],
    ["NA", "operation", "NA", "chinese", "NA", "", 'dice "hola"'],
]
HEADER_ES = ["Proyecto", "Fase", "Actor", "Origen", "Fuente", "Inicio", "Nota"]
HEADER_PT = ["Projeto", "Fase", "Ator", "Origem", "Fonte", "Início", "Notas"]


def text(rows=ROWS, header=COLUMNS, delimiter=",", newline="\n", quoting=csv.QUOTE_MINIMAL):
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator=newline, quoting=quoting).writerows([header, *rows])
    return stream.getvalue()


def plain(rows=2):
    """A table without accents, cell by cell joined with commas."""
    return "project,phase,actor,origin,source\n" + "".join(f"P,design,A{n},local,s\n" for n in range(rows))


def cells(path, **options):
    rows = load_table(path, **options).rows
    years = [str(year).replace("<NA>", "") for year in rows["start"]]
    return rows[COLUMNS].assign(start=years).to_numpy().tolist()


SOUND = {
    "comma utf-8": text().encode(),
    "comma utf-8 BOM": text().encode("utf-8-sig"),
    "semicolon utf-8": text(delimiter=";").encode(),
    "semicolon cp1252 (Excel, Spanish)": text(delimiter=";", newline="\r\n").encode("cp1252"),
    "comma cp1252 (Excel, Mexico)": text(newline="\r\n").encode("cp1252"),
    "tab utf-16 (Excel, Unicode text)": text(delimiter="\t", newline="\r\n").encode("utf-16"),
    "utf-16 big-endian": b"\xfe\xff" + text(delimiter="\t").encode("utf-16-be"),
    "bar utf-8": text(delimiter="|").encode(),
    "CR only (old Mac)": text(newline="\r").encode(),
    "everything quoted": text(quoting=csv.QUOTE_ALL).encode(),
    "sep line": b"sep=;\r\n" + text(delimiter=";", newline="\r\n").encode("cp1252"),
    "BOM and sep line": b"\xef\xbb\xbfsep=;\n" + text(delimiter=";").encode(),
    "blank rows": text().replace("\n", "\n\n").encode(),
    "rows of separators (Excel's empty tail)": (text() + ",,,,,,\n" * 3).encode(),
    "empty columns at the side of the header": text().replace("note\n", "note,,\n").encode(),
    "empty columns at the side": "".join(line + ",,\n" for line in text().splitlines()).encode(),
    "an empty column in front": "".join("," + line + "\n" for line in text().splitlines()).encode(),
    "Spanish header": text(header=HEADER_ES).encode(),
    "Portuguese header": text(header=HEADER_PT).encode("cp1252"),
    "header in capitals with spaces": text(header=[f" {name.upper()} " for name in COLUMNS]).encode(),
    "spaces around cells": text([[f"  {cell}\u00a0" for cell in row] for row in ROWS]).encode(),
    "decomposed accents": text().replace("á", "a\u0301").replace("ñ", "n\u0303").replace("ã", "a\u0303").encode(),
    "year as 2018.0": text().replace(",2018,", ",2018.0,").encode(),
    "year as 2018,0": text(delimiter=";").replace(";2018;", ";2018,0;").encode(),
    "no newline at the end": text().rstrip("\n").encode(),
    "blank lines before the header": b"\n\n" + text().encode(),
}


@pytest.mark.parametrize("name", SOUND)
def test_sound_files_are_read_alike(name, tmp_path):
    path = tmp_path / "table.csv"
    path.write_bytes(SOUND[name])
    assert cells(path) == ROWS


BROKEN = {
    "short row": (plain() + "P,design\n", "row-short", 4),
    "long row": (plain() + "P,design,A,local,s,extra\n", "row-long", 4),
    "unquoted comma": (plain() + "P,design,Ministry, Jujuy,local,s\n", "row-long", 4),
    "every row one cell longer": ("project,phase,actor,origin,source\nP,design,A,local,s,x\n", "row-long", 2),
    "unclosed quote": (plain() + 'P,design,"A,local,s\nP,operation,B,local,s\n', "quote-open", 4),
    "unclosed quote, then another": (plain() + 'P,design,"A,local,s\nP,design,"B",local,s\n', "quote-stray", 4),
    "title above the header": ("Tabla 1. Actores por fase\n" + plain(), "header-late", 1),
    "title with separators": ("Tabla 1,,,,\n,,,,\n" + plain(), "header-late", 1),
    "a column twice": ("project,phase,actor,origin,source,Fase\nP,design,A,local,s,design\n", "column-repeated", 1),
    "two encodings": (plain().encode() + "P,design,Ñandú,local,s\n".encode() + "P,design,Ñ,local,s\n".encode("cp1252"),
                      "encoding-mixed", 5),
    "empty": (b"", "file-empty", 0),
    "only spaces": (b" \n\n", "file-empty", 0),
    "header only": ("project,phase,actor,origin,source\n", "table-empty", 1),
    "a workbook named csv": (b"PK\x03\x04" + b"\0" * 50, "file-workbook", 0),
    "an old workbook named csv": (b"\xd0\xcf\x11\xe0" + b"\0" * 50, "file-workbook", 0),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "file-binary", 3),
    "a zero byte": (plain() + "P,design,A\0,local,s\n", "file-binary", 4),
    "only a byte-order mark": (b"\xef\xbb\xbf", "file-empty", 0),
    "a byte-order mark and a blank line": (b"\xff\xfe\n\0", "file-empty", 0),
    "no header": ("P,design,A,local,s\n", "header-missing", 1),
    "missing column": ("project,phase,actor,origin\nP,design,A,local\n", "column-missing", 1),
    "a file from a Mac": ("project;phase;actor;origin;source\nP;design;Compañía;local;s\n".encode("mac_roman"),
                          "encoding-two", 2),
    "bytes of no encoding": (plain().encode() + b"P,design,\x81\x8d,local,s\n", "encoding-wrong", 4),
    "utf-16 cut in half": (text(delimiter="\t").encode("utf-16")[:-1], "encoding-wrong", 3),
    "two separators": ("project,phase;actor\nP,design;A\n", "delimiter-two", 1),
    "sep line that lies": ("sep=;\n" + plain(), "delimiter-two", 2),
    "a column without a name": ("project,phase,actor,,origin,source\nP,design,A,x,local,s\n", "column-unnamed", 1),
    "a cell under an empty name at the side": (
        "project,phase,actor,origin,source,,\nP,design,A,local,s,x,\n", "column-unnamed", 1),
    "a short row under empty names": ("project,phase,actor,origin,source,,\nP,design,A\n", "row-short", 2),
    "a misspelt column": ("project,phase,actor,origin,source,statsu\nP,design,A,local,s,held\n", "column-misspelt", 1),
    "an endless cell": (plain() + f'P,design,"{"x" * 140_000}",local,s\n', "cell-huge", 4),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files_are_refused_at_their_line(name, tmp_path):
    content, code, line = BROKEN[name]
    path = tmp_path / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(DataError) as caught:
        load_table(path)
    assert (code, line) in [(entry.code, entry.line) for entry in caught.value.findings]
    assert f"[{code}]" in str(caught.value)


@pytest.fixture
def lifted():
    """Lift the limit of the csv module, as frictionless does when it reads a file."""
    before = csv.field_size_limit(2**31 - 1)
    yield
    csv.field_size_limit(before)


@pytest.mark.usefixtures("lifted")
def test_an_endless_cell_is_refused_whatever_other_packages_set(tmp_path):
    test_broken_files_are_refused_at_their_line("an endless cell", tmp_path)
    path = tmp_path / "commas.csv"
    path.write_bytes(HOSTILE["commas"])
    started = time.process_time()
    assert examine_data(path).findings
    assert time.process_time() - started < 2


def test_header_late_names_the_line_of_the_header(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("Tabla 1\n\n" + plain())
    with pytest.raises(DataError, match=r"table.csv:1: the header stands on line 3; line 1 reads 'Tabla 1'"):
        load_table(path)


def test_encoding_option_decides_what_the_reader_cannot(tmp_path):
    path = tmp_path / "table.csv"
    path.write_bytes(text(delimiter=";").encode("mac_roman"))
    assert cells(path, encoding="mac_roman") == ROWS
    with pytest.raises(UsageError, match="no such encoding"):
        load_table(path, encoding="latin-99")
    with pytest.raises(DataError, match="bytes that are not utf-8"):
        load_table(path, encoding="utf-8")


def test_delimiter_option_decides_and_is_checked(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("project;phase;actor;origin;source\nP;design;A;local;s\n")
    assert len(load_table(path, delimiter=";").rows) == 1
    with pytest.raises(DataError, match=r"no column 'project'"):
        load_table(path, delimiter=",")
    with pytest.raises(UsageError, match="give one character"):
        load_table(path, delimiter=";;")


@pytest.mark.parametrize(
    "content, words",
    [
        (
            text(delimiter=";").encode("cp1252"),
            ["Windows-1252 (line 2: 'Cámaras')", "semicolon", "--encoding", "--delimiter"],
        ),
        (text(delimiter="\t").encode("utf-16"), ["tab"]),
        (plain().encode(), []),
    ],
)
def test_assumptions_are_said_in_one_line(content, words, tmp_path):
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    notices = load_table(path).notices
    assert len(notices) == bool(words)
    assert all(word in notice for notice in notices for word in words)


def test_lines_and_rows_where_a_person_finds_them(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(
        "sep=,\nproject,phase,actor,origin,source,note\n"
        'P,design,A,local,s,"two\nlines"\n\nP,design,B,local,s,\nP,design,C,wrong,s,\n'
    )
    findings = examine_data(path).findings
    assert [(entry.line, entry.row, entry.column) for entry in findings if entry.severity == "error"] == [
        (7, 5, "origin")
    ]


def test_unreadable_paths_are_usage_errors(tmp_path):
    with pytest.raises(UsageError, match="there is no such file or folder"):
        load_table(tmp_path / "absent.csv")
    with pytest.raises(UsageError, match="holds no table"):
        load_table(tmp_path)
    (tmp_path / "actors_by_phase.csv").mkdir()
    with pytest.raises(UsageError, match="cannot be read"):
        load_table(tmp_path)


def test_a_companion_that_is_a_folder_is_a_usage_error(tmp_path):
    (tmp_path / "actors_by_phase.csv").write_text(plain())
    (tmp_path / "projects.csv").mkdir()
    with pytest.raises(UsageError, match=r"projects.csv: cannot be read"):
        load_table(tmp_path)


def test_a_folder_with_one_table_under_any_name(tmp_path):
    (tmp_path / "cases.csv").write_text(plain())
    (tmp_path / "projects.csv").write_text("project,label\nP,The project\n")
    assert load_table(tmp_path).projects.loc["P", "label"] == "The project"
    (tmp_path / "more.csv").write_text(plain())
    with pytest.raises(UsageError, match=r"several tables \(cases.csv, more.csv\)"):
        load_table(tmp_path)


def workbook(path: Path, *sheets: tuple[str, list[list[object]]]) -> Path:
    openpyxl = import_module("openpyxl")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


HEAD = ["project", "phase", "actor", "origin", "source", "start", "unnamed"]


def test_workbook_with_whole_numbers_and_booleans(tmp_path):
    rows = [
        HEAD,
        ["P", "design", "A", "local", 7, 2018, True],
        [None] * 7,
        ["P", "operation", "B", "local", "s", None, None],
    ]
    path = workbook(tmp_path / "t.xlsx", ("Cases", rows))
    table = load_table(path)
    assert [str(year) for year in table.rows["start"]] == ["2018", "<NA>"]
    assert table.rows["unnamed"].tolist() == [True, False]
    assert table.rows["source"].tolist() == ["7", "s"]
    assert table.rows["line"].tolist() == [2, 4]


def test_workbook_sheet_is_the_only_one_with_the_header_or_named(tmp_path):
    rows = [HEAD[:5], ["P", "design", "A", "local", "s"]]
    path = workbook(tmp_path / "t.xlsx", ("Notes", [["read me"]]), ("Cases", rows))
    assert load_table(path).notices == ("t.xlsx: reading sheet 'Cases'; another one with --sheet.",)
    two = workbook(tmp_path / "u.xlsx", ("One", rows), ("Two", rows))
    with pytest.raises(DataError, match="'One', 'Two'"):
        load_table(two)
    assert len(load_table(two, sheet="Two").rows) == 1
    with pytest.raises(UsageError, match="Did you mean 'Two'"):
        load_table(two, sheet="Tow")


def test_workbook_cells_that_are_no_text_are_named(tmp_path):
    import datetime as dt

    rows = [[*HEAD, "locator"], ["P", "design", "=A1", "local", "s", 2018, None, dt.date(2018, 1, 1)]]
    path = workbook(tmp_path / "t.xlsx", ("Cases", rows))
    with pytest.raises(DataError) as caught:
        load_table(path)
    found = {entry.code: (entry.line, entry.column) for entry in caught.value.findings}
    assert found["formula-empty"] == (2, "actor")
    assert found["cell-type"] == (2, "locator")


def test_a_workbook_cell_without_a_value_is_one_problem(tmp_path):
    import datetime as dt

    head = ["Proyecto", "Fase", "Actor", "Origen", "Fuente", "Inicio", "locator"]
    rows = [head, ["P", "=B9", "=A1", "local", "=C1", 2018, dt.date(2018, 12, 13)]]
    findings = examine_data(workbook(tmp_path / "t.xlsx", ("Cases", rows))).findings
    assert [(entry.column, entry.code) for entry in findings] == [
        ("actor", "formula-empty"),
        ("locator", "cell-type"),
        ("phase", "formula-empty"),
        ("source", "formula-empty"),
    ]


def test_a_workbook_cell_beside_the_named_columns(tmp_path):
    rows = [HEAD[:5], ["P", "design", "A", "local", "s", None, "x"], ["P", "operation", "A", "local", "s"]]
    with pytest.raises(DataError, match=r"t\.xlsx:1: column number 7 \('x' on line 2\) has cells but no name"):
        load_table(workbook(tmp_path / "t.xlsx", ("Cases", rows)))


def test_an_empty_sheet_says_so(tmp_path):
    with pytest.raises(DataError, match=r"t\.xlsx: sheet 'Cases' is empty\."):
        load_table(workbook(tmp_path / "t.xlsx", ("Cases", [])))
    two = workbook(tmp_path / "u.xlsx", ("One", []), ("Two", []))
    with pytest.raises(DataError, match=r"u\.xlsx: every sheet is empty\."):
        load_table(two)
    with pytest.raises(DataError, match=r"u\.xlsx: sheet 'Two' is empty\."):
        load_table(two, sheet="Two")


def test_options_that_do_not_go_with_the_file(tmp_path):
    path = workbook(tmp_path / "t.xlsx", ("Cases", [HEAD[:5], ["P", "design", "A", "local", "s"]]))
    with pytest.raises(UsageError, match="--delimiter is for CSV files"):
        load_table(path, delimiter=";")
    (tmp_path / "t.csv").write_text(plain())
    with pytest.raises(UsageError, match="--sheet is for workbooks"):
        load_table(tmp_path / "t.csv", sheet="Cases")
    (tmp_path / "no.xlsx").write_text(plain())
    with pytest.raises(DataError, match=r"expected an \.xlsx workbook"):
        load_table(tmp_path / "no.xlsx")


WORDS = st.text(st.sampled_from("aeiou ABñáçãõéíú',;|\"\n.-()1290"), max_size=12)
NAMES = WORDS.filter(lambda word: not set(word) & set(";|\n"))
"""Names of actors: what separates several is an error there."""


@settings(max_examples=examples(40), deadline=None)
@given(
    rows=st.lists(st.tuples(WORDS, NAMES, WORDS), min_size=1, max_size=6),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    newline=st.sampled_from(["\n", "\r\n"]),
)
def test_random_tables_come_back(rows, delimiter, encoding, newline, tmp_path_factory):
    def tidy(cell, *, lines=False):
        kept = cell.split("\n") if lines else [cell]
        return "\n".join(" ".join(line.split()) for line in kept).strip()

    table = [["x" + p, "design", "x" + a, "local", "s", "2018", n] for p, a, n in rows]
    path = tmp_path_factory.mktemp("random") / "table.csv"
    path.write_bytes(text(table, delimiter=delimiter, newline=newline).encode(encoding))
    expected = [[tidy(cell, lines=column == 6) for column, cell in enumerate(row)] for row in table]
    assert cells(path) == expected


@settings(max_examples=examples(30), deadline=None)
@given(data=st.binary(max_size=200))
def test_any_bytes_are_a_message_never_a_traceback(data, tmp_path_factory):
    path = tmp_path_factory.mktemp("bytes") / "table.csv"
    path.write_bytes(data)
    assert examine_data(path).table is None


@settings(max_examples=examples(30), deadline=None)
@given(data=st.lists(st.sampled_from([*HEADER_ES, ",", ";", '"', "\n", "design", "é", "2018"]), max_size=30))
def test_shuffled_pieces_of_a_table_are_a_message_never_a_traceback(data, tmp_path_factory):
    path = tmp_path_factory.mktemp("pieces") / "table.csv"
    path.write_text("project,phase,actor,origin,source\n" + "".join(data), encoding="utf-8")
    seen = examine_data(path)
    assert (seen.table is None) == any(entry.severity == "error" for entry in seen.findings)


@pytest.mark.parametrize(
    "content, words",
    [
        ("project;phase;actor;origin;source\nP,design,A,local,s\n", "separated by semicolon, this row by comma"),
        ("project,phase,actor,origin,source;start\nP,design,A,local,s;2018\n", "The header mixes separators"),
        ("p\0r\0o\0", "--encoding utf-16-le"),
        (
            plain() + "P,design,A\0,local,s\n",
            "table.csv:4: the file is not text: it holds a zero byte. Delete the zero",
        ),
        (
            "project,phase,actor,origin,source,,\nP,design,A,local,s,,\nP,design,A,local,s,,x\n",
            "table.csv:1: column number 7 ('x' on line 3) has cells but no name.",
        ),
        ("project,phase,actor,origin,source,,\nP,design,A\n", "found 3 cells, expected 5 cells as in the header"),
        ("\ufeff", "table.csv: the file is empty."),
    ],
)
def test_the_fix_fits_the_mistake(content, words, tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(content)
    with pytest.raises(DataError) as caught:
        load_table(path)
    assert words in str(caught.value)


def found(content, tmp_path, name="table.csv", **options):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return examine_data(path, **options).findings


def test_two_stray_quotes_that_swallow_rows_are_seen(tmp_path):
    swallowed = 'P,design,"A,local,s\nP,operation,B,local,s\nP,maintenance,C",local,s\n'
    entry = next(entry for entry in found(plain() + swallowed, tmp_path) if entry.code == "quote-swallows")
    assert (entry.line, entry.severity) == (4, "warning")
    assert entry.message == "one cell runs from line 4 to line 6, and what it holds looks like rows"
    only_two = plain() + 'P,design,"A,local,s\nP,maintenance,C",local,s\n'
    assert "quote-swallows" in {entry.code for entry in found(only_two, tmp_path)}
    at_the_end = "project,phase,actor,origin,source,note\n" + 'P,design,A,local,s,"x\nQ,design,B,local,s,y\nz"\n'
    assert "quote-swallows" in {entry.code for entry in found(at_the_end, tmp_path)}


def test_a_note_over_several_lines_is_a_note(tmp_path):
    head = "project,phase,actor,origin,source,note\n"
    note = '"First, then second, and third.\nA line, with commas, but few.\n\nLast."'
    assert not [entry for entry in found(f"{head}P,design,A,local,s,{note}\n", tmp_path) if entry.severity == "warning"]
    front = f"note,project,phase,actor,origin,source\n{note},P,design,A,local,s\n"
    assert "quote-swallows" not in {entry.code for entry in found(front, tmp_path)}


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_whole_rows_in_quotes_are_said(mark, tmp_path):
    lines = [line.replace(",", mark) for line in plain().splitlines()]
    quoted = "\n".join(f'"{line}"' for line in lines)
    assert [entry.code for entry in found(quoted, tmp_path)] == ["columns-in-one"]


@pytest.mark.parametrize("tail", ["", ",,,,"])
def test_a_note_below_the_table_is_named_once(tail, tmp_path):
    entries = found(plain() + f"Fuente: elaboración propia{tail}\n", tmp_path)
    errors = [(entry.code, entry.line) for entry in entries if entry.severity == "error"]
    assert errors == [("row-note", 4)]


INDEXED = {
    "without a name, from 0": ",{head}\n0,{a}\n1,{b}\n",
    "without a name, from 1": ",{head}\n1,{a}\n2,{b}\n",
    "of pandas": "Unnamed: 0,{head}\n0,{a}\n1,{b}\n",
    "of pandas, filtered": "Unnamed: 0,{head}\n3,{a}\n7,{b}\n",
    "two of them": "Unnamed: 0.1,{head},Unnamed: 0\n0,{a},0\n1,{b},1\n".replace("0.1", "1"),
}


@pytest.mark.parametrize("name", INDEXED)
def test_a_row_index_is_left_out_and_said(name, tmp_path):
    head = plain().split("\n", 1)[0]
    path = tmp_path / "table.csv"
    path.write_text(INDEXED[name].format(head=head, a="P,design,A,local,s", b="P,operation,A,local,s"))
    table = load_table(path)
    assert len(table.rows) == 2
    assert table.notices == ("table.csv: a row index left out.",)
    entries = [entry for entry in table.findings if entry.code == "row-index"]
    assert entries
    assert {entry.severity for entry in entries} == {"information"}
    assert not [entry for entry in table.findings if entry.code.startswith("column-")]


def test_a_nameless_column_of_other_numbers_is_no_index(tmp_path):
    head = plain().split("\n", 1)[0]
    content = f",{head}\n2012,P,design,A,local,s\n2013,P,operation,A,local,s\n"
    assert "column-unnamed" in {entry.code for entry in found(content, tmp_path)}


FOREIGN = {
    "JSON": (b'[{"project": "P"}]', "a JSON file"),
    "OCDS": (b'{"ocid": "x", "releases": []}', "a JSON file.*agency import oc4ids"),
    "XML": (b"<?xml version='1.0'?>\n<data/>", "an XML file"),
    "IATI": (b"<?xml version='1.0'?><!-- x --><iati-activities version='2.03'/>", "IATI.*agency import iati reads it"),
    "HTML": (b"\xef\xbb\xbf<!DOCTYPE html>\n<html><table>", "an HTML page.*agency import wide reads it"),
    "QDC": (b'<?xml version="1.0"?><CodeBook xmlns="urn:QDA-XML:codebook:1.0"/>', "QDC"),
    "PDF": (b"%PDF-1.5\n", "a PDF file"),
    "RTF": (b"{\\rtf1", "RTF"),
    "Stata": (b"<stata_dta><header>", "a Stata file"),
    "old Stata": (b"\x72\x02\x01\x00" + b"\0" * 80, "a Stata file"),
    "SPSS": (b"$FL2@(#) SPSS DATA FILE", "an SPSS file"),
    "gzip": (b"\x1f\x8b\x08\x00", "packed file"),
}


@pytest.mark.parametrize("ending", ["csv", "xls", "xlsx", "txt"])
@pytest.mark.parametrize("name", FOREIGN)
def test_files_that_are_no_tables_are_named(name, ending, tmp_path):
    content, words = FOREIGN[name]
    path = tmp_path / f"t.{ending}"
    path.write_bytes(content)
    with pytest.raises(DataError, match=words) as caught:
        load_table(path)
    assert [entry.code for entry in caught.value.findings] == ["file-other"]
    assert "agency reads CSV, .xlsx and .ods" in str(caught.value)


def test_a_table_that_begins_like_something_else_is_a_table(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("[source],project,phase,actor,origin\ns,P,design,A,local\n")
    assert len(load_table(path).rows) == 1


def test_standard_input_is_read_without_companions(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "projects.csv").write_text("project,label\nP,Other\n")
    for content in (plain(), plain().replace(",", ";")):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content.encode())))
        table = load_table("-")
        assert (table.name, table.folder) == ("standard input", "")
        assert table.projects.loc["P", "label"] == "P"
        assert load_table("-").sha256 == table.sha256


def test_a_pipe_can_be_checked_marked_and_written_at_once(tmp_path):
    import subprocess
    import sys

    command = (
        f"printf 'project;phase;actor;origin;source\\nP;design;A;local;s\\n' | {sys.executable} -m agency check - "
        f"--mark {tmp_path}/m.xlsx --write {tmp_path}/c.csv"
    )
    subprocess.run(["bash", "-c", command], check=True, capture_output=True)
    assert (tmp_path / "c.csv").read_text("utf-8-sig").splitlines()[1] == "P,design,A,local,s"
    through = f"{sys.executable} -m agency check <(cat {tmp_path}/c.csv) --write {tmp_path}/d.csv"
    subprocess.run(["bash", "-c", through], check=True, capture_output=True)
    assert (tmp_path / "d.csv").read_bytes() == (tmp_path / "c.csv").read_bytes()


def test_a_stream_without_end_and_a_closed_one_are_refused(monkeypatch):
    monkeypatch.setattr("agency.table.read.bundle._MOST_BYTES", 1_000_000)
    with pytest.raises(UsageError, match="more than 1,000,000 bytes"):
        load_table("/dev/zero")
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(UsageError, match="cannot be read"):
        load_table("-")


def test_without_data_the_folder_one_stands_in_is_read_and_said(tmp_path, monkeypatch):
    from agency.table import PACKAGED

    monkeypatch.chdir(tmp_path)
    assert load_table().notices == (PACKAGED,)
    (tmp_path / "actors_by_phase.csv").write_text(plain())
    (tmp_path / "projects.csv").write_text("project,label\nP,The project\n")
    table = load_table()
    assert table.notices == ("No DATA given: reading actors_by_phase.csv in this folder.",)
    assert table.projects.loc["P", "label"] == "The project"


def test_a_header_of_five_thousand_columns_is_a_short_message(tmp_path):
    head = ",".join(f"column number {n}" for n in range(5_000))
    for header in (head, f"project,phase,{head}", f"project,phase,actor,origin,source,{head}"):
        path = tmp_path / "table.csv"
        path.write_text(f"{header}\n")
        with pytest.raises(DataError) as caught:
            load_table(path)
        assert len(str(caught.value)) < 1_000


HEADER = b"project,phase,actor,origin,source"
HOSTILE = {
    "commas": b"," * 1_000_000,
    "lines of commas": b",,,,,,,,,\n" * 100_000,
    "a header that never ends": b"project,phase,actor,origin,source"
    + b"," * 500_000
    + b"\nP,design,A,local,s" * 25_000,
    "a header of a million names": HEADER + b"," + b"a," * 480_000,
    "short rows": HEADER + b"\n" + b"a\n" * 480_000,
    "rows of two": HEADER + b"\n" + b"a,b\n" * 240_000,
    "quotes": HEADER + b"\n" + b'"' * 1_000_000,
    "open quotes": HEADER + b'\n"' + b"a," * 480_000,
    "line ends": b"\n" * 1_000_000,
    "one wide row": HEADER + b"," * 60 + b"\nP,design,A,l,s" * 60_000 + b"," * 50 + b"x",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_megabyte_takes_seconds_and_little_memory(name, tmp_path):
    path = tmp_path / "table.csv"
    path.write_bytes(HOSTILE[name])
    started = time.monotonic()
    entries = examine_data(path).findings
    assert time.monotonic() - started < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1_500_000, "kilobytes, of all tests so far"
    assert entries
    assert ("header-wide" in {entry.code for entry in entries}) == (name == "a header of a million names")
    assert ("reading-stopped" in {entry.code for entry in entries}) == (name in ("short rows", "rows of two"))


def test_names_that_are_no_text_are_printed_and_read(tmp_path, monkeypatch):
    import os

    from click.testing import CliRunner

    from agency.cli import group
    from agency.table import input_paths

    folder = os.fsencode(tmp_path) + b"/caf\xe9\n"
    os.mkdir(folder)
    path = folder + b"/ta\xffble\x1b.csv"
    with open(path, "wb") as stream:
        stream.write(plain().replace("local", "wrong").encode())
    assert load_or_errors(os.fsdecode(path)) == {"value-unknown"}
    for form in ("text", "json", "csv"):
        result = CliRunner().invoke(group, ["check", os.fsdecode(path), "-f", form])
        assert result.exit_code == 1, result.output
        assert "ta\\udcffble\\u001b.csv" in result.output.replace("\\\\", "\\")
    result = CliRunner().invoke(group, ["check", os.fsdecode(folder)])
    assert result.exit_code == 1
    with open(path, "wb") as stream:
        stream.write(plain().encode())
    assert [os.fsencode(name) for name in input_paths(load_table(os.fsdecode(path)))] == [path]


def load_or_errors(path):
    return {entry.code for entry in examine_data(path).findings if entry.severity == "error"}


@pytest.mark.parametrize(
    "value, code",
    [(["a", "b"], "cell-type"), (b"x", "cell-type"), ({"a": 1}, "cell-type"), ("a\ud800", "character-control")],
)
def test_a_frame_whose_cells_no_file_could_hold_is_named(value, code):
    import pandas as pd

    row = {"project": "P", "phase": "design", "actor": "A", "origin": "local", "source": "s"}
    # As objects: where pandas keeps text with pyarrow, such a column of text cannot be made in the first place.
    frame = pd.DataFrame([{**row, "note": "fine"}, {**row, "phase": "operation", "note": value}], dtype=object)
    entries = [entry for entry in examine_data(frame).findings if entry.severity == "error"]
    assert [(entry.code, entry.line, entry.column) for entry in entries] == [(code, 3, "note")]
    names = pd.Index([*frame.columns[:-1], "note\ud800"], dtype=object)
    assert examine_data(frame.set_axis(names, axis=1)).findings
