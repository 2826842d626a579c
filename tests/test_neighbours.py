"""No project's numbers depend on which other projects stand in the table, however odd these are."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import examples

from agency.errors import DataError
from agency.indicators import indicators
from agency.resolve import Resolved, View
from agency.table.check import table_from_records

P = [
    {"project": "P", "phase": "maintenance", "actor": "A", "origin": "chinese", "source": "s", "end": 2015},
    {"project": "P", "phase": "maintenance", "status": "vacant", "source": "s", "start": 2016},
    {"project": "P", "phase": "operation", "actor": "B", "origin": "local", "source": "s"},
    {"project": "P", "phase": "design", "actor": "A", "origin": "chinese", "source": "s", "start": 2011},
]
WINDOW = {"project": "P", "window_start": 2010, "window_end": 2019}


def numbers(rows: list[dict[str, Any]], mode: str) -> pd.DataFrame:
    view = View(min_phases=0, mode=mode) if mode != "snapshot" else View(min_phases=0, mode=mode, year="end")  # type: ignore[arg-type]
    frame = indicators(Resolved(table_from_records(rows, projects=[WINDOW]), view))
    return frame[frame["project"] == "P"].reset_index(drop=True)


@cache
def alone(mode: str) -> pd.DataFrame:
    """Return the numbers of the project without neighbours."""
    return numbers(P, mode)


@st.composite
def neighbours(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Rows of other projects, with years from 1900 to 2099 and lengths of decades."""
    rows = []
    for number in range(draw(st.integers(1, 3))):
        for _ in range(draw(st.integers(1, 3))):
            start = draw(st.one_of(st.none(), st.integers(1900, 2099)))
            row: dict[str, Any] = {
                "project": f"Q{number}",
                "phase": draw(st.sampled_from(["maintenance", "operation", "design"])),
                "actor": draw(st.sampled_from(["A", "B", "C"])),
                "origin": "chinese",
                "source": draw(st.sampled_from(["s", "t"])),
            }
            if start is not None:
                row |= {"start": start, "end": draw(st.integers(start, 2099))}
            else:
                row["duration_years"] = draw(st.integers(1, 199))
            if row not in rows:
                rows.append(row)
    return rows


@pytest.mark.parametrize("mode", ["static", "time", "snapshot"])
@given(others=neighbours())
@settings(max_examples=examples(8), deadline=None, suppress_health_check=list(HealthCheck))
def test_adding_a_project_moves_no_number_of_another(mode: str, others: list[dict[str, Any]]) -> None:
    pd.testing.assert_frame_equal(numbers([*P, *others], mode), alone(mode))
    pd.testing.assert_frame_equal(numbers([*others, *P], mode), alone(mode))


@pytest.mark.parametrize("years", [999, 9999, 100])
def test_a_length_that_leaves_the_calendar_is_an_error_that_names_both_cells(years: int) -> None:
    row = {"project": "Q", "phase": "operation", "actor": "A", "origin": "chinese", "source": "s", "start": 2015}
    with pytest.raises(DataError) as stop:
        table_from_records([*P, {**row, "duration_years": years}])
    assert "2015" in str(stop.value)
    assert str(years) in str(stop.value)
