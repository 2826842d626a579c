"""Truth tables over crisp conditions, with the names of the cases; no minimisation (I20)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from agency import words
from agency.errors import UsageError, did_you_mean
from agency.resolve import Resolved

if TYPE_CHECKING:
    from agency.vocabulary import Codebook

Crisp = Mapping[str, Mapping[str, bool | None]]
"""By case and condition: member, not a member, or None where that is not known."""


def check_condition(text: str, codebook: Codebook) -> tuple[str, str]:
    """Return phase and origin of a condition ``PHASE:ORIGIN``.

    Raises
    ------
    UsageError
        If it is not written so, or names something the codebook does not have.
    """
    phase, separator, origin = text.partition(":")
    if not separator:
        message = words.text("{text!r} is no condition: write PHASE:ORIGIN, for instance design:chinese.", text=text)
        raise UsageError(message)
    vocabularies = (
        (
            words.marked("There is no phase {name!r}.{hint} Known: {known}."),
            phase,
            [entry.key for entry in codebook.phases],
        ),
        (
            words.marked("There is no origin {name!r}.{hint} Known: {known}."),
            origin,
            [entry.key for entry in codebook.origins if entry.key != "unknown"],
        ),
    )
    for sentence, name, known in vocabularies:
        if name not in known:
            message = words.text(sentence, name=name, hint=did_you_mean(name, known), known=", ".join(known))
            raise UsageError(message)
    return phase, origin


def crisp_cases(resolved: Resolved, conditions: Sequence[str]) -> dict[str, dict[str, bool | None]]:
    """Return for every project whether the origin of each condition is among the holders of its phase.

    A phase that nobody holds or that does not apply is known and held by nobody; one that is not coded is not known.

    Parameters
    ----------
    resolved
        The cases: every selected project, listed or not.
    conditions
        As ``PHASE:ORIGIN``.

    Raises
    ------
    UsageError
        For a condition that the codebook or the selection does not have.

    Examples
    --------
    >>> import agency
    >>> crisp_cases(agency.load().select(project="JSeI").resolved, ["design:chinese", "design:local"])
    {'JSeI': {'design:chinese': True, 'design:local': False}}
    """
    data = resolved.every
    cases: dict[str, dict[str, bool | None]] = {name: {} for name in data.projects}
    for condition in conditions:
        phase, origin = check_condition(condition, resolved.codebook)
        if phase not in data.phases:
            message = words.text(
                "Phase {phase!r} is not in view. In view: {phases}.", phase=phase, phases=", ".join(data.phases)
            )
            raise UsageError(message)
        at = data.phases.index(phase)
        member = data.present[:, at, data.origins.index(origin)]
        nobody = (data.holders[:, at] == 0) & ((data.gap[:, at] > 0) | ~data.applicable[:, at])
        known = nobody | ((data.holders[:, at] > 0) & ~data.of_unknown_origin[:, at])
        for name, has, sure in zip(data.projects, member, known, strict=True):
            cases[name][condition] = True if has else (False if sure else None)
    return cases


def truth_frame(table: Mapping[str, Any]) -> pd.DataFrame:
    """Return a truth table, a row per configuration: its conditions, n, inclusion, contradiction, cases."""
    records = [
        {
            **{key: row["configuration"][key] for key in table["conditions"]},
            **{name: row[name] for name in ("n", "inclusion", "contradiction")},
            "cases": "; ".join(row["cases"]),
        }
        for row in table["rows"]
    ]
    columns = [*table["conditions"], "n", "inclusion", "contradiction", "cases"]
    kinds = dict.fromkeys(table["conditions"], "int64")
    kinds |= {"n": "int64", "inclusion": "float64", "contradiction": "bool", "cases": "str"}
    return pd.DataFrame(records, columns=columns).astype(kinds)  # a table without a case has its kinds too


def truth_table(cases: Crisp, conditions: Sequence[str], outcome: str) -> dict[str, Any]:
    """Return the observed configurations with case names, and each condition's necessity (Ragin 1987).

    Parameters
    ----------
    cases
        Crisp memberships; cases with an unknown one are left out and named.
    conditions, outcome
        Names of the memberships.

    Returns
    -------
    dict
        ``rows``: ``configuration`` (1 or 0 by condition), ``n``, ``cases``, ``inclusion`` (share with the outcome) and
        ``contradiction`` (some with, some without it), in binary order. ``necessity`` by condition: ``consistency`` =
        |X and Y| / |Y|, ``coverage`` = |X and Y| / |X| (Ragin 2006), ``ron`` = |not X| / |not (X and Y)| (Schneider &
        Wagemann 2012); None where undefined. ``left_out``: names.

    Examples
    --------
    >>> cases = {"a": {"x": True, "y": True}, "b": {"x": True, "y": False}, "c": {"x": False, "y": None}}
    >>> table = truth_table(cases, ["x"], "y")
    >>> table["rows"][0]["cases"], table["rows"][0]["contradiction"], table["left_out"]
    (['a', 'b'], True, ['c'])
    """
    wanted = [*conditions, outcome]
    kept = {name: case for name, case in cases.items() if all(case[key] is not None for key in wanted)}
    rows: dict[tuple[int, ...], list[str]] = {}
    for name, case in kept.items():
        rows.setdefault(tuple(int(bool(case[key])) for key in conditions), []).append(name)
    table = []
    for configuration in sorted(rows):
        names = rows[configuration]
        inside = sum(bool(kept[name][outcome]) for name in names)
        table.append(
            {
                "configuration": dict(zip(conditions, configuration, strict=True)),
                "n": len(names),
                "cases": names,
                "inclusion": inside / len(names),
                "contradiction": 0 < inside < len(names),
            }
        )
    return {
        "conditions": list(conditions),
        "outcome": outcome,
        "rows": table,
        "necessity": {key: _necessity(kept, key, outcome) for key in conditions},
        "left_out": [name for name in cases if name not in kept],
    }


def _necessity(cases: Crisp, condition: str, outcome: str) -> dict[str, float | None]:
    x = sum(bool(case[condition]) for case in cases.values())
    y = sum(bool(case[outcome]) for case in cases.values())
    both = sum(bool(case[condition] and case[outcome]) for case in cases.values())
    size = len(cases)
    return {"consistency": _ratio(both, y), "coverage": _ratio(both, x), "ron": _ratio(size - x, size - both)}


def _ratio(numerator: int, denominator: int) -> float | None:
    return numerator / denominator if denominator else None
