"""Values by their labels: in three languages and any case a table is what it is in canonical form, and says so."""

from __future__ import annotations

import subprocess
import sys

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import examples

from agency.table.check import examine_data
from agency.table.clean import year_reading
from agency.vocabulary.codebook import default_codebook
from agency.vocabulary.columns import COLUMNS, allowed_values, meanings
from agency.vocabulary.countries import COUNTRIES, countries_named

SOUND = {"project": "P", "phase": "design", "actor": "A", "origin": "local", "source": "s"}
BOOK = default_codebook()
BY_NAME = {column.name: column for column in COLUMNS}


@pytest.mark.parametrize(
    "name, code",
    [("México", "MEX"), ("Bolivia", "BOL"), ("Argentina", "ARG"), ("Kenia", "KEN"), ("UK", "GBR"), ("AR", "ARG"),
     ("BR", "BRA"), ("CL", "CHL"), ("GER", "DEU"), ("Reino Unido", "GBR"), ("Côte d'Ivoire", "CIV"),
     ("Côte d’Ivoire", "CIV"), ("DR Congo", "COD"), ("Corea del Sur", "KOR"), ("ivory coast", "CIV"),
     ("Turkey", "TUR"), ("Burma", "MMR"), ("Czech Republic", "CZE"), ("Holanda", "NLD"), ("EE. UU.", "USA"),
     ("England", "GBR"), ("Hong Kong", "HKG"), ("Trinidad and Tobago", "TTO"), ("The Gambia", "GMB"),
     ("São Tomé e Príncipe", "STP"), ("Brasil", "BRA"), ("Estados Unidos", "USA"), ("ecu", "ECU"), ("Niger", "NER"),
     ("Nigeria", "NGA"), ("Dominica", "DMA"), ("Guinea", "GIN"), ("Guinea-Bissau", "GNB"),
     ("Congo-Brazzaville", "COG"), ("Corée", None), ("Atlantis", None)],
)  # fmt: skip
def test_countries_by_name(name, code):
    assert countries_named(name) == ((code,) if code else ())


def test_names_that_are_two_countries_are_no_one():
    assert countries_named("Congo") == ("COG", "COD")
    assert countries_named("Korea") == countries_named("corea") == ("KOR", "PRK")


def test_every_code_has_a_name_and_stands_for_itself():
    assert {code for code in COUNTRIES if countries_named(code) != (code,)} == set()


def test_no_word_of_ours_means_two_things_in_the_packaged_codebook():
    for column in COLUMNS:
        if allowed_values(column, BOOK):
            words = meanings(column, BOOK)
            assert {word: found for word, found in words.words.items() if len(found) > 1} == {}, column.name
            assert {value for value in words.allowed if words.of(value) != (value,)} == set()


@pytest.mark.parametrize(
    "column, cell, value",
    [("phase", "Diseño", "design"), ("phase", "Operación y gestión", "operation"),
     ("phase", "MANTENIMIENTO", "maintenance"), ("phase", "Managed and operated by", "operation"),
     ("phase", "Manutenção", "maintenance"), ("origin", "Chino", "chinese"), ("origin", "ｌocal", "local"),
     ("actor_kind", "gobierno", "government"), ("actor_kind", "Empresa estatal", "state_firm"),
     ("actor_kind", "State firm", "state_firm"), ("unnamed", "sí", "true"), ("unnamed", "X", "true"),
     ("unnamed", "NÃO", "false"), ("role", "apoyo", "support"), ("status", "propuesto", "proposed"),
     ("status", "en negociación", "negotiating"), ("status", "Under negotiation", "negotiating"),
     ("confidence", "Documentado", "documented"), ("currency", "US$", "USD"), ("currency", "€", "EUR"),
     ("rank", "preferido", "preferred"), ("country", "Argentina y Brasil", "ARG;BRA"),
     ("country", "ARG, BRA", "ARG;BRA"), ("start", "2016-03-01", "2016"), ("start", "2016-03-01 00:00:00", "2016"),
     ("start", "desde 2016", "2016"), ("end", "hasta 2018", "2018"), ("end", "until 2018", "2018"),
     ("start", "01/03/2016", "2016"), ("start", "marzo de 2016", "2016"), ("start", "March 2016", "2016")],
)  # fmt: skip
def test_what_has_one_reading_is_read_and_said(column, cell, value):
    paid = {"amount": "5", "currency": "USD"} if column == "currency" else {}
    paid |= {"actor": "", "origin": ""} if value == "negotiating" else {}
    seen = examine_data(pd.DataFrame([{**SOUND, **paid, column: cell}, {**SOUND, **paid, column: cell, "note": "x"}]))
    (said,) = [entry for entry in seen.findings if entry.code == "value-read"]
    assert (said.found, said.expected, said.line) == (cell, f"{value}, in 2 rows", 2)
    assert [str(entry).lower() for entry in seen.table.rows[column]] == [value.lower()] * 2


@pytest.mark.parametrize("cell", ["until 2016", "c. 2016", "2012–2018", "3 años", "2.016", "1820-01-01", "20166", "16"])
def test_what_is_no_first_year_is_not_read(cell):
    assert year_reading(cell, "start") == ()


def test_a_word_of_two_meanings_is_an_error_and_a_key_is_none(tmp_path):
    origins = "".join(
        f"[[origin]]\nkey = '{key}'\nlabel = '{label}'\nforeign = {foreign}\n"
        for key, label, foreign in (("local", "Home", "false"), ("si", "Slovenia", "true"), ("eu", "local", "true"))
    )
    (tmp_path / "codebook.toml").write_text(origins)
    path = tmp_path / "actors_by_phase.csv"
    path.write_text("project,phase,actor,origin,unnamed,source\nP,design,A,Sí,Sí,s\nP,design,B,local,no,s\n")
    seen = examine_data(path)
    assert seen.table.rows[["origin", "unnamed"]].to_numpy().tolist() == [["si", True], ["local", False]]
    path.write_text("project,phase,actor,origin,source\nP,design,A,LOCAL,s\n")
    (error,) = [entry for entry in examine_data(path).findings if entry.severity == "error"]
    assert (error.code, error.expected) == ("value-two", "one reading, not local or eu")


def spellings(column, value):
    """Ways to write a value: words of any language in any case, with odd spaces; for a country its names."""
    words = meanings(column, BOOK)
    known = [word.replace("_", " ") for word, found in words.words.items() if found == (value,)]
    return st.builds(
        lambda word, change, around: around + change(word) + around,
        st.sampled_from(known),
        st.sampled_from([str.upper, str.title, str.lower]),
        st.sampled_from(["", " ", "\u00a0"]),
    )


@st.composite
def said_twice(draw):
    """Draw rows in canonical form, and the same in other words."""
    canonical, spelt = [], []
    for _ in range(draw(st.integers(1, 5))):
        row = {
            **SOUND,
            "actor": draw(st.sampled_from(["A", "B"])),
            "phase": draw(st.sampled_from([phase.key for phase in BOOK.phases])),
            "role": draw(st.sampled_from(["lead", "support"])),
            "unnamed": draw(st.sampled_from(["true", "false"])),
            "confidence": draw(st.sampled_from(["documented", "reported", "alleged"])),
            "actor_kind": draw(st.sampled_from(BY_NAME["actor_kind"].values)),
            "origin": draw(st.sampled_from(allowed_values(BY_NAME["origin"], BOOK))),
            "status": draw(st.sampled_from(["held", "proposed", "denied"])),
        }
        canonical.append({**row, "country": "ECU"})
        coded = [name for name in row if name not in SOUND or name in ("phase", "origin")]
        other = {name: draw(spellings(BY_NAME[name], row[name])) for name in coded}
        spelt.append({**row, **other, "country": draw(st.sampled_from(["Ecuador", "EC", "ecu", " ECUADOR "]))})
    return pd.DataFrame(canonical), pd.DataFrame(spelt)


@settings(max_examples=examples(15), deadline=None)
@given(said_twice())
def test_a_table_in_any_language_and_case_is_the_table_in_canonical_form(both):
    canonical, spelt = (examine_data(frame) for frame in both)
    assert canonical.table is not None
    assert [entry for entry in canonical.findings if entry.code == "value-read"] == []
    pd.testing.assert_frame_equal(spelt.table.rows, canonical.table.rows)
    pd.testing.assert_frame_equal(spelt.table.projects, canonical.table.projects)


def test_names_are_looked_up_only_where_a_country_is_no_code(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("project,phase,actor,origin,source,country\nP,design,A,local,s,ECU\n")
    code = (
        "import sys; from agency.table.check import load_table; load_table(sys.argv[1]); print('babel' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
