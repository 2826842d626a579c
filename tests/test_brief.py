"""What a study shows in words: every count with its denominator, no more than the statements say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import agency
from agency.comparison.brief import BriefSentence, brief
from agency.report.disputes import sureness_view
from agency.report.material import Material
from agency.report.methods import provenance
from agency.resolve import Resolved, View
from agency.table.check import table_from_records
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
    assert found["design"].said == "Designed by: known for 1 of 1 project; only Chinese actors are named."
    assert found["operation"].said == "Managed and operated by: known for none of 1 project."
    assert found["extent"].said == (
        "1 statement from 1 source on 1 project; a statement is what one source says, in one passage, on who led, "
        "carried out or supported a phase, such as “Initiated by”. 1 of its 6 phases is known: a source names an "
        "actor of known origin, or says that nobody held the phase; what is only alleged, planned or supporting is "
        "not counted. What follows on the phases rests on every statement."
    )
    assert found["sureness"].said == "What counts of 1 known case comes from one source, the only one here."


def test_thin_projects_count_and_those_of_which_no_source_says_are_counted_apart() -> None:
    rows = [row(f"P{number}", "implementation", "chinese") for number in range(4)]
    rows += [row("Q", "implementation"), row("R", "operation"), row("S", "operation")]
    one = told(*rows)["implementation"]
    assert (one.count, one.known, one.of, one.names) == (4, 5, 7, ("Q",))
    assert one.said == (
        "Implemented by: known for 5 of 7 projects; in 4 only Chinese actors are named and in 1 only local actors (Q)."
    )


def test_what_a_preferred_statement_outranks_is_told_all_the_same() -> None:
    rows = [row("P", "design", "chinese", rank="preferred", note="own table"), row("P", "design", source="t")]
    assert (
        told(*rows)["design"].said
        == "Designed by: known for 1 of 1 project; local as well as Chinese actors are named."
    )


def test_a_source_that_gives_way_is_there_all_the_same() -> None:
    """It was called "the only one here" of two sources, one outranked; then one source was counted, two named."""
    rows = [row("P", "design", "chinese", rank="preferred", note="own table"), row("P", "design", source="t")]
    assert told(*rows)["sureness"].said == (
        "In 0 of 1 known case what counts comes from one source alone, or from several that repeat one."
    )
    assert "What follows on the phases rests on every statement." in told(*rows)["extent"].said
    more = told(*rows, row("P", "operation", confidence="alleged"))["extent"].said
    assert "rests on 2 of the 3 statements; the others are not counted, or alter no count below." in more


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
        == "Maintained and upgraded by: known for 1 of 1 project; only Chinese actors are named; at P by ZTE until "
        "2018."
    )
    assert found["gaps"].said == (
        "In 1 of 1 known case (a phase of a project) a source says that for some or all of the time "
        "nobody held it or it was under negotiation: P (Maintained and upgraded by), nobody in 3 of the 10 "
        "years looked at (2019–2021, no holder dated there)."
    )


def test_nobody_is_called_the_only_ones_beside_somebody_of_unknown_origin() -> None:
    rows = [row("P", "design", "chinese"), row("P", "design", "unknown", source="t")]
    said = "known for 1 of 1 project; Chinese actors and actors of unknown origin are named."
    assert told(*rows)["design"].said == f"Designed by: {said}"


def test_years_between_gaps_or_shared_with_one_have_a_dated_holder() -> None:
    window = [{"project": "P", "window_start": 2012, "window_end": 2021}]
    vacant = [
        row("P", "maintenance", status="vacant", origin="", actor="", start=year, end=year) for year in (2013, 2016)
    ]
    apart = told(*vacant, row("P", "maintenance", start=2014, end=2015), projects=window)["gaps"].said
    assert apart.endswith("nobody in 2 of the 10 years looked at (2013–2016).")
    rows = [row("P", "maintenance", end=2018), row("P", "maintenance", status="negotiating", actor="", start=2018)]
    table = table_from_records(rows, codebook=default_codebook(), projects=window)
    shared = {one.about: one.said for one in brief(Resolved(table, View(boundary="split")))}["gaps"]
    assert shared.endswith("under negotiation in 4 of the 10 years looked at (2018–2021).")


def test_a_holder_without_a_year_is_not_said_to_have_left() -> None:
    """Nobody says that the undated one held it until the gap: no year is told of it, and no name is left empty."""
    rows = [
        row("P", "maintenance"),
        row("P", "maintenance", status="vacant", origin="", actor="", start=2015, end=2016),
    ]
    said = told(*rows, row("P", "operation", start=2010, end=2016))["maintenance"].said
    assert "until" not in said


def test_a_part_is_told_as_a_part_and_a_length_as_a_length() -> None:
    part = told(row("P", "design", scope="technical"), row("Q", "design", "chinese"))["design"].said
    where = "; in 1 of the 2 for only part of the phase or one act, in the editors’ words: P (“technical”)."
    assert part.endswith(where)
    both = told(row("P", "design", scope="technical"), row("P", "design", "chinese"))["design"].said
    assert "in the editors’ words" not in both
    length = told(row("P", "maintenance", duration_years=3))["maintenance"].said
    assert length.endswith("only local actors are named; at P by Ministry for 3 years.")


def test_nobody_is_a_pattern_and_unknown_origin_is_not_known() -> None:
    rows = [
        {"project": "P", "phase": "design", "status": "vacant", "source": "s"},
        row("Q", "design", "unknown"),
        row("R", "design"),
    ]
    one = told(*rows)["design"]
    assert one.known == 2
    assert "nobody, as a source says" in one.said


def test_a_table_without_coders_and_a_project_that_nobody_coded_twice_have_a_brief_too(tmp_path: Path) -> None:
    """It stopped with "no row names a coder" on every table but the shipped one."""
    for rows in ([row("P", "design")], [row("P", "design", coder="adjudicated: A and B")]):
        sentences = agency.load(pd.DataFrame(rows)).brief().frame
        assert "coded" not in sentences["said"].iloc[-1]
    both = [row("Q", "design", coder=coder) for coder in "AB"]
    for name, content in (("actors_by_phase.csv", [row("P", "design"), *both[:1]]), ("double_coding.csv", both)):
        pd.DataFrame(content).to_csv(tmp_path / name, index=False)
    assert "coded" not in agency.load(tmp_path)["P"].brief().frame["said"].iloc[-1]
    # The two agree on one case: there is nothing to measure, and that is said.
    assert "cannot be measured" in agency.load(tmp_path)["Q"].brief().frame["said"].iloc[-1]


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
    assert any("only US actors are named" in one.said for one in found.values())


def test_the_shipped_study_never_counts_without_a_denominator() -> None:
    sentences = agency.load().brief().frame
    assert 2 < len(sentences) <= 10
    for said in sentences["said"]:
        assert re.search(r"\bof\b|\ball\b|\bnone\b", said), said
    assert "those who coded the sources, working apart, agree" in sentences["said"].iloc[-1]
    assert "Krippendorff’s alpha 0.92, where 1 is full agreement and 0 chance" in sentences["said"].iloc[-1]
    assert sentences["known"].le(sentences["of"]).all()
    assert sentences["count"].le(sentences["known"]).all()


def test_the_cases_of_the_phases_are_those_of_which_the_rest_speaks() -> None:
    """Known phases add up to what gaps and sureness are out of; so do the lines of the report."""
    study = agency.load()
    frame = study.brief().frame.set_index("about")
    known = {phase.key: frame.loc[phase.key, "known"] for phase in study.data.codebook.core_phases}
    assert sum(known.values()) == frame.loc["gaps", "known"] == frame.loc["sureness", "known"]
    shown = sureness_view(Material(study.resolved, provenance(study.data, "agency report"))).phases
    labels = {phase.label: phase.key for phase in study.data.codebook.core_phases}
    assert {labels[one.phase]: one.known for one in shown if one.phase in labels} == known
