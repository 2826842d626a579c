"""The findings of the check as a table: a repeated mistake in one row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agency.table.listing import SHOWN, summary
from agency.table.problems import in_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agency.render.sheet import Entry, Sheet
    from agency.table.problems import Finding


def problem_sheet(findings: Sequence[Finding]) -> Sheet:
    """Return the findings as a table: severity, where, what was found and what to do.

    Findings that say the same are one row with their first five lines; of different findings of one kind in one
    column, the first five rows are shown and the rest is counted.
    """
    from agency.render.sheet import Sheet

    kinds: dict[tuple[str, ...], dict[tuple[str, ...], list[Finding]]] = {}
    for finding in in_order(findings):
        kind = kinds.setdefault((finding.severity, finding.file, finding.code, finding.column), {})
        kind.setdefault((finding.found, finding.expected, finding.fix), []).append(finding)
    rows = []
    for same in kinds.values():
        groups = list(same.values())
        rows += [_row(group) for group in groups[:SHOWN]]
        rest = [finding for group in groups[SHOWN:] for finding in group]
        if rest:
            rows.append(_rest(rest))
    return Sheet(
        caption=f"What the check of the table found: {summary(findings)}. With errors there would be no report.",
        label="problems-found",
        columns=("Severity", "Where", "Column", "Found", "What to do"),
        rows=tuple(rows),
    )


def _row(group: list[Finding]) -> tuple[Entry, ...]:
    from agency.render.sheet import plain

    first = group[0]
    lines = [str(finding.line) for finding in group if finding.line]
    more = f" and {len(lines) - SHOWN:,} more" if len(lines) > SHOWN else ""
    place = f"{first.file}, line {', '.join(lines[:SHOWN])}{more}" if lines else first.file
    texts = (first.severity, place, first.column, first.message, first.fix)
    return tuple(plain(text) for text in texts)


def _rest(rest: list[Finding]) -> tuple[Entry, ...]:
    from agency.render.sheet import plain

    first = rest[0]
    texts = (first.severity, first.file, first.column, f"and {len(rest):,} more of this kind", "agency check --all")
    return tuple(plain(text) for text in texts)
