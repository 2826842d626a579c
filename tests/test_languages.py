"""Languages of what is printed: catalogues, lists, numbers, labels of the codebook."""

from __future__ import annotations

import subprocess
import sys

import messages
import pytest

from agency import words
from agency.findings import UnreadableError
from agency.vocabulary import default_codebook, read_codebook

LANGUAGES = ("es", "pt")
CODEBOOK = """
[[phase]]
key = "design"
label = "Drawn up by"
{more}
kind = "event"
block = "build"

[[phase]]
key = "maintenance"
label = "Maintained and upgraded by"
kind = "continuing"
block = "maintain"
"""


@pytest.fixture
def catalogues(tmp_path, monkeypatch):
    """Let a test bring catalogues of its own."""
    monkeypatch.setattr(words, "_FOLDER", tmp_path)
    words._read.cache_clear()
    yield tmp_path
    words._read.cache_clear()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_that_of_its_po(language):
    path = messages.LOCALE / language / "LC_MESSAGES" / "agency.po"
    assert path.with_suffix(".mo").read_bytes() == messages.compile_catalogue(path, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_places_of_translations_are_those_of_the_sentences(language):
    catalogue = messages.read_catalogue(messages.LOCALE / language / "LC_MESSAGES" / "agency.po")
    assert [fault for message in catalogue if message.id for fault in messages.differing(message)] == []


def test_english_loads_no_catalogue():
    code = "import sys, agency.words as w; w.text('none'); w.listed(['a']); sys.exit('gettext' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    "language, names, said",
    [
        ("en", ["A", "B", "C"], "A, B and C"),
        ("es", ["A", "B", "C"], "A, B y C"),
        ("pt", ["A", "B", "C"], "A, B e C"),
        ("es", ["Huawei", "IBM"], "Huawei e IBM"),
        ("es", ["Huawei", "Íñigo"], "Huawei e Íñigo"),
        ("es", ["Huawei", "Hikvision"], "Huawei e Hikvision"),
        ("es", ["Huawei", "“Hikvision”"], "Huawei e “Hikvision”"),
        ("es", ["Huawei", "Hierro"], "Huawei y Hierro"),
        ("es", ["Huawei", "Hialina"], "Huawei y Hialina"),
        ("es", ["Huawei", "Yitu"], "Huawei y Yitu"),
        ("pt", ["Huawei", "IBM"], "Huawei e IBM"),
    ],
)
def test_lists_follow_the_language(language, names, said):
    with words.speaking(language):
        assert words.listed(names) == said


@pytest.mark.parametrize(
    "language, names, said",
    [
        ("en", ["A", "other"], "A or other"),
        ("es", ["uno", "dos"], "uno o dos"),
        ("es", ["uno", "otro"], "uno u otro"),
        ("es", ["Nicaragua", "Honduras"], "Nicaragua u Honduras"),
        ("es", ["7", "8"], "7 u 8"),
        ("pt", ["um", "outro"], "um ou outro"),
    ],
)
def test_choices_follow_the_language(language, names, said):
    with words.speaking(language):
        assert words.listed(names, any_of=True) == said


def test_numbers_follow_the_language():
    with words.speaking("es"):
        assert words.number(1234.5, 1) == "1.234,5"
        assert words.percent(7 / 12) == "58,3\u00a0%"
    assert (words.number(1234.5, 1), words.percent(7 / 12)) == ("1,234.5", "58.3 %")


def test_a_broken_catalogue_is_said_and_english_used(catalogues):
    path = catalogues / "es" / "LC_MESSAGES" / "agency.mo"
    path.parent.mkdir(parents=True)
    for content in (b"", b"not a catalogue", b"\xde\x12\x04\x95" + b"\xff" * 40):
        path.write_bytes(content)
        words._read.cache_clear()
        with words.speaking("es"):
            assert "English is used" in words._broken("es")
            assert words.text("none") == "none"


@pytest.mark.parametrize(
    "set_to, language",
    [
        ({"LANG": "C"}, "en"),
        ({"LANG": "es_ES.UTF-8"}, "es"),
        ({"LANG": "pt_BR"}, "pt"),
        ({"LANG": "es_ES.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LC_MESSAGES": "es", "LANG": "en_US.UTF-8"}, "es"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_environment_decides_where_everything_is_translated(set_to, language, catalogues, monkeypatch):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in set_to.items():
        monkeypatch.setenv(name, value)
    for one in LANGUAGES:
        po = catalogues / one / "LC_MESSAGES" / "agency.po"
        po.parent.mkdir(parents=True)
        po.write_text(messages.header(one) + 'msgid "none"\nmsgstr "x"\n', "utf-8")
        po.with_suffix(".mo").write_bytes(messages.compile_catalogue(po, one))
    assert words.language_of_environment() == language
    for one in LANGUAGES:
        po = catalogues / one / "LC_MESSAGES" / "agency.po"
        po.write_text(messages.header(one) + 'msgid "none"\nmsgstr ""\n', "utf-8")
        po.with_suffix(".mo").write_bytes(messages.compile_catalogue(po, one))
    words._read.cache_clear()
    assert words.language_of_environment() == "en"


def test_labels_of_the_packaged_codebook_are_translated():
    with words.speaking("es"):
        said = [phase.label for phase in default_codebook().core_phases]
    assert said == [
        "Iniciado por",
        "Requisitos definidos por",
        "Diseñado por",
        "Implementado por",
        "Gestionado y operado por",
        "Mantenido y actualizado por",
    ]
    with words.speaking("pt"):
        said = [phase.label for phase in default_codebook().core_phases]
    assert said == [
        "Iniciado por",
        "Requisitos definidos por",
        "Projetado por",
        "Implementado por",
        "Gerido e operado por",
        "Mantido e atualizado por",
    ]


def test_a_label_of_the_users_codebook_has_its_own_words():
    book = read_codebook(CODEBOOK.format(more='label.es = "Trazado por"'))
    with words.speaking("es"):
        assert [phase.label for phase in book.phases] == ["Trazado por", "Mantenido y actualizado por"]
    assert book.untranslated("es") == ()
    assert book.untranslated("pt") == ("Drawn up by",)
    with words.speaking("pt"):
        assert book.phases[0].label == "Drawn up by"


def test_a_label_of_an_unknown_language_is_a_finding():
    with pytest.raises(UnreadableError) as caught:
        read_codebook(CODEBOOK.format(more='label.xx = "Trazado por"'))
    (found,) = caught.value.findings
    assert (found.code, found.found, found.line) == ("codebook-unknown", "label.xx", 5)
    assert "label.es" in found.expected
