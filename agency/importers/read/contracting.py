"""Open contracting (JSON: OC4IDS projects, OCDS releases and records): a record per organisation and role.

A supplier is in the table by its contracts, where they say of what (design, construction, supervision) and when; where
none does, by its role. Other roles have no years: when a buyer was one, the format does not say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from agency.findings import Place, UnreadableError, finding
from agency.importers.folder import escaped, source_entry, source_key
from agency.importers.read.given import Given
from agency.table import Records, file_type
from agency.vocabulary import countries_named
from agency.words import text

_HEADER = (
    "project", "title", "country", "sector", "state", "organisation", "role", "word", "id", "seat", "stage", "start",
    "end", "source", "locator",
)  # fmt: skip
_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|[{}\[\],:]|\n|[^\s{}\[\],:"]+')
_DEPTH = 8
"""Objects deeper than this have no statement of ours; their lines are not kept."""
Path = tuple[str | int, ...]
Found = dict[str, Any]


def contracting_records(given: Given) -> tuple[Records, dict[str, str]]:
    """Return a record per organisation and role, and the publisher as the entry of a source.

    Raises
    ------
    UnreadableError
        If the file is no JSON, or none of OC4IDS or OCDS.
    """
    package = _package(given)
    publisher = _words(_part(package, "publisher").get("name")) or given.name
    key = source_key(publisher)
    lines = object_lines(given.text)
    rows: list[dict[str, str]] = []
    places: list[int] = []
    for path, one in _all(package):
        for row, at in _project(one, path) if path[0] == "projects" else _release(one, path):
            rows.append({**row, "source": key})
            places.append(next((lines[at[:n]] for n in range(len(at), 0, -1) if at[:n] in lines), 1))
    _last_titles(rows)
    columns = [[row.get(name, "") for row in rows] for name in _HEADER]
    entry = source_entry(
        {"key": key, "type": "misc", "author": f"{{{escaped(publisher)}}}", "title": text("Open contracting data")}
    )
    return Records(given.name, _HEADER, 1, columns, places, places), {key: entry}


def _package(given: Given) -> Found:
    place = Place(given.name)
    kind = file_type(given.data)
    expected = text("a JSON file of OC4IDS (projects) or OCDS (releases, records)")
    if "JSON" not in kind.called:
        raise UnreadableError(finding("import-other", place, given.looks_like, expected=expected))
    try:
        package = json.loads(given.text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        raise UnreadableError(finding("import-damaged", Place(given.name, line), str(error)[:160])) from error
    if not isinstance(package, dict) or not any(key in package for key in ("projects", "releases", "records")):
        found = text("a JSON file without projects, releases or records")
        raise UnreadableError(finding("import-other", place, found, expected=expected))
    return package


def object_lines(content: str) -> dict[Path, int]:
    r"""Return the line on which each object of a JSON text begins, by the way to it.

    Examples
    --------
    >>> object_lines('{"a": [\n{"b": 1},\n{"c": {}}]}')
    {(): 1, ('a', 0): 2, ('a', 1): 3, ('a', 1, 'c'): 3}
    """
    lines: dict[Path, int] = {}
    line, word = 1, ""
    stack: list[list[Any]] = []
    for match in _TOKEN.finditer(content):
        token = match[0]
        if token == "\n":
            line += 1
        elif token in "{[":
            if token == "{" and len(stack) <= _DEPTH:
                lines[tuple(step[1] for step in stack)] = line
            stack.append([token, "" if token == "{" else 0])
        elif token in "}]":
            stack.pop()
        elif token == ":":
            stack[-1][1] = json.loads(word)
        elif token == "," and stack[-1][0] == "[":
            stack[-1][1] += 1
        else:
            word = token
    return lines


def _all(package: Found) -> Iterator[tuple[Path, Found]]:
    """Yield projects and releases with the way to each; of a record, what is compiled of it."""
    for name in ("projects", "releases"):
        for number, one in enumerate(_list(package, name)):
            yield (name, number), one
    for number, record in enumerate(_list(package, "records")):
        compiled = _part(record, "compiledRelease")
        if compiled:
            yield ("records", number, "compiledRelease"), compiled
            continue
        for release, one in enumerate(_list(record, "releases")):
            yield ("records", number, "releases", release), one


def _project(project: Found, path: Path) -> Iterator[tuple[dict[str, str], Path]]:
    countries = [_words(_part(place, "address").get("countryName")) for place in _list(project, "locations")]
    about = {
        "project": _words(project.get("id")),
        "title": _words(project.get("title")),
        "country": ";".join(dict.fromkeys(name for name in countries if name)),
        "sector": next(iter(_words_of(project, "sector")), ""),
        "state": _words(project.get("status")),
    }
    supplies: list[tuple[dict[str, str], Path, Found]] = []
    for number, process in enumerate(_list(project, "contractingProcesses")):
        summary = _part(process, "summary")
        period = _part(summary, "contractPeriod")
        natures = _words_of(summary, "nature") or ["supplier"]
        dated = {
            **about,
            "state": _words(summary.get("status")) if about["state"] != "cancelled" else about["state"],
            "stage": _words(summary.get("status")),
            "start": _words(period.get("startDate")),
            "end": _words(period.get("endDate")),
            "locator": text("contracting process {id}", id=_words(process.get("id"))),
        }
        for place, supplier in enumerate(_list(summary, "suppliers")):
            way = (*path, "contractingProcesses", number, "summary", "suppliers", place)
            supplies += [({**dated, "role": role}, way, supplier) for role in natures]
    yield from _parties(project, path, about, supplies)


def _release(release: Found, path: Path) -> Iterator[tuple[dict[str, str], Path]]:
    about = {
        "project": _words(release.get("ocid")),
        "title": _words(_part(release, "tender").get("title")),
        "state": _words(_part(release, "tender").get("status")),
    }
    contracts = {_words(contract.get("awardID")): contract for contract in _list(release, "contracts")}
    supplies = []
    for number, award in enumerate(_list(release, "awards")):
        period = _part(contracts.get(_words(award.get("id")), {}), "period") or _part(award, "contractPeriod")
        dated = {
            **about,
            "role": "supplier",
            "state": _words(award.get("status")),
            "stage": _words(award.get("status")),
            "start": _words(period.get("startDate")),
            "end": _words(period.get("endDate")),
            "locator": text("award {id}", id=_words(award.get("id"))),
        }
        supplies += [
            (dated, (*path, "awards", number, "suppliers", place), one)
            for place, one in enumerate(_list(award, "suppliers"))
        ]
    yield from _parties(release, path, about, supplies)


def _parties(
    within: Found, path: Path, about: dict[str, str], supplies: list[tuple[dict[str, str], Path, Found]]
) -> Iterator[tuple[dict[str, str], Path]]:
    """Yield the roles of the parties, and of suppliers their contracts in place of the role."""
    seats: dict[str, str] = {}
    supplying = {_words(supplier.get("id")) for _, _, supplier in supplies}
    for number, party in enumerate(_list(within, "parties")):
        way = (*path, "parties", number)
        identifier = _words(party.get("id"))
        seats[identifier] = _seat(party)
        named = {"organisation": _words(party.get("name")), "id": identifier, "seat": seats[identifier]}
        for role in _words_of(party, "roles") or [""]:
            if role != "supplier" or identifier not in supplying:
                yield {**about, **named, "role": role, "word": role, "locator": _locator(about)}, way
    for dated, way, supplier in supplies:
        identifier = _words(supplier.get("id"))
        named = {"organisation": _words(supplier.get("name")), "id": identifier, "seat": seats.get(identifier, "")}
        yield {**dated, **named, "word": text("supplier, {nature}", nature=dated["role"])}, way
    if not supplies and not _list(within, "parties"):
        yield about, path


def _locator(about: dict[str, str]) -> str:
    return text("parties of {project}", project=about["project"])


def _seat(party: Found) -> str:
    """Return the country of an organisation: of its address, else of the register that its identifier is of."""
    scheme = _words(_part(party, "identifier").get("scheme")).partition("-")[0]
    for name in (_words(_part(party, "address").get("countryName")), scheme if len(scheme) == 2 else ""):
        found = countries_named(name) if name else ()
        if len(found) == 1:
            return found[0]
    return ""


def _last_titles(rows: list[dict[str, str]]) -> None:
    """Give every release of a process the title of its last one: a process is one project, whatever it was called."""
    last = {row["project"]: row["title"] for row in rows if row.get("title") and "sector" not in row}
    for row in rows:
        if "sector" not in row:
            row["title"] = last.get(row["project"], "")


def _list(within: Found, key: str) -> list[Found]:
    found = within.get(key)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _words_of(within: Found, key: str) -> list[str]:
    found = within.get(key)
    return [_words(one) for one in found if _words(one)] if isinstance(found, list) else []


def _part(within: Found, key: str) -> Found:
    found = within.get(key)
    return found if isinstance(found, dict) else {}


def _words(value: object) -> str:
    return " ".join(str(value).split()) if isinstance(value, str | int) and not isinstance(value, bool) else ""
