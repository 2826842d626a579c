"""How numbers are written in tables: rounded only here, with the rule they were made by beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import isnan
from typing import Any

from agency import words
from agency.formats import Entry, plain
from agency.words import marked, percent, text

_MODES = {
    "static": marked("Mode static"),
    "time": marked("Mode time"),
    "snapshot": marked("Mode snapshot {year}"),
}
_LAST_YEAR = marked("Mode snapshot end")
_MODE_CELLS = {"static": marked("static"), "time": marked("time"), "snapshot": marked("snapshot")}
_RANKS = {"best": marked("rank best"), "all": marked("rank all")}
_BOUNDARIES = {"held": marked("boundary held"), "split": marked("boundary split"), "gap": marked("boundary gap")}
CHOICES = (
    *_RANKS.values(),
    *_BOUNDARIES.values(),
    marked("counted by actor"),
    marked("counted by origin"),
    marked("actors named"),
    marked("actors whole"),
    marked("alleged rows counted"),
    marked("alleged rows left out"),
    marked("without undated years"),
)
"""Choices of a rule, as sentences name them."""
_RULES = {"actor": marked("equal shares per actor"), "origin": marked("equal shares per origin")}


def two(value: float) -> str:
    """Return a number with two decimals.

    Examples
    --------
    >>> two(-0.001)
    '0.00'
    """
    return words.number(round(value, 2) + 0.0, 2)


def written(value: Any, unit: str, why: str = "") -> str:
    """Return a value as it is printed; where there is none, "insufficient" or "undefined" with the reason.

    Examples
    --------
    >>> written(0.5, "share"), written(["design", "maintenance"], "list"), written(None, "number", "no foreign holder")
    ('50.0 %', 'design, maintenance', 'undefined (no foreign holder)')
    """
    if isinstance(value, (list, tuple)):
        return ", ".join(str(item) for item in value) or text("none")
    if missing(value):
        if not why:
            return text("undefined")
        if why.startswith("insufficient"):
            return text("insufficient")
        return text("undefined ({why})", why=text(why))
    if isinstance(value, bool):
        return text("yes") if value else text("no")
    if isinstance(value, (str, int)):
        return str(value)
    return percent(value) if unit == "share" else two(value)


def number(value: Any, unit: str, why: str = "") -> Entry:
    """Return a cell with a value as it is printed and, for CSV, unrounded.

    Examples
    --------
    >>> number(0.5, "share").text, number(0.5, "share").exact, number(None, "share", "no window").exact
    ('50.0 %', '0.5', '')
    """
    exact = "" if missing(value) else repr(float(value)) if isinstance(value, (float, Fraction)) else str(value)
    return plain(written(value, unit, why), exact)


def missing(value: Any) -> bool:
    """Return whether there is no value: None or NaN.

    Examples
    --------
    >>> missing(float("nan")), missing(0.0)
    (True, False)
    """
    return value is None or (isinstance(value, float) and isnan(value))


def within(low: float, high: float, unit: str) -> str:
    """Return bounds in brackets, nothing when they meet or are undefined.

    Examples
    --------
    >>> within(0.25, 0.5, "share"), within(0.5, 0.5, "share")
    (' [25.0 %, 50.0 %]', '')
    """
    if missing(low) or high - low < 1e-12:
        return ""
    return " " + text("[{low}, {high}]", low=written(low, unit), high=written(high, unit))


def rules(method: Mapping[str, Any]) -> str:
    """Return the rules of a method block in one line, for captions.

    Examples
    --------
    >>> rules({"mode": "snapshot", "year": 2019, "counting": "actor", "rank": "best", "boundary": "held",
    ...        "confidence": ["documented", "reported"]})
    'Mode snapshot 2019; equal shares per actor; rank best; boundary held; alleged rows not counted.'
    """
    year = method.get("year", "")
    chosen = {
        "mode": text(_LAST_YEAR) if year == "end" else text(_MODES[method["mode"]], year=year),
        "counting": text(_RULES[method["counting"]]),
        "rank": text(_RANKS[method["rank"]]),
        "boundary": text(_BOUNDARIES[method["boundary"]]),
    }
    if "alleged" in method["confidence"]:
        return text("{mode}; {counting}; {rank}; {boundary}; alleged rows counted.", **chosen)
    return text("{mode}; {counting}; {rank}; {boundary}; alleged rows not counted.", **chosen)


def mode_in_words(mode: str) -> str:
    """Return a mode as a cell says it, with how actors are counted where that is not as in the view.

    >>> mode_in_words("static"), mode_in_words("time, actors whole")
    ('static', 'time, actors whole')
    """
    reading, _, actors = mode.partition(", actors ")
    said = text(_MODE_CELLS[reading])
    if not actors:
        return said
    whole = text("{mode}, actors whole", mode=said)
    return whole if actors == "whole" else text("{mode}, actors named", mode=said)


_NOT_HELD = {"gap": "-", "unknown": "?"}


def bar(parts: Sequence[tuple[str, float]], width: int) -> str:
    """Return a bar of `width` characters: each part is its letter and then blocks; what nobody holds has none.

    Lengths are in proportion, by largest remainders; a part above 0 keeps at least its letter.

    Examples
    --------
    >>> bar([("L", 0.5), ("C", 0.3), ("W", 0.0), ("?", 0.2)], 10)
    'L████C██??'
    """
    shown = [(letter, share) for letter, share in parts if share > 1e-12]
    exact = [share * width for _, share in shown]
    lengths = [max(int(length), 1) for length in exact]
    by_need = sorted(range(len(shown)), key=lambda at: (lengths[at] - exact[at], at))
    while shown and sum(lengths) < width:
        at = by_need.pop(0)
        lengths[at] += 1
        by_need.append(at)
    while sum(lengths) > max(width, len(shown)):
        lengths[max(range(len(shown)), key=lambda at: lengths[at])] -= 1
    fills = [letter if letter in _NOT_HELD.values() else "█" for letter, _ in shown]
    return "".join(
        letter + fill * (length - 1) for (letter, _), fill, length in zip(shown, fills, lengths, strict=True)
    )


def letters(names: Sequence[str], labels: Mapping[str, str]) -> dict[str, str]:
    """Return a letter for each name, the first of its label that is not taken yet; gap is ``-``, unknown ``?``.

    Examples
    --------
    >>> letters(["local", "chinese", "gap", "unknown"], {"local": "Local", "chinese": "Chinese"})
    {'local': 'L', 'chinese': 'C', 'gap': '-', 'unknown': '?'}
    """
    found = dict(_NOT_HELD)
    for name in names:
        free = [
            char.upper() for char in labels.get(name, name) if char.isalnum() and char.upper() not in found.values()
        ]
        found.setdefault(name, free[0] if free else str(len(found)))
    return {name: found[name] for name in names}
