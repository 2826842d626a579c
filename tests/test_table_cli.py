"""`agency table` as it is called: formats, files, exit codes."""

from __future__ import annotations

import contextlib
import json
import os
import re
import struct
import subprocess
import sys
import zipfile
from importlib import import_module

import pytest
from click.testing import CliRunner, Result
from readers import csv_rows, docx_rows, html_rows, markdown_rows, need
from table1 import LABELS, TABLE_1

from agency.cli import group, main
from agency.errors import AgencyError, UsageError

CASES = ["table", "-p", "ECU 911", "-p", "JSeI", "--source", "vilaseoane2024"]
"""The one source of Table 1: the others contest some of its cells, which are marked then."""
ROWS = [
    ["Phase", "ECU 911", "JSeI"],
    *([label, *("\n".join(TABLE_1[project][at]) for project in TABLE_1)] for at, label in enumerate(LABELS.values())),
]


def run(*args: str) -> Result:
    result = CliRunner().invoke(group, [*CASES, *args])
    if isinstance(result.exception, AgencyError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result


def test_default_text_is_table_1():
    lines = run().stdout.split("\n")
    assert max(map(len, lines)) <= 80
    at, other = lines[4].index("Coordinating"), lines[4].index("Jujuy")
    assert lines[2].split("  ")[0] == "Phase"
    end = lines.index("", 4)
    cells = [[line[:at].strip(), line[at:other].strip(), line[other:].strip()] for line in lines[4:end]]
    for column, wanted in enumerate(zip(*ROWS[1:], strict=True)):
        assert " ".join(row[column] for row in cells if row[column]) == " ".join(wanted).replace("\n", " ")
    # A period begins a line.
    assert [row[1].split(":")[0] for row in cells if ":" in row[1]] == ["Until 2018", "From 2018 onwards"]
    assert "Source: Vila Seoane" in run().stdout


def test_cells_that_another_source_contests_are_marked():
    result = CliRunner().invoke(group, [*CASES[:5], "--rank", "best"])
    assert "CEIEC (technical) [§]" in result.stdout
    assert "[§] Contested:" in result.stdout
    assert "§" not in run().stdout


@pytest.mark.parametrize("notes", ["sources", "none"])
def test_printed_formats_are_table_1(notes):
    assert markdown_rows(run("-f", "markdown", "--notes", notes).stdout) == ROWS
    assert html_rows(run("-f", "html", "--notes", notes).stdout) == ROWS
    flat = [[value.replace("\n", " / ") for value in row] for row in ROWS]
    assert csv_rows(run("-f", "csv", "--notes", notes).stdout) == flat
    document = json.loads(run("-f", "json", "--notes", notes).stdout)
    assert [
        [phase["label"], *(cell["text"] for cell in phase["cells"].values())] for phase in document["phases"]
    ] == flat[1:]


def test_notes_none_prints_the_table_only():
    assert "Source" not in run("--notes", "none").stdout
    assert run("--notes", "none").stdout.startswith("Actors by phase")
    assert run("--bare").stdout.startswith("Phase ")


@pytest.mark.parametrize(
    "name, start",
    [
        ("t.txt", "Actors by phase"),
        ("t.md", "Table: Actors"),
        ("t.tex", "% Needs"),
        ("t.html", "<div class"),
        ("t.HTML", "<div class"),
        ("t.csv", "Phase,ECU 911,JSeI"),
        ("t.json", '{\n  "listing"'),
        ("t.rst", ".. table::"),
    ],
)
def test_extension_decides(name, start, tmp_path):
    target = tmp_path / name
    assert run("-o", str(target)).stdout == ""
    assert target.read_text("utf-8").startswith(start)


def test_format_wins_over_extension(tmp_path):
    run("-o", str(tmp_path / "t.txt"), "-f", "latex", "--bare")
    assert (tmp_path / "t.txt").read_text("utf-8").startswith("\\begin{tabular}")
    run("-o", str(tmp_path / "t.unknown"), "-f", "grid")
    assert "+====" in (tmp_path / "t.unknown").read_text("utf-8")


def test_word_file(tmp_path):
    run("-o", str(tmp_path / "t.docx"))
    first = (tmp_path / "t.docx").read_bytes()
    assert docx_rows(first) == ROWS
    run("-o", str(tmp_path / "t.docx"))
    assert (tmp_path / "t.docx").read_bytes() == first


def test_transpose():
    rows = csv_rows(run("-f", "csv", "--transpose").stdout)
    assert rows[0] == ["Project", *LABELS.values()]
    assert [row[0] for row in rows[1:]] == ["ECU 911", "JSeI"]
    assert rows[1][6] == "Until 2018: CEIEC / From 2018 onwards: still under negotiation"


def test_csv_is_not_turned_by_the_number_of_projects():
    result = CliRunner().invoke(group, ["table", "-f", "csv"])
    assert csv_rows(result.stdout)[0][0] == "Phase"
    assert CliRunner().invoke(group, ["table", "-f", "markdown"]).stdout.split("\n")[2].startswith("| Project ")


def test_year_prints_the_cells_as_of_that_year():
    text = run("--year", "2019", "--notes", "none").stdout
    assert text.startswith("Actors by phase: ECU 911 and JSeI, as of 2019\n")
    assert "Until" not in text
    assert "still under negotiation" in text


@pytest.mark.parametrize(
    "args, message",
    [
        (["-f", "docx"], "cannot be printed.*-o table.docx"),
        (["-o", "t.pdf"], r"'\.pdf' is not one of .*\.tex.*-f"),
        (["-o", "t"], "extension '' is not one of"),
    ],
)
def test_calls_that_cannot_work(args, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=message):
        run(*args)
    assert list(tmp_path.iterdir()) == []


def test_exit_code_2_and_one_line(capsys, tmp_path):
    with pytest.raises(SystemExit) as left:
        main([*CASES, "-f", "docx"])
    assert left.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1
    (tmp_path / "a-file").touch()
    with pytest.raises(SystemExit) as left:
        main([*CASES, "-o", str(tmp_path / "a-file" / "t.md")])
    assert left.value.code == 2


def test_unknown_choice_is_a_usage_error():
    assert CliRunner().invoke(group, [*CASES, "-f", "pdf"]).exit_code == 2
    assert CliRunner().invoke(group, [*CASES, "--notes", "all"]).exit_code == 2


def test_text_takes_the_width_of_the_terminal(monkeypatch):
    from agency.cli import printing

    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "61")
    assert printing._terminal_width(None) == 61
    assert printing._terminal_width("t.txt") is None


def test_cite_is_for_latex_and_prints_no_references():
    tex = run("-f", "latex", "--cite").stdout
    assert r"CEIEC (technical)~\citep[Table~1]{vilaseoane2024}" in tex
    assert "natbib" in tex
    assert "Vila Seoane" not in tex


def test_references_can_be_left_out_once_they_stand_elsewhere():
    text = run("--no-references").stdout
    assert "Source: Vila Seoane and Álvarez Velasco 2024, Table 1." in text
    assert "References" not in text


@pytest.mark.parametrize(
    "args, said",
    [
        (("--cite",), "Add -f latex"),
        (("--cite", "-f", "latex", "--style", "x.csl"), "leave --style out"),
        (("--notes", "none", "--style", "x.csl"), "leave --cite and --style out"),
        (("--style", "absent.csl"), "cannot be read"),
    ],
)
def test_options_of_citing_that_do_not_go_together(args, said):
    result = CliRunner().invoke(group, [*CASES, *args])
    assert said in (result.output if isinstance(result.exception, SystemExit) else str(result.exception))
    assert result.exit_code != 0


def test_a_style_is_printed_by_pandoc(tmp_path):
    need("pandoc")
    style = tmp_path / "chicago.csl"
    done = subprocess.run(["pandoc", "--print-default-data-file", "default.csl"], capture_output=True, check=True)
    style.write_bytes(done.stdout)
    text = " ".join(run("--style", str(style)).stdout.split())
    assert "“The Chinese Surveillance State in Latin America? Evidence from Argentina and Ecuador.”" in text


def test_a_page_stands_at_its_statement(tmp_path):
    (tmp_path / "actors_by_phase.csv").write_text(
        "project,phase,actor,origin,source,locator\n"
        "P,design,A,local,s,p. 4\nP,implementation,B,local,s,p. 9\n"
        "P,operation,C,local,t,\nP,maintenance,C,local,s,p. 4\n"
    )
    (tmp_path / "sources.csv").write_text(
        'key,author,year,title,where,type\ns,"Castells, Manuel",1996,A,,book\nt,,2012,B,El Comercio,media\n'
    )
    result = CliRunner().invoke(group, ["table", str(tmp_path)])
    assert "[1] Castells 1996, p. 4.\n[2] Castells 1996, p. 9.\n[3] El Comercio 2012.\n" in result.stdout
    marked = [line.split("  ")[-1].strip() for line in result.stdout.splitlines() if "[1]" in line]
    assert marked[:2] == ["A [1]", "C [1]"]
    assert "Castells, Manuel. 1996. A.\nEl Comercio. 2012. “B.”\n" in result.stdout


def test_own_caption_leaves_the_rules_in_a_note():
    printed = run("--caption", "Table 2. Who <holds> what", "--year", "2019").stdout
    assert printed.startswith("Table 2. Who <holds> what\n")
    assert "\nActors by phase: ECU 911 and JSeI, as of 2019.\n" in printed
    assert "&lt;holds&gt;" in run("--caption", "Who <holds> what", "-f", "html").stdout
    assert "as of 2019" not in run("--caption", "Table 2", "--year", "2019", "--notes", "none").stdout


def test_colour_shades_cells_in_every_format_that_can(tmp_path):
    local, chinese = "B2CCE5", "F6CCD4"
    page = run("-f", "html", "--colour").stdout
    assert f'style="padding:0.3em 0.8em;vertical-align:top;text-align:left;background:#{local};color:#000"' in page
    assert f'<bdi class="origin-chinese" style="background:#{chinese};color:#000">CEIEC</bdi>' in page
    assert f'<span style="background:#{local};color:#000;padding:0.1em 0.5em">Local</span>' in page
    tex = run("-f", "latex", "--colour").stdout
    assert "colortbl,xcolor" in tex.split("\n")[0]
    assert f"\\cellcolor[HTML]{{{chinese}}}CEIEC (technical)" in tex
    joint = f"\\colorbox[HTML]{{{local}}}{{Local}} \\colorbox[HTML]{{{local}}}{{firms}}"
    assert joint in tex
    run("-o", str(tmp_path / "t.docx"), "--colour")
    assert docx_rows((tmp_path / "t.docx").read_bytes()) == ROWS
    with zipfile.ZipFile(tmp_path / "t.docx") as archive:
        document = archive.read("word/document.xml").decode()
    assert re.search(rf'<w:tcPr>(?:<w:tcW[^>]*>)<w:shd [^>]*w:fill="{local}"', document)
    assert re.search(rf'<w:rPr><w:shd [^>]*w:fill="{chinese}"/></w:rPr><w:t>CEIEC</w:t>', document)
    run("-o", str(tmp_path / "t.xlsx"), "--colour")
    openpyxl = import_module("openpyxl")
    page = openpyxl.load_workbook(tmp_path / "t.xlsx").worksheets[0]
    assert page["B2"].fill.fgColor.rgb == f"FF{local}"
    assert [stop.color.rgb for stop in page["B5"].fill.stop] == [f"FF{one}" for one in (local, local, chinese, chinese)]
    assert "background" not in run("-f", "html").stdout


@pytest.mark.parametrize("format", ["text", "markdown", "csv", "json"])
def test_colour_is_refused_where_a_format_has_none(format):
    result = CliRunner().invoke(group, [*CASES, "--colour", "-f", format])
    assert result.exit_code == 2
    assert "--colour shades cells in html, latex, docx and xlsx" in " ".join(result.stderr.split())


def test_word_columns_are_never_narrower_than_their_longest_word(tmp_path):
    docx = import_module("docx")
    for number, arguments in enumerate((["--no-transpose"], ["--transpose"], ["-p", "JSeI"])):
        target = tmp_path / f"{number}.docx"
        result = CliRunner().invoke(group, ["table", *arguments, "--notes", "none", "-o", str(target)])
        assert result.exit_code == 0, result.output
        document = docx.Document(str(target))
        section = document.sections[0]
        room = section.page_width - section.left_margin - section.right_margin
        for table in document.tables:
            widths = [cell.width for cell in table.rows[0].cells]
            assert sum(widths) <= room + 10
            for row in table.rows:
                for wide, cell in zip(widths, row.cells, strict=True):
                    longest = max(map(len, cell.text.split() or [""]))
                    # Half the height of nine points is more than the mean letter of any common face.
                    assert wide >= longest * 4.5 * 12700
        heads = [table.rows[0].cells[0].text for table in document.tables]
        assert set(heads) == {"Phase"} if number != 1 else {"Project"}
        assert (section.page_width > section.page_height) == (number < 2)
    assert len(docx.Document(str(tmp_path / "0.docx")).tables) > 1


def on_terminal(*arguments: str, **environment: str) -> tuple[str, str]:
    """Return what the program writes to standard output and error where both are terminals of 60 columns."""
    pty, fcntl, termios = (pytest.importorskip(name) for name in ("pty", "fcntl", "termios"))
    ends = [pty.openpty() for _ in range(2)]
    for _, side in ends:
        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    known = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS", "LINES")}
    done = subprocess.Popen(
        [sys.executable, "-m", "agency", *arguments],
        stdout=ends[0][1],
        stderr=ends[1][1],
        env={**known, "TERM": "xterm", "COLUMNS": "60", **environment},
    )
    heard: list[bytes] = [b"", b""]
    for at, (ours, theirs) in enumerate(ends):
        os.close(theirs)
        with contextlib.suppress(OSError):
            while part := os.read(ours, 65536):
                heard[at] += part
        os.close(ours)
    done.wait(timeout=60)
    out, err = (part.decode().replace("\r\n", "\n") for part in heard)
    return out, err


def test_a_terminal_has_colour_and_wrapped_messages():
    out, err = on_terminal("table", "-p", "JSeI", "--where", "start >= 2000 or duration_years > 0")
    assert "\x1b[36m" in out
    assert "\x1b[33m" in err
    plain, said = on_terminal("table", "-p", "JSeI", "--where", "start >= 2000 or duration_years > 0", NO_COLOR="1")
    assert "\x1b" not in plain + said
    assert re.sub("\x1b\\[[0-9;]*m", "", out) == plain
    _, wrong = on_terminal("table", "-p", "JSeI", "-o", "t.a-name-without-meaning", NO_COLOR="1")
    assert len(wrong.split("\n")) > 2
    assert max(map(len, wrong.split("\n"))) <= 60
    assert "t.a-name-without-meaning" in wrong


def test_a_pipe_has_no_colour_and_messages_in_one_line():
    done = subprocess.run(
        [sys.executable, "-m", "agency", *CASES], capture_output=True, env={**os.environ, "TERM": "xterm"}, check=True
    )
    assert b"\x1b" not in done.stdout + done.stderr
    assert done.stderr.count(b"\n") == 1
