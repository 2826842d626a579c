"""How a report was made: the methods paragraph, only what is true of its data, and how to make it again."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal

from agency.about import DISTRIBUTION, METHOD_VERSION, __version__
from agency.agreement import DECIDED
from agency.errors import UsageError
from agency.indicators import method_block
from agency.resolve import View
from agency.words import ENGLISH, counted, digits, in_words, language, listed, marked, number, percent, text

if TYPE_CHECKING:
    import pandas as pd

    from agency.report.material import Material
    from agency.table import Table


@dataclass(frozen=True)
class Given:
    """What was typed that neither the view nor the table holds, for the command that makes the report again."""

    data: str | None = None
    """DATA; the table's file name when None, "" for the shipped study."""
    reading: tuple[tuple[str, str], ...] = ()
    """Options of the reader: (("--delimiter", ";"), ...)."""


def methods_paragraph(material: Material, *, command: bool = True) -> str:
    """Return the methods paragraph: data, coding, windows, counting rule, weights, blanks, versions, hash.

    Parameters
    ----------
    material
        The table as it is selected.
    command
        Whether to end with the command that makes the report again.

    Returns
    -------
    str
        One paragraph of complete sentences.

    Examples
    --------
    >>> import agency
    >>> from agency.report.material import Material
    >>> from agency.report.methods import provenance
    >>> study = agency.load().select(project=["ECU 911", "JSeI"])
    >>> material = Material(study.resolved, provenance(study.data, "agency report"))
    >>> "two projects" in methods_paragraph(material)
    True
    """
    rows = material.statements
    sentences = [
        *_data(rows, material),
        *_coding(rows, material.table.codebook.study.coders),
        *_condition(material),
        *_selected(material),
        *_phases(material),
        *_windows(material),
        *_rank(rows, material),
        *_rests_on(material),
        *_left_aside(rows, material),
        *((*_counting(material), *_blanks(material)) if material.counted else ()),
        _made(material, command=command),
    ]
    return " ".join(sentences)


def _made(material: Material, *, command: bool) -> str:
    facts = material.facts
    sentence = marked("The numbers were computed with {software} ({rules}){end}")
    if not material.counted:
        sentence = marked("The report was made with {software} ({rules}){end}")
    end = text("; the command is: {command}", command=facts.command) if command else "."
    return text(sentence, software=facts.software, rules=facts.rules, end=end)


def _data(rows: pd.DataFrame, material: Material) -> list[str]:
    projects, sources = rows["project"].nunique(), rows["source"].nunique()
    quoted = int((rows["quote"] != "").sum())
    sentence = marked("The data are {statements} on {projects} from {sources} (file {file}, SHA-256 {sha256}).")
    if quoted == len(rows) and quoted:
        sentence = marked(
            "The data are {statements} on {projects} from {sources}, each with a verbatim passage (file {file}, "
            "SHA-256 {sha256})."
        )
    elif quoted:
        sentence = marked(
            "The data are {statements} on {projects} from {sources}, {quoted} of them with a verbatim passage (file "
            "{file}, SHA-256 {sha256})."
        )
    said = text(
        sentence,
        statements=counted("{n} statement", "{n} statements", len(rows)),
        projects=counted("{n} project", "{n} projects", projects),
        sources=counted("{n} source", "{n} sources", sources),
        quoted=number(quoted),
        file=material.facts.table,
        sha256=material.facts.sha256,
    )
    each = "Each says which actor, according to a source, held a phase of a project and, if it says so, in which years."
    return [said, text(each)]


def _coding(rows: pd.DataFrame, coders: str) -> list[str]:
    # "adjudicated: A" says who decided between coders: it is no coder.
    decided = rows["coder"].str.match(DECIDED)
    coded = (rows["coder"] != "") & ~decided
    said = counted(
        "{n} statement is what was decided between coders (adjudicated).",
        "{n} statements are what was decided between coders (adjudicated).",
        int(decided.sum()),
    )
    sentences = [said] if decided.any() else []
    if coders:
        sentences.append(text("The coders were: {coders}.", coders=coders.rstrip(".")))
    if not coded.any():
        return sentences or [text("The table does not say who coded the statements.")]
    coders_named = rows.loc[coded, "coder"].nunique()
    entries = counted("one entry", "{number} different entries", coders_named, number=in_words(coders_named))
    sentence = marked("A column names the coder of {coded} of them ({entries}: {names}).")
    if coded.all():
        sentence = marked("A column names the coder of each statement ({entries}: {names}).")
    names = listed(sorted(set(rows.loc[coded, "coder"])), most=6)
    return [text(sentence, coded=number(int(coded.sum())), entries=entries, names=names), *sentences]


def _condition(material: Material) -> list[str]:
    where = material.view.where
    return [text("Only statements that meet a condition were taken: {where}.", where=where)] if where else []


def _selected(material: Material) -> list[str]:
    shown, out = len(material.cells.projects), len(material.cells.left_out)
    forms = ("The table covers {number} project", "The table covers {number} projects")
    if material.counted:
        forms = (
            "The table and the numbers cover {number} project",
            "The table and the numbers cover {number} projects",
        )
    covered = counted(*forms, shown, number=in_words(shown))
    if not out:
        return [f"{covered}."]
    reasons = (
        "{number} of {all} with fewer than {least} core phases known is not listed",
        "{number} of {all} with fewer than {least} core phases known are not listed",
    )
    if material.view.mode == "snapshot":
        reasons = (
            "{number} of {all} with fewer than {least} core phases known or without the year in the window is not "
            "listed",
            "{number} of {all} with fewer than {least} core phases known or without the year in the window are not "
            "listed",
        )
    least = in_words(material.view.min_phases)
    left = counted(*reasons, out, number=in_words(out), all=in_words(shown + out), least=least)
    return [text("{covered}; {left}.", covered=covered, left=left)]


def _phases(material: Material) -> list[str]:
    kinds = {
        kind: [_inside(phase.short) for phase in material.cells.phases if phase.kind == kind]
        for kind in ("event", "continuing")
    }
    total = len(material.cells.phases)
    parts = []
    if kinds["event"]:
        parts.append(
            counted(
                "{phases} (whoever held it stays on record)",
                "{phases} (whoever held them stays on record)",
                len(kinds["event"]),
                phases=listed(kinds["event"]),
            )
        )
    if kinds["continuing"]:
        parts.append(text("{phases} (continuing: looked at year by year)", phases=listed(kinds["continuing"])))
    said = counted(
        "The life cycle is divided into {number} phase: {parts}.",
        "The life cycle is divided into {number} phases: {parts}.",
        total,
        number=in_words(total),
        parts="; ".join(parts),
    )
    return [said, _weights(material)]


def _inside(name: str) -> str:
    """Return a phase's name as it stands within a sentence; abbreviations keep their capitals."""
    return name[:1].lower() + name[1:] if name[1:] == name[1:].lower() else name


def _weights(material: Material) -> str:
    if not material.counted:
        return counted(
            "It does not count (weight 0), so there are no numbers.",
            "None of them counts (weight 0), so there are no numbers.",
            len(material.cells.phases),
        )
    given = dict(material.view.weights)
    weights = {_inside(phase.short): given.get(phase.key, phase.weight) for phase in material.cells.phases}
    if len(weights) == 1:
        return text("With one phase, no weights are needed.")
    if len(set(weights.values())) == 1:
        return text("All phases weigh the same.")
    named = listed([f"{name} {digits(f'{weight:g}')}" for name, weight in weights.items()])
    return text("The phases weigh {weights}, scaled to 1.", weights=named)


def _windows(material: Material) -> list[str]:
    if not any(phase.kind == "continuing" for phase in material.cells.phases):
        return []
    windows = material.table.projects.loc[[head.key for head in material.cells.projects]]
    missing = windows["window_start"].isna()
    derived = (windows["window_source"] == "derived") & ~missing
    given = int((~missing & ~derived).sum())
    parts = []
    of = len(windows)
    if given:
        parts.append(text("given for {projects}", projects=_of(given, of)))
    if derived.any():
        found = _of(int(derived.sum()), of)
        parts.append(text("completed from the years in the table for {projects}", projects=found))
    if missing.any():
        found = _of(int(missing.sum()), of)
        parts.append(text("missing for {projects}, whose statements give no usable years", projects=found))
    return [text("The window of years is {parts}.", parts="; ".join(parts))]


def _of(number: int, total: int) -> str:
    if number == total:
        return text("the project") if total == 1 else text("all projects")
    return counted("{n} project", "{n} projects", number)


def _rank(rows: pd.DataFrame, material: Material) -> list[str]:
    preferred = int((rows["rank"] == "preferred").sum())
    if not preferred:
        return []
    if material.view.rank == "all":
        return [text("Preferred and normal statements count alike.")]
    return [
        counted(
            "Where statements on a phase of a project are ranked preferred ({n} of {all} is), only these count, with "
            "the years of the others where they give none themselves; elsewhere the normal ones do.",
            "Where statements on a phase of a project are ranked preferred ({n} of {all} are), only these count, with "
            "the years of the others where they give none themselves; elsewhere the normal ones do.",
            preferred,
            all=number(len(rows)),
        )
    ]


_ASIDE: Final = {
    "dates": ("{n} lends only its years", "{n} lend only their years"),
    "outranked": ("{n} is outranked", "{n} are outranked"),
    "deprecated": ("{n} is set aside by the editors", "{n} are set aside by the editors"),
    "alleged": ("{n} is alleged", "{n} are alleged"),
    "proposed": ("{n} is on what was only proposed", "{n} are on what was only proposed"),
    "denied": ("{n} says who did not hold a phase", "{n} say who did not hold a phase"),
    "support": ("{n} is on a supporting role", "{n} are on supporting roles"),
    "uncounted": ("{n} is on a phase that does not count", "{n} are on phases that do not count"),
    "outside": ("{n} speaks of years outside the window", "{n} speak of years outside the window"),
    "idle": ("{n} adds nothing beside another on its actor", "{n} add nothing beside others on their actors"),
}
"""What becomes of the statements that do not decide, by their use (`agency.resolve.rows`)."""


def _rests_on(material: Material) -> list[str]:
    """Return on how many of the statements the numbers rest, by project, and why the others do not count."""
    if not material.counted:
        return []
    method = method_block(material.resolved)
    used, total = method["statements_used"], method["statements_total"]
    rows = material.resolved.rows
    uses = rows.loc[rows["project"].isin(material.resolved.listed), "use"].value_counts()
    why = [counted(*_ASIDE[use], int(uses[use])) for use in _ASIDE if use in uses.index]
    places = {"used": number(used), "why": "; ".join(why)}
    sentences = [
        counted(
            "The numbers rest on {used} of {n} statement on what is covered.",
            "The numbers rest on {used} of {n} statements on what is covered.",
            total,
            **places,
        )
    ]
    if len(method["statements"]) > 1:
        shares = [
            text("{project} {used} of {total}", project=project, used=number(one["used"]), total=number(one["total"]))
            for project, one in method["statements"].items()
        ]
        sentences.append(text("By project: {shares}.", shares=listed(shares)))
    return [*sentences, text("Of the statements, {why}.", **places)] if why else sentences


def _left_aside(rows: pd.DataFrame, material: Material) -> list[str]:
    """Return where supporting or alleged statements count after all."""
    weight = {**material.table.codebook.roles, **dict(material.view.roles)}.get("support", 0.0)
    sentences = []
    if weight and (rows["role"] == "support").any():
        sentences.append(text("A supporting role weighs {weight} of a leading one.", weight=digits(f"{weight:g}")))
    if material.view.include_alleged and (rows["confidence"] == "alleged").any():
        sentences.append(text("Alleged statements count like the others."))
    return sentences


def _counting(material: Material) -> list[str]:
    view = material.view
    by_mode = {
        "static": "A continuing phase counts as held by every actor that held it in at least one year (static).",
        "time": "Continuing phases are weighted by the years each actor held them (time).",
        "snapshot": "The reading is a snapshot of {year}.",
    }
    if view.year == "end":
        by_mode["snapshot"] = marked("The reading is a snapshot of each window’s last year.")
    boundary = {
        "held": "A year stated both as held and as vacant or under negotiation counts as held.",
        "split": "A year stated both as held and as vacant or under negotiation counts as half held, half vacant.",
        "gap": "A year stated both as held and as vacant or under negotiation counts as a gap.",
    }
    return [
        text("In counting, {rule}.", rule=counting_rule(view)),
        text(by_mode[view.mode], year=view.year),
        text(boundary[view.boundary]),
    ]


def _blanks(material: Material) -> list[str]:
    threshold = material.table.codebook.thresholds.get("coverage")
    sentences = [
        text(
            "A phase or year that is vacant or under negotiation is a gap, one without a statement is unknown; both "
            "keep their share of the whole, and nothing is scaled up to fill them."
        )
    ]
    if any(cell.blank == "not_applicable" for cell in material.cells.shown):
        sentences.append(text("Phases that do not apply to a project leave its weights."))
    if threshold is not None:
        least = percent(threshold.value, 0)
        sentences.append(text("No share is given where less than {least} of the phases are known.", least=least))
    return sentences


Beside = Literal["", "files", "bundle"]
"""What is written beside the page: nothing, tables and figures, or these with the input and a description of all."""
SOURCE_DATE: Final = "SOURCE_DATE_EPOCH"
_FLAGS: Final = {
    "projects": "-p",
    "phases": "--phase",
    "sources": "--source",
    "countries": "--country",
    "types": "--type",
    "where": "--where",
    "rank": "--rank",
    "min_phases": "--min-phases",
    "mode": "--mode",
    "year": "--year",
    "boundary": "--boundary",
    "counting": "--counting",
    "actors": "--actors",
}
"""Field of `View` to its option, in the order of the command line."""


@dataclass(frozen=True)
class Provenance:
    """The facts on the first screen and in the methods paragraph."""

    table: str
    """File name of the table."""
    sha256: str
    date: str
    """ISO date from SOURCE_DATE_EPOCH, "" without it."""
    command: str
    """The command that makes the report again."""
    software: str
    rules: str


def provenance(table: Table, command: str) -> Provenance:
    """Return the facts about a table and the command that makes its report.

    Raises
    ------
    UsageError
        If SOURCE_DATE_EPOCH is set but is no number of seconds.
    """
    return Provenance(
        table.name,
        table.sha256,
        source_date(),
        command,
        f"{DISTRIBUTION} {__version__}",
        text("rules {version}", version=METHOD_VERSION),
    )


def source_date() -> str:
    """Return the date in SOURCE_DATE_EPOCH as ``2026-01-31``, or "" when it is not set."""
    seconds = os.environ.get(SOURCE_DATE, "")
    if not seconds:
        return ""
    try:
        return datetime.fromtimestamp(int(seconds), tz=UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        sentence = marked("{name} is '{seconds}'; give whole seconds since 1970, or unset it.")
        message = text(sentence, name=SOURCE_DATE, seconds=seconds)
        raise UsageError(message) from None


def report_command(
    view: View, *, data: str, reading: tuple[tuple[str, str], ...] = (), beside: Beside = "", title: str = ""
) -> str:
    """Return the command line that makes a report again.

    Parameters
    ----------
    view
        Selection and rules; what is as by default is left out.
    data
        The DATA argument; "" for the shipped study.
    reading
        Options of the reader that were given: (("--delimiter", ";"), ...).
    beside
        What stands beside the report.
    title
        The title that was given.

    Examples
    --------
    >>> report_command(View(projects=("ECU 911",), rank="all"), data="actors.csv", beside="bundle")
    "agency report actors.csv -o report --bundle -p 'ECU 911' --rank all"
    """
    words = ["agency", "report", *([data] if data else []), "-o", "report", *([f"--{beside}"] if beside else [])]
    if title:
        words += ["--title", title]
    for option, value in reading:
        words += [option, value]
    default = View()
    for name, flag in _FLAGS.items():
        value = getattr(view, name)
        if value == getattr(default, name) or (name == "mode" and value == "snapshot"):
            continue
        for one in value if isinstance(value, tuple) else (value,):
            words += [flag, str(one)]
    if view.include_alleged:
        words.append("--include-alleged")
    if language() != ENGLISH:
        words += ["--language", language()]
    return shlex.join(words)


assert set(_FLAGS) | {"include_alleged", "weights", "roles", "undated"} == {field.name for field in fields(View)}


def counting_rule(view: View) -> str:
    """Return the counting rule in force as a phrase.

    Examples
    --------
    >>> from agency.resolve.select import View
    >>> counting_rule(View())
    'joint holders share a phase equally (1/holders)'
    """
    if view.counting == "origin":
        return text("the origins present share a phase equally (1/origins)")
    return text("joint holders share a phase equally (1/holders)")


def reading(view: View) -> str:
    """Return the mode in force as a phrase.

    Examples
    --------
    >>> from agency.resolve.select import View
    >>> reading(View())
    'static: held at any time of the window'
    """
    if view.mode == "time":
        return text("time: continuing phases weighted by years")
    if view.mode == "snapshot":
        last = text("snapshot of each window’s last year")
        return last if view.year == "end" else text("snapshot of {year}", year=view.year)
    return text("static: held at any time of the window")
