"""The package against an independent, slow and literal reading of the model, on random small studies."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from oracle import numbers, use
from oracle.model import Study, View
from oracle.strategies import larger_studies_and_views, write
from strategies import examples

import agency
from agency.indicators.registry import measured
from agency.indicators.results import nested
from agency.resolve import Resolved
from agency.resolve.select import View as ViewOfPackage
from agency.table import Table

KEYS = (
    "composition",
    "share",
    "coverage",
    "undated",
    "hhi_actors",
    "hhi_origins",
    "lock_in",
    "owner_continuity",
    "orphaned",
    "timeline",
)
SLOW = settings(
    max_examples=examples(15),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)


def loaded(study: Study) -> Table:
    with tempfile.TemporaryDirectory() as folder:
        write(study, Path(folder))
        return agency.load(folder).data


def resolved(table: Table, view: View) -> Resolved:
    return Resolved(
        table,
        ViewOfPackage(
            sources=tuple(sorted(view.sources)) if view.sources else (),
            mode=view.mode,
            year=view.year if view.mode == "snapshot" else None,
            boundary=view.boundary,
            counting=view.counting,
            rank=view.rank,
            include_alleged=view.include_alleged,
            actors=view.actors,
            min_phases=0,
        ),
    )


def some_modes(study: Study, asked: View) -> list[View]:
    """Static, time, and snapshots of two years that most windows begin with or have in their middle."""
    snapshots = [numbers.modes(study, asked, project)[2:] for project in study.names]
    years = Counter(view.year for each in snapshots for view in each[:: max(len(each) // 2, 1)])
    return [
        replace(asked, mode="static", year=None),
        replace(asked, mode="time", year=None),
        *(replace(asked, mode="snapshot", year=year) for year, _ in years.most_common(2)),
    ]


def near(found: Any, expected: Fraction | None) -> bool:
    if found is None or expected is None:
        return found is None and expected is None
    return abs(float(found) - float(expected)) < 1e-9


def check(found: dict[str, Any], expected: dict[str, Any], what: str) -> None:
    for key, value in expected.items():
        assert near(found[key], value), f"{what}.{key}: {found[key]} instead of {value}"


@given(larger_studies_and_views())
@SLOW
def test_numbers_are_those_of_the_model(drawn: tuple[Study, View]) -> None:
    study, asked = drawn
    table = loaded(study)
    for view in some_modes(study, asked):
        found = nested(measured(resolved(table, view), keys=KEYS))
        for project in study.names:
            if numbers.left_out(study, view, project):
                assert project not in found
                continue
            entry = found[project]
            here = f"{project} {view.mode} {view.year}"
            whole = numbers.composition(study, view, project)
            if whole is None:
                assert entry["composition"]["gap"] is None
                continue
            check(entry["composition"], whole, f"{here} composition")
            bounds = numbers.bounds(study, view, project)
            assert bounds is not None
            for key, (low, high) in bounds.items():
                check(
                    dict(zip(("low", "high"), entry["composition_bounds"][key], strict=True)),
                    {"low": low, "high": high},
                    f"{here} bounds of {key}",
                )
            check(
                entry,
                {"coverage": numbers.coverage(study, view, project), "undated": numbers.undated(study, view, project)},
                here,
            )
            share, possible = numbers.share(study, view, project), numbers.share_bounds(study, view, project)
            check(entry["share"], share or dict.fromkeys(entry["share"]), f"{here} share")
            for key, pair in (possible or {}).items():
                check(
                    dict(zip("ab", entry["share_bounds"][key], strict=True)),
                    dict(zip("ab", pair, strict=True)),
                    f"{here} share bounds {key}",
                )
            check(
                entry,
                {
                    "hhi_actors": numbers.hhi_actors(study, view, project),
                    "hhi_origins": numbers.hhi_origins(study, view, project),
                },
                here,
            )
            lock, owner = numbers.lock_in(study, view, project), numbers.owner_continuity(study, view, project)
            for key in ("value", "low", "high"):
                assert near(entry["lock_in"][key], lock[key] if lock else None), (
                    f"{here} lock_in.{key}: {entry['lock_in']} instead of {lock}"
                )
            assert near(entry["owner_continuity"]["value"], owner["value"] if owner else None), here
            orphaned = numbers.orphaned(study, view, project)
            for phase, expected in (orphaned or {}).items():
                check(entry["orphaned"][phase], expected, f"{here} orphaned {phase}")
            years = {one["year"]: one for one in entry["timeline"] or []}
            for year, expected in numbers.timeline(study, view, project).items():
                check(years[year], expected or {}, f"{here} timeline {year}")


@given(larger_studies_and_views())
@SLOW
def test_every_row_is_used_as_the_model_says(drawn: tuple[Study, View]) -> None:
    study, view = drawn
    table = loaded(study)
    phases = tuple(phase["key"] for phase in study.phases) if view.phases else ()
    expected = use.uses(study, view)
    rows = resolved(table, replace(view, mode="static", year=None)).under(phases=phases).rows
    found = dict(zip(rows["line"].tolist(), rows["use"].tolist(), strict=True))
    assert found == {line: what for line, what in expected.items() if line in found}
    assert set(found) == set(expected)
