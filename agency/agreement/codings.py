"""What each coder says of each unit: the raw material of reliability."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from agency.errors import DataError, UsageError
from agency.resolve import GAP, Resolved
from agency.table import load_table
from agency.words import counted, digits, listed, marked, text

if TYPE_CHECKING:
    from agency.table import Table

Unit = tuple[str, str]
"""Project and phase."""
DOUBLE_CODING = "double_coding.csv"
"""The table with all codings, beside a table in which they are decided already."""
DECIDED = r"(?i)\s*adjudicated\s*(?::|$)"
"""A label that says how a row was decided: ``adjudicated: A+B``. It names no coder."""
_UNIT = ["project", "phase"]

COLUMNS: Mapping[str, str | tuple[str, ...]] = {
    "origins": "origin",
    "actors": "actor_id",
    "status": "status",
    "kinds": "kind_given",
    "scopes": "scope",
    "years": ("start", "end", "duration_years"),
    "confidence": "confidence",
}
"""What is compared, and the columns it is made of. Actors are compared by identity: a named one is one actor in the
whole table, "local firms" are others in every project."""
OF_HOLDERS = ("origins", "actors", "kinds")
"""Values of held rows only."""


@dataclass(frozen=True)
class Coding:
    """One coder's value for one unit; without holders it is the code ``nobody``."""

    values: Mapping[str, frozenset[Hashable]]
    """Set of values by what is compared."""
    names: frozenset[str]
    """Printed names of the actors."""
    rows: tuple[int, ...]
    """Positions (in `Table.rows`) of all the coder's rows on the unit, in file order."""

    @property
    def origins(self) -> frozenset[str]:
        """Origins of the holders."""
        return frozenset(str(origin) for origin in self.values["origins"])


@dataclass(frozen=True, eq=False)
class Codings:
    """The rows of a table that name a coder, under the coder's one spelling."""

    resolved: Resolved
    rows: pd.DataFrame
    """Rows of coders; column ``coder`` has one spelling for each."""
    coders: tuple[str, ...]
    """In alphabetical order."""
    units: Mapping[Unit, Mapping[str, Coding]]
    """By project and phase in order of first appearance, then by coder, coders in alphabetical order."""
    notices: tuple[str, ...]
    """What was left out, and which spellings were taken as one."""


def coded(resolved: Resolved) -> Resolved:
    """Return the view with the codings: that of the double coding beside the table of a folder, else the same.

    Parameters
    ----------
    resolved
        A table under a view; its selection is kept.

    Raises
    ------
    UsageError
        If none of the projects asked for is in the double coding.

    Examples
    --------
    >>> import agency
    >>> coded(agency.load().resolved).table.name
    'double_coding.csv'
    """
    table, view = resolved.table, resolved.view
    path = Path(table.folder) / DOUBLE_CODING
    # Rows of a DataFrame stand beside the double coding of their study, unless they are codings themselves.
    whole = table.name == "actors_by_phase.csv" or (table.name == "DataFrame" and not has_coders(resolved))
    if not table.folder or not whole or not path.is_file():
        return resolved.under(mode="static", year=None)
    both = load_table(path)
    projects = tuple(name for name in view.projects if name in both.projects.index)
    if view.projects and not projects:
        sentence = marked("{file}: none of the selected projects is coded there ({names}). Leave the selection out.")
        raise UsageError(text(sentence, file=DOUBLE_CODING, names=listed(list(view.projects), most=5)))
    return Resolved(both, replace(view, projects=projects, mode="static", year=None))


def codings(resolved: Resolved) -> Codings:
    """Return the codings of every selected unit that anybody coded.

    A coder's value is the set over all his lead held rows; only negotiating or vacant rows are the code ``nobody``
    (the empty set); only proposed, denied, support or not_applicable rows are no coding. Deprecated rows are withdrawn.
    Rows without a coder, and rows whose label says how they were decided, say nothing about coders.

    Raises
    ------
    DataError
        If no row names a coder.

    Examples
    --------
    >>> import agency
    >>> found = codings(coded(agency.load().resolved))
    >>> found.coders, sorted(found.units["JSeI", "implementation"]["A"].origins)
    (('A', 'B'), ['chinese', 'local'])
    """
    table, every = resolved.table, resolved.rows
    decided = every["coder"].str.match(DECIDED)
    named = _named(every)
    if not named.any():
        raise DataError(_nobody(table, int(decided.sum())))
    spelling, merged = _spellings(every.loc[named, "coder"])
    rows = every[named].assign(coder=every.loc[named, "coder"].map(spelling))
    notices = [*merged, *_left_out(int((~named & ~decided).sum()), int(decided.sum()), len(every))]
    return Codings(resolved, rows, tuple(sorted(set(spelling.values()))), _units(rows), tuple(notices))


def has_coders(resolved: Resolved) -> bool:
    """Whether any selected row names a coder."""
    # Mostly no row of the table does, and then nothing has to be resolved.
    return _any_named(resolved.table.rows) and _any_named(resolved.rows)


def _any_named(rows: pd.DataFrame) -> bool:
    return bool(_named(rows[["coder"]].drop_duplicates()).any())


def _named(rows: pd.DataFrame) -> pd.Series[bool]:
    """Return which rows name a coder; a label that says how a row was decided is none."""
    return (rows["coder"].str.strip() != "") & ~rows["coder"].str.match(DECIDED)


def _units(rows: pd.DataFrame) -> dict[Unit, dict[str, Coding]]:
    lead = rows[(rows["role"] == "lead") & (rows["rank"] != "deprecated")]
    held = lead[lead["status"] == "held"]
    said = lead[(lead["status"] == "held") | lead["status"].isin(GAP)]
    keys = [*_UNIT, "coder"]
    sets = {on: _sets(held if on in OF_HOLDERS else said, columns) for on, columns in COLUMNS.items()}
    names = _sets(held, "holder")
    places = rows.assign(place=rows.index).groupby(keys, sort=False)["place"].agg(tuple).to_dict()
    found: dict[Unit, dict[str, Coding]] = {}
    for key in said.drop_duplicates(keys)[keys].itertuples(index=False, name=None):
        none: frozenset[Hashable] = frozenset()
        coding = Coding(
            {on: of_unit.get(key, none) for on, of_unit in sets.items()},
            frozenset(str(name) for name in names.get(key, none)),
            tuple(int(place) for place in places[key]),
        )
        found.setdefault((key[0], key[1]), {})[key[2]] = coding
    return {unit: dict(sorted(by_coder.items())) for unit, by_coder in found.items()}


def _sets(rows: pd.DataFrame, columns: str | tuple[str, ...]) -> dict[tuple[str, ...], frozenset[Hashable]]:
    """Return the set of values of each unit and coder; empty cells are no value."""
    if isinstance(columns, str):
        value = rows[columns]
        given = value != ""
    else:
        value = rows[list(columns)].astype("Float64").fillna(-1).astype("int64").apply(tuple, axis=1)
        given = rows[list(columns)].notna().any(axis=1)
    chosen = rows.assign(value=value.astype(object) if len(rows) else "")[given]
    found = chosen.groupby([*_UNIT, "coder"], sort=False)["value"].agg(frozenset)
    return dict(zip(found.index, found, strict=True))


def _spellings(written: pd.Series[str]) -> tuple[dict[str, str], list[str]]:
    """Return the one spelling of each coder, the most frequent, and what is to be said where there were several.

    "Ana Ruiz", "ana ruiz" and "Ana  Ruiz " are one coder.
    """
    numbers = Counter(written)
    alike: dict[str, list[str]] = {}
    for name in numbers:
        alike.setdefault(" ".join(name.split()).casefold(), []).append(name)
    spelling: dict[str, str] = {}
    said = []
    for names in alike.values():
        best = " ".join(max(names, key=lambda name: numbers[name]).split())
        spelling |= dict.fromkeys(names, best)
        if len(names) > 1:
            as_written = listed([f"'{name}'" for name in names])
            said.append(text("{names} are taken as one coder, {best}.", names=as_written, best=best))
    return spelling, said


def _left_out(without: int, decided: int, number: int) -> list[str]:
    said = []
    if without:
        said.append(
            counted(
                "{n} of {all} rows names no coder and is left out.",
                "{n} of {all} rows name no coder and are left out.",
                without,
                all=digits(f"{number:,}"),
            )
        )
    if decided:
        said.append(
            counted(
                "{n} of {all} rows says how it was decided (adjudicated: …), which names no coder, and is left out.",
                "{n} of {all} rows say how they were decided (adjudicated: …), which names no coder, and are left out.",
                decided,
                all=digits(f"{number:,}"),
            )
        )
    return said


def _nobody(table: Table, decided: int) -> str:
    if decided:
        return text(
            "{name}: no row names a coder; {n} say how they were decided (adjudicated: …). Agreement needs the codings "
            "before that, as in {file} beside the table.",
            name=table.name,
            n=digits(f"{decided:,}"),
            file=DOUBLE_CODING,
        )
    return text(
        "{name}: no row names a coder. Agreement needs a column 'coder' with the rows of at least two coders, as in "
        "the shipped {file}.",
        name=table.name,
        file=DOUBLE_CODING,
    )
