"""Sources, coders and published sentences against the table. Computed by the measures, laid out here."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from agency.agreement import DOUBLE_CODING, agreement
from agency.claims import CLAIMS_FILE, claims_frame, judge, read_claims
from agency.comparison import COMPARED, NOT_COMPARED, compare_sources
from agency.report.numberparts import MANY
from agency.report.part import ReportPart, Section, SheetBlock, TableFile
from agency.sheets import (
    adjudication_sheet,
    agreement_sheets,
    cell_keys,
    claim_sheets,
    frame_sheet,
    nothing_found,
    source_sheets,
)
from agency.words import counted, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from agency.formats import Entry, Run, Sheet
    from agency.report.part import Material

_LINE: Final = re.compile(r"\bline (\d+)")


def sources_apart(material: Material, groups: Mapping[tuple[str, str], str]) -> ReportPart | None:
    """Return the cells on which sources speak, side by side, contested ones and conflicts first.

    None with a single source.

    Parameters
    ----------
    material
        The table as it is selected.
    groups
        Id of the evidence of each cell, by project and phase.
    """
    found = compare_sources(material.resolved)
    if len(found.sources) < 2:
        return None
    every = source_sheets(material.table, found, single=False)
    sheets = [sheet for sheet in every if material.counted or not sheet.label.startswith("composition-")]
    keys = {sheet.label: cell_keys(found, sheet.label) for sheet in sheets}
    shown = [_linked(sheet, keys[sheet.label], groups) for sheet in sheets if keys[sheet.label]]
    if len(material.cells.projects) <= MANY:
        shown += [sheet for sheet in sheets if not keys[sheet.label]]
    intro = [
        counted(
            "{n} of the {all} cells of which two sources or more speak is contested: two of them contradict each "
            "other.",
            "{n} of the {all} cells of which two sources or more speak are contested: in each, two of them contradict "
            "each other.",
            found.contested,
            all=f"{found.compared:,}",
        )
        if found.contested
        else nothing_found(found),
        COMPARED,
        NOT_COMPARED,
        text("Each phase leads to its passages."),
    ]
    files = (
        TableFile("sources", frame_sheet(found.cells), printed=False),
        *(TableFile(sheet.label, sheet) for sheet in sheets),
    )
    section = Section(
        "disagreements",
        "Where sources disagree",
        tuple(intro),
        tuple(SheetBlock(one, folded=_aside(one)) for one in shown),
    )
    return ReportPart(section, files)


def agreement_part(material: Material) -> ReportPart | None:
    """Return how far the coders agree in the double coding beside the data; None when there is none."""
    path = Path(material.table.folder) / DOUBLE_CODING
    if not material.table.folder or not path.is_file():
        return None
    found = agreement(material.resolved)
    sheets = agreement_sheets(found)
    files = (
        TableFile("adjudication", adjudication_sheet(found), printed=False),
        *(TableFile(sheet.label, sheet) for sheet in sheets),
    )
    intro = text("The codings in {file} compared, of what is selected here.", file=DOUBLE_CODING)
    section = Section(
        "agreement", "Agreement of coders", (intro,), tuple(SheetBlock(one, folded=_aside(one)) for one in sheets)
    )
    return ReportPart(section, files)


def claims_part(material: Material) -> ReportPart | None:
    """Return what the statements make of published sentences; None when there are none on the selected projects."""
    table, path = material.table, Path(material.table.folder) / CLAIMS_FILE
    if not table.folder or not path.is_file():
        return None
    claims = read_claims(path, table)
    results = judge(material.resolved, claims)
    if not results:
        return None
    sheets = claim_sheets(material.resolved, results, left_out=len(claims) - len(results))
    lines = {row.line for cell in material.everything.cells.values() for row in cell.evidence}
    intro = text("Sentences of the sources, each tested on the statements for and against it.")
    section = Section(
        "claims", "Published sentences tested", (intro,), tuple(SheetBlock(_with_lines(one, lines)) for one in sheets)
    )
    files = (
        TableFile("claims", frame_sheet(claims_frame(material.resolved, results)), printed=False),
        *(TableFile(sheet.label, sheet) for sheet in sheets),
    )
    return ReportPart(section, files)


def _aside(sheet: Sheet) -> bool:
    """Whether a table is long and not what a reader looks for first."""
    return not sheet.label.startswith(("sources-contested", "conflicts", "sources-different", "alpha", "presence"))


def _linked(sheet: Sheet, keys: Sequence[tuple[str, str]], groups: Mapping[tuple[str, str], str]) -> Sheet:
    """Return the sheet with each phase leading to the evidence of its cell."""
    rows = tuple(
        (row[0], _link(row[1], groups.get(key, "")), *row[2:]) for row, key in zip(sheet.rows, keys, strict=True)
    )
    return replace(sheet, rows=rows)


def _with_lines(sheet: Sheet, known: AbstractSet[int]) -> Sheet:
    """Return the sheet with every "line 98" leading to the statement on that line."""

    def linked(entry: Entry) -> Entry:
        return replace(
            entry, lines=tuple(tuple(piece for run in line for piece in _split(run, known)) for line in entry.lines)
        )

    return replace(sheet, rows=tuple(tuple(linked(entry) for entry in row) for row in sheet.rows))


def _split(run: Run, known: AbstractSet[int]) -> list[Run]:
    pieces, position = [], 0
    for match in _LINE.finditer(run.text):
        if int(match[1]) in known:
            pieces += [replace(run, text=run.text[position : match.start()], marks=())]
            pieces += [replace(run, text=match[0], marks=(), anchor=f"e{match[1]}")]
            position = match.end()
    return [*(piece for piece in pieces if piece.text), replace(run, text=run.text[position:])]


def _link(entry: Entry, anchor: str) -> Entry:
    lines = tuple(tuple(replace(run, anchor=anchor) for run in line) for line in entry.lines)
    return replace(entry, lines=lines)
