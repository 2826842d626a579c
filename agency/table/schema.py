"""The pandera schema, made from the specification and a codebook: columns, vocabularies, formats.

The name of a check is the code of its problem. Cells are text; typing comes after the table is known to be sound.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from agency.findings import Finding, Place, finding
from agency.table.clean import advise_amount, advise_flag, advise_value, advise_year, two_numbers
from agency.vocabulary import COLUMNS, COUNTRIES, CURRENCIES, Column

if TYPE_CHECKING:
    import pandera.pandas as pa

    from agency.vocabulary import Codebook

Test = Callable[["pd.Series[str]"], "pd.Series[bool]"]
FORMATS = {
    "year": ("year-format", r"(?:19|20)[0-9]{2}"),
    "count": ("count-format", r"0*[1-9][0-9]{0,3}"),
    "flag": ("flag-format", r"true|false"),
    "country": ("country-format", r"[A-Z]{3}(?:;[A-Z]{3})*"),
    "amount": ("amount-format", r"\d+(?:\.\d+)?(?:[eE]\+?\d{1,2})?|[1-9]\d{0,2}[.,]\d{3}"),
    "currency": ("currency-format", "|".join(sorted(CURRENCIES))),
}
"""Kind of column to the code of its problem and the pattern of a whole cell."""
MOST_MONEY = 1e15
"""The greatest amount a cell may hold: beyond all budgets."""
_CONDITIONAL = ("actor", "origin")
"""Required columns whose cells may be empty; the rules say when."""


def vocabulary(column: Column, codebook: Codebook) -> tuple[str, ...]:
    """Return the values a column may hold, or nothing for free text.

    Examples
    --------
    >>> from agency.vocabulary.codebook import default_codebook
    >>> vocabulary(COLUMNS[4], default_codebook())
    ('local', 'chinese', 'western', 'other', 'mixed', 'unknown')
    """
    if column.vocabulary == "phase":
        return tuple(phase.key for phase in codebook.phases)
    if column.vocabulary == "origin":
        return (*(origin.key for origin in codebook.origins), "unknown")
    if column.vocabulary == "role":
        return tuple(codebook.roles)
    return column.values


def table_schema(codebook: Codebook, columns: tuple[Column, ...] = COLUMNS) -> pa.DataFrameSchema:
    """Return the pandera schema of a file whose cells are all text.

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
                str,
                checks=_checks(column, codebook),
                title=column.title,
                description=column.description,
                metadata={"default": column.default, "required": column.required},
            )
            for column in columns
        }
    )


def check_cells(
    text: pd.DataFrame, columns: tuple[Column, ...], codebook: Codebook, file: str
) -> tuple[list[Finding], dict[str, pd.Series[bool]]]:
    """Return what the schema says against a frame of text, and per column which cells are wrong.

    Messages come from the masks of the failed checks.
    """
    names = [column.name for column in columns]
    tests = {column.name: cell_tests(column, codebook) for column in columns}
    if all(test(text[name]).all() for name in names for test in tests[name].values()):
        # The first validation of a process makes pandera import every optional package it finds, hypothesis among
        # them; a sound table, which is nearly every table, is spared that.
        return [], {}
    failures = _failures(text[names], table_schema(codebook, columns))
    by_name = {column.name: column for column in columns}
    findings: list[Finding] = []
    wrong: dict[str, pd.Series[bool]] = {}
    for failure in failures:
        name, mask = failure.schema.name, ~failure.check_output.astype(bool)
        wrong[name] = wrong[name] | mask if name in wrong else mask
        findings += _findings(failure.check.name, by_name[name], text.loc[mask], codebook, file)
    return findings, wrong


def cell_tests(column: Column, codebook: Codebook) -> dict[str, Test]:
    """Return the tests of a column's cells by the code of the problem; each says which cells pass."""
    tests: dict[str, Test] = {}
    allowed = vocabulary(column, codebook)
    if column.required and column.name not in _CONDITIONAL:
        tests["cell-required"] = lambda cells: cells != ""
    if allowed:
        tests["value-unknown"] = lambda cells: cells.isin(("", *allowed))
    if column.kind in FORMATS:
        code, pattern = FORMATS[column.kind]
        tests[code] = lambda cells: _matches(cells, pattern)
    if column.kind == "country":
        tests["country-unknown"] = _known_countries
    if column.kind == "amount":
        tests["amount-two"] = lambda cells: ~cells.isin([cell for cell in cells.drop_duplicates() if two_numbers(cell)])
        tests["amount-size"] = _sizeable
    return tests


def _checks(column: Column, codebook: Codebook) -> list[pa.Check]:
    import pandera.pandas as pa

    return [pa.Check(test, name=code, n_failure_cases=1) for code, test in cell_tests(column, codebook).items()]


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


def _matches(cells: pd.Series[str], pattern: str) -> pd.Series[bool]:
    """Say which cells are empty or match as a whole; one look per distinct cell."""
    distinct = cells.drop_duplicates()
    return cells.isin(distinct[(distinct == "") | distinct.str.fullmatch(pattern)])


def _known_countries(cells: pd.Series[str]) -> pd.Series[bool]:
    """Say which cells are not well-formed (another check says so) or name existing countries only."""
    distinct = cells.drop_duplicates()
    formed = distinct.str.fullmatch(FORMATS["country"][1])
    known = distinct.map(lambda cell: set(cell.split(";")) <= COUNTRIES).astype(bool)
    return cells.isin(distinct[~formed | known])


def _sizeable(cells: pd.Series[str]) -> pd.Series[bool]:
    """Say which cells are not numbers (another check says so) or are above 0 and of a size that money has."""
    distinct = cells.drop_duplicates()
    numbers = pd.to_numeric(distinct.where(distinct.str.fullmatch(FORMATS["amount"][1])), errors="coerce")
    return cells.isin(distinct[numbers.isna() | ((numbers > 0) & (numbers <= MOST_MONEY))])


def _findings(code: str, column: Column, rows: pd.DataFrame, codebook: Codebook, file: str) -> list[Finding]:
    advice = {value: _advice(code, column, codebook, value) for value in rows[column.name].drop_duplicates()}
    expected = {value: _expected(code, column, codebook, value) for value in advice}
    return [
        finding(code, Place(file, line, row, column.name), value, expected=expected[value], fix=advice[value])
        for line, row, value in zip(rows["line"].tolist(), rows["row"].tolist(), rows[column.name], strict=True)
    ]


def _extend(column: Column) -> str:
    """Return what to do where a value is like none of the codebook's, "" where the vocabulary is fixed."""
    if not column.vocabulary:
        return ""
    return f"Use one of the values as it is written; a new {column.vocabulary} is added in codebook.toml."


def _expected(code: str, column: Column, codebook: Codebook, value: str) -> str:
    allowed = vocabulary(column, codebook)
    if code == "value-unknown":
        return ", ".join(allowed[:-1]) + f" or {allowed[-1]}" if len(allowed) > 1 else allowed[0]
    if code == "amount-two":
        return "one number, not {} or {}".format(*(two_numbers(value) or ()))
    if code == "cell-required" and allowed:
        return f"one of {', '.join(allowed)}"
    return ""


def _advice(code: str, column: Column, codebook: Codebook, value: str) -> str:
    if code == "value-unknown":
        labels = {"phase": [p.label for p in codebook.phases], "origin": [o.label for o in codebook.origins]}
        near = advise_value(value, vocabulary(column, codebook), labels.get(column.vocabulary, ()))
        return near or _extend(column)
    if code in ("year-format", "count-format"):
        return advise_year(value)
    if code.startswith("amount-"):
        return advise_amount(value)
    if code == "currency-format":
        return advise_value(value, sorted(CURRENCIES))
    if code == "flag-format":
        return advise_flag(value)
    if code in ("country-format", "country-unknown"):
        part = next((part for part in value.split(";") if part not in COUNTRIES), value)
        return advise_value(part, sorted(COUNTRIES))
    return ""
