"""Coded passages to records, from tables and REFI-QDA projects (.qdpx): the codes on a passage make its statements.

A code is known by the way to it: ``phase/design``, ``actor/Firms/CEIEC``, ``origin/chinese``, ``project/ECU 911``,
``status/vacant``. A passage is what one user has coded from one position to another; it gives one phase to every actor.
"""

from __future__ import annotations

import csv
import io
import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from agency.findings import Place, UnreadableError, finding, show
from agency.importers.folder import escaped, source_entry, source_key
from agency.importers.mapping import Imported, Left, left_at
from agency.importers.read.given import Given, packed_member, refuse_outside, said_damage, whole
from agency.importers.values import is_unnamed
from agency.table import Records, decode, file_type, walk
from agency.vocabulary import COLUMNS, Codebook, meanings, resolve
from agency.words import counted, listed, marked, text

_PROJECT = "project.qde"
_NAMESPACE = "urn:QDA-XML:project:1.0"
_SOURCES = ("TextSource", "PDFSource", "PictureSource", "AudioSource", "VideoSource")
_OTHER = {
    "PDFSelection": marked("a rectangle of a PDF is no text"),
    "PictureSelection": marked("a part of a picture is no text"),
    "AudioSelection": marked("a part of a recording is no text"),
    "VideoSelection": marked("a part of a video is no text"),
    "TranscriptSelection": marked("a part of a transcript by time has no position in a text"),
}


@dataclass
class Node:
    """One element: its attributes, what is in it, and its line."""

    name: str
    attributes: dict[str, str]
    line: int
    children: list[Node] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def all(self, name: str) -> list[Node]:
        """Return the elements of a name that stand directly in it."""
        return [child for child in self.children if child.name == name]

    def get(self, name: str) -> str:
        """Return an attribute, "" where there is none."""
        return self.attributes.get(name, "")


@dataclass(frozen=True)
class Selection:
    """One coded part of a document."""

    guid: str
    line: int
    document: str
    document_guid: str
    start: int
    end: int
    text: str | None
    """The document; None where its text is not in the project."""
    codings: tuple[tuple[str, tuple[str, ...]], ...]
    """User and path of the code."""
    problem: str = ""
    """Why it is no passage of a text."""


class Project:
    """A project as read: nothing in it is followed out of the file."""

    def __init__(self, given: Given) -> None:
        self.given = given
        names = refuse_outside(given.data, given.name)
        self.members = {name.replace("\\", "/").casefold(): name for name in names}
        if _PROJECT not in self.members:
            found = text("a packed file without project.qde")
            expected = text("a project of REFI-QDA (.qdpx), or Taguette's highlights.csv")
            raise UnreadableError(finding("import-other", Place(given.name), found, expected=expected))
        self.root = self._tree()
        self._check_version()
        self._check_names()

    def _tree(self) -> Node:
        top = Node("", {}, 0)
        stack = [top]
        lines: list[int] = [0]

        def start(name: str, attributes: dict[str, str]) -> None:
            node = Node(name, attributes, lines[0])
            stack[-1].children.append(node)
            stack.append(node)

        def end(_name: str) -> None:
            stack.pop()

        def heard(words: str) -> None:
            stack[-1].words.append(words)

        def at(line: int) -> None:
            lines[0] = line

        with said_damage(self.given.name), packed_member(self.given.data, self.members[_PROJECT]) as read:
            walk(read, start, end, heard, at)
        return top.children[0]

    def _check_version(self) -> None:
        spaces = (value for key, value in self.root.attributes.items() if key.startswith("xmlns") and "QDA" in value)
        space = next(spaces, "")
        if self.root.name != "Project" or space != _NAMESPACE:
            found = text("<{name}> of '{space}'", name=self.root.name, space=space or text("no namespace"))
            place = Place(f"{self.given.name}/{_PROJECT}", self.root.line)
            raise UnreadableError(finding("import-version", place, found, expected=text("REFI-QDA project 1.0")))

    def _check_names(self) -> None:
        names = Counter(source.get("name") for source in self.sources)
        twice = [source for source in self.sources if names[source.get("name")] > 1]
        if twice:
            found = text("two documents named '{name}'", name=twice[0].get("name"))
            fix = text("Rename one of them in your program, and export again.")
            place = Place(f"{self.given.name}/{_PROJECT}", twice[1].line)
            expected = text("documents that can be told apart")
            raise UnreadableError(finding("import-two", place, found, expected=expected, fix=fix))

    def part(self, *names: str) -> Node:
        """Return the element that a way of names leads to, an empty one where there is none."""
        node = self.root
        for name in names:
            node = next(iter(node.all(name)), Node(name, {}, 0))
        return node

    @cached_property
    def users(self) -> dict[str, str]:
        """Name of every user by its identifier."""
        return {user.get("guid"): user.get("name") or user.get("id") for user in self.part("Users").all("User")}

    @cached_property
    def codes(self) -> dict[str, tuple[str, ...]]:
        """Names from the outermost code to each, by its identifier."""
        found: dict[str, tuple[str, ...]] = {}

        def go(node: Node, above: tuple[str, ...]) -> None:
            for code in node.all("Code"):
                found[code.get("guid")] = (*above, " ".join(code.get("name").split()))
                go(code, found[code.get("guid")])

        go(self.part("CodeBook", "Codes"), ())
        return found

    @cached_property
    def cases(self) -> dict[str, tuple[str, ...]]:
        """Names of the cases of a document or selection, by its identifier."""
        found: dict[str, tuple[str, ...]] = {}
        for case in self.part("Cases").all("Case"):
            for name in ("SourceRef", "SelectionRef"):
                for reference in case.all(name):
                    target = reference.get("targetGUID")
                    found[target] = (*found.get(target, ()), " ".join(case.get("name").split()))
        return found

    @cached_property
    def sources(self) -> list[Node]:
        """Every document."""
        return [node for node in self.part("Sources").children if node.name in _SOURCES]

    def selections(self) -> Iterator[Selection]:
        """Yield every coded part of every document, those that are no text with their problem."""
        for source in self.sources:
            if source.all("Coding"):
                why = text("the whole document is coded, and no passage of it")
                yield self._selection(source, source, None, why)
            content = self._text(source) if source.name == "TextSource" else None
            yield from self._within(source, source, content)
            for inner in (*source.all("Representation"), *source.all("Transcript")):
                yield from self._within(inner, source, self._text(inner))

    def _within(self, node: Node, source: Node, content: str | None) -> Iterator[Selection]:
        for child in node.children:
            if child.name == "PlainTextSelection" and child.all("Coding"):
                problem = "" if content is not None else text("its text is not in the project")
                yield self._selection(child, source, content, problem)
            elif child.name in _OTHER and child.all("Coding"):
                yield self._selection(child, source, None, text(_OTHER[child.name]))

    def _selection(self, node: Node, source: Node, content: str | None, problem: str) -> Selection:
        codings = []
        for coding in node.all("Coding"):
            user = coding.get("creatingUser") or node.get("creatingUser")
            for reference in coding.all("CodeRef"):
                codings.append((self.users.get(user, user), self.codes.get(reference.get("targetGUID"), ("",))))
        start, end = (_whole(node.get(name)) for name in ("startPosition", "endPosition"))
        if not problem and (start < 0 or end <= start):
            problem = text("it has no positions in the text")
        return Selection(
            node.get("guid"), node.line, source.get("name"), source.get("guid"), start, end, content,
            tuple(codings), problem,
        )  # fmt: skip

    def _text(self, node: Node) -> str | None:
        """Return the text of a document, as it stands in the project; what lies outside of it is not opened."""
        inline = node.all("PlainTextContent")
        if inline:
            return "".join(inline[0].words)
        way = node.get("plainTextPath")
        if not way.startswith("internal://"):
            return None
        member = self.members.get(posixpath.join("sources", way.removeprefix("internal://")).casefold())
        if member is None:
            return None
        with said_damage(self.given.name), packed_member(self.given.data, member) as read:
            data = whole(read)
        if not data.strip():
            return ""
        return decode(data, f"{self.given.name}/{member}", self.given.choices.encoding).text


def _whole(value: str) -> int:
    return int(value) if value.isdecimal() and len(value) < 12 else -1


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
