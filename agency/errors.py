"""The two ways a call can fail, each with its exit code.

`DataError`: something is wrong inside the data (exit 1). `UsageError`: the call itself is wrong, or a path
cannot be read or written (exit 2). Both carry a message for people; nothing else is raised on purpose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agency.words import text

if TYPE_CHECKING:
    from agency.findings import Finding


class AgencyError(Exception):
    """Base of the errors raised on purpose; `str()` is a complete message for a user."""

    exit_code = 2

    def _render_traceback_(self) -> list[str]:
        """Jupyter shows the message alone, as the command line does (a protocol of IPython)."""
        return [f"{type(self).__name__}: {self}"]


class DataError(AgencyError):
    """The data have errors; nothing was computed.

    Parameters
    ----------
    message
        A complete sentence or a rendered list of findings.
    findings
        The findings behind the message, errors first; may be empty.
    """

    exit_code = 1

    def __init__(self, message: str, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(message)
        self.findings = findings


class UsageError(AgencyError):
    """The call is wrong: an unknown name, an impossible combination, a path that cannot be read or written."""


def did_you_mean(found: str, known: list[str]) -> str:
    """Return " Did you mean 'x'?" for the nearest known name, or an empty string.

    Examples
    --------
    >>> did_you_mean("maintainance", ["design", "maintenance"])
    " Did you mean 'maintenance'?"
    >>> did_you_mean("zzz", ["design"])
    ''
    """
    from difflib import get_close_matches

    folded = {name.casefold(): name for name in reversed(known)}
    near = get_close_matches(found.casefold(), list(folded), n=1, cutoff=0.6)
    return text(" Did you mean {name!r}?", name=folded[near[0]]) if near else ""


def shown_value(value: object) -> str:
    """Return a value as a message shows it: short, on one line, with its type unless it is text.

    Examples
    --------
    >>> shown_value("x"), shown_value(3), shown_value(None)
    ("'x'", '3 (int)', 'None')
    """
    if isinstance(value, str):
        return repr(value[:40])
    shown = (repr(value).splitlines() or [""])[0][:40]
    return shown if value is None else f"{shown} ({type(value).__name__})"
