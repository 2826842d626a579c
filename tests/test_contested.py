"""Rule 13: same, complementary and contested cells."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agency.resolve import Resolved
from agency.resolve.conflicts import contested, source_pairs
from agency.resolve.view import View
from agency.table.load import table_from_records


def row(source: str, origin: str = "chinese", **more: Any) -> dict[str, Any]:
    """Return a statement on the maintenance of P; without an origin it names nobody."""
    actor = {"actor": more.pop("actor", f"{origin} firm"), "origin": origin} if origin else {"actor": "", "origin": ""}
    return {"project": "P", "phase": "maintenance", "source": source, **actor, **more}


def vacant(source: str, **more: Any) -> dict[str, Any]:
    return row(source, "", **{"status": "vacant", **more})


def agreement(*records: dict[str, Any], **view: Any) -> str | None:
    cells = contested(Resolved(table_from_records(list(records)), View(**view)))
    return str(cells["agreement"].iloc[0]) if len(cells) else None


EVENT = {"phase": "design"}

CASES = [
    ("one source", [row("a"), row("a", "local")], ""),
    ("equal sets", [row("a"), row("b")], "same"),
    ("equal origins, other actors", [row("a", actor="X"), row("b", actor="Y")], "same"),
    ("one contains the other", [row("a"), row("b"), row("b", "local")], "complementary"),
    ("overlap without containment", [row("a"), row("a", "local"), row("b"), row("b", "western")], "contested"),
    ("disjoint", [row("a"), row("b", "local")], "contested"),
    ("worst of three pairs", [row("a"), row("b"), row("b", "local"), row("c", "local")], "contested"),
    (
        "a third source that contains both does not settle it",
        [row("a"), row("b", "local"), row("c"), row("c", "local")],
        "contested",
    ),
    ("rank is not looked at", [row("a", rank="preferred", note="n"), row("b", "local")], "contested"),
    ("deprecated is out", [row("a"), row("b", "local", rank="deprecated", note="n")], ""),
    ("alleged is out", [row("a"), row("b", "local", confidence="alleged")], ""),
    ("support is out", [row("a"), row("b", "local", role="support")], ""),
    ("proposed is out", [row("a"), row("b", "local", status="proposed")], ""),
    ("not applicable is out", [row("a"), row("b", "", status="not_applicable")], ""),
    ("unknown origin contradicts nobody", [row("a"), row("b", "unknown")], "complementary"),
    ("unknown origin twice", [row("a", "unknown"), row("b", "unknown")], "same"),
    ("both say nobody", [vacant("a"), vacant("b", status="negotiating")], "same"),
    ("held and vacant in a year both state", [row("a", start=2015, end=2018), vacant("b", start=2018)], "contested"),
    ("held and vacant in other years", [row("a", start=2015, end=2017), vacant("b", start=2018)], "complementary"),
    ("the year is only assumed", [row("a", start=2015), vacant("b", start=2018)], "complementary"),
    ("a stated stretch around a stated year", [row("a", start=2015, end=2020), vacant("b", end=2018)], "contested"),
    ("the year is not stated by the holder", [row("a"), vacant("b", start=2018)], "complementary"),
    ("one source may say both", [row("a", start=2015, end=2018), vacant("a", start=2018)], ""),
    (
        "same origins, the gap in a year the other does not state",
        [row("a", start=2015, end=2018), row("b", start=2015, end=2016), vacant("b", start=2019)],
        "same",
    ),
    (
        "same origins and a year both state",
        [row("a", start=2015, end=2018), row("b", start=2015, end=2016), vacant("b", start=2017, end=2018)],
        "contested",
    ),
    ("event phase, held against nobody", [row("a", **EVENT), vacant("b", **EVENT)], "contested"),
    (
        "event phase, dates do not matter",
        [row("a", start=2010, **EVENT), vacant("b", start=2015, **EVENT)],
        "contested",
    ),
    (
        "event phase, a source that names a holder and a gap",
        [row("a", **EVENT), row("b", **EVENT), vacant("b", **EVENT)],
        "same",
    ),
]


@pytest.mark.parametrize("records, expected", [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_rule(records: list[dict[str, Any]], expected: str) -> None:
    assert agreement(*records) == expected
    assert agreement(*reversed(records)) == expected


def test_alleged_rows_count_when_asked_for() -> None:
    assert agreement(row("a"), row("b", "local", confidence="alleged"), include_alleged=True) == "contested"


def test_a_view_limits_the_sources() -> None:
    records = [row("a"), row("b", "local"), row("c")]
    assert agreement(*records, sources=("a", "c")) == "same"
    assert agreement(*records, projects=("Q",)) is None


def test_nothing_to_compare() -> None:
    assert agreement(row("a", status="proposed")) is None


def test_pairs_are_named_once_in_order() -> None:
    pairs = source_pairs(Resolved(table_from_records([row("b"), row("a", "local"), row("c")]), View()))
    assert pairs[["source_a", "source_b", "agreement"]].to_numpy().tolist() == [
        ["b", "a", "contested"],
        ["b", "c", "same"],
        ["a", "c", "contested"],
    ]


STATEMENTS = st.lists(
    st.builds(
        lambda source, origin, start, length, gap: (
            vacant(source, start=start, end=start + length)
            if gap
            else row(source, origin, start=start, end=start + length)
        ),
        st.sampled_from("abc"),
        st.sampled_from(["local", "chinese", "western", "unknown"]),
        st.integers(2000, 2006),
        st.integers(0, 3),
        st.booleans(),
    ),
    min_size=1,
    max_size=7,
)


def by_hand(records: list[dict[str, Any]]) -> str:
    """Rule 13 for a continuing phase, one pair and one year at a time."""
    worst = 0
    sources = sorted({record["source"] for record in records})
    origins = {s: {r["origin"] for r in records if r["source"] == s} - {"", "unknown"} for s in sources}
    years: dict[tuple[str, bool], set[int]] = {(s, held): set() for s in sources for held in (True, False)}
    for record in records:
        held = record.get("status", "held") == "held"
        years[record["source"], held] |= set(range(record["start"], record["end"] + 1))
    for one in sources:
        for other in sources:
            if one < other:
                clash = years[one, True] & years[other, False] or years[one, False] & years[other, True]
                mine, theirs = origins[one], origins[other]
                level = 1 if mine == theirs else 2 if mine <= theirs or theirs <= mine else 3
                worst = max(worst, 3 if clash else level)
    return ("", "same", "complementary", "contested")[worst]


@given(STATEMENTS)
@settings(max_examples=60, deadline=None)
def test_same_as_by_hand(records: list[dict[str, Any]]) -> None:
    assert agreement(*records) == by_hand(records)
