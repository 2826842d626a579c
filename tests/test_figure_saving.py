"""Figures as files: exact sizes, the same bytes in every process, words and provenance inside, all or nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from figure_cases import every_kind
from PIL import Image

import agency
from agency.errors import UsageError
from agency.figures.matrix import draw_matrix
from agency.figures.surface.saving import (
    FORMATS,
    Provenance,
    figure_bytes,
    figure_format,
    pdf_bytes,
    provenance,
    save_figure,
)
from agency.figures.surface.style import FigureStyle, width_mm

MADE_FROM = Provenance("abc123", "mode static")
SVG = "{http://www.w3.org/2000/svg}"

SCRIPT = """
import sys, hashlib, agency
from agency.figures.aggregate import draw_aggregate
from agency.figures.composition import draw_composition
from agency.figures.matrix import draw_matrix
from agency.figures.surface.saving import figure_bytes, provenance
from agency.figures.summary import draw_summary
from agency.figures.timeline import draw_timeline
study = agency.load().select(project=["ECU 911", "JSeI"])
made_from = provenance(study.data, study.view)
drawings = [
    draw_matrix(study.cells),
    draw_timeline(study.cells, study.matrix, study.data.events),
    draw_composition(study.resolved),
    draw_aggregate(study.resolved),
    draw_summary(study.resolved),
]
for drawing in drawings:
    for kind in ("pdf", "svg", "png"):
        print(drawing.name, kind, hashlib.sha256(figure_bytes(drawing, kind, made_from)).hexdigest())
assert "matplotlib.pyplot" not in sys.modules
"""


def test_same_bytes_in_two_processes_whatever_the_hash_seed() -> None:
    seen = []
    for seed in ("1", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        environment.pop("SOURCE_DATE_EPOCH", None)
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT], capture_output=True, env=environment, check=True, text=True
        )
        seen.append(done.stdout.splitlines())
    assert seen[0] == seen[1]
    assert len(set(seen[0])) == 15


@pytest.mark.parametrize("kind", FORMATS)
def test_same_bytes_twice_in_one_process(kind: str) -> None:
    assert figure_bytes(draw_matrix(every_kind()), kind, MADE_FROM) == figure_bytes(
        draw_matrix(every_kind()), kind, MADE_FROM
    )


@pytest.mark.parametrize("width, pixels", [("single", 1063), ("double", 2244), ("120", 1417)])
def test_png_has_the_pixels_a_journal_asks_for(width: str, pixels: int) -> None:
    style = FigureStyle(width_mm=width_mm(width), dpi=300)
    image = Image.open(BytesIO(figure_bytes(draw_matrix(every_kind(), style=style), "png", MADE_FROM)))
    assert image.width == pixels


def test_png_is_at_line_art_resolution_by_default() -> None:
    image = Image.open(BytesIO(figure_bytes(draw_matrix(every_kind()), "png", MADE_FROM)))
    assert image.width == round(90 / 25.4 * 500)


@pytest.mark.parametrize("width", [90.0, 140.0, 190.0])
def test_vector_formats_have_the_exact_width(width: float) -> None:
    drawing = draw_matrix(every_kind(), style=FigureStyle(width_mm=width))
    svg = ET.fromstring(figure_bytes(drawing, "svg", MADE_FROM))
    assert float(svg.get("width", "").removesuffix("pt")) == pytest.approx(width / 25.4 * 72, abs=1e-4)
    box = re.search(rb"/MediaBox \[ ?0 0 ([\d.]+)", figure_bytes(drawing, "pdf", MADE_FROM))
    assert box is not None
    assert float(box.group(1)) == pytest.approx(width / 25.4 * 72, abs=1e-4)


def test_pdf_embeds_truetype_and_carries_its_words() -> None:
    pdf = figure_bytes(draw_matrix(every_kind()), "pdf", MADE_FROM)
    assert b"/CIDFontType2" in pdf or b"/TrueType" in pdf
    assert b"/Type3" not in pdf
    assert b"/Title" in pdf
    assert "Heatmap of 6 phases".encode("utf-16-be") in pdf
    assert b"abc123" in pdf
    assert b"/CreationDate" not in pdf


def test_svg_names_and_describes_itself_and_keeps_text() -> None:
    drawing = draw_matrix(every_kind("<&> \"'"), name="fig7")
    svg = ET.fromstring(figure_bytes(drawing, "svg", MADE_FROM))
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == "fig7-title fig7-desc"
    title, desc = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
    assert title is not None
    assert title.get("id") == "fig7-title"
    assert title.text == "Who held which phase: <&> \"'. Whoever held a phase at any time."
    assert desc is not None
    assert desc.text == f"{drawing.alt_short}\n{drawing.alt_long}"
    texts = {element.text for element in svg.iter(f"{SVG}text")}
    assert "Holder 0 of the consortium" in texts
    styles = {element.get("style", "") for element in svg.iter(f"{SVG}text")}
    assert all("'DejaVu Sans', Verdana, sans-serif" in style for style in styles)


def test_svg_ids_occur_once_and_parts_are_found_by_them() -> None:
    drawing = draw_matrix(every_kind(), style=FigureStyle(link="#row-"))
    svg = ET.fromstring(figure_bytes(drawing, "svg", MADE_FROM))
    ids = [element.get("id") for element in svg.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert set(drawing.artists) <= set(ids)
    links = [element.get("{http://www.w3.org/1999/xlink}href") for element in svg.iter(f"{SVG}a")]
    assert "#row-21" in links


def test_png_carries_words_and_provenance() -> None:
    text = Image.open(BytesIO(figure_bytes(draw_matrix(every_kind()), "png", MADE_FROM))).text
    assert text["Description"].startswith("Heatmap of 6 phases")
    assert "Alleged firm" in text["Description"]
    assert text["Source"].startswith("data sha256 abc123; mode static; agency ")
    assert "Software" not in text


def test_date_only_from_source_date_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    drawing = draw_matrix(every_kind())
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert b"/CreationDate (D:19700102" in figure_bytes(drawing, "pdf", MADE_FROM)
    assert b"1970-01-02" in figure_bytes(drawing, "svg", MADE_FROM)


def test_provenance_says_data_and_rule() -> None:
    study = agency.load().select(project="JSeI", mode="time", include_alleged=True)
    made_from = provenance(study.data, study.view)
    assert made_from.sha256 == study.data.sha256
    assert made_from.rule == "mode time, rank best, boundary held, counting actor, alleged rows counted"
    assert "mode snapshot 2018" in provenance(study.data, agency.load().select(year=2018).view).rule


def test_several_formats_at_once(tmp_path: Path) -> None:
    names = [tmp_path / f"f.{kind}" for kind in ("pdf", "svg", "PNG")]
    assert save_figure(lambda _: (draw_matrix(every_kind()),), names, made_from=MADE_FROM) == ()
    assert [path.read_bytes()[:4] for path in names] == [b"%PDF", b"<?xm", b"\x89PNG"]


def test_a_pdf_has_pages_and_the_same_bytes_twice() -> None:
    pages = [draw_matrix(every_kind()), draw_matrix(every_kind("Y"))]
    content = pdf_bytes(pages, MADE_FROM)
    assert content == pdf_bytes([draw_matrix(every_kind()), draw_matrix(every_kind("Y"))], MADE_FROM)
    assert b"/Count 2" in content
    assert b"/CreationDate" not in content


def test_a_picture_too_tall_for_pixels_is_refused() -> None:
    drawing = draw_matrix(every_kind(), style=FigureStyle(dpi=30_000))
    with pytest.raises(UsageError, match=r"write a \.pdf, in pages, or an \.svg"):
        figure_bytes(drawing, "png", MADE_FROM)


def test_unknown_extension_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"f\.jpeg: a figure is written as \.pdf, \.svg, \.png"):
        save_figure(
            lambda _: (draw_matrix(every_kind()),), [tmp_path / "f.pdf", tmp_path / "f.jpeg"], made_from=MADE_FROM
        )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name, hint", [("x.pgn", "Did you mean 'png'?"), ("x", "the extension decides")])
def test_extension_is_suggested(name: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        figure_format(name)
    assert hint in str(caught.value)


@pytest.mark.parametrize("width", ["59", "1001", "wide", "nan"])
def test_impossible_widths_are_refused(width: str) -> None:
    with pytest.raises(UsageError, match=r"single \(90 mm\), onehalf \(140 mm\), double \(190 mm\)"):
        width_mm(width)
