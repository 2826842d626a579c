"""Whether the sources of a cell disagree: conflicts, and one verdict for each cell. The one place where that is said.

Compared are the lead rows of a project and phase, of all ranks, source by source in pairs (`agency.resolve.sides` has
the kinds of conflict):

=========  ==========================================================================================================
denial     one says X holds, the other denies X, or X's origin, in the same years
exclusive  one's "only" leaves out a holder that the other names, in the same years
state      a year is settled for both, differently: held, nobody, not applicable
dates      one actor (and scope) has no year in common in the two sources
kind       both give one actor a kind, differently
=========  ==========================================================================================================

Where a conflict stands decides whether it counts: between two sources (*contested*), inside one (*within*), with a
row that the editors set aside (*settled*), with an alleged one (*alleged*). Only the first contests the cell. Proposed
and support rows, amounts, reasons and events are not compared, and a cell without a conflict is not one on which the
sources agree.

=========  ==========================================================================================================
verdict    the first that applies over all pairs of sources
=========  ==========================================================================================================
contested  a conflict between two sources
different  they name different holders for one year, or one only denies: each adds to the other
sequence   they name different holders, of different years
same       they name the same
single     only one source speaks
=========  ==========================================================================================================
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from agency.resolve.sides import CLASSES, KINDS, Horizon, Line, Side, between, verdict, within
from agency.table import part_map

if TYPE_CHECKING:
    from agency.resolve.resolved import Resolved
    from agency.table import Table

VERDICTS = ("contested", "different", "sequence", "same", "single")
"""From what needs attention to what cannot be compared."""
STANDINGS = ("contested", "within", "settled", "alleged")
"""Where a conflict stands; only the first contests a cell."""
CONFLICT_KINDS = tuple(KINDS)
_CELL = ["project", "phase"]
_CONTENT = ["status", "actor_id", "origin", "unnamed", "scope", "only", "kind_given", "start", "end"]
"""Columns that are compared: rows equal in these are one line."""
_BLOCK = 20_000
"""Cells whose lines are made at once."""
_OUTSIDE = {"deprecated": "settled", "alleged": "alleged"}
"""What a conflict is whose one side stands outside."""


@dataclass(frozen=True)
class Conflict:
    """One kind of conflict between two sources on a cell, or inside one, with the rows that make it."""

    project: str
    phase: str
    kind: str
    """denial, exclusive, state, dates or kind."""
    standing: str
    """contested, within, settled or alleged."""
    source_a: str
    source_b: str
    """The same as `source_a` inside one source, and where it contradicts an alleged or a struck row of its own."""
    rows_a: tuple[int, ...]
    """Positions in `Table.rows`, in file order."""
    rows_b: tuple[int, ...]
    """Empty inside one source: there all rows stand on one side."""


@dataclass(frozen=True, eq=False)
class _Voice:
    """A side with its source and its rows."""

    source: str
    standing: str
    """counted, deprecated or alleged."""
    side: Side
    rows: tuple[tuple[int, ...], ...]
    """The rows behind each line."""

    def behind(self, lines: set[int]) -> tuple[int, ...]:
        """Return the rows of some lines."""
        return tuple(sorted(row for at in lines for row in self.rows[at]))


class Comparison:
    """What the sources of every cell of a view make of each other.

    Parameters
    ----------
    resolved
        Its selection limits the rows; its rules (rank, alleged rows, mode, year) play no part.

    Examples
    --------
    >>> import agency
    >>> compared = Comparison(agency.load().select(project="ECU 911", source="vilaseoane2024").resolved)
    >>> set(compared.verdicts.values()), [conflict.standing for conflict in compared.conflicts]
    ({'single'}, ['within'])
    """

    def __init__(self, resolved: Resolved) -> None:
        rows = resolved.rows
        compared = [*_CELL, "source", "rank", "confidence", "actor", *_CONTENT]
        rows = rows.loc[(rows["role"] == "lead") & (rows["status"] != "proposed"), compared]
        standing = np.select([rows["rank"] == "deprecated", rows["confidence"] == "alleged"], [*_OUTSIDE], "counted")
        rows = rows.assign(standing=pd.array(standing, dtype="str"))
        counted = rows[rows["standing"] == "counted"].drop_duplicates([*_CELL, "source"])
        self.verdicts: dict[tuple[str, str], str] = dict.fromkeys(
            zip(counted["project"].tolist(), counted["phase"].tolist(), strict=True), "single"
        )
        """By project and phase; a cell in which no source speaks is not there."""
        conflicts: list[Conflict] = []
        for cell, voices in _voices(resolved, rows):
            found = _conflicts(voices, *cell)
            conflicts += found
            speaking = [voice.side for voice in voices if voice.standing == "counted"]
            if any(conflict.standing == "contested" for conflict in found):
                self.verdicts[cell] = "contested"
            elif len(speaking) > 1:
                self.verdicts[cell] = verdict(speaking)
        self.conflicts: tuple[Conflict, ...] = tuple(
            sorted(conflicts, key=lambda conflict: STANDINGS.index(conflict.standing))
        )
        """Contested ones first, then by cell in file order and by source in alphabetical order."""


def _conflicts(voices: Sequence[_Voice], project: str, phase: str) -> list[Conflict]:
    """Return the conflicts of a cell; two sides that both stand outside are not compared."""
    found = []
    # Sources that say the same share a side: what two of them come to is found once.
    known: dict[tuple[int, int], Mapping[str, tuple[set[int], set[int]]]] = {}
    for one, other in _meetings(voices):
        outside = [_OUTSIDE[voice.standing] for voice in (one, other) if voice.standing in _OUTSIDE]
        if len(outside) == 2:
            continue
        pair = (id(one.side), id(other.side))
        if pair not in known:
            known[pair] = between(one.side, other.side)
        standing = outside[0] if outside else "contested"
        for kind, (first, second) in known[pair].items():
            rows = one.behind(first), other.behind(second)
            found.append(Conflict(project, phase, kind, standing, one.source, other.source, *rows))
    for voice in voices:
        if voice.standing == "counted":
            for kind, lines in within(voice.side).items():
                rows = voice.behind(lines), ()
                found.append(Conflict(project, phase, kind, "within", voice.source, voice.source, *rows))
    return found


def _meetings(voices: Sequence[_Voice]) -> Iterator[tuple[_Voice, _Voice]]:
    """Yield the pairs that can conflict at all: one restricts who holds, or both date or qualify one actor."""
    sharing: dict[Hashable, list[int]] = {}
    restricting = []
    for at, voice in enumerate(voices):
        for key in voice.side.meets:
            sharing.setdefault(key, []).append(at)
        if voice.side.restricts:
            restricting.append(at)
    for at, voice in enumerate(voices):
        if voice.side.restricts:
            others = set(range(at + 1, len(voices)))
        else:
            others = {other for key in voice.side.meets for other in sharing[key] if other > at}
            others |= {other for other in restricting if other > at}
        for other in sorted(others):
            yield voice, voices[other]


def _voices(resolved: Resolved, rows: pd.DataFrame) -> Iterator[tuple[tuple[str, str], list[_Voice]]]:
    """Yield the sides of every cell in which there is something to compare, sources in alphabetical order."""
    rows = rows[_comparable(rows)]
    if rows.empty:
        return
    published = _published(resolved.table)
    given = [*rows["start"].dropna().unique().tolist(), *rows["end"].dropna().unique().tolist(), *published.values()]
    known = [year for year in given if year is not None]
    horizon = Horizon(int(min(known, default=2000)) - 1, int(max(known, default=2000)) + 1)
    events = {phase.key for phase in resolved.codebook.phases if phase.kind == "event"}
    kin = _kin(rows, part_map(resolved.table.actors))
    # Some cells at a time, in the order of the file: lines are objects, and a million of them take gigabytes.
    block = rows.groupby(_CELL, sort=False).ngroup().to_numpy() // _BLOCK
    for at in range(int(block.max()) + 1):
        for cell, said in _lines(rows[block == at], horizon, events, published).items():
            sides: dict[tuple[Line, ...], Side] = {}
            voices = []
            for (source, standing), lines in sorted(said.items()):
                lines.sort()
                content = tuple(line for line, _ in lines)
                side = sides.setdefault(content, Side(content, cell[1] in events, kin, horizon.all))
                voices.append(_Voice(source, standing, side, tuple(behind for _, behind in lines)))
            yield cell, voices


def _lines(
    rows: pd.DataFrame, horizon: Horizon, events: set[str], published: Mapping[str, int | None]
) -> dict[tuple[str, str], dict[tuple[str, str], list[tuple[Line, tuple[int, ...]]]]]:
    """Return the lines of some cells by project and phase, then by source and standing, each with its rows."""
    keys = [*_CELL, "source", "standing", *_CONTENT]
    number = rows.groupby(keys, sort=False, dropna=False).ngroup().to_numpy()
    order = np.argsort(number, kind="stable")
    cuts = np.flatnonzero(np.diff(number[order])) + 1
    places = np.split(rows.index.to_numpy()[order], cuts)
    cells: dict[tuple[str, str], dict[tuple[str, str], list[tuple[Line, tuple[int, ...]]]]] = {}
    distinct = rows[keys].drop_duplicates().astype({"start": object, "end": object})
    distinct = distinct.where(distinct.notna(), None)
    for record, behind in zip(zip(*(distinct[key].tolist() for key in keys), strict=True), places, strict=True):
        project, phase, source, standing = record[:4]
        years = record[-2:]
        reach, stated, opened = horizon.years(*years, event=phase in events, published=published.get(source))
        status, actor, origin, unnamed, scope, only, kind = record[4:-2]
        line = Line(
            status, actor, origin, unnamed, scope, only, kind, reach, stated, opened, dated=years != (None, None)
        )
        cell = cells.setdefault((project, phase), {})
        cell.setdefault((source, standing), []).append((line, tuple(behind.tolist())))
    return cells


def _comparable(rows: pd.DataFrame) -> pd.Series[bool]:
    """Return the rows of cells with two sides, or with one that could contradict itself: most cells are neither."""
    cell = [rows["project"], rows["phase"]]
    state = rows["status"].map(CLASSES).fillna("")
    several = {
        name: column.groupby(cell).transform("nunique") > 1
        for name, column in (
            ("source", rows["source"]),
            ("standing", rows["standing"]),
            ("state", state),
            ("kind", rows["kind_given"]),
        )
    }
    restricts = ((rows["status"] == "denied") | rows["only"]).groupby(cell).transform("any")
    return several["source"] | several["standing"] | several["state"] | several["kind"] | restricts


def _published(table: Table) -> dict[str, int | None]:
    """Return the year of each source, the last of a range; None where it has none, so that nothing is cut off.

    A source of 2016 that says "CEIEC from 2012" says nothing of 2018.
    """
    found: dict[str, int | None] = {}
    for key, source in table.sources.items():
        years = re.findall(r"\d{4}", str(getattr(source, "year", None) or ""))
        found[key] = int(max(years)) if years else None
    return found


def _kin(rows: pd.DataFrame, parts: Mapping[str, str]) -> dict[int, frozenset[int]]:
    """Return for each named actor those it is part of, step by step to the top, and those that are part of it."""
    named = rows.loc[~rows["unnamed"] & (rows["actor_id"] >= 0), ["actor", "actor_id"]].drop_duplicates("actor")
    numbers = dict(zip(named["actor"], named["actor_id"].astype(int), strict=True))
    found: dict[int, set[int]] = {}
    for name, number in numbers.items():
        whole, passed = name, set[str]()
        while whole in parts and whole not in passed:
            passed.add(whole)
            whole = parts[whole]
            if whole in numbers:
                found.setdefault(number, set()).add(numbers[whole])
                found.setdefault(numbers[whole], set()).add(number)
    return {number: frozenset(others) for number, others in found.items()}
