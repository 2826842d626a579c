"""What every cell must be, by specification and codebook; and rules about the substance of single rows.

The name of a check is the code of its problem. Reading runs the tests of `cell_tests` on text; the pandera schema
holds the very same ones and is built only where one fails, or somebody asks for it.

Those about several rows and the companions are in `across.py`, with the list of them all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from agency import words
from agency.errors import did_you_mean
from agency.findings import MOST_LISTED, Finding, at_rows
from agency.table.clean import (
    advise_amount,
    advise_value,
    advise_year,
    clean_cells,
    country_readings,
    read_cells,
    readings,
    two_numbers,
)
from agency.table.names import is_nobody, source_keys
from agency.table.read.frames import frame_records
from agency.vocabulary import COLUMNS, COUNTRIES, CURRENCIES, NEEDS_ACTOR, NO_ACTOR, Column, allowed_values, meanings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandera.pandas as pa

    from agency.vocabulary import Codebook


Test = Callable[["pd.Series[str]"], "pd.Series[bool]"]
_FORMS = {
    "year": ("year-format",),
    "count": ("count-format",),
    "flag": ("flag-format",),
    "country": ("country-format", "country-unknown", "country-two"),
    "amount": ("amount-format", "amount-two", "amount-size"),
    "currency": ("currency-format",),
}
"""Kind of column to the codes of its problems."""
MOST_MONEY = 1e15
"""The greatest amount a cell may hold: beyond all budgets."""
_CONDITIONAL = ("actor", "origin")
"""Required columns whose cells may be empty; the rules say when."""


def table_schema(
    codebook: Codebook, columns: tuple[Column, ...] = COLUMNS, checks: Sequence[pa.Check] = ()
) -> pa.DataFrameSchema:
    """Return the pandera schema of a file, for cells of any type: they are judged as a file would hold them.

    Parameters
    ----------
    codebook
        Phases, origins and roles.
    columns
        Those of the file.
    checks
        Of whole rows.

    Examples
    --------
    >>> from agency.vocabulary.codebook import default_codebook
    >>> table_schema(default_codebook()).columns["phase"].title
    'Phase'
    """
    import pandera.pandas as pa

    return pa.DataFrameSchema(
        {
            column.name: pa.Column(
                checks=_checks(column, codebook),
                nullable=True,
                required=column.required,
                title=column.title,
                description=column.description,
                metadata={"default": column.default, "required": column.required},
            )
            for column in columns
        },
        checks=list(checks),
    )


def unsound_columns(text: pd.DataFrame, columns: tuple[Column, ...], codebook: Codebook) -> tuple[Column, ...]:
    """Return the columns with a cell that is no value as it stands; one look per distinct cell."""
    found = []
    for column in columns:
        if _codes(column):
            judge = _judge(column, codebook)
            if any(judge(cell) for cell in text[column.name].drop_duplicates().tolist()):
                found.append(column)
    return tuple(found)


def check_cells(
    text: pd.DataFrame, columns: tuple[Column, ...], codebook: Codebook, file: str
) -> tuple[list[Finding], dict[str, pd.Series[bool]]]:
    """Return what the schema says against columns of text, and per column which cells are wrong.

    Messages come from the masks of the failed checks. Without columns, as for a sound table, pandera is not asked: the
    first validation of a process makes it import every optional package it finds, hypothesis among them.
    """
    findings: list[Finding] = []
    wrong: dict[str, pd.Series[bool]] = {}
    if not columns:
        return findings, wrong
    by_name = {column.name: column for column in columns}
    for failure in _failures(text[list(by_name)], table_schema(codebook, columns)):
        name, mask = failure.schema.name, ~failure.check_output.astype(bool)
        wrong[name] = wrong[name] | mask if name in wrong else mask
        findings += _findings(failure.check.name, by_name[name], text.loc[mask], codebook, file)
    return findings, wrong


def cell_tests(column: Column, codebook: Codebook) -> dict[str, Test]:
    """Return the tests of a column's cells by the code of the problem; each says which cells pass."""
    judge = _judge(column, codebook)

    def test(code: str) -> Test:
        return lambda cells: ~cells.isin([cell for cell in cells.drop_duplicates().tolist() if judge(cell) == code])

    return {code: test(code) for code in _codes(column)}


def _codes(column: Column) -> tuple[str, ...]:
    """Return the problems a cell of a column can have; it has one of them at most."""
    codes = ("cell-required",) if column.required and column.name not in _CONDITIONAL else ()
    if column.vocabulary or column.values:
        return (*codes, "value-unknown", "value-two", "value-joined")
    return (*codes, *_FORMS.get(column.kind, ()))


def _judge(column: Column, codebook: Codebook) -> Callable[[str], str]:
    """Return what says of a cell which problem it has, "" for none."""
    judge = _judge_value(column, codebook) if column.vocabulary or column.values else _JUDGES.get(column.kind)
    empty = "cell-required" if "cell-required" in _codes(column) else ""
    return lambda cell: (judge(cell) if judge else "") if cell else empty


def _judge_value(column: Column, codebook: Codebook) -> Callable[[str], str]:
    allowed, known = allowed_values(column, codebook), meanings(column, codebook)

    def judge(cell: str) -> str:
        if cell in allowed:
            return ""
        if len(known.of(cell)) > 1:
            return "value-two"
        return "value-joined" if len(known.joined(cell)) > 1 else "value-unknown"

    return judge


def _judge_country(cell: str) -> str:
    if set(cell.split(";")) <= COUNTRIES:
        return ""
    if len(country_readings(cell)) > 1:
        return "country-two"
    return "country-unknown" if re.fullmatch(r"[A-Z]{3}(?:;[A-Z]{3})*", cell) else "country-format"


def _judge_amount(cell: str) -> str:
    if two_numbers(cell):
        return "amount-two"
    if not re.fullmatch(r"\d+(?:\.\d+)?(?:[eE]\+?\d{1,2})?", cell):
        return "amount-format"
    return "" if 0 < float(cell) <= MOST_MONEY else "amount-size"


def _matching(code: str, pattern: str) -> Callable[[str], str]:
    return lambda cell: "" if re.fullmatch(pattern, cell) else code


_JUDGES: dict[str, Callable[[str], str]] = {
    "year": _matching("year-format", r"(?:19|20)[0-9]{2}"),
    "count": _matching("count-format", r"0*[1-9][0-9]{0,3}"),
    "flag": _matching("flag-format", "true|false"),
    "currency": lambda cell: "" if cell in CURRENCIES else "currency-format",
    "country": _judge_country,
    "amount": _judge_amount,
}


def _checks(column: Column, codebook: Codebook) -> list[pa.Check]:
    import pandera.pandas as pa

    return [
        pa.Check(_of_cells(test, column, codebook), name=code, ignore_na=False)
        for code, test in cell_tests(column, codebook).items()
    ]


def _of_cells(test: Test, column: Column, codebook: Codebook) -> Callable[[pd.Series[Any]], pd.Series[bool]]:
    """Return a test of cells of any type, read like those of a file: 2018.0 as 2018, Diseño as design."""

    def passes(series: pd.Series[Any]) -> pd.Series[bool]:
        given = frame_records(series.to_frame(column.name)).columns[0]
        cells = pd.Series(clean_cells(given, column), index=series.index, dtype="str")
        return test(cells.replace(read_cells(cells, column, codebook))).astype(bool)

    return passes


def _failures(text: pd.DataFrame, schema: pa.DataFrameSchema) -> list[pa.errors.SchemaError]:
    """Return the failed checks, whatever PANDERA_* variables somebody's environment holds."""
    import pandera.pandas as pa
    from pandera.config import ValidationDepth, config_context

    try:
        with config_context(validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            schema.validate(text, lazy=True)
    except pa.errors.SchemaErrors as error:
        return list(error.schema_errors)
    return []


def _findings(code: str, column: Column, rows: pd.DataFrame, codebook: Codebook, file: str) -> list[Finding]:
    cells = rows[column.name].head(MOST_LISTED)
    advice = {value: _advice(code, column, codebook, value) for value in cells.drop_duplicates()}
    expected = {value: _expected(code, column, codebook, value) for value in advice}
    return at_rows(
        code,
        file,
        rows,
        column=column.name,
        expected=[expected[cell] for cell in cells],
        fix=[advice[cell] for cell in cells],
    )


def _extend(column: Column) -> str:
    """Return what to do where a value is like none of the codebook's, "" where the vocabulary is fixed."""
    if not column.vocabulary:
        return ""
    return words.text(
        "Use one of the values as it is written; a new {vocabulary} is added in codebook.toml.",
        vocabulary=column.vocabulary,
    )


def _expected(code: str, column: Column, codebook: Codebook, value: str) -> str:
    allowed = allowed_values(column, codebook)
    if code == "value-unknown":
        return words.listed(allowed, most=len(allowed), any_of=True)
    if code == "amount-two":
        return words.text("one number, not {numbers}", numbers=words.listed(two_numbers(value) or [], any_of=True))
    if code in ("value-two", "country-two"):
        read = readings(value, column, codebook)
        return words.text("one reading, not {values}", values=words.listed(read, most=len(read), any_of=True))
    if code == "value-joined":
        return words.text("one value, not {values}", values=words.listed(meanings(column, codebook).joined(value)))
    if code == "cell-required" and allowed:
        return words.text("one of {allowed}", allowed=", ".join(allowed))
    return ""


def _advice(code: str, column: Column, codebook: Codebook, value: str) -> str:
    if code == "value-unknown":
        return advise_value(value, allowed_values(column, codebook)) or _extend(column)
    if code in ("value-two", "country-two"):
        return words.text("Write {values}.", values=words.text(" or ").join(readings(value, column, codebook)))
    if code == "value-joined":
        both = meanings(column, codebook).joined(value)
        return words.text("Write a row for each: {values}.", values=words.listed(both))
    if code in ("year-format", "count-format"):
        return advise_year(value, column.name)
    if code.startswith("amount-"):
        return advise_amount(value)
    return ""


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
    """The frame of `agency.table.names.project_frame`."""
    codebook: Codebook
    keys: frozenset[str] | None
    """Keys of the file of references; None without one."""
    elsewhere: frozenset[str] = frozenset()
    """Actors of the other rows of a study, where these are some of them."""

    @cached_property
    def dated_rows(self) -> pd.DataFrame:
        """The rows whose years are sound; as a rule that is all of them, and a copy of all takes time and memory."""
        return self.rows if self.dated.all() else self.rows[self.dated]

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
    rows = context.dated_rows
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
    rows = context.rows[context.rows["only"]]
    weight = rows["role"].map(dict(context.codebook.roles)).fillna(0.0)
    bad = rows[(rows["status"] != "held") | (weight == 0)]
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
    rows = context.rows
    bad = rows[(rows["amount"].isna() != (rows["currency"] == "")) & context.paid]
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
