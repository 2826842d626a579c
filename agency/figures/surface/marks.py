"""What fills a cell or a bar (origins, blanks), the signs on top of it (periods, joint holders, open ends), the legend.

One object draws the cell and its legend, so that a legend holds what occurs, as it occurs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from agency.errors import UsageError
from agency.figures.surface.canvas import Box, Canvas, Look
from agency.figures.surface.fitting import Fitted, fit, text_width
from agency.figures.surface.palette import MIN_TONE, lightness, text_colour
from agency.figures.surface.style import BLANK, DASHED, DOTTED, FAINT, INK, PALE, PAPER, QUIET, THICK, FigureStyle
from agency.resolve import GAP, Floats, Profile, Resolved, positions
from agency.words import counted, marked, text

if TYPE_CHECKING:
    from agency.vocabulary import Codebook, Origin


@dataclass(frozen=True)
class Area:
    """A filled rectangle: an origin, a blank, an edge that says something."""

    key: str
    label: str
    look: Look
    word: str = ""
    """Short sign inside the legend swatch and inside cells without room for words."""
    layer: float = 1.0
    """Order of drawing; the higher covers the lower."""
    lined: bool = False
    """Edged above and below only, open at its ends: no source gives the years."""

    @property
    def ink(self) -> str:
        """Colour of text on the fill."""
        return INK if self.look.fill == "none" else text_colour(self.look.fill)

    @property
    def ground(self) -> str:
        """Fill put behind text where there is a hatch, else nothing."""
        return self.look.fill if self.look.hatch else ""

    def draw(self, canvas: Canvas, box: Box, *, gid: str = "", url: str = "") -> None:
        """Draw the area without its word."""
        if not self.lined:
            canvas.shape(box, self.look, gid=gid, url=url, order=self.layer)
            return
        canvas.shape(box, Look(self.look.fill), gid=gid, url=url, order=self.layer)
        for level in (box.y + 0.2, box.bottom - 0.2):
            line = Look(edge=self.look.edge, weight=self.look.weight)
            canvas.line([(box.x, level), (box.right, level)], line, order=self.layer + 0.5)

    def sample(self, canvas: Canvas, box: Box) -> None:
        """Draw the area as in a legend, hatch doubled and with its word."""
        replace(self, look=replace(self.look, hatch=self.look.hatch * 2)).draw(canvas, box)
        self.write_word(canvas, box)

    def write_word(self, canvas: Canvas, box: Box) -> None:
        """Write the short sign, where there is one."""
        if self.word:
            canvas.text(box, fit(text(self.word), box.width, canvas.style, size=canvas.style.least), ink=QUIET)


NOT_CODED = Area("not_coded", marked("Not coded"), Look(BLANK))
VACANT = Area("vacant", marked("Nobody"), Look(PAPER, INK, weight=0.7))
NEGOTIATING = Area("negotiating", marked("Under negotiation"), Look(PAPER, QUIET, hatch="|||", weight=0.7))
NOT_APPLICABLE = Area("not_applicable", marked("Not applicable"), Look(PAPER), word=marked("n/a"))
UNKNOWN_YEAR = Area(
    "unknown_year", marked("Unknown in the years shown"), Look(PAPER, QUIET, line=DOTTED, weight=0.7), word="–"
)
UNKNOWN_ORIGIN = Area("unknown", marked("Origin unknown"), Look(PAPER, QUIET, line=DOTTED, weight=0.7), word="?")
LISTED = Area("listed", marked("Listed, not counted"), Look(PAPER, QUIET, line=DASHED, weight=0.7), word="( )")
WINDOW = Area("window", marked("Window of the case"), Look("#f1f1f1"), layer=0.2)
OUTSIDE = Area("outside", marked("Year outside the window"), Look(FAINT))
BLANKS = {area.key: area for area in (NOT_CODED, VACANT, NEGOTIATING, NOT_APPLICABLE)} | {"unknown": UNKNOWN_YEAR}
"""What stands for each kind of blank (`Cell.blank`), and for each status without a holder."""


def origin_area(codebook: Codebook, key: str | None, *, strong: bool = False) -> Area:
    """Return the area of an origin: light for cells with names, strong for bars and small cells.

    A strong fill is hatched only where its tone is near that of an origin before it, or of a blank.
    """
    origin = next((origin for origin in codebook.origins if origin.key == key), None)
    if origin is None:
        return UNKNOWN_ORIGIN
    if strong:
        before = codebook.origins[: codebook.origins.index(origin)]
        tones = [BLANK, *(other.strong for other in before)]
        if all(abs(lightness(origin.strong) - lightness(tone)) >= MIN_TONE for tone in tones):
            return Area(origin.key, origin.label, Look(origin.strong))
        return Area(origin.key, origin.label, Look(origin.strong, _hatch_ink(origin), hatch=origin.hatch * 3))
    return Area(origin.key, origin.label, Look(origin.colour, origin.edge, hatch=origin.hatch * 2))


def dashed_edge(area: Area) -> Area:
    """Return an area with the dashed edge of an alleged holder that counts."""
    return replace(area, look=replace(area.look, edge=INK, line=DASHED, weight=1.0))


def _hatch_ink(origin: Origin) -> str:
    """Return the colour of lines on a strong fill: black or white where there is a hatch, else the dark partner."""
    return text_colour(origin.strong) if origin.hatch else origin.edge


ALLEGED = dashed_edge(Area("alleged", marked("Alleged, counted"), Look(FAINT)))


LINED, EDGED = 1.2, 0.9
"""Weight of the lines of what no source dates, and of the edge of what another passage dates, points."""
JOIN = 0.3
"""White line between joint holders, mm."""


@dataclass(frozen=True)
class Mark:
    """A sign on top of an area, drawn by a function of canvas and box."""

    key: str
    label: str
    paint: Callable[[Canvas, Box], None]
    on_area: bool = True
    """Whether it is a sign on an area, not one of its own."""

    def draw(self, canvas: Canvas, box: Box) -> None:
        """Draw the sign for an area with this box."""
        self.paint(canvas, box)

    def sample(self, canvas: Canvas, box: Box) -> None:
        """Draw the sign as in a legend, on a pale area where it stands on one."""
        if self.on_area:
            canvas.shape(box, Look(FAINT))
        self.paint(canvas, box)


Glyph = Area | Mark
"""Whatever has a legend entry."""


def _thick_edge(canvas: Canvas, box: Box) -> None:
    canvas.shape(box.inset(-0.3, -0.3), Look(edge=INK, weight=THICK), order=3.0)


def _corner(canvas: Canvas, box: Box) -> None:
    side = min(2.0, box.height * 0.6)
    canvas.polygon([(box.right - side, box.y), (box.right, box.y), (box.right, box.y + side)], Look(INK))


def _arrow_left(canvas: Canvas, box: Box) -> None:
    middle, tip = box.y + box.height / 2, box.x
    canvas.polygon([(tip, middle), (tip + 1.3, middle - 0.8), (tip + 1.3, middle + 0.8)], Look(INK))


def _arrow_right(canvas: Canvas, box: Box) -> None:
    middle, tip = box.y + box.height / 2, box.right
    canvas.polygon([(tip, middle), (tip - 1.3, middle - 0.8), (tip - 1.3, middle + 0.8)], Look(INK))


def _dimension(canvas: Canvas, box: Box) -> None:
    left, right, level = box.x + 1.0, box.right - 1.0, box.bottom - min(1.2, box.height / 2)
    canvas.line([(left, level), (right, level)], Look(edge=INK, line=(0, (1.6, 1.2)), weight=0.8), order=4.5)
    for x in (left, right):
        canvas.line([(x, level - 0.7), (x, level + 0.7)], Look(edge=INK, weight=0.8), order=4.5)


def bracket(canvas: Canvas, box: Box, ink: str, gid: str = "") -> None:
    """Draw a length: a line with ends, along the middle of a box."""
    level = box.y + box.height / 2
    canvas.line([(box.x, level), (box.right, level)], Look(edge=ink, weight=1.2), gid=gid, order=4.5)
    for x in (box.x, box.right):
        canvas.line([(x, box.y), (x, box.bottom)], Look(edge=ink, weight=1.2), order=4.5)


def _length_in_a_span(canvas: Canvas, box: Box) -> None:
    canvas.shape(box, Look(PAPER, INK, line=DOTTED))
    bracket(canvas, Box(box.x + 1.2, box.bottom - 1.8, box.width / 2, 1.2), INK)


def _pill(canvas: Canvas, box: Box) -> None:
    pill = Box(box.x + box.width / 2 - 1.5, box.y, 3.0, box.height)
    canvas.shape(pill, Look(PAPER, INK), order=4.0)
    canvas.text(pill, fit("1", pill.width, canvas.style, size=canvas.style.least))


def diamond(canvas: Canvas, box: Box, look: Look, gid: str = "") -> None:
    """Draw the sign of an event in the middle of a box, in the look of who is behind it."""
    x, y, r = box.x + box.width / 2, box.y + box.height / 2, 1.5
    canvas.polygon([(x - r, y), (x, y - r), (x + r, y), (x, y + r)], look, gid=gid)


def _diamond(canvas: Canvas, box: Box) -> None:
    diamond(canvas, box, Look(PAPER, INK))


def _side_by_side(canvas: Canvas, box: Box) -> None:
    half = (box.width - 0.4) / 2
    for number in (0, 1):
        canvas.shape(Box(box.x + number * (half + 0.4), box.y, half, box.height), Look(FAINT, QUIET))


def _lines_below(canvas: Canvas, box: Box) -> None:
    half = (box.height - 1.0) / 2
    for number in (0, 1):
        _side_by_side(canvas, Box(box.x, box.y + number * (half + 1.0), box.width, half))


def _stacked(canvas: Canvas, box: Box) -> None:
    half = (box.height - JOIN) / 2
    for number in (0, 1):
        canvas.shape(Box(box.x, box.y + number * (half + JOIN), box.width, half), Look(FAINT, QUIET))


def _open_corner(canvas: Canvas, box: Box) -> None:
    x, y = box.right - 0.2, box.bottom - 1.0
    canvas.polygon([(x, y), (x - 1.2, y - 0.75), (x - 1.2, y + 0.75)], Look(INK, PAPER, weight=0.4))


def _circle(canvas: Canvas, box: Box, fill: str, at: float) -> None:
    """Draw a small circle in the upper right corner, `at` mm from it."""
    x, y, r = box.right - at, box.y + 1.0, 0.65
    angles = (2 * math.pi * step / 16 for step in range(16))
    canvas.polygon(
        [(x + r * math.cos(angle), y + r * math.sin(angle)) for angle in angles], Look(fill, INK, weight=0.6)
    )


def _alleged_corner(canvas: Canvas, box: Box) -> None:
    _circle(canvas, box, PAPER, 1.0)


def _counted_corner(canvas: Canvas, box: Box) -> None:
    _circle(canvas, box, INK, 1.0)


def _proposed_corner(canvas: Canvas, box: Box) -> None:
    x, y = box.right - min(2.8, box.width / 2), box.y + 1.0
    canvas.polygon([(x, y - 0.75), (x + 0.75, y + 0.6), (x - 0.75, y + 0.6)], Look(PAPER, INK, weight=0.6))


def _support_corner(canvas: Canvas, box: Box) -> None:
    x, y = box.right - min(4.4, box.width - 1.0), box.y + 1.0
    canvas.shape(Box(x - 0.6, y - 0.6, 1.2, 1.2), Look(PAPER, INK, weight=0.6), order=3.0)


def _touching(canvas: Canvas, box: Box) -> None:
    half = box.width / 2
    for number, fill in enumerate((PALE, BLANK)):
        canvas.shape(Box(box.x + number * half, box.y, half, box.height), Look(fill))


def _darker_lighter(canvas: Canvas, box: Box) -> None:
    half = box.width / 2
    for number, look in enumerate((Look("#555555"), Look("#b3b3b3", "#555555", weight=EDGED))):
        canvas.shape(Box(box.x + number * half, box.y, half, box.height), look)


def _apart(canvas: Canvas, box: Box) -> None:
    half = (box.width - 0.7) / 2
    for number in (0, 1):
        canvas.shape(Box(box.x + number * (half + 0.7), box.y, half, box.height), Look(PALE))


CONTESTED = Mark("contested", marked("Contested between sources"), _thick_edge)
CHANGED = Mark("changed", marked("Changed since the year before it"), _corner)
OPEN_START = Mark("open", marked("Open end: year not given"), _arrow_left)
OPEN_END = Mark("open", marked("Open end: year not given"), _arrow_right)
UNPLACED = Mark("unplaced", marked("Length known, years not"), _dimension)
LOOSE = Mark("loose", marked("Length known, years not: somewhere in the dotted span"), _length_in_a_span, on_area=False)
EVENT = Mark("event", marked("In that year"), _diamond, on_area=False)
BORROWED = Mark("borrowed", marked("Lighter: years from another passage"), _darker_lighter, on_area=False)
UNDATED_PART = Area(
    "undated", marked("Lighter, lined: no source gives a year"), Look("#b3b3b3", "#555555", weight=LINED), lined=True
)
UNDATED = Area("undated", marked("Year not given: drawn over the window"), Look(PAPER, QUIET, weight=LINED), lined=True)
PIN = Mark("pin", marked("Event, see the key"), _pill, on_area=False)
PERIODS = Mark("periods", marked("Periods: earlier left, equal widths"), _side_by_side)
PERIODS_BELOW = Mark("periods_below", marked("Later periods go on below"), _lines_below)
OPEN_CORNER = Mark("open", marked("Open end: year not given"), _open_corner)
ALLEGED_CORNER = Mark("alleged_listed", marked("Alleged, not counted"), _alleged_corner)
COUNTED_CORNER = Mark("alleged", marked("Alleged, counted"), _counted_corner)
PROPOSED_CORNER = Mark("proposed", marked("Proposed"), _proposed_corner)
SUPPORT_CORNER = Mark("support", marked("Support, not counted"), _support_corner)
SIDE_BY_SIDE = Mark("joint", marked("Joint holders: touching, by number"), _touching, on_area=False)
PERIODS_APART = Mark("periods", marked("Periods: apart, earlier left"), _apart, on_area=False)
JOINT = Mark("joint", marked("Joint holders"), _stacked)


_SWATCH, _TALL, _AFTER, _BETWEEN, _BELOW = 6.0, 3.2, 1.2, 3.5, 1.4


@dataclass(frozen=True)
class Legend:
    """Entries with their place, mm from the legend's upper left corner."""

    entries: tuple[tuple[float, float, Glyph, Fitted], ...]
    height: float

    def draw(self, canvas: Canvas, x: float, y: float) -> None:
        """Draw swatches and labels."""
        for left, top, glyph, label in self.entries:
            height = max(label.height, _TALL)
            glyph.sample(canvas, Box(x + left, y + top + (height - _TALL) / 2, _SWATCH, _TALL))
            canvas.text(Box(x + left + _SWATCH + _AFTER, y + top, label.width + 0.1, height), label, align="left")


def plan_legend(glyphs: Iterable[Glyph], order: tuple[str, ...], width: float, style: FigureStyle) -> Legend:
    """Place one entry per kind that occurs, in a fixed order, in as many lines as the width asks for.

    Parameters
    ----------
    glyphs
        What was drawn, repetitions allowed.
    order
        Keys of glyphs in the order of the legend.
    width
        In mm.
    style
        Type of the labels.
    """
    occurring = {glyph.key: glyph for glyph in glyphs}
    ordered = [occurring[key] for key in dict.fromkeys([*order, *occurring]) if key in occurring]
    entries = []
    x = y = tallest = 0.0
    for glyph in ordered:
        label = fit(text(glyph.label), width - _SWATCH - _AFTER, style)
        needed = _SWATCH + _AFTER + label.width
        if x > 0 and x + needed > width:
            x, y, tallest = 0.0, y + tallest + _BELOW, 0.0
        tallest = max(tallest, label.height, _TALL)
        entries.append((x, y, glyph, label))
        x += needed + _BETWEEN
    return Legend(tuple(entries), y + tallest)


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
