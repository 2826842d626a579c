"""What a team has decided in an adjudication sheet, read back so that making the sheet again never empties it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agency.agreement.codings import Unit
from agency.characters import from_spreadsheet
from agency.errors import DataError, UsageError
from agency.findings import Finding, UnreadableError, as_text
from agency.table import read_file
from agency.vocabulary import Column
from agency.words import counted, listed, text

DECISION = tuple(f"decision: {name}" for name in ("actor", "origin", "status", "start", "end", "reason", "decided by"))
"""Columns of the adjudication sheet that a team fills in."""
UNIT = ("project", "phase")
_CODED = re.compile(r"differ|.+: (origins|actors|passages|notes)")
"""Columns that are made from the codings, and are made again."""
_COLUMNS = tuple(Column(name, name, "", required=True) for name in UNIT)


@dataclass(frozen=True)
class Decisions:
    """The filled cells of an adjudication sheet."""

    columns: tuple[str, ...] = DECISION
    """The columns to decide in, and behind them those a team has added."""
    filled: Mapping[Unit, tuple[str, ...]] = field(default_factory=dict)
    """Cells by project and phase, in the order of the columns; only units with anything filled in."""

    def of(self, unit: Unit) -> tuple[str, ...]:
        """Return the cells of a unit, empty ones where nothing is decided."""
        return self.filled.get(unit, ("",) * len(self.columns))


def read_decisions(path: Path) -> Decisions:
    """Return what is filled in in a sheet that may be there already.

    Raises
    ------
    UsageError
        If the file is no adjudication sheet, or two of its rows decide the same unit differently: what is filled in
        could not be carried over.

    Examples
    --------
    >>> read_decisions(Path("no such sheet.csv")).filled
    {}
    """
    if not path.is_file() or not path.stat().st_size:
        return Decisions()
    try:
        records = read_file(path, _COLUMNS)
    except UnreadableError as problem:
        raise UsageError(_unusable(path, problem.findings)) from problem
    except DataError as error:
        raise UsageError(_unusable(path, error.findings)) from error
    cells = dict(zip(records.header, records.columns, strict=True))
    errors = tuple(entry for entry in records.findings if entry.severity == "error")
    if errors or not {*UNIT, *DECISION} <= cells.keys():
        raise UsageError(_unusable(path, errors))
    added = tuple(name for name in cells if name and name not in (*UNIT, *DECISION) and not _CODED.fullmatch(name))
    columns = (*DECISION, *added)
    is_text = path.suffix.lower() == ".csv"
    written = [[from_spreadsheet(cell) if is_text else cell for cell in cells[name]] for name in (*UNIT, *columns)]
    return Decisions(columns, _by_unit(path, zip(*written, strict=True), records.lines))


def _by_unit(path: Path, rows: Iterable[Sequence[str]], lines: Sequence[int]) -> dict[Unit, tuple[str, ...]]:
    filled: dict[Unit, tuple[str, ...]] = {}
    first: dict[Unit, int] = {}
    for (project, phase, *cells), line in zip(rows, lines, strict=True):
        unit, decided = (project, phase), tuple(cells)
        if not any(cell.strip() for cell in decided):
            continue
        if filled.setdefault(unit, decided) != decided:
            message = text(
                "{path}:{first} and {line}: {project}, {phase} is decided twice, differently. Leave one of the rows.",
                path=path,
                first=first[unit],
                line=line,
                project=project,
                phase=phase,
            )
            raise UsageError(message)
        first.setdefault(unit, line)
    return filled


def refuse_lost(decisions: Decisions, units: Iterable[Unit], path: Path) -> None:
    """Stop when something is decided that a new sheet has no row for.

    Raises
    ------
    UsageError
        Naming the units.
    """
    known = set(units)
    lost = [f"{project}, {phase}" for project, phase in decisions.filled if (project, phase) not in known]
    if lost:
        message = counted(
            "{path}: {n} unit is decided there on which coders do not differ any more ({units}); the decision would be "
            "lost. Choose another place.",
            "{path}: {n} units are decided there on which coders do not differ any more ({units}); the decisions would "
            "be lost. Choose another place.",
            len(lost),
            path=path,
            units=listed([f"'{unit}'" for unit in lost]),
        )
        raise UsageError(message)


def _unusable(path: Path, findings: Sequence[Finding]) -> str:
    message = text(
        "{path}: there is a file already that cannot be read as an adjudication sheet; it would be lost. "
        "Choose another place.",
        path=path,
    )
    return f"{message}\n{as_text(findings)}" if findings else message
