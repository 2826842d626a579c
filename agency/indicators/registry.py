"""The catalogue of indicators: what each is, where it comes from, its function, and what it is made of on this data.

Adding an indicator is one function that returns a tidy frame and one entry in `catalogue.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import resources
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
from agency.indicators.dependence import (
    dependence_test,
    handover,
    holder_counts,
    lock_in,
    owner_continuity,
    sole_foreign,
    withdrawal,
)
from agency.indicators.evidence import evidence
from agency.indicators.tidy import COLUMNS, one_below_another
from agency.indicators.timeline import orphaned, timeline
from agency.resolve import Resolved
from agency.words import digits, text

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
    content = resources.files("agency.indicators").joinpath("catalogue.toml").read_text("utf-8")
    return tuple(Indicator(**entry) for entry in tomllib.loads(content)["indicator"])


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
        message = text(
            "There is no indicator {name!r}.{hint} Known: {known}.",
            name=name,
            hint=did_you_mean(first, list(known)),
            known=", ".join(known),
        )
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


def measured(resolved: Resolved, *, keys: Iterable[str] | None = None) -> pd.DataFrame:
    """Return the indicators of every listed project as one frame, every value as it is: numbers, words, lists."""
    return _ordered(resolved, keys, COLUMNS)


def explained(resolved: Resolved, *, keys: Iterable[str] | None = None) -> pd.DataFrame:
    """Return the same with the numerator and denominator of every ratio."""
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


def phase_parts(resolved: Resolved, *, printed: bool = False) -> pd.DataFrame:
    """Return the phases an indicator is computed from: what a reader starts with; `printed`, in the reader's words.

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
    origins, numbers = shares["origin"], shares["share"].map("{:.6g}".format)
    if printed:
        origins, numbers = origins.map(resolved.codebook.word), numbers.map(digits)
    texts = shares["holder"] + " (" + origins + ") " + numbers
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
