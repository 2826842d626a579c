"""The report in a real browser, opened from disk: its limits, its controls, keyboard, print, contrast, accessibility.

`axe.min.js` under tests/vendor is axe-core (Mozilla Public License 2.0), renewed by tools/renew_axe.py.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import hostile
import html5lib
import pytest
from readers import need
from test_hostile import runs_nothing

import agency
from agency.formats import render_sheet
from agency.report.beside import statements_table
from agency.report.material import Material
from agency.report.methods import provenance
from agency.report.page import build_content, render_page
from agency.resolve import Resolved
from agency.study import Study

BROWSER, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
VENDOR = Path(__file__).parent / "vendor"
AXE = (VENDOR / "axe.min.js").read_text("utf-8")


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator:
    if BROWSER is None or DRIVER is None:
        reason = "chromium and chromedriver are needed to test the report in a browser"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    browser = webdriver.Chrome(options=options, service=Service(DRIVER))
    browser.set_script_timeout(300)
    yield browser
    browser.quit()


def written(study: Study, folder: Path) -> str:
    material = Material(study.resolved, provenance(study.data, "agency report"))
    path = folder / "report.html"
    path.write_text(render_page(build_content(material, lambda _: None), material), "utf-8", newline="\n")
    return path.as_uri()


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report of the shipped study."""
    return written(agency.load(), tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report of two projects."""
    return written(agency.load().select(project=["ECU 911", "JSeI"]), tmp_path_factory.mktemp("pair"))


@pytest.fixture
def opened(driver, page: str):
    view(driver, 1280, 900)
    driver.get("about:blank")
    driver.get(page)
    return driver


def view(driver, width: int, height: int, *, scheme: str = "light", forced: bool = False) -> None:
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    features = [
        {"name": "prefers-color-scheme", "value": scheme},
        {"name": "forced-colors", "value": "active" if forced else "none"},
    ]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def one(driver, selector: str):
    return driver.find_element("css selector", selector)


def every(driver, selector: str) -> list:
    return driver.find_elements("css selector", selector)


def press(driver, *keys: str) -> None:
    from selenium.webdriver.common.action_chains import ActionChains

    ActionChains(driver).send_keys(*keys).perform()


def shown_projects(driver) -> list[str]:
    script = "return [...document.querySelectorAll('#matrices tr[data-n]')].filter(r => r.checkVisibility())"
    return driver.execute_script(f"{script}.map(r => r.querySelector('bdi').textContent)")


def find(driver, words: str) -> None:
    field = one(driver, "#tools input[type=search]")
    field.clear()
    field.send_keys(words or " ")


def choose_year(driver, year: int) -> None:
    script = "const r = document.querySelector('#tools input[type=range]'); r.value = arguments[0];"
    driver.execute_script(f"{script} r.dispatchEvent(new Event('input'));", year)


def design_row() -> dict[str, object]:
    rows = agency.load().data.rows
    found = rows[(rows["project"] == "ECU 911") & (rows["phase"] == "design") & (rows["rank"] == "preferred")]
    return dict(found.iloc[0])


# --- The limits of the page ------------------------------------------------------------------------------------------

SIZE = """
const words = (node) => node.innerText.split(/\\s+/).filter(Boolean).length;
const parts = [document.querySelector('.masthead'), ...document.querySelectorAll('main > *')];
const main = parts.filter((part) => !['evidence', 'appendix'].includes(part.id));
const screens = (document.getElementById('evidence').getBoundingClientRect().top + scrollY) / 900;
return [screens, main.map(words).reduce((a, b) => a + b, 0)];
"""


def test_the_page_of_the_study_is_short(opened, page: str) -> None:
    screens, words = opened.execute_script(SIZE)
    assert screens <= 10
    assert words <= 6_000
    assert len(Path(page.removeprefix("file://")).read_bytes()) <= 1_500_000


def test_the_page_of_two_projects_is_shorter(driver, pair: str) -> None:
    view(driver, 1280, 900)
    driver.get(pair)
    screens, words = driver.execute_script(SIZE)
    assert screens <= 3
    assert words <= 2_000


def test_it_prints_on_few_numbered_pages_what_is_open(opened, tmp_path: Path) -> None:
    pdf = tmp_path / "report.pdf"
    settings = {"preferCSSPageSize": True, "printBackground": True}
    pdf.write_bytes(base64.b64decode(opened.execute_cdp_cmd("Page.printToPDF", settings)["data"]))
    text = subprocess.run([need("pdftotext"), "-layout", str(pdf), "-"], capture_output=True, text=True, check=True)
    pages = text.stdout.split("\f")[:-1]
    assert 3 <= len(pages) <= 20
    for number, content in enumerate(pages, 1):
        assert re.search(rf"\b{number}\s*/\s*{len(pages)}\b", content)
    for title in ("Who holds what", "What nobody says", "How sure"):
        (home,) = [content for content in pages if re.search(rf"^\s*\d\s*{title}", content, re.MULTILINE)]
        after = re.split(rf"\d\s*{title}", home, maxsplit=1)[1]
        assert re.search(r"\b(Project|Phase)\b", after), f"{title} is parted from its table"
    assert "Coordinating Ministry of Security" in text.stdout
    passage = max(agency.load().data.rows["quote"], key=len).split()[:6]
    assert " ".join(passage) not in " ".join(text.stdout.split()), "passages stay folded"


COMMAND = re.compile(r"agency (report|brief|table|sources|indicators)|(?<![\w–-])--?[a-zA-Z][\w-]*|\bmin.phases\b")


def test_no_words_of_the_command_line_and_no_keys(opened) -> None:
    study = agency.load()
    opened.execute_script("document.querySelectorAll('details').forEach(box => { box.open = true; })")
    # What events are called, and what an indicator is after, are the user's words and a definition.
    opened.execute_script("document.querySelectorAll('.timeline ol, .indicator dl').forEach(list => list.remove())")
    script = (
        "return [...document.querySelectorAll('.masthead, main > :not(#evidence)')].map(n => n.innerText).join(' ')"
    )
    said = opened.execute_script(script)
    assert COMMAND.findall(said) == []
    keys = [*study.data.sources, "not_applicable", "share.local"]
    assert [key for key in keys if key in said] == []
    for phase in study.resolved.codebook.phases:
        assert phase.label in said
    assert "insufficient" not in said


def test_a_phone_has_a_card_for_each_project_and_nothing_overflows(driver, page: str) -> None:
    view(driver, 390, 844)
    driver.get(page)
    row = one(driver, "#matrices tr[data-n]")
    assert row.value_of_css_property("display") == "block"
    labels = driver.execute_script(
        "return [...arguments[0].cells].slice(1).map(c => getComputedStyle(c, '::before').content)", row
    )
    assert '"Initiated by"' in labels
    wide, inner = driver.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
    assert wide <= inner
    letters = driver.execute_script(
        "return [...document.querySelectorAll('svg.figure text')].filter(t => t.checkVisibility())"
        ".map(t => t.getBoundingClientRect().height).filter(h => h > 0)"
    )
    assert min(letters) >= 9


# --- Accessibility ---------------------------------------------------------------------------------------------------


def test_axe_is_the_file_it_was() -> None:
    digest, name = (VENDOR / "axe.sha256").read_text("utf-8").split()
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest
    assert AXE.startswith("/*! axe v4.14")


COLOURS = ["color-contrast", "link-in-text-block"]
"""What axe finds of colours; its other rules see the same page in the light and in the dark. Text has contrast at
every width under every look: `test_nothing_overflows_and_all_text_has_contrast`."""


@pytest.mark.parametrize("width, look", [(390, "light"), (1280, "light"), (1280, "dark"), (390, "forced")])
def test_axe_finds_nothing(driver, page: str, width: int, look: str) -> None:
    view(driver, width, 900, scheme="dark" if look == "dark" else "light", forced=look == "forced")
    driver.get("about:blank")
    driver.get(page)
    driver.execute_script("document.querySelectorAll('main details').forEach(box => { box.open = true; })")
    # The register repeats one pattern hundreds of times: a few of its entries stand for all.
    driver.execute_script(
        "document.querySelectorAll('#register .project').forEach((box, at) => { if (at > 2) box.remove(); })"
    )
    driver.execute_script(AXE)
    only = {} if look == "light" else {"runOnly": {"type": "rule", "values": COLOURS}}
    found, looked = driver.execute_async_script(
        "const [only, done] = arguments; axe.run(document, { resultTypes: ['violations'], ...only }).then(r => done(["
        "r.violations.map(v => [v.id, v.nodes.length, v.nodes.slice(0, 3).map(n => n.html + ' ' + n.failureSummary)]),"
        "[...r.passes, ...r.inapplicable].map(v => v.id)]))",
        only,
    )
    assert found == []
    assert set(COLOURS) <= set(looked)


def test_the_rules_of_colours_are_all_that_axe_has(opened) -> None:
    opened.execute_script(AXE)
    on = opened.execute_script("return axe.getRules(['cat.color']).map(r => [r.ruleId, r.tags])")
    assert sorted(name for name, tags in on if "wcag2aaa" not in tags) == COLOURS


def test_axe_finds_nothing_in_an_opened_passage(opened) -> None:
    one(opened, "#matrices a.chip").click()
    opened.execute_script(AXE)
    found = opened.execute_async_script(
        "const done = arguments[0]; axe.run('#passage').then(r => done(r.violations.map(v => [v.id, v.nodes[0].html])))"
    )
    assert found == []


def test_origins_are_seen_on_dark_paper_and_what_is_not_known_is_not_the_brightest(driver, page: str) -> None:
    view(driver, 1280, 900, scheme="dark")
    driver.get(page)
    found = driver.execute_script(
        f"{LIGHT} const seen = {{}}; const paper = lum(parse(getComputedStyle(document.body).backgroundColor));"
        "document.querySelectorAll('#brief .wide rect').forEach(r => { const fill = getComputedStyle(r).fill;"
        "const name = r.getAttribute('class'); seen[name] = fill.startsWith('rgb') ? lum(parse(fill)) : paper; });"
        "return [paper, seen];"
    )
    paper, seen = found
    assert (seen["f-o0"] + 0.05) / (paper + 0.05) >= 3
    for name, light in seen.items():
        if name.startswith("f-o"):
            assert (light + 0.05) / (paper + 0.05) >= 3, name
    assert seen["rest"] == paper


def test_forced_colours_keep_origins_apart(driver, page: str) -> None:
    view(driver, 1280, 900, forced=True)
    driver.get(page)
    assert "Chinese" in one(driver, "#matrices a.chip.o1").text, "the origin is written where colours are gone"
    fills = driver.execute_script(
        "const looks = {}; document.querySelectorAll('.swatch').forEach(s => { const [r, over] = s.children;"
        "looks[s.parentElement.textContent.trim()] = [getComputedStyle(r).fill, getComputedStyle(r).strokeDasharray,"
        "over ? over.getAttribute('fill') : ''].join(); }); return looks;"
    )
    blank = next(name for name in fills if name.startswith("No source says"))
    brief = {name: fills[name] for name in ("Local", "Chinese", "Western", "Other", blank)}
    assert len(set(brief.values())) == len(brief)


def test_every_rule_of_the_stylesheet_is_understood(opened) -> None:
    # A declaration that the browser does not know is dropped; so the hatch of an origin with two strokes was.
    text = opened.execute_script("return document.querySelector('style').textContent")
    rules = re.findall(r"^(\.chip\.o\d+::before) \{ (.*?) \}", text, re.MULTILINE)
    assert len(rules) == 6
    for _, body in rules:
        for declaration in filter(None, (part.strip() for part in body.split(";"))):
            name, value = declaration.split(":", 1)
            assert opened.execute_script("return CSS.supports(arguments[0], arguments[1])", name, value), declaration
    image = "return getComputedStyle(document.querySelector('.origins .chip.o4'), '::before').backgroundImage"
    assert opened.execute_script(image).count("repeating-linear-gradient") == 2


@pytest.mark.parametrize("look", ["light", "dark", "forced"])
@pytest.mark.parametrize("width", [390, 768, 1280])
def test_nothing_overflows_and_all_text_has_contrast(driver, page: str, width: int, look: str) -> None:
    view(driver, width, 900, scheme="dark" if look == "dark" else "light", forced=look == "forced")
    driver.get(page)
    driver.execute_script("document.querySelectorAll('details').forEach(box => { box.open = true; })")
    wide, inner = driver.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
    assert wide <= inner
    assert driver.execute_script(CONTRAST) == []


def test_tab_goes_through_the_page_in_order_with_a_visible_focus(opened) -> None:
    seen = []
    for _ in range(40):
        press(opened, "\ue004")
        element = opened.switch_to.active_element
        seen.append(element)
        outline = opened.execute_script("return getComputedStyle(arguments[0]).outlineStyle", element)
        assert outline != "none", element.get_attribute("outerHTML")[:120]
    assert seen[0].get_attribute("class") == "skip"
    script = "return arguments[0].compareDocumentPosition(arguments[1]) & Node.DOCUMENT_POSITION_FOLLOWING"
    assert all(opened.execute_script(script, a, b) for a, b in pairwise(seen))


# --- Evidence --------------------------------------------------------------------------------------------------------


def test_it_opens_from_disk_and_loads_nothing(opened) -> None:
    assert opened.get_log("browser") == []
    script = "return performance.getEntriesByType('resource').filter(r => !r.name.startsWith('data:')).length"
    assert opened.execute_script(script) == 0
    assert "Who holds what" in one(opened, "h1").text


def test_a_click_on_a_holder_opens_its_passage_in_place(opened) -> None:
    row = design_row()
    chip = one(opened, f"#matrices a.chip[href='#e{row['line']}']")
    chip.click()
    dialog = one(opened, "dialog")
    assert dialog.get_attribute("open") is not None
    first = dialog.find_element("css selector", ".entry")
    assert str(row["quote"]) in first.text
    assert str(row["locator"]) in first.text
    press(opened, "\ue00c")
    assert dialog.get_attribute("open") is None
    assert opened.switch_to.active_element == chip


def test_a_bar_of_a_timeline_leads_to_its_passage(opened) -> None:
    bar = one(opened, ".timeline svg a")
    line = opened.execute_script("return arguments[0].getAttribute('href')", bar)
    opened.execute_script("arguments[0].dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}))", bar)
    assert one(opened, "dialog .entry .no").text == line.rpartition("#e")[2]


def test_without_a_script_links_lead_to_passages_and_nothing_dead_is_offered(opened, page: str) -> None:
    row = design_row()
    opened.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        opened.get(page)
        one(opened, f"#matrices a.chip[href='#e{row['line']}']").click()
        assert opened.current_url.endswith(f"#e{row['line']}")
        entry = one(opened, f"#e{row['line']}")
        assert entry.is_displayed()
        assert str(row["quote"]) in entry.text
        for control in every(opened, "#tools, .tools, button, input"):
            assert not control.is_displayed(), "a control that cannot work is not offered"
        assert one(opened, ".downloads a[download]").is_displayed()
    finally:
        opened.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_a_passage_has_an_address_and_a_citation(opened, page: str) -> None:
    row = design_row()
    opened.get("about:blank")
    opened.get(f"{page}#e{row['line']}")
    entry = one(opened, f"#e{row['line']}")
    assert entry.is_displayed()
    opened.execute_script(
        "navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }"
    )
    entry.find_element("css selector", "[data-do=cite]").click()
    said = opened.execute_script("return window.copied")
    assert str(row["quote"]) in said
    assert str(row["locator"]) in said
    assert "https://doi.org/10.1080/01972243.2024.2317057" in said
    entry.find_element("css selector", "[data-do=passage]").click()
    assert opened.execute_script("return window.copied").endswith(f"report.html#e{row['line']}")


def test_dois_are_links(opened) -> None:
    links = [link.get_attribute("href") for link in every(opened, "ol.refs a")]
    assert "https://doi.org/10.1080/01972243.2024.2317057" in links


def test_the_register_is_filtered_and_unfolds(opened) -> None:
    one(opened, "[data-filter=register] input").send_keys("CEIEC designed ECU 911")
    shown = [entry for entry in every(opened, "#register .entry") if entry.is_displayed()]
    assert shown
    assert all("CEIEC" in entry.text for entry in shown)


# --- The matrix: filter, toggles, years, sorting, comparison, addresses ----------------------------------------------


@pytest.mark.parametrize("words", ["Jujuy Seguro", "JSeI", "jujuy ZTE argentina"])
def test_the_filter_knows_a_project_by_its_names(opened, words: str) -> None:
    find(opened, words)
    assert "Jujuy Seguro e Interconectado (JSeI)" in shown_projects(opened)
    assert len(shown_projects(opened)) < 10
    assert " of 67 projects" in one(opened, "#tools .found").text
    find(opened, "")
    assert len(shown_projects(opened)) == len(agency.load().resolved.listed)


def test_the_filter_knows_a_project_of_two_too(driver, pair: str) -> None:
    view(driver, 1280, 900)
    driver.get(pair)
    find(driver, "JSeI")
    assert shown_projects(driver) == ["Jujuy Seguro e Interconectado (JSeI)"]
    assert one(driver, "#matrices td a.chip").is_displayed() or len(every(driver, "#matrices a.chip")) > 0


def test_the_filter_knows_countries_types_and_years(opened) -> None:
    projects = agency.load().data.projects
    labels = projects["label"]
    for words, rows in (
        ("Brazil", projects[projects["country"].str.contains("BRA")]),
        ("cable", projects[projects["type"] == "cable"]),
    ):
        find(opened, words)
        assert set(labels[rows.index]) <= set(shown_projects(opened))
    find(opened, "CEIEC held in 2015")
    assert shown_projects(opened) == ["ECU 911"]
    find(opened, "CEIEC held in 2020")
    assert "ECU 911" in shown_projects(opened), "what CEIEC designed stays on record"


def test_the_year_shows_who_holds_then(opened) -> None:
    cell = "#matrices tr[data-n='0'] td[data-l='Maintained and upgraded by']"
    names = (
        "return [...document.querySelectorAll(arguments[0] + ' .chip bdi')].filter(c => c.checkVisibility())"
        ".map(c => c.textContent)"
    )
    assert opened.execute_script(names, cell) == ["CEIEC", "still under negotiation"]
    choose_year(opened, 2015)
    assert one(opened, ".year output").text == "2015"
    assert opened.execute_script(names, cell) == ["CEIEC"]
    choose_year(opened, 2019)
    assert opened.execute_script(names, cell) == ["still under negotiation"]
    assert "changed" in one(opened, cell).get_attribute("class")
    choose_year(opened, 2020)
    assert "changed" not in one(opened, cell).get_attribute("class")


@pytest.mark.parametrize("year", [2012, 2016, 2019])
def test_the_names_of_a_year_are_those_of_the_snapshot(opened, year: int) -> None:
    study = agency.load()
    cells = Resolved(study.data, study.view).under(mode="snapshot", year=year, projects=study.resolved.listed).cells
    choose_year(opened, year)
    found = opened.execute_script(
        "return [...document.querySelectorAll('#matrices tr[data-n]:not(.beyond)')].filter(r => r.checkVisibility())"
        ".map(r => [r.querySelector('bdi').textContent, [...r.querySelectorAll('td[data-l]')].map(td => [td.dataset.l,"
        "[...td.querySelectorAll('.period:not(.named) .chip:not(.off) bdi')].map(b => b.textContent)])])"
    )
    shown: dict[tuple[str, str], set[str]] = {(name, phase): set(names) for name, row in found for phase, names in row}
    expected = {}
    for head in cells.projects:
        for phase in cells.phases:
            held = cells.cell(head.key, phase.key).parts
            names = {row.actor for part in held if part.status == "held" for row in part.rows}
            names |= {part.text for part in held if part.status not in ("held", "not_applicable")}
            expected[head.label, phase.label] = {name for name in names if name}
    gaps = {"under negotiation": "still under negotiation"}
    for key, names in expected.items():
        assert {gaps.get(name, name) for name in shown[key]} == {gaps.get(name, name) for name in names}, key


def test_origins_are_toggled(opened) -> None:
    button = one(opened, ".origins button[data-o=o1]")
    button.click()
    assert button.get_attribute("aria-pressed") == "false"
    visible = "return [...document.querySelectorAll('#matrices .chip.o1')].some(c => c.checkVisibility())"
    assert opened.execute_script(visible) is False
    button.click()
    assert opened.execute_script(visible) is True


def test_the_matrix_is_sorted_by_number_and_by_origin(opened) -> None:
    known = (
        "return [...document.querySelector('#matrices table').tBodies]"
        ".map(b => [...b.querySelectorAll('tr[data-n] td.num')].map(c => Number(c.textContent)))"
    )
    before = opened.execute_script(known)
    head = "#matrices thead th:last-child button"
    one(opened, head).click()
    assert all(group == sorted(group) for group in opened.execute_script(known))
    one(opened, head).click()
    assert all(group == sorted(group, reverse=True) for group in opened.execute_script(known))
    one(opened, head).click()
    assert opened.execute_script(known) == before
    one(opened, "#matrices thead th:nth-child(3) button").click()
    origins = (
        "return [...document.querySelector('#matrices tbody').querySelectorAll('tr[data-n]')].map(r => "
        "(r.cells[2].querySelector('.chip') || {className: 'chip z'}).className.split(' ')[1])"
    )
    found = opened.execute_script(origins)
    assert found == sorted(found)


def test_tables_of_numbers_are_sorted_as_numbers(opened) -> None:
    opened.execute_script("document.querySelectorAll('#appendix details').forEach(box => { box.open = true; })")
    for table in every(opened, "#composition-caption, #regularities-caption, #silence-caption, #robustness-caption"):
        grid = table.find_element("xpath", "./ancestor::table")
        for at, head in enumerate(grid.find_elements("css selector", "thead th")):
            if "num" not in (head.get_attribute("class") or ""):
                continue
            opened.execute_script("arguments[0].querySelector('button').click()", head)
            texts = opened.execute_script(
                "return [...arguments[0].tBodies[0].rows].map(r => r.cells[arguments[1]])"
                ".map(c => c.dataset.value || c.textContent.trim())",
                grid,
                at,
            )
            found = [re.match(r"-?[\d.]+", text) for text in texts]
            numbers = [float(match[0]) for match in found if match]
            assert numbers == sorted(numbers), head.text
            assert not any(found[len(numbers) :]), "what has no number comes last"
    dots = every(opened, "table.dots")[0]
    opened.execute_script("arguments[0].querySelector('th.num button').click()", dots)
    values = [float(cell.get_attribute("data-value")) for cell in dots.find_elements("css selector", "td.num")]
    assert values == sorted(values)
    assert len(values) > 2


def test_two_projects_are_compared_by_ticking_them(opened) -> None:
    button = one(opened, "[data-do=compare]")
    assert not button.is_enabled()
    for box in every(opened, ".pick input")[:2]:
        box.click()
    assert button.is_enabled()
    button.click()
    said = one(opened, "dialog").text
    assert "ECU 911 and Jujuy Seguro" in said
    assert len(every(opened, "dialog tbody tr")) == 7
    assert "same origins" in said
    assert "differs" in said


def test_a_view_has_an_address(opened, page: str) -> None:
    find(opened, "ecuador")
    choose_year(opened, 2015)
    one(opened, ".origins button[data-o=o2]").click()
    opened.execute_script(
        "navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }"
    )
    one(opened, "[data-do=link]").click()
    address = opened.execute_script("return window.copied")
    before = shown_projects(opened)
    opened.get("about:blank")
    opened.get(address)
    assert shown_projects(opened) == before
    assert one(opened, ".year output").text == "2015"
    assert one(opened, ".origins button[data-o=o2]").get_attribute("aria-pressed") == "false"


def test_arrow_keys_move_between_cells(opened) -> None:
    chip = one(opened, "#matrices tr[data-n] td a.chip")
    opened.execute_script("arguments[0].focus()", chip)
    place = "const c = document.activeElement.closest('td'); return [c.parentElement.dataset.n, c.cellIndex]"
    first = opened.execute_script(place)
    press(opened, "\ue014")
    assert opened.execute_script(place) == [first[0], first[1] + 1]
    press(opened, "\ue012")
    assert opened.execute_script(place) == first
    press(opened, "\ue007")
    assert one(opened, "dialog").get_attribute("open") is not None


# --- Downloads -------------------------------------------------------------------------------------------------------


def test_tables_are_saved_from_the_page(opened) -> None:
    links = {link.get_attribute("download"): link.get_attribute("href") for link in every(opened, ".downloads a")}
    assert set(links) == {"actors-by-phase.csv", "statements.csv", "indicators.csv", "claims.csv"}
    study = agency.load()
    table = statements_table(Material(study.resolved, provenance(study.data, "agency report")))
    assert unquote(links["statements.csv"].partition(",")[2]) == render_sheet(table.data, "csv")


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_figures_are_saved_as_they_look(opened, kind: str) -> None:
    script = (
        "const done = arguments[1]; const real = HTMLAnchorElement.prototype.click;"
        "HTMLAnchorElement.prototype.click = function () { done([this.download, this.href]); "
        "HTMLAnchorElement.prototype.click = real; };"
        "document.querySelector(`#brief [data-do=${arguments[0]}]`).click();"
    )
    name, data = opened.execute_async_script(script, kind)
    assert name == f"in-brief.{kind}"
    if kind == "png":
        assert base64.b64decode(data.partition("base64,")[2]).startswith(b"\x89PNG")
        return
    from xml.etree import ElementTree as ET

    root = ET.fromstring(unquote(data.partition(",")[2]))
    fills = {node.get("fill") for node in root.iter() if node.tag.endswith("rect")}
    assert "rgb(0, 68, 136)" in fills
    assert any("Initiated by" in (node.text or "") for node in root.iter() if node.tag.endswith("text"))


LIGHT = """
const light = (c) => { c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
const lum = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
const parse = (text) => text.match(/[\\d.]+/g).map(Number);
"""
# Least contrast of WCAG 2.2 AA for every element with text of its own, on the nearest background that is not clear.
CONTRAST = (
    LIGHT
    + """
const behind = (node) => {
  for (let at = node; at; at = at.parentElement) {
    const colour = parse(getComputedStyle(at).backgroundColor);
    if (colour.length < 4 || colour[3] > 0) return colour;
  }
  return [255, 255, 255];
};
const weak = [];
for (const node of document.querySelectorAll("body *:not(svg *)")) {
  if (!Array.from(node.childNodes).some((child) => child.nodeType === 3 && child.data.trim())) continue;
  if (!node.checkVisibility() || node.matches("script, style, .vh, .vh *, .skip, button:disabled")) continue;
  const style = getComputedStyle(node);
  let opacity = 1;
  for (let at = node; at; at = at.parentElement) opacity *= Number(getComputedStyle(at).opacity);
  const back = behind(node);
  const ink = parse(style.color).map((c, i) => i < 3 ? c * opacity + back[i] * (1 - opacity) : c);
  const [a, b] = [lum(ink), lum(back)].sort((x, y) => y - x);
  const ratio = (a + 0.05) / (b + 0.05);
  const size = parseFloat(style.fontSize);
  const large = size >= 24 || (size >= 18.6 && Number(style.fontWeight) >= 700);
  const name = `${node.tagName}.${node.className} ${ratio.toFixed(2)} ${node.textContent.trim().slice(0, 40)}`;
  if (ratio < (large ? 3 : 4.5)) weak.push(name);
}
return [...new Set(weak)].slice(0, 20);
"""
)


def test_no_name_runs_a_script(driver, tmp_path: Path) -> None:
    """Each hostile name would change the title of the page; everything is opened, filled in and pressed once."""
    page = written(agency.load(hostile.study(tmp_path / "study")), tmp_path)
    runs_nothing(html5lib.parse((tmp_path / "report.html").read_text("utf-8"), namespaceHTMLElements=False))
    driver.get(page)
    title = driver.title
    assert title != "trapped"
    view(driver, 1280, 900)
    driver.execute_script("document.querySelectorAll('details').forEach(each => each.open = true)")
    find(driver, hostile.NAMES[0])
    find(driver, "")
    for kind in ("mouseover", "click"):
        script = "document.querySelectorAll(\"button, th, a[href^='#']\").forEach(each => each.dispatchEvent("
        driver.execute_script(f"{script}new MouseEvent('{kind}', {{bubbles: true}})))")
    for name in hostile.NAMES[:8]:
        driver.execute_script("location.hash = arguments[0]", f"{name}&q={name}")
    loaded = driver.execute_script("return performance.getEntriesByType('resource').map(each => each.name)")
    assert not [address for address in loaded if "evil" in address]
    assert driver.title == title
    assert [entry for entry in driver.get_log("browser") if entry["level"] == "SEVERE"] == []
