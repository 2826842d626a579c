"""The starter folder of `agency new`: files that show the data format and pass `agency check`."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from agency.about import DISTRIBUTION
from agency.vocabulary import CODEBOOK_FILE, COLUMNS, PROJECTS, TABLE_FILE, Column, default_text

_ROWS = (
    {
        "project": "ECU 911",
        "phase": "design",
        "actor": "CEIEC",
        "origin": "chinese",
        "actor_kind": "state_firm",
        "scope": "technical",
        "source": "vilaseoane2024",
        "locator": "Table 1",
        "quote": "CEIEC (technical)",
        "confidence": "documented",
        "note": "Example row: delete it.",
    },
    {
        "project": "ECU 911",
        "phase": "maintenance",
        "actor": "CEIEC",
        "origin": "chinese",
        "actor_kind": "state_firm",
        "end": "2018",
        "source": "vilaseoane2024",
        "locator": "Table 1",
        "quote": "Until 2018: CEIEC",
        "confidence": "documented",
        "note": "Example row: delete it.",
    },
)
_PROJECTS = (
    {
        "project": "ECU 911",
        "label": "ECU 911",
        "country": "ECU",
        "window_start": "2012",
        "window_end": "2021",
        "window_source": "vilaseoane2024",
        "note": "Example row: delete it.",
    },
)
_README = f"""# A study of who holds what

`{TABLE_FILE}` holds one row per statement: according to `source`, `actor` held `phase` of `project`, from `start` to
`end`. Joint holders are several rows. Delete the two example rows and write your own; a spreadsheet is fine, saved as
CSV UTF-8.

    agency check .            # names every problem, with line, column and a fix
    agency table .            # who held which phase
    agency report . -o report # one HTML file with table, figures, numbers and evidence

- `project`, `phase`, `actor`, `origin` and `source` are required; every other cell may stay empty.
- `projects.csv` gives countries and the years observed.
- `{CODEBOOK_FILE}` holds phases, origins and their colours; change it, or delete it to use the packaged one.
- Add `sources.bib` (BibTeX) when you want references printed and the keys in `source` checked.
- Add `actors.csv` (actor, alias, kind, seat) when one actor has several names.

The data format is described in `docs/data-format.md` of {DISTRIBUTION}.
"""


def starter_files() -> dict[str, str]:
    """Return the files of the starter folder by name.

    Examples
    --------
    >>> sorted(starter_files())
    ['README.md', 'actors_by_phase.csv', 'codebook.toml', 'projects.csv']
    """
    return {
        TABLE_FILE: _csv(COLUMNS, _ROWS),
        "projects.csv": _csv(PROJECTS, _PROJECTS),
        CODEBOOK_FILE: default_text(),
        "README.md": _README,
    }


def _csv(columns: tuple[Column, ...], rows: Sequence[Mapping[str, str]]) -> str:
    """Return a CSV with a byte-order mark, without which spreadsheets take UTF-8 for something else."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, [column.name for column in columns], restval="", lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({column.name: column.default for column in columns} | dict(row))
    return "\ufeff" + stream.getvalue()
