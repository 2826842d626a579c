"""Sheets as Markdown: pipe tables for the web, grid tables for pandoc and so for Word."""

from __future__ import annotations

from agency import words
from agency.formats.escape import markdown
from agency.formats.grid import draw
from agency.formats.sheet import Entry, Note, Run, Sheet
from agency.formats.text import typeset


def render_pipe(sheet: Sheet, *, bare: bool = False) -> str:
    r"""Return a pipe table as GitHub, Jupyter and CommonMark parsers with tables read it.

    Examples
    --------
    >>> from agency.formats.sheet import plain
    >>> print(render_pipe(Sheet("", "x", ("Phase", "A"), ((plain("Designed by"), plain("a|b")),))))
    | Phase       | A    |
    |:------------|:-----|
    | Designed by | a\|b |
    """
    sheet = sheet.bare() if bare else sheet
    rows = [["<br>".join(_lines(entry, "<sup>{}</sup>")) for entry in row] for row in sheet.rows]
    from tabulate import tabulate

    table = tabulate(
        rows,
        headers=[markdown(name) for name in sheet.columns],
        tablefmt="pipe",
        disable_numparse=True,
        colalign=["right" if at in sheet.numeric else "left" for at in range(len(sheet.columns))],
    )
    return table if bare else _around(sheet, table, "<sup>{}</sup>")


def render_grid(sheet: Sheet, *, columns: int, bare: bool = False) -> str:
    """Return a grid table as pandoc reads it; a line that must break ends in a backslash.

    Examples
    --------
    >>> from agency.formats.sheet import plain
    >>> print(render_grid(Sheet("", "x", ("Phase", "A"), ((plain("Designed by"), plain("ZTE")),)), columns=80))
    +-------------+-----+
    | Phase       | A   |
    +=============+=====+
    | Designed by | ZTE |
    +-------------+-----+
    """
    sheet = sheet.bare() if bare else sheet
    table = draw(
        [markdown(name) for name in sheet.columns],
        [["\\\n".join(_lines(entry, "^{}^")) for entry in row] for row in sheet.rows],
        columns=columns,
        numeric=sheet.numeric,
        colons=True,
    )
    return table if bare else _around(sheet, table, "^{}^")


def _lines(entry: Entry, mark: str) -> list[str]:
    return [
        typeset(line, markdown, lambda marks: mark.format(markdown(marks)), strike="~~{}~~".format)
        for line in entry.lines
    ]


def _around(sheet: Sheet, table: str, mark: str) -> str:
    """Put the caption (as pandoc reads it) above, notes and bibliography below."""
    above = [f"Table: {markdown(sheet.caption)}"] if sheet.caption else []
    below = [_note(note, mark) for note in sheet.notes]
    if sheet.references:
        below += [markdown(words.text("References")), *(f"- {_reference(line)}" for line in sheet.references)]
    return "\n\n".join([*above, table, *below])


def _reference(line: tuple[Run, ...]) -> str:
    """Return a reference with its titles in italics and its addresses as links."""
    return "".join(_run(run) for run in line)


def _run(run: Run) -> str:
    if run.link and not set(run.link) & set("<> \\\n") and run.link == run.text:
        return f"<{run.link}>"
    # Emphasis ends at a letter, not at a space.
    return f"*{markdown(run.text.strip())}*" if run.italic and run.text.strip() else markdown(run.text)


def _note(note: Note, mark: str) -> str:
    return f"{mark.format(markdown(note.mark))} {markdown(note.text)}" if note.mark else markdown(note.text)
