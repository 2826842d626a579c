"""`Picture`: a drawing with its provenance, which shows itself in Jupyter and saves itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from agency.figures.saving import Provenance, figure_bytes, save_figure
from agency.figures.style import MM

if TYPE_CHECKING:
    import os

    from matplotlib.figure import Figure

    from agency.figures.canvas import Drawing

_SCREEN, _SHOWN = 160, 120
"""Pixels per inch, and how many of them a browser shows as one inch: small type is readable and sharp."""


@dataclass(frozen=True, eq=False, repr=False)
class Picture:
    """A figure ready for print.

    Attributes
    ----------
    drawing
        The matplotlib figure with its alternative text (`agency.figures.canvas.Drawing`).
    made_from
        Data hash and rule, written into every file.

    Examples
    --------
    >>> import agency
    >>> picture = agency.load().select(project="JSeI").heatmap()
    >>> picture.drawing.title
    'Who held which phase: JSeI'
    >>> round(picture.figure.get_figwidth() * 25.4)
    90
    """

    drawing: Drawing
    made_from: Provenance

    @property
    def figure(self) -> Figure:
        """The matplotlib figure."""
        return self.drawing.figure

    def __repr__(self) -> str:
        return "\n".join([self.drawing.title, self.drawing.alt_long, *self.drawing.notices])

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what Jupyter shows: the picture with its alternative text, and the words where there is no picture."""
        screen = replace(self.drawing, style=replace(self.drawing.style, dpi=_SCREEN))
        image = figure_bytes(screen, "png", self.made_from)
        width = round(self.drawing.style.width_mm / MM * _SHOWN)
        shown = {"width": width, "alt": self.drawing.alt_short}
        return {"image/png": image, "text/plain": repr(self)}, {"image/png": shown}

    def save(self, *paths: str | os.PathLike[str]) -> None:
        """Write the figure at its exact width; the extension decides between PDF, SVG and PNG.

        Raises
        ------
        UsageError
            Unknown extension, or a file that cannot be written.
        """
        save_figure(self.drawing, paths, made_from=self.made_from)
