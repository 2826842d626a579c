"""Properties every number must have, over generated tables, and a slow oracle that reads the formulas literally."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from strategies import ACTORS, CONTINUING, FIRST, LAST, PHASES, examples, records, table_of, tables

from agency.comparison.compare import (
    GAP,
    SET_DISTANCES,
    jaccard,
    masi,
    patterns,
    profile_distance,
    set_distance,
)
from agency.indicators.concentration import concentration
from agency.indicators.registry import measured
from agency.indicators.results import indicators_document
from agency.indicators.whatif import Withdrawal
from agency.resolve import Resolved
from agency.resolve.arrays import Profile
from agency.resolve.matrix import Matrix
from agency.resolve.select import View
from agency.table.model import Table

ORIGINS = ("local", "chinese", "western", "other", "mixed")
FOREIGN = ("chinese", "western", "other")
MODES = st.sampled_from(["static", "time", "snapshot"])
PROJECTS = tuple("ABCDEFGH")
"""Many projects in each table: the numbers are computed for all at once, so examples cost little more."""


@st.composite
def views(draw: st.DrawFn, modes: st.SearchStrategy[str] = MODES) -> dict[str, Any]:
    mode = draw(modes)
    return {
        "mode": mode,
        "year": draw(st.integers(FIRST, LAST)) if mode == "snapshot" else None,
        "boundary": draw(st.sampled_from(["held", "split", "gap"])),
        "counting": draw(st.sampled_from(["actor", "origin"])),
        "rank": draw(st.sampled_from(["best", "all"])),
        "include_alleged": draw(st.booleans()),
        "roles": draw(st.sampled_from([(), (("support", 0.5),)])),
    }


def many() -> st.SearchStrategy[Table]:
    """Draw a table with rows of eight projects."""
    return st.lists(records(projects=PROJECTS), min_size=12, max_size=40).map(
        lambda rows: table_of(*rows, window=(FIRST, LAST))
    )


def rows_of(table: Table) -> list[dict[str, Any]]:
    columns = [
        *("project", "phase", "actor", "origin", "source", "status", "confidence", "rank", "role"),
        *("start", "end", "duration_years"),
    ]
    frame = table.rows[columns].astype(object)
    return frame.where(frame.notna(), "").to_dict("records")


def again(rows: list[dict[str, Any]]) -> Table:
    """Return a table of rows that were completed already."""
    return table_of(*({key: value for key, value in row.items() if value != ""} for row in rows), window=(FIRST, LAST))


def resolved_of(table: Table, **view: Any) -> Resolved:
    return _resolved(table, View(**{"min_phases": 0, **view}))


@lru_cache(maxsize=4)
def _resolved(table: Table, view: View) -> Resolved:
    """Return one resolution for all that an example asks of a table under a view."""
    return Resolved(table, view)


def matrix_of(table: Table, **view: Any) -> Matrix:
    return resolved_of(table, **view).matrix


def values(table: Table, keys: list[str] | None = None, **view: Any) -> dict[tuple[str, str], Any]:
    frame = measured(resolved_of(table, **view), keys=keys)
    return dict(zip(zip(frame["project"], frame["key"], strict=True), frame["value"], strict=True))


def same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= 1e-12 or (math.isnan(one) and math.isnan(other))
    return bool(one == other)


def assert_same(one: dict[Any, Any], other: dict[Any, Any]) -> None:
    assert one.keys() == other.keys()
    assert not {key: (one[key], other[key]) for key in one if not same(one[key], other[key])}


# Invariances.


@settings(max_examples=examples(9), deadline=None)
@given(many(), views())
def test_the_composition_sums_to_one_and_everything_undefined_has_a_reason(table: Table, view: dict[str, Any]) -> None:
    resolved = resolved_of(table, **view)
    frame = measured(resolved)
    assert (frame["value"].isna() == (frame["why"] != "")).all()
    parts = frame[frame["key"].str.startswith("composition.")]
    sums = parts.astype({"value": float}).groupby("project")["value"].sum(min_count=1).dropna()
    assert np.allclose(sums, 1.0, rtol=0, atol=1e-12)
    # `undated` says how much of a year rests on rows without any: it lies inside the parts, it is none of them.
    by_year = frame[frame["key"].str.startswith("timeline.") & ~frame["key"].str.endswith(".undated")]
    by_year = by_year.astype({"value": float})
    years = by_year.groupby(["project", by_year["key"].str.split(".").str[1]])["value"].sum(min_count=1).dropna()
    assert np.allclose(years, 1.0, rtol=0, atol=1e-12)
    json.dumps(indicators_document(resolved), allow_nan=False)
    # What is certain, what is unknown and what is undated is everything.
    undated = frame[frame["key"] == "undated"].astype({"value": float}).set_index("project")["value"]
    unknown = parts[parts["key"] == "composition.unknown"].astype({"value": float}).set_index("project")["value"]
    low = parts.groupby("project")["low"].sum() + unknown + undated
    assert np.allclose(low[sums.index], 1.0, rtol=0, atol=1e-12)


@settings(max_examples=examples(5), deadline=None)
@given(many(), views(), st.randoms(use_true_random=False))
def test_row_order_and_repeated_rows_change_nothing(table: Table, view: dict[str, Any], random: Any) -> None:
    rows = rows_of(table)
    shuffled = [*rows, *random.sample(rows, random.randint(0, len(rows)))]
    random.shuffle(shuffled)
    assert_same(_sets_of_names(values(table, **view)), _sets_of_names(values(again(shuffled), **view)))


@settings(max_examples=examples(5), deadline=None)
@given(many(), views())
def test_renaming_the_actors_changes_only_their_names(table: Table, view: dict[str, Any]) -> None:
    names = {name: f"{'ZYXWVUTS'[at]}. Firm" for at, name in enumerate(ACTORS)}
    renamed = [{**row, "actor": names.get(row["actor"], "")} for row in rows_of(table)]
    before = {
        (project, _renamed(key, names)): _renamed_list(value, names)
        for (project, key), value in values(table, **view).items()
    }
    assert_same(_sets_of_names(before), _sets_of_names(values(again(renamed), **view)))


def _renamed(key: str, names: dict[str, str]) -> str:
    family, _, rest = key.partition(".")
    return f"{family}.{names[rest]}" if family in ("actor_share", "critical_phases") else key


def _renamed_list(value: Any, names: dict[str, str]) -> Any:
    return [names.get(item, item) for item in value] if isinstance(value, list) else value


def _sets_of_names(found: dict[Any, Any]) -> dict[Any, Any]:
    return {key: sorted(map(str, value)) if isinstance(value, list) else value for key, value in found.items()}


@settings(max_examples=examples(5), deadline=None)
@given(many(), views(), records())
def test_a_proposed_row_changes_nothing(table: Table, view: dict[str, Any], row: dict[str, Any]) -> None:
    proposed = {
        **row,
        "project": table.projects.index[0],
        "status": "proposed",
        "actor": "HP",
        "origin": "western",
        "role": "lead",
    }
    assert_same(values(table, **view), values(again([*rows_of(table), proposed]), **view))


@settings(max_examples=examples(6), deadline=None)
@given(
    many(),
    views(st.just("time")),
    st.sampled_from(CONTINUING),
    st.tuples(st.integers(FIRST, LAST), st.integers(FIRST, LAST)),
)
def test_more_gap_years_never_raise_an_origin(
    table: Table, view: dict[str, Any], phase: str, years: tuple[int, int]
) -> None:
    gap = {"phase": phase, "source": "s1", "status": "vacant", "start": min(years), "end": max(years)}
    gaps = [{"project": name, **gap} for name in table.projects.index]
    keys = ["composition"]
    before, after = values(table, keys, **view), values(again([*rows_of(table), *gaps]), keys, **view)
    for name in table.projects.index:
        for origin in ORIGINS:
            one, other = (found[name, f"composition.{origin}"] for found in (before, after))
            assert math.isnan(one) or other <= one + 1e-12


@settings(max_examples=examples(9), deadline=None)
@given(tables(max_rows=8), views())
def test_origin_level_is_actor_level_without_two_holders_of_one_origin(table: Table, view: dict[str, Any]) -> None:
    view["roles"] = ()
    assume(not matrix_of(table, **{**view, "mode": "static", "year": None}).sets.duplicated(
        ["project", "phase", "origin"]
    ).any())  # fmt: skip
    assert_same(
        values(table, **{**view, "counting": "actor"}),
        values(table, **{**view, "counting": "origin"}),
    )


@settings(max_examples=examples(9), deadline=None)
@given(st.lists(records(projects=("P",)), min_size=1, max_size=8), views(st.just("time")))
def test_static_is_time_without_gap_unknown_or_change(rows: list[dict[str, Any]], view: dict[str, Any]) -> None:
    # Undated holders everywhere, and generated rows for the event phases only.
    events = [row for row in rows if row["phase"] not in CONTINUING]
    lasting = [{"phase": phase, "actor": row.get("actor") or "ZTE"} for phase in CONTINUING for row in rows[:2]]
    table = table_of(*events, *lasting, window=(FIRST, LAST))
    time = matrix_of(table, **view)
    assert not (time.phases["gap"][time.phases["kind"] == "continuing"] > 0).any()
    static = matrix_of(table, **{**view, "mode": "static"})
    compared = ["composition.", "share.", "hhi_", "effective_", "origin_diversity", "lock_in.value", "weakest_link"]
    one, other = (
        {
            key: value
            for key, value in values(table, **{**view, "mode": mode}).items()
            if key[1].startswith(tuple(compared))
        }
        for mode in ("static", "time")
    )
    assert len(static.shares) == len(time.shares)
    assert_same(one, other)


# Ranges.


@settings(max_examples=examples(9), deadline=None)
@given(many(), views())
def test_shares_lie_within_their_bounds_which_meet_without_unknown(table: Table, view: dict[str, Any]) -> None:
    keys = ["composition", "share", "lock_in", "orphaned", "leave_one_out"]
    frame = measured(resolved_of(table, **view), keys=[*keys, "undated"])
    open_to_all = dict.fromkeys(frame["project"].unique(), 0.0)
    for row in frame[frame["key"].isin(["composition.unknown", "undated"])].itertuples():
        open_to_all[row.project] += row.value
    frame = frame[frame["low"].notna()]
    value = frame["value"].astype(float)
    assert ((frame["low"] <= value + 1e-12) | value.isna()).all()
    assert ((value <= frame["high"] + 1e-12) | value.isna()).all()
    for row in frame[frame["key"].str.startswith("share.")].itertuples():
        if open_to_all[row.project] == 0:
            assert row.high - row.low <= 1e-12


@pytest.mark.oldest
@settings(max_examples=examples(9), deadline=None)
@given(many(), views())
def test_every_number_is_in_its_range(table: Table, view: dict[str, Any]) -> None:
    found = values(table, **view)
    for (project, key), value in found.items():
        if isinstance(value, float) and not math.isnan(value) and not key.startswith(("effective", "origin_d", "evid")):
            low = -1.0 if key == "upstream_technical_gap" else 0.0
            assert low - 1e-12 <= value <= 1 + 1e-12, key
        for of in ("actors", "origins"):
            if key == f"hhi_{of}" and not math.isnan(value):
                number = found[project, "n_actors"] if of == "actors" else len(ORIGINS)
                assert 1 / number - 1e-12 <= value
                assert found[project, f"effective_{of}"] <= number + 1e-9
        if key == "origin_diversity.beta" and not math.isnan(value):
            assert value >= 1 - 1e-12
            product = found[project, "origin_diversity.alpha"] * value
            assert product == pytest.approx(found[project, "origin_diversity.gamma"], abs=1e-12)


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.floats(1e-6, 1e3), min_size=1, max_size=12))
def test_hill_numbers_are_ordered(masses: list[float]) -> None:
    found = concentration(np.zeros(len(masses), dtype=int), np.array(masses), 1)
    assert found.effective[0] <= found.hill1[0] * (1 + 1e-12)
    assert found.hill1[0] <= found.count[0] * (1 + 1e-12)
    assert 1 / len(masses) - 1e-12 <= found.hhi[0] <= 1 + 1e-12


# Distances.


def pattern_rows() -> st.SearchStrategy[list[Any]]:
    known = st.one_of(st.just(GAP), st.frozensets(st.sampled_from("abcd"), min_size=1))
    return st.lists(st.one_of(known, st.none()), min_size=6, max_size=6)


@settings(max_examples=examples(60), deadline=None)
@given(pattern_rows(), pattern_rows(), pattern_rows())
def test_distances_are_metrics_where_everything_is_known(one: list[Any], other: list[Any], third: list[Any]) -> None:
    weights = [1.0] * 6
    for distance in (jaccard, masi):
        first = set_distance(one, other, weights, distance)
        assert first == set_distance(other, one, weights, distance)
        same_row = set_distance(one, one, weights, distance)
        assert same_row.value in (0.0, None)
        if first.value is not None:
            assert first.bounds[0] - 1e-12 <= first.value <= first.bounds[1] + 1e-12
        full = [[pattern or GAP for pattern in row] for row in (one, other, third)]
        ab, bc, ac = (set_distance(full[a], full[b], weights, distance).value for a, b in ((0, 1), (1, 2), (0, 2)))
        assert ac <= ab + bc + 1e-12


@settings(max_examples=examples(7), deadline=None)
@given(many(), views(st.just("time")))
def test_total_variation_is_a_symmetric_distance_within_its_bounds(table: Table, view: dict[str, Any]) -> None:
    data = resolved_of(table, **view).arrays
    for one, other in combinations(range(len(data.projects)), 2):
        there, back = profile_distance(data, one, other), profile_distance(data, other, one)
        assert (there.value is None) == (back.value is None)
        assert profile_distance(data, one, one).value in (None, pytest.approx(0, abs=1e-12))
        if there.value is not None:
            assert there.value == pytest.approx(back.value, abs=1e-12)
            assert -1e-12 <= there.bounds[0] <= there.bounds[1] <= 1 + 1e-12
        for phase in range(len(data.phases)):
            check_known_phase(data, one, other, phase)


def check_known_phase(data: Profile, one: int, other: int, phase: int) -> None:
    """Where everything is known, value and both bounds are half the sum of the differences."""
    pair = [one, other]
    if data.unknown_origin[pair, phase].any() or not data.applicable[pair, phase].all():
        return
    if data.undated[pair, phase].any() or data.undated_gap[pair, phase].any():
        return
    weight = np.zeros_like(data.weight)
    weight[:, phase] = data.weight[:, phase]
    found = profile_distance(replace(data, weight=weight), one, other)
    parts = np.concatenate([data.mass[pair, phase], data.gap[pair, phase][:, None]], axis=1)
    expected = pytest.approx(np.abs(parts[0] - parts[1]).sum() / 2, abs=1e-12)
    assert found.bounds == (expected, expected)
    assert found.value is None, "one phase is too little for a comparison"


# A slow reading of the formulas, with fractions.


def exact(value: float) -> Fraction:
    return Fraction(value).limit_denominator(10**6)


class Oracle:
    """One project of a matrix, phase by phase, in fractions."""

    def __init__(self, matrix: Matrix, project: str) -> None:
        phases = matrix.phases[matrix.phases["project"] == project]
        self.phases = [row for row in phases.to_dict("records") if row["applicable"]]
        self.shares: dict[str, dict[tuple[str, str], Fraction]] = {}
        mine = matrix.shares[matrix.shares["project"] == project]
        for row in mine.to_dict("records"):
            self.shares.setdefault(row["phase"], {})[row["holder"], row["origin"]] = exact(row["share"])
        self.sets: dict[str, set[tuple[str, str]]] = {}
        for row in matrix.sets[matrix.sets["project"] == project].to_dict("records"):
            self.sets.setdefault(row["phase"], set()).add((row["holder"], row["origin"]))

    def origin(self, key: str, phases: list[str] | None = None) -> Fraction:
        names = [row["phase"] for row in self.phases if phases is None or row["phase"] in phases]
        return sum(
            (share for name in names for (_, of), share in self.shares.get(name, {}).items() if of == key), Fraction(0)
        )

    @property
    def size(self) -> int:
        return len(self.phases)

    def composition(self, key: str) -> Fraction:
        return self.origin(key) / self.size

    @property
    def gap(self) -> Fraction:
        return sum((exact(row["gap"]) for row in self.phases), Fraction(0)) / self.size

    @property
    def known(self) -> Fraction:
        return sum((self.origin(key) for key in ORIGINS), Fraction(0))

    @property
    def actors(self) -> dict[str, Fraction]:
        found: dict[str, Fraction] = {}
        for shares in self.shares.values():
            for (holder, _), share in shares.items():
                found[holder] = found.get(holder, Fraction(0)) + share
        return found

    def mean_share(self, actor: str, phases: list[str], of: tuple[str, ...]) -> Fraction | None:
        names = [row["phase"] for row in self.phases if row["phase"] in phases]
        if not names:
            return None
        total = sum(
            (
                share
                for name in names
                for (who, key), share in self.shares.get(name, {}).items()
                if who == actor and key in of
            ),
            Fraction(0),
        )
        return total / len(names)

    def overlap(self, one: list[str], other: list[str], of: tuple[str, ...]) -> Fraction | None:
        best = Fraction(0)
        for actor in [*self.actors, None]:
            sides = [self.mean_share(actor or "", phases, of) for phases in (one, other)]
            if None in sides:
                return None
            best = max(best, min(sides))
        return best

    def bus_factor(self) -> int | None:
        """The truck factor as defined: least number of actors whose loss empties more than half of the phases."""
        held = {phase: {holder for holder, _ in members} for phase, members in self.sets.items()}
        everybody = sorted(set().union(*held.values())) if held else []
        for size in range(1, len(everybody) + 1):
            for gone in combinations(everybody, size):
                emptied = sum(members <= set(gone) for members in held.values())
                if 2 * emptied > len(held):
                    return size
        return None

    def components(self) -> int:
        left = {phase: {holder for holder, _ in members} for phase, members in self.sets.items()}
        number = 0
        while left:
            number += 1
            _, reached = left.popitem()
            while touching := [phase for phase, members in left.items() if members & reached]:
                for phase in touching:
                    reached |= left.pop(phase)
        return number

    def breaks(self) -> int:
        holders = [{holder for holder, _ in self.sets.get(phase, ())} for phase in PHASES]
        return sum(bool(a and b and not a & b) for a, b in pairwise(holders))

    def sole_foreign(self) -> list[str]:
        alone = {phase: members for phase, members in self.sets.items() if len(members) == 1}
        return [phase for phase in PHASES if phase in alone and next(iter(alone[phase]))[1] in FOREIGN]


@settings(max_examples=examples(18), deadline=None)
@given(many(), views())
def test_indicators_against_the_formulas_read_literally(table: Table, view: dict[str, Any]) -> None:
    matrix = matrix_of(table, **view)
    found = values(table, **view)

    def close(project: str, key: str, expected: Fraction | None) -> None:
        value = found[project, key]
        assert (expected is None) == math.isnan(value), key
        assert expected is None or value == pytest.approx(float(expected), rel=0, abs=1e-12), key

    for project in matrix.projects:
        oracle = Oracle(matrix, project)
        size = oracle.size
        for origin in ORIGINS:
            close(project, f"composition.{origin}", oracle.composition(origin) if size else None)
        close(project, "composition.gap", oracle.gap if size else None)
        covered = bool(size) and 2 * oracle.known >= size
        close(project, "coverage", oracle.known / size if size else None)
        for origin in ORIGINS:
            close(project, f"share.{origin}", oracle.origin(origin) / oracle.known if covered else None)
        total = sum(oracle.actors.values(), Fraction(0))
        hhi = sum((share**2 for share in oracle.actors.values()), Fraction(0)) / total**2 if covered else None
        close(project, "hhi_actors", hhi)
        close(project, "effective_actors", 1 / hhi if hhi else None)
        assert found[project, "n_actors"] == len(oracle.actors)
        close(project, "lock_in.value", oracle.overlap(["design", "implementation"], ["maintenance"], FOREIGN))
        close(
            project,
            "owner_continuity.value",
            oracle.overlap(["initiation", "requirements"], ["operation"], ("local",)),
        )
        assert found[project, "bus_factor"] == oracle.bus_factor()
        assert found[project, "handover.components"] == oracle.components()
        assert found[project, "handover.breaks"] == oracle.breaks()
        assert found[project, "sole_foreign_phases"] == oracle.sole_foreign()
        for origin in ORIGINS:
            full = sum(any(of == origin for _, of in members) for members in oracle.sets.values())
            sole = sum({of for _, of in members} == {origin} for members in oracle.sets.values())
            assert (found[project, f"full_count.{origin}"], found[project, f"sole_count.{origin}"]) == (full, sole)


@settings(max_examples=examples(9), deadline=None)
@given(many(), views(st.just("time")))
def test_orphaned_time_is_the_time_profile(table: Table, view: dict[str, Any]) -> None:
    matrix = matrix_of(table, **view)
    found = values(table, ["orphaned"], **view)
    for row in matrix.phases[matrix.phases["phase"].isin(CONTINUING)].to_dict("records"):
        value = found[row["project"], f"orphaned.{row['phase']}"]
        known = row["held"] + row["gap"]
        if known > 1e-12:
            assert value == pytest.approx(row["gap"] / known, abs=1e-12)
        else:
            assert math.isnan(value)


@settings(max_examples=examples(5), deadline=None)
@given(many(), views(st.just("static")))
def test_the_years_of_the_screen_are_those_whose_snapshot_fires(table: Table, view: dict[str, Any]) -> None:
    found = values(table, ["dependence_test"], **view)
    then = {
        year: values(table, ["dependence_test"], **{**view, "mode": "snapshot", "year": year})
        for year in range(FIRST, LAST + 1)
    }
    for (project, key), years in found.items():
        if key.endswith(".years"):
            fires = key.replace(".years", ".dependent")
            assert years == [year for year, snapshot in then.items() if snapshot[project, fires]]


# Withdrawal.


@settings(max_examples=examples(12), deadline=None)
@given(many(), views(st.just("time")), st.sampled_from([*ACTORS]), st.integers(FIRST, LAST + 1))
def test_a_withdrawal_never_shrinks_the_gap_and_loses_no_time(
    table: Table, view: dict[str, Any], name: str, year: int
) -> None:
    resolved = resolved_of(table, **view)
    before = resolved.matrix
    after = resolved.without(Withdrawal("actor", name).of, year)
    parts = after.phases[after.phases["applicable"]][["held", "gap", "unknown"]]
    assert np.allclose(parts.sum(axis=1), 1.0, rtol=0, atol=1e-12)
    assert (after.phases["gap"] >= before.phases["gap"] - 1e-12).all()
    assert np.allclose(after.phases["unknown"], before.phases["unknown"], rtol=0, atol=1e-12)
    shares = after.shares.groupby(["project", "phase"])["share"].sum()
    held = after.phases.set_index(["project", "phase"])["held"].reindex(shares.index)
    assert np.allclose(shares, held, rtol=0, atol=1e-12)
    late = after.year_shares[(after.year_shares["holder"] == name) & (after.year_shares["year"] >= year)]
    assert late.empty
    # What was signed before that year, or in no given year, stays; what counts from it on does not.
    late = (before.events["holder"] == name) & (before.events["since"] >= year).fillna(value=False)
    pd.testing.assert_frame_equal(before.events[~late].reset_index(drop=True), after.events)


@settings(max_examples=examples(5), deadline=None)
@given(many(), views(st.just("time")))
def test_a_withdrawal_of_nobody_changes_nothing(table: Table, view: dict[str, Any]) -> None:
    resolved = resolved_of(table, **view)
    before = resolved.matrix
    after = resolved.without(Withdrawal("actor", "Nobody").of, FIRST)
    pd.testing.assert_frame_equal(before.phases, after.phases)
    order = ["project", "phase", "actor_id"]
    pd.testing.assert_frame_equal(
        before.shares.sort_values(order, ignore_index=True),
        after.shares.sort_values(order, ignore_index=True)[before.shares.columns],
    )


def test_the_distances_of_the_contract_are_all_there() -> None:
    assert set(SET_DISTANCES) == {
        *("origins_jaccard", "origins_masi", "origins_nominal", "actors_jaccard", "actors_masi"),
    }
    assert patterns(resolved_of(table_of({}), projects=("P",)).arrays)[0].origins[-1] == {"chinese"}
