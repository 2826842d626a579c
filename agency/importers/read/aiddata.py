"""AidData's workbooks and CSV files: which of them a file is, its columns say."""

from __future__ import annotations

from collections.abc import Sequence

from agency.findings import Place, UnreadableError, finding
from agency.importers.mapping import MappingFile, preset
from agency.importers.read.given import Given, header_rows, table_records
from agency.table import Records
from agency.vocabulary import fold
from agency.words import listed, text

PRESETS = ("aiddata3", "aiddata2", "aiddata1")


def recognised(given: Given) -> MappingFile:
    """Return the mapping whose columns a file has.

    Raises
    ------
    UnreadableError
        If it has those of none: naming, for the one it has most of, what is missing.
    """
    heads = [{fold(cell) for cell in row} for row in header_rows(given)]
    best: tuple[int, int, MappingFile, list[str]] | None = None
    for name in PRESETS:
        mapping = preset(name)
        for head in heads:
            missing = [column for column in mapping.recognise if fold(column) not in head]
            if not missing:
                return mapping
            has = len(mapping.recognise) - len(missing)
            if best is None or has > best[0]:
                best = (has, len(missing), mapping, missing)
    assert best is not None
    has, _, mapping, missing = best
    if has:
        found = text("{title}, but without {names}", title=mapping.title, names=listed(missing))
        raise UnreadableError(finding("import-column", Place(given.name), found, expected=listed(mapping.recognise)))
    titles = listed([preset(name).title for name in PRESETS])
    raise UnreadableError(finding("import-other", Place(given.name), given.looks_like, expected=titles))


def aiddata_records(files: Sequence[Given]) -> tuple[list[Records], MappingFile]:
    """Return the records of files of one kind, and their mapping.

    Raises
    ------
    UnreadableError
        If a file is none of AidData's, or two are of different versions.
    """
    mappings = [recognised(given) for given in files]
    other = next((mapping for mapping in mappings if mapping.title != mappings[0].title), None)
    if other is not None:
        found = listed([mappings[0].title, other.title])
        raise UnreadableError(finding("import-two", Place(files[0].name), found))
    return [table_records(given, mappings[0]) for given in files], mappings[0]
