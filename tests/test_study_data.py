"""The shipped study is what its pages say it is: numbers in prose, contradictions, a clean check, fair claims."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import agency
from agency.indicators import method_block

ROOT = Path(__file__).parent.parent
DATA = ROOT / "data"
WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
CORE = ("initiation", "requirements", "design", "implementation", "operation", "maintenance")
CONFLICTS = ("denial", "exclusive", "state", "dates", "kind", "alleged", "settled", "within")


def prose(page: Path) -> str:
    """Return a page in one line: line ends are no part of a sentence."""
    return re.sub(r"\s+", " ", page.read_text("utf-8"))


def numbers(pattern: str, page: Path) -> tuple[int, ...]:
    """Return the numbers of the one sentence that a page has of this form."""
    found = re.findall(pattern, prose(page))
    assert len(found) == 1, f"{page.name}: {len(found)} sentences like {pattern!r}"
    parts = (found[0],) if isinstance(found[0], str) else found[0]
    return tuple(WORDS.index(part.lower()) if part.lower() in WORDS else int(part) for part in parts)


def raw(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / name, dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return raw("actors_by_phase.csv")


@cache
def study() -> agency.Study:
    return agency.load(DATA)


def known(rows: pd.DataFrame) -> pd.DataFrame:
    """Return project and phase of what is known, straight from the file: a lead holder of known origin, or nobody."""
    lead = rows[(rows["role"] == "lead") & (rows["rank"] != "deprecated") & (rows["confidence"] != "alleged")]
    held = (lead["status"] == "held") & (lead["origin"] != "unknown")
    return lead[held | lead["status"].isin(["vacant", "negotiating"])][["project", "phase"]].drop_duplicates()


# data/README.md


README = DATA / "README.md"


def test_the_files_have_the_rows_the_page_says() -> None:
    named = re.findall(r"^\| `([\w.]+)` \| (\d+) \|", README.read_text("utf-8"), re.MULTILINE)
    assert {name for name, _ in named} == {
        "actors_by_phase.csv", "projects.csv", "actors.csv", "sources.bib", "events.csv", "claims.toml",
        "double_coding.csv",
    }  # fmt: skip
    for name, number in named:
        if name.endswith(".csv"):
            assert len(raw(name)) == int(number), name
    claims = tomllib.loads((DATA / "claims.toml").read_text("utf-8"))["claim"]
    references = re.findall(r"^@\w+\{", (DATA / "sources.bib").read_text("utf-8"), re.MULTILINE)
    assert {"claims.toml": str(len(claims)), "sources.bib": str(len(references))}.items() <= dict(named).items()
    assert numbers(r"(\d+) named actors with kind", README) == (raw("actors.csv")["actor"].nunique(),)
    assert numbers(r"says of (\d+) projects", README) == (len(raw("projects.csv")),)
    assert numbers(r"`sources.bib` \| \d+ \| the (\w+) documents", README) == (len(references),)


def test_how_much_the_table_knows(rows: pd.DataFrame) -> None:
    projects = raw("projects.csv")["project"]
    core = known(rows).query("phase in @CORE")
    phases = core.groupby("project").size().reindex(projects, fill_value=0)
    several = rows.groupby("project")["source"].nunique()
    found = numbers(
        r"Of the (\d+) projects (\d+) have one row, (\d+) have no core phase with a known holder, and (\d+) are "
        r"described by more than one source. In (\d+) at least half of the (\w+) core phases are known",
        README,
    )
    assert found == (
        len(projects), (rows["project"].value_counts() == 1).sum(), (phases == 0).sum(), (several > 1).sum(),
        (phases * 2 >= len(CORE)).sum(), len(CORE),
    )  # fmt: skip
    assert phases[["ECU 911", "JSeI"]].tolist() == [6, 6]
    assert phases["Carnet de la Patria"] == 5
    three = ["Jujuy 2013", "Chile trans-Pacific cable", "CBERS", "Didi Mexico"]
    assert sorted(phases.index[phases == 3]) == sorted(three)
    table = dict(re.findall(r"^\| (\w+) \| (\d+) \|$", README.read_text("utf-8"), re.MULTILINE))
    assert {phase: int(table[phase]) for phase in CORE} == core["phase"].value_counts().to_dict()
    paid = int((known(rows)["phase"] == "financing").sum())
    undated = int((rows[["start", "end", "duration_years"]] == "").all(axis=1).sum())
    assert numbers(r"is known of (\d+)\. Of the (\d+) rows (\d+) have no year", README) == (paid, len(rows), undated)


def test_what_is_known_is_what_the_program_counts(rows: pd.DataFrame) -> None:
    """Two readings of one rule: from the file above, and the one every number is made with."""
    profile = study().resolved.every
    found = profile.known > 0
    counted = {
        (profile.projects[project], profile.phases[phase]) for project, phase in zip(*np.nonzero(found), strict=True)
    }
    expected = known(rows).query("phase in @CORE")
    assert counted == set(expected.itertuples(index=False, name=None))


def test_the_counts_of_the_columns(rows: pd.DataFrame) -> None:
    confidence = Counter(rows["confidence"])
    found = numbers(r"Counts: (\d+) documented, (\d+) reported, (\d+) alleged", README)
    assert found == (confidence["documented"], confidence["reported"], confidence["alleged"])
    origin = Counter(rows["coder"].str.removeprefix("adjudicated: "))
    found = numbers(r"Counts: A\+B (\d+), A (\d+), B (\d+), added (\d+)", README)
    assert found == (origin["A+B"], origin["A"], origin["B"], origin["added"])
    coders = Counter(raw("double_coding.csv")["coder"])
    assert numbers(r"(\d+) rows of coder A and (\d+) of coder B", README) == (coders["A"], coders["B"])
    assert numbers(r"There are (\d+)\. A denial of a part", README) == ((rows["status"] == "denied").sum(),)
    launched = (raw("projects.csv")["launched"] != "").sum()
    assert numbers(r"or was completed \((\d+) systems\)", README) == (launched,)
    preferred = rows[rows["rank"] == "preferred"]
    assert numbers(r"`preferred`: the (\d+) rows of Table 1 of `vilaseoane2024`", README) == (len(preferred),)
    assert set(zip(preferred["source"], preferred["locator"], strict=True)) == {("vilaseoane2024", "Table 1")}
    assert "`deprecated`: none" in prose(README)
    assert not (rows["rank"] == "deprecated").any()
    assert rows["quote"].str.split().str.len().max() <= 25
    assert (rows["quote"] != "").all()


def test_unnamed_firms_have_a_kind_only_where_the_passage_gives_one(rows: pd.DataFrame) -> None:
    firms = rows[(rows["unnamed"] == "true") & rows["actor_kind"].isin(["private_firm", "state_firm"])]
    words = firms["actor_kind"].str.removesuffix("_firm")
    assert [word in quote for word, quote in zip(words, firms["quote"], strict=True)] == [True] * len(firms)


def test_a_year_that_is_not_in_the_quote_is_explained(rows: pd.DataFrame) -> None:
    """By the note (the sentence beside it, or how it was worked out), or by the act: a tender, a contract."""
    for side in ("start", "end"):
        given = rows[rows[side] != ""]
        absent = given[
            [year not in said for year, said in zip(given[side], given["quote"] + given["locator"], strict=True)]
        ]
        assert (absent["note"].str.contains(r"\b(?:19|20)\d\d\b|[Yy]ear|tender", regex=True)).all()


# Contradictions.


def contradictions() -> list[list[str]]:
    """Return project, phase, sources, what and found by of each entry of the list."""
    text = README.read_text("utf-8").split("<!-- contradictions -->")[1].split("<!-- end -->")[0]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in text.strip().splitlines()[2:]]


def test_every_contradiction_says_what_finds_it() -> None:
    entries = contradictions()
    assert entries
    for entry in entries:
        assert len(entry) == 5
        means = entry[4]
        assert means in CONFLICTS or re.fullmatch(r"not compared: (amount|reason|event|support)", means), entry


def test_the_contradictions_that_are_found_are_those_of_the_list() -> None:
    listed = {
        (project, phase, frozenset(sources.split(", ")), means)
        for project, phase, sources, _, means in contradictions()
        if means in CONFLICTS
    }
    found = set()
    for conflict in study().select(min_phases=0).resolved.compared.conflicts:
        means = conflict.kind if conflict.standing == "contested" else conflict.standing
        found.add((conflict.project, conflict.phase, frozenset({conflict.source_a, conflict.source_b}), means))
    assert found == listed


def test_what_is_not_compared_is_in_the_table_or_beside_it(rows: pd.DataFrame) -> None:
    """An entry that no comparison finds still names projects, phases and sources that exist."""
    for project, phase, sources, _, _ in contradictions():
        assert project in set(rows["project"])
        assert phase == "none" or phase in {*CORE, "financing"}
        assert set(sources.split(", ")) <= set(rows["source"])


# A sound study.


def test_check_has_no_errors_and_no_warnings() -> None:
    found = agency.check(DATA).frame()
    assert found[found["severity"] != "information"].to_dict("records") == []


# Claims: worked out by hand from the rules of docs/claims.md before the program judged them.

EXPECTED = {
    "regularities-initiation-requirements": "supported",
    "regularities-design": "supported",
    "regularities-built-by-state-firms": "supported",
    "regularities-local-firms": "supported",
    "regularities-distributed": "supported",
    "regularities-not-entirely-chinese": "supported",
    "regularities-demand-driven": "not testable",
    "regularities-state-funding": "supported",
    "regularities-many-actors": "supported",
    "regularities-modes-abroad": "not testable",
    "regularities-chinese-built": "supported",
    "regularities-venezuela": "supported",
    "regularities-zte-exports": "supported",
    "regularities-huawei-ecuador": "supported",
    "regularities-ellis-funding": "not testable",
    "regularities-reuters-installing": "supported",
    "dependence-maintenance": "supported",
    "dependence-platform": "not testable",
    "dependence-exclusively-chinese": "mixed",
    "dependence-forced-to-continue": "supported",
    "dependence-loans": "supported",
    "dependence-tied-loan-ecuador": "supported",
    "dependence-tied-loans": "supported",
    "dependence-cable-banks": "supported",
    "dependence-zte-database": "supported",
    "dependence-unable-to-diversify": "not testable",
    "capability-no-transfer": "not testable",
    "capability-no-transfer-ecuador": "not testable",
    "capability-changes": "supported",
    "capability-software-design": "supported",
    "capability-knowledge-of-officials": "supported",
    "capability-cbers": "supported",
    "alternatives-hp": "supported",
    "alternatives-not-solely-chinese": "supported",
    "alternatives-before": "supported",
    "alternatives-western-financiers": "supported",
    "alternatives-western-trend": "not testable",
    "alternatives-chile-nec": "supported",
    "alternatives-replaced": "not testable",
    "alternatives-could-have": "not testable",
    "control-no-chinese-operators": "supported",
    "control-always-local": "supported",
    "control-continued": "supported",
    "control-mainly-local": "supported",
    "control-led-by-zte": "supported",
    "control-cantv": "supported",
    "control-card-monitors": "supported",
    "control-jujuy-fibre": "not testable",
    "control-restricted-access": "supported",
    "control-digital-means": "supported",
    "control-great-firewall": "only alleged",
    "control-ceiec-software": "only alleged",
    "control-cantv-taken-over": "only alleged",
    "control-not-infrastructure": "supported",
    "control-exported-model": "only alleged",
    "control-nyt-agency": "not testable",
    "control-nyt-expansion": "not testable",
    "control-leftist-regimes": "not testable",
    "control-backsliding": "not testable",
    "control-mirrors": "not testable",
    "control-leverage": "not testable",
    "dates-ecu-2012": "supported",
    "dates-support-until-2018": "supported",
    "dates-support-ended": "supported",
    "dates-under-negotiation": "supported",
    "dates-not-ceiec-2019": "supported",
    "dates-jsei-2017": "supported",
    "dates-jsei-2019": "supported",
    "dates-card-2017": "supported",
}


@cache
def verdicts() -> pd.DataFrame:
    frame = study().claims().frame
    assert frame is not None
    return frame.set_index("id")


def test_every_claim_has_the_verdict_worked_out_by_hand() -> None:
    assert verdicts()["verdict"].to_dict() == EXPECTED


def test_no_claim_is_contradicted_because_its_source_was_silent_outranked_or_careful() -> None:
    assert "contradicted" not in set(verdicts()["verdict"])
    assert len(EXPECTED) >= 60


def test_the_pages_count_the_claims() -> None:
    assert numbers(r"holds (\d+) sentences of all (\w+) sources", ROOT / "docs" / "claims.md") == (len(EXPECTED), 5)


# README.md


PAGE = ROOT / "README.md"


def test_the_numbers_of_the_first_page(rows: pd.DataFrame) -> None:
    projects = raw("projects.csv")["project"]
    phases = known(rows).query("phase in @CORE").groupby("project").size().reindex(projects, fill_value=0)
    one = int((rows["project"].value_counts() == 1).sum())
    found = numbers(r"(\d+) statements of (\w+) documents on (\d+) projects", PAGE)
    assert found == (len(rows), rows["source"].nunique(), len(projects))
    found = numbers(
        r"Of (\d+) projects (\d+) have a single row, and of (\d+) at least half of the (\w+) phases are known", PAGE
    )
    assert found == (len(projects), one, int((phases * 2 >= len(CORE)).sum()), len(CORE))
    assert numbers(r"draws it from (\d+) rows", PAGE) == ((rows["rank"] == "preferred").sum(),)


def test_the_first_page_says_on_how_many_statements_the_numbers_rest() -> None:
    block = method_block(study()[["ECU 911", "JSeI"]].resolved)["statements"]
    found = numbers(r"ECU 911 rest on (\d+) of (\d+) statements, those of JSeI on (\d+) of (\d+)", PAGE)
    assert found == tuple(block[name][part] for name in ("ECU 911", "JSeI") for part in ("used", "total"))


@pytest.mark.parametrize("page", [PAGE, README, ROOT / "notebooks" / "sources" / "02_compare_and_test.md"])
def test_who_coded_is_said_where_coding_is_spoken_of(page: Path) -> None:
    assert "language models" in prose(page)
