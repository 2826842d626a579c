"""Section 5: whether sources disagree on a cell."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from oracle.model import NOBODY, Holder, Row, Study, View, holder
from oracle.years import basis

VERDICTS = ("contested", "different", "sequence", "same")


class Conflict(NamedTuple):
    """One kind of conflict between two sources (or inside one), with the lines of the statements that make it."""

    kind: str  # denial | exclusive | state | dates | kind
    source_a: str
    source_b: str
    rows: tuple[int, ...]
    standing: str  # contested | within | settled | alleged


@dataclass(frozen=True)
class Side:
    """What one source says of a cell: its counted, its alleged or its deprecated lead rows."""

    source: str
    standing: str  # counted | alleged | deprecated
    rows: tuple[Row, ...]

    def of(self, *statuses: str) -> list[Row]:
        return [row for row in self.rows if row.status in statuses]


def sides(study: Study, project: str, phase: str) -> list[Side]:
    """ "Per cell, over non-alleged lead rows of all ranks but deprecated"; the others are kept apart. "Proposed
    rows do not speak", and "support rows are not compared".
    """
    grouped: dict[tuple[str, str], list[Row]] = {}
    for row in study.table:
        if (row.project, row.phase, row.role) != (project, phase, "lead") or row.status == "proposed":
            continue
        standing = "alleged" if row.confidence == "alleged" else "counted"
        standing = "deprecated" if row.rank == "deprecated" else standing
        grouped.setdefault((row.source, standing), []).append(row)
    return [Side(source, standing, tuple(rows)) for (source, standing), rows in sorted(grouped.items())]


# --- years of statements --------------------------------------------------------------------------------------------


def domain(study: Study) -> range:
    """Years enough for every open side: beyond the outermost year given, nothing changes."""
    found = [year for row in study.table for year in row.span if year is not None]
    found += [source["year"] for source in study.sources.values() if source.get("year")]
    found += [year for facts in study.projects.values() for year in _window_years(facts)]
    found = found or [2000]
    return range(min(found) - 2, max(found) + 3)


def _window_years(facts: dict[str, object]) -> list[int]:
    return [year for key in ("window_start", "window_end") if isinstance(year := facts.get(key), int)]


def reach(study: Study, row: Row) -> set[int]:
    """Years of a row where "an absent side is unbounded"; "in cells, conflicts and claims a start alone [of an
    event row] is that year". Without any year: all.
    """
    start, end = row.span
    if not study.continuing(row.phase) and start is not None and end is None:
        end = start
    return {year for year in domain(study) if (start is None or year >= start) and (end is None or year <= end)}


def counted(study: Study, row: Row) -> dict[int, str]:
    """ "A year counts for a source where a row of it states the year, or is open there and the year is not after the
    source's own." "CEIEC from 2012" in a source of 2013 counts in 2012 (stated) and 2013 (open).
    """
    published = study.sources.get(row.source, {}).get("year")
    years = {}
    for year in reach(study, row):
        grounds = basis(row.span, year)
        if grounds == "stated" or (grounds == "open" and (published is None or year <= published)):
            years[year] = grounds
    return years


def who(study: Study, row: Row) -> Holder:
    """Names, never wholes, compared without origin."""
    return holder(study, View(), row)._replace(origin="")


# --- kinds of conflict: each returns the lines that conflict --------------------------------------------------------


def denies(study: Study, denied: Row, held: Row) -> bool:
    """ "One says X holds, the other denies X (or X's origin)". "A denied unnamed group is that name only." "A
    denied ... row with a scope speaks of rows of that scope only."
    """
    if denied.scope not in {"", held.scope}:
        return False
    return who(study, denied) == who(study, held) if denied.actor else denied.origin == held.origin


def denial(study: Study, one: Side, other: Side) -> set[int]:
    lines = set()
    for speaker, hearer in ((one, other), (other, one)):
        for denied in speaker.of("denied"):
            for held in hearer.of("held"):
                if denies(study, denied, held) and reach(study, denied) & reach(study, held):
                    lines |= {denied.line, held.line}
    return lines


def kin(study: Study, one: Row, other: Row) -> bool:
    """The same actor, or "part and whole", which "never conflict nor exclude each other"."""
    if who(study, one) == who(study, other):
        return True
    named = not one.unnamed and not other.unnamed
    return named and (one.actor in study.wholes(other.actor) or other.actor in study.wholes(one.actor))


def may_be_one(study: Study, one: Row, other: Row) -> bool:
    """The same actor, part and whole, or an unnamed group and somebody whom it may contain: of its origin, or where
    an origin is unknown. "Chinese technicians" may be CEIEC's.
    """
    if kin(study, one, other):
        return True
    group = one.unnamed or other.unnamed
    return group and (one.origin == other.origin or "unknown" in {one.origin, other.origin})


def leaves_out(study: Study, exclusive: list[Row], held: Row) -> bool:
    """Whether an exclusive set excludes a holder: {CEIEC} leaves out ZTE and Local firms, not "Chinese technicians";
    {CEIEC, "Chinese firms"} leaves out Local firms, but neither ZTE (Chinese) nor a holder of unknown origin.

    "A named actor excludes every other actor; an unnamed group excludes other origins (an unknown origin is
    excluded by no group)." An unnamed group is another actor only where its origin says so.
    """
    return bool(exclusive) and not any(may_be_one(study, row, held) for row in exclusive)


def exclusive_set(study: Study, rows: list[Row] | tuple[Row, ...], year: int) -> list[Row]:
    """ "The rows of one source with `only` in one cell and year form its exclusive set"."""
    return [row for row in rows if row.only and year in reach(study, row)]


def exclusive(study: Study, one: Side, other: Side) -> set[int]:
    lines: set[int] = set()
    for speaker, hearer in ((one, other), (other, one)):
        for held in hearer.of("held"):
            # "A denied, `only` ... row with a scope speaks of rows of that scope only."
            speaking = [row for row in speaker.of("held") if row.scope in {"", held.scope}]
            for year in reach(study, held):
                members = exclusive_set(study, speaking, year)
                if leaves_out(study, members, held):
                    lines |= {held.line, *(row.line for row in members)}
    return lines


CLASS = {"held": "held", "vacant": "nobody", "negotiating": "nobody", "not_applicable": "not applicable"}


def _topics(one: Side, other: Side) -> list[str | None]:
    """The phase itself (None), and each scope of which somebody says that nobody holds it."""
    scopes = {row.scope for side in (one, other) for row in side.of(*NOBODY) if row.scope}
    return [None, *sorted(scopes)]


def _about(side: Side, topic: str | None) -> list[Row]:
    if topic is None:
        return [row for row in side.of(*CLASS) if row.status not in NOBODY or not row.scope]
    return [row for row in side.of("held", *NOBODY) if row.scope == topic]


def settled(study: Study, rows: list[Row], year: int, event: bool) -> str | None:
    """What a source's rows settle a year as, by a-d of section 2 (in an event phase undated rows too, held first)."""
    grounds: dict[str, set[str]] = {}
    for row in rows:
        found = counted(study, row).get(year)
        if event and not row.dated:
            found = "stated"
        if found:
            grounds.setdefault(CLASS[row.status], set()).add(found)
    if "stated" in grounds.get("held", set()) or (event and "held" in grounds):
        return "held"
    return next((name for name in ("nobody", "not applicable", "held") if name in grounds), None)


def state(study: Study, one: Side, other: Side) -> set[int]:
    """ "A year is settled for both, differently"; "in an event phase held against nobody or not applicable,
    undated rows included".
    """
    event = not study.continuing(one.rows[0].phase)
    lines: set[int] = set()
    for topic in _topics(one, other):
        first, second = _about(one, topic), _about(other, topic)
        for year in domain(study):
            pair = {settled(study, first, year, event), settled(study, second, year, event)}
            if None in pair or len(pair) == 1 or (event and "held" not in pair):
                continue
            lines |= {row.line for row in first + second if _speaks_of(study, row, year)}
    return lines


def _speaks_of(study: Study, row: Row, year: int) -> bool:
    return year in counted(study, row) or (not study.continuing(row.phase) and not row.dated)


def state_within(study: Study, side: Side) -> set[int]:
    """Inside one source: "more than one common year" (the doubled 2018 of Table 1 is one)."""
    lines: set[int] = set()
    for topic in _topics(side, side):
        rows = _about(side, topic)
        for one, other in combinations(rows, 2):
            if CLASS[one.status] != CLASS[other.status]:
                common = [year for year in domain(study) if all(_speaks_of(study, row, year) for row in (one, other))]
                lines |= {one.line, other.line} if len(common) > 1 else set()
    return lines


def dates(study: Study, one: Side, other: Side) -> set[int]:
    """ "Rows of one actor and scope in two sources have no year in common; event and continuing phases"."""
    lines: set[int] = set()
    for key in {(who(study, row), row.scope) for row in one.of("held")}:
        found = []
        for side in (one, other):
            rows = [row for row in side.of("held") if row.dated and (who(study, row), row.scope) == key]
            found.append((rows, {year for row in rows for year in counted(study, row)}))
        (first, years), (second, others) = found
        if first and second and not years & others:
            lines |= {row.line for row in first + second}
    return lines


def kind(study: Study, one: Side, other: Side) -> set[int]:
    """ "Both give one actor a kind, differently"."""
    return {
        line
        for first in one.rows
        for second in other.rows
        if first.actor and second.actor and who(study, first) == who(study, second)
        if first.actor_kind and second.actor_kind and first.actor_kind != second.actor_kind
        for line in (first.line, second.line)
    }


BETWEEN = {"denial": denial, "exclusive": exclusive, "state": state, "dates": dates, "kind": kind}


def conflicts(study: Study, project: str, phase: str) -> list[Conflict]:
    """Every conflict of a cell, one entry for each kind and pair of sides.

    "Contested (a conflict between two sources)"; "inside one source ... `within`"; "one whose one side is
    deprecated ... `settled`"; "one whose one side is alleged ... `alleged`".
    """
    found = []
    every = sides(study, project, phase)
    for one, other in combinations(every, 2):
        standing = _standing(one, other)
        for name, compare in BETWEEN.items():
            lines = compare(study, one, other) if standing else set()
            if lines and standing:
                found.append(Conflict(name, one.source, other.source, tuple(sorted(lines)), standing))
    for side in every:
        if side.standing == "counted":
            inside = {"denial": denial, "exclusive": exclusive, "kind": kind}
            for name, compare in inside.items():
                found += _inside(name, side, compare(study, side, side))
            found += _inside("state", side, state_within(study, side))
    return found


def _inside(name: str, side: Side, lines: set[int]) -> list[Conflict]:
    return [Conflict(name, side.source, side.source, tuple(sorted(lines)), "within")] if lines else []


def _standing(one: Side, other: Side) -> str | None:
    """Exactly one side may stand outside; two struck or alleged sides are not compared."""
    outside = [side.standing for side in (one, other) if side.standing != "counted"]
    if not outside:
        return "contested"
    if len(outside) == 2:
        return None
    return "settled" if outside[0] == "deprecated" else "alleged"


# --- the verdict of the cell ----------------------------------------------------------------------------------------


def names(study: Study, side: Side, year: int) -> frozenset[object]:
    """Whom a source names for a year: holders, or the word for nobody ("nobody counts as a holder of its years").

    A row without years speaks of every year, where no dated row of its source does (a-d before f-h).
    """
    event = not study.continuing(side.rows[0].phase)
    rows = _about(side, None)
    dated = settled(study, [row for row in rows if row.dated], year, event)
    undated = [row for row in rows if not row.dated]
    what = dated or next((name for name in ("held", "nobody", "not applicable") if _any(undated, name)), None)
    if event and _any(undated, "held"):
        what = "held"
    speaking = [row for row in rows if CLASS[row.status] == what and (not row.dated or year in counted(study, row))]
    return frozenset(who(study, row) if row.status == "held" else row.status for row in speaking)


def _any(rows: list[Row], name: str) -> bool:
    return any(CLASS[row.status] == name for row in rows)


def verdict(study: Study, project: str, phase: str) -> str:
    """Contested, different, sequence, same, single; "silent" where no source speaks."""
    speaking = [side for side in sides(study, project, phase) if side.standing == "counted"]
    if len(speaking) < 2:
        return "single" if speaking else "silent"
    if any(conflict.standing == "contested" for conflict in conflicts(study, project, phase)):
        return "contested"
    return min((_pair(study, one, other) for one, other in combinations(speaking, 2)), key=VERDICTS.index)


def _pair(study: Study, one: Side, other: Side) -> str:
    """ "Different (the sources name different holders for overlapping years, or one only denies ...); sequence
    (unlike, in years that do not overlap ...); same".
    """
    silent = [all(row.status == "denied" for row in side.rows) for side in (one, other)]
    if any(silent):
        denied = [{(who(study, row)) if row.actor else row.origin for row in side.rows} for side in (one, other)]
        return "same" if all(silent) and denied[0] == denied[1] else "different"
    named = [{year: names(study, side, year) for year in domain(study)} for side in (one, other)]
    if any(named[0][year] and named[1][year] and named[0][year] != named[1][year] for year in domain(study)):
        return "different"
    whole = [frozenset().union(*each.values()) for each in named]
    return "sequence" if whole[0] != whole[1] else "same"


def independent(study: Study, keys: set[str]) -> int:
    """ "Sources connected by derivation count as one when independent sources are counted": connected in the whole
    file, so two retellings of a third that does not speak are one.
    """
    groups = [{key} for key in study.sources] + [{key} for key in keys if key not in study.sources]
    for key, facts in study.sources.items():
        for origin in facts.get("derives_from", []):
            joined = [group for group in groups if key in group or origin in group]
            groups = [group for group in groups if group not in joined] + [set().union(*joined)]
    return sum(bool(group & keys) for group in groups)
