"""From the cells of a view to the printed table, shaded by origin, and to its JSON document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from agency.formats import Entry, Note, Run, Sheet, plain
from agency.sheets.notes import (
    AS_OURS,
    CONTESTED_MARK,
    Cited,
    Citing,
    Marks,
    Printed,
    cited,
    notes_below,
    number_marks,
)
from agency.words import joining, listed, number, text

if TYPE_CHECKING:
    from agency.references import Reference
    from agency.resolve import Cell, CellTable, Part
    from agency.vocabulary import Codebook


NO_TONES: Final[Mapping[str, str]] = MappingProxyType({})
_WHITE: Final = 255


def light_tones(codebook: Codebook) -> dict[str, str]:
    """Return the ground of each origin: its colour of the codebook, half white.

    Half white, whatever a codebook says, black letters have a contrast of at least 5.3 (WCAG asks for 4.5).

    Examples
    --------
    >>> import agency
    >>> light_tones(agency.load().data.codebook)["local"]
    '#B2CCE5'
    """
    return {origin.key: _light(origin.colour) for origin in codebook.origins}


def _light(colour: str) -> str:
    return "#" + "".join(f"{(int(colour[at : at + 2], 16) + _WHITE) // 2:02X}" for at in (1, 3, 5))


def origins_held(cell: Cell) -> list[str]:
    """Return the origins of those who held the phase, in print order; what is only listed has no say."""
    rows = (row for part in cell.parts if part.status == "held" for row in part.rows)
    return list(dict.fromkeys(row.origin or "unknown" for row in rows))


def shade_notes(cells: Iterable[Cell], codebook: Codebook) -> tuple[Note, ...]:
    """Return what the grounds of these cells mean: a sentence, and a note on the ground of each origin that occurs."""
    found = [origins_held(cell) for cell in cells]
    used = {origin for origins in found for origin in origins}
    tones = light_tones(codebook)
    known = [origin for origin in codebook.origins if origin.key in used]
    if not known:
        return ()
    said = text("Cells are shaded by the origin of who held the phase.")
    if any(len(origins) > 1 for origins in found):
        said = text(
            "Cells are shaded by the origin of who held the phase; where holders of several origins held it, each "
            "name is shaded by its own."
        )
    return (Note("", said), *(Note("", origin.label, shade=tones[origin.key]) for origin in known))


_PROJECTS_ACROSS = 6
"""More projects than this, and than phases, become rows."""

_HOLDER_FIELDS = (
    "actor",
    "origin",
    "scope",
    "start",
    "end",
    "duration_years",
    "status",
    "source",
    "locator",
    "confidence",
    "years_from",
)


def cell_sheet(
    cells: CellTable,
    *,
    sources: Mapping[str, Reference],
    notes: bool = True,
    transpose: bool | None = None,
    year: int | str | None = None,
    citing: Citing = AS_OURS,
    colour: bool = False,
) -> Sheet:
    """Return the cells as a table: phases as rows and projects as columns, as in Table 1, or the other way round.

    Parameters
    ----------
    cells
        What to print.
    sources
        By key: how notes and bibliography cite them.
    notes
        Whether to mark the statements and to explain the marks below.
    transpose
        Projects as rows; None: when there are more than six, and more than phases.
    year
        For the caption: the year of a snapshot, or "end".
    citing
        How the sources are cited.
    colour
        Whether cells have a ground by the origin of their holders; where the origins differ, each name has its own.

    Examples
    --------
    >>> import agency
    >>> study = agency.load().select(project=["ECU 911", "JSeI"])
    >>> sheet = cell_sheet(study.cells, sources=study.data.sources)
    >>> sheet.columns, sheet.rows[3][1].text
    (('Phase', 'ECU 911', 'JSeI'), 'Local firms and CEIEC')
    """
    if transpose is None:
        transpose = len(cells.projects) > max(_PROJECTS_ACROSS, len(cells.phases))
    names = [project.key for project in cells.projects]
    phases = [(phase.key, phase.label) for phase in cells.phases]
    if transpose:
        grid = [[cells.cell(name, key) for key, _ in phases] for name in names]
        stub, columns = names, (text("Project"), *(label for _, label in phases))
    else:
        grid = [[cells.cell(name, key) for name in names] for key, _ in phases]
        stub, columns = [label for _, label in phases], (text("Phase"), *names)
    statements = [statement for row in grid for cell in row for statement in _statements(cell)]
    marks = number_marks(statements, by_key=citing.by_key) if notes else None
    tones = light_tones(cells.codebook) if colour else {}
    entries = [[_entry(cell, marks, tones) for cell in row] for row in grid]
    legend = shade_notes([cell for row in grid for cell in row], cells.codebook) if colour else ()
    contested = any(cell.agreement == "contested" for row in grid for cell in row)
    known = cited(statements, sources, citing) if marks else Cited({}, ())
    below = notes_below(statements, marks, short=known.short, contested=contested) if marks else ()
    return Sheet(
        caption=_caption(cells, year),
        label="actors-by-phase",
        columns=columns,
        rows=tuple((plain(head), *row) for head, row in zip(stub, entries, strict=True)),
        notes=(*legend, *below, *(Note("", said) for said in (*rules_in_words(cells), *cells.remarks)))
        if notes
        else legend,
        references=known.references,
        notices=known.notices,
    )


def cell_document(cells: CellTable) -> dict[str, Any]:
    """Return the cells as dictionaries and lists for JSON: listing, projects, phases and the rows behind each cell.

    ``holders`` lists the rows behind a cell in print order, also those that are only listed; ``actor`` is None for a
    row without one, ``years_from`` has the lines of the table whose years a row without any takes; ``blank`` is None
    where somebody holds.

    Examples
    --------
    >>> import agency
    >>> document = cell_document(agency.load().select(project="JSeI").cells)
    >>> document["projects"], document["phases"][5]["cells"]["JSeI"]["holders"][0]["duration_years"]
    (['JSeI'], 3)
    """
    projects = [project.key for project in cells.projects]
    return {
        "listing": dict(cells.listing),
        "projects": projects,
        "phases": [
            {
                "key": phase.key,
                "label": phase.label,
                "cells": {name: _cell_document(cells.cell(name, phase.key)) for name in projects},
            }
            for phase in cells.phases
        ],
    }


def _cell_document(cell: Cell) -> dict[str, Any]:
    rows = [row for statement in _statements(cell) for row in statement.rows]
    rows += [row for row in cell.listed if row.actor is None]
    holders = [{field: getattr(row, field) for field in _HOLDER_FIELDS} for row in rows]
    return {"text": cell.text, "blank": cell.blank, "holders": holders}


def rules_in_words(cells: CellTable) -> tuple[str, ...]:
    """Return the rules by which these cells were made, where they show: a sentence each, none for plain Table 1."""
    view = cells.view
    unlike = any(
        len({row.rank for row in cell.evidence if row.status != "denied"} - {"deprecated"}) > 1 for cell in cells.shown
    )
    said = {
        text("In a cell with preferred statements only those are printed."): view.rank == "best" and unlike,
        text("Preferred and normal statements are printed together."): view.rank == "all" and unlike,
        text("Alleged statements are printed like the others."): view.include_alleged,
        text("An actor that is part of another is printed under the name of the whole."): view.actors == "whole",
        text("Only statements of {sources}.", sources=listed(view.sources)): bool(view.sources),
        text("Only statements that meet: {condition}.", condition=view.where): bool(view.where),
    }
    return tuple(sentence for sentence, holds in said.items() if holds)


def _caption(cells: CellTable, year: int | str | None) -> str:
    names = [project.key for project in cells.projects]
    selected = cells.listing.get("selected", len(names))
    if 0 < len(names) <= 3:
        what = text("Actors by phase: {names}", names=listed(names))
    elif selected == len(names):
        what = text("Actors by phase in {n} projects", n=number(len(names)))
    else:
        what = text("Actors by phase in {n} of {selected} projects", n=number(len(names)), selected=number(selected))
    if year is None:
        return what
    if year == "end":
        return text("{what}, at the end of each window", what=what)
    return text("{what}, as of {year}", what=what, year=year)


def _statements(cell: Cell) -> Iterator[Printed]:
    """Yield each printed name or status of a cell, in print order."""
    for part in cell.parts:
        yield from _of_part(part)
    for _, names in _listed(cell):
        yield from names


def _of_part(part: Part) -> list[Printed]:
    if part.status != "held":
        return [Printed(part.rows)]
    return [Printed(tuple(rows)) for _, rows in groupby(part.rows, key=lambda row: row.text)]


def _listed(cell: Cell) -> list[tuple[str, list[Printed]]]:
    """Return what is only listed, by kind and name, in the order of `Cell.listed_texts`."""
    return [
        (kind, [Printed(rows, alleged_in_words=kind.startswith("alleged")) for rows in names.values()])
        for kind, names in cell.listed_names.items()
    ]


def _entry(cell: Cell, marks: Marks | None, tones: Mapping[str, str]) -> Entry:
    origins = origins_held(cell)
    # One origin is the ground of the cell; of several each name has its own.
    own = tones if len(origins) > 1 else {}
    lines = [_part_line(part, marks, own) for part in cell.parts] or [[]]
    for kind, names in _listed(cell):
        space = " " if lines[-1] else ""
        lines[-1] += [Run(f"{space}({text(kind)}: ", breaks=bool(space)), *_names(names, marks, listed=True), Run(")")]
    lines[-1] = lines[-1] or [Run(cell.empty_text)]
    if marks and cell.agreement == "contested":
        last = lines[-1].pop()
        lines[-1].append(replace(last, marks=(*last.marks, CONTESTED_MARK)))
    shade = tones.get(origins[0], "") if len(origins) == 1 else ""
    return Entry(tuple(tuple(line) for line in lines), blank=cell.blank or "", shade=shade)


def _part_line(part: Part, marks: Marks | None, tones: Mapping[str, str]) -> list[Run]:
    prefix = [Run(part.prefix)] if part.prefix else []
    if part.status != "held":
        said = Printed(part.rows)
        return [*prefix, Run(part.text, marks=marks.of(said), cites=marks.cites(said)) if marks else Run(part.text)]
    return [*prefix, *_names(_of_part(part), marks, tones=tones)]


def _names(
    statements: list[Printed], marks: Marks | None, *, listed: bool = False, tones: Mapping[str, str] = NO_TONES
) -> list[Run]:
    """Return names joined as in running text; where all carry the same marks, only the last shows them.

    What is only `listed` goes without scope and duration.
    """
    found = [(marks.of(statement), marks.cites(statement)) if marks else ((), ()) for statement in statements]
    if len(set(found)) == 1:
        found[:-1] = [((), ())] * (len(found) - 1)
    runs = []
    for at, statement in enumerate(statements):
        first = statement.rows[0]
        name = first.actor or "" if listed else first.text
        if at:
            runs.append(Run(joining(name) if at == len(statements) - 1 else ", ", breaks=not listed))
        origin = first.origin or ""
        runs.append(Run(name, origin=origin, marks=found[at][0], cites=found[at][1], shade=tones.get(origin, "")))
    return runs
