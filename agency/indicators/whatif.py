"""What if somebody withdraws: continuing phases from a year on, without an actor or an origin (I15 over time)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from agency import words
from agency.errors import UsageError, did_you_mean
from agency.indicators.composition import composition_of
from agency.resolve import Resolved, arrays_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agency.resolve import Matrix
    from agency.table import Table

_CELL = ["project", "phase"]


@dataclass(frozen=True)
class Withdrawal:
    """Who withdraws: an actor by name, in whatever project, or all actors of an origin."""

    kind: str
    """actor or origin."""
    name: str

    def of(self, frame: pd.DataFrame) -> pd.Series[bool]:
        """Return which rows of a frame with holder and origin are theirs."""
        return frame["holder" if self.kind == "actor" else "origin"] == self.name


_NO_SUCH = {
    "actor": words.marked("There is no actor {name!r} in the table.{hint}"),
    "origin": words.marked("There is no origin {name!r} in the table.{hint}"),
    "": words.marked("There is no actor or origin {name!r} in the table.{hint}"),
}


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
        message = words.text("{name!r} is an actor and an origin: write actor:{name} or origin:{name}.", name=name)
        raise UsageError(message)
    if name == "unknown" and kind != "actor" and not found:
        message = words.text(
            "Holders of unknown origin cannot be withdrawn together: it is not known who they are. Name an actor."
        )
        raise UsageError(message)
    if not found:
        names = {"actor": actors, "origin": origins, "": [*actors, *origins]}[kind]
        message = words.text(_NO_SUCH[kind], name=name, hint=did_you_mean(name, names))
        raise UsageError(message)
    return found[0]


def whatif(resolved: Resolved, text: str, *, year: int) -> dict[str, Any]:
    """Return what a withdrawal from a year on would leave behind, in mode time.

    Continuing phases lose the withdrawn holder from that year on: whoever else holds a year shares it, a year left
    empty becomes a gap. Event phases lose it where their row counts from that year or later: a contract signed after
    the exit is not signed, and an emptied phase is a gap. Rows of event phases without a year stay on record; years
    held on rows without any year are lost; lengths without dates stay. All three are named as undetermined.

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
        ``withdraw`` and ``year``; ``lost``: project, phase and ``from``, the first year left empty (event phases: the
        year their row counts from); ``orphaned_added``: years that become a gap by project and continuing phase;
        ``undetermined``: project, phase, why; ``before`` and ``after``: composition by project.

    Raises
    ------
    UsageError
        For an unknown or ambiguous name.

    Examples
    --------
    >>> import agency
    >>> found = whatif(agency.load().select(project=["ECU 911", "JSeI"]).resolved, "CEIEC", year=2016)
    >>> found["lost"], found["orphaned_added"]
    ([{'project': 'ECU 911', 'phase': 'maintenance', 'from': 2016}], {'ECU 911': {'maintenance': 3.0}})
    """
    who = withdrawing(resolved.table, text)
    timed = resolved.under(mode="time", year=None)
    before, after = timed.matrix, timed.without(who.of, year)
    keys = [*_CELL, "year"]
    empty = before.years[[*keys, "gap"]].merge(after.years[[*keys, "gap"]], on=keys, suffixes=("", "_after"))
    empty = empty.assign(added=empty["gap_after"] - empty["gap"])
    empty = empty[empty["added"] > 0]
    added: dict[str, dict[str, float]] = {}
    lost = []
    for (project, phase), years in empty.groupby(_CELL, sort=False):
        lost.append({"project": str(project), "phase": str(phase), "from": int(years["year"].min())})
        added.setdefault(str(project), {})[str(phase)] = float(years["added"].sum())
    lost += _unsigned(before, after, who)
    order = {cell: at for at, cell in enumerate(zip(before.phases["project"], before.phases["phase"], strict=True))}
    return {
        "withdraw": f"{who.kind}:{who.name}",
        "year": year,
        "lost": sorted(lost, key=lambda entry: order[entry["project"], entry["phase"]]),
        "orphaned_added": added,
        "undetermined": _undetermined(before, who, year),
        "before": _compositions(before),
        "after": _compositions(after),
    }


def whatif_frame(found: Mapping[str, Any]) -> pd.DataFrame:
    """Return what a withdrawal leaves behind, a row per phase that is lost, then per phase that cannot be told.

    Returns
    -------
    pandas.DataFrame
        project, phase, from (the first year left empty), years_added_to_gap (missing for event phases), undetermined
        (why it cannot be told; "" for what is lost).
    """
    rows: list[tuple[Any, ...]] = []
    for entry in found["lost"]:
        added = found["orphaned_added"].get(entry["project"], {}).get(entry["phase"])
        rows.append((entry["project"], entry["phase"], entry["from"], added, ""))
    rows += [(entry["project"], entry["phase"], None, None, entry["why"]) for entry in found["undetermined"]]
    columns = ["project", "phase", "from", "years_added_to_gap", "undetermined"]
    kinds = dict.fromkeys(("project", "phase", "undetermined"), "str")
    return pd.DataFrame(rows, columns=columns).astype({**kinds, "from": "Int64", "years_added_to_gap": "float64"})


def _unsigned(before: Matrix, after: Matrix, who: Withdrawal) -> list[dict[str, Any]]:
    """Return the event phases that are left without a holder."""
    events = before.events[who.of(before.events) & (before.events["status"] == "held")]
    gap = before.phases[[*_CELL, "kind", "gap"]].assign(after=after.phases["gap"])
    emptied = gap[(gap["kind"] == "event") & (gap["after"] > gap["gap"])]
    since = emptied.merge(events, on=_CELL).groupby(_CELL, sort=False, as_index=False)["since"].min()
    return [
        {"project": str(project), "phase": str(phase), "from": int(year)}
        for project, phase, year in since[[*_CELL, "since"]].itertuples(index=False)
    ]


def _undetermined(matrix: Matrix, who: Withdrawal, year: int) -> list[dict[str, str]]:
    """Return the cells where it cannot be said which years they hold."""
    lengths = matrix.lengths.loc[who.of(matrix.lengths), _CELL]
    shares = matrix.year_shares
    years = shares.loc[who.of(shares) & (shares["year"] >= year) & (shares["undated"] > 0), _CELL]
    events = matrix.events
    signed = events.loc[who.of(events) & (events["status"] == "held") & events["since"].isna(), _CELL]
    continuing = matrix.phases.loc[matrix.phases["kind"] == "continuing", _CELL]
    windowless = matrix.windows.index[matrix.windows["start"].isna()]
    held = matrix.sets[who.of(matrix.sets) & matrix.sets["project"].isin(windowless)].merge(continuing, on=_CELL)
    reasons = (
        (lengths, words.marked("a duration without dates")),
        (years, words.marked("held without a year given; taken as lost")),
        (signed, words.marked("signed or built without a year given; taken as done")),
        (held[_CELL], words.marked("no window of years")),
    )
    return [
        {"project": str(project), "phase": str(phase), "why": why}
        for frame, why in reasons
        for project, phase in frame.drop_duplicates().itertuples(index=False)
    ]


def _compositions(matrix: Matrix) -> dict[str, dict[str, float | None]]:
    frame = composition_of(arrays_of(matrix))
    found: dict[str, dict[str, float | None]] = {name: {} for name in matrix.projects}
    for project, key, value in frame[["project", "key", "value"]].itertuples(index=False):
        found[str(project)][str(key).removeprefix("composition.")] = None if pd.isna(value) else float(value)
    return found
