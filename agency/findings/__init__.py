"""What is wrong, in one system for the table and everything beside it: a record, a catalogue, a listing."""

from __future__ import annotations

from agency.findings.catalogue import kinds
from agency.findings.finding import (
    COLUMNS_PRINTED,
    MOST_LISTED,
    Finding,
    Place,
    UnreadableError,
    as_record,
    at_rows,
    errors_of,
    finding,
    has_control,
    has_invisible,
    in_order,
    printable,
    show,
)
from agency.findings.listing import (
    SHOWN,
    as_csv,
    as_json,
    as_message,
    as_text,
    closing,
    one_line,
    reading_notices,
    summary,
    warning_notices,
)
from agency.findings.marked import MOST_MARKED, MarkedPage, marked_workbook
from agency.findings.toml import TomlFile, read_toml

__all__ = [
    "COLUMNS_PRINTED",
    "MOST_LISTED",
    "MOST_MARKED",
    "SHOWN",
    "Finding",
    "MarkedPage",
    "Place",
    "TomlFile",
    "UnreadableError",
    "as_csv",
    "as_json",
    "as_message",
    "as_record",
    "as_text",
    "at_rows",
    "closing",
    "errors_of",
    "finding",
    "has_control",
    "has_invisible",
    "in_order",
    "kinds",
    "marked_workbook",
    "one_line",
    "printable",
    "read_toml",
    "reading_notices",
    "show",
    "summary",
    "warning_notices",
]
