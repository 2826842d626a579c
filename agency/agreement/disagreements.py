"""Agreement of coders: alpha on sets of holders, presence as counts, and the list of disagreements (I23)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from agency.about import METHOD_VERSION, __version__
from agency.agreement.alpha import Alpha, bootstrap_interval, krippendorff_alpha
from agency.agreement.codings import Coding, Unit, coders, codings
from agency.comparison import DISTANCES, masi

if TYPE_CHECKING:
    from agency.table import Table

DRAWS, SEED, UNITS_FOR_INTERVAL = 2000, 20240223, 20
ON = ("origins", "actors")
"""What is compared: the set of origins of a unit's holders, or the set of holders."""


@dataclass(frozen=True)
class Reliability:
    """Alpha by distance (masi, jaccard, nominal), with intervals where there are enough units."""

    alphas: Mapping[str, Alpha]
    intervals: Mapping[str, tuple[float, float] | None]

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


@dataclass(frozen=True)
class Agreement:
    """Everything `agency agreement` prints."""

    table: Table
    coders: tuple[str, ...]
    reliability: Mapping[tuple[str, str | None], Reliability]
    """By what is compared and phase; phase None: all phases."""
    presence: tuple[Presence, ...]
    disagreements: tuple[Disagreement, ...]
    """Units coded by two coders at least, in order of the table."""
    coded_by_one: tuple[Disagreement, ...]


def agreement(table: Table) -> Agreement:
    """Compare the coders of a table.

    Units are project and phase, values sets; see `agency.agreement.codings.codings` for what counts as coded. Alpha is
    given on origins and on actors, overall and by phase, by the MASI, Jaccard and nominal distances side by side.

    Parameters
    ----------
    table
        A sound table with a `coder` column.

    Raises
    ------
    DataError
        If no row names a coder.

    Examples
    --------
    >>> import agency
    >>> from pathlib import Path
    >>> table = agency.load(Path(agency.load().data.folder) / "double_coding.csv").data
    >>> found = agreement(table)
    >>> found.coders, found.reliability["origins", None].undefined_because
    (('A', 'B'), None)
    """
    units = codings(table)
    names = coders(table)
    phases = [phase.key for phase in table.codebook.phases if any(unit[1] == phase.key for unit in units)]
    reliability = {(on, phase): _reliability(_of(units, phase), on) for on in ON for phase in (None, *phases)}
    presence = [
        _presence(_of(units, phase), pair, phase) for pair in combinations(names, 2) for phase in (None, *phases)
    ]
    differing = [_disagreement(unit, by_coder) for unit, by_coder in units.items()]
    return Agreement(
        table=table,
        coders=names,
        reliability=reliability,
        presence=tuple(presence),
        disagreements=tuple(found for found in differing if found.differ not in ((), ("presence",))),
        coded_by_one=tuple(found for found in differing if found.differ == ("presence",)),
    )


def agreement_document(found: Agreement) -> dict[str, Any]:
    """Return what ``agency agreement -f json`` prints.

    Returns
    -------
    dict
        ``method``; ``alpha``, ``interval``, ``units``, ``pairable_values`` and ``undefined_because`` on origins over
        all phases; the same by ``origins`` and ``actors``, each ``overall`` and by ``phases``; ``presence``;
        ``disagreements`` and ``coded_by_one``, each with the coders' values and passages.
    """
    return {
        "method": _method(found),
        **_numbers(found.reliability["origins", None]),
        **{on: _side(found, on) for on in ON},
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
        "disagreements": [_entry(found.table, entry) for entry in found.disagreements],
        "coded_by_one": [_entry(found.table, entry) for entry in found.coded_by_one],
    }


def passages(table: Table, coding: Coding) -> list[dict[str, Any]]:
    """Return what a coder wrote down for a unit, row by row: actor, origin, status, role, source, passage, note."""
    columns = ["line", "holder", "origin", "status", "role", "source", "locator", "quote", "note"]
    rows = table.rows.loc[list(coding.rows), columns].rename(columns={"holder": "actor"})
    return [{str(name): _plain(value) for name, value in record.items()} for record in rows.to_dict("records")]


def _of(units: Mapping[Unit, dict[str, Coding]], phase: str | None) -> list[dict[str, Coding]]:
    return [by_coder for unit, by_coder in units.items() if phase in (None, unit[1])]


def _reliability(units: Iterable[Mapping[str, Coding]], on: str) -> Reliability:
    values = [tuple(getattr(coding, on) for coding in by_coder.values()) for by_coder in units]
    alphas = {name: krippendorff_alpha(values, distance) for name, distance in DISTANCES.items()}
    enough = alphas["masi"].units >= UNITS_FOR_INTERVAL and alphas["masi"].undefined_because is None
    return Reliability(
        alphas,
        {
            name: bootstrap_interval(values, distance, draws=DRAWS, seed=SEED) if enough else None
            for name, distance in DISTANCES.items()
        },
    )


def _presence(units: Sequence[Mapping[str, Coding]], pair: tuple[str, str], phase: str | None) -> Presence:
    one, other = pair
    both = sum(one in by_coder and other in by_coder for by_coder in units)
    only_a = sum(one in by_coder and other not in by_coder for by_coder in units)
    only_b = sum(other in by_coder and one not in by_coder for by_coder in units)
    return Presence(pair, phase, both, only_a, only_b)


def _disagreement(unit: Unit, by_coder: Mapping[str, Coding]) -> Disagreement:
    if len(by_coder) == 1:
        return Disagreement(unit, by_coder, ("presence",))
    differ = tuple(on for on in ON if len({getattr(coding, on) for coding in by_coder.values()}) > 1)
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
        "coders": list(found.coders),
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
    phases = {phase: _numbers(entry) for (what, phase), entry in found.reliability.items() if what == on and phase}
    return {"overall": _numbers(found.reliability[on, None]), "phases": phases}


def _entry(table: Table, entry: Disagreement) -> dict[str, Any]:
    return {
        "project": entry.unit[0],
        "phase": entry.unit[1],
        "differ": list(entry.differ),
        "distance": _distances(entry.codings),
        "codings": {
            coder: {
                "origins": sorted(coding.origins) or ["nobody"],
                "actors": sorted(coding.actors) or ["nobody"],
                "passages": passages(table, coding),
            }
            for coder, coding in entry.codings.items()
        },
    }


def _distances(by_coder: Mapping[str, Coding]) -> dict[str, float | None]:
    """Return the largest MASI distance between two coders, on origins and on actors; None with one coder."""
    pairs = list(combinations(by_coder.values(), 2))
    return {on: max((float(masi(getattr(a, on), getattr(b, on))) for a, b in pairs), default=None) for on in ON}


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value
