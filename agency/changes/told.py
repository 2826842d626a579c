"""What changed as printed tables: how much of what, then each change with what stood there before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pandas as pd

from agency.changes.found import Change, Compared, as_before, changes_between
from agency.formats import Note, Sheet, plain
from agency.indicators import INDICATORS, method_block
from agency.sheets import Printout, missing, mode_in_words, unrounded
from agency.table import input_paths
from agency.words import counted, digits, listed, marked, number, text

if TYPE_CHECKING:
    from agency.resolve import Resolved
    from agency.table import Table
    from agency.vocabulary import Codebook

_TITLES = {
    "codebook": marked("Codebook"),
    "projects": marked("Projects"),
    "actors": marked("Actors"),
    "events": marked("Events"),
    "sources": marked("Sources cited"),
    "statements": marked("Statements"),
    "cells": marked("Cells"),
    "numbers": marked("Numbers"),
    "agreement": marked("Agreement of coders"),
    "claims": marked("Claims"),
    "brief": marked("Headline sentences"),
}
_HEADS = {
    "codebook": (marked("Of"), marked("Key")),
    "projects": (marked("Project"),),
    "actors": (marked("Actor"), marked("Alias")),
    "events": (marked("Project"), marked("Year"), marked("Event")),
    "sources": (marked("Key"),),
    "statements": (marked("Project"), marked("Phase"), marked("Statement")),
    "cells": (marked("Project"), marked("Phase")),
    "numbers": (marked("Project"), marked("Number"), marked("Mode")),
    "agreement": (marked("On"), marked("Phase"), marked("Distance")),
    "claims": (marked("Claim"),),
    "brief": (marked("Of"),),
}
"""What each kind goes by."""
_MADE = {
    "cells": (marked("text"), marked("blank"), marked("sources")),
    "numbers": (marked("value"), marked("low"), marked("high")),
    "agreement": (marked("alpha"), marked("low"), marked("high"), marked("units"), marked("pairable values")),
    "claims": (
        marked("verdict"),
        marked("quantifier"),
        marked("cases"),
        marked("known"),
        marked("supported"),
        marked("alleged"),
        marked("undated"),
        marked("silent"),
        marked("disputed"),
        marked("contradicted"),
        marked("supported open"),
        marked("contradicted open"),
        marked("left out"),
        marked("rests statements"),
        marked("rests sources"),
        marked("without own source"),
        marked("without own source open"),
        marked("by source"),
        marked("turned by"),
    ),
    "brief": (marked("said"),),
    "codebook": (marked("position"),),
    "projects": (marked("listed"),),
    "sources": (marked("reference"),),
}
"""What of each kind is no column of a file and no name in one, in words; those are named as they are typed."""
_KEYS = (
    marked("not coded"),
    marked("contested"),
    marked("different"),
    marked("sequence"),
    marked("same"),
    marked("single"),
)
"""Kinds of blanks and of agreement of sources, in words."""
_TOPICS = (marked("extent"), marked("gaps"), marked("disputes"), marked("sureness"))
"""What sentences of the brief are about, beside phases."""
_VALUES = ("blank", "sources", "verdict", "quantifier", "without own source", "by source", "turned by")
"""Of these the values are words too."""
_CUT = ("numbers", "agreement")
"""Of these only the first are printed; CSV and JSON have them all."""
_MOST = 40
"""Numbers of one kind printed; most are made of the same few statements."""
_ABSENT = "–"


def change_sheets(old: Resolved, new: Resolved, found: Sequence[Compared]) -> list[Sheet]:
    """Return what changed as tables: one that counts, then one for each kind of thing that is not as it was.

    Parameters
    ----------
    old, new
        The two versions.
    found
        What changed between them (`changes_between`).
    """
    return [_counts(old, new, found), *(_listed(one, new.codebook) for one in found if one.changes)]


def changes_printed(old: Resolved, new: Resolved) -> Printout:
    """Return what changed between two versions; ``frame`` has a row per change (``old``, ``new``: text)."""
    found = changes_between(old, new)
    changes = [change for one in found for change in one.changes]
    frame = pd.DataFrame(
        [
            (
                one.about,
                " / ".join(part for part in one.key if part),
                one.column,
                unrounded(one.old),
                unrounded(one.new),
            )
            for one in changes
        ],
        columns=["about", "key", "column", "old", "new"],
        dtype="str",
    )
    document = {
        "old": {"name": old.table.name, "sha256": old.table.sha256, "method": method_block(old)},
        "new": {"name": new.table.name, "sha256": new.table.sha256, "method": method_block(new)},
        "compared": [
            {
                "about": one.about,
                "old": one.old,
                "new": one.new,
                "gone": one.gone,
                "added": one.added,
                "changed": one.changed,
            }
            for one in found
        ],
        "changes": [{**asdict(one), "old": _plain(one.old), "new": _plain(one.new)} for one in changes],
    }
    inputs = tuple(dict.fromkeys((*input_paths(old.table), *input_paths(new.table))))
    return Printout(tuple(change_sheets(old, new, found)), lambda: document, lambda: frame, inputs)


def changes_since(old: Table, new: Resolved) -> Printout:
    """Return what changed since an earlier version, under the view of the later one."""
    # In one language: else every cell would be said otherwise.
    return changes_printed(as_before(old.in_language(new.table.codebook.study.language), new.view), new)


def _counts(old: Resolved, new: Resolved, found: Sequence[Compared]) -> Sheet:
    """Return how many of each kind there were, are, are gone, new and changed."""
    rows = tuple(
        (
            plain(text(_TITLES[one.about])),
            *(plain(number(n)) for n in (one.old, one.new, one.gone, one.added, one.changed)),
        )
        for one in found
    )
    return Sheet(
        caption=_caption(old, new, found),
        label="changes",
        columns=("", text("Before"), text("Now"), text("Gone"), text("New"), text("Changed")),
        rows=rows,
        notes=tuple(Note("", said) for said in _remarks(old, new, found)),
        numeric=(1, 2, 3, 4, 5),
    )


def _caption(old: Resolved, new: Resolved, found: Sequence[Compared]) -> str:
    hashes = [side.table.sha256[:8] for side in (old, new)]
    if not any(one.changes for one in found):
        return text("Nothing that is printed changed from {old} to {new}.", old=hashes[0], new=hashes[1])
    return text("What changed from {old} to {new}.", old=hashes[0], new=hashes[1])


def _remarks(old: Resolved, new: Resolved, found: Sequence[Compared]) -> list[str]:
    """Return what a reader must know of the comparison: other rules, another codebook, how statements were matched."""
    said = [
        text(
            "Versions are named by the first digits of the hash of their files (SHA-256). Statements are matched by "
            "what they say, not by their line. Cells are those with a statement."
        )
    ]
    if old.view != new.view:
        said.append(text("The two are shown under different views: what differs may be the view."))
    if _codebooks_differ(found):
        said.append(text("The two have different codebooks: numbers may differ because of them alone."))
    return said


def _codebooks_differ(found: Sequence[Compared]) -> bool:
    return any(one.about == "codebook" and any(change.key[0] != "study" for change in one.changes) for one in found)


def _listed(compared: Compared, codebook: Codebook) -> Sheet:
    changes, left = list(compared.changes), 0
    if compared.about in _CUT and len(changes) > _MOST:
        first = ["composition", *(entry.key for entry in INDICATORS if entry.headline)]
        # The composition and the headline first: the others follow from the same statements.
        order = {key: at for at, key in reversed([*enumerate(first)])}
        changes.sort(key=lambda one: order.get(one.key[1].split(".", 1)[0], len(first)))
        changes, left = changes[:_MOST], len(changes) - _MOST
    said = counted("{n} more change is in -f csv and -f json.", "{n} more changes are in -f csv and -f json.", left)
    parts = {
        "n_gone": counted("{n} gone", "{n} gone", compared.gone),
        "n_new": counted("{n} new", "{n} new", compared.added),
        "n_changed": counted("{n} changed", "{n} changed", compared.changed),
    }
    heads = [text(head) for head in _HEADS[compared.about]]
    return Sheet(
        caption=text("{what}: {parts}.", what=text(_TITLES[compared.about]), parts=listed([*parts.values()])),
        label=f"changes-{compared.about}",
        columns=(*heads, text("What"), text("Before"), text("Now")),
        rows=tuple(_row(one, len(heads), codebook) for one in changes),
        notes=(Note("", said),) if left else (),
    )


def _row(change: Change, width: int, codebook: Codebook) -> tuple[Any, ...]:
    key = [*_in_words(change, codebook), *([""] * width)][:width]
    what, said = change.column, change.column.replace("_", " ")
    old, new = change.old, change.new
    if not what:
        what = text("new") if old is None else text("gone")
    elif said in _MADE.get(change.about, ()):
        what = text(said)
    if said in _VALUES or (not said and change.about == "claims"):
        old, new = (_worded(one) if isinstance(one, str) else one for one in (old, new))
    return tuple(plain(cell) for cell in (*key, what, _shown(old), _shown(new)))


def _worded(value: str) -> str:
    """Return a key, or several by what they are of (``malena2021: for; oewatch2018: against``), in words."""
    parts = [part.rpartition(": ") for part in value.split("; ")]
    return "; ".join(f"{of}{colon}{text(key.replace('_', ' '))}" for of, colon, key in parts)


def _in_words(change: Change, codebook: Codebook) -> tuple[str, ...]:
    """Return what a change goes by: keys of phases, modes and topics in words."""
    key = change.key
    if change.about in ("statements", "cells"):
        return (key[0], codebook.word(key[1]), *key[2:])
    if change.about == "agreement":
        return (text(key[0]), codebook.word(key[1]) if key[1] else "", *key[2:])
    if change.about == "numbers":
        return (*key[:2], mode_in_words(key[2]))
    return (text(key[0]) if key[0] in _TOPICS else codebook.word(key[0]),) if change.about == "brief" else key


def _shown(value: Any) -> str:
    """Return a value as it stands in a table: at most four decimals.

    >>> _shown(None), _shown(""), _shown(1 / 3), _shown(True), _shown(["a", 1])
    ('–', '–', '0.3333', 'yes', 'a and 1')
    """
    value = _plain(value)
    if value is None or value == "":
        return _ABSENT
    if isinstance(value, bool):
        return text("yes") if value else text("no")
    if isinstance(value, float):
        return digits(f"{value:.4f}".rstrip("0").rstrip(".")) if value != int(value) else str(int(value))
    return listed([_shown(part) for part in value], most=len(value)) if isinstance(value, list) else str(value)


def _plain(value: Any) -> Any:
    """Return a value as JSON has it."""
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and missing(value) else value
