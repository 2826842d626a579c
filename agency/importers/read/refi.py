"""REFI-QDA projects (.qdpx): users, codes, cases and selections of `project.qde`, and the texts beside it."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from agency.findings import Place, UnreadableError, finding
from agency.importers.read.given import Given
from agency.importers.read.packed import packed_member, refuse_outside, said_damage, whole
from agency.table import decode, walk
from agency.words import marked, text

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
