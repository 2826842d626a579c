"""`Study` from a user's side: choosing, showing, saving, errors; the same as on the command line."""

from __future__ import annotations

import html
import inspect
import re
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from readers import html_rows
from table1 import LABELS, TABLE_1

import agency
from agency.cli import group
from agency.errors import AgencyError
from agency.figures.picture import Picture
from agency.formats.html import MOST_PROJECTS, matrix_html
from agency.resolve.select import View
from agency.sheets.printouts import Printout

CASES = ["ECU 911", "JSeI"]
STUDY = agency.load()
TWO = STUDY[CASES]
HOSTILE = '<b onclick="x">\'& amp'


def hostile() -> agency.Study:
    row = {"project": HOSTILE, "phase": "design", "actor": HOSTILE, "origin": "chinese", "source": HOSTILE}
    return agency.load(pd.DataFrame([{**row, "quote": 'a "quote" & more', "locator": HOSTILE}]))


# The public face.


def test_the_package_has_few_names_and_says_them() -> None:
    assert len(agency.__all__) <= 15
    assert dir(agency) == sorted(agency.__all__)
    for name in agency.__all__:
        assert getattr(agency, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'lod'"):
        agency.lod  # noqa: B018


def test_every_public_function_and_method_has_words_and_types() -> None:
    functions = [agency.load, agency.check, *(m for n, m in vars(agency.Study).items() if not n.startswith("_"))]
    for function in functions:
        inner = function.fget if isinstance(function, property) else function
        if inspect.isfunction(inner):
            assert inspect.getdoc(inner), inner
            wanted = set(inspect.signature(inner).parameters) - {"self"}
            assert wanted | {"return"} <= set(inner.__annotations__), inner
    assert (Path(agency.__file__).parent / "py.typed").exists()


def test_what_can_be_chosen_is_what_a_view_has() -> None:
    fields = {"project": "projects", "phase": "phases", "source": "sources", "country": "countries", "type": "types"}
    conditions = ["exclude", "actor", "origin", "kind", "confidence", "status", "coder"]
    fields |= dict.fromkeys(conditions, "where")
    named = set(inspect.signature(agency.Study.select).parameters) - {"self", "unknown"}
    # Leaving undated years out is a test of robustness, not a choice.
    assert {fields.get(name, name) for name in named} == set(View.__dataclass_fields__) - {"undated"}


def test_a_study_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        TWO.view = View()
    before = STUDY.view
    STUDY.select(project="JSeI", mode="time")
    assert STUDY.view == before


# Choosing.


def test_choosing_reads_like_a_sentence() -> None:
    assert TWO.projects == tuple(CASES)
    assert set(STUDY.select(country="ECU", min_phases=0).projects) >= {"ECU 911", "Quito 2002"}
    assert TWO.select(phase=["maintenance", "design"]).phases == ("design", "maintenance")
    assert TWO.at(2019).view == TWO.select(year=2019).view
    assert STUDY["JSeI"].projects == ("JSeI",)
    assert STUDY.notices
    assert not TWO.notices


@pytest.mark.parametrize(
    "choice, message",
    [
        ({"project": "ECU911"}, "Did you mean 'ECU 911'"),
        ({"phase": "maintainance"}, "Did you mean 'maintenance'"),
        ({"country": "ecuador"}, "There is no country 'ecuador'"),
        ({"projekt": "JSeI"}, "There is no choice 'projekt'. Did you mean 'project'"),
        ({"mode": "dynamic"}, "dynamic"),
        ({"year": 1800}, "year is a year from 1900 to 2099"),
    ],
    ids=str,
)
def test_a_wrong_choice_is_said_at_once(choice: dict[str, object], message: str) -> None:
    with pytest.raises(agency.UsageError, match=message):
        TWO.select(**choice)


def test_tab_completes_the_projects() -> None:
    assert STUDY._ipython_key_completions_()[:2] == CASES
    assert all(STUDY[name].projects == (name,) for name in STUDY._ipython_key_completions_()[:5])


# Errors.


def test_an_error_shows_its_message_alone_in_jupyter() -> None:
    error = agency.UsageError("No.")
    assert error._render_traceback_() == ["UsageError: No."]
    assert issubclass(agency.DataError, AgencyError)


def test_check_tells_what_load_refuses(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("project;phase;actor;origin;source\nA;desing;ZTE;chinese;s\n", "utf-8")
    with pytest.raises(agency.DataError) as error:
        agency.load(table)
    found = agency.check(table)
    assert not found.is_sound
    assert found.frame()["code"].iloc[0] == "value-unknown"
    assert "found 'desing', expected financing" in repr(found)  # no guess from letters that look alike
    assert repr(found).splitlines()[-1] == "table.csv: 1 error, no warnings."
    assert [entry.code for entry in error.value.findings if entry.severity == "error"] == ["value-unknown"]


def test_findings_of_a_sound_study_have_the_columns_of_the_command() -> None:
    listed = CliRunner().invoke(group, ["check", "--format", "csv"]).stdout
    assert STUDY.findings.is_sound
    assert ",".join(STUDY.findings.frame().columns) == listed.splitlines()[0]
    assert agency.check(pd.DataFrame(STUDY.evidence())).frame().columns.tolist()


# Showing itself.


def test_in_a_terminal_it_is_table_1() -> None:
    assert repr(TWO) == repr(TWO.table(notes=False))
    lines = repr(TWO).splitlines()
    assert max(map(len, lines)) <= 80
    begin = next(at for at, line in enumerate(lines) if line.startswith("Initiated by"))
    at, other = lines[begin].index("Coordinating"), lines[begin].index("Jujuy")
    cells = [[line[:at].strip(), line[at:other].strip(), line[other:].strip()] for line in lines[begin:]]
    wanted = [LABELS.values(), *([" ".join(cell) for cell in case] for case in TABLE_1.values())]
    for column, texts in enumerate(wanted):
        assert " ".join(row[column] for row in cells if row[column]) == " ".join(texts)


def test_in_jupyter_every_cell_has_its_holders_with_origin_and_passage() -> None:
    page = TWO._repr_html_()
    rows = html_rows(page)
    assert rows[0] == ["Phase", *CASES]
    for phase, row in zip(TWO.cells.phases, rows[1:], strict=True):
        assert row[0] == phase.label
        for project, text in zip(CASES, row[1:], strict=True):
            cell = TWO.cells.cell(project, phase.key)
            without = re.sub(r" \((Local|Chinese|Western|Other|Mixed|Unknown)\)", "", text)
            marked = ["contested between sources"] if cell.agreement == "contested" else []
            assert re.sub(r"\s+", " ", without) == re.sub(r"\s+", " ", " ".join([*cell.lines, *marked]))
    for row in TWO.evidence().query("rank == 'preferred' and quote != ''").itertuples():
        assert html.escape(f"“{row.quote}”", quote=True) in page


def test_the_legend_shows_what_occurs_and_nothing_else() -> None:
    legend = TWO._repr_html_().split("Origin of the holder")[1]
    assert ">Local<" in legend
    assert ">Chinese<" in legend
    assert ">Unknown<" not in legend
    assert ">Western<" not in legend


def test_what_comes_from_a_table_is_escaped() -> None:
    page = hostile()._repr_html_()
    assert "<b onclick" not in page
    assert html.escape(HOSTILE, quote=True) in page
    assert "a &quot;quote&quot; &amp; more" in page


def test_many_projects_are_cut_with_a_word() -> None:
    rows = [
        {"project": f"P{number:03}", "phase": "design", "actor": "ZTE", "origin": "chinese", "source": "s"}
        for number in range(MOST_PROJECTS + 7)
    ]
    page = matrix_html(agency.load(pd.DataFrame(rows)).select(min_phases=0).cells)
    assert page.count('scope="row"') == MOST_PROJECTS
    assert "Shown are 60 of 67 projects" in page


@pytest.mark.parametrize("year", [2012, 2019, "end"])
def test_a_snapshot_shows_itself(year: int) -> None:
    assert "<table" in TWO.at(year)._repr_html_()
    assert "as of" in repr(TWO.at(year)) or year == "end"


# What comes back, and the command line says the same.

COMMANDS = [
    (TWO.table, ["table"]),
    (lambda: TWO.at(2019).table(), ["table", "--year", "2019"]),
    (TWO.regularities, ["regularities"]),
    (TWO.sources, ["sources"]),
    (lambda: TWO.whatif(withdraw="CEIEC", year=2016), ["whatif", "--withdraw", "CEIEC", "--from", "2016"]),
    (TWO.robustness, ["robustness"]),
]


@pytest.mark.parametrize("make, command", COMMANDS, ids=[" ".join(command) for _, command in COMMANDS])
def test_a_printout_is_what_the_command_prints(make: Callable[[], Printout], command: list[str]) -> None:
    printed = CliRunner().invoke(group, [command[0], "-p", CASES[0], "-p", CASES[1], *command[1:]])
    assert printed.exit_code == 0
    assert repr(make()) == printed.stdout.rstrip("\n")


def test_compare_is_what_the_command_prints() -> None:
    printed = CliRunner().invoke(group, ["compare", *CASES]).stdout
    assert repr(STUDY.compare(*CASES)) == repr(TWO.compare()) == printed.rstrip("\n")
    assert STUDY.select(min_phases=4).compare().sheets[0].columns[0] == "Project"


def test_claims_and_agreement_are_what_the_commands_hold() -> None:
    table = STUDY.data.folder
    claims = STUDY.claims()
    assert claims.frame is not None
    assert list(claims.frame["id"]) == [claim["id"] for claim in claims.document["claims"]]
    coded = agency.load(Path(table) / "double_coding.csv").agreement()
    assert repr(coded) == CliRunner().invoke(group, ["agreement"]).stdout.rstrip("\n")
    assert repr(coded[0]) in repr(coded)


def test_a_printout_shows_and_saves_itself(tmp_path: Path) -> None:
    found = TWO.table()
    assert html_rows(found._repr_html_())[1][1].startswith("Coordinating Ministry of Security")
    for name in ("a.txt", "a.md", "a.tex", "a.html", "a.rst", "a.csv", "a.docx"):
        found.save(tmp_path / name)
        assert (tmp_path / name).stat().st_size > 100
    with pytest.raises(agency.UsageError, match=r"the extension '\.xls' is not one of"):
        found.save(tmp_path / "a.xls")
    with pytest.raises(agency.UsageError, match="cannot be written"):
        found.save(tmp_path / "nowhere" / "a.txt")


def test_frames_are_tidy() -> None:
    frame = TWO.indicators("composition", "coverage")
    assert frame.columns.tolist() == ["project", "key", "value", "text", "low", "high", "why", "named", "whole"]
    assert not frame.duplicated(["project", "key"]).any()
    assert set(frame["key"].str.split(".").str[0]) == {"composition", "coverage"}
    assert TWO.indicators("composition.gap")["key"].tolist() == ["composition.gap"] * 2
    assert set(TWO.indicators()["key"]) > set(frame["key"])
    with pytest.raises(agency.UsageError, match="Did you mean 'coverage'"):
        TWO.indicators("coverge")
    assert TWO.states().columns.tolist() == ["project", "phase", "state"]
    evidence = TWO.evidence()
    assert evidence.index.name == "line"
    assert set(evidence["project"]) == set(CASES)


@pytest.mark.parametrize(
    "make",
    [
        TWO.heatmap,
        lambda: TWO.heatmap(years=[2014, 2019], width="double"),
        lambda: TWO.timeline(width=120),
        lambda: TWO.composition(sort="local"),
        lambda: STUDY.aggregate(by="decade"),
    ],
    ids=["heatmap", "years", "timeline", "composition", "aggregate"],
)
def test_a_picture_shows_itself_with_words_and_saves_itself(make: Callable[[], Picture], tmp_path: Path) -> None:
    picture = make()
    data, details = picture._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG")
    assert details["image/png"]["alt"] == picture.drawing.alt_short
    assert data["text/plain"] == repr(picture)
    assert picture.drawing.alt_long in repr(picture)
    assert data == make()._repr_mimebundle_()[0]
    picture.save(tmp_path / "a.svg", tmp_path / "a.pdf")
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    assert picture.made_from.sha256 in (tmp_path / "a.svg").read_text("utf-8")


def test_the_heatmap_is_the_file_of_the_command(tmp_path: Path) -> None:
    TWO.heatmap().save(tmp_path / "a.svg")
    arguments = ["heatmap", "-p", CASES[0], "-p", CASES[1], "-o", str(tmp_path / "b.svg")]
    assert CliRunner().invoke(group, arguments).exit_code == 0
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_the_report_is_written_where_it_is_asked_for(tmp_path: Path) -> None:
    page = TWO.report(tmp_path / "report")
    assert page == tmp_path / "report" / "report.html"
    text = page.read_text("utf-8")
    assert "agency report" not in text
    assert "For each of 2 projects" in text
    assert "Local firms" in text
