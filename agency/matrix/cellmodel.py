"""The cell model: what every renderer and figure draws. Frozen records, no pandas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agency.table.codebook import Codebook, Phase


@dataclass(frozen=True)
class Holder:
    """One row of the table behind a cell, as it is printed."""

    row_id: int
    """Position of the row in the table: the anchor of its evidence."""
    line: int
    actor: str | None
    """Printed name; None for rows without an actor."""
    origin: str | None
    actor_kind: str
    unnamed: bool
    role: str
    scope: str
    start: int | None
    end: int | None
    duration_years: int | None
    status: str
    source: str
    locator: str
    quote: str
    confidence: str
    rank: str
    coder: str
    note: str
    text: str
    """As printed in its cell: ``CEIEC (technical)``, ``ZTE for 3 years``."""


@dataclass(frozen=True)
class Part:
    """One period of a cell: joint holders, or a status without a holder."""

    prefix: str
    """``Until 2018: `` and the like, from given dates only; empty when undated or in an event phase."""
    text: str
    """``Local firms and CEIEC``, ``still under negotiation``, ``nobody``; without the prefix."""
    start: int | None
    end: int | None
    status: str
    """held, negotiating, vacant or not_applicable."""
    holders: tuple[Holder, ...]
    """Distinct by printed text, in print order; one without an actor stands for a gap."""
    rows: tuple[Holder, ...]
    """All rows behind it in print order: the same holder from two sources is two rows."""


@dataclass(frozen=True)
class Cell:
    """Project x phase: periods in print order, what is only listed, and what kind of blank it is."""

    project: str
    phase: str
    parts: tuple[Part, ...]
    listed: tuple[Holder, ...]
    """Proposed, alleged and support rows: named in brackets, counted nowhere."""
    evidence: tuple[Holder, ...]
    """All selected rows of this project and phase in file order, deprecated ones included."""
    blank: str | None
    """None (somebody holds), not_coded, vacant, negotiating or not_applicable."""
    agreement: str
    """Between sources (rule 13): "", same, complementary or contested."""

    @property
    def lines(self) -> tuple[str, ...]:
        """The cell's text, a line per period; what is only listed follows the last period."""
        lines = [part.prefix + part.text for part in self.parts]
        if not lines:
            return (" ".join(self.listed_texts) or self.empty_text,)
        lines[-1] = " ".join([lines[-1], *self.listed_texts])
        return tuple(lines)

    @property
    def text(self) -> str:
        """The cell in one line, periods separated by `` / ``."""
        return " / ".join(self.lines)

    @property
    def empty_text(self) -> str:
        """What stands where nobody is named: ``not coded``, or ``unknown`` where rows speak of other years only."""
        speaks = any(
            row.status != "proposed" and row.role == "lead" and row.rank != "deprecated" and row.confidence != "alleged"
            for row in self.evidence
        )
        return "unknown" if speaks else "not coded"

    @property
    def listed_texts(self) -> tuple[str, ...]:
        """``(proposed: X)``, ``(alleged: X and Y)``, ``(support: Z)``, in this order."""
        kinds: dict[str, list[str]] = {"proposed": [], "alleged": [], "support": []}
        for holder in self.listed:
            names = kinds[listed_kind(holder)]
            if holder.actor is not None and holder.actor not in names:
                names.append(holder.actor)
        return tuple(f"({kind}: {join_names(names)})" for kind, names in kinds.items() if names)


@dataclass(frozen=True)
class ProjectHead:
    """A column of the table: one project."""

    key: str
    label: str
    country: str
    window: tuple[int, int] | None


@dataclass(frozen=True)
class CellTable:
    """All cells of a view: projects in the user's order, phases in process order."""

    projects: tuple[ProjectHead, ...]
    phases: tuple[Phase, ...]
    cells: Mapping[tuple[str, str], Cell]
    """By (project key, phase key)."""
    codebook: Codebook
    left_out: tuple[str, ...] = ()
    """Projects left out as thin or without the year asked for."""

    def cell(self, project: str, phase: str) -> Cell:
        """Return the cell of a project and phase."""
        return self.cells[project, phase]


def listed_kind(holder: Holder) -> str:
    """Return why a row is only listed: proposed, alleged or support (the first that applies)."""
    if holder.status == "proposed":
        return "proposed"
    return "alleged" if holder.confidence == "alleged" else "support"


def join_names(names: list[str]) -> str:
    """Join names as in running text.

    Examples
    --------
    >>> join_names(["A", "B", "C"])
    'A, B and C'
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
