"""What the page says, in order, and the one HTML file it becomes, with its stylesheet and its policy."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from agency.figures import contrast, text_colour
from agency.formats import Note, render_sheet
from agency.report.appendix import appendix_view, references
from agency.report.beside import changes_table, claims_table, indicators_table, matrix_table, statements_table
from agency.report.brief import BriefView, brief_view
from agency.report.changes import changes_view
from agency.report.claims import claims_view
from agency.report.disputes import disputes_view, silence_view, sureness_view
from agency.report.material import MANY
from agency.report.matrix import matrix_view
from agency.report.register import Register, build_register
from agency.vocabulary import SERIES, UNKNOWN
from agency.words import counted, digits, language, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import Environment
    from markupsafe import Markup

    from agency.formats import Sheet
    from agency.report.material import Material, TableFile
    from agency.vocabulary import Codebook, Origin


_AS_IT_IS = " !$()*+,/:;=?@[]^`{|}"
"""Signs that stand as they are in the address of a table: neither it nor HTML gives them a meaning."""


@dataclass(frozen=True)
class Section:
    """A numbered section: the template that shows its view."""

    anchor: str
    title: str
    view: Any


@dataclass(frozen=True)
class Download:
    """A table within the page, to be saved as a file."""

    name: str
    label: str
    data: str
    """Data URI."""


@dataclass(frozen=True)
class Content:
    """Everything on the page."""

    brief: BriefView
    sections: tuple[Section, ...]
    register: Register
    downloads: tuple[Download, ...]
    references: tuple[str, ...]


def build_content(material: Material, progress: Callable[[str], None]) -> Content:
    """Return everything the page shows.

    Parameters
    ----------
    material
        The table as it is selected.
    progress
        Called with what is done next.
    """
    page = material.page
    entries = references(page)
    progress(text("cells and evidence"))
    register = build_register(page, {key: entry.anchor for key, entry in entries.items()})
    steps: tuple[tuple[str, str, Callable[[], Any]], ...] = (
        ("since", text("Since the earlier version"), lambda: _since(material)),
        ("matrix", text("Who holds what"), lambda: matrix_view(page, material.unshown)),
        ("changes", text("What changed"), lambda: changes_view(page, most=MANY)),
        ("disputes", text("What sources dispute"), lambda: disputes_view(page, register)),
        ("silence", text("What nobody says"), lambda: silence_view(page)),
        ("sureness", text("How sure"), lambda: sureness_view(page)),
        ("claims", text("Claims"), lambda: claims_view(material, register)),
        ("evidence", text("Evidence"), lambda: _evidence(register, material.unshown)),
        ("appendix", text("Appendix"), lambda: appendix_view(material, entries)),
    )
    progress(text("in brief"))
    brief = brief_view(material)
    sections = []
    for anchor, title, make in steps:
        progress(title.lower())
        view = make()
        if view is not None:
            sections.append(Section(anchor, title, view))
    return Content(
        brief,
        tuple(sections),
        register,
        tuple(_downloads(material)),
        tuple(entry.text for entry in dict.fromkeys(entries.values())),
    )


@dataclass(frozen=True)
class EvidenceView:
    """The register with its heading of the projects that the matrix folds."""

    intro: str
    hidden_title: str


def _evidence(register: Register, unshown: str) -> EvidenceView:
    hidden = sum(not project.shown for project in register.projects)
    return EvidenceView(
        counted(
            "The {n} statement on the projects shown, in the words of its source, and what becomes of it.",
            "The {n} statements on the projects shown, in the words of their sources, and what becomes of each.",
            register.size,
        )
        if unshown
        else counted(
            "The {n} statement on what is selected, in the words of its source, and what becomes of it.",
            "All {n} statements on what is selected, in the words of their sources, and what becomes of each.",
            register.size,
        ),
        counted("{n} project of which little is known", "{n} projects of which little is known", hidden)
        if hidden
        else "",
    )


@dataclass(frozen=True)
class SinceView:
    """How much changed since an earlier version, and each change."""

    counts: Sheet
    kinds: tuple[Sheet, ...]


def _since(material: Material) -> SinceView | None:
    changed = material.changed
    if changed is None:
        return None
    counts, *kinds = changed.sheets
    of_kind = changed.frame["about"].value_counts()
    shown = []
    for sheet in kinds:
        left = int(of_kind[sheet.label.removeprefix("changes-")]) - len(sheet.rows)
        said = counted(
            "{n} more is in the table of changes that can be saved from the appendix.",
            "{n} more are in the table of changes that can be saved from the appendix.",
            left,
        )
        shown.append(replace(sheet, notes=(Note("", said),) if left else ()))
    return SinceView(counts, tuple(shown))


def _downloads(material: Material) -> list[Download]:
    """Return the tables a reader can take along: the cells, the statements, the numbers, the verdicts."""
    found: list[tuple[str, TableFile | None]] = [
        (text("Who holds what"), matrix_table(material)),
        (text("Statements"), statements_table(material)),
        (text("Indicators"), indicators_table(material.page) if material.counted else None),
        (text("Claims"), claims_table(material)),
        (text("Changes"), changes_table(material)),
    ]
    return [Download(f"{table.name}.csv", label, _uri(table)) for label, table in found if table is not None]


def _uri(table: TableFile) -> str:
    # Base64 is a third longer than its text, of which few signs have to be escaped.
    return f"data:text/csv;charset=utf-8,{quote(str(render_sheet(table.data, 'csv')), safe=_AS_IT_IS)}"


_COLOUR: Final = re.compile(r"#[0-9A-Fa-f]{6}")
_ANGLES: Final = {"/": -45, "\\": 45, "-": 0, "|": 90}
_LINES: Final = {"/": "M-2 2L2-2M0 8L8 0M6 10L10 6", "\\": "M-2 6L2 10M0 0L8 8M6-2L10 2", "-": "M0 4H8", "|": "M4 0V8"}
_BETWEEN: Final = {"/": "M-2 6L6-2M2 10L10 2", "\\": "M-2 2L6 10M2-2L10 6", "-": "M0 0H8M0 8H8", "|": "M0 0V8M8 0V8"}
"""The lines that stand between them where a stroke is doubled: twice as dense, another hatch."""
_STROKES: Final = {"x": "/\\", "+": "-|"}
"""Hatches that are two strokes."""
DARK: Final = "#16181b"
"""Paper of the dark page."""
_LEAST: Final = 3.0
"""Contrast of a mark with its paper (WCAG 2.2, 1.4.11)."""
_PLAIN: Final = {"vacant": "M4 0V8", "negotiating": "M0 4H8"}


def origin_css(codebook: Codebook) -> str:
    """Return the rules for the codebook's origins: chips, tags, pieces of bars, on light, dark and forced colours."""
    origins = [(f"o{at}", origin) for at, origin in enumerate((*codebook.origins, UNKNOWN))]
    light = [rule for name, origin in origins for rule in _light(name, origin)]
    dark = [rule for name, origin in origins for rule in _dark(name, origin)]
    forced = [
        f".f-{name} {{ fill: {'Canvas' if origin.hatch else 'CanvasText'}; stroke: CanvasText; }} "
        f".h-{name} {{ stroke: CanvasText; }}"
        for name, origin in origins
    ]
    return "\n".join(
        [
            *light,
            "@media (prefers-color-scheme: dark) {",
            *(f"  @media screen {{ {rule} }}" for rule in dark),
            "}",
            "@media (forced-colors: active) {",
            *(f"  {rule}" for rule in forced),
            "}",
            "",
        ]
    )


def _light(name: str, origin: Origin) -> list[str]:
    fill, edge, strong = (_colour(text) for text in (origin.colour, origin.edge, origin.strong))
    step = 2 if _is_dense(origin) else 4
    stripes = ", ".join(
        f"repeating-linear-gradient({_ANGLES[stroke]}deg, transparent 0 {step - 1}px, {edge} {step - 1}px {step}px)"
        for stroke in _strokes(origin)
    )
    strip = f"background-color: {fill}; background-image: {stripes};" if stripes else f"background-color: {edge};"
    return [
        f".chip.{name}, .who.{name} {{ background-color: {fill}; color: {text_colour(fill)}; border-color: {edge}; }}",
        f".chip.{name}::before {{ {strip} border-right: 1px solid {edge}; }}",
        f".f-{name} {{ fill: {strong}; stroke: {edge}; }}",
        f".t-{name} {{ fill: {text_colour(strong)}; }}",
        f".h-{name} {{ stroke: {_hatch_on(strong, origin)}; }}",
    ]


def _dark(name: str, origin: Origin) -> list[str]:
    fill, edge, hatch = on_dark(origin), _colour(origin.edge), _hatch_on(on_dark(origin), origin)
    rules = [f".f-{name} {{ fill: {fill}; stroke: {edge}; }}", f".t-{name} {{ fill: {text_colour(fill)}; }}"]
    light = _hatch_on(_colour(origin.strong), origin)
    return rules if hatch == light else [*rules, f".h-{name} {{ stroke: {hatch}; }}"]


def _hatch_on(fill: str, origin: Origin) -> str:
    """Return the colour of an origin's hatch on a fill.

    Origins with colours chosen for them are told apart by their hatch: where the edge is not seen on the fill, it is
    black or white.
    """
    edge = _colour(origin.edge)
    chosen = any(origin.strong == one["strong"] and origin.hatch == one["hatch"] for one in SERIES)
    return text_colour(fill) if chosen and contrast(edge, fill) < _LEAST else edge


def on_dark(origin: Origin) -> str:
    """Return the fill of an origin on dark paper: the strong one where it is seen there, else the light one.

    Examples
    --------
    >>> from agency.vocabulary import default_codebook
    >>> [on_dark(origin) for origin in default_codebook().origins[:2]]
    ['#6699CC', '#BB5566']
    """
    found = [_colour(origin.strong), _colour(origin.colour)]
    seen = [fill for fill in found if contrast(fill, DARK) >= _LEAST]
    return seen[0] if seen else max(found, key=lambda fill: contrast(fill, DARK))


def _strokes(origin: Origin) -> str:
    said = "".join(_STROKES.get(stroke, stroke) for stroke in origin.hatch)
    return "".join(dict.fromkeys(stroke for stroke in said if stroke in _ANGLES))


def _is_dense(origin: Origin) -> bool:
    """Whether a stroke is doubled."""
    return any(stroke * 2 in origin.hatch for stroke in (*_ANGLES, *_STROKES))


def hatch_paths(codebook: Codebook) -> list[tuple[str, str]]:
    """Return name and path of the hatch of each origin that has one, and of what nobody holds, for the bars."""
    found = [
        (f"o{at}", "".join(_LINES[stroke] + _BETWEEN[stroke] * _is_dense(origin) for stroke in _strokes(origin)))
        for at, origin in enumerate(codebook.origins)
    ]
    return [*_PLAIN.items(), *((name, path) for name, path in found if path)]


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


_ADDRESS: Final = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]")
# What HTML forbids: control characters but tab and line ends, surrogates and noncharacters.
_FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF))
    + "]"
)


def render_page(content: Content, material: Material) -> str:
    """Return the page as one HTML document that loads nothing.

    Parameters
    ----------
    content
        What is on it.
    material
        What it was made from; its origins give the colours.
    """
    from markupsafe import Markup

    style = f"\n{_resource('report.css')}{origin_css(material.codebook)}"
    # What the script says, in the language of the page; `<` cannot end the element.
    words = json.dumps(_script_words(), ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
    script = f"\n{_resource('report.js').replace('{/* words */}', words)}"
    template = _environment().get_template("report.html.j2")
    hatched = hatch_paths(material.codebook)
    return template.render(
        brief=content.brief,
        content=content,
        language=language(),
        facts=material.facts,
        patterns=hatched,
        hatched={name for name, _ in hatched},
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
    environment.globals |= {"text": text, "counted": counted}
    return environment


def _script_words() -> dict[str, str]:
    """Return what `report.js` says; places are filled there."""
    return {
        "any": text("any time"),
        "changed": text("{year}: {n} cells changed since {before}"),
        "changed_one": text("{year}: {n} cell changed since {before}"),
        "citation": text("Citation copied"),
        "comma": digits("."),
        "compare": text("compare"),
        "compare_one": text("Compare {project}"),
        "copy_citation": text("Copy citation"),
        "copy_link": text("Copy link"),
        "differs": text("differs"),
        "link": text("Link copied"),
        "origins": text("Origins"),
        "phase": text("Phase"),
        "projects": text("{n} of {all} projects"),
        "same": text("same origins"),
        "sort": text("Sort by {name}"),
        "statements": text("{n} of {all} statements"),
        "unknown": text("not known in both"),
        "year_words": text("held in"),
    }


def _printable(value: Any) -> Any:
    """Replace characters that HTML forbids, whatever table they came from."""
    return _FORBIDDEN.sub("\ufffd", value) if type(value) is str else value


def _tight(text: str) -> str:
    """Keep a number and its percent sign on one line."""
    return text.replace(" %", "\u00a0%")


def _linked(text: str) -> Markup:
    """Escape a text and make its web addresses links."""
    from markupsafe import Markup, escape

    parts, position = [], 0
    for match in _ADDRESS.finditer(text):
        address = escape(match[0])
        parts += [escape(text[position : match.start()]), Markup('<a href="{0}">{0}</a>').format(address)]
        position = match.end()
    return Markup("").join([*parts, escape(_printable(text[position:]))])
