"""The printed cell: Table 1 of the paper, every wording of the data model, and properties over generated tables."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from strategies import examples, table_of, tables

import agency
from agency.resolve import Resolved
from agency.resolve.select import View

TABLE_1 = {
    "initiation": ("Coordinating Ministry of Security", "Jujuy's Ministry of Security"),
    "requirements": ("Coordinating Ministry of Security", "Jujuy's Ministry of Security"),
    "design": ("CEIEC (technical)", "ZTE (technical)"),
    "implementation": ("Local firms and CEIEC", "Local firms and ZTE"),
    "operation": ("ECU 911", "Jujuy's Ministry of Security"),
    "maintenance": ("Until 2018: CEIEC / From 2018 onwards: still under negotiation", "ZTE for 3 years"),
}


def cell(*rows: dict[str, Any], phase: str = "maintenance", **view: Any) -> Any:
    table = table_of(*({"phase": phase, **row} for row in rows))
    return Resolved(table, View(projects=("P",), **view)).cells.cell("P", phase)


def test_the_shipped_study_prints_table_1_cell_by_cell() -> None:
    cells = agency.load().select(project=["ECU 911", "JSeI"]).cells
    assert [head.key for head in cells.projects] == ["ECU 911", "JSeI"]
    found = {
        phase.key: (cells.cell("ECU 911", phase.key).text, cells.cell("JSeI", phase.key).text) for phase in cells.phases
    }
    assert found == TABLE_1


HELD = {"start": 2012, "end": 2018}
TALKS = {"status": "negotiating"}
PREFERRED = {"rank": "preferred"}

TEXTS = {
    "undated": ([{}], "CEIEC"),
    "until": ([{"end": 2018}], "Until 2018: CEIEC"),
    "from": ([{"start": 2018}], "From 2018 onwards: CEIEC"),
    "period": ([HELD], "2012–2018: CEIEC"),
    "one year": ([{"start": 2018, "end": 2018}], "2018: CEIEC"),
    "scope": ([{"scope": "technical"}], "CEIEC (technical)"),
    "duration": ([{"duration_years": 3}], "CEIEC for 3 years"),
    "duration of one year": ([{"duration_years": 1, "scope": "a"}], "CEIEC (a) for 1 year"),
    "two": ([{}, {"actor": "ZTE"}], "CEIEC and ZTE"),
    "three": ([{}, {"actor": "ZTE"}, {"actor": "HP"}], "CEIEC, ZTE and HP"),
    "file order within a period": ([{"actor": "ZTE"}, {}], "ZTE and CEIEC"),
    "one actor, two scopes": ([{"scope": "a"}, {"scope": "b"}], "CEIEC (a) and CEIEC (b)"),
    "the same from two sources": ([{}, {"source": "t"}], "CEIEC"),
    "periods by start, empty first": (
        [{"actor": "ZTE", "start": 2015}, {"end": 2014}],
        "Until 2014: CEIEC / From 2015 onwards: ZTE",
    ),
    "still negotiating": ([TALKS], "still under negotiation"),
    "negotiated once": ([{**TALKS, "start": 2015, "end": 2016}], "2015–2016: under negotiation"),
    "negotiating with": ([{**TALKS, "actor": "HP"}], "still under negotiation with HP"),
    "nobody": ([{"status": "vacant"}], "nobody"),
    "not applicable": ([{"status": "not_applicable"}], "not applicable"),
    "nobody of a part": ([{"status": "vacant", "scope": "cameras"}], "nobody (cameras)"),
    "talks of two parts": ([{**TALKS, "scope": "a"}, {**TALKS, "scope": "b"}], "still under negotiation (a and b)"),
    "nobody of a part and of all": ([{"status": "vacant", "scope": "a"}, {"status": "vacant"}], "nobody"),
    "proposed only": ([{"status": "proposed"}], "(proposed: CEIEC)"),
    "listed after the rest": (
        [
            {},
            {"actor": "NEC", "role": "support"},
            {"actor": "HP", "confidence": "alleged"},
            {"actor": "ZTE", "status": "proposed"},
            {"actor": "Venture", "status": "proposed"},
        ],
        "CEIEC (proposed: ZTE and Venture) (alleged: HP) (support: NEC)",
    ),
    "support is said of what is alleged or proposed too": (
        [
            {"actor": "HP", "confidence": "alleged", "role": "support"},
            {"actor": "NEC", "confidence": "alleged"},
            {"actor": "ZTE", "status": "proposed", "role": "support"},
        ],
        "(proposed, support: ZTE) (alleged: NEC) (alleged, support: HP)",
    ),
    "deprecated is not listed": ([{}, {"actor": "HP", "rank": "deprecated", "status": "proposed"}], "CEIEC"),
    "an undated row that adds nothing": ([{}, HELD], "2012–2018: CEIEC"),
}


@pytest.mark.parametrize("rows, text", TEXTS.values(), ids=TEXTS)
def test_wording(rows: list[dict[str, Any]], text: str) -> None:
    assert cell(*rows).text == text


def test_a_phase_without_a_row_says_so() -> None:
    table = table_of({})
    assert Resolved(table, View(projects=("P",))).cells.cell("P", "design").text == "not coded"


def test_event_phases_print_given_years_in_brackets_and_keep_a_gap_apart() -> None:
    rows = [{"start": 2014, "duration_years": 2}, {"status": "vacant", "start": 2012}, {"actor": "ZTE", "end": 2013}]
    assert cell(*rows, phase="design").text == "CEIEC (2014–2015) and ZTE (by 2013) / nobody"
    assert cell({"scope": "technical", "start": 2013}, phase="design").text == "CEIEC (technical, 2013)"
    assert cell({"start": 2013, "end": 2013}, phase="design").text == "CEIEC (2013)"


@pytest.mark.parametrize(
    "amount, text",
    [
        ("240000000", "CEIEC (USD 240 million)"),
        ("1.25e9", "CEIEC (USD 1.25 billion)"),
        ("240500", "CEIEC (USD 240,500)"),
        ("1234567", "CEIEC (USD 1,234,567)"),
        ("1234000", "CEIEC (USD 1,234,000)"),  # two decimals of a million would not say it
        ("1000000", "CEIEC (USD 1 million)"),
        ("240500.25", "CEIEC (USD 240,500.25)"),
        ("1000000000", "CEIEC (USD 1 billion)"),
    ],
)
def test_amounts_are_printed_where_something_is_financed(amount: str, text: str) -> None:
    row = {"amount": amount, "currency": "USD"}
    assert cell(row, phase="financing", phases=("financing",)).text == text
    scoped = {**row, "scope": "cameras", "start": 2013}
    shown = cell(scoped, phase="financing", phases=("financing",)).text
    assert shown == text.replace("(", "(cameras, ").replace(")", ", 2013)")
    assert cell(row, phase="design").text == "CEIEC"


BLANKS = {
    "held": ([{}, TALKS], None),
    "vacant": ([{"status": "vacant"}], "vacant"),
    "negotiating": ([{"status": "not_applicable", "end": 2013}, TALKS], "negotiating"),
    "not applicable": ([{"status": "not_applicable"}], "not_applicable"),
    "not applicable in some years": ([{"status": "not_applicable", "start": 2015}], "unknown"),
    "only denied": ([{"status": "denied"}], "not_coded"),
    "only listed": ([{"status": "proposed"}], "not_coded"),
}


@pytest.mark.parametrize("rows, blank", BLANKS.values(), ids=BLANKS)
def test_blanks(rows: list[dict[str, Any]], blank: str | None) -> None:
    assert cell(*rows).blank == blank


def test_of_many_names_none_is_left_out() -> None:
    names = [f"Firm {number:02}" for number in range(15)]
    rows = [{"actor": name, "origin": "local"} for name in names]
    held, supporting = cell(*rows), cell({}, *({**row, "role": "support"} for row in rows))
    assert all(name in held.text and name in supporting.text for name in names)


def test_before_its_launch_nobody_operates_a_system() -> None:
    projects = [{"project": "P", "window_start": 2012, "window_end": 2021, "launched": 2015}]
    table = table_of({}, projects=projects)
    texts = {}
    for year in (2014, 2015):
        cells = Resolved(table, View(projects=("P",), mode="snapshot", year=year)).cells
        texts[year] = [cells.cell("P", phase).text for phase in ("design", "operation", "maintenance")]
    assert texts == {
        2014: ["not coded", "not applicable", "not applicable"],
        2015: ["not coded", "not coded", "CEIEC"],
    }


def test_a_denial_is_kept_as_evidence_and_printed_in_no_cell() -> None:
    shown = cell({}, {"actor": "HP", "status": "denied", "source": "t"})
    assert (shown.text, shown.agreement) == ("CEIEC", "different")
    assert [row.use for row in shown.evidence] == ["decides", "denied"]


def test_listed_rows_follow_the_rank_of_their_cell() -> None:
    rows = [{"rank": "preferred"}, {"actor": "HP", "role": "support"}, {"actor": "ZTE", "status": "proposed"}]
    assert cell(*rows).text == "CEIEC"
    assert cell(*rows, rank="all").text == "CEIEC (proposed: ZTE) (support: HP)"


def test_in_full_a_cell_says_of_which_part_what_is_only_listed_speaks() -> None:
    rows = [
        {},
        {"actor": "ZTE", "status": "proposed", "scope": "network"},
        *({"actor": name, "role": "support", "scope": "training"} for name in ("HP", "NEC")),
        {"actor": "HP", "role": "support", "scope": "storage"},
    ]
    shown = cell(*rows)
    assert shown.text == "CEIEC (proposed: ZTE) (support: HP and NEC)"
    assert shown.in_full == ("CEIEC (proposed: ZTE (network)) (support: HP and NEC (each: training) and HP (storage))")


def test_alleged_rows_count_only_when_asked_for() -> None:
    rows = [{}, {"actor": "HP", "confidence": "alleged"}]
    assert cell(*rows).text == "CEIEC (alleged: HP)"
    assert cell(*rows, include_alleged=True).text == "CEIEC and HP"


def test_a_named_and_an_unnamed_actor_of_one_name_are_told_apart() -> None:
    assert cell({"actor": "Firms"}, {"actor": "Firms", "unnamed": True}).text == "Firms and Firms (unnamed)"


SNAPSHOTS = {
    2015: "CEIEC",
    2018: "CEIEC",
    2019: "still under negotiation",
}


@pytest.mark.parametrize("year, text", SNAPSHOTS.items())
def test_as_of_a_year_only_what_is_in_force_is_printed(year: int, text: str) -> None:
    rows = [{"end": 2018}, {**TALKS, "start": 2018}]
    assert cell(*rows, mode="snapshot", year=year).text == text


def test_as_of_a_year_under_another_boundary() -> None:
    rows = [{"end": 2018}, {**TALKS, "start": 2018}]
    asked = {"mode": "snapshot", "year": 2018}
    assert cell(*rows, boundary="gap", **asked).text == "still under negotiation"
    assert cell(*rows, boundary="split", **asked).text == "CEIEC / still under negotiation"


def test_as_of_a_year_an_unplaced_duration_shows_only_where_it_must_lie() -> None:
    bare = {"duration_years": 3}
    asked = {"mode": "snapshot", "year": 2013}
    assert cell(bare, **asked).text == "unknown"
    assert cell(bare, {"status": "vacant", "start": 2015}, **asked).text == "CEIEC"


def test_every_row_behind_a_cell_is_kept_for_its_evidence() -> None:
    shown = cell({}, {"source": "t"}, {"rank": "deprecated", "actor": "HP"})
    assert [row.source for row in shown.parts[0].rows] == ["s", "t"]
    assert len(shown.parts[0].holders) == 1
    assert [row.actor for row in shown.evidence] == ["CEIEC", "CEIEC", "HP"]


HELP = {"actor": "HP", "role": "support"}
USES = {
    "the first that applies": ([{"status": "proposed", "rank": "deprecated"}], ["deprecated"]),
    "alleged is said of support too": ([{**HELP, "confidence": "alleged"}, HELP], ["alleged", "support"]),
    "a gap is no support": ([{"status": "vacant"}, HELP], ["decides", "support"]),
    "outranked, and taken": ([PREFERRED, {}, {**HELD, "source": "t"}], ["decides", "outranked", "dates"]),
    "a preferred row that decides nothing outranks nobody": (
        [{**PREFERRED, "confidence": "alleged"}, {}],
        ["alleged", "decides"],
    ),
    "outside the window": ([{"start": 2001, "end": 2011}, {"actor": "ZTE", "start": 2022}], ["outside", "outside"]),
    "in it by one year": ([{"end": 2012}, {"actor": "ZTE", "start": 2021}], ["decides", "decides"]),
    "beside years of its actor": ([{}, HELD, {"actor": "ZTE"}], ["idle", "decides", "decides"]),
    "the shorter of two lengths": ([{"duration_years": 2}, {"duration_years": 3}], ["idle", "decides"]),
}


@pytest.mark.parametrize("rows, uses", USES.values(), ids=USES)
def test_each_row_has_one_use(rows: list[dict[str, Any]], uses: list[str]) -> None:
    assert [row.use for row in cell(*rows).evidence] == uses


def test_of_support_that_weighs_only_holders_count() -> None:
    rows = [{}, HELP, {"actor": "NEC", "role": "support", "status": "negotiating"}]
    weighed = cell(*rows, roles=(("support", 0.5),))
    assert [row.use for row in weighed.evidence] == ["decides", "decides", "support"]
    assert weighed.text == "CEIEC and HP"


@given(tables())
@settings(max_examples=examples(24), deadline=None)
def test_no_holder_is_lost_and_none_is_invented(table: Any) -> None:
    view = View(min_phases=0, rank="all")
    for shown in Resolved(table, view).cells.cells.values():
        for part in shown.parts:
            for holder in part.holders:
                assert holder.text in part.text
        held = {row.actor for part in shown.parts if part.status == "held" for row in part.rows}
        statements = {row.actor for row in shown.evidence if row.status == "held" and row.use == "decides"}
        assert held == statements
        assert held or shown.blank is not None
        assert (
            len(shown.evidence)
            == ((table.rows["project"] == shown.project) & (table.rows["phase"] == shown.phase)).sum()
        )
