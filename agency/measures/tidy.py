"""The one shape of all numbers: a tidy frame with a reason wherever there is no value."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

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
        project and key (categories), value, low, high, why, numerator, denominator.
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
) -> pd.DataFrame:
    """Return the same frame as `tidy` for keys that differ from project to project.

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
    key_type = pd.CategoricalDtype(pd.Index(list(key[0]), dtype="str"))
    return pd.DataFrame(
        {
            "project": pd.Categorical.from_codes(project, dtype=profile.project_type, validate=False),
            "key": pd.Categorical.from_codes(key[1], dtype=key_type, validate=False),
            "value": value,
            "low": low,
            "high": high,
            "why": pd.array(reasons, dtype="str"),
            "numerator": numerator,
            "denominator": denominator,
        }
    )


def joined(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return tidy frames of the same projects below one another, keys and projects still categories."""
    frame = pd.concat([part.drop(columns="key") for part in frames], ignore_index=True)
    return frame.assign(key=union_categoricals([part["key"] for part in frames]))[list(frames[0].columns)]


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
