"""`Table`: a validated long table with everything that belongs to it. Nothing here computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from agency.findings import Finding
    from agency.vocabulary import Codebook


@dataclass(frozen=True)
class Source:
    """One source of statements: an entry of `sources.bib`, or a bare key when there is no such file."""

    key: str
    source_type: str = ""
    """official, academic, ngo, media, interview; empty when not said."""
    file: str = ""
    """Name of the text used by `agency verify`."""
    reference: str = ""
    """Author-date reference as plain text; the key when there is no entry."""
    short: str = ""
    """Author and year as cited in running text; the key when there is no entry."""


@dataclass(frozen=True, eq=False)
class Table:
    """A sound table: no errors, typed, aliases resolved, identities and windows decided.

    Attributes
    ----------
    rows
        One row per statement, in file order, index 0..n-1. The columns of `agency.vocabulary.columns.COLUMNS`
        (text columns are `str` with "" for empty; `start`, `end`, `duration_years` nullable Int64 with a
        missing side already filled from `duration_years` where one date is given; `unnamed` and `only` bool;
        `amount` float64, NaN for empty), and

        - ``line``: physical line in the file; ``row``: row as a spreadsheet shows it,
        - ``holder``: printed name within the project ("NAME (unnamed)" where a named actor of that name
          stands beside it), "" for rows without an actor,
        - ``kind_given``: ``actor_kind`` as the row has it, "" where it was filled from `actors.csv`,
        - ``actor_id``: integer identity over the whole table (name, or (project, name) if unnamed), -1 without actor.
    projects
        Indexed by project in order of first appearance in `rows`; columns label, country, window_start,
        window_end (nullable Int64, both missing when there is no window), window_source (a source key,
        "derived", or ""), launched (nullable Int64), type, note.
    actors
        Columns actor, alias, kind, seat, part_of, identifier, note; possibly empty.
    events
        Columns project, year (Int64), label, source, rank, note; possibly empty.
    sources
        By key, in order of `sources.bib`, else of first appearance.
    wholes
        By actor, what it is part of at the top (a ministry's department: the government); only actors that are part
        of something.
    """

    rows: pd.DataFrame
    projects: pd.DataFrame
    actors: pd.DataFrame
    events: pd.DataFrame
    sources: Mapping[str, Source]
    codebook: Codebook
    findings: tuple[Finding, ...]
    """Warnings and information (a table with errors is never built)."""
    notices: tuple[str, ...]
    """What was assumed in reading: encoding, separator, sheet."""
    name: str
    """File name for messages and provenance, without folders."""
    folder: str
    """Folder of the companions, "" when there is none (a DataFrame)."""
    sha256: str
    """Hash of the table's bytes (of its CSV form for a DataFrame)."""
    wholes: Mapping[str, str] = field(default_factory=dict)
