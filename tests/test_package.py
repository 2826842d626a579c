"""The wheel: it carries the data, and the command works in an empty folder from the wheel alone."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_carries_the_shipped_study_and_both_licences(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    shipped = {f"agency/data/{path.name}" for path in (ROOT / "data").iterdir()}
    assert shipped <= set(names)
    assert {"agency/py.typed", "agency/vocabulary/default_codebook.toml"} <= set(names)
    assert sum(name.endswith("licenses/LICENSE") for name in names) == 1
    assert sum(name.endswith("licenses/data/LICENSE") for name in names) == 1
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/"))]


def test_table_1_is_printed_from_the_wheel_in_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    target, empty = tmp_path / "site", tmp_path / "empty"
    empty.mkdir()
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(target)]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True, text=True)
    environment = {**os.environ, "PYTHONPATH": str(target)}
    probe = [sys.executable, "-c", "import agency; print(agency.__file__)"]
    found = subprocess.run(probe, cwd=empty, env=environment, check=True, capture_output=True, text=True)
    assert Path(found.stdout.strip()).is_relative_to(target)
    command = [sys.executable, "-m", "agency", "table", "-p", "ECU 911", "-p", "JSeI", "-f", "csv"]
    table = subprocess.run(command, cwd=empty, env=environment, check=True, capture_output=True, text=True)
    assert "Local firms and CEIEC" in table.stdout
    assert "ZTE for 3 years" in table.stdout
    assert list(empty.iterdir()) == []


def test_every_file_that_names_the_version_names_this_one() -> None:
    import re

    from agency.about import __version__

    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    # What is not released yet stands above the newest release.
    heads = re.findall(r"^## (\S+)", changes, re.MULTILINE)
    assert next(head for head in heads if head != "Unreleased") == __version__
    assert "Unreleased" not in heads[1:]
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    assert re.findall(r"^version: (\S+)", citation, re.MULTILINE) == [__version__]
