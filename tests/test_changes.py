"""What changed between two versions: matched by content, told with what stood there before, and nothing else."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle.strategies import studies, write
from oracle.table1 import LAUNCHED, TABLE1
from readers import html_rows
from strategies import examples

import agency
from agency.changes import changes_between
from agency.changes.found import common_columns, matched, statement_texts
from agency.cli import main
from agency.errors import UsageError
from agency.study import Study

TABLE = "actors_by_phase.csv"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Table 1 in a folder."""
    return write(TABLE1, tmp_path / "old")


def edited(old: Path, edit, name: str = "new") -> Path:
    """Copy a study and change the records of its table."""
    new = old.parent / name
    shutil.copytree(old, new)
    with (new / TABLE).open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        rows, names = list(reader), list(reader.fieldnames or ())
    rows = edit(rows) or rows
    stream = io.StringIO()
    writer = csv.DictWriter(stream, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    (new / TABLE).write_text(stream.getvalue(), "utf-8")
    return new


def told(old: Path, new: Path) -> dict[str, list[tuple[tuple[str, ...], str, object, object]]]:
    """Return the changes by what they are about."""
    document = agency.load(old).diff(agency.load(new)).document
    found: dict[str, list[tuple[tuple[str, ...], str, object, object]]] = {}
    for one in document["changes"]:
        found.setdefault(one["about"], []).append((tuple(one["key"]), one["column"], one["old"], one["new"]))
    return found


def run(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as stopped:
        main([str(argument) for argument in arguments])
    return int(stopped.value.code or 0)


def test_a_row_that_says_something_else_is_changed_and_everything_made_of_it(old: Path) -> None:
    def edit(rows):
        rows[6]["end"] = "2016"

    found = told(old, edited(old, edit))
    (key, column, before, after), *more = found["statements"]
    assert (key[:2], column, before, after, more) == (("ECU 911", "maintenance"), "end", "2018", "2016", [])
    assert found["cells"] == [
        (
            ("ECU 911", "maintenance"),
            "text",
            "Until 2018: CEIEC / From 2018 onwards: still under negotiation",
            "Until 2016: CEIEC / From 2018 onwards: still under negotiation",
        )
    ]
    # By hand: of the ten years 2012-2021 CEIEC holds five, not seven; a phase is a sixth of the whole.
    numbers = {(key, column): (before, after) for key, column, before, after in found["numbers"]}
    gap = numbers[("ECU 911", "composition.chinese", "time"), "value"]
    assert gap[0] - gap[1] == pytest.approx(2 / 10 / 6)
    assert not [key for key, _ in numbers if key[0] == "JSeI"]
    assert not [key for key, _ in numbers if key[1].startswith("composition") and key[2] == "static"]


def test_new_and_gone_rows_are_told_in_words(old: Path) -> None:
    def edit(rows):
        rows[0] = {**rows[0], "project": "Other", "phase": "design"}

    found = told(old, edited(old, edit))
    gone, added = found["statements"]
    assert gone[0] == ("ECU 911", "initiation")
    assert gone[2].startswith("Coordinating Ministry of Security [local]")
    assert (gone[3], added[2], added[0]) == (None, None, ("Other", "design"))
    assert (("Other",), "", "Other", None) not in found["projects"]
    assert [(key, before) for key, _, before, _ in found["projects"]] == [(("Other",), None)]


def test_a_quoted_passage_coded_otherwise_is_one_statement(old: Path) -> None:
    table = agency.load(old).data
    texts = statement_texts(table, common_columns(table, table))
    renamed = texts.copy()
    renamed.loc[2, "actor"] = "ZTE"
    assert 2 not in matched(texts, renamed)["old"].tolist(), "without a passage two names are two statements"
    texts["quote"] = renamed["quote"] = "p" + texts.index.to_series().astype(str)
    assert matched(texts, renamed)["old"].tolist() == texts.index.tolist()


def test_order_lines_and_ways_of_writing_are_no_change(old: Path) -> None:
    new = edited(old, lambda rows: [*rows[8:], *rows[:8]])
    text = (new / TABLE).read_text("utf-8").replace("local", "Local").replace(",", ";")
    (new / TABLE).write_bytes(("\n\n" + text).encode("utf-16"))
    assert told(old, new) == {}
    assert run("diff", old, new) == 0


@given(studies(), st.randoms(use_true_random=False))
@settings(max_examples=examples(5), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_matching_finds_every_row_again_in_any_order(tmp_path_factory: pytest.TempPathFactory, study, random) -> None:
    table = agency.load(write(study, tmp_path_factory.mktemp("s"))).data
    texts = statement_texts(table, common_columns(table, table))
    order = list(texts.index)
    random.shuffle(order)
    lost = order.pop() if len(order) > 1 else None
    pairs = matched(texts, texts.loc[order])
    assert sorted(pairs["new"]) == sorted(order)
    same = texts.loc[pairs["old"]].reset_index(drop=True).equals(texts.loc[pairs["new"]].reset_index(drop=True))
    assert same
    assert lost is None or len(pairs) == len(texts) - 1


def test_counts_add_up(tmp_path: Path) -> None:
    pair = [agency.load(write(study, tmp_path / str(at))).resolved for at, study in enumerate((TABLE1, LAUNCHED))]
    found = {kind.about: kind for kind in changes_between(*pair)}
    for kind in found.values():
        assert kind.old - kind.gone == kind.new - kind.added, kind.about
        assert kind.changed <= kind.old - kind.gone
        assert all(change.old != change.new for change in kind.changes)
    assert [(one.key, one.column, one.new) for one in found["projects"].changes] == [
        (("ECU 911",), "launched", 2012),
        (("JSeI",), "launched", 2019),
    ]
    # By hand (meaning.md, section 11): time, JSeI Chinese 5/12 without and 3/8 with the launch.
    moved = {(one.key, one.column): (one.old, one.new) for one in found["numbers"].changes}
    assert moved[("JSeI", "composition.chinese", "time"), "value"][1] == pytest.approx(3 / 8)


def test_windows_sources_and_codebook_are_told(old: Path) -> None:
    new = edited(old, list)
    for name, before, after in (
        ("projects.csv", "2021", "2020"),
        ("sources.bib", "{2024}", "{2025}"),
        ("codebook.toml", "Managed and operated by", "Operated by"),
    ):
        path = new / name
        content = path.read_text("utf-8")
        assert before in content, name
        path.write_text(content.replace(before, after), "utf-8")
    found = told(old, new)
    assert (("ECU 911",), "window_end", 2021, 2020) in found["projects"]
    assert (("phase", "operation"), "label", "Managed and operated by", "Operated by") in found["codebook"]
    assert [key for key, *_ in found["sources"]] == [("vilaseoane2024",)]
    assert "statements" not in found
    notes = [note.text for note in agency.load(old).diff(agency.load(new)).sheets[0].notes]
    assert any("different codebooks" in note for note in notes)


def test_the_command_speaks_every_format_and_its_code_says_whether_anything_changed(
    old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = edited(old, lambda rows: rows[:-1])
    assert run("diff", old, old) == 0
    assert "Nothing that is printed changed" in capsys.readouterr().out
    assert run("diff", old, new) == 1
    assert "Statements: 1 gone, 0 new and 0 changed." in capsys.readouterr().out
    assert run("diff", old, new, "-f", "markdown") == 1
    assert "| Statements" in capsys.readouterr().out
    assert run("diff", old, new, "-f", "html") == 1
    rows = {row[0]: row[1:] for row in html_rows(capsys.readouterr().out)}
    assert rows["Statements"] == ["15", "14", "1", "0", "0"]
    assert run("diff", old, new, "-f", "json") == 1
    document = json.loads(capsys.readouterr().out)
    assert {one["about"]: one["gone"] for one in document["compared"]}["statements"] == 1
    assert run("diff", old, new, "-f", "csv") == 1
    table = pd.read_csv(io.StringIO(capsys.readouterr().out), keep_default_na=False)
    assert table.columns.tolist() == ["about", "key", "column", "old", "new"]
    assert len(table) == len(document["changes"])


def test_a_selection_of_the_new_version_holds_for_the_old(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = edited(old, lambda rows: rows[:-1])
    assert run("diff", old, new, "-p", "ECU 911") == 0
    assert run("diff", old, new, "-p", "JSeI") == 1
    capsys.readouterr()


def test_an_old_version_that_does_not_load_says_so_with_its_findings(
    old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = edited(old, lambda rows: [{**rows[0], "origin": "martian"}], "bad")
    assert run("diff", bad, old) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert f"{bad}: the earlier version has errors." in err
    assert "martian" in err
    assert run("diff", old.parent / "nowhere", old) == 2


def test_a_view_of_projects_that_the_old_version_lacks(old: Path) -> None:
    from agency.changes import changes_since

    new = edited(old, lambda rows: [*rows, {**rows[0], "project": "Other"}])
    study = agency.load(new)["Other"]
    with pytest.raises(UsageError, match="none of the projects that are selected"):
        changes_since(agency.load(old).data, study.resolved)
    both: Study = agency.load(new)[["Other", "JSeI"]]
    assert changes_since(agency.load(old).data, both.resolved).document["changes"]


def test_what_was_read_is_never_written_over(old: Path) -> None:
    before = (old / TABLE).read_bytes()
    assert run("diff", old, old, "-o", old / TABLE) == 2
    assert (old / TABLE).read_bytes() == before


def test_a_report_says_what_changed_since_an_earlier_version(old: Path, tmp_path: Path) -> None:
    def edit(rows):
        return rows[:-1]

    new, place = edited(old, edit), tmp_path / "report"
    assert run("report", new, "-o", place, "--since", old, "--files") == 0
    page = (place / "report.html").read_text("utf-8")
    printed = agency.load(old).diff(agency.load(new))
    start = page.index('<section id="since"')
    section = page[start : page.index("</section>", start)]
    assert page.index('<section id="brief"') < start < page.index('<section id="matrix"')
    for sheet in printed.sheets:
        assert f'id="{sheet.label}-caption"' in section
        assert (place / "tables" / f"{sheet.label}.csv").is_file()
    (gone,) = [one for one in printed.document["changes"] if one["about"] == "statements" and one["new"] is None]
    assert gone["key"][0] in section
    assert "-f csv" not in section
    frame = pd.read_csv(place / "tables" / "changes.csv", keep_default_na=False)
    assert len(frame) == len(printed.document["changes"])
    agency.load(new).report(tmp_path / "again", since=agency.load(old))
    assert (tmp_path / "again" / "report.html").read_bytes() == (place / "report.html").read_bytes().replace(
        b" --files", b""
    )
    with pytest.raises(UsageError, match="since is a study"):
        agency.load(new).report(tmp_path / "again", since=str(old))
