"""What a claim is: a published sentence, the cases it speaks of, and the condition each of them must meet."""

from __future__ import annotations

from dataclasses import dataclass

from agency.words import marked

QUANTIFIERS = ("every", "some", "none", "most", "at_least")
CLAIM_KINDS = (marked("factual"), marked("evaluative"), marked("counterfactual"), marked("future"))
"""Only factual sentences are tested; the others are listed."""
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
    role: str = ""
    """``lead``: support rows do not count."""
    before: int | None = None
    """Year in which the condition did not hold (``from``); with ``ends``, in which it held."""
    after: int | None = None
    """Year in which it held (``to``); with ``ends``, in which it did not."""
    ends: bool = False
    counted: str = ""
    """What ``n_holders`` counts: actors or origins."""
    indicator: str = ""
    """Dotted key of `agency indicators -f json`."""
    op: str = ""
    value: float | bool | str | None = None
    project: str = ""
    """Project whose indicator is the other side of the comparison, instead of ``value``."""


@dataclass(frozen=True)
class Where:
    """Only cases that meet a condition on holders in one phase."""

    phase: str
    condition: Condition


@dataclass(frozen=True)
class Claim:
    """A published sentence with its test."""

    id: str
    text: str
    """What is tested."""
    source: str
    condition: Condition | None = None
    """None only where the kind is not factual."""
    kind: str = "factual"
    """One of `CLAIM_KINDS`."""
    reported_by: str = ""
    """Who made the claim, where the source only reports it."""
    locator: str = ""
    quote: str = ""
    """What was written."""
    quantifier: str = "every"
    n: int = 0
    """Of the quantifier ``at_least``."""
    projects: tuple[str, ...] = ()
    """Cases as named in the file; empty: every project of the table."""
    phases: tuple[str, ...] = ()
    """Empty: the core phases."""
    years: tuple[int, ...] = ()
    """Empty: at any time."""
    types: tuple[str, ...] = ()
    """Only projects of these types."""
    countries: tuple[str, ...] = ()
    """Only projects in these countries."""
    where: Where | None = None

    @property
    def is_testable(self) -> bool:
        """Whether a table can answer it."""
        return self.kind == "factual"

    @property
    def years_named(self) -> tuple[int, ...]:
        """Every year the claim names, in its scope or its condition."""
        condition = self.condition or Condition("")
        return (*self.years, *(year for year in (condition.before, condition.after) if year is not None))
