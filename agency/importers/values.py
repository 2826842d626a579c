"""Cells of other people's files: years, amounts, countries; and the prose of a printed cell as statements.

The words are those `agency table` prints, in English, Spanish and Portuguese, and what people write in their place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

import pandas as pd

from agency.characters import fold
from agency.table import is_one_name, named_status, named_years
from agency.vocabulary import COUNTRIES, CURRENCIES, countries_named
from agency.words import text

_YEAR = re.compile(r"((?:19|20)\d\d)(?:\.0+)?")
_DATE = re.compile(r"((?:19|20)\d\d)-\d{1,2}(?:-\d{1,2})?(?:[T ].*)?|\d{1,2}/\d{1,2}/((?:19|20)\d\d)(?: .*)?")
_AMOUNT = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_CHINA = ("CHN", "HKG", "MAC")
_SPACES = re.compile(r"^\s|\s$|[^\S\n]{2}|[^\x20-\x7e]")


def clean(cells: Iterable[str]) -> list[str]:
    r"""Return cells in composed letters, with single spaces; line ends stay, since one may part two holders.

    Examples
    --------
    >>> clean([" a\u00a0 b ", "x\n y"])
    ['a b', 'x\ny']
    """
    cells = list(cells)
    return [known[cell] for known in [{cell: _clean(cell) for cell in dict.fromkeys(cells)}] for cell in cells]


def _clean(cell: str) -> str:
    if not _SPACES.search(cell):
        return cell
    lines = unicodedata.normalize("NFC", cell).splitlines()
    return "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)


def years(cells: pd.Series[str]) -> tuple[pd.Series[str], pd.Series[bool]]:
    """Return the years of cells that hold one or a date, and where a cell holds neither.

    Examples
    --------
    >>> [list(part) for part in years(pd.Series(["2016.0", "2016-03-01 00:00:00", "09/30/2011", "1784", ""]))]
    [['2016', '2016', '2011', '', ''], [False, False, False, True, False]]
    """
    read = cells.map({cell: _year(cell) for cell in cells.unique()}).astype("object")
    return read, (cells != "") & (read == "")


def _year(cell: str) -> str:
    found = _YEAR.fullmatch(cell) or _DATE.fullmatch(cell)
    return next((part for part in found.groups() if part), "") if found else ""


def amounts(cells: pd.Series[str]) -> tuple[pd.Series[str], pd.Series[bool]]:
    """Return the amounts of cells, and where a cell holds none above 0.

    Examples
    --------
    >>> [list(part) for part in amounts(pd.Series(["55000000.0", "1,5", "0", ""]))]
    [['55000000', '', '', ''], [False, True, True, False]]
    """
    read = cells.map({cell: _amount(cell) for cell in cells.unique()}).astype("object")
    return read, (cells != "") & (read == "")


def _amount(cell: str) -> str:
    if not _AMOUNT.fullmatch(cell) or float(cell) <= 0:
        return ""
    number = float(cell)
    return str(int(number)) if number.is_integer() and number < 1e15 else cell


def currencies(cells: pd.Series[str]) -> tuple[pd.Series[str], pd.Series[bool]]:
    """Return the codes of currencies, and where a cell is none in use."""
    read = cells.map({cell: cell.upper() if cell.upper() in CURRENCIES else "" for cell in cells.unique()})
    return read.astype("object"), (cells != "") & (read == "")


def countries(cells: pd.Series[str]) -> tuple[pd.Series[str], dict[object, str]]:
    """Return the countries of cells, joined by ``;``, and by position what of a cell is none.

    Examples
    --------
    >>> read, strange = countries(pd.Series(["Viet Nam", "RWA; Africa, regional; AGO", "Congo"]))
    >>> list(read), strange
    (['VNM', 'RWA;AGO', ''], {1: 'Africa, regional', 2: 'Congo'})
    """
    known = {cell: _countries(cell) for cell in cells.unique()}
    read = cells.map({cell: found for cell, (found, _) in known.items()}).astype("object")
    strange = {at: known[cell][1] for at, cell in cells.items() if known[cell][1]}
    return read, strange


def _countries(cell: str) -> tuple[str, str]:
    codes, strange = [], []
    for part in (part.strip() for part in re.split(r"[;|]", cell)):
        found = (part,) if part in COUNTRIES else countries_named(part) if part else ()
        if len(found) == 1:
            codes.append(found[0])
        elif part:
            strange.append(part)
    return ";".join(dict.fromkeys(codes)), "; ".join(strange)


def relative_origins(seats: pd.Series[str], hosts: pd.Series[str]) -> pd.Series[str]:
    """Return the origins that follow from where an actor sits: local, or Chinese; "" for others.

    Which third country is Western, a seat does not say.

    Examples
    --------
    >>> list(relative_origins(pd.Series(["CHN", "ECU", "USA"]), pd.Series(["ECU", "ECU", "ECU"])))
    ['chinese', 'local', '']
    """
    told = [
        "local" if seat and seat in host.split(";") else "chinese" if seat in _CHINA else ""
        for seat, host in zip(seats, hosts, strict=True)
    ]
    return pd.Series(told, index=seats.index, dtype="object")


_PIECES = re.compile(r"\s*\n\s*|\s+/\s+|\s*[|;]\s*")
_JOINED = re.compile(r",\s+(?:and|y|e)\s+|,\s+|\s+(?:and|y|e|&)\s+|\s+\+\s+")
_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
_LISTED = re.compile(
    r"\((proposed|alleged|support|propuesto|proposto|presunto|alegado|apoyo|apoio):\s*([^()]+)\)", re.I
)
_LISTED_AS = {
    "proposed": ("status", "proposed"), "propuesto": ("status", "proposed"), "proposto": ("status", "proposed"),
    "alleged": ("confidence", "alleged"), "presunto": ("confidence", "alleged"), "alegado": ("confidence", "alleged"),
    "support": ("role", "support"), "apoyo": ("role", "support"), "apoio": ("role", "support"),
}  # fmt: skip
_NOTE_MARKS = re.compile(r"\s*\[(?:[§*†‡¶#]|\d{1,3})(?:[,;]?\s*(?:[§*†‡¶#]|\d{1,3}))*\]")
"""Marks of notes below a table: [1], [2, §]."""
_SCOPE = re.compile(r"(.+?)\s*\(([^()]+)\)")
_DATED = re.compile(r"(.+), ((?:(?:until|by|hasta|a más tardar en|até) )?(?:19|20)\d\d(?:[-–](?:19|20)\d\d)?)", re.I)
_UNNAMED = re.compile(
    r"(?:(?:local|national|domestic|foreign|chinese|western|private|state|various|several|other|unspecified|unnamed|"
    r"different|international)\s+)+(?:firms?|compan(?:y|ies)|contractors?|suppliers?|operators?|authorit(?:y|ies)|"
    r"actors?|vendors?|providers?|institutions?|agenc(?:y|ies)|partners?)|"
    r"(?:empresas|firmas|compañías|contratistas|proveedores|autoridades|companhias|fornecedores)\s+"
    r"(?:locales|nacionales|extranjeras|chinas|privadas|locais|nacionais|estrangeiras|chinesas)",
    re.IGNORECASE,
)
"""What names nobody: local firms."""


@dataclass(frozen=True)
class Stated:
    """One statement of a cell, in the words of the table; `problem` says why it is none."""

    actor: str = ""
    scope: str = ""
    start: str = ""
    end: str = ""
    duration_years: str = ""
    status: str = "held"
    role: str = "lead"
    confidence: str = ""
    unnamed: str = ""
    problem: str = ""
    remark: str = ""
    """What was decided in reading, where somebody could decide otherwise."""


def is_unnamed(name: str) -> bool:
    """Say whether words name nobody in particular.

    Examples
    --------
    >>> is_unnamed("Local firms"), is_unnamed("Huawei")
    (True, False)
    """
    return bool(_UNNAMED.fullmatch(name))


def statements(cell: str, known: Collection[str] = ()) -> list[Stated]:
    """Return the statements of a cell, in its order.

    Parameters
    ----------
    cell
        As it stands in the table.
    known
        Folded names of actors: a name with "and" in it is two where its parts are among them.

    Examples
    --------
    >>> [(one.actor, one.scope) for one in statements("Local firms and CEIEC (technical)")]
    [('Local firms', ''), ('CEIEC', 'technical')]
    >>> [(one.actor, one.status, one.start, one.end) for one in statements("Until 2018: A / 2019: nobody")]
    [('A', 'held', '', '2018'), ('', 'vacant', '2019', '2019')]
    """
    cell = _NOTE_MARKS.sub("", cell)
    listed: list[Stated] = []
    for word, names in _LISTED.findall(cell):
        column, value = _LISTED_AS[word.casefold()]
        listed += [replace(one, **{column: value}) for one in _holders(names.strip(), known)]
    # What is listed after the holders is joined to them and to one another: CEIEC (proposed: X) and (alleged: Y).
    rest = re.sub(r"(?:\s+(?:and|y|e))+\s*$", "", _LISTED.sub(" ", cell)) if listed else cell
    found: list[Stated] = []
    dated = ""
    for separator, piece in _pieces(rest):
        _, start, end, duration = named_years(piece)
        leads = bool(re.match(r"[^:]*(?:19|20)\d\d[^:]*:", piece)) and bool(start or end) and not duration
        if ";" in separator and dated and not (start or end):
            why = text("'{piece}' after ';' has no years of its own, and '{before}' has", piece=piece, before=dated)
            found.append(Stated(actor=piece, problem=why))
            continue
        found += _piece(piece, known) if leads or not (start or end) else _holders(piece, known)
        dated = piece if leads else ""
    return [one for one in found if one.actor or one.status != "held"] + listed


def _pieces(cell: str) -> list[tuple[str, str]]:
    """Return what stands between separators, each with the separator before it; brackets are kept whole."""
    masked = _BRACKETS.sub(lambda inner: "x" * len(inner[0]), cell)
    pieces, at, before = [], 0, ""
    for match in _PIECES.finditer(masked):
        pieces.append((before, cell[at : match.start()]))
        at, before = match.end(), match[0]
    pieces.append((before, cell[at:]))
    return [(mark, " ".join(piece.split())) for mark, piece in pieces if piece.strip(" ,.&") not in ("", "and")]


def _piece(piece: str, known: Collection[str]) -> list[Stated]:
    """Return the statements of a piece that may begin with its years."""
    name, start, end, duration = named_years(piece)
    if duration:
        return _holders(piece, known)
    return [
        replace(one, start=one.start or start, end=one.end or end) if not one.problem else one
        for one in _holders(name, known)
    ]


def _holders(names: str, known: Collection[str]) -> list[Stated]:
    status, whom = named_status(names)
    if status == "unknown":
        return [Stated(actor=names, problem=text("'{cell}' says that nothing is known", cell=names))]
    if status:
        return [replace(one, status=status) for one in _holders(whom, known)] if whom else [Stated(status=status)]
    parts = _parted(names, known)
    remark = ""
    if len(parts) == 1 and re.search(r"\s(?:and|y|e|&)\s", _BRACKETS.sub("", names)):
        remark = text("read as one name: '{name}'; where it is two, write them with ';' between", name=names)
    return [_holder(part, remark) for part in parts]


def _holder(part: str, remark: str) -> Stated:
    name, start, end, duration = named_years(part)
    status, _ = named_status(name)
    if status == "unknown":
        return Stated(actor=name, problem=text("'{cell}' says that nothing is known", cell=name))
    scoped = _SCOPE.fullmatch(name)
    scope = ""
    dated = _DATED.fullmatch(scoped[2]) if scoped else None
    if scoped and dated:
        # As event phases are printed: CEIEC (technical, 2011–2012).
        _, start, end, _ = named_years(f"x ({dated[2]})")
        name = f"{scoped[1]} ({dated[1]})"
        scoped = _SCOPE.fullmatch(name)
    # A word in small letters says what part; one in capitals is a name: China National (CEIEC).
    if scoped and scoped[2][:1].islower():
        name, scope = scoped[1], scoped[2]
    return Stated(
        "" if status else name,
        scope,
        start,
        end,
        duration,
        status or "held",
        unnamed="true" if is_unnamed(name) else "",
        remark=remark,
    )


def _parted(names: str, known: Collection[str]) -> list[str]:
    """Return the names that stand together: all known, or of which none makes the whole look like one name."""
    masked = _BRACKETS.sub(lambda inner: "x" * len(inner[0]), names)
    breaks = list(_JOINED.finditer(masked))
    if not breaks:
        return [names]
    splits = [breaks] if len(breaks) == 1 else [breaks, *([one] for one in breaks)]
    for chosen in splits:
        edges = [0, *(at for match in chosen for at in match.span()), len(names)]
        parts = [names[start:end].strip() for start, end in zip(edges[::2], edges[1::2], strict=True)]
        bare = [fold(_BRACKETS.sub("", named_years(part)[0])) for part in parts]
        if all(parts) and (all(part in known for part in bare) or not is_one_name(_BRACKETS.sub("", names))):
            return parts
    return [names]
