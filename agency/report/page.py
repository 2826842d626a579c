"""From sections to the one HTML file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from agency.report.style import content_policy, hatch_paths, origin_css

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from agency.report.blocks import Section
    from agency.report.provenance import Provenance
    from agency.table.codebook import Codebook

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
