"""Layout of text tables: widths in terminal columns, wrapping and fitting columns into a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from wcwidth import wcswidth, wcwidth

_BREAK_AFTER = "-/\u2013\u2014"


def width(text: str) -> int:
    """Return how many terminal columns a text takes: two for a Chinese character, none for a combining accent.

    Examples
    --------
    >>> width("ZTE"), width("中国")
    (3, 4)
    """
    return max(int(wcswidth(text)), 0)


def width_by_character(text: str) -> int:
    """Return the sum of the characters' widths, as pandoc and docutils count: a joined emoji is not one but several."""
    return sum(max(wcwidth(char), 0) for char in text)


def wrap(text: str, limit: int, *, inside_words: bool = True, measure: Callable[[str], int] = width) -> list[str]:
    """Return the text in lines of at most `limit` columns.

    Lines break at spaces (never at a no-break space). With `inside_words` a word longer than a line is cut, between
    Chinese characters or behind a hyphen or slash where there is one; without, it keeps its length.

    Examples
    --------
    >>> wrap("Until 2018: CEIEC", 12)
    ['Until 2018:', 'CEIEC']
    """
    lines = [""]
    for word in text.split(" "):
        glue = " "
        for piece in _pieces(word, limit) if inside_words and width(word) > limit else [word]:
            joined = f"{lines[-1]}{glue}{piece}" if lines[-1] else piece
            if measure(joined) <= limit or not lines[-1]:
                lines[-1] = joined
            else:
                lines.append(piece)
            glue = ""
    return lines


def _pieces(word: str, limit: int) -> list[str]:
    """Cut a word where a line may end; never before a character without width of its own."""
    pieces = [""]
    for char in word:
        last = pieces[-1]
        wide = wcwidth(char) == 2 or (bool(last) and wcwidth(last[-1]) == 2)
        may_break = wide or last[-1:] in _BREAK_AFTER or width(last + char) > limit
        if last and may_break and wcwidth(char) > 0 and not last.endswith("\u200d"):
            pieces.append(char)
        else:
            pieces[-1] += char
    return pieces


def fit(natural: Sequence[int], least: Sequence[int], limit: int) -> list[int]:
    """Return column widths that sum to at most `limit` where that is possible, taking from the widest columns.

    Parameters
    ----------
    natural
        Width of each column without wrapping.
    least
        Width below which a column must not go.
    limit
        Columns available, separators not counted.

    Examples
    --------
    >>> fit([10, 50, 20], [5, 5, 5], 60)
    [10, 30, 20]
    """
    cap = max(natural, default=0)
    widths = list(natural)
    while sum(widths) > limit and cap > 0:
        cap -= 1
        widths = [min(wide, max(cap, low)) for wide, low in zip(natural, least, strict=True)]
    return widths
