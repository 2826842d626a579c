"""References: a library read from BibTeX, CSL-JSON or sources.csv, printed, and quotes looked up in its texts.

`references_from` gives a frozen mapping key -> `Reference`; everything else takes it and the keys a table cites.
"""

from agency.references.bibtex import write_bibtex
from agency.references.csl import Styled, styled_bibliography
from agency.references.csljson import csl_items
from agency.references.model import (
    SOURCE_TYPES,
    Day,
    Fault,
    Name,
    Piece,
    Reference,
    References,
    bare_reference,
    findings_of,
    first_keys,
    independent,
    independent_groups,
    of_cited,
)
from agency.references.read import REFERENCE_FILES, references_from
from agency.references.style import bibliography, cite, keyed_bibliography, reference_text, short_forms
from agency.references.verify import Quote, Verification, verify_quotes

__all__ = [
    "REFERENCE_FILES",
    "SOURCE_TYPES",
    "Day",
    "Fault",
    "Name",
    "Piece",
    "Quote",
    "Reference",
    "References",
    "Styled",
    "Verification",
    "bare_reference",
    "bibliography",
    "cite",
    "csl_items",
    "findings_of",
    "first_keys",
    "independent",
    "independent_groups",
    "keyed_bibliography",
    "of_cited",
    "reference_text",
    "references_from",
    "short_forms",
    "styled_bibliography",
    "verify_quotes",
    "write_bibtex",
]
