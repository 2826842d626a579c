"""What a report was made from and how to make it again: facts only, no clock and no machine names."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from agency.about import DISTRIBUTION, METHOD_VERSION, __version__
from agency.errors import UsageError
from agency.matrix.view import View

if TYPE_CHECKING:
    from agency.table.model import Table

SOURCE_DATE: Final = "SOURCE_DATE_EPOCH"
_FLAGS: Final = {
    "projects": "-p",
    "phases": "--phase",
    "sources": "--source",
    "countries": "--country",
    "rank": "--rank",
    "min_phases": "--min-phases",
    "mode": "--mode",
    "year": "--year",
    "boundary": "--boundary",
    "counting": "--counting",
}
"""Field of `View` to its option, in the order of the command line."""


@dataclass(frozen=True)
class Provenance:
    """The facts on the first screen and in the methods paragraph."""

    table: str
    """File name of the table."""
    sha256: str
    date: str
    """ISO date from SOURCE_DATE_EPOCH, "" without it."""
    command: str
    """The command that makes the report again."""
    software: str
    rules: str


def provenance(table: Table, command: str) -> Provenance:
    """Return the facts about a table and the command that makes its report.

    Raises
    ------
    UsageError
        If SOURCE_DATE_EPOCH is set but is no number of seconds.
    """
    return Provenance(
        table.name, table.sha256, source_date(), command, f"{DISTRIBUTION} {__version__}", f"rules {METHOD_VERSION}"
    )


def source_date() -> str:
    """Return the date in SOURCE_DATE_EPOCH as ``2026-01-31``, or "" when it is not set."""
    from datetime import UTC, datetime

    seconds = os.environ.get(SOURCE_DATE, "")
    if not seconds:
        return ""
    try:
        return datetime.fromtimestamp(int(seconds), tz=UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        message = f"{SOURCE_DATE} is {seconds!r}; give whole seconds since 1970, or unset it."
        raise UsageError(message) from None


def report_command(view: View, *, data: str, reading: tuple[tuple[str, str], ...] = (), bundle: bool = False) -> str:
    """Return the command line that makes a report again.

    Parameters
    ----------
    view
        Selection and rules; what is as by default is left out.
    data
        The DATA argument; "" for the shipped study.
    reading
        Options of the reader that were given: (("--delimiter", ";"), ...).
    bundle
        Whether the report was a bundle.

    Examples
    --------
    >>> report_command(View(projects=("ECU 911",), rank="all"), data="actors.csv", bundle=True)
    "agency report actors.csv -o report --bundle -p 'ECU 911' --rank all"
    """
    words = ["agency", "report", *([data] if data else []), "-o", "report", *(["--bundle"] if bundle else [])]
    for option, value in reading:
        words += [option, value]
    default = View()
    for name, flag in _FLAGS.items():
        value = getattr(view, name)
        if value == getattr(default, name) or (name == "mode" and value == "snapshot"):
            continue
        for one in value if isinstance(value, tuple) else (value,):
            words += [flag, str(one)]
    if view.include_alleged:
        words.append("--include-alleged")
    return shlex.join(words)


assert set(_FLAGS) | {"include_alleged", "weights", "roles"} == {field.name for field in fields(View)}
