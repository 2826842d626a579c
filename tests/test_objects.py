"""A study as a Python object: rows out and in, choices, equality, pickles, short words about itself."""

from __future__ import annotations

import copy
import inspect
import pickle
import re
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from oracle.model import Study as Made
from oracle.strategies import studies, write
from strategies import examples

import agency
from agency import study as module
from agency.errors import AgencyError

STUDY = agency.load()
TWO = STUDY[["ECU 911", "JSeI"]]
ROW = {"project": "JSeI", "phase": "design", "actor": "A firm", "origin": "local", "source": "vilaseoane2024"}
MODES = ("static", "time")


# Rows out and in.


@settings(max_examples=examples(4), deadline=None, suppress_health_check=list(HealthCheck))
@given(studies(most_rows=30, projects_of=(2, 3, 4, 5, 6)))
def test_rows_that_go_out_and_come_in_give_the_same_numbers(made: Made) -> None:
    with tempfile.TemporaryDirectory() as folder:
        study = agency.load(write(made, Path(folder))).select(min_phases=0)
        again = agency.load(study.evidence(), beside=study).select(min_phases=0)
        for mode in MODES:
            pd.testing.assert_frame_equal(
                study.select(mode=mode).indicators(), again.select(mode=mode).indicators(), obj=mode
            )


@pytest.mark.parametrize("beside", ["study", "folder"])
def test_rows_keep_what_stood_beside_them(beside: str, tmp_path: Path) -> None:
    row = "P,design,A,chinese,s,2015,Andes\n"
    (tmp_path / "actors_by_phase.csv").write_text(f"project,phase,actor,origin,source,start,region\n{row}")
    (tmp_path / "projects.csv").write_text("project,window_start,window_end\nP,2010,2020\n")
    (tmp_path / "events.csv").write_text("project,year,label,source\nP,2012,Launch,s\n")
    (tmp_path / "claims.toml").write_text("")
    study = agency.load(tmp_path)
    again = agency.load(study.evidence(), beside=study if beside == "study" else tmp_path)
    pd.testing.assert_frame_equal(again.evidence(), study.evidence())
    assert again.evidence()["region"].tolist() == ["Andes"]
    for name in ("projects", "events", "actors"):
        pd.testing.assert_frame_equal(getattr(again.data, name), getattr(study.data, name))
    assert again.data.folder == study.data.folder
    assert again.data.sources == study.data.sources


def test_the_shipped_rows_come_back_without_a_new_word() -> None:
    again = agency.load(STUDY.evidence(), beside=STUDY)
    assert len(again.data.findings) == len(STUDY.data.findings)
    assert again.sources().text() == STUDY.sources().text()


def test_rows_are_added_and_counted() -> None:
    more = TWO.with_rows(pd.DataFrame([ROW]))
    assert len(more.evidence()) == len(TWO.evidence()) + 1
    assert more.projects == TWO.projects
    assert more != TWO
    before, after = (study.select(rank="all").wide("composition").loc["JSeI"] for study in (TWO, more))
    assert after["composition.local"] > before["composition.local"]


@pytest.mark.parametrize("index", [["my row"], [41]])
def test_an_error_names_the_label_of_the_row(index: list[Any]) -> None:
    with pytest.raises(agency.DataError) as caught:
        TWO.with_rows(pd.DataFrame([ROW | {"phase": "desing"}], index=index))
    assert f"DataFrame[{index[0]!r}], column phase: found 'desing'" in str(caught.value)


# Choosing.


def test_choices_are_conditions_on_rows() -> None:
    chosen = STUDY.select(actor="CEIEC", confidence=["documented", "reported"], min_phases=0)
    rows = chosen.evidence()
    assert set(rows["actor"]) == {"CEIEC"}
    assert set(rows["confidence"]) <= {"documented", "reported"}
    same = STUDY.where('actor == "CEIEC" and confidence in ["documented", "reported"]')
    assert rows.index.tolist() == same.evidence().index.tolist()
    assert "JSeI" not in TWO.select(exclude="JSeI")
    assert set(STUDY.select(status="negotiating", min_phases=0).evidence()["status"]) == {"negotiating"}


@pytest.mark.parametrize(
    "choice, message",
    [
        ({"projects": "JSeI"}, "no choice 'projects'. Did you mean 'project'"),
        ({"project": []}, "project is an empty list: name at least one"),
        ({"project": 3}, "project is a name or a list of names, not 3 (int)"),
        ({"project": [None]}, "project is a name or a list of names, not None"),
        ({"actor": "ZTEE"}, "no actor 'ZTEE' in the table. Did you mean 'ZTE'"),
        ({"confidence": "documentd"}, "Did you mean 'documented'"),
        ({"exclude": "JSel"}, "Did you mean 'JSeI'"),
        ({"mode": "snapshot"}, "mode is one of static, time"),
        ({"year": 2015.5}, "year is a year from 1900 to 2099"),
        ({"year": True}, "year is a year from 1900 to 2099"),
        ({"min_phases": "2"}, "min_phases is a whole number from 0"),
        ({"include_alleged": "yes"}, "include_alleged is True or False"),
        ({"weights": {"desing": 1}}, "weights: there is no 'desing'. Did you mean 'design'"),
        ({"roles": 3}, "roles is a dictionary"),
        ({"where": 3}, "where is a condition in quotes"),
        ({"project": "JSeI", "source": "oewatch2018"}, "No statement meets all of project 'JSeI' and source"),
        ({"actor": "ZTE", "exclude": list(STUDY.data.projects.index)}, "no row meets"),
    ],
    ids=str,
)
def test_a_choice_that_cannot_be_is_said(choice: dict[str, Any], message: str) -> None:
    with pytest.raises(agency.UsageError) as caught:
        STUDY.select(**choice)
    assert message in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_an_editor_sees_every_choice() -> None:
    jedi = import_module("jedi")
    written = "import agency\nagency.load().select("
    names = {entry.name for entry in jedi.Script(written).complete()}
    assert {f"{name}=" for name in ("project", "exclude", "actor", "confidence", "mode", "year", "where")} <= names


# The object.


def test_it_is_a_collection_of_its_projects() -> None:
    assert list(TWO) == ["ECU 911", "JSeI"]
    assert len(TWO) == 2
    assert "JSeI" in TWO
    assert "Salta" not in TWO
    assert 3 not in TWO
    assert len(STUDY) == len(STUDY.projects)


def test_the_same_data_under_the_same_view_are_equal() -> None:
    assert agency.load()["JSeI"] == STUDY["JSeI"]
    assert len({agency.load(), STUDY, STUDY["JSeI"]}) == 2
    assert STUDY.select(mode="time") != STUDY
    assert STUDY != "JSeI"


@pytest.mark.parametrize("study", [STUDY, TWO.select(mode="time")], ids=["all", "two"])
def test_it_is_pickled_and_copied_whole(study: agency.Study) -> None:
    for again in (pickle.loads(pickle.dumps(study)), copy.deepcopy(study), copy.copy(study)):
        assert again == study
        assert again.table().text() == study.table().text()
        pd.testing.assert_frame_equal(again.indicators(), study.indicators())


def test_a_pickle_of_another_version_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "__version__", "0.0.1")
    old = pickle.dumps(TWO)
    monkeypatch.undo()
    with pytest.raises(agency.UsageError, match=r"pickled by agency 0\.0\.1; this is .* Load the data again"):
        pickle.loads(old)


@pytest.mark.parametrize(
    "shown",
    [
        STUDY,
        TWO,
        STUDY.select(min_phases=0),
        STUDY.data,
        STUDY.view,
        STUDY.resolved,
        STUDY.matrix,
        STUDY.cells,
        STUDY.findings,
        STUDY.data.codebook,
        STUDY.cells.cell("JSeI", "design"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_it_says_of_itself_is_short(shown: Any) -> None:
    said = repr(shown)
    assert len(said.splitlines()) <= 40
    assert len(said) <= 8_000


def test_warnings_are_said_beside_the_table(tmp_path: Path) -> None:
    (tmp_path / "actors_by_phase.csv").write_text(
        "project,phase,actor,origin,source,start,end,status\nP,design,A,chinese,s,2015,2016,held\n"
        "P,operation,A,chinese,s,2015,2018,held\nP,operation,,,s,2015,2018,vacant\n"
    )
    study = agency.load(tmp_path)
    warnings = sum(entry.severity == "warning" for entry in study.data.findings)
    assert warnings
    assert repr(study).splitlines()[-1] == f"{warnings} warning{'s' if warnings > 1 else ''} (.findings)"


# Frames.


def test_a_wide_table_has_a_row_for_each_project() -> None:
    wide = TWO.wide("composition", "coverage")
    frame = TWO.indicators("composition", "coverage")
    assert wide.index.tolist() == ["ECU 911", "JSeI"]
    assert wide.columns.tolist() == frame["key"].drop_duplicates().tolist()
    for row in frame.itertuples():
        found = wide.loc[row.project, row.key]
        assert found == row.value or (pd.isna(found) and pd.isna(row.value))


def test_a_wide_table_has_words_where_an_indicator_is_words() -> None:
    frame = TWO.indicators().set_index(["project", "key"])
    wide = TWO.wide()
    assert wide.loc["JSeI", "sole_foreign_phases"] == frame.loc[("JSeI", "sole_foreign_phases"), "text"] != ""
    assert pd.api.types.is_float_dtype(wide["lock_in.value"])


def test_a_panel_is_its_snapshots() -> None:
    panel = TWO.panel(["composition", "coverage"], [2014, 2016, 2019, 1990])
    assert panel.columns.tolist()[:3] == ["project", "year", "key"]
    assert set(panel["year"]) == {2014, 2016, 2019}
    for year in (2016, 2019):
        frame = TWO.at(year).indicators("composition", "coverage")
        part = panel[panel["year"] == year].drop(columns="year").reset_index(drop=True)
        pd.testing.assert_frame_equal(part, frame)


def test_a_panel_of_no_year_is_said() -> None:
    with pytest.raises(agency.UsageError, match="No selected project has any of these years"):
        TWO.panel("composition", [1990])
    with pytest.raises(agency.UsageError, match="Did you mean"):
        TWO.panel("compositon", [1990, 2016])
    with pytest.raises(agency.UsageError, match="years is a list of years"):
        TWO.panel("composition", 2016)  # type: ignore[arg-type]


RICH = STUDY.select(min_phases=3)
ONE = agency.load(pd.DataFrame([ROW])).select(min_phases=0)
"""One phase of one project: much of what is asked of it has no rows."""

OBJECTS = int(pd.__version__.partition(".")[0]) < 3
"""Whether text is kept as objects, as before pandas 3."""

FRAMES: dict[str, Callable[[], Any]] = {
    "indicators": STUDY.indicators,
    "wide": STUDY.wide,
    "panel": lambda: TWO.panel("composition", [2016, 2019]),
    "evidence": STUDY.evidence,
    "states": STUDY.states,
    "edges": STUDY.edges,
    "phases": lambda: STUDY.matrix.phases,
    "shares": lambda: STUDY.matrix.shares,
    "years": lambda: STUDY.matrix.years,
    "findings": STUDY.findings.frame,
    "no findings": agency.check(pd.DataFrame()).frame,
    # What is printed.
    "table": STUDY.table,
    "compare": TWO.compare,
    "compare many": RICH.compare,
    "regularities": STUDY.regularities,
    "truth table": lambda: STUDY.regularities(conditions=["design:chinese"], outcome="maintenance:chinese"),
    "truth table of no case": lambda: ONE.regularities(conditions=["design:local"], outcome="operation:local"),
    "robustness": STUDY["JSeI"].robustness,
    "whatif": lambda: STUDY.whatif(withdraw="chinese", year=2016),
    "whatif without effect": lambda: ONE.whatif(withdraw="chinese", year=2016),
    "sources": TWO.sources,
    "brief": TWO.brief,
    "claims": STUDY["JSeI"].claims,
    "agreement": TWO.agreement,
    "adjudication": TWO.adjudication,
    "by": lambda: STUDY.by("country"),
    "explain": lambda: STUDY.explain("composition"),
    "printed_indicators": STUDY.printed_indicators,
    "diff": lambda: TWO.diff(STUDY["JSeI"]),
    "diff of the same": lambda: ONE.diff(ONE),
}


@pytest.mark.parametrize("name", FRAMES)
def test_every_frame_goes_to_parquet_and_back(name: str, tmp_path: Path) -> None:
    made = FRAMES[name]()
    frame = made if isinstance(made, pd.DataFrame) else made.frame
    frame.to_parquet(tmp_path / "frame.parquet")
    again = pd.read_parquet(tmp_path / "frame.parquet")
    pd.testing.assert_frame_equal(with_none(again), with_none(frame), check_dtype=False)
    assert frame.columns.is_unique
    assert all(isinstance(column, str) for column in frame.columns)
    assert all(column_type(frame[name]) != "object" for name in frame.columns), frame.dtypes


def with_none(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with None wherever there is no value: before pandas 3 text has None or nan there."""
    return frame.astype(object).where(frame.notna(), None) if OBJECTS else frame


def column_type(column: pd.Series) -> str:
    """Return the type of a column; before pandas 3 text has none of its own, and nothing but text may pass for it."""
    text = OBJECTS and pd.api.types.infer_dtype(column, skipna=True) in ("string", "empty")
    return "str" if text else str(column.dtype)


def test_no_printout_is_forgotten() -> None:
    returned = {name: inspect.signature(member).return_annotation for name, member in members().items()}
    assert {name for name, kind in returned.items() if kind in ("Printout", "pd.DataFrame")} <= FRAMES.keys()


def test_the_frame_of_an_adjudication_is_its_sheet() -> None:
    sheet = TWO.adjudication()
    assert sheet.frame.columns.tolist() == list(sheet.sheets[0].columns)
    assert len(sheet.frame) == len(sheet.sheets[0].rows) > 0


def test_a_number_that_changed_is_written_unrounded() -> None:
    frame = TWO.diff(TWO.select(weights={"design": 3})).frame
    changed = frame[frame["key"] == "JSeI / composition.local / static"].set_index("column")
    assert float(changed.loc["value", "old"]) == TWO.wide("composition").loc["JSeI", "composition.local"]


# Words.


def members() -> dict[str, Callable[..., Any]]:
    """Return the public methods and properties of a study as functions."""
    found = {name: member for name, member in vars(agency.Study).items() if not name.startswith("_")}
    found = {name: getattr(member, "fget", None) or getattr(member, "func", member) for name, member in found.items()}
    return {name: member for name, member in found.items() if callable(member)}


@pytest.mark.parametrize("name", members())
def test_every_method_says_what_it_takes_and_shows_it(name: str) -> None:
    words = inspect.getdoc(members()[name]) or ""
    before, _, example = words.partition("\nExamples\n--------\n")
    assert "agency.load(" in example  # run by --doctest-modules
    assert re.search(r"^[^>. ]", example, re.MULTILINE)  # and says what comes out
    said = {part.strip(" *") for line in re.findall(r"^\S.*$", before, re.MULTILINE) for part in line.split(",")}
    assert set(inspect.signature(members()[name]).parameters) - {"self"} <= said


# Wrong types anywhere: one sentence, never an error from inside.

WRONG: tuple[Any, ...] = (3.7, "no such thing", [], None, {"a": 1}, b"x", object())


def methods() -> list[str]:
    return [
        name
        for name, member in inspect.getmembers(agency.Study, inspect.isfunction)
        if not name.startswith("_") and len(inspect.signature(member).parameters) > 1
    ]


@pytest.mark.parametrize(
    "method, switch",
    [("report", "files"), ("report", "bundle"), ("table", "notes"), ("printed_indicators", "everything")],
)
def test_a_switch_is_true_or_false(method: str, switch: str, tmp_path: Path) -> None:
    place = (tmp_path / "report",) if method == "report" else ()
    with pytest.raises(agency.UsageError, match=f"^{switch} is one of True, False, not 'no'"):
        getattr(TWO, method)(*place, **{switch: "no"})
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", methods())
def test_wrong_values_get_one_clear_message(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    # A report is written where a value passes: of one cell it takes a second.
    method = getattr(STUDY.select(project="JSeI", phase="design") if name == "report" else TWO, name)
    needed = {"withdraw": "CEIEC", "year": 2018, "condition": 'project == "JSeI"', "keys": "composition"}
    needed |= {"years": [2016], "rows": pd.DataFrame([ROW]), "key": "coverage", "column": "country", "texts": "."}
    needed |= {"to": "edges", "place": "edges.csv", "other": STUDY, "folder": "report"}
    parameters = [p for p in inspect.signature(method).parameters.values() if p.kind is not p.VAR_KEYWORD]
    for parameter in parameters:
        for value in WRONG:
            others = {p.name: needed[p.name] for p in parameters if p.default is p.empty and p.name in needed}
            others.pop(parameter.name, None)
            positional = parameter.kind is parameter.VAR_POSITIONAL
            said = ""
            try:
                method(value) if positional else method(**others, **{parameter.name: value})
            except AgencyError as error:
                said = str(error)
            assert len(said.splitlines()) < 10, (name, parameter.name, value)
