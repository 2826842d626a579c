"""What comes out of a parser is what went into the escape."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from readers import flat, html_rows, html_tree, markdown_rows, pandoc
from strategies import examples
from table1 import HARD_NAMES

from agency.characters import clean, spreadsheet
from agency.formats import escape

SPECIAL = "\\`*_{}[]()<>#+-.!|~^$&%@:;=\"'/?, 1aA"
texts = st.text(
    st.one_of(
        st.sampled_from(SPECIAL), st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co", "Cf", "Zs", "Zl", "Zp"])
    ),
    min_size=1,
    max_size=20,
)


def tidy(text: str) -> str:
    return re.sub(r" +", " ", text).strip(" ")


@pytest.mark.parametrize("name", HARD_NAMES)
def test_hard_names_survive_html_and_markdown(name):
    assert flat(html_tree(f'<p title="{escape.html(name)}">{escape.html(name)}</p>')[0]) == tidy(name)
    assert markdown_rows(f"| h |\n|---|\n| {escape.markdown(name)} |") == [["h"], [tidy(name)]]


@given(texts)
@settings(max_examples=examples(100))
def test_html_round_trip(text):
    tree = html_tree(f"<p title='{escape.html(text)}'>{escape.html(text)}</p>")
    assert tree[0].get("title") == text
    assert "".join(tree[0].itertext()) == text
    assert len(tree[0]) == 0


@given(st.lists(texts, min_size=1, max_size=4))
@settings(max_examples=examples(100))
def test_markdown_round_trip(names):
    line = " | ".join(escape.markdown(f"x{name}x") for name in names)
    head = "| h " * len(names) + "|\n" + "|---" * len(names) + "|"
    assert markdown_rows(f"{head}\n| {line} |")[1] == [tidy(f"x{name}x") for name in names]


@given(texts)
@settings(max_examples=examples(100))
def test_markdown_paragraph_stays_a_paragraph(text):
    from markdown_it import MarkdownIt

    words = f"{text}x".strip(" ")
    html = MarkdownIt("commonmark").render(escape.markdown(words))
    assert [element.tag for element in html_tree(html)] == ["p"]
    assert flat(html_tree(html)[0]) == tidy(words)


@pytest.mark.parametrize("function, source", [(escape.markdown, "markdown-smart"), (escape.rst, "rst")])
def test_pandoc_reads_hard_names_as_paragraphs(function, source):
    document = "\n\n".join(function(name) for name in HARD_NAMES)
    paragraphs = [element for element in html_tree(pandoc(document, source)) if isinstance(element.tag, str)]
    assert [element.tag for element in paragraphs] == ["p"] * len(HARD_NAMES)
    assert [flat(element) for element in paragraphs] == [tidy(name) for name in HARD_NAMES]


@pytest.mark.parametrize("function, source", [(escape.markdown, "markdown-smart"), (escape.rst, "rst")])
@given(st.lists(texts.map(lambda text: f"{text}x".strip(" ")), min_size=10, max_size=25))
@settings(max_examples=examples(12), deadline=None)
def test_pandoc_round_trip(function, source, names):
    document = "\n\n".join(function(name) for name in names)
    paragraphs = [element for element in html_tree(pandoc(document, source)) if isinstance(element.tag, str)]
    assert [flat(element) for element in paragraphs] == [tidy(name) for name in names]


LATEX_COMMANDS = re.compile(
    r"\\(textbackslash|textasciitilde|textasciicircum|textless|textgreater|textbar|textasciigrave){}"
    r"|\\symbol\{34\}|\\mbox\{-\}|\\[{}$&#%_,-]|\{[][*]\}|\{\}"
    r"|\\agencyscript\{[^\x00-\x7f]+( [^\x00-\x7f]+)*\}\{[U+0-9A-F ]+\}"
)


@given(texts)
@settings(max_examples=examples(100))
def test_latex_leaves_nothing_with_a_meaning(text):
    assert not re.search(r"[\\{}$&#%_~^\[\]<>|\"`*]", LATEX_COMMANDS.sub("", escape.latex(text)).replace("~", ""))


@pytest.mark.parametrize("pair", ["--", "''", ",,", "?`", "!`", "<<", ">>"])
def test_latex_breaks_ligatures(pair):
    assert pair not in escape.latex(f"a{pair}b")


@pytest.mark.parametrize(
    "text", ["=cmd()", "+1+2", "-1-2", "@x", " =x", "\t=x", "-SUM(A1)", "＝x", "+ plus", "- x", "--", "=1"]
)
def test_formulas_get_an_apostrophe(text):
    assert spreadsheet(text) == f"'{clean(text)}"


@pytest.mark.parametrize(
    "text", ["-1", "+1.5", "-1,5", "-0.5 %", "1e5", "-1.2e-05", "-.5", "-", "+", "CEIEC", "a=b", ""]
)
def test_numbers_and_words_are_left_alone(text):
    assert spreadsheet(text) == text


def test_control_characters_become_spaces():
    assert clean("a\x1b[31mb\nc\td\u2028e") == "a [31mb c d e"
    assert html_rows(f"<table><tr><td>{escape.html(chr(0) + 'x')}</td></tr></table>") == [["x"]]
