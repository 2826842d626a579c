"""What an indicator is made of, on this data: the numbers a reader needs to compute it by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agency.measures.indicators import explained
from agency.measures.registry import Indicator, indicator

if TYPE_CHECKING:
    import pandas as pd

    from agency.matrix.matrix import Matrix
    from agency.table.model import Table


def explain(matrix: Matrix, table: Table, name: str) -> tuple[Indicator, pd.DataFrame]:
    """Return the catalogue's entry of an indicator, and its parts for every project.

    Parameters
    ----------
    matrix, table
        As for `indicators`.
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
    >>> entry, frame = explain(study.matrix, study.data, "coverage")
    >>> entry.id, frame[["numerator", "denominator"]].round(1).to_numpy().tolist()
    ('I02', [[5.7, 6.0]])
    """
    entry = indicator(name)
    frame = explained(matrix, table, keys=[entry.key])
    if name != entry.key:
        frame = frame[frame["key"] == name.replace("share_bounds", "share")].reset_index(drop=True)
    return entry, frame


def phase_parts(matrix: Matrix) -> pd.DataFrame:
    """Return the phases an indicator is computed from: what a reader starts with.

    Returns
    -------
    pandas.DataFrame
        project, phase, weight, held, gap, unknown, holders ("NAME (origin) share", in order).

    Examples
    --------
    >>> import agency
    >>> parts = phase_parts(agency.load().select(project="JSeI", mode="time").matrix)
    >>> parts["holders"].iloc[-1]
    'ZTE (chinese) 0.428571'
    """
    shares = matrix.shares
    texts = shares["holder"] + " (" + shares["origin"] + ") " + shares["share"].map("{:.6g}".format)
    joined = texts.groupby([shares["project"], shares["phase"]], sort=False).agg("; ".join).rename("holders")
    phases = matrix.phases.join(joined, on=["project", "phase"])
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
