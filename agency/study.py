"""`Study`: a table and a view of it, with a one-line method for everything a user does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from agency.matrix.view import View

if TYPE_CHECKING:
    import os

    import pandas as pd

    from agency.matrix.cellmodel import CellTable
    from agency.matrix.matrix import Matrix
    from agency.table.model import Table


def load(
    path: str | os.PathLike[str] | pd.DataFrame | None = None,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
) -> Study:
    """Read and validate a table; without a path, the shipped study."""
    from agency.table.load import load_table

    return Study(load_table(path, encoding=encoding, delimiter=delimiter, sheet=sheet))


@dataclass(frozen=True, eq=False)
class Study:
    """An immutable study: a sound table and what is selected of it."""

    data: Table
    view: View = field(default_factory=View)

    @property
    def matrix(self) -> Matrix:
        """States and shares by project and phase."""
        from agency.matrix.build import phase_matrix

        return phase_matrix(self.data, self.view)

    @property
    def cells(self) -> CellTable:
        """The cells as they are printed."""
        from agency.matrix.cells import cell_table

        return cell_table(self.data, self.view)

    def select(self, **choice: Any) -> Study:
        """Return a study with another selection."""
        from agency.matrix.select import select

        return Study(self.data, select(self.data, self.view, **choice))

    @property
    def notices(self) -> tuple[str, ...]:
        """What the selection left out, a sentence each."""
        from agency.matrix.select import selection

        return selection(self.data, self.view).notices
