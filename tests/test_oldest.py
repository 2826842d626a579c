"""The run on the oldest versions: what it installs, what it leaves out, and tables in which nobody holds anything."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from lowest import pins

import agency

ROOT = Path(__file__).parent.parent
CODED = {"project": "P", "source": "s", "phase": "maintenance", "actor": "", "origin": "", "start": 2012, "end": 2014}
NOBODY = {
    "vacant": {"status": "vacant"},
    "not applicable": {"status": "not_applicable"},
    "a proposal": {"status": "proposed", "actor": "A", "origin": "local"},
    "a denial": {"status": "denied", "actor": "A", "origin": "local"},
}


def test_every_lower_bound_is_a_pin() -> None:
    bounds = re.findall(r'"([\w.-]+)(?:\[.*?\])?>=([\d.]+)"', (ROOT / "pyproject.toml").read_text("utf-8"))
    assert {f"{name}=={version}" for name, version in bounds} == set(pins())
    assert "pandas==2.2" in pins()


def test_what_is_left_out_exists_and_says_why() -> None:
    left_out = re.search(r"^NOT_OLD := (.+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert left_out
    names = left_out[1].split()
    assert [name for name in names if not (ROOT / "tests" / f"test_{name}.py").exists()] == []
    table = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("| left out | why |")[2].partition("\n\n")[0]
    assert set(re.findall(r"`test_(\w+)`", table)) == set(names)


@pytest.mark.parametrize("actors", ["named", "whole"])
@pytest.mark.parametrize("row", NOBODY.values(), ids=NOBODY)
def test_a_table_in_which_nobody_holds_anything(row: dict[str, str], actors: str) -> None:
    study = agency.load(pd.DataFrame([{**CODED, **row}])).select(actors=actors, min_phases=0)
    for mode in ("static", "time"):
        asked = study.select(mode=mode)
        assert asked.matrix.shares.empty
        assert set(asked.indicators("composition.local")["value"].dropna()) <= {0.0}
        assert "held" not in {cell.blank for cell in asked.cells.cells.values()}
        assert "Maintained" in str(asked.table())
