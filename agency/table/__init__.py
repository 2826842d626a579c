"""From bytes to a sound `Table`: read, checked cell by cell and rule by rule, identities and windows completed."""

from __future__ import annotations

from agency.table.check import Examination, examine_data, load_table, statement_schema, table_quotes
from agency.table.model import Table
from agency.table.names import is_one_name, named_status, named_years, part_map
from agency.table.read.archive import Archive, OversizeError, damage_said, file_type, walk
from agency.table.read.bundle import (
    COMPANIONS,
    PACKAGED,
    Choices,
    companion_files,
    input_paths,
    open_table,
    packaged_folder,
    read_bytes,
    read_file,
)
from agency.table.read.csvfile import chosen_delimiter, decode
from agency.table.read.frames import Records, read_header
from agency.table.read.grid import Grid
from agency.table.read.workbook import open_book
from agency.table.starter import starter_files
from agency.table.written import canonical_csv, canonical_frames, canonical_workbook, marked_data, table_frames

__all__ = [
    "COMPANIONS",
    "PACKAGED",
    "Archive",
    "Choices",
    "Examination",
    "Grid",
    "OversizeError",
    "Records",
    "Table",
    "canonical_csv",
    "canonical_frames",
    "canonical_workbook",
    "chosen_delimiter",
    "companion_files",
    "damage_said",
    "decode",
    "examine_data",
    "file_type",
    "input_paths",
    "is_one_name",
    "load_table",
    "marked_data",
    "named_status",
    "named_years",
    "open_book",
    "open_table",
    "packaged_folder",
    "part_map",
    "read_bytes",
    "read_file",
    "read_header",
    "starter_files",
    "statement_schema",
    "table_frames",
    "table_quotes",
    "walk",
]
