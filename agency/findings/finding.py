"""What is wrong: every kind of problem (`findings.toml`), the record of one found, and how they are printed."""

from __future__ import annotations

import csv
import io
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from agency import words
from agency.characters import json_text, spreadsheet

if TYPE_CHECKING:
    import pandas as pd


Severity = Literal["error", "warning", "information"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "information")


@dataclass(frozen=True)
class Kind:
    """One kind of problem.

    ``template`` may use ``{found}`` (as it stands), ``{value}`` (quoted, odd characters named) and ``{expected}``.
    ``expected`` and ``fix`` are used where a finding does not bring its own.
    """

    group: str
    code: str
    severity: Severity
    title: str
    template: str
    expected: str
    fix: str


@cache
def kinds() -> Mapping[str, Kind]:
    """Return every kind of problem by its code, in the order of `docs/problems.md`.

    Examples
    --------
    >>> kinds()["end-before-start"].severity
    'error'
    """
    text = (resources.files("agency.findings") / "findings.toml").read_text("utf-8")
    return MappingProxyType({entry["code"]: Kind(**entry) for entry in tomllib.loads(text)["kind"]})


__all__ = [
    "MOST_LISTED",
    "Finding",
    "Place",
    "at_rows",
    "count",
    "errors_of",
    "finding",
    "has_control",
    "has_invisible",
    "in_order",
    "printable",
    "show",
]

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2028\u2029\u2060-\u2064\ufeff\ufff9-\ufffc]")


@words.in_own_language
@dataclass(frozen=True)
class Finding:
    """One problem at one place."""

    file: str
    line: int
    """Physical line; 0 when the finding is about the whole file."""
    row: int
    """Row as a spreadsheet shows it, header = 1; 0 with line 0."""
    column: str
    code: str
    severity: Severity
    found: str
    expected: str
    fix: str
    times: int = 1
    """How many rows it is about, where it stands at the first of several."""
    more: int = 0
    """How many others of its kind and column are counted with it and not listed (`MOST_LISTED`)."""
    label: str = ""
    """What the row is called where it has no line in a file: its label in the index of a DataFrame."""
    language: str = field(default_factory=words.language, compare=False, repr=False)
    """That of what was expected and what to do: the rest of it is said in the same."""

    @property
    def message(self) -> str:
        """What was found and what was expected, in a sentence without place and fix."""
        places = {"found": self.found, "value": show(self.found), "expected": self.expected, "column": self.column}
        return words.text(kinds()[self.code].template, **places)


MOST_LISTED = 10_000
"""Findings of one kind in one column that are listed, each: with two million wrong cells nobody reads the rest, and
they cost a gigabyte. The rest is counted."""

COLUMNS_PRINTED = ("file", "line", "row", "column", "code", "severity", "found", "expected", "fix")
"""What a finding is in JSON, CSV and frames."""


def as_record(entry: Finding) -> dict[str, str | int]:
    """Return a finding as it is exported."""
    return {name: getattr(entry, name) for name in COLUMNS_PRINTED}


@dataclass(frozen=True)
class Place:
    """Where a problem is."""

    file: str
    line: int = 0
    row: int = 0
    column: str = ""


def finding(code: str, place: Place, found: str = "", *, expected: str = "", fix: str = "", times: int = 1) -> Finding:
    """Return a finding of a catalogue kind; what is not given comes from the kind."""
    kind = kinds()[code]
    return Finding(
        place.file,
        place.line,
        place.row or place.line,
        place.column,
        code,
        kind.severity,
        found,
        expected or words.text(kind.expected),
        fix or words.text(kind.fix),
        times,
    )


def at_rows(
    code: str,
    file: str,
    rows: pd.DataFrame,
    *,
    column: str = "",
    found: Iterable[str] | None = None,
    expected: Iterable[str] | str = "",
    fix: Iterable[str] | str = "",
) -> list[Finding]:
    """Return a finding for each of the given rows (with ``line`` and ``row``); found is the cell where not given.

    There are at most `MOST_LISTED`; the last of them carries the number of the others.
    """
    size = min(len(rows), MOST_LISTED)
    if not size:
        return []
    more = len(rows) - size
    lines, numbers = rows["line"].head(size).tolist(), rows["row"].head(size).tolist()
    values = islice(found, size) if found is not None else rows[column].head(size).tolist() if column else [""] * size
    wanted, advice = ([text] * size if isinstance(text, str) else islice(text, size) for text in (expected, fix))
    places = zip(lines, numbers, values, wanted, advice, strict=True)
    findings = [
        finding(code, Place(file, line, row, column), value, expected=text, fix=remedy)
        for line, row, value, text, remedy in places
    ]
    return [*findings[:-1], replace(findings[-1], more=more)] if more else findings


def errors_of(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the errors among findings."""
    return tuple(entry for entry in findings if entry.severity == "error")


def count(findings: Iterable[Finding]) -> dict[Severity, int]:
    """Return how many findings there are of each severity."""
    numbers = dict.fromkeys(SEVERITIES, 0)
    for entry in findings:
        numbers[entry.severity] += 1 + entry.more
    return numbers


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings, errors first, then by file as read, line and column."""
    found = list(findings)
    files = list(dict.fromkeys(entry.file for entry in found))
    rank = {name: position for position, name in enumerate(files)}
    return tuple(
        sorted(found, key=lambda f: (SEVERITIES.index(f.severity), rank[f.file], f.line, f.column, f.code, f.found))
    )


def show(value: str) -> str:
    """Return a value in quotation marks, with characters named that look like others or like nothing.

    Examples
    --------
    >>> show("сhinese")
    "'сhinese' (with CYRILLIC SMALL LETTER ES)"
    """
    text = printable(value)
    text = text if len(text) <= 120 else text[:117] + "..."
    odd = list(dict.fromkeys(_odd_name(c) for c in value if _is_odd(c)))
    return words.text("'{text}' (with {names})", text=text, names=", ".join(odd)) if odd else f"'{text}'"


def printable(text: str) -> str:
    """Return a text that stays on its line and does nothing to a terminal: other characters as their codes."""
    return text if text.isprintable() else "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def has_control(cell: str) -> bool:
    """Say whether a text holds control or text-direction characters, which could hide or reorder it."""
    return bool(_CONTROL.search(cell))


def has_invisible(cell: str) -> bool:
    """Say whether a text holds characters that nobody sees: zero-width spaces, soft hyphens."""
    return bool(_INVISIBLE.search(cell))


def _is_odd(character: str) -> bool:
    """Say whether a character is invisible, or a letter of another script than Latin."""
    if character.isascii():
        return not character.isprintable()
    if character.isspace() or not character.isprintable():
        return True
    return unicodedata.name(character, "").startswith(("CYRILLIC", "GREEK", "FULLWIDTH"))


def _odd_name(character: str) -> str:
    return unicodedata.name(character, "") or words.text("control character {code}", code=f"U+{ord(character):04X}")


class UnreadableError(Exception):
    """Reading a file cannot go on; carries the findings that say why."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__(findings[0].code)
        self.findings = findings


SHOWN = 5
"""Lines of a repeated mistake, and different mistakes of one kind in one column, before "and N more"."""


_SEVERITY = {
    "error": words.marked("error"),
    "warning": words.marked("warning"),
    "information": words.marked("information"),
}


def as_text(findings: Iterable[Finding], *, everything: bool = False) -> str:
    """Return the findings for people, errors first, repeated mistakes grouped.

    Parameters
    ----------
    findings
        In any order.
    everything
        List every line and every entry.
    """
    limit = None if everything else SHOWN
    kinds: dict[tuple[str, ...], dict[tuple[str, ...], list[Finding]]] = {}
    for entry in in_order(findings):
        kind = kinds.setdefault((entry.severity, entry.file, entry.code, entry.column), {})
        kind.setdefault((entry.found, entry.expected, entry.fix), []).append(entry)
    lines = []
    for (severity, _, code, _), groups in kinds.items():
        entries = list(groups.values())
        together = severity == "information" and limit and len(entries) > 1
        if together:
            lines.append(f"{words.text(_SEVERITY[severity])}: {_together(entries)} [{code}]")
        else:
            lines += [
                f"{words.text(_SEVERITY[severity])}: {_entry(group, limit)} [{code}]" for group in entries[:limit]
            ]
        rest = sum(len(group) for group in entries[SHOWN:]) if limit and not together else 0
        if rest:
            sentence = words.marked("{severity}: and {n} more of [{code}] in {file}; --all shows them")
            places = {"severity": words.text(_SEVERITY[severity]), "n": rest, "code": code, "file": entries[0][0].file}
            lines.append(words.text(sentence, **places))
        unlisted = sum(entry.more for group in entries for entry in group)
        if unlisted:
            sentence = words.marked("{severity}: and {n} more of [{code}], counted and not listed; correct these first")
            lines.append(
                words.text(sentence, severity=words.text(_SEVERITY[severity]), n=words.number(unlisted), code=code)
            )
    return "\n".join(lines)


def summary(findings: Iterable[Finding]) -> str:
    """Return how many errors, warnings and pieces of information there are.

    Examples
    --------
    >>> summary([])
    'no errors, no warnings'
    """
    numbers = count(findings)
    errors, warnings = numbers["error"], numbers["warning"]
    parts = [
        words.counted("{number} error", "{number} errors", errors, number=errors)
        if errors
        else words.text("no errors"),
        words.counted("{number} warning", "{number} warnings", warnings, number=warnings)
        if warnings
        else words.text("no warnings"),
    ]
    if numbers["information"]:
        parts.append(words.text("{n} for information", n=numbers["information"]))
    return ", ".join(parts)


def reading_notices(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Return what every command says of how a table was read: values by label, columns in other words, own columns.

    Examples
    --------
    >>> reading_notices([])
    ()
    """
    found = list(findings)
    values = sum(entry.times for entry in found if entry.code == "value-read")
    near = [f"{entry.found} = {entry.expected}" for entry in found if entry.code == "column-near"]
    own = [entry.found for entry in found if entry.code == "column-unknown"]
    notices = []
    if values:
        notices.append(
            words.counted(
                "{n} value read by its label (agency check lists it)",
                "{n} values read by their labels (agency check lists them)",
                values,
            )
        )
    if near:
        notices.append(words.text("columns read by their names: {names}", names=words.listed(near, most=5)))
    if own:
        notices.append(words.text("your own columns: {names}", names=words.listed(own, most=5)))
    return tuple(printable(notice) for notice in notices)


def warning_notices(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Return how many warnings there are and where they are told, nothing for none.

    Examples
    --------
    >>> warning_notices([])
    ()
    """
    warnings = count(findings)["warning"]
    said = words.counted("{n} warning (agency check)", "{n} warnings (agency check)", warnings)
    return (said,) if warnings else ()


def one_line(notices: Iterable[str]) -> str:
    """Return all that a command has to say beside its result in one line.

    Examples
    --------
    >>> one_line(["encoding cp1252 assumed.", "columns read by their names.", "Not listed: 48 projects."])
    'agency: encoding cp1252 assumed; columns read by their names. Not listed: 48 projects.'
    """
    said = ""
    for notice in notices:
        said += (". " if notice[:1].isupper() else "; ") * bool(said) + notice.rstrip(".")
    return f"agency: {said}."


def closing(name: str, findings: Sequence[Finding]) -> str:
    """Return the last line of a check of the table `name`: what was looked at, and how many findings there are.

    Examples
    --------
    >>> closing("cases.csv", [])
    'cases.csv: no errors, no warnings.'
    """
    if any(entry.file != name for entry in findings):
        return words.text("{file} and the files beside it: {summary}.", file=name, summary=summary(findings))
    return words.text("{file}: {summary}.", file=name, summary=summary(findings))


def as_message(findings: Sequence[Finding]) -> str:
    """Return the message of a `DataError`: the errors, and where the rest can be seen."""
    sentence = words.marked("{summary}. Nothing was computed; 'agency check' shows everything.")
    return f"{as_text(errors_of(findings))}\n{words.text(sentence, summary=summary(findings))}"


def as_json(findings: Iterable[Finding], notices: Iterable[str] = ()) -> str:
    """Return ``{"errors", "warnings", "information", "notices", "findings": [...]}``, findings in order."""
    ordered = in_order(findings)
    numbers = count(ordered)
    content = {
        "errors": numbers["error"],
        "warnings": numbers["warning"],
        "information": numbers["information"],
        "not_listed": sum(entry.more for entry in ordered),
        "notices": list(notices),
        "findings": [{**as_record(entry), "message": entry.message} for entry in ordered],
    }
    return json_text(content)


def as_csv(findings: Iterable[Finding]) -> str:
    """Return one line per finding; nothing in it runs in a spreadsheet or moves a screen."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS_PRINTED)
    for entry in in_order(findings):
        writer.writerow([_harmless(value) for value in as_record(entry).values()])
    return stream.getvalue()


def _together(groups: list[list[Finding]]) -> str:
    """Return pieces of information of one kind about one column in one line, with what to do once."""
    first = groups[0][0]
    told = [
        words.counted(
            "line {lines}: {message}",
            "lines {lines}: {message}",
            len(group),
            lines=_lines(group, SHOWN).removeprefix(":"),
            message=group[0].message,
        )
        if group[0].line
        else group[0].message
        for group in groups[:SHOWN]
    ]
    more = [words.text("and {n} more (--all shows them)", n=len(groups) - SHOWN)] if len(groups) > SHOWN else []
    said = "; ".join([*told, *more])
    return printable(f"{_in_column(first.file, first.column)}, {said}. {first.fix}")


def _entry(group: list[Finding], limit: int | None) -> str:
    first = group[0]
    place = _in_column(f"{first.file}{_lines(group, limit)}", first.column)
    return printable(f"{place}: {first.message}. {first.fix}")


def _in_column(place: str, column: str) -> str:
    return words.text("{place}, column {column}", place=place, column=column) if column else place


def _lines(group: list[Finding], limit: int | None) -> str:
    places = [
        words.text("{line} (row {row})", line=f.line, row=f.row) if f.row != f.line else str(f.line)
        for f in group
        if f.line
    ]
    if not places:
        return ""
    more = len(places) - len(places[:limit])
    if group[0].label:
        labels = words.listed([f.label for f in group][:limit], most=len(places))
        return words.text("[{labels} and {n} more]", labels=labels, n=more) if more else f"[{labels}]"
    said = ", ".join(places[:limit])
    return ":" + (words.text("{names} and {n} more", names=said, n=more) if more else said)


def _harmless(value: object) -> object:
    return spreadsheet(printable(value)) if isinstance(value, str) else value
