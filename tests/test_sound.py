"""The quick reader and the line-true one agree on every file that the quick one takes; it takes every sound file."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agency.table import examine_data
from agency.table.read import csvfile
from agency.vocabulary import COLUMNS, PROJECTS

HEADER = ["project", "phase", "actor", "origin", "source", "note"]
CELLS = st.sampled_from(
    [
        "",
        "A",
        "design",
        "é",
        "NA",
        "a, b",
        "a; b",
        'dice "hola"',
        '"',
        " x ",
        "=1+1",
        "\u00a0",
        "\x1f",
        "two\nlines",
        "\t",
    ]
)
FILLED = st.sampled_from(["A", "design", "é", "NA", "a, b", "a; b", " x ", "nan", "2018"])
DAMAGE = st.lists(
    st.tuples(st.integers(0, 10_000), st.sampled_from([*'",;\t|\n\r\x00 x', "\r\n", '""', "\n\n"])), max_size=3
)


def written(rows, *, delimiter=",", newline="\n", quoting=csv.QUOTE_MINIMAL):
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator=newline, quoting=quoting).writerows([HEADER, *rows])
    return stream.getvalue()


def as_read(records):
    """All that is known of a file but its cells in two forms: lists of one reader, arrays of the other."""
    return {**vars(records), "columns": [list(column) for column in records.columns], "lines": list(records.lines),
            "rows": list(records.rows)}  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    rows=st.lists(st.lists(CELLS, min_size=6, max_size=6), max_size=5),
    delimiter=st.sampled_from(",;\t|"),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    damage=DAMAGE,
    skipped=st.integers(0, 1),
    columns=st.sampled_from([COLUMNS, PROJECTS]),
)
def test_what_the_quick_reader_takes_it_reads_like_the_other(
    rows, delimiter, newline, quoting, damage, skipped, columns
):
    body = written(rows, delimiter=delimiter, newline=newline, quoting=quoting)
    for at, what in damage:
        body = body[: at % len(body)] + what + body[at % len(body) :]
    quick = csvfile._sound(body, "t.csv", columns, delimiter, skipped)
    if quick is not None:
        assert as_read(quick) == as_read(csvfile._line_by_line(body, "t.csv", columns, delimiter, skipped))


@settings(max_examples=50, deadline=None)
@given(
    rows=st.lists(st.lists(FILLED, min_size=6, max_size=6), min_size=1, max_size=5),
    delimiter=st.sampled_from(",;\t|"),
    newline=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_it_takes_every_sound_file(rows, delimiter, newline, quoting):
    body = written(rows, delimiter=delimiter, newline=newline, quoting=quoting)
    quick = csvfile._sound(body, "t.csv", COLUMNS, delimiter, 0)
    assert as_read(quick) == as_read(csvfile._line_by_line(body, "t.csv", COLUMNS, delimiter, 0))


@settings(max_examples=100, deadline=None)
@given(
    body=st.text(alphabet='project,phase;actor"\n\r\t é\x00\x0b\u2028', max_size=60), delimiter=st.sampled_from(",;")
)
def test_of_texts_that_are_no_tables_too(body, delimiter):
    quick = csvfile._sound(body, "t.csv", COLUMNS, delimiter, 0)
    if quick is not None:
        assert as_read(quick) == as_read(csvfile._line_by_line(body, "t.csv", COLUMNS, delimiter, 0))


@pytest.mark.parametrize(
    "body",
    [
        'project,phase\nA,"design\n',
        'project,phase\nA,"des"ign\n',
        'project,phase\nA,des"ign\n',
        'project,phase\n"A\nB",design\n',
        "project,phase\nA,design,\nB\n",
        "project,phase\nA\nB,design,\n",
        "project,phase\n\nA,design\n",
        "project,phase\nA,\n",
        "project,phase\n\u2003,design\n",
        "project,\nA,design\n",
        "project,phase\rA,design\r",
        "project,phase\n",
        "project\nA\n",
        f"project,phase\nA,{'x' * 140_000}\n",
    ],
)
def test_every_doubt_goes_to_the_line_true_reader(body):
    assert csvfile._sound(body, "t.csv", COLUMNS, ",", 0) is None


def test_lines_of_a_text_are_those_of_a_file():
    for body in ("", "a", "a\n", "a\r\nb\rc\n\nd", "\r", "\n\r\n\r", "a\u2028b\x0bc\n"):
        assert list(csvfile._lines(body)) == list(io.StringIO(body, newline=""))


def test_both_ways_lead_to_the_same_findings_on_the_same_lines(monkeypatch, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(
        "project,phase,actor,origin,source,start\nP,desing,A,local,s,2018\nP,operation,n/a,chinese,s,18\nP,design,B,,s,\n"
    )
    quick = examine_data(path)
    monkeypatch.setattr(csvfile, "sound_columns", lambda *_: None)
    assert quick.findings == examine_data(path).findings
    assert {(entry.line, entry.column) for entry in quick.findings} >= {
        (2, "phase"),
        (3, "actor"),
        (3, "start"),
        (4, "origin"),
    }
