"""`Matrix`: who held what, as plain frames; the only input of the indicators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from agency.matrix.view import View
    from agency.table.codebook import Codebook


@dataclass(frozen=True, eq=False)
class Matrix:
    """States and shares of the core phases in a view, in one mode.

    Every frame names projects by their key and phases by their key, in selection and process order. Phases without
    a row are present (unknown); a phase that is not applicable throughout has ``applicable`` False.

    Attributes
    ----------
    phases
        One row per project and phase: project, phase, block, kind, weight (codebook or view, unscaled), applicable
        (bool), held, gap, unknown (floats, sum to 1 where applicable, else 0; ``held`` includes holders of unknown
        origin), in the view's mode.
    shares
        One row per project, phase, actor and origin with share > 0: project, phase, actor_id, holder, origin, share
        (fraction of the phase's applicable time held by this actor; sums to ``held`` over a phase).
    sets
        Holder sets: project, phase, actor_id, holder, origin. Static sets in static and time, the year's in snapshot.
    years
        Continuing phases by year, whatever the mode: project, phase, year, held, gap, unknown (sum to 1),
        applicable (bool), assumed (bool: held or gap only by an assumed year). Empty for projects without a window.
    year_shares
        project, phase, year, actor_id, holder, origin, share, weight (of the role): who holds in each of those years.
    durations
        Durations without a place in time that do not fill the free years: project, phase, actor_id, holder, origin,
        years (float). They are part of ``shares`` and ``phases`` in mode time; in ``years`` their years are unknown.
        Durations that fill all free years stand in ``years`` and ``year_shares`` instead, each with its part.
    events
        Deciding rows of event phases, whatever the mode and year: project, phase, actor_id, holder, origin, status,
        weight (of the role), start (Int64). With them any year can be looked at as a snapshot (rule 5).
    windows
        Indexed by project: start, end (Int64, missing when there is no window).
    """

    phases: pd.DataFrame
    shares: pd.DataFrame
    sets: pd.DataFrame
    years: pd.DataFrame
    year_shares: pd.DataFrame
    durations: pd.DataFrame
    events: pd.DataFrame
    windows: pd.DataFrame
    codebook: Codebook
    view: View
    projects: tuple[str, ...]
    notices: tuple[str, ...] = ()
    """Warnings of the computation, for instance durations that did not fit."""
