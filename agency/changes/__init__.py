"""Two versions of a study: what was coded otherwise, and what is printed otherwise because of it."""

from __future__ import annotations

from agency.changes.found import Change, Compared, as_before, changes_between
from agency.changes.told import change_sheets, changes_printed, changes_since

__all__ = [
    "Change",
    "Compared",
    "as_before",
    "change_sheets",
    "changes_between",
    "changes_printed",
    "changes_since",
]
