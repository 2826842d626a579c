"""Coded passages to records: the codes on one passage make its statements.

A code is known by the way to it: ``phase/design``, ``actor/Firms/CEIEC``, ``origin/chinese``, ``project/ECU 911``,
``status/vacant``. A passage is what one user has coded from one position to another; it gives one phase to every actor.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from agency.findings import Place, UnreadableError, finding, show
from agency.importers.folder import escaped, source_entry, source_key
from agency.importers.outcome import Imported, Left, left_at
from agency.importers.prose import is_unnamed
from agency.importers.read.given import Given
from agency.importers.read.refi import Project, Selection
from agency.table import Records, file_type
from agency.vocabulary import COLUMNS, Codebook, meanings, resolve
from agency.words import counted, listed, marked, text

_KINDS = ("phase", "actor", "origin", "project", "status")
_HEADER = (*_KINDS, "unnamed", "source", "locator", "quote", "coder", "note")
_MOST_WORDS = 25
_HIGHLIGHTS = ("id", "document", "tag", "content")
_BREAK = "\r\n"
_NONE = "-"
"""Stands in a list where nothing is known."""
_APART = {
    "phase": marked("several phases are coded on it ({values}): code them apart"),
    "status": marked("several statuses are coded on it ({values}): code them apart"),
    "project": marked("several projects are coded on it ({values}): code them apart"),
}


@dataclass(frozen=True)
class Ways:
    """How passages are read."""

    codes: Mapping[str, str]
    """The user's ways to codes, and ours: ``Holder/Firms`` to ``actor/Firms``."""
    project: str = ""
    overlap: bool = False
    line_endings: str = ""
    codebook: Codebook | None = None


@dataclass(frozen=True)
class Passage:
    """What one user has coded from one position of a document to another."""

    line: int
    document: str
    user: str
    start: int
    end: int
    quote: str
    codes: tuple[tuple[str, ...], ...]
    """Ways to the codes."""
    cases: tuple[str, ...] = ()

    def of(self, kind: str, ways: Ways) -> list[str]:
        """Return the values of the codes of one kind, each once."""
        found = [value for known, value in (_known(code, ways) for code in self.codes) if known == kind]
        return list(dict.fromkeys(found))


@dataclass(frozen=True)
class Coded:
    """Passages as records, and what of them is none."""

    records: Records
    left: tuple[Left, ...]
    sources: Mapping[str, str]
    remarks: tuple[str, ...]


def read_passages(given: Given, ways: Ways) -> Coded:
    """Return the passages of a project of REFI-QDA, or of Taguette's highlights, as records.

    Raises
    ------
    UnreadableError
        If the file is neither, damaged, of another version, or its line ends can be counted in two ways.
    """
    kind = file_type(given.data)
    if kind.kind == "text":
        passages, left = _highlights(given), list[Left]()
    elif given.data.startswith(b"PK"):
        passages, left = _of_project(Project(given), ways)
    else:
        expected = text("a project of REFI-QDA (.qdpx), or Taguette's highlights.csv")
        raise UnreadableError(finding("import-other", Place(given.name), given.looks_like, expected=expected))
    return _coded(given, passages, left, ways)


def of_coder(imported: Imported, coder: str) -> Imported:
    """Return an import whose table is one coder's, with all coders' rows beside it where there are several.

    Raises
    ------
    UnreadableError
        If there is no such coder.
    """
    passages = imported.rows[["coder", "file", "record"]].drop_duplicates()
    times = passages["coder"].value_counts(sort=False)
    if coder and coder not in times:
        found = text("no passage of '{coder}'", coder=coder)
        expected = text("one of {names}", names=listed([f"'{name}'" for name in times.index]))
        raise UnreadableError(finding("import-column", Place(str(passages["file"].iloc[0])), found, expected=expected))
    if len(times) < 2:
        return imported
    chosen = coder or str(times.idxmax())
    others = imported.rows[imported.rows["coder"] != chosen]
    why = text("coded by another than {coder}: in double_coding.csv", coder=chosen)
    left = left_at(others, "entry", "coder", others["coder"], why)
    lines = others.drop_duplicates("record")
    left += left_at(lines, "line", "coder", lines["coder"], why)
    rows = imported.rows[imported.rows["coder"] == chosen]
    said = marked("The table is coded by {coder}, of {numbers}; --coder takes another.")
    each = zip(times.index.tolist(), times.tolist(), strict=True)
    numbers = listed([counted("{name} ({n} passage)", "{name} ({n} passages)", n, name=name) for name, n in each])
    return replace(
        imported,
        rows=rows.reset_index(drop=True),
        projects=imported.projects[imported.projects["project"].isin(rows["project"])].reset_index(drop=True),
        left=tuple(sorted([*imported.left, *left], key=lambda one: (one.file, one.line))),
        codings=imported.rows,
        remarks=(text(said, coder=chosen, numbers=numbers), *imported.remarks),
    )


def _known(code: Sequence[str], ways: Ways) -> tuple[str, str]:
    """Return what kind of code it is and its value, ("", "") for a code that is none of ours.

    Examples
    --------
    >>> _known(("Actor", "Firms", "CEIEC"), Ways({})), _known(("phase/design",), Ways({})), _known(("memo",), Ways({}))
    (('actor', 'CEIEC'), ('phase', 'design'), ('', ''))
    """
    way = "/".join(code)
    parts = code
    if way in ways.codes:
        parts = tuple(ways.codes[way].split("/", 1))
    elif len(code) == 1:
        parts = tuple(part.strip() for part in re.split(r"[/:.]", code[0], maxsplit=1))
    root = resolve(parts[0], COLUMNS) or resolve(re.sub(r"e?s$", "", parts[0]), COLUMNS)
    if root not in _KINDS:
        return "", ""
    return root, parts[-1] if len(parts) > 1 else ""


def _of_project(project: Project, ways: Ways) -> tuple[list[Passage], list[Left]]:
    file = project.given.name
    passages: list[Passage] = []
    left: list[Left] = []
    by_place: dict[tuple[str, str, int, int], list[Selection]] = {}
    for one in project.selections():
        shown = listed(["/".join(code) for _, code in one.codings], most=5)
        if one.problem:
            left.append(Left(file, one.line, "line", one.document, shown, one.problem))
            continue
        for user in dict.fromkeys(user for user, _ in one.codings):
            by_place.setdefault((one.document, user, one.start, one.end), []).append(one)
    counting = _line_counting(project, [same[0] for same in by_place.values()], ways)
    for (document, user, start, end), same in by_place.items():
        codes = tuple(dict.fromkeys(code for one in same for who, code in one.codings if who == user))
        quote = counting(same[0])
        if quote is None:
            why = text("its positions {start}–{end} are beyond the text", start=start, end=end)
            left.append(Left(file, same[0].line, "line", document, "", why))
            continue
        cases = [case for one in same for guid in (one.guid, one.document_guid) for case in project.cases.get(guid, ())]
        passages.append(Passage(same[0].line, document, user, start, end, quote, codes, tuple(dict.fromkeys(cases))))
    return passages, left


def _line_counting(project: Project, selections: Iterable[Selection], ways: Ways) -> _Counting:
    """Return how the passages are cut out of their texts.

    Raises
    ------
    UnreadableError
        If a line end of two characters counts as one or as two, and it makes a difference that nobody has decided.
    """
    if not ways.line_endings:
        for one in selections:
            if one.text is None or _BREAK not in one.text:
                continue
            as_two, as_one = _cut(one, two=True), _cut(one, two=False)
            if as_two != as_one:
                found = text(
                    "the lines of '{document}' end in two characters; positions {start}–{end} are {two} if both are "
                    "counted (--line-endings two), and {one} if they count as one (--line-endings one)",
                    document=one.document,
                    start=one.start,
                    end=one.end,
                    two=show((as_two or "")[:60]),
                    one=show((as_one or "")[:60]),
                )
                raise UnreadableError(finding("qdpx-lines", Place(project.given.name, one.line), found))
    return _Counting(two=ways.line_endings != "one")


@dataclass(frozen=True)
class _Counting:
    two: bool

    def __call__(self, one: Selection) -> str | None:
        return _cut(one, two=self.two)


def _cut(one: Selection, *, two: bool) -> str | None:
    """Return the passage of a selection in one line; None where the text is shorter."""
    assert one.text is not None
    content = one.text if two else one.text.replace(_BREAK, "\n")
    return " ".join(content[one.start : one.end].split()) if one.end <= len(content) else None


def _highlights(given: Given) -> list[Passage]:
    """Return the passages of Taguette's highlights: a line per highlight and tag, of one user.

    Raises
    ------
    UnreadableError
        If the header is another.
    """
    reader = csv.reader(io.StringIO(given.text, newline=""))
    try:
        header = [cell.strip().casefold() for cell in next(reader, [])]
        if not set(_HIGHLIGHTS) <= set(header):
            expected = text("the columns id, document, tag and content of Taguette, or a .qdpx file")
            raise UnreadableError(finding("import-column", Place(given.name, 1), listed(header), expected=expected))
        at = [header.index(name) for name in _HIGHLIGHTS]
        found: dict[str, tuple[int, str, str, list[tuple[str, ...]]]] = {}
        line = reader.line_num + 1
        for record in reader:
            if len(record) > max(at):
                key, document, tag, content = (record[place] for place in at)
                found.setdefault(key, (line, document, content, []))[3].append((" ".join(tag.split()),))
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableError(finding("import-damaged", Place(given.name, reader.line_num), str(error))) from error
    return [
        Passage(line, document, "", number, number, " ".join(content.split()), tuple(codes))
        for number, (line, document, content, codes) in enumerate(found.values(), 1)
    ]


def _coded(given: Given, passages: list[Passage], left: list[Left], ways: Ways) -> Coded:
    remarks: list[str] = []
    if ways.overlap:
        passages, remarks = _overlapping(passages, ways)
    rows: list[dict[str, str]] = []
    lines: list[int] = []
    origins = _origins(passages, ways)
    sources: dict[str, str] = {}
    for one in passages:
        why = _problem(one, ways)
        if why:
            shown = listed(["/".join(code) for code in one.codes], most=5)
            left.append(Left(given.name, one.line, "line", one.document, shown, why))
            continue
        key = source_key(one.document)
        sources[key] = source_entry({"key": key, "type": "misc", "title": escaped(one.document)})
        rows.append(_row(one, key, origins, ways))
        lines.append(one.line)
    columns = [[row.get(name, "") for row in rows] for name in _HEADER]
    return Coded(Records(given.name, _HEADER, 1, columns, lines, lines), tuple(left), sources, tuple(remarks))


def _overlapping(passages: list[Passage], ways: Ways) -> tuple[list[Passage], list[str]]:
    """Give every passage with a phase the codes of those within it; these are no passages of their own then."""
    used: set[int] = set()
    grown = []
    for one in passages:
        if not one.of("phase", ways):
            continue
        inner = [
            at
            for at, other in enumerate(passages)
            if (other.document, other.user) == (one.document, one.user)
            and one.start <= other.start
            and other.end <= one.end
            and not other.of("phase", ways)
        ]
        used.update(inner)
        codes = [*one.codes, *(code for at in inner for code in passages[at].codes)]
        grown.append(replace(one, codes=tuple(dict.fromkeys(codes))))
    rest = [one for at, one in enumerate(passages) if at not in used and not one.of("phase", ways)]
    said = counted(
        "{n} passage gives its codes to one around it.",
        "{n} passages give their codes to those around them.",
        len(used),
    )
    return [*grown, *rest], [said] if used else []


def _problem(one: Passage, ways: Ways) -> str:
    """Return why a passage gives no statement, "" where it does."""
    known = [_known(code, ways) for code in one.codes]
    empty = [kind for kind, value in known if kind and not value]
    if empty:
        return text("the code '{kind}' says nothing by itself: code with one below it", kind=empty[0])
    if not any(kind for kind, _ in known):
        return text("none of its codes is a phase, an actor, an origin, a project or a status")
    if not one.of("phase", ways):
        return text("no phase is coded on it")
    for kind, sentence in _APART.items():
        several = one.of(kind, ways)
        if len(several) > 1:
            return text(sentence, values=listed(several))
    if not one.of("actor", ways) and not one.of("status", ways):
        return text("no actor is coded on it")
    return "" if _project_of(one, ways) else _no_project(one)


def _project_of(one: Passage, ways: Ways) -> str:
    """Return the project of a passage: as coded, else its only case, else the one for all."""
    return next(iter(one.of("project", ways)), one.cases[0] if len(one.cases) == 1 else ways.project)


def _no_project(one: Passage) -> str:
    if one.cases:
        return text("it is in several cases ({cases}), and no project is coded on it", cases=listed(list(one.cases)))
    return text("no project is coded on it, and it is in no case: --project names one for all")


def _origins(passages: Iterable[Passage], ways: Ways) -> dict[str, str]:
    """Return the origin of actors that is coded where one of them stands alone, where it is always the same."""
    found: dict[str, Counter[str]] = {}
    for one in passages:
        actors, origins = one.of("actor", ways), one.of("origin", ways)
        if len(actors) == len(origins) == 1:
            found.setdefault(actors[0], Counter())[origins[0]] += 1
    return {actor: _meant("origin", next(iter(seen)), ways) for actor, seen in found.items() if len(seen) == 1}


def _row(one: Passage, source: str, origins: Mapping[str, str], ways: Ways) -> dict[str, str]:
    actors = one.of("actor", ways)
    own = one.of("origin", ways)
    phase, status = one.of("phase", ways)[0], next(iter(one.of("status", ways)), "held")
    alone = len(actors) == len(own) == 1
    words = one.quote.split()
    where = text("{document}, {start}–{end}", document=one.document, start=one.start, end=one.end)
    return {
        "project": _project_of(one, ways),
        "phase": _meant("phase", phase, ways),
        "actor": "\n".join(actors),
        # Whose of several origins is whose, the codes do not say.
        "origin": "\n".join(_meant("origin", own[0], ways) if alone else origins.get(actor, _NONE) for actor in actors),
        "status": _meant("status", status, ways),
        "unnamed": "\n".join("true" if is_unnamed(actor) else _NONE for actor in actors),
        "source": source,
        "locator": where if one.user or one.end > one.start else text("highlight {n}", n=one.start),
        "quote": one.quote if len(words) <= _MOST_WORDS else " ".join(words[:_MOST_WORDS]) + "…",
        "coder": one.user,
    }


def _meant(column: str, word: str, ways: Ways) -> str:
    """Return the value that a word of a code means, the word itself where it means none."""
    assert ways.codebook is not None
    specification = next(one for one in COLUMNS if one.name == column)
    found = meanings(specification, ways.codebook).of(word) if word else ()
    return found[0] if len(found) == 1 else word
