"""Sources side by side as printed tables: cells by verdict, conflicts passage against passage, compositions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from agency.comparison import COMPARED, NOT_COMPARED, SILENT
from agency.formats import Entry, Note, Run, Sheet, plain
from agency.resolve import STANDINGS, VERDICTS
from agency.sheets.notes import kind_lines, names_of, statement_line
from agency.sheets.numbers import number
from agency.words import counted, digits, marked, text

if TYPE_CHECKING:
    import pandas as pd

    from agency.comparison import FaceToFace, SourceComparison
    from agency.resolve import Statement
    from agency.table import Table

_TITLES = {
    "contested": (
        marked(
            "Contested: {n} of {all} cells of which two sources or more speak. Two of these sources contradict each "
            "other."
        ),
        marked(
            "Contested: {n} of {all} cells of which two sources or more speak. In each, two sources contradict each "
            "other."
        ),
    ),
    "different": (
        marked(
            "Different: {n} of {all} cells of which two sources or more speak. They name different holders, of the "
            "same years or without years that part them, or one only says who was not the holder; no source "
            "contradicts another in what is compared."
        ),
    )
    * 2,
    "sequence": (
        marked(
            "In sequence: {n} of {all} cells of which two sources or more speak. They name different holders, each of "
            "other years."
        ),
    )
    * 2,
    "same": (marked("The same: {n} of {all} cells of which two sources or more speak. They name the same holders."),)
    * 2,
    "single": (
        marked("{n} cell of which a single source speaks."),
        marked("{n} cells of which a single source speaks."),
    ),
    SILENT: (
        marked(
            "{n} cell in which no source states a holder: what is said there is alleged, proposed, support or set "
            "aside."
        ),
        marked(
            "{n} cells in which no source states a holder: what is said there is alleged, proposed, support or set "
            "aside."
        ),
    ),
}
_ORDER = (*VERDICTS, SILENT)
_ALONE = ("single", SILENT)
_KINDS = {
    "denial": marked("one says that somebody held it, the other that they did not"),
    "exclusive": marked("one says that somebody alone held it, the other names somebody else"),
    "state": marked(
        "one says of a year that somebody held it, that nobody did, or that it did not apply; the other differs"
    ),
    "dates": marked("one actor, but no year in common"),
    "kind": marked("one actor, but of different kinds"),
}
_KIND_NAMES = {
    "denial": marked("denial"),
    "exclusive": marked("exclusive"),
    "state": marked("state"),
    "dates": marked("dates"),
    "kind": marked("kind"),
}
_PREFERRED = marked("In a cell with preferred statements only those are counted.")
_IN_BRACKETS = marked(
    "In brackets: the part or the act a passage speaks of, in the editors’ words, and years it gives."
)
_AT_SOME_TIME = marked("Whoever held a phase at some time counts as its holder.")
_UNKNOWN_BY = {
    "source": marked(
        "Unknown: the source names no holder, or some of unknown origin, and does not say that nobody held it; what it "
        "only proposes or alleges, and what is coded as support, is not counted."
    ),
    "level": marked(
        "Unknown: the rows of the level name no holder, or some of unknown origin, and do not say that nobody held it; "
        "what is only proposed, or coded as support, is not counted. What is alleged counts in its own line alone."
    ),
}
_STANDINGS = {
    "contested": marked("between two sources"),
    "within": marked("inside one source"),
    "settled": marked("settled: one side is set aside"),
    "alleged": marked("one side is only alleged"),
}


def conflict_words(kind: str) -> str:
    """Return in words what contradicts what in a kind of conflict.

    >>> conflict_words("dates")
    'one actor, but no year in common'
    """
    return text(_KINDS[kind])


def source_sheets(table: Table, found: SourceComparison, *, single: bool) -> list[Sheet]:
    """Return the cells apart by verdict, the conflicts, then the compositions by source and by level of confidence.

    Parameters
    ----------
    table
        The table compared.
    found
        As `agency.comparison.sources.compare_sources` returns it.
    single
        Whether to print the cells of which one source speaks, or none, too.

    Examples
    --------
    >>> import agency
    >>> from agency.comparison.sources import compare_sources
    >>> study = agency.load().select(project="JSeI")
    >>> sheets = source_sheets(study.data, compare_sources(study.resolved), single=True)
    >>> sheets[-1].label
    'composition-by-level'
    """
    shown = [verdict for verdict in _ORDER if single or verdict not in _ALONE]
    sheets = [_cells(table, found, verdict) for verdict in shown if (found.cells["verdict"] == verdict).any()]
    if found.conflicts:
        sheets.insert(1 if found.contested else 0, _conflicts(table, found))
    if not sheets:
        sheets = [Sheet(text("Of no cell do two sources speak."), "sources", (text("Project"), text("Phase")), ())]
    hidden = 0 if single else int(found.cells["verdict"].isin(_ALONE).sum())
    notes = [Note("", text(COMPARED)), Note("", text(NOT_COMPARED)), Note("", text(_IN_BRACKETS))]
    if found.compared and not found.contested:
        notes.insert(0, Note("", nothing_found(found)))
    sheets[0] = replace(sheets[0], notes=(*sheets[0].notes, *notes))
    if hidden:
        note = text(
            "Not shown: the cells of which no two sources speak, {n} of {all}; see -p PROJECT, -f csv or -f json.",
            n=digits(f"{hidden:,}"),
            all=digits(f"{len(found.cells):,}"),
        )
        sheets[-1] = replace(sheets[-1], notes=(*sheets[-1].notes, Note("", note)))
    return [
        *sheets,
        _levels(table, found.levels, tuple(found.levels.columns[2:])),
        _composition(table, found, "source"),
        _composition(table, found, "level"),
    ]


def nothing_found(found: SourceComparison) -> str:
    """Return the sentence for a table without a contested cell: what was compared, never that sources agree."""
    return counted(
        "No conflict between two sources was found in the {n} cell of which two speak; that says nothing of what is "
        "not compared.",
        "No conflict between two sources was found in the {n} cells of which two or more speak; that says nothing of "
        "what is not compared.",
        found.compared,
    )


def cell_keys(found: SourceComparison, label: str) -> list[tuple[str, str]]:
    """Return project and phase of each row of the sheet with a label; none for sheets without cells.

    Examples
    --------
    >>> import agency
    >>> from agency.comparison.sources import compare_sources
    >>> cell_keys(compare_sources(agency.load().resolved), "composition-by-level")
    []
    """
    if label == "conflicts":
        return [(entry.conflict.project, entry.conflict.phase) for entry in found.conflicts]
    if not label.startswith("sources-"):
        return []
    cells = found.cells[found.cells["verdict"] == label.removeprefix("sources-")]
    return list(zip(cells["project"], cells["phase"], strict=True))


def _cells(table: Table, found: SourceComparison, verdict: str) -> Sheet:
    cells = found.cells[found.cells["verdict"] == verdict]
    keys = cell_keys(found, f"sources-{verdict}")
    beside = {source for project, phase in keys for source in found.sources if (project, phase, source) in found.beside}
    speaking = [source for source in found.sources if source in beside or (cells[source] != "").any()]
    return Sheet(
        caption=counted(*_TITLES[verdict], len(cells), all=digits(f"{found.compared:,}")),
        label=f"sources-{verdict}",
        stub=2,
        columns=(text("Project"), text("Phase"), *(_short(table, source) for source in speaking)),
        rows=tuple(
            (
                plain(row["project"]),
                plain(table.codebook.phase(row["phase"]).label),
                *(
                    _said(table, row[source], found.beside.get((row["project"], row["phase"], source), ()))
                    for source in speaking
                ),
            )
            for row in cells.to_dict("records")
        ),
    )


def _said(table: Table, affirmed: str, beside: Sequence[Statement]) -> Entry:
    """Return what a source says of a cell: whom it names, who alone held it, who did not, and what is set aside."""
    lines: list[tuple[Run, ...]] = [(Run(line),) for line in affirmed.split(" / ") if line]
    standing = [one for one in beside if one.rank != "deprecated"]
    denied = tuple(one for one in standing if one.status == "denied")
    alone = tuple(one for one in standing if one.status != "denied")
    if alone:
        lines.append((Run(text("(nobody else, it says: {names})", names=names_of(alone, table.codebook))),))
    if denied:
        lines.append((Run(text("(denied: {names})", names=names_of(denied, table.codebook))),))
    for one in beside:
        if one.rank == "deprecated":
            struck, status = names_of((one,), table.codebook), text(one.status.replace("_", " "))
            if one.status not in ("held", "vacant", "not_applicable"):
                struck = text("{name}, {status}", name=struck, status=status)
            reason = text("(set aside: {reason})", reason=one.note) if one.note else text("(set aside)")
            lines.append((Run(struck, struck=True), Run(f" {reason}")))
    return Entry(tuple(lines)) if lines else plain("–")


def _conflicts(table: Table, found: SourceComparison) -> Sheet:
    """Return the conflicts, passage against passage."""
    number = dict.fromkeys(STANDINGS, 0)
    for entry in found.conflicts:
        number[entry.conflict.standing] += 1
    return Sheet(
        caption=text(
            "Conflicts, passage against passage: {contested} between two sources, {within} inside one source, "
            "{settled} settled, {alleged} with one side only alleged. Only those between two sources contest a cell.",
            **number,
        ),
        label="conflicts",
        stub=2,
        notes=(Note("", text("Lines are those of the table of statements.")),),
        columns=(text("Project"), text("Phase"), text("Conflict"), text("One"), text("The other")),
        rows=tuple(
            (
                plain(entry.conflict.project),
                plain(table.codebook.phase(entry.conflict.phase).label),
                Entry(
                    (
                        (Run(text(_STANDINGS[entry.conflict.standing])),),
                        (Run(f"{text(_KIND_NAMES[entry.conflict.kind])}: {conflict_words(entry.conflict.kind)}"),),
                    )
                ),
                _passages(table, entry, entry.one),
                _passages(table, entry, entry.other) if entry.other else plain(text("the same source")),
            )
            for entry in found.conflicts
        ),
    )


def _passages(table: Table, entry: FaceToFace, side: Sequence[Statement]) -> Entry:
    def short(source: str) -> str:
        return _short(table, source)

    if entry.conflict.kind == "kind":
        return Entry(tuple((Run(line, struck=aside),) for line, aside in kind_lines(side, table.codebook, short)))
    dated = any(one.start is not None or one.end is not None for one in (*entry.one, *entry.other))
    lines = [
        Run(statement_line(one, table.codebook, short, dated=dated), struck=one.rank == "deprecated") for one in side
    ]
    reasons = [
        (Run(line.text, struck=line.struck), Run(text(" (set aside: {reason})", reason=one.note)))
        if one.rank == "deprecated" and one.note
        else (line,)
        for line, one in zip(lines, side, strict=True)
    ]
    return Entry(tuple(reasons))


def _levels(table: Table, frame: pd.DataFrame, levels: Sequence[str]) -> Sheet:
    several = frame[(frame[list(levels)] != "").sum(axis=1) > 1]
    return Sheet(
        caption=counted(
            "{n} of {all} cells has rows of more than one level of confidence.",
            "{n} of {all} cells have rows of more than one level of confidence.",
            len(several),
            all=digits(f"{len(frame):,}"),
        ),
        label="confidence",
        stub=2,
        columns=(text("Project"), text("Phase"), *(text(level) for level in levels)),
        rows=tuple(_row(table, row, levels) for row in several.to_dict("records")),
    )


def _composition(table: Table, found: SourceComparison, by: str) -> Sheet:
    frame = found.by_source if by == "source" else found.by_level
    keys = list(dict.fromkeys(frame["key"]))
    parts: dict[tuple[str, str], Mapping[str, float]] = {}
    for project, part, key, value in frame.itertuples(index=False):
        parts[project, part] = {**parts.get((project, part), {}), key: value}
    used = [key for key in keys if any(values[key] > 0 for values in parts.values())]
    rows = []
    for (project, part), values in parts.items():
        name = _short(table, part) if by == "source" else text(part)
        rows.append((plain(project), plain(name), *(number(values[key], "share", "") for key in used)))
    if by == "source":
        caption, head = text("Composition of the life cycle by each source alone."), text("Source")
    else:
        caption = text("Composition of the life cycle by the rows of each level of confidence alone.")
        head = text("Level")
    return Sheet(
        caption=caption,
        label=f"composition-by-{by}",
        stub=2,
        columns=(text("Project"), head, *(table.codebook.word(key.removeprefix("composition.")) for key in used)),
        rows=tuple(rows),
        notes=(
            *([Note("", text(_AT_SOME_TIME))] if found.mode == "static" else []),
            *([Note("", text(_PREFERRED))] if found.rank == "best" else []),
            Note("", text("Who holds a part of a phase, or is known by one act, counts as a holder of the phase.")),
            Note("", text(_UNKNOWN_BY[by])),
        ),
        numeric=tuple(range(2, 2 + len(used))),
    )


def _row(table: Table, row: Mapping[object, str], names: Sequence[str]) -> tuple[Entry, ...]:
    said = [
        Entry(tuple((Run(line),) for line in row[name].split(" / "))) if row[name] else plain("–") for name in names
    ]
    return (plain(row["project"]), plain(table.codebook.phase(row["phase"]).label), *said)


def _short(table: Table, source: str) -> str:
    return table.short_form(source)
