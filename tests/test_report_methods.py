"""The methods paragraph and the command: only true statements, in correct English."""

from __future__ import annotations

import re
import shlex
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import examples, table_of

import agency
from agency.cli.tables import report_command as report_cli
from agency.report.material import Material
from agency.report.methods import Beside, methods_paragraph, provenance, report_command
from agency.resolve import Resolved
from agency.resolve.select import View
from agency.table.model import Table

DESIGN, OPERATION = {"phase": "design"}, {"phase": "operation"}


def methods(table: Table, **view: Any) -> str:
    return methods_paragraph(Material(Resolved(table, View(**view)), provenance(table, "agency report")))


def test_the_shipped_paragraph_counts_what_is_there() -> None:
    study = agency.load().select(project=["ECU 911", "JSeI"])
    rows = study.data.rows[study.data.rows["project"].isin(["ECU 911", "JSeI"])]
    text = methods_paragraph(Material(study.resolved, provenance(study.data, "agency report")))
    assert f"{len(rows)} statements on 2 projects from {rows['source'].nunique()} sources" in text
    assert study.data.sha256 in text
    assert f"ranked preferred ({(rows['rank'] == 'preferred').sum()} of {len(rows)} are)" in text
    assert "cover two projects." in text


@pytest.mark.parametrize(
    "rows, view, said, unsaid",
    [
        ([DESIGN], {}, "1 statement on 1 project from 1 source", "verbatim"),
        ([DESIGN], {}, "cover one project.", "projects"),
        ([DESIGN], {"phases": ("design",)}, "With one phase, no weights are needed.", "window"),
        ([DESIGN | {"quote": "said so"}], {}, "each with a verbatim passage", "of them"),
        ([DESIGN | {"quote": "said so"}, OPERATION], {}, "1 of them with a verbatim passage", "each with"),
        ([DESIGN], {}, "does not say who coded", "A column"),
        ([DESIGN | {"coder": "A"}], {}, "(one entry: A)", "does not say who"),
        ([DESIGN | {"confidence": "alleged"}], {}, "Of the statements, 1 is alleged.", "set aside"),
        ([DESIGN | {"confidence": "alleged"}], {"include_alleged": True}, "Alleged statements count", "1 is alleged"),
        (
            [DESIGN | {"confidence": "alleged", "status": "proposed"}, OPERATION],
            {},
            "rest on 1 of 2 statements on what is covered. Of the statements, 1 is on what was only proposed.",
            "1 is alleged",
        ),
        ([OPERATION | {"role": "support"}], {}, "1 is on a supporting role", "weighs"),
        ([OPERATION | {"role": "support"}], {"roles": (("support", 0.5),)}, "weighs 0.5", "on a supporting role"),
        ([DESIGN], {}, "All phases weigh the same.", "scaled to 1"),
        ([DESIGN], {"weights": (("design", 2.0),)}, "design 2", "weigh the same"),
        ([DESIGN, DESIGN | {"actor": "ZTE", "rank": "preferred"}], {}, "(1 of 2 is)", "count alike"),
        (
            [DESIGN | {"rank": "preferred"}],
            {"rank": "all"},
            "Preferred and normal statements count alike.",
            "only these",
        ),
        ([DESIGN], {"counting": "origin"}, "1/origins", "1/holders"),
        ([OPERATION], {"mode": "time"}, "weighted by the years", "at least one year"),
        ([OPERATION], {"mode": "snapshot", "year": 2015}, "a snapshot of 2015", "at least one year"),
        ([OPERATION], {"boundary": "gap"}, "counts as a gap", "counts as held."),
        ([DESIGN | {"status": "not_applicable", "actor": "", "origin": ""}], {}, "do not apply", "nothing applies"),
    ],
)
def test_it_says_what_is_true_and_no_more(
    rows: list[dict[str, Any]], view: dict[str, Any], said: str, unsaid: str
) -> None:
    text = methods(table_of(*rows), **view)
    assert said in text
    assert unsaid not in text


def test_windows_are_told_apart() -> None:
    dated = {"project": "Q", "phase": "operation", "start": 2015, "end": 2018}
    table = table_of(OPERATION, dated, {"project": "R", "phase": "design"}, window=None)
    text = methods(table, min_phases=0)
    assert "completed from the years in the table for 1 project; missing for 2 projects" in text


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "project": st.sampled_from(["P", "Q", "R"]),
                "phase": st.sampled_from(["design", "operation"]),
                "actor": st.sampled_from(["CEIEC", "ZTE"]),
                "confidence": st.sampled_from(["documented", "reported", "alleged"]),
                "role": st.sampled_from(["lead", "support"]),
                "coder": st.sampled_from(["", "A", "B"]),
            }
        ),
        min_size=1,
        max_size=6,
    )
)
@settings(max_examples=examples(16), deadline=None)
def test_it_is_always_whole_sentences_with_matching_numbers(rows: list[dict[str, Any]]) -> None:
    text = methods(table_of(*rows), min_phases=0)
    assert not re.search(r"\b1 \w*(statements|projects|sources|phases)\b", text)
    assert not re.search(r"\b([02-9]|\d{2,}) (statement|project|source|phase)\b", text)
    assert not re.search(r"\bone (projects|phases)\b|  | ,|\.\.", text)
    assert text.startswith(f"The data are {len(rows)} statement")


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=8).filter(
    lambda name: not name.startswith("-") and name.strip()
)


@given(
    st.builds(
        View,
        projects=st.lists(NAMES, max_size=2, unique=True).map(tuple),
        phases=st.lists(NAMES, max_size=2, unique=True).map(tuple),
        sources=st.lists(NAMES, max_size=2, unique=True).map(tuple),
        countries=st.lists(NAMES, max_size=2, unique=True).map(tuple),
        rank=st.sampled_from(["best", "all"]),
        include_alleged=st.booleans(),
        min_phases=st.integers(0, 5),
        mode=st.sampled_from(["static", "time"]),
        boundary=st.sampled_from(["held", "split", "gap"]),
        counting=st.sampled_from(["actor", "origin"]),
    ),
    st.sampled_from(["", "files", "bundle"]),
    st.sampled_from(["", "Who holds what", "<b>'bold' & more</b>"]),
)
@settings(max_examples=examples(24), deadline=None)
def test_the_command_says_the_view_again(view: View, beside: Beside, title: str) -> None:
    words = shlex.split(report_command(view, data="my table.csv", beside=beside, title=title))
    assert words[:2] == ["agency", "report"]
    given_ = report_cli.make_context("report", words[2:]).params
    assert (given_["data"], given_["title"]) == ("my table.csv", title)
    assert (given_["files"], given_["bundle"]) == (beside == "files", beside == "bundle")
    names = {"projects": "projects", "phases": "phases", "only_sources": "sources", "countries": "countries"}
    assert {new: tuple(given_[old]) for old, new in names.items()} == {
        new: getattr(view, new) for new in names.values()
    }
    for name in ("rank", "include_alleged", "min_phases", "boundary", "counting"):
        assert given_[name] == getattr(view, name)
    assert (given_["mode"] or "static") == view.mode
