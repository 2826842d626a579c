"""Hostile names in every format, each opened by the program that reads it: they are words, and nothing more.

One study (hostile.py) is loaded and written once; each format has its reader and its question. The report is opened in
test_browser.py.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import html5lib
import networkx as nx
import pytest
from click.testing import CliRunner
from hostile import ACTORS, KEY, NAMES, PROJECTS, REFUSED, study
from readers import csv_rows, flat, html_tree, markdown_html, need, pandoc, xlsx_text

import agency
from agency.characters import file_names, from_spreadsheet
from agency.cli import group

TABLES = ("table", "claims")
FORMS = {"md": "markdown", "tex": "latex"}
SECRET = re.compile(r"root:.*:0:0:")
"""What an included /etc/passwd would show."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return study(tmp_path_factory.mktemp("hostile") / "study")


@pytest.fixture(scope="module")
def made(folder: Path) -> Callable[[str], bytes]:
    """Return what gives an output by its name, such as ``claims.md``; each is made once, all from one study."""
    read = agency.load(folder)
    printed = {"table": read.table(), "claims": read.claims()}
    kept: dict[str, bytes] = {}

    def give(name: str) -> bytes:
        if name not in kept:
            place = folder.parent / "out"
            place.mkdir(exist_ok=True)
            what, _, form = name.partition(".")
            if what in printed:
                text = printed[what].text(FORMS.get(form, form))
                (place / name).write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
            elif what == "network":
                read.export("graphml", place / name)
            else:
                getattr(read.select(project=PROJECTS[0]), what)().save(place / name)
            kept[name] = (place / name).read_bytes()
        return kept[name]

    return give


def words(text: str) -> str:
    return " ".join(text.split())


def runs_nothing(root: ET.Element) -> None:
    """Hold that no element of a page or drawing runs, loads or leads anywhere but where we lead."""
    for element in root.iter():
        tag = str(element.tag).rpartition("}")[2].lower()
        assert tag not in ("img", "iframe", "object", "embed", "base", "form", "foreignobject"), tag
        for name, value in element.attrib.items():
            short = str(name).rpartition("}")[2].lower()
            assert not short.startswith("on"), (tag, name)
            if short in ("href", "src", "action", "formaction", "data"):
                assert re.match(r"#|data:(image|text/csv)[;/]|https?://", value), (tag, name, value)
                assert short == "href" or value.startswith("data:"), (tag, name, value)


def all_named(text: str) -> None:
    """Hold that every name is there, as it was read; typographic quotes are those of the page."""
    known = words(text).translate(_PLAIN)
    assert [name for name in ACTORS if words(name).translate(_PLAIN) not in known] == []


_PLAIN = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")


# --- One test per kind of reader -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [f"{name}.html" for name in TABLES])
def test_html_is_words(made: Callable[[str], bytes], name: str) -> None:
    root = html_tree(made(name).decode("utf-8"))
    runs_nothing(root)
    all_named("".join(root.itertext()))


READERS = {
    "commonmark": ("md", markdown_html),
    "pandoc markdown": ("md", lambda text: pandoc(text, "markdown-smart")),
    "pandoc grid": ("grid", lambda text: pandoc(text, "markdown-smart")),
    "pandoc rst": ("rst", lambda text: pandoc(text, "rst")),
}


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("reader", READERS)
def test_markup_is_words(made: Callable[[str], bytes], name: str, reader: str) -> None:
    form, read = READERS[reader]
    root = html5lib.parse(read(made(f"{name}.{form}").decode("utf-8")), namespaceHTMLElements=False)
    runs_nothing(root)
    assert not SECRET.search("".join(root.itertext()))
    all_named("".join(flat(cell) + " " for cell in root.iter() if cell.tag in ("td", "th", "p", "li")))


@pytest.mark.parametrize("name", [f"{name}.csv" for name in TABLES])
def test_csv_computes_nothing(made: Callable[[str], bytes], name: str) -> None:
    rows = csv_rows(made(name).decode("utf-8-sig"))
    assert len({len(row) for row in rows}) == 1
    for cell in (cell for row in rows for cell in row):
        assert not re.match(r"\s*[=+@\N{FULLWIDTH EQUALS SIGN}]|\s*-\d+\+", cell), cell
    all_named("\n".join(from_spreadsheet(cell) for row in rows for cell in row))


@pytest.mark.parametrize("name", [f"{name}.xlsx" for name in TABLES])
def test_workbooks_compute_and_link_nothing(made: Callable[[str], bytes], name: str) -> None:
    from openpyxl import load_workbook

    for page in load_workbook(io.BytesIO(made(name))).worksheets:
        for cell in (cell for row in page.iter_rows() for cell in row):
            assert cell.data_type != "f", cell.value
            assert cell.hyperlink is None
    all_named(xlsx_text(made(name)))


@pytest.mark.parametrize("name", [f"{name}.docx" for name in TABLES])
def test_word_has_no_fields_and_leads_only_to_addresses(made: Callable[[str], bytes], name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(made(name))) as archive:
        body = archive.read("word/document.xml").decode("utf-8")
        links = archive.read("word/_rels/document.xml.rels").decode("utf-8")
    fields = re.findall(r"<w:instrText[^>]*>([^<]*)<", body)
    assert all(re.fullmatch(r"\s*(PAGE|NUMPAGES|SEQ [\w ]+(\\\* ARABIC)?)\s*", field) for field in fields), fields
    outside = re.findall(r'Target="([^"]*)" TargetMode="External"', links)
    assert all(target.startswith(("http://", "https://")) for target in outside), outside
    root = ET.fromstring(body)
    all_named("\n".join("".join(part.itertext()) for part in root.iter() if str(part.tag).endswith("}p")))


def test_json_is_what_was_read(folder: Path) -> None:
    done = CliRunner().invoke(group, ["table", str(folder), "-f", "json"])
    assert done.exit_code == 0
    all_named("\n".join(strings_of(json.loads(done.stdout))))


def strings_of(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    for child in node.items() if isinstance(node, dict) else node if isinstance(node, list | tuple) else ():
        yield from strings_of(child)


def test_a_network_has_the_names_as_nodes(made: Callable[[str], bytes]) -> None:
    network = nx.parse_graphml(made("network.graphml").decode("utf-8"))
    all_named(
        "\n".join(f"{node} {data}" for node, data in network.nodes(data=True)).replace("\\\\", "\\").replace("\\'", "'")
    )


@pytest.mark.parametrize("name", ["heatmap.svg", "timeline.svg"])
def test_drawings_are_words(made: Callable[[str], bytes], name: str) -> None:
    root = ET.fromstring(made(name))
    runs_nothing(root)
    assert not any(str(element.tag).endswith("script") for element in root.iter())


def test_latex_reads_and_runs_nothing(made: Callable[[str], bytes], tmp_path: Path) -> None:
    need("pdflatex")
    packages = r"\usepackage{array,booktabs,longtable,pdflscape,ragged2e,threeparttable,natbib,hyperref}"
    tables = "\n\n".join(made(f"{name}.tex").decode("utf-8") for name in TABLES)
    head = rf"\documentclass{{article}}{packages}\usepackage[T1]{{fontenc}}\usepackage{{lmodern}}\begin{{document}}"
    (tmp_path / "t.tex").write_text(f"{head}\n{tables}\n\\end{{document}}\n", "utf-8")
    call = ["pdflatex", "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "-recorder", "t.tex"]
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, timeout=180, check=False)
    assert done.returncode == 0, done.stdout[-2000:].decode("utf-8", "replace")
    assert "/etc/passwd" not in (tmp_path / "t.fls").read_text("utf-8", "replace")
    assert not (tmp_path / "trapped").exists()
    shown = subprocess.run([need("pdftotext"), "-layout", "t.pdf", "-"], cwd=tmp_path, capture_output=True, check=True)
    assert not SECRET.search(shown.stdout.decode("utf-8"))
    assert "write18" in shown.stdout.decode("utf-8")


# --- Files and screens -----------------------------------------------------------------------------------------------


def test_files_named_after_projects_and_sources_stay_in_the_folder(folder: Path) -> None:
    """The command that makes them writes nothing elsewhere; their content is made in test_report_files.py."""
    names = file_names([*PROJECTS, KEY, *NAMES])
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert re.fullmatch(r"[\w-]+", name), name
        assert (folder / f"{name}.csv").resolve().parent == folder.resolve()
    qca = folder.parent / "qca"
    done = CliRunner().invoke(group, ["export", str(folder), "--to", "datapackage", "-o", str(qca)])
    assert done.exit_code == 0, done.output
    for path in qca.rglob("*"):
        assert re.fullmatch(r"[\w.-]+", path.name), path
    assert {path.name for path in folder.parent.iterdir()} <= {"study", "out", "qca"}


@pytest.mark.parametrize("name", REFUSED)
def test_what_moves_a_screen_is_refused_and_not_repeated(tmp_path: Path, name: str) -> None:
    table = tmp_path / "t.csv"
    table.write_text(
        f"project,phase,actor,origin,source,note\nP,design,{name},local,s,\nP,operation,A,local,s,{name}\n"
    )
    for form in ("text", "json", "csv"):
        done = CliRunner().invoke(group, ["check", str(table), "-f", form])
        assert done.exit_code == 1
        assert all(char == "\n" or char.isprintable() for char in done.output), done.output
