"""Shares within a cell (rule 3): who holds how much of what is held, by actor or by origin."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def share_out(holdings: pd.DataFrame, counting: str) -> pd.DataFrame:
    """Return one line per cell, actor and origin with its ``share``; shares sum to 1 in every cell.

    An actor's weight is the largest of its rows. Counting by actor gives each actor weight / sum of weights
    (fractional counting, Waltman & van Eck 2015); counting by origin gives each origin its largest weight / sum and
    divides it equally among the origin's actors. An actor that the rows give two origins is split between them, so
    that no order of rows decides.

    Parameters
    ----------
    holdings
        cell, actor_id, origin, weight (> 0); repeated lines allowed.
    counting
        ``actor`` or ``origin``.

    Returns
    -------
    pandas.DataFrame
        cell, actor_id, origin, weight, share, in order of first appearance.

    Examples
    --------
    >>> import pandas as pd
    >>> holdings = pd.DataFrame({"cell": [0, 0, 0], "actor_id": [1, 2, 3], "weight": [1.0, 1.0, 1.0],
    ...                          "origin": ["chinese", "chinese", "local"]})
    >>> share_out(holdings, "origin")["share"].tolist()
    [0.25, 0.25, 0.5]
    """
    keys = ["cell", "actor_id", "origin"]
    frame = holdings[[*keys, "weight"]].groupby(keys, sort=False, as_index=False).max()
    unit = ["cell", counting if counting == "origin" else "actor_id"]
    within = frame.groupby(unit, sort=False)["weight"]
    part = within.transform("max") / within.transform("size")
    return frame.assign(share=part / part.groupby(frame["cell"]).transform("sum"))
