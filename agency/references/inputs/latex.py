r"""LaTeX to plain text, for fields of BibTeX: accents, symbols, dashes, quotes; commands give their argument.

One pass per kind of sign, each linear in the text. Order matters: escaped signs are put aside first, so that ``\$`` is
no mathematics and ``\{`` no brace.
"""

from __future__ import annotations

import re
import unicodedata

_ASIDE = {sign: chr(0xE000 + number) for number, sign in enumerate("&%$#_{}~^\\")}
_BACK = str.maketrans({aside: sign for sign, aside in _ASIDE.items()})
_MARKED = re.compile(r"[\\${}~<]|--|``|''|[?!]`")
"""What plain text has not."""
_ESCAPED = re.compile(r"\\([&%$#_{}])")
_COMBINING = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
    "b": "\u0331",
}  # fmt: skip
_ACCENT = re.compile(
    r"\\(?:(?P<sign>[`'^\"~=.])|(?P<letter>[cvuHkrbd])(?![A-Za-z]))\s*"
    r"(?:\{\s*(?P<inner>\\[ij](?![A-Za-z])\s*|[^\W\d_]?)(?:\{\})?\s*\}|(?P<bare>\\[ij](?![A-Za-z])\s?|[^\W\d_]))"
)
_SYMBOLS = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å",
    "AA": "Å", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng": "ŋ",
    "textendash": "–", "textemdash": "—", "textquoteleft": "‘", "textquoteright": "’", "textquotedblleft": "“",
    "textquotedblright": "”", "guillemotleft": "«", "guillemotright": "»", "guillemetleft": "«",
    "guillemetright": "»", "ldots": "…", "dots": "…", "textellipsis": "…", "slash": "/", "textbar": "|",
    "textless": "<", "textgreater": ">", "textquotesingle": "'", "textquotedbl": '"', "textordfeminine": "ª",
    "textordmasculine": "º", "textdegree": "°", "degree": "°", "textregistered": "®", "texttrademark": "™",
    "copyright": "©", "textcopyright": "©", "pounds": "£", "textsterling": "£", "euro": "€", "texteuro": "€",
    "S": "§", "P": "¶", "dag": "†", "ddag": "‡", "LaTeX": "LaTeX", "TeX": "TeX", "times": "×", "textquestiondown": "¿",
    "textexclamdown": "¡", "textbackslash": _ASIDE["\\"], "textasciitilde": _ASIDE["~"], "sim": _ASIDE["~"],
    "textasciicircum": _ASIDE["^"], "textunderscore": _ASIDE["_"], "space": " ", "quad": " ", "newline": " ",
    "par": " ", "textdollar": _ASIDE["$"], "textasteriskcentered": "*",
}  # fmt: skip
_DECLARATIONS = frozenset(
    (
        *("em", "it", "bf", "sc", "sl", "tt", "rm", "sf", "itshape", "bfseries", "scshape", "slshape", "ttfamily"),
        *("rmfamily", "sffamily", "upshape", "mdseries", "normalfont", "small", "large", "protect", "relax", "text"),
        *("noopsort", "nobreak", "break", "linebreak", "hfill", "ignorespaces", "unskip", "selectfont"),
        *("url", "nolinkurl", "path", "href"),
    )
)
"""Commands that change how what follows looks."""
_HREF = re.compile(r"\\href\s*\{[^{}]*\}")
_COMMAND = re.compile(r"\\(?:(?P<word>[A-Za-z]+)\*?(?P<gap>\s*)(?:\{\})?|(?P<sign>.)|$)", re.DOTALL)
_LIGATURES = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"), ("?`", "¿"), ("!`", "¡"))
_TAG = re.compile(r"</?(?:i|b|em|strong|sub|sup|sc|span)\b[^<>]{0,80}>", re.IGNORECASE)
_URL = re.compile(r"\\(?:url|path|nolinkurl)\s*\{([^{}]*)\}")


def plain(text: str) -> str:
    r"""Return a field without LaTeX.

    Examples
    --------
    >>> plain(r"{\'A}lvarez \& S{\~a}o Paulo: a ``smart'' city---{\emph{twice}} in 2010--2012 at 5\%")
    'Álvarez & São Paulo: a “smart” city—twice in 2010–2012 at 5%'
    >>> plain("ends in a backslash \\")
    'ends in a backslash'
    """
    if not _MARKED.search(text):
        return clean(text) if text else ""
    if "\\" in text:
        text = _ESCAPED.sub(lambda found: _ASIDE[found[1]], text)
        text = _HREF.sub("", _ACCENT.sub(_accented, text))
        text = _COMMAND.sub(_replaced, text)
    text = text.replace("$", "").replace("~", " ")
    for written, meant in _LIGATURES:
        text = text.replace(written, meant)
    text = text.replace("{", "").replace("}", "").translate(_BACK)
    return clean(_TAG.sub("", text))


def verbatim(text: str) -> str:
    r"""Return an address or identifier without what LaTeX asks for in it.

    Examples
    --------
    >>> verbatim(r"\url{https://example.org/a\_b{\%}20c}"), verbatim("https://example.org/~x--y")
    ('https://example.org/a_b%20c', 'https://example.org/~x--y')
    """
    text = _URL.sub(r"\1", text)
    if "\\" in text:
        text = _ESCAPED.sub(lambda found: _ASIDE[found[1]], text)
        text = re.sub(r"\$\s*\\sim\s*\$|\\~\s*(?:\{\s*\})?|\\textasciitilde\s*(?:\{\s*\})?", _ASIDE["~"], text)
        text = _COMMAND.sub(_replaced, text)
    return clean(text.replace("{", "").replace("}", "").translate(_BACK)).replace(" ", "")


def clean(text: str) -> str:
    """Return a text in one line, composed, without characters that do something to a terminal or a page."""
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    if text.isprintable():
        return text
    return " ".join("".join(c for c in text if c.isprintable() or c in "\u00a0\u3000").split())


def _accented(found: re.Match[str]) -> str:
    letter = (found["inner"] if found["bare"] is None else found["bare"]).strip()
    sign = found["sign"] or found["letter"]
    if not letter:
        return _ASIDE.get(sign, "")
    letter = letter.removeprefix("\\")
    return unicodedata.normalize("NFC", letter + _COMBINING[sign])


def _replaced(found: re.Match[str]) -> str:
    if found["word"] is None:
        return {",": " ", " ": " ", "\n": " ", "\\": " ", ";": " ", ":": " "}.get(found["sign"] or "", "")
    word = found["word"]
    if word in _SYMBOLS:
        return _SYMBOLS[word]
    # A command with an argument gives the argument; a word of its own ("\\KOMAScript") stands for itself.
    argument = found.string[found.end() : found.end() + 1] == "{"
    return "" if argument or word in _DECLARATIONS else f"{word} " if found["gap"] else word
