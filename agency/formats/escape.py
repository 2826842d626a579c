"""Escaping for markup, a function per format; CSV's is `agency.characters.spreadsheet`.

Everything that comes from a table goes through exactly one of these.
"""

from __future__ import annotations

import re
import unicodedata
from html import escape as _escape_html

from agency.characters import clean


def html(text: str) -> str:
    """Escape for HTML text and attribute values.

    Examples
    --------
    >>> html('<b> & "x"')
    '&lt;b&gt; &amp; &quot;x&quot;'
    """
    return _escape_html(clean(text), quote=True)


_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>|~^$@#]|&(?=#?\w+;)|(?<!\w)[-+=:](?!\w))")
_LIST_MARK = re.compile(r"^(\s*\(?\w{1,9})([.)])")
_TITLE_MARK = re.compile(r"^(\s*)%")
"""At the start of a text, pandoc takes what follows for its title."""


def markdown(text: str) -> str:
    r"""Escape for CommonMark with pipe tables and for pandoc's Markdown (without its `smart` quotes).

    Examples
    --------
    >>> print(markdown("a|b *c* [d](e)"))
    a\|b \*c\* \[d\](e)
    """
    escaped = _MARKDOWN.sub(r"\\\1", clean(text))
    return _TITLE_MARK.sub(r"\1\\%", _LIST_MARK.sub(r"\1\\\2", escaped))


_RST = re.compile(r"([\\`*_|]|:(?=/)|(?<=[a-z]):(?=[^\s\d])|(?<!\w)[-+=:](?!\w)|([!-/:-@\[^{-~])(?=\2))", re.IGNORECASE)
"""A colon within a word makes an address of it (``javascript:…``)."""
_RST_START = re.compile(r"^(?=[!-/:-@\[\]^{-~]|\(?[\w#]{1,9}[.)])")


def rst(text: str) -> str:
    r"""Escape for reStructuredText.

    Examples
    --------
    >>> print(rst("R&D_Group *x*"))
    R&D\_Group \*x\*
    """
    escaped = _RST.sub(r"\\\1", clean(text))
    return escaped if escaped.startswith("\\") else _RST_START.sub(r"\\", escaped)


# Shorthands of babel (" < > ~ in Spanish and others), ligatures and characters with a meaning are named, not typed.
_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\symbol{34}",
    "`": r"\textasciigrave{}",
    # Behind the \\ of the row above these would be read as its argument.
    "[": "{[}",
    "]": "{]}",
    "*": "{*}",
    "\u00a0": "~",
    "\u00ad": r"\-",
    "\u202f": r"\,",
    "\u2011": r"\mbox{-}",
}
_LIGATURES = re.compile(r"([-',?!])(?=\1)")
# What pdflatex prints with the T1 encoding and its default UTF-8 input.
_LATIN = "\u0020-\u007e\u00a0-\u0125\u0128-\u0137\u0139-\u013e\u0141-\u0148\u014a-\u0165\u0168-\u017e\u0218-\u021b"
_PUNCTUATION = "\u2011\u2013\u2014\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u202f\u2030\u2039\u203a\u20ac\u2122"
_OTHER_SCRIPT = re.compile(f"[^{_LATIN}{_PUNCTUATION}]+(?: [^{_LATIN}{_PUNCTUATION}]+)*")

LATEX_SCRIPT_COMMAND = r"\providecommand{\agencyscript}[2]{\ifdefined\Umathcode #1\else [#2]\fi}"
"""Defines what `latex` writes around characters that pdflatex has no letters for: it prints their code points."""


def latex(text: str) -> str:
    r"""Escape for LaTeX text, with or without babel, in pdflatex, lualatex and xelatex.

    Characters beyond Latin script become ``\agencyscript{...}{U+...}`` (see `LATEX_SCRIPT_COMMAND`): lualatex and
    xelatex print the characters, pdflatex the code points.

    Examples
    --------
    >>> print(latex("R&D_Group #1 $5"))
    R\&D\_Group \#1 \$5
    >>> print(latex("中国"))
    \agencyscript{中国}{U+4E2D U+56FD}
    """
    parts, position = [], 0
    text = unicodedata.normalize("NFC", clean(text))
    for match in _OTHER_SCRIPT.finditer(text):
        points = " ".join(f"U+{ord(char):04X}" for char in match[0] if char != " ")
        parts += [_latex_latin(text[position : match.start()]), rf"\agencyscript{{{match[0]}}}{{{points}}}"]
        position = match.end()
    return "".join([*parts, _latex_latin(text[position:])])


def _latex_latin(text: str) -> str:
    return "".join(part if part == "{}" else _LATEX.get(part, part) for part in _split_ligatures(text))


def _split_ligatures(text: str) -> list[str]:
    """Return the characters, with ``{}`` between those that TeX would join (``--`` to a dash)."""
    joined = {match.start() for match in _LIGATURES.finditer(text)}
    return [part for at, char in enumerate(text) for part in ([char, "{}"] if at in joined else [char])]
