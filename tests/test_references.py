"""References as journals take them: entries of real shapes in their printed form, nothing they have is lost."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
import tomllib
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from strategies import examples

from agency.errors import UsageError
from agency.references import (
    Name,
    Reference,
    References,
    bibliography,
    cite,
    findings_of,
    first_keys,
    independent,
    keyed_bibliography,
    of_cited,
    reference_text,
    references_from,
    short_forms,
    styled_bibliography,
    write_bibtex,
)
from agency.references.fieldtext import names_of, plain, verbatim

FOLDER = Path(__file__).parent / "references"
EXPECTED = tomllib.loads((FOLDER / "expected.toml").read_text("utf-8"))
WHOLE = {file: (FOLDER / file).read_bytes() for file in EXPECTED}
CASES = [(file, key) for file, entries in EXPECTED.items() for key in entries]


@cache
def library(file: str) -> References:
    return references_from(WHOLE[file], file)[0]


@cache
def printed(file: str, language: str = "en") -> dict[str, tuple[str, str]]:
    known, keys = library(file), list(EXPECTED[file])
    short, first = short_forms(known, keys, language), first_keys(keys, known)
    entries = dict(keyed_bibliography(known, keys, language))
    return {key: (short[key], marked(entries[first[key]])) for key in keys}


def marked(entry) -> str:
    return "".join(f"*{piece.text}*" if piece.style == "italic" else piece.text for piece in entry)


def test_there_are_sixty_entries_of_every_shape():
    assert len(CASES) >= 60
    assert set(EXPECTED) == {path.name for path in FOLDER.iterdir()} - {"expected.toml"}


@pytest.mark.parametrize("file", EXPECTED)
def test_files_as_real_libraries_have_them_are_sound(file):
    assert references_from(WHOLE[file], file)[1] == []


@pytest.mark.parametrize("file, key", CASES)
def test_the_printed_form(file, key):
    assert list(printed(file)[key]) == EXPECTED[file][key]


def letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def lost(reference: Reference, text: str) -> list[str]:
    """Return what an entry has and its printed form has not: title, year, address."""
    has = {
        "title": letters(reference.title),
        "year": letters(reference.year),
        "address": letters(reference.doi or reference.url),
        "author": letters(reference.authors[0].family) if reference.authors else "",
    }
    return [name for name, value in has.items() if value not in letters(text)]


@pytest.mark.parametrize("language", ["en", "es", "pt"])
@pytest.mark.parametrize("file", EXPECTED)
def test_no_entry_loses_title_year_or_address(file, language):
    known, keys = library(file), list(EXPECTED[file])
    for key, entry in keyed_bibliography(known, keys, language):
        text = reference_text(entry).replace("En prensa", "forthcoming").replace("No prelo", "forthcoming")
        assert lost(known[key], text) == [], key


def test_two_keys_of_one_work_are_one_entry():
    known = library("handwritten.bib")
    assert short_forms(known, ["hunter", "hunter_again"]) == {"hunter": "Hunter 2007", "hunter_again": "Hunter 2007"}
    assert len(bibliography(known, ["hunter", "hunter_again"])) == 1
    assert independent(["hunter", "hunter_again"], known) == 1


def test_two_interviews_without_names_are_two():
    known = {key: Reference(key, "interview", title="Interview with an official", year="2019") for key in "ab"}
    assert list(short_forms(known, "ab").values()) == [
        "“Interview with an official” 2019a",
        "“Interview with an official” 2019b",
    ]
    assert independent("ab", known) == 2


def test_ten_unsigned_news_items_are_cited_by_newspaper_in_order_of_date():
    known = {
        f"n{n}": Reference(
            f"n{n}",
            "article-newspaper",
            container="El Comercio",
            title=f"Item {n}",
            year="2012",
            issued=_day(2012, n, 1),
        )
        for n in range(10, 0, -1)
    }
    short = short_forms(known, known)
    assert [short[f"n{n}"] for n in range(1, 11)] == [f"El Comercio 2012{letter}" for letter in "abcdefghij"]
    entries = [reference_text(entry) for entry in bibliography(known, known)]
    assert entries[0] == "El Comercio. 2012a. “Item 1.” January 1, 2012."
    assert entries[9] == "El Comercio. 2012j. “Item 10.” October 1, 2012."


def _day(*parts: int):
    from agency.references import Day

    return Day(*parts)


def test_order_ignores_accents_and_in_spanish_n_with_tilde_is_a_letter():
    known = {
        key: Reference(key, "book", (Name(key, "A"),), title="T", year="2000")
        for key in ("Nuñez", "Nunez", "Nuo", "Álvarez", "Alvaro", "Zuo", "O'Dell", "Odem")
    }
    order = [key for key, _ in keyed_bibliography(known, known)]
    assert order == ["Álvarez", "Alvaro", "Nunez", "Nuñez", "Nuo", "O'Dell", "Odem", "Zuo"]
    order = [key for key, _ in keyed_bibliography(known, known, "es")]
    assert order == ["Álvarez", "Alvaro", "Nunez", "Nuñez", "Nuo", "O'Dell", "Odem", "Zuo"]
    known["Nuno"] = Reference("Nuno", "book", (Name("Nuno", "A"),), title="T", year="2000")
    # n < ñ: "Nuñez" stands behind every "Nun…" in Spanish, in the middle of them elsewhere.
    assert [key for key, _ in keyed_bibliography(known, known)][2:5] == ["Nunez", "Nuñez", "Nuno"]
    assert [key for key, _ in keyed_bibliography(known, known, "es")][2:5] == ["Nunez", "Nuno", "Nuñez"]


def test_people_of_one_surname_are_told_apart_by_initials():
    known = {
        "a": Reference("a", authors=(Name("Wang", "Wei"),), year="2020", title="A"),
        "b": Reference("b", authors=(Name("Wang", "Li"),), year="2020", title="B"),
        "c": Reference("c", authors=(Name("Wang", "W."),), year="2020", title="C"),
    }
    assert short_forms(known, known) == {"a": "W. Wang 2020b", "b": "L. Wang 2020", "c": "W. Wang 2020a"}


def test_languages_print_their_own_words():
    known = library("biblatex.bib")
    spanish = dict(keyed_bibliography(known, ["ragin2009", "comercio2012", "inpress"], "es"))
    assert "En *Configurational" in marked(spanish["ragin2009"])
    assert "editado por Benoît Rihoux y Charles C. Ragin, 87–122" in marked(spanish["ragin2009"])
    assert "27 de noviembre de 2012" in marked(spanish["comercio2012"])
    assert "En prensa." in marked(spanish["inpress"])
    portuguese = dict(keyed_bibliography(known, ["xinhua2016"], "pt"))
    assert "Acesso em 2 de maio de 2023." in marked(portuguese["xinhua2016"])
    names = (Name("Gómez"), Name("Iglesias"))
    assert short_forms({"a": Reference("a", authors=names, year="1")}, "a", "es") == {"a": "Gómez e Iglesias 1"}


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Juan Pérez", ["Pérez, Juan"]),
        ("Pérez, Juan and Ana Gómez", ["Pérez, Juan", "Gómez, Ana"]),
        ("{Ministry of Health and Welfare}", ["Ministry of Health and Welfare"]),
        ("Ministerio de Gobierno", ["Ministerio de Gobierno"]),
        ("University of California and {OECD}", ["University of California", "OECD"]),
        ("Ludwig van Beethoven", ["van Beethoven, Ludwig"]),
        ("de la Torre, Carlos", ["de la Torre, Carlos"]),
        ("Martin Luther King Jr.", ["King, Martin Luther, Jr."]),
        ("King, Jr., Martin Luther", ["King, Martin Luther, Jr."]),
        ("family=Dijk, given=Teun A., prefix=van", ["van Dijk, Teun A."]),
        ("王伟", ["王伟"]),
        ("王, 伟", ["王伟"]),
        (r"{\'A}lvarez, Jos{\'e} and M{\"u}ller, J{\"o}rg", ["Álvarez, José", "Müller, Jörg"]),
        ("Pérez, Juan; Gómez, Ana", ["Pérez, Juan", "Gómez, Ana"]),
        ("d'Alembert, Jean", ["d'Alembert, Jean"]),
        ("", []),
        (" and , and ", []),
    ],
)
def test_names(text, expected):
    names, _, unclear = names_of(text)
    assert [name.inverted for name in names] == expected
    assert unclear == ""


def test_names_with_two_readings_are_asked_about():
    assert names_of("Ana Gil, Wei Li, Bo Ek")[2] == "Ana Gil, Wei Li, Bo Ek"


@pytest.mark.parametrize(
    "text, expected",
    [
        (r"Caf\'e, S\~ao, \c{c}\c c, \v{s}, \H{o}, \r a, \o\ss{} {\L}\'o\'{\i}", "Café, São, çç, š, ő, å, øß Łóí"),
        (r"a---b, 1--2, ``x'' and `y'", "a—b, 1–2, “x” and `y'"),
        (r"100\% \& \$5 \#1 a\_b \{c\} \textasciitilde{}", "100% & $5 #1 a_b {c} ~"),
        (r"\emph{It} \textbf{is \textit{so}} {\bf bold}", "It is so bold"),
        (r"\href{http://x.org}{the site}", "the site"),
        (r"$\alpha$ and 2$^{nd}$", "alpha and 2^nd"),
        (r"\KOMAScript\ and \unknown{arg}", "KOMAScript and arg"),
        ("open { brace", "open brace"),
        ("backslash \\", "backslash"),
        (r"a\\b", "a b"),
    ],
)
def test_latex(text, expected):
    assert plain(text) == expected


def test_addresses_are_left_as_they_are():
    assert verbatim(r"https://x.org/a\_b\%20c--d'e~f?g=1\&h={2}") == "https://x.org/a_b%20c--d'e~f?g=1&h=2"


def test_cite_escapes_the_page():
    assert cite("k", "p. 4") == r"\citep[p.~4]{k}"
    assert cite("k", "100% & 3_a") == r"\citep[100\% \& 3\_a]{k}"


def test_derivation_is_read_from_every_input_and_counts_as_one_source():
    assert library("biblatex.bib")["interview2019"].derives_from == ("ecu911about", "contract2011")
    assert library("zotero.json")["universo2013"].derives_from == ("malena2021",)
    assert library("sources.csv")["llegada2"].derives_from == ("llegada",)
    known = library("biblatex.bib")
    # Two sources retold by a third are connected by it, although it is not counted itself.
    assert independent(["ecu911about", "contract2011"], known) == 1
    assert independent(["ecu911about", "interview2019", "zuboff2019"], known) == 2
    assert independent(["zuboff2019", "unknown", "unknown"], known) == 2
    assert independent([], known) == 0


def test_derivation_must_lead_somewhere_and_not_round():
    text = (
        "@misc{a, derives_from={b}}@misc{b, derives_from={c}}\n@misc{c, derives_from={b}}\n@misc{d, derives_from={x}}\n"
    )
    faults = references_from(text.replace("@", "\n@").encode(), "s.bib")[1]
    assert {(fault.key, fault.code) for fault in faults} == {(key, "reference-derived") for key in "abcd"}


def test_only_cited_entries_are_errors():
    text = "@misc{a, title = {A}}\n@misc{b, title = {B\n@misc{c, author = {A, B, C, D}}\n"
    faults = references_from(text.encode(), "s.bib")[1]
    assert [fault.code for fault in of_cited(faults, ["b"])] == ["reference-syntax", "reference-unused"]
    (only,) = findings_of(of_cited(faults, ["a"]))
    assert (only.severity, only.line, "b (line 2), c (line 3)" in only.message) == ("warning", 2, True)
    (error,) = (one for one in findings_of(of_cited(faults, ["b"])) if one.severity == "error")
    assert (error.line, error.found[:3]) == (3, "b: ") or error.line in (2, 3)


def test_a_broken_entry_costs_no_other():
    text = "@misc{a, title = {A {b}\n\n@misc{b, title = {B}}\n@misc{c, title = {T \\}\n@misc{d, title = {D}}\n"
    known, faults = references_from(text.encode(), "s.bib")
    assert list(known) == ["b", "d"]
    assert dict(known.broken) == {"a": 1, "c": 4}
    assert {fault.key for fault in faults} == {"a", "c"}


@pytest.mark.parametrize("file", ["biblatex.bib", "jabref.bib", "handwritten.bib"])
def test_round_trip_keeps_every_field(file):
    known = library(file)
    again, faults = references_from(write_bibtex(known.values()).encode(), file)
    assert faults == []
    assert {key: (one.written, dict(one.fields)) for key, one in again.items()} == {
        key: (one.written, dict(one.fields)) for key, one in known.items()
    }


@pytest.mark.parametrize("file", ["zotero.json", "mendeley.json", "sources.csv"])
def test_other_inputs_survive_as_bibtex(file):
    known = library(file)
    again, faults = references_from(write_bibtex(known.values()).encode(), "again.bib")
    assert faults == []
    for key, one in known.items():
        kept = again[key]
        for name in (
            "authors",
            "year",
            "issued",
            "title",
            "doi",
            "url",
            "source_type",
            "derives_from",
            "pages",
            "place",
        ):
            assert getattr(kept, name) == getattr(one, name), (key, name)


def test_a_bundle_keeps_the_references_byte_by_byte(tmp_path):
    """From sources.bib to the bundle of a report and back."""
    import agency
    from agency.report import write_report

    study = tmp_path / "study"
    study.mkdir()
    (study / "actors_by_phase.csv").write_text("project,phase,actor,origin,source\nP,design,A,local,vila2024\n")
    data = (FOLDER / "biblatex.bib").read_bytes()
    (study / "sources.bib").write_bytes(data)
    loaded = agency.load(study)
    write_report(loaded.resolved, tmp_path / "out", beside="bundle")
    assert (tmp_path / "out" / "input" / "sources.bib").read_bytes() == data
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "<i>The Information Society</i>" in page
    assert 'href="https://doi.org/10.1080/01972243.2024.2317057"' in page


# Mutated entries ---------------------------------------------------------------------------------

PIECES = [
    b"{",
    b"}",
    b"\\",
    b'"',
    b",",
    b"=",
    b"@",
    b"#",
    b"(",
    b"\n",
    b"and",
    b"\xff",
    b"\xc3",
    b"null",
    b"[",
    b"]",
    b":",
    b"'",
]


@st.composite
def mutated(draw):
    """Return a file of ours with a few bytes deleted, doubled or replaced, and its name."""
    file = draw(st.sampled_from(sorted(WHOLE)))
    data = WHOLE[file]
    if file.endswith(".bib"):
        entries = re.split(rb"(?m)^(?=@)", data)
        data = draw(st.sampled_from(entries))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        gone = draw(st.integers(0, 12))
        data = data[:at] + draw(st.sampled_from(PIECES) | st.binary(max_size=3)) + data[at + gone :]
    return file, data


@settings(max_examples=examples(2000), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
@example(("x.bib", b"@misc{a, title = {T \\}}"))
@example(("x.bib", b"@misc{a, author = {, , and {} and {\\},,,}, year = {\\}}"))
@example(("x.json", b'[{"id": 1, "issued": {"date-parts": [[99999, "x"]]}, "author": [{}]}]'))
@example(("x.json", b'[{"id": "a", "title": 1e999, "note": 7}, 5, null, {"id": ["a"]}]'))
def test_no_bytes_end_in_a_traceback(case):
    file, data = case
    known, faults = references_from(data, file)
    findings_of(of_cited(faults, list(known)[:1]))
    assert all(fault.file and fault.line >= 0 for fault in faults)
    keys = [*known, "unknown"]
    assert set(short_forms(known, keys)) == set(keys)
    for key, entry in keyed_bibliography(known, keys, "es"):
        text = reference_text(entry)
        assert text.isprintable()
        assert text
        assert [name for name in lost(known[key], text) if name != "year"] == []
    write_bibtex(known.values())


@pytest.mark.parametrize(
    "file, data",
    [
        ("s.bib", b"," * 1_000_000),
        ("s.bib", b"@misc{a," + b"," * 1_000_000 + b"}"),
        ("s.bib", b"@misc{a, title = {" + b"{" * 100_000 + b"}" * 100_000 + b"}}"),
        ("s.bib", b"@misc(a, title = " + b'"" # ' * 40_000 + b'"")'),
        ("s.bib", b"@misc{a, title = {x}}\n" * 6000),
        ("s.bib", b"".join(b"@misc{a%d, crossref = {a%d}, title = {x}}\n" % (n, n + 1) for n in range(6000))),
        ("s.bib", b"".join(b"@misc{a%d, derives_from = {a%d}, title = {x}}\n" % (n, n + 1) for n in range(6000))),
        ("s.bib", b"@misc{a, author = {" + b"A and " * 40_000 + b"B}}"),
        ("s.bib", b"@misc{a, author = {" + b"a " * 100_000 + b"}}"),
        ("s.bib", b"@misc{a, title = {" + b"\\'" * 100_000 + b"}}"),
        ("s.bib", b"@" * 1_000_000),
        ("s.bib", b"@a{" * 300_000),
        ("s.bib", b"\n@a{" * 200_000),
        ("s.json", b"[" * 100_000),
        ("s.json", b'[{"id": ' + b"9" * 5000 + b"}]"),
        ("s.json", b'[{"id": "a", "title": "' + b"x" * 1_000_000 + b'"}]'),
        ("s.csv", b"key,title\n" + b"," * 1_000_000),
        ("s.csv", b'key,title\na,"' + b"x" * 1_000_000),
    ],
    ids=lambda value: value if isinstance(value, str) else value[:12].decode() + f" {len(value)}",
)
def test_large_and_deep_files_are_bounded(file, data):
    began = time.perf_counter()
    known, _ = references_from(data, file)
    keyed_bibliography(known, known)
    assert time.perf_counter() - began < 10


def test_a_file_of_faults_is_not_read_to_the_end():
    known, faults = references_from(b"\n@a{" * 60_000 + b"\n@misc{z, title = {T}}", "s.bib")
    assert "z" not in known
    assert faults[-1].code == "reference-file"
    assert "reading stopped there" in faults[-1].found


def test_a_file_that_is_no_text_is_a_problem():
    for data in (b"\0\1\2", b"\xff\xfe\0", b"PK\x03\x04\0\0"):
        _, faults = references_from(data, "sources.bib")
        assert [fault.code for fault in faults] == ["reference-file"]


def test_windows_letters_and_byte_order_marks_are_read():
    text = "@misc{a, title = {Diseño}}"
    for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
        assert references_from(text.encode(encoding), "s.bib")[0]["a"].title == "Diseño"


# Other styles, through pandoc --------------------------------------------------------------------

FIFTEEN = {
    "biblatex.bib": [
        "vila2024",
        "worldbank2016",
        "comercio2012",
        "ragin2009",
        "seriesyears",
        "inpress",
        "interview2019",
    ],
    "jabref.bib": ["Hayes2007", "King1967", "wangwei", "Shannon1940"],
    "handwritten.bib": ["hunter", "hunter_again", "canclini", "edited"],
}
CHICAGO = {
    "vila2024": "Vila Seoane, Maximiliano Facundo, and Carla Morena Álvarez Velasco. 2024.",
    "worldbank2016": "World Bank. 2016. “World Development Report 2016: Digital Dividends.”",
    "comercio2012": "El Comercio. 2012. “El ECU 911 Empieza a Operar En Quito,” November 27, 2012.",
    "seriesyears": "Observatorio de Tecnología. 2020-2021.",
    "inpress": "Grupo de Estudios sobre Tecnología. forthcoming. “Governing at a Distance.”",
    "Hayes2007": "Hayes, Andrew F., and Klaus Krippendorff. 2007.",
    "King1967": "King, Martin Luther, Jr. 1967. Where Do We Go from Here—Chaos or Community?",
    "wangwei": "王伟. 2015.",
}


@pytest.fixture(scope="module")
def chicago(tmp_path_factory) -> Path:
    """Chicago author-date as pandoc itself carries it; no style travels with us."""
    if shutil.which("pandoc") is None:
        if os.environ.get("CI"):
            pytest.fail("pandoc is not installed")
        pytest.skip("pandoc is not installed")
    said = subprocess.run(["pandoc", "--print-default-data-file", "default.csl"], capture_output=True, check=True)
    path = tmp_path_factory.mktemp("csl") / "chicago.csl"
    path.write_bytes(said.stdout)
    return path


def test_chicago_prints_fifteen_entries(chicago):
    seen = {}
    for file, keys in FIFTEEN.items():
        known = library(file)
        styled = styled_bibliography(known, keys, chicago)
        first = first_keys(keys, known)
        assert {key for key, _ in styled.entries} == set(first.values())
        assert set(styled.short) == set(keys)
        for key, entry in styled.entries:
            seen[key] = reference_text(entry)
            # Chicago sets 2020–2021 as 2020-2021 or 2020–21: the first year is enough here.
            assert [name for name in lost(known[key], seen[key]) if name != "year"] == [], seen[key]
            assert known[key].year[:4] in seen[key]
    assert len(seen) == 14  # two of the fifteen are one work
    for key, begins in CHICAGO.items():
        assert seen[key].replace("–", "-").startswith(begins.replace("–", "-")), seen[key]


def test_an_interview_without_title_is_printed_in_ours_and_said(chicago):
    known = {
        "i": Reference("i", "interview", (Name("Foucault", "Michel"),), interviewers=(Name("CEPAL"),), year="1977"),
        "b": Reference("b", "book", (Name("Castells", "Manuel"),), year="1996", title="The Rise"),
    }
    styled = styled_bibliography(known, known, chicago)
    assert styled.ours == ("i",)
    assert {key: reference_text(entry) for key, entry in styled.entries}["i"] == (
        "Foucault, Michel. 1977. Interview by CEPAL."
    )


STYLE = """<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0" default-locale="en-US">
<info><title>Capitals</title><id>test</id><updated>2020-01-01T00:00:00Z</updated></info>
<citation disambiguate-add-year-suffix="true"><layout prefix="(" suffix=")" delimiter="; "><group delimiter=", ">
<names variable="author"><name form="short"/><substitute><text variable="title"/></substitute></names>
<date variable="issued"><date-part name="year"/></date></group></layout></citation>
<bibliography><sort><key variable="author"/><key variable="issued"/></sort><layout suffix=".">
<names variable="author"><name name-as-sort-order="all" initialize-with=". ">
<name-part name="family" text-case="uppercase"/></name>
<substitute><names variable="editor"/><text variable="title"/></substitute></names>
<group prefix=". " delimiter=". "><text variable="title" text-case="sentence"/>
<text variable="container-title" font-style="italic"/><date variable="issued"><date-part name="year"/></date>
<text variable="DOI" prefix="https://doi.org/"/><text variable="URL"/></group>
</layout></bibliography></style>"""
"""A style of our own for the tests, with what ABNT (surnames in capitals) and APA (titles in sentence case) ask for."""


def test_capitals_and_sentence_case_keep_everything(chicago, tmp_path):
    path = tmp_path / "capitals.csl"
    path.write_text(STYLE, "utf-8")
    for file, keys in FIFTEEN.items():
        styled = styled_bibliography(library(file), keys, path)
        for key, entry in styled.entries:
            assert [name for name in lost(library(file)[key], reference_text(entry)) if name != "year"] == []
    printed = {key: marked(entry) for key, entry in styled.entries}
    assert printed["hunter"].startswith("HUNTER, J. D. Matplotlib: A 2D graphics environment. *Computing in Science")
    assert styled.short["hunter_again"] == "Hunter, 2007"


@pytest.mark.parametrize(
    "name, leaves_out",
    [
        ("apa", ()),
        ("chicago-author-date", ()),
        ("associacao-brasileira-de-normas-tecnicas", ("address",)),  # this style prints no DOI of an article
    ],
)
def test_styles_of_this_machine(name, leaves_out, chicago):
    """With the styles themselves, as Debian's package citation-style-language-styles or AGENCY_CSL has them."""
    path = Path(os.environ.get("AGENCY_CSL", "/usr/share/citation-style-language/styles")) / f"{name}.csl"
    if not path.is_file():
        if os.environ.get("CI"):
            pytest.fail("citation-style-language-styles is not installed")
        pytest.skip(
            f"no {name}.csl here: install citation-style-language-styles or set AGENCY_CSL to a folder of styles"
        )
    for file, keys in FIFTEEN.items():
        for key, entry in styled_bibliography(library(file), keys, path).entries:
            gone = set(lost(library(file)[key], reference_text(entry)))
            assert gone <= {"year", *leaves_out}, reference_text(entry)


@pytest.mark.parametrize(
    "text, said",
    [
        ("<style", "no XML"),
        ("<x/>", "no CSL style"),
        ("", "no CSL style"),
        (
            '<style xmlns="http://purl.org/net/xbiblio/csl"><info>'
            '<link rel="independent-parent" href="http://www.zotero.org/styles/apa"/></info></style>',
            "only points to http://www.zotero.org/styles/apa",
        ),
        ('<style xmlns="http://purl.org/net/xbiblio/csl"/>', "pandoc refuses it"),
    ],
)
def test_a_style_that_is_none_is_a_wrong_call(chicago, tmp_path, text, said):
    path = tmp_path / "x.csl"
    path.write_text(text)
    with pytest.raises(UsageError, match=re.escape(said)):
        styled_bibliography(library("jabref.bib"), ["King1967"], path)


def test_without_pandoc_it_is_said_how_to_get_it(chicago, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UsageError, match=r"needs the program pandoc.*Install it"):
        styled_bibliography(library("jabref.bib"), ["King1967"], chicago)


def test_an_old_pandoc_is_refused(chicago, monkeypatch, tmp_path):
    old = tmp_path / "pandoc"
    old.write_text("#!/bin/sh\necho pandoc 2.5\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match=r"2\.17 or later; .* is 2\.5"):
        styled_bibliography(library("jabref.bib"), ["King1967"], chicago)


def test_csl_json_written_by_us_is_read_by_us():
    from agency.references import csl_items

    for file, entries in EXPECTED.items():
        known = library(file)
        items = csl_items((key, known[key]) for key in entries)
        again = references_from(json.dumps(items).encode(), "s.json")[0]
        for key in entries:
            for name in ("authors", "title", "year", "doi", "url"):
                if name == "authors" and not known[key].authors:
                    continue
                assert getattr(again[key], name) == getattr(known[key], name), (key, name)
