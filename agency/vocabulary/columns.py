"""What every file of a study consists of, one specification per column; and what people write for a name or a value.

The schema, the starter files, the header aliases and `docs/data-format.md` are made from here. Names of columns and
values are known as people write them: in any case, with accents or without, in Spanish and Portuguese. A word has one
meaning in one column, or it has two and nothing is read into it; sums of words ("local, chinese") are two values.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from agency.characters import fold
from agency.vocabulary.countries import CURRENCIES
from agency.words import text

if TYPE_CHECKING:
    from agency.vocabulary.codebook import Codebook


NEEDS_ACTOR = ("held", "proposed")
"""Statuses that name somebody."""
NO_ACTOR = ("vacant", "not_applicable")
"""Statuses that name nobody; `negotiating` may do either, `denied` names an actor or, without one, an origin."""


@dataclass(frozen=True)
class Column:
    """One column of a CSV file.

    ``kind`` is its format: ``text``, ``key`` (a value of ``values``, or of the codebook's table named in
    ``vocabulary``), ``year``, ``count`` (whole number from 1), ``flag`` (true or false), ``country``, ``amount``
    (a number above 0) or ``currency``.
    """

    name: str
    title: str
    description: str
    kind: str = "text"
    values: tuple[str, ...] = ()
    vocabulary: str = ""
    default: str = ""
    required: bool = False
    aliases: tuple[str, ...] = ()
    """Spanish and Portuguese header names, without accents."""


ACTOR_KINDS = (
    "government",
    "state_firm",
    "private_firm",
    "bank",
    "international_body",
    "ngo",
    "academic",
    "joint_venture",
    "other",
)
STATUSES = ("held", "negotiating", "vacant", "proposed", "not_applicable", "denied")
RANKS = ("preferred", "normal", "deprecated")

COLUMNS = (
    Column("project", "Project", "Short stable name.", required=True, aliases=("proyecto", "projeto")),
    Column(
        "country",
        "Country",
        "Where it is deployed: ISO 3166-1 alpha-3, several joined by `;`. Empty: filled from projects.csv.",
        "country",
        aliases=("pais", "iso", "iso3", "iso_code", "country_code", "codigo_iso"),
    ),
    Column("phase", "Phase", "A phase of the codebook.", "key", vocabulary="phase", required=True, aliases=("fase",)),
    Column(
        "actor",
        "Actor",
        "Holder, as the field names it. Empty only when status is vacant, negotiating, not_applicable or denied.",
        required=True,
        aliases=("ator",),
    ),
    Column(
        "origin",
        "Origin",
        "Seat of the actor relative to the project's country; mixed = joint venture or host subsidiary whose seat "
        "and control differ; unknown = cannot be told. Empty when actor is empty, unless status is denied.",
        "key",
        vocabulary="origin",
        required=True,
        aliases=("origen", "origem"),
    ),
    Column(
        "actor_kind",
        "Kind of actor",
        "What sort of body the actor is. Empty: filled from actors.csv.",
        "key",
        values=ACTOR_KINDS,
        aliases=(
            "actor_type",
            "type_of_actor",
            "kind_of_actor",
            "tipo_de_actor",
            "tipo_actor",
            "tipo_de_ator",
            "tipo_ator",
        ),
    ),
    Column(
        "unnamed",
        "Unnamed",
        "true when the source does not name the actor ('Local firms'): never the same actor as in another project.",
        "flag",
        default="false",
        aliases=("sin_nombre", "sem_nome", "anonimo"),
    ),
    Column(
        "role",
        "Role",
        "support (training, sub-supply) is listed but weighs 0 by default.",
        "key",
        vocabulary="role",
        default="lead",
        aliases=("rol", "papel", "funcion", "funcao"),
    ),
    Column(
        "scope",
        "Scope",
        "What part ('technical', 'data storage devices'); shown in brackets, never a weight.",
        aliases=("alcance", "ambito", "escopo"),
    ),
    Column(
        "start",
        "Start",
        "First year, inclusive. Empty: computed to the window's edge, flagged, drawn as an arrow.",
        "year",
        aliases=("started", "inicio", "desde"),
    ),
    Column(
        "end",
        "End",
        "Last year, inclusive. Empty: computed to the window's edge, flagged, drawn as an arrow.",
        "year",
        aliases=("ended", "fin", "fim", "hasta", "ate", "final"),
    ),
    Column(
        "duration_years",
        "Duration",
        "Whole number of years, for '3 years' without dates; printed 'for 3 years'.",
        "count",
        aliases=("duracion", "duracao", "duracion_anos", "duracao_anos", "duracion_en_anos", "duracao_em_anos"),
    ),
    Column(
        "status",
        "Status",
        "What the source says of the phase: somebody held it, nobody did, it was proposed or does not apply; denied = "
        "this actor (or, without an actor, any of this origin) did not hold it.",
        "key",
        values=STATUSES,
        default="held",
        aliases=("estado", "situacion", "situacao"),
    ),
    Column(
        "only",
        "Only",
        "true when the source says that nobody else holds it ('exclusively', 'alone'). Held lead rows only.",
        "flag",
        default="false",
        aliases=("solo", "unico", "exclusivo"),
    ),
    Column(
        "amount",
        "Amount",
        "Money the statement names, above 0: `240000000`, `240e6`. Printed where somebody financed; never added up. "
        "Held or proposed rows only, with currency.",
        "amount",
        aliases=("monto", "importe", "montante"),
    ),
    Column(
        "currency",
        "Currency",
        "ISO 4217 code of the amount.",
        "currency",
        aliases=("moneda", "divisa", "moeda"),
    ),
    Column("source", "Source", "A key of sources.bib.", required=True, aliases=("fuente", "fonte")),
    Column(
        "locator",
        "Locator",
        "Page, section, 'Table 1'.",
        aliases=("page", "pages", "ubicacion", "localizacion", "localizacao", "localizador", "pagina", "paginas"),
    ),
    Column("quote", "Quote", "At most 25 words, verbatim, no HTML tags.", aliases=("cita", "citacao", "citacion")),
    Column(
        "confidence",
        "Confidence",
        "alleged rows never count unless asked for.",
        "key",
        values=("documented", "reported", "alleged"),
        default="reported",
        aliases=("confianza", "confianca"),
    ),
    Column(
        "rank",
        "Rank",
        "Which statement the default view uses, per project and phase: preferred rows if there are any, else normal "
        "ones; deprecated never. The reason for preferred or deprecated goes into note.",
        "key",
        values=RANKS,
        default="normal",
        aliases=("rango", "preferencia"),
    ),
    Column("coder", "Coder", "Who coded the row.", aliases=("codificador", "codificadora")),
    Column(
        "note",
        "Note",
        "Free text.",
        aliases=(
            "nota",
            "notas",
            "notes",
            "comment",
            "comments",
            "comentario",
            "comentarios",
            "observaciones",
            "observacoes",
        ),
    ),
)
"""The long table, `actors_by_phase.csv`."""

PROJECTS = (
    Column("project", "Project", "As in the table.", required=True, aliases=("proyecto", "projeto")),
    Column("label", "Label", "Printed name; the project's name when empty.", aliases=("etiqueta", "rotulo")),
    Column("country", "Country", "ISO 3166-1 alpha-3, several joined by `;`.", "country", aliases=("pais",)),
    Column("window_start", "Window start", "First year observed.", "year", aliases=("inicio",)),
    Column("window_end", "Window end", "Last year observed.", "year", aliases=("fin", "fim")),
    Column("window_source", "Window source", "A key of sources.bib.", aliases=("fuente", "fonte")),
    Column(
        "launched",
        "Launched",
        "Year the system went into service: before it there is nothing to operate or maintain.",
        "year",
        aliases=("launch", "lanzamiento", "lancamento", "en_servicio", "em_servico"),
    ),
    Column("type", "Type", "What kind of system, in your words: public security, cable, satellite.", aliases=("tipo",)),
    Column("note", "Note", "Free text.", aliases=("nota", "notes")),
)
"""`projects.csv`."""

ACTORS = (
    Column("actor", "Actor", "Canonical name.", required=True, aliases=("ator",)),
    Column("alias", "Alias", "Another spelling, resolved to the canonical name; one per row."),
    Column("kind", "Kind", "Fills an empty actor_kind.", "key", values=ACTOR_KINDS, aliases=("tipo",)),
    Column("seat", "Seat", "Country of the seat, ISO 3166-1 alpha-3.", "country", aliases=("sede",)),
    Column(
        "part_of",
        "Part of",
        "The actor this one belongs to, if any: its ministry, its group.",
        aliases=("parte_de", "pertenece_a", "pertence_a"),
    ),
    Column("identifier", "Identifier", "For instance a Wikidata or LEI code.", aliases=("identificador",)),
    Column("note", "Note", "Free text.", aliases=("nota", "notes")),
)
"""`actors.csv`."""

EVENTS = (
    Column("project", "Project", "As in the table.", required=True, aliases=("proyecto", "projeto")),
    Column("year", "Year", "When it happened.", "year", required=True, aliases=("ano",)),
    Column("label", "Label", "A few words, printed in the timeline.", required=True, aliases=("etiqueta", "rotulo")),
    Column("source", "Source", "A key of sources.bib.", aliases=("fuente", "fonte")),
    Column(
        "rank",
        "Rank",
        "As in the table; deprecated events are not drawn.",
        "key",
        values=RANKS,
        default="normal",
        aliases=("rango", "preferencia"),
    ),
    Column("note", "Note", "Free text.", aliases=("nota", "notes")),
)
"""`events.csv`."""

TABLE_FILE = "actors_by_phase.csv"
FILES = {TABLE_FILE: COLUMNS, "projects.csv": PROJECTS, "actors.csv": ACTORS, "events.csv": EVENTS}
"""File name to its columns."""


def columns_markdown(columns: tuple[Column, ...] = COLUMNS) -> str:
    """Return the column table of a file for `docs/data-format.md`.

    Examples
    --------
    >>> print(columns_markdown(EVENTS).splitlines()[3])
    | **year** | year `2018` | required | When it happened. | ano |
    """
    head = (text("column"), text("values"), text("default"), text("meaning"), text("also read as"))
    lines = [f"| {' | '.join(head)} |", "| --- | --- | --- | --- | --- |"]
    for column in columns:
        name = f"**{column.name}**" if column.required else column.name
        default = text("required") if column.required else (column.default or text("empty"))
        aliases = ", ".join(column.aliases)
        lines.append(f"| {name} | {_values(column)} | {default} | {text(column.description)} | {aliases} |")
    return "\n".join(lines) + "\n"


def _values(column: Column) -> str:
    if column.values:
        return ", ".join(f"`{value}`" for value in column.values)
    if column.vocabulary:
        return {
            "phase": text("a phase of the codebook"),
            "origin": text("an origin of the codebook"),
            "role": text("a role of the codebook"),
        }[column.vocabulary]
    formats = {
        "year": text("year `2018`"),
        "count": text("whole number from 1"),
        "flag": "`true`, `false`",
        "country": "`ECU`, `ARG;BRA`",
        "amount": text("number above 0"),
        "currency": "`USD`",
    }
    return formats.get(column.kind, text("text"))


@cache
def known_names(columns: tuple[Column, ...]) -> dict[str, str]:
    """Return every accepted name, folded, with the column it stands for."""
    names = {alias: column.name for column in columns for alias in column.aliases}
    return {**names, **{column.name: column.name for column in columns}}


def resolve(name: str, columns: tuple[Column, ...]) -> str:
    """Return the column a header name stands for, or an empty string."""
    return known_names(columns).get(fold(name), "")


_COMMON = {"final", "only", "solo", "unico", "type", "tipo", "to"}
"""Names too common as words of other headings to be looked for in them."""


_LONGEST = 200
"""Characters beyond which a cell is no heading; every run of its words is looked at."""


def columns_in(name: str, columns: tuple[Column, ...]) -> tuple[str, ...]:
    """Return the columns of which a header name contains a name or alias as words; of nested names the longest.

    Examples
    --------
    >>> columns_in("Año de inicio", COLUMNS), columns_in("Actor type", COLUMNS), columns_in("coder note", COLUMNS)
    (('start',), ('actor_kind',), ('coder', 'note'))
    """
    if len(name) > _LONGEST:
        return ()
    parts = fold(name).split("_")
    spans = [
        (start, end)
        for start in range(len(parts))
        for end in range(start + 1, len(parts) + 1)
        if (words := "_".join(parts[start:end])) in known_names(columns) and words not in _COMMON
    ]
    longest = [
        (start, end)
        for start, end in spans
        if not any(a <= start and end <= b and (a, b) != (start, end) for a, b in spans)
    ]
    return tuple(dict.fromkeys(known_names(columns)["_".join(parts[start:end])] for start, end in longest))


_BETWEEN = re.compile(r"\s*[,;/|+&]\s*|\s+(?:and|y|e|und|et)\s+", re.IGNORECASE)
_TABLES = {"actor_kind": "kind", "kind": "kind"}
"""Columns whose words have another name in `words.toml`."""


@dataclass(frozen=True)
class Meanings:
    """The words of one column.

    Attributes
    ----------
    allowed
        The values themselves, as the table is to hold them.
    words
        Every folded word with the values it can stand for.
    """

    allowed: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]

    def of(self, cell: str) -> tuple[str, ...]:
        """Return the values a cell can stand for: one, several, or none."""
        return (cell,) if cell in self.allowed else self.words.get(_key(cell), ())

    def joined(self, cell: str) -> tuple[str, ...]:
        """Return the values that stand together in a cell, fewer than two when it is no such cell.

        Examples
        --------
        >>> from agency.vocabulary.codebook import default_codebook
        >>> from agency.vocabulary.columns import COLUMNS
        >>> book = default_codebook()
        >>> meanings(COLUMNS[4], book).joined("local, Chinese"), meanings(COLUMNS[2], book).of("Operación y gestión")
        (('local', 'chinese'), ('operation',))
        """
        parts = [self.of(part) for part in _BETWEEN.split(cell) if part]
        if len(parts) < 2 or any(len(part) != 1 for part in parts):
            return ()
        return tuple(dict.fromkeys(part[0] for part in parts))


def meanings(column: Column, codebook: Codebook) -> Meanings:
    """Return the words of a column with a vocabulary, a flag or a currency."""
    allowed = allowed_values(column, codebook)
    named: dict[str, set[str]] = {}
    for value, label in (*((value, value) for value in allowed), *_labels(column, codebook)):
        named.setdefault(_key(label), set()).add(value)
    ours: dict[str, set[str]] = {}
    table = column.vocabulary or _TABLES.get(column.name, column.name if column.values else column.kind)
    for value, known in _words().get(table, {}).items():
        for word in known if value in allowed else ():
            ours.setdefault(_key(word), set()).add(value)
    # What the codebook calls its values goes before our words for the packaged ones.
    found = {**ours, **named}
    order = {value: at for at, value in enumerate(allowed)}
    return Meanings(allowed, {word: tuple(sorted(found[word], key=order.__getitem__)) for word in found})


def allowed_values(column: Column, codebook: Codebook) -> tuple[str, ...]:
    """Return the values a column may hold, or nothing for free text, numbers and countries.

    Examples
    --------
    >>> from agency.vocabulary.codebook import default_codebook
    >>> from agency.vocabulary.columns import COLUMNS
    >>> allowed_values(COLUMNS[4], default_codebook())
    ('local', 'chinese', 'western', 'other', 'mixed', 'unknown')
    """
    if column.vocabulary == "phase":
        return tuple(phase.key for phase in codebook.phases)
    if column.vocabulary == "origin":
        return (*(origin.key for origin in codebook.origins), "unknown")
    if column.vocabulary == "role":
        return tuple(codebook.roles)
    if column.kind == "flag":
        return ("true", "false")
    return tuple(sorted(CURRENCIES)) if column.kind == "currency" else column.values


def _labels(column: Column, codebook: Codebook) -> list[tuple[str, str]]:
    if column.vocabulary == "phase":
        return [
            (phase.key, name)
            for phase in codebook.phases
            for name in (phase.own_label, phase.own_short, *(said for _, said in phase.translations))
        ]
    if column.vocabulary == "origin":
        return [
            (origin.key, name)
            for origin in codebook.origins
            for name in (origin.own_label, *(said for _, said in origin.translations))
        ]
    return []


def _key(word: str) -> str:
    """Return a word as it is looked up; a currency sign is kept."""
    signs = any(unicodedata.category(character) == "Sc" for character in word)
    return "".join(word.casefold().split()) if signs else fold(word)


@cache
def _words() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((resources.files("agency.vocabulary") / "words.toml").read_text("utf-8"))
