"""The first answer: one bar per phase, each project of which a source says who as a segment, by set of origins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agency.comparison import FROM_UNKNOWN, NOBODY, named_origins
from agency.errors import UsageError
from agency.figures.surface.canvas import Box, Canvas, Drawing, Look, available_width, open_canvas
from agency.figures.surface.fitting import fit, longest_word, text_width
from agency.figures.surface.frame import MARGIN, plan_frame, shorten, when
from agency.figures.surface.marks import BLANKS, JOIN, NOT_CODED, Area, Glyph, origin_area
from agency.figures.surface.palette import palette_notices
from agency.figures.surface.style import INK, PAPER, QUIET, FigureStyle, figure_context
from agency.resolve import GAP, Resolved
from agency.words import counted, in_sentence, listed, text
from agency.words import number as grouped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from agency.vocabulary import Codebook, Phase

_BAR, _GAP, _SEAM, _SLIT, _LEAST_UNIT = 5.2, 1.9, 0.35, 0.15, 0.9
_STUB_SHARE, _BESIDE, _TAG = 0.3, 1.6, 0.9
UNSAID = Area("not_coded", "No source says", NOT_CODED.look)


@dataclass(frozen=True)
class SummaryGroup:
    """The projects in which the same origins are named for a phase."""

    keys: tuple[str, ...]
    """Origins in the order of the codebook; ``("vacant",)`` or ``("negotiating",)`` where a source says nobody."""
    projects: tuple[str, ...]


@dataclass(frozen=True)
class SummaryBar:
    """One phase: who is named in how many of the selected projects."""

    phase: Phase
    groups: tuple[SummaryGroup, ...]
    """Ordered by origin, so that the same origins begin at the same side of every bar; nobody comes last."""
    of: int
    """All selected projects, listed or not."""

    @property
    def known(self) -> int:
        """Projects of which a source names a holder of known origin, or says that there is none."""
        return sum(len(group.projects) for group in self.groups)


def summary_bars(resolved: Resolved) -> tuple[SummaryBar, ...]:
    """Return the bars of the summary, in process order: the numbers of `agency brief`.

    Examples
    --------
    >>> import agency
    >>> bars = summary_bars(agency.load().select(project=["ECU 911", "JSeI"]).resolved)
    >>> bars[3].groups, bars[3].known, bars[3].of
    ((SummaryGroup(keys=('local', 'chinese'), projects=('ECU 911', 'JSeI')),), 2, 2)
    """
    order = {origin.key: number for number, origin in enumerate(resolved.codebook.origins)}
    order |= {status: len(order) + number for number, status in enumerate((FROM_UNKNOWN, *GAP))}
    rows = resolved.rows
    vacant = rows[(rows["status"] == "vacant") & (rows["use"] == "decides")]
    empty = set(zip(vacant["project"], vacant["phase"], strict=True))
    bars = []
    for phase, named in zip(resolved.phases, named_origins(resolved).values(), strict=True):
        groups: dict[tuple[str, ...], list[str]] = {}
        for project, pattern in named.items():
            status = "vacant" if (project, phase.key) in empty else "negotiating"
            keys = (status,) if pattern == NOBODY else tuple(pattern)
            groups.setdefault(keys, []).append(project)
        ordered = sorted(groups, key=lambda keys: [order[key] for key in keys])
        bars.append(
            SummaryBar(
                phase, tuple(SummaryGroup(keys, tuple(groups[keys])) for keys in ordered), len(resolved.projects)
            )
        )
    return tuple(bars)


def draw_summary(
    resolved: Resolved,
    *,
    style: FigureStyle | None = None,
    ax: Axes | None = None,
    figure: Figure | None = None,
    name: str = "summary",
) -> Drawing:
    """Draw one bar per phase: each project of which a source says who is a segment, joint holders split it.

    Every selected project counts, listed or not; the blank rest of a bar are those of which no source says.

    Parameters
    ----------
    resolved
        The study; in its mode and year.
    style
        Width, fonts, text sizes; default 90 mm.
    ax, figure
        Where to draw; default a new figure.
    name
        Prefix of the ids of the drawn parts.

    Raises
    ------
    UsageError
        Nothing is selected, a font that is not installed, or axes too low for the bars.

    Examples
    --------
    >>> import agency
    >>> draw_summary(agency.load().select(project=["ECU 911", "JSeI"]).resolved).alt_short
    'Bars of who held 6 phases in 2 projects; Initiated by: 2 of 2 known, 2 with only Local named.'
    """
    style = style or FigureStyle()
    bars = summary_bars(resolved)
    if not bars or not resolved.projects:
        message = text("Nothing is selected, so there is nothing to draw.")
        raise UsageError(message)
    with figure_context(style):
        width = available_width(style, ax, figure)
        words = max(longest_word(bar.phase.label, style) for bar in bars)
        labels = [fit(bar.phase.label, max(_STUB_SHARE * width, min(words, 0.4 * width)), style) for bar in bars]
        stub = max(label.width for label in labels) + _BESIDE
        known = [text("{k} of {n} known", k=grouped(bar.known), n=grouped(bar.of)) for bar in bars]
        side = max(text_width(said, style.least, style.families) for said in known) + _BESIDE
        rows = [max(_BAR, label.height) for label in labels]
        frame = plan_frame(_glyphs(bars, resolved.codebook), resolved.codebook, _note(resolved), width, style)
        body = sum(rows) + _GAP * (len(rows) - 1)
        canvas = open_canvas(name, style, frame.height(body), ax, figure)
        y = frame.top
        for number, bar in enumerate(bars):
            box = Box(MARGIN + stub, y + (rows[number] - _BAR) / 2, width - 2 * MARGIN - stub - side, _BAR)
            canvas.text(Box(MARGIN, y, stub, rows[number]), labels[number], align="left")
            _draw_bar(canvas, bar, resolved.codebook, box, f"b{number}")
            place = Box(box.right, y, side, rows[number])
            canvas.text(place, fit(known[number], side, style, size=style.least), align="right", ink=QUIET)
            y += rows[number] + _GAP
        frame.draw(canvas, body)
    projects = counted("{n} project", "{n} projects", len(resolved.projects))
    phases = counted("{n} phase", "{n} phases", len(bars))
    return canvas.drawing(
        title=text("Who held which phase of {projects}. {when}", projects=projects, when=when(resolved.view)),
        alt_short=shorten(
            text("Bars of who held {phases} in {projects}", phases=phases, projects=projects),
            f"; {_in_words(bars[0], resolved.codebook, most=1)}.",
            ".",
        ),
        alt_long="\n".join(f"{_in_words(bar, resolved.codebook)}." for bar in bars),
        notices=palette_notices(resolved.codebook),
    )


def _note(resolved: Resolved) -> tuple[str, ...]:
    alleged = resolved.view.include_alleged
    return (
        when(resolved.view),
        text(
            "Each segment is a project, n = all {n} selected; known: a source names a holder of known origin, or says "
            "that there is none.",
            n=grouped(len(resolved.projects)),
        ),
        text("Statements of every rank count, alleged ones too.")
        if alleged
        else text("Statements of every rank count, alleged ones do not."),
    )


def area_of(codebook: Codebook, key: str) -> Area:
    """Return the area of an origin, or of a status without a holder, in bars."""
    return BLANKS[key] if key in GAP else origin_area(codebook, key, strong=True)


def _draw_bar(canvas: Canvas, bar: SummaryBar, codebook: Codebook, box: Box, gid: str) -> None:
    unit, x = box.width / bar.of, box.x
    slit = _SLIT if unit >= _LEAST_UNIT else 0.0
    for group in bar.groups:
        areas = [area_of(codebook, key) for key in group.keys]
        number, high = len(group.projects), (box.height - JOIN * (len(areas) - 1)) / len(areas)
        whole = Box(x, box.y, number * unit - min(_SEAM, unit / 3), box.height)
        for position, area in enumerate(areas):
            place = Box(whole.x, box.y + position * (high + JOIN), whole.width, high)
            area.draw(canvas, place, gid=f"{gid}-{'-'.join(group.keys)}-{position}")
        for cut in range(1, number) if slit else ():
            place = Box(x + cut * unit - _SEAM / 2 - slit / 2, box.y, slit, box.height)
            canvas.shape(place, Look(PAPER), order=1.5)
        _write_number(canvas, areas, whole, number)
        x += number * unit
    if bar.known < bar.of:
        UNSAID.draw(canvas, Box(x, box.y, box.right - x, box.height), gid=f"{gid}-rest")


def _write_number(canvas: Canvas, areas: list[Area], whole: Box, number: int) -> None:
    """Write how many projects a group has, where it fits: on joint holders in a tag of its own."""
    label = fit(grouped(number), 100.0, canvas.style, size=canvas.style.least)
    if label.width + 2 * _TAG > whole.width:
        return
    ink, ground = (areas[0].ink, areas[0].look.fill) if len(areas) == 1 else (INK, PAPER)
    canvas.text(whole, label, ink=ink, ground=ground)


def _glyphs(bars: tuple[SummaryBar, ...], codebook: Codebook) -> Iterator[Glyph]:
    for bar in bars:
        for group in bar.groups:
            yield from (area_of(codebook, key) for key in group.keys)
        if bar.known < bar.of:
            yield UNSAID


def _in_words(bar: SummaryBar, codebook: Codebook, most: int = 100) -> str:
    said = []
    for group in bar.groups[:most]:
        labels = [in_sentence(text(area_of(codebook, key).label)) for key in group.keys]
        n = grouped(len(group.projects))
        who = text("{n} with {origins} named", n=n, origins=listed(labels))
        if len(labels) == 1:
            who = text("{n} with only {label} named", n=n, label=labels[0])
            if group.keys[0] in GAP:
                who = text("{n} {label}", n=n, label=labels[0])
        said.append(who)
    start = text("{phase}: {k} of {n} known", phase=bar.phase.label, k=grouped(bar.known), n=grouped(bar.of))
    return ", ".join([start, *said])
