"""The command line as a whole: help, examples, suggestions, exit codes. Each command has tests of its own."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import agency
from agency.cli import group, main
from agency.cli.catalogue import COMMANDS, SECTIONS, load


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
def test_every_example_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    if name == "verify":
        (tmp_path / "texts").mkdir()
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
