"""Checks a bundle: schema, then rules, all findings at once; a sound one becomes a `Table`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import pandas as pd

from agency.findings import Finding, Place, UnreadableError, errors_of, finding, in_order
from agency.table.across import ALL_RULES, window_findings
from agency.table.complete import add_identities, alias_map, complete_dates, project_frame, whole_map
from agency.table.model import Table
from agency.table.read.frames import lookup, text_frame, typed_frame
from agency.table.read.records import Records
from agency.table.rules import Context
from agency.table.schema import FORMATS, check_cells
from agency.table.sources import bare_source
from agency.vocabulary import COLUMNS, FILES

if TYPE_CHECKING:
    from agency.table.model import Source
    from agency.table.read.bundle import Bundle
    from agency.vocabulary import Codebook, Column

_PLACE = ["line", "row"]
_UNREAD = ("cell-type", "formula-empty")
"""Problems of cells whose content is not known: what else is said of such a cell only follows from that."""


@dataclass(frozen=True)
class Examination:
    """All findings about DATA, errors first; the table when there are no errors."""

    name: str
    findings: tuple[Finding, ...]
    notices: tuple[str, ...]
    table: Table | None


@dataclass(frozen=True)
class _Checked:
    """One file after the schema: typed, wrong cells emptied."""

    frame: pd.DataFrame
    findings: list[Finding]
    wrong: pd.Series[bool]
    """Rows with a wrong year, count or flag."""
    unpaid: pd.Series[bool]
    """Rows with a wrong amount or currency."""


def examine(bundle: Bundle) -> Examination:
    """Return everything that is to be said about a bundle, and the table when it is sound."""
    findings = list(bundle.findings)
    table = _checked(bundle.table, COLUMNS, bundle.codebook, findings)
    companions = {}
    for name, columns in FILES.items():
        if columns is not COLUMNS:
            records = bundle.companions.get(name) or _empty(name, columns)
            companions[name] = _checked(records, columns, bundle.codebook, findings) or _nothing(name, columns, bundle)
    if table is None:
        return Examination(bundle.name, in_order(findings), bundle.notices, None)
    if bundle.table is not None and table.frame.empty and not errors_of(findings):
        findings.append(finding("table-empty", Place(bundle.name, bundle.table.header_line)))
    context = _context(bundle, table, {name: checked.frame for name, checked in companions.items()})
    for rule in ALL_RULES:
        findings += rule(context)
    if errors_of(findings):
        return Examination(bundle.name, in_order(_first_of_a_cell(findings)), bundle.notices, None)
    sound = _complete(bundle, context)
    findings += window_findings(sound.rows, sound.projects, context.projects, bundle.codebook, bundle.name)
    ordered = in_order(findings)
    return Examination(bundle.name, ordered, bundle.notices, replace(sound, findings=ordered))


def _first_of_a_cell(findings: list[Finding]) -> list[Finding]:
    """Leave out what is said of a cell that could not be read: empty or odd, it breaks rules it may not break."""
    unread = {(entry.file, entry.line, entry.column) for entry in findings if entry.code in _UNREAD}
    return [
        entry for entry in findings if entry.code in _UNREAD or (entry.file, entry.line, entry.column) not in unread
    ]


def _checked(
    records: Records | None, columns: tuple[Column, ...], codebook: Codebook, findings: list[Finding]
) -> _Checked | None:
    """Return a file after the schema, adding to `findings`; None when its header cannot be used."""
    if records is None:
        return None
    try:
        text, about_text = text_frame(records, columns)
    except UnreadableError as problem:
        findings += problem.findings
        return None
    about_cells, wrong = check_cells(text, columns, codebook, records.file)
    findings += [*records.findings, *about_text, *about_cells]
    emptied = {c.name: text[c.name].mask(wrong[c.name], "") for c in columns if c.kind in FORMATS and c.name in wrong}
    none = pd.Series(False, index=text.index)
    bad, unpaid = none, none
    for name in emptied:
        if name in ("amount", "currency"):
            unpaid = unpaid | wrong[name]
        else:
            bad = bad | wrong[name]
    return _Checked(typed_frame(text.assign(**emptied), columns), [], bad, unpaid)


def _empty(name: str, columns: tuple[Column, ...]) -> Records:
    return Records(name, tuple(column.name for column in columns), 1, [[] for _ in columns], [], [])


def _nothing(name: str, columns: tuple[Column, ...], bundle: Bundle) -> _Checked:
    """Return the frame of a companion that could not be used: its findings are known already."""
    checked = _checked(_empty(name, columns), columns, bundle.codebook, [])
    assert checked is not None
    return checked


def _context(bundle: Bundle, table: _Checked, companions: dict[str, pd.DataFrame]) -> Context:
    """Resolve aliases and fill what the registries know, before the rules look at the rows."""
    actors, registry = companions["actors.csv"], companions["projects.csv"]
    rows = table.frame.assign(actor=table.frame["actor"].replace(alias_map(actors)))
    rows = rows.assign(
        kind_given=rows["actor_kind"],
        actor_kind=_filled(rows, "actor_kind", "actor", actors, "kind"),
        country=_filled(rows, "country", "project", registry, "country"),
    )
    sound = rows.assign(**{side: rows[side].mask(table.wrong) for side in ("start", "end")})
    return Context(
        bundle.name,
        rows,
        ~table.wrong,
        ~table.unpaid,
        registry,
        actors,
        companions["events.csv"],
        project_frame(complete_dates(sound), registry, bundle.codebook),
        bundle.codebook,
        None if bundle.sources is None else frozenset(bundle.sources),
    )


def _filled(rows: pd.DataFrame, name: str, key: str, registry: pd.DataFrame, value: str) -> pd.Series[str]:
    """Return a column of the rows, its empty cells filled from a registry."""
    known = registry.loc[registry[value] != ""].drop_duplicates(key).set_index(key)[value]
    return rows[name].mask(rows[name] == "", lookup(rows[key], known))


def _complete(bundle: Bundle, context: Context) -> Table:
    nobody = (context.rows["actor"] == "") & (context.rows["status"] != "denied")
    rows = context.rows.assign(origin=context.rows["origin"].mask(nobody, ""))
    rows = add_identities(complete_dates(rows))
    return Table(
        rows=rows,
        projects=context.windows,
        actors=context.actors.drop(columns=_PLACE),
        events=context.events.drop(columns=_PLACE),
        sources=_sources(bundle.sources, rows["source"]),
        codebook=bundle.codebook,
        findings=(),
        notices=bundle.notices,
        name=bundle.name,
        folder=bundle.folder,
        sha256=bundle.sha256,
        wholes=MappingProxyType(whole_map(context.actors)),
    )


def _sources(known: object, used: pd.Series[str]) -> dict[str, Source]:
    if isinstance(known, dict):
        return known
    return {key: bare_source(key) for key in used.drop_duplicates()}
