"""What each coder says of each unit, and what a team has decided in an adjudication sheet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from agency.characters import from_spreadsheet
from agency.errors import DataError, UsageError
from agency.findings import Finding, UnreadableError, as_text
from agency.resolve import GAP, Resolved
from agency.table import load_table, read_file
from agency.vocabulary import Column
from agency.words import counted, digits, listed, marked, text

if TYPE_CHECKING:
    from agency.table import Table


Unit = tuple[str, str]
"""Project and phase."""
DOUBLE_CODING = "double_coding.csv"
"""The table with all codings, beside a table in which they are decided already."""
DECIDED = r"(?i)\s*adjudicated\s*(?::|$)"
"""A label that says how a row was decided: ``adjudicated: A+B``. It names no coder."""
_UNIT = ["project", "phase"]

COLUMNS: Mapping[str, str | tuple[str, ...]] = {
    "origins": "origin",
    "actors": "actor_id",
    "status": "status",
    "kinds": "kind_given",
    "scopes": "scope",
    "years": ("start", "end", "duration_years"),
    "confidence": "confidence",
}
"""What is compared, and the columns it is made of. Actors are compared by identity: a named one is one actor in the
whole table, "local firms" are others in every project."""
OF_HOLDERS = ("origins", "actors", "kinds")
"""Values of held rows only."""


@dataclass(frozen=True)
class Coding:
    """One coder's value for one unit; without holders it is the code ``nobody``."""

    values: Mapping[str, frozenset[Hashable]]
    """Set of values by what is compared."""
    names: frozenset[str]
    """Printed names of the actors."""
    rows: tuple[int, ...]
    """Positions (in `Table.rows`) of all the coder's rows on the unit, in file order."""

    @property
    def origins(self) -> frozenset[str]:
        """Origins of the holders."""
        return frozenset(str(origin) for origin in self.values["origins"])


@dataclass(frozen=True, eq=False)
class Codings:
    """The rows of a table that name a coder, under the coder's one spelling."""

    resolved: Resolved
    rows: pd.DataFrame
    """Rows of coders; column ``coder`` has one spelling for each."""
    coders: tuple[str, ...]
    """In alphabetical order."""
    units: Mapping[Unit, Mapping[str, Coding]]
    """By project and phase in order of first appearance, then by coder, coders in alphabetical order."""
    notices: tuple[str, ...]
    """What was left out, and which spellings were taken as one."""


def coded(resolved: Resolved) -> Resolved:
    """Return the view with the codings: that of the double coding beside the table of a folder, else the same.

    Parameters
    ----------
    resolved
        A table under a view; its selection is kept.

    Raises
    ------
    UsageError
        If none of the projects asked for is in the double coding.

    Examples
    --------
    >>> import agency
    >>> coded(agency.load().resolved).table.name
    'double_coding.csv'
    """
    table, view = resolved.table, resolved.view
    path = Path(table.folder) / DOUBLE_CODING
    # Rows of a DataFrame stand beside the double coding of their study, unless they are codings themselves.
    whole = table.name == "actors_by_phase.csv" or (table.name == "DataFrame" and not has_coders(resolved))
    if not table.folder or not whole or not path.is_file():
        return resolved.under(mode="static", year=None)
    both = load_table(path)
    projects = tuple(name for name in view.projects if name in both.projects.index)
    if view.projects and not projects:
        sentence = marked("{file}: none of the selected projects is coded there ({names}). Leave the selection out.")
        raise UsageError(text(sentence, file=DOUBLE_CODING, names=listed(list(view.projects), most=5)))
    return Resolved(both, replace(view, projects=projects, mode="static", year=None))


def codings(resolved: Resolved) -> Codings:
    """Return the codings of every selected unit that anybody coded.

    A coder's value is the set over all his lead held rows; only negotiating or vacant rows are the code ``nobody``
    (the empty set); only proposed, denied, support or not_applicable rows are no coding. Deprecated rows are withdrawn.
    Rows without a coder, and rows whose label says how they were decided, say nothing about coders.

    Raises
    ------
    DataError
        If no row names a coder.

    Examples
    --------
    >>> import agency
    >>> found = codings(coded(agency.load().resolved))
    >>> found.coders, sorted(found.units["JSeI", "implementation"]["A"].origins)
    (('A', 'B'), ['chinese', 'local'])
    """
    table, every = resolved.table, resolved.rows
    decided = every["coder"].str.match(DECIDED)
    named = _named(every)
    if not named.any():
        raise DataError(_nobody(table, int(decided.sum())))
    spelling, merged = _spellings(every.loc[named, "coder"])
    rows = every[named].assign(coder=every.loc[named, "coder"].map(spelling))
    notices = [*merged, *_left_out(int((~named & ~decided).sum()), int(decided.sum()), len(every))]
    return Codings(resolved, rows, tuple(sorted(set(spelling.values()))), _units(rows), tuple(notices))


def has_coders(resolved: Resolved) -> bool:
    """Whether any selected row names a coder."""
    # Mostly no row of the table does, and then nothing has to be resolved.
    return _any_named(resolved.table.rows) and _any_named(resolved.rows)


def _any_named(rows: pd.DataFrame) -> bool:
    return bool(_named(rows[["coder"]].drop_duplicates()).any())


def _named(rows: pd.DataFrame) -> pd.Series[bool]:
    """Return which rows name a coder; a label that says how a row was decided is none."""
    return (rows["coder"].str.strip() != "") & ~rows["coder"].str.match(DECIDED)


def _units(rows: pd.DataFrame) -> dict[Unit, dict[str, Coding]]:
    lead = rows[(rows["role"] == "lead") & (rows["rank"] != "deprecated")]
    held = lead[lead["status"] == "held"]
    said = lead[(lead["status"] == "held") | lead["status"].isin(GAP)]
    keys = [*_UNIT, "coder"]
    sets = {on: _sets(held if on in OF_HOLDERS else said, columns) for on, columns in COLUMNS.items()}
    names = _sets(held, "holder")
    places = rows.assign(place=rows.index).groupby(keys, sort=False)["place"].agg(tuple).to_dict()
    found: dict[Unit, dict[str, Coding]] = {}
    for key in said.drop_duplicates(keys)[keys].itertuples(index=False, name=None):
        none: frozenset[Hashable] = frozenset()
        coding = Coding(
            {on: of_unit.get(key, none) for on, of_unit in sets.items()},
            frozenset(str(name) for name in names.get(key, none)),
            tuple(int(place) for place in places[key]),
        )
        found.setdefault((key[0], key[1]), {})[key[2]] = coding
    return {unit: dict(sorted(by_coder.items())) for unit, by_coder in found.items()}


def _sets(rows: pd.DataFrame, columns: str | tuple[str, ...]) -> dict[tuple[str, ...], frozenset[Hashable]]:
    """Return the set of values of each unit and coder; empty cells are no value."""
    if isinstance(columns, str):
        value = rows[columns]
        given = value != ""
    else:
        value = rows[list(columns)].astype("Float64").fillna(-1).astype("int64").apply(tuple, axis=1)
        given = rows[list(columns)].notna().any(axis=1)
    chosen = rows.assign(value=value.astype(object) if len(rows) else "")[given]
    found = chosen.groupby([*_UNIT, "coder"], sort=False)["value"].agg(frozenset)
    return dict(zip(found.index, found, strict=True))


def _spellings(written: pd.Series[str]) -> tuple[dict[str, str], list[str]]:
    """Return the one spelling of each coder, the most frequent, and what is to be said where there were several.

    "Ana Ruiz", "ana ruiz" and "Ana  Ruiz " are one coder.
    """
    numbers = Counter(written)
    alike: dict[str, list[str]] = {}
    for name in numbers:
        alike.setdefault(" ".join(name.split()).casefold(), []).append(name)
    spelling: dict[str, str] = {}
    said = []
    for names in alike.values():
        best = " ".join(max(names, key=lambda name: numbers[name]).split())
        spelling |= dict.fromkeys(names, best)
        if len(names) > 1:
            as_written = listed([f"'{name}'" for name in names])
            said.append(text("{names} are taken as one coder, {best}.", names=as_written, best=best))
    return spelling, said


def _left_out(without: int, decided: int, number: int) -> list[str]:
    said = []
    if without:
        said.append(
            counted(
                "{n} of {all} rows names no coder and is left out.",
                "{n} of {all} rows name no coder and are left out.",
                without,
                all=digits(f"{number:,}"),
            )
        )
    if decided:
        said.append(
            counted(
                "{n} of {all} rows says how it was decided (adjudicated: …), which names no coder, and is left out.",
                "{n} of {all} rows say how they were decided (adjudicated: …), which names no coder, and are left out.",
                decided,
                all=digits(f"{number:,}"),
            )
        )
    return said


def _nobody(table: Table, decided: int) -> str:
    if decided:
        return text(
            "{name}: no row names a coder; {n} say how they were decided (adjudicated: …). Agreement needs the codings "
            "before that, as in {file} beside the table.",
            name=table.name,
            n=digits(f"{decided:,}"),
            file=DOUBLE_CODING,
        )
    return text(
        "{name}: no row names a coder. Agreement needs a column 'coder' with the rows of at least two coders, as in "
        "the shipped {file}.",
        name=table.name,
        file=DOUBLE_CODING,
    )


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
