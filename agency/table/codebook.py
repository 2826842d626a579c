"""The codebook: phases, origins, role weights and thresholds, as plain frozen records.

Read from `codebook.toml` beside the data, else from the packaged default (`default_codebook.toml`).
A table given in a user's file replaces the packaged one whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MOST = 1_000_000
"""The greatest number an entry may hold: beyond all use, and far from where sums and quotients overflow."""


@dataclass(frozen=True)
class Phase:
    """One phase of the life cycle."""

    key: str
    label: str
    """As printed in Table 1, e.g. "Managed and operated by"."""
    short: str
    kind: str
    """``event`` (the holder stays on record) or ``continuing`` (weighted by time, can be orphaned)."""
    block: str
    """``finance``, ``upstream``, ``build``, ``operate`` or ``maintain``."""
    weight: float
    core: bool
    """Shown and counted by default."""


@dataclass(frozen=True)
class Origin:
    """One origin of actors, relative to the project's country, and how it is drawn."""

    key: str
    label: str
    foreign: bool
    colour: str
    """Fill of cells with names in them, ``#rrggbb``."""
    strong: str
    """Fill of bars and unlabelled cells, ``#rrggbb``."""
    edge: str
    """Dark partner for edges and hatch, ``#rrggbb``."""
    hatch: str
    """Second code: a straight matplotlib hatch, or empty."""


UNKNOWN = Origin("unknown", "Unknown", foreign=False, colour="#FFFFFF", strong="#FFFFFF", edge="#555555", hatch="")
"""The reserved origin of holders whose seat cannot be told: never in `Codebook.origins`, always accepted in a table."""


@dataclass(frozen=True)
class Threshold:
    """A line used by a test, with where it comes from."""

    key: str
    value: float
    citation: str


@dataclass(frozen=True)
class Codebook:
    """Everything a study's vocabulary consists of."""

    phases: tuple[Phase, ...]
    origins: tuple[Origin, ...]
    roles: Mapping[str, float]
    """Weight of a role in a cell: lead 1, support 0 by default."""
    thresholds: Mapping[str, Threshold]

    @property
    def core_phases(self) -> tuple[Phase, ...]:
        """The phases shown and counted by default, in process order."""
        return tuple(phase for phase in self.phases if phase.core)

    @property
    def foreign_origins(self) -> tuple[str, ...]:
        """Keys of the origins that count as foreign."""
        return tuple(origin.key for origin in self.origins if origin.foreign)

    def phase(self, key: str) -> Phase:
        """Return the phase with this key."""
        return next(phase for phase in self.phases if phase.key == key)

    def origin(self, key: str) -> Origin:
        """Return the origin with this key; `unknown`, which is no origin of the codebook, is `UNKNOWN`."""
        if key == UNKNOWN.key:
            return UNKNOWN
        return next(origin for origin in self.origins if origin.key == key)
