"""Composition and what is computed from it, in each mode, with bounds; lock-in, orphaned years, owner continuity,
timeline.

Sums are over the counted phases with their weights; "W" is the weight of those that apply.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from oracle.model import NOBODY, ORIGINS, Holder, Study, View
from oracle.years import (
    State,
    resolve,
    snapshot_state,
    static_state,
    time_state,
    time_states,
    total,
    window,
    year_states,
)

Bounds = tuple[Fraction, Fraction]
NONE = Fraction(0)
LINE = Fraction(1, 2)  # "A share with coverage under 1/2 is printed as 'insufficient'"


def year_of(study: Study, view: View, project: str) -> int | None:
    """ "`--year end` takes each project's last window year"."""
    period = window(study, project)
    if view.year == "end":
        return period[1] if period else None
    return view.year if isinstance(view.year, int) else None


def left_out(study: Study, view: View, project: str) -> bool:
    """In a snapshot, projects without a window or whose window lacks the year."""
    if view.mode != "snapshot":
        return False
    period, year = window(study, project), year_of(study, view, project)
    return period is None or year is None or not period[0] <= year <= period[1]


def cell_numbers(study: Study, view: View, project: str, phase: str) -> State:
    """Masses of one cell in the view's mode: they sum to 1, or to 0 where the phase does not apply."""
    if view.mode == "static":
        return static_state(study, view, project, phase)
    if view.mode == "time":
        return time_state(study, view, project, phase)
    state = snapshot_state(study, view, project, phase, year_of(study, view, project) or 0)
    assert state is not None, "the snapshot leaves this project out"
    return state


def cells(study: Study, view: View, project: str) -> dict[str, State]:
    """The counted phases that apply ("a phase not applicable in all its years leaves the weights")."""
    every = {phase: cell_numbers(study, view, project, phase) for phase in study.counted_phases}
    return {phase: state for phase, state in every.items() if state.applicable}


def by_origin(masses: dict[Holder, Fraction]) -> dict[str, Fraction]:
    """Mass by known origin; that of holders of unknown origin under "unknown"."""
    result: dict[str, Fraction] = {}
    for who, mass in masses.items():
        result[who.origin] = result.get(who.origin, NONE) + mass
    return result


def summary(states: dict[str, State], weights: dict[str, int], origins: tuple[str, ...] = ORIGINS):
    """Composition {origin, gap, unknown} and the undated part of each origin and of the gap; None when W = 0.

    "A holder of unknown origin is unknown mass in everything computed by origin." "Undated" is "held mass of known
    origin, or gap, that rests on undated rows alone".
    """
    whole = sum(weights[phase] for phase in states)
    if not whole:
        return None
    added = total([state.times(Fraction(weights[phase], whole)) for phase, state in states.items()])
    held, undated = by_origin(added.held), by_origin(added.undated)
    composition = {origin: held.get(origin, NONE) for origin in origins}
    composition |= {"gap": added.gap, "unknown": added.unknown + held.get("unknown", NONE)}
    undated_parts = {origin: undated.get(origin, NONE) for origin in origins} | {"gap": added.gap_undated}
    return composition, undated_parts


def _weights(study: Study) -> dict[str, int]:
    return {phase["key"]: phase["weight"] for phase in study.phases}


def _summary(study: Study, view: View, project: str):
    return summary(cells(study, view, project), _weights(study))


def composition(study: Study, view: View, project: str) -> dict[str, Fraction] | None:
    """I01: mass of each origin, of the gap and of the unknown, over W."""
    found = _summary(study, view, project)
    return found[0] if found else None


def undated(study: Study, view: View, project: str) -> Fraction | None:
    """The key `undated`: "its mass / W beside coverage"."""
    found = _summary(study, view, project)
    return sum(found[1].values(), NONE) if found else None


def undated_parts(study: Study, view: View, project: str) -> dict[str, Fraction] | None:
    """Undated mass of each origin and of the gap."""
    found = _summary(study, view, project)
    return found[1] if found else None


def bounds(study: Study, view: View, project: str) -> dict[str, Bounds] | None:
    """ "low(o) = mass of o on other bases; high(o) = low(o) + unknown + all undated"; of the gap likewise."""
    found = _summary(study, view, project)
    if found is None:
        return None
    masses, undated_mass = found
    spread = masses["unknown"] + sum(undated_mass.values(), NONE)
    low = {key: masses[key] - undated_mass[key] for key in undated_mass}
    return {key: (value, value + spread) for key, value in low.items()}


def coverage(study: Study, view: View, project: str) -> Fraction | None:
    """ "Mass held by holders of known origin / W"."""
    found = composition(study, view, project)
    return None if found is None else 1 - found["gap"] - found["unknown"]


def share(study: Study, view: View, project: str) -> dict[str, Fraction] | None:
    """I02: C(o) over the sum of C of the origins; None below a coverage of 1/2."""
    found, covered = composition(study, view, project), coverage(study, view, project)
    if found is None or covered is None or covered < LINE:
        return None
    return {origin: found[origin] / covered for origin in ORIGINS}


def share_bounds(study: Study, view: View, project: str) -> dict[str, Bounds] | None:
    """ "[m_o/(M+U), (m_o+U)/(M+U)]" with "the same masses": m_o and M without what is undated, U with all of it."""
    found = _summary(study, view, project)
    if found is None:
        return None
    masses, undated_mass = found
    low = {origin: masses[origin] - undated_mass[origin] for origin in ORIGINS}
    spread = masses["unknown"] + sum(undated_mass.values(), NONE)
    whole = sum(low.values(), NONE) + spread
    if not whole:
        return None
    return {origin: (low[origin] / whole, (low[origin] + spread) / whole) for origin in ORIGINS}


def actor_masses(study: Study, view: View, project: str) -> dict[Holder, Fraction] | None:
    """Mass of each holder over W (one of unknown origin is "an ordinary holder in everything computed by actor")."""
    weights, states = _weights(study), cells(study, view, project)
    whole = sum(weights[phase] for phase in states)
    if not whole:
        return None
    added = total([state.times(Fraction(weights[phase], whole)) for phase, state in states.items()])
    return {who: mass for who, mass in added.held.items() if mass}


def hhi(masses: list[Fraction]) -> Fraction | None:
    """Sum of squared conditional shares."""
    whole = sum(masses, NONE)
    return sum(((mass / whole) ** 2 for mass in masses), NONE) if whole else None


def hhi_actors(study: Study, view: View, project: str) -> Fraction | None:
    covered, masses = coverage(study, view, project), actor_masses(study, view, project)
    return None if masses is None or covered is None or covered < LINE else hhi(list(masses.values()))


def hhi_origins(study: Study, view: View, project: str) -> Fraction | None:
    found = share(study, view, project)
    return None if found is None else hhi(list(found.values()))


# --- an actor in two blocks -----------------------------------------------------------------------------------------


def _side(states: dict[str, State], phases: list[str]) -> list[State] | None:
    """The applicable phases of a block ("leave a not_applicable phase out of the mean, a whole side gone: null")."""
    return [states[phase] for phase in phases if phase in states] or None


def _mean(values: list[Fraction]) -> Fraction:
    return sum(values, NONE) / len(values)


def _unknown(state: State) -> Fraction:
    """u(k), the unknown share of a phase, as in composition (holders of unknown origin are in it)."""
    return state.unknown + by_origin(state.held).get("unknown", NONE)


def _spread(state: State) -> Fraction:
    """What a bound may give to anyone: unknown and all undated mass of known origin, and undated gap."""
    return (
        _unknown(state)
        + sum((mass for who, mass in state.undated.items() if who.origin != "unknown"), NONE)
        + state.gap_undated
    )


def _low(state: State, who: Holder) -> Fraction:
    return state.held.get(who, NONE) - state.undated.get(who, NONE)


def lock_in(study: Study, view: View, project: str) -> dict[str, object] | None:
    """I10: "max over foreign a of min(mean s over build, s(maintenance))"; value with undated years, "its low does
    not"; high = s + u, "where no foreign actor holds anything: the least of the unknown shares of build and
    maintenance".
    """
    states = cells(study, view, project)
    build, maintain = _side(states, study.block("build")), _side(states, study.block("maintain"))
    if build is None or maintain is None:
        return None
    foreign = {who for state in states.values() for who in state.held if who.origin in study.foreign}
    value, low = {}, {}
    high = min(_mean([_spread(state) for state in build]), _mean([_spread(state) for state in maintain]))
    for who in foreign:
        value[who] = min(_mean([state.held.get(who, NONE) for state in side]) for side in (build, maintain))
        low[who] = min(_mean([_low(state, who) for state in side]) for side in (build, maintain))
        high = max(
            high, min(_mean([_low(state, who) + _spread(state) for state in side]) for side in (build, maintain))
        )
    best = max(value.values(), default=NONE)
    return {
        "value": best,
        "low": max(low.values(), default=NONE),
        "high": high,
        "actor": sorted(who.actor for who in value if best and value[who] == best),
    }


def owner_continuity(study: Study, view: View, project: str) -> dict[str, object] | None:
    """I11: "max over local a of min(mean s over upstream, s(operation))"."""
    states = cells(study, view, project)
    upstream, operate = _side(states, study.block("upstream")), _side(states, study.block("operate"))
    if upstream is None or operate is None:
        return None
    value = {
        who: min(_mean([state.held.get(who, NONE) for state in side]) for side in (upstream, operate))
        for state in states.values()
        for who in state.held
        if who.origin == "local"
    }
    best = max(value.values(), default=NONE)
    return {"value": best, "actor": sorted(who.actor for who in value if best and value[who] == best)}


# --- years ----------------------------------------------------------------------------------------------------------


def orphaned(study: Study, view: View, project: str) -> dict[str, dict[str, Fraction | None]] | None:
    """I12, from years in every mode: gap / (held + gap); bounds [gap, gap + unknown] over the applicable years.

    What is undated is known in the value and open in the bounds; but "an undated *held* year [counts] as held in
    its upper bound when no row of the cell says nobody". `continuing` pools the continuing phases. None without a
    window.
    """
    if window(study, project) is None:
        return None
    phases = [phase for phase in study.counted_phases if study.continuing(phase)]
    sums = {phase: total(time_states(study, view, project, phase)) for phase in phases}
    doubt = {phase: _held_in_doubt(study, view, project, phase) for phase in phases}
    result = {phase: _orphaned(sums[phase], doubt[phase]) for phase in phases}
    result["continuing"] = _orphaned(total(list(sums.values())), sum(doubt.values(), NONE))
    return result


def _held_in_doubt(study: Study, view: View, project: str, phase: str) -> Fraction:
    """Undated held years that could be empty: those of a cell in which a deciding row says nobody."""
    cell = resolve(study, view, project, phase)
    nobody = any(row.status in NOBODY and row.line not in cell.outside for row in cell.rows)
    undated_held = sum(total(time_states(study, view, project, phase)).undated.values(), NONE)
    return undated_held if nobody else NONE


def _orphaned(years: State, doubt: Fraction) -> dict[str, Fraction | None]:
    held = sum(years.held.values(), NONE)
    if not years.applicable:
        return {"value": None, "low": None, "high": None}
    return {
        "value": years.gap / (held + years.gap) if held + years.gap else None,
        "low": (years.gap - years.gap_undated) / years.applicable,
        "high": (years.gap + years.unknown + doubt) / years.applicable,
    }


def timeline(study: Study, view: View, project: str) -> dict[int, dict[str, Fraction] | None]:
    """I25: "year by year composition of the continuing phases", with `undated`; None where none applies."""
    period = window(study, project)
    if period is None:
        return {}
    phases = [phase for phase in study.counted_phases if study.continuing(phase)]
    years = {phase: year_states(study, view, project, phase) for phase in phases}
    result: dict[int, dict[str, Fraction] | None] = {}
    for year in range(period[0], period[1] + 1):
        applying = {phase: years[phase][year] for phase in phases if years[phase][year].applicable}
        found = summary(applying, _weights(study))
        result[year] = found[0] | {"undated": sum(found[1].values(), NONE)} if found else None
    return result


def modes(study: Study, view: View, project: str) -> list[View]:
    """Static, time and every snapshot of the project's window: for tests that must hold in each."""
    period = window(study, project)
    years = range(period[0], period[1] + 1) if period else ()
    return [replace(view, mode="static"), replace(view, mode="time")] + [
        replace(view, mode="snapshot", year=year) for year in years
    ]
