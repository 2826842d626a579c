"""Coverage as a printed table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agency.measures.coverage import STATES
from agency.render.sheet import Entry, Note, Sheet, plain

if TYPE_CHECKING:
    import pandas as pd

    from agency.table.codebook import Codebook

_SIGNS = {"coded": "coded", "contested": "CONTESTED", "vacant": "vacant", "unknown": "–", "not_applicable": "n. a."}


def coverage_sheet(frame: pd.DataFrame, codebook: Codebook) -> Sheet:
    """Return the coverage as a printable table: projects by phases, with counts below and beside."""
    keys = list(dict.fromkeys(frame["phase"]))
    wide = (
        frame.set_index(["project", "phase"])["state"]
        .unstack()
        .reindex(index=list(dict.fromkeys(frame["project"])), columns=keys)
    )
    known = wide.isin(["coded", "contested", "vacant"]).sum(axis=1)
    rows: list[tuple[Entry, ...]] = [
        (plain(str(project)), *(plain(_SIGNS[state]) for state in states), plain(f"{known[project]} of {len(keys)}"))
        for project, states in zip(wide.index, wide.to_numpy(), strict=True)
    ]
    for state in STATES:
        counts = (wide == state).sum()
        if counts.any():
            cells = (plain(str(count)) for count in counts)
            rows.append((plain(f"all: {state.replace('_', ' ')}"), *cells, plain(str(counts.sum()))))
    return Sheet(
        caption="Coverage: what is known of each project and phase",
        label="coverage",
        columns=("project", *(codebook.phase(key).short for key in keys), "known"),
        rows=tuple(rows),
        notes=(
            Note(
                "",
                "coded: somebody holds it; CONTESTED: sources disagree on the origins of the holders; "
                "vacant: vacant or under negotiation; –: unknown; n. a.: not applicable.",
            ),
        ),
    )
