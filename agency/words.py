"""Words a reader sees: whole sentences with named places, counts with their noun, lists.

Every sentence is one string with named places, never glued from parts, so that it can be translated as it stands:
``text("{holder} held {phase} until {year}.", ...)``. What agrees with a number has both forms beside each other:
``counted("{n} source", "{n} sources", n)``. Names in a row go through `listed`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def text(sentence: str, **places: Any) -> str:
    """Return a sentence with its named places filled.

    Examples
    --------
    >>> text("{project}: nobody said who {phase}.", project="JSeI", phase="designed it")
    'JSeI: nobody said who designed it.'
    """
    return sentence.format(**places) if places else sentence


def marked(sentence: str) -> str:
    """Return a sentence as it is: a constant that the catalogues take up here and `text` translates where it is used.

    Examples
    --------
    >>> marked("No holder is known.")
    'No holder is known.'
    """
    return sentence


def counted(one: str, several: str, n: int, **places: Any) -> str:
    """Return the form of a sentence that agrees with a number, which stands in it as ``{n}``.

    Examples
    --------
    >>> counted("{n} row", "{n} rows", 1), counted("{n} row of {file}", "{n} rows of {file}", 2400, file="a.csv")
    ('1 row', '2,400 rows of a.csv')
    """
    return (one if n == 1 else several).format(n=f"{n:,}", **places)


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
    >>> listed(["A", "B", "C"]), listed(["A", "B", "C"], most=2), listed([])
    ('A, B and C', 'A, B and 1 more', 'none')
    """
    if not names:
        return "none"
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most:,} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
