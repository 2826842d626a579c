"""What changed between two versions of a study: rows matched by what they say, and what is printed of them.

Rows that are equal are the same. Of the rest, two are one statement that was changed when they differ in one column
only, or, failing that, when they name the same actor in the same phase and passage. Columns that say which statement
it is (project, phase, actor, source) may differ only where both quote the same passage: two rows "Chinese firms,
design" of two projects are two statements.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from agency.agreement import agreement_frame, agreement_if_any
from agency.claims import CLAIMS_FILE, claims_frame, claims_of, judge
from agency.comparison import brief
from agency.errors import UsageError
from agency.indicators import measured
from agency.references import keyed_bibliography, reference_text
from agency.resolve import TOLERANCE, Resolved, View, statements_at
from agency.sheets import agreement_in_brief, statement_line
from agency.vocabulary import COLUMNS
from agency.words import text

if TYPE_CHECKING:
    from collections.abc import Callable

    from agency.agreement import Agreement
    from agency.table import Table


_NAMING = ("project", "phase", "actor", "source")
_PASSAGES = (
    ("project", "phase", "actor", "unnamed", "source", "quote", "locator"),
    ("project", "phase", "actor", "unnamed", "source", "quote"),
    ("project", "phase", "actor", "unnamed", "source", "locator"),
    ("project", "source", "quote"),
    ("project", "phase", "actor", "unnamed", "source"),
)
"""From the surest sign that two rows are one statement to the weakest."""


def statement_texts(table: Table, columns: Sequence[str]) -> pd.DataFrame:
    """Return the statements as text, with the kinds that the rows themselves give."""
    rows = table.statements.assign(actor_kind=table.rows["kind_given"])[list(columns)].astype(object)
    return rows.where(rows.notna(), "").astype("str")


def common_columns(old: Table, new: Table) -> list[str]:
    """Return the columns in which statements are compared: those of the data format, and own ones that both have."""
    own = [] if old.own is None or new.own is None else [str(name) for name in old.own if name in new.own]
    return [*(column.name for column in COLUMNS), *(name for name in own if name not in old.rows.columns)]


def matched(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Return which row of one frame is which of another.

    Parameters
    ----------
    old, new
        Statements as text (`statement_texts`), with the same columns.

    Returns
    -------
    DataFrame
        ``old`` and ``new``: a line per pair, in the order of the old rows. Rows that stand in no pair are gone, or new.

    Examples
    --------
    >>> import agency
    >>> table = agency.load().data
    >>> rows = statement_texts(table, common_columns(table, table))
    >>> pairs = matched(rows, rows.iloc[::-1])
    >>> len(pairs) == len(rows), (pairs["old"] == pairs["new"]).all().item()
    (True, True)
    """
    pairs = []
    for columns, is_quoted in _stages(list(old.columns)):
        left, right = (frame[frame["quote"] != ""] if is_quoted else frame for frame in (old, new))
        found = _paired(left, right, columns)
        pairs.append(found)
        old, new = old.drop(index=found["old"].tolist()), new.drop(index=found["new"].tolist())
    return pd.concat(pairs).sort_values("old", kind="stable", ignore_index=True)


def _stages(columns: list[str]) -> Iterator[tuple[list[str], bool]]:
    """Yield what must be equal, and whether only rows with a quote are looked at."""
    yield columns, False
    for varying in reversed(columns):
        yield [name for name in columns if name != varying], varying in _NAMING
    for names in _PASSAGES:
        yield list(names), "quote" in names


def _paired(old: pd.DataFrame, new: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return pairs of rows that are equal in some columns; of several equal ones, the first with the first."""
    sides = [
        frame[columns].assign(time=frame.groupby(columns, sort=False).cumcount(), **{name: frame.index})
        for name, frame in (("old", old), ("new", new))
    ]
    return sides[0].merge(sides[1], on=[*columns, "time"])[["old", "new"]]


Records = dict[tuple[str, ...], dict[str, Any]]
"""What is printed of each thing, by the names it goes by; the first entry is the thing in short."""
_LINES: Final = ("for_lines", "against_lines", "left_out")
"""What of a claim moves when a line is put in above, and says nothing."""


@dataclass(frozen=True)
class Change:
    """One thing that is not as it was."""

    about: str
    """codebook, projects, actors, events, sources, statements, cells, numbers, agreement, claims or brief."""
    key: tuple[str, ...]
    """What it goes by: project and phase of a cell; project, indicator and mode of a number ..."""
    column: str
    """What of it changed; "" where the whole is new or gone."""
    old: Any
    """None where it was not there."""
    new: Any
    """None where it is no longer there."""


@dataclass(frozen=True)
class Compared:
    """One kind of thing in two versions."""

    about: str
    old: int
    """How many there were."""
    new: int
    changes: tuple[Change, ...]

    @property
    def gone(self) -> int:
        """How many are no longer there."""
        return sum(not one.column and one.new is None for one in self.changes)

    @property
    def added(self) -> int:
        """How many are new."""
        return sum(not one.column and one.old is None for one in self.changes)

    @property
    def changed(self) -> int:
        """How many are there in both, and not the same."""
        return len(dict.fromkeys(one.key for one in self.changes if one.column))


def changes_between(old: Resolved, new: Resolved) -> tuple[Compared, ...]:
    """Return what changed, kind by kind: first what was coded, then what is made of it.

    Parameters
    ----------
    old, new
        Two versions, each under its view.

    Examples
    --------
    >>> import agency
    >>> study = agency.load()["JSeI"]
    >>> sum(len(one.changes) for one in changes_between(study.resolved, study.resolved))
    0
    """
    is_same = old.table.sha256 == new.table.sha256 and old.view == new.view
    coders = {side: agreement_if_any(side) for side in ((old,) if is_same else (old, new))}
    made: tuple[tuple[str, Callable[[Resolved], Records] | None], ...] = (
        ("codebook", _codebook),
        ("projects", _projects),
        ("actors", _actors),
        ("events", _events),
        ("sources", _sources),
        ("statements", None),
        ("cells", _cells),
        ("numbers", _numbers),
        ("agreement", lambda side: _agreement(coders[side])),
        ("claims", _claims),
        ("brief", lambda side: _brief(side, coders[side])),
    )
    found = []
    for about, records in made:
        if records is None:
            found.append(_statements(old, new))
            continue
        before = records(old)
        found.append(_kept(about, before, before if is_same else records(new)))
    return tuple(found)


def as_before(table: Table, view: View) -> Resolved:
    """Return an earlier version under a view of a later one: names that the earlier one does not have are left out.

    Raises
    ------
    UsageError
        If it has none of the projects, or none of the phases, that the view selects.
    """
    projects = tuple(name for name in view.projects if name in table.projects.index)
    phases = tuple(name for name in view.phases if name in {phase.key for phase in table.codebook.phases})
    for kind, given, left in (("projects", view.projects, projects), ("phases", view.phases, phases)):
        if given and not left:
            message = text("{name}: it has none of the {kind} that are selected.", name=table.name, kind=kind)
            raise UsageError(message)
    return Resolved(table, replace(view, projects=projects, phases=phases))


def _kept(about: str, old: Records, new: Records) -> Compared:
    changes = []
    for key in dict.fromkeys([*old, *new]):
        before, after = old.get(key), new.get(key)
        if before is None or after is None:
            said = [None if side is None else next(iter(side.values())) for side in (before, after)]
            changes.append(Change(about, key, "", *said))
            continue
        changes += [
            Change(about, key, name, before.get(name), after.get(name))
            for name in dict.fromkeys([*before, *after])
            if not _same(before.get(name), after.get(name))
        ]
    return Compared(about, len(old), len(new), tuple(changes))


def _same(one: Any, other: Any) -> bool:
    """Whether two values print the same: sums of the same fractions in another order do.

    >>> _same(0.1 + 0.2, 0.3), _same(None, float("nan")), _same(1, "1"), _same(0.3, 0.31)
    (True, True, False, False)
    """
    one, other = (None if isinstance(value, float) and isnan(value) else value for value in (one, other))
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= TOLERANCE * max(1.0, abs(one))
    return bool(one == other)


def _statements(old: Resolved, new: Resolved) -> Compared:
    """Return which selected statements are new, gone or say something else."""
    columns = common_columns(old.table, new.table)
    before, after = (statement_texts(side.table, columns).loc[side.rows.index] for side in (old, new))
    pairs = matched(before, after)
    gone, added = (frame.drop(index=pairs[name].tolist()) for name, frame in (("old", before), ("new", after)))
    changes = [Change("statements", key, "", said, None) for key, said in _told(old, gone)]
    changes += [Change("statements", key, "", None, said) for key, said in _told(new, added)]
    was, now = before.loc[pairs["old"]], after.loc[pairs["new"]]
    differ = (was.to_numpy() != now.to_numpy()).any(axis=1)
    records = was[differ].to_dict("records"), now[differ].to_dict("records")
    for one, other, (key, said) in zip(*records, _told(new, now[differ]), strict=True):
        for name in columns:
            if one[name] != other[name]:
                changes.append(Change("statements", (*key, said), name, one[name], other[name]))
    return Compared("statements", len(before), len(after), tuple(changes))


def _told(resolved: Resolved, rows: pd.DataFrame) -> list[tuple[tuple[str, str], str]]:
    """Return project and phase of some statements, and each in words."""
    table = resolved.table
    return [
        ((one.project, one.phase), statement_line(one, table.codebook, table.short_form))
        for one in statements_at(table, rows.index)
    ]


def _codebook(resolved: Resolved) -> Records:
    book = resolved.codebook
    found: Records = {}
    lists: dict[str, tuple[Any, ...]] = {
        "phase": book.phases,
        "origin": book.origins,
        "threshold": tuple(book.thresholds.values()),
    }
    for kind, entries in lists.items():
        for at, entry in enumerate(entries, 1):
            given = {name.removeprefix("own_"): value for name, value in asdict(entry).items()}
            given |= dict(given.pop("translations", ()))
            found[kind, given.pop("key")] = {**given, "position": at}
    found |= {("role", name): {"weight": weight} for name, weight in book.roles.items()}
    said = asdict(book.study)
    del said["language"]  # that of this printing: `--language es` changes nothing
    return {**found, ("study", ""): said}


def _projects(resolved: Resolved) -> Records:
    table = resolved.table
    frame = table.projects if table.own_projects is None else table.projects.join(table.own_projects)
    frame = frame.loc[list(resolved.projects)]
    shown = set(resolved.listed)
    return {(str(name),): {**record, "listed": name in shown} for name, record in _texts(frame)}


def _actors(resolved: Resolved) -> Records:
    return _by(resolved.table.actors, "actor", "alias")


def _events(resolved: Resolved) -> Records:
    events = resolved.table.events
    return _by(events[events["project"].isin(resolved.projects)], "project", "year", "label")


def _by(frame: pd.DataFrame, *names: str) -> Records:
    """Return the lines of a companion by what they go by; of several alike, the first, second ..."""
    found: Records = {}
    for key, (_, record) in zip(frame[list(names)].astype("str").itertuples(index=False), _texts(frame), strict=True):
        time, whole = 1, tuple(key)
        while whole in found:
            time += 1
            whole = (*key, str(time))
        found[whole] = record
    return found


def _texts(frame: pd.DataFrame) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield the lines of a frame: whole numbers as such, what is missing as None."""
    cells = frame.astype(object).where(frame.notna(), None)
    yield from zip(cells.index, cells.to_dict("records"), strict=True)


def _sources(resolved: Resolved) -> Records:
    table = resolved.table
    used = set(resolved.rows["source"])
    entries = keyed_bibliography(table.sources, [key for key in table.cited if key in used])
    return {(key,): {"reference": reference_text(entry)} for key, entry in entries}


def _cells(resolved: Resolved) -> Records:
    cells = resolved.under(min_phases=0).cells.cells
    return {
        key: {"text": cell.text, "blank": cell.blank, "sources": cell.agreement}
        for key, cell in cells.items()
        if cell.blank != "not_coded"
    }


def _numbers(resolved: Resolved) -> Records:
    """Return every number of the listed projects: static and weighted by time, or of the year of a snapshot."""
    if resolved.matrix.phases.empty:
        return {}
    mode = resolved.view.mode
    shown = {mode: resolved}
    if mode != "snapshot":
        shown = {name: resolved.under(mode=name) for name in ("static", "time")}
    found: Records = {}
    for name, under in shown.items():
        frame = measured(under)[["project", "key", "value", "low", "high"]]
        for project, key, value, low, high in frame.itertuples(index=False):
            found[project, key, name] = {"value": value, "low": low, "high": high}
    return found


def _agreement(found: Agreement | None) -> Records:
    records = agreement_frame(found).to_dict("records") if found else []
    return {
        (record["on"], record["phase"], record["distance"]): {
            name: record[name] for name in ("alpha", "low", "high", "units", "pairable_values")
        }
        for record in records
    }


def _claims(resolved: Resolved) -> Records:
    every = resolved.under(min_phases=0)
    folder = every.table.folder
    if not folder or not (Path(folder) / CLAIMS_FILE).is_file():
        return {}
    frame = claims_frame(every, judge(every, claims_of(every.table)))
    names = ["verdict", *(name for name in frame.columns if name not in ("id", "verdict", *_LINES))]
    return {(record["id"],): {name: record[name] for name in names} for _, record in _texts(frame)}


def _brief(resolved: Resolved, coders: Agreement | None) -> Records:
    agreed = agreement_in_brief(coders) if coders is not None and len(coders.coders) > 1 else ""
    sentences = brief(resolved.under(min_phases=0), agreed=agreed)
    return {(one.about,): {"said": one.said} for one in sentences}
