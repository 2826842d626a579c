"""Table 1 as a study, and the short way from a view to its numbers.

``table_1`` is the fixture of the contract: 15 rows and two windows, whatever the shipped study becomes.
"""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
from oracle.strategies import write
from oracle.table1 import LAUNCHED, TABLE1

import agency
from agency.indicators.registry import measured
from agency.study import Study

CASES = ("ECU 911", "JSeI")


@lru_cache(maxsize=1)
def shipped() -> Study:
    return agency.load()


@lru_cache(maxsize=2)
def table_1(*, launched: bool = False) -> Study:
    """Return Table 1 alone, with or without the years the two systems went into service."""
    with tempfile.TemporaryDirectory() as folder:
        return agency.load(write(LAUNCHED if launched else TABLE1, Path(folder)))


@lru_cache(maxsize=32)
def numbers(*, launched: bool = False, **rules: Any) -> pd.DataFrame:
    """Return all indicators of Table 1 under some rules, as they are, indexed by project and key."""
    study = table_1(launched=launched).select(project=CASES, **rules)
    return measured(study.resolved).set_index(["project", "key"])


def both(key: str, column: str = "value", **rules: Any) -> list[Any]:
    """Return a number of ECU 911 and of JSeI."""
    frame = numbers(**rules)
    return [frame.loc[(project, key), column] for project in CASES]
