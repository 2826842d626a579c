"""Words a reader sees: whole sentences with named places, counts with their noun, lists, numbers, in their language.

Every sentence is one string with named places, never glued from parts, so that it can be translated as it stands:
``text("{holder} held {phase} until {year}.", ...)``. What agrees with a number has both forms beside each other:
``counted("{n} source", "{n} sources", n)``. Names in a row go through `listed`, numbers through `number`, `percent` or
`digits`. A sentence that is no argument of these where it is written (a constant, a table of them) stands in
`marked`, and is translated where it is used.

The English sentence is the key into the catalogue of a language (`agency/locale/`, made by `make messages`). English
has none: nothing is loaded for it.
"""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, cached_property, wraps
from pathlib import Path
from string import Formatter
from types import FunctionType
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from gettext import GNUTranslations

LANGUAGES: Final = ("en", "es", "pt")
"""Languages of what is printed."""
WHOLE: Final = "Every message has its translation."
"""Stands in a compiled catalogue that lacks none: messages of the program follow the environment only then."""

ENGLISH: Final = LANGUAGES[0]
_LANGUAGE: ContextVar[str] = ContextVar("language", default=ENGLISH)
CATALOGUES = Path(__file__).parent / "locale"
_VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Where the environment names its language; the first that is set decides (POSIX)."""


def text(sentence: str, **places: Any) -> str:
    """Return a sentence in the reader's language with its named places filled.

    Examples
    --------
    >>> text("{project}: nobody said who {phase}.", project="JSeI", phase="designed it")
    'JSeI: nobody said who designed it.'
    """
    catalogue = _catalogue(_LANGUAGE.get())
    said = catalogue.gettext(sentence) if catalogue and sentence else sentence
    if not places:
        return said
    return said.format(**places) if catalogue is None else _FORMATTER.vformat(said, (), places)


class _Numbers(Formatter):
    """Fills places as `str.format` does; a number with a format (``{alpha:.3f}``) stands as the language writes it."""

    def format_field(self, value: Any, format_spec: str) -> str:
        said: str = super().format_field(value, format_spec)
        return digits(said) if format_spec and isinstance(value, (int, float)) else said


_FORMATTER: Final = _Numbers()


def marked(sentence: str) -> str:
    """Return a sentence as it is: a constant that the catalogues take up here and `text` translates where it is used.

    Examples
    --------
    >>> marked("No holder is known.")
    'No holder is known.'
    """
    return sentence


def counted(one: str, several: str, n: int, **places: Any) -> str:
    """Return the form of a sentence that agrees with a number, which stands in it as ``{n}``.

    Examples
    --------
    >>> counted("{n} row", "{n} rows", 1), counted("{n} row of {file}", "{n} rows of {file}", 2400, file="a.csv")
    ('1 row', '2,400 rows of a.csv')
    """
    catalogue = _catalogue(_LANGUAGE.get())
    form = one if n == 1 else several
    if catalogue is not None:
        form = catalogue.ngettext(one, several, n)
        form = text(form) if form in (one, several) else form  # one that stands there as a sentence without forms
    return form.format(n=number(n), **places)


_NUMBERS: Final = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)


def in_words(number: int) -> str:
    """Return a number up to twelve in words.

    Examples
    --------
    >>> in_words(6), in_words(18)
    ('six', '18')
    """
    return text(_NUMBERS[number]) if number < len(_NUMBERS) else digits(f"{number:,}")


# Patterns of lists: between two names, before the last of an "and" and of an "or" list. Our own: the CLDR has no rule
# for e and u in Spanish, and writes the Oxford comma in English.
_LISTS: Final = {"en": (", ", " and ", " or "), "es": (", ", " y ", " o "), "pt": (", ", " e ", " ou ")}
_BEFORE_I: Final = re.compile(r"[\W_]*(?:i|í|hi(?![ae])|hí)", re.IGNORECASE)
"""Begins with the sound of i: "e IBM", "e Hikvision"; but "y Hierro", "y hialina"."""
_BEFORE_O: Final = re.compile(r"[\W_]*(?:h?[oó]|8|11(?!\d))", re.IGNORECASE)
"""Begins with the sound of o: "u otro", "u Honduras", "u 8" (ocho), "u 11" (once)."""


def listed(names: Sequence[str], *, most: int = 12, any_of: bool = False, last: str = "") -> str:
    """Return names as in running text, shortened when there are many.

    Parameters
    ----------
    names
        What is listed.
    most
        How many are named; of the others it is said how many there are.
    any_of
        Whether one of them is meant (or) in place of all (and).
    last
        How the last of them begins to be read, where it begins with markup.

    Examples
    --------
    >>> listed(["A", "B", "C"]), listed(["A", "B", "C"], most=2), listed([]), listed(["A", "B"], any_of=True)
    ('A, B and C', 'A, B and 1 more', 'none', 'A or B')
    >>> with speaking("es"):
    ...     listed(["ZTE", "Huawei", "IBM"]), listed(["Huawei", "Hierro"]), listed(["uno", "otro"], any_of=True)
    ('ZTE, Huawei e IBM', 'Huawei y Hierro', 'uno u otro')
    """
    comma = _LISTS[_LANGUAGE.get()][0]
    if not names:
        return text("none")
    if len(names) > most:
        return counted(
            "{names} and {n} more", "{names} and {n} more", len(names) - most, names=comma.join(names[:most])
        )
    if len(names) == 1:
        return names[0]
    return f"{comma.join(names[:-1])}{joining(last or names[-1], any_of=any_of)}{names[-1]}"


def joining(last: str, *, any_of: bool = False) -> str:
    """Return what stands before the last name of a list: and, or.

    Examples
    --------
    >>> joining("IBM"), joining("other", any_of=True)
    (' and ', ' or ')
    >>> with speaking("es"):
    ...     joining("ZTE"), joining("IBM"), joining("otro", any_of=True)
    (' y ', ' e ', ' u ')
    """
    _, last_and, last_or = _LISTS[_LANGUAGE.get()]
    joined = last_or if any_of else last_and
    if joined == " y " and _BEFORE_I.match(last):
        return " e "
    return " u " if joined == " o " and _BEFORE_O.match(last) else joined


def digits(written: str) -> str:
    """Return a number that is written as in English (1,234.5) as the reader's language writes it.

    Examples
    --------
    >>> digits("1,234.5")
    '1,234.5'
    >>> with speaking("es"):
    ...     digits("1,234.5")
    '1.234,5'
    """
    return written if _LANGUAGE.get() == ENGLISH else written.translate(_MARKS)


_MARKS: Final = str.maketrans(",.", ".,")


def number(value: float, decimals: int = 0) -> str:
    """Return a number with its thousands apart.

    Examples
    --------
    >>> number(2400), number(0.4167, 2)
    ('2,400', '0.42')
    """
    return digits(f"{value:,.{decimals}f}")


def amount(value: float) -> str:
    """Return a sum as it is read: in millions and more where two decimals say it exactly, else digit by digit.

    Examples
    --------
    >>> amount(240e6), amount(1.25e9), amount(240_500), amount(1_234_567), amount(0.5)
    ('240 million', '1.25 billion', '240,500', '1,234,567', '0.50')
    >>> with speaking("es"):
    ...     amount(240e6), amount(1e6), amount(1_234_567)
    ('240 millones', '1 millón', '1.234.567')
    """
    reached = [size for size in _sizes(_LANGUAGE.get()) if size <= value]
    if reached:
        unit, said = _sizes(_LANGUAGE.get())[max(reached)]
        scaled = round(value / unit, 2)
        # Only what two decimals say exactly: nothing is rounded away.
        if abs(scaled * unit - value) < 0.5:
            return re.sub("0+", digits(f"{scaled:,.12g}"), said(scaled))
    return number(value, 0 if value == round(value) else 2)


@cache
def _sizes(language: str) -> dict[int, tuple[int, Callable[[float], str]]]:
    """Return from which size on a number is said in words: the unit it is said in, and how (``0 million``)."""
    if language == ENGLISH:
        return {10**6: (10**6, lambda _: "0 million"), 10**9: (10**9, lambda _: "0 billion")}
    from babel import Locale

    locale = Locale.parse(language)
    forms = locale.compact_decimal_formats["long"]

    def of(size: str) -> tuple[int, Callable[[float], str]]:
        # "000 millones" from a hundred millions on: the unit is a million.
        unit = int(size) // 10 ** (forms["other"][size].pattern.count("0") - 1)
        return unit, lambda scaled: forms.get(locale.plural_form(scaled), forms["other"])[size].pattern

    million = forms["other"]["1000000"].pattern.split()[-1]
    # "1 mil millones" is no Spanish: up to the next word it is 1.000 millones.
    return {
        int(size): of(size)
        for size, said in forms["other"].items()
        if int(size) >= 10**6 and (int(size) < 10**9 or said.pattern.split()[-1] != million)
    }


def percent(share: float, decimals: int = 1) -> str:
    r"""Return a share in percent.

    Examples
    --------
    >>> percent(7 / 12), percent(0.5, 0)
    ('58.3 %', '50 %')
    >>> with speaking("es"):
    ...     percent(7 / 12)
    '58,3\xa0%'
    """
    # Adding 0.0 takes the sign from a negative zero.
    written = f"{round(100 * share, decimals) + 0.0:.{decimals}f}"
    return f"{written} %" if _LANGUAGE.get() == ENGLISH else f"{digits(written)}\u00a0%"


def language() -> str:
    """Return the language in force: en, es or pt."""
    return _LANGUAGE.get()


def in_sentence(label: str) -> str:
    """Return a label as it stands inside a sentence: small in Spanish and Portuguese, but for names and acronyms.

    Examples
    --------
    >>> in_sentence("Chinese")
    'Chinese'
    >>> with speaking("es"):
    ...     in_sentence("Chino"), in_sentence("EE. UU."), in_sentence("Estados Unidos")
    ('chino', 'EE. UU.', 'Estados Unidos')
    """
    if language() == ENGLISH or any(letter.isupper() for letter in label[1:]):
        return label
    return label[:1].lower() + label[1:]


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Print in this language within a block; in English where its words cannot be read (`broken`).

    Examples
    --------
    >>> with speaking("pt"):
    ...     listed(["A", "B"])
    'A e B'
    """
    before = _LANGUAGE.set(ENGLISH if broken(language) else language)
    try:
        yield
    finally:
        _LANGUAGE.reset(before)


C = TypeVar("C", bound=type)


def in_own_language(record: C) -> C:
    """Let every method and property of a class speak the `language` its object has, whatever is in force then.

    What a study gives may be printed long after, beside that of a study in another language.

    Examples
    --------
    >>> @in_own_language
    ... class Answer:
    ...     language = "es"
    ...
    ...     def __repr__(self):
    ...         return listed(["A", "B"])
    >>> Answer()
    A y B
    """
    for name, member in list(vars(record).items()):
        if name == "language" or (name.startswith("__") and name not in ("__repr__", "__getitem__")):
            continue
        if isinstance(member, FunctionType):
            setattr(record, name, _owned(member))
        elif isinstance(member, property) and member.fget:
            setattr(record, name, property(_owned(member.fget), doc=member.__doc__))
        elif isinstance(member, cached_property):
            member.func = _owned(member.func)
    return record


def _owned(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def spoken(self: Any, *args: Any, **given: Any) -> Any:
        if self.language == _LANGUAGE.get():
            return method(self, *args, **given)
        with speaking(self.language):
            return method(self, *args, **given)

    return spoken


def language_of_environment() -> str:
    """Return the language the environment asks for, where everything is translated into it, else English.

    Examples
    --------
    >>> language_of_environment() in LANGUAGES
    True
    """
    asked = next((os.environ[name] for name in _VARIABLES if os.environ.get(name)), "")
    found = re.split(r"[_.@-]", asked, maxsplit=1)[0].lower()
    if found == ENGLISH or found not in LANGUAGES:
        return ENGLISH
    catalogue = _catalogue(found)
    return found if catalogue and catalogue.gettext(WHOLE) != WHOLE else ENGLISH


def _catalogue(language: str) -> GNUTranslations | None:
    return None if language == ENGLISH else _read(language)[0]


def broken(language: str) -> str:
    """Return what has to be said of a language whose catalogue cannot be read; "" where there is nothing.

    Examples
    --------
    >>> broken("es")
    ''
    """
    return "" if language == ENGLISH else _read(language)[1]


@cache
def _read(language: str) -> tuple[GNUTranslations | None, str]:
    """Return the catalogue of a language, or None and why."""
    from gettext import GNUTranslations
    from struct import error as broken_off

    path = CATALOGUES / language / "LC_MESSAGES" / "agency.mo"
    try:
        with path.open("rb") as stream:
            return GNUTranslations(stream), ""
    except (OSError, ValueError, broken_off, IndexError, KeyError, LookupError) as error:
        said = "The words of the language '{language}' cannot be read ({why}): English is used. Install agency again."
        return None, said.format(language=language, why=error)
