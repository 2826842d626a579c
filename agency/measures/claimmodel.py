"""What a claim is: a published sentence, the cases it speaks of, and the condition each of them must meet."""

from __future__ import annotations

from dataclasses import dataclass, field

QUANTIFIERS = ("every", "some", "none", "most", "at_least")
OPERATORS = (">", ">=", "<", "<=", "==", "!=")
TESTS = ("holders", "same_actor", "status", "n_holders", "indicator")
"""What a condition can test; it has exactly one of them."""


@dataclass(frozen=True)
class Condition:
    """What must hold in a case; ``test`` is one of `TESTS` and says which of the other fields matter."""

    test: str
    holders: str = ""
    """only, include or exclude."""
    by: str = ""
    """origin, actor or kind."""
    among: tuple[str, ...] = ()
    """Origins, actors, kinds or statuses; the two phases of ``same_actor``."""
    counted: str = ""
    """What ``n_holders`` counts: actors or origins."""
    indicator: str = ""
    """Dotted key of `agency indicators -f json`."""
    op: str = ""
    value: float | bool | str | None = None
    project: str = ""
    """Project whose indicator is the other side of the comparison, instead of ``value``."""


@dataclass(frozen=True)
class Claim:
    """A published statement with its test."""

    id: str
    text: str
    source: str
    condition: Condition
    locator: str = ""
    quote: str = ""
    quantifier: str = "every"
    n: int = 0
    projects: tuple[str, ...] = ()
    """Cases as named in the file; empty: every project of the table."""
    phases: tuple[str, ...] = ()
    """Empty: the core phases."""
    years: tuple[int, ...] = ()
    """Empty: held at any time (static)."""
    line: int = field(default=0, compare=False)
