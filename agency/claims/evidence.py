"""What the statements say of each case of a claim: by all sources, without the claim's own, and by each alone.

A *reading* is a choice of sources: 0 is all of them, 1 is all but the claim's own and what retells it, 2 + i is source
i alone. Every statement is put to the question of its reading, project and phase, in one of four pools that are asked
one after the other: dated, undated, alleged and dated, alleged and undated (without years in scope there are no
undated ones). All readings and cases go through one pass over arrays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from agency.claims.claim import Claim, Condition
from agency.claims.ground import Ground
from agency.claims.speech import Asked, Pool, Speech, speech_of, speech_on_same_actor
from agency.resolve import Flags, Ints, positions
from agency.words import marked

CASE_VERDICTS = (
    marked("contradicted"),
    marked("disputed"),
    marked("silent"),
    marked("undated"),
    marked("alleged"),
    marked("supported"),
)
"""From the one that decides a case of several phases to the one that every phase must have."""
KNOWN = ("supported", "contradicted", "disputed")
_CONTRADICTED, _DISPUTED, _SILENT, _UNDATED, _ALLEGED, _SUPPORTED = range(6)
_POOLS = 4
EVERYBODY, OTHERS, ALONE = 0, 1, 2
"""Readings: all sources, all but the claim's own, and from here on each source alone."""


@dataclass(frozen=True)
class Case:
    """What the statements say of one case."""

    project: str
    verdict: str
    """One of `CASE_VERDICTS`."""
    open: bool = False
    """Only silence stands between it and the other side: no source names another."""
    pro: tuple[int, ...] = ()
    """Positions in the table of the statements for."""
    contra: tuple[int, ...] = ()
    """And of those against."""
    turned_by: tuple[str, ...] = ()
    """Of a number that depends: the variants that turn it."""

    @property
    def is_known(self) -> bool:
        """Whether statements decide it, one way, the other or both."""
        return self.verdict in KNOWN


@dataclass(frozen=True, eq=False)
class _Said:
    """What the statements come to, case by case."""

    by_case: Mapping[tuple[int, int], tuple[int, bool]]
    """Verdict and open by reading and project."""
    of_question: Ints
    """The verdict of the case of each question."""


@dataclass(frozen=True, eq=False)
class Heard:
    """Statements put to questions, with the answer to each question.

    Attributes
    ----------
    row
        Positions in the ground of the statements, once for each reading they belong to.
    question
        Number of the question of each.
    questions
        By number: reading, project (position), phase, verdict (number in `CASE_VERDICTS`), open.
    pro, contra
        Which statements speak for and against in their question.
    """

    row: Ints
    question: Ints
    questions: pd.DataFrame
    pro: Flags
    contra: Flags

    @cached_property
    def cases(self) -> _Said:
        """Verdict and open by reading and project, over the phases asked about (phases without statements: silent)."""
        reading, project, verdict, is_open = (
            self.questions[name].to_numpy() for name in ("reading", "project", "verdict", "open")
        )
        width = int(project.max(initial=0)) + 1
        keys, case = np.unique(reading * width + project, return_inverse=True)
        found = np.full(len(keys), len(CASE_VERDICTS))
        np.minimum.at(found, case, verdict)
        whole = np.bincount(case, minlength=len(keys)) == self.phases
        found = np.where(whole, found, np.minimum(found, _SILENT))
        deciding = verdict == found[case]
        # One exact contradiction is enough; one open support leaves the whole open.
        exact, unsaid = (np.bincount(case[deciding & which], minlength=len(keys)) > 0 for which in (~is_open, is_open))
        open_ones = unsaid & ((found != _CONTRADICTED) | ~exact)
        pairs = zip((keys // width).tolist(), (keys % width).tolist(), strict=True)
        said = dict(zip(pairs, zip(found.tolist(), open_ones.tolist(), strict=True), strict=True))
        return _Said(said, found[case].astype(np.int64))

    @property
    def phases(self) -> int:
        """Number of phases each case has."""
        return int(self.questions.attrs["phases"])


def cases_of(ground: Ground, claim: Claim) -> tuple[tuple[str, ...], dict[str, int]]:
    """Return the projects a claim speaks of, and how many its ``where`` leaves out, by what is said of it there.

    Examples
    --------
    >>> import agency
    >>> ground = Ground(agency.load().resolved)
    >>> cases_of(ground, Claim("x", "t", "s", projects=("JSeI",)))
    (('JSeI',), {})
    """
    table = ground.table
    kept = np.ones(len(table), dtype=bool)
    if claim.projects:
        kept &= table.index.isin(claim.projects)
    if claim.types:
        kept &= table["type"].isin(claim.types).to_numpy(bool)
    if claim.countries:
        wanted = set(claim.countries)
        kept &= np.array([bool(wanted & set(joined.split(";"))) for joined in table["country"]], dtype=bool)
    names = tuple(str(name) for name in table.index[kept])
    if claim.where is None:
        return names, {}
    # At any time: a loan of 2010 is no event of the years that the claim asks about.
    asked = replace(claim, where=None, years=(), phases=(claim.where.phase,), condition=claim.where.condition)
    found = {case.project: case.verdict for case in cases(hear(ground, asked, names), ground, names)}
    left = Counter(verdict for verdict in found.values() if verdict != "supported")
    return tuple(name for name in names if found[name] == "supported"), dict(left)


def hear(ground: Ground, claim: Claim, projects: tuple[str, ...], *, own: frozenset[str] | None = None) -> Heard:
    """Put the statements of some projects to a claim's condition.

    Parameters
    ----------
    ground
        The statements.
    claim
        Its condition is anything but ``indicator``.
    projects
        The cases.
    own
        Sources left out in reading `OTHERS`; None: only the reading of all sources.
    """
    condition = claim.condition
    if condition is None or condition.test == "indicator":
        message = "only conditions on statements are put to statements"
        raise ValueError(message)
    phases = ground.phases_of(claim)
    copies = _copies(ground, projects, phases, own)
    if condition.test == "same_actor":
        return _same_actor(ground, copies, condition, claim.years)
    if condition.before is None or condition.after is None:
        return _answered(ground, copies, len(phases), condition, claim.years)
    return _change(ground, copies, len(phases), condition)


def cases(heard: Heard, ground: Ground, projects: tuple[str, ...]) -> tuple[Case, ...]:
    """Return the cases by all sources, in order; a project without a statement in scope is silent."""
    found = {project: said for (reading, project), said in heard.cases.by_case.items() if reading == EVERYBODY}
    everybody = (heard.questions["reading"] == EVERYBODY).to_numpy(bool)[heard.question]
    lines = ground.rows.index.to_numpy(np.int64)
    sides = []
    for side in (heard.pro, heard.contra):
        at = np.unique(heard.row[side & everybody])
        sides.append({number: lines[at[ground.project[at] == number]] for number in np.unique(ground.project[at])})
    result = []
    for number, name in zip(positions(ground.projects, pd.Series(projects, dtype="str")), projects, strict=True):
        verdict, is_open = found.get(number, (_SILENT, False))
        pro, contra = (tuple(side[number].tolist()) if number in side else () for side in sides)
        result.append(Case(name, CASE_VERDICTS[verdict], is_open, pro, contra))
    return tuple(result)


def cases_without(heard: Heard, ground: Ground, projects: tuple[str, ...]) -> tuple[Case, ...]:
    """Return the cases in the reading of all sources but the claim's own, without their statements."""
    found = heard.cases.by_case
    numbers = positions(ground.projects, pd.Series(projects, dtype="str"))
    said = [found.get((OTHERS, number), (_SILENT, False)) for number in numbers]
    return tuple(Case(name, CASE_VERDICTS[at], is_open) for name, (at, is_open) in zip(projects, said, strict=True))


def sides_of_sources(heard: Heard, ground: Ground) -> dict[str, str]:
    """Return what each source alone is to a claim: one of the sides of `agency.claims.verdicts.SIDES`.

    Only what it settles counts, phase by phase: one that gives no year where years are asked about is silent. One that
    takes a side only by naming no other ("no Western supplier", where it names ZTE) does so by silence alone.
    """
    frame = heard.questions
    known = frame["verdict"].isin([_SUPPORTED, _CONTRADICTED, _DISPUTED]).to_numpy(bool)
    is_open = frame["open"].to_numpy(bool)
    reading = frame["reading"].to_numpy()[heard.question]
    said, unsaid = (
        [set(reading[side & which[heard.question]].tolist()) for side in (heard.pro, heard.contra)]
        for which in (known & ~is_open, known & is_open)
    )
    hearsay = set(frame.loc[frame["verdict"] == _ALLEGED, "reading"])
    settled = {(True, True): "both", (True, False): "for", (False, True): "against"}
    by_silence = {
        (True, True): "both by silence alone",
        (True, False): "for by silence alone",
        (False, True): "against by silence alone",
    }
    found = {}
    for alone, source in enumerate(ground.sources, start=ALONE):
        sides, silence = ((alone in pro, alone in contra) for pro, contra in (said, unsaid))
        other = "alleged" if alone in hearsay else "silent"
        found[source] = settled.get(sides) or by_silence.get(silence, other)
    return found


def thinnest(heard: Heard, ground: Ground, retold: Mapping[str, str], *, dated: bool) -> tuple[int, int] | None:
    """Return statements and independent sources of the weakest known question: the claim rests on them.

    Parameters
    ----------
    heard
        What was heard of the claim.
    ground
        The statements.
    retold
        Group of connected sources by source: two of one group are one.
    dated
        The claim asks about years: a statement whose years another passage lends counts only where none has its own.

    Returns
    -------
    tuple or None
        Of the known cases' phases the one with fewest independent sources, then fewest statements.
    """
    known = [_SUPPORTED, _CONTRADICTED, _DISPUTED]
    sound = np.isin(heard.cases.of_question, known) & heard.questions["verdict"].isin(known).to_numpy(bool)
    sound &= (heard.questions["reading"] == EVERYBODY).to_numpy(bool)
    chosen = (heard.pro | heard.contra) & sound[heard.question]
    if not chosen.any():
        return None
    if dated:
        own = chosen & ground.dated[heard.row]
        with_own = np.isin(heard.question, heard.question[own])
        chosen = own | (chosen & ~with_own)
    groups = pd.Series([retold.get(name, name) for name in ground.sources])[ground.source[heard.row[chosen]]]
    case = np.unique(heard.question[chosen], return_inverse=True)[1]
    statements, sources = (_different(case, of) for of in (heard.row[chosen], pd.factorize(groups)[0]))
    thin = np.lexsort((statements, sources))[0]
    return int(statements[thin]), int(sources[thin])


def _different(group: Ints, values: Ints) -> Ints:
    """Return how many different values each group has."""
    pairs = np.unique(np.stack([group, values.astype(np.int64)]), axis=1)[0]
    return np.bincount(pairs).astype(np.int64)


# Questions.


@dataclass(frozen=True, eq=False)
class _Copies:
    """Statements in scope, once for each reading."""

    row: Ints
    reading: Ints
    project: Ints
    phase: Ints

    def keys(self, ground: Ground) -> Ints:
        """Return a number for each reading, project and phase."""
        found: Ints = (self.reading * len(ground.projects) + self.project) * len(ground.phases) + self.phase
        return found


def _copies(ground: Ground, projects: tuple[str, ...], phases: tuple[str, ...], own: frozenset[str] | None) -> _Copies:
    inside = np.ones(len(ground.rows), dtype=bool)
    for names, place, asked in ((ground.projects, ground.project, projects), (ground.phases, ground.phase, phases)):
        inside &= np.isin(place, positions(names, pd.Series(asked, dtype="str"))) & (place >= 0)
    at = np.flatnonzero(inside)
    pieces = [(at, np.full(len(at), EVERYBODY))]
    if own is not None:
        foreign = np.array([source not in own for source in ground.sources], dtype=bool)
        kept = at[foreign[ground.source[at]]]
        pieces += [(kept, np.full(len(kept), OTHERS)), (at, ground.source[at] + ALONE)]
    every, reading = (np.concatenate([piece[side] for piece in pieces]).astype(np.int64) for side in (0, 1))
    return _Copies(every, reading, ground.project[every], ground.phase[every])


def _years(ground: Ground, copies: _Copies, years: tuple[int, ...]) -> tuple[Flags, Flags, Flags | None]:
    """Return of which years each statement speaks, whether it has years, and the years asked about.

    With years in scope an undated held row takes the years of the dated lead held rows of its actor in its cell, of no
    scope or its own, that are not alleged; and only years asked about count.
    """
    own, dated = ground.years[copies.row], ground.dated[copies.row].copy()
    if not years:
        return own, dated, None
    target = ground.flags(years)
    rows = ground.rows.iloc[copies.row]
    frame = pd.DataFrame(
        {
            "cell": copies.keys(ground),
            "who": ground.who[copies.row],
            "origin": rows["origin"].to_numpy(),
            "scope": rows["scope"].to_numpy(),
            "at": np.arange(len(rows)),
        }
    )
    held = (rows["status"] == "held").to_numpy(bool)
    lends = held & dated & (rows["role"] == "lead").to_numpy(bool) & (rows["confidence"] != "alleged").to_numpy(bool)
    takes = held & ~dated & rows["duration_years"].isna().to_numpy(bool)
    pairs = frame[takes].merge(frame[lends & own.any(axis=1)], on=["cell", "who", "origin"], suffixes=("", "_lent"))
    pairs = pairs[(pairs["scope_lent"] == "") | (pairs["scope_lent"] == pairs["scope"])]
    taker, lender = pairs["at"].to_numpy(np.int64), pairs["at_lent"].to_numpy(np.int64)
    found = own.copy()
    found[taker] = False
    np.logical_or.at(found, taker, own[lender])
    dated[taker] = True
    return found & target, dated, target


def _pooled(ground: Ground, copies: _Copies, years: tuple[int, ...], keys: Ints) -> tuple[Pool, Flags, Ints]:
    """Return the statements that speak of any year, which they are, and the key of each one's question and pool."""
    spoken, dated, target = _years(ground, copies, years)
    alleged = (ground.rows["confidence"] == "alleged").to_numpy(bool)[copies.row]
    pool = alleged * 2 + (~dated if years else np.zeros(len(dated), dtype=bool))
    alive = np.asarray(spoken.any(axis=1), dtype=bool)
    keys = (keys * _POOLS + pool)[alive]
    distinct, number = np.unique(keys, return_inverse=True)
    return (
        Pool(ground, copies.row[alive], number.astype(np.int64), len(distinct), spoken[alive], target),
        alive,
        distinct,
    )


def _answered(ground: Ground, copies: _Copies, phases: int, condition: Condition, years: tuple[int, ...]) -> Heard:
    """Return the answer of every question, from the first of its pools that is not silent."""
    pool, alive, keys = _pooled(ground, copies, years, copies.keys(ground))
    speech = speech_of(pool, condition)
    return _heard(ground, copies, phases, (alive, pool.question, keys, speech))


def _heard(ground: Ground, copies: _Copies, phases: int, answer: tuple[Flags, Ints, Ints, Speech]) -> Heard:
    """Lay the speech of pools out over the statements and questions of `copies`."""
    alive, asked, keys, speech = answer
    cells = copies.keys(ground)
    distinct, question = np.unique(cells, return_inverse=True)
    said, hears = _verdicts(speech, asked, len(keys))
    # Of the pools of one question the first that is not silent answers.
    frame = pd.DataFrame({"cell": keys // _POOLS, "pool": keys % _POOLS, "said": said, "open": speech.open})
    frame = frame[hears].sort_values("pool", kind="stable").drop_duplicates("cell").set_index("cell").reindex(distinct)
    silent = frame["pool"].isna().to_numpy(bool)
    pool = frame["pool"].fillna(-1).to_numpy(np.int64)
    verdict = np.select([silent, pool == 0, pool == 1], [_SILENT, frame["said"].fillna(_SILENT), _UNDATED], _ALLEGED)
    questions = _questions(ground, distinct, verdict, frame["open"].eq(other=True).to_numpy(bool) & (pool == 0))
    questions.attrs["phases"] = phases
    speaks = (keys % _POOLS)[asked] == pool[question[alive]]
    pro, contra = np.zeros(len(cells), dtype=bool), np.zeros(len(cells), dtype=bool)
    pro[alive], contra[alive] = speech.pro & speaks, speech.contra & speaks
    return Heard(copies.row, question.astype(np.int64), questions, pro, contra)


def _verdicts(speech: Speech, asked: Ints, size: int) -> tuple[Ints, Flags]:
    """Return the verdict of each pool, and whether anything speaks in it."""
    pro, contra = (np.bincount(asked[side], minlength=size) > 0 for side in (speech.pro, speech.contra))
    said = np.select([pro & contra, contra, pro], [_DISPUTED, _CONTRADICTED, _SUPPORTED], _SILENT)
    return said.astype(np.int64), pro | contra


def _questions(ground: Ground, keys: Ints, verdict: Any, is_open: Flags) -> pd.DataFrame:
    cell = keys // len(ground.phases)
    return pd.DataFrame(
        {
            "reading": cell // len(ground.projects),
            "project": cell % len(ground.projects),
            "phase": keys % len(ground.phases),
            "verdict": np.asarray(verdict).astype(np.int64),
            "open": is_open & (np.asarray(verdict) != _DISPUTED),
        }
    )


def _same_actor(ground: Ground, copies: _Copies, condition: Condition, years: tuple[int, ...]) -> Heard:
    """Return the answers on two phases, which are one question: it stands under the first of them."""
    first, second = positions(ground.phases, pd.Series(condition.among, dtype="str"))
    joined = replace(copies, phase=np.full(len(copies.phase), first, dtype=np.int64))
    # Years are taken within a phase, questions are asked over both.
    pool, alive, keys = _pooled(ground, copies, years, joined.keys(ground))
    sides = [copies.phase[alive] == phase for phase in (first, second)]
    speech = speech_on_same_actor(pool.part(sides[0]), pool.part(sides[1]))
    pro, contra = np.zeros(len(pool.row), dtype=bool), np.zeros(len(pool.row), dtype=bool)
    for side, part in zip(sides, speech, strict=True):
        pro[side], contra[side] = part.pro, part.contra
    whole = Speech(pro, contra, speech[0].open)
    return _heard(ground, joined, 1, (alive, pool.question, keys, whole))


# Beginnings and ends.


def _change(ground: Ground, copies: _Copies, phases: int, condition: Condition) -> Heard:
    """Return the answers on a beginning or an end: held in one year, and not in another.

    Both halves are questions of their own and are put together like phases. A given start says that its holder did not
    hold before, a given end that it did not beyond, unless the same source says otherwise.
    """
    before, after = condition.before or 0, condition.after or 0
    yes, no = (before, after) if condition.ends else (after, before)
    plain = replace(condition, before=None, after=None, ends=False)
    holds = _answered(ground, copies, phases, plain, (yes,))
    lacks = _answered(ground, copies, phases, replace(plain, holders="exclude"), (no,))
    turned = _turned(ground, copies, plain, no, lacks.question)
    said = np.bincount(lacks.question[turned], minlength=len(lacks.questions)) > 0
    verdict = lacks.questions["verdict"].to_numpy()
    against = said & np.isin(verdict, [_CONTRADICTED, _DISPUTED])
    verdict = np.where(against, _DISPUTED, np.where(said, _SUPPORTED, verdict))
    is_open = lacks.questions["open"].to_numpy(bool) & ~said
    pro = np.where(said[lacks.question], turned, lacks.pro)
    contra = lacks.contra & ~(said & ~against)[lacks.question]
    other = holds.questions["verdict"].to_numpy()
    both = np.minimum(verdict, other)
    opens = np.stack([is_open, holds.questions["open"].to_numpy(bool)])
    decides = np.stack([verdict == both, other == both])
    whole = np.where(both == _CONTRADICTED, (opens | ~decides).all(axis=0), (opens & decides).any(axis=0))
    questions = holds.questions.assign(verdict=both, open=whole)
    questions.attrs["phases"] = phases
    return Heard(copies.row, holds.question, questions, holds.pro | pro, holds.contra | contra)


def _turned(ground: Ground, copies: _Copies, condition: Condition, year: int, question: Ints) -> Flags:
    """Return the rows of X that say by their start or end that X did not hold in a year.

    They speak of their own actor, so not where another of X, with a year, holds in that year. Worked for 2015: "from
    2017" says so; "from 2017" beside "until 2014" of the same source and actor does not.
    """
    size = int(question.max(initial=-1)) + 1
    pool = Pool(ground, copies.row, question, size, ground.years[copies.row], None)
    alleged = (ground.rows["confidence"] == "alleged").to_numpy(bool)[copies.row]
    held = pool.held & ~alleged & Asked(pool, condition).is_x
    low, high = (side[copies.row] for side in ground.reach)
    actors = pd.MultiIndex.from_arrays([pool.speaker, pool.who])
    first = pd.Series(np.where(held, low, ground.domain[-1])).groupby(actors).transform("min").to_numpy()
    last = pd.Series(np.where(held, high, ground.domain[0])).groupby(actors).transform("max").to_numpy()
    start, end = (ground.rows[side].to_numpy("float64", na_value=np.nan)[copies.row] for side in ("start", "end"))
    said = held & (((start > year) & (first >= start)) | ((end < year) & (last <= end)))
    spoken, _, _ = _years(ground, copies, (year,))
    there = held & spoken.any(axis=1) & ~said & ground.dated[copies.row]
    who = pool.question * (int(ground.who.max(initial=0)) + 2) + pool.who
    others = pool.any(there & ~np.isin(who, who[said]))
    found: Flags = said & ~others[question]
    return found
