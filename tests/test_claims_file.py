"""`claims.toml`: every mistake is named with its line and field, what was found, what was expected and what to type."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from claim_cases import row, table_of

from agency.claims import Condition, Where, claim_findings, claims_of, judge, read_claims
from agency.claims.numbers import comparable_keys, keys_by_origin
from agency.errors import DataError, UsageError
from agency.findings import Finding
from agency.resolve import Resolved, View
from agency.table import Table, load_table

GOOD = """[[claim]]
id = "one"
text = "A sentence."
source = "s"
scope = { projects = ["P"], phases = ["maintenance"] }
condition = { holders = "only", origin = ["chinese"] }
"""
LONG = '''
# a comment
[[claim]]
id = "two"
text = """A sentence
quantifier = "of two lines"
"""
source = "s"
quantifier = "evry"
[claim.scope]
phases = ["desing"]
[claim.condition]
same_actor = ["initiation", "operation"]
'''
TEST = 'holders = "only", origin = ["chinese"]'


@pytest.fixture(scope="module")
def table() -> Table:
    rows = [row(start=2014), row(phase="design", start=2009), row("B", "local", project="Q")]
    projects = [{"project": "P", "type": "cable", "country": "ECU"}, {"project": "Q", "type": "satellite"}]
    return table_of(rows, projects=projects, actors=[{"actor": "A", "alias": "Alpha"}])


def written(folder: Path, text: str) -> Path:
    path = folder / "claims.toml"
    path.write_text(text, encoding="utf-8")
    return path


def findings_of(folder: Path, text: str, table: Table) -> tuple[Finding, ...]:
    with pytest.raises(DataError) as caught:
        read_claims(written(folder, text), table)
    assert all(f"{found.file}:{found.line}" in str(caught.value) for found in caught.value.findings)
    return caught.value.findings


@pytest.mark.parametrize(
    "mistake",
    [
        ('id = "one"', "", "claim-missing", 1, "id", "", "id, text, source"),
        ('id = "one"', 'id = " "', "claim-value", 2, "id", '" "', "quotation marks"),
        ('source = "s"', 'source = "s"\nquantifier = ""', "claim-value", 5, "quantifier", '""', "quotation marks"),
        ('holders = "only"', 'holders = ""', "claim-value", 6, "condition.holders", '""', "quotation marks"),
        (TEST, 'indicator = "", op = ">", value = 1', "claim-value", 6, "condition.indicator", '""', "quotation marks"),
        ('text = "A sentence."', "text = 5", "claim-value", 3, "text", "5", "quotation marks"),
        ('source = "s"', 'source = "t"', "claim-name", 4, "source", "t", "one of s"),
        ('source = "s"', 'sources = "s"', "claim-unknown", 4, "sources", "sources", "Did you mean 'source'?"),
        ('source = "s"', 'source = "s"\nkind = "future tense"', "claim-value", 5, "kind", '"future tense"', "factual"),
        ('source = "s"', 'source = "s"\nreported_by = 3', "claim-value", 5, "reported_by", "3", "quotation"),
        ('["P"]', '["R"]', "claim-name", 5, "scope.projects", "R", "one of P, Q"),
        ('["P"]', "[]", "claim-value", 5, "scope.projects", "[]", "a list of names"),
        (
            '"maintenance"',
            '"maintainance"',
            "claim-name",
            5,
            "scope.phases",
            "maintainance",
            "Did you mean 'maintenance'?",
        ),
        ('phases = ["maintenance"]', "years = [true]", "claim-value", 5, "scope.years", "[true]", "a list of years"),
        (
            'phases = ["maintenance"]',
            'years = ["2014"]',
            "claim-value",
            5,
            "scope.years",
            '["2014"]',
            "a list of years",
        ),
        ('phases = ["maintenance"]', "years = 2014", "claim-value", 5, "scope.years", "2014", "as [2018, 2019]"),
        ('phases = ["maintenance"]', "years = [20140]", "claim-value", 5, "scope.years", "[20140]", "a list of years"),
        ('phases = ["maintenance"]', "year = 2014", "claim-unknown", 5, "scope.year", "year", "Did you mean 'years'?"),
        ('phases = ["maintenance"]', 'type = "cabel"', "claim-name", 5, "scope.type", "cabel", "Did you mean 'cable'?"),
        ('phases = ["maintenance"]', 'country = "ECQ"', "claim-name", 5, "scope.country", "ECQ", "Did you mean 'ECU'?"),
        (
            'phases = ["maintenance"]',
            'type = "satellite"',
            "claim-cases",
            5,
            "scope.type",
            "no project is of",
            "one case",
        ),
        (
            'phases = ["maintenance"]',
            'phases = ["maintenance"], years = [2014, 2035]',
            "claim-year",
            5,
            "scope.years",
            "2035",
            "2012-2021 (P)",
        ),
        ('source = "s"', 'source = "s"\nquantifier = "all"', "claim-value", 5, "quantifier", '"all"', "every, some"),
        ('source = "s"', 'source = "s"\nquantifier = "at_least"', "claim-missing", 5, "n", "", "number of cases"),
        ('source = "s"', 'source = "s"\nn = 2', "claim-together", 5, "n", 'n with quantifier = "every"', "at_least"),
        ('source = "s"', 'source = "s"\nquantifier = "at_least"\nn = 0', "claim-value", 6, "n", "0", "from 1"),
        ('source = "s"', 'source = "s"\nquantifier = "at_least"\nn = true', "claim-value", 6, "n", "true", "from 1"),
        ('holders = "only"', 'holders = "just"', "claim-value", 6, "condition.holders", '"just"', "only, include"),
        ('["chinese"]', '["chinesse"]', "claim-name", 6, "condition.origin", "chinesse", "Did you mean 'chinese'?"),
        ('origin = ["chinese"]', 'actor = ["Alfa"]', "claim-name", 6, "condition.actor", "Alfa", "one of A, B"),
        ('origin = ["chinese"]', 'kind = ["firm"]', "claim-name", 6, "condition.kind", "firm", "government"),
        (
            'origin = ["chinese"]',
            'origin = ["chinese"], kind = ["bank"]',
            "claim-together",
            6,
            "condition.holders",
            "origin and kind",
            "exactly one",
        ),
        (', origin = ["chinese"]', "", "claim-together", 6, "condition.holders", "none of them", "exactly one"),
        (TEST, f'{TEST}, role = "lead"', "claim-together", 6, "condition.role", "role with only", "include or exclude"),
        (TEST, f"{TEST}, from = 2013, to = 2014", "claim-together", 6, "condition.from", "from and to with", "include"),
        (
            TEST,
            f"{TEST.replace('only', 'include')}, from = 2013",
            "claim-together",
            6,
            "condition.from",
            "from alone",
            "both",
        ),
        (TEST, f"{TEST}, ends = true", "claim-together", 6, "condition.ends", "ends without", "both years"),
        (
            TEST,
            f"{TEST.replace('only', 'include')}, from = 2015, to = 2014",
            "claim-together",
            6,
            "condition.from",
            "from = 2015 and to = 2014",
            "from before to",
        ),
        (
            TEST,
            f'{TEST.replace("only", "include")}, from = "2013", to = 2014',
            "claim-value",
            6,
            "condition.from",
            '"2013"',
            "a year from",
        ),
        (TEST, 'status = "empty"', "claim-name", 6, "condition.status", "empty", "vacant"),
        (TEST, 'same_actor = ["design"]', "claim-value", 6, "condition.same_actor", '["design"]', "two phases"),
        (TEST, 'same_actor = ["design", "operation"]', "claim-together", 5, "scope.phases", "scope.phases", "once"),
        (TEST, 'n_holders = "actors", op = "=", value = 1', "claim-value", 6, "condition.op", '"="', "one of >, >="),
        (
            TEST,
            'n_holders = "actors", op = ">", value = 1.5',
            "claim-value",
            6,
            "condition.value",
            "1.5",
            "a whole number",
        ),
        (
            TEST,
            'n_holders = "actors", op = ">", value = true',
            "claim-value",
            6,
            "condition.value",
            "true",
            "a whole number",
        ),
        (TEST, 'n_holders = "actors", op = ">"', "claim-value", 6, "condition.value", "nothing", "a whole number"),
        (
            TEST,
            'n_holders = true, op = ">", value = 1',
            "claim-value",
            6,
            "condition.n_holders",
            "true",
            "quotation marks",
        ),
        (
            TEST,
            'indicator = "shares", op = ">", value = 1',
            "claim-name",
            6,
            "condition.indicator",
            "shares",
            "composition",
        ),
        (
            TEST,
            'indicator = "composition.chinise", op = ">", value = 1',
            "claim-name",
            6,
            "condition.indicator",
            "composition.chinise",
            "Did you mean 'composition.chinese'?",
        ),
        (
            TEST,
            'indicator = "evidence.quoted", op = ">", value = 1',
            "claim-name",
            6,
            "condition.indicator",
            "evidence",
            "one of",
        ),
        (
            TEST,
            'indicator = "lock_in.actor", op = "==", value = 1',
            "claim-name",
            6,
            "condition.indicator",
            "lock",
            "lock_in",
        ),
        (
            TEST,
            'indicator = "n_actors", op = ">"',
            "claim-together",
            6,
            "condition.value",
            "neither value",
            "one of the two",
        ),
        (
            TEST,
            'indicator = "n_actors", op = ">", value = 1, project = "P"',
            "claim-together",
            6,
            "condition.value",
            "both value",
            "one of the two",
        ),
        (
            TEST,
            'indicator = "n_actors", op = ">", project = "R"',
            "claim-name",
            6,
            "condition.project",
            "R",
            "one of P, Q",
        ),
        (
            TEST,
            'indicator = "n_actors", op = ">", value = "0.01"',
            "claim-value",
            6,
            "condition.value",
            '"0.01"',
            "a number",
        ),
        (
            TEST,
            'indicator = "n_actors", op = ">", value = true',
            "claim-value",
            6,
            "condition.value",
            "true",
            "a number",
        ),
        (TEST, 'indicator = "n_actors", op = ">", value = nan', "claim-value", 6, "condition.value", "nan", "a number"),
        (TEST, 'indicator = "n_actors", op = ">", value = inf', "claim-value", 6, "condition.value", "inf", "a number"),
        (TEST, 'indicator = "n_actors", op = ">", value = [1]', "claim-value", 6, "condition.value", "[1]", "a number"),
        (
            TEST,
            'indicator = "n_actors", op = ">", value = 2020-01-01',
            "claim-value",
            6,
            "condition.value",
            "2020",
            "a number",
        ),
        (TEST, 'indicator = "lock_in.state", op = "==", value = 1', "claim-value", 6, "condition.value", "1", "a word"),
        (
            TEST,
            'indicator = "lock_in.state", op = ">", value = "x"',
            "claim-together",
            6,
            "condition.op",
            "> with",
            "== or !=",
        ),
        (
            TEST,
            'indicator = "dependence_test.all.dependent", op = "==", value = 1',
            "claim-value",
            6,
            "condition.value",
            "1",
            "true or false",
        ),
        (TEST, f'status = "held", {TEST}', "claim-together", 6, "condition", "holders and status", "exactly one"),
        (TEST, 'value = "held"', "claim-together", 6, "condition", "no test", "exactly one"),
        (f"{{ {TEST} }}", "3", "claim-value", 6, "condition", "3", "a table"),
        (f"{{ {TEST} }}", "{}", "claim-missing", 6, "condition", "", "condition"),
        ("[[claim]]", "[[claims]]", "claim-unknown", 1, "claims", "claims", "Did you mean 'claim'?"),
        ('id = "one"', 'id = "one"\nidd = "x"', "claim-unknown", 3, "idd", "idd", "Did you mean 'id'?"),
    ],
)
def test_a_mistake(tmp_path: Path, table: Table, mistake: tuple[str, str, str, int, str, str, str]) -> None:
    old, new, code, line, field, found, words = mistake
    assert old in GOOD
    entries = findings_of(tmp_path, GOOD.replace(old, new), table)
    first = next(entry for entry in entries if entry.code == code)
    assert (first.file, first.line, first.column) == ("claims.toml", line, field), first
    assert first.found.startswith(found)
    assert words in f"{first.expected} {first.fix}"


WHERE = 'phases = ["maintenance"], where = { phase = "design", holders = "include", origin = ["western"] }'


@pytest.mark.parametrize(
    "where, code, words",
    [
        (WHERE, "claim-cases", "no case meets `where` (1 silent)"),
        (WHERE.replace("western", "westen"), "claim-name", "westen"),
        (WHERE.replace('phase = "design", ', ""), "claim-missing", ""),
        (WHERE.replace('holders = "include", ', ""), "claim-missing", ""),
        (WHERE.replace("design", "desing"), "claim-name", "desing"),
        (WHERE.replace('"include"', '"include", op = ">"'), "claim-unknown", "op"),
    ],
)
def test_mistakes_of_where(tmp_path: Path, table: Table, where: str, code: str, words: str) -> None:
    found = findings_of(tmp_path, GOOD.replace('phases = ["maintenance"]', where), table)[0]
    assert (found.code, found.line) == (code, 5)
    assert words in found.found


def test_all_mistakes_come_at_once_and_text_is_not_read_as_fields(tmp_path: Path, table: Table) -> None:
    places = [(found.line, found.column) for found in findings_of(tmp_path, GOOD + LONG, table)]
    assert places == [(15, "quantifier"), (17, "scope.phases"), (17, "scope.phases")]


def test_ids_are_unique(tmp_path: Path, table: Table) -> None:
    found = findings_of(tmp_path, GOOD + GOOD, table)[0]
    assert (found.code, found.line, found.expected) == ("claim-repeated", 8, "an id of its own (first on line 2)")


def test_years_of_event_phases_may_lie_outside_the_window(tmp_path: Path, table: Table) -> None:
    signed = GOOD.replace('["maintenance"]', '["design"], years = [2009]')
    assert read_claims(written(tmp_path, signed), table)[0].years == (2009,)
    assert findings_of(tmp_path, signed.replace("2009", "2001"), table)[0].code == "claim-year"


@pytest.mark.parametrize(
    "content, code, line",
    [
        (b"# x\n[[claim]\n", "toml-syntax", 2),
        (b"# x\n# \xff\xfe", "toml-syntax", 2),
        (b"", "claims-none", 1),
        (b"\nclaim = 3\n", "claims-none", 2),
    ],
)
def test_unreadable_files(tmp_path: Path, table: Table, content: bytes, code: str, line: int) -> None:
    path = tmp_path / "claims.toml"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_claims(path, table)
    assert [(found.code, found.line) for found in caught.value.findings] == [(code, line)]


def test_no_file(tmp_path: Path, table: Table) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_claims(tmp_path / "claims.toml", table)
    with pytest.raises(UsageError, match="without a folder"):
        claims_of(table)
    assert claim_findings(table) == claim_findings(None) == ()


def test_findings_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "actors_by_phase.csv").write_text(
        "project,phase,actor,origin,source\nP,maintenance,A,chinese,s\n", encoding="utf-8"
    )
    loaded = load_table(tmp_path)
    assert claim_findings(loaded) == ()
    written(tmp_path, GOOD)
    assert claim_findings(loaded) == ()
    written(tmp_path, GOOD.replace("only", "just"))
    assert [found.code for found in claim_findings(loaded)] == ["claim-value"]


FULL = """[[claim]]
id = "full"
text = "A sentence."
source = "s"
reported_by = "A newspaper"
kind = "evaluative"
locator = "p. 3"
quote = "words"
quantifier = "at_least"
n = 2
[claim.scope]
phases = "maintenance"
years = [2015, 2014]
type = ["cable"]
country = "ECU"
where = { phase = "design", holders = "include", actor = "Alpha" }
[claim.condition]
holders = "exclude"
actor = ["Alpha", "A"]
role = "lead"
"""


def test_every_field(tmp_path: Path, table: Table) -> None:
    one = read_claims(written(tmp_path, FULL), table)[0]
    assert (one.reported_by, one.kind, one.n) == ("A newspaper", "evaluative", 2)
    assert (one.phases, one.years, one.types, one.countries) == (("maintenance",), (2014, 2015), ("cable",), ("ECU",))
    assert one.where == Where("design", Condition("holders", holders="include", by="actor", among=("A",)))
    assert one.condition == Condition("holders", holders="exclude", by="actor", among=("A",), role="lead")


@pytest.mark.parametrize(
    "condition, expected",
    [
        (
            'holders = "include", origin = "chinese", from = 2013, to = 2014',
            {"before": 2013, "after": 2014, "ends": False},
        ),
        ('holders = "include", origin = "chinese", from = 2013, to = 2014, ends = true', {"ends": True}),
        ('status = ["vacant", "negotiating"]', {"among": ("vacant", "negotiating")}),
        ('n_holders = "origins", op = ">=", value = 2', {"counted": "origins", "op": ">=", "value": 2}),
        ('indicator = "composition.chinese", op = "<", value = 1', {"indicator": "composition.chinese", "value": 1}),
        ('indicator = "lock_in.state", op = "==", value = "none"', {"value": "none"}),
        ('indicator = "n_actors", op = ">", project = "Q"', {"project": "Q", "value": None}),
    ],
)
def test_conditions(tmp_path: Path, table: Table, condition: str, expected: dict[str, Any]) -> None:
    found = read_claims(written(tmp_path, GOOD.replace(TEST, condition)), table)[0].condition
    assert {name: getattr(found, name) for name in expected} == expected


def test_what_cannot_be_tested_needs_no_condition(tmp_path: Path, table: Table) -> None:
    text = GOOD.replace(f"condition = {{ {TEST} }}\n", 'kind = "future"\n')
    claims = read_claims(written(tmp_path, text), table)
    assert judge(Resolved(table, View()), claims)[0].verdict == "not testable"


def test_keys_known_without_numbers_are_those_of_the_numbers(table: Table) -> None:
    measured = set(comparable_keys(Resolved(table, View(min_phases=0)), ""))
    assert set(keys_by_origin(table.codebook)) <= measured
