"""Who says what: cells and compositions by source, and by level of confidence (rule 13, I22)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from agency.about import METHOD_VERSION, __version__
from agency.indicators import composition
from agency.resolve import Resolved, source_pairs

if TYPE_CHECKING:
    pass

LEVELS = ("documented", "reported", "alleged")
AGREEMENTS = ("contested", "complementary", "same", "")
"""From what needs attention to what cannot be compared: cells of one source."""

_CELL = ["project", "phase"]


@dataclass(frozen=True, eq=False)
class SourceComparison:
    """What each source, and each level of confidence, makes of a view."""

    sources: tuple[str, ...]
    """Sources with a row in the view, in alphabetical order."""
    cells: pd.DataFrame
    """project, phase, agreement, and the cell's text by each source ("" where it says nothing)."""
    pairs: pd.DataFrame
    """project, phase, source_a, source_b, agreement."""
    levels: pd.DataFrame
    """project, phase, and the cell's text by each level of confidence."""
    by_source: pd.DataFrame
    """project, source, key (``composition.local`` ...), value."""
    by_level: pd.DataFrame
    """project, level, key, value."""


def compare_sources(resolved: Resolved) -> SourceComparison:
    """Set the sources of a view side by side.

    The text of a cell by one source holds all that the source says, whatever the rank; the composition by one source
    or level follows the rules of the view, computed as if there were nothing else.

    Parameters
    ----------
    resolved
        What is selected, and the rules.

    Examples
    --------
    >>> import agency
    >>> study = agency.load().select(project="JSeI", phase="maintenance")
    >>> compare_sources(study.resolved).cells["vilaseoane2024"].tolist()
    ['ZTE for 3 years']
    """
    rows = resolved.rows
    alone = resolved.under(projects=resolved.projects, countries=(), min_phases=0)
    sources = tuple(sorted(rows["source"].unique()))
    by_source = {source: alone.under(sources=(source,)) for source in sources}
    by_level = {level: _of_level(alone, level) for level in LEVELS if (rows["confidence"] == level).any()}
    texts = {source: _texts(only.under(rank="all")) for source, only in by_source.items()}
    level_texts = {level: _texts(part.under(rank="all")) for level, part in by_level.items()}
    keys = [(project, phase.key) for project in resolved.projects for phase in resolved.phases]
    return SourceComparison(
        sources=sources,
        cells=_side_by_side(keys, texts, resolved.agreement),
        pairs=source_pairs(resolved),
        levels=_side_by_side(keys, level_texts),
        by_source=_compositions(by_source, "source", keys, texts),
        by_level=_compositions(by_level, "level", keys, level_texts),
    )


def sources_document(resolved: Resolved, found: SourceComparison) -> dict[str, Any]:
    """Return what ``agency sources -f json`` prints: method, cells, levels, compositions by source and by level."""
    view = resolved.view
    pairs: dict[tuple[str, str], list[dict[str, str]]] = {}
    for project, phase, one, other, agreement in found.pairs.itertuples(index=False):
        pairs.setdefault((project, phase), []).append({"a": one, "b": other, "agreement": agreement})
    return {
        "method": {
            "version": METHOD_VERSION,
            "rank": view.rank,
            "boundary": view.boundary,
            "mode": view.mode,
            "include_alleged": view.include_alleged,
            "data_sha256": resolved.table.sha256,
            "package_version": __version__,
        },
        "sources": list(found.sources),
        "cells": [
            {
                "project": row["project"],
                "phase": row["phase"],
                "agreement": row["agreement"],
                "sources": {source: row[source] for source in found.sources if row[source]},
                "pairs": pairs.get((row["project"], row["phase"]), []),
            }
            for row in found.cells.to_dict("records")
        ],
        "levels": [
            {
                "project": row["project"],
                "phase": row["phase"],
                "levels": {str(k): v for k, v in row.items() if k not in _CELL and v},
            }
            for row in found.levels.to_dict("records")
        ],
        "composition": {"source": _nested(found.by_source, "source"), "level": _nested(found.by_level, "level")},
    }


def _of_level(resolved: Resolved, level: str) -> Resolved:
    table = resolved.table
    kept = replace(table, rows=table.rows[table.rows["confidence"] == level])
    return Resolved(kept, replace(resolved.view, include_alleged=True))


def _texts(resolved: Resolved) -> dict[tuple[str, str], str]:
    cells = resolved.cells.cells
    return {key: cell.text for key, cell in cells.items() if cell.evidence}


def _side_by_side(
    keys: Iterable[tuple[str, str]],
    texts: Mapping[str, Mapping[tuple[str, str], str]],
    agreement: Mapping[tuple[str, str], str] | None = None,
) -> pd.DataFrame:
    said = [key for key in keys if any(key in of_one for of_one in texts.values())]
    frame = pd.DataFrame(said, columns=_CELL, dtype="str")
    if agreement is not None:
        frame = frame.assign(agreement=pd.Series([agreement.get(key, "") for key in said], dtype="str"))
    return frame.assign(
        **{name: pd.Series([of_one.get(key, "") for key in said], dtype="str") for name, of_one in texts.items()}
    )


def _compositions(
    parts: Mapping[str, Resolved],
    name: str,
    keys: Iterable[tuple[str, str]],
    texts: Mapping[str, Mapping[tuple[str, str], str]],
) -> pd.DataFrame:
    """Return the composition of every project by every part that says something about it."""
    keys = list(keys)
    frames = []
    for part, alone in parts.items():
        about = {key[0] for key in keys if key in texts[part]}
        frame = composition(alone)
        frame = frame.loc[frame["project"].isin(about), ["project", "key", "value"]]
        frames.append(frame.assign(**{name: part}))
    columns = ["project", name, "key", "value"]
    if not frames:
        return pd.DataFrame(columns=columns)
    order = {project: place for place, project in enumerate(dict.fromkeys(key[0] for key in keys))}
    joined = pd.concat(frames, ignore_index=True)[columns]
    return joined.sort_values("project", key=lambda names: names.map(order), kind="stable", ignore_index=True)


def _nested(frame: pd.DataFrame, name: str) -> dict[str, dict[str, dict[str, float | None]]]:
    found: dict[str, dict[str, dict[str, float | None]]] = {}
    for project, part, key, value in frame[["project", name, "key", "value"]].itertuples(index=False):
        number = None if pd.isna(value) else float(value)
        found.setdefault(project, {}).setdefault(part, {})[str(key).removeprefix("composition.")] = number
    return found
