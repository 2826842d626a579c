"""`Table`: a validated long table with everything that belongs to it. Nothing here computes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from agency import words
from agency.errors import UsageError
from agency.references import short_forms
from agency.vocabulary import COLUMNS, column_named

if TYPE_CHECKING:
    from agency.findings import Finding
    from agency.references import Reference
    from agency.table.read.bundle import Bundle
    from agency.vocabulary import Codebook


@dataclass(frozen=True, eq=False, repr=False)
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
        The references by key, in order of their file; without one, bare keys in order of first appearance.
    wholes
        By actor, what it is part of at the top (a ministry's department: the government); only actors that are part
        of something.
    """

    rows: pd.DataFrame
    projects: pd.DataFrame
    actors: pd.DataFrame
    events: pd.DataFrame
    sources: Mapping[str, Reference]
    codebook: Codebook
    findings: tuple[Finding, ...]
    """Warnings and information (a table with errors is never built)."""
    notices: tuple[str, ...]
    """What was assumed in reading: encoding, separator, sheet."""
    name: str
    """File name for messages and provenance, without folders."""
    folder: str
    """Folder of the companions, "" when there is none (a DataFrame)."""
    files: Mapping[str, str]
    """SHA-256 of every input file by name (of the CSV form of a DataFrame): windows, codebook and claims change
    numbers as well."""
    wholes: Mapping[str, str] = field(default_factory=dict)
    bundle: Bundle = field(kw_only=True)
    """What was read beside the rows, as it was read: other rows can be set beside it."""
    own: pd.DataFrame | None = None
    """The user's own columns, text under their names in the file, indexed like ``rows``; None without any."""
    own_projects: pd.DataFrame | None = None
    """The same of `projects.csv`, indexed by project."""

    def __repr__(self) -> str:
        return words.text(
            "<Table {name}: {rows} statements, {projects} projects, {sources} sources>",
            name=self.name,
            rows=len(self.rows),
            projects=len(self.projects),
            sources=self.rows["source"].nunique(),
        )

    def in_language(self, language: str) -> Table:
        """Return the same table, printed in this language.

        Examples
        --------
        >>> import agency
        >>> agency.load().data.in_language("es").codebook.study.language
        'es'
        """
        said = replace(self.codebook.study, language=language)
        return replace(self, codebook=replace(self.codebook, study=said))

    @property
    def sha256(self) -> str:
        """One hash over all input files: that of the lines `sha256sum` prints for them, in order of their names."""
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(self.files.items()))
        return hashlib.sha256(lines.encode()).hexdigest()

    @cached_property
    def cited(self) -> tuple[str, ...]:
        """The keys of the sources its files cite, in order of appearance."""
        used = (self.rows["source"], self.projects["window_source"], self.events["source"])
        return tuple(dict.fromkeys(key for column in used for key in column if key not in ("", "derived")))

    @cached_property
    def short(self) -> Mapping[str, str]:
        """How each cited source is cited in running text: "Pérez 2020a"; the letters are those of the whole table."""
        return short_forms(self.sources, self.cited)

    def short_form(self, key: str) -> str:
        """Return how a source is cited in running text, also one that only a claim cites."""
        return self.short.get(key) or short_forms(self.sources, [key])[key]

    @cached_property
    def statements(self) -> pd.DataFrame:
        """The rows to choose from: columns of the table, of `projects.csv`, and the user's own of both.

        A column of the format in the table goes before one of that name in `projects.csv` (note); of any other that
        both have, an empty cell of a row takes that of its project, as with countries.
        """
        rows = self.rows[[column.name for column in COLUMNS]]
        own = {} if self.own is None else dict(self.own.items())
        projects = self.projects if self.own_projects is None else self.projects.join(self.own_projects)
        found = dict(rows.items())
        for name, cells in projects.items():
            if name not in found:
                given = cells.reindex(rows["project"]).set_axis(rows.index)
                found[name] = _filled(own.pop(name), given) if name in own else given
        return pd.DataFrame({**found, **own})

    def written(self, index: pd.Index[int]) -> pd.DataFrame:
        """Return some of the rows as they can be read again: columns of the format, and the user's own beside them.

        The index is the line in the file. A kind that `actors.csv` filled in is left out: no row says it.
        """
        rows = self.rows.loc[index]
        frame = rows[[column.name for column in COLUMNS]].assign(actor_kind=rows["kind_given"])
        if self.own is not None:
            frame = frame.join(self.own)
        return frame.set_index(rows["line"])

    def of_projects(self, name: str, projects: Sequence[str]) -> pd.Series[str]:
        """Return the value of a column in each project, "" where none is given.

        Raises
        ------
        UsageError
            If there is no such column, or a project has two values in it.

        Examples
        --------
        >>> import agency
        >>> agency.load().data.of_projects("country", ["ECU 911", "JSeI"]).tolist()
        ['ECU', 'ARG']
        """
        column = column_named(self.statements, name)
        cells = self.statements[column].astype("object")
        pairs = pd.DataFrame({"project": self.rows["project"], "value": cells.where(cells.notna(), "").astype("str")})
        pairs = pairs[(pairs["value"] != "") & pairs["project"].isin(projects)].drop_duplicates()
        two = pairs.loc[pairs["project"].duplicated(), "project"].drop_duplicates()
        if len(two):
            values = pairs.loc[pairs["project"] == two.iloc[0], "value"].tolist()
            sentence = words.marked(
                "{project} has {values} in the column {column}. Name one with a single value in each project."
            )
            named = words.listed([f"'{value}'" for value in values], most=5)
            raise UsageError(words.text(sentence, project=two.iloc[0], values=named, column=column))
        return pairs.set_index("project")["value"].reindex(list(projects), fill_value="")


def _filled(own: pd.Series[str], of_project: pd.Series[Any]) -> pd.Series[str]:
    """Return a column of the rows as text, its empty cells filled with what is said of their project."""
    return own.mask(own == "", of_project.astype("object").where(of_project.notna(), "").astype("str"))
