"""Which statements speak for a condition and which against it: one function per condition, on whole arrays.

A `Pool` holds the statements of many questions side by side; a question is one phase of one project, asked of all
sources or of some. Worked, each one question with the rows of sources a and b, no years asked about:

=============================  ==================================  ===========================================
condition                      rows                                for and against
=============================  ==================================  ===========================================
include CEIEC                  a: CEIEC 2012-14; b: ZTE            for: a (b is silent on CEIEC)
include CEIEC                  a: CEIEC 2012-14; b: ZTE alone      for: a; against: b (undated, covers 2012-14)
include CEIEC                  a: CEIEC 2012-14; b: nobody 2014    for: a (b does not cover 2012 and 2013)
exclude CEIEC                  b: ZTE                              for: b, open
only CEIEC                     a: CEIEC                            for: a, open: no source names another
only CEIEC                     a: CEIEC alone; b: ZTE              for: a; against: b
status vacant, maintenance     a: nobody 2014; b: CEIEC 2012-13    for: a
at most 1 actor                a: CEIEC; b: ZTE                    against: both
=============================  ==================================  ===========================================
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from agency.resolve import GAP, Flags, Ints

if TYPE_CHECKING:
    from agency.claims.claim import Condition
    from agency.claims.ground import Ground

COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
}
_DECIDING = ("held", *GAP, "not_applicable")


@dataclass(frozen=True, eq=False)
class Pool:
    """Statements, each put to one question.

    Attributes
    ----------
    ground
        All statements.
    row
        Positions in `ground` of the statements here; one may be put to several questions.
    question
        Number of the question of each, from 0 to `size` - 1.
    years
        (statements, years): of which years, of those asked about, each speaks.
    target
        The years asked about; None where none are.
    """

    ground: Ground
    row: Ints
    question: Ints
    size: int
    years: Flags
    target: Flags | None

    def part(self, chosen: Flags) -> Pool:
        """Return some of the statements, with the same questions."""
        return Pool(self.ground, self.row[chosen], self.question[chosen], self.size, self.years[chosen], self.target)

    def column(self, name: str) -> NDArray[Any]:
        """Return a column of the table."""
        return self.ground.rows[name].to_numpy(dtype=object)[self.row]

    @cached_property
    def status(self) -> NDArray[Any]:
        """Status of each statement."""
        return self.column("status")

    @cached_property
    def lead(self) -> Flags:
        """Whether the role is lead."""
        found: Flags = self.column("role") == "lead"
        return found

    @cached_property
    def unscoped(self) -> Flags:
        """Whether a statement speaks of the whole phase."""
        found: Flags = self.column("scope") == ""
        return found

    @cached_property
    def origin(self) -> NDArray[Any]:
        """Origin of each holder."""
        return self.column("origin")

    @cached_property
    def named(self) -> Flags:
        """Whether a statement names an actor by name."""
        found: Flags = (self.actor != "") & ~self.column("unnamed").astype(bool)
        return found

    @cached_property
    def actor(self) -> NDArray[Any]:
        """Name of each actor."""
        return self.ground.actors.to_numpy(dtype=object)[self.row]

    @cached_property
    def who(self) -> Ints:
        """Identity of each holder."""
        return self.ground.who[self.row]

    @cached_property
    def event(self) -> Flags:
        """Whether the phase is an event."""
        return self.ground.event[self.row]

    @cached_property
    def held(self) -> Flags:
        """Lead rows that say somebody holds."""
        found: Flags = (self.status == "held") & self.lead
        return found

    @cached_property
    def nobody(self) -> Flags:
        """Rows that say that nobody holds the phase as a whole."""
        found: Flags = np.isin(self.status, GAP) & self.lead & self.unscoped
        return found

    @cached_property
    def denied(self) -> Flags:
        """Rows that deny somebody the phase as a whole."""
        found: Flags = (self.status == "denied") & self.lead & self.unscoped
        return found

    @cached_property
    def exclusive(self) -> Flags:
        """Rows that say that nobody else holds the phase as a whole."""
        found: Flags = self.held & self.unscoped & self.column("only").astype(bool)
        return found

    @cached_property
    def speaker(self) -> Ints:
        """Number of the question and source of each statement: what one source says to one question."""
        pairs = self.question * (len(self.ground.sources) + 1) + self.ground.source[self.row]
        found: Ints = np.unique(pairs, return_inverse=True)[1].astype(np.int64)
        return found

    def any(self, which: Flags) -> Flags:
        """Return for each question whether it has one of these statements."""
        found: Flags = np.bincount(self.question[which], minlength=self.size) > 0
        return found

    def of_speakers(self, which: Flags, years: Flags | None = None) -> Flags:
        """Return (speakers, years): of which years these statements speak, joined by who says them to what."""
        spoken = self.years if years is None else years
        found = np.zeros((int(self.speaker.max(initial=-1)) + 1, spoken.shape[1]), dtype=bool)
        np.logical_or.at(found, self.speaker[which], spoken[which])
        return found

    def of_questions(self, which: Flags) -> Flags:
        """Return (questions, years): of which years these statements speak."""
        found = np.zeros((self.size, self.years.shape[1]), dtype=bool)
        np.logical_or.at(found, self.question[which], self.years[which])
        return found

    def covering(self, pro: Flags, contra: Flags, *, stating: Flags | None = None) -> Flags:
        """Return which of the statements against speak: those that, with the others of their source, cover enough.

        Enough is every year asked about, or every year of the rows that speak for. Worked, for: CEIEC 2012-14. A
        denial of 2013 does not speak; one of 2012 and one of 2013-14 of the same source do. Where no row speaks for,
        and no year is asked about, a dated denial is silent and everything else speaks.

        Two things as where sources are compared: in a continuing phase "nobody" without a year covers no year of the
        rows for (undated is not always), nor does any other row of `stating`; and "nobody" does not cover a year that
        the same source states as held ("until 2018" and "from 2018 negotiating": 2018 is held).
        """
        years = self.years & ~(self.nobody[:, None] & self._held_by_speaker[self.speaker])
        if self.target is None:
            wanted = self.of_questions(pro)
            dated = self.ground.dated[self.row]
            contra = contra & (self.any(pro)[self.question] | ~((self.status == "denied") & dated))
            must_state = self.nobody if stating is None else self.nobody | stating
            years = years & (self.event | dated | ~must_state)[:, None]
        else:
            wanted = np.broadcast_to(self.target, (self.size, len(self.target)))
        covered = self.of_speakers(contra, years)[self.speaker]
        found: Flags = contra & ~(wanted[self.question] & ~covered).any(axis=1)
        return found

    @cached_property
    def _held_by_speaker(self) -> Flags:
        """(speakers, years): years that a source itself states as held."""
        return self.of_speakers(self.held, self.ground.stated[self.row])

    def in_exclusive_sets(self, admitting: Flags, *, within: bool) -> Flags:
        """Return which exclusive rows are in a set, of their source and a year, of a certain kind.

        ``within``: every member of the set admits. Otherwise: none does.
        """
        has, against = self.of_speakers(self.exclusive), self.of_speakers(self.exclusive & (admitting ^ within))
        sound = has & ~against
        found: Flags = self.exclusive & (self.years & sound[self.speaker]).any(axis=1)
        return found


@dataclass(frozen=True, eq=False)
class Speech:
    """Which statements of a pool speak for, and which against; `open` by question: only silence decides."""

    pro: Flags
    contra: Flags
    open: Flags


def speech_of(pool: Pool, condition: Condition) -> Speech:
    """Return what statements say of a condition in one phase (not ``same_actor``, which has two)."""
    asks = {"include": _include, "exclude": _exclude, "only": _only}
    if condition.test == "holders":
        return asks[condition.holders](pool, Asked(pool, condition))
    return _status(pool, condition) if condition.test == "status" else _n_holders(pool, condition)


# Who is asked about.


@dataclass(frozen=True, eq=False)
class Asked:
    """The X of a condition on holders: origins, actors or kinds, against the holders of a pool."""

    pool: Pool
    condition: Condition

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Origins or kinds, or actors as the view names them."""
        names = self.condition.among
        wholes = self.pool.ground.resolved.table.wholes if self.pool.ground.whole else {}
        return tuple(wholes.get(name, name) for name in names) if self.condition.by == "actor" else names

    @cached_property
    def origins(self) -> tuple[str, ...]:
        """Origins of the actors asked about."""
        return tuple(self.pool.ground.origins.get(name, "unknown") for name in self.names)

    @cached_property
    def telling(self) -> Flags:
        """Whether it can be told if the holder is one of X.

        Not with unknown origin, nor without kind; nor of an unnamed group, which may be, or contain, an actor of its
        origin: "Chinese firms" may be CEIEC, "local firms" are not.
        """
        if self.condition.by == "actor":
            group = np.isin(self.pool.origin, [*self.origins, "unknown"]) | ("unknown" in self.origins)
            told: Flags = self.pool.named | ~group
            return told
        column = self.pool.origin if self.condition.by == "origin" else self.pool.column("actor_kind")
        found: Flags = ~np.isin(column, ("", "unknown"))
        return found

    @cached_property
    def is_x(self) -> Flags:
        """Whether the holder is known to be one of X."""
        by = self.condition.by
        column = {"actor": self.pool.actor, "origin": self.pool.origin}.get(by)
        found = np.isin(self.pool.column("actor_kind") if column is None else column, self.names)
        return (found & self.pool.named) if by == "actor" else found & self.telling

    @cached_property
    def is_other(self) -> Flags:
        """Whether the holder is known to be none of X; part and whole exclude each other nowhere."""
        found: Flags = self.telling & ~self.is_x & ~self._is_relative
        return found

    @cached_property
    def _is_relative(self) -> Flags:
        if self.condition.by != "actor":
            return np.zeros(len(self.pool.row), dtype=bool)
        found: Flags = self.pool.named & np.isin(self.pool.actor, list(self.pool.ground.relatives(self.names)))
        return found

    @cached_property
    def leaves_room(self) -> Flags:
        """Whether an exclusive set with this member leaves room for one of X.

        "Chinese firms alone" leave room for ZTE and for a firm of unknown origin, not for local firms; of no kind can
        an unnamed group be told to leave it out.
        """
        room: Flags = self.is_x | ~self.telling | self._is_relative
        return room | ~self.pool.named if self.condition.by == "kind" else room

    @cached_property
    def denials(self) -> Flags:
        """Denials that cover X: with the others of its source, each actor or origin of X."""
        pool = self.pool
        if self.condition.by == "kind":
            return np.zeros(len(pool.row), dtype=bool)
        nameless = pool.actor == ""
        covers_all = np.ones(int(pool.speaker.max(initial=-1)) + 1, dtype=bool)
        hits = np.zeros(len(pool.row), dtype=bool)
        for name, origin in zip(self.names, self.origins, strict=True):
            wanted = name if self.condition.by == "origin" else origin
            hit = pool.denied & nameless & (pool.origin == wanted)
            if self.condition.by == "actor":
                hit |= pool.denied & pool.named & (pool.actor == name)
            hits |= hit
            covers_all &= np.bincount(pool.speaker[hit], minlength=len(covers_all)) > 0
        found: Flags = hits & covers_all[pool.speaker]
        return found


# Conditions.


def _include(pool: Pool, asked: Asked) -> Speech:
    held = pool.held if asked.condition.role == "lead" else pool.status == "held"
    pro = held & asked.is_x
    contra = asked.denials | pool.nobody | pool.in_exclusive_sets(asked.leaves_room, within=False)
    return Speech(pro, pool.covering(pro, contra), np.zeros(pool.size, dtype=bool))


def _exclude(pool: Pool, asked: Asked) -> Speech:
    mirror = _include(pool, asked)
    silent = ~pool.any(mirror.pro | mirror.contra)
    only_others = silent & pool.any(pool.held) & ~pool.any(pool.held & ~asked.is_other)
    others = pool.held & only_others[pool.question]
    return Speech(mirror.contra | others, mirror.pro, only_others)


def _only(pool: Pool, asked: Asked) -> Speech:
    pro = pool.in_exclusive_sets(asked.is_x, within=True)
    others = pool.held & asked.is_other
    gap = pool.nobody & (pool.event | (pool.target is not None))
    contra = pool.covering(pro, others | asked.denials | gap)
    # A holder of whom it cannot be told who he is may be another.
    silent = ~pool.any(pro | contra | others | (pool.held & ~asked.telling))
    x = pool.held & asked.is_x & silent[pool.question]
    return Speech(pro | x, contra, pool.any(x))


def _status(pool: Pool, condition: Condition) -> Speech:
    scoped = ~pool.unscoped & np.isin(pool.status, (*GAP, "denied"))
    wanted = np.isin(pool.status, condition.among)
    pro = pool.lead & wanted & ~scoped
    others = pool.lead & np.isin(pool.status, _DECIDING) & ~wanted & ~scoped
    comparable = np.full(pool.size, pool.target is not None) | pool.any(pro)
    covering = pool.covering(pro, others, stating=others) & comparable[pool.question]
    return Speech(pro, np.where(pool.event, others, covering), np.zeros(pool.size, dtype=bool))


def _n_holders(pool: Pool, condition: Condition) -> Speech:
    number = _distinct(pool, condition.counted)
    passes: Flags = COMPARE[condition.op](number, condition.value)
    pro, contra = pool.held & passes[pool.question], pool.held & ~passes[pool.question]
    # What is counted is the least there can be: a group is one at least, and a source may be silent on others.
    most = condition.value if isinstance(condition.value, int) else 0
    too_many = (condition.op in ("<", "<=")) | ((condition.op == "==") & (number > most))
    exact = np.where(passes, condition.op in (">", ">="), too_many)
    return Speech(pro, contra, ~exact)


def _distinct(pool: Pool, counted: str) -> Ints:
    """Return how many different actors, or known origins, hold in each question; one of unknown origin is one."""
    if counted == "actors":
        identity, kept = pool.who, pool.held
    else:
        identity, kept = pd.factorize(pool.origin)[0].astype(np.int64), pool.held & (pool.origin != "unknown")
    pairs = np.unique(np.stack([pool.question[kept], identity[kept]]), axis=1)[0]
    found = np.bincount(pairs, minlength=pool.size)
    return np.maximum(found, pool.any(pool.held)).astype(np.int64)


def speech_on_same_actor(first: Pool, second: Pool) -> tuple[Speech, Speech]:
    """Return what the statements of two phases say of an actor in common, for each of the two.

    Parameters
    ----------
    first, second
        The statements of the two phases, put to the same questions.
    """
    pools = (first, second)
    most = int(max(first.who.max(initial=0), second.who.max(initial=0))) + 2
    keys = [pool.question * most + pool.who for pool in pools]
    both = np.intersect1d(keys[0][first.held], keys[1][second.held])
    common = [pool.held & np.isin(key, both) for pool, key in zip(pools, keys, strict=True)]
    contra = [_apart(first, second, common[0]), _apart(second, first, common[1])]
    for side, (pool, shared) in enumerate(zip(pools, common, strict=True)):
        contra[side] = contra[side] | _all_denied(pool, shared)
    speaks = first.any(common[0]) | first.any(contra[0]) | second.any(contra[1])
    related = np.zeros(first.size, dtype=bool)
    pairs = _pairs(first, first.held, second, second.held)
    related[pairs["question"][_may_be_one(first, second, pairs)]] = True
    differ = ~speaks & first.any(first.held) & second.any(second.held) & ~related
    return (
        Speech(common[0], contra[0] | (first.held & differ[first.question]), differ),
        Speech(common[1], contra[1] | (second.held & differ[second.question]), differ),
    )


def _apart(here: Pool, there: Pool, shared: Flags) -> Flags:
    """Return the exclusive rows of one phase whose set shares nobody with the holders of the other."""
    pairs = _pairs(here, here.exclusive, there, there.held)
    room = np.zeros(len(here.row), dtype=bool)
    room[pairs["here"].to_numpy()[_may_be_one(here, there, pairs)]] = True
    apart = here.in_exclusive_sets(room, within=False) & there.any(there.held)[here.question]
    return here.covering(shared, apart)


def _all_denied(pool: Pool, shared: Flags) -> Flags:
    """Return the denials of one phase that deny every common actor, each for all years of its rows."""
    pairs = _pairs(pool, pool.denied, pool, shared)
    denial, row = pairs["here"].to_numpy(), pairs["there"].to_numpy()
    nameless = pool.actor[denial] == ""
    hit = np.where(nameless, pool.origin[denial] == pool.origin[row], pool.who[denial] == pool.who[row])
    denials = np.zeros(len(pool.row), dtype=bool)
    denials[denial[hit]] = True
    speaking = pool.covering(shared, denials)
    gone = np.zeros(len(pool.row), dtype=bool)
    gone[row[hit & speaking[denial]]] = True
    # An actor is denied where one of its rows is.
    who = pool.question * (int(pool.who.max(initial=0)) + 2) + pool.who
    kept = shared & ~np.isin(who, who[gone])
    found: Flags = speaking & (pool.any(shared) & ~pool.any(kept))[pool.question]
    return found


def _pairs(here: Pool, mine: Flags, there: Pool, theirs: Flags) -> pd.DataFrame:
    """Return every pair of a statement here and one there that are put to one question: question, here, there."""
    one = pd.DataFrame({"question": here.question[mine], "here": np.flatnonzero(mine)})
    two = pd.DataFrame({"question": there.question[theirs], "there": np.flatnonzero(theirs)})
    return one.merge(two, on="question")


def _may_be_one(here: Pool, there: Pool, pairs: pd.DataFrame) -> Flags:
    """Return which pairs are the same actor, part and whole, or a group that may be or contain the other."""
    mine, other = pairs["here"].to_numpy(), pairs["there"].to_numpy()
    names = pd.MultiIndex.from_arrays([here.actor[mine], there.actor[other]])
    related = here.named[mine] & there.named[other] & names.isin(here.ground.lineage)
    one, two = here.origin[mine], there.origin[other]
    group = ~(here.named[mine] & there.named[other]) & ((one == two) | (one == "unknown") | (two == "unknown"))
    found: Flags = (here.who[mine] == there.who[other]) | related | group
    return found
