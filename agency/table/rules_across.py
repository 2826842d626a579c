"""Rules about several rows, the companions and the windows; `ALL_RULES` is the numbered list."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from agency.table.frame import lookup
from agency.table.identity import clashes
from agency.table.problems import Finding, at_rows
from agency.table.rules import ROW_RULES, Context
from agency.table.spec import ACTOR_KINDS, COLUMNS

if TYPE_CHECKING:
    import pandas as pd


def alias_loop(context: Context) -> list[Finding]:
    """Require that aliases end at a canonical name."""
    from agency.table.identity import looping_aliases

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
    import pandas as pd

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
    import pandas as pd

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
    from agency.errors import did_you_mean

    hints = {name: did_you_mean(name, known).strip() for name in names.drop_duplicates()}
    return [hints[name] for name in names]


def _of(rows: pd.DataFrame, column: str) -> pd.Series[str]:
    return rows[column] + " for '" + rows["actor"] + "'"


def _sorted(countries: pd.Series[str]) -> pd.Series[str]:
    """Return lists of countries in one order, so that ARG;BRA equals BRA;ARG."""
    return countries.map({cell: ";".join(sorted(cell.split(";"))) for cell in countries.drop_duplicates()})
