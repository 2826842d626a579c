"""The timeline: whole years to scale, arrows at open ends, gaps and events visible; the panels as of years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from figure_cases import WIDTHS, assert_in_place, extent, legend_labels, written

import agency
from agency.errors import UsageError
from agency.figures.lanes import Show, Span, counted_years, project_events, project_lanes
from agency.figures.matrix import draw_matrix, draw_panels
from agency.figures.surface.canvas import Drawing
from agency.figures.surface.style import FigureStyle
from agency.figures.timeline import draw_timeline, timeline_pages
from agency.study import Study
from agency.vocabulary import default_codebook

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


def lanes(study: Study, phase: str = "maintenance") -> list[Span]:
    """Return the bars of a phase of the only project."""
    cells = study.cells
    found = project_lanes(cells, cells.projects[0], counted_years(study.matrix))
    return [span for lane in found if lane.phase.key == phase for span in lane.spans]


def spans(study: Study, phase: str = "maintenance") -> list[tuple[int, int, bool, bool, str]]:
    return [(span.first, span.last, span.open_start, span.open_end, span.basis) for span in lanes(study, phase)]


CHINESE = {"actor": "A", "origin": "chinese"}
WORKED = [
    ("undated", [CHINESE], [(2012, 2021, False, False, "undated")]),
    ("until", [{**CHINESE, "end": 2018}], [(2012, 2018, True, False, "stated")]),
    ("from", [{**CHINESE, "start": 2015}], [(2015, 2021, False, True, "stated")]),
    ("both", [{**CHINESE, "start": 2015, "end": 2016}], [(2015, 2016, False, False, "stated")]),
    (
        "undated held yields to a dated gap",
        [CHINESE, {"status": "vacant", "start": 2018}],
        [(2012, 2017, False, False, "undated"), (2018, 2021, False, True, "stated")],
    ),
    (
        "both statements of the doubled year stay",
        [{**CHINESE, "end": 2018}, {"status": "negotiating", "start": 2018}],
        [(2012, 2018, True, False, "stated"), (2018, 2021, False, True, "stated")],
    ),
    (
        "two periods of one holder",
        [{**CHINESE, "start": 2012, "end": 2013}, {**CHINESE, "start": 2016, "end": 2017}],
        [(2012, 2013, False, False, "stated"), (2016, 2017, False, False, "stated")],
    ),
    (
        "joint holders",
        [CHINESE, {"actor": "B", "origin": "local"}],
        [(2012, 2021, False, False, "undated")] * 2,
    ),
    (
        "years from another passage, whatever its rank",
        [{**CHINESE, "rank": "preferred"}, {**CHINESE, "start": 2013, "end": 2015, "source": "t"}],
        [(2013, 2015, False, False, "borrowed")],
    ),
    (
        "an open side of another passage stays open",
        [{**CHINESE, "rank": "preferred"}, {**CHINESE, "start": 2013, "source": "t"}],
        [(2013, 2021, False, True, "borrowed")],
    ),
]


@pytest.mark.parametrize("name, given, expected", WORKED, ids=[case[0] for case in WORKED])
def test_spans_follow_the_statements(name: str, given: list[dict[str, Any]], expected: list[Any]) -> None:
    assert spans(rows(*given)) == expected


def test_open_ends_stay_open_in_a_window_made_of_the_rows() -> None:
    """A case without a window of its own: the last year of any row is not the end of what is open."""
    frame = pd.DataFrame([{"project": "P", "phase": "maintenance", "source": "s", "start": 2015, **CHINESE}])
    study = agency.load(frame).select(project="P")
    assert spans(study) == [(2015, 2015, False, True, "stated")]
    assert "Open end: year not given" in legend_labels(draw_timeline(study.cells, study.matrix))


EVENT_ROWS = [
    ({"start": 2014}, [(2014, 2014, False, False, "stated")], "A, 2014"),
    ({"start": 2014, "end": 2016}, [(2014, 2016, False, False, "stated")], "A, 2014–2016"),
    ({"end": 2016}, [(2016, 2016, True, False, "stated")], "A, by 2016"),
    ({}, [(2012, 2021, False, False, "undated")], "A, year not given"),
]


@pytest.mark.parametrize("years, expected, words", EVENT_ROWS, ids=[case[2] for case in EVENT_ROWS])
def test_event_phases_show_their_years_to_the_end(years: dict[str, int], expected: list[Any], words: str) -> None:
    study = rows({**CHINESE, "phase": "design", **years})
    assert spans(study, "design") == expected
    assert words in written(draw_timeline(study.cells, study.matrix))


def test_a_bare_duration_is_a_bracket_of_its_length_after_the_launch() -> None:
    """JSeI was launched in 2019: "ZTE for 3 years" may lie anywhere in 2019-2022, and in no year before."""
    study = agency.load().select(project="JSeI")
    (loose,) = [span for span in lanes(study) if span.basis == "loose"]
    assert (loose.first, loose.last, loose.length) == (2019, 2022, 3)
    drawing = draw_timeline(study.cells, study.matrix)
    span = next(extent(artist) for gid, artist in drawing.artists.items() if gid.endswith("l5-s0"))
    line = drawing.artists["timeline-g0-l5-s0-length"].get_xdata()
    assert (max(line) - min(line)) / span.width == pytest.approx(3 / 4, abs=0.01)


def test_a_length_takes_only_years_that_nobody_states() -> None:
    study = rows({**CHINESE, "duration_years": 3}, {"actor": "B", "origin": "local", "start": 2012, "end": 2016})
    assert [(span.first, span.last) for span in lanes(study) if span.basis == "loose"] == [(2017, 2021)]


def table_1() -> Study:
    return agency.load().select(project=["ECU 911", "JSeI"])


def timeline(width: float = 90.0, events: pd.DataFrame | None = None, show: Show = "key") -> Drawing:
    study = table_1()
    return draw_timeline(study.cells, study.matrix, events, show=show, style=FigureStyle(width_mm=width))


def test_bars_are_to_scale() -> None:
    parts = {gid: extent(artist) for gid, artist in timeline().artists.items() if hasattr(artist, "get_extents")}
    window = parts["timeline-g0-window"]
    assert parts["timeline-g0-l4-s0"].width / window.width == pytest.approx(1, abs=0.01)
    assert parts["timeline-g0-l5-s0"].width / window.width == pytest.approx(7 / 10, abs=0.01)


def test_periods_share_a_row_and_joint_holders_do_not() -> None:
    apart = rows({**CHINESE, "start": 2012, "end": 2013}, {"actor": "B", "origin": "local", "start": 2019, "end": 2021})
    joint = rows(CHINESE, {"actor": "B", "origin": "local"})
    for study, same in ((apart, True), (joint, False)):
        drawing = draw_timeline(study.cells, study.matrix, style=FigureStyle(width_mm=190.0))
        one, other = (extent(drawing.artists[f"timeline-g0-l1-s{number}"]) for number in (0, 1))
        assert (abs(one.y - other.y) < 0.01) == same


def test_given_years_are_words_and_open_ends_have_arrows() -> None:
    drawing = timeline(190.0)
    assert "CEIEC, until 2018" in written(drawing)
    assert "still under negotiation, from 2018" in written(drawing)
    arrows = [patch for patch in drawing.axes.patches if len(patch.get_path().vertices) == 4]
    # The operation of ECU 911 (another passage gives its start), two sides of its maintenance, the legend.
    assert len(arrows) == 1 + 2 + 1


def test_legend_of_the_timeline() -> None:
    labels = legend_labels(timeline())
    for words in (
        "Local",
        "Chinese",
        "Under negotiation",
        "Open end: year not given",
        "Year not given: drawn over the window",
        "Length known, years not: somewhere in the dotted span",
        "Window of the case",
    ):
        assert words in labels


def test_long_phase_labels_stay_apart() -> None:
    """Three phases with labels of six words: each row is as high as its label."""
    words = "{} of the whole national system together"
    names = [words.format(name) for name in ("Planning", "Construction", "Maintenance")]
    phases = tuple(
        replace(phase, own_short=name) for phase, name in zip(default_codebook().core_phases[-3:], names, strict=True)
    )
    study = rows({**CHINESE, "phase": "implementation", "start": 2014}, {**CHINESE, "start": 2015})
    cells = replace(study.cells, phases=phases)
    for width in WIDTHS:
        assert_in_place(draw_timeline(cells, study.matrix, style=FigureStyle(width_mm=width)))


def test_event_phases_stand_in_their_year_and_undated_ones_are_counted() -> None:
    study = agency.load().select(project="Quito 2002")
    drawing = draw_timeline(study.cells, study.matrix)
    assert {gid for gid in drawing.artists if "-s" in gid} == {
        f"timeline-g0-l{n}-s{k}" for n, k in ((0, 0), (0, 1), (1, 0))
    }
    assert "4 cells of the matrix have no row here: 4 not coded." in written(drawing)


WITHOUT_LANE = [
    ({**CHINESE, "phase": "design", "status": "proposed", "start": 2012}, "1 only proposed, alleged or in support"),
    ({**CHINESE, "phase": "design", "confidence": "alleged", "start": 2012}, "1 only proposed, alleged or in support"),
    ({"phase": "design", "status": "not_applicable"}, "1 not applicable"),
]


@pytest.mark.parametrize("row, reason", WITHOUT_LANE, ids=lambda value: value if isinstance(value, str) else "")
def test_what_has_no_lane_is_counted_with_its_reason(row: dict[str, Any], reason: str) -> None:
    study = rows(row)
    words = " ".join(written(draw_timeline(study.cells, study.matrix)).split())
    assert "5 cells of the matrix have no row here: " in words
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
    assert len(lanes(study, "design")) == 4


def test_events_are_numbered_pins_with_a_key_and_can_be_switched_off() -> None:
    drawing = timeline(190.0, EVENTS)
    text = written(drawing)
    for words in (
        "1 2012 Contract signed",
        "2 2019 Audit of the whole system by the state",
        "3 2020 Sanctions",
        "1 2019 Launch",
    ):
        assert words in text
    assert sum("-pin" in gid for gid in drawing.artists) == 4
    silent = timeline(190.0, EVENTS, "none")
    assert not any("-pin" in gid for gid in silent.artists)
    assert "Sanctions" not in written(silent)


def test_key_events_are_those_of_the_best_rank() -> None:
    ranks = EVENTS.assign(rank=["preferred", "normal", "deprecated", "normal"])
    assert project_events(ranks, "ECU 911") == [(2012, "Contract signed")]
    assert len(project_events(ranks, "ECU 911", "all")) == 2
    assert project_events(ranks, "JSeI") == [(2019, "Launch")]
    assert project_events(ranks, "JSeI", "none") == []


def test_the_axis_is_clipped_to_what_is_drawn() -> None:
    years = {label.get_text() for label, _ in timeline(190.0).labels if label.get_text().isdigit()}
    assert years == {str(year) for year in range(2012, 2023)}
    study = rows({**CHINESE, "start": 2015, "end": 2016}).select(phase="maintenance")
    labels = [label.get_text() for label, _ in draw_timeline(study.cells, study.matrix).labels]
    assert sorted(text for text in labels if text.isdigit()) == ["2015", "2015", "2016", "2016"]


def test_six_projects_fit_a_page_and_more_go_to_pages() -> None:
    frame = pd.DataFrame(
        [
            {"project": f"Case {n:02}", "phase": phase, "start": 2012, "end": 2019, "source": "s", **CHINESE}
            for n in range(14)
            for phase in ("initiation", "requirements", "design", "implementation", "operation", "maintenance")
        ]
    )
    study = agency.load(frame)
    style = FigureStyle(width_mm=190.0)
    pages = timeline_pages(study.cells, study.matrix, style=style)
    assert [sum(f"Case {n:02}" in written(page) for n in range(14)) for page in pages] == [6, 6, 2]
    assert all(page.figure.get_figheight() * 25.4 <= 240 for page in pages)
    assert "Page 1 of 3." in written(pages[0])
    assert "14 projects are shown." in written(pages[0])


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
