"""Table 1 (Vila Seoane & Álvarez Velasco 2024): its 15 rows and two windows, kept for good."""

from __future__ import annotations

from typing import Any

from oracle.model import Study

MINISTRY = "Coordinating Ministry of Security"
JUJUY = "Jujuy's Ministry of Security"


def _row(project: str, phase: str, actor: str, origin: str, **more: Any) -> dict[str, Any]:
    fixed = {"source": "vilaseoane2024", "rank": "preferred", "confidence": "documented"}
    return {"project": project, "phase": phase, "actor": actor, "origin": origin, **fixed, **more}


ROWS: tuple[dict[str, Any], ...] = (
    _row("ECU 911", "initiation", MINISTRY, "local"),
    _row("ECU 911", "requirements", MINISTRY, "local"),
    _row("ECU 911", "design", "CEIEC", "chinese", scope="technical"),
    _row("ECU 911", "implementation", "Local firms", "local", unnamed=True),
    _row("ECU 911", "implementation", "CEIEC", "chinese"),
    _row("ECU 911", "operation", "ECU 911", "local"),
    _row("ECU 911", "maintenance", "CEIEC", "chinese", end=2018),
    _row("ECU 911", "maintenance", "", "", status="negotiating", start=2018),
    _row("JSeI", "initiation", JUJUY, "local"),
    _row("JSeI", "requirements", JUJUY, "local"),
    _row("JSeI", "design", "ZTE", "chinese", scope="technical"),
    _row("JSeI", "implementation", "Local firms", "local", unnamed=True),
    _row("JSeI", "implementation", "ZTE", "chinese"),
    _row("JSeI", "operation", JUJUY, "local"),
    _row("JSeI", "maintenance", "ZTE", "chinese", duration_years=3),
)
WINDOWS = {
    "ECU 911": {"window_start": 2012, "window_end": 2021},
    "JSeI": {"window_start": 2016, "window_end": 2022},
}
SOURCES = {"vilaseoane2024": {"year": 2024}}

TABLE1 = Study(rows=ROWS, projects=WINDOWS, sources=SOURCES)
LAUNCHED = Study(
    rows=ROWS,
    projects={
        "ECU 911": WINDOWS["ECU 911"] | {"launched": 2012},
        "JSeI": WINDOWS["JSeI"] | {"launched": 2019},
    },
    sources=SOURCES,
)
