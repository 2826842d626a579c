"""Agreement of coders as printed tables: alpha, presence, disagreements side by side, and the adjudication sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from agency.agreement import BY_COLUMN, ON, Agreement, Decisions, Disagreement, Reliability, reading
from agency.comparison import DISTANCES
from agency.formats import Entry, Note, Run, Sheet, plain
from agency.sheets.notes import statement_line
from agency.words import counted, digits, listed, marked, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agency.agreement import Coding
    from agency.resolve import Statement

_HEADS = {"masi": "MASI", "jaccard": "Jaccard", "nominal": "Nominal"}


def agreement_sheets(found: Agreement) -> list[Sheet]:
    """Return alpha on origins and on actors, presence, and the disagreements with both passages.

    Examples
    --------
    >>> import agency
    >>> from agency.agreement.disagreements import agreement
    >>> [sheet.label for sheet in agreement_sheets(agreement(agency.load().resolved))]
    ['alpha-origins', 'alpha-actors', 'alpha-columns', 'presence', 'disagreements', 'coded-by-one']
    """
    alphas = [*(_alpha_sheet(found, on) for on in ON), _column_sheet(found)]
    said = tuple(Note("", notice) for notice in (*_coders(found), *found.codings.notices))
    alphas[0] = replace(alphas[0], notes=(*said, *alphas[0].notes))
    differing = _side_by_side(
        found,
        found.disagreements,
        "disagreements",
        text("Disagreements: units that all compared coders coded differently."),
    )
    alone = _side_by_side(
        found,
        found.coded_by_one,
        "coded-by-one",
        text("Units that only one coder coded: no disagreement of values, but of presence."),
    )
    return [*alphas, _presence_sheet(found), differing, alone]


def adjudication_sheet(found: Agreement, decisions: Decisions | None = None) -> Sheet:
    """Return a sheet to work through: a line per disagreement, what each coder wrote, and columns to decide.

    Parameters
    ----------
    found
        What coders agree on, and what not.
    decisions
        What is decided already; nothing when None.

    Examples
    --------
    >>> import agency
    >>> from agency.agreement.disagreements import agreement
    >>> adjudication_sheet(agreement(agency.load().resolved)).columns[:3]
    ('project', 'phase', 'differ')
    """
    fields = ("origins", "actors", "passages", "notes")
    of_coders = [f"{coder}: {field}" for coder in found.coders for field in fields]
    decisions = decisions or Decisions()
    rows = []
    for entry in (*found.disagreements, *found.coded_by_one):
        said = [cell for coder in found.coders for cell in _written(found, entry.codings.get(coder))]
        cells = (*entry.unit, ", ".join(entry.differ), *said, *decisions.of(entry.unit))
        rows.append(tuple(plain(cell) for cell in cells))
    return Sheet(
        caption=text("Disagreements of {coders} to decide.", coders=listed(list(found.coders))),
        label="adjudication",
        columns=("project", "phase", "differ", *of_coders, *decisions.columns),
        rows=tuple(rows),
    )


def overall_reading(found: Agreement, on: str) -> str:
    """Return how alpha (MASI) is to be read over all core phases, and in which phases it is below the lines.

    Worked: 0.87 over all and 0.44 in the three cells of requirements is "reliable overall; not in “Requirements defined
    by” 0.44 (3 cells)"; phases without an alpha are named as such, for nothing is known of them.

    Examples
    --------
    >>> import agency
    >>> from agency.agreement.disagreements import agreement
    >>> overall_reading(agreement(agency.load().resolved), "origins").startswith("reliable overall")
    True
    """
    lines = _lines_of(found)
    overall = found.reliability[on, None]
    level = _level(overall.alphas["masi"].value, **lines)
    if level == "undefined":
        return text("undefined overall: {why}", why=text(overall.undefined_because or ""))
    below: dict[str, list[str]] = {}
    for phase, entry in found.by_phase(on).items():
        value = entry.alphas["masi"].value
        here = _level(value, **lines)
        if not phase.core or _LEVELS.index(here) <= _LEVELS.index(level):
            continue
        if value is None:
            below.setdefault(here, []).append(
                text("“{phase}” ({why})", phase=phase.label, why=text(entry.undefined_because or ""))
            )
        else:
            said = counted(
                "“{phase}” {alpha} ({n} cell)",
                "“{phase}” {alpha} ({n} cells)",
                entry.units,
                **_named(phase.label, value, lines),
            )
            below.setdefault(here, []).append(said)
    parts = [text(_OVERALL[level])]
    parts += [text(_BELOW[here], phases=listed(names)) for here, names in below.items()]
    return "; ".join(parts)


def agreement_in_brief(found: Agreement) -> str:
    """Return in plain words how far coders agree on origins, as the end of a sentence.

    Examples
    --------
    >>> import agency
    >>> from agency.agreement.disagreements import agreement
    >>> agreement_in_brief(agreement(agency.load().resolved)).split(",")[0]
    'on the origins of the actors named'
    """
    lines, overall = _lines_of(found), found.reliability["origins", None]
    value = overall.alphas["masi"].value
    if value is None:
        return text("whether those who coded the sources agree cannot be measured on what is selected")
    level = _level(value, **lines)
    said = counted(
        "on the origins of the actors named, those who coded the sources, working apart, agree {how} (Krippendorff’s "
        "alpha {alpha}, where 1 is full agreement and 0 chance; the one case that at least two coded)",
        "on the origins of the actors named, those who coded the sources, working apart, agree {how} (Krippendorff’s "
        "alpha {alpha}, where 1 is full agreement and 0 chance; the {n} cases that at least two coded)",
        overall.units,
        how=text(_ENOUGH[level]),
        alpha=_named("", value, lines)["alpha"],
    )
    below: dict[str, list[str]] = {}
    for phase, entry in found.by_phase("origins").items():
        here = entry.alphas["masi"].value
        if phase.core and here is not None and _LEVELS.index(_level(here, **lines)) > _LEVELS.index(level):
            one = counted(
                "“{phase}” ({alpha}, {n} case)",
                "“{phase}” ({alpha}, {n} cases)",
                entry.units,
                **_named(phase.label, here, lines),
            )
            below.setdefault(_level(here, **lines), []).append(one)
    parts = [text(_BUT[here], phases=listed(names)) for here, names in below.items()]
    return text("{said}, but {parts}", said=said, parts=listed(parts)) if parts else said


_ENOUGH = {
    "reliable": marked("well enough to be relied on"),
    "tentative": marked("well enough only for tentative conclusions"),
    "not reliable": marked("too little to be relied on"),
}
_BUT = {
    "tentative": marked("well enough only for tentative conclusions in {phases}"),
    "not reliable": marked("too little to be relied on in {phases}"),
}
_LEVELS = (marked("reliable"), marked("tentative"), marked("not reliable"), marked("undefined"))
_OVERALL = {
    "reliable": marked("reliable overall"),
    "tentative": marked("tentative conclusions only overall"),
    "not reliable": marked("not reliable overall"),
}
_BELOW = {
    "tentative": marked("tentative only in {phases}"),
    "not reliable": marked("not in {phases}"),
    "undefined": marked("undefined in {phases}"),
}


def _named(phase: str, value: Fraction, lines: Mapping[str, float]) -> dict[str, str]:
    """Return phase and alpha as printed: 0.796 is below the line of 0.800 and is not rounded up to it."""
    short = f"{float(value):.2f}"
    same = _level(Fraction(short), **lines) == _level(value, **lines)
    return {"phase": phase, "alpha": digits(short if same else f"{float(value):.3f}")}


def alpha_reading(found: Agreement, value: Fraction) -> tuple[str, str]:
    """Return an alpha as printed, never rounded over a line, and how it is to be read."""
    lines = _lines_of(found)
    return _named("", value, lines)["alpha"], text(_level(value, **lines))


def _level(value: Fraction | None, *, reliable: float = 0.8, tentative: float = 0.667) -> str:
    if value is None:
        return "undefined"
    # a fraction is not compared with a float: 4/5 is less than the float 0.8
    return "reliable" if float(value) >= reliable else "tentative" if float(value) >= tentative else "not reliable"


def _lines_of(found: Agreement) -> dict[str, float]:
    thresholds = found.table.codebook.thresholds
    known = {name: thresholds.get(f"alpha_{name}") for name in ("reliable", "tentative")}
    return {name: line.value for name, line in known.items() if line}


def _coders(found: Agreement) -> list[str]:
    """Return who the coders were, in the study's own words where it has them."""
    were = found.table.codebook.study.coders
    names = listed(list(found.coders))
    compared = text("Compared are {names}, by {table}.", names=names, table=found.table.name)
    return [compared, text("The coders: {were}.", were=were.rstrip("."))] if were else [compared]


def _alpha_sheet(found: Agreement, on: str) -> Sheet:
    phases = found.by_phase(on)
    rows = [_alpha_row(text("All core phases"), found.reliability[on, None])]
    rows += [_alpha_row(phase.label, entry) for phase, entry in phases.items() if phase.core]
    rows += [
        _alpha_row(text("apart: {phase}", phase=phase.label), entry)
        for phase, entry in phases.items()
        if not phase.core
    ]
    notes = [
        text("A unit is a project and a phase, its value the set over all lead held rows; 'nobody' is a value."),
        text("The interval is a bootstrap over units, given from 20 units."),
    ]
    if on == "actors":
        notes.append(text("Actors are compared by identity: an unnamed group is another actor in every project."))
    if any(not phase.core for phase in phases):
        notes.append(text("Phases that are not core stand apart and do not enter the value over all core phases."))
    return Sheet(
        caption=text(
            "Krippendorff's alpha on {on} of {coders}; by MASI: {reading}.",
            on=text(on),
            coders=listed(list(found.coders)),
            reading=overall_reading(found, on),
        ),
        label=f"alpha-{on}",
        columns=(text("Phase"), *_HEADS.values(), text("95 % interval (MASI)"), text("Units"), text("Pairable values")),
        rows=tuple(rows),
        notes=tuple(Note("", note) for note in notes),
        numeric=(1, 2, 3, 5, 6),
    )


def _column_sheet(found: Agreement) -> Sheet:
    """Return alpha by column, over all core phases."""
    lines = _lines_of(found)
    return Sheet(
        caption=text("Krippendorff's alpha by column, over all core phases."),
        label="alpha-columns",
        columns=(
            text("Column"),
            *_HEADS.values(),
            text("95 % interval (MASI)"),
            text("Units"),
            text("Pairable values"),
            text("By MASI"),
        ),
        rows=tuple(
            (
                *_alpha_row(text(on), found.reliability[on, None]),
                plain(reading(found.reliability[on, None].alphas["masi"].value, **lines)),
            )
            for on in BY_COLUMN
        ),
        notes=(
            Note(
                "",
                text(
                    "Origins, actors and kinds over the lead held rows of a unit; status, scopes, years and confidence "
                    "over its lead rows that say who holds it, or that nobody does. An empty cell is no value: two "
                    "coders who both give no year agree. Kinds are those the rows give."
                ),
            ),
        ),
        numeric=(1, 2, 3, 5, 6),
    )


def _alpha_row(label: str, entry: Reliability) -> tuple[Entry, ...]:
    ends = entry.interval("masi")
    alphas = [entry.alphas[name].value for name in DISTANCES]
    why = text("undefined: {why}", why=text(entry.undefined_because or ""))
    numbers = [plain(why, "") if value is None else _three(value) for value in alphas]
    interval = plain(text("not given"))
    if ends:
        printed = text("{low:.3f} to {high:.3f}", low=ends[0], high=ends[1])
        interval = plain(printed, f"{ends[0]!r} to {ends[1]!r}")
    return (plain(label), *numbers, interval, plain(str(entry.units)), plain(str(entry.pairable_values)))


def _three(value: Fraction | float) -> Entry:
    return plain(digits(f"{float(value):.3f}"), repr(float(value)))


def _presence_sheet(found: Agreement) -> Sheet:
    labels = {phase.key: phase.label for phase in found.table.codebook.phases}
    rows = tuple(
        (
            plain(labels.get(entry.phase or "", text("All core phases"))),
            plain(listed(list(entry.coders))),
            *(plain(str(n)) for n in (entry.both, entry.only_a, entry.only_b)),
            plain(text("undefined: nothing coded"), "") if entry.jaccard is None else _three(entry.jaccard),
        )
        for entry in found.presence
    )
    return Sheet(
        caption=text("Presence: which units were coded at all."),
        label="presence",
        columns=(
            text("Phase"),
            text("Coders"),
            text("Both"),
            text("Only the first"),
            text("Only the second"),
            text("Jaccard"),
        ),
        rows=rows,
        notes=(Note("", text("Blank against blank is not agreement: presence is counted, never an alpha.")),),
        numeric=(2, 3, 4, 5),
    )


def _side_by_side(found: Agreement, entries: Sequence[Disagreement], label: str, caption: str) -> Sheet:
    phases = {phase.key: phase.label for phase in found.table.codebook.phases}
    return Sheet(
        caption=text("{caption} {n} in all.", caption=caption, n=len(entries)),
        label=label,
        columns=(text("Unit"), *(text("Coder {coder}", coder=coder) for coder in found.coders)),
        rows=tuple(
            (
                _lines(
                    [
                        entry.unit[0],
                        phases.get(entry.unit[1], entry.unit[1]),
                        f"({listed([text(one) for one in entry.differ])})",
                    ]
                ),
                *(_said(found, entry.codings.get(coder)) for coder in found.coders),
            )
            for entry in entries
        ),
    )


def _said(found: Agreement, coding: Coding | None) -> Entry:
    """Return a coder's value and, below it, each statement with its passage."""
    if coding is None:
        return plain(text("not coded"))
    origins = frozenset(found.table.codebook.word(origin) for origin in coding.origins)
    value = f"{_names(coding.names)} [{_names(origins)}]"
    return _lines([value, *(_statement(found, one) for one in found.passages(coding))])


def _written(found: Agreement, coding: Coding | None) -> tuple[str, str, str, str]:
    if coding is None:
        return (text("not coded"), text("not coded"), "", "")
    rows = found.passages(coding)
    statements = " / ".join(_statement(found, one) for one in rows)
    notes = " / ".join(one.note for one in rows if one.note)
    return (_names(coding.origins), _names(coding.names), statements, notes)


def _statement(found: Agreement, statement: Statement) -> str:
    return statement_line(statement, found.table.codebook, found.table.short_form)


def _names(values: frozenset[str]) -> str:
    return ", ".join(sorted(values)) or text("nobody")


def _lines(texts: Sequence[str]) -> Entry:
    return Entry(tuple((Run(line),) for line in texts))
