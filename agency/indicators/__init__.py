"""Every number of the catalogue, one function each, and what is done with them: robustness, withdrawal, groups."""

from __future__ import annotations

from agency.indicators.composition import composition
from agency.indicators.evidence import STATES, coverage, coverage_document
from agency.indicators.groups import by_country, by_source, groups_document
from agency.indicators.method import method_block
from agency.indicators.registry import (
    INDICATORS,
    Indicator,
    explain,
    explain_document,
    indicator,
    indicators,
    indicators_document,
    measured,
    phase_parts,
)
from agency.indicators.robustness import random_weights, robustness_document, variants
from agency.indicators.whatif import whatif

__all__ = [
    "INDICATORS",
    "STATES",
    "Indicator",
    "by_country",
    "by_source",
    "composition",
    "coverage",
    "coverage_document",
    "explain",
    "explain_document",
    "groups_document",
    "indicator",
    "indicators",
    "indicators_document",
    "measured",
    "method_block",
    "phase_parts",
    "random_weights",
    "robustness_document",
    "variants",
    "whatif",
]
