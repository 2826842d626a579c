"""Robustness as printed tables.

A withdrawal as printed tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agency.formats import Note, Sheet, plain
from agency.sheets.numbers import number, rules, two, written
from agency.words import digits, marked, text

_SHOWN = 20
_YES_OR_NO = (".dependent",)


def robustness_sheets(found: Mapping[str, Any], *, units: Mapping[str, str], method: Mapping[str, Any]) -> list[Sheet]:
    """Return ranges over choices, random weights, and rank swaps.

    Parameters
    ----------
    found
        From `agency.indicators.robustness.robustness_document`.
    units
        Unit by indicator, for rounding.
    method
        The rules in force, printed in the caption.
    """
    return [_ranges(found, units=units, method=method), _weights(found, method), *_swaps(found, method)]


def _ranges(found: Mapping[str, Any], *, units: Mapping[str, str], method: Mapping[str, Any]) -> Sheet:
    rows = []
    for project, entries in found["projects"].items():
        for key, entry in entries.items():
            if not entry["moved_by"]:
                continue
            numbers = [_number(entry[name], key, units) for name in ("value", "low", "high")]
            rows.append((project, key, *numbers, _choice(entry["moved_by"])))
    choices = "; ".join(_choice(name) for name in found["choices"])
    hidden = Note("", text("Left out: what no choice moves (CSV and JSON hold it)."))
    return Sheet(
        caption=text(
            "Robustness: range over other choices, and the choice that moves a number most. {rules}",
            rules=rules(method),
        ),
        label="robustness",
        columns=("project", "key", "value", "low", "high", "moved_by"),
        rows=tuple(tuple(plain(cell) for cell in row) for row in rows),
        notes=(
            Note("", text("Choices, one at a time: {choices}.", choices=choices)),
            hidden,
        ),
        numeric=(2, 3, 4),
    )


_CHOICES = {
    "without source ": marked("without source {name}"),
    "without ": marked("without {name}"),
    "rank ": marked("rank {name}"),
    "counted by ": marked("counted by {name}"),
    "actors ": marked("actors {name}"),
    "boundary ": marked("boundary {name}"),
}
_WHOLE_CHOICES = (
    marked("alleged rows counted"),
    marked("alleged rows left out"),
    marked("without undated years"),
)


def _choice(key: str) -> str:
    """Return in words what `agency.indicators.robustness` calls a choice."""
    if key in _WHOLE_CHOICES:
        return text(key)
    start = next((start for start in _CHOICES if key.startswith(start)), "")
    return text(_CHOICES[start], name=key.removeprefix(start)) if start else key


def _weights(found: Mapping[str, Any], method: Mapping[str, Any]) -> Sheet:
    rows = []
    for project, entries in found["dirichlet"].items():
        for key, entry in entries.items():
            if entry["mean"] is None or entry["p95"] == 0:
                continue
            drawn = ("mean", "drawn_mean", "variance", "drawn_variance")
            moments = (plain(digits(f"{entry[name]:.5f}"), repr(entry[name])) for name in drawn)
            ends = (number(entry[name], "share") for name in ("p05", "p95"))
            rows.append((plain(project), plain(key), *moments, *ends))
    return Sheet(
        caption=text(
            "Composition under random weights of the phases, Dirichlet(1, …, 1). {rules}", rules=rules(method)
        ),
        label="random-weights",
        columns=("project", "key", "mean", "mean drawn", "variance", "variance drawn", "5 %", "95 %"),
        rows=tuple(rows),
        notes=(
            Note(
                "",
                text(
                    "{draws} draws, seed {seed}. Exact mean and variance beside those drawn.",
                    draws=found["draws"],
                    seed=found["seed"],
                ),
            ),
        ),
        numeric=(2, 3, 4, 5, 6, 7),
    )


def _swaps(found: Mapping[str, Any], method: Mapping[str, Any]) -> list[Sheet]:
    pairs = sorted(found["rank_swaps"], key=lambda pair: -1.0 if pair["share"] is None else pair["share"], reverse=True)
    if not pairs:
        return []
    rows = [
        (
            plain(pair["a"]),
            plain(pair["b"]),
            plain(text("no rank to swap"), "") if pair["share"] is None else number(pair["share"], "share"),
        )
        for pair in pairs[:_SHOWN]
    ]
    more = len(pairs) - len(rows)
    return [
        Sheet(
            caption=text(
                "Draws in which two projects swap ranks in the local composition. {rules}", rules=rules(method)
            ),
            label="rank-swaps",
            columns=("project", "other project", "swap"),
            rows=tuple(rows),
            notes=(Note("", text("Not shown: {more} of {n} pairs.", more=more, n=len(pairs))),) if more else (),
            numeric=(2,),
        )
    ]


def _number(value: float | None, key: str, units: Mapping[str, str]) -> str:
    if value is None:
        return text("undefined")
    unit = units.get(key.split(".", 1)[0], "number")
    return written(bool(value) if key.endswith(_YES_OR_NO) else value, "number" if unit == "count" else unit)


def whatif_sheets(found: Mapping[str, Any], *, method: Mapping[str, Any]) -> list[Sheet]:
    """Return the phases left without a holder, and the composition before and after where it changes.

    Parameters
    ----------
    found
        From `agency.indicators.whatif.whatif`.
    method
        The rules in force, printed in the caption.
    """
    who, year = found["withdraw"].partition(":")[2], found["year"]
    rows = []
    for entry in found["lost"]:
        # An event phase has no years to count.
        added = found["orphaned_added"].get(entry["project"], {}).get(entry["phase"])
        years = two(added) if added is not None else "–"
        rows.append((entry["project"], entry["phase"], str(entry["from"]), years))
    notes = [
        Note(
            "",
            text(
                "Undetermined: {project}, {phase} ({why}).",
                project=entry["project"],
                phase=entry["phase"],
                why=text(entry["why"]),
            ),
        )
        for entry in found["undetermined"]
    ]
    notes.append(Note("", text("What was signed or built before that year, or in no given year, stays on record.")))
    lost = Sheet(
        caption=text(
            "Left without a holder if {who} withdraws from {year} on. {rules}", who=who, year=year, rules=rules(method)
        ),
        label="lost",
        columns=("project", "phase", "from", "years_added_to_gap"),
        rows=tuple(tuple(plain(cell) for cell in row) for row in rows) or _nothing(),
        notes=tuple(notes),
        numeric=(2, 3),
    )
    return [lost, *_compositions(found, method)]


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
        (plain(name), plain(text(moment)), *(number(side[part], "share") for part in parts))
        for name, pair in states.items()
        for moment, side in zip((marked("before"), marked("after")), pair, strict=True)
    ]
    return [
        Sheet(
            caption=text("Composition of the life cycle before and after. {rules}", rules=rules(method)),
            label="before-after",
            columns=("project", "moment", *parts),
            rows=tuple(rows),
            numeric=tuple(range(2, len(parts) + 2)),
        )
    ]


def _nothing() -> tuple[Any, ...]:
    return (tuple(plain(cell) for cell in ("none", "", "", "")),)


def _differ(before: Mapping[str, float | None], after: Mapping[str, float | None]) -> bool:
    return any(
        one is not None and other is not None and abs(one - other) > 1e-12
        for one, other in zip(before.values(), after.values(), strict=True)
    )
