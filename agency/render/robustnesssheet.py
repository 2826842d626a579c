"""Robustness as printed tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agency.render.numbers import percent, rules, written
from agency.render.sheet import Note, Sheet, plain

_SHOWN = 20
_YES_OR_NO = (".dependent",)


def robustness_sheets(
    found: Mapping[str, Any], *, units: Mapping[str, str], method: Mapping[str, Any], raw: bool
) -> list[Sheet]:
    """Return ranges over choices, random weights, and rank swaps.

    Parameters
    ----------
    found
        From `agency.measures.robustness.robustness_document`.
    units
        Unit by indicator, for rounding.
    method
        The rules in force, printed in the caption.
    raw
        Numbers unrounded, and also those that no choice moves, for CSV.
    """
    sheets = [_ranges(found, units=units, method=method, raw=raw)]
    # A CSV is one table.
    return sheets if raw else [*sheets, _weights(found, method), *_swaps(found, method)]


def _ranges(found: Mapping[str, Any], *, units: Mapping[str, str], method: Mapping[str, Any], raw: bool) -> Sheet:
    rows = []
    for project, entries in found["projects"].items():
        for key, entry in entries.items():
            if not raw and not entry["moved_by"]:
                continue
            numbers = [_number(entry[name], key, units, raw=raw) for name in ("value", "low", "high")]
            rows.append((project, key, *numbers, entry["moved_by"] or ""))
    hidden = Note("", "Left out: what no choice moves (CSV and JSON hold it).")
    return Sheet(
        caption=f"Robustness: range over other choices, and the choice that moves a number most. {rules(method)}",
        label="robustness",
        columns=("project", "key", "value", "low", "high", "moved_by"),
        rows=tuple(tuple(plain(text) for text in row) for row in rows),
        notes=(
            Note("", f"Choices, one at a time: {'; '.join(found['choices'])}."),
            hidden,
        ),
        numeric=(2, 3, 4),
    )


def _weights(found: Mapping[str, Any], method: Mapping[str, Any]) -> Sheet:
    rows = []
    for project, entries in found["dirichlet"].items():
        for key, entry in entries.items():
            if entry["mean"] is None or entry["p95"] == 0:
                continue
            moments = (f"{entry[name]:.5f}" for name in ("mean", "drawn_mean", "variance", "drawn_variance"))
            rows.append((project, key, *moments, percent(entry["p05"]), percent(entry["p95"])))
    return Sheet(
        caption=f"Composition under random weights of the phases, Dirichlet(1, …, 1). {rules(method)}",
        label="random-weights",
        columns=("project", "key", "mean", "mean drawn", "variance", "variance drawn", "5 %", "95 %"),
        rows=tuple(tuple(plain(text) for text in row) for row in rows),
        notes=(Note("", f"{found['draws']} draws, seed {found['seed']}. Exact mean and variance beside those drawn."),),
        numeric=(2, 3, 4, 5, 6, 7),
    )


def _swaps(found: Mapping[str, Any], method: Mapping[str, Any]) -> list[Sheet]:
    pairs = sorted(found["rank_swaps"], key=lambda pair: -1.0 if pair["share"] is None else pair["share"], reverse=True)
    if not pairs:
        return []
    rows = [
        (pair["a"], pair["b"], "no rank to swap" if pair["share"] is None else percent(pair["share"]))
        for pair in pairs[:_SHOWN]
    ]
    more = len(pairs) - len(rows)
    return [
        Sheet(
            caption=f"Draws in which two projects swap ranks in the local composition. {rules(method)}",
            label="rank-swaps",
            columns=("project", "other project", "swap"),
            rows=tuple(tuple(plain(text) for text in row) for row in rows),
            notes=(Note("", f"And {more} pairs that swap no more often."),) if more else (),
            numeric=(2,),
        )
    ]


def _number(value: float | None, key: str, units: Mapping[str, str], *, raw: bool) -> str:
    if raw:
        return "" if value is None else repr(value)
    if value is None:
        return "undefined"
    unit = units.get(key.split(".", 1)[0], "number")
    return written(bool(value) if key.endswith(_YES_OR_NO) else value, "number" if unit == "count" else unit)
