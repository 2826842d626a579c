"""All indicators of a view as one frame or document, with the method block: by which rules, on which data.

ECU 911's owner is the Ministry in one phase and its own agency in another: two owners by name, one government as a
whole. Where the two differ, both are printed.
"""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from agency.about import METHOD_VERSION, __version__
from agency.indicators.registry import INDICATORS, indicator, measured
from agency.indicators.tidy import are_words, numbers_of
from agency.resolve import TOLERANCE, Resolved, role_weights

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray


def method_block(resolved: Resolved) -> dict[str, Any]:
    """Return everything one needs to know to compute the numbers again.

    Returns
    -------
    dict
        ``version`` of the method; ``mode`` (static, time, snapshot) and, in snapshots, ``year``; ``counting``,
        ``rank``, ``confidence`` (levels that count), ``sources`` (keys that decide a cell), ``boundary``; ``roles`` and
        ``weights`` as given, before scaling; ``windows`` ([first, last] or null by project); ``phases`` (keys);
        ``actors`` (named or whole); ``origins`` (key, foreign); ``thresholds`` with citation; ``listing``: the least
        number of known phases of a listed project, how many are listed, and of how many; ``statements_used`` and
        ``statements_total``, also by project: how many of the selected statements decide or lend their years;
        ``data_sha256`` over all input files, and ``package_version``.

    Examples
    --------
    >>> import agency
    >>> study = agency.load().select(project="JSeI")
    >>> block = method_block(study.resolved)
    >>> block["mode"], block["windows"]
    ('static', {'JSeI': [2016, 2022]})
    """
    view, codebook = resolved.view, resolved.codebook
    rows = resolved.rows
    rows = rows[
        rows["counts"] & rows["project"].isin(resolved.listed) & rows["phase"].isin(resolved.matrix.phases["phase"])
    ]
    phases = resolved.matrix.phases.drop_duplicates("phase")
    levels = ["documented", "reported", *(["alleged"] if view.include_alleged else [])]
    return {
        "version": METHOD_VERSION,
        "mode": view.mode,
        **({"year": view.year} if view.mode == "snapshot" else {}),
        "counting": view.counting,
        "rank": view.rank,
        "confidence": levels,
        "sources": sorted(rows["source"].unique()),
        "boundary": view.boundary,
        "actors": view.actors,
        "roles": dict(role_weights(codebook, view)),
        "weights": dict(zip(phases["phase"], phases["weight"].astype(float), strict=True)),
        "windows": {
            str(name): None if pd.isna(start) else [int(start), int(end)]
            for name, start, end in resolved.matrix.windows[["start", "end"]].astype(object).itertuples()
        },
        "phases": phases["phase"].tolist(),
        "thresholds": {
            key: {"value": line.value, "citation": line.citation} for key, line in codebook.thresholds.items()
        },
        "origins": [{"key": origin.key, "foreign": origin.foreign} for origin in codebook.origins],
        "listing": resolved.listing,
        **_statements(resolved),
        "data_sha256": resolved.table.sha256,
        "package_version": __version__,
    }


def _statements(resolved: Resolved) -> dict[str, Any]:
    """Return how many of the selected statements the numbers rest on: those that decide or lend their years."""
    rows = resolved.rows[resolved.rows["project"].isin(resolved.listed)]
    used = rows["use"].isin(["decides", "dates"])
    by_project = used.groupby(rows["project"]).agg(["sum", "size"]).reindex(list(resolved.listed), fill_value=0)
    return {
        "statements_used": int(used.sum()),
        "statements_total": len(rows),
        "statements": {
            name: {"used": used, "total": total}
            for name, used, total in zip(
                resolved.listed, by_project["sum"].tolist(), by_project["size"].tolist(), strict=True
            )
        },
    }


HANG_ON_NAMES = ("composition", "share", "effective_actors", "lock_in", "owner_continuity", "bus_factor")
"""First parts of the keys whose values hang on who is one actor."""
ACTORS = ("named", "whole")


def both_actors(resolved: Resolved, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a tidy frame with two columns more: ``named`` and ``whole``, the value by either, where they differ.

    Parameters
    ----------
    resolved
        What the frame was made of; whichever it counts, both columns are the same.
    frame
        project, key, value and more, as `agency.indicators.registry.measured` returns it.

    Returns
    -------
    pandas.DataFrame
        The same rows; both columns are missing where the two are equal, and where the number does not hang on names.

    Examples
    --------
    >>> import agency
    >>> resolved = agency.load().select(project="ECU 911").resolved
    >>> frame = both_actors(resolved, measured(resolved, keys=["owner_continuity"]))
    >>> next(frame[["key", "named", "whole"]].itertuples(index=False, name=None))
    ('owner_continuity.value', 0.0, 1.0)
    """
    present = {key.split(".", 1)[0] for key in frame["key"].unique()}
    keys = [key for key in HANG_ON_NAMES if key in present]
    if not resolved.table.wholes or not keys:
        return frame.assign(named=np.nan, whole=np.nan)
    sides = {
        actors: _numbers(resolved if actors == resolved.view.actors else resolved.renamed, keys) for actors in ACTORS
    }
    both = pd.DataFrame(sides)
    same = both["named"].isna() & both["whole"].isna() | ((both["named"] - both["whole"]).abs() <= TOLERANCE)
    return frame.merge(both[~same].reset_index(), on=["project", "key"], how="left")


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
        separated by ``; ``), low, high (float64), why (str), named, whole (float64: the value with actors by their own
        names and as what they are part of, where the two differ); projects in selection order, keys in the order of the
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
    chosen = None if keys is None else list(keys)
    return _stacked(indicators_frame(both_actors(one, measured(one, keys=chosen))) for one in resolved.blocks())


def _stacked(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return frames one below another; columns of numbers grow in place: pieces and whole would take twice the room."""
    numbers: dict[str, NDArray[np.float64]] = {}
    words: dict[str, list[pd.Series[Any]]] = {}
    for frame in frames:
        names = [str(name) for name in frame]
        for name in names:
            column = frame[name]
            if column.dtype == float:
                array = numbers.setdefault(name, np.empty(0))
                array.resize(len(array) + len(column), refcheck=False)
                array[len(array) - len(column) :] = column
            else:
                words.setdefault(name, []).append(column)
    whole = {name: numbers[name] if name in numbers else pd.concat(words[name], ignore_index=True) for name in names}
    return pd.DataFrame(whole, copy=False)


def indicators_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame of `measured` and `both_actors` with numbers and words apart, as `indicators` returns it."""
    worded = are_words(frame["value"])
    words = np.full(len(frame), "", dtype=object)
    words[worded] = [
        value if isinstance(value, str) else "; ".join(map(str, value)) for value in frame["value"][worded]
    ]
    return pd.DataFrame(
        {
            "project": frame["project"],
            "key": frame["key"],
            "value": numbers_of(frame["value"]),
            "text": pd.array(words, dtype="str"),
            "low": frame["low"],
            "high": frame["high"],
            "why": frame["why"],
            "named": frame["named"],
            "whole": frame["whole"],
        }
    )


def no_indicators() -> pd.DataFrame:
    """Return what `indicators` returns for no project: the columns and their types."""
    kinds = dict.fromkeys(("project", "key", "value", "text", "low", "high", "why", "named", "whole"), "float64")
    kinds |= dict.fromkeys(("project", "key", "text", "why"), "str")
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})


_NAMED_BY_ACTOR = ("actor_share", "critical_phases")
"""Keys that end in the name of an actor, which may hold a dot."""


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


def indicators_document(
    resolved: Resolved, *, keys: Iterable[str] | None = None, frame: pd.DataFrame | None = None
) -> dict[str, Any]:
    """Return what ``agency indicators -f json`` prints: ``method`` and ``projects``.

    `frame` is what `measured` and `both_actors` make of the same, where that is at hand.

    Where a number that hangs on names is another with parts as their wholes, ``actors`` has it by key, named and whole.

    Examples
    --------
    >>> import agency
    >>> study = agency.load().select(project="ECU 911", mode="time")
    >>> document = indicators_document(study.resolved)
    >>> document["projects"]["ECU 911"]["lock_in"]["state"], document["method"]["mode"]
    ('lapsed 2019', 'time')
    """
    frame = both_actors(resolved, measured(resolved, keys=keys)) if frame is None else frame
    projects = nested(frame)
    # Families whose members are named by the data stay when they have none.
    wanted = {indicator(key).key for key in keys} if keys is not None else {entry.key for entry in INDICATORS}
    for entry in projects.values():
        for family, empty in (("actor_share", {}), ("critical_phases", {}), ("timeline", None)):
            if family in wanted:
                entry.setdefault(family, empty)
    for row in frame[frame[list(ACTORS)].notna().any(axis=1)].itertuples(index=False):
        both = {actors: _plain(getattr(row, actors)) for actors in ACTORS}
        projects[str(row.project)].setdefault("actors", {})[str(row.key)] = both
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


def compositions(modes: Mapping[str, Resolved]) -> dict[str, pd.DataFrame]:
    """Return composition and coverage by how they are counted, each after the first only where it says something else.

    Parameters
    ----------
    modes
        The same projects by mode, the one in force first.

    Returns
    -------
    dict
        By mode, then by mode with the other actors (``static, actors whole``): a tidy frame. A later one has only the
        projects whose composition differs from that of the first mode, or of the same mode with the actors in force.

    Examples
    --------
    >>> import agency
    >>> study = agency.load().select(project=["ECU 911", "Quito 2002"])
    >>> frames = compositions({mode: study.select(mode=mode).resolved for mode in ("static", "time")})
    >>> frames["time"]["project"].unique().tolist()
    ['ECU 911']
    """
    keys = ["composition", "coverage"]
    base = {mode: measured(resolved, keys=keys) for mode, resolved in modes.items()}
    first = next(iter(base.values()))
    found = {mode: frame if frame is first else _differing(frame, first) for mode, frame in base.items()}
    for mode, resolved in modes.items():
        if resolved.table.wholes:
            other = resolved.renamed
            found[f"{mode}, actors {other.view.actors}"] = _differing(measured(other, keys=keys), base[mode])
    return found


def _differing(frame: pd.DataFrame, base: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the projects that have another composition in the one than in the other."""
    both = frame.merge(base, on=["project", "key"], suffixes=("", "_base"))
    mine, yours = (numbers_of(both[name]) for name in ("value", "value_base"))
    apart = both["key"].str.startswith("composition.") & ((mine - yours).abs() > TOLERANCE)
    return frame[frame["project"].isin(both.loc[apart, "project"])]


def _numbers(resolved: Resolved, keys: list[str]) -> pd.Series[Any]:
    frame = measured(resolved, keys=keys)
    frame = frame[~are_words(frame["value"])]
    frame = frame.assign(value=numbers_of(frame["value"]))
    return frame.set_index(["project", "key"])["value"]
