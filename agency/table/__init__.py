"""From bytes to a sound `Table`: read, checked cell by cell and rule by rule, identities and windows completed."""

from __future__ import annotations

from agency.table.check import Examination, statement_schema
from agency.table.complete import part_map
from agency.table.load import examine_data, load_table
from agency.table.model import Table
from agency.table.quotes import table_quotes
from agency.table.read.bundle import read_file
from agency.table.read.locate import COMPANIONS, PACKAGED, companion_files, input_paths, packaged_folder
from agency.table.starter import starter_files
from agency.table.written import canonical_csv, canonical_frames, canonical_workbook, marked_data, table_frames

__all__ = [
    "COMPANIONS",
    "PACKAGED",
    "Examination",
    "Table",
    "canonical_csv",
    "canonical_frames",
    "canonical_workbook",
    "companion_files",
    "examine_data",
    "input_paths",
    "load_table",
    "marked_data",
    "packaged_folder",
    "part_map",
    "read_file",
    "starter_files",
    "statement_schema",
    "table_frames",
    "table_quotes",
]
