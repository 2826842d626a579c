"""Who holds what in foreign technology projects: a validated phase matrix, its numbers, figures and reports.

Start with `load`; what it returns, a `Study`, has a method for everything else. `check` names every problem of a
table that cannot be loaded.

Examples
--------
>>> import agency
>>> study = agency.load()
>>> study["JSeI"].select(phase="design")
Actors by phase: JSeI
<BLANKLINE>
Phase        JSeI
-----------  ---------------
Designed by  ZTE (technical)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from agency.about import __version__

if TYPE_CHECKING:
    from agency.errors import AgencyError, DataError, UsageError
    from agency.sheets import check
    from agency.study import Study, indicators_of, load, schema

__all__ = ["AgencyError", "DataError", "Study", "UsageError", "__version__", "check", "indicators_of", "load", "schema"]

_HOMES = {
    "AgencyError": "agency.errors",
    "DataError": "agency.errors",
    "UsageError": "agency.errors",
    "Study": "agency.study",
    "check": "agency.sheets.findinglist",
    "indicators_of": "agency.study",
    "load": "agency.study",
    "schema": "agency.study",
}


def __getattr__(name: str) -> Any:
    """Import public names when first used, so that ``import agency`` costs nothing (PEP 562)."""
    if name in _HOMES:
        globals()[name] = found = getattr(import_module(_HOMES[name]), name)
        return found
    message = f"module 'agency' has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return sorted(__all__)
