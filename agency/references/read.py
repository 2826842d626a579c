"""The one door to references: a file or a folder, read by what it is, with everything that is wrong in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from agency import words
from agency.references.faults import Fault
from agency.references.inputs.bibtex import read_bibtex
from agency.references.inputs.csljson import read_csl_json
from agency.references.inputs.sourcestable import read_sources_table
from agency.references.model import SOURCE_TYPES, References

LARGEST_FILE = 1 << 26
"""Bytes: a library of 60,000 entries is a third of it."""
REFERENCE_FILES = ("sources.bib", "sources.json", "sources.csv")
"""What a folder of a study may hold, one of them."""
_READERS = {".bib": read_bibtex, ".json": read_csl_json, ".csv": read_sources_table}


def read_references(place: Path | str) -> tuple[References, list[Fault]]:
    """Return the references of a file, or of the one that lies in a folder, and what is wrong with them.

    A folder without one gives none. Nothing is raised for what stands in a file.

    Raises
    ------
    OSError
        If the file cannot be opened.

    Examples
    --------
    >>> import agency
    >>> references, faults = read_references(agency.load().data.folder)
    >>> references["vilaseoane2024"].year, faults
    ('2024', [])
    """
    path = Path(place)
    if not path.is_dir():
        return references_from(path.read_bytes(), path.name)
    there = [path / name for name in REFERENCE_FILES if (path / name).is_file()]
    if not there:
        return References(), []
    references, faults = references_from(there[0].read_bytes(), there[0].name)
    if len(there) > 1:
        found = words.listed([one.name for one in there])
        faults.insert(0, Fault("reference-files-two", there[0].name, found=found))
    return references, faults


def references_from(data: bytes, file: str) -> tuple[References, list[Fault]]:
    """Return the references in the bytes of a file, chosen by its name, else by how it begins."""
    if len(data) > LARGEST_FILE:
        found = words.text("{size} MB, more than {most} MB", size=len(data) // (1 << 20), most=LARGEST_FILE >> 20)
        return References(file=file), [Fault("reference-file", file, found=found)]
    text, wrong = _text(data, file)
    if wrong:
        return References(file=file), [wrong]
    ending = Path(file).suffix.lower()
    reader = _READERS.get(ending) or (read_csl_json if text.lstrip()[:1] in ("[", "{") else read_bibtex)
    references, faults = reader(text, file)
    return references, [*faults, *_types(references), *_derivation(references)]


def _text(data: bytes, file: str) -> tuple[str, Fault | None]:
    """Return the text: with a byte-order mark as it says, else UTF-8, else Windows-1252."""
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        if "\0" in text:
            break
        return text.replace("\r\n", "\n").replace("\r", "\n"), None
    return "", Fault("reference-file", file, 1, found=words.text("bytes that are no text"))


def _types(references: References) -> list[Fault]:
    return [
        Fault("reference-type", one.origin, one.line, key, f"'{one.source_type}'")
        for key, one in references.items()
        if one.source_type and one.source_type not in SOURCE_TYPES
    ]


def _derivation(references: References) -> list[Fault]:
    """Return a fault per entry whose `derives_from` names no entry, or leads back to itself."""
    faults = []
    for key, one in references.items():
        for other in one.derives_from:
            if other not in references and other not in references.broken:
                faults.append(
                    Fault(
                        "reference-derived",
                        one.origin,
                        one.line,
                        key,
                        words.text("derives_from = '{other}'", other=other),
                    )
                )
    circles = _in_circles({key: one.derives_from for key, one in references.items() if one.derives_from})
    for key in references:
        if key in circles:
            one = references[key]
            faults.append(
                Fault("reference-derived", one.origin, one.line, key, words.text("derives_from, which leads back here"))
            )
    return faults


def _in_circles(graph: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Return the keys on a circle, or leading into one: those left when keys without a way on are taken away."""
    waits = {key: sum(other in graph for other in others) for key, others in graph.items()}
    named_by: dict[str, list[str]] = {}
    for key, others in graph.items():
        for other in others:
            named_by.setdefault(other, []).append(key)
    free = [key for key, number in waits.items() if number == 0]
    while free:
        for key in named_by.get(free.pop(), ()):
            waits[key] -= 1
            if waits[key] == 0:
                free.append(key)
    return {key for key, number in waits.items() if number > 0}
