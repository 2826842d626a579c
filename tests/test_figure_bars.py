"""Composition bars and the aggregate: the drawn widths are the numbers, gap and unknown are visible."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from figure_cases import WIDTHS, assert_in_place, extent, legend_labels, written
from hypothesis import given
from hypothesis import strategies as st

import agency
from agency.errors import UsageError
from agency.figures.aggregate import draw_aggregate
from agency.figures.composition import composition_parts, draw_composition, local_bounds
from agency.figures.groups import phase_groups
from agency.figures.surface.bars import RANGE, percent
from agency.figures.surface.canvas import Drawing
from agency.figures.surface.style import FigureStyle
from agency.indicators import composition
from agency.resolve import Resolved

PHASES = ("initiation", "requirements", "design", "implementation", "operation", "maintenance")


def study(**rules: object) -> agency.Study:
    return agency.load().select(project=["ECU 911", "JSeI"], **rules)


def widths(drawing: Drawing, row: str) -> dict[str, float]:
    prefix = f"{drawing.name}-{row}-"
    found = {gid.removeprefix(prefix): a for gid, a in drawing.artists.items() if gid.startswith(prefix)}
    return {key: extent(artist).width for key, artist in found.items()}


def test_segments_are_as_wide_as_their_share() -> None:
    resolved = study(mode="time").resolved
    parts = composition_parts(resolved)["JSeI"]
    drawn = widths(draw_composition(resolved), "r1")
    assert set(drawn) == {"local", "chinese", "unknown"}
    for key, width in drawn.items():
        # An edge takes half its weight off each side.
        assert width / sum(drawn.values()) == pytest.approx(parts[key], abs=0.01)


def test_gap_is_a_segment_of_its_own() -> None:
    drawing = draw_composition(study(mode="time").resolved)
    assert set(widths(drawing, "r0")) == {"local", "chinese", "gap"}
    assert legend_labels(drawing)[-5:] == ["Local", "Chinese", "Nobody (gap)", "Unknown", RANGE.label]


def test_bounds_stand_beside_a_bar_with_unknown() -> None:
    resolved = study(mode="time").resolved
    drawing = draw_composition(resolved)
    numbers = composition(resolved)
    local = numbers[numbers["key"] == "composition.local"].set_index("project")
    for number, project in enumerate(("ECU 911", "JSeI")):
        low, value, high = (float(local.loc[project, name]) for name in ("low", "value", "high"))
        assert local_bounds(resolved)[project] == (low, high)
        assert low <= value <= high
        shown = percent(value) if low == high else f"{percent(low)}–{percent(high)}"
        assert f"{project} {shown} %" in drawing.alt_short
        assert f"local share {shown} %" in drawing.alt_long.splitlines()[number]
    assert RANGE.label in written(drawing)
    assert "at least" not in written(draw_composition(study().resolved))


def test_percentages_name_their_rule() -> None:
    text = written(draw_composition(study(counting="origin").resolved))
    assert "% of the life cycle (6 phases, equal weights)" in text
    assert "each origin counts equally" in text


def test_bars_can_be_sorted_by_local_share() -> None:
    resolved = agency.load().select(project=["Didi Mexico", "JSeI"]).resolved
    names = ("Didi Mexico", "JSeI")

    def order(drawing: Drawing) -> list[str]:
        return [label.get_text() for label, _ in drawing.labels if label.get_text() in names]

    assert order(draw_composition(resolved)) == ["Didi Mexico", "JSeI"]
    assert order(draw_composition(resolved, sort="local")) == ["JSeI", "Didi Mexico"]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", ["composition", "aggregate"])
def test_no_text_leaves_its_place(kind: str, width: float) -> None:
    whole = agency.load()
    style = FigureStyle(width_mm=width)
    if kind == "composition":
        drawing = draw_composition(whole.resolved, style=style)
    else:
        drawing = draw_aggregate(whole.resolved, style=style)
    assert_in_place(drawing)


@given(st.floats(0, 1))
def test_percent_never_says_nothing_or_all_of_a_part(fraction: float) -> None:
    text = percent(fraction)
    assert (text == "0") == (fraction == 0)
    if fraction < 1 - 1e-6:
        assert text != "100"


def generated(number: int) -> agency.Study:
    rows = [
        {"project": f"P{n}", "country": ("ECU", "BRA;CHL", "")[n % 3], "phase": phase, "actor": name, "origin": origin,
         "source": "s"}
        for n in range(number)
        for phase in PHASES[: 2 + n % 5]
        for name, origin in [(("L", "local"), ("C", "chinese"), ("U", "unknown"))[n % 3]]
    ]  # fmt: skip
    return agency.load(pd.DataFrame(rows)).select(min_phases=0)


def test_groups_count_projects_and_a_project_in_two_countries_in_each() -> None:
    many = generated(9)
    groups = phase_groups(many.resolved)
    assert dict(zip(groups.names, groups.sizes, strict=True)) == {"BRA": 3, "CHL": 3, "ECU": 3, "not given": 3}
    assert groups.mean.sum(axis=2) == pytest.approx(1)
    assert groups.mean[groups.names.index("ECU"), 0].tolist()[0] == 1
    assert groups.mean[groups.names.index("not given"), 0].tolist()[-1] == 1


def test_small_groups_are_pooled_last() -> None:
    many = generated(9)
    groups = phase_groups(many.resolved, most=2)
    assert groups.names == ("BRA", "Other 3 groups")
    assert groups.sizes == (3, 9)


def test_aggregate_says_n_and_means() -> None:
    many = generated(9)
    drawing = draw_aggregate(many.resolved, by="all")
    text = written(drawing)
    assert "All projects" in text
    assert text.split().count("9") == 6
    # 10 of the 54 cells are local.
    assert drawing.alt_short == "Bars of who held 6 phases in 9 projects, by all (1 group); mean local share 19 %."


def test_eight_thousand_projects_stay_a_page_of_groups() -> None:
    many = generated(8000)
    drawing = draw_aggregate(many.resolved, style=FigureStyle(width_mm=190))
    assert drawing.notices == ()
    assert "2667" in written(drawing)


def test_decades_are_in_order_of_time() -> None:
    whole = agency.load().select(min_phases=0)
    names = phase_groups(whole.resolved, by="decade").names
    assert list(names[:-1]) == sorted(names[:-1])
    assert names[-1] == "not given"


@pytest.mark.parametrize("width", WIDTHS)
def test_a_very_long_project_name_makes_its_row_higher(width: float) -> None:
    long = (" ".join(["Long project name of many words"] * 7)[:200], "X" * 200)
    rows = [
        {"project": name, "phase": phase, "actor": "A", "origin": "chinese", "source": "s"}
        for name in ("First", *long, "Last")
        for phase in PHASES[:2]
    ]
    assert_in_place(draw_composition(agency.load(pd.DataFrame(rows)).resolved, style=FigureStyle(width_mm=width)))


@pytest.mark.parametrize("draw", [draw_composition, draw_aggregate])
def test_phases_that_do_not_count_are_refused_by_name(draw: Callable[[Resolved], Drawing]) -> None:
    with pytest.raises(UsageError, match=r"weight 0\): financing\. Core phases are initiation, .*maintenance"):
        draw(study(phase="financing").resolved)


def test_phases_that_do_not_apply_have_no_composition() -> None:
    without = {"project": "P", "phase": "design", "actor": "", "origin": "", "status": "not_applicable", "source": "s"}
    rows = [without, {**without, "phase": "operation", "actor": "A", "origin": "local", "status": "held"}]
    one = agency.load(pd.DataFrame(rows)).select(project="P", phase="design")
    with pytest.raises(UsageError, match="No phase that counts applies"):
        draw_composition(one.resolved)


def test_too_many_bars_are_offered_the_aggregate() -> None:
    with pytest.raises(UsageError, match="agency figure aggregate"):
        draw_composition(generated(61).resolved)
