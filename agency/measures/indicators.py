"""All indicators of a matrix, as one tidy frame or as one document."""

from __future__ import annotations

from collections.abc import Iterable
from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from agency.measures.registry import INDICATORS, compute, indicator
from agency.measures.tidy import COLUMNS

if TYPE_CHECKING:
    from agency.matrix.matrix import Matrix
    from agency.table.model import Table

_NAMED_BY_ACTOR = ("actor_share", "critical_phases")
"""Keys that end in the name of an actor, which may hold a dot."""


def indicators(matrix: Matrix, table: Table, *, keys: Iterable[str] | None = None) -> pd.DataFrame:
    """Return the indicators of every project in one tidy frame.

    Parameters
    ----------
    matrix
        Who held what, in the mode and by the rules of its view.
    table
        The table it was made from, for the evidence behind the cells.
    keys
        Keys of the catalogue (`agency.measures.registry.INDICATORS`); all when None.

    Returns
    -------
    pandas.DataFrame
        project, key, value, low, high, why; projects in selection order, keys in the order of the catalogue. Numbers
        are unrounded; where there is no value, ``why`` says why. Lists stand as lists, counts as whole numbers.

    Raises
    ------
    UsageError
        For a key that is not in the catalogue.

    Examples
    --------
    >>> import agency
    >>> study = agency.load().select(project=["ECU 911", "JSeI"])
    >>> frame = indicators(study.matrix, study.data, keys=["composition"])
    >>> frame.loc[frame["key"] == "composition.local", "value"].round(4).tolist()
    [0.5833, 0.5833]
    """
    return _ordered(matrix, table, keys, COLUMNS)


def explained(matrix: Matrix, table: Table, *, keys: Iterable[str] | None = None) -> pd.DataFrame:
    """Return the same frame with the numerator and denominator of every ratio."""
    return _ordered(matrix, table, keys, (*COLUMNS, "numerator", "denominator"))


def _ordered(matrix: Matrix, table: Table, keys: Iterable[str] | None, columns: tuple[str, ...]) -> pd.DataFrame:
    chosen = INDICATORS if keys is None else [indicator(key) for key in keys]
    functions = dict.fromkeys(entry.function for entry in chosen)
    frame = _stacked([compute(function, matrix, table)[list(columns)] for function in functions])
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
    frame = pd.concat(frames, ignore_index=True)
    return frame.assign(key=union_categoricals([part["key"] for part in frames]))


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
        if "timeline" in entry:
            entry["timeline"] = [{"year": int(year), **parts} for year, parts in entry["timeline"].items()]
        projects[str(project)] = {**entry, "why": why}
    return projects


def indicators_document(matrix: Matrix, table: Table, *, keys: Iterable[str] | None = None) -> dict[str, Any]:
    """Return what ``agency indicators -f json`` prints: ``method`` and ``projects``.

    Examples
    --------
    >>> import agency
    >>> study = agency.load().select(project="ECU 911", mode="time")
    >>> document = indicators_document(study.matrix, study.data)
    >>> document["projects"]["ECU 911"]["lock_in"]["state"], document["method"]["mode"]
    ('lapsed 2019', 'time')
    """
    from agency.measures.method import method_block

    frame = indicators(matrix, table, keys=keys)
    projects = nested(frame)
    # Families whose members are named by the data stay when they have none.
    wanted = {indicator(key).key for key in keys} if keys is not None else {entry.key for entry in INDICATORS}
    for entry in projects.values():
        for family, empty in (("actor_share", {}), ("critical_phases", {}), ("timeline", [])):
            if family in wanted:
                entry.setdefault(family, empty)
    return {"method": method_block(matrix, table), "projects": projects}


def _put(entry: dict[str, Any], key: str, value: Any, bounds: list[Any]) -> None:
    first, _, rest = key.partition(".")
    path = [first, rest] if first in _NAMED_BY_ACTOR else key.split(".")
    if first == "leave_one_out":
        value = bounds if bounds[0] is not None else None
    elif first == "share":
        _at(entry, ["share_bounds", *path[1:]], bounds if bounds[0] is not None else None)
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
