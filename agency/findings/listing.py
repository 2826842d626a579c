"""Findings as text, JSON and CSV. In text, a mistake that repeats is one entry with its first lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from agency import words
from agency.characters import json_text, spreadsheet
from agency.findings.finding import COLUMNS_PRINTED, Finding, as_record, count, errors_of, in_order, printable

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
    >>> one_line(["encoding cp1252 assumed.", "48 projects are not listed."])
    'agency: encoding cp1252 assumed; 48 projects are not listed'
    """
    return f"agency: {'; '.join(notice.rstrip('.') for notice in notices)}"


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
