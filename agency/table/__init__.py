"""From bytes to a sound `Table`: read, checked cell by cell and rule by rule, identities and windows completed."""

from __future__ import annotations

from agency.table.complete import part_map
from agency.table.load import examine_data, load_table
from agency.table.model import Source, Table
from agency.table.read.locate import COMPANIONS, PACKAGED, companion_files, packaged_folder
from agency.table.starter import starter_files
from agency.table.verify import verify_quotes

__all__ = [
    "COMPANIONS",
    "PACKAGED",
    "Source",
    "Table",
    "companion_files",
    "examine_data",
    "load_table",
    "packaged_folder",
    "part_map",
    "starter_files",
    "verify_quotes",
]
