"""The report of 2,000 generated projects: time from the table on, and size of the page.

Run with ``python benchmarks/report.py``; the targets are 60 seconds and 15 MB.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from agency.report.files import write_report
from agency.resolve import Resolved
from agency.resolve.view import View
from agency.table.load import load_table

PROJECTS, ROWS, SEED = 2_000, 8_000, 1
SECONDS, MEGABYTES = 60, 15
PHASES = ("initiation", "requirements", "design", "implementation", "operation", "maintenance")
COUNTRIES = ("ARG", "BOL", "BRA", "CHL", "COL", "CRI", "ECU", "MEX", "NIC", "PER", "URY", "VEN")


def generated_table() -> pd.DataFrame:
    random = np.random.default_rng(SEED)
    project = np.sort(np.concatenate([np.arange(PROJECTS), random.integers(0, PROJECTS, ROWS - PROJECTS)]))
    status = random.choice(["held", "held", "held", "held", "vacant", "negotiating"], ROWS)
    held, dated = status == "held", random.random(ROWS) < 0.6
    start, length = random.integers(2000, 2010, ROWS), random.integers(0, 12, ROWS)
    actor = random.integers(0, 500, ROWS)
    origin = np.array(["local", "chinese", "western", "other", "mixed", "unknown"])[actor % 6]
    return pd.DataFrame(
        {
            "project": [f"Project {number:05d}" for number in project],
            "country": np.array(COUNTRIES)[project % len(COUNTRIES)],
            "phase": np.array(PHASES)[random.integers(0, len(PHASES), ROWS)],
            "actor": np.where(held, [f"Actor {number:03d}" for number in actor], ""),
            "origin": np.where(held, origin, ""),
            "start": np.where(dated, start.astype(str), ""),
            "end": np.where(dated, (start + length).astype(str), ""),
            "status": status,
            "source": random.choice(["a2020", "b2021", "c2022"], ROWS),
            "locator": [f"p. {number % 300}" for number in range(ROWS)],
            "quote": "the contract between the ministry and the firm was signed in the presence of both delegations",
        }
    )


def main() -> None:
    frame = generated_table()
    begin = time.perf_counter()

    def progress(step: str) -> None:
        print(f"{time.perf_counter() - begin:6.1f} s  {step}")

    table = load_table(frame)
    progress("table read")
    with tempfile.TemporaryDirectory() as folder:
        page = write_report(Resolved(table, View()), Path(folder), progress=progress)[-1]
        seconds, size = time.perf_counter() - begin, page.stat().st_size / 1e6
    print(f"{PROJECTS} projects, {ROWS} rows: {seconds:.1f} s (at most {SECONDS}), {size:.1f} MB (at most {MEGABYTES})")


if __name__ == "__main__":
    main()
