"""What a report is made of: one table, one view, and what is computed from them, each thing once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agency.matrix.cellmodel import CellTable
    from agency.matrix.matrix import Matrix
    from agency.matrix.select import Selection
    from agency.matrix.view import Mode, View
    from agency.report.provenance import Provenance
    from agency.table.model import Table


@dataclass(frozen=True, eq=False)
class Material:
    """A table as it is selected, with the facts about it."""

    table: Table
    view: View
    facts: Provenance

    @cached_property
    def selection(self) -> Selection:
        """What is selected, and what was left out and why."""
        from agency.matrix.select import selection

        return selection(self.table, self.view)

    @cached_property
    def cells(self) -> CellTable:
        """The cells of the table that is shown."""
        from agency.matrix.cells import cell_table

        return cell_table(self.table, self.view)

    @cached_property
    def all_periods(self) -> CellTable:
        """The same cells with all their periods; the view's own unless it is a snapshot."""
        from agency.matrix.cells import cell_table

        if self.view.mode != "snapshot":
            return self.cells
        return cell_table(self.table, replace(self.view, projects=self.selection.projects, mode="static", year=None))

    @cached_property
    def everything(self) -> CellTable:
        """The cells of all that is selected: thin projects too, and every phase unless some were asked for."""
        from agency.matrix.cells import cell_table

        phases = self.view.phases or tuple(phase.key for phase in self.table.codebook.phases)
        return cell_table(self.table, replace(self.view, phases=phases, min_phases=0, mode="static", year=None))

    @cached_property
    def matrix(self) -> Matrix:
        """The numbers of the view."""
        from agency.matrix.build import phase_matrix

        return phase_matrix(self.table, self.view)

    @property
    def counted(self) -> bool:
        """Whether any phase shown counts; without one there are cells and evidence, but no numbers."""
        return not self.matrix.phases.empty

    def matrix_in(self, mode: Mode) -> Matrix:
        """Return the numbers in mode static or time."""
        from agency.matrix.build import phase_matrix

        if mode == self.view.mode:
            return self.matrix
        return phase_matrix(self.table, replace(self.view, mode=mode, year=None))
