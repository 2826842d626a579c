"""Sheets as HTML fragments: to paste into a page or a word processor, or into our own report."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from agency.characters import clean
from agency.words import language, text

if TYPE_CHECKING:
    from jinja2 import Template

    from agency.formats.sheet import Sheet


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
