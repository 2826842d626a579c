"""Plain records: a study as given, a row, a view, and who a holder is."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

Span = tuple[int | None, int | None]

NOBODY = ("vacant", "negotiating")
DECIDING = ("held", "vacant", "negotiating", "not_applicable")

DEFAULT_PHASES: tuple[dict[str, Any], ...] = (
    {"key": "financing", "kind": "event", "block": "finance", "weight": 0, "core": False},
    {"key": "initiation", "kind": "event", "block": "upstream", "weight": 1, "core": True},
    {"key": "requirements", "kind": "event", "block": "upstream", "weight": 1, "core": True},
    {"key": "design", "kind": "event", "block": "build", "weight": 1, "core": True},
    {"key": "implementation", "kind": "event", "block": "build", "weight": 1, "core": True},
    {"key": "operation", "kind": "continuing", "block": "operate", "weight": 1, "core": True},
    {"key": "maintenance", "kind": "continuing", "block": "maintain", "weight": 1, "core": True},
)
FOREIGN = ("chinese", "western", "other")
ORIGINS = ("local", "chinese", "western", "other", "mixed")


class Holder(NamedTuple):
    """Who holds: a name, the project of an unnamed group (else empty), and the origin."""

    actor: str
    group_of: str
    origin: str


@dataclass(frozen=True)
class Row:
    """One statement; `line` is its line in the file (the header is line 1)."""

    line: int
    project: str
    phase: str
    source: str
    actor: str = ""
    origin: str = ""
    actor_kind: str = ""
    unnamed: bool = False
    role: str = "lead"
    scope: str = ""
    start: int | None = None
    end: int | None = None
    duration_years: int | None = None
    status: str = "held"
    confidence: str = "reported"
    rank: str = "normal"
    only: bool = False
    amount: str = ""
    currency: str = ""

    @property
    def span(self) -> Span:
        """Years given. "With one date [a duration] gives the other (start 2016 + 3 = 2016-2018, stated)"."""
        start, end, years = self.start, self.end, self.duration_years
        if years is not None and start is not None and end is None:
            end = start + years - 1
        elif years is not None and end is not None and start is None:
            start = end - years + 1
        return start, end

    @property
    def dated(self) -> bool:
        return self.span != (None, None)

    @property
    def bare_duration(self) -> bool:
        """A duration without a date is unplaced."""
        return self.duration_years is not None and not self.dated

    @property
    def undated(self) -> bool:
        """Neither a year nor a duration."""
        return self.duration_years is None and not self.dated


@dataclass(frozen=True)
class Study:
    """A study as plain data: rows and projects as dictionaries, everything absent means its default."""

    rows: tuple[dict[str, Any], ...]
    projects: dict[str, dict[str, Any]] = field(default_factory=dict)
    actors: dict[str, dict[str, Any]] = field(default_factory=dict)
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    phases: tuple[dict[str, Any], ...] = DEFAULT_PHASES
    foreign: tuple[str, ...] = FOREIGN
    until: int | None = None

    @cached_property
    def table(self) -> tuple[Row, ...]:
        return tuple(Row(line=number, **row) for number, row in enumerate(self.rows, start=2))

    @property
    def names(self) -> list[str]:
        """Projects with rows, in file order ("Only projects with rows are listed")."""
        return list(dict.fromkeys(row.project for row in self.table))

    def project(self, name: str) -> dict[str, Any]:
        return self.projects.get(name, {})

    def phase(self, key: str) -> dict[str, Any]:
        return next(phase for phase in self.phases if phase["key"] == key)

    def continuing(self, key: str) -> bool:
        return self.phase(key)["kind"] == "continuing"

    @property
    def counted_phases(self) -> list[str]:
        """ "Non-core phases never enter composition or indicators"."""
        return [phase["key"] for phase in self.phases if phase["core"] and phase["weight"] > 0]

    def block(self, block: str) -> list[str]:
        return [key for key in self.counted_phases if self.phase(key)["block"] == block]

    def wholes(self, actor: str) -> list[str]:
        """What an actor is part of, step by step to the top (itself first)."""
        chain = [actor]
        while parent := self.actors.get(chain[-1], {}).get("part_of", ""):
            chain.append(parent)
        return chain


@dataclass(frozen=True)
class View:
    """How the study is looked at; the defaults are those of the commands."""

    mode: str = "static"
    year: int | str | None = None
    boundary: str = "held"
    counting: str = "actor"
    rank: str = "best"
    include_alleged: bool = False
    actors: str = "named"
    sources: tuple[str, ...] | None = None
    phases: tuple[str, ...] = ()


def holder(study: Study, view: View, row: Row) -> Holder:
    """Who a row names.

    "An unnamed actor's identity is (project, name)". "With `whole` every actor is replaced by what it is part of,
    to the top; a row's origin stays, parts of one whole with different origins stay apart by origin."
    """
    if row.unnamed:
        return Holder(row.actor, row.project, row.origin)
    name = study.wholes(row.actor)[-1] if view.actors == "whole" else row.actor
    return Holder(name, "", row.origin)


def cell_rows(study: Study, view: View, project: str, phase: str) -> list[Row]:
    """Rows of a project and phase from the selected sources."""
    return [
        row
        for row in study.table
        if (row.project, row.phase) == (project, phase) and (view.sources is None or row.source in view.sources)
    ]
