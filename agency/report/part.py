"""What a section of the report consists of: frozen records, each with a template of the same name as its `kind`.

What a report is made of: one table, one view, and what is computed from them, each thing once.

A part of the report: a section of the page with the files that go with it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Final

from agency.references import reference_text
from agency.resolve import Resolved

if TYPE_CHECKING:
    from agency.figures import Drawing
    from agency.formats import Sheet
    from agency.references import Piece
    from agency.report.matrixpart import MatrixView
    from agency.report.methods import Provenance
    from agency.report.register import Register
    from agency.resolve import CellTable, View
    from agency.table import Table

_NARROW: Final = 9
"""More columns than this need less room each."""


@dataclass(frozen=True)
class LegendItem:
    """A swatch, drawn by the classes that draw the cells, with its meaning."""

    style: str
    label: str
    hatch: bool = False


@dataclass(frozen=True)
class MatrixBlock:
    """The matrix with its legend and notes."""

    kind: ClassVar[str] = "matrix"
    view: MatrixView
    caption: str
    legend: tuple[LegendItem, ...]
    notes: tuple[str, ...]
    page_names: tuple[str, ...]


@dataclass(frozen=True)
class SheetBlock:
    """A table as every format prints it."""

    kind: ClassVar[str] = "sheet"
    sheet: Sheet
    folded: bool = False
    """Long and secondary: opened by the reader."""

    @property
    def shape(self) -> str:
        """Class names: grid for a matrix of numbers under long names, dense for very many columns of text."""
        columns = len(self.sheet.columns)
        if columns > _NARROW and len(self.sheet.numeric) == columns - 1:
            return "grid"
        return "dense" if columns > _NARROW else ""


@dataclass(frozen=True)
class SentencesBlock:
    """Findings in words."""

    kind: ClassVar[str] = "sentences"
    heading: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class FigureBlock:
    """A figure as an embedded picture with its words."""

    kind: ClassVar[str] = "figure"
    data: str
    """Data URI."""
    alt: str
    caption: str
    long: str = ""
    described_by: str = ""
    """Id of the table that says the same."""
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class BarPiece:
    """A segment of a bar; x and width in percent."""

    style: str
    x: float
    width: float
    hatch: bool


@dataclass(frozen=True)
class BarNumber:
    """A number of a bar as printed and as sorted."""

    value: str
    text: str


@dataclass(frozen=True)
class BarRow:
    """One project in one mode."""

    project: str
    mode: str
    pieces: tuple[BarPiece, ...]
    numbers: tuple[BarNumber, ...]


@dataclass(frozen=True)
class BarsBlock:
    """Compositions as bars beside their numbers."""

    kind: ClassVar[str] = "bars"
    label: str
    caption: str
    legend: tuple[LegendItem, ...]
    columns: tuple[str, ...]
    rows: tuple[BarRow, ...]


@dataclass(frozen=True)
class RegisterBlock:
    """The evidence register."""

    kind: ClassVar[str] = "register"
    register: Register
    hidden_title: str
    """Heading of the projects that the table does not show, "" when there are none."""


@dataclass(frozen=True)
class MethodsBlock:
    """The methods paragraph."""

    kind: ClassVar[str] = "methods"
    text: str


@dataclass(frozen=True)
class Reference:
    """One entry of the bibliography."""

    anchor: str
    runs: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The entry as plain text."""
        return reference_text(self.runs)


@dataclass(frozen=True)
class ReferencesBlock:
    """The bibliography."""

    kind: ClassVar[str] = "references"
    references: tuple[Reference, ...]


@dataclass(frozen=True)
class Section:
    """A numbered section."""

    anchor: str
    title: str
    intro: tuple[str, ...]
    blocks: tuple[object, ...]


@dataclass(frozen=True, eq=False)
class Material:
    """A table as it is selected, with the facts about it."""

    resolved: Resolved
    facts: Provenance

    @property
    def table(self) -> Table:
        """The data, whole."""
        return self.resolved.table

    @property
    def view(self) -> View:
        """Selection and rules."""
        return self.resolved.view

    @property
    def cells(self) -> CellTable:
        """The cells of the table that is shown."""
        return self.resolved.cells

    @cached_property
    def all_periods(self) -> CellTable:
        """The same cells with all their periods; the view's own unless it is a snapshot."""
        if self.view.mode != "snapshot":
            return self.cells
        return self.resolved.under(projects=self.resolved.listed, mode="static", year=None).cells

    @cached_property
    def everything(self) -> CellTable:
        """The cells of all that is selected: thin projects too, and every phase unless some were asked for."""
        phases = self.view.phases or tuple(phase.key for phase in self.table.codebook.phases)
        return self.resolved.under(phases=phases, min_phases=0, mode="static", year=None).cells

    @property
    def counted(self) -> bool:
        """Whether any phase shown counts; without one there are cells and evidence, but no numbers."""
        return not self.resolved.matrix.phases.empty

    @cached_property
    def static(self) -> Resolved:
        """The same in mode static."""
        return self.resolved if self.view.mode == "static" else self.resolved.under(mode="static", year=None)

    @cached_property
    def time(self) -> Resolved:
        """The same in mode time."""
        return self.resolved if self.view.mode == "time" else self.resolved.under(mode="time", year=None)


@dataclass(frozen=True)
class TableFile:
    """A table that is written beside the page."""

    name: str
    """File name without folder and extension."""
    sheet: Sheet
    """As it is printed."""
    raw: Sheet | None = None
    """What the CSV holds instead: unrounded numbers; None when the printed table holds all there is."""
    printed: bool = True
    """Whether it is made for a manuscript too."""

    @property
    def data(self) -> Sheet:
        """What the CSV holds, every column with a name of its own."""
        sheet = self.raw or self.sheet
        seen: Counter[str] = Counter()
        names = []
        for name in sheet.columns:
            seen[name] += 1
            names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
        return replace(sheet, columns=tuple(names))


@dataclass(frozen=True)
class ReportPart:
    """A section with its tables and drawings; a part without a section only writes files."""

    section: Section | None
    tables: tuple[TableFile, ...] = ()
    drawings: tuple[Drawing, ...] = ()
