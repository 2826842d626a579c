"""The gallery: its page is made from its entries, and every command on it runs."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from build_gallery import ENTRIES, PAGE, PICTURES, page
from click.testing import CliRunner

from agency.cli import group

ROOT = Path(__file__).parent.parent


def test_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == page()


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry.name for entry in ENTRIES])
def test_command_runs_and_its_picture_is_small(entry: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(group, shlex.split(entry.line)[1:])
    assert result.exit_code == 0, result.output
    assert (tmp_path / f"{entry.name}.svg").stat().st_size < 200_000
    assert (PICTURES / f"{entry.name}.svg").exists()
