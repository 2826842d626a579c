"""Roles of other standards to phases of ours, and how well they fit: what `role_crosswalk.csv` says."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import NamedTuple

WEAK = "weak"
_SCOPE = re.compile(r"scope=([^;,]+)")


class Role(NamedTuple):
    """One role of another standard."""

    phase: str
    """Empty: who has the role holds no phase of ours."""
    fit: str
    """``exact``, ``good``, ``partial``, ``weak``; others only where there is no phase."""
    note: str

    @property
    def scope(self) -> str:
        """The part of the phase that the role is about, "" for all of it."""
        found = _SCOPE.search(self.note)
        return found[1].strip() if found else ""


@cache
def crosswalk() -> Mapping[tuple[str, str], Role]:
    """Return every role by scheme and code.

    Examples
    --------
    >>> crosswalk()["AidData 2.0", "Accountable Agencies"].scope
    'guarantee'
    >>> crosswalk()["OCDS partyRole", "tenderer"].phase
    ''
    """
    text = (resources.files("agency.importers") / "role_crosswalk.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return MappingProxyType({(row["scheme"], row["code"]): Role(row["phase"], row["fit"], row["note"]) for row in rows})
