"""Composition bars: how much of each project's life cycle each origin holds, nobody holds, and is unknown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from agency.errors import UsageError
from agency.figures.matrix import MATRIX_LIMIT
from agency.figures.surface.canvas import Box, Canvas, Drawing, Look, available_width, open_canvas
from agency.figures.surface.fitting import fit, text_width
from agency.figures.surface.frame import MARGIN, extent, page_notice, plan_frame, rules, shorten, when
from agency.figures.surface.marks import (
    UNDATED_PART,
    UNKNOWN_AREA,
    Area,
    Glyph,
    bar_areas,
    check_counted,
    draw_bar,
    gap_parts,
    light_area,
    percent,
    whole_percents,
)
from agency.figures.surface.palette import palette_notices
from agency.figures.surface.style import INK, PALE, QUIET, FigureStyle, figure_context
from agency.indicators import composition
from agency.resolve import GAP, Resolved
from agency.words import counted, text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BAR, _GAP, _STUB_SHARE, _STUB_MOST, _AXIS, _HEAD, _BESIDE = 4.4, 1.4, 0.3, 60.0, 3.4, 4.0, 1.5
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
_ALIKE = 1e-9


@dataclass(frozen=True)
class ProjectParts:
    """The composition of one project."""

    key: str
    label: str
    certain: dict[str, float]
    """By origin, status without a holder, and ``unknown``: what rests on statements with years, or needs none."""
    undated: dict[str, float]
    """What rests on statements without any year alone, by the same keys."""
    local: tuple[float, float]
    """Least and greatest part that may be local: what is undated or unknown may be anybody's."""

    @property
    def percents(self) -> dict[str, int]:
        """Whole percentages of each key, undated part included, that sum to 100."""
        keys = list(self.certain)
        values = whole_percents([self.certain[key] + self.undated.get(key, 0.0) for key in keys])
        return dict(zip(keys, values, strict=True))

    @property
    def local_text(self) -> str:
        """The local part in percent, and in brackets its range where there is one."""
        low, high = self.local
        if high - low <= _ALIKE:
            return str(self.percents["local"])
        shown = self.percents["local"]
        # Rounding must not put the number outside its own range: 5.6 shown as 5, so that all sum to 100.
        low, high = min(low, shown / 100), max(high, shown / 100)
        return text("{n} ({low}–{high})", n=shown, low=percent(low), high=percent(high))


def project_parts(resolved: Resolved) -> list[ProjectParts]:
    """Return the composition of each listed project to which any phase applies.

    Examples
    --------
    >>> import agency
    >>> (one,) = project_parts(agency.load().select(project="JSeI", mode="time").resolved)
    >>> one.local[0] <= one.certain["local"] + one.undated["local"] <= one.local[1]
    True
    """
    data = resolved.arrays
    labels = {project.key: project.label for project in resolved.cells.projects}
    gaps = gap_parts(resolved, data)
    total = np.where(data.total > 0, data.total, 1.0)[:, None]
    by_status = (data.weight[:, :, None] * gaps).sum(axis=1) / total
    frame = composition(resolved).dropna(subset="value")
    frame = frame.assign(key=frame["key"].str.removeprefix("composition."))
    found = []
    for project, rows in frame.groupby("project", sort=False, observed=True):
        at = data.projects.index(str(project))
        value, low, high = (dict(zip(rows["key"], rows[name], strict=True)) for name in ("value", "low", "high"))
        certain = {origin: float(low[origin]) for origin in data.origins}
        undated = {origin: float(value[origin] - low[origin]) for origin in data.origins}
        sure = float(low["gap"] / value["gap"]) if value["gap"] > 0 else 0.0
        for number, status in enumerate(GAP):
            certain[status] = float(by_status[at, number]) * sure
            undated[status] = float(by_status[at, number]) * (1 - sure)
        certain["unknown"] = float(value["unknown"])
        bounds = (float(low["local"]), float(high["local"]))
        found.append(ProjectParts(str(project), labels[str(project)], certain, undated, bounds))
    return found


def draw_composition(
    resolved: Resolved,
    *,
    sort: Literal["order", "local"] = "order",
    style: FigureStyle | None = None,
    ax: Axes | None = None,
    figure: Figure | None = None,
    name: str = "composition",
) -> Drawing:
    """Draw a 100 % bar per project: origins, nobody, under negotiation, unknown; lighter what no source dates.

    Parameters
    ----------
    resolved
        Its composition (`agency.indicators.composition`) is drawn, in its mode.
    sort
        ``order``: as selected; ``local``: greatest local share first.
    style
        Width, fonts, text sizes; default 90 mm.
    ax, figure
        Where to draw; default a new figure.
    name
        Prefix of the ids of the drawn parts.

    Raises
    ------
    UsageError
        More than 60 projects or none, no phase that counts or applies, a font that is not installed, or axes too low
        for the bars.

    Examples
    --------
    >>> import agency
    >>> draw_composition(agency.load().select(project=["ECU 911", "Quito 2002"]).resolved).alt_short[:68]
    'Bars of the life-cycle composition of 2 projects; local share ECU 91'
    """
    style = style or FigureStyle()
    check_counted(resolved)
    parts = project_parts(resolved)
    if not parts:
        message = text("No phase that counts applies to the projects chosen, so there is no composition to draw.")
        raise UsageError(message)
    if len(parts) > MATRIX_LIMIT:
        message = text(
            "Composition bars show up to {most} projects; here are {n}. Draw the aggregate (agency figure aggregate "
            "--by country), or choose projects with -p, --country or --min-phases.",
            most=MATRIX_LIMIT,
            n=len(parts),
        )
        raise UsageError(message)
    if sort == "local":
        parts.sort(key=lambda one: -(one.certain["local"] + one.undated["local"]))
    areas = bar_areas(resolved.codebook)
    with figure_context(style):
        width = available_width(style, ax, figure)
        names = [fit(one.label, min(_STUB_SHARE * width, _STUB_MOST), style) for one in parts]
        rows = [max(_BAR, label.height) for label in names]
        shown = [fit(one.local_text, 30.0, style, size=style.least) for one in parts]
        head = fit(text("Local %"), 30.0, style, size=style.least)
        side = max(label.width for label in (head, *shown)) + _BESIDE
        frame = plan_frame(_glyphs(parts, areas), resolved.codebook, _note(resolved, parts), width, style)
        body = _HEAD + sum(rows) + _GAP * len(rows) + _AXIS
        height = frame.height(body)
        canvas = open_canvas(name, style, height, ax, figure)
        stub = max(label.width for label in names) + _BESIDE
        plot = Box(MARGIN + stub, frame.top + _HEAD, width - 2 * MARGIN - stub - side, body - _HEAD - _AXIS)
        _draw_axis(canvas, plot)
        canvas.text(Box(plot.right, frame.top, side, _HEAD - 1.0), head, align="right", ink=QUIET)
        y = plot.y
        for number, one in enumerate(parts):
            bar = Box(plot.x, y + (rows[number] - _BAR) / 2, plot.width, _BAR)
            canvas.text(Box(MARGIN, y, stub, rows[number]), names[number], align="left")
            draw_bar(canvas, bar, _segments(one, areas, resolved), gid=f"r{number}")
            canvas.text(Box(plot.right, y, side, rows[number]), shown[number], align="right", ink=INK)
            y += rows[number] + _GAP
        frame.draw(canvas, body)
    said = counted("{n} project", "{n} projects", len(parts))
    locals_ = ", ".join(text("{label} {n} %", label=one.label, n=one.local_text) for one in parts)
    values = [one.percents["local"] for one in parts]
    return canvas.drawing(
        title=text("Life-cycle composition of {projects}. {when}", projects=said, when=when(resolved.view)),
        alt_short=shorten(
            text("Bars of the life-cycle composition of {projects}", projects=said),
            text("; local share {shares}.", shares=locals_),
            text("; local share from {low} to {high} %.", low=min(values), high=max(values)),
        ),
        alt_long="\n".join(f"{one.label}. {_in_words(one, areas)}." for one in parts),
        notices=(*palette_notices(resolved.codebook), *page_notice(height)),
    )


def composition_parts(resolved: Resolved) -> dict[str, dict[str, float]]:
    """Return the composition by project: fractions by origin, gap and unknown; projects without any are left out."""
    frame = composition(resolved).dropna(subset="value")
    parts: dict[str, dict[str, float]] = {}
    for project, key, value in zip(frame["project"], frame["key"], frame["value"], strict=True):
        parts.setdefault(project, {})[key.removeprefix("composition.")] = float(value)
    return parts


def _segments(one: ProjectParts, areas: dict[str, Area], resolved: Resolved) -> list[tuple[Area, float, str]]:
    """Return the parts of a bar; the percentage of an origin stands in the larger of its two parts."""
    percents = one.percents
    found = []
    for key, area in areas.items():
        sure, loose = one.certain[key], one.undated.get(key, 0.0)
        words = str(percents[key])
        found.append((area, sure, words if sure >= loose else ""))
        if loose > _ALIKE:
            found.append((light_area(resolved.codebook, key), loose, words if loose > sure else ""))
    return found


def _note(resolved: Resolved, parts: list[ProjectParts]) -> tuple[str, ...]:
    """Return what the percentages are of, how joint holders count, and what the lighter parts mean."""
    view = resolved.view
    phases = counted("{n} phase", "{n} phases", resolved.matrix.phases["phase"].nunique())
    equal = resolved.matrix.phases["weight"].nunique() <= 1 and not view.weights
    whole = text("% of the life cycle ({phases}, equal weights).", phases=phases)
    if not equal:
        whole = text("% of the life cycle ({phases}, weighted).", phases=phases)
    shared = text("In a joint phase each holder counts equally.")
    if view.counting == "origin":
        shared = text("In a joint phase each origin counts equally.")
    loose = any(one.local[1] - one.local[0] > _ALIKE for one in parts)
    brackets = text("In brackets the least and the most that may be local: what is lighter or unknown may be anyone's.")
    return (
        whole,
        when(view),
        shared,
        rules(view),
        extent(len(parts), len(resolved.projects), view.min_phases),
        brackets if loose else "",
    )


def _draw_axis(canvas: Canvas, plot: Box) -> None:
    wide = text_width("100", canvas.style.least, canvas.style.families) + 0.4
    for tick in _TICKS:
        x = plot.x + tick * plot.width
        canvas.line([(x, plot.y - 0.8), (x, plot.bottom)], Look(edge=PALE), order=0.5)
        label = fit(f"{100 * tick:.0f}", wide, canvas.style, size=canvas.style.least)
        canvas.text(Box(x - wide / 2, plot.bottom + 0.3, wide, _AXIS - 0.4), label)


def _in_words(one: ProjectParts, areas: dict[str, Area]) -> str:
    said = [
        text("{label} {n} %", label=text(areas[key].label), n=number)
        for key, number in one.percents.items()
        if one.certain[key] + one.undated.get(key, 0.0) > 0
    ]
    return ", ".join([*said, text("local share {share} %", share=one.local_text)])


def _glyphs(parts: list[ProjectParts], areas: dict[str, Area]) -> Iterator[Glyph]:
    for one in parts:
        for key, area in areas.items():
            if one.certain[key] > _ALIKE or (one.undated.get(key, 0.0) > _ALIKE):
                yield UNKNOWN_AREA if key == "unknown" else area
            if one.undated.get(key, 0.0) > _ALIKE:
                yield UNDATED_PART
