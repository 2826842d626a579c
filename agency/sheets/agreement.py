"""Agreement of coders as printed tables: alpha, presence, disagreements side by side, and the adjudication sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from agency.agreement import ON, Agreement, Decisions, Disagreement, Reliability, passages, reading
from agency.comparison import DISTANCES
from agency.formats import Entry, Note, Run, Sheet, plain

if TYPE_CHECKING:
    from agency.agreement import Coding

_HEADS = {"masi": "MASI", "jaccard": "Jaccard", "nominal": "Nominal"}


def agreement_sheets(found: Agreement) -> list[Sheet]:
    """Return alpha on origins and on actors, presence, and the disagreements with both passages.

    Examples
    --------
    >>> import agency
    >>> from pathlib import Path
    >>> from agency.agreement.disagreements import agreement
    >>> study = agency.load(Path(agency.load().data.folder) / "double_coding.csv")
    >>> [sheet.label for sheet in agreement_sheets(agreement(study.data))]
    ['alpha-origins', 'alpha-actors', 'presence', 'disagreements', 'coded-by-one']
    """
    alphas = [_alpha_sheet(found, on) for on in ON]
    differing = _side_by_side(
        found, found.disagreements, "disagreements", "Disagreements: units that all compared coders coded differently."
    )
    alone = _side_by_side(
        found,
        found.coded_by_one,
        "coded-by-one",
        "Units that only one coder coded: no disagreement of values, but of presence.",
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
    >>> from pathlib import Path
    >>> from agency.agreement.disagreements import agreement
    >>> study = agency.load(Path(agency.load().data.folder) / "double_coding.csv")
    >>> adjudication_sheet(agreement(study.data)).columns[:3]
    ('project', 'phase', 'differ')
    """
    fields = ("origins", "actors", "passages", "notes")
    of_coders = [f"{coder}: {field}" for coder in found.coders for field in fields]
    decisions = decisions or Decisions()
    rows = []
    for entry in (*found.disagreements, *found.coded_by_one):
        said = [text for coder in found.coders for text in _written(found, entry.codings.get(coder))]
        texts = (*entry.unit, ", ".join(entry.differ), *said, *decisions.of(entry.unit))
        rows.append(tuple(plain(text) for text in texts))
    return Sheet(
        caption=f"Disagreements of {' and '.join(found.coders)} to decide.",
        label="adjudication",
        columns=("project", "phase", "differ", *of_coders, *decisions.columns),
        rows=tuple(rows),
    )


def _alpha_sheet(found: Agreement, on: str) -> Sheet:
    labels = {phase.key: phase.label for phase in found.table.codebook.phases}
    reliable = {phase: entry for (what, phase), entry in found.reliability.items() if what == on}
    rows = tuple(_alpha_row(labels.get(phase or "", "All phases"), entry) for phase, entry in reliable.items())
    overall = reliable[None].alphas["masi"].value
    lines = {
        name: line.value
        for name, line in (
            (name, found.table.codebook.thresholds.get(f"alpha_{name}")) for name in ("reliable", "tentative")
        )
        if line
    }
    return Sheet(
        caption=f"Krippendorff's alpha on {on} of {', '.join(found.coders)}; by MASI: {reading(overall, **lines)}.",
        label=f"alpha-{on}",
        columns=("Phase", *_HEADS.values(), "95 % interval (MASI)", "Units", "Pairable values"),
        rows=rows,
        notes=(
            Note(
                "", "A unit is a project and a phase, its value the set over all lead held rows; 'nobody' is a value."
            ),
            Note("", "The interval is a bootstrap over units, given from 20 units."),
        ),
        numeric=(1, 2, 3, 5, 6),
    )


def _alpha_row(label: str, entry: Reliability) -> tuple[Entry, ...]:
    ends = entry.intervals["masi"]
    alphas = [entry.alphas[name].value for name in DISTANCES]
    why = f"undefined: {entry.undefined_because}"
    texts = [why if value is None else f"{float(value):.3f}" for value in alphas]
    interval = f"{ends[0]:.3f} to {ends[1]:.3f}" if ends else "not given"
    return tuple(plain(text) for text in (label, *texts, interval, str(entry.units), str(entry.pairable_values)))


def _presence_sheet(found: Agreement) -> Sheet:
    labels = {phase.key: phase.label for phase in found.table.codebook.phases}
    rows = tuple(
        tuple(
            plain(text)
            for text in (
                labels.get(entry.phase or "", "All phases"),
                " and ".join(entry.coders),
                str(entry.both),
                str(entry.only_a),
                str(entry.only_b),
                "undefined: nothing coded" if entry.jaccard is None else f"{entry.jaccard:.3f}",
            )
        )
        for entry in found.presence
    )
    return Sheet(
        caption="Presence: which units were coded at all.",
        label="presence",
        columns=("Phase", "Coders", "Both", "Only the first", "Only the second", "Jaccard"),
        rows=rows,
        notes=(Note("", "Blank against blank is not agreement: presence is counted, never an alpha."),),
        numeric=(2, 3, 4, 5),
    )


def _side_by_side(found: Agreement, entries: Sequence[Disagreement], label: str, caption: str) -> Sheet:
    return Sheet(
        caption=f"{caption} {len(entries)} in all.",
        label=label,
        columns=("Unit", *(f"Coder {coder}" for coder in found.coders)),
        rows=tuple(
            (
                _lines([entry.unit[0], entry.unit[1], f"({', '.join(entry.differ)})"]),
                *(_said(found, entry.codings.get(coder)) for coder in found.coders),
            )
            for entry in entries
        ),
    )


def _said(found: Agreement, coding: Coding | None) -> Entry:
    """Return a coder's value and, below it, each statement with its passage."""
    if coding is None:
        return plain("not coded")
    rows = passages(found.table, coding)
    return _lines([f"{_names(coding.actors)} [{_names(coding.origins)}]", *(_statement(row) for row in rows)])


def _written(found: Agreement, coding: Coding | None) -> tuple[str, str, str, str]:
    if coding is None:
        return ("not coded", "not coded", "", "")
    rows = passages(found.table, coding)
    notes = [row["note"] for row in rows if row["note"]]
    statements = " / ".join(_statement(row) for row in rows)
    return (_names(coding.origins), _names(coding.actors), statements, " / ".join(notes))


def _statement(row: dict[str, Any]) -> str:
    """Return one row in a line: who, how, the passage and where it stands."""
    who = f"{row['actor']} [{row['origin']}]" if row["actor"] else "nobody"
    how = [] if row["status"] == "held" else [str(row["status"])]
    how += [] if row["role"] == "lead" else [str(row["role"])]
    quote = f" “{row['quote']}”" if row["quote"] else ""
    place = ", ".join(str(part) for part in (row["source"], row["locator"]) if part)
    return f"{who}{' (' + ', '.join(how) + ')' if how else ''}:{quote} ({place}; line {row['line']})"


def _names(values: frozenset[str]) -> str:
    return ", ".join(sorted(values)) or "nobody"


def _lines(texts: Sequence[str]) -> Entry:
    return Entry(tuple((Run(text),) for text in texts))
