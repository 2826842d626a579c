"""The proof of the palette: the measured figures of the contract, the default, and what a bad palette is told."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agency.figures.surface.palette import (
    DEFICIENCIES,
    check_palette,
    contrast,
    distance,
    lightness,
    palette_notices,
    text_colour,
)
from agency.report.page import DARK, hatch_paths, origin_css
from agency.vocabulary.codebook import Codebook, default_codebook, read_codebook

# figures.md, 4b: name, fills, least difference of L*, least distance under any simulation.
MEASURED = [
    ("Tol medium-contrast, light", ("#6699CC", "#EE99AA", "#EECC66"), 10.5, 13.3),
    ("Tol high-contrast", ("#004488", "#BB5566", "#DDAA33"), 20.3, 24.3),
    ("Okabe-Ito blue, vermillion, green", ("#0072B2", "#D55E00", "#009E73"), 3.6, 11.7),
    ("Okabe-Ito blue, orange, sky blue", ("#0072B2", "#E69F00", "#56B4E9"), 0.8, 22.4),
    ("Okabe-Ito blue, vermillion, yellow", ("#0072B2", "#D55E00", "#F0E442"), 8.2, 30.8),
    ("Tol bright blue, red, yellow", ("#4477AA", "#EE6677", "#CCBB44"), 12.1, 17.7),
    ("Tol light blue, orange, yellow", ("#77AADD", "#EE8866", "#EEDD88"), 0.9, 17.4),
    ("Petroff 6, first three", ("#5790FC", "#F89C20", "#E42536"), 11.2, 21.3),
]
BY_DEFICIENCY = [
    (("#6699CC", "#EE99AA", "#EECC66"), (18.4, 21.5, 13.3)),
    (("#004488", "#BB5566", "#DDAA33"), (29.7, 28.9, 24.3)),
]


@pytest.mark.parametrize("name, fills, tone, apart", MEASURED, ids=[entry[0] for entry in MEASURED])
def test_measured_figures_are_reproduced(name: str, fills: tuple[str, ...], tone: float, apart: float) -> None:
    pairs = list(combinations(fills, 2))
    assert round(min(abs(lightness(one) - lightness(other)) for one, other in pairs), 1) == tone
    assert round(min(distance(*pair, deficiency) for pair in pairs for deficiency in DEFICIENCIES), 1) == apart


@pytest.mark.parametrize("fills, apart", BY_DEFICIENCY)
def test_each_deficiency_has_its_measured_distance(fills: tuple[str, ...], apart: tuple[float, ...]) -> None:
    pairs = list(combinations(fills, 2))
    least = tuple(round(min(distance(*pair, deficiency) for pair in pairs), 1) for deficiency in DEFICIENCIES)
    assert dict(zip(DEFICIENCIES, least, strict=True)) == dict(
        zip(("protanopia", "deuteranopia", "tritanopia"), apart, strict=True)
    )


def test_tones_and_contrasts_of_the_default_fills() -> None:
    assert [round(lightness(fill), 1) for fill in ("#6699CC", "#EE99AA", "#EECC66")] == [61.6, 72.1, 83.1]
    assert [round(contrast(fill, "#000000"), 1) for fill in ("#004488", "#BB5566", "#DDAA33")] == [2.2, 4.6, 9.9]
    assert [text_colour(fill) for fill in ("#004488", "#BB5566", "#DDAA33")] == ["#ffffff", "#000000", "#000000"]


def test_all_six_default_tones_keep_apart() -> None:
    fills = ("#6699CC", "#EE99AA", "#EECC66", "#004488", "#994455", "#997700")
    assert round(min(abs(lightness(one) - lightness(other)) for one, other in combinations(fills, 2)), 1) == 9.8


def test_distance_is_a_distance() -> None:
    assert distance("#6699CC", "#6699CC") == 0
    assert distance("#6699CC", "#EE99AA") == distance("#EE99AA", "#6699CC") > 0
    assert lightness("#000000") == 0
    assert lightness("#ffffff") == pytest.approx(100)


def test_default_palette_holds() -> None:
    assert check_palette(default_codebook()) == ()


def with_origin(key: str, **changes: str) -> Codebook:
    book = default_codebook()
    return replace(book, origins=tuple(replace(o, **changes) if o.key == key else o for o in book.origins))


BAD = [
    ("chinese", {"colour": "#6699CC"}, "Local (#6699CC) and Chinese (#6699CC) in cells look alike in greyscale", 4),
    ("mixed", {"colour": "#DDDDDD", "hatch": "-"}, "Other (#DDDDDD) and Mixed (#DDDDDD) in cells look alike", 1),
    ("local", {"strong": "#BB5566"}, "Local (#BB5566) and Chinese (#BB5566) in bars look alike with protanopia", 4),
]


@pytest.mark.parametrize("key, changes, words, number", BAD)
def test_failing_pair_is_named(key: str, changes: dict[str, str], words: str, number: int) -> None:
    found = check_palette(with_origin(key, **changes))
    assert any(words in sentence for sentence in found), found
    assert len(found) == number


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_text_is_readable_on_every_fill(channels: tuple[int, int, int]) -> None:
    fill = "#{:02x}{:02x}{:02x}".format(*channels)
    assert contrast(fill, text_colour(fill)) >= 4.5


def test_greys_may_share_a_tone_when_the_hatch_differs() -> None:
    assert check_palette(with_origin("mixed", colour="#DDDDDD")) == ()


def test_a_colour_that_would_do_is_named_and_does() -> None:
    (found, *_) = check_palette(with_origin("chinese", colour="#6699CC"))
    colour = found.partition("; ")[2].split(" ")[0]
    assert found.endswith(f"{colour} would do for Chinese")
    assert check_palette(with_origin("chinese", colour=colour)) == ()


def with_nine_of_no_colour() -> Codebook:
    entries = ['[[origin]]\nkey = "local"\nlabel = "Local"\nforeign = false\n']
    entries += [f'[[origin]]\nkey = "own{n}"\nlabel = "Own {n}"\nforeign = true\n' for n in range(9)]
    return read_codebook("".join(entries))


def test_nine_origins_without_a_colour_keep_apart() -> None:
    book = with_nine_of_no_colour()
    assert check_palette(book) == ()
    assert len({(origin.colour, origin.strong, origin.hatch) for origin in book.origins}) == 10
    (said,) = palette_notices(book)
    assert "Own 0" in said


def colours_of(css: str) -> dict[str, dict[str, str]]:
    """Return the declarations of each class of the report's stylesheet for origins."""
    rules = re.findall(r"\.([fth]-o\d+) \{ (.*?) \}", css)
    return {name: dict(part.split(": ") for part in body.strip("; ").split("; ")) for name, body in rules}


def test_nine_origins_without_a_colour_are_seen_on_light_and_dark_pages() -> None:
    book = with_nine_of_no_colour()
    whole = origin_css(book)
    light, _, rest = whole.partition("@media (prefers-color-scheme: dark)")
    dark, _, forced = rest.partition("@media (forced-colors: active)")
    on_light = colours_of(light)
    on_dark = {**on_light, **colours_of(dark)}
    for paper, rules in (("#fdfcf9", on_light), (DARK, on_dark)):
        for at in range(1, len(book.origins)):
            mark, ink, hatch = (rules[f"{part}-o{at}"] for part in "fth")
            # A mark is seen by its fill or by its edge, its number and its hatch on its fill.
            assert max(contrast(mark["fill"], paper), contrast(mark["stroke"], paper)) >= 3, (paper, at)
            assert contrast(mark["fill"], ink["fill"]) >= 4.5, (paper, at)
            assert contrast(mark["fill"], hatch["stroke"]) >= 3, (paper, at)
    # Forced colours leave paper and ink: who is who is said by the hatch alone, so no two have the same.
    own = [f"o{at}" for at in range(1, len(book.origins))]
    plain, paths = colours_of(forced), dict(hatch_paths(book))
    assert {plain[f"f-{name}"]["fill"] for name in own} == {"Canvas"}
    taken = set(dict(hatch_paths(default_codebook())).values())
    assert len(taken | {paths[name] for name in own}) == len(taken) + 9
