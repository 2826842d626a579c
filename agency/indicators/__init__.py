"""Every number of the catalogue, one function each, and what is done with them: robustness, withdrawal, groups."""

from __future__ import annotations

from agency.indicators.composition import composition
from agency.indicators.evidence import STATES, cell_states, states_document
from agency.indicators.groups import (
    GROUPINGS,
    NOT_GIVEN,
    By,
    grouped,
    grouped_phases,
    groups_document,
    members,
    phase_means,
)
from agency.indicators.registry import (
    INDICATORS,
    Indicator,
    explain,
    explain_document,
    indicator,
    measured,
    phase_parts,
)
from agency.indicators.results import (
    both_actors,
    compositions,
    indicators,
    indicators_document,
    indicators_frame,
    method_block,
    no_indicators,
)
from agency.indicators.robustness import Variants, random_weights, robustness_document, robustness_frame, variants
from agency.indicators.whatif import whatif, whatif_frame

__all__ = [
    "GROUPINGS",
    "INDICATORS",
    "NOT_GIVEN",
    "STATES",
    "By",
    "Indicator",
    "Variants",
    "both_actors",
    "cell_states",
    "composition",
    "compositions",
    "explain",
    "explain_document",
    "grouped",
    "grouped_phases",
    "groups_document",
    "indicator",
    "indicators",
    "indicators_document",
    "indicators_frame",
    "measured",
    "members",
    "method_block",
    "no_indicators",
    "phase_means",
    "phase_parts",
    "random_weights",
    "robustness_document",
    "robustness_frame",
    "states_document",
    "variants",
    "whatif",
    "whatif_frame",
]
