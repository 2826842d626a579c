"""The packaged codebook, a user's own, and what is wrong with a wrong one."""

from __future__ import annotations

import pytest

from agency.errors import DataError
from agency.findings.finding import UnreadableError
from agency.table.load import load_table
from agency.vocabulary.codebook import UNKNOWN, StudyFacts, default_codebook, default_text, read_codebook

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
    assert book.origin("african").colour == book.origin("african").strong


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
        (PHASE + "weight = 1000001\n", 2, "weight = 1000001 in phase 'build', expected a number from 0 to 1000000"),
        ("[roles]\nsupport = 0\n", 1, "no role 'lead'"),
        (PHASE.replace("event", "evnt"), 2, "kind = 'evnt' in phase 'build', expected event or continuing"),
        (PHASE.replace('"build"\n', '"tail"\n'), 2, "block = 'tail'"),
        (PHASE.replace('key = "build"', 'key = "two words"'), 2, "key = 'two words'"),
        (PHASE.replace('label = "Built by"\n', ""), 2, "no label in phase 'build'"),
        (PHASE + 'colour = "red"\n', 2, "found 'colour', expected one of key, label"),
        (PHASE + "core = 1\n", 2, "core = 1 in phase 'build', expected true or false"),
        (PHASE + "weight = true\n", 2, "weight = True"),
        (PHASE + "core = false\n", 2, "no core phase with a weight above 0"),
        (PHASE + PHASE, 8, "phase 'build' again"),
        (ORIGIN + 'colour = "red"\n', 7, "colour = 'red' in origin 'african', expected a colour such as #6699CC"),
        (ORIGIN + 'hatch = "ooo"\n', 7, "straight hatches"),
        (ORIGIN.replace('"local"', '"home"'), 2, "no origin 'local' with foreign = false"),
        (ORIGIN.replace('"african"', '"unknown"'), 7, "origin 'unknown', expected a key that is not reserved"),
        ("[thresholds.coverage]\nvalue = 0.5\ncitation = 'own'\n", 1, "no threshold hhi_foreign"),
        ("[thresholds.coverage]\nvalue = 'half'\ncitation = 'own'\n", 1, "value = 'half' in threshold 'coverage'"),
        (
            f"[thresholds.coverage]\nvalue = 1{'0' * 400}\ncitation = 'own'\n",
            1,
            "in threshold 'coverage', expected a num",
        ),
        ("[thresholds]\nhhi = 1\ncoverage = 0.4\n", 3, "0.4 as threshold 'coverage', expected a table with value and"),
        ("\n[thresholds.coverage]\nvalue = 0.5\n", 2, "no citation in threshold 'coverage'"),
        ("[thresholds]\n'coverage'.value = 0.5\n", 2, "no citation in threshold 'coverage'"),
        ("[role]\nlead = 1\n", 1, "found 'role', expected one of phase, origin, roles, thresholds"),
    ],
)
def test_mistakes_are_named_at_their_table(text, line, words):
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


def test_codebook_and_table_are_reported_together(tmp_path):
    (tmp_path / "codebook.toml").write_text("[[phase]]\nkey = 1\n")
    (tmp_path / "actors_by_phase.csv").write_text("project,phase,actor,origin,source\nP,design,A,nowhere,s\n")
    with pytest.raises(DataError) as caught:
        load_table(tmp_path)
    assert {entry.file for entry in caught.value.findings} == {"codebook.toml", "actors_by_phase.csv"}


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
    assert [entry.line for entry in caught.value.findings] == [1]
    with pytest.raises(UnreadableError):
        read_codebook("study = 5\n")
