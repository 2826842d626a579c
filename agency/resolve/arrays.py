"""`Profile`: the frames of a `Matrix` as whole arrays, so that no indicator loops over projects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from agency.resolve.years import Flags, Floats, Ints

if TYPE_CHECKING:
    from agency.resolve.matrix import Matrix
    from agency.vocabulary import Codebook


TOLERANCE = 1e-12
"""Two numbers nearer than this are equal: shares are sums of fractions in binary."""


@dataclass(frozen=True, eq=False)
class Actors:
    """The distinct actors of each project, in order of first appearance."""

    project: Ints
    """Position of the project of each actor."""
    names: tuple[str, ...]
    """Printed name, unique within its project."""
    identity: Ints
    """Identity over the whole table (`Matrix.sets["actor_id"]`)."""


@dataclass(frozen=True, eq=False)
class Parts:
    """Shares of holders: one entry per project, phase, actor and origin."""

    project: Ints
    phase: Ints
    actor: Ints
    """Position in `Actors`."""
    origin: Ints
    """Position in `Profile.origins`; -1 for a holder of unknown origin."""
    share: Floats
    undated: Floats
    """The part of the share that rests on rows without any year alone."""

    def slice(self, first: int, last: int) -> Parts:
        """Return the entries from `first` up to `last`."""
        kept = slice(first, last)
        return Parts(*(getattr(self, entry.name)[kept] for entry in fields(self)))


@dataclass(frozen=True, eq=False)
class Profile:
    """P projects, K phases, O known origins; `sets` have share 1 each.

    In mode static and time `sets` are the static holder sets, in snapshot the year's.
    """

    projects: tuple[str, ...]
    phases: tuple[str, ...]
    blocks: tuple[str, ...]
    """Block of each phase."""
    origins: tuple[str, ...]
    codebook: Codebook
    weight: Floats
    """(P, K): weight of the phase, 0 where it is not applicable."""
    applicable: Flags
    """(P, K)."""
    gap: Floats
    """(P, K): share of the phase that nobody held."""
    unknown: Floats
    """(P, K): share of the phase of which the holder is not known."""
    undated_gap: Floats
    """(P, K): the part of the gap that rests on rows without any year alone."""
    actors: Actors
    parts: Parts
    sets: Parts

    @cached_property
    def project_type(self) -> pd.CategoricalDtype:
        """The projects as categories: one object for all frames, so that joining them compares nothing."""
        return pd.CategoricalDtype(pd.Index(self.projects, dtype="str"))

    @cached_property
    def total(self) -> Floats:
        """(P,): sum of the weights."""
        found: Floats = self.weight.sum(axis=1)
        return found

    @cached_property
    def mass(self) -> Floats:
        """(P, K, O): share of the phase held by actors of each known origin."""
        return self._by_origin(self.parts.share)

    @cached_property
    def undated(self) -> Floats:
        """(P, K, O): the part of ``mass`` that rests on rows without any year alone."""
        return self._by_origin(self.parts.undated)

    @cached_property
    def doubtful(self) -> Floats:
        """(P, K): what a bound may give to anybody: unknown, and all that is undated, held or gap."""
        found: Floats = self.unknown_origin + self.undated.sum(axis=2) + self.undated_gap
        return found

    @cached_property
    def known(self) -> Floats:
        """(P, K): share of the phase held by actors of known origin."""
        found: Floats = self.mass.sum(axis=2)
        return found

    @cached_property
    def unknown_origin(self) -> Floats:
        """(P, K): share of the phase that is unknown, or held by actors of unknown origin."""
        kept = self.parts.origin < 0
        shape = self.weight.shape
        place = self.parts.project[kept] * shape[1] + self.parts.phase[kept]
        return self.unknown + summed(place, self.parts.share[kept], self.weight.size).reshape(shape)

    @cached_property
    def foreign(self) -> Flags:
        """(O,): whether an origin counts as foreign."""
        return np.isin(self.origins, self.codebook.foreign_origins)

    @cached_property
    def local(self) -> int:
        """Position of the reserved origin ``local``."""
        return self.origins.index("local")

    @cached_property
    def links(self) -> tuple[Ints, Ints, Ints]:
        """Distinct (project, phase, actor) of the holder sets, each as an array of positions."""
        height, width = self.weight.shape[1], max(len(self.actors.names), 1)
        code = np.unique((self.sets.project * height + self.sets.phase) * width + self.sets.actor)
        return code // width // max(height, 1), code // width % max(height, 1), code % width

    @cached_property
    def holders(self) -> Ints:
        """(P, K): number of distinct actors in the holder set."""
        project, phase, _ = self.links
        return self._count(project, phase)

    @cached_property
    def present(self) -> Flags:
        """(P, K, O): whether an actor of this origin is in the holder set."""
        flags = np.zeros(self.mass.shape, dtype=bool)
        kept = self.sets.origin >= 0
        flags[self.sets.project[kept], self.sets.phase[kept], self.sets.origin[kept]] = True
        return flags

    @cached_property
    def of_unknown_origin(self) -> Flags:
        """(P, K): whether an actor of unknown origin is in the holder set."""
        kept = self.sets.origin < 0
        return self._count(self.sets.project[kept], self.sets.phase[kept]) > 0

    def _by_origin(self, values: Floats) -> Floats:
        kept = self.parts.origin >= 0
        shape = (*self.weight.shape, len(self.origins))
        place = (self.parts.project[kept] * shape[1] + self.parts.phase[kept]) * shape[2] + self.parts.origin[kept]
        return summed(place, values[kept], shape[0] * shape[1] * shape[2]).reshape(shape)

    def line(self, key: str) -> float:
        """Return the value of a threshold of the codebook."""
        return self.codebook.thresholds[key].value

    def in_blocks(self, *names: str) -> Flags:
        """Return which of the K phases belong to these blocks."""
        return np.isin(self.blocks, names)

    def _count(self, project: Ints, phase: Ints) -> Ints:
        shape = self.weight.shape
        found: Ints = np.bincount(project * shape[1] + phase, minlength=self.weight.size).astype(np.int64)
        return found.reshape(shape)


def arrays_of(matrix: Matrix) -> Profile:
    """Return the arrays of a matrix.

    Examples
    --------
    >>> import agency
    >>> agency.load().select(project="JSeI").resolved.arrays.mass.shape
    (1, 6, 5)
    """
    keys = matrix.phases.drop_duplicates("phase")
    phases = tuple(keys["phase"])
    origins = known_origins(matrix.codebook)
    place = positions(matrix.projects, matrix.phases["project"]), positions(phases, matrix.phases["phase"])

    def grid(column: str, kind: type) -> NDArray[Any]:
        filled: NDArray[Any] = np.zeros((len(matrix.projects), len(phases)), dtype=kind)
        filled[place] = matrix.phases[column].to_numpy(kind)
        return filled

    columns = ["project", "phase", "actor_id", "holder", "origin"]
    both = pd.concat([matrix.sets[columns], matrix.shares[columns]])
    project = positions(matrix.projects, both["project"])
    actors, actor = number_actors(project, both["actor_id"].to_numpy(np.int64), both["holder"].to_numpy(dtype=object))
    ones, undated = np.ones(len(matrix.sets)), np.zeros(len(matrix.sets))
    parts = Parts(
        project,
        positions(phases, both["phase"]),
        actor,
        positions(origins, both["origin"]),
        np.concatenate([ones, matrix.shares["share"].to_numpy(float)]),
        np.concatenate([undated, matrix.shares["undated"].to_numpy(float)]),
    )
    applicable = grid("applicable", bool)
    return Profile(
        projects=matrix.projects,
        phases=phases,
        blocks=tuple(keys["block"]),
        origins=origins,
        codebook=matrix.codebook,
        weight=np.where(applicable, grid("weight", float), 0.0),
        applicable=applicable,
        gap=grid("gap", float),
        unknown=grid("unknown", float),
        undated_gap=grid("undated_gap", float),
        actors=actors,
        parts=parts.slice(len(matrix.sets), len(both)),
        sets=parts.slice(0, len(matrix.sets)),
    )


def known_origins(codebook: Codebook) -> tuple[str, ...]:
    """Return the keys of the origins that can be told, in the order of the codebook."""
    return tuple(origin.key for origin in codebook.origins if origin.key != "unknown")


def positions(names: Sequence[Any] | pd.Index, values: pd.Series[Any]) -> Ints:
    """Return the position of each value among the names, -1 where it is none of them."""
    found: Ints = pd.Index(names).get_indexer(pd.Index(values)).astype(np.int64)
    return found


def summed(place: Ints, weights: ArrayLike, size: int) -> Floats:
    """Return the sum of the weights at each of `size` places."""
    return np.bincount(place, weights=np.asarray(weights, dtype=float), minlength=size).astype(float)


def number_actors(project: Ints, identity: Ints, names: NDArray[np.object_]) -> tuple[Actors, Ints]:
    """Return the distinct actors of every project in order of appearance, and the number of each entry's actor."""
    span = int(identity.max(initial=0)) + 1
    codes, pairs = pd.factorize(project * span + identity)
    first = np.full(len(pairs), len(codes), dtype=np.int64)
    np.minimum.at(first, codes, np.arange(len(codes)))
    found = tuple(names[first]) if len(pairs) else ()
    return Actors((pairs // span).astype(np.int64), found, (pairs % span).astype(np.int64)), codes.astype(np.int64)
