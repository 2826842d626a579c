"""The aggregate of many projects: the mean composition of each phase within groups, with how many are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from agency.figures.surface.canvas import Box, Canvas, Drawing, Look, available_width, open_canvas
from agency.figures.surface.fitting import Fitted, fit, longest_word
from agency.figures.surface.frame import MARGIN, page_notice, plan_frame, rules, shorten, when
from agency.figures.surface.marks import (
    NOT_CODED,
    Area,
    Glyph,
    bar_areas,
    check_counted,
    draw_bar,
    gap_parts,
    percent,
    whole_percents,
)
from agency.figures.surface.palette import palette_notices
from agency.figures.surface.style import PALE, PAPER, QUIET, FigureStyle, figure_context
from agency.indicators import By, members, phase_means
from agency.resolve import GAP, Resolved
from agency.vocabulary import country_names
from agency.words import counted, text
from agency.words import number as grouped

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from agency.resolve import Floats, Ints


SMALLEST = 3
"""Groups of fewer projects stand in one row: their means are those of single cases."""
_NONE = "not given"


@dataclass(frozen=True, eq=False)
class Groups:
    """Mean composition by group and phase.

    Attributes
    ----------
    names
        Groups, the one with most projects first; decades in order of time; pooled ones and "not given" last.
    sizes
        Projects in each group.
    phases
        Keys of the phases.
    parts
        Keys of the parts: origins, the two kinds of gap, unknown.
    mean
        (groups, phases, parts): mean over the projects in which the phase is known; sums to 1, NaN where none.
    n
        (groups, phases): number of those projects, out of ``sizes``.
    """

    names: tuple[str, ...]
    sizes: tuple[int, ...]
    phases: tuple[str, ...]
    parts: tuple[str, ...]
    mean: Floats
    n: Ints


def phase_groups(resolved: Resolved, *, by: By = "country") -> Groups:
    """Return the mean composition of each phase in each group, over the projects in which the phase is known.

    Every selected project counts, listed or not; one in several countries counts in each of them. Small groups stand in
    one row.

    Parameters
    ----------
    resolved
        States and shares of the view.
    by
        ``country``, ``type``, ``decade`` (of the window's first year) or ``all``.

    Examples
    --------
    >>> import agency
    >>> study = agency.load().select(project=["ECU 911", "JSeI"])
    >>> groups = phase_groups(study.resolved, by="all")
    >>> groups.names, groups.sizes, groups.n.tolist()
    (('All projects',), (2,), [[2, 2, 2, 2, 2, 2]])
    """
    data = resolved.counted.arrays
    member = _pooled(_labelled(members(resolved.table.projects.loc[list(data.projects)], by), by))
    sizes = member.groupby(["group", "last"]).size().rename("n").reset_index()
    # Decades in order of time, anything else by size.
    ordered = ["last", "group"] if by == "decade" else ["last", "n", "group"]
    sizes = sizes.sort_values(ordered, ascending=[name != "n" for name in ordered])
    position = {name: number for number, name in enumerate(sizes["group"])}
    place, row = member["group"].map(position).to_numpy(np.int64), member["row"].to_numpy(np.int64)
    mean, n = phase_means(data, row, place, len(position))
    # A gap makes a phase known, so that its kinds are added up over the same projects as their sum.
    total = np.zeros((*n.shape, len(GAP)))
    np.add.at(total, place, gap_parts(resolved.counted, data)[row])
    gaps = np.divide(total, n[:, :, None], out=np.full(total.shape, np.nan), where=n[:, :, None] > 0)
    mean = np.concatenate([mean[:, :, :-2], gaps, mean[:, :, -1:]], axis=2)
    parts = (*data.origins, *GAP, "unknown")
    return Groups(tuple(sizes["group"]), tuple(int(size) for size in sizes["n"]), data.phases, parts, mean, n)


def _labelled(member: pd.DataFrame, by: By) -> pd.DataFrame:
    """Return countries by name, and whether a group stands at the end."""
    if by == "country":
        member = member.assign(group=member["group"].replace(country_names()))
    return member.assign(last=member["group"] == _NONE)


def _pooled(member: pd.DataFrame) -> pd.DataFrame:
    """Return the groups with the small ones in one, unless no other would be left."""
    sizes = member[~member["last"]].groupby("group").size()
    small = sizes.index[sizes < SMALLEST]
    if len(small) < 2 or len(small) == len(sizes):
        return member
    pooled = member["group"].isin(small)
    others = text("Others: {n} groups", n=len(small))
    return member.assign(group=member["group"].mask(pooled, others), last=member["last"] | pooled).drop_duplicates()


_BAR, _GAP, _COLUMN_GAP, _AFTER_HEAD, _AXIS, _STUB_SHARE = 3.2, 1.3, 2.4, 1.0, 3.2, 0.26


def draw_aggregate(
    resolved: Resolved,
    *,
    by: By = "country",
    style: FigureStyle | None = None,
    ax: Axes | None = None,
    figure: Figure | None = None,
    name: str = "aggregate",
) -> Drawing:
    """Draw the mean composition of each phase in each group of projects; the number beside a bar is its n.

    Parameters
    ----------
    resolved
        States and shares of the view, any number of projects.
    by
        ``country``, ``type``, ``decade`` (of the window's first year) or ``all``.
    style
        Width, fonts, text sizes; default 90 mm.
    ax, figure
        Where to draw; default a new figure.
    name
        Prefix of the ids of the drawn parts.

    Raises
    ------
    UsageError
        No project, no phase that counts, a font that is not installed, or axes too low for the bars.

    Examples
    --------
    >>> import agency
    >>> study = agency.load().select(project=["ECU 911", "JSeI"])
    >>> draw_aggregate(study.resolved).alt_short
    'Bars of who held 6 phases in 2 projects, by country (2 groups); mean local share where known 58 %.'
    """
    style = style or FigureStyle()
    check_counted(resolved)
    groups = phase_groups(resolved, by=by)
    areas = bar_areas(resolved.codebook)
    with figure_context(style):
        width = available_width(style, ax, figure)
        names = [
            fit(text("{group} ({n})", group=name, n=grouped(size)), _STUB_SHARE * width, style)
            for name, size in zip(groups.names, groups.sizes, strict=True)
        ]
        stub = max(label.width for label in names) + 2.0
        column = (width - 2 * MARGIN - stub + _COLUMN_GAP / 2) / len(groups.phases)
        wide = column - _COLUMN_GAP
        short = [resolved.codebook.phase(key).short for key in groups.phases]
        upright = max(longest_word(label, style) for label in short) > wide + _COLUMN_GAP / 2
        room = 1000.0 if upright else wide + _COLUMN_GAP / 2
        heads = [fit(label, room, style, size=style.least) for label in short]
        head = _AFTER_HEAD + max(label.width if upright else label.height for label in heads)
        known = _known(groups, wide + _COLUMN_GAP, style)
        rows = [
            max(_BAR + max(number.height for number in numbers), label.height)
            for numbers, label in zip(known, names, strict=True)
        ]
        body = head + sum(rows) + _GAP * len(rows) + _AXIS
        frame = plan_frame(_glyphs(groups, areas), resolved.codebook, _note(resolved, by), width, style)
        canvas = open_canvas(name, style, frame.height(body), ax, figure)
        lefts = [MARGIN + stub + number * column for number in range(len(heads))]
        for label, left in zip(heads, lefts, strict=True):
            box = Box(left, frame.top, wide, head - _AFTER_HEAD)
            if upright:
                canvas.upright(box, label)
            else:
                side = (room - wide) / 2
                canvas.text(Box(left - side, box.bottom - label.height, room, label.height), label)
        y = frame.top + head
        _draw_axes(canvas, lefts, Box(0.0, y, wide, body - head - _AXIS))
        for line, label in enumerate(names):
            canvas.text(Box(MARGIN, y, stub, rows[line]), label, align="left")
            for number, left in enumerate(lefts):
                _draw_cell(canvas, groups, areas, (line, number, known[line][number]), Box(left, y, wide, rows[line]))
            y += rows[line] + _GAP
        frame.draw(canvas, body)
    projects = counted("{n} project", "{n} projects", len(resolved.projects))
    return canvas.drawing(
        title=text(
            "Who held which phase of {projects}, by {by}. {when}", projects=projects, by=by, when=when(resolved.view)
        ),
        alt_short=_short(groups, len(resolved.projects), by),
        alt_long=_long(groups, resolved, areas),
        notices=(*palette_notices(resolved.codebook), *page_notice(frame.height(body))),
    )


def _known(groups: Groups, room: float, style: FigureStyle) -> list[list[Fitted]]:
    """Return for each group and phase in how many of the projects to which it applies it is known, in words."""
    numbers = zip(groups.n.tolist(), groups.sizes, strict=True)
    return [
        [fit(text("{k} of {n}", k=grouped(k), n=grouped(size)), room, style, size=style.least) for k in line]
        for line, size in numbers
    ]


def _draw_cell(
    canvas: Canvas, groups: Groups, areas: dict[str, Area], place: tuple[int, int, Fitted], box: Box
) -> None:
    """Draw a bar, and below it how many are known."""
    line, number, known = place
    y = box.y + (box.height - _BAR - known.height) / 2
    means = np.nan_to_num(groups.mean[line, number])
    parts = [(areas[key], float(value), "") for key, value in zip(groups.parts, means, strict=True)]
    bar = Box(box.x, y, box.width, _BAR)
    if groups.n[line, number]:
        draw_bar(canvas, bar, parts, gid=f"c{number}-{line}")
    else:
        NOT_CODED.draw(canvas, bar, gid=f"c{number}-{line}-none")
    room = Box(box.x - _COLUMN_GAP / 2, y + _BAR, box.width + _COLUMN_GAP, known.height)
    canvas.text(room, known, ink=QUIET, ground=PAPER)


def _draw_axes(canvas: Canvas, lefts: list[float], box: Box) -> None:
    """Draw 0, 50 and 100 % of every column."""
    for left in lefts:
        for tick in (0.0, 0.5, 1.0):
            x = left + tick * box.width
            canvas.line([(x, box.y - 0.6), (x, box.bottom)], Look(edge=PALE), order=0.5)
        ends = [(fit(end, 20.0, canvas.style, size=canvas.style.least), end) for end in ("0", "100")]
        if sum(label.width for label, _ in ends) + 0.6 > box.width:
            continue
        for label, end in ends:
            x = left if end == "0" else left + box.width - label.width
            canvas.text(Box(x, box.bottom + 0.2, label.width, _AXIS - 0.4), label)


def _note(resolved: Resolved, by: By) -> tuple[str, ...]:
    groups = {
        "country": text(
            "A project in several countries counts in each; countries with fewer than 3 projects are one row."
        ),
        "type": "",
        "decade": text("Decade in which the case begins."),
        "all": "",
    }
    mean = text(
        "Mean in % over the projects in which a phase is known, each counting the same; below each bar how many these "
        "are, of the projects of the group ({n} selected in all). Known: a source names a holder of known origin, or "
        "nobody.",
        n=grouped(len(resolved.projects)),
    )
    return (mean, when(resolved.view), rules(resolved.view), groups[by])


def _glyphs(groups: Groups, areas: dict[str, Area]) -> Iterator[Glyph]:
    if (groups.n == 0).any() or np.nan_to_num(groups.mean[:, :, -1]).any():
        yield replace(NOT_CODED, label=text("Unknown"))
    occurring = np.nan_to_num(groups.mean).sum(axis=(0, 1)) > 0
    # What is unknown of a phase that is known in part looks like one that is known in none: one entry for both.
    yield from (areas[key] for key, occurs in zip(groups.parts, occurring, strict=True) if occurs and key != "unknown")


def _short(groups: Groups, projects: int, by: By) -> str:
    local = groups.mean[:, :, groups.parts.index("local")]
    share = float(np.nansum(local * groups.n) / groups.n.sum()) if groups.n.sum() else 0.0
    start = text(
        "Bars of who held {phases} in {projects}, by {by}",
        phases=counted("{n} phase", "{n} phases", len(groups.phases)),
        projects=counted("{n} project", "{n} projects", projects),
        by=text(by),
    )
    size = counted(" ({n} group)", " ({n} groups)", len(groups.names))
    mean = text("; mean local share where known {n} %.", n=percent(share))
    return shorten(start, size + mean, f"{size}.", ".")


def _long(groups: Groups, resolved: Resolved, areas: dict[str, Area]) -> str:
    lines = []
    for line, group in enumerate(groups.names):
        cells = []
        for number, key in enumerate(groups.phases):
            means = groups.mean[line, number]
            phase = resolved.codebook.phase(key).short
            known = {"k": int(groups.n[line, number]), "n": groups.sizes[line]}
            if not known["k"]:
                cells.append(text("{phase} (known {k} of {n})", phase=phase, **known))
                continue
            numbers = zip(groups.parts, means, whole_percents(means), strict=True)
            said = ", ".join(
                text("{label} {n} %", label=text(areas[part].label), n=whole)
                for part, value, whole in numbers
                if value > 0
            )
            cells.append(text("{phase} (known {k} of {n}): {said}", phase=phase, said=said, **known))
        lines.append(f"{group} ({groups.sizes[line]}). {'; '.join(cells)}.")
    return "\n".join(lines)
