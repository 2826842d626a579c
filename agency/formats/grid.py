"""Grid tables of ready-made markup, as pandoc and docutils read them (Markdown and reStructuredText)."""

from __future__ import annotations

from collections.abc import Sequence

from agency.formats.text import fit, wrap
from agency.formats.text import width_by_character as width

BLOCK = "| "
"""Starts a line of a line block in reStructuredText; its continuation is indented as far."""


def draw(
    head: list[str], rows: list[list[str]], *, columns: int, numeric: Sequence[int] = (), colons: bool = False
) -> str:
    r"""Return a grid table of at most `columns` columns, as far as the longest words allow.

    Cells wrap at spaces only, because a reader joins wrapped lines with a space; a line end in a cell stays one.
    Widths are counted by character, as the readers do (tabulate counts a joined emoji as one). With `colons`, as pandoc
    reads them, the rule below the header says which columns are aligned to the right: four spaces before a number
    would make it a block of code. docutils knows no colons, and takes such spaces away.

    Examples
    --------
    >>> print(draw(["Phase", "A"], [["Designed by", "ZTE\\\nCEIEC"]], columns=30))
    +-------------+-------+
    | Phase       | A     |
    +=============+=======+
    | Designed by | ZTE\  |
    |             | CEIEC |
    +-------------+-------+
    """
    table = [head, *rows]
    natural = [max(width(line) for row in table for line in row[at].split("\n")) for at in range(len(head))]
    least = [max(_least(line) for row in table for line in row[at].split("\n")) for at in range(len(head))]
    widths = fit(natural, least, columns - 3 * len(head) - 1)
    drawn = [_rule("-", widths)]
    for row, rule in zip(table, ["=", *"-" * len(rows)], strict=True):
        right = numeric if colons and rule == "=" else ()
        drawn += [*_lines(row, widths, () if colons else numeric), _rule(rule, widths, right)]
    return "\n".join(drawn)


def _rule(sign: str, widths: list[int], right: Sequence[int] = ()) -> str:
    parts = (sign * (wide + 1) + (":" if at in right else sign) for at, wide in enumerate(widths))
    return f"+{'+'.join(parts)}+"


def _lines(row: list[str], widths: list[int], numeric: Sequence[int]) -> list[str]:
    folded = [_fold(cell, wide) for cell, wide in zip(row, widths, strict=True)]
    lines = []
    for height in range(max(map(len, folded))):
        cells = []
        for at, (cell, wide) in enumerate(zip(folded, widths, strict=True)):
            text = cell[height] if height < len(cell) else ""
            space = " " * (wide - width(text))
            cells.append(f"{space}{text}" if at in numeric else f"{text}{space}")
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _least(line: str) -> int:
    words = line.removeprefix(BLOCK).split(" ")
    return max(map(width, words)) + (len(BLOCK) if line.startswith(BLOCK) else 0)


def _fold(cell: str, wide: int) -> list[str]:
    folded = []
    for line in cell.split("\n"):
        first, hang = (BLOCK, " " * len(BLOCK)) if line.startswith(BLOCK) else ("", "")
        parts = wrap(line.removeprefix(BLOCK), wide - len(first), inside_words=False, measure=width)
        folded += [first + parts[0], *(hang + part for part in parts[1:])]
    return folded
