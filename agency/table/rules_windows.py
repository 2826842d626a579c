"""Findings about windows, periods and coverage: what time mode will have to assume."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agency.table.problems import Finding, at_rows

if TYPE_CHECKING:
    import pandas as pd

    from agency.table.codebook import Codebook


def window_findings(
    rows: pd.DataFrame, projects: pd.DataFrame, registry: pd.DataFrame, codebook: Codebook, file: str
) -> list[Finding]:
    """Return warnings and information about the windows of a sound table.

    Parameters
    ----------
    rows
        Rows of the table, dates completed.
    projects
        The frame of `agency.table.windows.project_frame`.
    registry
        Typed `projects.csv`.
    codebook
        Says which phases continue and which are core.
    file
        Name for messages.
    """
    first = rows.drop_duplicates("project").set_index("project")[["line", "row"]]
    known = projects.join(first)
    without = known[known["window_start"].isna()]
    given = registry[registry["window_start"].notna() | registry["window_end"].notna()]
    broken, none = given[given["project"].isin(without.index)], without[~without.index.isin(given["project"])]
    derived = known[known["window_source"] == "derived"]
    years = derived["window_start"].astype("str") + "–" + derived["window_end"].astype("str")
    continuing = [phase.key for phase in codebook.phases if phase.kind == "continuing"]
    timed = rows.loc[rows["phase"].isin(continuing) & (rows["status"] != "proposed")].join(
        projects[["window_start", "window_end"]], on="project"
    )
    timed = timed.loc[timed["window_start"].notna()]
    return [
        *at_rows("window-broken", "projects.csv", broken, column="window_start", found="'" + broken["project"] + "'"),
        *at_rows("window-none", file, none, column="project", found=_quoted(none)),
        *at_rows("window-derived", file, derived, column="project", found=_quoted(derived) + " (" + years + ")"),
        *_outside(timed, file),
        *_assumed(timed, file),
        *_missing(rows, known, codebook, file),
    ]


def _outside(timed: pd.DataFrame, file: str) -> list[Finding]:
    """Return the continuing rows that reach outside the window."""
    start, end = timed["start"], timed["end"]
    early = ((start < timed["window_start"]) | (end < timed["window_start"])).fillna(value=False).astype(bool)
    late = ((start > timed["window_end"]) | (end > timed["window_end"])).fillna(value=False).astype(bool)
    bad = timed[early | late]
    expected = "years from " + bad["window_start"].astype("str") + " to " + bad["window_end"].astype("str")
    column = "start"
    return at_rows("outside-window", file, bad, column=column, found=_period(bad), expected=expected)


def _assumed(timed: pd.DataFrame, file: str) -> list[Finding]:
    """Return the continuing rows of which a side is computed to the window's edge."""
    open_start, open_end = timed["start"].isna(), timed["end"].isna()
    bare = open_start & open_end
    bad = timed[(open_start | open_end) & ~(bare & timed["duration_years"].notna())]
    found = bad["start"].isna().map({True: "no start", False: ""}) + bad["end"].isna().map({True: "no end", False: ""})
    return at_rows("period-assumed", file, bad, column="start", found=found.str.replace("startno", "start, no"))


def _missing(rows: pd.DataFrame, known: pd.DataFrame, codebook: Codebook, file: str) -> list[Finding]:
    """Return, by project, the core phases without a row."""
    core = [phase.key for phase in codebook.core_phases]
    pairs = rows[["project", "phase"]].drop_duplicates()
    coded = set(zip(pairs["project"], pairs["phase"], strict=True))
    gaps = {project: [phase for phase in core if (project, phase) not in coded] for project in known.index}
    bad = known.loc[[bool(gaps[project]) for project in known.index]]
    found = [f"{', '.join(gaps[project])} of '{project}'" for project in bad.index]
    return at_rows("phase-missing", file, bad, column="phase", found=found)


def _quoted(projects: pd.DataFrame) -> pd.Series[str]:
    return "'" + projects.index.to_series() + "'"


def _period(rows: pd.DataFrame) -> pd.Series[str]:
    """Return periods as they are written: ``2012–2018``, ``from 2012``, ``until 2018``."""
    start, end = rows["start"].astype("str"), rows["end"].astype("str")
    both = start + "–" + end
    return both.mask(rows["end"].isna(), "from " + start).mask(rows["start"].isna(), "until " + end)
