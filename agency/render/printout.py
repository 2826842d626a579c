"""`Printout`: tables that show themselves in Jupyter and in a terminal, and save themselves in any format."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agency.errors import UsageError
from agency.output import write_atomic
from agency.render.formats import EXTENSIONS, render_sheets

if TYPE_CHECKING:
    import os

    import pandas as pd

    from agency.render.sheet import Sheet


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

    def __getitem__(self, position: int) -> Printout:
        """Return one of several tables: ``study.agreement()[0]``."""
        return Printout((self.sheets[position],), self.document, self.frame)

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
            If the extension means no format, or the file cannot be written.
        """
        extension = Path(path).suffix.lower()
        if extension not in EXTENSIONS:
            message = f"{path}: the extension {extension!r} is not one of {', '.join(EXTENSIONS)}."
            raise UsageError(message)
        write_atomic(Path(path), self.text(EXTENSIONS[extension], bare=bare))
