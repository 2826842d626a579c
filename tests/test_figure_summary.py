"""The summary: one bar per phase over all selected projects, equal to the numbers of the brief."""

from __future__ import annotations

import pandas as pd
import pytest
from figure_cases import WIDTHS, assert_in_place, extent, written

import agency
from agency.comparison import brief
from agency.errors import UsageError
from agency.figures import FigureStyle, draw_summary, summary_bars
from agency.study import Study

BASE = {"phase": "operation", "actor": "", "origin": "", "status": "held", "source": "s"}


def study(*rows: dict[str, object]) -> Study:
    frame = pd.DataFrame([{**BASE, **row} for row in rows])
    return agency.load(frame.astype(object).where(frame.notna(), ""))


GIVEN = study(
    {"project": "A", "actor": "X", "origin": "local"},
    {"project": "B", "actor": "X", "origin": "local"},
    {"project": "B", "actor": "Y", "origin": "chinese"},
    {"project": "C", "status": "vacant"},
    {"project": "D", "status": "negotiating"},
    {"project": "E", "actor": "Z", "origin": "unknown"},
    {"project": "F", "actor": "Z", "origin": "western", "confidence": "alleged"},
    {"project": "G", "actor": "Z", "origin": "western", "status": "proposed"},
)


def test_each_known_project_is_one_segment_of_its_set_of_origins() -> None:
    bar = next(bar for bar in summary_bars(GIVEN.resolved) if bar.phase.key == "operation")
    assert [(group.keys, group.projects) for group in bar.groups] == [
        (("local",), ("A",)),
        (("local", "chinese"), ("B",)),
        (("negotiating",), ("D",)),
        (("vacant",), ("C",)),
    ]
    assert (bar.known, bar.of) == (4, 7)  # unknown origin, alleged and proposed say nothing of who held it


def test_bars_are_to_the_scale_of_all_selected_projects() -> None:
    drawing = draw_summary(GIVEN.resolved)
    parts = {gid: extent(artist) for gid, artist in drawing.artists.items()}
    blank = parts["summary-b0-rest"]  # nothing is known of the initiation of any
    rest = parts["summary-b4-rest"]
    assert rest.width / blank.width == pytest.approx(3 / 7, abs=0.01)
    both = [parts[f"summary-b4-local-chinese-{n}"] for n in (0, 1)]
    assert both[0].bottom < both[1].y
    assert both[0].width == pytest.approx(both[1].width)
    assert "4 of 7 known" in written(drawing)


def test_projects_that_are_not_listed_count_and_the_numbers_are_those_of_the_brief() -> None:
    shipped = agency.load()
    assert len(shipped.resolved.listed) < len(shipped.resolved.projects)
    told = {one.about: one for one in brief(shipped.resolved)}
    for bar in summary_bars(shipped.resolved):
        assert (told[bar.phase.key].known, told[bar.phase.key].of) == (bar.known, bar.of)
        assert max((len(group.projects) for group in bar.groups), default=0) == told[bar.phase.key].count


def test_a_year_is_said_and_changes_the_bars() -> None:
    drawing = draw_summary(agency.load().at(2019).resolved)
    assert "As of 2019." in written(drawing)
    assert "As of 2019." in drawing.title


@pytest.mark.parametrize("width", WIDTHS)
def test_every_text_stays_in_its_place(width: float) -> None:
    long = "National Directorate for Telecommunications Infrastructures"
    given = study(*({"project": f"{long} {n}", "actor": "X", "origin": "local"} for n in range(3)))
    for one in (agency.load(), given):
        assert_in_place(draw_summary(one.resolved, style=FigureStyle(width_mm=width)))


def test_nothing_known_at_all_is_six_blank_bars() -> None:
    drawing = draw_summary(study({"project": "A", "status": "proposed", "actor": "X", "origin": "local"}).resolved)
    assert sum(gid.endswith("-rest") for gid in drawing.artists) == 6
    assert "0 of 1 known" in written(drawing)


def test_two_thousand_projects_have_no_line_each() -> None:
    many = study(*({"project": f"P{n}", "actor": "X", "origin": "local"} for n in range(2000)))
    drawing = draw_summary(many.resolved)
    assert len(drawing.axes.patches) < 60
    assert "2,000 of 2,000 known" in written(drawing)


EVERY = ("summary", "heatmap", "timeline", "composition", "aggregate")


@pytest.mark.parametrize("kind", EVERY)
def test_every_figure_says_what_counts_and_how_many(kind: str) -> None:
    """A figure torn from its command: alleged or not, and how many projects of how many, in the figure itself."""
    text = " ".join(written(getattr(agency.load(), kind)().drawing).split())
    assert "alleged ones" in text
    assert any(words in text for words in ("67 projects", "67 selected"))


@pytest.mark.parametrize("kind", [kind for kind in EVERY if kind != "timeline"])
def test_every_snapshot_says_its_year(kind: str) -> None:
    drawing = getattr(agency.load().at(2019), kind)().drawing
    assert "As of 2019." in written(drawing)
    assert "As of 2019." in drawing.title


@pytest.mark.parametrize("kind", EVERY)
def test_one_project_without_a_window_and_nothing_known(kind: str) -> None:
    one = study({"project": "A", "actor": "X", "origin": "local"})
    nothing = study({"project": "A", "actor": "X", "origin": "local", "status": "proposed"})
    for given in (one, nothing):
        if kind == "timeline":
            with pytest.raises(UsageError, match="no timeline to draw"):
                getattr(given, kind)()
        else:
            assert_in_place(getattr(given, kind)(width=60).drawing)


@pytest.mark.parametrize("kind", EVERY)
def test_every_figure_prints_title_and_note_and_fits_a_narrow_column(kind: str) -> None:
    pair = agency.load().select(project=["ECU 911", "JSeI"])
    drawing = getattr(pair, kind)(width=60, title="<b>Who & what</b>", note="Draft.").drawing
    assert "<b>Who & what</b>" in written(drawing)
    assert written(drawing).rstrip().endswith("Draft.")
    assert_in_place(drawing)
