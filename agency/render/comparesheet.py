"""Projects side by side as printed tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agency.render.numbers import rules, two, within
from agency.render.sheet import Note, Sheet, plain

_NAMES = {
    "origins_jaccard": "Origins, Jaccard",
    "origins_masi": "Origins, MASI",
    "origins_nominal": "Origins, equal or not",
    "actors_jaccard": "Actors, Jaccard",
    "actors_masi": "Actors, MASI",
    "origins_tv": "Origins over time, total variation",
}
_CHOSEN = (
    "The projects were chosen, not drawn at random: p says how often these phases, shuffled, agree as well; it says "
    "nothing about other cases."
)
_BOUNDS = "0 = the same holders, 1 = none in common. In brackets: bounds with the phases that are not known in both."


def pair_sheets(
    found: Mapping[str, Any], *, labels: Mapping[str, str], method: Mapping[str, Any], raw: bool
) -> list[Sheet]:
    """Return the cells of two projects side by side, their distances, and the alignment test in a note.

    Parameters
    ----------
    found
        From `agency.measures.compare.compare`.
    labels
        Printed names of the phases.
    method
        The rules in force, printed in the caption.
    raw
        Numbers unrounded, for CSV.
    """
    one, other = found["projects"]
    cells = [
        (labels.get(cell["phase"], cell["phase"]), cell["a"], cell["b"], _difference(cell)) for cell in found["cells"]
    ]
    distances = [
        (_NAMES[name], *_numbers(entry, raw=raw), str(entry["compared_phases"]))
        for name, entry in found["distance"].items()
        if entry["bounds"] is not None
    ]
    test = found["exact_alignment"]
    notes = [Note("", _BOUNDS)]
    if test["matches"] is not None:
        share = f"{test['p']:.4f}"
        notes.append(Note("", f"Exact alignment of the phases: {test['matches']} matches, p = {share}. {_CHOSEN}"))
    else:
        notes.append(Note("", f"Exact alignment of the phases: undefined ({found['why']['exact_alignment']})."))
    return [
        Sheet(
            caption=f"{one} and {other}. {rules(method)}",
            label="comparison",
            columns=("Phase", one, other, "Differs in"),
            rows=_rows(cells),
        ),
        Sheet(
            caption=f"Distance of {one} and {other}. {rules(method)}",
            label="distances",
            columns=("Distance", "Value", *(("Low", "High") if raw else ("Bounds",)), "Phases compared"),
            rows=_rows(distances),
            notes=tuple(notes),
            numeric=(1, 2, 3, 4) if raw else (1, 2, 3),
        ),
    ]


def matrix_sheet(found: Mapping[str, Any], *, by: str, method: Mapping[str, Any], raw: bool) -> Sheet:
    """Return the distance matrix of more than two projects, in single-linkage order.

    Parameters
    ----------
    found
        From `agency.measures.compare.compare`.
    by
        Name of the distance printed, the one that gives the order.
    method, raw
        As in `pair_sheets`.
    """
    order, table = found["order"], found["matrix"][by]
    rows = []
    for project in order:
        values = [table[project][other]["value"] if other != project else 0.0 for other in order]
        rows.append((project, *("–" if value is None else repr(value) if raw else two(value) for value in values)))
    return Sheet(
        caption=f"Distances ({_NAMES[by].lower()}), in order of single linkage. {rules(method)}",
        label="distance-matrix",
        columns=("Project", *order),
        rows=_rows(rows),
        notes=(
            Note("", "0 = the same holders, 1 = none in common; –: no phase is known in both."),
            Note("", "All distances, bounds and numbers of phases compared: -f json."),
        ),
        numeric=tuple(range(1, len(order) + 1)),
    )


def _difference(cell: Mapping[str, Any]) -> str:
    """Return in words what differs; nothing where the same actors hold the phase."""
    if cell["same_actors"] is None:
        return "not known in both"
    if cell["same_origins"] is None:
        return "origin not known" + ("" if cell["same_actors"] else ", actors")
    return {(True, True): "", (True, False): "actors"}.get(
        (cell["same_origins"], cell["same_actors"]), "origins, actors"
    )


def _numbers(entry: Mapping[str, Any], *, raw: bool) -> tuple[str, ...]:
    value, (low, high) = entry["value"], entry["bounds"]
    if raw:
        return ("" if value is None else repr(value), repr(low), repr(high))
    shown = within(low, high, "number").strip() or f"[{two(low)}]"
    return ("undefined" if value is None else two(value), shown)


def _rows(rows: Sequence[tuple[str, ...]]) -> tuple[Any, ...]:
    return tuple(tuple(plain(text) for text in row) for row in rows)
