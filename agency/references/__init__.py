"""References: a library read from BibTeX, CSL-JSON or sources.csv, printed, and quotes looked up in its texts.

Depends on nothing but the ground of the package: `read_references` gives a frozen mapping key -> `Reference`;
everything else takes that mapping and the keys a table cites.
"""

from agency.references.bibtex import write_bibtex
from agency.references.csljson import csl_items
from agency.references.findings import Fault, of_cited
from agency.references.independence import groups, independent
from agency.references.model import SOURCE_TYPES, Day, Name, Reference, References, Run, bare
from agency.references.read import FILES, read_bytes_of, read_references
from agency.references.style import as_text, bibliography, cite, keyed_bibliography, short_forms

__all__ = [
    "FILES",
    "SOURCE_TYPES",
    "Day",
    "Fault",
    "Name",
    "Reference",
    "References",
    "Run",
    "as_text",
    "bare",
    "bibliography",
    "cite",
    "csl_items",
    "groups",
    "independent",
    "keyed_bibliography",
    "of_cited",
    "read_bytes_of",
    "read_references",
    "short_forms",
    "write_bibtex",
]
