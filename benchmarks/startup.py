"""How long the command takes to start, as ratios to the imports it cannot do without.

Run with ``python benchmarks/startup.py``. Targets: ``agency --help`` at most 2 x ``import click``; ``agency table``
on the shipped data at most 1.5 x the imports it needs. Ratios of medians, because machines differ.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

RUNS = 9
PAIRS = {
    "agency --help": (["-m", "agency", "--help"], ["-c", "import click"], 2.0),
    "agency table": (["-m", "agency", "table"], ["-c", "import pandas, pandera.pandas, tabulate, click"], 1.5),
}


def median_seconds(commands: list[list[str]]) -> list[float]:
    """Return the median time of each command; runs are interleaved so that a busy machine hits all alike."""
    times: list[list[float]] = [[] for _ in commands]
    for _ in range(RUNS):
        for position, command in enumerate(commands):
            begin = time.perf_counter()
            subprocess.run([sys.executable, *command], check=True, capture_output=True)
            times[position].append(time.perf_counter() - begin)
    return [statistics.median(each) for each in times]


def main() -> None:
    """Print one line per pair: ratio and target."""
    for name, (command, baseline, target) in PAIRS.items():
        ours, theirs = median_seconds([command, baseline])
        print(f"{name}: {ours / theirs:.2f} x baseline (target {target}); {ours * 1000:.0f} ms")


if __name__ == "__main__":
    main()
