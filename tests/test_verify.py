"""Quotes against texts: what printing changes is bridged and said, another word is not."""

from __future__ import annotations

import contextlib
import io
import os
import time
import zipfile
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import examples

from agency.cli import group
from agency.errors import DataError, UsageError
from agency.references import Quote, Reference, verify_quotes
from agency.references.texts import TextError, read_text, text_file
from agency.references.verify import HEADERS, HYPHENATION, LIGATURES, NOTES, Searchable, nearest, without_headers
from agency.table import load_table, table_quotes

TEXT = """The Ministry signed the agree-
ment in 2011.12 CEIEC’s ofﬁce, <i>“the supplier”</i>, maintained the system3, and the cameras [4] until
2018&ndash;2019. From then on, nobody did—or so it seems. The well-known sys- tem, well-
known, stopped. It fell by -5 % in 2011 -2012, then by 3.5 million."""


@pytest.mark.parametrize(
    "quote, bridged",
    [
        ("The Ministry signed the agreement in 2011. CEIEC's office", (HYPHENATION, NOTES, LIGATURES)),
        ('CEIEC’s office, "the supplier", maintained', (LIGATURES,)),
        ("CEIEC’s ofﬁce", ()),
        ("maintained the system, and the cameras until 2018-2019", (NOTES,)),
        ("the cameras [4] until", ()),
        ("<i>“the supplier”</i>", ()),
        ("From then on,   nobody\ndid", ()),
        ("nobody did - or so", ()),
        ("did—or so it seems", ()),
        ("system, well-known, stopped", (HYPHENATION,)),
        ("The well-known system", (HYPHENATION,)),
        ("known system", (HYPHENATION,)),
        ("The Ministry signed [...] the system3, and", ()),
        ("The Ministry signed … nobody did", ()),
        ("It fell by −5 %", ()),
        ("in 2011–2012", ()),
        ("by 3.5 million", ()),
    ],
)
def test_tolerated_and_said(quote, bridged):
    assert Searchable(TEXT).find(quote) == bridged


@pytest.mark.parametrize(
    "quote",
    [
        "The Ministry signed an agreement",
        "the ministry signed",
        "nobody did [...] The Ministry signed",
        "maintained the cameras",
        "inistry signed the agreement",
        "CEIEC office",
        "It fell by 5 %",
        "by 3.7 million",
        "by 35 million",
    ],
)
def test_not_tolerated(quote):
    assert Searchable(TEXT).find(quote) is None


def test_a_number_that_is_a_word_is_no_footnote():
    assert Searchable("Ecuador bought 300 cameras").find("Ecuador bought cameras") is None
    assert Searchable("at the G20 summit").find("at the G summit") is None


PAGES = "\f".join(
    f"The Information Society {number}\nEvidence from Argentina\n{body}\n{number + 153}\n"
    for number, body in enumerate(["The cameras were main-", "tained by ZTE until", "the contract ended."], 1)
)


def test_a_page_header_between_two_halves_is_bridged_and_said():
    text = Searchable(PAGES)
    assert text.find("The cameras were maintained by ZTE until the contract ended") == (HYPHENATION, HEADERS)
    assert text.find("ZTE until the contract") == (HEADERS,)
    assert text.find("ZTE until a contract") is None
    plain = PAGES.replace("\f", "")
    assert Searchable(plain).find("ZTE until the contract") == (HEADERS,)


def test_a_text_without_pages_is_left_whole():
    text = "one\ntwo\nthree words\ntwo"
    assert without_headers(text) is text


def test_the_nearest_passage_is_the_one_with_most_words_in_common():
    near = nearest(Searchable(TEXT).plain, "until 2018-2019. From then on, somebody")
    assert near.passage == "until 2018-2019. From then on, nobody"
    assert 0.8 < near.similarity < 1
    assert nearest("a b c", "x y").similarity == 0


WORDS = st.lists(st.text("abcdeéñ", min_size=1, max_size=6), min_size=3, max_size=30)


@settings(max_examples=examples(60), deadline=None)
@given(words=WORDS, data=st.data())
def test_any_run_of_words_is_found_however_it_is_broken(words, data):
    start = data.draw(st.integers(0, len(words) - 2))
    end = data.draw(st.integers(start + 1, len(words)))
    text = "".join(word + data.draw(st.sampled_from([" ", "\n", "  ", "\u00a0"])) for word in words)
    assert Searchable(text).find(" ".join(words[start:end])) is not None


@settings(max_examples=examples(60), deadline=None)
@given(words=WORDS, data=st.data())
def test_a_word_broken_at_a_line_end_is_found(words, data):
    at = data.draw(st.integers(0, len(words) - 1))
    word = "agreement"
    cut = data.draw(st.integers(1, len(word) - 1))
    text = " ".join([*words[:at], f"{word[:cut]}-\n{word[cut:]}", *words[at:]])
    assert Searchable(text).find(" ".join([*words[:at], word, *words[at:]])) == (HYPHENATION,)


@settings(max_examples=examples(60), deadline=None)
@given(words=WORDS, quote=WORDS)
def test_nearest_never_fails_and_similarity_is_a_share(words, quote):
    near = nearest(" ".join(words), " ".join(quote))
    assert 0 <= near.similarity <= 1
    assert near.passage in " ".join(words)


@pytest.mark.parametrize("text, quote", [("- " * 400_000, "- " * 18 + "a"), ("a b " * 100_000, "a b " * 2000 + "c")])
def test_searching_is_linear(text, quote):
    """What ran for minutes with 18 dashes takes about a second with as many as one likes."""
    began = time.perf_counter()
    assert Searchable(text).find(quote) is None
    assert time.perf_counter() - began < 10


def study(folder: Path, *quotes: str, file: str = "text.txt") -> Path:
    folder.mkdir(exist_ok=True)
    rows = "".join(f'P,design,A{n},local,s,"{quote}"\n' for n, quote in enumerate(quotes))
    (folder / "actors_by_phase.csv").write_text("project,phase,actor,origin,source,quote\n" + rows, "utf-8")
    named = f", file = {{{file}}}" if file else ""
    (folder / "sources.bib").write_text(f"@misc{{s, title = {{T}}{named}}}\n")
    return folder


def verified(folder: Path, texts: Path, files=None):
    table = load_table(folder)
    return verify_quotes(table_quotes(table), table.sources, texts, files)


@pytest.fixture
def texts(tmp_path):
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "text.txt").write_text(TEXT, encoding="utf-8")
    return folder


def test_a_missing_quote_is_reported_with_the_nearest_passage(tmp_path, texts):
    result = verified(study(tmp_path / "study", "nobody did", "", "the cameras [4] since 2018"), texts)
    assert [(entry.code, entry.line, entry.column) for entry in result.faults] == [("quote-absent", 4, "quote")]
    assert "nearest (similarity 0." in result.faults[0].expected
    assert "the cameras [4] until" in result.faults[0].expected
    assert (result.quotes, result.found, result.texts) == (2, 1, 1)


@pytest.mark.parametrize("quote", ["-", "- - - - - - - - - - - - - - - - - -", "[...]", "…"])
def test_a_quote_without_letter_or_digit_is_a_problem(tmp_path, texts, quote):
    result = verified(study(tmp_path / "study", quote, "nobody did"), texts)
    assert [(entry.code, entry.line) for entry in result.faults] == [("quote-empty", 2)]
    assert (result.quotes, result.found) == (1, 1)


def test_a_source_without_a_text(tmp_path, texts):
    folder = study(tmp_path / "study", "nobody did", "nobody", file="absent.txt")
    assert [(entry.code, entry.line) for entry in verified(folder, texts).faults] == [("text-missing", 2)]
    assert verified(folder, texts, {"s": "text.txt"}).faults == ()


def test_a_text_is_found_by_its_key(tmp_path, texts):
    (texts / "s.txt").write_text("nobody did")
    assert verified(study(tmp_path / "study", "nobody did", file=""), texts).found == 1
    # What a reference manager writes into `file` is none of our texts.
    zotero = r"Full Text PDF:C\:\\Users\\me\\Zotero\\storage\\AB12\\Paper - 2020.pdf:application/pdf"
    assert verified(study(tmp_path / "study", "nobody did", file=zotero), texts).found == 1


@pytest.mark.parametrize(
    "field, name",
    [
        ("paper.txt", "paper.txt"),
        (r"Full Text PDF:C\:\\Users\\me\\paper.txt:application/pdf", "paper.txt"),
        (":files/12/paper.txt:PDF", "paper.txt"),
        ("/home/me/a.html;/home/me/paper.txt", "paper.txt"),
        ("files/paper.txt", "paper.txt"),
        ("", "k.txt"),
        ("gone.pdf", "k.txt"),
        ("../paper.txt", "paper.txt"),
        ("x" * 9000, "k.txt"),
        ("a\0b", "k.txt"),
    ],
)
def test_the_field_file_of_reference_managers(tmp_path, field, name):
    for one in ("paper.txt", "k.txt"):
        (tmp_path / one).write_text("x")
    assert text_file(Reference("k", file=field), tmp_path) == tmp_path / name


def test_a_key_that_is_no_file_name(tmp_path):
    (tmp_path / "a_b.txt").write_text("x")
    assert text_file(Reference("a/b"), tmp_path) == tmp_path / "a_b.txt"
    assert text_file(Reference("../../etc/passwd"), tmp_path) is None


def test_a_file_outside_the_folder_is_not_read(tmp_path, texts):
    (tmp_path / "secret.txt").write_text("nobody did")
    (texts / "secret.txt").symlink_to(tmp_path / "secret.txt")
    for name in ("../secret.txt", "secret.txt", "sub/../../secret.txt"):
        result = verified(study(tmp_path / "study", "nobody did", file=name), texts)
        assert [entry.code for entry in result.faults] == ["text-missing"]


def word_bytes(*paragraphs: str, note: str = "") -> bytes:
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
        packed.writestr("word/document.xml", f"<w:document {w}><w:body>{body}</w:body></w:document>")
        if note:
            said = f"<w:footnotes {w}><w:p><w:r><w:t>{note}</w:t></w:r></w:p></w:footnotes>"
            packed.writestr("word/footnotes.xml", said)
    return stream.getvalue()


def test_word_and_html_are_read_and_said(tmp_path, texts):
    (texts / "s.docx").write_bytes(word_bytes("From then on", "nobody did it.", note="Said in a note."))
    result = verified(study(tmp_path / "study", "then on nobody did it", "Said in a note", file=""), texts)
    assert (result.found, result.read) == (2, {"s.docx": "Word document"})
    page = "<html><head><title>no</title><script>nobody()</script></head><body><p>From <b>then</b> on</p><p>nobody"
    (texts / "s.html").write_text(page)
    result = verified(study(tmp_path / "study", "From then on nobody", file=""), texts)
    assert (result.found, result.read) == (1, {"s.html": "HTML page"})
    assert verified(study(tmp_path / "study", "nobody()", file=""), texts).found == 0


def pdf_bytes(*pages: str) -> bytes:
    """A PDF with a line of text on each page, written by hand."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{3 + 2 * n} 0 R" for n in range(len(pages)))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode())
    font = "<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    for n, text in enumerate(pages):
        stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
        page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources {font} /Contents {4 + 2 * n} 0 R >>"
        objects += [page.encode(), b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream)]
    out, places = b"%PDF-1.4\n", []
    for n, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + trailer


def test_pdf_is_read_page_by_page_and_said(tmp_path, texts):
    pypdf = import_module("pypdf")
    (texts / "s.pdf").write_bytes(pdf_bytes("The cameras were main-", "tained by ZTE."))
    result = verified(study(tmp_path / "study", "cameras were maintained by ZTE", file=""), texts)
    assert (result.found, dict(result.bridged)) == (1, {HYPHENATION: 1})
    assert result.read == {"s.pdf": f"PDF, 2 pages, read by pypdf {pypdf.__version__}"}


@pytest.mark.parametrize(
    "name, data, said",
    [
        ("s.txt", b"a\0b", "no text"),
        ("s.pdf", b"%PDF-1.4\nbroken", "damaged PDF"),
        ("s.docx", b"PK\x03\x04broken", "damaged Word document"),
        ("s.docx", word_bytes("a").replace(b"</w:document>", b"</w:documend>"), "damaged Word document"),
    ],
    ids=["no text", "damaged PDF", "no archive", "damaged XML"],  # an archive holds the time it was made
)
def test_an_unreadable_text_is_a_problem(tmp_path, texts, name, data, said):
    (texts / name).write_bytes(data)
    (entry,) = verified(study(tmp_path / "study", "nobody did", file=""), texts).faults
    assert entry.code == "text-unreadable"
    assert said in entry.found


def test_a_scan_and_an_absent_reader_say_what_to_do(tmp_path, texts, monkeypatch):
    (texts / "s.pdf").write_bytes(pdf_bytes(""))
    with pytest.raises(TextError, match="a scan") as scan:
        read_text(texts / "s.pdf")
    assert "OCR" in scan.value.fix
    monkeypatch.setitem(__import__("sys").modules, "pypdf", None)
    with pytest.raises(TextError) as none:
        read_text(texts / "s.pdf")
    assert "pip install" in none.value.fix


@settings(max_examples=examples(150), deadline=None)
@given(
    seed=st.sampled_from([pdf_bytes("one", "two"), word_bytes("one", "two"), b"<html><p>one</p>", "ñandú".encode()]),
    at=st.integers(0, 2000),
    new=st.binary(max_size=4),
)
def test_no_bytes_of_a_text_end_in_a_traceback(tmp_path_factory, seed, at, new):
    path = tmp_path_factory.mktemp("t") / "k.html"
    at %= len(seed)
    path.write_bytes(seed[:at] + new + seed[at + 1 :])
    with contextlib.suppress(TextError):
        assert isinstance(read_text(path).text, str)


def test_quotes_of_claims_are_looked_up(tmp_path, texts):
    folder = study(tmp_path / "study", "nobody did")
    (folder / "claims.toml").write_text(
        '[[claim]]\nsource = "s"\nquote = "nobody did"\n\n[[claim]]\nid = "b"\nsource = "s"\nquote = "all did"\n'
    )
    assert [(entry.file, entry.line) for entry in verified(folder, texts).faults] == [("claims.toml", 5)]
    for broken in ("[[claim]\n", "a = " + "[" * 3000, "a = " + "9" * 5000):
        (folder / "claims.toml").write_text(broken)
        with pytest.raises(DataError, match=r"claims\.toml"):
            verified(folder, texts)
    (folder / "claims.toml").write_text("claim = 1\n")
    assert verified(folder, texts).faults == ()


def test_wrong_calls(tmp_path, texts):
    folder = study(tmp_path / "study", "nobody did")
    with pytest.raises(UsageError, match="there is no such folder"):
        verified(folder, texts / "text.txt")
    with pytest.raises(UsageError, match=r"there is no such source. Did you mean 's'"):
        verified(folder, texts, {"S": "text.txt"})
    with pytest.raises(UsageError, match="does not exist"):
        verified(folder, texts, {"s": "absent.txt"})
    (texts / "folder.txt").mkdir()
    with pytest.raises(UsageError, match="cannot be read"):
        verified(folder, texts, {"s": "folder.txt"})


def test_a_quote_by_itself(texts):
    quotes = [Quote("nobody did", "text", "mine.csv", 3)]
    assert verify_quotes(quotes, {}, texts).found == 1


def test_command(tmp_path, texts):
    runner = CliRunner()
    folder = str(study(tmp_path / "study", "nobody did", "", "The well-known system"))
    good = runner.invoke(group, ["verify", folder, "--texts", str(texts)])
    said = (
        "actors_by_phase.csv: 2 of 2 quotes found in 1 text. Bridged: 1 over hyphenation at a line end. "
        "1 row has no quote.\n"
    )
    assert (good.exit_code, good.stdout) == (0, said)
    bad = runner.invoke(group, ["verify", str(study(tmp_path / "study", "all did")), "--texts", str(texts)])
    assert bad.exit_code == 1
    assert "0 of 1 quote found" in bad.stdout
    assert runner.invoke(group, ["verify", folder, "--texts", str(texts), "--map", "s"]).exit_code == 2
    assert runner.invoke(group, ["verify", folder]).exit_code == 2


def test_every_quote_of_the_shipped_data_stands_in_its_text():
    given_folder = os.environ.get("AGENCY_TEXTS")
    folder = Path(given_folder) if given_folder else Path(__file__).parents[2] / "shared" / "seeds"
    if not given_folder and not folder.is_dir():
        pytest.skip("the source texts are not here: set AGENCY_TEXTS to their folder")
    table = load_table()
    result = verify_quotes(table_quotes(table), table.sources, folder)
    assert result.faults == ()
    assert result.quotes > 0
