"""The timeline: whole years to scale, arrows at open ends, gaps and events visible; the panels as of years."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest
from figure_cases import WIDTHS, assert_in_place, extent, legend_labels, written

import agency
from agency.errors import UsageError
from agency.figures.matrix import draw_matrix, draw_panels
from agency.figures.surface.canvas import Drawing
from agency.figures.surface.style import FigureStyle
from agency.figures.timeline import BAR, Lane, counted_years, draw_timeline, project_lanes
from agency.study import Study

EVENTS = pd.DataFrame(
    {
        "project": ["ECU 911", "ECU 911", "ECU 911", "JSeI"],
        "year": pd.array([2012, 2019, 2020, 2019], dtype="Int64"),
        "label": ["Contract signed", "Audit of the whole system by the state", "Sanctions", "Launch"],
    }
)


def rows(*given: Mapping[str, Any], window: tuple[int, int] = (2012, 2021)) -> Study:
    """Return a study of project P; a row outside the phases looked at fixes the window."""
    base = {"project": "P", "phase": "maintenance", "actor": "", "origin": "", "source": "s"}
    edge = {"phase": "operation", "actor": "Edge", "origin": "local", "start": window[0], "end": window[1]}
    frame = pd.DataFrame([{**base, **row} for row in (*given, edge)])
    return agency.load(frame.astype(object).where(frame.notna(), "")).select(project="P")


def lanes(study: Study) -> list[Lane]:
    cells = study.cells
    found = project_lanes(cells, cells.projects[0], counted_years(study.matrix))
    return [lane for lane in found if lane.phase.key == "maintenance"]


def spans(lane: Lane) -> list[tuple[int, int, bool, bool]]:
    return [(span.first, span.last, span.open_start, span.open_end) for span in lane.spans]


CHINESE = {"actor": "A", "origin": "chinese"}
WORKED = [
    ("undated", [CHINESE], [[(2012, 2021, True, True)]]),
    ("until", [{**CHINESE, "end": 2018}], [[(2012, 2018, True, False)]]),
    ("from", [{**CHINESE, "start": 2015}], [[(2015, 2021, False, True)]]),
    ("both", [{**CHINESE, "start": 2015, "end": 2016}], [[(2015, 2016, False, False)]]),
    (
        "undated held yields to a dated gap",
        [CHINESE, {"status": "vacant", "start": 2018}],
        [[(2012, 2017, True, False)], [(2018, 2021, False, True)]],
    ),
    (
        "both statements of the doubled year stay",
        [{**CHINESE, "end": 2018}, {"status": "negotiating", "start": 2018}],
        [[(2012, 2018, True, False)], [(2018, 2021, False, True)]],
    ),
    (
        "two periods of one holder share a lane",
        [{**CHINESE, "start": 2012, "end": 2013}, {**CHINESE, "start": 2016, "end": 2017}],
        [[(2012, 2013, False, False), (2016, 2017, False, False)]],
    ),
    (
        "joint holders have a lane each",
        [CHINESE, {"actor": "B", "origin": "local"}],
        [[(2012, 2021, True, True)], [(2012, 2021, True, True)]],
    ),
]


@pytest.mark.parametrize("name, given, expected", WORKED, ids=[case[0] for case in WORKED])
def test_spans_follow_the_statements(name: str, given: list[dict[str, Any]], expected: list[Any]) -> None:
    assert [spans(lane) for lane in lanes(rows(*given))] == expected


def test_a_bare_duration_has_no_place() -> None:
    (lane,) = lanes(rows({**CHINESE, "duration_years": 3}))
    assert lane.unplaced == 3
    assert lane.spans == []


def table_1() -> Study:
    return agency.load().select(project=["ECU 911", "JSeI"])


def timeline(width: float = 90.0, events: pd.DataFrame | None = None) -> Drawing:
    study = table_1()
    return draw_timeline(study.cells, study.matrix, events, style=FigureStyle(width_mm=width))


def test_bars_are_to_scale() -> None:
    parts = {gid: extent(artist) for gid, artist in timeline().artists.items()}
    operation, maintenance = parts["timeline-g0-l0-s0"], parts["timeline-g0-l1-s0"]
    window = parts["timeline-g0-window"]
    assert operation.width / window.width == pytest.approx(1, abs=0.01)
    assert maintenance.width / window.width == pytest.approx(7 / 10, abs=0.01)
    assert parts["timeline-g1-l1-u"].width / parts["timeline-g1-window"].width == pytest.approx(3 / 7, abs=0.01)


def test_given_years_stand_at_the_ends_and_open_ends_have_arrows() -> None:
    drawing = timeline(190.0)
    labels = [label.get_text() for label, _ in drawing.labels]
    assert labels.count("2018") == 2 + 1  # both ends of the doubled year, and the axis
    arrows = [patch for patch in drawing.axes.patches if len(patch.get_path().vertices) == 4]
    # Two operations whose start another passage gives, two open sides of maintenance, the legend.
    assert len(arrows) == 2 + 2 + 1


def test_legend_of_the_timeline() -> None:
    assert legend_labels(timeline())[-6:] == [
        "Local",
        "Chinese",
        "Under negotiation",
        "Open end: year not given",
        "Length known, years not",
        "Window of the case",
    ]


def test_event_phases_stand_in_their_year_and_undated_ones_are_counted() -> None:
    study = agency.load().select(project="Quito 2002")
    drawing = draw_timeline(study.cells, study.matrix)
    assert sum("-e0" in gid for gid in drawing.artists) == 3
    assert "4 cells of the matrix have no lane here: 4 not coded." in written(drawing)


WITHOUT_LANE = [
    ({**CHINESE, "phase": "design", "status": "proposed", "start": 2012}, "1 only proposed, alleged or in support"),
    ({**CHINESE, "phase": "design", "confidence": "alleged", "start": 2012}, "1 only proposed, alleged or in support"),
    ({"phase": "design", "status": "not_applicable"}, "1 not applicable"),
    ({**CHINESE, "phase": "design"}, "1 without a year to draw"),
    ({**CHINESE, "phase": "design", "end": 2015}, "1 without a year to draw"),
]


@pytest.mark.parametrize("row, reason", WITHOUT_LANE, ids=lambda value: value if isinstance(value, str) else "")
def test_what_has_no_lane_is_counted_with_its_reason(row: dict[str, Any], reason: str) -> None:
    study = rows(row)
    words = " ".join(written(draw_timeline(study.cells, study.matrix)).split())
    assert "5 cells of the matrix have no lane here: " in words
    assert reason in words


def test_only_proposed_years_are_no_timeline_and_the_message_is_true() -> None:
    frame = pd.DataFrame(
        [
            {"project": "P", "phase": phase, "status": "proposed", "start": 2012, "source": "s", **CHINESE}
            for phase in ("design", "operation")
        ]
    )
    study = agency.load(frame).select(project="P")
    with pytest.raises(UsageError, match="No statement that counts has a year"):
        draw_timeline(study.cells, study.matrix)


@pytest.mark.parametrize("width", WIDTHS)
def test_years_of_events_stay_in_the_figure_and_apart(width: float) -> None:
    events = [{**CHINESE, "phase": "design", "start": year} for year in (1990, 2018, 2019, 2020, 2020)]
    study = rows(*events, window=(1990, 2020))
    drawing = draw_timeline(study.cells, study.matrix, style=FigureStyle(width_mm=width))
    assert_in_place(drawing)
    assert sum("-e" in gid for gid in drawing.artists) == 4
    assert [label.get_text() for label, box in drawing.labels].count("2020") >= 1


def test_the_line_of_an_event_crosses_no_year() -> None:
    study = rows({**CHINESE, "phase": "design", "start": 2000}, window=(1990, 2020))
    events = pd.DataFrame({"project": ["P"], "year": pd.array([2001], dtype="Int64"), "label": ["Audit"]})
    drawing = draw_timeline(study.cells, study.matrix, events, style=FigureStyle(width_mm=190.0))
    (year,) = (box for label, box in drawing.labels if label.get_text() == "2000" and box.height == BAR)
    pieces = [artist for gid, artist in drawing.artists.items() if "-x0-" in gid]
    assert all(year.x < x < year.right for piece in pieces for x in piece.get_xdata())
    spans = [sorted(piece.get_ydata()) for piece in pieces]
    assert all(high <= year.y or low >= year.bottom for low, high in spans)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_very_long_project_name_stays_above_its_lanes(width: float) -> None:
    name = " ".join(["Long project name of many words"] * 7)[:200]
    frame = pd.DataFrame(
        [
            {"project": project, "phase": "operation", "start": 2012, "end": 2015, "source": "s", **CHINESE}
            for project in ("A", name, "B")
        ]
    )
    study = agency.load(frame).select(min_phases=0)
    assert_in_place(draw_timeline(study.cells, study.matrix, style=FigureStyle(width_mm=width)))


@pytest.mark.parametrize("width", WIDTHS)
def test_no_text_leaves_its_place_or_meets_another(width: float) -> None:
    assert_in_place(timeline(width, EVENTS))


def test_events_are_labelled_lines() -> None:
    text = written(timeline(190.0, EVENTS))
    for words in (
        "2012 Contract signed",
        "2019 Audit of the whole system by the state",
        "2020 Sanctions",
        "2019 Launch",
    ):
        assert words in text
    lines = [gid for gid in timeline(190.0, EVENTS).artists if "-x" in gid]
    assert {gid.split("-x")[1][0] for gid in lines if "-g0-" in gid} == {"0", "1", "2"}


def test_no_year_at_all_is_said() -> None:
    frame = pd.DataFrame(
        [
            {"project": "P", "phase": phase, "actor": "A", "origin": "local", "source": "s"}
            for phase in ("design", "operation")
        ]
    )
    study = agency.load(frame)
    with pytest.raises(UsageError, match="no timeline to draw"):
        draw_timeline(study.cells, study.matrix)


def panels(*years: int, project: tuple[str, ...] = ("ECU 911", "JSeI"), width: float = 190.0) -> Drawing:
    study = agency.load().select(project=list(project))
    by_year = {year: study.select(year=year).cells for year in years}
    return draw_panels(study.cells, by_year, style=FigureStyle(width_mm=width))


def corners(drawing: Drawing) -> int:
    return sum(len(patch.get_path().vertices) == 4 for patch in drawing.axes.patches)


def test_panels_mark_what_changed() -> None:
    # The doubled year 2018 is held; the change to negotiation shows in 2019.
    assert corners(panels(2017, 2018)) == 0
    # ECU 911 maintenance ends; at JSeI two cells differ before and from the launch in 2019.
    assert corners(panels(2018, 2019)) == 3 + 1  # the cells and the legend
    assert "3 cells changed" in panels(2018, 2019).alt_short


def test_panels_show_a_project_outside_its_window() -> None:
    drawing = panels(2014, 2018)
    outside = [gid for gid, artist in drawing.artists.items() if gid.startswith("panels-c1-")]
    assert len(outside) == 6
    assert "Year outside the window" in legend_labels(drawing)


def test_panels_say_why_nobody_is_named() -> None:
    """Before its launch a system is not run: not applicable; a length without dates leaves a later year unknown."""
    assert "Not applicable" in legend_labels(panels(2018))
    assert "Unknown in the years shown" in legend_labels(panels(2020))
    assert "Not coded" not in legend_labels(panels(2018, 2020))


def test_panels_have_a_heading_for_each_year() -> None:
    labels = [label.get_text() for label, _ in panels(2014, 2018, 2020).labels]
    assert [labels.count(year) for year in ("2014", "2018", "2020")] == [1, 1, 1]
    assert labels.count("ECU 911") == 3 + 3  # three headings, three holders of operation


def test_panels_refuse_more_projects_than_fit() -> None:
    study = agency.load()
    with pytest.raises(UsageError, match="12 projects at most"):
        draw_panels(study.cells, {2018: study.select(year=2018).cells})


def test_panels_at_single_width_stand_below_each_other() -> None:
    drawing = panels(2014, 2018, width=90.0)
    parts = {gid: extent(artist) for gid, artist in drawing.artists.items()}
    first = next(box for gid, box in parts.items() if gid.startswith("panels-c0-0"))
    second = next(box for gid, box in parts.items() if gid.startswith("panels-c2-0"))
    assert first.x == pytest.approx(second.x, abs=0.1)
    assert second.y > first.bottom


def test_matrix_and_panels_agree_on_a_cell() -> None:
    text = written(panels(2020, project=("ECU 911",)))
    assert "still under negotiation" in text
    assert "still under negotiation" in written(draw_matrix(table_1().cells))
