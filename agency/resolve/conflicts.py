"""Agreement between sources, cell by cell (rule 13). The one place where the rule lives.

Two sources are compared by what they say of a project and phase:

- *same*: they name the same origins of holders (or both name none);
- *complementary*: the origins of one are among those of the other, the names differ in number only;
- *contested*: neither contains the other, or one says held and the other nobody in a year that both state.

With more than two sources every pair is compared and the worst counts. A cell with one source has no agreement.
Proposed and not_applicable rows name no holder and no gap, so they are not compared. A holder of unknown origin
says that somebody holds, not who: it contradicts no origin. A year is stated as in rule 6. Event phases have no
years: there, a source with a holder and a source that says nobody are contested whatever their dates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from agency.resolve.years import GAP

if TYPE_CHECKING:
    from agency.resolve.resolved import Resolved

_LEVELS = ("", "same", "complementary", "contested")
_CELL = ["project", "phase"]


def contested(resolved: Resolved) -> pd.DataFrame:
    """Return how far the sources of each cell agree.

    Parameters
    ----------
    resolved
        Its selection limits the rows; alleged ones count where the view counts them. Rank is never looked at: a
        disagreement does not go away because one side was preferred.

    Returns
    -------
    pandas.DataFrame
        project, phase, agreement (``""``, ``same``, ``complementary`` or ``contested``), one row per cell with a
        statement that can be compared, in order of first appearance.

    Examples
    --------
    >>> import agency
    >>> cells = contested(agency.load().select(project="ECU 911", source="vilaseoane2024").resolved)
    >>> set(cells["agreement"])
    {''}
    """
    rows = _compared_rows(resolved)
    cells = rows[_CELL].drop_duplicates()
    pairs = source_pairs(resolved)
    worst = (
        pairs.assign(level=pairs["agreement"].map(_LEVELS.index).astype(int)).groupby(_CELL, sort=False)["level"].max()
    )
    levels = worst.reindex(pd.MultiIndex.from_frame(cells)).fillna(0).astype(int)
    agreement = pd.Series([_LEVELS[level] for level in levels], index=cells.index, dtype="str")
    return cells.assign(agreement=agreement).reset_index(drop=True)


def source_pairs(resolved: Resolved) -> pd.DataFrame:
    """Return the comparison of every two sources of a cell.

    Parameters
    ----------
    resolved
        As in `contested`.

    Returns
    -------
    pandas.DataFrame
        project, phase, source_a, source_b, agreement; each pair once, sources in order of first appearance.

    Examples
    --------
    >>> import agency
    >>> list(source_pairs(agency.load().resolved).columns)
    ['project', 'phase', 'source_a', 'source_b', 'agreement']
    """
    rows = _compared_rows(resolved)
    said = _said(rows)
    pairs = said.merge(said, on=_CELL, suffixes=("_a", "_b"))
    pairs = pairs[pairs["order_a"] < pairs["order_b"]].reset_index(drop=True)
    common = pairs["origins_a"] & pairs["origins_b"]
    level = pd.Series(3, index=pairs.index)
    level = level.mask((common == pairs["origins_a"]) | (common == pairs["origins_b"]), 2)
    level = level.mask(pairs["origins_a"] == pairs["origins_b"], 1)
    events = [phase.key for phase in resolved.codebook.phases if phase.kind == "event"]
    against = pairs["phase"].isin(events) & (pairs["held_a"] != pairs["held_b"])
    keys = [*_CELL, "source_a", "source_b"]
    level = level.mask(against | pd.MultiIndex.from_frame(pairs[keys]).isin(_clashes(rows, events)), 3)
    agreement = pd.Series([_LEVELS[number] for number in level], index=pairs.index, dtype="str")
    return pairs[keys].assign(agreement=agreement)


def _compared_rows(resolved: Resolved) -> pd.DataFrame:
    rows = resolved.rows
    set_aside = rows["use"].isin(["deprecated", "proposed", "alleged"])
    return rows[~set_aside & (rows["role"] == "lead") & rows["status"].isin(["held", *GAP])]


def _said(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one line per cell and source: its origins as a bit mask, whether it names a holder, its order."""
    held = rows["status"] == "held"
    known = held & (rows["origin"] != "unknown")
    codes, names = pd.factorize(rows["origin"])
    bits = pd.Series([1 << code for code in range(len(names))], dtype="int64")
    mask = pd.Series(bits.to_numpy()[codes], index=rows.index).where(known, 0)
    lines = rows[[*_CELL, "source"]].assign(origins=mask, held=held)
    distinct = lines.drop_duplicates([*_CELL, "source", "origins"])
    said = distinct.groupby([*_CELL, "source"], sort=False)["origins"].sum().reset_index()
    any_held = lines.groupby([*_CELL, "source"], sort=False)["held"].any().reset_index(drop=True)
    return said.assign(held=any_held, order=range(len(said)))


def _clashes(rows: pd.DataFrame, events: list[str]) -> pd.MultiIndex:
    """Return the pairs of sources of which one states a holder and the other nobody for one year, both ways."""
    dated = rows[(rows["start"].notna() | rows["end"].notna()) & ~rows["phase"].isin(events)]
    lines = dated[[*_CELL, "source"]].assign(
        first=dated["start"].fillna(dated["end"]).astype("int64"),
        last=dated["end"].fillna(dated["start"]).astype("int64"),
        held=dated["status"] == "held",
    )
    both = lines[lines["held"]].merge(lines[~lines["held"]], on=_CELL, suffixes=("_a", "_b"))
    common = (both["first_a"] <= both["last_b"]) & (both["first_b"] <= both["last_a"])
    both = both[common & (both["source_a"] != both["source_b"])]
    keys = [*_CELL, "source_a", "source_b"]
    turned = both.rename(columns={"source_a": "source_b", "source_b": "source_a"})
    return pd.MultiIndex.from_frame(pd.concat([both[keys], turned[keys]], ignore_index=True))
