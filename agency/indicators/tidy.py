"""The one shape of all numbers: a tidy frame with a reason wherever there is no value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from agency.resolve import TOLERANCE
from agency.words import marked

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from agency.resolve import Floats, Ints, Profile

COLUMNS = ("project", "key", "value", "low", "high", "why")
"""Columns of every frame of indicators; the numbers a ratio was made of follow as numerator and denominator."""

NOTHING_APPLIES = marked("no phase applies")
NOTHING_APPLIES_IN_BLOCK = marked("no phase applies of the block")
INSUFFICIENT = marked("insufficient: coverage is below 1/2")
INSUFFICIENT_IN_BLOCK = marked("insufficient: coverage of the block is below 1/2")
NO_WINDOW = marked("the project has no window of years")
NO_HOLDER = marked("no phase has a known holder")
NO_ORIGIN = marked("no phase has a holder of known origin")


@dataclass(frozen=True, eq=False)
class Block:
    """Rows of a tidy frame, still as arrays: a frame costs more than a formula."""

    profile: Profile
    project: Ints
    """Position of the project of each row."""
    keys: tuple[str, ...]
    key: Ints
    """Position of the key of each row."""
    value: NDArray[Any]
    low: Floats
    high: Floats
    why: NDArray[np.object_]
    numerator: Floats
    denominator: Floats


def tidy(
    profile: Profile,
    keys: Sequence[str],
    value: NDArray[Any],
    *,
    why: NDArray[Any] | str = "",
    bounds: tuple[Floats, Floats] | None = None,
    ratio: tuple[NDArray[Any], NDArray[Any]] | None = None,
) -> Block:
    """Return one row per project and key.

    Parameters
    ----------
    profile
        Its projects are the rows of `value`.
    keys
        m dotted keys.
    value
        (P, m) or, for one key, (P,); numbers with NaN, or objects with None, where there is no value.
    why
        The reason where there is no value: a sentence, or an array of the shape of `value` or (P,).
    bounds
        Least and greatest value, shaped like `value`.
    ratio
        Numerator and denominator, shaped like `value`, for ``--explain``.
    """
    shape = (len(profile.projects), len(keys))

    def spread(array: Any) -> NDArray[Any]:
        array = np.asarray(array)
        if array.ndim == 1 and shape[1] != 1:
            array = array[:, None]
        return np.broadcast_to(array.reshape(shape) if array.size == shape[0] * shape[1] else array, shape).ravel()

    return tidy_long(
        profile,
        np.repeat(np.arange(shape[0]), shape[1]),
        (keys, np.tile(np.arange(shape[1]), shape[0])),
        spread(value),
        why=why if isinstance(why, str) else spread(why),
        bounds=None if bounds is None else (spread(bounds[0]), spread(bounds[1])),
        ratio=None if ratio is None else (spread(ratio[0]), spread(ratio[1])),
    )


def tidy_long(
    profile: Profile,
    project: Ints,
    key: tuple[Sequence[str], Ints],
    value: NDArray[Any],
    *,
    why: NDArray[Any] | str = "",
    bounds: tuple[Floats, Floats] | None = None,
    ratio: tuple[NDArray[Any], NDArray[Any]] | None = None,
) -> Block:
    """Return the same for keys that differ from project to project.

    `project` is the position of each row's project; `key` the distinct keys and the position of each row's key.
    """
    # Lists are values: pandas would look inside them.
    missing = pd.isna(value) if value.dtype != object else np.array([_missing(item) for item in value], dtype=bool)
    reasons: NDArray[np.object_] = np.full(len(project), "", dtype=object)
    if missing.any():
        reasons = np.where(missing, np.asarray(why, dtype=object), "")
    empty = np.full(len(project), np.nan)
    low, high = bounds or (empty, empty)
    numerator, denominator = ratio or (empty, empty)
    return Block(
        profile, project, tuple(key[0]), key[1], value, low, high, reasons, _floats(numerator), _floats(denominator)
    )


def joined(blocks: Sequence[Block]) -> pd.DataFrame:
    """Return blocks of the same projects as one frame.

    Returns
    -------
    pandas.DataFrame
        project and key (categories), value, low, high, why, numerator, denominator.
    """
    offsets = np.cumsum([0, *(len(block.keys) for block in blocks)])
    keys = pd.CategoricalDtype(pd.Index([key for block in blocks for key in block.keys], dtype="str"))
    codes = np.concatenate([block.key + offset for block, offset in zip(blocks, offsets, strict=False)])
    project = np.concatenate([block.project for block in blocks])
    floats = ("low", "high", "numerator", "denominator")
    numbers = {name: np.concatenate([getattr(block, name) for block in blocks]) for name in floats}
    return pd.DataFrame(
        {
            "project": pd.Categorical.from_codes(project, dtype=blocks[0].profile.project_type, validate=False),
            "key": pd.Categorical.from_codes(codes, dtype=keys, validate=False),
            "value": one_below_another([block.value for block in blocks]),
            "low": numbers["low"],
            "high": numbers["high"],
            "why": pd.array(np.concatenate([block.why for block in blocks]), dtype="str"),
            "numerator": numbers["numerator"],
            "denominator": numbers["denominator"],
        }
    )


def one_below_another(values: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """Return arrays as one; where their types differ, every value stays what it is.

    Stacking frames would not do: a column that holds nothing but None comes out as NaN before pandas 3.
    """
    kinds = {part.dtype for part in values}
    return np.concatenate(values if len(kinds) == 1 else [part.astype(object) for part in values])


def _floats(array: NDArray[Any]) -> Floats:
    found: Floats = np.asarray(array).astype(float)
    return found


def _missing(item: Any) -> bool:
    return item is None or (isinstance(item, float) and isnan(item))


def numbers_of(values: pd.Series[Any]) -> pd.Series[float]:
    """Return the numbers of a column: yes and no as 1 and 0, words, lists and None as NaN.

    Examples
    --------
    >>> numbers_of(pd.Series([True, ["design"], "active", None, 3], dtype=object)).tolist()
    [1.0, nan, nan, nan, 3.0]
    """
    found = values.to_numpy(dtype=object, copy=True)
    found[are_words(values)] = None
    return pd.Series(found.astype(float), index=values.index)


def are_words(values: pd.Series[Any]) -> NDArray[np.bool_]:
    """Return which values are words or lists of words."""
    kinds = map(type, values.to_numpy(dtype=object))
    return np.fromiter(map({str, list}.__contains__, kinds), bool, len(values))


def counts(array: NDArray[Any], *, undefined: NDArray[np.bool_] | None = None) -> NDArray[np.object_]:
    """Return whole numbers as Python integers, None where undefined."""
    numbers = np.asarray(array).astype(np.int64).astype(object)
    if undefined is not None:
        numbers[undefined] = None
    return numbers


def ratio_of(numerator: NDArray[Any], denominator: NDArray[Any]) -> Floats:
    """Return numerator / denominator, NaN where the denominator is 0."""
    numerator, denominator = np.broadcast_arrays(np.asarray(numerator, float), np.asarray(denominator, float))
    result: Floats = np.full(numerator.shape, np.nan)
    np.divide(numerator, denominator, out=result, where=denominator > TOLERANCE)
    return result


def lists(project: Ints, items: NDArray[Any], size: int) -> NDArray[np.object_]:
    """Return a list of items for each of `size` projects; `project` must be in ascending order."""
    pieces = np.split(items, np.searchsorted(project, np.arange(1, size)))
    return np.fromiter((piece.tolist() for piece in pieces), dtype=object, count=size)
