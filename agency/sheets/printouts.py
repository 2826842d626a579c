"""`Printout`: tables that show themselves in Jupyter and in a terminal, and save themselves in any format.

From a table and a view to what a command or a notebook prints: sheets, JSON document and frame.

``raw`` is for CSV: one table, numbers unrounded.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from agency.agreement import agreement, agreement_document, agreement_frame
from agency.claims import claims_document, claims_frame, claims_of, judge
from agency.comparison import (
    brief,
    brief_frame,
    compare,
    compare_sources,
    crisp_cases,
    order_measure,
    regularities,
    sentences,
    sources_document,
    truth_table,
)
from agency.errors import UsageError
from agency.formats import EXTENSIONS, Note, Sheet, plain, render_sheets
from agency.indicators import INDICATORS, method_block, robustness_document, whatif
from agency.output import write_files
from agency.resolve import Resolved
from agency.sheets.agreement import adjudication_sheet, agreed_in_words, agreement_sheets
from agency.sheets.cells import cell_document, cell_sheet
from agency.sheets.claims import claim_list, claim_sheets
from agency.sheets.comparison import matrix_sheet, pair_sheets, regularity_sheet, truth_sheets
from agency.sheets.notes import AS_OURS, Citing
from agency.sheets.robustness import robustness_sheets, whatif_sheets
from agency.sheets.sources import source_list, source_sheets
from agency.table import Table, input_paths
from agency.words import text

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from agency.formats import Sheet


@dataclass(frozen=True, eq=False, repr=False)
class Printout:
    """One table or several, as the command of the same name prints them.

    Attributes
    ----------
    sheets
        The tables, in order.
    document
        The same content as dictionaries and lists, as the command prints it with ``-f json``; None if it has none.
    frame
        The numbers or statements behind it as a tidy DataFrame; None if there are none.
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
    document: Any = None
    frame: pd.DataFrame | None = None
    inputs: tuple[Path, ...] = ()

    def __getitem__(self, position: int) -> Printout:
        """Return one of several tables: ``study.agreement()[0]``."""
        return Printout((self.sheets[position],), self.document, self.frame, self.inputs)

    def __repr__(self) -> str:
        return str(self.text("text")).rstrip("\n")

    def _repr_html_(self) -> str:
        return str(self.text("html"))

    def text(self, format: str = "text", *, bare: bool = False) -> str | bytes:
        """Return the tables in a format: text, markdown, grid, rst, latex, html, csv or docx (bytes).

        Parameters
        ----------
        format
            As for ``-f`` on the command line.
        bare
            Only the tables, without captions and notes.
        """
        return render_sheets(list(self.sheets), format, bare=bare)

    def save(self, path: str | os.PathLike[str], *, bare: bool = False) -> None:
        """Write the tables to a file; the extension decides the format (.docx is Word, .tex LaTeX).

        Raises
        ------
        UsageError
            If the extension means no format, or the file cannot be written, or is one the study was read from.
        """
        extension = Path(path).suffix.lower()
        if extension not in EXTENSIONS:
            message = f"{path}: the extension {extension!r} is not one of {', '.join(EXTENSIONS)}."
            raise UsageError(message)
        write_files({path: self.text(EXTENSIONS[extension], bare=bare)}, inputs=self.inputs)


def actors_by_phase(resolved: Resolved, *, notes: bool, transpose: bool | None, citing: Citing = AS_OURS) -> Printout:
    """Return who held which phase, in the form of Table 1."""
    cells, sources, year = resolved.cells, resolved.table.sources, resolved.view.year
    sheet = cell_sheet(cells, sources=sources, notes=notes, transpose=transpose, year=year, citing=citing)
    return _printout(resolved.table, (sheet,), cell_document(cells))


def comparison(resolved: Resolved, *, raw: bool = False) -> Printout:
    """Return projects side by side; ``frame`` has their cells if they are two."""
    method = method_block(resolved)
    found = compare(resolved)
    document = {"method": method, **found}
    if len(resolved.listed) > 2:
        by = order_measure(timed=resolved.view.mode == "time")
        return _printout(resolved.table, (matrix_sheet(found, by=by, method=method, raw=raw),), document)
    labels = {phase.key: phase.label for phase in resolved.codebook.phases}
    sheets = pair_sheets(found, labels=labels, method=method, raw=raw)
    return _printout(resolved.table, sheets[:1] if raw else sheets, document, pd.DataFrame(found["cells"]))


def regularity(
    resolved: Resolved, *, conditions: Sequence[str] = (), outcome: str | None = None, raw: bool = False
) -> Printout:
    """Return what holds in every project, and the truth table of an outcome; ``frame`` has a row per phase."""
    method = method_block(resolved)
    found = regularities(resolved)
    labels = {origin.key: origin.label for origin in resolved.codebook.origins} | {"local": "local"}
    said = sentences(found, labels=labels)
    sheets = [regularity_sheet(found, said, labels=labels, method=method, raw=raw)]
    document: dict[str, Any] = {"method": method, "phases": found, "sentences": said}
    if outcome is not None:
        cases = crisp_cases(resolved, [*conditions, outcome])
        document["truth_table"] = truth_table(cases, conditions, outcome)
        tables = truth_sheets(document["truth_table"], method=method, raw=raw)
        # A CSV is one table: the one that was asked for.
        sheets = tables[:1] if raw else [*sheets, *tables]
    frame = pd.DataFrame([{"phase": phase, **entry} for phase, entry in found.items()])
    return _printout(resolved.table, sheets, document, frame.drop(columns="consistency"))


def robust(resolved: Resolved, *, seed: int, raw: bool = False) -> Printout:
    """Return which choice moves which number; ``frame`` has project, key, value, low, high and moved_by."""
    found = robustness_document(resolved, seed=seed)
    method = method_block(resolved)
    units = {entry.key: entry.unit for entry in INDICATORS}
    sheets = robustness_sheets(found, units=units, method=method, raw=raw)
    rows = [
        {"project": name, "key": key, **entry}
        for name, keys in found["projects"].items()
        for key, entry in keys.items()
    ]
    return _printout(resolved.table, sheets, {"method": method, **found}, pd.DataFrame(rows))


def withdrawal(resolved: Resolved, name: str, *, year: int, raw: bool = False) -> Printout:
    """Return what a withdrawal would leave behind, in mode time."""
    found = whatif(resolved, name, year=year)
    method = method_block(resolved)
    return _printout(resolved.table, whatif_sheets(found, method=method, raw=raw), {"method": method, **found})


def source_comparison(resolved: Resolved, *, raw: bool = False) -> Printout:
    """Return the sources side by side; ``frame`` has the text of every cell by each of them."""
    found = compare_sources(resolved)
    sheets = [source_list(found)] if raw else source_sheets(resolved.table, found, single=bool(resolved.view.projects))
    return _printout(resolved.table, sheets, sources_document(resolved, found), found.cells)


def coder_agreement(resolved: Resolved, *, raw: bool = False) -> Printout:
    """Return how far the coders of a table agree, and where they do not; ``frame`` has a row per alpha."""
    found = agreement(resolved)
    sheets = [adjudication_sheet(found)] if raw else agreement_sheets(found)
    return _printout(resolved.table, sheets, agreement_document(found), agreement_frame(found))


def in_brief(resolved: Resolved) -> Printout:
    """Return what the study shows in at most ten sentences; ``frame`` has a row per sentence with its numbers."""
    agreed = agreed_in_words(agreement(resolved))
    sentences = brief(resolved, agreed=agreed)
    study = resolved.codebook.study
    caption = study.title or text("In brief")
    if study.author:
        caption = text("{title} ({author})", title=caption, author=study.author)
    notes = (Note("", text("Coders: {who}", who=study.coders)),) if agreed and study.coders else ()
    sheet = Sheet(
        caption=caption,
        label="brief",
        columns=("", text("In brief")),
        rows=tuple((plain(str(number)), plain(one.said)) for number, one in enumerate(sentences, 1)),
        notes=notes,
    )
    document = {"method": method_block(resolved), "sentences": [asdict(one) for one in sentences]}
    return _printout(resolved.table, (sheet,), document, brief_frame(sentences))


def claim_verdicts(resolved: Resolved, *, brief: bool = False, raw: bool = False) -> Printout:
    """Return what the statements say of published sentences; ``frame`` has a row per sentence."""
    claims = claims_of(resolved.table)
    found = judge(resolved, claims)
    left = len(claims) - len(found)
    sheets = [claim_list(resolved, found)] if raw else claim_sheets(resolved, found, brief=brief, left_out=left)
    document = {**claims_document(resolved, found), "left_out": left}
    return _printout(resolved.table, sheets, document, claims_frame(resolved, found))


def _printout(
    table: Table, sheets: Sequence[Sheet], document: Any = None, frame: pd.DataFrame | None = None
) -> Printout:
    return Printout(tuple(sheets), document, frame, input_paths(table))
