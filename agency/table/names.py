"""Names: what is wrong with them, and who is who (aliases, one identity per actor); and the windows of projects.

Each rule looks once at each distinct name. An error has one thing to write instead, and says it; where a name could be
whole after all (Johnson & Sons; Ministry of Science and Technology) there is a warning at most, and none for a name
that `actors.csv` lists.

Windows, and the dates of rows they come from, follow rules 4 and 8 of the data model.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from agency import words
from agency.characters import LOOK_ALIKE, fold
from agency.findings import Finding, at_rows, show
from agency.table.clean import SINCE_WORDS, UNTIL_WORDS
from agency.table.read.frames import by_value

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from agency.table.rules import Context
    from agency.vocabulary import Codebook


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
_SPAN = (
    rf"(?:(?P<since>{SINCE_WORDS})\s+|(?P<until>{UNTIL_WORDS})\s+)?(?P<first>{_YEAR})"
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


def alias_map(actors: pd.DataFrame) -> dict[str, str]:
    """Return every alias with the canonical name it ends at; loops are left alone."""
    return _ends(_pairs(actors, "alias", "actor"))


def renamed(names: pd.Series[str], canonical: Mapping[str, str]) -> pd.Series[str]:
    """Return names with those that have a canonical form replaced by it; one look for each distinct name."""
    return by_value(names, lambda distinct: [canonical.get(name, name) for name in distinct])


def looping_aliases(actors: pd.DataFrame) -> set[str]:
    """Return the aliases that lead back to themselves."""
    return _looping(_pairs(actors, "alias", "actor"))


def part_map(actors: pd.DataFrame) -> dict[str, str]:
    """Return every actor with what it is part of, both by their canonical names; the first value of an actor counts."""
    canonical = alias_map(actors)
    given = actors.loc[actors["part_of"] != "", ["actor", "part_of"]]
    given = given.apply(renamed, canonical=canonical).drop_duplicates("actor")
    return dict(zip(given["actor"], given["part_of"], strict=True))


def looping_parts(actors: pd.DataFrame) -> set[str]:
    """Return the actors that are, through others or at once, part of themselves."""
    return _looping(part_map(actors))


def whole_map(actors: pd.DataFrame) -> dict[str, str]:
    """Return every actor that is part of another with the one at the top.

    Examples
    --------
    >>> registry = pd.DataFrame({"actor": ["ECU 911", "SIS"], "alias": "", "part_of": ["SIS", "Government"]})
    >>> whole_map(registry)
    {'ECU 911': 'Government', 'SIS': 'Government'}
    """
    return _ends(part_map(actors))


def _pairs(actors: pd.DataFrame, name: str, other: str) -> dict[str, str]:
    return {a: b for a, b in zip(actors[name], actors[other], strict=True) if a and b and a != b}


def _ends(direct: Mapping[str, str]) -> dict[str, str]:
    """Return for each name where its chain ends; one that runs into a loop ends at a name of the loop.

    Every name is passed once: a -> b -> c gives a and b the end c together, and d -> a then takes it from a.
    """
    ends: dict[str, str] = {}
    for start in direct:
        path: dict[str, None] = {}
        name = start
        while name in direct and name not in ends and name not in path:
            path[name] = None
            name = direct[name]
        ends.update(dict.fromkeys(path, ends.get(name, name)))
    return ends


def _looping(direct: Mapping[str, str]) -> set[str]:
    return {name for name, end in _ends(direct).items() if end in direct}


def add_identities(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with ``holder`` and ``actor_id``.

    A named actor is one actor in the whole table; an unnamed one is an actor of its project only. Where both stand
    in one project under one name, the unnamed one prints as ``NAME (unnamed)``.
    """
    present = rows["actor"] != ""
    beside = clashes(rows)
    holder = rows["actor"].mask(beside, rows["actor"] + " (unnamed)")
    actor, _ = pd.factorize(rows.loc[present, "actor"])
    # 0 for a named actor, else the number of the project it is an actor of.
    scope = np.where(rows.loc[present, "unnamed"], 1 + pd.factorize(rows.loc[present, "project"])[0], 0)
    identity = pd.Series(-1, index=rows.index, dtype="int64")
    identity[present] = pd.factorize(actor.astype(np.int64) * (int(scope.max(initial=0)) + 1) + scope)[0]
    return rows.assign(holder=holder, actor_id=identity)


def clashes(rows: pd.DataFrame) -> pd.Series[bool]:
    """Return which unnamed rows have a named actor of the same name in their project."""
    unnamed = rows.loc[rows["unnamed"], ["project", "actor"]]
    alike = rows["actor"].isin(unnamed["actor"].unique()) & (rows["actor"] != "")
    named = rows.loc[~rows["unnamed"] & alike, ["project", "actor"]]
    beside = pd.MultiIndex.from_frame(unnamed).isin(pd.MultiIndex.from_frame(named))
    found = rows["unnamed"].copy()
    found[found] = beside
    return found


def complete_dates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with a missing year computed where one year and a duration are given.

    Start 2016 and 3 years is 2016 to 2018, both inclusive.
    """
    span = rows["duration_years"] - 1
    return rows.assign(
        start=rows["start"].fillna(rows["end"] - span),
        end=rows["end"].fillna(rows["start"] + span),
    )


def project_frame(rows: pd.DataFrame, registry: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Return one row per project of the table, in order of first appearance, with its window.

    Parameters
    ----------
    rows
        Typed rows with completed dates.
    registry
        Typed `projects.csv`.
    codebook
        Says which phases continue and until when the study looks.

    Returns
    -------
    DataFrame
        Indexed by project: label, country, window_start, window_end (Int64, both missing without a window),
        window_source (a source key, "derived" where a side had to be derived, "" without a window), launched (Int64),
        type, note.
    """
    order = pd.Index(rows["project"].drop_duplicates(), name="project")
    known = registry.drop_duplicates("project").set_index("project").reindex(order)
    text = known[["label", "country", "window_source", "type", "note"]].fillna("").astype("str")
    start, end, derived = _sides(rows, known, codebook)
    exists = (start.notna() & end.notna() & (start <= end)).fillna(value=False).astype(bool)
    stated = rows.loc[rows["country"] != "", ["project", "country"]].drop_duplicates("project")
    country = stated.set_index("project")["country"].reindex(order)
    source = text["window_source"].mask(derived, "derived").where(exists, "")
    return pd.DataFrame(
        {
            "label": text["label"].mask(text["label"] == "", order.to_series()),
            "country": text["country"].mask(text["country"] == "", country.fillna("").astype("str")),
            "window_start": start.where(exists),
            "window_end": end.where(exists),
            "window_source": source,
            "launched": known["launched"].astype("Int64"),
            "type": text["type"],
            "note": text["note"],
        },
        index=order,
    )


def _sides(
    rows: pd.DataFrame, known: pd.DataFrame, codebook: Codebook
) -> tuple[pd.Series[int], pd.Series[int], pd.Series[bool]]:
    """Return start, end and whether a side was derived: what `projects.csv` does not give comes from the rows.

    Proposed, denied and deprecated rows do not count. Start: `launched`; else the least start of a continuing row,
    unless one is open to the left (an end without a start); else the least year of any row. End: `until` where a
    continuing row is open to the right or has no year; else the greatest year of any row; where that lies before the
    start, `until` too. Worked, nothing given in projects.csv:

    ==============================================  =======  ==========
    rows                                            `until`  window
    ==============================================  =======  ==========
    maintenance 2014-2016, design 2010              -        2014-2016
    maintenance until 2016, design 2010             -        2010-2016
    maintenance from 2014, design 2010-2015         2020     2014-2020
    maintenance from 2014, design 2010-2015         -        2014-2015
    design 2010, launched 2015                      2020     2015-2020
    design 2010, launched 2015                      -        none
    ==============================================  =======  ==========
    """
    counts = ~rows["status"].isin(["proposed", "denied"]) & (rows["rank"] != "deprecated")
    counted = rows.loc[counts, ["project", "phase", "start", "end"]]
    project = known.index.get_indexer(pd.Index(counted["project"]))
    begun, ended = (counted[side].to_numpy(dtype=float, na_value=np.nan) for side in ("start", "end"))
    timed = counted["phase"].isin([phase.key for phase in codebook.phases if phase.kind == "continuing"]).to_numpy(bool)

    def of_projects(
        extreme: np.ufunc, years: NDArray[np.float64], kept: NDArray[np.bool_] | slice = slice(None)
    ) -> pd.Series[int]:
        found = np.full(len(known), np.nan)
        extreme.at(found, project[kept], years[kept])
        return pd.Series(found, index=known.index).astype("Int64")

    def any_of(kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return np.isin(np.arange(len(known)), project[timed & kept])

    least, greatest = of_projects(np.fmin, np.fmin(begun, ended)), of_projects(np.fmax, np.fmax(begun, ended))
    first = of_projects(np.fmin, begun, timed)
    open_left, open_right = any_of(np.isnan(begun) & ~np.isnan(ended)), any_of(np.isnan(ended))
    given_start, given_end = known["window_start"].astype("Int64"), known["window_end"].astype("Int64")
    start = given_start.fillna(known["launched"].astype("Int64")).fillna(first.mask(open_left)).fillna(least)
    until = pd.Series(codebook.study.until, index=known.index, dtype="Int64")
    last = greatest.mask(open_right, until.fillna(greatest))
    short = (last.isna() | (last < start)).fillna(value=True).astype(bool)
    end = given_end.fillna(last.mask(short, until).where(start.notna()))
    derived = (given_start.isna() & start.notna()) | (given_end.isna() & end.notna())
    return start, end, derived
