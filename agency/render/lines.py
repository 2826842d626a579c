"""From the runs of a line to one string, for the formats that are text."""

from __future__ import annotations

from collections.abc import Callable

from agency.render.sheet import Run


def typeset(line: tuple[Run, ...], escape: Callable[[str], str], mark: Callable[[str], str]) -> str:
    """Return a line with its texts escaped and its marks written by `mark`, which gets them joined by commas.

    Examples
    --------
    >>> typeset((Run("ZTE", marks=("1", "a")),), str.upper, lambda marks: f" [{marks}]")
    'ZTE [1,a]'
    """
    return "".join(escape(run.text) + (mark(",".join(run.marks)) if run.marks else "") for run in line)
