"""The one shape of all numbers: a tidy frame with a reason wherever there is no value."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from agency.measures.profile import TOLERANCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from agency.measures.profile import Floats, Ints, Profile

COLUMNS = ("project", "key", "value", "low", "high", "why")
"""Columns of every frame of indicators; the numbers a ratio was made of follow as numerator and denominator."""

NOTHING_APPLIES = "no phase applies"
INSUFFICIENT = "insufficient: coverage is below 1/2"
NO_WINDOW = "the project has no window of years"
NO_HOLDER = "no phase has a known holder"


def tidy(
    profile: Profile,
    keys: Sequence[str],
    value: NDArray[Any],
    *,
    why: NDArray[Any] | str = "",
    bounds: tuple[Floats, Floats] | None = None,
    ratio: tuple[NDArray[Any], NDArray[Any]] | None = None,
) -> pd.DataFrame:
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

    Returns
    -------
    pandas.DataFrame
        project, key, value, low, high, why, numerator, denominator.
    """
    shape = (len(profile.projects), len(keys))

    def spread(array: Any) -> NDArray[Any]:
        array = np.asarray(array)
        if array.ndim == 1 and shape[1] != 1:
            array = array[:, None]
        return np.broadcast_to(array.reshape(shape) if array.size == shape[0] * shape[1] else array, shape).ravel()

    return tidy_long(
        np.repeat(np.asarray(profile.projects, dtype=object), shape[1]),
        np.tile(np.asarray(keys, dtype=object), shape[0]),
        spread(value),
        why=why if isinstance(why, str) else spread(why),
        bounds=None if bounds is None else (spread(bounds[0]), spread(bounds[1])),
        ratio=None if ratio is None else (spread(ratio[0]), spread(ratio[1])),
    )


def tidy_long(
    project: NDArray[Any],
    key: NDArray[Any],
    value: NDArray[Any],
    *,
    why: NDArray[Any] | str = "",
    bounds: tuple[Floats, Floats] | None = None,
    ratio: tuple[NDArray[Any], NDArray[Any]] | None = None,
) -> pd.DataFrame:
    """Return the same frame as `tidy` for keys that differ from project to project."""
    empty = np.full(len(project), np.nan)
    # Lists are values: pandas would look inside them.
    missing = pd.isna(value) if value.dtype != object else np.array([_missing(item) for item in value], dtype=bool)
    low, high = bounds or (empty, empty)
    numerator, denominator = ratio or (empty, empty)
    return pd.DataFrame(
        {
            "project": project,
            "key": key,
            "value": value,
            "low": low,
            "high": high,
            "why": np.where(missing, why, ""),
            "numerator": numerator,
            "denominator": denominator,
        }
    )


def _missing(item: Any) -> bool:
    return item is None or (isinstance(item, float) and isnan(item))


def as_number(value: Any) -> float:
    """Return a number as a float, yes and no as 1 and 0, anything else as NaN.

    Examples
    --------
    >>> as_number(True), as_number(["design"])
    (1.0, nan)
    """
    return float(value) if isinstance(value, (bool, int, float)) else float("nan")


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
