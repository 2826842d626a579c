"""From a table and a view to the cells that are printed and drawn (`Cell text` of the data model)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pandas as pd

from agency.matrix.cellmodel import Cell, CellTable, Holder, Part, ProjectHead, join_names
from agency.matrix.contested import contested
from agency.matrix.select import Selection, deciding_rows, listed_rows, selection
from agency.matrix.states import GAP, YearStates, rows_in_force, year_states

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agency.matrix.view import View
    from agency.table.model import Table


@dataclass(frozen=True)
class _Behind:
    """The rows behind one cell, in file order."""

    deciding: tuple[Holder, ...] = ()
    listed: tuple[Holder, ...] = ()
    evidence: tuple[Holder, ...] = ()


def cell_table(table: Table, view: View) -> CellTable:
    """Return the cells of a view: the shown phases by the selected projects.

    In mode snapshot a continuing phase shows who holds it in that year, without years; the other modes show all
    periods.

    Raises
    ------
    UsageError
        If a snapshot year lies in no selected project's window.

    Examples
    --------
    >>> import agency
    >>> from agency.matrix.view import View
    >>> cells = cell_table(agency.load().data, View(projects=("ECU 911",)))
    >>> cells.cell("ECU 911", "maintenance").text
    'Until 2018: CEIEC / From 2018 onwards: still under negotiation'
    """
    chosen = selection(table, view)
    behind = _rows_behind(table, view, chosen)
    verdicts = contested(table, view).set_index(["project", "phase"])["agreement"].to_dict()
    cells = {}
    for project in chosen.projects:
        for phase in chosen.phases:
            rows = behind.get((project, phase.key), _Behind())
            agreement = str(verdicts.get((project, phase.key), ""))
            # As of one year nothing is before or after: everybody in force stands in one part.
            timeless = phase.kind == "event" or view.mode == "snapshot"
            parts = _timeless_parts(rows.deciding) if timeless else _period_parts(rows.deciding)
            cells[project, phase.key] = Cell(
                project, phase.key, parts, rows.listed, rows.evidence, _blank(parts), agreement
            )
    return CellTable(_heads(table, chosen), chosen.phases, cells, table.codebook, chosen.left_out)


def _heads(table: Table, chosen: Selection) -> tuple[ProjectHead, ...]:
    projects = table.projects.loc[list(chosen.projects)]
    return tuple(
        ProjectHead(
            key=str(key),
            label=row["label"] or str(key),
            country=row["country"],
            window=None if pd.isna(row["window_start"]) else (int(row["window_start"]), int(row["window_end"])),
        )
        for key, row in projects.iterrows()
    )


def _rows_behind(table: Table, view: View, chosen: Selection) -> dict[tuple[str, str], _Behind]:
    deciding = deciding_rows(chosen.rows, table.codebook, view)
    in_force = _in_force(table, deciding, chosen, view)
    listed = listed_rows(chosen.rows, table.codebook, view)
    continuing = {phase.key for phase in table.codebook.phases if phase.kind == "continuing"}
    marked = chosen.rows.assign(
        row_id=chosen.rows.index,
        decides=chosen.rows.index.isin(in_force),
        is_listed=chosen.rows.index.isin(listed.index),
    )
    behind: dict[tuple[str, str], _Behind] = {}
    for record in marked.to_dict("records"):
        key = (record["project"], record["phase"])
        holder = _holder(record, years=record["phase"] in continuing and not chosen.years)
        cell = behind.get(key, _Behind())
        behind[key] = _Behind(
            deciding=(*cell.deciding, holder) if record["decides"] else cell.deciding,
            listed=(*cell.listed, holder) if record["is_listed"] else cell.listed,
            evidence=(*cell.evidence, holder),
        )
    return behind


def _in_force(table: Table, deciding: pd.DataFrame, chosen: Selection, view: View) -> set[int]:
    """Return the ids of the deciding rows that add something; in a snapshot, of those that make up its year."""
    kinds = {phase.key: phase.kind for phase in table.codebook.phases}
    event = (deciding["phase"].map(kinds) == "event").to_numpy(bool)
    rows = deciding.assign(row_id=deciding.index, cell=deciding.groupby(["project", "phase"], sort=False).ngroup())
    windows = rows.drop_duplicates("cell")["project"].map(table.projects["window_start"]).fillna(0).to_frame("first")
    windows["last"] = rows.drop_duplicates("cell")["project"].map(table.projects["window_end"]).fillna(-1)
    windows = windows.astype("int64").reset_index(drop=True)
    if not chosen.years:
        return {*rows.index[event], *rows_in_force(rows[~event], windows)["row_id"]}
    begun = (rows["start"] <= rows["project"].map(chosen.years)).fillna(value=True).to_numpy(bool)
    states = year_states(rows[~event], windows, boundary=view.boundary, counting=view.counting)
    return {*rows.index[event & begun], *_in_force_in(states, chosen.years)}


def _in_force_in(states: YearStates, asked: dict[str, int]) -> set[int]:
    """Return the ids of the rows that make up the state of the year asked for."""
    rows = states.rows
    year = rows["project"].map(asked)
    covering = states.coverage[states.coverage["year"].to_numpy() == year.to_numpy()[states.coverage["row"]]]
    covering = covering.merge(states.years, on=["cell", "year"]).merge(
        rows[["row_id", "status"]], left_on="row", right_index=True
    )
    kind = covering["status"].where(~covering["status"].isin(GAP), "gap")
    counts = ((kind == "held") & (covering["held"] > 0)) | ((kind == "gap") & (covering["gap"] > 0))
    counts |= (kind == "not_applicable") & ~covering["applicable"]
    filling = states.shares.merge(rows.assign(asked=year)[rows["bare"]], on=["cell", "actor_id", "origin"])
    filling = filling[filling["year"] == filling["asked"]]
    return {*covering.loc[counts, "row_id"], *filling["row_id"]}


def _holder(record: Mapping[Any, Any], *, years: bool) -> Holder:
    def number(name: str) -> int | None:
        return None if pd.isna(record[name]) else int(record[name])

    actor = record["holder"] or None
    text = f"{actor} ({record['scope']})" if record["scope"] else actor or ""
    duration = number("duration_years")
    if actor and years and duration is not None:
        text += f" for {duration} year{'s' if duration > 1 else ''}"
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
        text=text,
        **{name: record[name] for name in named},
    )


def _blank(parts: tuple[Part, ...]) -> str | None:
    statuses = [part.status for part in parts]
    if "held" in statuses:
        return None
    return next((status for status in statuses if status in GAP), statuses[0] if statuses else "not_coded")


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
        text = join_names(names)
    elif status == "negotiating":
        text = "still under negotiation" if rows[0].end is None else "under negotiation"
        text += f" with {join_names(names)}" if names else ""
    else:
        text = {"vacant": "nobody", "not_applicable": "not applicable"}[status]
    return Part(prefix, text, rows[0].start, rows[0].end, status, tuple(holders), tuple(rows))


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
        return f"Until {end}: "
    if end is None:
        return f"From {start} onwards: "
    return f"{start}: " if start == end else f"{start}–{end}: "
