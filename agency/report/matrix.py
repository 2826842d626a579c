"""Who holds what: the matrix with a row per project, and in which years each name stands there.

A cell is a list of periods; a period one name, several joint ones, or a status without a name. Every name carries the
years in which it stands (`Chip.years`), so that the page can show any one year without asking again. Worked: ECU 911
was maintained by CEIEC until 2018 and is under negotiation from 2018 on, window 2012 to 2021. The chip CEIEC has the
years 2012-2018, the chip "under negotiation" 2019-2021, because a year stated twice goes to the holder by the rule in
force; both come from `Matrix.years` and `Matrix.year_shares`, not from the words of the cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from agency.figures import counted_years
from agency.vocabulary import names_of_country
from agency.words import counted, listed, text

if TYPE_CHECKING:
    from agency.report.material import Material
    from agency.resolve import Cell, Holder, Part, ProjectHead

PAGE: Final = 60
"""Projects in one part of a long table."""
LONGEST: Final = 3_000_000
"""Characters of years beyond which the page does without its slider."""
Years = tuple[int, ...]


@dataclass(frozen=True)
class Chip:
    """A holder, or a status without one: a block that leads to its evidence."""

    name: str
    detail: str
    """Scope, amount and, in event phases, years."""
    style: str
    """Class of its origin, or its status."""
    origin: str
    """Label of the origin, for those who cannot see it."""
    tags: tuple[str, ...]
    """alleged, proposed, support, undated."""
    line: int
    """Line of the first statement behind it."""
    years: str
    """When it stands there: ``2012-2014 2017``; "" where nothing says so."""


@dataclass(frozen=True)
class Period:
    """Chips that stand together."""

    when: str
    """``until 2018``; "" without years."""
    chips: tuple[Chip, ...]
    named_only: bool = False
    """Whether they are proposed, alleged or in support: named, not counted, and not joint."""

    @property
    def style(self) -> str:
        """Class names."""
        if self.named_only:
            return "period named"
        return "period joint" if len(self.chips) > 1 else "period"


@dataclass(frozen=True)
class CellView:
    """One cell: its periods in order of time, then what is only named."""

    phase: str
    periods: tuple[Period, ...]
    contested: bool
    blank: str
    """Why nobody is named, in words."""
    silent: bool
    """Whether no source says anything: the page shows a dash."""


@dataclass(frozen=True)
class RowView:
    """One project."""

    number: int
    label: str
    detail: str
    """Its short name where the label lacks it, countries by name, years of its window."""
    search: str
    """What else the filter knows it by: short name, countries by name and code, type."""
    window: str
    """``2012-2021``, "" without one."""
    known: int
    cells: tuple[CellView, ...]


@dataclass(frozen=True)
class Group:
    """The projects of one type."""

    name: str
    rows: tuple[RowView, ...]


@dataclass(frozen=True)
class PhaseHead:
    """A column of the matrix."""

    label: str
    counted: bool


@dataclass(frozen=True)
class MatrixView:
    """The table as it is laid out."""

    phases: tuple[PhaseHead, ...]
    groups: tuple[Group, ...]
    """The listed projects by type, in parts of at most 60."""
    thin: tuple[Group, ...]
    """Those of which little is known."""
    thin_title: str
    core: int
    """Number of phases that count."""
    first: int | None
    """First year of the slider; None without one."""
    last: int | None
    unslid: str
    """Why there is no slider, in words; "" where there is one."""
    unshown: str
    """That not all projects are shown, in words."""
    legend: tuple[tuple[str, str], ...]
    """Class and label of the origins that occur."""
    tags: tuple[str, ...]
    """What the small tags mean, those that occur."""

    @cached_property
    def paged(self) -> bool:
        """Whether the projects stand in folded parts, because there are many."""
        return sum(len(group.rows) for group in self.groups) > PAGE


class YearBook:
    """In which years each holder and each gap of each cell stands, as the numbers have it."""

    def __init__(self, material: Material) -> None:
        matrix = material.whole.whole
        windows = matrix.windows
        self.windows: dict[str, tuple[int, int]] = {
            str(name): (int(start), int(end))
            for name, start, end in windows[["start", "end"]].itertuples()
            if not pd.isna(start)
        }
        self.counted = counted_years(matrix)
        """Continuing phases: by project, phase and holder ("" for nobody) the years, as the timelines have them."""
        self.outside = {
            (str(key[0]), str(key[1])): tuple(years)
            for key, years in matrix.years[~matrix.years["applicable"]].groupby(["project", "phase"])["year"]
        }
        self.since: dict[tuple[str, str, str], int] = {}
        """From which year a row of an event phase stays on record; 0 where no year is given."""
        for project, phase, holder, since in matrix.events[["project", "phase", "holder", "since"]].itertuples(
            index=False
        ):
            year = 0 if pd.isna(since) else int(since)
            self.since[project, phase, holder] = min(year, self.since.get((project, phase, holder), year))

    def of(self, cell: Cell, part: Part, name: str, *, event: bool) -> Years:
        """Return the years in which a name (or "", nobody) of a part stands."""
        window = self.windows.get(cell.project)
        if window is None:
            return ()
        key = (cell.project, cell.phase)
        if event:
            since = self.since.get((*key, name))
            return () if since is None else tuple(range(max(since, window[0]), window[1] + 1))
        if part.status == "not_applicable":
            years: Iterable[int] = self.outside.get(key, ())
        else:
            years = self.counted.held.get((*key, name), {})
        return tuple(year for year in years if (part.start or year) <= year <= (part.end or year))

    def is_undated(self, cell: Cell, name: str) -> bool:
        """Whether all years of a holder of a continuing phase rest on statements without any."""
        years = self.counted.held.get((cell.project, cell.phase, name), {})
        return bool(years) and all(years.values())

    def given(self, row: Holder, project: str, *, event: bool) -> Years:
        """Return the years of a row that counts nowhere: those it gives itself, open sides to the window."""
        window = self.windows.get(project)
        if window is None or (row.start is None and row.end is None):
            return () if window is None else tuple(range(window[0], window[1] + 1))
        first = window[0] if row.start is None else max(row.start, window[0])
        last = window[1] if row.end is None or event else min(row.end, window[1])
        return tuple(range(first, last + 1))


def spans(years: Iterable[int]) -> str:
    """Return years as spans.

    Examples
    --------
    >>> spans([2012, 2013, 2014, 2017])
    '2012-2014 2017'
    """
    runs: list[list[int]] = []
    for year in sorted(set(years)):
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return " ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def matrix_view(material: Material, unshown: str = "") -> MatrixView:
    """Return the layout of all that is shown: listed projects by type, then those of which little is known.

    Parameters
    ----------
    material
        Of what is shown.
    unshown
        What is said of the projects that are not.
    """
    resolved, table = material.whole, material.whole.cells
    book = YearBook(material) if material.view.mode != "snapshot" else None
    listed = set(material.resolved.listed)
    rows = [_row(at, head, material, book) for at, head in enumerate(table.projects)]
    size = sum(len(chip.years) for chip in _chips(rows))
    if size > LONGEST:
        rows = [_row(at, head, material, None) for at, head in enumerate(table.projects)]
    kinds = material.table.projects["type"]
    shown: list[tuple[str, RowView]] = []
    thin: list[tuple[str, RowView]] = []
    for head, row in zip(table.projects, rows, strict=True):
        (shown if head.key in listed else thin).append((str(kinds[head.key]), row))
    chips = _chips(rows)
    years = [int(year) for chip in chips for span in chip.years.split() for year in span.split("-")]
    unslid = _unslid(material, years, size)
    return MatrixView(
        phases=tuple(PhaseHead(phase.label, phase.core) for phase in table.phases),
        groups=_groups(shown),
        thin=_groups(thin),
        thin_title=counted(
            "{n} more project, of which fewer than {least} of the {core} phases are known",
            "{n} more projects, of each of which fewer than {least} of the {core} phases are known",
            len(thin),
            least=material.view.min_phases,
            core=len(resolved.codebook.core_phases),
        ),
        core=len([phase for phase in table.phases if phase.core]),
        first=None if unslid else min(years),
        last=None if unslid else max(years),
        unslid=unslid,
        unshown=unshown,
        legend=_legend(material, chips),
        tags=_tags(rows, chips),
    )


def _chips(rows: Iterable[RowView]) -> list[Chip]:
    return [chip for row in rows for cell in row.cells for period in cell.periods for chip in period.chips]


def _unslid(material: Material, years: Sequence[int], size: int) -> str:
    if material.view.mode == "snapshot":
        return text("The table is as of one year, so no other can be chosen.")
    if size > LONGEST:
        return text(
            "With so many projects the states of each year are left out of this page, so no year can be chosen."
        )
    if not years or min(years) == max(years):
        return text("No project has a span of years, so no year can be chosen.")
    return ""


def _row(number: int, head: ProjectHead, material: Material, book: YearBook | None) -> RowView:
    codes = [code for code in head.country.split(";") if code]
    names = [names_of_country(code) for code in codes]
    window = "–".join(str(year) for year in dict.fromkeys(head.window or ()))
    short = head.key if head.key.casefold() not in head.label.casefold() else ""
    cells = material.whole.cells
    return RowView(
        number=number,
        label=head.label,
        detail=" · ".join(part for part in (short, ", ".join(name[0] for name in names), window) if part),
        search=" ".join([head.key, *codes, *(one for name in names for one in name)]),
        window="" if head.window is None else f"{head.window[0]}-{head.window[1]}",
        known=material.resolved.known_phases.get(head.key, 0),
        cells=tuple(_cell(cells.cell(head.key, phase.key), phase, material, book) for phase in cells.phases),
    )


def _cell(cell: Cell, phase: Any, material: Material, book: YearBook | None) -> CellView:
    event = phase.kind == "event"
    periods = [_period(cell, part, event, material, book) for part in cell.parts]
    named = _listed(cell, event, material, book)
    if named:
        periods.append(Period("", named, named_only=True))
    kind = cell.blank if cell.blank in _BLANKS else "not_coded"
    blank = "" if periods else text(_BLANKS[kind])
    return CellView(phase.label, tuple(periods), cell.agreement == "contested", blank, kind == "not_coded")


_BLANKS: Final = {
    "not_coded": "no source says",
    "unknown": "no source says of these years",
    "not_applicable": "does not apply",
}


def _period(cell: Cell, part: Part, event: bool, material: Material, book: YearBook | None) -> Period:
    when = part.prefix.strip().rstrip(":")
    chips = []
    for _, same in groupby(part.rows, key=lambda row: row.text):
        rows = tuple(same)
        name = (rows[0].actor or "") if part.status == "held" else ""
        years = book.of(cell, part, name, event=event) if book else ()
        tags = ["alleged"] if all(row.confidence == "alleged" for row in rows) else []
        if book and not event and name and book.is_undated(cell, name):
            tags.append("undated")
        chips.append(_chip(rows[0], part.text if part.status != "held" else "", tags, years, material))
    if part.status != "held":
        chips = chips[:1]
    return Period(when[:1].lower() + when[1:], tuple(chips))


def _chip(row: Holder, said: str, tags: Sequence[str], years: Years, material: Material) -> Chip:
    origin = row.origin or "unknown"
    detail = row.text.removeprefix(row.actor or "").strip()
    if detail.startswith("(") and detail.endswith(")"):
        detail = detail[1:-1]
    return Chip(
        name=said or row.actor or row.text,
        detail="" if said else detail,
        style=row.status if said else material.styles[origin],
        origin="" if said else material.origin_labels[origin],
        tags=tuple(tags),
        line=row.line,
        years=spans(years),
    )


def _listed(cell: Cell, event: bool, material: Material, book: YearBook | None) -> tuple[Chip, ...]:
    """Return what is only named, each name once with all its rows: proposed, alleged, in support."""
    chips = []
    for kind, names in cell.listed_names.items():
        for rows in names.values():
            years = {year for row in rows for year in book.given(row, cell.project, event=event)} if book else set()
            # Its scope stands in the evidence: what does not count takes little room.
            chip = _chip(rows[0], "", tuple(kind.split(", ")), tuple(years), material)
            chips.append(replace(chip, detail=""))
    return tuple(chips)


def _groups(rows: Sequence[tuple[str, RowView]]) -> tuple[Group, ...]:
    """Return the projects by type, in order of first appearance, those without one last; long types in parts."""
    kinds: dict[str, list[RowView]] = {}
    for kind, row in rows:
        kinds.setdefault(kind, []).append(row)
    typed = {kind: found for kind, found in kinds.items() if kind} | {kind: kinds[kind] for kind in kinds if not kind}
    named = len(typed) > 1
    return tuple(
        Group((kind or text("type not given")) if named else "", tuple(found[at : at + PAGE]))
        for kind, found in typed.items()
        for at in range(0, len(found), PAGE)
    )


def _legend(material: Material, chips: Sequence[Chip]) -> tuple[tuple[str, str], ...]:
    used = {chip.style for chip in chips}
    labels = {**material.origin_labels, "unknown": text("Origin not known")}
    return tuple((style, labels[key]) for key, style in material.styles.items() if style in used)


def _tags(rows: Sequence[RowView], chips: Sequence[Chip]) -> tuple[str, ...]:
    """Return what the small tags mean, those that occur."""
    used = {tag for chip in chips for tag in chip.tags}
    kinds = [text(kind) for kind in ("alleged", "proposed", "support") if kind in used]
    found = [text("{kinds}: named, not counted", kinds=listed(kinds))] if kinds else []
    if "undated" in used:
        found.append(text("undated: no year given"))
    if any(cell.contested for row in rows for cell in row.cells):
        found.append(text("contested: two sources contradict each other"))
    return tuple(found)
