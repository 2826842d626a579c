"""Regularities and truth tables as printed tables, and the file for the R package QCA."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from agency.render.escape import spreadsheet
from agency.render.numbers import percent, rules, two
from agency.render.sheet import Note, Sheet, plain


def regularity_sheet(
    found: Mapping[str, Mapping[str, Any]],
    sentences: Sequence[str],
    *,
    labels: Mapping[str, str],
    method: Mapping[str, Any],
    raw: bool,
) -> Sheet:
    """Return a row per phase: its most common pattern, where it holds, and how consistently each origin holds it.

    Parameters
    ----------
    found, sentences
        From `agency.measures.regularities`; the sentences stand below the table.
    labels
        Printed names of origins.
    method
        The rules in force, printed in the caption.
    raw
        Numbers unrounded, for CSV.
    """
    origins = _used_origins(found)
    rows = []
    for phase, entry in found.items():
        pattern = "not known" if entry["pattern"] is None else " + ".join(entry["pattern"])
        shares = [_consistency(entry["consistency"][origin], raw=raw) for origin in origins]
        holds, known = str(entry["holds_in"]), str(entry["known_in"])
        counts = (holds, known) if raw else (f"{holds} of {known}",)
        rows.append((phase, pattern, *counts, ", ".join(entry["exceptions"]), *shares))
    counted = ("Holds in", "Known in") if raw else ("Holds in",)
    return Sheet(
        caption=f"Regularities across projects. {rules(method)}",
        label="regularities",
        columns=(
            "Phase",
            "Pattern",
            *counted,
            "Exceptions",
            *(f"Held by {labels.get(origin, origin)}" for origin in origins),
        ),
        rows=tuple(tuple(plain(text) for text in row) for row in rows),
        notes=(
            *(Note("", sentence) for sentence in sentences),
            Note("", "Held by: projects where the origin is among the holders, of those where that is known."),
            Note("", "The projects were chosen, not drawn at random: what holds in them need not hold in others."),
        ),
        numeric=tuple(at for at in range(2, 3 + len(counted) + len(origins)) if at != 2 + len(counted)),
    )


def truth_sheets(table: Mapping[str, Any], *, method: Mapping[str, Any], raw: bool) -> list[Sheet]:
    """Return the truth table with case names, and the necessity of each condition.

    Parameters
    ----------
    table
        From `agency.measures.truthtable.truth_table`.
    method, raw
        As in `regularity_sheet`.
    """
    write = repr if raw else two
    conditions, outcome = table["conditions"], table["outcome"]
    rows = [
        (
            *(str(row["configuration"][key]) for key in conditions),
            str(row["n"]),
            write(row["inclusion"]),
            "contradiction" if row["contradiction"] else "",
            ", ".join(row["cases"]),
        )
        for row in table["rows"]
    ]
    left_out = ", ".join(table["left_out"])
    necessity = [
        (
            key,
            *(
                "undefined" if entry[name] is None else write(entry[name])
                for name in ("consistency", "coverage", "ron")
            ),
        )
        for key, entry in table["necessity"].items()
    ]
    notes = [Note("", f"Left out, a cell is not known: {left_out}.")] if left_out else []
    size = len(conditions)
    return [
        Sheet(
            caption=f"Truth table for {outcome}. {rules(method)}",
            label="truth-table",
            columns=(*conditions, "n", "Inclusion", "Contradiction", "Cases"),
            rows=tuple(tuple(plain(text) for text in row) for row in rows),
            notes=(*notes, Note("", "Inclusion: share of the cases with the outcome. No minimisation.")),
            numeric=tuple(range(size + 2)),
        ),
        Sheet(
            caption=f"Necessity for {outcome}. {rules(method)}",
            label="necessity",
            columns=("Condition", "Consistency", "Coverage", "RoN"),
            rows=tuple(tuple(plain(text) for text in row) for row in necessity),
            notes=(Note("", "RoN: relevance of necessity (Schneider & Wagemann 2012)."),),
            numeric=(1, 2, 3),
        ),
    ]


def qca_csv(cases: Mapping[str, Mapping[str, bool | None]], conditions: Sequence[str], outcome: str) -> str:
    """Return crisp cases as a CSV for the R package QCA: case names first, then memberships as 0 and 1.

    Names become letters, digits and underscores in capitals, as QCA wants them. Cases with an unknown membership are
    left out. Read it with ``read.csv(file, row.names = 1)``.

    Examples
    --------
    >>> print(qca_csv({"a": {"design:chinese": True, "operation:local": False}}, ["design:chinese"], "operation:local"))
    CASE,DESIGN_CHINESE,OPERATION_LOCAL
    a,1,0
    <BLANKLINE>
    """
    wanted = [*conditions, outcome]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["CASE", *(re.sub(r"\W+", "_", name).upper() for name in wanted)])
    for name, case in cases.items():
        if all(case[key] is not None for key in wanted):
            writer.writerow([spreadsheet(name), *(int(bool(case[key])) for key in wanted)])
    return stream.getvalue()


def _used_origins(found: Mapping[str, Mapping[str, Any]]) -> list[str]:
    every = list(next(iter(found.values()))["consistency"]) if found else []
    return [origin for origin in every if any(entry["consistency"][origin]["held_in"] for entry in found.values())]


def _consistency(entry: Mapping[str, Any], *, raw: bool) -> str:
    if entry["value"] is None:
        return "" if raw else "undefined"
    return repr(entry["value"]) if raw else f"{entry['held_in']} of {entry['known_in']}: {percent(entry['value'])}"
