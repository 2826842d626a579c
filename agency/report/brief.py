"""The first screen: what the study shows, as bars with a few words beside them, and in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from agency.comparison import FROM_UNKNOWN
from agency.findings import summary
from agency.report.methods import counting_rule, reading
from agency.resolve import GAP
from agency.words import counted, in_sentence, in_words, listed, text
from agency.words import number as grouped

if TYPE_CHECKING:
    from agency.figures import SummaryBar
    from agency.report.material import Material

_EACH: Final = 120
"""With more projects than this a set of origins is one piece, not a piece for each project."""


@dataclass(frozen=True)
class Piece:
    """Part of a bar: projects in which the same origins are named."""

    x: float
    width: float
    """In percent of the bar."""
    styles: tuple[str, ...]
    """Classes of the origins, joint holders one above the other."""
    title: str
    """What it is, shown where a pointer rests on it."""


@dataclass(frozen=True)
class Bar:
    """A phase: who is named in how many of the projects."""

    label: str
    pieces: tuple[Piece, ...]
    rest: float
    """Where the blank rest begins, in percent."""
    known: str
    said: str
    """The commonest case in a few words."""


@dataclass(frozen=True)
class BriefView:
    """The first screen."""

    kicker: str
    title: str
    author: str
    lede: str
    bars: tuple[Bar, ...]
    bars_caption: str
    legend: tuple[tuple[str, str], ...]
    sentences: tuple[tuple[str, str], ...]
    """Name of the phase, or "", and what is said."""
    coders: str
    facts: tuple[tuple[str, str], ...]
    """What the report is made from and by which rules: name and text."""


def brief_view(material: Material) -> BriefView:
    """Return the first screen."""
    bars = material.bars
    return BriefView(
        kicker=_kicker(material),
        title=material.title or _title(material),
        author=material.codebook.study.author if not material.given_title else "",
        lede=_lede(material),
        bars=tuple(_bar(bar, material) for bar in bars),
        bars_caption=text(
            "Each piece of a bar is a project of which a source says who; where there are several holders, they "
            "share it."
        ),
        legend=_legend(bars, material),
        sentences=tuple(_split(one.said, {bar.phase.label for bar in bars}) for one in material.brief),
        coders=material.codebook.study.coders if material.agreement else "",
        facts=_facts(material),
    )


def _split(said: str, labels: set[str]) -> tuple[str, str]:
    label, colon, rest = said.partition(": ")
    return (label + colon.strip(), rest) if colon and label in labels else ("", said)


def _kicker(material: Material) -> str:
    windows = material.table.projects.loc[list(material.resolved.projects), ["window_start", "window_end"]].dropna()
    rows = material.resolved.rows
    parts = [
        counted("{n} project", "{n} projects", len(material.resolved.projects)),
        text("{first}–{last}", first=windows["window_start"].min(), last=windows["window_end"].max())
        if len(windows)
        else "",
        counted("{n} source", "{n} sources", rows["source"].nunique()),
        counted("{n} statement", "{n} statements", len(material.statements)),
    ]
    if material.view.mode == "snapshot":
        parts.append(text("as of {year}", year=material.view.year))
        if material.view.year == "end":
            parts[-1] = text("at the end of each project’s years")
    return " · ".join(part for part in parts if part)


def _title(material: Material) -> str:
    names = [material.labels[name] for name in material.resolved.listed]
    if len(names) <= 2:
        return text("Who holds what in {names}", names=listed(names))
    return text("Who holds what in {n} projects", n=in_words(len(material.resolved.projects)))


def _lede(material: Material) -> str:
    phases, projects = material.resolved.phases, len(material.resolved.projects)
    if len(phases) == 1:
        return text(
            "“{phase}”: who, according to the sources, and where the holders come from. Every name opens the passages "
            "it rests on.",
            phase=phases[0].label,
        )
    return counted(
        "For the project and each of {phases} phases of its life: who held it according to the sources, and where "
        "the holders come from. What no source says is left blank. Every name opens the passages it rests on.",
        "For each of {n} projects and each of {phases} phases of its life: who held it according to the sources, and "
        "where the holders come from. What no source says is left blank. Every name opens the passages it rests on.",
        projects,
        phases=in_words(len(phases)),
    )


def _bar(bar: SummaryBar, material: Material) -> Bar:
    pieces = []
    x, unit = 0.0, 100 / max(bar.of, 1)
    for group in bar.groups:
        styles = tuple(material.styles.get(key, key) for key in group.keys)
        names = [[name] for name in group.projects] if bar.of <= _EACH else [list(group.projects)]
        for one in names:
            labels = listed([material.labels[name] for name in one], most=8)
            title = text("{who}: {names}", who=_who(group.keys, material), names=labels)
            pieces.append(Piece(round(x, 3), round(unit * len(one), 3), styles, title))
            x += unit * len(one)
    known = text("{known} of {of} known", known=grouped(bar.known), of=grouped(bar.of))
    return Bar(bar.phase.label, tuple(pieces), round(x, 3), known, _commonest(bar, material))


def _commonest(bar: SummaryBar, material: Material) -> str:
    if not bar.groups:
        return text("No source says who")
    most = max(len(group.projects) for group in bar.groups)
    first = next(group for group in bar.groups if len(group.projects) == most)
    who = _who(first.keys, material)
    if most == bar.known:
        return counted("{who} in the one known case", "{who} in all {n} known cases", most, who=who)
    numbers = {"most": grouped(most), "known": grouped(bar.known)}
    if sum(len(group.projects) == most for group in bar.groups) > 1:
        return text("{who} in {most} of {known} known (a tie)", who=who, **numbers)
    return text("{who} in {most} of {known} known cases", who=who, **numbers)


def _who(keys: tuple[str, ...], material: Material) -> str:
    if keys[0] in GAP:
        return text("Nobody") if keys[0] == "vacant" else text("Still under negotiation")
    labels = [
        in_sentence(material.origin_labels[key]) if key in material.origin_labels else text("unknown origin")
        for key in keys
    ]
    if len(labels) > 1:
        return text("{origins} named", origins=listed(labels))
    return text("Only {origin} named", origin=labels[0])


def _legend(bars: tuple[SummaryBar, ...], material: Material) -> tuple[tuple[str, str], ...]:
    used = {key for bar in bars for group in bar.groups for key in group.keys}
    found = [
        (style, material.origin_labels[key])
        for key, style in material.styles.items()
        if key in used and key != FROM_UNKNOWN
    ]
    gaps = {"vacant": text("Nobody"), "negotiating": text("Under negotiation")}
    found += [(key, label) for key, label in gaps.items() if key in used]
    return (
        *found,
        ("unknown", text("No source says, or not where from") if FROM_UNKNOWN in used else text("No source says")),
    )


def _facts(material: Material) -> tuple[tuple[str, str], ...]:
    facts, method = material.facts, material.method
    rule = text("{reading}; {counting}.", reading=reading(material.view), counting=counting_rule(material.view))
    alleged = text("count") if material.view.include_alleged else text("are named but not counted")
    found = summary(material.table.findings)
    return (
        (text("Data"), text("{name}, SHA-256 {hash}", name=facts.table, hash=facts.sha256)),
        (text("How it counts"), rule[:1].upper() + rule[1:]),
        (
            text("What counts"),
            text(
                "Of the statements on the {listed} projects listed first, {used} of {total} decide the numbers; "
                "alleged ones {alleged}. The bars above count all {selected} projects and statements of every rank.",
                used=grouped(method["statements_used"]),
                total=grouped(method["statements_total"]),
                listed=grouped(method["listing"]["listed"]),
                selected=grouped(method["listing"]["selected"]),
                alleged=alleged,
            ),
        ),
        (text("Check of the data"), found[:1].upper() + found[1:]),
        (text("Made with"), text("{software}, {rules}", software=facts.software, rules=facts.rules)),
        *([(text("Date"), facts.date)] if facts.date else []),
    )
