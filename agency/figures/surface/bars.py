"""100 % bars: segments by origin, the gap and the unknown always visible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from agency.errors import UsageError
from agency.figures.surface.canvas import Box, Canvas, Look
from agency.figures.surface.fitting import fit, text_width
from agency.figures.surface.marks import NEGOTIATING, NOT_CODED, Area, Mark, origin_area
from agency.figures.surface.palette import lightness
from agency.figures.surface.style import INK, PAPER, QUIET
from agency.resolve import Resolved

if TYPE_CHECKING:
    from agency.vocabulary import Codebook

GAP_AREA = replace(NEGOTIATING, key="gap", label="Nobody (gap)")
UNKNOWN_AREA = replace(NOT_CODED, key="unknown", label="Unknown")
_TINY = 1e-9
_NARROW = 1.2
_PALE = 80.0


def check_counted(resolved: Resolved) -> None:
    """Refuse a matrix without projects, or without phases that count.

    Raises
    ------
    UsageError
        Nothing is selected, or only phases that are no core phases.
    """
    if not resolved.listed:
        message = "Nothing is selected, so there is nothing to draw."
        raise UsageError(message)
    if resolved.matrix.phases.empty:
        message = f"{uncounted_phases(resolved)} Choose core phases with --phase, or leave --phase out."
        raise UsageError(message)


def uncounted_phases(resolved: Resolved) -> str:
    """Return the sentence that says why a matrix has no phases: those chosen are no core phases."""
    chosen, core = resolved.view.phases, [phase.key for phase in resolved.codebook.core_phases]
    what = "phase chosen is not a core phase" if len(chosen) == 1 else "phases chosen are not core phases"
    return f"The {what} and not counted (weight 0): {', '.join(chosen)}. Core phases are {', '.join(core)}."


def bar_areas(codebook: Codebook) -> dict[str, Area]:
    """Return the segments of a bar by key, in order: origins as in the codebook, gap, unknown."""
    origins = {origin.key: origin_area(codebook, origin.key, strong=True) for origin in codebook.origins}
    return {**origins, "gap": GAP_AREA, "unknown": UNKNOWN_AREA}


def draw_bar(canvas: Canvas, box: Box, parts: Sequence[tuple[Area, float]], *, gid: str, numbers: bool = False) -> None:
    """Draw the parts (fractions that sum to 1) from left to right; `numbers` writes the percentage where it fits."""
    x = box.x
    for area, fraction in parts:
        if fraction <= _TINY:
            continue
        place = Box(x, box.y, fraction * box.width, box.height)
        # Edge and hatch would swallow a narrow segment; a pale one keeps its edge, to be seen beside white.
        narrow = place.width < _NARROW and area.look.fill != PAPER
        slim = Look(area.look.fill, QUIET if lightness(area.look.fill) > _PALE else "none")
        shown = replace(area, look=slim) if narrow else area
        shown.draw(canvas, place, gid=f"{gid}-{area.key}")
        label = percent(fraction)
        if numbers and text_width(label, canvas.style.size, canvas.style.families) + 2.0 <= place.width:
            canvas.text(place, fit(label, place.width, canvas.style), ink=area.ink, ground=area.ground)
        x += place.width


def percent(fraction: float) -> str:
    """Return a fraction as a whole percentage; what is neither nothing nor everything is not rounded to it.

    Examples
    --------
    >>> percent(0.5833), percent(0.001), percent(0.999)
    ('58', '<1', '>99')
    """
    text = f"{100 * fraction:.0f}"
    if text == "0" and fraction > 0:
        return "<1"
    return ">99" if text == "100" and fraction < 1 - _TINY else text


def _whisker(canvas: Canvas, box: Box) -> None:
    left, right, level = box.x + 0.3, box.right - 0.3, box.y + box.height / 2
    draw_range(canvas, left, right, level)


def draw_range(canvas: Canvas, left: float, right: float, level: float) -> None:
    """Draw the range of a value as a line with ends."""
    look = Look(edge=INK, weight=0.6)
    canvas.line([(left, level), (right, level)], look, order=4.5)
    for x in (left, right):
        canvas.line([(x, level - 0.6), (x, level + 0.6)], look, order=4.5)


RANGE = Mark("range", "Local at least and at most: what is unknown or undated may be local or not", _whisker)
"""The bounds of the local share."""
