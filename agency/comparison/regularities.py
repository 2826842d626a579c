"""What holds in every case and which case breaks it (I18); truth tables over crisp conditions (I20)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pandas as pd

from agency import words
from agency.comparison.compare import GAP, Pattern, patterns
from agency.errors import UsageError, did_you_mean
from agency.resolve import Resolved
from agency.words import counted, digits, in_sentence, listed, text

if TYPE_CHECKING:
    from agency.resolve import Profile
    from agency.vocabulary import Codebook


_MOST_NAMES = 10


def regularities(resolved: Resolved) -> dict[str, dict[str, Any]]:
    """Return for each phase the pattern most cases share, the exceptions, and how consistently each origin holds it.

    A pattern is the set of origins of the holders, or ``gap``. Cases where it is not known (nobody coded, or a holder
    of unknown origin) are left out of ``known_in``. Most-different logic: what holds across different cases (Ragin
    1987).

    Returns
    -------
    dict
        By phase: ``pattern`` (list of origins; the first in codebook order where several are as frequent; None where
        no case is known), ``holds_in``, ``known_in``, ``of`` (cases, known or not), ``exceptions`` (names),
        ``consistency`` by origin: ``held_in``,
        ``known_in``, ``value`` = held_in / known_in ("phase held by this origin, alone or with others"; None where no
        case is known).

    Examples
    --------
    >>> import agency
    >>> found = regularities(agency.load().select(project=["ECU 911", "JSeI"]).resolved)
    >>> found["implementation"]["pattern"], found["implementation"]["holds_in"]
    (['local', 'chinese'], 2)
    """
    data = resolved.every
    by_project = patterns(data)
    found = {}
    for at, phase in enumerate(data.phases):
        of_case = {name: entry.origins[at] for name, entry in zip(data.projects, by_project, strict=True)}
        known = {name: pattern for name, pattern in of_case.items() if pattern is not None}
        modal = _modal(list(known.values()), data)
        found[phase] = {
            "pattern": None if modal is None else pattern_names(modal, data.origins),
            "holds_in": sum(pattern == modal for pattern in known.values()),
            "known_in": len(known),
            "of": len(data.projects),
            "exceptions": [name for name, pattern in known.items() if pattern != modal],
            "consistency": {origin: _consistency(of_case, origin, data, at) for origin in data.origins},
        }
    return found


def regularity_frame(found: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """Return the regularities, a row per phase.

    Returns
    -------
    pandas.DataFrame
        phase, pattern (joined by `` + ``), holds_in, known_in, of (projects selected), exceptions (joined by ``; ``);
        then by origin ``held_in.ORIGIN``, ``known_in.ORIGIN`` and ``share.ORIGIN``.
    """
    records = []
    for phase, entry in found.items():
        counts = {name: entry[name] for name in ("holds_in", "known_in", "of")}
        pattern = " + ".join(entry["pattern"] or [])
        record: dict[str, Any] = {"phase": phase, "pattern": pattern, **counts}
        record["exceptions"] = "; ".join(entry["exceptions"])
        for origin, held in entry["consistency"].items():
            record |= {f"held_in.{origin}": held["held_in"], f"known_in.{origin}": held["known_in"]}
            record[f"share.{origin}"] = float("nan") if held["value"] is None else held["value"]
        records.append(record)
    return pd.DataFrame(records)


def pattern_names(pattern: Pattern, origins: Sequence[str]) -> list[str]:
    """Return the origins of a pattern in the order of the codebook, or ``["gap"]``."""
    return ["gap"] if pattern == GAP else [origin for origin in origins if origin in pattern]


def sentences(
    found: Mapping[str, Mapping[str, Any]],
    *,
    labels: Mapping[str, str],
    words: Mapping[str, str] = MappingProxyType({}),
) -> list[str]:
    """Return the regularities in words, a sentence per phase with its exceptions named.

    Parameters
    ----------
    found
        From `regularities`.
    labels
        Printed names of origins by key.
    words
        Of phases, by key; else the key.

    Examples
    --------
    >>> import agency
    >>> found = regularities(agency.load().select(project=["ECU 911", "JSeI"]).resolved)
    >>> sentences(found, labels={"local": "local", "chinese": "Chinese"})[0]
    'In 2 of 2 projects initiation was held by local actors only.'
    """
    return [_sentence(words.get(phase, phase), entry, labels) for phase, entry in found.items()]


def _sentence(phase: str, entry: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    known, of = entry["known_in"], entry["of"]
    if entry["pattern"] is None:
        return counted(
            "Of the {n} project it is not known who held {phase}.",
            "In none of the {n} projects is it known who held {phase}.",
            of,
            phase=phase,
        )
    names = [in_sentence(labels.get(origin, origin)) for origin in entry["pattern"]]
    if entry["pattern"] == ["gap"]:
        holders = text("nobody (a gap)")
    elif len(names) == 1:
        holders = text("{origin} actors only", origin=names[0])
    else:
        holders = text("{origins} actors together", origins=listed(names))
    where = counted("{n} project", "{n} projects", known)
    if known < of:
        where = counted(
            "{n} project where this is known (of {of} in all)",
            "{n} projects where this is known (of {of} in all)",
            known,
            of=digits(f"{of:,}"),
        )
    verb = text("were") if phase.endswith("s") else text("was")
    exceptions = entry["exceptions"]
    but = text("; not in {names}", names=listed(exceptions, most=_MOST_NAMES)) if exceptions else ""
    return text(
        "In {holds} of {where} {phase} {verb} held by {holders}{but}.",
        holds=digits(f"{entry['holds_in']:,}"),
        where=where,
        phase=phase,
        verb=verb,
        holders=holders,
        but=but,
    )


def _modal(known: Sequence[Pattern], data: Profile) -> Pattern | None:
    number = Counter(known)
    order = {name: at for at, name in enumerate((*data.origins, "gap"))}

    def rank(pattern: Pattern) -> tuple[int, list[int]]:
        return -number[pattern], [order[name] for name in pattern_names(pattern, data.origins)]

    return min(number, key=rank) if number else None


def _consistency(of_case: Mapping[str, Pattern | None], origin: str, data: Profile, at: int) -> dict[str, Any]:
    """Return in how many of the known cases the origin is among the holders of the phase.

    A case with a holder of unknown origin is known for an origin that is named beside it, and for no other.
    """
    column = data.origins.index(origin)
    held = data.present[:, at, column]
    known = sum(bool(has) or pattern is not None for has, pattern in zip(held, of_case.values(), strict=True))
    number = int(held.sum())
    return {"held_in": number, "known_in": known, "value": number / known if known else None}


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
