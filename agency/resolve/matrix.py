"""`Matrix`: who held what, as plain frames; and how it is made from the rows that decide."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from agency.resolve.select import shown_or_core
from agency.resolve.years import GAP, YearStates, added_up, share_out, year_states
from agency.words import text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from agency.resolve.rows import Used
    from agency.resolve.select import View
    from agency.resolve.years import Flags, Floats, Ints
    from agency.vocabulary import Codebook


@dataclass(frozen=True, eq=False, repr=False)
class Matrix:
    """States and shares of projects and phases in a view, in one mode.

    Every frame names projects by their key and phases by their key, in selection and process order. Phases without
    a row are present (unknown); a phase that is not applicable throughout has ``applicable`` False.

    Attributes
    ----------
    phases
        One row per project and phase: project, phase, block, kind, weight (codebook or view, unscaled), applicable
        (bool), held, gap, unknown (floats, sum to 1 where applicable, else 0; ``held`` includes holders of unknown
        origin), in the view's mode; undated_gap (the part of the gap that rests on rows without any year).
    shares
        One row per project, phase, actor and origin with share > 0: project, phase, actor_id, holder, origin, share
        (fraction of the phase's applicable time held by this actor; sums to ``held`` over a phase), undated (the part
        of the share that rests on rows without any year alone).
    sets
        Holder sets: project, phase, actor_id, holder, origin. Static sets in static and time, the year's in snapshot.
    years
        Continuing phases by year, whatever the mode: project, phase, year, held, gap, unknown (sum to 1),
        applicable (bool), basis (stated, open, undated, placed or ""), undated_gap. Empty without a window.
    year_shares
        project, phase, year, actor_id, holder, origin, share, undated, weight (of the role): who holds each year.
    sums
        Years of continuing phases added up, lengths without dates included: project, phase, held, gap, unknown,
        undated (held on rows without any year), undated_gap, applicable (all floats), nobody (whether some row of the
        cell that decides says that nobody held it).
    lengths
        Lengths without dates: project, phase, actor_id, holder, origin, years.
    events
        Deciding rows of event phases, whatever the mode and year: project, phase, actor_id, holder, origin, status,
        weight (of the role), since (Int64: the year it counts from, missing where it has none).
    windows
        Indexed by project: start, end (Int64, missing when there is no window), certain (from which year on rows of
        event phases without any year are certain).
    """

    phases: pd.DataFrame
    shares: pd.DataFrame
    sets: pd.DataFrame
    years: pd.DataFrame
    year_shares: pd.DataFrame
    sums: pd.DataFrame
    lengths: pd.DataFrame
    events: pd.DataFrame
    windows: pd.DataFrame
    codebook: Codebook
    view: View
    projects: tuple[str, ...]

    def __repr__(self) -> str:
        shape = {"projects": len(self.projects), "phases": self.phases["phase"].nunique(), "mode": self.view.mode}
        return text("<Matrix: {projects} projects, {phases} phases, mode {mode}>", **shape)

    def part(self, projects: tuple[str, ...], phases: tuple[str, ...]) -> Matrix:
        """Return the matrix of some of its projects and phases."""
        here = tuple(self.phases["phase"].unique())
        if projects == self.projects and phases == here:
            return self
        # What goes is mostly little: a few thin projects of many.
        gone = {"project": set(self.projects).difference(projects), "phase": set(here).difference(phases)}
        frames = {name: getattr(self, name) for name in _FRAMES}
        for column, values in gone.items():
            for name, frame in frames.items() if values else ():
                frames[name] = frame[~frame[column].isin(values)]
        frames = {name: frame.reset_index(drop=True) for name, frame in frames.items()}
        return replace(self, windows=self.windows.loc[list(projects)], projects=projects, **frames)


_FRAMES = ("phases", "shares", "sets", "years", "year_shares", "sums", "lengths", "events")
"""What a matrix has by project and phase."""


def put_together(parts: list[Matrix]) -> Matrix:
    """Return the matrices of different projects under one view as one, in their order; the list is emptied."""
    if len(parts) == 1:
        return parts[0]
    first = parts[0]
    windows = pd.concat([part.windows for part in parts])
    projects = tuple(name for part in parts for name in part.projects)
    pieces = {name: [getattr(part, name) for part in parts] for name in _FRAMES}
    parts.clear()
    # Frame by frame, the pieces let go: not all that there is twice at once.
    frames = {name: pd.concat(pieces.pop(name), ignore_index=True) for name in _FRAMES}
    return replace(first, windows=windows, projects=projects, **frames)


_HOLDER = ["project", "phase", "actor_id", "holder", "origin"]


@dataclass(frozen=True, eq=False)
class Reading:
    """Holders with shares, and what is not held, of all cells in one mode."""

    shares: pd.DataFrame
    """cell, actor_id, origin, share, undated."""
    rest: pd.DataFrame
    """Indexed by cell: gap, unknown, applicable, undated_gap."""


@dataclass(frozen=True, eq=False)
class States:
    """All cells of a view, numbered, and what they come to."""

    frame: pd.DataFrame
    """Indexed by cell number: project, phase, block, kind, weight, first, last (last < first without a window),
    launched (0 if not given)."""
    windows: pd.DataFrame
    """Indexed by project: start, end, certain."""
    events: pd.DataFrame
    """Deciding rows of event phases, whatever the year."""
    lasting: pd.DataFrame
    """Deciding rows of continuing phases."""
    years: YearStates
    """Their ``years`` have ``left``: the part of each that no loose length takes."""
    loose: pd.DataFrame
    """cell, actor_id, origin, weight, share, undated: years held by lengths that have no place."""
    sums: pd.DataFrame
    """Indexed by cell with a window: years added up, as in `Matrix`."""
    static: Reading
    """Held at any time."""
    shown: Reading
    """As the mode of the view reads it."""
    names: pd.DataFrame
    """cell, actor_id, holder: printed names, in order."""
    behind: Ints
    """Ids of the rows that make up what is shown: in a snapshot those of its year, else all that decide."""

    @property
    def squeezed(self) -> tuple[tuple[str, str], ...]:
        """Project and phase where lengths are longer than the years nobody else holds, and were scaled down."""
        lengths = self.years.lengths
        asked = lengths.groupby("cell").agg(years=("years", "sum"), free=("free", "first"))
        where = self.frame.loc[asked.index[asked["years"] > asked["free"]], ["project", "phase"]]
        return tuple(where.itertuples(index=False, name=None))


def states_of(
    found: Used, projects: pd.DataFrame, codebook: Codebook, view: View, *, asked: Mapping[str, int]
) -> States:
    """Return the states of every project and phase.

    Parameters
    ----------
    found
        The rows of the selection with their use (`agency.resolve.rows`).
    projects
        Indexed by project, in order: window_start, window_end, launched.
    codebook, view
        The phases, and the rules in force.
    asked
        Year of the snapshot by project; empty in the static mode.
    """
    windows = projects[["window_start", "window_end"]].set_axis(["start", "end"], axis=1)
    windows = windows.assign(certain=projects["launched"].fillna(windows["end"]))
    frame = _cell_frame(windows, projects["launched"], codebook, view)
    rows = found.rows.loc[found.rows["use"] == "decides", [*_HOLDER, "status", "scope", "weight"]]
    phases = [phase.key for phase in shown_or_core(codebook, view)]
    project, phase = (
        pd.Index(names).get_indexer(pd.Index(rows[name]))
        for name, names in (("project", windows.index), ("phase", phases))
    )
    # The cells of a project stand together, phases in order.
    rows = rows.assign(cell=project.astype(np.int64) * len(phases) + phase)
    of_event = (frame["kind"] == "event").to_numpy(bool)[rows["cell"].to_numpy(np.int64)]
    events = _since(rows[of_event], found.spans)
    lasting = rows[~of_event]
    years, speaking = year_states(lasting, found.spans, found.durations, frame[["first", "last", "launched"]], view)
    by_year, loose = _loosened(years, len(frame))
    years = replace(years, years=by_year)
    sums, _ = _added_up(by_year, years.shares, loose, lasting, len(frame))
    static = _static(frame, events, lasting, years, sums, view.counting)
    shown, behind = static, rows.index.to_numpy(np.int64)
    if view.mode == "snapshot":
        year = np.array([asked[name] for name in frame["project"]], dtype=np.int64)
        begun = _begun(events, year, frame["project"].map(windows["certain"]), view)
        shown = _snapshot(frame, years, begun, year, view.counting)
        behind = np.array([*begun.index.tolist(), *_of_the_year(years, speaking, year)], dtype=np.int64)
    keys = ["cell", "actor_id"]
    names = rows.loc[rows["actor_id"] >= 0, [*keys, "holder"]].drop_duplicates(keys).sort_values(keys)
    return States(frame, windows, events, lasting, years, loose, sums, static, shown, names, behind)


def timed(states: States) -> States:
    """Return the states as they are weighted by time: all else is that of the static mode."""
    sums, spread = _added_up(states.years.years, states.years.shares, states.loose, states.lasting, len(states.frame))
    return replace(states, shown=_time(states.static, sums, spread))


def build(states: States, codebook: Codebook, view: View) -> Matrix:
    """Return the states as frames with names."""
    frame, years, names = states.frame, states.years, states.names
    sets = states.shown if view.mode == "snapshot" else states.static
    shown, rest = states.shown.shares, states.shown.rest
    # What its holders hold, not what the blanks leave: 1 - 0.7 - 0.3 is 5.6e-17, and nobody holds that.
    held = np.bincount(shown["cell"].to_numpy(np.int64), weights=shown["share"].to_numpy(float), minlength=len(frame))
    phases = frame[["project", "phase", "block", "kind", "weight"]].assign(
        applicable=rest["applicable"],
        held=np.where(rest["applicable"], held, 0.0),
        gap=rest["gap"],
        unknown=rest["unknown"],
        undated_gap=rest["undated_gap"],
    )
    by_year = _placed(years.years, frame, sort=False)
    events = states.events
    return Matrix(
        phases=phases.reset_index(drop=True),
        shares=_named(states.shown.shares, frame, names)[[*_HOLDER, "share", "undated"]],
        sets=_named(sets.shares, frame, names)[_HOLDER],
        years=by_year[["project", "phase", "year", "held", "gap", "unknown", "applicable", "basis", "undated_gap"]],
        year_shares=_named(years.shares, frame, names)[
            ["project", "phase", "year", *_HOLDER[2:], "share", "undated", "weight"]
        ],
        sums=_placed(states.sums.reset_index(), frame, sort=False).drop(columns="cell"),
        lengths=_named(years.lengths, frame, names)[[*_HOLDER, "years"]],
        events=events[[*_HOLDER, "status", "weight", "since"]].reset_index(drop=True),
        windows=states.windows,
        codebook=codebook,
        view=view,
        projects=tuple(states.windows.index),
    )


def _cell_frame(windows: pd.DataFrame, launched: pd.Series[int], codebook: Codebook, view: View) -> pd.DataFrame:
    """Return every project in every core phase and those asked for; only continuing phases have a window (rule 4)."""
    weights = dict(view.weights)
    shown = shown_or_core(codebook, view)
    records = [(phase.key, phase.block, phase.kind, float(weights.get(phase.key, phase.weight))) for phase in shown]
    phases = pd.DataFrame(records, columns=["phase", "block", "kind", "weight"])
    phases = phases.astype({"phase": "str", "block": "str", "kind": "str", "weight": float})
    which = np.repeat(np.arange(len(windows)), len(phases))
    frame = phases.iloc[np.tile(np.arange(len(phases)), len(windows))].reset_index(drop=True)
    timed = (frame["kind"] == "continuing").to_numpy(bool)
    first = windows["start"].fillna(0).to_numpy(np.int64)[which]
    last = windows["end"].fillna(-1).to_numpy(np.int64)[which]
    frame.insert(0, "project", pd.Series(windows.index.to_numpy()[which], dtype="str"))
    return frame.assign(
        first=np.where(timed, first, 0),
        last=np.where(timed, last, -1),
        launched=launched.fillna(0).to_numpy(np.int64)[which],
    )


def _since(events: pd.DataFrame, spans: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of event phases with ``since``: their start, else their end; the least where years are taken."""
    since = spans["start"].fillna(spans["end"]).groupby(spans["row_id"]).min()
    return events.assign(since=since.reindex(events.index).astype("Int64"), undated=False)


def _begun(events: pd.DataFrame, year: Ints, certain: pd.Series[int], view: View) -> pd.DataFrame:
    """Return the rows of event phases that count in the year of each cell, and whether they are ``undated`` then.

    A row without any year is certain from the launch on (without one, from the last year of the window: what runs has
    been designed and built), and undated before.
    """
    cell = events["cell"].to_numpy(np.int64)
    since = events["since"].fillna(-1).to_numpy(np.int64)
    undated = (since < 0) & (year[cell] < certain.fillna(0).to_numpy(np.int64)[cell])
    counts = since <= year[cell]
    begun: pd.DataFrame = events.assign(undated=undated)[counts & (view.undated | ~undated)]
    return begun


def _loosened(years: YearStates, size: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the years with ``left``, the part of each that no loose length takes, and the lengths that are loose.

    A length is loose where it does not fill the free years of its cell: no one knows which it takes. Worked: 10 unknown
    years, "for 3 years": of every year 7/10 are left, unknown, and three years are held.
    """
    frame, lengths = years.years, years.lengths
    loose = lengths[lengths["placed"] < lengths["free"]].drop_duplicates("cell").set_index("cell")
    taken = np.zeros(size)
    taken[loose.index.to_numpy(np.int64)] = (loose["placed"] / loose["free"]).to_numpy(float)
    cell = frame["cell"].to_numpy(np.int64)
    holds = years.placed[years.placed["cell"].isin(loose.index)]
    placed = loose["placed"].reindex(holds["cell"]).to_numpy(float)
    holds = holds.assign(share=holds["share"] * placed, undated=holds["undated"] * placed)
    return frame.assign(left=np.where(frame["free"], 1.0 - taken[cell], 1.0)), holds


def _added_up(
    years: pd.DataFrame, shares: pd.DataFrame, loose: pd.DataFrame, lasting: pd.DataFrame, size: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the years of every cell added up, loose lengths with them, and who holds how many of them."""
    cell = years["cell"].to_numpy(np.int64)
    left = years["left"].to_numpy(float)
    # A free year that a length takes applies, also where it did not.
    lent = np.bincount(loose["cell"].to_numpy(np.int64), weights=loose["share"], minlength=size)

    def total(name: str) -> Floats:
        return np.bincount(cell, weights=years[name].to_numpy(float) * left, minlength=size).astype(float)

    # The years of a cell stand together, in order and without holes.
    start = np.searchsorted(cell, shares["cell"].to_numpy(np.int64))
    slot = start + shares["year"].to_numpy(np.int64) - years["year"].to_numpy(np.int64)[start]
    kept = left[slot]
    of_years = shares[["cell", "actor_id", "origin"]].assign(
        share=shares["share"] * kept, undated=shares["undated"] * kept
    )
    held = pd.concat([of_years, loose[of_years.columns]], ignore_index=True)
    held = added_up(held, ("share", "undated"))
    nobody = np.zeros(size, dtype=bool)
    nobody[lasting.loc[lasting["status"].isin(GAP), "cell"].to_numpy(np.int64)] = True
    sums = pd.DataFrame(
        {
            "held": total("held") + lent,
            "gap": total("gap"),
            "unknown": total("unknown"),
            "undated": np.bincount(held["cell"], weights=held["undated"], minlength=size),
            "undated_gap": total("undated_gap"),
            "applicable": total("applicable") + lent,
            "nobody": nobody,
        }
    ).rename_axis("cell")
    return sums.loc[np.unique(cell)], held


def without(states: States, gone: Callable[[pd.DataFrame], pd.Series[bool]], year: int, counting: str) -> States:
    """Return the states in mode time as if some holders had not been there from a year on.

    Years of continuing phases lose them, whoever stays shares the year, and a year that nobody else holds becomes a
    gap. So do event phases whose row counts from that year or later: what is not signed is not built. Loose lengths and
    event rows without a year stay as they are: nobody knows when they were.

    Parameters
    ----------
    states
        In mode time.
    gone
        Says which lines of a frame with actor_id, holder and origin are theirs.
    year
        First year without them.
    counting
        As in the view.
    """
    frame, years = states.frame, states.years
    table = years.years.set_index(["cell", "year"])
    shares = years.shares
    placed = table["basis"].reindex(pd.MultiIndex.from_frame(shares[["cell", "year"]])).eq("placed").to_numpy(bool)
    leaving = gone(_named(shares, frame, states.names, sort=False)).to_numpy(bool) & (shares["year"] >= year) & ~placed
    touched = pd.MultiIndex.from_frame(shares.loc[leaving, ["cell", "year"]]).unique()
    of_touched = pd.MultiIndex.from_frame(shares[["cell", "year"]]).isin(touched)
    staying = shares[of_touched & ~leaving]
    slot = touched.get_indexer(pd.MultiIndex.from_frame(staying[["cell", "year"]]))
    again = share_out(staying.assign(cell=slot, undated=staying["undated"] > 0), counting)
    where = touched[again["cell"].to_numpy(np.int64)]
    held = table["held"].reindex(where).to_numpy(float)
    again = again.assign(
        cell=where.get_level_values(0).to_numpy(np.int64),
        year=where.get_level_values(1).to_numpy(np.int64),
        share=again["share"] * held,
        undated=again["undated"] * held,
    )
    shares = pd.concat([shares[~of_touched], again[list(shares.columns)]], ignore_index=True)
    emptied = table.index.isin(touched.difference(where))
    table = table.assign(
        gap=table["gap"] + np.where(emptied, table["held"], 0.0), held=table["held"].mask(emptied, 0.0)
    )
    by_year = table.reset_index()[list(years.years.columns)]
    sums, spread = _added_up(by_year, shares, states.loose, states.lasting, len(frame))

    events = states.events
    late = gone(events).to_numpy(bool) & (events["since"] >= year).fillna(value=False).to_numpy(bool)
    was_held = _flag(events.loc[events["status"] == "held", "cell"], len(frame))
    rest = events[~late]
    static = _static(frame, rest, states.lasting, years, states.sums, counting)
    left = was_held & ~_flag(rest.loc[rest["status"] == "held", "cell"], len(frame))
    static.rest.loc[left, ["gap", "unknown", "applicable"]] = [1.0, 0.0, True]
    years = replace(years, years=by_year, shares=shares)
    return replace(states, events=rest, years=years, sums=sums, static=static, shown=_time(static, sums, spread))


def _static(
    frame: pd.DataFrame,
    events: pd.DataFrame,
    lasting: pd.DataFrame,
    years: YearStates,
    sums: pd.DataFrame,
    counting: str,
) -> Reading:
    """Held at any time: Table 1's reading (rules 5 and 7). Nothing is undated in it."""
    columns = ["cell", "actor_id", "origin", "weight"]
    windowless = (frame["last"] < frame["first"]).to_numpy(bool)[lasting["cell"].to_numpy(np.int64)]
    timeless = pd.concat([events, lasting[windowless]])
    held = timeless[timeless["status"] == "held"]
    size = len(frame)
    never = np.zeros(size, dtype=bool)
    never[sums.index[sums["applicable"] == 0].to_numpy(np.int64)] = True
    lengths = years.lengths.assign(weight=1.0)[~never[years.lengths["cell"].to_numpy(np.int64)]]
    holdings = pd.concat([held[columns], years.shares[columns], lengths[columns]], ignore_index=True)
    shares = share_out(holdings.assign(undated=False), counting)
    nobody = ~_flag(shares["cell"], size)
    none = timeless["status"] == "not_applicable"
    gap = nobody & (_flag(timeless.loc[timeless["status"].isin(GAP), "cell"], size) | _over(sums, "gap", size))
    absent = nobody & ~gap & (_flag(timeless.loc[none, "cell"], size) | never)
    return Reading(shares.drop(columns="weight"), _rest(gap, nobody & ~gap & ~absent, ~absent))


def _time(static: Reading, sums: pd.DataFrame, spread: pd.DataFrame) -> Reading:
    """Continuing phases weighted by their applicable years; without a window, and for events, as static."""
    timed = static.shares["cell"].isin(sums.index)
    length = sums["applicable"].where(sums["applicable"] > 0, 1.0)
    by_cell = spread["cell"].map(length)
    spread = spread.assign(share=spread["share"] / by_cell, undated=spread["undated"] / by_cell)
    shares = pd.concat([static.shares[~timed], spread], ignore_index=True)
    rest = static.rest.copy()
    for name in ("gap", "unknown", "undated_gap"):
        rest.loc[sums.index, name] = sums[name] / length
    rest.loc[sums.index, "applicable"] = sums["applicable"] > 0
    return Reading(shares.sort_values("cell", kind="stable", ignore_index=True), rest)


def _snapshot(frame: pd.DataFrame, states: YearStates, begun: pd.DataFrame, year: Ints, counting: str) -> Reading:
    """Return the states of one year; event phases as far as they had begun."""
    years, shares = states.years, states.shares
    size = len(frame)
    now = years[years["year"].to_numpy() == year[years["cell"].to_numpy(np.int64)]].set_index("cell")
    holding = shares[shares["year"].to_numpy() == year[shares["cell"].to_numpy(np.int64)]]
    held = begun[begun["status"] == "held"]
    events = share_out(held[["cell", "actor_id", "origin", "weight", "undated"]], counting)
    silent = ~_flag(held["cell"], size)
    says_nobody = begun["status"].isin(GAP)
    gap = silent & _flag(begun.loc[says_nobody, "cell"], size)
    dated_gap = _flag(begun.loc[says_nobody & ~begun["undated"].astype(bool), "cell"], size)
    absent = silent & ~gap & _flag(begun.loc[begun["status"] == "not_applicable", "cell"], size)
    rest = _rest(gap, silent & ~gap & ~absent, ~absent)
    rest["undated_gap"] = (gap & ~dated_gap).astype(float)
    names = ["gap", "unknown", "applicable", "undated_gap"]
    rest.loc[now.index, names] = now[names]
    columns = ["cell", "actor_id", "origin", "share", "undated"]
    both = pd.concat([events[columns], holding[columns]], ignore_index=True)
    return Reading(both.sort_values("cell", kind="stable", ignore_index=True), rest)


def _of_the_year(states: YearStates, rows: pd.DataFrame, year: Ints) -> list[int]:
    """Return the ids of the rows of continuing phases that make up the state of the year asked for."""
    years = states.years
    at = rows["slot"].to_numpy(np.int64)
    now = rows["year"].to_numpy(np.int64) == year[rows["cell"].to_numpy(np.int64)]
    status = rows["status"]
    held, gap = years["held"].to_numpy()[at] > 0, years["gap"].to_numpy()[at] > 0
    applicable = years["applicable"].to_numpy(bool)[at]
    counts = ((status == "held") & held) | (status.isin(GAP) & gap) | ((status == "not_applicable") & ~applicable)
    placed = years[years["basis"] == "placed"]
    filled = placed.loc[placed["year"].to_numpy() == year[placed["cell"].to_numpy(np.int64)], "cell"]
    filling = states.lengths.loc[states.lengths["cell"].isin(filled), "row_id"]
    return [*rows.loc[now & counts, "row_id"].tolist(), *filling.tolist()]


def _rest(gap: Flags, unknown: Flags, applicable: Flags) -> pd.DataFrame:
    return pd.DataFrame(
        {"gap": gap.astype(float), "unknown": unknown.astype(float), "applicable": applicable, "undated_gap": 0.0}
    )


def _over(sums: pd.DataFrame, name: str, size: int) -> Flags:
    """Return which cells have some of a kind of years."""
    return _flag(pd.Series(sums.index[sums[name] > 0]), size)


def _placed(frame: pd.DataFrame, cells: pd.DataFrame, *, sort: bool) -> pd.DataFrame:
    """Return the frame with the project and phase of its cell, cells in order."""
    if sort and (np.diff(frame["cell"].to_numpy(np.int64)) < 0).any():
        frame = frame.sort_values("cell", kind="stable", ignore_index=True)
    number = frame["cell"].to_numpy(np.int64)
    return frame.assign(project=cells["project"].array.take(number), phase=cells["phase"].array.take(number))


def _named(frame: pd.DataFrame, cells: pd.DataFrame, names: pd.DataFrame, *, sort: bool = True) -> pd.DataFrame:
    """Return the frame with project, phase and the holder's printed name."""
    frame = _placed(frame, cells, sort=sort)
    span = int(names["actor_id"].max()) + 1 if len(names) else 1
    known, wanted = (
        one["cell"].to_numpy(np.int64) * span + one["actor_id"].to_numpy(np.int64) for one in (names, frame)
    )
    return frame.assign(holder=names["holder"].array.take(np.searchsorted(known, wanted)))


def _flag(cell: pd.Series[int], size: int) -> Flags:
    flags = np.zeros(size, dtype=bool)
    flags[cell.to_numpy(np.int64)] = True
    return flags
