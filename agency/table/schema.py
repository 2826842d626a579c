"""What every cell must be, made from the specification and a codebook: vocabularies and formats.

The name of a check is the code of its problem. Reading runs the tests of `cell_tests` on text; the pandera schema
holds the very same ones and is built only where one fails, or somebody asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from agency import words
from agency.findings import MOST_LISTED, Finding, at_rows
from agency.table.clean import advise_amount, advise_value, advise_year, clean_cells, two_numbers
from agency.table.read.frames import frame_records
from agency.table.values import country_readings, read_cells, readings
from agency.vocabulary import COLUMNS, COUNTRIES, CURRENCIES, Column, allowed_values, meanings

if TYPE_CHECKING:
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
