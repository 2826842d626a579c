"""The evidence register: every statement of the selected projects, by project and phase."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from agency.report.matrixpart import evidence_id, origin_styles
from agency.words import counted, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from agency.resolve import Cell, CellTable, Holder

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
_FOLD: Final = 3
"""More projects than this are folded."""


@dataclass(frozen=True)
class Statement:
    """One row of the table as a reader checks it."""

    anchor: str
    line: int
    holder: str
    style: str
    about: str
    """Origin, kind, status, years and role in a line, as far as they are known."""
    use: str
    """What the matrix does with it: in the table, named in brackets, or why not; "" where the cell is not shown."""
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


@dataclass(frozen=True)
class CellEvidence:
    """All statements on one project and phase."""

    anchor: str
    """Id of the group; the cell in the matrix has another."""
    phase: str
    cell_anchor: str
    """Id of the cell in the matrix, "" when it is not shown there."""
    text: str
    agreement: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class ProjectEvidence:
    """All statements on one project."""

    anchor: str
    project: str
    label: str
    """Its long name; the same where it has none."""
    shown: bool
    """Whether the matrix shows the project."""
    cells: tuple[CellEvidence, ...]

    @property
    def size(self) -> int:
        """Number of statements."""
        return sum(len(cell.statements) for cell in self.cells)

    @property
    def summary(self) -> str:
        """How many statements from how many sources."""
        sources = {one.source for cell in self.cells for one in cell.statements}
        name = f"{self.label}: " if self.label != self.project else ""
        statements = counted("{n} statement", "{n} statements", self.size)
        return f"{name}{statements} from {counted('{n} source', '{n} sources', len(sources))}"


@dataclass(frozen=True)
class Register:
    """The evidence of a view, and where each cell of the matrix is found."""

    projects: tuple[ProjectEvidence, ...]
    cell_anchors: Mapping[tuple[str, str], str]
    """Id of each cell of the matrix, by project and phase."""
    group_anchors: Mapping[tuple[str, str], str]
    """Id of the evidence of each cell."""

    @property
    def size(self) -> int:
        """Number of statements."""
        return sum(project.size for project in self.projects)

    @property
    def folded(self) -> bool:
        """Whether projects are folded, because there are many."""
        return len(self.projects) > _FOLD


def build_register(
    shown: CellTable, everything: CellTable, short: Callable[[str], str], anchors: Mapping[str, str]
) -> Register:
    """Return the register.

    Parameters
    ----------
    shown
        The cells of the matrix: what is counted and listed there.
    everything
        The cells of everything selected (`Material.everything`).
    short
        How a source is cited in running text.
    anchors
        Id in the bibliography by source key.
    """
    places = {(cell.project, cell.phase): f"c{at}" for at, cell in enumerate(shown.shown)}
    styles = origin_styles(everything)
    projects = []
    found: dict[tuple[str, str], str] = {}
    for number, head in enumerate(everything.projects):
        groups: list[CellEvidence] = []
        for phase in everything.phases:
            cell = everything.cell(head.key, phase.key)
            if not cell.evidence:
                continue
            seen = shown.cells.get((head.key, phase.key)) if (head.key, phase.key) in places else None
            statements = tuple(_statement(row, seen, styles, everything, short, anchors) for row in cell.evidence)
            found[head.key, phase.key] = f"g{number}-{len(groups)}"
            groups.append(
                CellEvidence(
                    anchor=found[head.key, phase.key],
                    phase=phase.label,
                    cell_anchor=places.get((head.key, phase.key), ""),
                    text=(seen or cell).text,
                    agreement=cell.agreement,
                    statements=statements,
                )
            )
        if groups:
            is_shown = any(project.key == head.key for project in shown.projects)
            projects.append(ProjectEvidence(f"p{number}", head.key, head.label, is_shown, tuple(groups)))
    projects.sort(key=lambda project: not project.shown)
    return Register(tuple(projects), places, found)


def _statement(
    row: Holder,
    cell: Cell | None,
    styles: Mapping[str, str],
    cells: CellTable,
    short: Callable[[str], str],
    anchors: Mapping[str, str],
) -> Statement:
    origin = cells.codebook.origin(row.origin).label if row.origin else ""
    return Statement(
        anchor=evidence_id(row),
        line=row.line,
        holder=row.text or _nobody(row, origin),
        style=styles[row.origin] if row.origin else row.status,
        about=_about(row, origin),
        use=_use(row, cell),
        quote=row.quote,
        source=short(row.source),
        source_anchor=anchors.get(row.source, ""),
        locator=row.locator,
        confidence=row.confidence,
        rank=row.rank,
        coder=row.coder,
        note=row.note,
    )


def _about(row: Holder, origin: str) -> str:
    kind = "other kind" if row.actor_kind == "other" else row.actor_kind.replace("_", " ")
    status = _STATUS[row.status] if row.text or row.status == "denied" else ""
    role = row.role if row.role != "lead" else ""
    who = ", ".join(part for part in (origin, kind) if part)
    return "; ".join(part for part in (who, status, _years(row), role) if part)


def _nobody(row: Holder, origin: str) -> str:
    """Return what a row without an actor says: of whom it speaks, or that nobody holds, and in what respect."""
    said = text("any actor of origin {origin}", origin=origin) if row.status == "denied" else _STATUS[row.status]
    return text("{said} ({scope})", said=said, scope=row.scope) if row.scope else said


def _use(row: Holder, cell: Cell | None) -> str:
    if cell is None:
        return ""
    if any(row.row_id == other.row_id for part in cell.parts for other in part.rows):
        return "in the table"
    if any(row.row_id == other.row_id for other in cell.listed):
        return "named in brackets"
    return next(_USES[other.use] for other in cell.evidence if other.row_id == row.row_id)


def _years(row: Holder) -> str:
    if row.start is None and row.end is None:
        return ""
    if row.start == row.end:
        return str(row.start)
    if row.start is None:
        return f"until {row.end}"
    return f"from {row.start}" if row.end is None else f"{row.start}–{row.end}"
