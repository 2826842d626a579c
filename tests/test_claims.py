"""Claims: every line of the table of conditions, cases and verdicts by hand, numbers, printed results, the command."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from claim_cases import (
    EXCLUDE,
    INCLUDE,
    LOCAL,
    ONLY,
    case,
    cases,
    claim,
    denied,
    design,
    holders,
    judged,
    other,
    row,
)
from click.testing import CliRunner

from agency.claims import Claim, Condition, Where, claims_document, claims_frame, claims_of, judge
from agency.claims.numbers import Numbers
from agency.claims.verdicts import own_sources, verdict_of
from agency.errors import DataError
from agency.resolve import Resolved, View
from agency.sheets import claim_sheets
from agency.study import Study, load
from agency.table import Table

# --- The table of conditions ---------------------------------------------------------------------------------------

WHOLES = [{"actor": "A", "part_of": "Whole"}, {"actor": "Whole", "note": "no row names it"}]
ALONE = {"actor": "L", "origin": "local", "only": True}


INCLUDED = [
    ([row()], "supported", "contradicted"),
    ([row(), LOCAL], "supported", "contradicted"),  # silence is no denial
    ([row(role="support")], "supported", "contradicted"),
    ([row(), denied(actor="", origin="chinese")], "disputed", "disputed"),
    ([row(), denied()], "supported", "contradicted"),  # a denied actor covers no origin
    ([row(start=2012, end=2014), denied(actor="", start=2013)], "supported", "contradicted"),
    (
        [row(start=2012, end=2014), *(denied(actor="", start=y, end=e) for y, e in ((2012, 2012), (2013, 2014)))],
        "disputed",
        "disputed",
    ),
    ([denied(actor="")], "contradicted", "supported"),
    ([denied(actor="", start=2013)], "silent", "silent"),  # a dated denial and no row for
    ([denied(actor="", scope="cables")], "silent", "silent"),
    ([row(**ALONE)], "contradicted", "supported"),
    ([row(**{**ALONE, "scope": "cables"})], "silent", "supported open"),
    ([row(**{**ALONE, "origin": "unknown"})], "silent", "silent"),
    ([row(status="vacant")], "contradicted", "supported"),
    ([row(status="vacant", scope="cables")], "silent", "silent"),
    ([row(), other(status="vacant")], "supported", "contradicted"),  # undated is not always
    ([row(), other(status="vacant", start=2014)], "supported", "contradicted"),
    ([row(start=2014, end=2015), other(status="vacant", start=2014, end=2016)], "disputed", "disputed"),
    ([design(), design(source="t", status="vacant")], "disputed", "disputed"),
    ([LOCAL], "silent", "supported open"),
    ([row("L", "local", role="support")], "silent", "silent"),
    ([row("B", "unknown")], "silent", "silent"),
    ([row(confidence="alleged")], "alleged", "alleged"),
    ([row(rank="deprecated")], "silent", "silent"),
    ([row(status="proposed")], "silent", "silent"),
    ([row(start=2001, end=2002)], "silent", "silent"),  # outside the window
]


@cache
def included_and_excluded() -> tuple[list[str], list[str]]:
    every = [rows for rows, *_ in INCLUDED]
    return cases(every, INCLUDE), cases(every, EXCLUDE)


@pytest.mark.parametrize("number", range(len(INCLUDED)))
def test_include_and_exclude(number: int) -> None:
    _, included, excluded = INCLUDED[number]
    found = included_and_excluded()
    assert (found[0][number], found[1][number]) == (included, excluded)


def test_include_an_actor() -> None:
    condition = holders("include", "A", by="actor")
    assert case([row(), denied()], condition) == "disputed"
    assert case([row(), denied(actor="")], condition) == "disputed"
    assert case([row(), denied(actor="B")], condition) == "supported"
    assert case([row("B", only=True)], condition) == "contradicted"
    assert case([row("B", "local", only=True), row()], condition) == "disputed"
    part = {"actors": WHOLES}
    assert case([row("Whole", only=True)], condition, **part) == "silent"  # part and whole exclude each other nowhere
    assert case([row(role="support")], holders("include", "A", by="actor", role="lead")) == "silent"
    both = holders("include", "A", "B", by="actor")
    assert case([denied()], both) == "silent"
    assert case([denied(), denied(actor="B")], both) == "contradicted"
    assert case([denied(), denied(actor="B", source="s")], both) == "silent"


def test_kinds() -> None:
    include = holders("include", "bank", by="kind")
    assert case([row(actor_kind="bank")], include) == "supported"
    assert case([row(actor_kind="ngo", only=True)], include) == "contradicted"
    assert case([row(only=True)], include) == "silent"
    assert case([row("Firms", unnamed=True, actor_kind="ngo", only=True)], include) == "silent"
    assert case([row(actor_kind="ngo")], holders("exclude", "bank", by="kind")) == "supported open"


ONLY_HOLDERS = [
    ([row(only=True)], (), "supported"),
    ([row(only=True), row("B", only=True)], (), "supported"),
    ([row()], (), "supported open"),
    ([row(), LOCAL], (), "contradicted"),
    ([row(only=True), other("L", "local")], (), "disputed"),
    ([row(), other("B", "unknown")], (), "silent"),  # B may be another
    ([row(), denied(actor="")], (), "contradicted"),
    ([row(end=2015), row(status="vacant", start=2016)], (), "supported open"),
    ([row(end=2015), other(status="vacant", start=2016)], (2017,), "contradicted"),
    ([design(), design(source="t", status="vacant")], (), "contradicted"),
    ([row("L", "local", role="support"), row()], (), "supported open"),
    ([row(), other(start=2012), other("L", "local", start=2014, end=2014)], (2014, 2015), "silent"),
    ([row(), other(start=2012), other("L", "local", start=2014, end=2015)], (2014, 2015), "contradicted"),
]


@cache
def only_holders() -> list[str]:
    return cases([rows for rows, *_ in ONLY_HOLDERS], ONLY, [years for _, years, _ in ONLY_HOLDERS])


@pytest.mark.parametrize("number", range(len(ONLY_HOLDERS)))
def test_only(number: int) -> None:
    assert only_holders()[number] == ONLY_HOLDERS[number][-1]


SAME = [
    ([design(), row()], "supported"),
    ([design(), row("B")], "contradicted open"),
    ([design(), row("B", only=True)], "contradicted"),
    ([design(only=True), row("B")], "contradicted"),
    ([design(only=True), row("B"), row(source="t")], "supported"),
    ([design(), row(), denied()], "disputed"),
    ([design(), row(), denied(actor="B")], "supported"),
    ([design("Whole"), row()], "silent"),  # neither one actor nor two
    ([design(role="support"), row()], "silent"),
    ([design()], "silent"),
]


@cache
def same() -> list[str]:
    return cases([rows for rows, *_ in SAME], Condition("same_actor", among=("design", "maintenance")), actors=WHOLES)


@pytest.mark.parametrize("number", range(len(SAME)))
def test_same_actor(number: int) -> None:
    assert same()[number] == SAME[number][-1]


VACANT = [
    ([row(status="vacant", start=2015, end=2016)], (), "supported"),
    ([row(status="vacant", start=2001, end=2002)], (), "silent"),
    ([row(status="vacant", scope="cables")], (), "silent"),
    ([row(status="vacant", start=2015, end=2016), other(start=2012, end=2016)], (), "disputed"),
    ([row(status="vacant", start=2015, end=2016), other(start=2012, end=2015)], (), "supported"),
    ([row(status="vacant", start=2015, end=2016), other()], (), "supported"),  # states no year
    ([row(status="vacant"), denied()], (), "supported"),
    ([row(start=2012, end=2016)], (), "silent"),
    ([row(start=2012, end=2016)], (2015,), "contradicted"),
    ([design()], (), "contradicted"),  # in an event phase any such row
    ([design(status="proposed")], (), "silent"),
]


@cache
def vacant() -> list[str]:
    return cases(
        [rows for rows, *_ in VACANT], Condition("status", among=("vacant",)), [years for _, years, _ in VACANT]
    )


@pytest.mark.parametrize("number", range(len(VACANT)))
def test_status(number: int) -> None:
    assert vacant()[number] == VACANT[number][-1]


@pytest.mark.parametrize(
    "op, value, expected",
    [
        (">", 1, "supported"),
        (">=", 3, "contradicted open"),
        ("<", 2, "contradicted"),
        ("<=", 2, "supported open"),
        ("==", 1, "contradicted"),
        ("==", 2, "supported open"),
        ("==", 3, "contradicted open"),
        ("!=", 3, "supported open"),
    ],
)
def test_n_holders(op: str, value: int, expected: str) -> None:
    rows = [row(), row("Firms", "local", unnamed=True), other(), row("B", role="support")]
    for counted in ("actors", "origins"):
        assert case(rows, Condition("n_holders", counted=counted, op=op, value=value)) == expected
    assert case([row(status="vacant")], Condition("n_holders", counted="actors", op=op, value=value)) == "silent"


def test_origins_are_counted_as_far_as_they_are_known() -> None:
    rows = [row(), other("B", "unknown")]
    assert case(rows, Condition("n_holders", counted="origins", op=">=", value=1)) == "supported"
    assert case(rows, Condition("n_holders", counted="origins", op="==", value=2)) == "contradicted open"


# --- Years ---------------------------------------------------------------------------------------------------------


IN_YEARS = [
    ([row(start=2012, end=2014)], (2014, 2015), "supported"),
    ([row(start=2012, end=2014)], (2016,), "silent"),
    ([row()], (2016,), "undated"),
    ([row(duration_years=3)], (2016,), "undated"),
    ([row(), other(start=2015)], (2016,), "supported"),
    ([row(), other(start=2015)], (2013,), "silent"),  # the undated row takes the years of its actor
    ([row(), other("L", "local", start=2012)], (2013,), "undated"),
    ([row(start=2012), other(status="vacant", start=2014, end=2015)], (2014, 2015), "disputed"),
    ([row(start=2012), other(status="vacant", start=2015, end=2015)], (2014, 2015), "supported"),
    (
        [row(start=2012), *(other(status=s, start=y, end=y) for s, y in (("vacant", 2014), ("negotiating", 2015)))],
        (2014, 2015),
        "disputed",  # with the other rows of its source
    ),
    # the doubled year of a hand-over: a source that states a year as held does not say nobody in it
    ([row(end=2018), row(status="negotiating", start=2018)], (2018,), "supported"),
    ([row(end=2018), other(status="negotiating", start=2018)], (2018,), "disputed"),
    ([row(end=2018), row(status="negotiating", start=2018)], (2019,), "contradicted"),
]


@cache
def in_years() -> list[str]:
    return cases([rows for rows, *_ in IN_YEARS], INCLUDE, [years for _, years, _ in IN_YEARS])


@pytest.mark.parametrize("number", range(len(IN_YEARS)))
def test_years_in_scope(number: int) -> None:
    assert in_years()[number] == IN_YEARS[number][-1]


@pytest.mark.parametrize(
    "rows, ends, expected",
    [
        ([row(start=2017)], False, "supported"),  # a given start says that the holding began then
        ([row(end=2018)], False, "contradicted"),
        ([row(start=2012)], False, "contradicted"),
        ([row(start=2017), row(end=2014)], False, "silent"),
        ([row(start=2017), other(end=2014)], False, "supported"),
        ([row(start=2017), other(start=2012)], False, "disputed"),
        ([row(start=2017), row("B", start=2012)], False, "contradicted"),
        ([row(start=2017), LOCAL], False, "supported"),
        ([row(end=2016)], True, "supported"),  # a given end that it ended
        ([row(start=2012)], True, "contradicted"),
        ([row(end=2016), row(status="vacant", start=2017)], True, "supported"),
        ([row(end=2015), row(status="negotiating", start=2015)], True, "supported"),
        # only silence says that nobody Chinese held it in 2015
        ([row(start=2017), row(end=2014), row("L", "local", start=2015, end=2015)], False, "supported open"),
    ],
)
def test_beginnings_and_ends(rows: list[dict[str, Any]], ends: bool, expected: str) -> None:
    """Chinese in 2018 and not in 2015; with `ends`, in 2015 and not in 2018."""
    assert case(rows, holders("include", "chinese", before=2015, after=2018, ends=ends)) == expected


@pytest.mark.parametrize(
    "rows, pro, contra",
    [
        ([row(start=2017), LOCAL], (0,), ()),  # what it says of its beginning is said against nobody
        ([row(start=2012)], (0,), (0,)),  # for the year it is held in, against the one it is not to be held in
        ([row(start=2017), other(start=2012)], (0, 1), (1,)),
        ([row(start=2017), row("B", start=2012)], (0, 1), (1,)),
    ],
)
def test_what_speaks_of_a_beginning(rows: list[dict[str, Any]], pro: tuple[int, ...], contra: tuple[int, ...]) -> None:
    begins = claim(holders("include", "chinese", before=2015, after=2018), phases=("maintenance",))
    found = judged(rows, begins).cases[0]
    assert (found.pro, found.contra) == (pro, contra)


def test_several_phases() -> None:
    found = [
        case(rows, INCLUDE, phases=("design", "maintenance"))
        for rows in (
            [design(), row()],
            [design(), row(confidence="alleged")],
            [design()],
            [design(), row(), denied(actor="")],
            [design(confidence="alleged"), row(status="vacant")],
        )
    ]
    assert found == ["supported", "alleged", "silent", "disputed", "contradicted"]


# --- The claim -----------------------------------------------------------------------------------------------------

S, C, D, U, A, N = "supported", "contradicted", "disputed", "undated", "alleged", "silent"


@pytest.mark.parametrize(
    "quantifier, cases, expected",
    [
        ("every", [S, S], "supported"),
        ("every", [C, N, N, N], "contradicted"),
        ("every", [C, S, N], "mixed"),
        ("every", [D, S], "disputed"),
        ("every", [S, N], "supported"),  # 1 of 2 known
        ("every", [S, N, N], "undetermined"),
        ("every", [S, S, N, N], "supported"),  # 2 of 4 known
        ("every", [S, S, N, N, A], "undetermined"),
        ("every", [S, A, U], "undetermined"),
        ("every", [A, A], "only alleged"),
        ("every", [N, N], "silent"),
        ("every", [U, N], "silent"),
        ("every", [], "silent"),
        ("some", [S, N, N, N], "supported"),
        ("some", [C, N], "undetermined"),
        ("some", [C, C], "contradicted"),
        ("some", [A, N], "only alleged"),
        ("none", [C, C], "supported"),
        ("none", [S, N], "contradicted"),
        ("none", [C, D], "undetermined"),
        ("most", [S, S, S, N, D], "supported"),
        ("most", [S, S, C, N, C], "undetermined"),
        ("most", [S, C, C, C, N], "contradicted"),
        ("at_least", [S, S, N], "supported"),
        ("at_least", [S, N, N], "undetermined"),
        ("at_least", [S, C, C], "contradicted"),
    ],
)
def test_verdict(quantifier: str, cases: list[str], expected: str) -> None:
    assert verdict_of(claim(INCLUDE, quantifier=quantifier, n=2), cases) == expected


SECOND = [row("L", "local", project="Q"), design(project="Q")]


def test_where_leaves_cases_out_and_says_how_many() -> None:
    one = claim(INCLUDE, phases=("maintenance",), where=Where("design", INCLUDE))
    result = judged([design(), row(), *SECOND, row(project="R"), row(phase="design", **ALONE, project="T")], one)
    assert {found.project: found.verdict for found in result.cases} == {"P": "supported", "Q": "silent"}
    assert dict(result.left_out) == {"silent": 1, "contradicted": 1}
    assert (result.verdict, result.known) == ("supported", 1)


def test_type_and_country() -> None:
    projects = [{"project": "P", "type": "cable", "country": "ECU"}, {"project": "Q", "type": "satellite"}]
    for more in ({"types": ("cable",)}, {"countries": ("ECU",)}, {"projects": ("P",)}):
        result = judged([row(), *SECOND], claim(INCLUDE, phases=("maintenance",), **more), projects=projects)
        assert [found.project for found in result.cases] == ["P"]


@pytest.mark.parametrize("kind", ["evaluative", "counterfactual", "future"])
def test_what_no_table_can_test_is_listed_with_its_statements(kind: str) -> None:
    result = judged([row()], claim(INCLUDE, kind=kind, phases=("maintenance",)))
    assert (result.verdict, result.cases[0].pro) == ("not testable", (0,))
    assert judged([row()], Claim("c", "t", "s", kind=kind)).verdict == "not testable"


RETOLD = {"s": (), "t": ("s",), "u": (), "v": ("t",)}


def test_by_source_and_without_the_own_one() -> None:
    rows = [row(), other(), row("L", "local", source="u", only=True), row(source="v", confidence="alleged")]
    one = claim(INCLUDE, phases=("maintenance",), source="s")
    result = judged([*rows, design("D", source="w")], one, retold=RETOLD)
    assert result.verdict == "disputed"
    assert dict(result.by_source) == {"s": "for", "t": "for", "u": "against", "v": "alleged", "w": "silent"}
    # t retells s, and v retells t.
    assert (result.without_own_source, result.without_own_source_open) == ("contradicted", False)


def test_a_source_of_one_phase_is_not_silent() -> None:
    one = claim(INCLUDE, phases=("design", "maintenance"))
    assert judged([design(), row(source="t")], one).by_source == {"s": "for", "t": "for"}


def test_what_silence_alone_decides_without_the_own_source_is_said() -> None:
    result = judged([row(only=True), other()], claim(ONLY, phases=("maintenance",), source="s"))
    assert (result.without_own_source, result.without_own_source_open) == ("supported", True)


def test_it_rests_on_the_thinnest_phase_of_the_weakest_case() -> None:
    rows = [design(), design(source="t"), row(), row(source="t"), row(source="u")]
    rests = judged(rows, claim(INCLUDE, phases=("design", "maintenance")), retold=RETOLD).rests_on
    assert rests is not None
    assert (rests.statements, rests.sources) == (2, 1)  # t retells s
    assert judged([LOCAL], claim(INCLUDE, phases=("maintenance",))).rests_on is None


@pytest.mark.parametrize("lent, expected", [({}, (1, 1)), ({"source": "t", "start": 2013}, (2, 2))])
def test_where_years_are_asked_about_it_rests_on_statements_that_give_one(
    lent: dict[str, Any], expected: tuple[int, int]
) -> None:
    """A row without a year takes those of another passage: it is for, but it is no second witness of the year."""
    rows = [row(start=2013), row(**lent), row(source="t")]
    result = judged(rows, claim(INCLUDE, phases=("maintenance",), years=(2013,)))
    assert result.verdict == "supported"
    assert result.cases[0].pro == (0, 1, 2)
    assert result.rests_on is not None
    assert (result.rests_on.statements, result.rests_on.sources) == expected
    assert dict(result.by_source)["t"] == ("for" if lent else "silent")


def test_a_source_that_names_only_others_takes_its_side_by_silence_alone() -> None:
    rows = [LOCAL, row(source="t"), row("L", "local", source="u", only=True)]
    result = judged(rows, claim(EXCLUDE, phases=("maintenance",)))
    assert dict(result.by_source) == {"s": "for by silence alone", "t": "against", "u": "for"}


def test_the_text_says_who_made_a_reported_claim() -> None:
    result = judged([row()], claim(INCLUDE, phases=("maintenance",), reported_by="Doe (1999)"))
    resolved = Resolved(judged_table([row()], {}), View())
    sheet = claim_sheets(resolved, [result], brief=True)[0]
    assert sheet.caption.startswith("1 sentence of, or reported by, s: ")
    assert sheet.rows[0][0].text.endswith(" / (reported, of Doe (1999))")


def test_own_sources() -> None:
    table = judged_table([row()], RETOLD)
    assert own_sources(table, "s") == {"s", "t", "v"}
    assert own_sources(table, "u") == {"u"}


def judged_table(rows: list[dict[str, Any]], retold: dict[str, tuple[str, ...]]) -> Table:
    from claim_cases import table_of

    return table_of(rows, retold=retold)


def test_only_the_selection_is_asked() -> None:
    table = judged_table([row(), other("L", "local"), *SECOND], {})
    about_p, everywhere = (claim(INCLUDE, phases=("maintenance",), projects=names) for names in (("P",), ()))
    whole = judge(Resolved(table, View()), [about_p, everywhere])
    assert [len(result.cases) for result in whole] == [1, 2]
    selected = judge(Resolved(table, View(projects=("P",))), [about_p, everywhere])
    assert [result.claim for result in selected] == [about_p]  # a sentence on all is no sentence on a few
    only_t = judge(Resolved(table, View(sources=("t",))), [about_p])[0]
    assert (only_t.verdict, set(only_t.by_source)) == ("silent", {"t"})


def test_actors_as_wholes() -> None:
    actors = [*WHOLES, {"actor": "B", "part_of": "Whole"}]
    rows = [design(), row("B")]
    same = Condition("same_actor", among=("design", "maintenance"))
    assert case(rows, same, actors=actors) == "contradicted open"
    whole: dict[str, Any] = {"actors": actors, "view": View(min_phases=0, actors="whole")}
    assert case(rows, same, **whole) == "supported"
    assert case(rows, Condition("n_holders", counted="actors", op="==", value=1), **whole) == "supported open"
    assert case(rows, holders("include", "A", by="actor"), **whole) == "supported"  # A is the whole now
    apart = [design(), row("B", "local")]
    assert case(apart, same, **whole) == "contradicted open"  # parts of different origins stay apart


# --- Numbers -------------------------------------------------------------------------------------------------------

TWO = [row(actor="A"), design("B", "local"), row(project="Q"), design(project="Q")]


def number(key: str, op: str, value: Any = None, **more: Any) -> Claim:
    return claim(Condition("indicator", indicator=key, op=op, value=value, **more))


@pytest.mark.parametrize(
    "one, expected",
    [
        (number("full_count.chinese", ">=", 1), {"P": "disputed", "Q": "supported"}),  # P without maintenance
        (number("composition.chinese", "<=", 1), {"P": "supported", "Q": "supported"}),
        (number("composition.chinese", ">", 1), {"P": "contradicted", "Q": "contradicted"}),
        (number("lock_in.state", "!=", "lapsed 2019"), {"P": "supported", "Q": "silent"}),  # Q has no window
        (number("upstream_local", ">", 0.5), {"P": "silent", "Q": "silent"}),
    ],
)
def test_numbers(one: Claim, expected: dict[str, str]) -> None:
    assert {found.project: found.verdict for found in judged(TWO, one).cases} == expected


def test_a_number_that_depends_names_what_turns_it() -> None:
    found = judged(TWO, number("full_count.chinese", ">=", 1)).cases[0]
    assert (found.verdict, found.turned_by) == ("disputed", ("without maintenance",))


def test_both_bounds_must_pass() -> None:
    """Of three phases one is local, one Chinese, one unknown: the local share is 1/2, between 1/3 and 2/3."""
    at_most = Condition("indicator", indicator="share.local", op="<=", value=0.6)
    found = judged([row(), design("B", "local")], claim(at_most, phases=("design", "operation", "maintenance"))).cases[
        0
    ]
    assert found.verdict == "disputed"
    assert "bounds" in found.turned_by
    most = Condition("indicator", indicator="share.local", op="<=", value=0.7)
    turned = judged([row(), design("B", "local")], claim(most, phases=("design", "operation", "maintenance"))).cases[0]
    assert "bounds" not in turned.turned_by


def test_weights_are_drawn_for_the_composition() -> None:
    """Local 1/2, the 5 to 95 per cent interval of two phases is [0.05, 0.95]; no phase is unknown here."""
    one = claim(
        Condition("indicator", indicator="composition.local", op="<=", value=0.7), phases=("design", "maintenance")
    )
    found = judged([row(start=2012), design("B", "local")], one).cases[0]
    assert found.verdict == "disputed"
    assert "weights" in found.turned_by


def test_one_project_against_another() -> None:
    rows = [row(), design("B", "local"), row(project="Q", start=2012), design(project="Q")]
    one = claim(
        Condition("indicator", indicator="n_actors", op=">", project="Q"),
        projects=("P",),
        phases=("design", "maintenance"),
    )
    result = judged(rows, one)
    assert (result.cases[0].verdict, result.cases[0].turned_by) == (
        "disputed",
        ("without design", "without maintenance"),
    )


def test_of_a_project_of_which_nothing_is_known_a_count_says_nothing() -> None:
    rows = [row(), row(project="Q", status="proposed")]
    assert {found.project: found.verdict for found in judged(rows, number("full_count.local", "<", 1)).cases}["Q"] == N


def test_a_number_of_a_project_that_is_not_listed_is_asked_for_beside_other_claims() -> None:
    resolved = Resolved(judged_table([*TWO, row(project="Thin")], {}), View())
    assert resolved.left_out == ("Thin",)
    at_most = Condition("indicator", indicator="composition.chinese", op="<=", value=1)
    asked = {"phases": ("maintenance",)}
    both = [claim(at_most, projects=("Thin",), **asked), claim(INCLUDE, projects=("P",), **asked)]
    assert [found.verdict for found in judge(resolved, both)] == ["supported", "supported"]


def test_a_number_rests_on_the_statements_it_uses() -> None:
    result = judged([*TWO, row(status="proposed"), design("L", "local", source="t")], number("n_actors", ">=", 1))
    assert result.rests_on is not None
    assert (result.rests_on.statements, result.rests_on.sources) == (2, 1)
    assert result.by_source == {"s": "for", "t": "for"}


def test_numbers_are_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    import agency.claims.numbers as room

    calls: list[tuple[Any, ...]] = []
    plain = room.measured

    def counting(resolved: Resolved, *, keys: Any) -> Any:
        calls.append((resolved, *keys))  # kept, so that no other takes its identity
        return plain(resolved, keys=keys)

    monkeypatch.setattr(room, "measured", counting)
    numbers = Numbers(Resolved(judged_table(TWO, {}), View(min_phases=0)))
    for op in (">", "<"):
        numbers.cases(number("full_count.local", op, 1), ("P", "Q"))
    assert len(calls) == len(set(calls))


# --- What is printed -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped() -> Study:
    return load()


def test_shipped_claims_have_quotes_and_sources(shipped: Study) -> None:
    claims = claims_of(shipped.data)
    assert len(claims) >= 40
    assert {one.source for one in claims} == set(shipped.data.sources)
    assert all(one.quote and one.locator and len(one.quote.split()) <= 25 for one in claims)


def test_document_frame_and_sheets_say_the_same(shipped: Study) -> None:
    resolved = shipped.resolved
    claims = [one for one in claims_of(shipped.data) if one.condition and one.condition.test != "indicator"][:12]
    results = judge(resolved, claims)
    document, frame = claims_document(resolved, results), claims_frame(resolved, results).set_index("id")
    json.dumps(document, allow_nan=False)
    for entry in document["claims"]:
        line = frame.loc[entry["id"]]
        cases = entry["cases"]
        assert line["verdict"] == entry["verdict"]
        assert (line["cases"], line["known"]) == (cases["n"], cases["known"]) == (len(cases["list"]), line["known"])
        assert sum(cases[name] for name in (S, C, D)) == cases["known"]
        assert sum(cases[name] for name in (S, C, D, U, A, N)) == cases["n"]
        assert line["supported_open"] == cases["open"]["supported"] <= cases["supported"]
        assert [str(found["line"]) for found in entry["for"]] == line["for_lines"].split()
        assert [str(found["line"]) for found in entry["against"]] == line["against_lines"].split()
        assert set(entry["by_source"]) == set(shipped.data.rows["source"])
    printed = [text for sheet in claim_sheets(resolved, results) for text in sheet.rows]
    assert sorted(line[1].text for line in printed) == sorted(result.verdict for result in results)


def test_every_count_of_cases_has_its_denominator() -> None:
    result = judged([row(), *SECOND], claim(EXCLUDE, phases=("maintenance",), quantifier="some"))
    resolved = Resolved(judged_table([row(), *SECOND], {}), View())
    brief, full = (claim_sheets(resolved, [result], brief=brief)[0] for brief in (True, False))
    assert brief.rows[0][1].text.split(" / ") == [
        "supported: 2 of 2 known, 1 by silence alone",
        "rests on 1 statement of 1 source",
        "without its own source: silent",
    ]
    assert full.rows[0][2].text.split(" / ") == [
        "2 of 2 known, 1 by silence alone",
        "supported by silence alone: Q",
        "contradicted: P",
    ]
    assert full.rows[0][3].text == "line 3, s: L held"
    assert full.rows[0][4].text == "line 2, s: A held"


# --- The command ---------------------------------------------------------------------------------------------------

GOOD = """[[claim]]
id = "one"
text = "A sentence."
source = "s"
scope = { projects = ["P"], phases = ["design"] }
condition = { holders = "only", origin = ["chinese"] }
"""


@pytest.fixture
def study_folder(tmp_path: Path) -> Path:
    (tmp_path / "actors_by_phase.csv").write_text(
        "project,phase,actor,origin,source\nP,design,A,chinese,s\nP,operation,=B,local,t\nQ,design,A,chinese,s\n",
        encoding="utf-8",
    )
    (tmp_path / "claims.toml").write_text(GOOD, encoding="utf-8")
    return tmp_path


def run(*args: str) -> Any:
    from agency.cli import group

    return CliRunner().invoke(group, [*args])


@pytest.mark.parametrize("format", ["text", "json", "csv", "markdown", "html"])
def test_formats(study_folder: Path, format: str) -> None:
    result = run("claims", str(study_folder), "-f", format)
    assert result.exit_code == 0, result.output
    assert "supported" in result.stdout
    if format == "json":
        entry = json.loads(result.stdout)["claims"][0]
        assert (entry["verdict"], entry["cases"]["open"]["supported"]) == ("supported", 1)
        assert (entry["for"][0]["line"], entry["without_own_source"]) == (2, "silent")


def test_the_selection_holds(study_folder: Path) -> None:
    (study_folder / "claims.toml").write_text(GOOD + GOOD.replace('"one"', '"two"').replace('"P"', '"Q"'))
    document = json.loads(run("claims", str(study_folder), "-p", "P", "-f", "json").stdout)
    assert ([entry["id"] for entry in document["claims"]], document["left_out"]) == (["one"], 1)
    assert (
        "1 sentence on projects that are not selected is left out."
        in run("claims", str(study_folder), "-p", "P").stdout
    )
    other_source = json.loads(run("claims", str(study_folder), "--source", "t", "-f", "json").stdout)
    assert {entry["verdict"] for entry in other_source["claims"]} == {"silent"}


def test_bad_claims_write_nothing_and_check_names_them(study_folder: Path) -> None:
    (study_folder / "claims.toml").write_text(GOOD.replace('"only"', '"just"'))
    target = study_folder / "out.html"
    result = run("claims", str(study_folder), "-o", str(target))
    assert isinstance(result.exception, DataError)
    assert "claims.toml:6, column condition.holders" in str(result.exception)
    assert not target.exists()
    checked = run("check", str(study_folder))
    assert checked.exit_code == 1
    words = 'found "just", expected one of only, include, exclude'
    assert f"claims.toml:6, column condition.holders: {words}" in checked.output
    from agency import check

    assert not check(study_folder).is_sound


def test_same_bytes_whatever_the_hash_seed(study_folder: Path) -> None:
    import os
    import subprocess
    import sys

    outputs = set()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-m", "agency", "claims", str(study_folder), "-f", "json"],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        outputs.add(done.stdout)
    assert len(outputs) == 1
