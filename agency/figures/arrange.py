"""In which order and in which groups the projects of an overview stand."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from agency.vocabulary import name_of_country
from agency.words import counted, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agency.resolve import Cell, CellTable, ProjectHead

Sort = Literal["order", "pattern", "local", "type"]
SORTS: tuple[Sort, ...] = ("order", "pattern", "local", "type")
"""As selected; alike beside alike; most local phases first; by type of system."""
GroupBy = Literal["", "type", "country"]
_ALL = ""


@dataclass(frozen=True)
class Section:
    """Projects under one heading."""

    heading: str
    """"" where there are no groups."""
    projects: tuple[ProjectHead, ...]


def arranged(cells: CellTable, sort: Sort, by: GroupBy = "") -> tuple[Section, ...]:
    """Return the listed projects in order, in groups where asked for.

    A project in several countries stands once, under all of them.

    Examples
    --------
    >>> import agency
    >>> sections = arranged(agency.load().cells, "order", "type")
    >>> sections[0].heading
    'Public security: 7 projects'
    """
    projects = sorted(cells.projects, key=lambda project: _sort_key(cells, project, sort))
    groups: dict[str, list[ProjectHead]] = defaultdict(list)
    for project in projects:
        groups[_group(project, by)].append(project)
    if not by:
        return (Section("", tuple(projects)),)
    named = sorted(groups, key=lambda name: (name == _ALL, -len(groups[name]), name))
    return tuple(Section(_heading(name, len(groups[name])), tuple(groups[name])) for name in named)


def countries_of(project: ProjectHead) -> str:
    """Return the countries of a project by name."""
    return ", ".join(name_of_country(code) for code in project.country.split(";") if code)


def _group(project: ProjectHead, by: GroupBy) -> str:
    if by == "type":
        return project.type[:1].upper() + project.type[1:]
    return countries_of(project) if by == "country" else _ALL


def _heading(name: str, n: int) -> str:
    projects = counted("{n} project", "{n} projects", n)
    return text("{group}: {projects}", group=name or text("Not given"), projects=projects)


def _sort_key(cells: CellTable, project: ProjectHead, sort: Sort) -> tuple[object, ...]:
    """Return what projects are sorted by; what is equal keeps its order, since sorting is stable."""
    if sort == "type":
        return (project.type == "", project.type)
    if sort == "order":
        return ()
    order = {origin.key: number for number, origin in enumerate(cells.codebook.origins)}
    found = [_origins(cells.cell(project.key, phase.key), order) for phase in cells.phases]
    if sort == "pattern":
        # A blank comes after every origin, so that what is known in the first phases leads.
        return tuple(origins or (len(order),) for origins in found)
    known = [origins for origins in found if origins]
    local = sum((order["local"] in origins) / len(origins) for origins in known)
    return (-local, len(known))


def _origins(cell: Cell, order: dict[str, int]) -> tuple[int, ...]:
    held = {holder.origin for part in cell.parts if part.status == "held" for holder in part.holders}
    return tuple(sorted(order[origin] for origin in held if origin in order))


def cut(sections: Sequence[Section], most: int) -> list[tuple[Section, ...]]:
    """Return the sections on pages of at most `most` projects; a section that goes on keeps its heading."""
    pages: list[list[Section]] = [[]]
    for section in sections:
        left = list(section.projects)
        while left:
            room = most - sum(len(one.projects) for one in pages[-1])
            if not room:
                pages.append([])
                room = most
            pages[-1].append(Section(section.heading, tuple(left[:room])))
            left = left[room:]
    return [tuple(page) for page in pages]
