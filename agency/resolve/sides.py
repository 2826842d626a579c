"""What one source says of a cell, and in which ways two such sides contradict each other.

Years are bits of an integer, so that "in the same year" is ``&`` and nothing here pairs row with row: what a side says
is first united by name, scope or state, and every row of the other side is held against that union. Worked, years 2010
to 2014 as bits 0 to 4, one side with A 2010-2012 (00111) and A 2012-2013 (01100), the other with a denial of A from
2013 (11000): A in the first side is 01111, the denial meets it in 01000, 2013; of the first side only the second row
lies there.

Two notions of years, both of the row's own years only:

- *reach*: an absent side is unbounded, a row without a year speaks of all years; denials and exclusive statements;
- *counted*: the row states the year, or is open there and the year is not after the source's own; states, dates,
  different names. "CEIEC from 2012" in a source of 2016 counts from 2012 to 2016.

In an event phase a start alone is that year, in both.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from agency.resolve.years import GAP

Key = TypeVar("Key", bound=Hashable)
States = Mapping[str, int]
"""Years by class: held, nobody, not applicable."""
Found = tuple[set[int], set[int]]
"""Which lines of the one side and of the other make a conflict."""

CLASSES = {"held": "held", **dict.fromkeys(GAP, "nobody"), "not_applicable": "not applicable"}
"""What a status says of the state of a year; a denial says nothing of it."""


@dataclass(frozen=True, order=True)
class Line:
    """What a row says, without where it stands; equal rows of a side are one line."""

    status: str
    actor: int
    """Identity of the actor (`Table.rows`), -1 without one."""
    origin: str
    unnamed: bool
    scope: str
    only: bool
    kind: str
    """Kind of the actor as the row gives it, "" where it does not."""
    reach: int
    stated: int
    open: int
    """Years on the open side, up to the year of the source."""
    dated: bool

    @property
    def counted(self) -> int:
        """Years for which the row counts."""
        return self.stated | self.open

    @property
    def names(self) -> tuple[tuple[str, Hashable], tuple[str, Hashable]]:
        """How a denial may name the holder: as the actor, or by its origin."""
        return ("actor", self.actor), ("origin", self.origin)


@dataclass(frozen=True)
class Horizon:
    """The years there are, as bits; beyond the outermost year given nothing changes."""

    first: int
    last: int

    @property
    def all(self) -> int:
        """Every year."""
        return self.span(None, None)

    def span(self, start: int | None, end: int | None) -> int:
        """Return the years from start to end; an absent side is unbounded.

        Examples
        --------
        >>> bin(Horizon(2010, 2014).span(2012, None))
        '0b11100'
        """
        low = self.first if start is None else max(start, self.first)
        high = self.last if end is None else min(end, self.last)
        return ((1 << (high - low + 1)) - 1) << (low - self.first) if low <= high else 0

    def years(self, start: int | None, end: int | None, *, event: bool, published: int | None) -> tuple[int, int, int]:
        """Return reach, stated and open years of a row.

        Worked, a continuing phase and a source of 2012: from 2011 reaches 2011 and all later years, states 2011, is
        open in 2012; until 2014 reaches all years to 2014, states 2014, is open in those before it up to 2012.
        """
        if event and start is not None and end is None:
            end = start
        reach = self.span(start, end)
        if start is None and end is None:
            return reach, 0, 0
        given = (start or 0, end or 0) if start is not None and end is not None else (start or end or 0,) * 2
        stated = self.span(*given)
        return reach, stated, reach & ~stated & self.span(None, published)


@dataclass(frozen=True, eq=False)
class Side:
    """The lines of one source in one cell.

    Attributes
    ----------
    lines
        In a fixed order, so that two sides that say the same have equal lines.
    event
        Whether the phase has no years.
    kin
        By actor, the actors it is part of or that are part of it; part and whole never exclude each other.
    every
        All years.
    """

    lines: tuple[Line, ...]
    event: bool
    kin: Mapping[int, frozenset[int]]
    every: int

    @cached_property
    def held(self) -> list[tuple[int, Line]]:
        """The lines that name a holder, with their positions."""
        return [(at, line) for at, line in enumerate(self.lines) if line.status == "held"]

    @cached_property
    def denied(self) -> list[tuple[int, Line]]:
        """The denials, with their positions."""
        return [(at, line) for at, line in enumerate(self.lines) if line.status == "denied"]

    @property
    def only_denies(self) -> bool:
        """Whether the side says nothing but who does not hold."""
        return len(self.denied) == len(self.lines)

    @cached_property
    def restricts(self) -> bool:
        """Whether the side says that somebody does not hold: only then can it contradict others on who holds."""
        return any(line.status != "held" or line.only for line in self.lines)

    @cached_property
    def meets(self) -> frozenset[Hashable]:
        """What must be shared with another side for a conflict of dates, or of kinds."""
        dated = {("dates", line.actor, line.scope) for _, line in self.held if line.dated}
        return frozenset(dated | {("kind", line.actor, "") for line in self.lines if line.actor >= 0 and line.kind})

    # Denials

    @cached_property
    def holders_reach(self) -> Mapping[Hashable, int]:
        """Years in which each actor and each origin is said to hold: as a whole, and by scope."""
        return _united(
            (key, line.reach) for _, line in self.held for name in line.names for key in (name, (name, line.scope))
        )

    @cached_property
    def denials_reach(self) -> Mapping[Hashable, int]:
        """Years in which each actor, or origin, is denied in each scope."""
        return _united(((line.names[line.actor < 0], line.scope), line.reach) for _, line in self.denied)

    # Exclusive statements

    @cached_property
    def only_reach(self) -> Mapping[str, int]:
        """Years of the exclusive set by scope."""
        return _united((line.scope, line.reach) for _, line in self.held if line.only)

    @cached_property
    def spared(self) -> Mapping[tuple[Hashable, str], int]:
        """Years in which a member of the exclusive set does not leave out an actor, an origin, or "unknown".

        An actor spares itself, its parts and its wholes. An unnamed group may be, or contain, any actor of its origin,
        and any of unknown origin, so neither leaves out the other: "CEIEC alone" and "Chinese technicians" go together,
        "CEIEC alone" and "ZTE" or "local technicians" do not.
        """
        found: dict[tuple[Hashable, str], int] = {}
        for _, line in self.held:
            if not line.only:
                continue
            keys: list[Hashable] = [("actor", who) for who in (line.actor, *self.kin.get(line.actor, ()))]
            kinds = ("group", "named") if line.unnamed else ("group",)
            keys += [(kind, origin) for kind in kinds for origin in (line.origin, "unknown")]
            if line.origin == "unknown":
                keys += kinds
            for key in keys:
                found[key, line.scope] = found.get((key, line.scope), 0) | line.reach
        return found

    def leaves_out(self, holder: Line) -> int:
        """Return the years in which the exclusive set leaves out what another line says.

        An `only` of a scope speaks of that scope only; one of the whole phase of every scope. {CEIEC} leaves out
        everybody else; {CEIEC, "Chinese firms"} leaves out Local firms, but neither ZTE nor whoever is of unknown
        origin.
        """
        scopes = {"", holder.scope}
        years = spared = 0
        for scope in scopes:
            years |= self.only_reach.get(scope, 0)
            kind = "group" if holder.unnamed else "named"
            for key in (("actor", holder.actor), (kind, holder.origin), kind):
                spared |= self.spared.get((key, scope), 0)
        return years & ~spared & holder.reach

    # States

    @cached_property
    def topics(self) -> set[str | None]:
        """The phase (None), and the scopes of which the side says that nobody holds them."""
        return {None, *(line.scope for line in self.lines if line.status in GAP and line.scope)}

    @cached_property
    def _by_topic(self) -> Mapping[str | None, list[tuple[int, Line]]]:
        """The lines that speak of the state of the phase, and of each scope.

        A gap of a scope is none of the phase; not applicable always speaks of the phase.
        """
        found: dict[str | None, list[tuple[int, Line]]] = {}
        for at, line in enumerate(self.lines):
            if line.status not in CLASSES:
                continue
            if line.status not in GAP or not line.scope:
                found.setdefault(None, []).append((at, line))
            if line.scope and line.status != "not_applicable":
                found.setdefault(line.scope, []).append((at, line))
        return found

    def about(self, topic: str | None) -> list[tuple[int, Line]]:
        """Return the lines about the phase, or about one scope."""
        return self._by_topic.get(topic, [])

    def speaks(self, line: Line) -> int:
        """Return the years of whose state a line speaks: in an event phase one without a year speaks of all."""
        return self.every if self.event and not line.dated else line.counted

    def states(self, lines: Iterable[Line]) -> States:
        """Return the years settled as held, nobody and not applicable: the first of these that applies to a year.

        Held where a row states it, nobody, not applicable, held where a row is open (a to d of the rule of years);
        in an event phase whoever is held at all goes first.
        """
        lines = list(lines)
        years = _united((CLASSES[line.status], self.speaks(line)) for line in lines)
        stated = _united((CLASSES[line.status], line.stated) for line in lines)
        first = years.get("held", 0) if self.event else stated.get("held", 0)
        nobody = years.get("nobody", 0) & ~first
        without = years.get("not applicable", 0) & ~first & ~nobody
        held = first | (years.get("held", 0) & ~nobody & ~without)
        return {"held": held, "nobody": nobody, "not applicable": without}

    # Whom it names

    @cached_property
    def named(self) -> Mapping[Hashable, int]:
        """Years by name: a holder, or the word for nobody; a row without years speaks where no dated one does."""
        lines = [line for _, line in self.about(None)]
        settled = dict(self.states(line for line in lines if line.dated))
        rest = self.every & ~(settled["held"] | settled["nobody"] | settled["not applicable"])
        undated = {CLASSES[line.status] for line in lines if not line.dated}
        if self.event and "held" in undated:
            settled = {"held": self.every, "nobody": 0, "not applicable": 0}
        else:
            first = next((name for name in settled if name in undated), None)
            settled = {name: years | (rest if name == first else 0) for name, years in settled.items()}
        found: dict[Hashable, int] = {}
        for line in lines:
            years = settled[CLASSES[line.status]] & (line.counted if line.dated else self.every)
            name = line.actor if line.status == "held" else line.status
            if years:
                found[name] = found.get(name, 0) | years
        return found


def _united(pairs: Iterable[tuple[Key, int]]) -> dict[Key, int]:
    """Return the union of the years of each key."""
    found: dict[Key, int] = {}
    for key, years in pairs:
        found[key] = found.get(key, 0) | years
    return found


# --- Kinds of conflict: which lines of both sides make it ------------------------------------------------------------


def _both_ways(directed: Callable[[Side, Side], Found]) -> Callable[[Side, Side], Found]:
    """Return the comparison in which each side is once the one that speaks and once the one that is spoken against."""

    def compare(one: Side, other: Side) -> Found:
        speaking, heard = directed(one, other)
        listening, answering = directed(other, one)
        return speaking | answering, heard | listening

    return compare


def _denial(speaker: Side, hearer: Side) -> Found:
    """Return where one says X holds, the other denies X, or X's origin; a denied group is that name only.

    A denial without scope meets every scope, one with a scope its own.
    """
    if not speaker.denied or not hearer.held:
        return set(), set()
    said, denied = hearer.holders_reach, speaker.denials_reach
    speaking = set[int]()
    for at, line in speaker.denied:
        name = line.names[line.actor < 0]
        if line.reach & said.get((name, line.scope) if line.scope else name, 0):
            speaking.add(at)
    heard = {
        at
        for at, line in hearer.held
        if any(line.reach & denied.get((name, scope), 0) for name in line.names for scope in ("", line.scope))
    }
    return speaking, heard


def _exclusive(speaker: Side, hearer: Side) -> Found:
    """Return where the exclusive set of one, year by year, leaves out a holder that the other names."""
    heard, years = set[int](), dict[str, int]()
    if not speaker.only_reach:
        return set(), heard
    for at, line in hearer.held:
        found = speaker.leaves_out(line)
        if found:
            heard.add(at)
            for scope in {"", line.scope}:
                years[scope] = years.get(scope, 0) | found
    return {at for at, line in speaker.held if line.only and line.reach & years.get(line.scope, 0)}, heard


def _state(one: Side, other: Side) -> Found:
    """Return where a year is settled for both, differently; in an event phase only if one of them says held."""
    found: Found = (set(), set())
    for topic in one.topics | other.topics:
        lines = one.about(topic), other.about(topic)
        if not all(lines):
            continue
        first, second = one.states(line for _, line in lines[0]), other.states(line for _, line in lines[1])
        years = 0
        for name, settled in first.items():
            against = [second[different] for different in second if different != name]
            if one.event and name != "held":
                against = [second["held"]]
            years |= settled & (against[0] | against[-1])
        for hits, side, about in zip(found, (one, other), lines, strict=True):
            hits |= {at for at, line in about if side.speaks(line) & years}
    return found


def state_within(side: Side) -> set[int]:
    """Return the lines of one source whose states differ in more than one common year.

    A change of hands told as "until 2018" and "from 2018" has one common year and is none. Rows are not paired: of
    each year the years are kept that stand beside it in a row of another class, and a row conflicts where it has such
    a year and another of its own beside it. Worked: held 2012-2015 (1111) and nobody from 2014 (1100 within 2015);
    beside 2014 nobody also has 2015, and held has both.
    """
    found = set()
    for topic in side.topics:
        classes: dict[str, set[int]] = {}
        for _, line in side.about(topic):
            classes.setdefault(CLASSES[line.status], set()).add(side.speaks(line))
        if len(classes) < 2:
            continue
        beside = {
            name: _beside(years for other, masks in classes.items() if other != name for years in masks)
            for name in classes
        }
        for at, line in side.about(topic):
            others, years = beside[CLASSES[line.status]], side.speaks(line)
            if any(others.get(bit, 0) & years & ~bit for bit in _bits(years)):
                found.add(at)
    return found


def _beside(masks: Iterable[int]) -> dict[int, int]:
    """Return for each year, as a bit, all years that stand in one of the masks with it."""
    found: dict[int, int] = {}
    for years in masks:
        for bit in _bits(years):
            found[bit] = found.get(bit, 0) | years
    return found


def _bits(years: int) -> list[int]:
    return [1 << at for at in range(years.bit_length()) if years >> at & 1]


def _dates(one: Side, other: Side) -> Found:
    """Return where rows of one actor and scope in two sources have no year in common."""
    if one is other:
        return set(), set()
    found: Found = (set(), set())
    dated = [[(at, line) for at, line in side.held if line.dated] for side in (one, other)]
    first, second = (_united(((line.actor, line.scope), line.counted) for _, line in lines) for lines in dated)
    apart = {key for key in first.keys() & second.keys() if not first[key] & second[key]}
    for hits, lines in zip(found, dated, strict=True):
        hits |= {at for at, line in lines if (line.actor, line.scope) in apart}
    return found


def _kind(one: Side, other: Side) -> Found:
    """Return where both give one actor a kind, differently."""
    found: Found = (set(), set())
    given = [
        [(at, line) for at, line in enumerate(side.lines) if line.actor >= 0 and line.kind] for side in (one, other)
    ]
    kinds: list[dict[int, set[str]]] = [{}, {}]
    for known, lines in zip(kinds, given, strict=True):
        for _, line in lines:
            known.setdefault(line.actor, set()).add(line.kind)
    for hits, lines, known in zip(found, given, reversed(kinds), strict=True):
        hits |= {at for at, line in lines if known.get(line.actor, set()) - {line.kind}}
    return found


KINDS: Mapping[str, Callable[[Side, Side], Found]] = {
    "denial": _both_ways(_denial),
    "exclusive": _both_ways(_exclusive),
    "state": _state,
    "dates": _dates,
    "kind": _kind,
}
"""Kinds of conflict between two sides, in the order they are listed."""


def between(one: Side, other: Side) -> dict[str, Found]:
    """Return the lines of both sides that conflict, by kind; kinds without any are left out."""
    found = {kind: compare(one, other) for kind, compare in KINDS.items()}
    return {kind: hits for kind, hits in found.items() if hits[0]}


def within(side: Side) -> dict[str, set[int]]:
    """Return the lines of one source that conflict among themselves, by kind."""
    found = {kind: set.union(*KINDS[kind](side, side)) for kind in ("denial", "exclusive", "kind")}
    found["state"] = state_within(side)
    return {kind: found[kind] for kind in KINDS if found.get(kind)}


def verdict(sides: Sequence[Side]) -> str:
    """Return how sides without a conflict compare, over all pairs: different, sequence or same.

    Different: two name different holders in a year for which both name somebody (nobody counts as a name), or one only
    denies. Sequence: they name others, but of other years. Each side is held against the first that speaks of a year:
    if two others differed there, one of them would differ from that one.
    """
    denials = [{line.names[line.actor < 0] for _, line in side.denied} for side in sides if side.only_denies]
    speaking = [side.named for side in sides if not side.only_denies]
    if denials and (speaking or any(denied != denials[0] for denied in denials)):
        return "different"
    known: dict[Hashable, int] = {}
    covered = 0
    for named in speaking:
        years = _all(named)
        for name in known.keys() | named.keys():
            if (known.get(name, 0) & years) != (named.get(name, 0) & covered):
                return "different"
        known |= {name: known.get(name, 0) | mask & ~covered for name, mask in named.items()}
        covered |= years
    return "sequence" if any(named.keys() != speaking[0].keys() for named in speaking) else "same"


def _all(years: Mapping[Hashable, int]) -> int:
    found = 0
    for mask in years.values():
        found |= mask
    return found
