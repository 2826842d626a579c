"""`View`: what is selected and which rules are in force, in one frozen record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Mode = Literal["static", "time", "snapshot"]


@dataclass(frozen=True)
class View:
    """Selection and rules; the defaults are the rules of Table 1.

    An empty tuple of names means all. ``weights`` and ``roles`` override the codebook's.
    """

    projects: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    """Kinds of system, as projects.csv names them."""
    where: str = ""
    """A condition on the rows, as `agency.vocabulary.where` reads it."""
    rank: Literal["best", "all"] = "best"
    include_alleged: bool = False
    mode: Mode = "static"
    year: int | Literal["end"] | None = None
    """Only in mode snapshot: a year, or each project's last window year."""
    boundary: Literal["held", "split", "gap"] = "held"
    counting: Literal["actor", "origin"] = "actor"
    actors: Literal["named", "whole"] = "named"
    """Whether a part of an actor counts under its own name or as what it is part of (``part_of`` in actors.csv)."""
    undated: bool = True
    """Whether years that rest on rows without any year count; else they are unknown (a test of robustness)."""
    min_phases: int = 2
    """Projects with fewer core phases known are not listed, unless named in ``projects``; they count all the same."""
    weights: tuple[tuple[str, float], ...] = field(default=())
    roles: tuple[tuple[str, float], ...] = field(default=())
