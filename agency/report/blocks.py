"""What a section of the report consists of: frozen records, each with a template of the same name as its `kind`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

if TYPE_CHECKING:
    from agency.render.sheet import Sheet
    from agency.report.matrixview import MatrixView
    from agency.report.register import Register


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
    text: str


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
