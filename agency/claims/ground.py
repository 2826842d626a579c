"""The statements a claim is tested on: every row but deprecated ones, with the years each of them speaks of.

A row speaks of years in one of two ways. In an event phase a start alone is that year, an absent side else reaches as
far as one likes, and no year is every year. In a continuing phase it speaks of years of its project's window: those it
states, and those on an open side or without any year from the launch on. Worked, window 2012-2021, launched 2014:

======================  ===================  =========
row                     continuing           event
======================  ===================  =========
2013-2015               2013, 2014, 2015     the same
from 2013               2013, 2014 to 2021   2013
until 2015              2014, 2015           to 2015
2001-2002               none                 2001-2002
no year                 2014 to 2021         all
======================  ===================  =========
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from agency.resolve import Flags, Ints, Resolved, positions
from agency.table import part_map
from agency.words import listed

if TYPE_CHECKING:
    from agency.claims.claim import Claim

_BEYOND = 2
"""Years before the first and behind the last one given: there nothing changes any more."""


@dataclass(frozen=True, eq=False)
class Ground:
    """The statements of a selection, and what claims ask of them again and again.

    Attributes
    ----------
    resolved
        The table under a view; of the view only the selection and `actors` matter.
    asked
        Years that claims name, so that all of them are among `domain`.

    Examples
    --------
    >>> import agency
    >>> ground = Ground(agency.load().select(project="JSeI").resolved)
    >>> ground.projects, bool((ground.rows["rank"] == "deprecated").any())
    (('JSeI',), False)
    """

    resolved: Resolved
    asked: tuple[int, ...] = field(default=())

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The statements in file order, by their position in the table."""
        rows = self._everywhere.selected
        return rows[rows["rank"] != "deprecated"]

    @cached_property
    def projects(self) -> tuple[str, ...]:
        """Every selected project."""
        return self._everywhere.projects

    @cached_property
    def phases(self) -> tuple[str, ...]:
        """Keys of all phases of the codebook."""
        return tuple(phase.key for phase in self.resolved.codebook.phases)

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Keys of the selected sources."""
        return tuple(sorted(self._everywhere.selected["source"].unique()))

    @cached_property
    def project(self) -> Ints:
        """Position of the project of each row."""
        return positions(self.projects, self.rows["project"])

    @cached_property
    def phase(self) -> Ints:
        """Position of the phase of each row."""
        return positions(self.phases, self.rows["phase"])

    @cached_property
    def source(self) -> Ints:
        """Position of the source of each row."""
        return positions(self.sources, self.rows["source"])

    @cached_property
    def actors(self) -> pd.Series[str]:
        """Name of the actor of each row, or of what it is part of where the view says so."""
        names = self.rows["actor"]
        if not self.whole:
            return names
        return names.replace(dict(self.resolved.table.wholes)).where(~self.rows["unnamed"], names)

    @cached_property
    def who(self) -> Ints:
        """Identity of the holder of each row, -1 without actor; parts of one whole stay apart by origin."""
        if not self.whole:
            return self.rows["actor_id"].to_numpy(np.int64)
        scope = self.rows["project"].where(self.rows["unnamed"], "")
        keys = self.rows[["unnamed", "origin"]].assign(actor=self.actors, scope=scope)
        number = keys.groupby(["actor", "unnamed", "scope", "origin"], sort=False).ngroup()
        found: Ints = np.where(self.actors == "", -1, number)
        return found

    @cached_property
    def whole(self) -> bool:
        """Whether actors are replaced by what they are part of."""
        return getattr(self.resolved.view, "actors", "named") == "whole"

    @cached_property
    def event(self) -> Flags:
        """Whether the phase of each row is an event."""
        kinds = [phase.kind == "event" for phase in self.resolved.codebook.phases]
        found: Flags = np.array(kinds, dtype=bool)[self.phase]
        return found

    @cached_property
    def dated(self) -> Flags:
        """Whether each row gives a year."""
        return (self.rows["start"].notna() | self.rows["end"].notna()).to_numpy(bool)

    # Years.

    @cached_property
    def domain(self) -> range:
        """Years enough for every open side: beyond the outermost one given or asked about, nothing changes."""
        sides = [self.rows[side].dropna().to_numpy(np.int64) for side in ("start", "end")]
        given = np.concatenate([*sides, self._windows[self._windows >= 0], np.array(self.asked, dtype=np.int64)])
        first, last = (int(given.min()), int(given.max())) if given.size else (2000, 2000)
        return range(first - _BEYOND, last + _BEYOND + 1)

    def flags(self, years: Iterable[int]) -> Flags:
        """Return which years of `domain` are among these."""
        return np.isin(np.array(self.domain), list(years))

    @cached_property
    def reach(self) -> tuple[Ints, Ints]:
        """First and last year of each row, an absent side as far as the domain goes."""
        start, end = self.rows["start"], self.rows["end"]
        end = end.mask(pd.Series(self.event, index=end.index) & end.isna(), start)
        low = start.fillna(self.domain[0]).to_numpy(np.int64)
        return low, end.fillna(self.domain[-1]).to_numpy(np.int64)

    @cached_property
    def years(self) -> Flags:
        """(rows, years of `domain`): of which years each row speaks."""
        year = np.array(self.domain)[None]
        first, last, launched = (
            self._at(column).fillna(self.domain[edge]).to_numpy(np.int64)[:, None]
            for column, edge in (("window_start", 0), ("window_end", -1), ("launched", 0))
        )
        no_window = self._at("window_start").isna().to_numpy(bool)[:, None]
        in_window = (first <= year) & (year <= last) & (self.stated | (year >= launched))
        found: Flags = self._within & (self.event[:, None] | no_window | in_window)
        return found

    @cached_property
    def stated(self) -> Flags:
        """(rows, years of `domain`): which years each row states, between its two or its one given year."""
        year = np.array(self.domain)[None]
        start, end = (self.rows[side].fillna(-1).to_numpy(np.int64)[:, None] for side in ("start", "end"))
        found: Flags = self._within & ((start >= 0) & (end >= 0) | (year == start) | (year == end))
        return found

    @cached_property
    def _within(self) -> Flags:
        year = np.array(self.domain)[None]
        low, high = (side[:, None] for side in self.reach)
        found: Flags = (low <= year) & (year <= high)
        return found

    @cached_property
    def table(self) -> pd.DataFrame:
        """The line of projects.csv of each project."""
        return self.resolved.table.projects.loc[list(self.projects)]

    @cached_property
    def _windows(self) -> Ints:
        """(projects, 2): first and last year of the window of each project, -1 where it has none."""
        found: Ints = self.table[["window_start", "window_end"]].fillna(-1).to_numpy(np.int64)
        return found

    def _windows_of(self, projects: Iterable[str]) -> tuple[list[str], Ints]:
        """Return those of the projects that have a window, and the windows."""
        names = list(projects)
        windows = self._windows[positions(self.projects, pd.Series(names, dtype="str"))]
        has = np.asarray((windows >= 0).all(axis=1))
        return [name for name, kept in zip(names, has.tolist(), strict=True) if kept], windows[has]

    def _at(self, column: str) -> pd.Series[int]:
        return self.resolved.table.projects[column].reindex(self.rows["project"])

    def has_year(self, claim: Claim, projects: Iterable[str], year: int) -> bool:
        """Say whether a year lies in a window of these projects, or in years their rows in scope give.

        Event phases have years outside the window: a contract is signed before there is anything to operate.
        """
        _, windows = self._windows_of(projects)
        if not len(windows) or ((windows[:, 0] <= year) & (year <= windows[:, 1])).any():
            return True
        if claim.condition is not None and claim.condition.test == "indicator":
            return False
        inside = self.rows["project"].isin(list(projects)) & self.rows["phase"].isin(self.phases_of(claim)) & self.event
        given = pd.concat([self.rows.loc[inside, side].dropna() for side in ("start", "end")]).to_numpy(np.int64)
        return bool(given.size) and bool(given.min() <= year <= given.max())

    def windows_in_words(self, projects: Iterable[str]) -> str:
        """Return the windows of projects, as "2012-2021 (ECU 911)"."""
        named, windows = self._windows_of(projects)
        texts = [f"{start}-{end} ({name})" for name, (start, end) in zip(named, windows.tolist(), strict=True)]
        return listed(texts, most=3) if len(texts) > 3 else ", ".join(texts)

    def phases_of(self, claim: Claim) -> tuple[str, ...]:
        """Return the phases a claim asks about."""
        if claim.condition is not None and claim.condition.test == "same_actor":
            return claim.condition.among
        return claim.phases or tuple(phase.key for phase in self.resolved.codebook.core_phases)

    # Who is who.

    @cached_property
    def origins(self) -> Mapping[str, str]:
        """Origin of each named actor: the first that the whole file gives."""
        rows = self.resolved.table.rows
        named = rows[(rows["actor"] != "") & ~rows["unnamed"] & (rows["origin"] != "")].drop_duplicates("actor")
        return dict(zip(named["actor"], named["origin"], strict=True))

    @cached_property
    def parts(self) -> Mapping[str, str]:
        """What each actor is part of, one step up."""
        return part_map(self.resolved.table.actors)

    def chain(self, name: str) -> tuple[str, ...]:
        """Return an actor and what it is part of, to the top."""
        found = [name]
        while found[-1] in self.parts:
            found.append(self.parts[found[-1]])
        return tuple(found)

    def relatives(self, names: Iterable[str]) -> frozenset[str]:
        """Return these actors, what they are part of, and their parts: none of them excludes another."""
        wanted = set(names)
        up = {other for name in wanted for other in self.chain(name)}
        down = {name for name in self.parts if wanted & set(self.chain(name))}
        return frozenset(up | down)

    @cached_property
    def lineage(self) -> pd.MultiIndex:
        """Pairs of named actors of which one is part of the other, both ways round."""
        pairs = [(name, other) for name in self.parts for other in self.chain(name)[1:]]
        return pd.MultiIndex.from_tuples([*pairs, *((b, a) for a, b in pairs), ("", "")])

    @cached_property
    def _everywhere(self) -> Resolved:
        """The selection with every phase, at any time, thin projects too."""
        return self.resolved.under(phases=(), mode="static", year=None, min_phases=0)
