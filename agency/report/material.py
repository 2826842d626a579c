"""What a report is made of: one table, one view, and what is computed from them, each thing once.

Every part of the page and every table beside it asks here, so that a number on the page is the number that a command
prints.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from agency.agreement import agreement_if_any
from agency.changes import changes_since
from agency.claims import CLAIMS_FILE, claims_of, judge
from agency.comparison import brief, compare, compare_sources, regularities
from agency.figures import summary_bars
from agency.indicators import Variants, both_actors, compositions, measured, method_block, robustness_document, variants
from agency.sheets import agreement_in_brief
from agency.words import text

if TYPE_CHECKING:
    import pandas as pd

    from agency.agreement import Agreement
    from agency.claims import ClaimResult
    from agency.comparison import BriefSentence, SourceComparison
    from agency.figures import SummaryBar
    from agency.formats import Sheet
    from agency.report.methods import Provenance
    from agency.resolve import CellTable, Resolved, View
    from agency.sheets import Printout
    from agency.table import Table
    from agency.vocabulary import Codebook

MANY: Final = 60
"""More projects than this are summed up instead of compared, drawn and varied one by one."""
SHOWN: Final = 200
"""More projects than this are not shown one by one: the page has the best known, and the files beside it all."""
_COMPARED: Final = 30
"""More projects than this make no readable matrix of distances."""


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


@dataclass(frozen=True, eq=False)
class Material:
    """A table as it is selected, with the facts about it, and every result computed when it is first asked for."""

    resolved: Resolved
    facts: Provenance
    given_title: str = ""
    """The title that was given instead of the study's own."""
    since: Table | None = None
    """An earlier version to compare with."""

    @cached_property
    def page(self) -> Material:
        """The same of the projects that the page shows one by one: those asked for by name, and of many the best known.

        Known is a phase with a holder or a gap; of projects of which equally many are known, the first in the table.
        """
        asked = self.resolved
        if asked.view.projects or len(asked.projects) <= SHOWN:
            return self
        known = asked.known_phases
        best = set(sorted(asked.projects, key=lambda name: -known.get(name, 0))[:SHOWN])
        shown = asked.under(projects=tuple(name for name in asked.projects if name in best))
        return replace(self, resolved=shown)

    @property
    def unshown(self) -> str:
        """How many projects the page does not show one by one, and where they are; "" where it shows all."""
        of, shown = len(self.resolved.projects), len(self.page.resolved.projects)
        if shown == of:
            return ""
        return text(
            "From here on the page is on {shown} of the {of} projects: those of which most phases are known, and of "
            "equally known ones the first in the table. The other {rest} count in what is said above, and stand in the "
            "tables “{cells}” and “{statements}” that can be saved from the appendix; --project, --country, --type or "
            "--where choose others.",
            shown=f"{shown:,}",
            of=f"{of:,}",
            rest=f"{of - shown:,}",
            cells=text("Who holds what"),
            statements=text("Statements"),
        )

    @property
    def table(self) -> Table:
        """The data, whole."""
        return self.resolved.table

    @property
    def view(self) -> View:
        """Selection and rules."""
        return self.resolved.view

    @property
    def codebook(self) -> Codebook:
        """Phases and origins."""
        return self.resolved.codebook

    @property
    def cells(self) -> CellTable:
        """The cells of the listed projects in the phases of the view."""
        return self.resolved.cells

    @cached_property
    def whole(self) -> Resolved:
        """All that is selected, in the mode of the view: thin projects too, and every phase unless some were asked."""
        phases = self.view.phases or tuple(phase.key for phase in self.codebook.phases)
        return self.resolved.under(phases=phases, min_phases=0)

    @cached_property
    def _timeless(self) -> Resolved:
        return self.whole if self.view.mode != "snapshot" else self.whole.under(mode="static", year=None)

    @property
    def everything(self) -> CellTable:
        """The cells of all that is selected, with all their periods."""
        return self._timeless.cells

    @property
    def statements(self) -> pd.DataFrame:
        """The rows of all that is selected, in file order."""
        return self._timeless.rows

    @cached_property
    def all_periods(self) -> CellTable:
        """The cells of the listed projects with all their periods."""
        if self.view.mode != "snapshot":
            return self.cells
        return self.resolved.under(projects=self.resolved.listed, mode="static", year=None).cells

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

    @property
    def title(self) -> str:
        """What the report is called."""
        return self.given_title or self.codebook.study.title

    @cached_property
    def labels(self) -> dict[str, str]:
        """How each project is printed: its label in projects.csv."""
        return {str(key): label or str(key) for key, label in self.table.projects["label"].items()}

    @cached_property
    def phase_labels(self) -> dict[str, str]:
        """The one name of each phase."""
        return {phase.key: phase.label for phase in self.codebook.phases}

    @cached_property
    def styles(self) -> dict[str, str]:
        """The class name of each origin on the page: its position, because keys are the user's."""
        keys = [*(origin.key for origin in self.codebook.origins), "unknown"]
        return {key: f"o{position}" for position, key in enumerate(keys)}

    @cached_property
    def origin_labels(self) -> dict[str, str]:
        """The name of each origin."""
        return {key: self.codebook.origin(key).label for key in self.styles}

    # Results, each computed once.

    @cached_property
    def method(self) -> dict[str, Any]:
        """By which rules the numbers are made, and on what they rest."""
        return method_block(self.resolved)

    @cached_property
    def bars(self) -> tuple[SummaryBar, ...]:
        """Whom the sources name for each phase, in how many projects."""
        return summary_bars(self.resolved)

    @cached_property
    def agreement(self) -> Agreement | None:
        """How far coders agree; None where there are no two of them."""
        found = agreement_if_any(self.resolved)
        return found if found is not None and len(found.coders) > 1 else None

    @cached_property
    def brief(self) -> tuple[BriefSentence, ...]:
        """What the study shows, in at most ten sentences."""
        return brief(self.resolved, agreed=agreement_in_brief(self.agreement) if self.agreement else "")

    @cached_property
    def sources(self) -> SourceComparison:
        """What each source makes of the view."""
        return compare_sources(self.resolved)

    @cached_property
    def claims(self) -> tuple[tuple[ClaimResult, ...], int]:
        """The tested claims on what is selected, and how many are on other projects."""
        if not self.table.folder or not (Path(self.table.folder) / CLAIMS_FILE).is_file():
            return (), 0
        claims = claims_of(self.table)
        # First the ranges: a claim on a number asks it under the same choices, and finds them resolved.
        _ = self.robustness
        found = tuple(judge(self.resolved, claims))
        return found, len(claims) - len(found)

    @cached_property
    def changed(self) -> Printout | None:
        """What changed since the earlier version; None without one."""
        return None if self.since is None else changes_since(self.since, self.resolved)

    @cached_property
    def compositions(self) -> dict[str, pd.DataFrame]:
        """Composition and coverage, by mode: static and time, or the snapshot."""
        modes = {"static": self.static, "time": self.time}
        if self.view.mode == "snapshot":
            modes = {"snapshot": self.resolved}
        return compositions(modes)

    @cached_property
    def measured(self) -> pd.DataFrame:
        """Every indicator of the listed projects."""
        return both_actors(self.resolved, measured(self.resolved))

    @cached_property
    def compared(self) -> dict[str, Any] | None:
        """Projects against one another; None for one project or for very many."""
        return compare(self.resolved) if 2 <= len(self.resolved.listed) <= _COMPARED else None

    @cached_property
    def regularities(self) -> dict[str, dict[str, Any]]:
        """What holds in how many projects."""
        return regularities(self.resolved)

    @cached_property
    def robustness(self) -> dict[str, Any] | None:
        """Each number under other choices; None for very many projects."""
        if len(self.resolved.listed) > MANY or not self.counted:
            return None
        return robustness_document(self.resolved, others=self._others)

    @cached_property
    def _others(self) -> Variants:
        """The study under other choices, kept as long as the report is made so that each is resolved once."""
        return variants(self.resolved)
