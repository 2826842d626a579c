"""Hypothesis strategies for valid tables, and `table_of`, the short way from rows to a `Table`."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import strategies as st

from agency.table.check import table_from_records
from agency.table.model import Table

PHASES = ("initiation", "requirements", "design", "implementation", "operation", "maintenance")
CONTINUING = ("operation", "maintenance")
ACTORS = {
    "Ministry": "local",
    "Operator": "local",
    "CEIEC": "chinese",
    "ZTE": "chinese",
    "HP": "western",
    "NEC": "other",
    "Venture": "mixed",
    "Somebody": "unknown",
}
FIRST, LAST = 2010, 2016


def examples(number: int) -> int:
    """Return how many random cases a property is tried on: `number` in the tests, `AGENCY_EXAMPLES` times that in a
    long search (`make fuzz`)."""
    return number * int(os.environ.get("AGENCY_EXAMPLES", "1"))


def table_of(*rows: dict[str, Any], window: tuple[int, int] | None = (2012, 2021), **companions: Any) -> Table:
    """Return a table from rows of one project `P` unless they say otherwise; required columns have defaults."""
    records = []
    for row in rows:
        status = row.get("status", "held")
        without = status in ("vacant", "not_applicable") or (status == "negotiating" and "actor" not in row)
        filled = {"project": "P", "phase": "maintenance", "source": "s", "actor": "" if without else "CEIEC", **row}
        filled.setdefault("origin", ACTORS.get(filled["actor"], "" if without else "chinese"))
        records.append(filled)
    names = list(dict.fromkeys(record["project"] for record in records))
    if window is not None:
        companions.setdefault(
            "projects", [{"project": name, "window_start": window[0], "window_end": window[1]} for name in names]
        )
    return table_from_records(records, **companions)


def years() -> st.SearchStrategy[dict[str, int]]:
    """Dates of a row: none, one side, both, a bare duration, or a date with a duration."""
    year = st.integers(FIRST, LAST)
    return st.one_of(
        st.just({}),
        st.builds(lambda start: {"start": start}, year),
        st.builds(lambda end: {"end": end}, year),
        st.builds(lambda a, b: {"start": min(a, b), "end": max(a, b)}, year, year),
        st.builds(lambda n: {"duration_years": n}, st.integers(1, 5)),
        st.builds(lambda start, n: {"start": start, "duration_years": n}, year, st.integers(1, 3)),
    )


@st.composite
def records(
    draw: st.DrawFn, *, projects: tuple[str, ...] = ("P", "Q"), phases: tuple[str, ...] = PHASES
) -> dict[str, Any]:
    """Draw one valid row."""
    status = draw(st.sampled_from(["held"] * 6 + ["vacant", "negotiating", "not_applicable", "proposed"]))
    row: dict[str, Any] = {
        "project": draw(st.sampled_from(projects)),
        "phase": draw(st.sampled_from(phases)),
        "source": draw(st.sampled_from(("s1", "s2"))),
        "status": status,
        "confidence": draw(st.sampled_from(["reported", "reported", "documented", "alleged"])),
        "rank": draw(st.sampled_from(["normal", "normal", "normal", "preferred", "deprecated"])),
        **draw(years()),
    }
    if status in ("held", "proposed"):
        row["actor"] = draw(st.sampled_from(tuple(ACTORS)))
        row["origin"] = ACTORS[row["actor"]]
        row["role"] = draw(st.sampled_from(["lead", "lead", "lead", "support"]))
    else:
        row["actor"] = row["origin"] = ""
        if row.get("duration_years") and "start" not in row:
            del row["duration_years"]
    return row


def tables(max_rows: int = 12, **choice: Any) -> st.SearchStrategy[Table]:
    """Draw a valid table with windows 2010-2016 for its projects."""
    return st.lists(records(**choice), min_size=1, max_size=max_rows).map(
        lambda rows: table_of(*rows, window=(FIRST, LAST))
    )
