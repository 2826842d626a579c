"""Characters that files, screens and file names cannot take."""

from __future__ import annotations

import json
import unicodedata
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agency.characters import clean, file_names, from_spreadsheet, json_text, spreadsheet, xml

ANY = st.text(st.characters(), max_size=30)
TURNING = "\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
FORMULAS = st.builds(
    "".join, st.lists(st.sampled_from(["'", "=", "-", "+", "@", " ", "1", "a", "＝", "%"]), max_size=6)
)


@given(ANY)
def test_clean_is_one_line_that_turns_nothing(text: str) -> None:
    found = clean(text)
    assert len(found) == len(text)
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in found)
    assert not set(found) & set(TURNING)
    assert clean(found) == found


# --- Spreadsheets ----------------------------------------------------------------------------------------------------


@given(st.one_of(ANY, FORMULAS))
def test_what_is_written_for_a_spreadsheet_is_read_back(text: str) -> None:
    assert from_spreadsheet(spreadsheet(text)) == clean(text)


@given(st.one_of(ANY, FORMULAS))
def test_nothing_written_for_a_spreadsheet_runs(text: str) -> None:
    """A lone sign and a number are no formulas: "-", "-1.5 %"."""
    written = spreadsheet(text).strip()
    if written[:1] in ("=", "+", "-", "@"):
        assert len(written) == 1 or set(written) <= set("0123456789+-.,eE% \u00a0") or not written.isascii()
    if len(written) > 1:
        assert written[0] not in "=@"


@pytest.mark.parametrize("text", ["'tis so", "''", "'-1", "'80s", "-5", "CEIEC"])
def test_apostrophes_of_their_own_stay(text: str) -> None:
    assert spreadsheet(text) == text
    assert from_spreadsheet(text) == text


# --- Names of files --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key, name",
    [
        ("ECU 911", "ECU-911"),
        ("../../etc/passwd", "etc-passwd"),
        ("NUL", "_NUL"),
        ("NUL.txt", "NUL-txt"),
        ("", "_"),
        ("...", "_"),
        ("Venesat-1", "Venesat-1"),
        ("中国 / x", "中国-x"),
        ("Café", "Café"),
        ("Cafe\u0301", "Café"),
        ("a\u202eb", "a-b"),
    ],
)
def test_a_key_becomes_a_name(key: str, name: str) -> None:
    assert file_names([key]) == (name,)


@given(
    st.lists(st.one_of(ANY, st.text("xyXY/_-. ", max_size=4), st.text("é中", min_size=60, max_size=90)), max_size=12)
)
def test_names_are_safe_short_and_all_different(keys: list[str]) -> None:
    for latin in (False, True):
        names = file_names(keys, latin=latin)
        assert len(names) == len(keys)
        assert len({unicodedata.normalize("NFC", name.casefold()) for name in names}) == len(names)
        for name in names:
            assert name
            assert not name.startswith((".", "-"))
            assert not set(name) & set('/\\:*?"<>|. \0')
            assert len(name.encode("utf-8")) <= 100
            assert not latin or set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_")


def test_keys_that_share_a_name_keep_theirs_when_others_come_and_go() -> None:
    both = dict(zip(("x/y", "x_y", "z"), file_names(["x/y", "x_y", "z"]), strict=True))
    more = dict(zip(("a", "X:Y", "x_y", "x/y"), file_names(["a", "X:Y", "x_y", "x/y"]), strict=True))
    assert both["x/y"] == more["x/y"]
    assert both["x_y"] == more["x_y"]
    assert both["z"] == "z"


def test_a_key_cannot_take_the_numbered_name_of_another() -> None:
    numbered = file_names(["x/y", "x_y"])[0]
    assert len(set(file_names(["x/y", "x_y", numbered]))) == 3
    assert len(set(file_names([numbered, "x/y", "x_y"]))) == 3
    assert len(set(file_names(["same", "same", "same"]))) == 3


# --- Documents -------------------------------------------------------------------------------------------------------


@given(ANY)
def test_xml_is_xml(text: str) -> None:
    found = xml(text.replace("&", "").replace("<", "").replace("]]>", ""))
    assert ET.fromstring(f"<a>{found}</a>".encode()).tag == "a"
    assert not set(found) & set(TURNING)


@given(st.dictionaries(ANY, ANY))
def test_json_says_the_same_and_moves_no_screen(document: dict[str, str]) -> None:
    written = json_text(document)
    assert json.loads(written) == document
    assert written.encode("utf-8")
    assert all(char == "\n" or (char >= " " and not "\x7f" <= char <= "\x9f") for char in written)
    assert not set(written) & set(TURNING)


def test_json_has_no_nan() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_text({"a": float("nan")})
