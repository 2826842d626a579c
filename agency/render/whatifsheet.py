"""A withdrawal as printed tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agency.render.numbers import percent, rules, two
from agency.render.sheet import Note, Sheet, plain


def whatif_sheets(found: Mapping[str, Any], *, method: Mapping[str, Any], raw: bool) -> list[Sheet]:
    """Return the phases left without a holder, and the composition before and after where it changes.

    Parameters
    ----------
    found
        From `agency.measures.whatif.whatif`.
    method
        The rules in force, printed in the caption.
    raw
        Numbers unrounded and only the first table, for CSV.
    """
    who, year = found["withdraw"].partition(":")[2], found["year"]
    write = repr if raw else two
    rows = []
    for entry in found["lost"]:
        added = found["orphaned_added"][entry["project"]][entry["phase"]]
        rows.append((entry["project"], entry["phase"], str(entry["from"]), write(added)))
    notes = [
        Note("", f"Undetermined: {entry['project']}, {entry['phase']} ({entry['why']}).")
        for entry in found["undetermined"]
    ]
    notes.append(Note("", "Only continuing phases change; holders of event phases stay on record."))
    lost = Sheet(
        caption=f"Left without a holder if {who} withdraws from {year} on. {rules(method)}",
        label="lost",
        columns=("project", "phase", "from", "years_added_to_gap"),
        rows=tuple(tuple(plain(text) for text in row) for row in rows) or _nothing(),
        notes=tuple(notes),
        numeric=(2, 3),
    )
    return [lost] if raw else [lost, *_compositions(found, method)]


def _compositions(found: Mapping[str, Any], method: Mapping[str, Any]) -> list[Sheet]:
    changed = [name for name, before in found["before"].items() if _differ(before, found["after"][name])]
    if not changed:
        return []
    states = {name: (found["before"][name], found["after"][name]) for name in changed}
    parts = [
        part
        for part in states[changed[0]][0]
        if part in ("local", "gap", "unknown") or any(side[part] for pair in states.values() for side in pair)
    ]
    rows = [
        (name, moment, *(percent(side[part]) for part in parts))
        for name, pair in states.items()
        for moment, side in zip(("before", "after"), pair, strict=True)
    ]
    return [
        Sheet(
            caption=f"Composition of the life cycle before and after. {rules(method)}",
            label="before-after",
            columns=("project", "moment", *parts),
            rows=tuple(tuple(plain(text) for text in row) for row in rows),
            numeric=tuple(range(2, len(parts) + 2)),
        )
    ]


def _nothing() -> tuple[Any, ...]:
    return (tuple(plain(text) for text in ("none", "", "", "")),)


def _differ(before: Mapping[str, float | None], after: Mapping[str, float | None]) -> bool:
    return any(
        one is not None and other is not None and abs(one - other) > 1e-12
        for one, other in zip(before.values(), after.values(), strict=True)
    )
