"""`Matrix`: who held what, as plain frames; and how it is made from the rows that decide (rules 3 to 11)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from agency.resolve.years import GAP, YearStates, share_out, year_states

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agency.resolve.view import View
    from agency.vocabulary import Codebook


@dataclass(frozen=True, eq=False)
class Matrix:
    """States and shares of the core phases in a view, in one mode.

    Every frame names projects by their key and phases by their key, in selection and process order. Phases without
    a row are present (unknown); a phase that is not applicable throughout has ``applicable`` False.

    Attributes
    ----------
    phases
        One row per project and phase: project, phase, block, kind, weight (codebook or view, unscaled), applicable
        (bool), held, gap, unknown (floats, sum to 1 where applicable, else 0; ``held`` includes holders of unknown
        origin), in the view's mode.
    shares
        One row per project, phase, actor and origin with share > 0: project, phase, actor_id, holder, origin, share
        (fraction of the phase's applicable time held by this actor; sums to ``held`` over a phase).
    sets
        Holder sets: project, phase, actor_id, holder, origin. Static sets in static and time, the year's in snapshot.
    years
        Continuing phases by year, whatever the mode: project, phase, year, held, gap, unknown (sum to 1),
        applicable (bool), assumed (bool: held or gap only by an assumed year). Empty for projects without a window.
    year_shares
        project, phase, year, actor_id, holder, origin, share, weight (of the role): who holds in each of those years.
    durations
        Durations without a place in time that do not fill the free years: project, phase, actor_id, holder, origin,
        years (float). They are part of ``shares`` and ``phases`` in mode time; in ``years`` their years are unknown.
        Durations that fill all free years stand in ``years`` and ``year_shares`` instead, each with its part.
    events
        Deciding rows of event phases, whatever the mode and year: project, phase, actor_id, holder, origin, status,
        weight (of the role), start (Int64). With them any year can be looked at as a snapshot (rule 5).
    windows
        Indexed by project: start, end (Int64, missing when there is no window).
    """

    phases: pd.DataFrame
    shares: pd.DataFrame
    sets: pd.DataFrame
    years: pd.DataFrame
    year_shares: pd.DataFrame
    durations: pd.DataFrame
    events: pd.DataFrame
    windows: pd.DataFrame
    codebook: Codebook
    view: View
    projects: tuple[str, ...]

    def part(self, projects: tuple[str, ...], phases: tuple[str, ...]) -> Matrix:
        """Return the matrix of some of its projects and phases."""
        if projects == self.projects and phases == tuple(self.phases["phase"].unique()):
            return self
        names = ("phases", "shares", "sets", "years", "year_shares", "durations", "events")
        frames = {}
        for name in names:
            frame = getattr(self, name)
            kept = frame["project"].isin(projects) & frame["phase"].isin(phases)
            frames[name] = frame[kept].reset_index(drop=True)
        return replace(self, windows=self.windows.loc[list(projects)], projects=projects, **frames)


_SHARE_COLUMNS = ["project", "phase", "actor_id", "holder", "origin", "share"]
_EVENT_COLUMNS = ["project", "phase", "actor_id", "holder", "origin", "status", "weight", "start"]


@dataclass(frozen=True, eq=False)
class Reading:
    """Holders with shares, and what is not held, of all cells in one mode."""

    shares: pd.DataFrame
    """cell, actor_id, origin, share."""
    rest: pd.DataFrame
    """Indexed by cell: gap, unknown, applicable."""


@dataclass(frozen=True, eq=False)
class States:
    """All cells of a view, numbered, and what they come to."""

    frame: pd.DataFrame
    """Indexed by cell number: project, phase, block, kind, weight, first, last (last < first without a window)."""
    windows: pd.DataFrame
    """Indexed by project: start, end."""
    events: pd.DataFrame
    """Deciding rows of event phases, whatever the year."""
    years: YearStates
    static: Reading
    """Held at any time."""
    shown: Reading
    """As the mode of the view reads it."""
    names: pd.DataFrame
    """project, actor_id, holder."""
    behind: frozenset[int]
    """Ids of the rows that make up what is shown: in a snapshot those of its year, else all that decide."""

    @property
    def squeezed(self) -> tuple[tuple[str, str], ...]:
        """Project and phase where durations are longer than the years nobody else holds, and were scaled down."""
        where = self.frame.loc[list(self.years.squeezed), ["project", "phase"]]
        return tuple(where.itertuples(index=False, name=None))


def states_of(
    rows: pd.DataFrame, windows: pd.DataFrame, codebook: Codebook, view: View, *, asked: Mapping[str, int]
) -> States:
    """Return the states of every project and phase.

    Parameters
    ----------
    rows
        The rows that decide (`agency.resolve.rows`), index = row id.
    windows
        Indexed by project, in order: start, end.
    codebook, view
        The phases, and the rules in force.
    asked
        Year of the snapshot by project; empty in the other modes.
    """
    frame = _cell_frame(windows, codebook, view)
    keys = pd.MultiIndex.from_frame(frame[["project", "phase"]])
    rows = rows.assign(row_id=rows.index, cell=keys.get_indexer(pd.MultiIndex.from_frame(rows[["project", "phase"]])))
    of_event = (frame["kind"] == "event").to_numpy(bool)[rows["cell"].to_numpy()]
    events = rows[of_event]
    begun = events
    if asked:
        begun = events[(events["start"] <= events["project"].map(asked)).fillna(value=True).astype(bool)]
    years = year_states(rows[~of_event], frame[["first", "last"]], boundary=view.boundary, counting=view.counting)
    static = _static(frame, begun, years, view.counting)
    shown, behind = static, frozenset(rows["row_id"].tolist())
    if view.mode == "time":
        shown = _time(frame, years, static)
    elif view.mode == "snapshot":
        shown = _snapshot(frame, years, static, asked)
        behind = frozenset([*begun["row_id"].tolist(), *_of_the_year(years, asked)])
    names = rows[["project", "actor_id", "holder"]].drop_duplicates(["project", "actor_id"])
    return States(frame, windows, events, years, static, shown, names, behind)


def build(states: States, codebook: Codebook, view: View) -> Matrix:
    """Return the states as frames with names."""
    frame, years, names = states.frame, states.years, states.names
    sets = states.shown if view.mode == "snapshot" else states.static
    rest = states.shown.rest
    phases = frame[["project", "phase", "block", "kind", "weight"]].assign(
        applicable=rest["applicable"],
        held=np.where(rest["applicable"], 1.0 - rest["gap"] - rest["unknown"], 0.0),
        gap=rest["gap"],
        unknown=rest["unknown"],
    )
    durations = years.durations[["cell", "actor_id", "origin", "years"]]
    by_year = _placed(years.years, frame)
    return Matrix(
        phases=phases.reset_index(drop=True),
        shares=_named(states.shown.shares, frame, names)[_SHARE_COLUMNS],
        sets=_named(sets.shares, frame, names)[_SHARE_COLUMNS[:-1]],
        years=by_year[["project", "phase", "year", "held", "gap", "unknown", "applicable", "assumed"]],
        year_shares=_named(years.shares, frame, names)[[*_SHARE_COLUMNS[:2], "year", *_SHARE_COLUMNS[2:], "weight"]],
        durations=_named(durations, frame, names)[[*_SHARE_COLUMNS[:-1], "years"]],
        events=states.events[_EVENT_COLUMNS].reset_index(drop=True),
        windows=states.windows,
        codebook=codebook,
        view=view,
        projects=tuple(states.windows.index),
    )


def _cell_frame(windows: pd.DataFrame, codebook: Codebook, view: View) -> pd.DataFrame:
    """Return every project in every core phase and those asked for; only continuing phases have a window (rule 4)."""
    weights = dict(view.weights)
    shown = [phase for phase in codebook.phases if phase.core or phase.key in view.phases]
    records = [(phase.key, phase.block, phase.kind, float(weights.get(phase.key, phase.weight))) for phase in shown]
    phases = pd.DataFrame(records, columns=["phase", "block", "kind", "weight"])
    phases = phases.astype({"phase": "str", "block": "str", "kind": "str", "weight": float})
    which = np.repeat(np.arange(len(windows)), len(phases))
    frame = phases.iloc[np.tile(np.arange(len(phases)), len(windows))].reset_index(drop=True)
    timed = (frame["kind"] == "continuing").to_numpy(bool)
    first = windows["start"].fillna(0).to_numpy(np.int64)[which]
    last = windows["end"].fillna(-1).to_numpy(np.int64)[which]
    frame.insert(0, "project", pd.Series(windows.index.to_numpy()[which], dtype="str"))
    return frame.assign(first=np.where(timed, first, 0), last=np.where(timed, last, -1))


def _static(frame: pd.DataFrame, begun: pd.DataFrame, years: YearStates, counting: str) -> Reading:
    """Held at any time: Table 1's reading (rules 5 and 7)."""
    columns = ["cell", "actor_id", "origin", "weight"]
    continuing = years.rows
    windowless = (frame["last"] < frame["first"]).to_numpy(bool)[continuing["cell"].to_numpy()]
    held = continuing["status"] == "held"
    holdings = pd.concat(
        [
            begun.loc[begun["status"] == "held", columns],
            years.shares[columns],
            continuing.loc[held & (continuing["bare"] | windowless), columns],
        ],
        ignore_index=True,
    )
    shares = share_out(holdings, counting)
    relevant = continuing["covers"] | windowless | ~continuing["dated"]
    states = pd.concat([begun[["cell", "status"]], continuing.loc[relevant, ["cell", "status"]]])
    size = len(frame)
    nobody = ~_flag(shares["cell"], size)
    gap = nobody & _flag(states.loc[states["status"].isin(GAP), "cell"], size)
    absent = nobody & ~gap & _flag(states.loc[states["status"] == "not_applicable", "cell"], size)
    # A year that is neither covered nor not applicable keeps a continuing phase in the count, as unknown.
    by_year = years.years
    absent &= ~_flag(by_year.loc[by_year["applicable"], "cell"], size)
    rest = pd.DataFrame(
        {"gap": gap.astype(float), "unknown": (nobody & ~gap & ~absent).astype(float), "applicable": ~absent}
    )
    return Reading(shares[["cell", "actor_id", "origin", "share"]], rest)


def _time(frame: pd.DataFrame, states: YearStates, static: Reading) -> Reading:
    """Continuing phases weighted by their applicable years; without a window, and for events, as static."""
    years = states.years
    timed = _flag(years["cell"], len(frame))
    total = years.groupby("cell")[["held", "gap", "unknown", "applicable"]].sum()
    length = total["applicable"].astype(float)
    placed = pd.concat(
        [
            states.shares[["cell", "actor_id", "origin", "share"]],
            states.durations.rename(columns={"years": "share"})[["cell", "actor_id", "origin", "share"]],
        ],
        ignore_index=True,
    )
    placed = placed.groupby(["cell", "actor_id", "origin"], sort=False, as_index=False).agg({"share": "sum"})
    placed["share"] /= placed["cell"].map(length)
    shares = pd.concat([static.shares[~timed[static.shares["cell"].to_numpy()]], placed], ignore_index=True)
    lasting = states.durations.groupby("cell").agg({"years": "sum"})["years"].reindex(total.index).fillna(0.0)
    rest = static.rest.copy()
    divisor = length.where(length > 0, 1.0)
    rest.loc[total.index, "gap"] = total["gap"] / divisor
    rest.loc[total.index, "unknown"] = (total["unknown"] - lasting) / divisor
    rest.loc[total.index, "applicable"] = length > 0
    return Reading(shares.sort_values("cell", kind="stable", ignore_index=True), rest)


def _snapshot(frame: pd.DataFrame, states: YearStates, static: Reading, of: Mapping[str, int]) -> Reading:
    """Return the states of one year; event phases as far as they had begun."""
    asked = frame["project"].map(of).to_numpy()
    years, shares = states.years, states.shares
    now = years[years["year"].to_numpy() == asked[years["cell"].to_numpy()]].set_index("cell")
    holding = shares[shares["year"].to_numpy() == asked[shares["cell"].to_numpy()]]
    event = (frame["kind"] == "event").to_numpy(bool)
    rest = static.rest.copy()
    rest.loc[now.index, ["gap", "unknown", "applicable"]] = now[["gap", "unknown", "applicable"]]
    columns = ["cell", "actor_id", "origin", "share"]
    both = pd.concat([static.shares[event[static.shares["cell"].to_numpy()]], holding[columns]], ignore_index=True)
    return Reading(both.sort_values("cell", kind="stable", ignore_index=True), rest)


def _of_the_year(states: YearStates, asked: Mapping[str, int]) -> list[int]:
    """Return the ids of the rows of continuing phases that make up the state of the year asked for."""
    rows = states.rows
    year = rows["project"].map(asked)
    covering = states.coverage[states.coverage["year"].to_numpy() == year.to_numpy()[states.coverage["row"]]]
    covering = covering.merge(states.years, on=["cell", "year"]).merge(
        rows[["row_id", "status"]], left_on="row", right_index=True
    )
    kind = covering["status"].where(~covering["status"].isin(GAP), "gap")
    counts = ((kind == "held") & (covering["held"] > 0)) | ((kind == "gap") & (covering["gap"] > 0))
    counts |= (kind == "not_applicable") & ~covering["applicable"]
    filling = states.shares.merge(rows.assign(asked=year)[rows["bare"]], on=["cell", "actor_id", "origin"])
    filling = filling[filling["year"] == filling["asked"]]
    return [*covering.loc[counts, "row_id"].tolist(), *filling["row_id"].tolist()]


def _placed(frame: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with the project and phase of its cell, cells in order."""
    frame = frame.sort_values("cell", kind="stable", ignore_index=True)
    number = frame["cell"].to_numpy()
    return frame.assign(project=cells["project"].to_numpy()[number], phase=cells["phase"].to_numpy()[number])


def _named(frame: pd.DataFrame, cells: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with project, phase and the holder's printed name."""
    frame = _placed(frame, cells)
    return frame.merge(names, on=["project", "actor_id"], how="left")


def _flag(cell: pd.Series[int], size: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    flags = np.zeros(size, dtype=bool)
    flags[cell.to_numpy(np.int64)] = True
    return flags
