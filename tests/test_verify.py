"""Quotes against texts: what printing changes is tolerated, another word is not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from agency.cli import group
from agency.errors import DataError, UsageError
from agency.table.load import load_table
from agency.table.passages import contains, nearest, normalise
from agency.table.verify import verify_quotes

TEXT = """The Ministry signed the agree-
ment in 2011.12 CEIEC’s ofﬁce, <i>“the supplier”</i>, maintained the system3, and the cameras [4] until
2018&ndash;2019. From then on, nobody did—or so it seems. The well-known sys- tem, well-
known, stopped."""


@pytest.mark.parametrize(
    "quote",
    [
        "The Ministry signed the agreement in 2011. CEIEC's office",
        'CEIEC’s office, "the supplier", maintained',
        "maintained the system, and the cameras until 2018-2019",
        "the cameras [4] until",
        "<i>“the supplier”</i>",
        "From then on,   nobody\ndid",
        "nobody did - or so",
        "did—or so it seems",
        "system, well-known, stopped",
        "The well-known system",
        "The Ministry signed [...] the system3, and",
        "The Ministry signed … nobody did",
    ],
)
def test_tolerated(quote):
    assert contains(normalise(TEXT), normalise(quote))


@pytest.mark.parametrize(
    "quote",
    [
        "The Ministry signed an agreement",
        "the ministry signed",
        "nobody did [...] The Ministry signed",
        "maintained the cameras",
        "inistry signed the agreement",
        "CEIEC office",
    ],
)
def test_not_tolerated(quote):
    assert not contains(normalise(TEXT), normalise(quote))


def test_the_nearest_passage_is_the_one_with_most_words_in_common():
    near = nearest(normalise(TEXT), "until 2018-2019. From then on, somebody")
    assert near.passage == "until 2018-2019. From then on, nobody"
    assert 0.8 < near.similarity < 1
    assert nearest("a b c", "x y").similarity == 0


WORDS = st.lists(st.text("abcdeéñ", min_size=1, max_size=6), min_size=3, max_size=30)


@settings(max_examples=60, deadline=None)
@given(words=WORDS, data=st.data())
def test_any_run_of_words_is_found_however_it_is_broken(words, data):
    start = data.draw(st.integers(0, len(words) - 2))
    end = data.draw(st.integers(start + 1, len(words)))
    text = "".join(word + data.draw(st.sampled_from([" ", "\n", "  ", "\u00a0"])) for word in words)
    assert contains(normalise(text), normalise(" ".join(words[start:end])))


@settings(max_examples=60, deadline=None)
@given(words=WORDS, quote=WORDS)
def test_nearest_never_fails_and_similarity_is_a_share(words, quote):
    near = nearest(" ".join(words), " ".join(quote))
    assert 0 <= near.similarity <= 1
    assert near.passage in " ".join(words)


def study(folder: Path, *quotes: str, file: str = "text.txt") -> Path:
    folder.mkdir(exist_ok=True)
    rows = "".join(f'P,design,A{n},local,s,"{quote}"\n' for n, quote in enumerate(quotes))
    (folder / "actors_by_phase.csv").write_text("project,phase,actor,origin,source,quote\n" + rows)
    (folder / "sources.bib").write_text(f"@misc{{s, title = {{T}}, file = {{{file}}}}}\n")
    return folder


@pytest.fixture
def texts(tmp_path):
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "text.txt").write_text(TEXT, encoding="utf-8")
    return folder


def test_a_missing_quote_is_reported_with_the_nearest_passage(tmp_path, texts):
    table = load_table(study(tmp_path / "study", "nobody did", "", "the cameras [4] since 2018"))
    result = verify_quotes(table, texts)
    assert [(entry.code, entry.line, entry.column) for entry in result.findings] == [("quote-absent", 4, "quote")]
    assert "nearest (similarity 0." in result.findings[0].expected
    assert "the cameras [4] until" in result.findings[0].expected
    assert (result.quotes, result.found, result.texts, result.unquoted) == (2, 1, 1, 1)


def test_a_source_without_a_text(tmp_path, texts):
    table = load_table(study(tmp_path / "study", "nobody did", "nobody", file="absent.txt"))
    result = verify_quotes(table, texts)
    assert [(entry.code, entry.line) for entry in result.findings] == [("text-missing", 2)]
    assert verify_quotes(table, texts, {"s": "text.txt"}).findings == ()


def test_a_file_outside_the_folder_is_not_read(tmp_path, texts):
    (tmp_path / "secret.txt").write_text("nobody did")
    table = load_table(study(tmp_path / "study", "nobody did", file="../secret.txt"))
    assert [entry.code for entry in verify_quotes(table, texts).findings] == ["text-missing"]


def test_quotes_of_claims_are_looked_up(tmp_path, texts):
    folder = study(tmp_path / "study", "nobody did")
    (folder / "claims.toml").write_text(
        '[[claim]]\nsource = "s"\nquote = "nobody did"\n\n[[claim]]\nid = "b"\nsource = "s"\nquote = "all did"\n'
    )
    findings = verify_quotes(load_table(folder), texts).findings
    assert [(entry.file, entry.line) for entry in findings] == [("claims.toml", 5)]
    (folder / "claims.toml").write_text("[[claim]\n")
    with pytest.raises(DataError, match=r"claims\.toml"):
        verify_quotes(load_table(folder), texts)


def test_wrong_calls(tmp_path, texts):
    table = load_table(study(tmp_path / "study", "nobody did"))
    with pytest.raises(UsageError, match="there is no such folder"):
        verify_quotes(table, texts / "text.txt")
    with pytest.raises(UsageError, match=r"there is no such source. Did you mean 's'"):
        verify_quotes(table, texts, {"S": "text.txt"})
    with pytest.raises(UsageError, match="does not exist"):
        verify_quotes(table, texts, {"s": "absent.txt"})
    (texts / "folder.txt").mkdir()
    with pytest.raises(UsageError, match="cannot be read"):
        verify_quotes(table, texts, {"s": "folder.txt"})


def test_command(tmp_path, texts):
    runner = CliRunner()
    folder = str(study(tmp_path / "study", "nobody did"))
    good = runner.invoke(group, ["verify", folder, "--texts", str(texts)])
    assert (good.exit_code, good.stdout) == (0, "actors_by_phase.csv: 1 of 1 quotes found in 1 text.\n")
    bad = runner.invoke(group, ["verify", str(study(tmp_path / "study", "all did")), "--texts", str(texts)])
    assert bad.exit_code == 1
    assert "0 of 1 quotes found" in bad.stdout
    assert runner.invoke(group, ["verify", folder, "--texts", str(texts), "--map", "s"]).exit_code == 2
    assert runner.invoke(group, ["verify", folder]).exit_code == 2


def test_every_quote_of_the_shipped_data_stands_in_its_text():
    given_folder = os.environ.get("AGENCY_TEXTS")
    folder = Path(given_folder) if given_folder else Path(__file__).parents[2] / "shared" / "seeds"
    if not given_folder and not folder.is_dir():
        pytest.skip("the source texts are not here: set AGENCY_TEXTS to their folder")
    result = verify_quotes(load_table(), folder)
    assert result.findings == ()
    assert result.quotes > 0
