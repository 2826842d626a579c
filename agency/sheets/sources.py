"""Sources side by side as printed tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from agency.formats import Entry, Note, Run, Sheet, plain
from agency.sheets.numbers import percent

if TYPE_CHECKING:
    import pandas as pd

    from agency.comparison import SourceComparison
    from agency.table import Table

_TITLES = {
    "contested": "Contested cells: sources name origins that exclude one another, or one a holder and one nobody.",
    "complementary": "Complementary cells: one source says more than another.",
    "same": "Cells in which the sources agree on the origins.",
    "": "Cells of a single source.",
}


def source_sheets(table: Table, found: SourceComparison, *, single: bool) -> list[Sheet]:
    """Return the cells apart by agreement, then the compositions by source and by level of confidence.

    Parameters
    ----------
    table
        The table compared.
    found
        As `agency.comparison.sources.compare_sources` returns it.
    single
        Whether to print the cells of a single source too.

    Examples
    --------
    >>> import agency
    >>> from agency.comparison.sources import compare_sources
    >>> study = agency.load().select(project="JSeI")
    >>> sheets = source_sheets(study.data, compare_sources(study.resolved), single=True)
    >>> sheets[-1].label
    'composition-by-level'
    """
    counts = Counter(found.cells["agreement"])
    sheets = [_cells(table, found, kind, counts[kind]) for kind in _TITLES if counts[kind] and (kind or single)]
    if not sheets:
        sheets = [Sheet("No cell has two sources.", "sources", ("Project", "Phase"), ())]
    hidden = 0 if single else counts[""]
    if hidden:
        cells = "1 cell with a single source is" if hidden == 1 else f"{hidden} cells with a single source are"
        note = Note("", f"{cells} not shown; see -p PROJECT, -f csv or -f json.")
        sheets[-1] = _with_note(sheets[-1], note)
    levels = found.levels.columns[2:]
    return [
        *sheets,
        _levels(table, found.levels, tuple(levels)),
        _composition(table, found.by_source, "source"),
        _composition(table, found.by_level, "level"),
    ]


def source_list(found: SourceComparison) -> Sheet:
    """Return one table with all cells and what each source says of them, for spreadsheets."""
    columns = ("project", "phase", "agreement", *found.sources)
    rows = tuple(
        tuple(plain(str(value)) for value in row) for row in found.cells[list(columns)].itertuples(index=False)
    )
    return Sheet("Cells by source.", "sources", columns, rows)


def _cells(table: Table, found: SourceComparison, kind: str, number: int) -> Sheet:
    cells = found.cells[found.cells["agreement"] == kind]
    speaking = [source for source in found.sources if (cells[source] != "").any()]
    return Sheet(
        caption=f"{_TITLES[kind]} {number} in all.",
        label=f"sources-{kind or 'single'}",
        columns=("Project", "Phase", *(_short(table, source) for source in speaking)),
        rows=tuple(_row(table, row, speaking) for row in cells.to_dict("records")),
    )


def _levels(table: Table, frame: pd.DataFrame, levels: Sequence[str]) -> Sheet:
    several = frame[(frame[list(levels)] != "").sum(axis=1) > 1]
    return Sheet(
        caption=f"Cells with rows of more than one level of confidence. {len(several)} in all.",
        label="confidence",
        columns=("Project", "Phase", *levels),
        rows=tuple(_row(table, row, levels) for row in several.to_dict("records")),
    )


def _composition(table: Table, frame: pd.DataFrame, by: str) -> Sheet:
    keys = list(dict.fromkeys(frame["key"]))
    parts: dict[tuple[str, str], Mapping[str, float]] = {}
    for project, part, key, value in frame.itertuples(index=False):
        parts[project, part] = {**parts.get((project, part), {}), key: value}
    used = [key for key in keys if any(values[key] > 0 for values in parts.values())]
    rows = []
    for (project, part), values in parts.items():
        shares = ["undefined" if values[key] != values[key] else percent(values[key]) for key in used]
        name = _short(table, part) if by == "source" else part
        rows.append(tuple(plain(text) for text in (project, name, *shares)))
    title = "each source alone" if by == "source" else "the rows of each level of confidence alone"
    return Sheet(
        caption=f"Composition of the life cycle by {title}.",
        label=f"composition-by-{by}",
        columns=("Project", by.capitalize(), *(key.removeprefix("composition.") for key in used)),
        rows=tuple(rows),
        notes=(Note("", "Unknown: the source, or the level, says nothing of the phase."),),
        numeric=tuple(range(2, 2 + len(used))),
    )


def _row(table: Table, row: Mapping[object, str], names: Sequence[str]) -> tuple[Entry, ...]:
    phases = {phase.key: phase.label for phase in table.codebook.phases}
    said = [
        Entry(tuple((Run(line),) for line in row[name].split(" / "))) if row[name] else plain("–") for name in names
    ]
    return (plain(row["project"]), plain(phases[row["phase"]]), *said)


def _short(table: Table, source: str) -> str:
    return table.short_form(source)


def _with_note(sheet: Sheet, note: Note) -> Sheet:
    return replace(sheet, notes=(*sheet.notes, note))
