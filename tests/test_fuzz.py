"""Damaged files of every kind: a few here, an evening of them in ``make fuzz`` (tools/fuzz.py says what must hold)."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import fuzz
import mutations
import pytest
from click.testing import CliRunner

from agency.cli import group
from agency.vocabulary import COLUMNS, columns_in

NUMBER = 7
"""Inputs per kind; the first is whole."""


@pytest.mark.parametrize("kind", fuzz.kinds())
def test_no_damage_breaks_more_than_the_file(kind: str) -> None:
    tally = fuzz.run_many(kind, "suite", range(NUMBER))
    assert tally.failed == {}
    assert tally.inputs == NUMBER
    assert tally.sound, "not even the whole input is sound"


def test_inputs_are_made_again_and_are_many() -> None:
    for kind in fuzz.kinds():
        made = [fuzz.make(kind, "s", number)[0] for number in range(12)]
        assert made == [fuzz.make(kind, "s", number)[0] for number in range(12)]
        assert len({tuple(files.items()) for files in made}) > 6, kind


@pytest.mark.parametrize("name", sorted(fuzz.corpus()))
def test_every_seed_is_damaged_in_its_own_terms(name: str) -> None:
    data = fuzz.corpus()[name]
    assert len(data) < 5_000
    structured = mutations.of_suffix(name)
    made = {structured(data, Random(number)) for number in range(20)}
    assert len(made - {data}) > 5


def fails() -> int:
    raise KeyError


def goes_on() -> int:
    while True:
        pass


WRONG: dict[str, Callable[[], Any]] = {
    "a traceback": fails,
    "an escape": lambda: sys.stdout.write("\x1b[2J"),
    "a change of direction": lambda: sys.stderr.write("a\u202eb"),
    "no end": goes_on,
    "a file": lambda: Path("study").write_text("lost"),
    "litter": lambda: Path(".agency-abcdefgh").write_text(""),
    "a warning": lambda: warnings.warn("of Python", UserWarning, stacklevel=1),
    "a code": lambda: 3,
    "no word": lambda: 1,
}


@pytest.mark.parametrize("wrong", [*WRONG, "nothing"])
def test_what_must_not_be_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    does = WRONG.get(wrong, lambda: 0)
    monkeypatch.setattr(fuzz, "_run", lambda _: does() if wrong in ("a code", "no word") else (does(), 0)[1])
    monkeypatch.chdir(tmp_path)
    before = fuzz._snapshot(tmp_path)
    done = fuzz.run(("x",), seconds=0.05)
    fuzz._judged(done, before, fuzz._snapshot(tmp_path))
    assert bool(done.failures) == (wrong != "nothing")


# --- What it has found, each as a kind -------------------------------------------------------------------------------


def test_a_heading_without_end_is_looked_at_in_no_time(tmp_path: Path) -> None:
    """Every run of its words was looked up: 200 KB took minutes. So did thousands of headings with a word in common."""
    assert columns_in("_".join(["actor"] * 50_000), COLUMNS) == ()
    many = ",".join(f"actor {number}" for number in range(5_000))
    (tmp_path / "t.csv").write_text(f"project,phase,origin,source,{many}\nP,design,local,s\n")
    done = fuzz.run(("check", str(tmp_path / "t.csv")), seconds=5)
    assert (done.code, done.failures) == (1, [])


def test_only_addresses_of_the_web_are_links(tmp_path: Path) -> None:
    """A source at ``javascript:…`` was a link in tables and reports."""
    (tmp_path / "t.csv").write_text("project,phase,actor,origin,source\nP,design,A,local,s\nP,operation,A,local,t\n")
    sources = (
        "@misc{s, title = {A}, url = {javascript:alert(1)}}\n@misc{t, title = {B}, url = {https://example.org/a}}\n"
    )
    (tmp_path / "sources.bib").write_text(sources)
    (tmp_path / "t.csv").rename(tmp_path / "actors_by_phase.csv")
    shown = CliRunner().invoke(group, ["table", str(tmp_path), "-f", "html"]).stdout
    assert "javascript:alert(1)" in shown
    assert 'href="javascript' not in shown
    assert '<a href="https://example.org/a">' in shown
    markdown = CliRunner().invoke(group, ["table", str(tmp_path), "-f", "markdown"]).stdout
    assert "<javascript" not in markdown
    assert "<https://example.org/a>" in markdown
