r"""What stands in a field of a reference: LaTeX to plain text, lists of names, dates as they are written.

One pass per kind of sign, each linear in the text. Order matters: escaped signs are put aside first, so that ``\$`` is
no mathematics and ``\{`` no brace.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from agency.references.model import Day, Name

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


_SUFFIXES = re.compile(r"(?:jr|sr|ii|iii|iv|filho|neto|hijo|júnior|junior)\.?$", re.IGNORECASE)
_BARE_SUFFIXES = re.compile(r"(?:[JS]r\.?|III|IV)$")
_EXTENDED = re.compile(r"\s*(?:family|given|prefix|suffix)\s*=", re.IGNORECASE)
_ORGANISATION = re.compile(
    r"\b(?:minist\w+|secretar[ií]a|secretariat|gobierno|governo|government|universi\w+|institut\w*|bank|banco|news|"
    r"agency|agencia|agência|noticias|council|consejo|conselho|commission|comisi[óo]n|comissão|committee|comit[ée]|"
    r"department|departamento|office|oficina|embassy|embajada|embaixada|congress|congreso|congresso|asamblea|"
    r"assembly|presidency|presidencia|presidência|corporation|corporaci[óo]n|company|group|grupo|foundation|"
    r"fundaci[óo]n|fundação|association|asociaci[óo]n|associação|organi[sz]ation|organizaci[óo]n|organização|"
    r"municipality|municipalidad|prefeitura|society|center|centre|centro|policy|pol[ií]cia|police|union|nations|"
    r"naciones|nações|servicio|service|watch|voices|times|post|reuters|bbc|cnn|ltd|inc|s\.a\.|editorial|"
    r"redacci[óo]n|redação|tribunal|court|contralor[ií]a|observatorio|observatory|network|red)\b",
    re.IGNORECASE,
)
"""Words that persons are not called: a name that holds one is not turned round ("de Gobierno, Ministerio")."""


def names_of(text: str) -> tuple[tuple[Name, ...], bool, str]:
    """Return the names of a BibTeX field, whether others follow, and a name that can be read in two ways.

    Examples
    --------
    >>> names_of("Pérez, Juan and {Ministry of Health and Welfare} and others")
    ((Name(family='Pérez', given='Juan', particle='', suffix=''),
      Name(family='Ministry of Health and Welfare', given='', particle='', suffix='')), True, '')
    >>> [name.inverted for name in names_of("King, Jr., Martin Luther and Ludwig van Beethoven")[0]]
    ['King, Martin Luther, Jr.', 'van Beethoven, Ludwig']
    """
    written = [part for part in _split(text, _is_and) if part.strip()]
    if len(written) == 1 and ";" in text:
        written = [part for part in _split(text, _is_semicolon) if part.strip()]
    others = bool(written) and written[-1].strip().lower() in ("others", "et al.", "et al")
    names, unclear = [], ""
    for part in written[:-1] if others else written:
        name, clear = _name(part.strip())
        if name.family:
            names.append(name)
        unclear = unclear or ("" if clear else plain(part))
    return tuple(names), others, unclear


def person(family: str, given: str = "", particle: str = "", suffix: str = "") -> Name:
    """Return a name from its parts; a name without family name is known by what it has."""
    family, given, particle, suffix = plain(family), plain(given), plain(particle), plain(suffix)
    if not family:
        return Name(" ".join(part for part in (given, particle) if part))
    return Name(family, given, particle, suffix)


def plain_names(text: str) -> tuple[Name, ...]:
    """Return the names of a cell: separated by ``;``, "Family, Given" or a whole name as it is printed."""
    return tuple(
        person(family, given) for part in text.split(";") if part.strip() for family, _, given in [part.partition(",")]
    )


def _is_and(word: str) -> bool:
    return word.lower() == "and"


def _is_semicolon(word: str) -> bool:
    return word == ";"


def _words(text: str, signs: str = "") -> Iterator[tuple[str, int]]:
    """Return the words outside braces with where they begin; the given signs are words of their own."""
    depth, start = 0, -1
    for position, character in enumerate(text):
        depth += (character == "{") - (character == "}" and depth > 0)
        ends = depth == 0 and (character.isspace() or character in "~" or character in signs)
        if ends and start >= 0:
            yield text[start:position], start
            start = -1
        if ends and character in signs:
            yield character, position
        elif not ends and start < 0:
            start = position
    if start >= 0:
        yield text[start:], start


def _split(text: str, separates: object) -> list[str]:
    parts, begin = [], 0
    for word, start in _words(text, ";" if separates is _is_semicolon else ""):
        if callable(separates) and separates(word):
            parts.append(text[begin:start])
            begin = start + len(word)
    return [*parts, text[begin:]]


def _name(text: str) -> tuple[Name, bool]:
    """Return a name and whether it has one reading."""
    if _EXTENDED.match(text):
        return _extended(text), True
    parts = _commas(text)
    if not parts:
        return person(""), True
    if len(parts) == 1:
        return _without_comma(text), True
    if len(parts) == 2:
        particle, family = _particle([word for word, _ in _words(parts[0])])
        return person(family, parts[1], particle), True
    particle, family = _particle([word for word, _ in _words(parts[0])])
    suffix, given = parts[1], " ".join(parts[2:])
    if not _SUFFIXES.match(suffix.strip(" .{}")) and _SUFFIXES.match(given.strip(" .{}")):
        suffix, given = given, suffix
    return person(family, given, particle, suffix), bool(_SUFFIXES.match(suffix.strip(" {}"))) and len(parts) == 3


def _commas(text: str) -> list[str]:
    parts, begin = [], 0
    for word, start in _words(text, ","):
        if word == ",":
            parts.append(text[begin:start].strip())
            begin = start + 1
    return [part for part in [*parts, text[begin:].strip()] if part]


def _extended(text: str) -> Name:
    """Return a name written in parts, as BibLaTeX has it: ``family=Dijk, given=Teun, prefix=van``."""
    said = {}
    for part in _commas(text):
        name, _, value = part.partition("=")
        said[name.strip().lower()] = value.strip().strip('"')
    return person(said.get("family", ""), said.get("given", ""), said.get("prefix", ""), said.get("suffix", ""))


def _without_comma(text: str) -> Name:
    words = [word for word, _ in _words(text)]
    if len(words) < 2 or _ORGANISATION.search(plain(text)):
        return person(text)
    suffix = words.pop() if len(words) > 2 and _BARE_SUFFIXES.match(words[-1]) else ""
    low = [number for number, word in enumerate(words[:-1]) if _is_low(word)]
    if not low:
        return person(words[-1], " ".join(words[:-1]), suffix=suffix)
    return person(
        " ".join(words[low[-1] + 1 :]), " ".join(words[: low[0]]), " ".join(words[low[0] : low[-1] + 1]), suffix
    )


def _particle(words: Iterable[str]) -> tuple[str, str]:
    """Return the particle and the rest of a family name: what is in small letters before the last word."""
    known = list(words)
    low = [number for number, word in enumerate(known[:-1]) if _is_low(word)]
    if not low or low[0] != 0:
        return "", " ".join(known)
    last = next((number for number, word in enumerate(known[:-1]) if not _is_low(word)), len(known) - 1)
    return " ".join(known[:last]), " ".join(known[last:])


def _is_low(word: str) -> bool:
    """Say whether a word begins with a small letter; in braces it counts as none, unless they hold an accent."""
    letters = plain(word)
    return not (word.startswith("{") and not word.startswith("{\\")) and letters[:1].islower()


_ISO = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?(?:T[\d:.Z+-]*)?[?~%]?$")
_FORTHCOMING = re.compile(
    r"forthcoming|in\s*press|inpress|to appear|accepted|prepublished|en prensa|no prelo|por aparecer", re.IGNORECASE
)
_MONTHS = {
    month: number
    for number, group in enumerate(
        (
            "jan january enero ene janeiro", "feb february febrero fevereiro fev", "mar march marzo março marco",
            "apr april abril abr", "may mayo maio", "jun june junio junho", "jul july julio julho",
            "aug august agosto ago", "sep sept september septiembre setiembre setembro set",
            "oct october octubre outubro out", "nov november noviembre novembro",
            "dec december diciembre dic dezembro dez",
        ),
        1,
    )
    for month in group.split()
}  # fmt: skip


def iso_day(text: str) -> Day | None:
    """Return a day, month or year written as ISO 8601; None for anything else.

    Examples
    --------
    >>> iso_day("2021-05-04"), iso_day("2021~"), iso_day("May 2021")
    (Day(year=2021, month=5, day=4), Day(year=2021, month=0, day=0), None)
    """
    found = _ISO.match(text.strip())
    return valid_day(int(found["year"]), int(found["month"] or 0), int(found["day"] or 0)) if found else None


def valid_day(year: int, month: int = 0, number: int = 0) -> Day | None:
    """Return a date, without the parts that no calendar has; None for a year of more or less than four digits."""
    if not 1000 <= year <= 9999:
        return None
    if not 1 <= month <= 12:
        return Day(year)
    return Day(year, month, number if 1 <= number <= 31 else 0)


def month_of(text: str) -> tuple[int, int]:
    """Return month and day of a field `month`: "5", "may", "May 4", "4 de mayo"; 0 where there is none.

    Examples
    --------
    >>> month_of("mayo"), month_of("{May} 4"), month_of("12"), month_of("Spring")
    ((5, 0), (5, 4), (12, 0), (0, 0))
    """
    words = re.findall(r"[^\W\d_]+|\d{1,2}", plain(text).casefold())
    month = next((_MONTHS[word] for word in words if word in _MONTHS), 0)
    numbers = [int(word) for word in words if word.isdigit()]
    if month:
        return month, next((number for number in numbers if 1 <= number <= 31), 0)
    return (numbers[0], 0) if len(numbers) == 1 and numbers[0] <= 12 else (0, 0)


def written_year(text: str) -> str:
    """Return the year as it is printed: forthcoming in one word, dashes between years, brackets off.

    Examples
    --------
    >>> [written_year(text) for text in ("2020/2021", "2020--2022", "[1999]", "in press", "n.d.", "2020-05-04")]
    ['2020/2021', '2020–2022', '1999', 'forthcoming', '', '2020']
    """
    text = plain(text).strip("[]() .")
    if _FORTHCOMING.search(text):
        return "forthcoming"
    if iso_day(text):
        return text[:4]
    if re.fullmatch(r"(?:n\.?\s?d|s\.?\s?[fdl]|sin fecha|sem data|no date|undated)\.?", text, re.IGNORECASE):
        return ""
    return re.sub(r"(?<=\d)\s*[-–]\s*(?=\d)", "–", text)


def issue_dates(date: str, year: str, month: str = "", number: str = "") -> tuple[str, Day | None, Day | None]:
    """Return the printed year, the date and the end of a range, from `date` (BibLaTeX), else `year` and `month`.

    Examples
    --------
    >>> issue_dates("2020-11/2021-02", "")
    ('2020–2021', Day(year=2020, month=11, day=0), Day(year=2021, month=2, day=0))
    >>> issue_dates("", "2020/2021")
    ('2020/2021', Day(year=2020, month=0, day=0), None)
    """
    if date.strip():
        first, slash, last = date.strip().partition("/")
        begin, end = iso_day(first), iso_day(last) if slash else None
        if begin:
            open_end = slash and last.strip() in ("", "..")
            printed = f"{begin.year}–" if open_end else str(begin.year)
            if end and end.year != begin.year:
                printed = f"{begin.year}–{end.year}"
            return printed, begin, end
        return issue_dates("", date, month, number) if not year.strip() else issue_dates("", year, month, number)
    printed = written_year(year)
    found = re.search(r"(?<!\d)\d{4}(?!\d)", printed)
    if not found:
        return printed, None, None
    named, in_month = month_of(month)
    given = plain(number)
    the_day = int(given) if given.isdecimal() and len(given) <= 2 else in_month
    return printed, valid_day(int(found[0]), named, the_day), None


def day_of_parts(parts: object) -> Day | None:
    """Return the date of CSL's ``date-parts``, whose numbers may be text; None where they are no date."""
    if not isinstance(parts, Sequence) or isinstance(parts, str) or not parts:
        return None
    numbers = []
    for part in parts[:3]:
        text = str(part).strip() if isinstance(part, int | str) and not isinstance(part, bool) else ""
        if not (text.isascii() and text.isdigit() and len(text) <= 4):
            break
        numbers.append(int(text))
    return valid_day(*numbers) if numbers else None
