"""The report in a real browser, opened from disk: evidence in place, filter, sort, keyboard, print, contrast."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from readers import need

import agency
from agency.report.content import build_content
from agency.report.methods import provenance
from agency.report.page import render_page
from agency.report.part import Material
from agency.study import Study

# One worker makes the page for all its tests.
pytestmark = pytest.mark.xdist_group("test_browser")

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
DESIGN = "#matrices a.chip[href='#e{line}']"


def study() -> Study:
    """Some of the shipped projects, rich and thin, without the claims and the double coding: they take their time."""
    shipped = agency.load()
    return Study(replace(shipped.data, folder="")).select(country=["ECU", "ARG", "BOL"])


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
    yield browser
    browser.quit()


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    # The page alone: drawing every figure as a file takes its time.
    chosen = study()
    material = Material(chosen.resolved, provenance(chosen.data, "agency report"))
    path = tmp_path_factory.mktemp("report") / "report.html"
    content = build_content(material, lambda _: None)
    path.write_text(render_page(content.page, material.facts, chosen.data.codebook), "utf-8", newline="\n")
    return path.as_uri()


@pytest.fixture
def opened(driver, page: str):
    view(driver, 1280, 900)
    driver.get(page)
    return driver


def view(driver, width: int, height: int, *, scheme: str = "light") -> None:
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    feature = {"name": "prefers-color-scheme", "value": scheme}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})


def one(driver, selector: str):
    return driver.find_element("css selector", selector)


def press(driver, *keys: str) -> None:
    from selenium.webdriver.common.action_chains import ActionChains

    ActionChains(driver).send_keys(*keys).perform()


def design_row() -> dict[str, object]:
    rows = agency.load().data.rows
    found = rows[(rows["project"] == "ECU 911") & (rows["phase"] == "design") & (rows["rank"] == "preferred")]
    return dict(found.iloc[0])


def test_it_opens_from_disk_and_loads_nothing(opened) -> None:
    assert opened.get_log("browser") == []
    assert (
        opened.execute_script(
            "return performance.getEntriesByType('resource').filter(r => !r.name.startsWith('data:')).length"
        )
        == 0
    )
    assert "Who holds what" in one(opened, "h1").text


def test_a_click_on_a_holder_opens_its_passage_in_place(opened) -> None:
    row = design_row()
    chip = one(opened, DESIGN.format(line=row["line"]))
    chip.click()
    dialog = one(opened, "dialog")
    assert dialog.get_attribute("open") is not None
    first = dialog.find_element("css selector", ".entry")
    assert str(row["quote"]) in first.text
    assert str(row["locator"]) in first.text
    press(opened, "\ue00c")
    assert dialog.get_attribute("open") is None
    assert opened.switch_to.active_element == chip


def test_without_a_script_the_link_leads_to_the_passage(opened, page: str) -> None:
    row = design_row()
    opened.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        opened.get(page)
        one(opened, DESIGN.format(line=row["line"])).click()
        assert opened.current_url.endswith(f"#e{row['line']}")
        entry = one(opened, f"#e{row['line']}")
        assert entry.is_displayed()
        assert str(row["quote"]) in entry.text
        assert not one(opened, ".tools").is_displayed(), "a filter that cannot work is not offered"
    finally:
        opened.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_the_filter_keeps_matching_rows_only(opened) -> None:
    field = one(opened, "[data-filter=matrices] input")
    field.send_keys("jsei zte")
    shown = [row for row in opened.find_elements("css selector", "#matrices tbody tr") if row.is_displayed()]
    assert [row.find_element("css selector", "th bdi").text for row in shown] == ["JSeI"]
    status = one(opened, "[data-filter=matrices] [role=status]").text
    assert status.startswith("1 of ")
    field.clear()
    field.send_keys(" ")
    assert all(row.is_displayed() for row in opened.find_elements("css selector", "#matrices tbody tr"))


def test_the_register_is_filtered_and_unfolds(opened) -> None:
    one(opened, "[data-filter=register] input").send_keys("CEIEC design ECU 911")
    shown = [entry for entry in opened.find_elements("css selector", "#register .entry") if entry.is_displayed()]
    assert shown
    assert all("CEIEC" in entry.text for entry in shown)


def test_a_column_head_sorts_by_number(opened) -> None:
    head = one(opened, "#composition table th.num button")
    for direction in ("ascending", "descending"):
        head.click()
        assert one(opened, "#composition table th.num").get_attribute("aria-sort") == direction
        cells = opened.find_elements("css selector", "#composition tbody tr")
        values = [float(row.find_elements("css selector", "td.num")[0].get_attribute("data-value")) for row in cells]
        assert values == sorted(values, reverse=direction == "descending")


def test_arrow_keys_move_between_cells(opened) -> None:
    chip = one(opened, "#matrices tbody tr:first-child td a.chip")
    opened.execute_script("arguments[0].focus()", chip)
    press(opened, "\ue014")
    second = opened.switch_to.active_element
    assert second != chip
    assert opened.execute_script("return arguments[0].closest('td').cellIndex", second) == 2
    press(opened, "\ue012")
    assert opened.switch_to.active_element == chip
    press(opened, "\ue015")
    row = opened.execute_script("return arguments[0].closest('tr').rowIndex", opened.switch_to.active_element)
    assert row == 2
    press(opened, "\ue007")
    assert one(opened, "dialog").get_attribute("open") is not None


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_overflows_and_all_text_has_contrast(driver, page: str, width: int, scheme: str) -> None:
    view(driver, width, 900, scheme=scheme)
    driver.get(page)
    driver.execute_script("document.querySelectorAll('details').forEach(box => { box.open = true; })")
    wide, inner = driver.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
    assert wide <= inner
    weak = driver.execute_script(CONTRAST)
    assert weak == []


def test_it_prints_with_everything_unfolded(opened, tmp_path: Path) -> None:
    pdf = tmp_path / "report.pdf"
    pdf.write_bytes(base64.b64decode(opened.print_page()))
    assert pdf.read_bytes().startswith(b"%PDF")
    text = subprocess.run([need("pdftotext"), str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    words = " ".join(text.split())
    rows = study().data.rows
    last = rows.loc[rows["country"] == "BOL", "quote"].iloc[-1].split()[:4]
    assert " ".join(last) in words
    assert opened.find_elements("css selector", "details.project[open]") == [], "folded again after it"


# Least contrast of WCAG 2.2 AA for every element with text of its own, on the nearest background that is not clear.
CONTRAST = """
const light = (c) => { c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
const lum = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
const parse = (text) => text.match(/[\\d.]+/g).map(Number);
const behind = (node) => {
  for (let at = node; at; at = at.parentElement) {
    const colour = parse(getComputedStyle(at).backgroundColor);
    if (colour.length < 4 || colour[3] > 0) return colour;
  }
  return [255, 255, 255];
};
const weak = [];
for (const node of document.querySelectorAll("body *")) {
  if (!Array.from(node.childNodes).some((child) => child.nodeType === 3 && child.data.trim())) continue;
  if (!node.checkVisibility() || node.matches("script, style, .vh, .vh *, .skip")) continue;
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
