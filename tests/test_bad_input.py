"""What a statement cannot say: each mistake is named with its file, line and column, what to type, and exit code 1."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import agency
from agency.cli import group
from agency.errors import DataError

HEAD = "project,phase,actor,origin,source,status,only,amount,currency,start,end\n"
GOOD = "P,maintenance,CEIEC,chinese,s,held,,,,2014,2018\n"
PAID = "P,financing,CDB,chinese,s,{rest},,\n"
TABLE, PROJECTS, ACTORS, SOURCES, CLAIMS = (
    "actors_by_phase.csv",
    "projects.csv",
    "actors.csv",
    "sources.bib",
    "claims.toml",
)
WINDOW = "project,window_start,window_end,launched\nP,2012,2021,{launched}\n"
ENTRIES = (
    "@misc{{s, title={{S}}, author={{A}}, year={{2020}}{s}}}\n@misc{{t, title={{T}}, author={{B}}, year={{2021}}{t}}}\n"
)
CLAIM = """[[claim]]
id = "one"
text = "A sentence."
source = "s"
scope = {{ projects = ["P"], phases = ["maintenance"]{scope} }}
condition = {condition}
"""
INCLUDE = '{ holders = "include", origin = ["chinese"] }'
WESTERN = ', where = { phase = "maintenance", holders = "include", origin = ["western"] }'

# What is written, where the finding stands, its code, what must be in found, expected and fix.
MISTAKES = {
    "denied with an amount": (
        {TABLE: HEAD + GOOD + PAID.format(rest="denied,,5,USD")},
        (TABLE, 3, "amount", "amount-unexpected"),
        ("denied", "held or proposed", "Empty amount"),
    ),
    "only on a gap": (
        {TABLE: HEAD + GOOD + "P,maintenance,,,s,vacant,true,,,2019,2021\n"},
        (TABLE, 3, "only", "only-unexpected"),
        ("vacant", "held", "Empty only"),
    ),
    "currency without amount": (
        {TABLE: HEAD + GOOD + PAID.format(rest="held,,,USD")},
        (TABLE, 3, "amount", "amount-without-currency"),
        ("currency without amount", "both or neither", "empty both"),
    ),
    "amount without currency": (
        {TABLE: HEAD + GOOD + PAID.format(rest="held,,5,")},
        (TABLE, 3, "amount", "amount-without-currency"),
        ("amount without currency", "both or neither", "empty both"),
    ),
    "no ISO 4217": (
        {TABLE: HEAD + GOOD + PAID.format(rest="held,,5,DOLLARS")},
        (TABLE, 3, "currency", "currency-format"),
        ("DOLLARS", "ISO 4217", "three-letter code"),
    ),
    "negative amount": (
        {TABLE: HEAD + GOOD + PAID.format(rest="held,,-5,USD")},
        (TABLE, 3, "amount", "amount-format"),
        ("-5", "above 0", "Write the number"),
    ),
    "ambiguous amount": (
        {TABLE: HEAD + GOOD + PAID.format(rest="held,,1.234,USD")},
        (TABLE, 3, "amount", "amount-two"),
        ("1.234", "1234 or 1.234e0", "Write 1234"),
    ),
    "part of an unknown actor": (
        {ACTORS: "actor,part_of\nCEIEC,CETC\n"},
        (ACTORS, 2, "part_of", "part-unknown"),
        ("CETC", "an actor of the table or of actors.csv", "'CEIEC'"),
    ),
    "part of itself": (
        {ACTORS: "actor,part_of\nCEIEC,CETC\nCETC,CEIEC\n"},
        (ACTORS, 2, "part_of", "part-loop"),
        ("'CEIEC' as part of 'CETC'", "one actor at the top", "Empty part_of"),
    ),
    "launched after the window": (
        {PROJECTS: WINDOW.format(launched=2025)},
        (PROJECTS, 2, "launched", "launched-late"),
        ("2025", "2021", "window_end"),
    ),
    "derives from an unknown key": (
        {SOURCES: ENTRIES.format(s=", derives_from={zzz}", t="")},
        (SOURCES, 1, "", "reference-derived"),
        ("zzz", "keys of other entries", "Correct derives_from"),
    ),
    "derives from itself": (
        {SOURCES: ENTRIES.format(s=", derives_from={t}", t=", derives_from={s}")},
        (SOURCES, 1, "", "reference-derived"),
        ("leads back here", "keys of other entries", "Correct derives_from"),
    ),
    "where without a case": (
        {CLAIMS: CLAIM.format(scope=WESTERN, condition=INCLUDE)},
        (CLAIMS, 5, "scope.where", "claim-cases"),
        ("no case meets", "at least one case", "Widen the scope"),
    ),
    "no such indicator": (
        {CLAIMS: CLAIM.format(scope="", condition='{ indicator = "coverag", op = ">=", value = 0.5 }')},
        (CLAIMS, 6, "condition.indicator", "claim-name"),
        ("coverag", "composition.local", "'coverage'"),
    ),
    "a year outside every window": (
        {CLAIMS: CLAIM.format(scope=", years = [1990, 1995]", condition=INCLUDE)},
        (CLAIMS, 5, "scope.years", "claim-year"),
        ("1990", "2012", "Correct the year"),
    ),
}


def written(folder: Path, files: dict[str, str]) -> Path:
    for name, content in {TABLE: HEAD + GOOD, PROJECTS: WINDOW.format(launched=2013), **files}.items():
        (folder / name).write_text(content, "utf-8")
    return folder


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_where_it_is_with_what_to_type(name: str, tmp_path: Path) -> None:
    files, place, words = MISTAKES[name]
    folder = written(tmp_path, files)
    frame = agency.check(folder).frame()
    errors = frame[frame["severity"] == "error"]
    found = errors.set_index(["file", "line", "column", "code"])
    assert place in found.index, errors.to_dict("records")
    entry = found.loc[[place]].iloc[0]
    for cell, expected in zip(entry[["found", "expected", "fix"]], words, strict=True):
        assert expected in cell
    result = CliRunner().invoke(group, ["check", str(folder)])
    assert result.exit_code == 1
    assert f"{place[0]}:{place[1]}" in result.stdout
    target = folder / "out.md"
    target.write_text("as it was", "utf-8")
    command = "claims" if CLAIMS in files else "table"
    refused = CliRunner().invoke(group, [command, str(folder), "-o", str(target)])
    assert isinstance(refused.exception, DataError)
    assert target.read_text("utf-8") == "as it was"


def test_rows_after_the_end_of_the_study_are_a_warning_and_count(tmp_path: Path) -> None:
    folder = written(tmp_path, {"codebook.toml": "[study]\nuntil = 2010\n", PROJECTS: WINDOW.format(launched="")})
    frame = agency.check(folder).frame()
    entry = frame[frame["code"] == "after-until"].iloc[0]
    assert (entry["severity"], entry["line"], entry["column"]) == ("warning", 2, "start")
    assert "2010" in entry["expected"]
    assert CliRunner().invoke(group, ["check", str(folder)]).exit_code == 0
    assert agency.load(folder)["P"].cells.cell("P", "maintenance").text == "2014–2018: CEIEC"
