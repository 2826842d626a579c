"""Damaged files of every kind: a few here, a hundred thousand with ``make fuzz`` (tools/fuzz.py says what must hold)."""

from __future__ import annotations

from pathlib import Path
from random import Random

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


def test_what_must_not_be_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fuzzer finds each thing that it looks for."""

    def broken(arguments: list[str]) -> int:
        wrong = arguments[0]
        if wrong == "traceback":
            raise KeyError(wrong)
        if wrong == "escape":
            print("\x1b[2J")
        if wrong == "turned":
            print("a\u202eb")
        if wrong == "endless":
            while True:
                pass
        if wrong == "writes":
            Path("study").write_text("lost")
        if wrong == "leaves":
            Path(".agency-abcdefgh").write_text("")
        return {"silent": 1, "code": 3}.get(wrong, 0)

    monkeypatch.setattr(fuzz, "_run", broken)
    monkeypatch.chdir(tmp_path)
    said = {}
    for wrong in ("traceback", "escape", "turned", "endless", "writes", "leaves", "silent", "code", "nothing"):
        before = fuzz._snapshot(tmp_path)
        done = fuzz.run((wrong,), seconds=0.05)
        fuzz._judged(done, before, fuzz._snapshot(tmp_path))
        said[wrong] = done.failures
    assert {wrong for wrong, failures in said.items() if not failures} == {"nothing"}


# --- What it has found, each as a kind -------------------------------------------------------------------------------


def test_a_heading_without_end_is_looked_at_in_no_time(tmp_path: Path) -> None:
    """Every run of its words was looked up: 200 KB took minutes. So did 16,000 headings with one word in common."""
    assert columns_in("_".join(["actor"] * 50_000), COLUMNS) == ()
    many = ",".join(f"actor {number}" for number in range(16_000))
    (tmp_path / "t.csv").write_text(f"project,phase,origin,source,{many}\nP,design,local,s\n")
    done = fuzz.run(("check", str(tmp_path / "t.csv")), seconds=10)
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
