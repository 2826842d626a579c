"""`Resolved`: a table under a view, resolved once. Everything to the right asks it, and nothing else.

``rows`` says what every selected statement is used for; ``whole`` what each project and phase comes to; ``matrix``,
``arrays`` and ``cells`` are that as frames for numbers, as arrays for formulas and as records for print. All of them
are made from the same rows, so that they cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import numpy as np
import pandas as pd

from agency.errors import UsageError
from agency.resolve.arrays import Profile, arrays_of
from agency.resolve.cells import CellTable, cell_table
from agency.resolve.conflicts import Comparison
from agency.resolve.matrix import Matrix, States, build, put_together, states_of, timed, without
from agency.resolve.rows import Used, used
from agency.resolve.select import View, kept, matching, shown_phases
from agency.words import ENGLISH, digits, in_own_language, listed, marked, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from agency.table import Table
    from agency.vocabulary import Codebook, Phase


BLOCK = 100_000
"""Statements and years that are resolved at once where only numbers are wanted: more take memory, and no less time."""
MOST_SQUEEZED = 5
"""Cells whose durations did not fit that have a sentence each; more have one together."""


@dataclass(frozen=True, eq=False)
class _Resolution:
    """What is the same under all views that differ only in which phases and projects they list."""

    used: Used
    states: States
    codebook: Codebook
    view: View

    @cached_property
    def whole(self) -> Matrix:
        return build(self.states, self.codebook, self.view)


@in_own_language
@dataclass(frozen=True, eq=False, repr=False)
class Resolved:
    """A table under a view.

    Attributes
    ----------
    table
        The data, whole.
    view
        Selection and rules.

    Examples
    --------
    >>> import agency
    >>> resolved = Resolved(agency.load().data, View(projects=("JSeI",)))
    >>> resolved.projects, resolved.cells.cell("JSeI", "implementation").text
    (('JSeI',), 'Local firms and ZTE')
    """

    table: Table
    view: View
    _shared: WeakValueDictionary[View, _Resolution] = field(default_factory=WeakValueDictionary)
    """What views made from one another have in common, as long as one of them is in use."""
    shared_apart: dict[Any, Any] = field(default_factory=dict)
    """What they have in common that is resolved apart (`agency.resolve.apart`)."""

    def __repr__(self) -> str:
        return text(
            "<Resolved: {rows} statements of {projects} projects, {listed} listed; {view}>",
            rows=len(self.rows),
            projects=len(self.projects),
            listed=len(self.listed),
            view=self.view,
        )

    @property
    def language(self) -> str:
        """What it speaks: the language of the study."""
        return self.table.codebook.study.language or ENGLISH

    @property
    def codebook(self) -> Codebook:
        """The codebook of the table."""
        return self.table.codebook

    @cached_property
    def phases(self) -> tuple[Phase, ...]:
        """The phases of the view in process order: those asked for, else the core phases."""
        return shown_phases(self.codebook, self.view)

    @cached_property
    def projects(self) -> tuple[str, ...]:
        """Every selected project, listed or not; in a snapshot those whose window has the year."""
        return self._dated[0]

    @cached_property
    def asked(self) -> dict[str, int]:
        """Year of the snapshot by project; empty in the other modes."""
        return self._dated[1]

    @cached_property
    def listed(self) -> tuple[str, ...]:
        """The projects that tables and figures list: not the thin ones, unless they are named or all are thin."""
        thin = set(self._thin)
        return tuple(name for name in self.projects if name not in thin)

    @cached_property
    def left_out(self) -> tuple[str, ...]:
        """Selected projects that are not listed: thin, or without the year asked for."""
        return (*self._thin, *self._dated[2])

    @cached_property
    def remarks(self) -> tuple[str, ...]:
        """What every output says once: which projects it does not list and why, which durations did not fit."""
        found = [self._thin_remark] if self._thin_remark else []
        outside = self._dated[2]
        if outside:
            left = listed(outside, most=5)
            found.append(text("Left out, their window lacks the year: {names}.", names=left))
        listed_ones = set(self.listed)
        squeezed = [cell for cell in self._states.squeezed if cell[0] in listed_ones]
        if len(squeezed) > MOST_SQUEEZED:
            sentence = marked(
                "In {n} cells the durations are longer than the free years and were scaled down: {cells}."
            )
            names = [text("{project} ({phase})", project=project, phase=phase) for project, phase in squeezed]
            cells = listed(names, most=MOST_SQUEEZED)
            return (*found, text(sentence, n=f"{len(squeezed):,}", cells=cells))
        sentence = marked("{project}, {phase}: the durations are longer than the free years and were scaled down.")
        return (*found, *(text(sentence, project=project, phase=phase) for project, phase in squeezed))

    @property
    def notices(self) -> tuple[str, ...]:
        """The remarks, and what to type to see what is not listed."""
        if not self._thin:
            return self.remarks
        return (text("{said} --min-phases 0 lists all.", said=self.remarks[0]), *self.remarks[1:])

    @property
    def listing(self) -> dict[str, int]:
        """The rule of what is listed, and how many projects that is of how many."""
        return {
            "least_phases": self.view.min_phases,
            "listed": len(self.listed),
            "selected": len(self.projects),
        }

    @property
    def selected(self) -> pd.DataFrame:
        """Every statement of the selection, of every phase: `rows` without what each is used for, and the phases."""
        rows = self._matching
        return kept(rows, rows["project"].isin(self.projects).to_numpy(bool))

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Every selected statement, in file order.

        The columns of the table, and ``weight`` (of its role), ``use`` (see `agency.resolve.rows`), ``listed`` (named
        in brackets in its cell) and ``counts`` (part of what the view shows: in a snapshot, of that year).
        """
        rows = self._used.rows
        counts = rows.index.isin(self._states.behind)
        rows = rows.assign(counts=counts & (rows["use"] == "decides").to_numpy(bool))
        if not self.view.phases:
            return rows
        return rows[rows["phase"].isin(self.view.phases)]

    @property
    def years_from(self) -> Mapping[int, tuple[int, ...]]:
        """By row that has no years of its own: the lines of the table whose years it takes."""
        return self._used.years_from

    @property
    def whole(self) -> Matrix:
        """States and shares of every selected project in every core phase, and in those asked for beside them."""
        return self._resolution.whole

    @property
    def known_phases(self) -> dict[str, int]:
        """Number of core phases with a holder or a gap at some time, by project, whatever phases are asked for."""
        return self._known

    @cached_property
    def matrix(self) -> Matrix:
        """States and shares of the listed projects in the core phases of the view: what indicators are made of."""
        # Parts of a whole have numbers that are told only where all rows are seen.
        if self.view.actors == "whole" or "_resolution" in self.__dict__:
            return self._listed_part
        return put_together([block._listed_part for block in self.blocks()])

    @cached_property
    def _listed_part(self) -> Matrix:
        return self.whole.part(self.listed, tuple(phase.key for phase in self.phases if phase.core))

    @cached_property
    def arrays(self) -> Profile:
        """The matrix as arrays (projects, phases, origins)."""
        return arrays_of(self._listed_part)

    @cached_property
    def every(self) -> Profile:
        """Every selected project, listed or not, in the phases of the view, core or not, as arrays."""
        return arrays_of(self.whole.part(self.projects, tuple(phase.key for phase in self.phases)))

    @cached_property
    def counted(self) -> Resolved:
        """The same with every selected project listed: what is counted over projects is asked of it."""
        return self if self.listed == self.projects else self.under(min_phases=0)

    @cached_property
    def spoken(self) -> Resolved:
        """The same with every statement that counts, also those that preferred ones outrank: who is named at all."""
        return self.under(rank="all", min_phases=0)

    @cached_property
    def renamed(self) -> Resolved:
        """The same with actors counted the other way: by their own names, or as what they are part of."""
        return self.under(actors="named" if self.view.actors == "whole" else "whole")

    @cached_property
    def compared(self) -> Comparison:
        """What the sources of each cell make of each other (`agency.resolve.conflicts`)."""
        return Comparison(self)

    @property
    def agreement(self) -> dict[tuple[str, str], str]:
        """Verdict by project and phase: contested, different, sequence, same or single; absent where none speaks."""
        return self.compared.verdicts

    @cached_property
    def cells(self) -> CellTable:
        """The cells as they are printed and drawn."""
        return cell_table(self)

    def blocks(self, size: int = BLOCK) -> Iterator[Resolved]:
        """Yield the listed projects in blocks, in order, each with its own rows alone; a small study is one block.

        A number of a project hangs on no other, so that the numbers of the blocks together are those of the whole; but
        each is resolved by itself and let go. Worked: of projects with 20 statements and a window of 30 years, size 100
        makes blocks of two.
        """
        rows = matching(self.table, self.view)
        projects = self.table.projects.loc[list(self.projects)]
        years = (projects["window_end"] - projects["window_start"] + 1).fillna(0).to_numpy(np.int64)
        project = projects.index.get_indexer(pd.Index(rows["project"]))
        end = np.cumsum(years + np.bincount(project[project >= 0], minlength=len(projects)))
        edges = [0, *(1 + np.flatnonzero(np.diff(end // size))).tolist(), len(projects)]
        if len(edges) == 2:
            yield self
            return
        # Stable: the rows of a project keep their order.
        order = np.argsort(project, kind="stable")
        starts = np.searchsorted(project[order], edges)
        empty = True
        for at, first in enumerate(edges[:-1]):
            mine = rows.take(np.sort(order[starts[at] : starts[at + 1]]))
            block = self._block(mine, projects.iloc[first : edges[at + 1]])
            # Where every project of a block is thin, it would list them all.
            if self.view.projects or max(block.known_phases.values(), default=0) >= self.view.min_phases:
                empty = False
                yield block
        if empty:
            yield from self.under(min_phases=0).blocks(size)

    def _block(self, rows: pd.DataFrame, projects: pd.DataFrame) -> Resolved:
        """Return some rows under the same rules: what the condition on rows chose is there already."""
        names = tuple(projects.index) if self.view.projects else ()
        table = replace(self.table, rows=rows, projects=projects, own=None, own_projects=None)
        return Resolved(table, replace(self.view, projects=names, where=""))

    def under(self, **changes: Any) -> Resolved:
        """Return the same table under another view: fields of `View` that differ."""
        return Resolved(self.table, replace(self.view, **changes), self._shared, self.shared_apart)

    def without(self, gone: Callable[[pd.DataFrame], pd.Series[bool]], year: int) -> Matrix:
        """Return the matrix in mode time as if some holders had not been there from a year on.

        ``gone`` says which lines of a frame with actor_id, holder and origin are theirs.
        """
        over_time = self if self.view.mode == "time" else self.under(mode="time", year=None)
        left = without(over_time._states, gone, year, self.view.counting)
        core = tuple(phase.key for phase in over_time.phases if phase.core)
        return build(left, self.codebook, over_time.view).part(over_time.listed, core)

    @cached_property
    def _matching(self) -> pd.DataFrame:
        """The rows of the selection, of every phase."""
        rows = matching(self.table, self.view)
        return rows if self.view.actors == "named" else as_wholes(rows, self.table.wholes)

    @cached_property
    def _dated(self) -> tuple[tuple[str, ...], dict[str, int], tuple[str, ...]]:
        """Selected projects, their snapshot year, and those whose window lacks it."""
        view = self.view
        names = list(view.projects) or list(self.table.projects.index)
        if view.countries or view.types or view.where:
            spoken = set(self._matching["project"])
            names = [name for name in names if name in spoken]
        if view.mode != "snapshot":
            return tuple(names), {}, ()
        windows = self.table.projects.loc[names, ["window_start", "window_end"]]
        year = windows["window_end"] if view.year == "end" else windows["window_end"] * 0 + int(view.year or 0)
        inside = ((windows["window_start"] <= year) & (year <= windows["window_end"])).fillna(value=False)
        years = {str(name): int(value) for name, value in year[inside.astype(bool)].items()}
        if not years:
            if view.year == "end":
                sentence = marked(
                    "No selected project has a last year in its window. Give windows in projects.csv or choose another "
                    "year."
                )
            else:
                sentence = marked(
                    "No selected project has the year {year} in its window. Give windows in projects.csv or choose "
                    "another year."
                )
            raise UsageError(text(sentence, year=view.year))
        return tuple(years), years, tuple(name for name in names if name not in years)

    @cached_property
    def _resolution(self) -> _Resolution:
        """The rows and states, resolved once for all views that share them.

        Every core phase is resolved whatever phases are shown, so that "without design" has the states of "without
        operation"; the phases beside the core are resolved only where they are asked for.
        """
        core = {phase.key for phase in self.codebook.core_phases}
        beside = tuple(key for key in self.view.phases if key not in core)
        # Where no row is preferred, the best of a cell are all of it.
        rank = self.view.rank if (self.table.rows["rank"] == "preferred").any() else "all"
        place = replace(self.view, phases=beside, min_phases=0, rank=rank)
        found = self._shared.get(place)
        if found is None:
            self._shared[place] = found = self._resolve()
        return found

    def _resolve(self) -> _Resolution:
        if self.view.mode == "time":
            static = self.under(mode="static")._resolution
            return replace(static, states=timed(static.states), view=self.view)
        windows = self.table.projects[["window_start", "window_end"]]
        found = used(self.selected, windows.set_axis(["start", "end"], axis=1), self.codebook, self.view)
        projects = self.table.projects.loc[list(self.projects)]
        states = states_of(found, projects, self.codebook, self.view, asked=self.asked)
        return _Resolution(found, states, self.codebook, self.view)

    @property
    def _used(self) -> Used:
        return self._resolution.used

    @property
    def _states(self) -> States:
        return self._resolution.states

    @cached_property
    def _thin(self) -> tuple[str, ...]:
        view = self.view
        if view.projects or len(self.projects) < 2 or view.min_phases <= 0:
            return ()
        thin = tuple(name for name in self.projects if self._known.get(name, 0) < view.min_phases)
        return () if len(thin) == len(self.projects) else thin

    @cached_property
    def _thin_remark(self) -> str:
        view, thin, core = self.view, self._thin, len(self.codebook.core_phases)
        if thin:
            return text(
                "Not listed: {thin} of {n} projects, of which fewer than {least} of the {core} core phases are known; "
                "where projects are counted, they count.",
                thin=digits(f"{len(thin):,}"),
                n=digits(f"{len(self.projects):,}"),
                least=view.min_phases,
                core=core,
            )
        if view.projects or len(self.projects) < 2 or max(self._known.values(), default=0) >= view.min_phases:
            return ""
        sentence = marked("Of all {n} projects fewer than {least} of the {core} core phases are known; all are listed.")
        return text(sentence, n=digits(f"{len(self.projects):,}"), least=view.min_phases, core=core)

    @cached_property
    def _known(self) -> dict[str, int]:
        """Number of core phases with a holder or a gap at some time, by project, whatever phases are asked for."""
        core = [phase.key for phase in self.codebook.core_phases]
        rest = self._states.static.rest
        frame = self._states.frame
        known = (rest["applicable"] & (rest["unknown"] < 1)).to_numpy(bool) & frame["phase"].isin(core).to_numpy(bool)
        counts = frame.loc[known].groupby("project").size()
        return {str(name): int(number) for name, number in counts.items()}


def as_wholes(rows: pd.DataFrame, wholes: Mapping[str, str]) -> pd.DataFrame:
    """Return the rows with every named actor replaced by what it is part of, to the top.

    A row keeps its origin, and parts of one whole that have different origins stay apart.
    """
    named = ~rows["unnamed"].to_numpy(bool) & (rows["actor_id"] >= 0).to_numpy(bool)
    tops = {name: wholes.get(name, name) for name in rows.loc[named, "holder"].unique()}
    holder = rows["holder"].copy()
    holder[named] = holder[named].map(tops)
    who = pd.DataFrame({"holder": holder[named], "origin": rows.loc[named, "origin"]})
    identity = rows["actor_id"].to_numpy(np.int64).copy()
    number = who.groupby(["holder", "origin"], sort=False).ngroup().to_numpy(np.int64)
    identity[named] = int(identity.max(initial=-1)) + 1 + number
    return rows.assign(holder=holder.astype("str"), actor_id=identity)
