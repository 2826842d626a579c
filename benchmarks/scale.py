"""Tables of 10⁴, 10⁵ and 10⁶ rows in the shape of AidData: CPU time and peak memory of each step, and their growth.

Run with ``python benchmarks/scale.py [ROWS ...]``; times are multiples of ``pandas.read_csv(dtype=str)`` of the same
file. Each step runs in a process of its own, which reads the file first; its peak is that of the whole process. The
indicators resolve what they need themselves, block by block, so that their time has that of the matrix in it.
``--field`` runs the commands instead on 21,000 projects with two rows each, as AidData's GCDF comes out of
``agency import`` (1.35 rows a project in version 1.0); ``--field 400000`` on as many rows.
"""

from __future__ import annotations

import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import agency
from agency.table import examine_data

SIZES, SEED, ROWS_A_PROJECT = (10_000, 100_000, 1_000_000), 1, 16
PROJECTS = 21_000
"""Those of the largest table of the field."""
PHASES = ("initiation", "financing", "requirements", "design", "implementation", "operation", "maintenance")
COUNTRIES = ("AGO", "ARG", "BOL", "BRA", "ECU", "ETH", "KEN", "KHM", "LAO", "LKA", "MRT", "NGA", "PAK", "PER", "VEN")
STEPS = ("load", "check", "matrix", "indicators", "aggregate", "brief", "cells")


def generated(rows: int, projects: int = 0) -> pd.DataFrame:
    """Return a sound table as text: joint holders, unnamed ones, phases without rows, several sources, dates.

    >>> generated(1000).shape, generated(1000)["project"].nunique()
    ((1000, 15), 62)
    """
    random = np.random.default_rng(SEED)
    projects = projects or max(rows // ROWS_A_PROJECT, 1)
    project = np.sort(np.concatenate([np.arange(projects), random.integers(0, projects, rows - projects)]))
    status = random.choice(["held", "vacant", "negotiating", "proposed"], rows, p=[0.88, 0.03, 0.05, 0.04])
    named = np.isin(status, ("held", "proposed"))
    unnamed = named & (random.random(rows) < 0.25)
    # A few agencies finance and build most of it, as in the field.
    actor = (rows**0.6 * random.random(rows) ** 3).astype(int)
    origin = np.array(["chinese", "local", "chinese", "western", "other", "unknown"])[actor % 6]
    start = random.integers(2000, 2015, rows)
    begun, ended = random.random(rows) < 0.7, random.random(rows) < 0.4
    bare = named & ~begun & ~ended & (random.random(rows) < 0.1)
    paid = named & (random.random(rows) < 0.3)
    number = pd.Series(np.arange(rows)).astype("str")
    frame = pd.DataFrame(
        {
            "project": ("Project " + pd.Series(project).astype("str").str.zfill(6)).array,
            "country": np.array(COUNTRIES)[project % len(COUNTRIES)],
            "phase": np.array(PHASES)[random.choice(7, rows, p=[0.1, 0.3, 0.05, 0.05, 0.3, 0.12, 0.08])],
            "actor": np.where(unnamed, "Unspecified agency", "Agency " + pd.Series(actor).astype("str")),
            "origin": np.where(unnamed, "chinese", origin),
            "unnamed": np.where(unnamed, "true", ""),
            "start": np.where(begun, start.astype(str), ""),
            "end": np.where(ended, (start + random.integers(0, 10, rows)).astype(str), ""),
            "duration_years": np.where(bare, "3", ""),
            "status": status,
            "amount": np.where(paid, (random.integers(1, 10_000, rows) * 1000).astype(str), ""),
            "currency": np.where(paid, "USD", ""),
            "source": random.choice(["aiddata2023", "registry2021", "press2019", "audit2022"], rows),
            "locator": "record " + number,
            "quote": "the contract no. " + number + " was signed by both delegations",
        }
    )
    frame.loc[~named, ["actor", "origin"]] = ""
    return frame


def measured(step: str, path: str) -> dict[str, float]:
    """Return CPU seconds of a step and the peak of this process in MB; everything before it is not counted."""
    if step == "read_csv":
        begin = time.process_time()
        frame = pd.read_csv(path, dtype="str", keep_default_na=False)
        seconds = time.process_time() - begin
        return {"seconds": seconds, "frame": frame.memory_usage(deep=True).sum() / 1e6, "peak": peak()}
    begin = time.process_time()
    if step == "check":
        seen = examine_data(path)
        assert seen.table is not None
    else:
        study = agency.load(path)
        if step != "load":
            begin = time.process_time()
            run: dict[str, Any] = {
                "matrix": lambda: study.matrix,
                "cells": lambda: study.cells,
                "indicators": study.indicators,
                "aggregate": study.aggregate,
                "brief": study.brief,
            }
            run[step]()
    return {"seconds": time.process_time() - begin, "peak": peak()}


def peak() -> float:
    """Return the largest memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def in_child(step: str, path: Path) -> dict[str, float]:
    run = subprocess.run([sys.executable, __file__, step, path], capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(run.stdout)
    return found


def sizes(rows: list[int], folder: Path) -> None:
    """Print a table for each size, then the exponent with which each step grows from the first size to the last."""
    times: dict[str, list[float]] = {}
    for number in rows:
        path = folder / f"{number}.csv"
        generated(number).to_csv(path, index=False)
        read = in_child("read_csv", path)
        print(f"{number:,} rows: read_csv {read['seconds']:.2f} s, frame {read['frame']:.0f} MB", flush=True)
        times.setdefault("read_csv", []).append(read["seconds"])
        for step in STEPS:
            found = in_child(step, path)
            times.setdefault(step, []).append(found["seconds"])
            ratio, memory = found["seconds"] / read["seconds"], found["peak"]
            limit = 3 * read["frame"] + 300
            print(
                f"  {step:11} {found['seconds']:8.2f} s = {ratio:6.1f} x   {memory:7.0f} MB of {limit:.0f}", flush=True
            )
    if len(rows) > 1:
        span = math.log(rows[-1] / rows[0])
        for step, seconds in times.items():
            print(f"  {step:11} grows with exponent {math.log(seconds[-1] / seconds[0]) / span:.2f}")


def field(folder: Path, rows: int) -> None:
    """Print what the commands take on a table of the size of the field."""
    path = folder / "field.csv"
    generated(rows, PROJECTS).to_csv(path, index=False)
    for command, most in (
        (["check"], None),
        (["brief"], 6),
        (["figure", "aggregate", "-o", str(folder / "aggregate.svg")], 8),
        (["report", "-o", str(folder / "report")], 60),
    ):
        before = os.times()
        subprocess.run([sys.executable, "-m", "agency", *command, path], stdout=subprocess.DEVNULL, check=True)
        after = os.times()
        seconds = after.children_user - before.children_user + after.children_system - before.children_system
        print(f"{' '.join(command[:2]):18} {seconds:6.1f} s" + (f" (at most {most})" if most else ""), flush=True)


def main() -> None:
    given = sys.argv[1:]
    if len(given) == 2 and given[0] in (*STEPS, "read_csv"):
        print(json.dumps(measured(*given)))
        return
    with tempfile.TemporaryDirectory() as place:
        if given[:1] == ["--field"]:
            field(Path(place), int([*given, 2 * PROJECTS][1]))
        else:
            sizes([int(number) for number in given] or list(SIZES), Path(place))


if __name__ == "__main__":
    main()
