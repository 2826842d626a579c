"""Text in its place: wrapped at words, shrunk to 6 points at most, divided only when nothing else helps."""

from __future__ import annotations

import pytest
from figure_cases import ONE_WORD
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import examples

from agency.figures.surface import fitting as fonts
from agency.figures.surface.fitting import fit, longest_word, missing_characters, missing_message, text_width
from agency.figures.surface.style import FigureStyle

STYLE = FigureStyle()
WORDS = st.lists(
    st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=0x24F, exclude_categories=("C", "Z")), min_size=1),
    min_size=1,
    max_size=8,
).map(" ".join)


def stripped(text: str) -> str:
    return text.replace(" ", "").replace("-", "")


@settings(max_examples=examples(100), deadline=None)
@given(WORDS, st.floats(5, 120))
def test_fitted_text_is_complete_inside_and_never_small(text: str, width: float) -> None:
    fitted = fit(text, width, STYLE)
    assert stripped("".join(fitted.lines)) == stripped(text)
    assert 6 <= fitted.size <= 7
    assert fitted.width <= width
    for line in fitted.lines:
        assert text_width(line, fitted.size, STYLE.families) <= width


@settings(max_examples=examples(50), deadline=None)
@given(WORDS, st.floats(5, 120))
def test_words_are_divided_only_when_the_longest_does_not_fit(text: str, width: float) -> None:
    fitted = fit(text, width, STYLE)
    assert fitted.whole == (longest_word(text, STYLE) <= width)


def test_lines_are_balanced() -> None:
    assert fit("Coordinating Ministry of Security", 31, STYLE).lines == ("Coordinating", "Ministry of Security")


def test_text_shrinks_before_a_word_is_divided() -> None:
    at_six = text_width("Telecommunications", 6, STYLE.families)
    assert fit("Telecommunications", at_six * 1.001, STYLE).size == 6
    assert fit("Telecommunications", at_six * 1.001, STYLE).whole
    assert fit("Telecommunications", at_six * 0.99, STYLE).lines[0].endswith("-")


def test_a_word_without_end_is_divided_at_six_points() -> None:
    fitted = fit(ONE_WORD, 20, STYLE)
    assert fitted.size == 6
    assert not fitted.whole
    assert all(line.endswith("-") for line in fitted.lines[:-1])


def test_chinese_breaks_between_characters_without_hyphen() -> None:
    with pytest.warns(UserWarning, match="Glyph"):
        lines = fit("中国电子进出口有限公司", 14, STYLE).lines
    assert len(lines) > 1
    assert "".join(lines) == "中国电子进出口有限公司"


def test_missing_characters_are_found_in_order_and_once() -> None:
    assert missing_characters(["CEIEC 国中", "中"], ("DejaVu Sans",)) == ("国", "中")


def test_a_further_font_mends_missing_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    have = {"Han": frozenset(map(ord, "中国")), "DejaVu Sans": frozenset(range(32, 127))}
    monkeypatch.setattr(fonts, "_characters", have.__getitem__)
    assert missing_characters(["中国 CEIEC"], ("Han", "DejaVu Sans")) == ()
    assert missing_characters(["中国 CEIEC"], ("DejaVu Sans",)) == ("中", "国")


def test_many_missing_characters_are_counted() -> None:
    assert "and 8 more" in missing_message(tuple("abcdefghijklmnopqrst"))
