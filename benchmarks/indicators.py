"""All indicators of 8,000 projects and 20,000 rows, as a multiple of reading the same file with pandas.

Run with ``python benchmarks/indicators.py``; the target is 5 x read_csv + 1 second from the sound table on. The file is
generated: joint holders, dates, durations, gaps, several origins and sources.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from agency.indicators.registry import indicators
from agency.resolve import Resolved
from agency.resolve.view import View
from agency.table.load import load_table

PROJECTS, ROWS, SEED = 8_000, 20_000, 1
PHASES = ("initiation", "requirements", "design", "implementation", "operation", "maintenance")


def generated_csv() -> str:
    random = np.random.default_rng(SEED)
    project = np.concatenate([np.arange(PROJECTS), random.integers(0, PROJECTS, ROWS - PROJECTS)])
    phase = random.integers(0, len(PHASES), ROWS)
    status = random.choice(["held", "held", "held", "held", "vacant", "negotiating"], ROWS)
    start = random.integers(2000, 2010, ROWS)
    length = random.integers(0, 12, ROWS)
    dated, bare = random.random(ROWS) < 0.6, random.random(ROWS) < 0.1
    held = status == "held"
    actor = random.integers(0, 500, ROWS)
    origin = np.array(["local", "chinese", "western", "other", "mixed", "unknown"])[actor % 6]
    frame = pd.DataFrame(
        {
            "project": [f"Project {number:05d}" for number in project],
            "phase": np.array(PHASES)[phase],
            "actor": np.where(held, [f"Actor {number:03d}" for number in actor], ""),
            "origin": np.where(held, origin, ""),
            "start": np.where(dated, start.astype(str), ""),
            "end": np.where(dated, (start + length).astype(str), ""),
            "duration_years": np.where(bare & ~dated & held, "3", ""),
            "status": status,
            "source": random.choice(["a2020", "b2021", "c2022"], ROWS),
            "quote": "the contract was signed",
        }
    )
    return frame.to_csv(index=False)


def timed(function: Callable[[], Any], *, repeat: int = 3) -> tuple[float, Any]:
    best, result = float("inf"), None
    for _ in range(repeat):
        begin = time.process_time()
        result = function()
        best = min(best, time.process_time() - begin)
    return best, result


def main() -> None:
    text = generated_csv()
    read, frame = timed(lambda: pd.read_csv(io.StringIO(text), dtype="str", keep_default_na=False))
    load, table = timed(lambda: load_table(frame), repeat=1)
    view = View(mode="time", min_phases=0)
    build, _ = timed(lambda: Resolved(table, view))

    def everything() -> pd.DataFrame:
        # A new matrix each time: its arrays are computed once and kept.
        return indicators(matrices.pop(), table)

    matrices = [Resolved(table, view) for _ in range(3)]
    compute, result = timed(everything)
    target = 5 * read + 1.0
    print(f"rows {len(frame)}, projects {frame['project'].nunique()}, numbers {len(result)}")
    print(f"pandas.read_csv       {read:6.3f} s")
    print(f"validated table       {load:6.3f} s")
    print(f"matrix                {build:6.3f} s")
    print(f"all indicators        {compute:6.3f} s = {compute / read:.1f} x read_csv; target {target:.3f} s")
    print(f"matrix and indicators {build + compute:6.3f} s = {(build + compute) / target:.2f} x the target")


if __name__ == "__main__":
    main()
