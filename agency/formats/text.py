"""Sheets as plain text, and what other text formats need of it: widths on a terminal, wrapping, fitting columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Final

from wcwidth import wcswidth, wcwidth

from agency import words
from agency.characters import clean
from agency.formats.sheet import Entry, Run, Sheet

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


def typeset(
    line: tuple[Run, ...],
    escape: Callable[[str], str],
    mark: Callable[[str], str],
    *,
    strike: Callable[[str], str] = str,
) -> str:
    """Return a line with its texts escaped and its marks written by `mark`, which gets them joined by commas.

    `strike` gets the escaped text of a run that is struck through.

    Examples
    --------
    >>> typeset((Run("ZTE", marks=("1", "a")),), str.upper, lambda marks: f" [{marks}]")
    'ZTE [1,a]'
    """
    texts = [strike(escape(run.text)) if run.struck else escape(run.text) for run in line]
    marks = [mark(",".join(run.marks)) if run.marks else "" for run in line]
    return "".join(text + signs for text, signs in zip(texts, marks, strict=True))


def reference(line: tuple[Run, ...]) -> str:
    """Return a reference as plain text.

    Examples
    --------
    >>> reference((Run("Pérez. 2020. "), Run("On Zebras", italic=True), Run(".")))
    'Pérez. 2020. On Zebras.'
    """
    return clean("".join(run.text for run in line))


@dataclass(frozen=True)
class Room:
    """What a column asks for, in characters."""

    word: int
    """Its longest word."""
    line: int
    """Its longest line."""
    cell: int
    """Its longest cell, all lines together."""


def rooms(sheet: Sheet) -> list[Room]:
    """Return what each column asks for, marks included.

    Examples
    --------
    >>> from agency.formats.sheet import plain
    >>> rooms(Sheet("", "x", ("Phase",), ((plain("Designed by"),),)))
    [Room(word=8, line=11, cell=11)]
    """
    found = []
    for at, name in enumerate(sheet.columns):
        cells = [[clean(name)]]
        cells += [[typeset(line, clean, str) for line in row[at].lines] for row in sheet.rows]
        lines = [line for cell in cells for line in cell]
        words = [word for line in lines for word in line.split(" ")]
        found.append(Room(max(map(width, words)), max(map(width, lines)), max(sum(map(width, cell)) for cell in cells)))
    return found


def shares(asked: list[Room], line: int) -> list[float]:
    """Return each column's share of a line: its longest word, and of the rest more to the longer cells.

    Examples
    --------
    >>> shares([Room(10, 10, 10), Room(10, 90, 90)], 60)
    [0.333..., 0.666...]
    """
    spare = max(line - sum(room.word for room in asked), 0)
    roots = sum(sqrt(room.cell) for room in asked)
    wanted = [room.word + spare * sqrt(room.cell) / roots for room in asked]
    return [wide / sum(wanted) for wide in wanted]


_GAP = 2
_PADDING = 2
"""What tabulate adds to a column title."""
_LEAST = 8


def render(sheet: Sheet, *, columns: int, bare: bool = False) -> str:
    """Return the sheet as text of at most `columns` columns, as far as the number of its columns allows.

    Examples
    --------
    >>> from agency.formats.sheet import plain
    >>> print(render(Sheet("Firms", "firms", ("Phase", "A"), ((plain("Designed by"), plain("ZTE")),)), columns=80))
    Firms
    <BLANKLINE>
    Phase        A
    -----------  ---
    Designed by  ZTE
    """
    if bare:
        return _grid(sheet.bare(), columns)
    parts = [*_paragraph(clean(sheet.caption), columns), _grid(sheet, columns)]
    notes = [
        _note(f"[{clean(note.mark)}] {clean(note.text)}" if note.mark else clean(note.text), columns)
        for note in sheet.notes
    ]
    parts += ["\n".join(notes)] if notes else []
    if sheet.references:
        parts.append(
            "\n".join([words.text("References"), *(_note(reference(line), columns) for line in sheet.references)])
        )
    return "\n\n".join(parts)


def _paragraph(text: str, columns: int) -> list[str]:
    return ["\n".join(wrap(text, columns))] if text else []


def _note(text: str, columns: int) -> str:
    """Wrap with a hanging indent, so that the marks stand out."""
    return "\n    ".join(wrap(text, max(columns - 4, _LEAST)))


def _grid(sheet: Sheet, columns: int) -> str:
    head = [[clean(name)] for name in sheet.columns]
    body = [[_lines(entry) for entry in row] for row in sheet.rows]
    natural, words = _asked(head, body)
    blocks = []
    for block in side_by_side(words, columns, gap=_GAP, stub=sheet.stub):
        room = columns - _GAP * (len(block) - 1)
        least = [min(words[at], max(room, _LEAST)) for at in block]
        widths = fit([natural[at] for at in block], least, room)
        numeric = [place for place, at in enumerate(block) if at in sheet.numeric]
        blocks.append(_block([head[at] for at in block], [[row[at] for at in block] for row in body], widths, numeric))
    return "\n\n".join(blocks)


def side_by_side(least: Sequence[int], limit: int, *, gap: int = 0, stub: int = 1) -> list[list[int]]:
    """Return which columns stand side by side; the first ones, the head of the rows, begin every block.

    Parameters
    ----------
    least
        Width below which a column must not go.
    limit
        Width of the page.
    gap
        Width between two columns.
    stub
        How many columns are the head of the rows.

    Examples
    --------
    >>> side_by_side([5, 10, 10, 10], 32, gap=2)
    [[0, 1, 2], [0, 3]]
    """
    head = list(range(min(stub, len(least))))
    blocks = [[*head]]
    for at in range(len(head), len(least)):
        block = blocks[-1]
        wide = sum(least[one] for one in block) + gap * len(block) + least[at]
        if wide > limit and len(block) > len(head):
            blocks.append([*head, at])
        else:
            block.append(at)
    return blocks


def _block(
    head: Sequence[list[str]], body: Sequence[Sequence[list[str]]], widths: Sequence[int], numeric: Sequence[int]
) -> str:
    folded = [[_fold(lines, wide) for lines, wide in zip(row, widths, strict=True)] for row in body]
    titles = [_fold(lines, max(wide - _PADDING, 1)) for lines, wide in zip(head, widths, strict=True)]
    # Rows of several lines need air between them, else nobody sees where the next one begins.
    airy = any("\n" in cell for row in folded for cell in row)
    spaced = [line for row in folded for line in ([row, [""] * len(row)] if airy else [row])]
    from tabulate import tabulate

    printed = tabulate(
        spaced[:-1] if airy else spaced,
        headers=titles,
        tablefmt="simple",
        disable_numparse=True,
        preserve_whitespace=True,
        colalign=["right" if at in numeric else "left" for at in range(len(widths))],
    )
    return "\n".join(line.rstrip(" ") for line in printed.split("\n"))


def _asked(head: Sequence[list[str]], body: Sequence[Sequence[list[str]]]) -> tuple[list[int], list[int]]:
    """Return the width of each column without wrapping, and that of its longest word."""
    natural, words = [], []
    for at, title in enumerate(head):
        lines = [line.replace(_BREAK, " ") for row in body for line in row[at]]
        natural.append(max(width(title[0]) + _PADDING, *(width(line) for line in lines), 0))
        longest = (width(word) for line in lines for word in line.split(" "))
        words.append(max(max((width(word) for word in title[0].split(" ")), default=0) + _PADDING, *longest, 0))
    return natural, words


_BREAK: Final = "\x1f"
"""Stands, within this module, for the space at which a line may end between two holders; no clean text has it."""
_JOINT: Final = 2
"""Holders that stand in one line where it holds them; more have a line each."""


def _lines(entry: Entry) -> list[str]:
    said = [tuple(replace(run, text=clean(run.text)) for run in line) for line in entry.lines]
    said = [
        tuple(replace(run, text=run.text.replace(" ", _BREAK, 1)) if run.breaks else run for run in line)
        for line in said
    ]
    return [typeset(line, str, lambda marks: f" [{clean(marks)}]") for line in said] or [""]


def _fold(lines: Sequence[str], wide: int) -> str:
    """Return a cell in lines: holders in one line where they fit and are at most two, else a line for each."""
    parts = []
    for line in lines:
        whole = line.replace(_BREAK, " ")
        few = line.count(_BREAK) < _JOINT and width(whole) <= wide
        parts += [whole] if few else [part for one in line.split(_BREAK) for part in wrap(one, wide)]
    return "\n".join(parts)
