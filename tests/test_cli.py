"""The command line as a whole: help, examples, suggestions, exit codes. Each command has tests of its own."""

from __future__ import annotations

import shlex
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import agency
from agency.cli import group, main
from agency.cli.catalogue import COMMANDS, SECTIONS


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
    command = import_module(COMMANDS[name].module).command
    text = run(name, "--help").output
    assert command.help
    assert text.rstrip().endswith(COMMANDS[name].example), text


@pytest.mark.parametrize("name", COMMANDS)
def test_every_example_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    if name == "verify":
        pytest.importorskip("agency.table.verify")
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
