"""Section 6: a claim tested on statements. Not here: `indicator` conditions.

A claim is a dictionary as in claims.toml: `quantifier`, `n`, `kind`, `scope` {projects, phases, years (a list), type,
country, where}, `condition` {holders + origin|actor|kind, same_actor, status, n_holders + op + value; role;
from, to, ends}.
"""

from __future__ import annotations

import operator
from collections import Counter
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from oracle.conflicts import denies, domain, independent, leaves_out, may_be_one, reach, who
from oracle.model import DECIDING, NOBODY, Row, Span, Study
from oracle.years import basis, window

Claim = dict[str, Any]
WEAKEST = ("disputed", "silent", "undated", "alleged", "supported")
KNOWN = ("supported", "contradicted", "disputed")
OPS = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
}


@dataclass(frozen=True)
class Case:
    """What the statements say of one case; `open` where only silence stands between it and the other side."""

    verdict: str  # supported | contradicted | disputed | alleged | undated | silent
    open: bool = False
    rows_for: tuple[int, ...] = ()
    rows_against: tuple[int, ...] = ()


@dataclass
class Speech:
    """Rows that speak for and against."""

    rows_for: list[Row] = field(default_factory=list)
    against: list[Row] = field(default_factory=list)
    open: bool = False


@dataclass
class Ground:
    """The statements of one phase of one project that a condition is tested on, with their years."""

    study: Study
    phase: str
    rows: list[Row]
    years: dict[int, set[int]]  # line -> years of the row, within what is asked
    asked: set[int] | None

    def of(self, *statuses: str, lead: bool = True) -> list[Row]:
        return [row for row in self.rows if row.status in statuses and (row.role == "lead" or not lead)]

    @property
    def event(self) -> bool:
        return not self.study.continuing(self.phase)

    @property
    def nobody(self) -> list[Row]:
        """ "A ... vacant or negotiating row with a scope ... never speaks against a claim on the whole phase"."""
        return [row for row in self.of(*NOBODY) if not row.scope]

    @property
    def denials(self) -> list[Row]:
        return [row for row in self.of("denied") if not row.scope]

    @property
    def exclusive_sets(self) -> list[list[Row]]:
        """ "The rows of one source with `only` in one cell and year"; those of one scope are no set of the phase."""
        found: list[list[Row]] = []
        only = [row for row in self.of("held") if row.only and not row.scope]
        for source in sorted({row.source for row in only}):
            of_the_source = [row for row in only if row.source == source]
            for year in sorted(set().union(*(self.years[row.line] for row in of_the_source))):
                members = [row for row in of_the_source if year in self.years[row.line]]
                if members and members not in found:
                    found.append(members)
        return found


# --- which statements, in which years -------------------------------------------------------------------------------


def spans(study: Study, row: Row, asked: set[int] | None) -> list[Span]:
    """ "With years in scope borrowed years hold here too": an undated held row takes the years of dated lead held
    rows of its actor in its cell, of any rank but deprecated, not alleged, of no scope or its own.
    """
    if row.dated:
        return [row.span]
    if asked is None or row.status != "held" or not row.undated:
        return []
    return [
        other.span
        for other in study.table
        if (other.project, other.phase, other.status, other.role) == (row.project, row.phase, "held", "lead")
        and other.dated
        and other.rank != "deprecated"
        and other.confidence != "alleged"
        and (who(study, other), other.origin) == (who(study, row), row.origin)
        and other.scope in {"", row.scope}
        and years_of(study, other, [other.span])
    ]


def years_of(study: Study, row: Row, given: list[Span]) -> set[int]:
    """Years a row speaks of. Event phases: "a start alone is that year". Continuing phases: years of the window,
    open and undated ones from `launched` on, so a vacancy outside the window says nothing.
    """
    period = window(study, row.project)
    if not study.continuing(row.phase):
        return set().union(*(reach(study, _with(row, span)) for span in given)) if given else set(domain(study))
    if period is None:
        return set(domain(study)) if not given else {y for y in domain(study) if any(basis(s, y) for s in given)}
    launched = study.project(row.project).get("launched") or period[0]
    found = set()
    for year in range(period[0], period[1] + 1):
        grounds = {basis(span, year) for span in given} if given else {"open"}
        if "stated" in grounds or ("open" in grounds and year >= launched):
            found.add(year)
    return found


def _with(row: Row, span: Span) -> Row:
    return Row(row.line, row.project, row.phase, row.source, start=span[0], end=span[1])


def ground(study: Study, project: str, phase: str, asked: set[int] | None, rows: list[Row]) -> list[Ground]:
    """The pools to ask one after the other: all rows; with years in scope the dated ones, then "a row without
    years (or with a bare duration) speaks only where no dated row does".
    """
    own = [row for row in rows if (row.project, row.phase) == (project, phase)]
    given = {row.line: spans(study, row, asked) for row in own}
    years = {row.line: years_of(study, row, given[row.line]) for row in own}
    if asked is None:
        return [Ground(study, phase, [row for row in own if years[row.line]], years, None)]
    within = {line: found & asked for line, found in years.items()}
    dated = [row for row in own if given[row.line] and within[row.line]]
    undated = [row for row in own if not given[row.line] and within[row.line]]
    return [Ground(study, phase, pool, within, asked) for pool in (dated, undated)]


def _covers(found: Ground, row: Row, stating: list[Row]) -> set[int]:
    """Years a row against covers, as section 5 compares sources (`conflicts.settled`, `conflicts.counted`).

    In a continuing phase a row that says nobody (and any row of `stating`) counts in years it states or is open at:
    "nobody", without a year, is not always. And a year that its own source states as held is held (a before b):
    "until 2018: CEIEC" and "from 2018: under negotiation" of one source: 2018 is no year of nobody.
    """
    must_state = row.status in NOBODY or row in stating
    if found.asked is None and must_state and not found.event and not row.dated:
        return set()
    if row.status not in NOBODY:
        return found.years[row.line]
    own = [other for other in found.of("held") if other.source == row.source and other.dated]
    return {y for y in found.years[row.line] if not any(_states(found, other, y) for other in own)}


def _states(found: Ground, row: Row, year: int) -> bool:
    span = row.span
    if found.event and span[1] is None:
        span = (span[0], span[0])
    return basis(span, year) == "stated"


def covering(found: Ground, speech: Speech, against: list[Row], stating: tuple[Row, ...] = ()) -> list[Row]:
    """ "A row speaks against only where, with the other rows of its source, it covers every year asked about, or
    (no years in scope) every year of the rows that speak for; a dated denial with no row for is listed, the case
    silent."

    For: CEIEC 2012-14. Against: a denial of 2013 does not cover it, one of 2012 and one of 2013-14 of the same
    source do.
    """
    target = found.asked
    if target is None:
        target = set().union(*(found.years[row.line] for row in speech.rows_for)) if speech.rows_for else set()
        if not speech.rows_for:
            against = [row for row in against if not (row.status == "denied" and row.dated)]
    result = []
    for source in {row.source for row in against}:
        of_the_source = [row for row in against if row.source == source]
        if target <= set().union(*(_covers(found, row, list(stating)) for row in of_the_source)):
            result += of_the_source
    return result


# --- X: origins, actors or kinds ------------------------------------------------------------------------------------


def matches(study: Study, row: Row, condition: Claim) -> bool | None:
    """Whether a holder is one of X; None where it cannot be told (unknown origin, kind not given, or an unnamed group
    that may be or contain X).
    """
    if "actor" in condition:
        if any(may_be_one(study, row, _stand_in(study, name)) for name in condition["actor"] if row.unnamed):
            return None
        return not row.unnamed and row.actor in condition["actor"]
    if "kind" in condition:
        return row.actor_kind in condition["kind"] if row.actor_kind else None
    return row.origin in condition["origin"] if row.origin != "unknown" else None


def _is_other(study: Study, row: Row, condition: Claim) -> bool:
    """A holder that is none of X; "part and whole never ... exclude each other"."""
    if "actor" in condition and not row.unnamed:
        related = any(name in study.wholes(row.actor) or row.actor in study.wholes(name) for name in condition["actor"])
        return not related
    return matches(study, row, condition) is False


def _origin_of(study: Study, name: str) -> str:
    """ "An actor's origin is the whole file's"."""
    return next((row.origin for row in study.table if row.actor == name and not row.unnamed and row.origin), "unknown")


def _stand_in(study: Study, name: str) -> Row:
    return Row(0, "", "", "", actor=name, origin=_origin_of(study, name))


def set_without(study: Study, members: list[Row], condition: Claim) -> bool:
    """Whether an exclusive set leaves out all of X. {CEIEC} leaves out local actors; {"Chinese firms"} does too,
    but it leaves out no kind, and a member of unknown origin may be of any.
    """
    if "actor" in condition:
        return all(leaves_out(study, members, _stand_in(study, name)) for name in condition["actor"])
    if "kind" in condition and any(row.unnamed for row in members):
        return False
    return all(matches(study, row, condition) is False for row in members)


def denials_of(found: Ground, condition: Claim) -> list[Row]:
    """ "Denied rows that cover X": with the other denials of its source, every actor or origin of X (any of them
    holding would do). A denied actor covers no origin and no kind.
    """
    result = []
    for source in {row.source for row in found.denials}:
        of_the_source = [row for row in found.denials if row.source == source]
        hit: list[list[Row]] = []
        for name in condition.get("actor", []):
            hit.append([row for row in of_the_source if denies(found.study, row, _stand_in(found.study, name))])
        for origin in condition.get("origin", []):
            hit.append([row for row in of_the_source if not row.actor and row.origin == origin])
        if hit and all(hit):
            result += [row for row in of_the_source if any(row in rows for rows in hit)]
    return result


# --- conditions -----------------------------------------------------------------------------------------------------


def include(found: Ground, condition: Claim) -> Speech:
    """For: "held rows of X (any of them)". Against: "denied rows that cover X; exclusive sets without X; rows that
    say nobody". Support rows count (unless `role = "lead"`).
    """
    held = [
        row for row in found.of("held", lead=condition.get("role") == "lead") if matches(found.study, row, condition)
    ]
    speech = Speech(held)
    against = denials_of(found, condition) + found.nobody
    for members in found.exclusive_sets:
        if set_without(found.study, members, condition):
            against += [row for row in members if row not in against]
    speech.against = covering(found, speech, against)
    return speech


def exclude(found: Ground, condition: Claim) -> Speech:
    """For: "what speaks against `include` X; without any, held lead rows of others only (*open*)". Against: "what
    speaks for `include` X".
    """
    mirror = include(found, condition)
    if mirror.against or mirror.rows_for:
        return Speech(mirror.against, mirror.rows_for)
    held = found.of("held")
    if held and all(_is_other(found.study, row, condition) for row in held):
        return Speech(held, [], open=True)
    return Speech()


def only(found: Ground, condition: Claim) -> Speech:
    """For: "exclusive sets within X; where nothing else speaks, held lead rows of X (*open*)". Against: "held lead
    rows of others; denials of X; with years in scope or in an event phase, rows that say nobody".
    """
    held = found.of("held")
    within = [
        members for members in found.exclusive_sets if all(matches(found.study, row, condition) for row in members)
    ]
    speech = Speech([row for row in held if any(row in members for members in within)])
    others = [row for row in held if _is_other(found.study, row, condition)]
    # A holder of unknown origin or kind may be another: "no source names another" would say too much.
    untold = [row for row in held if matches(found.study, row, condition) is None]
    nobody = found.nobody if found.asked is not None or found.event else []
    speech.against = covering(found, speech, others + denials_of(found, condition) + nobody)
    if not speech.rows_for and not speech.against and not others and not untold:
        return Speech([row for row in held if matches(found.study, row, condition)], [], open=True)
    return speech


def status(found: Ground, condition: Claim) -> Speech:
    """For: "rows of status S". Against: "deciding rows that state another status in the same years (scope's, else
    those of the rows for); in an event phase any such row; never denied or proposed ones".
    """
    wanted = condition["status"] if isinstance(condition["status"], list) else [condition["status"]]
    scoped = {*NOBODY, "denied"}  # they speak "of rows of that scope only"
    speech = Speech([row for row in found.of(*wanted) if not (row.scope and row.status in scoped)])
    others = [
        row for row in found.of(*DECIDING) if row.status not in wanted and not (row.scope and row.status in NOBODY)
    ]
    if found.event:
        speech.against = others
    elif found.asked is not None or speech.rows_for:
        # "Rows that *state* another status in the same years": an undated one states no year.
        speech.against = covering(found, speech, others, tuple(others))
    return speech


def n_holders(found: Ground, condition: Claim) -> Speech:
    """For: "passes; exact for `>`, `>=`, else *open*". Against: "fails; exact for `<`, `<=`, `==` with too many,
    else *open*". "An unnamed group counts at least one": two named and a group are "at least three".
    """
    held = found.of("held")
    count = len({who(found.study, row) for row in held})
    sign, value = condition["op"], condition["value"]
    if not held:
        return Speech()
    if OPS[sign](count, value):
        return Speech(held, [], open=sign not in {">", ">="})
    exact = sign in {"<", "<="} or (sign == "==" and count > value)
    return Speech([], held, open=not exact)


TESTS = {"include": include, "exclude": exclude, "only": only}


def _speech(found: Ground, condition: Claim) -> Speech:
    if "holders" in condition:
        return TESTS[condition["holders"]](found, condition)
    return status(found, condition) if "status" in condition else n_holders(found, condition)


def same_actor(first: Ground, second: Ground) -> Speech:
    """For: "an actor held in both". Against: "an exclusive set of one phase shares nobody with the holders of the
    other; the common actor is denied; holders known and none in common (*open*)".
    """
    study = first.study
    held = [first.of("held"), second.of("held")]
    people = [{who(study, row) for row in rows} for rows in held]
    common = people[0] & people[1]
    speech = Speech([row for rows in held for row in rows if who(study, row) in common])
    for here, there in ((0, 1), (1, 0)):
        found = (first, second)[here]
        here_for = Speech([row for row in held[here] if who(study, row) in common])
        apart = [
            row
            for members in found.exclusive_sets
            if held[there] and all(leaves_out(study, members, other) for other in held[there])
            for row in members
        ]
        speech.against += covering(found, here_for, list(dict.fromkeys(apart)))
        denials = [row for row in found.denials if any(denies(study, row, other) for other in here_for.rows_for)]
        speaking = covering(found, here_for, denials)
        gone = {who(study, other) for row in speaking for other in here_for.rows_for if denies(study, row, other)}
        if common and gone == common:
            speech.against += speaking
    if speech.against or common or not people[0] or not people[1]:
        return speech
    if any(may_be_one(study, one, other) for one, other in product(*held)):
        return speech
    return Speech([], held[0] + held[1], open=True)


# --- a case ---------------------------------------------------------------------------------------------------------


def _case(speech: Speech) -> Case:
    lines = [tuple(sorted({row.line for row in rows})) for rows in (speech.rows_for, speech.against)]
    if speech.rows_for and speech.against:
        return Case("disputed", False, *lines)
    if speech.rows_for or speech.against:
        return Case("supported" if speech.rows_for else "contradicted", speech.open, *lines)
    return Case("silent")


def _asked_of(claim: Claim) -> set[int] | None:
    years = claim.get("scope", {}).get("years")
    return set(years) if years else None


def _test(claim: Claim, study: Study, project: str, phases: tuple[str, ...], rows: list[Row]) -> Case:
    """One pool of statements (all not alleged, or all alleged) asked: dated rows first, then undated ones."""
    asked, condition = _asked_of(claim), claim["condition"]
    pools = [ground(study, project, phase, asked, rows) for phase in phases]
    for number, grounds in enumerate(zip(*pools, strict=True)):
        speech = same_actor(*grounds) if "same_actor" in condition else _speech(grounds[0], condition)
        case = _case(speech)
        if case.verdict != "silent":
            return case if number == 0 else Case("undated", False, case.rows_for, case.rows_against)
    return Case("silent")


def phase_case(claim: Claim, study: Study, project: str, phases: tuple[str, ...]) -> Case:
    """ "Supported (for, none against), contradicted, disputed (both), alleged (only alleged rows speak), undated,
    silent." "Evidence = all rows in scope but deprecated; alleged ones are kept apart."
    """
    if "from" in claim["condition"]:
        return change_case(claim, study, project, phases[0])
    rows = [row for row in study.table if row.rank != "deprecated"]
    case = _test(claim, study, project, phases, [row for row in rows if row.confidence != "alleged"])
    if case.verdict == "silent":
        alleged = _test(claim, study, project, phases, [row for row in rows if row.confidence == "alleged"])
        if alleged.verdict != "silent":
            return Case("alleged", False, alleged.rows_for, alleged.rows_against)
    return case


def change_case(claim: Claim, study: Study, project: str, phase: str) -> Case:
    """Condition with `from`, `to`: "holds in year `to` and not in `from`, or the reverse with `ends = true`": both
    halves are cases of their own, put together like several phases.
    """
    condition = {key: value for key, value in claim["condition"].items() if key not in {"from", "to", "ends"}}
    yes, no = claim["condition"]["to"], claim["condition"]["from"]
    if claim["condition"].get("ends"):
        yes, no = no, yes
    holding = {"scope": {"years": [yes]}, "condition": condition}
    without = {"scope": {"years": [no]}, "condition": {**condition, "holders": "exclude"}}
    halves = [phase_case(holding, study, project, (phase,)), phase_case(without, study, project, (phase,))]
    lines = _beyond(study, (project, phase), condition, no)
    if lines and halves[1].verdict in {"contradicted", "disputed"}:
        halves[1] = Case("disputed", False, lines, halves[1].rows_against)
    elif lines:
        halves[1] = Case("supported", False, lines)
    return together(halves)


def _beyond(study: Study, cell: tuple[str, str], condition: Claim, year: int) -> tuple[int, ...]:
    """Rows of X that say X did not hold in a year: "a given start says that the holding began then, a given end that it
    ended (unless a row of the same source holds that actor beyond it)". A "from 2017" and nothing else: none in 2015.

    They speak of their own actor, so not where another of X holds in that year.
    """
    held = [
        row
        for row in study.table
        if (row.project, row.phase, row.status) == (*cell, "held")
        and (row.rank != "deprecated" and row.confidence != "alleged" and row.role == "lead")
        and matches(study, row, condition)
    ]
    said = []
    for row in held:
        start, end = row.span
        later, earlier = start is not None and start > year, end is not None and end < year
        own = [other for other in held if other.source == row.source and who(study, other) == who(study, row)]
        if later and not any(min(reach(study, other)) < start for other in own):
            said.append(row)
        if earlier and not any(max(reach(study, other)) > end for other in own):
            said.append(row)
    there = [row for row in held if year in years_of(study, row, spans(study, row, {year})) and row not in said]
    if {who(study, row) for row in there if row.dated} <= {who(study, row) for row in said}:
        return tuple(sorted({row.line for row in said}))
    return ()


def _phases_of(claim: Claim, study: Study) -> list[tuple[str, ...]]:
    if "same_actor" in claim["condition"]:
        return [tuple(claim["condition"]["same_actor"])]
    asked = claim.get("scope", {}).get("phases") or [phase["key"] for phase in study.phases if phase["core"]]
    return [(phase,) for phase in asked]


def case_of(claim: Claim, study: Study, project: str) -> Case:
    """ "Several phases in scope: one contradicted -> contradicted; else the weakest in the order disputed, silent,
    undated, alleged, supported."
    """
    return together([phase_case(claim, study, project, phases) for phases in _phases_of(claim, study)])


def together(found: list[Case]) -> Case:
    """ "One contradicted -> contradicted; else the weakest"."""
    verdicts = [case.verdict for case in found]
    verdict = "contradicted" if "contradicted" in verdicts else next(each for each in WEAKEST if each in verdicts)
    deciding = [case for case in found if case.verdict == verdict]
    # One exact contradiction is enough; one open support leaves the whole open.
    is_open = (all if verdict == "contradicted" else any)(case.open for case in deciding)
    lines = [tuple(sorted({line for case in found for line in getattr(case, side)})) for side in SIDES]
    return Case(verdict, is_open, *lines)


SIDES = ("rows_for", "rows_against")


def in_scope(claim: Claim, study: Study) -> list[str]:
    """Projects of the scope: named, of a type, of a country, and meeting `where` ("only cases that meet it; silent
    ones are out ...; none: error").
    """
    scope = claim.get("scope", {})
    found = [name for name in study.names if name in (scope.get("projects") or study.names)]
    for key in ("type", "country"):
        if scope.get(key):
            found = [name for name in found if study.project(name).get(key) == scope[key]]
    if "where" in scope:
        # At any time: a loan of 2010 is no event of the years that the claim asks about.
        asked = {"scope": {}, "condition": scope["where"]}
        phases = (scope["where"]["phase"],)
        found = [name for name in found if phase_case(asked, study, name, phases).verdict == "supported"]
        if not found:
            message = "no case meets `where`"
            raise ValueError(message)
    return found


def claim_cases(claim: Claim, study: Study) -> dict[str, Case]:
    """The case of every project in scope."""
    return {project: case_of(claim, study, project) for project in in_scope(claim, study)}


# --- the claim ------------------------------------------------------------------------------------------------------


def _holds(claim: Claim, true: int, cases: int) -> bool:
    return {
        "every": true == cases,
        "some": true >= 1,
        "none": true == 0,
        "most": 2 * true > cases,  # "more than half"
        "at_least": true >= claim.get("n", 1),
    }[claim.get("quantifier", "every")]


def claim_verdict(claim: Claim, study: Study) -> str:
    """Verdict over the cases; "evaluative", "counterfactual" and "future" claims are "not testable"."""
    if claim.get("kind", "factual") != "factual":
        return "not testable"
    return verdict_of([case.verdict for case in claim_cases(claim, study).values()], claim)


def verdict_of(cases: list[str], claim: Claim) -> str:
    """ "First: does any filling of disputed (either way), alleged, undated and silent cases change the result? If
    not, that is it." Five cases of `most`, three supported: supported whatever the other two are.
    """
    count = Counter(cases)
    fillable = len(cases) - count["supported"] - count["contradicted"]
    results = {_holds(claim, count["supported"] + more, len(cases)) for more in range(fillable + 1)}
    every = claim.get("quantifier", "every") == "every"
    if every and count["contradicted"]:
        return "mixed" if count["supported"] else "contradicted"
    if len(results) == 1:
        return "supported" if results.pop() else "contradicted"
    known = sum(count[verdict] for verdict in KNOWN)
    if not known:
        return "only alleged" if count["alleged"] and not count["undated"] else "silent"
    if not every:
        return "undetermined"
    if count["disputed"]:
        return "disputed"
    return "undetermined" if 2 * known < len(cases) else "supported"


def _only_sources(study: Study, keys: set[str]) -> Study:
    """The same file with the other sources' rows struck, so that lines, windows and origins stay."""
    rows = tuple(row if row["source"] in keys else {**row, "rank": "deprecated"} for row in study.rows)
    return Study(rows, _windows(study), study.actors, study.sources, study.phases, study.foreign, study.until)


def _windows(study: Study) -> dict[str, dict[str, Any]]:
    """ "A selection never moves a window": write the derived ones down."""
    fixed = {}
    for name in study.names:
        period = window(study, name)
        sides = dict(zip(("window_start", "window_end"), period, strict=True)) if period else {}
        fixed[name] = {**study.project(name), **sides}
    return fixed


def by_source(claim: Claim, study: Study) -> dict[str, str]:
    """ "For, against, both, alleged, silent, per source (an actor's origin is the whole file's)". "By silence alone"
    where it takes no side but in phases that are open.
    """
    found = {}
    projects = in_scope(claim, study)
    for key in sorted({row.source for row in study.table}):
        alone = _only_sources(study, {key})
        # Phase by phase: who names an initiator is not silent because he says nothing of the requirements.
        asked = _phases_of(claim, study)
        cases = [phase_case(claim, alone, project, phases) for project in projects for phases in asked]
        known = [case for case in cases if case.verdict in KNOWN]
        words = {(True, True): "both", (True, False): "for", (False, True): "against"}
        found[key] = "alleged" if any(case.verdict == "alleged" for case in cases) else "silent"
        for how, group in (
            (" by silence alone", [case for case in known if case.open]),
            ("", [case for case in known if not case.open]),
        ):
            sides = any(case.rows_for for case in group), any(case.rows_against for case in group)
            if sides in words:
                found[key] = words[sides] + how
    return found


def without_own_source(claim: Claim, study: Study) -> str:
    """ "Also without sources that derive from it"."""
    gone = {claim["source"]}
    while more := {
        key for key, facts in study.sources.items() if key not in gone and gone & set(facts.get("derives_from", []))
    }:
        gone |= more
    keys = {row.source for row in study.table} - gone
    if claim.get("kind", "factual") != "factual":
        return "not testable"
    # The cases are those of the whole file, as in `by_source`: `where` says what the sentence speaks of.
    alone = _only_sources(study, keys)
    return verdict_of([case_of(claim, alone, project).verdict for project in in_scope(claim, study)], claim)


def rests_on(claim: Claim, study: Study) -> tuple[int, int] | None:
    """ "Statements and independent sources of the weakest known case (of its phase with fewest)": least sources,
    then least statements; None where no case is known. Where the claim asks about years, statements with a year of
    their own, if there are any.
    """
    weakest: list[tuple[int, int]] = []
    sources = {row.line: row.source for row in study.table}
    condition = claim.get("condition", {})
    asks_years = bool(claim.get("scope", {}).get("years")) or "from" in condition
    has_year = {row.line for row in study.table if row.start is not None or row.end is not None}
    for project in in_scope(claim, study):
        if case_of(claim, study, project).verdict not in KNOWN:
            continue
        for phases in _phases_of(claim, study):
            case = phase_case(claim, study, project, phases)
            lines = {*case.rows_for, *case.rows_against}
            if asks_years:
                lines = lines & has_year or lines
            if case.verdict in KNOWN and lines:
                weakest.append((independent(study, {sources[line] for line in lines}), len(lines)))
    return min(weakest)[::-1] if weakest else None
