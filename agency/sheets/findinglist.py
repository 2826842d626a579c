"""`FindingList`: what is wrong with a table and what is worth knowing about it, as a notebook shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from agency.claims import claim_findings
from agency.findings import COLUMNS_PRINTED, Finding, as_record, as_text, closing, errors_of, in_order
from agency.table import examine_data
from agency.words import in_own_language, language

if TYPE_CHECKING:
    import os


def check(
    path: str | os.PathLike[str] | pd.DataFrame | None = None,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
) -> FindingList:
    """Return every problem of a table at once, each with its line, column and a fix; nothing is raised for bad data.

    Parameters
    ----------
    path, encoding, delimiter, sheet
        As for `agency.load`.

    Raises
    ------
    UsageError
        If the path cannot be read.

    Examples
    --------
    >>> import agency, pandas
    >>> row = {"project": "A", "phase": "maintainance", "actor": "ZTE", "origin": "chinese", "source": "s"}
    >>> found = agency.check(pandas.DataFrame([row]))
    >>> found.is_sound, found.frame()["code"].tolist()[0]
    (False, 'value-unknown')
    """
    seen = examine_data(path, encoding=encoding, delimiter=delimiter, sheet=sheet)
    return FindingList(seen.name, (*seen.findings, *claim_findings(seen.table)), seen.notices)


@in_own_language
@dataclass(frozen=True, eq=False, repr=False)
class FindingList:
    """The findings about a table; prints itself as `agency check` does, repeated mistakes grouped.

    Attributes
    ----------
    name
        Name of the table.
    findings
        All findings, in any order.
    notices
        What was assumed in reading.

    Examples
    --------
    >>> import agency
    >>> agency.load()["JSeI"].findings.is_sound
    True
    """

    name: str
    findings: tuple[Finding, ...]
    notices: tuple[str, ...] = ()
    language: str = field(default_factory=language, kw_only=True)
    """What it speaks: that of the study it was made from."""

    @property
    def is_sound(self) -> bool:
        """Whether there are no errors, so that the table can be computed with."""
        return not errors_of(self.findings)

    def frame(self) -> pd.DataFrame:
        """Return a row per finding, errors first: file, line, row, column, code, severity, found, expected, fix."""
        return pd.DataFrame([as_record(entry) for entry in in_order(self.findings)], columns=list(COLUMNS_PRINTED))

    def __repr__(self) -> str:
        text = as_text(self.findings)
        return "\n".join([*self.notices, *([text] if text else []), closing(self.name, self.findings)])
