"""Section 3: what every selected statement does, and what the numbers rest on."""

from __future__ import annotations

from oracle.model import DECIDING, Study, View, cell_rows
from oracle.years import resolve

USES = (
    "deprecated",
    "proposed",
    "denied",
    "alleged",
    "support",
    "uncounted",
    "dates",
    "outranked",
    "outside",
    "idle",
    "decides",
)


def uses(study: Study, view: View) -> dict[int, str]:
    """The one use of every selected row, by line: "the first that applies, by the year states of the whole window
    whatever the mode".
    """
    found: dict[int, str] = {}
    for project in study.names:
        for phase in [phase["key"] for phase in study.phases]:
            found |= _cell_uses(study, view, project, phase)
    return dict(sorted(found.items()))


def _cell_uses(study: Study, view: View, project: str, phase: str) -> dict[int, str]:
    cell = resolve(study, view, project, phase)
    forced = {row.line for row in cell.rows}
    uncounted = not study.phase(phase)["weight"] and phase not in view.phases  # "phase of weight 0 and not asked for"
    found = {}
    for row in cell_rows(study, view, project, phase):
        applies = {
            "deprecated": row.rank == "deprecated",
            "proposed": row.status == "proposed",
            "denied": row.status == "denied",
            "alleged": row.confidence == "alleged" and not view.include_alleged,  # "unless counted"
            "support": row.role == "support",  # "weight 0"
            "uncounted": uncounted,
            "dates": row.line in cell.lent,  # "outranked, but its years are taken"
            "outranked": row.line not in forced,
            "outside": row.line in cell.outside,  # "no year of the window"
            "idle": row.line in cell.idle,  # "adds nothing beside another row of its actor"
            "decides": row.status in DECIDING,
        }
        found[row.line] = next(use for use in USES if applies[use])
    return found


def rests_on(study: Study, view: View, project: str | None = None) -> tuple[int, int]:
    """(`statements_used`, `statements_total`): "decides and dates" of all selected statements, "also per project"."""
    lines = {row.line for row in study.table if project in {None, row.project}}
    found = {line: use for line, use in uses(study, view).items() if line in lines}
    return sum(use in {"decides", "dates"} for use in found.values()), len(found)


def without_idle_rows(study: Study, view: View) -> Study:
    """The study without the rows that neither decide nor lend dates: "moves no number" (the windows are written
    down by the caller, for a selection never moves a window and a deletion may).
    """
    keep = {line for line, use in uses(study, view).items() if use in {"decides", "dates"}}
    rows = tuple(row for line, row in enumerate(study.rows, start=2) if line in keep)
    return Study(rows, study.projects, study.actors, study.sources, study.phases, study.foreign, study.until)
