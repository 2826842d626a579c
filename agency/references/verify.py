"""Are the quotes in the texts? Every quote against the text of its source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from agency import words
from agency.errors import UsageError, did_you_mean
from agency.references.faults import Fault
from agency.references.model import Reference, bare_reference
from agency.references.passages import Searchable, nearest, says_something
from agency.references.texts import TextError, read_text, text_file


@dataclass(frozen=True)
class Quote:
    """A quote, the key of its source, and where it stands."""

    text: str
    source: str
    file: str
    line: int = 0
    row: int = 0
    column: str = "quote"


@dataclass(frozen=True)
class Verification:
    """What became of the quotes."""

    faults: tuple[Fault, ...]
    quotes: int
    """Quotes looked for: those whose source has a text."""
    texts: int
    bridged: Mapping[str, int] = field(default_factory=dict)
    """How many quotes were found only over hyphenation, ligatures, footnote numbers, page headers."""
    read: Mapping[str, str] = field(default_factory=dict)
    """How the text of a file was made, by file name, where it is no plain text."""

    @property
    def found(self) -> int:
        """How many quotes stand in their text."""
        return self.quotes - sum(fault.code == "quote-absent" for fault in self.faults)


def verify_quotes(
    quotes: Iterable[Quote],
    references: Mapping[str, Reference],
    folder: Path,
    files: Mapping[str, str] | None = None,
) -> Verification:
    """Look every quote up in the text of its source.

    Parameters
    ----------
    quotes
        With the key of their source and their place.
    references
        They may name their text in ``file``; without it, KEY.txt (.md, .html, .docx, .pdf) is looked for.
    folder
        Of the texts.
    files
        Source key to file name, over what is said and found otherwise.

    Returns
    -------
    Verification
        A fault per quote that is not in its text, with the nearest passage and its similarity, per source without a
        text or with an unreadable one, and per quote without a letter or digit.

    Raises
    ------
    UsageError
        If there is no such folder, or `files` names an unknown source or file.
    """
    groups: dict[str, list[Quote]] = {}
    for quote in quotes:
        groups.setdefault(quote.source, []).append(quote)
    named = _given(folder, files or {}, {*references, *groups})
    work = _Work()
    for key, group in groups.items():
        path = named.get(key) or text_file(references.get(key, bare_reference(key)), folder)
        work.source(key, group, path)
    return Verification(tuple(work.faults), work.quotes, work.texts, dict(work.bridged), work.read)


@dataclass
class _Work:
    faults: list[Fault] = field(default_factory=list)
    quotes: int = 0
    texts: int = 0
    bridged: Counter[str] = field(default_factory=Counter)
    read: dict[str, str] = field(default_factory=dict)

    def source(self, key: str, group: list[Quote], path: Path | None) -> None:
        """Look up the quotes of one source."""
        sound = [quote for quote in group if says_something(quote.text)]
        self.faults += [_fault("quote-empty", quote) for quote in group if quote not in sound]
        if path is None:
            expected = words.text("file in its entry, or {key}.txt, in the folder", key=key)
            self.faults.append(_fault("text-missing", group[0], words.text("source '{key}'", key=key), expected))
            return
        try:
            found = read_text(path)
        except TextError as error:
            self.faults.append(_fault("text-unreadable", group[0], f"{path.name}: {error}", fix=error.fix))
            return
        except OSError as error:
            message = words.text("{path}: cannot be read ({reason}).", path=path, reason=error.strerror)
            raise UsageError(message) from error
        self.texts += 1
        if found.how:
            self.read[path.name] = found.how
        self._look_up(sound, Searchable(found.text), path.name)

    def _look_up(self, quotes: list[Quote], text: Searchable, file: str) -> None:
        known: dict[str, tuple[str, ...] | str] = {}
        for quote in quotes:
            if quote.text not in known:
                bridged = text.find(quote.text)
                known[quote.text] = _near(text, quote.text, file) if bridged is None else bridged
            verdict = known[quote.text]
            self.quotes += 1
            if isinstance(verdict, str):
                self.faults.append(_fault("quote-absent", quote, quote.text, verdict))
            else:
                self.bridged.update(verdict)


def _near(text: Searchable, quote: str, file: str) -> str:
    near = nearest(text.plain, quote)
    if not near.passage:
        return words.text("words of {file}, which has none of them", file=file)
    return words.text(
        "words of {file}; nearest (similarity {similarity:.2f}): '{passage}'",
        file=file,
        similarity=near.similarity,
        passage=near.passage,
    )


def _fault(code: str, quote: Quote, found: str | None = None, expected: str = "", fix: str = "") -> Fault:
    said = quote.text if found is None else found
    return Fault(code, quote.file, quote.line, "", said, expected, fix, quote.row, quote.column)


def _given(folder: Path, files: Mapping[str, str], keys: set[str]) -> dict[str, Path]:
    """Return the texts named in the call."""
    if not folder.is_dir():
        message = words.text(
            "{folder}: there is no such folder. Give the folder of the source texts with --texts.", folder=folder
        )
        raise UsageError(message)
    for key, name in files.items():
        if key not in keys:
            message = words.text(
                "--map {key}: there is no such source.{hint}", key=key, hint=did_you_mean(key, sorted(keys))
            )
            raise UsageError(message)
        if not (folder / name).exists():
            message = words.text("--map {key}: {folder} does not exist.", key=key, folder=folder / name)
            raise UsageError(message)
        if not (folder / name).is_file():
            message = words.text("{folder}: cannot be read (it is no file).", folder=folder / name)
            raise UsageError(message)
    return {key: folder / name for key, name in files.items()}
