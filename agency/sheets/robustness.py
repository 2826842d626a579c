"""Robustness, and what a withdrawal would leave, as printed tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from agency.formats import Note, Sheet, plain
from agency.sheets.numbers import CHOICES, number, rules, two, written
from agency.words import digits, marked, text

if TYPE_CHECKING:
    from agency.vocabulary import Codebook

_SHOWN = 20
_YES_OR_NO = (".dependent",)


def robustness_sheets(
    found: Mapping[str, Any], *, codebook: Codebook, units: Mapping[str, str], method: Mapping[str, Any]
) -> list[Sheet]:
    """Return ranges over choices, random weights, and rank swaps.

    Parameters
    ----------
    found
        From `agency.indicators.robustness.robustness_document`.
    codebook
        Words of the phases.
    units
        Unit by indicator, for rounding.
    method
        The rules in force, printed in the caption.
    """
    return [
        _ranges(found, codebook=codebook, units=units, method=method),
        _weights(found, method),
        *_swaps(found, method),
    ]


def _ranges(
    found: Mapping[str, Any], *, codebook: Codebook, units: Mapping[str, str], method: Mapping[str, Any]
) -> Sheet:
    rows = []
    for project, entries in found["projects"].items():
        for key, entry in entries.items():
            if not entry["moved_by"]:
                continue
            numbers = [_number(entry[name], key, units) for name in ("value", "low", "high")]
            rows.append((project, key, *numbers, choice_in_words(entry["moved_by"], codebook)))
    choices = "; ".join(choice_in_words(name, codebook) for name in found["choices"])
    hidden = Note("", text("Left out: what no choice moves (CSV and JSON hold it)."))
    return Sheet(
        caption=text(
            "Robustness: range over other choices, and the choice that moves a number most. {rules}",
            rules=rules(method),
        ),
        label="robustness",
        columns=(text("project"), text("key"), text("value"), text("low"), text("high"), text("moved_by")),
        rows=tuple(tuple(plain(cell) for cell in row) for row in rows),
        notes=(
            Note("", text("Choices, one at a time: {choices}.", choices=choices)),
            hidden,
        ),
        numeric=(2, 3, 4),
    )


_SOURCE, _PHASE = "without source ", "without "


def choice_in_words(key: str, codebook: Codebook) -> str:
    """Return in words what `agency.indicators.robustness` calls a choice."""
    if key in CHOICES:
        return text(key)
    if key.startswith(_SOURCE):
        return text("without source {name}", name=key.removeprefix(_SOURCE))
    if key.startswith(_PHASE):
        return text("without {name}", name=codebook.word(key.removeprefix(_PHASE)))
    return key


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
        columns=(
            text("project"),
            text("key"),
            text("mean"),
            text("mean drawn"),
            text("variance"),
            text("variance drawn"),
            text("5 %"),
            text("95 %"),
        ),
        rows=tuple(rows),
        notes=(
            Note(
                "",
                text(
                    "{draws} draws, seed {seed}. Exact mean and variance beside those drawn.",
                    draws=digits(f"{found['draws']:,}"),
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
            columns=(text("project"), text("other project"), text("swap")),
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


def whatif_sheets(found: Mapping[str, Any], *, codebook: Codebook, method: Mapping[str, Any]) -> list[Sheet]:
    """Return the phases left without a holder, and the composition before and after where it changes.

    Parameters
    ----------
    found
        From `agency.indicators.whatif.whatif`.
    codebook
        Words of phases and origins.
    method
        The rules in force, printed in the caption.
    """
    who, year = found["withdraw"].partition(":")[2], found["year"]
    rows = []
    for entry in found["lost"]:
        # An event phase has no years to count.
        added = found["orphaned_added"].get(entry["project"], {}).get(entry["phase"])
        years = two(added) if added is not None else "–"
        rows.append((entry["project"], codebook.word(entry["phase"]), str(entry["from"]), years))
    notes = [
        Note(
            "",
            text(
                "Undetermined: {project}, {phase} ({why}).",
                project=entry["project"],
                phase=codebook.word(entry["phase"]),
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
        columns=(text("project"), text("phase"), text("from"), text("years_added_to_gap")),
        rows=tuple(tuple(plain(cell) for cell in row) for row in rows) or _nothing(),
        notes=tuple(notes),
        numeric=(2, 3),
    )
    return [lost, *_compositions(found, codebook, method)]


def _compositions(found: Mapping[str, Any], codebook: Codebook, method: Mapping[str, Any]) -> list[Sheet]:
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
            columns=(text("project"), text("moment"), *(codebook.word(part) for part in parts)),
            rows=tuple(rows),
            numeric=tuple(range(2, len(parts) + 2)),
        )
    ]


def _nothing() -> tuple[Any, ...]:
    return (tuple(plain(cell) for cell in (text("none"), "", "", "")),)


def _differ(before: Mapping[str, float | None], after: Mapping[str, float | None]) -> bool:
    return any(
        one is not None and other is not None and abs(one - other) > 1e-12
        for one, other in zip(before.values(), after.values(), strict=True)
    )
