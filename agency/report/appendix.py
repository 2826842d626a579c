"""The appendix: the numbers behind the page, each with its rule, its range and its reason where there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from agency.comparison import order_measure
from agency.figures import uncounted_phases
from agency.findings import in_order
from agency.indicators import INDICATORS
from agency.references import Piece, first_keys, keyed_bibliography, reference_text
from agency.report.methods import methods_paragraph
from agency.sheets import agreement_sheets, choice_in_words, foreign_share, missing, two, written
from agency.words import counted, listed, marked, percent, text

if TYPE_CHECKING:
    import pandas as pd

    from agency.findings import Finding
    from agency.formats import Sheet
    from agency.report.material import Material

_ALIKE: Final = 1e-12
_SHADES: Final = 5
Value = tuple[Any, float, float, str, float]
"""value, low, high, why there is none, and the value with the other actors where that differs (else NaN)."""


@dataclass(frozen=True)
class Reference:
    """One entry of the bibliography."""

    anchor: str
    runs: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The entry as plain text."""
        return reference_text(self.runs)


@dataclass(frozen=True)
class BarRow:
    """The composition of a project in one reading."""

    project: str
    reading: str
    pieces: tuple[tuple[str, float, float], ...]
    """Class, start and width in percent."""
    numbers: tuple[tuple[str, str], ...]
    """As sorted and as printed."""


@dataclass(frozen=True)
class Composition:
    """Compositions as bars beside their numbers."""

    legend: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    rows: tuple[BarRow, ...]


@dataclass(frozen=True)
class Dot:
    """An indicator of a project: its value and range on the scale, in percent of its width; or words alone."""

    project: str
    value: str
    said: str
    at: float | None
    low: float | None
    width: float | None


@dataclass(frozen=True)
class IndicatorView:
    """An indicator with its definition, its values, and why some projects have none."""

    title: str
    key: str
    definition: tuple[tuple[str, str], ...]
    scale: tuple[str, str]
    dots: tuple[Dot, ...]
    without: tuple[str, ...]
    """A dash, the reason, and the projects it holds for."""


@dataclass(frozen=True)
class Distance:
    """How far two projects are apart."""

    value: str
    shade: int
    """0 (alike) to 4; -1 where too little is known."""
    n: int


@dataclass(frozen=True)
class Comparison:
    """Projects against one another."""

    projects: tuple[str, ...]
    rows: tuple[tuple[Distance, ...], ...]


@dataclass(frozen=True)
class Table:
    """A plain table: heads, which of them are numbers, rows."""

    caption: str
    label: str
    columns: tuple[str, ...]
    numeric: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class AppendixView:
    """Everything folded at the end."""

    uncounted: str
    """Why there are no numbers; "" where there are."""
    composition: Composition | None
    indicators: tuple[IndicatorView, ...]
    comparison: Comparison | None
    regularities: Table | None
    robustness: Table | None
    choices: str
    agreement: tuple[Sheet, ...]
    methods: str
    problems: Table | None
    references: tuple[Reference, ...]


def appendix_view(material: Material, entries: Mapping[str, Reference]) -> AppendixView:
    """Return the appendix: numbers of the projects that the page shows, methods and problems of all."""
    counted_, page = material.counted, material.page
    found = material.robustness if counted_ else None
    return AppendixView(
        uncounted="" if counted_ else uncounted_phases(material.resolved),
        composition=_composition(page) if counted_ else None,
        indicators=_indicators(page) if counted_ else (),
        comparison=_comparison(page) if counted_ else None,
        regularities=_regularities(page) if counted_ and len(page.resolved.projects) > 1 else None,
        robustness=None if found is None else _robustness(found, material),
        choices="" if found is None else listed([_choice(one, material) for one in found["choices"]], most=60),
        agreement=tuple(agreement_sheets(material.agreement)) if material.agreement is not None else (),
        methods=methods_paragraph(material, command=False),
        problems=_problems(material.table.findings),
        references=tuple(dict.fromkeys(entries.values())),
    )


def references(material: Material) -> Mapping[str, Reference]:
    """Return the bibliography of everything the register cites, by source key, in order of the alphabet."""
    table = material.table
    evidence = {row.source for cell in material.everything.cells.values() for row in cell.evidence}
    # The letters of the whole table, as everywhere in the report; of two keys of one work, one entry.
    first = first_keys(table.cited, table.sources)
    shown = {first.get(key, key) for key in evidence}
    printed = [(key, entry) for key, entry in keyed_bibliography(table.sources, table.cited) if key in shown]
    printed += [(key, (Piece(key),)) for key in sorted(evidence - set(first))]
    entries = {key: Reference(f"s{at}", entry) for at, (key, entry) in enumerate(printed)}
    return entries | {key: entries[first[key]] for key in sorted(evidence - set(entries))}


_READINGS: Final = {"static": "at any time", "time": "year by year", "snapshot": "in the year shown"}
_ACTORS: Final = {
    "actors whole": marked("actors as what they are part of"),
    "actors named": marked("actors as they are named"),
}


def _composition(material: Material) -> Composition:
    """Return the bars; year by year below, where the years change the picture."""
    codebook = material.codebook
    labels = {origin.key: origin.label for origin in codebook.origins if origin.key != "unknown"}
    labels |= {"gap": text("Nobody"), "unknown": text("Not known")}
    frames = {mode: _by_project(frame) for mode, frame in material.compositions.items()}
    projects = next(iter(frames.values()))
    rows = [(name, mode, found[name]) for name in projects for mode, found in frames.items() if name in found]
    used = [name for name in labels if name in ("local", "gap", "unknown") or any(row[2].get(name) for row in rows)]
    styles = {**material.styles, "gap": "vacant", "unknown": "unknown"}
    return Composition(
        tuple((styles[name], labels[name]) for name in used),
        (*(labels[name] for name in used), text("Known origin")),
        tuple(_bar_row(row, used, styles, material) for row in rows),
    )


def _by_project(frame: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return the numbers by project and name; undefined ones are left out."""
    values: dict[str, dict[str, float]] = {}
    for project, key, value in frame[["project", "key", "value"]].itertuples(index=False):
        numbers = values.setdefault(str(project), {})
        if not missing(value):
            numbers[str(key).removeprefix("composition.")] = float(value)
    return values


def _bar_row(
    row: tuple[str, str, dict[str, float]], used: Sequence[str], styles: Mapping[str, str], material: Material
) -> BarRow:
    project, mode, values = row
    pieces, start = [], 0.0
    for name in used:
        share = values.get(name, 0.0)
        if share > _ALIKE:
            pieces.append((styles[name], round(100 * start, 3), round(100 * share, 3)))
        start += share
    numbers = tuple(
        (repr(values[name]), percent(values[name])) if name in values else ("", "–") for name in (*used, "coverage")
    )
    how, _, other = mode.partition(", ")
    said = text(_READINGS[how])
    if other:
        said = text("{how}; {actors}", how=said, actors=text(_ACTORS[other]))
    return BarRow(material.labels[project], said, tuple(pieces), numbers)


_ROWS: Final = (
    (marked("Local share"), "share", "share.local", "share", (0.0, 1.0)),
    (marked("Foreign share"), "share", "", "share", (0.0, 1.0)),
    (marked("Effective actors"), "effective_actors", "effective_actors", "number", (1.0, 0.0)),
    (marked("Upstream–technical gap"), "upstream_technical_gap", "upstream_technical_gap", "number", (-1.0, 1.0)),
    (marked("Phases with one holder, a foreign one"), "sole_foreign_phases", "sole_foreign_phases", "list", None),
    (marked("Build-to-maintain overlap"), "lock_in", "lock_in.value", "number", (0.0, 1.0)),
    (marked("Owner continuity"), "owner_continuity", "owner_continuity.value", "number", (0.0, 1.0)),
    (marked("Orphaned time"), "orphaned", "orphaned.continuing", "share", (0.0, 1.0)),
    (
        marked("Dependence screen, technical phases"),
        "dependence_test",
        "dependence_test.technical.dependent",
        "text",
        None,
    ),
    (marked("Dependence screen, all phases"), "dependence_test", "dependence_test.all.dependent", "text", None),
    (marked("Weakest link"), "weakest_link", "weakest_link.value", "share", (0.0, 1.0)),
    (marked("Bus factor"), "bus_factor", "bus_factor", "count", (1.0, 0.0)),
    (marked("Coverage"), "coverage", "coverage", "share", (0.0, 1.0)),
)
"""Title, indicator, key of the value, unit, and the ends of the scale (the greatest value where the second is less)."""


def _indicators(material: Material) -> tuple[IndicatorView, ...]:
    values: dict[str, dict[str, Value]] = {}
    other = "whole" if material.view.actors == "named" else "named"
    frame = material.measured[["project", "key", "value", "low", "high", "why", other]]
    for project, key, value, low, high, why, otherwise in frame.itertuples(index=False):
        values.setdefault(str(project), {})[str(key)] = (value, low, high, str(why), otherwise)
    foreign = material.codebook.foreign_origins
    catalogue = {entry.key: entry for entry in INDICATORS}
    views = []
    for title, name, key, unit, ends in _ROWS:
        found = {
            project: of[key] if key else foreign_share(of, foreign) for project, of in values.items() if key or foreign
        }
        if not found:
            continue
        entry = catalogue[name]
        definition = (
            (text("Formula"), text(entry.formula)),
            (text("How to read it"), text(entry.reading)),
            (text("What it does not say"), text(entry.limits)),
            (text("Not known, and nobody"), text(entry.blanks)),
            (text("After"), text(entry.source)),
        )
        views.append(_indicator(text(title), key or f"{name}.*", definition, (unit, ends), found, material))
    return tuple(views)


def _indicator(
    title: str,
    key: str,
    definition: tuple[tuple[str, str], ...],
    written_as: tuple[str, tuple[float, float] | None],
    found: Mapping[str, Value],
    material: Material,
) -> IndicatorView:
    unit, ends = written_as
    numbers = [float(value) for value, *_ in found.values() if not missing(value) and isinstance(value, (int, float))]
    first, last = ends or (0.0, 1.0)
    last = last if last > first else max([*numbers, first + 1])
    dots, reasons = [], dict[str, list[str]]()
    for project, (value, low, high, why, otherwise) in found.items():
        if missing(value):
            said = text(why)
            # "insufficient: coverage is below 1/2" stands under what says that it is insufficient.
            cut = said.partition(": ")[2] if why.startswith("insufficient: ") else said
            reasons.setdefault(cut or said or text("not defined"), []).append(project)
            continue
        names = value if isinstance(value, (list, tuple)) else None
        said = listed([material.phase_labels.get(one, str(one)) for one in names]) if names is not None else ""
        at = None if ends is None else round(100 * (float(value) - first) / (last - first), 2)
        ranged = ends is not None and not missing(low) and high - low > _ALIKE
        start = round(100 * (low - first) / (last - first), 2) if ranged else None
        width = round(100 * (high - low) / (last - first), 2) if ranged else None
        said = said or written(value, unit)
        if ranged:
            said = text("{value} ({low} to {high})", value=said, low=written(low, unit), high=written(high, unit))
        if not missing(otherwise):
            actors = _ACTORS[f"actors {'whole' if material.view.actors == 'named' else 'named'}"]
            number = written(int(otherwise) if unit == "count" else otherwise, unit)
            said = text("{value}; {actors}: {number}", value=said, actors=text(actors), number=number)
        dots.append(Dot(material.labels[project], "" if at is None else repr(float(value)), said, at, start, width))
    without = tuple(
        text("– {why}: {projects}", why=why, projects=listed([material.labels[name] for name in names], most=40))
        for why, names in reasons.items()
    )
    scale = ("", "") if ends is None else (written(first, unit), written(last, unit))
    return IndicatorView(title, key, definition, scale, tuple(dots), without)


def _comparison(material: Material) -> Comparison | None:
    found = material.compared
    if found is None:
        return None
    by = order_measure(timed=material.view.mode == "time")
    order, table = found.get("order") or found["projects"], found.get("matrix", {}).get(by)
    if table is None:
        entry = found["distance"][by]
        table = {one: {other: entry for other in order if other != one} for one in order}
    rows = [
        tuple(_distance(table[one][other]) if one != other else Distance("", -2, 0) for other in order) for one in order
    ]
    return Comparison(tuple(material.labels[name] for name in order), tuple(rows))


def _distance(entry: Mapping[str, Any]) -> Distance:
    value = entry["value"]
    if value is None:
        return Distance("–", -1, entry["compared_phases"])
    return Distance(two(value), min(int(value * _SHADES), _SHADES - 1), entry["compared_phases"])


def _regularities(material: Material) -> Table:
    found, labels = material.regularities, material.origin_labels
    every = [key for key in labels if key != "unknown"]
    used = [key for key in every if any(entry["consistency"].get(key, {}).get("held_in") for entry in found.values())]
    rows = []
    for phase, entry in found.items():
        pattern = entry["pattern"]
        who = "–" if pattern is None else listed([labels.get(key, text("nobody")) for key in pattern])
        holds = text("{n} of {known}", n=entry["holds_in"], known=entry["known_in"])
        shares = [
            text("{n} of {known}", n=one["held_in"], known=one["known_in"]) if one["value"] is not None else "–"
            for one in (entry["consistency"][key] for key in used)
        ]
        exceptions = listed([material.labels[name] for name in entry["exceptions"]]) if entry["exceptions"] else "–"
        rows.append((material.phase_labels[phase], who, holds, *shares, exceptions))
    return Table(
        text("What is alike across the projects: the commonest origins of each phase, out of the known cases."),
        "regularities",
        (
            text("Phase"),
            text("Commonest"),
            text("Holds in"),
            *(text("Held by {origin}", origin=labels[key]) for key in used),
            text("Exceptions"),
        ),
        tuple(range(2, 3 + len(used))),
        tuple(rows),
    )


def _robustness(found: dict[str, Any], material: Material) -> Table:
    units = {entry.key: entry for entry in INDICATORS}
    rows = []
    for project, entries in found["projects"].items():
        for key, entry in entries.items():
            indicator = units[key.split(".", 1)[0]]
            if not entry["moved_by"] or not indicator.headline:
                continue
            unit = "number" if indicator.unit == "count" else indicator.unit
            flag = key.endswith(".dependent")
            numbers = [
                "–" if entry[name] is None else written(bool(entry[name]) if flag else entry[name], unit)
                for name in ("value", "low", "high")
            ]
            name = " · ".join([text(indicator.title), *(_part(part, material) for part in key.split(".")[1:])])
            rows.append((material.labels[project], name, *numbers, _choice(entry["moved_by"], material)))
    return Table(
        text("Each number again under one other choice at a time. Left out is what no choice moves."),
        "robustness",
        (text("Project"), text("Number"), text("Value"), text("Least"), text("Greatest"), text("Moved most")),
        (2, 3, 4),
        tuple(rows),
    )


_PARTS: Final = {
    "all": marked("all phases"),
    "technical": marked("technical phases"),
    "continuing": marked("continuing"),
    "dependent": marked("dependent"),
    "hhi_foreign": marked("hhi foreign"),
    "foreign_share": marked("foreign share"),
    "no_local_coholder": marked("no local coholder"),
    "value": marked("value"),
}
"""Last parts of the keys of headline indicators."""


def _part(part: str, material: Material) -> str:
    known = {**material.phase_labels, **material.origin_labels, "gap": text("Nobody")}
    return known.get(part) or text(_PARTS.get(part, part.replace("_", " ")))


def _choice(said: str, material: Material) -> str:
    """Return another choice in words, phases and sources by their names."""
    source = said.removeprefix("without source ")
    if source != said:
        return text("without {source}", source=material.table.short_form(source))
    phase = material.phase_labels.get(said.removeprefix("without "))
    return text("without “{phase}”", phase=phase) if phase else choice_in_words(said, material.table.codebook)


def _problems(findings: Sequence[Finding]) -> Table | None:
    """Return what the check of the table found; findings that say the same are one row with their first lines."""
    kinds: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in in_order(findings):
        kinds.setdefault((finding.severity, finding.file, finding.message), []).append(finding)
    if not kinds:
        return None
    rows = []
    for (severity, file, message), group in kinds.items():
        lines = [str(one.line) for one in group if one.line]
        where = (
            counted(
                "{file}, line {lines}",
                "{file}, lines {lines}",
                len(lines),
                file=file,
                lines=listed(lines, most=5),
            )
            if lines
            else file
        )
        rows.append((text(severity), where, message))
    return Table(
        counted("The check left {n} remark.", "The check left {n} remarks.", len(findings)),
        "problems",
        (text("Severity"), text("Where"), text("What was found")),
        (),
        tuple(rows),
    )
