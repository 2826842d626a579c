"""The packaged codebook, a user's own, and what is wrong with a wrong one."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agency.errors import DataError
from agency.findings.finding import UnreadableError
from agency.findings.toml import read_toml
from agency.table.check import examine_data, load_table
from agency.vocabulary.codebook import SERIES, UNKNOWN, StudyFacts, default_codebook, default_text, read_codebook

PHASE = """
[[phase]]
key = "build"
label = "Built by"
kind = "event"
block = "build"
"""
ORIGIN = """
[[origin]]
key = "local"
label = "Local"
foreign = false

[[origin]]
key = "african"
label = "African"
foreign = true
"""


def test_the_packaged_codebook():
    book = default_codebook()
    assert [(phase.key, phase.label, phase.kind, phase.block, phase.core) for phase in book.phases] == [
        ("financing", "Financed by", "event", "finance", False),
        ("initiation", "Initiated by", "event", "upstream", True),
        ("requirements", "Requirements defined by", "event", "upstream", True),
        ("design", "Designed by", "event", "build", True),
        ("implementation", "Implemented by", "event", "build", True),
        ("operation", "Managed and operated by", "continuing", "operate", True),
        ("maintenance", "Maintained and upgraded by", "continuing", "maintain", True),
    ]
    assert book.foreign_origins == ("chinese", "western", "other")
    assert [origin.key for origin in book.origins] == ["local", "chinese", "western", "other", "mixed"]
    assert book.roles == {"lead": 1.0, "support": 0.0}
    assert book.phase("financing").weight == 0
    assert (book.thresholds["hhi_foreign"].value, book.thresholds["coverage"].value) == (0.4, 0.5)
    assert all(line.citation for line in book.thresholds.values())
    assert book.origin("unknown") is UNKNOWN


def test_a_codebook_written_out_is_the_packaged_one():
    assert read_codebook(default_text()) == default_codebook()
    assert read_codebook("") == default_codebook()


def test_a_table_replaces_the_packaged_one_whole():
    book = read_codebook(PHASE)
    assert [(phase.key, phase.short, phase.weight, phase.core) for phase in book.phases] == [
        ("build", "Built by", 1.0, True)
    ]
    assert book.origins == default_codebook().origins


def test_origins_of_ones_own_get_colours():
    book = read_codebook(ORIGIN)
    assert book.foreign_origins == ("african",)
    assert book.origin("local") == default_codebook().origin("local")
    own = book.origin("african")
    assert (own.colour, own.strong, own.hatch) == tuple(SERIES[0][name] for name in ("colour", "strong", "hatch"))


def test_a_colour_that_is_given_is_kept_and_takes_none_of_the_series():
    given = ORIGIN.replace('key = "african"', 'key = "african"\ncolour = "#123456"')
    own = read_codebook(given).origin("african")
    assert (own.colour, own.strong) == ("#123456", "#123456")


def test_rows_follow_the_codebook_beside_them(tmp_path):
    (tmp_path / "codebook.toml").write_text(PHASE + ORIGIN)
    table = tmp_path / "actors_by_phase.csv"
    table.write_text("project,phase,actor,origin,source\nP,build,A,african,s\nP,build,B,unknown,s\n")
    assert load_table(tmp_path).rows["origin"].tolist() == ["african", "unknown"]
    table.write_text("project,phase,actor,origin,source\nP,design,A,chinese,s\n")
    with pytest.raises(DataError, match=r"expected local, african or unknown[\s\S]*found 'design', expected build"):
        load_table(tmp_path)


@pytest.mark.parametrize(
    "text, line, words",
    [
        ("[[phase]\n", 1, "Expected ']]'"),
        ("phase = 3\n", 1, "found 3, expected [[phase]] entries"),
        ("\n[roles]\nlead = -1\n", 3, "lead = -1"),
        ("[roles]\nlead = 0\nsupport = 0\n", 2, "lead = 0, expected a number above 0"),
        ("[roles]\nlead = 1\nsupport = 1e308\n", 3, "support = 1e+308, expected a number from 0 to 1000000"),
        ("roles = {lead = 1, support = nan}\n", 1, "support = nan"),
        (PHASE + "weight = 1000001\n", 7, "weight = 1000001 in phase 'build', expected a number from 0 to 1000000"),
        ("[roles]\nsupport = 0\n", 1, "no role 'lead'"),
        (PHASE.replace("event", "evnt"), 5, "kind = 'evnt' in phase 'build', expected event or continuing"),
        (PHASE.replace('"build"\n', '"tail"\n'), 6, "block = 'tail'"),
        (PHASE.replace('key = "build"', 'key = "two words"'), 3, "key = 'two words'"),
        (PHASE.replace('label = "Built by"\n', ""), 2, "no label in phase 'build'"),
        (PHASE + 'colour = "red"\n', 7, "found 'colour', expected one of key, label"),
        (PHASE + "core = 1\n", 7, "core = 1 in phase 'build', expected true or false"),
        (PHASE + "weight = true\n", 7, "weight = True"),
        (PHASE + "core = false\n", 2, "no core phase with a weight above 0"),
        (PHASE + PHASE, 9, "phase 'build' again"),
        (ORIGIN + 'colour = "red"\n', 11, "colour = 'red' in origin 'african', expected a colour such as #6699CC"),
        (ORIGIN + 'hatch = "ooo"\n', 11, "straight hatches"),
        (ORIGIN.replace('"local"', '"home"'), 2, "no origin 'local' with foreign = false"),
        (ORIGIN.replace('"african"', '"unknown"'), 8, "key 'unknown' is taken by results, expected another key"),
        ("[thresholds.coverage]\nvalue = 0.5\ncitation = 'own'\n", 1, "no threshold hhi_foreign"),
        ("[thresholds.coverage]\nvalue = 'half'\ncitation = 'own'\n", 2, "value = 'half' in threshold 'coverage'"),
        (
            f"[thresholds.coverage]\nvalue = 1{'0' * 400}\ncitation = 'own'\n",
            2,
            "in threshold 'coverage', expected a num",
        ),
        ("[thresholds]\nhhi = 1\ncoverage = 0.4\n", 3, "0.4 as threshold 'coverage', expected a table with value and"),
        ("\n[thresholds.coverage]\nvalue = 0.5\n", 2, "no citation in threshold 'coverage'"),
        ("[thresholds]\n'coverage'.value = 0.5\n", 2, "no citation in threshold 'coverage'"),
        (PHASE.replace('"build"', '"continuing"', 1), 3, "key 'continuing' is taken by results"),
        (ORIGIN.replace('"african"', '"gap"'), 8, "key 'gap' is taken by results"),
        (
            PHASE.replace("Built by", "Built\\u0007by"),
            4,
            "label = 'Built\\x07by' in phase 'build', expected a few words",
        ),
        ("[role]\nlead = 1\n", 1, "found 'role', expected one of phase, origin, roles, thresholds"),
    ],
)
def test_mistakes_are_named_where_they_stand(text, line, words):
    with pytest.raises(UnreadableError) as caught:
        read_codebook(text)
    assert {entry.file for entry in caught.value.findings} == {"codebook.toml"}
    assert [entry.line for entry in caught.value.findings if words in entry.message] == [line]


def test_the_greatest_weight_is_accepted_and_a_greater_one_says_what_to_do():
    assert read_codebook(PHASE + "weight = 1000000\n").phases[0].weight == 1e6
    with pytest.raises(UnreadableError) as caught:
        read_codebook(PHASE + "weight = 1e308\n")
    assert caught.value.findings[0].fix == "Only proportions matter: divide all weights by the same number."


def test_mistakes_of_several_tables_come_at_once():
    with pytest.raises(UnreadableError) as caught:
        read_codebook("[roles]\nlead = 0\n[thresholds]\ncoverage = 0.4\n")
    assert [entry.line for entry in caught.value.findings] == [4, 2]


def test_what_a_study_says_of_itself():
    book = read_codebook("[study]\ntitle = 'Cases'\nauthor = 'A'\ncoders = 'two'\nuntil = 2021\nlanguage = 'es'\n")
    assert book.study == StudyFacts("Cases", "A", "two", 2021, "es")
    assert book.phases == default_codebook().phases
    assert default_codebook().study == StudyFacts()


@pytest.mark.parametrize(
    "line", ["title = 5", "until = '2021'", "until = 1800", "until = true", "language = 'fr'", "titel = 'x'"]
)
def test_what_a_study_says_of_itself_is_checked(line):
    with pytest.raises(UnreadableError) as caught:
        read_codebook(f"[study]\n{line}\n")
    assert [entry.line for entry in caught.value.findings] == [2]
    with pytest.raises(UnreadableError):
        read_codebook("study = 5\n")


def test_a_broken_codebook_is_all_that_is_said(tmp_path):
    (tmp_path / "codebook.toml").write_text(PHASE + "weight = -1\n")
    (tmp_path / "actors_by_phase.csv").write_text("project,phase,actor,origin,source\nP,bild,A,lokal,s\n")
    (tmp_path / "projects.csv").write_text("nothing\n")
    seen = examine_data(tmp_path)
    assert [(entry.file, entry.line, entry.code) for entry in seen.findings] == [("codebook.toml", 7, "codebook-entry")]
    assert seen.table is None
    (tmp_path / "codebook.toml").write_bytes(PHASE.encode() + b"\xff\xc3\xb1\n")
    assert {entry.file for entry in examine_data(tmp_path).findings} == {"codebook.toml"}


HARD = """
title = "a # no comment, no [table]"
note = '''
[[claim]]
key = 1
'''
"quoted.key" = 1
many = [
  1,  # a comment with ]
  { a = 1, b = "}" },
]

[[claim]]
id = "a"
[claim.scope]
projects = ["P"]
years = [2018,
2019]

[[claim]]
id = 'b'
scope.phases = ["design"]
condition = { indicator = "x", op = "]" }
[claim.scope.where]
phase = "design"
[ other . "table" ]
x = 2018-05-01T10:00:00
"""


def test_the_line_of_anything_in_a_file_is_found():
    book = read_toml(HARD, "f.toml")
    expected = {
        ("title",): 2, ("note",): 3, ("quoted.key",): 7, ("many",): 8, ("many", 0): 9, ("many", 1, "b"): 10,
        ("claim", 0): 13, ("claim", 0, "id"): 14, ("claim", 0, "scope"): 15, ("claim", 0, "scope", "years"): 17,
        ("claim", 0, "scope", "years", 1): 18, ("claim", 1): 20, ("claim", 1, "id"): 21,
        ("claim", 1, "scope", "phases"): 22, ("claim", 1, "condition", "op"): 23, ("claim", 1, "condition"): 23,
        ("claim", 1, "scope", "where", "phase"): 25, ("claim", 1, "scope", "where"): 24, ("other", "table", "x"): 27,
        ("claim", 0, "text"): 13, ("claim", 0, "scope", "phases"): 15, ("nothing",): 0,
    }  # fmt: skip
    assert {path: book.place(*path).line for path in expected} == expected


def values():
    """Values as TOML writes them, with marks of the syntax in their texts."""
    leaf = st.one_of(
        st.integers(-9, 9), st.booleans(), st.text(alphabet="ab=[]{}#,.\n\"'", max_size=6).map(lambda text: text)
    )
    return st.recursive(leaf, lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["a", "b.c", "d e", "f"]), inner, max_size=3)
    ), max_leaves=8)  # fmt: skip


def as_toml(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return "[\n" + "".join(f"{as_toml(entry)},\n" for entry in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {as_toml(entry)}" for key, entry in value.items()) + "}"
    return json.dumps(value)


@given(st.lists(st.dictionaries(st.sampled_from(["x", "y.z"]), values(), min_size=1), min_size=1, max_size=3))
def test_every_value_has_a_line_on_which_it_can_be_seen(entries):
    text = "".join(
        "[[t]]\n" + "".join(f"{json.dumps(key)} = {as_toml(value)}\n" for key, value in entry.items())
        for entry in entries
    )
    book = read_toml(text, "f.toml")
    assert book.tables == {"t": entries}
    lines = text.split("\n")
    for number, entry in enumerate(entries):
        assert lines[book.place("t", number).line - 1] == "[[t]]"
        for key in entry:
            assert lines[book.place("t", number, key).line - 1].startswith(json.dumps(key))


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 3_000 + "]" * 3_000,
        "a = " + "{a=" * 500 + "1" + "}" * 500,
        "a = " + "1" * 5_000,
        ".".join("a" * 50_000) + " = 1",
        "[" + ".".join("a" * 50_000) + "]",
        'a = "' + "x" * 3_000_000 + '"',
    ],
)
def test_a_file_made_to_stall_is_refused_at_once(text):
    began = time.process_time()
    with pytest.raises(UnreadableError) as caught:
        read_codebook(text)
    assert [entry.code for entry in caught.value.findings] == ["toml-bounds"]
    assert time.process_time() - began < 5
