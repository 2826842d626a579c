"""Projects and sources against one another: distances, regularities, truth tables, disagreements."""

from __future__ import annotations

from agency.comparison.brief import (
    FROM_UNKNOWN,
    NOBODY,
    BriefSentence,
    brief,
    brief_frame,
    known_cases,
    named_origins,
    sources_of_cases,
)
from agency.comparison.compare import DISTANCES, Distance, compare, distance_frame, masi, nominal, order_measure
from agency.comparison.regularities import (
    crisp_cases,
    regularities,
    regularity_frame,
    sentences,
    truth_frame,
    truth_table,
)
from agency.comparison.sources import (
    COMPARED,
    NOT_COMPARED,
    SILENT,
    FaceToFace,
    SourceComparison,
    compare_sources,
    sources_document,
)

__all__ = [
    "COMPARED",
    "DISTANCES",
    "FROM_UNKNOWN",
    "NOBODY",
    "NOT_COMPARED",
    "SILENT",
    "BriefSentence",
    "Distance",
    "FaceToFace",
    "SourceComparison",
    "brief",
    "brief_frame",
    "compare",
    "compare_sources",
    "crisp_cases",
    "distance_frame",
    "known_cases",
    "masi",
    "named_origins",
    "nominal",
    "order_measure",
    "regularities",
    "regularity_frame",
    "sentences",
    "sources_document",
    "sources_of_cases",
    "truth_frame",
    "truth_table",
]
