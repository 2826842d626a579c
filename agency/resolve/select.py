"""`View`: what is selected and which rules are in force; and choosing another, every name and value checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from agency import words
from agency.errors import UsageError, did_you_mean, shown_value
from agency.vocabulary import MOST, nothing_meets, where

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from agency.table import Table
    from agency.vocabulary import Codebook, Phase


Mode = Literal["static", "time", "snapshot"]


@dataclass(frozen=True)
class View:
    """Selection and rules; the defaults are the rules of Table 1.

    An empty tuple of names means all. ``weights`` and ``roles`` override the codebook's.
    """

    projects: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    """Kinds of system, as projects.csv names them."""
    where: str = ""
    """A condition on the rows, as `agency.vocabulary.where` reads it."""
    rank: Literal["best", "all"] = "best"
    include_alleged: bool = False
    mode: Mode = "static"
    year: int | Literal["end"] | None = None
    """Only in mode snapshot: a year, or each project's last window year."""
    boundary: Literal["held", "split", "gap"] = "held"
    counting: Literal["actor", "origin"] = "actor"
    actors: Literal["named", "whole"] = "named"
    """Whether a part of an actor counts under its own name or as what it is part of (``part_of`` in actors.csv)."""
    undated: bool = True
    """Whether years that rest on rows without any year count; else they are unknown (a test of robustness)."""
    min_phases: int = 2
    """Projects with fewer core phases known are not listed, unless named in ``projects``; they count all the same."""
    weights: tuple[tuple[str, float], ...] = field(default=())
    roles: tuple[tuple[str, float], ...] = field(default=())


_NAMES = {"project": "projects", "phase": "phases", "source": "sources", "country": "countries", "type": "types"}
"""Choices that are names, and the field of the view they set."""
_VALUES = {
    "actor": "actor",
    "origin": "origin",
    "kind": "actor_kind",
    "confidence": "confidence",
    "status": "status",
    "coder": "coder",
}
"""Choices that are conditions on a column of the rows."""
_CHOICES = {
    "rank": ("best", "all"),
    "mode": ("static", "time"),
    "boundary": ("held", "split", "gap"),
    "counting": ("actor", "origin"),
    "actors": ("named", "whole"),
}
_RULES = (*_CHOICES, "year", "where", "include_alleged", "min_phases", "weights", "roles")


def select(table: Table, view: View, **choice: Any) -> View:
    """Return a view with another selection or other rules, every name and value checked.

    Parameters
    ----------
    table
        The table the names must occur in.
    view
        What is in force so far; only what is given here changes.
    **choice
        As in `agency.study.Study.select`. A ``year`` selects mode snapshot; conditions (``where``, ``actor``,
        ``exclude``, ...) are added to the one in force.

    Raises
    ------
    UsageError
        For an unknown choice, name or value, with the nearest known one; for a value of the wrong type; where no
        statement meets the choice.

    Examples
    --------
    >>> import agency
    >>> study = agency.load()
    >>> select(study.data, study.view, project="JSeI", year=2019).mode
    'snapshot'
    """
    known = (*_NAMES, "exclude", *_VALUES, *_RULES)
    for name in choice:
        if name not in known:
            sentence = words.marked("There is no choice {name}.{nearest} Known: {known}.")
            nearest = did_you_mean(name, list(known))
            raise UsageError(words.text(sentence, name=repr(name), nearest=nearest, known=words.listed(known, most=40)))
    changes: dict[str, Any] = {
        field: _known(name, choice[name], known_names(table, name)) for name, field in _NAMES.items() if name in choice
    }
    rules = {name: value for name, value in choice.items() if name in _RULES}
    conditions = [rules.pop("where")] if "where" in rules else []
    conditions += [
        f"{column} in {list(_known(name, choice[name], known_names(table, name)))}"
        for name, column in _VALUES.items()
        if name in choice
    ]
    if "exclude" in choice:
        conditions.append(f"project not in {list(_known('project', choice['exclude'], list(table.projects.index)))}")
    for condition in conditions:
        rules["where"] = _condition(table, rules.get("where", view.where), condition)
    chosen = replace(view, **changes, **_checked_rules(rules, table.codebook))
    if _choices(chosen) and matching(table, chosen).empty:
        raise UsageError(
            words.text("No statement meets all of {choices}. Leave one out.", choices=words.listed(_choices(chosen)))
        )
    return chosen


def known_names(table: Table, choice: str) -> list[str]:
    """Return the names that a choice may have in a table, in order."""
    rows, book = table.rows, table.codebook
    if choice == "project":
        return list(table.projects.index)
    if choice == "phase":
        return [entry.key for entry in book.phases]
    if choice == "source":
        return sorted({*table.sources, *rows["source"].unique()})
    if choice == "country":
        return sorted({code for joined in rows["country"].unique() for code in joined.split(";") if code})
    if choice == "type":
        return sorted({*table.projects["type"]} - {""})
    if choice == "origin":
        return [entry.key for entry in book.origins]
    return sorted({*rows[_VALUES[choice]]} - {""})


def matching(table: Table, view: View) -> pd.DataFrame:
    """Return the rows that a view chooses, of every phase."""
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
    return kept(rows, keep)


def kept(rows: pd.DataFrame, keep: NDArray[np.bool_]) -> pd.DataFrame:
    """Return the rows to keep: where that is all of them, the frame itself and no copy."""
    return rows if keep.all() else rows[keep]


def _condition(table: Table, before: str, text: Any) -> str:
    """Return a condition beside the one in force, found to be met by a row.

    Raises
    ------
    UsageError
        If it cannot be read, or no row meets it.
    """
    if not isinstance(text, str):
        raise UsageError(words.text("where is a condition in quotes, not {found}.", found=shown_value(text)))
    if not text:
        return before
    if not where(table.statements, text).any():
        raise UsageError(nothing_meets(table.statements, text))
    return f"({before}) and ({text})" if before else text


def _choices(view: View) -> list[str]:
    """Return what a view chooses rows by: choices and their names."""
    given = [(name, getattr(view, field)) for name, field in _NAMES.items() if name != "phase"]
    given.append(("where", (view.where,) if view.where else ()))
    return [
        words.text("{choice} {names}", choice=name, names=words.listed([repr(one) for one in names], most=5))
        for name, names in given
        if names
    ]


def shown_phases(codebook: Codebook, view: View) -> tuple[Phase, ...]:
    """Return the phases of a view in process order: those asked for, else the core phases."""
    if view.phases:
        return tuple(phase for phase in codebook.phases if phase.key in view.phases)
    return codebook.core_phases


def shown_or_core(codebook: Codebook, view: View) -> tuple[Phase, ...]:
    """Return the core phases and those asked for, in process order: the phases whose states are worked out."""
    return tuple(phase for phase in codebook.phases if phase.core or phase.key in view.phases)


def _known(kind: str, names: Any, known: list[str]) -> tuple[str, ...]:
    wanted = _texts(kind, names)
    for name in wanted:
        if name not in known:
            sentence = words.marked("There is no {kind} {name} in the table.{nearest} Known: {known}.")
            shown, nearest = words.listed(known), did_you_mean(name, known)
            raise UsageError(words.text(sentence, kind=kind, name=repr(name), nearest=nearest, known=shown))
    return wanted


def _texts(kind: str, names: Any) -> tuple[str, ...]:
    """Return the names of a choice, of which there is at least one.

    Raises
    ------
    UsageError
        If it is neither a name nor several, or nothing.
    """
    if isinstance(names, str):
        return (names,)
    several = not isinstance(names, bytes | Mapping) and isinstance(names, Iterable)
    given = list(names) if several else [names]
    wrong = [name for name in given if not isinstance(name, str)]
    if not several or wrong:
        sentence = words.marked("{kind} is a name or a list of names, not {found}.")
        raise UsageError(words.text(sentence, kind=kind, found=shown_value(wrong[0] if wrong else names)))
    if not given:
        raise UsageError(words.text("{kind} is an empty list: name at least one, or leave it out.", kind=kind))
    # A set has no order of its own; a result must not hang on one.
    return tuple(sorted(given) if isinstance(names, set | frozenset) else dict.fromkeys(given))


def _checked_rules(rules: dict[str, Any], codebook: Codebook) -> dict[str, Any]:
    for name, allowed in _CHOICES.items():
        if name in rules and rules[name] not in allowed:
            sentence = words.marked("{name} is one of {allowed}, not {found}.")
            raise UsageError(
                words.text(sentence, name=name, allowed=", ".join(allowed), found=shown_value(rules[name]))
            )
    if not isinstance(rules.get("include_alleged", False), bool):
        found = shown_value(rules["include_alleged"])
        raise UsageError(words.text("include_alleged is True or False, not {found}.", found=found))
    least = rules.get("min_phases", 0)
    if isinstance(least, bool) or not isinstance(least, int) or least < 0:
        raise UsageError(words.text("min_phases is a whole number from 0, not {found}.", found=shown_value(least)))
    weighed = {"weights": [phase.key for phase in codebook.phases], "roles": list(codebook.roles)}
    rules = rules | {name: _weights(name, rules[name], keys) for name, keys in weighed.items() if name in rules}
    if "year" in rules:
        year = _year(rules["year"])
        return {**rules, "year": year, "mode": "static" if year is None else "snapshot"}
    if rules.get("mode") in ("static", "time"):
        return {**rules, "year": None}
    return rules


def _weights(name: str, given: Any, known: list[str]) -> tuple[tuple[str, float], ...]:
    try:
        weights = dict(given)
    except (TypeError, ValueError):
        sentence = words.marked("{name} is a dictionary of keys and numbers, such as {{'lead': 1}}, not {found}.")
        raise UsageError(words.text(sentence, name=name, found=shown_value(given))) from None
    for key, weight in weights.items():
        if key not in known:
            sentence = words.marked("{name}: there is no {key}.{nearest} Known: {known}.")
            nearest = did_you_mean(str(key), known)
            shown = {"key": shown_value(key), "nearest": nearest, "known": words.listed(known)}
            raise UsageError(words.text(sentence, name=name, **shown))
        number = not isinstance(weight, bool) and isinstance(weight, int | float)
        if not number or not 0 <= weight <= MOST or (key == "lead" and weight == 0):
            sentence = (
                words.marked("{name}: {key} weighs {found}; expected a number above 0 to {most}.")
                if key == "lead"
                else words.marked("{name}: {key} weighs {found}; expected a number from 0 to {most}.")
            )
            shown = {
                "key": shown_value(key),
                "found": str(weight) if number else shown_value(weight),
                "most": str(MOST),
            }
            raise UsageError(words.text(sentence, name=name, **shown))
    return tuple(weights.items())


def _year(year: Any) -> Any:
    if year is None or (isinstance(year, str) and year == "end"):
        return year
    try:
        number = 0 if isinstance(year, bool) else int(year)
    except (TypeError, ValueError, OverflowError):
        number = 0
    if not 1900 <= number <= 2099 or (not isinstance(year, str) and number != year):
        sentence = words.marked("year is a year from 1900 to 2099, such as 2019, or 'end', not {found}.")
        raise UsageError(words.text(sentence, found=shown_value(year)))
    return number
