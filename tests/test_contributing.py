"""The recipe for an indicator in CONTRIBUTING.md is followed to the letter, in a copy of the package."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")


def block(language: str) -> str:
    """Return the one block of a language that stands in a list."""
    found = re.findall(rf"^   ```{language}\n(.*?)^   ```$", TEXT, re.MULTILINE | re.DOTALL)
    assert len(found) == 1
    return textwrap.dedent(found[0])


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a folder with a copy of the package in which the recipe has been followed."""
    shutil.copytree(ROOT / "agency", tmp_path / "agency", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "data", tmp_path / "data")
    measures = tmp_path / "agency" / "indicators"
    (measures / "joint.py").write_text(block("python"), "utf-8")
    with (measures / "catalogue.toml").open("a", encoding="utf-8") as catalogue:
        catalogue.write("\n" + block("toml"))
    registry = measures / "registry.py"
    text = registry.read_text("utf-8").replace(
        "        timeline,\n    )", "        timeline,\n        joint_phases,\n    )"
    )
    text = text.replace(
        "from agency.indicators.tidy", "from agency.indicators.joint import joint_phases\nfrom agency.indicators.tidy"
    )
    registry.write_text(text, "utf-8")
    return tmp_path


def agency(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "agency", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, encoding="utf-8").stdout


def test_the_toy_indicator_is_found_everywhere(copy: Path) -> None:
    found = json.loads(agency(copy, "indicators", "-p", "ECU 911", "-p", "JSeI", "-f", "json"))
    assert [found["projects"][name]["joint_phases"] for name in ("ECU 911", "JSeI")] == [1, 1]
    assert "Joint phases" in agency(copy, "indicators", "-p", "JSeI", "--explain", "joint_phases")
    assert "joint_phases" in agency(copy, "robustness", "-p", "JSeI", "-f", "csv")


def test_its_docstring_runs(copy: Path) -> None:
    command = [sys.executable, "-m", "doctest", "agency/indicators/joint.py"]
    subprocess.run(command, cwd=copy, check=True, capture_output=True)
