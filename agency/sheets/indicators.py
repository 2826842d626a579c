"""The indicators as printed tables, states and groups too; and one explained: its entry, its parts, the phases."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from agency.formats import Entry, Note, Sheet, plain
from agency.indicators import NOT_GIVEN, STATES
from agency.sheets.numbers import bar, letters, missing, mode_in_words, number, rules, two, within, written
from agency.words import digits, marked, percent, text

if TYPE_CHECKING:
    import pandas as pd

    from agency.indicators import Indicator
    from agency.vocabulary import Codebook

_PAGE, _SHORTEST_BAR, _LONGEST_BAR = 100, 12, 40
_PROJECTS_ACROSS = 6
"""More projects than this become rows."""
_REST = ("gap", "unknown")

Value = tuple[Any, float, float, str, float]
"""value, low, high, why, and the value with the other actors where that differs (else NaN)."""


def composition_sheet(
    frames: Mapping[str, pd.DataFrame], *, codebook: Codebook, method: Mapping[str, Any], bars: bool
) -> Sheet:
    """Return the composition of the life cycle, a row per project and mode.

    Parameters
    ----------
    frames
        By mode, and by mode with the other actors, as `agency.indicators.compositions` returns them.
    codebook
        Labels of the origins.
    method
        The rules in force, printed in the caption.
    bars
        Draw each row as a bar of blocks with letters too: for fixed-width text.
    """
    names = [origin.key for origin in codebook.origins if origin.key != "unknown"]
    labels = _labels(codebook)
    rows = _composition_rows(frames, [*names, *_REST])
    used = [name for name in (*names, *_REST) if name in ("local", *_REST) or any(row[2].get(name) for row in rows)]
    sign = letters([*names, *_REST], labels)
    room = _PAGE - max((len(row[0]) for row in rows), default=0) - sum(len(labels[name]) + 5 for name in used) - 20
    length = min(max(room, _SHORTEST_BAR), _LONGEST_BAR)
    printed = []
    for project, mode, parts, coverage in rows:
        shown = [bar([(sign[name], parts[name]) for name in parts], length)] if bars else []
        shares = [number(parts[name], "share") if parts else plain(text("undefined"), "") for name in used]
        printed.append((*(plain(cell) for cell in (project, mode_in_words(mode), *shown)), *shares, coverage))
    columns = (
        text("Project"),
        text("Mode"),
        *([text("Composition")] if bars else []),
        *(labels[name] for name in used),
        text("Coverage"),
    )
    legend = "; ".join(f"{sign[name]} {labels[name]}" for name in used)
    notes = [Note("", text("Letters in the bars: {legend}.", legend=legend))] if bars else []
    return Sheet(
        caption=text("Composition of the life cycle. {rules}", rules=rules(method)),
        label="composition",
        columns=columns,
        rows=tuple(printed),
        notes=(
            *notes,
            Note(
                "",
                text(
                    "Gap: a source says that nobody held the phase, or that it was under negotiation. "
                    "Coverage: held by actors of known origin."
                ),
            ),
        ),
        numeric=tuple(range(3 if bars else 2, len(columns))),
    )


def _labels(codebook: Codebook) -> dict[str, str]:
    """Return how the parts of a composition are called."""
    labels = {origin.key: origin.label for origin in codebook.origins}
    return labels | {"gap": text("Gap"), "unknown": text("Unknown")}


def _composition_rows(
    frames: Mapping[str, pd.DataFrame], names: Sequence[str]
) -> list[tuple[str, str, dict[str, float], Entry]]:
    """Return project, mode, parts and coverage, projects together."""
    found = {mode: _by_project(frame) for mode, frame in frames.items()}
    rows = []
    for project in dict.fromkeys(name for values in found.values() for name in values):
        for mode, values in found.items():
            if project not in values:
                continue
            mine = values[project]
            parts = {name: mine[f"composition.{name}"][0] for name in names if f"composition.{name}" in mine}
            parts = parts if not any(missing(value) for value in parts.values()) else {}
            coverage = number(mine["coverage"][0], "share", mine["coverage"][3])
            rows.append((project, mode, parts, coverage))
    return rows


def headline_sheet(frame: pd.DataFrame, *, codebook: Codebook, method: Mapping[str, Any]) -> Sheet:
    """Return the headline indicators: one column per project, or one row when there are more than six.

    Parameters
    ----------
    frame
        Tidy frame with all headline indicators; `agency.indicators.both_actors` gives it the columns named and whole.
    codebook
        Which origins are foreign.
    method
        The rules in force, printed in the caption.
    """
    other = "whole" if method["actors"] == "named" else "named"
    values = _by_project(frame, other)
    foreign = codebook.foreign_origins
    lines: dict[str, Callable[[Mapping[str, Value]], str]] = {
        text("Local share"): lambda of: _bounded(of, "share.local", "share"),
        text("Foreign share"): lambda of: _foreign(of, foreign),
        text("Effective actors"): lambda of: _one(of, "effective_actors", "number"),
        text("Upstream–technical gap"): lambda of: _one(of, "upstream_technical_gap", "number"),
        text("Sole-foreign phases"): lambda of: _phases(of, codebook),
        text("Build-to-maintain overlap"): _lock_in,
        text("Owner continuity"): lambda of: _with_actor(of, "owner_continuity"),
        text("Orphaned time"): lambda of: _bounded(of, "orphaned.continuing", "share"),
        text("Dependence screen, technical"): lambda of: _test(of, "technical"),
        text("Dependence screen, all phases"): lambda of: _test(of, "all"),
        text("Weakest link"): lambda of: _weakest(of, codebook),
        text("Bus factor"): lambda of: _one(of, "bus_factor", "count"),
        text("Coverage"): lambda of: _one(of, "coverage", "share"),
    }
    grid = [(title, [write(of) for of in values.values()]) for title, write in lines.items()]
    columns: tuple[str, ...] = (text("Indicator"), *values)
    rows = [(title, *texts) for title, texts in grid]
    if len(values) > _PROJECTS_ACROSS:
        columns = (text("Project"), *lines)
        rows = [(name, *(texts[at] for _, texts in grid)) for at, name in enumerate(values)]
    return Sheet(
        caption=text("Indicators of dependence. {rules}", rules=rules(method)),
        label="indicators",
        columns=columns,
        rows=tuple(tuple(plain(cell) for cell in row) for row in rows),
        notes=(
            Note("", text("In square brackets: bounds, giving all that is unknown to one side or the other.")),
            *_otherwise(frame, method["actors"]),
            Note("", text("Insufficient: holders of known origin cover less than half of the phases looked at.")),
            Note("", text("Formulas: agency indicators --explain NAME.")),
        ),
    )


_TIDY = (
    marked("project"),
    marked("key"),
    marked("value"),
    marked("low"),
    marked("high"),
    marked("why"),
    marked("named"),
    marked("whole"),
)


def tidy_sheet(
    frame: pd.DataFrame, *, codebook: Codebook, method: Mapping[str, Any], units: Mapping[str, str]
) -> Sheet:
    """Return a tidy frame as it is: one row per project and key.

    Parameters
    ----------
    frame
        project, key, value, low, high, why, named, whole (`agency.indicators.both_actors`).
    codebook
        Words of the phases.
    method
        The rules in force, printed in the caption.
    units
        Unit by indicator, for rounding.
    """
    rows: list[tuple[Entry, ...]] = []
    for project, key, value, low, high, why, *both in frame[list(_TIDY)].itertuples(index=False):
        unit = units.get(key.split(".", 1)[0], "number")
        numbers = ["" if missing(one) else written(one, unit) for one in (low, high, *both)]
        shown = "" if missing(value) else _shown(key, value, unit, codebook)
        rows.append(tuple(plain(cell) for cell in (project, key, shown, *numbers[:2], text(why), *numbers[2:])))
    note = text(
        "named, whole: the value with every actor under its own name and as what it is part of, where they differ."
    )
    return Sheet(
        caption=text("All indicators. {rules}", rules=rules(method)),
        label="all-indicators",
        columns=tuple(text(name) for name in _TIDY),
        rows=tuple(rows),
        notes=(Note("", note),),
        numeric=(2, 3, 4, 6, 7),
    )


def _shown(key: str, value: Any, unit: str, codebook: Codebook, why: str = "") -> str:
    """Return any value of a tidy frame as it is printed, states and phases in words."""
    return written(value_in_words(key, value, codebook), unit, why)


def value_in_words(key: str, value: Any, codebook: Codebook) -> Any:
    """Return what an indicator found, a state or phases in words; any other as it is.

    Examples
    --------
    >>> from agency.vocabulary import default_codebook
    >>> value_in_words("lock_in.state", "lapsed 2019", default_codebook()), value_in_words("coverage", 1, None)
    ('lapsed 2019', 1)
    """
    if missing(value):
        return value
    if key == "lock_in.state":
        return _state(value)
    is_phases = key in ("sole_foreign_phases", "weakest_link.phases")
    return [codebook.word(phase) for phase in value] if is_phases else value


_BY = {"country": marked("country"), "type": marked("type of system"), "source": marked("source")}
"""What projects are grouped by, in words; a column of the study's own goes by its name."""


def _grouped_by(by: str) -> str:
    return text(_BY[by]) if by in _BY else by


def phase_group_sheet(frame: pd.DataFrame, *, by: str, codebook: Codebook, method: Mapping[str, Any]) -> Sheet:
    """Return in how many projects of each group a phase is known, and its mean composition over them.

    Parameters
    ----------
    frame
        From `agency.indicators.grouped_phases`.
    by
        What the groups are.
    codebook
        Labels of phases and origins.
    method
        The rules in force, printed in the caption.
    """
    labels = _labels(codebook)
    parts = [name for name in labels if name in frame and (name in ("local", *_REST) or frame[name].gt(0).any())]
    rows = []
    for entry in frame.to_dict("records"):
        shares = [plain("–", "") if missing(entry[part]) else number(entry[part], "share") for part in parts]
        known = text("{n} of {all}", n=digits(f"{entry['known']:,}"), all=digits(f"{entry['of']:,}"))
        heads = (_group(entry["group"]), codebook.phase(entry["phase"]).label, known)
        rows.append((*(plain(head) for head in heads), *shares))
    return Sheet(
        caption=text("Who holds which phase, by {by}. {rules}", by=_grouped_by(by), rules=rules(method)),
        label=f"phases-by-{by}",
        columns=(_grouped_by(by).capitalize(), text("Phase"), text("Known"), *(labels[part] for part in parts)),
        rows=tuple(rows),
        notes=(
            Note("", text("Known: projects of the group with a holder of known origin, or nobody, of all in it.")),
            Note("", text("Shares: mean of the projects in which the phase is known, each counting the same.")),
        ),
        numeric=tuple(range(2, 3 + len(parts))),
    )


def _group(name: str) -> str:
    """Return a group as it is printed: names of countries, types and sources stand as they are."""
    return text(name) if name == NOT_GIVEN else name


def group_sheet(frame: pd.DataFrame, *, by: str, method: Mapping[str, Any], units: Mapping[str, str]) -> Sheet:
    """Return indicators over groups: mean, least, greatest, and of how many projects.

    Parameters
    ----------
    frame
        From `agency.indicators.grouped`.
    by
        What the groups are.
    method
        The rules in force, printed in the caption.
    units
        Unit by indicator, for rounding.
    """
    rows = []
    for group, key, *found, n, of in frame[["group", "key", "mean", "low", "high", "n", "of"]].itertuples(index=False):
        unit = units.get(key.split(".", 1)[0], "number")
        unit = "number" if unit == "count" else unit
        defined = text("{n} of {all}", n=digits(f"{n:,}"), all=digits(f"{of:,}"))
        rows.append((plain(_group(group)), plain(key), *(number(value, unit) for value in found), plain(defined)))
    caption = text(
        "Indicators by {by}: mean of the projects, least, greatest, and in how many of the group's projects the "
        "indicator is defined. {rules}",
        by=_grouped_by(by),
        rules=rules(method),
    )
    return Sheet(
        caption=caption,
        label=f"indicators-by-{by}",
        columns=(_grouped_by(by).capitalize(), text("Key"), text("Mean"), text("Low"), text("High"), text("Defined")),
        rows=tuple(rows),
        notes=(Note("", text("Each project weighs the same; those where the indicator is undefined are left out.")),),
        numeric=(2, 3, 4, 5),
    )


def _by_project(frame: pd.DataFrame, other: str = "") -> dict[str, dict[str, Value]]:
    values: dict[str, dict[str, Value]] = {}
    columns = ["project", "key", "value", "low", "high", "why", *([other] if other else [])]
    for project, key, value, low, high, why, *rest in frame[columns].itertuples(index=False):
        values.setdefault(str(project), {})[str(key)] = (value, low, high, str(why), rest[0] if rest else math.nan)
    return values


def _otherwise(frame: pd.DataFrame, actors: str) -> tuple[Note, ...]:
    """Return what a number in curly brackets is, if there is any."""
    if frame[["named", "whole"]].isna().all(axis=None):
        return ()
    if actors == "named":
        said = text("In curly brackets: the number with every actor as what it is part of, where it differs.")
    else:
        said = text("In curly brackets: the number with every actor under its own name, where it differs.")
    return (Note("", said),)


def _braced(value: float, unit: str) -> str:
    if missing(value):
        return ""
    return f" {{{written(int(value) if unit == 'count' else value, unit)}}}"


def _one(of: Mapping[str, Value], key: str, unit: str) -> str:
    value, _, _, why, other = of[key]
    return written(value, unit, why) + _braced(other, unit)


def _bounded(of: Mapping[str, Value], key: str, unit: str) -> str:
    value, low, high, why, other = of[key]
    return written(value, unit, why) + within(low, high, unit) + _braced(other, unit)


def foreign_share(of: Mapping[str, Value], origins: Sequence[str]) -> Value:
    """Return the sum over foreign origins; its upper bound adds the unknown once, which is the width of any bounds.

    >>> foreign_share({"share.a": (0.25, 0.25, 0.5, "", None), "share.b": (0.5, 0.5, 0.75, "", None)}, ["a", "b"])[:3]
    (0.75, 0.75, 1.0)
    """
    found = [of[f"share.{origin}"] for origin in origins]
    low = sum(entry[1] for entry in found)
    others = [entry[0] if missing(entry[4]) else entry[4] for entry in found]
    other = math.nan if all(missing(entry[4]) for entry in found) else sum(others)
    return sum(entry[0] for entry in found), low, low + found[0][2] - found[0][1], found[0][3], other


def _foreign(of: Mapping[str, Value], origins: Sequence[str]) -> str:
    if not origins:
        return text("undefined (the codebook has no foreign origin)")
    value, low, high, why, other = foreign_share(of, origins)
    return written(value, "share", why) + within(low, high, "share") + _braced(other, "share")


def _lock_in(of: Mapping[str, Value]) -> str:
    said = list(of["lock_in.actor"][0] or ())
    state = of["lock_in.state"][0]
    if not missing(state) and state not in ("", "none"):
        said.append(_state(state))
    return _beside(_bounded(of, "lock_in.value", "number"), said)


def _state(key: str) -> str:
    """Return in words what became of the one who built: "lapsed 2019" is a word and a year."""
    word, _, year = key.partition(" ")
    said = {
        "none": text("none"),
        "active": text("active"),
        "lapsed": text("lapsed {year}", year=year),
        "replaced": text("replaced"),
        "unknown": text("unknown"),
    }
    return said.get(word, key)


def _with_actor(of: Mapping[str, Value], key: str) -> str:
    return _beside(_one(of, f"{key}.value", "number"), of[f"{key}.actor"][0] or ())


def _beside(value: str, more: Sequence[str]) -> str:
    """Return a number and whom or what it is about; where a comma parts decimals, it does not part these."""
    return text("{value}, {more}", value=value, more=", ".join(more)) if more else value


def _test(of: Mapping[str, Value], scope: str) -> str:
    found, *parts = (
        of[f"dependence_test.{scope}.{name}"]
        for name in ("dependent", "hhi_foreign", "foreign_share", "no_local_coholder")
    )
    if found[0] is None:
        return written(None, "text", found[3])
    if missing(parts[0][0]):
        return text("no (no foreign holder)")
    hhi, share, alone = (part[0] for part in parts)
    return f"{written(bool(found[0]), 'text')} ({two(hhi)}; {percent(share)}; {percent(alone)})"


def _phases(of: Mapping[str, Value], codebook: Codebook) -> str:
    value, _, _, why, other = of["sole_foreign_phases"]
    named = value if missing(value) else [codebook.word(phase) for phase in value]
    return written(named, "list", why) + _braced(other, "list")


def _weakest(of: Mapping[str, Value], codebook: Codebook) -> str:
    value, _, _, why, _ = of["weakest_link.value"]
    phases = [codebook.word(phase) for phase in of["weakest_link.phases"][0] or ()]
    return written(value, "share", why) + (f": {', '.join(phases)}" if phases else "")


_SIGNS = {
    "coded": marked("coded"),
    "contested": marked("CONTESTED"),
    "vacant": marked("vacant"),
    "unknown": "–",
    "not_applicable": marked("n. a."),
}
_ALL = {
    "coded": marked("all: coded"),
    "contested": marked("all: contested"),
    "vacant": marked("all: vacant"),
    "unknown": marked("all: unknown"),
    "not_applicable": marked("all: not applicable"),
}


def states_sheet(frame: pd.DataFrame, codebook: Codebook) -> Sheet:
    """Return the states of cells as a printable table: projects by phases, with counts below and beside."""
    keys = list(dict.fromkeys(frame["phase"]))
    wide = (
        frame.set_index(["project", "phase"])["state"]
        .unstack()
        .reindex(index=list(dict.fromkeys(frame["project"])), columns=keys)
    )
    known = wide.isin(["coded", "contested", "vacant"]).sum(axis=1)
    rows: list[tuple[Entry, ...]] = [
        (
            plain(str(project)),
            *(plain(text(_SIGNS[state])) for state in states),
            plain(text("{n} of {all}", n=known[project], all=len(keys))),
        )
        for project, states in zip(wide.index, wide.to_numpy(), strict=True)
    ]
    for state in STATES:
        counts = (wide == state).sum()
        if counts.any():
            told = [(int(count), len(wide)) for count in counts] + [(int(counts.sum()), wide.size)]
            rows.append((plain(text(_ALL[state])), *(plain(text("{n} of {all}", n=n, all=every)) for n, every in told)))
    return Sheet(
        caption=text("States: what is known of each project and phase"),
        label="states",
        columns=(text("project"), *(codebook.phase(key).short for key in keys), text("known")),
        rows=tuple(rows),
        notes=(
            Note(
                "",
                text(
                    "coded: somebody holds it; CONTESTED: two sources contradict each other; "
                    "vacant: vacant or under negotiation; –: unknown; n. a.: not applicable."
                ),
            ),
        ),
    )


def explain_sheets(
    entry: Indicator, frame: pd.DataFrame, parts: pd.DataFrame, *, codebook: Codebook, method: Mapping[str, Any]
) -> list[Sheet]:
    """Return three tables: the definition, numerators and denominators by project, and the phases they come from.

    Parameters
    ----------
    entry, frame, parts
        From `agency.indicators.registry`.
    codebook
        Words of the phases.
    method
        The rules in force, printed in the caption.
    """
    definition = (
        (text("Formula"), text(entry.formula)),
        (text("Range"), text(entry.range)),
        (text("Reading"), text(entry.reading)),
        (text("Limits"), text(entry.limits)),
        (text("Gap and unknown"), text(entry.blanks)),
        (text("Source"), text(entry.source)),
    )
    rows = []
    columns = ["project", "key", "numerator", "denominator", "value", "low", "high", "why"]
    for project, key, numerator, denominator, value, low, high, why in (
        frame[columns].astype(object).to_numpy().tolist()
    ):
        exact = digits(repr(value)) if isinstance(value, float) and not missing(value) else ""
        bounds = within(low, high, entry.unit).strip()
        shown = _shown(key, value, entry.unit, codebook, why)
        rows.append((project, key, _part(numerator), _part(denominator), shown, bounds, exact))
    return [
        Sheet(
            caption=f"{entry.id} {text(entry.title)} ({entry.key})",
            label=f"{entry.key.replace('_', '-')}-definition",
            columns=("", text("Definition")),
            rows=tuple((plain(name), plain(said)) for name, said in definition),
        ),
        Sheet(
            caption=text("{title} in this data. {rules}", title=text(entry.title), rules=rules(method)),
            label=f"{entry.key.replace('_', '-')}-parts",
            columns=(
                text("Project"),
                text("Key"),
                text("Numerator"),
                text("Denominator"),
                text("Value"),
                text("Bounds"),
                text("Unrounded"),
            ),
            rows=tuple(tuple(plain(str(cell)) for cell in row) for row in rows),
            numeric=(2, 3, 4, 5, 6),
        ),
        Sheet(
            caption=text("Phases it is computed from: shares of the phase that are held, a gap, unknown"),
            label=f"{entry.key.replace('_', '-')}-phases",
            columns=(
                text("Project"),
                text("Phase"),
                text("Weight"),
                text("Held"),
                text("Gap"),
                text("Unknown"),
                text("Holders"),
            ),
            rows=tuple(
                tuple(plain(_part(cell) if isinstance(cell, float) else str(cell)) for cell in row)
                for row in parts.assign(phase=parts["phase"].map(codebook.word)).itertuples(index=False)
            ),
            numeric=(2, 3, 4, 5),
        ),
    ]


def _part(value: Any) -> str:
    return "" if missing(value) else digits(f"{value:.6g}")
