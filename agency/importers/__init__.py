"""Other people's files to the files of a study: wide tables, AidData, IATI, open contracting, coded passages."""

from __future__ import annotations

from agency.importers.doors import DOORS, ImportChoices, import_files
from agency.importers.folder import counts, study_files

__all__ = ["DOORS", "ImportChoices", "counts", "import_files", "study_files"]
