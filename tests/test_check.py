"""Every kind of problem is found where it is, and only there; findings print, group and export."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from agency.cli import group
from agency.errors import DataError
from agency.findings.finding import as_text, kinds, summary
from agency.table.across import ALL_RULES
from agency.table.check import examine_data, load_table, table_from_records
from agency.table.read.csvfile import read_csv_text
from agency.table.read.frames import text_frame
from agency.table.rules import cell_tests, table_schema
from agency.vocabulary.codebook import default_codebook
from agency.vocabulary.columns import ACTORS, COLUMNS, EVENTS, FILES, PROJECTS, columns_markdown

HEAD = "project,phase,actor,origin,source"
ROW = "P,design,A,local,s"
SOUND = f"{HEAD}\n{ROW}\n"
BIB = "@misc{s,\n  title = {T},\n  source_type = {media}\n}\n"


def wide(*rows, file="actors_by_phase.csv"):
    """A CSV of the rows given as dictionaries; the table's required columns have defaults."""
    defaults = {"project": "P", "phase": "design", "actor": "A", "origin": "local", "source": "s"}
    rows = [{**(defaults if file == "actors_by_phase.csv" else {}), **row} for row in rows]
    names = [column.name for column in FILES[file]]
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def table(*rows):
    return {"actors_by_phase.csv": wide(*rows)}


def with_file(name, *rows, table=SOUND):
    return {"actors_by_phase.csv": table, name: wide(*rows, file=name)}


UPKEEP = {"phase": "maintenance"}
WINDOW = wide({"project": "P", "window_start": 2012, "window_end": 2021}, file="projects.csv")
TWO = "".join(
    f"[[phase]]\nkey = '{key}'\nlabel = 'Building'\nkind = 'event'\nblock = 'build'\n" for key in ("build", "extend")
)
CODEBOOK = "[[phase]]\nkey = 'build'\nlabel = 'Built by'\nkind = 'event'\nblock = 'build'\n"

# code: (files, file of the finding, line, column)
CASES = {
    "file-empty": ({"actors_by_phase.csv": ""}, 0, ""),
    "file-binary": ({"actors_by_phase.csv": b"ab\0cd"}, 1, ""),
    "file-workbook": ({"actors_by_phase.csv": b"PK\x03\x04"}, 0, ""),
    "encoding-mixed": ({"actors_by_phase.csv": SOUND.encode() + b"\xc3\xb1\n\xf1\n"}, 4, ""),
    "encoding-wrong": ({"actors_by_phase.csv": SOUND.encode() + b"\x81\n"}, 3, ""),
    "encoding-two": ({"actors_by_phase.csv": (SOUND + "P,design,Señal,local,s\n").encode("mac_roman")}, 3, ""),
    "delimiter-two": ({"actors_by_phase.csv": "project;phase,actor\n"}, 1, ""),
    "sheet-two": ({"two.xlsx": [("One", [HEAD.split(",")]), ("Two", [HEAD.split(",")])]}, 0, ""),
    "header-missing": ({"actors_by_phase.csv": "a,b\n1,2\n"}, 1, ""),
    "header-late": ({"actors_by_phase.csv": f"Title\n{SOUND}"}, 1, ""),
    "table-empty": ({"actors_by_phase.csv": f"{HEAD}\n"}, 1, ""),
    "column-missing": ({"actors_by_phase.csv": "project,phase\nP,design\n"}, 1, ""),
    "column-repeated": ({"actors_by_phase.csv": f"{HEAD},fuente\n{ROW},s\n"}, 1, ""),
    "column-unnamed": ({"actors_by_phase.csv": f"{HEAD},,note\n{ROW},x,y\n"}, 1, ""),
    "column-misspelt": ({"actors_by_phase.csv": f"{HEAD},confidance\n{ROW},alleged\n"}, 1, ""),
    "column-near": ({"actors_by_phase.csv": f"{HEAD},Start year\n{ROW},2018\n"}, 1, ""),
    "column-two": ({"actors_by_phase.csv": f"{HEAD},coder note\n{ROW},x\n"}, 1, ""),
    "column-unknown": ({"actors_by_phase.csv": f"{HEAD},region\n{ROW},Andes\n"}, 1, ""),
    "row-short": ({"actors_by_phase.csv": f"{SOUND}P,design\n"}, 3, ""),
    "row-long": ({"actors_by_phase.csv": f"{SOUND}{ROW},more\n"}, 3, ""),
    "quote-open": ({"actors_by_phase.csv": f'{SOUND}P,"design,A,local,s\n'}, 3, ""),
    "quote-stray": ({"actors_by_phase.csv": f'{SOUND}P,"design"x,A,local,s\n'}, 3, ""),
    "cell-huge": ({"actors_by_phase.csv": f"{SOUND}P,design,{'x' * 140_000},local,s\n"}, 3, ""),
    "character-control": (table({"note": "a\x1b[31mb"}), 2, "note"),
    "character-invisible": (table({"actor": "CE\u200bIEC"}), 2, "actor"),
    "line-joined": (table({"scope": "technical\npart"}), 2, "scope"),
    "cell-required": (table({"source": " "}), 2, "source"),
    "value-unknown": (table({}, {"phase": "maintainance"}), 3, "phase"),
    "year-format": (table({"start": "c. 2018"}), 2, "start"),
    "count-format": (table({"duration_years": "0"}), 2, "duration_years"),
    "value-read": (table({"unnamed": "sí"}), 2, "unnamed"),
    "value-two": (table({"phase": "Building"}) | {"codebook.toml": TWO}, 2, "phase"),
    "value-joined": (table({"phase": "Operation and maintenance"}), 2, "phase"),
    "flag-format": (table({"unnamed": "perhaps"}), 2, "unnamed"),
    "country-format": (table({"country": "Atlantis"}), 2, "country"),
    "country-two": (table({"country": "Congo"}), 2, "country"),
    "country-unknown": (table({"country": "ECU;URG"}), 2, "country"),
    "cell-type": (
        {"t.xlsx": [("One", [[*HEAD.split(","), "locator"], [*ROW.split(","), pd.Timestamp("2018-01-01")]])]},
        2,
        "locator",
    ),
    "formula-empty": ({"t.xlsx": [("One", [HEAD.split(","), ["P", "design", "=A1", "local", "s"]])]}, 2, "actor"),
    "cell-formula": (table({"note": "=HYPERLINK(1)"}), 2, "note"),
    "locator-date": (table({"locator": "12-dic"}), 2, "locator"),
    "quote-long": (table({"quote": "word " * 26}), 2, "quote"),
    "quote-tags": (table({"quote": "a <b>bold</b> word"}), 2, "quote"),
    "end-before-start": (table({"start": 2018, "end": 2017}), 2, "end"),
    "duration-contradiction": (table({"start": 2016, "end": 2018, "duration_years": 2}), 2, "duration_years"),
    "duration-without-date": (
        table({"status": "vacant", "actor": "", "origin": "", "duration_years": 2}),
        2,
        "duration_years",
    ),
    "amount-format": (table({"amount": "some", "currency": "USD"}), 2, "amount"),
    "amount-two": (table({"amount": "1.234", "currency": "USD"}), 2, "amount"),
    "amount-size": (table({"amount": "0", "currency": "USD"}), 2, "amount"),
    "currency-format": (table({"amount": "240e6", "currency": "DOLLARS"}), 2, "currency"),
    "year-computed": (table({"start": 2016, "duration_years": 999}), 2, "duration_years"),
    "denied-nobody": (table({"status": "denied", "actor": "", "origin": ""}), 2, "actor"),
    "only-unexpected": (table({"status": "proposed", "only": "true"}), 2, "only"),
    "amount-unexpected": (table({"status": "denied", "amount": "240e6", "currency": "USD"}), 2, "amount"),
    "amount-without-currency": (table({"amount": "240e6"}), 2, "amount"),
    "part-unknown": (with_file("actors.csv", {"actor": "A", "part_of": "B"}), 2, "part_of"),
    "part-loop": (
        with_file("actors.csv", {"actor": "A", "part_of": "B"}, {"actor": "B", "part_of": "A"}),
        2,
        "part_of",
    ),
    "launched-late": (
        with_file("projects.csv", {"project": "P", "window_start": 2012, "window_end": 2014, "launched": 2015}),
        2,
        "launched",
    ),
    "years-many": (
        table(*({"project": f"P{at}", "phase": "operation", "start": 1900, "end": 2099} for at in range(501))),
        2,
        "end",
    ),
    "before-launch": (
        with_file("projects.csv", {"project": "P", "launched": 2015}, table=wide({**UPKEEP, "start": 2012})),
        2,
        "start",
    ),
    "after-until": (table({"start": 2018}) | {"codebook.toml": "[study]\nuntil = 2017\n"}, 2, "start"),
    "actor-missing": (table({"actor": "", "origin": ""}), 2, "actor"),
    "actor-unexpected": (table({"status": "vacant"}), 2, "actor"),
    "origin-missing": (table({"origin": ""}), 2, "origin"),
    "origin-unexpected": (table({"status": "vacant", "actor": ""}), 2, "origin"),
    "actor-status": (table({"actor": "nobody"}), 2, "actor"),
    "actor-period": (table({"actor": "Until 2018: CEIEC"}), 2, "actor"),
    "actor-separator": (table({"actor": "ZTE | Huawei"}), 2, "actor"),
    "actor-joined": (table({"actor": "ZTE and Huawei"}, {"actor": "ZTE"}, {"actor": "Huawei"}), 2, "actor"),
    "source-two": (table({"source": "s1, s2"}), 2, "source"),
    "cell-error": (table({"locator": "#¡REF!"}), 2, "locator"),
    "character-damage": (table({"actor": "Compa\u00c3\u00b1\u00eda"}), 2, "actor"),
    "source-unknown": (table({"source": "S"}) | {"sources.bib": BIB}, 2, "source"),
    "actor-repeated": (
        with_file("actors.csv", {"actor": "A", "alias": "B", "seat": "ECU"}, {"actor": "A", "seat": "ARG"}),
        2,
        "seat",
    ),
    "alias-loop": (with_file("actors.csv", {"actor": "A", "alias": "B"}, {"actor": "B", "alias": "A"}), 2, "alias"),
    "alias-two": (with_file("actors.csv", {"actor": "A", "alias": "C"}, {"actor": "B", "alias": "C"}), 2, "alias"),
    "project-repeated": (with_file("projects.csv", {"project": "P"}, {"project": "P"}), 3, "project"),
    "actor-origins": (table({}, {"phase": "operation", "origin": "chinese"}), 2, "origin"),
    "actor-kinds": (table({"actor_kind": "bank"}, {"phase": "operation", "actor_kind": "ngo"}), 2, "actor_kind"),
    "actor-clash": (table({}, {"phase": "operation", "unnamed": "true"}), 3, "actor"),
    "statement-repeated": (table({"start": 2018}, {"start": 2018, "note": "again", "confidence": "alleged"}), 3, ""),
    "vacant-and-held": (
        table(
            {**UPKEEP, "start": 2012, "end": 2018},
            {**UPKEEP, "status": "vacant", "actor": "", "origin": "", "start": 2017, "end": 2020},
        ),
        3,
        "status",
    ),
    "rank-reason": (table({"rank": "preferred"}), 2, "note"),
    "outside-window": (table({**UPKEEP, "start": 2011, "end": 2014}) | {"projects.csv": WINDOW}, 2, "start"),
    "country-differs": (
        with_file("projects.csv", {"project": "P", "country": "ECU"}, table=wide({"country": "ARG"})),
        2,
        "country",
    ),
    "seat-origin": (
        with_file("actors.csv", {"actor": "A", "seat": "CHN"}, table=wide({"country": "ECU"})),
        2,
        "origin",
    ),
    "event-project": (with_file("events.csv", {"project": "Q", "year": 2018, "label": "x"}), 2, "project"),
    "window-broken": (with_file("projects.csv", {"project": "P", "window_start": 2012}), 2, "window_start"),
    "window-none": (table({}), 2, "project"),
    "window-derived": (table({"start": 2012}), 2, "project"),
    "period-assumed": (table({**UPKEEP, "start": 2013}) | {"projects.csv": WINDOW}, 2, "start"),
    "phase-missing": (table({}), 2, "phase"),
    "project-unlisted": (with_file("projects.csv", {"project": "P"}, {"project": "Q"}), 3, "project"),
    "name-spelling": (table({"project": "Tigre"}, {"project": "TIGRE", "phase": "operation"}), 3, "project"),
    "toml-syntax": (table({}) | {"codebook.toml": "[[phase]]\nkey = \n"}, 2, ""),
    "toml-bounds": (table({}) | {"codebook.toml": f"\nkey = {'[' * 3000}{']' * 3000}\n"}, 2, ""),
    "codebook-entry": (table({}) | {"codebook.toml": CODEBOOK + "weight = -1\n"}, 6, ""),
    "codebook-reserved": (table({}) | {"codebook.toml": CODEBOOK.replace("'build'", "'continuing'", 1)}, 2, ""),
    "codebook-unknown": (table({}) | {"codebook.toml": "[[origins]]\nkey = 'us'\n"}, 1, ""),
    "reference-file": (table({}) | {"sources.json": '[{"id": "s"},\n {]'}, 2, ""),
    "reference-files-two": (table({}) | {"sources.bib": BIB, "sources.json": "[]"}, 0, ""),
    "reference-syntax": (table({}) | {"sources.bib": "@misc{s, title = \n"}, 2, ""),
    "reference-comma": (table({}) | {"sources.bib": "@misc{s title = {x}}\n"}, 1, ""),
    "reference-word": (table({}) | {"sources.bib": "@misc{s,\n title = x}\n"}, 2, ""),
    "reference-key": (table({}) | {"sources.bib": BIB + "@misc{, title = {x}}\n"}, 5, ""),
    "reference-repeated": (table({}) | {"sources.bib": BIB + BIB.replace("T", "U")}, 5, ""),
    "reference-field": (table({}) | {"sources.bib": "@misc{s, title = {x}, title = {y}}\n"}, 1, ""),
    "reference-value": (table({}) | {"sources.json": '[\n{"id": "s", "title": ["x"]}]'}, 2, ""),
    "reference-names": (table({}) | {"sources.bib": "@misc{s, author = {Ana Gil, Li Wei, Bo Ek}}\n"}, 1, ""),
    "reference-parent": (table({}) | {"sources.bib": "@misc{s, crossref = {t}}\n"}, 1, ""),
    "reference-derived": (table({}) | {"sources.bib": "@misc{s, derives_from = {t}}\n"}, 1, ""),
    "reference-type": (table({}) | {"sources.bib": BIB.replace("media", "blog")}, 1, ""),
    "reference-unused": (table({}) | {"sources.bib": BIB + "@misc{b, title = \n"}, 6, ""),
    "reference-columns": (table({}) | {"sources.csv": "key,year\ns,2020\n"}, 1, ""),
}
IMPORTERS = ["archive-outside", "mapping-field", "qdpx-lines", "wide-shape"]
"""Kinds that `agency import` finds, with all that begin with import-."""
ELSEWHERE = {
    **dict.fromkeys(
        [
            *("file-locked", "workbook-damaged", "workbook-huge", "row-note"),
            *("merged-filled", "cells-merged", "cell-far"),
        ],
        "test_workbooks.py",
    ),
    **dict.fromkeys(
        ["columns-in-one", "file-other", "header-wide", "quote-swallows", "reading-stopped", "row-index"],
        "test_reading.py",
    ),
    **{code: "test_claims_file.py" for code in kinds() if code.startswith("claim")},
    **{code: "test_import_findings.py" for code in kinds() if code.startswith("import-") or code in IMPORTERS},
    "quote-absent": "test_verify.py",
    "quote-empty": "test_verify.py",
    "text-unreadable": "test_verify.py",
    "text-missing": "test_verify.py",
}
REFERENCES_IN = {
    "reference-file": "sources.json",
    "reference-value": "sources.json",
    "reference-columns": "sources.csv",
}
IN_COMPANION = {
    "actor-repeated": "actors.csv",
    "alias-loop": "actors.csv",
    "part-unknown": "actors.csv",
    "part-loop": "actors.csv",
    "launched-late": "projects.csv",
    "alias-two": "actors.csv",
    "project-repeated": "projects.csv",
    "project-unlisted": "projects.csv",
    "event-project": "events.csv",
    "window-broken": "projects.csv",
}


def write(folder: Path, files) -> Path:
    for name, content in files.items():
        if isinstance(content, list):
            book = import_module("openpyxl").Workbook()
            book.remove(book.active)
            for sheet, rows in content:
                page = book.create_sheet(sheet)
                for row in rows:
                    page.append([value.to_pydatetime() if isinstance(value, pd.Timestamp) else value for value in row])
            book.save(folder / name)
        else:
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


@pytest.mark.parametrize("code", kinds())
def test_every_kind_is_found_where_it_is(code, tmp_path):
    if code in ELSEWHERE:
        assert f'"{code}"' in (Path(__file__).parent / ELSEWHERE[code]).read_text()
        return
    files, line, column = CASES[code]
    seen = examine_data(write(tmp_path, files))
    found = [entry for entry in seen.findings if entry.code == code]
    assert [(entry.line, entry.column) for entry in found][:1] == [(line, column)]
    beside = {
        "codebook": "codebook.toml",
        "toml": "codebook.toml",
        "reference": REFERENCES_IN.get(code, "sources.bib"),
    }
    default = beside.get(code.split("-")[0], next(iter(files)))
    assert found[0].file == IN_COMPANION.get(code, default)
    assert found[0].severity == kinds()[code].severity
    assert found[0].fix
    assert "{" not in found[0].message
    assert (seen.table is None) == any(entry.severity == "error" for entry in seen.findings)


def test_the_sound_table_has_no_problem_but_what_is_information(tmp_path):
    rows = [{"phase": phase.key} for phase in default_codebook().core_phases]
    window = {"projects.csv": wide({"project": "P", "window_start": 2012, "window_end": 2021}, file="projects.csv")}
    seen = examine_data(write(tmp_path, table(*rows) | window))
    assert {entry.code for entry in seen.findings} <= {"period-assumed"}


SEVERAL = table(
    {"phase": "desing", "start": "2.018", "source": ""},
    {"origin": "nowhere", "country": "EQU", "end": "actualidad"},
    {"start": 2019, "end": 2018, "status": "hold"},
)


def test_all_findings_come_at_once_errors_first(tmp_path):
    seen = examine_data(write(tmp_path, SEVERAL))
    errors = [(entry.line, entry.column) for entry in seen.findings if entry.severity == "error"]
    assert errors == [
        (2, "phase"),
        (2, "source"),
        (2, "start"),
        (3, "country"),
        (3, "end"),
        (3, "origin"),
        (4, "end"),
        (4, "status"),
    ]
    severities = [entry.severity for entry in seen.findings]
    assert severities == sorted(severities, key=["error", "warning", "information"].index)


@pytest.mark.parametrize(
    "column, value, advice",
    [
        ("origin", "сhinese", "Did you mean 'chinese'?"),
        ("status", "n/d", "Leave the cell empty"),
        ("start", "2.018", "Did you mean '2018'?"),
        ("start", "2012-2018", "Write 2012 into start and 2018 into end."),
        ("start", "2012–2018", "Write 2012 into start and 2018 into end."),
        ("start", "until 2018", "Write 2018 into end and leave start empty."),
        ("end", "desde 2016", "Write 2016 into start and leave end empty."),
        ("end", "a partir do ano de 2016", "Write 2016 into start and leave end empty."),
        ("start", "3 años", "Write 3 into duration_years and leave start empty."),
        ("start", "c. 2016", "Write 2016 here, and 'c. 2016' into note."),
        ("end", "actualidad", "Leave end empty"),
        ("country", "Congo", "Write COG or COD."),
        ("origin", "local, Chinese", "Write a row for each: local and chinese."),
    ],
)
def test_advice(column, value, advice, tmp_path):
    entry = examine_data(write(tmp_path, table({column: value}))).findings[0]
    assert (entry.column, entry.found) == (column, value)
    assert advice in entry.fix


@pytest.mark.parametrize(
    "column, value",
    [("phase", "maintainance"), ("country", "Mexicoo"), ("country", "Ecuadro"), ("origin", "chinesse"),
     ("confidence", "sure"), ("status", "hold")],
)  # fmt: skip
def test_no_value_is_offered_for_resembling_letters(column, value, tmp_path):
    entry = examine_data(write(tmp_path, table({column: value}))).findings[0]
    assert (entry.severity, entry.column) == ("error", column)
    assert "Did you mean" not in entry.fix


def test_odd_characters_are_named(tmp_path):
    message = examine_data(write(tmp_path, table({"origin": "сhinese"}))).findings[0].message
    assert "CYRILLIC SMALL LETTER ES" in message
    bidi = examine_data(write(tmp_path, table({"actor": "a\u202eb"}))).findings[0]
    assert bidi.code == "character-control"
    assert "RIGHT-TO-LEFT OVERRIDE" in bidi.message
    assert "\u202e" not in as_text([bidi])


def test_nothing_of_a_file_reaches_the_terminal_as_control(tmp_path):
    header = f"{HEAD},\x1b[2J\n"
    seen = examine_data(write(tmp_path, {"actors_by_phase.csv": f"{header}P,design,\x1b[31mA,local,s,\u202e\n"}))
    assert {"character-control", "column-unknown"} <= {entry.code for entry in seen.findings}
    assert as_text(seen.findings).replace("\n", "").isprintable()


def test_a_year_is_no_missing_value_and_na_is_text():
    rows = table_from_records(
        [{"project": "NA", "phase": "design", "actor": "NA", "origin": "local", "source": "null"}]
    ).rows
    assert rows.loc[0, ["project", "actor", "source"]].tolist() == ["NA", "NA", "null"]


@pytest.mark.parametrize("cell", ["-", "-3", "+54 11 4000", "3-4", "", "a=b"])
def test_what_is_no_formula(cell, tmp_path):
    codes = [entry.code for entry in examine_data(write(tmp_path, table({"locator": cell}))).findings]
    assert "cell-formula" not in codes


def test_no_warning_where_origins_differ_because_countries_do(tmp_path):
    rows = [{"country": "BRA"}, {"project": "Q", "country": "BOL", "origin": "other"}]
    codes = [entry.code for entry in examine_data(write(tmp_path, table(*rows))).findings]
    assert "actor-origins" not in codes


def test_the_boundary_year_may_be_both_held_and_vacant(tmp_path):
    rows = [{**UPKEEP, "end": 2018}, {**UPKEEP, "status": "vacant", "actor": "", "origin": "", "start": 2018}]
    codes = [entry.code for entry in examine_data(write(tmp_path, table(*rows))).findings]
    assert "vacant-and-held" not in codes


def test_many_identical_mistakes_are_one_entry(tmp_path):
    write(tmp_path, {"actors_by_phase.csv": f"{HEAD}\n" + "P,desing,A,local,s\n" * 10_000})
    with pytest.raises(DataError) as caught:
        load_table(tmp_path)
    assert len(caught.value.findings) >= 10_000
    assert "actors_by_phase.csv:2, 3, 4, 5, 6 and 9995 more, column phase: found 'desing'" in str(caught.value)
    assert len(str(caught.value)) < 2_000
    everything = as_text(caught.value.findings, everything=True)
    assert ", 10001, column phase" in everything


def test_many_different_mistakes_of_a_kind_are_counted(tmp_path):
    rows = "".join(f"P,phase{n},A,local,s\n" for n in range(100))
    seen = examine_data(write(tmp_path, {"actors_by_phase.csv": f"{HEAD}\n{rows}"}))
    assert "and 95 more of [value-unknown]" in as_text(seen.findings)
    assert "more" not in as_text(seen.findings, everything=True)


def test_mistakes_without_number_are_counted_and_not_all_listed(tmp_path, monkeypatch):
    for module in ("agency.findings.finding", "agency.table.rules"):
        monkeypatch.setattr(sys.modules[module], "MOST_LISTED", 20)
    wrong = [{"origin": f"o{number}", "start": "soon"} for number in range(50)]
    folder = write(tmp_path, table(*wrong))
    seen = examine_data(folder)
    listed = [entry for entry in seen.findings if entry.code == "value-unknown"]
    assert len(listed) == 20
    assert [entry.more for entry in listed] == [0] * 19 + [30]
    text = as_text(seen.findings)
    assert "error: and 15 more of [value-unknown] in actors_by_phase.csv; --all shows them" in text
    assert "error: and 30 more of [value-unknown], counted and not listed; correct these first" in text
    assert "error: and 30 more of [year-format], counted and not listed; correct these first" in text
    assert "100 errors" in summary(seen.findings)
    result = CliRunner().invoke(group, ["check", str(folder), "-f", "json"])
    document = json.loads(result.stdout)
    assert (document["errors"], document["not_listed"], len(document["findings"])) == (100, 60, 40)
    assert "60 findings more are counted and not listed" in result.stderr


def test_line_breaks_of_a_cell_are_kept_or_said(tmp_path):
    (tmp_path / "actors_by_phase.csv").write_bytes(
        b"project,phase,actor,origin,source,note,quote,scope,mine\r\n"
        b'"P\n1",design,A,local,s,"one\ntwo","a\r\nb","technical\npart","x\ny"\r\n'
    )
    seen = examine_data(tmp_path)
    row = seen.table.rows.iloc[0]
    assert (row["note"], row["quote"], row["scope"], row["project"]) == ("one\ntwo", "a\nb", "technical part", "P 1")
    assert seen.table.own["mine"].tolist() == ["x\ny"]
    assert [entry.column for entry in seen.findings if entry.code == "line-joined"] == ["project", "scope"]


def test_pandera_says_what_the_tests_of_the_cells_say(tmp_path, monkeypatch):
    """A sound table is not sent through pandera; a broken one is, and an environment variable changes nothing."""
    text, _ = text_frame(read_csv_text(SEVERAL["actors_by_phase.csv"], "t.csv", COLUMNS), COLUMNS)
    before = examine_data(write(tmp_path, SEVERAL)).findings
    monkeypatch.setenv("PANDERA_VALIDATION_ENABLED", "False")
    monkeypatch.setenv("PANDERA_VALIDATION_DEPTH", "SCHEMA_ONLY")
    assert examine_data(tmp_path).findings == before
    failing = [
        (column.name, code)
        for column in COLUMNS
        for code, test in cell_tests(column, default_codebook()).items()
        if not test(text[column.name]).all()
    ]
    schema = table_schema(default_codebook())
    assert failing == [
        ("country", "country-unknown"),
        ("phase", "value-unknown"),
        ("origin", "value-unknown"),
        ("start", "year-format"),
        ("end", "year-format"),
        ("status", "value-unknown"),
        ("source", "cell-required"),
    ]
    assert [name for name, code in failing] == [name for name in schema.columns if name in dict(failing)]


def test_every_rule_is_a_kind_of_problem():
    names = [rule.__name__.replace("_", "-") for rule in ALL_RULES]
    assert len(set(names)) == len(names)
    assert set(names) <= set(kinds())


def findings_of(tmp_path, files, *codes):
    return [entry for entry in examine_data(write(tmp_path, files)).findings if entry.code in codes]


@pytest.mark.parametrize(
    "name, row, code",
    [
        ("projects.csv", {"project": "p", "window_start": 2012, "window_end": 2021}, "project-unlisted"),
        ("events.csv", {"project": "p", "year": 2018, "label": "x"}, "event-project"),
    ],
)
def test_a_mistyped_project_is_a_warning_with_the_name_meant(name, row, code, tmp_path):
    (entry,) = findings_of(tmp_path, with_file(name, row), code)
    assert (entry.severity, entry.file, entry.found, entry.fix) == ("warning", name, "p", "Did you mean 'P'?")


def test_a_project_without_rows_is_no_typing_mistake_of_a_listed_one(tmp_path):
    (entry,) = findings_of(tmp_path, with_file("projects.csv", {"project": "P"}, {"project": "P2"}), "project-unlisted")
    assert entry.fix == kinds()["project-unlisted"].fix


@pytest.mark.parametrize(
    "column, value, extends",
    [("phase", "xxxxx", "a new phase is added in codebook.toml"), ("origin", "xxxxx", "a new origin is added"),
     ("role", "xxxxx", "a new role is added"), ("confidence", "xxxxx", ""), ("actor_kind", "xxxxx", "")],
)  # fmt: skip
def test_only_what_the_codebook_holds_is_added_there(column, value, extends, tmp_path):
    (entry,) = findings_of(tmp_path, table({column: value}), "value-unknown")
    assert entry.fix.startswith("Use one of the values as it is written")
    assert extends in entry.fix
    assert ("codebook.toml" in entry.fix) == bool(extends)


NAMES = [
    ([{"actor": "ZTE"}, {"actor": "zte", "phase": "operation"}], [], [(3, "actor", "zte", "'ZTE' as on line 2")]),
    ([{"actor": "zte"}], [{"actor": "ZTE"}], [(2, "actor", "zte", "'ZTE' as in actors.csv")]),
    ([{"actor": "zte"}, {"actor": "ZTE", "phase": "operation"}], [{"actor": "ZTE"}],
     [(2, "actor", "zte", "'ZTE' as in actors.csv")]),
    ([{"actor": "Nubank"}, {"actor": "NuBank", "phase": "operation"}], [{"actor": "Nubank", "alias": "NuBank"}], []),
    ([{"actor": "ceiec corp"}], [{"actor": "CEIEC", "alias": "CEIEC Corp"}],
     [(2, "actor", "ceiec corp", "'CEIEC Corp' as in actors.csv")]),
    ([{"actor": "Firms", "unnamed": "true"}, {"actor": "firms", "unnamed": "true", "project": "Q"}], [], []),
    ([{"actor": "Firms", "unnamed": "true"}, {"actor": "firms", "unnamed": "true", "phase": "operation"}], [],
     [(3, "actor", "firms", "'Firms' as on line 2")]),
    ([{"status": "vacant", "actor": "", "origin": ""}], [], []),
    ([{"project": "Tigre"}, {"project": "TIGRE"}, {"project": "TIGRE", "phase": "operation"}], [],
     [(3, "project", "TIGRE", "'Tigre' as on line 2")]),
]  # fmt: skip


@pytest.mark.parametrize("rows, actors, expected", NAMES)
def test_names_that_differ_in_capitals_only(rows, actors, expected, tmp_path):
    found = findings_of(tmp_path, table(*rows) | {"actors.csv": wide(*actors, file="actors.csv")}, "name-spelling")
    assert [(entry.line, entry.column, entry.found, entry.expected) for entry in found] == expected


BIBS = [
    (
        "@misc{s,\n title = {T},\n source_type = media,\n}\n",
        3,
        "reference-word",
        "the word 'media', expected text in braces",
        "{media}",
    ),
    ("@misc{s title = {x}}\n", 1, "reference-comma", "no comma after the key 's'", "Write s, with a comma"),
    (
        "@misc{s,\n title = {x}\n year = 2020}\n",
        3,
        "reference-syntax",
        "s: '}' expected",
        "brace or comma missing here or on the line before",
    ),
]


@pytest.mark.parametrize("text, line, code, found, fix", BIBS)
def test_what_is_wrong_in_sources_bib_is_said(text, line, code, found, fix, tmp_path):
    (entry,) = findings_of(tmp_path, table({}) | {"sources.bib": text}, code)
    assert entry.line == line
    assert found in entry.message
    assert fix in entry.fix


def test_a_bad_entry_that_nothing_cites_is_one_warning(tmp_path):
    text = BIB + "@misc{s2\n title = {x}\n}\n@book{s3, author = {A, title = {B}\n@misc{s4, title = {T \\}\n"
    seen = examine_data(write(tmp_path, table({}) | {"sources.bib": text}))
    (entry,) = [entry for entry in seen.findings if entry.file == "sources.bib"]
    assert (entry.code, entry.severity, entry.line) == ("reference-unused", "warning", 5)
    assert "s2 (line 5), s3 (line 8), s4 (line 10)" in entry.message
    assert seen.table is not None


def test_a_cited_entry_that_cannot_be_read_is_one_error(tmp_path):
    seen = examine_data(write(tmp_path, table({}) | {"sources.bib": "@misc{s, title = {T \\}\n"}))
    assert [entry.code for entry in seen.findings if entry.severity == "error"] == ["reference-syntax"]


def test_bibtex_without_fields_or_with_other_commands_is_sound(tmp_path):
    text = "@comment{s9 title = {x}}\n@string{m = {media}}\n@misc{s}\n@misc(t, title = {x}, source_type = m)\n"
    seen = examine_data(write(tmp_path, table({}) | {"sources.bib": text}))
    assert [entry for entry in seen.findings if entry.file == "sources.bib"] == []


def test_a_source_mistyped_is_asked_after_in_a_sentence(tmp_path):
    seen = findings_of(tmp_path, table({"source": "S"}) | {"sources.bib": BIB}, "source-unknown")
    said = "found 'S', expected a key of sources.bib. Did you mean 's'? Else add the entry to the references. ["
    assert said in as_text(seen)


NEW = {"denied-nobody", "only-unexpected", "amount-unexpected", "amount-without-currency", "origin-missing",
       "origin-unexpected", "actor-missing", "duration-without-date", "year-computed", "amount-two", "amount-size",
       "amount-format", "currency-format", "flag-format"}  # fmt: skip


@pytest.mark.parametrize(
    "row, codes",
    [
        ({"status": "denied"}, set()),
        ({"status": "denied", "actor": "", "origin": "chinese"}, set()),
        ({"status": "denied", "actor": "", "origin": "unknown"}, {"denied-nobody"}),
        ({"status": "denied", "actor": "", "origin": ""}, {"denied-nobody"}),
        ({"status": "denied", "origin": "unknown"}, set()),
        ({"status": "denied", "origin": ""}, {"origin-missing"}),
        ({"status": "denied", "only": "true"}, {"only-unexpected"}),
        ({"status": "denied", "currency": "USD"}, {"amount-unexpected", "amount-without-currency"}),
        ({"status": "denied", "duration_years": 3}, {"duration-without-date"}),
        ({"only": "true"}, set()),
        ({"only": "true", "role": "support"}, {"only-unexpected"}),
        ({"only": "true", "status": "vacant", "actor": "", "origin": ""}, {"only-unexpected"}),
        ({"only": "maybe", "status": "proposed"}, {"flag-format"}),
        ({"amount": "240e6", "currency": "usd"}, set()),
        ({"amount": "240000000.0", "currency": "USD", "status": "proposed"}, set()),
        ({"amount": "240.000.000", "currency": "USD"}, set()),
        ({"amount": "240 000 000", "currency": "USD"}, set()),
        ({"currency": "USD"}, {"amount-without-currency"}),
        ({"amount": "1.234", "currency": ""}, {"amount-two"}),
        ({"amount": "1,234", "currency": "USD"}, {"amount-two"}),
        ({"amount": "-5", "currency": "USD"}, {"amount-format"}),
        ({"amount": "nan", "currency": "USD"}, {"amount-format"}),
        ({"amount": "1e99", "currency": "USD"}, {"amount-size"}),
        ({"amount": "0.0", "currency": "USD"}, {"amount-size"}),
        ({"amount": "5", "currency": "XYZ"}, {"currency-format"}),
        ({"amount": "5", "currency": "USD", "status": "negotiating"}, {"amount-unexpected"}),
        ({"start": 2090, "duration_years": 10}, set()),
        ({"start": 2090, "duration_years": 11}, {"year-computed"}),
        ({"end": 1905, "duration_years": 7}, {"year-computed"}),
        ({"end": 2016, "duration_years": 9999}, {"year-computed"}),
    ],
)
def test_what_a_statement_can_say(row, codes, tmp_path):
    assert {entry.code for entry in findings_of(tmp_path, table(row), *NEW)} == codes


def test_both_readings_of_an_amount_and_both_cells_of_a_computed_year_are_named(tmp_path):
    (amount,) = findings_of(tmp_path, table({"amount": "1.234", "currency": "USD"}), "amount-two")
    assert amount.message == "found '1.234', expected one number, not 1234 or 1.234e0"
    assert "Write 1234, or 1.234e0" in amount.fix
    (year,) = findings_of(tmp_path, table({"end": 2016, "duration_years": 999}), "year-computed")
    assert "end 2016 with duration_years 999 gives 1018" in year.message


@pytest.mark.parametrize(
    "actors, codes",
    [
        ([{"actor": "A", "part_of": "B"}, {"actor": "B"}], []),
        ([{"actor": "B", "part_of": "A"}], []),  # A is in the table
        ([{"actor": "C", "alias": "B"}, {"actor": "A", "part_of": "B"}], []),  # an alias
        ([{"actor": "A", "part_of": "A"}], ["part-loop"]),
        ([{"actor": "A", "alias": "B"}, {"actor": "A", "part_of": "B"}], ["part-loop"]),
        ([{"actor": "A", "alias": "a", "part_of": "C"}, {"actor": "A", "part_of": "D"}, {"actor": "C"}, {"actor": "D"}],
         ["actor-repeated"] * 2),
        ([{"actor": "A", "alias": "a", "part_of": "C"}, {"actor": "A", "alias": "b"}, {"actor": "C"}], []),
        ([{"actor": "A", "part_of": "B"}, {"actor": "B", "part_of": "C"}, {"actor": "C", "part_of": "B"}],
         ["part-loop"] * 3),
    ],
)  # fmt: skip
def test_part_of(actors, codes, tmp_path):
    files = with_file("actors.csv", *actors)
    found = findings_of(tmp_path, files, "part-loop", "part-unknown", "actor-repeated")
    assert [entry.code for entry in found] == codes


@pytest.mark.parametrize(
    "registry, row, codes",
    [
        ({"window_start": 2012, "window_end": 2014, "launched": 2014}, {}, []),
        ({"window_start": 2012, "launched": 2016}, {"start": 2013, "end": 2014}, ["launched-late", "before-launch"]),
        ({"launched": 2016}, {"start": 2013, "end": 2014}, ["before-launch"]),  # no window, so no end
        ({"launched": 2016}, {"end": 2018}, []),
        ({"launched": 2016}, {"start": 2013, "end": 2018, "status": "denied"}, []),
        ({"launched": 2016}, {"start": 2013, "end": 2018, "rank": "deprecated", "note": "x"}, []),
        ({"launched": 2016}, {"start": 2013, "end": 2018, "phase": "design"}, []),
        ({"launched": 2016}, {"end": 2015}, ["before-launch"]),
    ],
)
def test_launched(registry, row, codes, tmp_path):
    files = with_file("projects.csv", {"project": "P", **registry}, table=wide({**UPKEEP, **row}))
    assert [entry.code for entry in findings_of(tmp_path, files, "launched-late", "before-launch")] == codes


def test_a_rank_of_an_event_is_explained_too(tmp_path):
    event = {"project": "P", "year": 2018, "label": "x", "rank": "deprecated"}
    (entry,) = findings_of(tmp_path, with_file("events.csv", event), "rank-reason")
    assert (entry.file, entry.line) == ("events.csv", 2)


def run(*args):
    return CliRunner().invoke(group, ["check", *map(str, args)])


def test_command_text_and_exit_codes(tmp_path):
    good = run(write(tmp_path, table({})))
    assert good.exit_code == 0
    assert "no errors, no warnings" in good.stdout
    bad = run(write(tmp_path, SEVERAL))
    assert bad.exit_code == 1
    assert bad.stdout.startswith("error: actors_by_phase.csv:2, column phase: found 'desing', expected financing, ")
    assert re.search(r"8 errors, no warnings", bad.stdout)
    assert run(tmp_path, "--format", "xml").exit_code == 2


def test_the_last_line_claims_no_file_that_has_no_finding(tmp_path):
    sound = run(write(tmp_path, table({})))
    assert sound.stdout.splitlines()[-1].startswith("actors_by_phase.csv: no errors")
    companion = run(write(tmp_path, with_file("actors.csv", {"actor": "A", "kind": "shop"})))
    assert companion.stdout.splitlines()[-1].startswith("actors_by_phase.csv and the files beside it: 1 error, ")


def test_command_json_and_csv_hold_every_finding(tmp_path):
    write(tmp_path, SEVERAL)
    document = json.loads(run(tmp_path, "--format", "json").stdout)
    rows = list(csv.DictReader(io.StringIO(run(tmp_path, "--format", "csv").stdout)))
    assert document["errors"] == 8
    assert len(document["findings"]) == len(rows) == 8
    assert rows[0]["found"] == document["findings"][0]["found"] == "desing"
    assert set(rows[0]) == {"file", "line", "row", "column", "code", "severity", "found", "expected", "fix"}


def test_csv_of_findings_holds_no_formula(tmp_path):
    rows = list(csv.DictReader(io.StringIO(run(write(tmp_path, table({"note": "=1+1"})), "--format", "csv").stdout)))
    assert rows[0]["found"] == "'=1+1"


def test_shipped_data_have_no_errors_and_are_named_on_stderr():
    result = run()
    assert result.exit_code == 0
    assert "No DATA given: reading the shipped study" in result.stderr
    assert "no errors" in result.stdout


def test_the_format_names_the_columns_of_every_file():
    page = (Path(__file__).parents[1] / "docs" / "data-format.md").read_text("utf-8")
    for columns in (COLUMNS, PROJECTS, ACTORS, EVENTS):
        assert columns_markdown(columns) in page


def test_new_writes_a_folder_that_passes_check(tmp_path):
    target = tmp_path / "my-study"
    runner = CliRunner()
    assert runner.invoke(group, ["new", str(target)]).exit_code == 0
    assert sorted(path.name for path in target.iterdir()) == [
        "README.md",
        "actors_by_phase.csv",
        "codebook.toml",
        "projects.csv",
        "study.xlsx",
    ]
    seen = examine_data(target)
    assert [entry.severity for entry in seen.findings] == ["information"] * len(seen.findings)
    assert len(seen.table.rows) == 2
    before = (target / "README.md").read_bytes()
    (target / "actors_by_phase.csv").write_text("mine")
    again = runner.invoke(group, ["new", str(target)])
    assert isinstance(again.exception, Exception)
    assert (target / "actors_by_phase.csv").read_text() == "mine"
    assert (target / "README.md").read_bytes() == before


def test_new_does_not_replace_a_file(tmp_path):
    (tmp_path / "file").write_text("mine")
    result = CliRunner().invoke(group, ["new", str(tmp_path / "file")])
    assert "cannot be made" in str(result.exception)
    assert (tmp_path / "file").read_text() == "mine"
