"""The page: every holder leads to its evidence, nothing is loaded, nothing breaks out, the same bytes every time."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element

import html5lib
import pytest
from strategies import table_of

import agency
from agency.errors import UsageError
from agency.report.beside import table_files
from agency.report.brief import BriefView
from agency.report.files import is_report_file
from agency.report.material import Material
from agency.report.matrix import spans
from agency.report.methods import provenance
from agency.report.page import Content, build_content, render_page
from agency.report.register import Register, build_register
from agency.resolve import Resolved
from agency.resolve.select import View
from agency.study import Study
from agency.table.model import Table

HOSTILE = (
    "<script>alert(1)</script>",
    "R&D_Group #1 $5 {x} ~ \\ %",
    "a.b\"'><img src=x onerror=alert(1)>",
    "=cmd()",
    "🛰️ 中电 CEIEC",
    "شركة الاتصالات",
    "{{ 7 * 7 }} {% raw %}",
    "]]> --> </style></script>",
)


def page_of(table: Table, view: View, *, title: str = "") -> str:
    """Return the page alone."""
    material = Material(Resolved(table, view), provenance(table, "agency report"), title)
    return render_page(build_content(material, lambda _: None), material)


@pytest.fixture(scope="module")
def bare(shipped: Study) -> Study:
    """The shipped table without its claims and double coding."""
    return Study(replace(shipped.data, folder=""))


@pytest.fixture(scope="module")
def material(shipped: Study) -> Material:
    """The whole shipped study; everything else is tested on a few projects."""
    return Material(shipped.resolved, provenance(shipped.data, "agency report"))


@pytest.fixture(scope="module")
def content(material: Material) -> Content:
    return build_content(material, lambda _: None)


def parsed(page: str) -> Element:
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)


def all_of(root: Element, *names: str) -> Iterator[Element]:
    return (element for element in root.iter() if element.tag in names)


def text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


@pytest.fixture(scope="module")
def shipped() -> Study:
    return agency.load()


@pytest.fixture(scope="module")
def page(content: Content, material: Material) -> str:
    return render_page(content, material)


@pytest.fixture(scope="module")
def root(page: str) -> Element:
    return parsed(page)


@pytest.fixture(scope="module")
def by_id(root: Element) -> dict[str, Element]:
    return {element.get("id", ""): element for element in root.iter() if element.get("id")}


def test_the_shipped_report_is_small(page: str) -> None:
    assert len(page.encode()) <= 1_500_000


def test_every_table_of_the_shipped_report_is_known_as_one(material: Material) -> None:
    names = {table.name for table in table_files(material)}
    assert {"robustness", "claims", "sources", "indicators", "statements"} <= names
    assert {name for name in names if not is_report_file(f"tables/{name}.csv")} == set()


def test_the_sections_stand_in_their_order(content: Content, root: Element) -> None:
    heads = [text(head) for head in all_of(next(all_of(root, "main")), "h2")]
    assert heads == [
        "In brief",
        "2Who holds what",
        "3What changed",
        "4What sources dispute",
        "5What nobody says",
        "6How sure",
        "7Claims",
        "8Evidence",
        "Appendix",
    ]
    assert [section.anchor for section in content.sections][-2:] == ["evidence", "appendix"]


def test_every_holder_leads_to_its_passage(shipped: Study, root: Element, by_id: dict[str, Element]) -> None:
    cells = shipped.cells
    rows = {row.line: row for cell in cells.cells.values() for row in cell.evidence}
    chips = [link for link in all_of(root, "a") if "chip" in link.get("class", "").split()]
    assert len(chips) >= sum(len(part.holders) for cell in cells.shown for part in cell.parts)
    for chip in chips:
        anchor = chip.get("href", "").removeprefix("#")
        line = int(anchor.removeprefix("e"))
        if line not in rows:
            continue  # of a phase that does not count: the cells of the view lack it
        row, entry = rows[line], text(by_id[anchor])
        told = (row.quote, row.locator, shipped.data.short_form(row.source), row.confidence, row.coder)
        for part in (*told, row.note, row.text):
            assert " ".join(part.split()) in entry


def test_the_table_reads_like_the_cell_model(shipped: Study, root: Element) -> None:
    cells, projects = shipped.cells, shipped.data.projects
    labels = {label or key: key for key, label in projects["label"].items()}
    columns = [phase.label for phase in cells.phases]
    seen = set()
    for row in all_of(root, "tr"):
        if row.get("data-n") is None:
            continue
        key = labels[text(next(all_of(row, "bdi")))]
        shown = {cell.get("data-l"): text(cell) for cell in all_of(row, "td")}
        for phase, label in zip(cells.phases, columns, strict=True):
            for part in cells.cell(key, phase.key).parts:
                for holder in part.holders:
                    pieces = (holder.actor or part.text, holder.text.removeprefix(holder.actor or "").strip(" ()"))
                    assert all(piece in shown[label] for piece in pieces)
        seen.add(key)
    assert seen == set(projects.index), "thin projects are folded, not left out"


def test_projects_are_printed_by_their_labels(shipped: Study, page: str) -> None:
    for key, label in shipped.data.projects["label"].items():
        if label:
            assert (
                page.count(str(label).replace("'", "&#39;").replace("&", "&amp;").replace("&amp;#39;", "&#39;")) >= 2
            ), key


def test_bars_and_sentences_say_the_same(material: Material, content: Content) -> None:
    told = {one.about: one for one in material.brief}
    for bar, view in zip(material.bars, content.brief.bars, strict=True):
        sentence = told[bar.phase.key]
        assert (bar.known, bar.of) == (sentence.known, sentence.of)
        assert view.known == f"{sentence.known} of {sentence.of} known"
        assert max(len(group.projects) for group in bar.groups) == sentence.count
        assert abs(sum(piece.width for piece in view.pieces) - 100 * bar.known / bar.of) < 0.1
        assert str(sentence.known) in view.said


@pytest.mark.parametrize("phases", [5, 6])
def test_it_says_six_phases_only_where_six_count(phases: int) -> None:
    names = ("initiation", "requirements", "design", "implementation", "operation", "maintenance")[:phases]
    table = table_of(*({"phase": name} for name in names))
    said = text(parsed(page_of(table, View(phases=names))))
    assert ("six phases" in said) is (phases == 6)
    assert ("five phases" in said) is (phases == 5)


def test_no_number_is_called_insufficient(root: Element) -> None:
    told = [text(cell) for cell in all_of(root, "td", "p")]
    assert not [one for one in told if "insufficient" in one]
    reasons = [one for one in told if one.startswith("– ")]
    assert any("coverage is below 1/2: " in one for one in reasons), "a dash has its reason, and the projects"


def test_years_are_runs() -> None:
    assert spans([]) == ""
    assert spans([2014, 2012, 2013, 2013, 2017]) == "2012-2014 2017"


def test_all_selected_statements_are_in_the_register(shipped: Study, by_id: dict[str, Element]) -> None:
    assert {f"e{line}" for line in shipped.data.rows["line"]} <= set(by_id)


def test_links_lead_somewhere_and_ids_are_unique(root: Element, by_id: dict[str, Element]) -> None:
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    inner = [link.get("href", "")[1:] for link in all_of(root, "a") if link.get("href", "").startswith("#")]
    assert [target for target in inner if target not in by_id] == []
    named = [element.get("aria-labelledby") for element in root.iter() if element.get("aria-labelledby")]
    assert [target for target in named if target not in by_id] == []


def test_nothing_is_loaded_and_the_policy_allows_only_what_is_there(page: str, root: Element) -> None:
    assert not list(all_of(root, "link", "iframe", "object", "embed", "base", "form", "video", "audio"))
    assert all(image.get("src", "").startswith("data:image/svg+xml;base64,") for image in all_of(root, "img"))
    for element in root.iter():
        assert element.get("style") is None
        assert not [name for name in element.attrib if str(name).startswith("on")]
    meta = next(m for m in all_of(root, "meta") if m.get("http-equiv") == "Content-Security-Policy")
    policy = meta.get("content", "")
    assert policy.startswith("default-src 'none'; img-src data:; ")
    assert "unsafe" not in policy
    for kind in ("style", "script"):
        (content,) = re.findall(f"<{kind}>(.*?)</{kind}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
        assert "http:" not in content.replace("http://www.w3.org", "")
        assert "@import" not in content
        assert "url(" not in content.replace("url(#", "")


def test_landmarks_headings_and_tables_are_accessible(root: Element) -> None:
    assert root.get("lang") == "en"
    assert [len(list(all_of(root, name))) for name in ("main", "nav", "footer", "h1")] == [1, 1, 1, 1]
    main = next(all_of(root, "main"))
    levels = [1, *(int(head.tag[1]) for head in all_of(main, "h2", "h3", "h4", "h5", "h6"))]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for table in all_of(root, "table"):
        assert text(next(all_of(table, "caption")))
        assert all(head.get("scope") in ("col", "row", "rowgroup") for head in all_of(table, "th"))
    assert all(len(image.get("alt", "")) > 10 for image in all_of(root, "img"))
    skip = next(link for link in all_of(root, "a") if link.get("class") == "skip")
    assert skip.get("href") == "#matrix"


def test_the_first_screen_says_what_it_is_before_how_it_was_made(shipped: Study, root: Element) -> None:
    head = text(next(all_of(root, "header")))
    study = shipped.data.codebook.study
    for told in (study.title, study.author, f"{len(shipped.data.rows)} statements", "5 sources"):
        assert told.casefold() in head.casefold()
    assert shipped.data.sha256 not in head
    brief = next(part for part in all_of(root, "section") if part.get("id") == "brief")
    made = next(all_of(brief, "details"))
    assert shipped.data.sha256 in text(made)
    assert made.get("open") is None


def test_a_given_title_replaces_that_of_the_study_and_is_never_markup() -> None:
    title = "<b onclick=x>Who</b> & <script>alert(1)</script>"
    page = page_of(table_of({"phase": "design"}), View(), title=title)
    root = parsed(page)
    assert text(next(all_of(root, "h1"))) == " ".join(title.split())
    assert len(list(all_of(root, "script"))) == 1
    assert text(next(all_of(root, "title"))) == " ".join(title.split())


@pytest.mark.parametrize(
    "rows",
    [
        [{"phase": "design", "confidence": "alleged"}],
        [{"phase": "design", "status": "proposed"}],
        [{"phase": "design", "actor": "A", "status": "denied"}],
        [{"phase": "design"}],
        [{"phase": "operation", "start": 2015}],
        [{"project": name, "phase": "operation"} for name in "ABC"],
    ],
    ids=["alleged", "proposed", "denied", "one project", "one year", "no window"],
)
@pytest.mark.parametrize("window", [(2012, 2021), None])
def test_little_data_makes_a_sound_page(rows: list[dict[str, Any]], window: tuple[int, int] | None) -> None:
    page = page_of(table_of(*rows, window=window), View())
    root = parsed(page)
    slider = [field for field in all_of(root, "input") if field.get("type") == "range"]
    years = {link.get("data-y") for link in all_of(root, "a")} - {None}
    assert bool(slider) is any("-" in str(span) for span in years)
    if window is None and "start" not in rows[0]:
        assert not slider
        assert "no year can be chosen" in page


def test_no_known_cell_is_said(page: str) -> None:
    said = text(parsed(page_of(table_of({"phase": "design", "confidence": "alleged"}), View())))
    assert "No source says who" in said
    assert "0 of 1 known" in said


@pytest.mark.parametrize("epoch, shown", [(None, False), ("1767225600", True)])
def test_a_date_stands_there_only_when_it_is_given(epoch: str | None, shown: bool, monkeypatch: Any) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    if epoch is not None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    page = page_of(table_of({"phase": "financing"}), View(phases=("financing",)))
    assert ("2026-01-01" in page) is shown


def test_a_date_that_is_none_is_refused(monkeypatch: Any) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(UsageError, match="whole seconds"):
        page_of(table_of({"phase": "design"}), View())


def hostile_table() -> Table:
    rows = [
        {
            "project": project,
            "phase": phase,
            "actor": actor,
            "origin": "chinese",
            "scope": actor,
            "quote": actor,
            "locator": actor,
            "note": actor,
            "coder": actor,
            "source": actor,
        }
        for project in HOSTILE[:3]
        for phase, actor in zip(
            ("initiation", "design", "maintenance", "operation"), HOSTILE[3:] + HOSTILE, strict=False
        )
    ]
    rows += [{"project": "P", "phase": "design", "actor": name, "origin": "local"} for name in HOSTILE]
    return table_of(*rows)


def test_no_name_breaks_out() -> None:
    table = hostile_table()
    root = parsed(page_of(table, View()))
    scripts = list(all_of(root, "script"))
    assert len(scripts) == 1
    assert "alert(1)" not in (scripts[0].text or "")
    everything = text(root)
    for name in HOSTILE:
        assert " ".join(name.split()) in everything
    assert not [image for image in all_of(root, "img") if not image.get("src", "").startswith("data:")]


def test_characters_that_html_forbids_are_replaced() -> None:
    table = table_of({"phase": "design"})
    material = Material(Resolved(table, View()), provenance(table, "agency report"))
    brief = BriefView("", "a\x01b\ufdd0c\U0001fffed", "", "", (), "", (), (), "", ())
    page = render_page(Content(brief, (), Register((), {}), (), ()), material)
    parsed(page)
    assert "a\ufffdb\ufffdc\ufffdd" in page


@pytest.mark.parametrize(
    "view",
    [
        {"mode": "time", "project": ["ECU 911", "Quito 2002"]},
        {"year": 2019, "project": ["ECU 911", "JSeI"]},
        {"year": "end", "project": ["JSeI"]},
        {"project": "JSeI", "phase": "design"},
        {"project": "ECU 911", "rank": "all", "include_alleged": True, "counting": "origin", "boundary": "split"},
        {"source": "malena2021", "project": ["ECU 911", "JSeI"]},
        {"phase": "financing", "project": ["ECU 911", "JSeI"]},
        {"country": "VEN", "min_phases": 0},
    ],
    ids=str,
)
def test_every_view_gives_a_sound_page(bare: Study, view: dict[str, Any]) -> None:
    chosen = bare.select(**view)
    root = parsed(page_of(chosen.data, chosen.view))
    ids = {element.get("id") for element in root.iter()}
    inner = [link.get("href", "")[1:] for link in all_of(root, "a") if link.get("href", "").startswith("#")]
    assert set(inner) <= ids


def test_phases_that_do_not_count_leave_a_page_without_numbers_that_says_so() -> None:
    rows = [{"project": name, "phase": "financing", "actor": name, "origin": "local"} for name in "AB"]
    page = page_of(table_of(*rows), View(phases=("financing",), projects=("A", "B")))
    said = text(parsed(page))
    assert "not counted (weight 0): financing." in said
    assert "left out: composition, indicators" in said
    assert "It does not count (weight 0), so there are no numbers." in said
    assert "Composition of the life cycle" not in said


def test_phases_that_do_not_apply_have_no_bars() -> None:
    rows = [{"phase": "design", "status": "not_applicable"}, {"phase": "operation"}]
    page = page_of(table_of(*rows), View(phases=("design",), projects=("P",)))
    assert "Composition of the life cycle" in page
    assert "does not apply" in page or "not applicable" in page


def test_many_projects_stand_in_folded_parts() -> None:
    records = [
        {"project": f"Project {number:03d}", "country": ("ECU", "ARG")[number % 2], "phase": phase, "actor": "ZTE"}
        for number in range(130)
        for phase in ("design", "maintenance")
    ]
    root = parsed(page_of(table_of(*records), View()))
    folded = [box for box in all_of(root, "details") if box.get("class") == "page"]
    assert len(folded) >= 3
    names = {text(one) for one in all_of(root, "bdi")}
    assert {f"Project {number:03d}" for number in range(130)} <= names


def test_of_very_many_projects_the_best_known_are_shown_and_the_rest_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agency.report.material.SHOWN", 3)
    known = {"A": 1, "B": 3, "C": 2, "D": 2, "E": 3, "F": 2}
    phases = ("design", "operation", "maintenance")
    records = [
        {"project": name, "phase": phase, "actor": f"Firm {name}"}
        for name, number in known.items()
        for phase in phases[:number]
    ]
    table = table_of(*records)
    material = Material(Resolved(table, View(min_phases=0)), provenance(table, "agency report"))
    assert material.page.resolved.projects == ("B", "C", "E")
    content = build_content(material, lambda _: None)
    page = render_page(content, material)
    assert "on 3 of the 6 projects" in page
    assert "The other 3 count in what is said above" in page
    assert [project.label for project in content.register.projects] == ["B", "C", "E"]
    assert content.brief.kicker.startswith("6 projects")
    assert "13 statements" in content.brief.kicker
    tables = {one.name: unquote(one.data.partition(",")[2]) for one in content.downloads}
    assert all(f"Firm {name}" in tables[file] for name in known for file in ("actors-by-phase.csv", "statements.csv"))

    named = Material(Resolved(table, View(projects=tuple(known))), provenance(table, "agency report"))
    assert named.page is named
    assert not named.unshown


def test_every_status_and_use_is_said_in_the_register() -> None:
    rows = [
        {"phase": "design", "actor": "A", "rank": "preferred"},
        {"phase": "design", "actor": "B"},
        {"phase": "design", "actor": "C", "status": "denied"},
        {"phase": "design", "actor": "", "origin": "chinese", "status": "denied"},
        {"phase": "design", "actor": "D", "rank": "deprecated"},
        {"phase": "operation", "actor": "E", "start": 2000, "end": 2001},
        {"phase": "maintenance", "actor": "", "origin": "", "status": "vacant", "scope": "after the sanctions"},
        {"phase": "maintenance", "actor": "F", "confidence": "alleged", "scope": "x"},
    ]
    table = table_of(*rows)
    register = build_register(Material(Resolved(table, View(min_phases=0)), provenance(table, "")), {})
    found = {one.line: one for project in register.projects for cell in project.cells for one in cell.statements}
    told = [(found[line].holder, found[line].use) for line in sorted(found)]
    assert told == [
        ("A", "in the table"),
        ("B", "not used: outranked"),
        ("C", "not used for the table: says who did not hold the phase"),
        ("any actor of origin Chinese", "not used for the table: says who did not hold the phase"),
        ("D", "set aside by the editors"),
        ("E", "not used: its years lie outside the window"),
        ("nobody (after the sanctions)", "in the table"),
        ("F (x)", "named in the table, not counted"),
    ]
    assert "denied" in found[sorted(found)[2]].about
    assert "denied" in found[sorted(found)[3]].about
