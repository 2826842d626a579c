"""What is wrong with names: statuses, periods and several actors typed as one, damage, spellings.

Each rule looks once at each distinct name. An error has one thing to write instead, and says it; where a name could be
whole after all (Johnson & Sons; Ministry of Science and Technology) there is a warning at most, and none for a name
that `actors.csv` lists.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from agency import words
from agency.findings import Finding, at_rows, show
from agency.vocabulary import LOOK_ALIKE, fold

if TYPE_CHECKING:
    from agency.table.rules import Context

_NOBODY = """nobody, no one, noone, none, vacant, vacancy, nadie, ninguno, ninguna, vacante, sin responsable, ninguém,
nenhum, nenhuma, vago, vaga, sem responsável"""
_NEGOTIATING = """under negotiation, still under negotiation, in negotiation, being negotiated, negotiating,
negotiation, en negociación, en negociaciones, negociación, negociando, em negociação, negociação"""
_NOT_APPLICABLE = "not applicable, does not apply, no aplica, no aplicable, não se aplica, não aplicável"
_NOT_KNOWN = """unknown, not known, not coded, not available, no data, no information, unspecified, n/a, n.a., n/d,
n.d., s/d, tbd, tbc, to be determined, to be confirmed, missing, desconocido, desconocida, sin datos, sin dato,
no disponible, sin información, no codificado, por definir, por determinar, desconhecido, desconhecida, sem dados,
sem informação, a definir, não disponível, não codificado"""


def _set(text: str) -> frozenset[str]:
    return frozenset(fold(word) for word in text.split(","))


_STATUSES = {"vacant": _set(_NOBODY), "negotiating": _set(_NEGOTIATING), "not_applicable": _set(_NOT_APPLICABLE)}
_UNKNOWN = _set(_NOT_KNOWN)
_WITH = re.compile(
    r"(?:still )?(?:under|in|en|em) (?:negotiations?|negociaci[oó]n(?:es)?|negocia[cç][aã]o) (?:with|con|com) (.+)",
    re.I,
)

_YEAR = r"(?:19|20)\d\d"
_SINCE, _UNTIL = r"since|from|as of|desde|a partir de", r"until|till|up to|hasta|até|ate"
_SPAN = (
    rf"(?:(?P<since>{_SINCE})\s+|(?P<until>{_UNTIL})\s+)?(?P<first>{_YEAR})"
    rf"(?:\s*(?:[-–—]|to|a|al|até)\s*(?P<last>{_YEAR}|present|presente|actualidad|hoy|hoje)?)?"
    r"(?:\s+(?:onwards?|on|en adelante|em diante))?"
)
_OPEN = re.compile(r"\b(?:19|20)\d\d\s+(?:onwards?|on|en adelante|em diante)\b", re.IGNORECASE)
_PERIODS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_SPAN}\s*:\s*(?P<name>.+)",
        rf"(?P<name>.+?)\s*[(\[]\s*{_SPAN}\s*[)\]]",
        rf"(?P<name>.+?),?\s+{_SPAN.replace(')?(?P<first>', ')(?P<first>', 1)}",
        r"(?P<name>.+?)\s+(?:for|por|durante)\s+(?P<years>\d{1,2})\s+(?:years?|años?|anos?)",
    )
]

_ERRORS = re.compile(
    r"#\s?[¡¿]?(?:n/a|n/d|n/v|nv|ref|value|valor|name|nombre|nome|div/0|null|nulo|num|núm|spill|calc|desbordamiento|"
    r"getting_data|field|campo|blocked|unknown|connect)[!?]?|err:\d{3}",
    re.IGNORECASE,
)
"""What a spreadsheet shows instead of a value, in three languages."""
_HOLDING_ERRORS = ("project", "actor", "scope", "source", "locator", "quote")

_SEPARATED = re.compile(r"\s*[|;\n]\s*|\s+[/+]\s+")
_CONNECTED = re.compile(r",\s+(?:and|y|e)\s+|,\s+|\s+(?:and|y|e|&)\s+")
_ONE_NAME = re.compile(
    r"\b(?:ltd|limited|co|company|corp|corporation|inc|incorporated|llc|llp|plc|gmbh|s\.?\s?a|s\.?a\.?s|s\.?r\.?l|ltda|"
    r"sons|brothers|bros|hijos|hermanos|filhos|irm[aã]os|associates|partners|group|grupo|holdings?|joint venture|"
    r"minist\w+|secretar\w+|depart\w+|universi\w+|institut\w+|academy|bank|banco|agency|agencia|ag[eê]ncia|office|oficina|"
    r"bureau|council|commission|comisi[oó]n|authority|autoridad|association|asociaci[oó]n|federation|federa\w+|centre|center|"
    r"centro|board|government|gobierno|governo|society|foundation|fund|school|college|hospital|committee|administration)\b",
    re.IGNORECASE,
)
"""A word that says that a name with "and" in it is one name."""
_DAMAGED = re.compile(r"\ufffd|[ÃÂ][\u0080-\u00bf]|â€.?|&(?:amp|lt|gt|quot|nbsp|#\d+|#x[0-9a-f]+);", re.IGNORECASE)
_MISREAD = re.compile(r"[ÃÂ][\u0080-\u00bf\u0152-\u0178\u017d\u017e\u02c6\u02dc\u2013-\u2122]|â€.")
"""Two or three bytes of UTF-8, read as Windows-1252."""
_FORMS = frozenset(
    {"co", "ltd", "limited", "inc", "incorporated", "corp", "corporation", "company", "llc", "llp", "plc", "gmbh", "ag"}
    | {"bv", "nv", "sa", "sas", "srl", "ltda", "spa", "sab", "cia", "the"}
)


def actor_status(context: Context) -> list[Finding]:
    """Require that an actor is no status, and none of the words for not knowing."""
    return _at_names(context, "actor-status", _status_advice)


def actor_period(context: Context) -> list[Finding]:
    """Require that an actor's name holds no years of holding."""
    return _at_names(context, "actor-period", _period_advice)


def actor_separator(context: Context) -> list[Finding]:
    """Require that one row names one actor."""
    return _at_names(context, "actor-separator", _separator_advice)


def actor_joined(context: Context) -> list[Finding]:
    """Warn where a name is made of names that are actors themselves."""
    listed = {*context.actors["actor"], *context.actors["alias"]} - {""}
    names = context.rows.loc[~context.rows["unnamed"], "actor"].drop_duplicates().tolist()
    known = {fold(name) for name in (*names, *listed) if name}

    def advice(name: str) -> str:
        parts = [] if name in listed else _known_parts(name, known)
        return words.text("Write a row for each: {names}. Else list the name in actors.csv.", names=_quoted(parts)) * (
            len(parts) > 1
        )

    return _at_names(context, "actor-joined", advice)


def cell_error(context: Context) -> list[Finding]:
    """Require that no cell holds what a spreadsheet shows for an error."""
    findings: list[Finding] = []
    for column in _HOLDING_ERRORS:
        errors = [cell for cell in context.cells[column] if cell[:1] in "#eE" and _ERRORS.fullmatch(cell)]
        if errors:
            bad = context.rows[context.rows[column].isin(errors)]
            findings += at_rows("cell-error", context.file, bad, column=column)
    return findings


def character_damage(context: Context) -> list[Finding]:
    """Warn of characters that were lost or changed on the way."""
    findings: list[Finding] = []
    for column in ("project", "actor", "scope", "source", "locator", "quote", "note"):
        damaged = [
            cell for cell in context.cells[column] if (not cell.isascii() or "&" in cell) and _DAMAGED.search(cell)
        ]
        if damaged:
            bad = context.rows[context.rows[column].isin(damaged)]
            fix = {cell: _mending_advice(cell) for cell in damaged}
            findings += at_rows("character-damage", context.file, bad, column=column, fix=[fix[c] for c in bad[column]])
    return findings


def source_two(context: Context) -> list[Finding]:
    """Require that a row has one source."""
    used = context.cells["source"]
    known = frozenset(key for key in used if not re.search("[,;]", key)) if context.keys is None else context.keys
    bad = context.rows[context.rows["source"].isin([cell for cell in used if source_keys(cell, known)])]
    fix = [
        words.text("Write a row for each: {names}.", names=words.listed(source_keys(cell, known)))
        for cell in bad["source"]
    ]
    return at_rows("source-two", context.file, bad, column="source", fix=fix)


def is_nobody(name: str) -> bool:
    """Say whether what stands as an actor is a status, or a word for not knowing.

    Examples
    --------
    >>> is_nobody("en negociación"), is_nobody("n/d"), is_nobody("under negotiation with Huawei")
    (True, True, False)
    """
    return _WITH.fullmatch(name) is None and bool(_status_advice(name))


def source_keys(cell: str, known: Iterable[str]) -> list[str]:
    """Return the keys that stand together in a cell, none when it is one key (or words such as "Smith, 2020").

    Examples
    --------
    >>> source_keys("s1, s2", []), source_keys("Smith, 2020", []), source_keys("Smith; Jones", ["Smith", "Jones"])
    (['s1', 's2'], [], ['Smith', 'Jones'])
    """
    parts = [part for part in re.split(r"\s*[,;]\s*", cell) if part]
    if len(parts) < 2 or cell in known:
        return []
    keys = [part in known or bool(re.fullmatch(r"(?=\w*\d)(?=\w*[^\W\d])[\w:.-]+", part)) for part in parts]
    return parts if all(keys) else []


def spelling(name: str) -> str:
    """Return a name without what spellings of one name differ in: case, accents, punctuation, company form.

    Examples
    --------
    >>> spelling("Huawei Technologies Co., Ltd."), spelling("HUAWEI Technologies"), spelling("Y.P.F."), spelling("S.A.")
    ('huawei_technologies', 'huawei_technologies', 'ypf', 'sa')
    """
    plain = fold(re.sub(r"(?<=\b\w)\.(?=\w?\b)|(?<=\w)['’](?=\w)", "", name.translate(LOOK_ALIKE)))
    kept = [word for word in plain.split("_") if word not in _FORMS]
    return "_".join(kept) or plain


def mended(cell: str) -> str:
    """Return a text with what was read in a wrong encoding, or copied from a web page, as it was; the rest as it is.

    Examples
    --------
    >>> mended("NiÃ±os &amp; Paz"), mended("Compa\ufffdía")
    ('Niños & Paz', 'Compa\ufffdía')
    """

    def decoded(found: re.Match[str]) -> str:
        try:
            return found[0].encode("cp1252").decode("utf-8")
        except UnicodeError:
            return found[0]

    return html.unescape(_MISREAD.sub(decoded, cell))


def _mending_advice(cell: str) -> str:
    whole = mended(cell)
    return "" if _DAMAGED.search(whole) else words.text("Write {name}, if that is meant.", name=show(whole))


def _at_names(context: Context, code: str, advice: Callable[[str], str]) -> list[Finding]:
    """Return a finding at every row whose actor has advice."""
    names = {name: advice(name) for name in context.cells["actor"] if name}
    bad = context.rows[context.rows["actor"].isin([name for name, fix in names.items() if fix])]
    return at_rows(code, context.file, bad, column="actor", fix=[names[name] for name in bad["actor"]])


def named_status(name: str) -> tuple[str, str]:
    """Return the status that words mean, and with whom; ``unknown`` for words for not knowing, "" for a name.

    Examples
    --------
    >>> named_status("nobody"), named_status("under negotiation with ZTE"), named_status("n/a"), named_status("ZTE")
    (('vacant', ''), ('negotiating', 'ZTE'), ('unknown', ''), ('', ''))
    """
    plain = fold(name)
    for status, known in _STATUSES.items():
        if plain in known:
            return status, ""
    named = _WITH.fullmatch(name)
    if named:
        return "negotiating", named[1]
    return ("unknown" if plain in _UNKNOWN or not plain else ""), ""


def named_years(name: str) -> tuple[str, str, str, str]:
    """Return a name without the years beside it, and start, end and duration as they were said.

    Examples
    --------
    >>> named_years("Until 2018: CEIEC"), named_years("ZTE for 3 years"), named_years("Huawei")
    (('CEIEC', '', '2018', ''), ('ZTE', '', '', '3'), ('Huawei', '', '', ''))
    """
    found = next((match for pattern in _PERIODS if (match := pattern.fullmatch(name))), None)
    if found is None or not re.search(r"[^\W\d]", found["name"]):
        return name, "", "", ""
    part = found.groupdict()
    first, last = part.get("first") or "", part.get("last") or ""
    if part.get("years"):
        return part["name"], "", "", part["years"]
    if part.get("until"):
        return part["name"], "", first, ""
    if part.get("since") or _OPEN.search(name) or (last and not last.isdigit()):
        return part["name"], first, last if last.isdigit() else "", ""
    return part["name"], first, last or first, ""


def is_one_name(name: str) -> bool:
    """Say whether a name with "and" in it looks like one name: Ministry of Economy and Finance, Smith and Sons."""
    return bool(_ONE_NAME.search(name))


def _status_advice(name: str) -> str:
    status, whom = named_status(name)
    if whom:
        return words.text("Write {name} as actor, and negotiating into status.", name=show(whom))
    if status == "unknown":
        return words.text(
            "Delete the row: what has no row is unknown. Where the source speaks of somebody it does not name, write "
            "what it calls them, such as 'Local firms', and true into unnamed."
        )
    return status and words.text("Write {status} into status, and leave actor and origin empty.", status=status)


def _period_advice(name: str) -> str:
    found = next((match for pattern in _PERIODS if (match := pattern.fullmatch(name))), None)
    if found is None or not re.search(r"[^\W\d]", found["name"]):
        return ""
    part = found.groupdict()
    holder = show(part["name"])
    if part.get("years"):
        return words.text("Write {name} as actor and {n} into duration_years.", name=holder, n=part["years"])
    if part.get("until"):
        return words.text("Write {name} as actor and {year} into end.", name=holder, year=part["first"])
    if part["last"] and part["last"].isdigit():
        sentence = words.marked("Write {name} as actor, {first} into start and {last} into end.")
        return words.text(sentence, name=holder, first=part["first"], last=part["last"])
    return words.text("Write {name} as actor and {year} into start.", name=holder, year=part["first"])


def _separator_advice(name: str) -> str:
    # What stands in brackets is part of a name: JTEG (Jiangsu; 江苏).
    # Nor does what was a sign in a web page separate: &amp; is damage, and said to be.
    masked = re.sub(r"[(\[][^()\[\]]*[)\]]|&#?\w{2,8};", lambda inner: "x" * len(inner[0]), name)
    breaks = [0, *(at for match in _SEPARATED.finditer(masked) for at in match.span()), len(name)]
    if len(breaks) == 2:
        return ""
    parts = [name[start:end] for start, end in zip(breaks[::2], breaks[1::2], strict=True)]
    named = [part for part in parts if part]
    if len(named) < 2:
        return words.text("Write {name} alone.", name=_quoted(named))
    return words.text("Write a row for each: {names}.", names=_quoted(named))


def _known_parts(name: str, known: set[str]) -> list[str]:
    """Return the parts of a name when all are known names, or one is and the whole does not look like one name."""
    breaks = list(_CONNECTED.finditer(name))
    splits = [_CONNECTED.split(name)] if breaks else []
    splits += [[name[: at.start()], name[at.end() :]] for at in breaks]
    for parts in splits:
        number = sum(fold(part) in known for part in parts)
        if number == len(parts) or (number and not _ONE_NAME.search(name)):
            return parts
    return []


def _quoted(names: Iterable[str]) -> str:
    return words.listed([show(name) for name in names])
