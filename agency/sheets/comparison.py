"""Projects side by side, regularities and truth tables as printed tables; and the file for the R package QCA."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from agency.characters import spreadsheet
from agency.formats import Note, Sheet, plain
from agency.sheets.numbers import rules, two, within
from agency.words import listed, marked, number, percent, text

_NAMES = {
    "origins_jaccard": marked("Origins, Jaccard"),
    "origins_masi": marked("Origins, MASI"),
    "origins_nominal": marked("Origins, equal or not"),
    "actors_jaccard": marked("Actors, Jaccard"),
    "actors_masi": marked("Actors, MASI"),
    "origins_tv": marked("Origins over time, total variation"),
}
_BOUNDS = marked(
    "0 = the same origins (or actors) phase by phase, 1 = none in common. In brackets: bounds with the phases that are "
    "not known in both."
)


def pair_sheets(found: Mapping[str, Any], *, labels: Mapping[str, str], method: Mapping[str, Any]) -> list[Sheet]:
    """Return the cells of two projects side by side, and their distances.

    Parameters
    ----------
    found
        From `agency.comparison.compare.compare`.
    labels
        Printed names of the phases.
    method
        The rules in force, printed in the caption.
    """
    one, other = found["projects"]
    cells = [
        (labels.get(cell["phase"], cell["phase"]), cell["a"], cell["b"], _difference(cell)) for cell in found["cells"]
    ]
    distances = [
        (
            text(_NAMES[name]),
            *_numbers(entry),
            text("{n} of {all}", n=entry["compared_phases"], all=len(found["cells"])),
        )
        for name, entry in found["distance"].items()
        if entry["bounds"] is not None
    ]
    notes = [Note("", text(_BOUNDS))]
    return [
        Sheet(
            caption=text("{projects}. {rules}", projects=listed([one, other]), rules=rules(method)),
            label="comparison",
            columns=(text("Phase"), one, other, text("Differs in")),
            rows=_rows(cells),
        ),
        Sheet(
            caption=text("Distance of {projects}. {rules}", projects=listed([one, other]), rules=rules(method)),
            label="distances",
            columns=(text("Distance"), text("Value"), text("Bounds"), text("Phases compared")),
            rows=_rows(distances),
            notes=tuple(notes),
            numeric=(1, 2, 3),
        ),
    ]


def matrix_sheet(found: Mapping[str, Any], *, by: str, method: Mapping[str, Any]) -> Sheet:
    """Return the distance matrix of more than two projects, in single-linkage order.

    Parameters
    ----------
    found
        From `agency.comparison.compare.compare`.
    by
        Name of the distance printed, the one that gives the order.
    method
        As in `pair_sheets`.
    """
    order, table = found["order"], found["matrix"][by]
    rows = []
    for project in order:
        values = [table[project][other]["value"] if other != project else 0.0 for other in order]
        rows.append((project, *("–" if value is None else two(value) for value in values)))
    return Sheet(
        caption=text(
            "Distances ({names}), in order of single linkage. {rules}",
            names=text(_NAMES[by]).lower(),
            rules=rules(method),
        ),
        label="distance-matrix",
        columns=(text("Project"), *order),
        rows=_rows(rows),
        notes=(
            Note(
                "",
                text(
                    "0 = the same origins (or actors) phase by phase, 1 = none in common; –: too few phases are "
                    "known in "
                    "both."
                ),
            ),
            Note("", text("All distances, bounds and numbers of phases compared: -f csv or json.")),
        ),
        numeric=tuple(range(1, len(order) + 1)),
    )


def _difference(cell: Mapping[str, Any]) -> str:
    """Return in words what differs; nothing where the same actors hold the phase."""
    if cell["same_actors"] is None:
        return text("not known in both")
    if cell["same_origins"] is None:
        return text("origin not known") if cell["same_actors"] else text("origin not known, actors")
    if cell["same_origins"]:
        return "" if cell["same_actors"] else text("actors")
    return text("origins, actors")


def _numbers(entry: Mapping[str, Any]) -> tuple[str, ...]:
    value, (low, high) = entry["value"], entry["bounds"]
    shown = within(low, high, "number").strip() or f"[{two(low)}]"
    return (text("undefined") if value is None else two(value), shown)


def _rows(rows: Sequence[tuple[str, ...]]) -> tuple[Any, ...]:
    return tuple(tuple(plain(cell) for cell in row) for row in rows)


def regularity_sheet(
    found: Mapping[str, Mapping[str, Any]],
    sentences: Sequence[str],
    *,
    labels: Mapping[str, str],
    words: Mapping[str, str],
    method: Mapping[str, Any],
) -> Sheet:
    """Return a row per phase: its most common pattern, where it holds, and how consistently each origin holds it.

    Parameters
    ----------
    found, sentences
        From `agency.comparison.regularities`; the sentences stand below the table.
    labels
        Printed names of origins.
    words
        Of phases and origins in the rows, by key.
    method
        The rules in force, printed in the caption.
    """
    origins = _used_origins(found)
    rows = []
    for phase, entry in found.items():
        pattern = (
            text("not known")
            if entry["pattern"] is None
            else " + ".join(words.get(origin, origin) for origin in entry["pattern"])
        )
        shares = [_consistency(entry["consistency"][origin]) for origin in origins]
        counts = [(entry["holds_in"], entry["known_in"]), (entry["known_in"], entry["of"])]
        told = [text("{n} of {all}", n=number(n), all=number(every)) for n, every in counts]
        rows.append((words.get(phase, phase), pattern, *told, ", ".join(entry["exceptions"]), *shares))
    return Sheet(
        caption=text("Regularities across projects. {rules}", rules=rules(method)),
        label="regularities",
        columns=(
            text("Phase"),
            text("Pattern"),
            text("Holds in"),
            text("Known in"),
            text("Exceptions"),
            *(text("Held by {origin}", origin=labels.get(origin, origin)) for origin in origins),
        ),
        rows=_rows(rows),
        notes=(
            *(Note("", sentence) for sentence in sentences),
            Note("", text("Held by: projects where the origin is among the holders, of those where that is known.")),
            Note(
                "", text("The projects were chosen, not drawn at random: what holds in them need not hold in others.")
            ),
        ),
        numeric=(2, 3, *range(5, 5 + len(origins))),
    )


def truth_sheets(table: Mapping[str, Any], *, method: Mapping[str, Any]) -> list[Sheet]:
    """Return the truth table with case names, and the necessity of each condition.

    Parameters
    ----------
    table
        From `agency.comparison.regularities.truth_table`.
    method
        As in `regularity_sheet`.
    """
    conditions, outcome = table["conditions"], table["outcome"]
    rows = [
        (
            *(str(row["configuration"][key]) for key in conditions),
            str(row["n"]),
            two(row["inclusion"]),
            text("contradiction") if row["contradiction"] else "",
            ", ".join(row["cases"]),
        )
        for row in table["rows"]
    ]
    left_out = ", ".join(table["left_out"])
    necessity = [
        (
            key,
            *(
                text("undefined") if entry[name] is None else two(entry[name])
                for name in ("consistency", "coverage", "ron")
            ),
        )
        for key, entry in table["necessity"].items()
    ]
    notes = [Note("", text("Left out, a cell is not known: {left_out}.", left_out=left_out))] if left_out else []
    size = len(conditions)
    return [
        Sheet(
            caption=text("Truth table for {outcome}. {rules}", outcome=outcome, rules=rules(method)),
            label="truth-table",
            columns=(*conditions, "n", text("Inclusion"), text("Contradiction"), text("Cases")),
            rows=_rows(rows),
            notes=(*notes, Note("", text("Inclusion: share of the cases with the outcome. No minimisation."))),
            numeric=tuple(range(size + 2)),
        ),
        Sheet(
            caption=text("Necessity for {outcome}. {rules}", outcome=outcome, rules=rules(method)),
            label="necessity",
            columns=(text("Condition"), text("Consistency"), text("Coverage"), "RoN"),
            rows=_rows(necessity),
            notes=(Note("", text("RoN: relevance of necessity (Schneider & Wagemann 2012).")),),
            numeric=(1, 2, 3),
        ),
    ]


def qca_csv(
    cases: Mapping[str, Mapping[str, bool | None]],
    conditions: Sequence[str],
    outcome: str | None = None,
    *,
    keep_unknown: bool = False,
) -> str:
    """Return crisp cases as a CSV for the R package QCA: case names first, then memberships as 0 and 1.

    Names become letters, digits and underscores in capitals, as QCA wants them. Cases with an unknown membership are
    left out, or with `keep_unknown` stay, the membership empty (R reads NA). Read it with
    ``read.csv(file, row.names = 1)``.

    Examples
    --------
    >>> print(qca_csv({"a": {"design:chinese": True, "operation:local": False}}, ["design:chinese"], "operation:local"))
    CASE,DESIGN_CHINESE,OPERATION_LOCAL
    a,1,0
    <BLANKLINE>
    """
    wanted = [*conditions, *([outcome] if outcome else [])]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["CASE", *(re.sub(r"\W+", "_", name).upper() for name in wanted)])
    for name, case in cases.items():
        members = ["" if case[key] is None else str(int(bool(case[key]))) for key in wanted]
        if keep_unknown or all(members):
            writer.writerow([spreadsheet(name), *members])
    return stream.getvalue()


def _used_origins(found: Mapping[str, Mapping[str, Any]]) -> list[str]:
    every = list(next(iter(found.values()))["consistency"]) if found else []
    return [origin for origin in every if any(entry["consistency"][origin]["held_in"] for entry in found.values())]


def _consistency(entry: Mapping[str, Any]) -> str:
    if entry["value"] is None:
        return text("undefined")
    share = percent(entry["value"])
    return text("{n} of {all}: {share}", n=entry["held_in"], all=entry["known_in"], share=share)
