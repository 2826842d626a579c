"""The catalogue of indicators: what each is, where it comes from, and the function that computes it.

Adding an indicator is one function that returns a tidy frame and one entry in `catalogue.toml`.

All indicators of a matrix, as one tidy frame or as one document.

What an indicator is made of, on this data: the numbers a reader needs to compute it by hand.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import resources
from math import isnan
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from agency.errors import UsageError, did_you_mean
from agency.indicators.composition import block_shares, composition, leave_one_out, shares, weakest_link
from agency.indicators.concentration import (
    actor_concentration,
    actor_shares,
    foreign_concentration,
    origin_concentration,
    origin_diversity,
)
from agency.indicators.dependence import dependence_test, lock_in, owner_continuity
from agency.indicators.evidence import evidence
from agency.indicators.holders import handover, holder_counts, sole_foreign, withdrawal
from agency.indicators.method import method_block
from agency.indicators.tidy import COLUMNS, as_number, one_below_another
from agency.indicators.timeline import orphaned, timeline
from agency.resolve import Resolved

if TYPE_CHECKING:
    pass


@dataclass(frozen=True)
class Indicator:
    """One entry of the catalogue."""

    key: str
    """First part of its keys in the output."""
    id: str
    """Number in the method: I01 to I25."""
    title: str
    formula: str
    range: str
    reading: str
    source: str
    """Author and year."""
    blanks: str
    """How gap and unknown are treated."""
    limits: str
    """What it does not say."""
    unit: Literal["share", "number", "count", "list"]
    """A share is printed in percent."""
    function: str
    """Name of one of `FUNCTIONS`; several entries may share one."""
    headline: bool = False
    """Printed without ``--all``."""


def _catalogue() -> tuple[Indicator, ...]:
    text = resources.files("agency.indicators").joinpath("catalogue.toml").read_text("utf-8")
    return tuple(Indicator(**entry) for entry in tomllib.loads(text)["indicator"])


INDICATORS = _catalogue()


FUNCTIONS: dict[str, Callable[..., pd.DataFrame]] = {
    function.__name__: function
    for function in (
        composition,
        shares,
        holder_counts,
        actor_shares,
        actor_concentration,
        origin_concentration,
        foreign_concentration,
        origin_diversity,
        block_shares,
        sole_foreign,
        lock_in,
        owner_continuity,
        orphaned,
        dependence_test,
        weakest_link,
        withdrawal,
        handover,
        leave_one_out,
        evidence,
        timeline,
    )
}
"""Every function of the catalogue by its name."""


def indicator(name: str) -> Indicator:
    """Return the entry with this key; a key as printed (``composition.local``) names its indicator.

    Raises
    ------
    UsageError
        If there is none; the message names the nearest one.

    Examples
    --------
    >>> indicator("lock_in.state").id
    'I10'
    """
    known = {entry.key: entry for entry in INDICATORS}
    first = name.split(".", 1)[0].replace("share_bounds", "share")
    if first not in known:
        message = f"There is no indicator {name!r}.{did_you_mean(first, list(known))} Known: {', '.join(known)}."
        raise UsageError(message)
    return known[first]


def compute(function: str, resolved: Resolved) -> pd.DataFrame:
    """Return the tidy frame of a function of the catalogue.

    Examples
    --------
    >>> import agency
    >>> study = agency.load().select(project="JSeI")
    >>> compute("withdrawal", study.resolved)["value"].tolist()
    [2, 3, 2, 0]
    """
    return FUNCTIONS[function](resolved)


def indicators_markdown() -> str:
    """Return the catalogue as a Markdown table for `docs/indicators.md`.

    Examples
    --------
    >>> print(indicators_markdown().splitlines()[0])
    | id | key | indicator | formula | range | reading | limits | gap and unknown | source |
    """
    lines = [
        "| id | key | indicator | formula | range | reading | limits | gap and unknown | source |",
        "| --- " * 9 + "|",
    ]
    for entry in INDICATORS:
        words = (entry.formula, entry.range, entry.reading, entry.limits, entry.blanks, entry.source)
        cells = (entry.id, f"`{entry.key}`", entry.title, *words)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


_NAMED_BY_ACTOR = ("actor_share", "critical_phases")
"""Keys that end in the name of an actor, which may hold a dot."""


def indicators(resolved: Resolved, *, keys: Iterable[str] | None = None) -> pd.DataFrame:
    """Return the indicators of every listed project in one tidy frame.

    Parameters
    ----------
    resolved
        Who held what, in the mode and by the rules of its view.
    keys
        Keys of the catalogue (`agency.indicators.INDICATORS`); all when None.

    Returns
    -------
    pandas.DataFrame
        project, key (str); value (float64, unrounded; yes and no as 1 and 0), text (str: words and lists, their members
        separated by ``; ``), low, high (float64), why (str); projects in selection order, keys in the order of the
        catalogue. Where there is neither value nor text, ``why`` says why.

    Raises
    ------
    UsageError
        For a key that is not in the catalogue.

    Examples
    --------
    >>> import agency
    >>> frame = indicators(agency.load().select(project="JSeI").resolved, keys=["composition", "sole_foreign_phases"])
    >>> frame[["value", "text"]].iloc[[0, -1]].round(4).to_numpy().tolist()
    [[0.5833, ''], [nan, 'design; maintenance']]
    """
    frame = measured(resolved, keys=keys)
    words = frame["value"].map(_in_words)
    values = frame["value"].map(as_number).astype(float)
    return pd.DataFrame(
        {
            "project": frame["project"],
            "key": frame["key"],
            "value": values,
            "text": words.astype("str"),
            "low": frame["low"],
            "high": frame["high"],
            "why": frame["why"],
        }
    )


def measured(resolved: Resolved, *, keys: Iterable[str] | None = None) -> pd.DataFrame:
    """Return the same with every value as it is: numbers, yes and no, words, lists; for documents and print."""
    return _ordered(resolved, keys, COLUMNS)


def _in_words(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(str(item) for item in value)
    return value if isinstance(value, str) else ""


def explained(resolved: Resolved, *, keys: Iterable[str] | None = None) -> pd.DataFrame:
    """Return the same frame with the numerator and denominator of every ratio."""
    return _ordered(resolved, keys, (*COLUMNS, "numerator", "denominator"))


def _ordered(resolved: Resolved, keys: Iterable[str] | None, columns: tuple[str, ...]) -> pd.DataFrame:
    chosen = INDICATORS if keys is None else [indicator(key) for key in keys]
    functions = dict.fromkeys(entry.function for entry in chosen)
    frame = _stacked([compute(function, resolved)[list(columns)] for function in functions])
    order = {entry.key: at for at, entry in enumerate(chosen)}
    rank = np.array([order.get(name.split(".", 1)[0], -1) for name in frame["key"].cat.categories], dtype=np.int64)
    rank = rank[frame["key"].cat.codes]
    project = frame["project"].cat.codes.to_numpy(np.int64)
    # Stable: within an indicator the keys keep the order of its function.
    sorting = np.argsort(project * (len(order) + 1) + rank, kind="stable")
    frame = frame.take(sorting[rank[sorting] >= 0]).reset_index(drop=True)
    return frame.assign(**{name: _text(frame[name].cat) for name in ("project", "key")})


def _stacked(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Return tidy frames below one another, keys and projects still categories."""
    frame = pd.concat([part.drop(columns="value") for part in frames], ignore_index=True)
    values = one_below_another([part["value"].to_numpy() for part in frames])
    keys = union_categoricals([part["key"] for part in frames])
    return frame.assign(key=keys, value=values)[list(frames[0].columns)]


def _text(column: Any) -> Any:
    """Return a column of categories as text."""
    return pd.array(column.categories, dtype="str").take(column.codes.to_numpy())


def nested(frame: pd.DataFrame) -> dict[str, Any]:
    """Return a tidy frame as nested dictionaries by project, as ``agency indicators -f json`` prints them.

    Undefined numbers are None with their reason under ``why``; ranges are ``[low, high]``; timelines are lists.
    """
    projects: dict[str, Any] = {}
    for project, rows in frame.groupby("project", sort=False):
        entry: dict[str, Any] = {}
        why: dict[str, str] = {}
        for row in rows.itertuples(index=False):
            _put(entry, str(row.key), _plain(row.value), [_plain(row.low), _plain(row.high)])
            if row.why:
                why[str(row.key)] = str(row.why)
                if str(row.key).startswith("share.") and _plain(row.low) is None:
                    why[f"share_bounds{str(row.key).removeprefix('share')}"] = str(row.why)
        if entry.get("timeline"):
            entry["timeline"] = [{"year": int(year), **parts} for year, parts in entry["timeline"].items()]
        projects[str(project)] = {**entry, "why": why}
    return projects


def indicators_document(resolved: Resolved, *, keys: Iterable[str] | None = None) -> dict[str, Any]:
    """Return what ``agency indicators -f json`` prints: ``method`` and ``projects``.

    Examples
    --------
    >>> import agency
    >>> study = agency.load().select(project="ECU 911", mode="time")
    >>> document = indicators_document(study.resolved)
    >>> document["projects"]["ECU 911"]["lock_in"]["state"], document["method"]["mode"]
    ('lapsed 2019', 'time')
    """
    frame = measured(resolved, keys=keys)
    projects = nested(frame)
    # Families whose members are named by the data stay when they have none.
    wanted = {indicator(key).key for key in keys} if keys is not None else {entry.key for entry in INDICATORS}
    for entry in projects.values():
        for family, empty in (("actor_share", {}), ("critical_phases", {}), ("timeline", None)):
            if family in wanted:
                entry.setdefault(family, empty)
    return {"method": method_block(resolved), "projects": projects}


def _put(entry: dict[str, Any], key: str, value: Any, bounds: list[Any]) -> None:
    first, _, rest = key.partition(".")
    path = [first, rest] if first in _NAMED_BY_ACTOR else key.split(".")
    if first == "leave_one_out":
        value = bounds if bounds[0] is not None else None
    elif first in ("share", "composition"):
        _at(entry, [f"{first}_bounds", *path[1:]], bounds if bounds[0] is not None else None)
    elif first == "orphaned":
        value = {"value": value, "low": bounds[0], "high": bounds[1]}
    elif key == "lock_in.value":
        _at(entry, ["lock_in", "low"], bounds[0])
        _at(entry, ["lock_in", "high"], bounds[1])
    _at(entry, path, value)


def _at(entry: dict[str, Any], path: list[str], value: Any) -> None:
    for name in path[:-1]:
        entry = entry.setdefault(name, {})
    entry[path[-1]] = value


def _plain(value: Any) -> Any:
    """Return a value for JSON: no NaN, no numpy types."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if value is None or (isinstance(value, float) and isnan(value)):
        return None
    return value.item() if isinstance(value, np.generic) else value


def explain(resolved: Resolved, name: str) -> tuple[Indicator, pd.DataFrame]:
    """Return the catalogue's entry of an indicator, and its parts for every project.

    Parameters
    ----------
    resolved
        The table under a view.
    name
        A key of the catalogue, or a full key such as ``share.local`` to see only that.

    Returns
    -------
    tuple
        The entry; and project, key, value, low, high, why, numerator, denominator (missing where the indicator is no
        ratio). Masses are sums of weight x share before division by the sum of weights.

    Raises
    ------
    UsageError
        If there is no such indicator.

    Examples
    --------
    >>> import agency
    >>> study = agency.load().select(project="ECU 911", mode="time")
    >>> entry, frame = explain(study.resolved, "coverage")
    >>> entry.id, frame[["numerator", "denominator"]].round(1).to_numpy().tolist()
    ('I02', [[5.7, 6.0]])
    """
    entry = indicator(name)
    frame = explained(resolved, keys=[entry.key])
    if name != entry.key:
        frame = frame[frame["key"] == name.replace("share_bounds", "share")].reset_index(drop=True)
    return entry, frame


def phase_parts(resolved: Resolved) -> pd.DataFrame:
    """Return the phases an indicator is computed from: what a reader starts with.

    Returns
    -------
    pandas.DataFrame
        project, phase, weight, held, gap, unknown, holders ("NAME (origin) share", in order).

    Examples
    --------
    >>> import agency
    >>> parts = phase_parts(agency.load().select(project="JSeI", mode="time").resolved)
    >>> parts["holders"].iloc[-1]
    'ZTE (chinese) 0.75'
    """
    shares = resolved.matrix.shares
    texts = shares["holder"] + " (" + shares["origin"] + ") " + shares["share"].map("{:.6g}".format)
    joined = texts.groupby([shares["project"], shares["phase"]], sort=False).agg("; ".join).rename("holders")
    phases = resolved.matrix.phases.join(joined, on=["project", "phase"])
    kept = ["project", "phase", "weight", "held", "gap", "unknown", "holders"]
    return phases.loc[phases["applicable"], kept].fillna({"holders": ""}).reset_index(drop=True)


def explain_document(entry: Indicator, frame: pd.DataFrame, parts: pd.DataFrame) -> dict[str, Any]:
    """Return an explanation as dictionaries, for ``-f json``."""
    words = {
        name: getattr(entry, name) for name in ("key", "id", "title", "formula", "range", "reading", "limits", "source")
    }
    values = frame.astype(object).where(frame.notna(), None)
    return {
        "indicator": {**words, "gap_and_unknown": entry.blanks},
        "values": values.to_dict("records"),
        "phases": parts.to_dict("records"),
    }
