"""The matrix figure by its artists: texts, colours, hatches, ids, legend, and no text outside its place."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import Any

import matplotlib as mpl
import pytest
from figure_cases import (
    CHINESE_NAME,
    LONG_NAME,
    ONE_WORD,
    WIDTHS,
    assert_in_place,
    cell,
    chinese_names,
    every_kind,
    extent,
    held,
    holder,
    legend_labels,
    long_names,
    looks,
    table,
    written,
)
from matplotlib.figure import Figure
from strategies import table_of

import agency
from agency.errors import UsageError
from agency.figures.grid import empty_area
from agency.figures.matrix import MATRIX_LIMIT, NAMED_LIMIT, draw_matrix
from agency.figures.overview import Arrangement, arranged, overview_pages
from agency.figures.surface.canvas import Drawing
from agency.figures.surface.style import FigureStyle
from agency.resolve import Resolved
from agency.resolve.cells import CellTable, ProjectHead
from agency.resolve.select import View
from agency.vocabulary import read_codebook

LOCAL, CHINESE = ("#6699cc", ""), ("#ee99aa", "/")


def table_1() -> CellTable:
    return agency.load().select(project=["ECU 911", "JSeI"]).cells


def projects(number: int) -> CellTable:
    firm = holder("Firm", "chinese")
    return table([cell("design", held(firm), project=f"Project {n}") for n in range(number)])


def codebook_text(*, phases: int, origins: int) -> str:
    """Return a codebook of this many phases, and of this many origins without a colour beside the local one."""
    entries = [
        f'[[phase]]\nkey = "phase{n}"\nlabel = "Phase of the number {n}"\nkind = "event"\nblock = "build"\n'
        for n in range(phases)
    ]
    entries.append('[[origin]]\nkey = "local"\nlabel = "Local"\nforeign = false\n')
    entries += [f'[[origin]]\nkey = "own{n}"\nlabel = "Own {n}"\nforeign = true\n' for n in range(origins)]
    return "".join(entries)


def test_table_1_names_every_holder_and_period() -> None:
    drawing = draw_matrix(table_1())
    text = written(drawing)
    for words in (
        "Coordinating Ministry of Security",
        "Jujuy's Ministry of Security",
        "CEIEC (technical)",
        "ZTE (technical)",
        "Local firms CEIEC",
        "Local firms ZTE",
        "Until 2018",
        "From 2018 onwards",
        "still under negotiation",
        "ZTE for 3 years",
        "Maintained and upgraded by",
    ):
        assert words in text
    assert drawing.notices == ()


def test_table_1_has_a_band_for_each_holder_in_its_colour_and_hatch() -> None:
    assert looks(draw_matrix(table_1())) == {LOCAL: 8, CHINESE: 6, ("#ffffff", "|"): 1}


def test_table_1_legend_shows_what_occurs_and_nothing_else() -> None:
    assert legend_labels(draw_matrix(table_1())) == [
        "Local",
        "Chinese",
        "Under negotiation",
        "Contested between sources",
        "Periods: earlier left, equal widths",
        "Joint holders",
        "Open end: year not given",
        "Length known, years not",
    ]


def test_periods_stand_side_by_side_earlier_left_in_equal_widths() -> None:
    parts = {gid: extent(artist) for gid, artist in draw_matrix(table_1()).artists.items()}
    before, after = (box for gid, box in sorted(parts.items()) if gid.startswith("matrix-c0-5-p"))
    assert before.right < after.x
    assert before.width == pytest.approx(after.width, abs=0.1)
    assert before.y == pytest.approx(after.y, abs=0.1)


def test_joint_holders_are_stacked_with_equal_heights() -> None:
    parts = {gid: extent(artist) for gid, artist in draw_matrix(every_kind()).artists.items()}
    bands = [box for gid, box in parts.items() if gid.startswith("matrix-c0-0-p")]
    assert len(bands) == 9
    for upper, lower in pairwise(bands):
        assert upper.bottom < lower.y
        assert upper.x == pytest.approx(lower.x, abs=0.1)
        assert upper.height == pytest.approx(lower.height, abs=0.1)


def test_every_kind_of_cell_has_its_legend_entry() -> None:
    assert legend_labels(draw_matrix(every_kind())) == [
        "Local",
        "Chinese",
        "Western",
        "Other",
        "Mixed",
        "Nobody",
        "Under negotiation",
        "n/a",
        "Not applicable",
        "?",
        "Origin unknown",
        "( )",
        "Listed, not counted",
        "Alleged, counted",
        "Contested between sources",
        "Periods: earlier left, equal widths",
        "Joint holders",
        "Open end: year not given",
        "Length known, years not",
    ]


def appearance(drawing: Drawing, gid: str) -> tuple[Any, ...]:
    patch: Any = drawing.artists[gid]
    return (patch.get_facecolor(), patch.get_hatch(), patch.get_linestyle(), patch.get_edgecolor())


def test_four_blanks_and_listed_rows_look_different() -> None:
    cells = every_kind().cells
    drawing = draw_matrix(
        table(
            [
                cells["X", "design"],
                cells["X", "implementation"],
                cells["X", "operation"],
                cell("maintenance", listed=(holder("P", status="proposed"),)),
            ]
        )
    )
    ids = [gid for gid in drawing.artists if not gid.startswith("matrix-c0-4-p00") and "-p01-" not in gid]
    seen = {gid: appearance(drawing, gid) for gid in ids}
    # Two cells are not coded; vacant, negotiating, not applicable, listed and not coded make five looks.
    assert len(ids) == 6
    assert len(set(seen.values())) == 5


def test_contested_and_alleged_are_marked_by_their_edge() -> None:
    drawing = draw_matrix(every_kind())
    patch: Any = drawing.artists["matrix-c0-1-p00-r11"]
    assert patch.get_linestyle() not in ("-", "solid")
    thick = [p for p in drawing.axes.patches if p.get_linewidth() > 1.2]
    assert len(thick) == 2  # the cell and its legend entry


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("cells", [table_1, every_kind, long_names], ids=lambda cells: cells.__name__)
def test_no_text_leaves_its_place_or_meets_another(cells: Any, width: float) -> None:
    assert_in_place(draw_matrix(cells(), style=FigureStyle(width_mm=width)))


@pytest.mark.parametrize("width", WIDTHS)
def test_long_names_are_complete_at_every_width(width: float) -> None:
    text = written(draw_matrix(long_names(), style=FigureStyle(width_mm=width)))
    assert LONG_NAME in text
    assert ONE_WORD in text.replace(" ", "").replace("-", "")


def test_texts_of_the_table_are_never_mathematics() -> None:
    drawing = draw_matrix(table([cell("design", held(holder("US$ 200 and US$ 40_x", "local")))]))
    assert "US$ 200 and US$ 40_x" in written(drawing)
    assert not any(label.get_parse_math() for label, _ in drawing.labels)


def test_missing_characters_are_named_once_with_what_to_install() -> None:
    (notice,) = draw_matrix(chinese_names()).notices
    assert " ".join(dict.fromkeys(CHINESE_NAME)) in notice
    assert "install fonts-noto-cjk" in notice


def test_unknown_font_is_refused() -> None:
    with pytest.raises(UsageError, match=r"DejaVu Sanz: no such font is installed\. Did you mean 'DejaVu Sans'"):
        draw_matrix(table_1(), style=FigureStyle(fonts=("DejaVu Sanz",)))


def test_user_palette_is_checked_and_its_pair_named() -> None:
    cells = table_1()
    alike = tuple(replace(o, colour="#6699CC") if o.key == "chinese" else o for o in cells.codebook.origins)
    notices = draw_matrix(replace(cells, codebook=replace(cells.codebook, origins=alike))).notices
    assert "Local (#6699CC) and Chinese (#6699CC)" in notices[0]


def test_more_than_twelve_projects_become_rows_without_names() -> None:
    named, rows = draw_matrix(projects(NAMED_LIMIT)), draw_matrix(projects(NAMED_LIMIT + 1))
    assert "Firm" in written(named)
    assert "Firm" not in written(rows)
    assert all(f"Project {n}" in written(rows) for n in range(13))
    # 13 cells, 13 bars at the side, a total; blanks are quiet, without an edge or a hatch.
    assert looks(rows)["#bb5566", ""] == 13 + 13 + 1
    assert looks(rows)["#efefef", ""] == 13 * 5


@pytest.mark.parametrize("width", WIDTHS)
def test_rows_without_names_keep_their_texts_in_place(width: float) -> None:
    cells = {**projects(13).cells, **every_kind("Project 1").cells}
    assert_in_place(draw_matrix(table(list(cells.values())), style=FigureStyle(width_mm=width)))


def test_more_than_sixty_projects_go_to_pages_or_one_tall_figure() -> None:
    cells = projects(MATRIX_LIMIT + 1)
    pages = overview_pages(cells, style=FigureStyle(width_mm=190))
    assert ["Page 1 of 2." in written(pages[0]), "Page 2 of 2." in written(pages[1])] == [True, True]
    assert len(pages) == 2
    assert "61 of 61 known" in written(draw_matrix(cells, style=FigureStyle(width_mm=190)))


def test_rows_are_equal_whatever_the_name() -> None:
    cells = projects(13)
    heads = (replace(cells.projects[0], label=LONG_NAME), *cells.projects[1:])
    drawing = draw_matrix(replace(cells, projects=heads))
    heights = {round(float(extent(artist).height), 3) for gid, artist in drawing.artists.items() if "-c0-" in gid}
    assert len(heights) == 1


def test_totals_count_projects_that_are_not_listed() -> None:
    cells = projects(20)
    drawing = draw_matrix(replace(cells, projects=cells.projects[:13]), style=FigureStyle(width_mm=190))
    assert "20 of 20 known" in written(drawing)
    assert "13 of 20 projects are shown" in written(drawing)


def test_signs_of_the_overview_are_explained() -> None:
    """Open ends, alleged and proposed actors keep a sign where names have no room."""
    cells = {**projects(13).cells, **every_kind("Project 1").cells}
    drawing = draw_matrix(table(list(cells.values())), style=FigureStyle(width_mm=190))
    labels = legend_labels(drawing)
    for words in (
        "Open end: year not given",
        "Alleged, counted",
        "Proposed",
        "Contested between sources",
        "Nobody",
        "Under negotiation",
        "Periods: apart, earlier left",
        "Joint holders: touching, by number",
    ):
        assert words in labels
    assert "Event, see the key" not in labels


def test_joint_holders_stand_side_by_side_by_number() -> None:
    joint = cell(
        "design", held(holder("A", "local"), holder("B", "local"), holder("C", "chinese")), project="Project 0"
    )
    cells = {**projects(13).cells, ("Project 0", "design"): joint}
    drawing = draw_matrix(table(list(cells.values())))
    one, other = (extent(drawing.artists[f"matrix-c2-0-p0-h{number}"]) for number in (0, 1))
    assert one.y == pytest.approx(other.y)
    assert one.width == pytest.approx(2 * other.width)
    assert one.right == pytest.approx(other.x)


SORTED = {
    "order": ["P0", "P1", "P2"],
    "pattern": ["P1", "P2", "P0"],
    "local": ["P1", "P2", "P0"],
    "type": ["P2", "P0", "P1"],
}


@pytest.mark.parametrize("sort", SORTED)
def test_projects_are_sorted(sort: Any) -> None:
    origins = {"P0": "western", "P1": "local", "P2": "chinese"}
    given = [cell("design", held(holder("A", origin)), project=project) for project, origin in origins.items()]
    given.append(cell("operation", held(holder("B", "local")), project="P2"))
    cells = table(given)
    heads = tuple(replace(head, type=kind) for head, kind in zip(cells.projects, ("m", "", "a"), strict=True))
    (section,) = arranged(replace(cells, projects=heads), sort)
    assert [project.key for project in section.projects] == SORTED[sort]


def test_groups_have_headings_and_countries_names() -> None:
    cells = projects(14)
    heads = tuple(replace(head, country="BRA;CHL" if n < 2 else "ECU") for n, head in enumerate(cells.projects))
    sections = arranged(replace(cells, projects=heads), "order", "country")
    assert [section.heading for section in sections] == ["Ecuador: 12 projects", "Brazil, Chile: 2 projects"]
    drawing = draw_matrix(replace(cells, projects=heads), arrangement=Arrangement(by="country"))
    assert "Brazil, Chile: 2 projects" in written(drawing)


@pytest.mark.parametrize("width", WIDTHS)
def test_overview_of_ten_phases_nine_origins_and_long_chinese_names_stays_in_place(width: float) -> None:
    book = read_codebook(codebook_text(phases=10, origins=9))
    keys = [origin.key for origin in book.origins]
    rows = [
        {"project": f"{LONG_NAME} {n}", "phase": f"phase{p}", "actor": f"A{(n + p) % 9}", "origin": keys[(n + p) % 10],
         "source": "s"}
        for n in range(14)
        for p in range(10)
    ]  # fmt: skip
    cells = replace(projects(13), codebook=book)
    every = {
        (row["project"], row["phase"]): cell(
            row["phase"], held(holder(row["actor"], row["origin"])), project=row["project"]
        )
        for row in rows
    }
    heads = tuple(ProjectHead(name, name, "ECU", None) for name in dict.fromkeys(row["project"] for row in rows))
    whole = replace(cells, projects=heads, phases=book.phases, cells=every)
    drawing = draw_matrix(whole, style=FigureStyle(width_mm=width))
    assert_in_place(drawing)
    assert any("colours and hatches were chosen for" in notice for notice in drawing.notices)
    assert not any("look alike" in notice for notice in drawing.notices)
    assert len({(fill, hatch) for fill, hatch in looks(drawing)}) >= 10


def test_a_figure_in_axes_of_ones_own_stands_beside_others() -> None:
    figure = Figure(figsize=(14, 9))
    left, right = figure.subplots(1, 2)
    right.plot([0, 1], [0, 1])
    before = right.get_position().bounds
    drawing = draw_matrix(table_1(), ax=left)
    assert drawing.figure is figure
    assert right.get_position().bounds == before
    assert right.get_xlim() != left.get_xlim()
    found = [label for label in left.texts if label.get_text() == "ECU 911"]
    assert found


def test_axes_in_three_dimensions_are_refused() -> None:
    from mpl_toolkits.mplot3d import Axes3D  # noqa: F401

    for projection, said in (("3d", "3-D"), ("polar", "polar")):
        with pytest.raises(UsageError, match=said):
            draw_matrix(table_1(), ax=Figure(figsize=(8, 6)).add_subplot(projection=projection))


def test_nothing_selected_is_said() -> None:
    with pytest.raises(UsageError, match="nothing to draw"):
        draw_matrix(table([]))


def test_ids_are_unique_and_carry_the_prefix() -> None:
    from matplotlib.artist import Artist

    drawing = draw_matrix(every_kind(), name="fig2")
    ids = [artist.get_gid() for artist in drawing.figure.findobj(Artist) if artist.get_gid()]
    assert len(ids) == len(set(ids)) == len(drawing.artists)
    assert all(gid.startswith("fig2-") for gid in ids)


def test_holders_link_to_their_rows_when_asked() -> None:
    drawing = draw_matrix(every_kind(), style=FigureStyle(link="#row-"))
    assert drawing.artists["matrix-c0-4-p01-r21"].get_url() == "#row-21"
    assert draw_matrix(every_kind()).artists["matrix-c0-4-p01-r21"].get_url() is None


def test_given_axes_and_figure_are_drawn_on() -> None:
    figure = Figure(figsize=(8, 6))
    ax = figure.add_subplot()
    drawing = draw_matrix(table_1(), ax=ax)
    assert drawing.axes is ax
    assert drawing.figure is figure
    other = Figure(figsize=(8, 6))
    assert draw_matrix(table_1(), figure=other).figure is other


def test_axes_too_low_are_refused_with_the_height_needed() -> None:
    with pytest.raises(UsageError, match=r"needs \d+ mm of height .* have 25 mm\. .* figsize=\(4, \d"):
        draw_matrix(table_1(), figure=Figure(figsize=(4, 1)))


def test_axes_and_figure_together_are_refused() -> None:
    figure = Figure()
    with pytest.raises(UsageError, match="not both"):
        draw_matrix(table_1(), ax=figure.add_subplot(), figure=figure)


def test_settings_of_the_user_stay_and_do_not_matter() -> None:
    plain = draw_matrix(table_1())
    with mpl.rc_context({"font.size": 30, "hatch.linewidth": 9, "text.parse_math": True}):
        before = dict(mpl.rcParams)
        other = draw_matrix(table_1())
        assert dict(mpl.rcParams) == before
    assert [label.get_fontsize() for label, _ in plain.labels] == [label.get_fontsize() for label, _ in other.labels]


def test_words_for_those_who_cannot_see_it() -> None:
    drawing = draw_matrix(table_1())
    assert len(drawing.alt_short) <= 150
    assert drawing.alt_short.startswith(
        "Heatmap of 6 phases by 2 projects (ECU 911 and Jujuy Seguro e Interconectado (JSeI))"
    )
    assert "Until 2018: CEIEC / From 2018 onwards: still under negotiation" in drawing.alt_long
    assert drawing.alt_long.count("\n") == 1


STATEMENTS = (
    {"status": "held", "actor": "A", "origin": "local"},
    {"status": "held", "actor": "A", "origin": "local", "start": 2000, "end": 2005},
    {"status": "held", "actor": "A", "origin": "local", "start": 2015, "end": 2016},
    {"status": "held", "actor": "A", "origin": "local", "confidence": "alleged"},
    {"status": "held", "actor": "A", "origin": "local", "rank": "deprecated"},
    {"status": "held", "actor": "A", "origin": "local", "role": "support"},
    {"status": "denied", "actor": "A", "origin": "local"},
    {"status": "denied", "origin": "chinese"},
    {"status": "vacant", "confidence": "alleged"},
    {"status": "vacant", "start": 2015},
    {"status": "vacant", "scope": "after the sanctions"},
    {"status": "negotiating", "end": 2014},
    {"status": "proposed", "actor": "A", "origin": "local"},
    {"status": "not_applicable"},
)


@pytest.mark.parametrize("year", [None, 2013, 2018])
def test_every_cell_is_drawn_as_the_blank_it_is_and_said_so(year: int | None) -> None:
    """One cell, one answer: text, blank, figure and alternative text, with dates inside and outside the window."""
    rows = [
        {"project": f"P{at:02d}", "phase": phase, **row}
        for at, row in enumerate(STATEMENTS)
        for phase in ("design", "operation")
    ]
    chosen = View(min_phases=0, **({} if year is None else {"mode": "snapshot", "year": year}))
    cells = Resolved(table_of(*rows, window=(2012, 2020)), chosen).cells
    blanks = Counter(one.blank for one in cells.shown if one.blank)
    assert set(blanks) >= {"not_coded", "vacant", "not_applicable"}
    for one in cells.shown:
        if not one.parts and not one.listed:
            assert empty_area(one).key == {"unknown": "unknown_year"}.get(one.blank or "", one.blank)
            assert one.text == one.empty_text == {"unknown": "unknown"}.get(one.blank or "", "not coded")
            assert one.blank in ("unknown", "not_coded")
        assert one.blank is None or not any(part.status == "held" for part in one.parts)
        assert "None" not in one.text
    # A row of 2000 to 2005 is no holder in a window of 2012 to 2020.
    assert cells.cell("P01", "operation").blank == "unknown"
    said = draw_matrix(cells).alt_short
    held = sum(one.blank is None for one in cells.shown)
    assert f"of {len(cells.shown)} cells: Local in {held}" in said
    for kind, number in blanks.items():
        assert f"{kind.replace('_', ' ')} {number}" in said or len(said) > 100


def test_only_what_is_drawn_is_counted() -> None:
    full = [{"project": "P", "phase": phase} for phase in ("design", "operation")]
    thin = {"project": "Q", "phase": "design", "origin": "western"}
    cells = Resolved(table_of(*full, thin), View()).cells
    drawing = draw_matrix(cells)
    assert ("Q", "design") in cells.cells
    assert [one.project for one in cells.shown] == ["P"] * 6
    assert "of 6 cells" in drawing.alt_short
    assert "Western" not in drawing.alt_short
