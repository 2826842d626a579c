"""What a study shows in words: every count with its denominator, no more than the statements say."""

from __future__ import annotations

import re
from typing import Any

import pytest

import agency
from agency.comparison.brief import BriefSentence, brief
from agency.resolve import Resolved, View
from agency.table.load import table_from_records
from agency.vocabulary import Codebook, default_codebook
from agency.vocabulary.codebook import read_codebook


def row(project: str, phase: str, origin: str = "local", **more: Any) -> dict[str, Any]:
    names = {"local": "Ministry", "chinese": "ZTE", "western": "HP", "unknown": "Somebody Ltd"}
    return {
        "project": project,
        "phase": phase,
        "actor": names.get(origin, origin),
        "origin": origin,
        "source": "s",
        **more,
    }


def told(*rows: dict[str, Any], codebook: Codebook | None = None, **more: Any) -> dict[str, BriefSentence]:
    table = table_from_records(list(rows), codebook=codebook or default_codebook(), **more)
    return {one.about: one for one in brief(Resolved(table, View()))}


def test_one_project_of_one_statement() -> None:
    found = told(row("P", "design", "chinese"))
    assert found["design"].said == "Designed by: in P, only Chinese actors are named as holders."
    assert found["operation"].said == "Managed and operated by: no source says who, of the 1 project."
    assert found["extent"].said == (
        "1 project, 1 statement of 1 source; of 0 of the 1 projects at least half of the 6 phases are known, and the "
        "numbers rest on 1 of the 1 statements."
    )


def test_thin_projects_count_and_those_of_which_no_source_says_are_counted_apart() -> None:
    rows = [row(f"P{number}", "implementation", "chinese") for number in range(4)]
    rows += [row("Q", "implementation"), row("R", "operation"), row("S", "operation")]
    one = told(*rows)["implementation"]
    assert (one.count, one.known, one.of, one.names) == (4, 5, 7, ("Q",))
    assert one.said == (
        "Implemented by: of 5 projects of which a source says who, in 4 only Chinese actors are named as "
        "holders and in 1 only "
        "local actors are named as holders (Q); of the other 2 no source says."
    )


def test_what_a_preferred_statement_outranks_is_told_all_the_same() -> None:
    rows = [row("P", "design", "chinese", rank="preferred", note="own table"), row("P", "design", source="t")]
    assert told(*rows)["design"].said == "Designed by: in P, local and Chinese actors are named together as holders."


def test_alleged_proposed_denied_and_support_rows_name_nobody() -> None:
    rows = [
        row("P", "design", confidence="alleged"),
        row("P", "design", "chinese", status="proposed"),
        row("P", "design", "western", status="denied"),
        row("P", "design", "western", role="support", source="t"),
        row("P", "operation"),
    ]
    assert told(*rows)["design"].known == 0


def test_a_maintainer_that_left_is_told_with_the_year_and_the_gap_with_its_years() -> None:
    rows = [
        row("P", "maintenance", "chinese", end=2018),
        {"project": "P", "phase": "maintenance", "status": "vacant", "start": 2019, "source": "s"},
    ]
    found = told(*rows, projects=[{"project": "P", "window_start": 2012, "window_end": 2021}])
    assert (
        found["maintenance"].said
        == "Maintained and upgraded by: in P, only Chinese actors are named as holders, at P until 2018."
    )
    assert "Maintenance of P in 3 of 10 years (2019–2021) (1 of 1 phase of a project" in found["gaps"].said


def test_nobody_is_a_pattern_and_unknown_origin_is_not_known() -> None:
    rows = [
        {"project": "P", "phase": "design", "status": "vacant", "source": "s"},
        row("Q", "design", "unknown"),
        row("R", "design"),
    ]
    one = told(*rows)["design"]
    assert one.known == 2
    assert "nobody held it" in one.said


def _book(phases: int) -> Codebook:
    blocks = ("upstream", "build", "maintain")
    entries = [
        f"[[phase]]\nkey = 'p{n}'\nlabel = 'Step {n}'\nkind = 'event'\nblock = '{blocks[n % 3]}'\n"
        for n in range(phases)
    ]
    origins = (
        "[[origin]]\nkey = 'local'\nlabel = 'Local'\nforeign = false\n"
        "[[origin]]\nkey = 'us'\nlabel = 'US'\nforeign = true\n"
    )
    return read_codebook("\n".join(entries) + origins)


@pytest.mark.parametrize("phases, sentences", [(3, 7), (6, 10), (10, 7)])
def test_any_codebook_in_at_most_ten_sentences(phases: int, sentences: int) -> None:
    found = told(row("P", "p0", "us"), codebook=_book(phases))
    assert len(found) == sentences
    assert any("only US actors are named as holders" in one.said for one in found.values())


def test_the_shipped_study_never_counts_without_a_denominator() -> None:
    sentences = agency.load().brief().frame
    assert 2 < len(sentences) <= 10
    for said in sentences["said"]:
        assert re.search(r"\bof\b|\ball\b|\bnone\b", said), said
    assert sentences["known"].le(sentences["of"]).all()
    assert sentences["count"].le(sentences["known"]).all()
