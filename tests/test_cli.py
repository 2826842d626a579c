"""The command line as a whole: help, examples, suggestions, exit codes. Each command has tests of its own."""

from __future__ import annotations

import csv
import functools
import io
import os
import shlex
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

import agency
from agency import cli
from agency.cli import group, main
from agency.cli.catalogue import COMMANDS, SECTIONS, load
from agency.errors import UsageError


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, list(arguments))


def test_help_names_every_command_with_its_example_under_its_task() -> None:
    text = run("--help").output
    for section in SECTIONS:
        assert section in text
    for name, entry in COMMANDS.items():
        assert entry.help in text, name
        assert entry.example in text, name


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_that_ends_with_its_example(name: str) -> None:
    command = load(name)
    text = run(name, "--help").output
    assert command.help
    assert text.rstrip().endswith(COMMANDS[name].example), text


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_one_screen_and_help_all_explains_every_option(name: str) -> None:
    short = CliRunner().invoke(group, [name, "--help"], terminal_width=80).output
    assert len(short.split("\n")) <= 25, short
    assert max(map(len, short.split("\n"))) <= 80
    whole = run(name, "--help-all").output
    command = load(name)
    for option in (param for param in command.params if isinstance(param, click.Option)):
        assert option.opts[-1] in whole, option.opts
    assert " ".join((command.help or "").split()) in " ".join(whole.split())
    shared = {option.name for option in command.params if option.name in ("encoding", "projects", "mode")}
    titles = {"encoding": "Reading:", "projects": "Selecting:", "mode": "Rules:"}
    assert all(titles[one] in short for one in shared if one)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_example_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    if name == "verify":
        (tmp_path / "texts").mkdir()
    if name == "diff":
        for version in ("old", "new"):
            assert run("export", "--to", "tidy", "-o", version).exit_code == 0
    if name == "import":
        assert run("export", "--to", "wide", "-p", "JSeI", "-o", "table1.csv").exit_code == 0
    arguments = shlex.split(COMMANDS[name].example)
    assert arguments[0] == "agency"
    with pytest.raises(SystemExit) as stop:
        main(arguments[1:])
    # Without the copyrighted texts `verify` finds no file and says so: exit 1.
    assert stop.value.code in ((1, 2) if name == "verify" else (0, None))


def test_an_unknown_command_suggests_the_nearest() -> None:
    result = run("tabel")
    assert result.exit_code == 2
    assert "Did you mean 'table'?" in result.output


def test_version_is_the_package_version() -> None:
    assert run("--version").output.strip().endswith(agency.__version__)


def test_an_unknown_project_is_a_usage_error_without_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["table", "-p", "ECU911"])
    captured = capsys.readouterr()
    assert stop.value.code == 2
    assert captured.out == ""
    assert "There is no project 'ECU911' in the table. Did you mean 'ECU 911'?" in captured.err
    assert "Traceback" not in captured.err


STARTER = "project,phase,actor,origin,source\nP,design,B,local,s\nP,operation,紫光,chinese,s\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("table", "t.csv", "-o", "t.csv"),
        ("table", ".", "-f", "csv", "-o", "./t.csv"),
        ("indicators", "t.csv", "-f", "csv", "-o", "projects.csv"),
        ("agreement", "t.csv", "--sheet", "t.csv"),
    ],
    ids=" ".join,
)
def test_the_input_is_never_written_over(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    both = STARTER.replace("source\n", "source,coder\n").replace(",s\n", ",s,A\n") + "P,design,B,local,s,B\n"
    (tmp_path / "t.csv").write_text(both, "utf-8")
    (tmp_path / "projects.csv").write_text("project,label\nP,Project\n", "utf-8")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(SystemExit) as stop:
        main(list(arguments))
    assert stop.value.code == 2
    assert "a file the command reads" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("arguments", [("table", "-o", ""), ("check", ""), ("new", "")], ids=str)
def test_an_empty_path_is_not_the_current_folder(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "the path is empty" in result.output


def shell(command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    (folder / "t.csv").write_text(STARTER, "utf-8")
    line = command.replace("agency ", f'"{sys.executable}" -m agency ', 1)
    return subprocess.run(
        ["bash", "-c", line], cwd=folder, capture_output=True, env={**os.environ, **environment}, check=False
    )


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "ascii"])
def test_redirected_output_is_utf_8_whatever_the_console_was(encoding: str, tmp_path: Path) -> None:
    done = shell("agency table t.csv -f csv", tmp_path, PYTHONIOENCODING=encoding)
    assert done.returncode == 0
    assert "紫光" in done.stdout.decode("utf-8")


@pytest.mark.parametrize(
    "command, code",
    [("agency table t.csv > /dev/full", 2), ("agency check t.csv > /dev/full", 2), ("agency table t.csv >&-", 0)],
)
def test_a_broken_standard_output_is_one_line(command: str, code: int, tmp_path: Path) -> None:
    done = shell(command, tmp_path)
    assert done.returncode == code
    assert b"Traceback" not in done.stderr


def test_a_reader_that_leaves_early_is_no_failure(tmp_path: Path) -> None:
    done = shell("set -o pipefail; agency table --rank all --min-phases 0 -f json | head -1", tmp_path)
    assert done.stdout == b"{\n"
    assert b"Traceback" not in done.stderr


# --- Where output goes -----------------------------------------------------------------------------------------------

CODED = (
    "project,phase,actor,origin,source,coder\nP,design,B,local,s,A\nP,design,C,chinese,s,B\nP,operation,D,local,s,A\n"
)


@pytest.fixture
def coded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.csv").write_text(CODED, "utf-8")
    return tmp_path


def said(*arguments: str | Path) -> str:
    """Return what a refused call says."""
    result = run(*map(str, arguments))
    assert isinstance(result.exception, UsageError), result.output
    return str(result.exception)


def as_it_was(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


TWO = [
    ("agreement", "t.csv", "--sheet", "x.csv", "-f", "csv", "-o", "x.csv"),
    ("agreement", "t.csv", "--sheet", "x.csv", "-f", "text", "-o", "link.csv"),
    ("heatmap", "t.csv", "-o", "x.svg", "-o", "link.svg"),
    (
        "regularities", "t.csv", "--conditions", "design:local", "--outcome", "operation:local", "--qca", "x.csv",
        "-o", "./x.csv",
    ),
]  # fmt: skip


@pytest.mark.parametrize("arguments", TWO, ids=" ".join)
def test_two_outputs_never_go_to_one_file(coded: Path, arguments: tuple[str, ...]) -> None:
    (coded / "link.csv").symlink_to("x.csv")
    (coded / "link.svg").symlink_to("x.svg")
    assert "another output of this command goes there" in said(*arguments)
    assert as_it_was(coded) == {"t.csv": CODED.encode()}


BAD = [
    ("agreement", "t.csv", "--sheet", "x.csv", "-o", "missing/x.txt"),
    ("agreement", "t.csv", "--sheet", "missing/x.csv", "-o", "x.txt"),
    ("agreement", "t.csv", "--sheet", "x.csv", "-f", "text", "-o", "t.csv"),
    ("heatmap", "t.csv", "-o", "x.svg", "-o", "missing/x.pdf"),
    (
        "regularities", "t.csv", "--conditions", "design:local", "--outcome", "operation:local", "--qca", "x.csv",
        "-o", "missing/x.txt",
    ),
]  # fmt: skip


@pytest.mark.parametrize("arguments", BAD, ids=" ".join)
def test_all_places_are_looked_at_before_the_first_is_written(coded: Path, arguments: tuple[str, ...]) -> None:
    assert said(*arguments)
    assert as_it_was(coded) == {"t.csv": CODED.encode()}


@pytest.mark.parametrize("method", ["table", "regularities", "robustness", "agreement", "heatmap", "report", "sources"])
def test_python_never_writes_over_what_it_has_read(coded: Path, method: str) -> None:
    (coded / "t.csv").write_text(CODED + "P,maintenance,E,local,s,A\n", "utf-8")
    for name in ("t.md", "t.svg"):
        (coded / name).hardlink_to(coded / "t.csv")
    (coded / "report.html").symlink_to("t.csv")
    before = as_it_was(coded)
    study = agency.load(coded / "t.csv")
    made, name = (
        (None, "") if method == "report" else (getattr(study, method)(), "t.svg" if method == "heatmap" else "t.md")
    )
    write = functools.partial(study.report, coded) if made is None else functools.partial(made.save, name)
    with pytest.raises(UsageError, match="this is a file the command reads"):
        write()
    assert as_it_was(coded) == before


def decide(path: Path, decisions: dict[tuple[str, str], str], **layout: str) -> None:
    """Fill in who decided, as a team does with a spreadsheet, and add a column of its own."""
    rows = list(csv.reader(path.read_text("utf-8").splitlines()))
    place = rows[0].index("decision: decided by")
    for row in rows[1:]:
        row[place] = decisions.get((row[0], row[1]), row[place])
    rows = [[*row, "remarks" if at == 0 else f"remark {at}"] for at, row in enumerate(rows)]
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, **layout).writerows(rows)


@pytest.mark.parametrize("layout", [{}, {"delimiter": ";"}, {"lineterminator": "\r\n"}], ids=str)
@pytest.mark.parametrize("again", [("--sheet", "x.csv"), ("-f", "csv", "-o", "x.csv")], ids=" ".join)
def test_what_is_decided_stays_when_the_sheet_is_made_again(
    coded: Path, layout: dict[str, str], again: tuple[str, ...]
) -> None:
    sheet = coded / "x.csv"
    assert run("agreement", "t.csv", "--sheet", "x.csv").exit_code == 0
    decide(sheet, {("P", "operation"): "=both"}, **layout)
    # Another project comes before, and the rows move.
    more = CODED.replace("coder\n", "coder\nN,design,B,local,s,A\nN,design,C,chinese,s,B\n")
    (coded / "t.csv").write_text(more, "utf-8")
    result = run("agreement", "t.csv", *again)
    assert result.exit_code == 0, result.output
    assert "2 decisions kept from x.csv" in result.stderr
    rows = {(row["project"], row["phase"]): row for row in csv.DictReader(sheet.read_text("utf-8").splitlines())}
    decided = {unit: (row["decision: decided by"], row["remarks"]) for unit, row in rows.items()}
    assert decided == {
        ("N", "design"): ("", ""),
        ("P", "design"): ("", "remark 1"),
        ("P", "operation"): ("'=both", "remark 2"),
    }
    once = sheet.read_bytes()
    assert run("agreement", "t.csv", *again).exit_code == 0
    assert sheet.read_bytes() == once


def test_what_is_decided_in_a_workbook_stays(coded: Path) -> None:
    openpyxl = import_module("openpyxl")
    assert run("agreement", "t.csv", "--sheet", "x.xlsx").exit_code == 0
    book = openpyxl.load_workbook("x.xlsx")
    page = book.active
    names = [cell.value for cell in page[1]]
    page.cell(2, names.index("decision: start") + 1).value = 2018
    page.cell(2, names.index("decision: reason") + 1).value = "seen on site"
    book.save("x.xlsx")
    assert run("agreement", "t.csv", "--sheet", "x.xlsx").exit_code == 0
    page = openpyxl.load_workbook("x.xlsx").active
    assert page.cell(2, names.index("decision: start") + 1).value == "2018"
    assert page.cell(2, names.index("decision: reason") + 1).value == "seen on site"


def test_a_decision_that_has_no_row_any_more_stops_the_run(coded: Path) -> None:
    assert run("agreement", "t.csv", "--sheet", "x.csv").exit_code == 0
    decide(coded / "x.csv", {("P", "operation"): "A"})
    before = (coded / "x.csv").read_bytes()
    (coded / "t.csv").write_text(CODED + "P,operation,D,local,s,B\n", "utf-8")
    assert "1 unit is decided there on which coders do not differ any more ('P, operation')" in said(
        "agreement", "t.csv", "--sheet", "x.csv"
    )
    assert (coded / "x.csv").read_bytes() == before


@pytest.mark.parametrize("content", ["my notes\n", "project,phase\nP,design\n", "\x00\x01", '"open'], ids=repr)
@pytest.mark.parametrize("name", ["x.csv", "x.xlsx"])
def test_a_file_that_is_no_sheet_is_not_replaced_by_one(coded: Path, content: str, name: str) -> None:
    (coded / name).write_text(content, "utf-8")
    assert "cannot be read as an adjudication sheet; it would be lost" in said("agreement", "t.csv", "--sheet", name)
    assert (coded / name).read_text("utf-8") == content


def test_two_decisions_on_one_unit_are_named(coded: Path) -> None:
    assert run("agreement", "t.csv", "--sheet", "x.csv").exit_code == 0
    decide(coded / "x.csv", {("P", "operation"): "A"})
    lines = (coded / "x.csv").read_text("utf-8").splitlines(keepends=True)
    (coded / "x.csv").write_text("".join([*lines, lines[2].replace(",A,", ",B,")]), "utf-8")
    assert "x.csv:3 and 4: P, operation is decided twice, differently" in said("agreement", "t.csv", "--sheet", "x.csv")


STREAMS = [
    ("agency check bad.csv | head -0", [1, 0]),
    ("agency table t.csv | head -0", [0, 0]),
    ("agency table --rank all --min-phases 0 -f json | head -1", [0, 0]),
    ("agency check bad.csv 2>/dev/full", [1]),
    ("agency table missing.csv 2>/dev/full", [2]),
    ("agency check bad.csv > /dev/full", [2]),
    ("agency table t.csv > /dev/full", [2]),
    ("agency --help > /dev/full", [2]),
    ("agency table t.csv -f csv -o - > /dev/full", [2]),
    ("agency table t.csv -f csv -o /dev/full", [2]),
    ("agency table t.csv >> t.csv", [2]),
    ("agency table t.csv -f csv -o /dev/stdout >> t.csv", [2]),
]


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("command, codes", STREAMS)
def test_streams_that_end_early_hide_no_exit_code(
    command: str, codes: list[int], unbuffered: str, tmp_path: Path
) -> None:
    (tmp_path / "bad.csv").write_text("project,phase,actor,origin,source\nP,dessign,B,local,s\n", "utf-8")
    done = shell(f'{command}; echo "${{PIPESTATUS[@]}}" > codes', tmp_path, PYTHONUNBUFFERED=unbuffered)
    assert [int(code) for code in (tmp_path / "codes").read_text().split()] == codes
    assert b"Traceback" not in done.stderr
    assert b"Exception" not in done.stderr
    assert (tmp_path / "t.csv").read_text("utf-8") == STARTER


@pytest.mark.parametrize(
    "command, start",
    [
        ("agency table t.csv -f csv -o -", b"Phase,P\n"),
        ("agency table t.csv -f csv -o /dev/stdout", b"Phase,P\n"),
        ("agency table t.csv -f csv -o >(cat); wait $!", b"Phase,P\n"),
        ("agency table t.csv -f docx -o -", b"PK"),
        ("agency heatmap t.csv -f svg -o -", b"<?xml"),
        ("agency heatmap t.csv -f png -o /dev/stdout", b"\x89PNG"),
    ],
)
def test_a_stream_may_stand_for_a_file(command: str, start: bytes, tmp_path: Path) -> None:
    done = shell(command, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(start)
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]


def test_what_cannot_be_read_is_not_called_output(coded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from agency.cli import _run

    def broken(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "codebook.toml")

    monkeypatch.setattr("agency.study.load", broken)
    errors = io.StringIO()
    monkeypatch.setattr("sys.stderr", errors)
    assert _run(["table", "t.csv"]) == 2
    assert errors.getvalue() == "agency: codebook.toml: Permission denied. Give a file that can be used.\n"


def test_matplotlib_says_nothing_of_its_caches(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("no folder")
    home = str(tmp_path / "home")
    done = shell("agency heatmap t.csv -o x.svg", tmp_path, HOME=home, XDG_CACHE_HOME=home, XDG_CONFIG_HOME=home,
                 MPLCONFIGDIR=home)  # fmt: skip
    assert done.returncode == 0, done.stderr
    # Only what we say ourselves, here of a font without Chinese letters.
    assert [line for line in done.stderr.splitlines() if not line.startswith(b"agency: ")] == []


def test_findings_move_no_screen(coded: Path) -> None:
    (coded / "t.csv").write_text("project,phase,actor,origin,source\nP,des\x1b[31mign,\u202eB,local,s\n", "utf-8")
    for form in ("text", "csv", "json"):
        shown = run("check", "t.csv", "-f", form).stdout
        assert "\\u001b" in shown
        assert not set(shown) & {"\x1b", "\u202e"}


# --- Interrupted -----------------------------------------------------------------------------------------------------

DROPPED = """
import signal, sys, time
from agency import cli
signal.signal(signal.SIGINT, signal.default_int_handler)
class Callback:
    def __del__(self):
        raise ERROR
try:
    with cli._interrupts_kept():
        Callback()
        time.sleep(SECONDS)
except KeyboardInterrupt:
    print("interrupted")
"""


def test_an_interrupt_that_the_interpreter_drops_comes_again() -> None:
    """What the callback of a weak reference raises is dropped, with a traceback: the command went on and wrote."""
    script = DROPPED.replace("ERROR", "KeyboardInterrupt").replace("SECONDS", "60")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("interrupted\n", "")
    script = DROPPED.replace("ERROR", "ValueError('a fault')").replace("SECONDS", "0")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == ""
    assert "ValueError: a fault" in done.stderr


def test_an_interrupt_beside_a_command_is_told_as_one_in_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: Any) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_run", interrupted)
    before = sys.unraisablehook
    with pytest.raises(SystemExit) as left:
        cli.main(["check"])
    assert left.value.code == 130
    assert sys.unraisablehook is before
    assert capsys.readouterr().err == "Stopped; nothing was changed after the last file written.\n"
