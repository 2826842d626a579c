"""Agreement of coders: alpha on sets of holders, presence as counts, and the list of disagreements (I23)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pandas as pd

from agency.about import METHOD_VERSION, __version__
from agency.agreement.alpha import Alpha, Units, bootstrap_interval, krippendorff_alpha
from agency.agreement.codings import COLUMNS, Coding, Codings, Unit, coded, codings, has_coders
from agency.comparison import DISTANCES, masi
from agency.errors import UsageError
from agency.resolve import statements_at
from agency.words import marked

if TYPE_CHECKING:
    from agency.resolve import Resolved, Statement
    from agency.table import Table
    from agency.vocabulary import Phase

DRAWS, SEED, UNITS_FOR_INTERVAL = 2000, 20240223, 20
ON = ("origins", "actors")
"""What is compared phase by phase: the set of origins of a unit's holders, or the set of holders."""
BY_COLUMN = tuple(COLUMNS)
"""What is compared over all core phases together."""


@dataclass(frozen=True)
class Reliability:
    """Alpha by distance (masi, jaccard, nominal), with intervals where there are enough units."""

    alphas: Mapping[str, Alpha]
    values: Units = field(repr=False)
    """Of each unit, what its coders gave it."""
    _drawn: dict[str, tuple[float, float] | None] = field(default_factory=dict, repr=False, compare=False)

    @property
    def intervals(self) -> dict[str, tuple[float, float] | None]:
        """The interval of each alpha."""
        return {distance: self.interval(distance) for distance in self.alphas}

    def interval(self, distance: str) -> tuple[float, float] | None:
        """Return the interval of an alpha, drawn when it is first asked for; None with few units or no alpha."""
        if self.units < UNITS_FOR_INTERVAL or self.undefined_because is not None:
            return None
        if distance not in self._drawn:
            self._drawn[distance] = bootstrap_interval(self.values, DISTANCES[distance], draws=DRAWS, seed=SEED)
        return self._drawn[distance]

    @property
    def units(self) -> int:
        """Units coded by at least two coders."""
        return self.alphas["masi"].units

    @property
    def pairable_values(self) -> int:
        """Values in these units."""
        return self.alphas["masi"].pairable_values

    @property
    def undefined_because(self) -> str | None:
        """Why alpha has no value; the same for every distance."""
        return self.alphas["masi"].undefined_because


@dataclass(frozen=True)
class Presence:
    """Which units two coders coded at all. Blank against blank is no agreement, so this is never an alpha."""

    coders: tuple[str, str]
    phase: str | None
    """None: all phases."""
    both: int
    only_a: int
    only_b: int

    @property
    def jaccard(self) -> float | None:
        """Units coded by both / units coded by either; None where neither coded any."""
        either = self.both + self.only_a + self.only_b
        return self.both / either if either else None


@dataclass(frozen=True)
class Disagreement:
    """A unit on which coders differ."""

    unit: Unit
    codings: Mapping[str, Coding]
    """By coder; a coder who did not code the unit is not there."""
    differ: tuple[str, ...]
    """origins, actors; or presence, where only one coder coded the unit."""


@dataclass(frozen=True, eq=False)
class Agreement:
    """Everything `agency agreement` prints."""

    codings: Codings
    phases: tuple[Phase, ...]
    """Phases that anybody coded, in process order."""
    reliability: Mapping[tuple[str, str | None], Reliability]
    """By what is compared and phase; phase None: all core phases. Phases that are not core stand apart."""
    presence: tuple[Presence, ...]
    disagreements: tuple[Disagreement, ...]
    """Units coded by two coders at least, in order of the table."""
    coded_by_one: tuple[Disagreement, ...]

    @property
    def table(self) -> Table:
        """The table with the codings."""
        return self.codings.resolved.table

    @property
    def coders(self) -> tuple[str, ...]:
        """In alphabetical order."""
        return self.codings.coders

    def by_phase(self, on: str) -> dict[Phase, Reliability]:
        """Return the reliability of each phase."""
        return {phase: self.reliability[on, phase.key] for phase in self.phases}

    def passages(self, coding: Coding) -> tuple[Statement, ...]:
        """Return what a coder wrote down for a unit, row by row."""
        return tuple(self._statements[place] for place in coding.rows)

    @cached_property
    def _statements(self) -> dict[int, Statement]:
        """What coders wrote, by position in the table."""
        places = [int(place) for place in self.codings.rows.index]
        return dict(zip(places, statements_at(self.table, places), strict=True))


def agreement(resolved: Resolved) -> Agreement:
    """Compare the coders of a table, or of the double coding beside it.

    Units are project and phase, values sets; see `agency.agreement.codings.codings` for what counts as coded. Alpha is
    given on origins and on actors, over the core phases and by phase, and by column, by the MASI, Jaccard and nominal
    distances side by side. Phases that are not core (financing) never enter the overall value.

    Parameters
    ----------
    resolved
        A table with a `coder` column, or the table of a folder with a double coding; its selection holds.

    Raises
    ------
    DataError
        If no row names a coder.

    Examples
    --------
    >>> import agency
    >>> found = agreement(agency.load().resolved)
    >>> found.coders, found.reliability["origins", None].undefined_because
    (('A', 'B'), None)
    """
    return _compared(codings(coded(resolved)))


def _compared(found: Codings) -> Agreement:
    """Compare the coders of some codings."""
    units = found.units
    phases = [phase for phase in found.resolved.codebook.phases if any(unit[1] == phase.key for unit in units)]
    core = [phase.key for phase in phases if phase.core]
    reliability: dict[tuple[str, str | None], Reliability] = {
        (on, None): _reliability(_of(units, core), on) for on in BY_COLUMN
    }
    reliability |= {(on, phase.key): _reliability(_of(units, [phase.key]), on) for on in ON for phase in phases}
    presence = [
        _presence(_of(units, keys), pair, phase)
        for pair in combinations(found.coders, 2)
        for phase, keys in ((None, core), *((phase.key, [phase.key]) for phase in phases))
    ]
    differing = [_disagreement(unit, by_coder) for unit, by_coder in units.items()]
    return Agreement(
        codings=found,
        phases=tuple(phases),
        reliability=reliability,
        presence=tuple(presence),
        disagreements=tuple(entry for entry in differing if entry.differ not in ((), ("presence",))),
        coded_by_one=tuple(entry for entry in differing if entry.differ == ("presence",)),
    )


def agreement_if_any(resolved: Resolved) -> Agreement | None:
    """Return the same, or None where there is nothing to compare: no row names a coder, or none of what is selected.

    Raises
    ------
    DataError
        If the double coding beside the table is unsound.

    Examples
    --------
    >>> import agency
    >>> agreement_if_any(agency.load().select(source="vilaseoane2024").resolved) is None
    False
    """
    try:
        both = coded(resolved)
    except UsageError:
        return None  # the double coding has none of the projects asked for
    return _compared(codings(both)) if has_coders(both) else None


def agreement_frame(found: Agreement) -> pd.DataFrame:
    """Return alpha as a tidy frame: a row for each thing compared, phase and distance.

    Returns
    -------
    pandas.DataFrame
        on, phase ("" over all core phases), distance, alpha, low and high (of the interval), units, pairable_values,
        why (there is no alpha).

    Examples
    --------
    >>> import agency
    >>> frame = agreement_frame(agreement(agency.load().resolved))
    >>> frame.loc[frame["phase"] == "", "on"].unique().tolist()
    ['origins', 'actors', 'status', 'kinds', 'scopes', 'years', 'confidence']
    """
    rows = []
    for (on, phase), entry in found.reliability.items():
        for distance, alpha in entry.alphas.items():
            low, high = entry.interval(distance) or (None, None)
            value = None if alpha.value is None else float(alpha.value)
            why = alpha.undefined_because or ""
            rows.append((on, phase or "", distance, value, low, high, entry.units, entry.pairable_values, why))
    names = ["on", "phase", "distance", "alpha", "low", "high", "units", "pairable_values", "why"]
    return pd.DataFrame(rows, columns=names).astype({"alpha": float, "low": float, "high": float})


def agreement_document(found: Agreement) -> dict[str, Any]:
    """Return what ``agency agreement -f json`` prints.

    Returns
    -------
    dict
        ``method``; ``notices``; ``alpha``, ``interval``, ``units``, ``pairable_values`` and ``undefined_because`` on
        origins over all core phases; the same by ``origins`` and ``actors``, each ``overall``, by ``phases`` and, for
        phases that are not core, ``apart``; by ``columns``; ``presence``; ``disagreements`` and ``coded_by_one``, each
        with the coders' values and passages.
    """
    return {
        "method": _method(found),
        "notices": list(found.codings.notices),
        **_numbers(found.reliability["origins", None]),
        **{on: _side(found, on) for on in ON},
        "columns": {on: _numbers(found.reliability[on, None]) for on in BY_COLUMN},
        "presence": [
            {
                "coders": list(entry.coders),
                "phase": entry.phase,
                "both": entry.both,
                "only_a": entry.only_a,
                "only_b": entry.only_b,
                "jaccard": entry.jaccard,
            }
            for entry in found.presence
        ],
        "disagreements": [_entry(found, entry) for entry in found.disagreements],
        "coded_by_one": [_entry(found, entry) for entry in found.coded_by_one],
    }


def _of(units: Mapping[Unit, Mapping[str, Coding]], phases: Sequence[str]) -> list[Mapping[str, Coding]]:
    return [by_coder for unit, by_coder in units.items() if unit[1] in phases]


def _reliability(units: Iterable[Mapping[str, Coding]], on: str) -> Reliability:
    values = [tuple(coding.values[on] for coding in by_coder.values()) for by_coder in units]
    return Reliability({name: krippendorff_alpha(values, distance) for name, distance in DISTANCES.items()}, values)


def _presence(units: Sequence[Mapping[str, Coding]], pair: tuple[str, str], phase: str | None) -> Presence:
    one, other = pair
    both = sum(one in by_coder and other in by_coder for by_coder in units)
    only_a = sum(one in by_coder and other not in by_coder for by_coder in units)
    only_b = sum(other in by_coder and one not in by_coder for by_coder in units)
    return Presence(pair, phase, both, only_a, only_b)


def _disagreement(unit: Unit, by_coder: Mapping[str, Coding]) -> Disagreement:
    if len(by_coder) == 1:
        return Disagreement(unit, by_coder, (marked("presence"),))
    differ = tuple(on for on in ON if len({coding.values[on] for coding in by_coder.values()}) > 1)
    return Disagreement(unit, by_coder, differ)


def _method(found: Agreement) -> dict[str, Any]:
    return {
        "version": METHOD_VERSION,
        "coefficient": "Krippendorff's alpha (Krippendorff 2004, 2011) on sets",
        "distances": {
            "masi": "1 - J * M with M = 1, 2/3, 1/3, 0 (Passonneau 2006)",
            "jaccard": "1 - J (Jaccard 1901)",
            "nominal": "0 for equal sets, else 1",
        },
        "unit": "project and phase",
        "identity": "a named actor is one in the whole table, an unnamed one in its project",
        "coders": list(found.coders),
        "coders_were": found.table.codebook.study.coders,
        "table": found.table.name,
        "interval": "2.5 and 97.5 percentiles of alpha over draws of units with replacement",
        "draws": DRAWS,
        "seed": SEED,
        "units_for_interval": UNITS_FOR_INTERVAL,
        "data_sha256": found.table.sha256,
        "package_version": __version__,
    }


def _numbers(found: Reliability) -> dict[str, Any]:
    return {
        "alpha": {name: None if a.value is None else float(a.value) for name, a in found.alphas.items()},
        "interval": {name: list(ends) if ends else None for name, ends in found.intervals.items()},
        "units": found.units,
        "pairable_values": found.pairable_values,
        "undefined_because": found.undefined_because,
    }


def _side(found: Agreement, on: str) -> dict[str, Any]:
    phases = found.by_phase(on)
    return {
        "overall": _numbers(found.reliability[on, None]),
        "phases": {phase.key: _numbers(entry) for phase, entry in phases.items() if phase.core},
        "apart": {phase.key: _numbers(entry) for phase, entry in phases.items() if not phase.core},
    }


def _entry(found: Agreement, entry: Disagreement) -> dict[str, Any]:
    return {
        "project": entry.unit[0],
        "phase": entry.unit[1],
        "differ": list(entry.differ),
        "distance": _distances(entry.codings),
        "codings": {
            coder: {
                "origins": sorted(coding.origins) or ["nobody"],
                "actors": sorted(coding.names) or ["nobody"],
                "passages": [asdict(one) for one in found.passages(coding)],
            }
            for coder, coding in entry.codings.items()
        },
    }


def _distances(by_coder: Mapping[str, Coding]) -> dict[str, float | None]:
    """Return the largest MASI distance between two coders, on origins and on actors; None with one coder."""
    pairs = list(combinations(by_coder.values(), 2))
    return {on: max((float(masi(a.values[on], b.values[on])) for a, b in pairs), default=None) for on in ON}
