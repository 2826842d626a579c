"""Reads `codebook.toml`, the user's or the packaged one; mistakes in it are findings like those of the table."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from agency.table.codebook import Codebook, Origin, Phase, Threshold

CODEBOOK_FILE = "codebook.toml"


@cache
def default_codebook() -> Codebook:
    """Return the packaged codebook.

    Examples
    --------
    >>> [phase.key for phase in default_codebook().core_phases]
    ['initiation', 'requirements', 'design', 'implementation', 'operation', 'maintenance']
    """
    return build_codebook(default_tables())


def default_text() -> str:
    """Return the packaged `codebook.toml` as it is written, comments included."""
    return (resources.files("agency.table") / "default_codebook.toml").read_text("utf-8")


def default_tables() -> dict[str, Any]:
    """Return the packaged codebook as TOML tables: phase, origin, roles, thresholds."""
    return tomllib.loads(default_text())


def build_codebook(tables: dict[str, Any]) -> Codebook:
    """Return a codebook from sound TOML tables."""
    return Codebook(
        phases=tuple(Phase(**{**entry, "weight": float(entry["weight"])}) for entry in tables["phase"]),
        origins=tuple(Origin(**entry) for entry in tables["origin"]),
        roles=MappingProxyType({role: float(weight) for role, weight in tables["roles"].items()}),
        thresholds=MappingProxyType(
            {
                key: Threshold(key, float(entry["value"]), entry["citation"])
                for key, entry in tables["thresholds"].items()
            }
        ),
    )
