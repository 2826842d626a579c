"""What a study shows, in at most ten sentences, each with its numbers and what they are out of.

One sentence on the extent, one for each of at most six core phases (else one for each block), one on what nobody held,
one on what sources dispute, one on how sure it is. They are generated from any codebook's labels and say no more than
the statements: who is *named*, of how many projects a source says so, and of how many none does.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from agency.references import independent_groups
from agency.resolve import GAP, statements_at
from agency.words import counted, digits, in_sentence, listed, marked, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from agency.resolve import Profile, Resolved
    from agency.vocabulary import Phase

MOST_PHASES = 6
"""With more core phases the blocks are told instead."""
MOST_PATTERNS = 3
MOST_NAMES = 3
NOBODY = ""
"""The pattern of a project in which a source says that nobody held the phase."""
FROM_UNKNOWN = "unknown"
"""In a pattern: somebody of whom no source says where from is named beside the others."""


@dataclass(frozen=True)
class BriefSentence:
    """One sentence of a brief, and the numbers in it."""

    about: str
    """extent, a phase or block, gaps, disputes or sureness."""
    said: str
    count: int
    """The number the sentence turns on: projects with the most frequent holders, gaps, contested cells ..."""
    known: int
    """Of how many that is counted."""
    of: int
    """How many there are in all, known or not."""
    names: tuple[str, ...] = ()
    """Projects, or cells, that the sentence is about by name; all of them, where the sentence names three."""


@dataclass(frozen=True)
class _Group:
    """A phase, or the phases of a block: whose holders one sentence tells."""

    key: str
    label: str
    phases: tuple[Phase, ...]


def brief(resolved: Resolved, *, agreed: str = "") -> tuple[BriefSentence, ...]:
    """Return what the selected projects show, in at most ten sentences.

    Every selected project counts, listed or not, wherever the phase in question is known, and so does every statement
    that is not set aside, alleged, proposed or support: what a preferred statement outranks has been said all the same.

    Parameters
    ----------
    resolved
        What is selected, and the rules.
    agreed
        How far coders agree, in words; nothing when they cannot be compared.

    Examples
    --------
    >>> import agency
    >>> sentences = brief(agency.load().select(project=["ECU 911", "JSeI"]).resolved)
    >>> len(sentences), sentences[5].said
    (10, 'Managed and operated by: known for 2 of 2 projects; in both only local actors are named.')
    """
    study = (resolved if resolved.view.mode == "static" else resolved.under(mode="static", year=None)).spoken
    told = [_phase_sentence(study, group) for group in _groups(study)]
    return (_extent(study), *told, _gaps(study), _disputes(study), _sureness(study, agreed))


def named_origins(resolved: Resolved) -> dict[str, dict[str, tuple[str, ...] | str]]:
    """Return by phase and project the origins that are named for it, or `NOBODY`; a project of which none says is out.

    By the rule of the brief: every selected project, and every statement that counts, also those that preferred ones
    outrank in the tables; in the mode and year of the view.

    Examples
    --------
    >>> import agency
    >>> named_origins(agency.load().select(project=["ECU 911", "JSeI"]).resolved)["implementation"]
    {'ECU 911': ('local', 'chinese'), 'JSeI': ('local', 'chinese')}
    """
    spoken = resolved.spoken
    return {phase.key: _patterns(spoken, _Group(phase.key, phase.label, (phase,))) for phase in spoken.phases}


def known_cases(resolved: Resolved) -> frozenset[tuple[str, str]]:
    """Return the cases, by project and phase, of which a source says who or that nobody held it: what `brief` counts.

    One whose holders are all of unknown origin is none, as in the numbers; a gap of some years is one.

    Examples
    --------
    >>> import agency
    >>> len(known_cases(agency.load().select(project=["ECU 911", "JSeI"]).resolved))
    12
    """
    phases = resolved.spoken.whole.phases
    gaps = phases.loc[phases["gap"] > 0, ["project", "phase"]].itertuples(index=False, name=None)
    return frozenset(gaps) | {(project, phase) for phase, named in named_origins(resolved).items() for project in named}


def sources_of_cases(resolved: Resolved) -> pd.DataFrame:
    """Return how many independent sources say who, or that nobody, held each known case: project, phase, sources.

    Sources that retell one another count once; statements of every rank, but not alleged, proposed or support ones.

    Examples
    --------
    >>> import agency
    >>> found = sources_of_cases(agency.load().select(project="JSeI").resolved)
    >>> found.loc[found["phase"] == "implementation", "sources"].tolist()
    [2]
    """
    rows = resolved.spoken.rows
    rows = rows[rows["use"].isin(["decides", "dates", "idle"]) & rows["status"].isin(["held", *GAP])]
    rows = rows[pd.MultiIndex.from_frame(rows[["project", "phase"]]).isin(known_cases(resolved))]
    one = rows["source"].map(independent_groups(sorted(rows["source"].unique()), resolved.table.sources))
    number = one.groupby([rows["project"], rows["phase"]], sort=False).nunique()
    return number.rename("sources").reset_index()


def brief_frame(sentences: Sequence[BriefSentence]) -> pd.DataFrame:
    """Return a row per sentence: about, said, count, known, of, names (joined by ``; ``)."""
    records = [(one.about, one.said, one.count, one.known, one.of, "; ".join(one.names)) for one in sentences]
    return pd.DataFrame(records, columns=["about", "said", "count", "known", "of", "names"])


def _groups(study: Resolved) -> list[_Group]:
    """Return what one sentence each is about: the core phases of the view, or its blocks where they are many."""
    core = [phase for phase in study.phases if phase.core]
    if len(core) <= MOST_PHASES:
        return [_Group(phase.key, phase.label, (phase,)) for phase in core]
    blocks: dict[str, list[Phase]] = {}
    for phase in core:
        blocks.setdefault(phase.block, []).append(phase)
    return [_Group(key, listed([one.label for one in phases]), tuple(phases)) for key, phases in blocks.items()]


def _extent(study: Resolved) -> BriefSentence:
    rows = study.rows
    core = [phase.key for phase in study.codebook.core_phases]
    known = study.known_phases
    rich = tuple(name for name in study.projects if 2 * known.get(name, 0) >= len(core))
    used = int(rows["use"].isin(["decides", "dates"]).sum())
    of, spoken = len(study.projects), rows["project"].nunique()
    projects = counted("{n} project", "{n} projects", of)
    said = text(
        "{statements} from {sources} on {projects}; a statement is what one source says, in one passage, on who led, "
        "carried out or supported a phase, such as “{phase}”. {extent}: a source names an actor of known origin, or "
        "says that nobody held the phase; what is only alleged, planned or supporting is not counted. What follows on "
        "the phases rests on {grounds}.",
        statements=counted("{n} statement", "{n} statements", len(rows)),
        sources=counted("{n} source", "{n} sources", rows["source"].nunique()),
        phase=study.codebook.core_phases[0].label,
        projects=projects if spoken == of else text("{n} of {projects}", n=digits(f"{spoken:,}"), projects=projects),
        extent=text(
            "For {rich} of the {n} projects at least half of the {phases} phases are known",
            rich=digits(f"{len(rich):,}"),
            n=digits(f"{of:,}"),
            phases=len(core),
        )
        if of > 1
        else counted(
            "{n} of its {phases} phases is known",
            "{n} of its {phases} phases are known",
            max(known.values(), default=0),
            phases=len(core),
        ),
        grounds=text(
            "{used} of the {rows}; the others are not counted, or alter no count below",
            used=digits(f"{used:,}"),
            rows=counted("{n} statement", "{n} statements", len(rows)),
        )
        if used < len(rows)
        else text("every statement"),
    )
    return BriefSentence("extent", said, len(rich), of, of, rich)


def _patterns(study: Resolved, group: _Group) -> dict[str, tuple[str, ...] | str]:
    """Return by project the origins named for a phase (in codebook order), or `NOBODY`.

    A project counts as known with a holder of known origin, or where a source says that nobody held the phase; holders
    of unknown origin beside others end the pattern as `FROM_UNKNOWN`, so that nobody is called the only ones.
    """
    data: Profile = study.every
    at = [data.phases.index(phase.key) for phase in group.phases]
    present = np.atleast_2d(np.any(data.present[:, at], axis=1))
    empty = (data.holders[:, at] == 0) & (data.gap[:, at] > 0)
    nobody = np.any(empty, axis=1) & ~np.any(data.holders[:, at] > 0, axis=1)
    sets = study.whole.sets
    of_unknown = sets[(sets["origin"] == FROM_UNKNOWN) & sets["phase"].isin([phase.key for phase in group.phases])]
    strangers = set(of_unknown["project"].unique().tolist())
    found: dict[str, tuple[str, ...] | str] = {}
    for number, (project, line) in enumerate(zip(data.projects, present.tolist(), strict=True)):
        origins = tuple(compress(data.origins, line))
        if origins:
            found[project] = (*origins, FROM_UNKNOWN) if project in strangers else origins
        elif nobody[number]:
            found[project] = NOBODY
    return found


def _phase_sentence(study: Resolved, group: _Group) -> BriefSentence:
    """Tell for how many of the projects it is known who held a phase, and who is named in how many of those."""
    of, patterns = len(study.projects), _patterns(study, group)
    known = len(patterns)
    if not known:
        said = counted(
            "{label}: known for none of {n} project.", "{label}: known for none of {n} projects.", of, label=group.label
        )
        return BriefSentence(group.key, said, 0, 0, of)
    frequent = Counter(patterns.values()).most_common()
    said = counted(
        "{label}: known for {known} of {n} project; {told}{ended}{parts}.",
        "{label}: known for {known} of {n} projects; {told}{ended}{parts}.",
        of,
        label=group.label,
        known=digits(f"{known:,}"),
        told=_told(study, patterns, frequent),
        ended=_until(study, group, tuple(patterns)),
        parts=_part_only(study, group, tuple(patterns)),
    )
    exceptions = tuple(name for name, pattern in patterns.items() if pattern != frequent[0][0])
    return BriefSentence(group.key, said, frequent[0][1], known, of, exceptions)


def _told(
    study: Resolved,
    patterns: Mapping[str, tuple[str, ...] | str],
    frequent: Sequence[tuple[tuple[str, ...] | str, int]],
) -> str:
    known = len(patterns)
    if len(frequent) == 1:
        every = "" if known == 1 else text("in both ") if known == 2 else text("in all {n} ", n=digits(f"{known:,}"))
        return text("{every}{who}", every=every, who=_named(study, frequent[0][0], verb=True))
    parts, names_left = [], MOST_NAMES
    for place, (pattern, number) in enumerate(frequent[:MOST_PATTERNS]):
        names = [name for name, other in patterns.items() if other == pattern]
        shown = ""
        if place and number <= names_left:
            shown, names_left = text(" ({names})", names=listed(names)), names_left - number
        who = _named(study, pattern, verb=not place)
        parts.append(text("in {n} {who}{shown}", n=digits(f"{number:,}"), who=who, shown=shown))
    others = known - sum(number for _, number in frequent[:MOST_PATTERNS])
    if others:
        parts.append(
            counted("in {n} another origin or mix of origins", "in {n} other origins or mixes of origins", others)
        )
    return listed(parts)


def _named(study: Resolved, pattern: tuple[str, ...] | str, *, verb: bool) -> str:
    """Return whom the sources name: "only Chinese actors are named", "local as well as Chinese actors"."""
    if pattern == NOBODY:
        return text("nobody, as a source says")
    own = {"local": text("local"), "other": text("other foreign"), "mixed": text("Mixed").lower()}
    names = [
        own.get(origin.key) or in_sentence(origin.label) for origin in study.codebook.origins if origin.key in pattern
    ]
    if FROM_UNKNOWN in pattern:
        who = text("{origins} actors and actors of unknown origin", origins=listed(names))
    elif len(names) == 1:
        who = text("only {origin} actors", origin=names[0])
    elif len(names) == 2:
        who = text("{one} as well as {other} actors", one=names[0], other=names[1])
    else:
        who = text("{origins} actors", origins=listed(names))
    return text("{who} are named", who=who) if verb else who


def _part_only(study: Resolved, group: _Group, projects: tuple[str, ...]) -> str:
    """Return where a part or an act alone is known: "; in 1 of the 2 for only part of the phase ...: JSeI (“x”)"."""
    rows = study.rows
    rows = rows[rows["phase"].isin([phase.key for phase in group.phases]) & rows["project"].isin(projects)]
    rows = rows[(rows["use"] == "decides") & (rows["status"] == "held")]
    rows = rows[~rows["project"].isin(rows.loc[rows["scope"] == "", "project"].unique())]
    scopes = rows.groupby("project")["scope"].unique()
    parts = [
        text("{project} ({parts})", project=name, parts=listed([f"“{part}”" for part in sorted(of_project)], most=2))
        for name, of_project in sorted(scopes.items())
    ]
    if not parts:
        return ""
    return counted(
        "; in {parts} of the {n} for only part of the phase or one act, in the editors’ words: {places}",
        "; in {parts} of the {n} for only part of the phase or one act, in the editors’ words: {places}",
        len(projects),
        parts=digits(f"{len(parts):,}"),
        places=listed(parts, most=MOST_NAMES),
    )


def _until(study: Resolved, group: _Group, projects: tuple[str, ...]) -> str:
    """Return where a continuing phase is held for a part of the window: "; at P by X until 2018"."""
    lasting = [phase.key for phase in group.phases if phase.kind == "continuing"]
    if not lasting:
        return ""
    matrix = study.whole
    held = matrix.year_shares[matrix.year_shares["phase"].isin(lasting) & matrix.year_shares["project"].isin(projects)]
    held = held[held["undated"] < held["share"]]  # of a holder without a year no source says until when
    last = held.groupby("project", sort=False)["year"].max().to_dict()
    after = matrix.years[matrix.years["phase"].isin(lasting) & (matrix.years["gap"] > 0)]
    empty = after.groupby("project")["year"].max().to_dict()
    ended = [(name, int(last[name])) for name in projects if name in last and empty.get(name, 0) > last[name]]
    places = [
        text("at {project} by {who} until {year}", project=name, who=_names(held, name, year), year=year)
        for name, year in ended
    ]
    rows = study.rows[study.rows["phase"].isin(lasting) & study.rows["project"].isin(projects)]
    rows = rows[(rows["use"] == "decides") & (rows["status"] == "held")]
    # A length is told where every holder has one and no year says when it was; by name, whatever the order of rows.
    whole = rows["duration_years"].notna().groupby(rows["project"]).all()
    most = rows.groupby("project")["duration_years"].max().to_dict()
    for name in sorted(set(whole.index[whole]) - set(dict(ended))):
        length = counted("for {n} year", "for {n} years", int(most[name]))
        who = listed(sorted(rows.loc[rows["project"] == name, "holder"].unique()), most=MOST_NAMES)
        places.append(text("at {project} by {who} {length}", project=name, who=who, length=length))
    if not places:
        return ""
    return text("; {places}", places=listed(places, most=MOST_NAMES))


def _names(held: pd.DataFrame, project: str, year: int) -> str:
    """Return who holds the phases of a project in a year."""
    there = held[(held["project"] == project) & (held["year"] == year)]
    return listed(sorted(there["holder"].unique()), most=MOST_NAMES)


def _gaps(study: Resolved) -> BriefSentence:
    """Tell which phases nobody held, and in which years, out of those of which a source says anything."""
    matrix = study.whole.part(study.projects, tuple(phase.key for phase in study.phases if phase.core))
    phases = matrix.phases
    core = {phase.key for phase in study.phases if phase.core}
    known = sum(phase in core for _, phase in known_cases(study))
    label = {phase.key: phase.label for phase in study.phases}
    years = matrix.years[matrix.years["gap"] > 0]
    spans = years.groupby(["project", "phase"], sort=False).agg(
        first=("year", "min"), last=("year", "max"), number=("year", "size"), held=("held", "max")
    )
    length = matrix.years.groupby(["project", "phase"])["year"].size().to_dict()
    how = _kinds_of_gap(study)
    told: list[str] = []
    names: list[str] = []
    for cell, first, last, number, held in spans.itertuples(name=None):
        when = text("{year}", year=first) if first == last else text("{first}–{last}", first=first, last=last)
        sentence = marked("{project} ({phase}), {how} in {n} of the {total} years looked at ({when})")
        if held == 0 and number == last - first + 1:  # a year between, or one that is shared, has a dated holder
            sentence = marked(
                "{project} ({phase}), {how} in {n} of the {total} years looked at ({when}, no holder dated there)"
            )
        filled = {"phase": label[cell[1]], "project": cell[0], "n": number, "total": int(length[cell]), "when": when}
        told.append(text(sentence, **filled, how=how[cell]))
        names.append(f"{cell[0]}: {cell[1]}")
    timeless = phases[(phases["gap"] > 0) & (phases["kind"] == "event")]
    for project, phase in timeless[["project", "phase"]].itertuples(index=False):
        told.append(text("{project} ({phase}), {how}", phase=label[phase], project=project, how=how[project, phase]))
        names.append(f"{project}: {phase}")
    if not told:
        said = counted(
            "For none of {n} known case (a phase of a project) does a source say that nobody held it, or that it was "
            "under negotiation.",
            "For none of the {n} known cases (a phase of a project) does a source say that nobody held it, or that it "
            "was under negotiation.",
            known,
        )
        return BriefSentence("gaps", said, 0, known, len(phases))
    said = counted(
        "In {gaps} of {n} known case (a phase of a project) a source says that for some or all of the time nobody held "
        "it or it was under negotiation: {cells}.",
        "In {gaps} of the {n} known cases (a phase of a project) a source says that for some or all of the time nobody "
        "held it or it was under negotiation: {cells}.",
        known,
        gaps=digits(f"{len(told):,}"),
        cells=listed(told, most=MOST_NAMES),
    )
    return BriefSentence("gaps", said, len(told), known, len(phases), tuple(names))


def _kinds_of_gap(study: Resolved) -> dict[tuple[str, str], str]:
    """Return by cell whether nobody held it, it was under negotiation, or each at a time."""
    rows = study.rows
    rows = rows.loc[(rows["use"] == "decides") & rows["status"].isin(GAP), ["project", "phase", "status"]]
    words = {"vacant": text("nobody"), "negotiating": text("under negotiation")}
    found: dict[tuple[str, str], set[str]] = {}
    for project, phase, status in zip(*(rows.drop_duplicates()[name].tolist() for name in rows), strict=True):
        found.setdefault((project, phase), set()).add(status)
    return {
        cell: listed([words[one] for one in words if one in statuses], any_of=True) for cell, statuses in found.items()
    }


_ON = {
    "denial": marked("on whether one who is named held it"),
    "exclusive": marked("on whether one actor held it alone"),
    "state": marked("on whether anybody held it"),
    "dates": marked("on when"),
    "kind": marked("on what kind of actor it was"),
}


def _disputes(study: Resolved) -> BriefSentence:
    """Tell in which cells sources contradict one another, out of those of which two or more speak."""
    label = {phase.key: phase.label for phase in study.codebook.phases}
    verdicts = study.agreement
    several = [cell for cell, verdict in verdicts.items() if verdict not in ("single", "")]
    contested = [cell for cell in several if verdicts[cell] == "contested"]
    spoken = len(verdicts)
    names = tuple(f"{project}: {phase}" for project, phase in contested)
    # Phases that no number counts (financing) are compared all the same, and the sentence says so.
    core = {phase.key for phase in study.codebook.core_phases}
    beside = [label[key] for key in dict.fromkeys(phase for _, phase in verdicts) if key not in core]
    more = text(", {phases} included", phases=listed([f"“{phase}”" for phase in beside])) if beside else ""
    base: dict[str, Any] = {"n": len(several), "spoken": digits(f"{spoken:,}"), "more": more}
    if not several:
        said = counted(
            "No two sources say who held or did not hold a case, so the {n} of which one does could not be "
            "compared{more}.",
            "No two sources say who held or did not hold a case, so none of the {n} of which one does could be "
            "compared{more}.",
            spoken,
            more=more,
        )
    elif not contested:
        said = counted(
            "Of the {spoken} cases of which a source says who held or did not hold them{more}, {n} has two or more "
            "such sources; they do not contradict each other on who held it, when, or what kind of actor it was; "
            "plans, sums of money, reasons and supporting roles are not compared.",
            "Of the {spoken} cases of which a source says who held or did not hold them{more}, {n} have two or more "
            "such sources; in none of these do they contradict each other on who held it, when, or what kind of "
            "actor it was; plans, sums of money, reasons and supporting roles are not compared.",
            **base,
        )
    else:
        places = [_contradiction(study, cell, label[cell[1]]) for cell in contested]
        said = counted(
            "Of the {spoken} cases of which a source says who held or did not hold them{more}, {n} has two or more "
            "such sources, which ({contested} of {n}) contradict each other: {places}; plans, sums of money, reasons "
            "and supporting roles are not compared.",
            "Of the {spoken} cases of which a source says who held or did not hold them{more}, {n} have two or more "
            "such sources; in {contested} of these they contradict each other: {places}; plans, sums of money, "
            "reasons and supporting roles are not compared.",
            **base,
            contested=digits(f"{len(contested):,}"),
            places=listed(places, most=MOST_NAMES),
        )
    return BriefSentence("disputes", said, len(contested), len(several), spoken, names)


def _contradiction(study: Resolved, cell: tuple[str, str], phase: str) -> str:
    """Return on what two sources contradict each other: "JSeI (Implemented by, “contract”: on when)"."""
    found = [
        one for one in study.compared.conflicts if one.standing == "contested" and (one.project, one.phase) == cell
    ]
    about = listed([text(_ON[kind]) for kind in dict.fromkeys(one.kind for one in found)])
    rows = tuple(row for one in found for row in (*one.rows_a, *one.rows_b))
    parts = {one.scope for one in statements_at(study.table, rows)}
    if len(parts) == 1 and "" not in parts:
        part = next(iter(parts))
        return text("{project} ({phase}, “{part}”: {on})", phase=phase, project=cell[0], part=part, on=about)
    return text("{project} ({phase}: {on})", phase=phase, project=cell[0], on=about)


def _sureness(study: Resolved, agreed: str) -> BriefSentence:
    """Tell how many of the known cells rest on one independent source, and how far coders agree."""
    core = [phase.key for phase in study.phases if phase.core]
    cases = sources_of_cases(study)
    number = cases.loc[cases["phase"].isin(core), "sources"]
    known, single = len(number), int((number == 1).sum())
    more = text("; {agreed}", agreed=agreed) if agreed else ""
    if not known:
        said = text("No number rests on any of the {n} statements.", n=digits(f"{len(study.rows):,}"))
    elif len(study.rows["source"].unique()) == 1:
        said = counted(
            "What counts of {n} known case comes from one source, the only one here{agreed}.",
            "What counts of the {n} known cases comes from one source, the only one here{agreed}.",
            known,
            agreed=more,
        )
    else:
        said = counted(
            "In {single} of {n} known case what counts comes from one source alone, or from several that repeat "
            "one{agreed}.",
            "In {single} of the {n} known cases what counts comes from one source alone, or from several that repeat "
            "one{agreed}.",
            known,
            single=digits(f"{single:,}"),
            agreed=more,
        )
    return BriefSentence("sureness", said, single, known, len(study.projects) * len(core))
