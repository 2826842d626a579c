"""What each row is used for: one list, one function, read by every table, figure, number and sentence.

The use of a row is the first of these that applies, by the years of the whole window, whatever the mode or year:

=============  =====================================================================================================
deprecated     set aside by the editors (``rank``); never counts
proposed       says what was meant, not what was
alleged        not counted unless the view counts alleged rows
support        its role weighs nothing
uncounted      of a phase that is not core and was not asked for
outranked      beside a preferred row of its cell that decides, a normal one does not
outside        all its years lie outside the window of its project
idle           adds nothing beside another row of its actor in the cell
decides        everything else: the states of the cell are made of these
=============  =====================================================================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from agency.resolve.years import dated_span

if TYPE_CHECKING:
    from agency.resolve.view import View
    from agency.resolve.years import Flags
    from agency.vocabulary import Codebook

SPEAKS = ("outranked", "outside", "idle", "decides")
"""Uses of rows that say something of their cell: one with such rows is never "not coded"."""
_CELL = ["project", "phase"]


def role_weights(codebook: Codebook, view: View) -> dict[str, float]:
    """Return the weight of each role: the codebook's, overridden by the view's."""
    return {**codebook.roles, **dict(view.roles)}


def used(rows: pd.DataFrame, windows: pd.DataFrame, codebook: Codebook, view: View) -> pd.DataFrame:
    """Return the rows with their role's ``weight``, their ``use`` and whether they are ``listed``.

    Parameters
    ----------
    rows
        Rows of a table: project, phase, actor_id, status, role, rank, confidence, start, end, duration_years.
    windows
        Indexed by project: start, end (missing where there is no window).
    codebook, view
        The weights of roles, the phases that are core, and the rules in force.

    Returns
    -------
    pandas.DataFrame
        The rows, and ``weight`` (float), ``use`` (one of the list above), ``listed`` (bool: named in brackets in its
        cell because it is proposed, alleged or support; it follows the rank of the cell).

    Examples
    --------
    >>> import agency
    >>> study = agency.load().select(project="JSeI", phase="maintenance")
    >>> study.resolved.rows["use"].value_counts().to_dict()
    {'outranked': 3, 'decides': 1}
    """
    weight = rows["role"].map(role_weights(codebook, view)).astype(float)
    lead = (rows["role"] == "lead").to_numpy(bool)
    held = (rows["status"] == "held").to_numpy(bool)
    counts_for_nothing = (weight == 0).to_numpy(bool) | (~lead & ~held)
    shown = [phase.key for phase in codebook.phases if phase.core or phase.key in view.phases]
    uncounted = ~rows["phase"].isin(shown).to_numpy(bool)
    # Each mask needs only what stands before it in the list: `np.select` takes the first.
    alleged = (rows["confidence"] == "alleged").to_numpy(bool) & (not view.include_alleged)
    deprecated = (rows["rank"] == "deprecated").to_numpy(bool)
    proposed = (rows["status"] == "proposed").to_numpy(bool)
    usable = ~(deprecated | proposed | alleged | counts_for_nothing)
    wins = _wins(rows, usable & lead, view)
    names = ("deprecated", "proposed", "alleged", "support", "uncounted", "outranked", "outside", "idle")
    standing = usable & (wins | ~lead)
    outside, idle = _beside_the_others(rows, standing, windows, codebook)
    masks = (deprecated, proposed, alleged, counts_for_nothing, uncounted, ~standing, outside, idle)
    use = np.select(masks, names, "decides")
    named = (rows["actor_id"] >= 0).to_numpy(bool) & ~deprecated & wins
    hearsay = alleged & np.isin(rows["status"], ("held", "negotiating"))
    listed = named & (proposed | hearsay | (held & (weight == 0).to_numpy(bool)))
    return rows.assign(weight=weight, use=pd.array(use, dtype="str"), listed=listed)


def _wins(rows: pd.DataFrame, deciding: Flags, view: View) -> Flags:
    """Return which rows have the rank in force in their cell, given which lead rows could decide it.

    Worked: a preferred and a normal row of one cell; with ``rank="best"`` the normal one is outranked. Where the
    preferred row is proposed or alleged it decides nothing, and the normal row stands.
    """
    preferred = (rows["rank"] == "preferred").to_numpy(bool)
    if view.rank == "all":
        return (rows["rank"] != "deprecated").to_numpy(bool)
    best = pd.Series(preferred & deciding, index=rows.index).groupby([rows["project"], rows["phase"]])
    wins: Flags = preferred | ~best.transform("any").to_numpy(bool)
    return wins


def _beside_the_others(
    rows: pd.DataFrame, standing: Flags, windows: pd.DataFrame, codebook: Codebook
) -> tuple[Flags, Flags]:
    """Return which standing rows of continuing phases lie outside their window, and which add nothing.

    An undated held row adds nothing where the same actor has a held row with a year in the window, or a duration, in
    that cell; a bare duration adds nothing beside a held row with a year, nor beside a longer bare duration.

    Worked, window 2012-2021: "ZTE" and "ZTE for 3 years" are one statement and a half, the first is idle; "ZTE 2001
    to 2002" is outside and takes nothing away.
    """
    continuing = [phase.key for phase in codebook.phases if phase.kind == "continuing"]
    at = np.flatnonzero(standing & rows["phase"].isin(continuing).to_numpy(bool))
    some = rows.iloc[at].reset_index(drop=True)
    first, last = (windows[side].reindex(some["project"]) for side in ("start", "end"))
    no_window = first.isna().to_numpy(bool)
    low, high = dated_span(some, first.fillna(0).to_numpy(np.int64), last.fillna(-1).to_numpy(np.int64))
    dated = (some["start"].notna() | some["end"].notna()).to_numpy(bool)
    held = (some["status"] == "held").to_numpy(bool)
    bare = held & ~dated & some["duration_years"].notna().to_numpy(bool)
    outside = dated & (low > high) & ~no_window
    of_actor = [some[name] for name in (*_CELL, "actor_id")]
    has_dated = pd.Series(held & dated & ~outside).groupby(of_actor).transform("any").to_numpy(bool)
    has_bare = pd.Series(bare).groupby(of_actor).transform("any").to_numpy(bool)
    longest = some["duration_years"].where(bare).groupby(of_actor).transform("max")
    shorter = bare & (some["duration_years"] < longest).fillna(value=False).to_numpy(bool)
    idle = held & ~dated & (has_dated | (~bare & has_bare)) | shorter
    flags = np.zeros((2, len(rows)), dtype=bool)
    flags[0, at], flags[1, at] = outside, idle
    return flags[0], flags[1]
