"""BibTeX and BibLaTeX: read entry by entry through pybtex, so that a fault in one leaves the others whole; written.

The text is cut where a line begins an entry. Each piece is parsed by itself in pybtex's capturing mode: an unbalanced
brace costs one entry, not the rest of the library, and every fault has the key and the line it belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from agency import words
from agency.references.faults import Fault
from agency.references.inputs.bibfields import fields_of, reference_of
from agency.references.inputs.dates import month_of
from agency.references.model import Reference, References

if TYPE_CHECKING:
    from pybtex.database.input.bibtex import LowLevelParser

LARGEST_ENTRY = 1 << 18
"""Characters of one entry: abstracts and attachments stay far below."""
MOST_FAULTS = 20_000
"""A file with more is no library."""
_ENTRY = re.compile(r"^[ \t]*@[ \t]*(?P<type>\w+)\s*[{(][ \t]*(?P<key>[^\s,{}()=\"]*)", re.MULTILINE)
_COMMA_LESS = re.compile(r"\s*@\s*\w+\s*[{(]\s*[^\s,{}()=\"]+\s+[\w-]+\s*=")
_NO_ENTRIES = ("comment", "preamble")
_PARENTS = ("xdata", "crossref")
_NOT_INHERITED = {"crossref", "xdata", "ids", "entryset", "keywords", "options", "file", "label", "shorthand"}


@dataclass
class _Library:
    """What is gathered while reading."""

    file: str
    entries: dict[str, tuple[str, dict[str, str], int]] = field(default_factory=dict)
    """Type, fields and line by key."""
    broken: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, code: str, line: int, key: str, found: str, *, fix: str = "") -> None:
        self.faults.append(Fault(code, self.file, line, key, found, fix=fix))


def read_bibtex(text: str, file: str = "sources.bib") -> tuple[References, list[Fault]]:
    r"""Return the references of a BibTeX or BibLaTeX text, and what is wrong with it; nothing is raised.

    Examples
    --------
    >>> references, faults = read_bibtex("@online{a, title = {T}, date = {2021-05-04}}\n@misc{b, title = {T")
    >>> references["a"].year, [(fault.code, fault.line, fault.key) for fault in faults]
    ('2021', [('reference-syntax', 2, 'b')])
    """
    library = _Library(file)
    macros = _Macros()
    for piece, line, kind, key in _pieces(text):
        if kind.lower() in _NO_ENTRIES:
            continue
        if len(library.faults) > MOST_FAULTS:
            found = words.text(
                "more than {most_faults:,} faults before line {line}: reading stopped there",
                most_faults=MOST_FAULTS,
                line=line,
            )
            library.faults.append(Fault("reference-file", file, line, found=found))
            break
        if len(piece) > LARGEST_ENTRY:
            library.fault("reference-syntax", line, key, words.text("an entry of {count} characters", count=len(piece)))
            library.broken.setdefault(key, line)
            continue
        _read_piece(library, piece, line, key, macros)
    whole = _inherited(library)
    entries = {}
    for key, (kind, own, line) in library.entries.items():
        reference, unclear = reference_of(key, kind, whole[key], own)
        if unclear:
            library.fault("reference-names", line, key, f"'{unclear}'")
        entries[key] = replace(reference, line=line, origin=file)
    broken = {key: line for key, line in library.broken.items() if key not in entries}
    return References(entries, broken=broken, file=file), library.faults


def write_bibtex(references: Iterable[Reference]) -> str:
    r"""Return references as BibTeX with every field as it was written; what comes from elsewhere is put into fields.

    Examples
    --------
    >>> print(write_bibtex(read_bibtex("@misc{a, title = {{ECU} 911}, x-own = {1}}")[0].values()), end="")
    @misc{a,
      title = {{ECU} 911},
      x-own = {1},
    }
    """
    parts = []
    for reference in references:
        kind, fields = fields_of(reference)
        lines = "".join(f"  {name} = {{{_balanced(value)}}},\n" for name, value in fields.items())
        parts.append(f"@{kind}{{{reference.key},\n{lines}}}\n")
    return "\n".join(parts)


def _balanced(value: str) -> str:
    """Return a value that does not end the entry before its time; what is balanced stays as it is."""
    depth = 0
    for sign in re.findall(r"[{}]", value):
        depth += 1 if sign == "{" else -1
        if depth < 0:
            break
    sound = value if depth == 0 else value.replace("{", "").replace("}", "")
    return sound if not sound.endswith("\\") else sound + " "


def _pieces(text: str) -> Iterator[tuple[str, int, str, str]]:
    """Return each entry with what follows it, its line, its type and its key."""
    starts = list(_ENTRY.finditer(text))
    line, position = 1, 0
    for number, start in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        line += text.count("\n", position, start.start())
        position = start.start()
        yield text[position:end], line, start["type"], start["key"]


class _Macros(dict[str, str]):
    """Words defined by @string, and the months, in any case."""

    def __init__(self) -> None:
        from pybtex.database.input.bibtex import month_names

        super().__init__({name: str(number) for number, name in enumerate(month_names, 1)})

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __setitem__(self, name: str, value: str) -> None:
        super().__setitem__(name.lower(), value)


@cache
def _parser() -> Callable[..., LowLevelParser]:
    """Return pybtex's scanner with two changes: it looks for all signs at once, and keeps words it does not know."""
    from pybtex.database.input.bibtex import LowLevelParser
    from pybtex.scanner import Token

    class Scanner(LowLevelParser):  # type: ignore[misc, unused-ignore]
        unknown: list[tuple[str, int]]
        pos: int

        def skip_to(self, patterns: list[Any]) -> Any:
            # One search for the nearest of all signs: looked for one by one, an absent sign costs the whole text
            # each time.
            signs = {pattern.description.strip("'"): pattern for pattern in patterns}
            found = _any_of("".join(signs)).search(self.text, self.pos)
            if found is None:
                return None
            value = self.text[self.pos : found.end()]
            self.pos = found.end()
            self.update_lineno(value)
            return Token(value, signs[found[0]])

        def substitute_macro(self, name: str) -> str:
            try:
                return str(self.macros[name])
            except KeyError:
                self.unknown.append((name, self.lineno))
                return name

    return Scanner


@cache
def _any_of(signs: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(signs)}]")


def _read_piece(library: _Library, piece: str, line: int, key: str, macros: _Macros) -> None:
    errors: list[Any] = []
    scanner = _parser()(piece, macros=macros, handle_error=errors.append)
    scanner.unknown = []
    at = line
    for command, body in scanner:
        if command.lower() in ("string", "preamble", "comment"):
            continue
        at = line + piece.count("\n", 0, scanner.command_start or 0)
        _keep(library, command, body, at, broken=bool(errors))
    if errors and not key:
        library.fault("reference-key", line, "", words.text("an entry without a key"))
        return
    for error in errors:
        # Text after an entry that looks like no entry at all ("me@example.org") is a comment, as in BibTeX.
        if key or scanner.command_start == 0:
            message = re.sub(r"^[a-z ]+(?: in line \d+)?: ", "", str(error))
            library.fault("reference-syntax", line + error.lineno - 1, key, message)
            library.broken.setdefault(key, line)
    for word, at in scanner.unknown:
        if month_of(word) == (0, 0):
            library.fault(
                "reference-word",
                line + at - 1,
                key,
                words.text("the word '{word}'", word=word),
                fix=words.text("Put it in braces: {{{word}}}.", word=word),
            )
    if not errors and _COMMA_LESS.match(piece):
        library.fault(
            "reference-comma",
            line,
            key,
            words.text("no comma after the key '{key}'", key=key),
            fix=words.text("Write {key}, with a comma.", key=key),
        )


def _keep(library: _Library, command: str, body: Any, line: int, *, broken: bool) -> None:
    """Keep an entry, unless it is broken, has no key, or its key is taken."""
    key, written = body
    if not key or not key.strip():
        if not broken:
            library.fault("reference-key", line, "", words.text("@{command} without a key", command=command))
        return
    if broken:
        return
    fields: dict[str, str] = {}
    for name, parts in written:
        value = " ".join("".join(parts).split())
        if name.lower() in fields and fields[name.lower()] != value:
            library.fault("reference-field", line, key, f"'{name}' twice")
        fields.setdefault(name.lower(), value)
    known = library.entries.get(key)
    if known is None:
        library.entries[key] = (command.lower(), fields, line)
    elif known[:2] != (command.lower(), fields):
        library.fault(
            "reference-repeated",
            line,
            key,
            words.text("key '{key}' again, first on line {line}", key=key, line=known[2]),
        )


def _inherited(library: _Library) -> dict[str, dict[str, str]]:
    """Return the fields of every entry with those of its parents (xdata, crossref), parents first; circles are cut."""
    done: dict[str, dict[str, str]] = {}
    begun: set[str] = set()
    for root in library.entries:
        waiting = [root]
        while waiting:
            key = waiting[-1]
            begun.add(key)
            parents = _parents(library.entries[key][1])
            first = [parent for parent in parents if parent in library.entries and parent not in begun]
            waiting += first
            if not first:
                if key not in done:
                    done[key] = _with_parents(library, key, done)
                waiting.pop()
    return done


def _parents(fields: Mapping[str, str]) -> list[str]:
    return [key.strip() for name in _PARENTS for key in fields.get(name, "").split(",") if key.strip()]


def _with_parents(library: _Library, key: str, done: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    kind, own, line = library.entries[key]
    fields = dict(own)
    for name in _PARENTS:
        for parent in (part.strip() for part in own.get(name, "").split(",")):
            if not parent:
                continue
            if parent not in done:
                if parent in library.entries:
                    why = words.text("{name} = '{parent}', which goes round in a circle", name=name, parent=parent)
                else:
                    why = words.text("{name} = '{parent}', which is not there", name=name, parent=parent)
                library.fault("reference-parent", line, key, why)
                continue
            for field_name, value in done[parent].items():
                told = field_name if name == "xdata" else _told(kind, library.entries[parent][0], field_name)
                if told:
                    fields.setdefault(told, value)
    return fields


def _told(kind: str, parent: str, name: str) -> str:
    """Return the field of the child that a field of its parent fills: a book's title is its chapter's `booktitle`."""
    if name in _NOT_INHERITED:
        return ""
    if name not in ("title", "subtitle", "titleaddon"):
        return name if not (name == "author" and kind in ("inbook",)) else "bookauthor"
    if kind in ("article", "suppperiodical") or parent == "periodical":
        return f"journal{name}"
    if kind in ("inbook", "incollection", "inproceedings", "conference", "suppbook", "suppcollection", "inreference"):
        return f"book{name}"
    return ""
