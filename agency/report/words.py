"""Small words of the report: counts, lists and rules in plain English, the same wherever they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agency.matrix.view import View

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def count(number: int, singular: str, plural: str = "") -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> count(1, "project"), count(2400, "row"), count(2, "country", "countries")
    ('1 project', '2,400 rows', '2 countries')
    """
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def in_words(number: int) -> str:
    """Return a number up to twelve in words.

    Examples
    --------
    >>> in_words(6), in_words(18)
    ('six', '18')
    """
    return _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"


def listed(names: Sequence[str], *, most: int = 12) -> str:
    """Return names as in running text, shortened when there are many.

    Examples
    --------
    >>> listed(["A", "B", "C"]), listed(["A", "B", "C"], most=2)
    ('A, B and C', 'A, B and 1 more')
    """
    from agency.matrix.cellmodel import join_names

    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most:,} more"
    return join_names(list(names)) if names else "none"


def counting_rule(view: View) -> str:
    """Return the counting rule in force as a phrase.

    Examples
    --------
    >>> from agency.matrix.view import View
    >>> counting_rule(View())
    'joint holders share a phase equally (1/holders)'
    """
    if view.counting == "origin":
        return "the origins present share a phase equally (1/origins)"
    return "joint holders share a phase equally (1/holders)"


def reading(view: View) -> str:
    """Return the mode in force as a phrase.

    Examples
    --------
    >>> from agency.matrix.view import View
    >>> reading(View())
    'static: held at any time of the window'
    """
    if view.mode == "time":
        return "time: continuing phases weighted by years"
    if view.mode == "snapshot":
        return "snapshot of each window’s last year" if view.year == "end" else f"snapshot of {view.year}"
    return "static: held at any time of the window"
