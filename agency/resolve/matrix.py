"""`Matrix`: who held what, as plain frames; the only input of the indicators.

From a table and a view to a `Matrix`: states and shares of every project and core phase (rules 3 to 11).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from agency.resolve.select import Selection, deciding_rows, selection
from agency.resolve.years import GAP, YearStates, share_out, year_states

if TYPE_CHECKING:
    from agency.resolve.view import View
    from agency.table import Table
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
    notices: tuple[str, ...] = ()
    """Warnings of the computation, for instance durations that did not fit."""


_SHARE_COLUMNS = ["project", "phase", "actor_id", "holder", "origin", "share"]
_EVENT_COLUMNS = ["project", "phase", "actor_id", "holder", "origin", "status", "weight", "start"]


@dataclass(frozen=True, eq=False)
class _Profile:
    """Holders with shares, and what is not held, of some cells in one mode."""

    shares: pd.DataFrame
    """cell, actor_id, origin, share."""
    rest: pd.DataFrame
    """Indexed by cell: gap, unknown, applicable."""


@dataclass(frozen=True, eq=False)
class _Cells:
    """All cells of a selection, numbered, with the rows that decide them."""

    frame: pd.DataFrame
    """Indexed by cell number: project, phase, block, kind, weight, first, last (last < first without a window)."""
    events: pd.DataFrame
    """Deciding rows of event phases; in a snapshot those that start after its year are gone (rule 5)."""
    all_events: pd.DataFrame
    """Deciding rows of event phases, whatever the year."""
    years: YearStates


def phase_matrix(table: Table, view: View) -> Matrix:
    """Return who held what, by the rules of the view.

    Raises
    ------
    UsageError
        If a snapshot year lies in no selected project's window.

    Examples
    --------
    >>> import agency
    >>> from agency.resolve.view import View
    >>> matrix = phase_matrix(agency.load().data, View(projects=("JSeI",)))
    >>> matrix.sets.query("phase == 'implementation'")["holder"].tolist()
    ['Local firms', 'ZTE']
    """
    chosen = selection(table, view)
    cells = _cells(table, view, chosen)
    static = _static(cells, view)
    profile = static
    if view.mode == "time":
        profile = _time(cells, static)
    elif view.mode == "snapshot":
        profile = _snapshot(cells, static, chosen.years)
    sets = profile if view.mode == "snapshot" else static
    names = chosen.rows[["project", "actor_id", "holder"]].drop_duplicates(["project", "actor_id"])
    frame = cells.frame
    rest = profile.rest
    phases = frame[["project", "phase", "block", "kind", "weight"]].assign(
        applicable=rest["applicable"],
        held=np.where(rest["applicable"], 1.0 - rest["gap"] - rest["unknown"], 0.0),
        gap=rest["gap"],
        unknown=rest["unknown"],
    )
    years = cells.years.years
    durations = cells.years.durations[["cell", "actor_id", "origin", "years"]]
    return Matrix(
        phases=phases.reset_index(drop=True),
        shares=_named(profile.shares, frame, names)[_SHARE_COLUMNS],
        sets=_named(sets.shares, frame, names)[_SHARE_COLUMNS[:-1]],
        years=_placed(years, frame)[["project", "phase", "year", "held", "gap", "unknown", "applicable", "assumed"]],
        year_shares=_named(cells.years.shares, frame, names)[
            [*_SHARE_COLUMNS[:2], "year", *_SHARE_COLUMNS[2:], "weight"]
        ],
        durations=_named(durations, frame, names)[[*_SHARE_COLUMNS[:-1], "years"]],
        events=cells.all_events[_EVENT_COLUMNS].reset_index(drop=True),
        windows=table.projects.loc[list(chosen.projects), ["window_start", "window_end"]].set_axis(
            ["start", "end"], axis=1
        ),
        codebook=table.codebook,
        view=view,
        projects=chosen.projects,
        notices=(*chosen.notices, *_squeezed(cells)),
    )


def _cells(table: Table, view: View, chosen: Selection) -> _Cells:
    frame = _cell_frame(table, view, chosen)
    keys = pd.MultiIndex.from_frame(frame[["project", "phase"]])
    rows = deciding_rows(chosen.rows, table.codebook, view)
    rows = rows.assign(cell=keys.get_indexer(pd.MultiIndex.from_frame(rows[["project", "phase"]])))
    rows = rows[rows["cell"] >= 0]
    of_event = (frame["kind"] == "event").to_numpy(bool)[rows["cell"].to_numpy()]
    all_events = rows[of_event]
    events = all_events
    if chosen.years:
        begun = (events["start"] <= events["project"].map(chosen.years)).fillna(value=True).astype(bool)
        events = events[begun]
    years = year_states(rows[~of_event], frame[["first", "last"]], boundary=view.boundary, counting=view.counting)
    return _Cells(frame, events, all_events, years)


def _cell_frame(table: Table, view: View, chosen: Selection) -> pd.DataFrame:
    """Return every project and core phase, numbered; only continuing phases have a window (rule 4)."""
    weights = dict(view.weights)
    core = [phase for phase in chosen.phases if phase.core]
    records = [(phase.key, phase.block, phase.kind, float(weights.get(phase.key, phase.weight))) for phase in core]
    phases = pd.DataFrame(records, columns=["phase", "block", "kind", "weight"])
    phases = phases.astype({"phase": "str", "block": "str", "kind": "str", "weight": float})
    projects = table.projects.loc[list(chosen.projects), ["window_start", "window_end"]]
    which = np.repeat(np.arange(len(projects)), len(phases))
    frame = phases.iloc[np.tile(np.arange(len(phases)), len(projects))].reset_index(drop=True)
    timed = (frame["kind"] == "continuing").to_numpy(bool)
    first = projects["window_start"].fillna(0).to_numpy(np.int64)[which]
    last = projects["window_end"].fillna(-1).to_numpy(np.int64)[which]
    frame.insert(0, "project", pd.Series(projects.index.to_numpy()[which], dtype="str"))
    return frame.assign(first=np.where(timed, first, 0), last=np.where(timed, last, -1))


def _static(cells: _Cells, view: View) -> _Profile:
    """Held at any time: Table 1's reading (rules 5 and 7)."""
    columns = ["cell", "actor_id", "origin", "weight"]
    continuing = cells.years.rows
    windowless = (cells.frame["last"] < cells.frame["first"]).to_numpy(bool)[continuing["cell"].to_numpy()]
    held = continuing["status"] == "held"
    holdings = pd.concat(
        [
            cells.events.loc[cells.events["status"] == "held", columns],
            cells.years.shares[columns],
            continuing.loc[held & (continuing["bare"] | windowless), columns],
        ],
        ignore_index=True,
    )
    shares = share_out(holdings, view.counting)
    relevant = continuing["covers"] | windowless | ~continuing["dated"]
    states = pd.concat([cells.events[["cell", "status"]], continuing.loc[relevant, ["cell", "status"]]])
    size = len(cells.frame)
    nobody = ~_flag(shares["cell"], size)
    gap = nobody & _flag(states.loc[states["status"].isin(GAP), "cell"], size)
    absent = nobody & ~gap & _flag(states.loc[states["status"] == "not_applicable", "cell"], size)
    # A year that is neither covered nor not applicable keeps a continuing phase in the count, as unknown.
    by_year = cells.years.years
    absent &= ~_flag(by_year.loc[by_year["applicable"], "cell"], size)
    rest = pd.DataFrame(
        {"gap": gap.astype(float), "unknown": (nobody & ~gap & ~absent).astype(float), "applicable": ~absent}
    )
    return _Profile(shares[["cell", "actor_id", "origin", "share"]], rest)


def _time(cells: _Cells, static: _Profile) -> _Profile:
    """Continuing phases weighted by their applicable years; without a window, and for events, as static."""
    years = cells.years.years
    timed = _flag(years["cell"], len(cells.frame))
    total = years.groupby("cell")[["held", "gap", "unknown", "applicable"]].sum()
    length = total["applicable"].astype(float)
    placed = pd.concat(
        [
            cells.years.shares[["cell", "actor_id", "origin", "share"]],
            cells.years.durations.rename(columns={"years": "share"})[["cell", "actor_id", "origin", "share"]],
        ],
        ignore_index=True,
    )
    placed = placed.groupby(["cell", "actor_id", "origin"], sort=False, as_index=False).agg({"share": "sum"})
    placed["share"] /= placed["cell"].map(length)
    shares = pd.concat([static.shares[~timed[static.shares["cell"].to_numpy()]], placed], ignore_index=True)
    lasting = cells.years.durations.groupby("cell").agg({"years": "sum"})["years"].reindex(total.index).fillna(0.0)
    rest = static.rest.copy()
    divisor = length.where(length > 0, 1.0)
    rest.loc[total.index, "gap"] = total["gap"] / divisor
    rest.loc[total.index, "unknown"] = (total["unknown"] - lasting) / divisor
    rest.loc[total.index, "applicable"] = length > 0
    return _Profile(shares.sort_values("cell", kind="stable", ignore_index=True), rest)


def _snapshot(cells: _Cells, static: _Profile, years_asked: dict[str, int]) -> _Profile:
    """Return the states of one year; event phases as far as they had begun."""
    asked = cells.frame["project"].map(years_asked).to_numpy()
    years, shares = cells.years.years, cells.years.shares
    now = years[years["year"].to_numpy() == asked[years["cell"].to_numpy()]].set_index("cell")
    holding = shares[shares["year"].to_numpy() == asked[shares["cell"].to_numpy()]]
    event = (cells.frame["kind"] == "event").to_numpy(bool)
    rest = static.rest.copy()
    rest.loc[now.index, ["gap", "unknown", "applicable"]] = now[["gap", "unknown", "applicable"]]
    columns = ["cell", "actor_id", "origin", "share"]
    both = pd.concat([static.shares[event[static.shares["cell"].to_numpy()]], holding[columns]], ignore_index=True)
    return _Profile(both.sort_values("cell", kind="stable", ignore_index=True), rest)


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


def _squeezed(cells: _Cells) -> tuple[str, ...]:
    """Say which durations are longer than the years nobody else holds."""
    where = cells.frame.loc[list(cells.years.squeezed), ["project", "phase"]]
    return tuple(
        f"{project}, {phase}: the durations are longer than the free years and were scaled down."
        for project, phase in where.itertuples(index=False)
    )
