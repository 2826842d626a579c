"""The catalogue of indicators: what each is, where it comes from, and the function that computes it.

Adding an indicator is one function that returns a tidy frame and one entry in `catalogue.toml`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import import_module, resources
from inspect import signature
from typing import TYPE_CHECKING, Any, Literal

from agency.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from agency.matrix.matrix import Matrix
    from agency.table.model import Table


@dataclass(frozen=True)
class Indicator:
    """One entry of the catalogue."""

    key: str
    """First part of its keys in the output."""
    id: str
    """Number in the method: I01 to I25."""
    title: str
    formula: str
    range: str
    reading: str
    source: str
    """Author and year."""
    blanks: str
    """How gap and unknown are treated."""
    limits: str
    """What it does not say."""
    unit: Literal["share", "number", "count", "list"]
    """A share is printed in percent."""
    function: str
    """``module.function`` in `agency.measures`; several entries may share one."""
    headline: bool = False
    """Printed without ``--all``."""


def _catalogue() -> tuple[Indicator, ...]:
    text = resources.files("agency.measures").joinpath("catalogue.toml").read_text("utf-8")
    return tuple(Indicator(**entry) for entry in tomllib.loads(text)["indicator"])


INDICATORS = _catalogue()


def indicator(name: str) -> Indicator:
    """Return the entry with this key; a key as printed (``composition.local``) names its indicator.

    Raises
    ------
    UsageError
        If there is none; the message names the nearest one.

    Examples
    --------
    >>> indicator("lock_in.state").id
    'I10'
    """
    known = {entry.key: entry for entry in INDICATORS}
    first = name.split(".", 1)[0].replace("share_bounds", "share")
    if first not in known:
        message = f"There is no indicator {name!r}.{did_you_mean(first, list(known))} Known: {', '.join(known)}."
        raise UsageError(message)
    return known[first]


def compute(function: str, matrix: Matrix, table: Table) -> pd.DataFrame:
    """Return the tidy frame of a function of the catalogue.

    Examples
    --------
    >>> import agency
    >>> study = agency.load().select(project="JSeI")
    >>> compute("holders.withdrawal", study.matrix, study.data)["value"].tolist()
    [2, 3, 2, 0]
    """
    module, name = function.split(".")
    found = getattr(import_module(f"agency.measures.{module}"), name)
    arguments: dict[str, Any] = {"matrix": matrix, "table": table}
    frame: pd.DataFrame = found(**{key: arguments[key] for key in signature(found).parameters})
    return frame


def indicators_markdown() -> str:
    """Return the catalogue as a Markdown table for `docs/indicators.md`.

    Examples
    --------
    >>> print(indicators_markdown().splitlines()[0])
    | id | key | indicator | formula | range | reading | limits | gap and unknown | source |
    """
    lines = [
        "| id | key | indicator | formula | range | reading | limits | gap and unknown | source |",
        "| --- " * 9 + "|",
    ]
    for entry in INDICATORS:
        words = (entry.formula, entry.range, entry.reading, entry.limits, entry.blanks, entry.source)
        cells = (entry.id, f"`{entry.key}`", entry.title, *words)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"
