"""Colours for origins that a codebook gives none: nine pairs of colour and hatch, in a fixed order.

After Paul Tol's *muted* scheme (SRON/EPS/TN/09-002): each has a light fill for cells with names in them, a strong one
for bars, a dark partner for edges, and a straight hatch that no packaged origin has. `agency.figures` proves that all
of them are told apart in grey and with colour-vision deficiency, by tone or by hatch.
"""

from __future__ import annotations

from typing import TypedDict


class Colours(TypedDict):
    """How one origin is drawn."""

    colour: str
    strong: str
    edge: str
    hatch: str


SERIES: tuple[Colours, ...] = tuple(
    Colours(colour=colour, strong=strong, edge=edge, hatch=hatch)
    for colour, strong, edge, hatch in (
        ("#8FCCC2", "#44AA99", "#1F5C52", "+"),
        ("#E8DDA8", "#DDCC77", "#6B5F1E", "/-"),
        ("#D39BCB", "#AA4499", "#6A2A5F", "\\-"),
        ("#BBE3F5", "#88CCEE", "#1F6A8C", "//"),
        ("#C7C78A", "#999933", "#58581C", "\\\\"),
        ("#8CC09A", "#117733", "#0B4F22", "--"),
        ("#E3ABB4", "#CC6677", "#7D2F3C", "xx"),
        ("#CF9AB3", "#882255", "#5A1638", "++"),
        ("#A6A0D6", "#332288", "#221659", "x-"),
    )
)
"""Used one after another; the tenth origin without a colour begins again, and the proof of the palette says so."""
