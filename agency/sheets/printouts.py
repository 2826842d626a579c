"""`Printout`: what a command or a notebook prints of a result, which shows itself and saves itself in any format.

It holds sheets, a JSON document and a frame; as CSV it is its frame, numbers unrounded: one table, whatever is printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import pandas as pd

from agency.agreement import agreement, agreement_document, agreement_frame, agreement_if_any
from agency.claims import claims_document, claims_frame, claims_of, judge
from agency.comparison import (
    brief,
    brief_frame,
    compare,
    compare_sources,
    crisp_cases,
    distance_frame,
    order_measure,
    regularities,
    regularity_frame,
    sentences,
    sources_document,
    truth_frame,
    truth_table,
)
from agency.errors import UsageError
from agency.formats import EXTENSIONS, Entry, Note, Sheet, plain, render_sheets
from agency.indicators import (
    INDICATORS,
    both_actors,
    cell_states,
    compositions,
    explain,
    explain_document,
    grouped,
    grouped_phases,
    groups_document,
    indicators,
    indicators_document,
    measured,
    method_block,
    phase_parts,
    robustness_document,
    robustness_frame,
    states_document,
    whatif,
    whatif_frame,
)
from agency.output import write_files
from agency.resolve import Resolved
from agency.sheets.agreement import adjudication_sheet, agreement_in_brief, agreement_sheets
from agency.sheets.cells import cell_document, cell_sheet
from agency.sheets.claims import claim_sheets
from agency.sheets.comparison import matrix_sheet, pair_sheets, regularity_sheet, truth_sheets
from agency.sheets.indicators import (
    composition_sheet,
    explain_sheets,
    group_sheet,
    headline_sheet,
    phase_group_sheet,
    states_sheet,
    tidy_sheet,
)
from agency.sheets.notes import AS_OURS, Citing
from agency.sheets.robustness import robustness_sheets, whatif_sheets
from agency.sheets.sources import source_sheets
from agency.table import input_paths
from agency.words import in_own_language, in_sentence, language, text

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from agency.formats import Sheet


_AT_ONCE = 20_000
"""Rows of a frame made at once."""
_UNITS = {entry.key: entry.unit for entry in INDICATORS}


@in_own_language
@dataclass(frozen=True, eq=False, repr=False)
class Printout:
    """One table or several, as the command of the same name prints them.

    Attributes
    ----------
    sheets
        The tables, in order.
    document
        The same content as dictionaries and lists, as the command prints it with ``-f json``.
    frame
        The numbers or statements behind it as a tidy DataFrame, nothing rounded.
    inputs
        The files it was made from, which `save` never writes over.

    Examples
    --------
    >>> import agency
    >>> agency.load().select(project="JSeI", phase="implementation").table(notes=False)
    Actors by phase: JSeI
    <BLANKLINE>
    Phase           JSeI
    --------------  -------------------
    Implemented by  Local firms and ZTE
    """

    sheets: tuple[Sheet, ...]
    documented: Callable[[], Any]
    """Makes the document: twenty thousand projects as dictionaries take longer than the tables."""
    framed: Callable[[], pd.DataFrame]
    """Makes the frame, which is needed for CSV alone."""
    inputs: tuple[Path, ...] = ()
    csv: Sheet | None = None
    """What stands for the frame as CSV, where a form is written (Table 1, a sheet to decide in)."""
    language: str = field(default_factory=language, kw_only=True)
    """What it speaks: that of the study it was made from."""

    @cached_property
    def document(self) -> Any:
        """The same content as dictionaries and lists."""
        return self.documented()

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The numbers or statements behind it, nothing rounded."""
        return self.framed()

    def __getitem__(self, position: int) -> Printout:
        """Return one of several tables: ``study.agreement()[0]``."""
        return replace(self, sheets=(self.sheets[position],), csv=self.sheets[position])

    def __repr__(self) -> str:
        return str(self.text("text")).rstrip("\n")

    def _repr_html_(self) -> str:
        return str(self.text("html"))

    def text(self, format: str = "text", *, bare: bool = False) -> str | bytes:
        """Return the tables in a format: text, markdown, grid, rst, latex, html, csv, docx or xlsx (bytes).

        Parameters
        ----------
        format
            As for ``-f`` on the command line.
        bare
            Only the tables, without captions and notes.
        """
        return render_sheets(list(self.printed(format)), format, bare=bare)

    def printed(self, format: str) -> tuple[Sheet, ...]:
        """Return the tables that a format prints: as CSV one, the frame behind them."""
        if format != "csv":
            return self.sheets
        return (self.csv or frame_sheet(self.frame),)

    def save(self, path: str | os.PathLike[str], *, bare: bool = False) -> None:
        """Write the tables to a file; the extension decides the format (.docx is Word, .xlsx a workbook, .tex LaTeX).

        Raises
        ------
        UsageError
            If the extension means no format, or the file cannot be written, or is one the study was read from.
        """
        extension = Path(path).suffix.lower()
        if extension not in EXTENSIONS:
            message = text(
                "{path}: the extension {extension!r} is not one of {extensions}.",
                path=path,
                extension=extension,
                extensions=", ".join(EXTENSIONS),
            )
            raise UsageError(message)
        write_files({path: self.text(EXTENSIONS[extension], bare=bare)}, inputs=self.inputs)


def frame_sheet(frame: pd.DataFrame) -> Sheet:
    """Return a frame as it is, for CSV: nothing rounded, lists in one text, nothing where there is no value.

    Examples
    --------
    >>> frame_sheet(pd.DataFrame({"a": [1 / 3, None], "b": [["x", "y"], True]})).rows[0][0].text
    '0.3333333333333333'
    """
    return Sheet("", "data", tuple(str(name) for name in frame.columns), _FrameRows(frame))


@dataclass(frozen=True, eq=False)
class _FrameRows(Sequence[tuple[Entry, ...]]):
    """The rows of a frame, made when they are asked for: of millions only some are there at once."""

    frame: pd.DataFrame

    def __len__(self) -> int:
        return len(self.frame)

    @overload
    def __getitem__(self, place: int) -> tuple[Entry, ...]: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[tuple[Entry, ...], ...]: ...

    def __getitem__(self, place: int | slice) -> Any:
        rows = tuple(self._made(self.frame.iloc[place if isinstance(place, slice) else [place]]))
        return rows if isinstance(place, slice) else rows[0]

    def __iter__(self) -> Iterator[tuple[Entry, ...]]:
        for first in range(0, len(self.frame), _AT_ONCE):
            yield from self._made(self.frame.iloc[first : first + _AT_ONCE])

    @staticmethod
    def _made(frame: pd.DataFrame) -> Iterator[tuple[Entry, ...]]:
        entries: dict[str, Entry] = {}  # one for all equal cells: of a large frame most are

        def entry(value: Any) -> Entry:
            cell = unrounded(value)
            found = entries.get(cell)
            if found is None:
                found = entries[cell] = plain(cell)
            return found

        columns = [frame[name].tolist() for name in frame.columns]
        yield from (tuple(map(entry, row)) for row in zip(*columns, strict=True))


def unrounded(value: Any) -> str:
    """Return a value as a CSV has it.

    >>> unrounded(1 / 3), unrounded(None), unrounded(["x", 2]), unrounded(True)
    ('0.3333333333333333', '', 'x; 2', 'true')
    """
    if isinstance(value, (list, tuple)):
        return "; ".join(str(item) for item in value)
    if pd.isna(value):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)


def actors_by_phase(
    resolved: Resolved,
    *,
    notes: bool,
    transpose: bool | None,
    citing: Citing = AS_OURS,
    caption: str | None = None,
    colour: bool = False,
) -> Printout:
    """Return who held which phase, in the form of Table 1; ``frame`` has a row per cell.

    What our own caption says of the year stands in a note below another `caption`.
    """
    cells, sources, year = resolved.cells, resolved.table.sources, resolved.view.year
    sheet = cell_sheet(
        cells, sources=sources, notes=notes, transpose=transpose, year=year, citing=citing, colour=colour
    )
    if caption is not None:
        rule = (Note("", text("{what}.", what=sheet.caption)),) if notes and year is not None else ()
        sheet = replace(sheet, caption=caption, notes=(*rule, *sheet.notes))
    # A script that reads a CSV must not find it turned because a project was added.
    form = sheet
    if transpose is None:
        form = cell_sheet(cells, sources=sources, notes=notes, transpose=False, year=year, citing=citing)
    records = [(cell.project, cell.phase, cell.text, cell.blank or "", cell.agreement) for cell in cells.shown]
    frame = pd.DataFrame(records, columns=["project", "phase", "text", "blank", "agreement"])
    found = _printout(resolved, (sheet,), lambda: cell_document(cells), lambda: frame, csv=form)
    return found if notes else replace(found, sheets=(sheet,))


def indicator_tables(resolved: Resolved, *, everything: bool = False, bars: bool = False) -> Printout:
    """Return composition and headline indicators, with `everything` all of them; ``frame`` always has all."""
    method = method_block(resolved)
    modes: dict[str, Resolved] = {resolved.view.mode: resolved}
    if resolved.view.mode != "snapshot":
        modes = {mode: resolved.under(mode=mode) for mode in ("static", "time")}
    keys = [entry.key for entry in INDICATORS if entry.headline]
    headline = both_actors(resolved, measured(resolved, keys=keys))
    sheets = [
        composition_sheet(compositions(modes), codebook=resolved.codebook, method=method, bars=bars),
        headline_sheet(headline, codebook=resolved.codebook, method=method),
    ]
    if everything:
        sheets.append(
            tidy_sheet(
                both_actors(resolved, measured(resolved)), codebook=resolved.codebook, method=method, units=_UNITS
            )
        )
    return _printout(resolved, sheets, lambda: indicators_document(resolved), lambda: indicators(resolved))


def indicator_explained(resolved: Resolved, name: str) -> Printout:
    """Return the formula of an indicator with numerators and denominators; ``frame`` has a row per project and key."""
    entry, frame = explain(resolved, name)
    parts, method = phase_parts(resolved), method_block(resolved)
    told = phase_parts(resolved, printed=True)
    sheets = explain_sheets(entry, frame, told, codebook=resolved.codebook, method=method)
    return _printout(
        resolved, sheets, lambda: {"method": method, **explain_document(entry, frame, parts)}, lambda: frame
    )


def by_group(resolved: Resolved, by: str) -> Printout:
    """Return phases and indicators over groups of projects; ``frame`` has a row per group and key.

    The keys of a phase are ``phases.PHASE.PART`` for each origin, gap and unknown: mean over the ``n`` of ``of``
    projects in which the phase is known.
    """
    method = method_block(resolved)
    frame, phases = grouped(resolved, by), grouped_phases(resolved, by)
    sheets = [
        phase_group_sheet(phases, by=by, codebook=resolved.codebook, method=method),
        group_sheet(frame, by=by, method=method, units=_UNITS),
    ]
    cells = ["group", "phase", "known", "of"]
    told = phases.melt(cells, var_name="part", value_name="mean", ignore_index=False).sort_index(kind="stable")
    told = told.assign(key="phases." + told["phase"] + "." + told["part"]).rename(columns={"known": "n"})
    both = pd.concat([told.reindex(columns=frame.columns), frame], ignore_index=True)
    return _printout(
        resolved, sheets, lambda: {"method": method, "by": by, **groups_document(frame, phases)}, lambda: both
    )


def states_table(resolved: Resolved) -> Printout:
    """Return what is known of each project and phase, with counts; ``frame`` has a row per cell."""
    frame = cell_states(resolved)
    return _printout(resolved, [states_sheet(frame, resolved.codebook)], lambda: states_document(frame), lambda: frame)


def comparison(resolved: Resolved) -> Printout:
    """Return projects side by side; ``frame`` has a row per pair and distance, with bounds and compared phases."""
    method = method_block(resolved)
    found = compare(resolved)
    if len(resolved.listed) > 2:
        by = order_measure(timed=resolved.view.mode == "time")
        sheets = [matrix_sheet(found, by=by, method=method)]
    else:
        labels = {phase.key: phase.label for phase in resolved.codebook.phases}
        sheets = pair_sheets(found, labels=labels, method=method)
    return _printout(resolved, sheets, lambda: {"method": method, **found}, lambda: distance_frame(found))


def regularity(resolved: Resolved, *, conditions: Sequence[str] = (), outcome: str | None = None) -> Printout:
    """Return what holds in every project, and the truth table of an outcome.

    ``frame`` has a row per phase; with an outcome a row per configuration of conditions.
    """
    method = method_block(resolved)
    found = regularities(resolved)
    labels = {origin.key: in_sentence(origin.label) for origin in resolved.codebook.origins} | {"local": text("local")}
    words = {key: resolved.codebook.word(key) for key in (*found, *labels, "gap")}
    said = sentences(found, labels=labels, words=words)
    sheets = [regularity_sheet(found, said, labels=labels, words=words, method=method)]
    document: dict[str, Any] = {"method": method, "phases": found, "sentences": said}
    frame = regularity_frame(found)
    if outcome is not None:
        cases = crisp_cases(resolved, [*conditions, outcome])
        document["truth_table"] = table = truth_table(cases, conditions, outcome)
        sheets += truth_sheets(table, method=method)
        # A CSV is one table: the one that was asked for.
        frame = truth_frame(table)
    return _printout(resolved, sheets, lambda: document, lambda: frame)


def robust(resolved: Resolved, *, seed: int) -> Printout:
    """Return which choice moves which number; ``frame`` has a row per project and key, the statements by line."""
    found = robustness_document(resolved, seed=seed)
    method = method_block(resolved)
    sheets = robustness_sheets(found, codebook=resolved.codebook, units=_UNITS, method=method)
    return _printout(resolved, sheets, lambda: {"method": method, **found}, lambda: robustness_frame(found))


def withdrawal(resolved: Resolved, name: str, *, year: int) -> Printout:
    """Return what a withdrawal would leave behind, in mode time; ``frame`` has a row per phase lost or undetermined."""
    found = whatif(resolved, name, year=year)
    method = method_block(resolved)
    return _printout(
        resolved,
        whatif_sheets(found, codebook=resolved.codebook, method=method),
        lambda: {"method": method, **found},
        lambda: whatif_frame(found),
    )


def source_comparison(resolved: Resolved) -> Printout:
    """Return the sources side by side; ``frame`` has the text of every cell by each of them."""
    found = compare_sources(resolved)
    sheets = source_sheets(resolved.table, found, single=bool(resolved.view.projects))
    # Every project is listed here, however little is known of it.
    return _printout(resolved.counted, sheets, lambda: sources_document(resolved, found), lambda: found.cells)


def coder_agreement(resolved: Resolved) -> Printout:
    """Return how far the coders of a table agree, and where they do not.

    ``frame`` has a row per alpha; as CSV it is the sheet to decide the disagreements in.
    """
    found = agreement(resolved)
    sheets, form = agreement_sheets(found), adjudication_sheet(found)
    return _printout(resolved, sheets, lambda: agreement_document(found), lambda: agreement_frame(found), csv=form)


def adjudication(resolved: Resolved) -> Printout:
    """Return the sheet to decide the disagreements of coders in; ``frame`` has its cells as text."""
    found = agreement(resolved)
    sheet = adjudication_sheet(found)
    cells = [[cell.text for cell in row] for row in sheet.rows]
    frame = pd.DataFrame(cells, columns=list(sheet.columns), dtype="str")
    return Printout((sheet,), lambda: agreement_document(found), lambda: frame, input_paths(resolved.table), sheet)


def in_brief(resolved: Resolved) -> Printout:
    """Return what the study shows in at most ten sentences; ``frame`` has a row per sentence with its numbers."""
    found = agreement_if_any(resolved)
    agreed = agreement_in_brief(found) if found and len(found.coders) > 1 else ""
    sentences = brief(resolved, agreed=agreed)
    study = resolved.codebook.study
    caption = study.title or text("In brief")
    if study.author:
        caption = text("{title} ({author})", title=caption, author=study.author)
    notes = (Note("", text("Who coded: {coders}", coders=study.coders)),) if agreed and study.coders else ()
    sheet = Sheet(
        caption=caption,
        label="brief",
        columns=("", text("In brief")),
        rows=tuple((plain(str(number)), plain(one.said)) for number, one in enumerate(sentences, 1)),
        notes=notes,
    )

    def document() -> dict[str, Any]:
        return {"method": method_block(resolved), "sentences": [asdict(one) for one in sentences]}

    return _printout(resolved, (sheet,), document, lambda: brief_frame(sentences))


def claim_verdicts(resolved: Resolved, *, brief: bool = False) -> Printout:
    """Return what the statements say of published sentences; ``frame`` has a row per sentence."""
    claims = claims_of(resolved.table)
    found = judge(resolved, claims)
    left = len(claims) - len(found)
    sheets = claim_sheets(resolved, found, brief=brief, left_out=left)

    def document() -> dict[str, Any]:
        return {**claims_document(resolved, found), "left_out": left}

    return _printout(resolved, sheets, document, lambda: claims_frame(resolved, found))


def _printout(
    resolved: Resolved,
    sheets: Sequence[Sheet],
    document: Callable[[], Any],
    frame: Callable[[], pd.DataFrame],
    *,
    csv: Sheet | None = None,
) -> Printout:
    """Return what is printed; the last table says which projects are not listed, where its cells do not."""
    said = {note.text for sheet in sheets for note in sheet.notes}
    remarks = tuple(Note("", remark) for remark in resolved.remarks if remark not in said)
    last = replace(sheets[-1], notes=(*sheets[-1].notes, *remarks))
    return Printout((*sheets[:-1], last), document, frame, input_paths(resolved.table), csv)
