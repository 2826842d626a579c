"""Numbers of a table in parts are those of the whole: `agency.indicators_of`, mapped by hand and by Dask."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import dask.dataframe as dd
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from oracle.model import Study as Made
from oracle.strategies import studies, write
from strategies import examples
from studies import table_1

import agency
from agency.indicators import both_actors, indicators_frame, measured
from agency.resolve.matrix import put_together
from agency.study import Study

TIME = table_1().select(mode="time")
ROWS = TIME.evidence()
SOME = {"country": ["ECU", "ARG"]} if examples(1) == 1 else {}
"""Fifteen projects, nine of them thin: a block of one project costs what one of many does. All in a long search."""


def apart(study: Study) -> pd.DataFrame:
    """Return the indicators of a study, computed project by project."""
    parts = [agency.indicators_of(rows, beside=study) for _, rows in study.evidence().groupby("project", sort=False)]
    return pd.concat(parts, ignore_index=True)


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(studies())
def test_projects_apart_have_the_numbers_of_the_whole(made: Made) -> None:
    with tempfile.TemporaryDirectory() as folder:
        study = agency.load(write(made, Path(folder))).select(mode="time", min_phases=0)
    pd.testing.assert_frame_equal(apart(study), study.indicators())


@pytest.mark.parametrize("size", [1, 150])
@pytest.mark.parametrize(
    "choice", [{}, {"mode": "time", "min_phases": 0}, {"year": 2019}, {"actors": "whole"}], ids=str
)
def test_blocks_of_projects_have_the_numbers_of_the_whole(choice: dict[str, Any], size: int) -> None:
    """Bit for bit, and only of the listed projects: a block of thin ones is none."""
    study = agency.load().select(**choice, **(SOME if size == 1 and "year" not in choice else {}))
    resolved = study.resolved
    blocks = list(resolved.blocks(size))
    assert len(blocks) > 1
    assert [name for block in blocks for name in block.listed] == list(resolved.listed)
    found = pd.concat([both_actors(block, measured(block)) for block in blocks], ignore_index=True)
    pd.testing.assert_frame_equal(indicators_frame(found), study.indicators(), check_exact=True)
    if "actors" not in choice:
        whole = resolved._listed_part
        parts = put_together([block.matrix for block in blocks])
        assert parts.projects == whole.projects
        for name in ("phases", "shares", "sets", "years", "year_shares", "sums", "lengths", "events", "windows"):
            pd.testing.assert_frame_equal(getattr(parts, name), getattr(whole, name), check_exact=True)


def test_where_all_are_thin_the_blocks_list_all() -> None:
    resolved = agency.load().select(min_phases=99, **SOME).resolved
    assert [name for block in resolved.blocks(1) for name in block.listed] == list(resolved.listed)


@pytest.mark.parametrize("beside", ["study", "folder"])
def test_a_registry_may_name_actors_of_another_part(beside: str, tmp_path: Path) -> None:
    # ECU 911 is part of the Government, which the table names in the other project only.
    (tmp_path / "actors_by_phase.csv").write_text(
        "project,phase,actor,origin,source\nP,operation,ECU 911,local,s\nQ,design,Government,local,s\n"
    )
    (tmp_path / "actors.csv").write_text("actor,part_of\nECU 911,Government\n")
    study = agency.load(tmp_path)
    rows = study.evidence()
    part = agency.load(rows[rows["project"] == "P"], beside=study if beside == "study" else tmp_path)
    assert part.data.wholes == {"ECU 911": "Government"}
    again = agency.load(part.evidence(), beside=part)
    assert again.data.wholes == part.data.wholes
    (tmp_path / "actors_by_phase.csv").write_text("project,phase,actor,origin,source\nP,design,A,local,s\n")
    with pytest.raises(agency.DataError, match="found 'Government'"):
        agency.load(tmp_path)


def test_dask_gives_the_numbers_of_the_whole() -> None:
    """The rows come in any order and are shuffled by project; ECU 911 and JSeI stand in parts of their own."""
    rows = dd.from_pandas(ROWS.sort_values("phase").reset_index(), npartitions=3, sort=False)
    divided = rows.set_index("project", divisions=["ECU 911", "JSeI", "Z"])

    def numbers(part: pd.DataFrame) -> pd.DataFrame:
        return agency.indicators_of(part.reset_index().sort_values("line"), beside=TIME)

    mapped = divided.map_partitions(numbers, meta=agency.indicators_of(ROWS.head(0)))
    assert mapped.npartitions == 2
    found = mapped.compute(scheduler="synchronous").reset_index(drop=True)
    pd.testing.assert_frame_equal(found, TIME.select(min_phases=0).indicators())


@pytest.mark.parametrize(
    "choice",
    [{"project": "JSeI"}, {"year": 2021}, {"where": 'project == "JSeI"'}],
    ids=str,
)
def test_a_part_of_which_nothing_is_in_view_has_no_numbers(choice: dict[str, Any]) -> None:
    # JSeI's window is 2016-2022, ECU 911's 2012-2021; so both have 2021, and only JSeI has 2022.
    study = table_1().select(**choice)
    if choice.get("year"):
        study = study.at(2022)
    found = apart(study)
    pd.testing.assert_frame_equal(found, study.select(min_phases=0).indicators())
    assert found["project"].unique().tolist() == ["JSeI"]


def test_no_rows_are_no_numbers_of_the_same_columns() -> None:
    nothing = agency.indicators_of(ROWS.head(0), "coverage")
    assert nothing.empty
    assert nothing.dtypes.equals(TIME.indicators("coverage").dtypes)
    assert agency.indicators_of(ROWS, "coverage", beside=TIME)["key"].unique().tolist() == ["coverage"]


def test_what_is_no_table_is_said() -> None:
    with pytest.raises(agency.UsageError, match=r"frame is a DataFrame of statements, not \[\] \(list\)\."):
        agency.indicators_of([])
