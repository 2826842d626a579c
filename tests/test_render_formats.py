"""Every format says everything: each holder, each status, each note; and parsers read the table that was meant."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from readers import (
    csv_rows,
    docx_rows,
    docx_text,
    flat,
    html_rows,
    html_tree,
    markdown_html,
    markdown_rows,
    need,
    pandoc,
    xlsx_rows,
    xlsx_text,
)
from strategies import examples
from table1 import HARD_NAMES, LABELS, SOURCES, TABLE_1, cell, cell_table, held, holder, nasty_table, table_1

import agency
from agency.characters import spreadsheet
from agency.errors import UsageError
from agency.formats import escape
from agency.formats.render import EXTENSIONS, render_sheet, render_sheets
from agency.formats.sheet import Entry, Note, Run, Sheet, plain
from agency.formats.text import fit, reference, width, wrap
from agency.formats.workbook import number
from agency.sheets.cells import cell_sheet
from agency.sheets.notes import Citing

READERS = {
    "markdown": markdown_rows,
    "grid": lambda text: html_rows(pandoc(text, "markdown-smart")),
    "rst": lambda text: html_rows(pandoc(text, "rst")),
    "html": html_rows,
    "docx": docx_rows,
    "xlsx": xlsx_rows,
}
"""How a table is read back, for the formats whose readers keep line breaks."""

PLAIN_TEXT = {
    "text": str,
    "markdown": lambda text: flat(html_tree(markdown_html(text))),
    "grid": lambda text: flat(html_tree(pandoc(text, "markdown-smart"))),
    "rst": lambda text: flat(html_tree(pandoc(text, "rst"))),
    "html": lambda text: flat(html_tree(text)),
    "docx": docx_text,
    "xlsx": xlsx_text,
}
TABLES = {"table 1": table_1, "nasty": nasty_table}


def lines(entry: Entry) -> str:
    return "\n".join("".join(run.text for run in line) for line in entry.lines)


def expected_rows(sheet: Sheet) -> list[list[str]]:
    return [list(sheet.columns), *([lines(entry) for entry in row] for row in sheet.rows)]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("transpose", [False, True])
@pytest.mark.parametrize("format", READERS)
def test_parsers_read_every_cell(format, table, transpose):
    sheet = cell_sheet(TABLES[table](), sources=SOURCES, notes=False, transpose=transpose)
    assert READERS[format](render_sheet(sheet, format)) == expected_rows(sheet)
    assert READERS[format](render_sheet(sheet, format, bare=True)) == expected_rows(sheet)


@pytest.mark.parametrize("table", TABLES)
def test_csv_has_every_cell_in_one_line_and_no_formula(table):
    sheet = cell_sheet(TABLES[table](), sources=SOURCES)
    rows = csv_rows(render_sheet(sheet, "csv"))
    assert rows == [[spreadsheet(cell.replace("\n", " / ")) for cell in row] for row in expected_rows(sheet)]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("format", PLAIN_TEXT)
def test_every_format_names_every_holder_status_note_and_reference(format, table):
    cells = TABLES[table]()
    sheet = cell_sheet(cells, sources=SOURCES)
    found = PLAIN_TEXT[format](render_sheet(sheet, format, width=10_000))
    rows = [row for cell in cells.cells.values() for part in cell.parts for row in part.rows]
    rows += [row for cell in cells.cells.values() for row in cell.listed]
    statuses = {
        part.prefix + part.text for cell in cells.cells.values() for part in cell.parts if part.status != "held"
    }
    wanted = {row.text for row in rows if row.actor} | statuses | {note.text for note in sheet.notes}
    wanted |= {*(reference(line) for line in sheet.references), sheet.caption}
    missing = {text for text in wanted if text not in found}
    assert missing == set()
    assert {note.mark for note in sheet.notes if note.mark and note.mark not in found} == set()


@pytest.mark.parametrize("table", TABLES)
def test_latex_names_everything(table):
    sheet = cell_sheet(TABLES[table](), sources=SOURCES)
    tex = render_sheet(sheet, "latex")
    for row in sheet.rows:
        for entry in row:
            for run in (run for line in entry.lines for run in line):
                mark = rf"\textsuperscript{{{escape.latex(','.join(run.marks))}}}" if run.marks else ""
                assert escape.latex(run.text) + mark in tex
    for text in [sheet.caption, *(note.text for note in sheet.notes)]:
        assert escape.latex(text) in tex
    for run in (run for line in sheet.references for run in line):
        assert (rf"\url{{{run.text}}}" if run.link else escape.latex(run.text)) in tex
    assert rf"\label{{tab:{sheet.label}}}" in tex


def test_latex_bare_is_the_tabular_only():
    tex = render_sheet(cell_sheet(table_1(), sources=SOURCES), "latex", bare=True)
    assert tex.startswith("\\begin{tabular}")
    assert tex.endswith("\\end{tabular}\n")
    assert "caption" not in tex


LONG = Sheet(
    "Long & wide",
    "long",
    tuple(f"Column {at}" for at in range(7)),
    tuple(tuple(Entry(((Run("two words " * 4, marks=("1",)),), (Run("x_y"),))) for _ in range(7)) for _ in range(30)),
    notes=(Note("1", "A note & more."), Note("", "Unmarked.")),
    references=(
        (
            Run("Nobody. 2020. "),
            Run("100 %", italic=True),
            Run(". "),
            Run("https://x.org/a_b%20c#d~e&f", link="https://x.org/a_b%20c#d~e&f"),
        ),
    ),
)
NUMBERS = Sheet(
    "Shares",
    "shares",
    ("Project", "Local"),
    ((plain("ECU 911"), plain("0.46")), (plain("JSeI"), plain("-1"))),
    numeric=(1,),
)


@pytest.mark.parametrize("engine", ["pdflatex", "lualatex"])
def test_latex_compiles(engine, tmp_path):
    need(engine)
    tall = Sheet("Tall", "tall", LONG.columns[:3], tuple(row[:3] for row in LONG.rows), notes=LONG.notes)
    sheets = [cell_sheet(table_1(), sources=SOURCES), cell_sheet(nasty_table(), sources=SOURCES), LONG, tall, NUMBERS]
    tables = [render_sheet(sheet, "latex") for sheet in sheets]
    tables += [render_sheet(sheet, "latex", bare=True) for sheet in sheets]
    tables += [render_sheet(cell_sheet(table_1(), sources=SOURCES, citing=Citing(by_key=True)), "latex")]
    encoding = r"\usepackage[T1]{fontenc}\usepackage{lmodern}" if engine == "pdflatex" else ""
    packages = r"\usepackage{array,booktabs,longtable,pdflscape,ragged2e,threeparttable,natbib,hyperref}"
    document = "\n\n".join([r"\documentclass{article}", packages, encoding, r"\begin{document}", *tables])
    (tmp_path / "t.tex").write_text(document + "\n\\end{document}\n", "utf-8")
    done = subprocess.run(
        [engine, "-interaction=nonstopmode", "-halt-on-error", "t.tex"],
        cwd=tmp_path,
        capture_output=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:].decode("utf-8", "replace")
    text = subprocess.run([need("pdftotext"), "-layout", "t.pdf", "-"], cwd=tmp_path, capture_output=True, check=True)
    for name in ("CEIEC", "ZTE", "negotiation", "R&D_Group", "helper|s", "**alleged**", "0.46", "§", "Çelik"):
        assert name in text.stdout.decode()


def test_latex_says_which_packages_it_needs():
    first = {sheet.label: render_sheet(sheet, "latex").split("\n")[0] for sheet in (LONG, NUMBERS)}
    assert "array,booktabs,ragged2e,longtable,pdflscape,hyperref" in first["long"]
    assert "array,booktabs,ragged2e,threeparttable" in first["shares"]


def test_html_has_caption_scopes_language_and_links_to_notes():
    tree = html_tree(render_sheet(cell_sheet(nasty_table(), sources=SOURCES), "html"))
    table = next(tree.iter("table"))
    assert table.get("lang") == "en"
    assert table.find("caption").text.startswith("Actors by phase")
    assert [cell.get("scope") for cell in table.iter("th")] == ["col"] * 4 + ["row"] * 6
    assert {cell.get("class") for cell in table.iter("td")} == {
        None,
        "blank not_coded",
        "blank not_applicable",
        "blank negotiating",
    }
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    links = {element.get("href") for element in tree.iter("a")}
    assert links
    assert links <= {f"#{name}" for name in ids} | {"https://doi.org/10.1080/01972243.2024.2317057"}
    assert not list(tree.iter("script"))


def test_html_links_runs_to_their_evidence_and_bare_has_no_styles():
    cell = Entry(((Run("ZTE & co", origin="chinese", anchor="row-3"),),))
    html = render_sheet(Sheet("", "x", ("Phase", "A"), ((plain("Designed by"), cell),)), "html", bare=True)
    assert '<a href="#row-3" class="origin-chinese">ZTE &amp; co</a>' in html
    assert "style=" not in html
    assert "<caption" not in html


def test_numbers_are_aligned_right():
    assert "|--------:|" in render_sheet(NUMBERS, "markdown")
    assert r"\begin{tabular}{@{}lr@{}}" in render_sheet(NUMBERS, "latex")
    assert html_tree(render_sheet(NUMBERS, "html", bare=True)).find(".//td").get("class") == "numeric"
    assert "ECU 911       0.46\n" in render_sheet(NUMBERS, "text")


def test_word_table_repeats_its_header_and_uses_named_styles():
    import io

    import docx

    document = docx.Document(io.BytesIO(render_sheet(cell_sheet(nasty_table(), sources=SOURCES), "docx")))
    table = document.tables[0]
    assert table.style.name == "Agency Table"
    assert table.rows[0]._tr.trPr.xpath("./w:tblHeader")
    assert not table.rows[1]._tr.trPr.xpath("./w:tblHeader")
    assert {paragraph.style.name for cell in table._cells for paragraph in cell.paragraphs} == {"Agency Table Text"}
    assert [paragraph.style.name for paragraph in document.paragraphs][:2] == ["Caption", "Agency Note"]
    assert document.paragraphs[-1].style.name == "Agency Reference"
    marks = [run.text for run in table.cell(1, 1).paragraphs[0].runs if run.font.superscript]
    assert marks == ["1,2,†"]
    assert document.core_properties.author == ""


def test_pandoc_reads_the_word_file(tmp_path):
    sheet = cell_sheet(table_1(), sources=SOURCES)
    (tmp_path / "t.docx").write_bytes(render_sheet(sheet, "docx"))
    done = subprocess.run([need("pandoc"), "t.docx", "-t", "html"], cwd=tmp_path, capture_output=True, check=True)
    rows = html_rows(done.stdout.decode())
    assert [[cell.replace("\n", " ") for cell in row] for row in rows][4] == [
        "Implemented by",
        "Local firms and CEIEC",
        "Local firms and ZTE",
    ]


@pytest.mark.parametrize("format", sorted({*EXTENSIONS.values(), "grid"}))
def test_same_bytes_in_any_process(format):
    code = (
        "import hashlib, sys; sys.path.insert(0, sys.argv[1]); from table1 import *; "
        "from agency.sheets.cells import cell_sheet; from agency.formats.render import render_sheet; "
        f"out = render_sheet(cell_sheet(nasty_table(), sources=SOURCES), {format!r}); "
        "print(hashlib.sha256(out if isinstance(out, bytes) else out.encode()).hexdigest())"
    )
    hashes = {
        subprocess.run(
            [sys.executable, "-c", code, str(Path(__file__).parent)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(hashes) == 1


def test_unknown_format_names_the_known_ones():
    with pytest.raises(UsageError, match=r"no format 'pdf'.*latex.*or grid"):
        render_sheet(NUMBERS, "pdf")


def test_word_without_its_package_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(UsageError, match=r'pip install "phase-agency\[word\]"'):
        render_sheet(NUMBERS, "docx")


def test_a_workbook_without_its_package_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(UsageError, match=r'pip install "phase-agency\[excel\]"'):
        render_sheet(NUMBERS, "xlsx")


def workbook_cells(sheet):
    """Return the cells below the header, by place: value, format and whether it is text."""
    openpyxl = import_module("openpyxl")
    page = openpyxl.load_workbook(io.BytesIO(render_sheet(sheet, "xlsx", bare=True))).active
    return {cell.coordinate: (cell.value, cell.number_format, cell.data_type) for row in page["A2:Z9"] for cell in row}


def test_a_workbook_has_numbers_as_numbers_and_all_else_as_text():
    texts = ("2019", "1,234", "58.3 %", "-0.50", "\u22120.5", "3 of 4", "12 %", "=1+1", "1e5", "")
    numeric = Sheet("", "n", tuple("abcdefghij"), (tuple(map(plain, texts)),), numeric=tuple(range(10)))
    found = [cell[:2] for cell in list(workbook_cells(numeric).values())[:7]]
    assert found == [
        (2019, "0"),
        (1234, "#,##0"),
        (0.583, "0.0 %"),
        (-0.5, "0.00"),
        (-0.5, "0.0"),
        ("3 of 4", "General"),
        (0.12, "0 %"),
    ]
    assert [cell[0::2] for cell in list(workbook_cells(numeric).values())[7:9]] == [("=1+1", "s"), ("1e5", "s")]
    words = Sheet("", "w", ("=cmd()", "b"), tuple((plain(text), plain(text)) for text in texts[:8]))
    assert {cell[2] for cell in workbook_cells(words).values() if cell[0] is not None} == {"s"}


@given(st.one_of(st.integers(-(10**9), 10**9), st.decimals(-10_000, 10_000, places=2)))
@settings(max_examples=examples(100))
def test_a_printed_number_is_that_number_in_a_workbook(value):
    assert number(f"{value}")[0] == float(value)
    assert number(f"{value:,}")[0] == float(value)
    assert number(f"{value} %")[0] == float(Decimal(value) / 100)


@pytest.mark.parametrize("wrong", ["1,23", "12,3456", "1.", ".5", "1 2", "٣", "1e3", "0x10", "", "%", "5%", "+1"])
def test_what_is_no_number_alone_stays_text(wrong):
    assert number(wrong) is None


def test_a_workbook_refuses_what_it_would_cut():
    with pytest.raises(UsageError, match=r"32,768 characters.*Choose -f csv"):
        render_sheet(Sheet("", "long", ("a",), ((plain("x" * 32_768),),)), "xlsx")
    with pytest.raises(UsageError, match=r"1 rows and 16,385 columns"):
        render_sheet(Sheet("", "wide", ("a",) * 16_385, ((plain("x"),) * 16_385,)), "xlsx")


def test_several_sheets_stand_below_one_another():
    sheets = [NUMBERS, cell_sheet(table_1(), sources=SOURCES)]
    assert len(html_tree(render_sheets(sheets, "html")).findall(".//table")) == 2
    assert render_sheets(sheets, "text").count("---") > 2
    import docx

    assert len(docx.Document(io.BytesIO(render_sheets(sheets, "docx"))).tables) == 2


def test_a_word_table_is_not_read_anew_for_every_row(monkeypatch: pytest.MonkeyPatch) -> None:
    import docx.table

    reads: list[object] = []
    read = docx.table.Table._cells.fget  # all cells of a table: python-docx 1.1.0 asks for them wherever one is asked
    monkeypatch.setattr(docx.table.Table, "_cells", property(lambda table: reads.append(table) or read(table)))
    made = render_sheet(Sheet("", "long", ("a", "b"), ((plain("x"), plain("y")),) * 30), "docx")
    assert reads == []
    assert docx_rows(made) == [["a", "b"], *[["x", "y"]] * 30]
    assert len(reads) == 1


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
@pytest.mark.parametrize("table", TABLES)
def test_text_fits_the_width(table, columns):
    text = render_sheet(cell_sheet(TABLES[table](), sources=SOURCES), "text", width=columns)
    assert max(width(line) for line in text.split("\n")) <= columns


def test_text_of_table_1():
    text = render_sheet(cell_sheet(table_1(), sources=SOURCES, notes=False), "text", bare=True, width=100)
    body = text.split("\n")[2:]
    at, other = body[0].index("Coordinating"), body[0].index("Jujuy's")
    for position, label in enumerate(list(LABELS.values())[:5]):
        row = body[position]
        assert [row[:at].strip(), row[at:other].strip(), row[other:].strip()] == [
            label,
            *TABLE_1["ECU 911"][position],
            *TABLE_1["JSeI"][position],
        ]
    assert [line[at:other].strip() for line in body[5:7]] == list(TABLE_1["ECU 911"][5])
    assert body[5][other:].strip() == "ZTE for 3 years"


@pytest.mark.parametrize("transpose", [True, False])
def test_no_word_of_the_shipped_table_is_broken_at_80_columns(transpose):
    cells = agency.load().select(min_phases=0 if transpose else 2).cells
    sheet = cell_sheet(cells, sources={}, transpose=transpose)
    text = render_sheet(sheet, "text", width=80, bare=True)
    assert max(map(width, text.split("\n"))) <= 80
    printed = set(text.split())
    bare = sheet.bare()
    words = {word for row in bare.rows for entry in row for word in entry.text.replace(" / ", " ").split()}
    assert words <= printed, words - printed
    assert {word for name in sheet.columns for word in name.split()} <= printed
    # Every block of columns begins with the head of the rows.
    assert text.count(sheet.columns[0] + " ") == len(re.findall("(?m)^---", text)) > 1


def test_three_holders_have_a_line_each_and_two_where_they_do_not_fit():
    def printed(*names, columns=80):
        rows = [holder(name, at) for at, name in enumerate(names)]
        sheet = cell_sheet(cell_table([cell("P", "design", held(*rows))]), sources={}, notes=False)
        lines = render_sheet(sheet, "text", width=columns, bare=True).split("\n")
        at = next(number for number, line in enumerate(lines) if line.startswith("Designed"))
        indent = lines[1].index("  ") + 2
        return [line[indent:] for line in lines[at : at + len(names)]]

    assert printed("Alpha", "Beta")[0] == "Alpha and Beta"
    assert printed("Alpha", "Beta", "Gamma") == ["Alpha,", "Beta", "and Gamma"]
    assert printed("Alpha Beta", "Gamma Delta", columns=40) == ["Alpha Beta", "and Gamma Delta"]


@given(st.text(st.sampled_from("ab -/中é👩\u0301\u200d\u00a0"), max_size=40), st.integers(2, 12))
@settings(max_examples=examples(100))
def test_wrapping_loses_nothing_and_keeps_the_limit(text, limit):
    cut = wrap(text, limit)
    assert "".join(cut).replace(" ", "") == text.replace(" ", "")
    assert all(width(line.strip(" ")) <= limit for line in cut)
    whole = wrap(text, limit, inside_words=False)
    assert [word for line in whole for word in line.split(" ") if word] == [word for word in text.split(" ") if word]


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(1, 60)), min_size=1, max_size=6), st.integers(1, 200))
@settings(max_examples=examples(100))
def test_columns_fit_where_they_can(columns, limit):
    natural = [max(pair) for pair in columns]
    least = [min(pair) for pair in columns]
    widths = fit(natural, least, limit)
    assert all(low <= wide <= full for low, wide, full in zip(least, widths, natural, strict=True))
    assert sum(widths) <= max(limit, sum(least))
    if sum(natural) <= limit:
        assert widths == natural


def test_chinese_columns_align():
    rows = ((plain("中国电子"), plain("x")), (plain("ZTE"), plain("y")))
    body = render_sheet(Sheet("", "x", ("Actor", "A"), rows), "text").split("\n")
    assert {width(line[: line.index(end)]) for line, end in zip(body[2:4], "xy", strict=True)} == {10}


def test_hard_names_are_all_in_the_nasty_table():
    sheet = cell_sheet(nasty_table(), sources=SOURCES)
    texts = " ".join(entry.text for row in sheet.rows for entry in row)
    assert [name for name in HARD_NAMES if name not in texts] == []


def test_references_have_italics_and_links_where_the_format_has_them():
    """A title in italics, an address as a link; in plain text neither."""
    sheet = cell_sheet(nasty_table(), sources=SOURCES)
    doi = "https://doi.org/10.1080/01972243.2024.2317057"
    assert f"*The Information Society*. <{doi}>" in render_sheet(sheet, "markdown")
    assert rf"\emph{{The Information Society}}. \url{{{doi}}}" in render_sheet(sheet, "latex")
    assert f'<i>The Information Society</i>. <a href="{doi}">' in render_sheet(sheet, "html")
    assert "*The Information Society*" in render_sheet(sheet, "rst")
    assert f"Information Society. {doi}" in render_sheet(sheet, "text", width=1000)


def test_cite_writes_the_page_at_the_statement_and_no_references():
    tex = render_sheet(cell_sheet(table_1(), sources=SOURCES, citing=Citing(by_key=True)), "latex")
    assert r"CEIEC (technical)~\citep[Table~1]{vilaseoane2024}" in tex
    assert "natbib" in tex.splitlines()[0]
    assert "References" not in tex
    assert "Vila Seoane" not in tex
    bare = cell_sheet(table_1(), sources=SOURCES, citing=Citing(references=False))
    assert bare.references == ()
    assert any("Vila Seoane" in note.text for note in bare.notes)


def test_numbers_of_a_grid_are_numbers_for_pandoc_not_code():
    rows = tuple(tuple(plain(text) for text in ("Designed by", number, number)) for number in ("1", "1,234.50", "-0.2"))
    sheet = Sheet("Numbers", "n", ("Phase", "A header that is wider than any number", "n"), rows, numeric=(1, 2))
    page = pandoc(render_sheet(sheet, "grid"), "markdown", "html")
    assert "<pre" not in page
    assert "<code" not in page
    assert page.count('<td style="text-align: right;">') == 6
