"""How figures are set: width, type, lines, and the settings of matplotlib while one is drawn."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from agency.errors import UsageError
from agency.words import marked, text

WIDTHS = {"single": 90.0, "onehalf": 140.0, "double": 190.0}
"""Journal widths in mm (Elsevier, artwork sizing)."""
MIN_WIDTH, MAX_WIDTH = 60.0, 1000.0

MM = 25.4
"""Millimetres in an inch."""
POINT = MM / 72
"""Millimetres in a point."""

INK = "#000000"
QUIET = "#6b6b6b"
"""Grey of secondary text and edges: contrast 5.3 on white."""
PALE = "#949494"
"""Grey of lines that only hold a place: contrast 3 on white."""
FAINT = "#e9e9e9"
BLANK = "#efefef"
"""Where nothing is known: quiet, so that what is known is seen."""
PAPER = "#ffffff"
THIN, THICK = 0.5, 1.4
"""Line widths in points; 0.5 is the thinnest that prints."""
DOTTED = (0, (1.0, 1.6))
DASHED = (0, (3.2, 1.8))


@dataclass(frozen=True)
class FigureStyle:
    """Size and type of a figure.

    Examples
    --------
    >>> FigureStyle(width_mm=width_mm("double")).width_mm
    190.0
    """

    width_mm: float = WIDTHS["single"]
    fonts: tuple[str, ...] = ()
    """Font families tried before DejaVu Sans, which comes with matplotlib."""
    size: float = 7.0
    """Text size in points."""
    least: float = 6.0
    """Text is shrunk to this size at most; a word that still does not fit is divided."""
    dpi: int = 500
    """Resolution of PNG: 500 for line and tone together (Elsevier)."""
    title: str = ""
    """Printed above the figure; "" = none, journals set the caption."""
    note: str = ""
    """Printed below, after what the figure says of itself."""
    link: str = ""
    """Prefix of links on the drawn holders, for instance ``#row-``; the row's position is appended. "" = no links."""

    @property
    def families(self) -> tuple[str, ...]:
        """Font families in order of preference."""
        return (*self.fonts, "DejaVu Sans")


def width_mm(width: str | float) -> float:
    """Return a width in mm: ``single`` (90), ``onehalf`` (140), ``double`` (190) or a number.

    Raises
    ------
    UsageError
        If it is neither, or not between 60 and 1000 mm.

    Examples
    --------
    >>> width_mm("single"), width_mm("120")
    (90.0, 120.0)
    """
    if isinstance(width, str) and width in WIDTHS:
        return WIDTHS[width]
    try:
        number = float(width)
    except (TypeError, ValueError):
        number = float("nan")
    if not MIN_WIDTH <= number <= MAX_WIDTH:
        names = ", ".join(f"{name} ({mm:g} mm)" for name, mm in WIDTHS.items())
        sentence = marked("--width {width}: give {names}, or a number of mm from {least} to {most}.")
        message = text(sentence, width=width, names=names, least=f"{MIN_WIDTH:g}", most=f"{MAX_WIDTH:g}")
        raise UsageError(message)
    return number


@contextmanager
def figure_context(style: FigureStyle) -> Iterator[None]:
    """Hold the settings of a figure while it is measured, drawn or saved; nothing stays behind.

    matplotlib warns once for every missing glyph and draw; the figure says it once, in its notices.
    """
    import matplotlib as mpl

    fonts = logging.getLogger("matplotlib.font_manager")
    level = fonts.level
    with mpl.rc_context(figure_rc(style)), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from font", category=UserWarning)
        fonts.setLevel(logging.ERROR)  # a family without a bold cut is drawn upright; that is no news
        try:
            yield
        finally:
            fonts.setLevel(level)


def figure_rc(style: FigureStyle) -> Any:
    """Return the matplotlib settings of a figure, for use in a context; whatever the user set elsewhere is reset.

    TrueType fonts are embedded in PDF and text stays text in SVG.
    """
    import matplotlib as mpl

    settings: dict[str, Any] = {
        key: value
        for key, value in mpl.rcParamsDefault.items()
        if not key.startswith(("backend", "interactive", "toolbar"))
    }
    settings.update(
        {
            "font.family": list(style.families),
            "font.size": style.size,
            "hatch.linewidth": THIN,
            "patch.linewidth": THIN,
            "pdf.fonttype": 42,
            "ps.fonttype": 42,
            "svg.fonttype": "none",
            "svg.hashsalt": "agency",
            # Letters as wide in PNG as in PDF and as measured.
            "text.hinting": "none",
            "text.usetex": False,
            "text.parse_math": False,
            "axes.unicode_minus": False,
            "savefig.bbox": None,
            "path.simplify": False,
        }
    )
    return settings
