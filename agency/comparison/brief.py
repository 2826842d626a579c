"""What a study shows, in at most ten sentences, each with its numbers and what they are out of.

One sentence on the extent, one for each of at most six core phases (else one for each block), one on what nobody held,
one on what sources dispute, one on how sure it is. They are generated from any codebook's labels and say no more than
the statements: who is *named*, of how many projects a source says so, and of how many none does.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from agency.references import independent_groups
from agency.resolve import GAP
from agency.words import counted, listed, text

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
    (10, 'Managed and operated by: in both projects, only local actors are named as in charge.')
    """
    study = resolved if resolved.view.mode == "static" else resolved.under(mode="static", year=None)
    # Who is named is told of every statement that counts, also of those that preferred ones outrank in the tables.
    spoken = study.under(rank="all", min_phases=0)
    told = [_phase_sentence(spoken, group) for group in _groups(study)]
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
    spoken = resolved.under(rank="all", min_phases=0)
    return {phase.key: _patterns(spoken, _Group(phase.key, phase.label, (phase,))) for phase in spoken.phases}


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
    statements = counted("{n} statement", "{n} statements", len(rows))
    said = counted(
        "{n} project, {statements} from {sources}; they say who was in charge of {known} of its {phases} phases, and "
        "the numbers rest on {used} of {statements}.",
        "{n} projects, {statements} from {sources}; for {rich} of the {n} projects they say who was in charge of at "
        "least half of the {phases} phases, and the numbers rest on {used} of the {statements}.",
        len(study.projects),
        statements=statements,
        sources=counted("{n} source", "{n} sources", rows["source"].nunique()),
        rich=f"{len(rich):,}",
        known=max(known.values(), default=0),
        phases=len(core),
        used=f"{used:,}",
    )
    return BriefSentence("extent", said, len(rich), len(study.projects), len(study.projects), rich)


def _patterns(study: Resolved, group: _Group) -> dict[str, tuple[str, ...] | str]:
    """Return by project the origins named for a phase (in codebook order), or `NOBODY`; not the unknown ones.

    A project counts as known with a holder of known origin, or where a source says that nobody held the phase.
    """
    data: Profile = study.every
    at = [data.phases.index(phase.key) for phase in group.phases]
    present = np.atleast_2d(np.any(data.present[:, at], axis=1))
    empty = (data.holders[:, at] == 0) & (data.gap[:, at] > 0)
    nobody = np.any(empty, axis=1) & ~np.any(data.holders[:, at] > 0, axis=1)
    found: dict[str, tuple[str, ...] | str] = {}
    for number, project in enumerate(data.projects):
        origins = tuple(np.asarray(data.origins)[present[number]].tolist())
        if origins:
            found[project] = origins
        elif nobody[number]:
            found[project] = NOBODY
    return found


def _phase_sentence(study: Resolved, group: _Group) -> BriefSentence:
    """Tell who is named for a phase, in how many of the known cases, and of how many no source says."""
    of, patterns = len(study.projects), _patterns(study, group)
    known = len(patterns)
    if not known:
        said = counted(
            "{label}: no source says who, in {n} of {n} project.",
            "{label}: no source says who, in any of the {n} projects.",
            of,
            label=group.label,
        )
        return BriefSentence(group.key, said, 0, 0, of)
    frequent = Counter(patterns.values()).most_common()
    first = frequent[0][1]
    told = _told(study, group, patterns, frequent)
    if known == of:
        rest = ""
    elif known == of - 1:
        rest = text("; of the other one no source says")
    else:
        rest = text("; of the other {n} no source says", n=f"{of - known:,}")
    said = text("{label}: {told}{rest}.", label=group.label, told=told, rest=rest)
    exceptions = tuple(name for name, pattern in patterns.items() if pattern != frequent[0][0])
    return BriefSentence(group.key, said, first, known, of, exceptions)


def _told(
    study: Resolved,
    group: _Group,
    patterns: Mapping[str, tuple[str, ...] | str],
    frequent: Sequence[tuple[tuple[str, ...] | str, int]],
) -> str:
    known = len(patterns)
    if len(frequent) == 1:
        who = _named(study, frequent[0][0])
        ended = _until(study, group, tuple(patterns))
        if known == 1:
            return text("in {project}, {who}{ended}", project=next(iter(patterns)), who=who, ended=ended)
        if known == len(study.projects):
            every = text("in both projects") if known == 2 else text("in all {n} projects", n=f"{known:,}")
        else:
            every = text("in all {n} projects of which a source says who", n=f"{known:,}")
        return text("{every}, {who}{ended}", every=every, who=who, ended=ended)
    parts, names_left = [], MOST_NAMES
    for place, (pattern, number) in enumerate(frequent[:MOST_PATTERNS]):
        names = [name for name, other in patterns.items() if other == pattern]
        shown = ""
        if place and number <= names_left:
            shown, names_left = text(" ({names})", names=listed(names)), names_left - number
        who = _named(study, pattern)
        parts.append(text("in {n} {who}{shown}", n=f"{number:,}", who=who, shown=shown))
    others = known - sum(number for _, number in frequent[:MOST_PATTERNS])
    if others:
        parts.append(text("{n} differ from these", n=f"{others:,}"))
    ended = _until(study, group, tuple(patterns))
    sentence = "of {known} projects of which a source says who, {parts}{ended}"
    if known == len(study.projects):
        sentence = "of {known} projects, {parts}{ended}"
    return text(sentence, known=f"{known:,}", parts=listed(parts), ended=ended)


def _named(study: Resolved, pattern: tuple[str, ...] | str) -> str:
    """Return whom the sources name: "only Chinese actors are named as in charge"."""
    if pattern == NOBODY:
        return text("nobody was in charge")
    labels = {origin.key: origin.label for origin in study.codebook.origins}
    own = {"local": text("local"), "other": text("other"), "mixed": text("mixed")}
    names = [own.get(key, labels.get(key, key)) for key in pattern]
    if len(names) == 1:
        return text("only {origin} actors are named as in charge", origin=names[0])
    return text("{origins} actors are named as in charge together", origins=listed(names))


def _inside(label: str) -> str:
    """Return a label as it stands inside a sentence: design; an acronym stays as it is."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _until(study: Resolved, group: _Group, projects: tuple[str, ...]) -> str:
    """Return where the years of a continuing phase end before the window does: ", at ECU 911 until 2018"."""
    lasting = [phase.key for phase in group.phases if phase.kind == "continuing"]
    if not lasting:
        return ""
    matrix = study.whole
    held = matrix.year_shares[matrix.year_shares["phase"].isin(lasting) & matrix.year_shares["project"].isin(projects)]
    last = held.groupby("project", sort=False)["year"].max()
    after = matrix.years[matrix.years["phase"].isin(lasting) & (matrix.years["gap"] > 0)]
    empty = after.groupby("project")["year"].max()
    ended = [(name, int(last[name])) for name in projects if name in last.index and empty.get(name, 0) > last[name]]
    if not ended:
        return ""
    places = [text("at {project} until {year}", project=name, year=year) for name, year in ended]
    return text(", {places}", places=listed(places, most=MOST_NAMES))


def _gaps(study: Resolved) -> BriefSentence:
    """Tell which phases nobody held, and in which years, out of those of which a source says anything."""
    matrix = study.whole.part(study.projects, tuple(phase.key for phase in study.phases if phase.core))
    phases = matrix.phases
    known = int(((phases["held"] > 0) | (phases["gap"] > 0)).sum())
    label = {phase.key: phase.label for phase in study.phases}
    years = matrix.years[matrix.years["gap"] > 0]
    spans = years.groupby(["project", "phase"], sort=False)["year"].agg(["min", "max", "size"])
    length = matrix.years.groupby(["project", "phase"])["year"].size()
    told: list[str] = []
    names: list[str] = []
    for cell in spans.index:
        first, last, number = (int(spans.loc[cell, column]) for column in ("min", "max", "size"))
        when = text("{year}", year=first) if first == last else text("{first}–{last}", first=first, last=last)
        sentence = "{project} ({phase}) in {n} of {total} years ({when})"
        filled = {"phase": label[cell[1]], "project": cell[0], "n": number, "total": int(length[cell]), "when": when}
        told.append(text(sentence, **filled))
        names.append(f"{cell[0]}: {cell[1]}")
    timeless = phases[(phases["gap"] > 0) & (phases["kind"] == "event")]
    for project, phase in timeless[["project", "phase"]].itertuples(index=False):
        told.append(text("{project} ({phase})", phase=label[phase], project=project))
        names.append(f"{project}: {phase}")
    if not told:
        said = counted(
            "In {none} of {n} case (a phase of a project) that a source speaks of was nobody in charge.",
            "In none of the {n} cases (a phase of a project) that a source speaks of was nobody in charge.",
            known,
            none=0,
        )
        return BriefSentence("gaps", said, 0, known, len(phases))
    said = counted(
        "In {gaps} of {n} case (a phase of a project) that a source speaks of nobody was in charge, or it was still "
        "under negotiation, for some time or throughout: {cells}.",
        "In {gaps} of the {n} cases (a phase of a project) that a source speaks of nobody was in charge, or it was "
        "still under negotiation, for some time or throughout: {cells}.",
        known,
        gaps=f"{len(told):,}",
        cells=listed(told, most=MOST_NAMES),
    )
    return BriefSentence("gaps", said, len(told), known, len(phases), tuple(names))


def _disputes(study: Resolved) -> BriefSentence:
    """Tell in which cells sources contradict one another, out of those of which two or more speak."""
    label = {phase.key: phase.label for phase in study.codebook.phases}
    verdicts = study.agreement
    several = [cell for cell, verdict in verdicts.items() if verdict not in ("single", "")]
    contested = [cell for cell in several if verdicts[cell] == "contested"]
    spoken = len(verdicts)
    names = tuple(f"{project}: {phase}" for project, phase in contested)
    if not several:
        said = counted(
            "In {none} of {n} case that a source speaks of do two sources speak, so none could be compared.",
            "In none of the {n} cases that a source speaks of do two sources speak, so none could be compared.",
            spoken,
            none=0,
        )
    elif not contested:
        said = counted(
            "Sources contradict each other in {none} of {n} case that two or more speak of, as far as comparing who "
            "was in charge, when, and of what kind can tell; amounts and reasons are not compared.",
            "Sources contradict each other in none of the {n} cases that two or more speak of, as far as comparing who "
            "was in charge, when, and of what kind can tell; amounts and reasons are not compared.",
            len(several),
            none=0,
        )
    else:
        places = [text("{project} ({phase})", phase=label[phase], project=name) for name, phase in contested]
        said = counted(
            "Sources contradict each other in {contested} of {n} case that two or more speak of: {places}.",
            "Sources contradict each other in {contested} of the {n} cases that two or more speak of: {places}.",
            len(several),
            contested=f"{len(contested):,}",
            places=listed(places, most=MOST_NAMES),
        )
    return BriefSentence("disputes", said, len(contested), len(several), spoken, names)


def _sureness(study: Resolved, agreed: str) -> BriefSentence:
    """Tell how many of the known cells rest on one independent source, and how far coders agree."""
    core = [phase.key for phase in study.phases if phase.core]
    rows = study.rows
    rows = rows[rows["use"].isin(["decides", "dates"]) & rows["phase"].isin(core)]
    rows = rows[rows["status"].isin(["held", *GAP])]
    group = independent_groups(sorted(rows["source"].unique()), study.table.sources)
    number = rows["source"].map(group).groupby([rows["project"], rows["phase"]], sort=False).nunique()
    known, single = len(number), int((number == 1).sum())
    if not known:
        said = text("None of the {n} statements says who was in charge.", n=f"{len(study.rows):,}")
    else:
        said = counted(
            "{single} of {n} case in which a source says who was in charge, or that nobody was, rests on a single "
            "source, or on several that retell one{agreed}.",
            "{single} of the {n} cases in which a source says who was in charge, or that nobody was, rest on a single "
            "source, or on several that retell one{agreed}.",
            known,
            single=f"{single:,}",
            agreed=text("; {agreed}", agreed=agreed) if agreed else "",
        )
    return BriefSentence("sureness", said, single, known, len(study.projects) * len(core))
