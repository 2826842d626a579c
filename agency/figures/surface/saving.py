"""Drawings to bytes: PDF, SVG and PNG with words and provenance inside, the same bytes for the same drawing."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from agency.about import METHOD_VERSION, __version__
from agency.characters import xml
from agency.errors import UsageError, did_you_mean
from agency.figures.surface.style import figure_context
from agency.output import check_places, write_files
from agency.table import input_paths
from agency.words import text

if TYPE_CHECKING:
    from agency.figures.surface.canvas import Drawing
    from agency.resolve import View
    from agency.table import Table

FORMATS = ("pdf", "svg", "png")
"""What can be written; the extension decides."""
_PIXELS = 2**16
"""Most pixels of a side that the drawing library can hold."""


@dataclass(frozen=True)
class Provenance:
    """What a figure was made from; written into its metadata. No clock: the same data give the same bytes."""

    sha256: str
    rule: str
    inputs: tuple[Path, ...] = field(default=(), repr=False)
    """The files behind the data; no figure is written over them."""

    @property
    def text(self) -> str:
        """One line: data, rule, versions."""
        return f"data sha256 {self.sha256}; {self.rule}; agency {__version__}, method {METHOD_VERSION}"


def provenance(table: Table, view: View) -> Provenance:
    """Return what a figure of this table and view was made from.

    Examples
    --------
    >>> import agency
    >>> study = agency.load()
    >>> provenance(study.data, study.view).rule
    'mode static, rank best, boundary held, counting actor, alleged rows not counted'
    """
    mode = f"mode {view.mode}" + (f" {view.year}" if view.year is not None else "")
    alleged = "alleged rows counted" if view.include_alleged else "alleged rows not counted"
    rule = f"{mode}, rank {view.rank}, boundary {view.boundary}, counting {view.counting}, {alleged}"
    return Provenance(table.sha256, rule, input_paths(table))


def figure_format(path: str | os.PathLike[str], kind: str | None = None) -> str:
    """Return the format a file name asks for; `kind` where the name has no extension.

    Raises
    ------
    UsageError
        If the extension is none of pdf, svg, png.

    Examples
    --------
    >>> figure_format("table1.PDF")
    'pdf'
    """
    extension = Path(path).suffix.lower().lstrip(".")
    if not extension and kind:
        return kind
    if extension not in FORMATS:
        message = text(
            "{path}: a figure is written as {known}; the extension decides, or -f for a pipe or -.{hint}",
            path=path,
            known=", ".join(f".{name}" for name in FORMATS),
            hint=did_you_mean(extension, list(FORMATS)),
        )
        raise UsageError(message)
    return extension


def figure_bytes(drawing: Drawing, kind: str, made_from: Provenance) -> bytes:
    """Return a drawing as a PDF, SVG or PNG file: exact width, embedded TrueType, alternative text, provenance.

    Raises
    ------
    UsageError
        A PNG of more pixels than can be drawn.
    """
    buffer = io.BytesIO()
    options: dict[str, Any] = {"format": kind, "metadata": _metadata(drawing, kind, made_from)}
    if kind == "png":
        # matplotlib cuts off fractions of a pixel; ask for the whole number of pixels nearest to the width.
        pixels = round(drawing.figure.get_figwidth() * drawing.style.dpi)
        options["dpi"] = (pixels + 0.01) / drawing.figure.get_figwidth()
        # Flat colours gain little from more: a tenth of the bytes for a fifth of the time.
        options["pil_kwargs"] = {"compress_level": 2}
        tall = round(drawing.figure.get_figheight() * drawing.style.dpi)
        if tall >= _PIXELS:
            message = text(
                "The picture would be {tall:,} pixels tall, more than {most:,}: write a .pdf, in pages, or an .svg.",
                tall=tall,
                most=_PIXELS,
            )
            raise UsageError(message)
    with figure_context(drawing.style):
        drawing.figure.savefig(buffer, **options)
    content = buffer.getvalue()
    return xml(_described_svg(content.decode("utf-8"), drawing)).encode("utf-8") if kind == "svg" else content


def pdf_bytes(pages: Sequence[Drawing], made_from: Provenance) -> bytes:
    """Return drawings as the pages of one PDF, which carries the words of all of them."""
    if len(pages) == 1:
        return figure_bytes(pages[0], "pdf", made_from)
    from matplotlib.backends.backend_pdf import PdfPages

    buffer = io.BytesIO()
    words = "\n".join(f"{page.alt_short}\n{page.alt_long}" for page in pages)
    metadata = {**_metadata(pages[0], "pdf", made_from), "Subject": words}
    with figure_context(pages[0].style), PdfPages(buffer, metadata=metadata) as document:
        for page in pages:
            document.savefig(page.figure)
    return buffer.getvalue()


def save_figure(
    drawn: Callable[[str], Sequence[Drawing]],
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    made_from: Provenance,
    kind: str | None = None,
) -> tuple[str, ...]:
    """Write a figure to one or more files, all or none; the extension decides the format.

    Parameters
    ----------
    drawn
        Gives what is written in a format: one drawing, or the pages of a PDF.
    paths
        Where to.
    made_from
        Written into every file; its inputs are never written over.
    kind
        The format of places without an extension: standard output, a pipe.

    Returns
    -------
    tuple of str
        The notices of what was drawn, each once.

    Raises
    ------
    UsageError
        Unknown extension, or a file that cannot be written.
    """
    wanted = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    kinds = {Path(path): figure_format(path, kind) for path in wanted}
    check_places(kinds, inputs=made_from.inputs)
    drawings = {one: drawn(one) for one in dict.fromkeys(kinds.values())}
    made = {
        one: pdf_bytes(found, made_from) if one == "pdf" else figure_bytes(found[0], one, made_from)
        for one, found in drawings.items()
    }
    write_files({path: made[one] for path, one in kinds.items()}, inputs=made_from.inputs)
    return tuple(dict.fromkeys(notice for found in drawings.values() for one in found for notice in one.notices))


def _metadata(drawing: Drawing, kind: str, made_from: Provenance) -> dict[str, Any]:
    undated = "SOURCE_DATE_EPOCH" not in os.environ
    if kind == "png":
        return {
            "Title": drawing.title,
            "Description": f"{drawing.alt_short}\n{drawing.alt_long}",
            "Source": made_from.text,
            "Software": None,
        }
    if kind == "svg":
        details: dict[str, Any] = {
            "Title": drawing.title,
            "Description": drawing.alt_short,
            "Source": made_from.text,
            "Creator": f"agency {__version__}",
        }
        return {**details, "Date": None} if undated else details
    details = {
        "Title": drawing.title,
        "Subject": f"{drawing.alt_short}\n{drawing.alt_long}",
        "Keywords": made_from.text,
        "Creator": f"agency {__version__}",
        "Producer": None,
    }
    return {**details, "CreationDate": None} if undated else details


def _described_svg(svg: str, drawing: Drawing) -> str:
    """Give an SVG its role, description and fonts to fall back on: matplotlib writes a title and one font."""
    title, desc = f"{drawing.name}-title", f"{drawing.name}-desc"
    words = f"{drawing.alt_short}\n{drawing.alt_long}"
    svg = re.sub(
        r"<title>.*?</title>",
        lambda _: f'<title id="{title}">{escape(drawing.title)}</title>\n <desc id="{desc}">{escape(words)}</desc>',
        svg,
        count=1,
        flags=re.DOTALL,
    )
    # Where the font is missing, one as wide (Verdana) or at least without serifs takes its place.
    svg = re.sub(r"font-family: ([^;\"]+)", r"font-family: \1, Verdana, sans-serif", svg)
    return svg.replace("<svg ", f'<svg role="img" aria-labelledby="{title} {desc}" ', 1)
