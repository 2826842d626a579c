"""Rules about the substance of single rows: pure functions from a context to findings.

Those about several rows and the companions are in `across.py`, with the list of them all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from agency import words
from agency.errors import did_you_mean
from agency.findings import Finding, at_rows
from agency.table.names import is_nobody, source_keys
from agency.vocabulary import NEEDS_ACTOR, NO_ACTOR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agency.vocabulary import Codebook

_FORMULA = re.compile(r"[=@]|[+-](?![\d.,\s]*$)")
TEXTS = ("project", "actor", "scope", "source", "locator", "quote", "coder", "note")


@dataclass(frozen=True)
class Context:
    """What the rules look at.

    ``rows`` are typed, aliases resolved, dates as given; wrong cells are empty. ``dated`` says where the cells of
    start, end and duration_years are sound, ``paid`` where those of amount and currency are. The companions are
    typed, with ``line`` and ``row``.
    """

    file: str
    rows: pd.DataFrame
    dated: pd.Series[bool]
    paid: pd.Series[bool]
    projects: pd.DataFrame
    actors: pd.DataFrame
    events: pd.DataFrame
    windows: pd.DataFrame
    """The frame of `agency.table.complete.project_frame`."""
    codebook: Codebook
    keys: frozenset[str] | None
    """Keys of the file of references; None without one."""
    elsewhere: frozenset[str] = frozenset()
    """Actors of the other rows of a study, where these are some of them."""

    @cached_property
    def cells(self) -> dict[str, list[str]]:
        """The distinct cells of the columns of text, in order of appearance: rules about words look at each once."""
        return {name: self.rows[name].drop_duplicates().tolist() for name in TEXTS}


def worded(sentence: str, **columns: Iterable[Any]) -> Iterator[str]:
    """Yield a sentence for each row, its places filled from columns; only those that are listed are made.

    Examples
    --------
    >>> list(worded("no earlier than start {year}", year=[2012, 2016]))
    ['no earlier than start 2012', 'no earlier than start 2016']
    """
    for values in zip(*columns.values(), strict=True):
        yield words.text(sentence, **dict(zip(columns, values, strict=True)))


def end_before_start(context: Context) -> list[Finding]:
    """Require that a row ends no earlier than it starts."""
    rows = context.rows
    bad = rows.loc[is_true(rows["end"] < rows["start"]) & context.dated]
    expected = worded(words.marked("no earlier than start {year}"), year=bad["start"])
    return at_rows("end-before-start", context.file, bad, column="end", found=year_text(bad["end"]), expected=expected)


def duration_contradiction(context: Context) -> list[Finding]:
    """Require that start, end and duration_years agree where all are given."""
    rows = context.rows
    years = rows["end"] - rows["start"] + 1
    bad = is_true(rows["duration_years"] != years) & is_true(rows["end"] >= rows["start"]) & context.dated
    sentence = words.marked("{years} ({start} to {end})")
    expected = worded(sentence, years=years[bad], start=rows["start"][bad], end=rows["end"][bad])
    found = year_text(rows["duration_years"][bad])
    return at_rows(
        "duration-contradiction", context.file, rows[bad], column="duration_years", found=found, expected=expected
    )


def duration_without_date(context: Context) -> list[Finding]:
    """Require that a bare duration stands only where somebody held, or was to hold, the phase."""
    rows = context.rows
    bare = rows["duration_years"].notna() & rows["start"].isna() & rows["end"].isna() & context.dated
    bad = rows[bare & ~rows["status"].isin(NEEDS_ACTOR)]
    return at_rows("duration-without-date", context.file, bad, column="duration_years", found=bad["status"])


def year_computed(context: Context) -> list[Finding]:
    """Require that the year a duration gives to a date is one from 1900 to 2099."""
    rows = context.rows[context.dated]
    span = rows["duration_years"] - 1
    findings: list[Finding] = []
    for given, computed, other in (("start", rows["start"] + span, "end"), ("end", rows["end"] - span, "start")):
        bad = rows[is_true((computed < 1900) | (computed > 2099)) & rows[other].isna()]
        cells = zip(bad[given], bad["duration_years"], computed[bad.index], strict=True)
        found = [
            words.text(
                "{column} {year} with duration_years {years} gives {computed}",
                column=given,
                year=year,
                years=years,
                computed=result,
            )
            for year, years, result in cells
        ]
        findings += at_rows("year-computed", context.file, bad, column="duration_years", found=found)
    return findings


def actor_missing(context: Context) -> list[Finding]:
    """Require that a held or proposed phase names somebody."""
    rows = context.rows
    bad = rows[rows["status"].isin(NEEDS_ACTOR) & (rows["actor"] == "")]
    return at_rows("actor-missing", context.file, bad, column="actor", found=bad["status"])


def actor_unexpected(context: Context) -> list[Finding]:
    """Require that a phase that is vacant or not applicable names nobody."""
    rows = context.rows
    bad = rows[rows["status"].isin(NO_ACTOR) & (rows["actor"] != "")]
    expected = worded(words.marked("no actor where status is {status}"), status=bad["status"])
    return at_rows("actor-unexpected", context.file, bad, column="actor", expected=expected)


def origin_missing(context: Context) -> list[Finding]:
    """Require that every actor has an origin; of a word that is no actor nothing more is asked."""
    rows = context.rows
    bad = rows[(rows["actor"] != "") & (rows["origin"] == "")]
    bad = bad[~bad["actor"].isin([name for name in bad["actor"].drop_duplicates() if is_nobody(name)])]
    expected = words.text(
        "one of {origins}, unknown", origins=", ".join(origin.key for origin in context.codebook.origins)
    )
    return at_rows("origin-missing", context.file, bad, column="origin", found=bad["actor"], expected=expected)


def origin_unexpected(context: Context) -> list[Finding]:
    """Require that no origin stands without an actor."""
    rows = context.rows
    bad = rows[(rows["actor"] == "") & (rows["origin"] != "") & ~rows["status"].isin([*NEEDS_ACTOR, "denied"])]
    return at_rows("origin-unexpected", context.file, bad, column="origin")


def denied_nobody(context: Context) -> list[Finding]:
    """Require that a denial says of whom: an actor, or every actor of a known origin."""
    rows = context.rows
    bad = rows[(rows["status"] == "denied") & (rows["actor"] == "") & rows["origin"].isin(["", "unknown"])]
    neither, unknown = words.text("no actor and no origin"), words.text("no actor and an unknown origin")
    found = [neither if origin == "" else unknown for origin in bad["origin"]]
    return at_rows("denied-nobody", context.file, bad, column="actor", found=found)


def only_unexpected(context: Context) -> list[Finding]:
    """Require that `only` stands on rows of holders: held, with a role that weighs."""
    rows = context.rows
    weight = rows["role"].map(dict(context.codebook.roles)).fillna(0.0)
    bad = rows[rows["only"] & ((rows["status"] != "held") | (weight == 0))]
    found = [
        words.text("status {status} and role {role}", status=status, role=role)
        for status, role in zip(bad["status"], bad["role"], strict=True)
    ]
    return at_rows("only-unexpected", context.file, bad, column="only", found=found)


def amount_unexpected(context: Context) -> list[Finding]:
    """Require that money stands where somebody held, or was to hold, the phase."""
    rows = context.rows
    money = rows["amount"].notna() | (rows["currency"] != "")
    bad = rows[money & ~rows["status"].isin(NEEDS_ACTOR)]
    return at_rows("amount-unexpected", context.file, bad, column="amount", found=bad["status"])


def amount_without_currency(context: Context) -> list[Finding]:
    """Require that amount and currency are both given, or neither."""
    rows = context.rows[context.paid]
    bad = rows[rows["amount"].isna() != (rows["currency"] == "")]
    alone = words.text("currency without amount"), words.text("amount without currency")
    found = [alone[0] if missing else alone[1] for missing in bad["amount"].isna()]
    return at_rows("amount-without-currency", context.file, bad, column="amount", found=found)


def source_unknown(context: Context) -> list[Finding]:
    """Require that every source is a key of the file of references, when there is one."""
    if context.keys is None:
        return []
    findings: list[Finding] = []
    known = sorted(context.keys)
    for file, frame, column in (
        (context.file, context.rows, "source"),
        ("projects.csv", context.projects, "window_source"),
        ("events.csv", context.events, "source"),
    ):
        bad = frame[~frame[column].isin(["", *known])]
        if frame is context.rows:  # where two keys in one cell are said to be that (`source_two`)
            bad = bad.loc[[not source_keys(key, context.keys) for key in bad[column]]]
        hints = {key: did_you_mean(key, known).strip() for key in bad[column].drop_duplicates()}
        fix = [
            hints[key] and words.text("{hint} Else add the entry to the references.", hint=hints[key])
            for key in bad[column]
        ]
        findings += at_rows("source-unknown", file, bad, column=column, fix=fix)
    return findings


def quote_long(context: Context) -> list[Finding]:
    """Require that a quote has at most 25 words."""
    long = {cell: n for cell in context.cells["quote"] if (n := len(cell.split())) > 25}
    bad = context.rows[context.rows["quote"].isin(list(long))]
    found = worded(words.marked("{n} words"), n=bad["quote"].map(long))
    return at_rows("quote-long", context.file, bad, column="quote", found=found)


def quote_tags(context: Context) -> list[Finding]:
    """Require that a quote is plain text."""
    tagged = [cell for cell in context.cells["quote"] if "<" in cell and re.search(r"</?[A-Za-z][^<>]*>", cell)]
    bad = context.rows[context.rows["quote"].isin(tagged)]
    return at_rows("quote-tags", context.file, bad, column="quote")


def rank_reason(context: Context) -> list[Finding]:
    """Require that a rank other than normal gives its reason in note."""
    findings: list[Finding] = []
    for file, rows in ((context.file, context.rows), ("events.csv", context.events)):
        bad = rows[rows["rank"].isin(["preferred", "deprecated"]) & (rows["note"] == "")]
        findings += at_rows("rank-reason", file, bad, column="note", found=bad["rank"])
    return findings


def cell_formula(context: Context) -> list[Finding]:
    """Require that no text cell begins like a formula of a spreadsheet; a dash or a number is none."""
    findings: list[Finding] = []
    for column, cells in context.cells.items():
        formulas = [cell for cell in cells if cell[:1] in "=@+-" and _FORMULA.match(cell)]
        if formulas:
            bad = context.rows[context.rows[column].isin(formulas)]
            findings += at_rows("cell-formula", context.file, bad, column=column)
    return findings


def locator_date(context: Context) -> list[Finding]:
    """Require that a locator is not what a spreadsheet makes of 12-13."""
    months = "jan|ene|feb|fev|mar|apr|abr|may|mai|jun|jul|aug|ago|sep|set|oct|out|nov|dec|dic|dez"
    dates = rf"(?i)\d{{4}}-\d\d-\d\d(?: 00:00:00)?|\d{{1,2}}-(?:{months})|(?:{months})-\d{{2}}"
    is_date = re.compile(dates).fullmatch
    bad = context.rows[context.rows["locator"].isin([cell for cell in context.cells["locator"] if is_date(cell)])]
    return at_rows("locator-date", context.file, bad, column="locator")


ROW_RULES = (
    end_before_start,
    duration_contradiction,
    duration_without_date,
    year_computed,
    actor_missing,
    actor_unexpected,
    origin_missing,
    origin_unexpected,
    denied_nobody,
    only_unexpected,
    amount_unexpected,
    amount_without_currency,
    source_unknown,
    quote_long,
    quote_tags,
    rank_reason,
    cell_formula,
    locator_date,
)


def is_true(mask: pd.Series[bool]) -> pd.Series[bool]:
    """Return a plain mask: a comparison with a missing year is False."""
    return mask.fillna(value=False).astype(bool)


def year_text(years: pd.Series[int]) -> pd.Series[str]:
    """Return years as they are written."""
    return years.astype("str")
