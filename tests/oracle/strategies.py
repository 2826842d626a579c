"""Random small studies without errors, random views, and a study written as a folder of files.

Years 2010 to 2020, one to three projects, two to four sources, a few actors. A study draws one to three phases and
puts its rows there, so that rows meet: an undated one beside a dated one of its actor, a denial beside what it
denies.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from oracle.model import DEFAULT_PHASES, Study, View
from oracle.years import window

FIRST, LAST = 2010, 2020
NAMES = ("A", "B", "C", "D")
GROUP = "Firms"
KEYS = ("s1", "s2", "s3", "s4")
LABELS = {
    "financing": "Financed by",
    "initiation": "Initiated by",
    "requirements": "Requirements defined by",
    "design": "Designed by",
    "implementation": "Implemented by",
    "operation": "Managed and operated by",
    "maintenance": "Maintained and upgraded by",
}
COLUMNS = (
    "project",
    "phase",
    "actor",
    "origin",
    "actor_kind",
    "unnamed",
    "role",
    "scope",
    "start",
    "end",
    "duration_years",
    "status",
    "source",
    "confidence",
    "rank",
    "only",
    "amount",
    "currency",
)


def often(usual: Any, *others: Any, times: int = 5) -> st.SearchStrategy[Any]:
    """The usual value most of the time."""
    return st.sampled_from([usual] * times + list(others))


years = st.integers(FIRST, LAST)


@st.composite
def dates(draw: st.DrawFn, status: str) -> dict[str, int]:
    """Given years of a row: none, a start, an end, both; or a duration, where a row may have one."""
    shape = draw(st.sampled_from(["none", "none", "start", "end", "both", "both", "bare", "start+", "end+", "both+"]))
    lasting = status in {"held", "proposed"}
    length = draw(st.integers(1, 4))
    year = draw(years)
    if shape == "both" or (shape == "both+" and not lasting):
        return {"start": year, "end": min(LAST, year + draw(st.integers(0, 6)))}
    if shape == "both+":
        end = min(LAST, year + length - 1)
        return {"start": year, "end": end, "duration_years": end - year + 1}
    found: dict[str, int] = {}
    if shape.startswith("start"):
        found["start"] = min(year, LAST - length + 1)
    elif shape.startswith("end"):
        found["end"] = max(year, FIRST + length - 1)
    # "`duration_years` without a date on a row that is not held or proposed is an error"
    if (shape == "bare" and lasting) or shape.endswith("+"):
        found["duration_years"] = length
    return found


@st.composite
def rows(draw: st.DrawFn, cells: dict[str, Any], origins: dict[str, str], keys: list[str]) -> dict[str, Any]:
    """One statement that breaks no rule of section 1 or of "What is checked"."""
    project = draw(st.sampled_from(cells["projects"]))
    phase = draw(st.sampled_from(cells["phases"]))
    status = draw(often("held", "vacant", "negotiating", "not_applicable", "denied", "denied", "proposed", times=9))
    row: dict[str, Any] = {"project": project, "phase": phase, "source": draw(st.sampled_from(keys))}
    row |= _who(draw, status, origins)
    row |= {
        "status": status,
        "scope": draw(often("", "technical", "cables")),
        "confidence": draw(often("reported", "documented", "alleged", times=8)),
        "rank": draw(often("normal", "preferred", "preferred", "deprecated", times=6)),
        "role": draw(often("lead", "support", times=9)) if status == "held" else "lead",
    }
    # An author's own synthesis gives no years more often than not: then other passages lend theirs.
    if row["rank"] != "preferred" or draw(st.booleans()):
        row |= draw(dates(status))
    if status == "held" and row["role"] == "lead":
        row["only"] = draw(often(False, True, times=3))
    if phase == "financing" and status in {"held", "proposed"} and draw(st.booleans()):
        row |= {"amount": "240e6", "currency": "USD"}
    return {key: value for key, value in row.items() if value not in ("", None)}


def _who(draw: st.DrawFn, status: str, origins: dict[str, str]) -> dict[str, Any]:
    """Actor, origin, kind. Nobody has none (negotiating may have one); a denial may name an origin only."""
    if status in {"vacant", "not_applicable"} or (status == "negotiating" and draw(st.booleans())):
        return {}
    if status == "denied" and draw(often(False, True, times=2)):
        return {"origin": draw(st.sampled_from(["local", "chinese", "western"]))}
    actor = draw(st.sampled_from(["A", "A", "A", "B", *NAMES, GROUP]))  # the same actor in several rows of a cell
    kind = draw(often("", "government", "private_firm", times=4))
    return {"actor": actor, "origin": origins[actor], "unnamed": actor == GROUP, "actor_kind": kind}


@st.composite
def studies(draw: st.DrawFn, most_rows: int = 9, projects_of: tuple[int, ...] = (1, 1, 1, 2, 3)) -> Study:
    """A study that the package reads without errors."""
    projects = ["P", "Q", "R", "S", "T", "U"][: draw(st.sampled_from(projects_of))]
    keys = list(KEYS[: draw(st.integers(2, 4))])
    phases = draw(
        st.lists(
            st.sampled_from(["maintenance"] * 3 + ["design"] * 2 + list(LABELS)), min_size=1, max_size=3, unique=True
        )
    )
    origins = {name: draw(st.sampled_from(["local", "chinese", "western", "unknown"])) for name in (*NAMES, GROUP)}
    drawn = draw(
        st.lists(
            rows({"projects": projects, "phases": phases}, origins, keys),
            min_size=draw(st.integers(1, most_rows - 2)),
            max_size=most_rows,
            # "A repeated statement (all columns equal but note and confidence)" counts once
            unique_by=lambda row: tuple(sorted((key, str(row[key])) for key in row if key != "confidence")),
        )
    )
    book = tuple(phase if not phase["core"] else {**phase, "weight": draw(often(1, 2, 3))} for phase in DEFAULT_PHASES)
    study = Study(
        rows=tuple(drawn),
        projects={name: draw(project_facts()) for name in projects},
        actors=_parts(draw),
        sources=_sources(draw, keys),
        phases=book,
        until=draw(st.sampled_from([None, LAST, LAST + 1])),
    )
    return _sound(study)


@st.composite
def project_facts(draw: st.DrawFn) -> dict[str, Any]:
    """Window (both sides, one, none), launch, type, country."""
    start = draw(st.sampled_from([None, 2010, 2012, 2013]))
    end = draw(st.sampled_from([None, 2017, 2020]))
    return {
        "window_start": start,
        "window_end": end,
        "launched": draw(st.sampled_from([None, None, 2011, 2014, 2016])),
        "type": draw(st.sampled_from(["", "cable", "satellite"])),
        "country": draw(st.sampled_from(["", "ECU", "ARG"])),
    }


def _parts(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    """`part_of` an earlier actor only: no cycle."""
    return {name: {"part_of": draw(often("", *NAMES[:number], times=3))} for number, name in enumerate(NAMES)}


def _sources(draw: st.DrawFn, keys: list[str]) -> dict[str, dict[str, Any]]:
    """Years, and what each retells: earlier keys only, so no cycle."""
    return {
        key: {
            "year": draw(st.sampled_from([None, 2013, 2016, 2019, 2021])),
            "derives_from": draw(st.lists(st.sampled_from(keys[:number]), unique=True, max_size=2)) if number else [],
        }
        for number, key in enumerate(keys)
    }


def _sound(study: Study) -> Study:
    """Take out launches "after the window's end" (an error)."""
    projects = {}
    for name, facts in study.projects.items():
        period, launched = window(study, name), facts["launched"]
        late = launched is not None and (period is None or launched > period[1])
        projects[name] = {**facts, "launched": None} if late else facts
    return Study(study.rows, projects, study.actors, study.sources, study.phases, study.foreign, study.until)


@st.composite
def views(draw: st.DrawFn, study: Study) -> View:
    """A view of this study: every option of section 2 and 7; a snapshot of a year that some project's window has."""
    periods = [period for name in study.names if (period := window(study, name))]
    mode = draw(st.sampled_from(["static", "time", "snapshot"] if periods else ["static", "time"]))
    year: int | str | None = None
    if mode == "snapshot":
        inside = [year for first, last in periods for year in range(first, last + 1)]
        year = draw(st.sampled_from(["end", *inside]))
    used = sorted({row["source"] for row in study.rows})
    return View(
        mode=mode,
        year=year,
        boundary=draw(often("held", "split", "gap", times=2)),
        counting=draw(often("actor", "origin", times=2)),
        rank=draw(often("best", "all", times=2)),
        include_alleged=draw(often(False, True, times=2)),
        actors=draw(often("named", "whole", times=2)),
        sources=draw(st.one_of(st.none(), st.none(), _some_of(used))),
    )


def _some_of(keys: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(keys), min_size=1, unique=True).map(lambda some: tuple(sorted(some)))


@st.composite
def studies_and_views(draw: st.DrawFn, **size: Any) -> tuple[Study, View]:
    study = draw(studies(**size))
    return study, draw(views(study))


def larger_studies_and_views() -> st.SearchStrategy[tuple[Study, View]]:
    """Several projects in each study: reading and resolving cost by the table, hardly by the row."""
    return studies_and_views(most_rows=30, projects_of=(2, 3, 4, 5, 6))


# --- a folder -------------------------------------------------------------------------------------------------------


def write(study: Study, folder: Path) -> Path:
    """Write the study in the project's file format; row `n` of `study.rows` is on line n + 2 of actors_by_phase.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    _csv(folder / "actors_by_phase.csv", COLUMNS, study.rows)
    facts = [{"project": name, **values} for name, values in study.projects.items() if name in study.names]
    _csv(
        folder / "projects.csv",
        ("project", "label", "country", "window_start", "window_end", "launched", "type", "note"),
        facts,
    )
    actors = [{"actor": name, **values} for name, values in study.actors.items()]
    _csv(folder / "actors.csv", ("actor", "alias", "kind", "seat", "part_of", "note"), actors)
    (folder / "sources.bib").write_text(
        "\n".join(_entry(*source) for source in study.sources.items()), encoding="utf-8"
    )
    (folder / "codebook.toml").write_text(_codebook(study), encoding="utf-8")
    return folder


def _csv(path: Path, columns: tuple[str, ...], records: Any) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        for record in records:
            writer.writerow({key: _text(value) for key, value in record.items() if key in columns})


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _entry(key: str, facts: dict[str, Any]) -> str:
    fields = [f"title = {{Report {key}}}", "author = {Author, An}"]
    if facts.get("year"):
        fields.append(f"year = {{{facts['year']}}}")
    if facts.get("derives_from"):
        fields.append(f"derives_from = {{{', '.join(facts['derives_from'])}}}")
    return f"@misc{{{key},\n  " + ",\n  ".join(fields) + "\n}\n"


def _codebook(study: Study) -> str:
    lines = []
    if study.until is not None:
        lines += ["[study]", f"until = {study.until}", ""]
    for phase in study.phases:
        lines += ["[[phase]]", f'key = "{phase["key"]}"', f'label = "{LABELS[phase["key"]]}"']
        lines += [f'kind = "{phase["kind"]}"', f'block = "{phase["block"]}"', f"weight = {phase['weight']}"]
        lines += [f"core = {str(phase['core']).lower()}", ""]
    return "\n".join(lines)
