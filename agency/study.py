"""`Study`: a table and a view of it, with a one-line method for everything a user does.

It has more than 600 lines, most of them docstrings: it is the one object a user completes, and every choice and method
says what it takes and returns.
"""

from __future__ import annotations

import copyreg
import io
import os
import pickle
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from agency.about import __version__
from agency.errors import UsageError, did_you_mean, shown_value
from agency.resolve import Resolved, View, select
from agency.sheets import in_brief
from agency.words import ENGLISH, LANGUAGES, broken, counted, in_own_language, listed, marked, speaking, text
from agency.words import language as language_in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import Unpack

    import pandas as pd
    from matplotlib.axes import Axes
    from pandera.pandas import DataFrameSchema

    from agency.figures import Picture, Setting
    from agency.resolve import CellTable, Matrix
    from agency.sheets import FindingList, Printout
    from agency.table import Table
    from agency.vocabulary import Codebook


def load(
    path: str | os.PathLike[str] | pd.DataFrame | None = None,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    beside: str | os.PathLike[str] | Study | None = None,
    language: str | None = None,
) -> Study:
    """Read and validate a table; without a path, the study in the current folder, else the shipped one.

    Parameters
    ----------
    path
        A folder, a CSV, an .xlsx or .ods workbook, or a DataFrame.
    encoding, delimiter, sheet
        Needed only where the file can be read in two ways.
    beside
        Only with a DataFrame: the folder or study whose projects, actors, events, sources, codebook and claims go with
        its rows. A window that projects.csv does not give is derived from the rows that are there.
    language
        Of everything the study prints and draws; by default that of ``[study]`` in codebook.toml, else English.

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
    >>> rows = study.evidence()
    >>> agency.load(rows[rows["rank"] == "preferred"], beside=study)["JSeI"].phases == study.phases
    True
    """
    from agency.table import load_table

    place = beside.data if isinstance(beside, Study) else beside
    if language is not None:
        language = _one_of("language", language, LANGUAGES)
    elif isinstance(beside, Study):
        language = beside.language
    with speaking(language or language_in_force()):
        table = load_table(
            path, encoding=encoding, delimiter=delimiter, sheet=sheet, beside=place, in_its_language=language is None
        )
    if isinstance(beside, Study):
        table = _part_of(beside.data, table)
    if language is not None:
        table = table.in_language(language)
    unread = broken(table.codebook.study.language or ENGLISH)
    return Study(replace(table, notices=(*table.notices, unread)) if unread else table)


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


def indicators_of(
    frame: pd.DataFrame, *keys: str, beside: str | os.PathLike[str] | Study | None = None
) -> pd.DataFrame:
    """Return the indicators of the projects in some rows: what to map over a table too large for one machine.

    A number of a project hangs on no other project. Parts of a table that have every row of their projects, in the
    order of the table, give together the numbers of ``agency.load(whole).select(min_phases=0).indicators()``.

    Parameters
    ----------
    frame
        Rows with the columns of the table. They are read and checked like a file.
    *keys
        Only these indicators, as for `Study.indicators`.
    beside
        What goes with the rows, as for `load`: windows of projects, codebook, actors. The view of a study is in force
        here too (mode, rank, selection), but for ``min_phases``: every project is listed.

    Returns
    -------
    pandas.DataFrame
        As `Study.indicators` returns it; without rows where the frame has none, or none that the view selects.

    Raises
    ------
    DataError, UsageError
        As `load`. Faults between rows of different parts are not seen: check the whole table once.

    Examples
    --------
    >>> import agency, pandas
    >>> study = agency.load().select(project=["ECU 911", "JSeI"])
    >>> rows = study.evidence()
    >>> parts = [agency.indicators_of(part, beside=study) for _, part in rows.groupby("project", sort=False)]
    >>> pandas.concat(parts, ignore_index=True).equals(study.indicators())
    True
    """
    import pandas as pd

    from agency.indicators import no_indicators

    if not isinstance(frame, pd.DataFrame):
        raise UsageError(text("frame is a DataFrame of statements, not {found}.", found=shown_value(frame)))
    if frame.empty:
        return no_indicators()
    data = load(frame, beside=beside).data
    view = beside.view if isinstance(beside, Study) else View()
    here = tuple(name for name in view.projects if name in data.projects.index)
    if view.projects and not here:
        return no_indicators()
    part = Study(data, replace(view, projects=here, min_phases=0))
    try:
        _ = part.resolved.projects
    except UsageError:
        # A snapshot of a year that no window of this part has; another part may have it.
        return no_indicators()
    return part.indicators(*keys)


@in_own_language
@dataclass(frozen=True, eq=False, repr=False)
class Study:
    """An immutable study: a sound table and what is selected of it.

    In Jupyter it shows itself as a matrix with colours, and the passage behind a name when pointed at.

    Attributes
    ----------
    data
        The table with its codebook, sources and findings (`agency.table.model.Table`).
    view
        Selection and rules in force (`agency.resolve.select.View`).

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
    def language(self) -> str:
        """What it speaks, and every table, figure and report made from it.

        Examples
        --------
        >>> import agency
        >>> study = agency.load(language="es")["JSeI"]
        >>> study.language, study.table().sheets[0].rows[0][0].text
        ('es', 'Iniciado por')
        """
        return self.data.codebook.study.language or ENGLISH

    @property
    def projects(self) -> tuple[str, ...]:
        """Names of the selected projects, in the order of the table or as asked for.

        Examples
        --------
        >>> import agency
        >>> agency.load().select(country="ARG", min_phases=4).projects
        ('JSeI',)
        """
        return self.resolved.listed

    @property
    def phases(self) -> tuple[str, ...]:
        """Keys of the selected phases, in process order.

        Examples
        --------
        >>> import agency
        >>> agency.load().select(phase=["maintenance", "design"]).phases
        ('design', 'maintenance')
        """
        return tuple(phase.key for phase in self.resolved.phases)

    @property
    def notices(self) -> tuple[str, ...]:
        """What the selection left out, a sentence each.

        Examples
        --------
        >>> import agency
        >>> agency.load()["JSeI"].notices
        ()
        """
        return self.resolved.notices

    @cached_property
    def resolved(self) -> Resolved:
        """The table under the view: rows with their use, matrix, arrays, cells; what every result is made from.

        Examples
        --------
        >>> import agency
        >>> rows = agency.load()["JSeI"].resolved.rows
        >>> rows.loc[(rows["phase"] == "design") & (rows["use"] == "decides"), "actor"].tolist()
        ['ZTE']
        """
        return Resolved(self.data, self.view)

    @property
    def matrix(self) -> Matrix:
        """States and shares by project and phase.

        Examples
        --------
        >>> import agency
        >>> agency.load()["JSeI"].matrix.phases.set_index("phase").loc["design", "held"].item()
        1.0
        """
        return self.resolved.matrix

    @property
    def cells(self) -> CellTable:
        """The cells as they are printed.

        Examples
        --------
        >>> import agency
        >>> agency.load()["JSeI"].cells.cell("JSeI", "maintenance").text
        'ZTE for 3 years'
        """
        return self.resolved.cells

    # Choosing: each returns a new study.

    def select(  # noqa: PLR0913 - every choice has its name, so that editors complete it
        self,
        *,
        project: str | Iterable[str] | None = None,
        exclude: str | Iterable[str] | None = None,
        phase: str | Iterable[str] | None = None,
        source: str | Iterable[str] | None = None,
        country: str | Iterable[str] | None = None,
        type: str | Iterable[str] | None = None,
        actor: str | Iterable[str] | None = None,
        origin: str | Iterable[str] | None = None,
        kind: str | Iterable[str] | None = None,
        confidence: str | Iterable[str] | None = None,
        status: str | Iterable[str] | None = None,
        coder: str | Iterable[str] | None = None,
        where: str | None = None,
        rank: Literal["best", "all"] | None = None,
        include_alleged: bool | None = None,
        mode: Literal["static", "time"] | None = None,
        year: int | Literal["end"] | None = None,
        boundary: Literal["held", "split", "gap"] | None = None,
        counting: Literal["actor", "origin"] | None = None,
        actors: Literal["named", "whole"] | None = None,
        min_phases: int | None = None,
        weights: Mapping[str, float] | None = None,
        roles: Mapping[str, float] | None = None,
        **unknown: Any,
    ) -> Study:
        """Return a study with another selection or other rules; what is not given stays as it is.

        Parameters
        ----------
        project, exclude
            Projects to look at, or to leave out: one name or several.
        phase, source, country, type
            Phases of the codebook, sources, countries (ISO alpha-3) and types of system (projects.csv).
        actor, origin, kind, confidence, status, coder
            Only statements with one of these values. Who else held a phase is then no longer seen.
        where
            A condition, as in `where`. It is added to those in force, as ``actor`` to ``coder`` and ``exclude`` are.
        rank
            ``best``: preferred rows win in their cell; ``all``: preferred and normal rows together.
        include_alleged
            Whether alleged rows count.
        mode
            ``static`` (held at any time) or ``time`` (weighted by years).
        year
            A snapshot of that year, or of each project's last year (``"end"``).
        boundary
            Years stated both as held and as vacant or negotiating: ``held``, ``split`` or ``gap``.
        counting
            Share of a joint phase: equal per ``actor``, or per ``origin``.
        actors
            ``named``, or ``whole``: every actor counts as what it is part of.
        min_phases
            Projects with fewer core phases known are not listed; they count all the same.
        weights, roles
            Weights of phases and of roles beside those of the codebook.
        **unknown
            Nothing: a misspelt choice is named, with the nearest.

        Returns
        -------
        Study
            A new study; this one stays as it is.

        Raises
        ------
        UsageError
            For an unknown choice, name or value, with the nearest known one; for a wrong type or an empty list; where
            no statement meets the choice; for a year no selected project has.

        Examples
        --------
        >>> import agency
        >>> study = agency.load().select(project="ECU 911", mode="time")
        >>> study.indicators("composition.gap")["value"].round(2).tolist()
        [0.05]
        """
        choice = {name: value for name, value in locals().items() if name not in ("self", "unknown")}
        choice = {name: value for name, value in choice.items() if value is not None}
        study = Study(self.data, select(self.data, self.view, **choice, **unknown))
        if study.view.mode == "snapshot":
            _ = study.resolved.projects  # a year no project has is said here, not when the study is shown
        return study

    def where(self, condition: str) -> Study:
        """Return the study of the rows that meet a condition on columns: the table's, of projects.csv, your own.

        Parameters
        ----------
        condition
            Comparisons, ``in``, ``and``, ``or``, ``not``, names of columns, numbers and quoted words.

        Raises
        ------
        UsageError
            If it cannot be read, names an unknown column, or no row meets it.

        Examples
        --------
        >>> import agency
        >>> agency.load().where('country == "ARG" and start >= 2016').projects
        ('JSeI',)
        """
        return self.select(where=condition)

    def at(self, year: int | Literal["end"]) -> Study:
        """Return the study as of a year, or at the end of each project's window.

        Parameters
        ----------
        year
            The year, or ``"end"``.

        Examples
        --------
        >>> import agency
        >>> agency.load()["ECU 911"].at(2013).cells.cell("ECU 911", "maintenance").text
        'CEIEC'
        """
        return self.select(year=year)

    def __getitem__(self, project: str | list[str]) -> Study:
        """Return the study of one project or of several: ``study["JSeI"]``."""
        return self.select(project=project)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the projects that are listed."""
        return iter(self.projects)

    def __len__(self) -> int:
        """Return the number of projects that are listed."""
        return len(self.projects)

    def __contains__(self, project: object) -> bool:
        """Say whether a project is selected, listed or not."""
        return project in self.resolved.projects

    # The same data under the same view are the same study, wherever they were read.

    def _content(self) -> tuple[str, View]:
        return self.data.sha256, self.view

    def __eq__(self, other: object) -> bool:
        return self._content() == other._content() if isinstance(other, Study) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._content())

    def __reduce__(self) -> tuple[Any, tuple[str, bytes]]:
        """Pickle with the version that wrote it: another one says so instead of failing inside."""
        stream = io.BytesIO()
        pickler = pickle.Pickler(stream)
        pickler.dispatch_table = copyreg.dispatch_table | {MappingProxyType: _plain_mapping}
        pickler.dump((self.data, self.view))
        return _reopened, (__version__, stream.getvalue())

    # Rows out and in.

    def evidence(self) -> pd.DataFrame:
        """Return the selected statements: the columns of the table, and your own; the index is the line in the file.

        Rows that are given back to `agency.load(rows, beside=study)` give the same numbers.

        Examples
        --------
        >>> import agency
        >>> agency.load()["JSeI"].select(phase="design", rank="best").evidence()["actor"].iloc[0]
        'ZTE'
        """
        return self.data.written(self.resolved.rows.index)

    def with_rows(self, rows: pd.DataFrame) -> Study:
        """Return a study with more statements, read and checked like those of a file, under the same view.

        Parameters
        ----------
        rows
            The columns of the table; what is absent is empty.

        Raises
        ------
        DataError
            If the statements have errors; they are named by their labels in the index of `rows`.

        Examples
        --------
        >>> import agency, pandas
        >>> row = {"project": "JSeI", "phase": "design", "actor": "A firm", "origin": "local", "source": "malena2021"}
        >>> more = agency.load()["JSeI"].with_rows(pandas.DataFrame([row]))
        >>> len(more.evidence()) - len(agency.load()["JSeI"].evidence())
        1
        """
        import pandas as pd

        if not isinstance(rows, pd.DataFrame):
            raise UsageError(text("rows is a DataFrame of statements, not {found}.", found=shown_value(rows)))
        before = self.data.written(self.data.rows.index)
        both = pd.concat([before.astype("object"), rows.astype("object")])
        return Study(load(both.where(both.notna(), ""), beside=self).data, self.view)

    def table(self, *, notes: bool = True, transpose: bool | None = None) -> Printout:
        """Return who held which phase, in the form of Table 1.

        Parameters
        ----------
        notes
            Whether every statement is marked with its source.
        transpose
            Whether projects stand in rows; by default where they are many.

        Examples
        --------
        >>> import agency
        >>> agency.load()["JSeI"].table().frame["text"].iloc[-1]
        'ZTE for 3 years'
        """
        from agency.sheets import actors_by_phase

        notes = _switch("notes", notes)
        transpose = None if transpose is None else _switch("transpose", transpose)
        return actors_by_phase(self.resolved, notes=notes, transpose=transpose)

    @property
    def findings(self) -> FindingList:
        """What is worth knowing about the table, as `agency check` lists it.

        Examples
        --------
        >>> import agency
        >>> agency.load().findings.is_sound
        True
        """
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

        for key in keys:
            _text("key", key)
        frame = indicators(self.resolved, keys=keys or None)
        return frame[frame["key"].str.startswith(keys)].reset_index(drop=True) if keys else frame

    def wide(self, *keys: str) -> pd.DataFrame:
        """Return indicators as a table with a row per project and a column per indicator, numbers or words.

        Parameters
        ----------
        *keys
            As for `indicators`.

        Examples
        --------
        >>> import agency
        >>> agency.load()[["ECU 911", "JSeI"]].wide("composition").round(2).loc["JSeI", "composition.chinese"].item()
        0.42
        """
        frame = self.indicators(*keys)
        wide = frame.pivot(index="project", columns="key", values="value")
        words = frame.pivot(index="project", columns="key", values="text")
        # Some indicators are names, such as the phases that foreign actors hold alone.
        wide = wide.assign(**{key: words[key] for key in words.columns[(words != "").any()]})
        return wide.reindex(index=frame["project"].unique(), columns=frame["key"].unique())

    def panel(self, keys: str | Iterable[str], years: Iterable[int]) -> pd.DataFrame:
        """Return indicators year by year, each year a snapshot: project, year, key, value, low, high and why.

        A project has rows only for years of its window.

        Parameters
        ----------
        keys
            Indicators, as for `indicators`.
        years
            The years, for instance ``range(2010, 2020)``.

        Raises
        ------
        UsageError
            If there is no such indicator, or no selected project has any of the years in its window.

        Examples
        --------
        >>> import agency
        >>> panel = agency.load()[["ECU 911", "JSeI"]].panel("composition.chinese", [2016, 2018, 2019])
        >>> panel.groupby("project").size().to_dict()
        {'ECU 911': 3, 'JSeI': 3}
        """
        import pandas as pd

        wanted = _several("keys", keys)
        frames = []
        for year in _years(years):
            try:
                frame = self.at(year).indicators(*wanted)
            except UsageError:
                # No project has the year: unless no year is had by any, that is an answer.
                self.indicators(*wanted)
                continue
            frames.append(frame.assign(year=year))
        if not frames:
            raise UsageError(text("No selected project has any of these years in its window."))
        panel = pd.concat(frames, ignore_index=True)
        columns = ["project", "year", *(name for name in panel.columns if name not in ("project", "year"))]
        return panel[columns].sort_values(["project", "year"], kind="stable", ignore_index=True)

    def states(self) -> pd.DataFrame:
        """Return project, phase and state: coded, contested, vacant, unknown or not_applicable.

        Examples
        --------
        >>> import agency
        >>> agency.load()["ECU 911"].states().set_index("phase").loc["design", "state"]
        'contested'
        """
        from agency.indicators import cell_states

        return cell_states(self.resolved)

    def compare(self, *projects: str) -> Printout:
        """Return projects side by side: two with every cell, more as a matrix of distances.

        Parameters
        ----------
        *projects
            Their names; all that are selected when none is given.

        Examples
        --------
        >>> import agency
        >>> agency.load().compare("ECU 911", "JSeI").frame.set_index("distance")["value"]["actors_jaccard"].item()
        1.0
        """
        from agency.sheets import comparison

        return comparison(self.select(project=projects).resolved if projects else self.resolved)

    def printed_indicators(self, *, everything: bool = False) -> Printout:
        """Return composition and headline indicators as they are printed.

        Parameters
        ----------
        everything
            Whether all others are printed too; the frame always has them.

        Examples
        --------
        >>> import agency
        >>> len(agency.load()["JSeI"].printed_indicators().sheets)
        2
        """
        from agency.sheets import indicator_tables

        return indicator_tables(self.resolved, everything=_switch("everything", everything))

    def explain(self, key: str) -> Printout:
        """Return an indicator with its formula, its source, and numerator and denominator of these data.

        Parameters
        ----------
        key
            First part or whole key, as for `indicators`.

        Raises
        ------
        UsageError
            If there is no such indicator; the nearest is named.

        Examples
        --------
        >>> import agency
        >>> agency.load()["JSeI"].explain("coverage").frame["project"].unique().tolist()
        ['JSeI']
        """
        from agency.sheets import indicator_explained

        return indicator_explained(self.resolved, _text("key", key))

    def by(self, column: str) -> Printout:
        """Return who held which phase, and every number, over groups of all selected projects, each with n.

        Parameters
        ----------
        column
            ``country``, ``type``, ``source``, or any column with one value in each project, your own too.

        Examples
        --------
        >>> import agency
        >>> "ECU" in set(agency.load().by("country").frame["group"])
        True
        """
        from agency.sheets import by_group

        return by_group(self.resolved, _text("column", column))

    def regularities(self, *, conditions: Sequence[str] = (), outcome: str | None = None) -> Printout:
        """Return what holds in every project, and which project is the exception.

        Parameters
        ----------
        conditions, outcome
            Each as ``PHASE:ORIGIN``, for a truth table of the cases and the necessity of each condition. The cases as
            a file that QCA programs read: `export`.

        Examples
        --------
        >>> import agency
        >>> study = agency.load()[["ECU 911", "JSeI"]]
        >>> table = study.regularities(conditions=["design:chinese"], outcome="maintenance:chinese")
        >>> len(table.sheets) > 1
        True
        """
        from agency.sheets import regularity

        if bool(conditions) != bool(outcome):
            raise UsageError(text("A truth table wants conditions and outcome, both as PHASE:ORIGIN."))
        asked = [_text("conditions", one) for one in _several("conditions", conditions)]
        return regularity(
            self.resolved, conditions=asked, outcome=outcome if outcome is None else _text("outcome", outcome)
        )

    def robustness(self, *, seed: int = 1) -> Printout:
        """Return every number with its range over other choices, and the choice that moves it most.

        Parameters
        ----------
        seed
            Start of the random weights among those choices.

        Examples
        --------
        >>> import agency
        >>> frame = agency.load()["JSeI"].robustness().frame.set_index("key")
        >>> frame.loc["composition.local", ["low", "high"]].astype(float).round(2).tolist()
        [0.17, 0.7]
        """
        from agency.sheets import robust

        if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
            raise UsageError(text("seed is a whole number from 0, not {found}.", found=shown_value(seed)))
        return robust(self.resolved, seed=seed)

    def whatif(self, *, withdraw: str, year: int) -> Printout:
        """Return what the withdrawal of an actor or an origin from a year on would leave behind.

        Parameters
        ----------
        withdraw
            An actor, or an origin of the codebook.
        year
            The first year without them.

        Examples
        --------
        >>> import agency
        >>> left = agency.load()["ECU 911"].whatif(withdraw="chinese", year=2015).frame
        >>> left.query("undetermined == ''")["phase"].tolist()
        ['maintenance']
        """
        from agency.sheets import withdrawal

        _text("withdraw", withdraw)
        if isinstance(year, bool) or not isinstance(year, int):
            raise UsageError(
                text("year is the first year without them, such as 2018, not {found}.", found=shown_value(year))
            )
        return withdrawal(self.select(mode="time").resolved, withdraw, year=year)

    def sources(self) -> Printout:
        """Return the sources side by side, contested cells first, then their conflicts, passage against passage.

        Examples
        --------
        >>> import agency
        >>> agency.load()["JSeI"].sources().frame["verdict"].eq("contested").sum().item()
        1
        """
        from agency.sheets import source_comparison

        return source_comparison(self.resolved)

    def brief(self) -> Printout:
        """Return what the study shows in at most ten sentences, each with its numbers.

        Examples
        --------
        >>> import agency
        >>> len(agency.load()[["ECU 911", "JSeI"]].brief().frame) <= 10
        True
        """
        return in_brief(self.resolved)

    def claims(self) -> Printout:
        """Return what the statements say of the sentences in `claims.toml`.

        Examples
        --------
        >>> import agency
        >>> claims = agency.load()["JSeI"].claims().frame
        >>> set(claims["verdict"])
        {'supported'}
        """
        from agency.sheets import claim_verdicts

        # As in the command: a claim names its own cases, so no project is left out as thin.
        return claim_verdicts(self.select(min_phases=0).resolved)

    def agreement(self) -> Printout:
        """Return how far coders agree: those of the double coding beside the table, else of its column ``coder``.

        Examples
        --------
        >>> import agency
        >>> agency.load()["JSeI"].agreement().frame.columns[:4].tolist()
        ['on', 'phase', 'distance', 'alpha']
        """
        from agency.sheets import coder_agreement

        # As in the command: every case that was coded is told, so no project is left out as thin.
        return coder_agreement(self.select(min_phases=0).resolved)

    def adjudication(self) -> Printout:
        """Return the sheet in which the disagreements of coders are decided; `.save` writes it.

        Examples
        --------
        >>> import agency
        >>> agency.load().adjudication().sheets[0].columns[0]
        'project'
        """
        from agency.sheets import adjudication

        return adjudication(self.resolved)

    def verify(self, texts: str | os.PathLike[str], *, files: Mapping[str, str] | None = None) -> FindingList:
        """Return which quotes are not found verbatim in the texts of their sources.

        Parameters
        ----------
        texts
            Folder of the texts: KEY.txt, .md, .html, .docx or .pdf for the source KEY.
        files
            Other names, by key.

        Examples
        --------
        >>> import agency, os, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:  # no text is there, so no quote is found
        ...     found = agency.load()["JSeI"].verify(folder)
        >>> set(found.frame()["code"])
        {'text-missing'}
        """
        from pathlib import Path

        from agency.references import findings_of, verify_quotes
        from agency.sheets import FindingList
        from agency.table import table_quotes

        if files is not None and not isinstance(files, Mapping):
            raise UsageError(text("files is a dictionary of keys and files, not {found}.", found=shown_value(files)))
        place, named = Path(_place("texts", texts)), {key: _text(key, name) for key, name in (files or {}).items()}
        found = verify_quotes(table_quotes(self.data), self.data.sources, place, named)
        counts = counted("{found} of {n} quote found", "{found} of {n} quotes found", found.quotes, found=found.found)
        return FindingList(self.data.name, tuple(findings_of(found.faults)), (counts,))

    # Figures. All take `width`: single (90 mm), onehalf (140), double (190) or a number of mm; `fonts`, installed
    # families tried before DejaVu Sans; `title` above and `note` below; `ax`, axes of your own to draw into.

    def heatmap(
        self,
        *,
        years: Sequence[int] = (),
        sort: Literal["order", "pattern", "local", "type"] = "order",
        by: Literal["", "type", "country"] = "",
        track: Literal["", "country", "type", "none"] = "",
        ax: Axes | None = None,
        **setting: Unpack[Setting],
    ) -> Picture:
        """Draw the matrix in the style of Table 1; with `years`, as of each of them, side by side.

        Parameters
        ----------
        years
            Years to set side by side, at least one; empty for any time.
        sort, by, track
            Of more than 12 projects a row each: their order, their groups, and what stands beside their names.
        ax
            Axes to draw into; the figure around them is yours.
        **setting
            ``width``, ``fonts``, ``title``, ``note``.

        Examples
        --------
        >>> import agency
        >>> agency.load()["JSeI"].heatmap().drawing.title
        'Who held which phase: Jujuy Seguro e Interconectado (JSeI). Whoever held a phase at any time.'
        """
        from agency.figures import Arrangement, figure_style, matrix_picture

        chosen = Arrangement(
            _one_of("sort", sort, ("order", "pattern", "local", "type")),
            _one_of("by", by, ("", "type", "country")),
            _one_of("track", track, ("", "country", "type", "none")),
        )
        given, style = _years(years), figure_style(**setting)
        return matrix_picture(self.resolved, style=style, years=given, arrangement=chosen, ax=ax)

    def timeline(
        self,
        *,
        events: Literal["none", "key", "all"] = "key",
        ax: Axes | None = None,
        **setting: Unpack[Setting],
    ) -> Picture:
        """Draw who held what from year to year.

        Parameters
        ----------
        events
            Dated events: none, those of the best rank each project has (key), or all.
        ax, **setting
            As for `heatmap`.

        Examples
        --------
        >>> import agency
        >>> agency.load()["JSeI"].timeline(events="none").drawing.title
        'Who held which phase, 2016–2022: Jujuy Seguro e Interconectado (JSeI)'
        """
        from agency.figures import figure_style, timeline_picture

        show = _one_of("events", events, ("none", "key", "all"))
        return timeline_picture(self.resolved, style=figure_style(**setting), show=show, ax=ax)

    def composition(
        self, *, sort: Literal["order", "local"] = "order", ax: Axes | None = None, **setting: Unpack[Setting]
    ) -> Picture:
        """Draw the composition of the life cycle, a bar per project.

        Parameters
        ----------
        sort
            As selected, or by the share that local actors hold.
        ax, **setting
            As for `heatmap`.

        Examples
        --------
        >>> import agency
        >>> len(agency.load()[["ECU 911", "JSeI"]].composition().pages)
        1
        """
        from agency.figures import composition_picture, figure_style

        chosen = _one_of("sort", sort, ("order", "local"))
        return composition_picture(self.resolved, style=figure_style(**setting), sort=chosen, ax=ax)

    def summary(self, *, ax: Axes | None = None, **setting: Unpack[Setting]) -> Picture:
        """Draw a bar per phase: every project of which a source says who holds it is a segment.

        Parameters
        ----------
        ax, **setting
            As for `heatmap`.

        Examples
        --------
        >>> import agency
        >>> len(agency.load().summary().pages)
        1
        """
        from agency.figures import figure_style, summary_picture

        return summary_picture(self.resolved, style=figure_style(**setting), ax=ax)

    def aggregate(
        self,
        *,
        by: Literal["country", "type", "decade", "all"] = "country",
        ax: Axes | None = None,
        **setting: Unpack[Setting],
    ) -> Picture:
        """Draw the mean composition of each phase over groups of projects, each with the number known.

        Parameters
        ----------
        by
            What groups the projects: their country, their type, the decade of their window, or nothing.
        ax, **setting
            As for `heatmap`.

        Examples
        --------
        >>> import agency
        >>> len(agency.load().aggregate(by="all").pages)
        1
        """
        from agency.figures import aggregate_picture, figure_style

        group = _one_of("by", by, ("country", "type", "decade", "all"))
        return aggregate_picture(self.resolved, style=figure_style(**setting), by=group, ax=ax)

    # To other programs.

    def edges(self) -> pd.DataFrame:
        """Return every statement that names an actor as an edge between actor and project, with its use and years.

        Examples
        --------
        >>> import agency
        >>> edges = agency.load()["JSeI"].edges()
        >>> edges[edges["counts"] & (edges["phase"] == "design")][["actor_node", "project_node"]].to_numpy().tolist()
        [['actor/ZTE', 'project/JSeI']]
        """
        from agency.exporters import edge_frame

        return edge_frame(self.resolved)

    def export(self, to: str, place: str | os.PathLike[str]) -> tuple[str, ...]:
        """Write what is selected for another program; return what is to be said of it, a sentence each.

        Parameters
        ----------
        to
            ``edges``, ``graphml``, ``qca``, ``tidy``, ``wide``, ``xlsx`` or ``datapackage``.
        place
            The file; a folder for ``tidy`` and ``datapackage``.

        Examples
        --------
        >>> import agency, pathlib, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     said = agency.load()["JSeI"].export("edges", pathlib.Path(folder, "edges.csv"))
        ...     sorted(path.name for path in pathlib.Path(folder).iterdir())
        ['edges.csv']
        """
        from agency.exporters import export

        return export(self.resolved, _text("to", to), _place("place", place)).said

    def diff(self, other: Study) -> Printout:
        """Return what changed from this version of a study to another, in statements, cells, numbers and claims.

        Parameters
        ----------
        other
            The later version.

        Examples
        --------
        >>> import agency
        >>> study = agency.load()["JSeI"]
        >>> study.diff(study).frame.empty
        True
        """
        from agency.changes import changes_printed

        if not isinstance(other, Study):
            raise UsageError(text("other is a study, not {found}.", found=shown_value(other)))
        return changes_printed(self.resolved, other.resolved)

    def report(
        self,
        folder: str | os.PathLike[str],
        *,
        files: bool = False,
        bundle: bool = False,
        title: str = "",
        since: Study | None = None,
    ) -> Path:
        """Write the report, one HTML file that works without a network, and return its path.

        Parameters
        ----------
        folder
            Where to; it is made where it is not there.
        files, bundle
            Whether tables and figures stand beside it; as a bundle, the data and a ``datapackage.json`` too.
        title
            Of the report, instead of the study's own.
        since
            An earlier version of the study: a section says what changed.

        Examples
        --------
        >>> import agency, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     agency.load()["JSeI"].report(folder).name
        'report.html'
        """
        from agency.report import Given, write_report
        from agency.table import PACKAGED

        files, bundle = _switch("files", files), _switch("bundle", bundle)
        beside: Literal["", "files", "bundle"] = "bundle" if bundle else "files" if files else ""
        if not (since is None or isinstance(since, Study)):
            raise UsageError(text("since is a study, not {found}.", found=shown_value(since)))
        shipped = not {PACKAGED, text(PACKAGED)}.isdisjoint(self.data.notices)
        given = Given("" if shipped else None)
        place, name = _place("folder", folder), _text("title", title)
        earlier = None if since is None else since.data
        return write_report(self.resolved, place, beside=beside, title=name, since=earlier, given=given)[-1]

    # Showing itself.

    def __repr__(self) -> str:
        """Return the table of the cases, or what the study holds where they are many: at most 40 lines."""
        warnings = sum(entry.severity == "warning" for entry in self.data.findings)
        said = counted("{n} warning (.findings)", "{n} warnings (.findings)", warnings) if warnings else ""
        shown = repr(self.table(notes=False)) if len(self) <= MOST_SHOWN else ""
        if not shown or shown.count("\n") > MOST_LINES - 3:
            return text("{extent}{warnings}", extent=self._extent(), warnings=f", {said}" if said else "")
        return f"{shown}\n\n{said}" if said else shown

    def _extent(self) -> str:
        return ", ".join(
            [
                counted("Study: {n} project", "Study: {n} projects", len(self.resolved.projects)),
                text("{n} of them listed ({names})", n=len(self), names=listed(self.projects, most=3)),
                counted("{n} statement", "{n} statements", len(self.resolved.rows)),
                counted("{n} source", "{n} sources", self.resolved.rows["source"].nunique()),
            ]
        )

    def _repr_html_(self) -> str:
        from agency.formats import matrix_html

        return matrix_html(self.cells)

    def _ipython_key_completions_(self) -> list[str]:
        return list(self.data.projects.index)


MOST_SHOWN = 6
"""Projects whose table a study prints of itself."""
MOST_LINES = 40
ABOUT_OTHERS = ("project-unlisted", "event-project")
"""Warnings about projects without rows."""


def _plain_mapping(mapping: MappingProxyType[str, Any]) -> tuple[Any, tuple[dict[str, Any]]]:
    return _fixed, (dict(mapping),)


def _fixed(content: dict[str, Any]) -> MappingProxyType[str, Any]:
    return MappingProxyType(content)


def _reopened(version: str, content: bytes) -> Study:
    """Return a pickled study, unless another version wrote it."""
    if version != __version__:
        sentence = marked(
            "This study was pickled by agency {wrote}; this is {reads}. Load the data again with agency.load."
        )
        raise UsageError(text(sentence, wrote=version, reads=__version__))
    return Study(*pickle.loads(content))


def _part_of(whole: Table, table: Table) -> Table:
    """Return rows of a study without the warnings that the rest of its projects are not among them.

    A project that the whole has not may be a slip in a name; then they stay.
    """
    if not set(table.projects.index) <= set(whole.projects.index):
        return table
    elsewhere = set(whole.projects.index) - set(table.projects.index)
    said = [one for one in table.findings if one.code not in ABOUT_OTHERS or one.found not in elsewhere]
    return replace(table, findings=tuple(said))


def _years(years: Any) -> list[int]:
    try:
        return [int(year) for year in years]
    except (TypeError, ValueError):
        sentence = marked("years is a list of years, such as range(2010, 2020), not {found}.")
        raise UsageError(text(sentence, found=shown_value(years))) from None


def _one_of(name: str, value: Any, allowed: tuple[str, ...]) -> Any:
    if not isinstance(value, str) or value not in allowed:
        nearest = did_you_mean(value, list(allowed)) if isinstance(value, str) else ""
        shown = ", ".join(repr(one) for one in allowed)
        sentence = marked("{name} is one of {allowed}, not {found}.{nearest}")
        raise UsageError(text(sentence, name=name, allowed=shown, found=shown_value(value), nearest=nearest))
    return value


def _switch(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        sentence = marked("{name} is one of {allowed}, not {found}.{nearest}")
        raise UsageError(text(sentence, name=name, allowed="True, False", found=shown_value(value), nearest=""))
    return value


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise UsageError(text("{name} is text, not {found}.", name=name, found=shown_value(value)))
    return value


def _place(name: str, value: Any) -> str | os.PathLike[str]:
    if not isinstance(value, str | os.PathLike):
        raise UsageError(text("{name} is a path, not {found}.", name=name, found=shown_value(value)))
    return value


def _several(name: str, values: Any) -> list[Any]:
    if isinstance(values, str):
        return [values]
    try:
        return list(values)
    except TypeError:
        raise UsageError(text("{name} is a list, not {found}.", name=name, found=shown_value(values))) from None
