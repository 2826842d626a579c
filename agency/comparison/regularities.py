"""What holds in every case, and which case breaks it (I18)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pandas as pd

from agency.comparison.distances import GAP, Pattern, patterns
from agency.resolve import Resolved
from agency.words import counted, digits, in_sentence, listed, text

if TYPE_CHECKING:
    from agency.resolve import Profile


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
