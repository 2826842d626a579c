r"""Sheets as LaTeX: booktabs, wrapped columns, caption, label and notes, or the tabular alone.

Tables longer than a page become a longtable, which may break; the others a float with threeparttable notes.
"""

from __future__ import annotations

from agency import words
from agency.characters import clean
from agency.formats.escape import LATEX_SCRIPT_COMMAND, latex
from agency.formats.sheet import Entry, Note, Run, Sheet
from agency.formats.text import rooms, shares, typeset, wrap
from agency.references import cite

_LINE = 75
"""Characters in a line of a page, roughly."""
_SMALL_LINE = 100
"""The same in the small letters of a table with many columns."""
_TURNED_LINE = 145
"""The same on a turned page."""
_MANY_COLUMNS = 6
_LANGUAGES = {"es": "spanish", "pt": "brazilian"}
"""What babel and polyglossia call the languages that are not the default."""
_OTHER_LANGUAGE = (
    r"\ifcsname babelprovide\endcsname\else\ifcsname setdefaultlanguage\endcsname\else"
    r"\expandafter\def\csname otherlanguage*\endcsname#1{}"
    r"\expandafter\let\csname endotherlanguage*\endcsname\relax\fi\fi"
)
"""Without either of them the table is set all the same, hyphenated as the document is."""
_GAP = 2
_PAGE = 40
"""Lines of a table that still fits on a page."""


def render(sheet: Sheet, *, bare: bool = False) -> str:
    r"""Return a table environment to paste or `\input`; with `bare` only the tabular.

    The first line names the packages it needs.

    Examples
    --------
    >>> from agency.formats.sheet import plain
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
    long = not bare and (_is_turned(sheet) or _printed_lines(sheet) > _PAGE)
    around = _alone if bare else _long_table if long else _float
    lines, command = around(sheet), []
    if not bare and words.language() in _LANGUAGES:
        begin = rf"\begin{{otherlanguage*}}{{{_LANGUAGES[words.language()]}}}"
        lines, command = [begin, *lines, r"\end{otherlanguage*}"], [_OTHER_LANGUAGE]
    table = "\n".join(lines)
    command += [LATEX_SCRIPT_COMMAND] if r"\agencyscript" in table else []
    return "\n".join([*([] if bare else [_needs(sheet, table)]), *command, table])


def _needs(sheet: Sheet, table: str) -> str:
    packages = ["array", "booktabs", "ragged2e", "longtable" if "{longtable}" in table else "threeparttable"]
    packages += ["pdflscape"] if _is_turned(sheet) else []
    packages += ["colortbl", "xcolor"] if r"[HTML]{" in table else []
    packages += ["natbib"] if r"\citep" in table else []
    # Last, as hyperref asks for; \url breaks long addresses.
    packages += ["hyperref"] if r"\url{" in table else []
    used = rf"\usepackage{{{','.join(packages)}}}"
    if words.language() in _LANGUAGES:
        used += rf"\usepackage[{_LANGUAGES[words.language()]}]{{babel}}"
    encoding = r"\usepackage[T1]{fontenc}"
    need = words.text("% Needs {packages} and, in pdflatex, {encoding}.", packages=used, encoding=encoding)
    if r"\citep" in table:
        cites = words.text(
            "% Cites by the keys of the study's references: print them with {command}.", command=r"\bibliography"
        )
        need += "\n" + cites
    if r"\agencyscript" in table:
        script = words.text(
            "% Has letters beyond Latin script: lualatex or xelatex with a font that has them prints them."
        )
        need += "\n" + script
    return need


def _alone(sheet: Sheet) -> list[str]:
    return _tabular(sheet, "tabular")


def _float(sheet: Sheet) -> list[str]:
    notes = [rf"\item{_bracket(note)} {_noted(note)}" for note in sheet.notes]
    if sheet.references:
        head = latex(words.text("References"))
        notes += [rf"\item[] {head}: {_reference(sheet.references[0])}"]
        notes += [rf"\item[] {_reference(line)}" for line in sheet.references[1:]]
    return [
        r"\begin{table}[htbp]",
        r"\centering",
        *_size(sheet),
        r"\begin{threeparttable}",
        rf"\caption{{{latex(sheet.caption)}}}",
        rf"\label{{tab:{sheet.label}}}",
        *_tabular(sheet, "tabular"),
        *([r"\begin{tablenotes}[flushleft]\footnotesize\RaggedRight", *notes, r"\end{tablenotes}"] if notes else []),
        r"\end{threeparttable}",
        r"\end{table}",
    ]


def _has_many_columns(sheet: Sheet) -> bool:
    return len(sheet.columns) >= _MANY_COLUMNS


def _is_turned(sheet: Sheet) -> bool:
    """Whether the table needs a page turned to landscape: many columns of text."""
    return _has_many_columns(sheet) and not _fits(sheet)


def _size(sheet: Sheet) -> list[str]:
    return [r"\footnotesize\setlength{\tabcolsep}{3pt}"] if _has_many_columns(sheet) else []


def _bracket(note: Note) -> str:
    return f"[{{{latex(note.mark)}}}]" if note.mark else "[]"


def _long_table(sheet: Sheet) -> list[str]:
    notes = [f"{_mark(note.mark) + ' ' if note.mark else ''}{_noted(note)}" for note in sheet.notes]
    notes += (
        [latex(words.text("References")), *(_reference(line) for line in sheet.references)] if sheet.references else []
    )
    below = (
        [r"\footnotesize\RaggedRight\setlength{\parindent}{0pt}", *(rf"{text}\par" for text in notes)] if notes else []
    )
    turn = (r"\begin{landscape}", r"\end{landscape}") if _is_turned(sheet) else (r"\begingroup", r"\endgroup")
    return [turn[0], *_size(sheet), *_tabular(sheet, "longtable"), *below, turn[1]]


def _tabular(sheet: Sheet, environment: str) -> list[str]:
    head = [" & ".join(latex(name) for name in sheet.columns) + r" \\", r"\midrule"]
    if environment == "longtable":
        caption = rf"\caption{{{latex(sheet.caption)}}}\label{{tab:{sheet.label}}}\\"
        head = [caption, r"\toprule", *head, r"\endfirsthead", r"\toprule", *head, r"\endhead"]
        head += [r"\bottomrule", r"\endlastfoot"]
    else:
        head = [r"\toprule", *head]
    # Rows of several lines need air between them.
    # A ground is as wide as the column with its space, also at the end of the line.
    end = "" if any(entry.shade for row in sheet.rows for entry in row) else "@{}"
    gap = "\n" if _fits(sheet) else "\n\\addlinespace\n"
    return [
        rf"\begin{{{environment}}}{{@{{}}{_columns(sheet)}{end}}}",
        *head,
        gap.join(" & ".join(_cell(entry) for entry in row) + r" \\" for row in sheet.rows),
        *([] if environment == "longtable" else [r"\bottomrule"]),
        rf"\end{{{environment}}}",
    ]


def _cell(entry: Entry) -> str:
    ground = rf"\cellcolor[HTML]{{{entry.shade[1:]}}}" if entry.shade else ""
    return ground + r" \newline ".join("".join(_run(run) for run in line) for line in entry.lines)


def _noted(note: Note) -> str:
    return _shaded(note.text, note.shade)


def _shaded(text: str, shade: str) -> str:
    """Return text on a ground, each word on its own so that lines can break between them."""
    if not shade:
        return latex(text)
    box = rf"\colorbox[HTML]{{{shade[1:]}}}"
    return rf"{{\setlength{{\fboxsep}}{{1pt}}{' '.join(f'{box}{{{latex(word)}}}' for word in text.split(' '))}}}"


def _run(run: Run) -> str:
    return typeset((run,), lambda said: _shaded(said, run.shade), _mark) + "".join(
        f"~{cite(key, page)}" for key, page in run.cites
    )


def _reference(line: tuple[Run, ...]) -> str:
    r"""Return a reference: titles in \emph, addresses in \url, where they may break."""
    return "".join(
        rf"\url{{{_address(run.text)}}}"
        if run.link and run.link == run.text
        else rf"\emph{{{latex(run.text)}}}"
        if run.italic
        else latex(run.text)
        for run in line
    )


def _address(text: str) -> str:
    r"""Return an address without the signs that end \url or are no part of one."""
    return "".join(f"%{ord(sign):02X}" if sign in "{}\\ " else sign for sign in clean(text))


def _mark(marks: str) -> str:
    return rf"\textsuperscript{{{latex(marks)}}}"


def _columns(sheet: Sheet) -> str:
    """Return the column types: natural where everything fits in a line, else paragraphs in proportion.

    The empty space lets LaTeX hyphenate the first word too.
    """
    if _fits(sheet):
        return "".join("r" if at in sheet.numeric else "l" for at in range(len(sheet.columns)))
    return "".join(
        rf">{{\RaggedRight\hspace{{0pt}}\arraybackslash}}p{{\dimexpr {share:.3f}\linewidth-2\tabcolsep\relax}}"
        if at not in sheet.numeric
        else rf">{{\RaggedLeft\hspace{{0pt}}\arraybackslash}}p{{\dimexpr {share:.3f}\linewidth-2\tabcolsep\relax}}"
        for at, share in enumerate(_shares(sheet))
    )


def _fits(sheet: Sheet) -> bool:
    """Whether every row fits in one line of an upright page."""
    one_line = all(len(entry.lines) == 1 for row in sheet.rows for entry in row)
    line = _SMALL_LINE if _has_many_columns(sheet) else _LINE
    return one_line and sum(room.line + _GAP for room in rooms(sheet)) <= line


def _shares(sheet: Sheet) -> list[float]:
    return shares(rooms(sheet), _line(sheet) - _GAP * len(sheet.columns))


def _line(sheet: Sheet) -> int:
    return _TURNED_LINE if _is_turned(sheet) else _LINE


def _printed_lines(sheet: Sheet) -> int:
    """Return about how many lines the body takes once its columns are wrapped."""
    if _fits(sheet):
        return len(sheet.rows)
    places = [max(int(share * _line(sheet)), 1) for share in _shares(sheet)]
    return sum(
        max(
            sum(len(wrap("".join(run.text for run in line), wide)) for line in entry.lines)
            for entry, wide in zip(row, places, strict=True)
        )
        for row in sheet.rows
    )
