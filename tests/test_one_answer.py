"""Every room gives the same answer of a cell, and only rows that are used move a number; on random small studies."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle.model import Study
from oracle.model import View as Asked
from oracle.strategies import studies, views, write
from strategies import examples

import agency
from agency.figures.grid import empty_area, part_holdings
from agency.indicators import cell_states, measured
from agency.resolve import Cell, Resolved, View
from agency.sheets.cells import cell_document
from agency.table import Table

FEW = settings(max_examples=examples(10), deadline=None, suppress_health_check=list(HealthCheck))
GAPS = ("vacant", "negotiating")
COVERED = {"coded": "held", "vacant": "gap", "unknown": "unknown", "not_applicable": "not_applicable"}


def loaded(study: Study) -> Table:
    with tempfile.TemporaryDirectory() as folder:
        return agency.load(write(study, Path(folder))).data


def resolved(table: Table, asked: Asked) -> Resolved:
    names = ("mode", "boundary", "counting", "rank", "include_alleged", "actors")
    rules = {name: getattr(asked, name) for name in names}
    year = asked.year if asked.mode == "snapshot" else None
    return Resolved(table, View(**rules, year=year, sources=asked.sources or (), min_phases=0))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Study, Asked]:
    study = draw(studies())
    return study, draw(views(study))


def of_blank(blank: str | None) -> str:
    if blank is None:
        return "held"
    return "gap" if blank in GAPS else {"not_coded": "unknown"}.get(blank, blank)


def of_matrix(row: Any) -> str:
    if not row.applicable:
        return "not_applicable"
    return "held" if row.held > 0 else "gap" if row.gap > 0 else "unknown"


def areas(cell: Cell, resolved: Resolved) -> Iterator[str]:
    """What a figure fills the cell with."""
    if not cell.parts:
        yield empty_area(cell).key
    for part in cell.parts:
        yield from (holding.area.key for holding in part_holdings(part, resolved.codebook))


def test_years_that_only_blanks_share_leave_no_crumb_of_a_holder(tmp_path: Path) -> None:
    # 7 of 10 years nobody, 3 unknown: 1 - 0.7 - 0.3 is not zero in floating point.
    header = "project,phase,actor,origin,source,status,start"
    (tmp_path / "actors_by_phase.csv").write_text(f"{header}\nQ,maintenance,,,s,vacant,2014\n")
    (tmp_path / "projects.csv").write_text("project,window_start,window_end\nQ,2011,2020\n")
    shown = Resolved(agency.load(tmp_path).data, View(mode="time", min_phases=0))
    phase = shown.matrix.phases.set_index("phase").loc["maintenance"]
    assert (phase["held"], shown.cells.cell("Q", "maintenance").blank) == (0.0, "vacant")


@pytest.mark.oldest
@FEW
@given(cases())
def test_a_cell_gives_one_answer_in_every_room(drawn: tuple[Study, Asked]) -> None:
    study, asked = drawn
    shown = resolved(loaded(study), asked)
    document = {phase["key"]: phase["cells"] for phase in cell_document(shown.cells)["phases"]}
    known = cell_states(shown).set_index(["project", "phase"])["state"]
    for row in shown.matrix.phases.itertuples():
        cell = shown.cells.cell(row.project, row.phase)
        here = f"{row.project} {row.phase}: {cell.text} ({cell.blank})"
        answer = of_matrix(row)
        assert of_blank(cell.blank) == answer, here
        written = document[row.phase][row.project]
        assert (written["text"], written["blank"]) == (cell.text, cell.blank)
        drawn_areas = set(areas(cell, shown))
        origins = {origin.key for origin in shown.codebook.origins} | {"unknown"}
        if answer == "held":
            assert drawn_areas & origins, here
        elif answer == "gap":
            assert cell.blank in drawn_areas, here
        elif not cell.parts:
            assert drawn_areas == {{"unknown": "unknown_year"}.get(cell.blank, cell.blank)}, here
            assert cell.listed or cell.text == cell.blank.replace("_", " ")
        if asked.mode == "static" and known[row.project, row.phase] != "contested":
            assert COVERED[known[row.project, row.phase]] == answer, here
        contested = known[row.project, row.phase] == "contested"
        assert contested == (cell.agreement == "contested"), here


@pytest.mark.oldest
@FEW
@given(cases())
def test_rows_that_neither_decide_nor_lend_years_move_no_number(drawn: tuple[Study, Asked]) -> None:
    study, asked = drawn
    table = loaded(study)
    windows = table.projects
    # A selection moves no window, a deletion may: the windows are written down.
    facts = {
        name: {**values, **{side: None if pd.isna(year := windows.loc[name, side]) else int(year) for side in SIDES}}
        for name, values in study.projects.items()
        if name in windows.index
    }
    before = resolved(table, asked)
    kept = set(before.rows.loc[before.rows["use"].isin(["decides", "dates"]), "line"])
    rows = tuple(row for line, row in enumerate(study.rows, start=2) if line in kept)
    less = replace(study, rows=rows, projects=facts)
    if not rows:
        return
    after = resolved(loaded(less), replace(asked, sources=None))
    # That a project has no window cannot be written down: where the rows that are left give it one, it is another.
    sides, left = windows[list(SIDES)], after.table.projects[list(SIDES)]
    both = [name for name in before.projects if name in after.projects and sides.loc[name].equals(left.loc[name])]
    assert numbers(before, both) == numbers(after, both)


SIDES = ("window_start", "window_end")


def numbers(shown: Resolved, projects: list[str]) -> list[tuple[Any, ...]]:
    """Every number with its bounds; those of evidence count passages, and actors are named in any order."""
    frame = measured(shown)
    frame = frame[frame["project"].isin(projects) & ~frame["key"].str.startswith("evidence")]
    sides = frame[["value", "low", "high"]].map(lambda one: round(one, 9) if isinstance(one, float) else one)
    return sorted(
        (str(project), str(key), *map(str, values), why)
        for project, key, why, values in zip(
            frame["project"], frame["key"], frame["why"], sides.itertuples(index=False), strict=True
        )
    )
