"""The cell model: what every renderer and figure draws. Frozen records, no pandas.

From a table and a view to the cells that are printed and drawn (`Cell text` of the data model).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pandas as pd

from agency.resolve.rows import SPEAKS
from agency.resolve.select import View
from agency.resolve.years import GAP, given_years
from agency.words import amount, counted, in_own_language, language, listed, marked, text

if TYPE_CHECKING:
    from agency.resolve.resolved import Resolved
    from agency.vocabulary import Codebook, Phase


LISTED_KINDS = (
    marked("proposed"),
    marked("proposed, support"),
    marked("alleged"),
    marked("alleged, support"),
    marked("support"),
)
"""Why a row is named in brackets only, in the order in which they are printed."""


@dataclass(frozen=True)
class Holder:
    """One row of the table behind a cell, as it is printed."""

    row_id: int
    """Position of the row in the table: the anchor of its evidence."""
    line: int
    actor: str | None
    """Printed name; None for rows without an actor."""
    origin: str | None
    actor_kind: str
    unnamed: bool
    role: str
    scope: str
    start: int | None
    end: int | None
    duration_years: int | None
    status: str
    source: str
    locator: str
    quote: str
    confidence: str
    rank: str
    coder: str
    note: str
    use: str
    """What the row is used for (`agency.resolve.rows`)."""
    text: str
    """As printed in its cell: ``CEIEC (technical)``, ``ZTE for 3 years``; "" without an actor, whatever the scope."""
    years_from: tuple[int, ...] = ()
    """Lines whose years it takes, having none of its own; they are not printed."""


@dataclass(frozen=True)
class Part:
    """One period of a cell: joint holders, or a status without a holder."""

    prefix: str
    """``Until 2018: `` and the like, from given dates only; empty when undated or in an event phase."""
    text: str
    """``Local firms and CEIEC``, ``still under negotiation``, ``nobody``; without the prefix."""
    start: int | None
    end: int | None
    status: str
    """held, negotiating, vacant or not_applicable."""
    holders: tuple[Holder, ...]
    """Distinct by printed text, in print order; one without an actor stands for a gap."""
    rows: tuple[Holder, ...]
    """All rows behind it in print order: the same holder from two sources is two rows."""


@in_own_language
@dataclass(frozen=True)
class Cell:
    """Project x phase: periods in print order, what is only listed, and what kind of blank it is."""

    project: str
    phase: str
    parts: tuple[Part, ...]
    listed: tuple[Holder, ...]
    """Proposed, alleged and support rows: named in brackets, counted nowhere."""
    evidence: tuple[Holder, ...]
    """All selected rows of this project and phase in file order, deprecated ones included."""
    blank: str | None
    """None (somebody holds), not_coded, unknown (its rows say nothing of the years shown), vacant, negotiating or
    not_applicable."""
    agreement: str
    """Between sources: contested, different, sequence, same or single; "" where no source speaks."""
    language: str = field(default_factory=language, compare=False, repr=False)
    """That of the study it was made from."""

    @property
    def lines(self) -> tuple[str, ...]:
        """The cell's text, a line per period; what is only listed follows the last period."""
        return self._lines(self.listed_texts)

    def _lines(self, beside: tuple[str, ...]) -> tuple[str, ...]:
        lines = [part.prefix + part.text for part in self.parts]
        if not lines:
            return (" ".join(beside) or self.empty_text,)
        lines[-1] = " ".join([lines[-1], *beside])
        return tuple(lines)

    @property
    def text(self) -> str:
        """The cell in one line, periods separated by `` / ``."""
        return " / ".join(self.lines)

    @property
    def in_full(self) -> str:
        """The text with the part and years of what is only listed too: ``(proposed: X (fibre network))``.

        Names of one kind with the same part stand together: ``(proposed: X, Y and Z (each: cameras))``.
        """
        beside = []
        for kind, names in self.listed_names.items():
            alike: dict[str, list[str]] = {}
            for name, rows in names.items():
                for more in dict.fromkeys(row.text.removeprefix(name) for row in rows):
                    alike.setdefault(more, []).append(name)
            told = [
                text("{names} (each: {what})", names=listed(group, most=len(group)), what=more[2:-1])
                if len(group) > 1 and more.startswith(" (") and more.endswith(")")
                else listed([name + more for name in group], most=len(group))
                for more, group in alike.items()
            ]
            beside.append(text("({kind}: {names})", kind=text(kind), names=listed(told, most=len(told))))
        return " / ".join(self._lines(tuple(beside)))

    @property
    def empty_text(self) -> str:
        """What stands where nobody is named.

        ``not coded``; ``unknown`` where rows speak of other years only; ``not applicable`` before the launch.
        """
        if self.blank == "not_applicable":
            return text("not applicable")
        return text("unknown") if self.blank == "unknown" else text("not coded")

    @property
    def listed_texts(self) -> tuple[str, ...]:
        """``(proposed: X)``, ``(alleged: X and Y)``, ``(alleged, support: Z)``, in the order of `LISTED_KINDS`."""
        return tuple(
            text("({kind}: {names})", kind=text(kind), names=listed(list(names), most=len(names)))
            for kind, names in self.listed_names.items()
        )

    @property
    def listed_names(self) -> dict[str, dict[str, tuple[Holder, ...]]]:
        """What is only listed: by kind, then by name in file order, the rows behind it."""
        kinds: dict[str, dict[str, tuple[Holder, ...]]] = {kind: {} for kind in LISTED_KINDS}
        for row in self.listed:
            if row.actor is not None:
                names = kinds[listed_kind(row)]
                names[row.actor] = (*names.get(row.actor, ()), row)
        return {kind: names for kind, names in kinds.items() if names}


@dataclass(frozen=True)
class ProjectHead:
    """A column of the table: one project."""

    key: str
    label: str
    country: str
    window: tuple[int, int] | None
    type: str = ""
    """Kind of system, as projects.csv names it."""


@dataclass(frozen=True, repr=False)
class CellTable:
    """All cells of a view: projects in the user's order, phases in process order."""

    projects: tuple[ProjectHead, ...]
    phases: tuple[Phase, ...]
    cells: Mapping[tuple[str, str], Cell]
    """By (project key, phase key): also of projects that are not listed. What is shown is `shown`."""
    codebook: Codebook
    left_out: tuple[str, ...] = ()
    """Projects left out as thin or without the year asked for."""
    remarks: tuple[str, ...] = ()
    """What is said below the cells: which projects are not listed and why."""
    listing: Mapping[str, int] = field(default_factory=dict)
    """The rule of what is listed, in numbers (`Resolved.listing`)."""
    view: View = field(default_factory=View)
    """The rules by which the cells were made."""

    def __repr__(self) -> str:
        return text(
            "<CellTable: {projects} projects, {phases} phases>", projects=len(self.projects), phases=len(self.phases)
        )

    @property
    def selected(self) -> tuple[str, ...]:
        """Every selected project, listed or not."""
        return tuple(dict.fromkeys(project for project, _ in self.cells))

    @property
    def shown(self) -> tuple[Cell, ...]:
        """The cells of the listed projects, by project: what is printed, drawn and counted in captions."""
        return tuple(self.cells[project.key, phase.key] for project in self.projects for phase in self.phases)

    def cell(self, project: str, phase: str) -> Cell:
        """Return the cell of a project and phase."""
        return self.cells[project, phase]


def listed_kind(holder: Holder) -> str:
    """Return why a row is only listed, of `LISTED_KINDS`: that somebody only helped is said of an allegation too."""
    supports = holder.role == "support"
    if holder.status == "proposed":
        return "proposed, support" if supports else "proposed"
    if holder.confidence == "alleged":
        return "alleged, support" if supports else "alleged"
    return "support"


@dataclass(frozen=True)
class _Behind:
    """The rows behind one cell, in file order."""

    deciding: tuple[Holder, ...] = ()
    listed: tuple[Holder, ...] = ()
    evidence: tuple[Holder, ...] = ()


def cell_table(resolved: Resolved) -> CellTable:
    """Return the cells of a view: the shown phases by the selected projects.

    In mode snapshot a continuing phase shows who holds it in that year, without years; the other modes show all
    periods. Projects that are not listed have their cells too, but no head.

    Examples
    --------
    >>> import agency
    >>> cells = agency.load().select(project="ECU 911").resolved.cells
    >>> cells.cell("ECU 911", "maintenance").text
    'Until 2018: CEIEC / From 2018 onwards: still under negotiation'
    """
    behind = _rows_behind(resolved)
    states = _states(resolved)
    cells = {}
    for project in resolved.projects:
        for phase in resolved.phases:
            rows = behind.get((project, phase.key), _Behind())
            # As of one year nothing is before or after: everybody in force stands in one part.
            timeless = phase.kind == "event" or resolved.view.mode == "snapshot"
            parts = _timeless_parts(rows.deciding) if timeless else _period_parts(rows.deciding)
            cells[project, phase.key] = Cell(
                project,
                phase.key,
                parts,
                rows.listed,
                rows.evidence,
                _blank(states[project, phase.key], parts, rows.evidence),
                resolved.agreement.get((project, phase.key), ""),
            )
    return CellTable(
        _heads(resolved),
        resolved.phases,
        cells,
        resolved.codebook,
        resolved.left_out,
        resolved.remarks,
        resolved.listing,
        resolved.view,
    )


def _heads(resolved: Resolved) -> tuple[ProjectHead, ...]:
    columns = ["label", "country", "window_start", "window_end", "type"]
    projects = resolved.table.projects.loc[list(resolved.listed), columns].astype(object)
    return tuple(
        ProjectHead(
            key=str(key),
            label=label or str(key),
            country=country,
            window=None if pd.isna(start) else (int(start), int(end)),
            type=kind,
        )
        for key, label, country, start, end, kind in projects.itertuples(name=None)
    )


_AT_ONCE = 10_000


def _rows_behind(resolved: Resolved) -> dict[tuple[str, str], _Behind]:
    phases = {phase.key: phase for phase in resolved.phases}
    rows = resolved.rows
    rows = rows[rows["phase"].isin(phases)].assign(row_id=rows.index[rows["phase"].isin(phases)])
    found: dict[tuple[str, str], tuple[list[Holder], list[Holder], list[Holder]]] = {}
    timeless, lent = bool(resolved.asked), resolved.years_from
    # Some rows at a time: as dictionaries a million of them take gigabytes.
    for at in range(0, len(rows), _AT_ONCE):
        for record in rows.iloc[at : at + _AT_ONCE].to_dict("records"):
            years_from = lent.get(record["row_id"], ())
            holder = _holder(record, phases[record["phase"]], years_from, timeless=timeless)
            deciding, listed, evidence = found.setdefault((record["project"], record["phase"]), ([], [], []))
            evidence.append(holder)
            if record["counts"]:
                deciding.append(holder)
            if record["listed"]:
                listed.append(holder)
    return {cell: _Behind(*map(tuple, holders)) for cell, holders in found.items()}


def _holder(record: Mapping[Any, Any], phase: Phase, years_from: tuple[int, ...], *, timeless: bool) -> Holder:
    def number(name: str) -> int | None:
        return None if pd.isna(record[name]) else int(record[name])

    actor = record["holder"] or None
    duration = number("duration_years")
    details = [record["scope"]]
    if phase.block == "finance" and pd.notna(record["amount"]):
        details.append(f"{record['currency']} {amount(float(record['amount']))}")
    if phase.kind == "event":
        details.append(given_years(number("start"), number("end"), event=True))
    more = ", ".join(detail for detail in details if detail)
    said = f"{actor} ({more})" if actor and more else actor or ""
    if actor and phase.kind == "continuing" and not timeless and duration is not None:
        said = counted("{holder} for {n} year", "{holder} for {n} years", duration, holder=said)
    named = (
        "actor_kind",
        "role",
        "scope",
        "status",
        "source",
        "locator",
        "quote",
        "confidence",
        "rank",
        "coder",
        "note",
        "use",
    )
    return Holder(
        row_id=int(record["row_id"]),
        line=int(record["line"]),
        actor=actor,
        origin=record["origin"] or None,
        unnamed=bool(record["unnamed"]),
        start=number("start"),
        end=number("end"),
        duration_years=duration,
        years_from=years_from,
        text=said,
        **{name: record[name] for name in named},
    )


def _states(resolved: Resolved) -> dict[tuple[str, str], str]:
    """Return what the numbers make of each cell: held (at some time), gap, not_applicable or unknown."""
    phases = resolved.whole.phases
    state = pd.Series("unknown", index=phases.index, dtype="str")
    state = state.mask(phases["gap"] > 0, "gap").mask(phases["held"] > 0, "held")
    state = state.mask(~phases["applicable"], "not_applicable")
    return dict(zip(zip(phases["project"], phases["phase"], strict=True), state, strict=True))


def _blank(state: str, parts: tuple[Part, ...], evidence: tuple[Holder, ...]) -> str | None:
    """Return what kind of blank a cell is; with rows that speak of other years only it is unknown, not uncoded.

    The state is that of the numbers, so that a cell gives one answer everywhere. Worked: a phase that does not apply
    from 2015 on is printed so, and unknown for the years before: its blank is unknown.
    """
    if state == "held":
        return None
    if state == "gap":
        return next(part.status for part in parts if part.status in GAP)
    if state == "not_applicable":
        return state
    return "unknown" if any(row.use in SPEAKS for row in evidence) else "not_coded"


def _timeless_parts(rows: tuple[Holder, ...]) -> tuple[Part, ...]:
    """Holders in file order as one part; a gap beside them is a part of its own; years are not printed."""
    parts = [_part("", [row for row in rows if row.status == status]) for status in ("held", *GAP)]
    parts = [part for part in parts if part is not None]
    if not parts:
        parts = [_part("", list(rows))] if rows else []
    return tuple(part for part in parts if part is not None)


def _period_parts(rows: tuple[Holder, ...]) -> tuple[Part, ...]:
    """Periods in order of start (empty first), then file order."""
    order = {row.row_id: position for position, row in enumerate(rows)}
    groups: dict[tuple[int | None, int | None, str], list[Holder]] = {}
    for row in rows:
        groups.setdefault((row.start, row.end, row.status), []).append(row)
    ordered = sorted(groups.values(), key=lambda group: (group[0].start or 0, order[group[0].row_id]))
    parts = [_part(_prefix(group[0].start, group[0].end), group) for group in ordered]
    return tuple(part for part in parts if part is not None)


def _part(prefix: str, rows: list[Holder]) -> Part | None:
    if not rows:
        return None
    rows = _grouped(rows)
    status = rows[0].status
    holders = [next(same) for _, same in groupby(rows, key=lambda row: row.text)]
    names = [holder.text for holder in holders if holder.actor is not None]
    if status == "held":
        said = listed(names, most=len(names))
    elif status == "negotiating":
        said = text("still under negotiation") if rows[0].end is None else text("under negotiation")
        if names:
            said = text("{said} with {names}", said=said, names=listed(names, most=len(names)))
        else:
            said = _scoped(said, rows)
    else:
        said = _scoped({"vacant": text("nobody"), "not_applicable": text("not applicable")}[status], rows)
    return Part(prefix, said, rows[0].start, rows[0].end, status, tuple(holders), tuple(rows))


def _scoped(said: str, rows: list[Holder]) -> str:
    """Return a gap with what it is a gap of: nobody (technical); one row without a scope speaks of the whole phase."""
    scopes = list(dict.fromkeys(row.scope for row in rows))
    return said if "" in scopes else text("{said} ({scopes})", said=said, scopes=listed(scopes, most=len(scopes)))


def _grouped(rows: list[Holder]) -> list[Holder]:
    """Return the rows with equal printed texts together, in order of first appearance."""
    first: dict[str, int] = {}
    for row in rows:
        first.setdefault(row.text, len(first))
    return sorted(rows, key=lambda row: first[row.text])


def _prefix(start: int | None, end: int | None) -> str:
    if start is None and end is None:
        return ""
    if start is None:
        return text("Until {end}: ", end=end)
    if end is None:
        return text("From {start} onwards: ", start=start)
    return f"{start}: " if start == end else f"{start}–{end}: "
