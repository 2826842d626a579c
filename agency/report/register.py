"""The evidence register: every statement of the selected projects, by project and phase."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from agency.resolve import given_years
from agency.words import counted, in_sentence, marked, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from agency.report.material import Material
    from agency.resolve import Cell, Holder

_STATUS: Final = {
    "held": "",
    "negotiating": "under negotiation",
    "vacant": "nobody",
    "proposed": "proposed",
    "not_applicable": "not applicable",
    "denied": "denied: did not hold it",
}
_USES: Final = {
    "deprecated": "set aside by the editors",
    "proposed": "not used: only proposed",
    "denied": "not used for the table: says who did not hold the phase",
    "alleged": "not used: alleged",
    "support": "not used: a supporting role",
    "uncounted": "not used: the phase does not count",
    "dates": "outranked, but its years are used",
    "outranked": "not used: outranked",
    "outside": "not used: its years lie outside the window",
    "idle": "not used: adds nothing beside another statement on its actor",
    "decides": "not used in the year shown",
}
"""What becomes of a statement that its cell does not name, by its use (`agency.resolve.rows`)."""
_FOLD: Final = 1
"""More projects than this are folded."""


@dataclass(frozen=True)
class Statement:
    """One row of the table as a reader checks it."""

    line: int
    holder: str
    style: str
    about: str
    """Origin, kind, status, years and role in a line, as far as they are known."""
    use: str
    """What the matrix does with it: in the table, named in brackets, or why not."""
    quote: str
    source: str
    """Author and year."""
    source_anchor: str
    """Id in the bibliography, "" without one."""
    locator: str
    confidence: str
    rank: str
    coder: str
    note: str

    @property
    def anchor(self) -> str:
        """Id of its entry."""
        return f"e{self.line}"


@dataclass(frozen=True)
class CellEvidence:
    """All statements on one project and phase."""

    anchor: str
    phase: str
    text: str
    contested: bool
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class ProjectEvidence:
    """All statements on one project."""

    anchor: str
    label: str
    shown: bool
    """Whether it is among the projects that the matrix lists first."""
    cells: tuple[CellEvidence, ...]

    @property
    def size(self) -> int:
        """Number of statements."""
        return sum(len(cell.statements) for cell in self.cells)

    @property
    def summary(self) -> str:
        """How many statements from how many sources."""
        sources = {one.source for cell in self.cells for one in cell.statements}
        statements = counted("{n} statement", "{n} statements", self.size)
        of = counted("{n} source", "{n} sources", len(sources))
        return text("{statements} from {sources}", statements=statements, sources=of)


@dataclass(frozen=True)
class Register:
    """The evidence of a view."""

    projects: tuple[ProjectEvidence, ...]
    groups: Mapping[tuple[str, str], str]
    """Id of the evidence of each cell, by project and phase."""

    @property
    def size(self) -> int:
        """Number of statements."""
        return sum(project.size for project in self.projects)

    @property
    def folded(self) -> bool:
        """Whether projects are folded, because there are several."""
        return len(self.projects) > _FOLD

    @cached_property
    def by_line(self) -> dict[int, Statement]:
        """The statements by their line."""
        return {one.line: one for project in self.projects for cell in project.cells for one in cell.statements}

    def at(self, lines: Iterable[int]) -> tuple[Statement, ...]:
        """Return the statements on some lines, those that are selected."""
        return tuple(self.by_line[line] for line in lines if line in self.by_line)


def build_register(material: Material, anchors: Mapping[str, str]) -> Register:
    """Return the register.

    Parameters
    ----------
    material
        The table as it is selected.
    anchors
        Id in the bibliography by source key.
    """
    everything, shown = material.everything, material.whole.cells
    listed = set(material.resolved.listed)
    projects = []
    found: dict[tuple[str, str], str] = {}
    for number, head in enumerate(everything.projects):
        groups: list[CellEvidence] = []
        for phase in everything.phases:
            cell = everything.cell(head.key, phase.key)
            if not cell.evidence:
                continue
            seen = shown.cells.get((head.key, phase.key))
            found[head.key, phase.key] = f"g{number}-{len(groups)}"
            groups.append(
                CellEvidence(
                    anchor=found[head.key, phase.key],
                    phase=phase.label,
                    text=(seen or cell).text,
                    contested=cell.agreement == "contested",
                    statements=tuple(
                        _statement(row, seen, material, anchors, event=phase.kind == "event") for row in cell.evidence
                    ),
                )
            )
        if groups:
            projects.append(ProjectEvidence(f"p{number}", head.label, head.key in listed, tuple(groups)))
    projects.sort(key=lambda project: not project.shown)
    return Register(tuple(projects), found)


def _statement(
    row: Holder, cell: Cell | None, material: Material, anchors: Mapping[str, str], *, event: bool
) -> Statement:
    origin = material.origin_labels[row.origin] if row.origin else ""
    return Statement(
        line=row.line,
        holder=row.text or _nobody(row, origin),
        style=material.styles[row.origin] if row.origin else row.status,
        about=_about(row, origin, given=bool(material.table.rows.at[row.row_id, "kind_given"]), event=event),
        use=_use(row, cell),
        quote=row.quote,
        source=material.table.short_form(row.source),
        source_anchor=anchors.get(row.source, ""),
        locator=row.locator,
        confidence=row.confidence,
        rank=row.rank,
        coder=_coder(row.coder),
        note=row.note,
    )


_ADDED: Final = marked("added")


def _coder(label: str) -> str:
    """Return who coded a row, or how it was decided: "adjudicated: A+B"."""
    how, colon, who = label.partition(": ")
    return (
        text("adjudicated: {who}", who=text(_ADDED) if who == _ADDED else who)
        if colon and how == "adjudicated"
        else label
    )


def _about(row: Holder, origin: str, *, given: bool, event: bool) -> str:
    kind = text("other kind") if row.actor_kind == "other" else text(row.actor_kind.replace("_", " "))
    if kind and not given:  # no word of this source
        kind = text("{kind} by the list of actors", kind=kind)
    status = text(_STATUS[row.status]) if row.text or row.status == "denied" else ""
    role = text(row.role) if row.role != "lead" else ""
    who = ", ".join(part for part in (origin, kind) if part)
    return "; ".join(part for part in (who, status, given_years(row.start, row.end, event=event), role) if part)


def _nobody(row: Holder, origin: str) -> str:
    """Return what a row without an actor says: of whom it speaks, or that nobody holds, and in what respect."""
    said = text(_STATUS[row.status])
    if row.status == "denied":
        said = text("any actor of origin {origin}", origin=in_sentence(origin))
    return text("{said} ({scope})", said=said, scope=row.scope) if row.scope else said


def _use(row: Holder, cell: Cell | None) -> str:
    if cell is None:
        return ""
    if any(row.row_id == other.row_id for part in cell.parts for other in part.rows):
        return text("in the table")
    if any(row.row_id == other.row_id for other in cell.listed):
        return text("named in the table, not counted")
    return next(text(_USES[other.use]) for other in cell.evidence if other.row_id == row.row_id)
