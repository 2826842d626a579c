r"""Sheets as LaTeX: booktabs, wrapped columns, caption, label and notes, or the tabular alone.

Tables longer than a page become a longtable, which may break; the others a float with threeparttable notes.
"""

from __future__ import annotations

from agency.render.escape import LATEX_SCRIPT_COMMAND, latex
from agency.render.layout import width, wrap
from agency.render.lines import typeset
from agency.render.sheet import Entry, Note, Sheet

_LINE = 80
"""Characters in a line of a page, roughly; only the proportions of the columns depend on it."""
_LONGEST = 34
"""Column width in characters beyond which more width does not help."""
_PAGE = 40
"""Lines of a table that still fits on a page."""


def render(sheet: Sheet, *, bare: bool = False) -> str:
    r"""Return a table environment to paste or `\input`; with `bare` only the tabular.

    The first line names the packages it needs.

    Examples
    --------
    >>> from agency.render.sheet import plain
    >>> print(render(Sheet("Firms", "firms", ("Phase", "A"), ((plain("Designed by"), plain("R&D")),)), bare=True))
    \begin{tabular}{@{}ll@{}}
    \toprule
    Phase & A \\
    \midrule
    Designed by & R\&D \\
    \bottomrule
    \end{tabular}
    """
    sheet = sheet.bare() if bare else sheet
    long = not bare and _printed_lines(sheet) > _PAGE
    table = _long_table(sheet) if long else "\n".join(_tabular(sheet, "tabular"))
    if not (bare or long):
        table = _float(sheet, table)
    command = [LATEX_SCRIPT_COMMAND] if r"\agencyscript" in table else []
    return "\n".join([*([] if bare else [_needs(long, bool(command))]), *command, table])


def _needs(long: bool, other_scripts: bool) -> str:
    packages = ["array", "booktabs", "longtable" if long else "threeparttable"]
    need = rf"% Needs \usepackage{{{','.join(packages)}}} and, in pdflatex, \usepackage[T1]{{fontenc}}."
    if other_scripts:
        need += "\n% Has letters beyond Latin script: lualatex or xelatex with a font that has them prints them."
    return need


def _float(sheet: Sheet, tabular: str) -> str:
    notes = [rf"\item{_bracket(note)} {latex(note.text)}" for note in sheet.notes]
    if sheet.references:
        notes += [rf"\item[] References: {latex(sheet.references[0])}"]
        notes += [rf"\item[] {latex(text)}" for text in sheet.references[1:]]
    return "\n".join(
        [
            r"\begin{table}[htbp]",
            r"\centering",
            r"\begin{threeparttable}",
            rf"\caption{{{latex(sheet.caption)}}}",
            rf"\label{{tab:{sheet.label}}}",
            tabular,
            *([r"\begin{tablenotes}[flushleft]\footnotesize", *notes, r"\end{tablenotes}"] if notes else []),
            r"\end{threeparttable}",
            r"\end{table}",
        ]
    )


def _bracket(note: Note) -> str:
    return f"[{{{latex(note.mark)}}}]" if note.mark else "[]"


def _long_table(sheet: Sheet) -> str:
    notes = [f"{_mark(note.mark) + ' ' if note.mark else ''}{latex(note.text)}" for note in sheet.notes]
    notes += ["References", *(latex(text) for text in sheet.references)] if sheet.references else []
    below = [r"{\footnotesize\setlength{\parindent}{0pt}", *(rf"{text}\par" for text in notes), "}"] if notes else []
    return "\n".join([*_tabular(sheet, "longtable"), *below])


def _tabular(sheet: Sheet, environment: str) -> list[str]:
    head = [" & ".join(latex(name) for name in sheet.columns) + r" \\", r"\midrule"]
    if environment == "longtable":
        caption = rf"\caption{{{latex(sheet.caption)}}}\label{{tab:{sheet.label}}}\\"
        head = [caption, r"\toprule", *head, r"\endfirsthead", r"\toprule", *head, r"\endhead"]
        head += [r"\bottomrule", r"\endlastfoot"]
    else:
        head = [r"\toprule", *head]
    return [
        rf"\begin{{{environment}}}{{@{{}}{_columns(sheet)}@{{}}}}",
        *head,
        *(" & ".join(_cell(entry) for entry in row) + r" \\" for row in sheet.rows),
        *([] if environment == "longtable" else [r"\bottomrule"]),
        rf"\end{{{environment}}}",
    ]


def _cell(entry: Entry) -> str:
    return r" \newline ".join(typeset(line, latex, _mark) for line in entry.lines)


def _mark(marks: str) -> str:
    return rf"\textsuperscript{{{latex(marks)}}}"


def _columns(sheet: Sheet) -> str:
    """Return the column types: natural where everything fits in a line, else paragraphs in proportion."""
    if _fits(sheet):
        return "".join("r" if at in sheet.numeric else "l" for at in range(len(sheet.columns)))
    return "".join(
        rf">{{\raggedright\arraybackslash}}p{{\dimexpr {share:.3f}\linewidth-2\tabcolsep\relax}}"
        if at not in sheet.numeric
        else rf">{{\raggedleft\arraybackslash}}p{{\dimexpr {share:.3f}\linewidth-2\tabcolsep\relax}}"
        for at, share in enumerate(_shares(sheet))
    )


def _widths(sheet: Sheet) -> list[int]:
    """Return the longest line of each column in characters."""
    return [
        max(width(name), *(width("".join(run.text for run in line)) for row in sheet.rows for line in row[at].lines), 0)
        for at, name in enumerate(sheet.columns)
    ]


def _fits(sheet: Sheet) -> bool:
    one_line = all(len(entry.lines) == 1 for row in sheet.rows for entry in row)
    return one_line and sum(_widths(sheet)) + 2 * len(sheet.columns) <= _LINE


def _shares(sheet: Sheet) -> list[float]:
    """Return each column's share of the line: by its longest line, within bounds; never less than a word."""
    words = [
        max(width(word) for text in [name, *(row[at].text for row in sheet.rows)] for word in text.split(" "))
        for at, name in enumerate(sheet.columns)
    ]
    wanted = [max(min(wide, _LONGEST), word, 4) for wide, word in zip(_widths(sheet), words, strict=True)]
    return [wide / sum(wanted) for wide in wanted]


def _printed_lines(sheet: Sheet) -> int:
    """Return about how many lines the body takes once its columns are wrapped."""
    if _fits(sheet):
        return len(sheet.rows)
    places = [max(int(share * _LINE), 1) for share in _shares(sheet)]
    return sum(
        max(
            sum(len(wrap("".join(run.text for run in line), wide)) for line in entry.lines)
            for entry, wide in zip(row, places, strict=True)
        )
        for row in sheet.rows
    )
