"""What is resolved in the forms of other programs: networks, matrices for R, the study as files again."""

from __future__ import annotations

from agency.exporters.forms import FORMS, Exported, Form, descriptor, export, fields_of, wide_frame
from agency.exporters.network import edge_frame, graphml, node_frame

__all__ = [
    "FORMS",
    "Exported",
    "Form",
    "descriptor",
    "edge_frame",
    "export",
    "fields_of",
    "graphml",
    "node_frame",
    "wide_frame",
]
