"""Rules about the substance of single rows: pure functions from a context to findings, numbered by their order.

`RULES` lists them all, those about several rows (`rules_across.py`) and companions included.

Rules about several rows, the companions and the windows; `ALL_RULES` is the numbered list.

Findings about windows, periods and coverage: what time mode will have to assume.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from agency.errors import did_you_mean
from agency.findings import Finding, at_rows
from agency.table.complete import clashes, looping_aliases
from agency.table.read.frames import lookup
from agency.vocabulary import ACTOR_KINDS, COLUMNS, NEEDS_ACTOR, NO_ACTOR

if TYPE_CHECKING:
    from agency.vocabulary import Codebook

_FORMULA = re.compile(r"[=@]|[+-](?![\d.,\s]*$)")
_TEXT = ("project", "actor", "scope", "source", "locator", "quote", "coder", "note")


@dataclass(frozen=True)
class Context:
    """What the rules look at.

    ``rows`` are typed, aliases resolved, dates as given; wrong cells are empty. ``dated`` says where the cells of
    start, end and duration_years are sound. The companions are typed, with ``line`` and ``row``.
    """

    file: str
    rows: pd.DataFrame
    dated: pd.Series[bool]
    projects: pd.DataFrame
    actors: pd.DataFrame
    events: pd.DataFrame
    codebook: Codebook
    keys: frozenset[str] | None
    """Keys of the file of references; None without one."""


def end_before_start(context: Context) -> list[Finding]:
    """Require that a row ends no earlier than it starts."""
    rows = context.rows
    bad = rows.loc[_true(rows["end"] < rows["start"]) & context.dated]
    expected = "no earlier than start " + bad["start"].astype("str")
    return at_rows("end-before-start", context.file, bad, column="end", found=_text(bad["end"]), expected=expected)


def duration_contradiction(context: Context) -> list[Finding]:
    """Require that start, end and duration_years agree where all are given."""
    rows = context.rows
    years = rows["end"] - rows["start"] + 1
    bad = _true(rows["duration_years"] != years) & _true(rows["end"] >= rows["start"]) & context.dated
    expected = _text(years[bad]) + " (" + _text(rows["start"][bad]) + " to " + _text(rows["end"][bad]) + ")"
    found = _text(rows["duration_years"][bad])
    return at_rows(
        "duration-contradiction", context.file, rows[bad], column="duration_years", found=found, expected=expected
    )


def duration_without_date(context: Context) -> list[Finding]:
    """Require that a bare duration stands only where somebody held, or was to hold, the phase."""
    rows = context.rows
    bare = rows["duration_years"].notna() & rows["start"].isna() & rows["end"].isna() & context.dated
    bad = rows[bare & rows["status"].isin(["negotiating", *NO_ACTOR])]
    return at_rows("duration-without-date", context.file, bad, column="duration_years", found=bad["status"])


def actor_missing(context: Context) -> list[Finding]:
    """Require that a held or proposed phase names somebody."""
    rows = context.rows
    bad = rows[rows["status"].isin(NEEDS_ACTOR) & (rows["actor"] == "")]
    return at_rows("actor-missing", context.file, bad, column="actor", found=bad["status"])


def actor_unexpected(context: Context) -> list[Finding]:
    """Require that a phase that is vacant or not applicable names nobody."""
    rows = context.rows
    bad = rows[rows["status"].isin(NO_ACTOR) & (rows["actor"] != "")]
    expected = "no actor where status is " + bad["status"]
    return at_rows("actor-unexpected", context.file, bad, column="actor", expected=expected)


def origin_missing(context: Context) -> list[Finding]:
    """Require that every actor has an origin."""
    rows = context.rows
    bad = rows[(rows["actor"] != "") & (rows["origin"] == "")]
    expected = f"one of {', '.join(origin.key for origin in context.codebook.origins)}, unknown"
    return at_rows("origin-missing", context.file, bad, column="origin", found=bad["actor"], expected=expected)


def origin_unexpected(context: Context) -> list[Finding]:
    """Require that no origin stands without an actor."""
    rows = context.rows
    bad = rows[(rows["actor"] == "") & (rows["origin"] != "") & ~rows["status"].isin(NEEDS_ACTOR)]
    return at_rows("origin-unexpected", context.file, bad, column="origin")


def source_unknown(context: Context) -> list[Finding]:
    """Require that every source is a key of the file of references, when there is one."""
    if context.keys is None:
        return []
    findings: list[Finding] = []
    known = sorted(context.keys)
    for file, frame, column in (
        (context.file, context.rows, "source"),
        ("projects.csv", context.projects, "window_source"),
        ("events.csv", context.events, "source"),
    ):
        bad = frame[~frame[column].isin(["", *known])]
        hints = {key: did_you_mean(key, known).strip() for key in bad[column].drop_duplicates()}
        fix = [hints[key] and f"{hints[key]} Else add the entry to the references." for key in bad[column]]
        findings += at_rows("source-unknown", file, bad, column=column, fix=fix)
    return findings


def quote_long(context: Context) -> list[Finding]:
    """Require that a quote has at most 25 words."""
    words = context.rows["quote"].str.count(r"\S+")
    bad = context.rows[words > 25]
    return at_rows("quote-long", context.file, bad, column="quote", found=[f"{n} words" for n in words[words > 25]])


def quote_tags(context: Context) -> list[Finding]:
    """Require that a quote is plain text."""
    bad = context.rows[context.rows["quote"].str.contains(r"</?[A-Za-z][^<>]*>")]
    return at_rows("quote-tags", context.file, bad, column="quote")


def rank_reason(context: Context) -> list[Finding]:
    """Require that a rank other than normal gives its reason in note."""
    rows = context.rows
    bad = rows[rows["rank"].isin(["preferred", "deprecated"]) & (rows["note"] == "")]
    return at_rows("rank-reason", context.file, bad, column="note", found=bad["rank"])


def cell_formula(context: Context) -> list[Finding]:
    """Require that no text cell begins like a formula of a spreadsheet; a dash or a number is none."""
    findings: list[Finding] = []
    for column in _TEXT:
        signed = context.rows[context.rows[column].str.startswith(("=", "@", "+", "-"))]
        formula = [bool(_FORMULA.match(cell)) for cell in signed[column]]
        findings += at_rows("cell-formula", context.file, signed.loc[formula], column=column)
    return findings


def locator_date(context: Context) -> list[Finding]:
    """Require that a locator is not what a spreadsheet makes of 12-13."""
    months = "jan|ene|feb|fev|mar|apr|abr|may|mai|jun|jul|aug|ago|sep|set|oct|out|nov|dec|dic|dez"
    dates = rf"(?i)\d{{4}}-\d\d-\d\d(?: 00:00:00)?|\d{{1,2}}-(?:{months})|(?:{months})-\d{{2}}"
    bad = context.rows[context.rows["locator"].str.fullmatch(dates)]
    return at_rows("locator-date", context.file, bad, column="locator")


ROW_RULES = (
    end_before_start,
    duration_contradiction,
    duration_without_date,
    actor_missing,
    actor_unexpected,
    origin_missing,
    origin_unexpected,
    source_unknown,
    quote_long,
    quote_tags,
    rank_reason,
    cell_formula,
    locator_date,
)
"""Rules 1 to 13."""


def _true(mask: pd.Series[bool]) -> pd.Series[bool]:
    """Return a plain mask: a comparison with a missing year is False."""
    return mask.fillna(value=False).astype(bool)


def _text(years: pd.Series[int]) -> pd.Series[str]:
    return years.astype("str")


def alias_loop(context: Context) -> list[Finding]:
    """Require that aliases end at a canonical name."""
    bad = context.actors[context.actors["alias"].isin(looping_aliases(context.actors))]
    found = "'" + bad["alias"] + "' for '" + bad["actor"] + "'"
    return at_rows("alias-loop", "actors.csv", bad, column="alias", found=found)


def alias_two(context: Context) -> list[Finding]:
    """Require that an alias belongs to one actor."""
    pairs = context.actors.loc[context.actors["alias"] != ""].drop_duplicates(["alias", "actor"])
    bad = pairs[pairs.duplicated("alias", keep=False)]
    found = "'" + bad["alias"] + "' of '" + bad["actor"] + "'"
    return at_rows("alias-two", "actors.csv", bad, column="alias", found=found)


def actor_repeated(context: Context) -> list[Finding]:
    """Require that an actor has one kind and one seat in actors.csv."""
    findings: list[Finding] = []
    for column in ("kind", "seat"):
        given = context.actors.loc[context.actors[column] != ""].drop_duplicates(["actor", column])
        bad = given[given.duplicated("actor", keep=False)]
        findings += at_rows("actor-repeated", "actors.csv", bad, column=column, found=_of(bad, column))
    return findings


def project_repeated(context: Context) -> list[Finding]:
    """Require that a project stands once in projects.csv."""
    bad = context.projects[context.projects.duplicated("project")]
    return at_rows("project-repeated", "projects.csv", bad, column="project")


def actor_origins(context: Context) -> list[Finding]:
    """Require that an actor has one origin; local in one country and foreign in another is one."""
    known = [*(origin.key for origin in context.codebook.origins), "unknown"]
    rows = _named(context.rows).loc[lambda frame: frame["origin"].isin(known)]
    origins = rows.assign(abroad=rows["origin"].where(rows["origin"] != "local", ""))
    foreign = origins.loc[origins["abroad"] != ""].groupby("actor")["abroad"].nunique()
    at_home = origins.groupby(["actor", "country"])["origin"].nunique().groupby("actor").max()
    several = set(foreign.index[foreign > 1]) | set(at_home.index[at_home > 1])
    return _several(context, "actor-origins", rows, several, "origin")


def actor_kinds(context: Context) -> list[Finding]:
    """Require that an actor has one kind."""
    rows = _named(context.rows).loc[lambda frame: frame["actor_kind"].isin(ACTOR_KINDS)]
    kinds = rows.groupby("actor")["actor_kind"].nunique()
    return _several(context, "actor-kinds", rows, set(kinds.index[kinds > 1]), "actor_kind")


def actor_clash(context: Context) -> list[Finding]:
    """Require that a named and an unnamed actor of one project have different names."""
    return at_rows("actor-clash", context.file, context.rows[clashes(context.rows)], column="actor")


def statement_repeated(context: Context) -> list[Finding]:
    """Require that no two rows are equal but for note and confidence."""
    rows = context.rows[context.dated]
    compared = [column.name for column in COLUMNS if column.name not in ("note", "confidence")]
    again = rows.duplicated(compared)
    first = rows["line"].groupby([rows[name] for name in compared], dropna=False, sort=False).transform("first")
    found = [f"line {line}" for line in first[again]]
    return at_rows("statement-repeated", context.file, rows[again], found=found)


def vacant_and_held(context: Context) -> list[Finding]:
    """Require that one source states vacant and held together in one year at most."""
    rows = context.rows[context.dated & (context.rows["role"].map(dict(context.codebook.roles)).fillna(0.0) > 0)]
    stated = rows.assign(first=rows["start"].fillna(rows["end"]), last=rows["end"].fillna(rows["start"]))
    stated = stated.loc[stated["first"].notna(), ["project", "phase", "source", "status", "first", "last", "line"]]
    vacant, held = stated[stated["status"] == "vacant"], stated[stated["status"] == "held"]
    pairs = vacant.merge(held, on=["project", "phase", "source"], suffixes=("", "_held"))
    if pairs.empty:
        return []
    begin = pairs[["first", "first_held"]].max(axis=1)
    end = pairs[["last", "last_held"]].min(axis=1)
    bad = pairs.assign(begin=begin, end=end)[(end - begin).astype("Int64") >= 1].drop_duplicates("line")
    found = [f"{row.begin}–{row.end}, held on line {row.line_held}" for row in bad.itertuples(index=False)]
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
    found = rows["origin"] + " for '" + rows["actor"] + "' (seat " + rows["seat"] + ") in " + rows["country"]
    return at_rows("seat-origin", context.file, rows[bad], column="origin", found=found[bad])


def event_project(context: Context) -> list[Finding]:
    """Require that an event belongs to a project of the table."""
    known = list(context.rows["project"].drop_duplicates())
    bad = context.events[~context.events["project"].isin(known)]
    return at_rows("event-project", "events.csv", bad, column="project", fix=_meant(bad["project"], known))


def project_unlisted(context: Context) -> list[Finding]:
    """Require that a project of projects.csv has rows."""
    known = list(context.rows["project"].drop_duplicates())
    bad = context.projects[~context.projects["project"].isin(["", *known])]
    free = [project for project in known if project not in set(context.projects["project"])]
    return at_rows("project-unlisted", "projects.csv", bad, column="project", fix=_meant(bad["project"], free))


def name_case(context: Context) -> list[Finding]:
    """Require that names of projects and actors differ by more than capital and small letters."""
    rows = context.rows
    listed: dict[str, str] = {}
    for name in [*context.actors["actor"], *context.actors["alias"]]:
        listed.setdefault(name.casefold(), name)
    within = rows["project"].where(rows["unnamed"], "")
    return [
        *_spellings(context.file, rows.assign(within=""), "project", {}),
        *_spellings(context.file, rows.assign(within=within), "actor", listed),
    ]


ALL_RULES: tuple[Callable[[Context], list[Finding]], ...] = (
    *ROW_RULES,
    alias_loop,
    alias_two,
    actor_repeated,
    project_repeated,
    actor_origins,
    actor_kinds,
    actor_clash,
    statement_repeated,
    vacant_and_held,
    country_differs,
    seat_origin,
    event_project,
    project_unlisted,
    name_case,
)
"""Every rule in its order; the number of a rule is its position, from 1. Windows have their own (`windows.py`)."""


def _named(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.loc[(rows["actor"] != "") & ~rows["unnamed"]]


def _several(context: Context, code: str, rows: pd.DataFrame, actors: set[str], column: str) -> list[Finding]:
    """Return a finding at the first row of each actor with several values, naming them all."""
    bad = rows[rows["actor"].isin(actors)]
    values = bad.groupby("actor", sort=False)[column].unique().map(lambda found: ", ".join(sorted(found)))
    first = bad.drop_duplicates("actor")
    found = [f"'{actor}' is {values[actor]}" for actor in first["actor"]]
    return at_rows(code, context.file, first, column=column, found=found)


def _spellings(file: str, rows: pd.DataFrame, column: str, listed: dict[str, str]) -> list[Finding]:
    """Return a finding at the first row of each spelling that is not the one of actors.csv, else the first.

    Names are compared `within` a project, or everywhere where that is empty; only the latter can be `listed`.
    """
    names = rows.loc[rows[column] != ""].drop_duplicates([column, "within"])
    first: dict[tuple[str, str], tuple[str, str]] = {}
    wanted = []
    for name, within, line in zip(names[column], names["within"], names["line"], strict=True):
        key = name.casefold()
        known = (listed[key], "in actors.csv") if key in listed and not within else (name, f"on line {line}")
        wanted.append(first.setdefault((key, within), known))
    bad = [name != meant for name, (meant, _) in zip(names[column], wanted, strict=True)]
    expected = [
        f"'{meant}' as {where}" for name, (meant, where) in zip(names[column], wanted, strict=True) if name != meant
    ]
    return at_rows("name-case", file, names.loc[bad], column=column, expected=expected)


def _meant(names: pd.Series[str], known: list[str]) -> list[str]:
    """Return for each name the known one it is most like, as a question, "" where none is."""
    hints = {name: did_you_mean(name, known).strip() for name in names.drop_duplicates()}
    return [hints[name] for name in names]


def _of(rows: pd.DataFrame, column: str) -> pd.Series[str]:
    return rows[column] + " for '" + rows["actor"] + "'"


def _sorted(countries: pd.Series[str]) -> pd.Series[str]:
    """Return lists of countries in one order, so that ARG;BRA equals BRA;ARG."""
    return countries.map({cell: ";".join(sorted(cell.split(";"))) for cell in countries.drop_duplicates()})


def window_findings(
    rows: pd.DataFrame, projects: pd.DataFrame, registry: pd.DataFrame, codebook: Codebook, file: str
) -> list[Finding]:
    """Return warnings and information about the windows of a sound table.

    Parameters
    ----------
    rows
        Rows of the table, dates completed.
    projects
        The frame of `agency.table.complete.project_frame`.
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
    timed = rows.loc[rows["phase"].isin(continuing) & (rows["status"] != "proposed")].join(
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
    expected = "years from " + bad["window_start"].astype("str") + " to " + bad["window_end"].astype("str")
    column = "start"
    return at_rows("outside-window", file, bad, column=column, found=_period(bad), expected=expected)


def _assumed(timed: pd.DataFrame, file: str) -> list[Finding]:
    """Return the continuing rows of which a side is computed to the window's edge."""
    open_start, open_end = timed["start"].isna(), timed["end"].isna()
    bare = open_start & open_end
    bad = timed[(open_start | open_end) & ~(bare & timed["duration_years"].notna())]
    found = bad["start"].isna().map({True: "no start", False: ""}) + bad["end"].isna().map({True: "no end", False: ""})
    return at_rows("period-assumed", file, bad, column="start", found=found.str.replace("startno", "start, no"))


def _missing(rows: pd.DataFrame, known: pd.DataFrame, codebook: Codebook, file: str) -> list[Finding]:
    """Return, by project, the core phases without a row."""
    core = [phase.key for phase in codebook.core_phases]
    pairs = rows[["project", "phase"]].drop_duplicates()
    coded = set(zip(pairs["project"], pairs["phase"], strict=True))
    gaps = {project: [phase for phase in core if (project, phase) not in coded] for project in known.index}
    bad = known.loc[[bool(gaps[project]) for project in known.index]]
    found = [f"{', '.join(gaps[project])} of '{project}'" for project in bad.index]
    return at_rows("phase-missing", file, bad, column="phase", found=found)


def _quoted(projects: pd.DataFrame) -> pd.Series[str]:
    return "'" + projects.index.to_series() + "'"


def _period(rows: pd.DataFrame) -> pd.Series[str]:
    """Return periods as they are written: ``2012–2018``, ``from 2012``, ``until 2018``."""
    start, end = rows["start"].astype("str"), rows["end"].astype("str")
    both = start + "–" + end
    return both.mask(rows["end"].isna(), "from " + start).mask(rows["start"].isna(), "until " + end)
