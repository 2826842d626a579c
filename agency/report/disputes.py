"""What sources dispute, what nobody says, and how sure the rest is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from agency.comparison import COMPARED, NOT_COMPARED, sources_of_cases
from agency.resolve import STANDINGS
from agency.sheets import alpha_reading, conflict_words
from agency.words import counted, listed, text
from agency.words import number as grouped

if TYPE_CHECKING:
    from agency.report.material import Material
    from agency.report.register import Register, Statement
    from agency.resolve import Conflict

_MARK: Final = {
    "contested": "contested",
    "within": "inside one source",
    "settled": "settled",
    "alleged": "alleged",
}


@dataclass(frozen=True)
class Dispute:
    """A conflict: two sides, passage against passage."""

    project: str
    phase: str
    standing: str
    tag: str
    what: str
    """Which kind of conflict, in words."""
    between: str
    one: tuple[Statement, ...]
    other: tuple[Statement, ...]
    reason: str
    """Why it is settled."""

    @property
    def settled(self) -> bool:
        """Whether the editors set one side aside."""
        return self.standing == "settled"


@dataclass(frozen=True)
class Differing:
    """A cell on which sources name different holders without contradicting each other."""

    project: str
    phase: str
    said: str
    anchor: str


@dataclass(frozen=True)
class DisputesView:
    """Where sources disagree."""

    intro: tuple[str, ...]
    disputes: tuple[Dispute, ...]
    differing_title: str
    differing: tuple[Differing, ...]


def disputes_view(material: Material, register: Register) -> DisputesView | None:
    """Return the conflicts, those that contest a cell first; None where only one source speaks at all."""
    compared = material.whole.compared
    verdicts = compared.verdicts
    if material.resolved.rows["source"].nunique() < 2 and not compared.conflicts:
        return None
    several = [cell for cell, verdict in verdicts.items() if verdict != "single"]
    contested = [cell for cell in several if verdicts[cell] == "contested"]
    if contested:
        first = counted(
            "In {n} of the {all} phases of projects of which two or more sources speak, two of them contradict "
            "each other.",
            "In {n} of the {all} phases of projects of which two or more sources speak, two of them contradict "
            "each other.",
            len(contested),
            all=grouped(len(several)),
        )
    else:
        first = counted(
            "No conflict was found in the {n} phase of a project of which two or more sources speak; that says "
            "nothing of what is not compared.",
            "No conflict was found in the {n} phases of projects of which two or more sources speak; that says "
            "nothing of what is not compared.",
            len(several),
        )
    different = [cell for cell in several if verdicts[cell] == "different"]
    cells = material.everything
    return DisputesView(
        (first, f"{text(COMPARED)} {text(NOT_COMPARED)}"),
        tuple(_dispute(conflict, material, register) for conflict in compared.conflicts),
        counted(
            "{n} phase of a project of which sources name different holders, without contradicting each other",
            "{n} phases of projects of which sources name different holders, without contradicting each other",
            len(different),
        ),
        tuple(
            Differing(
                material.labels[project],
                material.phase_labels[phase],
                cells.cell(project, phase).text,
                register.groups.get((project, phase), ""),
            )
            for project, phase in different
        ),
    )


def _dispute(conflict: Conflict, material: Material, register: Register) -> Dispute:
    lines = material.table.rows["line"]
    one, other = (register.at(int(lines[row]) for row in rows) for rows in (conflict.rows_a, conflict.rows_b))
    sources = list(dict.fromkeys((conflict.source_a, conflict.source_b)))
    reasons = [statement.note for statement in (*one, *other) if statement.rank == "deprecated" and statement.note]
    return Dispute(
        project=material.labels[conflict.project],
        phase=material.phase_labels[conflict.phase],
        standing=conflict.standing,
        tag=text(_MARK[conflict.standing]),
        what=conflict_words(conflict.kind),
        between=listed([material.table.short_form(source) for source in sources]),
        one=one,
        other=other,
        reason=" ".join(dict.fromkeys(reasons)),
    )


assert set(_MARK) == set(STANDINGS)


@dataclass(frozen=True)
class SilentPhase:
    """A phase: in how many projects no source says who held it."""

    phase: str
    counted: bool
    known: int
    silent: int
    of: int
    rest: int
    """Projects in which it does not apply, or whose holder is of unknown origin."""
    projects: tuple[str, ...]
    """In which no source says."""


@dataclass(frozen=True)
class SilentProject:
    """A project: of which phases no source says who held them."""

    project: str
    phases: tuple[str, ...]
    of: int


@dataclass(frozen=True)
class SilenceView:
    """What nobody says."""

    intro: str
    phases: tuple[SilentPhase, ...]
    """Those that have any."""
    projects: tuple[SilentProject, ...]
    has_rest: bool


def silence_view(material: Material) -> SilenceView:
    """Return the cells of which no source says who held them, by phase and by project."""
    cells, bars = material.everything, {bar.phase.key: bar for bar in material.bars}
    projects = [head.key for head in cells.projects]
    empty = {
        (project, phase.key)
        for project in projects
        for phase in cells.phases
        if cells.cell(project, phase.key).blank in ("not_coded", "unknown")
    }
    phases = []
    for phase in cells.phases:
        silent = [project for project in projects if (project, phase.key) in empty]
        bar = bars.get(phase.key)
        rest = [project for project in projects if _apart(cells.cell(project, phase.key).blank)]
        known = bar.known if bar is not None else len(projects) - len(silent) - len(rest)
        phases.append(
            SilentPhase(
                phase.label,
                phase.core,
                known,
                len(silent),
                len(projects),
                len(projects) - known - len(silent),
                tuple(material.labels[project] for project in silent),
            )
        )
    core = [phase for phase in cells.phases if phase.core] or list(cells.phases)
    by_project = [
        SilentProject(
            material.labels[project],
            tuple(phase.label for phase in core if (project, phase.key) in empty),
            len(core),
        )
        for project in projects
    ]
    number = sum(len(one.phases) for one in by_project)
    intro = counted(
        "Of {n} phase of a project that counts, there is a statement on who held it.",
        "Of each of the {n} phases of projects that count, there is a statement on who held it.",
        len(projects) * len(core),
    )
    if number:
        intro = text(
            "In {n} of the {all} phases of projects that count, no source says who was the holder. That is no answer: "
            "neither that nobody was, nor that somebody else was.",
            n=grouped(number),
            all=grouped(len(projects) * len(core)),
        )
    silent_ones = tuple(one for one in by_project if one.phases)
    spoken = tuple(phase for phase in phases if phase.silent)
    return SilenceView(intro, spoken, silent_ones, any(phase.rest for phase in spoken))


def _apart(blank: str | None) -> bool:
    return blank == "not_applicable"


@dataclass(frozen=True)
class SurePhase:
    """A phase: on how many independent sources its known cases rest, and how far coders agree."""

    phase: str
    known: int
    one: int
    more: int
    alpha: float | None
    agreed: str
    """Alpha as printed with its number of cells, or a dash."""
    reading: str


@dataclass(frozen=True)
class SureProject:
    """A project: on how many of its statements its numbers rest."""

    project: str
    used: int
    total: int


@dataclass(frozen=True)
class SurenessView:
    """How sure the rest is."""

    intro: tuple[str, ...]
    phases: tuple[SurePhase, ...]
    has_agreement: bool
    projects: tuple[SureProject, ...]


def sureness_view(material: Material) -> SurenessView:
    """Return what numbers rest on, by phase and by project, and how far coders agree."""
    resolved, method = material.static, material.method
    number = sources_of_cases(resolved)
    found = material.agreement
    alphas = found.by_phase("origins") if found is not None else {}
    phases = []
    for phase in resolved.phases:
        mine = number.loc[number["phase"] == phase.key, "sources"]
        entry = next((alpha for key, alpha in alphas.items() if key.key == phase.key), None)
        value = entry.alphas["masi"].value if entry is not None else None
        agreed, reading = text("–"), ""
        if found is not None and entry is not None and value is not None:
            said, reading = alpha_reading(found, value)
            agreed = counted("{alpha} (the one case)", "{alpha} (all {n} cases)", entry.units, alpha=said)
        elif entry is not None:
            reading = text("no value: {why}", why=entry.undefined_because)
        alpha = None if value is None else float(value)
        phases.append(
            SurePhase(phase.label, len(mine), int((mine == 1).sum()), int((mine > 1).sum()), alpha, agreed, reading)
        )
    intro = [
        text(
            "The numbers rest on {used} of {total} statements; the others are outranked, alleged, proposed, set aside, "
            "or add nothing.",
            used=grouped(int(resolved.rows["use"].isin(["decides", "dates"]).sum())),
            total=grouped(len(resolved.rows)),
        ),
        text(
            "A source that retells another does not count beside it; a source whose statement a preferred one outranks "
            "counts here all the same."
        ),
    ]
    if found is not None:
        intro.append(
            text(
                "Agreement is Krippendorff’s alpha on the origins of the holders (1 is perfect, 0 is chance), between "
                "{coders} who coded the same texts; in brackets, how many cases both coded.",
                coders=listed([text("coder {name}", name=name) for name in found.coders]),
            )
        )
    projects = tuple(
        SureProject(material.labels[name], one["used"], one["total"]) for name, one in method["statements"].items()
    )
    return SurenessView(tuple(intro), tuple(phases), found is not None, projects)
