"""Rules about several rows, the companions and the windows; `ALL_RULES` is the list of every rule.

The last part are findings about the windows of a sound table: what time mode will have to assume.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import compress

import numpy as np
import pandas as pd

from agency import words
from agency.errors import did_you_mean
from agency.findings import Finding, at_rows
from agency.table.names import (
    actor_joined,
    actor_period,
    actor_separator,
    actor_status,
    alias_map,
    cell_error,
    character_damage,
    clashes,
    looping_aliases,
    looping_parts,
    renamed,
    source_two,
    spelling,
)
from agency.table.read.frames import by_value, lookup
from agency.table.rules import ROW_RULES, Context, is_true, worded, year_text
from agency.vocabulary import ACTOR_KINDS, COLUMNS, Codebook


def alias_loop(context: Context) -> list[Finding]:
    """Require that aliases end at a canonical name."""
    bad = context.actors[context.actors["alias"].isin(looping_aliases(context.actors))]
    found = worded(words.marked("'{alias}' for '{actor}'"), alias=bad["alias"], actor=bad["actor"])
    return at_rows("alias-loop", "actors.csv", bad, column="alias", found=found)


def alias_two(context: Context) -> list[Finding]:
    """Require that an alias belongs to one actor."""
    pairs = context.actors.loc[context.actors["alias"] != ""].drop_duplicates(["alias", "actor"])
    bad = pairs[pairs.duplicated("alias", keep=False)]
    found = "'" + bad["alias"] + "' of '" + bad["actor"] + "'"
    return at_rows("alias-two", "actors.csv", bad, column="alias", found=found)


def actor_repeated(context: Context) -> list[Finding]:
    """Require that an actor has one kind and one seat in actors.csv, and is part of one other."""
    findings: list[Finding] = []
    canonical = alias_map(context.actors)
    wholes = context.actors.assign(
        actor=renamed(context.actors["actor"], canonical), part_of=renamed(context.actors["part_of"], canonical)
    )
    for column, actors in (("kind", context.actors), ("seat", context.actors), ("part_of", wholes)):
        given = actors.loc[actors[column] != ""].drop_duplicates(["actor", column])
        bad = given[given.duplicated("actor", keep=False)]
        findings += at_rows("actor-repeated", "actors.csv", bad, column=column, found=_of(bad, column))
    return findings


def part_unknown(context: Context) -> list[Finding]:
    """Require that what an actor is part of is an actor of the table or of actors.csv."""
    actors = context.actors
    known = sorted({*actors["actor"], *actors["alias"], *context.cells["actor"]} - {""})
    bad = actors[~actors["part_of"].isin(["", *known, *context.elsewhere])]
    return at_rows("part-unknown", "actors.csv", bad, column="part_of", fix=_meant(bad["part_of"], known))


def part_loop(context: Context) -> list[Finding]:
    """Require that no actor is, through others, part of itself."""
    actors = context.actors
    looping = looping_parts(actors)
    bad = actors[(actors["part_of"] != "") & renamed(actors["actor"], alias_map(actors)).isin(looping)]
    sentence = words.marked("'{actor}' as part of '{whole}'")
    found = worded(sentence, actor=bad["actor"], whole=bad["part_of"])
    return at_rows("part-loop", "actors.csv", bad, column="part_of", found=found)


def launched_late(context: Context) -> list[Finding]:
    """Require that a system went into service before the years looked at are over."""
    ends = context.windows["window_end"]
    late = context.windows[is_true(context.windows["launched"] > ends)]
    bad = context.projects[context.projects["project"].isin(late.index)].drop_duplicates("project")
    expected = [words.text("no later than the window's end {year}", year=ends[project]) for project in bad["project"]]
    return at_rows(
        "launched-late", "projects.csv", bad, column="launched", found=year_text(bad["launched"]), expected=expected
    )


def before_launch(context: Context) -> list[Finding]:
    """Require that no row states who ran or kept up a system in a year before its launch."""
    continuing = [phase.key for phase in context.codebook.phases if phase.kind == "continuing"]
    if context.windows["launched"].isna().all():
        return []
    rows = context.rows.loc[
        context.rows["phase"].isin(continuing)
        & context.rows["status"].isin(["held", "negotiating", "vacant"])
        & (context.rows["rank"] != "deprecated")
        & context.dated
    ]
    launched = rows["project"].map(context.windows["launched"]).astype("Int64")
    year = rows["start"].fillna(rows["end"])
    bad = rows[is_true(year < launched)]
    sentence = words.marked("{phase} in {year}, launched {launched}")
    found = [
        words.text(sentence, phase=context.codebook.word(phase), year=stated, launched=launch)
        for phase, stated, launch in zip(bad["phase"], year[bad.index], launched[bad.index], strict=True)
    ]
    return at_rows("before-launch", context.file, bad, column="start", found=found)


def after_until(context: Context) -> list[Finding]:
    """Require that no row begins after the last year the study covers."""
    until = context.codebook.study.until
    if until is None:
        return []
    rows = context.rows
    year = rows["start"].fillna(rows["end"])
    bad = rows[is_true(year > until) & (rows["status"] != "proposed") & context.dated]
    expected = words.text("no later than until = {until} in codebook.toml", until=until)
    return at_rows(
        "after-until", context.file, bad, column="start", found=year_text(year[bad.index]), expected=expected
    )


def project_repeated(context: Context) -> list[Finding]:
    """Require that a project stands once in projects.csv."""
    bad = context.projects[context.projects.duplicated("project")]
    return at_rows("project-repeated", "projects.csv", bad, column="project")


def actor_origins(context: Context) -> list[Finding]:
    """Require that an actor has one origin; local in one country and foreign in another is one."""
    known = [*(origin.key for origin in context.codebook.origins), "unknown"]
    rows = _named(context.rows, "country", "origin").loc[lambda frame: frame["origin"].isin(known)]
    origins = rows[["actor", "country", "origin"]].drop_duplicates()
    origins = origins.assign(abroad=origins["origin"].where(origins["origin"] != "local", ""))
    foreign = origins.loc[origins["abroad"] != ""].groupby("actor")["abroad"].nunique()
    at_home = origins.groupby(["actor", "country"]).size().groupby("actor").max()
    several = set(foreign.index[foreign > 1]) | set(at_home.index[at_home > 1])
    return _several(context, "actor-origins", rows, several, "origin")


def actor_kinds(context: Context) -> list[Finding]:
    """Require that a source gives an actor one kind; two sources that differ are a conflict, not a slip."""
    # As the rows have it: what a registry fills in is the editors' word, not the source's.
    rows = _named(context.rows, "source", "kind_given", "actor_kind")
    rows = rows.loc[rows["kind_given"].isin(ACTOR_KINDS)]
    kinds = rows[["actor", "source", "kind_given"]].drop_duplicates().groupby(["actor", "source"]).size()
    several = kinds.index.get_level_values("actor")[kinds > 1]
    return _several(context, "actor-kinds", rows, set(several), "actor_kind")


def actor_clash(context: Context) -> list[Finding]:
    """Require that a named and an unnamed actor of one project have different names."""
    return at_rows("actor-clash", context.file, context.rows[clashes(context.rows)], column="actor")


def statement_repeated(context: Context) -> list[Finding]:
    """Require that no two rows are equal but for note and confidence."""
    rows = context.dated_rows
    compared = [column.name for column in COLUMNS if column.name not in ("note", "confidence")]
    # Few rows are alike in what sources are cited by, and only those are compared whole.
    rows = rows[rows.duplicated(["project", "phase", "source", "locator", "actor"], keep=False)]
    again = rows.duplicated(compared)
    if not again.any():
        return []
    first = rows["line"].groupby([rows[name] for name in compared], dropna=False, sort=False).transform("first")
    found = worded(words.marked("line {line}"), line=first[again])
    return at_rows("statement-repeated", context.file, rows[again], found=found)


def vacant_and_held(context: Context) -> list[Finding]:
    """Require that one source states vacant and held together in one year at most."""
    weighing = [role for role, weight in context.codebook.roles.items() if weight > 0]
    rows = context.rows[["project", "phase", "source", "status", "start", "end", "line"]]
    rows = rows[context.dated & context.rows["role"].isin(weighing) & rows["status"].isin(["vacant", "held"])]
    rows = rows[rows["project"].isin(rows.loc[rows["status"] == "vacant", "project"].unique())]
    stated = rows.assign(first=rows["start"].fillna(rows["end"]), last=rows["end"].fillna(rows["start"]))
    stated = stated.loc[stated["first"].notna(), ["project", "phase", "source", "status", "first", "last", "line"]]
    # Pairs are made of distinct years, not of rows: twenty thousand rows of one cell make a handful.
    stated = stated.drop_duplicates(["project", "phase", "source", "status", "first", "last"])
    vacant, held = stated[stated["status"] == "vacant"], stated[stated["status"] == "held"]
    pairs = vacant.merge(held, on=["project", "phase", "source"], suffixes=("", "_held"))
    if pairs.empty:
        return []
    begin = pairs[["first", "first_held"]].max(axis=1)
    end = pairs[["last", "last_held"]].min(axis=1)
    bad = pairs.assign(begin=begin, end=end)[(end - begin).astype("Int64") >= 1].drop_duplicates("line")
    sentence = words.marked("{begin}–{end}, held on line {line}")
    found = worded(sentence, begin=bad["begin"], end=bad["end"], line=bad["line_held"])
    places = pd.DataFrame({"line": bad["line"]}).merge(context.rows[["line", "row"]], on="line")
    return at_rows("vacant-and-held", context.file, places, column="status", found=found)


def country_differs(context: Context) -> list[Finding]:
    """Require that a row's country is the project's."""
    rows = context.rows
    known = context.projects.drop_duplicates("project").set_index("project")["country"]
    project = lookup(rows["project"], known)
    differs = (project != "") & (rows["country"] != "") & (_sorted(rows["country"]) != _sorted(project))
    return at_rows("country-differs", context.file, rows[differs], column="country", expected=project[differs])


def seat_origin(context: Context) -> list[Finding]:
    """Require that a seat and an origin agree, unless the note says why they do not."""
    actors = context.actors.loc[context.actors["seat"] != ""].drop_duplicates("actor").set_index("actor")
    rows = context.rows.assign(seat=lookup(context.rows["actor"], actors["seat"]))
    rows = rows.loc[(rows["seat"] != "") & (rows["country"] != "") & ~rows["unnamed"]]
    rows = rows.loc[~rows["note"].str.contains(r"(?i)\b(?:seat|origin)", regex=True)]
    pairs = zip(rows["seat"], rows["country"], strict=True)
    shared = [bool(set(seat.split(";")) & set(country.split(";"))) for seat, country in pairs]
    host = pd.Series(shared, index=rows.index, dtype="bool")
    foreign = rows["origin"].isin(context.codebook.foreign_origins)
    bad = ((rows["origin"] == "local") & ~host) | (foreign & host)
    chinese = rows["origin"] == "chinese"
    bad |= chinese & ~rows["seat"].str.contains("CHN|HKG|MAC", regex=True)
    bad |= foreign & ~chinese & (rows["seat"] == "CHN") & ("chinese" in context.codebook.foreign_origins)
    told = rows[bad]
    sentence = words.marked("{origin} for '{actor}' (seat {seat}) in {country}")
    found = worded(sentence, **{name: told[name] for name in ("origin", "actor", "seat", "country")})
    return at_rows("seat-origin", context.file, told, column="origin", found=found)


def event_project(context: Context) -> list[Finding]:
    """Require that an event belongs to a project of the table."""
    if context.events.empty:
        return []
    known = context.cells["project"]
    bad = context.events[~context.events["project"].isin(known)]
    return at_rows("event-project", "events.csv", bad, column="project", fix=_meant(bad["project"], known))


def project_unlisted(context: Context) -> list[Finding]:
    """Require that a project of projects.csv has rows."""
    if context.projects.empty:
        return []
    known = context.cells["project"]
    bad = context.projects[~context.projects["project"].isin(["", *known])]
    listed = set(context.projects["project"])
    free = [project for project in known if project not in listed]
    return at_rows("project-unlisted", "projects.csv", bad, column="project", fix=_meant(bad["project"], free))


def name_spelling(context: Context) -> list[Finding]:
    """Require that names differ by more than case, accents, punctuation and the form of a company."""
    rows = context.rows
    listed: dict[str, list[str]] = {}
    for name in [*context.actors["actor"], *context.actors["alias"]]:
        listed.setdefault(spelling(name), []).append(name)
    within = rows["project"].where(rows["unnamed"], "")
    return [
        *_spellings(context.file, rows.assign(within=""), "project", {}),
        *_spellings(context.file, rows.assign(within=within), "actor", listed),
    ]


ALL_RULES: tuple[Callable[[Context], list[Finding]], ...] = (
    *ROW_RULES,
    actor_status,
    actor_period,
    actor_separator,
    cell_error,
    source_two,
    alias_loop,
    alias_two,
    actor_repeated,
    part_unknown,
    part_loop,
    project_repeated,
    launched_late,
    before_launch,
    after_until,
    actor_origins,
    actor_kinds,
    actor_clash,
    statement_repeated,
    vacant_and_held,
    country_differs,
    seat_origin,
    event_project,
    project_unlisted,
    name_spelling,
    actor_joined,
    character_damage,
)
"""Every rule in its order; what is said of the windows of a sound table comes after them."""


def _named(rows: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return the rows of named actors, with some columns and the places: a filter copies what it is given."""
    return rows.loc[(rows["actor"] != "") & ~rows["unnamed"], ["actor", *columns, "line", "row"]]


def _several(context: Context, code: str, rows: pd.DataFrame, actors: set[str], column: str) -> list[Finding]:
    """Return a finding at the first row of each actor with several values, naming them all."""
    bad = rows[rows["actor"].isin(actors)]
    values = bad.groupby("actor", sort=False)[column].unique().map(lambda found: ", ".join(sorted(found)))
    first = bad.drop_duplicates("actor")
    found = worded(words.marked("'{actor}' is {values}"), actor=first["actor"], values=values[first["actor"]])
    return at_rows(code, context.file, first, column=column, found=found)


def _spellings(file: str, rows: pd.DataFrame, column: str, listed: dict[str, list[str]]) -> list[Finding]:
    """Return a finding at the first row of each spelling that is not the one of actors.csv, else the first.

    Names are compared `within` a project, or everywhere where that is empty; only the latter can be `listed`. Two
    names of actors.csv are two actors, however like each other: somebody has told them apart.
    """
    names = rows.loc[rows[column] != "", [column, "within", "line", "row"]].drop_duplicates([column, "within"])
    spelt = {name: spelling(name) for name in names[column].unique().tolist()}
    first: dict[tuple[str, str], tuple[str, str, int]] = {}
    wanted = []
    for name, within, line in zip(*(names[part].tolist() for part in (column, "within", "line")), strict=True):
        key = spelt[name]
        if within or key not in listed:
            wanted.append(first.setdefault((key, within), (name, words.marked("'{name}' as on line {line}"), line)))
        else:
            nearest = max(listed[key], key=lambda known: (known == name, known.casefold() == name.casefold()))
            wanted.append((nearest, words.marked("'{name}' as in actors.csv"), line))
    bad = [name != meant for name, (meant, _, _) in zip(names[column].tolist(), wanted, strict=True)]
    expected = [
        words.text(sentence, name=meant, line=line)
        for (meant, sentence, line), other in zip(wanted, bad, strict=True)
        if other
    ]
    return at_rows("name-spelling", file, names.loc[bad], column=column, expected=expected)


def _meant(names: pd.Series[str], known: list[str]) -> list[str]:
    """Return for each name the known one it is most like, as a question, "" where none is."""
    hints = {name: did_you_mean(name, known).strip() for name in names.drop_duplicates()}
    return [hints[name] for name in names]


def _of(rows: pd.DataFrame, column: str) -> Iterator[str]:
    return worded(words.marked("{value} for '{actor}'"), value=rows[column], actor=rows["actor"])


def _sorted(countries: pd.Series[str]) -> pd.Series[str]:
    """Return lists of countries in one order, so that ARG;BRA equals BRA;ARG."""
    return by_value(countries, lambda distinct: [";".join(sorted(cell.split(";"))) for cell in distinct])


def window_findings(
    rows: pd.DataFrame, projects: pd.DataFrame, registry: pd.DataFrame, codebook: Codebook, file: str
) -> list[Finding]:
    """Return warnings and information about the windows of a sound table.

    Parameters
    ----------
    rows
        Rows of the table, dates completed.
    projects
        The frame of `agency.table.names.project_frame`.
    registry
        Typed `projects.csv`.
    codebook
        Says which phases continue and which are core.
    file
        Name for messages.
    """
    first = rows.drop_duplicates("project").set_index("project")[["line", "row"]]
    known = projects.join(first)
    without = known[known["window_start"].isna()]
    given = registry[registry["window_start"].notna() | registry["window_end"].notna()]
    broken, none = given[given["project"].isin(without.index)], without[~without.index.isin(given["project"])]
    derived = known[known["window_source"] == "derived"]
    years = derived["window_start"].astype("str") + "–" + derived["window_end"].astype("str")
    continuing = [phase.key for phase in codebook.phases if phase.kind == "continuing"]
    lasting = rows["phase"].isin(continuing) & ~rows["status"].isin(["proposed", "denied"])
    timed = rows.loc[lasting, ["project", "start", "end", "duration_years", "line", "row"]].join(
        projects[["window_start", "window_end"]], on="project"
    )
    timed = timed.loc[timed["window_start"].notna()]
    return [
        *at_rows("window-broken", "projects.csv", broken, column="window_start", found="'" + broken["project"] + "'"),
        *at_rows("window-none", file, none, column="project", found=_quoted(none)),
        *at_rows("window-derived", file, derived, column="project", found=_quoted(derived) + " (" + years + ")"),
        *_outside(timed, file),
        *_assumed(timed, file),
        *_missing(rows, known, codebook, file),
    ]


def _outside(timed: pd.DataFrame, file: str) -> list[Finding]:
    """Return the continuing rows that reach outside the window."""
    start, end = timed["start"], timed["end"]
    early = ((start < timed["window_start"]) | (end < timed["window_start"])).fillna(value=False).astype(bool)
    late = ((start > timed["window_end"]) | (end > timed["window_end"])).fillna(value=False).astype(bool)
    bad = timed[early | late]
    sentence = words.marked("years from {start} to {end}")
    expected = worded(sentence, start=bad["window_start"], end=bad["window_end"])
    column = "start"
    return at_rows("outside-window", file, bad, column=column, found=_period(bad), expected=expected)


def _assumed(timed: pd.DataFrame, file: str) -> list[Finding]:
    """Return the continuing rows of which a side is computed to the window's edge."""
    open_start, open_end = timed["start"].isna(), timed["end"].isna()
    bare = open_start & open_end
    bad = timed[(open_start | open_end) & ~(bare & timed["duration_years"].notna())]
    said = {
        (True, True): words.text("no start, no end"),
        (True, False): words.text("no start"),
        (False, True): words.text("no end"),
    }
    found = (said[sides] for sides in zip(bad["start"].isna(), bad["end"].isna(), strict=True))
    return at_rows("period-assumed", file, bad, column="start", found=found)


def _missing(rows: pd.DataFrame, known: pd.DataFrame, codebook: Codebook, file: str) -> list[Finding]:
    """Return, by project, the core phases without a row."""
    core = [phase.key for phase in codebook.core_phases]
    said = [codebook.word(phase) for phase in core]
    absent = np.ones((len(known), len(core) + 1), dtype=bool)
    # The last column takes the phases that are not core: position -1.
    absent[known.index.get_indexer(pd.Index(rows["project"])), pd.Index(core).get_indexer(pd.Index(rows["phase"]))] = 0
    gaps = absent[:, :-1]
    at = np.flatnonzero(gaps.any(axis=1))
    bad = known.take(at)
    lacking = (words.listed(list(compress(said, line)), most=len(said)) for line in gaps[at])
    found = worded(words.marked("{phases} of '{project}'"), phases=lacking, project=bad.index)
    return at_rows("phase-missing", file, bad, column="phase", found=found)


def _quoted(projects: pd.DataFrame) -> pd.Series[str]:
    return "'" + projects.index.to_series() + "'"


def _period(rows: pd.DataFrame) -> Iterator[str]:
    """Yield periods as they are written: ``2012–2018``, ``from 2012``, ``until 2018``."""
    for start, end in zip(rows["start"], rows["end"], strict=True):
        if pd.isna(start):
            yield words.text("until {year}", year=end)
        else:
            yield words.text("from {year}", year=start) if pd.isna(end) else f"{start}–{end}"
