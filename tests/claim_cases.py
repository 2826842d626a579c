"""Rows and claims of small made-up studies: project P, window 2012 to 2021, sources s and t."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from agency.claims import Claim, ClaimResult, Condition, judge
from agency.references import Reference
from agency.resolve import Resolved, View
from agency.table import Table
from agency.table.check import table_from_records

Record = dict[str, Any]


def row(actor: str = "A", origin: str = "chinese", **more: Any) -> Record:
    """A row of maintenance of P by source s; rows that say nobody have no actor."""
    record = {"project": "P", "phase": "maintenance", "actor": actor, "origin": origin, "source": "s", "note": "why"}
    record |= more
    if record.get("status") in ("vacant", "negotiating", "not_applicable"):
        record |= {"actor": "", "origin": ""}
    return {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in record.items()}


def other(actor: str = "A", origin: str = "chinese", **more: Any) -> Record:
    """The same of source t."""
    return row(actor, origin, **{"source": "t", **more})


def design(actor: str = "A", origin: str = "chinese", **more: Any) -> Record:
    """A row of an event phase."""
    return row(actor, origin, phase="design", **more)


def denied(actor: str = "A", origin: str = "chinese", **more: Any) -> Record:
    """A denial by source t."""
    return other(actor, origin, status="denied", **more)


LOCAL = row("L", "local")


def holders(how: str, *names: str, by: str = "origin", **more: Any) -> Condition:
    """A condition on holders."""
    return Condition("holders", holders=how, by=by, among=names, **more)


INCLUDE, EXCLUDE, ONLY = (holders(how, "chinese") for how in ("include", "exclude", "only"))


def claim(condition: Condition, **more: Any) -> Claim:
    """A claim of source s."""
    return Claim("c", "A sentence.", more.pop("source", "s"), condition, **more)


def table_of(records: list[Record], *, retold: dict[str, tuple[str, ...]] | None = None, **more: Any) -> Table:
    """A table of these rows; `retold` says which sources retell which."""
    projects = more.pop("projects", [{"project": "P"}])
    windows = [{"window_start": 2012, "window_end": 2021, **facts} for facts in projects]
    table = table_from_records(records, projects=windows, **more)
    return replace(table, sources={key: _Retelling(key, others) for key, others in retold.items()}) if retold else table


class _Retelling(Reference):
    def __init__(self, key: str, others: tuple[str, ...]) -> None:
        super().__init__(key)
        object.__setattr__(self, "derives_from", others)


def judged(records: list[Record], one: Claim, *, view: View | None = None, **more: Any) -> ClaimResult:
    """The result of one claim on these rows."""
    return judge(Resolved(table_of(records, **more), view or View(min_phases=0)), [one])[0]


def cases(
    every: Sequence[list[Record]], condition: Condition, years: Sequence[tuple[int, ...]] = (), **more: Any
) -> list[str]:
    """What `case` says of each of these lists of rows: one table, a project for each."""
    asked = [(rows[0]["phase"],) if condition.test != "same_actor" else () for rows in every]
    scopes = list(zip(asked, years or [()] * len(every), strict=True))
    records = [{**one, "project": f"P{number}"} for number, rows in enumerate(every) for one in rows]
    table = table_of(records, projects=[{"project": f"P{number}"} for number in range(len(every))], **more)
    distinct = list(dict.fromkeys(scopes))
    claims = [claim(condition, phases=phases, years=within) for phases, within in distinct]
    results = dict(zip(distinct, judge(Resolved(table, View(min_phases=0)), claims), strict=True))
    found = [
        next(one for one in results[scope].cases if one.project == f"P{number}") for number, scope in enumerate(scopes)
    ]
    return [f"{one.verdict} open" if one.open else one.verdict for one in found]


def case(
    records: list[Record],
    condition: Condition,
    years: tuple[int, ...] = (),
    phases: tuple[str, ...] = (),
    **more: Any,
) -> str:
    """The verdict of the one case, with "open" where only silence decides; the phase is that of the first row."""
    asked = phases or ((records[0]["phase"],) if condition.test != "same_actor" else ())
    found = judged(records, claim(condition, phases=asked, years=years), **more).cases[0]
    return f"{found.verdict} open" if found.open else found.verdict
