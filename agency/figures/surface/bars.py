"""100 % bars: segments by origin, nobody, under negotiation and the unknown always visible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from agency.errors import UsageError
from agency.figures.surface.canvas import Box, Canvas, Look
from agency.figures.surface.fitting import fit, text_width
from agency.figures.surface.marks import BLANKS, LINED, NOT_CODED, Area, origin_area
from agency.figures.surface.style import PAPER, QUIET
from agency.resolve import GAP, Floats, Profile, Resolved, positions
from agency.words import counted, marked, text

if TYPE_CHECKING:
    from agency.vocabulary import Codebook

UNKNOWN_AREA = replace(NOT_CODED, key="unknown", label=marked("Unknown"))
_TINY = 1e-9
_NARROW = 1.2


def check_counted(resolved: Resolved) -> None:
    """Refuse a matrix without projects, or without phases that count.

    Raises
    ------
    UsageError
        Nothing is selected, or only phases that are no core phases.
    """
    if not resolved.listed:
        message = text("Nothing is selected, so there is nothing to draw.")
        raise UsageError(message)
    if resolved.matrix.phases.empty:
        message = text("{why} Choose core phases with --phase, or leave --phase out.", why=uncounted_phases(resolved))
        raise UsageError(message)


def uncounted_phases(resolved: Resolved) -> str:
    """Return the sentence that says why a matrix has no phases: those chosen are no core phases."""
    chosen, core = resolved.view.phases, [phase.key for phase in resolved.codebook.core_phases]
    return counted(
        "The phase chosen is not a core phase and not counted (weight 0): {chosen}. Core phases are {core}.",
        "The phases chosen are not core phases and not counted (weight 0): {chosen}. Core phases are {core}.",
        len(chosen),
        chosen=", ".join(chosen),
        core=", ".join(core),
    )


def bar_areas(codebook: Codebook) -> dict[str, Area]:
    """Return the segments of a bar by key, in order: origins as in the codebook, the two kinds of gap, unknown."""
    origins = {origin.key: origin_area(codebook, origin.key, strong=True) for origin in codebook.origins}
    return {**origins, **{status: BLANKS[status] for status in GAP}, "unknown": UNKNOWN_AREA}


def light_area(codebook: Codebook, key: str) -> Area:
    """Return the lighter, lined area of what rests on statements without a year; a gap keeps its mark."""
    if key in GAP:
        return replace(BLANKS[key], look=replace(BLANKS[key].look, edge=QUIET, weight=0.5))
    origin = codebook.origin(key)
    return Area(key, "", Look(origin.colour, origin.strong, weight=LINED), lined=True)


def gap_parts(resolved: Resolved, data: Profile) -> Floats:
    """Return the gap of every project and phase by status: (projects, phases, the two kinds of `GAP`).

    A year goes to the status of the rows that state it or are open there, else to that of the rows without any year; in
    equal parts where rows of both kinds speak. Worked: negotiating in 2018, vacant without a year, window 2018-2021: a
    quarter of the gap is under negotiation, three quarters are nobody's.
    """
    cell = ["project", "phase"]
    rows = resolved.rows
    rows = rows.loc[rows["counts"] & rows["status"].isin(GAP), [*cell, "status", "start", "end"]]
    years = resolved.whole.years
    years = years.loc[years["gap"] > 0, [*cell, "year"]]
    if resolved.asked:
        years = years[years["year"] == years["project"].map(resolved.asked)]
    pairs = rows.merge(years, on=cell, how="left")
    year, start, end = (pairs[name].astype("Float64") for name in ("year", "start", "end"))
    speaks = ((start.isna() | (start <= year)) & (end.isna() | (year <= end))) | year.isna()
    pairs = pairs.assign(year=year.fillna(0), dated=start.notna() | end.notna())[
        speaks.fillna(value=True).to_numpy(bool)
    ]
    pairs = pairs[pairs["dated"] == pairs.groupby([*cell, "year"])["dated"].transform("max")]
    pairs = pairs.drop_duplicates([*cell, "year", "status"])
    part = 1 / pairs.groupby([*cell, "year"])["status"].transform("size")
    place = [positions(data.projects, pairs["project"]), positions(data.phases, pairs["phase"])]
    kept = (place[0] >= 0) & (place[1] >= 0)
    found: Floats = np.zeros((*data.gap.shape, len(GAP)))
    kind = positions(GAP, pairs["status"])
    np.add.at(found, (place[0][kept], place[1][kept], kind[kept]), part.to_numpy(float)[kept])
    total = found.sum(axis=2, keepdims=True)
    # A gap of which no row speaks in the years shown is nobody's.
    found[..., GAP.index("vacant")] += np.where(total[..., 0] > 0, 0.0, 1.0)
    return np.asarray(found / found.sum(axis=2, keepdims=True) * data.gap[:, :, None])


def draw_bar(canvas: Canvas, box: Box, parts: Sequence[tuple[Area, float, str]], *, gid: str) -> None:
    """Draw the parts (area, fraction, words) from left to right; the words where they fit."""
    x = box.x
    for number, (area, fraction, words) in enumerate(parts):
        if fraction <= _TINY:
            continue
        place = Box(x, box.y, fraction * box.width, box.height)
        # Edge and hatch would swallow a narrow segment.
        slim = Look(area.look.fill if area.look.fill != PAPER else QUIET)
        shown = replace(area, look=slim) if place.width < _NARROW and not area.lined else area
        shown.draw(canvas, place, gid=f"{gid}-{number}-{area.key}")
        if words and text_width(words, canvas.style.size, canvas.style.families) + 1.4 <= place.width:
            ground = area.ground or (PAPER if area.look.fill == PAPER else "")
            canvas.text(place, fit(words, place.width, canvas.style), ink=area.ink, ground=ground)
        x += place.width


def whole_percents(fractions: Sequence[float]) -> list[int]:
    """Return fractions as whole percentages that sum to 100 where the fractions sum to 1 (largest remainder).

    Examples
    --------
    >>> whole_percents([1 / 3, 1 / 3, 1 / 3]), whole_percents([0.5833, 0.4167])
    ([34, 33, 33], [58, 42])
    """
    exact = 100 * np.asarray(fractions, dtype=float)
    floors = np.floor(exact + _TINY).astype(int)
    missing = round(float(exact.sum())) - int(floors.sum())
    order = np.argsort(floors - exact, kind="stable")
    floors[order[:missing]] += 1
    return [int(value) for value in floors]


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
