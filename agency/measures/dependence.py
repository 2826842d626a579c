"""The three-part screen for dependence on foreign holders, on all phases and on the technical ones (I13)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from agency.measures.composition import insufficient, mean_over_known, phase_shares, why_insufficient
from agency.measures.concentration import NO_FOREIGN, concentration, foreign_mass
from agency.measures.profile import TOLERANCE, profile
from agency.measures.tidy import NO_WINDOW, joined, lists, ratio_of, tidy
from agency.measures.yearly import yearly

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from agency.matrix.matrix import Matrix
    from agency.measures.profile import Flags, Floats, Profile

SCOPES = {"all": (), "technical": ("build", "maintain")}
"""Blocks of the phases each test looks at; none named: all."""


@dataclass(frozen=True, eq=False)
class Screen:
    """The parts of the test, one entry per unit; NaN where undefined."""

    hhi_foreign: Floats
    foreign_share: Floats
    no_local_coholder: Floats
    touched: Floats
    """Number of phases with a foreign holder."""
    sufficient: Flags
    dependent: Flags
    """All three parts above their line; False where a part is undefined."""


def dependence_test(matrix: Matrix) -> pd.DataFrame:
    """Return the three-part screen (I13), after the European Commission's rule for products, SWD(2021) 352, adapted.

    Dependent when the HHI among foreign actors, the mean foreign phase share and the share of foreign-touched phases
    without a local co-holder are all above their line in the codebook (0.4, 0.5, 0.5). The third line is our own. A
    screen, no verdict.

    Returns
    -------
    pandas.DataFrame
        Keys ``dependence_test.SCOPE.hhi_foreign``, ``.foreign_share``, ``.no_local_coholder`` in [0, 1],
        ``.dependent`` (bool) and ``.years`` (window years whose snapshot fires), SCOPE all or technical.

    Examples
    --------
    >>> import agency
    >>> frame = dependence_test(agency.load().select(project="JSeI").matrix)
    >>> frame.loc[frame["key"].str.endswith("dependent"), "value"].tolist()
    [False, True]
    """
    data, snapshots = profile(matrix), yearly(matrix)
    window = matrix.windows["start"].notna().to_numpy(bool)
    frames = []
    for scope, blocks in SCOPES.items():
        found = screen(data, blocks)
        why = why_insufficient(data, _inside(data, blocks) if blocks else None)
        no_foreign = np.where(found.sufficient, NO_FOREIGN, why)
        fired = screen(snapshots.profile, blocks).dependent
        years = lists(snapshots.project[fired], snapshots.year[fired], len(data.projects))
        years[~window] = None
        flags = found.dependent.astype(object)
        flags[~found.sufficient] = None
        touched = found.no_local_coholder * found.touched, found.touched
        for name, value, reason, ratio in (
            ("hhi_foreign", found.hhi_foreign, no_foreign, None),
            ("foreign_share", found.foreign_share, why, None),
            ("no_local_coholder", found.no_local_coholder, no_foreign, touched),
            ("dependent", flags, why, None),
            ("years", years, NO_WINDOW, None),
        ):
            frames.append(tidy(data, [f"dependence_test.{scope}.{name}"], value, why=reason, ratio=ratio))
    return joined(frames)


def screen(data: Profile, blocks: tuple[str, ...]) -> Screen:
    """Return the parts of the test over some blocks, or over all phases when none is named."""
    inside = _inside(data, blocks)
    sufficient = ~insufficient(data, inside if blocks else None)
    hhi = concentration(data.actors.project, foreign_mass(data, inside), len(data.projects)).hhi
    of_phase = phase_shares(data)[:, :, data.foreign].sum(axis=2)
    share, _ = mean_over_known(data, of_phase, inside)
    touched = (data.present & data.foreign).any(axis=2) & inside
    alone = touched & ~data.present[:, :, data.local]
    without = ratio_of(alone.sum(axis=1), touched.sum(axis=1))
    parts = ((hhi, "hhi_foreign"), (share, "foreign_share"), (without, "no_local_coholder"))
    above: NDArray[np.bool_] = np.logical_and.reduce([value > data.line(key) + TOLERANCE for value, key in parts])
    return Screen(
        hhi_foreign=np.where(sufficient, hhi, np.nan),
        foreign_share=np.where(sufficient, share, np.nan),
        no_local_coholder=np.where(sufficient, without, np.nan),
        touched=touched.sum(axis=1).astype(float),
        sufficient=sufficient,
        dependent=sufficient & above,
    )


def _inside(data: Profile, blocks: tuple[str, ...]) -> Flags:
    return data.in_blocks(*blocks) if blocks else np.ones(len(data.phases), dtype=bool)
