"""Dates as references write them: ISO 8601 with ranges (BibLaTeX, EDTF), years and months in words, CSL date parts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agency.references.inputs.latex import plain
from agency.references.model import Day

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


def iso(text: str) -> Day | None:
    """Return a day, month or year written as ISO 8601; None for anything else.

    Examples
    --------
    >>> iso("2021-05-04"), iso("2021~"), iso("May 2021")
    (Day(year=2021, month=5, day=4), Day(year=2021, month=0, day=0), None)
    """
    found = _ISO.match(text.strip())
    return day(int(found["year"]), int(found["month"] or 0), int(found["day"] or 0)) if found else None


def day(year: int, month: int = 0, number: int = 0) -> Day | None:
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
    if iso(text):
        return text[:4]
    if re.fullmatch(r"(?:n\.?\s?d|s\.?\s?[fdl]|sin fecha|sem data|no date|undated)\.?", text, re.IGNORECASE):
        return ""
    return re.sub(r"(?<=\d)\s*[-–]\s*(?=\d)", "–", text)


def issued(date: str, year: str, month: str = "", number: str = "") -> tuple[str, Day | None, Day | None]:
    """Return the printed year, the date and the end of a range, from `date` (BibLaTeX), else `year` and `month`.

    Examples
    --------
    >>> issued("2020-11/2021-02", "")
    ('2020–2021', Day(year=2020, month=11, day=0), Day(year=2021, month=2, day=0))
    >>> issued("", "2020/2021")
    ('2020/2021', Day(year=2020, month=0, day=0), None)
    """
    if date.strip():
        first, slash, last = date.strip().partition("/")
        begin, end = iso(first), iso(last) if slash else None
        if begin:
            open_end = slash and last.strip() in ("", "..")
            printed = f"{begin.year}–" if open_end else str(begin.year)
            if end and end.year != begin.year:
                printed = f"{begin.year}–{end.year}"
            return printed, begin, end
        return issued("", date, month, number) if not year.strip() else issued("", year, month, number)
    printed = written_year(year)
    found = re.search(r"(?<!\d)\d{4}(?!\d)", printed)
    if not found:
        return printed, None, None
    named, in_month = month_of(month)
    given = plain(number)
    the_day = int(given) if given.isdecimal() and len(given) <= 2 else in_month
    return printed, day(int(found[0]), named, the_day), None


def from_parts(parts: object) -> Day | None:
    """Return the date of CSL's ``date-parts``, whose numbers may be text; None where they are no date."""
    if not isinstance(parts, Sequence) or isinstance(parts, str) or not parts:
        return None
    numbers = []
    for part in parts[:3]:
        text = str(part).strip() if isinstance(part, int | str) and not isinstance(part, bool) else ""
        if not (text.isascii() and text.isdigit() and len(text) <= 4):
            break
        numbers.append(int(text))
    return day(*numbers) if numbers else None
