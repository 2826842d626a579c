"""Sheets as HTML fragments to paste, and the matrix for a notebook: colours inline, passages on hover."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Final

from agency import words
from agency.characters import clean
from agency.formats.escape import html
from agency.words import language, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Template

    from agency.formats.sheet import Sheet
    from agency.resolve import Cell, CellTable, Holder, Part
    from agency.vocabulary import Origin


def render(sheet: Sheet, *, bare: bool = False) -> str:
    """Return a table with caption, scopes and language, its notes below; with `bare` only the table, unstyled.

    Texts are escaped by jinja2; `origin` and `blank` of the cells become classes, `anchor` a link within the page.

    Examples
    --------
    >>> from agency.formats.sheet import Sheet, plain
    >>> html = render(Sheet("Firms", "firms", ("Phase", "A"), ((plain("Designed by"), plain("<b>")),)), bare=True)
    >>> "<td>&lt;b&gt;</td>" in html, '<th scope="row">Designed by</th>' in html
    (True, True)
    """
    shown = sheet.bare() if bare else sheet
    # Marks may be signs such as a dagger; ids are numbers.
    noted = {note.mark: number for number, note in enumerate(shown.notes, 1) if note.mark}
    return _template().render(sheet=shown, bare=bare, noted=noted, language=language())


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("agency.formats"), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=False
    )
    environment.filters["clean"] = clean
    environment.globals["text"] = text
    return environment.get_template("sheet.html.j2")


_PROJECTS_ACROSS: Final = 6
"""More projects than this, and than phases, become rows."""
MOST_PROJECTS: Final = 60
"""Projects shown; a longer page helps nobody, and the notebook keeps it for ever."""

# Styles stand at the elements: notebooks drop style sheets when they are shared. Ink is given with every fill, so
# that a dark theme cannot put white letters on a pale ground.
_CELL: Final = "text-align:left;vertical-align:top;padding:0.3em 0.6em;border-bottom:1px solid #ddd"
_CHIP: Final = "color:#000;background:{fill};border-left:5px {line} {edge};padding:0.05em 0.35em;line-height:1.7"
_BLANK: Final = "border:1px {line} #6b6b6b;padding:0.05em 0.35em;line-height:1.7"
_UNSEEN: Final = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap"
_EDGES: Final = {"": "solid", "/": "double", "\\": "dashed", "-": "dotted", "x": "ridge"}
"""The second code beside colour: an edge for each hatch of the figures."""
_FRAMES: Final = {"negotiating": "dashed", "vacant": "solid", "not_applicable": "dotted"}


def matrix_html(cells: CellTable) -> str:
    """Return the cells as an HTML table with a legend; pointing at a name shows the passages it rests on.

    The origin of every holder is also in the text, unseen, for those who listen to the page or copy it.

    Examples
    --------
    >>> import agency
    >>> text = matrix_html(agency.load().select(project="JSeI").cells)
    >>> "ZTE (technical)" in text, 'title="vilaseoane2024, Table 1' in text
    (True, True)
    """
    heads = cells.projects[:MOST_PROJECTS]
    phases = [(phase.key, phase.label) for phase in cells.phases]
    if len(cells.projects) > max(_PROJECTS_ACROSS, len(phases)):
        columns = [words.text("Project"), *(label for _, label in phases)]
        rows = [(head.key, [cells.cell(head.key, key) for key, _ in phases]) for head in heads]
    else:
        columns = [words.text("Phase"), *(head.key for head in heads)]
        rows = [(label, [cells.cell(head.key, key) for head in heads]) for key, label in phases]
    top = "".join(f'<th scope="col" style="{_CELL}">{html(name)}</th>' for name in columns)
    body = "\n".join(
        f'<tr><th scope="row" style="{_CELL}">{html(label)}</th>{"".join(_cell(cell, cells) for cell in row)}</tr>'
        for label, row in rows
    )
    return (
        f'<div lang="{words.language()}"><table style="border-collapse:collapse">\n<thead><tr>{top}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody></table>\n{_below(cells)}</div>"
    )


def _cell(cell: Cell, cells: CellTable) -> str:
    lines = [_part(part, cells) for part in cell.parts] or [""]
    listed = _listed(cell)
    if not cell.parts and not listed:
        listed = cell.empty_text
    lines[-1] = " ".join(text for text in (lines[-1], listed) if text)
    if cell.agreement == "contested":
        lines.append(f"<em>{html(words.text('contested between sources'))}</em>")
    return f'<td style="{_CELL}">{"<br>".join(lines)}</td>'


def _part(part: Part, cells: CellTable) -> str:
    if part.status != "held":
        shown = _span(part.text, _BLANK.format(line=_FRAMES[part.status]), _passages(part.rows))
    else:
        grouped = [tuple(rows) for _, rows in groupby(part.rows, key=lambda row: row.text)]
        chips = [_chip(rows, cells) for rows in grouped]
        shown = words.listed(chips, most=len(chips), last=grouped[-1][0].text)
    return html(part.prefix) + shown


def _chip(rows: Sequence[Holder], cells: CellTable) -> str:
    origin = cells.codebook.origin(rows[0].origin or "unknown")
    unseen = f' <span style="{_UNSEEN}">({html(origin.label)})</span>'
    return _span(rows[0].text, _fill(origin), _passages(rows), unseen)


def _fill(origin: Origin) -> str:
    return _CHIP.format(fill=origin.colour, line=_EDGES.get(origin.hatch, "solid"), edge=origin.edge)


def _span(text: str, style: str, title: str, more: str = "") -> str:
    return f'<span style="{style}" title="{title}">{html(text)}{more}</span>'


def _listed(cell: Cell) -> str:
    """Return what is only listed, in brackets, each kind with its passages."""
    return " ".join(
        f'<em title="{_passages([row for rows in names.values() for row in rows])}">{html(text)}</em>'
        for text, names in zip(cell.listed_texts, cell.listed_names.values(), strict=True)
    )


def _passages(rows: Sequence[Holder]) -> str:
    """Return where each row has its statement from, a line each, for a title attribute."""
    lines = []
    for row in rows:
        place = ", ".join(text for text in (row.source, row.locator) if text)
        quote = f": “{row.quote}”" if row.quote else ""
        lines.append(html(f"{place}{quote} ({row.confidence})"))
    return "&#10;".join(dict.fromkeys(lines))


def _below(cells: CellTable) -> str:
    parts = [part for cell in cells.shown for part in cell.parts if part.status == "held"]
    used = {row.origin or "unknown" for part in parts for row in part.holders}
    known = [*cells.codebook.origins, cells.codebook.origin("unknown")]
    entries = {origin.key: origin for origin in known if origin.key in used}
    swatches = " ".join(_span(origin.label, _fill(origin), "") for origin in entries.values())
    beyond = len(cells.projects) > MOST_PROJECTS
    notes = [
        words.text("Origin of the holder: {swatches}.", swatches=swatches) if swatches else "",
        words.text("Point at a name for its passages; <code>.evidence()</code> lists them."),
        words.text(
            "Shown are {most} of {n} projects; <code>.select()</code> chooses.",
            most=MOST_PROJECTS,
            n=len(cells.projects),
        )
        if beyond
        else "",
        *(html(remark) for remark in cells.remarks),
    ]
    return f'<p style="text-align:left">{" ".join(note for note in notes if note)}</p>'
