"""An indicator explained: its entry in the catalogue, its parts, and the phases behind them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from agency.render.numbers import missing, rules, within, written
from agency.render.sheet import Sheet, plain

if TYPE_CHECKING:
    import pandas as pd

    from agency.measures.registry import Indicator


def explain_sheets(
    entry: Indicator, frame: pd.DataFrame, parts: pd.DataFrame, *, method: Mapping[str, Any]
) -> list[Sheet]:
    """Return three tables: the definition, numerators and denominators by project, and the phases they come from.

    Parameters
    ----------
    entry, frame, parts
        From `agency.measures.explain`.
    method
        The rules in force, printed in the caption.
    """
    definition = (
        ("Formula", entry.formula),
        ("Range", entry.range),
        ("Reading", entry.reading),
        ("Limits", entry.limits),
        ("Gap and unknown", entry.blanks),
        ("Source", entry.source),
    )
    rows = []
    columns = ["project", "key", "numerator", "denominator", "value", "low", "high", "why"]
    for project, key, numerator, denominator, value, low, high, why in (
        frame[columns].astype(object).to_numpy().tolist()
    ):
        exact = repr(value) if isinstance(value, float) and not missing(value) else ""
        bounds = within(low, high, entry.unit).strip()
        shown = written(value, entry.unit, why)
        rows.append((project, key, _part(numerator), _part(denominator), shown, bounds, exact))
    return [
        Sheet(
            caption=f"{entry.id} {entry.title} ({entry.key})",
            label=f"{entry.key.replace('_', '-')}-definition",
            columns=("", "Definition"),
            rows=tuple((plain(name), plain(text)) for name, text in definition),
        ),
        Sheet(
            caption=f"{entry.title} in this data. {rules(method)}",
            label=f"{entry.key.replace('_', '-')}-parts",
            columns=("Project", "Key", "Numerator", "Denominator", "Value", "Bounds", "Unrounded"),
            rows=tuple(tuple(plain(str(text)) for text in row) for row in rows),
            numeric=(2, 3, 4, 5, 6),
        ),
        Sheet(
            caption="Phases it is computed from: shares of the phase that are held, a gap, unknown",
            label=f"{entry.key.replace('_', '-')}-phases",
            columns=("Project", "Phase", "Weight", "Held", "Gap", "Unknown", "Holders"),
            rows=tuple(
                tuple(plain(_part(cell) if isinstance(cell, float) else str(cell)) for cell in row)
                for row in parts.itertuples(index=False)
            ),
            numeric=(2, 3, 4, 5),
        ),
    ]


def _part(value: Any) -> str:
    return "" if missing(value) else f"{value:.6g}"
