"""`Choice`: what can be chosen of a study, as keywords with their types. Editors complete them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypedDict


class Choice(TypedDict, total=False):
    """What `Study.select` understands; everything not given stays as it is."""

    project: str | Iterable[str]
    phase: str | Iterable[str]
    source: str | Iterable[str]
    country: str | Iterable[str]
    rank: Literal["best", "all"]
    include_alleged: bool
    mode: Literal["static", "time", "snapshot"]
    year: int | str
    boundary: Literal["held", "split", "gap"]
    counting: Literal["actor", "origin"]
    min_phases: int
    weights: tuple[tuple[str, float], ...]
    roles: tuple[tuple[str, float], ...]
