"""The public schema and the reader say the same of any DataFrame: same verdict, same cells."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import examples

import agency
from agency.findings.finding import kinds
from agency.table.across import ALL_RULES
from agency.table.check import examine_data
from agency.vocabulary.columns import COLUMNS

SOUND = {"project": "P", "phase": "design", "actor": "A", "origin": "local", "source": "s"}
VALUES = {
    "project": ["P", "Q", "", " P "],
    "country": ["", "ECU", "ECU;ARG", "EQU", "x;", None],
    "phase": ["design", "maintenance", "desing", ""],
    "actor": ["A", "B", "", "a\x1bb", None],
    "origin": ["local", "chinese", "unknown", "", "lokal"],
    "unnamed": [True, False, "true", "", "perhaps"],
    "role": ["lead", "support", "", "chief"],
    "start": [None, 2012, 2018.0, "2018", "c. 2018", 12],
    "end": [None, 2017, 2018.0, "2018,0", "now"],
    "duration_years": [None, 3, 0, 999, "3.0"],
    "status": ["held", "vacant", "denied", "proposed", "negotiating", "hold", ""],
    "only": [True, False, "", "maybe"],
    "amount": [None, 240e6, "1.234", "240.000.000", -5, "0", "some"],
    "currency": ["", "USD", "usd", "XYZ", None],
    "source": ["s", "t", "", float("nan")],
    "confidence": ["reported", "", "alleged", "sure"],
    "rank": ["normal", "", "preferred", "best"],
}


RULES = {rule.__name__.replace("_", "-") for rule in ALL_RULES} | {"character-control"}
"""Codes of what is said of a row; all others are said of a cell."""


def verdict_of_the_schema(frame):
    """Return (row, column, code) of every cell that the schema refuses, without column what it refuses of a row."""
    try:
        agency.schema().validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = zip(*(error.failure_cases[name] for name in ("index", "column", "check")), strict=True)
        return {(row, "" if code in RULES else column, code) for row, column, code in cases}
    return set()


def verdict_of_the_reader(frame):
    found = [entry for entry in examine_data(frame).findings if entry.severity == "error"]
    return {(entry.line - 2, "" if entry.code in RULES else entry.column, entry.code) for entry in found}


@st.composite
def frames(draw):
    names = [*SOUND, *draw(st.lists(st.sampled_from([name for name in VALUES if name not in SOUND]), unique=True))]
    rows = draw(
        st.lists(
            st.fixed_dictionaries(
                {name: st.one_of(st.just(SOUND.get(name)), st.sampled_from(VALUES[name])) for name in names}
            ),
            min_size=1,
            max_size=4,
        )
    )
    return pd.DataFrame(rows, columns=names)


@pytest.mark.oldest
@settings(max_examples=examples(20), deadline=None)
@given(frames())
def test_schema_and_reader_refuse_the_same_cells(frame):
    assert verdict_of_the_schema(frame) == verdict_of_the_reader(frame)


@pytest.mark.parametrize(
    "row, cell",
    [
        ({"phase": "desing"}, ("phase", "value-unknown")),
        ({"source": None}, ("source", "cell-required")),
        ({"start": 2018, "end": 2017}, ("", "end-before-start")),
        ({"actor": ""}, ("", "actor-missing")),
        ({"status": "denied", "actor": "", "origin": ""}, ("", "denied-nobody")),
        ({"amount": "1.234", "currency": "USD"}, ("amount", "amount-two")),
        ({"note": "a\x1bb"}, ("", "character-control")),
    ],
)
def test_what_is_refused_is_named_by_its_code(row, cell):
    frame = pd.DataFrame([{**SOUND}, {**SOUND, **row}])
    found = verdict_of_the_schema(frame)
    assert found == verdict_of_the_reader(frame) == {(1, *cell)}


def test_a_header_is_refused_by_both():
    frame = pd.DataFrame([{**SOUND, "confidance": "alleged"}])
    assert {code for _, _, code in verdict_of_the_schema(frame)} == {"column-misspelt"}
    assert {code for _, _, code in verdict_of_the_reader(frame)} == {"column-misspelt"}
    with pytest.raises(pa.errors.SchemaError, match="column 'source' not in dataframe"):
        agency.schema().validate(pd.DataFrame([SOUND]).drop(columns="source"))


def test_a_sound_frame_comes_back_as_it_was_whatever_its_index():
    frame = pd.DataFrame([{**SOUND, "start": 2018.0, "mine": object()}], index=["x"])
    pd.testing.assert_frame_equal(agency.schema().validate(frame), frame)


def test_every_error_of_a_row_is_in_the_schema():
    checks = {check.name for check in agency.schema().checks}
    errors = {
        code for code in (rule.__name__.replace("_", "-") for rule in ALL_RULES) if kinds()[code].severity == "error"
    }
    assert errors <= checks
    assert list(agency.schema().columns) == [column.name for column in COLUMNS]


def test_a_codebook_of_ones_own_is_followed(tmp_path):
    (tmp_path / "codebook.toml").write_text(
        "[[phase]]\nkey = 'build'\nlabel = 'Built by'\nkind = 'event'\nblock = 'build'\n"
    )
    (tmp_path / "actors_by_phase.csv").write_text("project,phase,actor,origin,source\nP,build,A,local,s\n")
    codebook = agency.load(tmp_path).data.codebook
    frame = pd.DataFrame([{**SOUND, "phase": "build"}])
    agency.schema(codebook).validate(frame)
    with pytest.raises(pa.errors.SchemaError, match="value-unknown"):
        agency.schema().validate(frame)
