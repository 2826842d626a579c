"""Are the quotes in the texts? Every quote of the table, and of `claims.toml`, against the text of its source."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from agency.errors import DataError, UsageError, did_you_mean
from agency.findings import Finding, Place, UnreadableError, as_text, finding, in_order
from agency.table.passages import contains, nearest, normalise
from agency.table.read.decode import decode
from agency.table.read.locate import read_bytes

if TYPE_CHECKING:
    from agency.table.model import Table

CLAIMS_FILE = "claims.toml"


@dataclass(frozen=True)
class Quote:
    """A quote, the key of its source, and where it stands."""

    text: str
    source: str
    place: Place


@dataclass(frozen=True)
class Verification:
    """What became of the quotes: problems, and how many were looked for in how many texts."""

    findings: tuple[Finding, ...]
    quotes: int
    texts: int
    unquoted: int
    """Rows of the table without a quote."""

    @property
    def found(self) -> int:
        """How many quotes stand in their text."""
        return self.quotes - len(self.absent)

    @property
    def absent(self) -> tuple[Finding, ...]:
        """The quotes that do not."""
        return tuple(entry for entry in self.findings if entry.code == "quote-absent")


def verify_quotes(table: Table, texts: Path, files: Mapping[str, str] | None = None) -> Verification:
    """Look every quote up in the text of its source.

    Tags, ligatures, curly quotes, hyphenation and line breaks are ignored on both sides; footnote numbers within a
    passage are tolerated; ``[...]`` in a quote stands for omitted words.

    Parameters
    ----------
    table
        A sound table; its sources name their text in ``file``.
    texts
        The folder of the texts.
    files
        Source key to file name, over what the sources say.

    Returns
    -------
    Verification
        A finding per quote that is not in its text, with the nearest passage and its similarity, and per source
        without a text.

    Raises
    ------
    UsageError
        If the folder or a text cannot be read, or `files` names an unknown source.
    DataError
        If claims.toml is not TOML.
    """
    named = _files(table, texts, files or {})
    quotes = [*_table_quotes(table), *_claim_quotes(table)]
    findings: list[Finding] = []
    read: dict[str, str] = {}
    looked_for = 0
    for source, group in _by_source(quotes).items():
        path = named.get(source)
        if path is None:
            expected = "file in its entry of sources.bib, naming a text in the folder"
            findings.append(finding("text-missing", group[0].place, f"source '{source}'", expected=expected))
            continue
        read[source] = normalise(_text(path))
        looked_for += len(group)
        findings += _absent(group, read[source], path.name)
    unquoted = int((table.rows["quote"] == "").sum())
    return Verification(in_order(findings), looked_for, len(read), unquoted)


def _absent(quotes: Iterable[Quote], text: str, file: str) -> list[Finding]:
    """Return a finding per quote that a text does not hold, looking each distinct one up once."""
    known: dict[str, str] = {}
    findings = []
    for quote in quotes:
        if quote.text not in known:
            known[quote.text] = _verdict(text, normalise(quote.text), file)
        if known[quote.text]:
            findings.append(finding("quote-absent", quote.place, quote.text, expected=known[quote.text]))
    return findings


def _verdict(text: str, quote: str, file: str) -> str:
    """Return "" when the quote is in the text, else what stands nearest."""
    if contains(text, quote):
        return ""
    near = nearest(text, quote)
    if not near.passage:
        return f"words of {file}, which has none of them"
    return f"words of {file}; nearest (similarity {near.similarity:.2f}): '{near.passage}'"


def _files(table: Table, folder: Path, files: Mapping[str, str]) -> dict[str, Path]:
    """Return the text of each source that has one in the folder."""
    if not folder.is_dir():
        message = f"{folder}: there is no such folder. Give the folder of the source texts with --texts."
        raise UsageError(message)
    for key in files:
        if key not in table.sources:
            message = f"--map {key}: there is no such source.{did_you_mean(key, list(table.sources))}"
            raise UsageError(message)
    paths = {key: folder / files[key] for key in files}
    for key, path in paths.items():
        if not path.exists():
            message = f"--map {key}: {path} does not exist."
            raise UsageError(message)
    for key, source in table.sources.items():
        path = folder / source.file
        if key not in paths and source.file and path.exists() and path.resolve().is_relative_to(folder.resolve()):
            paths[key] = path
    return paths


def _text(path: Path) -> str:
    try:
        return decode(read_bytes(path), path.name).text
    except UnreadableError as problem:
        raise DataError(as_text(problem.findings), problem.findings) from problem


def _table_quotes(table: Table) -> list[Quote]:
    rows = table.rows.loc[table.rows["quote"] != ""]
    cells = zip(rows["quote"], rows["source"], rows["line"].tolist(), rows["row"].tolist(), strict=True)
    return [Quote(text, source, Place(table.name, line, row, "quote")) for text, source, line, row in cells]


def _claim_quotes(table: Table) -> list[Quote]:
    path = Path(table.folder) / CLAIMS_FILE
    if not table.folder or not path.exists():
        return []
    text = _text(path)
    try:
        claims = tomllib.loads(text).get("claim", [])
    except tomllib.TOMLDecodeError as error:
        message = f"{CLAIMS_FILE}: {error}. Correct the line."
        raise DataError(message) from error
    lines = [number for number, line in enumerate(text.split("\n"), 1) if line.strip().startswith("[[claim]]")]
    return [
        Quote(str(claim["quote"]), str(claim.get("source", "")), Place(CLAIMS_FILE, line, line, "quote"))
        for claim, line in zip(claims, lines, strict=False)
        if isinstance(claim, dict) and claim.get("quote")
    ]


def _by_source(quotes: Iterable[Quote]) -> dict[str, list[Quote]]:
    groups: dict[str, list[Quote]] = {}
    for quote in quotes:
        groups.setdefault(quote.source, []).append(quote)
    return groups
