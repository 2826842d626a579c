"""Several readings of a study resolved in one go: each source alone, or the study under other choices.

Projects do not touch one another, so a project that is read in three ways can be three projects, each with the
statements of one reading. Resolving them together takes hardly longer than resolving one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from agency.resolve.resolved import Resolved, as_wholes
from agency.resolve.select import matching

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any


@dataclass(frozen=True, eq=False)
class Apart:
    """A study in parts, each as if there were nothing else.

    Every project stands once for each part, under a name of its own: a project that three sources speak of is three
    projects, each with the statements of one.
    """

    parts: tuple[str, ...]
    resolved: Resolved
    names: Mapping[str, tuple[str, str]]
    """Part and project by the name of its own."""

    @classmethod
    def of(
        cls,
        resolved: Resolved,
        parts: Mapping[str, pd.DataFrame],
        *,
        projects: Sequence[str] = (),
        **rules: Any,
    ) -> Apart:
        """Return a study in parts.

        Parameters
        ----------
        resolved
            Whose projects and rules they have.
        parts
            Rows of the table by part.
        projects
            Those that every part has; without it each part has the projects it has rows of.
        rules
            Fields of `View` that differ.
        """
        table, view = resolved.table, resolved.view
        spoken = {part: set(rows["project"].unique()) for part, rows in parts.items()}
        pairs = {
            f"{part}\n{project}": (part, project)
            for part in parts
            for project in projects or resolved.projects
            if projects or project in spoken[part]
        }
        named = [rows.assign(project=part + "\n" + rows["project"].astype("str")) for part, rows in parts.items()]
        rows = pd.concat(named, ignore_index=True) if named else table.rows.iloc[:0]
        heads = table.projects.loc[[project for _, project in pairs.values()]].set_axis(list(pairs))
        apart = replace(table, rows=rows[rows["project"].isin(pairs)], projects=heads, own=None, own_projects=None)
        selection: dict[str, Any] = {"countries": (), "types": (), "sources": (), "where": "", "min_phases": 0}
        chosen = replace(view, projects=tuple(pairs), **selection, **rules)
        return cls(tuple(parts), Resolved(apart, chosen), pairs)

    @classmethod
    def under(cls, resolved: Resolved, changes: Mapping[str, Mapping[str, Any]]) -> Apart:
        """Return the listed projects under other choices of sources, rank, alleged rows and actors.

        Each of these can be told row by row: under rank all no row is preferred, an allegation that counts is a report,
        the whole of an actor is another actor. Views of the same projects share what is resolved, as they do otherwise.
        """
        listed, phases = resolved.listed, resolved.view.phases
        place = replace(resolved.view, projects=listed, countries=(), types=(), phases=(), min_phases=0)
        known = (place, *((name, *sorted(change.items())) for name, change in changes.items()))
        found = resolved.shared_apart.get(known)
        if found is None:
            resolved.shared_apart[known] = found = cls._under(resolved, changes)
        return replace(found, resolved=found.resolved.under(phases=phases)) if phases else found

    @classmethod
    def _under(cls, resolved: Resolved, changes: Mapping[str, Mapping[str, Any]]) -> Apart:
        rows = matching(resolved.table, resolved.view)
        rows = rows[rows["project"].isin(resolved.listed)]
        parts = {}
        for name, change in changes.items():
            view = replace(resolved.view, **change)
            mine = rows[rows["source"].isin(view.sources)] if "sources" in change else rows
            if view.rank == "all":
                mine = mine.assign(rank=mine["rank"].mask(mine["rank"] == "preferred", "normal"))
            if view.include_alleged:
                mine = mine.assign(confidence=mine["confidence"].mask(mine["confidence"] == "alleged", "reported"))
            parts[name] = as_wholes(mine, resolved.table.wholes) if view.actors == "whole" else mine
        rules: dict[str, Any] = {"phases": (), "rank": "best", "include_alleged": False, "actors": "named"}
        return cls.of(resolved, parts, projects=resolved.listed, **rules)

    def told(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return a frame of the resolved parts with the part in a column of its own, and the project by its name."""
        pairs = frame["project"].astype("str").map(self.names)
        return frame.assign(part=pairs.str[0].astype("str"), project=pairs.str[1].astype("str"))
