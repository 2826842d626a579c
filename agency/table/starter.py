"""The starter folder of `agency new`: files that show the data format and pass `agency check`.

The same rows stand in CSV files and in a workbook with drop-down lists: a person fills in one of the two.
"""

from __future__ import annotations

import csv
import io
import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from agency.about import DISTRIBUTION
from agency.characters import fold
from agency.spreadsheet import add_page, book_bytes, new_book, put_text
from agency.table.read.bundle import EXAMPLE, STUDY_WORKBOOK
from agency.vocabulary import (
    CODEBOOK_FILE,
    FILES,
    TABLE_FILE,
    Column,
    allowed_values,
    country_names,
    default_codebook,
    default_text,
)
from agency.words import ENGLISH, language, marked, speaking, text

_ROWS = (
    {
        "project": "ECU 911",
        "phase": "design",
        "actor": "CEIEC",
        "origin": "chinese",
        "actor_kind": "state_firm",
        "scope": marked("technical"),
        "source": "vilaseoane2024",
        "locator": "Table 1",
        "quote": "CEIEC (technical)",
        "confidence": "documented",
        "note": EXAMPLE,
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
        "note": EXAMPLE,
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
        "note": EXAMPLE,
    },
)
_WORDED = ("scope", "note")
"""Columns of the example rows that are in the words of who codes; quotes stay in those of the source."""
_README = marked("""# A study of who holds what

The table holds one row per statement: according to `source`, `actor` held `phase` of `project`, from `start` to `end`.
Joint holders are several rows. {begin}

{places}
    agency check .            # names every problem, with line, column and a fix
    agency table .            # who held which phase
    agency report . -o report # one HTML file with table, figures, numbers and evidence

- `project`, `phase`, `actor`, `origin` and `source` are required; every other cell may stay empty.
- `projects` gives countries and the years observed.
- `{codebook}` holds phases, origins and their colours; change it, or delete it to use the packaged one.
- Add `sources.bib` (BibTeX) when you want references printed and the keys in `source` checked.
- Add `actors.csv` (actor, alias, kind, seat) when one actor has several names.

The data format is described in `docs/data-format.md` of {distribution}.
""")
_BEGIN = marked("Delete the example rows and write your own.")
_BEGIN_EMPTY = marked("Write your own below the header.")
_ONE_FILE = marked("`{table}` is the table; a spreadsheet is fine to fill it in, saved as CSV UTF-8.\n")
_TWO_FILES = marked("""Fill in one of the two, and delete the other:

- `{workbook}`, a workbook with a sheet per file and drop-down lists,
- `{table}` and `projects.csv`.
""")
_LAST_ROW = 5_000
"""Rows of the workbook that have drop-down lists."""
_LISTS = "lists"
_FREE_KINDS = ("country",)
"""Kinds of columns that may hold what is not in the list: several countries joined by ``;``."""
_FLAGS = {"true": marked("true"), "false": marked("false")}
_REQUIRED_COLOUR = "DDEBF7"


def starter_files(*, examples: bool = True, workbook: bool = True, language: str = ENGLISH) -> dict[str, str | bytes]:
    """Return the files of the starter folder by name.

    Parameters
    ----------
    examples
        With the example rows; without them `agency check` says that the table is empty.
    workbook
        With `study.xlsx`, the same as a workbook with drop-down lists.
    language
        Of what stands in the files, and of what is printed of the study: en, es or pt. The columns have the names of
        the data format, by which every message and page calls them; what they are is said at each in this language.

    Raises
    ------
    UsageError
        If the workbook is wanted and openpyxl is not installed.

    Examples
    --------
    >>> sorted(starter_files())
    ['README.md', 'actors_by_phase.csv', 'codebook.toml', 'projects.csv', 'study.xlsx']
    """
    with speaking(language):
        return _files(examples=examples, workbook=workbook)


def _files(*, examples: bool, workbook: bool) -> dict[str, str | bytes]:
    rows = {TABLE_FILE: _ROWS, "projects.csv": _PROJECTS} if examples else {}
    files: dict[str, str | bytes] = {
        name: _csv(FILES[name], rows.get(name, ())) for name in (TABLE_FILE, "projects.csv")
    }
    files[CODEBOOK_FILE] = _codebook()
    files["README.md"] = text(
        _README,
        begin=text(_BEGIN if examples else _BEGIN_EMPTY),
        places=text(_TWO_FILES if workbook else _ONE_FILE, table=TABLE_FILE, workbook=STUDY_WORKBOOK),
        codebook=CODEBOOK_FILE,
        distribution=DISTRIBUTION,
    )
    if workbook:
        files[STUDY_WORKBOOK] = _workbook(rows)
    return files


def _csv(columns: tuple[Column, ...], rows: Sequence[Mapping[str, str]]) -> str:
    """Return a CSV with a byte-order mark, without which spreadsheets take UTF-8 for something else."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, [column.name for column in columns], restval="", lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow(_filled(row, columns))
    return "\ufeff" + stream.getvalue()


def _filled(row: Mapping[str, str], columns: tuple[Column, ...]) -> dict[str, str]:
    own = {name: text(cell) if name in _WORDED else cell for name, cell in row.items()}
    return {column.name: column.default for column in columns} | own


def _codebook() -> str:
    """Return the packaged codebook; in another language with its comments, and its labels beside the English ones."""
    if language() == ENGLISH:
        return default_text()

    def comment(found: re.Match[str]) -> str:
        said = text(" ".join(line.removeprefix("# ") for line in found[0].splitlines()))
        return textwrap.fill(said, 118, initial_indent="# ", subsequent_indent="# ") + "\n"

    def label(found: re.Match[str]) -> str:
        return f'{found[0]}{found["name"]}.{language()} = "{text(found["said"])}"\n'

    written = re.sub(r"(?:^#.*\n)+", comment, default_text(), flags=re.MULTILINE)
    written = re.sub(r'^(?P<name>label|short) = "(?P<said>.*)"\n', label, written, flags=re.MULTILINE)
    return re.sub(r"\n\n", f'\n\n[study]\nlanguage = "{language()}"\n\n', written, count=1)


def _workbook(rows: Mapping[str, Sequence[Mapping[str, str]]]) -> bytes:
    """Return the starter as a workbook: a sheet per file, and one with the lists to choose from."""
    book = new_book()
    lists: dict[tuple[str, ...], str] = {}
    for file, columns in FILES.items():
        page = add_page(book, file.removesuffix(".csv"))
        for position, column in enumerate(columns, 1):
            _head(page, position, column)
            choices = _choices(column)
            if choices:
                _drop_down(page, position, lists.setdefault(choices, f"list_{column.name}"), column)
        for row, cells in enumerate(rows.get(file, ()), 2):
            values = _filled(cells, columns)
            for position, column in enumerate(columns, 1):
                if values[column.name]:
                    put_text(page, row, position, _label(values[column.name], column)).number_format = "@"
        page.freeze_panes = "A2"
    _write_lists(book, lists)
    return book_bytes(book)


def _choices(column: Column) -> tuple[str, ...]:
    """Return what can be chosen in a column, in the order of the codebook; nothing for free text."""
    if column.kind == "country":
        return tuple(country_names().values())
    return tuple(_label(value, column) for value in allowed_values(column, default_codebook()))


def _label(value: str, column: Column) -> str:
    """Return what a value is called where a person chooses it: a name of the codebook, or its key in plain words."""
    book = default_codebook()
    if column.kind == "country":
        return country_names().get(value, value)
    if column.kind == "flag":
        return text(_FLAGS[value])
    if column.vocabulary == "phase":
        return book.phase(value).label
    if column.vocabulary == "origin":
        return book.origin(value).label
    return text(value.replace("_", " ")) if column.kind == "key" else value


def _keys(column: Column) -> str:
    """Return what the choices of a column are in the data format, where that is another word: negado = denied."""
    if column.kind not in ("key", "flag"):
        return ""
    named = {value: _label(value, column) for value in allowed_values(column, default_codebook())}
    return "; ".join(f"{label} = {value}" for value, label in named.items() if fold(label) != value)


def _head(page: Any, position: int, column: Column) -> None:
    """Write a column's name, with what it means as a note; cells below are text, so that 12-13 stays a locator."""
    from openpyxl.comments import Comment
    from openpyxl.styles import Font, PatternFill

    cell = put_text(page, 1, position, column.name)
    cell.font = Font(bold=True)
    if column.required:
        cell.fill = PatternFill("solid", fgColor=_REQUIRED_COLOUR)
    need = text("Required.") if column.required else text("May stay empty.")
    title, keys = text(column.title), _keys(column)
    said = f"{title}. {text(column.description)} {need}" + f"\n{keys}" * bool(keys)
    cell.comment = Comment(said, "agency", width=320, height=max(140, 18 * (2 + len(said) // 40)))
    dimension = page.column_dimensions[cell.column_letter]
    dimension.width, dimension.number_format = max(len(column.name) + 4, 14), "@"


def _drop_down(page: Any, position: int, name: str, column: Column) -> None:
    """Let cells be chosen from a list, by its name: a list in the rule itself ends at 255 letters."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    rule = DataValidation(type="list", formula1=f"={name}", allow_blank=True)
    rule.showErrorMessage = column.kind not in _FREE_KINDS
    rule.errorTitle, rule.error = text(column.title)[:32], text("Choose one of the list.")
    letter = get_column_letter(position)
    rule.add(f"{letter}2:{letter}{_LAST_ROW}")
    page.add_data_validation(rule)


def _write_lists(book: Any, lists: Mapping[tuple[str, ...], str]) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.workbook.defined_name import DefinedName

    page = add_page(book, _LISTS)
    for position, (choices, name) in enumerate(lists.items(), 1):
        put_text(page, 1, position, name)
        for row, choice in enumerate(choices, 2):
            put_text(page, row, position, choice)
        letter = get_column_letter(position)
        book.defined_names[name] = DefinedName(name, attr_text=f"{_LISTS}!${letter}$2:${letter}${len(choices) + 1}")
