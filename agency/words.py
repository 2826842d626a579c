"""Small words of the report: counts, lists and rules in plain English, the same wherever they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass


from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


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
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most:,} more"
    return join_names(list(names)) if names else "none"


def join_names(names: list[str]) -> str:
    """Join names as in running text.

    Examples
    --------
    >>> join_names(["A", "B", "C"])
    'A, B and C'
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
