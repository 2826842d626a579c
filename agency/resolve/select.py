"""Choosing: a view with another selection or other rules, every name and value checked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from agency import words
from agency.errors import UsageError, did_you_mean
from agency.resolve.view import View
from agency.vocabulary import MOST, nothing_meets, where

if TYPE_CHECKING:
    import pandas as pd

    from agency.table import Table
    from agency.vocabulary import Codebook, Phase

_CHOICES = {
    "rank": ("best", "all"),
    "mode": ("static", "time", "snapshot"),
    "boundary": ("held", "split", "gap"),
    "counting": ("actor", "origin"),
    "actors": ("named", "whole"),
}


def select(
    table: Table,
    view: View,
    *,
    project: str | Iterable[str] | None = None,
    phase: str | Iterable[str] | None = None,
    source: str | Iterable[str] | None = None,
    country: str | Iterable[str] | None = None,
    type: str | Iterable[str] | None = None,
    **rules: Any,
) -> View:
    """Return a view with another selection or other rules, every name checked.

    Parameters
    ----------
    table
        The table the names must occur in.
    view
        What is in force so far; only what is given here changes.
    project, phase, source, country, type
        One name or several; countries as ISO 3166-1 alpha-3, types as in projects.csv.
    **rules
        Any other field of `View`: ``rank``, ``include_alleged``, ``mode``, ``year``, ``boundary``, ``counting``,
        ``actors``, ``min_phases``, ``weights``, ``roles``. A ``year`` selects mode snapshot; ``where``, a condition
        as `agency.vocabulary.where` reads it, is added to the one in force.

    Raises
    ------
    UsageError
        For an unknown name or value, with the nearest known one; where no row meets the choice.

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
        "types": _known("type", type, sorted({*table.projects["type"]} - {""})),
    }
    changes: dict[str, Any] = {field: names for field, names in named.items() if names is not None}
    if "where" in rules:
        rules["where"] = _condition(table, view.where, rules["where"])
    chosen = replace(view, **changes, **_checked_rules(rules))
    if (chosen.countries or chosen.types or chosen.where) and matching(table, chosen).empty:
        raise UsageError(words.text("No statement meets all of {choices}. Leave one out.", choices=_choices(chosen)))
    return chosen


def matching(table: Table, view: View) -> pd.DataFrame:
    """Return the rows of the projects, countries, types and sources of a view that meet its condition."""
    rows = table.rows
    keep = np.ones(len(rows), dtype=bool)
    for column, names in (("project", view.projects), ("source", view.sources)):
        if names:
            keep &= rows[column].isin(names).to_numpy(bool)
    if view.countries:
        wanted = set(view.countries)
        inside = [joined for joined in rows["country"].unique() if wanted & set(joined.split(";"))]
        keep &= rows["country"].isin(inside).to_numpy(bool)
    if view.types:
        kinds = table.projects["type"]
        keep &= rows["project"].isin(kinds.index[kinds.isin(view.types)]).to_numpy(bool)
    if view.where:
        keep &= where(table.statements, view.where).to_numpy(bool)
    return rows[keep]


def _condition(table: Table, before: str, text: str) -> str:
    """Return a condition beside the one in force, found to be met by a row.

    Raises
    ------
    UsageError
        If it cannot be read, or no row meets it.
    """
    if not text:
        return before
    if not where(table.statements, text).any():
        raise UsageError(nothing_meets(table.statements, text))
    return f"({before}) and ({text})" if before else text


def _choices(view: View) -> str:
    """Return what a view chooses rows by, as it is typed."""
    given = {
        "-p": view.projects,
        "--source": view.sources,
        "--country": view.countries,
        "--type": view.types,
        "--where": (view.where,) if view.where else (),
    }
    return words.listed([f"{option} {name!r}" for option, names in given.items() for name in names], most=8)


def shown_phases(codebook: Codebook, view: View) -> tuple[Phase, ...]:
    """Return the phases of a view in process order: those asked for, else the core phases."""
    if view.phases:
        return tuple(phase for phase in codebook.phases if phase.key in view.phases)
    return codebook.core_phases


def shown_or_core(codebook: Codebook, view: View) -> tuple[Phase, ...]:
    """Return the core phases and those asked for, in process order: the phases whose states are worked out."""
    return tuple(phase for phase in codebook.phases if phase.core or phase.key in view.phases)


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
        number = int(year)
    except (TypeError, ValueError):
        number = 0
    if not 1900 <= number <= 2099:
        message = f"year is a year from 1900 to 2099, such as 2019, or 'end', not {str(year)[:40]!r}."
        raise UsageError(message)
    return number
