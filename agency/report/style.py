"""The page's stylesheet with the codebook's colours, and the policy that allows nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from agency.table.codebook import Codebook, Origin

_COLOUR: Final = re.compile(r"#[0-9A-Fa-f]{6}")
_STRIPES: Final = {
    "": "none",
    "/": "repeating-linear-gradient(-45deg, transparent 0 3px, {edge} 3px 4px)",
    "\\": "repeating-linear-gradient(45deg, transparent 0 3px, {edge} 3px 4px)",
    "-": "repeating-linear-gradient(0deg, transparent 0 3px, {edge} 3px 4px)",
    "|": "repeating-linear-gradient(90deg, transparent 0 3px, {edge} 3px 4px)",
    "x": "repeating-linear-gradient(45deg, transparent 0 3px, {edge} 3px 4px), "
    "repeating-linear-gradient(-45deg, transparent 0 3px, {edge} 3px 4px)",
}
"""Straight hatches as in the figures, drawn by the browser."""
_LINES: Final = {
    "/": "M-2 2L2-2M0 8L8 0M6 10L10 6",
    "\\": "M-2 6L2 10M0 0L8 8M6-2L10 2",
    "-": "M0 4H8",
    "|": "M4 0V8",
    "x": "M0 8L8 0M0 0L8 8",
}


def origin_css(codebook: Codebook) -> str:
    """Return the rules for the codebook's origins: chips in the table, tags in the register, pieces of bars."""
    from agency.table.codebook import UNKNOWN

    rules = [_origin_rules(f"o{at}", origin) for at, origin in enumerate((*codebook.origins, UNKNOWN))]
    return "\n".join(rules) + "\n"


def hatch_paths(codebook: Codebook) -> list[tuple[str, str, str]]:
    """Return name, path and colour of the hatch of each origin that has one, for the patterns of the bars."""
    rest = [("gap", _LINES["|"], "#555555")]
    return rest + [
        (f"o{at}", _LINES[origin.hatch[0]], _colour(origin.edge))
        for at, origin in enumerate(codebook.origins)
        if origin.hatch[:1] in _LINES
    ]


def content_policy(style: str, script: str) -> str:
    """Return the Content-Security-Policy: this style, this script and embedded pictures, nothing else.

    Examples
    --------
    >>> content_policy("", "").split("; ")[0]
    "default-src 'none'"
    """
    rules = (
        "default-src 'none'",
        "img-src data:",
        f"style-src '{_hash(style)}'",
        f"script-src '{_hash(script)}'",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return "; ".join(rules)


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _colour(text: str) -> str:
    """Return a colour of the codebook; anything that is none becomes white, so that no rule can be broken out of."""
    return text if _COLOUR.fullmatch(text) else "#FFFFFF"


def _origin_rules(name: str, origin: Origin) -> str:
    from agency.figures.colour import text_colour

    fill, edge, strong = _colour(origin.colour), _colour(origin.edge), _colour(origin.strong)
    stripes = _STRIPES.get(origin.hatch[:1], "none").format(edge=edge)
    strip = f"{fill} {stripes}" if stripes != "none" else edge
    return (
        f".chip.{name} {{ background: {fill}; color: {text_colour(fill)}; border-color: {edge}; }}\n"
        f".chip.{name}::before {{ background: {strip}; border-right: 1px solid {edge}; }}\n"
        f".entry .tag.{name} {{ background: {fill}; color: {text_colour(fill)}; border-left-color: {edge}; }}\n"
        f".f-{name} {{ fill: {strong}; stroke: {edge}; }}"
    )
