"""Languages of what is printed: catalogues, lists, numbers, labels of the codebook."""

from __future__ import annotations

import html
import json
import pickle
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import messages
import pandas as pd
import pseudo
import pytest
from click.testing import CliRunner
from matplotlib.text import Text

import agency
from agency import cli, words
from agency.cli import catalogue
from agency.findings import UnreadableError
from agency.vocabulary import FILES, default_codebook, read_codebook

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
    monkeypatch.setattr(words, "CATALOGUES", tmp_path)
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
            assert "English is used" in words.broken("es")
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


@pytest.fixture(scope="module")
def spanish():
    return agency.load(language="es")[["ECU 911", "JSeI"]]


def test_a_study_keeps_its_language(spanish):
    row = {"project": "JSeI", "phase": "design", "actor": "A firm", "origin": "local", "source": "malena2021"}
    made = {
        "select": spanish.select(mode="time"),
        "where": spanish.where("start >= 2012"),
        "at": spanish.at(2019),
        "one": spanish["JSeI"],
        "rows": spanish.with_rows(spanish.evidence().iloc[:0].assign(**row)),
        "beside": agency.load(spanish.evidence(), beside=spanish),
        "pickle": pickle.loads(pickle.dumps(spanish)),
    }
    assert {name: study.language for name, study in made.items()} == dict.fromkeys(made, "es")
    assert agency.load().language == "en"
    assert agency.load(spanish.evidence(), beside=spanish, language="pt").language == "pt"


def test_what_a_study_gave_speaks_its_language_whatever_is_in_force(spanish):
    """Words made late: what a printout prints, a blank cell says, a picture draws."""
    printed, picture, findings = spanish.table(), spanish.heatmap(), spanish.findings
    resolved = spanish.resolved
    said = [str(printed), printed.text("html"), picture.pages[0].title, repr(findings), repr(spanish)]
    with words.speaking("pt"):
        late = agency.load(language="es")[["ECU 911", "JSeI"]]
        assert [str(printed), printed.text("html"), picture.pages[0].title, repr(findings), repr(spanish)] == said
        assert str(late.table()) == str(printed)
        assert resolved.cells.cell("JSeI", "design").language == "es"
        assert 'lang="es"' in late._repr_html_()
        assert words.language() == "pt"
    english = agency.load()[["ECU 911", "JSeI"]].table()
    with words.speaking("es"):
        assert str(english).split("\n")[0] == "Actors by phase: ECU 911 and JSeI"


def test_the_language_of_the_codebook_is_the_study_s(tmp_path):
    (tmp_path / "actors_by_phase.csv").write_text("project,phase,actor,origin,source\nA,design,ZTE,chinese,s\n")
    (tmp_path / "codebook.toml").write_text('[study]\nlanguage = "pt"\n')
    study = agency.load(tmp_path)
    assert (study.language, study.table().sheets[0].rows[2][0].text) == ("pt", "Projetado por")
    assert agency.load(tmp_path, language="en").table().sheets[0].rows[2][0].text == "Designed by"


def test_an_unknown_language_is_refused():
    with pytest.raises(agency.UsageError, match="language is one of 'en', 'es', 'pt', not 'fr'"):
        agency.load(language="fr")
    found = CliRunner().invoke(cli.group, ["table", "--language", "fr"])
    assert (found.exit_code, "'en', 'es', 'pt'" in found.output) == (2, True)


def test_a_broken_catalogue_is_said_once_by_a_study(catalogues):
    study = agency.load(language="es")["JSeI"]
    assert sum("English is used" in notice for notice in study.data.notices) == 1
    assert str(study.table()) == str(agency.load()["JSeI"].table())


def test_a_command_leaves_the_language_as_it_was():
    first = CliRunner().invoke(cli.group, ["table", "-p", "JSeI", "--language", "es"])
    assert "Iniciado por" in first.stdout
    assert words.language() == "en"
    assert "Initiated by" in CliRunner().invoke(cli.group, ["table", "-p", "JSeI"]).stdout


TABLE_1 = {
    "es": {
        "Iniciado por": ("Coordinating Ministry of Security", "Jujuy's Ministry of Security"),
        "Requisitos definidos por": ("Coordinating Ministry of Security", "Jujuy's Ministry of Security"),
        "Diseñado por": ("CEIEC (technical)", "ZTE (technical)"),
        "Implementado por": ("Local firms y CEIEC", "Local firms y ZTE"),
        "Gestionado y operado por": ("ECU 911", "Jujuy's Ministry of Security"),
        "Mantenido y actualizado por": ("Hasta 2018: CEIEC / Desde 2018: aún en negociación", "ZTE por 3 años"),
    },
    "pt": {
        "Iniciado por": ("Coordinating Ministry of Security", "Jujuy's Ministry of Security"),
        "Requisitos definidos por": ("Coordinating Ministry of Security", "Jujuy's Ministry of Security"),
        "Projetado por": ("CEIEC (technical)", "ZTE (technical)"),
        "Implementado por": ("Local firms e CEIEC", "Local firms e ZTE"),
        "Gerido e operado por": ("ECU 911", "Jujuy's Ministry of Security"),
        "Mantido e atualizado por": (
            "Até 2018: CEIEC / A partir de 2018: ainda em negociação",
            "ZTE por 3 anos",
        ),
    },
}
"""Names and scopes are the data's; all else is as the field writes it."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_table_1_cell_by_cell(language):
    study = agency.load(language=language)[["ECU 911", "JSeI"]]
    labels = [row[0].text for row in study.table(notes=False).sheets[0].rows]
    cells = [tuple(study.cells.cell(name, phase).text for name in study.projects) for phase in study.phases]
    assert dict(zip(labels, cells, strict=True)) == TABLE_1[language]


def test_a_list_in_a_cell_has_e_before_the_sound_of_i():
    row = {"project": "A", "phase": "design", "origin": "chinese", "source": "s"}
    rows = pd.DataFrame([{**row, "actor": "Huawei"}, {**row, "actor": "Inspur <b>"}])
    study = agency.load(rows, language="es")
    assert study.cells.cell("A", "design").text == "Huawei e Inspur <b>"
    assert "Huawei e Inspur <b>" in str(study.table())
    assert "</span> e <span" in study._repr_html_()


def test_the_template_of_translators_is_that_of_the_sources():
    """Whoever adds a sentence runs `make messages`."""
    collected, _, clashes = messages.collect()
    assert (messages.LOCALE / "agency.pot").read_text("utf-8") == messages.write_catalogue(collected)
    assert clashes == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language):
    collected, _, _ = messages.collect()
    assert messages.faults(language, collected) == []


COMMANDS = {
    "table": "table {study}",
    "table of a year": "table {study} --year end",
    "brief": "brief {study}",
    "indicators": "indicators {study} --all --mode time",
    "groups": "indicators {study} --by type",
    "explained": "indicators {study} --explain weakest_link",
    "compare": "compare --data {study} '{ecu}' {jsei}",
    "regularities": "regularities {study}",
    "robustness": "robustness {study}",
    "whatif": "whatif {study} --withdraw {ceiec} --from 2015",
    "sources": "sources {study}",
    "agreement": "agreement {study}",
    "claims": "claims {study} -f markdown",
    "check": "check {study}",
    "check a faulty table": "check {faulty}",
    "states": "check {study} --states",
    "diff": "diff {study} {later}",
}
OTHERS = {
    "verify": "verify {study} --texts {texts}",
    "new": "new {new}",
    "wide": "import wide {given}/wide.csv -o {new}",
    "aiddata": "import aiddata {given}/aiddata.csv -o {new}",
    "iati": "import iati {given}/iati.xml -o {new}",
    "oc4ids": "import oc4ids {given}/oc4ids.json -o {new}",
    "export": "export {study} --to xlsx -o {new}.xlsx",
    "figure": "figure timeline {study} -o {new}.svg",
    "heatmap": "heatmap {study} -o {new}.svg",
    "help": "--help",
    **{f"help of {name}": f"{name} --help-all" for name in catalogue.COMMANDS},
}
"""Commands that print no JSON."""
KEYS = frozenset(
    [
        "Jaccard",
        "MASI",
        "Nominal",
        "csv",
        "agency",
        "mil",
        "millones",
        "febrero",
        "de",
        "Table",
        "br",
        "es",
        "group",
        "citep",
    ]
)
"""What is no word: names of measures, files, forms; words that Babel gives."""
TYPED = re.compile(
    r"\b[a-z_]+(\.[\w-]+)+|\b\w+_\w+|--?[a-z][a-z-]*|\[[\w -]+\]|[\w./-]*\.(csv|toml|bib|md|txt|html|xlsx|svg)\b|"
    r"\b[a-z]+20\d\d\w*|\b[0-9a-f]{8}\b|'[^']*'|\{[^}]*\}|https?://\S+"
)
"""Keys, options, names of files and sources, what is quoted."""
TYPED_BESIDE = {
    "check": {"preferred", "local", "chinese", "western", "other", "mixed", "unknown"},
    "claims": {"dangers", "initiation"},
    **{key: {"coverage", "undated"} for key in ("groups", "robustness", "diff")},
}
"""Values to write into a table, names of claims, keys of indicators."""
COLUMN_NAMES = frozenset(column.name for columns in FILES.values() for column in columns)


def test_keys_are_words_and_messages_follow_the_option():
    """Phases, origins and rules stand under their names from the first message on; in English under their keys."""
    done = {
        language: CliRunner().invoke(cli.group, ["regularities", "--language", language]) for language in ("en", "es")
    }
    assert "No DATA given" in done["en"].stderr
    assert "No DATA given" not in done["es"].stderr
    for key in ("initiation", "design", "chinese", "static", "best"):
        assert re.search(rf"\b{key}\b", done["en"].stdout), key
        assert not re.search(rf"\b{key}\b", done["es"].stdout), key
    assert "Diseño" not in done["es"].stdout
    assert "diseño" in done["es"].stdout


@pytest.fixture(scope="module")
def greek_catalogue(tmp_path_factory):
    folder = tmp_path_factory.mktemp("greek")
    pseudo.write_pseudo(folder)
    return folder


@pytest.fixture
def greek(greek_catalogue):
    with pseudo.pseudo(greek_catalogue):
        yield


CORPUS = Path(__file__).parent / "corpus"


@pytest.fixture(scope="module")
def armenian(tmp_path_factory):
    """Studies whose own words are in letters of their own: a sound one, a later one, one with mistakes."""
    folder = tmp_path_factory.mktemp("armenian")
    study = pseudo.write_study(CORPUS / "study", folder / "study")
    places = {"study": study, "texts": CORPUS / "texts", "given": CORPUS / "given"}
    for name, old, new in (("later", ",2018,", ",2017,"), ("faulty", "chinese", "martian")):
        places[name] = folder / name
        shutil.copytree(study, places[name])
        table = places[name] / "actors_by_phase.csv"
        table.write_text(table.read_text("utf-8").replace(old, new), "utf-8")
    names = {"ecu": "ECU 911", "jsei": "JSeI", "ceiec": "CEIEC"}
    return places | {key: pseudo.in_armenian(name) for key, name in names.items()}


def run(command, *more, language="es"):
    """Run a command in a language, that of the environment for those without an option."""
    args = [*shlex.split(command), *more]
    if args[0] in catalogue.COMMANDS and any(one.name == "language" for one in catalogue.load(args[0]).params):
        args += ["--language", language]
    with words.speaking(language):
        return CliRunner().invoke(cli.group, args)


@pytest.mark.parametrize("name", [*COMMANDS, *OTHERS])
def test_no_english_is_left_in_what_a_command_says(name, greek, armenian, tmp_path):
    command = {**COMMANDS, **OTHERS}[name].format(**armenian, new=tmp_path / "1")
    done = run(command)
    assert isinstance(done.exception, SystemExit | None), done.exception
    said = TYPED.sub(" ", done.output.replace(str(tmp_path), "").replace(str(armenian["study"].parent), ""))
    left = set(re.findall(r"[A-Za-z]{2,}", said)) - KEYS - COLUMN_NAMES
    typed = typed_in_help() if name.startswith("help") else TYPED_BESIDE.get(name.split(" ")[0], frozenset())
    assert left - typed == set()


def typed_in_help():
    """Names of commands, their examples, values of options."""
    typed = [f"{name} {entry.example}" for name, entry in catalogue.COMMANDS.items()]
    for name in catalogue.COMMANDS:
        options = catalogue.load(name).params
        typed += [str(one) for option in options for one in getattr(option.type, "choices", [])]
        typed += [str(option.default) for option in options]
    return set(re.findall(r"[A-Za-z]{2,}", " ".join(typed)))


def shape(found):
    """Return a document with its sentences left out: keys, numbers and lengths stay."""
    if isinstance(found, dict):
        return {key: shape(value) for key, value in found.items()}
    return [shape(value) for value in found] if isinstance(found, list) else "" if isinstance(found, str) else found


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.usefixtures("greek")
def test_keys_and_numbers_are_the_same_in_every_language(name, armenian):
    """A printed word taken for a value would change them."""
    command = COMMANDS[name].format(**armenian)
    english, greek = (run(command, "-f", "json", language=language).stdout for language in ("en", "es"))
    assert shape(json.loads(greek)) == shape(json.loads(english))


@pytest.mark.parametrize("name", ["heatmap", "timeline", "composition", "summary", "aggregate"])
def test_no_english_is_left_in_a_figure(name, greek):
    study = agency.load(language="es")[["ECU 911", "JSeI"]]
    drawing = getattr(study, name)().drawing
    said = [one.get_text() for one in drawing.figure.findobj(Text)]
    # A name that is cut where its column ends is no whole word.
    whole = [re.sub(r"\w+…", "", one) for one in (*said, drawing.title, drawing.alt_short, drawing.alt_long)]
    assert pseudo.left_in_latin("\n".join(whole)) - KEYS == set()


def test_no_english_is_left_in_the_report(greek, tmp_path):
    page = agency.load(language="es").report(tmp_path).read_text("utf-8")
    shown = re.sub(r"<(script|style|code)\b.*?</\1>", "", page, flags=re.DOTALL)
    heard = re.findall(r'(?:title|aria-label|alt|placeholder)="([^"]*)"', shown)
    said = html.unescape("\n".join([re.sub(r"<[^>]+>", "\n", shown), *heard]))
    # Cut names, files, addresses, hashes.
    said = re.sub(r"\w+…|\w+\.csv\b|https?://\S+|\b[0-9a-f]{12,}\b", "", said)
    assert pseudo.left_in_latin(said) - KEYS - {"gap", "hhi", "coholder"} == set()
