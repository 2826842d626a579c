"""What if somebody withdraws: continuing phases from a year on, without an actor or an origin (I15 over time)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from agency.errors import UsageError, did_you_mean
from agency.indicators.composition import composition_of
from agency.resolve import Resolved, arrays_of, share_out

if TYPE_CHECKING:
    from agency.resolve import Matrix
    from agency.table import Table

_CELL = ["project", "phase"]
_YEAR = ["project", "phase", "year"]


@dataclass(frozen=True)
class Withdrawal:
    """Who withdraws: an actor by name, in whatever project, or all actors of an origin."""

    kind: str
    """actor or origin."""
    name: str

    def of(self, frame: pd.DataFrame) -> pd.Series[bool]:
        """Return which rows of a frame with holder and origin are theirs."""
        return frame["holder" if self.kind == "actor" else "origin"] == self.name


def withdrawing(table: Table, text: str) -> Withdrawal:
    """Return whom a text names: an actor, an alias of one, or an origin; ``actor:`` or ``origin:`` decides.

    Raises
    ------
    UsageError
        For an unknown name (the nearest one is suggested), or one that is both.

    Examples
    --------
    >>> import agency
    >>> withdrawing(agency.load().data, "chinese")
    Withdrawal(kind='origin', name='chinese')
    """
    kind, _, name = text.partition(":") if text.startswith(("actor:", "origin:")) else ("", "", text)
    aliases = {alias: name for alias, name in zip(table.actors["alias"], table.actors["actor"], strict=True) if alias}
    actors = [holder for holder in table.rows["holder"].unique() if holder]
    origins = [origin.key for origin in table.codebook.origins]
    known = {"actor": name if name in actors else aliases.get(name, ""), "origin": name if name in origins else ""}
    found = [Withdrawal(key, value) for key, value in known.items() if value and kind in ("", key)]
    if len(found) == 2:
        message = f"{name!r} is an actor and an origin: write actor:{name} or origin:{name}."
        raise UsageError(message)
    if name == "unknown" and kind != "actor" and not found:
        message = "Holders of unknown origin cannot be withdrawn together: it is not known who they are. Name an actor."
        raise UsageError(message)
    if not found:
        names = {"actor": actors, "origin": origins, "": [*actors, *origins]}[kind]
        message = f"There is no {kind or 'actor or origin'} {name!r} in the table.{did_you_mean(name, names)}"
        raise UsageError(message)
    return found[0]


def whatif(resolved: Resolved, text: str, *, year: int) -> dict[str, Any]:
    """Return what a withdrawal from a year on would leave behind, in mode time.

    Only years of continuing phases change: whoever else holds them shares them out, and years left empty become a gap.
    Holders of event phases stay on record. Durations without a place may lie before the year or after: they are left as
    they are and named as undetermined.

    Parameters
    ----------
    resolved
        What is selected; its mode is not used.
    text
        Actor or origin, as `withdrawing` reads it.
    year
        First year without them.

    Returns
    -------
    dict
        ``withdraw`` and ``year``; ``lost``: project, phase and ``from``, the first year left empty; ``orphaned_added``:
        years that become a gap by project and phase; ``undetermined``: project, phase, why; ``before`` and ``after``:
        composition by project.

    Raises
    ------
    UsageError
        For an unknown or ambiguous name.

    Examples
    --------
    >>> import agency
    >>> study = agency.load().select(project=["ECU 911", "JSeI"])
    >>> found = whatif(study.resolved, "CEIEC", year=2016)
    >>> found["lost"], found["orphaned_added"]
    ([{'project': 'ECU 911', 'phase': 'maintenance', 'from': 2016}], {'ECU 911': {'maintenance': 3.0}})
    """
    who = withdrawing(resolved.table, text)
    before = resolved.under(mode="time", year=None).matrix
    after = without(before, who, year=year)
    empty = after.years.assign(added=after.years["gap"] - before.years["gap"])
    empty = empty[empty["added"] > 0]
    added: dict[str, dict[str, float]] = {}
    lost = []
    for (project, phase), years in empty.groupby(_CELL, sort=False):
        lost.append({"project": str(project), "phase": str(phase), "from": int(years["year"].min())})
        added.setdefault(str(project), {})[str(phase)] = float(years["added"].sum())
    return {
        "withdraw": f"{who.kind}:{who.name}",
        "year": year,
        "lost": lost,
        "orphaned_added": added,
        "undetermined": _undetermined(before, who),
        "before": _compositions(before),
        "after": _compositions(after),
    }


def without(matrix: Matrix, who: Withdrawal, *, year: int) -> Matrix:
    """Return a matrix in mode time with the years from `year` on without them."""
    leaving = who.of(matrix.year_shares) & (matrix.year_shares["year"] >= year)
    touched = matrix.year_shares.loc[leaving, _YEAR].drop_duplicates()
    keys = pd.MultiIndex.from_frame(touched)
    of_touched = pd.MultiIndex.from_frame(matrix.year_shares[_YEAR]).isin(keys)
    staying = matrix.year_shares[of_touched & ~leaving.to_numpy()]
    years = matrix.years.set_index(_YEAR)
    place = keys.get_indexer(pd.MultiIndex.from_frame(staying[_YEAR]))
    again = share_out(staying.assign(cell=place), matrix.view.counting)
    again = staying.drop(columns="share").assign(cell=place).merge(again.drop(columns="weight"))
    held = years["held"].reindex(pd.MultiIndex.from_frame(again[_YEAR])).to_numpy(float)
    again = again.assign(share=again["share"] * held)[matrix.year_shares.columns]
    year_shares = _like(pd.concat([matrix.year_shares[~of_touched], again], ignore_index=True), matrix.year_shares)

    emptied = keys.difference(pd.MultiIndex.from_frame(staying[_YEAR]))
    empty = years.index.isin(emptied)
    years = years.assign(
        gap=years["gap"] + np.where(empty, years["held"], 0.0), held=years["held"].mask(empty, 0.0)
    ).reset_index()[matrix.years.columns]
    return _timed(replace(matrix, years=years, year_shares=year_shares))


def _timed(matrix: Matrix) -> Matrix:
    """Return the matrix with phases and shares as its years say."""
    total = matrix.years.groupby(_CELL, sort=False)[["gap", "unknown", "applicable"]].sum()
    length = total["applicable"].astype(float)
    placed = pd.concat(
        [matrix.year_shares.drop(columns=["year", "weight"]), matrix.durations.rename(columns={"years": "share"})]
    )
    keys = ["project", "phase", "actor_id", "holder", "origin"]
    placed = placed.groupby(keys, sort=False, as_index=False).agg(share=("share", "sum"))
    cells = pd.MultiIndex.from_frame(placed[_CELL])
    placed = placed.assign(share=placed["share"] / length.reindex(cells).to_numpy(float))
    timed = pd.MultiIndex.from_frame(matrix.shares[_CELL]).isin(total.index)
    shares = _like(pd.concat([matrix.shares[~timed], placed], ignore_index=True), matrix.shares)

    lasting = matrix.durations.groupby(_CELL)["years"].sum().reindex(total.index, fill_value=0.0)
    parts = pd.DataFrame({"gap": total["gap"] / length, "unknown": (total["unknown"] - lasting) / length})
    parts = parts[length > 0].assign(held=lambda frame: 1.0 - frame["gap"] - frame["unknown"])
    phases = matrix.phases.set_index(_CELL)
    phases.update(parts)
    return replace(matrix, phases=phases.reset_index()[matrix.phases.columns], shares=shares)


def _like(frame: pd.DataFrame, model: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of a model with its types, which an empty part would lose."""
    return frame[model.columns].astype(model.dtypes)


def _undetermined(matrix: Matrix, who: Withdrawal) -> list[dict[str, str]]:
    """Return the cells where it cannot be said which years they hold."""
    bare = matrix.durations.loc[who.of(matrix.durations), _CELL].drop_duplicates()
    continuing = matrix.phases.loc[matrix.phases["kind"] == "continuing", _CELL]
    windowless = matrix.windows.index[matrix.windows["start"].isna()]
    held = matrix.sets[who.of(matrix.sets) & matrix.sets["project"].isin(windowless)].merge(continuing, on=_CELL)
    reasons = ((bare, "a duration without dates"), (held[_CELL].drop_duplicates(), "no window of years"))
    return [
        {"project": str(project), "phase": str(phase), "why": why}
        for frame, why in reasons
        for project, phase in frame.itertuples(index=False)
    ]


def _compositions(matrix: Matrix) -> dict[str, dict[str, float | None]]:
    frame = composition_of(arrays_of(matrix))
    found: dict[str, dict[str, float | None]] = {name: {} for name in matrix.projects}
    for project, key, value in frame[["project", "key", "value"]].itertuples(index=False):
        found[str(project)][str(key).removeprefix("composition.")] = None if pd.isna(value) else float(value)
    return found
