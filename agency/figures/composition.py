"""Composition bars: how much of each project's life cycle each origin holds, nobody holds, and is unknown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from agency.errors import UsageError
from agency.figures.matrix import MATRIX_LIMIT
from agency.figures.surface.alt import shorten
from agency.figures.surface.bars import RANGE, bar_areas, check_counted, draw_bar, draw_range, percent
from agency.figures.surface.canvas import Box, Canvas, Drawing, Look, available_width, open_canvas
from agency.figures.surface.fitting import Fitted, fit
from agency.figures.surface.frame import page_notice
from agency.figures.surface.marks import Area, Glyph, plan_legend
from agency.figures.surface.palette import palette_notices
from agency.figures.surface.style import INK, PALE, QUIET, FigureStyle, figure_context
from agency.indicators import composition
from agency.resolve import Resolved
from agency.words import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


Parts = dict[str, float]
Bounds = dict[str, tuple[float, float]]
"""Least and greatest local share by project."""

_MARGIN, _BAR, _RANGE, _GAP, _SIDE = 0.5, 4.4, 1.8, 1.2, 13.0
_STUB_SHARE, _STUB_MOST, _AXIS, _BEFORE_LEGEND, _HEAD = 0.28, 60.0, 4.2, 3.0, 4.0
_ALIKE = 1e-9
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def draw_composition(
    resolved: Resolved,
    *,
    sort: Literal["order", "local"] = "order",
    style: FigureStyle | None = None,
    ax: Axes | None = None,
    figure: Figure | None = None,
    name: str = "composition",
) -> Drawing:
    """Draw a 100 % bar per project: origins, gap and unknown; the range of the local share where some is unknown.

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
    >>> draw_composition(agency.load().select(project=["ECU 911", "JSeI"]).resolved).alt_short
    'Bars of the life-cycle composition of 2 projects; local share ECU 911 58 %, JSeI 58 %.'
    """
    style = style or FigureStyle()
    check_counted(resolved)
    parts = composition_parts(resolved)
    if not parts:
        message = "No phase that counts applies to the projects chosen, so there is no composition to draw."
        raise UsageError(message)
    if len(parts) > MATRIX_LIMIT:
        message = (
            f"Composition bars show up to {MATRIX_LIMIT} projects; here are {len(parts)}. Draw the aggregate "
            "(agency figure aggregate --by country), or choose projects with -p, --country or --min-phases."
        )
        raise UsageError(message)
    bounds = local_bounds(resolved)
    if sort == "local":
        parts = dict(sorted(parts.items(), key=lambda item: -item[1].get("local", 0.0)))
    with figure_context(style):
        width = available_width(style, ax, figure)
        names = {project: fit(project, min(_STUB_SHARE * width, _STUB_MOST), style) for project in parts}
        rows = {project: max(_BAR, names[project].height) for project in parts}
        areas = bar_areas(resolved.codebook)
        legend = plan_legend(_glyphs(parts, bounds, areas), (*areas, RANGE.key), width - 2 * _MARGIN, style)
        rule = fit(composition_rule(resolved), width - 2 * _MARGIN, style, size=style.least)
        ranges = {project: _RANGE if _open(bounds[project]) else 0.0 for project in parts}
        body = sum(rows.values()) + sum(ranges.values()) + _GAP * len(rows)
        end = _MARGIN + _HEAD + body + _AXIS
        height = end + rule.height + _BEFORE_LEGEND + legend.height + _MARGIN
        canvas = open_canvas(name, style, height, ax, figure)
        stub = max(label.width for label in names.values()) + 1.5
        plot = Box(_MARGIN + stub, _MARGIN + _HEAD, width - 2 * _MARGIN - stub - _SIDE, body)
        _draw_axis(canvas, plot)
        canvas.text(
            Box(plot.right + 1.0, _MARGIN, _SIDE - 1.0, _HEAD - 1.0), fit("Local %", _SIDE, style), align="right"
        )
        y = plot.y
        for number, project in enumerate(parts):
            row = Box(plot.x, y + (rows[project] - _BAR) / 2, plot.width, _BAR)
            canvas.text(Box(_MARGIN, y, stub, rows[project]), names[project], align="left")
            _draw_row(canvas, row, (parts[project], bounds[project]), areas, number)
            y += rows[project] + ranges[project] + _GAP
        canvas.text(Box(_MARGIN, end, width - 2 * _MARGIN, rule.height), rule, align="left", ink=QUIET)
        legend.draw(canvas, _MARGIN, end + rule.height + _BEFORE_LEGEND)
    locals_ = ", ".join(f"{project} {_local_text(part, bounds[project])} %" for project, part in parts.items())
    return canvas.drawing(
        title=f"Life-cycle composition of {counted('{n} project', '{n} projects', len(parts))}",
        alt_short=shorten(
            f"Bars of the life-cycle composition of {counted('{n} project', '{n} projects', len(parts))}",
            f"; local share {locals_}.",
            f"; local share from {_extremes(parts)} %.",
        ),
        alt_long="\n".join(
            f"{project}. {_in_words(part, areas)}; local share {_local_text(part, bounds[project])} %."
            for project, part in parts.items()
        ),
        notices=(*palette_notices(resolved.codebook), *page_notice(height)),
    )


def composition_parts(resolved: Resolved) -> dict[str, Parts]:
    """Return the composition by project: fractions by origin, gap and unknown; projects without any are left out."""
    frame = composition(resolved).dropna(subset="value")
    parts: dict[str, Parts] = {}
    for project, key, value in zip(frame["project"], frame["key"], frame["value"], strict=True):
        parts.setdefault(project, {})[key.removeprefix("composition.")] = float(value)
    return parts


def local_bounds(resolved: Resolved) -> Bounds:
    """Return the least and the greatest local share by project: what is undated or unknown may be local or not.

    Examples
    --------
    >>> import agency
    >>> local_bounds(agency.load().select(project="JSeI").resolved)["JSeI"][0] <= 7 / 12
    True
    """
    frame = composition(resolved).dropna(subset="value")
    rows = frame[frame["key"] == "composition.local"]
    columns = (rows[name].tolist() for name in ("project", "low", "high"))
    return {str(project): (float(low), float(high)) for project, low, high in zip(*columns, strict=True)}


def composition_rule(resolved: Resolved) -> str:
    """Return what the percentages are percentages of, and how joint holders count."""
    view = resolved.view
    modes = {
        "static": "a phase is held by all who held it at any time",
        "time": "continuing phases weighted by years",
        "snapshot": f"as of {'the last year' if view.year == 'end' else view.year}",
    }
    phases = resolved.matrix.phases["phase"].nunique()
    weights = resolved.matrix.phases["weight"].nunique() <= 1 and not view.weights
    shared = "each holder" if view.counting == "actor" else "each origin"
    return (
        f"% of the life cycle ({counted('{n} phase', '{n} phases', phases)}, "
        f"{'equal weights' if weights else 'weighted'}); "
        f"{modes[view.mode]}; in a joint phase {shared} counts equally."
    )


def _draw_axis(canvas: Canvas, plot: Box) -> None:
    for tick in _TICKS:
        x = plot.x + tick * plot.width
        canvas.line([(x, plot.y - 0.8), (x, plot.bottom)], Look(edge=PALE), order=0.5)
        label = fit(f"{100 * tick:.0f}", 10.0, canvas.style, size=canvas.style.least)
        canvas.text(Box(x - 5.0, plot.bottom + 0.4, 10.0, 3.0), label)


def _draw_row(
    canvas: Canvas, bar: Box, shares: tuple[Parts, tuple[float, float]], areas: dict[str, Area], number: int
) -> None:
    part, (low, high) = shares
    draw_bar(canvas, bar, [(areas[key], part.get(key, 0.0)) for key in areas], gid=f"r{number}", numbers=True)
    if _open((low, high)):
        draw_range(canvas, bar.x + low * bar.width, bar.x + high * bar.width, bar.bottom + 1.0)
    label: Fitted = fit(_local_text(part, (low, high)), _SIDE - 1.0, canvas.style)
    canvas.text(Box(bar.right + 1.0, bar.y, _SIDE - 1.0, _BAR), label, align="right", ink=INK)


def _open(bounds: tuple[float, float]) -> bool:
    return bounds[1] - bounds[0] > _ALIKE


def _local_text(part: Parts, bounds: tuple[float, float]) -> str:
    if not _open(bounds):
        return percent(part["local"])
    return f"{percent(bounds[0])}–{percent(bounds[1])}"


def _extremes(parts: dict[str, Parts]) -> str:
    lows = [part["local"] for part in parts.values()]
    return f"{percent(min(lows))} to {percent(max(lows))}"


def _in_words(part: Parts, areas: dict[str, Area]) -> str:
    return ", ".join(f"{areas[key].label} {percent(value)} %" for key, value in part.items() if value > 0)


def _glyphs(parts: dict[str, Parts], bounds: Bounds, areas: dict[str, Area]) -> Iterator[Glyph]:
    for project, part in parts.items():
        yield from (areas[key] for key, value in part.items() if value > 0)
        if _open(bounds[project]):
            yield RANGE
