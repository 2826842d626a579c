"""What each coder says of each unit: the raw material of reliability."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agency.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

    from agency.table import Table

Unit = tuple[str, str]
"""Project and phase."""
_GAP = ("negotiating", "vacant")
_UNIT = ["project", "phase"]


@dataclass(frozen=True)
class Coding:
    """One coder's value for one unit; without holders it is the code ``nobody``."""

    origins: frozenset[str]
    actors: frozenset[str]
    rows: tuple[int, ...]
    """Positions (in `Table.rows`) of all the coder's rows on the unit, in file order."""


def codings(table: Table) -> dict[Unit, dict[str, Coding]]:
    """Return the codings of every unit that anybody coded.

    A coder's value is the set over all his lead held rows; only negotiating or vacant rows are the code ``nobody``
    (the empty set); only proposed, support or not_applicable rows are no coding. Deprecated rows are withdrawn and
    rows without a coder say nothing about coders.

    Returns
    -------
    dict
        By (project, phase) in order of first appearance, then by coder, coders in alphabetical order.

    Raises
    ------
    DataError
        If no row names a coder.

    Examples
    --------
    >>> import agency
    >>> from pathlib import Path
    >>> table = agency.load(Path(agency.load().data.folder) / "double_coding.csv").data
    >>> sorted(codings(table)["JSeI", "implementation"]["A"].origins)
    ['chinese', 'local']
    """
    rows = table.rows
    if not (rows["coder"] != "").any():
        message = (
            f"{table.name}: no row names a coder. Agreement needs a column 'coder' with the rows of at least two "
            "coders, as in the shipped double_coding.csv."
        )
        raise DataError(message)
    lead = rows[(rows["coder"] != "") & (rows["role"] == "lead") & (rows["rank"] != "deprecated")]
    held = lead[lead["status"] == "held"]
    coded = lead[(lead["status"] == "held") | lead["status"].isin(_GAP)]
    keys = [*_UNIT, "coder"]
    origins, actors = _sets(held, "origin"), _sets(held, "holder")
    of_coder = rows[rows["coder"] != ""]
    places = of_coder.assign(place=of_coder.index).groupby(keys, sort=False)["place"].agg(tuple).to_dict()
    found: dict[Unit, dict[str, Coding]] = {}
    for key in coded.drop_duplicates(keys)[keys].itertuples(index=False, name=None):
        none: frozenset[str] = frozenset()
        coding = Coding(origins.get(key, none), actors.get(key, none), tuple(int(place) for place in places[key]))
        found.setdefault((key[0], key[1]), {})[key[2]] = coding
    return {unit: dict(sorted(by_coder.items())) for unit, by_coder in found.items()}


def coders(table: Table) -> tuple[str, ...]:
    """Return the names of the coders in alphabetical order.

    Examples
    --------
    >>> import agency
    >>> from pathlib import Path
    >>> coders(agency.load(Path(agency.load().data.folder) / "double_coding.csv").data)
    ('A', 'B')
    """
    return tuple(sorted({*table.rows["coder"]} - {""}))


def _sets(rows: pd.DataFrame, column: str) -> Mapping[tuple[str, ...], frozenset[str]]:
    sets = rows.groupby([*_UNIT, "coder"], sort=False)[column].agg(frozenset)
    return dict(zip(sets.index, sets, strict=True))
