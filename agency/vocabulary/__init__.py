"""The words a study is made of: columns of its files, phases and origins of its codebook, countries."""

from __future__ import annotations

from agency.vocabulary.codebook import (
    CODEBOOK_FILE,
    MOST,
    UNKNOWN,
    Codebook,
    Origin,
    Phase,
    StudyFacts,
    default_codebook,
    default_text,
    read_codebook,
)
from agency.vocabulary.columns import (
    ACTOR_KINDS,
    ACTORS,
    COLUMNS,
    EVENTS,
    FILES,
    NEEDS_ACTOR,
    NO_ACTOR,
    PROJECTS,
    STATUSES,
    TABLE_FILE,
    Column,
    columns_in,
    resolve,
)
from agency.vocabulary.countries import COUNTRIES, countries_named, country_names, name_of_country, names_of_country
from agency.vocabulary.currencies import CURRENCIES
from agency.vocabulary.folding import LOOK_ALIKE, fold
from agency.vocabulary.meanings import Meanings, allowed_values, meanings
from agency.vocabulary.palette import SERIES
from agency.vocabulary.where import column_named, nothing_meets, where

__all__ = [
    "ACTORS",
    "ACTOR_KINDS",
    "CODEBOOK_FILE",
    "COLUMNS",
    "COUNTRIES",
    "CURRENCIES",
    "EVENTS",
    "FILES",
    "LOOK_ALIKE",
    "MOST",
    "NEEDS_ACTOR",
    "NO_ACTOR",
    "PROJECTS",
    "SERIES",
    "STATUSES",
    "TABLE_FILE",
    "UNKNOWN",
    "Codebook",
    "Column",
    "Meanings",
    "Origin",
    "Phase",
    "StudyFacts",
    "allowed_values",
    "column_named",
    "columns_in",
    "countries_named",
    "country_names",
    "default_codebook",
    "default_text",
    "fold",
    "meanings",
    "name_of_country",
    "names_of_country",
    "nothing_meets",
    "read_codebook",
    "resolve",
    "where",
]
