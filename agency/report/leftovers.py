"""What an earlier report left in the folder: its files stay, and are named so that nobody takes them for new."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from agency.report.inputs import FOLDER
from agency.table.locate import COMPANIONS
from agency.table.spec import TABLE_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_TABLES: Final = (
    "actors-by-phase",
    "adjudication",
    r"alpha-[a-z]+",
    r"claims(-\w[\w-]*)?",
    "coded-by-one",
    r"comparison(-definition|-parts|-phases)?",
    r"composition(-by-level|-by-source)?",
    "confidence",
    "disagreements",
    "distance-matrix",
    "distances",
    "indicators",
    "presence",
    "random-weights",
    "rank-swaps",
    "regularities",
    "robustness",
    r"sources(-\w+)?",
    "statements",
)
"""Names of the tables any report may write, as patterns."""
_KNOWN: Final = re.compile(
    rf"tables/({'|'.join(_TABLES)})\.(csv|tex|md|docx)"
    r"|figures/(matrix|composition|aggregate|timeline(-\d+)?)\.(svg|pdf|png)"
    rf"|{FOLDER}/({'|'.join(re.escape(name) for name in (TABLE_FILE, *COMPANIONS))})"
    r"|methods\.txt|datapackage\.json|report\.html"
)


def is_report_file(name: str) -> bool:
    """Whether a report writes a file by this path within its folder; an input table may have any name.

    Examples
    --------
    >>> is_report_file("tables/distances.csv"), is_report_file("tables/mine.csv")
    (True, False)
    """
    return _KNOWN.fullmatch(name) is not None


def leftovers(folder: Path, written: Iterable[Path]) -> tuple[str, ...]:
    """Return the report files in a folder that this report did not write, by their path within it, in order."""
    new = set(written)
    found = (path for place in (".", "tables", "figures", FOLDER) for path in (folder / place).glob("*"))
    old = (path.relative_to(folder).as_posix() for path in found if path not in new and path.is_file())
    return tuple(sorted(name for name in old if is_report_file(name)))
