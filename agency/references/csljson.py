"""CSL-JSON, as Zotero, Mendeley and pandoc write it: read entry by entry, and written for pandoc."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from agency import words
from agency.references.bibtex import doi_of, keys_of
from agency.references.fieldtext import clean, day_of_parts, issue_dates, written_year
from agency.references.model import Day, Fault, Name, Reference, References

_TAG = re.compile(r"</?(?:i|b|em|strong|sub|sup|sc|span)\b[^<>]{0,80}>", re.IGNORECASE)
_EXTRA = re.compile(r"^\s*(?P<name>[A-Za-z][\w -]{0,40}?)\s*:\s*(?P<value>.+?)\s*$", re.MULTILINE)
"""Lines of Zotero's field Extra, which arrives as `note`: "Citation Key: perez2020"."""
_OURS = ("source_type", "derives_from", "file")
_ROLES = ("author", "editor", "translator", "interviewer")


def read_csl_json(text: str, file: str = "sources.json") -> tuple[References, list[Fault]]:
    """Return the references of a CSL-JSON text, and what is wrong with it; nothing is raised.

    A key is the entry's ``citation-key``, else "Citation Key: …" in its note, else its ``id``.

    Examples
    --------
    >>> text = '[{"id": "a", "type": "webpage", "title": "T", "issued": {"date-parts": [["2021", 5]]}}]'
    >>> references, faults = read_csl_json(text)
    >>> references["a"].year, references["a"].issued, faults
    ('2021', Day(year=2021, month=5, day=0), [])
    """
    faults: list[Fault] = []
    entries: dict[str, Reference] = {}
    broken: dict[str, int] = {}
    for number, (item, line) in enumerate(_items(text, file, faults), 1):
        key = _key(item) if isinstance(item, dict) else ""
        if not isinstance(item, dict) or not key:
            faults.append(
                Fault("reference-key", file, line, "", words.text("entry {number} without an id", number=number))
            )
            continue
        wrong = _wrong(item)
        if wrong:
            faults.append(Fault("reference-value", file, line, key, wrong))
            broken.setdefault(key, line)
        elif key in entries:
            if dict(entries[key].fields) != item:
                again = words.text("key '{key}' again, first on line {line}", key=key, line=entries[key].line)
                faults.append(Fault("reference-repeated", file, line, key, again))
        else:
            entries[key] = _reference(key, item, line, file)
    return References(entries, broken={k: v for k, v in broken.items() if k not in entries}, file=file), faults


def _items(text: str, file: str, faults: list[Fault]) -> list[tuple[Any, int]]:
    """Return the entries of a list, of ``{"items": [...]}`` or a single one, each with the line it begins on."""
    decoder = json.JSONDecoder()
    space = re.compile(r"[\s,]*")
    found: list[tuple[Any, int]] = []
    position = space.match(text).end()  # type: ignore[union-attr]
    if not text[position : position + 1]:
        return []
    wrapped = re.compile(r'\{\s*"items"\s*:\s*').match(text, position)
    position = wrapped.end() if wrapped else position
    many = text[position : position + 1] == "["
    position = space.match(text, position + many).end()  # type: ignore[union-attr]
    line, counted = 1, 0
    try:
        while position < len(text) and text[position] != "]":
            line, counted = line + text.count("\n", counted, position), position
            item, position = decoder.raw_decode(text, position)
            found.append((item, line))
            position = space.match(text, position).end()  # type: ignore[union-attr]
            if not many:
                break
        if many and position >= len(text):
            faults.append(Fault("reference-file", file, text.count("\n") + 1, found=words.text("the list has no end")))
    except json.JSONDecodeError as error:
        faults.append(Fault("reference-file", file, error.lineno, found=words.text("no JSON: {msg}", msg=error.msg)))
    except (RecursionError, ValueError) as error:
        why = (
            words.text("too many nested brackets")
            if isinstance(error, RecursionError)
            else words.text("a number too long")
        )
        faults.append(Fault("reference-file", file, line, found=why))
    return found


def _key(item: Mapping[str, Any]) -> str:
    noted = _extra(item).get("citation key", "")
    return next((text for text in (_text(item, "citation-key"), noted, _text(item, "id")) if text), "")


def _extra(item: Mapping[str, Any]) -> dict[str, str]:
    note = item.get("note")
    if not isinstance(note, str) or ":" not in note:
        return {}
    return {found["name"].lower().replace(" ", " "): found["value"] for found in _EXTRA.finditer(note[:20_000])}


def _wrong(item: Mapping[str, Any]) -> str:
    """Return what is no value of its field: a list as a title, a text as a list of names."""
    for role in _ROLES:
        names = item.get(role)
        if names is not None and not (isinstance(names, list) and all(isinstance(name, dict) for name in names)):
            return words.text("{role} = {names}, which is no list of names", role=role, names=_shown(names))
    for name in ("title", "container-title", "URL", "DOI", "publisher", "page", "volume"):
        if isinstance(item.get(name), list | dict | bool):
            return words.text("{name} = {item}, which is no text", name=name, item=_shown(item[name]))
    return ""


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _text(item: Mapping[str, Any], *names: str) -> str:
    """Return the first of the variables that holds something, as plain text; a number is one."""
    for name in names:
        value = item.get(name)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            text = clean(html.unescape(_TAG.sub("", str(value)[:20_000])))
            if text:
                return text
    return ""


def _reference(key: str, item: Mapping[str, Any], line: int, file: str) -> Reference:
    extra = _extra(item)
    ours = {name: _ours(item, extra, name) for name in _OURS}
    year, issued, until = _issued(item.get("issued"))
    if not year:
        year = written_year(_text(item, "status"))
    url, doi = _text(item, "URL").replace(" ", "%20"), doi_of(_text(item, "DOI") or extra.get("doi", ""))
    doi = doi or (doi_of(url) if "doi.org/" in url else "")
    authors = _names(item.get("author"))
    return Reference(
        key,
        _kind(_text(item, "type").lower() or "document", ours["source_type"]),
        tuple(name for name in authors if name.family.lower() not in ("others", "et al.")),
        any(name.family.lower() in ("others", "et al.") for name in authors),
        _names(item.get("editor")),
        _names(item.get("translator")),
        _names(item.get("interviewer")),
        year=year,
        issued=issued,
        until=until,
        accessed=_issued(item.get("accessed"))[1],
        title=_text(item, "title", "title-short", "shortTitle"),
        container=_text(
            item, "container-title", "container-title-short", "journalAbbreviation", "event-title", "event"
        ),
        organisation=_text(item, "authority"),
        publisher=_text(item, "publisher"),
        place=_text(item, "publisher-place", "event-place"),
        series=_text(item, "collection-title"),
        genre=_text(item, "genre"),
        volume=_text(item, "volume"),
        issue=_text(item, "issue"),
        number=_text(item, "number", "collection-number"),
        edition=_text(item, "edition"),
        pages=re.sub(r"(?<=\w)\s*[-–]+\s*(?=\w)", "–", _text(item, "page")),
        how=_text(item, "medium"),
        doi=doi,
        url="" if doi and doi_of(url) else url,
        eprint="" if doi or url else _text(item, "archive_location"),
        source_type=ours["source_type"],
        file=ours["file"],
        derives_from=keys_of(ours["derives_from"]),
        language=_text(item, "language"),
        written=_text(item, "type"),
        shape="csl",
        line=line,
        origin=file,
        fields=dict(item),
    )


def _kind(kind: str, source_type: str) -> str:
    known = {"article": "article-journal", "post": "webpage", "post-weblog": "webpage", "": "document"}
    return "interview" if source_type == "interview" and kind in ("document", "article") else known.get(kind, kind)


def _ours(item: Mapping[str, Any], extra: Mapping[str, str], name: str) -> str:
    """Return a field of our own: beside the others, under ``custom``, or as a line of the note."""
    custom = item.get("custom")
    within = custom.get(name) if isinstance(custom, dict) else None
    for value in (item.get(name), within, extra.get(name), extra.get(name.replace("_", " "))):
        if isinstance(value, str) and value.strip():
            return value.strip()
        if isinstance(value, list) and all(isinstance(part, str) for part in value):
            return ", ".join(value)
    return ""


def _names(value: object) -> tuple[Name, ...]:
    """Return names; Zotero's two-field names and single ones, particles in either place."""
    names = []
    for entry in value if isinstance(value, list) else []:
        if not isinstance(entry, dict):
            continue
        family, given = _text(entry, "family"), _text(entry, "given")
        particle = " ".join(
            part for part in (_text(entry, "dropping-particle"), _text(entry, "non-dropping-particle")) if part
        )
        literal = _text(entry, "literal", "name")
        if family:
            names.append(Name(family, given, particle, _text(entry, "suffix")))
        elif literal or given:
            names.append(Name(literal or given))
    return tuple(names)


def _issued(value: object) -> tuple[str, Day | None, Day | None]:
    """Return the printed year, the date and its end from a date variable of CSL, in any of its forms."""
    if isinstance(value, str | int) and not isinstance(value, bool):
        return issue_dates(str(value)[:100], "")
    if not isinstance(value, dict):
        return "", None, None
    parts = value.get("date-parts")
    days = [day_of_parts(part) for part in parts[:2]] if isinstance(parts, list) else []
    begin, end = (*days, None, None)[:2]
    if begin:
        span = f"{begin.year}–{end.year}" if end and end.year != begin.year else str(begin.year)
        return span, begin, end
    return (
        issue_dates("", _text(value, "literal", "raw")) if not isinstance(value.get("raw"), str) else _raw(value["raw"])
    )


def _raw(text: str) -> tuple[str, Day | None, Day | None]:
    return issue_dates(text[:100], "")


def csl_items(references: Iterable[tuple[str, Reference]]) -> list[dict[str, Any]]:
    """Return references as CSL-JSON items under the given ids, from the record alone, whatever they were read from."""
    return [_item(key, reference) for key, reference in references]


def _item(key: str, reference: Reference) -> dict[str, Any]:
    names = {
        role: [_csl_name(name) for name in given]
        for role, given in (
            ("author", reference.authors),
            ("editor", reference.editors),
            ("translator", reference.translators),
            ("interviewer", reference.interviewers),
        )
        if given
    }
    if not reference.authors and reference.organisation and reference.kind in ("report", "webpage", "document"):
        names["author"] = [{"literal": reference.organisation}]
    texts = {
        "title": reference.title,
        "container-title": reference.container,
        "publisher": reference.publisher or reference.organisation,
        "publisher-place": reference.place,
        "collection-title": reference.series,
        "genre": {"phdthesis": "PhD dissertation", "mathesis": "Master’s thesis"}.get(reference.genre, reference.genre),
        "volume": reference.volume,
        "issue": reference.issue,
        "number": reference.number,
        "edition": reference.edition,
        "page": reference.pages.replace("–", "-"),
        "medium": reference.how,
        "DOI": reference.doi,
        "URL": reference.url,
        "language": reference.language,
    }
    item: dict[str, Any] = {
        "id": key,
        "type": reference.kind,
        **names,
        **{name: text for name, text in texts.items() if text},
    }
    if reference.year:
        item["issued"] = _csl_date(reference)
    if reference.accessed and reference.url:
        item["accessed"] = {"date-parts": [_parts(reference.accessed)]}
    return item


def _csl_name(name: Name) -> dict[str, str]:
    if not name.given:
        return {"literal": name.surname}
    said = {"family": name.family, "given": name.given, "non-dropping-particle": name.particle, "suffix": name.suffix}
    return {part: text for part, text in said.items() if text}


def _csl_date(reference: Reference) -> dict[str, Any]:
    """Return the date; one that is more than a year or a range of years is given in words."""
    first, last = reference.issued, reference.until
    if first and reference.year == str(first.year):
        return {"date-parts": [_parts(first)]}
    if first and last and reference.year == f"{first.year}–{last.year}":
        return {"date-parts": [_parts(first), _parts(last)]}
    return {"literal": reference.year}


def _parts(day: Day) -> list[int]:
    return [part for part in (day.year, day.month, day.day) if part]
