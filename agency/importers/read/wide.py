"""A table of projects by phases, in either orientation, laid out as a line per cell for the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agency.findings import Finding, Place, UnreadableError, finding
from agency.importers.mapping import read_words
from agency.importers.outcome import Left
from agency.importers.read.given import Given
from agency.importers.read.pages import Page, pages
from agency.table import Records
from agency.vocabulary import COLUMNS, PROJECTS, Codebook, Meanings, meanings, resolve
from agency.words import listed, text

_TOP = 30
_LEFT = 5
"""Rows and columns in which phases are looked for."""
_HEADER = ("project", "phase", "cell", "source", *(column.name for column in PROJECTS if column.name != "project"))
_PHASE = next(column for column in COLUMNS if column.name == "phase")


@dataclass(frozen=True)
class Shape:
    """Where a page has its phases: in a row (`across`), or in a column."""

    across: bool
    at: int
    """Position of that row or column."""
    phases: dict[int, str]
    """Phase by position in it."""


def wide_records(files: Sequence[Given], mapping: Path | None, codebook: Codebook) -> tuple[list[Records], list[Left]]:
    """Return a line per cell of the tables in some files, and what of them is no cell of a project and a phase.

    Parameters
    ----------
    files
        CSV, workbooks, Word, HTML, Markdown.
    mapping
        A file whose ``[lookups.phase]`` says what other words for phases mean.
    codebook
        The phases.

    Raises
    ------
    UnreadableError
        If a file has no table of projects by phases, or several.
    """
    words = meanings(_PHASE, codebook)
    extra = {key.casefold(): value for key, value in read_words(mapping, "phase").items()}
    melted = [_melted(given, words, extra) for given in files]
    return [one.records() for one in melted], [left for one in melted for left in one.left]


def _melted(given: Given, words: Meanings, extra: dict[str, str]) -> _Melted:
    fitting: list[tuple[Page, Shape]] = []
    for page in pages(given):
        shapes = [shape for shape in (_across(page, words, extra), _down(page, words, extra)) if shape]
        if len(shapes) == 2 and len(shapes[0].phases) == len(shapes[1].phases):
            found = text("phases in a row ({row}) and in a column", row=page.rows[shapes[0].at][0])
            raise UnreadableError(finding("wide-shape", Place(given.name, page.rows[0][0]), found))
        fitting += [(page, max(shapes, key=lambda shape: len(shape.phases)))] if shapes else []
    if not fitting:
        raise UnreadableError(_no_phases(given, words))
    if len(fitting) > 1:
        names = listed([text("'{name}'", name=page.name) for page, _ in fitting])
        found = text("{n} tables with phases: {names}", n=len(fitting), names=names)
        fix = text("Decide with --sheet or --delimiter, or leave one table in the file.")
        raise UnreadableError(finding("import-two", Place(given.name), found, fix=fix))
    return _Melted(given, *fitting[0])


def _phase(cell: str, words: Meanings, extra: dict[str, str]) -> str:
    plain = " ".join(cell.split())
    found = (extra[plain.casefold()],) if plain.casefold() in extra else words.of(plain)
    return found[0] if len(found) == 1 else ""


def _across(page: Page, words: Meanings, extra: dict[str, str]) -> Shape | None:
    for at, (_, cells) in enumerate(page.rows[:_TOP]):
        found = {place: phase for place, cell in enumerate(cells) if (phase := _phase(cell, words, extra))}
        if len(set(found.values())) > 1:
            return Shape(True, at, found)
    return None


def _down(page: Page, words: Meanings, extra: dict[str, str]) -> Shape | None:
    for place in range(min(_LEFT, max(len(cells) for _, cells in page.rows))):
        column = [cells[place] if place < len(cells) else "" for _, cells in page.rows]
        found = {at: phase for at, cell in enumerate(column) if (phase := _phase(cell, words, extra))}
        if len(set(found.values())) > 1:
            return Shape(False, place, found)
    return None


def _no_phases(given: Given, words: Meanings) -> Finding:
    first = next((cells for page in pages(given) for _, cells in page.rows if any(cells)), [])
    found = listed([f"'{cell[:40]}'" for cell in first if cell], most=6)
    place = Place(given.name, 1)
    known = text("phases in the first row or column: {names}", names=listed(list(words.allowed)))
    return finding("wide-shape", place, found, expected=known)


class _Melted:
    """Collects a line per cell."""

    def __init__(self, given: Given, page: Page, shape: Shape) -> None:
        self.given, self.page, self.shape = given, page, shape
        self.cells: list[dict[str, str]] = []
        self.lines: list[int] = []
        self.left: list[Left] = []
        if shape.across:
            self.projects_down()
        else:
            self.phases_down()

    def records(self) -> Records:
        columns = [[cells.get(name, "") for cells in self.cells] for name in _HEADER]
        return Records(
            self.given.name,
            _HEADER,
            self.page.rows[0][0],
            columns,
            self.lines,
            self.lines,
            remarks=self.page.remarks,
        )

    def put(self, line: int, phase: str, cell: str, about: dict[str, str]) -> None:
        if cell.strip():
            self.cells.append({**about, "phase": phase, "cell": cell})
            self.lines.append(line)

    def refuse(self, line: int, cells: list[str]) -> None:
        """Keep a row that is none of the table: a title, a note, a sum."""
        if any(cells):
            note = " ".join(cell for cell in cells if cell)
            why = text("the row is none of the table: it has no project, or no phase")
            self.left.append(Left(self.given.name, line, "line", "", note[:300], why))

    def silent(self, line: int, name: str) -> None:
        """Keep what stands where a project does, without anything in any phase: a note, a project that is all open."""
        why = text("nothing stands beside it in any phase")
        self.left.append(Left(self.given.name, line, "line", "", name[:300], why))

    def projects_down(self) -> None:
        """Read a row per project: the first column that names none of the phases is the project."""
        header = self.page.rows[self.shape.at][1]
        others = {at: resolve(name, PROJECTS) or name for at, name in enumerate(header) if at not in self.shape.phases}
        named = [at for at, name in others.items() if name == "project"] or [
            at for at in others if at < max(self.shape.phases)
        ]
        project = named[0] if named else -1
        for number, (line, cells) in enumerate(self.page.rows):
            if number == self.shape.at:
                continue
            about = self.about(cells, others, project)
            if number < self.shape.at or not about.get("project"):
                self.refuse(line, cells)
                continue
            self.beside(line, cells, others, project)
            before = len(self.cells)
            for at, phase in self.shape.phases.items():
                self.put(line, phase, cells[at] if at < len(cells) else "", about)
            if len(self.cells) == before:
                self.silent(line, about["project"])

    def about(self, cells: list[str], others: dict[int, str], project: int) -> dict[str, str]:
        known = {column.name for column in PROJECTS} | {"source"}
        about = {name: cells[at] for at, name in others.items() if name in known and at < len(cells)}
        if 0 <= project < len(cells):
            about["project"] = " ".join(cells[project].split())
        return about

    def beside(self, line: int, cells: list[str], others: dict[int, str], project: int) -> None:
        """Keep cells of columns that are neither a phase nor known of a project."""
        known = {*(column.name for column in PROJECTS), "source"}
        for at, name in others.items():
            if at != project and name not in known and at < len(cells) and cells[at]:
                why = text("the column is neither a phase nor one that is known of a project")
                self.left.append(Left(self.given.name, line, "value", name or str(at + 1), cells[at][:300], why))

    def phases_down(self) -> None:
        """Read a row per phase: the last row above the first phase names the projects."""
        first = min(self.shape.phases)
        heads = [at for at in range(first) if sum(bool(cell) for cell in self.page.rows[at][1]) > 1]
        header = self.page.rows[heads[-1]][1] if heads else []
        for number, (line, cells) in enumerate(self.page.rows):
            phase = self.shape.phases.get(number)
            if phase is None:
                if not heads or number != heads[-1]:
                    self.refuse(line, cells)
                continue
            for at, cell in enumerate(cells):
                if at == self.shape.at or not cell:
                    continue
                name = " ".join(header[at].split()) if at < len(header) else ""
                self.put(line, phase, cell, {"project": name})
        named = {cells["project"] for cells in self.cells}
        for at, cell in enumerate(header):
            name = " ".join(cell.split())
            if at != self.shape.at and name and name not in named:
                self.silent(self.page.rows[heads[-1]][0], name)
