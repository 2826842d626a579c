"""What is drawn: one module per figure, on the surface that they share."""

from __future__ import annotations

from agency.figures.aggregate import draw_aggregate
from agency.figures.composition import composition_parts, draw_composition
from agency.figures.lanes import Lane, Span, counted_years, project_events, project_lanes
from agency.figures.matrix import MATRIX_LIMIT, draw_matrix
from agency.figures.overview import Arrangement, overview_pages
from agency.figures.picture import (
    Picture,
    Setting,
    Width,
    aggregate_picture,
    composition_picture,
    figure_style,
    matrix_picture,
    summary_picture,
    timeline_picture,
)
from agency.figures.summary import SummaryBar, SummaryGroup, draw_summary, summary_bars
from agency.figures.surface.canvas import Drawing
from agency.figures.surface.marks import uncounted_phases
from agency.figures.surface.palette import contrast, text_colour
from agency.figures.surface.saving import FORMATS, figure_bytes, figure_format, pdf_bytes, provenance
from agency.figures.surface.style import FigureStyle, width_mm
from agency.figures.timeline import draw_timeline, timeline_pages

__all__ = [
    "FORMATS",
    "MATRIX_LIMIT",
    "Arrangement",
    "Drawing",
    "FigureStyle",
    "Lane",
    "Picture",
    "Setting",
    "Span",
    "SummaryBar",
    "SummaryGroup",
    "Width",
    "aggregate_picture",
    "composition_parts",
    "composition_picture",
    "contrast",
    "counted_years",
    "draw_aggregate",
    "draw_composition",
    "draw_matrix",
    "draw_summary",
    "draw_timeline",
    "figure_bytes",
    "figure_format",
    "figure_style",
    "matrix_picture",
    "overview_pages",
    "pdf_bytes",
    "project_events",
    "project_lanes",
    "provenance",
    "summary_bars",
    "summary_picture",
    "text_colour",
    "timeline_pages",
    "timeline_picture",
    "uncounted_phases",
    "width_mm",
]
