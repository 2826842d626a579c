"""A cell of a printed table to its statements: "Until 2018: CEIEC / From 2018 onwards: still under negotiation".

The words are those `agency table` prints, in English, Spanish and Portuguese, and what people write in their place.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from agency.table import is_one_name, named_status, named_years
from agency.vocabulary import fold
from agency.words import text

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
_DATED = re.compile(r"(.+), ((?:until )?(?:19|20)\d\d(?:[-–](?:19|20)\d\d)?)", re.I)
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
