"""`Study`: a table and a view of it, with a one-line method for everything a user does."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from agency.resolve import Resolved, View, select
from agency.sheets import in_brief

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Unpack

    import pandas as pd
    from pandera.pandas import DataFrameSchema

    from agency.figures import Picture, Width
    from agency.resolve import CellTable, Choice, Matrix
    from agency.sheets import FindingList, Printout
    from agency.table import Table
    from agency.vocabulary import Codebook


def load(
    path: str | os.PathLike[str] | pd.DataFrame | None = None,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
) -> Study:
    """Read and validate a table; without a path, the study in the current folder, else the shipped one.

    Parameters
    ----------
    path
        A folder, a CSV, an .xlsx or .ods workbook, or a DataFrame.
    encoding, delimiter, sheet
        Needed only where the file can be read in two ways.

    Raises
    ------
    DataError, UsageError
        If the data have errors (the message names every one, with line, column and a fix), or cannot be read.

    Examples
    --------
    >>> import agency
    >>> study = agency.load()
    >>> study.select(project=["ECU 911", "JSeI"]).projects
    ('ECU 911', 'JSeI')
    """
    from agency.table import load_table

    return Study(load_table(path, encoding=encoding, delimiter=delimiter, sheet=sheet))


def schema(codebook: Codebook | None = None) -> DataFrameSchema:
    """Return the pandera schema of the long table, to check any DataFrame with, before there is a study.

    It holds the very checks that reading runs: every cell, and every rule whose break leaves a number undefined; the
    name of a check is the code of its problem in `docs/problems.md`. The columns have the names of the data format;
    other spellings of a header are read by `agency.load` alone.

    Parameters
    ----------
    codebook
        Phases, origins and roles; by default the packaged ones. That of a study is ``study.data.codebook``.

    Examples
    --------
    >>> import agency, pandas
    >>> row = {"project": "A", "phase": "design", "actor": "ZTE", "origin": "chinese", "source": "s", "start": 2018.0}
    >>> agency.schema().validate(pandas.DataFrame([row])).shape
    (1, 6)
    """
    from agency.table import statement_schema
    from agency.vocabulary import default_codebook

    return statement_schema(codebook or default_codebook())


@dataclass(frozen=True, eq=False, repr=False)
class Study:
    """An immutable study: a sound table and what is selected of it.

    In Jupyter it shows itself as a matrix with colours, and the passage behind a name when pointed at.

    Attributes
    ----------
    data
        The table with its codebook, sources and findings (`agency.table.model.Table`).
    view
        Selection and rules in force (`agency.resolve.view.View`).

    Examples
    --------
    >>> import agency
    >>> study = agency.load()
    >>> study["ECU 911"].at(2019).cells.cell("ECU 911", "maintenance").text
    'still under negotiation'
    """

    data: Table
    view: View = field(default_factory=View)

    @property
    def projects(self) -> tuple[str, ...]:
        """Names of the selected projects, in the order of the table or as asked for."""
        return self.resolved.listed

    @property
    def phases(self) -> tuple[str, ...]:
        """Keys of the selected phases, in process order."""
        return tuple(phase.key for phase in self.resolved.phases)

    @property
    def notices(self) -> tuple[str, ...]:
        """What the selection left out, a sentence each."""
        return self.resolved.notices

    @cached_property
    def resolved(self) -> Resolved:
        """The table under the view: rows with their use, matrix, arrays, cells; what every result is made from."""
        return Resolved(self.data, self.view)

    @property
    def matrix(self) -> Matrix:
        """States and shares by project and phase."""
        return self.resolved.matrix

    @property
    def cells(self) -> CellTable:
        """The cells as they are printed."""
        return self.resolved.cells

    # Choosing: each returns a new study.

    def select(self, **choice: Unpack[Choice]) -> Study:
        """Return a study with another selection or other rules.

        Parameters
        ----------
        project, phase, source, country
            One name or several; countries as ISO alpha-3.
        rank, include_alleged
            ``best`` or ``all``: whether preferred rows win in their cell; whether alleged rows count.
        mode, year
            ``static`` (held at any time) or ``time`` (weighted by years); a year, or ``end``, for a snapshot.
        boundary, counting, min_phases, weights, roles
            As in `agency.resolve.view.View`.

        Raises
        ------
        UsageError
            For an unknown name or value, with the nearest known one; for a year no selected project has.

        Examples
        --------
        >>> import agency
        >>> study = agency.load().select(project="ECU 911", mode="time")
        >>> study.indicators("composition.gap")["value"].astype(float).round(2).tolist()
        [0.05]
        """
        study = Study(self.data, select(self.data, self.view, **choice))
        if study.view.mode == "snapshot":
            _ = study.resolved.projects  # a year no project has is said here, not when the study is shown
        return study

    def at(self, year: int | Literal["end"]) -> Study:
        """Return the study as of a year, or at the end of each project's window."""
        return self.select(year=year)

    def __getitem__(self, project: str | list[str]) -> Study:
        """Return the study of one project or of several: ``study["JSeI"]``."""
        return self.select(project=project)

    def table(self, *, notes: bool = True, transpose: bool | None = None) -> Printout:
        """Return who held which phase, in the form of Table 1; `notes` mark every statement with its source."""
        from agency.sheets import actors_by_phase

        return actors_by_phase(self.resolved, notes=notes, transpose=transpose)

    def evidence(self) -> pd.DataFrame:
        """Return the selected statements: the columns of the table and ``line``, the line in the file."""
        from agency.vocabulary import COLUMNS

        return self.resolved.rows[["line", *(column.name for column in COLUMNS)]]

    @property
    def findings(self) -> FindingList:
        """What is worth knowing about the table, as `agency check` lists it."""
        from agency.sheets import FindingList

        return FindingList(self.data.name, self.data.findings, self.data.notices)

    # Numbers.

    def indicators(self, *keys: str) -> pd.DataFrame:
        """Return the indicators: project, key, value, low, high (bounds) and why (there is no value).

        Parameters
        ----------
        *keys
            Only these indicators, by first part or by whole key: ``"composition"``, ``"composition.gap"``.

        Examples
        --------
        >>> import agency
        >>> agency.load()["JSeI"].indicators("composition.chinese")["value"].astype(float).round(3).tolist()
        [0.417]
        """
        from agency.indicators import indicators

        frame = indicators(self.resolved, keys=keys or None)
        return frame[frame["key"].str.startswith(keys)].reset_index(drop=True) if keys else frame

    def coverage(self) -> pd.DataFrame:
        """Return project, phase and state: coded, contested, vacant, unknown or not_applicable."""
        from agency.indicators import coverage

        return coverage(self.resolved)

    def compare(self, *projects: str) -> Printout:
        """Return projects side by side: two with every cell, more as a matrix of distances."""
        from agency.sheets import comparison

        return comparison(self.select(project=projects).resolved if projects else self.resolved)

    def regularities(self) -> Printout:
        """Return what holds in every project, and which project is the exception."""
        from agency.sheets import regularity

        return regularity(self.resolved)

    def robustness(self, *, seed: int = 1) -> Printout:
        """Return every number with its range over other choices, and the choice that moves it most."""
        from agency.sheets import robust

        return robust(self.resolved, seed=seed)

    def whatif(self, *, withdraw: str, year: int) -> Printout:
        """Return what the withdrawal of an actor or an origin from a year on would leave behind."""
        from agency.sheets import withdrawal

        return withdrawal(self.select(mode="time").resolved, withdraw, year=year)

    def sources(self) -> Printout:
        """Return the sources side by side, contested cells first, then their conflicts, passage against passage."""
        from agency.sheets import source_comparison

        return source_comparison(self.resolved)

    def brief(self) -> Printout:
        """Return what the study shows in at most ten sentences, each with its numbers."""
        return in_brief(self.resolved)

    def claims(self) -> Printout:
        """Return what the statements say of the sentences in `claims.toml`."""
        from agency.sheets import claim_verdicts

        return claim_verdicts(self.resolved)

    def agreement(self) -> Printout:
        """Return how far coders agree: those of the double coding beside the table, else of its column ``coder``."""
        from agency.sheets import coder_agreement

        return coder_agreement(self.resolved)

    # Figures. `width` is single (90 mm), onehalf (140), double (190) or a number of mm; `fonts` are installed families
    # tried before DejaVu Sans, which has no Chinese letters.

    def heatmap(self, *, width: Width = "single", fonts: Sequence[str] = (), years: Sequence[int] = ()) -> Picture:
        """Draw the matrix in the style of Table 1; with `years`, as of each of them, side by side."""
        from agency.figures import figure_style, matrix_picture

        return matrix_picture(self.resolved, style=figure_style(width, fonts), years=years)

    def timeline(self, *, width: Width = "single", fonts: Sequence[str] = ()) -> Picture:
        """Draw who held the continuing phases from year to year, with dated events."""
        from agency.figures import figure_style, timeline_picture

        return timeline_picture(self.resolved, style=figure_style(width, fonts))

    def composition(
        self, *, width: Width = "single", fonts: Sequence[str] = (), sort: Literal["order", "local"] = "order"
    ) -> Picture:
        """Draw the composition of the life cycle, a bar per project."""
        from agency.figures import composition_picture, figure_style

        return composition_picture(self.resolved, style=figure_style(width, fonts), sort=sort)

    def summary(self, *, width: Width = "single", fonts: Sequence[str] = ()) -> Picture:
        """Draw a bar per phase: every project of which a source says who holds it is a segment."""
        from agency.figures import figure_style, summary_picture

        return summary_picture(self.resolved, style=figure_style(width, fonts))

    def aggregate(
        self, *, width: Width = "single", fonts: Sequence[str] = (), by: Literal["country", "decade", "all"] = "country"
    ) -> Picture:
        """Draw the mean composition of each phase over groups of projects."""
        from agency.figures import aggregate_picture, figure_style

        return aggregate_picture(self.resolved, style=figure_style(width, fonts), by=by)

    def report(
        self, folder: str | os.PathLike[str], *, files: bool = False, bundle: bool = False, title: str = ""
    ) -> Path:
        """Write the one-file HTML report, with `files` tables and figures beside it, and return its path."""
        from agency.report import write_report
        from agency.table import PACKAGED

        beside: Literal["", "files", "bundle"] = "bundle" if bundle else "files" if files else ""
        data = "" if PACKAGED in self.data.notices else None
        return write_report(self.resolved, folder, beside=beside, title=title, data=data)[-1]

    # Showing itself.

    def __repr__(self) -> str:
        return repr(self.table(notes=False))

    def _repr_html_(self) -> str:
        from agency.formats import matrix_html

        return matrix_html(self.cells)

    def _ipython_key_completions_(self) -> list[str]:
        return list(self.data.projects.index)
