"""The page's stylesheet with the codebook's colours, and the policy that allows nothing else.

From sections to the one HTML file.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from agency.figures import text_colour
from agency.vocabulary import UNKNOWN

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from agency.report.methods import Provenance
    from agency.report.part import Section
    from agency.vocabulary import Codebook, Origin

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
    fill, edge, strong = _colour(origin.colour), _colour(origin.edge), _colour(origin.strong)
    stripes = _STRIPES.get(origin.hatch[:1], "none").format(edge=edge)
    strip = f"{fill} {stripes}" if stripes != "none" else edge
    return (
        f".chip.{name} {{ background: {fill}; color: {text_colour(fill)}; border-color: {edge}; }}\n"
        f".chip.{name}::before {{ background: {strip}; border-right: 1px solid {edge}; }}\n"
        f".entry .tag.{name} {{ background: {fill}; color: {text_colour(fill)}; border-left-color: {edge}; }}\n"
        f".f-{name} {{ fill: {strong}; stroke: {edge}; }}"
    )


_ADDRESS: Final = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]")
# What HTML forbids: control characters but tab and line ends, surrogates and noncharacters.
_FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF))
    + "]"
)


@dataclass(frozen=True)
class Fact:
    """One line of the first screen."""

    name: str
    text: str
    target: str = ""
    """Id of the section that says more."""
    hash: str = ""


@dataclass(frozen=True)
class Page:
    """Everything on the page, in order."""

    title: str
    lede: str
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]


def render_page(page: Page, facts: Provenance, codebook: Codebook) -> str:
    """Return the page as one HTML document that loads nothing.

    Parameters
    ----------
    page
        What is on it.
    facts
        What it was made from.
    codebook
        Its origins give the colours.
    """
    from markupsafe import Markup

    style = f"\n{_resource('report.css')}{origin_css(codebook)}"
    script = f"\n{_resource('report.js')}"
    template = _environment().get_template("report.html.j2")
    return template.render(
        page=page,
        facts=facts,
        patterns=hatch_paths(codebook),
        policy=content_policy(style, script),
        # Both are ours: the stylesheet's only foreign part are colours, which are checked.
        style=Markup(style),
        script=Markup(script),
    )


def _resource(name: str) -> str:
    return resources.files("agency.report").joinpath("templates", name).read_text("utf-8")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("agency.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
    )
    environment.filters |= {"linked": _linked, "tight": _tight}
    return environment


def _printable(value: Any) -> Any:
    """Replace characters that HTML forbids, whatever table they came from."""
    return _FORBIDDEN.sub("\ufffd", value) if type(value) is str else value


def _tight(text: str) -> str:
    """Keep a number and its percent sign on one line."""
    return text.replace(" %", "\u00a0%")


def _linked(text: str) -> Markup:
    """Escape a reference and make its web addresses links."""
    from markupsafe import Markup, escape

    parts, position = [], 0
    for match in _ADDRESS.finditer(text):
        address = escape(match[0])
        parts += [escape(text[position : match.start()]), Markup('<a href="{0}">{0}</a>').format(address)]
        position = match.end()
    return Markup("").join([*parts, escape(_printable(text[position:]))])
