"""Composition bars and the aggregate: the drawn widths are the numbers, gap and unknown are visible."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from figure_cases import WIDTHS, assert_in_place, extent, legend_labels, written
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import examples

import agency
from agency.errors import UsageError
from agency.figures.aggregate import draw_aggregate, phase_groups
from agency.figures.composition import composition_parts, draw_composition, project_parts
from agency.figures.surface.canvas import Drawing
from agency.figures.surface.marks import gap_parts, percent, whole_percents
from agency.figures.surface.style import FigureStyle
from agency.indicators import composition
from agency.resolve import Resolved

PHASES = ("initiation", "requirements", "design", "implementation", "operation", "maintenance")


def study(**rules: object) -> agency.Study:
    return agency.load().select(project=["ECU 911", "JSeI"], **rules)


def widths(drawing: Drawing, row: str) -> dict[str, float]:
    """Return the widths of the parts of a bar by key, light and strong ones together."""
    prefix = f"{drawing.name}-{row}-"
    found: dict[str, float] = {}
    for gid, artist in drawing.artists.items():
        if gid.startswith(prefix):
            key = gid.removeprefix(prefix).split("-", 1)[1]
            found[key] = found.get(key, 0.0) + extent(artist).width
    return found


def test_segments_are_as_wide_as_their_share() -> None:
    resolved = study(mode="time").resolved
    parts = composition_parts(resolved)["JSeI"]
    drawn = widths(draw_composition(resolved), "r1")
    assert set(drawn) == {"local", "chinese", "unknown"}
    for key, width in drawn.items():
        # An edge takes half its weight off each side.
        assert width / sum(drawn.values()) == pytest.approx(parts[key], abs=0.01)


def test_under_negotiation_is_a_segment_with_its_own_mark() -> None:
    drawing = draw_composition(study(mode="time").resolved)
    assert set(widths(drawing, "r0")) == {"local", "chinese", "negotiating"}
    said = " ".join(legend_labels(drawing))
    assert "Local Chinese Under negotiation Unknown Lighter, lined: no source gives a year" in said
    assert "Nobody" not in said


GAPS = [
    ([{"status": "vacant", "start": 2018}], (0.0, 0.4)),
    ([{"status": "negotiating", "start": 2018}], (0.4, 0.0)),
    ([{"status": "negotiating", "start": 2018, "end": 2019}, {"status": "vacant", "start": 2020}], (0.2, 0.2)),
    ([{"status": "negotiating", "start": 2018, "end": 2018}, {"status": "vacant"}], (0.1, 0.9)),
    ([{"status": "negotiating", "start": 2018}, {"status": "vacant", "start": 2018}], (0.2, 0.2)),
]


@pytest.mark.parametrize("given_rows, expected", GAPS)
def test_the_gap_is_split_by_what_each_year_is(
    given_rows: list[dict[str, object]], expected: tuple[float, float]
) -> None:
    """Window 2012-2021; negotiating, then vacant, as parts of ten years."""
    base = {"project": "P", "actor": "", "origin": "", "source": "s"}
    edge = {**base, "phase": "operation", "actor": "E", "origin": "local", "start": 2012, "end": 2021}
    frame = pd.DataFrame([edge, *({**base, "phase": "maintenance", **row} for row in given_rows)])
    resolved = agency.load(frame.astype(object).where(frame.notna(), "")).select(project="P", mode="time").resolved
    data = resolved.arrays
    found = gap_parts(resolved, data)[0, data.phases.index("maintenance")]
    assert found.tolist() == pytest.approx(expected)
    assert found.sum() == pytest.approx(data.gap[0, data.phases.index("maintenance")])


def test_what_no_source_dates_is_lighter_and_the_range_in_brackets() -> None:
    resolved = study(mode="time").resolved
    drawing = draw_composition(resolved)
    numbers = composition(resolved)
    local = numbers[numbers["key"] == "composition.local"].set_index("project")
    for one in project_parts(resolved):
        low, value, high = (float(local.loc[one.key, name]) for name in ("low", "value", "high"))
        assert one.local == (low, high)
        assert one.certain["local"] + one.undated["local"] == pytest.approx(value)
        assert one.certain["local"] == pytest.approx(low)
        assert low <= value <= high
    # JSeI: 7/12 local, of it 5/12 with years; at most 5/8.
    assert "58 (42–62)" in written(drawing)
    assert sum(gid.startswith("composition-r1-") and gid.endswith("-local") for gid in drawing.artists) == 2
    assert "In brackets the least and the most that may be local" in " ".join(written(drawing).split())
    assert "In brackets" not in written(draw_composition(study().resolved))


@settings(max_examples=examples(50), deadline=None)
@given(st.lists(st.integers(1, 1000), min_size=1, max_size=9))
def test_percentages_of_a_bar_sum_to_a_hundred(parts: list[int]) -> None:
    fractions = [part / sum(parts) for part in parts]
    wholes = whole_percents(fractions)
    assert sum(wholes) == 100
    assert all(abs(whole - 100 * part) < 1 + 1e-6 for whole, part in zip(wholes, fractions, strict=True))


def test_projects_are_printed_by_their_label() -> None:
    for drawing in (draw_composition(study().resolved),):
        assert "Jujuy Seguro e" in written(drawing)
        assert "Jujuy Seguro e Interconectado (JSeI)" in drawing.alt_long


def test_percentages_name_their_rule() -> None:
    text = written(draw_composition(study(counting="origin").resolved))
    assert "% of the life cycle (6 phases, equal weights)" in text
    assert "each origin counts equally" in text


def test_bars_can_be_sorted_by_local_share() -> None:
    resolved = agency.load().select(project=["Didi Mexico", "JSeI"]).resolved
    names = ("Didi in Mexico", "Jujuy Seguro e")

    def order(drawing: Drawing) -> list[str]:
        return [label.get_text() for label, _ in drawing.labels if label.get_text() in names]

    assert order(draw_composition(resolved)) == ["Didi in Mexico", "Jujuy Seguro e"]
    assert order(draw_composition(resolved, sort="local")) == ["Jujuy Seguro e", "Didi in Mexico"]


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
    assert dict(zip(groups.names, groups.sizes, strict=True)) == {"Brazil": 3, "Chile": 3, "Ecuador": 3, "not given": 3}
    known = groups.n > 0
    assert groups.mean.sum(axis=2)[known] == pytest.approx(1)
    assert groups.mean[groups.names.index("Ecuador"), 0].tolist()[0] == 1
    # Holders of unknown origin are not known.
    assert groups.n[groups.names.index("not given"), 0] == 0


def test_the_two_kinds_of_gap_stay_apart_in_the_mean() -> None:
    base = {"phase": "operation", "actor": "", "origin": "", "source": "s"}
    rows = [
        {**base, "project": "A", "status": "vacant"},
        {**base, "project": "B", "status": "negotiating"},
        {**base, "project": "C", "status": "held", "actor": "X", "origin": "local"},
        {**base, "project": "D", "status": "proposed", "actor": "X", "origin": "local"},
    ]
    groups = phase_groups(agency.load(pd.DataFrame(rows)).resolved, by="all")
    at = groups.phases.index("operation")
    means = dict(zip(groups.parts, groups.mean[0, at].tolist(), strict=True))
    assert groups.n[0, at] == 3
    assert {key: value for key, value in means.items() if value} == pytest.approx(
        {"local": 1 / 3, "negotiating": 1 / 3, "vacant": 1 / 3}
    )


def test_groups_below_three_stand_in_one_row() -> None:
    countries = {"Ecuador": 4, "Brazil": 2, "Chile": 1, "": 1}
    rows = [
        {
            "project": f"{country} {n}",
            "country": country,
            "phase": phase,
            "actor": "L",
            "origin": "local",
            "source": "s",
        }
        for country, number in countries.items()
        for n in range(number)
        for phase in PHASES[:2]
    ]
    groups = phase_groups(agency.load(pd.DataFrame(rows)).resolved)
    assert dict(zip(groups.names, groups.sizes, strict=True)) == {"Ecuador": 4, "Others: 2 groups": 3, "not given": 1}
    # Where no group is large, none is pooled.
    few = phase_groups(agency.load(pd.DataFrame(rows[8:])).resolved)
    assert set(few.names) == {"Brazil", "Chile", "not given"}


def test_aggregate_says_known_of_n_over_all_selected_projects() -> None:
    many = generated(9)
    drawing = draw_aggregate(many.resolved, by="all")
    text = written(drawing)
    assert "All projects (9)" in " ".join(text.split())
    # The third of unknown origin is not known; nor is a phase of which there is no row.
    assert text.count("6 of 9") == 2
    # Known are 10 cells of three local projects (2 + 5 + 3 phases) and 13 of three Chinese ones (3 + 6 + 4).
    assert "mean local share where known 43 %" in drawing.alt_short
    thin = agency.load()
    assert len(thin.resolved.listed) < len(thin.resolved.projects)
    assert phase_groups(thin.resolved, by="all").sizes == (len(thin.resolved.projects),)


def test_eight_thousand_projects_stay_a_page_of_groups() -> None:
    many = generated(8000)
    drawing = draw_aggregate(many.resolved, style=FigureStyle(width_mm=190))
    assert drawing.notices == ()
    assert "2,667" in written(drawing)


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
