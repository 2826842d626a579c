"""Table 1 as a study, and the short way from a view to its numbers."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pandas as pd

import agency
from agency.indicators.registry import indicators
from agency.study import Study

CASES = ("ECU 911", "JSeI")


@lru_cache(maxsize=1)
def shipped() -> Study:
    return agency.load()


@lru_cache(maxsize=32)
def numbers(**rules: Any) -> pd.DataFrame:
    """Return all indicators of Table 1 under some rules, indexed by project and key."""
    study = shipped().select(project=CASES, **rules)
    return indicators(study.resolved).set_index(["project", "key"])


def both(key: str, column: str = "value", **rules: Any) -> list[Any]:
    """Return a number of ECU 911 and of JSeI."""
    frame = numbers(**rules)
    return [frame.loc[(project, key), column] for project in CASES]
