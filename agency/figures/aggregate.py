"""The aggregate of many projects: group by phase, each cell a composition bar with its n."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from agency.figures.groups import Groups, phase_groups
from agency.figures.surface.alt import shorten
from agency.figures.surface.bars import bar_areas, check_counted, draw_bar, percent
from agency.figures.surface.canvas import Box, Canvas, Drawing, available_width, open_canvas
from agency.figures.surface.fitting import fit, longest_word, text_width
from agency.figures.surface.frame import page_notice
from agency.figures.surface.marks import Area, Glyph, plan_legend
from agency.figures.surface.palette import palette_notices
from agency.figures.surface.style import QUIET, FigureStyle, figure_context
from agency.indicators import By
from agency.resolve import Resolved
from agency.words import counted, text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


_MARGIN, _ROW, _GAP, _COLUMN_GAP, _AFTER_HEAD, _BEFORE_LEGEND = 0.5, 3.4, 1.0, 2.0, 1.0, 3.0


def draw_aggregate(
    resolved: Resolved,
    *,
    by: By = "country",
    style: FigureStyle | None = None,
    ax: Axes | None = None,
    figure: Figure | None = None,
    name: str = "aggregate",
) -> Drawing:
    """Draw the mean composition of each phase in each group, over the projects in which it is known.

    The number beside a bar is how many they are, out of the projects of the group; listed or not, all count.

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
        heading = [f"{group} ({size:,})" for group, size in zip(groups.names, groups.sizes, strict=True)]
        names = [fit(text, 0.3 * width, style) for text in heading]
        stub = max(label.width for label in names) + 2.0
        side = text_width(str(groups.n.max()), style.least, style.families) + 1.0
        column = (width - 2 * _MARGIN - stub) / len(groups.phases)
        short = [resolved.codebook.phase(key).short for key in groups.phases]
        upright = max(longest_word(text, style) for text in short) > column - _COLUMN_GAP - side
        heads = [
            fit(text, 1000.0 if upright else column - _COLUMN_GAP - side, style, size=style.least) for text in short
        ]
        top = _MARGIN + _AFTER_HEAD + max(head.width + 0.5 if upright else head.height for head in heads)
        rows = [max(_ROW, label.height) for label in names]
        end = top + sum(rows) + _GAP * len(rows)
        said = (
            "Mean over the projects in which a phase is known, each counting the same. Beside each bar how many they "
            f"are, of the projects of the group in brackets. {_by(by)}"
        )
        rule = fit(said, width - 2 * _MARGIN, style, size=style.least)
        legend = plan_legend(_glyphs(groups, areas), tuple(areas), width - 2 * _MARGIN, style)
        height = end + rule.height + _BEFORE_LEGEND + legend.height + _MARGIN
        canvas = open_canvas(name, style, height, ax, figure)
        for number, head in enumerate(heads):
            box = Box(
                _MARGIN + stub + number * column, _MARGIN, column - _COLUMN_GAP - side, top - _MARGIN - _AFTER_HEAD
            )
            if upright:
                canvas.upright(box, head)
            else:
                canvas.text(Box(box.x, box.bottom - head.height, box.width, head.height), head)
        y = top
        for line, label in enumerate(names):
            canvas.text(Box(_MARGIN, y, stub, rows[line]), label, align="left")
            for number in range(len(groups.phases)):
                cell = Box(_MARGIN + stub + number * column, y, column - _COLUMN_GAP, rows[line])
                _draw_cell(canvas, groups, areas, (line, number), cell, side)
            y += rows[line] + _GAP
        canvas.text(Box(_MARGIN, end, width - 2 * _MARGIN, rule.height), rule, align="left", ink=QUIET)
        legend.draw(canvas, _MARGIN, end + rule.height + _BEFORE_LEGEND)
    return canvas.drawing(
        title=f"Who held which phase of {counted('{n} project', '{n} projects', len(resolved.projects))}, by {by}",
        alt_short=_short(groups, len(resolved.projects), by),
        alt_long=_long(groups, resolved, areas),
        notices=(*palette_notices(resolved.codebook), *page_notice(height)),
    )


def _draw_cell(
    canvas: Canvas, groups: Groups, areas: dict[str, Area], place: tuple[int, int], box: Box, side: float
) -> None:
    line, number = place
    n = int(groups.n[line, number])
    bar = Box(box.x, box.y, box.width - side, box.height)
    if n:
        parts = [(areas[key], float(value)) for key, value in zip(groups.parts, groups.mean[line, number], strict=True)]
        draw_bar(canvas, bar, parts, gid=f"c{number}-{line}")
    label = fit(str(n), side, canvas.style, size=canvas.style.least)
    canvas.text(Box(bar.right, box.y, side, box.height), label, align="right", ink=QUIET)


def _by(by: By) -> str:
    return {
        "country": "A project in several countries counts in each.",
        "type": "",
        "decade": "Decade in which the case begins.",
        "all": "",
    }[by]


def _glyphs(groups: Groups, areas: dict[str, Area]) -> Iterator[Glyph]:
    occurring = np.nan_to_num(groups.mean).sum(axis=(0, 1)) > 0
    yield from (areas[key] for key, occurs in zip(groups.parts, occurring, strict=True) if occurs)


def _short(groups: Groups, projects: int, by: By) -> str:
    local = groups.mean[:, :, groups.parts.index("local")]
    share = float(np.nansum(local * groups.n) / groups.n.sum()) if groups.n.sum() else 0.0
    phases = counted("{n} phase", "{n} phases", len(groups.phases))
    start = f"Bars of who held {phases} in {counted('{n} project', '{n} projects', projects)}, by {by}"
    size = f" ({counted('{n} group', '{n} groups', len(groups.names))})"
    return shorten(start, f"{size}; mean local share where known {percent(share)} %.", f"{size}.", ".")


def _long(groups: Groups, resolved: Resolved, areas: dict[str, Area]) -> str:
    lines = []
    for line, group in enumerate(groups.names):
        cells = []
        for number, key in enumerate(groups.phases):
            said = [
                f"{areas[part].label} {percent(float(value))} %"
                for part, value in zip(groups.parts, groups.mean[line, number], strict=True)
                if value > 0
            ]
            phase, known, size = resolved.codebook.phase(key).short, groups.n[line, number], groups.sizes[line]
            sentence = (
                "{phase} (known in {known} of {size}): {said}" if said else "{phase} (known in {known} of {size})"
            )
            cells.append(text(sentence, phase=phase, known=known, size=size, said=", ".join(said)))
        lines.append(f"{group}. {'; '.join(cells)}.")
    return "\n".join(lines)
