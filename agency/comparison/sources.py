"""Who says what: cells and compositions by source, and by level of confidence; conflicts, passage against passage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from agency.about import METHOD_VERSION, __version__
from agency.indicators import composition
from agency.resolve import Apart, Conflict, Resolved, Statement, statements_at
from agency.words import marked

LEVELS = ("documented", "reported", "alleged")
SILENT = "silent"
"""The verdict of a cell in which no source says who held it: there are alleged, proposed, support or struck rows."""
COMPARED = marked(
    "Compared between every two sources: who is said to hold a phase and who is denied, who is said to hold it alone, "
    "the state of each year, the dates of one actor, the kind of one actor."
)
NOT_COMPARED = marked("Amounts, reasons, events and support rows are not compared.")

_CELL = ["project", "phase"]


@dataclass(frozen=True)
class FaceToFace:
    """A conflict with the statements that make it."""

    conflict: Conflict
    one: tuple[Statement, ...]
    other: tuple[Statement, ...]
    """Empty inside one source."""


@dataclass(frozen=True, eq=False)
class SourceComparison:
    """What each source, and each level of confidence, makes of a view."""

    sources: tuple[str, ...]
    """Sources with a row in the view, in alphabetical order."""
    cells: pd.DataFrame
    """project, phase, verdict, conflicts (kinds between two sources), and the cell's text by each source ("" where it
    names nobody)."""
    beside: Mapping[tuple[str, str, str], tuple[Statement, ...]]
    """By project, phase and source: its denials, whom it says to hold it alone, and what the editors set aside."""
    conflicts: tuple[FaceToFace, ...]
    """Between two sources first."""
    levels: pd.DataFrame
    """project, phase, and the cell's text by each level of confidence."""
    by_source: pd.DataFrame
    """project, source, key (``composition.local`` ...), value."""
    by_level: pd.DataFrame
    """project, level, key, value."""
    mode: str = "static"
    """That of the view: in static whoever held a phase at some time counts as its holder."""
    rank: str = "best"
    """That of the view: with best only preferred statements count where a cell has any."""

    @property
    def compared(self) -> int:
        """Number of cells of which at least two sources speak."""
        return int((~self.cells["verdict"].isin(["single", SILENT])).sum())

    @property
    def contested(self) -> int:
        """Number of cells on which two sources contradict each other."""
        return int((self.cells["verdict"] == "contested").sum())


def compare_sources(resolved: Resolved) -> SourceComparison:
    """Set the sources of a view side by side.

    The text of a cell by one source holds all that the source affirms, whatever the rank, with the part and the years
    also of what is proposed, alleged or coded as support; the composition by one source or level follows the rules of
    the view, computed as if there were nothing else.

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
    table = resolved.table
    sources = tuple(sorted(rows["source"].unique()))
    # What is denied is never printed among the holders, and no number is made of it.
    affirmed = table.rows.loc[rows.index[rows["status"] != "denied"]]
    by_source = Apart.of(resolved, {name: affirmed[affirmed["source"] == name] for name in sources})
    levels = tuple(level for level in LEVELS if (rows["confidence"] == level).any())
    of_level = {name: affirmed[affirmed["confidence"] == name] for name in levels}
    by_level = Apart.of(resolved, of_level, include_alleged=True)
    texts, level_texts = _texts(by_source), _texts(by_level)
    keys = [(project, phase.key) for project in resolved.projects for phase in resolved.phases]
    beside = _beside(resolved)
    said = {cell for of_one in texts.values() for cell in of_one} | {(project, phase) for project, phase, _ in beside}
    shown = [key for key in keys if key in said]
    conflicts = [conflict for conflict in resolved.compared.conflicts if (conflict.project, conflict.phase) in said]
    kinds: dict[tuple[str, str], dict[str, None]] = {}
    for conflict in conflicts:
        if conflict.standing == "contested":
            kinds.setdefault((conflict.project, conflict.phase), {})[conflict.kind] = None
    cells = _side_by_side(shown, texts)
    cells.insert(2, "verdict", pd.Series([resolved.agreement.get(key, SILENT) for key in shown], dtype="str"))
    cells.insert(3, "conflicts", pd.Series(["; ".join(kinds.get(key, ())) for key in shown], dtype="str"))
    return SourceComparison(
        sources=sources,
        cells=cells,
        beside=beside,
        conflicts=tuple(
            FaceToFace(one, statements_at(table, one.rows_a), statements_at(table, one.rows_b)) for one in conflicts
        ),
        levels=_side_by_side([key for key in keys if any(key in one for one in level_texts.values())], level_texts),
        by_source=_compositions(by_source, "source", keys, texts),
        by_level=_compositions(by_level, "level", keys, level_texts),
        mode=resolved.view.mode,
        rank=resolved.view.rank,
    )


def sources_document(resolved: Resolved, found: SourceComparison) -> dict[str, Any]:
    """Return what ``agency sources -f json`` prints.

    Returns
    -------
    dict
        ``method``; ``compared`` and ``not_compared`` in words; ``sources``; ``cells`` with verdict, text, denials, who
        alone held it and rows set aside by source; ``conflicts``, each with kind, standing and the statements of both
        sides; ``levels``; ``composition`` by source and by level.
    """
    view = resolved.view
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
        "compared": COMPARED,
        "not_compared": NOT_COMPARED,
        "sources": list(found.sources),
        "cells": [
            {
                "project": row["project"],
                "phase": row["phase"],
                "verdict": row["verdict"],
                "sources": {source: row[source] for source in found.sources if row[source]},
                **_set_beside(found, row["project"], row["phase"]),
            }
            for row in found.cells.to_dict("records")
        ],
        "conflicts": [
            {
                "project": entry.conflict.project,
                "phase": entry.conflict.phase,
                "kind": entry.conflict.kind,
                "standing": entry.conflict.standing,
                "sides": [
                    {"source": source, "statements": [asdict(one) for one in side]}
                    for source, side in (
                        (entry.conflict.source_a, entry.one),
                        (entry.conflict.source_b, entry.other),
                    )
                    if side
                ],
            }
            for entry in found.conflicts
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


def _set_beside(found: SourceComparison, project: str, phase: str) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Return the denials, who is said to hold it alone, and the rows set aside of a cell, by source."""
    parts: dict[str, dict[str, list[dict[str, Any]]]] = {"denied": {}, "alone": {}, "set_aside": {}}
    for source in found.sources:
        for one in found.beside.get((project, phase, source), ()):
            part = "set_aside" if one.rank == "deprecated" else "denied" if one.status == "denied" else "alone"
            parts[part].setdefault(source, []).append(asdict(one))
    return parts


def _beside(resolved: Resolved) -> dict[tuple[str, str, str], tuple[Statement, ...]]:
    rows = resolved.rows
    shown = rows["phase"].isin([phase.key for phase in resolved.phases])
    chosen = rows[shown & ((rows["status"] == "denied") | (rows["rank"] == "deprecated") | rows["only"])]
    found: dict[tuple[str, str, str], tuple[Statement, ...]] = {}
    for one in statements_at(resolved.table, chosen.index):
        key = (one.project, one.phase, one.source)
        found[key] = (*found.get(key, ()), one)
    return found


def _texts(apart: Apart) -> dict[str, dict[tuple[str, str], str]]:
    """Return by part the texts of the cells of which it affirms something; a struck row alone affirms nothing."""
    found: dict[str, dict[tuple[str, str], str]] = {part: {} for part in apart.parts}
    for (name, phase), cell in apart.resolved.under(rank="all").cells.cells.items() if apart.names else ():
        if any(row.rank != "deprecated" for row in cell.evidence):
            part, project = apart.names[name]
            found[part][project, phase] = cell.in_full
    return found


def _side_by_side(keys: Iterable[tuple[str, str]], texts: Mapping[str, Mapping[tuple[str, str], str]]) -> pd.DataFrame:
    keys = list(keys)
    return pd.DataFrame(keys, columns=_CELL, dtype="str").assign(
        **{name: pd.Series([of_one.get(key, "") for key in keys], dtype="str") for name, of_one in texts.items()}
    )


def _compositions(
    apart: Apart, name: str, keys: Iterable[tuple[str, str]], texts: Mapping[str, Mapping[tuple[str, str], str]]
) -> pd.DataFrame:
    """Return the composition of every project by every part that says something about it."""
    order = {project: place for place, (project, _) in enumerate(keys)}
    about = {(part, project) for part, of_part in texts.items() for project, _ in of_part if project in order}
    if not apart.names:
        return pd.DataFrame(columns=["project", name, "key", "value"])
    frame = apart.told(composition(apart.resolved)[["project", "key", "value"]])
    said = [pair in about for pair in zip(frame["part"], frame["project"], strict=True)]
    found = frame[said].rename(columns={"part": name})[["project", name, "key", "value"]]
    return found.sort_values("project", key=lambda names: names.map(order), kind="stable", ignore_index=True)


def _nested(frame: pd.DataFrame, name: str) -> dict[str, dict[str, dict[str, float | None]]]:
    found: dict[str, dict[str, dict[str, float | None]]] = {}
    for project, part, key, value in frame[["project", name, "key", "value"]].itertuples(index=False):
        number = None if pd.isna(value) else float(value)
        found.setdefault(project, {}).setdefault(part, {})[str(key).removeprefix("composition.")] = number
    return found
