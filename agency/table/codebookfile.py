"""Reads `codebook.toml`, the user's or the packaged one; mistakes in it are findings like those of the table."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from agency.table.codebook import Codebook, Origin, Phase, Threshold
from agency.table.codebookrules import FIELDS, codebook_mistakes
from agency.table.problems import Place, finding
from agency.table.records import UnreadableError

CODEBOOK_FILE = "codebook.toml"


@cache
def default_codebook() -> Codebook:
    """Return the packaged codebook.

    Examples
    --------
    >>> [phase.key for phase in default_codebook().core_phases]
    ['initiation', 'requirements', 'design', 'implementation', 'operation', 'maintenance']
    """
    return _build(_default_tables())


def default_text() -> str:
    """Return the packaged `codebook.toml` as it is written, comments included."""
    return (resources.files("agency.table") / "default_codebook.toml").read_text("utf-8")


def read_codebook(text: str, file: str = CODEBOOK_FILE) -> Codebook:
    """Return the codebook of a TOML text; tables it does not hold come from the packaged one.

    Raises
    ------
    UnreadableError
        If it has mistakes; every one is named.
    """
    try:
        own = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+), column \d+\)", str(error))
        place = Place(file, int(at.group(1)) if at else text.count("\n") + 1)
        raise UnreadableError(finding("codebook-syntax", place, str(error).split(" (at ")[0])) from error
    tables = {**_default_tables(), **own}
    mistakes = codebook_mistakes(tables, text, file)
    if mistakes:
        raise UnreadableError(*mistakes)
    return _build(tables)


@cache
def _default_tables() -> dict[str, Any]:
    return tomllib.loads(default_text())


def _build(tables: dict[str, Any]) -> Codebook:
    thresholds = {
        key: Threshold(key, float(entry["value"]), entry["citation"]) for key, entry in tables["thresholds"].items()
    }
    return Codebook(
        phases=tuple(_phase(entry) for entry in tables["phase"]),
        origins=tuple(_origin(entry) for entry in tables["origin"]),
        roles=MappingProxyType({role: float(weight) for role, weight in tables["roles"].items()}),
        thresholds=MappingProxyType(thresholds),
    )


def _phase(entry: dict[str, Any]) -> Phase:
    filled = {"short": entry["label"], **_defaults("phase"), **entry}
    return Phase(**{**filled, "weight": float(filled["weight"])})


def _origin(entry: dict[str, Any]) -> Origin:
    packaged: dict[str, Any] = next(
        (known for known in _default_tables()["origin"] if known["key"] == entry["key"]), {}
    )
    filled = {**_defaults("origin"), **packaged, **entry}
    return Origin(**{"strong": filled["colour"], **filled})


def _defaults(table: str) -> dict[str, Any]:
    return {name: field.default for name, field in FIELDS[table].items() if field.default is not None}
