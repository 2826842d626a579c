"""A part of the report: a section of the page with the files that go with it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agency.figures.canvas import Drawing
    from agency.render.sheet import Sheet
    from agency.report.blocks import Section


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
class Part:
    """A section with its tables and drawings; a part without a section only writes files."""

    section: Section | None
    tables: tuple[TableFile, ...] = ()
    drawings: tuple[Drawing, ...] = ()
