"""Selection: which projects, phases and rows are looked at, and which rows decide (rules 1 and 2).

A selection never moves a window and never changes an identity: both are decided on the whole file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from agency.errors import UsageError, did_you_mean
from agency.resolve.view import View
from agency.vocabulary import MOST

if TYPE_CHECKING:
    import pandas as pd

    from agency.table import Table
    from agency.vocabulary import Codebook, Phase

DECIDING = ("held", "negotiating", "vacant", "not_applicable")
"""Statuses that can decide a state; proposed rows are only listed."""

_CHOICES = {
    "rank": ("best", "all"),
    "mode": ("static", "time", "snapshot"),
    "boundary": ("held", "split", "gap"),
    "counting": ("actor", "origin"),
}


@dataclass(frozen=True, eq=False)
class Selection:
    """What a view selects of a table.

    Attributes
    ----------
    rows
        The selected rows of `Table.rows`, whatever their status, rank and confidence.
    projects, phases
        Keys and records in the user's and in process order; projects without a selected row are kept.
    years
        Snapshot year by project (mode snapshot only).
    left_out
        Projects left out as thin or because their window lacks the year.
    notices
        One sentence for each reason something was left out.
    """

    rows: pd.DataFrame
    projects: tuple[str, ...]
    phases: tuple[Phase, ...]
    years: dict[str, int]
    left_out: tuple[str, ...]
    notices: tuple[str, ...]


def select(
    table: Table,
    view: View,
    *,
    project: str | Iterable[str] | None = None,
    phase: str | Iterable[str] | None = None,
    source: str | Iterable[str] | None = None,
    country: str | Iterable[str] | None = None,
    **rules: Any,
) -> View:
    """Return a view with another selection or other rules, every name checked.

    Parameters
    ----------
    table
        The table the names must occur in.
    view
        What is in force so far; only what is given here changes.
    project, phase, source, country
        One name or several; countries as ISO 3166-1 alpha-3.
    **rules
        Any other field of `View`: ``rank``, ``include_alleged``, ``mode``, ``year``, ``boundary``, ``counting``,
        ``min_phases``, ``weights``, ``roles``. A ``year`` selects mode snapshot.

    Raises
    ------
    UsageError
        For an unknown name or value; the message names the nearest known one.

    Examples
    --------
    >>> import agency
    >>> study = agency.load()
    >>> select(study.data, study.view, project="JSeI", year=2019).mode
    'snapshot'
    """
    countries = sorted({code for joined in table.rows["country"].unique() for code in joined.split(";") if code})
    named = {
        "projects": _known("project", project, list(table.projects.index)),
        "phases": _known("phase", phase, [entry.key for entry in table.codebook.phases]),
        "sources": _known("source", source, sorted({*table.sources, *table.rows["source"].unique()})),
        "countries": _known("country", country, countries),
    }
    changes: dict[str, Any] = {field: names for field, names in named.items() if names is not None}
    return replace(view, **changes, **_checked_rules(rules))


def selection(table: Table, view: View) -> Selection:
    """Return the rows, projects and phases a view selects.

    Thin projects (fewer than ``view.min_phases`` core phases with a holder or a gap in the default view) are left
    out when several projects are selected without naming them; if all are thin, all are kept.

    Raises
    ------
    UsageError
        If a snapshot year lies in no project's window.
    """
    rows = _matching_rows(table, view)
    if view.countries:
        projects = [name for name in table.projects.index if name in set(rows["project"])]
    else:
        projects = list(view.projects) or list(table.projects.index)
    projects, thin, notices = _without_thin(table, view, projects)
    projects, years, outside, year_notices = _with_year(table, view, projects)
    keep = rows["project"].isin(projects)
    return Selection(
        rows=rows[keep],
        projects=tuple(projects),
        phases=shown_phases(table.codebook, view),
        years=years,
        left_out=(*thin, *outside),
        notices=(*notices, *year_notices),
    )


def shown_phases(codebook: Codebook, view: View) -> tuple[Phase, ...]:
    """Return the phases of a view in process order: those asked for, else the core phases."""
    if view.phases:
        return tuple(phase for phase in codebook.phases if phase.key in view.phases)
    return codebook.core_phases


def role_weights(codebook: Codebook, view: View) -> dict[str, float]:
    """Return the weight of each role: the codebook's, overridden by the view's."""
    return {**codebook.roles, **dict(view.roles)}


def deciding_rows(rows: pd.DataFrame, codebook: Codebook, view: View) -> pd.DataFrame:
    """Return the rows that decide states (rule 2), with their role's ``weight`` as a column.

    Rank is decided per project and phase among the lead rows; a support row counts, where its role weighs
    anything, only if held and whatever the winning rank.
    """
    weight = rows["role"].map(role_weights(codebook, view)).astype(float)
    usable = rows["status"].isin(DECIDING) & (rows["rank"] != "deprecated") & (weight > 0)
    if not view.include_alleged:
        usable &= rows["confidence"] != "alleged"
    lead = rows["role"] == "lead"
    winning = usable & lead & _wins(rows, usable & lead, view)
    support = usable & ~lead & (rows["status"] == "held")
    return rows.assign(weight=weight)[winning | support]


def listed_rows(rows: pd.DataFrame, codebook: Codebook, view: View) -> pd.DataFrame:
    """Return the rows that are named in brackets only: proposed, alleged, and support that weighs nothing.

    They follow the rank of their cell: where preferred rows decide, normal ones appear with ``rank="all"``.
    """
    weight = rows["role"].map(role_weights(codebook, view)).astype(float)
    named = (rows["actor"] != "") & (rows["rank"] != "deprecated")
    alleged = (rows["confidence"] == "alleged") & (not view.include_alleged)
    usable = rows["status"].isin(DECIDING) & ~alleged & (rows["rank"] != "deprecated") & (rows["role"] == "lead")
    held = rows["status"] == "held"
    only_listed = (rows["status"] == "proposed") | (alleged & (held | (rows["status"] == "negotiating")))
    only_listed |= held & (weight == 0)
    return rows[named & only_listed & _wins(rows, usable, view)]


def _wins(rows: pd.DataFrame, deciding: pd.Series[bool], view: View) -> pd.Series[bool]:
    """Return which rows have the rank in force in their cell, given which rows decide it."""
    preferred = rows["rank"] == "preferred"
    if view.rank == "all":
        return rows["rank"] != "deprecated"
    has_preferred = (preferred & deciding).groupby([rows["project"], rows["phase"]]).transform("any")
    return preferred | ~has_preferred


def _known(kind: str, names: str | Iterable[str] | None, known: list[str]) -> tuple[str, ...] | None:
    if names is None:
        return None
    wanted = (names,) if isinstance(names, str) else tuple(dict.fromkeys(names))
    for name in wanted:
        if name not in known:
            shown = ", ".join(known[:12]) + (f" and {len(known) - 12} more" if len(known) > 12 else "")
            message = f"There is no {kind} {name!r} in the table.{did_you_mean(name, known)} Known: {shown or 'none'}."
            raise UsageError(message)
    return wanted


def _checked_rules(rules: dict[str, Any]) -> dict[str, Any]:
    unknown = [name for name in rules if name not in View.__dataclass_fields__]
    if unknown:
        message = f"There is no option {unknown[0]!r}.{did_you_mean(unknown[0], list(View.__dataclass_fields__))}"
        raise UsageError(message)
    for name, allowed in _CHOICES.items():
        if name in rules and rules[name] not in allowed:
            message = f"{name} is one of {', '.join(allowed)}, not {rules[name]!r}."
            raise UsageError(message)
    for name in ("weights", "roles"):
        _check_weights(name, dict(rules.get(name, ())))
    if "year" in rules:
        year = _year(rules["year"])
        return {**rules, "year": year, "mode": "static" if year is None else "snapshot"}
    if rules.get("mode") in ("static", "time"):
        return {**rules, "year": None}
    return rules


def _check_weights(name: str, weights: dict[str, float]) -> None:
    wrong = {key: weight for key, weight in weights.items() if not 0 <= weight <= MOST}
    if wrong or weights.get("lead") == 0:
        key, weight = next(iter(wrong.items()), ("lead", 0))
        least = "above 0" if key == "lead" else "from 0"
        message = f"{name}: {key!r} weighs {weight}; expected a number {least} to {MOST}."
        raise UsageError(message)


def _year(year: Any) -> Any:
    if year is None or year == "end":
        return year
    try:
        return int(year)
    except (TypeError, ValueError):
        message = f"year is a year such as 2019, or 'end', not {year!r}."
        raise UsageError(message) from None


def _matching_rows(table: Table, view: View) -> pd.DataFrame:
    rows = table.rows
    keep = rows["phase"].isin([phase.key for phase in shown_phases(table.codebook, view)])
    if view.projects:
        keep &= rows["project"].isin(view.projects)
    if view.sources:
        keep &= rows["source"].isin(view.sources)
    if view.countries:
        wanted = set(view.countries)
        inside = [joined for joined in rows["country"].unique() if wanted & set(joined.split(";"))]
        keep &= rows["country"].isin(inside)
    return rows[keep]


def _without_thin(table: Table, view: View, projects: list[str]) -> tuple[list[str], tuple[str, ...], tuple[str, ...]]:
    if view.projects or len(projects) < 2 or view.min_phases <= 0:
        return projects, (), ()
    counts = known_phases(table)
    rich = [name for name in projects if counts.get(name, 0) >= view.min_phases]
    thin = tuple(name for name in projects if counts.get(name, 0) < view.min_phases)
    if not thin:
        return projects, (), ()
    if not rich:
        return (
            projects,
            (),
            (f"All {len(thin)} projects have fewer than {view.min_phases} core phases known; all are shown.",),
        )
    one = len(thin) == 1
    sentence = (
        f"{len(thin)} {'project' if one else 'projects'} with fewer than {view.min_phases} core phases known "
        f"{'is' if one else 'are'} left out (--min-phases 0 shows {'it' if one else 'them'})."
    )
    return rich, thin, (sentence,)


def known_phases(table: Table) -> dict[str, int]:
    """Return by project the number of core phases with a holder or a gap in the default view."""
    from agency.resolve.matrix import phase_matrix

    phases = phase_matrix(table, View(min_phases=0)).phases
    known = phases[(phases["held"] > 0) | (phases["gap"] > 0)]
    return {str(name): int(count) for name, count in known.groupby("project").size().items()}


def _with_year(
    table: Table, view: View, projects: list[str]
) -> tuple[list[str], dict[str, int], tuple[str, ...], tuple[str, ...]]:
    if view.mode != "snapshot":
        return projects, {}, (), ()
    windows = table.projects.loc[projects, ["window_start", "window_end"]]
    year = windows["window_end"] if view.year == "end" else windows["window_end"] * 0 + int(view.year or 0)
    inside = ((windows["window_start"] <= year) & (year <= windows["window_end"])).fillna(value=False).astype(bool)
    years = {str(name): int(value) for name, value in year[inside].items()}
    outside = tuple(name for name in projects if name not in years)
    if not years:
        asked = "a last year" if view.year == "end" else f"the year {view.year}"
        message = f"No selected project has {asked} in its window. Give windows in projects.csv or choose another year."
        raise UsageError(message)
    names = ", ".join(outside[:5]) + (f" and {len(outside) - 5} more" if len(outside) > 5 else "")
    notices = (f"Left out, their window lacks the year: {names}.",) if outside else ()
    return [name for name in projects if name in years], years, outside, notices
